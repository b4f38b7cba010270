"""Choosing which hook runs at a point, whatever the API does with two of them."""

import html

import pytest
from django.test import Client

from hooksui.tenants.config import Tenant
from tests.fakes import FakeApi, Manner, Reply, Request
from tests.fakes.management_api import refusal

PRE = "pre-user-registration"
ADDRESS = "/t/acme/hooks/enabled/"
SCRIPT = "/api/v2/hooks/"


@pytest.fixture
def pair(remote: Tenant, fake_api: FakeApi) -> tuple[str, str]:
    """The ids of an enabled hook `old` and of a disabled one `new` of the same point."""
    old = fake_api.add_hook(name="old", triggerId=PRE, enabled=True)
    new = fake_api.add_hook(name="new", triggerId=PRE)
    return old["id"], new["id"]


def choose(admin: Client, hook: str, was: str) -> str:
    """Confirm the choice, and read the page that comes in the end."""
    answer = admin.post(ADDRESS, {"trigger": PRE, "hook": hook, "was": was}, follow=True)
    return html.unescape(answer.content.decode())


def enabled(fake_api: FakeApi) -> list[str]:
    """The names of the enabled hooks."""
    return [hook["name"] for hook in fake_api.hooks.values() if hook["enabled"]]


def patches(fake_api: FakeApi) -> list[tuple[str, bool]]:
    """The hooks that were switched, in order."""
    names = {hook["id"]: hook["name"] for hook in fake_api.hooks.values()}
    return [(names[call.path.rsplit("/", 1)[1]], call.json()["enabled"]) for call in fake_api.calls("PATCH")]


@pytest.mark.parametrize("rivals", ["swap", "refuse", "both"])
def test_the_old_one_is_disabled_before_the_new_one_is_enabled(
    admin: Client, pair: tuple[str, str], fake_api: FakeApi, rivals: str
) -> None:
    fake_api.rivals = rivals
    page = choose(admin, pair[1], pair[0])
    assert "new is now enabled at Pre User Registration." in page
    assert patches(fake_api) == [("old", False), ("new", True)]
    assert enabled(fake_api) == ["new"]


def test_none_disables(admin: Client, pair: tuple[str, str], fake_api: FakeApi) -> None:
    assert "No hook is enabled at Pre User Registration now." in choose(admin, "", pair[0])
    assert enabled(fake_api) == []


def test_what_runs_already_is_left_alone(admin: Client, pair: tuple[str, str], fake_api: FakeApi) -> None:
    assert "old is enabled at Pre User Registration already." in choose(admin, pair[0], pair[0])
    assert fake_api.calls("PATCH") == []


def test_another_admins_choice_is_not_overwritten(admin: Client, pair: tuple[str, str], fake_api: FakeApi) -> None:
    page = choose(admin, pair[1], "")
    assert "old was enabled at Pre User Registration in the meantime. The list is up to date now; " in page
    assert "choose again if you still want new." in page
    assert fake_api.calls("PATCH") == []


def test_a_hook_deleted_meanwhile_changes_nothing(admin: Client, pair: tuple[str, str], fake_api: FakeApi) -> None:
    del fake_api.hooks[pair[1]]
    assert "This hook is no longer on acme." in choose(admin, pair[1], pair[0])
    assert enabled(fake_api) == ["old"]


def test_the_old_one_runs_again_when_the_new_one_is_refused(
    admin: Client, pair: tuple[str, str], fake_api: FakeApi
) -> None:
    fake_api.reply("PATCH", SCRIPT + pair[1], refusal(403, "Not now."))
    page = choose(admin, pair[1], pair[0])
    assert "new could not be enabled: acme does not permit this: Not now. old runs again as before." in page
    assert enabled(fake_api) == ["old"]


def test_when_nothing_works_any_more_it_says_that_nothing_runs(
    admin: Client, pair: tuple[str, str], fake_api: FakeApi
) -> None:
    fake_api.reply("PATCH", SCRIPT + pair[1], refusal(403, "Not now."))
    done = Reply(200, fake_api.hooks[pair[0]] | {"enabled": False})
    fake_api.reply("PATCH", SCRIPT + pair[0], done, refusal(403, "Nor this."))
    page = choose(admin, pair[1], pair[0])
    assert "old could not be put back either, so nothing runs at Pre User Registration now." in page


@pytest.mark.parametrize("done", [True, False])
def test_an_enable_without_an_answer_is_looked_up(
    admin: Client, pair: tuple[str, str], fake_api: FakeApi, done: bool
) -> None:
    fake_api.reply("PATCH", SCRIPT + pair[1], Reply(manner=Manner.DROPPED), Reply(200, fake_api.hooks[pair[1]]))
    fake_api.reply("GET", SCRIPT + pair[1], Reply(200, fake_api.hooks[pair[1]] | {"enabled": done}))
    page = choose(admin, pair[1], pair[0])
    assert ("new is now enabled" in page) == done
    assert ("old runs again as before." in page) == (not done)
    assert enabled(fake_api) == ([] if done else ["old"])


def test_two_never_run_when_nobody_can_tell_what_happened(
    admin: Client, pair: tuple[str, str], fake_api: FakeApi
) -> None:
    def done_without_an_answer(request: Request) -> Reply:
        fake_api.answer(request)
        return Reply(manner=Manner.DROPPED)

    fake_api.reply("PATCH", SCRIPT + pair[1], done_without_an_answer, refusal(429, "Global limit has been reached"))
    fake_api.reply("GET", SCRIPT + pair[1], refusal(403, "Not now."))
    choose(admin, pair[1], pair[0])
    assert enabled(fake_api) == ["new"]


def test_a_read_only_tenant_is_switched_all_the_same(admin: Client, pair: tuple[str, str], fake_api: FakeApi) -> None:
    fake_api.mode = "read-only"
    assert "new is now enabled" in choose(admin, pair[1], pair[0])


def test_several_that_ran_at_once_are_all_disabled(admin: Client, pair: tuple[str, str], fake_api: FakeApi) -> None:
    fake_api.hooks[pair[1]]["enabled"] = True
    fake_api.rivals = "both"
    choose(admin, pair[1], pair[0])
    assert enabled(fake_api) == ["new"]


def test_of_several_that_ran_at_once_the_first_is_put_back(
    admin: Client, pair: tuple[str, str], fake_api: FakeApi
) -> None:
    fake_api.rivals = "both"
    second = fake_api.add_hook(name="second", triggerId=PRE, enabled=True)
    fake_api.reply("PATCH", SCRIPT + second["id"], refusal(403, "Not now."))
    page = choose(admin, pair[1], pair[0])
    assert "new could not be enabled: acme does not permit this: Not now. old runs again as before." in page
    assert enabled(fake_api) == ["old", "second"]
    fake_api.reply("PATCH", SCRIPT + second["id"])
    fake_api.reply("PATCH", SCRIPT + pair[1], refusal(403, "Not now."))
    assert "old runs again as before. Disabled now: second." in choose(admin, pair[1], pair[0])
    assert enabled(fake_api) == ["old"]
    second["enabled"] = True
    done = Reply(200, fake_api.hooks[pair[0]] | {"enabled": False})
    fake_api.reply("PATCH", SCRIPT + pair[0], done, refusal(403, "Nor this."))
    fake_api.reply("PATCH", SCRIPT + second["id"], refusal(403, "Not now."))
    assert "put back either, so only second may run at Pre User Registration" in choose(admin, pair[1], pair[0])


def test_a_missing_scope_and_an_api_that_is_down_are_said(
    admin: Client, pair: tuple[str, str], fake_api: FakeApi
) -> None:
    fake_api.scopes = ["read:hooks"]
    assert "This needs the scope update:hooks." in choose(admin, pair[1], pair[0])
    fake_api.stop()
    assert "cannot be reached" in choose(admin, pair[1], pair[0])


def test_the_confirmation_asks_nothing_of_the_tenant_when_the_list_is_known(
    admin: Client, pair: tuple[str, str], fake_api: FakeApi
) -> None:
    admin.get("/t/acme/hooks/")
    del fake_api.requests[:]
    page = admin.get(ADDRESS, {"trigger": PRE, "hook": pair[1]}).content.decode()
    assert "old stops running and new starts running at Pre User Registration, for all applications and APIs" in page
    page = admin.get(ADDRESS, {"trigger": PRE}).content.decode()
    assert "old stops running. Nothing runs at Pre User Registration until you enable a hook." in page
    assert fake_api.requests == []
    assert admin.get(ADDRESS, {"trigger": "nowhere"}).status_code == 404
