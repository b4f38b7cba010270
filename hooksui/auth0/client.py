"""A client of one tenant's Management API: its resources behind one connection."""

from hooksui.auth0.connection import Connection
from hooksui.auth0.hooks import Hooks
from hooksui.auth0.secrets import Secrets


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
