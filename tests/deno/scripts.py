"""Hooks that a test writes down by their body, run in the real sandbox as the least of all points."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from hooksui import catalogue
from hooksui.runner.calling import Job, run_to_end
from hooksui.runner.outcome import Ending, Outcome
from tests.runner.calling import POST

LONG = 30  # seconds that no run here may take, unless it runs into a limit of its own
TIMEOUT = 0.6
# A script that looks for it gets at what Deno itself needs by this name.
DENO = "const Deno = new Function('return Deno')();"
TOO_MUCH_MEMORY = "Stopped: the hook held more than 128 MB of memory."
TOO_MUCH_OUTPUT = "Stopped: the hook printed or answered more than 1024 kB or 10000 lines."
ENDED = "The script ended its process before it called back."


def job(body: str, timeout: float = LONG, **more: Any) -> Job:
    """A hook with this body, to be run as the least of all points."""
    script = f"module.exports = function (user, context, cb) {{ {body}\n}};"
    return Job(
        **{"script": script, "trigger": POST, "payload": catalogue.points()[POST].sample, **more}, timeout=timeout
    )


def ended(body: str, timeout: float = LONG, **more: Any) -> Outcome:
    """Run such a hook to its end, which comes before the time limit or soon after."""
    started = time.monotonic()
    outcome = run_to_end(job(body, timeout, **more))
    assert time.monotonic() - started < timeout + 5
    assert outcome.timed_out == (outcome.ending in (Ending.TIME_LIMIT, Ending.NO_CALLBACK))
    json.dumps(outcome.as_dict(), allow_nan=False).encode()
    return outcome


def side_by_side(bodies: list[str], timeout: float = LONG) -> list[tuple[str, Outcome]]:
    """Run such hooks, some at a time."""
    with ThreadPoolExecutor(4) as pool:
        return list(zip(bodies, pool.map(lambda body: ended(body, timeout), bodies), strict=True))


def payload_with(value: str) -> str:
    """A payload that the contract takes, with one member more."""
    return f'{{"user": {{"long": {value}}}, "context": {{"connection": {{}}}}}}'
