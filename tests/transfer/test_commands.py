"""`manage.py export_hooks` and `import_hooks` as processes: what they print, what they write, and their status."""

import json
import os
import pty
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.fakes import FakeApi, Reply, Request
from tests.fakes.management_api import CLIENT_ID, CLIENT_SECRET, SCRIPT
from tests.serving import ROOT

Run = Callable[..., subprocess.CompletedProcess[str]]
PRE = "pre-user-registration"
LEFT_OUT = "one has no secret KEY: there was no value for it, so the hook was not enabled."


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A DATA_DIR that is ready."""
    folder = tmp_path_factory.mktemp("commands") / "data"
    done = manage({"DATA_DIR": str(folder), "ADMIN_PASSWORD": "a long password for tests"}, "bootstrap")
    assert done.returncode == 0, done.stderr
    return folder


def manage(environment: dict[str, str], *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """A command of manage.py; there is never a traceback."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert "Traceback" not in done.stdout + done.stderr
    return done


@pytest.fixture
def environment(fake_api: FakeApi, data_dir: Path) -> dict[str, str]:
    """What commands find in their environment: two tenants, the first of which is `fake_api`."""
    return {
        "DATA_DIR": str(data_dir),
        "TENANTS": "acme,local",
        "ACME_AUTH0_DOMAIN": fake_api.origin,
        "ACME_AUTH0_CLIENT_ID": CLIENT_ID,
        "ACME_AUTH0_CLIENT_SECRET": CLIENT_SECRET,
    }


@pytest.fixture
def run(environment: dict[str, str]) -> Run:
    """Runs a command."""
    return lambda *arguments, stdin="", **more: manage(environment | more, *map(str, arguments), stdin=stdin)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A Deploy CLI folder with two hooks: `one` with a secret that has a value, `two` with one that has none."""
    hooks: dict[str, dict[str, object]] = {
        "one": {"script": "./one.js", "triggerId": PRE, "enabled": True, "secrets": {"KEY": "##KEY##"}},
        "two": {"script": "./two.js", "triggerId": PRE, "secrets": {"TOKEN": "_VALUE_NOT_SHOWN_"}},
    }
    (tmp_path / "in" / "hooks").mkdir(parents=True)
    for name, hook in hooks.items():
        (tmp_path / "in" / "hooks" / f"{name}.json").write_text(json.dumps({"name": name, **hook}))
        (tmp_path / "in" / "hooks" / f"{name}.js").write_text(SCRIPT + "\n")
    return tmp_path / "in"


def writes(api: FakeApi) -> list[str]:
    return [request.method for request in api.requests if request.method != "GET" and "oauth" not in request.path]


def test_a_dry_run_tells_everything_and_writes_nothing(fake_api: FakeApi, run: Run, folder: Path) -> None:
    fake_api.add_hook(name="one", script="module.exports = 'old';\n", enabled=True)
    fake_api.add_hook(name="three")
    done = run("import_hooks", folder, "--dry-run", "--delete", "--mapping", "KEY=a=b")
    assert done.stdout.splitlines() == [
        "Plan for acme, from Deploy CLI directory:",
        f"  create    two ({PRE}): script: 2 lines; disabled; secrets without a value, not added: TOKEN",
        f"            + {SCRIPT}",
        "            + ",
        f"  change    one ({PRE}): script: 1 line added, 1 removed; secrets added: KEY",
        "            - module.exports = 'old';",
        f"            + {SCRIPT}",
        "              ",
        f"  delete    three ({PRE})",
        "1 to create, 1 to change, 0 unchanged, 1 to delete, 0 only in the tenant, 0 refused.",
        "Nothing was written, as this is a dry run.",
        # Not everything would be as the files say.
        "two has no secret TOKEN: there was no value for it.",
    ]
    assert (done.returncode, done.stderr) == (1, "")
    assert writes(fake_api) == []


def test_a_status_of_1_has_its_reason_in_the_last_line(fake_api: FakeApi, run: Run, tmp_path: Path) -> None:
    fake_api.add_hook(name="two")
    hooks = [{"name": "one", "triggerId": PRE, "script": SCRIPT}]
    page, odd = tmp_path / "page.json", tmp_path / "odd.json"
    page.write_text(json.dumps({"start": 0, "total": 2, "hooks": hooks}))
    told = "page.json has 1 of 2 hooks; get the other pages too."
    for options in (["--dry-run"], ["--delete"], []):
        done = run("import_hooks", page, *options)
        assert (done.returncode, done.stdout.splitlines()[-1], done.stderr) == (1, told, "")
    assert {hook["name"] for hook in fake_api.hooks.values()} == {"one", "two"}
    odd.write_text(json.dumps({"one": hooks[0]}))
    done = run("import_hooks", odd)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"{odd} has no hooks in a known format. "
        "odd.json seems to have hooks, in an unknown form, and was not read. Nothing was written.\n"
    )


def test_a_value_may_be_the_json_of_an_object(fake_api: FakeApi, run: Run, tmp_path: Path) -> None:
    text = f'{{"name": "one", "triggerId": "{PRE}", "script": "exports.a = 1", "secrets": @@SECRETS@@}}'
    (tmp_path / "one.json").write_text(text)
    done = run("import_hooks", tmp_path, "--mapping", 'SECRETS={"KEY": "value"}')
    assert (done.returncode, list(fake_api.secrets.values())) == (0, [{"KEY": "value"}])
    done = run("import_hooks", tmp_path, AUTH0_KEYWORD_REPLACE_MAPPINGS='{"SECRETS": {"KEY": "new"}}')
    assert (done.returncode, list(fake_api.secrets.values())) == (0, [{"KEY": "new"}])


def test_an_import_writes_what_the_files_say(fake_api: FakeApi, run: Run, folder: Path, tmp_path: Path) -> None:
    fake_api.add_hook(name="three", enabled=True)
    secrets = tmp_path / "secrets.json"
    secrets.write_text('\ufeff{"Two": {"TOKEN": "typed"}}', encoding="utf-8")
    done = run("import_hooks", folder, "--secrets", secrets, "--delete", KEY="of the environment")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-4:] == [
        "one: done (created, added KEY, enabled).",
        "two: done (created, added TOKEN).",
        "three: done (disabled, deleted).",
        "Everything was done.",
    ]
    hooks = {hook["name"]: hook for hook in fake_api.hooks.values()}
    assert {name: hook["enabled"] for name, hook in hooks.items()} == {"one": True, "two": False}
    assert fake_api.secrets[hooks["one"]["id"]] == {"KEY": "of the environment"}
    assert fake_api.secrets[hooks["two"]["id"]] == {"TOKEN": "typed"}
    assert "typed" not in done.stdout
    # The same from standard input, where only values are set anew, and nothing else is deleted without being asked.
    fake_api.add_hook(name="three")
    done = run("import_hooks", folder, "--secrets", "-", "--mapping", "KEY=new", stdin='{"two": {"TOKEN": "other"}}')
    assert done.returncode == 0
    assert len(fake_api.hooks) == 3
    assert fake_api.secrets[hooks["two"]["id"]] == {"TOKEN": "other"}
    assert fake_api.secrets[hooks["one"]["id"]] == {"KEY": "new"}


def test_own_credentials_are_no_values_for_keywords(fake_api: FakeApi, run: Run, tmp_path: Path) -> None:
    own = [
        "ACME_AUTH0_CLIENT_SECRET",
        "OTHER_AUTH0_TOKEN",
        "AUTH0_TOKEN_2",
        "ADMIN_PASSWORD",
        "LOCAL_API_CLIENT_SECRET",
    ]
    script = "\n".join(f"// ##{name}##" for name in own)
    (tmp_path / "all.yaml").write_text(f"hooks:\n  - {{name: a, triggerId: {PRE}, script: a.js}}")
    (tmp_path / "a.js").write_text(script)
    values = {
        "OTHER_AUTH0_TOKEN": "x",
        "AUTH0_TOKEN_2": "known",
        "LOCAL_API_CLIENT_ID": "i",
        "LOCAL_API_CLIENT_SECRET": "y",
    }
    done = run("import_hooks", tmp_path / "all.yaml", ADMIN_PASSWORD="a long password for tests", **values)
    assert done.returncode == 0
    (hook,) = fake_api.hooks.values()
    assert hook["script"] == script.replace("##AUTH0_TOKEN_2##", "known")
    assert done.stderr.splitlines() == [
        f"The keyword {name} has no value (in a.js)." for name in own if name[-1] != "2"
    ]


def test_what_is_refused_is_told_while_the_rest_is_done(fake_api: FakeApi, run: Run, folder: Path) -> None:
    fake_api.add_hook(name="three")
    (folder / "hooks" / "bad.json").write_text('{"name": "b\x1b[2J"')
    (folder / "hooks" / "two.json").write_text(json.dumps({"name": "t\x1b[2J\ud800", "script": "x", "triggerId": PRE}))
    (folder / "hooks" / "six.json").write_text(json.dumps({"name": "s\x1b[2J", "script": "x", "triggerId": PRE}))
    done = run(
        "import_hooks", folder, "--delete", "--mapping", "KEY=v", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0"
    )
    assert done.returncode == 1
    assert "  refuse    hooks/two.json: Its name has an unpaired surrogate (half a character).\n" in done.stdout
    assert "  refuse    hooks/bad.json: Line 1: This is not valid JSON: " in done.stdout
    assert "  refuse    s\\x1b[2J (pre-user-registration): A name has letters" in done.stdout
    assert "Nothing is deleted while something is refused.\n" in done.stdout
    assert "\x1b" not in done.stdout
    assert "one: done (created, added KEY, enabled).\n" in done.stdout
    assert len(fake_api.hooks) == 2


def test_a_failure_is_told_with_what_was_done(fake_api: FakeApi, run: Run, folder: Path) -> None:
    fake_api.scopes.remove("update:hooks")
    (folder / "hooks" / "two.json").unlink()
    done = run("import_hooks", folder, "--mapping", "KEY=v")
    assert done.returncode == 1
    assert done.stdout.splitlines()[-2:] == [
        "one: partly done (created). It failed while adding KEY: This needs the scope update:hooks. "
        "Grant it to the dashboard's application for the Auth0 Management API, then try again.",
        "It stopped there. Run the same command again to do the rest: what is already done stays as it is.",
    ]


WRONG = [
    ("import_hooks missing", 1, "missing: It cannot be read: No such file or directory. Nothing was written."),
    ("import_hooks IN --mapping KEY", 2, "'KEY' is not KEY=VALUE with a key of letters, digits and underscores."),
    ("import_hooks IN --secrets -", 1, '- is not of the form {"hook": {"NAME": "value"}}. Nothing was written.'),
    ("import_hooks EMPTY", 1, "empty has no hooks in a known format. Nothing was written."),
    ("export_hooks IN/hooks/one.js/x", 1, "cannot be written: Not a directory. Choose another folder."),
]


def test_a_wrong_command_is_told_and_writes_nothing(fake_api: FakeApi, run: Run, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    fake_api.add_hook(name="three")
    places = {"IN": folder, "EMPTY": tmp_path / "empty"}

    def given(line: str) -> list[str]:
        for name, place in places.items():
            line = line.replace(name, str(place))
        return line.split()

    with ThreadPoolExecutor(2) as pool:
        for done, (line, status, message) in zip(
            pool.map(lambda case: run(*given(case[0]), stdin='{"one": ["KEY"]}'), WRONG), WRONG, strict=True
        ):
            assert (line, done.returncode, done.stdout) == (line, status, "")
            assert message in done.stderr
    assert writes(fake_api) == []


def test_a_tenant_that_cannot_be_reached_is_told(fake_api: FakeApi, run: Run, folder: Path) -> None:
    fake_api.stop()
    done = run("import_hooks", folder)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.endswith(
        f"{fake_api.origin.removeprefix('http://')} cannot be reached (it refused the connection). "
        "Check the tenant's domain and this server's network, then try again.\n"
    )


def test_a_data_dir_that_is_not_ready_is_told(run: Run, tmp_path: Path) -> None:
    done = run("export_hooks", tmp_path / "out", DATA_DIR=str(tmp_path / "none"))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.endswith("Run `python manage.py bootstrap` first.\n")


def test_an_export_is_what_an_import_finds_unchanged(fake_api: FakeApi, run: Run, tmp_path: Path) -> None:
    hook = fake_api.add_hook(name="one", enabled=True, dependencies={"a": "1.10"})
    fake_api.secrets[hook["id"]] = {"KEY": "k"}
    fake_api.add_hook(name="two", triggerId="credentials-exchange")
    out = tmp_path / "out"
    done = run("export_hooks", out)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"Wrote 2 hooks of acme to {out}. Values of secrets cannot be exported.\n"
    done = run("import_hooks", out, "--delete")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("0 to change, 2 unchanged, 0 to delete, 0 only in the tenant, 0 refused.\n")
    assert writes(fake_api) == []
    # Into the tenant that is built in, which has none of them, without the value of the secret.
    done = run("import_hooks", out, "--tenant", "local")
    assert (done.returncode, done.stdout.splitlines()[-2:]) == (1, ["Done, except for:", LEFT_OUT])
    # Once more there is nothing to do, and the same is left out.
    done = run("import_hooks", out, "--tenant", "local")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (1, LEFT_OUT)
    done = run("export_hooks", tmp_path / "local", "--tenant", "local", "--format", "yaml")
    assert done.returncode == 0
    assert "name: one" in (tmp_path / "local" / "tenant.yaml").read_text()
    assert writes(fake_api) == []


def test_an_older_export_in_the_folder_is_pointed_out(fake_api: FakeApi, run: Run, folder: Path) -> None:
    fake_api.add_hook(name="one")
    done = run("export_hooks", folder)
    assert (done.returncode, done.stdout) == (
        0,
        f"Wrote 1 hook of acme to {folder}. Values of secrets cannot be exported.\n",
    )
    text = "was there before and is not part of this export. An import of the folder would read it too."
    assert done.stderr == f"{folder}/hooks/two.json {text}\n"
    # Nor do exports in different formats share a folder, whatever they were of.
    (folder / "hooks" / "two.json").unlink()
    assert f"{folder}/hooks/one.json {text}\n" == run("export_hooks", folder, "--format", "yaml").stderr
    assert [f"{folder}/{file} {text}" for file in ("hooks/one.json", "tenant.yaml")] == (
        run("export_hooks", folder, "--format", "terraform").stderr.splitlines()
    )
    # As it says: an import finds the hook three times.
    assert "0 only in the tenant, 3 refused." in run("import_hooks", folder, "--dry-run").stdout


def test_other_resources_in_the_file_of_an_export_are_not_lost(fake_api: FakeApi, run: Run, tmp_path: Path) -> None:
    fake_api.add_hook(name="one")
    file = tmp_path / "tenant.yaml"
    file.write_text("hooks: []\nclients:\n  - name: app\n")
    done = run("export_hooks", tmp_path, "--format", "yaml")
    assert (done.returncode, done.stdout) == (1, "")
    assert "tenant.yaml has more than hooks, which an export would remove. Nothing was written." in done.stderr
    assert "name: app" in file.read_text()
    file.write_text("hooks:\n  - name: before\n    script: |\n      clients: 1\n")
    assert run("export_hooks", tmp_path, "--format", "yaml").returncode == 0


@pytest.mark.parametrize("word", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_is_told_with_what_was_done(
    fake_api: FakeApi, environment: dict[str, str], folder: Path, word: signal.Signals
) -> None:
    def interrupted(request: Request) -> Reply:
        reply = fake_api.answer(request)
        return Reply(reply.status, reply.body, before=lambda: process.send_signal(word))

    fake_api.reply("POST", "/api/v2/hooks", interrupted)
    (folder / "hooks" / "one.json").unlink()
    with subprocess.Popen(
        [sys.executable, "manage.py", "import_hooks", str(folder)],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        stdout, stderr = process.communicate(timeout=60)
    assert process.returncode == 1
    assert stderr.splitlines() == [
        "Waiting for the calls in flight. Interrupt again to stop at once.",
        "Interrupted before the end.",
    ]
    assert "\ntwo: " in stdout
    assert stdout.splitlines()[-1].startswith(("It stopped there.", "Done, except for:"))


def test_a_second_interrupt_waits_for_nothing(fake_api: FakeApi, environment: dict[str, str], folder: Path) -> None:
    ended = threading.Event()

    def interrupt() -> None:
        process.send_signal(signal.SIGINT)
        ended.wait(60)

    fake_api.reply("POST", "/api/v2/hooks", Reply(500, before=interrupt), Reply(500, before=lambda: ended.wait(60)))
    with subprocess.Popen(
        [sys.executable, "manage.py", "import_hooks", str(folder)],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment, "KEY": "k"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        assert process.stderr
        while not process.stderr.readline().startswith("Waiting for the calls in flight."):
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        stderr = process.communicate(timeout=60)[1]
    ended.set()
    assert (process.returncode, stderr) == (1, "Stopped at once. Calls in flight may have been carried out.\n")


def test_values_are_asked_for_at_a_terminal(fake_api: FakeApi, environment: dict[str, str], folder: Path) -> None:
    (folder / "hooks" / "one.json").unlink()
    main, other = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "manage.py", "import_hooks", str(folder)],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        stdin=other,
        stdout=subprocess.PIPE,
        stderr=other,
        start_new_session=True,
        encoding="utf-8",
    ) as process:
        os.close(other)
        shown = b""
        while b"leave it out): " not in shown:
            shown += os.read(main, 1000)
        os.write(main, b"typed\n")
        stdout = process.communicate(timeout=60)[0]
        os.close(main)
    assert process.returncode == 0
    assert shown.endswith(b"Value of TOKEN of two (empty: leave it out): ")
    assert stdout.endswith("two: done (created, added TOKEN).\nEverything was done.\n")
    assert list(fake_api.secrets.values()) == [{"TOKEN": "typed"}]


def test_values_of_secrets_that_no_file_has_are_pointed_out(fake_api: FakeApi, run: Run, folder: Path) -> None:
    (folder / "hooks" / "two.json").unlink()
    done = run("import_hooks", folder, "--secrets", "-", KEY="k", stdin='{"one": {"KYE": "v"}, "two": {"TOKEN": "t"}}')
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "No file has the secret KYE of one. Its value was not used.",
        "No file has the secret TOKEN of two. Its value was not used.",
    ]


@pytest.mark.parametrize("form", ["yaml", "terraform"])
def test_an_export_without_hooks_does_not_take_the_place_of_another(
    fake_api: FakeApi, run: Run, tmp_path: Path, form: str
) -> None:
    fake_api.add_hook(name="one")
    run("export_hooks", tmp_path, "--format", form)
    before = {file: file.read_bytes() for file in tmp_path.rglob("*.*")}
    fake_api.hooks.clear()
    done = run("export_hooks", tmp_path, "--format", form)
    assert done.returncode == 1
    assert done.stderr == f"acme lists no hooks, and {tmp_path} has an export already. Nothing was written.\n"
    assert {file: file.read_bytes() for file in tmp_path.rglob("*.*")} == before


def test_nothing_is_written_where_nobody_takes_the_plan(
    fake_api: FakeApi, environment: dict[str, str], folder: Path
) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "manage.py", "import_hooks", str(folder)],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment, "KEY": "k"},
        stdin=subprocess.DEVNULL,
        stdout=writer,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (1, "")
    assert writes(fake_api) == []


def test_a_plan_says_that_a_point_is_left_without_a_hook(fake_api: FakeApi, run: Run, folder: Path) -> None:
    (folder / "hooks" / "one.json").unlink()
    fake_api.add_hook(name="three", enabled=True)
    done = run("import_hooks", folder, "--dry-run", "--delete")
    said = "It is enabled, and no file has a hook to run at this point instead."
    assert f"  delete    three ({PRE}): {said}" in done.stdout.splitlines()
