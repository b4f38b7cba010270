"""A hook as files describe it, and the word for a file that describes none."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hooksui.auth0.shapes import JSON_NAMES, MASK, Hook, text_of
from hooksui.hooks.rules import odd_character
from hooksui.transfer.files import keywords

# The Deploy CLI 3 had other words for two fields.
_OLD_WORDS = {"code": "script", "active": "enabled"}
FIELDS = ("id", "name", "script", "dependencies", "enabled", "triggerId", "secrets", *_OLD_WORDS)


# An import finds a hook by its name, and refuses to move it.
_NEVER_CHANGED = ("name", "trigger")
# The fields as people read them.
WORDS = {"trigger": "extensibility point", "script": "script", "dependencies": "NPM modules", "enabled": "enabled"}


@dataclass(frozen=True)
class Definition:
    """A hook as files describe it. What is None is not said there, and stays as it is where the hook exists.

    `secrets` has values by name; the mask stands for one whose value the file does not have. `source` names the file.
    """

    name: str
    trigger: str
    script: str
    enabled: bool | None = None
    dependencies: dict[str, str] | None = None
    secrets: dict[str, str] | None = field(default=None, repr=False)
    source: str = ""

    @property
    def said(self) -> dict[str, Any]:
        """What is said of the fields that a hook can have changed, by name."""
        values = {name: getattr(self, name) for name in CHANGEABLE}
        return {name: value for name, value in values.items() if value is not None}


# Those in the order in which differences of hooks are told.
CHANGEABLE = tuple(
    name for name in JSON_NAMES if name in Definition.__dataclass_fields__ and name not in _NEVER_CHANGED
)


def definition_of(hook: Hook, secrets: list[str] | None) -> Definition:
    """What files would say of `hook`; the mask stands for the values of `secrets`, None where nobody asked for them."""
    said = {name: getattr(hook, name) for name in JSON_NAMES if name != "id"}
    return Definition(**said, secrets=None if secrets is None else dict.fromkeys(secrets, MASK))


class UnreadableError(Exception):
    """`source`, a file, cannot be used: `reason` is a sentence for a person, with the line where it is known.

    `source` is "" where no file is to blame.
    """

    def __init__(self, source: str, reason: str) -> None:
        # Both may repeat a file's words, and no page and no terminal can show half a surrogate pair.
        self.source = text_of(source)
        self.reason = text_of(reason)
        super().__init__(f"{self.source}: {self.reason}" if self.source else self.reason)


@dataclass(frozen=True)
class Gap:
    """A sign that hooks were not read, so that none may be deleted: `source`, a file, and `what` is to be said of it.

    Both together are a sentence, or some. `hook` is the name of the only one that it may be, "" where it may be any.
    """

    source: str
    what: str
    hook: str = ""

    def __str__(self) -> str:
        return text_of(f"{self.source} {self.what}")


def from_object(source: str, data: Any, load_script: Callable[[str], str]) -> Definition:
    """The hook in `data`, an object with the API's fields and `secrets`, as the Deploy CLI writes it.

    `load_script` gives the script for what stands in that field, "" where nothing does. What a secret's value would be
    is unknown where it has a keyword that nobody gave a value for. Raises UnreadableError.
    """
    if not isinstance(data, dict):
        raise UnreadableError(source, "This is not a hook: an object with name, script and triggerId is needed.")
    if unknown := [str(key) for key in data if key not in FIELDS]:
        raise UnreadableError(source, f"It has a field that no hook has: {unknown[0]}.")
    data = _in_todays_words(source, data)
    # Very old hooks have no name; the Deploy CLI writes their id then.
    texts: dict[str, Any] = {
        "script": data.get("script"),
        "triggerId": data.get("triggerId"),
        "name": data.get("name") or data.get("id"),
    }
    try:
        if texts["script"] is None:
            texts["script"] = load_script("")
        for key, value in texts.items():
            if not isinstance(value, str) or not value:
                raise UnreadableError(source, f"It has no {key}.")
        if keys := keywords.unfilled(texts["name"]):
            raise UnreadableError(source, f"The keyword {keys[0]} in its name has no value.")
        if data.get("script"):
            texts["script"] = load_script(texts["script"])
    except UnreadableError as error:
        # Of several hooks in a file, the one that asks for it is to be named.
        raise UnreadableError(source, error.reason) from error
    for key, value in texts.items():
        if odd := odd_character(value):
            raise UnreadableError(source, f"Its {key} has {odd}.")
    secrets = _texts(source, data, "secrets")
    if secrets is not None:
        secrets = {key: MASK if keywords.unfilled(value) else value for key, value in secrets.items()}
    return Definition(
        name=texts["name"],
        trigger=texts["triggerId"],
        script=texts["script"],
        enabled=_truth(source, data.get("enabled")),
        dependencies=_texts(source, data, "dependencies"),
        secrets=secrets,
        source=source,
    )


def _in_todays_words(source: str, data: dict[str, Any]) -> dict[str, Any]:
    for old, new in _OLD_WORDS.items():
        if old in data and new in data:
            raise UnreadableError(source, f"It has {old} and {new}, which mean the same. Remove one.")
    return {_OLD_WORDS.get(key, key): value for key, value in data.items()}


def without_keyword(source: str, value: Any, else_: str) -> None:
    """Raise UnreadableError where `value` has a keyword without a value; `else_` says what comes of that."""
    if isinstance(value, str) and (keys := keywords.unfilled(value)):
        raise UnreadableError(source, f"The keyword {keys[0]} has no value, and {else_}.")


def _texts(source: str, data: dict[str, Any], name: str) -> dict[str, str] | None:
    values = keywords.object_in(data.get(name))
    if values is None:
        return None
    without_keyword(source, values, f"{name} must be an object")
    if not isinstance(values, dict):
        raise UnreadableError(source, f"{name} must be an object of names and texts.")
    for key, value in values.items():
        if value is None:
            # The name may be a value whose own name was forgotten.
            raise UnreadableError(source, f"A value is missing in {name}: names and quoted texts are needed.")
        if not isinstance(value, str):
            raise UnreadableError(source, f"The value of {key} in {name} must be a quoted text.")
        if odd := odd_character(key) or odd_character(value):
            raise UnreadableError(source, f"{key} in {name} has {odd}.")
    return values


def _truth(source: str, value: Any) -> bool | None:
    """A keyword in quotes becomes a text, so that both count."""
    if value is None or isinstance(value, bool):
        return value
    if value in ("true", "false"):
        return bool(value == "true")
    without_keyword(source, value, "enabled must be true or false")
    raise UnreadableError(source, "enabled must be true or false.")
