"""A connection to the fake Management API."""

import threading
from collections.abc import Callable

import pytest

from hooksui.auth0.connection import Connection
from hooksui.auth0.hooks import Hooks
from hooksui.auth0.pace import Clock
from hooksui.auth0.transport import PooledAdapter
from hooksui.tenants.config import LOCAL, LOCAL_ORIGIN, Tenant
from tests.fakes import FakeApi
from tests.fakes.management_api import CLIENT_ID, CLIENT_SECRET

Connect = Callable[..., Connection]


class QuickClock(Clock):
    """A clock that is moved on where others sleep. `slept` are the seconds, one entry for each time."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def now(self) -> float:
        """The real time, and what was slept."""
        return super().now() + sum(self.slept)

    def unix(self) -> float:
        """The same."""
        return super().unix() + sum(self.slept)

    def sleep(self, seconds: float) -> None:
        """Only note it."""
        self.slept.append(seconds)

    def sleep_unless(self, stop: threading.Event, seconds: float) -> bool:
        """The same."""
        self.slept.append(seconds)
        return stop.is_set()


@pytest.fixture
def clock() -> QuickClock:
    """The clock of all connections of a test."""
    return QuickClock()


@pytest.fixture
def waited(clock: QuickClock) -> list[float]:
    """The seconds that connections would have let pass after a 429, one entry for each wait."""
    return clock.slept


@pytest.fixture
def connect(fake_api: FakeApi, clock: QuickClock) -> Connect:
    """Opens connections, with the client's credentials where nothing else is said; they do not sleep."""

    def open_one(**options: object) -> Connection:
        given: dict[str, object] = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET} | options
        return Connection(fake_api.origin, PooledAdapter(), clock=clock, **given)  # type: ignore[arg-type]

    return open_one


@pytest.fixture(params=["fake", "embedded"])
def tenant(request: pytest.FixtureRequest, fake_api: FakeApi, db: None) -> Tenant:
    """A tenant with no hooks, over HTTP or in this process."""
    return fake_api.tenant() if request.param == "fake" else Tenant(LOCAL, LOCAL_ORIGIN)


@pytest.fixture
def hooks(connect: Connect) -> Hooks:
    """The hooks behind a connection."""
    return Hooks(connect())
