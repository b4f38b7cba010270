"""POST /oauth/token (docs/management-api.md, "Getting a token")."""

import base64
import json
import time
from typing import Any

import jwt
import pytest
from pytest_django import Settings

from tests.embedded.conftest import AUDIENCE, CLIENT_ID, CLIENT_SECRET, Api

ALL_SCOPES = "read:hooks create:hooks update:hooks delete:hooks"

pytestmark = pytest.mark.django_db


def ask(body: bytes, content_type: str = "application/json", **headers: str) -> Any:
    return Api().client.post("/oauth/token", body, content_type=content_type, headers=headers)


def basic(client_id: str, client_secret: str) -> str:
    return "Basic " + base64.b64encode(f"{client_id}:{client_secret}".encode()).decode()


def test_a_form_with_credentials_gets_a_token_as_recorded() -> None:
    answer = Api().ask_token()
    assert answer.status_code == 200
    body = json.loads(answer.content)
    assert list(body) == ["access_token", "scope", "expires_in", "token_type"]
    assert body["scope"] == ALL_SCOPES
    assert body["expires_in"] == 86400
    assert body["token_type"] == "Bearer"
    assert answer["Content-Type"] == "application/json"
    assert answer["Cache-Control"] == "no-store"
    assert answer["Pragma"] == "no-cache"
    assert {"x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"} <= {
        name.lower() for name in answer.headers
    }


def test_the_token_has_the_recorded_claims_and_header() -> None:
    before = int(time.time())
    token = Api().ask_token().json()["access_token"]
    header = jwt.get_unverified_header(token)
    assert (header["alg"], header["typ"]) == ("RS256", "JWT")
    claims = jwt.decode(token, options={"verify_signature": False})
    assert list(claims) == ["iss", "sub", "aud", "iat", "exp", "azp", "scope", "gty"]
    assert claims["iss"] == "https://testserver/"
    assert claims["sub"] == f"{CLIENT_ID}@clients"
    assert claims["aud"] == AUDIENCE
    assert before <= claims["iat"] <= time.time()
    assert claims["exp"] - claims["iat"] == 86400
    assert claims["azp"] == CLIENT_ID
    assert claims["scope"] == ALL_SCOPES
    assert claims["gty"] == "client-credentials"


def test_the_key_has_one_id_for_all_tokens() -> None:
    first, second = (jwt.get_unverified_header(Api().ask_token().json()["access_token"])["kid"] for _ in range(2))
    assert first == second


def test_json_gets_a_token() -> None:
    parameters = {
        "grant_type": "client_credentials",
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "audience": AUDIENCE,
    }
    assert ask(json.dumps(parameters).encode()).status_code == 200


def test_basic_credentials_get_a_token() -> None:
    form = f"grant_type=client_credentials&audience={AUDIENCE}".encode()
    answer = ask(form, "application/x-www-form-urlencoded", Authorization=basic(CLIENT_ID, CLIENT_SECRET))
    assert answer.status_code == 200


def test_basic_credentials_are_percent_decoded(settings: Settings) -> None:
    settings.LOCAL_API_CLIENT_SECRET = "a:b c%+é"
    form = f"grant_type=client_credentials&audience={AUDIENCE}".encode()
    encoded = basic(CLIENT_ID, "a%3Ab+c%25%2B%C3%A9")
    assert ask(form, "application/x-www-form-urlencoded", Authorization=encoded).status_code == 200


@pytest.mark.parametrize("header", ["Basic", "Basic !!!", "Basic /w==", "Basic é", "Digest abc"])
def test_unreadable_basic_credentials_are_none(header: str) -> None:
    form = f"grant_type=client_credentials&audience={AUDIENCE}".encode()
    answer = ask(form, "application/x-www-form-urlencoded", Authorization=header)
    assert (answer.status_code, answer.json()["error"]) == (401, "access_denied")


@pytest.mark.parametrize("changes", [{"client_id": "other"}, {"client_secret": "other"}, {"client_secret": None}])
def test_wrong_credentials_are_unauthorized(changes: dict[str, Any]) -> None:
    answer = Api().ask_token(**changes)
    assert answer.status_code == 401
    assert answer.content == b'{"error":"access_denied","error_description":"Unauthorized"}'


def test_another_grant_is_not_supported() -> None:
    answer = Api().ask_token(grant_type="password")
    assert answer.status_code == 400
    assert answer.content == b'{"error":"unsupported_grant_type","error_description":"Grant type not supported"}'


def test_a_missing_grant_is_an_invalid_request() -> None:
    answer = Api().ask_token(grant_type=None)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_a_missing_audience_is_refused() -> None:
    answer = Api().ask_token(audience=None)
    assert answer.status_code == 403
    assert answer.json() == {
        "error": "access_denied",
        "error_description": ("No audience parameter was provided, and no default audience has been configured."),
    }


@pytest.mark.parametrize(
    "audience",
    [
        "https://testserver/api/v2",
        "testserver/api/v2/",
        "ftp://testserver/api/v2/",
        "https:///api/v2/",
        # Names by which this server is not called.
        "https://tenant.example/api/v2/",
        "https://sub.testserver/api/v2/",
        "https://testserver:x/api/v2/",
        "https://[testserver]/api/v2/",
    ],
)
def test_an_audience_that_is_no_management_api_is_unknown(audience: str) -> None:
    answer = Api().ask_token(audience=audience)
    assert answer.status_code == 403
    assert answer.json() == {
        "error": "access_denied",
        "error_description": f"Service not enabled within domain: {audience}",
    }


@pytest.mark.parametrize("origin", ["http://127.0.0.1:8000", "http://[::1]:8000", "http://LOCALHOST"])
def test_an_audience_of_plain_http_with_a_port_is_taken(origin: str) -> None:
    token = Api().ask_token(audience=f"{origin}/api/v2/").json()["access_token"]
    assert jwt.decode(token, options={"verify_signature": False})["iss"] == f"{origin}/"


def test_asking_for_a_scope_grants_no_more_than_that() -> None:
    assert Api().ask_token(scope="delete:hooks read:hooks read:users").json()["scope"] == "read:hooks delete:hooks"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'"text"',
        b"{",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"grant_type":1}',
        b'{"grant_type":["client_credentials"]}',
        b'{"grant_type":NaN}',
    ],
)
def test_unreadable_parameters_are_an_invalid_request(body: bytes) -> None:
    answer = ask(body)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize("name", ["client_id", "client_secret", "audience", "scope"])
def test_half_a_surrogate_pair_is_refused_and_no_fault(name: str) -> None:
    parameters = {
        "grant_type": "client_credentials",
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "audience": AUDIENCE,
        name: "\ud800",
    }
    assert ask(json.dumps(parameters).encode()).status_code in (200, 401, 403)


def test_a_parameter_given_twice_is_an_invalid_request() -> None:
    answer = ask(b"grant_type=client_credentials&grant_type=password", "application/x-www-form-urlencoded")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_a_body_that_is_too_large_is_an_invalid_request(settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    answer = ask(b"x" * 101)
    assert (answer.status_code, answer.json()["error"]) == (413, "invalid_request")


def test_only_post_is_answered() -> None:
    assert Api().client.get("/oauth/token").status_code == 404


def test_without_a_network_client_there_is_no_token_endpoint(db: None, settings: Settings) -> None:
    settings.LOCAL_API_CLIENT_ID = settings.LOCAL_API_CLIENT_SECRET = ""
    answer = Api().ask_token(client_id="", client_secret="")
    assert answer.status_code == 404
    assert "There is no page at this address." in answer.content.decode()


def test_the_rate_limit_speaks_oauth(settings: Settings) -> None:
    settings.LOCAL_API_BURST = settings.LOCAL_API_PER_SECOND = 1
    answer = next(answer for answer in (Api().ask_token() for _ in range(100)) if answer.status_code == 429)
    assert answer.content == b'{"error":"too_many_requests","error_description":"Global limit has been reached"}'
    assert int(answer["Retry-After"]) >= 1
