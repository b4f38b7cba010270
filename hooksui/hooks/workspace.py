"""The workspace: what somebody does with the hooks of one tenant, and the one door for every write.

Reads note what an answer tells of the tenant. Every write goes through `Workspace._told`, which ends with one Change;
no other place calls a method of the client that writes.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import Any, TypeVar

from hooksui.auth0.client import Client
from hooksui.auth0.errors import HookNotFoundError, OddAnswerError
from hooksui.auth0.shapes import Hook
from hooksui.catalogue import stored_name
from hooksui.hooks import changes, unclear
from hooksui.hooks.changes import Actor, Change, Kind, differences
from hooksui.hooks.errors import NotCreatedError, NotDoneError
from hooksui.hooks.unclear import Done
from hooksui.tenants import state
from hooksui.tenants.client import open_client
from hooksui.tenants.config import Tenant
from hooksui.tenants.models import TenantRecord

_T = TypeVar("_T")
Look = Callable[[], _T | None]  # what a write has made, None where it was not done


class Workspace:
    """The hooks of `tenant`, of which `record` is known, for `actor`.

    `cause` is why changes are made, where it is not what the actor does on a page. Every method raises ApiError where
    the API refuses or fails; a write whose answer is not clear is looked up, and raises NotDoneError or NotKnownError.
    """

    def __init__(self, tenant: Tenant, record: TenantRecord, actor: Actor, cause: str = "") -> None:
        self.tenant = tenant
        self.record = record
        self.actor = actor
        self.cause = cause
        self.client: Client = open_client(tenant)

    def all(self) -> list[Hook]:
        """All hooks, without scripts. Where this raises, the record has the last known ones."""
        with self.noting():
            hooks = self.client.hooks.all()
        state.note_list(self.tenant, self.record, hooks)
        return hooks

    def at_point(self, trigger: str) -> list[Hook]:
        """The hooks of one extensibility point, with scripts as far as the list has them."""
        with self.noting():
            hooks = self.client.hooks.at_point(trigger)
        state.note_read(self.record)
        return hooks

    def get(self, hook_id: str) -> Hook:
        """One hook with its script."""
        with self.noting():
            hook = self.client.hooks.get(hook_id)
        state.note_read(self.record)
        return hook

    def get_with_secret_names(self, hook_id: str) -> tuple[Hook, list[str]]:
        """One hook and the names of its secrets, asked for side by side."""
        calls: list[Callable[[], Any]] = [
            lambda: self.client.hooks.get(hook_id),
            lambda: self.client.secrets.names(hook_id),
        ]
        with self.noting():
            hook, names = self.client.side_by_side(calls)
        state.note_read(self.record)
        return hook, names

    def secret_names(self, hook_id: str) -> list[str]:
        """The names of a hook's secrets."""
        with self.noting():
            return self.client.secrets.names(hook_id)

    def known(self, hook_id: str) -> Hook | None:
        """The hook of the last list that the tenant gave, without its script; None where it had none of this id."""
        return next((hook for hook in state.last_known_hooks(self.record) if hook.id == hook_id), None)

    def to_speak_of(self, hook_id: str) -> Hook:
        """A hook, at least its name and point, from the last list or else from the tenant."""
        return self.known(hook_id) or self.get(hook_id)

    def create(
        self,
        name: str,
        trigger: str,
        script: str,
        *,
        enabled: bool,
        look: Look[Hook] | None = None,
        **others: Any,
    ) -> Done[Hook]:
        """Make a hook, with `others` of its fields. `look` finds it if the answer is lost: a POST is never repeated."""

        def create() -> Hook:
            return self.client.hooks.create(name, trigger, script, enabled=enabled, **others)

        change = self._change(Kind.CREATE, name=name)
        done = self._write(change, create, look, "created", after=_same, not_done=NotCreatedError)
        if not done.looked_up:
            self.note_script_written()
        return done

    def save(self, before: Hook, wanted: dict[str, Any]) -> Done[Hook]:
        """Send `wanted`, any of script and dependencies, for the hook that was `before`."""

        def look() -> Hook | None:
            now = self.get(before.id)
            return now if {"script", "dependencies"} & {*differences(before, now)} else None

        change = self._change(Kind.SAVE, before)
        done = self._write(change, lambda: self.client.hooks.update(before.id, wanted), look, "saved", after=_same)
        if "script" in wanted:
            self.note_script_written()
        return done

    def rename(self, before: Hook, name: str) -> Done[Hook]:
        """Give a hook another name; the answer has the stored one."""

        def look() -> Hook | None:
            hook = _named(self.get(before.id))
            return hook if same_name(hook.name, name) else None

        change = self._change(Kind.RENAME, before, wanted=name)
        return self._write(
            change, lambda: _named(self.client.hooks.update(before.id, {"name": name})), look, "renamed", after=_same
        )

    def set_enabled(self, hook: Hook, *, enabled: bool) -> Done[Hook]:
        """Enable or disable `hook`, and look whether it is where the answer is not clear, also in long work."""

        def look() -> Hook | None:
            now = self.client.hooks.get(hook.id)
            return now if now.enabled == enabled else None

        kind = Kind.ENABLE if enabled else Kind.DISABLE

        def settle() -> Done[Hook]:
            return unclear.settled(lambda: self.client.hooks.update(hook.id, {"enabled": enabled}), look, f"{kind}d")

        return self._told(self._change(kind, hook), settle, after=_same)

    def delete(self, hook: Hook) -> Done[bool]:
        """Remove a hook with its secrets."""

        def delete() -> bool:
            self.client.hooks.delete(hook.id)
            return True

        def look() -> bool | None:
            try:
                self.get(hook.id)
            except HookNotFoundError:
                return True
            return None

        return self._write(self._change(Kind.DELETE, hook), delete, look, "deleted", after=lambda _: None)

    def add_secrets(self, hook: Hook, values: dict[str, str]) -> Done[bool]:
        """Add secrets to a hook. Raises SecretExistsError."""

        def look() -> bool | None:
            return values.keys() <= set(self.secret_names(hook.id)) or None

        doing = "added" if len(values) == 1 else "all added"
        return self._write_secrets(Kind.ADD_SECRETS, hook, values, self.client.secrets.add, look, doing)

    def change_secrets(self, hook: Hook, values: dict[str, str]) -> Done[bool]:
        """Give secrets other values. Raises SecretNotFoundError, and NotKnownError: values cannot be read."""
        return self._write_secrets(Kind.CHANGE_SECRETS, hook, values, self.client.secrets.update, None, "changed")

    def remove_secrets(self, hook: Hook, names: list[str]) -> Done[bool]:
        """Remove secrets from a hook; those that it does not have are no error."""

        def look() -> bool | None:
            return set(names).isdisjoint(self.secret_names(hook.id)) or None

        return self._write_secrets(Kind.REMOVE_SECRETS, hook, names, self.client.secrets.remove, look, "removed")

    def noting(self) -> AbstractContextManager[None]:
        """Note in the record what a failure of the block tells of the tenant."""
        return state.noting_failures(self.record)

    def note_script_written(self) -> None:
        """Note that the tenant takes scripts."""
        state.note_script_written(self.record)

    def emit(self, change: Change) -> None:
        """Tell of a change that has ended."""
        changes.emit(change)

    def _write_secrets(
        self,
        kind: Kind,
        hook: Hook,
        named: Any,
        write: Callable[[str, Any], None],
        look: Look[bool] | None,
        doing: str,
    ) -> Done[bool]:
        def write_them() -> bool:
            write(hook.id, named)
            return True

        change = self._change(kind, hook, secret_names=tuple(named))
        return self._write(change, write_them, look, doing, after=lambda _: hook)

    def _change(
        self,
        kind: Kind,
        before: Hook | None = None,
        *,
        name: str = "",
        wanted: str = "",
        secret_names: tuple[str, ...] = (),
    ) -> Change:
        return Change(
            kind,
            self.tenant,
            self.actor,
            self.cause,
            hook_id=before.id if before else "",
            name=before.name if before else name,
            wanted=wanted,
            before=before,
            secret_names=secret_names,
        )

    def _write(
        self,
        change: Change,
        write: Callable[[], _T],
        look: Look[_T] | None,
        doing: str,
        *,
        after: Callable[[_T], Hook | None],
        not_done: type[NotDoneError] = NotDoneError,
    ) -> Done[_T]:
        """Do `write`, and find out with `look` what came of it where its answer is not clear."""

        def noted() -> _T:
            with self.noting():
                return write()

        return self._told(change, lambda: self._settled(noted, look, doing, not_done), after)

    def _settled(
        self, write: Callable[[], _T], look: Look[_T] | None, doing: str, not_done: type[NotDoneError]
    ) -> Done[_T]:
        return unclear.settled(write, look, doing, not_done=not_done)

    def _told(self, change: Change, settle: Callable[[], Done[_T]], after: Callable[[_T], Hook | None]) -> Done[_T]:
        """The door. `settle` writes; whichever way that ends, one change is told, with the hook `after` it."""
        try:
            done = settle()
        except BaseException as error:
            # An interrupt may have come while the answer was on its way.
            is_open = not isinstance(error, Exception) or unclear.is_unclear(error)
            known = changes.NOT_KNOWN if is_open else changes.NOT_DONE
            self.emit(replace(change, outcome=f"{known}: {type(error).__name__}"))
            raise
        hook = after(done.value)
        if change.kind is Kind.CREATE and hook:
            change = replace(change, hook_id=hook.id, name=hook.name)
        self.emit(replace(change, after=hook, outcome=changes.LOOKED_UP if done.looked_up else changes.DONE))
        return done


class LongWorkspace(Workspace):
    """The same for work at many hooks in several threads, which waits for the tenant's limit instead of giving up.

    Threads that write have no database of their own: what they would note or tell is kept until the one that waits for
    them calls `tell`. A write without a clear answer raises that error: one look at the end serves all, whose outcome
    `looked` takes, and `tell_all` tells what is still not known. Reads are not for such threads.
    """

    def __init__(self, workspace: Workspace, cause: str = "") -> None:
        super().__init__(workspace.tenant, workspace.record, workspace.actor, cause or workspace.cause)
        self.client = self.client.patient()
        self._untold: list[Change] = []
        self._not_known: list[Change] = []
        self._wrote_script = False

    def noting(self) -> AbstractContextManager[None]:
        """Nothing: failures are noted when all threads have ended."""
        return nullcontext()

    def note_script_written(self) -> None:
        """Note it when it is told."""
        self._wrote_script = True

    def emit(self, change: Change) -> None:
        """Keep it."""
        (self._not_known if change.outcome.startswith(changes.NOT_KNOWN) else self._untold).append(change)

    def looked(self, kind: Kind, hook: Hook, *, done: bool) -> None:
        """Say what a look has shown of a write without a clear answer; `hook` is what it left, took, or left alone."""
        change = next((each for each in self._not_known if each.kind is kind and _is_of(each, hook)), None)
        if change is None:
            # What was tried had its answer; something before or after it had none.
            return
        self._not_known.remove(change)
        now = hook if done and kind is not Kind.DELETE else None
        outcome = changes.LOOKED_UP if done else changes.NOT_DONE
        self.emit(replace(change, hook_id=hook.id, after=now, outcome=outcome))
        self._wrote_script |= done and kind is Kind.CREATE

    def tell(self) -> None:
        """Tell what was kept, and note whether scripts were written. Not for threads that work."""
        while self._untold:
            changes.emit(self._untold[0])
            del self._untold[0]
        if self._wrote_script:
            state.note_script_written(self.record)
            self._wrote_script = False

    def tell_all(self) -> None:
        """Tell all that was kept, at the end of the work."""
        self._untold += self._not_known
        self._not_known.clear()
        self.tell()

    def _settled(
        self, write: Callable[[], _T], look: Look[_T] | None, doing: str, not_done: type[NotDoneError]
    ) -> Done[_T]:
        return Done(write())


def _is_of(change: Change, hook: Hook) -> bool:
    """Whether `change` is of `hook`, of which a new one is known by its name alone."""
    return change.hook_id == hook.id or (not change.hook_id and same_name(change.name, hook.name))


def _same(hook: Hook) -> Hook:
    return hook


def _named(hook: Hook) -> Hook:
    """`hook`, whose answer shall tell its name. Raises OddAnswerError where the id stands for it."""
    if hook.name == hook.id:
        raise OddAnswerError(status=200, remote="no name of a hook")
    return hook


def same_name(one: str, other: str) -> bool:
    """Whether a server keeps both as the same. An old hook may have a name from before servers rewrote them."""
    return stored_name(one) == stored_name(other)
