"""The catalogue's data files are what the code that reads them takes."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from hooksui import catalogue

CATALOGUE = Path(catalogue.__file__).parent
SCHEMAS = CATALOGUE / "schemas"
DATA = sorted(file for file in CATALOGUE.rglob("*.json") if SCHEMAS not in file.parents)


def read(file: Path) -> Any:
    """The JSON in `file`."""
    return json.loads(file.read_text(encoding="utf-8"))


def problems(name: str, value: Any) -> list[str]:
    """What is wrong with `value` by the schema of that name."""
    schema = read(SCHEMAS / f"{name}.schema.json")
    Draft202012Validator.check_schema(schema)
    checked = Draft202012Validator(schema, format_checker=FormatChecker())
    return [f"{error.json_path}: {error.message}" for error in checked.iter_errors(value)]


@pytest.mark.parametrize("file", DATA, ids=lambda file: str(file.relative_to(CATALOGUE)))
def test_each_file_keeps_its_schema(file: Path) -> None:
    assert problems(file.stem, read(file)) == []


def test_each_schema_is_for_a_file() -> None:
    assert {file.name.removesuffix(".schema.json") for file in SCHEMAS.iterdir()} == {file.stem for file in DATA}


@pytest.mark.parametrize("trigger", list(catalogue.points()))
def test_a_sample_has_each_argument_of_its_contract(trigger: str) -> None:
    point = catalogue.points()[trigger]
    assert set(point.contract["arguments"]) <= json.loads(point.sample).keys()


@pytest.mark.parametrize(
    ("name", "path", "value"),
    [
        ("point", "points/pre-user-registration/point", {"title": "T", "description": "no sentence"}),
        ("limits", "limits", {"name_length": 0}),
        ("contract", "points/pre-user-registration/contract", {"context": "another"}),
        ("contract", "points/pre-user-registration/contract", {"meaning": {"result": "user"}}),
        ("hints", "language/hints", {"Odd name": {"message": "M.", "reason": "R."}}),
    ],
)
def test_a_slip_is_found(name: str, path: str, value: dict[str, Any]) -> None:
    file = CATALOGUE / f"{path}.json"
    assert problems(name, read(file) | value)
