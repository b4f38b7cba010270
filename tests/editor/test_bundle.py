"""The committed editor bundle: what its sources build to, small enough, with its licences, safe to hash."""

import json
import re
import subprocess
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest
from django.contrib.staticfiles.storage import HashedFilesMixin

from tests.node_tools import install, node

STATIC = Path(__file__).parents[2] / "static"
SOURCES = STATIC / "editor"
DIST = STATIC / "dist"
BROTLI_LIMIT = 170_000


@pytest.fixture(scope="module")
def fresh_build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    install(SOURCES)
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run([*node(), str(SOURCES / "build.mjs"), "--out", str(folder)], check=True)
    return folder


@pytest.mark.parametrize("name", ["code-editor.js", "code-editor.LICENSE.txt"])
def test_committed_file_equals_a_fresh_build(fresh_build: Path, name: str) -> None:
    assert (DIST / name).read_bytes() == (fresh_build / name).read_bytes()


def test_scripts_stay_small() -> None:
    size = sum(len(brotli.compress(script.read_bytes())) for script in DIST.glob("*.js"))

    assert size <= BROTLI_LIMIT


def test_licence_file_names_every_package_that_is_not_only_a_tool() -> None:
    packages = json.loads((SOURCES / "package-lock.json").read_text("utf-8"))["packages"]
    names = {path.removeprefix("node_modules/") for path, package in packages.items() if path and "dev" not in package}
    listed = set(re.findall(r"^(\S+) \d\S* \(MIT\)$", (DIST / "code-editor.LICENSE.txt").read_text("utf-8"), re.M))

    # lang-javascript lists lint for its types alone.
    assert names - {"@codemirror/lint"} == listed


def test_lock_file_names_no_registry() -> None:
    assert "resolved" not in (SOURCES / "package-lock.json").read_text("utf-8")


def test_django_finds_no_imports_to_rewrite() -> None:
    """The bundle holds words such as "import" and "from" as data, which Django's patterns could take for code."""
    (_, patterns) = HashedFilesMixin._js_module_import_aggregation_patterns  # type: ignore[attr-defined]
    bundle = (DIST / "code-editor.js").read_text("utf-8")

    assert [match.group() for pattern, _ in patterns for match in re.finditer(pattern, bundle, re.I)] == []
