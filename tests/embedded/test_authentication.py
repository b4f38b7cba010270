"""Who gets in: the gate, tokens, scopes and the tenant's mode (docs/management-api.md, "Errors")."""

import base64
import json
import re
import time
from typing import Any

import jwt
import pytest
from django.conf import settings as django_settings
from pytest_django import Settings

from hooksui.data_dir import files, keys
from tests.embedded.conftest import CLIENT_ID, SCRIPT, Api, Hooks

NEW_HOOK = {"name": "a", "script": SCRIPT, "triggerId": "credentials-exchange"}


def signed(key: str | None = None, **changes: Any) -> str:
    """A token like the API's own, changed."""
    now = int(time.time())
    claims = {
        "iss": "https://testserver/",
        "aud": "https://testserver/api/v2/",
        "iat": now,
        "exp": now + 60,
        "azp": CLIENT_ID,
        "scope": "read:hooks",
        **changes,
    }
    claims = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(claims, key or files.read(django_settings.DATA_DIR, files.SIGNING_KEY) or "", algorithm="RS256")


def test_a_token_like_the_apis_own_is_taken(api: Api) -> None:
    api.token = signed()
    assert api.get("/hooks").status_code == 200


def test_without_a_token_authentication_is_missing(api: Api) -> None:
    answer = api.client.get("/api/v2/hooks")
    assert answer.status_code == 401
    assert answer.content == b'{"statusCode":401,"error":"Unauthorized","message":"Missing authentication"}'


@pytest.mark.parametrize("header", ["", "Basic abc", "abc"])
def test_another_scheme_is_missing_authentication(api: Api, header: str) -> None:
    answer = api.client.get("/api/v2/hooks", headers={"Authorization": header})
    assert (answer.status_code, answer.json()["message"]) == (401, "Missing authentication")


@pytest.mark.parametrize("token", ["insecure", "a.b", "a.b.c.d", "a b.c.d", ""])
def test_what_is_no_jwt_has_a_bad_format(api: Api, token: str) -> None:
    api.token = token
    answer = api.get("/hooks")
    assert answer.status_code == 400
    assert answer.content == (
        b'{"statusCode":400,"error":"Bad Request","message":"Bad HTTP authentication header format",'
        b'"errorCode":"Bearer"}'
    )


def unsigned() -> str:
    parts = ({"alg": "none", "typ": "JWT"}, {"aud": "https://testserver/api/v2/", "azp": CLIENT_ID})
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts) + ".x"


def nested_header() -> str:
    return base64.urlsafe_b64encode(b'{"alg":' + b"[" * 5000).decode().rstrip("=") + ".e30.x"


@pytest.mark.parametrize(
    "token",
    [
        "a.b.c",
        "é.é.é",
        unsigned(),
        nested_header(),
        lambda: signed(aud="https://testserver/userinfo"),
        lambda: signed(aud=["https://testserver/api/v2/"]),
        lambda: signed(iss="https://other.example/"),
        lambda: signed(iss="https://other.example/", aud="https://other.example/api/v2/"),
        lambda: signed(azp="somebody-else"),
        lambda: signed(exp=None),
        lambda: signed(scope=None),
        lambda: signed(iat=int(time.time()) + 600),
    ],
)
def test_a_token_that_is_not_the_apis_own_is_invalid(api: Api, token: Any) -> None:
    api.token = token() if callable(token) else token
    answer = api.get("/hooks")
    assert answer.status_code == 401
    assert answer.content == (
        b'{"statusCode":401,"error":"Unauthorized","message":"Invalid token","attributes":{"error":"Invalid token"}}'
    )


def test_a_token_signed_by_another_key_is_invalid(api: Api, tmp_path: Any) -> None:
    keys.write_missing(tmp_path)
    api.token = signed(files.read(tmp_path, files.SIGNING_KEY))
    assert api.get("/hooks").json()["message"] == "Invalid token"


def test_an_expired_token_is_named_so(api: Api) -> None:
    api.token = signed(exp=int(time.time()) - 1)
    answer = api.get("/hooks")
    assert answer.status_code == 401
    assert answer.content == (
        b'{"statusCode":401,"error":"Unauthorized",'
        b'"message":"Expired token received for JSON Web Token validation",'
        b'"attributes":{"error":"Expired token received for JSON Web Token validation"}}'
    )


CALLS = [
    ("GET", "/clients", "read:hooks"),
    ("GET", "/hooks", "read:hooks"),
    ("POST", "/hooks", "create:hooks"),
    ("GET", "/hooks/x", "read:hooks"),
    ("PATCH", "/hooks/x", "update:hooks"),
    ("DELETE", "/hooks/x", "delete:hooks"),
    ("GET", "/hooks/x/secrets", "read:hooks"),
    ("POST", "/hooks/x/secrets", "update:hooks"),
    ("PATCH", "/hooks/x/secrets", "update:hooks"),
    ("DELETE", "/hooks/x/secrets", "delete:hooks"),
]


@pytest.mark.parametrize(("method", "path", "scope"), CALLS)
def test_each_call_needs_its_scope(api: Api, method: str, path: str, scope: str) -> None:
    others = {"read:hooks", "create:hooks", "update:hooks", "delete:hooks"} - {scope}
    answer = api.with_scope(" ".join(others)).send(method, path)
    assert answer.status_code == 403
    assert answer.content.decode() == (
        '{"statusCode":403,"error":"Forbidden",'
        f'"message":"Insufficient scope, expected any of: {scope}","errorCode":"insufficient_scope"}}'
    )
    assert api.with_scope(scope).send(method, path).status_code in (200, 400, 404)


@pytest.mark.parametrize(("method", "path", "_scope"), CALLS)
def test_a_tenant_without_hooks_refuses_every_call(
    api: Api, settings: Settings, method: str, path: str, _scope: str
) -> None:
    settings.LOCAL_TENANT_MODE = "gone"
    answer = api.send(method, path)
    assert answer.status_code == 403
    assert answer.content == (
        b'{"statusCode":403,"error":"Forbidden",'
        b'"message":"Insufficient privileges to use this deprecated feature.","errorCode":"hooks_not_allowed"}'
    )


def test_token_and_scope_come_before_the_mode(api: Api, settings: Settings) -> None:
    settings.LOCAL_TENANT_MODE = "gone"
    assert api.client.get("/api/v2/hooks").status_code == 401
    assert api.with_scope("create:hooks").get("/hooks").json()["errorCode"] == "insufficient_scope"


@pytest.mark.parametrize("body", [{"script": "1"}, {"name": "b", "enabled": True}, {"unknown": 1}])
def test_a_read_only_tenant_refuses_to_change_a_hook(
    api: Api, new_hook: Hooks, settings: Settings, body: dict[str, Any]
) -> None:
    hook = new_hook()
    settings.LOCAL_TENANT_MODE = "read-only"
    answer = api.patch(f"/hooks/{hook['id']}", body)
    assert answer.status_code == 403
    assert answer.content == (
        b'{"statusCode":403,"error":"Forbidden","message":"This endpoint is disabled for your tenant."}'
    )


def test_a_read_only_tenant_refuses_new_hooks(api: Api, settings: Settings) -> None:
    settings.LOCAL_TENANT_MODE = "read-only"
    assert api.post("/hooks", NEW_HOOK).status_code == 403


def test_a_read_only_tenant_takes_everything_else(api: Api, new_hook: Hooks, settings: Settings) -> None:
    path = f"/hooks/{new_hook()['id']}"
    settings.LOCAL_TENANT_MODE = "read-only"
    assert api.patch(path, {"enabled": True}).json()["enabled"] is True
    assert api.patch(path, {"enabled": False}).json()["enabled"] is False
    assert api.post(path + "/secrets", {"a": "1"}).status_code == 201
    assert api.patch(path + "/secrets", {"a": "2"}).status_code == 201
    assert api.get(path + "/secrets").status_code == 200
    assert api.delete(path + "/secrets", ["a"]).status_code == 204
    assert api.get("/hooks").status_code == 200
    assert api.delete(path).status_code == 204


@pytest.mark.parametrize("path", ["/hooks", "/hooks/x", "/hooks/x/secrets", "/users", ""])
@pytest.mark.parametrize("missing", ["LOCAL_API_CLIENT_ID", "LOCAL_API_CLIENT_SECRET"])
def test_without_a_network_client_there_is_no_api(api: Api, settings: Settings, path: str, missing: str) -> None:
    setattr(settings, missing, "")
    answer = api.get(path)
    assert answer.status_code == 404
    assert "There is no page at this address." in answer.content.decode()
    assert not [name for name in answer.headers if name.startswith("x-ratelimit")]


@pytest.mark.parametrize(
    "path", ["", "/", "/hooks/", "/hooks/x/", "/hooks/x/secrets/", "/hooks/x/y", "/users", "/a%0Ab"]
)
def test_unknown_paths_are_a_404_in_json(api: Api, path: str) -> None:
    answer = api.get(path)
    assert answer.status_code == 404
    assert answer.content == b'{"statusCode":404,"error":"Not Found","message":"Not Found"}'
    assert answer["Content-Type"] == "application/json; charset=utf-8"


@pytest.mark.parametrize("path", ["/hooks", "/hooks/x", "/hooks/x/secrets"])
@pytest.mark.parametrize("method", ["PUT", "OPTIONS", "TRACE"])
def test_other_methods_are_a_404(api: Api, method: str, path: str) -> None:
    assert api.send(method, path).status_code == 404


def test_head_is_get_without_its_body(api: Api) -> None:
    answer = api.send("HEAD", "/hooks")
    assert (answer.status_code, answer.content) == (200, b"")


def test_every_answer_has_the_recorded_headers(api: Api, new_hook: Hooks) -> None:
    path = f"/hooks/{new_hook()['id']}"
    answers = [api.get(path), api.get("/users"), api.get("/hooks?page=x"), api.delete(path), api.get(path)]
    assert [answer.status_code for answer in answers] == [200, 404, 400, 204, 404]
    for answer in answers:
        assert answer["Content-Type"] == "application/json; charset=utf-8"
        assert answer["Cache-Control"] == "no-cache"
        assert {"origin", "accept-encoding"} <= set(re.split(", *", answer["Vary"]))
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "Strict-Transport-Security" not in answer.headers
        assert {"x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"} <= set(answer.headers)
