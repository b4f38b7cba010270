"""A Management API on a loopback socket: HTTP/1.1 with kept-open connections, stateful, and as ill-mannered as asked.

    with FakeApi() as api:
        settings.TENANTS = {"acme": api.tenant()}
        api.add_hook(name="one")                                     # state
        api.mode = "read-only"                                       # what the tenant takes
        api.reply("GET", "/api/v2/hooks", Reply(503), Reply(200, {"total": 0, "hooks": []}))  # the next answers
        api.reply("PATCH", "/api/v2/hooks/", Reply(manner=Manner.SILENT))   # of all paths below
        api.calls("PATCH")[0].json()                                 # what arrived

Every request is recorded before it is answered. What a reply waits for is a function, such as the `wait` of an Event or
of a Barrier, so that no test needs to sleep.
"""

import email.utils
import gzip
import json
import math
import re
import socket
import socketserver
import struct
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum, auto
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from types import TracebackType
from typing import Any, Self, cast
from urllib.parse import parse_qsl, urlsplit

from hooksui.tenants.config import Tenant

CLIENT_ID = "fake-client-id"
CLIENT_SECRET = "fake-client-secret"
SCOPES = ("read:hooks", "create:hooks", "update:hooks", "delete:hooks")
FIELDS = ("id", "name", "script", "dependencies", "enabled", "triggerId")
MASK = "_VALUE_NOT_SHOWN_"
MAX_SECRETS = 20
SCRIPT = "module.exports = function (user, context, cb) { cb(null, { user }); };"

_PATH = re.compile(r"/api/v2/hooks(/(?P<id>[^/]+)(?P<secrets>/secrets)?)?")
_SCOPES = {
    ("hooks", "GET"): "read:hooks",
    ("hooks", "POST"): "create:hooks",
    ("hook", "GET"): "read:hooks",
    ("hook", "PATCH"): "update:hooks",
    ("hook", "DELETE"): "delete:hooks",
    ("secrets", "GET"): "read:hooks",
    ("secrets", "POST"): "update:hooks",
    ("secrets", "PATCH"): "update:hooks",
    ("secrets", "DELETE"): "delete:hooks",
}


@dataclass(frozen=True)
class Request:
    """One request as it arrived. Names in `headers` are lower-case; `connection` counts TCP connections from 1."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    connection: int

    def json(self) -> Any:
        """The body, read as JSON."""
        return json.loads(self.body)

    def form(self) -> dict[str, str]:
        """The body, read as an HTML form."""
        return dict(parse_qsl(self.body.decode("ascii")))

    @property
    def token(self) -> str:
        """What stands behind `Bearer`."""
        return self.headers.get("authorization", "").removeprefix("Bearer ")


class Manner(Enum):
    """How an answer goes out."""

    WHOLE = auto()
    CHUNKED = auto()  # in pieces of 7 bytes
    GZIP = auto()
    GZIP_CHUNKED = auto()
    DRIPPED_HEAD = auto()  # as below, head included
    DRIPPED = auto()  # byte by byte, 20 ms apart, until the client has enough of it
    CUT = auto()  # half of the promised body, then the connection is closed
    DROPPED = auto()  # the connection is closed instead of an answer
    SILENT = auto()  # no answer while the fake lives
    LAST = auto()  # whole, then the connection is closed without a word
    RAW = auto()  # the body alone, as it is, in place of a head and a body; then the connection is closed
    RESET = auto()  # the connection is reset instead of an answer


@dataclass(frozen=True)
class Reply:
    """One answer. `body` goes out as it is where it is bytes, else as JSON; None is no body.

    `before` is called when the request was recorded and before anything is sent.
    """

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    manner: Manner = Manner.WHOLE
    before: Callable[[], object] | None = None

    @property
    def content(self) -> bytes:
        """The body's bytes, before any encoding."""
        if self.body is None:
            return b""
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode("utf-8")


class Limit:
    """A token bucket as a tenant has one: `burst` tokens, of which it regains `per_second`.

    It is refilled evenly, or at whole seconds with `steps`. `unix` is the tenant's clock. `refused` counts the 429s.
    """

    def __init__(
        self, burst: int, per_second: int, *, steps: bool = False, unix: Callable[[], float] = time.time
    ) -> None:
        self._burst = burst
        self._per_second = per_second
        self._steps = steps
        self._unix = unix
        self._tokens = float(burst)
        self._at = self._tick(unix())
        self.refused = 0

    def take(self) -> tuple[bool, dict[str, str]]:
        """Whether there was a token for one call, and the headers of its answer."""
        now = self._unix()
        at = self._tick(now)
        self._tokens = min(self._burst, self._tokens + (at - self._at) * self._per_second)
        self._at = at
        allowed = self._tokens >= 1
        self._tokens -= allowed
        self.refused += not allowed
        left = math.floor(self._tokens)
        next_token = 0.0 if self._steps else (left + 1 - self._tokens) / self._per_second
        headers = {
            "x-ratelimit-limit": str(self._burst),
            "x-ratelimit-remaining": str(left),
            "x-ratelimit-reset": str(math.floor(now + next_token) + 1),
            "Date": email.utils.formatdate(now, usegmt=True),
        }
        return allowed, headers

    def _tick(self, now: float) -> float:
        return math.floor(now) if self._steps else now


Answer = Reply | Callable[[Request], Reply]


def refusal(status: int, message: str, code: str = "", headers: Mapping[str, str] | None = None) -> Reply:
    """An answer in the Management API's envelope."""
    body = {"statusCode": status, "error": HTTPStatus(status).phrase, "message": message}
    return Reply(status, body | ({"errorCode": code} if code else {}), headers or {})


class FakeApi:
    """The fake. As a context manager it serves from a thread of its own and ends with every connection closed.

    | attribute | meaning |
    |---|---|
    | `origin` | `http://127.0.0.1:port` |
    | `requests` | all requests in the order of their arrival |
    | `connections` | how many TCP connections were accepted |
    | `hooks` | the hooks by id, as JSON objects |
    | `secrets` | the secrets by id of their hook, as objects of names and values |
    | `mode` | `writable`, `read-only` or `gone` |
    | `rivals` | what enabling a second hook does: `swap` disables the first, `refuse` is a 409, `both` stay enabled |
    | `scopes` | the scopes of every token |
    | `tokens` | the tokens that are good; `clear()` revokes them |
    | `lifetime` | `expires_in` of new tokens, in seconds |
    | `headers` | headers of every answer of the stateful API |
    | `limit` | the Limit of the stateful API's calls under `/api/v2`, None without one |
    | `closing` | an Event that is set when the fake ends |

    `certificate` (files of the chain and of its key) makes it speak TLS.
    """

    def __init__(self, host: str = "127.0.0.1", certificate: tuple[str, str] | None = None) -> None:
        self.requests: list[Request] = []
        self.connections = 0
        self.hooks: dict[str, dict[str, Any]] = {}
        self.secrets: dict[str, dict[str, str]] = {}
        self.mode = "writable"
        self.rivals = "swap"
        self.scopes = list(SCOPES)
        self.tokens: set[str] = set()
        self.lifetime: Any = 86_400
        self.headers: dict[str, str] = {}
        self.limit: Limit | None = None
        self.closing = threading.Event()
        self._issued = 0
        self._made = 0
        self._replies: dict[tuple[str, str], list[Answer]] = {}
        self._drops = 0
        self._failures: list[BaseException] = []
        self._lock = threading.RLock()
        self._server = _Server(self, host, certificate)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), name="fake Management API")
        shown = f"[{host}]" if ":" in host else host
        self.origin = f"{'https' if certificate else 'http'}://{shown}:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        if self._failures and error is None:
            raise self._failures[0]

    def stop(self) -> None:
        """End before the block does: from now on connections are refused."""
        if not self.closing.is_set():
            self.closing.set()
            self._server.shutdown()
            self._thread.join()
            self.close_connections()
            self._server.server_close()

    def tenant(self, slug: str = "acme", *, token: str = "") -> Tenant:
        """The configuration of a tenant whose API this is: with a client's credentials, or with `token`."""
        prefix = slug.upper().replace("-", "_") + "_"
        if token:
            self.tokens.add(token)
            return Tenant(slug, self.origin, prefix, token=token)
        return Tenant(slug, self.origin, prefix, CLIENT_ID, CLIENT_SECRET)

    def add_hook(self, **fields: Any) -> dict[str, Any]:
        """Put a hook into the state, whatever the mode, and return it. Fields that are not given have defaults."""
        with self._lock:
            self._made += 1
            number = self._made
            hook = {
                "id": f"01HOOK{number:020}",
                "name": f"hook-{number}",
                "script": SCRIPT,
                "dependencies": {},
                "enabled": False,
                "triggerId": "pre-user-registration",
                **fields,
            }
            self.hooks[hook["id"]] = hook
            return hook

    def reply(self, method: str, path: str, *answers: Answer) -> None:
        """Give `answers`, one after the other and the last for ever, to `method` on `path`; none: the stateful ones.

        A path that ends with a slash stands for all below it. An answer is a Reply or a function from Request to Reply.
        """
        with self._lock:
            self._replies[method, path] = list(answers)

    def calls(self, method: str = "", path: str = "") -> list[Request]:
        """The recorded requests of that method and path; empty ones match all."""
        return [
            request for request in list(self.requests) if method in ("", request.method) and path in ("", request.path)
        ]

    def drop_connections(self, count: int) -> None:
        """Close the next `count` connections as soon as they are made, before a request is read."""
        self._drops = count

    def close_connections(self) -> None:
        """Close all open connections from this side."""
        self._server.close_connections()

    @property
    def open_connections(self) -> int:
        """How many connections are open on this side."""
        return self._server.open_connections

    def answer(self, request: Request) -> Reply:
        """The stateful API's answer to `request`."""
        with self._lock:
            reply = self._token(request) if request.path == "/oauth/token" else self._limited(request)
            return Reply(reply.status, reply.body, {**self.headers, **reply.headers})

    def _accept(self) -> int:
        """The number of a new connection; 0 where it is to be dropped."""
        with self._lock:
            self.connections += 1
            if self._drops:
                self._drops -= 1
                return 0
            return self.connections

    def _next_reply(self, request: Request) -> Reply:
        with self._lock:
            self.requests.append(request)
            folder = request.path.rpartition("/")[0] + "/"
            answers = self._replies.get((request.method, request.path)) or self._replies.get((request.method, folder))
            if not answers:
                return self.answer(request)
            answer = answers.pop(0) if len(answers) > 1 else answers[0]
        return answer(request) if callable(answer) else answer

    def _token(self, request: Request) -> Reply:
        form = request.form()
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            return Reply(401, {"error": "access_denied", "error_description": "Unauthorized"})
        if form.get("audience") != f"{self.origin}/api/v2/" or form.get("grant_type") != "client_credentials":
            description = f"Service not enabled within domain: {form.get('audience')}"
            return Reply(403, {"error": "access_denied", "error_description": description})
        self._issued += 1
        token = f"header.payload.signature-{self._issued}"
        self.tokens.add(token)
        body = {
            "access_token": token,
            "scope": " ".join(self.scopes),
            "expires_in": self.lifetime,
            "token_type": "Bearer",
        }
        return Reply(200, body)

    def _limited(self, request: Request) -> Reply:
        if not self.limit:
            return self._hooks(request)
        allowed, headers = self.limit.take()
        if not allowed:
            return refusal(429, "Global limit has been reached", "too_many_requests", headers)
        reply = self._hooks(request)
        return Reply(reply.status, reply.body, headers)

    def _hooks(self, request: Request) -> Reply:
        found = _PATH.fullmatch(request.path)
        kind = "" if not found else "secrets" if found["secrets"] else "hook" if found["id"] else "hooks"
        scope = _SCOPES.get((kind, request.method))
        if not found or not scope:
            return refusal(404, "Not Found")
        hook_id = found["id"]
        if request.token not in self.tokens:
            return refusal(401, "Invalid token")
        if scope not in self.scopes:
            return refusal(403, f"Insufficient scope, expected any of: {scope}", "insufficient_scope")
        if self.mode == "gone":
            return refusal(403, "Insufficient privileges to use this deprecated feature.", "hooks_not_allowed")
        body = request.json() if request.body else {}
        if self.mode == "read-only" and (
            (kind, request.method) == ("hooks", "POST")
            or ((kind, request.method) == ("hook", "PATCH") and not set(body) <= {"enabled"})
        ):
            return refusal(403, "This endpoint is disabled for your tenant.")
        if kind == "hooks":
            return self._create(body) if request.method == "POST" else self._list(request.query)
        if hook_id not in self.hooks:
            return refusal(404, "Error: Hook does not exist", "HookDoesNotExist")
        if kind == "secrets":
            return self._secrets(request.method, self.secrets.setdefault(hook_id, {}), body)
        if request.method == "DELETE":
            del self.hooks[hook_id]
            self.secrets.pop(hook_id, None)
            return Reply(204)
        return self._update(self.hooks[hook_id], body)

    def _update(self, hook: dict[str, Any], changes: dict[str, Any]) -> Reply:
        if "triggerId" in changes:
            return refusal(
                400, "Payload validation error: 'Additional properties not allowed: triggerId'.", "invalid_body"
            )
        others = [other for other in self.hooks.values() if other is not hook]
        if changes.get("name") in [other.get("name") for other in others if "name" in changes]:
            return refusal(409, "A hook with the same name already exists.")
        rivals = [other for other in others if other["enabled"] and other["triggerId"] == hook["triggerId"]]
        if changes.get("enabled") and rivals:
            if self.rivals == "refuse":
                return refusal(409, "Another hook is enabled for this trigger.")
            if self.rivals == "swap":
                for rival in rivals:
                    rival["enabled"] = False
        hook |= changes
        return Reply(200, hook)

    def _secrets(self, method: str, secrets: dict[str, str], body: Any) -> Reply:
        if method == "POST":
            if not secrets.keys().isdisjoint(body):
                return refusal(409, "Secret with the same name already exists.")
            if len(secrets) + len(body) > MAX_SECRETS:
                return refusal(400, "Payload validation error: 'Too many properties defined'.", "invalid_body")
        if method == "PATCH" and not body.keys() <= secrets.keys():
            return refusal(404, "Hook or secret not found.")
        if method in ("POST", "PATCH"):
            secrets |= body
            return Reply(201, {})
        if method == "DELETE":
            for name in body:
                secrets.pop(name, None)
            return Reply(204)
        return Reply(200, dict.fromkeys(secrets, MASK))

    def _list(self, query: Mapping[str, str]) -> Reply:
        page, per_page = int(query.get("page", "0")), int(query.get("per_page", "100"))
        if per_page > 100:
            message = f"Query validation error: 'Value {per_page} is greater than maximum 100' on property per_page."
            return refusal(400, message, "invalid_query_string")
        fields = query.get("fields", "").split(",") if query.get("fields") else list(FIELDS)
        hooks = [{name: hook[name] for name in fields if name in hook} for hook in self.hooks.values()]
        start = page * per_page
        found = hooks[start : start + per_page]
        if query.get("include_totals") != "true":
            return Reply(200, found)
        return Reply(200, {"total": len(hooks), "start": start, "limit": per_page, "hooks": found})

    def _create(self, body: dict[str, Any]) -> Reply:
        for name in ("name", "script", "triggerId"):
            if not body.get(name):
                return refusal(400, f"Payload validation error: 'Missing required property: {name}'.", "invalid_body")
        if body["name"] in [hook.get("name") for hook in self.hooks.values()]:
            return refusal(409, "Hook with the same name already exists.")
        return Reply(201, self.add_hook(**body))


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = False
    request_queue_size = 64

    def __init__(self, api: FakeApi, host: str, certificate: tuple[str, str] | None) -> None:
        self.api = api
        self._open: set[socket.socket] = set()
        self._open_lock = threading.Lock()
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, 0), _Handler)
        if certificate:
            import ssl

            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._open_lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        super().shutdown_request(request)
        with self._open_lock:
            self._open.discard(request)

    @property
    def open_connections(self) -> int:
        with self._open_lock:
            return len(self._open)

    def close_connections(self) -> None:
        with self._open_lock:
            still_open = list(self._open)
        for connection in still_open:
            with suppress(OSError):  # the other side was faster
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that hang up are no error; anything else is the test's, and ends it."""
        import sys

        error = sys.exc_info()[1]
        if error is not None and not isinstance(error, OSError):
            self.api._failures.append(error)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def handle(self) -> None:
        self.number = self._api._accept()
        if self.number:
            super().handle()

    @property
    def _api(self) -> FakeApi:
        return cast(_Server, self.server).api

    def log_message(self, format: str, *args: Any) -> None:
        """Tests look at what was recorded."""

    def _serve(self) -> None:
        address = urlsplit(self.path)
        request = Request(
            self.command,
            address.path,
            dict(parse_qsl(address.query, keep_blank_values=True)),
            {name.lower(): value for name, value in self.headers.items()},
            self.rfile.read(int(self.headers.get("Content-Length", 0))),
            self.number,
        )
        reply = self._api._next_reply(request)
        if reply.before:
            reply.before()
        self._send(reply)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = do_HEAD = _serve  # noqa: N815  # as http.server calls them

    def _send(self, reply: Reply) -> None:
        content = reply.content
        headers = {"Content-Type": "application/json; charset=utf-8", **reply.headers}
        if reply.manner in (Manner.GZIP, Manner.GZIP_CHUNKED):
            content = gzip.compress(content)
            headers["Content-Encoding"] = "gzip"
        if reply.manner in (Manner.CHUNKED, Manner.GZIP_CHUNKED):
            headers["Transfer-Encoding"] = "chunked"
            pieces = [content[start : start + 7] for start in range(0, len(content), 7)]
            content = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in [*pieces, b""])
        elif reply.status != 204:
            headers.setdefault("Content-Length", str(len(content)))
        try:
            phrase = HTTPStatus(reply.status).phrase
        except ValueError:
            phrase = "Unheard Of"
        lines = [f"HTTP/1.1 {reply.status} {phrase}", *(f"{name}: {value}" for name, value in headers.items())]
        head = "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n"
        self._write(reply.manner, head, content)

    def _write(self, manner: Manner, head: bytes, content: bytes) -> None:
        if manner in (Manner.DROPPED, Manner.SILENT, Manner.RESET):
            self.close_connection = True
            if manner is Manner.SILENT:
                self._api.closing.wait()
            if manner is Manner.RESET:
                # Closed with nothing to linger for, a connection is reset.
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        elif manner is Manner.RAW:
            self.wfile.write(content)
            self.close_connection = True
        elif manner in (Manner.DRIPPED, Manner.DRIPPED_HEAD):
            at_once, slowly = (head, content) if manner is Manner.DRIPPED else (b"", head + content)
            self.wfile.write(at_once)
            for byte in slowly:
                self.wfile.write(bytes([byte]))
                if self._api.closing.wait(0.02):
                    break
        elif manner is Manner.CUT:
            self.wfile.write(head + content[: len(content) // 2])
            self.close_connection = True
        else:
            self.wfile.write(head + content)
            self.close_connection = manner is Manner.LAST


def wait_until(condition: Callable[[], bool]) -> None:
    """Return as soon as `condition` holds; fail after ten seconds."""
    deadline = time.monotonic() + 10
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < deadline, "It did not come to pass."
        pause.wait(0.005)
