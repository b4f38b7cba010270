"""Callers side by side, on a real server with real threads."""

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
import requests

from tests.embedded.conftest import CLIENT_ID, CLIENT_SECRET
from tests.serving import Served, network_token

CALLERS = 8


@pytest.fixture
def session(server: Served) -> requests.Session:
    """A session that is signed in."""
    token = network_token(server.url, CLIENT_ID, CLIENT_SECRET)
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {token}"
    return session


def side_by_side(call: Callable[[int], requests.Response]) -> Counter[int]:
    """Let CALLERS threads begin `call` at once, each with its number; counts the answers by status."""
    statuses: list[int] = []
    start = threading.Barrier(CALLERS)

    def run(number: int) -> None:
        start.wait()
        statuses.append(call(number).status_code)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(CALLERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(statuses)


def create(session: requests.Session, server: Served, **changes: Any) -> requests.Response:
    body = {"script": "1", "triggerId": "post-change-password", **changes}
    return session.post(f"{server.url}/api/v2/hooks", json=body, timeout=30)


def test_enabling_side_by_side_leaves_exactly_one_enabled(session: requests.Session, server: Served) -> None:
    created = [create(session, server, name=f"rival {chr(97 + number)}").json()["id"] for number in range(CALLERS)]

    def enable(number: int) -> requests.Response:
        return session.patch(f"{server.url}/api/v2/hooks/{created[number]}", json={"enabled": True}, timeout=30)

    for _ in range(3):
        assert side_by_side(enable) == {200: CALLERS}
        query = {"enabled": "true", "triggerId": "post-change-password"}
        assert len(session.get(f"{server.url}/api/v2/hooks", params=query, timeout=30).json()) == 1


def test_creating_enabled_hooks_side_by_side_leaves_exactly_one_enabled(
    session: requests.Session, server: Served
) -> None:
    def create_enabled(number: int) -> requests.Response:
        name = f"born enabled {chr(97 + number)}"
        return create(session, server, name=name, enabled=True, triggerId="send-phone-message")

    assert side_by_side(create_enabled) == {201: CALLERS}
    query = {"enabled": "true", "triggerId": "send-phone-message"}
    assert len(session.get(f"{server.url}/api/v2/hooks", params=query, timeout=30).json()) == 1


def test_one_name_is_given_once(session: requests.Session, server: Served) -> None:
    statuses = side_by_side(lambda number: create(session, server, name="the same name"))
    assert statuses == {201: 1, 409: CALLERS - 1}


def test_adding_secrets_side_by_side_keeps_the_limit(session: requests.Session, server: Served) -> None:
    address = f"{server.url}/api/v2/hooks/{create(session, server, name='with secrets').json()['id']}/secrets"

    def add(number: int) -> requests.Response:
        return session.post(address, json={f"{number}-{index}": "1" for index in range(5)}, timeout=30)

    assert side_by_side(add) == {201: 4, 400: CALLERS - 4}
    assert len(session.get(address, timeout=30).json()) == 20
