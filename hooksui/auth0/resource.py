"""What all resources of the Management API share: a call, and what a refusal means."""

from typing import Any

from hooksui.auth0.connection import Connection
from hooksui.auth0.errors import ApiError, NotPermittedError, OddAnswerError, RefusedError

_MEANINGS = {400: RefusedError, 403: NotPermittedError, 413: RefusedError}


class Resource:
    """One kind of object behind one connection. Every method raises an ApiError where the API refuses or fails."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def call(
        self, method: str, path: str, scope: str, *, params: dict[str, str] | None = None, body: Any = None
    ) -> Any:
        """The answer, as of `Connection.request`; what it refuses is raised as this resource means it."""
        try:
            return self._connection.request(method, path, scope=scope, params=params, body=body)
        except ApiError as error:
            if type(error) is not ApiError:
                raise
            raise self.meaning(error, path) from error

    def meaning(self, error: ApiError, path: str) -> ApiError:
        """What an answer to a call of `path` means that the connection does not understand."""
        return _MEANINGS.get(error.status, OddAnswerError)(status=error.status, code=error.code, remote=error.remote)


def expect_nothing(answer: Any) -> None:
    """Raises OddAnswerError unless `answer` is that of a removal: a 204 without a body."""
    if answer is not None:
        raise OddAnswerError(status=200, remote="a body in the answer to a removal")


def expect_object(answer: Any) -> None:
    """Raises OddAnswerError unless `answer` is an object, mostly an empty one, as the API gives it after a write."""
    if not isinstance(answer, dict):
        raise OddAnswerError(status=200, remote="not an object")
