"""Jobs of the server as a process of its own."""

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from django.conf import settings
from django.urls import reverse

from hooksui.tenants.config import LOCAL
from tests.benchmarks.dashboard import cookies, fill
from tests.benchmarks.measuring import Row, timed, times
from tests.serving import end, free_port

_ROOT = Path(__file__).resolve().parents[2]
_GUNICORN = [str(Path(sys.executable).with_name("gunicorn")), "-c", "python:hooksui.server", "hooksui.wsgi"]
_START = 60  # seconds until a server must answer
_CLIENTS = 4  # that ask at the same time


def start() -> Row:
    """From the start of gunicorn to its first answer, by a Python that imports Django."""

    def ours() -> float:
        with _serving(_GUNICORN, settings.DATA_DIR) as server:
            return server.seconds

    bare = timed(lambda: subprocess.run([sys.executable, "-c", "import django"], check=True))
    return times(ours, bare, rounds=7, most=10)


def make_run() -> Row:
    """From `make run` to the first answer, everything being installed and DATA_DIR ready."""

    def run() -> float:
        with _serving(["make", "run"], settings.DATA_DIR / "make-run") as server:
            return server.seconds

    run()
    return Row(median(run() for _ in range(5)), None, "s", 3)


def memory() -> Row:
    """Resident memory after 10,000 lists of 20 hooks by that after 100."""
    fill(20)
    with _serving(_GUNICORN, settings.DATA_DIR) as server:
        server.ask(100)
        early = server.resident()
        server.ask(9900)
        return Row(server.resident(), early, "MB", 1.1)


class _Server:
    """A server that answers at `port` since `seconds` after its process `pid` was started."""

    def __init__(self, pid: int, port: int, seconds: float) -> None:
        self.pid = pid
        self.port = port
        self.seconds = seconds

    def ask(self, requests: int) -> None:
        """Ask for the embedded tenant's list, signed in, over connections that are kept open."""
        with ThreadPoolExecutor(_CLIENTS) as pool:
            list(pool.map(self._ask, [requests // _CLIENTS] * _CLIENTS))

    def resident(self) -> float:
        """Megabytes that gunicorn's worker, its only child, holds in memory."""
        worker = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().strip()
        line = next(line for line in Path(f"/proc/{worker}/status").read_text().splitlines() if "VmRSS" in line)
        return int(line.split()[1]) / 1024

    def _ask(self, requests: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        for _ in range(requests):
            connection.request("GET", reverse("dashboard:list", args=[LOCAL]), headers={"Cookie": cookies()})
            response = connection.getresponse()
            response.read()
            assert response.status == 200, response.status
        connection.close()


@contextmanager
def _serving(command: list[str], data_dir: Path) -> Iterator[_Server]:
    """Run `command` in a process group of its own; given from its first answer on, and ended afterwards."""
    port = free_port()
    # What a make around this one tells its children is not for them.
    environment = {
        name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")
    }
    environment |= {"DATA_DIR": str(data_dir), "PORT": str(port)}
    started = time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=_ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        while not _healthy(port):
            assert process.poll() is None, f"{command[0]} ended with status {process.returncode}."
            assert time.perf_counter() - started < _START, f"{command[0]} did not answer."
            time.sleep(0.005)
        yield _Server(process.pid, port, time.perf_counter() - started)
    finally:
        end(process)


def _healthy(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_START)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except ConnectionError:
        return False
    finally:
        connection.close()
