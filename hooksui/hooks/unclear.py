"""Writes whose end is not clear: an answer was lost, or is one that nobody can use.

There is one way with all of them. Nothing is sent again. What the tenant has is read, and either the write was done,
or it was not, or that is not known; each is said.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from hooksui.auth0.errors import ApiError, NoAnswerError, OddAnswerError
from hooksui.hooks.errors import NotDoneError, NotKnownError

_T = TypeVar("_T")


@dataclass(frozen=True)
class Done(Generic[_T]):
    """What a write made. `looked_up` says that it had no clear answer, and was found done afterwards."""

    value: _T
    looked_up: bool = False


def is_unclear(error: BaseException) -> bool:
    """Whether a write that raised `error` may have been done all the same."""
    return isinstance(error, NoAnswerError | OddAnswerError | NotKnownError)


def settled(
    write: Callable[[], _T],
    look: Callable[[], _T | None] | None,
    doing: str,
    *,
    not_done: type[NotDoneError] = NotDoneError,
) -> Done[_T]:
    """Do `write`, once. Where its end is not clear, `look` has what it made, None where it was not done.

    No `look` means that the API shows nothing of it. `doing` is a participle for people. Raises `not_done`,
    NotKnownError, and what `write` raises where its end is clear.
    """
    try:
        return Done(write())
    except (NoAnswerError, OddAnswerError) as error:
        if look is None:
            raise NotKnownError(error, doing, hidden=True) from error
        try:
            found = look()
        except ApiError as failure:
            raise NotKnownError(error, doing) from failure
        if found is None:
            raise not_done(error) from error
        return Done(found, looked_up=True)
