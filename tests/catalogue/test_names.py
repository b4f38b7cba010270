"""How names are rewritten (docs/management-api.md, "The server rewrites names")."""

import pytest

from hooksui.catalogue import stored_name


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        # recorded
        ("test-hook735", "test-hook-735"),
        ("testing-hook-creation", "testing-hook-creation"),
        ("pre-user-reg-hook", "pre-user-reg-hook"),
        # decided
        ("Some Hook", "some-hook"),
        ("someHook", "some-hook"),
        ("HTTPServer", "http-server"),
        ("ABC", "abc"),
        ("a  -  b--c", "a-b-c"),
        ("hook1", "hook-1"),
        ("1hook2Go", "1-hook-2-go"),
        ("a", "a"),
        ("2026", "2026"),
    ],
)
def test_names_become_kebab_case(name: str, stored: str) -> None:
    assert stored_name(name) == stored


@pytest.mark.parametrize("name", ["Some Hook", "test-hook735", "1hook2Go", "HTTPServer2"])
def test_a_stored_name_is_stored_as_it_is(name: str) -> None:
    assert stored_name(stored_name(name)) == stored_name(name)


def test_the_longest_name_fits_its_column() -> None:
    assert len(stored_name("a1" * 64)) == 255
