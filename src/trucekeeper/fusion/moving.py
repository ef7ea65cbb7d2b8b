"""Single moves: after merging, each report goes to the incident that it fits best.

Merging by the best mean never takes a step back, so that one bad report, merged early, can keep a good one out for
ever. So one at a time a report, or what people joined, leaves its cluster for another or for one of its own, as long
as the sum of weights inside clusters rises: the best one-element moves of correlation clustering (Elsner & Schudy,
Bounding and comparing methods for correlation clustering beyond ILP, 2009). The sum rises with each move, so it ends.

Moves that share no cluster are made at once. Between equals the smaller keys come first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from trucekeeper.fusion.columns import Reals, Wholes


def moved(begun: Wholes, label: Wholes, component: Wholes, pairs: tuple[Wholes, Wholes, Wholes]) -> Wholes:
    """Return each row's cluster, called by one of the rows of its component, once no move is better.

    `begun` says by its least row what each row stays with, `label` in which cluster it is. Of every component all
    pairs must be given, with their weights.
    """
    board = _Board.of(begun, component, pairs)
    label = label.copy()
    sums = board.sums(label)
    asked = board.moving(np.arange(len(label)))
    while len(asked):
        row, target, gain = board.best(sums, label, asked)
        row, target = _chosen(row, label[row], target, gain)
        board.move(sums, row, label[row], target)
        label[row] = target
        asked = board.beside(row)
    return label[begun]


@dataclass(frozen=True, slots=True, eq=False)
class _Board:
    """Components as squares laid one after the other: of each row, a cell for each row of its component.

    As there are no more clusters than rows, a component's rows serve as names of its clusters.
    """

    begun: Wholes
    order: Wholes
    first: Wholes
    size: Wholes
    at: Wholes
    begin: Wholes
    weights: Reals

    @staticmethod
    def of(begun: Wholes, component: Wholes, pairs: tuple[Wholes, Wholes, Wholes]) -> _Board:
        """Return the board with the weight between each two rows of a component."""
        order = np.argsort(component, kind="stable")
        _, first, back, size = np.unique(component[order], return_index=True, return_inverse=True, return_counts=True)
        firsts, sizes, at = (np.empty(len(order), dtype=np.int64) for _ in range(3))
        firsts[order], sizes[order], at[order] = first[back], size[back], np.arange(len(order)) - first[back]
        begin = np.cumsum(sizes) - sizes
        one, two = begun[pairs[0]], begun[pairs[1]]
        apart = one != two
        one, two, weights = one[apart], two[apart], pairs[2][apart].astype(np.float64)
        cells = np.concatenate([begin[one] + at[two], begin[two] + at[one]])
        table: Reals = np.zeros(int(sizes.sum()))
        np.add.at(table, cells, np.concatenate([weights, weights]))
        return _Board(begun, order, firsts, sizes, at, begin, table)

    def moving(self, rows: Wholes) -> Wholes:
        """Return those of some rows that stand for what moves as one, and have company to move to."""
        found: Wholes = rows[(self.begun[rows] == rows) & (self.size[rows] > 1)]
        return found

    def beside(self, rows: Wholes) -> Wholes:
        """Return the rows that move in the components of some rows."""
        heads = np.unique(self.first[rows])
        sizes = self.size[self.order[heads]]
        return self.moving(np.sort(self.order[ranges(heads, sizes)]))

    def sums(self, label: Wholes) -> Reals:
        """Return what each row weighs with each cluster of its component, cell by cell."""
        row, cell = self._cells(np.arange(len(label)))
        other = self.order[self.first[row] + cell - self.begin[row]]
        sums = np.zeros(len(self.weights))
        np.add.at(sums, self.begin[row] + self.at[label[other]], self.weights[cell])
        return sums

    def best(self, sums: Reals, label: Wholes, asked: Wholes) -> tuple[Wholes, Wholes, Reals]:
        """Return the rows that gain by a move, each with the cluster where it gains most, and its gain."""
        _, cell = self._cells(asked)
        starts = np.cumsum(self.size[asked]) - self.size[asked]
        most = np.maximum.reduceat(sums[cell], starts)
        gain = most - sums[self.begin[asked] + self.at[label[asked]]]
        better = gain > 0
        asked, most, gain = asked[better], most[better], gain[better]
        row, cell = self._cells(asked)
        equal = np.flatnonzero(sums[cell] == np.repeat(most, self.size[asked]))
        _, least = np.unique(row[equal], return_index=True)
        found = equal[least]
        return asked, self.order[self.first[asked] + cell[found] - self.begin[asked]], gain

    def move(self, sums: Reals, row: Wholes, source: Wholes, target: Wholes) -> None:
        """Take each row, for those of its component, from one cluster to another."""
        which = np.repeat(np.arange(len(row)), self.size[row])
        other = self.order[ranges(self.first[row], self.size[row])]
        weights = self.weights[self.begin[other] + self.at[row[which]]]
        np.add.at(sums, self.begin[other] + self.at[source[which]], -weights)
        np.add.at(sums, self.begin[other] + self.at[target[which]], weights)

    def _cells(self, rows: Wholes) -> tuple[Wholes, Wholes]:
        """Return the cells of some rows, each with its row."""
        return np.repeat(rows, self.size[rows]), ranges(self.begin[rows], self.size[rows])


def ranges(begin: Wholes, size: Wholes) -> Wholes:
    """Return the numbers of ranges, one range after the other."""
    ahead = np.cumsum(size) - size
    return np.repeat(begin - ahead, size) + np.arange(int(size.sum()))


def _chosen(row: Wholes, source: Wholes, target: Wholes, gain: Reals) -> tuple[Wholes, Wholes]:
    """Return the moves that are the best of both clusters they touch."""
    order = np.lexsort((row, -gain))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    best = np.full(int(max(source.max(initial=-1), target.max(initial=-1))) + 1, len(order), dtype=np.int64)
    np.minimum.at(best, source, rank)
    np.minimum.at(best, target, rank)
    chosen = (best[source] == rank) & (best[target] == rank)
    return row[chosen], target[chosen]
