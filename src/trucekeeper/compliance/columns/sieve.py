"""The sieve: facts that no clause of an agreement can mean are left at the door, however many they are.

Whoever reads millions of facts passes them through here a shard at a time, and holds only what is kept. It looks at
kind, place and fields; never at time, author or proof, which depend on the question.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from trucekeeper.agreement import language as lang
from trucekeeper.agreement.roles import roles
from trucekeeper.compliance.columns.matching import InBulk
from trucekeeper.compliance.matching import Matcher, Meant
from trucekeeper.terms import Nature, Proof, Tri

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from trucekeeper.agreement.agreement import Agreement
    from trucekeeper.compliance.columns.table import Table

ASKED_BY_KIND = (Nature.RECORD, Nature.WATCH)
"""Facts on paper, and watches, are read by what they name: of these all are kept."""


@dataclass(frozen=True)
class Sieve:
    """Keeps what some pattern of an agreement, under any reading and in any version, may mean."""

    agreement: Agreement
    _whole: frozenset[str] = field(init=False)
    _patterns: tuple[lang.PatternBody, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Gather the patterns of all wordings, as wide as any clause takes them."""
        patterns = tuple(_patterns(self.agreement))
        whole = {one.fact for one, any_of_kind in patterns if any_of_kind}
        object.__setattr__(self, "_whole", frozenset(whole))
        object.__setattr__(self, "_patterns", tuple(one for one, _ in patterns if one.fact not in whole))

    def wants(self, kind: str) -> bool:
        """Return whether facts of a kind can matter at all."""
        return self._all_of(kind) or any(self._is_a(kind, one.fact) for one in self._patterns)

    def keeps(self, table: Table) -> NDArray[np.bool_]:
        """Return which facts of a table may matter."""
        if not table.kind or self._all_of(table.kind):
            return np.ones(len(table), bool)
        kept = np.zeros(len(table), bool)
        matcher = Matcher(self.agreement, Proof.ALLEGED)
        for pattern in self._patterns:
            if self._is_a(table.kind, pattern.fact):
                kept |= InBulk(matcher, table, pattern, Meant()).said() > Tri.NO
        return kept

    def _all_of(self, kind: str) -> bool:
        kinds = self.agreement.vocabulary.kinds
        on_paper = kind not in kinds or kinds[kind].nature in ASKED_BY_KIND
        return on_paper or any(self._is_a(kind, one) for one in self._whole)

    def _is_a(self, kind: str, wanted: str) -> bool:
        return self.agreement.vocabulary.is_a(kind, wanted)


def _patterns(agreement: Agreement) -> Iterator[tuple[lang.PatternBody, bool]]:
    """Yield every pattern, and whether it takes all facts of its kind: a state's also what denies it."""
    for history in agreement.clauses.values():
        for clause in history.all():
            states = isinstance(clause, (lang.Achieve, lang.Maintain))
            for role in roles(clause):
                bound = set(clause.each) & {*role.pattern.in_, *role.pattern.outside}
                yield role.pattern, states or bool(bound)
    for variants in agreement.events.values():
        for event in variants.values.values():
            renewed = (event.renews.unless,) if event.renews is not None else ()
            yield from ((one, True) for one in (*event.shown_by, *renewed))
