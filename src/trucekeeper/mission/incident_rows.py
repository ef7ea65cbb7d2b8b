"""Incidents and reports as rows of the projections: what each audience may know of them, from one entry to another.

    incident    what one audience knows of an incident, while the record has `from_size` entries or more, since a
                moment, and fewer than `to_size`, or until one; `row` holds the rest as JSON
    report      what became of a report that an audience may see: it `counts` in an incident, `waits` for a ruling or
                for another report, is `faulty`, was `ruled out`, or `set aside` by a person; `touched` is the entry
                of what people decided last, 0 for nothing, and `open` whether somebody still has to look at it; its
                words stand in `told`, by its entry
    doubt       two reports of which it is least clear whether they are of one event, now alone

    {"amounts":{"killed":[2,3]},"begun":[["patrols",["patrols/1","patrols/2"]]],"first_hand":true,"inside":["basin"],
     "note":"2 reports, 1 origin","sources":["patrols"]}
    {"key":413,"claim":412,"kind":"shelling","when":[1930000000000000,1930000000000000],"place":[315000000,345100000,300],
      "needs":[["radio","kind","tiro"]],"decided":[{"entry":440,"does":"accept","of":"","why":"","by":"north",
      "at":1930000060000000,"late":false}]}

`begun` are its origins, each with the reports that rest on it; [] where there are too many reports to list. `inside`
names the zones that it certainly happened in, and the column `borders` those of which nobody can tell: its circle
reaches over their border.

A row is written only where something is different, so that the rows tell when somebody came to know what.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trucekeeper.fusion.incidents import key_of, named
from trucekeeper.mission.projections import as_json, tell
from trucekeeper.terms import Amount, Op, Tri

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from trucekeeper.fusion.clusters import Doubtful
    from trucekeeper.fusion.incidents import Incident
    from trucekeeper.mission.reported import Reported, SetAside
    from trucekeeper.mission.triaging import Decision
    from trucekeeper.terms import Fact, Moment, Report

INCIDENT = (
    "kind", "by", "occurred", "who", "earliest", "latest", "lat_e7", "lon_e7", "within_m", "zone", "borders",
    "reports", "origins", "row",
)  # fmt: skip
REPORT = ("entry", "state", "incident", "why", "touched", "open", "row")
LISTED = 40
"""Of so many reports at most it is written which rest on which origin: a row is written anew with each of them."""
COUNTS, WAITS, FAULTY, RULED_OUT, SET_ASIDE = "counts", "waits", "faulty", "ruled out", "set aside"
DOUBTS = 100
"""So many pairs in doubt are laid out at most: more than anybody decides in a shift."""
DOUBTED = 1000
"""Of so many reports, the last on record: they take some hundredths of a second, and older ones were asked about."""


class IncidentRows:
    """The rows of one audience, as they are written at one size of the record and at one moment."""

    def __init__(self, connection: sqlite3.Connection, audience: str, *, size: int, at: Moment) -> None:
        """Write to a database that is open for a change."""
        self._connection, self._audience, self._size, self._at = connection, audience, size, at

    def follow(self, reported: Reported) -> bool:
        """Write what is different since it was last asked of the reports; return whether anything may be."""
        keys, names = reported.news()
        self._incidents(reported, keys)
        self._reports(reported, names | _inside(reported, keys))
        return bool(keys or names)

    def anew(self, reported: Reported) -> None:
        """Write what is different, whatever it was that the rows followed before."""
        reported.news()
        there = self.there("incident")
        keys = {key for name in there if (key := key_of(name)) is not None}
        self._incidents(reported, keys | {one.key for one in reported.incidents()})
        self._reports(reported, self.there("report") | reported.names())

    def _incidents(self, reported: Reported, keys: Iterable[int]) -> None:
        for key in sorted(keys):
            incident = reported.incident_named(key)
            fact = reported.facts.get(named(key))
            row = (
                None
                if incident is None or fact is None or fact.op is not Op.ASSERT
                else _row(reported, incident, fact)
            )
            before = self.replace("incident", INCIDENT, named(key), row)
            if before != row:
                self.tell("incident", named(key), before, row)

    def _reports(self, reported: Reported, names: Iterable[str]) -> None:
        for name in sorted(names):
            row = _state(reported, name)
            before = self.replace("report", REPORT, name, row)
            if before != row:
                self.tell("report", name, before, row)

    def doubts(self, several: Iterable[Doubtful]) -> None:
        """Write which pairs are in doubt by now, in the place of those that were."""
        self._connection.execute("DELETE FROM doubt WHERE audience = ?", [self._audience])
        for place, one in enumerate(several):
            row = [self._audience, place, one.one, one.other, one.why, one.margin, as_json(dict(one.terms))]
            self._connection.execute("INSERT INTO doubt VALUES (?, ?, ?, ?, ?, ?, ?)", row)

    def there(self, table: str) -> set[str]:
        """Return the names that a table holds now."""
        wanted = f"SELECT id FROM {table} WHERE audience = ? AND to_size IS NULL"  # noqa: S608  our own
        return {name for (name,) in self._connection.execute(wanted, [self._audience])}

    def replace(
        self, table: str, columns: tuple[str, ...], name: str, row: dict[str, Any] | None
    ) -> dict[str, Any] | None:
        """Have another row stand for a name, if it is another, and return the one before."""
        where = "audience = ? AND id = ? AND to_size IS NULL"
        wanted = f"SELECT {', '.join(columns)} FROM {table} WHERE {where}"  # noqa: S608  our own
        found = self._connection.execute(wanted, [self._audience, name]).fetchone()
        before = None if found is None else dict(zip(columns, found, strict=True))
        if before == row:
            return before
        if before is not None:  # by its name, or a database without statistics may go through all that are open
            ended = f"UPDATE {table} INDEXED BY {table}_named SET to_size = ?, until = ? WHERE {where}"  # noqa: S608  our own
            self._connection.execute(ended, [self._size, self._at, self._audience, name])
        if row is not None:
            said = [self._audience, name, self._size, self._at, None, None, *(row[one] for one in columns)]
            places = ", ".join("?" * len(said))
            self._connection.execute(f"INSERT INTO {table} VALUES ({places})", said)  # noqa: S608  our own
        return before

    def tell(self, sort: str, name: str, before: dict[str, Any] | None, after: dict[str, Any] | None) -> None:
        """Add to what is told to whoever looks on."""
        said = {
            "sort": sort,
            "audience": self._audience,
            "size": self._size,
            "at": self._at,
            "asked": "",
            "clause": "",
        }
        rows = {"before": None if before is None else "", "after": None if after is None else ""}
        tell(self._connection, {**said, "name": name, **rows, "facts": "[]"})


def doubts(reported: Reported) -> list[Doubtful]:
    """Return the pairs in doubt that nobody has decided yet, each once, the least clear first."""
    found: dict[frozenset[str], Doubtful] = {}
    for one in reported.doubtful(DOUBTS, among=DOUBTED):
        if not reported.is_linked(one.one, one.other):
            found.setdefault(frozenset((one.one, one.other)), one)
    return list(found.values())


def _inside(reported: Reported, keys: Iterable[int]) -> set[str]:
    """Return the names of the reports of incidents: they may be in another one than before."""
    several = (reported.incident_named(key) for key in keys)
    return {report.fact.id for one in several if one is not None for report in one.reports}


def _row(reported: Reported, incident: Incident, fact: Fact) -> dict[str, Any]:
    """Return what stands in the columns of an incident."""
    place, origins = fact.place, incident.origins(reported.rules)
    listed = origins if len(incident.reports) <= LISTED else ()
    inside, borders = _zones(reported, fact)
    more = {
        "amounts": {name: [one.least, one.most] for name, one in fact.fields if isinstance(one, Amount)},
        "begun": [[one.name, [report.fact.id for report in one.reports]] for one in listed],
        "inside": inside,
        "first_hand": any(one.first_hand for one in incident.reports),
        "note": fact.note,
        "sources": sorted({one.fact.source for one in incident.reports}),
    }
    return {
        "kind": fact.kind,
        "by": fact.by or "",
        "occurred": fact.occurred.word,
        "who": fact.who.word if fact.by else "",
        "earliest": fact.when.earliest,
        "latest": fact.when.latest,
        "lat_e7": None if place is None else place.lat_e7,
        "lon_e7": None if place is None else place.lon_e7,
        "within_m": None if place is None else place.within_m,
        "zone": fact.zone or "",
        "borders": " ".join(borders),
        "reports": len(incident.reports),
        "origins": len(origins),
        "row": as_json(more),
    }


def _zones(reported: Reported, fact: Fact) -> tuple[list[str], list[str]]:
    """Return the drawn zones in which something certainly happened, and those of which nobody can tell."""
    atlas = reported.agreement.atlas
    if fact.place is None:
        return ([] if fact.zone is None else [fact.zone]), []
    drawn = {one.id for one in atlas.zones() if one.geometry is not None}
    answers = {one: atlas.inside(one, fact.place, fact.when) for one in sorted(drawn)}
    return (
        [one for one, tri in answers.items() if tri is Tri.YES],
        [one for one, tri in answers.items() if tri is Tri.MAYBE],
    )


def _state(reported: Reported, name: str) -> dict[str, Any] | None:
    """Return what became of a report, None if it is there no more."""
    report, aside = reported.report(name), reported.set_aside.get(name)
    if report is not None:
        holding = reported.holding(report)
        found = _counting(report, "" if holding is None else named(holding))
    elif aside is not None:
        report, found = aside.report, _set_aside(aside)
    else:
        return None
    triage = reported.triaged(name)
    waits = triage.waits(found["entry"]) and found["state"] != RULED_OUT
    more = {
        "needs": [] if aside is None else [list(word) for word in aside.needs],
        "decided": [_decided(one, counts=counts) for one, counts in triage.told],
        **({} if report is None else {"key": report.key, "claim": reported.claim(report), **_seen(report.fact)}),
    }
    return {**found, "touched": triage.entry, "open": int(waits), "row": as_json(more)}


def _counting(report: Report, incident: str) -> dict[str, Any]:
    state, why = (COUNTS, "") if incident else (WAITS, report.about)
    return {"entry": report.entry, "state": state, "incident": incident, "why": why}


def _set_aside(aside: SetAside) -> dict[str, Any]:
    found = {"entry": aside.entry, "incident": ""}
    if aside.decided is not None:
        return {**found, "state": SET_ASIDE, "why": aside.decided.why}
    if aside.fault is not None:
        return {**found, "state": FAULTY, "why": aside.fault.what}
    needs = "; ".join(" ".join(word) for word in aside.needs)
    return {**found, "state": RULED_OUT if aside.ruled_out else WAITS, "why": needs}


def _decided(one: Decision, *, counts: bool) -> dict[str, Any]:
    """Return what a person decided about a report, and whether it came too late."""
    said = {"entry": one.entry, "does": one.does, "of": one.of, "why": one.why, "by": one.by, "at": one.at}
    return {**said, "late": not counts}


def _seen(fact: Fact) -> dict[str, Any]:
    """Return what a report says happened, when, and where."""
    place = fact.place
    where = None if place is None else [place.lat_e7, place.lon_e7, place.within_m]
    return {"kind": fact.kind, "when": [fact.when.earliest, fact.when.latest], "place": where}
