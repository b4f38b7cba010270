"""Saving a hook's script and modules, without overwriting what another admin has saved meanwhile."""

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from weakref import WeakValueDictionary

from hooksui.auth0 import open_client
from hooksui.auth0.errors import ChangedMeanwhile
from hooksui.auth0.hooks import Hooks
from hooksui.auth0.shapes import Hook
from hooksui.deno import reader
from hooksui.deno.reader import Fault
from hooksui.tenants import state
from hooksui.tenants.config import Tenant
from hooksui.tenants.models import TenantRecord

# The API knows no "only if unchanged", so reading and writing have to stay together, at least within this process. Each
# hook has a lock of its own, so that an import that waits for its tenant holds nobody else up. One that nobody holds or
# waits for is gone.
_locks: WeakValueDictionary[tuple[str, str], threading.Lock] = WeakValueDictionary()
_finding_lock = threading.Lock()


class SaveConflict(Exception):
    """The hook is not the version any more that was opened; `theirs` is what the tenant has. Nothing was written."""

    def __init__(self, theirs: Hook) -> None:
        super().__init__(theirs.id)
        self.theirs = theirs


class BrokenScriptError(Exception):
    """The new script of `hook`, which is enabled, cannot run, because of `fault`. Nothing was written."""

    def __init__(self, hook: Hook, fault: Fault) -> None:
        super().__init__(fault.message)
        self.hook = hook
        self.fault = fault


@dataclass(frozen=True)
class Saved:
    """The hook as the tenant has it now, and whether anything had to be sent."""

    hook: Hook
    changed: bool


def save_hook(
    tenant: Tenant,
    record: TenantRecord,
    hook_id: str,
    *,
    base: str,
    script: str | None,
    modules: dict[str, str] | None,
    confirmed: bool = False,
) -> Saved:
    """Save `script` and `modules` (name to version), or the one that is not None, over the version `base`.

    Sends one PATCH with only what differs; never secrets. Raises SaveConflict, ServiceError, and BrokenScriptError
    unless it is `confirmed` that an enabled hook shall have a script that cannot run.
    """
    hooks = open_client(tenant).hooks
    with _lock(tenant, hook_id), state.noting_failures(record):
        current = hooks.get(hook_id)
        changes: dict[str, Any] = {}
        if script is not None and with_lf(script) != with_lf(current.script):
            changes["script"] = script
        if modules is not None and modules != current.dependencies:
            changes["dependencies"] = modules
        if changes and fingerprint(current) != base:
            raise SaveConflict(current)
        if script is not None and "script" in changes and current.enabled and not confirmed:
            (reading,) = reader.read([script], current.trigger)
            if reading.fault:
                raise BrokenScriptError(current, reading.fault)
        hook = hooks.update(hook_id, changes) if changes else current
    if changes:
        state.note_script_written(record)
    else:
        state.note_read(record)
    return Saved(hook, bool(changes))


def update_unchanged(hooks: Hooks, tenant: Tenant, seen: Hook, changes: dict[str, Any]) -> Hook:
    """Send `changes` of script and modules unless the hook is another version than `seen` by now.

    Raises ChangedMeanwhile, and ServiceError as `Hooks.update` does.
    """
    with _unchanged(hooks, tenant, seen):
        return hooks.update(seen.id, changes)


def delete_unchanged(hooks: Hooks, tenant: Tenant, seen: Hook) -> None:
    """Delete the hook unless it is another version than `seen` by now.

    Raises ChangedMeanwhile, and ServiceError as `Hooks.delete` does.
    """
    with _unchanged(hooks, tenant, seen):
        hooks.delete(seen.id)


@contextmanager
def _unchanged(hooks: Hooks, tenant: Tenant, seen: Hook) -> Iterator[None]:
    with _lock(tenant, seen.id):
        if fingerprint(hooks.get(seen.id)) != fingerprint(seen):
            raise ChangedMeanwhile
        yield


def _lock(tenant: Tenant, hook_id: str) -> threading.Lock:
    """The one lock of this hook, for as long as anybody has it."""
    with _finding_lock:
        return _locks.setdefault((tenant.slug, hook_id), threading.Lock())


def fingerprint(hook: Hook) -> str:
    """A SHA-256 in hex of what the editor shows, script and modules. Line ends make no difference."""
    shown = json.dumps([with_lf(hook.script), hook.dependencies], sort_keys=True)
    return hashlib.sha256(shown.encode("utf-8", "surrogatepass")).hexdigest()


def newline_of(script: str) -> str:
    """The line end that `script` uses throughout, "\\n" where it is mixed or has none."""
    lines = script.count("\n")
    return "\r\n" if lines and script.count("\r\n") == lines else "\n"


def with_newlines(script: str, newline: str) -> str:
    """`script` with every line end (\\r\\n, \\r or \\n) written as `newline`."""
    return with_lf(script).replace("\n", newline)


def with_lf(script: str) -> str:
    """`script` as a browser compares it: every line end is \\n."""
    return script.replace("\r\n", "\n").replace("\r", "\n")
