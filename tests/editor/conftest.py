"""A real browser on a small page around the code editor, served under the production content security policy."""

import secrets
from collections.abc import Iterator
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from hooksui.catalogue import points

PAGE = Path(__file__).parent / "page"
STATIC = Path(__file__).parents[2] / "static"
CATALOGUE = Path(__file__).parents[2] / "hooksui" / "catalogue" / "points"
TYPES = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".css": "text/css",
    ".ts": "text/plain",
}
FILES = {
    "/": PAGE / "index.html",
    "/page.js": PAGE / "page.js",
    "/page.css": PAGE / "page.css",
    "/code.css": STATIC / "css" / "code.css",
    **{f"/dist/{file.name}": file for file in (STATIC / "dist").iterdir()},
    **{f"/types/{trigger}.d.ts": CATALOGUE / trigger / "types.d.ts" for trigger in points()},
}


class EditorPage(BaseHTTPRequestHandler):
    """Serves the page with a fresh nonce each time."""

    def do_GET(self) -> None:
        file = FILES.get(self.path)
        if file is None:  # the browser asks for an icon
            self.send_response(HTTPStatus.NO_CONTENT)
            self.end_headers()
            return
        nonce = secrets.token_urlsafe(16)
        body = file.read_bytes().replace(b"NONCE", nonce.encode()) if file.suffix == ".html" else file.read_bytes()
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", f"{TYPES[file.suffix]}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header(
            "Content-Security-Policy",
            f"default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self'; "
            "connect-src 'self'; worker-src 'self'; require-trusted-types-for 'script'; trusted-types language-service",
        )
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Keeps requests out of the test output."""


@pytest.fixture(scope="package")
def address() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), EditorPage) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The page before its editor is opened; fails the test on anything in the console and on policy violations."""
    with browser.new_context() as context:
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda message: _note(complaints, message.type, message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(address)
        yield page
        complaints += page.evaluate("seen.violations")
        assert complaints == []


def _note(complaints: list[str], kind: str, text: str) -> None:
    """Requests fail where a test makes them."""
    if "Failed to load resource" not in text:
        complaints.append(f"{kind}: {text}")
