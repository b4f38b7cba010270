"""Why hooks of files are refused: each for what a person has to mend first."""

import posixpath
import re
from collections import defaultdict
from collections.abc import Mapping

from django.core.exceptions import ValidationError

from hooksui import catalogue
from hooksui.auth0.shapes import Hook, is_mask
from hooksui.hooks import rules
from hooksui.transfer.files import keywords
from hooksui.transfer.files.definition import Definition

# The server's own rule, which allows shorter names than the form for a new hook does.
_NAME = re.compile(r"[A-Za-z0-9]([ A-Za-z0-9-]*[A-Za-z0-9])?")
_MAX_NAMED = 3  # hooks in one sentence


def faults_of(definitions: list[Definition], tenant: Mapping[str, list[Hook]]) -> dict[int, str]:
    """Why `definitions` are refused, by their places; `tenant` has its hooks by their stored names.

    Whoever gave the same hook twice has to choose between the files before anything else can be said of it; and what
    no tenant takes comes before what does not go together.
    """
    faults = _of_names(definitions)
    by_point: dict[str, list[int]] = defaultdict(list)
    for number, definition in enumerate(definitions):
        if number in faults:
            continue
        found = tenant.get(catalogue.stored_name(definition.name), [])
        beside = _fault_beside(definition, found) if found else _fault_of_new(definition)
        if fault := _fault(definition) or beside:
            faults[number] = fault
        if definition.enabled and (found or definition.trigger in catalogue.points()):
            by_point[definition.trigger].append(number)
    for numbers in by_point.values():
        for number in numbers if len(numbers) > 1 else []:
            others = _listed([definitions[other].name for other in _beside(numbers, number)])
            faults.setdefault(
                number, f"Only one hook can be enabled at a point, but the files also enable {others}. Disable one."
            )
    return faults


def _of_names(definitions: list[Definition]) -> dict[int, str]:
    by_name: dict[str, list[int]] = defaultdict(list)
    for number, definition in enumerate(definitions):
        by_name[catalogue.stored_name(definition.name)].append(number)
    return {
        number: _twice(name, definitions[number], [definitions[other] for other in _beside(numbers, number)])
        for name, numbers in by_name.items()
        if len(numbers) > 1
        for number in numbers
    }


def _twice(name: str, definition: Definition, others: list[Definition]) -> str:
    """What to say of `definition` where `others` would be stored as `name` as well."""
    sources = _listed([other.source for other in others])
    if any(posixpath.dirname(other.source) == posixpath.dirname(definition.source) for other in others):
        return f"{sources} has the same name: both would be stored as {name}."
    # One folder for each tenant, as a rule.
    verb = "describes" if len(others) == 1 else "describe"
    return f"{sources} {verb} the same hook. Import one of the folders on its own."


def _beside(numbers: list[int], own: int) -> list[int]:
    """The first of `numbers` that are not `own`, one more than a sentence names."""
    return [number for number in numbers[: _MAX_NAMED + 2] if number != own][: _MAX_NAMED + 1]


def _listed(names: list[str]) -> str:
    return ", ".join(names[:_MAX_NAMED]) + (" and more" if len(names) > _MAX_NAMED else "")


def _fault(definition: Definition) -> str:
    """Why the API would refuse what `definition` says of a hook, "" where it would not."""
    # What files have is sent as it is.
    try:
        rules.clean_script(definition.script, None)
    except ValidationError as error:
        return str(error.messages[0])
    for name, version in (definition.dependencies or {}).items():
        if odd := rules.odd_character(name) or rules.odd_character(version):
            return f"The name or the version of an NPM module has {odd}."
    return next(filter(None, (_fault_of_secret(*secret) for secret in (definition.secrets or {}).items())), "")


def _fault_of_new(definition: Definition) -> str:
    """Why there can be no hook like `definition`. What the tenant has already may be older than these rules."""
    if not _NAME.fullmatch(definition.name):
        return "A name has letters, digits, spaces and hyphens, and begins and ends with a letter or digit."
    most = catalogue.limits().name_length
    if max(len(definition.name), len(catalogue.stored_name(definition.name))) > most:
        return f"The name is longer than {most} characters."
    if keys := keywords.unfilled(definition.trigger):
        return f"The keyword {keys[0]}, which stands for its extensibility point, has no value."
    if definition.trigger not in catalogue.points():
        return f"There is no extensibility point {definition.trigger}. Use one of {', '.join(catalogue.points())}."
    return ""


def _fault_of_secret(name: str, value: str) -> str:
    # The API takes names that the form for a new secret does not.
    most = catalogue.limits().secret_name_length
    if not 0 < len(name) <= most:
        return f"The name of a secret has 1 to {most} characters."
    if odd := rules.odd_character(name):
        return f"The name of a secret has {odd}."
    try:
        if not is_mask(value):
            rules.clean_secret_value(value, None)
    except ValidationError as error:
        return f"Secret {name}: {error.messages[0]}"
    return ""


def _fault_beside(wanted: Definition, found: list[Hook]) -> str:
    """Why `wanted` cannot be brought to the hooks of its name in the tenant, "" where it can."""
    if len(found) > 1:
        return f"The tenant has {len(found)} hooks of this name. Rename one of them first."
    if found[0].trigger != wanted.trigger:
        return f"The tenant has {found[0].name} at {found[0].trigger}. Delete it there, or give this one another name."
    return ""
