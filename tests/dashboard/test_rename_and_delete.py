"""What a row's menu does: rename and delete."""

import html

import pytest
from django.test import Client

from hooksui.auth0.shapes import Hook
from hooksui.tenants.client import open_client
from hooksui.tenants.config import Tenant
from tests.fakes import FakeApi, Manner, Reply, Request


def page_of(admin: Client, address: str, form: dict[str, str] | None = None) -> str:
    """The page at `address`, or the one that sending `form` leads to."""
    answer = admin.get(address) if form is None else admin.post(address, form, follow=True)
    return html.unescape(answer.content.decode())


def test_a_hook_is_renamed_as_the_server_stores_it(admin: Client, a_hook: Hook, local: Tenant) -> None:
    page = page_of(admin, f"/t/local/hooks/{a_hook.id}/rename/", {"name": "My Hook2"})
    assert "Renamed check-domain to my-hook-2." in page
    assert open_client(local).hooks.get(a_hook.id).name == "my-hook-2"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("", "Enter a name."),
        ("ab", "Use at least 3 characters."),
        ("a_b_c", "Use letters, digits, spaces and hyphens only."),
        ("-abc", "Begin and end with a letter or digit."),
        ("Other Hook", "local already has a hook named other-hook. Choose another name."),
    ],
)
def test_a_name_that_cannot_be_is_refused_and_kept(
    admin: Client, a_hook: Hook, local: Tenant, name: str, message: str
) -> None:
    open_client(local).hooks.create("other hook", "send-phone-message", "1", enabled=False)
    admin.get("/t/local/hooks/")
    page = page_of(admin, f"/t/local/hooks/{a_hook.id}/rename/", {"name": name})
    assert message in page
    assert f'value="{name}"' in page
    assert open_client(local).hooks.get(a_hook.id).name == "check-domain"


def test_an_odd_old_name_may_stay(admin: Client, remote: Tenant, fake_api: FakeApi) -> None:
    hook = fake_api.add_hook(name="_odd")
    page = page_of(admin, f"/t/acme/hooks/{hook['id']}/rename/", {"name": "_odd"})
    assert "_odd already has this name. Nothing was changed." in page
    assert fake_api.calls("PATCH") == []


def test_a_name_that_the_tenant_refuses_is_said_at_the_field(admin: Client, remote: Tenant, fake_api: FakeApi) -> None:
    one = fake_api.add_hook(name="one")
    fake_api.add_hook(name="taken-name")
    page = page_of(admin, f"/t/acme/hooks/{one['id']}/rename/", {"name": "taken-name"})
    assert "acme already has a hook named taken-name. Choose another name." in page


def test_delete_asks_for_the_name(admin: Client, a_hook: Hook, local: Tenant) -> None:
    address = f"/t/local/hooks/{a_hook.id}/delete/"
    open_client(local).secrets.add(a_hook.id, {"KEY": "hidden-value"})
    page = page_of(admin, address)
    assert "This removes check-domain from local, with its script, 1 secret and 0 modules." in page
    assert "It is enabled: nothing will run at Pre User Registration afterwards." in page
    page = page_of(admin, address, {"confirm": "check-domains"})
    assert "This is not the hook's name. Type check-domain to delete it." in page
    assert "hidden-value" not in page
    page = page_of(admin, address, {"confirm": "check-domain"})
    assert "Deleted check-domain." in page
    assert open_client(local).hooks.all() == []


def test_delete_of_a_hook_that_is_gone_shows_the_list_and_says_so(
    admin: Client, remote: Tenant, fake_api: FakeApi
) -> None:
    hook = fake_api.add_hook(name="gone-soon")
    admin.get("/t/acme/hooks/")
    del fake_api.hooks[hook["id"]]
    fake_api.add_hook(name="still-here")
    answer = admin.post(f"/t/acme/hooks/{hook['id']}/delete/", {"confirm": "gone-soon"})
    page = html.unescape(answer.content.decode())
    assert answer.status_code == 404
    assert "gone-soon is no longer on acme. Someone may have deleted it." in page
    assert "still-here" in page


def test_a_missing_scope_is_named(admin: Client, remote: Tenant, fake_api: FakeApi) -> None:
    hook = fake_api.add_hook(name="one-hook")
    fake_api.scopes = ["read:hooks"]
    assert "This needs the scope delete:hooks." in page_of(
        admin, f"/t/acme/hooks/{hook['id']}/delete/", {"confirm": "one-hook"}
    )
    assert "This needs the scope update:hooks." in page_of(
        admin, f"/t/acme/hooks/{hook['id']}/rename/", {"name": "two-hooks"}
    )


@pytest.mark.parametrize("part", ["rename", "delete", "secrets", "modules"])
def test_an_api_that_is_down_is_said_on_each_page(admin: Client, remote: Tenant, fake_api: FakeApi, part: str) -> None:
    hook = fake_api.add_hook(name="one")
    fake_api.stop()
    assert "cannot be reached" in page_of(admin, f"/t/acme/hooks/{hook['id']}/{part}/")


def test_pages_ask_the_tenant_for_no_more_than_they_show(admin: Client, remote: Tenant, fake_api: FakeApi) -> None:
    hook = fake_api.add_hook(name="one")
    admin.get("/t/acme/hooks/")
    for part, calls in {"rename": 0, "delete": 2, "secrets": 1, "modules": 1}.items():
        del fake_api.requests[:]
        admin.get(f"/t/acme/hooks/{hook['id']}/{part}/")
        assert len(fake_api.requests) == calls, part


@pytest.mark.parametrize("done", [True, False])
@pytest.mark.parametrize("odd", [Reply(500), Reply(200, {}), Reply(200, b"<html>"), Reply(manner=Manner.DROPPED)])
def test_a_rename_and_a_removal_without_a_clear_answer_are_looked_up(
    admin: Client, remote: Tenant, fake_api: FakeApi, odd: Reply, done: bool
) -> None:
    one = fake_api.add_hook(name="one")["id"]

    def carry_out(request: Request) -> Reply:
        if done:
            fake_api.answer(request)
        return odd

    told = "so we checked: it was done." if done else "We checked: it has not been done so far."
    for method, page, form in (("PATCH", "rename", {"name": "two"}), ("DELETE", "delete", {})):
        fake_api.reply(method, f"/api/v2/hooks/{one}", carry_out)
        form = form or {"confirm": fake_api.hooks[one]["name"]}
        answer = admin.post(f"/t/acme/hooks/{one}/{page}/", form, follow=True)
        assert told in html.unescape(answer.content.decode()), page
        assert len(fake_api.calls(method)) == 1


def test_a_renames_answer_without_a_name_is_looked_up(admin: Client, remote: Tenant, fake_api: FakeApi) -> None:
    hook = fake_api.add_hook(name="one")

    def answer_oddly(request: Request) -> Reply:
        fake_api.answer(request)
        return Reply(200, {"id": hook["id"], "name": None})

    fake_api.reply("PATCH", f"/api/v2/hooks/{hook['id']}", answer_oddly)
    page = admin.post(f"/t/acme/hooks/{hook['id']}/rename/", {"name": "two"}, follow=True).content.decode()
    assert "Renamed one to two." in page
    assert "so we checked: it was done" in page
