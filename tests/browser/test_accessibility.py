"""WCAG 2.2 AA on every page, checked by axe-core, in light and dark, on a desktop and on a phone."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PASSWORD, Visits
from tests.node_tools import install
from tests.serving import Served

NODE = Path(__file__).parents[1] / "node"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core."""
    install(NODE)
    return (NODE / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_violates_a_rule(visit: Visits, dashboard: Served, axe: str, scheme: str, width: int) -> None:
    # The policy would keep axe itself out. Without motion no colour is caught half way.
    options = {"bypass_csp": True, "color_scheme": scheme, "reduced_motion": "reduce"}
    visitor = visit(dashboard, viewport={"width": width, "height": 800}, **options)
    page = visitor.page
    found: list[str] = []

    def check(what: str) -> None:
        page.evaluate(f"{axe};0")
        answer = page.evaluate("rules => axe.run(document, { runOnly: rules })", RULES)
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
    check("create")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("alert", name="Check these fields")).to_be_focused()
    check("create refused")
    page.goto(f"{dashboard.url}/t/nobody/hooks/")
    check("no such tenant")
    page.goto(f"{dashboard.url}/t/local/hooks/nothing/")
    check("no such hook")
    page.goto(f"{dashboard.url}/t/local/hooks/")
    visitor.create(f"accessible {scheme} {width}", "Send Phone Message")
    check("editor")
    _fail_to_save(page)
    check("editor with an error")
    page.keyboard.press("Control+f")
    check("editor with search")
    assert found == []


def _fail_to_save(page: Page) -> None:
    page.keyboard.type("// typed")
    page.context.set_offline(True)
    page.keyboard.press("Control+s")
    expect(page.get_by_role("alert")).to_contain_text("This browser is offline.")
    page.context.set_offline(False)
