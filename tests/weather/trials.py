"""One trial: an operation in the weather of a fault, and the verdict on it."""

import logging
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from enum import StrEnum
from html import unescape
from typing import Any

from tests.weather.faults import FAULTS, STRANGER, Fault
from tests.weather.operations import OPERATIONS, Operation
from tests.weather.world import CANARY, Reach, Seen, World, world

MAX_LENGTH = 60  # seconds; more is never an answer, however slow a tenant is

_UNKNOWN = re.compile(
    r"do(es)? not know|don't know|may (have|be|run)|[Ww]e checked|look(ed)? again|What is done stays|[Nn]ot known"
)
_NOTHING_CHANGED = re.compile(
    r"Nothing was (changed|written|sent)|was left as it is|does not exist|runs? (again )?as before"
)
_NOTHING_RUNS = re.compile(r"[Nn]othing (may )?runs?|[Nn]o hook (is enabled|runs)|is disabled now|[Dd]isabled")


class Verdict(StrEnum):
    """How a trial ended."""

    HELD = "held"
    WEAK = "weak"
    NOT_HELD = "not held"


@dataclass(frozen=True)
class Trial:
    """An operation, a fault, and which calls meet it."""

    operation: Operation
    fault: Fault
    reach: Reach

    @property
    def name(self) -> str:
        """As a line of the report names it."""
        return f"{self.operation.name}: {self.fault.name} ({self.reach.value})"

    @property
    def lies(self) -> bool:
        """Whether the tenant that is shown is not the one that there is, so that nobody could tell what is true."""
        return self.fault.lies or (self.fault.family == "shape" and self.reach in (Reach.EVERY, Reach.AFTER))


@dataclass(frozen=True)
class Result:
    """The verdict on a trial, and why, "" where it held. `alert` is what the person was told."""

    trial: Trial
    verdict: Verdict
    reason: str = ""
    alert: str = ""


def trials() -> Iterator[Trial]:
    """All of them. What only reads meets a fault at every call; what a fault refuses is not done, or is for a shape."""
    for operation in OPERATIONS:
        for fault in FAULTS:
            yield from (Trial(operation, fault, reach) for reach in _reaches(operation, fault))


def _reaches(operation: Operation, fault: Fault) -> list[Reach]:
    if operation.done is None:
        return [Reach.EVERY]
    if fault.refuses:
        return [Reach.EVERY, Reach.NOT_DONE]
    reaches = [Reach.DONE, Reach.FIRST_DONE, Reach.AFTER]
    if fault.plausible and operation.bare:
        # Nobody could tell that nothing was done.
        return reaches
    return [Reach.EVERY, *reaches, *([] if fault.shaped else [Reach.NOT_DONE])]


def run(trial: Trial) -> Result:
    """Do what the trial says, in a tenant of its own."""
    with world() as made, _tracebacks() as failures:
        prepared = trial.operation.prepare(made)
        made.api.creations = made.api.most_enabled = 0
        before = _state(made)
        made.api.fault, made.api.reach = trial.fault, trial.reach
        began = time.monotonic()
        seen = trial.operation.perform(made, prepared)
        took = time.monotonic() - began
        made.api.fault = None
        verdict, reason = _judge(trial, made, seen, before)
        if failures:
            verdict, reason = Verdict.NOT_HELD, f"a traceback: {failures[0]}"
        elif took > MAX_LENGTH:
            verdict, reason = Verdict.NOT_HELD, f"it took {took:.0f} s"
        return Result(trial, verdict, reason, seen.alert or seen.said)


def _judge(trial: Trial, made: World, seen: Seen, before: Any) -> tuple[Verdict, str]:
    for reason in _broken(trial, made, seen):
        return Verdict.NOT_HELD, reason
    if not trial.lies:
        for reason in _false(trial, made, seen, before):
            return Verdict.NOT_HELD, reason
        for reason in _too_weak(trial, made, seen, before):
            return Verdict.WEAK, reason
    return Verdict.HELD, ""


def _broken(trial: Trial, made: World, seen: Seen) -> Iterator[str]:
    """What must never be."""
    if seen.status == 500:
        yield "an error of our own"
    if seen.is_page and STRANGER in seen.raw:
        yield "a stranger's markup on the page"
    if CANARY in seen.raw:
        yield "a secret on the page"
    if not trial.fault.refuses and made.api.creations > 1:
        yield "a POST was repeated"
    if made.api.most_enabled > 1:
        yield "two hooks were enabled"


def _false(trial: Trial, made: World, seen: Seen, before: Any) -> Iterator[str]:
    """What was done, beside what was told."""
    operation, changed = trial.operation, _state(made) != before
    succeeded = _succeeded(operation, seen)
    told = f"{seen.alert} {seen.said}"
    if operation.done is None:
        if changed:
            yield "a read changed the tenant"
        return
    if succeeded and not operation.done(made):
        yield "success was told, and it is not so"
    if not succeeded and not seen.alert and not seen.said:
        yield "not a word"
    if not succeeded and changed and _NOTHING_CHANGED.search(told) and not _UNKNOWN.search(told):
        yield "it was told that nothing was changed"
    if not operation.stops and before[2] and not made.api.enabled() and not _NOTHING_RUNS.search(told):
        yield "nothing runs at the point, and nobody is told"
    moot = operation.about_hook and seen.status == 404
    if not succeeded and not moot and operation.typed and operation.typed not in unescape(seen.raw):
        yield "what was typed is not on the page"


def _too_weak(trial: Trial, made: World, seen: Seen, before: Any) -> Iterator[str]:
    """What is true, and too little."""
    if trial.operation.done is None or _succeeded(trial.operation, seen):
        return
    told = f"{seen.alert} {seen.said}"
    # A page that failed after the change, and says that the change was made, says enough.
    said = trial.operation.says in seen.said
    if _state(made) != before and not said and not _UNKNOWN.search(told) and not _NOTHING_RUNS.search(told):
        yield "the tenant was changed, and the page does not say so"


def _succeeded(operation: Operation, seen: Seen) -> bool:
    return seen.status < 400 and not seen.alert and operation.says in seen.said


def _state(made: World) -> Any:
    secrets = {hook: values for hook, values in made.api.secrets.items() if values}
    return deepcopy((made.api.hooks, secrets, made.api.enabled()))


class _Tracebacks(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.thread = threading.get_ident()
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Note what this thread logs of its own failures, and a secret in any line."""
        if record.thread == self.thread and (record.exc_info or CANARY in record.getMessage()):
            self.found.append(record.getMessage() + (f" {record.exc_info[1]!r}" if record.exc_info else ""))


@contextmanager
def _tracebacks() -> Iterator[list[str]]:
    handler = _Tracebacks()
    logging.getLogger().addHandler(handler)
    try:
        yield handler.found
    finally:
        logging.getLogger().removeHandler(handler)
