"""A limit on tries to sign in, against guessing: per minute, for a username from one address and for one address.

Tries are counted before the password is checked, so that many at once do not slip through.
"""

import time
from contextlib import suppress

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

WINDOW = 60  # seconds
PER_USERNAME = 5
PER_ADDRESS = 30


def address_of(request: HttpRequest) -> str:
    """The address from which `request` came, behind a proxy too; "" where it is not known."""
    # Served over TLS there is a proxy in front, which adds the address that it was asked from as the last one.
    hops = str(request.META.get("HTTP_X_FORWARDED_FOR", "")) if settings.SESSION_COOKIE_SECURE else ""
    return hops.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", ""))


def seconds_to_wait(username: str, address: str) -> int:
    """Count one try. 0 when it may go on, else the seconds until the next one may."""
    window, passed = divmod(int(time.time()), WINDOW)
    # The address first: whoever has used that up makes no more entries, and so pushes none out.
    for key, most in ((_key("", address, window), PER_ADDRESS), (_key(username, address, window), PER_USERNAME)):
        cache.add(key, 0, timeout=WINDOW)
        if cache.incr(key) > most:
            return WINDOW - passed
    return 0


def forget(username: str, address: str) -> None:
    """Take back the tries of a person who has signed in."""
    window = int(time.time()) // WINDOW
    cache.delete(_key(username, address, window))
    # Where a new minute has begun meanwhile there is nothing to take back.
    with suppress(ValueError):
        cache.decr(_key("", address, window))


def _key(username: str, address: str, window: int) -> str:
    # Hex, since a cache key may hold no blanks or control characters; cut, since it may not be long either.
    return f"sign-in:{window}:{address}:{username.casefold().encode().hex()[:120]}"
