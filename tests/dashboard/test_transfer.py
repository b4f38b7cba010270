"""Exports, copies, comparisons and archives as pages: without a script, and line by line for one."""

import io
import json
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from hooksui.auth0.shapes import Hook
from hooksui.embedded.secrets import stored_values
from hooksui.tenants.client import open_client
from hooksui.tenants.config import Tenant
from hooksui.transfer.models import Import
from hooksui.transfer.planning.script_lines import MAX_LINES
from tests.dashboard.transfers import SCRIPT, send, upload
from tests.fakes import FakeApi
from tests.fakes.management_api import refusal
from tests.pages import Page

STATE = {
    "version": 4,
    "terraform_version": "1.9.0",
    "resources": [
        {
            "mode": "managed",
            "type": "auth0_hook",
            "name": "one",
            "instances": [
                {
                    "attributes": {
                        "name": "one",
                        "script": SCRIPT,
                        "trigger_id": "pre-user-registration",
                        "enabled": True,
                        "dependencies": {"lodash": "4.17.21"},
                        "secrets": {"KEY": "from the state"},
                    }
                }
            ],
        }
    ],
}
CONFIGURATION = f"""resource "auth0_hook" "one" {{
  name       = "one"
  trigger_id = "pre-user-registration"
  enabled    = true
  script     = <<-EOT
{SCRIPT}EOT
  dependencies = {{ lodash = "4.17.21" }}
}}
"""
LISTED = {
    "id": "auth-0-one",
    "name": "one",
    "script": SCRIPT,
    "dependencies": {"lodash": "4.17.21"},
    "enabled": True,
    "triggerId": "pre-user-registration",
}


def test_a_script_is_told_how_the_work_goes_on(admin: Client, remote: Tenant, fake_api: FakeApi) -> None:
    for number in range(3):
        fake_api.add_hook(name=f"hook-{number}")
    answer = admin.post("/t/acme/export/", {"format": "yaml"}, headers={"Accept": "application/json"})
    lines = [json.loads(line) for line in answer.getvalue().splitlines()]
    assert lines[-2] == {"done": 3, "total": 3, "what": "hooks' secrets read"}
    assert lines[-1]["file"] == "hooks-of-acme-yaml.zip"


def test_a_script_is_told_of_a_failure(admin: Client, remote: Tenant, fake_api: FakeApi) -> None:
    fake_api.mode = "gone"
    answer = admin.post("/t/acme/export/", {"format": "yaml"}, headers={"Accept": "application/json"})
    (*_, last) = [json.loads(line) for line in answer.getvalue().splitlines()]
    assert last["error"]["kind"] == "gone"


@pytest.mark.parametrize("form", ["directory", "yaml", "terraform"])
def test_an_export_is_a_zip_with_every_script_and_no_value_of_a_secret(
    admin: Client, remote: Tenant, fake_api: FakeApi, form: str
) -> None:
    hook = fake_api.add_hook(name="one", script=SCRIPT)
    fake_api.secrets[hook["id"]] = {"KEY": "value-of-the-secret"}
    answer = admin.post("/t/acme/export/", {"format": form})
    assert answer["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as file:
        texts = {name: file.read(name).decode() for name in file.namelist()}
    assert texts["hooks/one.js"] == SCRIPT
    assert any("KEY" in text for text in texts.values())
    assert not any("value-of-the-secret" in text for text in texts.values())
    assert [call.path.rsplit("/", 1)[1] for call in fake_api.calls("GET")] == ["hooks", "secrets"]


def test_an_unknown_format_is_refused(admin: Client) -> None:
    answer = admin.post("/t/local/export/", {"format": "tar"})
    assert answer.status_code == 400
    assert "Choose a format." in Page(answer)


def test_hooks_are_copied_by_way_of_a_plan_and_keywords_in_them_mean_nothing(
    admin: Client, remote: Tenant, fake_api: FakeApi, local: Tenant
) -> None:
    script = "module.exports = '##NOT_A_KEYWORD##';\n"
    one = fake_api.add_hook(name="one", script=script, enabled=True)
    fake_api.secrets[one["id"]] = {"KEY": "value"}
    fake_api.add_hook(name="two")
    answer = admin.post("/t/acme/copy/", {"to": "local", "hook": [one["id"]]}, follow=True)
    page = Page(answer)
    assert page.part("h1") == "Import into local"
    assert page.part(".lead").startswith("From tenant acme, by admin.")
    assert page.section("Will be created 1")[0].startswith("one ")
    assert "KEY of one" in page
    assert "Values for keywords" not in page
    send(admin, "apply", **{"secret.one KEY": "another"})
    (hook,) = open_client(local).hooks.all(whole=True)
    assert (hook.name, hook.script, hook.enabled) == ("one", script, True)
    assert stored_values(hook.id) == {"KEY": "another"}


def test_a_copy_needs_a_tenant_and_hooks(admin: Client, remote: Tenant, fake_api: FakeApi) -> None:
    fake_api.add_hook(name="one")
    assert "Choose at least one hook." in Page(admin.post("/t/acme/copy/", {"to": "local"}))
    assert "Choose a tenant." in Page(admin.post("/t/acme/copy/", {"to": "acme", "hook": ["x"]}))
    assert not Import.objects.exists()


def test_tenants_are_compared_with_one_list_call_each(
    admin: Client, remote: Tenant, fake_api: FakeApi, a_hook: Hook
) -> None:
    fake_api.add_hook(name="check-domain", triggerId="pre-user-registration", script="module.exports = 2;\n")
    fake_api.add_hook(name="far")
    page = Page(admin.get("/t/local/compare/?with=acme"))
    assert "2 hooks differ, 0 are alike." in page
    assert "removed module.exports = 1;" in page
    assert "added module.exports = 2;" in page
    assert "far Only acme has it" in page
    assert len(fake_api.calls("GET")) == 1


def test_names_of_secrets_are_compared_on_demand_with_a_call_for_each_hook_that_both_have(
    admin: Client, remote: Tenant, fake_api: FakeApi, a_hook: Hook
) -> None:
    same = {"name": a_hook.name, "triggerId": a_hook.trigger, "script": a_hook.script, "enabled": True}
    fake_api.secrets[fake_api.add_hook(**same)["id"]] = {"URL": "a value", "KEY": "another"}
    page = Page(admin.get("/t/local/compare/?with=acme"))
    assert "No hook differs, 1 is alike. Secrets were not compared." in page
    fake_api.add_hook(name="far")
    page = Page(admin.get("/t/local/compare/?with=acme&secrets=on"))
    assert "2 hooks differ, 0 are alike." in page
    assert "Secrets local: none acme: KEY, URL" in page
    assert "far Only acme has it" in page
    assert "a value" not in page
    # The two lists, and the secrets of the hook that has one beside it.
    assert [call.path.rsplit("/", 1)[1] for call in fake_api.calls("GET")] == ["hooks", "hooks", "secrets"]


def test_a_tenant_that_cannot_be_compared_is_named(admin: Client, remote: Tenant, fake_api: FakeApi) -> None:
    fake_api.reply("GET", "/api/v2/hooks", refusal(403, "Not now."))
    answer = admin.get("/t/local/compare/?with=acme")
    assert answer.status_code == 403
    assert "acme does not permit this: Not now." in Page(answer)


def test_a_tenant_whose_secrets_cannot_be_compared_is_named(
    admin: Client, remote: Tenant, fake_api: FakeApi, a_hook: Hook
) -> None:
    hook = fake_api.add_hook(name=a_hook.name)
    fake_api.reply("GET", f"/api/v2/hooks/{hook['id']}/secrets", refusal(403, "Not now."))
    answer = admin.get("/t/acme/compare/?with=local&secrets=on")
    assert answer.status_code == 403
    assert "acme does not permit this: Not now." in Page(answer)


def test_a_hook_that_is_removed_during_a_comparison_is_one_of_the_other_tenant_alone(
    admin: Client, remote: Tenant, fake_api: FakeApi, a_hook: Hook
) -> None:
    hook = fake_api.add_hook(name=a_hook.name)
    fake_api.reply("GET", f"/api/v2/hooks/{hook['id']}/secrets", refusal(404, "It is gone."))
    page = Page(admin.get("/t/local/compare/?with=acme&secrets=on"))
    assert f"{a_hook.name} Only local has it" in page


@pytest.mark.parametrize(("lines", "said"), [(1, "+1"), (2, "+2")])
def test_lines_that_one_script_has_alone_are_counted(
    admin: Client, remote: Tenant, fake_api: FakeApi, a_hook: Hook, lines: int, said: str
) -> None:
    fake_api.add_hook(name=a_hook.name, triggerId=a_hook.trigger, script=a_hook.script + "x\n" * lines)
    page = Page(admin.get("/t/local/compare/?with=acme"))
    assert f"Script: {said} \N{MINUS SIGN}0 lines in acme" in page


def test_scripts_with_too_many_lines_to_compare_are_told_without_numbers(
    admin: Client, remote: Tenant, fake_api: FakeApi, local: Tenant
) -> None:
    script = "x\n" * (MAX_LINES + 1)
    open_client(local).hooks.create("long", "pre-user-registration", script, enabled=False)
    fake_api.add_hook(name="long", triggerId="pre-user-registration", script=f"{script}y")
    page = Page(admin.get("/t/local/compare/?with=acme"))
    assert "The scripts differ, and have too many lines to compare them here." in page
    assert "lines that" not in page


def test_a_tenant_without_hooks_gives_no_empty_file(admin: Client, remote: Tenant) -> None:
    answer = admin.post("/t/acme/export/", {"format": "directory"})
    assert "acme lists no hooks: there is nothing to export." in Page(answer)


def test_a_module_may_be_called_as_it_likes(admin: Client, remote: Tenant, fake_api: FakeApi, a_hook: Hook) -> None:
    fake_api.add_hook(name="check-domain", dependencies={"items": "1.0.0"}, script="module.exports = 1;\n")
    page = Page(admin.get("/t/local/compare/?with=acme"))
    assert "NPM modules local: none acme: items 1.0.0" in page


@pytest.mark.parametrize(
    ("name", "text", "values"),
    [
        ("terraform.tfstate", json.dumps(STATE), {"KEY": "from the state"}),
        ("main.tf", CONFIGURATION, {}),
        ("hooks.json", json.dumps({"start": 0, "limit": 100, "total": 1, "hooks": [LISTED]}), {}),
        ("hooks.json", json.dumps([LISTED]), {}),
    ],
)
def test_what_is_left_of_a_tenant_becomes_an_archive(
    admin: Client, local: Tenant, name: str, text: str, values: dict[str, str]
) -> None:
    upload(admin, "local", SimpleUploadedFile(name, text.encode()))
    assert "Everything was done" in send(admin, "apply")
    (hook,) = open_client(local).hooks.all(whole=True)
    assert (hook.name, hook.script, hook.enabled, hook.dependencies) == ("one", SCRIPT, True, {"lodash": "4.17.21"})
    assert stored_values(hook.id) == values


def test_a_tenant_whose_hooks_are_gone_leads_to_the_archive(admin: Client, remote: Tenant, fake_api: FakeApi) -> None:
    fake_api.add_hook(name="one")
    admin.get("/t/acme/hooks/")
    fake_api.hooks.clear()
    page = admin.get("/t/acme/hooks/").content.decode()
    assert '<a href="/t/local/import/">imported into local</a>' in page
