"""Lists of hooks: pages, totals, filters and links (docs/management-api.md, "List")."""

import json
from typing import Any

import pytest

from hooksui.embedded.models import Hook
from tests.embedded.conftest import Api, Hooks


@pytest.fixture
def five_hooks(db: None) -> list[str]:
    """Ids of five hooks in their order."""
    hooks = [
        Hook(id=f"{number:026}", name=f"hook-{number}", script="1", trigger_id="send-phone-message")
        for number in range(5)
    ]
    Hook.objects.bulk_create(reversed(hooks))
    return [hook.id for hook in hooks]


def ids(answer: Any) -> list[str]:
    return [hook["id"] for hook in json.loads(answer.content)["hooks"]]


def test_an_empty_list_has_all_four_keys(api: Api) -> None:
    answer = api.get("/hooks?include_totals=true")
    assert answer.status_code == 200
    assert answer.content == b'{"total":0,"start":0,"limit":100,"hooks":[]}'


def test_there_are_no_applications(api: Api) -> None:
    assert json.loads(api.get("/clients?fields=name").content) == []
    answer = api.get("/clients?page=1&per_page=50&include_totals=true&is_global=false")
    assert answer.content == b'{"total":0,"start":50,"limit":50,"clients":[]}'


def test_a_list_of_one_field_answers_as_recorded(api: Api, new_hook: Hooks) -> None:
    hook = new_hook()
    answer = api.get("/hooks?fields=id&include_fields=true&include_totals=true&per_page=50")
    assert answer.content.decode() == f'{{"total":1,"start":0,"limit":50,"hooks":[{{"id":"{hook["id"]}"}}]}}'
    address = "http://testserver/api/v2/hooks?fields=id&include_fields=true&include_totals=true&per_page=50"
    assert answer["Link"] == f'<{address}&page=0>; rel="first", <{address}&page=0>; rel="last"'


@pytest.mark.parametrize("query", ["", "?include_totals=false"])
def test_without_totals_a_list_is_an_array(api: Api, five_hooks: list[str], query: str) -> None:
    answer = api.get("/hooks" + query)
    assert [hook["id"] for hook in answer.json()] == five_hooks
    assert "Link" not in answer.headers


def test_every_hook_has_all_fields_in_the_order_of_reading(api: Api, five_hooks: list[str]) -> None:
    keys = ["id", "name", "script", "dependencies", "enabled", "triggerId"]
    assert [list(hook) for hook in api.get("/hooks").json()] == [keys] * len(five_hooks)


def test_pages_are_ordered_by_id_and_start_counts_items(api: Api, five_hooks: list[str]) -> None:
    pages = [api.get(f"/hooks?include_totals=true&per_page=2&page={page}") for page in range(4)]
    assert [ids(page) for page in pages] == [five_hooks[:2], five_hooks[2:4], five_hooks[4:], []]
    assert [page.json()["start"] for page in pages] == [0, 2, 4, 6]
    assert {page.json()["total"] for page in pages} == {5}
    assert {page.json()["limit"] for page in pages} == {2}


@pytest.mark.parametrize(
    ("page", "links"),
    [
        (0, {"first": 0, "last": 2, "next": 1}),
        (1, {"first": 0, "last": 2, "next": 2, "prev": 0}),
        (2, {"first": 0, "last": 2, "prev": 1}),
        (9, {"first": 0, "last": 2, "prev": 2}),
    ],
)
def test_links_lead_to_the_neighbouring_pages(
    api: Api, five_hooks: list[str], page: int, links: dict[str, int]
) -> None:
    address = "http://testserver/api/v2/hooks?include_totals=true&per_page=2"
    expected = ", ".join(f'<{address}&page={number}>; rel="{name}"' for name, number in links.items())
    assert api.get(f"/hooks?page={page}&include_totals=true&per_page=2")["Link"] == expected


def test_links_cannot_be_broken_by_a_host(api: Api) -> None:
    answer = api.send("GET", "/hooks?include_totals=true", Host='a>; rel="x"')
    assert answer["Link"].startswith("<http://a%3E%3B%20rel%3D%22x%22/api/v2/hooks?")


def test_no_items_per_page_still_tell_the_total(api: Api, five_hooks: list[str]) -> None:
    answer = api.get("/hooks?include_totals=true&per_page=0&page=3")
    assert answer.content == b'{"total":5,"start":0,"limit":0,"hooks":[]}'
    assert api.get("/hooks?per_page=0").content == b"[]"


@pytest.mark.parametrize("page", [10**6, 2**63, 10**99])
def test_a_page_far_past_the_end_is_empty(api: Api, five_hooks: list[str], page: int) -> None:
    answer = api.get(f"/hooks?include_totals=true&page={page}")
    assert answer.json() == {"total": 5, "start": page * 100, "limit": 100, "hooks": []}
    assert api.get(f"/hooks?page={page}").content == b"[]"


def test_filters_select_and_count(api: Api, five_hooks: list[str], new_hook: Hooks) -> None:
    enabled = new_hook("enabled", enabled=True)["id"]
    disabled = new_hook("disabled")["id"]
    assert ids(api.get("/hooks?include_totals=true&enabled=true")) == [enabled]
    assert set(ids(api.get("/hooks?include_totals=true&enabled=false"))) == {disabled, *five_hooks}
    of_trigger = api.get("/hooks?include_totals=true&triggerId=pre-user-registration")
    assert set(ids(of_trigger)) == {enabled, disabled}
    assert of_trigger.json()["total"] == 2
    both = api.get("/hooks?include_totals=true&triggerId=pre-user-registration&enabled=false")
    assert ids(both) == [disabled]


PER_PAGE = "(Number of results per page.)"
FIELDS = (
    "does not match pattern. Must be a comma separated list of the following values: "
    "id,name,script,dependencies,enabled,triggerId' on property fields "
    "(Comma-separated list of fields to include in the result. Leave empty to retrieve all fields.)"
)


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("per_page=1000", f"'Value 1000 is greater than maximum 100' on property per_page {PER_PAGE}"),
        ("per_page=-1", f"'Value -1 is less than minimum 0' on property per_page {PER_PAGE}"),
        ("per_page=ten", f"'Expected type integer but found type string' on property per_page {PER_PAGE}"),
        ("per_page=1.5", f"'Expected type integer but found type string' on property per_page {PER_PAGE}"),
        ("per_page=", f"'Expected type integer but found type string' on property per_page {PER_PAGE}"),
        ("per_page=1&per_page=2", f"'Expected type integer but found type array' on property per_page {PER_PAGE}"),
        (
            "page=-1",
            "'Value -1 is less than minimum 0' on property page "
            "(Page index of the results to return. First page is 0.)",
        ),
        (
            "enabled=yes",
            "'Expected type boolean but found type string' on property enabled "
            "(Optional filter on whether a hook is enabled (true) or disabled (false).)",
        ),
        (
            "triggerId=nothing",
            "'No enum match for: nothing' on property triggerId (Retrieves hooks that match the trigger)",
        ),
        ("fields=users", f"'String 'users' {FIELDS}"),
        ("fields=id,", f"'String 'id,' {FIELDS}"),
        ("fields=id%0A", f"'String 'id\n' {FIELDS}"),
        ("include_fields=1", "'Expected type boolean but found type string' on property include_fields"),
        ("q=x", "'Additional properties not allowed: q'"),
        ("q=x&r=y", "'Additional properties not allowed: q,r'"),
    ],
)
def test_an_invalid_query_is_refused_by_name(api: Api, query: str, reason: str) -> None:
    answer = api.get("/hooks?" + query)
    assert answer.status_code == 400
    assert answer.json() == {
        "statusCode": 400,
        "error": "Bad Request",
        "message": f"Query validation error: {reason}.",
        "errorCode": "invalid_query_string",
    }


def test_several_problems_are_joined(api: Api) -> None:
    assert api.get("/hooks?per_page=101&page=-1&q=1").json()["message"] == (
        "Query validation error: 'Additional properties not allowed: q'. (also) "
        "Query validation error: 'Value -1 is less than minimum 0' on property page "
        "(Page index of the results to return. First page is 0.). (also) "
        f"Query validation error: 'Value 101 is greater than maximum 100' on property per_page {PER_PAGE}."
    )


@pytest.mark.parametrize("query", ["triggerId=%00", "triggerId=%ff", "fields=%ED%A0%80", "page=" + "9" * 5000, "%ff=1"])
def test_odd_bytes_in_a_query_are_refused(api: Api, query: str) -> None:
    assert api.get("/hooks?" + query).status_code == 400


def test_a_query_of_very_many_parameters_is_refused(api: Api) -> None:
    assert api.get("/hooks?" + "&".join(f"a{number}=1" for number in range(1001))).status_code == 400


@pytest.mark.parametrize("path", ["/hooks/x", "/hooks/x/secrets"])
def test_calls_without_parameters_take_none(api: Api, path: str) -> None:
    assert api.delete(path + "?force=true", ["a"]).json()["errorCode"] == "invalid_query_string"
