"""Files as texts by their paths, and how one file names another."""

import codecs
import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from hooksui.transfer.files import signs
from hooksui.transfer.files.definition import UnreadableError

MAX_FILE = 16_000_000  # bytes
MAX_TOTAL = 64_000_000  # bytes of all files that are read
SCRIPTS = (".js", ".cjs", ".mjs")
_HOOKS = re.compile("(^|/)hooks/")


@dataclass
class Texts:
    """Texts by their paths, with `/` between folders. `others` counts files of kinds that are not read.

    `near` are files that nobody gave: they lie near one that was given and may need them. By path, why one of
    these cannot be used, "" where it can. `unrelated` are the paths of unreadable files that show no sign of hooks.
    """

    by_path: dict[str, str] = field(default_factory=dict)
    unreadable: list[UnreadableError] = field(default_factory=list)
    others: int = 0
    near: dict[str, str] = field(default_factory=dict)
    unrelated: set[str] = field(default_factory=set)
    _bytes: int = 0

    def add(self, path: str, content: bytes) -> None:
        """Take in one file. Raises UnreadableError where all files together are too large."""
        self._bytes += len(content)
        if self._bytes > MAX_TOTAL:
            raise UnreadableError(path, f"All files together have more than {MAX_TOTAL // 1_000_000} MB.")
        try:
            self.by_path[path] = content.decode(_encoding(path, content))
        except UnicodeDecodeError as error:
            if not (path.lower().endswith(SCRIPTS) or _HOOKS.search(path) or signs.has_clue(_letters(content))):
                self.unrelated.add(path)
            line = content.count(b"\n", 0, error.start) + 1
            self.refuse(path, f"Line {line} is not encoded in UTF-8. Save the file with that encoding.")

    def refuse(self, path: str, reason: str) -> None:
        """Note that the file at `path` cannot be used."""
        self.unreadable.append(UnreadableError(path, reason))


def _letters(content: bytes) -> str:
    """What `content` has of plain letters, whatever its encoding."""
    return content.replace(b"\0", b"").decode("latin-1")


def _encoding(path: str, content: bytes) -> str:
    if path.lower().endswith(SCRIPTS):
        # A byte order mark is part of a script, and in the way of the readers of all else.
        return "utf-8"
    # Older shells of Windows write what programs print in UTF-16, with a mark.
    return "utf-16" if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"


def resolve(folder: str, path: str) -> str | None:
    """The path of `path`, as a file in `folder` names it, from the root; None where it leads outside or is absolute."""
    path = path.replace("\\", "/")
    if path.startswith("/") or re.match("[A-Za-z]:", path):
        return None
    parts: list[str] = []
    for part in PurePosixPath(folder, path).parts:
        if part == "..":
            if not parts:
                return None
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)
