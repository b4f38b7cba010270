"""Where the scripts of hooks are that files name: found among the texts, and those noticed that nothing names."""

import posixpath
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable

from hooksui.transfer.files.definition import Gap, UnreadableError
from hooksui.transfer.files.texts import SCRIPTS, Texts, resolve

# What stands in the field `script` of a file, to the Deploy CLI a path at all times, is one here where it is one line
# that begins like a relative path, or ends like a script's, or is a word with a dot, a slash or a hyphen and with none
# of the signs that it takes to export a function. All else, and a comment, is the script itself.
_SCRIPT_NAME = re.compile(
    r"""(?!//|/\*) (
        \.{1,2}/[^\n\r]*
        | (/[^\n\r]*|[^\n\r{}();]*)\.(?i:[cm]?js)
        | [^\s={}();'"`./\\-]*+[./\\-][^\s={}();'"`]*+
    )""",
    re.VERBOSE,
)
_EXPORT = re.compile(r"\bexports\b")


class ScriptFiles:
    """The scripts among `texts`. `taken` are the paths of those that files name."""

    def __init__(self, texts: Texts) -> None:
        self.taken: set[str] = set()
        self._texts = texts
        self._scripts = {path: text for path, text in texts.by_path.items() if is_script(path)}
        self._broken = {path: reason for path, reason in texts.near.items() if reason}
        self._broken |= {error.source: error.reason for error in texts.unreadable if is_script(error.source)}
        self._flat = not any("/" in path for path in texts.by_path)
        self._paths = Paths([*self._scripts, *self._broken])

    def named(self, path: str, name: str) -> tuple[str, str]:
        """The script that the file at `path` calls `name`, and where it is: another file, or the name itself.

        Raises UnreadableError.
        """
        if not _SCRIPT_NAME.fullmatch(name):
            return name, path
        folder = posixpath.dirname(path)
        wanted = resolve(folder, name)
        if wanted is None:
            raise UnreadableError(path, f"The script {name} is outside the files that were given.")
        # Some tools name it from the folder above; and single files that somebody chose in a browser have no folders.
        above = resolve(posixpath.dirname(folder), name) if posixpath.basename(folder) == "hooks" else None
        places = [wanted, above, posixpath.basename(wanted) if self._flat else None]
        return self._load(path, name, [place for place in places if place])

    def beside(self, path: str) -> tuple[str, str] | None:
        """The script of the same name beside the file at `path`, and where it is; None where there is none.

        So Auth0's extensions for deployments from GitHub, GitLab, Bitbucket and Azure keep hooks. Raises
        UnreadableError.
        """
        stem = posixpath.splitext(path)[0]
        places = [stem + end for end in SCRIPTS]
        return self._load(path, posixpath.basename(places[0]), places) if any(map(self._find, places)) else None

    def left(self) -> list[str]:
        """The paths of scripts that no file is known to name."""
        paths = dict.fromkeys([*self._scripts, *self._broken])
        return [path for path in paths if path not in self.taken and path not in self._texts.near]

    def text(self, path: str) -> str | None:
        """The script at `path`, None where it cannot be read."""
        return self._scripts.get(path)

    def forgotten(self, path: str) -> Gap | None:
        """The word for a script where hooks are kept that no file names; None where it is no hook's."""
        stem = posixpath.splitext(posixpath.basename(path))[0]
        if path in self._broken:
            return Gap(path, f"is not named by any file, and cannot be read: {self._broken[path]}", stem)
        if _EXPORT.search(self._scripts[path]):
            return Gap(
                path, "is not named by any file. If it is a hook's script, the JSON of the hook is missing.", stem
            )
        return None

    def _load(self, path: str, name: str, places: list[str]) -> tuple[str, str]:
        found = next(filter(None, map(self._find, places)), None)
        if found is None:
            raise UnreadableError(path, f"The script {name} is missing. {_advice(name)}")
        self.taken.add(found)
        if found in self._broken:
            raise UnreadableError(path, f"The script {name} cannot be read: {self._broken[found]}")
        return self._scripts[found], found

    def _find(self, path: str) -> str | None:
        return self._paths.find(path)


class Paths:
    """Paths of files, found by how a file names them."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._paths = set(paths)
        self._alike: dict[str, list[str]] = defaultdict(list)
        for path in self._paths:
            self._alike[_form(path)].append(path)

    def find(self, path: str) -> str | None:
        """The file at `path`; else the only one whose path differs in nothing but the form of letters, or their case.

        Systems write ü as one sign or as two, and some take capitals for the same as small letters.
        """
        if path in self._paths:
            return path
        alike = self._alike.get(_form(path), [])
        same = [other for other in alike if unicodedata.normalize("NFC", other) == unicodedata.normalize("NFC", path)]
        candidates = same or alike
        return candidates[0] if len(candidates) == 1 else None


def is_script(path: str) -> bool:
    """Whether the name says that it is a script."""
    return path.lower().endswith(SCRIPTS)


def _form(path: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


def _advice(script: str) -> str:
    """What to do where the file `script` was not given, or not read since it is of another kind."""
    if is_script(script):
        return "Choose it as well, or the whole folder."
    return f"Give it a name that ends with {', '.join(SCRIPTS[:-1])} or {SCRIPTS[-1]}, and choose it as well."
