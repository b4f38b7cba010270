"""One connection to one tenant's Management API: token, time limit, waiting, and which answer is which error.

Sources: Management API contract, "Getting a token", "Errors" and "Rate limits".
"""

import email.utils
import json
import re
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.cookiejar import DefaultCookiePolicy
from typing import Any, TypeVar

import requests
import urllib3.exceptions
from requests.auth import AuthBase

from hooksui.auth0.errors import (
    FeatureRefused,
    HookNotFound,
    HooksGone,
    MissingScope,
    NameTaken,
    NoAnswer,
    OddAnswer,
    RateLimited,
    Refused,
    ServiceError,
    TokenRejected,
    Unreachable,
)
from hooksui.auth0.transport import EmbeddedAdapter, PooledAdapter

TIMEOUT = 10.0  # seconds for a whole answer
LARGEST_ANSWER = 32_000_000  # bytes; a full page of scripts of the largest size is a third of it
# A read that the tenant's limit holds up waits this many seconds in all before a person is asked to.
PATIENCE = 3

_T = TypeVar("_T")


class _Bearer(AuthBase):
    """Sets the token. As an `auth` object, so that a .netrc file of the server's user never replaces it."""

    def __init__(self, token: str) -> None:
        self.token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self.token}"
        return request


class Connection:
    """Sends requests to `origin` (`scheme://host[:port]`). Safe to share between threads.

    Either `token` is given, or `client_id` and `client_secret`, with which a token is fetched from `/oauth/token`, kept
    until shortly before it expires, and fetched anew once when the API rejects it.
    """

    def __init__(
        self,
        origin: str,
        adapter: PooledAdapter | EmbeddedAdapter,
        *,
        token: str = "",
        client_id: str = "",
        client_secret: str = "",
    ) -> None:
        self.origin = origin
        self._adapter = adapter
        self._session = requests.Session()
        self._session.mount(origin, adapter)
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._client = {"client_id": client_id, "client_secret": client_secret} if client_id else None
        self._token = token
        self._token_ends = float("inf")
        self._token_lock = threading.Lock()
        self._allowed_at_once = adapter.parallel

    def request(
        self, method: str, path: str, *, scope: str, params: dict[str, str] | None = None, body: Any = None
    ) -> Any:
        """The JSON answer (None for an empty one) to `method` on `/api/v2/{path}`; `body` is sent as JSON.

        `scope` is the one that the call needs, named where the answer names none. A read is repeated after a lost
        connection and, within PATIENCE seconds, after a 429; a write never is. Raises a ServiceError.
        """
        waited = 0
        while True:
            try:
                return self._authorised(method, path, scope, params, body)
            except RateLimited as error:
                waited += error.seconds
                if method != "GET" or waited > PATIENCE:
                    raise
                time.sleep(error.seconds)

    def side_by_side(self, calls: list[Callable[[], _T]]) -> list[_T]:
        """The results of `calls` in their order, run at the same time as far as adapter and tenant allow it."""
        at_once = min(len(calls), self._allowed_at_once)
        if at_once < 2:
            return [call() for call in calls]
        with ThreadPoolExecutor(at_once) as pool:
            return list(pool.map(lambda call: call(), calls))

    def _authorised(self, method: str, path: str, scope: str, params: dict[str, str] | None, body: Any) -> Any:
        url = f"{self.origin}/api/v2/{path}"
        token, fresh = self._current_token()
        response, content = self._send(method, url, params=params, json=body, auth=_Bearer(token))
        if response.status_code == 401 and self._client and not fresh:
            token, _ = self._current_token(rejected=token)
            response, content = self._send(method, url, params=params, json=body, auth=_Bearer(token))
        self._note_limit(response)
        if not 200 <= response.status_code < 300:
            raise _error_of(response, content, scope, is_item="/" in path)
        return _parse(response, content) if content else None

    def _current_token(self, rejected: str = "") -> tuple[str, bool]:
        """The token, and whether it was fetched just now; never the `rejected` one where another can be had."""
        with self._token_lock:
            if self._client is None or (self._token and self._token != rejected and time.monotonic() < self._token_ends):
                return self._token, False
            self._token, lifetime = self._fetch_token(self._client)
            self._token_ends = time.monotonic() + lifetime - min(60.0, lifetime / 10)
            return self._token, True

    def _fetch_token(self, client: dict[str, str]) -> tuple[str, float]:
        form = {"grant_type": "client_credentials", "audience": f"{self.origin}/api/v2/", **client}
        response, content = self._send("POST", f"{self.origin}/oauth/token", data=form)
        if response.status_code in (400, 401, 403):
            answer = _parse_object(content)
            raise TokenRejected(status=response.status_code, remote=str(answer.get("error_description", "")))
        if response.status_code == 429:
            raise RateLimited(_seconds_to_wait(response))
        answer = _parse_object(content)
        token, lifetime = answer.get("access_token"), answer.get("expires_in")
        if response.status_code != 200 or not isinstance(token, str) or not isinstance(lifetime, int | float):
            raise OddAnswer(status=response.status_code, remote="no token in the answer of /oauth/token")
        return token, float(lifetime)

    def _send(self, method: str, url: str, **options: Any) -> tuple[requests.Response, bytes]:
        deadline = time.monotonic() + TIMEOUT
        while True:
            try:
                return self._send_once(method, url, deadline, **options)
            except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
                failure = _failure_of(error)
                # A kept-open connection that the other side has just closed: a read can go out again, on a new one.
                stale = isinstance(failure, NoAnswer) and failure.lost
                if not stale or method != "GET" or options.get("headers"):
                    raise failure from error
                options["headers"] = {"Connection": "close"}

    def _send_once(self, method: str, url: str, deadline: float, **options: Any) -> tuple[requests.Response, bytes]:
        response = self._session.request(method, url, timeout=TIMEOUT, stream=True, allow_redirects=False, **options)
        try:
            return response, _read(response, deadline)
        finally:
            response.close()

    def _note_limit(self, response: requests.Response) -> None:
        left = response.headers.get("x-ratelimit-remaining", "")
        most = self._adapter.parallel
        self._allowed_at_once = max(1, min(most, int(left))) if left.isdigit() else most


def _read(response: requests.Response, deadline: float) -> bytes:
    """The whole body. `requests` limits the wait for each piece only; this limits the sum, and the size."""
    content = bytearray()
    while piece := response.raw.read1(65536, decode_content=True):
        content += piece
        if time.monotonic() > deadline:
            raise NoAnswer(_TOO_SLOW)
        if len(content) > LARGEST_ANSWER:
            raise OddAnswer(status=response.status_code, remote=f"more than {LARGEST_ANSWER} bytes")
    return bytes(content)


_TOO_SLOW = f"did not answer within {TIMEOUT:.0f} seconds"


def _failure_of(error: Exception) -> Unreachable | NoAnswer:
    """What a failed exchange means: no connection (nothing was sent), or a request without an answer."""
    if isinstance(error, requests.ConnectTimeout):
        return Unreachable(f"no connection within {TIMEOUT:.0f} seconds")
    if isinstance(error, requests.Timeout | urllib3.exceptions.TimeoutError):
        return NoAnswer(_TOO_SLOW)
    if isinstance(error, requests.exceptions.SSLError):
        return Unreachable("its TLS certificate is not trusted or the TLS connection failed")
    if isinstance(error, requests.exceptions.ProxyError):
        return Unreachable("the proxy did not let the request through")
    cause = error.args[0] if error.args else None
    if isinstance(cause, urllib3.exceptions.MaxRetryError):
        cause = cause.reason
    if isinstance(cause, urllib3.exceptions.NameResolutionError):
        return Unreachable("its name could not be resolved")
    if isinstance(cause, urllib3.exceptions.NewConnectionError):
        return Unreachable("it refused the connection" if "refused" in str(cause) else "no way to it was found")
    return NoAnswer("closed the connection before it answered", lost=True)


def _parse(response: requests.Response, content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise OddAnswer(status=response.status_code, remote="not JSON") from error


def _parse_object(content: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}


def _error_of(response: requests.Response, content: bytes, scope: str, *, is_item: bool) -> ServiceError:
    """The error that an answer outside 2xx stands for; the envelope's `errorCode` decides before the status does."""
    status = response.status_code
    envelope = _parse_object(content)
    remote, code = str(envelope.get("message", "")), str(envelope.get("errorCode", ""))
    if status == 429:
        return RateLimited(_seconds_to_wait(response), remote=remote)
    if status == 403 and (code == "insufficient_scope" or "scope" in remote.lower()):
        return MissingScope(_scopes_in(remote) or scope, remote=remote)
    if (status == 403 and envelope) or (status == 400 and _REFUSES_FEATURE.search(remote)) or status == 405:
        return FeatureRefused(status=status, remote=remote)
    if status in (410, 501) or (status == 404 and not is_item):
        return HooksGone(status=status, remote=remote)
    known = {400: Refused, 401: TokenRejected, 404: HookNotFound, 409: NameTaken, 413: Refused}
    return known.get(status, OddAnswer)(status=status, remote=remote)


# How a tenant may say in a 400 that it takes no scripts any more: undocumented, so the likely words.
_REFUSES_FEATURE = re.compile(r"deprecated|read-?\s?only|end of life|Additional properties not allowed: script", re.I)


def _scopes_in(message: str) -> str:
    """The scopes that `Insufficient scope, expected any of: a,b` lists, as `a, b`."""
    return ", ".join(re.findall(r"[a-z]+:[a-z_]+", message.partition(":")[2]))


def _seconds_to_wait(response: requests.Response) -> int:
    """Whole seconds until the tenant takes requests again: the longer of Retry-After and X-RateLimit-Reset, at least 1."""
    after = response.headers.get("Retry-After", "")
    reset = response.headers.get("x-ratelimit-reset", "")
    waits = [1]
    if after.isdigit():
        waits.append(int(after))
    elif date := email.utils.parsedate_tz(after):
        waits.append(int(email.utils.mktime_tz(date) - time.time()))
    if reset.isdigit():
        waits.append(int(reset) - int(time.time()))
    return max(waits)
