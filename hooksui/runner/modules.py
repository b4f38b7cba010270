"""The NPM modules of a run: what the script requires, installed once for each set of dependencies.

Deno installs them, without lifecycle scripts, into a folder of the cache that later runs of the same set read. The
versions are resolved at the first run and stay.
"""

import contextlib
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from deno import find_deno_bin

from hooksui import catalogue
from hooksui.deno import reader
from hooksui.deno.environment import cache, environment

TIMEOUT = 60  # seconds that an installation may take
_LOOK = 0.1  # seconds between two looks whether somebody stops the installation
_UNUSED = 30 * 24 * 3600  # seconds after which a set that nobody used is removed

# A name, perhaps with a scope; behind the first @ that does not begin it a version; the rest is a path in the module.
_ID = re.compile(r"(?P<name>@[^@/]+/[^@/]+|[^@/]+)(?:@(?P<version>[^/]+))?(?:/.*)?")
# Without one of these words a script asks for no module, and need not be read.
_ASKS = re.compile(r"require|import|\\u")
_VERSION = re.compile(r"[\w+~^<>=|*-][\w.+~^<>=|* -]*")
# Native as well, though their packages have nothing to be compiled.
_PREBUILT = frozenset(("sharp", "canvas", "grpc", "fibers", "node-sass", "libxmljs", "oracledb", "better-sqlite3"))
# What the installing process gets of the server's environment: the way to the registry, and nothing else.
_PASSED_ON = re.compile(
    r"PATH|HOME|NPM_CONFIG_REGISTRY|HTTPS?_PROXY|NO_PROXY|SSL_CERT_(FILE|DIR)|DENO_CERT|NODE_EXTRA_CA_CERTS", re.I
)


class ModulesMissing(Exception):
    """What the script requires cannot be installed. The text says which module and why."""


@dataclass(frozen=True)
class Modules:
    """Installed modules: `folder` has them, None where none is needed.

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
        return not self.packages or self._folder.is_dir()

    def install(self, stop: threading.Event) -> Modules:
        """The set, installed if it is not yet. Raises ModulesMissing, also where `stop` was set meanwhile."""
        if not self.packages:
            return Modules()
        folder = self._folder
        with _lock_for(folder.name):
            if not folder.is_dir():
                _remove_unused(folder.parent)
                _install(self.packages, folder, stop)
            os.utime(folder)
        versions = json.loads((folder / "installed.json").read_text(encoding="utf-8"))
        return Modules(folder, self.names, {name: versions[alias] for name, alias in self.names.items()})

    @property
    def _folder(self) -> Path:
        packages = json.dumps(self.packages, sort_keys=True)
        return cache() / "modules" / hashlib.sha256(packages.encode()).hexdigest()[:32]


def needed(script: str, dependencies: dict[str, str]) -> Needed:
    """The modules that `script` needs: those that the hook declares, and those required with a version.

    None where the script requires none of both kinds. Raises ModulesMissing where one has no name or version of npm.
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
        raise ModulesMissing(f"{name} {version} is not a module of npm with a version or range. Nothing was run.")
    return version


def _install(packages: dict[str, str], folder: Path, stop: threading.Event) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    working = Path(tempfile.mkdtemp(dir=folder.parent, prefix="new-"))
    try:
        (working / "package.json").write_text(json.dumps({"dependencies": packages}), encoding="utf-8")
        # Found by name, so that no configuration of a folder further up counts.
        (working / "deno.json").write_text('{"nodeModulesDir": "auto"}', encoding="utf-8")
        _run_installer(working, stop)
        (working / "installed.json").write_text(json.dumps(_versions(working, packages)), encoding="utf-8")
        (working / "deno.json").write_text('{"nodeModulesDir": "manual"}', encoding="utf-8")
        with contextlib.suppress(OSError):
            # Another process may have been faster; what it installed is the same.
            working.rename(folder)
    finally:
        shutil.rmtree(working, ignore_errors=True)
    if not folder.is_dir():
        raise ModulesMissing("The modules could not be stored in DATA_DIR. Nothing was run.")


def _run_installer(working: Path, stop: threading.Event) -> None:
    passed_on = {name: value for name, value in os.environ.items() if _PASSED_ON.fullmatch(name)}
    passed_on |= environment() | {"DENO_TLS_CA_STORE": "mozilla,system"}
    process = subprocess.Popen(
        [find_deno_bin(), "install", "--quiet", "--no-prompt"],
        cwd=working,
        env=passed_on,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    said = None
    last = time.monotonic() + TIMEOUT
    try:
        while said is None:
            if stop.is_set():
                raise ModulesMissing("Stopped before the modules were installed. Nothing was run.")
            if time.monotonic() > last:
                raise ModulesMissing(f"The modules were not installed within {TIMEOUT} seconds. Nothing was run.")
            with contextlib.suppress(subprocess.TimeoutExpired):
                _, said = process.communicate(timeout=_LOOK)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
    if process.returncode:
        raise ModulesMissing(_reason(said.decode(errors="replace")))


def _reason(said: str) -> str:
    """What the installer said, in a sentence that names the module. Its own words may name a host with a token."""
    if found := re.search(r"npm package '([^']+)' does not exist", said):
        return f"npm has no module {found[1]}. Nothing was run."
    if found := re.search(r"Could not find npm package '([^']+)' matching '([^']+)'", said):
        return f"npm has no version {found[2]} of {found[1]}. Nothing was run."
    if found := re.search(r"Could not find dist-tag '([^']+)' for npm package '([^']+)'", said):
        return f"npm has no version {found[1]} of {found[2]}. Nothing was run."
    reason = "cannot be installed: the npm registry gave no usable answer. Nothing was run."
    if found := re.search(r"""for package "([^"]+)"|Failed caching npm package '([^']+)'""", said):
        return f"The module {found[1] or found[2]} {reason}"
    return f"The modules {reason}"


def _versions(working: Path, packages: dict[str, str]) -> dict[str, str]:
    found = {}
    for name in packages:
        about = json.loads((working / "node_modules" / name / "package.json").read_text(encoding="utf-8"))
        found[name] = str(about.get("version", ""))
    return found


def _remove_unused(sets: Path) -> None:
    if not sets.is_dir():
        return
    oldest = time.time() - _UNUSED
    for entry in sets.iterdir():
        # Another installation may have ended meanwhile.
        with contextlib.suppress(FileNotFoundError):
            if entry.stat().st_mtime < oldest:
                shutil.rmtree(entry, ignore_errors=True)


_locks: dict[str, threading.Lock] = {}
_locks_lock = threading.Lock()


def _lock_for(key: str) -> threading.Lock:
    with _locks_lock:
        return _locks.setdefault(key, threading.Lock())
