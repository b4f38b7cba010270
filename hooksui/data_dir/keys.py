"""Making the keys of DATA_DIR, each once. Apart from reading them, which every start does without these libraries."""

import fcntl
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from hooksui.data_dir.files import ENCRYPTION_KEYS, SECRET_KEY, SIGNING_KEY

OWNER_ONLY = 0o600


def _signing_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode("ascii")


# File name -> what makes its first content.
_MAKERS: dict[str, Callable[[], str]] = {
    SECRET_KEY: lambda: secrets.token_urlsafe(50),
    ENCRYPTION_KEYS: lambda: Fernet.generate_key().decode("ascii"),
    SIGNING_KEY: _signing_key,
}


def write_missing(data_dir: Path) -> None:
    """Make `data_dir` and every key file that it lacks. Existing ones stay; two processes at once agree on one content.

    Raises OSError where the folder cannot be written.
    """
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, make in _MAKERS.items():
        if not (data_dir / name).exists():
            _write_once(data_dir / name, make())


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
