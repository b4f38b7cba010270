"""NPM modules of a hook: which are installed, from where, and what they may do. The registry is one of our own."""

import json
import os
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from hooksui.deno import environment
from hooksui.deno.installing import ModulesMissingError
from hooksui.deno.modules import required
from hooksui.runner.calling import Job, run, run_to_end
from hooksui.runner.outcome import Ending, Event, Outcome
from tests.deno.traces import processes, until
from tests.fakes.npm_registry import FakeRegistry
from tests.runner.calling import EXCHANGE, error_of, result_of, sample
from tests.serving import free_port

PAYLOAD = json.dumps(sample(EXCHANGE))


@pytest.fixture(autouse=True)
def packages(registry: FakeRegistry) -> None:
    """Some packages, at a registry from which nothing was installed yet."""
    for version in ("1.0.0", "1.2.0", "2.0.0"):
        files = {"index.js": f"module.exports = 'left {version}';", "lib/part.js": "module.exports = 'part';"}
        registry.publish("left", version, files)
    registry.publish("@acme/left", "3.1.0", {"index.js": "module.exports = 'scoped';"})
    registry.publish(
        "user-of-left", "1.0.0", {"index.js": "exports.of = require('left');"}, dependencies={"left": "^1"}
    )
    registry.publish(
        "modern", "1.0.0", {"index.js": "export const name = 'modern';"}, type="module", exports="./index.js"
    )


def job(expression: str, dependencies: dict[str, str] | None = None) -> Job:
    """A hook that answers with `expression`."""
    script = f"module.exports = (client, scope, audience, context, cb) => cb(null, {{ value: {expression} }});"
    return Job(script, EXCHANGE, PAYLOAD, dependencies=dependencies or {})


def ended(expression: str, dependencies: dict[str, str] | None = None) -> Outcome:
    """Run such a hook."""
    return run_to_end(job(expression, dependencies))


def value(expression: str, dependencies: dict[str, str] | None = None) -> Any:
    """What such a hook answers."""
    return result_of(ended(expression, dependencies))["value"]


def missing(expression: str, dependencies: dict[str, str] | None = None) -> str:
    """Why nothing is run."""
    with pytest.raises(ModulesMissingError) as caught:
        ended(expression, dependencies)
    assert str(caught.value).endswith(" Nothing was run.")
    return str(caught.value).removesuffix(" Nothing was run.")


@pytest.mark.parametrize(
    ("expression", "dependencies", "expected", "versions"),
    [
        ("require('left')", {"left": "*"}, "left 2.0.0", {"left": "2.0.0"}),
        ("require(`left`)", {"left": "^1.0.0"}, "left 1.2.0", {"left": "1.2.0"}),
        ('require("left")', {"left": "latest"}, "left 2.0.0", {"left": "2.0.0"}),
        ("require( 'left' )", {"left": ">=1 <1.2 || 1.1.x"}, "left 1.0.0", {"left": "1.0.0"}),
        ("require('left')", {"left": "1.0.0 - 1.9.0"}, "left 1.2.0", {"left": "1.2.0"}),
        ("require('left/lib/part')", {"left": "~1.0"}, "part", {"left": "1.0.0"}),
        ("require('left/lib/part.js')", {"left": "1.0.0"}, "part", {"left": "1.0.0"}),
        ("require('@acme/left')", {"@acme/left": "3"}, "scoped", {"@acme/left": "3.1.0"}),
        ("require('left@1.0.0')", {}, "left 1.0.0", {"left@1.0.0": "1.0.0"}),
        ("require('left@^1')", {}, "left 1.2.0", {"left@^1": "1.2.0"}),
        ("require('left@1.0.0/lib/part')", {}, "part", {"left@1.0.0": "1.0.0"}),
        ("require('@acme/left@3.1.0')", {}, "scoped", {"@acme/left@3.1.0": "3.1.0"}),
        (
            "[require('left'), require('left@1.0.0'), require('left@2.0.0')].join()",
            {"left": "1.2.0"},
            "left 1.2.0,left 1.0.0,left 2.0.0",
            {"left": "1.2.0", "left@1.0.0": "1.0.0", "left@2.0.0": "2.0.0"},
        ),
        ("require('user-of-left')", {"user-of-left": "1"}, {"of": "left 1.2.0"}, {"user-of-left": "1.0.0"}),
        ("require('modern').name", {"modern": "1.0.0"}, "modern", {"modern": "1.0.0"}),
        (
            "[require('left'), require.resolve('left').length > 0].join()",
            {"left": "1.0.0"},
            "left 1.0.0,true",
            {"left": "1.0.0"},
        ),
    ],
)
def test_what_a_script_requires_is_installed(
    expression: str, dependencies: dict[str, str], expected: Any, versions: dict[str, str]
) -> None:
    outcome = ended(expression, dependencies)
    assert result_of(outcome) == {"value": expected}
    assert outcome.modules == versions


@pytest.mark.parametrize("expression", ["1", "require('fs') && require('node:path') && 1", "1 /* require('left') */"])
def test_declared_modules_that_are_not_used_need_no_registry(
    registry: FakeRegistry, monkeypatch: pytest.MonkeyPatch, expression: str
) -> None:
    monkeypatch.setenv("NPM_CONFIG_REGISTRY", f"http://127.0.0.1:{free_port()}")
    outcome = ended(expression, {"left": "1.0.0", "not-there": "1"})
    assert result_of(outcome) == {"value": 1}
    assert outcome.modules == {}


NOT_FOUND = ["left", "left/lib/part", "@acme/left", "./hook.mjs", "/etc/passwd", "node:left"]
NO_NAMES = ["../left@1", "./left@1", "/left@1", "git+https://127.0.0.1/left@1", "left@", "@/left@1"]


def test_a_module_that_is_not_declared_is_not_found(registry: FakeRegistry) -> None:
    outcome = ended("require('left')")
    assert outcome.ending == Ending.EXCEPTION
    assert error_of(outcome)["code"] == "MODULE_NOT_FOUND"
    names = NOT_FOUND + NO_NAMES
    tries = ",".join(
        f"(() => {{ try {{ return require('{name}'); }} catch (e) {{ return e.message; }} }})()" for name in names
    )
    assert value(f"[{tries}]") == [f"Cannot find module '{name}'" for name in names]
    assert registry.requests == []


def test_a_dependency_of_a_module_is_no_module_of_the_hook() -> None:
    outcome = ended("require('user-of-left') && require('left')", {"user-of-left": "1"})
    assert error_of(outcome)["message"] == "Cannot find module 'left'"


def test_what_the_registry_does_not_have_is_named() -> None:
    assert missing("require('left')", {"left": "9"}) == "npm has no version 9 of left."
    assert missing("require('@acme/left@1.0.0')") == "npm has no version 1.0.0 of @acme/left."
    assert missing("require('left')", {"left": "next"}) == "npm has no version next of left."
    assert missing("require('not-there')", {"not-there": "*"}) == "npm has no module not-there."
    assert missing("require('@acme/not-there@1')") == "npm has no module @acme/not-there."


def test_a_registry_that_cannot_be_reached_names_the_module(
    registry: FakeRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NPM_CONFIG_REGISTRY", f"http://user:token@127.0.0.1:{free_port()}")
    expected = "The module @acme/left cannot be installed: the npm registry did not give a usable answer."
    assert missing("require('@acme/left@3')") == expected


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/left", (500, b"token")),
        ("/left", (200, b"<html>")),
        ("/left", (200, b"{}")),
        ("/left/-/left-1.0.0.tgz", (404, b"")),
        ("/left/-/left-1.0.0.tgz", (200, b"another tarball")),
    ],
)
def test_a_registry_that_answers_badly_is_told(registry: FakeRegistry, path: str, answer: tuple[int, bytes]) -> None:
    registry.answers[path] = answer
    assert "left" in missing("require('left')", {"left": "1.0.0"})
    del registry.answers[path]
    assert value("require('left')", {"left": "1.0.0"}) == "left 1.0.0"


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("left", "git+https://127.0.0.1/left.git"),
        ("left", "git@github.com:acme/left"),
        ("left", "https://127.0.0.1/left.tgz"),
        ("left", "file:/etc"),
        ("left", "file:../left"),
        ("left", "../left"),
        ("left", "/etc"),
        ("left", "acme/left"),
        ("left", "npm:other@1"),
        ("left", "jsr:@acme/left"),
        ("left", "workspace:*"),
        ("left", "link:../left"),
        ("left", ""),
        ("left", "1\n2"),
        ("../left", "1"),
        ("/etc", "1"),
        ("npm:left", "1"),
        ("https://127.0.0.1/left", "1"),
        (".left", "1"),
        ("left/../..", "1"),
        ("@acme/../left", "1"),
        ("@acme", "1"),
        ("LEFT", "1"),
        ("le ft", "1"),
        ("", "1"),
    ],
)
def test_addresses_and_paths_are_no_modules(registry: FakeRegistry, name: str, version: str) -> None:
    expected = f"{name} {version} is not a module of npm with a version or range."
    assert missing("require('@acme/left')", {"@acme/left": "3", name: version}) == expected
    assert registry.requests == []


@pytest.mark.parametrize(
    "name",
    ["npm:left@1", "file:left@1", "LEFT@1", "@acme/..@1", "left@git+https:x", "left@file:x", "left@..", "left@../left"],
)
def test_addresses_and_paths_with_a_version_are_no_modules_either(registry: FakeRegistry, name: str) -> None:
    assert missing(f"require('{name}')").endswith(" is not a module of npm with a version or range.")
    assert registry.requests == []


def test_lifecycle_scripts_are_never_run(registry: FakeRegistry, tmp_path: Path) -> None:
    target = tmp_path / "written-by-a-script"
    scripts = dict.fromkeys(("preinstall", "install", "postinstall", "prepare"), f"touch {target}")
    registry.publish("eager", "1.0.0", {"index.js": "module.exports = 'eager';"}, scripts=scripts)
    registry.publish("gyp", "1.0.0", {"index.js": "", "binding.gyp": "{}"}, scripts={"install": f"touch {target}"})
    assert value("require('eager')", {"eager": "1", "gyp": "1"}) == "eager"
    assert not target.exists()


def test_a_set_is_installed_once(registry: FakeRegistry) -> None:
    first = [event["event"] for event in run(job("require('left')", {"left": "1", "@acme/left": "*"}))]
    assert first == ["installing", "answer", "end"]
    asked = list(registry.requests)
    assert sorted(asked) == ["/@acme/left", "/@acme/left/-/left-3.1.0.tgz", "/left", "/left/-/left-1.2.0.tgz"]
    # Neither the order nor the script makes another set of it, and a newer version does not either.
    registry.publish("left", "1.3.0", {"index.js": "module.exports = 'left 1.3.0';"})
    again = list(run(job("[require('@acme/left'), require('left')].join()", {"@acme/left": "*", "left": "1"})))
    assert [event["event"] for event in again] == ["answer", "end"]
    assert result_of(again[-1]["outcome"]) == {"value": "scoped,left 1.2.0"}
    assert again[-1]["outcome"].modules == {"left": "1.2.0", "@acme/left": "3.1.0"}
    assert registry.requests == asked


def test_what_is_being_installed_is_told_before_it_is_done(registry: FakeRegistry) -> None:
    registry.open.clear()
    events = run(job("require('left') + require('@acme/left@3')", {"left": "1"}))
    assert next(events) == {"event": "installing", "modules": ["@acme/left@3", "left"]}
    registry.open.set()
    *_, last = events
    assert last["outcome"].ok


def test_an_installation_can_be_stopped(registry: FakeRegistry) -> None:
    registry.open.clear()
    stop = threading.Event()
    events = run(job("require('left')", {"left": "1"}), stop)
    next(events)
    said: list[str] = []

    def go_on() -> None:
        with pytest.raises(ModulesMissingError) as caught:
            next(events)
        said.append(str(caught.value))

    thread = threading.Thread(target=go_on)
    thread.start()
    until(lambda: registry.requests)
    stop.set()
    thread.join(30)
    assert said == ["Stopped before the modules were installed. Nothing was run."]
    assert processes() == []
    registry.open.set()
    assert value("require('left')", {"left": "1"}) == "left 1.2.0"


def side_by_side(jobs: list[Job]) -> list[list[Event]]:
    """Run jobs at once; what happened in each."""
    found: dict[int, list[Event]] = {}
    start = threading.Barrier(len(jobs))

    def work(number: int) -> None:
        start.wait()
        found[number] = list(run(jobs[number]))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [found[number] for number in range(len(jobs))]


def test_two_runs_of_a_new_set_at_once_install_it_once(registry: FakeRegistry) -> None:
    for events in side_by_side([job("require('left')", {"left": "1"})] * 3):
        assert result_of(events[-1]["outcome"]) == {"value": "left 1.2.0"}
    assert sorted(registry.requests) == ["/left", "/left/-/left-1.2.0.tgz"]


def test_runs_of_different_new_sets_at_once_do_not_disturb_each_other() -> None:
    jobs = [job("require('left')", {"left": version}) for version in ("1.0.0", "1.2.0", "2.0.0")]
    answers = [result_of(events[-1]["outcome"])["value"] for events in side_by_side(jobs)]
    assert answers == ["left 1.0.0", "left 1.2.0", "left 2.0.0"]


def test_sets_that_nobody_used_for_long_are_removed() -> None:
    sets = environment.cache() / "modules"
    assert value("require('left')", {"left": "1.0.0"}) == "left 1.0.0"
    (old,) = sets.iterdir()
    long_ago = time.time() - 31 * 24 * 3600
    os.utime(old, (long_ago, long_ago))
    # Used again, it stays.
    assert value("require('left')", {"left": "1.0.0"}) == "left 1.0.0"
    assert value("require('left')", {"left": "1.2.0"}) == "left 1.2.0"
    assert len(list(sets.iterdir())) == 2
    os.utime(old, (long_ago, long_ago))
    assert value("require('left')", {"left": "2.0.0"}) == "left 2.0.0"
    assert not old.exists()


def test_a_module_reads_its_own_folder_and_nothing_else(registry: FakeRegistry, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "secret_key").write_text("a secret of the server")
    assert value("require('left')", {"left": "1.0.0"}) == "left 1.0.0"
    (other,) = (environment.cache() / "modules").iterdir()
    source = """
        const fs = require('fs');
        const tried = (act) => { try { return String(act()); } catch (error) { return error.message; } };
        module.exports = (files) => files.map((file) => tried(() => fs.readFileSync(file, 'utf8')));
        module.exports.own = fs.readFileSync(__dirname + '/text', 'utf8');
        module.exports.write = tried(() => fs.writeFileSync(__dirname + '/text', 'changed'));
    """
    registry.publish("curious", "1.0.0", {"index.js": source, "text": "its own"})
    files = ["/etc/passwd", str(tmp_path / "data" / "secret_key"), str(other / "package.json"), "/proc/self/environ"]
    read, own, write, outside = value(
        f"[require('curious')({json.dumps(files)}), require('curious').own, require('curious').write,"
        f" require('curious')(['../../../../package.json', '/proc/self/status'])]",
        {"curious": "1"},
    )
    assert own == "its own"
    assert write.startswith("Requires write access")
    assert len(read) == 4
    assert [text for text in [*read, *outside] if not text.startswith("Requires ")] == []


@pytest.mark.parametrize(
    "file", ["file:///etc/passwd", "https://127.0.0.1/x.js", "npm:left", "../../../../../../secret_key"]
)
def test_a_module_loads_nothing_from_elsewhere(registry: FakeRegistry, tmp_path: Path, file: str) -> None:
    (tmp_path / "data").mkdir(exist_ok=True)
    (tmp_path / "data" / "secret_key").write_text("a secret of the server")
    source = "module.exports = (file) => import(file, { with: { type: 'text' } })"
    registry.publish("loader", "1.0.0", {"index.js": source})
    script = (
        "module.exports = (client, scope, audience, context, cb) => "
        f"require('loader')('{file}').then((found) => cb(null, {{ value: found.default }}), cb);"
    )
    outcome = run_to_end(Job(script, EXCHANGE, PAYLOAD, dependencies={"loader": "1"}))
    assert outcome.ending in (Ending.ERROR, Ending.DENIED)


def test_a_tarball_writes_nothing_outside(registry: FakeRegistry, tmp_path: Path) -> None:
    climbing = {"index.js": "module.exports = 1;", "../../../../../../climbed": "x", "../climbed": "x"}
    registry.publish("climber", "1.0.0", climbing)
    assert missing("require('climber')", {"climber": "1"}).startswith("The module climber@1.0.0 cannot be installed: ")
    assert list(tmp_path.rglob("climbed")) == []


def test_paths_of_modules_begin_at_their_folder(registry: FakeRegistry) -> None:
    registry.publish("broken", "1.0.0", {"index.js": "exports.now = () => {\n  throw new Error('of the module');\n};"})
    outcome = ended("require('broken').now()", {"broken": "1"})
    stack = error_of(outcome)["stack"]
    assert "broken/index.js:2:9" in stack
    assert str(environment.cache()) not in json.dumps(outcome.as_dict())


@pytest.mark.parametrize(
    ("script", "names"),
    [
        ("require('a'); require(\"b\"); require(`c`); require ( 'd' )", ["a", "b", "c", "d"]),
        (
            "require('a/b'); require('@a/b'); require('@a/b/c'); require('@a/b@1/c'); require('a@^1.2 || 3/c')",
            ["@a/b", "@a/b@1", "a", "a@^1.2 || 3"],
        ),
        ("const x=require('a')('b'), y = [require('c')]", ["a", "c"]),
        ("// require('a')\n/* require('b')\nrequire('c') */ require('d') // require('e')", ["d"]),
        ("const s = \"require('a')\" + 'require(\"b\")' + `require('c')\n`; require('d')", ["d"]),
        ("const s = 'it\\'s // no comment'; require('a')", ["a"]),
        ('const s = "/*"; require(\'a\'); const t = "*/"', ["a"]),
        ("x.require('a'); $require('b'); required('c'); require.resolve('d'); require(name)", []),
        ("require('fs'); require('fs/promises'); require('node:fs'); require('node:test')", []),
        ("require('./a'); require('../a'); require('.'); require('/a'); require('')", []),
        ("const quote = /['\"`]/; require('a')", ["a"]),
        ("text.replace(/'/g, ''); require('a')", ["a"]),
        ("if (/`/.test(text)) x = 1;\nrequire('a'); `b`", ["a"]),
        ("const half = (a) / 2; require('a'); const other = b / 2", ["a"]),
        ("text.replace(/https?:\\/\\//, ''), require('a')", ["a"]),
        ("text.split(/[/'\"]/), require('a')", ["a"]),
        ("`${require('a')}`", ["a"]),
        ("const s = `${`it's ${`x`}`} y`; require('a')", ["a"]),
        ("if (x) /'/.test(y); require('a')", ["a"]),
        ("const f = (require) => require('a'); require('b')", ["b"]),
        ("require('querystring@0.2.0'); require('./node_modules/axios@0.19.2')", ["axios@0.19.2", "querystring@0.2.0"]),
        ("\ufeffrequire('a')", ["a"]),
        ("require('a'); await b()", []),
        ("}); require('a'); (() => {", []),
    ],
)
def test_what_counts_as_required(script: str, names: list[str]) -> None:
    assert required(script) == names


def test_import_finds_what_require_finds() -> None:
    script = """module.exports = async (client, scope, audience, context, cb) => {
      const { name } = await import('modern');
      const { of } = (await import('user-of-left@1.0.0')).default;
      const { createHash } = await import('node:crypto');
      cb(null, { name, of, hash: typeof createHash, other: await import('nothing').catch((error) => error.message) });
    };"""
    outcome = run_to_end(Job(script, EXCHANGE, PAYLOAD, dependencies={"modern": "1"}))
    assert result_of(outcome) == {
        "name": "modern",
        "of": "left 1.2.0",
        "hash": "function",
        "other": "Cannot find module 'nothing'",
    }


# What modules do while they load, or first of all, that the sandbox once broke; each is named after one that does.
HABITS = {
    "formidable": ("require('os').homedir() + require('os').hostname()", "/sandbox"),
    "require-at": ("require('fs').statSync(process.cwd()).isDirectory()", True),
    "cacheable-lookup": ("new (require('dns').promises.Resolver)().getServers()", []),
    "sentry": ("process.on('uncaughtException', () => {}).once('unhandledRejection', () => {}) === process", True),
    "mongoose": ("(() => { const f = () => 1; f.__proto__ = { own: 1 }; return f.own; })()", 1),
    "winston": ("console._stdout.write('from winston\\n')", True),
    "debugger": ("require('inspector').url() === undefined", True),
    "tests": ("typeof require('node:test').test", "function"),
}


def test_habits_of_common_modules_work_in_the_sandbox(registry: FakeRegistry) -> None:
    for name, (habit, _) in HABITS.items():
        registry.publish(name, "1.0.0", {"index.js": f"module.exports = {habit};"})
    all_of_them = ",".join(f"require('{name}')" for name in HABITS)
    outcome = ended(f"[{all_of_them}]", dict.fromkeys(HABITS, "1.0.0"))
    assert result_of(outcome) == {"value": [expected for _, expected in HABITS.values()]}
    assert [(line["level"], line["text"]) for line in outcome.console] == [("log", "from winston")]
    assert outcome.warnings == []


def test_a_name_of_nodes_own_with_a_version_and_a_path_of_the_platform_are_modules(registry: FakeRegistry) -> None:
    registry.publish("querystring", "0.2.0", {"index.js": "module.exports = 'old';"})
    registry.publish("axios", "0.19.2", {"index.js": "module.exports = 'axios';", "lib/part.js": "module.exports = 7;"})
    ids = ["querystring@0.2.0", "./node_modules/axios@0.19.2", "./node_modules/axios@0.19.2/lib/part"]
    asked = ",".join(f"require('{name}')" for name in ids)
    found = value(f"[{asked}, typeof require('querystring').parse, `${{`it's ${{require('left@1.0.0')}}`}}`]")
    assert found == ["old", "axios", 7, "function", "it's left 1.0.0"]


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        (
            "require('lodash')",
            "lodash is not among this hook's NPM modules. Add it there, or require it with a version",
        ),
        ("require('./helper')", "./helper is a file: a hook can require Node's own modules and NPM modules only."),
        ("require('node:left')", "node:left is none of Node's own modules."),
        (
            "['left@1.0.0'].map((name) => require(name))",
            "left@1.0.0 is not installed: the script has to name it in quotes",
        ),
    ],
)
def test_why_a_module_is_not_there_is_told(expression: str, reason: str) -> None:
    outcome = ended(expression)
    assert error_of(outcome)["message"].startswith("Cannot find module ")
    (warning,) = outcome.warnings
    assert warning.startswith(reason)
