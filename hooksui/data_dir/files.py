"""The files of DATA_DIR besides the database: three keys, readable by their owner only. keys.py makes them."""

from pathlib import Path

SECRET_KEY = "secret_key"  # noqa: S105 - a file's name
ENCRYPTION_KEYS = "encryption_keys"
SIGNING_KEY = "signing_key.pem"


def read(data_dir: Path, name: str) -> str | None:
    """The stripped text of one key file of `data_dir`; None where it does not exist yet."""
    try:
        return (data_dir / name).read_text(encoding="ascii").strip()
    except (FileNotFoundError, NotADirectoryError):
        return None
