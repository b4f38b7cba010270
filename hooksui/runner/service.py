"""A run for a person: waits for a place, tells what happens without telling secrets, and keeps it in the log."""

import threading
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace
from typing import Any

from hooksui.embedded.secrets import stored_values
from hooksui.runner import records, sandbox
from hooksui.runner.installing import ModulesMissingError
from hooksui.runner.outcome import Ending, Outcome, failure, summary_of
from hooksui.runner.redaction import everywhere, redactor
from hooksui.runner.slots import NoSlotError, slots
from hooksui.tenants.config import Tenant

# Runs that are going on in this process, for whoever wants to stop one.
_stops: dict[str, threading.Event] = {}


@dataclass(frozen=True)
class Order:
    """What somebody wants to have run, of which hook. `modified` says that the script is not what the tenant has."""

    tenant: Tenant
    hook_id: str
    hook_name: str
    username: str
    modified: bool
    job: sandbox.Job


def secrets_for(tenant: Tenant, hook_id: str, typed: dict[str, str], *, stored: bool) -> dict[str, str]:
    """The secrets of a run: `typed` ones, over those `stored` where these are wanted and the tenant is embedded."""
    return (stored_values(hook_id) if stored and tenant.is_local else {}) | typed


def run(order: Order) -> Generator[dict[str, Any]]:
    """Run it, and tell what happens in plain values.

    Events are those of `sandbox.run`, with outcomes as dicts that have a `summary` too, and before them
    `{"event": "waiting"}` where the run has to wait and `{"event": "started", "run"}` with its id. Raises
    sandbox.PayloadError and NoSlotError before the first event; what comes up later is told as
    `{"event": "failed", "message"}`.
    """
    sandbox.check_payload(order.job.payload)
    if slots.must_wait():
        yield {"event": "waiting"}
    try:
        with slots.take():
            yield from _run(order)
    except NoSlotError as error:
        yield {"event": "failed", "message": str(error)}


def stop(run_id: str) -> bool:
    """End a run that is going on. False where there is none of this id."""
    event = _stops.get(run_id)
    if event:
        event.set()
    return event is not None


def _run(order: Order) -> Iterator[dict[str, Any]]:
    redact = redactor(order.job.secrets)
    record = records.new_run(
        tenant=order.tenant.slug,
        hook_id=order.hook_id,
        hook_name=order.hook_name,
        trigger=order.job.trigger,
        username=order.username,
        modified=order.modified,
        payload=redact(order.job.payload),
    )
    stopped = _stops[record.id] = threading.Event()
    events = sandbox.run(order.job, stopped)
    # What is kept where the person is gone, who closes this iterator half way.
    outcome = Outcome(ending=Ending.STOPPED, error=failure("Error", "Stopped: the page that ran it was closed."))
    try:
        yield {"event": "started", "run": record.id}
        for event in events:
            told = dict(event)
            if "outcome" in told:
                outcome = _without_secrets(redact, told["outcome"])
                told["outcome"] = outcome.as_dict() | {"summary": summary_of(outcome, order.job.trigger)}
            elif told["event"] == "console":
                told["lines"] = _printed(redact, told["lines"])
            yield told
    except (ModulesMissingError, OSError) as error:
        message = str(error)
        if isinstance(error, OSError):
            message = f"The sandbox could not be started: {error.strerror or error}. Nothing was run."
        outcome = Outcome(error=failure("Error", message))
        yield {"event": "failed", "message": message}
    finally:
        del _stops[record.id]
        events.close()
        records.keep_run(record, outcome)


def _printed(redact: Callable[[str], str], lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [line | {"text": redact(line["text"])} for line in lines]


def _without_secrets(redact: Callable[[str], str], outcome: Outcome) -> Outcome:
    # The names of an error's and a line's own fields are ours, whatever a secret's value may be.
    return replace(
        outcome,
        result=everywhere(redact, outcome.result),
        error=outcome.error and {name: everywhere(redact, value) for name, value in outcome.error.items()},
        console=_printed(redact, outcome.console),
        warnings=everywhere(redact, outcome.warnings),
        meaning=[replace(effect, text=redact(effect.text)) for effect in outcome.meaning],
    )
