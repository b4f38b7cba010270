"""The NPM modules of a run: what the script requires, installed once for each set of dependencies.

They are installed, without lifecycle scripts, into a folder that later runs of the same set read. The versions are
resolved at the first run and stay.
"""

import contextlib
import hashlib
import json
import os
import re
import time
from dataclasses import dataclass, field
from pathlib import Path

from hooksui import catalogue, shared
from hooksui.deno import reader
from hooksui.deno.environment import cache
from hooksui.deno.installing import ModulesMissingError, install, remove
from hooksui.shared.interfaces import Stop

_UNUSED = 30 * 24 * 3600  # seconds after which a set that nobody used is removed

# A name, perhaps with a scope; behind the first @ that does not begin it a version; the rest is a path in the module.
_ID = re.compile(r"(?P<name>@[^@/]+/[^@/]+|[^@/]+)(?:@(?P<version>[^/]+))?(?:/.*)?")
# Without one of these words a script asks for no module, and need not be read.
_ASKS = re.compile(r"require|import|\\u")
_VERSION = re.compile(r"[\w+~^<>=|*-][\w.+~^<>=|* -]*")
# Native as well, though their packages have nothing to be compiled.
_PREBUILT = frozenset(("sharp", "canvas", "grpc", "fibers", "node-sass", "libxmljs", "oracledb", "better-sqlite3"))


@dataclass(frozen=True)
class Installed:
    """Modules that are there: `folder` has them, None where none is needed.

    `names` maps what the script requires to the name it is installed under, `versions` to the version.
    """

    folder: Path | None = None
    names: dict[str, str] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)

    def native(self) -> list[str]:
        """The modules, also those that others need, with code to be compiled for a machine."""
        store = (self.folder / "node_modules" / ".deno") if self.folder else None
        if store is None or not store.is_dir():
            return []
        found = [file.parent for file in store.glob("*/node_modules/*/binding.gyp")]
        found += [file.parent for file in store.glob("*/node_modules/@*/*/binding.gyp")]
        names = {str(folder.relative_to(folder.parents[0 if "@" not in folder.parent.name else 1])) for folder in found}
        return sorted(names | _PREBUILT & {name.partition("@")[0] for name in self.names})


def required(script: str) -> list[str]:
    """What `script` requires or imports by literal text, besides Node's own modules and files.

    Each is `name` or `name@version`. Empty where the script does not compile: it will not get as far as that.
    """
    if not _ASKS.search(script):
        return []
    (reading,) = reader.read([script])
    return sorted({entry for entry in map(_entry, reading.modules) if entry})


def _entry(required: str) -> str:
    """`name` or `name@version` of the module that a script names, "" where npm has nothing to do with it."""
    parts = _ID.fullmatch(required.removeprefix("./node_modules/"))
    if parts is None or parts["name"].startswith((".", "/", "node:")):
        return ""
    if parts["version"]:
        return f"{parts['name']}@{parts['version']}"
    return "" if parts["name"] in catalogue.node_builtins() else parts["name"]


@dataclass(frozen=True)
class Needed:
    """A set of modules that a run needs, perhaps an empty one: `packages` is the `dependencies` of a package.json.

    `names` maps what the script requires to the name that it is installed under.
    """

    packages: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def installed(self) -> bool:
        """Whether nothing has to be asked of the registry."""
        return not self.packages or self.folder.is_dir()

    def install(self, stop: Stop) -> Installed:
        """The set, installed if it is not yet. Raises ModulesMissingError, also where `stop` was set meanwhile."""
        if not self.packages:
            return Installed()
        folder = self.folder
        with shared.locks.hold(f"modules:{folder.name}"):
            if not folder.is_dir():
                _remove_unused(folder.parent)
                install(self.packages, folder, stop)
            os.utime(folder)
        versions = json.loads((folder / "installed.json").read_text(encoding="utf-8"))
        return Installed(folder, self.names, {name: versions[alias] for name, alias in self.names.items()})

    @property
    def folder(self) -> Path:
        """Where the set is, or will be once it is installed."""
        packages = json.dumps(self.packages, sort_keys=True)
        return cache() / "modules" / hashlib.sha256(packages.encode()).hexdigest()[:32]


def needed(script: str, dependencies: dict[str, str]) -> Needed:
    """The modules that `script` needs: those that the hook declares, and those required with a version.

    None where the script requires none of both kinds. Raises ModulesMissingError where one has no name or version of
    npm.
    """
    wanted = required(script)
    versioned = [name for name in wanted if "@" in name[1:]]
    if not versioned and not dependencies.keys() & set(wanted):
        return Needed()
    aliases = {name: f"@require/{number}" for number, name in enumerate(versioned)}
    return Needed(_packages(dependencies, aliases), {**{name: name for name in dependencies}, **aliases})


def _packages(dependencies: dict[str, str], aliases: dict[str, str]) -> dict[str, str]:
    """The `dependencies` of a package.json; a version asked for in the script gets a name of its own."""
    packages = {}
    for name, version in dependencies.items():
        packages[name] = _checked(name, version)
    for entry, alias in aliases.items():
        name, _, version = entry.rpartition("@")
        packages[alias] = f"npm:{name}@{_checked(name, version)}"
    return packages


def _checked(name: str, version: str) -> str:
    # Other texts would be addresses, paths or other registries.
    if not re.fullmatch(catalogue.limits().module_pattern, name) or not _VERSION.fullmatch(version):
        raise ModulesMissingError(f"{name} {version} is not a module of npm with a version or range. Nothing was run.")
    return version


def _remove_unused(sets: Path) -> None:
    if not sets.is_dir():
        return
    oldest = time.time() - _UNUSED
    for entry in sets.iterdir():
        # Another installation may have ended meanwhile.
        with contextlib.suppress(FileNotFoundError):
            if entry.stat().st_mtime < oldest:
                remove(entry)
