"""A tenant's Management API that answers after a while, in a process of its own.

`python -m tests.benchmarks.upstream DELAY HOOKS` serves on a free loopback port, which it prints, until it is ended.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from hooksui import catalogue

PER_PAGE = 100


@contextmanager
def upstream(delay: float, hooks: int) -> Iterator[str]:
    """The origin of a tenant with so many `hooks` that answers each call `delay` seconds after it came."""
    command = [sys.executable, "-m", "tests.benchmarks.upstream", str(delay), str(hooks)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.terminate()


def hook(number: int) -> dict[str, Any]:
    """The hook of this number as a list shows it, without its script."""
    triggers = list(catalogue.points())
    return {
        "id": f"01HOOK{number:020d}",
        "name": f"hook-{number}",
        "enabled": number < len(triggers),
        "triggerId": triggers[number % len(triggers)],
    }


class _Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body leave together
    _written: ClassVar[dict[str, Any]] = {}

    def __init__(self, delay: float, hooks: int, *args: Any) -> None:
        self._delay = delay
        self._hooks = hooks
        super().__init__(*args)

    def do_GET(self) -> None:
        """A page of the list, with totals; the first hook where its address asks for one."""
        if not urlsplit(self.path).query:
            now = hook(0) | self._written
            # What was written is seen once, so that the same can be saved again.
            self._written.clear()
            return self._answer(now)
        start = PER_PAGE * int(parse_qs(urlsplit(self.path).query)["page"][0])
        hooks = [hook(number) for number in range(start, min(start + PER_PAGE, self._hooks))]
        self._answer({"total": self._hooks, "start": start, "limit": PER_PAGE, "hooks": hooks})

    def do_PATCH(self) -> None:
        """The first hook with what was sent."""
        changes = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self._written.update(changes)
        self._answer(hook(0) | changes)

    def _answer(self, body: Any) -> None:
        time.sleep(self._delay)
        content = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is logged."""


def main(delay: float, hooks: int) -> None:
    """Serve until the process is ended."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Answers, delay, hooks)) as server:
        print(server.server_port, flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main(float(sys.argv[1]), int(sys.argv[2]))
