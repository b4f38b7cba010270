"""Each call costs a fixed number of queries, and lists read no more than they show."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from hooksui.embedded.models import Hook
from tests.embedded.conftest import Api, Hooks


@pytest.fixture
def many(db: None) -> None:
    """Two hundred hooks of one trigger."""
    Hook.objects.bulk_create(
        Hook(name=f"hook-{number}", script="1", trigger_id="send-phone-message") for number in range(200)
    )


@pytest.mark.parametrize(
    ("query", "count"),
    [("", 1), ("?include_totals=true", 2), ("?include_totals=true&per_page=1", 2), ("?include_totals=true&page=9", 2)],
)
def test_a_list_costs_its_page_and_the_total(
    api: Api, many: None, query: str, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(count):
        assert api.get("/hooks" + query).status_code == 200


def test_a_list_without_scripts_does_not_ask_for_them(api: Api, many: None) -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        api.get("/hooks?include_totals=true&fields=script&include_fields=false")
        api.get("/hooks?fields=id,name")
    assert not any("script" in query["sql"] for query in queries.captured_queries)


@pytest.mark.parametrize("trigger", ["", "&triggerId=send-phone-message"])
def test_a_page_is_read_in_the_order_of_an_index(api: Api, many: None, trigger: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        api.get(f"/hooks?fields=id,name&per_page=10{trigger}")
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN " + queries.captured_queries[-1]["sql"])
        assert "TEMP B-TREE" not in str(cursor.fetchall())


def test_each_call_costs_a_fixed_number_of_queries(
    api: Api, new_hook: Hooks, many: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    path = f"/hooks/{new_hook()['id']}"
    names = [f"s{number}" for number in range(20)]
    # Where the test's own transaction is open, each `atomic` adds a savepoint and its release.
    calls: list[tuple[int, str, str, Any]] = [
        (1, "get", path, None),
        (2 + 1, "post", "/hooks", {"name": "a", "script": "1", "triggerId": "credentials-exchange"}),
        (2 + 2, "post", "/hooks", {"name": "b", "script": "1", "triggerId": "credentials-exchange", "enabled": True}),
        (2 + 2, "patch", path, {"script": "2", "name": "c"}),
        (2 + 2, "patch", path, {"enabled": True}),
        (2, "get", path + "/secrets", None),
        (2 + 3, "post", path + "/secrets", dict.fromkeys(names, "1")),
        (1, "get", path + "/secrets", None),
        (2 + 3, "patch", path + "/secrets", dict.fromkeys(names, "2")),
        (2 + 3, "delete", path + "/secrets", names),
        # The last two take the runs and payloads of the hook.
        (2 + 3 + 2, "delete", path, None),
    ]
    for count, verb, address, body in calls:
        with django_assert_num_queries(count, info=f"{verb} {address}"):
            answer = getattr(api, verb)(address, *([] if body is None else [body]))
        assert answer.status_code < 300


@pytest.mark.django_db
def test_the_database_itself_keeps_one_enabled_hook_for_each_trigger() -> None:
    Hook.objects.create(name="a", script="1", trigger_id="send-phone-message", enabled=True)
    Hook.objects.create(name="b", script="1", trigger_id="credentials-exchange", enabled=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Hook.objects.create(name="c", script="1", trigger_id="send-phone-message", enabled=True)
