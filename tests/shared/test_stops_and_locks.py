"""Stops by id and locks by key, for the threads of one process."""

import threading

from hooksui.shared.memory import Locks, Stops
from tests.deno.traces import SOON, until


def test_work_is_stopped_by_its_id_as_long_as_it_goes_on() -> None:
    stops = Stops()
    with stops.listen("one") as one, stops.listen("other") as other:
        assert stops.stop("one")
        assert one.is_set()
        assert not other.is_set()
    assert not stops.stop("one")
    assert not stops.stop("never")


def test_a_key_is_held_by_one_at_a_time_and_another_key_meanwhile() -> None:
    locks = Locks()
    got, leave = threading.Event(), threading.Event()

    def work() -> None:
        with locks.hold("a"):
            got.set()
            leave.wait(SOON)

    with locks.hold("a"):
        thread = threading.Thread(target=work)
        thread.start()
        until(lambda: locks._wanted["a"] == 2)
        assert not got.is_set()
        with locks.hold("b"):
            pass
    assert got.wait(SOON)
    leave.set()
    thread.join(SOON)
    assert not locks._locks
