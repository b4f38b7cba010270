"""A signed-in admin, the embedded tenant, and a remote one."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from pytest_django import Settings

from hooksui.auth0.shapes import Hook
from hooksui.tenants.client import open_client
from hooksui.tenants.config import LOCAL, LOCAL_ORIGIN, Tenant
from tests.fakes import FakeApi


@pytest.fixture
def admin(db: None) -> Client:
    """A browser in which an admin has signed in."""
    client = Client()
    client.force_login(get_user_model().objects.create_user("admin"))
    return client


@pytest.fixture
def local() -> Tenant:
    """The embedded tenant."""
    return Tenant(LOCAL, LOCAL_ORIGIN)


@pytest.fixture
def a_hook(db: None, local: Tenant) -> Hook:
    """An enabled hook of the embedded tenant."""
    hooks = open_client(local).hooks
    return hooks.create("check-domain", "pre-user-registration", "module.exports = 1;\n", enabled=True)


@pytest.fixture
def remote(settings: Settings, local: Tenant, fake_api: FakeApi) -> Tenant:
    """The tenant `acme`, beside the embedded one; its Management API is `fake_api`."""
    tenant = fake_api.tenant("acme", token="header.payload.signature")
    settings.TENANTS = {LOCAL: local, "acme": tenant}
    return tenant
