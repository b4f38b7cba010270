"""A run for a person: waits for a place, tells what happens without telling secrets, and keeps it in the log."""

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace
from typing import Any, Required, TypedDict

from hooksui import shared
from hooksui.deno.installing import ModulesMissingError
from hooksui.deno.protocol import failure
from hooksui.embedded.secrets import stored_values
from hooksui.runner import calling, records
from hooksui.runner.outcome import Ending, Line, Outcome, summary_of
from hooksui.runner.redaction import everywhere, redactor
from hooksui.runner.slots import NoSlotError, slots
from hooksui.tenants.config import Tenant


class Told(TypedDict, total=False):
    """Something that happens, as a page reads it: an event of `calling.run` in plain values, or another.

    `waiting` where the run has to wait, then `started` with the id of the `run`. An `outcome` is an `Outcome` as a dict
    that has a `summary` too. `failed` says in a `message` why nothing was run.
    """

    event: Required[str]
    run: str
    message: str
    modules: list[str]
    lines: list[Line]
    outcome: dict[str, Any]


@dataclass(frozen=True)
class Order:
    """What somebody wants to have run, of which hook. `modified` says that the script is not what the tenant has."""

    tenant: Tenant
    hook_id: str
    hook_name: str
    username: str
    modified: bool
    job: calling.Job


def secrets_for(tenant: Tenant, hook_id: str, typed: dict[str, str], *, stored: bool) -> dict[str, str]:
    """The secrets of a run: `typed` ones, over those `stored` where these are wanted and the tenant is embedded."""
    return (stored_values(hook_id) if stored and tenant.is_local else {}) | typed


def run(order: Order) -> Generator[Told]:
    """Run it, and tell what happens.

    Raises calling.PayloadError and NoSlotError before the first event; what comes up later is told as `failed`.
    """
    calling.check_payload(order.job.payload)
    if slots.must_wait():
        yield {"event": "waiting"}
    try:
        with slots.take():
            yield from _run(order)
    except NoSlotError as error:
        yield {"event": "failed", "message": str(error)}


def stop(tenant: str, hook_id: str, run_id: str) -> bool:
    """End a run of this hook that is going on. False where it has none of this id."""
    return shared.stops.stop(_key(tenant, hook_id, run_id))


def _run(order: Order) -> Iterator[Told]:
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
    # What is kept where the person is gone, who closes this iterator half way.
    outcome = Outcome(ending=Ending.STOPPED, error=failure("Error", "Stopped: the page that ran it was closed."))
    with shared.stops.listen(_key(record.tenant, record.hook_id, record.id)) as stopped:
        events = calling.run(order.job, stopped)
        try:
            yield {"event": "started", "run": record.id}
            for event in events:
                if "outcome" in event:
                    outcome = _without_secrets(redact, event["outcome"])
                    summary = summary_of(outcome, order.job.trigger)
                    yield {"event": event["event"], "outcome": outcome.as_dict() | {"summary": summary}}
                elif "lines" in event:
                    yield {"event": event["event"], "lines": _printed(redact, event["lines"])}
                elif "modules" in event:
                    yield {"event": event["event"], "modules": event["modules"]}
                else:
                    yield {"event": event["event"]}
        except (ModulesMissingError, OSError) as error:
            message = str(error)
            if isinstance(error, OSError):
                message = f"The sandbox could not be started: {error.strerror or error}. Nothing was run."
            outcome = Outcome(error=failure("Error", message))
            yield {"event": "failed", "message": message}
        finally:
            events.close()
            records.keep_run(record, outcome)


def _key(*ids: str) -> str:
    return "/".join(ids)


def _printed(redact: Callable[[str], str], lines: list[Line]) -> list[Line]:
    return [{**line, "text": redact(line["text"])} for line in lines]


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
