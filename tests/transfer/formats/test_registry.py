"""What formats declare, and that nobody else says it a second time."""

import pytest
from django.test import Client

from hooksui.transfer.formats import registry
from hooksui.transfer.formats.base import Syntax
from tests.serving import ROOT

# Endings that no other part of the product has to do with.
TELLING = (".tfstate", ".tfvars", ".tofu", ".tftpl", ".tf.json", ".ndjson")


def test_formats_are_told_apart_by_name_and_title() -> None:
    for words in ([form.name for form in registry.FORMATS], [form.title for form in registry.FORMATS]):
        assert len({*words}) == len(words)
    for form in registry.FORMATS:
        assert all(ending.startswith(".") and ending == ending.lower() for ending in form.endings + form.beside)


@pytest.mark.parametrize(
    ("path", "syntax"),
    [
        ("a/X.JSON", Syntax.JSON),
        ("terraform.tfstate.backup", Syntax.JSON),
        ("tenant.yml", Syntax.YAML),
        ("main.tf", Syntax.OWN),
        ("main.tf.json", Syntax.OWN),
        ("prod.tfvars.json", Syntax.OWN),
        ("a.toml", None),
        ("README", None),
    ],
)
def test_the_longest_ending_says_how_a_file_is_read(path: str, syntax: Syntax | None) -> None:
    assert registry.syntax_of(path) == syntax


def test_endings_are_written_in_the_formats_alone() -> None:
    files = [
        *(ROOT / "hooksui").rglob("*.py"),
        *(ROOT / "templates").rglob("*.html"),
        *(ROOT / "static/js").rglob("*.js"),
    ]
    texts = {file.relative_to(ROOT).as_posix(): file.read_text(encoding="utf-8") for file in files}
    found = {path for path, text in texts.items() if any(f'{ending}"' in text for ending in TELLING)}
    assert {path.rpartition("/")[0].removeprefix("hooksui/transfer/formats") for path in found} == {"", "/terraform"}


def test_the_pages_offer_what_formats_declare(admin_client: Client) -> None:
    page = admin_client.get("/t/local/import/").content.decode()
    assert f'accept="{",".join(registry.CHOSEN)}"' in page
    assert {".zip", ".json", ".js", ".tf", ".tfvars", ".tfstate", ".ndjson"} <= {*registry.CHOSEN}
    assert registry.GIVEN[1:] in page
    page = admin_client.get("/t/local/export/").content.decode()
    for form in registry.FORMATS:
        assert (f'name="format" value="{form.name}"' in page) == bool(form.export)
        assert (form.title in page) == bool(form.export)
    assert "As <code>a0deploy export</code> writes it" in page


def test_the_readme_names_the_formats_of_an_export() -> None:
    *names, last = registry.EXPORTS
    assert f"--format {', '.join(names)} or {last}\n" in (ROOT / "README.md").read_text(encoding="utf-8")
