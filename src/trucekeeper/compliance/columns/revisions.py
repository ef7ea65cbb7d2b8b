"""Revisions in bulk: which of many rows is the one revision of its fact that counts, as known at a moment.

Facts are told apart by 64 bits of a hash of their ids. Most have one row; those that have several, or whose hash
another shares, are found by it and settled among themselves. Where a fact's rows are not of the plain sort (they
redact, contradict each other, fall in time, retract nothing) its rows are named, and whoever reads them settles it.
The rules are those of `trucekeeper.compliance.knowledge.known` and of the facts format.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from trucekeeper.compliance.columns.texts import by_hash
from trucekeeper.terms import DAWN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from trucekeeper.terms import Moment

    Rows = NDArray[np.intp]
    Flags = NDArray[np.bool_]
    Moments = NDArray[np.int64]
    Hashes = NDArray[np.uint64]


@dataclass(frozen=True, slots=True, eq=False)
class Revisions:
    """Every row of a log, in the order read: its fact, revision, whether it asserts, and when it was known.

    `recorded_at` is DAWN where no keeper recorded it. `plain` rows assert or retract and have no fault.
    """

    fact: Hashes
    rev: NDArray[np.int32]
    asserts: Flags
    learned_at: Moments
    recorded_at: Moments
    plain: Flags

    @property
    def known_at(self) -> Moments:
        """Return when each row was on record: by the keeper's clock, or by its source's word where it has none."""
        recorded = self.recorded_at > DAWN
        return np.where(recorded, self.recorded_at, self.learned_at) if recorded.any() else self.learned_at

    def settled(self, known_at: Moment, *, also: Hashes) -> Settled:
        """Return which rows count as known at a moment, and which facts have to be settled otherwise.

        `also`: the hashes of facts that have other rows elsewhere.
        """
        elsewhere = np.isin(self.fact, also) if len(also) else np.zeros(len(self.fact), bool)
        if elsewhere.any():
            return replace(self, plain=self.plain & ~elsewhere).settled(known_at, also=also[:0])
        asserted = self.asserts & self.plain
        counts = asserted & (self.known_at <= known_at)
        rows = self._shared()
        ours, group = self._grouped(rows)
        counts[ours] = False
        odd = self._odd(ours, group)
        alone = ~asserted
        alone[ours] = False
        others = np.concatenate([ours[odd], np.flatnonzero(alone)])
        counts[self._latest(ours[~odd], group[~odd], known_at)] = True
        return Settled(counts, np.sort(others))

    def _shared(self) -> Rows:
        """Return the rows of facts that have several, and a few others, those of one fact in the order read."""
        order, again = by_hash(self.fact)
        several: Rows = order[again | np.append(again[1:], False)]
        return several

    def _grouped(self, rows: Rows) -> tuple[Rows, NDArray[np.intp]]:
        """Return rows by fact and revision, and a number for the fact of each."""
        ordered = rows[np.lexsort((self.rev[rows], self.fact[rows]))]
        fact = self.fact[ordered]
        return ordered, np.cumsum(np.append(False, fact[1:] != fact[:-1]))[: len(ordered)]

    def _odd(self, rows: Rows, group: NDArray[np.intp]) -> Flags:
        """Return which of these rows are of facts whose rows are not of the plain sort."""
        if not len(rows):
            return np.empty(0, bool)
        first = np.append(True, group[1:] != group[:-1])
        same_rev = np.append(False, self.rev[rows][1:] == self.rev[rows][:-1])
        falls = _falls(self.learned_at[rows]) | _falls(self.recorded_at[rows])
        wrong = ~self.plain[rows] | (first & ~self.asserts[rows]) | (~first & (same_rev | falls))
        return np.isin(group, group[wrong])

    def _latest(self, rows: Rows, group: NDArray[np.intp], known_at: Moment) -> Rows:
        """Return, of each fact, the row of the highest revision known, if it asserts."""
        recorded = self.recorded_at[rows]
        known = np.where(recorded > DAWN, recorded, self.learned_at[rows]) <= known_at
        rows, group = rows[known], group[known]
        last = np.append(group[1:] != group[:-1], True) if len(group) else np.empty(0, bool)
        return rows[last & self.asserts[rows]]


def _falls(moments: Moments) -> Flags:
    """Return which are before the one above them."""
    return np.append(False, moments[1:] < moments[:-1])


@dataclass(frozen=True, slots=True, eq=False)
class Settled:
    """Which rows count, and the rows of all facts that have to be settled fact by fact."""

    counts: Flags
    others: Rows
