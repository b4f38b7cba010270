"""What is taken out of what a run says: values of secrets, paths of this machine, the sandbox's own words."""

import base64
import json
import time
from typing import Any
from urllib.parse import quote

import pytest

from hooksui.runner.redaction import everywhere, redactor, speak_plainly
from tests.runner.calling import call, error_of, printed, result_of

KEY = "-----BEGIN KEY-----\nMIIEow\nIBAAKC\n-----END KEY-----\n"


@pytest.mark.parametrize(
    ("value", "said", "shown"),
    [
        ("hunter22", "it is hunter22, hunter22", "it is [secret S], [secret S]"),
        ("hunter22", "hunter2 2", "hunter2 2"),
        ("a.c(", "a.c( abc( a.c", "[secret S] abc( a.c"),
        ("x", "x", "[secret S]"),
        ("", "nothing", "nothing"),
        ('a "quoted" one', r'{"key": "a \"quoted\" one"}', '{"key": "[secret S]"}'),
        ("tab\tand\\", r"tab\tand\\", "[secret S]"),
        ("pässword 🙂", r"p\u00e4ssword \ud83d\ude42", "[secret S]"),
        ("pässword", "pässword", "[secret S]"),
        (KEY, KEY, "[secret S]"),
        (KEY, KEY.replace("\n", "\\n"), "[secret S]"),
        (KEY, "first line\nMIIEow\nlast line", "first line\n[secret S]\nlast line"),
        ("a\nlonger line", "a longer line\na\nlonger line", "a [secret S]\n[secret S]"),
        ("[secret S]", "[secret S]", "[secret S]"),
        ("secret", "secret", "[secret S]"),
    ],
)
def test_the_value_of_a_secret_becomes_its_name(value: str, said: str, shown: str) -> None:
    assert redactor({"S": value})(said) == shown


def test_the_longest_value_wins() -> None:
    redact = redactor({"SHORT": "pass", "LONG": "password", "LONGER": "password-2"})
    assert redact("password-2 password pass") == "[secret LONGER] [secret LONG] [secret SHORT]"


def test_of_two_secrets_with_one_value_the_first_is_named() -> None:
    assert redactor({"ONE": "same", "TWO": "same"})("same") == "[secret ONE]"


def test_the_name_of_one_secret_is_not_read_as_the_value_of_another() -> None:
    assert redactor({"KEY": "value", "OTHER": "KEY"})("value KEY") == "[secret KEY] [secret OTHER]"


def test_without_secrets_a_text_stays_as_it_is() -> None:
    assert redactor({})("text") == "text"


@pytest.mark.parametrize(
    ("value", "changed"),
    [
        ("a", "A"),
        (["a", ["b"]], ["A", ["B"]]),
        ({"a": {"b": "c"}}, {"A": {"B": "C"}}),
        ([None, True, 7, 1.5], [None, True, 7, 1.5]),
        ({}, {}),
    ],
)
def test_every_text_of_a_value_is_changed(value: Any, changed: Any) -> None:
    assert everywhere(str.upper, value) == changed


def test_secrets_are_found_wherever_a_hook_puts_them() -> None:
    secrets = {"API_KEY": "q9-secret-value", "PEM": KEY}
    outcome = call(
        "const { API_KEY, PEM } = context.webtask.secrets; console.log('key', API_KEY, [PEM]);"
        "const error = new Error(`no ${API_KEY}`); error.data = { [API_KEY]: [JSON.stringify({ PEM })] }; cb(error);",
        secrets=secrets,
    )
    shown = json.dumps(everywhere(redactor(secrets), outcome.as_dict()))
    assert "[secret API_KEY]" in shown
    assert "[secret PEM]" in shown
    for part in ("q9-secret-value", "MIIEow", "IBAAKC"):
        assert part in json.dumps(outcome.as_dict())
        assert part not in shown


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (
            'Requires read access to "/etc/passwd", run again with the --allow-read flag',
            'The Runner denies read access to "/etc/passwd"',
        ),
        ("Requires run access, run again with the --allow-run flag", "The Runner denies run access"),
        ("Requires env access to TOKEN, run again with the --allow-env flag", "The Runner denies env access to TOKEN"),
        (
            'first Requires net access to "a.example:443", run again with the --allow-net flag last',
            'first The Runner denies net access to "a.example:443" (RUNNER_ALLOW_NET names the hosts that runs may'
            " reach) last",
        ),
        (
            "getaddrinfo EPERM a.example",
            'The Runner denies net access to "a.example" (RUNNER_ALLOW_NET names the hosts that runs may reach)',
        ),
        ("getaddrinfo ENOTFOUND a.example", "getaddrinfo ENOTFOUND a.example"),
        ("Requires nothing at all", "Requires nothing at all"),
        ("\ud800 and \udfff", "? and ?"),
        ("file:///data/set/node_modules/a/b.js:1:2", "node_modules/a/b.js:1:2"),
        ("at /data/set/node_modules/a/b.js:1:2", "at node_modules/a/b.js:1:2"),
        ("at /data/other/b.js", "at /data/other/b.js"),
        (
            "Error: x\n    at hook.js:1:2\n    at call (file:///app/hooksui/runner/program/hook.mjs:1:2)\n"
            "    at begin (file:///app/hooksui/deno/inside/sandbox.mjs:1:2)\n    at ext:core/a.js:1:1\n",
            "Error: x\n    at hook.js:1:2",
        ),
        ("    at ext:core/a.js:1:1", "    at ext:core/a.js:1:1"),
    ],
)
def test_what_the_sandbox_says_is_put_plainly(said: str, shown: str) -> None:
    assert speak_plainly(said, "/data/set") == shown


def test_no_path_of_this_machine_is_in_what_a_run_says() -> None:
    for body in (
        "null.x;",
        "setTimeout(() => null.x);",
        "cb(new Error('of the test'));",
        "console.trace('of the test'); console.log(new Error('of the test')); cb();",
        "require('fs').readFileSync('text');",
        "require('left');",
        "throw Object.assign(new Error(new Error('inner').stack), { data: new Error('inner').stack });",
    ):
        said = json.dumps(call(body).as_dict())
        assert ".mjs" not in said
        assert "/hooksui/" not in said, body


def test_lines_that_are_printed_keep_their_form() -> None:
    outcome = call("console.log('  a\\n\\n  b  '); console.log('    at ext:x'); cb(null, '    at ext:x\\n');")
    assert printed(outcome) == ["  a\n\n  b  ", "    at ext:x"]
    assert result_of(outcome) == "    at ext:x\n"
    assert error_of(call("cb(new Error('a\\n    at home'));"))["message"] == "a\n    at home"


def test_what_follows_a_stack_in_the_same_line_stays() -> None:
    outcome = call("console.error(Object.assign(new Error('m'), { code: 7 }), ['b']); cb();")
    (text,) = printed(outcome)
    assert ".mjs" not in text
    assert "code: 7" in text
    assert text.endswith("[ 'b' ]")


@pytest.mark.parametrize(
    "piece", ["\n", "\n   ", "\n \t", "\n at ", "\n at ext:", "Requires ", 'Requires a access to "', "ext:a "]
)
def test_what_a_hook_prints_takes_time_by_its_length_alone(piece: str) -> None:
    start = time.process_time()
    speak_plainly(piece * (300_000 // len(piece)) + "x")
    # With quadratic time it would be minutes.
    assert time.process_time() - start < 3


@pytest.mark.parametrize("value", ["sk-live-4f9a", "p\u00e4ss w\u00f6rd/+?", "a" * 40])
def test_encoded_forms_of_a_secret_are_taken_out(value: str) -> None:
    redact = redactor({"API_KEY": value})
    whole = value.encode()
    for before in ("", "a", "ab", "user:"):
        for after in ("", "b", "bc"):
            content = before.encode() + whole + after.encode()
            for encoded in (base64.b64encode(content), base64.urlsafe_b64encode(content)):
                text = redact(f"Basic {encoded.decode()}")
                assert "[secret API_KEY]" in text, (before, after)
    assert redact(f"https://a.example/?key={quote(value, safe='')}&b") == "https://a.example/?key=[secret API_KEY]&b"
    assert redact("nothing of it") == "nothing of it"
