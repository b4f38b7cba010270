"""Which secrets a script reads, whatever it hands them on by, and what it does to the scopes of a token."""

import pytest

from tests.editor.service import look
from tests.runner.calling import run

PRE, CREDENTIALS = "pre-user-registration", "credentials-exchange"
EDIT = "An Action has no full equivalent for changing scopes."
NO_ANSWER = "Without an answer the token may lose all of its scopes."
NO_SCOPE = "The token loses all of its scopes."


def hook(body: str, before: str = "") -> str:
    """A hook with `body`, behind the helpers in `before`."""
    return f"{before}\nmodule.exports = function (user, context, cb) {{\n  {body}\n  cb();\n}};\n"


# A script, and the names that it reads.
READS = [
    (hook("new Crm(context.webtask.secrets);", "class Crm { constructor(keys) { this.key = keys.A; } }"), ["A"]),
    (hook("send({ secrets: context.webtask.secrets });", "const send = ({ secrets }) => secrets.A;"), ["A"]),
    (hook("send(context.webtask.secrets);", "const send = ({ A, B: b }) => A + b;"), ["A", "B"]),
    (hook("send(context.webtask);", "const send = (task) => task.secrets.A;"), ["A"]),
    (hook("send(context.webtask);", "const send = ({ secrets: { A }, data }) => A + data.B;"), ["A", "B"]),
    (hook("api.send(context.webtask.secrets);", "const api = { send(s) { return s.A; } };"), ["A"]),
    (hook("api.send(context.webtask.secrets);", "const api = { send: (s) => s['A'] };"), ["A"]),
    (hook("const { webtask: { secrets: { A, B = '1', ...rest } } } = context; rest.C;"), ["A", "B", "C"]),
    (hook("const { webtask: { data: { A } } } = context;"), ["A"]),
    (hook("const { data } = context.webtask; data.A;"), ["A"]),
    (hook("const { secrets: s } = context.webtask; s.A;"), ["A"]),
    (hook("let s; s = context.webtask.secrets; s.A;"), ["A"]),
    (hook("context.webtask.secrets[KEY];", "const KEY = 'A';"), ["A"]),
    (hook("const k = 'A'; context.webtask.secrets[k]; context.webtask.data[`B`];"), ["A", "B"]),
    (hook("context.webtask.secrets[NAMES.crm];", "const NAMES = { crm: 'A' };"), ["A"]),
    (hook("context['webtask']['secrets']['A'];"), ["A"]),
    (hook("context?.webtask?.secrets?.A;"), ["A"]),
    (hook("const { [KEY]: a, 'B': b } = context.webtask.secrets;", "const KEY = 'A';"), ["A", "B"]),
    (hook("const key = (name) => context.webtask.secrets[name]; key('A');"), ["A"]),
    (
        hook("const get = (name) => secrets[name]; const secrets = context.webtask.secrets; get('A'); get('B');"),
        ["A", "B"],
    ),
    (hook("function f(ctx) { const w = ctx.webtask; return w.data.A; } f(context);"), ["A"]),
    (hook("const s = Object.assign({}, context.webtask.secrets); s.A;"), ["A"]),
    (hook("const s = { ...context.webtask.secrets }; s.A;"), ["A"]),
    (hook("({ A: user.x } = context.webtask.secrets);"), ["A"]),
    (hook("let A; ({ A } = context.webtask.secrets);"), ["A"]),
    (hook("const s = context.webtask.secrets || {}; s.A;"), ["A"]),
    (
        hook(
            "run(context); async function run(c) { const { secrets } = c.webtask; return one(secrets); }"
            " function one(s) { return two(s); } function two(t) { return t.A; }"
        ),
        ["A"],
    ),
    (hook("(function (s) { s.A; })(context.webtask.secrets);"), ["A"]),
    (hook("['A', 'B'].map((k) => context.webtask.secrets[k]);"), ["A", "B"]),
    (hook("const { A } = user.app_metadata.secrets; user.data.x; user.webtask;"), []),
    (
        hook("Object.keys(context.webtask.secrets); context.webtask.secrets.toString();"),
        [],
    ),
    (hook("'A' in context.webtask.secrets;"), ["A"]),
    (hook("context.webtask.data.A; context.webtask.data.grant_type;"), ["A", "grant_type"]),
    (
        "let ctx;\n"
        "module.exports = (user, context, cb) => { ctx = context; cb(null, go()); };\n"
        "function go() { return ctx.webtask.secrets.A; }",
        ["A"],
    ),
    (
        "let secrets;\n"
        "module.exports = (user, context, cb) => { secrets = context.webtask.secrets; cb(null, go()); };\n"
        "function go() { return secrets.A; }",
        ["A"],
    ),
    ("module.exports = (user, { webtask: { secrets } }, cb) => cb(null, secrets.A);", ["A"]),
    ("module.exports = (user, { webtask }, cb) => cb(null, webtask.data.A);", ["A"]),
    ("module.exports = (user, { webtask: { secrets: { A } } }, cb) => cb(null, A);", ["A"]),
]


@pytest.fixture(scope="module")
def names() -> dict[str, list[str]]:
    """The names of secrets that each script reads."""
    scripts = [script for script, _ in READS]
    found = look(scripts, PRE)
    return {script: sorted(each["name"] for each in one["secrets"]) for script, one in zip(scripts, found, strict=True)}


@pytest.mark.parametrize(("script", "read"), READS)
def test_secrets_are_followed_wherever_they_are_handed_on(
    names: dict[str, list[str]], script: str, read: list[str]
) -> None:
    assert names[script] == read


def exchange(body: str) -> str:
    """A hook of Client Credentials Exchange."""
    return f"module.exports = function (client, scope, audience, context, cb) {{ {body} }};"


SCOPES = [
    ("scope = ['a']; cb(null, { scope });", [EDIT]),
    ("scope = scope.filter((each) => each); cb(null, { scope });", [EDIT]),
    ("scope += ' a'; cb(null, { scope });", [EDIT]),
    ("scope[scope.length] = 'a'; cb(null, { scope });", [EDIT]),
    ("scope.length = 0; cb(null, { scope });", [EDIT]),
    ("scope.push('a'); cb(null, { scope });", [EDIT]),
    ("const mine = scope; mine.push('a'); cb(null, { scope: mine });", [EDIT]),
    ("const mine = [...scope, 'a']; cb(null, { scope: mine });", [EDIT]),
    ("cb(null, { scope: scope.concat('a') });", [EDIT]),
    ("const token = { scope }; token.scope = token.scope.concat('a'); cb(null, token);", [EDIT]),
    ("const token = { scope }; token['scope'] = []; cb(null, token);", [EDIT]),
    ("scope = scope || []; cb(null, { scope });", []),
    ("scope ||= []; cb(null, { scope });", []),
    ("if (!scope) scope = []; cb(null, { scope });", []),
    ("scope = scope ? scope : []; cb(null, { scope });", []),
    ("const mine = scope; cb(null, { scope: mine });", []),
    ("cb(null, { scope: Array.isArray(scope) ? scope : [] });", []),
    ("cb(null, { scope: scope && scope.slice() });", []),
    ("cb(null, { scope: [...scope] });", []),
    ("cb(false, { scope });", []),
    ("cb(new ServerError('no'));", []),
]
ANSWERS = [
    ("cb();", NO_ANSWER),
    ("cb(null);", NO_ANSWER),
    ("cb(null, null);", NO_ANSWER),
    ("cb(undefined, undefined);", NO_ANSWER),
    ("cb(null, void 0);", NO_ANSWER),
    ("cb(null, 0);", NO_ANSWER),
    ("cb(null, 'yes');", NO_ANSWER),
    ("cb(null, []);", NO_ANSWER),
    ("cb(null, {});", NO_SCOPE),
    ("const token = {}; cb(null, token);", NO_SCOPE),
    ("const token = { 'https://a.example/b': 1 }; cb(null, token);", NO_SCOPE),
]


@pytest.fixture(scope="module")
def told() -> dict[str, list[str]]:
    """The messages of hints for each body."""
    bodies = [*(body for body, _ in SCOPES), *(body for body, _ in ANSWERS)]
    found = look([exchange(body) for body in bodies], CREDENTIALS)
    return {body: [hint["message"] for hint in one["hints"]] for body, one in zip(bodies, found, strict=True)}


@pytest.mark.parametrize(("body", "messages"), SCOPES)
def test_scopes_that_are_changed_are_told_and_those_handed_on_are_not(
    told: dict[str, list[str]], body: str, messages: list[str]
) -> None:
    assert told[body] == messages


@pytest.mark.parametrize(("body", "message"), ANSWERS)
def test_what_is_told_of_an_answer_is_what_the_runner_makes_of_it(
    told: dict[str, list[str]], body: str, message: str
) -> None:
    assert message in told[body]
    first = run(exchange(body), CREDENTIALS).meaning[0].text
    assert first.startswith("The token has no scopes")
    assert ("not documented" in first) == (message == NO_ANSWER)
