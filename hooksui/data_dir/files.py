"""The files of DATA_DIR: the database and three keys, readable by their owner only. keys.py makes the keys."""

from pathlib import Path

from hooksui import env

DATABASE = "db.sqlite3"
SECRET_KEY = "secret_key"  # noqa: S105 - a file's name
ENCRYPTION_KEYS = "encryption_keys"
SIGNING_KEY = "signing_key.pem"


def read(data_dir: Path, name: str) -> str | None:
    """The stripped text of one key file of `data_dir`; None where it does not exist yet.

    Raises `env.SettingError` where it is no file that can be read.
    """
    try:
        return (data_dir / name).read_text(encoding="ascii").strip()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        env.bad("DATA_DIR", f"{data_dir / name} cannot be read: {error.strerror}.")
    except UnicodeDecodeError:
        env.bad("DATA_DIR", f"{data_dir / name} is not a key. Restore it from your backup.")
