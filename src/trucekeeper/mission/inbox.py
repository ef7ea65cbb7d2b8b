"""The inbox: the reports at which somebody still has to look, the oldest first, and what stands near each.

    inbox = Inbox(looking)
    inbox.page(sight, after=0)          fifty of them, from an entry on
    inbox.near(sight, row)              incidents near one of them, each with how far off it is

Like all that pages read, it was worked out by the keeper for one audience. What is near is looked up by time and
place among the incidents of that audience: nothing is weighed here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from math import cos, radians
from typing import TYPE_CHECKING, Any

from trucekeeper.compliance.knowledge import Audience
from trucekeeper.geo.apart import points_apart_m
from trucekeeper.mission import kinds
from trucekeeper.mission.telling import label_of
from trucekeeper.terms import Place
from trucekeeper.terms.moments import DAY, MINUTE
from trucekeeper.terms.places import E7

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from trucekeeper.mission.looking import Looking, Row, Sight
    from trucekeeper.terms import Moment

AT_ONCE = 50
MOST_NEAR = 9
"""As many as there are keys for."""
FAR_M, LONG = 15_000, DAY
"""Nothing is suggested that is farther off, or longer before or after."""
METRES_AN_HOUR = 2_000
"""What is an hour off is suggested beside what is two kilometres off."""
_METRES_A_DEGREE = 110_000
_COLUMNS = ("id", "entry", "state", "incident", "why", "touched", "open", "row")
_INCIDENT = ("id", "kind", "earliest", "latest", "lat_e7", "lon_e7", "within_m", "row")


@dataclass(frozen=True, slots=True)
class Near:
    """An incident near a report: how many metres (None: one of them has no place) and minutes lie between."""

    incident: str
    metres: int | None
    minutes: int
    kind: str
    same_kind: bool
    sources: tuple[str, ...]

    @property
    def order(self) -> tuple[float, str]:
        """Return what the nearest has least of."""
        off = FAR_M if self.metres is None else self.metres
        return off + self.minutes / 60 * METRES_AN_HOUR + (0 if self.same_kind else FAR_M), self.incident


@dataclass(frozen=True, slots=True)
class Inbox:
    """The reports of an audience, as whoever looks at them one by one reads them."""

    looking: Looking

    def count(self, sight: Sight) -> int:
        """Return how many reports wait for somebody to look at them."""
        mine, whose = sight.among()
        with self.looking.projections.reading() as connection:
            asked = f"SELECT count(*) FROM report WHERE {mine} AND open"  # noqa: S608  our own
            return int(connection.execute(asked, whose).fetchone()[0])

    def page(self, sight: Sight, *, after: int = -1, aside: bool = False) -> list[Row]:
        """Return the reports that wait, or were set aside by people, the oldest first, after an entry."""
        which = "state = 'set aside'" if aside else "open"
        return list(self._rows(sight, f"{which} AND entry > ? ORDER BY entry LIMIT {AT_ONCE}", [after]))

    def next(self, sight: Sight, after: int) -> str:
        """Return the report that waits next after an entry, or else the oldest that waits; "" if none does."""
        for since in (after, -1):
            found = next(self._rows(sight, "open AND entry > ? ORDER BY entry LIMIT 1", [since]), None)
            if found is not None:
                return str(found["id"])
        return ""

    def one(self, sight: Sight, report: str) -> Row | None:
        """Return a report with what it says; None if there is none of that name for this sight."""
        found = next(self._rows(sight, "id = ?", [report]), None)
        return None if found is None else {**self.looking.said(sight, [found["entry"]])[0], **found}

    def inside(self, sight: Sight, incident: str) -> list[Row]:
        """Return the reports of an incident, the first on record first."""
        return list(self._rows(sight, "incident = ? ORDER BY entry", [incident]))

    def _rows(self, sight: Sight, among: str, values: Sequence[object]) -> Iterator[Row]:
        mine, whose = sight.among()
        asked = f"SELECT {', '.join(_COLUMNS)} FROM report WHERE {mine} AND {among}"  # noqa: S608  our own
        with self.looking.projections.reading() as connection:
            found = connection.execute(asked, [*whose, *values]).fetchall()
        for values_ in found:
            row = dict(zip(_COLUMNS, values_, strict=True))
            yield {**row, **json.loads(row.pop("row"))}

    def source(self, sight: Sight, name: str) -> Row:
        """Return what the registry says of a source as far as a sight may see it, the last that was said."""
        audience = Audience(sight.audience, sight.now)
        rows = self._told(kinds.SOURCE, "name", name)
        return next((row for _, _, row in reversed(rows) if audience.may_see(label_of(row))), {})

    def _told(self, kind: str, column: str, value: str) -> list[tuple[int, str, Row]]:
        """Return what decisions say that have a value: their entries, whose they are, and their rows."""
        asked = f"SELECT from_seq, delegation, row FROM told WHERE kind = ? AND json_extract(row, '$.{column}') = ?"  # noqa: S608  our own
        with self.looking.projections.reading() as connection:
            found = connection.execute(f"{asked} ORDER BY from_seq", [kind, value]).fetchall()
        return [(entry, by, json.loads(row)) for entry, by, row in found]

    # ---- what stands near ------------------------------------------------------------------------------------------

    def near(self, sight: Sight, report: Row) -> list[Near]:
        """Return the incidents near a report, other than its own, the nearest first; who sees coarsely has none."""
        if sight.coarse or "when" not in report:
            return []
        found = [_near(report, one) for one in self._about(sight, report) if one["id"] != report["incident"]]
        return sorted((one for one in found if (one.metres or 0) <= FAR_M), key=lambda one: one.order)[:MOST_NEAR]

    def _about(self, sight: Sight, report: Row) -> Iterator[Row]:
        """Yield the incidents in a box about a report in time and, if that has one, in place."""
        (mine, whose), (earliest, latest) = sight.among(), report["when"]
        asked = f"SELECT {', '.join(_INCIDENT)} FROM incident WHERE {mine} AND latest >= ? AND earliest <= ?"  # noqa: S608  our own
        values: list[object] = [*whose, earliest - LONG, latest + LONG]
        if report["place"] is not None:
            lat, lon, _within = report["place"]
            high = FAR_M * E7 // _METRES_A_DEGREE
            wide = int(high / max(cos(radians(lat / E7)), 0.01))
            asked += " AND (lat_e7 IS NULL OR (lat_e7 BETWEEN ? AND ? AND lon_e7 BETWEEN ? AND ?))"
            values += [lat - high, lat + high, lon - wide, lon + wide]
        with self.looking.projections.reading() as connection:
            several = connection.execute(asked, values).fetchall()
        for one in several:
            row = dict(zip(_INCIDENT, one, strict=True))
            yield {**row, **json.loads(row.pop("row"))}

    def nearest(self, sight: Sight, report: Row, incident: str) -> str:
        """Return which of those that speak in an incident lies nearest to a report; "" if none does."""
        speaking = [one for one in self.speaking(sight, incident) if one["id"] != report["id"]]
        if "when" not in report:
            return str(speaking[0]["id"]) if speaking else ""
        return min(((_off(report, one), str(one["id"])) for one in speaking), default=(0.0, ""))[1]

    def others(self, sight: Sight, report: Row) -> list[str]:
        """Return one report of each other claim of a report's incident: parted from these, it leaves the incident."""
        several = self.speaking(sight, report["incident"])
        return [str(one["id"]) for one in several if one["claim"] != report.get("claim")]

    def speaking(self, sight: Sight, incident: str) -> list[Row]:
        """Return the report that speaks for each claim of an incident: copies, and what adds to it, left out."""
        several = self.inside(sight, incident) if incident else []
        return [one for one in several if one.get("claim") == one.get("key", -1)]

    # ---- what is in doubt ------------------------------------------------------------------------------------------

    def doubts(self, sight: Sight) -> list[Row]:
        """Return the pairs of reports in doubt, the least clear first; none of the past, which nobody can decide."""
        if sight.at is not None:
            return []
        asked = "SELECT one, other, why, margin, terms FROM doubt WHERE audience = ? ORDER BY place"
        with self.looking.projections.reading() as connection:
            found = connection.execute(asked, [sight.audience]).fetchall()
        names = ("one", "other", "why", "margin")
        return [{**dict(zip(names, row[:4], strict=True)), "terms": json.loads(row[4])} for row in found]

    def linked(self, sight: Sight, one: str, other: str) -> list[tuple[int, str, bool]]:
        """Return what people said of a pair of reports: the entries, by whom, and whether they are of one event."""
        audience, (first, second) = Audience(sight.audience, sight.now), sorted((one, other))
        rows = self._told(kinds.LINK, "reports[0]", first) + self._told(kinds.LINK, "reports[0]", second)
        about = [row for row in rows if set(row[2]["reports"]) == {one, other}]
        return [
            (entry, by, row["same"])
            for entry, by, row in sorted(about, key=lambda row: row[0])
            if audience.may_see(label_of(row))
        ]


def _near(report: Row, incident: Row) -> Near:
    return Near(
        str(incident["id"]),
        _metres(report["place"], _place(incident)),
        _minutes(report["when"], (incident["earliest"], incident["latest"])),
        str(incident["kind"]),
        incident["kind"] == report["kind"],
        tuple(incident["sources"]),
    )


def _place(row: Mapping[str, Any]) -> Sequence[int] | None:
    return None if row["lat_e7"] is None else (row["lat_e7"], row["lon_e7"], row["within_m"])


def _off(one: Row, other: Row) -> float:
    metres = _metres(one["place"], other["place"])
    return (FAR_M if metres is None else metres) + _minutes(one["when"], other["when"]) / 60 * METRES_AN_HOUR


def apart(one: Row, other: Row) -> tuple[int | None, int]:
    """Return how many metres and minutes lie between two reports that say when."""
    return _metres(one["place"], other["place"]), _minutes(one["when"], other["when"])


def _metres(one: Sequence[int] | None, other: Sequence[int] | None) -> int | None:
    """Return how many metres lie between two points, None if one is not known."""
    return None if one is None or other is None else points_apart_m(Place(*one), Place(*other))


def _minutes(one: Sequence[Moment], other: Sequence[Moment]) -> int:
    """Return how many minutes lie between two times; none if they may be one."""
    return max(one[0] - other[1], other[0] - one[1], 0) // MINUTE
