"""Where hooks are read from: a zip, a folder, or single files, all as texts by their paths.

Reading never writes to the disk, and nothing outside what was given is read. The limits are far beyond what hooks need
and keep a bomb from filling the memory.
"""

import io
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from hooksui.transfer.files.definition import UnreadableError
from hooksui.transfer.files.texts import MAX_FILE, MAX_TOTAL, Texts, resolve
from hooksui.transfer.formats import registry

MAX_FILES = 10_000  # entries of an archive or a folder
# A file that unpacks to more than this many times its size, beyond the first megabyte, is no text that people wrote.
MAX_RATIO = 200
# What systems and tools put beside people's files.
_NOISE = re.compile(r"(^|/)(__MACOSX|node_modules|\.[^./][^/]*|Thumbs\.db|desktop\.ini)(/|$)")
_MAX_PATH = 1_000
# What every entry of a zip has in the archive's list of contents begins with it (APPNOTE.TXT, 4.3.12).
_ZIP_ENTRY = b"PK\x01\x02"
# The library unpacks other methods without an eye on the limit.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def from_uploads(uploads: Iterable[tuple[str, bytes]]) -> Texts:
    """The texts of uploaded files, pairs of path and content; a zip stands for what is in it.

    Raises UnreadableError.
    """
    texts = Texts()
    for number, (path, content) in enumerate(uploads):
        if number == MAX_FILES:
            raise _too_many(path)
        if content[:4] in (b"PK\x03\x04", b"PK\x05\x06") or path.lower().endswith(".zip"):
            _add_zip(texts, path, content)
        else:
            _add_file(texts, path, content)
    return texts


def from_folder(folder: Path) -> Texts:
    """The texts below `folder`. Links are not followed. Raises UnreadableError, also where the disk refuses."""
    texts = Texts()
    count = 0
    try:
        for base, folders, names in os.walk(folder, onerror=_raise):
            below = Path(base).relative_to(folder).as_posix()
            linked = [name for name in folders if (Path(base) / name).is_symlink()]
            folders[:] = sorted(name for name in folders if not _NOISE.search(name) and name not in linked)
            for name in sorted([*names, *linked]):
                count += 1
                path = name if below == "." else f"{below}/{name}"
                if count > MAX_FILES:
                    raise _too_many(path)
                _add_from_disk(texts, Path(base) / name, path)
    except OSError as error:
        raise UnreadableError(
            str(error.filename or folder), f"It cannot be read: {error.strerror or error}."
        ) from error
    return texts


def from_path(path: Path) -> Texts:
    """The texts of a folder, or of one file, which may be a zip. Raises UnreadableError."""
    try:
        if path.is_dir():
            return from_folder(path)
        with path.open("rb") as file:
            content = file.read(MAX_TOTAL + 1)
    except OSError as error:
        raise UnreadableError(str(path), f"It cannot be read: {error.strerror or error}.") from error
    if len(content) > MAX_TOTAL:
        raise UnreadableError(str(path), f"It has more than {MAX_TOTAL // 1_000_000} MB.")
    texts = from_uploads([(path.name, content)])
    if endings := registry.beside(path.name):
        _add_neighbours(texts, path, endings)
    return texts


def _add_zip(texts: Texts, name: str, content: bytes) -> None:
    if content.count(_ZIP_ENTRY) > MAX_FILES:
        raise _too_many(name)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            seen: set[str] = set()
            for entry in archive.infolist():
                if not entry.filename.endswith("/") and not _NOISE.search(entry.filename):
                    _add_entry(texts, archive, entry, seen)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError, OverflowError, OSError) as error:
        raise UnreadableError(name, "This is not a zip that can be read. Create it again.") from error


def _add_entry(texts: Texts, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, seen: set[str]) -> None:
    """Take in one file of a zip; a file whose path leads outside is refused, as is a link."""
    # What stands in the archive, not what the library made of it.
    path = entry.orig_filename.replace("\\", "/")
    shown = re.sub(r"[\x00-\x1f\x7f]", "?", path)[:_MAX_PATH]
    if shown != path:
        texts.refuse(shown, "Its path is too long, or has characters that no path has.")
    elif ".." in path.split("/") or resolve("", path) is None:
        texts.refuse(path, "Its path leads out of the archive.")
    elif stat.S_ISLNK(entry.external_attr >> 16):
        texts.refuse(path, "It is a link. Put the file itself in the archive.")
    elif not path.lower().endswith(registry.TAKEN):
        texts.others += 1
    elif path in seen:
        texts.refuse(path, "It appears twice in the archive.")
    elif entry.flag_bits & 1:
        texts.refuse(path, "It is encrypted. Make the archive without a password.")
    elif entry.compress_type not in _METHODS:
        texts.refuse(path, "Its compression is not supported. Use the usual one, Deflate.")
    else:
        seen.add(path)
        _add_file(texts, path, _unpacked(archive, entry, path))


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: str) -> bytes:
    """The content of `entry`, whatever size its header claims. Raises UnreadableError for a bomb."""
    most = min(MAX_FILE, max(1_000_000, entry.compress_size * MAX_RATIO))
    with archive.open(entry) as stream:
        content = stream.read(most + 1)
    if len(content) > most:
        raise UnreadableError(path, f"It unpacks to more than {most // 1_000_000} MB. No hook is that large.")
    return content


def _add_file(texts: Texts, name: str, content: bytes) -> None:
    path = resolve("", name)
    if path is None:
        texts.refuse(name, "Its path leads outside.")
    elif _NOISE.search(path) or not path.lower().endswith(registry.TAKEN):
        texts.others += 1
    elif len(content) > MAX_FILE:
        texts.refuse(path, f"It has more than {MAX_FILE // 1_000_000} MB. No hook is that large.")
    elif path in texts.by_path:
        texts.refuse(path, "It appears twice.")
    else:
        texts.add(path, content)


def _add_from_disk(texts: Texts, file: Path, path: str) -> None:
    try:
        linked = file.is_symlink()
        # A folder that is missed would look like one without hooks.
        if _NOISE.search(path) or not (path.lower().endswith(registry.TAKEN) or (linked and file.is_dir())):
            texts.others += 1
        elif linked:
            texts.refuse(path, "It is a link. Replace it with the file that it points to.")
        elif not file.is_file():
            texts.others += 1
        else:
            with file.open("rb") as stream:
                _add_file(texts, path, stream.read(MAX_FILE + 1))
    except OSError as error:
        texts.refuse(path, f"It cannot be read: {error.strerror or error}.")


def _add_neighbours(texts: Texts, path: Path, endings: tuple[str, ...]) -> None:
    """What a single file may take from others beside it and in a folder beside it, as far as they are usable."""
    folder, beside = path.parent, Texts()
    found = [*folder.glob("*.*"), *folder.glob("*/*.*")]
    needed = sorted(file for file in found if file.name.lower().endswith(endings))
    # What is too large is missed where it is named, and else by nobody.
    with suppress(UnreadableError):
        for file in needed[:MAX_FILES]:
            if file.parent == folder or not file.parent.is_symlink():
                _add_from_disk(beside, file, file.relative_to(folder).as_posix())
    texts.near = dict.fromkeys(beside.by_path, "") | {error.source: error.reason for error in beside.unreadable}
    texts.by_path |= beside.by_path


def _too_many(path: str) -> UnreadableError:
    return UnreadableError(path, f"There are more than {MAX_FILES} files. Choose only the files of the hooks.")


def _raise(error: OSError) -> None:
    raise error
