"""Which of many rows count: what a look at the rows of each fact by itself finds."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise, product
from random import Random
from typing import TYPE_CHECKING

import numpy as np
import pytest

from trucekeeper.compliance.columns import revisions
from trucekeeper.compliance.columns.revisions import Revisions
from trucekeeper.terms import DAWN

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Row:
    """One row of a log; `recorded` is None where no keeper recorded it."""

    fact: int
    rev: int = 1
    learned: int = 10
    recorded: int | None = None
    asserts: bool = True
    plain: bool = True

    @property
    def known_at(self) -> int:
        return self.learned if self.recorded is None else self.recorded


def part(rows: Sequence[Row]) -> Revisions:
    return Revisions(
        fact=np.array([row.fact for row in rows], np.uint64),
        rev=np.array([row.rev for row in rows], np.int32),
        asserts=np.array([row.asserts for row in rows], bool),
        learned_at=np.array([row.learned for row in rows], np.int64),
        recorded_at=np.array([DAWN if row.recorded is None else row.recorded for row in rows], np.int64),
        plain=np.array([row.plain for row in rows], bool),
    )


def settled(
    rows: Sequence[Row], known_at: int = 100, also: Sequence[int] = (), *, cuts: Sequence[int] = ()
) -> tuple[list[int], list[int]]:
    """Return which rows count, and which are of facts to be settled otherwise, of a log cut into parts."""
    parts = [part(rows[start:end]) for start, end in pairwise([0, *cuts, len(rows)])]
    found = revisions.settled(parts, known_at, also=np.array(also, np.uint64))
    assert len(found.counts) == len(rows)
    return np.flatnonzero(found.counts).tolist(), found.others.tolist()


def by_hand(rows: Sequence[Row], known_at: int, also: Sequence[int]) -> tuple[list[int], list[int]]:
    """Return the same, found by a look at each fact's rows in the order of their revisions."""
    counts: list[int] = []
    others: list[int] = []
    for fact in {row.fact for row in rows}:
        own = sorted((row.rev, at) for at, row in enumerate(rows) if row.fact == fact)
        if fact in also or not _plain([rows[at] for _, at in own]):
            others += [at for _, at in own]
            continue
        known = [at for _, at in own if rows[at].known_at <= known_at]
        counts += [at for at in known[-1:] if rows[at].asserts]
    return sorted(counts), sorted(others)


def _plain(rows: Sequence[Row]) -> bool:
    pairs = [*pairwise(rows)]
    recorded = [DAWN if row.recorded is None else row.recorded for row in rows]
    return (
        rows[0].asserts
        and all(row.plain for row in rows)
        and all(one.rev < other.rev and one.learned <= other.learned for one, other in pairs)
        and recorded == sorted(recorded)
    )


# ---- by themselves -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("recorded", [None, DAWN + 1, 5, 15])
@pytest.mark.parametrize("known_at", [DAWN, 4, 5, 9, 10, 14, 15])
def test_a_fact_of_one_row_counts_from_when_it_was_known(recorded: int | None, known_at: int) -> None:
    row = Row(7, learned=10, recorded=recorded)

    assert settled([row], known_at) == ([0] if row.known_at <= known_at else [], [])


@pytest.mark.parametrize("recorded", [DAWN, 15])
def test_a_column_that_says_the_same_throughout_is_read_as_any_other(recorded: int) -> None:
    rows = [Row(7, learned=10), Row(8, learned=20)]
    known = part(rows)
    recorded_at = np.broadcast_to(np.array(recorded, np.int64), 2)
    alike = Revisions(known.fact, known.rev, known.asserts, known.learned_at, recorded_at, known.plain)

    found = [alike.known(known_at).tolist() for known_at in (9, 10, 14, 15, 19, 20)]

    by_source = [[False] * 2, *[[True, False]] * 4, [True] * 2]
    assert found == (by_source if recorded == DAWN else [*[[False] * 2] * 3, *[[True] * 2] * 3])


def test_of_several_revisions_the_highest_known_counts_whatever_their_order() -> None:
    rows = [Row(7, rev=3, learned=30), Row(7, rev=1, learned=10), Row(8, learned=5), Row(7, rev=2, learned=20)]

    found = [settled(rows, known_at, cuts=[2])[0] for known_at in (9, 10, 19, 20, 29, 30)]

    assert found == [[2], [1, 2], [1, 2], [2, 3], [2, 3], [0, 2]]


def test_a_retracted_fact_counts_until_its_retraction_was_known() -> None:
    rows = [Row(7, rev=1, learned=10), Row(7, rev=2, learned=20, asserts=False), Row(7, rev=3, learned=30)]

    assert [settled(rows, known_at)[0] for known_at in (10, 19, 20, 29, 30)] == [[0], [0], [], [], [2]]


@pytest.mark.parametrize(
    "rows",
    [
        [Row(7, plain=False)],
        [Row(7, asserts=False)],
        [Row(7, rev=2, asserts=False)],
        [Row(7), Row(7)],
        [Row(7), Row(7, rev=2, plain=False)],
        [Row(7, asserts=False), Row(7, rev=2)],
        [Row(7, learned=10), Row(7, rev=2, learned=9)],
        [Row(7, recorded=10), Row(7, rev=2, recorded=9)],
        [Row(7, recorded=10), Row(7, rev=2)],
        [Row(7), Row(7, rev=2), Row(7, rev=2)],
        [Row(7, rev=2), Row(7, rev=1), Row(7, rev=2, asserts=False)],
    ],
)
def test_all_rows_of_a_fact_that_is_not_plain_are_settled_otherwise(rows: list[Row]) -> None:
    beside = [Row(8), Row(6)]

    assert settled([beside[0], *rows, beside[1]]) == ([0, len(rows) + 1], [*range(1, len(rows) + 1)])


@pytest.mark.parametrize(("rev", "learned", "recorded"), [(2, 10, None), (2, 10, 5), (5, 11, None)])
def test_a_later_revision_of_the_same_or_a_later_time_is_plain(rev: int, learned: int, recorded: int | None) -> None:
    assert settled([Row(7), Row(7, rev, learned, recorded)]) == ([1], [])


def test_a_fact_that_has_rows_elsewhere_is_settled_with_them() -> None:
    rows = [Row(7), Row(8), Row(8, rev=2)]

    assert settled(rows, also=[7]) == ([2], [0])
    assert settled(rows, also=[8, 9]) == ([0], [1, 2])
    assert settled(rows, also=[9]) == ([0, 2], [])


def test_of_no_rows_none_counts() -> None:
    assert settled([]) == settled([], also=[7]) == settled([], cuts=[0]) == ([], [])
    nothing = revisions.settled([], 100, also=np.empty(0, np.uint64))
    assert (nothing.counts.tolist(), nothing.others.tolist()) == ([], [])


# ---- among many ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("spread", ["near", "far", "both"])
def test_among_many_rows_each_fact_is_settled_as_by_itself(spread: str) -> None:
    """Facts whose numbers are near share the bits by which rows are first sorted; those far apart do not."""
    dice = Random(spread)  # noqa: S311  nothing here is a secret
    near, far = [*range(6)], [dice.getrandbits(64) for _ in range(6)]
    names = {"near": near, "far": far, "both": [*near, *far, (1 << 64) - 1, 1 << 63]}[spread]
    for _ in range(200):
        rows = [
            Row(
                dice.choice(names),
                dice.choice([1, 1, 1, 2, 2, 3]),
                dice.choice([10, 10, 20, 30]),
                dice.choice([None, None, None, 10, 20]),
                asserts=dice.random() < 0.9,
                plain=dice.random() < 0.95,
            )
            for _ in range(dice.randint(0, 14))
        ]
        cuts = sorted(dice.randint(0, len(rows)) for _ in range(dice.randint(0, 3)))
        also = dice.choice([[], [], [], [dice.choice(names), 12345]])
        for known_at, several in product((9, 10, 20, 30), ([], cuts)):
            assert settled(rows, known_at, also, cuts=several) == by_hand(rows, known_at, also)
