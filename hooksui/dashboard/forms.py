"""Forms about hooks. Their messages are those of the copy deck."""

import json
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from hooksui import catalogue
from hooksui.auth0.shapes import Hook, text_of
from hooksui.hooks.newlines import with_lf
from hooksui.hooks.rules import (
    clean_module_name,
    clean_module_version,
    clean_name,
    clean_script,
    clean_secret_name,
    clean_secret_value,
)
from hooksui.transfer.formats.registry import CHOSEN, FORMATS, GIVEN

MAX_PAYLOAD = 200_000  # characters


class HookForm(forms.Form):
    """A new hook: name, extensibility point (its trigger), and a script where one is brought along."""

    name = forms.CharField(error_messages={"required": "Enter a name."})
    trigger = forms.CharField(error_messages={"required": "Choose an extensibility point."})
    script = forms.CharField(required=False, strip=False)

    def clean_name(self) -> str:
        """The name, of three or more letters, digits, spaces and hyphens. The server has the last word."""
        return clean_name(self.cleaned_data["name"])

    def clean_trigger(self) -> str:
        """The trigger of one of the extensibility points."""
        trigger: str = self.cleaned_data["trigger"]
        if trigger not in catalogue.points():
            raise ValidationError(f"There is no extensibility point {trigger}.")
        return trigger

    def clean_script(self) -> str:
        """The script to begin with; "" for the starter script."""
        script: str = self.cleaned_data["script"]
        return clean_script(script) if script else ""


class ScriptForm(forms.Form):
    """A script and modules to save. `base` is the fingerprint of the version that was opened, `newline` its line end.

    `modules` is a JSON object of names and versions, "" where they stay as they are. `name`, `trigger` and `enabled`
    tell the page what it is about when it has to be shown again.
    """

    NEWLINES = {"lf": "\n", "crlf": "\r\n"}

    script = forms.CharField(
        strip=False, error_messages={"required": "The script is empty. Write a function that the module exports."}
    )
    modules = forms.CharField(required=False)
    base = forms.CharField(required=False)
    newline = forms.CharField(required=False)

    def clean_script(self) -> str:
        """The script with the line ends of the one that was opened, within the limit."""
        return clean_script(self.cleaned_data["script"], self.NEWLINES.get(self.data.get("newline", ""), "\n"))

    def clean_modules(self) -> dict[str, str] | None:
        """The modules by name; None where they stay as they are."""
        text: str = self.cleaned_data["modules"]
        if not text:
            return None
        modules = _texts_by_name(text)
        if modules is None:
            raise ValidationError("The list of NPM modules cannot be read. Open the page again.")
        if len(modules) > (most := catalogue.limits().modules_per_hook):
            raise ValidationError(f"A hook can have {most} NPM modules. Remove one first.")
        return modules


class RunForm(ScriptForm):
    """What is run: script and modules as they are in the editor, a payload, and secrets for this run.

    `secrets` is a JSON object of names and values; with `stored` those of the hook are under them, where the tenant is
    embedded. `name` and `modified` are for the log.
    """

    payload = forms.CharField(strip=False, error_messages={"required": "The payload is empty. Nothing was run."})
    trigger = forms.CharField()
    name = forms.CharField(required=False, max_length=255)
    secrets = forms.CharField(required=False, strip=False)
    stored = forms.BooleanField(required=False)
    modified = forms.BooleanField(required=False)

    def clean_payload(self) -> str:
        """The payload, with line ends as on servers; the Runner looks whether it is JSON."""
        return _clean_payload(self.cleaned_data["payload"], "Nothing was run.")

    def clean_trigger(self) -> str:
        """The trigger of one of the extensibility points."""
        trigger: str = self.cleaned_data["trigger"]
        if trigger not in catalogue.points():
            raise ValidationError(f"The Runner does not know the extensibility point {trigger}. Nothing was run.")
        return trigger

    def clean_secrets(self) -> dict[str, str]:
        """The values by name."""
        text: str = self.cleaned_data["secrets"]
        secrets = _texts_by_name(text) if text else {}
        if secrets is None or len(secrets) > 2 * catalogue.limits().secrets_per_hook:
            raise ValidationError("The secrets for this run cannot be read. Open the page again. Nothing was run.")
        return secrets


class PayloadForm(forms.Form):
    """A payload that shall be kept under a name."""

    name = forms.CharField(max_length=100, error_messages={"required": "Enter a name for the payload."})
    text = forms.CharField(strip=False, error_messages={"required": "The payload is empty."})

    def clean_text(self) -> str:
        """The payload, with line ends as on servers."""
        return _clean_payload(self.cleaned_data["text"])


def _clean_payload(payload: str, consequence: str = "") -> str:
    """`payload` as it was before forms gave it other line ends. Raises ValidationError where it is too long."""
    payload = with_lf(payload)
    if len(payload) > MAX_PAYLOAD:
        raise ValidationError(f"The payload has more than {MAX_PAYLOAD // 1000} kB. {consequence}".strip())
    return payload


def _texts_by_name(text: str) -> dict[str, str] | None:
    """A JSON object whose values are texts; None where `text` is something else."""
    try:
        values = json.loads(text)
        # Half a pair of surrogates could be neither sent nor stored.
        json.dumps(values, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    if isinstance(values, dict) and all(isinstance(value, str) for value in values.values()):
        return values
    return None


def faults_of(form: forms.Form) -> str:
    """All that is wrong with a form, for an answer that does not show the form again."""
    return " ".join(str(error) for errors in form.errors.values() for error in errors)


def _list_of_texts(text: str) -> list[str]:
    """A JSON list of texts; empty where `text` is something else."""
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        return []
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        return []
    # Half a surrogate pair could be neither stored nor shown.
    return [text_of(value) for value in values]


class RenameForm(forms.Form):
    """Another name for `hook`; `others` are the hooks whose names are taken. A name that stays is not checked."""

    name = forms.CharField(error_messages={"required": "Enter a name."})

    def __init__(self, data: Any = None, *, hook: Hook, others: list[Hook], tenant: str) -> None:
        super().__init__(data, initial={"name": hook.name})
        self.hook = hook
        self.tenant = tenant
        self.taken = {catalogue.stored_name(other.name) for other in others if other.id != hook.id}

    def clean_name(self) -> str:
        """The name, which may be the old one."""
        name: str = self.cleaned_data["name"]
        if name == self.hook.name:
            return name
        clean_name(name)
        if (stored := catalogue.stored_name(name)) in self.taken:
            raise ValidationError(f"{self.tenant} already has a hook named {stored}. Choose another name.")
        return name


class ExportForm(forms.Form):
    """The format of an export, one of `formats`."""

    formats = tuple(form for form in FORMATS if form.export)
    format = forms.ChoiceField(
        choices=[(form.name, form.title) for form in formats],
        initial="directory",
        error_messages={"invalid_choice": "Choose a format."},
    )


class ImportForm(forms.Form):
    """Files to import, `files`, as many as there are; `paths` is a JSON list of their paths in a folder.

    `given` says what can be chosen, `endings` are those of such files.
    """

    given = GIVEN
    endings = CHOSEN
    paths = forms.CharField(required=False)

    def clean(self) -> dict[str, Any]:
        """`files` are pairs of path and content."""
        uploads = self.files.getlist("files") if self.files else []
        if not uploads:
            raise ValidationError("Choose one or more files, up to 20 MB in total.")
        paths = _list_of_texts(self.data.get("paths", ""))
        if len(paths) != len(uploads):
            # A browser without a script sends the names alone.
            paths = [upload.name or "" for upload in uploads]
        pairs = [(path, upload.read()) for path, upload in zip(paths, uploads, strict=True)]
        return {**self.cleaned_data, "files": pairs}

    @property
    def source(self) -> str:
        """A name for all of them, in one line."""
        paths = [path.lstrip("/") for path, _ in self.cleaned_data["files"]]
        first, slash, _ = paths[0].partition("/")
        together = len(paths) == 1 or (slash and all(path.startswith(first + slash) for path in paths))
        # A browser may send any text as a name.
        printable = "".join(character if character.isprintable() else " " for character in first)
        name = " ".join(printable.split()) if together else ""
        return name or ("1 file" if len(paths) == 1 else f"{len(paths)} files")


class CopyForm(forms.Form):
    """Hooks, by their ids, that shall be copied into the tenant `to`, one of `others`."""

    to = forms.ChoiceField(error_messages={"required": "Choose a tenant.", "invalid_choice": "Choose a tenant."})

    def __init__(self, data: Any = None, *, others: list[str]) -> None:
        super().__init__(data)
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        field.choices = [(slug, slug) for slug in others]

    def clean(self) -> dict[str, Any]:
        """`hook` are the ids."""
        hooks = dict(self.data.lists()).get("hook") if isinstance(self.data, QueryDict) else None
        if not hooks:
            raise ValidationError("Choose at least one hook.")
        return {**self.cleaned_data, "hook": hooks}


class PlanForm(forms.Form):
    """What is typed for a plan: `keyword.KEY` and `secret.HOOK NAME` have values, `seen` is the mark of the plan.

    A stored name has no blanks. What is right is among the cleaned data even where the form as a whole is not valid.
    """

    seen = forms.CharField(required=False)
    deleting = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        """`keywords` by key, `secrets` by the hook's stored name and the secret's. What is empty is left out."""
        keywords: dict[str, str] = {}
        secrets: dict[str, dict[str, str]] = {}
        for field, value in self.data.items():
            kind, _, name = field.partition(".")
            if kind == "keyword" and value:
                keywords[name] = with_lf(value)
            elif kind == "secret" and value:
                hook, _, secret = name.partition(" ")
                try:
                    secrets.setdefault(hook, {})[secret] = clean_secret_value(value)
                except ValidationError as error:
                    self.add_error(None, f"{secret} of {hook}: {error.messages[0]}")
        return {**self.cleaned_data, "keywords": keywords, "secrets": secrets}


class DeleteForm(forms.Form):
    """The name of `hook`, typed by a person who means to delete it."""

    confirm = forms.CharField(required=False)

    def __init__(self, data: Any = None, *, hook: Hook) -> None:
        super().__init__(data)
        self.hook = hook

    def clean_confirm(self) -> str:
        """The name, to the letter."""
        typed: str = self.cleaned_data["confirm"]
        if typed != self.hook.name:
            raise ValidationError(f"This is not the hook's name. Type {self.hook.name} to delete it.")
        return typed


class SecretForm(forms.Form):
    """A new secret, or with `changing` a new value of the one called so. `names` are those that the hook has."""

    key = forms.CharField(required=False)
    value = forms.CharField(required=False, strip=False)

    def __init__(self, data: Any = None, *, names: list[str], changing: str = "") -> None:
        super().__init__(data, initial={"key": changing})
        self.names = names
        self.changing = changing

    def clean_key(self) -> str:
        """The name; a new one must not exist yet."""
        key: str = self.changing or clean_secret_name(self.cleaned_data["key"])
        if not self.changing:
            if key in self.names:
                raise ValidationError(f"{key} already exists. Use Change to set a new value.")
            limit = catalogue.limits().secrets_per_hook
            if len(self.names) >= limit:
                raise ValidationError(
                    f"A hook can have {limit} secrets and this one has {len(self.names)}. Remove one first."
                )
        return key

    def clean_value(self) -> str:
        """The value, with line ends as on servers."""
        return clean_secret_value(self.cleaned_data["value"])


class SecretLinesForm(forms.Form):
    """Several secrets as lines of KEY=VALUE. Blank lines and those that begin with # are passed over.

    As in files that shells read, `export ` before a name and a pair of quotes around a value are left out.
    """

    lines = forms.CharField(required=False, strip=False)

    def __init__(self, data: Any = None, *, names: list[str]) -> None:
        super().__init__(data)
        self.names = names

    def clean_lines(self) -> dict[str, str]:
        """The values by name; all of them can be added, or none is."""
        values: dict[str, str] = {}
        for number, line in enumerate(with_lf(self.cleaned_data["lines"]).split("\n"), 1):
            if not line.strip() or line.lstrip().startswith("#"):
                continue
            name, equals, value = re.sub(r"^export\s+", "", line.strip()).partition("=")
            if not equals or not name:
                raise ValidationError(f"Line {number} is not KEY=VALUE. Nothing was added.")
            try:
                key = clean_secret_name(name.rstrip())
                if key in values:
                    raise ValidationError(f"{key} appears twice.")
                values[key] = clean_secret_value(_without_quotes(value))
            except ValidationError as error:
                raise ValidationError(f"Line {number}: {error.messages[0]} Nothing was added.") from error
            if key in self.names:
                raise ValidationError(f"{key} already exists. Use Change to set a new value. Nothing was added.")
        if not values:
            raise ValidationError("Enter at least one line of KEY=VALUE.")
        left = catalogue.limits().secrets_per_hook - len(self.names)
        if len(values) > left:
            raise ValidationError(f"You pasted {len(values)}, but only {max(left, 0)} more fit. Nothing was added.")
        return values


class ModuleForm(forms.Form):
    """An npm module, by its name and a version or a range of them; an empty version means any."""

    name = forms.CharField(required=False)
    version = forms.CharField(required=False)

    def clean_name(self) -> str:
        """The name, as npm allows it for a package that is not one of Node's own modules."""
        return clean_module_name(self.cleaned_data["name"])

    def clean_version(self) -> str:
        """A version, a range, or `latest`."""
        # npm takes blanks behind a comparison, the library does not.
        version = re.sub(r"([<>=~^])\s+", r"\1", self.cleaned_data["version"])
        return clean_module_version(version or "*")


def _without_quotes(value: str) -> str:
    value = value.strip()
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if quoted else value
