"""Values of secrets at rest."""

from pathlib import Path

import pytest
from cryptography.fernet import Fernet, InvalidToken
from django.db import connection
from pytest_django import Settings

from hooksui.data_dir import files
from hooksui.embedded.models import HookSecret
from tests.embedded.conftest import Api, Hooks


def raw_value() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM embedded_hooksecret")
        return str(cursor.fetchone()[0])


def keys_of(settings: Settings, folder: Path, *keys: bytes) -> None:
    """Let the encryption keys be `keys`, the first one writing; everything else of DATA_DIR stays."""
    folder.mkdir()
    (folder / files.ENCRYPTION_KEYS).write_bytes(b"\n".join(keys) + b"\n")
    (folder / files.SIGNING_KEY).write_text(files.read(settings.DATA_DIR, files.SIGNING_KEY) or "")
    settings.DATA_DIR = folder


def test_the_database_never_sees_a_value(api: Api, new_hook: Hooks) -> None:
    path = f"/hooks/{new_hook()['id']}/secrets"
    api.post(path, {"a": "my custom api key"})
    first = raw_value()
    api.patch(path, {"a": "my custom api key"})
    assert "my custom api key" not in first
    assert raw_value() != first
    assert HookSecret.objects.get().value == "my custom api key"


def test_a_second_key_reads_and_the_first_one_writes(
    api: Api, new_hook: Hooks, settings: Settings, tmp_path: Path
) -> None:
    old, new = Fernet.generate_key(), Fernet.generate_key()
    path = f"/hooks/{new_hook()['id']}/secrets"
    keys_of(settings, tmp_path / "old", old)
    api.post(path, {"a": "before"})
    keys_of(settings, tmp_path / "both", new, old)
    assert HookSecret.objects.get().value == "before"
    api.patch(path, {"a": "after"})
    assert Fernet(new).decrypt(raw_value()) == b"after"
    keys_of(settings, tmp_path / "new", new)
    assert HookSecret.objects.get().value == "after"


def test_without_the_key_a_value_cannot_be_read_but_its_name_can(
    api: Api, new_hook: Hooks, settings: Settings, tmp_path: Path
) -> None:
    path = f"/hooks/{new_hook()['id']}/secrets"
    api.post(path, {"a": "1"})
    keys_of(settings, tmp_path / "other", Fernet.generate_key())
    assert api.get(path).json() == {"a": "_VALUE_NOT_SHOWN_"}
    assert api.patch(path, {"a": "2"}).status_code == 201
    keys_of(settings, tmp_path / "third", Fernet.generate_key())
    with pytest.raises(InvalidToken):
        HookSecret.objects.get()
