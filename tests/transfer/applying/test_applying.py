"""Plans that are carried out, over real sockets and in the embedded tenant, and what is left where they are cut off."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from hooksui.auth0.errors import MissingScopeError, NoAnswerError, ScriptsReadOnlyError, UnreachableError
from hooksui.tenants.client import open_client
from hooksui.tenants.models import Trouble
from hooksui.transfer import exporting
from hooksui.transfer.applying.application import Application
from hooksui.transfer.applying.outcome import outcome_of
from hooksui.transfer.applying.results import Ending
from hooksui.transfer.files.definition import Definition
from hooksui.transfer.progress import finish
from tests.fakes import Manner, Reply, Request
from tests.fakes.management_api import wait_until
from tests.transfer.applications import FAILURES, WANTED, endings, lost_when_done, result_of, told
from tests.transfer.conftest import NEW, OLD, POST, PRE, FailingApi, Importer, prepare
from tests.workspaces import long_workspace_of, workspace_of

# Each write of the plan, those of one hook in their order: written, then switched, then deleted.
WRITES = {
    "fresh": ["create fresh", "POST KEY of fresh"],
    "changed": [
        "POST NEW of changed",
        "PATCH HAS of changed",
        "save script dependencies of changed",
        "DELETE EXTRA of changed",
    ],
    "running": ["save script of running"],
}

SWITCHES = {PRE: ["disable running", "enable fresh"], POST: ["enable changed"]}

DELETIONS = ["delete gone"]

ALL = [word for words in [*WRITES.values(), *SWITCHES.values(), DELETIONS] for word in words]


def facts(api: FailingApi) -> dict[str, set[str]]:
    """The steps of each hook that the tenant itself shows as done."""
    by_name = {hook["name"]: {**hook, "secrets": api.secrets.get(hook["id"], {})} for hook in api.hooks.values()}
    fresh, changed, running = (by_name.get(name) for name in ("fresh", "changed", "running"))
    assert changed
    assert running
    shown = {
        "fresh": {
            "created": fresh,
            "added KEY": fresh and fresh["secrets"],
            "enabled": fresh and fresh["enabled"],
        },
        "changed": {
            "added NEW": "NEW" in changed["secrets"],
            "set HAS": changed["secrets"]["HAS"] == "set",
            "saved its script and NPM modules": changed["script"] == NEW and changed["dependencies"] == {"b": "2"},
            "removed EXTRA": "EXTRA" not in changed["secrets"],
            "enabled": changed["enabled"],
        },
        "running": {"saved its script": running["script"] == NEW, "disabled": not running["enabled"]},
        "gone": {"deleted": "gone" not in by_name},
    }
    return {name: {step for step, done in steps.items() if done} for name, steps in shown.items()}


EVERYTHING = {
    "fresh": {"created", "added KEY", "enabled"},
    "changed": {"added NEW", "set HAS", "saved its script and NPM modules", "removed EXTRA", "enabled"},
    "running": {"saved its script", "disabled"},
    "gone": {"deleted"},
}


def test_hooks_are_written_then_switched_then_deleted(api: FailingApi, prepared: Importer) -> None:
    application = prepared.apply(WANTED, deleting=True)
    assert application.whole
    assert facts(api) == EVERYTHING
    assert {result.item.name: set(result.steps) for result in application.results} == EVERYTHING
    assert sorted(api.writes) == sorted(ALL)
    for words in [*WRITES.values(), *SWITCHES.values()]:
        assert [word for word in api.writes if word in words] == words
    phases = [set().union(*WRITES.values()), set().union(*SWITCHES.values()), set(DELETIONS)]
    assert [next(number for number, phase in enumerate(phases) if word in phase) for word in api.writes] == sorted(
        [0] * 7 + [1] * 3 + [2]
    )
    (created,) = api.calls("POST", "/api/v2/hooks")
    assert created.json() == {
        "name": "fresh",
        "script": NEW,
        "triggerId": PRE,
        "enabled": False,
        "dependencies": {"a": "1"},
    }
    assert api.crowded == []
    # What is done is not done again: only values, which cannot be compared, are set once more.
    api.writes.clear()
    again = prepared.apply(WANTED, deleting=True)
    assert sorted(api.writes) == ["PATCH HAS NEW of changed", "PATCH KEY of fresh"]
    assert again.whole


def test_the_embedded_tenant_takes_the_same_plan(local: Importer) -> None:
    prepare(local.tenant)
    assert local.apply(WANTED, deleting=True).whole
    client = open_client(local.tenant)
    found = {hook.name: hook for hook in client.hooks.all(whole=True)}
    assert {name: (hook.script, hook.enabled) for name, hook in found.items()} == {
        "fresh": (NEW, True),
        "changed": (NEW, True),
        "running": (NEW, False),
    }
    assert sorted(client.secrets.names(found["changed"].id)) == ["HAS", "NEW"]
    assert client.secrets.names(found["fresh"].id) == ["KEY"]
    assert local.plan([Definition(d.name, d.trigger, d.script) for d in WANTED], deleting=True).writes == 0


@pytest.mark.parametrize("failure", FAILURES)
@pytest.mark.parametrize("word", ALL)
def test_a_failure_at_any_step_stops_it_and_a_new_plan_does_the_rest(
    api: FailingApi, prepared: Importer, word: str, failure: str
) -> None:
    api.fails_at, api.failure = word, FAILURES[failure]
    application = prepared.apply(WANTED, deleting=True)
    shown = facts(api)
    for result in application.results:
        steps, name = set(result.steps), result.item.name
        assert steps <= shown[name]
        if result.ending != Ending.UNKNOWN:
            assert steps == shown[name]
            assert (result.ending == Ending.DONE) == (steps == EVERYTHING[name])
            assert (result.ending in (Ending.NOT_BEGUN, Ending.FAILED)) == (not steps)
        # What was not heard of the secrets is not known; all else is looked up.
        unclear = failure in ("500", "lost", "lost when done")
        assert result.ending != Ending.UNKNOWN or (unclear and word.split()[0] in ("POST", "PATCH", "DELETE"))
        assert (result.error is not None) == bool(result.trying)
    assert len(api.writes) == len(set(api.writes)) or "enable" in word
    assert application.whole or [result.error for result in application.results if result.error]
    if word not in DELETIONS and not application.whole:
        assert not set(api.writes) & set(DELETIONS)
    if word in [word for words in WRITES.values() for word in words]:
        assert not [word for word in api.writes if word.startswith(("enable", "disable"))]
    done = set(api.done) - {"PATCH HAS of changed", "POST KEY of fresh", "POST NEW of changed"}
    api.writes.clear()
    assert prepared.apply(WANTED, deleting=True).whole
    assert facts(api) == EVERYTHING
    assert [word for word in api.writes if word in done and not word.startswith(("enable", "disable"))] == []
    assert api.crowded == []


def test_the_end_has_a_cause_also_where_the_lost_call_was_done(api: FailingApi, importer: Importer) -> None:
    api.add_hook(name="gone", script=OLD)
    api.fails_at, api.failure = "create fresh", FAILURES["lost when done"]
    application = importer.apply([Definition("fresh", PRE, NEW)], deleting=True)
    assert endings(application) == {"fresh": Ending.DONE, "gone": Ending.NOT_BEGUN}
    assert told(importer, application)["fresh"].startswith("It was done, but the answer while creating it was lost:")


def test_secrets_that_changed_meanwhile_are_named_as_the_cause(api: FailingApi, importer: Importer) -> None:
    hook = api.add_hook(name="one", script=OLD)
    secrets = api.secrets.setdefault(hook["id"], {})
    for before, meanwhile in (({}, {"B": "x"}), ({"B": "x"}, {})):
        secrets |= before
        application = importer.application([Definition("one", PRE, OLD, secrets={"A": "v", "B": "n"})])
        secrets.clear()
        secrets |= meanwhile
        finish(application.run())
        assert (
            "differ from those in the plan: somebody changed them in the meantime."
            in told(importer, application)["one"]
        )
        secrets.clear()


def test_after_a_failure_each_hook_under_way_ends_with_its_call(api: FailingApi, importer: Importer) -> None:
    names = "abcdefghijkl"
    all_under_way = threading.Barrier(8)

    def together(request: Request) -> Reply:
        all_under_way.wait(10)
        if request.json()["name"] == "a":
            return FAILURES["403"](lambda: Reply())
        wait_until(lambda: bool(application.results[0].error))
        return api.answer(request)

    application = importer.application([Definition(name, PRE, NEW, secrets={"K": "v"}) for name in names])
    api.reply("POST", "/api/v2/hooks", *[together] * len(names))
    finish(application.run())
    assert sorted(api.writes) == [f"create {name}" for name in names[1:8]]
    partly = dict.fromkeys(names[1:8], Ending.PARTLY)
    assert endings(application) == {"a": Ending.FAILED} | partly | dict.fromkeys(names[8:], Ending.NOT_BEGUN)


@pytest.mark.parametrize("failure", ["lost when done", "500"])
def test_a_new_hook_without_an_answer_is_looked_up_and_never_sent_again(
    api: FailingApi, importer: Importer, failure: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    api.fails_at, api.failure = "create a", FAILURES[failure]
    application = importer.apply([Definition("a", PRE, NEW)])
    (result,) = application.results
    (told,) = [line for line in caplog.messages if "create tenant=" in line]
    assert told.endswith(": not done" if failure == "500" else ": done, as a look afterwards showed")
    if failure == "500":
        assert (result.ending, result.steps, result.trying) == (Ending.FAILED, (), "creating it")
    else:
        # Nothing was left undone, so there is nothing to explain.
        assert (result.ending, result.steps, result.error) == (Ending.DONE, ("created",), None)
    assert api.writes == ["create a"]
    # One list for the plan, one to look it up.
    assert len(api.calls("GET")) == 2


def test_a_tenant_that_is_gone_in_between_leaves_what_is_not_known(api: FailingApi, importer: Importer) -> None:
    def go(carry_out: Callable[[], Reply]) -> Reply:
        api.reply("GET", "/api/v2/hooks", Reply(manner=Manner.DROPPED))
        return lost_when_done(carry_out)

    api.fails_at, api.failure = "create a", go
    application = importer.apply([Definition("a", PRE, NEW)])
    (result,) = application.results
    assert (result.ending, result.steps) == (Ending.UNKNOWN, ())
    assert isinstance(result.error, NoAnswerError)
    assert importer.record.trouble == Trouble.UNREACHABLE


def test_a_tenant_that_cannot_be_reached_is_left_as_it_is(api: FailingApi, prepared: Importer) -> None:
    plan = prepared.plan(WANTED)
    api.stop()
    open_client.cache_clear()
    application = Application(long_workspace_of(prepared.tenant, prepared.record), plan)
    finish(application.run())
    assert set(endings(application).values()) <= {Ending.FAILED, Ending.NOT_BEGUN}
    assert {type(result.error) for result in application.results if result.error} == {UnreachableError}


def test_a_read_only_tenant_takes_secrets_and_switches(api: FailingApi, prepared: Importer) -> None:
    api.mode = "read-only"
    application = prepared.apply([WANTED[0]])
    (fresh, running) = (result_of(application, name) for name in ("fresh", "running"))
    assert (fresh.ending, running.ending) == (Ending.FAILED, Ending.NOT_BEGUN)
    assert isinstance(fresh.error, ScriptsReadOnlyError)
    assert prepared.record.read_only
    same = [Definition("changed", POST, OLD, enabled=True, secrets={"HAS": "set", "NEW": "n"})]
    assert prepared.apply(same).whole
    assert prepared.record.read_only


@pytest.mark.parametrize(
    ("scope", "at"), [("create:hooks", "fresh"), ("update:hooks", "changed"), ("delete:hooks", "gone")]
)
def test_a_scope_that_is_missing_stops_it_where_it_is_needed(
    api: FailingApi, prepared: Importer, scope: str, at: str
) -> None:
    api.scopes.remove(scope)
    wanted = [definition for definition in WANTED if definition.name == at]
    application = prepared.apply(wanted, deleting=at == "gone")
    failed = [result for result in application.results if result.error]
    assert {type(result.error) for result in failed} == {MissingScopeError}
    assert {getattr(result.error, "scope", "") for result in failed} == {scope}
    api.scopes.append(scope)
    assert prepared.apply(wanted, deleting=at == "gone").whole


def test_an_application_that_is_stopped_begins_no_further_call(api: FailingApi, importer: Importer) -> None:
    application = importer.application([Definition("a", PRE, NEW, secrets={"K": "v"})])

    def stopped(request: Request) -> Reply:
        application.stop()
        return api.answer(request)

    api.reply("POST", "/api/v2/hooks", stopped)
    finish(application.run())
    assert api.writes == ["create a"]
    (result,) = application.results
    assert (result.ending, result.steps, result.error) == (Ending.PARTLY, ("created",), None)


def test_who_stops_waiting_gets_to_know_how_far_it_came(local: Importer) -> None:
    application = local.application([Definition(name, PRE, NEW) for name in "abc"])
    work = application.run()
    steps = [next(work), next(work)]
    work.close()
    assert [(step.done, step.total, step.what) for step in steps] == [(0, 3, "hooks written"), (1, 3, "hooks written")]
    assert [result.ending for result in application.results] == [Ending.DONE, Ending.NOT_BEGUN, Ending.NOT_BEGUN]


def test_a_thousand_hooks_cost_few_calls(api: FailingApi, importer: Importer) -> None:
    names = [
        f"hook {letter}{second}{third}" for letter in "abcdefghij" for second in "klmnopqrst" for third in "uvwxyzabcd"
    ]
    wanted = [
        Definition(name, POST, NEW, enabled=None, secrets={"K": "v"} if number < 50 else None)
        for number, name in enumerate(names)
    ]
    application = importer.apply(wanted)
    assert application.whole
    assert len(application.results) == len(api.hooks) == 1000
    assert len(api.calls("GET")) == 1
    assert len(api.writes) == len(set(api.writes)) == 1050
    api.requests.clear()
    for hook in api.hooks.values():
        hook["name"] = hook["name"].replace(" ", "-")
    assert len(importer.plan(wanted).items) == 1000
    # Ten pages, each with all scripts, and the secrets' names of the hooks whose files have some.
    pages, secrets = api.calls("GET", "/api/v2/hooks"), [call for call in api.calls("GET") if "secrets" in call.path]
    assert (len(pages), len({call.query["page"] for call in pages}), len(secrets)) == (10, 10, 50)
    assert len(api.calls("GET")) == 60
    api.requests.clear()
    texts = finish(exporting.export(workspace_of(importer.tenant, importer.record), "directory"))
    assert len(texts) == 2000
    assert len(api.calls("GET")) == 10 + 1000
    assert len({call.path for call in api.calls("GET")}) == 1001


def test_scripts_that_the_list_leaves_out_are_asked_for_once(api: FailingApi, prepared: Importer) -> None:
    def without_scripts(request: Any) -> Reply:
        reply = api.answer(request)
        hooks = [{name: value for name, value in hook.items() if name != "script"} for hook in reply.body["hooks"]]
        return Reply(200, {**reply.body, "hooks": hooks})

    api.reply("GET", "/api/v2/hooks", without_scripts)
    assert prepared.plan([Definition("running", PRE, OLD)]).writes == 0
    assert len(api.calls("GET")) == 1 + 3


def test_a_hook_that_was_changed_since_the_plan_is_not_deleted(api: FailingApi, importer: Importer) -> None:
    gone = api.add_hook(name="gone")
    application = importer.application([Definition("fresh", PRE, NEW)], deleting=True)

    def changed_meanwhile(carry_out: Callable[[], Reply]) -> Reply:
        gone["script"] = "module.exports = 'precious';"
        return carry_out()

    api.fails_at, api.failure = "create fresh", changed_meanwhile
    finish(application.run())
    assert endings(application) == {"fresh": Ending.DONE, "gone": Ending.FAILED}
    assert gone["id"] in api.hooks


def test_of_two_hooks_of_one_name_the_deleted_one_is_known_by_its_id(api: FailingApi, importer: Importer) -> None:
    for script in (OLD, NEW):
        api.add_hook(name="twin", script=script)
    application = importer.application([Definition("fresh", PRE, NEW)], deleting=True)

    def lost_when_done(carry_out: Callable[[], Reply]) -> Reply:
        carry_out()
        return Reply(manner=Manner.DROPPED)

    api.fails_at, api.failure = "delete twin", lost_when_done
    finish(application.run())
    for result in application.results:
        if result.item.current and result.item.current.id not in api.hooks:
            assert result.ending == Ending.DONE


def test_a_short_secret_is_not_looked_for_in_our_own_words(api: FailingApi, importer: Importer) -> None:
    api.mode = "read-only"
    hook = api.add_hook(name="one", script=OLD)
    api.secrets[hook["id"]] = {"KEY": "old"}
    application = importer.application([Definition("one", PRE, NEW, secrets={"KEY": "v"})])
    finish(application.run())
    (told,) = outcome_of(importer.tenant, importer.plan([]), application)["results"]
    assert "move the hook to an Action" in told["text"]
