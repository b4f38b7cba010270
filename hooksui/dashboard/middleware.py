"""What happens around every request on account of the tenants' hooks."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from hooksui.accounts.throttle import address_of
from hooksui.hooks import changes

_View = Callable[[HttpRequest], HttpResponse]


def acting(get_response: _View) -> _View:
    """Let the log of changes know who asks, and from where."""

    def middleware(request: HttpRequest) -> HttpResponse:
        changes.acting.set(lambda: changes.Actor(request.user.get_username(), address_of(request)))
        # Like the request's number it stays set: an answer that is told line by line goes on after this has returned.
        return get_response(request)

    return middleware
