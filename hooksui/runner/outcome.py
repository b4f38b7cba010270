"""How a run ended, in the shape that pages, the log and `manage.py run_hook` all show."""

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Literal, Required, TypedDict

from hooksui import catalogue


class Line(TypedDict):
    """A line of the console. `at` is in milliseconds after the script began."""

    level: str
    text: str
    at: float


class Ending(StrEnum):
    """Why a run is over. All but OK are failures; those from DENIED on are the sandbox's doing."""

    OK = "ok"
    ERROR = "error"  # the hook passed an error to its callback
    REFUSED = "refused"  # the contract refuses the payload, the hook was not called
    NOT_COMPILED = "not-compiled"
    EXCEPTION = "exception"
    DENIED = "denied"  # the hook failed at something that the Runner does not allow
    NO_CALLBACK = "no-callback"  # nothing was left to run
    TIME_LIMIT = "time-limit"
    MEMORY_LIMIT = "memory-limit"
    OUTPUT_LIMIT = "output-limit"
    STOPPED = "stopped"  # by a person
    ENDED = "ended"  # the process ended by itself
    NOT_RUN = "not-run"


_LABELS = {
    Ending.OK: "Finished",
    Ending.ERROR: "Refused by the hook",
    Ending.REFUSED: "Payload refused",
    Ending.NOT_COMPILED: "Did not compile",
    Ending.EXCEPTION: "Failed",
    Ending.DENIED: "Not allowed here",
    Ending.NO_CALLBACK: "Never called back",
    Ending.TIME_LIMIT: "Stopped at the time limit",
    Ending.MEMORY_LIMIT: "Stopped at the memory limit",
    Ending.OUTPUT_LIMIT: "Stopped at the output limit",
    Ending.STOPPED: "Stopped",
    Ending.ENDED: "Ended its process",
    Ending.NOT_RUN: "Could not be run",
}


@dataclass(frozen=True)
class Effect:
    """One sentence on what the answer would do at Auth0; `ignored` marks what would have none."""

    text: str
    ignored: bool = False


@dataclass
class Outcome:
    """What came of a run.

    `result` is what the hook answered, as JSON has it. `error` has `name`, `message`, `statusCode`, `code` and `stack`,
    and what else docs/runtime.md, "Outcomes" names. `duration_ms` counts from the script's beginning to its
    answer or end, `startup_ms` what the sandbox needed before; `memory_bytes` is what the script held when it answered,
    None where it did not. `node` is what the script reads as `process.version`.
    """

    ok: bool = False
    ending: Ending = Ending.NOT_RUN
    result: Any = None
    error: dict[str, Any] | None = None
    console: list[Line] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    meaning: list[Effect] = field(default_factory=list)
    modules: dict[str, str] = field(default_factory=dict)
    duration_ms: float = 0.0
    startup_ms: float = 0.0
    memory_bytes: int | None = None
    node: str = ""
    timed_out: bool = False

    @property
    def denied(self) -> str:
        """What the Runner denied where that made the hook fail, "" where nothing did."""
        error = self.error or {}
        texts = (*self.warnings, error.get("error_description"), error.get("message"))
        return next((str(text) for text in texts if is_denied(str(text))), "") if error else ""

    def as_dict(self) -> dict[str, Any]:
        """The same as plain values that JSON takes."""
        return asdict(self)


class Event(TypedDict, total=False):
    """Something that happens during a run: which `event`, and what goes with it.

    `modules` are those that are being installed, `lines` what was printed since the last event. About every second a
    run that is still going on says so. The `outcome` comes with the answer, and again, with what came after it, at the
    end.
    """

    event: Required[Literal["installing", "console", "running", "answer", "end"]]
    modules: list[str]
    lines: list[Line]
    outcome: Outcome


def is_denied(text: str) -> bool:
    """Whether `text` says that the Runner does not allow something, in its own words."""
    return "The Runner denies " in text or "which the Runner does not load" in text


def label_of(ending: Ending, trigger: str) -> str:
    """How a run of a hook at the point of `trigger` ended, in a word or two."""
    return "Called back with an error" if ending is Ending.ERROR and not _refuses(trigger) else _LABELS[ending]


def _refuses(trigger: str) -> bool:
    """Whether an error of a hook at this point keeps the login from going on. After the fact nothing is refused."""
    point = catalogue.points().get(trigger)
    return point is None or point.contract["meaning"]["result"] in ("token", "user")


def summary_of(outcome: Outcome, trigger: str) -> str:
    """One sentence on how the run of a hook at the point of `trigger` ended, for a page."""
    message = str((outcome.error or {}).get("message", ""))
    stop = "" if message.endswith((".", "?")) else "."
    if outcome.ok:
        return f"Finished in {outcome.duration_ms:.0f} ms."
    if outcome.ending is Ending.DENIED:
        return f"Not allowed here: {outcome.denied.rstrip('.')}."
    if outcome.ending is Ending.ERROR:
        did = "refused" if _refuses(trigger) else "called back with an error"
        return f"The hook {did}: {message}{stop}"
    if outcome.ending is Ending.TIME_LIMIT:
        return f"Stopped after {outcome.duration_ms / 1000:.0f} seconds: the hook never called back."
    if outcome.ending is Ending.NO_CALLBACK:
        return (
            "The hook never called back, and nothing that could is still running. Auth0 would wait for its time limit."
        )
    if outcome.ending in (Ending.NOT_COMPILED, Ending.EXCEPTION):
        reason = (outcome.error or {}).get("error_description") or message
        line = (outcome.error or {}).get("line")
        return f"The hook failed: {reason} (line {line})." if line else f"The hook failed: {reason}{stop}"
    if outcome.ending is Ending.REFUSED:
        return f"The payload was refused, so the hook was not called: {message}{stop}"
    return message
