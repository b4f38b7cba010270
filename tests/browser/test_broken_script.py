"""A script that cannot run and a hook that is enabled: asked first, by button, by keys and without JavaScript."""

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
    for left in sdk.hooks.list():
        sdk.hooks.delete(str(left.id))


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


TITLE = "Pre User Registration"
BROKEN = f"await 1;\n{SCRIPT}"
WOULD = (
    "Pre User Registration would run broken, and this script would fail there: await is only valid in async functions"
)


@pytest.fixture
def broken(guard: Guard) -> Guard:
    """A disabled hook that cannot run, beside the enabled one."""
    hook = guard.sdk.hooks.create(name="broken", script=BROKEN, trigger_id="pre-user-registration", enabled=False)
    return Guard(guard.sdk, str(hook.id))


def enabled(sdk: Auth0) -> list[str]:
    """The names of the enabled hooks."""
    return [str(hook.name) for hook in sdk.hooks.list() if hook.enabled]


@pytest.mark.parametrize("width", [1280, 360])
def test_enable_asks_before_a_hook_that_cannot_run_is_enabled(
    visit: Visits, own: Served, broken: Guard, width: int
) -> None:
    visitor = visit(own, viewport={"width": width, "height": 740})
    visitor.enter()
    page = visitor.page
    expect(page.get_by_role("searchbox", name="Filter hooks")).to_be_visible()
    select = page.get_by_role("combobox", name=f"Enabled hook for {TITLE}")
    question = page.get_by_role("dialog", name="Enable a hook that cannot run?")

    def ask() -> None:
        select.select_option("broken")
        page.get_by_role("dialog", name="Enable Hook").get_by_role("button", name="Enable hook").press("Enter")
        expect(question.get_by_role("alert")).to_contain_text(WOULD)
        expect(question.get_by_role("button", name="Cancel")).to_be_focused()

    for key in ("Enter", "Escape"):
        ask()
        page.keyboard.press(key)
        expect(question).to_have_count(0)
        expect(select).to_be_focused()
        expect(select.locator("option:checked")).to_have_text("guard")
        assert enabled(broken.sdk) == ["guard"]
    ask()
    question.get_by_role("button", name="Enable anyway").click()
    expect(page.get_by_role("status")).to_have_text(f"broken is now enabled at {TITLE}.")
    assert enabled(broken.sdk) == ["broken"]


def test_enable_asks_without_javascript_too(visit: Visits, own: Served, broken: Guard) -> None:
    visitor = visit(own, java_script_enabled=False)
    visitor.enter()
    page = visitor.page
    page.get_by_role("combobox", name=f"Enabled hook for {TITLE}").select_option("broken")
    page.get_by_role("button", name=f"Apply for {TITLE}").click()
    page.get_by_role("button", name="Enable hook").click()
    expect(page.get_by_role("alert")).to_contain_text(WOULD)
    expect(page.get_by_role("link", name="Cancel")).to_be_focused()
    assert enabled(broken.sdk) == ["guard"]
    page.get_by_role("button", name="Enable anyway").click()
    expect(page.get_by_role("status")).to_contain_text(f"broken is now enabled at {TITLE}.")
    assert enabled(broken.sdk) == ["broken"]


@pytest.mark.parametrize("scripts", [True, False])
def test_create_asks_where_the_hook_would_start_enabled(
    visit: Visits, own: Served, guard: Guard, scripts: bool
) -> None:
    visitor = visit(own, java_script_enabled=scripts)
    visitor.enter(f"/t/local/hooks/{guard.hook_id}/")
    page = visitor.page
    guard.sdk.hooks.delete(guard.hook_id)
    if scripts:
        expect(page.get_by_role("button", name="Tools")).to_be_visible()
        break_script(page)
    else:
        page.get_by_label("Script").fill(BROKEN)
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("button", name="Create a hook with it").click()
    page.get_by_role("button", name="Create", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was created yet.")
    expect(page.get_by_role("link", name="Cancel")).to_be_focused()
    page.get_by_role("textbox", name="Name").press("Enter")
    expect(page.get_by_role("link", name="Cancel")).to_be_focused()
    assert list(guard.sdk.hooks.list()) == []
    page.get_by_role("button", name="Create anyway").click()
    expect(page.get_by_role("heading", name="Edit Hook")).to_be_visible()
    (hook,) = guard.sdk.hooks.list()
    assert (hook.name, hook.enabled) == ("guard", True)
