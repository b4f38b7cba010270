"""What all tests share: a data folder of their own, and people who may sign in."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

# Before Django reads its settings: no variable of the machine counts, and nothing is written beside the code.
for name in [name for name in os.environ if name.endswith(("AUTH0_DOMAIN", "AUTH0_TOKEN", "AUTH0_CLIENT_ID"))]:
    del os.environ[name]
_data_dir = tempfile.TemporaryDirectory(prefix="hooksui-tests-")
os.environ |= {"DATA_DIR": _data_dir.name, "TENANTS": ""}

from hooksui.data_dir import files  # noqa: E402

files.write_missing(Path(_data_dir.name))


@pytest.fixture(autouse=True)
def _fast_passwords(settings: pytest.FixtureRequest) -> None:
    """Hashing that takes a third of a second is for people's passwords, not for tests'."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    """Each test begins with no tries counted and no connection or token kept."""
    from django.core.cache import cache

    from hooksui.auth0 import open_client

    yield
    cache.clear()
    open_client.cache_clear()
