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

from hooksui.auth0.errors import ApiError
from hooksui.auth0.shapes import Hook
from hooksui.hooks import alone
from hooksui.hooks.changes import differences
from hooksui.hooks.errors import ChangedMeanwhileError
from hooksui.hooks.newlines import with_lf
from hooksui.hooks.scripts import refuse_broken
from hooksui.hooks.workspace import Workspace
from hooksui.tenants import state

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Saved:
    """The hook as the tenant has it now, and whether anything had to be sent.

    `looked_up` says that the write had no clear answer, and was found done.
    """

    hook: Hook
    changed: bool
    looked_up: bool = False


def save_hook(
    workspace: Workspace,
    hook_id: str,
    *,
    base: str,
    script: str | None,
    modules: dict[str, str] | None,
    confirmed: bool = False,
) -> Saved:
    """Save `script` and `modules` (name to version), or the one that is not None, over the version `base`.

    Sends one PATCH with only what differs; never secrets. Raises ChangedMeanwhileError, ApiError, and BrokenScriptError
    unless it is `confirmed` that an enabled hook shall have a script that cannot run.
    """
    given: dict[str, Any] = {
        name: value for name, value in (("script", script), ("dependencies", modules)) if value is not None
    }
    with alone.with_hook(workspace.tenant, hook_id), workspace.noting():
        current = workspace.client.hooks.get(hook_id)
        wanted = {name: given[name] for name in differences(current, replace(current, **given))}
        if wanted and fingerprint(current) != base:
            raise ChangedMeanwhileError(current)
        if "script" in wanted and current.enabled and not confirmed:
            refuse_broken(replace(current, script=wanted["script"]))
        if wanted:
            return _written(workspace, current, wanted)
    state.note_read(workspace.record)
    return Saved(current, changed=False)


def _written(workspace: Workspace, current: Hook, wanted: dict[str, Any]) -> Saved:
    """Write `wanted`, and look whether that is what the tenant has then. Raises ChangedMeanwhileError and ApiError."""
    done = workspace.save(current, wanted)
    now = done.value
    if not workspace.tenant.is_local and not done.looked_up:
        # The write was answered, so that a look that fails changes nothing about it.
        with suppress(ApiError):
            now = workspace.client.hooks.get(current.id)
    # What somebody else wrote just before or after is seen in what is there now, whatever the write's own answer said.
    if fingerprint(now) != fingerprint(replace(current, **wanted)):
        log.info("Another writer was at the hook %s of %s at the same moment.", current.id, workspace.tenant.slug)
        raise ChangedMeanwhileError(now, written=True)
    return Saved(now, changed=True, looked_up=done.looked_up)


def update_unchanged(workspace: Workspace, seen: Hook, wanted: dict[str, Any]) -> None:
    """Send what is `wanted` of script and modules unless the hook is another version than `seen` by now.

    Raises ChangedMeanwhileError, and ApiError as `Workspace.save` does.
    """
    with _unchanged(workspace, seen):
        workspace.save(seen, wanted)


def delete_unchanged(workspace: Workspace, seen: Hook) -> None:
    """Delete the hook unless it is another version than `seen` by now.

    Raises ChangedMeanwhileError, and ApiError as `Workspace.delete` does.
    """
    with _unchanged(workspace, seen):
        workspace.delete(seen)


@contextmanager
def _unchanged(workspace: Workspace, seen: Hook) -> Iterator[None]:
    with alone.with_hook(workspace.tenant, seen.id):
        if fingerprint(now := workspace.client.hooks.get(seen.id)) != fingerprint(seen):
            raise ChangedMeanwhileError(now)
        yield


def fingerprint(hook: Hook) -> str:
    """A SHA-256 in hex of what the editor shows, script and modules. Line ends make no difference."""
    shown = json.dumps([with_lf(hook.script), hook.dependencies], sort_keys=True)
    return hashlib.sha256(shown.encode("utf-8", "surrogatepass")).hexdigest()
