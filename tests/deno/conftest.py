"""The check that runs leave nothing behind, and a registry of NPM modules."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.deno.traces import NOTHING, look, processes
from tests.fakes import _PROXIES
from tests.fakes.npm_registry import FakeRegistry
from tests.runner.calling import call


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


@pytest.fixture
def registry(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeRegistry]:
    """A registry without packages, and a Runner that has installed nothing yet, which leaves nothing half installed."""
    settings.DATA_DIR = tmp_path / "data"
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in _PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    with FakeRegistry() as registry:
        monkeypatch.setenv("NPM_CONFIG_REGISTRY", registry.origin)
        yield registry
    assert processes() == []
    assert list((tmp_path / "data" / "runner" / "modules").glob("new-*")) == []
