"""What a script cannot do in the sandbox, and how a run ends that tries it; after each of them nothing is left."""

import json
import os
import resource
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from hooksui import catalogue
from hooksui.runner import sandbox
from hooksui.runner.outcome import DEPTH, Ending, Outcome
from hooksui.runner.sandbox import Job, PayloadError, run, run_to_end
from hooksui.runner.slots import NoSlotError, Slots
from tests.runner.calling import ASYNCHRONOUS, NO_ANSWER, POST, SYNCHRONOUS, error_of, printed, result_of
from tests.runner.traces import processes, until

pytestmark = pytest.mark.usefixtures("nothing_left")

LONG = 30  # seconds that no run here may take, unless it runs into a limit of its own
TIMEOUT = 0.6
# A script that looks for it gets at what Deno itself needs by this name.
DENO = "const Deno = new Function('return Deno')();"
TOO_MUCH_MEMORY = "Stopped: the hook held more than 128 MB of memory."
TOO_MUCH_OUTPUT = "Stopped: the hook printed or answered more than 1024 kB or 10000 lines."
ENDED = "The script ended its process before it called back."


def job(body: str, timeout: float = LONG, **more: Any) -> Job:
    """A hook with this body, to be run as the least of all points."""
    script = f"module.exports = function (user, context, cb) {{ {body}\n}};"
    return Job(
        **{"script": script, "trigger": POST, "payload": catalogue.points()[POST].sample, **more}, timeout=timeout
    )


def ended(body: str, timeout: float = LONG, **more: Any) -> Outcome:
    """Run such a hook to its end, which comes before the time limit or soon after."""
    started = time.monotonic()
    outcome = run_to_end(job(body, timeout, **more))
    assert time.monotonic() - started < timeout + 5
    assert outcome.timed_out == (outcome.ending in (Ending.TIME_LIMIT, Ending.NO_CALLBACK))
    json.dumps(outcome.as_dict(), allow_nan=False).encode()
    return outcome


def side_by_side(bodies: list[str], timeout: float = LONG) -> list[tuple[str, Outcome]]:
    """Run such hooks, some at a time."""
    with ThreadPoolExecutor(4) as pool:
        return list(zip(bodies, pool.map(lambda body: ended(body, timeout), bodies), strict=True))


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


@pytest.mark.parametrize(
    ("body", "warnings"),
    [
        ("cb(null, 1); cb(null, 2); cb(new Error('3'));", ["The hook called back again. The first answer stands."]),
        ("cb(null, 1); throw new Error('late');", ["After the answer: late"]),
        ("cb(null, 1); Promise.reject(new Error('late'));", ["After the answer: late"]),
        ("cb(null, 1); setTimeout(() => { throw new Error('late'); }, 20);", ["After the answer: late"]),
        ("cb(null, 1); process.exit(3);", []),
        ("cb(null, 1); process.kill(process.pid, 'SIGKILL');", []),
        ("cb(null, 1); for (;;);", ["After the answer: it was still running after 0.6 seconds and was stopped."]),
        ("cb(null, 1); const all = []; for (;;) all.push(all.slice());", [f"After the answer: {TOO_MUCH_MEMORY}"]),
        ("cb(null, 1); for (;;) console.log('x'.repeat(999));", [f"After the answer: {TOO_MUCH_OUTPUT}"]),
    ],
)
def test_what_happens_after_the_answer_does_not_change_it(body: str, warnings: list[str]) -> None:
    outcome = ended(body, TIMEOUT if "it was still running" in str(warnings) else LONG)
    assert result_of(outcome) == 1
    assert outcome.warnings == warnings


def test_a_hook_that_never_calls_back_is_over_when_nothing_is_left_to_run() -> None:
    outcome = ended("")
    assert outcome.ending == Ending.NO_CALLBACK
    assert outcome.timed_out
    assert error_of(outcome)["message"] == NO_ANSWER


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("throw new Error('of the test');", SYNCHRONOUS),
        ("throw 'of the test';", SYNCHRONOUS),
        ("Promise.reject(new Error('of the test'));", ASYNCHRONOUS),
        ("setTimeout(() => { throw new Error('of the test'); }, 20);", ASYNCHRONOUS),
        ("process.nextTick(() => { throw new Error('of the test'); });", ASYNCHRONOUS),
    ],
)
def test_an_exception_before_the_answer_is_the_answer(body: str, kind: str) -> None:
    outcome = ended(body)
    assert outcome.ending == Ending.EXCEPTION
    assert error_of(outcome)["message"] == "of the test"
    assert error_of(outcome)["kind"] == kind


@pytest.mark.parametrize(
    "script", ["", "module.exports = {};", "function (", "<html>", "\0", "export default 1;", "{" * 10_000]
)
def test_what_is_no_hook_does_not_compile(script: str) -> None:
    outcome = ended("", script=script)
    assert outcome.ending == Ending.NOT_COMPILED
    assert error_of(outcome)["message"] == "Unable to compile the extensibility code as javascript"


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


@pytest.mark.parametrize(
    "body",
    [
        "delete globalThis.JSON; delete globalThis.performance; delete globalThis.URL; delete globalThis.TextEncoder;",
        "JSON.stringify = () => 'of the test'; JSON.parse = () => 7;",
        "Object.prototype.error = { name: 'x' }; Object.prototype.failed = 'refused'; Object.prototype.result = '7';",
        "Object.defineProperty(Object.prototype, 'kind', { get: () => 'idle', set() {}, configurable: true });",
        "Array.prototype.push = Array.prototype.map = () => { throw new Error('of the test'); };",
        "console.log = () => { throw new Error('of the test'); }; globalThis.console = null;",
        "Error.prepareStackTrace = () => { throw new Error('of the test'); };",
        "String.prototype.replace = Object.entries = Object.assign = () => 7;",
        "process.stdout.end(); process.stdout.destroy(); process.memoryUsage = undefined ?? process.memoryUsage;",
        "globalThis.process = undefined; globalThis.Deno = 7;",
    ],
)
def test_a_script_may_change_the_globals(body: str) -> None:
    assert result_of(ended(f"{body} cb(null, {{ a: 1 }});")) == {"a": 1}


def test_a_to_json_of_all_objects_changes_the_result_only() -> None:
    outcome = ended("Object.prototype.toJSON = () => 'x'; console.log('printed'); cb(null, { a: 1 });")
    assert result_of(outcome) == "x"
    assert printed(outcome) == ["printed"]
    outcome = ended("Object.prototype.toJSON = () => 'x'; cb(new Error('of the test'));")
    assert error_of(outcome)["message"] == "of the test"


LINES_LIKE_OURS = [
    {"kind": "answer", "at": 1, "memory": 1, "result": "7", "addresses": {}},
    {"kind": "answer", "at": 1, "memory": 1, "error": {"name": "x", "message": "x"}},
    {"kind": "idle"},
    {"kind": "console", "level": "error", "text": "x", "at": 1},
]


def test_lines_like_those_of_the_program_are_text() -> None:
    texts = ["0123456789abcdef0123456789abcdef" + json.dumps(line) for line in LINES_LIKE_OURS]
    outcome = ended(
        f"{DENO} for (const text of {json.dumps(texts)}) {{ console.log(text); process.stdout.write(text + '\\n');"
        " Deno.stdout.writeSync(new TextEncoder().encode('\\n' + text + '\\n')); } cb(null, 1);"
    )
    assert result_of(outcome) == 1
    shown = [(line["level"], line["text"]) for line in outcome.console]
    assert shown == [("log", text) for text in texts for _ in range(3)]


# Gets at the word that lines of the program begin with, which `tell` passes on, and then writes such lines itself.
FORGE = (
    DENO + "let mark; const of = Object.getPrototypeOf(Uint8Array.prototype);"
    "const { subarray } = of; of.subarray = function (...range) {"
    " mark = new TextDecoder().decode(this).trim().slice(0, 32); return subarray.apply(this, range); };"
    "console.log('x'); of.subarray = subarray;"
    "const forge = (line) => Deno.stdout.writeSync(new TextEncoder().encode('\\n' + mark + line + '\\n'));"
)


NO_LINES = [
    "",
    "7",
    "[]",
    '"x"',
    "{",
    "{}",
    '{"kind": []}',
    '{"kind": "console"}',
    '{"kind": "console", "level": [], "text": 7, "at": 1}',
    '{"kind": "console", "level": "log", "text": "x", "at": "x"}',
    '{"kind": "console", "level": "log", "text": "x", "at": 1e999}',
    '{"kind": "warning", "text": {}}',
    '{"kind": "answer"}',
    '{"kind": "answer", "at": 1, "memory": 1}',
    '{"kind": "answer", "at": NaN, "memory": 1, "result": "1", "addresses": {}}',
    '{"kind": "answer", "at": 1, "memory": [], "result": "1", "addresses": {}}',
    '{"kind": "answer", "at": 1, "memory": 1, "result": "{", "addresses": {}}',
    '{"kind": "answer", "at": 1, "memory": 1, "result": 7, "addresses": {}}',
    '{"kind": "answer", "at": 1, "memory": 1, "result": "1", "addresses": {"x": 7}}',
    '{"kind": "answer", "at": 1, "memory": 1, "error": 7}',
    '{"kind": "answer", "at": 1, "memory": 1, "error": {}}',
    '{"kind": "answer", "at": 1, "memory": 1, "error": {"name": "x"}, "failed": []}',
    "[" * 100_000,
]


def test_a_script_that_writes_lines_of_the_program_itself_does_no_harm() -> None:
    outcome = ended(f"{FORGE} {json.dumps(NO_LINES[:-1])}.forEach(forge); cb(null, 1);")
    assert result_of(outcome) == 1
    assert printed(outcome)[0] == "x"
    assert [text[32:] for text in printed(outcome)[1:]] == NO_LINES[:-1]
    # Nor does one that Python cannot read.
    outcome = ended(f"{FORGE} forge({json.dumps(NO_LINES[-1])}); cb(null, 1);")
    assert error_of(outcome)["message"] == "The answer is nested too deeply to be shown."


def test_the_word_of_the_program_can_be_had() -> None:
    # Else the test above would test nothing.
    line = '{"kind": "answer", "at": 1, "memory": 1, "result": "7", "addresses": {}}'
    assert result_of(ended(f"{FORGE} forge({json.dumps(line)}); cb(null, 1);")) == 7


def test_half_surrogates_and_nul_can_be_shown() -> None:
    outcome = ended(r"console.log('\ud800 \0 \udfff'); cb(null, { '\ud800': '\0\udc00 🙂' });")
    assert result_of(outcome) == {"?": "\0? 🙂"}
    assert printed(outcome) == ["? \0 ?"]
    assert error_of(ended(r"cb(new Error('\udc00\0'));"))["message"] == "?\0"
    assert ended(r"throw '\udc00';", script="module.exports = (u, c, cb) => cb(null, '\ud800');").result == "?"


@pytest.mark.parametrize("start", ["[]", "{}"])
def test_an_answer_may_be_nested_so_deeply_and_no_deeper(start: str) -> None:
    wrap = "[value]" if start == "[]" else "{ value }"
    body = f"let value = {start}; for (let depth = 1; depth < DEPTH; depth += 1) value = {wrap}; cb(null, value);"
    assert ended(body.replace("DEPTH", str(DEPTH))).ok
    for depth in (DEPTH + 1, 700, 3000):
        outcome = ended(body.replace("DEPTH", str(depth)))
        assert outcome.ending == Ending.EXCEPTION
        assert error_of(outcome)["message"] == "The answer is nested too deeply to be shown."
    data = body.replace("DEPTH", "3000").replace("cb(null, value)", "cb(Object.assign(new Error(), { data: value }))")
    assert error_of(ended(data))["message"] == "The answer is nested too deeply to be shown."


def test_an_answer_too_deep_for_javascript_is_one_that_does_not_serialise() -> None:
    outcome = ended("let value = []; for (let depth = 0; depth < 1e5; depth += 1) value = [value]; cb(null, value);")
    assert outcome.ending == Ending.EXCEPTION
    assert "nested too deeply" in error_of(outcome)["message"] or "serializing" in error_of(outcome)["message"]


def test_numbers_that_python_does_not_take_are_as_javascript_has_them() -> None:
    numbers = "['1e999', '-1e999', '9'.repeat(5000), '1'.padEnd(30, '0'), '12345678901234567890'].map(JSON.rawJSON)"
    assert result_of(ended(f"cb(null, {numbers});")) == [None, None, None, 1e29, 12345678901234567890]
    assert result_of(ended("cb(null, user.long === Infinity);", payload=payload_with("9" * 5000))) is True


def payload_with(value: str) -> str:
    """A payload that the contract takes, with one member more."""
    return f'{{"user": {{"long": {value}}}, "context": {{"connection": {{}}}}}}'


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        ("", "is not JSON: expecting value, line 1."),
        (" \n\n ", "is not JSON: expecting value, line 3."),
        ("NaN", "is not JSON: NaN is no value."),
        ('{"a": -Infinity}', "is not JSON: -Infinity is no value."),
        ('{"a": 1,}', "is not JSON: "),
        ('{"a": 1}\n{"b": 2}', "is not JSON: extra data, line 2."),
        ("[1,]", "is not JSON: "),
        ("\ufeff{}", "is not JSON: "),
        ("{'a': 1}", "is not JSON: "),
        ("// comment\n{}", "is not JSON: "),
        ("01", "is not JSON: "),
        ("undefined", "is not JSON: "),
        ('"\t"', "is not JSON: invalid control character at, line 1."),
        ("[" * 100_000 + "]" * 100_000, "is nested too deeply."),
        ('{"a":' * 100_000 + "1" + "}" * 100_000, "is nested too deeply."),
        ("[" * (DEPTH + 1) + "]" * (DEPTH + 1), "is nested too deeply."),
        (payload_with("[" * 900 + "]" * 900), "is nested too deeply."),
    ],
)
def test_a_payload_that_is_no_json_is_refused_before_anything_is_run(payload: str, reason: str) -> None:
    with pytest.raises(PayloadError, match=r"Nothing was run\.$") as caught:
        ended("cb();", payload=payload)
    assert str(caught.value).startswith(f"The payload {reason}")


def test_a_payload_nested_as_deeply_as_allowed_reaches_the_hook() -> None:
    deep = DEPTH - 2
    body = "let depth = 0; for (let v = user.long; v; v = v[0]) depth += 1; cb(null, { depth, same: user.long });"
    result = result_of(ended(body, payload=payload_with("[" * deep + "]" * deep)))
    assert result["depth"] == deep


@pytest.mark.parametrize("payload", ["null", "7", '{"user": {}, "context": 7}'])
def test_a_payload_that_the_contract_refuses_does_not_reach_the_hook(payload: str) -> None:
    outcome = ended("console.log('called'); cb();", payload=payload)
    assert outcome.ending == Ending.REFUSED
    assert error_of(outcome)["message"].endswith("received by extensibility point is not an object")
    assert printed(outcome) == []


def test_an_unknown_trigger_starts_no_process() -> None:
    with pytest.raises(KeyError):
        ended("cb();", trigger="unknown")


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


def test_an_answer_before_the_stop_stands() -> None:
    stop = threading.Event()
    events = run(job("cb(null, 1); setInterval(() => {}, 10);"), stop)
    assert next(events)["event"] == "answer"
    stop.set()
    *_, last = events
    assert result_of(last["outcome"]) == 1
    assert len(last["outcome"].warnings) == 1


@pytest.mark.parametrize("body", ["console.log('here'); for (;;);", "cb(); setInterval(() => {}, 10);"])
def test_closing_the_iterator_ends_the_process(body: str) -> None:
    events = run(job(body))
    next(events)
    assert len(processes()) == 1
    events.close()
    assert processes() == []


def test_events_come_as_things_happen() -> None:
    body = "console.log('a'); setTimeout(() => { console.warn('b'); cb(null, 1); setInterval(() => {}, 10); }, 1100);"
    stop = threading.Event()
    seen = []
    for event in run(job(body), stop):
        seen.append((event["event"], *[line["text"] for line in event.get("lines", [])]))
        if event["event"] == "answer":
            stop.set()
    assert [event for event in seen if event[0] != "running"] == [
        ("console", "a"),
        ("console", "b"),
        ("answer",),
        ("end",),
    ]
    assert 0 < seen.index(("running",)) < seen.index(("console", "b"))


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


MANNERS = [
    ("cb(null, 1);", Ending.OK),
    ("throw new Error();", Ending.EXCEPTION),
    ("process.exit();", Ending.ENDED),
    ("", Ending.NO_CALLBACK),
    ("const all = []; for (;;) all.push(Buffer.alloc(1e7, 1));", Ending.MEMORY_LIMIT),
]


def in_threads(count: int, work: Any) -> None:
    """Let threads do `work` with their numbers, all at once."""
    start = threading.Barrier(count)

    def begin(number: int) -> None:
        start.wait()
        work(number)

    threads = [threading.Thread(target=begin, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()


def test_50_runs_at_once_take_turns() -> None:
    slots = Slots(running=2, waiting=50)
    endings: dict[int, Ending] = {}
    most: list[int] = []

    def work(number: int) -> None:
        with slots.take(60):
            most.append(len(processes()))
            endings[number] = run_to_end(job(MANNERS[number % len(MANNERS)][0])).ending

    in_threads(50, work)
    assert endings == {number: MANNERS[number % len(MANNERS)][1] for number in range(50)}
    # Who just got a place has no process yet.
    assert max(most) <= 1
    assert not slots.must_wait()


def test_of_50_runs_at_once_those_that_find_no_place_are_told() -> None:
    slots = Slots(running=2, waiting=4)
    all_told = threading.Event()
    told: list[str] = []
    ran: list[Ending] = []

    def work(number: int) -> None:
        try:
            with slots.take(60):
                all_told.wait(60)
                ran.append(run_to_end(job("cb();")).ending)
        except NoSlotError as busy:
            told.append(str(busy))
            if len(told) == 44:
                all_told.set()

    in_threads(50, work)
    assert ran == [Ending.OK] * 6
    assert told == [str(NoSlotError())] * 44
    assert not slots.must_wait()


def test_a_run_that_is_given_up_gives_its_place_back() -> None:
    slots = Slots(running=1, waiting=1)

    def events() -> Iterator[sandbox.Event]:
        with slots.take():
            yield from run(job("console.log('here'); for (;;);"))

    begun = iter(events())
    next(begun)
    assert slots.must_wait()
    del begun  # as a server does with the answer to somebody who is gone
    until(lambda: not slots.must_wait())
    assert processes() == []


def test_what_tells_of_this_machine_has_harmless_values() -> None:
    asked = """const os = require('os'), path = require('path');
      const names = ['hostname', 'tmpdir', 'homedir', 'totalmem', 'freemem', 'uptime', 'release', 'networkInterfaces'];
      cb(null, { ...Object.fromEntries(names.map((name) => [name, os[name]()])), cpus: os.cpus().length,
        user: os.userInfo().username, inner: require('node:os') === os, cwd: process.cwd(), at: path.resolve('x'),
        exec: process.execPath, argv: process.argv, argv0: process.argv0, title: process.title,
        uid: process.getuid(), report: process.report.getReport().sharedObjects, agent: navigator.userAgent,
        stack: new Error('x').stack });"""
    found = result_of(ended(asked))
    stack = found.pop("stack")
    assert "file:" not in stack
    assert "main.mjs" not in stack
    assert found == {
        "hostname": "sandbox",
        "tmpdir": "/tmp",  # noqa: S108 - no file of ours
        "homedir": "/",
        "totalmem": 128 * 2**20,
        "freemem": 64 * 2**20,
        "uptime": 60,
        "release": "5.10.0",
        "networkInterfaces": {},
        "cpus": 1,
        "user": "sandbox",
        "inner": True,
        "cwd": "/",
        "at": "/x",
        "exec": "/usr/bin/node",
        "argv": ["/usr/bin/node", "/hook.js"],
        "argv0": "node",
        "title": "node",
        "uid": 1000,
        "report": [],
        "agent": "Node.js/22",
    }


def test_the_folders_that_every_machine_has_are_there_and_show_nothing() -> None:
    looks = ["statSync(f).isDirectory()", "lstatSync(f).isFile()", "existsSync(f)", "realpathSync(f)"]
    looks += ["readdirSync(f)", "realpathSync.native(f)", "readdirSync(f + '/.')", "statSync(f + '/.')"]
    tries = ",".join(f"tried((f) => fs.{look})" for look in looks)
    body = f"""const fs = require('fs');
      const tried = (act) => ['/', '/tmp'].map((f) => {{ try {{ return act(f); }} catch (e) {{ return 'denied'; }} }});
      cb(null, [{tries}]);"""
    shown = [[True, True], [False, False], [True, True], ["/", "/tmp"]]  # noqa: S108 - no file of ours
    assert result_of(ended(body)) == [*shown, *([["denied", "denied"]] * 4)]


def test_listeners_of_the_process_do_not_take_an_exception_away() -> None:
    listening = "process.on('uncaughtException', () => cb()); process.on('unhandledRejection', () => cb());"
    for fails in ("setTimeout(() => { throw new Error('of the test'); })", "Promise.reject(new Error('of the test'))"):
        outcome = ended(f"{listening} {fails};")
        assert error_of(outcome)["message"] == "of the test"
        assert error_of(outcome)["kind"] == ASYNCHRONOUS


@pytest.mark.parametrize(
    "name",
    ["name", "closed", "self", "location", "Window", "onload", "reportError", "addEventListener", "prompt", "Deno"],
)
def test_a_global_that_node_lacks_is_not_there(name: str) -> None:
    assert result_of(ended(f"cb(null, typeof {name});")) == "undefined"
    if name not in ("addEventListener", "Deno"):
        assert error_of(ended(f"cb(null, {name});"))["message"] == f"{name} is not defined"


def test_the_hooks_own_message_is_told_where_its_error_is_no_json() -> None:
    script = (
        "const error = new Error('the CRM is down'); error.cause = new Error('no route'); error.me = error; cb(error);"
    )
    outcome = ended(script)
    assert error_of(outcome)["message"].startswith("Error serializing error: Converting circular structure to JSON")
    assert outcome.warnings == ["The hook's own error: the CRM is down Because of: no route"]


def test_each_of_nodes_own_modules_loads() -> None:
    names = sorted(catalogue.node_builtins())
    tries = (
        f"{json.dumps(names)}.map((name) => {{ try {{ require(name); }} catch (e) {{ return name + e.message; }} }})"
    )
    assert [each for each in result_of(ended(f"cb(null, {tries});")) if each] == []
