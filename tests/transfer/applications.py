"""A plan with every kind of change, ways to fail, and what is told of an application."""

from collections.abc import Callable

from hooksui.transfer.applying.application import Application
from hooksui.transfer.applying.outcome import outcome_of
from hooksui.transfer.applying.results import Ending, Result
from hooksui.transfer.files.definition import Definition
from tests.fakes import Manner, Reply
from tests.fakes.management_api import refusal
from tests.transfer.conftest import NEW, POST, PRE, Failure, Importer

WANTED = [
    Definition("fresh", PRE, NEW, enabled=True, dependencies={"a": "1"}, secrets={"KEY": "k"}),
    Definition("running", PRE, NEW, enabled=False),
    Definition("changed", POST, NEW, enabled=True, dependencies={"b": "2"}, secrets={"HAS": "set", "NEW": "n"}),
]


def lost(carry_out: Callable[[], Reply]) -> Reply:
    """The request is lost on its way."""
    return Reply(manner=Manner.DROPPED)


def lost_when_done(carry_out: Callable[[], Reply]) -> Reply:
    """The request is carried out and its answer lost."""
    carry_out()
    return Reply(manner=Manner.DROPPED)


def answering(reply: Reply) -> Failure:
    """The request is answered with `reply` in place of being carried out."""
    return lambda carry_out: reply


FAILURES: dict[str, Failure] = {
    "429": answering(refusal(429, "Global limit has been reached", "too_many_requests", {"Retry-After": "300"})),
    "500": answering(refusal(500, "Internal error")),
    "403": answering(refusal(403, "Insufficient scope, expected any of: x:hooks", "insufficient_scope")),
    "lost": lost,
    "lost when done": lost_when_done,
}


def endings(application: Application) -> dict[str, Ending]:
    """How far each hook came, by its name."""
    return {result.item.name: result.ending for result in application.results}


def result_of(application: Application, name: str) -> Result:
    """What became of the hook of this name."""
    (result,) = [result for result in application.results if result.item.name == name]
    return result


def told(importer: Importer, application: Application) -> dict[str, str]:
    """What a person reads of each hook."""
    results = outcome_of(importer.tenant, importer.plan([]), application)["results"]
    return {result["name"]: result["text"] for result in results}
