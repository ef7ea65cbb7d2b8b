"""Faults that show only when the features of a file are seen together."""

from __future__ import annotations

from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from trucekeeper.geo.located import Node, members_of
from trucekeeper.geo.measure import zone_in_zone
from trucekeeper.geo.zones import Line, Zone
from trucekeeper.terms import Tri
from trucekeeper.terms.faults import suggestion
from trucekeeper.terms.places import E7

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from trucekeeper.geo.located import Faults

# A feature is taken for swapped if it is more than a degree (110 km) from every other, and turned about would
# be ten times nearer. At 31 N 34 E a swapped feature lies 4 degrees off, while hardly any agreement names two
# lands that mirror each other so closely.
_FAR_E7 = E7
_TIMES_NEARER = 10

Versions: TypeAlias = "dict[str, list[Found]]"


@dataclass(frozen=True, slots=True)
class Found:
    """A feature as read, and its properties as they stand in the text."""

    feature: Zone | Line
    properties: Node

    def at(self, name: str) -> int:
        """Return where a property stands, or where all of them begin if it is not there."""
        return members_of(self.properties).get(name, self.properties).at


def check_together(found: list[Found], faults: Faults) -> None:
    """Add every fault between features: of their versions, of `part_of`, and of swapped axes."""
    versions: Versions = {}
    for one in sorted(found, key=lambda one: one.feature.since):
        versions.setdefault(one.feature.id, []).append(one)
    for same in versions.values():
        for earlier, later in pairwise(same):
            _check_versions(earlier, later, faults)
    _check_parts(versions, faults)
    _check_axes(found, faults)


def _check_versions(earlier: Found, later: Found, faults: Faults) -> None:
    """Check two versions of one id, the first of which becomes valid first."""
    one, other = earlier.feature, later.feature
    there = f"in line {faults.line_of(earlier.at('id'))}"
    if isinstance(one, Line) != isinstance(other, Line):
        what, remedy = f"is a {_sort(other)} here and a {_sort(one)} {there}", "give one of them another id"
    elif one.until > other.since:
        what = f"is valid at the same time as the one {there}"
        remedy = "end the older with 'until' where the newer begins with 'from', or give one another id"
    elif isinstance(one, Line) and isinstance(other, Line) and {one.left, one.right} != {other.left, other.right}:
        what = f"has other sides than {there}"
        remedy = "name the two sides alike in all versions of a line, or give one another id"
    else:
        return
    faults.add(later.at("id"), f"'{other.id}' {what}", remedy)


def _sort(one: Zone | Line) -> str:
    return "line" if isinstance(one, Line) else "zone"


def _check_parts(versions: Versions, faults: Faults) -> None:
    zones = {name: same for name, same in versions.items() if isinstance(same[0].feature, Zone)}
    parents = {name: {parent for one in same for parent in _part_of(one)} for name, same in zones.items()}
    circular = _is_circular(parents)
    for one in (one for same in zones.values() for one in same):
        for parent in _part_of(one):
            if parent not in zones:
                what, remedy = "which is no zone of this file", suggestion(parent, zones)
            elif circular and one.feature.id in _all_above(parent, parents):
                what, remedy = "which is in turn part of it", "take one 'part_of' of the circle out"
            elif any(_are_apart(one.feature, other.feature) for other in zones[parent]):
                what, remedy = "but is drawn wholly outside it", "mend the drawing, or take the 'part_of' out"
            else:
                continue
            faults.add(one.at("part_of"), f"'{one.feature.id}' is said to be part of '{parent}', {what}", remedy)


def _part_of(one: Found) -> tuple[str, ...]:
    return one.feature.part_of if isinstance(one.feature, Zone) else ()


def _is_circular(parents: dict[str, set[str]]) -> bool:
    try:
        TopologicalSorter(parents).prepare()
    except CycleError:
        return True
    return False


def _all_above(zone_id: str, parents: dict[str, set[str]]) -> set[str]:
    """Return the zone and everything it is part of."""
    reached: set[str] = set()
    ahead = [zone_id]
    while ahead:
        step = ahead.pop()
        if step not in reached:
            reached.add(step)
            ahead.extend(parents.get(step, ()))
    return reached


def _are_apart(one: Zone | Line, other: Zone | Line) -> bool:
    """Return whether two zones valid at the same time are drawn certainly apart."""
    if not (isinstance(one, Zone) and isinstance(other, Zone)):
        return False
    return max(one.since, other.since) < min(one.until, other.until) and zone_in_zone(other, one) is Tri.NO


def _check_axes(found: list[Found], faults: Faults) -> None:
    drawn = [one for one in found if one.feature.geometry is not None]
    boxes = np.array([one.feature.geometry.bounds for one in drawn if one.feature.geometry is not None])
    names = np.array([one.feature.id for one in drawn])
    for one, box in zip(drawn, boxes, strict=True):
        others = boxes[names != one.feature.id]
        if not len(others):
            return
        gap, turned = _gap_e7(box, others), _gap_e7(box[[1, 0, 3, 2]], others)
        if gap > _FAR_E7 and turned * _TIMES_NEARER < gap:
            what = (
                f"'{one.feature.id}' lies {gap / E7:.1f} degrees from every other feature,"
                f" but with longitude and latitude swapped only {turned / E7:.1f}"
            )
            faults.add(one.at("id"), what, "GeoJSON has longitude first: swap its coordinates, or the others'")


def _gap_e7(box: NDArray[np.float64], others: NDArray[np.float64]) -> float:
    """Return the distance between a box and the nearest of others, in units of 1e-7 degree."""
    gaps = np.maximum(np.maximum(box[:2] - others[:, 2:], others[:, :2] - box[2:]), 0)
    return float(np.hypot(gaps[:, 0], gaps[:, 1]).min())
