"""What is said of an action: in view, clear of the focus, once, until dismissed; in its dialog where it failed."""

from collections.abc import Iterator

import pytest
from auth0.management.client import Auth0
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import CLIENT_ID, CLIENT_SECRET, PASSWORD, Visit, Visits, set_offline
from tests.fakes import FakeApi
from tests.fakes.management_api import refusal
from tests.serving import Served, network_token, serve

HOOKS = 300
POINT = "send-phone-message"
TITLE = "Send Phone Message"
SCRIPT = "module.exports = (recipient, text, context, cb) => cb();"

# Notes each text that comes into a live region, whole page loads apart.
LISTEN = """() => {
  window.heard = [];
  const live = "[role=status], [role=alert], [aria-live]";
  new MutationObserver((changes) => {
    for (const { target, addedNodes } of changes) {
      const text = [...addedNodes].map((node) => node.textContent.trim()).join(" ");
      if (text && target.closest?.(live)) {
        window.heard.push(text);
      }
    }
  }).observe(document.body, { childList: true, subtree: true, characterData: true });
}"""


@pytest.fixture(scope="module")
def many() -> Iterator[Served]:
    """A dashboard with three hundred hooks at one point; the last one's name begins with `last`."""
    api = {"LOCAL_API_CLIENT_ID": CLIENT_ID, "LOCAL_API_CLIENT_SECRET": CLIENT_SECRET}
    with serve(api | {"LOCAL_API_RATE_LIMIT": "100000+100000/s", "ADMIN_PASSWORD": PASSWORD}) as served:
        sdk = sdk_of(served)
        for number in range(HOOKS - 1):
            sdk.hooks.create(name=f"hook {number:03}", script=SCRIPT, trigger_id=POINT, enabled=False)
        yield served


def sdk_of(served: Served) -> Auth0:
    """auth0-python at the dashboard's API."""
    return Auth0(base_url=f"{served.url}/api/v2", token=network_token(served.url, CLIENT_ID, CLIENT_SECRET))


SIZES = [(1920, 1080), (1280, 800), (360, 740)]


@pytest.fixture
def at_the_end(visit: Visits, many: Served, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """Someone at the end of the long list, where `last` stands, in a window of the size that is asked for."""
    sdk = sdk_of(many)
    hook = sdk.hooks.create(name="last", script=SCRIPT, trigger_id=POINT, enabled=False)
    width, height = getattr(request, "param", SIZES[1])
    visitor = visit(many, viewport={"width": width, "height": height})
    visitor.enter("/t/local/hooks/")
    expect(visitor.page.get_by_role("searchbox", name="Filter hooks")).to_be_visible()
    visitor.page.get_by_role("button", name="More actions for last").focus()
    yield visitor
    if any(each.id == hook.id for each in sdk.hooks.list(per_page=100, page=HOOKS // 100 - 1)):
        sdk.hooks.delete(str(hook.id))


def choose(page: Page, item: str, name: str = "last") -> Locator:
    """Open a row's dialog by its menu, by keys; the dialog."""
    page.get_by_role("button", name=f"More actions for {name}").press("Enter")
    page.get_by_role("menuitem", name=item).press("Enter")
    dialog = page.get_by_role("dialog", name=f"{item} Hook")
    expect(dialog).to_be_visible()
    return dialog


def is_clear(page: Page, said: Locator) -> None:
    """What is said is in the window, and what has the focus is too, beside it."""
    expect(said).to_be_in_viewport(ratio=0.99)
    apart = """said => {
      const [a, b] = [said, document.activeElement].map((each) => each.getBoundingClientRect());
      const isApart = a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
      return document.activeElement !== document.body && isApart && b.top >= 0 && b.bottom <= innerHeight;
    }"""
    # Rows that come into view take their height a moment later, and what has the focus moves with them.
    page.wait_for_function(apart, arg=said.element_handle())


def toast(page: Page, text: str) -> Locator:
    """The pinned message, once it says `text`."""
    expect(page.get_by_role("status")).to_have_text(text)
    return page.locator(".toast")


@pytest.mark.parametrize("at_the_end", SIZES, indirect=True)
def test_rename_and_delete_are_said_in_view_of_the_last_row(at_the_end: Visit) -> None:
    page = at_the_end.page
    choose(page, "Rename").get_by_label("New name").fill("zz last")
    page.keyboard.press("Enter")
    said = toast(page, "Renamed last to zz-last.")
    expect(page.get_by_role("button", name="More actions for zz-last")).to_be_focused()
    is_clear(page, said)
    dialog = choose(page, "Delete", "zz-last")
    dialog.get_by_role("textbox").fill("zz-last")
    dialog.get_by_role("button", name="Delete hook").press("Enter")
    said = toast(page, "Deleted zz-last.")
    expect(page.get_by_role("link", name=f"Create New Hook for {TITLE}")).to_be_focused()
    is_clear(page, said)
    page.keyboard.press("Shift+Tab")
    is_clear(page, said)


@pytest.mark.parametrize("at_the_end", SIZES, indirect=True)
def test_enable_and_disable_are_said_in_view(at_the_end: Visit) -> None:
    page = at_the_end.page
    select = page.get_by_role("combobox", name=f"Enabled hook for {TITLE}")
    for option, button, text in (
        ("last", "Enable hook", f"last is now enabled at {TITLE}."),
        ("None", "Disable hook", f"No hook is enabled at {TITLE} now."),
    ):
        select.select_option(option)
        page.get_by_role("dialog").get_by_role("button", name=button).press("Enter")
        said = toast(page, text)
        expect(select).to_be_focused()
        is_clear(page, said)


def test_it_stays_until_it_is_dismissed_or_the_next_action(at_the_end: Visit) -> None:
    page = at_the_end.page
    dismiss = page.get_by_role("button", name="Dismiss")
    expect(dismiss).to_be_hidden()

    def rename(old: str, new: str) -> None:
        choose(page, "Rename", old).get_by_label("New name").fill(new)
        page.keyboard.press("Enter")
        toast(page, f"Renamed {old} to {new}.")

    rename("last", "zz-one")
    expect(dismiss).to_be_visible()
    dismiss.click()
    expect(page.get_by_role("status")).to_be_empty()
    expect(dismiss).to_be_hidden()
    expect(page.get_by_role("button", name="More actions for zz-one")).to_be_focused()
    rename("zz-one", "zz-two")
    page.keyboard.press("Escape")
    expect(page.get_by_role("status")).to_be_empty()
    rename("zz-two", "zz-three")
    dialog = choose(page, "Rename", "zz-three")
    expect(page.get_by_role("status")).to_be_empty()
    dialog.get_by_role("button", name="Cancel").press("Enter")


def test_each_thing_is_announced_once(at_the_end: Visit) -> None:
    page = at_the_end.page
    expect(page.locator("[role=status], [aria-live=polite]")).to_have_count(1)
    expect(page.locator("[role=alert], [aria-live=assertive]")).to_have_count(1)
    page.evaluate(LISTEN)
    choose(page, "Rename").get_by_label("New name").fill("zz last")
    page.keyboard.press("Enter")
    toast(page, "Renamed last to zz-last.")
    dialog = choose(page, "Delete", "zz-last")
    set_offline(page, True)
    dialog.get_by_role("textbox").fill("zz-last")
    dialog.get_by_role("button", name="Delete hook").press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("This browser is offline.")
    set_offline(page, False)
    heard = page.evaluate("heard")
    assert len(heard) == 2, heard
    assert heard[0] == "Renamed last to zz-last."
    assert heard[1].startswith("This browser is offline.")


def test_what_a_page_says_when_it_opens_is_announced_once(visit: Visits, many: Served) -> None:
    visitor = visit(many)
    visitor.enter("/t/local/hooks/")
    page = visitor.page
    # When the page has been parsed, before any of its scripts runs.
    page.add_init_script(
        f"document.addEventListener('readystatechange', () => document.readyState === 'interactive' && ({LISTEN})())"
    )
    visitor.create("said once", "Post Change Password")
    expect(page.get_by_role("status")).to_have_text("Created said-once.")
    assert page.evaluate("heard") == ["Created said-once."]


def test_without_javascript_it_is_pinned_and_dismissed(visit: Visits, many: Served) -> None:
    hook = sdk_of(many).hooks.create(name="plain", script=SCRIPT, trigger_id=POINT, enabled=False)
    visitor = visit(many, java_script_enabled=False, viewport={"width": 360, "height": 740})
    visitor.enter(f"/t/local/hooks/{hook.id}/delete/")
    page = visitor.page
    page.get_by_label("Type plain to confirm").fill("plain")
    page.get_by_role("button", name="Delete hook").click()
    said = page.get_by_role("status").get_by_text("Deleted plain.")
    expect(said).to_be_in_viewport(ratio=0.99)
    page.get_by_role("link", name=f"Create New Hook for {TITLE}").focus()
    expect(said).to_be_in_viewport(ratio=0.99)
    page.get_by_role("link", name="Dismiss").click()
    expect(page.get_by_role("heading", name="Hooks", exact=True)).to_be_visible()
    expect(said).to_have_count(0)


def test_in_the_editor_it_is_in_view_where_the_panel_is_longer_than_the_window(visit: Visits, many: Served) -> None:
    visitor = visit(many, viewport={"width": 360, "height": 500})
    visitor.enter("/t/local/hooks/")
    page = visitor.page
    visitor.create("long panel", "Post Change Password")
    page.get_by_role("button", name="Tools").click()
    page.get_by_role("menuitem", name="Secrets").click()
    page.get_by_label("Secret name").fill("API_KEY")
    page.get_by_label("Secret value").fill("value")
    page.get_by_role("button", name="Add secret").click()
    expect(page.get_by_role("status")).to_have_text("Added 1 secret.")
    expect(page.get_by_role("status")).to_be_in_viewport(ratio=0.99)
    set_offline(page, True)
    page.get_by_role("button", name="Change API_KEY").click()
    expect(page.get_by_role("alert").get_by_text("This browser is offline.")).to_be_in_viewport()


@pytest.fixture
def gone(visit: Visits) -> Iterator[tuple[Visit, FakeApi]]:
    """Someone at the list of a tenant with the hooks `first`, enabled, and `second`, and its API."""
    with FakeApi() as api:
        for name, enabled in (("first", True), ("second", False)):
            api.add_hook(name=name, triggerId=POINT, enabled=enabled)
        api.tokens.add("a-token")
        tenant = {"TENANTS": "acme", "ACME_AUTH0_DOMAIN": api.origin, "ACME_AUTH0_TOKEN": "a-token"}
        with serve(tenant | {"ADMIN_PASSWORD": PASSWORD}) as served:
            visitor = visit(served)
            visitor.sign_in()
            expect(visitor.page.get_by_role("searchbox", name="Filter hooks")).to_be_visible()
            yield visitor, api


def test_without_hooks_enable_and_disable_fail_in_their_dialog(gone: tuple[Visit, FakeApi]) -> None:
    page, api = gone[0].page, gone[1]
    select = page.get_by_role("combobox", name=f"Enabled hook for {TITLE}")
    api.mode = "gone"
    for option, name in (("second", "Enable"), ("None", "Disable")):
        select.select_option(option)
        dialog = page.get_by_role("dialog", name=f"{name} Hook")
        dialog.get_by_role("button", name=f"{name} hook").click()
        expect(dialog.get_by_role("alert")).to_contain_text("acme no longer has Hooks.")
        expect(dialog.get_by_role("alert")).to_be_in_viewport()
        expect(page.get_by_role("alert")).to_have_count(1)
        dialog.get_by_role("button", name="Cancel").click()
        expect(dialog).to_have_count(0)
        expect(page.get_by_role("alert")).to_be_empty()
        expect(select.locator("option:checked")).to_have_text("first")


@pytest.mark.parametrize("item", ["Rename", "Delete"])
def test_without_hooks_a_dialog_keeps_what_was_typed(gone: tuple[Visit, FakeApi], item: str) -> None:
    page, api = gone[0].page, gone[1]
    dialog = choose(page, item, "second")
    dialog.get_by_role("textbox").fill("second")
    if item == "Rename":
        dialog.get_by_role("textbox").fill("other name")
    api.mode = "gone"
    dialog.get_by_role("textbox").press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("acme no longer has Hooks.")
    expect(dialog.get_by_role("textbox")).to_have_value("second" if item == "Delete" else "other name")
    api.mode = "writable"
    dialog.get_by_role("textbox").press("Enter")
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("status")).not_to_be_empty()
    expect(page.get_by_role("alert")).to_be_empty()


def test_where_no_dialog_opens_it_fails_in_view(gone: tuple[Visit, FakeApi]) -> None:
    page, api = gone[0].page, gone[1]
    page.set_viewport_size({"width": 1280, "height": 400})
    api.mode = "gone"
    gear = page.get_by_role("button", name="More actions for second")
    gear.press("Enter")
    page.get_by_role("menuitem", name="Delete").press("Enter")
    alert = page.get_by_role("alert").get_by_text("acme no longer has Hooks.")
    expect(alert).to_be_in_viewport()
    expect(gear).to_be_focused()
    is_clear(page, alert)


def test_what_was_done_is_told_though_the_list_cannot_be_had_after_it(gone: tuple[Visit, FakeApi]) -> None:
    page, api = gone[0].page, gone[1]
    dialog = choose(page, "Rename", "second")
    dialog.get_by_label("New name").fill("other name")
    api.reply("GET", "/api/v2/hooks", *[refusal(404, "Not found")] * 3)
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("status")).to_have_text("Renamed second to other name.")
    expect(page.get_by_role("alert")).to_contain_text("acme no longer has Hooks.")


def test_removing_a_secret_fails_in_its_dialog(visit: Visits, many: Served) -> None:
    sdk = sdk_of(many)
    hook = sdk.hooks.create(name="with a secret", script=SCRIPT, trigger_id=POINT, enabled=False)
    sdk.hooks.secrets.create(str(hook.id), request={"API_KEY": "value"})
    visitor = visit(many)
    visitor.enter(f"/t/local/hooks/{hook.id}/")
    page = visitor.page
    page.get_by_role("button", name="Tools").click()
    page.get_by_role("menuitem", name="Secrets").click()
    page.get_by_role("button", name="Remove API_KEY").click()
    dialog = page.get_by_role("dialog", name="Remove secret")
    page.route("**/secrets/remove/", lambda route: route.fulfill(status=502, content_type="text/html", body="<p>"))
    dialog.get_by_role("button", name="Remove").click()
    expect(dialog.get_by_role("alert")).to_contain_text("The dashboard gave an answer we cannot use (502).")
    page.unroute("**/secrets/remove/")
    dialog.get_by_role("button", name="Remove").click()
    expect(page.get_by_role("status")).to_have_text("Removed API_KEY.")
    sdk.hooks.delete(str(hook.id))
