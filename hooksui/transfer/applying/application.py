"""Carrying out a plan, in an order in which no point ever has two enabled hooks and no script waits for its secrets.

First hooks are created, disabled, and changed, each with its secrets; then the enabled hook of each point is swapped;
what is to be deleted goes last. After the first failure no further call goes out but those that find out what was done.
What was done stays done, and a new plan has the rest.
"""

import contextvars
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from hooksui import catalogue
from hooksui.auth0.errors import ApiError
from hooksui.auth0.shapes import Hook
from hooksui.hooks import alone, saving
from hooksui.hooks.changes import Kind
from hooksui.hooks.errors import BusyError, ChangedMeanwhileError
from hooksui.hooks.switching import SwitchFailedError, running_after, swap
from hooksui.hooks.unclear import is_unclear
from hooksui.hooks.workspace import LongWorkspace
from hooksui.tenants import state
from hooksui.transfer.applying.results import (
    CREATING,
    DELETING,
    DISABLING,
    ENABLING,
    LISTED,
    SAVING,
    Ending,
    Result,
    changes_of,
    saved_words,
    settled,
)
from hooksui.transfer.planning.plan import Fate, Item, Plan
from hooksui.transfer.progress import Progress, Work

_T = TypeVar("_T")
_WRITTEN = (Fate.CREATE, Fate.CHANGE, Fate.DELETE)
_SIDE_BY_SIDE = 8  # hooks that are begun at a time, and so the calls that may follow a failure, one each
_MAKING_ROOM = "disabling the hook that runs there"
_KINDS = {
    CREATING: Kind.CREATE,
    SAVING: Kind.SAVE,
    DELETING: Kind.DELETE,
    ENABLING: Kind.ENABLE,
    DISABLING: Kind.DISABLE,
}


class _StoppedError(Exception):
    """The application was stopped, so that this hook goes no further."""


class Application:
    """One application of a plan. Hooks are worked at side by side, each by one thread at a time.

    `results` has one for each hook that the plan writes, in its order, at any time.
    """

    def __init__(self, workspace: LongWorkspace, plan: Plan) -> None:
        self._workspace = workspace
        # By place, since an item gets its hook while it is worked at.
        self.results = [Result(item) for item in plan.items if item.fate in _WRITTEN]
        self._now: list[Hook] = []
        self._stopping = threading.Event()
        # Threads of a pool do not know the request's number by themselves.
        self._context = contextvars.copy_context()

    @property
    def whole(self) -> bool:
        """Whether everything was done."""
        return all(result.ending == Ending.DONE for result in self.results)

    def stop(self) -> None:
        """Let no further call go out but those that find out what was done."""
        self._stopping.set()

    def run(self) -> Work[None]:
        """Do it all, or up to the first failure. Raises nothing that the API answers: the results have it."""
        try:
            yield from self._run()
        finally:
            # Also when nobody waits for the end any more.
            try:
                self._workspace.tell_all()
            finally:
                for result in self.results:
                    if result.error and result.ending != Ending.DONE:
                        state.note_failure(self._workspace.record, result.error)

    def _run(self) -> Iterator[Progress]:
        places = range(len(self.results))
        items = [result.item for result in self.results]
        points = sorted({item.trigger for item in items if "enabled" in item.fields})
        yield from self._all(self._write, [place for place in places if items[place].wanted], "hooks written")
        if points and not self._stopping.is_set():
            yield from self._switch_all(points, [place for place in places if "enabled" in items[place].fields])
        doomed = [place for place in places if items[place].fate == Fate.DELETE]
        yield from self._all(self._delete, doomed, "hooks deleted")
        if any(result.ending == Ending.UNKNOWN and result.trying in LISTED for result in self.results):
            self._look()

    def _all(self, work: Callable[[_T], None], of: list[_T], what: str) -> Iterator[Progress]:
        """Do `work` for all, some side by side. What has not begun when something fails is left."""

        def guarded(one: _T) -> None:
            if not self._stopping.is_set():
                work(one)

        if self._stopping.is_set() or not of:
            return
        yield Progress(0, len(of), what)
        calls: list[Callable[[], None]] = [partial(self._context.copy().run, guarded, one) for one in of]
        done = self._workspace.client.as_done(calls, at_most=_SIDE_BY_SIDE)
        count = 0
        # Closed before anybody hears of what was done: until then threads may still write.
        with closing(done):
            try:
                for told in done:
                    count += told is not None
                    self._workspace.tell()
                    # What was left out is not written.
                    if not self._stopping.is_set():
                        yield Progress(count, len(of), what, self._workspace.client.waits if told is None else 0)
            except BaseException:
                self.stop()
                raise

    def _write(self, place: int) -> None:
        """Create or change the hook, but for whether it is enabled."""
        item = self.results[place].item
        try:
            hook = item.current or self._create(place)
            for trying, done, call in self._writes(item, hook):
                self._do(place, trying, done, call)
        except _StoppedError:
            return
        except ApiError as error:
            self._fail(place, error)
            return
        # Switching comes later, and needs to know the hook.
        ending = Ending.PARTLY if "enabled" in item.fields else Ending.DONE
        self._note(place, ending=ending, item=replace(item, current=hook))

    def _writes(self, item: Item, hook: Hook) -> Iterator[tuple[str, str, Callable[[], object]]]:
        """What is to be written of `hook`, which is there: what is tried, what is done then, both in words; the call.

        A changed script may ask for its secrets at once, so they come before it, and go after it.
        """
        work, secrets = self._workspace, item.secrets
        if secrets.add:
            names = ", ".join(secrets.add)
            yield f"adding {names}", f"added {names}", partial(work.add_secrets, hook, secrets.add)
        if secrets.update:
            names = ", ".join(secrets.update)
            yield f"setting {names}", f"set {names}", partial(work.change_secrets, hook, secrets.update)
        if item.current and (wanted := changes_of(item)):
            yield SAVING, saved_words(item), partial(saving.update_unchanged, work, hook, wanted)
        if secrets.remove and secrets.extra:
            names = ", ".join(secrets.extra)
            yield f"removing {names}", f"removed {names}", partial(work.remove_secrets, hook, secrets.extra)

    def _create(self, place: int) -> Hook:
        wanted = self.results[place].item.wanted
        assert wanted is not None  # noqa: S101 - for the type checker: what is created has a definition
        fields = wanted.said | {"enabled": False}
        return self._do(
            place, CREATING, "created", partial(self._workspace.create, wanted.name, wanted.trigger, **fields)
        ).value

    def _switch_all(self, points: list[str], places: list[int]) -> Iterator[Progress]:
        try:
            with alone.at_points(self._workspace.tenant, points):
                self._see_what_runs(places)
                yield from self._all(self._switch, points, "extensibility points switched")
        except BusyError as error:
            for place in places:
                self._note(place, trying=_switching(self.results[place].item))
                self._fail(place, error)

    def _see_what_runs(self, places: list[int]) -> None:
        """List the hooks again before any is switched: the plan may have been made minutes ago."""
        try:
            self._now = self._workspace.client.hooks.all()
        except ApiError as error:
            for place in places:
                self._note(place, trying="asking what is enabled")
                self._fail(place, error, unclear=False)

    def _switch(self, trigger: str) -> None:
        """Let the plan's hook run at the point, and no other."""
        places = [
            place
            for place, result in enumerate(self.results)
            if result.item.trigger == trigger and "enabled" in result.item.fields
        ]
        enables = any(self.results[place].item.enabled for place in places)
        # Hooks that are only disabled have nothing to do with each other.
        for group in [places] if enables else [[place] for place in places]:
            if not self._stopping.is_set():
                self._swap({place: self.results[place].item for place in group})

    def _swap(self, items: dict[int, Item]) -> None:
        """Disable and enable hooks of one point, by place; one of them is enabled at most."""
        on = next((item for item in items.values() if item.enabled), None)
        if on and (rival := self._rival(on.trigger, {item.current.id for item in items.values() if item.current})):
            for place, item in items.items():
                self._note(place, trying=_switching(item), runs=f"{rival.name} has been running there since")
                self._fail(place, ChangedMeanwhileError(rival))
            return
        off = [item.current for item in items.values() if item.current and not item.enabled]
        for place, item in items.items():
            self._note(place, trying=_switching(item), ending=Ending.UNKNOWN)
        try:
            swap(self._workspace, on.current if on else None, off)
        except SwitchFailedError as failure:
            runs = f"{failure.old.name} runs again" if failure.put_back else "it is not known what runs there"
            for place, item in items.items():
                if item.current in failure.disabled:
                    self._switched(place)
                elif item.current == failure.old or (item.enabled and failure.new == failure.at):
                    # The new one is disabled for sure where the old one was put back.
                    self._note(place, runs=runs)
                    self._fail(place, failure.cause, unclear=not failure.put_back)
                else:
                    self._not_switched(place, failure.at, failure.cause)
        except ApiError as error:
            at = off[0] if off else on.current if on else None
            for place in items:
                self._not_switched(place, at, error)
        else:
            for place in items:
                self._switched(place)
            if on and on.current:
                self._see_who_won(items, on.current)

    def _see_who_won(self, items: dict[int, Item], on: Hook) -> None:
        """After a switch: another dashboard may have enabled another hook at the same moment."""
        running = running_after(self._workspace, on.trigger, on)
        if running is None or [hook.id for hook in running] == [on.id]:
            return
        names = " and ".join(hook.name for hook in running) or "no hook"
        for place, item in items.items():
            if item.enabled:
                steps = tuple(step for step in self.results[place].steps if step != "enabled")
                self._note(place, trying=ENABLING, steps=steps, runs=f"{names} runs there now")
                self._fail(place, ChangedMeanwhileError(running[0] if running else on))

    def _not_switched(self, place: int, at: Hook | None, error: ApiError) -> None:
        """The switch ended at the hook `at`: this one, or one before it."""
        result = self.results[place]
        if result.item.current == at:
            self._fail(place, error)
        elif result.item.enabled:
            self._note(place, trying=_MAKING_ROOM)
            self._fail(place, error, unclear=False)
        else:
            self._note(place, trying="", ending=Ending.PARTLY if result.steps else Ending.NOT_BEGUN)

    def _switched(self, place: int) -> None:
        result = self.results[place]
        step = "enabled" if result.item.enabled else "disabled"
        ending = Ending.PARTLY if result.item.fate == Fate.DELETE else Ending.DONE
        self._note(place, ending=ending, steps=(*result.steps, step), trying="")

    def _rival(self, trigger: str, known: set[str]) -> Hook | None:
        """A hook that somebody enabled at the point since the plan was made, which `known` does not have."""
        found = (hook for hook in self._now if hook.trigger == trigger and hook.enabled and hook.id not in known)
        return next(found, None)

    def _delete(self, place: int) -> None:
        current = self.results[place].item.current
        assert current is not None  # noqa: S101 - for the type checker: what is deleted is there
        try:
            delete = partial(saving.delete_unchanged, self._workspace, current)
            self._do(place, DELETING, "deleted", delete)
        except _StoppedError:
            return
        except ApiError as error:
            self._fail(place, error)
            return
        self._note(place, ending=Ending.DONE)

    def _look(self) -> None:
        """After a call without an answer: see in the tenant's list whether it was done."""
        with suppress(ApiError):
            now = self._workspace.client.hooks.all(whole=True)
            by_id = {hook.id: hook for hook in now}
            by_name = {catalogue.stored_name(hook.name): hook for hook in now}
            for place, result in enumerate(self.results):
                if result.ending == Ending.UNKNOWN and result.trying in LISTED:
                    current = result.item.current
                    hook = by_id.get(current.id) if current else by_name.get(result.item.key)
                    after = settled(result, hook)
                    of_it = hook or current or Hook("", result.item.name, result.item.trigger)
                    self._workspace.looked(_KINDS[result.trying], of_it, done=after.steps != result.steps)
                    self.results[place] = after
                if result.runs and result.trying in (ENABLING, DISABLING):
                    names = [hook.name for hook in now if hook.enabled and hook.trigger == result.item.trigger]
                    run = "run" if len(names) > 1 else "runs"
                    self._note(place, runs=f"{' and '.join(names) or 'no hook'} {run} there now")
        if self.whole:
            # Nothing is left to be explained.
            self.results = [replace(result, trying="", error=None) for result in self.results]

    def _do(self, place: int, trying: str, done: str, call: Callable[[], _T]) -> _T:
        """Make one call for the hook. Raises _StoppedError, and what the call raises."""
        if self._stopping.is_set():
            raise _StoppedError
        self._note(place, trying=trying, ending=Ending.UNKNOWN)
        answer = call()
        self._note(place, steps=(*self.results[place].steps, done), trying="", ending=Ending.PARTLY)
        return answer

    def _fail(self, place: int, error: ApiError, *, unclear: bool | None = None) -> None:
        self.stop()
        if is_unclear(error) if unclear is None else unclear:
            ending = Ending.UNKNOWN
        else:
            ending = Ending.PARTLY if self.results[place].steps else Ending.FAILED
        self._note(place, ending=ending, error=error)

    def _note(self, place: int, **changes: Any) -> None:
        self.results[place] = replace(self.results[place], **changes)


def _switching(item: Item) -> str:
    return ENABLING if item.enabled else DISABLING
