"""Settings of the code editor, merging in it, and two texts beside each other, under the production policy."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.editor.test_code_editor import go_to, open_editor, text

MINE = "one\ntwo\nthree\nfour\nfive\nsix\n"
THEIRS = "one\n2\nthree\nfour\nfive\n6\n"


def test_tab_size_is_that_of_tabs_and_of_indentation(page: Page) -> None:
    open_editor(page, "\tx", settings={"tabSize": 8}).focus()
    expect(page.locator(".cm-content")).to_have_css("tab-size", "8")
    page.evaluate("editor.configure({ tabSize: 4 })")
    expect(page.locator(".cm-content")).to_have_css("tab-size", "4")
    page.evaluate("editor.setText('y')")
    go_to(page, 1)
    page.keyboard.press("Tab")
    assert text(page) == "    y"


def test_long_lines_wrap_when_asked_to(page: Page) -> None:
    open_editor(page, "x " * 400)
    scroller = page.locator(".cm-scroller")
    assert scroller.evaluate("element => element.scrollWidth > element.clientWidth")
    page.evaluate("editor.configure({ wrap: true })")
    expect(page.locator(".cm-content")).to_have_class(re.compile("cm-lineWrapping"))
    assert scroller.evaluate("element => element.scrollWidth <= element.clientWidth")


def test_vim_edits_saves_and_gives_way(page: Page) -> None:
    field = open_editor(page, "a")
    page.evaluate("editor.configure({ keyMap: 'vim' })")
    field.focus()
    page.keyboard.type("ihello ")
    assert text(page) == "hello a"
    page.keyboard.press("Escape")
    page.keyboard.type(":w")
    expect(page.get_by_role("textbox", name="Vim command")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("seen.saves") == 1
    field.focus()
    page.keyboard.press("ControlOrMeta+s")
    assert page.evaluate("seen.saves") == 2
    page.evaluate("editor.configure({ keyMap: 'default' })")
    page.keyboard.type("i")
    assert "i" in text(page)


def test_emacs_moves_and_saves(page: Page) -> None:
    field = open_editor(page, "one two")
    page.evaluate("editor.configure({ keyMap: 'emacs' })")
    field.focus()
    page.keyboard.press("Control+e")
    assert page.evaluate("editor.cursor().column") == 8
    page.keyboard.press("Control+a")
    assert page.evaluate("editor.cursor().column") == 1
    page.keyboard.press("Alt+f")
    assert page.evaluate("editor.cursor().column") == 4
    page.keyboard.press("ControlOrMeta+s")
    assert page.evaluate("seen.saves") == 1


def test_a_key_map_that_cannot_be_loaded_leaves_the_old_one(page: Page) -> None:
    page.route(re.compile("/dist/vim"), lambda route: route.fulfill(status=404, body=""))
    field = open_editor(page, "a")
    assert page.evaluate("editor.configure({ keyMap: 'vim', tabSize: 4 }).then(() => 'loaded', () => 'kept')") == "kept"
    field.focus()
    page.keyboard.type("i")
    assert text(page) == "ia"
    expect(page.locator(".cm-content")).to_have_css("tab-size", "4")


def merging(page: Page) -> None:
    """Merge MINE with THEIRS."""
    open_editor(page, MINE)
    page.evaluate("([theirs]) => editor.startMerge(theirs, (open) => (seen.open = open))", [THEIRS])


def test_each_difference_is_kept_or_undone(page: Page) -> None:
    merging(page)
    assert page.evaluate("[editor.openChunks(), seen.open]") == [2, 2]
    page.get_by_role("button", name="Take theirs").first.click()
    page.get_by_role("button", name="Keep mine").first.click()
    assert page.evaluate("[editor.openChunks(), seen.open]") == [0, 0]
    assert text(page) == MINE.replace("two", "2")
    page.evaluate("editor.endMerge()")
    page.keyboard.press("ControlOrMeta+z")
    assert text(page) == MINE


def test_merging_needs_no_mouse(page: Page) -> None:
    merging(page)
    go_to(page, 1)
    page.keyboard.press("F7")
    page.keyboard.press("Alt+F7")
    expect(page.get_by_role("button", name="Keep mine").first).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("editor.openChunks()") == 1
    assert text(page) == MINE.replace("two", "2")


@pytest.mark.parametrize(("width", "boxes"), [(1000, 2), (400, 1)])
def test_two_texts_stand_beside_each_other_where_there_is_room(page: Page, width: int, boxes: int) -> None:
    page.evaluate("([a, b, width]) => compare(a, b, width)", [THEIRS, MINE, width])
    expect(page.get_by_role("textbox")).to_have_count(boxes)
    expect(page.locator("#panel")).to_contain_text("Theirs")
    expect(page.locator("#panel")).to_contain_text("two")
    page.evaluate("comparison.destroy()")
    expect(page.get_by_role("textbox")).to_have_count(0)
