"""Imports as pages: the plan, what is typed for it, its application, and what is refused."""

import datetime
import json
import logging
import re
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from pytest_django import DjangoAssertNumQueries, Settings

from hooksui.auth0.shapes import Hook
from hooksui.dashboard.forms import ImportForm
from hooksui.dashboard.views.transfer import MAX_ASKED
from hooksui.embedded.secrets import stored_values
from hooksui.tenants.client import open_client
from hooksui.tenants.config import Tenant
from hooksui.transfer import imports
from hooksui.transfer.files.texts import Texts
from hooksui.transfer.models import Import
from tests.dashboard.transfers import SCRIPT, archive, mark_of, names, send, upload
from tests.fakes import FakeApi
from tests.fakes.management_api import refusal
from tests.pages import Page


def long_ago() -> datetime.datetime:
    """A time for which no import is kept."""
    return timezone.now() - imports.KEPT - datetime.timedelta(minutes=1)


def test_a_zip_becomes_a_plan_and_the_plan_becomes_hooks(admin: Client, local: Tenant) -> None:
    page = upload(admin, "local", archive({"name": "check-domain", "enabled": True, "secrets": {"KEY": "value"}}))
    assert page.section("Will be created 1")[0].startswith("check-domain ")
    assert "secrets added: KEY" in page
    assert open_client(local).hooks.all() == []
    page = send(admin, "apply")
    assert "Done check-domain created, added KEY, enabled" in page
    (hook,) = open_client(local).hooks.all()
    assert (hook.name, hook.enabled) == ("check-domain", True)
    assert stored_values(hook.id) == {"KEY": "value"}


def test_a_plan_shows_what_changes_in_a_script_and_is_unchanged_when_applied(admin: Client, a_hook: Hook) -> None:
    files = archive({"name": "check-domain", "enabled": True, "script": "module.exports = 2;\n"})
    page = upload(admin, "local", files)
    assert "removed module.exports = 1;" in page
    assert "added module.exports = 2;" in page
    assert "secrets: not in the file, the tenant's stay" in page
    send(admin, "apply")
    files.seek(0)
    assert "already matches the files" in upload(admin, "local", files)


def test_typed_secrets_are_set_and_stand_on_no_page(admin: Client, local: Tenant) -> None:
    page = upload(admin, "local", archive({"name": "one", "secrets": {"API_KEY": "_VALUE_NOT_SHOWN_"}}))
    assert "API_KEY of one" in page
    page = send(admin, "plan", **{"secret.one API_KEY": "sk-123"})
    assert "secrets added: API_KEY" in page
    assert "sk-123" not in admin.get(f"/t/local/import/{Import.objects.get().id}/").content.decode()
    page = send(admin, "apply")
    assert "sk-123" not in page
    assert stored_values(open_client(local).hooks.all()[0].id) == {"API_KEY": "sk-123"}
    kept = Import.objects.get()
    assert (kept.texts, kept.values) == ("", "{}")


def test_the_mask_is_never_written(admin: Client, local: Tenant) -> None:
    upload(admin, "local", archive({"name": "one", "secrets": {"API_KEY": "_VALUE_NOT_SHOWN_"}}))
    page = send(admin, "apply", **{"secret.one API_KEY": "_VALUE_NOT_SHOWN_"})
    assert "This is the text Auth0 shows in place of a value." in page
    assert open_client(local).hooks.all() == []
    send(admin, "apply")
    assert stored_values(open_client(local).hooks.all()[0].id) == {}


def test_a_keyword_makes_another_plan_which_is_shown_before_it_is_applied(admin: Client, local: Tenant) -> None:
    page = upload(admin, "local", archive({"name": "one", "script": "module.exports = '##HOST##';\n"}))
    assert "HOST in hooks/one.js" in page.section("Values for keywords")
    page = send(admin, "apply", **{"keyword.HOST": "acme.example"})
    assert "Your input changes the plan." in page
    assert open_client(local).hooks.all() == []
    send(admin, "apply")
    hooks = open_client(local).hooks
    assert hooks.get(hooks.all()[0].id).script == "module.exports = 'acme.example';\n"


def test_keywords_are_filled_from_the_settings_too(admin: Client, local: Tenant, settings: Settings) -> None:
    settings.IMPORT_KEYWORDS = {"HOST": "acme.example"}
    page = upload(admin, "local", archive({"name": "one", "script": "module.exports = '##HOST##';\n"}))
    assert "Values for keywords" not in page
    send(admin, "apply")
    hooks = open_client(local).hooks
    assert hooks.get(hooks.all()[0].id).script == "module.exports = 'acme.example';\n"


def test_nothing_is_deleted_before_the_plan_has_shown_it(admin: Client, a_hook: Hook, local: Tenant) -> None:
    page = upload(admin, "local", archive({"name": "other"}))
    assert "Only in the tenant 1" in page
    page = send(admin, "apply", deleting="on")
    assert page.section("Will be deleted 1")[0].startswith("check-domain ")
    assert [hook.name for hook in open_client(local).hooks.all()] == ["check-domain"]
    page = send(admin, "apply", deleting="on")
    assert "check-domain deleted" in page
    assert [hook.name for hook in open_client(local).hooks.all()] == ["other"]


def test_nothing_is_deleted_while_hooks_may_be_missing_from_the_files(
    admin: Client, a_hook: Hook, local: Tenant
) -> None:
    hook = {"name": "a", "triggerId": "credentials-exchange", "script": SCRIPT}
    page = {"start": 0, "limit": 1, "total": 2, "hooks": [hook]}
    shown = upload(admin, "local", SimpleUploadedFile("page.json", json.dumps(page).encode()))
    assert "Nothing is deleted while this is so." in shown.section("Hooks that may be missing")
    assert "page.json has 1 of 2 hooks; get the other pages too." in shown
    shown = send(admin, "apply", deleting="on")
    assert "nothing is deleted while hooks may be missing from what was read" in shown
    shown = send(admin, "apply", deleting="on")
    assert "Left out page.json has 1 of 2 hooks" in shown
    assert {hook.name for hook in open_client(local).hooks.all()} == {"a", "check-domain"}
    shown = upload(admin, "local", SimpleUploadedFile("page.json", json.dumps(page).encode()))
    assert "local already matches the hooks that were read" in shown


def test_a_file_with_hooks_in_another_form_is_named(admin: Client, local: Tenant) -> None:
    other = SimpleUploadedFile("a.json", json.dumps({"x": {"triggerId": "credentials-exchange"}}).encode())
    shown = upload(admin, "local", other)
    assert "a.json seems to have hooks, in an unknown form, and was not read." in shown
    assert not Import.objects.exists()


def test_a_typed_value_may_be_the_json_of_an_object(admin: Client, local: Tenant) -> None:
    text = '{"name": "one", "script": "./one.js", "triggerId": "credentials-exchange", "secrets": @@SECRETS@@}'
    shown = upload(admin, "local", archive(**{"hooks/one.json": text, "hooks/one.js": SCRIPT}))
    assert "The keyword SECRETS has no value, and secrets must be an object." in shown
    assert "secrets added: KEY" in send(admin, "plan", **{"keyword.SECRETS": '{"KEY": "value"}'})


def test_what_is_refused_is_named_with_its_file_and_the_rest_can_be_applied(admin: Client, local: Tenant) -> None:
    page = upload(admin, "local", archive({"name": "bad_name"}, {"name": "good"}))
    assert page.section("Refused 1")[0].startswith("bad_name ")
    assert "hooks/bad_name.json A name has letters, digits, spaces and hyphens" in page
    page = send(admin, "apply")
    assert "Left out hooks/bad_name.json was refused: A name has letters" in page
    assert [hook.name for hook in open_client(local).hooks.all()] == ["good"]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([], "Choose one or more files, up to 20 MB in total."),
        ([SimpleUploadedFile("a.zip", b"PK\x03\x04 and nothing else")], "This is not a zip that can be read."),
        ([SimpleUploadedFile("a.json", b'{"name": "acme"}')], "It has no hooks in a known format."),
        ([SimpleUploadedFile("picture.png", b"\x89PNG")], "It has no hooks in a known format."),
    ],
)
def test_files_without_hooks_are_refused_and_nothing_is_kept(
    admin: Client, files: list[SimpleUploadedFile], said: str
) -> None:
    assert said in upload(admin, "local", *files)
    assert not Import.objects.exists()


def test_a_folder_keeps_its_paths(admin: Client, local: Tenant) -> None:
    hook = {"name": "one", "script": "./one.js", "triggerId": "pre-user-registration"}
    files = [SimpleUploadedFile("one.json", json.dumps(hook).encode()), SimpleUploadedFile("one.js", SCRIPT.encode())]
    paths = ["acme/hooks/one.json", "acme/hooks/one.js"]
    page = upload(admin, "local", *files, paths=json.dumps(paths))
    assert "From acme, by admin (Deploy CLI directory)" in page
    assert "acme/hooks/one.json" in page


def test_a_failure_half_way_is_told_and_the_next_application_finishes(
    admin: Client, remote: Tenant, fake_api: FakeApi
) -> None:
    files = archive({"name": "one", "secrets": {"KEY": "value"}})
    upload(admin, "acme", files)
    new = f"/api/v2/hooks/01HOOK{1:020}/secrets"
    fake_api.reply("POST", new, refusal(403, "Not now."))
    page = send(admin, "apply")
    assert "It stopped before the end" in page
    assert "Partly done one created It failed while adding KEY: acme does not permit this: Not now." in page
    assert page.section("Will be changed 1")[0].startswith("one ")
    fake_api.reply("POST", new)
    page = send(admin, "apply")
    assert "Done one added KEY" in page
    assert len(fake_api.calls("POST")) == 3


def test_a_tenant_that_has_changed_since_the_plan_is_left_alone(
    admin: Client, remote: Tenant, fake_api: FakeApi
) -> None:
    upload(admin, "acme", archive({"name": "one"}))
    imported = Import.objects.get()
    seen = mark_of(admin, f"/t/acme/import/{imported.id}/")
    fake_api.add_hook(name="one", triggerId="post-user-registration")
    answer = admin.post(f"/t/acme/import/{imported.id}/", {"action": "apply", "seen": seen})
    assert "acme or your values changed after you saw the plan. Nothing was written." in Page(answer)
    assert answer.status_code == 409
    assert fake_api.calls("POST") == []


def test_the_page_of_a_plan_costs_no_call(
    admin: Client, remote: Tenant, fake_api: FakeApi, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    fake_api.add_hook(name="two")
    upload(admin, "acme", archive({"name": "one"}))
    address = f"/t/acme/import/{Import.objects.get().id}/"
    before = len(fake_api.calls())
    with django_assert_num_queries(5):
        admin.get(address)
    assert len(fake_api.calls()) == before


def test_a_discarded_import_is_gone(admin: Client, local: Tenant) -> None:
    upload(admin, "local", archive({"name": "one"}))
    address = f"/t/local/import/{Import.objects.get().id}/"
    assert "The import was discarded." in send(admin, "discard")
    assert admin.get(address).status_code == 404


def test_an_import_belongs_to_its_tenant(admin: Client, remote: Tenant) -> None:
    upload(admin, "local", archive({"name": "one"}))
    assert admin.get(f"/t/acme/import/{Import.objects.get().id}/").status_code == 404


def test_a_tenant_that_does_not_answer_is_asked_again_later(admin: Client, remote: Tenant, fake_api: FakeApi) -> None:
    fake_api.reply("GET", "/api/v2/hooks", refusal(403, "Not now."))
    answer = admin.post("/t/acme/import/", {"files": [archive({"name": "one"})]})
    assert answer.status_code == 403
    assert "acme does not permit this: Not now." in Page(answer)


def test_a_plan_that_nobody_has_seen_is_not_applied(admin: Client, remote: Tenant, fake_api: FakeApi) -> None:
    fake_api.add_hook(name="kept")
    upload(admin, "acme", archive({"name": "one"}))
    address = f"/t/acme/import/{Import.objects.get().id}/"
    seen = mark_of(admin, address)
    fake_api.reply("GET", "/api/v2/hooks", refusal(403, "Not now."))
    admin.post(address, {"action": "apply", "seen": seen, "deleting": "on"})
    fake_api.reply("GET", "/api/v2/hooks")
    answer = admin.post(address, {"action": "apply", "seen": seen, "deleting": "on"})
    assert answer.status_code == 409
    assert names(fake_api) == {"kept": False}


def test_what_is_done_is_not_done_again(admin: Client, a_hook: Hook, local: Tenant) -> None:
    upload(admin, "local", archive({"name": "check-domain", "enabled": False}))
    address = f"/t/local/import/{Import.objects.get().id}/"
    seen = mark_of(admin, address)
    send(admin, "apply")
    open_client(local).hooks.update(a_hook.id, {"enabled": True})
    page = Page(admin.post(address, {"action": "apply", "seen": seen, "deleting": "on"}))
    assert "This import was done before, and what you typed now was not kept. Start another one." in page
    assert [hook.enabled for hook in open_client(local).hooks.all()] == [True]


def test_no_secret_goes_while_something_is_refused(admin: Client, a_hook: Hook, local: Tenant) -> None:
    open_client(local).secrets.add(a_hook.id, {"KEY": "value"})
    upload(admin, "local", archive({"name": "check-domain", "enabled": True, "secrets": {}}, {"name": "bad_name"}))
    send(admin, "plan", deleting="on")
    page = send(admin, "apply", deleting="on")
    assert "secrets removed" not in page
    assert stored_values(a_hook.id) == {"KEY": "value"}


def test_a_secret_that_the_api_repeats_is_nowhere_in_clear(admin: Client, remote: Tenant, fake_api: FakeApi) -> None:
    upload(admin, "acme", archive({"name": "one", "secrets": {"KEY": "sk-hush-hush"}}))
    new = f"/api/v2/hooks/01HOOK{1:020}/secrets"
    fake_api.reply("POST", new, refusal(400, "Payload validation error: 'sk-hush-hush' is bad."))
    page = send(admin, "apply")
    assert "acme refused this: Payload validation error: '" in page
    assert "sk-hush-hush" not in page
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM transfer_import")
        assert "sk-hush-hush" not in str(cursor.fetchall())


def test_an_import_lives_for_a_day_after_the_last_look(admin: Client, local: Tenant) -> None:
    upload(admin, "local", archive({"name": "one"}))
    old = Import.objects.get()
    Import.objects.update(created_at=long_ago())
    assert admin.get(f"/t/local/import/{old.id}/").status_code == 200
    Import.objects.update(looked_at=long_ago())
    assert admin.get(f"/t/local/import/{old.id}/").status_code == 404
    upload(admin, "local", archive({"name": "two"}))
    assert Import.objects.get().id != old.id


def test_an_import_that_was_never_looked_at_is_dropped_too(admin: Client, local: Tenant) -> None:
    upload(admin, "local", archive({"name": "one"}))
    Import.objects.update(created_at=long_ago(), looked_at=None)
    upload(admin, "local", archive({"name": "two"}))
    assert Import.objects.count() == 1


def test_an_import_goes_with_the_address_of_its_tenant(
    admin: Client, remote: Tenant, settings: Settings, local: Tenant
) -> None:
    upload(admin, "acme", archive({"name": "one"}))
    settings.TENANTS = {"local": local, "acme": replace(remote, origin="https://another.example")}
    assert admin.get(f"/t/acme/import/{Import.objects.get().id}/").status_code == 404


def test_of_several_values_the_good_ones_are_kept(admin: Client, local: Tenant) -> None:
    upload(admin, "local", archive({"name": "one", "secrets": dict.fromkeys(["GOOD", "BAD"], "_VALUE_NOT_SHOWN_")}))
    page = send(admin, "plan", **{"secret.one GOOD": "value", "secret.one BAD": "x" * 5000, "secret.two X": "y"})
    assert "BAD of one: The value is longer than 4096 characters." in page
    assert imports.values_of(Import.objects.get())["secrets"] == {"one": {"GOOD": "value"}}


def test_a_path_with_half_a_character_is_read(admin: Client, local: Tenant) -> None:
    hook = json.dumps([{"name": "one", "triggerId": "pre-user-registration", "script": SCRIPT}]).encode()
    page = upload(admin, "local", SimpleUploadedFile("a.json", hook), paths='["\\ud800/a.json"]')
    assert page.section("Will be created 1")[0].startswith("one ")


def test_too_many_files_are_refused_in_a_sentence(admin: Client, settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 2
    answer = admin.post("/t/local/import/", {"files": [archive({"name": name}) for name in ("a1", "b1", "c1")]})
    assert answer.status_code == 413
    assert "More than 2 files were sent. Nothing was changed." in Page(answer)


def test_a_tenant_that_takes_no_scripts_or_nothing_any_more_is_not_said_to_take_the_rest(
    admin: Client, remote: Tenant, fake_api: FakeApi
) -> None:
    upload(admin, "acme", archive({"name": "one"}))
    fake_api.mode = "read-only"
    page = send(admin, "apply")
    assert "Nothing was written. The plan below has all of it, but acme accepts no changes to hook scripts." in page
    fake_api.mode = "gone"
    page = send(admin, "plan")
    assert "Nothing was written. acme no longer has Hooks, so nothing more can be done there." in page
    assert "The plan below has" not in page


def test_what_was_not_done_is_not_said_to_stay(admin: Client, remote: Tenant, fake_api: FakeApi) -> None:
    upload(admin, "acme", archive({"name": "one"}))
    fake_api.reply("POST", "/api/v2/hooks", refusal(403, "Not now."))
    assert "It stopped before the end" in (page := send(admin, "apply"))
    assert "Nothing was written. The plan below has all of it." in page
    fake_api.reply("POST", "/api/v2/hooks")
    send(admin, "apply")
    assert "The record of this import was deleted. Whatever it did to acme stays done." in send(admin, "discard")
    assert names(fake_api) == {"one": False}


def test_the_log_says_who_imported_what_and_what_came_of_it_in_one_line(
    admin: Client, remote: Tenant, fake_api: FakeApi, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    texts = Texts({"one.json": json.dumps([{"name": "one", "triggerId": "pre-user-registration", "script": SCRIPT}])})
    imports.start(remote, "admin", "a\n2026-01-01 INFO forged", texts)
    fake_api.reply("POST", "/api/v2/hooks", refusal(403, "Not now."))
    send(admin, "plan")
    send(admin, "apply")
    fake_api.reply("POST", "/api/v2/hooks")
    send(admin, "apply")
    said = [record.getMessage() for record in caplog.records if record.name == "hooksui.transfer.imports"]
    about = r"import of 'a\n2026-01-01 INFO forged' into acme by admin"
    assert said == [f"{about}: stopped", f"{about}: whole"]


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("/hooks.json", "hooks.json"),
        ("acme/hooks.json", "acme"),
        ("two\nlines\t\x00/hooks.json", "two lines"),
        ("\u202e/hooks.json", "1 file"),
        ("/", "1 file"),
    ],
)
def test_an_import_has_a_name_in_one_line(path: str, source: str) -> None:
    form = ImportForm({"paths": json.dumps([path])}, MultiValueDict({"files": [SimpleUploadedFile("a.json", b"[]")]}))
    assert form.is_valid()
    assert form.source == source


def test_a_copy_is_refused_when_a_chosen_hook_is_gone(admin: Client, remote: Tenant, fake_api: FakeApi) -> None:
    one, two = fake_api.add_hook(name="one"), fake_api.add_hook(name="two")
    admin.get("/t/acme/copy/")
    del fake_api.hooks[two["id"]]
    answer = admin.post("/t/acme/copy/", {"to": "local", "hook": [one["id"], two["id"]]})
    assert answer.status_code == 400
    assert "two is no longer on acme: choose again. Nothing was changed." in Page(answer)
    assert not Import.objects.exists()


def test_chosen_hooks_whose_names_nobody_knows_are_counted(admin: Client, remote: Tenant, fake_api: FakeApi) -> None:
    one = fake_api.add_hook(name="one")
    answer = admin.post("/t/acme/copy/", {"to": "local", "hook": [one["id"], "gone-1", "gone-2"]})
    assert "2 of the chosen hooks are no longer on acme: choose again." in Page(answer)
    answer = admin.post("/t/acme/copy/", {"to": "local", "hook": ["gone-1"]})
    assert "1 of the chosen hooks is no longer on acme: choose again." in Page(answer)


def test_what_was_typed_can_be_taken_back(admin: Client, local: Tenant) -> None:
    hook = {"name": "one", "script": "module.exports = '##HOST##';\n", "secrets": {"KEY": "_VALUE_NOT_SHOWN_"}}
    page = upload(admin, "local", archive(hook))
    assert "Clear what you typed" not in page
    page = send(admin, "plan", **{"keyword.HOST": "wrong", "secret.one KEY": "wrong"})
    assert "Clear what you typed" in page
    page = send(admin, "forget", **{"secret.one KEY": "wrong again"})
    assert "What you typed was cleared. This is the plan without it." in page
    assert "HOST in hooks/one.js" in page.section("Values for keywords")
    assert "secrets without a value, not added: KEY" in page
    assert "Clear what you typed" not in page
    assert imports.values_of(Import.objects.get()) == {"keywords": {}, "secrets": {}}


def test_a_plan_asks_for_no_more_than_can_be_sent(admin: Client, local: Tenant) -> None:
    secrets = {f"KEY_{number}": "_VALUE_NOT_SHOWN_" for number in range(20)}
    words = " ".join(f"##WORD_{number}##" for number in range(MAX_ASKED + 5))
    hooks = [{"name": f"hook-{number}", "secrets": secrets} for number in range(MAX_ASKED // 20)]
    last_hook = {"name": "last", "secrets": dict.fromkeys(["A", "B", "C"], "_VALUE_NOT_SHOWN_"), "script": words}
    page = upload(admin, "local", archive(*hooks, last_hook))
    assert "3 more values do not fit on this page." in page
    assert "5 more values do not fit on this page." in page
    address = f"/t/local/import/{Import.objects.get().id}/"
    fields = re.findall(r'name="((?:secret|keyword)\.[^"]*)"', admin.get(address).content.decode())
    assert len(fields) == 2 * MAX_ASKED
    assert admin.post(address, {"action": "plan", **dict.fromkeys(fields, "")}).status_code == 302
