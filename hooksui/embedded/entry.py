"""The one way in: every call passes the same gates in the same order, and every refusal leaves in one shape."""

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from django.views.decorators.csrf import csrf_exempt

from hooksui.embedded import checker, clients, incoming, ratelimit, tokens
from hooksui.embedded.checker import Shape
from hooksui.embedded.errors import ApiError, not_found

log = logging.getLogger(__name__)

# As recorded, except Strict-Transport-Security: it would bind every other server of this host to HTTPS.
_API_HEADERS = {
    "Content-Type": "application/json; charset=utf-8",
    "Cache-Control": "no-cache",
    "Vary": "origin,accept-encoding",
    "X-Content-Type-Options": "nosniff",
}
_NO_QUERY = Shape("object")


@dataclass(frozen=True)
class Answer:
    """What a handler answers: status, a JSON value (None for no body) and headers of its own.

    `written` is what was written, in terms of the resource, for whoever follows what comes over the network.
    """

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    written: Sequence[object] = ()


@dataclass(frozen=True)
class Call:
    """A call that passed the gates: the id from the path, "" where it has none, the checked query and body.

    `host`, `path` and `query_string` are those of the request line, for links back to it.
    """

    id: str
    query: Mapping[str, Any]
    body: Any
    host: str
    path: str
    query_string: str


@dataclass(frozen=True)
class Operation:
    """One method of one path: the scope that it needs, what it takes, and the function that answers.

    `about_id` describes the path's id in messages.
    """

    scope: str
    run: Callable[[Call], Answer]
    about_id: str = ""
    query: Shape = _NO_QUERY
    body: Shape | None = None


# Gets the method and what reads the body, which nothing has checked yet; raises ApiError for what is not to be done.
Gate = Callable[[str, Callable[[], Any]], None]


@dataclass(frozen=True)
class Resource:
    """A kind of things that the API has: by path below `/api/v2/` the operations that it takes, by method.

    `<str:id>` in a path is an id, which the regular expression `id_pattern` describes. `gate` refuses what the tenant
    does not take, after token and scope, and before anything that the call brings.
    """

    paths: Mapping[str, Mapping[str, Operation]]
    id_pattern: str = ""
    gate: Gate = lambda method, body: None

    @property
    def scopes(self) -> list[str]:
        """Those that its operations need, in their order."""
        operations = (operation for by_method in self.paths.values() for operation in by_method.values())
        return list(dict.fromkeys(operation.scope for operation in operations))


def endpoint(resource: Resource, operations: Mapping[str, Operation]) -> Callable[..., HttpResponse]:
    """A view of the Management API that answers each method of `operations` of a resource, and 404 to any other."""

    @csrf_exempt
    @login_not_required
    def view(request: HttpRequest, id: str | None = None) -> HttpResponse:
        def handle() -> Answer:
            method = "GET" if request.method == "HEAD" else request.method or ""
            if method not in operations:
                raise not_found()
            answer = operations[method].run(_checked(request, method, resource, operations[method], id))
            if answer.written and not in_process(request):
                _tell(request, answer.written)
            return answer

        too_many = ApiError(429, "Global limit has been reached", "too_many_requests")
        return serve(request, handle, too_many, _API_HEADERS)

    return view


def serve(
    request: HttpRequest, handle: Callable[[], Answer], too_many: ApiError, headers: Mapping[str, str]
) -> HttpResponse:
    """The answer of `handle`, or of whatever refused before or inside it; `too_many` is the refusal of the rate limit.

    An unexpected exception is logged and answered with 500, without a word about it.
    """
    if not in_process(request) and not clients.open_to_network():
        # As any address that leads nowhere.
        raise Http404
    limits: dict[str, str] = {}
    try:
        allowance = ratelimit.untouched() if in_process(request) else ratelimit.take()
        limits = {
            "x-ratelimit-limit": str(allowance.limit),
            "x-ratelimit-remaining": str(allowance.remaining),
            "x-ratelimit-reset": str(allowance.reset),
        }
        if not allowance.allowed:
            limits["Retry-After"] = str(allowance.retry_after)
            raise too_many
        answer = handle()
    except ApiError as error:
        incoming.discard_body(request)
        answer = Answer(error.status, error.body(), error.headers)
    except Exception:
        log.exception("The embedded Management API failed at %s %r", request.method, request.path)
        answer = Answer(500, ApiError(500, "An internal server error occurred").body())
    response = HttpResponse(b"" if answer.body is None else _json(answer.body), status=answer.status)
    for name, value in {**headers, **limits, **answer.headers}.items():
        response.headers[name] = value
    if request.method == "HEAD":
        response.content = b""
    elif answer.status != 204:
        response.headers["Content-Length"] = str(len(response.content))
    return response


def in_process(request: HttpRequest) -> bool:
    """Whether the dashboard itself calls, without a network in between."""
    return request.META.get("hooksui.in_process") is True


def _tell(request: HttpRequest, written: Sequence[object]) -> None:
    """Let the setting's follower know what a client has written. The dashboard tells of its own calls by itself."""
    client_id, _ = clients.known_client(in_process(request))
    try:
        follow = import_string(settings.LOCAL_API_FOLLOWER)
        for each in written:
            follow(each, client_id, request)
    except Exception:
        # It is written, and the client shall hear so.
        log.exception("What %s wrote by %s at %r was not followed", client_id, request.method, request.path)


def _checked(request: HttpRequest, method: str, resource: Resource, operation: Operation, id_: str | None) -> Call:
    """Authentication, scope, the resource's gate, then what the call brings. Raises ApiError at the first refusal."""
    client_id, _ = clients.known_client(in_process(request))
    granted = tokens.granted_scopes(request.META.get("HTTP_AUTHORIZATION", ""), client_id)
    if operation.scope not in granted:
        raise ApiError(403, f"Insufficient scope, expected any of: {operation.scope}", "insufficient_scope")

    @cache
    def body() -> Any:
        return incoming.read_body(request, operation.body) if operation.body else None

    resource.gate(method, body)
    body()
    if id_ is not None:
        checker.check(id_, Shape("string", operation.about_id, pattern=resource.id_pattern), checker.PATH, "id")
    query = incoming.read_query(request, operation.query)
    checker.check(query, operation.query, checker.QUERY)
    if operation.body:
        checker.check(body(), operation.body, checker.BODY)
    return Call(
        id_ or "", query, body(), request.META.get("HTTP_HOST", ""), request.path, request.META.get("QUERY_STRING", "")
    )


def _json(value: Any) -> bytes:
    # Half a surrogate pair, repeated in a message, becomes an escape that JSON knows.
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")
