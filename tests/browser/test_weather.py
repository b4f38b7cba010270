"""Nothing typed is lost: sessions that end, tenants that refuse or are gone, browsers that are closed."""

import pytest
from auth0.management.client import Auth0
from playwright.sync_api import Dialog, Page, expect

from tests.browser.conftest import PASSWORD, Visit, Visits, set_offline
from tests.serving import Served, serve


def type_text(page: Page, text: str) -> None:
    """Type at the top of the script."""
    page.get_by_role("textbox", name="Script").click()
    page.keyboard.press("Control+Home")
    page.keyboard.insert_text(text)


@pytest.fixture
def editing(visit: Visits, dashboard: Served, request: pytest.FixtureRequest) -> Visit:
    """Someone in the editor of a hook of their own, with `typed` typed and not saved."""
    visitor = visit(dashboard)
    visitor.enter()
    visitor.create(request.node.name.replace("_", " "), "Post User Registration")
    # Shown by the page's script, which keeps drafts from then on.
    expect(visitor.page.get_by_role("button", name="Tools")).to_be_visible()
    type_text(visitor.page, "// typed\n")
    return visitor


def test_an_ended_session_asks_to_sign_in_and_brings_the_text_back(editing: Visit) -> None:
    page, address = editing.page, editing.page.url
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text(
        "You were signed out. Sign in to go on; what you typed was kept in this browser."
    )
    expect(page.get_by_role("textbox", name="Script")).to_contain_text("// typed")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("alert").get_by_role("link", name="Sign in").click()
    page.get_by_label("Username").fill("admin")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Edit Hook")).to_be_visible()
    assert page.url == address
    expect(page.get_by_role("textbox", name="Script")).to_contain_text("// typed")
    expect(page.get_by_role("textbox", name="Script")).to_be_focused()
    expect(page.get_by_role("status")).to_have_text("What you typed before you signed in is back.")
    expect(page.get_by_text("Modified")).to_be_visible()


def test_a_closed_tab_leaves_a_draft_that_can_be_discarded(editing: Visit) -> None:
    address = editing.page.url
    # Closed at once, without the question: within the second after which a draft is kept anyway.
    editing.page.close()
    page = editing.page.context.new_page()
    page.goto(address)
    expect(page.get_by_text("A draft of this script from")).to_be_visible()
    page.get_by_role("button", name="Discard draft").click()
    expect(page.get_by_text("A draft of this script from")).to_be_hidden()
    page.reload()
    expect(page.get_by_role("textbox", name="Script")).to_be_visible()
    expect(page.get_by_text("A draft of this script from")).to_be_hidden()


def test_a_draft_that_is_not_answered_survives_typing_saving_and_leaving(editing: Visit) -> None:
    address = editing.page.url
    editing.page.close()
    page = editing.page.context.new_page()
    page.goto(address)
    expect(page.get_by_role("button", name="Restore draft")).to_be_visible()
    type_text(page, "// other\n")
    page.keyboard.press("Control+s")
    expect(page.get_by_role("status")).to_contain_text("Saved at")
    page.goto(address)
    expect(page.get_by_role("textbox", name="Script")).to_contain_text("// other")
    page.get_by_role("button", name="Restore draft").click()
    expect(page.get_by_role("textbox", name="Script")).to_contain_text("// typed")


def test_leaving_with_unsaved_changes_is_asked_about(editing: Visit) -> None:
    page = editing.page
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.get_by_role("link", name="Back to Hooks").click()
    leave = page.get_by_role("dialog", name="Leave the editor?")
    expect(leave).to_contain_text("are not saved.")
    expect(leave.get_by_role("button", name="Keep editing")).to_be_focused()
    page.keyboard.press("Enter")
    expect(leave).to_have_count(0)
    expect(page.get_by_role("link", name="Back to Hooks")).to_be_focused()
    page.evaluate("location.reload()")
    expect(page.get_by_role("textbox", name="Script")).to_contain_text("// typed")
    assert asked == ["beforeunload"]
    page.get_by_role("link", name="Back to Hooks").click()
    leave.get_by_role("button", name="Discard changes").click()
    expect(page.get_by_role("heading", name="Hooks", exact=True)).to_be_visible()
    page.go_back()
    expect(page.get_by_role("textbox", name="Script")).not_to_contain_text("// typed")
    expect(page.get_by_text("A draft of this script from")).to_be_hidden()


def test_a_hook_deleted_meanwhile_can_be_made_again_with_the_text(editing: Visit, sdk: Auth0) -> None:
    page = editing.page
    sdk.hooks.delete(editing.hook_id)
    page.keyboard.press("Control+s")
    expect(page.get_by_role("alert")).to_contain_text("is no longer on local. Someone may have deleted it.")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download script").click()
    assert download.value.path().read_text().startswith("// typed\n")
    page.get_by_role("button", name="Create a hook with it").click()
    expect(page.get_by_role("heading", name="Create a Hook")).to_be_visible()
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("textbox", name="Script")).to_contain_text("// typed")


def test_an_offline_browser_keeps_the_text_and_saves_when_back(editing: Visit) -> None:
    page = editing.page
    set_offline(page, True)
    page.keyboard.press("Control+s")
    expect(page.get_by_role("alert")).to_contain_text("This browser is offline. What you type is kept here.")
    set_offline(page, False)
    page.keyboard.press("Control+s")
    expect(page.get_by_role("status")).to_contain_text("Saved at")
    expect(page.get_by_role("alert")).to_be_empty()


def test_a_read_only_tenant_keeps_the_text_and_says_so_from_then_on(visit: Visits) -> None:
    with serve({"ADMIN_PASSWORD": PASSWORD}) as writable:
        visitor = visit(writable)
        visitor.sign_in()
        visitor.create("read only", "Send Phone Message")
        script = visitor.page.url
        writable.stop()
        with serve(writable.env | {"LOCAL_TENANT_MODE": "read-only"}, data_dir=writable.data_dir) as read_only:
            page = visitor.page
            page.goto(script.replace(writable.url, read_only.url))
            type_text(page, "// typed\n")
            page.keyboard.press("Control+s")
            expect(page.get_by_role("alert")).to_contain_text("local no longer accepts changes to hook scripts.")
            expect(page.get_by_role("textbox", name="Script")).to_contain_text("// typed")
            page.reload()
            expect(page.get_by_text("local no longer accepts changes to hook scripts.")).to_be_visible()
            page.get_by_role("button", name="Restore draft").click()
            expect(page.get_by_role("textbox", name="Script")).to_contain_text("// typed")


def test_an_api_that_is_down_leaves_list_and_text_in_place(visit: Visits) -> None:
    api = {"LOCAL_API_CLIENT_ID": "one", "LOCAL_API_CLIENT_SECRET": "two"}
    with serve(api) as upstream:
        tenant = {"AUTH0_DOMAIN": upstream.url, "AUTH0_CLIENT_ID": "one", "AUTH0_CLIENT_SECRET": "two"}
        with serve(tenant | {"ADMIN_PASSWORD": PASSWORD}) as dashboard:
            visitor = visit(dashboard)
            page = visitor.page
            visitor.sign_in()
            visitor.create("down", "Send Phone Message")
            page.get_by_role("link", name="Back to Hooks").click()
            page.get_by_role("link", name="down", exact=True).click()
            type_text(page, "// typed\n")
            upstream.stop()
            page.keyboard.press("Control+s")
            expect(page.get_by_role("alert")).to_contain_text(
                "cannot be reached (it refused the connection). Nothing was changed, and what you typed is still here."
            )
            page.on("dialog", lambda dialog: dialog.accept())
            page.goto(dashboard.url)
            expect(page.get_by_role("alert")).to_contain_text("cannot be reached")
            expect(page.get_by_role("button", name="Try again")).to_be_visible()
            expect(page.get_by_role("link", name="down", exact=True)).to_be_visible()
