"""From files to definitions: which format they have, which hooks they describe, and what cannot be used, and why.

Each format reads its own (registry.py); whatever else seems to have hooks is told as a gap.
"""

import posixpath
from collections.abc import Mapping
from functools import partial
from typing import Any

from hooksui.transfer.files import signs
from hooksui.transfer.files.definition import Gap, UnreadableError
from hooksui.transfer.files.inputs import Inputs
from hooksui.transfer.files.script_files import is_script
from hooksui.transfer.files.texts import Texts
from hooksui.transfer.formats import base, registry
from hooksui.transfer.formats.base import Glance, Reader, Reading, Syntax

__all__ = ["Reading", "read"]

_BESIDE = "seems to have hooks too, and was not read. Import it on its own."
_UNKNOWN = "seems to have hooks, in an unknown form, and was not read."


def read(texts: Texts, values: Mapping[str, Any] | None) -> Reading:
    """Read all hooks that `texts` describe, with `values` for the keywords of the Deploy CLI's files.

    Without values, keywords mean nothing.
    """
    files = [error for error in texts.unreadable if not is_script(error.source)]
    unreadable = [error for error in files if error.source not in texts.unrelated or not texts.by_path]
    reading = Reading(unreadable=unreadable, others=texts.others + len(files) - len(unreadable))
    reading.told = {error.source for error in unreadable}
    inputs = Inputs(texts, values)
    reading.keywords = inputs.unfilled
    _Readers(inputs, reading).read_all()
    if len(reading.definitions) > base.MAX_HOOKS:
        reading.unreadable.append(UnreadableError("All files", f"They have more than {base.MAX_HOOKS} hooks."))
        reading.definitions.clear()
    return reading


class _Readers:
    """The readers of all formats, which go through the files once."""

    def __init__(self, inputs: Inputs, reading: Reading) -> None:
        self._inputs = inputs
        self._reading = reading
        self._all = [form.reader(form, inputs, reading) for form in registry.FORMATS]
        self._looked: set[str] = set()

    def read_all(self) -> None:
        """Read every file that can have hooks.

        A repository has many others, which are none of our business: beside files that are certainly of hooks, such as
        the Deploy CLI's own, none is read that only may have some, and else, where there are several, that which does.
        """
        fitting = {path: readers for path in self._inputs.texts if (readers := self._fitting(path))}
        glances = {path: self._glance(path, readers) for path, readers in fitting.items()}
        alone = any(reader.alone and reader.own for reader in self._all)
        for path, readers in fitting.items():
            if len(fitting) == 1 or self._is_read(path, glances[path], alone):
                base.guarded(self._reading, path, partial(self._read, path, readers))
        for reader in self._all:
            reader.read_rest()
        self._leave_scripts()
        for path in self._inputs.texts:
            if path not in self._reading.told and path not in self._inputs.near and not is_script(path):
                self._leave(path)

    def _fitting(self, path: str) -> list[Reader]:
        """The readers of the file's syntax, where that is one that is read file by file."""
        syntax = registry.syntax_of(path)
        return [] if syntax == Syntax.OWN else [reader for reader in self._all if reader.format.syntax == syntax]

    def _glance(self, path: str, readers: list[Reader]) -> set[Glance]:
        """What the readers say of the file before it is read; each keeps those of its own in mind."""
        said = {reader: reader.glance(path) for reader in readers}
        for reader in readers:
            if said[reader] == Glance.OWN:
                reader.own.add(path)
        return {*said.values()}

    def _is_read(self, path: str, said: set[Glance], alone: bool) -> bool:
        if Glance.OWN in said:
            return True
        return Glance.PERHAPS in said and not alone and signs.has_clue(self._inputs.texts[path])

    def _read(self, path: str, readers: list[Reader]) -> None:
        if not any(reader.read(path) for reader in readers):
            self._looked.add(path)

    def _leave_scripts(self) -> None:
        """Leave scripts alone that no file names, but for a word where one may be a hook's."""
        folders = {folder for reader in self._all for folder in reader.folders()}
        for path in self._inputs.scripts.left():
            if self._is_known(path):
                continue
            self._reading.others += 1
            untold = f"{posixpath.splitext(path)[0]}.json" not in self._reading.told
            if posixpath.dirname(path) in folders and untold and (gap := self._inputs.scripts.forgotten(path)):
                self._reading.gaps.append(gap)

    def _leave(self, path: str) -> None:
        """Leave a file alone, but for a word where it has hooks."""
        has_hooks = signs.mentions_hooks(self._inputs.texts[path])
        if (has_hooks or any(reader.has_place_for(path) for reader in self._all)) and not self._is_known(path):
            known = path not in self._looked and path.lower().endswith(registry.READ)
            self._reading.gaps.append(Gap(path, _BESIDE if known else _UNKNOWN))
        else:
            self._reading.others += 1

    def _is_known(self, path: str) -> bool:
        return any(reader.has(path) for reader in self._all)
