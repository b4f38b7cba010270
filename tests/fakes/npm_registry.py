"""A registry of npm on a loopback socket: the metadata of packages, and their tarballs.

    with FakeRegistry() as registry:
        registry.publish("left", "1.0.0", {"index.js": "module.exports = 1;"})
        monkeypatch.setenv("NPM_CONFIG_REGISTRY", registry.origin)
        registry.requests                      # paths that were asked for
        registry.answers["/left"] = (500, b"")  # instead of what would be answered
    registry.of("left")["dist-tags"] = None  # what is told of a package, to be spoiled

Every request is recorded before it is answered, and answered only while `open` is set.
"""

import base64
import hashlib
import io
import json
import tarfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote


class FakeRegistry:
    """An empty registry until something is published."""

    def __init__(self) -> None:
        self.requests: list[str] = []
        self.answers: dict[str, tuple[int, bytes]] = {}
        self.open = threading.Event()
        self.open.set()
        self._packages: dict[str, dict[str, Any]] = {}
        self._tarballs: dict[str, bytes] = {}
        registry = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                path = unquote(self.path)
                registry.requests.append(path)
                registry.open.wait()
                status, body = registry._answer(path)
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:
                """Keeps requests out of the test output."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.origin = f"http://127.0.0.1:{self._server.server_port}"

    def publish(self, name: str, version: str, files: dict[str, str], **about: Any) -> None:
        """Publish a version of a package; `about` is what its package.json has besides. The last one is the latest."""
        package = {"name": name, "version": version, **about}
        self.publish_tarball(name, version, _tarball({"package.json": json.dumps(package), **files}), **about)

    def publish_tarball(self, name: str, version: str, tarball: bytes, **about: Any) -> None:
        """Publish a version of a package whose tarball is made elsewhere, `about` is what the registry tells of it."""
        package = {"name": name, "version": version, **about}
        path = f"/{name}/-/{name.rpartition('/')[2]}-{version}.tgz"
        self._tarballs[path] = tarball
        integrity = "sha512-" + base64.b64encode(hashlib.sha512(tarball).digest()).decode()
        dist = {
            "tarball": self.origin + path,
            "integrity": integrity,
            "shasum": hashlib.sha1(tarball, usedforsecurity=False).hexdigest(),
        }
        scripts = {"hasInstallScript": True} if "scripts" in about else {}
        known = self._packages.setdefault(name, {"name": name, "dist-tags": {}, "versions": {}})
        known["versions"][version] = package | scripts | {"dist": dist}
        known["dist-tags"]["latest"] = version

    def of(self, name: str) -> dict[str, Any]:
        """What the registry tells of a package."""
        return self._packages[name]

    def _answer(self, path: str) -> tuple[int, bytes]:
        if path in self.answers:
            return self.answers[path]
        if path in self._tarballs:
            return 200, self._tarballs[path]
        if found := self._packages.get(path.removeprefix("/")):
            return 200, json.dumps(found).encode()
        return 404, b'{"error": "Not found"}'

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.open.set()
        self._server.shutdown()
        self._server.server_close()


def _tarball(files: dict[str, str]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, text in files.items():
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(text.encode())
            archive.addfile(member, io.BytesIO(text.encode()))
    return packed.getvalue()
