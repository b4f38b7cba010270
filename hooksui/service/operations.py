"""What pages do with hooks: call the API, note what its answer says of the tenant, follow the rules of Hooks."""

from dataclasses import dataclass
from typing import Any

from hooksui import catalogue
from hooksui.auth0 import open_client
from hooksui.auth0.errors import NoAnswer, NotCreated
from hooksui.auth0.shapes import Hook
from hooksui.tenants import state
from hooksui.tenants.config import Tenant
from hooksui.tenants.models import TenantRecord


@dataclass(frozen=True)
class Created:
    """A new hook. `looked_up` says that the API did not answer and the hook was found in its list afterwards."""

    hook: Hook
    looked_up: bool = False


def list_hooks(tenant: Tenant, record: TenantRecord) -> list[Hook]:
    """All hooks of `tenant`, without scripts. Raises ServiceError; `record` then has the last known ones."""
    with state.noting_failures(record):
        hooks = open_client(tenant).hooks.all()
    state.note_list(tenant, record, hooks)
    return hooks


def get_hook(tenant: Tenant, record: TenantRecord, hook_id: str) -> Hook:
    """One hook with its script. Raises ServiceError."""
    with state.noting_failures(record):
        hook = open_client(tenant).hooks.get(hook_id)
    state.note_read(record)
    return hook


def create_hook(tenant: Tenant, record: TenantRecord, name: str, trigger: str, script: str) -> Created:
    """Make a hook with `script`, or with the starter script of its point where that is empty.

    The first hook of an extensibility point starts enabled, later ones disabled, as the original dashboard had it. A
    POST without an answer is never repeated: the hook may be there, so the list is read instead. Raises ServiceError.
    """
    before = list_hooks(tenant, record)
    first = all(hook.trigger != trigger for hook in before)
    script = script or catalogue.points()[trigger].starter
    try:
        with state.noting_failures(record):
            hook = open_client(tenant).hooks.create(name, trigger, script, enabled=first)
    except NoAnswer as error:
        known = {hook.id for hook in before}
        for hook in list_hooks(tenant, record):
            if hook.id not in known and hook.trigger == trigger and _same_name(hook.name, name):
                return Created(hook, looked_up=True)
        raise NotCreated from error
    state.note_script_written(record)
    return Created(hook)


def rename_hook(tenant: Tenant, record: TenantRecord, hook_id: str, name: str) -> Hook:
    """Give a hook another name; the answer has the stored one. Raises ServiceError."""
    with state.noting_failures(record):
        return open_client(tenant).hooks.update(hook_id, {"name": name})


def delete_hook(tenant: Tenant, record: TenantRecord, hook_id: str) -> None:
    """Remove a hook with its secrets. Raises ServiceError."""
    with state.noting_failures(record):
        open_client(tenant).hooks.delete(hook_id)


def get_hook_and_secret_names(tenant: Tenant, record: TenantRecord, hook_id: str) -> tuple[Hook, list[str]]:
    """One hook and the names of its secrets, asked for side by side. Raises ServiceError."""
    client = open_client(tenant)
    with state.noting_failures(record):
        found: list[Any] = client.side_by_side(
            [lambda: client.hooks.get(hook_id), lambda: client.secrets.names(hook_id)]
        )
    state.note_read(record)
    return found[0], found[1]


def secret_names(tenant: Tenant, record: TenantRecord, hook_id: str) -> list[str]:
    """The names of a hook's secrets. Raises ServiceError."""
    with state.noting_failures(record):
        return open_client(tenant).secrets.names(hook_id)


def add_secrets(tenant: Tenant, record: TenantRecord, hook_id: str, values: dict[str, str]) -> None:
    """Add secrets to a hook. Raises ServiceError, SecretExists among them."""
    with state.noting_failures(record):
        open_client(tenant).secrets.add(hook_id, values)


def update_secret(tenant: Tenant, record: TenantRecord, hook_id: str, name: str, value: str) -> None:
    """Give a secret another value. Raises ServiceError, SecretNotFound among them."""
    with state.noting_failures(record):
        open_client(tenant).secrets.update(hook_id, {name: value})


def remove_secret(tenant: Tenant, record: TenantRecord, hook_id: str, name: str) -> None:
    """Remove a secret. Raises ServiceError."""
    with state.noting_failures(record):
        open_client(tenant).secrets.remove(hook_id, [name])


def known_hook(record: TenantRecord, hook_id: str) -> Hook | None:
    """The hook of the last list that the tenant gave, without its script; None where it had none of this id."""
    return next((hook for hook in state.last_known_hooks(record) if hook.id == hook_id), None)


def hook_to_speak_of(tenant: Tenant, record: TenantRecord, hook_id: str) -> Hook:
    """A hook, at least its name and point, from the last list or else from the tenant. Raises ServiceError."""
    return known_hook(record, hook_id) or get_hook(tenant, record, hook_id)


def _same_name(stored: str, typed: str) -> bool:
    # An old hook may have a name from before servers rewrote them.
    return catalogue.stored_name(stored) == catalogue.stored_name(typed)
