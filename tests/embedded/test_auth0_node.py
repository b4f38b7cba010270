"""node-auth0 works on the embedded API, through sockets; tests/node/hooks.mjs drives it."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests import node_tools
from tests.embedded.conftest import CLIENT_ID, CLIENT_SECRET
from tests.serving import Certificate, Served

FOLDER = Path(__file__).parent.parent / "node"
Journey = Callable[[str, Served], dict[str, Any]]


@pytest.fixture(scope="session")
def journey(certificate: Certificate) -> Journey:
    """Runs a journey of hooks.mjs against a server and returns what it printed."""
    node_tools.install(FOLDER)

    def run(name: str, server: Served) -> dict[str, Any]:
        domain = server.url.removeprefix("https://")
        ended = subprocess.run(
            [*node_tools.node(), "hooks.mjs", name, domain, CLIENT_ID, CLIENT_SECRET],
            cwd=FOLDER,
            env={**os.environ, "NODE_EXTRA_CA_CERTS": str(certificate.authority)},
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert ended.returncode == 0, ended.stderr
        met: dict[str, Any] = json.loads(ended.stdout)
        return met

    return run


def test_a_hooks_life(journey: Journey, secure_server: Served) -> None:
    met = journey("life", secure_server)
    created = met["created"]
    assert (created["name"], created["enabled"], created["dependencies"]) == ("node-life", False, {"auth0": "2.30.0"})
    assert met["read"] == created
    assert met["oneField"] == {"name": "node-life"}
    assert met["updated"] == {**created, "script": "2"}
    assert met["enabled"] == {**created, "script": "2", "enabled": True}
    assert (met["gone"]["kind"], met["gone"]["body"]["errorCode"]) == ("NotFoundError", "HookDoesNotExist")


def test_lists_are_paged_to_their_end(journey: Journey, secure_server: Served) -> None:
    met = journey("list", secure_server)
    assert set(met["created"]) <= set(met["listed"])
    assert len(met["listed"]) == len(set(met["listed"]))
    assert set(met["sizes"][:-1]) == {2}


def test_enabling_one_disables_the_other(journey: Journey, secure_server: Served) -> None:
    met = journey("enable", secure_server)
    assert met["afterCreating"] == [met["second"]]
    assert met["afterEnabling"] == [met["first"]]


def test_secrets_in_all_four_ways(journey: Journey, secure_server: Served) -> None:
    met = journey("secrets", secure_server)
    assert met["both"] == {"SECRET1": "_VALUE_NOT_SHOWN_", "api-key": "_VALUE_NOT_SHOWN_"}
    assert met["one"] == {"api-key": "_VALUE_NOT_SHOWN_"}
    assert met["missing"]["kind"] == "NotFoundError"
    assert met["taken"]["kind"] == "ConflictError"


def test_refusals_are_typed_exceptions(journey: Journey, secure_server: Served) -> None:
    met = journey("refusals", secure_server)
    assert {name: (each["kind"], each["status"]) for name, each in met.items()} == {
        "conflict": ("ConflictError", 409),
        "invalid": ("BadRequestError", 400),
        "unauthorized": ("UnauthorizedError", 401),
        "forbidden": ("ForbiddenError", 403),
        "credentials": ("ManagementError", 401),
    }
    assert met["forbidden"]["body"]["errorCode"] == "insufficient_scope"
    assert met["credentials"]["body"] == {"error": "access_denied", "error_description": "Unauthorized"}


def test_a_limited_call_is_tried_again_until_it_passes(journey: Journey, limited_server: Served) -> None:
    met = journey("limit", limited_server)
    assert met["statuses"].count(200) >= 2
    assert 429 in met["statuses"][: met["statuses"].index(200, met["statuses"].index(200) + 1)]
    assert met["refused"]["kind"] == "TooManyRequestsError"
    assert met["refused"]["body"]["message"] == "Global limit has been reached"
