"""How a run ended, in the shape that pages, the log and `manage.py run_hook` all show."""

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class Ending(StrEnum):
    """Why a run is over. All but OK are failures; those from NO_CALLBACK on are the sandbox's doing."""

    OK = "ok"
    ERROR = "error"  # the hook passed an error to its callback
    REFUSED = "refused"  # the contract refuses the payload, the hook was not called
    NOT_COMPILED = "not-compiled"
    EXCEPTION = "exception"
    NO_CALLBACK = "no-callback"  # nothing was left to run
    TIME_LIMIT = "time-limit"
    MEMORY_LIMIT = "memory-limit"
    OUTPUT_LIMIT = "output-limit"
    STOPPED = "stopped"  # by a person
    ENDED = "ended"  # the process ended by itself
    NOT_RUN = "not-run"


@dataclass(frozen=True)
class Effect:
    """One sentence on what the answer would do at Auth0; `ignored` marks what would have none."""

    text: str
    ignored: bool = False


@dataclass
class Outcome:
    """What came of a run.

    `result` is what the hook answered, as JSON has it. `error` has `name`, `message`, `statusCode`, `code` and `stack`,
    and what else section 3 of the Runner's contract names. `console` holds `level`, `text` and `at` (milliseconds after
    the script began). `duration_ms` counts from the script's beginning to its answer or end, `startup_ms` what the
    sandbox needed before; `memory_bytes` is what the script held when it answered, None where it did not.
    """

    ok: bool = False
    ending: Ending = Ending.NOT_RUN
    result: Any = None
    error: dict[str, Any] | None = None
    console: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    meaning: list[Effect] = field(default_factory=list)
    modules: dict[str, str] = field(default_factory=dict)
    duration_ms: float = 0.0
    startup_ms: float = 0.0
    memory_bytes: int | None = None
    timed_out: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The same as plain values that JSON takes."""
        return asdict(self)


def failure(name: str, message: str, **more: Any) -> dict[str, Any]:
    """An `error` that the Runner itself gives, as `Outcome` has it."""
    return {"name": name, "message": message, "statusCode": 500, "code": None, "stack": ""} | more
