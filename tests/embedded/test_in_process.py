"""The API inside the process, without a network or middleware: for the dashboard, and for nobody else."""

import io
import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.urls import resolve
from pytest_django import Settings

from hooksui.embedded.clients import dashboard_client
from tests.embedded.conftest import CLIENT_ID, CLIENT_SECRET, Api

AUDIENCE = "http://local.invalid/api/v2/"

pytestmark = pytest.mark.django_db


def call(method: str, path: str, content: bytes = b"", content_type: str = "application/json", token: str = "") -> Any:
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "wsgi.input": io.BytesIO(content),
        "CONTENT_LENGTH": str(len(content)),
        "CONTENT_TYPE": content_type,
        "HTTP_HOST": "local.invalid",
        "HTTP_AUTHORIZATION": f"Bearer {token}",
        "hooksui.in_process": True,
    }
    match = resolve(path, urlconf="hooksui.embedded.urls")
    answer: HttpResponse = match.func(WSGIRequest(environ), *match.args, **match.kwargs)
    return answer.status_code, json.loads(answer.content or b"null"), answer.headers


def ask_token(client_id: str, client_secret: str) -> Any:
    form = {
        "grant_type": "client_credentials",
        "client_id": client_id,
        "client_secret": client_secret,
        "audience": AUDIENCE,
    }
    return call("POST", "/oauth/token", urlencode(form).encode(), "application/x-www-form-urlencoded")


def test_the_dashboard_needs_no_network_client(settings: Settings) -> None:
    settings.LOCAL_API_CLIENT_ID = settings.LOCAL_API_CLIENT_SECRET = ""
    status, body, _ = ask_token(*dashboard_client())
    assert status == 200
    status, hooks, _ = call("GET", "/api/v2/hooks", token=body["access_token"])
    assert (status, hooks) == (200, [])


def test_the_dashboard_is_not_limited(settings: Settings) -> None:
    settings.LOCAL_API_BURST, settings.LOCAL_API_PER_SECOND = 2, 1
    answers = [ask_token(*dashboard_client()) for _ in range(5)]
    assert {status for status, _, _ in answers} == {200}
    assert {headers["x-ratelimit-remaining"] for _, _, headers in answers} == {"1"}


def test_the_dashboards_credentials_are_good_inside_only() -> None:
    client_id, client_secret = dashboard_client()
    assert Api().ask_token(client_id=client_id, client_secret=client_secret).status_code == 401


def test_the_networks_credentials_are_good_outside_only() -> None:
    assert ask_token(CLIENT_ID, CLIENT_SECRET)[0] == 401


def test_tokens_do_not_cross_either() -> None:
    inner = ask_token(*dashboard_client())[1]["access_token"]
    outer = Api().ask_token().json()["access_token"]
    assert Api(token=inner).get("/hooks").status_code == 401
    assert call("GET", "/api/v2/hooks", token=outer)[0] == 401


def test_the_network_cannot_pretend_to_be_inside(settings: Settings) -> None:
    settings.LOCAL_API_CLIENT_ID = settings.LOCAL_API_CLIENT_SECRET = ""
    for name in ("hooksui.in_process", "hooksui-in-process"):
        assert Api().client.get("/api/v2/hooks", headers={name: "True"}).status_code == 404


def test_the_dashboards_credentials_follow_the_secret_key(settings: Settings) -> None:
    before = dashboard_client()
    settings.SECRET_KEY = "another"
    client_id, client_secret = dashboard_client()
    assert (len(client_id), len(client_secret)) == (32, 64)
    assert client_id != before[0]
    assert client_secret != before[1]
