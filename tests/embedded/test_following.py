"""What clients write over the network is told like what people write on pages."""

import json
import logging

import pytest
from pytest_django import Settings

from hooksui.runner import records
from hooksui.runner.models import Payload
from tests.embedded.conftest import CLIENT_ID, Api

PRE = "pre-user-registration"


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    """The lines about changes."""
    return [record.getMessage() for record in caplog.records if record.name == "hooksui.hooks.changes"]


def test_each_write_is_one_change_of_the_client_that_made_it(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    hook = api.post("/hooks", {"name": "one", "script": "1", "triggerId": PRE}).json()
    path = f"/hooks/{hook['id']}"
    api.post(f"{path}/secrets", {"KEY": "hidden-value"})
    api.patch(f"{path}/secrets", {"KEY": "hidden-value"})
    api.delete(f"{path}/secrets", ["KEY"])
    api.patch(path, {"script": "2", "enabled": True})
    api.patch(path, {"name": "two", "enabled": False})
    api.delete(path)
    one, two = (f'tenant=local hook="{hook["id"]}" name="{name}"' for name in ("one", "two"))
    by = f'by="{CLIENT_ID}" from="127.0.0.1": done'
    assert lines(caplog) == [
        f"API client, create {one} {by}",
        f'API client, add secrets {one} secrets="KEY" {by}',
        f'API client, change secrets {one} secrets="KEY" {by}',
        f'API client, remove secrets {one} secrets="KEY" {by}',
        f"API client, save {one} {by}",
        f"API client, enable {one} {by}",
        f'API client, rename to "two" {one} {by}',
        f"API client, disable {one} {by}",
        f"API client, delete {two} {by}",
    ]
    assert "hidden-value" not in caplog.text


def test_a_hook_that_is_disabled_for_another_one_is_a_change_too(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    ids = [
        api.post("/hooks", {"name": name, "script": "1", "triggerId": PRE, "enabled": name != "two"}).json()["id"]
        for name in ("one", "two", "three")
    ]
    api.patch(f"/hooks/{ids[1]}", {"enabled": True})
    told = [line.split(" tenant=")[0] + line.split("name=")[1].split(" ")[0] for line in lines(caplog)]
    assert told == [
        'API client, create"one"',
        'API client, create"two"',
        'API client, disable"one"',
        'API client, create"three"',
        'API client, disable"three"',
        'API client, enable"two"',
    ]


def test_the_address_of_a_client_is_told_behind_a_proxy_too(
    api: Api, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    settings.SESSION_COOKIE_SECURE = True
    body = json.dumps({"name": "one", "script": "1", "triggerId": PRE}).encode()
    api.send("POST", "/hooks", body, **{"X-Forwarded-For": "192.0.2.1, 203.0.113.9"})
    assert [line.split("from=")[1] for line in lines(caplog)] == ['"203.0.113.9": done']


def test_what_is_refused_or_changes_nothing_is_no_change(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    hook = api.post("/hooks", {"name": "one", "script": "1", "triggerId": PRE}).json()
    caplog.set_level(logging.INFO)
    caplog.clear()
    assert api.post("/hooks", {"name": "one", "script": "1", "triggerId": PRE}).status_code == 409
    assert api.patch("/hooks/01NOTHING", {"script": "2"}).status_code == 404
    assert api.patch(f"/hooks/{hook['id']}", {"script": "1"}).status_code == 200
    assert api.get("/hooks").status_code == 200
    assert lines(caplog) == []


def test_runs_and_payloads_go_with_a_hook_that_a_client_deletes(api: Api) -> None:
    hook = api.post("/hooks", {"name": "one", "script": "1", "triggerId": PRE}).json()
    Payload.objects.create(tenant="local", hook_id=hook["id"], name="kept", text="{}")
    api.delete(f"/hooks/{hook['id']}")
    assert not records.kept_payloads("local", hook["id"]).exists()
