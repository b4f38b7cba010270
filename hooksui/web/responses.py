"""Failures as answers: one shape for scripts (JSON), one page for people; both keep what was typed."""

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

# Fields of a form that hold something a person wrote and would hate to lose. Never passwords or secrets.
_KEPT = ("name", "trigger", "script")


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


def _kept(request: HttpRequest) -> dict[str, str]:
    try:
        return {name: request.POST[name] for name in _KEPT if request.POST.get(name)}
    except (BadRequest, SuspiciousOperation):
        # What cannot be read cannot be shown either, and may be why this page is.
        return {}
