"""The dashboard inside this process: its data, somebody signed in, and requests that pass every middleware."""

import io
from collections.abc import Callable
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client, RequestFactory

from hooksui import catalogue
from hooksui.embedded.models import Hook

_CSRF = "c" * 32


def fill(hooks: int) -> None:
    """Let the tenant `local` have so many hooks, spread over the extensibility points, the first of each enabled."""
    Hook.objects.all().delete()
    points = list(catalogue.points().values())
    Hook.objects.bulk_create(
        Hook(
            name=f"hook-{number}",
            trigger_id=points[number % len(points)].trigger,
            enabled=number < len(points),
            script=points[number % len(points)].starter,
        )
        for number in range(hooks)
    )


@cache
def cookies() -> str:
    """The Cookie header of the first admin, signed in."""
    client = Client()
    client.force_login(get_user_model().objects.get())
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    return f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={_CSRF}"


@cache
def _application() -> WSGIHandler:
    return WSGIHandler()


class Request:
    """A signed-in request to be sent any number of times: GET, or POST with the fields of `form`."""

    def __init__(self, path: str, form: dict[str, str] | None = None, accept: str = "text/html") -> None:
        self._body = urlencode(form or {}).encode()
        headers = {"Accept": accept, "Cookie": cookies(), "X-CSRFToken": _CSRF}
        factory = RequestFactory(headers=headers, SERVER_NAME="localhost")
        method, kind = ("POST", "application/x-www-form-urlencoded") if form else ("GET", "")
        self._environ: dict[str, Any] = factory.generic(method, path, self._body, kind).environ

    def __call__(self) -> bytes:
        """Send it to the WSGI application. Raises AssertionError for any status but 200."""
        lines: list[str] = []

        def start(status: str, *_: object) -> Callable[[bytes], object]:
            lines.append(status)
            return lambda content: None

        environ = {**self._environ, "wsgi.input": io.BytesIO(self._body)}
        response = _application()(environ, start)
        try:
            content = b"".join(response)
        finally:
            response.close()
        assert lines == ["200 OK"], lines
        return content
