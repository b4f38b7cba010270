"""Installs a set of NPM modules: Deno unpacks it, in a process with limits, and what came of that is looked at.

A registry may answer with anything: what it sends takes bounded time and room, and counts only once nothing in it leads
out of its folder. Until then everything, also what was downloaded, lies in one folder that is removed on failure.
"""

import contextlib
import json
import os
import re
import stat
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hooksui.deno.environment import environment
from hooksui.deno.process import Process
from hooksui.shared.interfaces import Stop

TIMEOUT = 60  # seconds that an installation may take
# What a set may take. The largest modules of hooks that we know, googleapis and aws-sdk, have a hundred megabytes each,
# date-fns and firebase-admin some thousand files.
MAX_BYTES = 256 * 2**20
MAX_FILES = 40_000
MAX_DEPTH = 64  # folders in each other
_MAX_ABOUT = 2**20  # bytes of a package.json
_MEMORY = 2**30  # bytes of data that the installing process may hold
_LOOK = 0.1  # seconds between two looks at how it goes
_SHARE = 5  # looking at what is there takes at most this part of the time

# What the installing process gets of the server's environment: the way to the registry, and nothing else.
_PASSED_ON = re.compile(
    r"PATH|HOME|NPM_CONFIG_REGISTRY|HTTPS?_PROXY|NO_PROXY|SSL_CERT_(FILE|DIR)|DENO_CERT|NODE_EXTRA_CA_CERTS", re.I
)
_TOO_MUCH = f"more than {MAX_BYTES // 2**20} MB or {MAX_FILES} files"


class ModulesMissingError(Exception):
    """What the script requires cannot be installed. The text says which module and why."""


def install(packages: dict[str, str], folder: Path, stop: Stop) -> None:
    """Install `packages`, the `dependencies` of a package.json, as `folder`, which is not there yet or whole.

    In it are `node_modules`, `deno.json` for runs, and `installed.json`, versions by name. Raises ModulesMissingError,
    also where `stop` was set meanwhile; then nothing is left.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    working = Path(tempfile.mkdtemp(dir=folder.parent, prefix="new-"))
    try:
        (working / "package.json").write_text(json.dumps({"dependencies": packages}), encoding="utf-8")
        # Found by name, so that no configuration of a folder further up counts.
        (working / "deno.json").write_text('{"nodeModulesDir": "auto"}', encoding="utf-8")
        _run_installer(working, stop)
        remove(working / "cache")
        _make_harmless(working)
        (working / "installed.json").write_text(json.dumps(_versions(working, packages)), encoding="utf-8")
        (working / "deno.json").write_text('{"nodeModulesDir": "manual"}', encoding="utf-8")
        with contextlib.suppress(OSError):
            # Another process may have been faster; what it installed is the same.
            working.rename(folder)
    finally:
        remove(working)
    if not folder.is_dir():
        raise ModulesMissingError("The modules could not be stored in DATA_DIR. Nothing was run.")


def remove(folder: Path) -> None:
    """Remove `folder` and all in it, however deeply nested; what cannot be removed stays."""
    folders = [folder]
    for entry, _ in _entries(folder):
        with contextlib.suppress(OSError):
            if entry.is_dir(follow_symlinks=False):
                folders.append(Path(entry.path))
            else:
                os.unlink(entry.path)
    for each in reversed(folders):
        with contextlib.suppress(OSError):
            each.rmdir()


def _entries(folder: Path) -> Iterator[tuple[os.DirEntry[str], int]]:
    """Everything below `folder`, and in how many of its folders it lies. No link is followed.

    Somebody may work there: what goes meanwhile is passed over.
    """
    folders = [(str(folder), 0)]
    while folders:
        path, depth = folders.pop()
        with contextlib.suppress(OSError), os.scandir(path) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    folders.append((entry.path, depth + 1))
                yield entry, depth


def _run_installer(working: Path, stop: Stop) -> None:
    passed_on = {name: value for name, value in os.environ.items() if _PASSED_ON.fullmatch(name)}
    # A cache of its own: what is refused leaves nothing for the next installation.
    passed_on |= environment() | {"DENO_TLS_CA_STORE": "mozilla,system", "DENO_DIR": str(working / "cache")}
    limits = {"CPU": 2 * TIMEOUT, "DATA": _MEMORY, "FSIZE": MAX_BYTES, "CORE": 0}
    arguments = ["install", "--quiet", "--no-prompt"]
    with Process(arguments, working, pipes=("stderr",), variables=passed_on, limits=limits) as process:
        said = _waited_for(process, working, stop)
    status = process.status() or 0
    if status < 0 or (status and b"out of memory" in said):
        raise _refusal(f"The modules take {_TOO_MUCH}, or more memory than unpacking them may take")
    if status:
        raise ModulesMissingError(_reason(said.decode(errors="replace")))


def _waited_for(process: Process, working: Path, stop: Stop) -> bytes:
    """What the installing process said until its end. Raises ModulesMissingError where it shall not go on."""
    last = time.monotonic() + TIMEOUT
    next_look = 0.0
    while True:
        with contextlib.suppress(TimeoutError):
            return process.complaint(_LOOK)
        if stop.is_set():
            raise _refusal("Stopped before the modules were installed")
        if (now := time.monotonic()) > last:
            raise _refusal(f"The modules were not installed within {TIMEOUT} seconds")
        if now > next_look:
            _measure(working)
            next_look = now + (time.monotonic() - now) * _SHARE


def _measure(working: Path) -> None:
    """Raises ModulesMissingError where what lies in `working` is too much."""
    sizes = {}
    for entry, depth in _entries(working):
        if depth > MAX_DEPTH:
            raise _refusal(f"The modules have more than {MAX_DEPTH} folders in each other")
        with contextlib.suppress(OSError):
            status = entry.stat(follow_symlinks=False)
            # A file of the cache and of node_modules is the same one.
            sizes[status.st_ino] = status.st_size
    if sum(sizes.values()) > MAX_BYTES or len(sizes) > MAX_FILES:
        raise _refusal(f"The modules take {_TOO_MUCH}")


def _make_harmless(working: Path) -> None:
    """Take rights from files that none of them needs.

    Raises ModulesMissingError where there is what no module needs.
    """
    _measure(working)
    inside = f"{working.resolve()}{os.sep}"
    for entry, _ in _entries(working):
        mode = entry.stat(follow_symlinks=False).st_mode
        if stat.S_ISLNK(mode):
            if not os.path.realpath(entry.path).startswith(inside):
                raise _refusal(f"{_module_at(entry.path)} has a link that leads out of its folder")
        elif not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
            raise _refusal(f"{_module_at(entry.path)} has something that is neither a file nor a folder")
        elif (wanted := mode & 0o755 | (0o700 if stat.S_ISDIR(mode) else 0o600)) != stat.S_IMODE(mode):
            os.chmod(entry.path, wanted)
    for about in _packages_in(working):
        _read_about(about)


def _packages_in(working: Path) -> Iterator[Path]:
    """The package.json of each module that was installed, also those that others need."""
    store = working / "node_modules" / ".deno"
    for folder in (*store.glob("*/node_modules/*"), *store.glob("*/node_modules/@*/*")):
        # A link leads to a module that has its own place.
        if not folder.name.startswith(("@", ".")) and not folder.is_symlink():
            yield folder / "package.json"


def _read_about(file: Path) -> dict[str, Any]:
    """A package.json. Raises ModulesMissingError where it is none."""
    try:
        if file.stat().st_size > _MAX_ABOUT:
            raise ValueError
        about = json.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        about = None
    if not isinstance(about, dict):
        raise _refusal(f"{_module_at(str(file))} is broken: its package.json is missing or is not a JSON object")
    return about


def _versions(working: Path, packages: dict[str, str]) -> dict[str, str]:
    found = {}
    for name in packages:
        folder = working / "node_modules" / name
        if not folder.is_dir():
            raise ModulesMissingError(f"The module {name} {_NO_USE}")
        version = _read_about(folder / "package.json").get("version")
        found[name] = version if isinstance(version, str) else ""
    return found


def _module_at(path: str) -> str:
    """The module to which a file belongs, as the start of a sentence."""
    parts = path.rpartition(f"{os.sep}node_modules{os.sep}")[2].split(os.sep)
    return f"The module {'/'.join(parts[: 2 if parts[0].startswith('@') else 1])}"


_NO_USE = "cannot be installed: the npm registry did not give a usable answer. Nothing was run."


def _refusal(reason: str) -> ModulesMissingError:
    return ModulesMissingError(f"{reason}. Nothing was run.")


def _reason(said: str) -> str:
    """What the installer said, in a sentence that names the module. Its own words may name a host with a token."""
    if found := re.search(r"npm package '([^']+)' does not exist", said):
        return f"npm has no module {found[1]}. Nothing was run."
    if found := re.search(r"Could not find npm package '([^']+)' matching '([^']+)'", said):
        return f"npm has no version {found[2]} of {found[1]}. Nothing was run."
    if found := re.search(r"Could not find dist-tag '([^']+)' for npm package '([^']+)'", said):
        return f"npm has no version {found[1]} of {found[2]}. Nothing was run."
    if found := re.search(r'Error in (\S+) parsing version requirement for dependency "([^"]+)"', said):
        return f"The module {found[1]} needs {found[2]} from somewhere other than npm. Nothing was run."
    if found := re.search(r"""package ["']([^"']+)["']""", said):
        return f"The module {found[1]} {_NO_USE}"
    return f"The modules {_NO_USE}"
