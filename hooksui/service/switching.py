"""Choosing which hook runs at an extensibility point.

No document says what a tenant does when a second hook of a point is enabled: it may disable the first, refuse, or run
both, which once broke logins (Management API contract, "Two hooks enabled on one trigger"). So the old one is disabled
before the new one is enabled, and put back where that fails.
"""

from contextlib import suppress
from dataclasses import dataclass

from hooksui.auth0 import open_client
from hooksui.auth0.errors import NoAnswer, OddAnswer, ServiceError
from hooksui.auth0.hooks import Hooks
from hooksui.auth0.shapes import Hook
from hooksui.service.operations import list_hooks
from hooksui.tenants import state
from hooksui.tenants.config import Tenant
from hooksui.tenants.models import TenantRecord


class EnabledMeanwhile(Exception):
    """Another hook is enabled than the person's page showed: `enabled`, or none. Nothing was changed."""

    def __init__(self, enabled: Hook | None) -> None:
        super().__init__(enabled.id if enabled else "")
        self.enabled = enabled


class HookMissing(Exception):
    """The chosen hook is not at the point any more. Nothing was changed."""


class SwitchFailed(Exception):
    """The hook `new` could not be enabled, because of `cause` at the hook `at`, when `old` had been disabled already.

    `put_back` says whether `old` runs again; `disabled` are others that were disabled, and stay so.
    """

    def __init__(self, new: Hook, disabled: list[Hook], at: Hook, cause: ServiceError, *, put_back: bool) -> None:
        super().__init__(new.id)
        self.new = new
        self.old, *self.disabled = disabled
        self.at = at
        self.cause = cause
        self.put_back = put_back


@dataclass(frozen=True)
class Switched:
    """`new` runs at the point now (None: no hook does). `changed` is False where that was so before."""

    new: Hook | None
    changed: bool


def switch_hook(tenant: Tenant, record: TenantRecord, trigger: str, hook_id: str, was: str) -> Switched:
    """Let the hook `hook_id` run at the point of `trigger`, or none where it is "".

    `was` is the id of the hook that the person saw as enabled, "" for none: nothing is changed when another one is
    enabled by now. Raises EnabledMeanwhile, HookMissing, SwitchFailed, and ServiceError where nothing was changed.
    """
    own = [hook for hook in list_hooks(tenant, record) if hook.trigger == trigger]
    new = next((hook for hook in own if hook.id == hook_id), None)
    if hook_id and not new:
        raise HookMissing
    running = [hook for hook in own if hook.enabled]
    others = [hook for hook in running if hook is not new]
    if not others and (new is None or new.enabled):
        return Switched(new, changed=False)
    if was not in ([hook.id for hook in running] or [""]):
        raise EnabledMeanwhile(running[0] if running else None)
    try:
        with state.noting_failures(record):
            swap(open_client(tenant).hooks, new, others)
    except SwitchFailed as failure:
        state.note_failure(record, failure.cause)
        raise
    return Switched(new, changed=True)


def swap(hooks: Hooks, new: Hook | None, others: list[Hook]) -> None:
    """Disable `others`, the hooks that run beside `new`; then enable `new`, where there is one that does not run yet.

    Raises SwitchFailed, and ServiceError where nothing was changed or there is no hook to put another in the place of.
    """
    disabled: list[Hook] = []
    try:
        for other in others:
            hooks.update(other.id, {"enabled": False})
            disabled.append(other)
        if new and not new.enabled:
            _enable(hooks, new)
    except ServiceError as error:
        if not disabled or not new:
            raise
        at = new if len(disabled) == len(others) else others[len(disabled)]
        # Without a clear answer it may have been enabled all the same, and two must not run.
        unclear = at is new and isinstance(error, NoAnswer | OddAnswer)
        safe = not unclear or _set_enabled(hooks, new, enabled=False)
        put_back = safe and _set_enabled(hooks, disabled[0], enabled=True)
        raise SwitchFailed(new, disabled, at, error, put_back=put_back) from error


def _enable(hooks: Hooks, hook: Hook) -> None:
    """Enable `hook`. A PATCH without an answer may have been done, so the hook is read then."""
    try:
        hooks.update(hook.id, {"enabled": True})
    except NoAnswer:
        with suppress(ServiceError):
            if hooks.get(hook.id).enabled:
                return
        raise


def _set_enabled(hooks: Hooks, hook: Hook, *, enabled: bool) -> bool:
    """Whether `hook` could be enabled or disabled for sure."""
    try:
        hooks.update(hook.id, {"enabled": enabled})
    except ServiceError:
        return False
    return True
