"""The Runner and the Logs panel by role and name, on a desktop and on a phone."""

import json
import re
from collections.abc import Iterator

import pytest
from auth0.management.client import Auth0
from playwright.sync_api import Dialog, Locator, Page, Response, expect

from tests.browser.conftest import PASSWORD, Visit, Visits, set_offline
from tests.serving import Served, serve

SAVED = "module.exports = (client, scope, audience, context, cb) => cb(null, { scope });\n"
# Waits for something that never comes, so that only a person ends it.
WAITS = """module.exports = (client, scope, audience, context, cb) => {
  console.log('first line', client.name);
  console.warn('second line');
  setInterval(() => {}, 1000);
};
"""


@pytest.fixture(params=[1280, 360])
def visitor(request: pytest.FixtureRequest, visit: Visits, dashboard: Served, sdk: Auth0) -> Iterator[Visit]:
    """Someone in the editor of a hook of their own."""
    name = re.sub("[^a-z0-9]+", "-", f"{request.node.originalname[5:]} {request.param}")
    hook = sdk.hooks.create(name=name, script=SAVED, trigger_id="credentials-exchange")
    visitor = visit(dashboard, viewport={"width": request.param, "height": 740})
    visitor.enter(f"/t/local/hooks/{hook.id}/")
    expect(visitor.page.get_by_role("button", name="Run")).to_be_visible()
    yield visitor
    sdk.hooks.delete(str(hook.id))


def write(page: Page, script: str) -> None:
    """Put a script into the code editor in place of what is there, as pasting does."""
    # The button is there when the code editor is.
    expect(page.locator("#run")).to_be_visible()
    page.get_by_role("textbox", name="Script").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(script)


def start(page: Page) -> Locator:
    """Run what is in the editor by its key. Returns the Runner."""
    page.keyboard.press("Control+Enter")
    return page.get_by_role("region", name="Runner")


def test_unsaved_code_runs_and_is_seen_printing_and_nothing_is_saved(visitor: Visit, sdk: Auth0) -> None:
    page = visitor.page
    write(page, WAITS)
    panel = start(page)
    log = panel.get_by_role("log", name="Console output")
    expect(log).to_contain_text("first line billing-worker")
    expect(log).to_contain_text("warn second line")
    expect(panel).to_contain_text("Running …")
    panel.get_by_role("button", name="Stop").click()
    expect(panel).to_contain_text("Stopped before the hook called back.")
    expect(panel.get_by_role("button", name="Stop")).to_be_hidden()
    expect(page.get_by_text("Modified")).to_be_visible()
    assert sdk.hooks.get(visitor.hook_id).script == SAVED
    write(page, SAVED.replace("{ scope }", "{ scope, plan: 1, 'https://acme.example/tier': client.metadata.tier }"))
    panel = start(page)
    result = panel.get_by_role("region", name="Result")
    expect(result).to_contain_text('"https://acme.example/tier": "gold"')
    expect(result).to_contain_text("The token has the scopes read:invoices.")
    expect(result).to_contain_text("Claims added: https://acme.example/tier.")
    expect(result).to_contain_text("plan is ignored: a claim's name is an http: or https: address.")
    expect(panel).to_contain_text("Finished in")
    expect(page.get_by_role("textbox", name="Script")).to_be_focused()
    assert sdk.hooks.get(visitor.hook_id).script == SAVED


def test_an_error_leads_to_its_line(visitor: Visit) -> None:
    page = visitor.page
    write(page, SAVED + "\nfunction broken( {\n")
    panel = start(page)
    expect(panel).to_contain_text("The hook failed: Unexpected end of input (line 4).")
    panel.get_by_role("button", name="Go to line 4, column 1").click()
    expect(page.get_by_role("textbox", name="Script")).to_be_focused()
    expect(page.get_by_text("Ln 4, Col 1")).to_be_visible()
    write(page, "module.exports = () => {\n  const nothing = null;\n  nothing.x();\n};\n")
    panel = start(page)
    expect(panel).to_contain_text("The hook failed: Cannot read properties of null (reading 'x') (line 3).")
    panel.get_by_role("button", name="hook.js:3:11").click()
    expect(page.get_by_text("Ln 3, Col 11")).to_be_visible()
    write(page, SAVED.replace("null, { scope }", "new InvalidScopeError('not that one')"))
    panel = start(page)
    expect(panel).to_contain_text("The hook refused: not that one.")
    expect(panel.get_by_role("region", name="Result")).to_contain_text("Denied with invalid_scope (HTTP 400)")


def test_the_payload_is_checked_kept_and_offered_again(visitor: Visit) -> None:
    page = visitor.page
    page.get_by_role("button", name="Run").click()
    panel = page.get_by_role("region", name="Runner")
    expect(panel.get_by_role("heading", name="Runner")).to_be_focused()
    expect(panel).to_contain_text("Finished in")
    payload = panel.get_by_role("textbox", name="Payload")
    payload.click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text('{\n"scope": [,\n}')
    start(page)
    expect(panel).to_contain_text("The payload is not JSON: expecting value, line 2. Nothing was run.")
    expect(payload).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(json.dumps({"audience": "a", "client": {}, "scope": "all"}))
    start(page)
    expect(panel).to_contain_text("Body .scope received by extensibility point is neither empty nor an array")
    panel.get_by_role("button", name="Save payload…").click()
    dialog = page.get_by_role("dialog", name="Save payload")
    dialog.get_by_role("textbox", name="Payload name").fill("bad scope")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Saved the payload as bad scope.")
    panel.get_by_role("button", name="Reset payload").click()
    expect(payload).to_contain_text("billing-worker")
    page.reload()
    page.get_by_role("button", name="Run").click()
    expect(payload).to_contain_text("billing-worker")
    expect(panel).to_contain_text("Finished in")
    panel.get_by_role("combobox", name="Load payload").select_option("bad scope")
    expect(payload).to_contain_text('"scope": "all"')
    panel.get_by_role("button", name="Remove payload").click()
    expect(page.get_by_role("status")).to_have_text("Removed the payload bad scope.")
    expect(panel.get_by_role("combobox", name="Load payload")).not_to_contain_text("bad scope")
    expect(panel.get_by_role("button", name="Remove payload")).to_be_hidden()
    page.get_by_role("button", name="Close Runner").click()
    expect(page.get_by_role("button", name="Run")).to_be_focused()


def test_secrets_are_typed_once_a_browser_or_taken_from_the_tenant(visitor: Visit, sdk: Auth0) -> None:
    page = visitor.page
    sdk.hooks.secrets.create(visitor.hook_id, request={"API_KEY": "stored-value"})
    page.reload()
    write(page, SAVED.replace("{ scope }", "[context.webtask.secrets.API_KEY?.length ?? 'none']"))
    panel = start(page)
    result = panel.get_by_role("region", name="Result").locator("pre")
    expect(result).to_have_text(re.compile(r'^\[\s*"none"\s*\]$'))
    panel.get_by_text("Secret values").click()
    panel.get_by_role("switch", name="Use the stored values").check()
    start(page)
    expect(result).to_have_text(re.compile(r"^\[\s*12\s*\]$"))
    field = panel.get_by_role("textbox", name="Test value of API_KEY")
    expect(field).to_have_css("-webkit-text-security", "disc")
    field.fill("typed")
    start(page)
    expect(result).to_have_text(re.compile(r"^\[\s*5\s*\]$"))
    page.keyboard.press("Control+s")
    expect(page.get_by_role("status")).to_contain_text("Saved at")
    page.reload()
    page.get_by_role("button", name="Run").click()
    expect(result).to_have_text(re.compile(r"^\[\s*5\s*\]$"))
    panel.get_by_text("Secret values").click()
    expect(field).to_have_value("typed")


def test_logs_are_searched_opened_downloaded_and_cleared(visitor: Visit) -> None:
    page = visitor.page
    page.get_by_role("button", name="Logs").click()
    logs = page.get_by_role("region", name="Logs")
    expect(logs).to_contain_text("Press Run. Logs of real logins stay in your Auth0 tenant.")
    page.get_by_role("button", name="Close Logs").click()
    page.get_by_role("button", name="Run").click()
    panel = page.get_by_role("region", name="Runner")
    expect(panel).to_contain_text("Finished in")
    write(page, "module.exports = () => { console.log('printed'); throw new Error('boom'); };")
    start(page)
    expect(panel).to_contain_text("The hook failed: boom")
    # Hidden when the run is over, which is when it is in the log.
    expect(panel.get_by_role("button", name="Stop")).to_be_hidden()
    page.get_by_role("button", name="Logs").click()
    entries = logs.get_by_role("log", name="Runs of").locator("details")
    expect(entries).to_have_count(2)
    expect(entries.first).to_contain_text("Failed")
    expect(entries.first).to_contain_text("unsaved code")
    entries.first.locator("summary").click()
    expect(entries.first).to_contain_text("printed")
    expect(entries.first).to_contain_text("billing-worker")
    logs.get_by_role("searchbox", name="Search logs").fill("finished")
    expect(entries.first).to_be_hidden()
    expect(entries.last).to_be_visible()
    options = logs.get_by_role("button", name="Log options")
    options.click()
    local_time = page.get_by_role("menuitemcheckbox", name="Local time")
    expect(local_time).to_have_attribute("aria-checked", "true")
    local_time.click()
    expect(entries.last.locator("time")).to_contain_text("UTC")
    options.click()
    # What is not saved stays where it is, so nothing asks about it.
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="Download").click()
    assert asked == []
    assert download.value.suggested_filename == f"runs-of-{visitor.hook_id}.json"
    kept = json.loads(download.value.path().read_text())
    assert [one["outcome"]["ending"] for one in kept] == ["exception", "ok"]
    options.click()
    page.get_by_role("menuitem", name="Clear").click()
    dialog = page.get_by_role("dialog", name="Clear logs")
    expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    dialog.get_by_role("button", name="Clear").click()
    expect(logs).to_contain_text("Press Run.")
    expect(page.get_by_role("status")).to_have_text("The log is empty now.")


def test_where_runs_may_reach_hosts_the_first_press_only_opens(visit: Visits, sdk: Auth0) -> None:
    with serve({"ADMIN_PASSWORD": PASSWORD, "RUNNER_ALLOW_NET": "crm.acme.example"}) as served:
        visitor = visit(served)
        visitor.sign_in()
        visitor.create("reaches out", "Post User Registration")
        page = visitor.page
        page.get_by_role("button", name="Run", exact=True).click()
        panel = page.get_by_role("region", name="Runner")
        expect(panel).to_contain_text("A run may reach crm.acme.example.")
        expect(page.get_by_role("status")).to_have_text(
            "This run may reach crm.acme.example. Press Run again to continue."
        )
        expect(panel.get_by_role("region", name="Result").locator("pre")).to_have_count(0)
        page.get_by_role("button", name="Run", exact=True).click()
        expect(panel).to_contain_text("Finished in")


def test_a_run_without_a_connection_says_so_and_the_next_one_works(visitor: Visit) -> None:
    page = visitor.page
    page.get_by_role("button", name="Run", exact=True).click()
    panel = page.get_by_role("region", name="Runner")
    expect(panel).to_contain_text("Finished in")
    set_offline(page, True)
    start(page)
    expect(panel).to_contain_text("This browser is offline.")
    set_offline(page, False)
    start(page)
    expect(panel).to_contain_text("Finished in")


def test_whoever_was_signed_out_meanwhile_finds_the_way_back(visitor: Visit) -> None:
    page = visitor.page
    panel = start(page)
    expect(panel).to_contain_text("Finished in")
    write(page, SAVED + "// typed\n")
    page.context.clear_cookies(name="sessionid")
    start(page)
    expect(panel).to_contain_text("You were signed out.")
    panel.get_by_role("link", name="Sign in").click()
    page.get_by_label("Username").fill("admin")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("textbox", name="Script")).to_contain_text("// typed")
    page.context.clear_cookies(name="csrftoken")
    panel = start(page)
    expect(panel).to_contain_text("This page was open for too long.")
    expect(panel.get_by_role("button", name="Reload the page")).to_be_visible()


def test_many_lines_leave_the_page_usable(visitor: Visit) -> None:
    page = visitor.page
    write(page, "module.exports = (c, s, a, x, cb) => { for (let i = 0; i < 9998;) console.log(++i); cb(null, {}); };")
    panel = start(page)
    # Ten thousand lines take a busy machine a while.
    expect(panel.locator("[data-runner=summary]")).to_contain_text("Finished in", timeout=30_000)
    expect(panel.get_by_role("button", name="Stop")).to_be_hidden()
    expect(panel.get_by_role("log", name="Console output").locator("div").last).to_have_text("9998")
    write(page, SAVED)
    expect(page.get_by_role("textbox", name="Script")).to_contain_text("=> cb(null, { scope })")


def test_keys_alone_stop_a_run_and_leave_the_payload(visitor: Visit) -> None:
    page = visitor.page
    write(page, WAITS)
    panel = start(page)
    expect(panel.get_by_role("log", name="Console output")).to_contain_text("first line")
    panel.get_by_role("button", name="Stop").focus()
    page.keyboard.press("Enter")
    expect(panel.get_by_text("Stopped before the hook called back.").first).to_be_focused()
    panel.get_by_role("textbox", name="Payload").focus()
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(panel.get_by_role("button", name="Reset payload")).to_be_focused()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()


@pytest.mark.parametrize("storage", ["sessionStorage", "localStorage"])
def test_a_browser_that_keeps_nothing_runs_all_the_same(visit: Visits, dashboard: Served, storage: str) -> None:
    visitor = visit(dashboard)
    visitor.page.add_init_script(
        f"Object.defineProperty(window, '{storage}', {{ get() {{ throw new DOMException('', 'SecurityError'); }} }})"
    )
    visitor.sign_in()
    visitor.create(f"without {storage}", "Post User Registration")
    expect(visitor.page.get_by_role("button", name="Run", exact=True)).to_be_visible()
    panel = start(visitor.page)
    expect(panel).to_contain_text("Finished in")
    panel.get_by_role("textbox", name="Payload").click()
    visitor.page.keyboard.type("not JSON")
    start(visitor.page)
    expect(panel).to_contain_text("The payload is not JSON")


def test_a_run_in_the_background_leaves_the_open_panel_where_it_is(visitor: Visit) -> None:
    page = visitor.page
    page.set_viewport_size({"width": 1280, "height": 500})
    write(page, "module.exports = (c, s, a, x, cb) => setTimeout(() => { console.log('late'); cb(null, {}); }, 1000);")
    side = page.locator("#side")
    # Asked for when the panel opens, and when the run is over.
    lists: list[str] = []

    def is_second(response: Response) -> bool:
        if response.url.endswith("/payloads/"):
            lists.append(response.url)
        return len(lists) == 2

    with page.expect_response(is_second):
        expect(start(page)).to_contain_text("Running …")
        page.get_by_role("button", name="Tools").click()
        page.get_by_role("menuitem", name="Secrets").click()
        expect(page.get_by_role("region", name="Secrets")).to_be_visible()
        side.evaluate("side => { side.scrollTop = 40; }")
    assert side.evaluate("side => side.scrollTop") == 40
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.get_by_role("region", name="Runner")).to_contain_text("late")


def test_test_values_have_lines_and_any_name_and_are_in_no_kept_payload(visitor: Visit, sdk: Auth0) -> None:
    page = visitor.page
    sdk.hooks.secrets.create(visitor.hook_id, request={"constructor": "stored-value"})
    page.reload()
    write(page, SAVED.replace("{ scope }", "[context.webtask.secrets.constructor]"))
    panel = start(page)
    expect(panel).to_contain_text("Finished in")
    panel.get_by_text("Secret values").click()
    field = panel.get_by_role("textbox", name="Test value of constructor")
    expect(field).to_have_value("")
    field.fill("one\ntwo")
    start(page)
    expect(panel.get_by_role("region", name="Result")).to_contain_text("[secret constructor]")
    payload = panel.get_by_role("textbox", name="Payload")
    payload.click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(json.dumps({"audience": "one\ntwo", "client": {}, "scope": []}))
    panel.get_by_role("button", name="Save payload…").click()
    page.get_by_role("textbox", name="Payload name").fill("with a value")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Saved the payload as with a value.")
    panel.get_by_role("combobox", name="Load payload").select_option("with a value")
    expect(payload).to_contain_text('"audience": "[secret constructor]"')


def test_an_answer_that_ends_too_early_is_no_running_run(visitor: Visit) -> None:
    page = visitor.page
    # As a proxy ends it that speaks HTTP/1.0 to a dashboard that is gone.
    page.route("**/run/", lambda route: route.fulfill(body='{"event": "started", "run": "01"}\n'))
    panel = start(page)
    expect(panel).to_contain_text("The connection was lost during the run.")
    page.unroute("**/run/")
    start(page)
    expect(panel).to_contain_text("Finished in")


def test_only_lines_of_the_script_lead_to_a_line(visitor: Visit) -> None:
    page = visitor.page
    stack = "Error: x\\n    at f (node_modules/web/webhook.js:3:4)\\n    at g (node_modules/web/hook.js:5:6)"
    write(
        page,
        f"module.exports = () => {{ const e = new Error('x'); e.stack = '{stack}\\n  at hook.js:99999:1'; throw e; }};",
    )
    panel = start(page)
    expect(panel.get_by_role("button", name="hook.js:99999:1")).to_be_visible()
    expect(panel.get_by_role("region", name="Result").get_by_role("button")).to_have_count(1)
    panel.get_by_role("button", name="hook.js:99999:1").click()
    expect(page.get_by_text("Ln 1, Col 1")).to_be_visible()
