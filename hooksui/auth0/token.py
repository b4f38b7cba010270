"""The token of one tenant's Management API, given or fetched. Source: docs/management-api.md, "Getting a token"."""

import re
import threading
import time
from collections.abc import Callable
from typing import Any

import requests
from requests.auth import AuthBase

from hooksui.auth0.errors import ApiError, OddAnswerError, TokenRejectedError
from hooksui.auth0.shapes import text_of

_CENTURY = 100 * 365 * 86_400  # seconds; no token lives as long

# Sends a form to /oauth/token; the status of the answer and its JSON object.
Ask = Callable[[dict[str, str]], tuple[int, dict[str, Any]]]


class Bearer(AuthBase):
    """Sets the token. As an `auth` object, so that a .netrc file of the server's user never replaces it."""

    def __init__(self, token: str) -> None:
        self.token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """`request` with the header; the session calls it right before it sends."""
        request.headers["Authorization"] = f"Bearer {self.token}"
        return request


def without_authorization(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """For the same reason: a call without a token goes out as it is."""
    return request


class Token:
    """A token that threads and connections share: `given`, or fetched through `ask` with the client's `credentials`.

    A fetched one is kept until shortly before it expires.
    """

    def __init__(self, given: str, credentials: dict[str, str] | None, ask: Ask) -> None:
        self.renewable = credentials is not None
        self._credentials = credentials
        self._ask = ask
        self._value = given
        self._ends = float("inf")
        self._lock = threading.Lock()
        self._failures = 0
        self._failure: ApiError | None = None

    def current(self, rejected: str = "") -> tuple[str, bool]:
        """The token, and whether it was fetched just now; never the `rejected` one where another can be had.

        Raises TokenRejectedError where the API does not take the client, OddAnswerError, and what `ask` raises.
        """
        failures = self._failures
        with self._lock:
            if self._failure and self._failures > failures:
                # Whoever waited for the one that asked shares its failure, and does not wait as long once more.
                raise self._failure
            if self._credentials is None or (self._value and self._value != rejected and time.monotonic() < self._ends):
                return self._value, False
            try:
                self._value, lifetime = self._fetch(self._credentials)
            except ApiError as error:
                self._failures, self._failure = self._failures + 1, error
                raise
            self._ends = time.monotonic() + lifetime - min(60.0, lifetime / 10)
            return self._value, True

    def _fetch(self, credentials: dict[str, str]) -> tuple[str, float]:
        status, answer = self._ask({"grant_type": "client_credentials", **credentials})
        if status in (400, 401, 403):
            raise TokenRejectedError(status=status, remote=text_of(answer.get("error_description")))
        token, lifetime = text_of(answer.get("access_token")), answer.get("expires_in")
        # RFC 6750, 2.1; what else stands there would be refused by the HTTP library, which shows it in its message.
        usable = status == 200 and re.fullmatch(r"[A-Za-z0-9._~+/-]+=*", token)
        if not usable or not isinstance(lifetime, int | float) or not 0 < lifetime < _CENTURY:
            raise OddAnswerError(status=status, remote="no token in the answer of /oauth/token")
        return token, float(lifetime)
