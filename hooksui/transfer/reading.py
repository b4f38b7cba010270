"""From files to definitions: which format they have, which hooks they describe, and what cannot be used, and why.

Formats: both of the Deploy CLI, lists that the API's `GET /api/v2/hooks` gave, Terraform's state and configuration.
"""

import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from hooksui.transfer import json_reading, keywords, terraform, yaml_reading
from hooksui.transfer.definition import FIELDS, Definition, Unreadable, from_object
from hooksui.transfer.files import SCRIPTS, Texts, resolve

MOST_HOOKS = 5_000
DIRECTORY, YAML, DUMP = "Deploy CLI directory", "Deploy CLI YAML", "JSON of the Management API"
_HOOK_FILE = re.compile(r"(^|/)hooks/[^/]+\.(?i:json)$")
_TENANT_FILE = re.compile(r"(^|/)tenant\.(?i:ya?ml)$")
# What a file that describes hooks has somewhere: the API's field, or the type of Terraform's resource.
_SIGN = re.compile("triggerId|auth0_hook")
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
STATE, CONFIGURATION = "Terraform state", "Terraform configuration"


@dataclass
class Reading:
    """What files say: definitions, in the formats found; files that cannot be used.

    `keywords` are those without a value, each with the files that have it. `skipped` are files that seem to have hooks
    as well and were left alone for those that were read; `others` counts all others that were.
    """

    definitions: list[Definition] = field(default_factory=list)
    formats: list[str] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)
    keywords: dict[str, list[str]] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)
    others: int = 0


def read(texts: Texts, values: Mapping[str, Any] | None) -> Reading:
    """Read all hooks that `texts` describe, with `values` for the keywords of the Deploy CLI's files.

    Without values, keywords mean nothing.
    """
    reader = _Reader(texts, values)
    reader.read_all()
    reading = reader.reading
    if len(reading.definitions) > MOST_HOOKS:
        reading.unreadable.append(Unreadable("All files", f"They have more than {MOST_HOOKS} hooks."))
        reading.definitions.clear()
    return reading


class _Reader:
    """Goes through the files once and fills a Reading."""

    def __init__(self, texts: Texts, values: Mapping[str, Any] | None) -> None:
        self.texts = texts.by_path
        self.values = values
        self.reading = Reading(unreadable=list(texts.unreadable), others=texts.others)
        tops = {path.partition("/")[0] + "/" for path in self.texts}
        # Of what a zip has, or a chosen folder, often all lies in one.
        self.top = tops.pop() if len(tops) == 1 else ""
        self.hook_files = {path for path in self.texts if self._is_hook_file(path)}
        self.is_deploy_cli = bool(self.hook_files) or any(_TENANT_FILE.search(path) for path in self.texts)

    def read_all(self) -> None:
        """Read every file that can have hooks.

        A repository has many others, which are none of our business: beside the Deploy CLI's own files no JSON or YAML
        is read, and else, where there are several, that which looks like hooks.
        """
        kinds = {".json": self._json, ".tfstate": self._json, ".yaml": self._yaml, ".yml": self._yaml}
        readers = {path: kinds[end] for path in self.texts if (end := posixpath.splitext(path)[1].lower()) in kinds}
        for path, read in readers.items():
            if len(readers) == 1 or self._is_read(path):
                self._guarded(partial(read, path))
            else:
                self._leave(path)
        configuration = [path for path in self.texts if path.lower().endswith(".tf")]
        if configuration and STATE not in self.reading.formats:
            self._configuration()
        else:
            # The state has what was deployed, with values that a configuration may leave to variables.
            for path in configuration:
                self._leave(path)

    def _is_hook_file(self, path: str) -> bool:
        """Whether the Deploy CLI keeps a hook in the file, and not another program something else."""
        in_place = path.startswith("hooks/") or path.removeprefix(self.top).startswith("hooks/")
        return bool(_HOOK_FILE.search(path)) and (in_place or "triggerId" in self.texts[path])

    def _is_read(self, path: str) -> bool:
        if path in self.hook_files or _TENANT_FILE.search(path) or path.lower().endswith(".tfstate"):
            return True
        return not self.is_deploy_cli and bool(_SIGN.search(self.texts[path]))

    def _leave(self, path: str) -> None:
        if _SIGN.search(self.texts[path]):
            self.reading.skipped.append(path)
        else:
            self.reading.others += 1

    def _guarded(self, read: Callable[[], None]) -> None:
        try:
            read()
        except Unreadable as error:
            self.reading.unreadable.append(error)

    def _take(self, make: Callable[[], Definition]) -> None:
        self._guarded(lambda: self.reading.definitions.append(make()))

    def _take_each(self, path: str, hooks: list[Any], load_script: Callable[[str], str]) -> None:
        if len(hooks) > MOST_HOOKS:
            raise Unreadable(path, f"It has more than {MOST_HOOKS} hooks.")
        for number, item in enumerate(hooks, 1):
            self._take(partial(from_object, f"{path}, hook {number}", item, load_script))

    def _found(self, kind: str) -> None:
        if kind not in self.reading.formats:
            self.reading.formats.append(kind)

    def _json(self, path: str) -> None:
        raw = self._unfilled_json(path)
        hooks = raw.get("hooks") if isinstance(raw, dict) else raw
        if isinstance(hooks, list) and (hooks is not raw or any(map(_looks_like_hook, hooks))):
            self._found(DUMP)
            self._take_each(path, hooks, str)
        elif _is_state(raw):
            # Without hooks it is of no use, and the configuration may have some.
            self.reading.definitions += terraform.read_state(path, self.texts[path])
            self._found(STATE)
        elif path in self.hook_files or _looks_like_hook(raw):
            self._found(DIRECTORY)
            data = self._filled_json(path)
            self._note_keywords(path, data)
            self._take(partial(from_object, path, data, partial(self._script, path)))
        else:
            self.reading.others += 1

    def _unfilled_json(self, path: str) -> Any:
        """The JSON at `path`, with its keywords unless it is JSON only without them. Raises Unreadable."""
        try:
            return _parse(path, self.texts[path])
        except Unreadable:
            return self._filled_json(path)

    def _filled_json(self, path: str) -> Any:
        """The JSON at `path` with its keywords filled in. Raises Unreadable."""
        try:
            return _parse(path, self._filled(self.texts[path]))
        except Unreadable as error:
            raise self._with_keywords(path, error) from error

    def _with_keywords(self, path: str, error: Unreadable) -> Unreadable:
        """`error`, and which keywords of the file at `path` have a value by now: one with quotes may be the reason."""
        keys = [key for key in keywords.unfilled(self.texts[path]) if key in (self.values or {})]
        if not keys:
            return error
        return Unreadable(
            path, f"With the values of its keywords ({', '.join(keys)}) it cannot be read. {error.reason}"
        )

    def _yaml(self, path: str) -> None:
        try:
            data = yaml_reading.read(path, keywords.quoted(self._filled(self.texts[path])))
        except Unreadable as error:
            raise self._with_keywords(path, error) from error
        hooks = data.get("hooks") if isinstance(data, dict) else None
        # As to the Deploy CLI, null is the same as not to be there, and only an empty list says that there are none.
        if hooks is None:
            self.reading.others += 1
            return
        self._found(YAML)
        if not isinstance(hooks, list):
            raise Unreadable(path, "hooks must be a list.")
        self._note_keywords(path, hooks)
        self._take_each(path, hooks, partial(self._script, path))

    def _configuration(self) -> None:
        definitions, unreadable = terraform.read_hcl(self.texts)
        self.reading.definitions += definitions
        self.reading.unreadable += unreadable
        if definitions or unreadable:
            self._found(CONFIGURATION)

    def _script(self, path: str, name: str) -> str:
        """The script that the file at `path` calls `name`: another file, or the script itself in one line or more."""
        if not _SCRIPT_NAME.fullmatch(name):
            return name
        found = resolve(posixpath.dirname(path), name)
        if found is None:
            raise Unreadable(path, f"The script {name} lies outside of what was given.")
        if found not in self.texts and not any("/" in path for path in self.texts):
            # Single files that somebody chose in a browser have no folders.
            found = posixpath.basename(found)
        if found not in self.texts:
            raise Unreadable(path, f"The script {name} is missing. {_advice(name)}")
        script = self._filled(self.texts[found])
        self._note_keywords(found, script)
        return script

    def _filled(self, text: str) -> str:
        return keywords.replace(text, self.values) if self.values else text

    def _note_keywords(self, path: str, data: Any) -> None:
        """Note the keywords in the texts of `data` that have no value."""
        left = [] if self.values is None else [data]
        while left:
            value = left.pop()
            if isinstance(value, dict):
                left += value.values()
            elif isinstance(value, list):
                left += value
            elif isinstance(value, str):
                for key in keywords.unfilled(value):
                    if key in (self.values or {}):
                        # Its value has the same form, on purpose.
                        continue
                    files = self.reading.keywords.setdefault(key, [])
                    if path not in files:
                        files.append(path)


def _advice(script: str) -> str:
    """What to do where the file `script` was not given, or not read since it is of another kind."""
    if script.lower().endswith(SCRIPTS):
        return "Choose it as well, or the whole folder."
    return f"Give it a name that ends with {', '.join(SCRIPTS[:-1])} or {SCRIPTS[-1]}, and choose it as well."


def _parse(path: str, text: str) -> Any:
    """The JSON in `text`; a keyword without a value may stand in it as a value. Raises Unreadable."""
    try:
        return json_reading.read(path, text)
    except ValueError as error:
        try:
            return json_reading.read(path, keywords.quoted(text))
        except ValueError:
            raise json_reading.no_json(path, error) from error


def _looks_like_hook(data: Any) -> bool:
    """Whether `data`, which may stand anywhere, is a hook. The Deploy CLI's rules have scripts as well."""
    return isinstance(data, dict) and ("triggerId" in data or ("script" in data and data.keys() <= set(FIELDS)))


def _is_state(data: Any) -> bool:
    """Whether `data` is a Terraform state, or what `terraform show -json` prints of one."""
    return isinstance(data, dict) and ("terraform_version" in data or {"resources", "serial"} <= data.keys())
