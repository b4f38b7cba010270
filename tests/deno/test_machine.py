"""What a script finds of the machine that it runs on."""

import json

import pytest

from hooksui import catalogue
from tests.deno.scripts import (
    ended,
)
from tests.runner.calling import ASYNCHRONOUS, error_of, result_of

pytestmark = pytest.mark.usefixtures("nothing_left")


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
    assert ".mjs" not in stack
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


def test_each_of_nodes_own_modules_loads() -> None:
    names = sorted(catalogue.node_builtins())
    tries = (
        f"{json.dumps(names)}.map((name) => {{ try {{ require(name); }} catch (e) {{ return name + e.message; }} }})"
    )
    assert [each for each in result_of(ended(f"cb(null, {tries});")) if each] == []
