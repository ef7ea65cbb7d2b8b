"""The faults of files that may have millions: every sort is shown some times in full, and then counted."""

from __future__ import annotations

from dataclasses import dataclass, field

from trucekeeper.terms import Fault

SHOWN = 20
"""So many faults of one sort in one file are shown; whoever mends these mends the others with them."""
MOST_SORTS = 1_000
"""Of more sorts of faults than these in all files nobody reads the rest."""


@dataclass(slots=True)
class _Sort:
    """What was found of one sort in one file: how many, how many were shown, and the last that was not."""

    count: int = 0
    shown: int = 0
    last: Fault | None = None


@dataclass(slots=True)
class FaultList:
    """Faults as they are found; holds at most `SHOWN` of each sort, however many there are."""

    shown: list[Fault] = field(default_factory=list)
    _sorts: dict[tuple[str, str], _Sort] = field(default_factory=dict)

    def add(self, fault: Fault, *, sort: str = "", count: int = 1) -> None:
        """Add a fault that stands for so many; `sort` is what it has in common with those it is counted with."""
        key = (fault.file, sort or fault.what)
        if key not in self._sorts and len(self._sorts) >= MOST_SORTS:
            key = ("", "")
        of_sort = self._sorts.setdefault(key, _Sort())
        of_sort.count += count
        if of_sort.shown < SHOWN:
            of_sort.shown += count
            self.shown.append(fault)
        else:
            of_sort.last = fault

    @property
    def count(self) -> int:
        """Return how many faults there are, shown or not."""
        return sum(one.count for one in self._sorts.values())

    def all(self) -> tuple[Fault, ...]:
        """Return the faults shown, and for each sort that has more one that says how many, in order of the files."""
        more = [
            Fault(
                one.last.file, one.last.line, 0, f"{one.count - one.shown:,} more like it, the last: {one.last.what}"
            )
            for one in self._sorts.values()
            if one.last is not None
        ]
        return tuple(sorted([*self.shown, *more]))
