"""Secrets of a hook: the same cases on the fake over HTTP and on the embedded API, and what is never sent."""

from collections.abc import Callable
from typing import Any

import pytest
from pytest_django import Settings

from hooksui.auth0.errors import (
    HookNotFoundError,
    HooksGoneError,
    MaskSentError,
    MissingScopeError,
    OddAnswerError,
    RefusedError,
    SecretExistsError,
    SecretNotFoundError,
)
from hooksui.auth0.secrets import Secrets
from hooksui.tenants.client import open_client
from hooksui.tenants.config import Tenant
from tests.auth0.conftest import Connect
from tests.fakes import FakeApi, Reply

UNKNOWN = "01GQN0P23FM79PY9HFN6YK94RY"


def hook_of(tenant: Tenant) -> str:
    """The id of a new hook."""
    return open_client(tenant).hooks.create("some-hook", "send-phone-message", "1", enabled=False).id


def test_contract_a_secrets_life(tenant: Tenant) -> None:
    secrets, hook_id = open_client(tenant).secrets, hook_of(tenant)
    assert secrets.names(hook_id) == []
    secrets.add(hook_id, {"b": "1", "a": "2"})
    secrets.add(hook_id, {"api-key": "3"})
    assert secrets.names(hook_id) == ["b", "a", "api-key"]
    secrets.update(hook_id, {"a": "4"})
    secrets.remove(hook_id, ["b", "never-there"])
    assert secrets.names(hook_id) == ["a", "api-key"]


def test_contract_refusals(tenant: Tenant) -> None:
    secrets, hook_id = open_client(tenant).secrets, hook_of(tenant)
    secrets.add(hook_id, {"a": "1"})
    with pytest.raises(SecretExistsError):
        secrets.add(hook_id, {"a": "2", "b": "3"})
    with pytest.raises(SecretNotFoundError):
        secrets.update(hook_id, {"c": "1"})
    with pytest.raises(RefusedError):
        secrets.add(hook_id, {f"key-{number}": "1" for number in range(20)})
    assert secrets.names(hook_id) == ["a"]


def test_contract_an_unknown_hook_has_no_secrets(tenant: Tenant) -> None:
    secrets = open_client(tenant).secrets
    with pytest.raises(HookNotFoundError):
        secrets.names(UNKNOWN)
    with pytest.raises(HookNotFoundError):
        secrets.add(UNKNOWN, {"a": "1"})
    with pytest.raises(HookNotFoundError):
        secrets.update(UNKNOWN, {"a": "1"})
    with pytest.raises(HookNotFoundError):
        secrets.remove(UNKNOWN, ["a"])
    with pytest.raises(HookNotFoundError):
        secrets.names("../clients")


def test_contract_a_read_only_tenant_still_takes_secrets(tenant: Tenant, settings: Settings, fake_api: FakeApi) -> None:
    secrets, hook_id = open_client(tenant).secrets, hook_of(tenant)
    settings.LOCAL_TENANT_MODE = fake_api.mode = "read-only"
    secrets.add(hook_id, {"a": "1"})
    secrets.update(hook_id, {"a": "2"})
    secrets.remove(hook_id, ["a"])
    settings.LOCAL_TENANT_MODE = fake_api.mode = "gone"
    with pytest.raises(HooksGoneError):
        secrets.names(hook_id)
    with pytest.raises(HooksGoneError):
        secrets.add(hook_id, {"a": "1"})


@pytest.mark.parametrize("mask", ["_VALUE_NOT_SHOWN_", "_VALUE_NOT_SHOWN", " _VALUE_NOT_SHOWN_\n"])
def test_the_mask_is_never_sent(fake_api: FakeApi, connect: Connect, mask: str) -> None:
    secrets = Secrets(connect())
    with pytest.raises(MaskSentError):
        secrets.add("01HOOK", {"a": "1", "b": mask})
    with pytest.raises(MaskSentError):
        secrets.update("01HOOK", {"b": mask})
    assert fake_api.requests == []


@pytest.mark.parametrize("body", [None, [], "names", 1])
def test_an_answer_of_another_shape_is_odd(fake_api: FakeApi, connect: Connect, body: Any) -> None:
    fake_api.reply("GET", "/api/v2/hooks/01HOOK/secrets", Reply(200, body))
    with pytest.raises(OddAnswerError):
        Secrets(connect()).names("01HOOK")


@pytest.mark.parametrize(
    ("call", "scope"), [("names", "read:hooks"), ("add", "update:hooks"), ("remove", "delete:hooks")]
)
def test_the_scope_that_is_missing_is_named(fake_api: FakeApi, connect: Connect, call: str, scope: str) -> None:
    hook_id = fake_api.add_hook()["id"]
    fake_api.scopes = []
    secrets = Secrets(connect())
    calls: dict[str, Callable[[], object]] = {
        "names": lambda: secrets.names(hook_id),
        "add": lambda: secrets.add(hook_id, {"a": "1"}),
        "remove": lambda: secrets.remove(hook_id, ["a"]),
    }
    with pytest.raises(MissingScopeError) as caught:
        calls[call]()
    assert caught.value.scope == scope


def test_removing_sends_the_names_as_a_list(fake_api: FakeApi, connect: Connect) -> None:
    hook_id = fake_api.add_hook()["id"]
    Secrets(connect()).remove(hook_id, ["a", "b"])
    (call,) = fake_api.calls("DELETE")
    assert (call.path, call.json()) == (f"/api/v2/hooks/{hook_id}/secrets", ["a", "b"])
