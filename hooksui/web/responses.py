"""Answers of one shape: failures, for scripts and for people, and what is told line by line."""

import json
import logging
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing
from typing import Any

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render

from hooksui.web import logs

log = logging.getLogger(__name__)

# Fields of a form that hold something a person wrote and would hate to lose. Never passwords or values of secrets.
_KEPT = ("name", "version", "key", "trigger", "script")


def wants_json(request: HttpRequest) -> bool:
    """Whether one of our own scripts asks (they accept JSON only)."""
    return not request.accepts("text/html") and request.accepts("application/json")


def failure(
    request: HttpRequest, status: int, message: str, *, kind: str = "", title: str = "", seconds: int = 0
) -> HttpResponse:
    """An answer with `status` that says `message`.

    For a script: `{"error": {"message", "kind"}}`. For a person: a page headed `title` that also shows, ready to be
    copied, what the form had sent. `kind` is a word that scripts act on; `seconds` becomes Retry-After.
    """
    response: HttpResponse
    if wants_json(request):
        response = JsonResponse({"error": {"message": message, "kind": kind}}, status=status)
    else:
        page = {"title": title or message, "message": message, "kept": _kept(request), "kind": kind}
        response = render(request, "web/failure.html", page, status=status)
    if seconds:
        response["Retry-After"] = str(seconds)
    return response


def json_lines(events: Generator[Mapping[str, Any]]) -> StreamingHttpResponse:
    """`events` as lines of JSON, each sent as it comes. Where the person is gone, `events` is closed.

    A failure of our own is logged and ends the lines with `{"error": {"message", "kind"}}`.
    """
    response = StreamingHttpResponse(_lines(events), content_type="application/x-ndjson")
    # A proxy that collects an answer before it hands it on would hide what happens meanwhile.
    response["X-Accel-Buffering"] = "no"
    response["Cache-Control"] = "no-store"
    return response


def _lines(events: Generator[Mapping[str, Any]]) -> Iterator[bytes]:
    number = logs.current_request.get()
    with closing(events):
        try:
            for event in events:
                yield _line(event)
        except Exception:
            # The status has gone out: without a word of it the answer would only break off.
            log.exception("What was told line by line failed half way.")
            yield _line({"error": {"message": own_fault_message(number), "kind": "own-fault"}})


def own_fault_message(number: str) -> str:
    """The sentence for a failure of our own; the log has more of it under the request's `number`."""
    return f"Something failed on our side. Give your admin the number {number}."


def _line(event: Mapping[str, Any]) -> bytes:
    return json.dumps(event, cls=DjangoJSONEncoder).encode() + b"\n"


def _kept(request: HttpRequest) -> dict[str, str]:
    try:
        return {name: request.POST[name] for name in _KEPT if request.POST.get(name)}
    except (BadRequest, SuspiciousOperation, MultiPartParserError, UnreadablePostError):
        # What cannot be read cannot be shown either, and may be why this page is.
        return {}
