"""How names are rewritten (docs/management-api.md, "The server rewrites names")."""

import json
from pathlib import Path

import pytest

from hooksui.catalogue import stored_name

# The page foretells stored names: its script is tested with the same ones, in tests/js/stored-name.test.js.
NAMES = json.loads((Path(__file__).parent / "names.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("name", "stored"), [*NAMES["recorded"].items(), *NAMES["decided"].items()])
def test_names_become_kebab_case(name: str, stored: str) -> None:
    assert stored_name(name) == stored


@pytest.mark.parametrize("name", ["Some Hook", "test-hook735", "1hook2Go", "HTTPServer2"])
def test_a_stored_name_is_stored_as_it_is(name: str) -> None:
    assert stored_name(stored_name(name)) == stored_name(name)


def test_the_longest_name_fits_its_column() -> None:
    assert len(stored_name("a1" * 64)) == 255
