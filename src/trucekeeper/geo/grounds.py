"""All zones of an atlas, ready for many questions about one of them or about all at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from trucekeeper.geo.during import ALL, agreed_during, chunks, settled, span
from trucekeeper.geo.ground import Ground
from trucekeeper.geo.holding import NOTHING, Held, Holding, good_rows, joined
from trucekeeper.geo.measure import Points
from trucekeeper.geo.plane import rows_of
from trucekeeper.terms import DAWN, NEVER, Tri
from trucekeeper.terms.places import E7

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from trucekeeper.geo.grid import Surveyed
    from trucekeeper.geo.holding import Found
    from trucekeeper.geo.many import Places, Times
    from trucekeeper.geo.zones import Zone

Wholes: TypeAlias = "NDArray[np.int64]"
Answers: TypeAlias = "NDArray[np.int8]"
_RADII_M = (1_000, 20_000)  # most radii are of hundreds of metres, or of a few kilometres for a named town
_WORTH = 1_000  # places; of fewer, each zone is asked by itself
_REMEMBERED = 4


class Grounds:
    """Every version of every zone. What it remembers changes how soon it answers, and never what."""

    def __init__(self, zones: Sequence[Zone]) -> None:
        self._zones = zones
        self._versions: dict[str, list[Zone]] = {}
        for zone in sorted(zones, key=lambda zone: zone.since):
            self._versions.setdefault(zone.id, []).append(zone)
        self._grounds = {(zone.id, zone.since): Ground(zone) for zone in zones}
        self._holdings: dict[tuple[object, ...], Holding] = {}
        self._asked = 0
        self.names = tuple(sorted(self._versions))
        self.for_ever = {zone.id: self.of(zone) for zone in zones if zone.since == DAWN and zone.until == NEVER}

    def __reduce__(self) -> tuple[type[Grounds], tuple[Sequence[Zone]]]:
        """Pickle the zones alone."""
        return Grounds, (self._zones,)

    def inside(self, zone_id: str, places: Places, at: Times) -> Answers:
        """Return whether places lie in the zone; a zone that there is not raises KeyError."""
        versions = self._versions[zone_id]
        return agreed_during(versions, at, lambda zone, rows: self.of(zone).holds_all(*places.columns(rows)))

    def held(self, places: Places, at: Times) -> Held:
        """Return which places are in which zones, certainly or maybe."""
        self._asked += len(places)
        parts: list[Found] = []
        begin = 0
        for some, then in chunks(places, at):
            place, zone, answer = self._held(some, then)
            parts.append((place + begin, zone, answer))
            begin += len(some)
        return Held(self.names, *joined(parts))

    def _held(self, places: Places, at: Times) -> Found:
        """Ask the common grids about all that they may be asked, and zone by zone about the rest."""
        left = np.arange(len(places))
        found: list[Found] = []
        for within_m in _RADII_M if self._asked >= _WORTH else ():
            listed = _listed(places, left, within_m)
            here, left = (left, left[:0]) if listed.all() else (left[listed], left[~listed])
            if len(here):
                surveys = self._listable(at, within_m)
                found.append(self._by_holding(surveys, within_m, places, here))
                found += self._one_by_one(set(self.names) - set(surveys), places, at, here)
        if len(left):
            found += self._one_by_one(set(self.names), places, at, left)
        return joined(found) if len(found) == 1 else _sorted(joined(found))

    def _listable(self, at: Times, within_m: int) -> dict[str, Surveyed]:
        """Return the surveys of those zones that a common grid may list for radii up to `within_m`."""
        found: dict[str, Surveyed] = {}
        start, end = span(at)
        for name in self.names:
            zone = settled(self._versions[name], start, end)
            if zone is not None and self.of(zone).near_box(within_m) is not None:
                found[name] = self.of(zone).surveyed()
        return found

    def _by_holding(self, surveys: dict[str, Surveyed], within_m: int, places: Places, here: Wholes) -> Found:
        if not surveys:
            return NOTHING
        key = within_m, *((one.zone.id, one.zone.since) for one in surveys.values())
        if key not in self._holdings:
            if len(self._holdings) >= _REMEMBERED:
                self._holdings.clear()
            self._holdings[key] = Holding(tuple(surveys.values()), within_m)
        lat_e7, lon_e7, radius_m = places.columns(ALL if len(here) == len(places) else here)
        point, zone, answer = self._holdings[key].ask(Points(lon_e7, lat_e7), radius_m)
        return here[point], np.searchsorted(self.names, list(surveys))[zone], answer

    def _one_by_one(self, names: set[str], places: Places, at: Times, here: Wholes) -> Iterator[Found]:
        some, then = places.some(here), at.some(here)
        for name in names:
            answers = self.inside(name, some, then)
            held = np.flatnonzero(answers != Tri.NO)
            yield here[held], np.full(len(held), self.names.index(name)), answers[held]

    def of(self, zone: Zone) -> Ground:
        """Return a version of a zone, ready for many questions."""
        return self._grounds[zone.id, zone.since]


def _listed(places: Places, rows: Wholes, within_m: int) -> NDArray[np.bool_]:
    """Return which places have radii of at most `within_m` and lie on good maps."""
    lat_e7, _, radius_m = places.columns(ALL if len(rows) == len(places) else rows)
    good = good_rows(within_m)
    listed = radius_m <= within_m
    first, last = rows_of(np.array([lat_e7.min(initial=90 * E7), lat_e7.max(initial=-90 * E7)]))
    return listed if good[first : last + 1].all() else listed & good[rows_of(lat_e7)]


def _sorted(found: Found) -> Found:
    place, zone, answer = found
    order = np.lexsort((zone, place))
    return place[order], zone[order], answer[order]
