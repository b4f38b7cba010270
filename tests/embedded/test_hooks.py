"""One hook: create, read, update, delete (docs/management-api.md, "Hooks")."""

import json
import re
from typing import Any

import pytest

from hooksui.embedded.models import Hook
from tests.embedded.conftest import SCRIPT, Api, Hooks

NO_SUCH_HOOK = (
    b'{"statusCode":404,"error":"Not Found","message":"Error: Hook does not exist","errorCode":"HookDoesNotExist"}'
)


def test_creating_answers_as_recorded(api: Api) -> None:
    sent = (
        '{"name":"testing-hook-creation","script":"function (user, context, callback) { callback(null, { user }); }",'
        '"triggerId":"pre-user-registration","enabled":false}'
    )
    answer = api.send("POST", "/hooks", sent.encode())
    assert answer.status_code == 201
    body = answer.content.decode()
    hook_id = json.loads(body)["id"]
    assert re.fullmatch("[0-9A-HJKMNP-TV-Z]{26}", hook_id)
    assert body == (
        f'{{"id":"{hook_id}","name":"testing-hook-creation",'
        '"script":"function (user, context, callback) { callback(null, { user }); }",'
        '"dependencies":{},"triggerId":"pre-user-registration","enabled":false}'
    )


def test_reading_has_its_own_key_order(api: Api, new_hook: Hooks) -> None:
    hook = new_hook("testing-hook", dependencies={"auth0": "2.30.0"})
    answer = api.get(f"/hooks/{hook['id']}")
    assert answer.status_code == 200
    assert answer.content.decode() == (
        f'{{"id":"{hook["id"]}","name":"testing-hook",'
        '"script":"function (user, context, callback) { callback(null, { user }); }",'
        '"dependencies":{"auth0":"2.30.0"},"enabled":false,"triggerId":"pre-user-registration"}'
    )


def test_updating_answers_200_in_the_order_of_writes(api: Api, new_hook: Hooks) -> None:
    hook = new_hook()
    answer = api.patch(f"/hooks/{hook['id']}", {"script": "1"})
    assert answer.status_code == 200
    assert answer.content.decode() == (
        f'{{"id":"{hook["id"]}","name":"some-hook","script":"1",'
        '"dependencies":{},"triggerId":"pre-user-registration","enabled":false}'
    )


def test_deleting_answers_204_then_404(api: Api, new_hook: Hooks) -> None:
    path = f"/hooks/{new_hook()['id']}"
    api.post(path + "/secrets", {"a": "1"})
    first, second = api.delete(path), api.delete(path)
    assert (first.status_code, first.content) == (204, b"")
    assert (second.status_code, second.content) == (404, NO_SUCH_HOOK)


@pytest.mark.parametrize("hook_id", ["01GQN0P23FM79PY9HFN6YK94RY", "auth-0-hook-update-app-scope"])
@pytest.mark.parametrize(("method", "body"), [("GET", b""), ("PATCH", b'{"enabled":true}'), ("DELETE", b"")])
def test_an_unknown_hook_does_not_exist(api: Api, hook_id: str, method: str, body: bytes) -> None:
    answer = api.send(method, f"/hooks/{hook_id}", body)
    assert (answer.status_code, answer.content) == (404, NO_SUCH_HOOK)


@pytest.mark.parametrize("body", [b"null\n", b"{}", b"not json", b"\xff"])
def test_reading_and_deleting_ignore_a_body(api: Api, new_hook: Hooks, body: bytes) -> None:
    path = f"/hooks/{new_hook()['id']}"
    assert api.send("GET", "/hooks", body).status_code == 200
    assert api.send("GET", path, body).status_code == 200
    assert api.send("GET", path + "/secrets", body).status_code == 200
    assert api.send("DELETE", path, body).status_code == 204


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("fields=name,id", ["id", "name"]),
        ("fields=script%2CtriggerId&include_fields=true", ["script", "triggerId"]),
        ("fields=script&include_fields=false", ["id", "name", "dependencies", "enabled", "triggerId"]),
        ("fields=", ["id", "name", "script", "dependencies", "enabled", "triggerId"]),
        ("include_fields=false", ["id", "name", "script", "dependencies", "enabled", "triggerId"]),
        ("fields=id,name,script,dependencies,enabled,triggerId&include_fields=false", []),
    ],
)
def test_fields_are_chosen_or_left_out(api: Api, new_hook: Hooks, query: str, keys: list[str]) -> None:
    hook = new_hook()
    assert list(api.get(f"/hooks/{hook['id']}?{query}").json()) == keys
    assert [list(each) for each in api.get(f"/hooks?{query}").json()] == [keys]


def test_dependencies_are_replaced(api: Api, new_hook: Hooks) -> None:
    path = f"/hooks/{new_hook(dependencies={'auth0': '2.30.0'})['id']}"
    assert api.patch(path, {"dependencies": {"bcrypt": "3.0.6"}}).json()["dependencies"] == {"bcrypt": "3.0.6"}
    assert api.patch(path, {"dependencies": {}}).json()["dependencies"] == {}


def test_what_a_patch_does_not_name_stays(api: Api, new_hook: Hooks) -> None:
    hook = new_hook(dependencies={"auth0": "2.30.0"}, enabled=True)
    assert api.patch(f"/hooks/{hook['id']}", {"name": "other"}).json() == {**hook, "name": "other"}


def test_a_new_hook_is_disabled_unless_enabled(new_hook: Hooks) -> None:
    assert new_hook("a")["enabled"] is False
    assert new_hook("b", enabled=True)["enabled"] is True


def enabled_names(trigger: str) -> list[str]:
    return list(Hook.objects.filter(trigger_id=trigger, enabled=True).values_list("name", flat=True))


def test_enabling_disables_the_other_hook_of_the_trigger(api: Api, new_hook: Hooks) -> None:
    first = new_hook("first", enabled=True)
    new_hook("elsewhere", enabled=True, triggerId="send-phone-message")
    new_hook("second", enabled=True)
    assert enabled_names("pre-user-registration") == ["second"]
    assert api.patch(f"/hooks/{first['id']}", {"enabled": True}).status_code == 200
    assert enabled_names("pre-user-registration") == ["first"]
    assert enabled_names("send-phone-message") == ["elsewhere"]


def test_a_refused_creation_disables_nothing(api: Api, new_hook: Hooks) -> None:
    new_hook("first", enabled=True)
    body = {"name": "first", "script": SCRIPT, "triggerId": "pre-user-registration", "enabled": True}
    assert api.post("/hooks", body).status_code == 409
    assert enabled_names("pre-user-registration") == ["first"]


def test_disabling_leaves_others_alone(api: Api, new_hook: Hooks) -> None:
    second = new_hook("second")
    new_hook("first", enabled=True)
    assert api.patch(f"/hooks/{second['id']}", {"enabled": False}).json()["enabled"] is False
    assert enabled_names("pre-user-registration") == ["first"]


def test_a_name_is_rewritten(api: Api, new_hook: Hooks) -> None:
    hook = new_hook("test-hook735")
    assert hook["name"] == "test-hook-735"
    assert api.patch(f"/hooks/{hook['id']}", {"name": "Some Hook"}).json()["name"] == "some-hook"


@pytest.mark.parametrize("name", ["test-hook-735", "test-hook735", "Test Hook 735"])
def test_a_name_is_taken_once_in_its_rewritten_form(api: Api, new_hook: Hooks, name: str) -> None:
    new_hook("test-hook735")
    other = new_hook("other")
    created = api.post("/hooks", {"name": name, "script": SCRIPT, "triggerId": "credentials-exchange"})
    assert created.status_code == 409
    assert created.content == (
        b'{"statusCode":409,"error":"Conflict","message":"Hook with the same name already exists."}'
    )
    renamed = api.patch(f"/hooks/{other['id']}", {"name": name})
    assert renamed.status_code == 409
    assert renamed.content == (
        b'{"statusCode":409,"error":"Conflict","message":"A hook with the same name already exists."}'
    )


def test_a_hook_keeps_its_own_name(api: Api, new_hook: Hooks) -> None:
    hook = new_hook("mine")
    assert api.patch(f"/hooks/{hook['id']}", {"name": "mine"}).status_code == 200


def test_forms_are_taken_too(api: Api) -> None:
    form = "application/x-www-form-urlencoded; charset=utf-8"
    created = api.send("POST", "/hooks", b"name=a&script=1&triggerId=credentials-exchange&enabled=true", form)
    assert (created.status_code, created.json()["enabled"]) == (201, True)
    changed = api.send("PATCH", f"/hooks/{created.json()['id']}", b"enabled=false&script=a%2Bb+c", form)
    assert (changed.status_code, changed.json()["enabled"], changed.json()["script"]) == (200, False, "a+b c")


@pytest.mark.parametrize("content_type", ["", "application/json", "Application/JSON; charset=UTF-8", "text/plain"])
def test_any_other_type_of_body_is_json(api: Api, content_type: str) -> None:
    body = json.dumps({"name": "a", "script": "1", "triggerId": "credentials-exchange"}).encode()
    assert api.send("POST", "/hooks", body, content_type).status_code == 201


@pytest.mark.parametrize("script", ["é — 😀 \u2028", "line\nline\r\n\ttab", "</script>", "'\"\\", " "])
def test_a_script_comes_back_as_it_was_sent(api: Api, new_hook: Hooks, script: str) -> None:
    hook = new_hook(script=script)
    assert hook["script"] == script
    assert api.get(f"/hooks/{hook['id']}").json()["script"] == script


def test_text_is_not_escaped_beyond_need(new_hook: Hooks, api: Api) -> None:
    hook = new_hook(script="é😀")
    assert '"script":"é😀"'.encode() in api.get(f"/hooks/{hook['id']}").content


@pytest.mark.parametrize("script", ["x" * 100_000, "é" * 50_000], ids=["one byte a character", "two bytes a character"])
def test_the_largest_script_is_taken_and_one_byte_more_is_not(api: Api, new_hook: Hooks, script: str) -> None:
    path = f"/hooks/{new_hook(script=script)['id']}"
    answer = api.patch(path, {"script": script + "x"})
    assert answer.status_code == 400
    assert answer.json()["message"] == (
        "Payload validation error: 'String is too long (100001 bytes), maximum 100000' on property script "
        "(Code to be executed when this hook runs.)."
    )


def test_an_id_of_other_characters_is_an_invalid_uri(api: Api) -> None:
    answer = api.get("/hooks/a_b")
    assert answer.status_code == 400
    assert answer.json() == {
        "statusCode": 400,
        "error": "Bad Request",
        "message": (
            "Path validation error: 'String does not match pattern ^[A-Za-z0-9-]*$: a_b' on property id "
            "(ID of the hook to retrieve.)."
        ),
        "errorCode": "invalid_uri",
    }


@pytest.mark.parametrize("hook_id", ["a%0A", "%00", "é", "a.b", "%ff", "a%20b"])
def test_odd_ids_are_refused(api: Api, hook_id: str) -> None:
    answers: list[Any] = [api.get(f"/hooks/{hook_id}"), api.patch(f"/hooks/{hook_id}", {"enabled": True})]
    answers += [api.delete(f"/hooks/{hook_id}"), api.get(f"/hooks/{hook_id}/secrets")]
    assert {answer.status_code for answer in answers} == {400}
