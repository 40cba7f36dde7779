"""One measured line of the benchmark, and the clock that measures it."""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter


@dataclass(frozen=True, slots=True)
class Row:
    """A reading against its bound: at least so many times as fast, or at most so much of anything else."""

    what: str
    reading: float
    unit: str
    """x for a ratio (more is better); of anything else less is better."""
    bound: float | None = None
    """None: told for the record, promised to nobody."""
    detail: str = ""

    @property
    def holds(self) -> bool:
        if self.bound is None:
            return True
        return self.reading >= self.bound if self.unit == "x" else self.reading <= self.bound

    def line(self) -> str:
        sign = "≥" if self.unit == "x" else "≤"
        bound = "" if self.bound is None else f"{sign} {self.bound:g} {self.unit}"
        verdict = "" if self.bound is None else ("ok" if self.holds else "MISSED")
        reading = f"{self.reading:>9.2f} {self.unit:<2}"
        return f"{self.what:<56} {reading} {bound:<10} {verdict:<7} {self.detail}".rstrip()


def fastest(work: Callable[[], object], repeats: int) -> float:
    """Seconds of the fastest of so many runs: what the work costs when nothing else disturbs it."""
    return min(times(work, repeats))


def median(work: Callable[[], object], repeats: int) -> float:
    """Seconds of the middle one of so many runs: what a user meets."""
    return sorted(times(work, repeats))[repeats // 2]


def times(work: Callable[[], object], repeats: int) -> list[float]:
    taken = []
    for _ in range(repeats):
        start = perf_counter()
        work()
        taken.append(perf_counter() - start)
    return taken
