"""What the log says of changes and of failed sign-ins."""

import logging

import pytest
from django.test import Client

from hooksui.auth0.shapes import Hook
from hooksui.tenants.client import open_client
from hooksui.tenants.config import Tenant
from hooksui.transfer.models import Import
from tests.dashboard.conftest import a_hook, admin, local  # noqa: F401 - fixtures
from tests.dashboard.transfers import archive, send, upload


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    """The lines about changes and sign-ins."""
    names = ("hooksui.hooks.changes", "hooksui.accounts.forms")
    return [record.getMessage() for record in caplog.records if record.name in names]


def test_each_change_says_who_what_and_where_without_values(
    admin: Client,  # noqa: F811
    a_hook: Hook,  # noqa: F811
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    admin.get("/t/local/hooks/")
    page = f"/t/local/hooks/{a_hook.id}/"
    admin.post(f"{page}secrets/", {"action": "add", "key": "KEY", "value": "hidden-value"})
    admin.post(f"{page}rename/", {"name": "Other Name"})
    about = f'tenant=local hook="{a_hook.id}" name="check-domain"'
    by = 'by="admin" from="127.0.0.1"'
    assert lines(caplog) == [
        f'add secrets {about} secrets="KEY" {by}: done',
        f'rename to "Other Name" {about} {by}: done',
    ]
    assert "hidden-value" not in caplog.text


def test_an_import_says_of_each_change_that_it_made_it(
    admin: Client,  # noqa: F811
    local: Tenant,  # noqa: F811
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    secrets = {"A": "hidden-value", "B": "hidden-value"}
    upload(admin, "local", archive({"name": "one", "enabled": True, "secrets": secrets}))
    send(admin, "apply")
    (hook,) = open_client(local).hooks.all()
    about = f'tenant=local hook="{hook.id}" name="one"'
    by = 'by="admin" from="127.0.0.1": done'
    cause = f"import {Import.objects.get().pk}"
    assert lines(caplog) == [
        f"{cause}, create {about} {by}",
        f'{cause}, add secrets {about} secrets="A, B" {by}',
        f"{cause}, enable {about} {by}",
    ]
    assert "hidden-value" not in caplog.text


def test_a_failed_sign_in_is_one_line_whatever_was_typed(db: None, caplog: pytest.LogCaptureFixture) -> None:
    Client().post("/accounts/login/", {"username": "eve\u2028x\rforged \u202e", "password": "guessed-password"})
    (line,) = lines(caplog)
    assert line == ('sign-in failed by="eve\\u2028x\\rforged \\u202e" from="127.0.0.1": wrong username or password')
    assert "guessed-password" not in caplog.text
