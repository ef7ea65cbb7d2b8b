"""Prohibit in columns: which acts are contrary, found and excused all at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, overload

import numpy as np

from trucekeeper.compliance.columns import excuses
from trucekeeper.compliance.columns.hits import Hits, seek
from trucekeeper.compliance.columns.matching import negated
from trucekeeper.compliance.columns.times import binds
from trucekeeper.compliance.grounds import Episode
from trucekeeper.compliance.kinds.prohibit import NO_ACTS, Acts, settled
from trucekeeper.terms import Interval, Tri

if TYPE_CHECKING:
    from trucekeeper.agreement.agreement import Agreement
    from trucekeeper.agreement.language import Prohibit
    from trucekeeper.compliance.columns.block import Block
    from trucekeeper.compliance.duty import Duty
    from trucekeeper.compliance.grounds import Stand


def unfit(_agreement: Agreement, clause: Prohibit) -> str:
    """Return why a prohibition cannot be judged in columns, "" if it can."""
    return "it holds only while a condition does" if clause.while_ is not None else ""


def stands(duty: Duty[Prohibit]) -> list[Stand | Block]:
    """Return where a prohibition stands."""
    if duty.force.begun is Tri.NO:
        return [settled(duty, NO_ACTS)]
    acts = seek(duty.inquiry, duty.clause.act, duty.meant(ours=True))
    acts = acts.surer(np.minimum(acts.tri, binds(duty.force, acts.earliest, acts.latest)))
    acts = acts.surer(np.minimum(acts.tri, negated(excuses.excused(duty, acts, acts.aspect("by")))))
    answers = np.bincount(acts.tri, minlength=len(Tri))
    return [settled(duty, Acts(int(answers[Tri.YES]), int(answers[Tri.MAYBE]), Episodes(acts)))]


@dataclass(frozen=True, eq=False)
class Episodes(Sequence[Episode]):
    """The acts that are, or may be, contrary to a prohibition; one is made when it is looked at."""

    acts: Hits

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.acts)

    @overload
    def __getitem__(self, at: int) -> Episode: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Episode]: ...
    def __getitem__(self, at: int | slice) -> Episode | Sequence[Episode]:
        """Return one of them."""
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        if not -len(self) <= at < len(self):
            raise IndexError(at)
        acts = self.acts
        when = Interval(int(acts.earliest[at]), int(acts.latest[at]))
        kind = acts.tables[int(acts.which[at])].kind
        name = acts.name(at)
        return Episode(name, Tri(int(acts.tri[at])), when, f"{kind or 'redacted fact'} {name}")
