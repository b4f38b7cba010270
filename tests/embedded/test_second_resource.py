"""The entry serves whatever resource is declared: here one that has nothing to do with hooks."""

import json
from typing import TYPE_CHECKING

import pytest
from pytest_django import Settings

from tests.embedded.conftest import Api
from tests.embedded.test_ratelimit import first_refused

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer


@pytest.fixture
def groups(db: None, settings: Settings) -> Api:
    """A client of an API with groups beside hooks, which has a token for all scopes."""
    settings.ROOT_URLCONF = "tests.embedded.groups"
    client = Api()
    client.token = client.ask_token().json()["access_token"]
    return client


def refusal(answer: "Answer") -> tuple[int, str]:
    """The status and the error code, of an envelope that is whole."""
    body = json.loads(answer.content)
    assert body["statusCode"] == answer.status_code
    assert body["error"]
    assert answer["Content-Type"] == "application/json; charset=utf-8"
    return answer.status_code, body.get("errorCode", "")


def test_scopes_come_from_what_is_declared(groups: Api) -> None:
    scope = groups.ask_token().json()["scope"]
    assert scope == "read:hooks create:hooks update:hooks delete:hooks read:groups create:groups"
    reader = groups.with_scope("read:groups delete:groups")
    assert reader.ask_token(scope="delete:groups create:groups").json()["scope"] == "create:groups"
    assert reader.get("/groups").status_code == 200
    assert refusal(reader.post("/groups", {"name": "a"})) == (403, "insufficient_scope")
    assert refusal(reader.get("/hooks")) == (403, "insufficient_scope")


def test_what_a_call_brings_is_checked_and_refused_in_the_envelope(groups: Api) -> None:
    created = groups.post("/groups", {"name": "a"})
    assert (created.status_code, created.json()["name"]) == (201, "a")
    assert groups.get(f"/groups/{created.json()['id']}").json() == created.json()
    assert refusal(groups.get("/groups/x")) == (400, "invalid_uri")
    assert "(ID of the group.)" in groups.get("/groups/x").json()["message"]
    assert refusal(groups.get("/groups/999")) == (404, "inexistent_group")
    assert refusal(groups.post("/groups", {"name": "a\0"})) == (400, "invalid_body")
    assert refusal(groups.get("/groups?fields=secret")) == (400, "invalid_query_string")
    assert refusal(groups.delete("/groups")) == (404, "")
    # Nobody told apart why it failed: not "exists already", and no word of the database.
    failed = groups.post("/groups", {"name": "a"})
    assert (failed.status_code, failed.json()["message"]) == (500, "An internal server error occurred")


def test_lists_are_paged_with_totals_and_links(groups: Api) -> None:
    for name in "abc":
        groups.post("/groups", {"name": name})
    answer = groups.get("/groups?per_page=2&page=1&include_totals=true&fields=name")
    assert answer.json() == {"total": 3, "start": 2, "limit": 2, "groups": [{"name": "c"}]}
    assert 'api/v2/groups?per_page=2&include_totals=true&fields=name&page=0>; rel="prev"' in answer["Link"]
    assert [group["name"] for group in groups.get("/groups").json()] == ["a", "b", "c"]


def test_the_rate_limit_is_that_of_all_calls(groups: Api, settings: Settings) -> None:
    settings.LOCAL_API_BURST, settings.LOCAL_API_PER_SECOND = 1, 1
    answer = first_refused(lambda: groups.get("/groups"))
    assert refusal(answer) == (429, "too_many_requests")
    assert refusal(first_refused(lambda: groups.get("/hooks"))) == (429, "too_many_requests")
    assert answer["x-ratelimit-limit"] == "1"


@pytest.mark.parametrize(("mode", "of_hooks"), [("gone", (403, "hooks_not_allowed")), ("read-only", (403, ""))])
def test_the_mode_of_hooks_is_none_of_its_business(
    groups: Api, settings: Settings, mode: str, of_hooks: tuple[int, str]
) -> None:
    settings.LOCAL_TENANT_MODE = mode
    assert groups.post("/groups", {"name": mode}).status_code == 201
    assert groups.get("/groups").json()[0]["name"] == mode
    hook = {"name": "a", "script": "1", "triggerId": "credentials-exchange"}
    assert refusal(groups.post("/hooks", hook)) == of_hooks
