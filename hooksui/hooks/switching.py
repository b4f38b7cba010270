"""Choosing which hook runs at an extensibility point.

No document says what a tenant does when a second hook of a point is enabled: it may disable the first, refuse, or run
both, which once broke logins (docs/management-api.md, "Two hooks enabled on one trigger"). So the old one is disabled
before the new one is enabled, and put back where that fails.
"""

from dataclasses import dataclass, replace

from hooksui.auth0.errors import ApiError
from hooksui.auth0.shapes import Hook
from hooksui.hooks import alone
from hooksui.hooks.errors import NotDoneError, NotKnownError
from hooksui.hooks.scripts import refuse_broken
from hooksui.hooks.workspace import Workspace
from hooksui.tenants import state

_ROUNDS = 3  # of putting right; each ends with a look


class EnabledMeanwhileError(Exception):
    """Another hook is enabled than the person's page showed: `enabled`, or none. `new` was wanted, or none.

    Nothing was changed.
    """

    def __init__(self, enabled: Hook | None, new: Hook | None) -> None:
        super().__init__(enabled.id if enabled else "")
        self.enabled = enabled
        self.new = new


class HookMissingError(Exception):
    """The chosen hook is not at the point any more. Nothing was changed."""


class SwitchFailedError(Exception):
    """The hook `new` could not be enabled, because of `cause` at the hook `at`, when `old` may have been disabled.

    `put_back` says whether `old` runs again; `disabled` are others that were disabled, and stay so. `running` are the
    hooks that were enabled at the point afterwards, None where nobody looked.
    """

    def __init__(self, new: Hook, disabled: list[Hook], at: Hook, cause: ApiError, *, put_back: bool) -> None:
        super().__init__(new.id)
        self.new = new
        self.old, *self.disabled = disabled
        self.at = at
        self.cause = cause
        self.put_back = put_back
        self.running: list[Hook] | None = None


@dataclass(frozen=True)
class Switched:
    """`new` was chosen for the point (None: no hook), which `changed` something unless it was so before.

    `running` are the hooks that are enabled there now, None where the look at the end failed. It is `new` alone unless
    somebody chose another one at the same moment by another dashboard.
    """

    new: Hook | None
    changed: bool
    running: list[Hook] | None


def switch_hook(workspace: Workspace, trigger: str, hook_id: str, was: str, *, confirmed: bool = False) -> Switched:
    """Let the hook `hook_id` run at the point of `trigger`, or none where it is "".

    `was` is the id of the hook that the person saw as enabled, "" for none: nothing is changed when another one is
    enabled by now. Raises EnabledMeanwhileError, HookMissingError, SwitchFailedError, BrokenScriptError unless it is
    `confirmed` that a hook that cannot run shall be enabled, and ApiError where nothing was changed, or NotKnownError.
    """
    with alone.at_points(workspace.tenant, [trigger]):
        own = workspace.at_point(trigger)
        new = next((hook for hook in own if hook.id == hook_id), None)
        if hook_id and not new:
            raise HookMissingError
        running = [hook for hook in own if hook.enabled]
        others = [hook for hook in running if hook is not new]
        if not others and (new is None or new.enabled):
            return Switched(new, changed=False, running=running)
        if was not in ([hook.id for hook in running] or [""]):
            raise EnabledMeanwhileError(running[0] if running else None, new)
        if new and not confirmed:
            _refuse_broken(workspace, new)
        try:
            with workspace.noting():
                swap(workspace, new, others)
        except SwitchFailedError as failure:
            state.note_failure(workspace.record, failure.cause)
            if failure.put_back:
                failure.running = running_after(workspace, trigger, failure.old)
            raise
        return Switched(new, changed=True, running=running_after(workspace, trigger, new))


def _refuse_broken(workspace: Workspace, new: Hook) -> None:
    # No hook has an empty script: the list left it out.
    if not new.script:
        with workspace.noting():
            new = replace(new, script=workspace.client.hooks.get(new.id).script)
    refuse_broken(new)


def swap(workspace: Workspace, new: Hook | None, others: list[Hook]) -> None:
    """Disable `others`, the hooks that run beside `new`; then enable `new`, where there is one that does not run yet.

    To be called within `alone.at_points`. Raises SwitchFailedError, and ApiError where there is no hook to put another
    in the place of, or nothing was changed.
    """
    disabled: list[Hook] = []
    at = new
    try:
        for other in others:
            at = other
            workspace.set_enabled(other, enabled=False)
            disabled.append(other)
        if new and not new.enabled:
            at = new
            workspace.set_enabled(new, enabled=True)
    except ApiError as error:
        # What may have been disabled has to be put back like what was.
        doubtful = [at] if at and at is not new and isinstance(error, NotKnownError) else []
        if not new or not at or not (disabled or doubtful):
            raise
        # Without a clear answer the new one may have been enabled all the same, or come to be, and two must not run.
        unsure = at is new and isinstance(error, NotKnownError | NotDoneError)
        safe = not unsure or _is_set(workspace, new, enabled=False)
        back = disabled or doubtful
        put_back = safe and _is_set(workspace, back[0], enabled=True)
        raise SwitchFailedError(new, back, at, error, put_back=put_back) from error


def running_after(workspace: Workspace, trigger: str, wanted: Hook | None) -> list[Hook] | None:
    """What is enabled at the point after a switch to `wanted`; None where that cannot be seen.

    The lock of this dashboard binds no other one. Where two hooks are enabled, the one whose id comes first stays, by
    the rule that every dashboard follows, and so all of them disable the same ones. The embedded tenant, which lets
    one run by itself, is not asked.
    """
    if workspace.tenant.is_local:
        return [wanted] if wanted else []
    kept: Hook | None = None
    try:
        for _ in range(_ROUNDS):
            running = [hook for hook in workspace.client.hooks.all() if hook.trigger == trigger and hook.enabled]
            running.sort(key=lambda hook: hook.id)
            if kept and not running:
                # Somebody else has disabled it since it was seen: without this, putting right would leave none.
                workspace.set_enabled(kept, enabled=True)
            elif len(running) < 2:
                return running
            else:
                kept, *rest = running
                for other in rest:
                    workspace.set_enabled(other, enabled=False)
        return [hook for hook in workspace.client.hooks.all() if hook.trigger == trigger and hook.enabled]
    except ApiError:
        return None


def _is_set(workspace: Workspace, hook: Hook, *, enabled: bool) -> bool:
    """Whether `hook` could be enabled or disabled for sure."""
    try:
        workspace.set_enabled(hook, enabled=enabled)
    except ApiError:
        return False
    return True
