"""A tenant's state, found out from answers."""

import datetime

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from hooksui.auth0.errors import (
    ApiError,
    HooksGoneError,
    MissingScopeError,
    NameTakenError,
    NoAnswerError,
    NotPermittedError,
    ScriptsReadOnlyError,
    TokenRejectedError,
    UnreachableError,
)
from hooksui.auth0.shapes import Hook
from hooksui.tenants import state
from hooksui.tenants.config import LOCAL_ORIGIN, Tenant
from hooksui.tenants.models import TenantRecord, Trouble

pytestmark = pytest.mark.django_db
ACME = Tenant("acme", "https://acme.example", token="t")
HOOK = Hook("01HOOK", "sms", "send-phone-message", enabled=True, script="not kept")


def fails_with(error: ApiError) -> TenantRecord:
    """What is known of the tenant after a call that failed with `error`, as the next request reads it."""
    record = state.record_of(ACME)
    with pytest.raises(type(error)), state.noting_failures(record):
        raise error
    return state.record_of(ACME)


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (UnreachableError("x"), Trouble.UNREACHABLE),
        (NoAnswerError("x"), Trouble.UNREACHABLE),
        (TokenRejectedError(), Trouble.NOT_PERMITTED),
        (NotPermittedError(), Trouble.NOT_PERMITTED),
        (MissingScopeError("read:hooks"), Trouble.NOT_PERMITTED),
        (MissingScopeError("update:hooks"), Trouble.NONE),
        (HooksGoneError(), Trouble.GONE),
        (NameTakenError(), Trouble.NONE),
    ],
)
def test_each_failure_leaves_its_mark_until_the_tenant_answers(error: ApiError, trouble: Trouble) -> None:
    assert fails_with(error).trouble == trouble
    state.note_read(state.record_of(ACME))
    assert state.record_of(ACME).trouble == Trouble.NONE


def test_read_only_stays_until_a_script_is_taken() -> None:
    assert fails_with(ScriptsReadOnlyError()).read_only
    fails_with(UnreachableError("x"))
    state.note_list(ACME, state.record_of(ACME), [HOOK])
    assert state.record_of(ACME).read_only
    state.note_script_written(state.record_of(ACME))
    assert not state.record_of(ACME).read_only


def test_the_last_list_is_kept_without_scripts() -> None:
    state.note_list(ACME, state.record_of(ACME), [HOOK])
    (hook,) = state.last_known_hooks(state.record_of(ACME))
    assert hook == Hook("01HOOK", "sms", "send-phone-message", enabled=True)


def test_an_unchanged_list_is_written_once_a_minute(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    state.note_list(ACME, state.record_of(ACME), [HOOK])
    record = state.record_of(ACME)
    with django_assert_num_queries(0):
        state.note_list(ACME, record, [HOOK])
    record.hooks_seen_at = timezone.now() - datetime.timedelta(minutes=2)
    state.note_list(ACME, record, [HOOK])
    seen = state.record_of(ACME).hooks_seen_at
    assert seen is not None
    assert timezone.now() - seen < datetime.timedelta(minutes=1)


def test_a_real_tenants_list_that_turned_empty_means_gone_and_the_old_one_is_kept() -> None:
    state.note_list(ACME, state.record_of(ACME), [])
    assert state.record_of(ACME).trouble == Trouble.NONE
    state.note_list(ACME, state.record_of(ACME), [HOOK])
    state.note_list(ACME, state.record_of(ACME), [])
    record = state.record_of(ACME)
    assert (record.trouble, len(record.hooks)) == (Trouble.GONE, 1)
    state.note_list(ACME, record, [HOOK])
    assert state.record_of(ACME).trouble == Trouble.NONE


def test_the_embedded_tenants_may_turn_empty() -> None:
    local = Tenant("local", LOCAL_ORIGIN)
    state.note_list(local, state.record_of(local), [HOOK])
    state.note_list(local, state.record_of(local), [])
    assert state.record_of(local).trouble == Trouble.NONE
    assert state.last_known_hooks(state.record_of(local)) == []


def test_two_requests_note_different_things_without_undoing_each_other() -> None:
    one, other = state.record_of(ACME), state.record_of(ACME)
    state.note_list(ACME, one, [HOOK])
    with pytest.raises(ScriptsReadOnlyError), state.noting_failures(other):
        raise ScriptsReadOnlyError
    record = state.record_of(ACME)
    assert record.read_only
    assert len(record.hooks) == 1


def test_another_tenant_of_the_same_name_starts_from_nothing() -> None:
    state.note_list(ACME, state.record_of(ACME), [HOOK])
    moved = Tenant("acme", "https://other.example", token="t")
    assert state.record_of(moved).hooks == []
    state.note_list(moved, state.record_of(moved), [])
    assert state.record_of(moved).trouble == Trouble.NONE


def test_the_embedded_tenants_mode_is_known_without_asking(settings: Settings) -> None:
    local = Tenant("local", LOCAL_ORIGIN)
    settings.LOCAL_TENANT_MODE = "read-only"
    assert state.record_of(local).read_only
    settings.LOCAL_TENANT_MODE = "writable"
    assert not state.record_of(local).read_only
