"""Files as they are written in tests of what is read from them."""

import json
from typing import Any

from hooksui.transfer.files.definition import Definition, UnreadableError
from hooksui.transfer.files.texts import Texts
from hooksui.transfer.formats import reading
from hooksui.transfer.formats.base import Reading
from hooksui.transfer.formats.terraform.reading import Configuration

SCRIPT = "module.exports = function (user, context, cb) { cb(null, { user }); };\n"

FIELDS: dict[str, Any] = {"name": "x", "script": "./x.js", "triggerId": "pre-user-registration"}

# What people call the formats.
DIRECTORY, YAML, DUMP = "Deploy CLI directory", "Deploy CLI YAML", "JSON of the Management API"
STATE, CONFIGURATION = "Terraform state", "Terraform configuration"

HOOK = Definition("x", "pre-user-registration", SCRIPT)


def read(files: dict[str, Any], **values: Any) -> Reading:
    """What files say, by path; what is no text there is written as JSON."""
    texts = {path: content if isinstance(content, str) else json.dumps(content) for path, content in files.items()}
    return reading.read(Texts(texts), values)


def read_one(files: dict[str, Any], **values: Any) -> Definition:
    found = read(files, **values)
    assert found.unreadable == []
    (definition,) = found.definitions
    return definition


def refusals(found: Reading) -> dict[str, str]:
    return {error.source: error.reason for error in found.unreadable}


def named(found: Reading) -> list[str]:
    """The files with hooks that were not read."""
    return [gap.source for gap in found.gaps]


def hook(**fields: Any) -> dict[str, Any]:
    """A hook's JSON, with `fields` in place of its own; those that are None are left out."""
    return {name: value for name, value in {**FIELDS, **fields}.items() if value is not None}


def read_hcl(files: dict[str, str]) -> tuple[list[Definition], list[UnreadableError]]:
    """The hooks of a Terraform configuration, and what of it cannot be read."""
    configuration = Configuration(files)
    return configuration.definitions, configuration.unreadable
