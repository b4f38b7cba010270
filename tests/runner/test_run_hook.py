"""`manage.py run_hook` as a process: one JSON object on standard output, and a status that tells how it went."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from hooksui import catalogue
from tests.deno.traces import SOON, until
from tests.fakes.npm_registry import FakeRegistry
from tests.runner.calling import ALL, EXCHANGE, NO_ANSWER, PRE
from tests.serving import ROOT

KEYS = {"ok", "result", "error", "console", "duration_ms", "timed_out"}
HOOK = "module.exports = (client, scope, audience, context, cb) => { BODY };"


@dataclass(frozen=True)
class Ran:
    """What came of the command."""

    status: int
    said: dict[str, Any]

    @property
    def message(self) -> str:
        """That of the error."""
        assert self.said["ok"] is False
        return str(self.said["error"]["message"])


RunHook = Callable[..., Ran]


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A DATA_DIR that nothing has prepared."""
    return tmp_path_factory.mktemp("run-hook") / "data"


@pytest.fixture
def environment(data_dir: Path, tmp_path: Path) -> dict[str, str]:
    """What the command finds in its environment."""
    return {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "DATA_DIR": str(data_dir)}


def command(environment: dict[str, str], *arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run the command; there is never a traceback."""
    done = subprocess.run(
        [sys.executable, "manage.py", "run_hook", *arguments],
        cwd=ROOT,
        env=environment,
        input=stdin,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert b"Traceback" not in done.stdout + done.stderr
    return done


@pytest.fixture
def run_hook(environment: dict[str, str], tmp_path: Path) -> RunHook:
    """Runs a hook with this body, or a whole script, and reads what the command says."""

    def run(
        body: str = "cb();", *options: str, script: str = "", trigger: str = EXCHANGE, stdin: bytes = b"", **env: str
    ) -> Ran:
        file = tmp_path / "hook.js"
        file.write_text(script or HOOK.replace("BODY", body), encoding="utf-8")
        done = command(environment | env, str(file), "--trigger", trigger, *options, stdin=stdin)
        assert done.stderr == b""
        said = json.loads(done.stdout, parse_constant=pytest.fail)
        assert said.keys() >= KEYS
        if said["error"] is not None:
            assert {"name", "message", "statusCode", "code", "stack"} <= said["error"].keys()
        assert all({"level", "text"} <= line.keys() for line in said["console"])
        return Ran(done.returncode, said)

    return run


def file_of(tmp_path: Path, content: Any) -> str:
    """A file with this content: bytes as they are, everything else as JSON."""
    file = tmp_path / "file"
    file.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return str(file)


def test_a_hook_that_answers(run_hook: RunHook) -> None:
    ran = run_hook("console.log('to the console'); console.error('ü'); cb(null, { scope: scope.concat('🙂') });")
    assert ran.status == 0
    assert ran.said["ok"] is True
    assert ran.said["result"]["scope"][-1] == "🙂"
    assert ran.said["error"] is None
    assert [(line["level"], line["text"]) for line in ran.said["console"]] == [
        ("log", "to the console"),
        ("error", "ü"),
    ]
    assert ran.said["timed_out"] is False
    assert ran.said["duration_ms"] > 0


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (
            "cb(Object.assign(new InvalidScopeError('no'), { statusCode: 418, code: 'E_TEST' }));",
            {"name": "InvalidScopeError", "message": "no", "statusCode": 418, "code": "E_TEST"},
        ),
        ("null.x;", {"name": "TypeError", "statusCode": 500, "code": None}),
        ("process.exit(0);", {"message": "The script ended its process before it called back.", "stack": ""}),
    ],
)
def test_a_hook_that_fails(run_hook: RunHook, body: str, error: dict[str, Any]) -> None:
    ran = run_hook(body)
    assert ran.status == 1
    assert ran.said["ok"] is False
    assert ran.said["result"] is None
    assert ran.said["error"] | error == ran.said["error"]


def test_what_does_not_compile_is_a_failure_of_the_hook(run_hook: RunHook) -> None:
    ran = run_hook(script="function (")
    assert (ran.status, ran.message) == (1, "Unable to compile the extensibility code as javascript")
    assert ran.said["error"]["line"] == 1


def test_the_time_limit_is_an_option(run_hook: RunHook) -> None:
    ran = run_hook("for (;;);", "--timeout", "0.5")
    assert (ran.status, ran.message) == (1, NO_ANSWER)
    assert ran.said["timed_out"] is True
    assert 500 <= ran.said["duration_ms"] < 20_000


def test_the_time_limit_comes_from_the_environment(run_hook: RunHook) -> None:
    ran = run_hook("for (;;);", RUNNER_TIMEOUT="1")
    assert ran.said["timed_out"] is True
    assert 1000 <= ran.said["duration_ms"] < 20_000


def test_without_a_payload_the_sample_is_taken(run_hook: RunHook) -> None:
    script = "module.exports = (...given) => given.pop()(null, given.pop().webtask.body);"
    for trigger in (EXCHANGE, PRE):
        ran = run_hook(script=script.replace(".body", ".body_raw"), trigger=trigger)
        assert ran.said["result"] == catalogue.points()[trigger].sample


def test_a_payload_comes_from_a_file(run_hook: RunHook, tmp_path: Path) -> None:
    payload = {"client": {"name": "ü"}, "scope": ["of the file"], "audience": "x"}
    ran = run_hook("cb(null, { client, scope });", "--payload", file_of(tmp_path, payload))
    assert ran.status == 0
    assert ran.said["result"] == {"client": {"name": "ü"}, "scope": ["of the file"]}
    with_mark = b"\xef\xbb\xbf" + json.dumps(payload).encode()
    assert run_hook("cb(null, { scope });", "--payload", file_of(tmp_path, with_mark)).status == 0


def test_a_payload_comes_from_standard_input(run_hook: RunHook) -> None:
    payload = json.dumps({"client": {"name": "ü"}, "scope": [], "audience": "x"}, ensure_ascii=False).encode()
    ran = run_hook("cb(null, client);", "--payload", "-", stdin=payload)
    assert ran.said["result"] == {"name": "ü"}


def test_a_script_comes_from_standard_input(environment: dict[str, str]) -> None:
    script = "module.exports = (a, b, c, d, cb) => cb(null, 'ü');".encode()
    done = command(environment, "-", "--trigger", EXCHANGE, stdin=script)
    assert (done.returncode, json.loads(done.stdout)["result"]) == (0, "ü")


def test_a_locale_without_utf_8_changes_nothing(run_hook: RunHook) -> None:
    payload = json.dumps({"client": {"name": "ü"}, "scope": [], "audience": "x"}, ensure_ascii=False).encode()
    ran = run_hook(
        "console.log(client.name); cb(null, client);",
        "--payload",
        "-",
        stdin=payload,
        LC_ALL="C",
        PYTHONCOERCECLOCALE="0",
        PYTHONUTF8="0",
    )
    assert ran.said["result"] == {"name": "ü"}


@pytest.mark.parametrize(
    ("payload", "message"),
    [
        (b"", "The payload is not JSON: expecting value, line 1. Nothing was run."),
        (b"[" * 100_000, "The payload is nested too deeply. Nothing was run."),
        (b"\xff", "file is not encoded in UTF-8."),
    ],
)
def test_a_payload_that_is_no_json_is_not_run(run_hook: RunHook, tmp_path: Path, payload: bytes, message: str) -> None:
    ran = run_hook("cb();", "--payload", file_of(tmp_path, payload))
    assert ran.status == 2
    assert message in ran.message


def test_standard_input_that_is_no_text_is_not_run(run_hook: RunHook) -> None:
    ran = run_hook("cb();", "--payload", "-", stdin=b'"\xff"')
    assert (ran.status, ran.message) == (2, "Standard input is not encoded in UTF-8.")


def test_a_payload_that_the_contract_refuses_is_a_failure(run_hook: RunHook, tmp_path: Path) -> None:
    ran = run_hook("cb();", "--payload", file_of(tmp_path, 7))
    assert (ran.status, ran.message) == (1, "Body received by extensibility point is not an object")


@pytest.mark.parametrize("option", ["--payload", "--secrets", "--dependencies"])
def test_a_file_that_cannot_be_read_is_told(run_hook: RunHook, tmp_path: Path, option: str) -> None:
    ran = run_hook("cb();", option, str(tmp_path / "not-there"))
    assert (ran.status, ran.message) == (2, f"{tmp_path}/not-there cannot be read: No such file or directory.")
    assert ran.said["error"]["name"] == "CannotRun"


def test_a_folder_is_no_file(run_hook: RunHook, environment: dict[str, str], tmp_path: Path) -> None:
    assert run_hook("cb();", "--payload", str(tmp_path)).message == f"{tmp_path} cannot be read: Is a directory."
    done = command(environment, str(tmp_path), "--trigger", EXCHANGE)
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"]["message"] == f"{tmp_path} cannot be read: Is a directory."


def test_a_file_name_with_nul_cannot_be_read(run_hook: RunHook) -> None:
    # Not an argument that a shell could pass on: the longest name that one can.
    ran = run_hook("cb();", "--payload", "x" * 5000)
    assert ran.status == 2
    assert ran.message.endswith(" cannot be read: File name too long.")


def test_secrets_come_from_a_file(run_hook: RunHook, tmp_path: Path) -> None:
    ran = run_hook("cb(null, context.webtask.secrets);", "--secrets", file_of(tmp_path, {"KEY": "ü", "EMPTY": ""}))
    assert ran.said["result"] == {"KEY": "ü", "EMPTY": ""}


@pytest.mark.parametrize(
    ("option", "content"),
    [
        ("--secrets", b"[]"),
        ("--secrets", b'{"a": 1}'),
        ("--secrets", b"[" * 100_000),
        ("--dependencies", b'{"a": "b",}'),
    ],
)
def test_what_has_no_names_and_texts_is_told(run_hook: RunHook, tmp_path: Path, option: str, content: bytes) -> None:
    ran = run_hook("cb();", option, file_of(tmp_path, content))
    expected = f"{tmp_path}/file has no {option[2:]}: it must be a JSON object with text values."
    assert (ran.status, ran.message) == (2, expected)


def test_dependencies_come_from_a_file(run_hook: RunHook, tmp_path: Path) -> None:
    file = file_of(tmp_path, {"left": "^1.0.0"})
    with FakeRegistry() as registry:
        registry.publish("left", "1.4.0", {"index.js": "module.exports = 'of the registry';"})
        ran = run_hook("cb(null, require('left'));", "--dependencies", file, NPM_CONFIG_REGISTRY=registry.origin)
    assert (ran.status, ran.said["result"]) == (0, "of the registry")
    # Installed for good: the registry is gone.
    again = run_hook("cb(null, require('left'));", "--dependencies", file, NPM_CONFIG_REGISTRY=registry.origin)
    assert again.status == 0
    ran = run_hook("cb(null, require('left@9'));", NPM_CONFIG_REGISTRY=registry.origin)
    expected = "The module left cannot be installed: the npm registry did not give a usable answer. Nothing was run."
    assert (ran.status, ran.message) == (2, expected)


def test_an_unknown_trigger_is_told(run_hook: RunHook) -> None:
    ran = run_hook("cb();", trigger="post-login")
    assert ran.status == 2
    assert ran.message.startswith("There is no trigger post-login. Use one of ")
    assert all(trigger in ran.message for trigger in ALL)


def test_a_runner_that_is_switched_off_runs_nothing(run_hook: RunHook) -> None:
    ran = run_hook("cb();", RUNNER_ENABLED="false")
    assert (ran.status, ran.message) == (2, "RUNNER_ENABLED is false: the Runner is switched off.")


WRONG = {
    "": "the following arguments are required: SCRIPT, --trigger",
    f"hook.js --trigger {EXCHANGE} --timeout 0": "'0' is not a number of seconds up to 300.",
    f"hook.js --trigger {EXCHANGE} --timeout 301": "'301' is not a number of seconds up to 300.",
    f"hook.js --trigger {EXCHANGE} --timeout nan": "'nan' is not a number of seconds up to 300.",
    f"hook.js --trigger {EXCHANGE} --timeout soon": "'soon' is not a number of seconds up to 300.",
    f"hook.js --trigger {EXCHANGE} --unknown": "unrecognized arguments: --unknown",
}


def test_a_wrong_command_line_is_told(environment: dict[str, str]) -> None:
    with ThreadPoolExecutor(3) as pool:
        for done, message in zip(
            pool.map(lambda line: command(environment, *line.split()), WRONG), WRONG.values(), strict=True
        ):
            assert done.returncode == 2
            assert message in done.stderr.decode()


def test_a_bad_setting_is_told_in_one_line(environment: dict[str, str]) -> None:
    bad = {"RUNNER_TIMEOUT": "0", "RUNNER_ALLOW_NET": "https://x", "RUNNER_ENABLED": "1"}
    with ThreadPoolExecutor(3) as pool:
        for name, done in zip(bad, pool.map(lambda name: command(environment | {name: bad[name]}), bad), strict=True):
            assert done.returncode == 1
            assert done.stdout == b""
            assert done.stderr.decode().startswith(f"hooksui: {name}: ")
            assert done.stderr.count(b"\n") == 1


def test_a_data_dir_that_cannot_be_written_is_told(run_hook: RunHook, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    ran = run_hook("cb();", DATA_DIR=str(tmp_path / "file"))
    assert ran.status == 2
    assert ran.message.startswith("The sandbox could not be started: ")


def processes(data_dir: Path) -> list[int]:
    """Processes of the sandbox that have this DATA_DIR."""
    mark = f"DENO_DIR={data_dir / 'runner' / 'deno'}".encode()
    found = []
    for entry in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):
            if mark in entry.read_bytes():
                found.append(int(entry.parent.name))
    return found


def test_nothing_of_a_run_is_left(run_hook: RunHook, data_dir: Path) -> None:
    run_hook("for (;;);", "--timeout", "0.5")
    assert processes(data_dir) == []
    assert not list(data_dir.glob("runner/modules/new-*"))


@contextmanager
def begun(
    environment: dict[str, str], data_dir: Path, tmp_path: Path, timeout: str
) -> Iterator[subprocess.Popen[bytes]]:
    """The command while its hook runs, which never ends by itself."""
    arguments = [sys.executable, "manage.py", "run_hook", str(tmp_path / "hook.js"), "--trigger", EXCHANGE]
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(SOON)
        # Its connection tells that it has begun.
        body = f"require('net').connect({server.getsockname()[1]}, '127.0.0.1'); setInterval(() => {{}}, 10)"
        (tmp_path / "hook.js").write_text(HOOK.replace("BODY", body), encoding="utf-8")
        with subprocess.Popen(
            [*arguments, "--timeout", timeout],
            cwd=ROOT,
            env=environment | {"RUNNER_ALLOW_NET": "127.0.0.1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process:
            try:
                with server.accept()[0]:
                    yield process
            finally:
                process.kill()


def test_an_interrupt_ends_the_run_without_a_traceback(
    environment: dict[str, str], data_dir: Path, tmp_path: Path
) -> None:
    with begun(environment, data_dir, tmp_path, "60") as process:
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=30)
    assert (process.returncode, stderr) == (2, b"")
    assert json.loads(stdout)["error"]["message"] == "Interrupted before the end."
    assert processes(data_dir) == []


def test_a_run_ends_by_itself_where_the_command_is_gone(
    environment: dict[str, str], data_dir: Path, tmp_path: Path
) -> None:
    with begun(environment, data_dir, tmp_path, "2") as process:
        process.kill()
        process.communicate(timeout=30)
        assert process.returncode == -signal.SIGKILL
        assert processes(data_dir)
    until(lambda: not processes(data_dir))


def test_a_closed_standard_input_is_an_empty_one(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "hook.js").write_text(HOOK.replace("BODY", "cb()"), encoding="utf-8")
    arguments = [sys.executable, "manage.py", "run_hook", str(tmp_path / "hook.js"), "--trigger", EXCHANGE]
    for more, status in ([], 0), (["--payload", "-"], 2):
        closed = ["sh", "-c", 'exec "$0" "$@" <&-', *arguments, *more]
        done = subprocess.run(closed, cwd=ROOT, env=environment, capture_output=True, timeout=60, check=False)
        assert (done.returncode, done.stderr) == (status, b"")
        assert json.loads(done.stdout)["ok"] is (status == 0)
