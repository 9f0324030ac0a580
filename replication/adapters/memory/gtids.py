"""GTID sets of the memory engine, written the way MySQL writes them."""

from bisect import bisect_right
from collections.abc import Iterator

from typing_extensions import override


class Gtids:
    """An exact, growing set of `(origin, number)`; gaps are kept.

    Numbers of one origin are held as runs `[low, high]`; adding the next number,
    which is nearly always the case, costs a constant.
    """

    __slots__ = ("_runs",)

    def __init__(self) -> None:
        self._runs: dict[str, list[list[int]]] = {}

    def add(self, origin: str, number: int) -> None:
        """Put one GTID in; nothing happens when it is there already."""
        runs = self._runs.setdefault(origin, [])
        at = bisect_right(runs, number, key=lambda run: run[0])
        if at and runs[at - 1][1] >= number:
            return
        joins_left = at > 0 and runs[at - 1][1] == number - 1
        joins_right = at < len(runs) and runs[at][0] == number + 1
        if joins_left and joins_right:
            runs[at - 1][1] = runs[at][1]
            del runs[at]
        elif joins_left:
            runs[at - 1][1] = number
        elif joins_right:
            runs[at][0] = number
        else:
            runs.insert(at, [number, number])

    def has(self, origin: str, number: int) -> bool:
        """Tell whether one GTID is in the set."""
        runs = self._runs.get(origin)
        if not runs:
            return False
        at = bisect_right(runs, number, key=lambda run: run[0])
        return at > 0 and runs[at - 1][1] >= number

    def last(self, origin: str) -> int:
        """Return the highest number of *origin*, 0 when there is none."""
        runs = self._runs.get(origin)
        return runs[-1][1] if runs else 0

    def copy(self) -> "Gtids":
        """Return a set of its own."""
        twin = Gtids()
        twin._runs = {o: [run[:] for run in runs] for o, runs in self._runs.items()}
        return twin

    def within(self, other: "Gtids") -> bool:
        """Tell whether every GTID here is in *other* too."""
        return all(other.has(origin, number) for origin, number in self)

    def __iter__(self) -> Iterator[tuple[str, int]]:
        for origin in sorted(self._runs):
            for low, high in self._runs[origin]:
                for number in range(low, high + 1):
                    yield origin, number

    @override
    def __str__(self) -> str:
        return ",".join(
            f"{origin}:" + ":".join(_run(low, high) for low, high in runs)
            for origin, runs in sorted(self._runs.items())
        )


def parse(text: str) -> Gtids:
    """Return the set whose text is *text*."""
    gtids = Gtids()
    for part in filter(None, text.split(",")):
        origin, *runs = part.split(":")
        for run in runs:
            low, _, high = run.partition("-")
            for number in range(int(low), int(high or low) + 1):
                gtids.add(origin, number)
    return gtids


def covers(whole: str, part: str) -> bool:
    """Tell whether every GTID of *part* is in *whole*."""
    return part == whole or parse(part).within(parse(whole))


def _run(low: int, high: int) -> str:
    return str(low) if low == high else f"{low}-{high}"
