"""Jobs of the embedded Management API, called inside the process as the dashboard calls it."""

import io
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.core.handlers.wsgi import WSGIRequest
from django.core.management import call_command
from django.db import connections
from django.http import HttpResponse
from django.test import RequestFactory, override_settings
from django.urls import resolve

from hooksui import catalogue
from hooksui.embedded.clients import dashboard_client
from hooksui.embedded.models import Hook
from hooksui.tenants.config import LOCAL_ORIGIN
from tests.benchmarks.dashboard import fill
from tests.benchmarks.measuring import Row, rates, timed, times

_OURS, _REFERENCE = "hooksui.embedded.urls", "tests.benchmarks.references"
_PAGE = "/api/v2/hooks?fields=id,name,triggerId,enabled&include_totals=true&per_page=100&page="
_LARGE = "large"  # alias of the database with 10,000 hooks


def read() -> Row:
    """GET of one hook by a bare view with the same query."""
    fill(100)
    hook = Hook.objects.order_by("?")[0].pk
    ours = _call(_OURS, "GET", f"/api/v2/hooks/{hook}")
    reference = _call(_REFERENCE, "GET", f"/reference/hooks/{hook}")
    return rates(timed(ours, 100), timed(reference, 100), rounds=20, least=0.6)


def update() -> Row:
    """PATCH of a script by a bare view with the same queries."""
    fill(100)
    hook = Hook.objects.order_by("?")[0].pk
    body = {"script": catalogue.points()["pre-user-registration"].starter}
    ours = _call(_OURS, "PATCH", f"/api/v2/hooks/{hook}", body)
    reference = _call(_REFERENCE, "PATCH", f"/reference/hooks/{hook}", body)
    assert json.loads(ours()) == json.loads(reference())
    return rates(timed(ours, 50), timed(reference, 50), rounds=20, least=0.6)


def first_page() -> Row:
    """The first page of 10,000 hooks by that of 100."""
    return _page_of_many(0)


def late_page() -> Row:
    """The 91st page of 10,000 hooks by the only one of 100."""
    return _page_of_many(90)


class _Router:
    """Sends every query to `database`."""

    database = "default"

    def db_for_read(self, model: object, **hints: Any) -> str:
        """The database to read from."""
        return self.database

    db_for_write = db_for_read


def _page_of_many(number: int) -> Row:
    router = _Router()

    def at(database: str, call: Callable[[], bytes]) -> Callable[[], bytes]:
        def switched() -> bytes:
            router.database = database
            return call()

        return switched

    fill(100)
    with override_settings(DATABASE_ROUTERS=[router]):
        ours = at(_LARGE, _call(_OURS, "GET", f"{_PAGE}{number}"))
        reference = at("default", _call(_OURS, "GET", f"{_PAGE}0"))
        router.database = _LARGE
        _prepare_large()
        for page, total in ((ours, 10_000), (reference, 100)):
            answer = json.loads(page())
            assert (answer["total"], len(answer["hooks"])) == (total, 100)
        return times(timed(ours, 20), timed(reference, 20), rounds=20, most=1.5)


def _prepare_large() -> None:
    if _LARGE not in connections.databases:
        default = connections.databases["default"]
        connections.databases[_LARGE] = {**default, "NAME": default["NAME"].with_name("large.sqlite3")}
        call_command("migrate", database=_LARGE, verbosity=0)
        fill(10_000)


def _call(urlconf: str, method: str, address: str, body: Any = None) -> Callable[[], bytes]:
    """A call of the view that `urlconf` has for `address`, with the dashboard's token."""
    token = json.loads(_answer(_OURS, "POST", "/oauth/token", urlencode(_credentials()).encode(), "")())["access_token"]
    return _answer(urlconf, method, address, json.dumps(body).encode() if body else b"", token)


def _credentials() -> dict[str, str]:
    client_id, client_secret = dashboard_client()
    return {
        "grant_type": "client_credentials",
        "client_id": client_id,
        "client_secret": client_secret,
        "audience": f"{LOCAL_ORIGIN}/api/v2/",
    }


def _answer(urlconf: str, method: str, address: str, content: bytes, token: str) -> Callable[[], bytes]:
    kind = "application/json" if token else "application/x-www-form-urlencoded"
    factory = RequestFactory(headers={"Authorization": f"Bearer {token}"}, SERVER_NAME=urlsplit(LOCAL_ORIGIN).hostname)
    environ = factory.generic(method, address, content, kind).environ | {"hooksui.in_process": True}

    def call() -> bytes:
        request = WSGIRequest({**environ, "wsgi.input": io.BytesIO(content)})
        match = resolve(request.path_info, urlconf=urlconf)
        response: HttpResponse = match.func(request, *match.args, **match.kwargs)
        assert response.status_code == 200, response.content
        return response.content

    return call
