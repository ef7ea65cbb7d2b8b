"""What a reviewer should look at first: merges that hold by little, incidents nearly merged, reports nobody guessed.

Each says how little it would take to change it, and what speaks for and against by the terms of `weights`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

import numpy as np

from trucekeeper.fusion.merging import APART

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trucekeeper.fusion.clustering import Clusters
    from trucekeeper.fusion.columns import Wholes
    from trucekeeper.fusion.weights import Weigher

FRAGILE = 700
"""Thousandths of a nat: a mean weight within this of nought, odds of one to two, is worth a person's look."""


class Doubt(Enum):
    """Why a reviewer is asked."""

    FRAGILE = "fragile"
    """A report is in an incident that it fits by little."""
    NEAR_MISS = "near miss"
    """Two incidents are apart that fit by little less than enough."""
    QUEUED = "queued"
    """A report was guessed no incident for: two suit it about equally."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question to a reviewer: do these reports tell one incident with those, given by keys?

    `margin` is by how many thousandths of a nat it is as it is; `terms` are the means of the terms of all pairs
    between the two, in the order of `weights.TERMS`.
    """

    doubt: Doubt
    reports: tuple[int, ...]
    others: tuple[int, ...]
    margin: int
    terms: dict[str, int]


def questions(found: Clusters, weigher: Weigher, most: int = 100) -> tuple[Question, ...]:
    """Return the questions of the least margin, least first; between equals that about the lesser key."""
    asked = sorted(
        [*_fragile(found), *_near_misses(found), *_queued(found)], key=lambda one: (one[3], one[1], one[2])
    )
    return tuple(_question(found, weigher, *one) for one in asked[:most])


def explained(found: Clusters, weigher: Weigher, one: tuple[int, ...], two: tuple[int, ...]) -> dict[str, int]:
    """Return what speaks for some reports telling one incident with others: the mean of each term over all pairs."""
    keys = found.read.columns.key
    first, second = np.searchsorted(keys, one), np.searchsorted(keys, two)
    pairs = np.repeat(first, len(second)), np.tile(second, len(first))
    return {name: _mean(values) for name, values in weigher.terms(found.read, *pairs).items()}


def refit_changes(before: Wholes, after: Wholes) -> int:
    """Return how many incidents of the labels before are not the same after, given for the same reports."""
    _, first, sizes = np.unique(before, return_inverse=True, return_counts=True)
    _, second, sizes_after = np.unique(after, return_inverse=True, return_counts=True)
    same = sizes[first] == sizes_after[second]
    pairs = first * (int(second.max(initial=0)) + 1) + second
    _, back, counts = np.unique(pairs, return_inverse=True, return_counts=True)
    return len(sizes) - len(np.unique(first[same & (counts[back] == sizes[first])]))


_Asked = tuple[Doubt, tuple[int, ...], tuple[int, ...], int]


def _question(found: Clusters, weigher: Weigher, doubt: Doubt, *rest: object) -> Question:
    reports, others, margin = rest
    assert isinstance(reports, tuple)
    assert isinstance(others, tuple)
    assert isinstance(margin, int)
    return Question(doubt, reports, others, margin, explained(found, weigher, reports, others))


def _members(found: Clusters, label: int) -> tuple[int, ...]:
    return tuple(found.read.columns.key[found.label == label].tolist())


def _fragile(found: Clusters) -> Iterator[_Asked]:
    """Yield the reports whose mean weight with the rest of their incident is little above nought, or below."""
    inside = found.label[found.one] == found.label[found.two]
    rows = np.concatenate([found.one[inside], found.two[inside]])
    weights = np.concatenate([found.weights[inside], found.weights[inside]])
    keys = found.read.columns.key
    for row, mean in _means(rows, weights):
        if abs(mean) < FRAGILE:
            key = int(keys[row])
            rest = tuple(other for other in _members(found, int(found.label[row])) if other != key)
            yield Doubt.FRAGILE, (key,), rest, abs(mean)


def _near_misses(found: Clusters) -> Iterator[_Asked]:
    """Yield the pairs of incidents whose mean weight is little below nought."""
    first, second = found.label[found.one], found.label[found.two]
    across = (first != second) & (found.weights > APART)
    size = max(len(found.label), 1)
    pairs = np.minimum(first, second) * size + np.maximum(first, second)
    for pair, mean in _means(pairs[across], found.weights[across]):
        if -FRAGILE < mean <= 0:
            yield Doubt.NEAR_MISS, _members(found, pair // size), _members(found, pair % size), -mean


def _queued(found: Clusters) -> Iterator[_Asked]:
    keys = found.read.columns.key
    for rival in found.rivals:
        label = found.label[np.searchsorted(keys, [rival.first, rival.second])]
        others = tuple(key for one in label.tolist() for key in _members(found, one))
        yield Doubt.QUEUED, (rival.report,), others, rival.margin


def _means(groups: Wholes, weights: Wholes) -> Iterator[tuple[int, int]]:
    """Yield each group and the mean of its weights."""
    named, back, counts = np.unique(groups, return_inverse=True, return_counts=True)
    sums = np.zeros(len(named), dtype=np.int64)
    np.add.at(sums, back, weights)
    yield from zip(named.tolist(), (sums // counts).tolist(), strict=True)


def _mean(values: Wholes) -> int:
    return int(values.sum()) // max(len(values), 1)
