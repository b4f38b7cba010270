"""Saving a hook's script and modules, without overwriting what another admin has saved meanwhile.

The API knows no "only if unchanged". So the hook is read right before it is written, with nobody else of this dashboard
in between, and right after it: what somebody else writes by another way between those two is seen there, or never.
"""

import hashlib
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any

from hooksui.auth0.errors import ApiError, ChangedMeanwhileError
from hooksui.auth0.hooks import Hooks
from hooksui.auth0.shapes import Hook
from hooksui.hooks import alone, changes, unclear
from hooksui.hooks.changes import Change
from hooksui.hooks.scripts import refuse_broken
from hooksui.tenants import state
from hooksui.tenants.client import open_client
from hooksui.tenants.config import Tenant
from hooksui.tenants.models import TenantRecord

log = logging.getLogger(__name__)


class ConflictError(Exception):
    """The hook is not the version that was opened, or not the one that was saved; `theirs` is what the tenant has.

    Nothing was written, unless `written`: then it was, and somebody else wrote at the same moment.
    """

    def __init__(self, theirs: Hook, *, written: bool = False) -> None:
        super().__init__(theirs.id)
        self.theirs = theirs
        self.written = written


@dataclass(frozen=True)
class Saved:
    """The hook as the tenant has it now, and whether anything had to be sent.

    `looked_up` says that the write had no clear answer, and was found done.
    """

    hook: Hook
    changed: bool
    looked_up: bool = False


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

    Sends one PATCH with only what differs; never secrets. Raises ConflictError, ApiError, and BrokenScriptError
    unless it is `confirmed` that an enabled hook shall have a script that cannot run.
    """
    hooks = open_client(tenant).hooks
    with alone.with_hook(tenant, hook_id), state.noting_failures(record):
        current = hooks.get(hook_id)
        wanted: dict[str, Any] = {}
        if script is not None and with_lf(script) != with_lf(current.script):
            wanted["script"] = script
        if modules is not None and modules != current.dependencies:
            wanted["dependencies"] = modules
        if wanted and fingerprint(current) != base:
            raise ConflictError(current)
        if "script" in wanted and current.enabled and not confirmed:
            refuse_broken(replace(current, script=wanted["script"]))
        saved = _written(tenant, hooks, current, wanted) if wanted else Saved(current, changed=False)
    if saved.changed:
        state.note_script_written(record)
    else:
        state.note_read(record)
    return saved


def _written(tenant: Tenant, hooks: Hooks, current: Hook, wanted: dict[str, Any]) -> Saved:
    """Write `wanted`, and look whether that is what the tenant has then. Raises ConflictError and ApiError."""

    def look() -> Hook | None:
        now = hooks.get(current.id)
        if fingerprint(now) == fingerprint(current):
            return None
        return now

    with changes.told(Change("save", tenant, current.id, current.name)) as change:
        done = unclear.settled(lambda: hooks.update(current.id, wanted), look, "saved")
        change.seen(done.looked_up)
    now = done.value
    if not tenant.is_local and not done.looked_up:
        # The write was answered, so that a look that fails changes nothing about it.
        with suppress(ApiError):
            now = hooks.get(current.id)
    # What somebody else wrote just before or after is seen in what is there now, whatever the write's own answer said.
    if not _has(now, wanted, current):
        log.info("Another writer was at the hook %s of %s at the same moment.", current.id, tenant.slug)
        raise ConflictError(now, written=True)
    return Saved(now, changed=True, looked_up=done.looked_up)


def _has(hook: Hook, wanted: dict[str, Any], before: Hook) -> bool:
    """Whether `hook` is `before` with what was `wanted`, as far as the editor shows it."""
    return fingerprint(hook) == fingerprint(replace(before, **wanted))


def update_unchanged(hooks: Hooks, tenant: Tenant, seen: Hook, wanted: dict[str, Any]) -> Hook:
    """Send what is `wanted` of script and modules unless the hook is another version than `seen` by now.

    Raises ChangedMeanwhileError, and ApiError as `Hooks.update` does.
    """
    with _unchanged(hooks, tenant, seen):
        return hooks.update(seen.id, wanted)


def delete_unchanged(hooks: Hooks, tenant: Tenant, seen: Hook) -> None:
    """Delete the hook unless it is another version than `seen` by now.

    Raises ChangedMeanwhileError, and ApiError as `Hooks.delete` does.
    """
    with _unchanged(hooks, tenant, seen):
        hooks.delete(seen.id)


@contextmanager
def _unchanged(hooks: Hooks, tenant: Tenant, seen: Hook) -> Iterator[None]:
    with alone.with_hook(tenant, seen.id):
        if fingerprint(hooks.get(seen.id)) != fingerprint(seen):
            raise ChangedMeanwhileError
        yield


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
