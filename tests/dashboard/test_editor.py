"""The Hook Editor: opening and saving."""

import html
import json
import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from hooksui.auth0.shapes import Hook
from hooksui.tenants.client import open_client
from hooksui.tenants.config import Tenant
from tests.fakes import FakeApi, Reply

JSON = {"Accept": "application/json"}


CHANGED = "module.exports = function (user, context, cb) { cb(null, { user }); };"


def opened(admin: Client, address: str) -> dict[str, str]:
    """The fields of the editor's form, as a browser without JavaScript would send them back."""
    return fields_of(admin.get(address).content.decode())


def fields_of(page: str) -> dict[str, str]:
    """The fields of the form on an editor page."""
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
    script = page.split("<textarea", 1)[1].split(">\n", 1)[1].split("</textarea>", 1)[0]
    return {name: html.unescape(value) for name, value in fields.items()} | {"script": html.unescape(script)}


def test_shows_the_script_to_the_letter(admin: Client, local: Tenant) -> None:
    script = "\n\n  // <b>&amp;</textarea><script>alert(1)</script> 🙂\n"
    hook = open_client(local).hooks.create("odd", "send-phone-message", script, enabled=False)
    assert opened(admin, f"/t/local/hooks/{hook.id}/")["script"] == script


def test_opening_asks_the_tenant_once(admin: Client, remote: Tenant, fake_api: FakeApi) -> None:
    hook = fake_api.add_hook(name="sms", triggerId="send-phone-message", script="1")
    opened(admin, f"/t/acme/hooks/{hook['id']}/")
    (call,) = fake_api.requests
    assert (call.method, call.path) == ("GET", f"/api/v2/hooks/{hook['id']}")


def test_saving_sends_one_patch_with_the_script_alone_between_two_reads(
    admin: Client, remote: Tenant, fake_api: FakeApi
) -> None:
    hook = fake_api.add_hook(name="sms", triggerId="send-phone-message", script="1")
    form = opened(admin, f"/t/acme/hooks/{hook['id']}/")
    del fake_api.requests[:]
    answer = admin.post(f"/t/acme/hooks/{hook['id']}/", form | {"script": "2"})
    assert answer.status_code == 302
    read, write, look = fake_api.requests
    assert read.method == "GET"
    assert (write.method, json.loads(write.body)) == ("PATCH", {"script": "2"})
    assert (look.method, look.path) == (read.method, read.path)


def test_a_script_asks_and_is_answered_in_json(admin: Client, a_hook: Hook, local: Tenant) -> None:
    address = f"/t/local/hooks/{a_hook.id}/"
    form = opened(admin, address)
    answer = admin.post(address, form | {"script": CHANGED}, headers=JSON).json()
    assert answer["saved"] is True
    assert open_client(local).hooks.get(a_hook.id).script == CHANGED
    again = admin.post(address, form | {"script": CHANGED, "base": answer["base"]}, headers=JSON).json()
    assert again["message"] == "Nothing has changed since the last save."


BROKEN = "module.exports = function (user, context, cb) {\n  await cb();\n};"
QUESTION = (
    "Pre User Registration runs check-domain, and this script would fail there: "
    "await is only valid in async functions (line 2). Nothing was saved yet."
)


def test_an_enabled_hook_takes_a_script_that_cannot_run_only_when_asked_to(
    admin: Client, a_hook: Hook, local: Tenant
) -> None:
    address = f"/t/local/hooks/{a_hook.id}/"
    form = opened(admin, address)
    answer = admin.post(address, form | {"script": BROKEN}, headers=JSON)
    assert (answer.status_code, answer.json()) == (409, {"error": {"message": QUESTION, "kind": "broken-script"}})
    page = html.unescape(admin.post(address, form | {"script": BROKEN}).content.decode())
    assert QUESTION in page
    assert f"{BROKEN}</textarea>" in page
    assert '<button class="button button-danger" type="submit" form="editor" name="confirmed" value="on">' in page
    assert open_client(local).hooks.get(a_hook.id) == a_hook
    saved = admin.post(address, fields_of(page) | {"script": BROKEN, "confirmed": "on"})
    assert saved.status_code == 302
    assert open_client(local).hooks.get(a_hook.id).script == BROKEN


def test_a_script_without_a_function_is_asked_about_too(admin: Client, a_hook: Hook) -> None:
    address = f"/t/local/hooks/{a_hook.id}/"
    script = "\nmodule.export = function () {};"
    answer = admin.post(address, opened(admin, address) | {"script": script}, headers=JSON).json()
    assert "module.export is set where module.exports is meant (line 2)." in answer["error"]["message"]


def test_a_question_overrides_no_conflict(admin: Client, a_hook: Hook, local: Tenant) -> None:
    address = f"/t/local/hooks/{a_hook.id}/"
    form = opened(admin, address)
    open_client(local).hooks.update(a_hook.id, {"script": "theirs"})
    for more in ({}, {"confirmed": "on"}):
        answer = admin.post(address, form | {"script": BROKEN, **more}, headers=JSON)
        assert answer.json()["error"]["kind"] == "conflict"


def test_a_disabled_hook_takes_any_script(admin: Client, local: Tenant) -> None:
    hook = open_client(local).hooks.create("draft", "send-phone-message", "1", enabled=False)
    address = f"/t/local/hooks/{hook.id}/"
    assert admin.post(address, opened(admin, address) | {"script": BROKEN}, headers=JSON).json()["saved"] is True


def test_an_unchanged_script_is_not_sent(admin: Client, remote: Tenant, fake_api: FakeApi) -> None:
    hook = fake_api.add_hook(name="sms", triggerId="send-phone-message", script="one\ntwo\n")
    address = f"/t/acme/hooks/{hook['id']}/"
    form = opened(admin, address)
    del fake_api.requests[:]
    answer = admin.post(address, form | {"script": "one\r\ntwo\r\n"})
    assert [call.method for call in fake_api.requests] == ["GET"]
    assert "Nothing has changed since the last save." in admin.get(answer.headers["Location"]).content.decode()


@pytest.mark.parametrize(
    ("before", "after"), [("a\nb\n", "a\nc\n"), ("a\r\nb\r\n", "a\r\nc\r\n"), ("a\r\nb\n", "a\nc\n")]
)
def test_line_ends_stay_those_of_the_hook(admin: Client, local: Tenant, before: str, after: str) -> None:
    hooks = open_client(local).hooks
    hook = hooks.create("lines", "send-phone-message", before, enabled=False)
    address = f"/t/local/hooks/{hook.id}/"
    # Browsers send forms with \r\n throughout.
    admin.post(address, opened(admin, address) | {"script": "a\r\nc\r\n"})
    assert hooks.get(hook.id).script == after


def test_opening_and_saving_cost_few_queries(
    admin: Client, a_hook: Hook, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    address = f"/t/local/hooks/{a_hook.id}/"
    form = opened(admin, address)
    # Session, user, what is known of the tenant; the hook.
    with django_assert_num_queries(4):
        admin.get(address)
    # The same three; the hook as it is now; the API's transaction (begin, read, write, end).
    with django_assert_num_queries(8):
        admin.post(address, form | {"script": CHANGED}, headers=JSON)


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("", "The script is empty."),
        (" \n ", "The script is empty."),
        ("x" * 100_001, "The script has 100.1 kB; the limit is 100 kB. Move code into NPM modules."),
        ("a\r\n" * 40_000, "The script has 120.0 kB; the limit is 100 kB."),
        ("a\x00b", "Null characters are not allowed."),
    ],
)
def test_a_script_that_cannot_be_is_refused_before_it_is_sent(
    admin: Client, a_hook: Hook, local: Tenant, script: str, message: str
) -> None:
    address = f"/t/local/hooks/{a_hook.id}/"
    form = opened(admin, address) | {"script": script, "newline": "crlf"}
    answer = admin.post(address, form)
    assert answer.status_code == 400
    assert message in answer.content.decode()
    assert admin.post(address, form, headers=JSON).json()["error"]["message"].startswith(message)
    assert open_client(local).hooks.get(a_hook.id) == a_hook


def test_a_refused_script_is_still_on_the_page(admin: Client, settings: Settings, a_hook: Hook) -> None:
    address = f"/t/local/hooks/{a_hook.id}/"
    form = opened(admin, address)
    settings.LOCAL_TENANT_MODE = "read-only"
    answer = admin.post(address, form | {"script": f"{CHANGED} // my <new> script"})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "local no longer accepts changes to hook scripts. What you typed is still here." in page
    assert "my &lt;new&gt; script</textarea>" in page
    assert "check-domain" in page


WEATHER = [
    (401, {"message": "Invalid token"}, {}, 502, "acme does not accept this dashboard's token."),
    (
        403,
        {"message": "Insufficient scope, expected any of: update:hooks", "errorCode": "insufficient_scope"},
        {},
        403,
        "This needs the scope update:hooks.",
    ),
    (
        404,
        {"message": "Error: Hook does not exist", "errorCode": "HookDoesNotExist"},
        {},
        404,
        "sms is no longer on acme.",
    ),
    (
        429,
        {"message": "Global limit has been reached"},
        {"Retry-After": "30"},
        429,
        "acme accepts no more requests for 30 seconds.",
    ),
    (
        400,
        {"message": "Payload validation error: 'x'."},
        {},
        400,
        "acme refused this: Payload validation error: 'x'.",
    ),
    (500, {"message": "boom"}, {}, 502, "acme gave an answer we cannot use (500)."),
]


@pytest.mark.parametrize(("status", "body", "headers", "ours", "sentence"), WEATHER)
def test_each_failure_says_what_happened_and_keeps_the_text(
    admin: Client,
    remote: Tenant,
    fake_api: FakeApi,
    status: int,
    body: dict[str, str],
    headers: dict[str, str],
    ours: int,
    sentence: str,
) -> None:
    hook = fake_api.add_hook(name="sms", triggerId="send-phone-message", script="1")
    address = f"/t/acme/hooks/{hook['id']}/"
    form = opened(admin, address)
    fake_api.reply("PATCH", f"/api/v2/hooks/{hook['id']}", Reply(status, body, headers))
    answer = admin.post(address, form | {"script": "typed with care"})
    page = html.unescape(answer.content.decode())
    assert answer.status_code == ours
    assert sentence in page
    assert "typed with care</textarea>" in page
    assert answer.headers.get("Retry-After") == headers.get("Retry-After")


def test_a_deleted_hook_offers_to_make_a_new_one_with_the_code(
    admin: Client, remote: Tenant, fake_api: FakeApi
) -> None:
    hook = fake_api.add_hook(name="sms", triggerId="send-phone-message", script="1")
    form = opened(admin, f"/t/acme/hooks/{hook['id']}/")
    del fake_api.hooks[hook["id"]]
    page = admin.post(f"/t/acme/hooks/{hook['id']}/", form | {"script": "2"}).content.decode()
    assert "Create a hook with it" in page


def test_an_unknown_hook_is_a_404_with_a_way_back(admin: Client) -> None:
    answer = admin.get("/t/local/hooks/01GQN0P01XY4VE0PCK7H20QZ4M/")
    assert answer.status_code == 404
    assert "Back to Hooks" in answer.content.decode()


def test_an_unreachable_tenant_is_said_and_the_text_kept(admin: Client, remote: Tenant, fake_api: FakeApi) -> None:
    hook = fake_api.add_hook(name="sms", triggerId="send-phone-message", script="1")
    form = opened(admin, f"/t/acme/hooks/{hook['id']}/")
    fake_api.stop()
    answer = admin.post(f"/t/acme/hooks/{hook['id']}/", form | {"script": "typed with care"})
    page = answer.content.decode()
    assert answer.status_code == 502
    assert (
        "cannot be reached (it refused the connection). Nothing was changed, and what you typed is still here." in page
    )
    assert "typed with care</textarea>" in page
