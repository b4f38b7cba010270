"""The faults: what may come in place of the right answer of a Management API."""

import gzip
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from tests.fakes import Manner, Reply
from tests.fakes.management_api import refusal

STRANGER = "<script>alert(1)</script>"  # markup of a stranger; no page may have it as it is
_ENVELOPE = '{"statusCode": 500, "error": "Internal Server Error", "message": "Internal error"}'


@dataclass(frozen=True)
class Fault:
    """A fault: `spoil` makes what goes out of the right answer.

    `shaped` says that it needs that answer and changes only what is in it, so that what was asked for is done.
    `slow` says that a client waits for it until its own limit. `refuses`: it says plainly that nothing was done.
    `plausible`: it may be the right answer to a change of secrets. `lies`: it tells another tenant than there is, so
    that only what no answer may bring about is judged.
    """

    family: str
    name: str
    spoil: Callable[[Reply], Reply]
    shaped: bool = False
    slow: bool = False
    refuses: bool = False
    plausible: bool = False
    lies: bool = False


def _instead(reply: Reply) -> Callable[[Reply], Reply]:
    return lambda right: reply


def _manner(manner: Manner) -> Callable[[Reply], Reply]:
    return lambda right: replace(right, manner=manner)


def _raw(head: bytes) -> Callable[[Reply], Reply]:
    """`head`, and behind it the body of the right answer."""
    return lambda right: Reply(200, head + right.content, manner=Manner.RAW)


def _bytes(change: Callable[[bytes], bytes]) -> Callable[[Reply], Reply]:
    return lambda right: replace(right, body=change(right.content))


def _items(change: Callable[[dict[str, Any], int], dict[str, Any]]) -> Callable[[Reply], Reply]:
    """Each hook of the answer through `change`; it gets the hook and its number in the list."""

    def spoil(right: Reply) -> Reply:
        body = json.loads(right.content or b"null")
        if isinstance(body, dict) and isinstance(body.get("hooks"), list):
            body["hooks"] = [change(hook, number) for number, hook in enumerate(body["hooks"])]
        elif isinstance(body, dict) and "triggerId" in body:
            body = change(body, 0)
        return right if body is None else replace(right, body=json.dumps(body).encode())

    return spoil


def _every(value: Any) -> Callable[[dict[str, Any], int], dict[str, Any]]:
    return lambda hook, number: {name: old if name == "id" else value for name, old in hook.items()}


def _with(**fields: Any) -> Callable[[dict[str, Any], int], dict[str, Any]]:
    return lambda hook, number: {**hook, **fields}


def _total(number: int) -> Callable[[Reply], Reply]:
    def spoil(right: Reply) -> Reply:
        is_list = isinstance(right.body, dict) and "hooks" in right.body
        return replace(right, body={**right.body, "total": number}) if is_list else right

    return spoil


def _plain_list(right: Reply) -> Reply:
    is_list = isinstance(right.body, dict) and "hooks" in right.body
    return replace(right, body=right.body["hooks"]) if is_list else right


def _limited(**headers: str) -> Callable[[Reply], Reply]:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return _instead(refusal(429, "Global limit has been reached", "too_many_requests", names))


_HTML = {"Content-Type": "text/html"}
_PAGE = f"<html>{STRANGER}<h1>Sign in to the Wi-Fi</h1></html>".encode()
_OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
_WEIRD = "\u202eevil\u202c\x00 " + STRANGER + "{{ 7 }}{% now 'Y' %}\r\nSet-Cookie: x=y"

_TRANSPORT = (
    Fault("transport", "closed before an answer", _manner(Manner.DROPPED)),
    Fault("transport", "reset before an answer", _manner(Manner.RESET)),
    Fault("transport", "closed in the head", _instead(Reply(body=b"HTTP/1.1 200 OK\r\nContent-Ty", manner=Manner.RAW))),
    Fault(
        "transport",
        "closed behind the head",
        _instead(Reply(body=_OK + b"Content-Length: 9\r\n\r\n", manner=Manner.RAW)),
    ),
    Fault("transport", "closed in the body", _manner(Manner.CUT)),
    Fault("transport", "no answer", _manner(Manner.SILENT), slow=True),
    Fault("transport", "no HTTP", _raw(b"ICY 200 OK\r\n\r\n")),
    Fault(
        "transport",
        "nothing but 100 Continue",
        _instead(Reply(body=b"HTTP/1.1 100 Continue\r\n\r\n" * 500, manner=Manner.RAW)),
    ),
    Fault("transport", "a header of 100,000 characters", _raw(_OK + b"X-A: " + b"a" * 100_000 + b"\r\n\r\n")),
    Fault("transport", "2,000 headers", _raw(_OK + b"X-A: a\r\n" * 2_000 + b"\r\n")),
    Fault("transport", "a bad chunk", _raw(_OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n")),
    Fault("transport", "a negative length", _raw(_OK + b"Content-Length: -5\r\n\r\n"), plausible=True),
    Fault("transport", "answers in small chunks", _manner(Manner.CHUNKED), shaped=True),
    Fault("transport", "closes after each answer", _manner(Manner.LAST), shaped=True),
)
_STATUS = (
    Fault("status", "401", _instead(refusal(401, "Invalid token")), refuses=True),
    Fault(
        "status",
        "403 for a scope",
        _instead(refusal(403, "Insufficient scope, expected any of: read:hooks", "insufficient_scope")),
        refuses=True,
    ),
    Fault(
        "status",
        "403 of a firewall",
        _instead(refusal(403, f"Blocked by policy {STRANGER} {{0}} %s", "access_denied")),
        refuses=True,
    ),
    Fault(
        "status",
        "403 for Hooks",
        _instead(refusal(403, "Insufficient privileges to use this deprecated feature.", "hooks_not_allowed")),
        refuses=True,
    ),
    Fault(
        "status",
        "404 without an envelope",
        _instead(Reply(404, b"Not found", {"Content-Type": "text/plain"})),
        refuses=True,
    ),
    Fault(
        "status",
        "404 of a hook",
        _instead(refusal(404, "Error: Hook does not exist", "HookDoesNotExist")),
        refuses=True,
    ),
    Fault("status", "400", _instead(refusal(400, "Payload validation error: 'x'", "invalid_body")), refuses=True),
    Fault("status", "409", _instead(refusal(409, "A conflict of some kind")), refuses=True),
    Fault("status", "410", _instead(refusal(410, "Gone")), refuses=True),
    Fault("status", "413", _instead(refusal(413, "Payload Too Large")), refuses=True),
    Fault("status", "500", _instead(refusal(500, "Internal error"))),
    Fault("status", "502 of a proxy", _instead(Reply(502, _PAGE, _HTML))),
    Fault("status", "503", _instead(Reply(503, b"<h1>Service Unavailable</h1>", _HTML))),
    Fault("status", "999", _instead(Reply(999, {}))),
    Fault(
        "status",
        "302 to elsewhere",
        _instead(Reply(302, headers={"Location": "http://127.0.0.1:9/stolen"})),
        refuses=True,
    ),
    Fault(
        "status",
        "307 to elsewhere",
        _instead(Reply(307, headers={"Location": "http://127.0.0.1:9/stolen"})),
        refuses=True,
    ),
)
_LIMIT = (
    Fault(
        "limit",
        "429 with headers",
        lambda right: _limited(
            Retry_After="1",
            x_ratelimit_limit="10",
            x_ratelimit_remaining="0",
            x_ratelimit_reset=str(int(time.time()) + 1),
        )(right),
        slow=True,
        refuses=True,
    ),
    Fault(
        "limit",
        "429 without a word",
        _instead(Reply(429, b"slow down", {"Content-Type": "text/plain"})),
        slow=True,
        refuses=True,
    ),
    Fault("limit", "429 for a day", _limited(Retry_After="86400"), refuses=True),
)
_BODY = (
    Fault("body", "200 with a page", _instead(Reply(200, _PAGE, _HTML))),
    Fault("body", "200 with a page of JSON's type", _instead(Reply(200, _PAGE))),
    Fault("body", "200 with nothing", _instead(Reply(200)), plausible=True),
    Fault("body", "200 with null", _instead(Reply(200, b"null"))),
    Fault("body", "200 with a list", _instead(Reply(200, b"[]"))),
    Fault("body", "200 with an object", _instead(Reply(200, b"{}")), plausible=True),
    Fault("body", "200 with a number", _instead(Reply(200, b"42"))),
    Fault("body", "200 with a text", _instead(Reply(200, b'"done"'))),
    Fault("body", "200 with an error's envelope", _instead(Reply(200, _ENVELOPE.encode()))),
    Fault("body", "202 with an object", _instead(Reply(202, b"{}")), plausible=True),
    Fault("body", "204", _instead(Reply(204)), plausible=True),
    Fault("body", "half of the JSON", _bytes(lambda content: content[: len(content) // 2]), shaped=True),
    Fault("body", "100,000 brackets", _instead(Reply(200, b"[" * 100_000))),
    Fault("body", "100,000 objects", _instead(Reply(200, b'{"a":' * 100_000))),
    Fault(
        "body",
        "gzip that is none",
        lambda right: replace(right, body=right.content or b"x", headers={"Content-Encoding": "gzip"}),
    ),
    Fault(
        "body",
        "100 MB of zeros, compressed",
        _instead(Reply(200, gzip.compress(bytes(100_000_000)), {"Content-Encoding": "gzip"})),
    ),
    Fault("body", "bytes that are no UTF-8", _bytes(lambda content: content.replace(b"a", b"\xff")), shaped=True),
    Fault("body", "a mark of the byte order", _bytes(lambda content: b"\xef\xbb\xbf" + content), shaped=True),
    Fault("body", "another type", lambda right: replace(right, headers={"Content-Type": "text/plain"}), shaped=True),
    Fault(
        "body", "a cookie", lambda right: replace(right, headers={"Set-Cookie": "sessionid=evil; Path=/"}), shaped=True
    ),
    Fault("body", "compressed", _manner(Manner.GZIP), shaped=True),
)
_SHAPE = (
    Fault("shape", "the ids of another hook", _items(_with(id="01HOOKOTHER")), shaped=True, lies=True),
    Fault("shape", "one id for all", _items(_with(id=f"01HOOK{1:020}")), shaped=True, lies=True),
    Fault("shape", "one name for all", _items(_with(name="alpha")), shaped=True, lies=True),
    Fault("shape", "all enabled", _items(_with(enabled=True)), shaped=True, lies=True),
    Fault("shape", "nulls", _items(_every(None)), shaped=True),
    Fault("shape", "numbers", _items(_every(7)), shaped=True),
    Fault("shape", "lists", _items(_every([{}])), shaped=True),
    Fault("shape", "objects", _items(_every({"a": {"b": [1]}})), shaped=True),
    Fault("shape", "nothing but ids", _items(lambda hook, number: {"id": hook.get("id")}), shaped=True),
    Fault("shape", "no ids", _items(lambda hook, number: {n: v for n, v in hook.items() if n != "id"}), shaped=True),
    Fault("shape", "paths for ids", _items(_with(id="../../../etc/passwd")), shaped=True),
    Fault(
        "shape",
        "odd modules",
        _items(_with(dependencies={"a": 1, "b": None, "c": ["x"], "": {}, "d\x00": "\ud800"})),
        shaped=True,
    ),
    Fault("shape", "odd names", _items(_with(name=_WEIRD)), shaped=True, lies=True),
    Fault("shape", "odd points", _items(_with(triggerId=_WEIRD)), shaped=True, lies=True),
    Fault(
        "shape",
        "odd scripts",
        _items(
            lambda hook, number: {**hook, "script": f"// </textarea>{STRANGER} \ud800 \x00\n{hook.get('script', '')}"}
        ),
        shaped=True,
    ),
    Fault("shape", "a total of 19,999", _total(19_999), shaped=True),
    Fault("shape", "a total of 1", _total(1), shaped=True, lies=True),
    Fault("shape", "a total of -1", _total(-1), shaped=True),
    Fault("shape", "a list without a total", _plain_list, shaped=True),
)

FAULTS = _TRANSPORT + _STATUS + _LIMIT + _BODY + _SHAPE
