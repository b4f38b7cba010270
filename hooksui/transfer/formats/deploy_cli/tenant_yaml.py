"""The Deploy CLI's YAML: one `tenant.yaml` with all hooks, and a script for each. It is written to the byte.

Source: docs/management-api.md, "Deploy CLI file formats"; the tests compare with the Deploy CLI's own export.
"""

import posixpath
import re
from typing import Any

from hooksui.transfer.files import keywords, signs
from hooksui.transfer.files.definition import Definition, UnreadableError, without_keyword
from hooksui.transfer.files.texts import SCRIPTS
from hooksui.transfer.formats.base import Export, Format, Glance, Reader, Syntax
from hooksui.transfer.formats.deploy_cli import js_yaml
from hooksui.transfer.formats.deploy_cli.members import file_name, members

_FILE = "tenant.yaml"
_TENANT_FILE = re.compile(r"(^|/)tenant\.(?i:ya?ml)$")
_OTHER_RESOURCES = re.compile(rb"^(?!hooks\s*:)[A-Za-z]\w*\s*:", re.MULTILINE)


class _TenantYaml(Reader):
    """Reads the hooks of each file that has a list of them."""

    alone = True

    def glance(self, path: str) -> Glance:
        """A file of its own has the name that the Deploy CLI gives it."""
        return Glance.OWN if _TENANT_FILE.search(path) else super().glance(path)

    def read(self, path: str) -> bool:
        """The hooks of the file."""
        data = self.inputs.filled_yaml(path)
        # As to the Deploy CLI, null is the same as not to be there, and only an empty list says that there are none.
        hooks = keywords.object_in(data.get("hooks")) if isinstance(data, dict) else None
        certain = path in self.own or signs.mentions_hooks(self.inputs.texts[path])
        if hooks is None or not (certain or (isinstance(hooks, list) and any(map(signs.looks_like_hook, hooks)))):
            return False
        self.found(path)
        self.inputs.note_keywords(path, hooks)
        without_keyword(path, hooks, "hooks must be a list")
        if not isinstance(hooks, list):
            raise self.inputs.with_keywords(path, UnreadableError(path, "hooks must be a list."))
        self.take_each(path, hooks, lambda name: self.inputs.script(path, name) if name else "")
        return True

    def folders(self) -> set[str]:
        """Those beside its files."""
        return {posixpath.join(posixpath.dirname(path), "hooks") for path in self.own}


def write(hooks: list[tuple[str, Definition]]) -> dict[str, str]:
    """The hooks as texts by path. `hooks` are pairs of a hook's id and its definition."""
    files: dict[str, str] = {}
    entries: list[dict[str, Any]] = []
    for hook_id, hook in hooks:
        path = f"hooks/{file_name(hook.name + '.js')}"
        if path in files:
            path = f"hooks/{file_name(f'{hook.name}-{hook_id}.js')}"
        files[path] = hook.script
        written = members(hook, f"./{path}")
        first = ("name", "script")
        entries.append({key: written[key] for key in (*first, *sorted(written.keys() - first))})
    # JavaScript compares texts by UTF-16 units.
    entries.sort(key=lambda entry: entry["name"].encode("utf-16-be", "surrogatepass"))
    return {_FILE: js_yaml.dump({"hooks": entries}), **files}


def _has_more(content: bytes) -> bool:
    """Whether the file has other resources of the tenant beside hooks."""
    return bool(_OTHER_RESOURCES.search(content))


FORMAT = Format(
    name="yaml",
    title="Deploy CLI YAML",
    given="its tenant.yaml with the scripts",
    endings=(".yaml", ".yml"),
    syntax=Syntax.YAML,
    reader=_TenantYaml,
    beside=SCRIPTS,
    export=Export("One tenant.yaml, and the scripts. As `a0deploy export` writes it", _FILE, write, _has_more),
)
