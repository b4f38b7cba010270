"""The only room that speaks the Management API. `open_client(tenant)` is its door."""

from functools import cache

from django.conf import settings

from hooksui.auth0.connection import Connection
from hooksui.auth0.gate import Threads
from hooksui.auth0.hooks import Hooks
from hooksui.auth0.secrets import Secrets
from hooksui.auth0.transport import EmbeddedAdapter, PooledAdapter
from hooksui.embedded.clients import dashboard_client
from hooksui.tenants.config import Tenant


class Client:
    """The resources of one tenant's Management API, and ways to ask for several things at the same time.

    `side_by_side` and `as_done` are those of the connection.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.hooks = Hooks(connection)
        self.secrets = Secrets(connection)
        self.side_by_side = connection.side_by_side
        self.as_done = connection.as_done

    @property
    def waits(self) -> int:
        """Whole seconds for which calls of this patient client wait for the tenant's limit, 0 where none does."""
        return self._connection.long_work.seconds if self._connection.long_work else 0

    def patient(self) -> "Client":
        """This client for long work: it waits for the tenant's limit as long as it takes, within reason.

        Both share connections, token, and what is known of the limit.
        """
        return Client(self._connection.patient())


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
            threads=_threads(),
        )
    return Client(connection)


@cache
def _threads() -> Threads:
    return Threads(settings.THREADS)
