"""The commands that the README and the Dockerfile name, run as they stand there."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.serving import ROOT, free_port, wait_until_healthy


def make(target: str, folder: Path, log: Path, **variables: str) -> subprocess.Popen[bytes]:
    """Start a make target in a process group of its own, with DATA_DIR in `folder`; what it says goes to `log`."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "DATA_DIR": str(folder / "data"), **variables}
    with log.open("wb") as output:
        return subprocess.Popen(
            ["make", "--no-print-directory", target],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )


def test_make_run_prints_the_first_admins_password_once_and_serves(tmp_path: Path) -> None:
    said = []
    for start in ("first", "second"):
        port, log = free_port(), tmp_path / start
        process = make("run", tmp_path, log, PORT=str(port))
        try:
            wait_until_healthy(f"http://127.0.0.1:{port}", process, log)
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait()
        said.append(log.read_text())
    assert re.search(r"Sign in at http://127\.0\.0\.1:\d+\n  username  admin\n  password  \S{16}\n", said[0])
    assert "password" not in said[1]
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
    for file in (tmp_path / "data").iterdir():
        assert file.stat().st_mode & 0o777 == 0o600, file


@pytest.mark.parametrize(
    ("variable", "value"), [("PORT", "http"), ("AUTH0_DOMAIN", "https://acme.example/path"), ("TENANTS", "Acme")]
)
def test_make_run_stops_at_a_bad_setting_with_one_line_that_names_it(tmp_path: Path, variable: str, value: str) -> None:
    process = make("run", tmp_path, tmp_path / "log", **{variable: value})
    assert process.wait() == 2
    lines = [line for line in (tmp_path / "log").read_text().splitlines() if not line.startswith("make: ***")]
    assert len(lines) == 1
    assert lines[0].startswith(f"hooksui: {variable}: ")


def test_a_taken_port_is_said_in_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        process = make(
            "run", tmp_path, tmp_path / "log", PORT=str(taken.getsockname()[1]), ADMIN_PASSWORD="long enough"
        )
        assert process.wait() == 2
    said = (tmp_path / "log").read_text()
    assert re.search(
        r"^hooksui: HOST, PORT: 127\.0\.0\.1:\d+ cannot be served on: Address already in use\.$", said, re.M
    )
    assert "Traceback" not in said


def test_the_dockerfiles_steps_run_by_hand(tmp_path: Path) -> None:
    steps = (ROOT / "Dockerfile").read_text().replace("\\\n", "")
    _, build, final = steps.split("\nFROM ")
    app, venv = tmp_path / "app", tmp_path / "venv"
    app.mkdir()
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}

    def run(command: str, **variables: str) -> subprocess.CompletedProcess[str]:
        here = command.replace("/venv", str(venv)).replace("/data", str(tmp_path / "data"))
        done = subprocess.run(
            ["sh", "-c", here], cwd=app, env=environment | variables, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{here}\n{done.stdout}{done.stderr}"
        return done

    for line in build.splitlines():
        word, _, rest = line.partition(" ")
        if word == "RUN":
            run(rest.replace("python -m venv", f"{sys.executable} -m venv"))
        elif word == "COPY":
            *sources, target = rest.split()
            for source in sources:
                assert _is_sent_to_docker(source)
                if (ROOT / source).is_dir():
                    shutil.copytree(ROOT / source, app / target, ignore=shutil.ignore_patterns("node_modules"))
                else:
                    shutil.copy(ROOT / source, app / target)
    port = free_port()
    (command,) = re.findall(r'^CMD \["sh", "-c", "(.*)"\]$', final, re.M)
    (health,) = re.findall(r'CMD \["python", "-c", "(.*)"\]$', final.split("HEALTHCHECK")[1], re.M)
    served = {
        "PATH": f"{venv}/bin:{os.environ['PATH']}",
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "DATA_DIR": str(tmp_path / "data"),
    }
    log = tmp_path / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["sh", "-c", command], cwd=app, env=served, stdout=output, stderr=output, start_new_session=True
        )
    try:
        wait_until_healthy(f"http://127.0.0.1:{port}", process, log)
        check = [str(venv / "bin" / "python"), "-c", health.replace('\\"', '"')]
        assert subprocess.run(check, env=served, check=False).returncode == 0
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/accounts/login/") as page:
            assert b"Sign in" in page.read()
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()
    assert subprocess.run(check, env=served, stderr=subprocess.DEVNULL, check=False).returncode != 0


def _is_sent_to_docker(name: str) -> bool:
    ignored = (ROOT / ".dockerignore").read_text().split()
    return ignored[0] == "*" and f"!{name}" in ignored
