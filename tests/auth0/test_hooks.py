"""Hooks of a tenant: pages of the list, and the same cases on the fake over HTTP and on the embedded API."""

import threading
from typing import Any

import pytest
from pytest_django import Settings

from hooksui.auth0.errors import (
    ApiError,
    HookNotFoundError,
    HooksGoneError,
    MissingScopeError,
    NameTakenError,
    OddAnswerError,
    RefusedError,
    ScriptsReadOnlyError,
)
from hooksui.auth0.hooks import Hooks
from hooksui.tenants.client import open_client
from hooksui.tenants.config import Tenant
from tests.fakes import FakeApi, Reply, Request
from tests.fakes.management_api import SCRIPT, refusal

LIST = "/api/v2/hooks"


def fill(fake_api: FakeApi, count: int) -> list[str]:
    """Add hooks; returns their ids."""
    return [fake_api.add_hook()["id"] for _ in range(count)]


@pytest.mark.parametrize(("count", "calls"), [(0, 1), (1, 1), (100, 1), (101, 2), (250, 3)])
def test_a_call_for_each_hundred_hooks_and_no_script_travels(
    fake_api: FakeApi, hooks: Hooks, count: int, calls: int
) -> None:
    ids = fill(fake_api, count)
    assert [hook.id for hook in hooks.all()] == ids
    made = fake_api.calls("GET")
    assert len(made) == calls
    assert {call.query["fields"] for call in made} == {"id,name,triggerId,enabled"}
    assert {call.query["per_page"] for call in made} == {"100"}


@pytest.mark.parametrize(("count", "calls"), [(0, 1), (100, 1), (101, 2)])
def test_whole_hooks_take_as_few_calls(fake_api: FakeApi, hooks: Hooks, count: int, calls: int) -> None:
    fill(fake_api, count)
    found = hooks.all(whole=True)
    assert [hook.script for hook in found] == [SCRIPT] * count
    assert len(fake_api.calls("GET")) == calls


def test_whole_hooks_whose_scripts_the_list_leaves_out_are_fetched(fake_api: FakeApi, hooks: Hooks) -> None:
    ids = [fake_api.add_hook(dependencies={"lodash": "4.17.21"})["id"] for _ in range(5)]

    def without_scripts(request: Request) -> Reply:
        reply = fake_api.answer(request)
        listed = [{"id": hook["id"], "name": hook["name"]} for hook in reply.body["hooks"]]
        # Somebody removes one in between.
        del fake_api.hooks[ids[2]]
        return Reply(200, {**reply.body, "hooks": listed})

    fake_api.reply("GET", LIST, without_scripts)
    found = hooks.all(whole=True)
    assert [hook.id for hook in found] == [ids[0], ids[1], ids[3], ids[4]]
    assert all(hook.script and hook.dependencies == {"lodash": "4.17.21"} for hook in found)


def test_the_second_time_all_pages_are_asked_for_at_once(fake_api: FakeApi, hooks: Hooks) -> None:
    ids = fill(fake_api, 1000)
    hooks.all()
    together = threading.Barrier(10)

    def when_all_have_come(request: Request) -> Reply:
        together.wait(10)
        return fake_api.answer(request)

    fake_api.reply("GET", LIST, when_all_have_come)
    assert [hook.id for hook in hooks.all()] == ids


def test_a_list_that_grew_or_shrank_is_still_whole(fake_api: FakeApi, hooks: Hooks) -> None:
    ids = fill(fake_api, 150)
    hooks.all()
    ids += fill(fake_api, 200)
    assert [hook.id for hook in hooks.all()] == ids
    fake_api.hooks.clear()
    assert hooks.all() == []


def test_a_hook_on_two_pages_stands_there_once(fake_api: FakeApi, hooks: Hooks) -> None:
    one = {"id": "01HOOK", "name": "one", "triggerId": "send-phone-message", "enabled": False}
    fake_api.reply("GET", LIST, Reply(200, {"total": 101, "hooks": [one]}))
    assert [hook.id for hook in hooks.all()] == ["01HOOK"]


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {"hooks": "many"},
        {"total": "many", "hooks": []},
        {"total": 10**9, "hooks": []},
        {"total": 5000, "hooks": []},
        {"total": -5, "hooks": []},
        {"total": True, "hooks": [{"id": "01HOOK"}]},
        {"total": 1, "hooks": [1]},
        {"total": 1, "hooks": [{"id": "../clients"}]},
        {"total": 1, "hooks": [{"name": "without id"}]},
    ],
)
def test_a_list_of_another_shape_is_odd(fake_api: FakeApi, hooks: Hooks, body: Any) -> None:
    fake_api.reply("GET", LIST, Reply(200, body))
    with pytest.raises(OddAnswerError):
        hooks.all()


def test_a_hook_with_holes_is_read_all_the_same(fake_api: FakeApi, hooks: Hooks) -> None:
    fake_api.reply("GET", LIST, Reply(200, {"total": 1, "hooks": [{"id": "old-hook", "enabled": "yes"}]}))
    (hook,) = hooks.all()
    assert (hook.name, hook.trigger, hook.enabled) == ("old-hook", "", False)


@pytest.mark.parametrize(
    "answer",
    [
        refusal(403, "Insufficient privileges to use this deprecated feature.", "hooks_not_allowed"),
        refusal(404, "Not Found"),
        refusal(410, "Gone"),
        refusal(501, "Not Implemented"),
    ],
)
def test_a_list_that_is_refused_means_that_hooks_are_gone(fake_api: FakeApi, hooks: Hooks, answer: Reply) -> None:
    fake_api.reply("GET", LIST, answer)
    with pytest.raises(HooksGoneError):
        hooks.all()


def test_a_missing_scope_is_never_taken_for_it(fake_api: FakeApi, hooks: Hooks) -> None:
    fake_api.scopes = ["update:hooks"]
    with pytest.raises(MissingScopeError) as caught:
        hooks.all()
    assert caught.value.scope == "read:hooks"


def test_an_id_that_would_lead_elsewhere_is_no_hook(fake_api: FakeApi, hooks: Hooks) -> None:
    for hook_id in ("..", "a/b", "a?b", "", "a b"):
        with pytest.raises(HookNotFoundError):
            hooks.get(hook_id)
    assert fake_api.requests == []


def turn(mode: str, settings: Settings, fake_api: FakeApi) -> None:
    """Make both tenants read-only or gone."""
    settings.LOCAL_TENANT_MODE = fake_api.mode = mode


def test_contract_a_hooks_life(tenant: Tenant) -> None:
    hooks = open_client(tenant).hooks
    assert hooks.all() == []
    made = hooks.create("some-hook", "send-phone-message", "1", enabled=True)
    assert (made.name, made.trigger, made.script, made.enabled) == ("some-hook", "send-phone-message", "1", True)
    assert hooks.update(made.id, {"script": "2"}).script == "2"
    assert hooks.get(made.id).script == "2"
    (listed,) = hooks.all()
    assert (listed.id, listed.name, listed.enabled, listed.script) == (made.id, "some-hook", True, "")
    hooks.delete(made.id)
    assert hooks.all() == []
    with pytest.raises(HookNotFoundError):
        hooks.delete(made.id)


def test_contract_a_hook_made_and_listed_whole(tenant: Tenant) -> None:
    hooks = open_client(tenant).patient().hooks
    needs = {"lodash": "4.17.21"}
    made = hooks.create("some-hook", "send-phone-message", "1", enabled=True, dependencies=needs)
    other = hooks.create("other-hook", "send-phone-message", "2", enabled=False, dependencies={})
    assert (made.dependencies, other.dependencies) == (needs, {})
    assert {hook.id: hook for hook in hooks.all(whole=True)} == {made.id: made, other.id: other}


def test_dependencies_travel_only_where_there_are_some(fake_api: FakeApi, hooks: Hooks) -> None:
    for name, dependencies in (("a", None), ("b", {}), ("c", {"axios": "1.7.9"})):
        hooks.create(name, "send-phone-message", "1", enabled=False, dependencies=dependencies)
    assert [call.json().get("dependencies") for call in fake_api.calls("POST", LIST)] == [
        None,
        None,
        {"axios": "1.7.9"},
    ]


def test_contract_refusals(tenant: Tenant) -> None:
    hooks = open_client(tenant).hooks
    hooks.create("some-hook", "send-phone-message", "1", enabled=False)
    with pytest.raises(NameTakenError):
        hooks.create("some-hook", "send-phone-message", "1", enabled=False)
    other = hooks.create("second-hook", "send-phone-message", "1", enabled=False)
    with pytest.raises(NameTakenError):
        hooks.update(other.id, {"name": "some-hook"})
    with pytest.raises(RefusedError):
        hooks.create("other", "send-phone-message", "", enabled=False)
    with pytest.raises(HookNotFoundError):
        hooks.get("01GQN0P23FM79PY9HFN6YK94RY")
    with pytest.raises(HookNotFoundError):
        hooks.update("01GQN0P23FM79PY9HFN6YK94RY", {"script": "1"})


def test_a_refused_second_enabled_hook_is_no_taken_name(fake_api: FakeApi, hooks: Hooks) -> None:
    fake_api.add_hook(enabled=True)
    second = fake_api.add_hook()
    fake_api.rivals = "refuse"
    with pytest.raises(RefusedError) as caught:
        hooks.update(second["id"], {"enabled": True})
    assert caught.value.remote == "Another hook is enabled for this trigger."


@pytest.mark.parametrize(("mode", "error"), [("read-only", ScriptsReadOnlyError), ("gone", HooksGoneError)])
def test_contract_a_tenant_that_takes_no_scripts(
    tenant: Tenant, settings: Settings, fake_api: FakeApi, mode: str, error: type[ApiError]
) -> None:
    hooks = open_client(tenant).hooks
    made = hooks.create("some-hook", "send-phone-message", "1", enabled=False)
    turn(mode, settings, fake_api)
    with pytest.raises(error):
        hooks.create("other", "send-phone-message", "1", enabled=False)
    with pytest.raises(error):
        hooks.update(made.id, {"script": "2"})
    with pytest.raises(error):
        hooks.update(made.id, {"dependencies": {"lodash": "4.17.21"}})
    turn("read-only", settings, fake_api)
    assert hooks.update(made.id, {"enabled": True}).enabled
    assert hooks.get(made.id).script == "1"
