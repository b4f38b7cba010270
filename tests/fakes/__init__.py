"""Stand-ins for what lies outside this program: the Management API of a tenant, on a real loopback socket."""

from collections.abc import Iterator

import pytest

from tests.fakes.management_api import FakeApi, Manner, Reply, Request

__all__ = ["FakeApi", "Manner", "Reply", "Request", "fake_api"]

_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture
def fake_api(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeApi]:
    """A Management API without hooks, which takes every write until the test says otherwise."""
    for name in _PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    with FakeApi() as api:
        yield api
