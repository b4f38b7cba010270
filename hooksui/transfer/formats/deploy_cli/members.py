"""What both formats of the Deploy CLI have in common: the members of a hook, and the names of files.

Source: docs/management-api.md, "Deploy CLI file formats".
"""

import re
from typing import Any

from hooksui.transfer.files.definition import Definition
from hooksui.transfer.formats.deploy_cli import js_yaml

_MAX_NAME = 255  # bytes of a file's name


def file_name(name: str) -> str:
    """The name of a file for a hook called `name`, by the rules of the npm package sanitize-filename."""
    return _allowed(_allowed(name, "-"), "")


def members(hook: Definition, script: str) -> dict[str, Any]:
    """The members of `hook` in the order of the API's answer to GET, then the secrets; `script` is its path."""
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
    return name.encode("utf-8", "replace")[:_MAX_NAME].decode("utf-8", "ignore")
