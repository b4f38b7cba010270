"""Jobs of the dashboard's pages."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import requests
from django.test import override_settings
from django.urls import reverse

from hooksui import catalogue
from hooksui.auth0.shapes import hook_from_json
from hooksui.hooks import saving
from hooksui.tenants.config import LOCAL, Tenant
from tests.benchmarks import upstream
from tests.benchmarks.dashboard import Request, fill
from tests.benchmarks.measuring import Row, rates, timed, times

_DELAY = 0.1  # seconds that an upstream takes
_TENANT = "acme"
_TOKEN = "a-token"
_HEADERS = {"Authorization": f"Bearer {_TOKEN}"}
_FIRST_PAGE = "/api/v2/hooks?fields=id,name,triggerId,enabled&include_totals=true&page=0&per_page=100"


def list_page() -> Row:
    """The list of 100 hooks by the one upstream call that it makes."""
    return _list(hooks=100, most=1.10)


def list_of_ten_pages() -> Row:
    """The list of 1,000 hooks by one of the ten upstream calls that it makes."""
    return _list(hooks=1000, most=1.6)


def save() -> Row:
    """Saving a script by the three upstream calls that it makes: it looks that nobody was faster, writes, and looks."""
    with _tenant(hooks=1) as (origin, session):
        hook = upstream.hook(0)
        script = next(iter(catalogue.points().values())).starter
        url = f"{origin}/api/v2/hooks/{hook['id']}"
        base = saving.fingerprint(hook_from_json(hook))
        form = {"script": script, "base": base, "newline": "lf", "name": hook["name"], "trigger": hook["triggerId"]}
        page = Request(reverse("dashboard:editor", args=[_TENANT, hook["id"]]), form, "application/json")
        assert b'"saved": true' in page()

        def calls() -> None:
            session.get(url, headers=_HEADERS).content  # noqa: B018 - read to its end, as ours is
            session.patch(url, json={"script": script}, headers=_HEADERS).content  # noqa: B018
            session.get(url, headers=_HEADERS).content  # noqa: B018

        bare = timed(calls)
        return times(timed(page), bare, rounds=30, most=1.10)


def local_list() -> Row:
    """The list of the embedded tenant's 100 hooks by the same HTML from constants."""
    fill(100)
    with override_settings(ROOT_URLCONF="tests.benchmarks.references"):
        ours = Request(reverse("dashboard:list", args=[LOCAL]))
        reference = Request("/reference/hooks/")
        assert _without_token(ours()) == _without_token(reference())
        return rates(timed(ours, 10), timed(reference, 10), rounds=20, least=0.5)


def _list(hooks: int, most: float) -> Row:
    with _tenant(hooks) as (origin, session):
        page = Request(reverse("dashboard:list", args=[_TENANT]))
        assert page().count(b'class="row-name"') == hooks
        bare = timed(lambda: session.get(origin + _FIRST_PAGE, headers=_HEADERS).content)
        return times(timed(page), bare, rounds=30, most=most)


@contextmanager
def _tenant(hooks: int) -> Iterator[tuple[str, requests.Session]]:
    """The only tenant is one with a slow upstream; its origin, and a session to ask it without the dashboard."""
    with upstream.upstream(_DELAY, hooks) as origin, requests.Session() as session:
        tenants = {_TENANT: Tenant(_TENANT, origin, token=_TOKEN)}
        with override_settings(TENANTS=tenants):
            yield origin, session


def _without_token(page: bytes) -> bytes:
    return re.sub(rb'(name="csrfmiddlewaretoken" value=)"\w+"', rb"\1", page)
