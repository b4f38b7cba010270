"""The Management API's objects as data classes, read tolerantly: old hooks lack fields that new ones have."""

import re
from dataclasses import dataclass, field
from typing import Any

from hooksui.auth0.errors import OddAnswer

# New hooks have ULIDs, those of old tenants a slug (Management API contract, "The object").
HOOK_ID = "[A-Za-z0-9-]+"


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
    if not isinstance(data, dict) or not re.fullmatch(HOOK_ID, str(data.get("id", ""))):
        raise OddAnswer(remote="not a hook")
    name, script, dependencies = data.get("name"), data.get("script"), data.get("dependencies")
    return Hook(
        id=data["id"],
        name=name if isinstance(name, str) and name else data["id"],
        trigger=str(data.get("triggerId", "")),
        enabled=data.get("enabled") is True,
        script=script if isinstance(script, str) else "",
        dependencies=dependencies if isinstance(dependencies, dict) else {},
    )
