"""What all tests share: a data folder of their own, a stand-in for Auth0, a browser."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import django
import pytest
from hypothesis import configuration
from playwright.sync_api import Browser, sync_playwright
from pytest_django import Settings

# Before Django reads its settings: nothing that the shell configures counts, and nothing is written beside the code.
for name in list(os.environ):
    own = name in ("HOST", "PORT", "PUBLIC_URL", "LOG_LEVEL")
    if own or name.startswith(("LOCAL_", "ADMIN_", "RUNNER_")) or "AUTH0_" in name:
        del os.environ[name]
_data_dir = tempfile.TemporaryDirectory(prefix="hooksui-tests-")
os.environ |= {"DATA_DIR": _data_dir.name, "TENANTS": "local", "DJANGO_SETTINGS_MODULE": "hooksui.settings"}

# What Hypothesis writes down while pytest collects would otherwise stay beside the code.
configuration.set_hypothesis_home_dir(_data_dir.name)

from hooksui.data_dir import keys  # noqa: E402

keys.write_missing(Path(_data_dir.name))
django.setup()
# Read by now. A process that this one starts for a part of the tests would read the settings too early with it.
del os.environ["DJANGO_SETTINGS_MODULE"]

from tests import chromium  # noqa: E402
from tests.fakes import fake_api  # noqa: E402, F401 - a fixture


@pytest.fixture(autouse=True)
def _fast_passwords(settings: Settings) -> None:
    """Hashing that takes a third of a second is for people's passwords, not for tests'."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    """Each test leaves no counted tries and no connection or token behind."""
    from django.core.cache import cache

    from hooksui.tenants.client import open_client

    yield
    cache.clear()
    open_client.cache_clear()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, started once for a file: beside Playwright's event loop Django refuses its database."""
    with sync_playwright() as playwright:
        started = chromium.launch(playwright)
        yield started
        started.close()
