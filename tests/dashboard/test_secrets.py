"""The secrets of a hook: what is refused, and that values never come back."""

import html

import pytest
from django.test import Client

from hooksui.auth0.shapes import Hook
from hooksui.tenants.client import open_client
from hooksui.tenants.config import Tenant
from tests.fakes import FakeApi, Manner, Reply, Request
from tests.fakes.management_api import refusal

VALUE = "a-value-that-nobody-sees-again"


def send(admin: Client, hook: Hook, **form: str) -> str:
    """Send a form to the page of secrets, and read what comes in the end."""
    answer = admin.post(f"/t/local/hooks/{hook.id}/secrets/", form, follow=True)
    page = html.unescape(answer.content.decode())
    assert VALUE not in page
    return page


def names(local: Tenant, hook: Hook) -> list[str]:
    """The secrets that the hook has."""
    return open_client(local).secrets.names(hook.id)


def test_a_secret_is_added_changed_and_removed(admin: Client, a_hook: Hook, local: Tenant) -> None:
    assert "Added 1 secret." in send(admin, a_hook, action="add", key="API_KEY", value=VALUE)
    page = admin.get(f"/t/local/hooks/{a_hook.id}/secrets/?change=API_KEY").content.decode()
    assert 'aria-label="Update API_KEY"' in page
    assert "Updated API_KEY." in send(admin, a_hook, action="update", key="API_KEY", value=VALUE)
    address = f"/t/local/hooks/{a_hook.id}/secrets/remove/"
    page = admin.get(address, {"key": "API_KEY"}).content.decode()
    assert "check-domain can no longer read API_KEY. There is no way to get its value back." in page
    assert "Removed API_KEY." in admin.post(address, {"key": "API_KEY"}, follow=True).content.decode()
    assert names(local, a_hook) == []
    assert "Nothing was changed." in admin.get(address, {"key": "API_KEY"}, follow=True).content.decode()


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("", VALUE, "Enter a name without spaces."),
        ("API KEY", VALUE, "Enter a name without spaces."),
        ("k" * 129, VALUE, "The name is longer than 128 characters."),
        ("THERE", VALUE, "THERE already exists. Use Change to set a new value."),
        ("KEY", "", "Enter a value."),
        ("KEY", VALUE * 200, "The value is longer than 4096 characters."),
        ("KEY", "_VALUE_NOT_SHOWN_", "This is the text Auth0 shows in place of a value. Enter the value itself."),
        ("KEY", " _VALUE_NOT_SHOWN\n", "This is the text Auth0 shows in place of a value."),
    ],
)
def test_a_secret_that_cannot_be_is_refused(
    admin: Client, a_hook: Hook, local: Tenant, key: str, value: str, message: str
) -> None:
    open_client(local).secrets.add(a_hook.id, {"THERE": "1"})
    assert message in send(admin, a_hook, action="add", key=key, value=value)
    assert names(local, a_hook) == ["THERE"]


def test_the_mask_is_no_new_value_either(admin: Client, a_hook: Hook, local: Tenant) -> None:
    open_client(local).secrets.add(a_hook.id, {"KEY": "1"})
    page = send(admin, a_hook, action="update", key="KEY", value="_VALUE_NOT_SHOWN_")
    assert "Enter the value itself." in page


def test_a_twenty_first_secret_is_refused(admin: Client, a_hook: Hook, local: Tenant) -> None:
    open_client(local).secrets.add(a_hook.id, {f"KEY_{number}": "1" for number in range(20)})
    page = send(admin, a_hook, action="add", key="ONE_MORE", value=VALUE)
    assert "A hook can have 20 secrets and this one has 20. Remove one first." in page
    assert len(names(local, a_hook)) == 20


def test_several_lines_are_added_at_once(admin: Client, a_hook: Hook, local: Tenant) -> None:
    lines = f"# keys\r\nexport A={VALUE}\r\n\r\nB=\"two words\"\r\nC='x=y'\r\n"
    assert "Added 3 secrets." in send(admin, a_hook, action="lines", lines=lines)
    assert names(local, a_hook) == ["A", "B", "C"]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (f"A={VALUE}\nno equals", "Line 2 is not KEY=VALUE. Nothing was added."),
        ("=x", "Line 1 is not KEY=VALUE. Nothing was added."),
        (f"A={VALUE}\nB=", "Line 2: Enter a value. Nothing was added."),
        ("A B=1", "Line 1: Enter a name without spaces. Nothing was added."),
        ("A=_VALUE_NOT_SHOWN_", "Line 1: This is the text Auth0 shows in place of a value."),
        ("THERE=1", "THERE already exists. Use Change to set a new value. Nothing was added."),
        ("\n".join(f"K{number}=1" for number in range(20)), "You pasted 20, but only 19 more fit. Nothing was added."),
        (f"A={VALUE}\nA=2", "Line 2: A appears twice. Nothing was added."),
        ("# nothing", "Enter at least one line of KEY=VALUE."),
    ],
)
def test_of_lines_all_are_added_or_none(admin: Client, a_hook: Hook, local: Tenant, lines: str, message: str) -> None:
    open_client(local).secrets.add(a_hook.id, {"THERE": "1"})
    assert message in send(admin, a_hook, action="lines", lines=lines)
    assert names(local, a_hook) == ["THERE"]


def test_what_happened_to_a_secret_meanwhile_is_said(admin: Client, remote: Tenant, fake_api: FakeApi) -> None:
    hook = fake_api.add_hook(name="one-hook")
    address = f"/t/acme/hooks/{hook['id']}/secrets/"
    page = admin.post(address, {"action": "update", "key": "GONE", "value": VALUE}).content.decode()
    assert "no longer has a secret GONE." in page
    fake_api.scopes = ["read:hooks"]
    page = admin.post(address, {"action": "add", "key": "KEY", "value": VALUE}).content.decode()
    assert "This needs the scope update:hooks." in page
    assert VALUE not in page
    del fake_api.hooks[hook["id"]]
    assert "is no longer on acme." in admin.post(address, {"action": "add"}).content.decode()


def test_a_value_that_the_api_repeats_is_left_out(admin: Client, remote: Tenant, fake_api: FakeApi) -> None:
    hook = fake_api.add_hook(name="one-hook")
    fake_api.reply("POST", f"/api/v2/hooks/{hook['id']}/secrets", refusal(400, f"'{VALUE}' is not good."))
    for form in ({"action": "add", "key": "KEY", "value": VALUE}, {"action": "lines", "lines": f"KEY={VALUE}"}):
        page = html.unescape(admin.post(f"/t/acme/hooks/{hook['id']}/secrets/", form).content.decode())
        assert "acme refused this: '…' is not good." in page
        assert VALUE not in page


def test_a_secret_that_somebody_else_added_meanwhile_is_in_the_list(
    admin: Client, remote: Tenant, fake_api: FakeApi
) -> None:
    hook = fake_api.add_hook(name="one-hook")
    address = f"/api/v2/hooks/{hook['id']}/secrets"
    fake_api.reply("POST", address, refusal(409, "Secret with the same name already exists."))
    form = {"action": "add", "key": "KEY", "value": VALUE}
    answer = admin.post(f"/t/acme/hooks/{hook['id']}/secrets/", form)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "KEY already exists. Use Change to set a new value." in page
    assert 'aria-label="Change KEY"' in page


def test_scripts_get_the_names(admin: Client, a_hook: Hook, local: Tenant) -> None:
    open_client(local).secrets.add(a_hook.id, {"B": "1", "A": "2"})
    answer = admin.get(f"/t/local/hooks/{a_hook.id}/secrets/", headers={"Accept": "application/json"})
    assert answer.json() == {"names": ["B", "A"]}


def test_a_read_only_tenant_takes_secrets(admin: Client, remote: Tenant, fake_api: FakeApi) -> None:
    hook = fake_api.add_hook(name="one-hook")
    fake_api.mode = "read-only"
    page = admin.post(
        f"/t/acme/hooks/{hook['id']}/secrets/", {"action": "add", "key": "KEY", "value": VALUE}, follow=True
    )
    assert "Added 1 secret." in page.content.decode()


@pytest.mark.parametrize(
    ("action", "method", "said"),
    [
        ("add", "POST", "Added 1 secret. 127.0.0.1"),
        ("update", "PATCH", "so we do not know whether it was changed. "),
        ("remove", "DELETE", "Removed THERE. 127.0.0.1"),
    ],
)
@pytest.mark.parametrize("odd", [Reply(500), Reply(200, b"null"), Reply(200, b"<html>"), Reply(manner=Manner.DROPPED)])
def test_a_write_without_a_clear_answer_is_looked_up_and_never_sent_again(
    admin: Client, remote: Tenant, fake_api: FakeApi, action: str, method: str, said: str, odd: Reply
) -> None:
    one = fake_api.add_hook(name="one")["id"]
    fake_api.secrets[one] = {"THERE": "1"}

    def carry_out(request: Request) -> Reply:
        fake_api.answer(request)
        return odd

    fake_api.reply(method, f"/api/v2/hooks/{one}/secrets", carry_out)
    address = f"/t/acme/hooks/{one}/secrets/" + ("remove/" if action == "remove" else "")
    key = "NEW" if action == "add" else "THERE"
    answer = admin.post(address, {"action": action, "key": key, "value": "hidden-value"}, follow=True)
    assert said in html.unescape(answer.content.decode())
    assert len(fake_api.calls(method, f"/api/v2/hooks/{one}/secrets")) == 1
