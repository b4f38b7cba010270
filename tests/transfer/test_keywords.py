"""Keywords of the Deploy CLI's files: both kinds, in JSON, YAML and scripts, with values and without."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hooksui.transfer import yaml_reading
from hooksui.transfer.keywords import quoted, replace, unfilled

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


@pytest.mark.parametrize("keyword", ["@@KEY@@", "##KEY##"])
def test_json_and_yaml_can_be_read_before_a_whole_value_is_known(keyword: str) -> None:
    for text in (f'{{"a": {keyword}, "b": [{keyword},{keyword} ], "c":{keyword}}}', f'{{"a": {keyword}\r\n}}'):
        assert json.loads(quoted(text))["a"] == keyword
    text = f"a: {keyword}\nb:\n  - {keyword}\r\n  - x{keyword}\nc: {{d: {keyword}}}\n"
    expected = {"a": keyword, "b": [keyword, f"x{keyword}"], "c": {"d": keyword}}
    assert yaml_reading.read("tenant.yaml", quoted(text)) == expected


def test_comments_and_parts_of_values_get_no_quotes() -> None:
    for text in ("##SECTION##\nhooks: []", "  ##SECTION##\n", "a: b ##KEY##", '{"a": "@@KEY@@", "b": "x: ##KEY##y"}'):
        assert quoted(text) == text


def test_keywords_without_a_value_are_listed_once() -> None:
    assert unfilled("##B## @@A@@ x##B##y @@A_1@@ ##lower## @@lower@@ ####") == ["B", "A", "A_1"]
    assert unfilled("nothing") == []
