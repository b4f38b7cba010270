"""Extensibility points and limits as data: a folder for each point, named after its trigger, under `points/`.

`point.json` has the title and the description that pages show, `starter.js` the script that a new hook begins with,
`types.d.ts` what the editor knows about its arguments; what all points share of that is in `language/`. The Runner
takes `sample.json` for a first payload and `contract.json` for how the platform calls the hook and takes its answer.
A new point is a new folder, nothing else. Limits of the platform are in `limits.json`, the modules that Node brings
along in `node_builtins.json`. `schemas/` has a JSON Schema for each of these files.
"""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Point:
    """One extensibility point: the trigger's id, what pages call it, and the script of a new hook."""

    trigger: str
    title: str
    description: str
    starter: str

    @property
    def starter_file(self) -> str:
        """The starter script among the static files."""
        return f"points/{self.trigger}/starter.js"

    @property
    def types_file(self) -> str:
        """The declarations among the static files."""
        return f"points/{self.trigger}/types.d.ts"

    @property
    def sample_file(self) -> str:
        """The Runner's first payload among the static files."""
        return f"points/{self.trigger}/sample.json"

    @property
    def sample(self) -> str:
        """The Runner's first payload, JSON."""
        return (_HERE / "points" / self.trigger / "sample.json").read_text(encoding="utf-8")

    @property
    def contract(self) -> dict[str, Any]:
        """How the platform calls a hook of this point (docs/runtime.md, "Extensibility points").

        `checks`: what a payload must be, in order; a check looks at `path` for `is`, unless nothing is at
        `unless_absent`. `arguments`: members of the payload that the hook gets; `context`: whether the one after them
        is the payload's `own` or a new one, a shallow `copy`, or the payload's in the `body`. `default_result` stands
        in for a falsy result. `errors`: special classes of errors. `meaning`: what an answer does.
        """
        contract: dict[str, Any] = json.loads((_HERE / "points" / self.trigger / "contract.json").read_text("utf-8"))
        return contract


@dataclass(frozen=True)
class Limits:
    """What the platform takes. Patterns are regular expressions that Python and JavaScript read alike.

    Names of hooks: `name_pattern` for what people type; where a server puts hyphens into them (`name_boundary`), and
    what it turns into one (`name_separators`). `script_bytes` in UTF-8; lengths in characters. Modules: what npm takes
    as a package's name.
    """

    name_length: int
    name_pattern: str
    name_boundary: str
    name_separators: str
    script_bytes: int
    secrets_per_hook: int
    secret_name_length: int
    secret_value_length: int
    module_pattern: str
    module_name_length: int
    modules_never: list[str]
    modules_per_hook: int


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


@cache
def node_builtins() -> frozenset[str]:
    """The names of Node's own modules, which a script requires without declaring them."""
    return frozenset(json.loads((_HERE / "node_builtins.json").read_text(encoding="utf-8")))


def stored_name(name: str) -> str:
    """The kebab-case name under which a server stores and compares a valid `name`: `test-hook735` is `test-hook-735`.

    Recorded for letters beside digits, decided for capitals and separators
    (docs/management-api.md, "The server rewrites names").
    """
    with_boundaries = re.sub(limits().name_boundary, "-", name)
    return re.sub(limits().name_separators, "-", with_boundaries).lower()


def _read_point(folder: Path) -> Point:
    about = json.loads((folder / "point.json").read_text(encoding="utf-8"))
    starter = (folder / "starter.js").read_text(encoding="utf-8")
    return Point(trigger=folder.name, starter=starter, **about)
