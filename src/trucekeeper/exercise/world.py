"""Valoria, as drills have it: its agreement, its map, and who tells of what happens there.

The country does not exist. The map is its own mirror image on the agreed line, and no clause says of North what it
does not say of South, so that a drill with the two exchanged is the same drill seen from the other bank.

Places are worked out in metres from the middle of the line: `east_m`, and `ahead_m` into the bank of the party that
a cast names first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from trucekeeper.terms import Place
from trucekeeper.terms.moments import end_of_day, start_of_day
from trucekeeper.terms.places import E7

if TYPE_CHECKING:
    from trucekeeper.terms import Moment

TIME_ZONE = "EET"
FIRST_DAY = date(2024, 5, 6)
"""A drill is in the past of whoever runs it: no mission takes a report of what is still to come."""
NORTH, SOUTH = "north", "south"
COMMISSION, GUARANTOR, RELIEF, RAIDERS = "commission", "guarantor", "relief", "raiders"

E7_PER_M = 90  # 1e-7 degree is 1.11 cm at the equator, where the line lies, along both axes
MIDDLE_LON_E7 = -30 * E7
TILES, TILE_M = 6, 10_000
BUFFER_M, BASIN_M, BASIN_EAST_M = 3_000, 20_000, 32_000
TOWNS = ("Aller", "Brook", "Cairn", "Dell", "Elm", "Ford")
"""Each tile's town, from west to east."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A point in whole metres east of the middle of the line, and ahead of it into the bank of the first party."""

    east_m: int
    ahead_m: int

    def moved(self, east_m: int, ahead_m: int) -> Spot:
        """Return the point so many metres further."""
        return Spot(self.east_m + east_m, self.ahead_m + ahead_m)

    @property
    def tile(self) -> int:
        """Return the tile of the map, from the west, in whose strip of land the point lies."""
        return min(max((self.east_m + TILES * TILE_M // 2) // TILE_M, 0), TILES - 1)

    @property
    def watchable(self) -> bool:
        """Return whether the point is in the buffer, where a patrol sees it."""
        return abs(self.ahead_m) < BUFFER_M and abs(self.east_m) < TILES * TILE_M // 2


@dataclass(frozen=True, slots=True)
class Cast:
    """Which party plays the first part of a drill, and which the second. It is drawn."""

    first: str
    second: str

    @property
    def sides(self) -> tuple[str, str]:
        """Return both parties, in the order in which things are drawn."""
        return self.first, self.second

    def other(self, side: str) -> str:
        """Return the other party."""
        return self.second if side == self.first else self.first

    def spot(self, side: str, east_m: int, own_m: int) -> Spot:
        """Return the point so many metres into a party's own bank, negative for the other's."""
        return Spot(east_m, own_m if side == self.first else -own_m)

    def place(self, spot: Spot, within_m: int = 0) -> Place:
        """Return a point on the map."""
        way = 1 if self.first == NORTH else -1
        return Place(way * spot.ahead_m * E7_PER_M, MIDDLE_LON_E7 + spot.east_m * E7_PER_M, within_m)


@dataclass(frozen=True, slots=True)
class Days:
    """The civil days of a drill, counted from 0."""

    first: date
    count: int

    def start(self, day: int) -> Moment:
        """Return the first moment of a day."""
        return start_of_day(self.date(day), TIME_ZONE)

    def end(self, day: int) -> Moment:
        """Return the last moment of a day."""
        return end_of_day(self.date(day), TIME_ZONE)

    def date(self, day: int) -> date:
        """Return a day of the calendar."""
        return self.first + timedelta(days=day)


def degrees(e7: int) -> str:
    """Return whole 1e-7 degrees in decimal."""
    whole, rest = divmod(abs(e7), E7)
    return f"{'-' if e7 < 0 else ''}{whole}.{rest:07d}"


def tile_name(tile: int) -> str:
    """Return the zone of a tile of the buffer."""
    return f"buffer-{tile + 1}"


# ---- the agreement -------------------------------------------------------------------------------------------------

RELEASED, TRUCKS = 30, 40
"""How many captives each party is to release, and how many trucks to let through each day."""
RELEASE_DAYS, WITHDRAW_DAYS = 10, 5
STALE_H = 12
"""A unit is looked at three times a day: one look may be missed."""

_HEAD = """\
agreement: valoria-drill
title: The Valoria Drill Protocol
time_zone: EET
in_force: ceasefire
texts: {protocol: {title: The Protocol, language: en}}
parties:
  north: {name: the North, units: [north-1, north-2]}
  south: {name: the South, units: [south-1, south-2]}
actors:
  guarantor: {role: guarantor}
  commission: {role: mechanism}
  relief: {role: intermediary, name: the Relief Society}
  raiders: {role: non_signatory}
events:
  ceasefire: {shown_by: {fact: declaration, by: guarantor}, cite: "Protocol, art. 1"}
note: a drill. The country, its parties and all that is told of them are made up
clauses:
- id: buffer
  kind: define
  cite: Protocol, map 1
  gloss: the buffer is three kilometres on either side of the agreed line, in six parts
  zones: [buffer-1, buffer-2, buffer-3, buffer-4, buffer-5, buffer-6]
- id: halt
  kind: prohibit
  cite: Protocol, art. 1
  gloss: neither side attacks in the Basin, sector by sector
  by: [north, south]
  after: ceasefire
  each: {sector: [sector-1, sector-2, sector-3, sector-4, sector-5, sector-6]}
  act: {fact: attack, in: sector}
  excuse: {plea: self-defence, judged_by: case}
- id: no-flights
  kind: prohibit
  cite: Protocol, art. 2
  gloss: neither side flies over the buffer, part by part
  by: [north, south]
  after: ceasefire
  each: {part: [buffer-1, buffer-2, buffer-3, buffer-4, buffer-5, buffer-6]}
  act: {fact: overflight, in: part}
- id: no-movement
  kind: prohibit
  cite: Protocol, art. 3
  gloss: neither side moves forces in a part of the buffer, unless the commission was told in the 48 hours before
  by: [north, south]
  after: ceasefire
  each: {part: [buffer-1, buffer-2, buffer-3, buffer-4, buffer-5, buffer-6]}
  act: {fact: movement, in: part}
  excuse: {shown: {fact: notice, to: commission, same: [by, code]}, within: 48h, burden: accuser}
- id: free-access
  kind: prohibit
  cite: Protocol, art. 4
  gloss: neither side refuses the commission access, or blinds it
  by: [north, south]
  after: ceasefire
  act: {fact: obstruction, against: commission}
- id: inspect
  kind: respond
  cite: Protocol, art. 9
  gloss: the commission inspects each alleged violation within 24 hours
  by: commission
  after: ceasefire
  to: {fact: allegation, by: [north, south]}
  with: {fact: inspection}
  within: 24h
- id: quiet-week
  kind: phase
  cite: Protocol, art. 10
  gloss: after seven quiet days the second stage opens
  by: unstated
  after: ceasefire
  opens: stage-2
  when: {consecutive_days: 7, without: {fact: attack, in: basin}}
  if_undetermined: closed
"""
_OF_EACH = """\
- id: withdraw-{party}
  kind: achieve
  cite: Protocol, art. 5
  gloss: within five days the {adjective} units are behind the buffer on their own bank
  by: {party}
  after: ceasefire
  within: 5d
  each: {{unit: {{of: {party}}}}}
  state: {{fact: position, side: {party}-bank of agreed-line, distance: at least 3km from agreed-line}}
  shown_by: [{{fact: position, stale_after: 12h}}]
- id: stay-{party}
  kind: maintain
  cite: Protocol, art. 6
  gloss: from then on the {adjective} units stay out of the buffer
  by: {party}
  after: 5d after ceasefire
  each: {{unit: {{of: {party}}}}}
  state: {{fact: position, outside: buffer}}
  stale_after: 12h
- id: captives-{party}
  kind: tally
  cite: Protocol, art. 7
  gloss: within ten days the {adjective} side releases 30 captives
  by: {party}
  after: ceasefire
  within: 10d
  count: {{fact: release, by: {party}, category: captive}}
  at_least: 30
- id: trucks-{party}
  kind: quota
  cite: Protocol, art. 8
  gloss: the {adjective} side lets at least 40 trucks of relief through each day
  by: {party}
  after: ceasefire
  every: day
  count: {{fact: delivery, by: {party}}}
  at_least: 40
"""


def agreement_text() -> str:
    """Return `agreement.yaml`."""
    adjectives = {NORTH: "northern", SOUTH: "southern"}
    return _HEAD + "".join(_OF_EACH.format(party=party, adjective=word) for party, word in adjectives.items())


def zones_text() -> str:
    """Return `zones.geojson`."""
    half = TILES * TILE_M // 2
    tiles = [
        (number + 1, town, (number * TILE_M - half, (number + 1) * TILE_M - half))
        for number, town in enumerate(TOWNS)
    ]
    features = [
        _area("basin", "The Basin", (-BASIN_EAST_M, BASIN_EAST_M), BASIN_M),
        *(_area(f"buffer-{one}", f"The buffer at {town}", ends, BUFFER_M) for one, town, ends in tiles),
        *(_area(f"sector-{one}", f"The sector of {town}", ends, BASIN_M) for one, town, ends in tiles),
        _LINE.format(
            west=degrees(MIDDLE_LON_E7 - BASIN_EAST_M * E7_PER_M),
            east=degrees(MIDDLE_LON_E7 + BASIN_EAST_M * E7_PER_M),
        ),
    ]
    return '{"type": "FeatureCollection", "features": [\n' + ",\n".join(features) + "\n]}\n"


_LINE = """\
 {{"type": "Feature",
  "properties": {{"id": "agreed-line", "title": "The Agreed Line", "author": "Protocol, map 1", "accuracy_m": 0,
   "sides": {{"left": "north-bank", "right": "south-bank"}}}},
  "geometry": {{"type": "LineString", "coordinates": [[{west}, 0.0], [{east}, 0.0]]}}}}"""
_AREA = """\
 {{"type": "Feature",
  "properties": {{"id": "{name}", "title": "{title}", "author": "Protocol, map 1", "accuracy_m": 0}},
  "geometry": {{"type": "Polygon", "coordinates": [[{ring}]]}}}}"""


def _area(name: str, title: str, east_m: tuple[int, int], ahead_m: int) -> str:
    west, east = (degrees(MIDDLE_LON_E7 + one * E7_PER_M) for one in east_m)
    low, high = degrees(-ahead_m * E7_PER_M), degrees(ahead_m * E7_PER_M)
    corners = ((west, low), (east, low), (east, high), (west, high), (west, low))
    return _AREA.format(name=name, title=title, ring=", ".join(f"[{lon}, {lat}]" for lon, lat in corners))


# ---- the sources ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """A source of a drill, as a mission's registry will have it."""

    name: str
    manner: str
    says: str
    grade: str
    bloc: str
    interest: str = ""
    within_m: int = 0
    first_hand: bool = False


HOTLINE, WIRE, DATASET, SENSOR = "hotline", "wire", "dataset", "acoustic"


def patrol_name(number: int) -> str:
    """Return a patrol of the commission."""
    return f"patrol-{number + 1}"


def tellers(cast: Cast, patrols: int) -> tuple[Teller, ...]:
    """Return who tells of a drill. What a party's office, paper and friends say is of one bloc, alike for both."""
    of_commission = [
        Teller(
            name=patrol_name(one),
            manner="patrol",
            says=f"patrol {one + 1} of the commission",
            grade="B2",
            bloc=COMMISSION,
            within_m=300,
            first_hand=True,
        )
        for one in range(patrols)
    ]
    sensor = Teller(
        name=SENSOR,
        manner="sensor",
        says="the commission's acoustic network",
        grade="B2",
        bloc="acoustic",
        within_m=400,
        first_hand=True,
    )
    others = (
        Teller(name=RELIEF, manner="relief", says="the Relief Society", grade="A2", bloc=RELIEF, first_hand=True),
        Teller(name=WIRE, manner="wire", says="an agency that takes no side", grade="C3", bloc=WIRE, within_m=2000),
        Teller(name=HOTLINE, manner="hotline", says="calls of the public", grade="F3", bloc="public", within_m=3000),
        Teller(name=DATASET, manner="dataset", says="a weekly dataset", grade="C3", bloc=DATASET, within_m=5000),
    )
    return (*of_commission, sensor, *(one for side in cast.sides for one in _of_party(side)), *others)


def _of_party(side: str) -> tuple[Teller, ...]:
    interest = f"that of the {side.capitalize()}"
    return (
        Teller(
            name=f"{side}-office", manner="office", says=f"the {side} press office", grade="E4", bloc=side,
            interest=interest, within_m=500,
        ),
        Teller(
            name=f"{side}-paper", manner="paper", says=f"a paper close to the {side}", grade="E4", bloc=side,
            interest=interest, within_m=1000,
        ),
        Teller(
            name=f"{side}-voices", manner="voices", says=f"accounts that repeat the {side}'s", grade="F5", bloc=side,
            interest=interest, within_m=1000,
        ),
    )  # fmt: skip


WORDS: dict[str, dict[str, str]] = {
    "patrol": {},
    "sensor": {"shelling": "impact", "gunfire": "shots", "obstruction": "jammed"},
    "relief": {"release": "persons received"},
    "office": {
        "shelling": "bombardment",
        "airstrike": "air raid",
        "gunfire": "shooting",
        "ground-attack": "assault",
        "surveillance": "spy flight",
        "incursion": "infiltration",
        "movement": "troop movement",
        "release": "release of captives",
    },
    "wire": {"gunfire": "small-arms fire", "surveillance": "drone flight", "incursion": "incursion"},
    "hotline": {"shelling": "explosions", "gunfire": "shots", "surveillance": "drone", "incursion": "soldiers"},
    "dataset": {"shelling": "SHELL", "gunfire": "CLASH", "surveillance": "AIR", "incursion": "MOVE"},
}
WORDS["paper"] = WORDS["voices"] = WORDS["office"]
TOLD = ("shelling", "gunfire", "airstrike", "ground-attack", "surveillance", "incursion", "movement", "obstruction")
"""The kinds that reports tell of, besides releases."""


def word(manner: str, kind: str) -> str:
    """Return a source's own word for a kind."""
    return WORDS[manner].get(kind, kind)


def rulings(manner: str) -> dict[str, str]:
    """Return what a source's words mean."""
    return {word(manner, kind): kind for kind in (*TOLD, "release")}
