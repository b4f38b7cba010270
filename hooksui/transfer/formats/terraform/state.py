"""Reads hooks from a state of Terraform, which has the values of secrets that its configuration had.

Source: the state file, version 4, and the output of `terraform show -json`, format version 1.
"""

import json
import posixpath
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, TypeGuard, cast

from hooksui.auth0.shapes import MASK
from hooksui.transfer.files import json_reading, signs
from hooksui.transfer.files.definition import Definition, Gap, UnreadableError
from hooksui.transfer.files.inputs import Inputs
from hooksui.transfer.formats.base import Format, Glance, Reader, Reading, Syntax
from hooksui.transfer.formats.terraform.modules import ENDINGS

TITLE = "Terraform state"
_BACKUP = ".backup"
_MAX_PLANNED = 3  # hooks of a plan that are named


class _State(Reader):
    """Reads the hooks of each state, which has no paths of their scripts."""

    def __init__(self, format_: Format, inputs: Inputs, reading: Reading) -> None:
        super().__init__(format_, inputs, reading)
        self._states: set[str] = set()

    def glance(self, path: str) -> Glance:
        """A state by its name is read where it has hooks; of two, the backup is the older one."""
        if path.lower().endswith(".json"):
            return Glance.PERHAPS
        current = not path.lower().endswith(_BACKUP)
        return Glance.OWN if current and "auth0_hook" in self.inputs.texts[path] else Glance.NOT

    def read(self, path: str) -> bool:
        """The hooks of the file, if it is a state; one without hooks is of other things."""
        data = self.inputs.json(path)
        if not signs.is_state(data):
            return False
        text = self.inputs.texts[path]
        if "auth0_hook" in text or len(self.inputs.texts) == 1:
            self.reading.gaps += [
                Gap(path, f"plans {address}, which was not there before and was not read. Import its configuration.")
                for address in only_planned(path, data)[:_MAX_PLANNED]
            ]
            self.reading.definitions += read_state(path, text)
            self._states.add(path)
            self.found(path)
        return True

    def has(self, path: str) -> bool:
        """Whether it is the script of a hook that a state has, or a backup without any hook that the state lacks."""
        return self._has_script(path) or self._has_backup(path)

    def _has_script(self, path: str) -> bool:
        """Whether the script at `path` is known from a state, which has no paths.

        It is that of the hook of its name, or of one and a configuration has the file's name in it, which is not read
        beside a state.
        """
        script = self.inputs.scripts.text(path)
        found = (hook for hook in self.reading.definitions if hook.source in self._states and hook.script == script)
        hooks = {hook.name.lower() for hook in found}
        stem, name = posixpath.splitext(posixpath.basename(path))[0], posixpath.basename(path)
        written = (text for other, text in self.inputs.texts.items() if other.lower().endswith(ENDINGS))
        return stem.lower() in hooks or (bool(hooks) and any(name in text for text in written))

    def _has_backup(self, path: str) -> bool:
        beside = {state for state in self._states if posixpath.dirname(state) == posixpath.dirname(path)}
        if not path.lower().endswith(_BACKUP) or not beside:
            return False
        names = {hook.name for hook in self.reading.definitions if hook.source in beside}
        with suppress(UnreadableError):
            return {hook.name for hook in read_state(path, self.inputs.texts[path])} <= names
        return False


def read_state(source: str, text: str) -> list[Definition]:
    """The hooks of a state file, or of what `terraform show -json` prints, secrets in plain text.

    Raises UnreadableError.
    """
    try:
        state = json_reading.read(source, text)
    except ValueError as error:
        raise json_reading.no_json(source, error) from error
    resources = [_Attributes(source, *resource) for resource in _resources(source, state)]
    hooks = [resource for resource in resources if resource.kind == "auth0_hook"]
    if not hooks:
        raise UnreadableError(source, "The state has no auth0_hook.")
    secrets = _secrets([resource for resource in resources if resource.kind != "auth0_hook"], hooks)
    return [_definition(source, hook, secrets[number]) for number, hook in enumerate(hooks)]


def only_planned(source: str, state: Any) -> list[str]:
    """The addresses of hooks that `state`, where it is a plan, would create. Raises UnreadableError."""
    if not isinstance(state, dict) or not isinstance(state.get("planned_values"), dict):
        return []
    before, after = (
        [values for kind, *values in _shown(source, part.get("root_module") or {}) if kind == "auth0_hook"]
        for part in (_values_before(state), state["planned_values"])
    )
    names = {values.get("name") for _, values in before if isinstance(values, dict)}
    return [address for address, values in after if not isinstance(values, dict) or values.get("name") not in names]


def _values_before(plan: dict[str, Any]) -> dict[str, Any]:
    prior = plan.get("prior_state")
    values = prior.get("values") if isinstance(prior, dict) else None
    return values if isinstance(values, dict) else {}


def _resources(source: str, state: Any) -> Iterator[tuple[str, str, Any]]:
    """Type, address and attributes of each hook and what belongs to one; of a plan, as it was before."""
    if isinstance(state, dict) and "planned_values" in state:
        return _shown(source, _values_before(state).get("root_module") or {})
    if isinstance(state, dict) and isinstance(state.get("prior_state"), dict):
        state = state["prior_state"]
    if isinstance(state, dict) and isinstance(state.get("values"), dict):
        return _shown(source, state["values"].get("root_module"))
    if not isinstance(state, dict) or "version" not in state:
        raise UnreadableError(source, "This is not a Terraform state.")
    if state["version"] != 4:
        raise UnreadableError(source, "The state's version is not 4. Write it with `terraform show -json` instead.")
    return _stored(source, state.get("resources"))


def _stored(source: str, resources: Any) -> Iterator[tuple[str, str, Any]]:
    for resource in _objects(source, "resources", resources):
        if not _is_of_hooks(resource):
            continue
        parts = [resource.get(key) for key in ("module", "type", "name")]
        address = ".".join(part for part in parts if _is_text(part))
        for instance in _objects(source, "instances", resource.get("instances")):
            # What is deposed waits for its deletion.
            if not instance.get("deposed"):
                yield resource["type"], f"{address}{_index(instance.get('index_key'))}", instance.get("attributes")


def _shown(source: str, root: Any) -> Iterator[tuple[str, str, Any]]:
    modules = [root]
    while modules:
        module = modules.pop()
        if not isinstance(module, dict):
            raise UnreadableError(source, "A module of the state is not an object.")
        for resource in _objects(source, "resources", module.get("resources")):
            if _is_of_hooks(resource):
                address = resource.get("address")
                yield resource["type"], address if _is_text(address) else resource["type"], resource.get("values")
        modules += reversed(_objects(source, "child_modules", module.get("child_modules")))


def _is_of_hooks(resource: dict[str, Any]) -> bool:
    return str(resource.get("type")).startswith("auth0_hook") and resource.get("mode") == "managed"


def _objects(source: str, name: str, value: Any) -> list[dict[str, Any]]:
    """`value`, which may be missing, as a list of objects."""
    items = [] if value is None else value
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise UnreadableError(source, f"{name} in the state must be a list of objects.")
    return items


def _index(key: Any) -> str:
    return f"[{json.dumps(key)}]" if isinstance(key, (str, int)) else ""


def _secrets(resources: "list[_Attributes]", hooks: "list[_Attributes]") -> list[dict[str, str]]:
    """The secrets that resources of their own give to each of `hooks`, as forks of the provider have them."""
    found: list[dict[str, str]] = [{} for _ in hooks]
    for resource in resources:
        if resource.kind != "auth0_hook_secret":
            raise resource.fault("is of a kind that is not known")
        of = [number for number, hook in enumerate(hooks) if hook.has_id(resource.text("hook_id"))]
        if not of:
            raise resource.fault("is a secret of no hook in the state")
        for number in of:
            found[number] |= {resource.text("name"): resource.secret("value")}
    return found


def _definition(source: str, hook: "_Attributes", more_secrets: dict[str, str]) -> Definition:
    # An empty map stands there also where the configuration has no secrets to name.
    secrets = {**(hook.texts("secrets", unknown=MASK) or {}), **more_secrets}
    return Definition(
        name=hook.text("name"),
        trigger=hook.text("trigger_id"),
        script=hook.text("script"),
        enabled=hook.truth("enabled"),
        dependencies=hook.texts("dependencies"),
        secrets=secrets or None,
        source=source,
    )


class _Attributes:
    """The attributes of the resource at `address`, each of the type that the provider gives it.

    Raises UnreadableError.
    """

    def __init__(self, source: str, kind: str, address: str, values: Any) -> None:
        self.kind = kind
        self._source = source
        self._address = address
        if not isinstance(values, dict):
            raise self.fault("has no attributes")
        self._values: dict[str, Any] = values

    def has_id(self, value: str) -> bool:
        """Whether it is what `value` names."""
        return bool(self._values.get("id") == value)

    def text(self, name: str) -> str:
        value = self._values.get(name)
        if value is None or value == "":
            raise self.fault(f"has no {name}")
        if not _is_text(value):
            raise self.fault(f"has a {name} that is not a text")
        return value

    def secret(self, name: str) -> str:
        """A text, or the mask where there is none."""
        return MASK if self._values.get(name) in (None, "") else self.text(name)

    def truth(self, name: str) -> bool | None:
        value = self._values.get(name)
        if value is not None and not isinstance(value, bool):
            raise self.fault(f"has something other than true or false for {name}")
        return value

    def texts(self, name: str, unknown: str | None = None) -> dict[str, str] | None:
        """Names and texts; `unknown` stands for what is null."""
        values = self._values.get(name)
        if values is None:
            return None
        if isinstance(values, dict):
            texts = {key: unknown if value is None else value for key, value in values.items()}
            if all(map(_is_text, [*texts, *texts.values()])):
                return cast("dict[str, str]", texts)
        raise self.fault(f"has something other than names and texts for {name}")

    def fault(self, what: str) -> UnreadableError:
        """What to raise where it cannot be read."""
        return UnreadableError(self._source, f"{self._address} {what}.")


def _is_text(value: Any) -> TypeGuard[str]:
    """Whether it is a text of whole characters: JSON can hold halves of a pair, which no file and no request can."""
    return isinstance(value, str) and not any("\ud800" <= character <= "\udfff" for character in value)


FORMAT = Format(
    name="state",
    title=TITLE,
    given="a Terraform state",
    endings=(".tfstate", _BACKUP, ".json"),
    syntax=Syntax.JSON,
    reader=_State,
)
