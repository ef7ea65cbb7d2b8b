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

from trucekeeper.terms import DAWN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from trucekeeper.terms import Moment

    Rows = NDArray[np.intp]
    Flags = NDArray[np.bool_]
    Moments = NDArray[np.int64]
    Hashes = NDArray[np.uint64]

ALONE = 2
"""There are four times as many buckets as rows, or more, so that three rows in four are alone in theirs."""

_ODD = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xBF58476D1CE4E5B9)


def hashes(data: NDArray[np.uint8], offsets: NDArray[np.int32]) -> Hashes:
    """Return 64 bits for each text: texts of UTF-8 bytes `data`, each from its offset up to the next.

    The mixing steps are those of SplitMix64 (G. L. Steele, D. Lea, C. H. Flood, Fast Splittable Pseudorandom Number
    Generators, OOPSLA 2014), once for each eight bytes.
    """
    start = offsets[:-1].astype(np.int64)
    left = np.diff(offsets).astype(np.int64)
    padded = np.concatenate([data, np.zeros(8, np.uint8)])
    words = np.ndarray((len(data) + 1,), "<u8", padded.data, strides=(1,))  # the eight bytes from each place on
    mixed = left.astype(np.uint64) * _ODD
    for step in range(0, int(left.max(initial=0)), 8):
        rows: slice | Rows = slice(None) if step == 0 else np.flatnonzero(left > step)
        beyond = np.clip(8 - (left[rows] - step), 0, 7).astype(np.uint64) * np.uint64(8)
        word = words[start[rows] + step] << beyond  # without the bytes of the next text
        mixed[rows] = _mixed(mixed[rows] ^ word)
    return mixed


def _mixed(bits: Hashes) -> Hashes:
    bits = (bits ^ (bits >> np.uint64(30))) * _MIX
    return (bits ^ (bits >> np.uint64(27))) * _ODD


@dataclass(frozen=True, slots=True, eq=False)
class Revisions:
    """Every row of a log, in the order read: its fact, revision, whether it asserts, and when it was known.

    `recorded_at` is DAWN where no keeper recorded it. `plain` rows assert or retract and have no fault; `matters` are
    those that the agreement may mean.
    """

    fact: Hashes
    rev: NDArray[np.int32]
    asserts: Flags
    learned_at: Moments
    recorded_at: Moments
    plain: Flags
    matters: Flags

    @property
    def known_at(self) -> Moments:
        """Return when each row was on record: by the keeper's clock, or by its source's word where it has none."""
        return np.where(self.recorded_at > DAWN, self.recorded_at, self.learned_at)

    def settled(self, known_at: Moment, *, also: Hashes) -> Settled:
        """Return which rows count as known at a moment, and which facts have to be settled otherwise.

        `also`: the hashes of facts that have other rows elsewhere.
        """
        elsewhere = np.isin(self.fact, also) if len(also) else np.zeros(len(self.fact), bool)
        if elsewhere.any():
            return replace(self, plain=self.plain & ~elsewhere).settled(known_at, also=also[:0])
        counts = self.asserts & self.plain & (self.known_at <= known_at)
        rows = self._shared()
        ours, group = self._grouped(rows)
        counts[ours] = False
        odd = self._odd(ours, group)
        alone = ~(self.asserts & self.plain)
        alone[ours] = False
        others = np.concatenate([ours[odd], np.flatnonzero(alone)])
        counts[self._latest(ours[~odd], group[~odd], known_at)] = True
        return Settled(counts, np.sort(others))

    def _shared(self) -> Rows:
        """Return the rows of facts that have several, where one of them matters or is no plain assertion.

        Facts that share a bucket with one of those are looked at too; most that have one row fall away here.
        """
        bits = len(self.fact).bit_length() + ALONE
        bucket = (self.fact >> np.uint64(64 - bits)).astype(np.uint32)
        asked = np.zeros(1 << bits, bool)
        asked[bucket[self.matters | (self.rev > 1) | ~self.asserts | ~self.plain]] = True
        rows = np.flatnonzero(asked[bucket])
        ordered = np.sort(self.fact[rows])
        several = ordered[1:][ordered[1:] == ordered[:-1]]
        again = np.searchsorted(several, self.fact[rows])
        return rows[np.append(several, 0)[again] == self.fact[rows]] if len(several) else rows[:0]

    def _grouped(self, rows: Rows) -> tuple[Rows, NDArray[np.intp]]:
        """Return rows by fact and revision, and a number for the fact of each."""
        ordered = rows[np.lexsort((rows, self.rev[rows], self.fact[rows]))]
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
