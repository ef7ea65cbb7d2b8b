"""Revisions in bulk: which of many rows is the one revision of its fact that counts, as known at a moment.

Facts are told apart by 64 bits of a hash of their ids. Most have one row; those that have several, or whose hash
another shares, are found by it and settled among themselves. Where a fact's rows are not of the plain sort (they
redact, contradict each other, fall in time, retract nothing) its rows are named, and whoever reads them settles it.
The rules are those of `trucekeeper.compliance.knowledge.known` and of the facts format.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from trucekeeper.compliance.columns.texts import by_hash
from trucekeeper.terms import DAWN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from trucekeeper.terms import Moment

    Rows = NDArray[np.intp]
    Flags = NDArray[np.bool_]
    Moments = NDArray[np.int64]
    Hashes = NDArray[np.uint64]


@dataclass(frozen=True, slots=True, eq=False)
class Revisions:
    """Rows in the order read: the fact of each, its revision, whether it asserts, and when it was known.

    `recorded_at` is DAWN where no keeper recorded it. `plain` rows assert or retract and have no fault.
    """

    fact: Hashes
    rev: NDArray[np.int32]
    asserts: Flags
    learned_at: Moments
    recorded_at: Moments
    plain: Flags

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(self.fact)

    def take(self, rows: Rows) -> Revisions:
        """Return some of the rows, in this order."""
        return Revisions(*(getattr(self, name)[rows] for name in self.__slots__))

    def known(self, known_at: Moment) -> Flags:
        """Return which rows were on record: by the keeper's clock, or by its source's word where it has none."""
        learned = self.learned_at <= known_at
        if self.recorded_at.strides == (0,) and not (self.recorded_at[:1] > DAWN).any():
            return learned
        return np.where(self.recorded_at > DAWN, self.recorded_at <= known_at, learned)

    def odd(self) -> Flags:
        """Return which of rows in order of fact and revision are of facts whose rows are not of the plain sort."""
        again = _again(self.fact)
        falls = _falls(self.learned_at) | _falls(self.recorded_at)
        wrong = ~self.plain | (~again & ~self.asserts) | (again & (_again(self.rev) | falls))
        return np.isin(self.fact, self.fact[wrong])

    def latest(self, known_at: Moment) -> Rows:
        """Return, of rows in order of fact and revision, the highest known of each fact, if it asserts."""
        rows = np.flatnonzero(self.known(known_at))
        last = ~np.append(_again(self.fact[rows])[1:], False)[: len(rows)]
        return rows[last & self.asserts[rows]]


_NO_ROWS = Revisions(*(np.empty(0, kind) for kind in (np.uint64, np.int32, bool, np.int64, np.int64, bool)))


def settled(several: Sequence[Revisions], known_at: Moment, *, also: Hashes) -> Settled:
    """Return which rows of a log count as known at a moment, and which facts have to be settled otherwise.

    The log comes in parts, whose rows are counted through. `also`: hashes of facts that have other rows elsewhere.
    """
    if len(also):
        several = [replace(one, plain=one.plain & ~np.isin(one.fact, also)) for one in several]
    asserted = _joined([one.asserts & one.plain for one in several])
    counts = asserted & _joined([one.known(known_at) for one in several])
    rows = _shared(several)
    said = _taken(several, rows)
    order = np.lexsort((said.rev, said.fact))
    rows, said = rows[order], said.take(order)
    odd = said.odd()
    counts[rows] = False
    counts[rows[~odd][said.take(np.flatnonzero(~odd)).latest(known_at)]] = True
    asserted[rows] = True
    return Settled(counts, np.sort(np.concatenate([rows[odd], np.flatnonzero(~asserted)])))


def _joined(several: Sequence[Flags]) -> Flags:
    return np.concatenate([np.empty(0, bool), *several])


def _shared(several: Sequence[Revisions]) -> Rows:
    """Return the rows of facts that have several, and a few others, in the order read."""
    order, again = by_hash([one.fact for one in several])
    again[:-1] |= again[1:]
    return np.sort(order[again])


def _taken(several: Sequence[Revisions], rows: Rows) -> Revisions:
    """Return these rows, which are in order, of a log in parts."""
    ends = np.cumsum([0, *map(len, several)])
    places = np.searchsorted(rows, ends).tolist()
    parts = [_NO_ROWS] + [
        one.take(rows[start:end] - before)
        for one, before, (start, end) in zip(several, ends.tolist(), pairwise(places), strict=False)
    ]
    return Revisions(*(np.concatenate([getattr(one, name) for one in parts]) for name in Revisions.__slots__))


def _again(numbers: NDArray[np.integer]) -> Flags:
    """Return which are the same as the one above them."""
    return np.append(False, numbers[1:] == numbers[:-1])[: len(numbers)]


def _falls(moments: Moments) -> Flags:
    """Return which are before the one above them."""
    return np.append(False, moments[1:] < moments[:-1])[: len(moments)]


@dataclass(frozen=True, slots=True, eq=False)
class Settled:
    """Which rows count, and the rows of all facts that have to be settled fact by fact."""

    counts: Flags
    others: Rows
