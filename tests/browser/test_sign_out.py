"""Signing out: one question where this browser keeps something, and none where it does not."""

import pytest
from playwright.sync_api import Dialog, Locator, Page, expect

from tests.browser.conftest import Visit, Visits, set_offline
from tests.serving import Served

ODD = {"status": 502, "content_type": "text/html", "body": "<p>A proxy's page</p>"}
KEPT = (
    "() => [...Object.keys(localStorage), ...Object.keys(sessionStorage)].filter((key) => !/^(editor|logs)-/.test(key))"
)


@pytest.fixture
def visitor(visit: Visits, dashboard: Served) -> Visit:
    """Someone who signs in by themselves: signing out ends a session that others would share."""
    visitor = visit(dashboard)
    visitor.sign_in()
    return visitor


def type_text(page: Page, text: str) -> None:
    """Type at the top of the script."""
    expect(page.get_by_role("button", name="Tools")).to_be_visible()
    page.get_by_role("textbox", name="Script").click()
    page.keyboard.press("Control+Home")
    page.keyboard.insert_text(text)


def sign_out(page: Page) -> Locator:
    """Press Sign out; the question."""
    page.get_by_role("banner").get_by_role("button", name="Sign out").click()
    return page.get_by_role("dialog", name="Sign out?")


def test_where_nothing_is_kept_nothing_is_asked(visitor: Visit) -> None:
    page = visitor.page
    visitor.create("kept nothing", "Send Phone Message")
    expect(page.get_by_role("button", name="Tools")).to_be_visible()
    sign_out(page)
    page.wait_for_url("**/accounts/login/")


def test_drafts_are_counted_and_stay_where_the_person_cancels_or_keeps_them(visitor: Visit) -> None:
    page = visitor.page
    visitor.create("kept draft", "Send Phone Message")
    address = page.url.split("#")[0]
    type_text(page, "// typed\n")
    # Within the second after which a draft is kept anyway; one question, not the browser's as well.
    asked: list[str] = []

    def accept(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", accept)
    question = sign_out(page)
    expect(question).to_contain_text("1 draft of kept-draft on local")
    expect(question.get_by_role("button", name="Cancel")).to_be_focused()
    page.keyboard.press("Escape")
    expect(question).to_have_count(0)
    expect(page.get_by_role("banner").get_by_role("button", name="Sign out")).to_be_focused()
    expect(page.get_by_role("textbox", name="Script")).to_contain_text("// typed")
    sign_out(page).get_by_role("button", name="Sign out and keep them").click()
    page.wait_for_url("**/accounts/login/")
    assert asked == []
    visitor.sign_in()
    page.goto(address)
    page.get_by_role("button", name="Restore draft").click()
    expect(page.get_by_role("textbox", name="Script")).to_contain_text("// typed")


def test_all_that_is_kept_is_named_and_cleared(visitor: Visit) -> None:
    page = visitor.page
    for name in ("kept one", "kept two"):
        page.goto(visitor.url)
        visitor.create(name, "Send Phone Message")
    address = page.url.split("#")[0]
    type_text(page, "// typed\n")
    values = '{"stored": false, "values": {"API_KEY": "a value"}}'
    page.evaluate(f"localStorage.setItem('runner-secrets:local:{visitor.hook_id}', '{values}')")
    page.get_by_role("button", name="Run").click()
    runner = page.get_by_role("region", name="Runner")
    expect(runner).to_contain_text("Finished in")
    runner.get_by_text("Secret values").click()
    expect(runner.get_by_role("textbox", name="Test value of API_KEY")).to_have_value("a value")
    payload = runner.get_by_role("textbox", name="Payload")
    payload.click()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text(" ")
    other = page.context.new_page()
    other.goto(address)
    expect(other.get_by_role("button", name="Discard draft")).to_be_visible()
    type_text(other, "// other\n")
    other.wait_for_function("() => Object.keys(localStorage).filter((key) => key.startsWith('draft:')).length === 2")
    other.evaluate("sessionStorage.setItem('runner-payload:local:x', '{}')")
    question = sign_out(page)
    expect(question.get_by_role("listitem")).to_have_text(
        ["2 drafts of kept-two on local", "Test values of secrets for 1 hook", "Payloads for 1 hook"]
    )
    question.get_by_role("button", name="Sign out and clear them").click()
    page.wait_for_url("**/accounts/login/")
    assert page.evaluate(KEPT) == []
    other.wait_for_function("() => !sessionStorage.getItem('runner-payload:local:x')")
    other.on("dialog", lambda dialog: dialog.accept())
    other.goto(visitor.url)
    assert page.evaluate(KEPT) == [], "what another window has is cleared too"
    visitor.sign_in()
    page.goto(address)
    expect(page.get_by_role("button", name="Tools")).to_be_visible()
    expect(page.get_by_text("A draft of this script")).to_be_hidden()


def test_nothing_is_cleared_where_the_sign_out_was_not_taken(visitor: Visit) -> None:
    page = visitor.page
    visitor.create("kept on failure", "Send Phone Message")
    type_text(page, "// typed\n")
    question = sign_out(page)
    set_offline(page, True)
    question.get_by_role("button", name="Sign out and clear them").click()
    expect(question.get_by_role("alert")).to_contain_text("Nothing was cleared. This browser is offline.")
    set_offline(page, False)
    page.route("**/accounts/logout/", lambda route: route.fulfill(**ODD))
    question.get_by_role("button", name="Sign out and clear them").click()
    expect(question.get_by_role("alert")).to_contain_text("Nothing was cleared. The dashboard gave an answer we cannot")
    assert len(page.evaluate(KEPT)) == 1
    page.unroute("**/accounts/logout/")
    question.get_by_role("button", name="Sign out and clear them").click()
    page.wait_for_url("**/accounts/login/")
    assert page.evaluate(KEPT) == []


@pytest.mark.parametrize("width", [1280, 360])
def test_it_is_asked_on_every_page(visitor: Visit, width: int) -> None:
    page = visitor.page
    page.set_viewport_size({"width": width, "height": 740})
    page.evaluate("localStorage.setItem('draft:local:one:x', JSON.stringify({ text: '', at: '', name: 'one' }))")
    for number in range(6):
        page.evaluate(f"localStorage.setItem('draft:local:hook-{number}:x', 'cut short')")
    for path in ("/t/local/hooks/", "/t/local/hooks/create/", "/t/local/import/"):
        page.goto(visitor.url + path)
        question = sign_out(page)
        expect(question.get_by_role("listitem")).to_have_count(6)
        expect(question.get_by_role("listitem").last).to_have_text("2 drafts of 2 more hooks")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.keyboard.press("Enter")
        expect(question).to_have_count(0)


def test_without_javascript_it_signs_out(visit: Visits, dashboard: Served) -> None:
    visitor = visit(dashboard, java_script_enabled=False)
    visitor.sign_in()
    visitor.page.get_by_role("button", name="Sign out").click()
    expect(visitor.page.get_by_label("Username")).to_be_visible()
