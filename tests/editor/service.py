"""The committed language service, asked in Node: what it finds in many scripts at once, without a browser."""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.node_tools import node

_HERE = Path(__file__).parent
_BUNDLE = _HERE.parents[1] / "static" / "dist" / "language-service.mjs"
_POINTS = _HERE.parents[1] / "hooksui" / "catalogue" / "points"


def look(scripts: Sequence[str], trigger: str, **hook: Any) -> list[dict[str, Any]]:
    """What the service finds in each of `scripts`, as hooks of the point of `trigger`: errors, hints, secrets."""
    types = (_POINTS / trigger / "types.d.ts").read_text("utf-8")
    about = {"types": types, "trigger": trigger, "secrets": None, "modules": [], **hook}
    hooks = json.dumps([{**about, "script": script} for script in scripts])
    command = [*node(), str(_HERE / "language_service.mjs"), str(_BUNDLE)]
    ended = subprocess.run(command, input=hooks, capture_output=True, text=True, check=True)
    found: list[dict[str, Any]] = json.loads(ended.stdout)
    return found


def hinted(found: dict[str, Any], script: str) -> list[tuple[str, str]]:
    """The messages of hints in `script`, and the text that each one is about."""
    return [(hint["message"], script[hint["from"] : hint["to"]]) for hint in found["hints"]]
