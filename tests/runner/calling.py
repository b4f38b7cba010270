"""Running a script for a test, in the real sandbox, with the sample of its point unless a test says more."""

import json
from typing import Any

from hooksui import catalogue
from hooksui.runner.calling import Job, run_to_end
from hooksui.runner.outcome import Outcome

EXCHANGE, PHONE = "credentials-exchange", "send-phone-message"
PRE, POST, PASSWORD = "pre-user-registration", "post-user-registration", "post-change-password"
REGISTRATION = [PRE, POST, PASSWORD]  # the three that one compiler serves
ALL = [EXCHANGE, *REGISTRATION, PHONE]

SYNCHRONOUS = "Script generated an unhandled synchronous exception."
ASYNCHRONOUS = "Script generated an unhandled asynchronous exception."
NO_ANSWER = "Request to Webtask exceeded allowed execution time"

PARAMETERS = {EXCHANGE: "client, scope, audience, context, cb", PHONE: "recipient, text, context, cb"}


def sample(trigger: str) -> Any:
    """The sample payload of a point."""
    return json.loads(catalogue.points()[trigger].sample)


def run(
    script: str, trigger: str = EXCHANGE, payload: str | None = None, secrets: dict[str, str] | None = None
) -> Outcome:
    """Run a whole script; `payload` is JSON text."""
    return run_to_end(Job(script, trigger, payload or catalogue.points()[trigger].sample, secrets or {}))


def call(body: str, trigger: str = EXCHANGE, payload: str | None = None, **more: Any) -> Outcome:
    """Run a hook with this body. Its parameters are called as in the manual, and it begins in line 1."""
    parameters = PARAMETERS.get(trigger, "user, context, cb")
    return run(f"module.exports = function ({parameters}) {{ {body}\n}};", trigger, payload, **more)


def result_of(outcome: Outcome) -> Any:
    """What the hook answered."""
    assert outcome.ok, outcome.error
    assert outcome.error is None
    return outcome.result


def error_of(outcome: Outcome) -> dict[str, Any]:
    """What the run reports as its error."""
    assert not outcome.ok
    assert outcome.result is None
    assert outcome.error is not None
    return outcome.error


def printed(outcome: Outcome) -> list[str]:
    """The lines of the console, without their levels."""
    return [line["text"] for line in outcome.console]
