"""Hooks in Terraform's words: a configuration that is written and read again, states, and files that are broken."""

import contextlib
import json
import textwrap
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hooksui.auth0.shapes import MASK
from hooksui.transfer.definition import Definition, Unreadable
from hooksui.transfer.terraform import read_hcl, read_state, write

SCRIPT = "module.exports = (user, context, cb) => cb(null, { user });\n"
NAMES = st.text(min_size=1, max_size=30) | st.text('a-1 ${}%"\\\n./', min_size=1, max_size=12)
MAPS = st.dictionaries(
    st.text(max_size=10) | st.sampled_from(["@a/b", "for", "null"]), st.text(max_size=10), max_size=4
)
DEFINITIONS = st.builds(
    Definition,
    name=NAMES,
    trigger=st.just("pre-user-registration"),
    script=st.text(min_size=1) | st.text('`${}%"\\\r\n\t', min_size=1),
    enabled=st.none() | st.booleans(),
    dependencies=st.none() | MAPS,
    secrets=st.none() | MAPS,
)


def as_read(hook: Definition) -> Definition:
    """What reading gives of what was written: no value of a secret, and nothing of maps that are empty."""
    return Definition(
        name=hook.name,
        trigger=hook.trigger,
        script=hook.script,
        enabled=hook.enabled,
        dependencies=hook.dependencies or None,
        secrets=dict.fromkeys(hook.secrets, MASK) if hook.secrets else None,
        source="hooks.tf",
    )


def resource(**attributes: str) -> str:
    """A resource `hook` of Terraform, with `attributes` as they are written there."""
    lines = {"name": '"hook"', "script": '"s"', "trigger_id": '"t"', **attributes}
    body = "".join(f"  {name} = {value}\n" for name, value in lines.items() if value)
    return f'resource "auth0_hook" "h" {{\n{body}}}\n'


def read_one(text: str, **files: str) -> Definition:
    definitions, unreadable = read_hcl({"main.tf": text, **files})
    assert unreadable == []
    (definition,) = definitions
    return definition


def refusal(text: str, **files: str) -> str:
    """Why the one hook, or the file, cannot be read."""
    definitions, (error,) = read_hcl({"main.tf": text, **files})
    assert definitions == []
    assert error.source == "main.tf"
    return error.reason


def state(*attributes: Any, **more: Any) -> str:
    """A state with one hook, each of whose instances has one of `attributes`."""
    hook = {"mode": "managed", "type": "auth0_hook", "name": "h", **more}
    hook["instances"] = [{"schema_version": 0, "attributes": each} for each in attributes]
    return json.dumps({"version": 4, "terraform_version": "1.5.0", "resources": [hook]})


def attributes(**changes: Any) -> dict[str, Any]:
    plain = {"id": "01A", "name": "hook", "script": SCRIPT, "trigger_id": "t", "enabled": True}
    return {**plain, "dependencies": {"auth0": "2.30.0"}, "secrets": {"KEY": "value"}, **changes}


def state_refusal(text: str) -> str:
    with pytest.raises(Unreadable) as caught:
        read_state("terraform.tfstate", text)
    assert caught.value.source == "terraform.tfstate"
    return caught.value.reason


# Writing


@settings(database=None, deadline=None, derandomize=True, max_examples=200)
@given(st.lists(DEFINITIONS, max_size=3))
def test_what_is_written_reads_as_the_same_hooks(hooks: list[Definition]) -> None:
    files = write([(f"01{number}", hook) for number, hook in enumerate(hooks)])
    assert read_hcl(files) == ([as_read(hook) for hook in hooks], [])


def test_a_configuration_is_laid_out_as_terraform_does_it() -> None:
    hook = Definition("my hook", "t", SCRIPT, True, {"auth0": "2.30.0", "@a/b": "^1"}, {"KEY": MASK, "api-key": MASK})
    files = write([("01A", hook)])
    assert files["hooks/my hook.js"] == SCRIPT
    assert files["hooks.tf"].endswith(
        textwrap.dedent("""
        import {
          to = auth0_hook.my_hook
          id = "01A"
        }

        resource "auth0_hook" "my_hook" {
          name       = "my hook"
          script     = file("${path.module}/hooks/my hook.js")
          trigger_id = "t"
          enabled    = true
          dependencies = {
            auth0  = "2.30.0"
            "@a/b" = "^1"
          }
          secrets = {
            KEY     = var.my_hook_secrets["KEY"]
            api-key = var.my_hook_secrets["api-key"]
          }
        }

        variable "my_hook_secrets" {
          description = "Values of the secrets of the hook my hook."
          type        = map(string)
          sensitive   = true
        }
        """)
    )


def test_the_top_of_the_file_names_the_variables_to_fill_in() -> None:
    text = write([("01A", Definition("a", "t", "s", secrets={"KEY": "x", "a\nb": "x"}))])["hooks.tf"]
    assert '#   a_secrets: KEY, "a\\nb"\n' in text.split("import {")[0]


def test_no_value_of_a_secret_is_written() -> None:
    files = write([("01A", Definition("a", "t", "s", secrets={"KEY": "s3cret", "OTHER": MASK}))])
    assert not any(value in text for text in files.values() for value in ("s3cret", MASK))


def test_a_hook_without_secrets_needs_no_variable() -> None:
    text = write([("01A", Definition("a", "t", "s", secrets={}))])["hooks.tf"]
    assert "variable" not in text
    assert "secrets" not in text


def test_what_a_hook_does_not_say_is_left_out() -> None:
    text = write([("01A", Definition("a", "t", "s"))])["hooks.tf"]
    assert "enabled" not in text
    assert "dependencies" not in text


def test_what_terraform_would_evaluate_is_escaped() -> None:
    text = write([("01A", Definition('"${a}" %{b} \\\n\x07', "t", "s"))])["hooks.tf"]
    assert 'name       = "\\"$${a}\\" %%{b} \\\\\\n\\u0007"\n' in text


@pytest.mark.parametrize(
    ("name", "label"),
    [("my hook", "my_hook"), ("my-hook", "my-hook"), ("2nd", "hook_2nd"), ("é", "hook"), ("-a-", "a"), ("a_b", "a_b")],
)
def test_labels_are_identifiers(name: str, label: str) -> None:
    assert f'resource "auth0_hook" "{label}" {{' in write([("01A", Definition(name, "t", "s"))])["hooks.tf"]


def test_labels_and_files_of_hooks_that_share_a_name_differ() -> None:
    names = ["a", "A", "a", "a_2", "a-2"]
    files = write([(str(number), Definition(name, "t", f"script {number}")) for number, name in enumerate(names)])
    scripts = [path for path in files if path.endswith(".js")]
    assert len({path.casefold() for path in scripts}) == len(names)
    assert [definition.script for definition in read_hcl(files)[0]] == [f"script {number}" for number in range(5)]
    assert all(files["hooks.tf"].count(f'"auth0_hook" "{label}"') == 1 for label in ("a", "A_2", "a_3", "a_2_2", "a-2"))


def test_a_name_leads_to_no_file_elsewhere() -> None:
    files = write([("01A", Definition("../../etc/x", "t", "s")), ("01B", Definition(500 * "é", "t", "s"))])
    assert list(files) == ["hooks.tf", "hooks/..-..-etc-x.js", f"hooks/{60 * 'é'}.js"]


def test_no_hooks_make_a_file_that_says_what_it_is_for() -> None:
    assert read_hcl(write([])) == ([], [])


# Reading a configuration


@pytest.mark.parametrize(
    ("written", "script"),
    [
        ('<<EOT\n  a\n b \\n "q" $${c} %%{d}\n\nEOT', '  a\n b \\n "q" ${c} %{d}\n\n'),
        ("<<EOT\nEOT x\n EOTX\nx\n  EOT  ", "EOT x\n EOTX\nx\n"),
        ("<<-EOT\n    a\n      b\n\n  \n    c\n  EOT", "a\n  b\n\n  \nc\n"),
        ("<<-EOT\n\ta\n\t\tb\n\tEOT", "a\n\tb\n"),
        ("<<EOT\r\na\r\nEOT\r", "a\r\n"),
        ("<<E_1-x\n# no comment /*\n{\nE_1-x", "# no comment /*\n{\n"),
        (r'"a\n\r\t\"\\ \u00e9\U0001F600 $${b} %%{c} $ % $$ $$${d}"', 'a\n\r\t"\\ é\U0001f600 ${b} %{c} $ % $$ $${d}'),
        ('"x" # and "no more', "x"),
    ],
)
def test_scripts_are_decoded(written: str, script: str) -> None:
    assert read_one(resource(script=written)).script == script


@pytest.mark.parametrize(
    "path", ['"${path.module}/js/a b.js"', '"${ path.module }/./js/a b.js"', '"./js/a b.js"', '"js/../js/a\\u0020b.js"']
)
def test_a_script_is_read_from_the_file_that_is_named(path: str) -> None:
    files = {"deep/main.tf": resource(script=f"file({path})"), "deep/js/a b.js": SCRIPT, "js/a b.js": "another"}
    ((definition,), unreadable) = read_hcl(files)
    assert (definition.script, definition.source, unreadable) == (SCRIPT, "deep/main.tf", [])


@pytest.mark.parametrize("path", ["${path.module}/../x.js", "../x.js", "a/../../x.js", "/etc/x.js", "C:\\\\x.js"])
def test_a_script_outside_of_the_folder_is_refused(path: str) -> None:
    reason = refusal(resource(script=f'file("{path}")'), **{"x.js": SCRIPT})
    assert reason.startswith("Line 1: auth0_hook.h cannot be read. The script ")
    assert reason.endswith("x.js is outside of the folder.")


def test_a_script_that_is_not_there_is_named() -> None:
    reason = refusal(resource(script='file("${path.module}/js/x.js")'))
    assert reason == "Line 1: auth0_hook.h cannot be read. The script js/x.js is not among the files."


@pytest.mark.parametrize(
    ("written", "what"),
    [
        ('templatefile("x.js", {})', 'templatefile("x.js", {})'),
        ('trimspace(file("x.js"))', 'trimspace(file("x.js"))'),
        ('file("x.js", "y")', 'file("x.js", "y")'),
        ('file("${var.folder}/x.js")', "${var.folder}"),
        ('file("${path.module}/${var.x}.js")', "${var.x}"),
        ("file(local.script)", "local.script"),
        ("<<EOT\nconst x = `${name}`;\nEOT", "${name}"),
        ('"%{ if x }y%{ endif }"', "%{ if x }"),
        ("var.script", "var.script"),
        ('x ? "a" : "b"', 'x ? "a" : "b"'),
        ("(\n  local.a\n)", "( local.a )"),
    ],
)
def test_a_script_that_must_be_evaluated_is_refused(written: str, what: str) -> None:
    reason = refusal(resource(script=written), **{"x.js": SCRIPT})
    assert reason.startswith("Line 3: auth0_hook.h cannot be read. ")
    assert reason.endswith(f"needs Terraform to work out {what}. Write it out.")


@pytest.mark.parametrize("name", ["name", "trigger_id", "enabled", "dependencies"])
def test_an_attribute_that_must_be_evaluated_is_named(name: str) -> None:
    assert f"{name} needs Terraform to work out var.a[0]. Write it out." in refusal(resource(**{name: "var.a[0]"}))


def test_a_version_that_must_be_evaluated_is_named() -> None:
    reason = refusal(resource(dependencies='{ auth0 = "1", lodash = local.version }'))
    assert "lodash in dependencies needs Terraform to work out local.version." in reason


@pytest.mark.parametrize("name", ["name", "trigger_id", "script"])
@pytest.mark.parametrize("value", ["", "null", '""'])
def test_a_hook_needs_name_trigger_and_script(name: str, value: str) -> None:
    assert refusal(resource(**{name: value})) == f"Line 1: auth0_hook.h cannot be read. It has no {name}."


@pytest.mark.parametrize(
    ("written", "enabled"), [("", None), ("null", None), ("true", True), ("false", False), ('"true"', True)]
)
def test_enabled_is_true_false_or_not_said(written: str, enabled: bool | None) -> None:
    assert read_one(resource(enabled=written)).enabled is enabled


@pytest.mark.parametrize("written", ['"yes"', "1"])
def test_enabled_is_nothing_else(written: str) -> None:
    assert "enabled must be true or false." in refusal(resource(enabled=written))


def test_maps_may_be_written_in_any_way() -> None:
    written = '{ auth0 = "2.30.0", "@a/b" : "^1"\n # a comment\n\n lodash = 4, for = 1.50\n "null" = "$${x}", }'
    expected = {"auth0": "2.30.0", "@a/b": "^1", "lodash": "4", "for": "1.5", "null": "${x}"}
    assert read_one(resource(dependencies=written)).dependencies == expected


def test_values_of_secrets_that_must_be_evaluated_are_unknown() -> None:
    written = '{\n A = "plain"\n B = var.secrets["B"]\n "c d" = "${var.c}"\n D = null\n E = f({ x = 1 })\n}'
    assert read_one(resource(secrets=written)).secrets == {"A": "plain", "B": MASK, "c d": MASK, "D": MASK, "E": MASK}


@pytest.mark.parametrize(("written", "secrets"), [("", None), ("null", None), ("{}", {}), ("{\n}", {})])
def test_no_secrets_are_told_from_nothing_said(written: str, secrets: dict[str, str] | None) -> None:
    assert read_one(resource(secrets=written)).secrets == secrets


@pytest.mark.parametrize(
    "written",
    [
        'merge({ A = "s3cret" }, var.more)',
        '{ for k, v in { A = "s3cret" } : k => v }',
        '{ for v in ["s3cret"] : v => v }',
        '{ (var.name) = "s3cret" }',
        '{ "${var.name}" = "s3cret" }',
        '{ "s3cret" }',
        '"s3cret"',
    ],
)
def test_names_of_secrets_must_stand_there_and_no_value_is_shown(written: str) -> None:
    reason = refusal(resource(secrets=written))
    assert "secrets needs Terraform to work out the names. Write it out." in reason
    assert "s3cret" not in reason


@pytest.mark.parametrize("name", ["count", "for_each"])
def test_a_resource_for_several_hooks_is_refused(name: str) -> None:
    assert f"It uses {name}, which only Terraform can work out." in refusal(resource(**{name: "2"}))


@pytest.mark.parametrize(
    ("block", "what"), [('dynamic "secrets"', "It uses dynamic"), ("secrets", "secrets is a block")]
)
def test_blocks_that_would_change_the_hook_are_refused(block: str, what: str) -> None:
    assert what in refusal(resource().replace("  name", f"  {block} {{\n  }}\n  name"))


def test_an_attribute_that_stands_there_twice_is_refused() -> None:
    assert "name stands there twice." in refusal(resource().replace("  script", '  name = "b"\n  script'))


def test_one_hook_that_cannot_be_read_keeps_no_other_back() -> None:
    definitions, unreadable = read_hcl({"b.tf": resource(name="var.x") + resource(), "a.tf": "x {", "c.tf": resource()})
    assert [definition.source for definition in definitions] == ["b.tf", "c.tf"]
    assert [error.source for error in unreadable] == ["a.tf", "b.tf"]


def test_all_else_of_a_configuration_is_passed_over() -> None:
    text = textwrap.dedent("""\
        # resource "auth0_hook" "comment" {
        // {
        /* resource "auth0_hook" "comment" {
        " */
        terraform {
          required_providers { auth0 = { source = "auth0/auth0" } }
        }
        locals {
          a = <<-EOT
            resource "auth0_hook" "text" {
            ${join(",", [for x in var.y : "${x["}"]} \\"{"])} %{ if a }"%{ endif }
          EOT
          b = { for k, v in var.z : upper(k) => v... if !(v == null) && k != "}" }
          c = (1 + 2 * 3 >= 4 ? -1 : var.list.*.id[0]) % 2
          d = provider::x::y([
            1, /* { */ 2.5e-3, # (
          ])
        }
        module "hooks" {
          source = "./hooks"
        }
        data "auth0_hook" "data" {}
        resource "auth0_action" "auth0_hook" { name = "x" }
        resource auth0_hook bare {
          provider   = auth0.eu
          depends_on = [auth0_action.auth0_hook]
          name       = "bare" // "
          script     = "s"    /* { */
          trigger_id = "t"

          lifecycle {
            ignore_changes = [secrets]
          }
        }
        """)
    assert read_one(text) == Definition("bare", "t", "s", source="main.tf")


def test_only_tf_files_are_read() -> None:
    assert read_hcl({"main.tf.json": "{", "x.js": "{", "a.tfvars": "{", "README.md": resource()}) == ([], [])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('x = "a', "Line 1: A text in quotes does not end in its line."),
        ('\n\nx = "a\nb"\n', "Line 3: A text in quotes does not end in its line."),
        ('x = "${a', "Line 1: What begins here with ${ does not end."),
        ('x = "${"', 'Line 1: What begins here with " does not end.'),
        ("x = <<EOT\na\nEOTX\n", "Line 1: No line with EOT ends what begins here."),
        ("\n/* x", "Line 2: A comment does not end."),
        ("x {\n y = [\n}\n", "Line 3: } closes nothing that is open."),
        ("}", "Line 1: } closes nothing that is open."),
        ("x {\n", "Line 1: What begins here with { does not end."),
        ("x = 'a'", "Line 1: The character ' is not expected."),
        ("x\x00", "Line 1: The character U+0000 is not expected."),
        ("= 1", "Line 1: The name of an attribute or a block is expected."),
        ("x =\ny = 1", "Line 1: A value is missing."),
        ('x "y"\n', "Line 1: x is followed by neither a value nor a block."),
        ("x {} y {}", "Line 1: A new line is expected after a block."),
        (resource(script=r'"\q"'), r"Line 3: The escape \q in a text stands for no character."),
        (resource(script=r'"\ud800"'), r"Line 3: The escape \ud800 in a text stands for no character."),
        (resource(script=r'"\U00110000"'), r"Line 3: The escape \U00110000 in a text stands for no character."),
        (resource(secrets="{ a = }"), "Line 5: A value is missing."),
    ],
)
def test_what_is_no_configuration_is_refused_with_its_line(text: str, reason: str) -> None:
    assert refusal(text).startswith(reason)


@pytest.mark.parametrize(
    "text",
    [
        "x = " + 50_000 * "(" + 50_000 * ")" + "\n",
        "x = " + 30_000 * '"${' + "y" + 30_000 * '}"' + "\n",
        30_000 * "x {\n" + 30_000 * "}\n",
        100_000 * "/**/",
        'x = "' + 100_000 * "$${" + '"\n',
    ],
)
def test_deep_and_long_nonsense_is_passed_over(text: str) -> None:
    assert read_one(text + resource()).name == "hook"


@pytest.mark.parametrize(
    "text",
    [
        resource(secrets=50_000 * "{a=" + 50_000 * "}", name=""),
        resource(script="file(" + 50_000 * "(" + 50_000 * ")" + ")"),
        resource(script='file("' + 50_000 * "../" + '")'),
        'x = "' + 100_000 * "${",
        100_000 * "/*",
        100_000 * '"',
        100_000 * "x",
        100_000 * "a = <<EOT\n",
        1_000_001 * "=",
    ],
)
def test_hostile_configurations_are_refused_in_a_sentence(text: str) -> None:
    assert len(refusal(text)) < 300


@settings(database=None, deadline=None, derandomize=True, max_examples=300)
@given(st.text('ab ={}[]()"$%\\<-\n#/*,:.1', max_size=60))
def test_no_text_leads_to_another_error(nonsense: str) -> None:
    read_hcl({"a.tf": nonsense, "b.tf": resource(script=nonsense, secrets=nonsense)})


# Reading a state


def test_a_state_gives_hooks_with_their_secrets() -> None:
    (definition,) = read_state("terraform.tfstate", state(attributes()))
    assert definition == Definition(
        "hook", "t", SCRIPT, True, {"auth0": "2.30.0"}, {"KEY": "value"}, source="terraform.tfstate"
    )


def test_what_is_null_in_a_state_is_not_said() -> None:
    (definition,) = read_state("s", state(attributes(enabled=None, dependencies=None, secrets=None)))
    assert (definition.enabled, definition.dependencies, definition.secrets) == (None, None, None)


def test_an_empty_map_of_secrets_in_a_state_says_nothing_of_secrets() -> None:
    assert read_state("s", state(attributes(secrets={})))[0].secrets is None


def test_a_secret_that_is_null_in_a_state_is_unknown() -> None:
    assert read_state("s", state(attributes(secrets={"A": None, "B": "b"})))[0].secrets == {"A": MASK, "B": "b"}


def test_all_instances_in_all_modules_of_a_state_are_read() -> None:
    data = json.loads(state(attributes(name="one"), attributes(name="two"), module="module.a"))
    data["resources"][0]["instances"][1]["index_key"] = "b"
    data["resources"][0]["instances"].append({"deposed": "0f", "attributes": attributes(name="old")})
    data["resources"] += json.loads(state(attributes(name="three")))["resources"]
    data["resources"] += json.loads(state({}, type="auth0_action"))["resources"]
    data["resources"] += json.loads(state({}, mode="data"))["resources"]
    assert [hook.name for hook in read_state("s", json.dumps(data))] == ["one", "two", "three"]


def test_what_terraform_shows_of_a_state_is_read() -> None:
    def shown(name: str, **more: str) -> dict[str, Any]:
        hook = {
            "address": f"auth0_hook.{name}",
            "mode": "managed",
            "type": "auth0_hook",
            "values": attributes(name=name),
        }
        return {**hook, **more}

    inner = {"address": "module.a.module.b", "resources": [shown("three")]}
    modules = [
        {"resources": [shown("two")], "child_modules": [inner]},
        {"resources": [shown("four"), shown("five", mode="data")]},
    ]
    values = {"root_module": {"resources": [shown("one"), {"type": "auth0_action"}], "child_modules": modules}}
    hooks = read_state("s", json.dumps({"format_version": "1.0", "values": values}))
    assert [hook.name for hook in hooks] == ["one", "two", "three", "four"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "Line 1: This is no JSON"),
        ("{\n,}", "Line 2: This is no JSON"),
        (100_000 * "[", "It is nested too deep for a state of Terraform."),
        (5_000 * "1", "It has a number that is too long to be read."),
        ("[]", "This is no state of Terraform."),
        ("null", "This is no state of Terraform."),
        ('{"hooks": []}', "This is no state of Terraform."),
        ('{"version": 3, "modules": []}', "The state has another version than 4."),
        ('{"version": 4}', "The state has no auth0_hook."),
        ('{"version": 4, "resources": {}}', "resources in the state must be a list of objects."),
        ('{"version": 4, "resources": [1]}', "resources in the state must be a list of objects."),
        ('{"values": {}}', "A module of the state is no object."),
        ('{"values": {"root_module": {}}}', "The state has no auth0_hook."),
        ('{"values": {"root_module": {"child_modules": [[]]}}}', "child_modules in the state must be a list"),
        (state(type="auth0_rule"), "The state has no auth0_hook."),
        (state(None), "auth0_hook.h has no attributes."),
        (state(attributes(script=None)), "auth0_hook.h has no script."),
        (state(attributes(script="")), "auth0_hook.h has no script."),
        (state(attributes(), attributes(name=None), module="module.a"), "module.a.auth0_hook.h has no name."),
        (state(attributes(trigger_id=1)), "auth0_hook.h has a trigger_id that is no text."),
        (state(attributes(name="\ud800")), "auth0_hook.h has a name that is no text."),
        (state(attributes(enabled="true")), "auth0_hook.h has something else than true or false for enabled."),
        (state(attributes(secrets=["a"])), "auth0_hook.h has something else than names and texts for secrets."),
        (state(attributes(secrets={"a": 1})), "auth0_hook.h has something else than names and texts for secrets."),
        (state(attributes(dependencies={"a": None})), "auth0_hook.h has something else than names and texts"),
    ],
)
def test_what_is_no_state_is_refused_with_its_reason(text: str, reason: str) -> None:
    assert state_refusal(text).startswith(reason)


def test_the_instance_that_cannot_be_read_is_named() -> None:
    data = json.loads(state({}))
    data["resources"][0]["instances"][0]["index_key"] = "eu"
    assert state_refusal(json.dumps(data)) == 'auth0_hook.h["eu"] has no name.'


JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=3), lambda inner: st.lists(inner, max_size=3), max_leaves=4
)


@settings(database=None, deadline=None, derandomize=True, max_examples=200)
@given(st.dictionaries(st.sampled_from(["mode", "type", "name", "module", "instances"]), JSON), JSON, JSON)
def test_no_state_leads_to_another_error(hook: dict[str, Any], index: Any, value: Any) -> None:
    texts = [
        state(attributes(secrets=value), **{**hook, "mode": "managed", "type": "auth0_hook"}),
        json.dumps({"version": 4, "resources": [{"instances": [], **hook}]}),
        state(attributes()).replace('"schema_version": 0', f'"index_key": {json.dumps(index)}'),
        json.dumps({"values": {"root_module": {"resources": [hook], "child_modules": value}}}),
    ]
    for text in texts:
        with contextlib.suppress(Unreadable):
            read_state("s", text)
