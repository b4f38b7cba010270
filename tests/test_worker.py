"""The server's connections, as slow and odd clients have them: real sockets, one thread."""

import http.client
import re
import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hooksui.worker import MAX_HEAD, Arriving
from tests.serving import Served, serve

GET = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
FORM = b"POST /accounts/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
SLOW = 20  # connections of each kind
SOON = 30  # seconds in which what must happen has happened


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    """A dashboard with a single thread."""
    with serve({"THREADS": "1", "RUNNER_ENABLED": "false"}) as server:
        yield server


def connect(served: Served) -> socket.socket:
    """A connection to the server."""
    host, _, port = served.url.removeprefix("http://").partition(":")
    return socket.create_connection((host, int(port)), timeout=SOON)


def answer_of(connection: socket.socket, *, method: str = "GET") -> http.client.HTTPResponse:
    """The next answer, its body unread."""
    answer = http.client.HTTPResponse(connection, method=method)
    answer.begin()
    return answer


def test_half_requests_and_unread_answers_stop_nobody_and_are_closed(served: Served) -> None:
    with ExitStack() as stack:
        opened = [stack.enter_context(closing(connect(served))) for _ in range(4 * SLOW)]
        heads, bodies, drips, deaf = (opened[kind::4] for kind in range(4))
        for connection in heads:
            connection.sendall(GET[:-10])
        for connection in bodies:
            connection.sendall(FORM + b"Content-Length: 100\r\n\r\nhalf")
        for connection in drips:
            connection.sendall(FORM + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhel")
        asked = b"GET /static/dist/language-service.mjs HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
        for connection in deaf:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.sendall(asked * 5)
        for _ in range(3):
            with closing(connect(served)) as quick:
                quick.sendall(GET)
                assert answer_of(quick).status == 200
        for connection in heads + bodies + drips:
            assert connection.recv(100) == b""


def statuses_of(served: Served, *requests: bytes) -> list[int]:
    """The statuses of the answers to `requests`, which go out at once, until the connection is closed."""
    with closing(connect(served)) as connection:
        connection.sendall(b"".join(requests))
        answers = b""
        while read := connection.recv(65_536):
            answers += read
    return [int(status) for status in re.findall(rb"HTTP/1\.[01] (\d{3}) ", answers)]


LAST = GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")


def test_requests_behind_each_other_are_answered_in_their_order(served: Served) -> None:
    assert statuses_of(served, GET, GET.replace(b"/healthz", b"/nowhere/"), LAST) == [200, 404, 200]


@pytest.mark.parametrize("version", [b"1.0", b"1.1"])
def test_a_request_byte_by_byte_is_one(served: Served, version: bytes) -> None:
    with closing(connect(served)) as connection:
        for byte in GET.replace(b"1.1", version, 1):
            connection.sendall(bytes([byte]))
        answer = answer_of(connection)
        assert answer.status == 200
        assert answer.read().startswith(b'{"status": "ok"')
        assert answer.will_close == (version == b"1.0")


def test_a_client_that_waits_to_be_asked_for_its_body_is_asked_once(served: Served) -> None:
    with closing(connect(served)) as connection:
        connection.sendall(FORM + b"Expect: 100-continue\r\nContent-Length: 3\r\n\r\n")
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"a=b")
        head = connection.recv(100_000)
        assert head.startswith(b"HTTP/1.1 403 ")
        assert head.count(b"100 Continue") == 0


def test_a_body_in_chunks_is_read(served: Served) -> None:
    assert statuses_of(served, FORM + b"Transfer-Encoding: chunked\r\n\r\n3\r\na=b\r\n0\r\n\r\n", LAST) == [403, 200]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -1\r\n\r\n", 400),
        (FORM + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello", 400),
        (b"GET / HTTP/1.1\r\nX: " + b"a" * MAX_HEAD, 431),
    ],
)
def test_what_is_no_request_is_refused_and_closed(served: Served, sent: bytes, status: int) -> None:
    with closing(connect(served)) as connection:
        connection.sendall(sent)
        assert answer_of(connection).status == status


def test_no_header_names_the_server_or_moves_an_address(served: Served) -> None:
    with closing(connect(served)) as connection:
        moved = b"SCRIPT_NAME: /evil\r\nPATH_INFO: /nowhere\r\nScript-Name: /evil\r\nX-Forwarded-Host: evil.example\r\n"
        connection.sendall(GET.replace(b"/healthz", b"/accounts/login/").replace(b"Host:", moved + b"Host:"))
        answer = answer_of(connection)
        page = answer.read()
        assert answer.status == 200
        assert b"evil" not in page
        assert answer.getheader("Server") is None


PARTS = [
    GET,
    FORM + b"Content-Length: 5\r\n\r\nhello",
    FORM + b"Transfer-Encoding: chunked\r\n\r\n3;x=y\r\na=b\r\n2\r\n\r\n\r\n0\r\n\r\n",
    FORM + b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nTrailer: x\r\n\r\n",
    FORM + b"Content-Length: 0\r\n\r\n",
]


@given(st.lists(st.sampled_from(PARTS), min_size=1, max_size=5), st.lists(st.integers(0, 1000), max_size=20))
def test_however_bytes_arrive_the_requests_are_the_same(requests: list[bytes], cuts: list[int]) -> None:
    sent = b"".join(requests)
    places = sorted({0, len(sent), *(cut % len(sent) for cut in cuts)})
    arriving, taken = Arriving(), []
    for start, end in pairwise(places):
        arriving.add(sent[start:end])
        while arriving.is_whole:
            taken.append(arriving.take())
    assert taken == requests
    assert not arriving.data
    assert re.match(b"[A-Z]+ ", taken[0])
