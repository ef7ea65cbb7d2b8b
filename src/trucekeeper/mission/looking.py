"""Looking: what pages read of the projections, and the one rule of who may see what.

    sight = Sight("north", at=None)
    looking.incidents(sight, Filter(kinds=("attack",), since=..., until=...))

Every row was worked out by the keeper for one audience, from what may be released to it, and is read for that
audience alone: there is no question here that has no audience. A reader who sees coarsely has no position of the last
hours, and of older ones the square of a fixed grid that holds it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from trucekeeper.compliance.knowledge import Audience
from trucekeeper.mission import kinds
from trucekeeper.mission.incident_rows import COUNTS, FAULTY, RULED_OUT, SET_ASIDE, WAITS
from trucekeeper.mission.projections import got
from trucekeeper.mission.telling import label_of
from trucekeeper.terms import Proof
from trucekeeper.terms.moments import HOUR
from trucekeeper.terms.places import E7

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from trucekeeper.mission.projections import Adopted, Projections
    from trucekeeper.terms import Moment

Row = dict[str, Any]

GRID_E7 = E7 // 20
"""A twentieth of a degree: squares of some 5.5 km from south to north."""
GRID_M = 4_000
"""From the middle of a square to its corners, at the equator."""
LATE = 6 * HOUR
"""No position is shown so soon to those who see coarsely: what has moved since is no target."""


@dataclass(frozen=True, slots=True)
class Sight:
    """For whom is looked, and at what was known when (None: by now). `now` counts for what is shown late."""

    audience: str
    now: Moment
    at: Moment | None = None
    coarse: bool = False

    def among(self) -> tuple[str, list[object]]:
        """Return which rows this sight has, as a condition and its values."""
        if self.at is None:
            return "audience = ? AND to_size IS NULL", [self.audience]
        return "audience = ? AND since <= ? AND (until IS NULL OR until > ?)", [self.audience, self.at, self.at]

    def columns(self) -> dict[str, str]:
        """Return what each column of an incident is for this sight, as SQL, so that nothing finer leaves the rows."""
        if not self.coarse:
            return {one: one for one in _INCIDENT} | {"withheld": "0"}
        late = f"latest > {self.now - LATE}"
        square = {
            one: f"CASE WHEN {late} THEN NULL ELSE {one} - {_remainder(one)} + {GRID_E7 // 2} END"
            for one in ("lat_e7", "lon_e7")
        }
        return {one: one for one in _INCIDENT} | {
            **square,
            "within_m": f"CASE WHEN {late} THEN NULL ELSE within_m + {GRID_M} END",
            "zone": f"CASE WHEN {late} THEN '' ELSE zone END",
            "borders": "''",
            "withheld": f"{late} AND (lat_e7 IS NOT NULL OR zone <> '')",
        }


def _remainder(column: str) -> str:
    """Return what a column is beyond the grid's line to the west or south of it, as SQL: never below nought."""
    return f"(({column} % {GRID_E7} + {GRID_E7}) % {GRID_E7})"


@dataclass(frozen=True, slots=True)
class Filter:
    """Which incidents are wanted: all that no part rules out. `box` is west, south, east, north in 1e-7 degree."""

    kinds: tuple[str, ...] = ()
    proofs: tuple[str, ...] = ()
    by: str | None = None
    since: Moment | None = None
    until: Moment | None = None
    box: tuple[int, int, int, int] | None = None
    ids: tuple[str, ...] = field(default=())
    below: tuple[Moment, str] | None = None
    """Only what is listed after an incident, by its `latest` and its name: the next page of a list."""

    def among(self, columns: Mapping[str, str]) -> tuple[str, list[object]]:
        """Return the condition on what a sight has as columns, and its values."""
        parts, values = ["1"], list[object]()
        for column, several in (("kind", self.kinds), ("occurred", self.proofs), ("id", self.ids)):
            if several:
                parts.append(f"{column} IN ({', '.join('?' * len(several))})")
                values += several
        for condition, value in (("by = ?", self.by), ("latest >= ?", self.since), ("earliest <= ?", self.until)):
            if value is not None:
                parts.append(condition)
                values.append(value)
        if self.below is not None:
            parts.append("latest <= ? AND (latest < ? OR id > ?)")
            values += [self.below[0], *self.below]
        if self.box is not None:
            west, _, east, _ = self.box
            joined = "AND" if west <= east else "OR"  # over 180 degrees its west is east of its east
            lat, lon = columns["lat_e7"], columns["lon_e7"]
            parts.append(f"({lon} >= ? {joined} {lon} <= ?) AND {lat} BETWEEN ? AND ?")
            values += [self.box[0], self.box[2], self.box[1], self.box[3]]
        return " AND ".join(parts), values


_INCIDENT = (
    "id", "kind", "by", "occurred", "who", "earliest", "latest", "lat_e7", "lon_e7", "within_m", "zone", "borders",
    "reports", "origins", "since", "row",
)  # fmt: skip
DRAWN = ("id", "kind", "occurred", "lat_e7", "lon_e7", "within_m", "latest", "reports", "borders")
"""What a map and a timeline need to know of an incident."""


@dataclass(frozen=True, slots=True)
class Looking:
    """The projections, as pages read them."""

    projections: Projections

    # ---- how far they have come -----------------------------------------------------------------------------------

    def position(self) -> tuple[int, Moment]:
        """Return how many entries the rows follow, and up to which moment."""
        with self.projections.reading() as connection:
            return int(got(connection, "standing", "0")), int(got(connection, "standing_at", "0"))

    def adopted(self, at: Moment | None = None) -> Adopted | None:
        """Return the version of the agreement on record at a moment, or now; None if there was none."""
        found = [one for one in self.projections.agreements() if at is None or one.at <= at]
        return found[-1] if found else None

    def begun(self) -> str:
        """Return a name that is another once all was deleted and worked out anew: for the server, and no reader."""
        with self.projections.reading() as connection:
            return str((connection.execute("SELECT max(begun) FROM laying").fetchone() or ("",))[0])

    # ---- incidents ------------------------------------------------------------------------------------------------

    def incidents(self, sight: Sight, wanted: Filter, *, most: int | None = None) -> list[Row]:
        """Return the incidents that are wanted, the latest first."""
        return list(self._incidents(sight, wanted, most))

    def _incidents(self, sight: Sight, wanted: Filter, most: int | None) -> Iterator[Row]:
        columns = sight.columns()
        asked, values = _asked(sight, wanted, columns)
        with self.projections.reading() as connection:
            for found in connection.execute(f"{asked} LIMIT ?", [*values, -1 if most is None else most]):
                yield _shown(dict(zip(columns, found, strict=True)), sight)

    def drawn(self, sight: Sight, wanted: Filter) -> list[tuple[Any, ...]]:
        """Return the columns `DRAWN` of the incidents that are wanted, the latest first: fit for very many."""
        columns = sight.columns()
        asked, values = _asked(sight, wanted, columns, only=DRAWN)
        with self.projections.reading() as connection:
            return connection.execute(asked, values).fetchall()

    def incident(self, sight: Sight, name: str) -> Row | None:
        """Return one incident, None if there is none of that name for this sight."""
        return next(self._incidents(sight, Filter(ids=(name,)), 1), None)

    def history(self, sight: Sight, name: str) -> list[Row]:
        """Return what an incident was known to be, the first first, up to what this sight looks at.

        Where it was last known to be just now, no earlier word says to those who see coarsely where that was.
        """
        columns = sight.columns() | {"until": "until"}
        asked = f"SELECT {', '.join(columns.values())} FROM incident WHERE audience = ? AND id = ? AND since <= ? ORDER BY since, from_size"  # noqa: S608, E501  our own
        until = sight.now if sight.at is None else sight.at
        with self.projections.reading() as connection:
            rows = connection.execute(asked, [sight.audience, name, until]).fetchall()
        several = [_shown(dict(zip(columns, one, strict=True)), sight) for one in rows]
        return [{**one, **_NOWHERE} for one in several] if several and several[-1]["withheld"] else several

    def reports(self, sight: Sight, incident: str) -> list[Row]:
        """Return the reports of an incident, with what they say, the first on record first."""
        mine, whose = sight.among()
        asked = f"SELECT id, entry, state, row FROM report WHERE {mine} AND incident = ? ORDER BY entry"  # noqa: S608  our own
        with self.projections.reading() as connection:
            found = connection.execute(asked, [*whose, incident]).fetchall()
            return [
                {"id": name, "state": state, "decided": _decided(row, sight), **_said(connection, entry, sight)}
                for name, entry, state, row in found
            ]

    def said(self, sight: Sight, entries: Sequence[int]) -> list[Row]:
        """Return what some entries say, as far as a sight has it: entries of reports that it was shown."""
        with self.projections.reading() as connection:
            return [_said(connection, one, sight) for one in entries]

    def holding(self, sight: Sight, report: str) -> str:
        """Return the incident that a report is in, "" for none."""
        mine, whose = sight.among()
        asked = f"SELECT incident FROM report WHERE {mine} AND id = ?"  # noqa: S608  our own
        with self.projections.reading() as connection:
            found = connection.execute(asked, [*whose, report]).fetchone()
        return "" if found is None else str(found[0])

    def is_said(self, kind: str, column: str, value: str) -> bool:
        """Return whether something of a kind is on record that says a value: a source of a name, for example."""
        asked = f"SELECT 1 FROM told WHERE kind = ? AND json_extract(row, '$.{column}') = ? LIMIT 1"  # noqa: S608  our own
        with self.projections.reading() as connection:
            return connection.execute(asked, [kind, value]).fetchone() is not None

    def sources(self, sight: Sight) -> list[Row]:
        """Return the sources that a sight may see, by name, with how many of its reports are in which state.

        Of what was said of a source by then, the last counts.
        """
        mine, whose = sight.among()
        at = sight.now if sight.at is None else sight.at
        counted = f"SELECT substr(id, 1, instr(id, '/') - 1), state, count(*) FROM report WHERE {mine} GROUP BY 1, 2"  # noqa: S608  our own
        said = "SELECT row FROM told WHERE kind = ? AND at <= ? ORDER BY from_seq"
        audience = Audience(sight.audience, sight.now)
        with self.projections.reading() as connection:
            numbers = {(name, state): count for name, state, count in connection.execute(counted, whose)}
            rows = [json.loads(row) for (row,) in connection.execute(said, [kinds.SOURCE, at])]
        found = {str(one["name"]): one for one in rows if audience.may_see(label_of(one))}
        states = (COUNTS, WAITS, FAULTY, RULED_OUT, SET_ASIDE)
        return [
            {**one, **{state.replace(" ", "_"): numbers.get((name, state), 0) for state in states}}
            for name, one in sorted(found.items())
        ]

    # ---- who was watching -----------------------------------------------------------------------------------------

    def watched(self, sight: Sight, start: Moment, end: Moment) -> list[Row]:
        """Return who was watching, or was refused, at some time from one moment to another, the first first.

        To those who see coarsely nobody's whereabouts of the last hours are told, and no reason, which may name a
        place.
        """
        mine, whose = sight.among()
        late = min(end, sight.now - LATE) if sight.coarse else end
        asked = f"SELECT sort, by, zone, begins, ends, row FROM watched WHERE {mine} AND ends >= ? AND begins <= ? ORDER BY begins, id"  # noqa: S608, E501  our own
        with self.projections.reading() as connection:
            rows = connection.execute(asked, [*whose, start, late]).fetchall()
        names = ("sort", "by", "zone", "begins", "ends")
        found = [{**dict(zip(names, one[:-1], strict=True)), **json.loads(one[-1])} for one in rows]
        unsaid = {"reason": ""} if sight.coarse else {}
        return [{**one, **unsaid, "ends": min(one["ends"], late)} for one in found]

    # ---- standing -------------------------------------------------------------------------------------------------

    def standing(self, sight: Sight, *, clause: str | None = None, proof: Proof = Proof.CORROBORATED) -> list[Row]:
        """Return where every commitment stands, or those of one clause, in the order of the text."""
        mine, whose = sight.among()
        only, values = ("", []) if clause is None else (" AND clause = ?", [clause])
        among = f"{mine} AND asked = ?{only}"
        asked = f"SELECT clause, kind, name, place, since, row FROM standing WHERE {among} ORDER BY place, name"  # noqa: S608  our own
        with self.projections.reading() as connection:
            rows = connection.execute(asked, [*whose, proof.word, *values]).fetchall()
        keys, said = (_read([row[column] for row in rows]) for column in (2, -1))
        return [
            {"clause": clause_, "kind": kind, "key": key, "since": since, **row}
            for (clause_, kind, _, _, since, _), key, row in zip(rows, keys, said, strict=True)
        ]

    def courses(
        self, sight: Sight, *, only: Sequence[str], proof: Proof = Proof.CORROBORATED
    ) -> dict[str, list[Row]]:
        """Return how the commitments of some kinds of clause came to stand where they do, by their names.

        Each is the rows that it had up to what this sight looks at, the first first.
        """
        until = sight.now if sight.at is None else sight.at
        among = f"audience = ? AND asked = ? AND since <= ? AND kind IN ({', '.join('?' * len(only))})"
        asked = f"SELECT clause, kind, name, since, until, row FROM standing WHERE {among} ORDER BY place, name, since, from_size"  # noqa: S608, E501  our own
        found: dict[str, list[Row]] = {}
        with self.projections.reading() as connection:
            rows = connection.execute(asked, [sight.audience, proof.word, until, *only]).fetchall()
        keys, said = (_read([row[column] for row in rows]) for column in (2, -1))
        for (clause, kind, name, since, ended, _), key, row in zip(rows, keys, said, strict=True):
            step = {"clause": clause, "kind": kind, "key": key, "since": since, "until": ended}
            found.setdefault(name, []).append({**step, **row})
        return found

    def facts(self, sight: Sight, names: Iterable[str]) -> list[Row]:
        """Return facts by the names under which a sight is shown them, as they are said by then: a tally's claims."""
        with self.projections.reading() as connection:
            found = [_fact(connection, sight, name) for name in names]
        return [one for one in found if one is not None]

    def commitment(self, sight: Sight, key: str, *, proof: Proof) -> list[Row]:
        """Return where one commitment stands, under each reading and version; nothing if this sight has none."""
        return [one for one in self.standing(sight, proof=proof) if one["key"][0] == key]

    # ---- what changes ---------------------------------------------------------------------------------------------

    def newest(self) -> int:
        """Return a number that is another once anything changed for anybody: for the server, and no reader."""
        with self.projections.reading() as connection:
            return int(connection.execute("SELECT coalesce(max(id), 0) FROM changes").fetchone()[0])

    def last_change(self, sight: Sight) -> int:
        """Return the number of the newest change that an audience was told of."""
        asked = "SELECT coalesce(max(number), 0) FROM changes WHERE audience = ?"
        with self.projections.reading() as connection:
            return int(connection.execute(asked, [sight.audience]).fetchone()[0])

    def changes(self, sight: Sight, after: int, *, most: int = 200) -> list[Row]:
        """Return what changed for an audience after a change, in order."""
        names = ("number", "sort", "at", "asked", "clause", "name", "before", "after")
        asked = f"SELECT {', '.join(names)} FROM changes WHERE audience = ? AND number > ? ORDER BY number LIMIT ?"  # noqa: S608  our own
        with self.projections.reading() as connection:
            rows = connection.execute(asked, [sight.audience, after, most]).fetchall()
        return [dict(zip(names, one, strict=True)) for one in rows]


def _asked(
    sight: Sight, wanted: Filter, columns: Mapping[str, str], *, only: Sequence[str] = ()
) -> tuple[str, list[object]]:
    """Return the question for incidents, the latest first, and its values."""
    (mine, whose), (among, values) = sight.among(), wanted.among(columns)
    said = ", ".join(columns[one] for one in only or columns)
    latest = "+latest" if wanted.ids else "latest"  # a few are found by name, not by going through all in their order
    asked = f"SELECT {said} FROM incident WHERE {mine} AND {among} ORDER BY {latest} DESC, id"  # noqa: S608  our own
    return asked, [*whose, *values]


def _shown(row: Row, sight: Sight) -> Row:
    """Return a row with what it holds besides its columns unpacked, as far as a sight has it."""
    more = json.loads(row.pop("row"))
    if sight.coarse:
        more.pop("inside", None)  # a zone may be finer than the grid
        more["begun"] = []  # where chains of citation began is said in words, which may name a place
    return {**row, **more, "withheld": bool(row["withheld"])}


def _said(connection: sqlite3.Connection, entry: int, sight: Sight) -> Row:
    """Return what an entry says, as far as a sight has it."""
    found = connection.execute("SELECT at, delegation, row FROM told WHERE from_seq = ?", [entry]).fetchone()
    if found is None:
        return {"entry": entry, "gone": True}
    at, delegation, row = found
    said = json.loads(row)
    if sight.coarse:
        said = {one: value for one, value in said.items() if one in _UNPLACED}
    return {**said, "said_at": said.get("at"), "entry": entry, "at": at, "delegation": delegation}


def _fact(connection: sqlite3.Connection, sight: Sight, name: str) -> Row | None:
    """Return what the delegation that entered a fact said of it last; a name is of who used it first (`telling`)."""
    plain = _facts(connection, sight, name)
    delegation, _, rest = name.partition(":")
    several = plain or [one for one in _facts(connection, sight, rest) if one[0] == delegation]
    mine = [row for by, row in several if by == several[0][0]]
    return max(mine, key=lambda row: int(row.get("rev", 1)), default=None)


def _facts(connection: sqlite3.Connection, sight: Sight, name: str) -> list[tuple[str, Row]]:
    """Return what was said under a name that a sight may see, with whose it is, the first on record first."""
    audience, at = Audience(sight.audience, sight.now), sight.now if sight.at is None else sight.at
    asked = "SELECT delegation, row FROM told WHERE kind = ? AND id = ? AND at <= ? ORDER BY from_seq"
    rows = [(by, json.loads(row)) for by, row in connection.execute(asked, [kinds.FACT, name, at])]
    return [one for one in rows if audience.may_see(label_of(one[1]))]


def _decided(row: str, sight: Sight) -> list[Row]:
    """Return what people decided about a report; to those who see coarsely not, for a reason may name a place."""
    return [] if sight.coarse else list(json.loads(row)["decided"])


_NOWHERE = {"lat_e7": None, "lon_e7": None, "within_m": None, "zone": "", "withheld": True}
_UNPLACED = frozenset(
    {"source", "rev", "learned_at", "first_hand", "language", "owner", "releasable_to", "not_before"}
)
"""What of a report cannot say where it was: where, its incident says to those who see coarsely."""


def _read(several: Sequence[str]) -> list[Any]:
    """Return what several columns say as JSON: of thousands at once in half the time, since their keys are shared."""
    return list(json.loads(f"[{','.join(several)}]"))
