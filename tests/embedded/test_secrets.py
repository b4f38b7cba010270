"""Secrets of a hook (docs/management-api.md, "Hook secrets")."""

import json
from typing import Any

import pytest

from hooksui.embedded.models import HookSecret
from tests.embedded.conftest import Api, Hooks


@pytest.fixture
def path(new_hook: Hooks) -> str:
    """The path of a new hook's secrets."""
    return f"/hooks/{new_hook()['id']}/secrets"


def names(api: Api, path: str) -> list[str]:
    return list(api.get(path).json())


def test_a_hook_begins_without_secrets(api: Api, path: str) -> None:
    answer = api.get(path)
    assert (answer.status_code, answer.content) == (200, b"{}")


def test_adding_answers_201_and_reading_masks(api: Api, path: str) -> None:
    added = api.send("POST", path, b'{"SECRET1":"value1","SECRET2":"value2"}')
    assert (added.status_code, added.content) == (201, b"{}")
    assert api.get(path).content == b'{"SECRET1":"_VALUE_NOT_SHOWN_","SECRET2":"_VALUE_NOT_SHOWN_"}'


def test_adding_keeps_the_others_in_order_of_insertion(api: Api, path: str) -> None:
    for name in ("foo", "bar", "Apple-1"):
        assert api.post(path, {name: "1"}).status_code == 201
    api.patch(path, {"bar": "2", "foo": "2"})
    assert names(api, path) == ["foo", "bar", "Apple-1"]


def test_updating_answers_201_as_recorded_and_changes_what_it_names(api: Api, path: str) -> None:
    api.post(path, {"SECRET1": "one", "SECRET2": "two"})
    updated = api.send("PATCH", path, b'{"SECRET1":"something else"}')
    assert (updated.status_code, updated.content) == (201, b"{}")
    values = dict(HookSecret.objects.values_list("name", "value"))
    assert values == {"SECRET1": "something else", "SECRET2": "two"}


def test_updating_to_the_mask_stores_the_mask(api: Api, path: str) -> None:
    api.post(path, {"a": "1"})
    api.patch(path, {"a": "_VALUE_NOT_SHOWN_"})
    assert HookSecret.objects.get().value == "_VALUE_NOT_SHOWN_"


def test_deleting_takes_an_array_and_answers_204(api: Api, path: str) -> None:
    api.post(path, {"SECRET1": "1", "SECRET2": "2"})
    deleted = api.send("DELETE", path, b'["SECRET1"]')
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert names(api, path) == ["SECRET2"]


def test_deleting_an_unknown_name_is_no_error(api: Api, path: str) -> None:
    api.post(path, {"a": "1"})
    assert api.delete(path, ["b", "a", "a"]).status_code == 204
    assert names(api, path) == []


def test_deleting_very_many_names_is_no_fault(api: Api, path: str) -> None:
    assert api.delete(path, [str(number) for number in range(50_000)]).status_code == 204


@pytest.mark.parametrize("name", ["__proto__", "api-key", "a b", "é", "😀", ".", "a/b", "x" * 128])
def test_names_and_values_of_any_characters_are_taken(api: Api, path: str, name: str) -> None:
    assert api.post(path, {name: "\t é 😀 \n"}).status_code == 201
    assert names(api, path) == [name]
    assert HookSecret.objects.get().value == "\t é 😀 \n"
    assert api.patch(path, {name: ""}).status_code == 201
    assert HookSecret.objects.get().value == ""
    assert api.delete(path, [name]).status_code == 204


def test_a_name_that_exists_is_a_conflict_and_nothing_is_added(api: Api, path: str) -> None:
    api.post(path, {"a": "1"})
    answer = api.post(path, {"b": "2", "a": "2"})
    assert answer.status_code == 409
    assert answer.content == (
        b'{"statusCode":409,"error":"Conflict","message":"Secret with the same name already exists."}'
    )
    assert names(api, path) == ["a"]


def test_names_of_other_hooks_do_not_matter(api: Api, path: str, new_hook: Hooks) -> None:
    api.post(path, {"a": "1"})
    assert api.post(f"/hooks/{new_hook('other')['id']}/secrets", {"a": "1"}).status_code == 201


def test_updating_an_unknown_name_is_not_found_and_nothing_changes(api: Api, path: str) -> None:
    api.post(path, {"a": "1"})
    answer = api.patch(path, {"a": "2", "b": "2"})
    assert answer.status_code == 404
    assert answer.content == b'{"statusCode":404,"error":"Not Found","message":"Hook or secret not found."}'
    assert HookSecret.objects.get().value == "1"


@pytest.mark.parametrize(
    ("method", "body"), [("GET", b""), ("POST", b'{"a":"1"}'), ("PATCH", b'{"a":"1"}'), ("DELETE", b'["a"]')]
)
def test_an_unknown_hook_does_not_exist(api: Api, method: str, body: bytes) -> None:
    answer = api.send(method, "/hooks/01GQN0P23FM79PY9HFN6YK94RY/secrets", body)
    assert answer.status_code == 404
    assert answer.json()["errorCode"] == "HookDoesNotExist"


def test_twenty_secrets_are_taken_and_no_more(api: Api, path: str) -> None:
    assert api.post(path, {f"s{number}": "1" for number in range(20)}).status_code == 201
    answer = api.post(path, {"one-more": "1"})
    assert answer.status_code == 400
    assert answer.content == (
        b'{"statusCode":400,"error":"Bad Request",'
        b'"message":"Payload validation error: \'Too many properties defined (21), maximum 20\'.",'
        b'"errorCode":"invalid_body"}'
    )
    assert len(names(api, path)) == 20


OBJECT_PROBLEMS: list[tuple[Any, str]] = [
    ({}, "'Too few properties defined (0), minimum 1'"),
    ({f"s{number}": "1" for number in range(21)}, "'Too many properties defined (21), maximum 20'"),
    ([], "'Expected type object but found type array'"),
    (None, "'Expected type object but found type null'"),
    ({"a": 1}, "'Expected type string but found type integer' on property a"),
    ({"a": None}, "'Expected type string but found type null' on property a"),
    ({"": "1"}, "'String is too short (0 chars), minimum 1'"),
    ({"a": "x" * 4097}, "'String is too long (4097 chars), maximum 4096' on property a"),
    ({"x" * 129: "1"}, f"'String is too long (129 chars), maximum 128' on property {'x' * 129}"),
    ({"a": "secret\0"}, "'String has a NUL character or half of a surrogate pair' on property a"),
    ({"a": "secret\udfff"}, "'String has a NUL character or half of a surrogate pair' on property a"),
    ({"a\0": "1"}, "'String has a NUL character or half of a surrogate pair' on property a\0"),
]


@pytest.mark.parametrize("method", ["POST", "PATCH"])
@pytest.mark.parametrize(("body", "reason"), OBJECT_PROBLEMS)
def test_invalid_secrets_are_refused_without_repeating_values(
    api: Api, path: str, method: str, body: Any, reason: str
) -> None:
    answer = api.send(method, path, json.dumps(body).encode())
    assert answer.status_code == 400
    assert answer.json()["errorCode"] == "invalid_body"
    assert answer.json()["message"] == f"Payload validation error: {reason}."


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ([], "'Array is too short (0), minimum 1'"),
        ({}, "'Expected type array but found type object'"),
        (None, "'Expected type array but found type null'"),
        (["a", 1], "'Expected type string but found type integer' on property [1]"),
    ],
)
def test_invalid_names_to_delete_are_refused(api: Api, path: str, body: Any, reason: str) -> None:
    answer = api.send("DELETE", path, json.dumps(body).encode())
    assert answer.status_code == 400
    assert answer.json()["message"] == f"Payload validation error: {reason}."


def test_forms_are_taken_too(api: Api, path: str) -> None:
    added = api.send("POST", path, b"a=1&b=true", "application/x-www-form-urlencoded")
    assert added.status_code == 201
    assert dict(HookSecret.objects.values_list("name", "value")) == {"a": "1", "b": "true"}
