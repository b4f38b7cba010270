"""Writes hooks as a configuration of Terraform that takes over what is in the tenant, laid out as `terraform fmt` does.

Source: the resource `auth0_hook` of the provider auth0/auth0, and import blocks of Terraform 1.5.
"""

import re

from hooksui.transfer.files.definition import Definition
from hooksui.transfer.formats.deploy_cli.members import file_name

FILE = "hooks.tf"
_MAX_STEM = 60  # characters of a script's file name, few enough for every disk
_INTRODUCTION = """\
# Hooks of an Auth0 tenant, for Terraform 1.5 or later with the provider auth0/auth0.
#
# Put this file and the folder beside it into a root module that has the provider. The import blocks take over the hooks
# that are in the tenant; once `terraform apply` has done so, you can remove them.
"""
_SECRETS = """\
#
# Auth0 never returns the values of secrets. Fill in these variables, as maps of names and values, before you apply,
# for example in a .tfvars file that stays out of version control:
#
"""
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_KEYWORDS = ("for", "true", "false", "null")  # no plain keys of a map, or not in all places
_ESCAPED = re.compile(r'["\\\x00-\x1f\x7f]|\$\{|%\{')
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "${": "$${", "%{": "%%{"}


def write(hooks: list[tuple[str, Definition]]) -> dict[str, str]:
    """Texts by path: one configuration, and each script in a file of its own. `hooks` are pairs of id and definition.

    Secrets become variables, one map for each hook; no value of a secret is written.
    """
    labels: set[str] = set()
    stems: set[str] = set()
    introduction: list[str] = []
    resources: list[str] = []
    scripts: dict[str, str] = {}
    for hook_id, hook in hooks:
        label = _unused(_label(hook.name), "_", labels)
        path = f"hooks/{_unused(file_name(hook.name[:_MAX_STEM]) or 'hook', '-', stems)}.js"
        scripts[path] = hook.script
        resources += ["", *_import(label, hook_id), "", *_resource(label, path, hook)]
        if hook.secrets:
            resources += ["", *_variable(label, hook)]
            introduction.append(f"#   {label}_secrets: {', '.join(map(_key, hook.secrets))}\n")
    head = _INTRODUCTION + (_SECRETS + "".join(introduction) if introduction else "")
    return {FILE: head + "".join(f"{line}\n" for line in resources), **scripts}


def _import(label: str, hook_id: str) -> list[str]:
    return _block("import", [("to", f"auth0_hook.{label}"), ("id", _quoted(hook_id))], [])


def _resource(label: str, path: str, hook: Definition) -> list[str]:
    attributes = [
        ("name", _quoted(hook.name)),
        ("script", f'file("${{path.module}}/{_escaped(path)}")'),
        ("trigger_id", _quoted(hook.trigger)),
    ]
    if hook.enabled is not None:
        attributes.append(("enabled", str(hook.enabled).lower()))
    maps: list[str] = []
    if hook.dependencies:
        maps += _map("dependencies", {name: _quoted(version) for name, version in hook.dependencies.items()})
    if hook.secrets:
        maps += _map("secrets", {name: f"var.{label}_secrets[{_quoted(name)}]" for name in hook.secrets})
    return _block(f'resource "auth0_hook" "{label}"', attributes, maps)


def _variable(label: str, hook: Definition) -> list[str]:
    attributes = [
        ("description", _quoted(f"Values of the secrets of the hook {hook.name}.")),
        ("type", "map(string)"),
        ("sensitive", "true"),
    ]
    return _block(f'variable "{label}_secrets"', attributes, [])


def _block(head: str, attributes: list[tuple[str, str]], maps: list[str]) -> list[str]:
    return [f"{head} {{", *_aligned(attributes, 2), *maps, "}"]


def _map(name: str, values: dict[str, str]) -> list[str]:
    return [f"  {name} = {{", *_aligned([(_key(key), value) for key, value in values.items()], 4), "  }"]


def _aligned(pairs: list[tuple[str, str]], indent: int) -> list[str]:
    width = max(len(name) for name, _ in pairs)
    return [f"{'':{indent}}{name:{width}} = {value}" for name, value in pairs]


def _label(name: str) -> str:
    """An identifier made from the name of a hook."""
    label = re.sub(r"[^A-Za-z0-9_-]+", "_", name).strip("_-") or "hook"
    return label if _IDENTIFIER.fullmatch(label) else f"hook_{label}"


def _unused(wanted: str, separator: str, used: set[str]) -> str:
    """`wanted`, with a number where it is among `used` already, whatever the case of its letters; it then is."""
    name, number = wanted, 1
    while name.casefold() in used:
        number += 1
        name = f"{wanted}{separator}{number}"
    used.add(name.casefold())
    return name


def _key(name: str) -> str:
    return name if _IDENTIFIER.fullmatch(name) and name not in _KEYWORDS else _quoted(name)


def _quoted(text: str) -> str:
    return f'"{_escaped(text)}"'


def _escaped(text: str) -> str:
    return _ESCAPED.sub(lambda match: _ESCAPES.get(match[0]) or f"\\u{ord(match[0]):04x}", text)
