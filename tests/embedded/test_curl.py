"""curl and bare sockets work on the embedded API: what clients in other languages send, byte for byte."""

import http.client
import json
import subprocess
from typing import Any

import pytest

from tests.embedded.conftest import CLIENT_ID, CLIENT_SECRET
from tests.serving import Served


def curl(*arguments: str) -> tuple[int, dict[str, str], str]:
    """Status, headers with their names as sent, and body of one call."""
    command = ["curl", "--silent", "--show-error", "--max-time", "30", "--include", *arguments]
    output = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    head, _, body = output.partition("\r\n\r\n")
    status, *lines = head.split("\r\n")
    return int(status.split()[1]), dict(line.split(": ", 1) for line in lines), body


@pytest.fixture(scope="module")
def token(server: Served) -> str:
    """A token from HTTP Basic, as go's OAuth library asks for it first."""
    status, _, body = curl(
        *("--user", f"{CLIENT_ID}:{CLIENT_SECRET}"),
        *("--data-urlencode", "grant_type=client_credentials"),
        *("--data-urlencode", f"audience={server.url}/api/v2/"),
        f"{server.url}/oauth/token",
    )
    assert status == 200
    return str(json.loads(body)["access_token"])


def test_a_hooks_life(server: Served, token: str) -> None:
    def call(method: str, path: str, body: Any = None) -> tuple[int, dict[str, str], str]:
        content = () if body is None else ("--header", "Content-Type: application/json", "--data", json.dumps(body))
        address = f"{server.url}/api/v2{path}"
        return curl("--request", method, "--header", f"Authorization: Bearer {token}", *content, address)

    new = {"name": "curl life", "script": "1", "triggerId": "credentials-exchange"}
    status, headers, body = call("POST", "/hooks", new)
    assert status == 201
    assert headers["Content-Type"] == "application/json; charset=utf-8"
    assert {"x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"} <= set(headers)
    assert "Strict-Transport-Security" not in headers
    path = f"/hooks/{json.loads(body)['id']}"
    assert call("POST", path + "/secrets", {"a": "1"})[::2] == (201, "{}")
    assert call("GET", path + "/secrets")[::2] == (200, '{"a":"_VALUE_NOT_SHOWN_"}')
    status, headers, body = call("DELETE", path + "/secrets", ["a"])
    assert (status, headers["Content-Type"], body) == (204, "application/json; charset=utf-8", "")
    assert call("PATCH", path, {"enabled": True})[0] == 200
    assert call("DELETE", path)[::2] == (204, "")
    assert call("GET", path)[0] == 404
    assert call("GET", "/hooks/")[0] == 404


def test_a_get_with_a_body_of_null_leaves_the_connection_usable(server: Served, token: str) -> None:
    connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=30)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    for _ in range(2):
        connection.request("GET", "/api/v2/hooks", body="null\n", headers=headers)
        answer = connection.getresponse()
        assert (answer.status, answer.read()[:1]) == (200, b"[")
    connection.request("HEAD", "/api/v2/hooks", headers=headers)
    head = connection.getresponse()
    assert (head.status, head.read()) == (200, b"")
    connection.request("DELETE", "/api/v2/hooks/x", headers=headers)
    assert connection.getresponse().status == 404
    connection.close()


def test_a_body_over_the_limit_is_refused_through_the_socket(server: Served, token: str) -> None:
    connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=30)
    connection.request("POST", "/api/v2/hooks", b" " * 4_000_001, {"Authorization": f"Bearer {token}"})
    answer = connection.getresponse()
    assert answer.status == 413
    assert json.loads(answer.read())["message"] == "Payload content length greater than maximum allowed: 4000000"
    connection.close()


def test_a_refusal_arrives_although_its_body_was_not_wanted(server: Served) -> None:
    connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=30)
    for _ in range(2):
        connection.request("POST", "/api/v2/hooks", b" " * 3_000_000, {"Authorization": "Bearer a.b.c"})
        answer = connection.getresponse()
        assert (answer.status, json.loads(answer.read())["message"]) == (401, "Invalid token")
    connection.close()
