"""What a pattern finds among the columns: rows of tables with how sure each is, in order of time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from trucekeeper.compliance.columns.matching import InBulk, tri_of
from trucekeeper.compliance.columns.table import Log
from trucekeeper.compliance.columns.values import Values, joined
from trucekeeper.compliance.inquiry import Found
from trucekeeper.terms import Tri

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from trucekeeper.agreement.language import PatternBody
    from trucekeeper.compliance.columns.table import Table
    from trucekeeper.compliance.columns.values import Answers, Integers
    from trucekeeper.compliance.inquiry import Inquiry
    from trucekeeper.compliance.matching import Meant
    from trucekeeper.terms import Fact, Moment

    Moments = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Hits:
    """Facts found: their tables (`which` names each one's), rows, times and how surely each is meant."""

    tables: tuple[Table, ...]
    which: NDArray[np.intp]
    rows: Integers
    tri: Answers
    earliest: Moments
    latest: Moments

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.rows)

    def chosen(self, which: NDArray[np.bool_] | Integers) -> Hits:
        """Return some of them."""
        if which.dtype == bool and which.all():
            return self
        return Hits(
            self.tables,
            self.which[which],
            self.rows[which],
            self.tri[which],
            self.earliest[which],
            self.latest[which],
        )

    def with_answers(self, tri: Answers) -> Hits:
        """Return them with other answers."""
        return Hits(self.tables, self.which, self.rows, tri, self.earliest, self.latest)

    def surer(self, tri: Answers) -> Hits:
        """Return them with other answers, without those that are no longer meant."""
        return self.with_answers(tri).chosen(tri > Tri.NO)

    def aspect(self, name: str) -> Values:
        """Return who did each, in which zone, or what each says in a field; under "id" its name."""
        columns = [one.ids if name == "id" else one.aspect(name) for one in self.tables]
        if len(columns) == 1:
            return columns[0].take(self.rows)
        if not columns:
            return Values.nothing(0)
        mine = [np.flatnonzero(self.which == number) for number in range(len(columns))]
        one = joined([column.take(self.rows[rows]) for column, rows in zip(columns, mine, strict=True)])
        codes = np.empty(len(self), one.codes.dtype)
        codes[np.concatenate(mine)] = one.codes
        return Values(codes, one.distinct)

    def name(self, at: int) -> str:
        """Return the name of one of them."""
        return str(self.tables[int(self.which[at])].ids.at(int(self.rows[at])))

    def redacted(self) -> NDArray[np.bool_]:
        """Return which were redacted."""
        found = np.zeros(len(self), bool)
        for number, table in enumerate(self.tables):
            mine = self.which == number
            found[mine] = table.redacted[self.rows[mine]]
        return found

    def fact(self, at: int) -> Fact:
        """Return one of them whole."""
        return self.tables[int(self.which[at])].fact(int(self.rows[at]))

    def found_at(self, at: int) -> Found:
        """Return one of them as the reference finds it."""
        return Found(self.fact(at), Tri(int(self.tri[at])))

    def found(self) -> list[Found]:
        """Return them as the reference finds them, in order of time."""
        one_by_one = [self.found_at(at) for at in range(len(self))]
        return sorted(one_by_one, key=lambda one: (one.fact.when, one.fact.id))


def log_of(inquiry: Inquiry) -> Log:
    """Return the columns that an inquiry reads; only one that reads columns is asked."""
    if not isinstance(inquiry.record, Log):
        raise TypeError("bug: this inquiry reads no columns")
    return inquiry.record


def seek(inquiry: Inquiry, patterns: Sequence[PatternBody], meant: Meant) -> Hits:
    """Return what any of the patterns means and may have happened by now: each fact once, as sure as can be."""
    parts = [
        _in_table(inquiry, table, pattern, meant)
        for pattern in patterns
        for table in log_of(inquiry).of_kind(pattern.fact)
    ]
    found = _once(_together(parts), several=len(patterns) > 1)
    return found.chosen(_order(found)) if len(parts) > 1 else found


def seek_subject(inquiry: Inquiry, pattern: PatternBody, meant: Meant) -> tuple[Hits, Answers]:
    """Return what has the pattern's subject, and whether what the pattern says of each is true."""
    hits: list[Hits] = []
    truths: list[Answers] = []
    for table in log_of(inquiry).of_kind(pattern.fact):
        bulk = InBulk(inquiry.matcher, table, pattern, meant)
        one = _by_now(table, bulk.match(subject_only=True), inquiry.as_of)
        hits.append(one)
        truths.append(bulk.predicate()[one.rows])
    together = _together(hits)
    if len(hits) < 2:  # noqa: PLR2004  one table is in order
        return together, truths[0] if truths else np.empty(0, np.int8)
    order = _order(together)
    return together.chosen(order), np.concatenate(truths)[order]


def _in_table(inquiry: Inquiry, table: Table, pattern: PatternBody, meant: Meant) -> Hits:
    tri = InBulk(inquiry.matcher, table, pattern, meant).match()
    return judged(inquiry, _by_now(table, tri, inquiry.as_of), pattern)


def judged(inquiry: Inquiry, found: Hits, pattern: PatternBody) -> Hits:
    """Return what was found, as surely as a body judged that the pattern's term fits it, if it has one."""
    if pattern.judgement is None:
        return found
    answers = [inquiry.judged(found.fact(at), pattern.judgement) for at in range(len(found))]
    return found.surer(np.minimum(found.tri, np.array(answers, np.int8)))


def _by_now(table: Table, tri: Answers, as_of: Moment) -> Hits:
    """Return what is meant and has, or may have, happened by now; what has not for certain is doubtful."""
    every, none = np.arange(len(table)), np.zeros(len(table), np.intp)
    whole = Hits((table,), none, every, tri, table.earliest, table.latest)
    found = whole.chosen((tri > Tri.NO) & (table.earliest <= as_of))
    now = tri_of(found.latest <= as_of, np.ones(len(found), bool))
    return found.with_answers(np.minimum(found.tri, now))


def _together(parts: Sequence[Hits]) -> Hits:
    if len(parts) == 1:
        return parts[0]
    if not parts:
        none = np.empty(0, np.int64)
        return Hits((), none.astype(np.intp), none, none.astype(np.int8), none, none)
    tables = tuple(dict.fromkeys(table for one in parts for table in one.tables))
    number = {table: at for at, table in enumerate(tables)}
    return Hits(
        tables,
        np.concatenate([np.full(len(one), number[one.tables[0]], np.intp) for one in parts]),
        np.concatenate([one.rows for one in parts]),
        np.concatenate([one.tri for one in parts]),
        np.concatenate([one.earliest for one in parts]),
        np.concatenate([one.latest for one in parts]),
    )


def _once(hits: Hits, *, several: bool) -> Hits:
    """Return each fact once, with the surest answer of several patterns."""
    if not several or not len(hits):
        return hits
    order = np.lexsort((hits.tri, hits.rows, hits.which))
    sorted_ = hits.chosen(order)
    last = np.append((sorted_.which[1:] != sorted_.which[:-1]) | (sorted_.rows[1:] != sorted_.rows[:-1]), True)
    return sorted_.chosen(last)


def _order(hits: Hits) -> Integers:
    """Return their places in order of time, those of one time by name."""
    order = np.lexsort((hits.latest, hits.earliest))
    ordered = hits.chosen(order)
    same = (ordered.earliest[1:] == ordered.earliest[:-1]) & (ordered.latest[1:] == ordered.latest[:-1])
    tied = np.flatnonzero(np.append(same, False) | np.append(False, same))
    names = ordered.chosen(tied).aspect("id").texts()
    times = zip(ordered.earliest[tied].tolist(), ordered.latest[tied].tolist(), names, tied.tolist(), strict=True)
    places = np.arange(len(ordered))
    places[tied] = [at for *_, at in sorted(times)]
    return order[places]
