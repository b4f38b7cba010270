"""YAML that people, tools and attackers write: plain data comes of it, or a sentence with the line."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hooksui.transfer.files.definition import UnreadableError
from hooksui.transfer.files.yaml_reading import read


def refusal(text: str) -> str:
    with pytest.raises(UnreadableError) as caught:
        read("tenant.yaml", text)
    assert caught.value.source == "tenant.yaml"
    return caught.value.reason


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", None),
        ("# nothing\n", None),
        ("hooks: []", {"hooks": []}),
        ("a: {b: [c, 'd', \"e\\n\"]}", {"a": {"b": ["c", "d", "e\n"]}}),
        ("a: |\n  one\n  two\n", {"a": "one\ntwo\n"}),
        ("a: >-\n  one\n  two\n", {"a": "one two"}),
        ("\ufeffa: b", {"a": "b"}),
        ("a: &x {b: c}\nd: *x\n", {"a": {"b": "c"}, "d": {"b": "c"}}),
        ("!!map {a: !!str b, c: !!seq []}", {"a": "b", "c": []}),
        ("a: \u00fc \U0001f642\r\nb: c\r\n", {"a": "ü 🙂", "b": "c"}),
    ],
)
def test_plain_data_comes_of_yaml(text: str, expected: Any) -> None:
    assert read("tenant.yaml", text) == expected


def test_versions_and_all_other_scalars_stay_texts() -> None:
    for version in ("4.10", "1.0", "1e3", "0x10", "010", "1_000", "190:20:30", "2026-11-18", "yes", "no", "on", ".inf"):
        assert read("tenant.yaml", f"lodash: {version}") == {"lodash": version}


def test_true_false_and_null_are_what_they_say_unless_they_are_quoted() -> None:
    text = "[true, False, null, ~, , 'true', \"null\", !!str 7, yes]".replace(", ,", ", {a: },")
    assert read("tenant.yaml", text) == [True, False, None, None, {"a": None}, "true", "null", "7", "yes"]
    assert read("tenant.yaml", "a: |-\n  true") == {"a": "true"}


def test_mappings_are_merged_and_what_is_nearer_wins() -> None:
    text = """\
defaults: &defaults {enabled: false, triggerId: post-user-registration}
other: &other {enabled: true, name: other}
one: {<<: *defaults, name: one}
two: {name: two, <<: [*defaults, *other]}
three: {"<<": text}
"""
    found = read("tenant.yaml", text)
    assert found["one"] == {"enabled": False, "triggerId": "post-user-registration", "name": "one"}
    assert found["two"] == {"enabled": False, "triggerId": "post-user-registration", "name": "two"}
    assert found["three"] == {"<<": "text"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "a: b\nc: !!python/object/apply:os.system [ls]",
            "Line 2: What begins with ! is a tag, which is not allowed. Put it in quotes.",
        ),
        ("a: !custom b", "Line 1: What begins with ! is a tag, which is not allowed. Put it in quotes."),
        ("a: !!binary aGk=", "Line 1: What begins with ! is a tag, which is not allowed. Put it in quotes."),
        ("a: b\n!!python/name:os.system x: c", "Line 2: A key must be a text."),
        ("? [a]\n: b", "Line 1: A key must be a text."),
        ("a:\n  b: 1\n  c: 2\n  b: 3\n", "Line 4: b appears twice."),
        ("a: 1\n<<: b", "Line 2: Only mappings can be merged with <<."),
        ("a: 1\n<<: [{b: c}, d]", "Line 2: Only mappings can be merged with <<."),
        ("a: b\nc: [d", "Line 2: This is not valid YAML: did not find expected ',' or ']'."),
        ("a:\n\t- b", "Line 2: This is not valid YAML: found character that cannot start any token."),
        ("a: b\nc: *d", "Line 2: This is not valid YAML: found undefined alias."),
        ("a\n---\nb", "Line 2: This is not valid YAML: but found another document."),
        ("a: b\nc: d\x1b[2J", "Line 2: This is not valid YAML: a character is not allowed there."),
        ("a: b\n\nc: d\ud800", "Line 3: This is not valid YAML: a character is not allowed there."),
        ('a: "\\ud800"', "Line 1: This is not valid YAML: found invalid Unicode character escape code."),
    ],
)
def test_each_fault_is_told_with_its_line(text: str, reason: str) -> None:
    assert refusal(text).startswith(reason)


def test_aliases_do_not_multiply_without_end() -> None:
    laughs = "a0: &a0 [ha, ha]\n" + "".join(
        f"a{number}: &a{number} [{', '.join([f'*a{number - 1}'] * 9)}]\n" for number in range(1, 12)
    )
    assert "With its aliases filled in, the file has more than 200000 values." in refusal(laughs)
    merges = "a0: &a0 {x: 1}\n" + "".join(
        f"a{number}: &a{number} {{<<: [{', '.join([f'*a{number - 1}'] * 9)}]}}\n" for number in range(1, 12)
    )
    assert "With its aliases filled in, the file has more than 200000 values." in refusal(merges)


def test_a_long_text_is_not_repeated_without_end() -> None:
    text = f"a: &a {'x' * 1_000_000}\nb: [{', '.join(['*a'] * 100)}]"
    assert refusal(text) == "Line 1: With its aliases filled in, the file has more than 100000000 characters."


@pytest.mark.parametrize("text", ["&a [*a]", "a: &a\n  b: *a", "&a {<<: *a}"])
def test_what_holds_itself_is_refused(text: str) -> None:
    assert refusal(text).endswith("It is nested more than 50 deep.")


@pytest.mark.parametrize("text", ["[" * 60 + "]" * 60, "- " * 60, "\n".join(" " * depth + "a:" for depth in range(60))])
def test_deep_nesting_is_refused(text: str) -> None:
    assert refusal(text).endswith("It is nested more than 50 deep.")


@pytest.mark.parametrize("start", ["[", "{a: ", "- ", "? ", "[{a: &b "])
def test_nesting_beyond_all_measure_ends_nothing_but_the_reading(start: str) -> None:
    assert refusal(start * 20_000).startswith("Line ")


PIECES = [
    "a",
    "b: ",
    "- ",
    "\n",
    "  ",
    "[",
    "]",
    "{",
    "}",
    ",",
    ": ",
    "&a ",
    "*a",
    "!!str ",
    "!x ",
    "|\n",
    ">-\n",
    "'",
    '"',
    "\\",
    "#",
    "<<: ",
    "? ",
    "%YAML 1.2\n",
    "---\n",
    "...\n",
    "@",
    "`",
    "\t",
    "\x00",
    "\x85",
    "\ufeff",
    "ü",
]


@given(st.lists(st.sampled_from(PIECES), max_size=20).map("".join) | st.text(max_size=30))
@settings(max_examples=200, deadline=None)
def test_whatever_the_text_only_unreadable_comes_of_it(text: str) -> None:
    reason = "Line 1: Nothing is wrong."
    try:
        read("tenant.yaml", text)
    except UnreadableError as error:
        reason = error.reason
    assert reason.startswith("Line ")
    assert reason.endswith(".")


VALUES: st.SearchStrategy[Any] = st.recursive(
    st.booleans() | st.none() | st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc-_ ", max_size=4), inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
@settings(deadline=None)
def test_json_is_yaml(value: Any) -> None:
    assert read("tenant.yaml", json.dumps(value)) == value
