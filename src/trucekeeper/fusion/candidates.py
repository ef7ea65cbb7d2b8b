"""Which pairs of reports weigh more than nought, found without looking at every pair.

A pair weighs more than nought only if distance and time together weigh more than the density about the vaguer of the
two, less what the best of kinds, actors and counts could add. So each report has a reach in space and one in time,
which shrink where reports are thick. Reports of one precision are laid on a grid of cells as wide as the reach, in
the order of time within each, and whoever is within reach is weighed. The reach is never too short: what comes out
hangs on the pairs alone, and no pair is left out because there were nearer ones.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from trucekeeper.fusion.kernels import BINS, MILLI
from trucekeeper.geo.plane import all_bands, rows_of
from trucekeeper.terms.places import E7

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trucekeeper.fusion.columns import Reals, Wholes
    from trucekeeper.fusion.kernels import Row
    from trucekeeper.fusion.weights import Read, Weigher

Group: TypeAlias = "tuple[int, int]"
"""A class of position and one of time, as a `Read` numbers them."""

Edges: TypeAlias = "tuple[Wholes, Wholes, Wholes]"
"""Pairs of rows, the lesser first, and what each weighs."""

_TURN_E7 = 360 * E7
TIER = MILLI // 2
_TILE_E7 = E7 // 20
_LEAST_SIDE_M = 500.0  # so that the number of a cell and a tick fit in one whole number
_AT_ONCE = 1 << 17
_PART = 1 << 15
_FINE = 16  # parts of the reach in time by which a cell's reports are sorted
_TIME_BITS = 30
_ROOM = 1.001  # cells are so much wider than the reach, for what rounding may take off


FEW = 400
"""Of so few reports every pair is weighed, which is sooner done than grids are laid."""


def positive_pairs(weigher: Weigher, read: Read) -> Edges:
    """Return all pairs of reports with places that weigh more than nought, in the order of their rows."""
    return every_pair(weigher, read) if len(read) <= FEW else pairs_by_grid(weigher, read)


def every_pair(weigher: Weigher, read: Read) -> Edges:
    """Return the pairs that `positive_pairs` promises, by weighing all there are."""
    placed = np.flatnonzero(read.columns.located)
    one, two = np.triu_indices(len(placed), 1)
    return _weighed(weigher, read, placed[one], placed[two])


def pairs_by_grid(weigher: Weigher, read: Read, threads: int = 2) -> Edges:
    """Return the pairs that `positive_pairs` promises, by looking only within reach."""
    grids = _Grids(read)
    tasks = list(_tasks(weigher, read))
    with ThreadPoolExecutor(threads) as pool:
        found = list(pool.map(lambda task: task.found(weigher, read, grids), tasks))
    one, two, weights = _together(found)
    pair, first = np.unique(np.minimum(one, two) * len(read) + np.maximum(one, two), return_index=True)
    size = max(len(read), 1)
    return pair // size, pair % size, weights[first]


def weigh_many(weigher: Weigher, read: Read, one: Wholes, two: Wholes, *, threads: int = 2) -> Wholes:
    """Return the weight of each pair of rows, worked out in parts small enough for a processor's own memory."""
    if len(one) <= _AT_ONCE:
        return weigher.weigh(read, one, two)
    weights = np.empty(len(one), dtype=np.int64)

    def part(begin: int) -> None:
        rows = slice(begin, begin + _PART)
        weights[rows] = weigher.weigh(read, one[rows], two[rows])

    with ThreadPoolExecutor(threads) as pool:
        for _ in pool.map(part, range(0, len(one), _PART)):
            pass
    return weights


@dataclass(frozen=True, slots=True, eq=False)
class _Task:
    """Reports that look for others of one group, within a reach in metres and microseconds, and what they need."""

    rows: Wholes
    own: Group
    others: Group
    need: int
    reach_m: float
    reach_us: float

    def found(self, weigher: Weigher, read: Read, grids: _Grids) -> Edges:
        """Return the pairs that weigh more than nought."""
        grid = grids.of(self.others, self.reach_m, self.reach_us)
        near, soon = weigher.apart.row(self.own[0], self.others[0]), weigher.later.row(self.own[1], self.others[1])
        parts = []
        for one, two in grid.near(self.rows, self.reach_us):
            far = grids.metres(one, two)
            within = np.flatnonzero((far <= self.reach_m) & (one != two))
            first, second = one[within], two[within]
            most = _at(near, far[within]) + _at(soon, grids.late(first, second))
            likely = most > self.need
            parts.append(_weighed(weigher, read, first[likely], second[likely]))
        return _together(parts)


def _at(row: Row, far: Reals) -> Wholes:
    """Return what is tabled at a distance that may be too short by what rounding takes off."""
    bins = np.minimum(far * (1 - 1e-9) / row.width, BINS - 1).astype(np.int64)
    return row.logs[bins]


def _together(parts: list[Edges]) -> Edges:
    none = np.zeros(0, dtype=np.int64)
    one, two, weights = (np.concatenate([none, *(part[at] for part in parts)]) for at in range(3))
    return one, two, weights


def _weighed(weigher: Weigher, read: Read, one: Wholes, two: Wholes) -> Edges:
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
                if reach_m > 0:
                    yield _Task(rows[tiers == tier], (place, time), other, tier * TIER, reach_m, reach_us)


def _groups(read: Read, placed: Wholes) -> dict[Group, Wholes]:
    """Return the rows of each class of position and time, near ones together, so that looking them up is quick."""
    columns = read.columns
    tiles = (columns.lat_e7[placed] // _TILE_E7) * (_TURN_E7 // _TILE_E7) + columns.lon_e7[placed] // _TILE_E7
    placed = placed[np.lexsort((columns.time_us[placed], tiles))]
    times = int(read.time.max(initial=0)) + 1
    both = read.place[placed] * times + read.time[placed]
    return {(group // times, group % times): placed[both == group] for group in np.unique(both).tolist()}


def needed(weigher: Weigher, read: Read) -> Wholes:
    """Return what distance and time together must weigh, at least, for a report to be the vaguer of a good pair."""
    most = weigher.most(read)
    return read.density - most


def reach(weigher: Weigher, one: Group, two: Group, need: int) -> tuple[float, float]:
    """Return how far apart two groups may be, in metres and microseconds, to weigh more than `need` together.

    Both are nought if the nearest and soonest do not.
    """
    near, soon = weigher.apart.row(one[0], two[0]), weigher.later.row(one[1], two[1])
    bins = int(np.count_nonzero(near.logs > need - soon.logs[0]))
    late = int(np.count_nonzero(soon.logs > need - near.logs[0]))
    return bins * near.width, late * soon.width


class _Grids:
    """The grids laid so far; a reach is rounded up to half an octave, so that few are needed."""

    def __init__(self, read: Read) -> None:
        self._read = read
        columns, placed = read.columns, np.flatnonzero(read.columns.located)
        self._groups = _groups(read, placed)
        bands, rows = all_bands(), rows_of(columns.lat_e7[placed])
        least, most = (int(rows.min()), int(rows.max())) if len(rows) else (0, 0)
        self._x_m, self._y_m = float(bands.x_m[[least, most]].min()), float(bands.y_m.min())
        self._begun = int(columns.time_us[placed].min()) if len(placed) else 0
        self._span = int(np.ptp(columns.time_us[placed])) if len(placed) else 0
        self._laid: dict[tuple[Group, int, int], _Grid] = {}

    def metres(self, one: Wholes, two: Wholes) -> Reals:
        """Return how far apart pairs are at least: by the narrowest degrees there are."""
        columns = self._read.columns
        turn = np.abs(columns.lon_e7[one] - columns.lon_e7[two])
        east = np.minimum(turn, _TURN_E7 - turn) * self._x_m
        north = (columns.lat_e7[one] - columns.lat_e7[two]) * self._y_m
        away: Reals = np.sqrt(east * east + north * north)
        return away

    def late(self, one: Wholes, two: Wholes) -> Reals:
        """Return how many microseconds apart pairs are."""
        times = self._read.columns.time_us
        late: Reals = np.abs(times[one] - times[two]).astype(np.float64)
        return late

    def of(self, group: Group, reach_m: float, reach_us: float) -> _Grid:
        """Return a grid of one group whose cells are twice as wide as the reach, or more."""
        octave = int(np.ceil(2 * np.log2(max(2 * reach_m, _LEAST_SIDE_M))))
        fine = int(np.ceil(2 * np.log2(reach_us)))
        name = (group, octave, fine)
        if name not in self._laid:
            side = 2.0 ** (octave / 2) * _ROOM
            tick = max(int(2.0 ** (fine / 2) / _FINE), self._span >> (_TIME_BITS - 1), 1)
            high, across = int(side / self._y_m), max(int(_TURN_E7 * self._x_m / side), 1)
            self._laid[name] = _Grid.of(self._read, self._groups[group], (high, across, tick), self._begun)
        return self._laid[name]


@dataclass(frozen=True, slots=True, eq=False)
class _Grid:
    """Rows in the order of cell and time; `keys` are a cell's number, row by row round the earth, and a tick."""

    read: Read
    rows: Wholes
    keys: Wholes
    high: int
    across: int
    tick: int
    begun: int

    @staticmethod
    def of(read: Read, rows: Wholes, sides: tuple[int, int, int], begun: int) -> _Grid:
        """Lay a grid of cells so high, so many round the earth, and with ticks so long."""
        high, across, tick = sides
        columns = read.columns
        cells = (columns.lat_e7[rows] // high) * across + _part(columns.lon_e7[rows], across) // 2
        keys = (cells << _TIME_BITS) + (columns.time_us[rows] - begun) // tick
        order = np.argsort(keys, kind="stable")
        return _Grid(read, rows[order], keys[order], high, across, tick, begun)

    def near(self, rows: Wholes, reach_us: float) -> Iterator[tuple[Wholes, Wholes]]:
        """Yield pairs of the given rows and those of the grid, all within reach among them."""
        columns = self.read.columns
        from_begun = columns.time_us[rows] - self.begun
        wide = int(reach_us) + 1
        since = np.maximum((from_begun - wide) // self.tick, 0)
        until = np.minimum((from_begun + wide) // self.tick, (1 << _TIME_BITS) - 1)
        asked, first, last = [], [], []
        for cell in self._about(columns.lat_e7[rows], columns.lon_e7[rows]):
            base = cell << _TIME_BITS
            begin = np.searchsorted(self.keys, base + since, side="left")
            end = np.searchsorted(self.keys, base + until, side="right")
            some = end > begin
            asked.append(rows[some])
            first.append(begin[some])
            last.append(end[some])
        yield from self._spans(np.concatenate(asked), np.concatenate(first), np.concatenate(last))

    def _about(self, lat_e7: Wholes, lon_e7: Wholes) -> Iterator[Wholes]:
        """Yield the four cells that hold all that is within half a cell; fewer if two go round the whole earth."""
        row = (lat_e7 - self.high // 2) // self.high
        half = _part(lon_e7, self.across)
        west = (half - 1) // 2
        columns = {0: west % self.across, 1: (west + 1) % self.across}
        for up in (0, 1):
            for turn in range(min(2, self.across)):
                yield (row + up) * self.across + columns[turn]

    def _spans(self, asked: Wholes, first: Wholes, last: Wholes) -> Iterator[tuple[Wholes, Wholes]]:
        """Yield each who asks beside each of its span of rows, some at once."""
        ends = np.cumsum(last - first)
        begin = 0
        while begin < len(asked):
            done = int(ends[begin - 1]) if begin else 0
            end = max(int(np.searchsorted(ends, done + _AT_ONCE)), begin + 1)
            counts = last[begin:end] - first[begin:end]
            skip = np.repeat(first[begin:end] - (np.cumsum(counts) - counts), counts)
            yield np.repeat(asked[begin:end], counts), self.rows[skip + np.arange(int(counts.sum()))]
            begin = end


def _part(lon_e7: Wholes, across: int) -> Wholes:
    """Return which half of which cell a longitude is in, of so many cells round the earth."""
    return ((lon_e7 + _TURN_E7 // 2) % _TURN_E7) * (2 * across) // _TURN_E7
