"""Which pairs of reports weigh more than nought, found without looking at every pair.

A pair weighs more than nought only if distance and time together weigh more than the density about the vaguer report,
less what the best of kinds, actors and counts could add. So each report has a reach in space and one in time, which
shrink where reports are thick. Reports of one precision are laid on a grid of cells as wide as the reach, in the order
of time within each, and whoever is within reach is weighed. The reach is never too short: what comes out hangs on
the pairs alone, and no pair is left out because there were nearer ones.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from trucekeeper.fusion.kernels import MILLI
from trucekeeper.geo.plane import all_bands, rows_of
from trucekeeper.terms.places import E7

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trucekeeper.fusion.columns import Wholes
    from trucekeeper.fusion.weights import Read, Weigher

Group: TypeAlias = "tuple[int, int]"
"""A class of position and one of time, as a `Read` numbers them."""

Edges: TypeAlias = "tuple[Wholes, Wholes, Wholes]"
"""Pairs of rows, the lesser first, and what each weighs."""

_TURN_E7 = 360 * E7
TIER = MILLI // 2
_AT_ONCE = 1 << 20
_FINE = 16  # parts of the reach in time by which a cell's reports are sorted
_TIME_BITS = 36
_ROOM = 1.001  # cells are so much wider than the reach, for what rounding may take off


def positive_pairs(weigher: Weigher, read: Read, threads: int = 2) -> Edges:
    """Return all pairs of reports with places that weigh more than nought, in the order of their rows."""
    grids = _Grids(read)
    tasks = list(_tasks(weigher, read))
    with ThreadPoolExecutor(threads) as pool:
        found = list(pool.map(lambda task: task.found(weigher, read, grids), tasks))
    none = np.zeros(0, dtype=np.int64)
    one, two, weights = (np.concatenate([none, *(edges[at] for edges in found)]) for at in range(3))
    pair, first = np.unique(np.minimum(one, two) * len(read) + np.maximum(one, two), return_index=True)
    size = max(len(read), 1)
    return pair // size, pair % size, weights[first]


@dataclass(frozen=True, slots=True, eq=False)
class _Task:
    """Reports that look for others of one group, within a reach in metres and microseconds."""

    rows: Wholes
    others: Group
    reach_m: float
    reach_us: float

    def found(self, weigher: Weigher, read: Read, grids: _Grids) -> Edges:
        """Return the pairs that weigh more than nought."""
        grid = grids.of(self.others, self.reach_m, self.reach_us)
        parts = [_weighed(weigher, read, *pairs) for pairs in grid.near(self.rows, self.reach_us)]
        none = np.zeros(0, dtype=np.int64)
        one, two, weights = (np.concatenate([none, *(part[at] for part in parts)]) for at in range(3))
        return one, two, weights


def _weighed(weigher: Weigher, read: Read, one: Wholes, two: Wholes) -> Edges:
    other = one != two
    one, two = one[other], two[other]
    weights = weigher.weigh(read, one, two)
    good = weights > 0
    return one[good], two[good], weights[good]


def _tasks(weigher: Weigher, read: Read) -> Iterator[_Task]:
    """Yield who looks for whom how far."""
    placed = np.flatnonzero(read.columns.located)
    needs = needed(weigher, read)
    groups = _groups(read, placed)
    for (place, time), rows in groups.items():
        vague = int(read.vague[rows[0]])
        tiers = np.floor_divide(needs[rows], TIER)
        for other, others in groups.items():
            if int(read.vague[others[0]]) > vague:
                continue
            for tier in np.unique(tiers).tolist():
                reach_m, reach_us = reach(weigher, (place, time), other, tier * TIER)
                if reach_m > 0 and reach_us > 0:
                    yield _Task(rows[tiers == tier], other, reach_m, reach_us)


def _groups(read: Read, placed: Wholes) -> dict[Group, Wholes]:
    """Return the rows of each class of position and time."""
    times = int(read.time.max(initial=0)) + 1
    both = read.place[placed] * times + read.time[placed]
    return {(group // times, group % times): placed[both == group] for group in np.unique(both).tolist()}


def needed(weigher: Weigher, read: Read) -> Wholes:
    """Return what distance and time together must weigh, at least, for a report to be the vaguer of a good pair."""
    most = weigher.most(read)
    return read.density - most


def reach(weigher: Weigher, one: Group, two: Group, need: int) -> tuple[float, float]:
    """Return how far apart two groups may be, in metres and microseconds, to weigh more than `need` together."""
    near, soon = weigher.apart.row(one[0], two[0]), weigher.later.row(one[1], two[1])
    bins = int(np.count_nonzero(near.logs >= need - soon.logs[0]))
    late = int(np.count_nonzero(soon.logs >= need - near.logs[0]))
    return bins * near.width, late * soon.width


class _Grids:
    """The grids laid so far; a reach is rounded up to half an octave, so that few are needed."""

    def __init__(self, read: Read) -> None:
        self._read = read
        placed = read.columns.located
        self._groups = _groups(read, np.flatnonzero(placed))
        rows = rows_of(read.columns.lat_e7[placed])
        least, most = (int(rows.min()), int(rows.max())) if len(rows) else (0, 0)
        self._x_m = float(all_bands().x_m[[least, most]].min())
        self._y_m = float(all_bands().y_m.min())
        self._laid: dict[tuple[Group, int, int], _Grid] = {}

    def of(self, group: Group, reach_m: float, reach_us: float) -> _Grid:
        octave, fine = int(np.ceil(2 * np.log2(reach_m))), int(np.ceil(2 * np.log2(reach_us)))
        name = (group, octave, fine)
        if name not in self._laid:
            side = 2.0 ** (octave / 2) * _ROOM
            tick = max(int(2.0 ** (fine / 2) / _FINE), 1)
            high, across = int(side / self._y_m) + 1, max(int(_TURN_E7 // (side / self._x_m + 1)), 1)
            self._laid[name] = _Grid.of(self._read, self._groups[group], (high, across, tick))
        return self._laid[name]


@dataclass(frozen=True, slots=True, eq=False)
class _Grid:
    """Rows in the order of cell and time: `cells` in their order, and `keys` of a cell's number and a tick."""

    read: Read
    rows: Wholes
    cells: Wholes
    keys: Wholes
    high: int
    across: int
    tick: int
    begun: int

    @staticmethod
    def of(read: Read, rows: Wholes, sides: tuple[int, int, int]) -> _Grid:
        high, across, tick = sides
        columns = read.columns
        begun = int(columns.time_us.min())
        cells, number = np.unique(
            (columns.lat_e7[rows] // high) * across + _column(columns.lon_e7[rows], across), return_inverse=True
        )
        keys = (number << _TIME_BITS) + (columns.time_us[rows] - begun) // tick
        order = np.argsort(keys, kind="stable")
        return _Grid(read, rows[order], cells, keys[order], high, across, tick, begun)

    def near(self, rows: Wholes, reach_us: float) -> Iterator[tuple[Wholes, Wholes]]:
        """Yield pairs of the given rows and those of the grid, all within reach among them."""
        columns = self.read.columns
        row, column = columns.lat_e7[rows] // self.high, _column(columns.lon_e7[rows], self.across)
        from_begun = columns.time_us[rows] - self.begun
        wide = int(reach_us) + 1
        most = (1 << _TIME_BITS) - 1
        since = np.clip((from_begun - wide) // self.tick, 0, most)
        until = np.clip((from_begun + wide) // self.tick, 0, most)
        asked, first, last = [], [], []
        for cell in self._about(row, column):
            at = np.minimum(np.searchsorted(self.cells, cell), len(self.cells) - 1)
            here = np.flatnonzero(self.cells[at] == cell)
            base = at[here] << _TIME_BITS
            asked.append(rows[here])
            first.append(np.searchsorted(self.keys, base + since[here], side="left"))
            last.append(np.searchsorted(self.keys, base + until[here], side="right"))
        yield from self._spans(np.concatenate(asked), np.concatenate(first), np.concatenate(last))

    def _about(self, row: Wholes, column: Wholes) -> Iterator[Wholes]:
        """Yield each cell about those given, and these themselves."""
        around = {(turn % self.across) for turn in (-1, 0, 1)}
        for up in (-1, 0, 1):
            for turn in sorted(around):
                yield (row + up) * self.across + (column + turn) % self.across

    def _spans(self, asked: Wholes, first: Wholes, last: Wholes) -> Iterator[tuple[Wholes, Wholes]]:
        ends = np.cumsum(last - first)
        begin = 0
        while begin < len(asked):
            done = int(ends[begin - 1]) if begin else 0
            end = max(int(np.searchsorted(ends, done + _AT_ONCE)), begin + 1)
            counts = last[begin:end] - first[begin:end]
            total = int(counts.sum())
            if total:
                skip = np.repeat(first[begin:end] - (np.cumsum(counts) - counts), counts)
                yield np.repeat(asked[begin:end], counts), self.rows[skip + np.arange(total)]
            begin = end


def _column(lon_e7: Wholes, across: int) -> Wholes:
    return ((lon_e7 + _TURN_E7 // 2) % _TURN_E7) * across // _TURN_E7
