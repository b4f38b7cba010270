"""What the script, the name, the modules and the secrets of a hook may be. Messages are those of the copy deck."""

import math
import re

from django.core.exceptions import ValidationError
from semantic_version import NpmSpec

from hooksui import catalogue
from hooksui.auth0.shapes import is_mask
from hooksui.hooks.newlines import with_newlines

_MAX_RANGE = 200  # characters; more is no range that a person wrote
_ODD = re.compile("[\0\ud800-\udfff]")


def odd_character(text: str) -> str:
    """In words, what `text` has that cannot be stored, "" where there is none: NUL, or half of a surrogate pair.

    The embedded API refuses both. What Auth0 says to NUL is not documented; no script and no value needs it.
    """
    if found := _ODD.search(text):
        return "a NUL character" if found[0] == "\0" else "an unpaired surrogate (half a character)"
    return ""


def clean_script(script: str, newline: str | None = "\n") -> str:
    """`script` with its line ends as `newline`, as they are where that is None. Raises ValidationError.

    It is refused where it is empty, larger than allowed, or has an odd character.
    """
    if newline is not None:
        script = with_newlines(script, newline)
    if not script.strip():
        raise ValidationError("The script is empty. Write a function that the module exports.")
    _refuse_odd("script", script)
    size, limit = len(script.encode("utf-8")), catalogue.limits().script_bytes
    if size > limit:
        shown = math.ceil(size / 100) / 10
        raise ValidationError(
            f"The script has {shown} kB; the limit is {limit // 1000} kB. Move code into NPM modules."
        )
    return script


def clean_name(name: str) -> str:
    """`name` where the rule for new names allows it; the server has the last word. Raises ValidationError."""
    if len(name) < 3:
        raise ValidationError("Use at least 3 characters.")
    if not re.fullmatch("[A-Za-z0-9 -]+", name):
        raise ValidationError("Use letters, digits, spaces and hyphens only.")
    if not re.fullmatch(catalogue.limits().name_pattern, name):
        raise ValidationError("Begin and end with a letter or digit.")
    return name


def clean_module_name(name: str) -> str:
    """`name` where npm allows it. Raises ValidationError."""
    limits = catalogue.limits()
    if not name:
        raise ValidationError("Enter a name.")
    if name.removeprefix("node:") in catalogue.node_builtins():
        raise ValidationError(f"{name} is built into Node. It does not have to be listed.")
    if not re.fullmatch(limits.module_pattern, name) or len(name) > limits.module_name_length:
        raise ValidationError(f"npm does not allow the name {name}.")
    if name in limits.modules_never:
        raise ValidationError(f"npm does not allow the name {name}.")
    return name


def clean_module_version(version: str) -> str:
    """`version` where npm takes it as a version or range. Raises ValidationError."""
    if version == "latest":
        return version
    try:
        if len(version) > _MAX_RANGE:
            raise ValueError
        NpmSpec(version)
    except ValueError as error:
        raise ValidationError(f"{version} is not a version or range; write for example 4.17.21 or ^4.17.0.") from error
    return version


def clean_secret_name(name: str) -> str:
    """`name` where it can be that of a secret. Raises ValidationError."""
    _refuse_odd("name", name)
    if not name or re.search(r"\s", name):
        raise ValidationError("Enter a name without spaces.")
    if len(name) > (most := catalogue.limits().secret_name_length):
        raise ValidationError(f"The name is longer than {most} characters.")
    return name


def clean_secret_value(value: str, newline: str | None = "\n") -> str:
    """`value` with its line ends as `newline`, as they are where that is None. Raises ValidationError.

    It is refused where it is empty, too long, the mask, or has an odd character.
    """
    if newline is not None:
        value = with_newlines(value, newline)
    if not value:
        raise ValidationError("Enter a value.")
    if is_mask(value):
        raise ValidationError("This is the text Auth0 shows in place of a value. Enter the value itself.")
    _refuse_odd("value", value)
    if len(value) > (most := catalogue.limits().secret_value_length):
        raise ValidationError(f"The value is longer than {most} characters.")
    return value


def _refuse_odd(what: str, text: str) -> None:
    if odd := odd_character(text):
        raise ValidationError(f"The {what} has {odd}. Remove it.")
