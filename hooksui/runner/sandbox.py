"""One run of a hook in a process of its own: Deno without permissions, with limits on time, memory and output.

Deno's permissions keep the script from files, hosts, processes and the environment: https://docs.deno.com/go/permissions
What they do not cover is limited here, and the whole process group is ended at a limit.
"""

import contextlib
import json
import math
import os
import re
import resource
import secrets as random
import selectors
import signal
import subprocess
import threading
import time
from collections.abc import Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, cast

from deno import find_deno_bin
from django.conf import settings

from hooksui import catalogue
from hooksui.deno.environment import CLOSED, environment
from hooksui.deno.limits import limit
from hooksui.runner import meaning, modules, network
from hooksui.runner.outcome import Ending, Outcome, failure, is_denied, too_deep
from hooksui.runner.redaction import everywhere, speak_plainly

MEMORY = 128 * 2**20  # bytes that a hook may hold
OUTPUT = 2**20  # bytes that a hook may print, its answer included
LINES = 10_000  # lines that a hook may print, since an empty one takes room too
# Bytes that the bare runtime holds beside what the hook does, most of it pages of the program's file.
_RUNTIME = 64 * 2**20
# Bytes of address space for data. A backstop for one huge allocation between two looks; V8 reserves half of it at once.
_DATA = 2**30
_LOOK = 0.02  # seconds between two looks at the memory
_PROGRAM = Path(__file__).parent / "program" / "main.mjs"
_TOO_DEEP = failure("Error", "The answer is nested too deeply to be shown.")
_TOO_MUCH_MEMORY = f"Stopped: the hook held more than {MEMORY // 2**20} MB of memory."
_NO_ANSWER = "Request to Webtask exceeded allowed execution time"

Event = dict[str, Any]
_Pipes = tuple[IO[bytes], IO[bytes], IO[bytes]]


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


def check_payload(text: str) -> None:
    """Raises PayloadError where `text` is not JSON (RFC 8259)."""
    try:
        # JavaScript knows no integers that are too long for it, Python does.
        deep = too_deep(json.loads(text, parse_constant=_no_constant, parse_int=float))
    except json.JSONDecodeError as error:
        reason = error.msg[:1].lower() + error.msg[1:]
        raise PayloadError(f"The payload is not JSON: {reason}, line {error.lineno}. Nothing was run.") from None
    except ValueError as error:
        raise PayloadError(f"The payload is not JSON: {error}. Nothing was run.") from None
    except RecursionError:
        deep = True
    if deep:
        raise PayloadError("The payload is nested too deeply. Nothing was run.")


def run(job: Job, stop: threading.Event | None = None) -> Generator[Event]:
    """Run `job` and tell what happens, as it happens.

    Events: `{"event": "installing", "modules"}`, `{"event": "console", "lines"}` with the `level`, `text` and `at` of
    each line that was printed since the last one, about every second `{"event": "running"}`, as soon as the hook has
    called back `{"event": "answer", "outcome"}`, and at the end `{"event": "end", "outcome"}`, where `outcome` is an
    `Outcome`. Setting `stop` ends the run, and so does closing the iterator. Raises PayloadError and
    installing.ModulesMissingError, in both cases before anything was run.
    """
    stop = stop or threading.Event()
    check_payload(job.payload)
    needed = modules.needed(job.script, job.dependencies)
    if not needed.installed():
        yield {"event": "installing", "modules": sorted(needed.names)}
    process = _Process(job, needed.install(stop))
    try:
        yield from process.events(stop)
    finally:
        process.end()


def run_to_end(job: Job) -> Outcome:
    """Run `job` and wait for its end. Raises as `run` does."""
    *_, last = run(job)
    outcome: Outcome = last["outcome"]
    return outcome


class _Process:
    """The process of one run, and what it has told so far."""

    def __init__(self, job: Job, installed: modules.Modules) -> None:
        self.job = job
        self.installed = installed
        self.outcome = Outcome(modules=installed.versions)
        self.mark = random.token_hex(16)
        self.answered = False
        self.idle = False
        self.printed = 0
        self.lines = 0
        self.addresses: dict[str, dict[str, str]] = {}
        self.to_send = json.dumps(self._job()).encode()
        command = _command(installed)
        self.started = time.monotonic()
        self.popen = subprocess.Popen(
            # What a script reads as `process.argv0`.
            ["node", *command[1:]],
            executable=command[0],
            # A folder that tells nothing.
            cwd="/",
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        # Threads of the runtime count too, and a run may take all processors.
        processor_seconds = int(job.timeout * (os.cpu_count() or 1)) + 5
        limit(self.popen.pid, {"CPU": processor_seconds, "DATA": _DATA, "CORE": 0})

    def _job(self) -> dict[str, Any]:
        """What `program/main.mjs` reads."""
        return {
            "mark": self.mark,
            "timeout": self.job.timeout,
            "script": self.job.script,
            "contract": catalogue.points()[self.job.trigger].contract,
            "trigger": self.job.trigger,
            "name": self.job.name,
            "payload": self.job.payload,
            "secrets": self.job.secrets,
            "folder": str(self.installed.folder or _PROGRAM.parent),
            "modules": self.installed.names,
            "builtins": sorted(catalogue.node_builtins()),
        }

    def events(self, stop: threading.Event) -> Generator[Event]:
        """What happens, until the process has ended or was ended. The last event is `end`."""
        complaint = bytearray()
        rest = b""
        told = time.monotonic()
        with selectors.DefaultSelector() as selector:
            stdin, stdout, stderr = self._pipes()
            selector.register(stdin, selectors.EVENT_WRITE)
            selector.register(stdout, selectors.EVENT_READ)
            selector.register(stderr, selectors.EVENT_READ)
            while self.popen.poll() is None or selector.get_map():
                for key, _ in selector.select(_LOOK):
                    if key.fileobj is stdin:
                        self._send(stdin, selector)
                        continue
                    chunk = os.read(key.fd, 2**16)
                    if not chunk:
                        selector.unregister(key.fileobj)
                    elif key.fileobj is stderr:
                        # V8's last words; everything else that is printed goes the other way.
                        complaint = (complaint + chunk)[-(2**16) :]
                    else:
                        *lines, rest = (rest + chunk).split(b"\n")
                        yield from self._events_of(lines)
                if ending := self._limit_reached(stop, len(rest)):
                    self._give_up(ending)
                    break
                if time.monotonic() - told > 1:
                    told = time.monotonic()
                    yield {"event": "running"}
            else:
                yield from self._events_of([rest])
                self._ended_by_itself(bytes(complaint))
        self._finish()
        yield {"event": "end", "outcome": self.outcome}

    def end(self) -> None:
        """End whatever is left of the process group, and wait for it."""
        if self.popen.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.popen.pid, signal.SIGKILL)
            self.popen.wait()
        for pipe in self._pipes():
            with contextlib.suppress(BrokenPipeError):
                pipe.close()

    def _pipes(self) -> _Pipes:
        # All three were asked for.
        return cast(_Pipes, (self.popen.stdin, self.popen.stdout, self.popen.stderr))

    def _send(self, stdin: IO[bytes], selector: selectors.BaseSelector) -> None:
        os.set_blocking(stdin.fileno(), False)
        try:
            sent = os.write(stdin.fileno(), self.to_send[: 2**16])
        except BrokenPipeError:
            sent = len(self.to_send)
        self.to_send = self.to_send[sent:]
        if not self.to_send:
            selector.unregister(stdin)
            with contextlib.suppress(BrokenPipeError):
                stdin.close()

    def _events_of(self, lines: list[bytes]) -> Generator[Event]:
        """What `lines` tell. What was printed in one go is one event: each is a piece of work all the way to a page."""
        printed: list[dict[str, Any]] = []
        for line in lines:
            event = self._take(line)
            if event and event["event"] == "console":
                printed += event["lines"]
            elif event:
                if printed:
                    yield {"event": "console", "lines": printed}
                    printed = []
                yield event
        if printed:
            yield {"event": "console", "lines": printed}

    def _take(self, line: bytes) -> Event | None:
        """One line of standard output: something that the program tells, or what the script printed past it."""
        if not line:
            return None
        if line.startswith(self.mark.encode()):
            # A script can bring the program to let out its word, and then write such lines itself.
            with contextlib.suppress(AttributeError, KeyError, TypeError, ValueError):
                return self._told(line.removeprefix(self.mark.encode()))
        return self._console("log", line.decode(errors="replace"), self._since_start())

    def _told(self, line: bytes) -> Event | None:
        try:
            told = _parsed(line)
        except RecursionError:
            told = {"kind": "answer", "at": self._since_start(), "memory": 0, "error": _TOO_DEEP}
        kind = told["kind"]
        if kind == "console":
            return self._console(told["level"], told["text"], told["at"])
        if kind == "warning":
            text = self._plain(told["text"])
            if self._within_limits(text):
                self.outcome.warnings.append(text)
        elif kind == "idle":
            self.idle = True
        elif kind == "answer":
            return self._answer(told, told.get("result") or line.decode())
        else:
            raise ValueError(kind)
        return None

    def _within_limits(self, text: str) -> bool:
        """Count a line of what the script printed or answered. False where it is too much."""
        self.printed += len(text.encode("utf-8", "replace"))
        self.lines += 1
        return self.printed <= OUTPUT and self.lines <= LINES

    def _console(self, level: str, text: str, at: float) -> Event | None:
        entry = {"level": str(level), "text": self._plain(text), "at": round(at, 1)}
        if not self._within_limits(text):
            return None
        self.outcome.console.append(entry)
        return {"event": "console", "lines": [entry]}

    def _answer(self, told: Event, text: str) -> Event | None:
        # All of it is read before any of it counts.
        at, memory, node = round(told["at"], 1), round(told["memory"]), self._plain(str(told.get("node", "")))
        result, addresses, error = None, {}, told.get("error")
        if error is None:
            addresses = {
                name: {part: str(of[part]) for part in ("protocol", "host")} for name, of in told["addresses"].items()
            }
            try:
                result = _parsed(told["result"])
            except RecursionError:
                error = _TOO_DEEP
        if too_deep(error) or too_deep(result):
            error = _TOO_DEEP
        if error is not None:
            error = everywhere(self._plain, error)
            error |= {name: str(error[name]) for name in ("name", "message", "stack")}
            place = re.search(r"(?<![\w./-])hook\.js:(\d+):(\d+)", error["stack"])
            if place and "line" not in error:
                error |= {"line": int(place[1]), "column": int(place[2])}
        if self.answered or not self._within_limits(text):
            return None
        self.answered = True
        outcome = self.outcome
        outcome.duration_ms, outcome.memory_bytes, outcome.node = at, memory, node
        outcome.startup_ms = self._since_start() - at
        if error is None:
            outcome.ok, outcome.ending = True, Ending.OK
            outcome.result = everywhere(self._without_paths, result)
            self.addresses = addresses
        else:
            outcome.error = error
            outcome.ending = {
                "error": Ending.ERROR,
                "refused": Ending.REFUSED,
                "compile": Ending.NOT_COMPILED,
            }.get(str(told.get("failed")), Ending.EXCEPTION)
            if outcome.ending in (Ending.NOT_COMPILED, Ending.EXCEPTION) and (native := self.installed.native()):
                outcome.warnings.append(
                    f"{', '.join(native)} has native code, which the Runner does not load: it installs modules without "
                    "their scripts. Actions do not load native code either. Look for a module without native code."
                )
            if outcome.denied:
                outcome.ending = Ending.DENIED
        self._finish()
        return {"event": "answer", "outcome": outcome}

    def _limit_reached(self, stop: threading.Event, unfinished: int) -> Ending | None:
        if stop.is_set():
            return Ending.STOPPED
        if time.monotonic() - self.started > self.job.timeout:
            return Ending.TIME_LIMIT
        # A line may be longer than what it says, since it is written as JSON.
        if self.printed > OUTPUT or self.lines > LINES or unfinished > 8 * OUTPUT:
            return Ending.OUTPUT_LIMIT
        if _resident(self.popen.pid) > MEMORY + _RUNTIME:
            return Ending.MEMORY_LIMIT
        return None

    def _give_up(self, ending: Ending) -> None:
        """End the process at a limit. An answer that was given before stands."""
        self.end()
        seconds = f"{self.job.timeout:g} seconds"
        output = f"{OUTPUT // 1024} kB or {LINES} lines"
        message = {
            Ending.STOPPED: "Stopped before the hook called back.",
            Ending.TIME_LIMIT: _NO_ANSWER,
            Ending.OUTPUT_LIMIT: f"Stopped: the hook printed or answered more than {output}.",
            Ending.MEMORY_LIMIT: _TOO_MUCH_MEMORY,
        }[ending]
        if self.answered:
            still = f"it was still running after {seconds} and was stopped."
            self.outcome.warnings.append(f"After the answer: {still if ending is Ending.TIME_LIMIT else message}")
            return
        self._failed(ending, message)

    def _ended_by_itself(self, complaint: bytes) -> None:
        # Whether V8 gave up or somebody looked in time is a matter of moments.
        exhausted = b"out of memory" in complaint or b"Fatal process" in complaint
        if self.answered:
            if exhausted:
                self.outcome.warnings.append(f"After the answer: {_TOO_MUCH_MEMORY}")
        elif self.idle:
            self._failed(Ending.NO_CALLBACK, _NO_ANSWER)
        elif time.monotonic() - self.started > self.job.timeout:
            # Nobody looked for a while: who reads the events is slow.
            self._failed(Ending.TIME_LIMIT, _NO_ANSWER)
        elif exhausted:
            self._failed(Ending.MEMORY_LIMIT, _TOO_MUCH_MEMORY)
        else:
            self._failed(Ending.ENDED, "The script ended its process before it called back.")

    def _failed(self, ending: Ending, message: str) -> None:
        self.outcome.ending = ending
        self.outcome.timed_out = ending in (Ending.TIME_LIMIT, Ending.NO_CALLBACK)
        self.outcome.duration_ms = self._since_start()
        self.outcome.error = failure("Error", message)

    def _finish(self) -> None:
        outcome = self.outcome
        if outcome.ok and any(is_denied(line["text"]) for line in outcome.console):
            text = "The Runner denied something that the hook asked for, which Auth0 may allow: its answer may differ."
            if text not in outcome.warnings:
                outcome.warnings.append(text)
        outcome.duration_ms, outcome.startup_ms = round(outcome.duration_ms, 1), round(outcome.startup_ms, 1)
        outcome.meaning = meaning.meaning_of(self.job.trigger, self.job.payload, outcome, self.addresses)

    def _plain(self, text: str) -> str:
        return speak_plainly(text, str(self.installed.folder or ""))

    def _without_paths(self, text: str) -> str:
        """A text of the result, which is the hook's own, but for stacks that lead through the Runner."""
        return self._plain(text) if _PROGRAM.name in text else _encodable(text)

    def _since_start(self) -> float:
        return (time.monotonic() - self.started) * 1000


def _command(installed: modules.Modules) -> list[str]:
    config = ["--no-config"]
    if installed.folder:
        config = [f"--config={installed.folder / 'deno.json'}", f"--allow-read={installed.folder}"]
    return [
        find_deno_bin(),
        "run",
        *CLOSED,
        f"--v8-flags=--max-old-space-size={MEMORY // 2**20}",
        # Node has it, and libraries such as mongoose set it.
        "--unstable-unsafe-proto",
        # Libraries of providers put it into the name they go by.
        "--allow-sys=osRelease",
        *config,
        *network.flags(settings.RUNNER_ALLOW_NET),
        str(_PROGRAM),
    ]


def _resident(pid: int) -> int:
    """Bytes of memory that the process holds; 0 where the system does not say."""
    try:
        pages = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]
    except (OSError, IndexError):
        return 0
    return int(pages) * resource.getpagesize()


def _parsed(text: str | bytes) -> Any:
    """What JSON says, with numbers as JSON knows them: those that JavaScript would take for infinite are none."""
    return json.loads(text, parse_float=_finite, parse_int=_integer, parse_constant=_no_constant)


def _finite(text: str) -> float | None:
    number = float(text)
    return number if math.isfinite(number) else None


def _integer(text: str) -> float | None:
    # No number of JavaScript has more digits without an exponent.
    return int(text) if len(text) <= 22 else _finite(text)


def _encodable(text: str) -> str:
    """Half a pair of surrogates, which JavaScript allows, can be neither sent nor stored."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no value")
