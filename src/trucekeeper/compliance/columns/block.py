"""Many stands of one duty as columns: what they share is said once, and one is made when it is looked at."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from trucekeeper.compliance.duty import commitment_key
from trucekeeper.terms import Interval, Lifecycle, Tri, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from trucekeeper.compliance.columns.values import Answers, Values
    from trucekeeper.compliance.grounds import Assumed, Stand

    Moments = NDArray[np.int64]
    Flags = NDArray[np.bool_]

VERDICTS: Sequence[Verdict] = tuple(Verdict)
LIFECYCLES: Sequence[Lifecycle] = tuple(Lifecycle)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Times:
    """An interval of time for each row, or none where not `known`."""

    earliest: Moments
    latest: Moments
    known: Flags

    def at(self, row: int) -> Interval | None:
        """Return the interval of one row."""
        return Interval(int(self.earliest[row]), int(self.latest[row])) if self.known[row] else None


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Block:
    """Stands that differ only in these columns; `verdict` and `lifecycle` number the members of their enumerations.

    `shared` has what is the same in all; its key is that of no row. `says` is the first reason of each.
    """

    shared: Stand
    occurrence: Values
    verdict: Answers
    lifecycle: Answers
    due: Times
    met: Answers
    met_at: Times
    says: Values

    def __len__(self) -> int:
        """Return how many stands there are."""
        return len(self.verdict)

    @property
    def reading(self) -> Assumed:
        """Return under which reading of each ambiguity they stand."""
        return self.shared.reading

    def under(self, reading: Assumed) -> Block:
        """Return them as those under these readings."""
        return replace(self, shared=replace(self.shared, reading=reading))

    def stands(self) -> Iterator[Stand]:
        """Yield them one by one."""
        by = (("by", self.shared.by), *self.shared.binding)
        for row, name in enumerate(self.occurrence.texts()):
            yield replace(
                self.shared,
                key=commitment_key(self.shared.clause, by, name),
                occurrence=name,
                verdict=VERDICTS[self.verdict[row]],
                lifecycle=LIFECYCLES[self.lifecycle[row]],
                due=self.due.at(row),
                met=Tri(int(self.met[row])),
                met_at=self.met_at.at(row),
                ground=replace(self.shared.ground, says=f"{name}: {self.says.at(row)}"),
            )
