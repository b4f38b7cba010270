"""The list's select and the menus of its rows, by role and name, on a desktop and on a phone."""

from collections.abc import Iterator

import pytest
from auth0.management.client import Auth0
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import CLIENT_ID, CLIENT_SECRET, PASSWORD, Visit, Visits, set_offline
from tests.serving import Served, network_token, serve

TITLE = "Pre User Registration"
SCRIPT = "module.exports = (user, context, cb) => cb();"


@pytest.fixture(scope="module")
def own() -> Iterator[Served]:
    """A dashboard of this module's own, so that what is enabled is known."""
    api = {"LOCAL_API_CLIENT_ID": CLIENT_ID, "LOCAL_API_CLIENT_SECRET": CLIENT_SECRET}
    with serve(api | {"LOCAL_API_RATE_LIMIT": "100000+100000/s", "ADMIN_PASSWORD": PASSWORD}) as served:
        yield served


@pytest.fixture
def api(own: Served) -> Auth0:
    """auth0-python at that dashboard, which has no hook yet."""
    token = network_token(own.url, CLIENT_ID, CLIENT_SECRET)
    client = Auth0(base_url=f"{own.url}/api/v2", token=token)
    for hook in client.hooks.list():
        client.hooks.delete(str(hook.id))
    return client


@pytest.fixture(params=[1280, 360])
def visitor(request: pytest.FixtureRequest, visit: Visits, own: Served, api: Auth0) -> Visit:
    """Someone at the list of two hooks, `first` being enabled."""
    for name, enabled in (("first", True), ("second", False)):
        api.hooks.create(name=name, script=SCRIPT, trigger_id="pre-user-registration", enabled=enabled)
    visitor = visit(own, viewport={"width": request.param, "height": 740})
    visitor.enter()
    # Shown by the page's script, which is in charge from then on.
    expect(visitor.page.get_by_role("searchbox", name="Filter hooks")).to_be_visible()
    return visitor


def select(page: Page) -> Locator:
    """The select of the point."""
    return page.get_by_role("combobox", name=f"Enabled hook for {TITLE}")


def open_menu(page: Page, hook: str, item: str) -> None:
    """Choose an item of a row's menu."""
    page.get_by_role("button", name=f"More actions for {hook}").click()
    page.get_by_role("menuitem", name=item).click()


def test_choosing_asks_says_what_changes_and_switches(visitor: Visit, api: Auth0) -> None:
    page = visitor.page
    region = page.get_by_role("region", name=TITLE)
    expect(region.get_by_role("listitem").filter(has_text="(active)")).to_contain_text("first")
    expect(page.get_by_role("button", name=f"Apply for {TITLE}")).to_have_count(0)
    select(page).select_option("second")
    dialog = page.get_by_role("dialog", name="Enable Hook")
    expect(dialog).to_contain_text(
        f"first stops running and second starts running at {TITLE}, for all applications and APIs of local."
    )
    dialog.get_by_role("button", name="Cancel").click()
    expect(select(page).locator("option:checked")).to_have_text("first")
    expect(select(page)).to_be_focused()
    select(page).select_option("second")
    dialog.get_by_role("button", name="Enable hook").click()
    expect(page.get_by_role("status")).to_have_text(f"second is now enabled at {TITLE}.")
    expect(region.get_by_role("listitem").filter(has_text="(active)")).to_contain_text("second")
    expect(select(page)).to_be_focused()
    assert {str(hook.name): hook.enabled for hook in api.hooks.list()} == {"first": False, "second": True}
    select(page).select_option("None")
    page.get_by_role("dialog", name="Disable Hook").get_by_role("button", name="Disable hook").click()
    expect(page.get_by_role("status")).to_have_text(f"No hook is enabled at {TITLE} now.")


def test_arrow_keys_on_the_closed_select_wait_for_apply(visitor: Visit) -> None:
    page = visitor.page
    select(page).focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("button", name=f"Apply for {TITLE}")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Enable Hook")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("button", name=f"Apply for {TITLE}")).to_have_count(0)
    expect(select(page).locator("option:checked")).to_have_text("first")


def test_another_admins_choice_is_told(visitor: Visit, api: Auth0) -> None:
    page = visitor.page
    select(page).select_option("None")
    (second,) = [hook for hook in api.hooks.list() if hook.name == "second"]
    api.hooks.update(str(second.id), enabled=True)
    page.get_by_role("button", name="Disable hook").click()
    expect(page.get_by_role("alert")).to_contain_text(f"second was enabled at {TITLE} in the meantime.")
    expect(select(page).locator("option:checked")).to_have_text("second")


def test_the_menu_is_one_for_the_keyboard(visitor: Visit) -> None:
    page = visitor.page
    gear = page.get_by_role("button", name="More actions for first")
    gear.focus()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("menuitem", name="Delete")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("menuitem", name="Rename")).to_be_focused()
    page.keyboard.press("d")
    expect(page.get_by_role("menuitem", name="Delete")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("menu")).to_have_count(0)
    expect(gear).to_be_focused()
    gear.dblclick()
    expect(page.get_by_role("menu")).to_have_count(0)
    expect(gear).to_have_attribute("aria-expanded", "false")


def test_rename_shows_the_stored_name_and_collisions_while_one_types(visitor: Visit, api: Auth0) -> None:
    page = visitor.page
    open_menu(page, "first", "Rename")
    dialog = page.get_by_role("dialog", name="Rename Hook")
    field = dialog.get_by_label("New name")
    expect(field).to_be_focused()
    expect(field).to_have_value("first")
    page.keyboard.type("Second")
    expect(dialog).to_contain_text("There is a hook named second already.")
    page.keyboard.press("Enter")
    expect(dialog).to_contain_text("local already has a hook named second. Choose another name.")
    expect(field).to_be_focused()
    expect(field).to_have_value("Second")
    page.keyboard.press("Escape")
    expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    field.fill("Check Domain2")
    expect(dialog).to_contain_text("Stored as check-domain-2.")
    dialog.get_by_role("button", name="Rename").click()
    expect(page.get_by_role("status")).to_have_text("Renamed first to check-domain-2.")
    expect(page.get_by_role("button", name="More actions for check-domain-2")).to_be_focused()
    assert sorted(str(hook.name) for hook in api.hooks.list()) == ["check-domain-2", "second"]


def test_delete_asks_for_the_name_and_goes_on_to_the_next_row(visitor: Visit, api: Auth0) -> None:
    page = visitor.page
    open_menu(page, "first", "Delete")
    dialog = page.get_by_role("dialog", name="Delete Hook")
    expect(dialog).to_contain_text("It is enabled: nothing will run at Pre User Registration afterwards.")
    expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    dialog.get_by_role("button", name="Delete hook").click()
    expect(dialog).to_contain_text("This is not the hook's name. Type first to delete it.")
    dialog.get_by_label("Type first to confirm").fill("first")
    dialog.get_by_role("button", name="Delete hook").click()
    expect(page.get_by_role("status")).to_have_text("Deleted first.")
    expect(page.get_by_role("link", name="second", exact=True)).to_be_focused()
    expect(page.locator("#count")).to_have_text("1 hook, none enabled")
    assert [str(hook.name) for hook in api.hooks.list()] == ["second"]


def test_delete_of_a_hook_that_is_gone_tells_and_leaves_the_rest(visitor: Visit, api: Auth0) -> None:
    page = visitor.page
    (first,) = [hook for hook in api.hooks.list() if hook.name == "first"]
    open_menu(page, "first", "Delete")
    expect(page.get_by_role("dialog", name="Delete Hook")).to_be_visible()
    api.hooks.delete(str(first.id))
    page.get_by_label("Type first to confirm").fill("first")
    page.get_by_role("button", name="Delete hook").click()
    expect(page.get_by_role("alert")).to_contain_text("first is no longer on local.")
    expect(page.get_by_role("link", name="second", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="first", exact=True)).to_have_count(0)


def test_what_was_typed_in_a_dialog_outlives_a_lost_network(visitor: Visit) -> None:
    page = visitor.page
    open_menu(page, "second", "Rename")
    field = page.get_by_label("New name")
    field.fill("third hook")
    set_offline(page, True)
    page.get_by_role("button", name="Rename", exact=True).click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("This browser is offline.")
    expect(field).to_have_value("third hook")
    set_offline(page, False)
    page.get_by_role("button", name="Rename", exact=True).click()
    expect(page.get_by_role("status")).to_have_text("Renamed second to third-hook.")


def test_without_javascript_each_is_a_page(visit: Visits, own: Served, api: Auth0) -> None:
    api.hooks.create(name="first", script="1", trigger_id="pre-user-registration", enabled=True)
    visitor = visit(own, java_script_enabled=False)
    page = visitor.page
    visitor.sign_in()
    select(page).select_option("None")
    page.get_by_role("button", name=f"Apply for {TITLE}").click()
    page.get_by_role("button", name="Disable hook").click()
    expect(page.get_by_role("status")).to_contain_text(f"No hook is enabled at {TITLE} now.")
    page.locator("summary").click()
    page.get_by_role("link", name="Rename").click()
    page.get_by_label("New name").fill("renamed")
    page.get_by_role("button", name="Rename").click()
    expect(page.get_by_role("status")).to_contain_text("Renamed first to renamed.")
    page.locator("summary").click()
    page.get_by_role("link", name="Delete").click()
    page.get_by_label("Type renamed to confirm").fill("renamed")
    page.get_by_role("button", name="Delete hook").click()
    expect(page.get_by_role("status")).to_contain_text("Deleted renamed.")


def test_what_takes_long_shows_a_progress_bar_that_says_what_goes_on(visitor: Visit) -> None:
    page = visitor.page
    held: list[Route] = []
    page.route("**/rename/", lambda route: held.append(route))
    open_menu(page, "first", "Rename")
    expect(page.get_by_role("progressbar", name="Opening Rename Hook")).to_be_visible()
    held.pop().continue_()
    dialog = page.get_by_role("dialog", name="Rename Hook")
    expect(dialog).to_be_visible()
    expect(page.get_by_role("progressbar")).to_have_count(0)
    dialog.get_by_label("New name").fill("slowly renamed")
    dialog.get_by_role("button", name="Rename").dblclick()
    expect(dialog.get_by_role("progressbar", name="Renaming first")).to_be_visible()
    assert len(held) == 1, "a double click sends once"
    held.pop().continue_()
    expect(page.get_by_role("status")).to_have_text("Renamed first to slowly-renamed.")
    expect(page.get_by_role("progressbar")).to_have_count(0)
