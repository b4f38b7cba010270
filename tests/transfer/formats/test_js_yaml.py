"""YAML as js-yaml writes it: our text beside that of the package itself, for named rules and for made-up values."""

import json
import operator
import subprocess
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hooksui.transfer.formats.deploy_cli import js_yaml
from tests import node_tools

FOLDER = Path(__file__).parents[2] / "node"
EMOJI = "\N{GRINNING FACE}"
HUGE_HEX = "0xfffffffffffffb" + 242 * "f"  # the greatest that reads as a number and not as Infinity

Dump = Callable[[Any], str]

# Texts that need no quotes, and texts that are written in single quotes.
PLAIN = [
    *("1.2.3", "1.x", "~1.2", "^1.2", "<2", "latest"),
    *("a:b", "a#b", "a:#b", "(a)", "a-?,[]{}&*!|>'\"%@`="),
    *("nULL", "nan", "+.5", "1_000", "0x", "0o8", "0b2", "1e400", "++1"),
    *("2020-1-1", "2020-01-01T00:00"),
    *("é", EMOJI, 78 * "a", 39 * EMOJI),
]
SINGLE_QUOTED = [
    *("", " a", "a ", "a: b", "a:", "a #b", "#a"),
    *("-", "- a", "? a", ":a", ">=1 <2", "*", "&a", "!a", "%a", "@scope/name", "`a", "=1", "|", "[a", "{a", '"a"'),
    *("null", "~", "True", "FALSE", "yes", "on", "N", "<<", ".inf", "-.Inf", ".NaN"),
    *("0", "-0", "017", "+1", "1.", "1.2", ".5", "1e3", "1.5E-3", "0x1F", "+0o7", "0b1"),
    *("1:30", "1:30.5", "1:" + 100 * "1", "-1:" + 100 * "1"),
    *("2020-01-01", "2020-01-01T00:00:00Z", "2020-1-1  1:00:00.5 +2:30"),
    " " + 100 * "a",
]
DOUBLE_QUOTED = {
    "a\tb": '"a\\tb"',
    "a\r\nb": '"a\\r\\nb"',
    '"\\\t': '"\\"\\\\\\t"',
    "\0\a\b\v\f\x1b\x85\xa0\u2028\u2029": '"\\0\\a\\b\\v\\f\\e\\N\\_\\L\\P"',
    "\x01\x7f\ufeff\uffff\ud800": '"\\x01\\x7F\\uFEFF\\uFFFF\\uD800"',
    100 * "a " + "\t": f'"{100 * "a "}\\t"',
}
BLOCKS = {
    "a\nb": "|-\n  a\n  b",
    "a\nb\n": "|\n  a\n  b",
    "a\n\n": "|+\n  a\n",
    "\n": "|+\n",
    "\n\na": "|-\n\n\n  a",
    " a\nb": "|2-\n   a\n  b",
    "\n a": "|2-\n\n   a",
    79 * "a": f">-\n  {79 * 'a'}",
    40 * EMOJI: f">-\n  {40 * EMOJI}",
    40 * "a " + "b": f">-\n  {38 * 'a '}a\n  a b",
    40 * "a" + "  " + 37 * "b": f">-\n  {40 * 'a'} \n  {37 * 'b'}",
    f"{79 * 'a'}\nb\nc\n": f">\n  {79 * 'a'}\n\n  b\n\n  c",
    f"{79 * 'a'}\n b\nc\nd": f">-\n  {79 * 'a'}\n   b\n  c\n\n  d",
    f" {79 * 'a'}\nb": f"|2-\n   {79 * 'a'}\n  b",
}
COLLECTIONS: dict[str, tuple[Any, str]] = {
    "a mapping in a list starts beside its dash": ([{"a": "b", "c": True}], "- a: b\n  c: true\n"),
    "a list in a list starts beside its dash": ([["a", ["b"]]], "- - a\n  - - b\n"),
    "a list in a mapping is indented": ({"a": ["b"], "c": {"d": False}}, "a:\n  - b\nc:\n  d: false\n"),
    "empty collections are in flow style": ([{}, [], {"a": {}, "b": []}], "- {}\n- []\n- a: {}\n  b: []\n"),
    "an empty mapping alone": ({}, "{}\n"),
    "an empty list alone": ([], "[]\n"),
    "array indices come first by value": ({"b": "", "10": "", "9": "", "a": ""}, "'9': ''\n'10': ''\nb: ''\na: ''\n"),
    "other numbers stay in place": (
        {"01": "", "-1": "", "1.5": "", "1": ""},
        "'1': ''\n'01': ''\n'-1': ''\n'1.5': ''\n",
    ),
    "array indices end below 2**32 - 1": (
        {"a": "", "4294967295": "", "4294967294": ""},
        "'4294967294': ''\na: ''\n'4294967295': ''\n",
    ),
    "a key of 1024 characters": ({1024 * "k": ["a"]}, f"{1024 * 'k'}:\n  - a\n"),
    "a longer key is announced": ({1025 * "k": ["a"]}, f"? {1025 * 'k'}\n: - a\n"),
    "the quotes of a key count": ({"'" + 1021 * "k": "a"}, f"? '''{1021 * 'k'}'\n: a\n"),
    "a key is not folded": ({40 * "k " + "k": "a"}, f"{40 * 'k '}k: a\n"),
    "a key is no block": ({"a\nb": "c"}, '"a\\nb": c\n'),
    "the greatest finite hexadecimal key": ({HUGE_HEX: "a"}, f"'{HUGE_HEX}': a\n"),
    "a hexadecimal key beyond": ({HUGE_HEX.replace("b", "c"): "a"}, f"{HUGE_HEX.replace('b', 'c')}: a\n"),
    "deeper lines are shorter": ([[["a", 75 * "b"]]], f"- - - a\n    - >-\n      {75 * 'b'}\n"),
}

TRICKY = st.sampled_from(
    [
        *" \n:#-?*&!|>'\"%@`=~,[]{}<.+_0179abeETZzx",
        *(": ", " #", "\n\n", "\n ", "  ", "- ", 30 * "a", 30 * EMOJI),
        *"\0\t\r\x7f\x85\xa0é\u2028\ud7ff\ue000\ufeff\ufffd\uffff",
    ]
)
# One character that needs an escape rules out every block, so there is none here.
LINES = st.lists(st.sampled_from([*"   \na#é", EMOJI, 8 * "b", 19 * "c", 37 * "d", 20 * EMOJI]), max_size=40)
NUMBERS = st.text("0179abefExo_.:+-TZ ", max_size=12)
DATES = st.from_regex(
    r"\d{4}(-\d{1,2}){2}([Tt]| {0,2})\d{0,2}(:\d{1,2}){0,2}(\.\d{0,3})?( ?(Z|[+-]\d{1,2}(:\d\d)?))?",
    alphabet=st.characters(codec="ascii"),
    fullmatch=True,
)
TEXTS = st.one_of(st.lists(TRICKY, max_size=12).map("".join), LINES.map("".join), NUMBERS, DATES, st.text(max_size=20))
LONG_TEXTS = st.builds(operator.mul, st.lists(TRICKY, max_size=3).map("".join), st.integers(1, 1100))
KEYS = st.one_of(TEXTS, st.integers(0, 2**33).map(str))
VALUES = st.recursive(
    st.one_of(TEXTS, st.booleans()),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=12,
)

made_up = partial(settings, database=None, deadline=None, derandomize=True)


@pytest.fixture(scope="module")
def package() -> Iterator[Dump]:
    """`dump` of the package that the Deploy CLI uses, in one process for the whole module."""
    node_tools.install(FOLDER)
    command = [*node_tools.node(), "js_yaml.mjs"]
    with subprocess.Popen(command, cwd=FOLDER, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield partial(_ask, process.stdin, process.stdout)


def _ask(questions: Any, answers: Any, value: Any) -> str:
    questions.write(json.dumps(value).encode() + b"\n")
    questions.flush()
    return str(json.loads(answers.readline()))


@pytest.mark.parametrize("text", PLAIN, ids=ascii)
def test_a_text_is_written_plain(text: str, package: Dump) -> None:
    assert js_yaml.dump(text) == package(text) == f"{text}\n"


@pytest.mark.parametrize("text", SINGLE_QUOTED, ids=ascii)
def test_a_text_that_would_be_read_as_something_else_is_in_single_quotes(text: str, package: Dump) -> None:
    assert js_yaml.dump(text) == package(text) == f"'{text}'\n"


def test_a_single_quote_in_single_quotes_is_doubled(package: Dump) -> None:
    assert js_yaml.dump("'a'b") == package("'a'b") == "'''a''b'\n"


@pytest.mark.parametrize(("text", "written"), DOUBLE_QUOTED.items(), ids=ascii)
def test_a_text_that_needs_escapes_is_in_double_quotes(text: str, written: str, package: Dump) -> None:
    assert js_yaml.dump(text) == package(text) == f"{written}\n"


@pytest.mark.parametrize(("text", "written"), BLOCKS.items(), ids=ascii)
def test_a_text_of_many_lines_or_one_long_line_is_a_block(text: str, written: str, package: Dump) -> None:
    assert js_yaml.dump(text) == package(text) == f"{written}\n"


@pytest.mark.parametrize(("value", "written"), COLLECTIONS.values(), ids=COLLECTIONS)
def test_a_mapping_or_list_has_the_form_of_the_package(value: Any, written: str, package: Dump) -> None:
    assert js_yaml.dump(value) == package(value) == written


@pytest.mark.parametrize("value", [None, 1, {"a": 1.5}, [b"a"]], ids=ascii)
def test_what_no_hook_has_is_refused(value: Any) -> None:
    with pytest.raises(TypeError, match="can be written, not"):
        js_yaml.dump(value)


@made_up(max_examples=500)
@given(text=TEXTS)
def test_any_text_is_written_as_by_the_package(text: str, package: Dump) -> None:
    # At the top, as a key, as a member, and where lines are at their shortest.
    value = [text, {text: text}, {"a": _nested(text, depth=20)}]
    assert js_yaml.dump(text) == package(text)
    assert js_yaml.dump(value) == package(value)


@made_up(max_examples=100)
@given(text=LONG_TEXTS)
def test_any_long_text_is_written_as_by_the_package(text: str, package: Dump) -> None:
    value = {text: {text: [text]}}
    assert js_yaml.dump(value) == package(value)


@made_up(max_examples=200)
@given(value=VALUES)
def test_any_nested_value_is_written_as_by_the_package(value: Any, package: Dump) -> None:
    assert js_yaml.dump(value) == package(value)


@made_up(max_examples=100)
@given(keys=st.lists(st.integers(-10, 2**33).map(str), unique=True))
def test_any_numbers_as_keys_are_in_the_order_of_the_package(keys: list[str], package: Dump) -> None:
    value = dict.fromkeys(keys, True)
    assert js_yaml.dump(value) == package(value)


def _nested(value: Any, *, depth: int) -> Any:
    return [_nested(value, depth=depth - 1)] if depth else value
