"""One connection to one tenant's Management API: token, time limit, waiting, and which answer is which error.

Sources: Management API contract, "Getting a token", "Errors" and "Rate limits".
"""

import email.utils
import errno
import json
import re
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
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
    NotPermitted,
    OddAnswer,
    RateLimited,
    Refused,
    ServiceError,
    TokenRejected,
    Unreachable,
)
from hooksui.auth0.shapes import text_of
from hooksui.auth0.transport import EmbeddedAdapter, PooledAdapter

TIMEOUT = 10.0  # seconds to connect, and as many for a whole answer
LARGEST_ANSWER = 32_000_000  # bytes; a full page of scripts of the largest size is a third of it
# A read that the tenant's limit holds up waits this many seconds in all before a person is asked to.
PATIENCE = 3
_CENTURY = 100 * 365 * 86_400  # seconds; no token lives as long

_T = TypeVar("_T")


class _Bearer(AuthBase):
    """Sets the token. As an `auth` object, so that a .netrc file of the server's user never replaces it."""

    def __init__(self, token: str) -> None:
        self.token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self.token}"
        return request


def _without_authorization(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """For the same reason: a call without a token goes out as it is."""
    return request


class Connection:
    """Sends requests to `origin` (`scheme://host[:port]`). Safe to share between threads.

    Either `token` is given, or `client_id` and `client_secret`, with which a token is fetched from `/oauth/token`, kept
    until shortly before it expires, and fetched anew once when the API rejects it. `timeout` is in seconds, for a whole
    answer; `wait` lets seconds pass.
    """

    def __init__(
        self,
        origin: str,
        adapter: PooledAdapter | EmbeddedAdapter,
        *,
        token: str = "",
        client_id: str = "",
        client_secret: str = "",
        timeout: float = TIMEOUT,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self.origin = origin
        self._timeout = timeout
        self._wait = wait
        self._adapter = adapter
        self._session = requests.Session()
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, adapter)
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
                self._wait(error.seconds)

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
        send = partial(self._send, method, url, again=method == "GET", params=params, json=body)
        response, content = send(auth=_Bearer(token))
        if response.status_code == 401 and self._client and not fresh:
            token, _ = self._current_token(rejected=token)
            response, content = send(auth=_Bearer(token))
        self._note_limit(response)
        if not 200 <= response.status_code < 300:
            raise _error_of(response, content, scope, is_item="/" in path)
        return _parse(response, content) if content else None

    def _current_token(self, rejected: str = "") -> tuple[str, bool]:
        """The token, and whether it was fetched just now; never the `rejected` one where another can be had."""
        with self._token_lock:
            if self._client is None or (
                self._token and self._token != rejected and time.monotonic() < self._token_ends
            ):
                return self._token, False
            self._token, lifetime = self._fetch_token(self._client)
            self._token_ends = time.monotonic() + lifetime - min(60.0, lifetime / 10)
            return self._token, True

    def _fetch_token(self, client: dict[str, str]) -> tuple[str, float]:
        form = {"grant_type": "client_credentials", "audience": f"{self.origin}/api/v2/", **client}
        url = f"{self.origin}/oauth/token"
        try:
            response, content = self._send("POST", url, again=True, data=form, auth=_without_authorization)
        except NoAnswer as error:
            # What the token was for has not been sent yet.
            raise Unreachable(error.reason) from error
        if response.status_code in (400, 401, 403):
            answer = _parse_object(content)
            raise TokenRejected(status=response.status_code, remote=text_of(answer.get("error_description")))
        if response.status_code == 429:
            raise RateLimited(_seconds_to_wait(response))
        answer = _parse_object(content)
        token, lifetime = text_of(answer.get("access_token")), answer.get("expires_in")
        # RFC 6750, 2.1; what else stands there would be refused by the HTTP library, which shows it in its message.
        usable = response.status_code == 200 and re.fullmatch(r"[A-Za-z0-9._~+/-]+=*", token)
        if not usable or not isinstance(lifetime, int | float) or not 0 < lifetime < _CENTURY:
            raise OddAnswer(status=response.status_code, remote="no token in the answer of /oauth/token")
        return token, float(lifetime)

    def _send(self, method: str, url: str, *, again: bool, **options: Any) -> tuple[requests.Response, bytes]:
        """The answer and its body. `again` says that the request may go out twice if its connection is lost."""
        try:
            return self._send_once(method, url, **options)
        except NoAnswer as failure:
            if not (again and failure.lost):
                raise
        # The other side had just closed a kept-open connection, and with it likely all: the second try is on a new one.
        self._adapter.close()
        return self._send_once(method, url, **options)

    def _send_once(self, method: str, url: str, **options: Any) -> tuple[requests.Response, bytes]:
        options |= {"timeout": self._timeout, "stream": True, "allow_redirects": False}
        try:
            response = self._session.request(method, url, **options)
            try:
                return response, self._read(response)
            finally:
                response.close()
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            raise self._failure_of(error) from error

    def _read(self, response: requests.Response) -> bytes:
        """The whole body, unless it is beyond all measure."""
        content = bytearray()
        try:
            while piece := response.raw.read1(65536, decode_content=True):
                content += piece
                if len(content) > LARGEST_ANSWER:
                    raise OddAnswer(status=response.status_code, remote=f"more than {LARGEST_ANSWER} bytes")
        except urllib3.exceptions.DecodeError as error:
            raise OddAnswer(status=response.status_code, remote="a body that cannot be decompressed") from error
        return bytes(content)

    @property
    def _too_slow(self) -> str:
        return f"did not answer within {self._timeout:g} seconds"

    def _failure_of(self, error: Exception) -> Unreachable | NoAnswer:
        """What a failed exchange means: no connection (nothing was sent), or a request without an answer."""
        cause = error.args[0] if error.args else None
        if isinstance(cause, urllib3.exceptions.MaxRetryError):
            cause = cause.reason
        if isinstance(error, requests.ConnectTimeout):
            return Unreachable(f"no connection within {self._timeout:g} seconds")
        if isinstance(error, requests.Timeout | urllib3.exceptions.TimeoutError) or _is_timeout(cause):
            return NoAnswer(self._too_slow)
        if isinstance(error, requests.exceptions.SSLError):
            return Unreachable("its TLS certificate is not trusted or the TLS connection failed")
        if isinstance(error, requests.exceptions.ProxyError):
            return Unreachable("the proxy did not let the request through")
        if isinstance(error, ValueError):
            # `requests` marks with it what is wrong before anything is sent: an address, a proxy's address.
            return Unreachable("its address or that of the proxy cannot be used")
        if isinstance(cause, urllib3.exceptions.NameResolutionError):
            return Unreachable("its name could not be resolved")
        if isinstance(cause, urllib3.exceptions.NewConnectionError):
            refused = getattr(cause.__cause__, "errno", None) == errno.ECONNREFUSED
            return Unreachable("it refused the connection" if refused else "no way to it was found")
        return NoAnswer("closed the connection before it answered", lost=True)

    def _note_limit(self, response: requests.Response) -> None:
        left = _whole_number(response.headers.get("x-ratelimit-remaining"))
        most = self._adapter.parallel
        self._allowed_at_once = most if left is None else max(1, min(most, left))


def _is_timeout(cause: object) -> bool:
    """Whether a lost connection was given up by this side, while it sent the request."""
    return isinstance(cause, urllib3.exceptions.ProtocolError) and isinstance(cause.args[-1], TimeoutError)


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
    remote, code = text_of(envelope.get("message")), text_of(envelope.get("errorCode"))
    if status == 429:
        return RateLimited(_seconds_to_wait(response), remote=remote)
    if status == 401 or code == "Bearer":  # the latter is a 400 for a token that is no JWT
        return TokenRejected(status=status, remote=remote)
    if status == 403 and (code == "insufficient_scope" or "scope" in remote.lower()):
        return MissingScope(_scopes_in(remote) or scope, remote=remote)
    if status == 403 and (code in _FEATURE_CODES or _REFUSES_FEATURE.search(remote)):
        return FeatureRefused(status=status, remote=remote)
    if status == 400 and "not allowed: script" in remote:
        return FeatureRefused(status=status, remote=remote)
    if status in (410, 501) or (status == 404 and envelope and not is_item):
        return HooksGone(status=status, remote=remote)
    if status == 404 and not envelope:
        return OddAnswer(status=status, remote=remote)
    known = {400: Refused, 403: NotPermitted, 404: HookNotFound, 409: NameTaken, 413: Refused}
    return known.get(status, OddAnswer)(status=status, remote=remote)


# How a tenant says that it has no Hooks, or takes no scripts, any more. The codes and the first three phrases were
# recorded or documented; nobody wrote down the rest, so the likely words.
_FEATURE_CODES = ("hooks_not_allowed", "feature_not_enabled")
_REFUSES_FEATURE = re.compile(
    r"deprecated|disabled for your tenant|not enabled for this tenant|read-?\s?only|no longer|end of life",
    re.IGNORECASE,
)


def _scopes_in(message: str) -> str:
    """The scopes that `Insufficient scope, expected any of: a,b` lists, as `a, b`."""
    return ", ".join(re.findall(r"[a-z]+:[a-z_]+", message.partition(":")[2]))


def _seconds_to_wait(response: requests.Response) -> int:
    """Whole seconds until the tenant takes requests again: the longer of Retry-After and the limit's reset."""
    now = int(time.time())
    after = response.headers.get("Retry-After")
    reset = _whole_number(response.headers.get("x-ratelimit-reset"))
    return max(1, _whole_number(after) or _unix_time(after) - now, (reset or 0) - now)


def _unix_time(date: str | None) -> int:
    """The seconds of an HTTP date; 0 where it is none."""
    try:
        return int(email.utils.parsedate_to_datetime(date or "").timestamp())
    except (ValueError, OverflowError):
        return 0


def _whole_number(text: str | None) -> int | None:
    """The number in a header; None where it is missing or something else."""
    return int(text) if text and re.fullmatch("[0-9]{1,10}", text) else None
