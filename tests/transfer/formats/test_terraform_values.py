"""What is constant in a Terraform configuration, and what only a run of it knows."""

import json
from pathlib import Path

import pytest

from hooksui.auth0.shapes import MASK
from hooksui.transfer.files import packing
from hooksui.transfer.formats import reading, sources
from tests.transfer.formats.test_terraform_read import SCRIPT, read_one, refusal, resource
from tests.transfer.readings import named, read, read_hcl, refusals

CONSTANTS = """\
variable "texts" {
  type    = map(string)
  default = { n = 1, b = true }
}
variable "list" {
  type    = list(string)
  default = [1, "2"]
}
variable "text" {
  type    = string
  default = 1.50
}
variable "number" {
  type    = number
  default = "010"
}
locals {
  inner = { "é" = var.text, (local.key) = var.number }
  key   = "k"
}
"""


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("{ b = 1, a = [true, null], B = {} }", '{"B":{},"a":[true,null],"b":1}'),
        (r'"<a href=\"x\">&\n\t\\ é\u2028\u0008\u007f"', r'"\u003ca href=\"x\"\u003e\u0026\n\t\\ é\u2028\b' + '\x7f"'),
        ("[1.50, 1e3, -2, 0.10, 007, 12345678901234567890]", "[1.5,1000,-2,0.1,7,12345678901234567890]"),
        ("var.texts", '{"b":"true","n":"1"}'),
        ("var.list", '["1","2"]'),
        ("local.inner", '{"k":10,"é":"1.5"}'),
        ("[\n  [], # none\n  {\n    a = (true)\n  },\n]", '[[],{"a":true}]'),
        ('"${local.key}-${var.number}"', '"k-10"'),
        ('file("${path.module}/x.js")', json.dumps(SCRIPT).replace("&", "\\u0026").replace(">", "\\u003e")),
        ('jsonencode("a")', r'"\"a\""'),
    ],
)
def test_json_is_written_as_terraform_does_it(written: str, text: str) -> None:
    for expression in (f"jsonencode({written})", f'"${{jsonencode({written})}}"', "local.json"):
        more = f"{CONSTANTS}locals {{\n  json = jsonencode({written})\n}}\n"
        attributes = {"script": expression, "secrets": f"{{ A = {expression} }}"}
        hook = read_one(more + resource(**attributes, dependencies=f"{{ a = {expression} }}"), **{"x.js": SCRIPT})
        assert (hook.script, hook.secrets, hook.dependencies) == (text, {"A": text}, {"a": text})


@pytest.mark.parametrize(
    "inner", ["var.x", "[local.x]", "{ a = var.x }", "uuid()", "{ a = 1 }, 2", "[for x in [1] : x]"]
)
def test_json_of_what_is_not_known_is_refused(inner: str) -> None:
    assert "script needs Terraform to work out " in refusal(resource(script=f"jsonencode({inner})"))
    assert read_one(resource(secrets=f"{{ A = jsonencode({inner}) }}")).secrets == {"A": MASK}


@pytest.mark.parametrize(
    ("written", "script"),
    [
        ('trimspace(file("x.js"))', SCRIPT.strip()),
        ('chomp("a\\r\\n\\n")', "a"),
        ('trimspace(" \\u00a0a\\u001c ")', "a\x1c"),
        ('join("\\n", ["a", local.b, 1, true])', "a\nB\n1\ntrue"),
        ('join("", [], ["a"])', "a"),
        ('format("a")', "a"),
        ('format("%s-100%%-%s", "a", 1)', "a-100%-1"),
        ('replace("a.b.c", ".", "-")', "a-b-c"),
        ('"${local.b}${local.b}"', "BB"),
        ("<<-EOT\n    const x = `$${y} ${local.b}`;\n      // %%{z}\n  EOT", "const x = `${y} B`;\n  // %{z}\n"),
        ('local.deep["a"].b', "B"),
        ("local.deep.a[local.key]", "B"),
        ('"${templatefile("t.js", { b = local.b, list = ["<"] })}"', 'B `${x}` ["\\u003c"]'),
        ("(\n  local.b\n)", "B"),
    ],
)
def test_functions_of_constants_are_worked_out(written: str, script: str) -> None:
    more = 'locals {\n  b = "B"\n  key = "b"\n  deep = { a = { b = local.b, c = uuid() } }\n}\n'
    template = "${b} `$${x}` ${jsonencode(list)}"
    assert read_one(more + resource(script=written), **{"x.js": SCRIPT, "t.js": template}).script == script


@pytest.mark.parametrize(
    ("written", "what"),
    [
        ('format("%d", 1)', 'format("%d", 1)'),
        ('format("%s")', 'format("%s")'),
        ('replace("a", "/a/", "b")', 'replace("a", "/a/", "b")'),
        ('join(",", "a")', 'join(",", "a")'),
        ("trimspace()", "trimspace()"),
        ("local.a", "local.a, which is ${var.c}"),
        ("local.d", "local.d"),
        ('"a ${merge({ x = "}" }, var.m)["x"]}"', '${merge({ x = "}" }, var.m)["x"]}'),
        ('"${x ? "${a}" : "b"}!"', '${x ? "${a}" : "b"}'),
        ('"${~ var.c ~}"', "${~ var.c ~}"),
        ('var.x ? "a" : ( # why\n    "b"\n  )', 'var.x ? "a" : ( "b" )'),
        (f"upper([{40 * '12345,'}\n1])", "what lines 3 to 4 say"),
        (f'"${{upper([{40 * "12345,"}])}}"', "the expression in line 3"),
        ("terraform.workspace", "terraform.workspace"),
        ('data.http.x["a"].body[0]', 'data.http.x["a"].body[0]'),
    ],
)
def test_what_is_not_known_is_named_whole(written: str, what: str) -> None:
    more = 'locals {\n  a = local.b\n  b = "${var.c}-x"\n  d = upper("s3cret")\n}\n'
    reason = refusal(resource(script=written) + more)
    assert reason.endswith(f"cannot be read. script needs Terraform to work out {what}. Write it out.")


def test_no_value_of_a_secret_is_in_a_message() -> None:
    for written in ('templatefile("x.js", { a = upper("s3cret") })', 'templatefile("x.js", { a = local.a })'):
        reason = refusal('locals {\n  a = sha1("s3cret")\n}\n' + resource(script=written), **{"x.js": "${a}"})
        assert "The template of its script needs Terraform to work out" in reason
        assert "s3cret" not in reason
    values = {"terraform.tfvars": "a = s3cret\nb = -----BEGIN\ns3cret\n", "x.auto.tfvars": "c = s3cret\n"}
    declared = "".join(f'variable "{name}" {{}}\n' for name in "abc")
    for name in "abc":
        assert "s3cret" not in refusal(declared + resource(script=f"var.{name}"), **values)
    # Words may be lines of a key.
    assert 64 * "M" not in refusal(f"a = 1\n{64 * 'M'}\n")


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(f'a{n} = "${{local.a{n + 1}}}${{local.a{n + 1}}}"' for n in range(19)) + f'\na19 = "{1000 * "x"}"',
        "\n".join(f"a{n} = [local.a{n + 1}, local.a{n + 1}]" for n in range(9)) + "\na9 = [1]",
        "\n".join(f"a{n} = merge(local.a{n + 1}, local.a{n + 1})" for n in range(19)) + "\na19 = {}",
        'a0 = replace(local.b, "", local.b)\nb = "' + 50_000 * "x" + '"',
        'a0 = "' + 20_000 * "${1}" + '"',
        'a0 = "' + 300 * "${" + '"}' + '"',
    ],
)
def test_what_grows_without_end_is_refused(text: str) -> None:
    _, (error,) = read_hcl({"main.tf": f"locals {{\n{text}\n}}\n" + resource(name="local.a0")})
    assert len(error.reason) < 300


DECLARED = 'variable "stage" {\n  default = "dev"\n}\nvariable "key" {\n}\n'
HOOK = DECLARED + resource(name='"door-${var.stage}"', secrets="{ KEY = var.key }")


@pytest.mark.parametrize(
    ("values", "name", "key"),
    [
        ({}, "door-dev", MASK),
        ({"terraform.tfvars": 'stage = "prod"\nkey = "k"\n'}, "door-prod", "k"),
        ({"terraform.tfvars.json": '{"stage": "prod", "key": "${k}"}'}, "door-prod", "${k}"),
        ({"b.auto.tfvars": 'stage = "b"\n', "a.auto.tfvars.json": '{"stage": "a"}'}, "door-b", MASK),
        ({"a.auto.tfvars": 'stage = "a"\n', "terraform.tfvars": 'stage = "x"\nkey = 1\n'}, "door-a", "1"),
        ({"terraform.tfvars.json": '{"stage": "j"}', "terraform.tfvars": 'stage = "x"\n'}, "door-j", MASK),
        (
            {"other/main.tf": "", "other/terraform.tfvars": 'stage = "x"\n', "other/x.tfvars": 'key = "x"\n'},
            "door-dev",
            MASK,
        ),
        ({"prod.tfvars": 'key = "k"\n'}, "door-dev", MASK),
    ],
)
def test_variables_have_what_terraform_loads(values: dict[str, str], name: str, key: str) -> None:
    hook = read_one(HOOK, **values)
    assert (hook.name, hook.secrets) == (name, {"KEY": key})


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("prod.tfvars", 'stage = "prod"\n'),
        ("env/prod/terraform.tfvars", 'stage = "prod"\n'),
        ("env/prod.tfvars.json", '{"stage": "prod"}'),
    ],
)
def test_what_another_file_may_set_is_not_known(path: str, text: str) -> None:
    loaded = {"terraform.tfvars": 'stage = "x"\n'}
    for values in ({path: text}, {path: text, **loaded}):
        assert refusal(HOOK, **values).endswith(f"work out var.stage: {path} may set it. Write it out.")
    assert f"{path} may set it, and cannot be read." in refusal(HOOK, **{path: "{"})


def test_files_with_values_come_from_all_doors(tmp_path: Path) -> None:
    for name, text in {"main.tf": HOOK, "terraform.tfvars": 'stage = "prod"\n', "x.tfvars": 'key = "k"\n'}.items():
        (tmp_path / name).write_text(text)
    uploads = [(path.name, path.read_bytes()) for path in sorted(tmp_path.iterdir())]
    zipped = packing.to_zip({path.name: path.read_text() for path in tmp_path.iterdir()})
    for texts, others in (
        (sources.from_folder(tmp_path), 1),
        (sources.from_uploads(uploads), 1),
        (sources.from_uploads([("x.zip", zipped)]), 1),
        # Only one was given; the others lie beside it.
        (sources.from_path(tmp_path / "main.tf"), 0),
    ):
        found = reading.read(texts, {})
        assert [(hook.name, hook.secrets) for hook in found.definitions] == [("door-prod", {"KEY": MASK})]
        assert (found.unreadable, found.gaps, found.others) == ([], [], others)


WRAPPER = 'variable "name" {\n}\nvariable "script" {\n  default = "s"\n}\n' + resource(
    name="var.name", script="var.script"
)


def call(label: str, source: str = "./hook", **attributes: str) -> str:
    lines = "".join(f"  {key} = {value}\n" for key, value in attributes.items())
    return f'module "{label}" {{\n  source = "{source}"\n{lines}}}\n'


def test_a_module_is_a_hook_for_each_call() -> None:
    calls = {"name": '"a"', "script": 'file("${path.module}/a.js")'}, {"name": "local.b", "script": 'file("b.js")'}
    main = "".join(call(f"m{number}", **given) for number, given in enumerate(calls)) + 'locals {\n  b = "b"\n}\n'
    hooks, unreadable = read_hcl({"main.tf": main, "hook/main.tf": WRAPPER, "a.js": "A", "b.js": "B", "hook/b.js": "x"})
    assert [(hook.name, hook.script) for hook in hooks] == [("a", "A"), ("b", "B")]
    assert unreadable == []
    text = json.dumps({"module": {"m": {"source": "./hook", "name": '${"j"}'}}})
    assert [hook.name for hook in read_hcl({"main.tf.json": text, "hook/main.tf": WRAPPER})[0]] == ["j"]


def test_what_a_call_gives_counts_also_two_calls_away() -> None:
    between = 'variable "name" {\n}\n' + call("in", "../hook", name='"${var.name}-x"')
    given = {"main.tf": call("m", "./between", name='"a"'), "between/main.tf": between, "hook/main.tf": WRAPPER}
    assert [hook.name for hook in read_hcl(given)[0]] == ["a-x"]
    _, (error,) = read_hcl({**given, "main.tf": call("m", "./between", name="var.n")})
    assert error.reason.startswith("Line 7: module.m.module.in.auth0_hook.h cannot be read. name needs Terraform")
    _, (error,) = read_hcl({**given, "main.tf": call("m", "./between", name='"a"', count="2")})
    assert "module.m uses count, which only Terraform can work out. Write each hook out." in error.reason
    # No default stands for what a call gives, and no file sets it.
    unknown = {"main.tf": call("m", name='"a"', script="var.x"), "hook/main.tf": WRAPPER, "x.tfvars": 'name = "b"\n'}
    _, (error,) = read_hcl(unknown)
    assert "script needs Terraform to work out var.script, which is var.x." in error.reason


def test_several_configurations_share_a_module() -> None:
    roots = {f"envs/{name}/main.tf": call("m", "../../hook", name='"a"') for name in ("dev", "prod")}
    found = read({**roots, "hook/main.tf": WRAPPER})
    assert ([hook.name for hook in found.definitions], found.unreadable, found.others) == (["a"], [], 0)
    other = call("m", "../../hook", name='"a"', script='"other"')
    hooks = read({**roots, "envs/prod/main.tf": other, "hook/main.tf": WRAPPER}).definitions
    assert [hook.source for hook in hooks] == ["envs/dev/main.tf", "envs/prod/main.tf"]


def test_modules_without_an_end_are_refused() -> None:
    _, (error,) = read_hcl({"main.tf": call("m", "./.", name='"a"') + WRAPPER})
    assert "Its module calls itself." in error.reason
    many = "".join(call(f"m{number}", "../b", name='"a"') for number in range(40))
    files = {"main.tf": many.replace("../b", "./a"), "a/main.tf": many, "b/main.tf": WRAPPER}
    _, (error,) = read_hcl(files)
    assert "Its module is called more than 1000 times." in error.reason


def test_a_module_from_elsewhere_that_makes_a_hook_is_named() -> None:
    main = call("m", "git::https://x/hook", name='"a"', trigger_id='"pre-user-registration"') + resource()
    found = read({"main.tf": main})
    assert refusals(found) == {"main.tf": "Line 1: module.m seems to make a hook; its source is not among the files."}
    assert named(found) == []
    assert read({"main.tf": call("m", "git::https://x/vpc") + resource()}).unreadable == []


def test_no_hook_is_without_a_secret_that_cannot_be_read() -> None:
    secret = 'resource "auth0_hook_secret" "s" {\n  hook_id = %s\n  name = var.x\n}\n'
    other = resource(name='"other"').replace('"h"', '"o"')
    definitions, unreadable = read_hcl({"main.tf": resource() + other + secret % '"${auth0_hook.h.id}"'})
    assert [hook.name for hook in definitions] == ["other"]
    assert [error.reason for error in unreadable] == [
        "Line 13: auth0_hook_secret.s cannot be read. name needs Terraform to work out var.x. Write it out.",
        "Line 1: auth0_hook.h is left out, since auth0_hook_secret.s may be one of its secrets.",
    ]
    assert read_hcl({"main.tf": resource() + other + secret % "module.x.id"})[0] == []


def test_the_json_syntax_has_templates_and_no_lines() -> None:
    hook = {"name": '${local.a}-"x" $${y}\n', "script": '${file("${path.module}/x.js")}', "trigger_id": "t"}
    text = json.dumps({"locals": {"a": "A"}, "resource": {"auth0_hook": {"h": hook}}})
    (definition,), _ = read_hcl({"main.tf.json": text, "x.js": SCRIPT})
    assert (definition.name, definition.script) == ('A-"x" ${y}\n', SCRIPT)
    text = json.dumps({"resource": {"auth0_hook": {"h": {**hook, "name": "${var.x}"}}}})
    _, (error,) = read_hcl({"main.tf.json": text})
    assert error.reason == "auth0_hook.h cannot be read. name needs Terraform to work out ${var.x}. Write it out."
