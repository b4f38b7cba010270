"""The way of this process to its own Management API: an adapter for a `requests` session, without a socket."""

import io
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

import requests
from django.core.handlers.wsgi import WSGIRequest
from django.urls import resolve
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from urllib3.response import HTTPResponse


class EmbeddedAdapter(BaseAdapter):
    """Hands each request to the embedded Management API's own views, in this thread: no socket, no second process."""

    # The views share the caller's database connection, which belongs to its thread.
    parallel = 1
    # Calls in this process are not limited, whatever the headers of their answers say.
    paced = False

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: float | tuple[float, float] | tuple[float, None] | None = None,
        verify: bool | str = True,
        cert: bytes | str | tuple[bytes | str, bytes | str] | None = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """Answer `request` from the view that its path names; the options of real sockets have no meaning here."""
        incoming = _wsgi_request(request)
        match = resolve(incoming.path_info, urlconf="hooksui.embedded.urls")
        answer = match.func(incoming, *match.args, **match.kwargs)
        response = requests.Response()
        response.status_code = answer.status_code
        response.headers = CaseInsensitiveDict(answer.items())
        response.raw = HTTPResponse(io.BytesIO(answer.content), preload_content=False)
        response.request = request
        response.url = request.url or ""
        return response

    def close(self) -> None:
        """Nothing is held open."""


def _wsgi_request(request: requests.PreparedRequest) -> WSGIRequest:
    url = urlsplit(str(request.url))
    body = request.body or b""
    content = body.encode("utf-8") if isinstance(body, str) else bytes(body)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        # WSGI hands over paths as bytes in the guise of Latin-1 (PEP 3333).
        "PATH_INFO": unquote(url.path, encoding="latin-1"),
        "QUERY_STRING": url.query,
        "SERVER_NAME": url.hostname,
        "SERVER_PORT": "80",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": url.scheme,
        "wsgi.input": io.BytesIO(content),
        "CONTENT_LENGTH": str(len(content)),
        "CONTENT_TYPE": request.headers.get("Content-Type", ""),
        "HTTP_HOST": url.netloc,
        # The network cannot set this one: what comes from there is called HTTP_….
        "hooksui.in_process": True,
    }
    for name, value in request.headers.items():
        environ.setdefault("HTTP_" + name.upper().replace("-", "_"), value)
    return WSGIRequest(environ)
