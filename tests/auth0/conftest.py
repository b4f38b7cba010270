"""A connection to the fake Management API."""

from collections.abc import Callable

import pytest

from hooksui.auth0.connection import Connection
from hooksui.auth0.hooks import Hooks
from hooksui.auth0.transport import PooledAdapter
from hooksui.tenants.config import LOCAL, LOCAL_ORIGIN, Tenant
from tests.fakes import FakeApi
from tests.fakes.management_api import CLIENT_ID, CLIENT_SECRET

Connect = Callable[..., Connection]


@pytest.fixture
def waited() -> list[float]:
    """The seconds that a connection would have let pass, one entry for each wait."""
    return []


@pytest.fixture
def connect(fake_api: FakeApi, waited: list[float]) -> Connect:
    """Opens connections, with the client's credentials where nothing else is said; they record waits."""

    def open_one(**options: object) -> Connection:
        given: dict[str, object] = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET} | options
        return Connection(fake_api.origin, PooledAdapter(), wait=waited.append, **given)  # type: ignore[arg-type]

    return open_one


@pytest.fixture(params=["fake", "embedded"])
def tenant(request: pytest.FixtureRequest, fake_api: FakeApi, db: None) -> Tenant:
    """A tenant with no hooks, over HTTP or in this process."""
    return fake_api.tenant() if request.param == "fake" else Tenant(LOCAL, LOCAL_ORIGIN)


@pytest.fixture
def hooks(connect: Connect) -> Hooks:
    """The hooks behind a connection."""
    return Hooks(connect())
