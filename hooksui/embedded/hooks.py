"""Hooks: what each method of `/api/v2/hooks` does, and what it takes (docs/management-api.md, "Hooks").

Descriptions are those of Auth0's OpenAPI document, since its messages repeat them. Maximum lengths that neither
document nor recording gives are ours: for names what the column holds.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from hooksui import catalogue
from hooksui.embedded import constraints, modes
from hooksui.embedded.checker import Shape
from hooksui.embedded.entry import Answer, Call, Operation, Resource
from hooksui.embedded.errors import ApiError
from hooksui.embedded.models import Hook
from hooksui.embedded.queries import PAGING, choice_of, chosen, page_of
from hooksui.embedded.written import HookWritten

ID_PATTERN = "^[A-Za-z0-9-]*$"
_FIELDS = ("id", "name", "script", "dependencies", "enabled", "triggerId")
# The key order of POST's and PATCH's answers; that of GET is _FIELDS.
_WRITTEN_FIELDS = ("id", "name", "script", "dependencies", "triggerId", "enabled")
_COLUMNS = {field: field for field in _FIELDS} | {"triggerId": "trigger_id"}
_TABLE = Hook._meta.db_table
# As PostgreSQL names the constraints, and SQLite their columns.
_ONE_NAME = (f"{_TABLE}_name_key", f"{_TABLE}.name")
_ONE_ENABLED = ("one_enabled_hook_per_trigger", f"{_TABLE}.trigger_id")


def list_hooks(call: Call) -> Answer:
    """One page of the hooks that the query selects, ordered by id, with or without totals."""
    wanted = {_COLUMNS[key]: call.query[key] for key in ("enabled", "triggerId") if key in call.query}
    fields = chosen(call.query, _FIELDS)
    rows = Hook.objects.filter(**wanted).order_by("id").values("id", *(_COLUMNS[field] for field in fields))
    return page_of(call, "hooks", rows, lambda row: {field: row[_COLUMNS[field]] for field in fields})


def read_hook(call: Call) -> Answer:
    """One hook, or those of its fields that the query wants."""
    fields = chosen(call.query, _FIELDS)
    row = Hook.objects.filter(pk=call.id).values("id", *(_COLUMNS[field] for field in fields)).first()
    if row is None:
        raise no_such_hook()
    return Answer(200, {field: row[_COLUMNS[field]] for field in fields})


def create_hook(call: Call) -> Answer:
    """A new hook, disabled unless the body enables it, which disables the enabled one of its trigger."""
    disabled: list[HookWritten] = []

    def create() -> Hook:
        hook = Hook()
        _fill(hook, call.body)
        if hook.enabled:
            rows = Hook.objects.select_for_update().filter(trigger_id=hook.trigger_id, enabled=True)
            disabled[:] = _disable(list(rows))
        hook.save(force_insert=True)
        return hook

    created = _written(_write(create, "Hook with the same name already exists."))
    return Answer(201, created, written=[*disabled, HookWritten(None, created)])


def update_hook(call: Call) -> Answer:
    """Changes what the body names. Enabling a hook disables the enabled one of its trigger, in the same transaction."""
    before: dict[str, Any] = {}
    disabled: list[HookWritten] = []

    def update() -> Hook:
        hook, others = _locked(call.id, with_enabled=bool(call.body.get("enabled")))
        before.update(_written(hook))
        disabled[:] = _disable(others)
        _fill(hook, call.body)
        hook.save(update_fields=[_COLUMNS[field] for field in call.body])
        return hook

    after = _written(_write(update, "A hook with the same name already exists."))
    return Answer(200, after, written=[*disabled, HookWritten(before, after)])


def delete_hook(call: Call) -> Answer:
    """Removes a hook and its secrets."""
    with transaction.atomic():
        hook, _ = _locked(call.id, with_enabled=False)
        before = _written(hook)
        hook.delete()
    return Answer(204, written=[HookWritten(before, None)])


def no_such_hook() -> ApiError:
    """404 of an unknown hook; the word "Error:" is part of the recorded message."""
    return ApiError(404, "Error: Hook does not exist", "HookDoesNotExist")


def _write(write: Callable[[], Hook], name_taken: str, *, again: bool = True) -> Hook:
    """The hook that `write` wrote, in a transaction. Raises ApiError 409 with `name_taken`.

    To ask for the name first would cost a query and still leave a gap for a second writer. Where another one enabled a
    hook of the same trigger meanwhile, all is done once more, after it.
    """
    try:
        with transaction.atomic():
            return write()
    except IntegrityError as error:
        rule = constraints.broken(error)
        if rule in _ONE_NAME:
            raise ApiError(409, name_taken) from error
        if rule not in _ONE_ENABLED or not again:
            raise
    return _write(write, name_taken, again=False)


def _locked(hook_id: str, *, with_enabled: bool) -> tuple[Hook, list[Hook]]:
    """The hook, which no other writer changes until the transaction ends. Raises ApiError 404.

    `with_enabled` holds the other enabled one of its trigger too, the list beside it. All take the rows in one order,
    so that no two writers wait for each other.
    """
    rows = Q(pk=hook_id)
    if with_enabled:
        triggers = Hook.objects.filter(pk=hook_id).values("trigger_id")
        rows |= Q(enabled=True, trigger_id__in=triggers)
    found = {hook.pk: hook for hook in Hook.objects.select_for_update().filter(rows).order_by("pk")}
    if hook_id not in found:
        raise no_such_hook()
    return found.pop(hook_id), list(found.values())


def _fill(hook: Hook, body: Mapping[str, Any]) -> None:
    for field, value in body.items():
        setattr(hook, _COLUMNS[field], catalogue.stored_name(value) if field == "name" else value)


def _disable(hooks: list[Hook]) -> list[HookWritten]:
    """Disable these, and say so."""
    if not hooks:
        return []
    Hook.objects.filter(pk__in=[hook.pk for hook in hooks]).update(enabled=False)
    before = [_written(hook) for hook in hooks]
    return [HookWritten(each, each | {"enabled": False}) for each in before]


def _written(hook: Hook) -> dict[str, Any]:
    """The hook as answers to writes have it."""
    return {field: getattr(hook, _COLUMNS[field]) for field in _WRITTEN_FIELDS}


_LIMITS = catalogue.limits()
_TRIGGERS = tuple(catalogue.points())
_NAME = Shape(
    "string",
    "Name of this hook.",
    # A stored name has a hyphen before each further character at most.
    most=_LIMITS.name_length,
    pattern=r"^[a-zA-Z0-9]([ \-a-zA-Z0-9]*[a-zA-Z0-9])?$",
)
_SCRIPT = Shape("string", "Code to be executed when this hook runs.", least=1, most_bytes=_LIMITS.script_bytes)
_ENABLED = Shape("boolean", "Whether this hook will be executed (true) or ignored (false).")
_DEPENDENCIES = Shape(
    "object", "Dependencies of this hook used by webtask server.", others=Shape("string"), names=Shape("string")
)
_TRIGGER = Shape(
    "string",
    "Execution stage of this rule. Can be `credentials-exchange`, `pre-user-registration`, `post-user-registration`, "
    "`post-change-password`, or `send-phone-message`.",
    one_of=_TRIGGERS,
)

_NEW = Shape(
    "object",
    known={
        "name": _NAME,
        "script": _SCRIPT,
        "enabled": _ENABLED,
        "dependencies": _DEPENDENCIES,
        "triggerId": _TRIGGER,
    },
    required=("name", "script", "triggerId"),
)
_CHANGES = Shape(
    "object",
    known={"name": _NAME, "script": _SCRIPT, "enabled": _ENABLED, "dependencies": _DEPENDENCIES},
    least=1,
)
_CHOICE = choice_of(_FIELDS)
_READ_QUERY = Shape("object", known=_CHOICE)
_LIST_QUERY = Shape(
    "object",
    known={
        **PAGING,
        "enabled": Shape("boolean", "Optional filter on whether a hook is enabled (true) or disabled (false)."),
        "triggerId": Shape("string", "Retrieves hooks that match the trigger", one_of=_TRIGGERS),
        **_CHOICE,
    },
)

RESOURCE = Resource(
    {
        "hooks": {
            "GET": Operation("read:hooks", list_hooks, query=_LIST_QUERY),
            "POST": Operation("create:hooks", create_hook, body=_NEW),
        },
        "hooks/<str:id>": {
            "GET": Operation("read:hooks", read_hook, "ID of the hook to retrieve.", query=_READ_QUERY),
            "PATCH": Operation("update:hooks", update_hook, "ID of the hook to update.", body=_CHANGES),
            "DELETE": Operation("delete:hooks", delete_hook, "ID of the hook to delete."),
        },
    },
    id_pattern=ID_PATTERN,
    gate=modes.refuse_changes,
)
