"""Agreed geography: zones and lines, each in the version that was valid for a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucekeeper.terms import DAWN, NEVER

if TYPE_CHECKING:
    from shapely import LineString, MultiPolygon, Polygon

    from trucekeeper.terms import Interval, Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """What a zone and a line have in common.

    `accuracy_m` is how far the drawn edge may lie from the true one, as its author says. The version is valid
    from `since` up to `until`, whose instant is the next version's. `ground_marking` says how the edge is
    marked on the ground, "" if it is not or nobody says.
    """

    id: str
    title: str = ""
    author: str
    accuracy_m: int = 0
    ground_marking: str = ""
    since: Moment = DAWN
    until: Moment = NEVER
    cite: str = ""
    note: str = ""

    def __hash__(self) -> int:
        """Return a hash without the coordinates: to walk along them for every question would be slow."""
        return hash((self.id, self.since, self.until))

    def touches(self, at: Interval) -> bool:
        """Return whether this version is valid at some moment of the interval."""
        return self.since <= at.latest and (at.earliest < self.until or self.until == NEVER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone(Agreed):
    """One version of an agreed area; its border belongs to it.

    Coordinates are integers of 1e-7 degree, x = longitude and y = latitude; an edge is straight in degrees
    (RFC 7946, 3.1.1). Without a geometry the zone is undrawn: agreed, but its map was never published.
    `part_of` names the zones that it lies in by agreement.
    """

    part_of: tuple[str, ...] = ()
    geometry: Polygon | MultiPolygon | None = None

    __hash__ = Agreed.__hash__


@dataclass(frozen=True, slots=True, kw_only=True)
class Line(Agreed):
    """One version of an agreed line; `left` and `right` name its sides as seen walking along its coordinates.

    Coordinates are as a zone's; without a geometry the line is undrawn.
    """

    left: str
    right: str
    geometry: LineString | None = None

    __hash__ = Agreed.__hash__
