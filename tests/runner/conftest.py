"""The check that runs leave nothing behind."""

from collections.abc import Iterator

import pytest

from tests.runner.calling import call
from tests.runner.traces import NOTHING, look


@pytest.fixture(scope="session")
def _warm() -> None:
    """Deno's own caches, which the first run makes and which stay."""
    call("cb();")


@pytest.fixture
def nothing_left(_warm: None) -> Iterator[None]:
    """Fails the test where a process, a file, an open pipe or a thread is left after it."""
    before = look()
    yield
    assert look().since(before) == NOTHING
