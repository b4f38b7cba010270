"""The two formats of the Auth0 Deploy CLI, as it writes them itself, to the byte.

Source: docs/management-api.md, "Deploy CLI file formats"; the tests compare with the Deploy CLI's own export.
"""

import json
import re
from typing import Any

from hooksui.transfer import js_yaml
from hooksui.transfer.definition import Definition

_LONGEST_NAME = 255  # bytes of a file's name


def file_name(name: str) -> str:
    """The name of a file for a hook called `name`, by the rules of the npm package sanitize-filename."""
    return _allowed(_allowed(name, "-"), "")


def write_directory(hooks: list[tuple[str, Definition]]) -> dict[str, str]:
    """The directory format: texts by path. `hooks` are pairs of a hook's id and its definition."""
    files: dict[str, str] = {}
    for hook_id, hook in hooks:
        stem = file_name(hook.name) or "undefined"
        if f"hooks/{stem}.json" in files:
            # There, the Deploy CLI loses one of two hooks that share a name.
            stem = f"{stem}-{file_name(hook_id)}"
        data = _members(hook, f"./{stem}.js")
        files[f"hooks/{stem}.js"] = hook.script
        files[f"hooks/{stem}.json"] = json.dumps(data, indent=2, ensure_ascii=False) + "\n"
    return files


def write_yaml(hooks: list[tuple[str, Definition]]) -> dict[str, str]:
    """The YAML format: texts by path. `hooks` are pairs of a hook's id and its definition."""
    files: dict[str, str] = {}
    entries: list[dict[str, Any]] = []
    for hook_id, hook in hooks:
        path = f"hooks/{file_name(hook.name + '.js')}"
        if path in files:
            path = f"hooks/{file_name(f'{hook.name}-{hook_id}.js')}"
        files[path] = hook.script
        members = _members(hook, f"./{path}")
        first = ("name", "script")
        entries.append({key: members[key] for key in (*first, *sorted(members.keys() - first))})
    # JavaScript compares texts by UTF-16 units.
    entries.sort(key=lambda entry: entry["name"].encode("utf-16-be", "surrogatepass"))
    return {"tenant.yaml": js_yaml.dump({"hooks": entries}), **files}


def _members(hook: Definition, script: str) -> dict[str, Any]:
    """In the order of the API's answer to GET, then the secrets."""
    return {
        "name": hook.name,
        "script": script,
        "dependencies": _ordered(hook.dependencies),
        "enabled": bool(hook.enabled),
        "triggerId": hook.trigger,
        "secrets": _ordered(hook.secrets),
    }


def _ordered(values: dict[str, str] | None) -> dict[str, str]:
    """As the members of an object come in JavaScript."""
    values = values or {}
    return {key: values[key] for key in js_yaml.in_javascript_order(values)}


def _allowed(name: str, replacement: str) -> str:
    name = re.sub(r'[/?<>\\:*|"]|[\x00-\x1f\x80-\x9f]', replacement, name)
    name = re.sub(r"^\.+\Z", replacement, name)
    name = re.sub(r"(?i)^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?\Z", replacement, name)
    name = re.sub(r"[. ]+\Z", replacement, name)
    return name.encode("utf-8", "replace")[:_LONGEST_NAME].decode("utf-8", "ignore")
