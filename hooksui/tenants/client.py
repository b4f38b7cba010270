"""Which way leads to a tenant's Management API, and with which credentials. `open_client(tenant)` is the door."""

from functools import cache

from django.conf import settings

from hooksui import __version__
from hooksui.auth0.client import Client
from hooksui.auth0.connection import Connection
from hooksui.auth0.gate import Threads
from hooksui.auth0.transport import PooledAdapter
from hooksui.embedded.adapter import EmbeddedAdapter
from hooksui.embedded.clients import dashboard_client
from hooksui.tenants.config import Tenant


@cache
def open_client(tenant: Tenant) -> Client:
    """The client of `tenant`. One for the life of the process, so that connections and token are used again."""
    if tenant.is_local:
        client_id, client_secret = dashboard_client()
        return Client(Connection(tenant.origin, EmbeddedAdapter(), client_id=client_id, client_secret=client_secret))
    connection = Connection(
        tenant.origin,
        PooledAdapter(),
        token=tenant.token,
        client_id=tenant.client_id,
        client_secret=tenant.client_secret,
        user_agent=f"Hooks-UI/{__version__}",
        threads=_threads(),
    )
    return Client(connection)


@cache
def _threads() -> Threads:
    return Threads(settings.THREADS)
