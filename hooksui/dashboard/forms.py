"""Forms about hooks. Their messages are those of the copy deck."""

import math
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from hooksui import catalogue
from hooksui.dashboard import operations


def _clean_script(script: str, newline: str = "\n") -> str:
    """`script` with its line ends as `newline`. Raises ValidationError where it is empty or larger than allowed."""
    script = operations.with_newlines(script, newline)
    if not script.strip():
        raise ValidationError("The script is empty. Write a function that the module exports.")
    size, limit = len(script.encode("utf-8")), catalogue.limits().script_bytes
    if size > limit:
        shown = math.ceil(size / 100) / 10
        raise ValidationError(
            f"The script has {shown} kB, the limit is {limit // 1000} kB. Move code into NPM modules."
        )
    return script


class HookForm(forms.Form):
    """A new hook: name, extensibility point (its trigger), and a script where one is brought along."""

    name = forms.CharField(error_messages={"required": "Enter a name."})
    trigger = forms.CharField(error_messages={"required": "Choose an extensibility point."})
    script = forms.CharField(required=False, strip=False)

    def clean_name(self) -> str:
        """The name, of three or more letters, digits, spaces and hyphens. The server has the last word."""
        name: str = self.cleaned_data["name"]
        if len(name) < 3:
            raise ValidationError("Use at least 3 characters.")
        if not re.fullmatch("[A-Za-z0-9 -]+", name):
            raise ValidationError("Use letters, digits, spaces and hyphens only.")
        if not re.fullmatch(catalogue.limits().name_pattern, name):
            raise ValidationError("Begin and end with a letter or digit.")
        return name

    def clean_trigger(self) -> str:
        """The trigger of one of the extensibility points."""
        trigger: str = self.cleaned_data["trigger"]
        if trigger not in catalogue.points():
            raise ValidationError(f"There is no extensibility point {trigger}.")
        return trigger

    def clean_script(self) -> str:
        """The script to begin with; "" for the starter script."""
        script: str = self.cleaned_data["script"]
        return _clean_script(script) if script else ""


class ScriptForm(forms.Form):
    """A script to save. `base` is the fingerprint of the script as it was opened, `newline` its line end by name.

    `name`, `trigger` and `enabled` tell the page what it is about when it has to be shown again.
    """

    NEWLINES = {"lf": "\n", "crlf": "\r\n"}

    script = forms.CharField(
        strip=False, error_messages={"required": "The script is empty. Write a function that the module exports."}
    )
    base = forms.CharField(required=False)
    newline = forms.CharField(required=False)

    def clean_script(self) -> str:
        """The script with the line ends of the one that was opened, within the limit."""
        return _clean_script(self.cleaned_data["script"], self.NEWLINES.get(self.data.get("newline", ""), "\n"))

    def clean(self) -> dict[str, Any]:
        """Adds `changed`: whether the script differs from the one that was opened in more than line ends."""
        cleaned = super().clean() or self.cleaned_data
        if "script" in cleaned:
            cleaned["changed"] = operations.fingerprint(cleaned["script"]) != cleaned.get("base")
        return cleaned
