"""What people and page modules can do with the code editor, in Chromium under the production policy."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

SCRIPT = """\
// Posts each new user.
module.exports = function (user, context, cb) {
  var name = 'New user: ' + user.email;
  cb(null, name, 42);
};
"""


def open_editor(page: Page, doc: str = SCRIPT, **options: Any) -> Locator:
    page.evaluate("options => openEditor(options)", {"doc": doc, **options})
    return page.get_by_role("textbox", name="Script", exact=True)


def text(page: Page) -> str:
    value = page.evaluate("editor.text()")
    assert isinstance(value, str)
    return value


def go_to(page: Page, line: int, column: int = 1) -> None:
    page.evaluate("([line, column]) => editor.goTo(line, column)", [line, column])


def cursor(page: Page) -> tuple[int, int]:
    position = page.evaluate("editor.cursor()")
    return position["line"], position["column"]


def test_code_field_is_a_multi_line_textbox_with_name_and_description(page: Page) -> None:
    field = open_editor(page)

    expect(field).to_have_accessible_description("Tab indents. Press Escape, then Tab, to leave the field.")
    for name, value in {
        "aria-multiline": "true",
        "spellcheck": "false",
        "autocorrect": "off",
        "autocapitalize": "off",
        "translate": "no",
    }.items():
        expect(field).to_have_attribute(name, value)


def test_typing_is_undone_and_redone(page: Page) -> None:
    field = open_editor(page, "")
    field.press_sequentially("let a = f(1")
    assert text(page) == "let a = f(1)"
    assert page.evaluate("seen.changes") > 0

    page.keyboard.press("ControlOrMeta+z")
    assert text(page) == ""
    for redo in ("ControlOrMeta+Shift+z", "ControlOrMeta+y"):
        page.keyboard.press(redo)
        assert text(page) == "let a = f(1)"
        page.keyboard.press("ControlOrMeta+z")


def test_set_text_is_one_step_that_keeps_the_cursor_and_can_be_undone(page: Page) -> None:
    field = open_editor(page)
    go_to(page, 3, 7)
    field.press_sequentially("x")
    page.evaluate("text => editor.setText(text)", text(page).replace("42", "43") + "\r\n// end")
    assert text(page).endswith("cb(null, name, 43);\n};\n\n// end")
    assert cursor(page) == (3, 8)

    page.keyboard.press("ControlOrMeta+z")
    assert text(page) == SCRIPT.replace("name =", "xname =")
    page.keyboard.press("ControlOrMeta+z")
    assert text(page) == SCRIPT


def test_find_and_replace(page: Page) -> None:
    field = open_editor(page)
    field.focus()
    page.keyboard.press("ControlOrMeta+f")
    find = page.get_by_role("textbox", name="Find", exact=True)
    expect(find).to_be_focused()
    page.keyboard.type("name")
    expect(page.locator(".cm-searchMatch")).to_have_count(2)
    page.keyboard.press("F3")
    page.keyboard.press("F3")
    assert cursor(page) == (4, 16)
    page.keyboard.press("Shift+F3")
    assert cursor(page) == (3, 11)

    page.get_by_role("textbox", name="Replace", exact=True).fill("label")
    page.get_by_role("button", name="Replace all", exact=True).click()
    assert "var label = 'New user: '" in text(page)
    assert "cb(null, label, 42)" in text(page)

    find.press("Escape")
    expect(find).to_have_count(0)
    expect(field).to_be_focused()


def test_tab_indents_until_escape_or_control_m_lets_it_leave(page: Page) -> None:
    field = open_editor(page, "a")
    after = page.get_by_role("button", name="After", exact=True)
    field.focus()
    page.keyboard.press("Tab")
    assert text(page) == "  a"
    page.keyboard.press("Shift+Tab")
    assert text(page) == "a"

    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(after).to_be_focused()

    field.focus()
    page.keyboard.press("Control+m")
    expect(page.get_by_text("Tab now moves the focus.")).to_be_attached()
    page.keyboard.press("Tab")
    expect(after).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(field).to_be_focused()
    page.keyboard.press("Control+m")
    expect(page.get_by_text("Tab now indents.")).to_be_attached()
    page.keyboard.press("Tab")
    assert text(page) == "  a"


def test_save_key_reaches_the_page_once_from_code_and_search(page: Page) -> None:
    field = open_editor(page)
    field.focus()
    page.keyboard.press("ControlOrMeta+s")
    assert page.evaluate("seen.saves") == 1
    page.keyboard.press("ControlOrMeta+f")
    page.keyboard.press("ControlOrMeta+s")
    assert page.evaluate("seen.saves") == 2
    assert page.evaluate("seen.pageKeys").count("s") == 0
    assert text(page) == SCRIPT


def test_run_key_is_left_to_the_page(page: Page) -> None:
    open_editor(page).press("ControlOrMeta+Enter")

    assert text(page) == SCRIPT
    assert page.evaluate("seen.pageKeys").count("Enter") == 1


@pytest.mark.parametrize(
    ("key", "before", "line", "after"),
    [
        ("ControlOrMeta+/", "a();\nb();\n", 2, "a();\n// b();\n"),
        ("Alt+ArrowUp", "a();\nb();\n", 2, "b();\na();\n"),
        ("Alt+ArrowDown", "a();\nb();\n", 1, "b();\na();\n"),
        ("Shift+ControlOrMeta+k", "a();\nb();\n", 1, "b();\n"),
    ],
)
def test_line_keys(page: Page, key: str, before: str, line: int, after: str) -> None:
    open_editor(page, before)
    go_to(page, line)
    page.keyboard.press(key)

    assert text(page) == after


@pytest.mark.parametrize(
    ("keys", "after"),
    [
        (["ControlOrMeta+d", "ControlOrMeta+d"], "y = y + x"),
        (["ControlOrMeta+d", "ControlOrMeta+Shift+l"], "y = y + y"),
    ],
)
def test_next_and_all_matches_are_edited_together(page: Page, keys: list[str], after: str) -> None:
    open_editor(page, "x = x + x").focus()
    for key in keys:
        page.keyboard.press(key)
    page.keyboard.type("y")

    assert text(page) == after


def test_go_to_line_panel(page: Page) -> None:
    open_editor(page).press("ControlOrMeta+Alt+g")
    line = page.get_by_role("textbox", name=re.compile("^Go to line"))
    expect(line).to_be_focused()
    line.fill("4")
    line.press("Enter")
    expect(line).to_have_count(0)

    assert cursor(page)[0] == 4


def test_folding_by_key_and_by_gutter(page: Page) -> None:
    field = open_editor(page)
    go_to(page, 2)
    page.keyboard.press("Control+Shift+BracketLeft")
    expect(page.get_by_label("folded code")).to_be_visible()
    expect(field).not_to_contain_text("New user")
    page.keyboard.press("Control+Shift+BracketRight")
    expect(field).to_contain_text("New user")

    page.get_by_title("Fold line", exact=True).click()
    expect(field).not_to_contain_text("New user")
    go_to(page, 3, 5)
    expect(field).to_contain_text("New user")


def test_go_to_stays_inside_the_text_and_tells_the_page(page: Page) -> None:
    field = open_editor(page)
    for wanted, reached in {(3, 7): (3, 7), (2, 999): (2, 48), (99, 9): (6, 1), (0, 0): (1, 1)}.items():
        go_to(page, *wanted)
        assert cursor(page) == reached
        assert page.evaluate("[seen.cursor.line, seen.cursor.column]") == list(reached)
    expect(field).to_be_focused()
    assert page.evaluate("editor.isFocused()") is True


def test_read_only_text_can_be_read_and_searched_but_not_changed(page: Page) -> None:
    field = open_editor(page, readOnly=True)
    expect(field).to_have_attribute("aria-readonly", "true")
    field.press_sequentially("x")
    page.keyboard.press("ControlOrMeta+f")
    expect(page.get_by_role("textbox", name="Find", exact=True)).to_be_focused()
    expect(page.get_by_role("textbox", name="Replace", exact=True)).to_have_count(0)

    assert text(page) == SCRIPT


def test_classes_on_the_panel_switch_the_colours(page: Page) -> None:
    open_editor(page)
    keyword = page.get_by_text("function", exact=True)
    editor = page.locator(".cm-editor")
    expect(keyword).to_have_css("color", "rgb(90, 196, 233)")
    expect(editor).to_have_css("background-color", "rgb(18, 19, 25)")
    expect(page.locator(".cm-line").first).to_have_css("line-height", "20px")

    page.locator("#panel").evaluate("panel => (panel.className = 'code-light')")
    expect(keyword).to_have_css("color", "rgb(0, 119, 150)")
    expect(editor).to_have_css("background-color", "rgb(255, 255, 255)")


def test_large_script_draws_only_what_is_in_view(page: Page) -> None:
    line = "  var total = context.body.items.map(function (item) { return item.price * 1.2; }); // sum\n"
    doc = line * (100_000 // len(line) + 1)
    open_editor(page, doc)
    assert page.locator(".cm-line").count() < 200

    last = doc.count("\n")
    go_to(page, last, 3)
    page.keyboard.type("x")
    expect(page.locator(".cm-activeLine")).to_have_text("  x" + line.strip())
    assert len(text(page)) == len(doc) + 1


def test_hidden_characters_are_shown(page: Page) -> None:
    doc = "var a = '\u202e\u200b\x07';"
    open_editor(page, doc)
    expect(page.locator(".cm-specialChar")).to_have_count(3)

    assert text(page) == doc


def test_destroy_takes_the_editor_off_the_page(page: Page) -> None:
    field = open_editor(page)
    page.evaluate("editor.destroy()")

    expect(field).to_have_count(0)


def test_indent_guides_run_through_blank_lines_of_a_block(page: Page) -> None:
    open_editor(page, "if (a) {\n\n  if (b) {\n    c();\n\n  }\n\n}\n\nd();\n")
    indents = page.locator(".cm-line").evaluate_all(
        "lines => lines.map(line => line.style.getPropertyValue('--indent'))"
    )

    assert indents == ["", "2ch", "2ch", "4ch", "4ch", "2ch", "2ch", "", "", "", ""]
