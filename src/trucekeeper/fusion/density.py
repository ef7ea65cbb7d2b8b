"""How thickly reports lie about a place: a map counted once, frozen with its model, and looked up ever after.

Layer k smooths over half a kilometre doubled k times, and counts only reports that are precise enough for it. A
report is looked up in the layer that suits its own precision: how often an unrelated report as vague as this one
would stand here. Counts, cells and smoothing are whole numbers, so that no order of reports changes the map.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, log, pi, radians
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

SMOOTHED = 0.7
"""Of a report's own standard deviation: smoothing by more would blur what the report's error has blurred already."""

_PRECISE = 1.6  # a layer counts reports up to so many times as vague as those that are looked up in it
_DISC_SD = 0.55  # of a disc's radius, about what its centre is off by along each axis
_METRES_E7 = 6_371_009 * pi / 180 / E7
_REACH = 5  # cells, of half a smoothing each
_KERNEL = tuple(round(1000 * np.exp(-(k * k) / 8)) for k in range(-_REACH, _REACH + 1))
_WIDE = 1 << 32
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
    """Return the map of some reports, whose places are taken as declared."""
    placed = columns.some(columns.located)
    if not len(placed):
        return NOWHERE
    hours = max(int(np.ptp(placed.time_us)) // HOUR_US, 24)
    lat_e7 = int(np.sort(placed.lat_e7)[len(placed) // 2])
    vague = _vague_m(placed.sd_m, placed.area)
    layers = tuple(_layer(placed, vague, lat_e7, layer) for layer in range(LAYERS))
    mean = len(placed) / _extent_km2(placed, lat_e7)
    base = _milli(_EVERYWHERE * mean / hours)
    return Density(lat_e7, hours, base, _milli(len(placed) / hours), layers)


def _milli(value: float) -> int:
    return round(log(value) * MILLI)


def _extent_km2(placed: Columns, lat_e7: int) -> float:
    high = float(np.ptp(placed.lat_e7)) * _METRES_E7 / 1000
    wide = float(np.ptp(placed.lon_e7)) * _METRES_E7 / 1000 * cos(radians(lat_e7 / E7))
    return max(high, 10.0) * max(wide, 10.0)


def _layer(placed: Columns, vague: Reals, lat_e7: int, layer: int) -> Layer:
    limit = _PRECISE * LEAST_M * 2**layer / SMOOTHED
    used = placed.some(vague <= limit)
    if not len(used):
        return Layer((), (), (), MILLI)
    cells, counts = np.unique(_cells(used, lat_e7, layer), return_counts=True)
    rows, columns = cells // _WIDE, cells % _WIDE - _WIDE // 2
    each = len(placed) * MILLI // len(used)
    return Layer(tuple(rows.tolist()), tuple(columns.tolist()), tuple(counts.tolist()), each)


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
        """Smooth the layers."""
        self._density = density
        self._layers = [_smoothed(density, layer) for layer in range(len(density.layers))]

    def logs(self, columns: Columns, places: Wholes) -> Wholes:
        """Return for each report the logarithm of reports per square kilometre and hour about it."""
        found = np.full(len(columns), self._density.base, dtype=np.int64)
        suits = _layers_of(places)
        for layer, (cells, logs) in enumerate(self._layers):
            here = np.flatnonzero((suits == layer) & columns.located)
            if len(here) and len(cells):
                asked = _cells(columns.some(here), self._density.lat_e7, layer)
                at = np.minimum(np.searchsorted(cells, asked), len(cells) - 1)
                found[here] = np.where(cells[at] == asked, logs[at], self._density.base)
        return found


def _smoothed(density: Density, layer: int) -> tuple[Wholes, Wholes]:
    """Return a layer's cells in their order, and the logarithm of the density in each."""
    counted = density.layers[layer]
    cells = np.array(counted.rows, dtype=np.int64) * _WIDE + np.array(counted.columns, dtype=np.int64) + _WIDE // 2
    sums = np.array(counted.counts, dtype=np.int64)
    for step in (1, _WIDE):
        cells, sums = _spread(cells, sums, step)
    high, wide = _sides_e7(density.lat_e7, layer)
    cell_km2 = high * wide * _METRES_E7**2 / 1e6 * cos(radians(density.lat_e7 / E7))
    unit = counted.each / MILLI / (sum(_KERNEL) ** 2 * cell_km2 * density.hours)
    least = np.exp(density.base / MILLI)
    others = np.maximum(sums - max(_KERNEL) ** 2, 0)  # whoever is looked up here was mostly counted here
    return cells, np.rint(np.log(others * unit + least) * MILLI).astype(np.int64)


def _spread(cells: Wholes, sums: Wholes, step: int) -> tuple[Wholes, Wholes]:
    """Return the cells spread by the kernel in one direction."""
    shifts = np.arange(-_REACH, _REACH + 1) * step
    spread = (cells[:, None] + shifts).ravel()
    weights = (sums[:, None] * np.array(_KERNEL, dtype=np.int64)).ravel()
    reached, back = np.unique(spread, return_inverse=True)
    total = np.zeros(len(reached), dtype=np.int64)
    np.add.at(total, back, weights)
    return reached, total
