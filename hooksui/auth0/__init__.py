"""The only room that speaks the Management API. `open_client(tenant)` is its door."""

from functools import cache

from hooksui.auth0.connection import Connection
from hooksui.auth0.hooks import Hooks
from hooksui.auth0.secrets import Secrets
from hooksui.auth0.transport import EmbeddedAdapter, PooledAdapter
from hooksui.embedded.clients import dashboard_client
from hooksui.tenants.config import Tenant


class Client:
    """The resources of one tenant's Management API, and a way to ask for several things `side_by_side`."""

    def __init__(self, connection: Connection) -> None:
        self.hooks = Hooks(connection)
        self.secrets = Secrets(connection)
        self.side_by_side = connection.side_by_side


@cache
def open_client(tenant: Tenant) -> Client:
    """The client of `tenant`. One for the life of the process, so that connections and token are used again."""
    if tenant.is_local:
        client_id, client_secret = dashboard_client()
        connection = Connection(tenant.origin, EmbeddedAdapter(), client_id=client_id, client_secret=client_secret)
    else:
        connection = Connection(
            tenant.origin,
            PooledAdapter(),
            token=tenant.token,
            client_id=tenant.client_id,
            client_secret=tenant.client_secret,
        )
    return Client(connection)
