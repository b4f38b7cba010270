"""Help while typing, from TypeScript in a worker, under the production policy."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from hooksui import catalogue
from tests.editor.test_code_editor import go_to, open_editor, text

HOOKS = sorted((Path(__file__).parent / "hooks").glob("*.js"))
CREDENTIALS, PRE = "credentials-exchange", "pre-user-registration"


def start(page: Page, trigger: str, doc: str, **hook: Any) -> Locator:
    """Open `doc` in the editor of a hook at the point of `trigger` and wait until it was looked at."""
    field = open_editor(page, doc)
    page.evaluate("([trigger, hook]) => startLanguage(trigger, hook)", [trigger, hook])
    page.evaluate("looked(1)")
    return field


def looked_at_again(page: Page) -> None:
    """Wait until the script was looked at once more, after the first time."""
    page.evaluate("looked(2)")


def problems(page: Page) -> dict[str, int]:
    """How many errors and hints the present text has."""
    found: dict[str, int] = page.evaluate("seen.problems.at(-1)")
    return found


def hints(page: Page) -> list[str]:
    """The messages of the present text's hints."""
    found: list[str] = page.evaluate("seen.analyses.at(-1).hints.map(hint => hint.message)")
    return found


@pytest.mark.parametrize("point", catalogue.points().values(), ids=lambda point: point.trigger)
def test_a_starter_script_has_no_problem(page: Page, point: catalogue.Point) -> None:
    start(page, point.trigger, point.starter)
    assert problems(page) == {"errors": 0, "hints": 0}


@pytest.mark.parametrize("file", HOOKS, ids=lambda file: file.stem)
def test_nothing_is_invented_on_hooks_as_people_write_them(page: Page, file: Path) -> None:
    script = file.read_text(encoding="utf-8")
    trigger = script.split("\n", 1)[0].removeprefix("// ")
    start(page, trigger, script)
    assert problems(page) == {"errors": 0, "hints": 0}, hints(page)


ARGUMENTS = [
    (CREDENTIALS, "function (a, b, c, d, e) {\n  a.\n}", ["id", "metadata", "name", "tenant"]),
    (PRE, "(a, b, c) => {\n  b.connection.\n}", ["id", "name", "tenant"]),
    ("post-user-registration", "async function (a, b, c) {\n  a.\n}", ["app_metadata", "email", "emailVerified"]),
    ("post-change-password", "function (a, b, c) {\n  a.\n}", ["email", "id", "last_password_reset", "username"]),
    ("send-phone-message", "function (a, b, c, d) {\n  c.\n}", ["action", "client", "code"]),
]


@pytest.mark.parametrize(("trigger", "function", "names"), ARGUMENTS)
def test_arguments_are_completed_whatever_they_are_called(
    page: Page, trigger: str, function: str, names: list[str]
) -> None:
    start(page, trigger, f"module.exports = {function};\n")
    go_to(page, 2, 99)
    page.keyboard.press("Control+Space")
    options = page.get_by_role("option")
    expect(options.first).to_be_visible()
    assert [option.split("\n")[0] for option in options.all_inner_texts()][: len(names)] == names


def test_a_function_exported_by_name_has_typed_arguments_too(page: Page) -> None:
    start(page, PRE, "function check(person, where, done) {\n  person.em\n}\nmodule.exports = check;\n")
    go_to(page, 2, 99)
    page.keyboard.press("Control+Space")
    expect(page.get_by_role("option", name="emailVerified")).to_be_visible()


def test_the_hooks_own_secrets_are_completed(page: Page) -> None:
    doc = "module.exports = (user, context, cb) => {\n  context.webtask.secrets\n};\n"
    start(page, PRE, doc, secrets=["CRM_KEY"])
    page.evaluate("language.update({ secrets: ['CRM_KEY', 'SMS_KEY'] })")
    looked_at_again(page)
    go_to(page, 2, 99)
    page.keyboard.type(".")
    expect(page.get_by_role("option", name="CRM_KEY")).to_be_visible()
    page.keyboard.type("SMS")
    expect(page.get_by_role("option", name="SMS_KEY")).to_be_visible()
    expect(page.get_by_role("option", name="CRM_KEY")).to_have_count(0)


def test_parameter_hints_follow_the_argument_and_escape_closes_them(page: Page) -> None:
    start(page, PRE, "module.exports = (user, context, cb) => {\n  cb\n};\n")
    go_to(page, 2, 99)
    page.keyboard.type("(")
    tip = page.get_by_role("tooltip")
    expect(tip.locator("strong")).to_contain_text("error")
    expect(tip).to_contain_text("Refuses the sign-up.")
    page.keyboard.type("null, ")
    expect(tip.locator("strong")).to_contain_text("response")
    # The first one may end completions that are on their way.
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(tip).to_have_count(0)


def test_hovering_explains(page: Page) -> None:
    start(page, PRE, "module.exports = (user, context, cb) => cb(user.password ? null : 'none');\n")
    page.get_by_text("user.password", exact=False).first.hover()
    box = page.locator(".cm-line").first.bounding_box()
    assert box
    page.mouse.move(box["x"] + 8 + 56 * 7.8, box["y"] + 8)
    expect(page.locator(".cm-tooltip-hover")).to_contain_text("The password in clear text.")


def test_a_syntax_error_is_underlined_told_and_gone_when_mended(page: Page) -> None:
    start(page, PRE, "module.exports = (user, context, cb) => {\n  cb(;\n};\n")
    assert problems(page)["errors"] > 0
    expect(page.locator(".cm-lintRange-error").first).to_be_visible()
    page.get_by_role("textbox", name="Script").focus()
    page.keyboard.press("ControlOrMeta+Shift+M")
    entry = page.get_by_role("list", name="Problems").get_by_role("button", name="Line 2: ").first
    expect(entry).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Script")).to_be_focused()
    assert page.evaluate("editor.cursor().line") == 2
    page.evaluate("editor.setText(editor.text().replace('(;', '();'))")
    looked_at_again(page)
    assert problems(page)["errors"] == 0
    expect(page.locator(".cm-lintRange-error")).to_have_count(0)
    expect(page.get_by_text("No problems.")).to_be_visible()


def in_hook(body: str, trigger: str = CREDENTIALS) -> str:
    """`body` in a hook at a point."""
    parameters = "client, granted, audience, context, cb" if trigger == CREDENTIALS else "user, context, cb"
    return f"module.exports = ({parameters}) => {{\n  {body}\n}};\n"


FIXED = [
    (
        CREDENTIALS,
        "cb(null, { 'https://a.example/b': 1 });",
        "loses all",
        "cb(null, { scope: granted, 'https://a.example/b': 1 });",
    ),
    (CREDENTIALS, "const t = {}; cb(null, t);", "loses all", "const t = { scope: granted }; cb(null, t);"),
    (CREDENTIALS, "cb();", "Without an answer", "cb(null, { scope: granted });"),
    (CREDENTIALS, "cb(null);", "Without an answer", "cb(null, { scope: granted });"),
    (
        PRE,
        "cb(null, { user: { app_metadata: { 'a.b': 1 } } });",
        "a.b is refused",
        "cb(null, { user: { app_metadata: { 'a_b': 1 } } });",
    ),
    (PRE, "user.user_metadata.$x = 1; cb();", "$x is refused", "user.user_metadata.x = 1; cb();"),
    (PRE, "cb(process.env.KEY);", "not in process.env", "cb(context.webtask.secrets.KEY);"),
    (PRE, "cb(context.secrets.KEY);", "not in context.secrets", "cb(context.webtask.secrets.KEY);"),
    (PRE, "cb(configuration.KEY);", "not in configuration", "cb(context.webtask.secrets.KEY);"),
]


@pytest.mark.parametrize(("trigger", "before", "message", "after"), FIXED)
def test_a_trap_has_a_hint_with_its_reason_and_one_click_mends_it(
    page: Page, trigger: str, before: str, message: str, after: str
) -> None:
    start(page, trigger, in_hook(before, trigger))
    (hint,) = hints(page)
    assert message in hint
    page.evaluate("language.openProblems()")
    page.get_by_role("list", name="Problems").get_by_role("button").nth(1).click()
    assert text(page) == in_hook(after, trigger)
    looked_at_again(page)
    assert problems(page) == {"errors": 0, "hints": 0}


TOLD = [
    (CREDENTIALS, "cb(null, { scope: granted, tier: 1 });", ["The claim tier is left out of the token."]),
    (CREDENTIALS, "cb(null, { scope: granted, 'https://x.auth0.com/a': 1 });", ["The claim https://x.auth0.com/a"]),
    (CREDENTIALS, "cb(null, { scope: granted, 'https://notauth0.com/a': 1 });", []),
    (
        CREDENTIALS,
        "if (context.body.grant_type === 'password') return; cb(null, { scope: granted });",
        ["This hook does not run"],
    ),
    (CREDENTIALS, "granted.push('a'); cb(null, { scope: granted });", ["An Action has no full equivalent"]),
    (CREDENTIALS, "const fill = (it) => it, t = {}; fill(t); cb(null, t);", []),
    (CREDENTIALS, "{ const cb = () => {}; cb(); } cb(null, { scope: granted });", []),
    (PRE, "const process = { env: {} }; cb(process.env.KEY);", []),
    (PRE, "user.profile = { 'a.b': 1 }; cb();", []),
]


@pytest.mark.parametrize(("trigger", "body", "expected"), TOLD)
def test_hints_know_scopes_and_tell_traps_from_their_likes(
    page: Page, trigger: str, body: str, expected: list[str]
) -> None:
    start(page, trigger, in_hook(body, trigger))
    found = hints(page)
    assert len(found) == len(expected)
    assert all(hint.startswith(start) for hint, start in zip(found, expected, strict=True))


def test_a_module_and_a_secret_that_the_hook_lacks_are_added_by_the_page(page: Page) -> None:
    required = "require('axios'); require('fs'); require('lodash@4.17.21'); require('@a/b/c');"
    body = f"{required} cb(context.webtask.secrets.KEY);"
    start(page, PRE, in_hook(body, PRE), secrets=["OTHER"], modules=["@a/b"])
    told = [hint.split(",")[0] for hint in hints(page)]
    assert told == ["The script requires axios", "This hook has no secret KEY."]
    page.evaluate("language.openProblems()")
    page.get_by_role("button", name="Add axios").click()
    page.get_by_role("button", name="Set KEY").click()
    assert page.evaluate("seen.added") == [["module", "axios", ""], ["secret", "KEY"]]
    page.evaluate("language.update({ secrets: ['KEY'], modules: ['@a/b', 'axios'] })")
    looked_at_again(page)
    assert problems(page) == {"errors": 0, "hints": 0}


def test_typing_goes_on_while_the_worker_loads(page: Page) -> None:
    held: list[Route] = []
    page.route(re.compile("language-service"), lambda route: held.append(route))
    field = open_editor(page, "")
    page.evaluate("startLanguage('pre-user-registration')")
    field.press_sequentially("let a = 1")
    assert text(page) == "let a = 1"
    held[0].continue_()
    page.evaluate("looked(1)")
    assert hints(page) == ["The script exports no function."]


def test_a_worker_that_cannot_be_loaded_leaves_the_editor_as_it_is(page: Page) -> None:
    page.route(re.compile("language-service"), lambda route: route.fulfill(status=404, body=""))
    field = open_editor(page, "")
    page.evaluate("startLanguage('pre-user-registration')")
    page.evaluate("looked(1)")
    assert page.evaluate("seen.problems") == [None]
    field.press_sequentially("let a = b.c(")
    assert text(page) == "let a = b.c()"


HEAD = "module.exports = function (user, context, cb) {\n"


@pytest.mark.parametrize(
    ("body", "underlined"),
    [
        ("  await cb();\n};", "await"),
        ("  let a;\n  let a;\n  cb();\n};", "a"),
        ("  break;\n};", "break;"),
        ("  cb();\n};\nclass PreUserRegistrationError extends Error {}", "PreUserRegistrationError"),
    ],
)
def test_what_does_not_compile_is_underlined(page: Page, body: str, underlined: str) -> None:
    start(page, PRE, HEAD + body)
    assert problems(page)["errors"] >= 1
    expect(page.locator(".cm-lintRange-error").first).to_have_text(underlined)


def test_a_bad_regular_expression_is_an_error(page: Page) -> None:
    start(page, PRE, HEAD + "  if (/(ab/.test(user.email)) cb();\n};")
    assert problems(page)["errors"] >= 1


@pytest.mark.parametrize(
    ("script", "said"),
    [
        (HEAD + "  callback(null, {});\n};", ["There is no callback here."]),
        (HEAD + "  if (usr.email) cb();\n};", ["There is no usr here."]),
        (HEAD + "  total = 1;\n  total += 1;\n  cb(null, {});\n};", ["total is not declared."]),
        (HEAD + "  if (name) cb(null, self);\n};", ["There is no name here.", "There is no self here."]),
        (HEAD + "  if (typeof helper !== 'undefined') cb();\n};", []),
        ("/* global helper */\n" + HEAD + "  cb(null, helper);\n};", []),
        (
            HEAD + "  cb(null, [atob, Headers, performance, navigator, WebAssembly, escape, globalThis, Buffer]);\n};",
            [],
        ),
        ("function hook(user, context, cb) { cb(); }", ["The script exports no function."]),
        ("module.export = function () {};", ["The script exports no function."]),
        ("exports = function () {};", ["The script exports no function."]),
        ("wrap(module);\nfunction wrap(it) { it.exports = () => {}; }", []),
        ("if (Math.random() > 2) module.exports = () => {};", []),
    ],
)
def test_names_that_do_not_exist_and_scripts_without_a_function_are_told(
    page: Page, script: str, said: list[str]
) -> None:
    start(page, PRE, script)
    assert problems(page)["errors"] == 0
    assert hints(page) == said


def test_secrets_that_helpers_read_are_found(page: Page) -> None:
    script = """const url = (ctx) => ctx.webtask.secrets.CRM_URL + '/' + ctx.webtask.data.CRM_PATH;
function key(secrets) { return secrets.CRM_KEY; }
function both({ webtask }) { const { ONE, TWO } = webtask.secrets; return ONE + TWO; }
module.exports = function (user, context, cb) {
  const { secrets } = context.webtask;
  const found = [url(context), key(context.webtask.secrets), both(context), secrets.LAST];
  cb(null, { user: { app_metadata: { found } } });
};
"""
    start(page, PRE, script)
    found = page.evaluate("seen.analyses.at(-1).secrets.map(({ name }) => name)")
    assert sorted(found) == ["CRM_KEY", "CRM_PATH", "CRM_URL", "LAST", "ONE", "TWO"]


def test_scopes_that_are_assigned_anew_are_told(page: Page) -> None:
    head = "module.exports = (client, scope, audience, context, cb) => {\n"
    script = head + "  scope = scope.slice(1);\n  cb(null, { scope });\n};"
    start(page, CREDENTIALS, script)
    assert hints(page) == ["An Action has no full equivalent for changing scopes."]
