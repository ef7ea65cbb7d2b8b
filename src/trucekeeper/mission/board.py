"""The board: a standing gathered into the lines that a person reads.

The members and periods of one clause are one line with a count of each verdict; readings under which it looks the
same are one line. Nothing is lost: every line holds its stands.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucekeeper.terms import Verdict

if TYPE_CHECKING:
    from trucekeeper.compliance.grounds import Assumed, Beside, Stand
    from trucekeeper.compliance.standing import Standing

WORST_FIRST = (Verdict.CONTRARY, Verdict.CANNOT_TELL, Verdict.OPEN, Verdict.NOT_IN_FORCE, Verdict.CONSISTENT)
"""A line shows the verdict that most wants to be looked at; its counts show the rest."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the board: one clause, one party bound, and the readings under which it looks like this.

    `reading` holds what those readings share; `alike` the lines of the other readings, which show the same.
    """

    clause: str
    by: str
    reading: Assumed
    stands: tuple[Stand, ...]
    alike: tuple[Line, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """Return the verdict that most wants to be looked at."""
        return next(verdict for verdict in WORST_FIRST if any(stand.verdict is verdict for stand in self.stands))

    @property
    def indifferent(self) -> tuple[str, ...]:
        """Return the readings that make no difference to this line."""
        axes = {axis for line in (self, *self.alike) for axis, _ in line.reading}
        return tuple(sorted(axes - {axis for axis, _ in self.reading})) if self.alike else ()

    @property
    def leading(self) -> tuple[Stand, ...]:
        """Return the stands that have the line's verdict."""
        return tuple(stand for stand in self.stands if stand.verdict is self.verdict)

    @property
    def counts(self) -> str:
        """Return how many stands have each verdict, empty for a single one."""
        if len(self.stands) == 1:
            return ""
        counted = Counter(stand.verdict for stand in self.stands)
        return ", ".join(f"{counted[verdict]} {verdict.value}" for verdict in WORST_FIRST if counted[verdict])

    @property
    def beside(self) -> tuple[Beside, ...]:
        """Return all that stands beside, each once."""
        stands = [stand for line in (self, *self.alike) for stand in line.stands]
        return tuple(dict.fromkeys(beside for stand in stands for beside in stand.beside))


def board(standing: Standing) -> tuple[Line, ...]:
    """Return the lines of a standing, clauses in the order of the text, parties in the order of the clause."""
    groups: dict[tuple[str, str, Assumed], list[Stand]] = {}
    for stand in standing.stands:
        groups.setdefault((stand.clause, stand.by, stand.reading), []).append(stand)
    lines = [Line(clause, by, reading, tuple(stands)) for (clause, by, reading), stands in groups.items()]
    groups_alike: dict[tuple[object, ...], list[Line]] = {}
    for line in lines:
        groups_alike.setdefault(_look(line), []).append(line)
    return tuple(_merged(alike) for alike in groups_alike.values())


def _look(line: Line) -> tuple[object, ...]:
    """Return what a person would see of a line: lines that look the same are shown once."""
    last = line.leading[-1]
    return line.clause, line.by, line.verdict, last.lifecycle, last.figure, last.rests_on, last.waits_for, last.due


def _merged(alike: list[Line]) -> Line:
    first, *others = alike
    shared = tuple(choice for choice in first.reading if all(choice in other.reading for other in others))
    return Line(first.clause, first.by, shared if others else first.reading, first.stands, tuple(others))
