"""The Management API's objects as data classes, read tolerantly: old hooks lack fields that new ones have."""

import math
import re
from dataclasses import dataclass, field, fields
from typing import Any

from hooksui.auth0.errors import OddAnswerError

# New hooks have ULIDs, those of old tenants a slug (docs/management-api.md, "The object"); the underscore to be safe.
HOOK_ID = "[A-Za-z0-9_-]+"
# What the API shows in place of a secret's value, and what its documents print for it.
MASK = "_VALUE_NOT_SHOWN_"
_MASKS = (MASK, "_VALUE_NOT_SHOWN")


@dataclass(frozen=True)
class Hook:
    """A hook. Fields that were not asked for have their defaults; `name` is the id where a very old hook has none."""

    id: str
    name: str
    trigger: str
    script: str = ""
    dependencies: dict[str, str] = field(default_factory=dict)
    enabled: bool = False


# The fields as the API names them.
JSON_NAMES = {field.name: field.name for field in fields(Hook)} | {"trigger": "triggerId"}


def hook_from_json(data: Any) -> Hook:
    """The hook in `data`, one JSON object of the API. Raises OddAnswerError where it is none."""
    hook_id = text_of(data.get("id")) if isinstance(data, dict) else ""
    if not re.fullmatch(HOOK_ID, hook_id):
        raise OddAnswerError(status=200, remote="not a hook")
    return Hook(
        id=hook_id,
        name=text_of(data.get("name")) or hook_id,
        trigger=text_of(data.get("triggerId")),
        enabled=data.get("enabled") is True,
        script=text_of(data.get("script")),
        dependencies=_versions_of(data.get("dependencies")),
    )


def kept_hook(row: dict[str, Any]) -> Hook:
    """The hook in `row`, a JSON object with the fields of a Hook, as a database keeps it since an earlier version."""
    return Hook(**{name: value for name, value in row.items() if name in JSON_NAMES})


def _versions_of(value: Any) -> dict[str, str]:
    """Versions by module. What is no text or number is no version; a module without a name is none."""
    if not isinstance(value, dict):
        return {}
    named = {text_of(name): version for name, version in value.items()}
    return {name: _version_of(version) for name, version in named.items() if name and _version_of(version)}


def _version_of(value: Any) -> str:
    # As some tool may have written 2 or 1.5 without quotes.
    is_number = isinstance(value, int) or (isinstance(value, float) and math.isfinite(value))
    return str(value) if is_number and not isinstance(value, bool) else text_of(value)


def is_mask(value: str) -> bool:
    """Whether `value` is what stands in place of a secret's value, blanks around it aside."""
    return value.strip() in _MASKS


def text_of(value: Any) -> str:
    """The text in a JSON value, "" where it is none. Half a surrogate pair, which no page can hold, becomes U+FFFD."""
    if not isinstance(value, str):
        return ""
    return value if value.isascii() else value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
