"""Where things open, measured: menus, tips, panels and lists at what opens them, words where the person looks."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import FloatRect, Locator, Page, expect

from tests.browser.conftest import PASSWORD, Visits
from tests.serving import ROOT, Served, serve

NEAR = 12  # CSS pixels between a button and what it opens
ANCHORS = re.compile(r"\banchor(-name|-size)?\b|position-(anchor|area|try)")


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
    """The menu stands right below its button or right above it, at that of its edges, and within the window."""
    at, menu = box(button), box(opened)
    below, above = menu["y"] - (at["y"] + at["height"]), at["y"] - (menu["y"] + menu["height"])
    assert 0 <= below <= NEAR or 0 <= above <= NEAR, (at, menu)
    assert menu["x"] <= at["x"] + at["width"]
    assert menu["x"] + menu["width"] >= at["x"]
    is_inside(opened.page, menu)


def is_inside(page: Page, place: FloatRect) -> None:
    """What is at `place` is in the window, whole."""
    size = page.viewport_size
    assert size
    assert place["x"] >= 0
    assert place["y"] >= 0
    assert place["x"] + place["width"] <= size["width"] + 1, place
    assert place["y"] + place["height"] <= size["height"] + 1, place


@pytest.mark.parametrize("width", [1280, 360])
def test_menus_open_at_their_buttons(visit: Visits, several: Served, width: int) -> None:
    visitor = visit(several, viewport={"width": width, "height": 740})
    visitor.enter("/t/local/hooks/")
    page = visitor.page
    switch = page.get_by_role("button", name="Switch tenant, now local")
    switch.click()
    opens_at(switch, page.locator("#tenants"))
    expect(page.locator("#tenants").get_by_role("link", name="local")).to_be_focused()
    switch.click()
    expect(page.locator("#tenants")).to_be_hidden()
    visitor.create(f"places {width}", "Post Change Password")
    tools = page.get_by_role("button", name="Tools")
    tools.click()
    opens_at(tools, page.get_by_role("menu"))
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Back to Hooks").click()
    gear = page.get_by_role("button", name=f"More actions for places-{width}")
    for edge in ("start", "end"):
        gear.evaluate("(gear, block) => gear.scrollIntoView({ block })", edge)
        gear.press("Enter")
        opens_at(gear, page.get_by_role("menu"))
        page.evaluate("scrollBy(0, 20)")
        expect(page.get_by_role("menu")).to_be_visible()
        page.wait_for_function(FOLLOWED)
        page.keyboard.press("Escape")


# The menu has come to stand at its button again.
FOLLOWED = f"""() => {{
  const [menu, gear] = ["[role=menu]", "[aria-haspopup=menu][aria-expanded=true]"].map((each) =>
    document.querySelector(each).getBoundingClientRect());
  return Math.min(Math.abs(menu.top - gear.bottom), Math.abs(gear.top - menu.bottom)) <= {NEAR};
}}"""


@pytest.mark.parametrize("width", [1280, 360])
def test_the_switcher_opens_at_its_button_without_javascript(visit: Visits, several: Served, width: int) -> None:
    visitor = visit(several, viewport={"width": width, "height": 740}, java_script_enabled=False)
    visitor.enter("/t/local/hooks/")
    switch = visitor.page.get_by_role("button", name="Switch tenant, now local")
    switch.click()
    opens_at(switch, visitor.page.locator("#tenants"))


def test_no_place_needs_a_browser_that_knows_anchors() -> None:
    found = [file.name for file in (ROOT / "static" / "css").glob("*.css") if ANCHORS.search(file.read_text())]
    assert found == []


# Where the generated box of a tip is; Playwright measures elements only.
TIP = """tip => {
  const style = getComputedStyle(tip, "::after");
  const at = tip.getBoundingClientRect();
  const [width, height] = [parseFloat(style.width), parseFloat(style.height)];
  const [across, down = "0"] = style.translate === "none" ? ["0"] : style.translate.split(" ");
  const moved = (text, size) => (text.endsWith("%") ? (parseFloat(text) / 100) * size : parseFloat(text));
  return {
    text: style.content,
    x: at.left + tip.clientLeft + parseFloat(style.left) + moved(across, width),
    y: at.top + tip.clientTop + parseFloat(style.top) + moved(down, height),
    width,
    height,
  };
}"""


@pytest.mark.parametrize("width", [1280, 360])
def test_tips_stand_at_what_they_name(visit: Visits, several: Served, width: int) -> None:
    visitor = visit(several, viewport={"width": width, "height": 740})
    visitor.enter("/t/local/hooks/")
    page = visitor.page
    visitor.create(f"tips {width}", "Post User Registration")
    expect(page.get_by_role("button", name="Tools")).to_be_visible()
    _look_at_tips(page, 7)
    page.get_by_role("link", name="Back to Hooks").click()
    expect(page.get_by_role("button", name=f"More actions for tips-{width}")).to_be_visible()
    _look_at_tips(page, 1)


def _look_at_tips(page: Page, least: int) -> None:
    tips = page.locator(".tip:visible").all()
    assert len(tips) >= least
    for tip in tips:
        tip.scroll_into_view_if_needed()
        tip.hover()
        shown, at = tip.evaluate(TIP), box(tip)
        assert shown["width"] > 20, shown
        is_inside(page, shown)
        across = max(shown["x"] - (at["x"] + at["width"]), at["x"] - (shown["x"] + shown["width"]))
        down = max(shown["y"] - (at["y"] + at["height"]), at["y"] - (shown["y"] + shown["height"]))
        assert max(across, down) <= NEAR, (at, shown)
        assert max(across, down) >= 0, "a tip covers what it names"


@pytest.mark.parametrize("width", [1280, 360])
def test_panels_and_lists_open_beside_the_code_and_at_the_cursor(visit: Visits, several: Served, width: int) -> None:
    visitor = visit(several, viewport={"width": width, "height": 740})
    visitor.enter("/t/local/hooks/")
    page = visitor.page
    visitor.create(f"panels {width}", "Post User Registration")
    modules = page.get_by_role("button", name="NPM Modules", exact=True)
    modules.click()
    code, side = box(page.locator("#code")), box(page.get_by_role("region", name="NPM Modules"))
    if width > 1023:
        assert 0 <= side["x"] - (code["x"] + code["width"]) <= NEAR
        assert side["y"] == pytest.approx(code["y"], abs=NEAR)
    else:
        assert 0 <= side["y"] - (code["y"] + code["height"]) <= NEAR
        assert side["x"] == pytest.approx(code["x"], abs=NEAR)
    page.get_by_role("button", name="Close NPM Modules").click()
    gear = page.get_by_role("button", name="Editor settings")
    gear.click()
    settings = page.get_by_role("dialog", name="Editor settings")
    at, panel = box(gear), box(settings)
    assert 0 <= at["y"] - (panel["y"] + panel["height"]) <= NEAR
    is_inside(page, panel)
    page.keyboard.press("Escape")
    page.get_by_role("textbox", name="Script").click()
    page.keyboard.press("Control+Home")
    page.keyboard.type("con")
    page.keyboard.press("Control+Space")
    completions = page.locator(".cm-tooltip-autocomplete")
    expect(completions).to_be_visible()
    cursor, listed = box(page.locator(".cm-cursor-primary")), box(completions)
    assert -1 <= listed["y"] - (cursor["y"] + cursor["height"]) <= NEAR
    assert abs(listed["x"] - cursor["x"]) <= 60
    is_inside(page, listed)


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
