"""From files to definitions: which format they have, which hooks they describe, and what cannot be used, and why.

Formats: those of the Deploy CLI, that of Auth0's extensions for deployments, lists that the API's `GET /api/v2/hooks`
gave, Terraform's state and configuration. Whatever else seems to have hooks is told as a gap.
"""

import json
import posixpath
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from hooksui.transfer import json_reading, keywords, pages, signs, terraform, yaml_reading
from hooksui.transfer.definition import Definition, Gap, UnreadableError, from_object, without_keyword
from hooksui.transfer.files import Texts
from hooksui.transfer.script_files import ScriptFiles, is_script

MOST_HOOKS = 5_000
DIRECTORY, YAML, DUMP = "Deploy CLI directory", "Deploy CLI YAML", "JSON of the Management API"
STATE, CONFIGURATION = "Terraform state", "Terraform configuration"
_HOOK_FILE = re.compile(r"(^|/)hooks/[^/]+\.(?i:json)$")
_TENANT_FILE = re.compile(r"(^|/)tenant\.(?i:ya?ml)$")
_READ = (".json", ".yaml", ".yml", ".tf", ".tofu", ".tfstate", ".backup")
_MOST_NAMED = 3  # files in one sentence
_BESIDE = "seems to have hooks too, and was not read. Import it on its own."
_UNKNOWN = "seems to have hooks, in an unknown form, and was not read."


@dataclass
class Reading:
    """What files say: definitions, in the formats found; files that cannot be used.

    `keywords` are those without a value, each with the files that have it, in the order of the files. `gaps` are signs
    that there are hooks which were not read; `others` counts the files that were left alone.
    """

    definitions: list[Definition] = field(default_factory=list)
    formats: list[str] = field(default_factory=list)
    unreadable: list[UnreadableError] = field(default_factory=list)
    keywords: dict[str, list[str]] = field(default_factory=dict)
    gaps: list[Gap] = field(default_factory=list)
    others: int = 0

    @property
    def nothing(self) -> str:
        """What is to be said of files that have nothing to plan, "" where there is something."""
        if self.formats or self.unreadable:
            return ""
        return " ".join(["has no hooks in a known format.", *map(str, self.gaps[:_MOST_NAMED])])


def read(texts: Texts, values: Mapping[str, Any] | None) -> Reading:
    """Read all hooks that `texts` describe, with `values` for the keywords of the Deploy CLI's files.

    Without values, keywords mean nothing.
    """
    reader = _Reader(texts, values)
    reader.read_all()
    reading = reader.reading
    if len(reading.definitions) > MOST_HOOKS:
        reading.unreadable.append(UnreadableError("All files", f"They have more than {MOST_HOOKS} hooks."))
        reading.definitions.clear()
    return reading


class _Reader:
    """Goes through the files once and fills a Reading. `told` are those of which it says something."""

    def __init__(self, texts: Texts, values: Mapping[str, Any] | None) -> None:
        self.texts = texts.by_path
        self.near = texts.near
        self.values = values
        self.scripts = ScriptFiles(texts)
        files = [error for error in texts.unreadable if not is_script(error.source)]
        unreadable = [error for error in files if error.source not in texts.unrelated or not texts.by_path]
        self.reading = Reading(unreadable=unreadable, others=texts.others + len(files) - len(unreadable))
        self.told = {error.source for error in unreadable}
        self.looked: set[str] = set()
        self.states: set[str] = set()
        self.pages: list[pages.Page] = []
        self.listed: set[str] = set()
        self.raw: dict[str, Any] = {}
        tops = {path.partition("/")[0] + "/" for path in self.texts}
        # Of what a zip has, or a chosen folder, often all lies in one.
        self.top = tops.pop() if len(tops) == 1 else ""
        self.hook_files = {path for path in self.texts if self._is_hook_file(path)}
        self.tenant_files = {path for path in self.texts if _TENANT_FILE.search(path)}

    def read_all(self) -> None:
        """Read every file that can have hooks.

        A repository has many others, which are none of our business: beside the Deploy CLI's own files no JSON or YAML
        is read, and else, where there are several, that which may have hooks.
        """
        readers = {path: read for path in self.texts if (read := self._reader_of(path))}
        for path, read in readers.items():
            if len(readers) == 1 or self._is_read(path):
                self._guarded(path, partial(read, path))
        # A state has what was deployed, with values that a configuration may leave to variables.
        if STATE not in self.reading.formats:
            self._configuration()
        self.reading.gaps += pages.gaps(self.pages)
        self._leave_scripts()
        for path in self.texts:
            if path not in self.told and path not in self.near and not is_script(path):
                self._leave(path)

    def _reader_of(self, path: str) -> Callable[[str], None] | None:
        name = path.lower()
        if name.endswith((".yaml", ".yml")):
            return self._yaml
        is_json = name.endswith((".json", ".tfstate", ".backup")) and not _is_terraforms(path)
        return self._json if is_json else None

    def _is_hook_file(self, path: str) -> bool:
        """Whether the Deploy CLI keeps a hook in the file, and not another program something else."""
        if not _HOOK_FILE.search(path) or not self._reader_of(path):
            return False
        if not (self._is_in_place(path) or "triggerId" in self.texts[path]):
            return False
        name = posixpath.basename(path)
        try:
            return signs.may_be_hook(name, self._raw(path))
        except UnreadableError:
            return "triggerId" in self.texts[path] or not signs.is_of_a_tool(name)

    def _is_in_place(self, path: str) -> bool:
        return path.startswith("hooks/") or path.removeprefix(self.top).startswith("hooks/")

    def _is_read(self, path: str) -> bool:
        if path in self.hook_files or path in self.tenant_files:
            return True
        if not path.lower().endswith((".json", ".yaml", ".yml")):
            # Of two states the one is older.
            return "auth0_hook" in self.texts[path] and not path.lower().endswith(".backup")
        return not (self.hook_files or self.tenant_files) and signs.has_clue(self.texts[path])

    def _guarded(self, path: str, read: Callable[[], None]) -> None:
        try:
            read()
        except UnreadableError as error:
            self.told.add(path)
            self.reading.unreadable.append(error)
        except RecursionError:
            self.told.add(path)
            self.reading.unreadable.append(UnreadableError(path, "It is nested too deeply."))

    def _take(self, path: str, make: Callable[[], Definition]) -> None:
        self._guarded(path, lambda: self.reading.definitions.append(make()))

    def _take_each(self, path: str, hooks: list[Any], load_script: Callable[[str], str]) -> None:
        if len(hooks) > MOST_HOOKS:
            raise UnreadableError(path, f"It has more than {MOST_HOOKS} hooks.")
        for number, item in enumerate(hooks, 1):
            self._take(path, partial(from_object, f"{path}, hook {number}", item, load_script))

    def _found(self, kind: str, path: str) -> None:
        self.told.add(path)
        if kind not in self.reading.formats:
            self.reading.formats.append(kind)

    def _json(self, path: str) -> None:
        raw = self._raw(path)
        if signs.is_list(raw):
            self._found(DUMP, path)
            self._list(path, raw)
        elif signs.is_state(raw):
            # One without hooks is of other things.
            if "auth0_hook" in self.texts[path] or len(self.texts) == 1:
                self.reading.gaps += [
                    Gap(
                        path, f"plans {address}, which was not there before and was not read. Import its configuration."
                    )
                    for address in terraform.only_planned(path, raw)[:_MOST_NAMED]
                ]
                self.reading.definitions += terraform.read_state(path, self.texts[path])
                self.states.add(path)
                self._found(STATE, path)
        elif path in self.hook_files or signs.looks_like_hook(raw):
            self._found(DIRECTORY, path)
            data = self._filled_json(path) if keywords.KEYWORD.search(self.texts[path]) else raw
            self._note_keywords(path, data)
            self._take(path, partial(from_object, path, data, partial(self._script, path)))
        else:
            self.looked.add(path)

    def _list(self, path: str, raw: Any) -> None:
        page = pages.page(path, raw)
        self.pages.append(page)
        hooks: list[Any] = raw["hooks"] if isinstance(raw, dict) else raw
        # Pages may overlap; what differs is not the same.
        self._take_each(path, [hook for hook in hooks if json.dumps(hook, sort_keys=True) not in self.listed], str)
        self.listed |= {json.dumps(hook, sort_keys=True) for hook in hooks}

    def _raw(self, path: str) -> Any:
        """The JSON at `path`, with its keywords unless it is JSON only without them. Raises UnreadableError."""
        if path not in self.raw:
            try:
                self.raw[path] = self._parsed(path, {})
            except UnreadableError:
                if not self.values:
                    raise
                self.raw[path] = self._filled_json(path)
        return self.raw[path]

    def _filled_json(self, path: str) -> Any:
        """The JSON at `path` with its keywords filled in. Raises UnreadableError."""
        try:
            return self._parsed(path, self.values or {})
        except UnreadableError as error:
            raise self._with_keywords(path, error) from error

    def _parsed(self, path: str, values: Mapping[str, Any]) -> Any:
        prepared = keywords.in_json(self.texts[path], values)
        try:
            return prepared.filled(json_reading.read(path, prepared.text))
        except ValueError as error:
            raise json_reading.no_json(path, error) from error
        except UnreadableError as error:
            raise UnreadableError(path, prepared.without_signs(error.reason)) from error
        except RecursionError as error:
            raise UnreadableError(path, "It is nested too deeply.") from error

    def _with_keywords(self, path: str, error: UnreadableError) -> UnreadableError:
        """`error`, and which keywords of the file at `path` have a value by now: one with quotes may be the reason."""
        keys = [key for key in keywords.unfilled(self.texts[path]) if key in (self.values or {})]
        if not keys:
            return error
        return UnreadableError(
            path, f"With the values of its keywords ({', '.join(keys)}) it cannot be read. {error.reason}"
        )

    def _yaml(self, path: str) -> None:
        data = self._filled_yaml(path)
        # As to the Deploy CLI, null is the same as not to be there, and only an empty list says that there are none.
        hooks = keywords.object_in(data.get("hooks")) if isinstance(data, dict) else None
        its_own = path in self.tenant_files or signs.mentions_hooks(self.texts[path])
        if hooks is None or not (its_own or (isinstance(hooks, list) and any(map(signs.looks_like_hook, hooks)))):
            self.looked.add(path)
            return
        self._found(YAML, path)
        self._note_keywords(path, hooks)
        without_keyword(path, hooks, "hooks must be a list")
        if not isinstance(hooks, list):
            raise self._with_keywords(path, UnreadableError(path, "hooks must be a list."))
        self._take_each(path, hooks, lambda name: self._script(path, name) if name else "")

    def _filled_yaml(self, path: str) -> Any:
        prepared = keywords.in_yaml(self.texts[path], self.values or {}, yaml_reading.plain)
        try:
            return prepared.filled(yaml_reading.read(path, prepared.text))
        except UnreadableError as error:
            raise self._with_keywords(path, UnreadableError(path, prepared.without_signs(error.reason))) from error

    def _configuration(self) -> None:
        configuration = terraform.Configuration(self.texts)
        self.scripts.taken |= configuration.used
        self.reading.definitions += configuration.definitions
        self.reading.unreadable += configuration.unreadable
        used = configuration.used | {error.source for error in configuration.unreadable}
        for path in filter(_is_terraforms, self.texts):
            if path in used:
                self._found(CONFIGURATION, path)
            elif path.lower().endswith((".tf", ".tofu")):
                # What it has of hooks was read: it may name one that another file describes.
                self.told.add(path)
                self.reading.others += 1

    def _script(self, path: str, name: str) -> str:
        """The script that the file at `path` calls `name`: another file, or the script itself in one line or more."""
        found = self.scripts.named(path, name) if name else self.scripts.beside(path)
        if found is None:
            return ""
        script, place = found
        if place != path:
            script = keywords.replace(script, self.values or {})
            self._note_keywords(place, script)
        return script

    def _leave_scripts(self) -> None:
        """Leave scripts alone that no file names, but for a word where one may be a hook's."""
        folders = {"hooks", f"{self.top}hooks"} | {posixpath.dirname(path) for path in self.hook_files}
        folders |= {posixpath.join(posixpath.dirname(path), "hooks") for path in self.tenant_files}
        for path in self.scripts.left():
            if self._is_of_state(path):
                continue
            self.reading.others += 1
            stem, folder = posixpath.splitext(path)[0], posixpath.dirname(path)
            if folder in folders and f"{stem}.json" not in self.told and (gap := self.scripts.forgotten(path)):
                self.reading.gaps.append(gap)

    def _is_of_state(self, path: str) -> bool:
        """Whether the script at `path` is known from a state, which has no paths.

        It is that of the hook of its name, or of one and a configuration has the file's name in it, which is not read
        beside a state.
        """
        hooks = {hook.name.lower() for hook in self.reading.definitions if self._is_states(hook, path)}
        stem, name = posixpath.splitext(posixpath.basename(path))[0], posixpath.basename(path)
        written = (text for other, text in self.texts.items() if other.lower().endswith(terraform.ENDINGS))
        return stem.lower() in hooks or (bool(hooks) and any(name in text for text in written))

    def _is_states(self, hook: Definition, path: str) -> bool:
        return hook.source in self.states and hook.script == self.scripts.text(path)

    def _leave(self, path: str) -> None:
        """Leave a file alone, but for a word where it has hooks."""
        text = self.texts[path]
        unknown = _HOOK_FILE.search(path) and self._is_in_place(path) and signs.has_point(text)
        if (unknown or signs.mentions_hooks(text)) and not self._is_older(path):
            known = path not in self.looked and path.lower().endswith(_READ)
            self.reading.gaps.append(Gap(path, _BESIDE if known else _UNKNOWN))
        else:
            self.reading.others += 1

    def _is_older(self, path: str) -> bool:
        """Whether it is a state's backup, and has no hook that the state has no more."""
        beside = {state for state in self.states if posixpath.dirname(state) == posixpath.dirname(path)}
        if not path.lower().endswith(".backup") or not beside:
            return False
        names = {hook.name for hook in self.reading.definitions if hook.source in beside}
        with suppress(UnreadableError):
            return {hook.name for hook in terraform.read_state(path, self.texts[path])} <= names
        return False

    def _note_keywords(self, path: str, data: Any) -> None:
        """Note the keywords in the texts of `data` that have no value."""
        if isinstance(data, dict):
            for item in [part for pair in data.items() for part in pair]:
                self._note_keywords(path, item)
        elif isinstance(data, list):
            for item in data:
                self._note_keywords(path, item)
        elif isinstance(data, str) and self.values is not None:
            # One that has a value stands there since another's value has the same form, on purpose.
            for key in (key for key in keywords.unfilled(data) if key not in (self.values or {})):
                files = self.reading.keywords.setdefault(key, [])
                if path not in files:
                    files.append(path)


def _is_terraforms(path: str) -> bool:
    """Whether the name says that it is of a configuration of Terraform, or has values of its variables."""
    return path.lower().endswith((*terraform.ENDINGS, *terraform.VALUES))
