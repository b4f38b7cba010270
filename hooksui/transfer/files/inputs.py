"""The files that hooks are read from: their texts as JSON or YAML, keywords filled in, and the scripts they name."""

from collections.abc import Mapping
from typing import Any

from hooksui.transfer.files import json_reading, keywords, yaml_reading
from hooksui.transfer.files.definition import UnreadableError
from hooksui.transfer.files.script_files import ScriptFiles
from hooksui.transfer.files.texts import Texts


class Inputs:
    """What all formats read from: `texts` by path, `scripts` among them, and `values` for the Deploy CLI's keywords.

    Without values, None, keywords mean nothing. `unfilled` are those without a value that were met in what was read,
    each with the files that have it.
    """

    def __init__(self, texts: Texts, values: Mapping[str, Any] | None) -> None:
        self.texts = texts.by_path
        self.near = texts.near
        self.values = values
        self.scripts = ScriptFiles(texts)
        self.unfilled: dict[str, list[str]] = {}
        self._parsed: dict[str, Any] = {}
        tops = {path.partition("/")[0] + "/" for path in self.texts}
        # Of what a zip has, or a chosen folder, often all lies in one.
        self._top = tops.pop() if len(tops) == 1 else ""

    def is_below(self, folder: str, path: str) -> bool:
        """Whether the file at `path` lies below `folder`, a path that ends with /, from the root of what was given."""
        return path.startswith(folder) or path.removeprefix(self._top).startswith(folder)

    def folders(self, name: str) -> set[str]:
        """The paths that a folder `name` at the root of what was given may have."""
        return {name, f"{self._top}{name}"}

    def json(self, path: str) -> Any:
        """The JSON at `path`, with its keywords unless it is JSON only without them. Raises UnreadableError."""
        if path not in self._parsed:
            try:
                self._parsed[path] = self._json(path, {})
            except UnreadableError:
                if not self.values:
                    raise
                self._parsed[path] = self.filled_json(path)
        return self._parsed[path]

    def filled_json(self, path: str) -> Any:
        """The JSON at `path` with its keywords filled in. Raises UnreadableError."""
        try:
            return self._json(path, self.values or {})
        except UnreadableError as error:
            raise self.with_keywords(path, error) from error

    def filled_yaml(self, path: str) -> Any:
        """The YAML at `path` with its keywords filled in. Raises UnreadableError."""
        prepared = keywords.in_yaml(self.texts[path], self.values or {}, yaml_reading.plain)
        try:
            return prepared.filled(yaml_reading.read(path, prepared.text))
        except UnreadableError as error:
            raise self.with_keywords(path, UnreadableError(path, prepared.without_signs(error.reason))) from error

    def with_keywords(self, path: str, error: UnreadableError) -> UnreadableError:
        """`error`, and which keywords of the file at `path` have a value by now: one with quotes may be the reason."""
        keys = [key for key in keywords.unfilled(self.texts[path]) if key in (self.values or {})]
        if not keys:
            return error
        return UnreadableError(
            path, f"With the values of its keywords ({', '.join(keys)}) it cannot be read. {error.reason}"
        )

    def script(self, path: str, name: str) -> str:
        """The script that the file at `path` calls `name`: another file, or the script itself in one line or more.

        Without a name, that of the file beside it; "" where there is none. Raises UnreadableError.
        """
        found = self.scripts.named(path, name) if name else self.scripts.beside(path)
        if found is None:
            return ""
        script, place = found
        if place != path:
            script = keywords.replace(script, self.values or {})
            self.note_keywords(place, script)
        return script

    def note_keywords(self, path: str, data: Any) -> None:
        """Note the keywords in the texts of `data`, which the file at `path` has, that have no value."""
        if isinstance(data, dict):
            for item in [part for pair in data.items() for part in pair]:
                self.note_keywords(path, item)
        elif isinstance(data, list):
            for item in data:
                self.note_keywords(path, item)
        elif isinstance(data, str) and self.values is not None:
            # One that has a value stands there since another's value has the same form, on purpose.
            for key in (key for key in keywords.unfilled(data) if key not in (self.values or {})):
                files = self.unfilled.setdefault(key, [])
                if path not in files:
                    files.append(path)

    def _json(self, path: str, values: Mapping[str, Any]) -> Any:
        prepared = keywords.in_json(self.texts[path], values)
        try:
            return prepared.filled(json_reading.read(path, prepared.text))
        except ValueError as error:
            raise json_reading.no_json(path, error) from error
        except UnreadableError as error:
            raise UnreadableError(path, prepared.without_signs(error.reason)) from error
        except RecursionError as error:
            raise UnreadableError(path, "It is nested too deeply.") from error
