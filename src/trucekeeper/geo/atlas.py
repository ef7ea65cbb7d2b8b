"""The atlas of an agreement: where a place lies to its zones and lines, and when nobody can tell."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import shapely

from trucekeeper.geo.during import agreed_during, chunks, during, settled
from trucekeeper.geo.grounds import Grounds
from trucekeeper.geo.many import Places, Times
from trucekeeper.geo.measure import (
    ANYWHERE,
    agreed,
    distance_m,
    left_of,
    near,
    place_distance_m,
    place_left_of,
    zone_in_zone,
)
from trucekeeper.geo.zones import Line, Zone
from trucekeeper.terms import DAWN, NEVER, Interval, Tri

if TYPE_CHECKING:
    from trucekeeper.geo.holding import Held
    from trucekeeper.geo.many import Some
    from trucekeeper.geo.measure import Answers, Wholes
    from trucekeeper.terms import Place

_Version = TypeVar("_Version", Zone, Line)


@dataclass(frozen=True, slots=True)
class Atlas:
    """All zones and lines of an agreement in all their versions, which do not overlap in time.

    Every question takes the interval `at` in which something happened. If several versions were valid in it,
    each is asked, and where they disagree, or none was valid for a part of it, the answer is maybe. An
    undrawn version answers maybe. An id that the atlas does not have raises KeyError.
    """

    features: tuple[Zone | Line, ...] = ()
    _versions: dict[str, tuple[Zone | Line, ...]] = field(init=False, repr=False, compare=False, hash=False)
    _grounds: Grounds = field(init=False, repr=False, compare=False, hash=False)
    _for_ever: bool = field(init=False, repr=False, compare=False, hash=False)
    _apart: dict[tuple[str, str], Tri] = field(init=False, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        """Sort the versions by id and time, and prepare their shapes for many questions."""
        versions: dict[str, tuple[Zone | Line, ...]] = {}
        for one in sorted(self.features, key=lambda one: one.since):
            versions[one.id] = (*versions.get(one.id, ()), one)
            shapely.prepare(one.geometry)
        object.__setattr__(self, "_versions", versions)
        object.__setattr__(self, "_grounds", Grounds(self.zones()))
        for_ever = all(one.since == DAWN and one.until == NEVER for one in self.features)
        object.__setattr__(self, "_for_ever", for_ever)
        object.__setattr__(self, "_apart", {})

    @property
    def for_ever(self) -> bool:
        """Return whether every zone and line is agreed for ever, so that no answer depends on the time."""
        return self._for_ever

    def ids(self) -> tuple[str, ...]:
        """Return the ids of all zones and lines, sorted."""
        return tuple(sorted(self._versions))

    def zones(self) -> tuple[Zone, ...]:
        """Return every version of every zone, in the order of the file."""
        return tuple(one for one in self.features if isinstance(one, Zone))

    def lines(self) -> tuple[Line, ...]:
        """Return every version of every line, in the order of the file."""
        return tuple(one for one in self.features if isinstance(one, Line))

    def extent(self) -> tuple[int, int, int, int] | None:
        """Return least and greatest latitude and longitude of all that is drawn, in 1e-7 degree; None if nothing is.

        The order is least latitude, least longitude, greatest latitude, greatest longitude.
        """
        drawn = [one.geometry.bounds for one in self.features if one.geometry is not None]
        if not drawn:
            return None
        west, south, east, north = (
            int(pick(ends)) for pick, ends in zip((min, min, max, max), zip(*drawn, strict=True), strict=True)
        )
        return south, west, north, east

    def inside(self, zone_id: str, place: Place, at: Interval) -> Tri:
        """Return whether the place lies in the zone; its radius and the zone's accuracy are the doubt.

        A point on the border is inside where there is no doubt at all.
        """
        ground = self._grounds.for_ever.get(zone_id)
        if ground is not None:
            return ground.holds(place)
        valid = self._during(zone_id, at, Zone)
        return agreed(Tri.MAYBE if zone is None else self._grounds.of(zone).holds(place) for zone in valid)

    def inside_many(self, zone_id: str, places: Places, at: Times) -> Answers:
        """Return what `inside` does, for many places at once: the values of `Tri`."""
        self._hold(zone_id, Zone)
        return np.concatenate([self._grounds.inside(zone_id, some, then) for some, then in chunks(places, at)])

    def zones_holding(self, places: Places, at: Times) -> Held:
        """Return what `inside` does not answer no to, for many places and all zones at once."""
        return self._grounds.held(places, at)

    def zone_inside(self, outer_id: str, inner_id: str, at: Interval) -> Tri:
        """Return whether what is somewhere in the inner zone is in the outer one.

        Yes if it is the same zone, or part of it by agreement, or covered by it as drawn, whatever the
        accuracy; no if they are certainly apart; else maybe, as for a bigger zone that holds the outer one. What is
        somewhere on a line may be in any zone.
        """
        if not self.for_ever:
            return self._zone_inside(outer_id, inner_id, at)
        if (outer_id, inner_id) not in self._apart:
            self._apart[outer_id, inner_id] = self._zone_inside(outer_id, inner_id, at)
        return self._apart[outer_id, inner_id]

    def _zone_inside(self, outer_id: str, inner_id: str, at: Interval) -> Tri:
        if any(isinstance(self._versions[one][0], Line) for one in (outer_id, inner_id)):
            return Tri.MAYBE
        outer, inner = self._during(outer_id, at, Zone), self._during(inner_id, at, Zone)
        if outer_id in self._above(inner_id, at):
            return Tri.YES
        return agreed(
            Tri.MAYBE if big is None or small is None else zone_in_zone(big, small)
            for big, small in product(outer, inner)
            if _meet(big, small)
        )

    def side(self, line_id: str, side: str, place: Place, at: Interval) -> Tri:
        """Return whether the place lies on the named side of the line; on the line itself nobody can tell.

        Beyond its ends the line goes on as `trucekeeper.geo.sides` says. A name that is no side of the line
        raises KeyError.
        """
        alone = settled(self._versions[line_id], at.earliest, at.latest)
        if isinstance(alone, Line):
            _hold_side(alone, side)
            left = place_left_of(alone, place)
            return left if side == alone.left else left.negated
        return Tri(int(self.side_many(line_id, side, Places.of([place]), Times.of([at]))[0]))

    def side_many(self, line_id: str, side: str, places: Places, at: Times) -> Answers:
        """Return what `side` does, for many places at once: the values of `Tri`."""
        self._hold(line_id, Line)
        return np.concatenate([self._sides(line_id, side, some, then) for some, then in chunks(places, at)])

    def distance(self, line_id: str, place: Place, at: Interval) -> tuple[int, int]:
        """Return the least and most whole metres on the ground between the place and a line or zone.

        Within a zone it is 0. The truth is never outside, whatever the place's radius and the zone's
        accuracy; `ANYWHERE` if nothing is known.
        """
        alone = settled(self._versions[line_id], at.earliest, at.latest)
        if alone is not None:
            return place_distance_m(alone, place)
        least, most = self.distance_many(line_id, Places.of([place]), Times.of([at]))
        return int(least[0]), int(most[0])

    def distance_many(self, line_id: str, places: Places, at: Times) -> tuple[Wholes, Wholes]:
        """Return what `distance` does, for many places at once: the least metres, and the most."""
        parts = [self._distances(line_id, some, then) for some, then in chunks(places, at)]
        least, most = (np.concatenate(column) for column in zip(*parts, strict=True))
        return least, most

    def _sides(self, line_id: str, side: str, places: Places, at: Times) -> Answers:
        def ask(line: Zone | Line, rows: Some) -> Answers:
            assert isinstance(line, Line)  # noqa: S101  whoever asks has looked
            return _on_side(line, side, places, rows)

        return agreed_during(self._versions[line_id], at, ask)

    def _distances(self, line_id: str, places: Places, at: Times) -> tuple[Wholes, Wholes]:
        parts, gap = during(self._versions[line_id], at)
        least, most = np.full(len(places), ANYWHERE[1]), np.full(len(places), ANYWHERE[0])
        for one, rows in parts:
            lat_e7, lon_e7, within_m = places.columns(rows)
            found = distance_m(one, near(one, lat_e7, lon_e7), within_m + one.accuracy_m)
            least[rows], most[rows] = np.minimum(least[rows], found[0]), np.maximum(most[rows], found[1])
        least[gap], most[gap] = ANYWHERE
        return least, most

    def _hold(self, wanted: str, sort: type[_Version]) -> None:
        """Hold that an id is one of this sort, else raise KeyError."""
        if not isinstance(self._versions[wanted][0], sort):
            raise KeyError(f"'{wanted}' is not a {sort.__name__.lower()}")

    def _during(self, wanted: str, at: Interval, sort: type[_Version]) -> list[_Version | None]:
        """Return the versions valid in the interval, and None if for a part of it none was.

        An id of another sort raises KeyError.
        """
        self._hold(wanted, sort)
        found = self._any_during(wanted, at)
        return [one for one in found if one is None or isinstance(one, sort)]

    def _any_during(self, wanted: str, at: Interval) -> list[Zone | Line | None]:
        valid: list[Zone | Line | None] = []
        so_far = at.earliest
        for one in self._versions[wanted]:
            if one.touches(at):
                if one.since > so_far:
                    valid.append(None)
                valid.append(one)
                so_far = one.until
        if not valid or (so_far <= at.latest and so_far != NEVER):
            valid.append(None)
        return valid

    def _above(self, zone_id: str, at: Interval) -> set[str]:
        """Return the zone and all that it is part of by agreement, in one step or several, all the while."""
        reached: set[str] = set()
        ahead = [zone_id]
        while ahead:
            step = ahead.pop()
            if step not in reached:
                reached.add(step)
                valid = self._during(step, at, Zone)
                ahead.extend(set.intersection(*(set(zone.part_of if zone else ()) for zone in valid)))
        return reached


def _meet(one: Zone | None, other: Zone | None) -> bool:
    """Return whether both versions were valid at one moment; of a time without a version nobody knows."""
    return one is None or other is None or max(one.since, other.since) < min(one.until, other.until)


def _hold_side(line: Line, side: str) -> None:
    """Hold that a name is one of the sides of a line, else raise KeyError."""
    if side not in (line.left, line.right):
        raise KeyError(f"'{side}' is not a side of '{line.id}': they are '{line.left}' and '{line.right}'")


def _on_side(line: Line, side: str, places: Places, rows: Some) -> Answers:
    _hold_side(line, side)
    lat_e7, lon_e7, within_m = places.columns(rows)
    left = left_of(line, near(line, lat_e7, lon_e7), within_m + line.accuracy_m)
    return left if side == line.left else (Tri.YES - left).astype(np.int8)
