"""Ways through a hook that never call back, or call back twice: told where that is certain, and else not."""

from pathlib import Path

import pytest

from hooksui import catalogue
from tests.editor.service import hinted, look

PRE = "pre-user-registration"
NEVER = "The hook never calls back."
HERE = "The hook ends here without calling back."
AGAIN = "The hook goes on after this call, and calls back again."
ONLY = "The hook calls back only where this is {}."
GET = "require('https').get('https://a.example', "


def hook(body: str, before: str = "") -> str:
    """A hook with `body`; `before` stands before the keyword function."""
    return f"module.exports = {before}function (user, context, cb) {{\n  {body}\n}};\n"


# What is told, and the text that it is about.
TOLD = [
    (hook("console.log(user.email);"), NEVER, "cb"),
    (hook("return Promise.resolve({ user });", "async "), NEVER, "cb"),
    (hook("if (user.email) { return; } else { return; }\n  cb();"), NEVER, "cb"),
    (hook("if (!user.email) throw new Error('none');"), NEVER, "cb"),
    (hook("function done() { cb(); }"), NEVER, "cb"),
    (hook("for (;;) { if (user.email) break; }"), NEVER, "cb"),
    ("module.exports = async (user, context) => ({ user });", NEVER, "context"),
    ("module.exports = () => ({ user: {} });", NEVER, "("),
    ("module.exports = function* (user, context, cb) { cb(); };", NEVER, "cb"),
    ("module.exports = run;\nfunction run(user, context) { return { user }; }", NEVER, "context"),
    (hook("if (!user.email) return;\n  cb();"), HERE, "return;"),
    (hook("if (!user.email) { console.log('none'); return; }\n  cb();"), HERE, "return;"),
    (hook("if (user.email) { cb(); } else { console.log('none'); }"), HERE, "console.log('none');"),
    (hook("if (user.email) { cb(); } else if (user.username) { console.log(1); } else cb();"), HERE, "console.log(1);"),
    (hook("try { JSON.parse(user.email); cb(); } catch (e) { console.error(e); }"), HERE, "console.error(e);"),
    (hook("try { await send(user); cb(); } catch (e) {}\n  async function send() {}", "async "), HERE, "{}"),
    (hook("try { if (!user.email) throw 1; cb(); } catch (e) { console.log(e); }"), HERE, "console.log(e);"),
    (hook("switch (user.email) { case 'a': return cb(); case 'b': break; default: cb(null); }"), HERE, "break;"),
    (hook("switch (user.email) { case 'a': return cb(); default: console.log(1); }"), HERE, "console.log(1);"),
    (hook(f"if (!user.email) return;\n  {GET}() => cb());"), HERE, "return;"),
    (hook("const done = (e) => cb(e);\n  if (!user.email) return;\n  done();"), HERE, "return;"),
    (hook("for (const part of user.email) { if (part === 'a') return; }\n  cb();"), HERE, "return;"),
    (hook("lab: { if (!user.email) break lab; cb(); return; }\n  console.log(1);"), HERE, "break lab;"),
    (hook("function go() { cb(); }\n  if (user.email) go(); else user.x = 1;"), HERE, "user.x = 1;"),
    (
        hook("if (user.email.endsWith('@a.example')) { cb(); }"),
        ONLY.format("true"),
        "user.email.endsWith('@a.example')",
    ),
    (hook("user.email.endsWith('@a.example') && cb();"), ONLY.format("true"), "user.email.endsWith('@a.example')"),
    (hook("/@a/.test(user.email) ? cb() : null;"), ONLY.format("true"), "/@a/.test(user.email)"),
    (hook("user.username === 'a' || cb();"), ONLY.format("false"), "user.username === 'a'"),
    (hook("if (!user.emailVerified) cb(new Error('no'));"), ONLY.format("true"), "!user.emailVerified"),
    (hook("if (!user.email) cb(new Error('none'));\n  cb();"), AGAIN, "cb(new Error('none'))"),
    (
        hook("if (!user.email) { cb(new Error('none')); console.log(1); }\n  return cb();"),
        AGAIN,
        "cb(new Error('none'))",
    ),
    (hook("cb();\n  cb();"), AGAIN, "cb()"),
    (hook("switch (user.email) { case 'a': cb(1); default: cb(); }"), AGAIN, "cb(1)"),
    (hook("try { JSON.parse(user.email); } catch (e) { cb(e); }\n  cb();"), AGAIN, "cb(e)"),
    (hook("try { return cb(1); } finally { cb(); }"), AGAIN, "cb(1)"),
    (hook("const done = cb;\n  if (!user.email) done(1);\n  done();"), AGAIN, "done(1)"),
    (hook("user.email || cb(1);\n  cb();"), AGAIN, "cb(1)"),
    (hook(f"{GET}(r) => {{ if (r.statusCode !== 200) cb(1); cb(); }});"), AGAIN, "cb(1)"),
    (hook("Promise.resolve().then((it) => { if (!it) cb(1); cb(); }).catch(cb);"), AGAIN, "cb(1)"),
    ("module.exports = (a, b, done) => { if (!a.email) done(1); done(); };", AGAIN, "done(1)"),
    ("module.exports = (user, context, cb) => (user.email ? undefined : cb(1), cb());", AGAIN, "cb(1)"),
]
SILENT = [
    hook("throw new Error('always');"),
    hook("if (user.email) cb();"),
    hook("if (context.x === 'sms') { return cb(); } if (context.x === 'voice') { return cb(); }"),
    hook("if (context.x === 'sms') { return cb(); } else if (context.x === 'voice') { return cb(); }"),
    hook("user.email.endsWith('@a.example') ? cb() : cb(new Error('x'));"),
    hook("try { cb(); } catch (e) { console.error(e); }"),
    hook("try { console.log(1); cb(); } catch (e) { console.error(e); }"),
    hook("try { JSON.parse(user.email); } catch (e) { console.error(e); }\n  cb();"),
    hook("try { JSON.parse(user.email); } catch (e) { return; } finally { cb(); }"),
    hook("try { send(user, cb); } catch (e) { console.error(e); }\n  function send(u, f) { f(); }"),
    hook("switch (user.email) { case 'a': cb(); break; case 'b': cb(); }"),
    hook("switch (user.email) { case 'a': case 'b': cb(); break; default: cb(); }"),
    hook("if (!user.email) { cb(new Error('x')); return; }\n  cb();"),
    hook("if (!user.email) return cb(new Error('x'));\n  cb();"),
    hook("if (!user.email) cb(1);\n  if (user.email) cb();"),
    hook("if (!user.email) cb(1); else cb();"),
    hook("cb();\n  console.log('later');"),
    hook("try { cb(null, JSON.parse(user.email)); } catch (e) { cb(e); }"),
    hook("let done = false;\n  if (!user.email) { done = true; cb(1); }\n  if (!done) cb();"),
    hook(f"{GET}() => cb());\n  if (!user.email) return;"),
    hook("function done(e) { cb(e); }\n  if (!user.email) return done();\n  done();"),
    hook("cb = once(cb);\n  if (!user.email) cb(1);\n  cb();\n  function once(f) { return f; }"),
    hook("({ f: cb } = { f: () => {} });\n  cb(1);\n  cb();"),
    hook("const done = once(cb);\n  done(1);\n  done();\n  function once(f) { return f; }"),
    hook("setTimeout(cb, 10);"),
    hook("setTimeout(() => cb(), 10);\n  return;"),
    hook("save({ user, cb });\n  function save(it) { it.cb(); }"),
    hook("save(user, ...[cb]);\n  function save(u, f) { f(); }"),
    hook("user.done = cb;"),
    hook("return cb;"),
    hook("arguments[2]();"),
    hook("eval('cb()');"),
    hook("with (user) { cb(); }"),
    hook("var cb;\n  cb();"),
    hook("{ let cb = () => {}; cb(); cb(); }\n  cb();"),
    hook("[1].forEach((cb) => { console.log(cb); });\n  cb();"),
    hook("typeof cb === 'function' && cb();"),
    hook("if (cb) cb();"),
    hook("cb.call(null, null, {});"),
    hook("user?.send?.(cb());"),
    hook("return void cb();"),
    hook("return user.email ? cb() : undefined;"),
    hook("for (const part of user.email) { if (part === 'a') return cb(); }"),
    hook("for (const part of user.email) { cb(); }"),
    hook("while (true) { if (user.email) return cb(); }"),
    hook("do { cb(); } while (false);"),
    hook("for (const p of user.email) { if (p === 'a') continue; if (p === 'b') break; }\n  cb();"),
    hook("out: for (const p of user.email) { for (const q of p) { if (q) continue out; break out; } }\n  cb();"),
    hook("if (!user.email) return fail('x');\n  cb();\n  function fail(m) { throw new Error(m); }"),
    hook("if (!user.email) { process.exit(1); } else { cb(); }"),
    hook("require('assert')(user.email);\n  cb();"),
    hook("const assert = require('assert');\n  if (!user.email) { assert.fail('x'); } else { cb(); }"),
    hook("if (!user.email) return Promise.reject(new Error('x'));\n  cb();", "async "),
    hook("if (!user.email) { throw new Error('x'); }\n  cb();"),
    hook("new Promise((resolve) => { cb(); resolve(); });"),
    hook("class A { go() { cb(); } }\n  new A().go();"),
    hook("const it = { go() { cb(); } };\n  it.go();"),
    hook("async function run() { await 1; cb(); }\n  run().catch(console.error);"),
    hook("async function run() { return user; }\n  run().then(() => cb()).catch(cb);"),
    hook("if (false) { return; }\n  cb();"),
    "module.exports = (...all) => all[2]();",
    "module.exports = (user, context, { length }) => length;",
    "module.exports = (user, context, cb = () => {}) => cb();",
    "module.exports = (user, context, cb, again = cb) => again();",
    "module.exports = wrap((user) => ({ user }));\nfunction wrap(f) { return (u, c, cb) => cb(null, f(u)); }",
    "module.exports = () => {};\nmodule.exports = (user, context, cb) => cb();",
]
SCRIPTS = [*(script for script, _, _ in TOLD), *SILENT]


@pytest.fixture(scope="module")
def found() -> dict[str, list[tuple[str, str]]]:
    """The hints of each script."""
    every = look(SCRIPTS, PRE)
    assert [each["errors"] for each in every] == [[] for _ in every]
    return {script: hinted(each, script) for script, each in zip(SCRIPTS, every, strict=True)}


@pytest.mark.parametrize(("script", "message", "place"), TOLD)
def test_what_is_certain_is_told_once(
    found: dict[str, list[tuple[str, str]]], script: str, message: str, place: str
) -> None:
    assert found[script] == [(message, place)]


@pytest.mark.parametrize("script", SILENT)
def test_what_is_not_certain_is_not_told(found: dict[str, list[tuple[str, str]]], script: str) -> None:
    assert found[script] == []


def test_return_is_put_before_a_call_that_another_one_follows() -> None:
    script = hook("if (!user.email) cb(1);\n  cb();")
    (found,) = look([script], PRE)
    (hint,) = found["hints"]
    (change,) = hint["action"]["changes"]
    mended = script[: change["from"]] + change["insert"] + script[change["to"] :]
    assert mended == hook("if (!user.email) return cb(1);\n  cb();")
    (again,) = look([mended], PRE)
    assert again["hints"] == []


@pytest.mark.parametrize("point", catalogue.points().values(), ids=lambda point: point.trigger)
def test_each_point_has_its_callback_where_auth0_passes_it(point: catalogue.Point) -> None:
    passed = {"credentials-exchange": 5, "send-phone-message": 4}.get(point.trigger, 3)
    names = ["a", "b", "c", "d", "e"][:passed]
    scripts = [f"module.exports = ({', '.join(names)}) => {{ {each}; }};" for each in ("0", f"{names[-1]}(1)")]
    silent, calling = look([*scripts, point.starter], point.trigger)[:2]
    (hint,) = silent["hints"]
    assert hint["message"] == NEVER
    assert f"argument {passed}, the callback" in hint["reason"]
    assert calling["hints"] == []


def test_a_script_that_is_nested_too_deeply_is_looked_at_as_far_as_that_goes() -> None:
    scripts = [
        hook("if (user.email) { " * 400 + "cb();" + " }" * 400),
        hook("try { cb(); } finally { " * 14 + "user.x = 1;" + " }" * 14),
        hook("setTimeout(() => { " * 300 + "cb();" + " });" * 300),
        hook("if (user.email.includes('a')) { cb(1); }\n" * 500),
    ]
    assert [found["errors"] for found in look(scripts, PRE)] == [[]] * len(scripts)


@pytest.mark.parametrize("file", sorted((Path(__file__).parent / "hooks").glob("*.js")), ids=lambda file: file.stem)
def test_hooks_as_people_write_them_call_back(file: Path) -> None:
    script = file.read_text("utf-8")
    trigger = script.split("\n", 1)[0].removeprefix("// ")
    (found,) = look([script], trigger)
    assert found["hints"] == []
