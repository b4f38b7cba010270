"""Rows of the table, and how two things are timed so that only their ratio counts."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

# Seconds that one run of a thing took.
Run = Callable[[], float]


@dataclass(frozen=True)
class Row:
    """One measured job. Without a `reference`, `ours` itself must keep the bound.

    `at_least` says that the bound is a lower one, as that of a rate.
    """

    ours: float
    reference: float | None
    unit: str
    bound: float
    at_least: bool = False

    @property
    def ratio(self) -> float | None:
        """Ours by the reference."""
        return None if self.reference is None else self.ours / self.reference

    @property
    def kept(self) -> bool:
        """Whether the bound is kept."""
        value = self.ours if self.ratio is None else self.ratio
        return value >= self.bound if self.at_least else value <= self.bound


def timed(call: Callable[[], object], times: int = 1) -> Run:
    """A run of `call`, repeated `times` times; its seconds are those of one call."""

    def run() -> float:
        start = time.perf_counter()
        for _ in range(times):
            call()
        return (time.perf_counter() - start) / times

    return run


def interleaved(ours: Run, reference: Run, rounds: int) -> tuple[float, float]:
    """The median seconds of both, run in turn (A B A B …) after one round that does not count."""
    pairs = [(ours(), reference()) for _ in range(rounds + 1)][1:]
    return median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)


def times(ours: Run, reference: Run, *, rounds: int, most: float, unit: str = "ms") -> Row:
    """A row of durations: ours may take `most` times as long as the reference."""
    factor = {"ms": 1000, "s": 1}[unit]
    a, b = interleaved(ours, reference, rounds)
    return Row(a * factor, b * factor, unit, most)


def rates(ours: Run, reference: Run, *, rounds: int, least: float) -> Row:
    """A row of calls per second: ours must reach `least` times the reference's."""
    a, b = interleaved(ours, reference, rounds)
    return Row(1 / a, 1 / b, "/s", least, at_least=True)
