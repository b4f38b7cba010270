"""How many places for runs a server has."""

import pytest
from django.conf import settings

from hooksui.runner.slots import places_for, slots
from hooksui.shared.memory import Slots


def test_the_servers_own_line_leaves_half_of_its_threads_for_pages() -> None:
    assert isinstance(slots, Slots)
    assert not slots.must_wait()
    assert slots._free == settings.RUNNER_CONCURRENCY == 2
    assert slots._free + slots._waiting == settings.THREADS // 2


@pytest.mark.parametrize(
    ("threads", "concurrency", "running", "waiting_at_most"),
    [(16, 2, 2, 6), (16, 64, 15, 0), (4, 2, 2, 0), (2, 2, 1, 0), (1, 2, 1, 0)],
)
def test_one_thread_at_least_is_left_to_pages(
    threads: int, concurrency: int, running: int, waiting_at_most: int
) -> None:
    assert places_for(threads, concurrency) == (running, waiting_at_most)
