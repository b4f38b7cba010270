"""Connections that come about or do not: certificates, proxies, tunnels, addresses."""

import datetime
import ipaddress
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from hooksui.auth0.connection import Connection
from hooksui.auth0.errors import (
    UnreachableError,
)
from hooksui.auth0.hooks import Hooks
from hooksui.auth0.transport import PooledAdapter
from tests.fakes import FakeApi
from tests.fakes.management_api import CLIENT_SECRET


def read(origin: str, *, timeout: float = 5) -> Any:
    """GET the hooks of a tenant at `origin` with a given token, once."""
    return Connection(origin, PooledAdapter(), token="t", timeout=timeout).request("GET", "hooks", scope="read:hooks")


def why_unreachable(origin: str, *, timeout: float = 5) -> str:
    """The reason for which no connection to `origin` comes about."""
    with pytest.raises(UnreachableError) as caught:
        read(origin, timeout=timeout)
    return caught.value.reason


@pytest.fixture
def full_port() -> Iterator[int]:
    """A port whose queue of new connections is full, so that further ones wait for ever."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for client in waiting:
            client.setblocking(False)
            client.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]
        for client in waiting:
            client.close()


@pytest.fixture
def self_signed(tmp_path: Path) -> tuple[str, str]:
    """Files of a certificate for 127.0.0.1 that nobody vouches for, and of its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "fake")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .sign(key, hashes.SHA256())
    )
    (tmp_path / "chain.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    (tmp_path / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return str(tmp_path / "chain.pem"), str(tmp_path / "key.pem")


def test_a_connection_that_does_not_come_about_in_time_says_so(full_port: int) -> None:
    assert why_unreachable(f"http://127.0.0.1:{full_port}", timeout=0.2) == "no connection within 0.2 seconds"


def test_a_certificate_that_nobody_vouches_for_is_not_taken(self_signed: tuple[str, str]) -> None:
    with FakeApi(certificate=self_signed) as api:
        assert "certificate is not trusted" in why_unreachable(api.origin)
        assert api.requests == []


def test_a_certificate_of_an_own_authority_is_taken(
    fake_api: FakeApi, self_signed: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", self_signed[0])
    with FakeApi(certificate=self_signed) as api:
        api.tokens.add("t")
        assert read(api.origin) == []


def test_a_lost_tls_connection_is_opened_anew(self_signed: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", self_signed[0])
    with FakeApi(certificate=self_signed) as api:
        api.tokens.add("t")
        connection = Connection(api.origin, PooledAdapter(), token="t")
        for _ in range(2):
            assert connection.request("GET", "hooks", scope="read:hooks") == []
            api.close_connections()
        assert api.connections == 2


@pytest.mark.parametrize("content", ["", "no certificate"])
def test_authorities_that_cannot_be_read_are_named_as_the_cause(
    tmp_path: Path, self_signed: tuple[str, str], monkeypatch: pytest.MonkeyPatch, content: str
) -> None:
    bundle = tmp_path / "bundle.pem"
    if content:
        bundle.write_text(content)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(bundle))
    with FakeApi(certificate=self_signed) as api:
        assert why_unreachable(api.origin) == "the certificates that REQUESTS_CA_BUNDLE names cannot be read"
        assert api.connections == 0


def test_a_server_without_tls_is_no_https_server(fake_api: FakeApi) -> None:
    assert "TLS connection failed" in why_unreachable(fake_api.origin.replace("http://", "https://"))


def test_a_proxy_that_is_down_is_named_as_the_cause(fake_api: FakeApi, monkeypatch: pytest.MonkeyPatch) -> None:
    with FakeApi() as gone:
        proxy = gone.origin
    monkeypatch.setenv("HTTP_PROXY", proxy)
    assert why_unreachable(fake_api.origin) == "the proxy rejected the request"
    monkeypatch.setenv("HTTP_PROXY", "nonsense://[")
    assert why_unreachable(fake_api.origin) == "its address or the proxy's cannot be used"
    assert fake_api.requests == []


def test_a_proxy_that_is_up_is_used(fake_api: FakeApi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", fake_api.origin)
    fake_api.tokens.add("t")
    assert read("http://tenant.example") == []
    assert [call.headers["host"] for call in fake_api.requests] == ["tenant.example"]


@pytest.fixture
def tunnel() -> Iterator[tuple[str, list[bytes]]]:
    """The address of a proxy that opens tunnels with CONNECT (RFC 9110, 9.3.6), and the heads of such requests."""
    heads: list[bytes] = []

    def pass_on(here: socket.socket, there: socket.socket) -> None:
        # Whoever does not trust the other resets the connection. When one side has ended, so has the other.
        with suppress(OSError):
            while piece := here.recv(65536):
                there.sendall(piece)
        with suppress(OSError):
            here.shutdown(socket.SHUT_RDWR)
        with suppress(OSError):
            there.shutdown(socket.SHUT_RDWR)

    class Tunnel(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            head = self.request.recv(65536)
            heads.append(head)
            host, _, port = head.split()[1].decode().rpartition(":")
            self.request.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            with socket.create_connection((host, int(port))) as there:
                back = threading.Thread(target=pass_on, args=(there, self.request))
                back.start()
                pass_on(self.request, there)
                back.join()

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Tunnel) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,)).start()
        yield f"http://127.0.0.1:{server.server_address[1]}", heads
        server.shutdown()


def test_a_tunnel_through_a_proxy_trusts_the_same_authorities(
    tunnel: tuple[str, list[bytes]], self_signed: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy, heads = tunnel
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    with FakeApi(certificate=self_signed) as api:
        api.tokens.add("t")
        assert "certificate is not trusted" in why_unreachable(api.origin)
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", self_signed[0])
        assert read(api.origin) == []
    assert [head.split()[0] for head in heads] == [b"CONNECT", b"CONNECT"]


def test_an_ipv6_origin_is_reached() -> None:
    with FakeApi("::1") as api:
        connection = Connection(api.origin, PooledAdapter(), client_id="fake-client-id", client_secret=CLIENT_SECRET)
        assert Hooks(connection).all() == []
