"""`make screenshots`: the README's pictures of list, editor, Runner and plan, taken of a dashboard of its own."""

import json
from pathlib import Path

from playwright.sync_api import FilePayload, Page, expect, sync_playwright

from hooksui import catalogue
from tests import chromium
from tests.serving import serve

FOLDER = Path(__file__).parent / "screenshots"
PASSWORD = "a password for pictures"
HOOKS = (
    ("add claims", "Client Credentials Exchange"),
    ("limit scopes", "Client Credentials Exchange"),
    ("tell billing", "Post User Registration"),
    ("company addresses only", "Pre User Registration"),
)
LINES = """  console.log('sign-up from', context.request.ip);
  if (!user.email.endsWith('@acme.example')) return cb(new PreUserRegistrationError('No company address'));
"""


def main() -> None:
    """Make hooks through the pages, and take the pictures."""
    FOLDER.mkdir(exist_ok=True)
    with serve({"ADMIN_PASSWORD": PASSWORD}) as served, sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        page = browser.new_page(viewport={"width": 1200, "height": 760})
        page.goto(served.url)
        page.get_by_label("Username").fill("admin")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        for name, title in HOOKS:
            _create(page, name, title)
        _take(page, "list")
        page.get_by_role("link", name="company-addresses-only", exact=True).click()
        page.get_by_role("textbox", name="Script").click()
        page.keyboard.press("Control+Home")
        for _ in range(2):
            page.keyboard.press("ArrowDown")
        page.keyboard.insert_text(LINES)
        _take(page, "editor")
        page.keyboard.press("Control+Enter")
        expect(page.get_by_role("region", name="Runner")).to_contain_text("Finished in")
        expect(page.get_by_role("button", name="Stop")).to_be_hidden()
        _take(page, "runner")
        page.goto(f"{served.url}/t/local/import/")
        files = [FilePayload(name="hooks.json", mimeType="", buffer=json.dumps(_changed()).encode())]
        page.get_by_label("Files", exact=True).set_input_files(files)
        page.get_by_role("button", name="Review changes").click()
        expect(page.get_by_role("heading", name="Will be changed")).to_be_visible()
        _take(page, "plan")
        browser.close()


def _changed() -> list[dict[str, object]]:
    """A hook as the API lists it, with other lines than the dashboard's, and a new one."""
    starter = catalogue.points()["pre-user-registration"].starter
    hook = {"triggerId": "pre-user-registration", "enabled": True, "dependencies": {"email-addresses": "^5.0.0"}}
    lines = starter.split("\n")
    script = "\n".join([*lines[:2], *LINES.rstrip().split("\n"), *lines[2:]])
    return [
        {**hook, "name": "company-addresses-only", "script": script},
        {**hook, "name": "no-throwaway-addresses", "script": starter, "enabled": False},
    ]


def _create(page: Page, name: str, title: str) -> None:
    page.get_by_role("link", name=f"Create New Hook for {title}").click()
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Create").click()
    page.get_by_role("link", name="Back to Hooks").click()
    expect(page.get_by_role("heading", name="Hooks", exact=True)).to_be_visible()


def _take(page: Page, name: str) -> None:
    page.screenshot(path=FOLDER / f"{name}.png", animations="disabled", caret="hide")


if __name__ == "__main__":
    main()
