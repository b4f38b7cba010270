"""Saving a script that cannot run into an enabled hook: asked first, by button, by keys and without JavaScript."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from auth0.management.client import Auth0
from playwright.sync_api import Page, expect

from tests.browser import conftest
from tests.browser.conftest import Visits
from tests.serving import Served, network_token, serve

SCRIPT = "module.exports = (user, context, cb) => cb();\n"
WHY = "runs guard, and this script would fail there: await is only valid in async functions (line 1)."


@pytest.fixture(scope="module")
def own() -> Iterator[Served]:
    """A dashboard whose enabled hook no other test can disable."""
    api = {"LOCAL_API_CLIENT_ID": conftest.CLIENT_ID, "LOCAL_API_CLIENT_SECRET": conftest.CLIENT_SECRET}
    with serve(api | {"ADMIN_PASSWORD": conftest.PASSWORD}) as served:
        yield served


@dataclass
class Guard:
    """An enabled hook, and its editor with a script that cannot run typed into it."""

    sdk: Auth0
    hook_id: str

    @property
    def script(self) -> str:
        """The script that the tenant has."""
        return str(self.sdk.hooks.get(self.hook_id).script)


@pytest.fixture
def guard(own: Served) -> Iterator[Guard]:
    token = network_token(own.url, conftest.CLIENT_ID, conftest.CLIENT_SECRET)
    sdk = Auth0(base_url=f"{own.url}/api/v2", token=token)
    hook = sdk.hooks.create(name="guard", script=SCRIPT, trigger_id="pre-user-registration", enabled=True)
    yield Guard(sdk, str(hook.id))
    sdk.hooks.delete(str(hook.id))


def break_script(page: Page) -> None:
    """Type a line that does not compile at the top of the script."""
    page.get_by_role("textbox", name="Script").click()
    page.keyboard.press("Control+Home")
    page.keyboard.insert_text("await 1;\n")


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("way", ["button", "keys"])
def test_save_asks_before_an_enabled_hook_gets_a_script_that_cannot_run(
    visit: Visits, own: Served, guard: Guard, way: str, width: int
) -> None:
    visitor = visit(own, viewport={"width": width, "height": 740})
    visitor.enter(f"/t/local/hooks/{guard.hook_id}/")
    page = visitor.page
    save = page.get_by_role("button", name="Save", exact=True)
    expect(page.get_by_role("button", name="Tools")).to_be_visible()
    break_script(page)

    def ask() -> None:
        save.click() if way == "button" else page.keyboard.press("Control+s")

    ask()
    dialog = page.get_by_role("dialog", name="Save a script that cannot run?")
    expect(dialog).to_contain_text(WHY)
    expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("alert")).to_contain_text(f"{WHY} Nothing was saved yet.")
    expect(page.get_by_role("textbox", name="Script")).to_contain_text("await 1;")
    assert guard.script == SCRIPT
    page.get_by_role("textbox", name="Script").focus()
    ask()
    dialog.get_by_role("button", name="Save anyway").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Saved at")
    assert guard.script == f"await 1;\n{SCRIPT}"


def test_it_asks_without_javascript_too(visit: Visits, own: Served, guard: Guard) -> None:
    visitor = visit(own, java_script_enabled=False)
    visitor.enter(f"/t/local/hooks/{guard.hook_id}/")
    page = visitor.page
    page.get_by_label("Script").fill(f"await 1;\n{SCRIPT}")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text(WHY)
    expect(page.get_by_role("link", name="Cancel")).to_be_focused()
    expect(page.get_by_label("Script")).to_have_value(f"await 1;\n{SCRIPT}")
    assert guard.script == SCRIPT
    page.get_by_role("button", name="Save anyway").click()
    expect(page.get_by_role("status")).to_contain_text("Saved at")
    assert guard.script == f"await 1;\n{SCRIPT}"
