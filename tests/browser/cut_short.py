"""The dashboard behind a connection that breaks after the last line of an export, once the FIFO `CUT` is written to."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


def application(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    """As the dashboard answers, but for the end of an export."""
    # Imported where it is served, not where its name is needed.
    from hooksui.wsgi import application as dashboard

    answer = dashboard(environ, start_response)
    is_export = environ["REQUEST_METHOD"] == "POST" and environ["PATH_INFO"].endswith("/export/")
    return _cut_short(answer) if is_export else answer


def _cut_short(answer: Iterable[bytes]) -> Iterator[bytes]:
    yield from answer
    # Whoever reads a FIFO waits until somebody writes.
    Path(os.environ["CUT"]).read_bytes()
    raise ConnectionAbortedError
