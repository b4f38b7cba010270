"""Secrets of a hook: what each method of `/api/v2/hooks/{id}/secrets` does (docs/management-api.md, "Hook secrets")."""

from django.db import transaction

from hooksui.embedded import checker
from hooksui.embedded.entry import Answer, Call
from hooksui.embedded.errors import ApiError, no_such_hook
from hooksui.embedded.models import Hook, HookSecret
from hooksui.embedded.shapes import SECRETS

_MASK = "_VALUE_NOT_SHOWN_"


def read_secrets(call: Call) -> Answer:
    """The names in the order of their insertion, each with a mask instead of its value."""
    names = _names(call.hook_id)
    if not names and not Hook.objects.filter(pk=call.hook_id).exists():
        raise no_such_hook()
    return Answer(200, dict.fromkeys(names, _MASK))


def add_secrets(call: Call) -> Answer:
    """Adds secrets beside those that the hook has."""
    with transaction.atomic():
        _lock(call.hook_id)
        names = _names(call.hook_id)
        if not set(names).isdisjoint(call.body):
            raise ApiError(409, "Secret with the same name already exists.")
        checker.check(dict.fromkeys([*names, *call.body], ""), SECRETS, checker.BODY)
        HookSecret.objects.bulk_create(
            HookSecret(hook_id=call.hook_id, name=name, value=value) for name, value in call.body.items()
        )
    return Answer(201, {})


def update_secrets(call: Call) -> Answer:
    """Gives new values to the secrets that the body names; the others stay."""
    with transaction.atomic():
        _lock(call.hook_id)
        secrets = HookSecret.objects.filter(hook_id=call.hook_id, name__in=list(call.body)).defer("value")
        found = list(secrets)
        if len(found) < len(call.body):
            raise ApiError(404, "Hook or secret not found.")
        for secret in found:
            secret.value = call.body[secret.name]
        HookSecret.objects.bulk_update(found, ["value"])
    return Answer(201, {})


def delete_secrets(call: Call) -> Answer:
    """Removes the secrets that the body names; a name that the hook does not have is no error."""
    with transaction.atomic():
        _lock(call.hook_id)
        # Only names that exist reach the database, which takes a limited number of parameters.
        gone = set(call.body).intersection(_names(call.hook_id))
        HookSecret.objects.filter(hook_id=call.hook_id, name__in=gone).delete()
    return Answer(204)


def stored_values(hook_id: str) -> dict[str, str]:
    """The values themselves, for a run of the hook on this machine. No answer of the API has them."""
    return dict(HookSecret.objects.filter(hook_id=hook_id).order_by("pk").values_list("name", "value"))


def _lock(hook_id: str) -> None:
    """Make other writers of this hook's secrets wait. Raises ApiError 404 where there is no such hook."""
    if Hook.objects.select_for_update().filter(pk=hook_id).values_list("pk").first() is None:
        raise no_such_hook()


def _names(hook_id: str) -> list[str]:
    return list(HookSecret.objects.filter(hook_id=hook_id).order_by("pk").values_list("name", flat=True))
