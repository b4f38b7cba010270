"""The form for a new hook."""

import html
import re

import pytest
from django.test import Client
from pytest_django import Settings

from hooksui import catalogue
from hooksui.auth0.shapes import Hook
from hooksui.tenants.client import open_client
from hooksui.tenants.config import Tenant
from tests.fakes import FakeApi, Manner, Reply, Request

CREATE = "/t/local/hooks/create/"


def only_hook(tenant: Tenant) -> Hook:
    """The tenant's single hook with its script."""
    hooks = open_client(tenant).hooks
    (hook,) = hooks.all()
    return hooks.get(hook.id)


@pytest.mark.parametrize("trigger", list(catalogue.points()))
def test_a_new_hook_has_its_points_starter_script_and_the_first_is_enabled(
    admin: Client, local: Tenant, trigger: str
) -> None:
    answer = admin.post(CREATE, {"name": "My Hook 1", "trigger": trigger})
    hook = only_hook(local)
    assert answer.headers["Location"] == f"/t/local/hooks/{hook.id}/#new"
    assert (hook.name, hook.trigger, hook.enabled) == ("my-hook-1", trigger, True)
    assert hook.script == catalogue.points()[trigger].starter
    assert "Created my-hook-1." in admin.get(answer.headers["Location"]).content.decode()


def test_a_second_hook_of_a_point_starts_disabled(admin: Client, a_hook: Hook, local: Tenant) -> None:
    page = admin.get(CREATE + "?trigger=pre-user-registration").content.decode()
    assert "It starts disabled; check-domain stays enabled." in page
    admin.post(CREATE, {"name": "another", "trigger": "pre-user-registration"})
    assert {hook.name: hook.enabled for hook in open_client(local).hooks.all()} == {
        "check-domain": True,
        "another": False,
    }


def test_the_address_preselects_the_point(admin: Client) -> None:
    page = admin.get(CREATE + "?trigger=send-phone-message").content.decode()
    assert re.search(r'<option value="send-phone-message"[^>]* selected>', page)
    assert "It will be the first hook here and starts enabled." in page


def test_an_address_with_an_unknown_point_says_so(admin: Client) -> None:
    page = admin.get(CREATE + "?trigger=on-fire").content.decode()
    assert "There is no extensibility point on-fire." in page


@pytest.mark.parametrize(
    ("name", "trigger", "message"),
    [
        ("", "send-phone-message", "Enter a name."),
        ("ab", "send-phone-message", "Use at least 3 characters."),
        ("a_b_c", "send-phone-message", "Use letters, digits, spaces and hyphens only."),
        ("grün und", "send-phone-message", "Use letters, digits, spaces and hyphens only."),
        ("-abc", "send-phone-message", "Begin and end with a letter or digit."),
        ("check domain", "", "Choose an extensibility point."),
        ("check domain", "on-fire", "There is no extensibility point on-fire."),
        ("Check Domain", "send-phone-message", "local already has a hook named Check Domain. Choose another name."),
    ],
)
def test_wrong_input_is_named_and_kept(admin: Client, a_hook: Hook, name: str, trigger: str, message: str) -> None:
    answer = admin.post(CREATE, {"name": name, "trigger": trigger})
    page = answer.content.decode()
    assert answer.status_code == (409 if "already" in message else 400)
    assert message in page
    assert f'value="{name}"' in page
    assert 'aria-invalid="true"' in page


def test_a_read_only_tenant_takes_no_hook_and_the_form_is_kept(admin: Client, settings: Settings) -> None:
    settings.LOCAL_TENANT_MODE = "read-only"
    answer = admin.post(CREATE, {"name": "Kept Name", "trigger": "send-phone-message"})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "local no longer accepts changes to hook scripts." in page
    assert 'value="Kept Name"' in page
    assert "no longer accepts changes" in admin.get("/t/local/hooks/").content.decode()


def test_a_script_brought_along_fills_the_form_and_becomes_the_hooks(admin: Client, local: Tenant) -> None:
    script = "\nmodule.exports = (recipient, text, context, cb) => cb(null, '</textarea>');\n"
    brought = {"prefill": "1", "name": "old name", "trigger": "send-phone-message", "script": script}
    page = admin.post(CREATE, brought).content.decode()
    assert 'value="old name"' in page
    assert open_client(local).hooks.all() == []
    admin.post(CREATE, {"name": "old name", "trigger": "send-phone-message", "script": script})
    assert only_hook(local).script == script


def test_a_hook_that_was_made_without_an_answer_is_found_in_the_list(
    admin: Client, remote: Tenant, fake_api: FakeApi
) -> None:
    def create_in_silence(request: Request) -> Reply:
        fake_api.answer(request)
        return Reply(manner=Manner.DROPPED)

    fake_api.reply("POST", "/api/v2/hooks", create_in_silence)
    answer = admin.post("/t/acme/hooks/create/", {"name": "Slow One", "trigger": "send-phone-message"})
    (hook_id,) = fake_api.hooks
    assert answer.headers["Location"] == f"/t/acme/hooks/{hook_id}/#new"
    assert len(fake_api.calls("POST")) == 1


def test_one_that_was_not_made_is_said_not_to_exist(admin: Client, remote: Tenant, fake_api: FakeApi) -> None:
    fake_api.reply("POST", "/api/v2/hooks", Reply(manner=Manner.DROPPED))
    answer = admin.post("/t/acme/hooks/create/", {"name": "Slow One", "trigger": "send-phone-message"})
    assert answer.status_code == 504
    page = answer.content.decode()
    assert "closed the connection before it answered. We checked: Slow One does not exist." in page


BROKEN = "module.exports = (user, context, cb) => await cb();"
QUESTION = (
    "Pre User Registration would run guard, and this script would fail there: "
    "await is only valid in async functions (line 1). Nothing was created yet."
)


def test_the_first_hook_of_a_point_takes_a_script_that_cannot_run_only_when_asked_to(
    admin: Client, remote: Tenant, fake_api: FakeApi
) -> None:
    form = {"name": "guard", "trigger": "pre-user-registration", "script": BROKEN}
    answer = admin.post("/t/acme/hooks/create/", form)
    page = html.unescape(answer.content.decode())
    assert answer.status_code == 409
    assert QUESTION in page
    assert page.split("<main")[1].count("autofocus") == 1
    assert "autofocus>Cancel</a>" in page
    assert 'name="confirmed" value="on">Create anyway</button>' in page
    assert f'name="script" value="{BROKEN}"' in page
    assert fake_api.hooks == {}
    admin.post("/t/acme/hooks/create/", form | {"confirmed": "on"})
    assert [hook["enabled"] for hook in fake_api.hooks.values()] == [True]


def test_a_later_one_starts_disabled_and_takes_any_script(admin: Client, remote: Tenant, fake_api: FakeApi) -> None:
    fake_api.add_hook(name="first")
    admin.post("/t/acme/hooks/create/", {"name": "guard", "trigger": "pre-user-registration", "script": BROKEN})
    assert {hook["name"]: hook["enabled"] for hook in fake_api.hooks.values()}["guard"] is False
