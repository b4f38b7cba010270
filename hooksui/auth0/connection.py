"""One connection to one tenant's Management API: time limit, waiting, and which answer is which error.

Sources: docs/management-api.md, "Errors" and "Rate limits".
"""

import copy
import errno
import json
import re
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from functools import cached_property, partial
from http.cookiejar import DefaultCookiePolicy
from threading import Event
from typing import Any, TypeVar, cast

import requests
import urllib3.exceptions
from requests.adapters import BaseAdapter

from hooksui.auth0.errors import (
    ApiError,
    MissingScopeError,
    NoAnswerError,
    OddAnswerError,
    RateLimitedError,
    TokenRejectedError,
    UnreachableError,
)
from hooksui.auth0.gate import Gate, Threads
from hooksui.auth0.pace import Clock, LongWork, Pace, Patience, seconds_to_wait
from hooksui.auth0.shapes import text_of
from hooksui.auth0.token import Bearer, Token, without_authorization
from hooksui.auth0.transport import Adapter, AuthoritiesError

TIMEOUT = 10.0  # seconds to connect, and as many for a whole answer
_TICK = 1.0  # seconds after which whoever waits for calls hears that they go on
_ENOUGH = 1_000  # threads; no process has as many
MAX_ANSWER = 32_000_000  # bytes; a full page of scripts of the largest size is a third of it

_T = TypeVar("_T")
_Exchange = tuple[requests.Response, bytes]  # an answer and its body


class Connection:
    """Sends requests to `origin` (`scheme://host[:port]`). Safe to share between threads.

    Either `token` is given, or `client_id` and `client_secret`, with which a token is fetched from `/oauth/token`, kept
    until shortly before it expires, and fetched anew once when the API rejects it. `timeout` is in seconds, for a whole
    answer; `clock` is the time that waits for the limit go by; `threads` are those that connections share, without end
    where they are not given. `user_agent` is how requests name who sends them; without it, as `requests` does.
    """

    def __init__(
        self,
        origin: str,
        adapter: Adapter,
        *,
        token: str = "",
        client_id: str = "",
        client_secret: str = "",
        user_agent: str = "",
        timeout: float = TIMEOUT,
        clock: Clock | None = None,
        threads: Threads | None = None,
    ) -> None:
        self.origin = origin
        self._timeout = timeout
        self._adapter = adapter
        self._session = requests.Session()
        for scheme in ("http://", "https://"):
            # A session asks no more of it than to send and to close.
            self._session.mount(scheme, cast(BaseAdapter, adapter))
        if user_agent:
            self._session.headers["User-Agent"] = user_agent
        self._session.trust_env = False
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        client = {"client_id": client_id, "client_secret": client_secret} if client_id else None
        self._token = Token(token, client, self._ask_for_token)
        self._pace = Pace(clock)
        self._gate = Gate(threads or Threads(_ENOUGH))
        self.long_work: LongWork | None = None

    def patient(self) -> "Connection":
        """This connection for long work: it waits for the tenant's limit, within reason, instead of giving up.

        Both share everything else.
        """
        twin = copy.copy(self)
        twin.long_work = LongWork()
        return twin

    def request(
        self, method: str, path: str, *, scope: str, params: dict[str, str] | None = None, body: Any = None
    ) -> Any:
        """The JSON answer (None for a 204, which has none) to `method` on `/api/v2/{path}`; `body` is sent as JSON.

        `scope` is the one that the call needs, named where the answer names none. A read is repeated after a lost
        connection and, within PATIENCE seconds, after a 429; a write never is, but for a 429 of a patient connection.
        Raises an ApiError.
        """
        with self._gate.entered():
            return self._request(method, path, scope, params, body)

    def _request(self, method: str, path: str, scope: str, params: dict[str, str] | None, body: Any) -> Any:
        patience = Patience(self.long_work)
        while True:
            try:
                return self._authorised(patience, method, path, scope, params, body)
            except RateLimitedError as error:
                if not patience.bears(error.seconds, is_read=method == "GET"):
                    raise
                if not patience.wait(self._pace.clock, error.seconds):
                    raise

    def side_by_side(self, calls: list[Callable[[], _T]]) -> list[_T]:
        """The results of `calls` in their order, run at the same time as far as adapter and tenant allow it."""
        at_once = min(len(calls), self._adapter.parallel)
        if at_once < 2:
            return [call() for call in calls]
        with self._gate.entered(), self._pool(at_once) as pool:
            return list(pool.map(lambda call: call(), calls))

    def _pool(self, threads: int) -> ThreadPoolExecutor:
        """Threads that work for this one, which has entered."""
        return ThreadPoolExecutor(threads, initializer=self._gate.lend)

    def as_done(self, calls: list[Callable[[], _T]], *, at_most: int | None = None) -> Generator[tuple[int, _T] | None]:
        """The index of each of `calls` and its result as soon as it is there, run as by `side_by_side`.

        About every second in which none is, None: whoever waits can say so, or has gone. `at_most` bounds how many run
        at the same time, beside what adapter and tenant allow; it is 1 or more. After the first exception, and when the
        iterator is closed, no further call begins; those under way come to their end, those that wait for the limit end
        at once, then the exception is raised.
        """
        at_once = min(len(calls), self._adapter.parallel, at_most or len(calls))
        if not at_once or self._adapter.parallel < 2:
            for index, call in enumerate(calls):
                yield index, call()
            return
        with self._gate.entered():
            yield from self._as_done(calls, at_once)

    def _as_done(self, calls: list[Callable[[], _T]], at_once: int) -> Iterator[tuple[int, _T] | None]:
        pool = self._pool(at_once)
        all_are_watched = Event()

        def once_watched(call: Callable[[], _T]) -> _T:
            # Else a thread whose call has failed could begin the next one before anybody looks at the failure.
            all_are_watched.wait()
            return call()

        try:
            indexes = {pool.submit(once_watched, call): index for index, call in enumerate(calls)}
            for future in indexes:
                future.add_done_callback(partial(_begin_no_more_after_failure, pool))
            all_are_watched.set()
            left = set(indexes)
            while left:
                done, left = wait(left, timeout=_TICK, return_when=FIRST_COMPLETED)
                if not done:
                    yield None
                for future in done:
                    yield indexes[future], future.result()
        except BaseException:
            if self.long_work:
                self.long_work.stop.set()
            raise
        finally:
            all_are_watched.set()
            pool.shutdown(cancel_futures=True)

    def _authorised(
        self, patience: Patience, method: str, path: str, scope: str, params: dict[str, str] | None, body: Any
    ) -> Any:
        url = f"{self.origin}/api/v2/{path}"
        token, fresh = self._token.current()
        once = partial(self._send_in_turn, patience)
        send = partial(self._send, once, method, url, again=method == "GET", params=params, json=body)
        response, content = send(auth=Bearer(token))
        if response.status_code == 401 and self._token.renewable and not fresh:
            token, _ = self._token.current(rejected=token)
            response, content = send(auth=Bearer(token))
        if not 200 <= response.status_code < 300:
            raise _error_of(response, content, scope)
        return None if response.status_code == 204 and not content else _parse(response, content)

    def _ask_for_token(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        url, data = f"{self.origin}/oauth/token", {"audience": f"{self.origin}/api/v2/", **form}
        try:
            response, content = self._send(
                self._send_once, "POST", url, again=True, data=data, auth=without_authorization
            )
        except NoAnswerError as error:
            # What the token was for has not been sent yet.
            raise UnreachableError(error.reason) from error
        if response.status_code == 429:
            raise RateLimitedError(seconds_to_wait(response.headers, time.time()))
        return response.status_code, _parse_object(content)

    def _send(self, once: Callable[..., _Exchange], method: str, url: str, *, again: bool, **options: Any) -> _Exchange:
        """The answer and its body. `again` says that the request may go out twice if its connection is lost."""
        try:
            return once(method, url, **options)
        except NoAnswerError as failure:
            if not (again and failure.lost):
                raise
        # The other side had just closed a kept-open connection, and with it likely all: the second try is on a new one.
        self._adapter.close()
        return once(method, url, **options)

    def _send_in_turn(self, patience: Patience, method: str, url: str, **options: Any) -> _Exchange:
        if not self._adapter.paced:
            return self._send_once(method, url, **options)
        turn = self._pace.enter(patience.seconds, self.long_work)
        patience.spend(turn.waited)
        headers: Mapping[str, str] = {}
        status = 0
        try:
            response, content = self._send_once(method, url, **options)
            headers, status = response.headers, response.status_code
            return response, content
        finally:
            self._pace.leave(turn, headers, status)

    def _send_once(self, method: str, url: str, **options: Any) -> _Exchange:
        options |= {"timeout": self._timeout, "stream": True, "allow_redirects": False, **self._way}
        with self._gate.exchange():
            try:
                response = self._session.request(method, url, **options)
                try:
                    content = self._read(response)
                finally:
                    response.close()
            except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
                failure = self._failure_of(error)
                self._gate.note(timed_out=failure.timed_out)
                raise failure from error
            self._gate.note(timed_out=False)
            return response, content

    @cached_property
    def _way(self) -> dict[str, Any]:
        """The proxy and the authorities to trust, as the environment says for this origin.

        A session that asks for them itself goes through the whole environment twice for each request.
        """
        found = requests.Session().merge_environment_settings(self.origin, {}, None, None, None)
        return {name: found[name] for name in ("proxies", "verify")}

    def _read(self, response: requests.Response) -> bytes:
        """The whole body, unless it is beyond all measure."""
        content = bytearray()
        try:
            while piece := response.raw.read1(65536, decode_content=True):
                content += piece
                if len(content) > MAX_ANSWER:
                    raise OddAnswerError(status=response.status_code, remote=f"more than {MAX_ANSWER} bytes")
        except urllib3.exceptions.DecodeError as error:
            raise OddAnswerError(status=response.status_code, remote="a body that cannot be decompressed") from error
        return bytes(content)

    @property
    def _too_slow(self) -> str:
        return f"did not answer within {self._timeout:g} seconds"

    def _failure_of(self, error: Exception) -> UnreachableError | NoAnswerError:
        """What a failed exchange means: no connection (nothing was sent), or a request without an answer."""
        cause = error.args[0] if error.args else None
        if isinstance(cause, urllib3.exceptions.MaxRetryError):
            cause = cause.reason
        if isinstance(error, requests.ConnectTimeout):
            return UnreachableError(f"no connection within {self._timeout:g} seconds", timed_out=True)
        if isinstance(error, requests.Timeout | urllib3.exceptions.TimeoutError) or _is_timeout(cause):
            return NoAnswerError(self._too_slow, timed_out=True)
        if isinstance(error, AuthoritiesError):
            return UnreachableError("the certificates that REQUESTS_CA_BUNDLE names cannot be read")
        if isinstance(error, requests.exceptions.SSLError):
            return UnreachableError("its TLS certificate is not trusted or the TLS connection failed")
        if isinstance(error, requests.exceptions.ProxyError):
            return UnreachableError("the proxy rejected the request")
        if isinstance(error, ValueError):
            # `requests` marks with it what is wrong before anything is sent: an address, a proxy's address.
            return UnreachableError("its address or the proxy's cannot be used")
        if isinstance(cause, urllib3.exceptions.NameResolutionError):
            return UnreachableError("its name could not be resolved")
        if isinstance(cause, urllib3.exceptions.NewConnectionError):
            refused = getattr(cause.__cause__, "errno", None) == errno.ECONNREFUSED
            return UnreachableError("it refused the connection" if refused else "no route to it was found")
        return NoAnswerError("closed the connection before it answered", lost=True)


def _begin_no_more_after_failure(pool: ThreadPoolExecutor, done: Future[Any]) -> None:
    if not done.cancelled() and done.exception():
        pool.shutdown(wait=False, cancel_futures=True)


def _is_timeout(cause: object) -> bool:
    """Whether a lost connection was given up by this side, while it sent the request."""
    return isinstance(cause, urllib3.exceptions.ProtocolError) and isinstance(cause.args[-1], TimeoutError)


def _parse(response: requests.Response, content: bytes) -> Any:
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise OddAnswerError(status=response.status_code, remote="not JSON") from error
    if answer is None or (isinstance(answer, dict) and {"statusCode", "error"} <= answer.keys()):
        raise OddAnswerError(status=response.status_code, remote="null, or an error that calls itself a success")
    return answer


def _parse_object(content: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}


def _error_of(response: requests.Response, content: bytes, scope: str) -> ApiError:
    """The error that an answer outside 2xx stands for; the envelope's `errorCode` decides before the status does.

    What only a resource can tell is an ApiError and no subclass of it.
    """
    status = response.status_code
    envelope = _parse_object(content)
    remote, code = text_of(envelope.get("message")), text_of(envelope.get("errorCode"))
    if status == 429:
        return RateLimitedError(seconds_to_wait(response.headers, time.time()), remote=remote)
    if status == 401 or code == "Bearer":  # the latter is a 400 for a token that is no JWT
        return TokenRejectedError(status=status, remote=remote)
    if status == 403 and (code == "insufficient_scope" or "scope" in remote.lower()):
        return MissingScopeError(_scopes_in(remote) or scope, remote=remote)
    if status not in _FOR_RESOURCES or (status == 404 and not envelope):
        return OddAnswerError(status=status, remote=remote)
    return ApiError(status=status, code=code, remote=remote)


# What these mean differs: no such hook, no Hooks, a name that is taken, a feature that is refused.
_FOR_RESOURCES = (400, 403, 404, 409, 410, 413, 501)


def _scopes_in(message: str) -> str:
    """The scopes that `Insufficient scope, expected any of: a,b` lists, as `a, b`."""
    return ", ".join(re.findall(r"[a-z]+:[a-z_]+", message.partition(":")[2]))
