"""What speaks for two reports telling one incident: a whole number of thousandths of a nat, term by term.

The weight sets three accounts of a pair beside each other: both tell one incident; the second tells a repeat of the
first's incident on a day near; they have nothing to do with each other, and stand as near as unrelated reports do
about here. It is the logarithm of the odds of the first against the other two, less the model's threshold.

It hangs on the two reports and the model only, exactly: distance and time between them are made of + - * / and the
square root, which IEEE 754 rounds correctly in whatever company numbers are worked out, and all else are whole
numbers from tables, added up. The two are taken in the same way whichever comes first.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from trucekeeper.fusion import kernels
from trucekeeper.fusion.density import DensityMap
from trucekeeper.fusion.kernels import BINS, MILLI
from trucekeeper.fusion.merging import APART
from trucekeeper.fusion.model import (
    ACTOR_ALIKE,
    ACTOR_OTHER,
    COUNTS,
    KIND_ALIKE,
    KIND_OTHER,
    Habit,
    count_classes,
    in_order,
)
from trucekeeper.fusion.scales import PLACES, place_classes, time_classes
from trucekeeper.geo.plane import all_bands, rows_of
from trucekeeper.terms.places import E7

if TYPE_CHECKING:
    from collections.abc import Callable

    from trucekeeper.fusion.columns import Codes, Columns, Flags, Reals, Wholes
    from trucekeeper.fusion.kernels import Row
    from trucekeeper.fusion.model import Happening, Model

FLOOR = -3 * MILLI
"""No pair weighs less: one report that fits badly, loose talk among them, must not outweigh one that fits well."""

TERMS = ("prior", "distance", "time", "kind", "actor", "count", "repeat", "floor", "distinct")
"""The terms of a weight. `repeat` takes off what a repeat on another day would explain as well,
and `distinct` all where one source says that they are two events."""

_TURN_E7 = 360 * E7
_SOFT = 8 * MILLI
_SOFTPLUS = np.rint(np.log1p(np.exp(np.arange(-_SOFT, _SOFT + 1) / MILLI)) * MILLI).astype(np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """Reports as a model reads them: classes and codes that index its tables, and the density about each.

    `place` and `time` number the classes met, `vague` orders places by how vague they are; `kind`, `actor` and
    `count` are one more than the code, so that nought is unstated.
    """

    columns: Columns
    place: Wholes
    time: Wholes
    vague: Wholes
    density: Wholes
    kind: Wholes
    actor: Wholes
    count: Wholes

    def __len__(self) -> int:
        """Return how many reports there are."""
        return len(self.columns)

    def some(self, rows: Wholes) -> Read:
        """Return the reports of these rows, in their order."""
        others = (getattr(self, name)[rows] for name in READINGS)
        return Read(self.columns.some(rows), *others)


READINGS = tuple(field.name for field in fields(Read))[1:]


class Odds(NamedTuple):
    """The three accounts' logarithms, and the terms that the first is made of."""

    prior: int
    distance: Wholes
    time: Wholes
    kind: Wholes
    actor: Wholes
    casualties: Wholes
    repeat: Wholes
    """Of the repeat, against chance."""


class Lookup:
    """Rows of a kernel for all pairs of the classes met so far; a class keeps the number it was met with."""

    def __init__(self, row: Callable[[int, int], Row]) -> None:
        self._row = row
        self.classes: tuple[int, ...] = ()
        self.logs = np.zeros(0, dtype=np.int64)
        self.width = np.zeros(0)

    def number(self, classes: tuple[int, ...]) -> None:
        """Take in classes: those before stay where they are."""
        self.classes = classes
        rows = [self._row(min(one, two), max(one, two)) for one in classes for two in classes]
        self.logs = np.concatenate([row.logs for row in rows]) if rows else self.logs
        self.width = np.array([row.width for row in rows])

    def row(self, one: int, two: int) -> Row:
        """Return the row of two numbered classes."""
        pair = one * len(self.classes) + two
        return kernels.Row(float(self.width[pair]), self.logs[pair * BINS : (pair + 1) * BINS])

    def at(self, one: Wholes, two: Wholes, far: Reals) -> Wholes:
        """Return what is tabled for pairs of numbered classes, so far apart."""
        pair = one * len(self.classes) + two
        bins = np.minimum(far / self.width[pair], BINS - 1).astype(np.int64)
        tabled: Wholes = self.logs[pair * BINS + bins]
        return tabled


class Weigher:
    """A model made ready to weigh reports whose categories are called as `codes` says."""

    def __init__(self, model: Model, codes: Codes) -> None:
        """Look up the model's names."""
        self.model = model
        self.density = DensityMap(model.density)
        self.apart = Lookup(lambda one, two: kernels.apart(one, two, -1))
        self._apart_again = Lookup(lambda one, two: kernels.apart(one, two, model.moved))
        self.later = Lookup(kernels.later)
        self._later_again = Lookup(lambda one, two: kernels.again(one, two, model.late, model.days))
        self.call(codes)

    def call(self, codes: Codes) -> None:
        """Take in what categories are called; names may be added at the end, and what was read before stays good."""
        model, self.codes = self.model, codes
        habits = {one.source: one for one in model.habits}
        met = [habits.get(name, Habit(name)) for name in codes.sources] or [Habit("")]
        self.place_shift = np.array([(one.point, one.area) for one in met], dtype=np.int64)
        self.time_shift = np.array([(one.time, one.day) for one in met], dtype=np.int64)
        self._distinct = np.array([name in codes.distinct for name in codes.sources] or [False])
        self._same = _Tables(model.same, codes, chance=False)
        self._repeat = _Tables(model.repeat, codes, chance=True)

    def read(self, columns: Columns) -> Read:
        """Return reports as the model reads them."""
        places = place_classes(columns, self.place_shift)
        times = time_classes(columns, self.time_shift)
        counts: Wholes = count_classes(columns.count)
        return Read(
            columns=columns,
            place=numbered(places, self.apart, self._apart_again),
            time=numbered(times, self.later, self._later_again),
            vague=places % PLACES * 2 + (places >= PLACES),
            density=self.density.logs(columns, places),
            kind=columns.kind.astype(np.int64) + 1,
            actor=columns.actor.astype(np.int64) + 1,
            count=counts + 1,
        )

    def weigh(self, read: Read, one: Wholes, two: Wholes) -> Wholes:
        """Return the weight of each pair of rows."""
        weights: Wholes = np.maximum(_total(self.odds(read, one, two)), FLOOR)
        return np.where(self._two_events(read, one, two), APART, weights)

    def most(self, read: Read) -> Wholes:
        """Return the most that each report's pairs may weigh besides distance, density and time."""
        tables = self._same
        best: Wholes = tables.kinds.max(axis=1)[read.kind] + tables.actors.max(axis=1)[read.actor]
        best = best + tables.counts.max(axis=1)[read.count]
        return best + (tables.company - self.model.threshold)

    def terms(self, read: Read, one: Wholes, two: Wholes) -> dict[str, Wholes]:
        """Return the terms of each pair's weight, by their names; they add up to it exactly."""
        odds = self.odds(read, one, two)
        total = _total(odds)
        return {
            "prior": np.full(len(total), odds.prior, dtype=np.int64),
            "distance": odds.distance,
            "time": odds.time,
            "kind": odds.kind,
            "actor": odds.actor,
            "count": odds.casualties,
            "repeat": -softplus(odds.repeat),
            "floor": np.maximum(total, FLOOR) - total,
            "distinct": np.where(self._two_events(read, one, two), APART - np.maximum(total, FLOOR), 0),
        }

    def _two_events(self, read: Read, one: Wholes, two: Wholes) -> Flags:
        """Return which pairs are of one source whose reports are each of another event."""
        first = read.columns.source[one]
        found: Flags = self._distinct[first] & (first == read.columns.source[two])
        return found

    def odds(self, read: Read, one: Wholes, two: Wholes) -> Odds:
        """Return what each account of each pair weighs."""
        columns = read.columns
        placed = columns.located[one] & columns.located[two]
        far, late = metres(columns, one, two), np.abs(columns.time_us[one] - columns.time_us[two]).astype(np.float64)
        chance = np.where(placed, _about(read, one, two), self.model.density.whole)
        places, times = (read.place[one], read.place[two]), (read.time[one], read.time[two])
        distance = np.where(placed, self.apart.at(*places, far), 0) - chance
        distance_again = np.where(placed, self._apart_again.at(*places, far), 0) - chance
        again = self._repeat.company + distance_again + self._later_again.at(*times, late)
        again += self._repeat.kinds[read.kind[one], read.kind[two]]
        again += self._repeat.actors[read.actor[one], read.actor[two]]
        again += self._repeat.counts[read.count[one], read.count[two]]
        return Odds(
            prior=self._same.company - self.model.threshold,
            distance=distance,
            time=self.later.at(*times, late),
            kind=self._same.kinds[read.kind[one], read.kind[two]],
            actor=self._same.actors[read.actor[one], read.actor[two]],
            casualties=self._same.counts[read.count[one], read.count[two]],
            repeat=again,
        )


class _Tables:
    """The tables of a happening by the codes of the reports."""

    def __init__(self, happening: Happening, codes: Codes, *, chance: bool) -> None:
        kinds, actors = ((0, 0), (0, 0)) if chance else ((KIND_ALIKE, KIND_OTHER), (ACTOR_ALIKE, ACTOR_OTHER))
        self.company = happening.company
        self.kinds = in_order(happening.kinds, codes.kinds, *kinds)
        self.actors = in_order(happening.actors, codes.actors, *actors)
        self.counts = np.zeros((len(COUNTS) + 1, len(COUNTS) + 1), dtype=np.int64)
        self.counts[1:, 1:] = happening.counts


def numbered(classes: Wholes, *lookups: Lookup) -> Wholes:
    """Return which of the classes met so far each is, once the lookups have met them all."""
    met = lookups[0].classes
    new = sorted(set(np.unique(classes).tolist()) - set(met))
    if new:
        for lookup in lookups:
            lookup.number((*met, *new))
    numbers = np.zeros(max((*met, *new), default=0) + 1, dtype=np.int64)
    numbers[[*met, *new]] = np.arange(len(met) + len(new))
    return numbers[classes]


def _total(odds: Odds) -> Wholes:
    plain: Wholes = odds.distance + odds.time + odds.kind + odds.actor + odds.casualties
    return plain + odds.prior - softplus(odds.repeat)


def softplus(logs: Wholes) -> Wholes:
    """Return the logarithm of one more than each, in thousandths."""
    return np.where(logs > _SOFT, logs, _SOFTPLUS[np.clip(logs, -_SOFT, _SOFT) + _SOFT])


def metres(columns: Columns, one: Wholes, two: Wholes) -> Reals:
    """Return the metres between the places of each pair, on the flat map of the band halfway."""
    lat, lat_two = columns.lat_e7[one], columns.lat_e7[two]
    bands, middle = all_bands(), rows_of((lat + lat_two) // 2)
    turn = np.abs(columns.lon_e7[one] - columns.lon_e7[two])
    east = np.minimum(turn, _TURN_E7 - turn) * bands.x_m[middle]
    north = (lat - lat_two) * bands.y_m[middle]
    away: Reals = np.sqrt(east * east + north * north)
    return away


def _about(read: Read, one: Wholes, two: Wholes) -> Wholes:
    """Return the density that the vaguer of each two stands in; if none is vaguer, what is halfway."""
    first, second = read.density[one], read.density[two]
    vague: Wholes = read.vague[one] - read.vague[two]
    return np.where(vague > 0, first, np.where(vague < 0, second, (first + second) // 2))
