"""The committed bundles, of pages, of the editor and of programs.

As built from their sources, small, with licences, hashable.
"""

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
PROGRAMS = Path(__file__).parents[2] / "hooksui" / "deno" / "programs"
FIRST_VISIT_LIMIT = 170_000  # bytes of what the page waits for
LANGUAGE_SERVICE_LIMIT = 1_300_000  # bytes of what comes later, in a worker


@pytest.fixture(scope="module")
def fresh_build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    install(SOURCES)
    folder = tmp_path_factory.mktemp("built")
    folders = ["--out", str(folder / DIST.name), "--programs", str(folder / PROGRAMS.name)]
    subprocess.run([*node(), str(SOURCES / "build.mjs"), *folders], check=True)
    return folder


@pytest.mark.parametrize("committed", [DIST, PROGRAMS], ids=lambda folder: str(folder.name))
def test_committed_files_equal_a_fresh_build(fresh_build: Path, committed: Path) -> None:
    fresh = fresh_build / committed.name
    assert [file.name for file in sorted(committed.iterdir())] == [file.name for file in sorted(fresh.iterdir())]
    for file in committed.iterdir():
        assert file.read_bytes() == (fresh / file.name).read_bytes(), file.name


def imports(name: str) -> set[str]:
    """What a script imports before it runs, and what that imports."""
    found = set(re.findall(r'\bfrom"\./([^"]+)"|\bimport"\./([^"]+)"', (DIST / name).read_text("utf-8")))
    names = {one or other for one, other in found}
    return names.union(*(imports(each) for each in names))


def test_scripts_stay_small() -> None:
    first = {"code-editor.js", *imports("code-editor.js")}
    assert sum(len(brotli.compress((DIST / name).read_bytes())) for name in first) <= FIRST_VISIT_LIMIT
    service = (DIST / "language-service.mjs").read_bytes()
    assert len(brotli.compress(service)) <= LANGUAGE_SERVICE_LIMIT


def test_the_editor_comes_in_few_files() -> None:
    """A slow processor spends more time on one file more than on its content."""
    assert len({"editor.js", *imports("editor.js")}) == len(["it", "shared.js", "code-editor.js", "its packages"])
    assert len({"page.js", *imports("page.js")}) == len(["it", "shared.js"])


def test_licence_file_names_every_package_that_is_not_only_a_tool() -> None:
    packages = json.loads((SOURCES / "package-lock.json").read_text("utf-8"))["packages"]
    names = {path.removeprefix("node_modules/") for path, package in packages.items() if path and "dev" not in package}
    texts = "".join((folder / "LICENSES.txt").read_text("utf-8") for folder in (DIST, PROGRAMS))
    listed = set(re.findall(r"^(\S+) \d\S* \((?:MIT|Apache-2\.0)\)$", texts, re.M))

    assert names == listed


def test_lock_file_names_no_registry() -> None:
    assert "resolved" not in (SOURCES / "package-lock.json").read_text("utf-8")


@pytest.mark.parametrize("script", sorted(DIST.glob("*.js")), ids=lambda script: str(script.name))
def test_django_rewrites_the_imports_that_there_are_and_nothing_else(script: Path) -> None:
    """Bundles hold words such as "import" and "from" as data too, which Django's patterns could take for code."""
    (_, patterns) = HashedFilesMixin._js_module_import_aggregation_patterns  # type: ignore[attr-defined]
    text = script.read_text("utf-8")
    found = [match["url"] for pattern, _ in patterns for match in re.finditer(pattern, text, re.I)]
    assert set(found) == set(re.findall(r'"(\./[\w-]+\.js)"', text))
    assert all((DIST / name).exists() for name in found)
