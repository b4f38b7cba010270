"""Points whose enabled hook is changed by an import, and what is told where that fails."""

from collections.abc import Callable

import pytest

from hooksui.auth0.errors import RateLimitedError
from hooksui.transfer.applying.results import Ending
from hooksui.transfer.files.definition import Definition
from hooksui.transfer.progress import finish
from tests.fakes import Manner, Reply
from tests.transfer.applications import FAILURES, WANTED, endings, result_of
from tests.transfer.conftest import EXCHANGE, NEW, OLD, POST, PRE, FailingApi, Importer


def test_what_failed_is_told_as_far_as_it_is_known(api: FailingApi, prepared: Importer) -> None:
    api.fails_at, api.failure = "enable fresh", FAILURES["429"]
    application = prepared.apply(WANTED, deleting=True)
    fresh, running = result_of(application, "fresh"), result_of(application, "running")
    assert (fresh.ending, fresh.trying, fresh.runs) == (Ending.PARTLY, "enabling it", "running runs again")
    assert (running.ending, running.trying, running.runs) == (Ending.PARTLY, "disabling it", "running runs again")
    assert isinstance(fresh.error, RateLimitedError)
    assert api.named("running")["enabled"]
    assert endings(application)["gone"] == Ending.NOT_BEGUN
    assert not application.whole


@pytest.fixture
def not_put_back(api: FailingApi, prepared: Importer) -> FailingApi:
    """A tenant in which neither the new hook can be enabled nor the old one put back."""

    def twice(carry_out: Callable[[], Reply]) -> Reply:
        api.fails_at, api.failure = "enable running", FAILURES["403"]
        return FAILURES["429"](carry_out)

    api.fails_at, api.failure = "enable fresh", twice
    return api


def test_a_point_whose_old_hook_cannot_be_put_back_is_looked_up(not_put_back: FailingApi, prepared: Importer) -> None:
    application = prepared.apply(WANTED)
    fresh, running = result_of(application, "fresh"), result_of(application, "running")
    assert (fresh.ending, fresh.trying, fresh.runs) == (Ending.PARTLY, "enabling it", "no hook runs there now")
    assert (running.ending, running.steps[-1]) == (Ending.DONE, "disabled")
    assert not not_put_back.named("running")["enabled"]


def test_what_runs_is_not_known_where_the_list_does_not_tell(not_put_back: FailingApi, prepared: Importer) -> None:
    application = prepared.application(WANTED)
    put_off = not_put_back.failure

    def then_deaf(carry_out: Callable[[], Reply]) -> Reply:
        not_put_back.reply("GET", "/api/v2/hooks", Reply(manner=Manner.DROPPED), Reply(manner=Manner.DROPPED))
        return put_off(carry_out)

    not_put_back.failure = then_deaf
    finish(application.run())
    for name, trying in (("fresh", "enabling it"), ("running", "disabling it")):
        result = result_of(application, name)
        told = (result.ending, result.trying, result.runs)
        assert told == (Ending.UNKNOWN, trying, "it is not known what runs there")


@pytest.mark.parametrize(
    "failure",
    ["403", "500"],
)
def test_of_two_old_hooks_one_is_put_back_and_the_other_is_told_as_disabled(
    api: FailingApi, importer: Importer, failure: str
) -> None:
    for name in ("a", "b"):
        api.add_hook(name=name, enabled=True, script=OLD)
    api.fails_at, api.failure = "disable b", FAILURES[failure]
    application = importer.apply([Definition("fresh", PRE, NEW, enabled=True)])
    assert result_of(application, "a").runs == "a runs again"
    assert endings(application)["a"] == Ending.FAILED
    assert endings(application)["b"] == Ending.FAILED
    fresh = result_of(application, "fresh")
    assert (fresh.ending, fresh.trying) == (Ending.PARTLY, "disabling the hook that runs there")
    assert api.named("a")["enabled"]

    api.fails_at, api.failure = "enable fresh", FAILURES["403"]
    application = importer.apply([Definition("fresh", PRE, NEW, enabled=True)])
    enabled = {hook["name"]: hook["enabled"] for hook in api.hooks.values()}
    assert enabled == {"a": True, "b": False, "fresh": False}
    assert endings(application) == {"fresh": Ending.FAILED, "a": Ending.FAILED, "b": Ending.DONE}


def test_a_lost_disable_that_was_done_is_seen_and_the_switch_goes_on(api: FailingApi, importer: Importer) -> None:
    api.add_hook(name="old", enabled=True, script=OLD)
    api.fails_at, api.failure = "disable old", FAILURES["lost when done"]
    application = importer.apply([Definition("fresh", PRE, NEW, enabled=True)])
    assert endings(application) == {"fresh": Ending.DONE, "old": Ending.DONE}
    assert api.named("fresh")["enabled"]
    assert api.crowded == []


def test_two_hooks_that_are_only_disabled_are_told_apart(api: FailingApi, importer: Importer) -> None:
    for name in ("a", "b"):
        api.add_hook(name=name, enabled=True, script=OLD)
    api.fails_at, api.failure = "disable b", FAILURES["403"]
    application = importer.apply([Definition(name, PRE, OLD, enabled=False) for name in ("a", "b")])
    assert endings(application) == {"a": Ending.DONE, "b": Ending.FAILED}


@pytest.mark.parametrize("rivals", ["swap", "refuse", "both"])
def test_whatever_a_tenant_does_with_rivals_each_point_gets_its_hook(
    api: FailingApi, importer: Importer, rivals: str
) -> None:
    api.rivals = rivals
    points = (PRE, POST, EXCHANGE, "post-change-password", "send-phone-message")
    for point in points:
        api.add_hook(name=f"old-{point}", triggerId=point, enabled=True)
    # A tenant may have two by an old fault.
    api.add_hook(name="second", enabled=True)
    assert importer.apply([Definition(f"new-{point}", point, NEW, enabled=True) for point in points]).whole
    enabled = sorted(hook["name"] for hook in api.hooks.values() if hook["enabled"])
    assert enabled == sorted(f"new-{point}" for point in points)
    assert set(api.crowded) <= {PRE}
