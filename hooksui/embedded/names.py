"""How the server rewrites the names of hooks."""

import re

# Before a capital that follows a small letter or begins a word after capitals, and between letters and digits.
_BOUNDARY = re.compile(
    r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=[0-9])|(?<=[0-9])(?=[A-Za-z])",
)
_SEPARATORS = re.compile(r"[ -]+")


def stored_name(name: str) -> str:
    """The kebab-case name under which a valid `name` is stored and compared: `test-hook735` is `test-hook-735`.

    Recorded for letters beside digits, decided for capitals and separators
    (Management API contract: Hooks, "The server rewrites names").
    """
    return _SEPARATORS.sub("-", _BOUNDARY.sub("-", name)).lower()
