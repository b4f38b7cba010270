"""What the documents promise: settings, paths, links and headings that are there."""

import re
import runpy
from pathlib import Path
from xml.etree import ElementTree

import pytest

from hooksui import __version__
from tests.meta.documents import ROOT, code_of, headings, links, tables
from tests.meta.test_promises import variables_read

DOCUMENTS = sorted(path.relative_to(ROOT).as_posix() for path in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])


def test_the_readme_has_every_setting_and_no_other_in_one_table() -> None:
    found = tables("README.md", "Settings")
    assert len(found) == 1
    assert [len(row) for row in found[0]] == len(found[0]) * [3]
    names = [code_of(row[0]) for row in found[0]]
    assert sorted(names) == sorted([name] for name in variables_read())


def test_every_path_of_the_map_exists() -> None:
    (rows,) = tables("README.md", "Finding your way")
    for row in rows:
        assert len(row) == 3
        for cell in row[1:]:
            paths = [text for text in code_of(cell) if not text.startswith("make ")]
            assert paths
            beside = Path()
            for path in paths:
                # A name alone is that of a file beside the one before it.
                place = path if "/" in path or path.startswith(".") else (beside / path).as_posix()
                assert list(ROOT.glob(place)), place
                beside = Path(place) if place.endswith("/") else Path(place).parent


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_between_documents_lead_somewhere(document: str) -> None:
    for address in links(document):
        assert ((ROOT / document).parent / address.split("#")[0]).exists(), address


@pytest.mark.parametrize("document", DOCUMENTS)
def test_targets_that_documents_name_exist(document: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"`make ([a-z-]+)`", (ROOT / document).read_text(encoding="utf-8")):
        assert re.search(rf"^{target}:", makefile, re.M), target


def test_what_the_fast_tests_leave_out_is_there() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8").replace("\\\n", "")
    (slow,) = re.findall(r"^SLOW := (.+)$", makefile, re.M)
    for name in slow.split():
        assert any(any(ROOT.glob(f"{folder}{name}")) for folder in ("", "tests/", "tests/*/", "tests/*/*/")), name


def test_the_newest_version_of_the_changelog_is_this_one() -> None:
    first = next(title for title in headings("CHANGELOG.md") if title not in ("Changelog", "Unreleased"))
    assert re.fullmatch(rf"{re.escape(__version__)} · \d{{4}}-\d\d-\d\d", first)


def test_the_image_is_labelled_with_the_version() -> None:
    labels = re.findall(r'org\.opencontainers\.image\.version="(.*?)"', (ROOT / "Dockerfile").read_text("utf-8"))
    assert labels == [__version__]


def _prose(file: Path) -> str:
    """The text of a source file with each docstring and comment in one line."""
    return re.sub(r"\s*\n\s*(?:#|//|\*)?\s*", " ", file.read_text(encoding="utf-8"))


SOURCES = sorted(
    file
    for folder in ("hooksui", "tests", "static/js", "static/editor/src")
    for file in (ROOT / folder).rglob("*")
    if file.suffix in (".py", ".js", ".mjs") and "node_modules" not in file.parts
)


def test_every_heading_that_sources_cite_exists() -> None:
    cited = set()
    for file in SOURCES:
        for document, titles in re.findall(r'(docs/[\w-]+\.md), ("[^"]+"(?:(?:,| and) "[^"]+")*)', _prose(file)):
            cited |= {(document, title) for title in re.findall(r'"([^"]+)"', titles)}
    assert len(cited) > 10
    known = {document: headings(document) for document, _ in cited}
    assert [(document, title) for document, title in sorted(cited) if title not in known[document]] == []


def test_contracts_are_cited_by_document_and_heading() -> None:
    elsewhere = re.compile(r"(Management API|Runner's|[Rr]untime) contract[:,]")
    found = [file.name for file in SOURCES if file != Path(__file__) and elsewhere.search(_prose(file))]
    assert found == []


def test_the_picture_of_the_architecture_is_drawn_from_the_rooms_as_they_are() -> None:
    drawn = runpy.run_path(str(ROOT / "docs" / "draw.py"))["drawing"]()
    assert (ROOT / "docs" / "architecture.svg").read_text(encoding="utf-8") == drawn, "Run `make drawing`."
    ElementTree.fromstring(drawn)  # noqa: S314  # our own
