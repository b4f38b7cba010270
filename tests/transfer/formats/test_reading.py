"""From files to definitions: each format wherever it stands, and everything that cannot be used told by its file."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hooksui.auth0.shapes import MASK
from hooksui.transfer.files.definition import Definition
from hooksui.transfer.files.texts import Texts
from hooksui.transfer.formats import base, reading
from hooksui.transfer.formats.deploy_cli.directory import write as write_directory
from hooksui.transfer.formats.deploy_cli.tenant_yaml import write as write_yaml
from hooksui.transfer.formats.terraform.writing import write as write_terraform
from tests.transfer.readings import (
    CONFIGURATION,
    DIRECTORY,
    DUMP,
    FIELDS,
    HOOK,
    SCRIPT,
    STATE,
    YAML,
    hook,
    read,
    read_one,
    refusals,
)


@pytest.mark.parametrize("folder", ["hooks/", "tenant/hooks/", "a/b/hooks/", "", "other/"])
def test_the_directory_format_is_found_in_any_folder(folder: str) -> None:
    found = read({f"{folder}x.json": hook(enabled=True, secrets={"A": MASK}), f"{folder}x.js": SCRIPT})
    assert found.formats == [DIRECTORY]
    secrets = {"A": MASK}
    assert found.definitions == [
        Definition("x", "pre-user-registration", SCRIPT, enabled=True, secrets=secrets, source=f"{folder}x.json")
    ]


@pytest.mark.parametrize("path", ["tenant.yaml", "a/tenant.yml", "a/b.YAML"])
def test_yaml_is_found_with_its_scripts(path: str) -> None:
    folder = path.rpartition("/")[0] + "/" if "/" in path else ""
    text = (
        "hooks:\n  - name: x\n    script: ./hooks/x.js\n    triggerId: pre-user-registration\n"
        "    enabled: false\n    dependencies: {lodash: 4.10}\n"
    )
    found = read({path: text, f"{folder}hooks/x.js": SCRIPT})
    expected = Definition(
        "x", "pre-user-registration", SCRIPT, enabled=False, dependencies={"lodash": "4.10"}, source=f"{path}, hook 1"
    )
    assert (found.formats, found.definitions, found.unreadable) == ([YAML], [expected], [])


def test_yaml_without_hooks_is_left_alone_and_an_empty_list_says_that_there_are_none() -> None:
    for text in ("rules: []", "hooks:", "[]", "text", ""):
        found = read({"tenant.yaml": text})
        assert (found.formats, found.definitions, found.unreadable, found.others) == ([], [], [], 1)
    assert read({"tenant.yaml": "hooks: []"}).formats == [YAML]
    assert refusals(read({"tenant.yaml": "hooks: {a: b}"})) == {"tenant.yaml": "hooks must be a list."}


def test_answers_of_the_api_are_read() -> None:
    whole = hook(id="01", script=SCRIPT, enabled=True, dependencies={})
    expected = Definition(
        "x", "pre-user-registration", SCRIPT, enabled=True, dependencies={}, source="all.json, hook 1"
    )
    for content in ([whole], {"hooks": [whole]}, {"total": 1, "start": 0, "limit": 50, "hooks": [whole]}):
        found = read({"all.json": content})
        assert (found.formats, found.definitions, found.unreadable) == ([DUMP], [expected], [])
    assert read({"all.json": {"hooks": []}}).formats == [DUMP]
    assert read_one({"one.json": whole}).script == SCRIPT
    # There it is the script itself, whatever it looks like.
    assert read_one({"all.json": [hook(script="./x.js")]}).script == "./x.js"


def test_terraform_is_read_and_a_state_is_preferred_where_it_has_hooks() -> None:
    attributes = {"name": "x", "script": SCRIPT, "trigger_id": "pre-user-registration"}
    resource = {"mode": "managed", "type": "auth0_hook", "name": "x", "instances": [{"attributes": attributes}]}
    state = {"version": 4, "terraform_version": "1.5.0", "serial": 1, "resources": [resource]}
    configuration = write_terraform([("01", HOOK)])
    found = read({"terraform.tfstate": state, **configuration})
    assert (found.formats, [hook.source for hook in found.definitions]) == ([STATE], ["terraform.tfstate"])
    found = read(configuration)
    assert (found.formats, [hook.name for hook in found.definitions]) == ([CONFIGURATION], ["x"])
    found = read({"terraform.tfstate": {**state, "resources": []}, **configuration})
    # A state of other things is left alone, and only told where there is nothing else.
    assert (found.formats, len(found.definitions), refusals(found)) == ([CONFIGURATION], 1, {})
    found = read({"terraform.tfstate": {**state, "resources": []}})
    assert refusals(found) == {"terraform.tfstate": "The state has no auth0_hook."}
    assert read({"main.tf": 'resource "auth0_client" "c" {}'}).formats == []


@pytest.mark.parametrize("write", [write_directory, write_yaml])
def test_what_was_exported_is_read_as_it_was(write: Any) -> None:
    hooks = [
        Definition("a (copy)", "credentials-exchange", SCRIPT, False, {}, {}),
        Definition("A", "credentials-exchange", "x\r\n\tü", False, {"@a/b": "latest"}, {"a": MASK, "1": MASK}),
    ]
    found = reading.read(Texts(write([(str(number), hook) for number, hook in enumerate(hooks)])), None)
    assert found.unreadable == []
    plain = [Definition(h.name, h.trigger, h.script, h.enabled, h.dependencies, h.secrets) for h in found.definitions]
    assert sorted(plain, key=lambda hook: hook.name, reverse=True) == hooks


WRONG: list[tuple[Any, str]] = [
    (hook(name=None), "It has no name."),
    (hook(name=7), "It has no name."),
    (hook(script=""), "It has no script."),
    (hook(script={}), "It has no script."),
    (hook(triggerId=[]), "It has no triggerId."),
    (hook(actif=True), "It has a field that no hook has: actif."),
    (hook(enabled="yes"), "enabled must be true or false."),
    (hook(enabled=1), "enabled must be true or false."),
    (hook(enabled=[]), "enabled must be true or false."),
    (hook(dependencies=["a"]), "dependencies must be an object of names and texts."),
    (hook(dependencies={"a": 1.5}), "The value of a in dependencies must be a quoted text."),
    (hook(secrets="x"), "secrets must be an object of names and texts."),
    (hook(secrets={"A": None}), "A value is missing in secrets: names and quoted texts are needed."),
    (hook(secrets={"A": "\ud800"}), "A in secrets has an unpaired surrogate (half a character)."),
    (hook(dependencies={"\udc00": "1"}), "\ufffd in dependencies has an unpaired surrogate (half a character)."),
    (hook(name="\ud83d"), "Its name has an unpaired surrogate (half a character)."),
    (hook(script="x(\ud800)"), "Its script has an unpaired surrogate (half a character)."),
    (hook(**{"\ud800": 1}), "It has a field that no hook has: \ufffd."),
    (hook(script="./y.js"), "The script ./y.js is missing."),
    (hook(script="./y (copy).js"), "The script ./y (copy).js is missing."),
    (hook(script="./-"), "The script ./- is missing."),
    (hook(script="../../x.js"), "The script ../../x.js is outside the files that were given."),
    (hook(script="/etc/x.js"), "The script /etc/x.js is outside the files that were given."),
    (hook(script="C:\\x.js"), "The script C:\\x.js is outside the files that were given."),
    ([1], "This is not a hook: an object with name, script and triggerId is needed."),
    ("text", "Line 1: This is not valid JSON: Expecting value."),
    ('{\n"name": "x",\n}', "Line 3: This is not valid JSON: Expecting property name enclosed in double quotes."),
    ("[" * 100_000, "It is nested too deeply."),
    ("9" * 5_000, "It has a number that is too long to be read."),
    (hook(name="a\0"), "Its name has a NUL character."),
    (hook(script="x('\0')"), "Its script has a NUL character."),
    (hook(dependencies={"a": "\0"}), "a in dependencies has a NUL character."),
    (hook(secrets={"A\0": "a"}), "A\0 in secrets has a NUL character."),
    (hook(script="./nul.js"), "Its script has a NUL character."),
    ('{"name": "a", "name": "b", "script": "x", "triggerId": "t"}', "name appears twice."),
    ('{"secrets": {"A": "1", "B": "2", "B": "2"}, "name": "a", "script": "x"}', "B appears twice."),
    ('{"name": ##N##, "secrets": {"A": @@A@@, "A": @@A@@}}', "A appears twice."),
]


@pytest.mark.parametrize(("content", "reason"), WRONG)
def test_a_hook_that_cannot_be_used_is_told_by_its_file_while_others_are_read(content: Any, reason: str) -> None:
    found = read({"hooks/bad.json": content, "hooks/x.json": hook(), "hooks/x.js": SCRIPT, "hooks/nul.js": "'\0'"})
    assert [hook.source for hook in found.definitions] == ["hooks/x.json"]
    ((source, told),) = refusals(found).items()
    assert source == "hooks/bad.json"
    assert told.startswith(reason)


def test_each_hook_of_a_list_is_read_for_itself() -> None:
    for path, content in {
        "all.json": [hook(script=SCRIPT), hook(name=""), 7],
        "tenant.yaml": f"hooks: {json.dumps([hook(script=SCRIPT), hook(name=''), '7'])}",
    }.items():
        found = read({path: content})
        assert [hook.source for hook in found.definitions] == [f"{path}, hook 1"]
        assert refusals(found) == {
            f"{path}, hook 2": "It has no name.",
            f"{path}, hook 3": "This is not a hook: an object with name, script and triggerId is needed.",
        }


def test_very_old_hooks_are_called_by_their_id() -> None:
    assert read_one({"all.json": [hook(name=None, id="old-hook")]}).name == "old-hook"


def test_a_script_may_stand_in_the_file_itself() -> None:
    for script in (SCRIPT, "module.exports = cb => cb(require('./x.js'))", "exports.js"):
        assert read_one({"x.json": hook(script=script), "exports.js": script}).script == script


CODE = [
    "module.exports=1",
    "exports.hook=x=>x",
    "Object.assign(module,{exports:cb})",
    "eval`module.exports=a`",
    "// see ./y.js",
    "/**/",
    "null",
    "throw new Error",
    "1;",
    "'./y.js'",
    "./y.js()\n;",
]


@pytest.mark.parametrize("script", CODE)
def test_what_can_be_code_is_no_path(script: str) -> None:
    assert read_one({"hooks/x.json": hook(script=script)}).script == script
    assert read_one({"x.yaml": f"hooks: {json.dumps([hook(script=script)])}"}).script == script


NO_SCRIPTS = ["my-script.txt", "my-script", "hooks/y", "hooks\\y", "y.ts", "./y", "my.hook", "y/", "##ENV##-y"]

MISSING_SCRIPTS = ["y.js", "some thing.js", "hooks/y.JS", "y.mjs", "./a b.Cjs", "some-hook.js"]


@pytest.mark.parametrize("script", NO_SCRIPTS)
def test_a_path_of_a_file_that_is_never_read_is_told_with_the_names_that_are(script: str) -> None:
    expected = (
        f"The script {script} is missing. Give it a name that ends with .js, .cjs or .mjs, and choose it as well."
    )
    assert refusals(read({"hooks/x.json": hook(script=script)})) == {"hooks/x.json": expected}


@pytest.mark.parametrize("script", MISSING_SCRIPTS)
def test_a_path_of_a_script_that_was_not_given_is_told(script: str) -> None:
    expected = f"The script {script} is missing. Choose it as well, or the whole folder."
    assert refusals(read({"hooks/x.json": hook(script=script)})) == {"hooks/x.json": expected}
    found = read({"a.yaml": f"hooks: {json.dumps([hook(script=script)])}"})
    assert refusals(found) == {"a.yaml, hook 1": expected}


def test_a_long_text_is_told_from_a_path_at_once() -> None:
    for text in ("-" * 1_000_000 + " ", "./" * 500_000 + "\n", ".js" * 300_000 + ";"):
        assert read_one({"hooks/x.json": hook(script=text)}).script == text


def test_capitals_in_the_extension_make_no_other_kind() -> None:
    found = read({"hooks/a.json": hook(name="a"), "hooks/B.JSON": hook(name="b"), "hooks/x.js": SCRIPT})
    assert ([hook.name for hook in found.definitions], found.others) == (["a", "b"], 0)
    assert read({"hooks/B.JSON": hook(script="./X.JS"), "hooks/X.JS": SCRIPT}).definitions[0].script == SCRIPT
    configuration = 'resource "auth0_hook" "x" {\n name = "x"\n trigger_id = "t"\n script = "1"\n}\n'
    assert len(read({"MAIN.TF": configuration}).definitions) == 1
    found = read({"A.TFSTATE": {"version": 4, "terraform_version": "1"}, "hooks/x.json": hook(), "hooks/x.js": SCRIPT})
    assert (refusals(found), found.others) == ({}, 1)


@pytest.mark.parametrize("path", ["all.json", "terraform.tfstate", "hooks/y.json", "y.json"])
def test_a_name_that_stands_twice_is_refused_however_deep_it_stands(path: str) -> None:
    for text in (
        '[{"name": "a", "script": "x", "triggerId": "t", "secrets": {"A": "1", "A": "1"}}]',
        '{"hooks": [{"name": "a", "script": "x", "triggerId": "t", "dependencies": {"A": "1", "B": "", "A": "2"}}]}',
        '{"version": 4, "terraform_version": "1", "resources": [{"instances": [{"attributes": {"A": 1, "A": 1}}]}]}',
        '{"name": "a", "A": {"B": 1}, "A": {"B": 2}}',
    ):
        found = read({path: text})
        assert (found.definitions, refusals(found)) == ([], {path: "A appears twice."})


def test_the_number_of_hooks_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "MAX_HOOKS", 2)
    hooks = [hook(name=str(number)) for number in range(3)]
    for path, content in {"all.json": hooks, "a.yaml": f"hooks: {json.dumps(hooks)}"}.items():
        assert refusals(read({path: content})) == {path: "It has more than 2 hooks."}
    found = read({f"{number}.json": [one] for number, one in enumerate(hooks)})
    assert (found.definitions, refusals(found)) == ([], {"All files": "They have more than 2 hooks."})


def test_keywords_are_filled_in_files_of_the_deploy_cli_and_in_their_scripts() -> None:
    text = (
        '{"name": "##ENV##-x", "script": "./##ENV##.js", "triggerId": @@POINT@@, "enabled": ##ON##, "secrets": @@S@@}'
    )
    values = {"ENV": "dev", "POINT": "send-phone-message", "ON": "true", "S": {"A": "a", "B": "##ENV##"}}
    expected = Definition("dev-x", "send-phone-message", "const env = 'dev';", enabled=True)
    files = {"dev.js": "const env = '##ENV##';"}
    one = read_one({"x.json": text, **files}, **values)
    # What looks like a keyword is asked for rather than written.
    assert one.secrets == {"A": "a", "B": MASK}
    assert replace(one, source="", secrets=None) == expected
    yaml = "hooks:\n  - name: ##ENV##-x\n    script: ./##ENV##.js\n    triggerId: '@@POINT@@'\n    enabled: ##ON##\n"
    one = read_one({"x.yaml": yaml, **files}, **values)
    assert replace(one, source="", secrets=None) == expected
    assert read_one({"x.json": hook(enabled="@@ON@@"), "x.js": SCRIPT}, ON="false").enabled is False


def test_keywords_without_a_value_are_told_with_their_files() -> None:
    files = {
        "hooks/x.json": json.dumps(hook(triggerId="@@POINT@@", secrets={"A": "##A##", "B": "b"})).replace(
            '"##A##"', "##A##"
        ),
        "hooks/x.js": "'##A##' + @@B@@ + ##lower##",
        "rules/r.json": '{"name": "##OTHER##"}',
    }
    found = read(files)
    assert {key: set(where) for key, where in found.keywords.items()} == {
        "A": {"hooks/x.json", "hooks/x.js"},
        "B": {"hooks/x.js"},
        "POINT": {"hooks/x.json"},
    }
    # A value that is not known is as good as the mask: it is asked for, and never written.
    assert found.definitions[0].secrets == {"A": MASK, "B": "b"}
    yaml = (
        "##COMMENT##\nhooks:\n  - name: x\n    script: x.js\n    triggerId: t\n"
        "    secrets:\n      A: ##A##\n      B: @@B@@\n"
    )
    found = read({"tenant.yaml": yaml, "x.js": SCRIPT})
    assert found.definitions[0].secrets == {"A": MASK, "B": MASK}
    assert set(found.keywords) == {"A", "B"}


def test_without_values_keywords_mean_nothing() -> None:
    script = "'##A##' + @@B@@"
    found = reading.read(Texts({"hooks/x.json": json.dumps(hook()), "hooks/x.js": script}), None)
    assert (found.definitions[0].script, found.keywords) == (script, {})


JSON: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.floats()
    | st.text(st.characters(codec=None), max_size=5)
    | st.sampled_from(["./x.js", "true", MASK]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "name",
                    "script",
                    "triggerId",
                    "enabled",
                    "secrets",
                    "dependencies",
                    "hooks",
                    "resources",
                    "serial",
                    "terraform_version",
                    "version",
                    "values",
                    "instances",
                    "type",
                    "mode",
                    "id",
                ]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=15,
)


@given(
    JSON | st.builds(lambda fields: {**FIELDS, **fields}, st.dictionaries(st.sampled_from(list(FIELDS)), JSON)),
    st.sampled_from(["hooks/y.json", "y.json", "y.tfstate", "y.yaml"]),
)
@settings(max_examples=300, deadline=None)
def test_whatever_json_stands_in_a_file_only_unreadable_comes_of_it(content: Any, path: str) -> None:
    found = read({path: content, "hooks/x.js": SCRIPT, "x.js": SCRIPT})
    for error in found.unreadable:
        str(error).encode()
    for one in found.definitions:
        "".join([one.name, one.trigger, one.script, *(one.secrets or {}), *(one.dependencies or {}).values()]).encode()
