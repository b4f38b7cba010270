"""Secrets of a hook: what each method of `…/hooks/{id}/secrets` does (docs/management-api.md, "Hook secrets").

Maximum lengths that neither Auth0's OpenAPI document nor a recording gives are ours: those of an Action's secrets.
"""

from typing import Any

from django.db import transaction

from hooksui import catalogue
from hooksui.embedded import checker, modes
from hooksui.embedded.checker import Shape
from hooksui.embedded.entry import Answer, Call, Operation, Resource
from hooksui.embedded.errors import ApiError
from hooksui.embedded.hooks import ID_PATTERN, no_such_hook
from hooksui.embedded.models import Hook, HookSecret
from hooksui.embedded.written import SecretsWritten

_LIMITS = catalogue.limits()
_SECRETS = Shape(
    "object",
    least=1,
    most=_LIMITS.secrets_per_hook,
    names=Shape("string", least=1, most=_LIMITS.secret_name_length),
    others=Shape("string", most=_LIMITS.secret_value_length),
)
_NAMES = Shape("array", least=1, items=Shape("string"))
_MASK = "_VALUE_NOT_SHOWN_"


def read_secrets(call: Call) -> Answer:
    """The names in the order of their insertion, each with a mask instead of its value."""
    names = _names(call.id)
    if not names and not Hook.objects.filter(pk=call.id).exists():
        raise no_such_hook()
    return Answer(200, dict.fromkeys(names, _MASK))


def add_secrets(call: Call) -> Answer:
    """Adds secrets beside those that the hook has."""
    with transaction.atomic():
        hook = _locked(call.id)
        names = _names(call.id)
        if not set(names).isdisjoint(call.body):
            raise ApiError(409, "Secret with the same name already exists.")
        checker.check(dict.fromkeys([*names, *call.body], ""), _SECRETS, checker.BODY)
        HookSecret.objects.bulk_create(
            HookSecret(hook_id=call.id, name=name, value=value) for name, value in call.body.items()
        )
    return Answer(201, {}, written=[SecretsWritten(hook, "POST", tuple(call.body))])


def update_secrets(call: Call) -> Answer:
    """Gives new values to the secrets that the body names; the others stay."""
    with transaction.atomic():
        hook = _locked(call.id)
        secrets = HookSecret.objects.filter(hook_id=call.id, name__in=list(call.body)).defer("value")
        found = list(secrets)
        if len(found) < len(call.body):
            raise ApiError(404, "Hook or secret not found.")
        for secret in found:
            secret.value = call.body[secret.name]
        HookSecret.objects.bulk_update(found, ["value"])
    return Answer(201, {}, written=[SecretsWritten(hook, "PATCH", tuple(call.body))])


def delete_secrets(call: Call) -> Answer:
    """Removes the secrets that the body names; a name that the hook does not have is no error."""
    with transaction.atomic():
        hook = _locked(call.id)
        # Only names that exist reach the database, which takes a limited number of parameters.
        gone = set(call.body).intersection(_names(call.id))
        HookSecret.objects.filter(hook_id=call.id, name__in=gone).delete()
    return Answer(204, written=[SecretsWritten(hook, "DELETE", tuple(call.body))])


def stored_values(hook_id: str) -> dict[str, str]:
    """The values themselves, for a run of the hook on this machine. No answer of the API has them."""
    return dict(HookSecret.objects.filter(hook_id=hook_id).order_by("pk").values_list("name", "value"))


def _locked(hook_id: str) -> dict[str, Any]:
    """Make other writers of this hook's secrets wait. What names the hook; raises ApiError 404 where there is none."""
    row = Hook.objects.select_for_update().filter(pk=hook_id).values("id", "name", "trigger_id").first()
    if row is None:
        raise no_such_hook()
    return {"id": row["id"], "name": row["name"], "triggerId": row["trigger_id"]}


def _names(hook_id: str) -> list[str]:
    return list(HookSecret.objects.filter(hook_id=hook_id).order_by("pk").values_list("name", flat=True))


RESOURCE = Resource(
    {
        "hooks/<str:id>/secrets": {
            "GET": Operation("read:hooks", read_secrets, "ID of the hook to retrieve secrets from."),
            "POST": Operation("update:hooks", add_secrets, "The id of the hook to retrieve", body=_SECRETS),
            "PATCH": Operation(
                "update:hooks", update_secrets, "ID of the hook whose secrets to update.", body=_SECRETS
            ),
            "DELETE": Operation("delete:hooks", delete_secrets, "ID of the hook whose secrets to delete.", body=_NAMES),
        }
    },
    id_pattern=ID_PATTERN,
    gate=modes.refuse_where_gone,
)
