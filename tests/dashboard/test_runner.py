"""The Runner behind the editor: the run as a stream, its log, the payloads, and that no secret is told."""

import json
import threading
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from hooksui import catalogue
from hooksui.auth0.shapes import Hook
from hooksui.runner import records, running
from hooksui.runner.calling import Job
from hooksui.runner.models import Payload, Run
from hooksui.runner.slots import NoSlotError, slots
from hooksui.shared.memory import Slots
from hooksui.tenants.client import open_client
from hooksui.tenants.config import Tenant
from tests.fakes import FakeApi

TRIGGER = "credentials-exchange"
SAMPLE = catalogue.points()[TRIGGER].sample
VALUE = "a-value-that-nobody-sees"
TELLS = """module.exports = function (client, scope, audience, context, cb) {
  const { secrets } = context.webtask;
  console.log('key', secrets.API_KEY);
  console.error({ deep: [secrets.API_KEY] });
  cb(null, { scope, [`https://acme.example/${secrets.API_KEY}`]: secrets.API_KEY, plain: context.webtask.data.PLAIN });
};"""
FAILS = """module.exports = function (client, scope, audience, context, cb) {
  const error = new InvalidScopeError(`no ${context.webtask.secrets.API_KEY}`);
  error.data = { key: context.webtask.secrets.API_KEY };
  cb(error);
};"""


def run(admin: Client, hook_id: str, tenant: str = "local", **form: Any) -> list[dict[str, Any]]:
    """Run a script as the editor does; the events as they came."""
    answer = admin.post(
        f"/t/{tenant}/hooks/{hook_id}/run/",
        {"trigger": TRIGGER, "payload": SAMPLE, "name": "check-domain", **form},
        headers={"accept": "application/json"},
    )
    assert answer["Content-Type"] == "application/x-ndjson", answer.content
    return [json.loads(line) for line in b"".join(answer.streaming_content).splitlines()]  # type: ignore[attr-defined]


def refused(admin: Client, hook_id: str, **form: Any) -> tuple[int, dict[str, str]]:
    """The status and the error of a run that does not begin."""
    answer = admin.post(
        f"/t/local/hooks/{hook_id}/run/",
        {"trigger": TRIGGER, "payload": SAMPLE, "script": TELLS, **form},
        headers={"accept": "application/json"},
    )
    return answer.status_code, answer.json()["error"]


def test_a_run_is_told_as_it_happens_and_kept(admin: Client, a_hook: Hook) -> None:
    script = (
        "module.exports = (c, s, a, x, cb) => { console.log('one'); cb(null, { scope: s }); console.warn('two'); };"
    )
    events = run(admin, a_hook.id, script=script, modified="1")
    assert [event["event"] for event in events] == ["started", "console", "answer", "console", "end"]
    answer = events[-1]["outcome"]
    assert (answer["ok"], answer["result"]) == (True, {"scope": ["read:invoices"]})
    assert answer["summary"].startswith("Finished in ")
    assert [line["text"] for line in answer["console"]] == ["one", "two"]
    kept = Run.objects.get()
    assert (kept.id, kept.username, kept.ending, kept.modified) == (events[0]["run"], "admin", "ok", True)
    assert kept.outcome["console"] == answer["console"]
    assert kept.payload == SAMPLE


def test_running_asks_no_tenant_and_saves_nothing(
    admin: Client, remote: Tenant, fake_api: FakeApi, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(8):
        events = run(admin, "01HOOK", tenant="acme", script=TELLS)
    assert events[-1]["outcome"]["ok"]
    assert fake_api.requests == []


def test_secrets_reach_the_hook_and_nobody_else(
    admin: Client, a_hook: Hook, local: Tenant, caplog: pytest.LogCaptureFixture
) -> None:
    open_client(local).secrets.add(a_hook.id, {"API_KEY": VALUE})
    for script in (TELLS, FAILS):
        told = json.dumps(run(admin, a_hook.id, script=script, stored="1", payload=SAMPLE.replace("gold", VALUE)))
        assert VALUE not in told
        assert "[secret API_KEY]" in told
    assert [VALUE in str(vars(kept)) for kept in Run.objects.all()] == [False, False]
    assert VALUE not in caplog.text
    assert VALUE not in admin.get(f"/t/local/hooks/{a_hook.id}/runs/?download").content.decode()


@pytest.mark.parametrize("value", ["e", "text", "message", "log"])
def test_a_secret_whose_value_is_a_word_of_ours_breaks_nothing(admin: Client, a_hook: Hook, value: str) -> None:
    secrets = json.dumps({"API_KEY": value})
    printed = run(admin, a_hook.id, script=TELLS, secrets=secrets)[-1]["outcome"]["console"]
    assert [(line["level"], "[secret API_KEY]" in line["text"]) for line in printed] == [("log", True), ("error", True)]
    refusal = run(admin, a_hook.id, script=FAILS, secrets=secrets)[-1]["outcome"]
    assert refusal["error"]["message"] == "no [secret API_KEY]"
    assert refusal["summary"] == "The hook refused: no [secret API_KEY]."
    assert Run.objects.count() == 2


def test_stored_values_are_used_only_when_asked_for_and_typed_ones_win(
    admin: Client, a_hook: Hook, local: Tenant
) -> None:
    open_client(local).secrets.add(a_hook.id, {"API_KEY": VALUE, "PLAIN": "stored-plain"})
    lengths = (
        "module.exports = (c, s, a, x, cb) => cb(null, Object.values(x.webtask.secrets).map((one) => one.length));"
    )

    def seen(**form: str) -> Any:
        return run(admin, a_hook.id, script=lengths, **form)[-1]["outcome"]["result"]

    assert seen() == []
    assert seen(stored="1") == [len(VALUE), len("stored-plain")]
    assert seen(stored="1", secrets='{"PLAIN": "abc"}') == [len(VALUE), 3]
    assert seen(secrets='{"PLAIN": "abc"}') == [3]


def test_values_of_a_remote_tenant_are_never_asked_for(
    admin: Client, a_hook: Hook, local: Tenant, remote: Tenant
) -> None:
    open_client(local).secrets.add(a_hook.id, {"API_KEY": VALUE})
    names = "module.exports = (c, s, a, x, cb) => cb(null, Object.keys(x.webtask.secrets));"
    assert run(admin, a_hook.id, tenant="acme", script=names, stored="1")[-1]["outcome"]["result"] == []


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"payload": "{"}, "The payload is not JSON: expecting property name enclosed in double quotes, line 1."),
        ({"payload": '{\n "a": NaN }'}, "The payload is not JSON: NaN is no value."),
        ({"payload": ""}, "The payload is empty. Nothing was run."),
        ({"payload": "[" * 100_000}, "The payload is nested too deeply. Nothing was run."),
        ({"payload": "1" * 200_001}, "The payload has more than 200 kB. Nothing was run."),
        ({"script": "  "}, "The script is empty. Write a function that the module exports."),
        ({"trigger": "rule"}, "The Runner does not know the extensibility point rule. Nothing was run."),
        ({"secrets": '{"A": 1}'}, "The secrets for this run cannot be read."),
        ({"secrets": '{"\\ud800": "a"}'}, "The secrets for this run cannot be read."),
        ({"modules": "[]"}, "The list of NPM modules cannot be read."),
    ],
)
def test_what_cannot_be_run_is_refused_before(admin: Client, a_hook: Hook, form: dict[str, str], message: str) -> None:
    status, error = refused(admin, a_hook.id, **form)
    assert status == 400
    assert message in error["message"]
    assert not Run.objects.exists()


def test_a_module_that_cannot_be_had_is_told_and_kept(
    admin: Client, a_hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Nobody listens on this port.
    monkeypatch.setenv("NPM_CONFIG_REGISTRY", "http://127.0.0.1:9/")
    events = run(admin, a_hook.id, script="require('left-pad@1.3.0')")
    assert [event["event"] for event in events] == ["started", "installing", "failed"]
    assert events[1]["modules"] == ["left-pad@1.3.0"]
    assert "The module left-pad cannot be installed" in events[2]["message"]
    assert Run.objects.get().label == "Could not be run"


def test_too_many_runs_are_told_so_at_once(admin: Client, a_hook: Hook, monkeypatch: pytest.MonkeyPatch) -> None:
    few = Slots(1, 1, NoSlotError)
    monkeypatch.setattr(running, "slots", few)

    def wait_in_line() -> None:
        with few.take():
            pass

    with few.take():
        line = threading.Thread(target=wait_in_line)
        line.start()
        while not _line_is_full(few):
            pass
        status, error = refused(admin, a_hook.id)
    line.join()
    assert (status, error["kind"]) == (503, "busy")
    assert error["message"] == "The Runner is busy with other runs. Nothing was run. Try again in a moment."
    assert not few.must_wait()


def _line_is_full(few: Slots) -> bool:
    try:
        few.must_wait()
    except NoSlotError:
        return True
    return False


def test_a_run_is_stopped_and_one_whose_page_is_closed_ends(admin: Client, a_hook: Hook, local: Tenant) -> None:
    order = running.Order(local, a_hook.id, "check-domain", "admin", False, _endless())
    events = running.run(order)
    started = next(events)
    stop = f"/t/local/hooks/{a_hook.id}/runs/{started['run']}/stop/"
    assert next(events)["lines"][0]["text"] == "here"
    # Of another hook it is no run.
    assert admin.post(stop.replace(a_hook.id, "01ANOTHER")).json() == {"stopped": False}
    assert admin.post(stop).json() == {"stopped": True}
    assert [event["outcome"]["summary"] for event in events if "outcome" in event] == [
        "Stopped before the hook called back."
    ]
    assert admin.post(stop).json() == {"stopped": False}

    events = running.run(order)
    next(events)
    assert next(events)["lines"][0]["text"] == "here"
    events.close()
    assert not slots.must_wait()
    assert [kept.label for kept in Run.objects.all()] == ["Stopped", "Stopped"]


def _endless() -> Job:
    return Job("module.exports = () => { console.log('here'); for (;;); };", TRIGGER, SAMPLE)


def test_the_log_lists_opens_downloads_and_clears(
    admin: Client, a_hook: Hook, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    address = f"/t/local/hooks/{a_hook.id}/runs/"
    assert "No runs of this hook yet. Press Run." in admin.get(address).content.decode()
    run(admin, a_hook.id, script=TELLS)
    run(admin, a_hook.id, script="modul", modified="1")
    with django_assert_num_queries(5):
        page = admin.get(address).content.decode()
    assert page.index("Did not compile") < page.index("Finished")
    assert 'aria-label="Runs of check-domain"' in page
    newest = records.runs_of("local", a_hook.id).first()
    assert newest
    one = admin.get(f"{address}{newest.id}/").content.decode()
    assert "Unable to compile the extensibility code as javascript" in one
    assert "read:invoices" in one
    assert admin.get(f"{address}nothing/").status_code == 404
    file = admin.get(f"{address}?download")
    assert file["Content-Disposition"] == f'attachment; filename="runs-of-{a_hook.id}.json"'
    assert [kept["outcome"]["ending"] for kept in file.json()] == ["not-compiled", "ok"]
    assert "The log is empty now." in admin.post(address, follow=True).content.decode()
    assert not Run.objects.exists()


def test_the_log_keeps_the_newest_and_shortens_what_is_long(
    admin: Client, a_hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "RUNS_KEPT", 2)
    script = "module.exports = (c, s, a, x, cb) => { console.log('x'.repeat(70000)); cb(null, ['y'.repeat(70000)]); };"
    told = run(admin, a_hook.id, script=script)[-1]["outcome"]
    assert len(told["result"][0]) == 70_000
    kept = Run.objects.get()
    assert (kept.outcome["console"], kept.outcome["result"]) == ([], None)
    assert len(kept.outcome["warnings"]) == 2
    for _ in range(2):
        run(admin, a_hook.id, script=TELLS)
    assert Run.objects.count() == 2
    assert not Run.objects.filter(pk=kept.pk).exists()


def test_the_log_keeps_the_beginning_of_a_long_error_and_of_its_meaning(admin: Client, a_hook: Hook) -> None:
    script = """module.exports = (client, scope, audience, context, cb) => {
      const error = new InvalidScopeError('m'.repeat(100000));
      error.data = Array(100000).fill(1);
      cb(error);
    };"""
    assert len(run(admin, a_hook.id, script=script)[-1]["outcome"]["error"]["data"]) == 100_000
    kept = Run.objects.get().outcome
    assert kept["error"]["message"].startswith("mmm")
    assert kept["error"]["data"].startswith("[1, 1")
    assert kept["error"]["statusCode"] == 500
    assert kept["meaning"][0]["text"].startswith("Denied with invalid_scope (HTTP 400): mmm")
    assert len(json.dumps(kept)) < 50_000
    page = admin.get(f"/t/local/hooks/{a_hook.id}/runs/{Run.objects.get().pk}/")
    assert "Denied with invalid_scope" in page.content.decode()


def test_payloads_keep_the_line_ends_that_were_typed(admin: Client, a_hook: Hook) -> None:
    sent = SAMPLE.replace("\n", "\r\n")
    run(admin, a_hook.id, script=TELLS, payload=sent)
    address = f"/t/local/hooks/{a_hook.id}/payloads/"
    answer = admin.post(address, {"name": "gold", "text": sent}).json()
    assert [one["text"] for one in answer["kept"] + answer["recent"]] == [SAMPLE, SAMPLE]


def test_a_kept_payload_has_no_stored_value(admin: Client, a_hook: Hook, local: Tenant) -> None:
    open_client(local).secrets.add(a_hook.id, {"API_KEY": VALUE})
    address = f"/t/local/hooks/{a_hook.id}/payloads/"
    answer = admin.post(address, {"name": "gold", "text": f'{{"key": "{VALUE}"}}'}).json()
    assert answer["kept"] == [{"name": "gold", "text": '{"key": "[secret API_KEY]"}'}]


def test_payloads_are_kept_by_name_and_offered_again(admin: Client, a_hook: Hook) -> None:
    address = f"/t/local/hooks/{a_hook.id}/payloads/"
    assert admin.get(address).json() == {"kept": [], "recent": []}
    assert admin.post(address, {"name": "gold", "text": "{}"}).json()["kept"] == [{"name": "gold", "text": "{}"}]
    assert admin.post(address, {"name": "gold", "text": "[]"}).json()["kept"] == [{"name": "gold", "text": "[]"}]
    for payload in (SAMPLE, SAMPLE, SAMPLE.replace("gold", "silver")):
        run(admin, a_hook.id, script=TELLS, payload=payload)
    assert [one["text"] for one in admin.get(address).json()["recent"]] == [SAMPLE.replace("gold", "silver"), SAMPLE]
    assert admin.post(address, {"name": "gold", "action": "remove"}).json()["kept"] == []
    answer = admin.post(address, {"name": "", "text": "{}"}, headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()["error"]["message"]) == (
        400,
        "Enter a name for the payload. Nothing was saved.",
    )


def test_a_deleted_hook_leaves_no_runs_behind(admin: Client, a_hook: Hook) -> None:
    run(admin, a_hook.id, script=TELLS)
    admin.post(f"/t/local/hooks/{a_hook.id}/payloads/", {"name": "gold", "text": "{}"})
    admin.post(f"/t/local/hooks/{a_hook.id}/delete/", {"confirm": a_hook.name})
    assert not Run.objects.exists()
    assert not Payload.objects.exists()


def test_without_the_runner_nothing_of_it_is_there(admin: Client, a_hook: Hook, settings: Settings) -> None:
    editor = f"/t/local/hooks/{a_hook.id}/"
    assert 'id="run"' in admin.get(editor).content.decode()
    settings.RUNNER_ENABLED = False
    page = admin.get(editor).content.decode()
    assert 'id="run"' not in page
    assert "runner-panel" not in page
    assert admin.post(f"{editor}run/", {"script": TELLS}).status_code == 404
    assert [admin.get(f"{editor}{part}/").status_code for part in ("runs", "payloads")] == [404, 404]


def test_hosts_that_runs_may_reach_are_on_the_page(admin: Client, a_hook: Hook, settings: Settings) -> None:
    settings.RUNNER_ALLOW_NET = ["crm.acme.example", "127.0.0.1:8443"]
    page = admin.get(f"/t/local/hooks/{a_hook.id}/").content.decode()
    assert "A run may reach crm.acme.example, 127.0.0.1:8443." in page


def test_another_persons_runs_name_that_person(admin: Client, a_hook: Hook) -> None:
    other = Client()
    other.force_login(get_user_model().objects.create_user("dana"))
    run(other, a_hook.id, script=TELLS)
    assert "<span>dana</span>" in admin.get(f"/t/local/hooks/{a_hook.id}/runs/").content.decode()


def test_a_data_dir_that_takes_nothing_is_told(admin: Client, a_hook: Hook, settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "file"
    settings.DATA_DIR.write_text("no folder")
    events = run(admin, a_hook.id, script=TELLS)
    assert events[-1] == {
        "event": "failed",
        "message": "The sandbox could not be started: Not a directory. Nothing was run.",
    }
