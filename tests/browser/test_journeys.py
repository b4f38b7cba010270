"""A new user's path, with and without JavaScript, on the embedded tenant and on a remote one."""

import pytest
from auth0.management.client import Auth0
from playwright.sync_api import Page, expect

from hooksui import catalogue
from tests.browser.conftest import Visits
from tests.serving import Served

POINTS = list(catalogue.points().values())


def type_at_the_top(page: Page, text: str) -> None:
    """Type a line before the script's first one."""
    page.get_by_role("textbox", name="Script").click()
    page.keyboard.press("Control+Home")
    page.keyboard.insert_text(text + "\n")


@pytest.mark.parametrize("where", ["dashboard", "second_dashboard"])
def test_create_edit_save_and_reload_at_each_point(
    request: pytest.FixtureRequest, visit: Visits, sdk: Auth0, where: str
) -> None:
    visitor = visit(request.getfixturevalue(where))
    where = where.replace("_", " ")
    page = visitor.page
    visitor.sign_in()
    for point in POINTS:
        hook_id = visitor.create(f"{where} {point.trigger}", point.title)
        name = f"{where} {point.trigger}".replace(" ", "-")
        expect(page.get_by_role("status")).to_have_text(f"Created {name}.")
        expect(page.get_by_role("textbox", name="Script")).to_be_focused()
        assert sdk.hooks.get(hook_id).script == point.starter

        type_at_the_top(page, "// changed in a browser")
        expect(page.get_by_role("heading", name=f"{name}*", exact=True)).to_be_visible()
        expect(page.get_by_text("Modified")).to_be_visible()
        page.keyboard.press("Control+s")
        expect(page.get_by_role("status")).to_contain_text("Saved at")
        expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()

        page.reload()
        expect(page.get_by_role("textbox", name="Script")).to_contain_text("// changed in a browser")
        saved = sdk.hooks.get(hook_id)
        assert saved.script == "// changed in a browser\n" + point.starter
        assert saved.trigger_id == point.trigger
        page.get_by_role("link", name="Back to Hooks").click()
        region = page.get_by_role("region", name=point.title)
        expect(region.get_by_role("link", name=name, exact=True)).to_be_visible()
        expect(region.get_by_role("link", name=f"Edit {name}")).to_be_visible()


def test_each_job_works_without_javascript(visit: Visits, dashboard: Served, sdk: Auth0) -> None:
    visitor = visit(dashboard, java_script_enabled=False)
    page = visitor.page
    visitor.sign_in()
    hook_id = visitor.create("no script here", "Post Change Password")
    page.get_by_role("textbox", name="Script").fill("module.exports = (user, context, cb) => cb();\n")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Saved at")
    assert sdk.hooks.get(hook_id).script == "module.exports = (user, context, cb) => cb();\n"
    page.get_by_role("textbox", name="Script").fill("")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("The script is empty.")


def test_the_keyboard_alone_is_enough(visit: Visits, dashboard: Served, sdk: Auth0) -> None:
    visitor = visit(dashboard)
    page = visitor.page
    page.goto(dashboard.url)
    page.keyboard.type("admin")
    page.keyboard.press("Tab")
    page.keyboard.type("a long password for tests")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Hooks", exact=True)).to_be_visible()
    # Until then the browser may move the focus by itself once more.
    page.wait_for_load_state()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    for _ in range(2):
        page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Create a Hook")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Name")).to_be_focused()
    page.keyboard.type("Keyboard only")
    page.keyboard.press("Tab")
    page.keyboard.type("Send")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Script")).to_be_focused()
    page.keyboard.type("// typed")
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="Save")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Saved at")
    assert str(sdk.hooks.get(visitor.hook_id).script).startswith("// typed")


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_scrolls_sideways(visit: Visits, dashboard: Served, width: int, scheme: str) -> None:
    visitor = visit(dashboard, viewport={"width": width, "height": 700}, color_scheme=scheme)
    page = visitor.page
    page.goto(dashboard.url)
    assert _overhang(page) == 0
    visitor.enter()
    assert _overhang(page) == 0
    visitor.create(f"a rather long name for a hook that has to wrap somewhere {width} {scheme}", "Send Phone Message")
    assert _overhang(page) == 0
    page.get_by_role("link", name="Back to Hooks").click()
    expect(page.get_by_role("heading", name="Hooks", exact=True)).to_be_visible()
    assert _overhang(page) == 0


def _overhang(page: Page) -> int:
    """Pixels by which the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def test_editor_controls_have_names_that_nothing_else_has(visit: Visits, dashboard: Served) -> None:
    visitor = visit(dashboard)
    page = visitor.page
    visitor.enter()
    name = "named controls"
    visitor.create(name, "Client Credentials Exchange")
    expect(page.get_by_role("button", name="save")).to_have_count(1)
    expect(page.get_by_role("textbox", name="script")).to_have_count(1)
    expect(page.get_by_label("Script")).to_have_count(1)
    expect(page.get_by_role("toolbar", name="Hook tools")).to_have_count(1)
    expect(page.get_by_role("region", name="Hook Editor")).to_have_count(1)
    expect(page.get_by_role("alert")).to_have_count(1)
    expect(page.get_by_role("status")).to_have_count(1)
    expect(page.get_by_text("Saved")).to_have_count(0)
    expect(page.get_by_text("Ln 1, Col 1")).to_be_visible()
    expect(page).to_have_title("named-controls · Hooks · local")
