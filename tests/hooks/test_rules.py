"""What a person may type for a hook, beyond what the forms' own tests look at."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError

from hooksui.hooks import rules

RULES = [
    rules.clean_script,
    rules.clean_name,
    rules.clean_module_name,
    rules.clean_module_version,
    rules.clean_secret_name,
    rules.clean_secret_value,
]


@pytest.mark.parametrize("rule", RULES)
def test_nothing_that_could_not_be_stored_is_taken(rule: Callable[[str], str]) -> None:
    for character in "\0", "\ud800", "\udbff", "\udc00", "\udfff":
        with pytest.raises(ValidationError):
            rule(f"1{character}.0")


@pytest.mark.parametrize("rule", [rules.clean_script, rules.clean_secret_name, rules.clean_secret_value])
def test_all_other_characters_are_taken(rule: Callable[[str], str]) -> None:
    text = "\x01\x7f\ud7ff\ue000\uffff\N{GRINNING FACE}\U0010ffff"
    assert rule(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("a\U0001f600", ""),
        ("a\0\ud800", "a NUL character"),
        ("\ud800\0", "an unpaired surrogate (half a character)"),
    ],
)
def test_an_odd_character_is_told_in_words(text: str, expected: str) -> None:
    assert rules.odd_character(text) == expected
