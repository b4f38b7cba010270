"""What a script cannot do in the sandbox, and how a run ends that tries it; after each of them nothing is left."""

import json
import os
import resource
import socket
import threading
from pathlib import Path

import pytest

from hooksui.deno import sandbox
from hooksui.runner.calling import run
from hooksui.runner.outcome import Ending
from tests.deno.scripts import (
    DENO,
    ENDED,
    TIMEOUT,
    TOO_MUCH_MEMORY,
    TOO_MUCH_OUTPUT,
    ended,
    job,
    side_by_side,
)
from tests.deno.traces import processes
from tests.runner.calling import NO_ANSWER, SYNCHRONOUS, error_of, printed, result_of

pytestmark = pytest.mark.usefixtures("nothing_left")


ENDLESS = [
    "for (;;);",
    "/^(a+)+$/.test('a'.repeat(40) + 'b'); cb();",
    "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);",
    "setInterval(() => {}, 10);",
    "const again = () => setImmediate(again); again();",
    f"{DENO} Deno.stdout.close(); setInterval(() => {{}}, 10);",
    f"{DENO} Deno.stdout.close(); Deno.stderr.close(); for (;;);",
    "dispatchEvent(new Event('beforeunload')); setInterval(() => {}, 10);",
    f"{DENO} const bytes = new Uint8Array(1e5).fill(10); for (;;) Deno.stderr.writeSync(bytes);",
    f"{DENO} const bytes = new Uint8Array(1e5).fill(10); for (;;) Deno.stdout.writeSync(bytes);",
]


def test_what_never_ends_is_stopped_at_the_time_limit() -> None:
    for body, outcome in side_by_side(ENDLESS, TIMEOUT):
        assert outcome.ending == Ending.TIME_LIMIT, body
        assert outcome.timed_out
        assert error_of(outcome)["message"] == NO_ANSWER
        assert outcome.duration_ms >= TIMEOUT * 1000


def test_a_script_that_never_loads_is_stopped_too() -> None:
    assert ended("", TIMEOUT, script="for (;;);").ending == Ending.TIME_LIMIT


GREEDY = [
    "const all = []; for (;;) all.push(new Array(1000).fill(1.5));",
    "const all = []; for (;;) all.push({ at: all.length });",
    "const all = []; for (;;) all.push(Buffer.alloc(1e6, 1));",
    "const all = []; for (;;) all.push(Buffer.from('x'.repeat(5e6)).toString());",
    "const all = []; for (;;) { const m = new WebAssembly.Memory({ initial: 999 });"
    " new Uint8Array(m.buffer).fill(1); all.push(m); }",
    "const again = () => Promise.resolve().then(again).then(again); again();",
]


def test_what_takes_memory_without_end_is_stopped_at_the_memory_limit() -> None:
    for body, outcome in side_by_side(GREEDY):
        assert outcome.ending == Ending.MEMORY_LIMIT, body
        assert error_of(outcome)["message"] == TOO_MUCH_MEMORY


@pytest.mark.parametrize("size", ["7e8", "3e9"])
def test_one_huge_allocation_is_refused_inside_the_script(size: str) -> None:
    outcome = ended(f"cb(null, {{ length: Buffer.alloc({size}, 1).length }});")
    assert outcome.ending == Ending.EXCEPTION
    assert error_of(outcome)["name"] == "RangeError"


def test_memory_below_the_limit_is_no_reason_to_stop() -> None:
    outcome = ended("const all = []; while (all.length < 90) all.push(Buffer.alloc(1e6, 1)); cb(null, all.length);")
    assert result_of(outcome) == 90
    assert outcome.memory_bytes is not None
    assert outcome.memory_bytes > 90e6


TALKATIVE = [
    "for (;;) console.log('x'.repeat(1000));",
    "for (;;) process.stdout.write('x'.repeat(1000));",
    "for (;;) console.error('');",
    f"{DENO} const bytes = new Uint8Array(1e5).fill(120); for (;;) Deno.stdout.writeSync(bytes);",
    "const print = () => { console.log('x'.repeat(99)); setImmediate(print); }; print();",
]


def test_what_prints_without_end_is_stopped_at_the_output_limit() -> None:
    for body, outcome in side_by_side(TALKATIVE):
        assert outcome.ending == Ending.OUTPUT_LIMIT, body
        assert error_of(outcome)["message"] == TOO_MUCH_OUTPUT
        assert sum(len(text) for text in printed(outcome)) <= sandbox.OUTPUT
        assert len(outcome.console) <= sandbox.LINES


def test_exceptions_after_the_answer_are_output_too() -> None:
    outcome = ended("cb(); setInterval(() => { throw new Error('x'.repeat(1e5)); });")
    assert outcome.ok
    assert len(outcome.warnings) == 11
    assert outcome.warnings[-1] == f"After the answer: {TOO_MUCH_OUTPUT}"


@pytest.mark.parametrize("text", [r"'x'", r"'\u0001'", r"'\"'"])
def test_900_kb_in_one_line_are_kept_as_they_are(text: str) -> None:
    outcome = ended(f"console.log({text}.repeat(900000)); cb();")
    assert outcome.ok
    assert [len(line) for line in printed(outcome)] == [900_000]


def test_900_kb_past_the_console_are_kept_too() -> None:
    body = "let bytes = new Uint8Array(9e5).fill(120); while (bytes.length)"
    outcome = ended(f"{DENO} {body} bytes = bytes.subarray(Deno.stdout.writeSync(bytes)); cb();")
    assert outcome.ok
    assert [len(line) for line in printed(outcome)] == [900_000]


@pytest.mark.parametrize("answer", ["null, { text }", "new Error(text)", "Object.assign(new Error(), { data: text })"])
def test_an_answer_that_is_too_long_is_no_answer(answer: str) -> None:
    outcome = ended(f"const text = 'x'.repeat(2e6); cb({answer});")
    assert outcome.ending == Ending.OUTPUT_LIMIT
    assert error_of(outcome)["message"] == TOO_MUCH_OUTPUT


def test_a_long_answer_is_kept_whole() -> None:
    assert result_of(ended("cb(null, 'x'.repeat(9e5));")) == "x" * 900_000


DENIED = {
    "require('fs').readFileSync('/etc/passwd', 'utf8')": 'read access to "/etc/passwd"',
    "require('fs').readdirSync('/')": 'read access to "/"',
    "require('fs').existsSync('/etc/passwd')": 'read access to "/etc/passwd"',
    "require('fs').readFileSync('/proc/self/environ')": 'read access to "/proc/self/environ"',
    "require('module').createRequire('/etc/x.js')('/etc/hostname')": 'read access to "/etc/hostname"',
    "require('fs').writeFileSync('/tmp/of-a-hook', 'x')": 'write access to "/tmp/of-a-hook"',
    "require('fs').mkdtempSync('/tmp/of-a-hook')": "write access to ",
    "process.chdir('/')": 'read access to "/"',
    "require('child_process').fork('/tmp/x.js')": "run access",
    "require('child_process').spawn('sh', ['-c', 'sleep 99'])": "run access",
    "require('child_process').execSync('id')": "run access",
    "require('cluster').fork()": "run access",
    "new (require('worker_threads').Worker)('for (;;);', { eval: true })": "run access",
    "process.kill(2 ** 22, 'SIGKILL')": "run access",
    "require('inspector').open(0)": 'sys access to "inspector"',
    "process.dlopen({ exports: {} }, '/lib/libc.so.6')": 'ffi access to "/lib/libc.so.6"',
    "new Function('return Deno')().dlopen('libc.so.6', {})": 'ffi access to "libc.so.6"',
    "new Function('return Deno')().env.toObject()": "env access",
    "new (new Function('return Deno')().Command)('/bin/sh').outputSync()": 'run access to "/bin/sh"',
}


def test_what_the_sandbox_denies_is_an_exception_that_says_so() -> None:
    expression = "require('fs').readFileSync('/etc/passwd', 'utf8')"
    outcome = ended(f"cb(null, {expression});")
    assert outcome.ending == Ending.DENIED
    assert error_of(outcome)["message"] == f"The Runner denies {DENIED[expression]}"
    assert error_of(outcome)["kind"] == SYNCHRONOUS


def test_a_script_that_tries_everything_that_is_denied_can_go_on() -> None:
    tries = "".join(f"try {{ {each}; console.log('!'); }} catch (e) {{ console.log(e.message); }}" for each in DENIED)
    outcome = ended(f"{tries} cb(null, 1);")
    assert result_of(outcome) == 1
    assert len(outcome.console) == len(DENIED)
    for text, expression in zip(printed(outcome), DENIED, strict=True):
        assert text.startswith(f"The Runner denies {DENIED[expression]}"), expression


def test_no_file_is_written(tmp_path: Path) -> None:
    target = tmp_path / "written"
    for write in ("writeFileSync(name, 'x')", "openSync(name, 'w')", "mkdirSync(name)"):
        outcome = ended(f"const name = {json.dumps(str(target))}; require('fs').{write}; cb();")
        assert "The Runner denies " in error_of(outcome)["message"]
    assert list(tmp_path.iterdir()) == []


def test_the_environment_of_the_server_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OF_THE_SERVER", "a value of the server")
    outcome = ended(
        f"{DENO} let own; try {{ own = Deno.env.get('OF_THE_SERVER'); }} catch (error) {{ own = error.message; }}"
        "cb(null, { own, env: process.env, again: require('process').env, HOME: process.env.HOME ?? null });"
    )
    found = result_of(outcome)
    assert found.pop("own").startswith('Requires env access to "OF_THE_SERVER"')
    assert found == {"env": {}, "again": {}, "HOME": None}
    # Nor does the process have what it may not read.
    events = run(job("console.log('here'); for (;;);"))
    next(events)
    (process,) = processes()
    names = {line.partition(b"=")[0] for line in Path(f"/proc/{process}/environ").read_bytes().split(b"\0")[:-1]}
    events.close()
    assert names == {b"DENO_DIR", b"NO_COLOR", b"DENO_NO_UPDATE_CHECK", b"TZ"}


@pytest.mark.parametrize(
    "body",
    [
        "require('net').connect(PORT, '127.0.0.1').on('error', cb)",
        "require('http').get('http://127.0.0.1:PORT/').on('error', cb)",
        "require('tls').connect(PORT, '127.0.0.1').on('error', cb)",
        "require('http').get('http://localhost:PORT/').on('error', cb)",
        "require('dns').lookup('localhost', cb)",
        "fetch('http://127.0.0.1:PORT/').then(() => cb(), cb)",
        "new WebSocket('ws://127.0.0.1:PORT/').onopen = () => cb()",
        "require('net').createServer().listen(0)",
        "require('dgram').createSocket('udp4').bind(0)",
        f"{DENO} Deno.connect({{ port: PORT }}).then(() => cb(), cb)",
    ],
)
def test_no_socket_is_opened(body: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        outcome = ended(f"{body.replace('PORT', str(server.getsockname()[1]))};")
        server.setblocking(False)
        with pytest.raises(BlockingIOError):
            server.accept()
    assert outcome.ending == Ending.DENIED
    assert "The Runner denies net access to " in error_of(outcome)["message"]
    assert "(RUNNER_ALLOW_NET names the hosts that runs may reach)" in error_of(outcome)["message"]


QUITTING = [
    "process.exit();",
    "process.exit(3);",
    "process.abort();",
    "process.kill(process.pid, 'SIGKILL');",
    "process.kill(process.pid, 'SIGTERM'); setInterval(() => {}, 10);",
    f"{DENO} Deno.exit(0);",
    f"{DENO} Deno.stdout.close(); cb();",
    "require('fs').closeSync(1); cb();",
    "Array.prototype[Symbol.iterator] = () => { throw new Error('of the test'); }; cb(new Error());",
]


def test_a_process_that_ends_by_itself_did_not_answer() -> None:
    for body, outcome in side_by_side(QUITTING):
        assert outcome.ending == Ending.ENDED, body
        assert error_of(outcome)["message"] == ENDED


def test_the_event_stops_a_run() -> None:
    stop = threading.Event()
    events = run(job("console.log('here'); for (;;);"), stop)
    assert next(events)["lines"][0]["text"] == "here"
    stop.set()
    *_, last = events
    assert last["event"] == "end"
    assert last["outcome"].ending == Ending.STOPPED
    assert not last["outcome"].timed_out
    assert error_of(last["outcome"])["message"] == "Stopped before the hook called back."


def test_an_event_that_is_set_already_stops_a_run_at_once() -> None:
    stop = threading.Event()
    stop.set()
    *_, last = run(job("for (;;);"), stop)
    assert last["outcome"].ending == Ending.STOPPED


@pytest.mark.parametrize("body", ["console.log('here'); for (;;);", "cb(); setInterval(() => {}, 10);"])
def test_closing_the_iterator_ends_the_process(body: str) -> None:
    events = run(job(body))
    next(events)
    assert len(processes()) == 1
    events.close()
    assert processes() == []


def test_the_kernel_limits_the_process_too() -> None:
    events = run(job("console.log('here'); for (;;);", timeout=7))
    next(events)
    (process,) = processes()
    limits = {name: resource.prlimit(process, getattr(resource, f"RLIMIT_{name}")) for name in ("CPU", "DATA", "CORE")}
    leader = os.getsid(process)
    events.close()
    seconds = 7 * (os.cpu_count() or 1) + 5
    assert limits == {"CPU": (seconds, seconds), "DATA": (2**30, 2**30), "CORE": (0, 0)}
    assert leader == process
