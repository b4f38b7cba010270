"""What a hook finds around it: modules, globals, the console; and hooks as people write them (section 7)."""

from pathlib import Path

import pytest

from hooksui import catalogue
from hooksui.runner.outcome import Ending
from tests.runner.calling import (
    ALL,
    EXCHANGE,
    PASSWORD,
    PHONE,
    POST,
    PRE,
    SYNCHRONOUS,
    call,
    error_of,
    printed,
    result_of,
    run,
)

HOOKS = Path(__file__).parents[1] / "editor" / "hooks"


def test_modules_of_node_are_there_with_and_without_their_prefix() -> None:
    body = """const names = ['fs', 'fs/promises', 'path', 'crypto', 'https', 'url', 'util', 'zlib', 'events', 'buffer'];
        cb(null, {
            different: names.filter((name) => require(name) !== require(`node:${name}`)),
            hash: require('crypto').createHash('sha1').update('x').digest('hex').slice(0, 8),
            joined: require('path').join('a', '..', 'b'),
            resolved: require.resolve('path'),
            main: require.main === module,
        });"""
    assert result_of(call(body)) == {
        "different": [],
        "hash": "11f6ad8e",
        "joined": "b",
        "resolved": "path",
        "main": False,
    }


@pytest.mark.parametrize(
    "name", ["left-pad", "@acme/tools", "left-pad/lib", "./local", "node:left-pad", "fsevents", ""]
)
def test_a_module_that_is_not_declared_is_not_found(name: str) -> None:
    outcome = call(f"\n  require('{name}');")
    error = error_of(outcome)
    assert outcome.ending == Ending.EXCEPTION
    assert (error["message"], error["code"]) == (f"Cannot find module '{name}'", "MODULE_NOT_FOUND")
    assert (error["kind"], error["line"], error["column"]) == (SYNCHRONOUS, 2, 3)
    caught = call(f"try {{ require('{name}'); }} catch (error) {{ cb(null, [error.code, error instanceof Error]); }}")
    assert result_of(caught) == ["MODULE_NOT_FOUND", True]


def test_a_script_is_a_commonjs_module() -> None:
    script = """const top = [this === exports, module.exports === exports, typeof require, __filename, __dirname];
        module.exports = (client, scope, audience, context, cb) => cb(null, top);"""
    assert result_of(run(script)) == [True, True, "function", "/hook.js", "/"]


def test_globals_are_those_of_node() -> None:
    body = """const unref = setTimeout(() => {}, 5000).unref();
        const immediate = setImmediate(() => {});
        cb(null, {
            timer: [typeof unref, typeof unref.hasRef, unref.hasRef(), typeof setInterval(() => {}, 5000).unref()],
            immediate: typeof immediate,
            global: global === globalThis,
            buffer: Buffer.from('é').toString('base64'),
            process: process === require('process'),
            version: /^v\\d+\\./.test(process.version),
            types: [typeof fetch, typeof URL, typeof TextEncoder, typeof structuredClone, typeof AbortController],
        });"""
    outcome = call(body)
    assert result_of(outcome) == {
        "timer": ["object", "function", False, "object"],
        "immediate": "object",
        "global": True,
        "buffer": "w6k=",
        "process": True,
        "version": True,
        "types": ["function"] * 5,
    }
    assert outcome.warnings == []


def test_what_is_put_off_runs_in_the_order_of_node() -> None:
    body = """const order = [];
        const note = (name) => () => order.push(name);
        setImmediate(note('immediate')); Promise.resolve().then(note('promise')); process.nextTick(note('tick'));
        queueMicrotask(note('microtask')); note('now')();
        const timer = setTimeout(note('cleared'), 0); clearTimeout(timer);
        const interval = setInterval(() => { clearInterval(interval); cb(null, order); }, 20);"""
    assert result_of(call(body)) == ["now", "tick", "promise", "microtask", "immediate"]


def test_what_node_does_not_have_is_hidden() -> None:
    names = ["Deno", "Worker", "alert", "confirm", "prompt", "close", "caches", "localStorage", "sessionStorage"]
    tests = ", ".join(f"typeof {name}, typeof globalThis.{name}" for name in names)
    assert result_of(call(f"cb(null, [{tests}]);")) == ["undefined"] * 2 * len(names)
    assert result_of(run("const Deno = 1; module.exports = (a, b, c, d, cb) => cb(null, Deno);")) == 1
    assert result_of(call("cb(null, constructor === globalThis.constructor);")) is True


def test_the_environment_is_a_plain_object_that_hooks_may_write() -> None:
    body = """const before = { ...process.env };
        process.env.AWS_ACCESS_KEY_ID = 'key';
        const { env } = require('process');
        const read = [env.AWS_ACCESS_KEY_ID, typeof env.HOME, 'PATH' in env, Object.keys(env)];
        delete process.env.AWS_ACCESS_KEY_ID;
        cb(null, [before, ...read, { ...process.env }]);"""
    assert result_of(call(body)) == [{}, "key", "undefined", False, ["AWS_ACCESS_KEY_ID"], {}]


def test_each_run_begins_anew() -> None:
    script = """let runs = 0;
        module.exports = (a, b, c, d, cb) => { runs += 1; global.kept ??= runs; cb(null, [runs, kept]); };"""
    assert [result_of(run(script)), result_of(run(script))] == [[1, 1], [1, 1]]


def test_the_console_is_told_in_order_with_its_levels() -> None:
    body = """console.log('%s has %d', 'it', 1, { deep: [{ a: 1 }] });
        console.info('info'); console.warn('warn'); console.error('error'); console.debug('debug');
        console.trace('here'); console.table([{ a: 1 }]); console.dir({ a: 1 }); console.assert(false, 'claim');
        console.assert(true, 'silent'); console.group('group'); console.warn('inside\\ntwo lines'); console.groupEnd();
        console.count(); console.count(); console.log(); console.log('line\\n');
        const { log } = console; log('by itself'); require('console').error('required');
        cb(null, 'never part of the answer');"""
    outcome = call(body)
    assert result_of(outcome) == "never part of the answer"
    table = "┌─────────┬───┐\n│ (index) │ a │\n├─────────┼───┤\n│ 0       │ 1 │\n└─────────┴───┘"
    assert [(line["level"], line["text"]) for line in outcome.console] == [
        ("log", "it has 1 { deep: [ { a: 1 } ] }"),
        ("info", "info"),
        ("warn", "warn"),
        ("error", "error"),
        ("debug", "debug"),
        ("trace", "Trace: here\n    at module.exports (hook.js:3:17)"),
        ("log", table),
        ("log", "{ a: 1 }"),
        ("error", "Assertion failed: claim"),
        ("log", "group"),
        ("warn", "  inside\n  two lines"),
        ("log", "default: 1"),
        ("log", "default: 2"),
        ("log", ""),
        ("log", "line"),
        ("log", "by itself"),
        ("error", "required"),
    ]


def test_a_level_ends_with_its_call() -> None:
    body = """const odd = { get [Symbol.toStringTag]() { throw new Error('while it is shown'); } };
        try { console.error(odd); } catch {}
        console.log('after'); setTimeout(() => { console.log('later'); cb(); }, 0); console.warn('now');"""
    outcome = call(body)
    assert [(line["level"], line["text"]) for line in outcome.console][-3:] == [
        ("log", "after"),
        ("warn", "now"),
        ("log", "later"),
    ]


def test_errors_in_the_console_have_the_places_of_the_editor() -> None:
    outcome = call("\n  console.error(['a'], new TypeError('x'));\n  cb();")
    assert printed(outcome) == ["[ 'a' ] TypeError: x\n    at module.exports (hook.js:2:24)"]


def test_what_is_written_to_the_streams_is_told_too() -> None:
    body = """process.stdout.write('a line\\n', 'utf8', () => {
            process.stderr.write(Buffer.from('é'), () => cb(null, process.stdout.write('')));
        });
        const own = new (require('console').Console)(process.stdout, process.stderr);
        own.warn('through another console');"""
    outcome = call(body)
    assert result_of(outcome) is True
    assert [(line["level"], line["text"]) for line in outcome.console] == [
        ("log", "a line"),
        ("error", "é"),
        ("log", ""),
        ("error", "through another console"),
    ]


STARTERS = {
    EXCHANGE: {"scope": ["read:invoices"]},
    PRE: {"user": {"user_metadata": {}, "app_metadata": {}}},
    POST: {},
    PASSWORD: {},
    PHONE: {},
}


@pytest.mark.parametrize("trigger", ALL)
def test_starter_scripts_run_with_their_samples(trigger: str) -> None:
    outcome = run(catalogue.points()[trigger].starter, trigger)
    assert outcome.ending == Ending.OK
    assert result_of(outcome) == STARTERS[trigger]
    assert outcome.console == []
    assert outcome.warnings == []
    assert not any(effect.ignored for effect in outcome.meaning)


def hook(name: str) -> tuple[str, str]:
    """A script as people write them, and its trigger."""
    script = (HOOKS / f"{name}.js").read_text(encoding="utf-8")
    return script, script.split("\n", 1)[0].removeprefix("// ")


@pytest.mark.parametrize(
    ("name", "result"),
    [
        ("audit-password", {}),
        (
            "company-addresses",
            {
                "user": {
                    "user_metadata": {"hobby": "chess", "language-at-sign-up": "en-us"},
                    "app_metadata": {"source": "Username-Password-Authentication"},
                }
            },
        ),
        (
            "tier-claims",
            {
                "scope": ["read:invoices"],
                "https://claims.acme.example/tier": "gold",
                "https://claims.acme.example/api": "https://api.acme.example/",
            },
        ),
    ],
)
def test_hooks_as_people_write_them_run(name: str, result: object) -> None:
    outcome = run(*hook(name))
    assert result_of(outcome) == result
    assert outcome.console == []
    assert outcome.warnings == []


def test_a_hook_that_calls_a_service_is_told_that_it_is_out_of_reach() -> None:
    outcome = run(*hook("slack-message"), secrets={"SLACK_PATH": "/services/x"})
    assert outcome.ending == Ending.DENIED
    assert "hooks.slack.example" in error_of(outcome)["message"]


def test_a_hook_that_uses_a_module_of_a_provider_runs() -> None:
    """The module itself is replaced: tests install nothing."""
    script, trigger = hook("sms-provider")
    required = "require('twilio@4.19.0')"
    assert required in script
    provider = "(sid, token) => ({ messages: { create: async ({ to }) => ({ sid: [sid, token, to].join() }) } })"
    outcome = run(script.replace(required, provider), trigger, secrets={"SID": "account", "TOKEN": "token"})
    assert result_of(outcome) == {"MessageID": "account,token,+15550111"}
