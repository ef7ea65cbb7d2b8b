"""How thickly reports lie about a place: a map counted once, frozen with its model, and looked up ever after.

Layer k smooths over half a kilometre doubled k times, and counts only reports that are precise enough for it. A
report is looked up in the layer that suits its own precision: how often an unrelated report as vague as this one
would stand here. Counts, cells and smoothing are whole numbers, so that no order of reports changes the map.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, exp, log, pi, radians
from typing import TYPE_CHECKING

import numpy as np

from trucekeeper.fusion.columns import HOUR_US
from trucekeeper.fusion.kernels import MILLI
from trucekeeper.fusion.scales import PLACE_M, PLACES
from trucekeeper.terms.places import E7

if TYPE_CHECKING:
    from trucekeeper.fusion.columns import Columns, Flags, Reals, Wholes

LAYERS = 6
LEAST_M = 500.0
"""The first layer's smoothing, one standard deviation."""

MOST_COUNTED = 200_000
"""Reports that a map is counted from: enough for a land, and few enough to go on record."""

SMOOTHED = 0.7
"""Of a report's own standard deviation: smoothing by more would blur what the report's error has blurred already."""

_PRECISE = 1.6  # a layer counts reports up to so many times as vague as those that are looked up in it
_DISC_SD = 0.55  # of a disc's radius, about what its centre is off by along each axis
_METRES_E7 = 6_371_009 * pi / 180 / E7
_REACH = 5  # cells, of half a smoothing each
_KERNEL = tuple(round(1000 * np.exp(-(k * k) / 8)) for k in range(-_REACH, _REACH + 1))
_WIDE = 1 << 32
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_LEAST_LOG = -30 * MILLI
_EDGES: Reals = np.exp((np.arange(_LEAST_LOG, 20 * MILLI) + 0.5) / MILLI)
_EVERYWHERE = 0.1  # of the mean density, so that no place is empty


@dataclass(frozen=True, slots=True)
class Layer:
    """Counted cells by row and column, and in thousandths how many reports stand for each one counted."""

    rows: tuple[int, ...]
    columns: tuple[int, ...]
    counts: tuple[int, ...]
    each: int


@dataclass(frozen=True, slots=True)
class Density:
    """A density map: the latitude its cells are square at, the hours counted over, and what holds where none is.

    `base` is the logarithm of reports per square kilometre and hour, `whole` that of reports per hour anywhere.
    """

    lat_e7: int
    hours: int
    base: int
    whole: int
    layers: tuple[Layer, ...]


NOWHERE = Density(lat_e7=0, hours=1, base=round(log(2.6e-4) * MILLI), whole=round(log(0.25) * MILLI), layers=())
"""Before anything is counted: some six reports a day, over a thousand square kilometres."""


def density_of(columns: Columns) -> Density:
    """Return the map of some reports, whose places are taken as declared.

    Of more than `MOST_COUNTED` only some are counted, by their keys, each of which stands for several.
    """
    placed = columns.some(columns.located)
    if not len(placed):
        return NOWHERE
    each = -(-len(placed) // MOST_COUNTED)
    placed = placed.some((placed.key.astype(np.uint64) * _SPREAD >> np.uint64(32)) % np.uint64(each) == 0)
    hours = max(int(np.ptp(placed.time_us)) // HOUR_US, 24)
    lat_e7 = int(np.sort(placed.lat_e7)[len(placed) // 2])
    vague = _vague_m(placed.sd_m, placed.area)
    layers = tuple(_layer(placed, vague, lat_e7, layer, each=each) for layer in range(LAYERS))
    count = each * len(placed)
    mean = count / _extent_km2(placed, lat_e7)
    base = _milli(_EVERYWHERE * mean / hours)
    return Density(lat_e7, hours, base, _milli(count / hours), layers)


def _milli(value: float) -> int:
    return round(log(value) * MILLI)


def _extent_km2(placed: Columns, lat_e7: int) -> float:
    high = float(np.ptp(placed.lat_e7)) * _METRES_E7 / 1000
    wide = float(np.ptp(placed.lon_e7)) * _METRES_E7 / 1000 * cos(radians(lat_e7 / E7))
    return max(high, 10.0) * max(wide, 10.0)


def _layer(placed: Columns, vague: Reals, lat_e7: int, layer: int, *, each: int) -> Layer:
    limit = _PRECISE * LEAST_M * 2**layer / SMOOTHED
    used = placed.some(vague <= limit)
    if not len(used):
        return Layer((), (), (), MILLI)
    cells, counts = np.unique(_cells(used, lat_e7, layer), return_counts=True)
    rows, columns = cells // _WIDE, cells % _WIDE - _WIDE // 2
    stands = each * len(placed) * MILLI // len(used)
    return Layer(tuple(rows.tolist()), tuple(columns.tolist()), tuple(counts.tolist()), stands)


def _cells(placed: Columns, lat_e7: int, layer: int) -> Wholes:
    high, wide = _sides_e7(lat_e7, layer)
    return (placed.lat_e7 // high) * _WIDE + placed.lon_e7 // wide + _WIDE // 2


def _sides_e7(lat_e7: int, layer: int) -> tuple[int, int]:
    """Return how high and wide a layer's cells are, in 1e-7 degree."""
    side = LEAST_M * 2**layer / 2 / _METRES_E7
    return round(side), round(side / max(cos(radians(lat_e7 / E7)), 0.01))


def _vague_m(sd_m: Reals, area: Flags) -> Reals:
    vague: Reals = np.where(area, sd_m * _DISC_SD, sd_m)
    return vague


def _layers_of(places: Wholes) -> Wholes:
    """Return the layer that suits each class of position."""
    vague = _vague_m(PLACE_M[places % PLACES], places >= PLACES)
    edges = LEAST_M / SMOOTHED * 2.0 ** (np.arange(LAYERS - 1) + 0.5)
    return np.searchsorted(edges, vague)


class DensityMap:
    """A density map made ready to be looked up."""

    def __init__(self, density: Density) -> None:
        """Smooth the layers from west to east; from south to north they are when a place is asked for."""
        self._density = density
        self._layers = [_eastward(layer) for layer in density.layers]

    def logs(self, columns: Columns, places: Wholes) -> Wholes:
        """Return for each report the logarithm of reports per square kilometre and hour about it."""
        found = np.full(len(columns), self._density.base, dtype=np.int64)
        suits = _layers_of(places)
        for layer in range(len(self._layers)):
            here = np.flatnonzero((suits == layer) & columns.located)
            if len(here):
                cells, back = np.unique(_cells(columns.some(here), self._density.lat_e7, layer), return_inverse=True)
                found[here] = self._about(cells, layer)[back]
        return found

    def _about(self, asked: Wholes, layer: int) -> Wholes:
        """Return the logarithm of the density in some cells of a layer."""
        cells, sums = self._layers[layer]
        total = np.zeros(len(asked), dtype=np.int64)
        for step, weight in zip(range(-_REACH, _REACH + 1), _KERNEL, strict=True):
            cell = asked + step * _WIDE
            at = np.searchsorted(cells, cell)
            here = at < len(cells)
            here[here] = cells[at[here]] == cell[here]
            total[here] += weight * sums[at[here]]
        density, counted = self._density, self._density.layers[layer]
        high, wide = _sides_e7(density.lat_e7, layer)
        cell_km2 = high * wide * _METRES_E7**2 / 1e6 * cos(radians(density.lat_e7 / E7))
        unit = counted.each / MILLI / (sum(_KERNEL) ** 2 * cell_km2 * density.hours)
        others = np.maximum(total - max(_KERNEL) ** 2, 0)  # whoever is looked up here was mostly counted here
        return _log(others * unit + exp(density.base / MILLI))


def _log(values: Reals) -> Wholes:
    """Return logarithms in thousandths, found by comparing, so that no company of numbers changes one."""
    return np.searchsorted(_EDGES, values) + _LEAST_LOG


def _eastward(counted: Layer) -> tuple[Wholes, Wholes]:
    """Return a layer's counts spread by the kernel from west to east, by cell."""
    cells = np.array(counted.rows, dtype=np.int64) * _WIDE + np.array(counted.columns, dtype=np.int64) + _WIDE // 2
    sums = np.array(counted.counts, dtype=np.int64)
    spread = (cells[:, None] + np.arange(-_REACH, _REACH + 1)).ravel()
    reached, back = np.unique(spread, return_inverse=True)
    total = np.zeros(len(reached), dtype=np.int64)
    np.add.at(total, back, (sums[:, None] * np.array(_KERNEL, dtype=np.int64)).ravel())
    return reached, total
