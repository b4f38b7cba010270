"""WCAG 2.2 AA on every page, checked by axe-core, in light and dark, on a desktop and on a phone."""

from pathlib import Path

import pytest
from auth0.management.client import Auth0
from playwright.sync_api import Page, expect

from tests.browser.conftest import PASSWORD, Visits, set_offline
from tests.browser.files import bring, folder
from tests.node_tools import install
from tests.serving import Served

NODE = Path(__file__).parents[1] / "node"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Of the same page in the dark nothing else can differ.
RULES_OF_COLOURS = ["color-contrast", "link-in-text-block"]


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core."""
    install(NODE)
    return (NODE / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [360, 1280])
def test_no_page_violates_a_rule(visit: Visits, dashboard: Served, sdk: Auth0, axe: str, width: int) -> None:
    # The policy would keep axe itself out. Without motion no colour is caught half way.
    options = {"bypass_csp": True, "color_scheme": "light", "reduced_motion": "reduce"}
    visitor = visit(dashboard, viewport={"width": width, "height": 800}, **options)
    page = visitor.page
    page.add_init_script(axe)
    found: list[str] = []

    def check(what: str) -> None:
        run(what, RULES)
        page.emulate_media(color_scheme="dark")
        run(f"{what} in the dark", RULES_OF_COLOURS)
        page.emulate_media(color_scheme="light")

    def run(what: str, rules: list[str]) -> None:
        answer = page.evaluate("rules => axe.run(document, { runOnly: rules })", rules)
        found.extend(f"{what}: {each['id']} {each['nodes'][0]['target']}" for each in answer["violations"])

    page.goto(dashboard.url)
    check("sign-in")
    page.get_by_label("Username").fill("admin")
    page.get_by_label("Password").fill(f"not {PASSWORD}")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("is wrong")
    check("sign-in refused")
    visitor.sign_in()
    check("list")
    page.get_by_role("link", name="Create a Hook").click()
    page.wait_for_url("**/hooks/create/")
    check("create")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("alert", name="Check these fields")).to_be_focused()
    check("create refused")
    page.goto(f"{dashboard.url}/t/nobody/hooks/")
    check("no such tenant")
    page.goto(f"{dashboard.url}/t/local/hooks/nothing/")
    check("no such hook")
    page.goto(f"{dashboard.url}/t/local/export/")
    check("export")
    page.goto(f"{dashboard.url}/t/local/compare/")
    check("compare")
    page.goto(f"{dashboard.url}/t/local/hooks/")
    hook_id = visitor.create(f"accessible {width}", "Send Phone Message")
    check("editor")
    _fail_to_save(page)
    check("editor with an error")
    page.keyboard.press("Control+f")
    check("editor with search")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Tools").click()
    check("tools menu")
    page.get_by_role("menuitem", name="Secrets").click()
    expect(page.get_by_role("region", name="Secrets")).to_be_visible()
    check("secrets")
    page.get_by_role("button", name="Add secret").click()
    expect(page.get_by_text("Enter a value.")).to_be_visible()
    check("secrets refused")
    page.get_by_role("button", name="Close Secrets").click()
    page.get_by_role("button", name="NPM Modules").click()
    check("modules")
    page.get_by_role("button", name="Close NPM Modules").click()
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_role("region", name="Runner")).to_contain_text("Finished in")
    page.get_by_text("Secret values").click()
    check("runner")
    page.get_by_role("button", name="Save payload…").click()
    check("keep a payload")
    page.keyboard.press("Escape")
    page.get_by_role("textbox", name="Script").click()
    page.keyboard.press("Control+Home")
    page.keyboard.type("console.warn(1);broken(;")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("region", name="Runner")).to_contain_text("The hook failed")
    # Hidden when the run is over, which is when it is in the log.
    expect(page.get_by_role("button", name="Stop")).to_be_hidden()
    check("runner with an error")
    page.keyboard.press("Control+z")
    page.get_by_role("button", name="Logs").click()
    expect(page.get_by_role("region", name="Logs").locator("details")).to_have_count(2)
    page.get_by_role("region", name="Logs").locator("summary").first.click()
    expect(page.get_by_role("region", name="Logs")).to_contain_text("Payload")
    check("logs")
    page.get_by_role("button", name="Log options").click()
    check("log options")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Close Logs").click()
    page.get_by_role("button", name="Editor settings").click()
    check("settings")
    page.get_by_label("Theme").select_option("Light")
    check("editor in another theme")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Tools").click()
    page.get_by_role("menuitem", name="Keyboard shortcuts").click()
    check("shortcuts")
    page.get_by_text("Close", exact=True).click()
    _change_elsewhere(sdk, visitor.hook_id)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("dialog", name="This hook changed on local")).to_be_visible()
    expect(page.get_by_role("dialog").locator(".cm-content").first).to_be_visible()
    check("conflict")
    page.get_by_role("button", name="Merge by hand").click()
    expect(page.get_by_role("button", name="Keep mine").first).to_be_visible()
    check("merge")
    page.get_by_role("link", name="Back to Hooks").click()
    expect(page.get_by_role("dialog", name="Leave the editor?")).to_be_visible()
    check("leave")
    page.get_by_role("button", name="Discard changes").click()
    name = f"accessible-{width}"
    page.get_by_role("button", name=f"More actions for {name}").click()
    check("row menu")
    page.get_by_role("menuitem", name="Rename").click()
    expect(page.get_by_role("dialog", name="Rename Hook")).to_be_visible()
    check("rename")
    page.keyboard.press("Escape")
    page.get_by_role("button", name=f"More actions for {name}").click()
    page.get_by_role("menuitem", name="Delete").click()
    expect(page.get_by_role("dialog", name="Delete Hook")).to_be_visible()
    check("delete")
    page.keyboard.press("Escape")
    for part in ("rename", "delete", "secrets", "modules", "runs"):
        page.goto(f"{dashboard.url}/t/local/hooks/{hook_id}/{part}/")
        check(part)
    files = {"name": f"accessible {width}", "trigger": "send-phone-message"}
    bring(visitor, "local", {"hooks.zip": folder(**files)})
    expect(page.get_by_label("API_KEY of")).to_be_visible()
    check("plan that asks for a secret")
    bring(visitor, "local", {"hooks.zip": folder(**files, secret="value")})
    expect(page.get_by_role("heading", name="Will be changed")).to_be_visible()
    check("plan")
    page.get_by_role("link", name="Import").click()
    page.wait_for_url("**/import/")
    check("import")
    assert found == []


def _fail_to_save(page: Page) -> None:
    page.keyboard.type("// typed")
    set_offline(page, True)
    page.keyboard.press("Control+s")
    expect(page.get_by_role("alert")).to_contain_text("This browser is offline.")
    set_offline(page, False)


def _change_elsewhere(sdk: Auth0, hook_id: str) -> None:
    script = sdk.hooks.get(hook_id).script
    sdk.hooks.update(hook_id, script=f"{script}// changed elsewhere\n")
