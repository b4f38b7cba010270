"""The one way in: every call passes the same gates in the same order, and every refusal leaves in one shape."""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from hooksui.embedded import checker, clients, incoming, ratelimit, shapes, tokens
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


@dataclass(frozen=True)
class Answer:
    """What a handler answers: status, a JSON value (None for no body) and headers of its own."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Call:
    """A call that passed the gates: the hook's id from the path, the checked query and body.

    `host`, `path` and `query_string` are those of the request line, for links back to it.
    """

    hook_id: str
    query: Mapping[str, Any]
    body: Any
    host: str
    path: str
    query_string: str


@dataclass(frozen=True)
class Operation:
    """One method of one path: the scope that it needs, what it takes, and the function that answers.

    `about_id` describes the path's id in messages; `writes_hook` marks what a tenant refuses that is read-only.
    """

    scope: str
    run: Callable[[Call], Answer]
    about_id: str = ""
    query: Shape = shapes.NO_QUERY
    body: Shape | None = None
    writes_hook: bool = False


def endpoint(operations: Mapping[str, Operation]) -> Callable[..., HttpResponse]:
    """A view of the Management API that answers each method of `operations`, and 404 to any other."""

    @csrf_exempt
    @login_not_required
    def view(request: HttpRequest, hook_id: str = "") -> HttpResponse:
        def handle() -> Answer:
            method = "GET" if request.method == "HEAD" else request.method
            operation = operations.get(method or "")
            if operation is None:
                raise not_found()
            return operation.run(_checked(request, operation, hook_id))

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


def _checked(request: HttpRequest, operation: Operation, hook_id: str) -> Call:
    """Authentication, scope, the tenant's mode, then what the call brings. Raises ApiError at the first that fails."""
    client_id, _ = clients.known_client(in_process(request))
    granted = tokens.granted_scopes(request.META.get("HTTP_AUTHORIZATION", ""), client_id)
    if operation.scope not in granted:
        raise ApiError(403, f"Insufficient scope, expected any of: {operation.scope}", "insufficient_scope")
    if settings.LOCAL_TENANT_MODE == "gone":
        raise ApiError(403, "Insufficient privileges to use this deprecated feature.", "hooks_not_allowed")
    body = incoming.read_body(request, operation.body) if operation.body else None
    if settings.LOCAL_TENANT_MODE == "read-only" and operation.writes_hook and not _only_switches(request, body):
        raise ApiError(403, "This endpoint is disabled for your tenant.")
    about_id = Shape("string", operation.about_id, pattern=shapes.HOOK_ID)
    checker.check(hook_id, about_id, checker.PATH, "id")
    query = incoming.read_query(request, operation.query)
    checker.check(query, operation.query, checker.QUERY)
    if operation.body:
        checker.check(body, operation.body, checker.BODY)
    return Call(
        hook_id, query, body, request.META.get("HTTP_HOST", ""), request.path, request.META.get("QUERY_STRING", "")
    )


def _only_switches(request: HttpRequest, body: Any) -> bool:
    """Whether a call only enables or disables a hook, which a read-only tenant still takes."""
    return request.method == "PATCH" and isinstance(body, dict) and set(body) <= {"enabled"}


def _json(value: Any) -> bytes:
    # Half a surrogate pair, repeated in a message, becomes an escape that JSON knows.
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")
