"""Which of many files are read: where hooks are kept, and what stands beside them."""

import json
from typing import Any

import pytest

from hooksui.transfer.formats.terraform.writing import write as write_terraform
from tests.transfer.readings import DIRECTORY, HOOK, SCRIPT, STATE, YAML, hook, named, read, read_one, refusals


def test_what_stands_beside_the_hooks_of_a_directory_is_left_alone() -> None:
    others = {
        "tenant.json": {"friendly_name": "x"},
        "actions/a.json": {"name": "a", "code": "./a.js"},
        "rules/r.json": {"name": "r", "script": "./r.js", "stage": "login_success", "order": 1, "enabled": True},
        "grants.json": [{"client_id": "c"}],
        "package.json": "{",
        "other.yaml": "rules: []",
    }
    found = read({**others, "hooks/x.json": hook(), "hooks/x.js": SCRIPT})
    assert (found.formats, len(found.definitions), found.unreadable, found.others) == ([DIRECTORY], 1, [], 6)
    del others["package.json"]
    alone = read({**others, "empty.json": []})
    assert (alone.formats, alone.definitions, alone.unreadable, alone.others) == ([], [], [], 6)


# What repositories have beside the files of the Deploy CLI.
OTHERS = {
    "template.yaml": "Resources:\n  Key: !Ref Other\n",
    "k8s/all.yml": "a: 1\n---\nb: 2\n",
    "chart/values.yaml": "a: {{ .Values.b }}\n",
    "appspec.yml": "hooks:\n  - BeforeInstall: x\n",
    "tsconfig.json": '{ // comments\n "strict": true }',
    "package.json": {"hooks": ["pre-commit"]},
    "src/hooks/package.json": {"name": "hooks"},
}

PLACES: list[dict[str, Any]] = [
    {"hooks/x.json": hook(), "hooks/x.js": SCRIPT},
    {"tenant.yaml": "hooks:\n  - name: x\n    script: ./x.js\n    triggerId: pre-user-registration\n", "x.js": SCRIPT},
    {"all.json": [hook(script=SCRIPT)]},
]


@pytest.mark.parametrize("top", ["", "repository/"])
@pytest.mark.parametrize("files", PLACES)
def test_other_files_of_a_repository_are_left_alone(files: dict[str, Any], top: str) -> None:
    found = read({top + path: content for path, content in (OTHERS | files).items()})
    assert ([definition.name for definition in found.definitions], found.unreadable) == (["x"], [])
    assert (found.others, found.gaps) == (len(OTHERS), [])


def test_what_is_wrong_is_told_where_hooks_are_kept_and_of_a_file_alone() -> None:
    broken = '{"name": '
    assert list(refusals(read({"hooks/x.json": broken, "a.json": broken}))) == ["hooks/x.json"]
    assert list(refusals(read({"top/hooks/x.json": broken, "top/a.json": broken}))) == ["top/hooks/x.json"]
    assert refusals(read({"hooks/x.json": {"name": "x"}})) == {"hooks/x.json": "It has no script."}
    assert list(refusals(read({"tenant.yaml": "a: [", "b.yaml": "a: ["}))) == ["tenant.yaml"]
    assert list(refusals(read({"b.yaml": "a: ["}))) == ["b.yaml"]


def test_no_file_with_hooks_is_left_out_without_a_word() -> None:
    dump = [hook(name="y", script=SCRIPT)]
    found = read({"hooks/x.json": hook(), "hooks/x.js": SCRIPT, "dump.json": dump, "old.yaml": f"hooks: {dump}"})
    assert [definition.name for definition in found.definitions] == ["x"]
    assert (named(found), found.others) == (["dump.json", "old.yaml"], 0)
    attributes = {"name": "x", "script": SCRIPT, "trigger_id": "pre-user-registration"}
    resource = {"mode": "managed", "type": "auth0_hook", "name": "x", "instances": [{"attributes": attributes}]}
    state = {"version": 4, "terraform_version": "1.5.0", "serial": 1, "resources": [resource]}
    found = read({"terraform.tfstate": state, "clients.tf": "", **write_terraform([("01", HOOK)])})
    assert (found.formats, named(found), found.others) == ([STATE], ["hooks.tf"], 1)


def test_single_files_without_folders_have_their_scripts_by_name() -> None:
    yaml = "hooks:\n  - name: x\n    script: ./hooks/x.js\n    triggerId: pre-user-registration\n"
    assert read_one({"tenant.yaml": yaml, "x.js": SCRIPT}).script == SCRIPT
    found = read({"tenant.yaml": yaml, "other/x.js": SCRIPT})
    assert list(refusals(found).values()) == [
        "The script ./hooks/x.js is missing. Choose it as well, or the whole folder."
    ]


def test_a_value_that_spoils_a_file_is_told_with_its_keyword() -> None:
    text = json.dumps(hook(script=SCRIPT, secrets={"A": "##KEY##"}))
    # In a text, no value can spoil it.
    assert read_one({"hooks/x.json": text}, KEY='a"b').secrets == {"A": 'a"b'}
    bare = '{"name": "x", "secrets": {"A": ##KEY##}, "triggerId": "t"}'
    (reason,) = refusals(read({"hooks/x.json": bare}, KEY='a"b')).values()
    assert reason.startswith("With the values of its keywords (KEY) it cannot be read. Line 1: This is not valid JSON")
    found = read({"tenant.yaml": "hooks: ##KEY##\n"}, KEY="[")
    (reason,) = refusals(found).values()
    assert reason.startswith("With the values of its keywords (KEY) it cannot be read.")
    found = read({"hooks/x.json": text.replace('"##KEY##"', '"k"').replace("{", '{"enabled": @@FLAG@@, ', 1)})
    assert refusals(found) == {"hooks/x.json": "The keyword FLAG has no value, and enabled must be true or false."}


def test_two_formats_side_by_side_are_both_read() -> None:
    found = read({"tenant.yaml": "hooks: []", "hooks/x.json": hook(), "hooks/x.js": SCRIPT})
    assert (sorted(found.formats), len(found.definitions)) == ([YAML, DIRECTORY], 1)
