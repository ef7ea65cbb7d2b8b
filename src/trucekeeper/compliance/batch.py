"""Batch execution: every commitment from columns of facts, by kernels where there are some and else by the reference.

Facts come as a `Log`, resolved to the one revision that counts. Verdict rows come out: stands one by one, and blocks
of them where a clause has one for each of many facts. They are those of the reference, but for their reasons, of
which they keep the first alone; `standing(..., only=CLAUSE)` gives the rest.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from trucekeeper.compliance.columns.block import Block
from trucekeeper.compliance.columns.days import quiet
from trucekeeper.compliance.columns.hits import log_of as columns_of
from trucekeeper.compliance.columns.hits import seek, seek_subject
from trucekeeper.compliance.columns.plan import kernel
from trucekeeper.compliance.columns.table import Log
from trucekeeper.compliance.columns.values import NOTHING
from trucekeeper.compliance.conditions import GATE_LEVEL
from trucekeeper.compliance.inquiry import Inquiry
from trucekeeper.compliance.knowledge import known
from trucekeeper.compliance.matching import aspect, word_test
from trucekeeper.compliance.standing import every_reading, judge_clause
from trucekeeper.terms import DAWN, NEVER, Tri

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
    from datetime import date

    from numpy.typing import NDArray

    from trucekeeper.agreement.agreement import Agreement
    from trucekeeper.agreement.language import Clause, PatternBody, QuietDays
    from trucekeeper.compliance.columns.table import Table
    from trucekeeper.compliance.grounds import Binding, Ground, Stand
    from trucekeeper.compliance.inquiry import Found, Judge
    from trucekeeper.compliance.matching import Meant
    from trucekeeper.compliance.standing import Question
    from trucekeeper.terms import Fact, Field, Moment


T = TypeVar("T")
MANY = 500
"""Fewer facts than these are matched sooner one by one than in columns."""


def log_of(agreement: Agreement, facts: Iterable[Fact], question: Question) -> Log:
    """Return the columns of the facts as known at a moment to an audience."""
    seen = known(facts, known_at=question.known_at, audience=question.audience)
    return Log.of(seen, agreement, question.known_at)


def batch(agreement: Agreement, log: Log, question: Question, *, only: str | None = None) -> Iterator[Stand | Block]:
    """Yield where every commitment (or those of one clause) stands, clauses in the order of the text."""
    inquiry = InColumns(agreement, log, question.as_of, question.proof, _judge)
    for name in agreement.clauses if only is None else (only,):
        for assumed, rows in every_reading(inquiry, partial(_rows, clause=name)):
            reading = tuple(sorted(assumed.items()))
            for row in rows:
                yield row.under(reading) if isinstance(row, Block) else replace(row, reading=reading)


def _rows(inquiry: Inquiry, clause: str) -> tuple[Stand | Block, ...]:
    """Return the rows of a clause, of which the kernels give some in blocks."""
    return judge_clause(inquiry, clause)


def stands(rows: Iterable[Stand | Block]) -> Iterator[Stand]:
    """Yield the rows one by one."""
    for row in rows:
        yield from row.stands() if isinstance(row, Block) else (row,)


def _judge(inquiry: Inquiry, clause: str) -> tuple[Stand, ...]:
    """Return the stands of a clause one by one, for another clause that waits for it."""
    return tuple(stands(judge_clause(inquiry, clause)))


@dataclass(frozen=True)
class InColumns(Inquiry):
    """An inquiry whose record is columns: it makes facts only of those that matter."""

    def judging(self, clause: Clause, judge: Judge) -> Judge:
        """Return the kernel of a clause, or the reference."""
        known_way = self.of_text(("kernel", id(clause)), lambda: kernel(self.agreement, clause))
        return known_way or judge  # type: ignore[return-value]  # blocks of stands are stands

    def find(
        self, pattern: PatternBody, meant: Meant, *, subject_only: bool = False, among: Iterable[Fact] | None = None
    ) -> tuple[Found, ...]:
        """Return the facts meant that have, or may have, happened by now; of many it makes those alone."""
        if among is not None or sum(map(len, columns_of(self).of_kind(pattern.fact))) < MANY:
            return super().find(pattern, meant, subject_only=subject_only, among=among)
        hits = seek_subject(self, pattern, meant)[0] if subject_only else seek(self, [pattern], meant)
        return tuple(hits.found())

    def quiet(
        self, condition: QuietDays, binding: Binding, days: Sequence[date], ask: Callable[[date], tuple[Tri, Ground]]
    ) -> Sequence[tuple[Tri, Ground]]:
        """Return whether each day was quiet, all days at once."""
        del ask
        return quiet(self.at_level(GATE_LEVEL), condition, binding, days)

    def naming(self, kind: str, field: str, value: str | None) -> Iterable[Fact]:
        """Return the facts of a kind that have just this value in a field, in order of time."""
        return columns_of(self).naming(kind, field, value)

    def kept(self, key: Hashable, work: Callable[[Inquiry], T]) -> T:
        """Return what `work` gives, worked out once for each moment and proof asked."""
        return self.once(("kept", key), lambda: work(self))

    def of_text(self, key: Hashable, work: Callable[[], T]) -> T:
        """Return what the text of the agreement alone gives, worked out once under these readings."""
        return self.once(("of the text", key), work)

    def near(
        self,
        pattern: PatternBody,
        *,
        like: Fact | None = None,
        about: tuple[str, ...] = (),
        since: Moment = DAWN,
        until: Moment = NEVER,
    ) -> Iterable[Fact]:
        """Return the facts of a pattern's kind that can matter near something, in order of time."""
        facts: list[Fact] = []
        for table in columns_of(self).of_kind(pattern.fact):
            rows = np.flatnonzero((table.earliest <= until) & (table.latest >= since))
            if like is not None:
                rows = _like(table, rows, pattern, like)
            rows = _about(table, rows, about) if self.matcher.is_linked(pattern) and about else rows
            facts += [table.fact(row) for row in rows.tolist()]
        return sorted(facts, key=lambda fact: (fact.when, fact.id))


def _about(table: Table, rows: NDArray[np.intp], about: tuple[str, ...]) -> NDArray[np.intp]:
    """Return those rows that are, or may be, of one of these."""
    said = table.field("of").take(rows)
    return rows[said.asked(lambda value: max(_may_be(value, one) for one in about)) > 0]


def _may_be(value: Field | None, wanted: str) -> Tri:
    return Tri.MAYBE if value is None else word_test(value, wanted)


def _like(table: Table, rows: NDArray[np.intp], pattern: PatternBody, like: Fact) -> NDArray[np.intp]:
    """Return those rows that agree, or may agree, with a fact in what the pattern says is the same."""
    for name in pattern.same:
        wanted = aspect(like, name)
        if wanted is not None:
            said = table.aspect(name).take(rows)
            rows = rows[(said.codes == NOTHING) | (said.asked(partial(_equal, wanted)) > 0)]
    return rows


def _equal(wanted: Field, value: Field | None) -> Tri:
    return Tri.YES if value == wanted else Tri.NO
