"""The list of hooks."""

import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from hooksui.auth0.shapes import Hook
from hooksui.tenants.client import open_client
from hooksui.tenants.config import Tenant
from hooksui.tenants.models import TenantRecord, Trouble
from tests.fakes import FakeApi

LIST = "/t/local/hooks/"
TITLES = [
    "Client Credentials Exchange",
    "Post Change Password",
    "Post User Registration",
    "Pre User Registration",
    "Send Phone Message",
]


def test_shows_the_five_extensibility_points_by_title_even_without_hooks(admin: Client) -> None:
    page = admin.get(LIST).content.decode()
    assert re.findall(r"<h2[^>]*>(.*?)</h2>", page) == TITLES
    assert "local has no hooks yet. Create one to start from a working script." in page
    assert "0 hooks, none enabled" in page


def test_shows_each_hook_at_its_point_and_which_is_enabled(admin: Client, a_hook: Hook, local: Tenant) -> None:
    open_client(local).hooks.create("second", "pre-user-registration", "1", enabled=False)
    page = admin.get(LIST).content.decode()
    section = page.split('<h2 id="point-4">')[1].split("</section>")[0]
    assert f'href="{a_hook.id}/">check-domain</a> <span class="muted">(active)</span>' in section
    assert section.count("(active)") == 1
    assert "2 hooks, 1 enabled" in page


def test_costs_one_call_and_five_queries(
    admin: Client, a_hook: Hook, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    admin.get(LIST)
    # Session, user, what is known of the tenant; the API's page and its total.
    with django_assert_num_queries(5):
        admin.get(LIST)


def test_asks_a_remote_tenant_once_and_for_no_script(admin: Client, remote: Tenant, fake_api: FakeApi) -> None:
    fake_api.add_hook(name="sms", triggerId="send-phone-message", script="SECRET BUSINESS", enabled=True)
    page = admin.get("/t/acme/hooks/").content.decode()
    assert "sms" in page
    (call,) = fake_api.requests
    assert call.path == "/api/v2/hooks"
    assert "script" not in call.query["fields"]


def test_a_name_is_text_whatever_a_tenant_calls_its_hook(admin: Client, remote: Tenant, fake_api: FakeApi) -> None:
    fake_api.add_hook(name="""<b title="x">'a' & b</b>""", triggerId="send-phone-message", enabled=True)
    page = admin.get("/t/acme/hooks/").content.decode()
    text = "&lt;b title=&quot;x&quot;&gt;&#x27;a&#x27; &amp; b&lt;/b&gt;"
    # The row's link and the option; the labels of pencil and menu.
    assert page.count(f">{text}<") == page.count(f' {text}"') == 2
    assert '<b title="x">' not in page


def test_hooks_of_unknown_points_are_shown_as_well(admin: Client, remote: Tenant, fake_api: FakeApi) -> None:
    fake_api.add_hook(name="old-one", triggerId="password-exchange")
    page = admin.get("/t/acme/hooks/").content.decode()
    assert "old-one" in page
    assert re.findall(r"<h2[^>]*>(.*?)</h2>", page) == [*TITLES, "password-exchange"]
    assert "trigger=password-exchange" not in page


def test_keeps_the_last_known_list_when_the_tenant_does_not_answer(
    admin: Client, remote: Tenant, fake_api: FakeApi
) -> None:
    fake_api.add_hook(name="sms", triggerId="send-phone-message")
    admin.get("/t/acme/hooks/")
    fake_api.stop()
    answer = admin.get("/t/acme/hooks/")
    page = answer.content.decode()
    assert answer.status_code == 502
    assert "cannot be reached" in page
    assert "Try again" in page
    assert "sms" in page
    assert "As of" in page
    assert TenantRecord.objects.get().trouble == Trouble.UNREACHABLE


def test_a_tenant_whose_list_turned_empty_is_said_to_have_lost_its_hooks(
    admin: Client, remote: Tenant, fake_api: FakeApi
) -> None:
    hook = fake_api.add_hook(name="sms", triggerId="send-phone-message")
    admin.get("/t/acme/hooks/")
    fake_api.hooks.pop(hook["id"])
    page = admin.get("/t/acme/hooks/").content.decode()
    assert "acme no longer lists any hooks; 1 hook was there on" in page
    assert ">sms<" not in page


def test_a_tenant_that_was_read_only_and_is_gone_now_is_not_said_to_take_anything(
    admin: Client, remote: Tenant, fake_api: FakeApi
) -> None:
    admin.get("/t/acme/hooks/")
    TenantRecord.objects.update(read_only=True)
    assert "Enabling, disabling and secrets still work" in admin.get("/t/acme/hooks/").content.decode()
    fake_api.mode = "gone"
    for address in ("/t/acme/hooks/", "/t/acme/copy/"):
        page = admin.get(address).content.decode()
        assert "acme no longer has Hooks." in page
        assert "still work" not in page


@pytest.mark.parametrize(
    ("mode", "status", "sentence"),
    [("gone", 410, "local no longer has Hooks."), ("read-only", 200, ""), ("writable", 200, "")],
)
def test_says_the_state_of_the_tenant(
    admin: Client, settings: Settings, a_hook: Hook, mode: str, status: int, sentence: str
) -> None:
    settings.LOCAL_TENANT_MODE = mode
    answer = admin.get(LIST)
    assert answer.status_code == status
    assert sentence in answer.content.decode()


def test_an_unknown_tenant_is_a_404_that_lists_those_there_are(admin: Client) -> None:
    answer = admin.get("/t/nobody/hooks/")
    assert answer.status_code == 404
    assert "There is no tenant nobody here. Choose one of these." in answer.content.decode()
    assert 'href="/t/local/hooks/"' in answer.content.decode()


def test_the_header_leads_to_every_tenant(admin: Client, remote: Tenant) -> None:
    page = admin.get("/t/acme/hooks/").content.decode()
    assert 'aria-label="Switch tenant, now acme"' in page
    assert '<a href="/t/local/hooks/">local</a>' in page
    assert '<a href="/t/acme/hooks/" aria-current="true">acme</a>' in page


def test_the_header_says_which_tenants_are_in_trouble(
    admin: Client, remote: Tenant, fake_api: FakeApi, settings: Settings
) -> None:
    assert "unreachable" not in admin.get("/t/local/hooks/").content.decode()
    fake_api.stop()
    admin.get("/t/acme/hooks/")
    assert '>acme</a> <span class="muted">unreachable</span>' in admin.get("/t/local/hooks/").content.decode()


def test_home_leads_to_the_tenant_looked_at_last(admin: Client, remote: Tenant) -> None:
    assert admin.get("/").headers["Location"] == LIST
    admin.get("/t/acme/hooks/")
    assert admin.get("/").headers["Location"] == "/t/acme/hooks/"
