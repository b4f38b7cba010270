"""Work that takes a while, told step by step: a generator that yields Progress and returns its result."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import TypeVar

_T = TypeVar("_T")


@dataclass(frozen=True)
class Progress:
    """`done` of `total` steps; `what` completes "12 of 200 ", for example `secrets read`.

    `waits` are the seconds for which the tenant takes no calls, 0 where nothing waits for that.
    """

    done: int
    total: int
    what: str
    waits: int = 0

    @property
    def told(self) -> str:
        """`what`, and that the tenant's limit is waited for."""
        return f"{self.what}; waiting {self.waits} s for the tenant's limit" if self.waits else self.what


Work = Generator[Progress, None, _T]


def finish(work: Work[_T]) -> _T:
    """Do all of `work` and give its result."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            result: _T = end.value
            return result
