"""Two admins in one hook: nobody's work is overwritten unseen."""

import html
import json
import threading

import pytest
from django.test import Client

from hooksui.auth0.shapes import Hook
from hooksui.data_dir import locks
from hooksui.hooks import saving
from hooksui.hooks.errors import ChangedMeanwhileError
from hooksui.tenants.client import open_client
from hooksui.tenants.config import Tenant
from hooksui.tenants.state import record_of
from tests.dashboard.test_editor import JSON, fields_of, opened
from tests.fakes import FakeApi, Manner, Reply, Request
from tests.workspaces import long_workspace_of, workspace_of

MINE = "module.exports = function mine(user, context, cb) { cb(); };"


def test_a_hook_that_changed_is_not_overwritten(admin: Client, a_hook: Hook, local: Tenant) -> None:
    address = f"/t/local/hooks/{a_hook.id}/"
    form = opened(admin, address)
    open_client(local).hooks.update(a_hook.id, {"script": "theirs", "dependencies": {"lodash": "1"}})
    answer = admin.post(address, form | {"script": MINE}, headers=JSON)
    assert answer.status_code == 409
    told = answer.json()
    assert told["error"]["kind"] == "conflict"
    assert told["error"]["message"] == (
        "check-domain was changed on local since you opened it. Nothing was overwritten. "
        "Compare both versions and choose."
    )
    theirs = told["theirs"]
    assert (theirs["script"], theirs["modules"], theirs["name"]) == ("theirs", {"lodash": "1"}, "check-domain")
    assert open_client(local).hooks.get(a_hook.id).script == "theirs"
    over = admin.post(address, form | {"script": MINE, "base": theirs["base"]}, headers=JSON)
    assert over.json()["saved"] is True
    assert open_client(local).hooks.get(a_hook.id).script == MINE


def test_without_a_script_both_versions_are_on_the_page(admin: Client, a_hook: Hook, local: Tenant) -> None:
    address = f"/t/local/hooks/{a_hook.id}/"
    form = opened(admin, address)
    open_client(local).hooks.update(a_hook.id, {"script": "theirs <here>"})
    page = admin.post(address, form | {"script": MINE}).content.decode()
    assert f"{MINE}</textarea>" in page
    assert "The version on local" in page
    assert "theirs &lt;here&gt;</textarea>" in page
    (base,) = {html.unescape(part.split('"')[0]) for part in page.split('name="base" value="')[2:]}
    again = admin.post(address, fields_of(page) | {"script": MINE, "base": base})
    assert again.status_code == 302
    assert open_client(local).hooks.get(a_hook.id).script == MINE


def test_the_same_on_both_sides_is_no_conflict(admin: Client, a_hook: Hook, local: Tenant) -> None:
    address = f"/t/local/hooks/{a_hook.id}/"
    form = opened(admin, address)
    open_client(local).hooks.update(a_hook.id, {"script": "same\r\n", "name": "renamed-meanwhile", "enabled": False})
    answer = admin.post(address, form | {"script": "same\n"}, headers=JSON).json()
    assert (answer["saved"], answer["name"]) == (False, "renamed-meanwhile")


def test_only_what_differs_is_sent_and_never_a_secret(admin: Client, remote: Tenant, fake_api: FakeApi) -> None:
    hook = fake_api.add_hook(name="one", script="1")
    address = f"/t/acme/hooks/{hook['id']}/"
    form = opened(admin, address)
    first = admin.post(address, form | {"modules": '{"lodash": "1"}'}, headers=JSON).json()
    admin.post(address, form | {"script": "2", "modules": "{}", "base": first["base"]}, headers=JSON)
    sent = [call.json() for call in fake_api.calls("PATCH")]
    assert sent == [{"dependencies": {"lodash": "1"}}, {"script": "2", "dependencies": {}}]
    assert all("secrets" not in call.path for call in fake_api.requests)


def test_a_list_of_modules_that_is_none_is_refused(admin: Client, a_hook: Hook, local: Tenant) -> None:
    address = f"/t/local/hooks/{a_hook.id}/"
    form = opened(admin, address)
    for modules in ("[", "[]", '{"a": 1}', json.dumps({f"m{number}": "1" for number in range(101)})):
        answer = admin.post(address, form | {"modules": modules}, headers=JSON)
        assert answer.status_code == 400
    assert open_client(local).hooks.get(a_hook.id) == a_hook


def test_of_two_saves_at_once_one_is_told(remote: Tenant, fake_api: FakeApi, db: None) -> None:
    hook = fake_api.add_hook(name="one", script="1")
    record = record_of(remote)
    base = saving.fingerprint(open_client(remote).hooks.get(hook["id"]))
    outcomes: list[str] = []

    def save(script: str) -> None:
        try:
            saving.save_hook(workspace_of(remote, record), hook["id"], base=base, script=script, modules=None)
            outcomes.append(f"{script} saved")
        except ChangedMeanwhileError as conflict:
            outcomes.append(f"{script} told of {conflict.theirs.script}")

    second = threading.Thread(target=save, args=["second"])

    def meanwhile(request: Request) -> Reply:
        # The first save has read the hook and is about to write: the second one starts now and has to wait.
        fake_api.reply("PATCH", f"/api/v2/hooks/{hook['id']}")
        second.start()
        return fake_api.answer(request)

    fake_api.reply("PATCH", f"/api/v2/hooks/{hook['id']}", meanwhile)
    save("first")
    second.join()
    assert outcomes == ["first saved", "second told of first"]


def test_work_that_waits_for_one_tenant_holds_up_no_other_hook(remote: Tenant, fake_api: FakeApi, db: None) -> None:
    many = 6  # with one more, fewer than may wait for one tenant
    ids = [fake_api.add_hook(name=f"hook-{number}")["id"] for number in range(many)]
    record = record_of(remote)
    all_wait, tenant_answers = threading.Barrier(many + 1), threading.Event()
    in_time: list[bool] = []

    def save(tenant: Tenant, hook_id: str) -> None:
        base = saving.fingerprint(open_client(tenant).hooks.get(hook_id))
        saving.save_hook(workspace_of(tenant, record), hook_id, base=base, script="mine", modules=None)

    with FakeApi() as slow_api:
        slow = slow_api.tenant("slow")
        same_ids = [slow_api.add_hook(name=f"hook-{number}")["id"] for number in range(many + 1)]
        hooks = open_client(slow).hooks.all(whole=True)
        work = long_workspace_of(slow, record)

        def later(request: Request) -> Reply:
            all_wait.wait(10)
            in_time.append(tenant_answers.wait(10))
            return slow_api.answer(request)

        def write(hook: Hook) -> None:
            saving.update_unchanged(work, hook, {"script": "theirs"})

        writing = [threading.Thread(target=write, args=[hook]) for hook in hooks if hook.id != same_ids[-1]]
        for hook_id in same_ids[:-1]:
            slow_api.reply("GET", f"/api/v2/hooks/{hook_id}", later)
        for thread in writing:
            thread.start()
        all_wait.wait(10)
        for hook_id in ids:
            save(remote, hook_id)
        save(slow, same_ids[-1])
        tenant_answers.set()
        for thread in writing:
            thread.join()
        assert [hook["script"] for hook in slow_api.hooks.values()] == ["theirs"] * many + ["mine"]
    assert in_time == [True] * many
    assert same_ids[:-1] == ids
    assert [hook["script"] for hook in fake_api.hooks.values()] == ["mine"] * many


def test_no_lock_is_kept_for_a_hook_that_nobody_saves(remote: Tenant, fake_api: FakeApi, db: None) -> None:
    hook = open_client(remote).hooks.get(fake_api.add_hook()["id"])
    saving.update_unchanged(workspace_of(remote), hook, {"script": "mine"})
    assert not locks._locks


@pytest.mark.parametrize("after", [False, True])
def test_a_write_of_another_dashboard_at_the_same_moment_is_told(
    admin: Client, remote: Tenant, fake_api: FakeApi, after: bool
) -> None:
    one = fake_api.add_hook(name="one", script="1")
    path = f"/api/v2/hooks/{one['id']}"
    form = opened(admin, f"/t/acme/hooks/{one['id']}/")

    def meanwhile(request: Request) -> Reply:
        if after:
            reply = fake_api.answer(request)
            answered = Reply(200, dict(reply.body))
            one["script"] = "theirs"
            return answered
        one["dependencies"] = {"lodash": "1"}
        return fake_api.answer(request)

    fake_api.reply("PATCH", path, meanwhile)
    answer = admin.post(f"/t/acme/hooks/{one['id']}/", form | {"script": "mine"}, headers=JSON)
    assert answer.status_code == 409
    told = answer.json()
    assert "Somebody else wrote one on acme at the same moment" in told["error"]["message"]
    theirs = told["theirs"]
    assert (theirs["script"], theirs["modules"]) == (("theirs", {}) if after else ("mine", {"lodash": "1"}))


def test_what_the_tenant_has_counts_and_not_what_the_answer_to_the_write_says(
    admin: Client, remote: Tenant, fake_api: FakeApi
) -> None:
    one = fake_api.add_hook(name="one", script="1")

    def answer_oddly(request: Request) -> Reply:
        return Reply(200, {**fake_api.answer(request).body, "dependencies": {"a": 1}})

    fake_api.reply("PATCH", f"/api/v2/hooks/{one['id']}", answer_oddly)
    address = f"/t/acme/hooks/{one['id']}/"
    told = admin.post(address, opened(admin, address) | {"script": "mine"}, headers=JSON).json()
    assert (told.get("saved"), one["script"]) == (True, "mine"), told


@pytest.mark.parametrize("odd", [None, Reply(500), Reply(200, b"<html>"), Reply(200, b"null"), Reply(200, {"id": "x"})])
@pytest.mark.parametrize("done", [False, True])
def test_a_save_without_a_clear_answer_is_looked_up(
    admin: Client, remote: Tenant, fake_api: FakeApi, odd: Reply | None, done: bool
) -> None:
    one = fake_api.add_hook(name="one", script="1")
    form = opened(admin, f"/t/acme/hooks/{one['id']}/")

    def answer_oddly(request: Request) -> Reply:
        if done:
            fake_api.answer(request)
        return odd or Reply(manner=Manner.DROPPED)

    fake_api.reply("PATCH", f"/api/v2/hooks/{one['id']}", answer_oddly)
    answer = admin.post(f"/t/acme/hooks/{one['id']}/", form | {"script": "mine"}, headers=JSON)
    told = answer.json()
    text = told["message"] if done else told["error"]["message"]
    assert ("so we checked: it was done" if done else "We checked: it has not been done so far.") in text
    assert len(fake_api.calls("PATCH")) == 1
