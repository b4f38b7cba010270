"""A real browser on a small page around the code editor, served under the production content security policy."""

import secrets
from collections.abc import Iterator
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page

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


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[Page]:
    """One tab for a file: in a new one the language service, which is large, would be compiled anew."""
    with browser.new_context() as context:
        yield context.new_page()


@pytest.fixture
def page(tab: Page, address: str) -> Iterator[Page]:
    """The page, loaded anew for each test, before its editor is opened.

    Fails the test on anything in the console and on policy violations.
    """
    complaints: list[str] = []

    def note_message(message: ConsoleMessage) -> None:
        # Requests fail where a test makes them.
        if "Failed to load resource" not in message.text:
            complaints.append(f"{message.type}: {message.text}")

    def note_error(error: Error) -> None:
        complaints.append(str(error))

    tab.on("console", note_message)
    tab.on("pageerror", note_error)
    tab.mouse.move(0, 0)
    tab.goto(address)
    yield tab
    complaints += tab.evaluate("seen.violations")
    tab.remove_listener("console", note_message)
    tab.remove_listener("pageerror", note_error)
    tab.unroute_all()
    assert complaints == []
