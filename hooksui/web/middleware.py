"""What happens around every request: a number to find it by in the log, headers of pages, and who must sign in."""

import secrets
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from hooksui.web import logs
from hooksui.web.responses import failure, wants_json

_YEAR = 365 * 86_400  # seconds
_View = Callable[[HttpRequest], HttpResponse]


def request_id(get_response: _View) -> _View:
    """Give each request a number that error messages, the log and the header `X-Request-Id` share."""

    def middleware(request: HttpRequest) -> HttpResponse:
        number = secrets.token_hex(4)
        # It stays set until the thread's next request: Django writes of the answer when this has returned.
        logs.current_request.set(number)
        response = get_response(request)
        response["X-Request-Id"] = number
        return response

    return middleware


def page_headers(get_response: _View) -> _View:
    """Pages show scripts: keep them out of caches, and features that none of them uses out of reach."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        if settings.SESSION_COOKIE_SECURE:
            # People come by HTTPS, whatever a proxy speaks behind it.
            response["Strict-Transport-Security"] = f"max-age={_YEAR}"
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        response["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        return response

    return middleware


class SignInRequired(LoginRequiredMiddleware):
    """Every view needs a signed-in person, except those marked `login_not_required`."""

    # Django's own returns redirects only, and its caller takes any response.
    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseBase:
        """Lead to the sign-in page; but what a form sent is answered, so that nothing typed is lost on the way."""
        if request.method == "POST" or wants_json(request):
            kept = "; what you typed was kept in this browser" if wants_json(request) else ""
            message = f"You were signed out. Sign in to go on{kept}."
            return failure(request, 401, message, kind="signed-out", title="You were signed out")
        response: HttpResponseBase = super().handle_no_permission(request, view_func)
        return response
