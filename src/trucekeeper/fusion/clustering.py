"""Reports to incidents: what a batch does with all reports, and live fusion with those of a few components.

1. Reports with a place are joined into components by pairs above nought, and clustered inside each (`merging`).
2. Day-rounded and area-coded reports join what the others have made, and each other, but never make one of two.
3. Then each report goes where all others together draw it (`moving`), whatever was merged early.
4. Of two clusters that suit a day-rounded or area-coded report about equally well none is guessed: it stays alone.
5. A report without a place joins the one incident that suits it clearly best, or stays alone; it joins nothing else.

A report without a place that people joined with another is clustered as if it had one.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from trucekeeper.fusion.candidates import positive_pairs, weigh_many
from trucekeeper.fusion.decisions import settled
from trucekeeper.fusion.merging import APART, TOGETHER, agglomerate, components, pairs_within
from trucekeeper.fusion.moving import moved, ranges

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trucekeeper.fusion.candidates import Edges
    from trucekeeper.fusion.columns import Columns, Flags, Wholes
    from trucekeeper.fusion.decisions import Decision, Settled
    from trucekeeper.fusion.weights import Read, Weigher

EQUAL = 100
"""Thousandths of a nat between two sums within which neither is guessed: odds of ten to nine."""

_PAIRS = 1 << 18  # at once, so that they fit in a processor's own memory
_THREADS = 2

CLEAR = 1000
"""By how much an incident must suit a report without a place better than any other: odds of e to one."""


@dataclass(frozen=True, slots=True)
class Rival:
    """A report that was not guessed a place for: two incidents, by a key in each, suit it about equally."""

    report: int
    first: int
    second: int
    margin: int


@dataclass(frozen=True, slots=True, eq=False)
class Clusters:
    """Reports in the order of their keys, each with the least row of its cluster, and all pairs within components."""

    weigher: Weigher
    read: Read
    label: Wholes
    one: Wholes
    two: Wholes
    weights: Wholes
    rivals: tuple[Rival, ...]

    @property
    def labels(self) -> Wholes:
        """Return the least key of each report's incident."""
        return self.read.columns.key[self.label]


def partition(columns: Columns, weigher: Weigher, decisions: Sequence[Decision] = ()) -> Wholes:
    """Return for each report the least key of its incident. Decisions are given from the earliest to the latest."""
    order = np.argsort(columns.key, kind="stable")
    labels = np.empty(len(columns), dtype=np.int64)
    labels[order] = clusters(columns.some(order), weigher, settled(decisions)).labels
    return labels


def clusters(columns: Columns, weigher: Weigher, holds: Settled) -> Clusters:
    """Return the clusters of reports that are in the order of their keys."""
    read = weigher.read(columns)
    found = placed_clusters(weigher, read, positive_pairs(weigher, read), holds)
    return with_unplaced(found, holds)


# ---- reports with a place ------------------------------------------------------------------------------------------


def placed_clusters(weigher: Weigher, read: Read, edges: Edges, holds: Settled) -> Clusters:
    """Return the clusters of the reports with places, given the pairs above nought; the others are alone."""
    size = len(read)
    group, ties = _grouped(read.columns.key, holds)
    one, two, weights = (np.concatenate(parts) for parts in zip(edges, ties, strict=True))
    weights = _kept_apart(read.columns.key, (one, two, weights), holds)
    good = weights > 0
    component = components(size, one[good], two[good], weights[good])
    blocks = _blocks(component)

    def block(rows: Wholes) -> Clusters:
        begun = np.searchsorted(rows, group[rows])  # whom people joined is in one component
        return _inside(
            weigher, read.some(rows), (component[rows], begun), holds.among(read.columns.key[rows].tolist())
        )

    with ThreadPoolExecutor(_THREADS) as pool:
        found = list(pool.map(block, blocks) if len(blocks) > 1 else map(block, blocks))
    return _whole(weigher, read, blocks, found)


def _blocks(component: Wholes) -> list[Wholes]:
    """Return all rows in blocks of whole components, so that no block has many more pairs than `_PAIRS`."""
    order = np.argsort(component, kind="stable")
    _, begin, sizes = np.unique(component[order], return_index=True, return_counts=True)
    block = np.cumsum(sizes * (sizes - 1) // 2) // _PAIRS
    firsts = begin[np.flatnonzero(np.concatenate([[True], block[1:] != block[:-1]]))] if len(begin) else begin
    return [np.sort(rows) for rows in np.split(order, firsts[1:])]


def _inside(weigher: Weigher, read: Read, label: tuple[Wholes, Wholes], holds: Settled) -> Clusters:
    """Return the clusters of whole components; `label` says of each row its component, and in which it begins."""
    component, group = label
    one, two = pairs_within(component)
    weights = _kept_apart(read.columns.key, (one, two, weigh_many(weigher, read, one, two)), holds)
    firm = ~is_vague(read.columns, holds)
    firmly = firm[one] & firm[two]
    core = agglomerate(group, one[firmly], two[firmly], weights[firmly])
    parted = firmly & (core[one] != core[two])
    merged = agglomerate(core, one, two, np.where(parted, APART, weights))
    against = parted & (weights <= 0)  # a vague report does not bring two together that are against it
    found = _least(moved(group, merged, component, (one, two, np.where(against, APART, weights))))
    return _unguessed(Clusters(weigher, read, found, one, two, weights, ()), holds)


def _whole(weigher: Weigher, read: Read, blocks: list[Wholes], found: list[Clusters]) -> Clusters:
    """Return the clusters of blocks of rows as those of all rows."""
    label, none = np.arange(len(read)), np.zeros(0, dtype=np.int64)
    for rows, block in zip(blocks, found, strict=True):
        label[rows] = rows[block.label]
    one = np.concatenate([none, *(rows[block.one] for rows, block in zip(blocks, found, strict=True))])
    two = np.concatenate([none, *(rows[block.two] for rows, block in zip(blocks, found, strict=True))])
    weights = np.concatenate([none, *(block.weights for block in found)])
    rivals = sorted((one for block in found for one in block.rivals), key=lambda rival: rival.report)
    return Clusters(weigher, read, label, one, two, weights, tuple(rivals))


def _grouped(keys: Wholes, holds: Settled) -> tuple[Wholes, Edges]:
    """Return the least row of the group people put each report in, and the pairs that hold groups together."""
    least = np.arange(len(keys))
    members: dict[int, list[int]] = {}
    for key in sorted(holds.group):
        at = int(np.searchsorted(keys, key))
        if at < len(keys) and keys[at] == key:
            members.setdefault(holds.group[key], []).append(at)
    for rows in members.values():
        least[rows] = rows[0]
    tied = np.flatnonzero(least != np.arange(len(keys)))
    return least, (least[tied], tied, np.full(len(tied), TOGETHER, dtype=np.int64))


def _kept_apart(keys: Wholes, edges: Edges, holds: Settled) -> Wholes:
    """Return the weights, with those of pairs that people keep apart below all else."""
    one, two, weights = edges
    if not holds.apart:
        return weights
    named = np.array(sorted({key for pair in holds.apart for key in pair}), dtype=np.int64)
    first, second = np.minimum(keys[one], keys[two]), np.maximum(keys[one], keys[two])
    maybe = np.flatnonzero(np.isin(first, named) & np.isin(second, named))
    parted = [pair in holds.apart for pair in zip(first[maybe].tolist(), second[maybe].tolist(), strict=True)]
    kept = weights.copy()
    kept[maybe[np.array(parted, dtype=np.bool_)]] = APART
    return kept


def _unguessed(found: Clusters, holds: Settled) -> Clusters:
    """Return the clusters with vague reports alone that another cluster suits about equally."""
    columns = found.read.columns
    row, cluster, weight = _suits(found, is_vague(columns, holds))
    if not len(row):
        return found
    best = np.lexsort((cluster, -weight, cluster != found.label[row], row))  # its own cluster before all others
    row, cluster, weight = row[best], cluster[best], weight[best]
    own = np.flatnonzero(cluster == found.label[row])
    follows = own[(own + 1 < len(row))]
    follows = follows[row[follows] == row[follows + 1]]
    margin = weight[follows] - weight[follows + 1]
    unsure = (weight[follows + 1] > 0) & (margin < EQUAL)
    follows, margin = follows[unsure], margin[unsure]
    alone, second = row[follows], cluster[follows + 1]
    keys = columns.key
    label = _without(found.label, alone)
    first = _other_member(found.label, alone)
    rivals = tuple(
        Rival(int(keys[a]), int(keys[b]), int(keys[c]), int(d))
        for a, b, c, d in zip(alone, first, second, margin, strict=True)
    )
    return replace(found, label=label, rivals=rivals)


def is_vague(columns: Columns, holds: Settled) -> Flags:
    """Return which reports cannot tell neighbouring days or places apart, and that people joined with no other."""
    return (columns.day | columns.area) & ~np.isin(columns.key, np.array(list(holds.group), dtype=np.int64))


def _suits(found: Clusters, asked: Flags) -> tuple[Wholes, Wholes, Wholes]:
    """Return how well each cluster of its component suits each row asked about, its own without itself: the sum."""
    rows = np.concatenate([found.one, found.two])
    others = np.concatenate([found.two, found.one])
    weights = np.concatenate([found.weights, found.weights])
    which = asked[rows]
    size = len(found.label)
    pair = rows[which] * size + found.label[others[which]]
    pairs, back = np.unique(pair, return_inverse=True)
    sums = np.zeros(len(pairs), dtype=np.int64)
    np.add.at(sums, back, weights[which])
    return pairs // size, pairs % size, sums


def _without(label: Wholes, alone: Wholes) -> Wholes:
    """Return the labels with some rows alone, and the least row of what remains of their clusters."""
    kept = label.copy()
    kept[alone] = len(label) + alone
    return _least(kept)


def _least(label: Wholes) -> Wholes:
    """Return the labels with each cluster called by its least row."""
    _, first, back = np.unique(label, return_index=True, return_inverse=True)
    return np.asarray(first[back], dtype=np.int64)


def _other_member(label: Wholes, rows: Wholes) -> Wholes:
    """Return the least other row of the cluster of each row; none of them is alone."""
    order = np.argsort(label, kind="stable")
    begin = np.searchsorted(label[order], label[rows])
    least = order[begin]
    return np.where(least == rows, order[begin + 1], least)


# ---- reports without a place ---------------------------------------------------------------------------------------


def with_unplaced(found: Clusters, holds: Settled) -> Clusters:
    """Return the clusters with reports without a place in the incidents that clearly suit them best."""
    weigher, columns = found.weigher, found.read.columns
    clustered = is_clustered(columns, holds)
    order = np.flatnonzero(clustered)
    members = Members.of(found.label, order)
    order = order[np.argsort(columns.time_us[order], kind="stable")]
    label, rivals = found.label.copy(), list(found.rivals)
    for row, near in _suited(weigher, found.read, np.flatnonzero(~clustered), order):
        chosen = attached(weigher, found.read, row, members.about(near), holds=holds)
        if isinstance(chosen, Rival):
            rivals.append(chosen)
        elif chosen is not None:
            label[row] = chosen
    return replace(found, label=_least(label), rivals=tuple(rivals))


def _suited(weigher: Weigher, read: Read, seeking: Wholes, order: Wholes) -> Iterator[tuple[int, Wholes]]:
    """Yield each report without a place that others suit, with these; `order` are the others in order of time."""
    times, far = read.columns.time_us, unplaced_reach(weigher, read, seeking)
    begins = np.searchsorted(times[order], times[seeking] - far)
    sizes = np.where(far > 0, np.searchsorted(times[order], times[seeking] + far + 1) - begins, 0)
    parts = np.flatnonzero(np.diff(np.cumsum(sizes) // _PAIRS)) + 1
    for several in np.split(np.arange(len(seeking)), parts):
        one = np.repeat(seeking[several], sizes[several])
        near = order[ranges(begins[several], sizes[several])]
        good = weigh_many(weigher, read, one, near) > 0
        one, near = one[good], near[good]
        rows, firsts = np.unique(one, return_index=True)
        yield from zip(rows.tolist(), np.split(near, firsts)[1:], strict=True)


def is_clustered(columns: Columns, holds: Settled) -> Flags:
    """Return which reports have a place, or were joined with another by people."""
    return columns.located | np.isin(columns.key, np.array(list(holds.group), dtype=np.int64))


@dataclass(frozen=True, slots=True, eq=False)
class Members:
    """The rows of each cluster, by its label."""

    label: Wholes
    order: Wholes
    end: Wholes

    @staticmethod
    def of(label: Wholes, rows: Wholes) -> Members:
        """Return the members of the clusters that some rows are in, of those rows."""
        order = rows[np.argsort(label[rows], kind="stable")]
        return Members(label, order, np.cumsum(np.bincount(label[rows] + 1, minlength=len(label) + 1)))

    def about(self, rows: Wholes) -> dict[int, Wholes]:
        """Return the members of each cluster that one of these rows is in."""
        labels = sorted(set(self.label[rows].tolist()))
        return {label: self.order[self.end[label] : self.end[label + 1]] for label in labels}


def unplaced_reach(weigher: Weigher, read: Read, rows: Wholes) -> Wholes:
    """Return how many microseconds from each report without a place another may be to weigh more than nought."""
    need = weigher.model.density.whole - weigher.most(read)[rows]
    far = np.zeros(len(rows), dtype=np.int64)
    for number, other in product(range(len(weigher.later.classes)), repeat=2):
        row = weigher.later.row(number, other)
        mine = np.flatnonzero(read.time[rows] == number)
        bins = np.searchsorted(-row.logs, -need[mine], side="right")
        far[mine] = np.maximum(far[mine], np.ceil(bins * row.width).astype(np.int64))
    return far


def attached(
    weigher: Weigher, read: Read, row: int, about: dict[int, Wholes], *, holds: Settled
) -> int | Rival | None:
    """Return which of some clusters, given by label, clearly suits a report best; else its two rivals, or None."""
    keys = read.columns.key
    suits: list[tuple[int, int, int]] = []
    for label, inside in about.items():
        one = np.full(len(inside), row)
        each = _kept_apart(keys, (one, inside, weigher.weigh(read, one, inside)), holds)
        suits.append((-int(each.sum()), int(keys[label]), label))
    suits.sort()
    if not suits or suits[0][0] >= 0:
        return None
    if len(suits) > 1 and suits[1][0] - suits[0][0] < CLEAR:
        return Rival(int(keys[row]), suits[0][1], suits[1][1], suits[1][0] - suits[0][0])
    return suits[0][2]
