"""Texts by their paths as a zip or in a folder."""

import errno
import io
import stat
import zipfile
from pathlib import Path


def to_zip(texts: dict[str, str]) -> bytes:
    """A zip of `texts` by path. The same texts give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in texts.items():
            entry = zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0))
            entry.external_attr = (stat.S_IFREG | 0o644) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, text.encode("utf-8", "replace"))
    return buffer.getvalue()


def to_folder(texts: dict[str, str], folder: Path) -> None:
    """Write `texts` by path below `folder`, which is made where it does not exist, and nothing elsewhere.

    A link in the place of a file is replaced. Raises OSError, also where a folder below `folder` is a link out of it.
    """
    for inner in dict.fromkeys((folder / path).parent for path in texts):
        inner.mkdir(parents=True, exist_ok=True)
        if not inner.resolve().is_relative_to(folder.resolve()):
            raise OSError(errno.ELOOP, "it is a link to another place", str(inner))
    for path, text in texts.items():
        target = folder / path
        if target.is_symlink():
            target.unlink()
        target.write_bytes(text.encode("utf-8", "replace"))
