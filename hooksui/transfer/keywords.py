"""`##KEY##` and `@@KEY@@` in the Deploy CLI's files, and the values that stand for them.

`@@KEY@@`, with or without quotes around it, becomes the value as JSON, and `##KEY##` becomes the value as it is
(Management API contract: Deploy CLI file formats, "Keyword replacement").
"""

import json
import re
from collections.abc import Mapping
from typing import Any

_KEY = "[A-Za-z0-9_]+"
_KEYWORD = re.compile(rf"""'@@({_KEY})@@'|"@@({_KEY})@@"|@@({_KEY})@@|##({_KEY})##""")
# At the begin of a line, two hashes begin a comment.
_WHOLE_VALUE = re.compile(
    rf"((?:^(?![ \t]*#)|[:,\[-])[ \t]*)(@@{_KEY}@@|##{_KEY}##)(?=[ \t\r]*(?:[,\]}}]|$))", re.MULTILINE
)
# What the Deploy CLI itself takes for a keyword that nobody gave a value for: capitals.
_UNFILLED = re.compile("##([A-Z0-9_]+)##|@@([A-Z0-9_]+)@@")


def replace(text: str, values: Mapping[str, Any]) -> str:
    """`text` with the keywords replaced that `values` has. Keywords in the values themselves are left alone."""

    def value_of(match: re.Match[str]) -> str:
        key = match[match.lastindex or 0]
        if key not in values:
            return match[0]
        value = values[key]
        as_it_is = match[4] and isinstance(value, str)
        # Without blanks, as JavaScript writes it.
        return str(value) if as_it_is else json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    return _KEYWORD.sub(value_of, text)


def quoted(text: str) -> str:
    """`text` with keywords in quotes where they stand for a whole value without, so that JSON and YAML can be read."""
    return _WHOLE_VALUE.sub(r'\1"\2"', text)


def unfilled(text: str) -> list[str]:
    """The keywords that are left in `text`, each once, in their order."""
    return list(dict.fromkeys(match[1] or match[2] for match in _UNFILLED.finditer(text)))
