"""The Deploy CLI's directory: a JSON file and a script for each hook, in `hooks/`. It is written to the byte.

Hooks of Auth0's extensions for deployments are read as well, and so is a hook in any other JSON file.
Source: docs/management-api.md, "Deploy CLI file formats"; the tests compare with the Deploy CLI's own export.
"""

import json
import posixpath
import re
from functools import partial

from hooksui.transfer.files import keywords, signs
from hooksui.transfer.files.definition import Definition, UnreadableError, from_object
from hooksui.transfer.files.texts import SCRIPTS
from hooksui.transfer.formats.base import Export, Format, Glance, Reader, Syntax
from hooksui.transfer.formats.deploy_cli.members import file_name, members

_FOLDER = "hooks"
_HOOK_FILE = re.compile(r"(^|/)hooks/[^/]+\.(?i:json)$")


class _Directory(Reader):
    """Reads one hook from each file that has one."""

    alone = True

    def glance(self, path: str) -> Glance:
        """A file of its own lies where the Deploy CLI keeps hooks, and is not something else of another program."""
        return Glance.OWN if self._is_own(path) else super().glance(path)

    def read(self, path: str) -> bool:
        """The hook of the file; what is a list of hooks or a state is none, wherever it lies."""
        data = self.inputs.json(path)
        if signs.is_list(data) or signs.is_state(data) or not (path in self.own or signs.looks_like_hook(data)):
            return False
        self.found(path)
        if keywords.KEYWORD.search(self.inputs.texts[path]):
            data = self.inputs.filled_json(path)
        self.inputs.note_keywords(path, data)
        self.take(path, partial(from_object, path, data, partial(self.inputs.script, path)))
        return True

    def has_place_for(self, path: str) -> bool:
        """Whether a hook may be in it, which names its point."""
        return bool(_HOOK_FILE.search(path)) and self._is_in_place(path) and signs.has_point(self.inputs.texts[path])

    def folders(self) -> set[str]:
        """That at the root, and those of its files."""
        return self.inputs.folders(_FOLDER) | {posixpath.dirname(path) for path in self.own}

    def _is_own(self, path: str) -> bool:
        text = self.inputs.texts[path]
        if not _HOOK_FILE.search(path) or not (self._is_in_place(path) or "triggerId" in text):
            return False
        name = posixpath.basename(path)
        try:
            return signs.may_be_hook(name, self.inputs.json(path))
        except UnreadableError:
            return "triggerId" in text or not signs.is_of_a_tool(name)

    def _is_in_place(self, path: str) -> bool:
        return self.inputs.is_below(f"{_FOLDER}/", path)


def write(hooks: list[tuple[str, Definition]]) -> dict[str, str]:
    """The hooks as texts by path. `hooks` are pairs of a hook's id and its definition."""
    files: dict[str, str] = {}
    for hook_id, hook in hooks:
        stem = file_name(hook.name) or "undefined"
        if f"hooks/{stem}.json" in files:
            # There, the Deploy CLI loses one of two hooks that share a name.
            stem = f"{stem}-{file_name(hook_id)}"
        data = members(hook, f"./{stem}.js")
        files[f"hooks/{stem}.js"] = hook.script
        files[f"hooks/{stem}.json"] = json.dumps(data, indent=2, ensure_ascii=False) + "\n"
    return files


FORMAT = Format(
    name="directory",
    title="Deploy CLI directory",
    given="a folder of the Auth0 Deploy CLI",
    endings=(".json",),
    syntax=Syntax.JSON,
    reader=_Directory,
    beside=SCRIPTS,
    export=Export("A file for each hook, for Git. As `a0deploy export` writes it", "hooks/*.json", write),
)
