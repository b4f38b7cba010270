"""Few runs at once, some more that wait in line, and a clear word to the rest."""

from django.conf import settings

from hooksui import shared


class NoSlotError(Exception):
    """No place was free in time. Nothing was run. The text says so."""

    def __init__(self) -> None:
        super().__init__("The Runner is busy with other runs. Nothing was run. Try again in a moment.")


def places_for(threads: int, concurrency: int) -> tuple[int, int]:
    """How many runs go on, and how many wait, on a server of so many threads; a run keeps one busy, waiting or not.

    One thread at least, where there are two, is left to pages, and all runs together take half of them if they can.
    """
    running = max(1, min(concurrency, threads - 1))
    return running, max(0, threads // 2 - running)


# They raise NoSlotError.
slots = shared.slots(*places_for(settings.THREADS, settings.RUNNER_CONCURRENCY), NoSlotError)
