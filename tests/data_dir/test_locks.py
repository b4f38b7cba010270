"""One server for a DATA_DIR, and locks between its processes."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from hooksui.data_dir import locks
from tests.serving import ROOT, free_port, serve

HOLD = """
import sys, pathlib
from hooksui.data_dir import locks
with locks.held(pathlib.Path(sys.argv[1]), "a", "b", wait=5):
    print("held", flush=True)
    sys.stdin.read()
"""


def start_second(data_dir: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """A second server for the folder, on a port of its own, up to its end."""
    command = [sys.executable, "-m", "gunicorn", "-c", "python:hooksui.server", "hooksui.wsgi"]
    variables = env | {"PORT": str(free_port()), "DATA_DIR": str(data_dir)}
    return subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, timeout=60)


def test_a_second_server_refuses_in_one_line_and_commands_still_run(tmp_path: Path) -> None:
    with serve({}, data_dir=tmp_path / "data") as served:
        second = start_second(served.data_dir, served.env)
        assert second.returncode == 1
        assert second.stderr == (
            f"hooksui: DATA_DIR: {served.data_dir} is served by another process. Stop that one first.\n"
        )
        bootstrap = [sys.executable, "manage.py", "bootstrap"]
        assert subprocess.run(bootstrap, cwd=ROOT, env=served.env, timeout=60).returncode == 0
    with serve({}, data_dir=tmp_path / "data"):
        pass


def test_a_lock_holds_another_process_off_and_ends_with_it(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=dict(os.environ)
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        with pytest.raises(locks.HeldElsewhereError), locks.held(tmp_path, "a", "b", wait=0.05):
            pass
        with locks.held(tmp_path, "a", "c", wait=0.05):
            pass
        process.send_signal(signal.SIGKILL)
    with locks.held(tmp_path, "a", "b", wait=5):
        pass
    assert not locks._locks
