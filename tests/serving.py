"""A real server in a process group of its own, for tests that need sockets: bootstrap, then gunicorn."""

import os
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

ROOT = Path(__file__).resolve().parent.parent
START = 30  # seconds until a server must answer
STOP = 15  # seconds until a server must have ended


@dataclass(frozen=True)
class Certificate:
    """Files in PEM of a server that speaks TLS; clients trust `authority`."""

    chain: Path
    key: Path
    authority: Path


@dataclass(frozen=True)
class Served:
    """A running server: its origin without a trailing slash, its DATA_DIR, and the environment it runs in.

    `stop` ends it before its time.
    """

    url: str
    data_dir: Path
    env: dict[str, str]
    stop: Callable[[], None]


@contextmanager
def serve(
    env: dict[str, str],
    certificate: Certificate | None = None,
    data_dir: Path | None = None,
    application: str = "hooksui.wsgi",
) -> Iterator[Served]:
    """Serve on a free loopback port, with the variables `env` on top of a bare environment, from a fresh DATA_DIR.

    An existing `data_dir` is served as it is. `application` is the module of a WSGI application.

    Raises AssertionError with the server's log if it does not answer in time.
    """
    with tempfile.TemporaryDirectory(prefix="hooksui-served-") as folder:
        data_dir = data_dir or Path(folder) / "data"
        port = free_port()
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": folder,
            "ADMIN_PASSWORD": "a long password for tests",
            **env,
            "HOST": "127.0.0.1",
            "PORT": str(port),
            "DATA_DIR": str(data_dir),
        }
        scheme = "https" if certificate else "http"
        log = Path(folder) / "log"
        tls = ["--certfile", str(certificate.chain), "--keyfile", str(certificate.key)] if certificate else []
        gunicorn = [sys.executable, "-m", "gunicorn", "-c", "python:hooksui.server", *tls, application]
        _run_to_end([sys.executable, "manage.py", "bootstrap"], environment)
        with log.open("wb") as output:
            process = subprocess.Popen(
                gunicorn, cwd=ROOT, env=environment, stdout=output, stderr=output, start_new_session=True
            )
        server = Served(f"{scheme}://127.0.0.1:{port}", data_dir, environment, lambda: end(process))
        try:
            wait_until_healthy(server.url, process, log, certificate)
            yield server
        finally:
            end(process)


def network_token(url: str, client_id: str, client_secret: str) -> str:
    """A token for all scopes of the embedded Management API at the origin `url`."""
    form = {
        "grant_type": "client_credentials",
        "client_id": client_id,
        "client_secret": client_secret,
        "audience": f"{url}/api/v2/",
    }
    answer = requests.post(f"{url}/oauth/token", data=form, timeout=START)
    return str(answer.json()["access_token"])


def free_port() -> int:
    """A loopback port that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run_to_end(command: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=START)
    assert done.returncode == 0, done.stderr


def wait_until_healthy(
    url: str, process: subprocess.Popen[bytes], log: Path, certificate: Certificate | None = None
) -> None:
    """Return once `url` answers its health check. Raises AssertionError with the log if the process ends before."""
    trust = ssl.create_default_context(cafile=str(certificate.authority)) if certificate else None
    deadline = time.monotonic() + START
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=START, context=trust):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.05)
    raise AssertionError(f"The server did not answer {url}/healthz:\n{log.read_text()}")


def end(process: subprocess.Popen[bytes]) -> None:
    """End the server's own process group, and nothing else. It does not wait for connections that are held open."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGQUIT)
        try:
            process.wait(STOP)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
