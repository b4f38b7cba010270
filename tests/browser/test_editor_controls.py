"""Every control of the Hook Editor by role and name, on a desktop and on a phone."""

import re
import subprocess
from collections.abc import Iterator

import pytest
from auth0.management.client import Auth0
from playwright.sync_api import Page, expect

from tests.browser.conftest import CLIENT_ID, CLIENT_SECRET, Visit, Visits
from tests.serving import Served, network_token

SCRIPT = "module.exports = (user, context, cb) => cb();\n"


@pytest.fixture(params=[1280, 360])
def visitor(request: pytest.FixtureRequest, visit: Visits, dashboard: Served, sdk: Auth0) -> Iterator[Visit]:
    """Someone in the editor of a hook of their own."""
    name = re.sub("[^a-z]+", "-", request.node.name.lower()).strip("-") + (
        "-wide" if request.param > 500 else "-narrow"
    )
    hook = sdk.hooks.create(name=name[-60:].strip("-"), script=SCRIPT, trigger_id="post-user-registration")
    visitor = visit(
        dashboard, viewport={"width": request.param, "height": 740}, permissions=["clipboard-read", "clipboard-write"]
    )
    visitor.enter(f"/t/local/hooks/{hook.id}/")
    expect(visitor.page.get_by_role("button", name="Tools")).to_be_visible()
    yield visitor
    sdk.hooks.delete(str(hook.id))


def tool(page: Page, item: str) -> None:
    """Choose from the Tools menu."""
    page.get_by_role("button", name="Tools").click()
    page.get_by_role("menuitem", name=item).click()


def type_line(page: Page, line: str) -> None:
    """Type a line at the top of the script."""
    page.get_by_role("textbox", name="Script").click()
    page.keyboard.press("Control+Home")
    page.keyboard.type(line + "\n")


def test_secrets(visitor: Visit, sdk: Auth0) -> None:
    page = visitor.page
    tool(page, "Secrets")
    panel = page.get_by_role("region", name="Secrets")
    expect(panel.get_by_role("heading", name="Secrets")).to_be_focused()
    expect(panel).to_contain_text("0 of 20")
    panel.get_by_role("textbox", name="Secret name").fill("API KEY")
    value = panel.get_by_role("textbox", name="Secret value")
    value.fill("s3cret")
    panel.get_by_role("button", name="Add secret").click()
    expect(panel).to_contain_text("Enter a name without spaces.")
    expect(panel.get_by_role("textbox", name="Secret name")).to_be_focused()
    expect(value).to_have_value("s3cret")
    expect(value).to_have_css("-webkit-text-security", "disc")
    panel.get_by_role("switch", name="Show value").check()
    expect(value).to_have_css("-webkit-text-security", "none")
    panel.get_by_role("textbox", name="Secret name").fill("API_KEY")
    panel.get_by_role("button", name="Add secret").click()
    expect(page.get_by_role("status")).to_have_text("Added 1 secret.")
    panel.get_by_role("button", name="Paste several").click()
    lines = panel.get_by_role("textbox", name="KEY=VALUE lines")
    lines.fill("ONE=1\nTWO")
    panel.get_by_role("button", name="Add all lines").click()
    expect(panel).to_contain_text("Line 2 is not KEY=VALUE. Nothing was added.")
    expect(lines).to_have_value("ONE=1\nTWO")
    lines.fill("ONE=1\nTWO=2")
    panel.get_by_role("button", name="Add all lines").click()
    expect(page.get_by_role("status")).to_have_text("Added 2 secrets.")
    panel.get_by_role("button", name="Change ONE").click()
    # The form for a new secret has a field of the same name, and stays until this one has come.
    expect(panel).to_contain_text("A new value for ONE.")
    panel.get_by_role("textbox", name="Secret value").fill("new")
    panel.get_by_role("button", name="Update ONE").click()
    expect(page.get_by_role("status")).to_have_text("Updated ONE.")
    expect(panel.get_by_role("list", name="Secrets of")).to_contain_text("No line of the script uses it.")
    panel.get_by_role("button", name="Remove TWO").click()
    dialog = page.get_by_role("dialog", name="Remove secret")
    expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    dialog.get_by_role("button", name="Remove").click()
    expect(page.get_by_role("status")).to_have_text("Removed TWO.")
    assert list(sdk.hooks.secrets.get(visitor.hook_id)) == ["API_KEY", "ONE"]
    page.get_by_role("button", name="Close Secrets").click()
    expect(page.get_by_role("button", name="Tools")).to_be_focused()
    assert sdk.hooks.get(visitor.hook_id).script == SCRIPT


def test_modules_go_out_with_save(visitor: Visit, sdk: Auth0) -> None:
    page = visitor.page
    page.get_by_role("button", name="NPM Modules").click()
    panel = page.get_by_role("region", name="NPM Modules")
    panel.get_by_role("textbox", name="Module name").fill("Lodash")
    panel.get_by_role("textbox", name="Version").fill("four")
    panel.get_by_role("button", name="Add module").click()
    expect(panel).to_contain_text("npm does not allow the name Lodash.")
    expect(panel).to_contain_text("four is not a version or range; write for example 4.17.21 or ^4.17.0.")
    panel.get_by_role("textbox", name="Module name").fill("lodash")
    panel.get_by_role("textbox", name="Version").fill("^4.17.0")
    page.keyboard.press("Enter")
    rows = panel.get_by_role("list", name="Modules of")
    expect(rows).to_contain_text("lodash@^4.17.0")
    expect(page.get_by_text("Modified")).to_be_visible()
    assert sdk.hooks.get(visitor.hook_id).dependencies == {}
    panel.get_by_role("button", name="Edit lodash").click()
    panel.get_by_role("textbox", name="Version").fill("4.17.21")
    panel.get_by_role("button", name="Change module").click()
    expect(rows).to_contain_text("lodash@4.17.21")
    type_line(page, "const axios = require('axios');")
    panel.get_by_role("button", name="Add axios").click()
    expect(rows).to_contain_text("axios@*")
    panel.get_by_role("button", name="Remove lodash").click()
    expect(rows).not_to_contain_text("lodash")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Saved at")
    saved = sdk.hooks.get(visitor.hook_id)
    assert (saved.dependencies, str(saved.script).split("\n")[0]) == ({"axios": "*"}, "const axios = require('axios');")
    page.get_by_role("button", name="Close NPM Modules").click()
    expect(page.get_by_role("region", name="NPM Modules")).to_have_count(0)


def test_settings_last_and_are_reset(visitor: Visit) -> None:
    page = visitor.page
    page.get_by_role("button", name="Editor settings").click()
    dialog = page.get_by_role("dialog", name="Editor settings")
    dialog.get_by_role("combobox", name="Theme").select_option("Light")
    expect(page.locator(".cm-editor")).to_have_css("background-color", "rgb(255, 255, 255)")
    dialog.get_by_role("spinbutton", name="Font size").fill("20")
    dialog.get_by_role("spinbutton", name="Tab size").fill("4")
    dialog.get_by_role("switch", name="Word wrap").check()
    dialog.get_by_role("combobox", name="Key map").select_option("Vim")
    expect(page.get_by_text("--NORMAL--")).to_be_visible()
    expect(page.get_by_text("Press Ctrl-M, then Tab, to leave the code.")).to_be_attached()
    page.reload()
    expect(page.locator(".cm-editor")).to_have_css("background-color", "rgb(255, 255, 255)")
    expect(page.locator(".cm-editor")).to_have_css("font-size", "20px")
    expect(page.get_by_text("--NORMAL--")).to_be_visible()
    page.get_by_role("button", name="Editor settings").click()
    expect(dialog.get_by_role("spinbutton", name="Tab size")).to_have_value("4")
    dialog.get_by_role("button", name="Reset").click()
    expect(page.locator(".cm-editor")).to_have_css("background-color", "rgb(18, 19, 25)")
    expect(page.get_by_text("--NORMAL--")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("button", name="Editor settings")).to_be_focused()


def test_starter_script_download_and_curl(visitor: Visit, sdk: Auth0, dashboard: Served) -> None:
    page = visitor.page
    tool(page, "Restore starter script")
    dialog = page.get_by_role("dialog", name="Restore starter script")
    dialog.get_by_role("button", name="Restore").click()
    expect(page.get_by_role("textbox", name="Script")).to_contain_text("Post User Registration")
    expect(page.get_by_text("Modified")).to_be_visible()
    type_line(page, "// it's mine")
    with page.expect_download() as download:
        tool(page, "Download script")
    assert download.value.path().read_text().startswith("// it's mine\n/** Post User Registration")
    tool(page, "Copy as curl")
    expect(page.get_by_role("status")).to_have_text("Copied.")
    command = page.evaluate("navigator.clipboard.readText()")
    token = network_token(dashboard.url, CLIENT_ID, CLIENT_SECRET)
    assert token not in command
    command = command.replace("http://127.0.0.1:8000", dashboard.url)
    subprocess.run(["bash", "-c", command], env={"TOKEN": token}, check=True, capture_output=True)
    assert str(sdk.hooks.get(visitor.hook_id).script).startswith("// it's mine\n")


def test_full_screen_shortcuts_and_moving_about(visitor: Visit) -> None:
    page = visitor.page
    full = page.get_by_role("button", name="Full screen")
    full.click()
    expect(full).to_have_attribute("aria-pressed", "true")
    box = page.get_by_role("region", name="Hook Editor").bounding_box()
    assert box
    assert (box["x"], box["y"]) == (0, 0)
    expect(page.locator(".panel-tenant")).to_be_visible()
    page.keyboard.press("Escape")
    expect(full).to_have_attribute("aria-pressed", "false")
    tool(page, "Keyboard shortcuts")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_contain_text("Ctrl-S")
    page.get_by_text("Close", exact=True).click()
    expect(page.get_by_role("button", name="Tools")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="Save")).to_be_focused()
    page.keyboard.press("F6")
    expect(page.get_by_role("textbox", name="Script")).to_be_focused()
    page.keyboard.press("F6")
    expect(full).to_be_focused()
    page.keyboard.press("Shift+F6")
    expect(page.get_by_role("textbox", name="Script")).to_be_focused()
    page.keyboard.press("End")
    expect(page.get_by_text("Ln 1, Col 46")).to_be_visible()


def test_a_hook_changed_elsewhere_is_merged_by_hand(visitor: Visit, sdk: Auth0) -> None:
    page = visitor.page
    type_line(page, "// mine")
    sdk.hooks.update(visitor.hook_id, script=SCRIPT + "// theirs\n", dependencies={"axios": "1"})
    page.get_by_role("button", name="Save").click()
    dialog = page.get_by_role("dialog", name="This hook changed on local")
    expect(dialog).to_contain_text("Nothing was overwritten. Compare both versions and choose.")
    expect(dialog).to_contain_text("NPM modules differ too: axios 1, yours removed.")
    dialog.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was overwritten.")
    expect(page.get_by_role("textbox", name="Script")).to_contain_text("// mine")
    page.get_by_role("button", name="Save").click()
    dialog.get_by_role("button", name="Merge by hand").click()
    page.get_by_role("button", name="Keep mine").first.click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("1 difference is still open. Choose a side for each, then save.")
    page.get_by_role("button", name="Take theirs").click()
    expect(page.get_by_role("status")).to_have_text("Every difference is settled. Save when you are ready.")
    expect(page.get_by_role("textbox", name="Script")).to_be_focused()
    page.keyboard.press("Control+s")
    expect(page.get_by_role("status")).to_contain_text("Saved at")
    saved = sdk.hooks.get(visitor.hook_id)
    assert (saved.script, saved.dependencies) == ("// mine\n" + SCRIPT + "// theirs\n", {"axios": "1"})


@pytest.mark.parametrize(("choice", "kept"), [("Keep mine", "// mine\n" + SCRIPT), ("Take theirs", "// theirs\n")])
def test_of_two_versions_one_is_taken_whole(visitor: Visit, sdk: Auth0, choice: str, kept: str) -> None:
    page = visitor.page
    type_line(page, "// mine")
    sdk.hooks.update(visitor.hook_id, script="// theirs\n")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("dialog").get_by_role("button", name=choice).click()
    expect(page.get_by_role("textbox", name="Script")).to_contain_text(kept.split("\n")[0])
    if choice == "Keep mine":
        expect(page.get_by_role("status")).to_contain_text("Saved at")
    else:
        expect(page.get_by_text("Modified")).to_have_count(0)
    assert sdk.hooks.get(visitor.hook_id).script == kept


def test_a_draft_upon_an_older_version_does_not_overwrite_a_newer_one(visitor: Visit, sdk: Auth0) -> None:
    page, context = visitor.page, visitor.page.context
    type_line(page, "// mine")
    address = page.url
    page.close()
    sdk.hooks.update(visitor.hook_id, script="// theirs\n")
    page = context.new_page()
    page.goto(address)
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("dialog", name="Compare with the draft")).to_contain_text("// mine")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Restore draft").click()
    page.keyboard.press("Control+s")
    expect(page.get_by_role("dialog", name="This hook changed on local")).to_be_visible()
    assert sdk.hooks.get(visitor.hook_id).script == "// theirs\n"
