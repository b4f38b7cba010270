"""Extensibility points and limits as data: a folder for each point, named after its trigger, under `points/`.

`point.json` has the title and the description that pages show, `starter.js` the script that a new hook begins with.
A new point is a new folder, nothing else. Limits of the platform are in `limits.json`.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Point:
    """One extensibility point: the trigger's id, what pages call it, and the script of a new hook."""

    trigger: str
    title: str
    description: str
    starter: str


@dataclass(frozen=True)
class Limits:
    """What the platform takes: a pattern for names typed by people, bytes of a script in UTF-8, secrets of a hook."""

    name_pattern: str
    script_bytes: int
    secrets_per_hook: int


@cache
def points() -> dict[str, Point]:
    """All extensibility points by trigger, ordered by title."""
    folders = (_HERE / "points").iterdir()
    found = [_read_point(folder) for folder in folders if folder.is_dir()]
    return {point.trigger: point for point in sorted(found, key=lambda point: point.title)}


@cache
def limits() -> Limits:
    """The platform's limits."""
    return Limits(**json.loads((_HERE / "limits.json").read_text(encoding="utf-8")))


def _read_point(folder: Path) -> Point:
    about = json.loads((folder / "point.json").read_text(encoding="utf-8"))
    starter = (folder / "starter.js").read_text(encoding="utf-8")
    return Point(trigger=folder.name, starter=starter, **about)
