"""Places for runs: how many, in which order, and what those are told who find none."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from hooksui.runner.slots import NoSlotError
from hooksui.shared.memory import Slots
from tests.deno.traces import SOON, until

LONG = 60.0  # seconds that nobody here waits in vain


class Holder:
    """A thread that takes a place, and holds it until it is told to go."""

    def __init__(self, slots: Slots, seconds: float = LONG) -> None:
        self._slots, self._seconds = slots, seconds
        self._go = threading.Event()
        self.holds = threading.Event()
        self.refused = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            with self._slots.take(self._seconds):
                self.holds.set()
                self._go.wait(LONG)
        except NoSlotError:
            self.refused.set()

    def leave(self) -> None:
        """Give the place back, and be gone."""
        self._go.set()
        self._thread.join(SOON)
        assert not self._thread.is_alive()


def waiting(slots: Slots) -> int:
    """How many stand in line."""
    return len(slots._line)


def in_line(slots: Slots, seconds: float = LONG) -> Holder:
    """One who has begun to wait."""
    before = waiting(slots)
    holder = Holder(slots, seconds)
    until(lambda: waiting(slots) > before)
    return holder


@contextmanager
def all_leave(*holders: Holder) -> Iterator[None]:
    """Let nobody wait for ever where a test fails."""
    try:
        yield
    finally:
        for holder in holders:
            holder._go.set()
        for holder in holders:
            holder.leave()


def test_as_many_run_as_there_are_places() -> None:
    slots = Slots(2, 1, NoSlotError)
    assert not slots.must_wait()
    with slots.take():
        assert not slots.must_wait()
        with slots.take():
            assert slots.must_wait()
        assert not slots.must_wait()


def test_who_comes_first_is_served_first() -> None:
    slots = Slots(1, 3, NoSlotError)
    running = Holder(slots)
    assert running.holds.wait(SOON)
    line = [in_line(slots) for _ in range(3)]
    with all_leave(running, *line):
        for number, next_one in enumerate(line):
            assert not any(later.holds.is_set() for later in line[number:])
            running.leave()
            assert next_one.holds.wait(SOON)
            running = next_one
    assert not slots.must_wait()
    assert waiting(slots) == 0


def test_who_finds_the_line_full_is_told_at_once() -> None:
    slots = Slots(1, 2, NoSlotError)
    running = Holder(slots)
    assert running.holds.wait(SOON)
    line = [in_line(slots), in_line(slots)]
    with all_leave(running, *line):
        started = time.monotonic()
        with pytest.raises(NoSlotError, match=r"busy with other runs\. Nothing was run\."), slots.take(LONG):
            pass
        with pytest.raises(NoSlotError):
            slots.must_wait()
        assert time.monotonic() - started < SOON
        assert waiting(slots) == 2
    assert not slots.must_wait()


def test_nobody_waits_where_there_is_no_line() -> None:
    slots = Slots(1, 0, NoSlotError)
    with pytest.raises(NoSlotError), slots.take(LONG), slots.take(LONG):
        pass


def test_a_wait_has_an_end() -> None:
    slots = Slots(1, 5, NoSlotError)
    with slots.take():
        with pytest.raises(NoSlotError), slots.take(0.01):
            pass
        with pytest.raises(NoSlotError), slots.take(0):
            pass
        assert waiting(slots) == 0
    with slots.take(0):
        assert slots.must_wait()


def test_who_gives_up_waiting_does_not_hold_up_the_others() -> None:
    slots = Slots(1, 5, NoSlotError)
    running = Holder(slots)
    assert running.holds.wait(SOON)
    hasty = in_line(slots, 0.2)
    patient = in_line(slots)
    with all_leave(running, patient):
        assert hasty.refused.wait(SOON)
        assert not patient.holds.is_set()
        running.leave()
        assert patient.holds.wait(SOON)
    hasty.leave()


def test_a_place_is_given_back_after_an_exception() -> None:
    slots = Slots(1, 1, NoSlotError)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), slots.take(0):
            raise ZeroDivisionError
    assert not slots.must_wait()


def test_many_threads_never_hold_more_places_than_there_are() -> None:
    slots = Slots(3, 100, NoSlotError)
    inside = threading.Semaphore(3)
    done: list[int] = []

    def work(number: int) -> None:
        for _ in range(20):
            with slots.take(LONG):
                assert inside.acquire(blocking=False)
                done.append(number)
                inside.release()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG)
    assert len(done) == 400
    assert not slots.must_wait()
