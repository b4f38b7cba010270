"""The real Deploy CLI beside our commands, on one tenant: same files, same hooks, same secrets."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from hooksui import catalogue
from hooksui.transfer.js_yaml import in_javascript_order
from tests import node_tools
from tests.embedded.certificates import make_certificate
from tests.serving import serve
from tests.transfer.deploy_cli import NODE, SETTINGS, LocalTenant, NewHook, SecretValues, files_of, with_values

FORMATS = ("directory", "yaml")
HOOKS: list[NewHook] = [
    {
        "name": "user1a 2B",
        "triggerId": "credentials-exchange",
        "enabled": True,
        "script": "module.exports = (client, scope, audience, context, cb) => {\r\n  cb(null, {});\r\n};",
        "dependencies": {
            "@scope/name": "1.10",
            "lodash": "^4",
            "axios": "latest",
            "10": ">=1.2.3 <2 || ~0x10",
            "9": "1e3",
            "a.b": "*",
        },
        "secrets": {
            "api-key": "a: b # c",
            "10": "ten",
            "9": " nine ",
            "true": "false",
            "~": '"\\"',
            "a.b:c": "##a## @@b@@",
            "\N{CYRILLIC SMALL LETTER KA}": "\N{GRINNING FACE}\N{LINE SEPARATOR}",
            "'quoted'": "two\nlines\n",
            "#": "$&",
            "-": "-",
        },
    },
    {
        "name": "2-factor",
        "triggerId": "pre-user-registration",
        "enabled": True,
        "script": "// \N{CYRILLIC SMALL LETTER KA}\N{GRINNING FACE}\N{LINE SEPARATOR}\N{NO-BREAK SPACE}\n\n\n",
        "dependencies": {"@10/20": "1.10.0-beta.1+build"},
        "secrets": {"null": "null"},
    },
    {
        "name": "Placeholders",
        "triggerId": "post-user-registration",
        "enabled": True,
        "script": "const text = `${user.email} ##NOT_SET## @@NOT_SET@@ $& $1 \\u0041 \\\\`;\n",
    },
    {
        "name": "byte order mark",
        "triggerId": "post-change-password",
        "enabled": True,
        "script": "\N{ZERO WIDTH NO-BREAK SPACE}module.exports = 1;\r\r\n\t",
        "dependencies": {},
    },
    {
        "name": "phone",
        "triggerId": "send-phone-message",
        "enabled": True,
        "script": "_VALUE_NOT_SHOWN_",
        "secrets": {"_VALUE_NOT_SHOWN": "one"},
    },
    {"name": "Phone2", "triggerId": "send-phone-message", "enabled": False, "script": " \n./hooks/phone.js"},
    {"name": "null", "triggerId": "send-phone-message", "enabled": False, "script": "null"},
]
MAPPINGS: dict[str, Any] = {
    "NAME": "Some Hook 2",
    "MODULES": {"lodash": "1.10", "@scope/name": "^4"},
    "ENABLED": True,
    "QUOTES": "a \"quote\", 'another', \\ and $&",
}
IN_ENVIRONMENT = {"POINT": "post-user-registration", "STAGE": "on $PATH"}
KEYWORDS_IN_SCRIPT = """// ##NAME## ##QUOTES## ##UNKNOWN## @@UNKNOWN@@ ## NAME ## ##NAME@@ #NAME# ##name##
f(@@QUOTES@@, "@@QUOTES@@", '@@QUOTES@@', `@@QUOTES@@`, @@MODULES@@, "@@ENABLED@@", "##STAGE##", @@STAGE@@);
"""
KEYWORDS = {
    "directory": (
        "hooks/a.json",
        """{
  "name": "##NAME##",
  "triggerId": "##POINT##",
  "script": "./script.js",
  "dependencies": @@MODULES@@,
  "enabled": "@@ENABLED@@",
  "secrets": { "quotes": @@QUOTES@@, "stage": "@@STAGE@@", "both": "##NAME##/##STAGE##", "plain": "a" }
}
""",
    ),
    "yaml": (
        "tenant.yaml",
        """hooks:
  - name: ##NAME##
    triggerId: "##POINT##"
    script: ./hooks/script.js
    dependencies: @@MODULES@@
    enabled: '@@ENABLED@@'
    secrets:
      quotes: @@QUOTES@@
      stage: '@@STAGE@@'
      both: ##NAME##/##STAGE##
      plain: a
""",
    ),
}
GIVEN: SecretValues = {catalogue.stored_name(hook["name"]): hook.get("secrets", {}) for hook in HOOKS}


@dataclass(frozen=True)
class Exports:
    """Folders by format that the Deploy CLI and our command wrote, of one tenant."""

    theirs: dict[str, Path]
    ours: dict[str, Path]


@pytest.fixture(scope="module")
def tenant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalTenant]:
    """A tenant that is served over TLS, which the Deploy CLI insists on."""
    node_tools.install(NODE)
    certificate = make_certificate(tmp_path_factory.mktemp("certificate"))
    with serve(SETTINGS, certificate) as server:
        yield LocalTenant(server, certificate)


@pytest.fixture(scope="module")
def exports(tenant: LocalTenant, tmp_path_factory: pytest.TempPathFactory) -> Exports:
    """What both export of HOOKS."""
    tenant.fill(HOOKS)
    return export_both(tenant, tmp_path_factory.mktemp("exports"))


def export_both(tenant: LocalTenant, folder: Path) -> Exports:
    theirs = {form: folder / f"their-{form}" for form in FORMATS}
    ours = {form: folder / f"our-{form}" for form in FORMATS}
    for form in FORMATS:
        export_theirs(tenant, form, theirs[form])
        export_ours(tenant, form, ours[form])
    return Exports(theirs, ours)


def export_theirs(tenant: LocalTenant, form: str, folder: Path) -> dict[str, bytes]:
    assert "Export Successful" in tenant.deploy_cli("export", "-f", form, "-o", str(folder))
    return files_of(folder)


def export_ours(tenant: LocalTenant, form: str, folder: Path) -> dict[str, bytes]:
    assert " of local to " in tenant.manage("export_hooks", str(folder), "--format", form)
    return files_of(folder)


def input_of(folder: Path, form: str) -> str:
    """What the Deploy CLI's import takes."""
    return str(folder / "tenant.yaml") if form == "yaml" else f"{folder}/"


def values_in_order() -> list[str]:
    """The values of HOOKS in the order of exported files."""
    return [GIVEN[hook][name] for hook in sorted(GIVEN) for name in in_javascript_order(GIVEN[hook])]


@pytest.mark.parametrize("form", FORMATS)
def test_both_export_the_same_bytes(exports: Exports, form: str) -> None:
    theirs = files_of(exports.theirs[form])
    assert len(theirs) == (len(HOOKS) * 2 if form == "directory" else len(HOOKS) + 1)
    assert files_of(exports.ours[form]) == theirs


def test_both_export_the_same_of_an_empty_tenant(tenant: LocalTenant, tmp_path: Path) -> None:
    tenant.fill([])
    empty = export_both(tenant, tmp_path)
    for form in FORMATS:
        assert files_of(empty.ours[form]) == files_of(empty.theirs[form])
    assert files_of(empty.ours["yaml"]) == {"tenant.yaml": b"hooks: []\n"}


@pytest.mark.parametrize("form", FORMATS)
def test_our_import_makes_the_tenant_from_files_and_values(
    tenant: LocalTenant, exports: Exports, form: str, tmp_path: Path
) -> None:
    tenant.fill([])
    folder = exports.theirs[form]
    # A mask is no value: that is told, and nothing is stored.
    assert "secrets without a value, not added: null" in tenant.manage("import_hooks", str(folder), status=1)
    assert tenant.secrets() == {name: {} for name in GIVEN}
    values = tmp_path / "values.json"
    values.write_text(json.dumps(GIVEN))
    tenant.manage("import_hooks", str(folder), "--secrets", str(values))
    assert tenant.secrets() == GIVEN
    assert export_ours(tenant, form, tmp_path / "again") == files_of(folder)
    tenant.manage("import_hooks", str(folder))
    assert tenant.secrets() == GIVEN


@pytest.mark.parametrize("form", FORMATS)
def test_both_import_the_same_tenant_from_files_with_values(
    tenant: LocalTenant, exports: Exports, form: str, tmp_path: Path
) -> None:
    folder = with_values(exports.ours[form], tmp_path / "filled", values_in_order())
    tenant.fill([])
    said = tenant.deploy_cli("import", "-i", input_of(folder, form), untouched=form == "directory")
    assert "Import Successful" in said
    assert tenant.secrets() == GIVEN
    theirs = tenant.hooks()
    original = files_of(exports.theirs[form])
    assert export_theirs(tenant, form, tmp_path / "their-export") == original
    assert export_ours(tenant, form, tmp_path / "our-export") == original
    tenant.fill([])
    tenant.manage("import_hooks", str(folder))
    assert tenant.secrets() == GIVEN
    assert tenant.hooks() == theirs


def test_a_dry_run_of_their_own_export_finds_nothing_to_do(tenant: LocalTenant, exports: Exports) -> None:
    tenant.fill(HOOKS)
    said = tenant.deploy_cli("import", "--dry-run", "-i", input_of(exports.theirs["yaml"], "yaml"), untouched=True)
    assert "No changes detected." in said


def test_a_dry_run_names_what_our_export_would_create_change_and_delete(
    tenant: LocalTenant, exports: Exports, tmp_path: Path
) -> None:
    created, changed, *same = HOOKS
    deleted = {**created, "name": "deleted", "enabled": False}
    tenant.fill([{**changed, "script": "another"}, *same, deleted])
    before = tenant.hooks()
    said = tenant.deploy_cli("import", "--dry-run", "-i", input_of(exports.ours["directory"], "directory"))
    rows = [[cell.strip() for cell in line.split("│")[2:4]] for line in said.splitlines() if line.count("│") == 4]
    assert rows[1:] == [["CREATE", "user-1-a-2-b"], ["UPDATE", "2-factor"], ["DELETE *", "deleted"]]
    assert tenant.hooks() == before


@pytest.mark.parametrize("form", FORMATS)
def test_both_fill_in_keywords_alike(tenant: LocalTenant, form: str, tmp_path: Path) -> None:
    config = tmp_path / "config.json"
    config.write_text(json.dumps({"AUTH0_KEYWORD_REPLACE_MAPPINGS": MAPPINGS}))
    folder = tmp_path / "files"
    (folder / "hooks").mkdir(parents=True)
    (folder / "hooks" / "script.js").write_text(KEYWORDS_IN_SCRIPT)
    path, text = KEYWORDS[form]
    (folder / path).write_text(text)
    tenant.fill([])
    tenant.deploy_cli("import", "-i", input_of(folder, form), "-c", str(config), env=IN_ENVIRONMENT)
    theirs = tenant.hooks(), tenant.secrets()
    tenant.fill([])
    env = {**IN_ENVIRONMENT, "AUTH0_KEYWORD_REPLACE_MAPPINGS": json.dumps({**MAPPINGS, "NAME": "another"})}
    tenant.manage("import_hooks", str(folder), "--mapping", "NAME=Some Hook 2", env=env)
    assert (tenant.hooks(), tenant.secrets()) == theirs
    (hook,) = tenant.hooks()
    assert (hook["name"], hook["enabled"], hook["dependencies"]) == ("some-hook-2", True, MAPPINGS["MODULES"])
    assert tenant.secrets() == {
        "some-hook-2": {"quotes": MAPPINGS["QUOTES"], "stage": "on $PATH", "both": "Some Hook 2/on $PATH", "plain": "a"}
    }
