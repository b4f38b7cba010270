"""What pages do with hooks: call the API, note what its answer says of the tenant, follow the rules of Hooks."""

import hashlib
from dataclasses import dataclass

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


def save_script(tenant: Tenant, record: TenantRecord, hook_id: str, script: str) -> Hook:
    """Send the script, and nothing else, of the hook `hook_id`. Raises ServiceError."""
    with state.noting_failures(record):
        hook = open_client(tenant).hooks.update(hook_id, {"script": script})
    state.note_script_written(record)
    return hook


def fingerprint(script: str) -> str:
    """A SHA-256 in hex that two scripts share when they differ in line ends at most."""
    return hashlib.sha256(with_newlines(script, "\n").encode("utf-8", "surrogatepass")).hexdigest()


def newline_of(script: str) -> str:
    """The line end that `script` uses throughout, "\\n" where it is mixed or has none."""
    lines = script.count("\n")
    return "\r\n" if lines and script.count("\r\n") == lines else "\n"


def with_newlines(script: str, newline: str) -> str:
    """`script` with every line end (\\r\\n, \\r or \\n) written as `newline`."""
    return script.replace("\r\n", "\n").replace("\r", "\n").replace("\n", newline)


def _same_name(stored: str, typed: str) -> bool:
    # The server rewrites names (Management API contract, "The object"): letters and digits are what stays.
    return _letters(stored) == _letters(typed)


def _letters(name: str) -> str:
    return "".join(character for character in name.casefold() if character.isalnum())
