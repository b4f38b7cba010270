"""What is shared, whatever it lives in."""

from contextlib import AbstractContextManager
from typing import Protocol

WAIT = 30.0  # seconds that anybody waits in line, unless told otherwise


class Stop(Protocol):
    """Says whether a piece of work shall end. A `threading.Event` is one."""

    def is_set(self) -> bool:
        """Whether it shall."""
        ...


class Stops(Protocol):
    """Work that is going on, under an id each, for whoever wants to end it."""

    def listen(self, key: str) -> AbstractContextManager[Stop]:
        """The stop of the work of this id, which goes on while the block runs."""
        ...

    def stop(self, key: str) -> bool:
        """End the work of this id. False where none is going on."""
        ...


class Locks(Protocol):
    """A lock for each key."""

    def hold(self, key: str) -> AbstractContextManager[None]:
        """Wait for the lock, and hold it while the block runs."""
        ...


class Slots(Protocol):
    """A few places for work and some in line, first come, first served."""

    def must_wait(self) -> bool:
        """Whether who came now would have to wait. Raises the refusal where the line is full."""
        ...

    def take(self, seconds: float = WAIT) -> AbstractContextManager[None]:
        """Hold a place while the block runs.

        Raises the refusal where the line is full or no place is free in `seconds`.
        """
        ...
