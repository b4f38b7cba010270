"""Choosing which hook runs at a point, whatever the API does with two of them."""

import html
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Timer

import pytest
from django.test import Client

from hooksui.auth0.shapes import Hook, hook_from_json
from hooksui.hooks import alone
from hooksui.hooks.switching import EnabledMeanwhileError, swap, switch_hook
from hooksui.tenants.client import open_client
from hooksui.tenants.config import Tenant
from hooksui.tenants.state import record_of
from tests.fakes import FakeApi, Manner, Reply, Request
from tests.fakes.management_api import refusal
from tests.workspaces import workspace_of

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
    assert "old is already enabled at Pre User Registration." in choose(admin, pair[0], pair[0])
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
    assert "new could not be enabled: acme does not permit this: Not now. old is running again." in page
    assert enabled(fake_api) == ["old"]


def test_when_nothing_works_any_more_it_says_that_nothing_runs(
    admin: Client, pair: tuple[str, str], fake_api: FakeApi
) -> None:
    fake_api.reply("PATCH", SCRIPT + pair[1], refusal(403, "Not now."))
    done = Reply(200, fake_api.hooks[pair[0]] | {"enabled": False})
    fake_api.reply("PATCH", SCRIPT + pair[0], done, refusal(403, "Nor this."))
    page = choose(admin, pair[1], pair[0])
    assert "old could not be restored either, so nothing runs at Pre User Registration now." in page


@pytest.mark.parametrize("done", [True, False])
def test_an_enable_without_an_answer_is_looked_up(
    admin: Client, pair: tuple[str, str], fake_api: FakeApi, done: bool
) -> None:
    fake_api.reply("PATCH", SCRIPT + pair[1], Reply(manner=Manner.DROPPED), Reply(200, fake_api.hooks[pair[1]]))
    seen = fake_api.hooks[pair[1]]

    def carry_out(request: Request) -> Reply:
        seen["enabled"] = done
        return Reply(200, seen)

    fake_api.reply("GET", SCRIPT + pair[1], carry_out)
    page = choose(admin, pair[1], pair[0])
    assert ("new is now enabled" in page) == done
    assert ("old is running again." in page) == (not done)
    assert enabled(fake_api) == (["new"] if done else ["old"])


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
    assert "new could not be enabled: acme does not permit this: Not now. old is running again." in page
    assert enabled(fake_api) == ["old", "second"]
    fake_api.reply("PATCH", SCRIPT + second["id"])
    fake_api.reply("PATCH", SCRIPT + pair[1], refusal(403, "Not now."))
    assert "old is running again. Disabled now: second." in choose(admin, pair[1], pair[0])
    assert enabled(fake_api) == ["old"]
    second["enabled"] = True
    done = Reply(200, fake_api.hooks[pair[0]] | {"enabled": False})
    fake_api.reply("PATCH", SCRIPT + pair[0], done, refusal(403, "Nor this."))
    fake_api.reply("PATCH", SCRIPT + second["id"], refusal(403, "Not now."))
    assert "restored either, so only second may run at Pre User Registration" in choose(admin, pair[1], pair[0])


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


def test_a_switch_costs_two_lists_and_two_patches(admin: Client, pair: tuple[str, str], fake_api: FakeApi) -> None:
    admin.post(ADDRESS, {"trigger": PRE, "hook": pair[1], "was": pair[0]})
    assert [call.method for call in fake_api.calls() if call.path != "/oauth/token"] == ["GET", "PATCH", "PATCH", "GET"]


def done_without_an_answer(fake_api: FakeApi) -> Callable[[Request], Reply]:
    """Carries a request out and loses the answer."""

    def carry_out(request: Request) -> Reply:
        fake_api.answer(request)
        return Reply(manner=Manner.DROPPED)

    return carry_out


@pytest.mark.parametrize("odd", [None, Reply(500), Reply(200, b"<html>"), Reply(200, b"null"), Reply(204)])
def test_a_first_step_that_was_done_without_a_clear_answer_does_not_end_the_switch(
    admin: Client, pair: tuple[str, str], fake_api: FakeApi, odd: Reply | None
) -> None:
    def carry_out(request: Request) -> Reply:
        fake_api.answer(request)
        return odd or Reply(manner=Manner.DROPPED)

    fake_api.reply("PATCH", SCRIPT + pair[0], carry_out)
    assert "new is now enabled at Pre User Registration." in choose(admin, pair[1], pair[0])
    assert enabled(fake_api) == ["new"]


def test_a_first_step_of_which_nothing_is_known_is_put_back(
    admin: Client, pair: tuple[str, str], fake_api: FakeApi
) -> None:
    fake_api.reply("PATCH", SCRIPT + pair[0], done_without_an_answer(fake_api), fake_api.answer)
    fake_api.reply("GET", SCRIPT + pair[0], Reply(500))
    assert "old is running again." in choose(admin, pair[1], pair[0])
    assert enabled(fake_api) == ["old"]


def test_where_that_fails_too_it_says_that_nothing_may_run(
    admin: Client, pair: tuple[str, str], fake_api: FakeApi
) -> None:
    fake_api.reply("PATCH", SCRIPT + pair[0], done_without_an_answer(fake_api), Reply(500))
    fake_api.reply("GET", SCRIPT + pair[0], Reply(500))
    page = choose(admin, pair[1], pair[0])
    assert "so nothing may run at Pre User Registration now. Enable one of them as soon as you can." in page


def test_of_two_choices_in_one_dashboard_the_second_is_told(
    admin: Client, pair: tuple[str, str], fake_api: FakeApi, remote: Tenant
) -> None:
    fake_api.rivals = "both"
    third = fake_api.add_hook(name="third", triggerId=PRE)["id"]
    began, go_on = Event(), Event()

    def slowly(request: Request) -> Reply:
        began.set()
        assert go_on.wait(10)
        return fake_api.answer(request)

    fake_api.reply("PATCH", SCRIPT + pair[0], slowly)
    record = record_of(remote)
    # Nothing in threads: the database of a test is its own connection's. A record that is not saved needs none.
    with ThreadPoolExecutor(1) as pool:

        def first() -> None:
            with alone.at_points(remote, [PRE]):
                swap(workspace_of(remote, record), hook(fake_api, pair[1]), [hook(fake_api, pair[0])])

        running = pool.submit(first)
        assert began.wait(10)
        Timer(0.05, go_on.set).start()
        with pytest.raises(EnabledMeanwhileError) as caught:
            switch_hook(workspace_of(remote, record), PRE, third, pair[0])
        running.result(10)
    assert caught.value.enabled
    assert caught.value.enabled.name == "new"
    assert enabled(fake_api) == ["new"]


@pytest.mark.parametrize(("rival", "stays"), [("01A", "rival"), ("01Z", "new")])
def test_of_two_dashboards_choices_the_one_whose_id_comes_first_stays(
    admin: Client, pair: tuple[str, str], fake_api: FakeApi, rival: str, stays: str
) -> None:
    fake_api.rivals = "both"
    fake_api.add_hook(id=rival, name="rival", triggerId=PRE)

    def together(request: Request) -> Reply:
        fake_api.hooks[rival]["enabled"] = True
        return fake_api.answer(request)

    fake_api.reply("PATCH", SCRIPT + pair[1], together, fake_api.answer)
    page = choose(admin, pair[1], pair[0])
    assert enabled(fake_api) == [stays]
    assert ("Another hook was enabled in the meantime: rival is enabled at" in page) == (stays == "rival")
    assert ("new is now enabled" in page) == (stays == "new")


def test_putting_right_never_leaves_none(admin: Client, pair: tuple[str, str], fake_api: FakeApi) -> None:
    fake_api.rivals = "both"
    fake_api.add_hook(id="01Z", name="rival", triggerId=PRE)

    def together(request: Request) -> Reply:
        fake_api.hooks["01Z"]["enabled"] = True
        return fake_api.answer(request)

    def against_it(request: Request) -> Reply:
        fake_api.hooks[pair[1]]["enabled"] = False
        return fake_api.answer(request)

    fake_api.reply("PATCH", SCRIPT + pair[1], together, fake_api.answer)
    fake_api.reply("PATCH", SCRIPT + "01Z", against_it, fake_api.answer)
    choose(admin, pair[1], pair[0])
    assert enabled(fake_api) == ["new"]


BROKEN = "module.exports = function (user, context, cb) {\n  await cb();\n};"
QUESTION = (
    "Pre User Registration would run new, and this script would fail there: "
    "await is only valid in async functions (line 2). Nothing was changed yet."
)


@pytest.mark.parametrize("listed", [True, False])
def test_a_hook_that_cannot_run_is_enabled_only_when_asked_to(
    admin: Client, pair: tuple[str, str], fake_api: FakeApi, listed: bool
) -> None:
    fake_api.hooks[pair[1]]["script"] = BROKEN
    if not listed:
        fake_api.reply("GET", "/api/v2/hooks", *[lambda request: without_scripts(fake_api)] * 2)
    admin.get("/t/acme/hooks/")
    del fake_api.requests[:]
    form = {"trigger": PRE, "hook": pair[1], "was": pair[0]}
    answer = admin.post(ADDRESS, form)
    page = html.unescape(answer.content.decode())
    assert (answer.status_code, len(fake_api.requests)) == (409, 1 if listed else 2)
    assert QUESTION in page
    assert "old stops running and new starts running at Pre User Registration" in page
    assert page.split("<main")[1].count("autofocus") == 1
    assert "data-dismiss autofocus>Cancel</a>" in page
    assert dict(re.findall(r'name="(trigger|hook|was|confirmed)" value="(.*?)"', page)) == form | {"confirmed": "on"}
    assert enabled(fake_api) == ["old"]
    assert "new is now enabled" in admin.post(ADDRESS, form | {"confirmed": "on"}, follow=True).content.decode()
    assert enabled(fake_api) == ["new"]


def test_a_script_without_a_function_is_asked_about_too(
    admin: Client, pair: tuple[str, str], fake_api: FakeApi
) -> None:
    fake_api.hooks[pair[1]]["script"] = "module.exports = {};"
    assert "Enable a hook that cannot run?" in choose(admin, pair[1], pair[0])
    assert enabled(fake_api) == ["old"]


def test_a_question_overrides_no_choice_of_another_admin(
    admin: Client, pair: tuple[str, str], fake_api: FakeApi
) -> None:
    fake_api.hooks[pair[1]]["script"] = BROKEN
    assert "old was enabled at Pre User Registration in the meantime." in choose(admin, pair[1], "")


def test_a_broken_hook_is_disabled_without_a_question(admin: Client, pair: tuple[str, str], fake_api: FakeApi) -> None:
    fake_api.hooks[pair[0]]["script"] = BROKEN
    assert "No hook is enabled at Pre User Registration now." in choose(admin, "", pair[0])


def test_the_hooks_of_a_point_are_asked_for_page_by_page(remote: Tenant, fake_api: FakeApi) -> None:
    for number in range(120):
        fake_api.add_hook(
            name=f"hook-{number}", triggerId=PRE if number % 2 else "send-phone-message", script=str(number)
        )
    found = open_client(remote).hooks.at_point(PRE)
    assert {each.trigger for each in found} == {PRE}
    assert sorted(int(each.script) for each in found) == list(range(1, 120, 2))
    assert {call.query["triggerId"] for call in fake_api.calls("GET")} == {PRE}


def without_scripts(fake_api: FakeApi) -> Reply:
    """A list as some servers give it."""
    hooks = [{key: value for key, value in hook.items() if key != "script"} for hook in fake_api.hooks.values()]
    return Reply(200, {"total": len(hooks), "hooks": hooks})


def hook(fake_api: FakeApi, hook_id: str) -> Hook:
    """The hook as a list has it."""
    return hook_from_json(fake_api.hooks[hook_id])
