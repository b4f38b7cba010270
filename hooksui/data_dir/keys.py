"""Making the keys of DATA_DIR, each once. Apart from reading them, which every start does without these libraries."""

import fcntl
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from hooksui.data_dir.files import DATABASE, ENCRYPTION_KEYS, SECRET_KEY, SIGNING_KEY, read

OWNER_ONLY, OWNER_ONLY_FOLDER = 0o600, 0o700


def _signing_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode("ascii")


@dataclass(frozen=True)
class _Key:
    """What makes the first content of a key file, and what raises ValueError for a content that is not a key."""

    make: Callable[[], str]
    check: Callable[[str], object]


def _check_secret_key(text: str) -> None:
    if not text:
        raise ValueError


_KEYS = {
    SECRET_KEY: _Key(lambda: secrets.token_urlsafe(50), _check_secret_key),
    ENCRYPTION_KEYS: _Key(
        lambda: Fernet.generate_key().decode("ascii"), lambda text: MultiFernet([Fernet(key) for key in text.split()])
    ),
    SIGNING_KEY: _Key(_signing_key, lambda text: load_pem_private_key(text.encode("ascii"), password=None)),
}


class UnusableKeyError(Exception):
    """A key file is lost or broken in a way that only a person can mend. The text says which and how."""


def write_missing(data_dir: Path) -> None:
    """Make `data_dir` and every key file that it lacks, all for their owner alone; two processes agree on one content.

    Existing files stay as they are, their permissions aside. Raises OSError where the folder cannot be written, and
    UnusableKeyError where a key is broken or the one is lost with which the database's secrets were encrypted.
    """
    data_dir.mkdir(mode=OWNER_ONLY_FOLDER, parents=True, exist_ok=True)
    if (data_dir / DATABASE).exists() and not (data_dir / ENCRYPTION_KEYS).exists():
        raise UnusableKeyError(f"{ENCRYPTION_KEYS} is missing, but the database is there. Restore it from your backup.")
    for name, key in _KEYS.items():
        if not (data_dir / name).exists():
            _write_once(data_dir / name, key.make())
        try:
            key.check(read(data_dir, name) or "")
        except ValueError as error:
            raise UnusableKeyError(f"{name} is not a key. Restore it from your backup.") from error
    for path, mode in [(data_dir, OWNER_ONLY_FOLDER), *((file, OWNER_ONLY) for file in _own_files(data_dir))]:
        if path.stat().st_mode & 0o777 != mode:
            path.chmod(mode)


def _own_files(data_dir: Path) -> list[Path]:
    return [*(data_dir / name for name in _KEYS), *data_dir.glob(f"{DATABASE}*")]


@contextmanager
def alone(data_dir: Path) -> Iterator[None]:
    """Wait until no other process is in such a block with the same folder, and keep others out until its end."""
    folder = os.open(data_dir, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _write_once(path: Path, content: str) -> None:
    # Written aside and linked into place: whoever sees the file sees it whole, and the first one wins.
    aside = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY), "w") as file:
            file.write(content + "\n")
        os.link(aside, path)
    except FileExistsError:
        pass
    finally:
        aside.unlink(missing_ok=True)
