"""Encryption at rest, for the values of secrets."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models

from hooksui.data_dir import files

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]  # at run time fields take no type arguments
    """Text that the database sees encrypted only. Reading decrypts with any of the keys, writing uses the first."""

    def get_prep_value(self, value: Any) -> Any:
        """The encrypted form of `value`, which is what the column holds."""
        return None if value is None else _keyset(settings.DATA_DIR).encrypt(str(value).encode()).decode("ascii")

    def from_db_value(self, value: str | None, *_: object) -> str | None:
        """The text behind the column's `value`. Raises cryptography's InvalidToken where no key fits."""
        return None if value is None else _keyset(settings.DATA_DIR).decrypt(value.encode("ascii")).decode()


@cache
def _keyset(data_dir: Path) -> MultiFernet:
    # Models are imported at every start, and few requests touch a secret.
    from cryptography.fernet import Fernet, MultiFernet

    keys = files.read(data_dir, files.ENCRYPTION_KEYS)
    if not keys:
        raise ImproperlyConfigured(f"{data_dir / files.ENCRYPTION_KEYS} has no key. Run `manage.py bootstrap`.")
    return MultiFernet([Fernet(key) for key in keys.split()])
