"""What two people, or two pages, do at the same time with one import and its tenant."""

import datetime

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from hooksui.tenants.config import Tenant
from hooksui.transfer import imports
from hooksui.transfer.models import Import
from hooksui.transfer.progress import finish
from tests.dashboard.transfers import SCRIPT, archive, begin, last, mark_of, names, send, upload
from tests.fakes import FakeApi, Reply, Request
from tests.fakes.management_api import refusal
from tests.pages import Page
from tests.workspaces import workspace_of


def long_ago() -> datetime.datetime:
    """A time for which no import is kept."""
    return timezone.now() - imports.KEPT - datetime.timedelta(minutes=1)


def test_an_import_that_is_being_applied_is_not_dropped_for_its_age(
    admin: Client, remote: Tenant, fake_api: FakeApi
) -> None:
    upload(admin, "acme", archive({"name": "one"}))
    lines = begin(admin, "apply", until="hooks written")
    imported = Import.objects.get()
    Import.objects.update(created_at=long_ago(), looked_at=long_ago())
    upload(admin, "local", archive({"name": "two"}))
    assert last(lines) == {"go": f"/t/acme/import/{imported.id}/?applied"}
    assert "Everything was done" in Page(admin.get(f"/t/acme/import/{imported.id}/?applied"))


def test_what_somebody_saves_meanwhile_is_not_overwritten(admin: Client, remote: Tenant, fake_api: FakeApi) -> None:
    hook = fake_api.add_hook(name="one", script="module.exports = 1;\n")
    upload(admin, "acme", archive({"name": "one", "secrets": {"KEY": "value"}}))

    def meanwhile(request: Request) -> Reply:
        fake_api.hooks[hook["id"]]["script"] = "module.exports = 'saved meanwhile';\n"
        return Reply(201, {})

    fake_api.reply("POST", f"/api/v2/hooks/{hook['id']}/secrets", meanwhile)
    page = send(admin, "apply")
    assert "Partly done one added KEY It failed while saving it: Somebody changed one in the meantime." in page
    assert fake_api.hooks[hook["id"]]["script"] == "module.exports = 'saved meanwhile';\n"


def test_a_hook_that_somebody_enables_meanwhile_runs_alone(admin: Client, remote: Tenant, fake_api: FakeApi) -> None:
    rival = fake_api.add_hook(name="rival")
    new = f"/api/v2/hooks/01HOOK{2:020}/secrets"
    upload(admin, "acme", archive({"name": "one", "enabled": True, "secrets": {"KEY": "value"}}))

    def meanwhile(request: Request) -> Reply:
        fake_api.hooks[rival["id"]]["enabled"] = True
        return Reply(201, {})

    fake_api.reply("POST", new, meanwhile)
    page = send(admin, "apply")
    assert "Partly done one created, added KEY It failed while enabling it (rival has been running there since)" in page
    assert names(fake_api) == {"rival": True, "one": False}
    assert "It is disabled because one will run at this point." in page


def test_an_import_that_is_discarded_during_a_look_is_said_to_be_gone(
    admin: Client, remote: Tenant, fake_api: FakeApi
) -> None:
    upload(admin, "acme", archive({"name": "one"}))
    lines = begin(admin, "plan", until="hooks read")
    assert "The import was discarded." in send(admin, "discard")
    error = last(lines)["error"]
    assert error["kind"] == "discarded"
    assert error["message"] == (
        "Somebody discarded this import in the meantime. Its files and what was typed for it are gone. "
        "Start another one: its plan shows what acme has by now."
    )
    assert not Import.objects.exists()


def test_without_a_script_a_page_says_that_the_import_is_gone(admin: Client, remote: Tenant, fake_api: FakeApi) -> None:
    upload(admin, "acme", archive({"name": "one"}))
    address = f"/t/acme/import/{Import.objects.get().id}/"
    mine = connections["default"]
    mine.inc_thread_sharing()

    def meanwhile(request: Request) -> Reply:
        # The data of a test are seen by its own connection alone.
        connections["default"] = mine
        Import.objects.all().delete()
        del connections["default"]
        return fake_api.answer(request)

    fake_api.reply("GET", "/api/v2/hooks", meanwhile)
    answer = admin.post(address, {"action": "plan"})
    mine.dec_thread_sharing()
    assert answer.status_code == 410
    assert "Somebody discarded this import in the meantime." in Page(answer)


def test_what_is_typed_while_an_application_fails_is_kept_for_the_rest(
    admin: Client, remote: Tenant, fake_api: FakeApi
) -> None:
    upload(admin, "acme", archive({"name": "one", "secrets": {"KEY": "_VALUE_NOT_SHOWN_"}}, {"name": "two"}))
    fake_api.reply("POST", "/api/v2/hooks", refusal(403, "Not now."))
    lines = begin(admin, "apply", until="hooks written")
    page = send(admin, "plan", **{"secret.one KEY": "typed meanwhile"})
    assert "An import into acme is in progress. Open this page again when it has finished." in page
    assert "What you typed is kept until then." in page
    assert "go" in last(lines)
    assert imports.values_of(Import.objects.get())["secrets"] == {"one": {"KEY": "typed meanwhile"}}
    fake_api.reply("POST", "/api/v2/hooks")
    assert "Done one created, added KEY" in send(admin, "apply")


def test_a_look_from_before_an_application_makes_no_plan_for_after_it(
    admin: Client, remote: Tenant, fake_api: FakeApi
) -> None:
    upload(admin, "acme", archive({"name": "one"}))
    fake_api.reply("POST", "/api/v2/hooks", refusal(403, "Not now."))
    lines = begin(admin, "plan", until="hooks read")
    assert "It stopped before the end" in send(admin, "apply")
    planned = Import.objects.get().snapshot
    assert last(lines)["error"]["kind"] == "busy"
    assert Import.objects.get().snapshot == planned


def test_an_import_that_goes_on_or_was_cut_off_shows_no_old_plan(
    admin: Client, remote: Tenant, fake_api: FakeApi
) -> None:
    upload(admin, "acme", archive({"name": "one"}))
    lines = begin(admin, "apply", until="hooks written")
    first = Import.objects.get()
    address = f"/t/acme/import/{first.pk}/"
    page = Page(admin.get(address))
    assert page.section("This import is in progress")[0].startswith("admin started it on")
    assert "Check whether it has finished" in page
    assert "Apply to" not in page
    assert "go" in last(lines)
    assert "This import is in progress" not in Page(admin.get(address))

    # What a dashboard finds that was killed in between.
    upload(admin, "acme", archive({"name": "one", "script": "another"}, {"name": "two"}))
    cut_off = Import.objects.exclude(pk=first.pk).get()
    Import.objects.filter(pk=cut_off.pk).update(outcome=first.outcome, snapshot="")
    page = Page(admin.get(f"/t/acme/import/{cut_off.pk}/"))
    assert page.section("It is not known how this import ended")[0].startswith("admin started it on")
    assert "This dashboard was stopped before the import finished. What was already done stays done" in page
    assert "Apply to" not in page
    page = Page(admin.post(f"/t/acme/import/{cut_off.pk}/", {"action": "plan"}, follow=True))
    assert page.section("Will be created 1")[0].startswith("two ")
    assert "Apply to 2 hooks" in page


def test_an_import_is_going_on_from_its_first_look_at_the_tenant(
    admin: Client, remote: Tenant, fake_api: FakeApi
) -> None:
    upload(admin, "acme", archive({"name": "one"}))
    lines = begin(admin, "apply", until="hooks read")
    page = Page(admin.get(f"/t/acme/import/{Import.objects.get().pk}/"))
    assert page.section("This import is in progress") == ["The result will appear here."]
    assert "Apply to" not in page
    assert "go" in last(lines)


def test_an_import_that_is_being_applied_is_not_discarded(admin: Client, remote: Tenant, fake_api: FakeApi) -> None:
    upload(admin, "acme", archive({"name": "one"}))
    lines = begin(admin, "apply", until="hooks written")
    assert "An import into acme is in progress." in send(admin, "discard")
    assert "go" in last(lines)
    assert names(fake_api) == {"one": False}


def test_what_is_typed_after_the_end_is_not_kept(admin: Client, remote: Tenant, fake_api: FakeApi) -> None:
    upload(admin, "acme", archive({"name": "one", "secrets": {"KEY": "_VALUE_NOT_SHOWN_"}}))
    opened_before = Import.objects.get()
    send(admin, "apply")
    with pytest.raises(imports.ImportDoneError):
        imports.fill(opened_before, {}, {"one": {"KEY": "typed late"}}, deleting=False)
    with pytest.raises(imports.ImportDoneError):
        imports.forget(opened_before)
    assert_nothing_left(Import.objects.get())


def test_a_look_that_ends_after_the_application_leaves_nothing_behind(
    admin: Client, remote: Tenant, fake_api: FakeApi
) -> None:
    upload(admin, "acme", archive({"name": "one"}))
    lines = begin(admin, "plan", until="hooks read")
    send(admin, "apply")
    assert last(lines)["error"]["kind"] == "done"
    assert_nothing_left(Import.objects.get())


def test_an_import_is_not_applied_twice_by_pages_that_were_opened_before(
    admin: Client, remote: Tenant, fake_api: FakeApi
) -> None:
    upload(admin, "acme", archive({"name": "one"}))
    opened_before = Import.objects.get()
    seen = mark_of(admin, f"/t/acme/import/{opened_before.id}/")
    send(admin, "apply")
    with pytest.raises(imports.ImportDoneError):
        finish(imports.apply(workspace_of(remote), opened_before, seen))
    assert_nothing_left(Import.objects.get())
    assert len(fake_api.calls("POST")) == 1


def assert_nothing_left(imported: Import) -> None:
    """A finished import has neither files nor values nor what the tenant had."""
    assert (imported.texts, imported.values, imported.snapshot) == ("", "{}", "")


def test_a_value_from_another_page_does_not_replace_the_others(admin: Client, local: Tenant) -> None:
    upload(admin, "local", archive({"name": "one", "secrets": dict.fromkeys(["A", "B"], "_VALUE_NOT_SHOWN_")}))
    here, there = Import.objects.get(), Import.objects.get()
    imports.fill(here, {}, {"one": {"A": "here"}}, deleting=False)
    imports.fill(there, {}, {"one": {"B": "there"}}, deleting=False)
    assert imports.values_of(Import.objects.get())["secrets"] == {"one": {"A": "here", "B": "there"}}


def test_a_value_from_another_page_is_applied_too(admin: Client, remote: Tenant, fake_api: FakeApi) -> None:
    upload(admin, "acme", archive({"name": "one", "secrets": {"KEY": "_VALUE_NOT_SHOWN_"}}))
    here, there = Import.objects.get(), Import.objects.get()
    imports.fill(there, {}, {"one": {"KEY": "value"}}, deleting=False)
    seen = mark_of(admin, f"/t/acme/import/{here.id}/")
    finish(imports.apply(workspace_of(remote), here, seen))
    assert list(fake_api.secrets.values()) == [{"KEY": "value"}]


def test_the_plan_for_the_rest_is_as_it_was_wanted_meanwhile(admin: Client, remote: Tenant, fake_api: FakeApi) -> None:
    hook = fake_api.add_hook(name="one", triggerId="pre-user-registration", script=SCRIPT)
    fake_api.secrets[hook["id"]] = {"OLD": "value"}
    upload(admin, "acme", archive({"name": "one", "secrets": {}}, {"name": "two"}))
    fake_api.reply("POST", "/api/v2/hooks", refusal(403, "Not now."))
    lines = begin(admin, "apply", until="hooks written")
    send(admin, "plan", deleting="on")
    address = last(lines)["go"]
    assert "secrets removed: OLD" in Page(admin.get(address))
