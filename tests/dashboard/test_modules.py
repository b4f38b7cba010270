"""The NPM modules of a hook, on their page and as the editor checks them."""

import html
import json
import re
from typing import Any

import pytest
from django.test import Client

from hooksui.auth0.shapes import Hook
from hooksui.tenants.client import open_client
from hooksui.tenants.config import Tenant
from tests.fakes import FakeApi, Reply

JSON = {"Accept": "application/json"}


def send(admin: Client, hook: Hook, **form: str) -> str:
    """Send a form as the page of modules has it, and read what comes in the end."""
    address = f"/t/local/hooks/{hook.id}/modules/"
    base = re.findall(r'name="base" value="(\w+)"', admin.get(address).content.decode())[0]
    return html.unescape(admin.post(address, {"base": base} | form, follow=True).content.decode())


def modules(local: Tenant, hook: Hook) -> dict[str, str]:
    """The modules that the hook has."""
    return open_client(local).hooks.get(hook.id).dependencies


def test_a_module_is_added_changed_and_removed(admin: Client, a_hook: Hook, local: Tenant) -> None:
    assert "Added lodash." in send(admin, a_hook, name="lodash", version="")
    assert "Added @acme/tools." in send(admin, a_hook, name="@acme/tools", version="^1.2.0")
    assert modules(local, a_hook) == {"lodash": "*", "@acme/tools": "^1.2.0"}
    assert "Changed lodash." in send(admin, a_hook, name="lodash", version="4.17.21", changing="lodash")
    assert "Removed @acme/tools." in send(admin, a_hook, name="@acme/tools", action="remove")
    assert "@acme/tools is no longer in the list." in send(admin, a_hook, name="@acme/tools", action="remove")
    assert modules(local, a_hook) == {"lodash": "4.17.21"}
    assert "lodash is already in the list." in send(admin, a_hook, name="lodash", version="1")


@pytest.mark.parametrize(
    ("name", "version", "message"),
    [
        ("", "1", "Enter a name."),
        ("Lodash", "1", "npm does not allow the name Lodash."),
        ("two words", "1", "npm does not allow the name two words."),
        (".hidden", "1", "npm does not allow the name .hidden."),
        ("node_modules", "1", "npm does not allow the name node_modules."),
        ("x" * 215, "1", "npm does not allow the name xxx"),
        ("fs", "1", "fs is built into Node."),
        ("node:path", "1", "node:path is built into Node."),
        ("lodash", "four", "four is not a version or range; write for example 4.17.21 or ^4.17.0."),
        ("lodash", "1.2.3.4", "1.2.3.4 is not a version or range"),
        ("lodash", "1 || " * 60 + "1", "is not a version or range"),
    ],
)
def test_what_npm_would_refuse_is_refused(
    admin: Client, a_hook: Hook, local: Tenant, name: str, version: str, message: str
) -> None:
    assert message in send(admin, a_hook, name=name, version=version)
    address = f"/t/local/hooks/{a_hook.id}/modules/"
    answer = admin.post(address, {"action": "check", "name": name, "version": version}, headers=JSON)
    assert answer.status_code == 400
    assert any(error.startswith(message) or message in error for error in answer.json()["errors"].values())
    assert modules(local, a_hook) == {}


@pytest.mark.parametrize(
    "version", ["4.17.21", "^4.17.0", "~1.2", ">=1 <2 || 3.x", ">=4.17.0", "1.0.0 - 2.0.0", "latest", "*"]
)
def test_a_check_changes_nothing(admin: Client, a_hook: Hook, local: Tenant, version: str) -> None:
    address = f"/t/local/hooks/{a_hook.id}/modules/"
    answer = admin.post(address, {"action": "check", "name": "lodash", "version": version}, headers=JSON)
    assert answer.json() == {"name": "lodash", "version": version}
    assert modules(local, a_hook) == {}


def test_modules_changed_elsewhere_are_not_overwritten(admin: Client, a_hook: Hook, local: Tenant) -> None:
    address = f"/t/local/hooks/{a_hook.id}/modules/"
    base = re.findall(r'name="base" value="(\w+)"', admin.get(address).content.decode())[0]
    open_client(local).hooks.update(a_hook.id, {"dependencies": {"axios": "1"}})
    page = admin.post(address, {"base": base, "name": "lodash", "version": "1"}).content.decode()
    assert "was changed on local since you opened it. Nothing was overwritten." in page
    assert modules(local, a_hook) == {"axios": "1"}


@pytest.mark.parametrize(
    "odd",
    [["lodash"], 7, None, "lodash", True, {"a": None, "b": ["x"], "c": {"d": []}, "e": 10**400, "": "1", "../f": "1"}],
)
def test_modules_of_odd_types_from_a_tenant_are_no_failure_of_any_page(
    admin: Client, remote: Tenant, fake_api: FakeApi, odd: Any
) -> None:
    hook = {"id": "01HOOK", "name": "odd", "triggerId": "pre-user-registration", "enabled": True, "script": "1;"}
    fake_api.reply("GET", "/api/v2/hooks", Reply(200, {"hooks": [hook | {"dependencies": odd}], "total": 1}))
    fake_api.reply("GET", "/api/v2/hooks/01HOOK", Reply(200, hook | {"dependencies": odd}))
    fake_api.reply("GET", "/api/v2/hooks/01HOOK/secrets", Reply(200, {}))
    pages = [
        "hooks/",
        *(f"hooks/01HOOK/{page}" for page in ("", "modules/", "secrets/", "rename/", "delete/", "runs/")),
    ]
    pages += ["export/", "copy/", "compare/?with=local", "import/"]
    for page in pages:
        assert admin.get(f"/t/acme/{page}").status_code == 200, page
    for kind in ("directory", "yaml", "terraform"):
        answer = admin.post("/t/acme/export/", {"format": kind})
        assert answer.status_code == 200, answer.content
    copied = admin.post("/t/acme/copy/", {"hook": "01HOOK", "to": "local"}, follow=True)
    assert copied.status_code == 200
    form = {"script": "module.exports = 1;", "trigger": "pre-user-registration", "payload": "{}"}
    refused = admin.post("/t/acme/hooks/01HOOK/run/", form | {"modules": json.dumps(odd)}, headers=JSON)
    assert refused.status_code == 400
    assert "The list of NPM modules cannot be read." in refused.json()["error"]["message"]
