"""A worker of gunicorn's that gives its threads whole requests only, and does not let them wait for a slow reader.

gunicorn's own gthread reads a request and writes its answer in a thread, and waits there for whoever is slow: as many
connections as there are threads, each with half a header, stop it for everybody. Here the main loop reads and writes
whatever sockets are ready; a request gets a thread once all of it has arrived, and an answer that is not taken as fast
as it is written waits in memory. Whoever takes too long is closed. Connections over TLS, which a proxy in front ends,
are gunicorn's own business as before.
"""

import re
import selectors
import socket
import time
from collections import OrderedDict, deque
from contextlib import suppress
from functools import partial
from threading import Condition
from typing import Any

from gunicorn import http, util
from gunicorn.http import wsgi
from gunicorn.workers.gthread import ThreadWorker

REQUEST_TIME = 10.0  # seconds until a request must have arrived,
REQUEST_RATE = 50_000  # and one more for so many bytes of it
ANSWER_TIME = 10.0  # seconds in which some of an answer must be taken
MAX_HEAD = 65_536  # bytes; gunicorn refuses less
MAX_BODY = 64_000_000  # bytes; the application has lower limits, and words for them
MAX_UNSENT = 16_000_000  # bytes of one answer that wait in memory, before its thread does
MAX_BUFFERED = 256_000_000  # bytes of all requests that have not arrived whole
_CHUNK = 65_536  # bytes read at once
_HEAD_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"(?im)^content-length:[ \t]*(\d{1,12})[ \t]*\r$")
_CHUNKED = re.compile(rb"(?im)^transfer-encoding:[^\r\n]*\bchunked[ \t]*\r$")
_EXPECT = re.compile(rb"(?im)^expect:[ \t]*100-continue[ \t]*\r\n")


class Arriving:
    """What has arrived of the requests on a connection, and where the first one ends."""

    def __init__(self) -> None:
        self.data = bytearray()
        self._head = -1  # where the head ends
        self._body = 0  # length of the body
        self._chunked = False
        self._seen = 0  # bytes of a chunked body that were gone through

    def add(self, data: bytes) -> bytes:
        """Take what was read; what has to be answered at once, so that the rest is sent."""
        self.data += data
        return self._read_head() if self._head < 0 else b""

    @property
    def is_whole(self) -> bool:
        """Whether a request can be taken: all of it is there, or so much that it is refused by its size."""
        if self._head < 0:
            return len(self.data) > MAX_HEAD
        if self._body > MAX_BODY or len(self.data) - self._head > MAX_BODY:
            return True
        return self._end() is not None

    def take(self) -> bytes:
        """The first request; what came behind it stays."""
        end = self._end() if self._head >= 0 else None
        end = len(self.data) if end is None else end
        request = bytes(self.data[:end])
        del self.data[:end]
        self._head, self._body, self._chunked, self._seen = -1, 0, False, 0
        self._read_head()
        return request

    def _read_head(self) -> bytes:
        end = self.data.find(_HEAD_END)
        if end < 0:
            return b""
        self._head = end + len(_HEAD_END)
        # With the line end of its last line.
        head = bytes(self.data[: end + 2])
        self._chunked = bool(_CHUNKED.search(head))
        length = _LENGTH.search(head)
        self._body = int(length[1]) if length and not self._chunked else 0
        if not _EXPECT.search(head) or self._end() is not None:
            return b""
        # Said here, and so not once more when the request is handled.
        plain = _EXPECT.sub(b"", head)
        self.data[: end + 2] = plain
        self._head -= len(head) - len(plain)
        return b"HTTP/1.1 100 Continue\r\n\r\n"

    def _end(self) -> int | None:
        """Where the first request ends; None where that has not arrived."""
        if not self._chunked:
            end = self._head + self._body
            return end if len(self.data) >= end else None
        at = self._head + self._seen
        while (line_end := self.data.find(b"\r\n", at)) >= 0:
            try:
                size = int(bytes(self.data[at:line_end]).partition(b";")[0], 16)
            except ValueError:
                # What is wrong with it is for the parser to say.
                return len(self.data)
            if size == 0:
                # Trailers, or nothing, and an empty line.
                if self.data.startswith(b"\r\n", line_end + 2):
                    return line_end + 4
                last = self.data.find(_HEAD_END, line_end)
                return last + 4 if last >= 0 else None
            following = line_end + 2 + size + 2
            if following > len(self.data):
                break
            at = following
            self._seen = at - self._head
        return None


class Outbox:
    """A socket as answers are written to: what it does not take at once waits, and the main loop sends it."""

    def __init__(self, connection: socket.socket, wake: Any) -> None:
        self._socket = connection
        self._wake = wake
        self._waiting: deque[memoryview] = deque()
        self._unsent = 0
        self._changed = Condition()
        self._is_lost = False

    @property
    def is_empty(self) -> bool:
        """Whether all was sent."""
        return not self._unsent

    def sendall(self, data: bytes) -> None:
        """Send `data`, later what cannot be sent now. Raises BrokenPipeError where the other side is gone or slow."""
        with self._changed:
            if self._is_lost:
                raise BrokenPipeError
            rest = memoryview(bytes(data))
            if not self._unsent:
                rest = rest[self._send(rest) :]
            if not rest:
                return
            if not self._unsent:
                # Once: until all has gone out, the main loop sends what is added.
                self._wake()
            self._waiting.append(rest)
            self._unsent += len(rest)
            if not self._changed.wait_for(lambda: self._is_lost or self._unsent <= MAX_UNSENT, ANSWER_TIME):
                self._is_lost = True
            if self._is_lost:
                raise BrokenPipeError

    def send(self, data: bytes) -> int:
        """As `sendall`; the length of `data`. gunicorn writes its own refusals so."""
        self.sendall(data)
        return len(data)

    def gettimeout(self) -> float:
        """None of its writes waits for the other side."""
        return 0.0

    def flush(self) -> bool:
        """Send what can be sent now; whether that was anything. Raises OSError where the other side is gone."""
        with self._changed:
            before = self._unsent
            while self._waiting:
                sent = self._send(self._waiting[0])
                self._unsent -= sent
                if sent < len(self._waiting[0]):
                    self._waiting[0] = self._waiting[0][sent:]
                    break
                self._waiting.popleft()
            self._changed.notify_all()
            return self._unsent < before

    def lose(self) -> None:
        """Let whoever writes know that nobody reads any more."""
        with self._changed:
            self._is_lost = True
            self._waiting.clear()
            self._unsent = 0
            self._changed.notify_all()

    def _send(self, data: memoryview) -> int:
        try:
            return self._socket.send(data)
        except BlockingIOError:
            return 0


class Connection:
    """One connection: what arrives, what goes out, and until when something has to happen."""

    def __init__(self, sock: socket.socket, client: Any, server: Any, wake: Any) -> None:
        self.socket = sock
        self.client = client
        self.server = server
        self.arriving = Arriving()
        self.sock = Outbox(sock, partial(wake, self))
        self.since = time.monotonic()
        self.deadline = self.since + REQUEST_TIME
        self.watched = 0  # the events that the main loop waits for
        self.handled = False  # whether a thread has it
        self.closing = False
        self.closed = False


class _Response(wsgi.Response):  # type: ignore[misc]  # gunicorn has no types
    def default_headers(self) -> list[str]:
        """Without the name of the server."""
        return [line for line in super().default_headers() if not line.startswith("Server:")]


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """The worker. All but `handle` runs in the main loop."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Those that nobody handles, the one that waits longest first.
        self._idle: OrderedDict[Connection, None] = OrderedDict()
        self._unsent: set[Connection] = set()
        self._buffered = 0

    def accept(self, listener: Any) -> None:
        """A new connection."""
        if self.cfg.is_ssl:
            super().accept(listener)
            return
        try:
            sock, client = listener.accept()
        except OSError:
            return
        sock.setblocking(False)
        with suppress(OSError):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection = Connection(sock, client, listener.getsockname(), self._wake)
        self.nr_conns += 1
        if self.nr_conns >= self.worker_connections - 1 and self._idle:
            # Room for those that come now, at the cost of who keeps us waiting longest.
            self._drop(next(iter(self._idle)))
        self._keep_idle(connection)
        self._watch(connection, selectors.EVENT_READ)

    def murder_keepalived(self, force: bool = False) -> None:
        """Close whoever takes too long, and all that nobody handles when the worker is to end."""
        super().murder_keepalived(force)
        now = time.monotonic()
        for connection in [*self._idle, *self._unsent]:
            waits = connection in self._idle and connection.sock.is_empty
            if connection.deadline <= now or (waits and (force or not self.alive)):
                self._drop(connection)

    def handle(self, conn: Any) -> Any:
        """Answer the request of a connection. Runs in a thread; whether the connection stays open."""
        if not isinstance(conn, Connection):
            return super().handle(conn)
        request = None
        try:
            parser = http.get_parser(self.cfg, [conn.arriving.take()], conn.client)
            request = next(parser)
            return bool(request) and self._answer(request, conn)
        except http.errors.NoMoreData as error:
            self.log.debug("Ignored a request that is not whole. %s", error)
            util.write_error(conn.sock, 431, "Request Header Fields Too Large", "")
        except (StopIteration, OSError) as error:
            self.log.debug("Closing connection. %s", error)
        except Exception as error:
            self.handle_error(request, conn.sock, conn.client, error)
        return False

    def finish_request(self, conn: Any, fs: Any) -> None:
        """A thread is done with a request: wait for the next one, or close once the answer has gone out."""
        if not isinstance(conn, Connection):
            super().finish_request(conn, fs)
            return
        conn.handled = False
        conn.closing = conn.closing or fs.cancelled() or fs.exception() is not None or not fs.result()
        conn.since = time.monotonic()
        conn.deadline = conn.since + (self.cfg.keepalive if conn.sock.is_empty else ANSWER_TIME)
        self._go_on(conn)

    def _answer(self, request: Any, conn: Connection) -> bool:
        response, environ = wsgi.create(
            request, conn.sock, conn.client, conn.server, self.cfg, response_class=_Response
        )
        environ["wsgi.multithread"] = True
        if not self.alive or not self.cfg.keepalive:
            response.force_close()
        body = self.wsgi(environ, response.start_response)
        try:
            for part in body:
                response.write(part)
            response.close()
        except Exception as error:
            if not response.headers_sent:
                raise
            if not isinstance(error, OSError):
                self.log.exception("An answer broke off.")
            return False
        finally:
            if hasattr(body, "close"):
                body.close()
        return not response.should_close()

    def _ready(self, conn: Connection, events: int) -> None:
        """The socket can be read or written."""
        try:
            if events & selectors.EVENT_WRITE and conn.sock.flush():
                conn.deadline = time.monotonic() + ANSWER_TIME
            if events & selectors.EVENT_READ and not conn.handled:
                conn.closing = not self._read(conn)
        except OSError:
            self._drop(conn)
            return
        self._go_on(conn)

    def _read(self, conn: Connection) -> bool:
        """Read what there is. False where the other side has closed, or sends more than there is room for."""
        try:
            data = conn.socket.recv(_CHUNK)
        except BlockingIOError:
            return True
        if not data or self._buffered + len(data) > MAX_BUFFERED:
            return False
        if not conn.arriving.data:
            conn.since = time.monotonic()
        self._buffered += len(data)
        if at_once := conn.arriving.add(data):
            conn.sock.sendall(at_once)
        conn.deadline = conn.since + REQUEST_TIME + len(conn.arriving.data) / REQUEST_RATE
        return True

    def _go_on(self, conn: Connection) -> None:
        """Do with a connection what comes next."""
        if conn.closed:
            return
        if not conn.handled and not conn.closing:
            self._keep_idle(conn)
            if conn.arriving.is_whole:
                self._end_idle(conn)
                conn.handled = True
                self.enqueue_req(conn)
        elif not conn.handled:
            self._end_idle(conn)
            if conn.sock.is_empty:
                self._drop(conn)
                return
        reads = 0 if conn.handled or conn.closing else selectors.EVENT_READ
        self._watch(conn, reads | (0 if conn.sock.is_empty else selectors.EVENT_WRITE))

    def _keep_idle(self, conn: Connection) -> None:
        if conn not in self._idle:
            self._idle[conn] = None
            self._buffered += len(conn.arriving.data)

    def _end_idle(self, conn: Connection) -> None:
        if conn in self._idle:
            del self._idle[conn]
            self._buffered -= len(conn.arriving.data)

    def _wake(self, conn: Connection) -> None:
        """Called in a thread that has written more than could be sent."""
        self.method_queue.defer(self._unsent_now, conn)

    def _unsent_now(self, conn: Connection) -> None:
        if not conn.closed and not conn.watched & selectors.EVENT_WRITE:
            conn.deadline = time.monotonic() + ANSWER_TIME
            self._watch(conn, conn.watched | selectors.EVENT_WRITE)

    def _watch(self, conn: Connection, events: int) -> None:
        """Let the main loop wait for `events` of the socket, and for no others."""
        if conn.watched and events != conn.watched:
            self.poller.unregister(conn.socket)
        if events and events != conn.watched:
            self.poller.register(conn.socket, events, _Callback(self, conn))
        conn.watched = events
        (self._unsent.add if events & selectors.EVENT_WRITE else self._unsent.discard)(conn)

    def _drop(self, conn: Connection) -> None:
        """Close a connection. A thread that still has it learns so from its next write."""
        if conn.closed:
            return
        self._watch(conn, 0)
        self._end_idle(conn)
        conn.closed = True
        conn.sock.lose()
        with suppress(OSError):
            conn.socket.shutdown(socket.SHUT_WR)
        conn.socket.close()
        self.nr_conns -= 1

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        """As gunicorn does, with the events of those sockets that wait for more than one kind."""
        with suppress(InterruptedError):
            for key, events in self.poller.select(timeout):
                if isinstance(key.data, _Callback):
                    key.data.worker._ready(key.data.connection, events)
                else:
                    key.data(key.fileobj)


class _Callback:
    def __init__(self, worker: Worker, connection: Connection) -> None:
        self.worker = worker
        self.connection = connection
