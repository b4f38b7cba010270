"""What is answered when the database refuses a write: each of its rules means something of its own."""

from collections.abc import Callable, Iterator

import pytest
from django.db import IntegrityError, connection

from hooksui.embedded.constraints import broken
from hooksui.embedded.models import Hook
from tests.embedded.conftest import Api, Hooks

# How often the database refuses writes of `enabled`, and its words.
Refuse = Callable[[int, str], None]

TWO_ENABLED = "UNIQUE constraint failed: embedded_hook.trigger_id"
NEW = {"name": "b", "script": "1", "triggerId": "credentials-exchange", "enabled": True}


@pytest.fixture
def refuse(db: None) -> Iterator[Refuse]:
    """Lets the database refuse hooks that come to be enabled, as if another writer had been there first."""
    left = [0]

    def refuses() -> bool:
        left[0] -= 1
        return left[0] >= 0

    def begin(times: int, words: str) -> None:
        left[0] = times
        connection.ensure_connection()
        connection.connection.create_function("refuses", 0, refuses)
        with connection.cursor() as cursor:
            for event in ("INSERT", "UPDATE OF enabled"):
                name = f"refuse_{event[:6]}"
                when = f"BEFORE {event} ON embedded_hook WHEN NEW.enabled AND refuses()"
                cursor.execute(
                    f"CREATE TEMP TRIGGER IF NOT EXISTS {name} {when} BEGIN SELECT RAISE(ABORT, '{words}'); END"
                )

    yield begin
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER IF EXISTS refuse_INSERT")
        cursor.execute("DROP TRIGGER IF EXISTS refuse_UPDATE")


def test_a_hook_that_another_writer_was_faster_to_enable_is_enabled_after_it(
    api: Api, new_hook: Hooks, refuse: Refuse
) -> None:
    running = new_hook("a", triggerId=NEW["triggerId"], enabled=True)
    refuse(1, TWO_ENABLED)
    created = api.post("/hooks", NEW)
    assert (created.status_code, created.json()["enabled"]) == (201, True)
    assert api.get(f"/hooks/{running['id']}").json()["enabled"] is False
    refuse(1, TWO_ENABLED)
    changed = api.patch(f"/hooks/{running['id']}", {"enabled": True})
    assert (changed.status_code, changed.json()["enabled"]) == (200, True)


@pytest.mark.parametrize("words", [TWO_ENABLED, "CHECK constraint failed: some_rule"])
def test_a_rule_that_is_not_about_names_is_never_told_as_one(
    api: Api, new_hook: Hooks, refuse: Refuse, words: str
) -> None:
    hook = new_hook("a", triggerId=NEW["triggerId"])
    refuse(1_000, words)
    for answer in (api.post("/hooks", NEW), api.patch(f"/hooks/{hook['id']}", {"enabled": True})):
        assert (answer.status_code, answer.json()["message"]) == (500, "An internal server error occurred")
    assert Hook.objects.filter(enabled=True).count() == 0


class _Diagnostics:
    """What psycopg tells of an error."""

    constraint_name = "one_enabled_hook_per_trigger"


class _PostgresError(Exception):
    diag = _Diagnostics()


def test_the_constraint_has_a_name_where_the_database_says_it() -> None:
    error = IntegrityError("duplicate key value")
    error.__cause__ = _PostgresError()
    assert broken(error) == "one_enabled_hook_per_trigger"
    assert broken(IntegrityError(TWO_ENABLED)) == "embedded_hook.trigger_id"
    assert broken(IntegrityError("FOREIGN KEY constraint failed")) == ""
