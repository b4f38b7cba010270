"""Terraform configurations as people write them, and files that are broken."""

import json
import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hooksui.auth0.shapes import MASK
from hooksui.transfer.files.definition import Definition
from tests.transfer.readings import read_hcl

SCRIPT = "module.exports = (user, context, cb) => cb(null, { user });\n"


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
    assert reason.endswith("x.js is outside the folder.")


def test_a_script_that_is_not_there_is_named() -> None:
    reason = refusal(resource(script='file("${path.module}/js/x.js")'))
    assert reason == "Line 1: auth0_hook.h cannot be read. The script js/x.js is not among the files."


@pytest.mark.parametrize(
    ("written", "what"),
    [
        ('templatefile("x.js", var.values)', "var.values"),
        ('base64decode(file("x.js"))', 'base64decode(file("x.js"))'),
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


@pytest.mark.parametrize(
    ("written", "more"),
    [
        ('"${file("x.js")}"', ""),
        ('file("${path.root}/x.js")', ""),
        ('file("${path.cwd}/x.js")', ""),
        ("file(local.path)", 'locals {\n  path = "./x.js"\n}\n'),
        ("local.script", 'locals {\n  script = file("${path.module}/x.js")\n}\n'),
        ("file(var.path)", 'variable "path" {\n  default = "x.js"\n}\n'),
        ('templatefile("x.js", {})', ""),
    ],
)
def test_a_script_may_be_named_in_each_way_that_is_constant(written: str, more: str) -> None:
    assert read_one(more + resource(script=written), **{"x.js": SCRIPT}).script == SCRIPT


def test_a_script_is_named_from_where_terraform_runs() -> None:
    files = {"main.tf": "", "hooks/main.tf": resource(script='file("js/x.js")'), "js/x.js": SCRIPT}
    ((definition,), unreadable) = read_hcl(files)
    assert (definition.script, unreadable) == (SCRIPT, [])


def test_a_template_is_filled_with_constants_and_nothing_else() -> None:
    known = 'locals {\n  a = "1"\n}\n'
    written = 'templatefile("x.js", { a = local.a, b = "two" })'
    assert read_one(known + resource(script=written), **{"x.js": "${a} ${ b }"}).script == "1 two"
    assert "more in it than names" in refusal(known + resource(script=written), **{"x.js": "${a} ${c}"})
    unknown = resource(script='templatefile("x.js", { a = var.a })')
    assert "The template of its script needs Terraform to work out var.a. Write it out." in refusal(
        unknown, **{"x.js": "${a}"}
    )


def test_what_refers_to_itself_ends() -> None:
    assert "needs Terraform to work out" in refusal("locals {\n  a = local.a\n}\n" + resource(script="local.a"))


def test_the_json_syntax_is_read() -> None:
    hook = {"name": "n", "script": '${file("x.js")}', "trigger_id": "t", "enabled": True, "dependencies": {"a": "1"}}
    text = json.dumps({"resource": [{"auth0_hook": {"h": [hook]}, "other": {"x": {}}}]})
    ((definition,), unreadable) = read_hcl({"main.tf.json": text, "x.js": SCRIPT})
    assert (definition.name, definition.script, definition.enabled) == ("n", SCRIPT, True)
    assert (definition.dependencies, unreadable) == ({"a": "1"}, [])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "Line 1: This is not valid JSON: Expecting property name enclosed in double quotes."),
        ("[" * 100_000, "It is nested too deeply."),
        ('{"resource": {"auth0_hook": {"a": {}}, "auth0_hook": {}}}', "auth0_hook appears twice."),
    ],
)
def test_json_that_is_none_is_named(text: str, reason: str) -> None:
    ((), (error,)) = read_hcl({"main.tf.json": text})
    assert (error.source, error.reason) == ("main.tf.json", reason)


def test_secrets_may_have_resources_of_their_own() -> None:
    secret = 'resource "auth0_hook_secret" "s" {\n  hook_id = auth0_hook.h.id\n  name = "KEY"\n  value = "v"\n}\n'
    unknown = secret.replace('"KEY"', '"TOKEN"').replace('"v"', "var.token").replace('"s"', '"t"')
    assert read_one(resource() + secret + unknown).secrets == {"KEY": "v", "TOKEN": MASK}


def test_a_secret_of_no_hook_is_named() -> None:
    secret = 'resource "auth0_hook_secret" "s" {\n  hook_id = auth0_hook.other.id\n  name = "KEY"\n}\n'
    definitions, (error,) = read_hcl({"main.tf": resource() + secret})
    assert [definition.name for definition in definitions] == ["hook"]
    assert "There is no auth0_hook other" in error.reason


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
    assert "name appears twice." in refusal(resource().replace("  script", '  name = "b"\n  script'))


@pytest.mark.parametrize("name", ["secrets", "dependencies"])
@pytest.mark.parametrize(
    "items", ['A = "1", A = "2"', 'A = "1"\n  "A" : "1"', '"A" = "1", B = "2", "\\u0041" = var.a', "A = null, A = null"]
)
def test_a_name_that_stands_twice_in_a_map_is_refused(name: str, items: str) -> None:
    assert refusal(resource(**{name: f"{{ {items} }}"})).endswith("A appears twice.")


def test_names_that_differ_in_capitals_are_two() -> None:
    assert read_one(resource(secrets='{ A = "1", a = "2" }')).secrets == {"A": "1", "a": "2"}


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
    assert read_hcl({"x.json": "{", "x.js": "{", "a.tfvars": "{", "README.md": resource()}) == ([], [])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('x = "a', "Line 1: A quoted text does not end on its line."),
        ('\n\nx = "a\nb"\n', "Line 3: A quoted text does not end on its line."),
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
