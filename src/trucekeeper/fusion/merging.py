"""Which reports tell one incident: greedy correlation clustering, the same for any order of reports.

Reports joined by a pair that weighs more than nought, one after the other, are a component; nothing outside it
matters to it. Inside, clusters begin as single reports, or as what people joined, and the two of highest mean weight
are merged while that mean is above nought. The mean over all pairs, the bad ones too, is what keeps one day's
shelling from being chained to the next day's by a vague report between.

Merging goes by rounds: any two clusters that are each other's best are merged at once. As a mean of means is never
above the higher of them, no merge makes a third pair better than it was, so that this ends where merging the single
best pair each time does. Between equals the smaller keys come first.

A component of more than `MOST` reports is cut where it is weakest, by asking ever more of the pairs that hold it
together; so no component can grow into a work without bound.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

if TYPE_CHECKING:
    from trucekeeper.fusion.columns import Reals, Wholes

MOST = 256
"""Reports in a component; a hot place under fire for weeks has some eighty."""

STEP = 250
"""By how many thousandths of a nat more is asked of what holds a too large component together, each time."""

TOGETHER = 10**9
"""What a pair weighs that people said is one incident, so that no cut parts it."""

APART = -(10**9)
"""What a pair weighs that people said is two incidents: more than all else together."""


_ALL = 100_000  # no two reports weigh so much of themselves


def components(size: int, one: Wholes, two: Wholes, weights: Wholes) -> Wholes:
    """Return for each of `size` rows a number of its component, given the pairs above nought."""
    label = _connected(size, one, two)
    asked = STEP
    while True:
        large = np.bincount(label, minlength=1)[label] > MOST if size else np.zeros(0, dtype=np.bool_)
        kept = ~large[one] | (weights > asked)
        if not large.any() or asked > _ALL:
            return label
        one, two, weights = one[kept], two[kept], weights[kept]
        label = _connected(size, one, two)
        asked += STEP


def _connected(size: int, one: Wholes, two: Wholes) -> Wholes:
    graph = coo_matrix((np.ones(len(one), dtype=np.int8), (one, two)), shape=(size, size))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)


def pairs_within(label: Wholes) -> tuple[Wholes, Wholes]:
    """Return all pairs of rows with one label, the lesser row first."""
    order = np.argsort(label, kind="stable")
    _, begin, sizes = np.unique(label[order], return_index=True, return_counts=True)
    last = np.repeat(begin + sizes, sizes) - 1
    follow = last - np.arange(len(label))
    one = np.repeat(np.arange(len(label)), follow)
    two = np.arange(len(one)) - np.repeat(np.cumsum(follow) - follow, follow) + one + 1
    return order[one], order[two]


def agglomerate(label: Wholes, one: Wholes, two: Wholes, weights: Wholes) -> Wholes:
    """Return each row's cluster, called by its least row.

    `label` is the cluster each row begins in, by its least row. Of every component all pairs must be given.
    """
    size = len(label)
    parent = label.copy()
    members = np.bincount(parent, minlength=size)
    one, two, sums = _between(parent[one], parent[two], weights, size)
    while True:
        mean = sums / (members[one] * members[two])
        good = mean > 0
        live = np.zeros(size, dtype=np.bool_)
        live[one[good]] = True
        live[two[good]] = True
        kept = live[one] & live[two]
        one, two, sums, mean = one[kept], two[kept], sums[kept], mean[kept]
        if not len(one):
            return _roots(parent)
        first, second = _each_others_best(one, two, mean, size)
        parent[second] = first
        members[first] += members[second]
        merged = np.arange(size)
        merged[second] = first
        one, two, sums = _between(merged[one], merged[two], sums, size)


def _each_others_best(one: Wholes, two: Wholes, mean: Reals, size: int) -> tuple[Wholes, Wholes]:
    """Return the pairs above nought of which each is the other's best, the lesser first."""
    good = np.flatnonzero(mean > 0)
    one, two = one[good], two[good]
    order = np.lexsort((two, one, -mean[good]))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    best = np.full(size, len(order), dtype=np.int64)
    np.minimum.at(best, one, rank)
    np.minimum.at(best, two, rank)
    chosen = (best[one] == rank) & (best[two] == rank)
    return one[chosen], two[chosen]


def _between(one: Wholes, two: Wholes, sums: Wholes, size: int) -> tuple[Wholes, Wholes, Wholes]:
    """Return the sum of weights between each two clusters, the lesser first."""
    apart = one != two
    one, two, sums = one[apart], two[apart], sums[apart]
    pair = np.minimum(one, two) * size + np.maximum(one, two)
    order = np.argsort(pair, kind="stable")
    pair = pair[order]
    begin = (
        np.flatnonzero(np.concatenate([[True], pair[1:] != pair[:-1]])) if len(pair) else np.zeros(0, dtype=np.int64)
    )
    total = np.add.reduceat(sums[order], begin) if len(pair) else sums
    return pair[begin] // size, pair[begin] % size, total


def _roots(parent: Wholes) -> Wholes:
    while True:
        higher = parent[parent]
        if np.array_equal(higher, parent):
            return parent
        parent = higher
