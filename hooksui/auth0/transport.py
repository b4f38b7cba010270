"""Ways of a request to a Management API: what a connection asks of an adapter, and the one over the network."""

import http.client
import io
import socket
import ssl
import time
from functools import cache
from typing import Any, Protocol

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.util.ssl_ import create_urllib3_context


class Adapter(Protocol):
    """An adapter for a `requests` session, and what a connection has to know of it.

    Up to `parallel` calls may go out side by side. `paced` says whether the API on the other side limits how many.
    """

    parallel: int
    paced: bool

    def send(self, request: requests.PreparedRequest) -> requests.Response:
        """The answer to `request`; a session hands over its options by name."""

    def close(self) -> None:
        """Let go of what is held open."""


# Connections kept open to one tenant; more are opened when needed and closed afterwards.
POOL_SIZE = 64


class _TimedReader(io.RawIOBase):
    """Reads from a socket within one time limit, that of the socket, which by itself starts anew at each read."""

    def __init__(self, reader: io.RawIOBase, connection: socket.socket) -> None:
        self._reader = reader
        self._connection = connection
        limit = connection.gettimeout()
        self._deadline = None if limit is None else time.monotonic() + limit

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """As of any raw reader. Raises TimeoutError when the time is over."""
        if self._deadline is not None:
            left = self._deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self._connection.settimeout(left)
        return self._reader.readinto(buffer)

    def close(self) -> None:
        """Close the reader, and with it the socket if nobody else holds it."""
        self._reader.close()
        super().close()


class _TimedResponse(http.client.HTTPResponse):
    """An answer whose head and body have to come within one time limit together: that of the socket."""

    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        reader = self.fp.detach()
        self.fp = io.BufferedReader(_TimedReader(reader, sock))


class _Connection(urllib3.connection.HTTPConnection):
    response_class = _TimedResponse


class _TlsConnection(urllib3.connection.HTTPSConnection):
    response_class = _TimedResponse

    def connect(self) -> None:
        # A proxy that speaks TLS has to be trusted by the same authorities, and gets its own context from them.
        if self.ssl_context is None and (self.proxy is None or self.proxy.scheme == "http"):
            self.ssl_context = _trusting(self.ca_certs, self.ca_cert_dir)
            # Or they would be read into it once more.
            self.ca_certs = self.ca_cert_dir = None
        super().connect()


@cache
def _trusting(file: str | None, folder: str | None) -> ssl.SSLContext:
    """A context for connections that trusts the authorities in `file` or `folder`.

    It is kept, since to read them costs more than a handshake. Raises OSError where they cannot be read.
    """
    context = create_urllib3_context()
    context.load_verify_locations(file, folder)
    return context


class _Pool(urllib3.HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


_POOLS = {"http": _Pool, "https": _TlsPool}


class AuthoritiesError(requests.RequestException):
    """The certificates of the authorities to trust cannot be read."""


class PooledAdapter(HTTPAdapter):
    """HTTP(S) over kept-open connections. Up to `parallel` calls may go out side by side.

    The time limit of a request is one for its connection, and one for the whole of its answer.
    """

    parallel = POOL_SIZE
    paced = True

    def __init__(self) -> None:
        super().__init__(pool_connections=1, pool_maxsize=POOL_SIZE, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """As HTTPAdapter does, with connections that keep the limit."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        """As HTTPAdapter does, with the same connections."""
        manager = super().proxy_manager_for(proxy, **kwargs)
        manager.pool_classes_by_scheme = _POOLS
        return manager

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """As HTTPAdapter does. Raises AuthoritiesError before anything is sent."""
        try:
            super().cert_verify(conn, url, verify, cert)  # type: ignore[no-untyped-call]
            if isinstance(conn, _TlsPool):
                _trusting(conn.ca_certs, conn.ca_cert_dir)
        except OSError as error:
            raise AuthoritiesError from error
