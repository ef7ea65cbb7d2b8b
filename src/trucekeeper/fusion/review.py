"""What a reviewer should look at first: merges that hold by little, incidents nearly merged, reports nobody guessed.

Each says how little it would take to change it, and what speaks for and against by the terms of `weights`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from trucekeeper.fusion.clustering import Members
from trucekeeper.fusion.merging import APART

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trucekeeper.fusion.clustering import Clusters
    from trucekeeper.fusion.columns import Wholes

FRAGILE = 700
"""Thousandths of a nat: a mean weight within this of nought, odds of one to two, is worth a person's look."""


class Doubt(Enum):
    """Why a reviewer is asked."""

    QUEUED = "queued"
    """No incident was guessed for a report: two suit it about equally."""
    FRAGILE = "fragile"
    """A report is in an incident that it fits by little."""
    NEAR_MISS = "near miss"
    """Two incidents are apart that fit by little less than enough, and that other reports hold in one component."""


@dataclass(frozen=True, slots=True)
class Question:
    """Whether some reports tell one incident with others, given by their keys, and not, if queued, with `rather`.

    `margin` is the thousandths of a nat by which it is as it is; `terms` are the means of the terms of all pairs
    between the reports and the others, in the order of `weights.TERMS`.
    """

    doubt: Doubt
    reports: tuple[int, ...]
    others: tuple[int, ...]
    rather: tuple[int, ...]
    margin: int
    terms: dict[str, int]


class _Asked(NamedTuple):
    """A question by rows: of what is asked about, and of one in each cluster that is in doubt."""

    margin: int
    doubt: Doubt
    row: int
    other: int
    rather: int | None = None


def questions(found: Clusters, most: int = 100) -> tuple[Question, ...]:
    """Return the questions of the least margin, least first; between equals that about the lesser key."""
    asked = [*_queued(found), *_fragile(found), *_near_misses(found)]
    asked.sort(key=lambda one: (one.margin, one.row, one.other, one.doubt.value))
    members = Members.of(found.label, np.arange(len(found.label)))
    return tuple(_question(found, members, one) for one in asked[:most])


def explained(found: Clusters, one: Wholes, two: Wholes) -> dict[str, int]:
    """Return what speaks for some rows telling one incident with others: the mean of each term over all pairs."""
    terms = found.weigher.terms(found.read, np.repeat(one, len(two)), np.tile(two, len(one)))
    return {name: int(values.sum()) // max(len(values), 1) for name, values in terms.items()}


def refit_changes(before: Wholes, after: Wholes) -> int:
    """Return how many incidents of the labels before are not the same after; both label the same reports."""
    _, first, sizes = np.unique(before, return_inverse=True, return_counts=True)
    _, second, later_sizes = np.unique(after, return_inverse=True, return_counts=True)
    pairs = first * len(later_sizes) + second
    _, at, counts = np.unique(pairs, return_index=True, return_counts=True)
    whole = (counts == sizes[first[at]]) & (counts == later_sizes[second[at]])
    return len(sizes) - int(whole.sum())


def _question(found: Clusters, members: Members, asked: _Asked) -> Question:
    keys = found.read.columns.key

    def beside(row: int) -> Wholes:
        return members.about(np.array([row]))[int(found.label[row])]

    reports = beside(asked.row) if asked.doubt is Doubt.NEAR_MISS else np.array([asked.row])
    others = beside(asked.other)
    others = others[~np.isin(others, reports)]
    return Question(
        asked.doubt,
        tuple(keys[reports].tolist()),
        tuple(keys[others].tolist()),
        () if asked.rather is None else tuple(keys[beside(asked.rather)].tolist()),
        asked.margin,
        explained(found, reports, others),
    )


def _queued(found: Clusters) -> Iterator[_Asked]:
    """Yield the reports that no incident was guessed for."""
    keys = found.read.columns.key
    for rival in found.rivals:
        row, first, second = np.searchsorted(keys, [rival.report, rival.first, rival.second]).tolist()
        yield _Asked(rival.margin, Doubt.QUEUED, row, first, second)


def _fragile(found: Clusters) -> Iterator[_Asked]:
    """Yield the reports whose mean weight with the rest of their incident is near nought."""
    inside = found.label[found.one] == found.label[found.two]
    one, two, weights = found.one[inside], found.two[inside], found.weights[inside]
    for row, mean in _means(np.concatenate([one, two]), np.concatenate([weights, weights])):
        if abs(mean) < FRAGILE:
            yield _Asked(abs(mean), Doubt.FRAGILE, row, row)


def _near_misses(found: Clusters) -> Iterator[_Asked]:
    """Yield the pairs of incidents whose mean weight is little below nought."""
    first, second = found.label[found.one], found.label[found.two]
    across = (first != second) & (found.weights > APART)
    size = len(found.label)
    pairs = np.minimum(first, second) * size + np.maximum(first, second)
    for pair, mean in _means(pairs[across], found.weights[across]):
        if -FRAGILE < mean <= 0:
            yield _Asked(-mean, Doubt.NEAR_MISS, pair // size, pair % size)


def _means(groups: Wholes, weights: Wholes) -> Iterator[tuple[int, int]]:
    """Yield each group and the mean of its weights."""
    named, back, counts = np.unique(groups, return_inverse=True, return_counts=True)
    sums = np.zeros(len(named), dtype=np.int64)
    np.add.at(sums, back, weights)
    yield from zip(named.tolist(), (sums // counts).tolist(), strict=True)
