"""What can go wrong with a change of a tenant's hooks beside what the Management API answers: facts, no sentences."""

from hooksui.auth0.errors import ApiError
from hooksui.auth0.shapes import Hook


class NotDoneError(ApiError):
    """A write had no clear answer, because of `cause`; what was read afterwards shows that it was not done."""

    def __init__(self, cause: ApiError) -> None:
        super().__init__(status=cause.status, remote=cause.remote)
        self.cause = cause


class NotCreatedError(NotDoneError):
    """The same of a new hook, which the list does not have."""


class NotKnownError(ApiError):
    """A write had no clear answer, because of `cause`, and nothing that can be read shows whether it was done.

    `doing` is a participle, "created". `hidden` says that the API shows no such thing; else the look itself failed.
    """

    def __init__(self, cause: ApiError, doing: str, *, hidden: bool = False) -> None:
        super().__init__(status=cause.status, remote=cause.remote)
        self.cause = cause
        self.doing = doing
        self.hidden = hidden


class BusyError(ApiError):
    """Somebody else changes the same at the moment, and takes long. Nothing was sent."""


class ChangedMeanwhileError(ApiError):
    """A hook is not what it was when it was looked at; `theirs` is what the tenant has.

    Nothing was written, unless `written`: then it was, and somebody else wrote at the same moment.
    """

    def __init__(self, theirs: Hook, *, written: bool = False) -> None:
        super().__init__()
        self.theirs = theirs
        self.written = written
