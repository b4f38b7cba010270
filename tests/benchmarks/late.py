"""The dashboard with an embedded Management API that is as far away, and is counted, as the environment says.

`application` is the server's. Every answer comes LATENCY seconds late; that of a call, unlike those of `/oauth/token`,
leaves its status as a line in the file CALLS.
"""

import os
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_LATENCY = float(os.environ.get("LATENCY", "0"))
_CALLS = os.environ.get("CALLS", os.devnull)


def application(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    """As the dashboard answers, later."""
    # Imported where it is served, not where its name is needed.
    from hooksui.wsgi import application as dashboard

    def note(status: str, *rest: Any) -> Any:
        # Lines of one write never mix.
        with open(_CALLS, "a") as calls:
            calls.write(f"{status[:3]}\n")
        return start_response(status, *rest)

    time.sleep(_LATENCY)
    is_call = environ["PATH_INFO"].startswith("/api/v2/")
    return dashboard(environ, note if is_call else start_response)
