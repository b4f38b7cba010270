"""Keywords of the Deploy CLI's files: both kinds, in JSON, YAML and scripts, with values and without."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hooksui.transfer.files import yaml_reading
from hooksui.transfer.files.keywords import in_json, in_yaml, replace, unfilled

AWKWARD = [
    "plain",
    'say "hi"',
    "it's",
    "$1 $& $$ $`",
    "back\\slash \\n \\1 \\g<0>",
    "two\nlines",
    "ü🙂",
    "",
    "a: b # c",
]


@pytest.mark.parametrize("value", AWKWARD)
def test_a_keyword_between_ats_becomes_json_with_or_without_quotes(value: str) -> None:
    for text in ('{"key": @@KEY@@}', '{"key": "@@KEY@@"}', """{"key": '@@KEY@@'}"""):
        assert json.loads(replace(text, {"KEY": value})) == {"key": value}
    for text in ("key: @@KEY@@", "key: '@@KEY@@'", 'key: "@@KEY@@"', "{key: @@KEY@@}"):
        assert yaml_reading.read("tenant.yaml", replace(text, {"KEY": value})) == {"key": value}
    assert replace("const key = @@KEY@@;", {"KEY": value}) == f"const key = {json.dumps(value, ensure_ascii=False)};"


@pytest.mark.parametrize("value", AWKWARD)
def test_a_keyword_between_hashes_becomes_the_value_as_it_is(value: str) -> None:
    assert replace("const key = '##KEY##'; // ##KEY##", {"KEY": value}) == f"const key = '{value}'; // {value}"


@pytest.mark.parametrize("value", [["a", "b"], {"a": {"b": "c"}}, [], {}, True, False, None, 7, 1.5])
def test_values_that_are_json_stay_json(value: Any) -> None:
    for text in ('{"key": @@KEY@@}', '{"key": "@@KEY@@"}', '{"key": ##KEY##}'):
        assert json.loads(replace(text, {"KEY": value})) == {"key": value}


def test_keywords_are_replaced_wherever_they_stand_and_others_are_left() -> None:
    values = {"A": "1", "B_2": "2", "lower": "3"}
    assert replace("##A####B_2## ##lower##/##A##x ##C## @@C@@ '@@C@@'", values) == "12 3/1x ##C## @@C@@ '@@C@@'"
    assert replace("##A## @@A@@", {}) == "##A## @@A@@"
    assert replace("## A ## #A# @A@ ##A-B## ####", values) == "## A ## #A# @A@ ##A-B## ####"


def test_a_value_that_looks_like_a_keyword_is_a_value() -> None:
    values = {"A": "##B## @@B@@", "B": "b"}
    assert replace("##A##", values) == "##B## @@B@@"
    assert replace("@@A@@", values) == '"##B## @@B@@"'


@given(st.dictionaries(st.sampled_from("ABC"), st.text(max_size=10)), st.text("AB@#\"' ", max_size=30))
def test_text_without_known_keywords_is_left_as_it_is(values: dict[str, str], text: str) -> None:
    known = any(f"##{key}##" in text or f"@@{key}@@" in text for key in values)
    assert known or replace(text, values) == text


def from_json(text: str, **values: Any) -> Any:
    prepared = in_json(text, values)
    return prepared.filled(json.loads(prepared.text))


def from_yaml(text: str, **values: Any) -> Any:
    prepared = in_yaml(text, values, yaml_reading.plain)
    return prepared.filled(yaml_reading.read("tenant.yaml", prepared.text))


@pytest.mark.parametrize("keyword", ["@@KEY@@", "##KEY##"])
def test_json_and_yaml_can_be_read_before_a_whole_value_is_known(keyword: str) -> None:
    for text in (f'{{"a": {keyword}, "b": [{keyword},{keyword} ], "c":{keyword}}}', f'{{"a": {keyword}\r\n}}'):
        assert from_json(text)["a"] == keyword
    text = f"a: {keyword}\nb:\n  - {keyword}\r\n  - x{keyword}\nc: {{d: {keyword}}}\ne: x {keyword}\n"
    expected = {"a": keyword, "b": [keyword, f"x{keyword}"], "c": {"d": keyword}, "e": f"x {keyword}"}
    assert from_yaml(text) == expected


PLAIN = [
    "1.3.0-##CHANNEL##",
    "door-##STAGE##",
    "a - ##B##",
    "a:##B##",
    "a, @@B@@",
    "[ @@MARKS@@ ]",
    "##A####B##",
    "@@A@@@@B@@",
    "x ##A## # no comment",
]


@pytest.mark.parametrize("text", PLAIN)
def test_without_values_a_text_stays_as_it_is_in_the_file(text: str) -> None:
    quoted = json.dumps(text)
    assert from_json(f'{{"a": {quoted}, {quoted}: 1}}') == {"a": text, text: 1}
    for before, after in (("a: |\n  ", "\n"), ("- a: >-\n    x\n\n    ", "\n"), (f"a: '{text}'\nb: |\n  ", "\nc: d\n")):
        read = from_yaml(f"{before}{text}{after}")
        one = read[0]["a"] if isinstance(read, list) else read.get("b", read["a"])
        assert one.splitlines()[-1] == text
    assert from_yaml(f"a: {quoted}") == {"a": text}


@given(st.text(st.sampled_from("AB@#\"' :-,[]{}|\n\\"), max_size=30), st.dictionaries(st.sampled_from("AB"), st.text()))
def test_any_text_in_a_file_has_the_values_that_it_would_have_by_itself(text: str, values: dict[str, str]) -> None:
    whole = re.fullmatch("@@[AB]@@", text)
    assert whole or from_json(json.dumps([text]), **values) == [replace(text, values)]
    assert whole or from_yaml(json.dumps([text]), **values) == [replace(text, values)]
    block = "a: |2\n" + "".join(f"  {line}\n" for line in text.split("\n")) + "  .\n"
    assert from_yaml(block, **values) == {"a": replace(f"{text}\n.\n", values)}


@pytest.mark.parametrize("value", AWKWARD)
def test_no_value_can_spoil_a_text(value: str) -> None:
    assert from_json('{"a": "##KEY##", "b": "x ##KEY##", "c": @@KEY@@}', KEY=value) == {
        "a": value,
        "b": f"x {value}",
        "c": value,
    }
    text = "a: ##KEY##\nb: x##KEY##\nc: @@KEY@@\nd: |\n  ##KEY##\ne: '@@KEY@@'\nf: \"##KEY##\"\n"
    expected = {"a": value or None, "b": f"x{value}", "c": value, "d": f"{value}\n", "e": value, "f": value}
    assert from_yaml(text, KEY=value) == expected


def test_a_value_for_a_whole_one_is_what_its_text_says() -> None:
    for read in (from_json, from_yaml):
        text = '{"a": ##A##, "b": @@B@@, "c": ##C##, "d": ##D##}'
        values = {"A": "true", "B": {"k": ["v"]}, "C": '{"k": ["v"]}', "D": False}
        assert read(text, **values) == {"a": True, "b": {"k": ["v"]}, "c": {"k": ["v"]}, "d": False}
    # As to the Deploy CLI, a value may be a part of what stands there.
    assert from_json('["x", ##ITEMS##]', ITEMS='"y", "z"') == ["x", "y", "z"]
    assert from_json('{"a": @@N@@}', N=7) == {"a": 7}
    # There numbers are texts, whatever they stand for.
    assert from_yaml("a: @@N@@\nb: ##N##", N=7) == {"a": "7", "b": "7"}
    assert from_yaml("hooks:\n##MORE##\n  - b\n", MORE="  - a") == {"hooks": ["a", "b"]}


def test_no_character_of_a_file_is_taken_for_a_sign_of_ours() -> None:
    for text in ('["\\ue000\\uE001 ##A##", ##A##]', '["\ue000 ##A##", ##A##]', '["\ue002\\ue000", ##A##]'):
        expected = [json.loads(text.replace(", ##A##", ""))[0], "##A##"]
        assert from_json(text) == from_yaml(text) == expected


def test_comments_are_no_values() -> None:
    assert from_yaml("##SECTION##\na: b\n  ##SECTION##\n# ##NOTE## @@NOTE@@\nc: d # ##NOTE##\n") == {"a": "b", "c": "d"}


def test_keywords_without_a_value_are_listed_once() -> None:
    assert unfilled("##B## @@A@@ x##B##y @@A_1@@ ##lower## @@lower@@ ####") == ["B", "A", "A_1"]
    assert unfilled("nothing") == []


def test_marks_of_bundled_libraries_are_no_keywords() -> None:
    assert unfilled("'@@__IMMUTABLE_LIST__@@' @@__X__@@ @@____@@ @@_KEY_@@ ##__A__##") == ["_KEY_", "__A__"]


def test_a_long_text_is_prepared_at_once() -> None:
    quotes = ('"\\' * 500_000, '"' + '\\"' * 500_000, '"' * 500_001)
    for text in (*quotes, "##A" * 300_000, "##A##" * 100_000, "|" * 500_000, "##A## | " + " " * 500_000 + "x"):
        assert in_json(text, {}).text
        assert in_yaml(text, {}, yaml_reading.plain).text
