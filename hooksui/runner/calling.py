"""One run of a hook in the sandbox: what is told there, as events and as an outcome in people's words."""

import json
import re
import threading
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings

from hooksui import catalogue
from hooksui.deno import modules
from hooksui.deno.protocol import Answered, Printed, Told, Warned, failure, no_constant, too_deep
from hooksui.deno.sandbox import LINES, MEMORY, OUTPUT, Cause, Ended, Program, Sandbox
from hooksui.runner import meaning
from hooksui.runner.outcome import Ending, Event, Line, Outcome, is_denied
from hooksui.runner.redaction import everywhere, speak_plainly, without_frames
from hooksui.shared.interfaces import Stop

_PROGRAM = Program(Path(__file__).parent / "program" / "hook.mjs", "hook.js")
_PLACE = re.compile(rf"(?<![\w./-]){re.escape(_PROGRAM.file)}:(\d+):(\d+)")
_NO_ANSWER = "Request to Webtask exceeded allowed execution time"
_DENIED = "The Runner denied something that the hook asked for, which Auth0 may allow: its answer may differ."
# What a run that gave no answer ended with, and what its error says.
_ENDINGS = {
    Cause.EXIT: (Ending.ENDED, "The script ended its process before it called back."),
    Cause.IDLE: (Ending.NO_CALLBACK, _NO_ANSWER),
    Cause.STOPPED: (Ending.STOPPED, "Stopped before the hook called back."),
    Cause.TIME_LIMIT: (Ending.TIME_LIMIT, _NO_ANSWER),
    Cause.MEMORY_LIMIT: (Ending.MEMORY_LIMIT, f"Stopped: the hook held more than {MEMORY // 2**20} MB of memory."),
    Cause.OUTPUT_LIMIT: (
        Ending.OUTPUT_LIMIT,
        f"Stopped: the hook printed or answered more than {OUTPUT // 1024} kB or {LINES} lines.",
    ),
}
# By the step that failed, in the words of `program/hook.mjs`.
_FAILURES = {"error": Ending.ERROR, "refused": Ending.REFUSED, "compile": Ending.NOT_COMPILED}


class PayloadError(Exception):
    """The payload is not JSON. The text says why, and in which line."""


@dataclass(frozen=True)
class Job:
    """What to run: `payload` is JSON text, `dependencies` maps modules to versions, `timeout` is in seconds.

    `name` is that of the hook, "" where it has none.
    """

    script: str
    trigger: str
    payload: str
    secrets: dict[str, str] = field(default_factory=dict)
    dependencies: dict[str, str] = field(default_factory=dict)
    timeout: float = field(default_factory=lambda: settings.RUNNER_TIMEOUT)
    name: str = ""

    def for_program(self) -> dict[str, Any]:
        """What `program/hook.mjs` reads of it."""
        told = {name: getattr(self, name) for name in ("script", "trigger", "payload", "secrets", "name")}
        return told | {"contract": catalogue.points()[self.trigger].contract}


def check_payload(text: str) -> None:
    """Raises PayloadError where `text` is not JSON (RFC 8259)."""
    try:
        # JavaScript knows no integers that are too long for it, Python does.
        deep = too_deep(json.loads(text, parse_constant=no_constant, parse_int=float))
    except json.JSONDecodeError as error:
        reason = error.msg[:1].lower() + error.msg[1:]
        raise PayloadError(f"The payload is not JSON: {reason}, line {error.lineno}. Nothing was run.") from None
    except ValueError as error:
        raise PayloadError(f"The payload is not JSON: {error}. Nothing was run.") from None
    except RecursionError:
        deep = True
    if deep:
        raise PayloadError("The payload is nested too deeply. Nothing was run.")


def run(job: Job, stop: Stop | None = None) -> Generator[Event]:
    """Run `job` and tell what happens, as it happens.

    Setting `stop` ends the run, and so does closing the iterator. Raises PayloadError and ModulesMissingError, in both
    cases before anything was run.
    """
    stop = stop or threading.Event()
    check_payload(job.payload)
    needed = modules.needed(job.script, job.dependencies)
    if not needed.installed():
        yield {"event": "installing", "modules": sorted(needed.names)}
    installed = needed.install(stop)
    sandbox = Sandbox(_PROGRAM, job.for_program(), installed, job.timeout)
    report = _Report(job, installed)
    try:
        for batch in sandbox.events(stop):
            yield from report.events_of(batch, sandbox.elapsed())
    finally:
        sandbox.end()


def run_to_end(job: Job) -> Outcome:
    """Run `job` and wait for its end. Raises as `run` does."""
    *_, last = run(job)
    return last["outcome"]


class _Report:
    """What a run has told so far."""

    def __init__(self, job: Job, installed: modules.Installed) -> None:
        self._job = job
        self._installed = installed
        self._folder = str(installed.folder or "")
        self._answered = False
        self._addresses: meaning.Addresses = {}
        self._outcome = Outcome(modules=installed.versions)

    def events_of(self, batch: Sequence[Told | Ended], elapsed: float) -> Iterator[Event]:
        """What `batch` tells, `elapsed` milliseconds after the start. Lines printed in one go are one event."""
        if not batch:
            yield {"event": "running"}
        printed: list[Line] = []
        for told in batch:
            if isinstance(told, Printed):
                # Each event is a piece of work all the way to a page.
                printed.append(self._line(told))
                continue
            if printed:
                yield {"event": "console", "lines": printed}
                printed = []
            match told:
                case Warned(text):
                    self._outcome.warnings.append(self._plain(text))
                case Answered():
                    self._answer(told, elapsed)
                    yield {"event": "answer", "outcome": self._outcome}
                case Ended(cause):
                    self._end(cause, elapsed)
                    yield {"event": "end", "outcome": self._outcome}
        if printed:
            yield {"event": "console", "lines": printed}

    def _line(self, told: Printed) -> Line:
        line: Line = {"level": told.level, "text": self._plain(told.text), "at": told.at}
        self._outcome.console.append(line)
        return line

    def _answer(self, told: Answered, elapsed: float) -> None:
        outcome = self._outcome
        self._answered = True
        outcome.duration_ms, outcome.memory_bytes, outcome.node = told.at, told.memory, self._plain(told.node)
        outcome.startup_ms = elapsed - told.at
        if told.error is None:
            outcome.ok, outcome.ending = True, Ending.OK
            outcome.result = everywhere(lambda text: without_frames(text, self._folder), told.result)
            self._addresses = told.addresses or {}
        else:
            outcome.error = self._error(told.error)
            outcome.ending = self._failure(told.failed)
        self._finish()

    def _error(self, told: dict[str, Any]) -> dict[str, Any]:
        error: dict[str, Any] = everywhere(self._plain, told)
        place = _PLACE.search(error["stack"])
        if place and "line" not in error:
            error |= {"line": int(place[1]), "column": int(place[2])}
        return error

    def _failure(self, failed: str) -> Ending:
        ending = _FAILURES.get(failed, Ending.EXCEPTION)
        if ending in (Ending.NOT_COMPILED, Ending.EXCEPTION) and (native := self._installed.native()):
            self._outcome.warnings.append(
                f"{', '.join(native)} has native code, which the Runner does not load: it installs modules without "
                "their scripts. Actions do not load native code either. Look for a module without native code."
            )
        return Ending.DENIED if self._outcome.denied else ending

    def _end(self, cause: Cause, elapsed: float) -> None:
        """How the run ended. An answer that was given before stands."""
        ending, message = _ENDINGS[cause]
        if not self._answered:
            self._outcome.ending = ending
            self._outcome.timed_out = ending in (Ending.TIME_LIMIT, Ending.NO_CALLBACK)
            self._outcome.duration_ms = elapsed
            self._outcome.error = failure("Error", message)
        elif cause is not Cause.EXIT:
            still = f"it was still running after {self._job.timeout:g} seconds and was stopped."
            self._outcome.warnings.append(f"After the answer: {still if cause is Cause.TIME_LIMIT else message}")
        self._finish()

    def _finish(self) -> None:
        outcome = self._outcome
        if outcome.ok and any(is_denied(line["text"]) for line in outcome.console) and _DENIED not in outcome.warnings:
            outcome.warnings.append(_DENIED)
        outcome.duration_ms, outcome.startup_ms = round(outcome.duration_ms, 1), round(outcome.startup_ms, 1)
        outcome.meaning = meaning.meaning_of(self._job.trigger, self._job.payload, outcome, self._addresses)

    def _plain(self, text: str) -> str:
        return speak_plainly(text, self._folder)
