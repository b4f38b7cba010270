"""The Management API's objects as data classes, read tolerantly: old hooks lack fields that new ones have."""

import re
from dataclasses import dataclass, field
from typing import Any

from hooksui.auth0.errors import OddAnswer

# New hooks have ULIDs, those of old tenants a slug (Management API contract, "The object"); the underscore to be safe.
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
    enabled: bool = False
    script: str = ""
    dependencies: dict[str, str] = field(default_factory=dict)


def hook_from_json(data: Any) -> Hook:
    """The hook in `data`, one JSON object of the API. Raises OddAnswer where it is none."""
    hook_id = text_of(data.get("id")) if isinstance(data, dict) else ""
    if not re.fullmatch(HOOK_ID, hook_id):
        raise OddAnswer(status=200, remote="not a hook")
    dependencies = data.get("dependencies")
    return Hook(
        id=hook_id,
        name=text_of(data.get("name")) or hook_id,
        trigger=text_of(data.get("triggerId")),
        enabled=data.get("enabled") is True,
        script=text_of(data.get("script")),
        dependencies=dependencies if isinstance(dependencies, dict) else {},
    )


def is_mask(value: str) -> bool:
    """Whether `value` is what stands in place of a secret's value, blanks around it aside."""
    return value.strip() in _MASKS


def text_of(value: Any) -> str:
    """The text in a JSON value, "" where it is none. Half a surrogate pair, which no page can hold, becomes U+FFFD."""
    if not isinstance(value, str):
        return ""
    return value if value.isascii() else value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
