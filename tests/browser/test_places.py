"""Where things open, measured: menus at their buttons, and what is said where the person looks."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import FloatRect, Locator, Page, expect

from tests.browser.conftest import PASSWORD, Visits
from tests.serving import Served, serve

NEAR = 12  # CSS pixels between a button and what it opens


@pytest.fixture(scope="module")
def several() -> Iterator[Served]:
    """A dashboard with two tenants, between which one can switch."""
    env = {"TENANTS": "local,acme", "ACME_AUTH0_DOMAIN": "http://127.0.0.1:9", "ACME_AUTH0_TOKEN": "x"}
    with serve(env | {"ADMIN_PASSWORD": PASSWORD}) as served:
        yield served


def box(element: Locator) -> FloatRect:
    """Where an element is in the window."""
    found = element.bounding_box()
    assert found
    return found


def opens_at(button: Locator, opened: Locator) -> None:
    """The menu stands right below its button, or beside an edge of it, and within the window."""
    at, menu = box(button), box(opened)
    assert abs(menu["y"] - (at["y"] + at["height"])) <= NEAR, (at, menu)
    assert menu["x"] <= at["x"] + at["width"]
    assert menu["x"] + menu["width"] >= at["x"]
    assert menu["x"] >= 0


@pytest.mark.parametrize("width", [1280, 360])
def test_menus_open_at_their_buttons(visit: Visits, several: Served, width: int) -> None:
    visitor = visit(several, viewport={"width": width, "height": 740})
    visitor.enter("/t/local/hooks/")
    page = visitor.page
    switch = page.get_by_role("button", name="Switch tenant, now local")
    switch.click()
    opens_at(switch, page.locator("#tenants"))
    page.keyboard.press("Escape")
    visitor.create(f"places {width}", "Post Change Password")
    tools = page.get_by_role("button", name="Tools")
    tools.click()
    opens_at(tools, page.get_by_role("menu"))
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Back to Hooks").click()
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    gear = page.get_by_role("button", name=f"More actions for places-{width}")
    gear.click()
    opens_at(gear, page.get_by_role("menu"))


def test_what_an_action_did_is_in_view_at_the_end_of_a_long_list(visit: Visits, several: Served) -> None:
    visitor = visit(several, viewport={"width": 1280, "height": 400})
    visitor.enter("/t/local/hooks/")
    page = visitor.page
    visitor.create("last one", "Send Phone Message")
    page.get_by_role("link", name="Back to Hooks").click()
    page.evaluate("document.querySelector('#hooks').style.paddingTop = '4000px'")
    _delete(page, "last-one")
    said = page.get_by_role("status").get_by_text("Deleted last-one.")
    expect(said).to_be_in_viewport()


def _delete(page: Page, name: str) -> None:
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    gear = page.get_by_role("button", name=f"More actions for {name}")
    gear.press("Enter")
    page.get_by_role("menuitem", name="Delete").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill(name)
    dialog.get_by_role("button", name="Delete").click()
