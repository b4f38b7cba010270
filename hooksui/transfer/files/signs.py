"""What a file is about, told by what it holds: signs of hooks in its text, and the looks of its data."""

import re
from typing import Any

from hooksui import catalogue
from hooksui.transfer.files.definition import FIELDS

_SCRIPTS = {"script", "code"}
# What else stands in folders of scripts; its fields alone could be a hook's, and not all of it is JSON to the letter.
_TOOLS = ("package.json", "package-lock.json", "tsconfig.json", "jsconfig.json")
# Members of the API's list beside the hooks themselves.
_LIST = {"hooks", "total", "start", "limit", "length", "next"}
# Anything that may have hooks; it is read only to find out.
_CLUE = re.compile(r"""triggerId|auth0_hook|hooks["']?[ \t]{0,9}:""")


def has_clue(text: str) -> bool:
    """Whether it is worth while to look into a file with this text."""
    return bool(_CLUE.search(text))


def mentions_hooks(text: str) -> bool:
    """Whether a file with this text, in whatever form, describes hooks, as far as a glance can tell.

    It then has an extensibility point in the API's field, or the type of Terraform's resource.
    """
    if not ("auth0_hook" in text or "trigger" in text.lower()):
        return False
    points = "|".join(map(re.escape, catalogue.points()))
    point = rf"""trigger_?id\\?["']?\s{{0,9}}[:=]\s{{0,9}}\\?["']?(?:{points}|@@|\#\#)"""
    resource = r"""["']auth0_hook(?:_secret)?["']|auth0_hook(?:_secret)?["']?[ \t]{0,9}:|resource[ \t]{1,9}auth0_hook"""
    return bool(re.search(f"{point}|{resource}", text, re.IGNORECASE))


def has_point(text: str) -> bool:
    """Whether the id of an extensibility point stands in `text`."""
    return any(point in text for point in catalogue.points())


def looks_like_hook(data: Any) -> bool:
    """Whether `data`, which may stand anywhere, is a hook. The Deploy CLI's rules have scripts as well."""
    if not isinstance(data, dict):
        return False
    if "triggerId" in data:
        return data["triggerId"] in [*catalogue.points()] or bool(_SCRIPTS & data.keys()) or data.keys() <= set(FIELDS)
    return "script" in data and data.keys() <= set(FIELDS)


def may_be_hook(name: str, data: Any) -> bool:
    """Whether `data`, of the file `name` where the Deploy CLI keeps hooks, is one, if with something left out."""
    if not isinstance(data, dict) or looks_like_hook(data) or _SCRIPTS & data.keys():
        return True
    return bool(data) and data.keys() <= set(FIELDS) and not is_of_a_tool(name)


def is_of_a_tool(name: str) -> bool:
    """Whether the file `name` is a usual one of Node's tools, where what it holds does not say what it is."""
    return name.lower() in _TOOLS


def is_list(data: Any) -> bool:
    """Whether `data` is what the API lists: hooks, alone or with how many there are. Without any, it says so."""
    hooks = data.get("hooks") if isinstance(data, dict) else data
    if not isinstance(hooks, list):
        return False
    return any(map(looks_like_hook, hooks)) or (isinstance(data, dict) and not hooks and data.keys() <= _LIST)


def is_state(data: Any) -> bool:
    """Whether `data` is a Terraform state, or what `terraform show -json` prints of one."""
    return isinstance(data, dict) and ("terraform_version" in data or {"resources", "serial"} <= data.keys())
