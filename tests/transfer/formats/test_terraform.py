"""Terraform configurations as they are written, and read again."""

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hooksui.auth0.shapes import MASK
from hooksui.transfer.files.definition import Definition
from hooksui.transfer.formats.terraform.writing import write
from tests.transfer.readings import read_hcl

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
