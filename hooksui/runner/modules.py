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
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from deno import find_deno_bin
from django.conf import settings

from hooksui import catalogue

TIMEOUT = 60  # seconds that an installation may take
_UNUSED = 30 * 24 * 3600  # seconds after which a set that nobody used is removed

# Comments and other strings are looked at only so that no `require` in them counts.
_TOKENS = re.compile(
    r"""//[^\n]*|/\*.*?\*/
    |(?<![\w$.])require\s*\(\s*(['"`])(?P<id>[^'"`\n]+)\1\s*\)
    |'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`""",
    re.VERBOSE | re.DOTALL,
)
# A name, perhaps with a scope; behind the first @ that does not begin it a version; the rest is a path in the module.
_ID = re.compile(r"(?P<name>@[^@/]+/[^@/]+|[^@/]+)(?:@(?P<version>[^/]+))?(?:/.*)?")
_VERSION = re.compile(r"[\w.+~^<>=|* -]+")
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


def required(script: str) -> list[str]:
    """What `script` requires by literal text besides Node's own modules and files: `name` or `name@version`."""
    found = set()
    for token in _TOKENS.finditer(script):
        parts = _ID.fullmatch(token["id"] or "")
        if parts is None or parts["name"].startswith((".", "node:")) or parts["name"] in catalogue.node_builtins():
            continue
        found.add(f"{parts['name']}@{parts['version']}" if parts["version"] else parts["name"])
    return sorted(found)


def prepare(script: str, dependencies: dict[str, str], announce: Callable[[list[str]], None]) -> Modules:
    """The modules that `script` needs, installed if they are not yet; `announce` gets the names before that is done.

    A module counts that the hook declares in `dependencies` or that the script requires with a version. Where it
    requires none of those, nothing is installed. Raises ModulesMissing.
    """
    wanted = required(script)
    versioned = [name for name in wanted if "@" in name[1:]]
    if not versioned and not dependencies.keys() & set(wanted):
        return Modules()
    packages = _packages(dependencies, versioned)
    key = hashlib.sha256(json.dumps(packages).encode()).hexdigest()[:32]
    folder = cache() / "modules" / key
    with _lock_for(key):
        if not folder.is_dir():
            announce(sorted([*dependencies, *versioned]))
            _remove_unused(folder.parent)
            _install(packages, folder)
        os.utime(folder)
    installed = json.loads((folder / "installed.json").read_text(encoding="utf-8"))
    aliases = {name: f"@require/{number}" for number, name in enumerate(versioned)}
    names = {**{name: name for name in dependencies}, **aliases}
    return Modules(folder, names, {name: installed.get(alias, "") for name, alias in names.items()})


def cache() -> Path:
    """The Runner's folder in DATA_DIR: installed modules, and Deno's own cache."""
    folder: Path = settings.DATA_DIR / "runner"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def deno_environment() -> dict[str, str]:
    """What every Deno process finds in its environment: where its cache is, and the time zone of the platform."""
    return {"DENO_DIR": str(cache() / "deno"), "NO_COLOR": "1", "DENO_NO_UPDATE_CHECK": "1", "TZ": "UTC"}


def _packages(dependencies: dict[str, str], versioned: list[str]) -> dict[str, str]:
    """The `dependencies` of a package.json; a version asked for in the script gets a name of its own."""
    packages = {}
    for name, version in dependencies.items():
        packages[name] = _checked(name, version)
    for number, entry in enumerate(versioned):
        name, _, version = entry.rpartition("@")
        packages[f"@require/{number}"] = f"npm:{name}@{_checked(name, version)}"
    return packages


def _checked(name: str, version: str) -> str:
    # Other texts would be addresses, paths or other registries.
    if not re.fullmatch(catalogue.limits().module_pattern, name) or not _VERSION.fullmatch(version):
        raise ModulesMissing(f"{name} {version} is not a module of npm with a version or range. Nothing was run.")
    return version


def _install(packages: dict[str, str], folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    working = Path(tempfile.mkdtemp(dir=folder.parent, prefix="new-"))
    try:
        (working / "package.json").write_text(json.dumps({"dependencies": packages}), encoding="utf-8")
        # Found by name, so that no configuration of a folder further up counts.
        (working / "deno.json").write_text('{"nodeModulesDir": "auto"}', encoding="utf-8")
        _run_installer(working)
        (working / "installed.json").write_text(json.dumps(_versions(working, packages)), encoding="utf-8")
        (working / "deno.json").write_text('{"nodeModulesDir": "manual"}', encoding="utf-8")
        with contextlib.suppress(OSError):
            # Another process may have been faster; what it installed is the same.
            working.rename(folder)
    finally:
        shutil.rmtree(working, ignore_errors=True)
    if not folder.is_dir():
        raise ModulesMissing("The modules could not be stored in DATA_DIR. Nothing was run.")


def _run_installer(working: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if _PASSED_ON.fullmatch(name)}
    environment |= deno_environment() | {"DENO_TLS_CA_STORE": "mozilla,system"}
    process = subprocess.Popen(
        [find_deno_bin(), "install", "--quiet", "--no-prompt"],
        cwd=working,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        _, said = process.communicate(timeout=TIMEOUT)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise ModulesMissing(f"The modules were not installed within {TIMEOUT} seconds. Nothing was run.") from None
    if process.returncode:
        raise ModulesMissing(_reason(said.decode(errors="replace")))


def _reason(said: str) -> str:
    """What the installer said, in a sentence that names the module. Its own words may name a host with a token."""
    if found := re.search(r"npm package '([^']+)' does not exist", said):
        return f"npm has no module {found[1]}. Nothing was run."
    if found := re.search(r"Could not find npm package '([^']+)' matching '([^']+)'", said):
        return f"npm has no version {found[2]} of {found[1]}. Nothing was run."
    if found := re.search(r'for package "([^"]+)"', said):
        return f"The module {found[1]} cannot be installed: the npm registry gave no usable answer. Nothing was run."
    return "The modules cannot be installed: the npm registry gave no usable answer. Nothing was run."


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
        if entry.stat().st_mtime < oldest:
            shutil.rmtree(entry, ignore_errors=True)


_locks: dict[str, threading.Lock] = {}
_locks_lock = threading.Lock()


def _lock_for(key: str) -> threading.Lock:
    with _locks_lock:
        return _locks.setdefault(key, threading.Lock())
