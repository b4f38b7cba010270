"""Writes whose end is not clear: an answer was lost, or is one that nobody can use.

There is one way with all of them. Nothing is sent again. What the tenant has is read, and either the write was done,
or it was not, or that is not known; each is said.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from hooksui.auth0.errors import NoAnswer, NotDone, NotKnown, OddAnswer, ServiceError

_T = TypeVar("_T")


@dataclass(frozen=True)
class Done(Generic[_T]):
    """What a write made. `looked_up` says that it had no clear answer, and was found done afterwards."""

    value: _T
    looked_up: bool = False


def is_unclear(error: BaseException) -> bool:
    """Whether a write that raised `error` may have been done all the same."""
    return isinstance(error, NoAnswer | OddAnswer | NotKnown)


def settled(
    write: Callable[[], _T],
    look: Callable[[], _T | None] | None,
    doing: str,
    *,
    not_done: type[NotDone] = NotDone,
) -> Done[_T]:
    """Do `write`, once. Where its end is not clear, `look` has what it made, None where it was not done.

    No `look` means that the API shows nothing of it. `doing` is a participle for people. Raises `not_done`, NotKnown,
    and what `write` raises where its end is clear.
    """
    try:
        return Done(write())
    except (NoAnswer, OddAnswer) as error:
        if look is None:
            raise NotKnown(error, doing, hidden=True) from error
        try:
            found = look()
        except ServiceError as failure:
            raise NotKnown(error, doing) from failure
        if found is None:
            raise not_done(error) from error
        return Done(found, looked_up=True)
