"""Some of what several processes would have to share: stops by id, locks by key, slots. Each lives in one process.

`interfaces` says what they do, `memory` does it for the threads of one process. Rooms take them from here, so that
another implementation is one more module and one line below.
"""

from collections.abc import Callable

from hooksui.shared import memory
from hooksui.shared.interfaces import Locks, Slots, Stops

stops: Stops = memory.Stops()
locks: Locks = memory.Locks()


def slots(running: int, waiting: int, refusal: Callable[[], Exception]) -> Slots:
    """`running` places for work and `waiting` in line for one. Who finds neither gets the `refusal` raised."""
    return memory.Slots(running, waiting, refusal)
