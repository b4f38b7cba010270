"""What pages do with hooks: call the API, note what its answer says of the tenant, follow the rules of Hooks."""

from collections.abc import Callable
from typing import Any, TypeVar

from hooksui import catalogue
from hooksui.auth0.errors import HookNotFoundError, NotCreatedError, OddAnswerError
from hooksui.auth0.shapes import Hook
from hooksui.hooks import alone, changes, unclear
from hooksui.hooks.changes import Change
from hooksui.hooks.scripts import refuse_broken
from hooksui.hooks.unclear import Done
from hooksui.tenants import state
from hooksui.tenants.client import open_client
from hooksui.tenants.config import Tenant
from hooksui.tenants.models import TenantRecord

_T = TypeVar("_T")


def list_hooks(tenant: Tenant, record: TenantRecord) -> list[Hook]:
    """All hooks of `tenant`, without scripts. Raises ApiError; `record` then has the last known ones."""
    with state.noting_failures(record):
        hooks = open_client(tenant).hooks.all()
    state.note_list(tenant, record, hooks)
    return hooks


def hooks_at_point(tenant: Tenant, record: TenantRecord, trigger: str) -> list[Hook]:
    """The hooks of one extensibility point, with scripts as far as the list has them. Raises ApiError."""
    with state.noting_failures(record):
        hooks = open_client(tenant).hooks.at_point(trigger)
    state.note_read(record)
    return hooks


def get_hook(tenant: Tenant, record: TenantRecord, hook_id: str) -> Hook:
    """One hook with its script. Raises ApiError."""
    with state.noting_failures(record):
        hook = open_client(tenant).hooks.get(hook_id)
    state.note_read(record)
    return hook


def create_hook(
    tenant: Tenant, record: TenantRecord, name: str, trigger: str, script: str, *, confirmed: bool = False
) -> Done[Hook]:
    """Make a hook with `script`, or with the starter script of its point where that is empty.

    The first hook of an extensibility point starts enabled, later ones disabled, as the original dashboard had it. A
    POST without an answer is never repeated: the hook may be there, so the list is read instead. Raises ApiError,
    and BrokenScriptError unless it is `confirmed` that the first one may have a script that cannot run.
    """
    with alone.at_points(tenant, [trigger]):
        return _create_hook(tenant, record, name, trigger, script, confirmed=confirmed)


def _create_hook(
    tenant: Tenant, record: TenantRecord, name: str, trigger: str, script: str, *, confirmed: bool
) -> Done[Hook]:
    before = list_hooks(tenant, record)
    known = {hook.id for hook in before}
    first = all(hook.trigger != trigger for hook in before)
    if first and script and not confirmed:
        refuse_broken(Hook("", name, trigger, script=script))
    script = script or catalogue.points()[trigger].starter

    def create() -> Hook:
        with state.noting_failures(record):
            return open_client(tenant).hooks.create(name, trigger, script, enabled=first)

    def look() -> Hook | None:
        new = [hook for hook in list_hooks(tenant, record) if hook.id not in known and hook.trigger == trigger]
        return next((hook for hook in new if _same_name(hook.name, name)), None)

    with changes.told(Change("create", tenant, name=name)) as change:
        done = unclear.settled(create, look, "created", not_done=NotCreatedError)
        change.hook_id, change.name = done.value.id, done.value.name
        change.seen(done.looked_up)
    if not done.looked_up:
        state.note_script_written(record)
    return done


def rename_hook(tenant: Tenant, record: TenantRecord, hook_id: str, name: str) -> Done[Hook]:
    """Give a hook another name; the answer has the stored one. Raises ApiError."""

    def rename() -> Hook:
        with state.noting_failures(record):
            return _named(open_client(tenant).hooks.update(hook_id, {"name": name}))

    def look() -> Hook | None:
        hook = _named(get_hook(tenant, record, hook_id))
        return hook if _same_name(hook.name, name) else None

    change = _change("rename", tenant, record, hook_id)
    change.kind += f" to {changes.quoted(name)}"
    return _carry_out(change, rename, look, "renamed")


def delete_hook(tenant: Tenant, record: TenantRecord, hook_id: str) -> Done[bool]:
    """Remove a hook with its secrets. Raises ApiError."""

    def delete() -> bool:
        with state.noting_failures(record):
            open_client(tenant).hooks.delete(hook_id)
        return True

    def look() -> bool | None:
        try:
            get_hook(tenant, record, hook_id)
        except HookNotFoundError:
            return True
        return None

    return _carry_out(_change("delete", tenant, record, hook_id), delete, look, "deleted")


def get_hook_and_secret_names(tenant: Tenant, record: TenantRecord, hook_id: str) -> tuple[Hook, list[str]]:
    """One hook and the names of its secrets, asked for side by side. Raises ApiError."""
    client = open_client(tenant)
    with state.noting_failures(record):
        found: list[Any] = client.side_by_side(
            [lambda: client.hooks.get(hook_id), lambda: client.secrets.names(hook_id)]
        )
    state.note_read(record)
    return found[0], found[1]


def secret_names(tenant: Tenant, record: TenantRecord, hook_id: str) -> list[str]:
    """The names of a hook's secrets. Raises ApiError."""
    with state.noting_failures(record):
        return open_client(tenant).secrets.names(hook_id)


def add_secrets(tenant: Tenant, record: TenantRecord, hook_id: str, values: dict[str, str]) -> Done[bool]:
    """Add secrets to a hook. Raises ApiError, SecretExistsError among them."""

    def add() -> bool:
        with state.noting_failures(record):
            open_client(tenant).secrets.add(hook_id, values)
        return True

    def look() -> bool | None:
        return values.keys() <= set(secret_names(tenant, record, hook_id)) or None

    change = _change("add secrets", tenant, record, hook_id, *values)
    return _carry_out(change, add, look, "added" if len(values) == 1 else "all added")


def update_secret(tenant: Tenant, record: TenantRecord, hook_id: str, name: str, value: str) -> Done[bool]:
    """Give a secret another value. Raises ApiError, SecretNotFoundError among them."""

    def update() -> bool:
        with state.noting_failures(record):
            open_client(tenant).secrets.update(hook_id, {name: value})
        return True

    # Values cannot be read.
    return _carry_out(_change("change secrets", tenant, record, hook_id, name), update, None, "changed")


def remove_secret(tenant: Tenant, record: TenantRecord, hook_id: str, name: str) -> Done[bool]:
    """Remove a secret. Raises ApiError."""

    def remove() -> bool:
        with state.noting_failures(record):
            open_client(tenant).secrets.remove(hook_id, [name])
        return True

    def look() -> bool | None:
        return name not in secret_names(tenant, record, hook_id) or None

    return _carry_out(_change("remove secrets", tenant, record, hook_id, name), remove, look, "removed")


def known_hook(record: TenantRecord, hook_id: str) -> Hook | None:
    """The hook of the last list that the tenant gave, without its script; None where it had none of this id."""
    return next((hook for hook in state.last_known_hooks(record) if hook.id == hook_id), None)


def hook_to_speak_of(tenant: Tenant, record: TenantRecord, hook_id: str) -> Hook:
    """A hook, at least its name and point, from the last list or else from the tenant. Raises ApiError."""
    return known_hook(record, hook_id) or get_hook(tenant, record, hook_id)


def _named(hook: Hook) -> Hook:
    """`hook`, whose answer shall tell its name. Raises OddAnswerError where the id stands for it."""
    if hook.name == hook.id:
        raise OddAnswerError(status=200, remote="no name of a hook")
    return hook


def _same_name(stored: str, typed: str) -> bool:
    # An old hook may have a name from before servers rewrote them.
    return catalogue.stored_name(stored) == catalogue.stored_name(typed)


def _change(kind: str, tenant: Tenant, record: TenantRecord, hook_id: str, *secrets: str) -> Change:
    known = known_hook(record, hook_id)
    return Change(kind, tenant, hook_id, known.name if known else "", secrets)


def _carry_out(change: Change, write: Callable[[], _T], look: Callable[[], _T | None] | None, doing: str) -> Done[_T]:
    with changes.told(change):
        done = unclear.settled(write, look, doing)
        change.seen(done.looked_up)
    return done
