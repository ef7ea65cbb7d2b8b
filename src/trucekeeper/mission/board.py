"""The board: a standing gathered into the lines that a person reads.

The members and periods of one clause are one line with a count of each verdict; readings that make no difference are
one line. Nothing is lost: every line holds its stands.
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
    """One line of the board: one clause, one party bound, one reading (empty: whichever way it is read)."""

    clause: str
    by: str
    reading: Assumed
    stands: tuple[Stand, ...]

    @property
    def verdict(self) -> Verdict:
        """Return the verdict that most wants to be looked at."""
        return next(verdict for verdict in WORST_FIRST if any(stand.verdict is verdict for stand in self.stands))

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
        return tuple(dict.fromkeys(beside for stand in self.stands for beside in stand.beside))


def board(standing: Standing) -> tuple[Line, ...]:
    """Return the lines of a standing, clauses in the order of the text, parties in the order of the clause."""
    groups: dict[tuple[str, str, Assumed], list[Stand]] = {}
    for stand in standing.stands:
        groups.setdefault((stand.clause, stand.by, stand.reading), []).append(stand)
    lines = [Line(clause, by, reading, tuple(stands)) for (clause, by, reading), stands in groups.items()]
    merged: list[Line] = []
    for line in lines:
        same = [other for other in lines if (other.clause, other.by) == (line.clause, line.by)]
        if len(same) > 1 and all(_looks(other) == _looks(line) for other in same):
            if same[0] is line:
                merged.append(Line(line.clause, line.by, (), line.stands))
        else:
            merged.append(line)
    return tuple(merged)


def _looks(line: Line) -> tuple[object, ...]:
    return tuple(
        (s.binding, s.occurrence, s.verdict, s.lifecycle, s.figure, s.due, s.rests_on, s.beside) for s in line.stands
    )
