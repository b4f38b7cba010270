"""Jobs of the server while others hold on to it: a list, by the same list while nobody else is there."""

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from statistics import median
from urllib.parse import urlsplit

import requests
from django.conf import settings
from django.urls import reverse

from hooksui.tenants.config import LOCAL
from tests.benchmarks.dashboard import cookies, fill
from tests.benchmarks.measuring import Row, timed
from tests.serving import serve

_ROUNDS = 5
_LISTS = 20  # that a round asks for
_WAITING = 40  # requests for a tenant that does not answer
_HALF_SENT = 64
_DEAD = "dead"
_HEAD = "GET {path} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookies}\r\n"


def slow_tenant() -> Row:
    """The list of another tenant while requests wait for one that is dead."""
    with _tenant_that_never_answers() as origin:
        # A server that has seen the tenant fail would no longer wait for it.
        variables = {"TENANTS": f"{LOCAL},{_DEAD}", "DEAD_AUTH0_DOMAIN": origin, "DEAD_AUTH0_TOKEN": "a-token"}
        return _row([_measured(variables, _WAITING, _DEAD, "\r\n") for _ in range(_ROUNDS)])


def slow_clients() -> Row:
    """The list while clients have sent half a request each."""
    return _row([_measured({}, _HALF_SENT, LOCAL, "X-Half") for _ in range(_ROUNDS)])


def _row(rounds: list[tuple[float, float]]) -> Row:
    crowded, alone = (median(round[part] for round in rounds) * 1000 for part in (0, 1))
    return Row(crowded, alone, "ms", 1.5)


def _measured(variables: dict[str, str], crowd: int, tenant: str, rest: str) -> tuple[float, float]:
    """Seconds of a list while `crowd` requests for that of `tenant` are there, and of one before they came.

    `rest` is what the heads of these requests end with.
    """
    fill(100)
    with serve(variables, data_dir=settings.DATA_DIR) as server, requests.Session() as session, ExitStack() as stack:
        session.headers["Cookie"] = cookies()

        def ask() -> None:
            answer = session.get(server.url + reverse("dashboard:list", args=[LOCAL]))
            assert answer.status_code == 200, answer.status_code

        ask()
        alone = _seconds(ask)
        address = urlsplit(server.url)
        path = reverse("dashboard:list", args=[tenant])
        head = _HEAD.format(path=path, host=address.netloc, cookies=cookies()) + rest
        waiting = [
            stack.enter_context(closing(socket.create_connection((address.hostname, address.port))))
            for _ in range(crowd)
        ]
        for connection in waiting:
            connection.sendall(head.encode())
        crowded = _seconds(ask)
        assert any(map(_is_open, waiting)), "Nobody waited to the end."
        return crowded, alone


def _seconds(ask: Callable[[], None]) -> float:
    return median(timed(ask)() for _ in range(_LISTS))


def _is_open(connection: socket.socket) -> bool:
    """Whether neither an answer nor an end has come."""
    connection.setblocking(False)
    try:
        connection.recv(1)
    except BlockingIOError:
        return True
    return False


@contextmanager
def _tenant_that_never_answers() -> Iterator[str]:
    # The kernel takes the connections; nobody reads them.
    with socket.create_server(("127.0.0.1", 0), backlog=_WAITING) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
