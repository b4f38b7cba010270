"""Older and other layouts of hooks' files, and how scripts and values are found in them."""

import json
import unicodedata
from typing import Any

import pytest

from hooksui.auth0.shapes import MASK
from hooksui.transfer.files.definition import Definition
from tests.transfer.readings import DIRECTORY, SCRIPT, hook, read, read_one, refusals

POINT = "pre-user-registration"


@pytest.mark.parametrize("folder", ["hooks/", "repository/hooks/"])
def test_a_script_beside_a_hook_without_one_is_its_script(folder: str) -> None:
    fields = hook(name="Door", script=None, enabled=True, secrets={"KEY": "##KEY##"})
    found = read({f"{folder}door.json": fields, f"{folder}door.js": "exports('##KEY##')"}, KEY="k")
    source = f"{folder}door.json"
    expected = Definition("Door", POINT, "exports('k')", enabled=True, secrets={"KEY": "k"}, source=source)
    assert (found.formats, found.definitions, found.others) == ([DIRECTORY], [expected], 0)


def test_without_a_script_beside_it_a_hook_has_none() -> None:
    assert refusals(read({"hooks/door.json": hook(script=None), "hooks/x.js": SCRIPT})) == {
        "hooks/door.json": "It has no script."
    }
    # In a list nothing says which file would be meant.
    assert refusals(read({"x.json": [hook(script=None)], "x.js": SCRIPT})) == {"x.json, hook 1": "It has no script."}


def test_the_words_of_the_deploy_cli_3_are_read() -> None:
    old = {"name": "x", "code": "./x.js", "active": True, "triggerId": POINT}
    one = read_one({"hooks/x.json": old, "hooks/x.js": SCRIPT})
    assert (one.script, one.enabled) == (SCRIPT, True)
    one = read_one({"tenant.yaml": f"hooks: {json.dumps([old])}", "x.js": SCRIPT})
    assert (one.script, one.enabled) == (SCRIPT, True)
    found = read({"hooks/x.json": {**old, "enabled": False}, "hooks/x.js": SCRIPT})
    assert refusals(found) == {"hooks/x.json": "It has active and enabled, which mean the same. Remove one."}


def test_a_script_may_be_named_from_the_folder_above() -> None:
    assert read_one({"in/hooks/x.json": hook(script="./hooks/x.js"), "in/hooks/x.js": SCRIPT}).script == SCRIPT


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_script_is_found_in_the_other_form_of_unicode_and_in_other_capitals(form: Any) -> None:
    for name, path in (("Prüfung.js", "Prüfung.js"), ("PRÜFUNG.js", "prüfung.JS"), ("X.js", "x.js")):
        there = unicodedata.normalize("NFD" if form == "NFC" else "NFC", path)
        files = {"hooks/x.json": hook(script="./" + unicodedata.normalize(form, name)), f"hooks/{there}": SCRIPT}
        assert (read_one(files).script, read(files).others) == (SCRIPT, 0)
    beside = {unicodedata.normalize(form, "hooks/Tür.json"): hook(script=None), "hooks/tür.js": SCRIPT}
    assert read_one(beside).script == SCRIPT


def test_of_several_scripts_that_may_be_meant_none_is_taken() -> None:
    files = {"hooks/x.json": hook(script="./Door.js"), "hooks/DOOR.js": "exports(1)", "hooks/door.js": "exports(2)"}
    (reason,) = refusals(read(files)).values()
    assert reason == "The script ./Door.js is missing. Choose it as well, or the whole folder."
    assert read_one({**files, "hooks/Door.js": "exports(3)"}).script == "exports(3)"
    # The form alone makes no other name, and comes before capitals.
    files = {"hooks/x.json": hook(script="./ü.js"), "hooks/u\u0308.js": "exports(1)", "hooks/Ü.js": "exports(2)"}
    assert read_one(files).script == "exports(1)"


def bare(field: str, keyword: str) -> str:
    return json.dumps(hook(script=SCRIPT, **{field: "?"})).replace('"?"', keyword)


@pytest.mark.parametrize("keyword", ["@@KEY@@", '"@@KEY@@"', "##KEY##", '"##KEY##"'])
@pytest.mark.parametrize("value", [{"A": "b"}, '{"A": "b"}', ' {"A":"b"}\n'])
def test_a_value_that_is_json_for_an_object_is_one_where_one_must_stand(keyword: str, value: Any) -> None:
    for field in ("secrets", "dependencies"):
        assert getattr(read_one({"hooks/x.json": bare(field, keyword)}, KEY=value), field) == {"A": "b"}
        yaml = f"hooks:\n  - name: x\n    triggerId: {POINT}\n    script: exports.x = 1\n    {field}: {keyword}\n"
        assert getattr(read_one({"tenant.yaml": yaml}, KEY=value), field) == {"A": "b"}
    # Where a text must stand it is a text.
    text = json.dumps(hook(script=SCRIPT, secrets={"S": "@@KEY@@"}))
    assert isinstance(value, dict) or read_one({"hooks/x.json": text}, KEY=value).secrets == {"S": value}


@pytest.mark.parametrize("keyword", ["@@KEY@@", '"@@KEY@@"', "##KEY##", '"##KEY##"'])
def test_a_keyword_without_a_value_is_the_reason_where_it_may_not_stay(keyword: str) -> None:
    for field in ("secrets", "dependencies"):
        found = read({"hooks/x.json": bare(field, keyword)})
        assert refusals(found) == {"hooks/x.json": f"The keyword KEY has no value, and {field} must be an object."}
        assert found.keywords == {"KEY": ["hooks/x.json"]}
    assert refusals(read({"tenant.yaml": f"hooks: {keyword}\n"})) == {
        "tenant.yaml": "The keyword KEY has no value, and hooks must be a list."
    }
    assert refusals(read({"hooks/x.json": bare("name", keyword)})) == {
        "hooks/x.json": "The keyword KEY in its name has no value."
    }


def test_keywords_come_in_the_order_of_the_files() -> None:
    files = {
        "hooks/b.json": hook(
            script="./b.js", triggerId="@@Z@@", secrets={"##Y##": "##X##"}, dependencies={"a": "##W##"}
        ),
        "hooks/b.js": "##V## @@X@@ ##U##",
        "hooks/c.json": hook(name="##T##", script="./b.js"),
    }
    found = read(files)
    assert list(found.keywords) == ["Z", "Y", "X", "W", "V", "U", "T"]
    assert found.keywords["X"] == ["hooks/b.json", "hooks/b.js"]
    assert found.definitions[0].secrets == {"##Y##": MASK}


def test_marks_of_bundled_libraries_raise_no_alarm() -> None:
    script = "var s = '@@__IMMUTABLE_ITERABLE__@@', t = '@@redux/INIT'; module.exports = f;\n"
    found = read({"hooks/x.json": hook(secrets={"A": "@@__X__@@"}), "hooks/x.js": script})
    assert (found.keywords, found.definitions[0].script) == ({}, script)
    assert found.definitions[0].secrets == {"A": "@@__X__@@"}
