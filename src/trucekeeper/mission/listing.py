"""What is asked of reports and incidents, as rows: one for a source, a word to rule on, an incident, a pair in doubt.

A row holds texts and whole numbers, so that it is the same as a table, as CSV and as JSON. Who asks sees what follows
from the reports that may be released to him, and nothing else.
"""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from trucekeeper.agreement.phrases import PhraseError, moment_in
from trucekeeper.agreement.rows import shown
from trucekeeper.compliance.standing import Question
from trucekeeper.fusion.incidents import key_of, named
from trucekeeper.geo.apart import points_apart_m
from trucekeeper.intake.registered import SORTS
from trucekeeper.mission.cells import typed
from trucekeeper.mission.changes import changes
from trucekeeper.mission.reported import PROOFS, term_words
from trucekeeper.mission.taking import registry
from trucekeeper.terms import Fault, Place, Proof, Refused, Tri
from trucekeeper.terms.faults import suggestion
from trucekeeper.terms.moments import write_moment
from trucekeeper.terms.places import E7

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from trucekeeper.agreement.agreement import Agreement
    from trucekeeper.compliance.knowledge import Audience
    from trucekeeper.fusion.incidents import Incident
    from trucekeeper.journal.statements import Body
    from trucekeeper.mission.changes import Change
    from trucekeeper.mission.mission import Mission
    from trucekeeper.mission.reported import Reported
    from trucekeeper.terms import Fact, Interval, Moment, Report

ABOUT = "about"
"""Beside the sorts of words: what is waited for is a report, to which others add."""
NOTHING = "-"
"""What a word means that means nothing to the agreement."""


# ---- sources and their words ---------------------------------------------------------------------------------------


def sources_of(reported: Reported) -> list[dict[str, Any]]:
    """Return the sources of a mission, with how many of their reports count and how many wait."""
    waiting = Counter(one.fact.source for one in reported.waiting)
    count = Counter(one.fact.source for one in reported.reports) - waiting
    waiting.update(one.name.partition("/")[0] for one in reported.set_aside.values() if not one.ruled_out)
    ruled_out = Counter(one.name.partition("/")[0] for one in reported.set_aside.values() if one.ruled_out)
    return [
        {
            "source": name,
            "says": one.says,
            "reader": one.reader,
            "grade": one.grade,
            "bloc": one.bloc or name,
            "first_hand": one.first_hand,
            "reports": count[name],
            "set_aside": waiting[name],
            "ruled_out": ruled_out[name],
            "bias": one.bias,
        }
        for name, one in sorted(reported.sources.items())
    ]


def rulings_needed(reported: Reported) -> list[dict[str, Any]]:
    """Return the words without a meaning, and the reports that others add to and that do not count (yet).

    Those come first for which most reports wait.
    """
    needs = [(one.name, word) for one in reported.set_aside.values() for word in one.needs]
    needs += [(one.fact.id, (one.fact.source, ABOUT, one.about)) for one in reported.waiting]
    needed, first = Counter(word for _, word in needs), {word: name for name, word in reversed(needs)}
    return [
        {"source": word[0], "sort": word[1], "word": word[2], "reports": number, "first": first[word], "means": ""}
        for word, number in sorted(needed.items(), key=lambda one: (-one[1], one[0]))
    ]


def rulings_in(file: Path, mission: Mission, by: str) -> list[Body]:
    """Return what a delegation rules by a file; rows without a meaning say nothing. Raises Refused."""
    rows = [(where, row) for where, row in _rulings_said(file) if row.get("means")]
    if not rows:
        what = "no row says what its word means"
        raise Refused([Fault(str(file), 0, 0, what, f"fill in the column 'means'; '{NOTHING}' for nothing")])
    return _rulings(rows, mission, by)


def ruling(words: Mapping[str, str], mission: Mission, by: str) -> Body:
    """Return the ruling that a person of a delegation typed. Raises Refused."""
    (body,) = _rulings([(("the ruling", 0), words)], mission, by)
    return body


def _rulings(rows: Sequence[tuple[tuple[str, int], Mapping[str, str]]], mission: Mission, by: str) -> list[Body]:
    agreement, sources = mission.agreement(mission.adopted()), registry(mission, by)
    faults = [fault for where, row in rows if (fault := _faulty(row, agreement, sources, where)) is not None]
    if faults:
        raise Refused(faults)
    said = ("source", "sort", "word")
    return [
        {**{name: row[name] for name in said}, "means": None if row["means"] == NOTHING else row["means"]}
        for _, row in rows
    ]


def _rulings_said(file: Path) -> list[tuple[tuple[str, int], Mapping[str, str]]]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            rows = csv.DictReader(opened)
            return [
                ((str(file), rows.line_num), {str(k): typed(str(v or "")) for k, v in row.items()}) for row in rows
            ]
    except OSError as error:
        raise Refused([Fault(str(file), 0, 0, f"cannot be read: {error.strerror}", "is it there?")]) from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise Refused(
            [Fault(str(file), 0, 0, f"it is no CSV: {error}", "truce rulings MISSION --csv > FILE")]
        ) from None


def _faulty(
    row: Mapping[str, str], agreement: Agreement, sources: Collection[str], where: tuple[str, int]
) -> Fault | None:
    """Return why a row rules on nothing; None if it does."""
    file, line = where
    words = {"source": "source", "sort": "sort", "word": "word", "means": "meaning"}
    missing = [said for name, said in words.items() if not row.get(name, "").strip()]
    if missing:
        remedy = f"give source, sort, word and what it means; '{NOTHING}' if it means nothing to the agreement"
        return Fault(file, line, 0, f"it has no {' and no '.join(missing)}", remedy)
    if row["source"] not in sources:
        what = f"{shown(row['source'])} is no source of this mission, so no report would wait for it"
        return Fault(file, line, 0, what, suggestion(row["source"], sources))
    if row["sort"] not in SORTS:
        return Fault(file, line, 0, f"{shown(row['sort'])} is no sort of word", f"it is {' or '.join(SORTS)}")
    known = agreement.vocabulary.kinds if row["sort"] == "kind" else agreement.actors()
    if row["means"] != NOTHING and row["means"] not in known:
        what = f"{shown(row['means'])} is no {row['sort']} of the agreement"
        return Fault(file, line, 0, what, f"{suggestion(row['means'], known)}; '{NOTHING}' if it means nothing to it")
    return None


# ---- incidents -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which incidents are wanted. What may be so is wanted also: its time and place have doubt."""

    near: Place | None = None
    since: Moment | None = None
    zone: str | None = None
    kind: str | None = None

    @staticmethod
    def of(
        agreement: Agreement, *, near: str | None, since: str | None, zone: str | None, kind: str | None
    ) -> Wanted:
        """Return what a person typed. Raises Refused with every option that is wrong."""
        faults: list[Fault] = []
        if zone is not None and zone not in agreement.atlas.ids():
            faults.append(
                Fault("--zone", 0, 0, f"there is no zone {shown(zone)}", suggestion(zone, agreement.atlas.ids()))
            )
        if kind is not None and kind not in agreement.vocabulary:
            known = agreement.vocabulary.kinds
            faults.append(Fault("--kind", 0, 0, f"there is no kind {shown(kind)}", suggestion(kind, known)))
        place, moment = _place(near, faults), _moment(since, faults)
        if faults:
            raise Refused(faults)
        return Wanted(place, moment, zone, kind)

    def meets(self, fact: Fact, agreement: Agreement) -> bool:
        """Return whether an incident may be one of those wanted."""
        if self.kind is not None and not agreement.vocabulary.is_a(fact.kind, self.kind):
            return False
        if self.since is not None and fact.when.latest < self.since:
            return False
        if self.near is not None and (
            fact.place is None or points_apart_m(self.near, fact.place) > self.near.within_m + fact.place.within_m
        ):
            return False
        return self.zone is None or _in_zone(fact, self.zone, agreement)


def _in_zone(fact: Fact, zone: str, agreement: Agreement) -> bool:
    if fact.zone == zone:
        return True
    return fact.place is not None and agreement.atlas.inside(zone, fact.place, fact.when) is not Tri.NO


def _place(text: str | None, faults: list[Fault]) -> Place | None:
    if text is None:
        return None
    try:
        lat, lon, metres = text.split(",")
        return Place.of(lat=lat.strip(), lon=lon.strip(), within_m=int(metres))
    except ValueError:
        faults.append(Fault("--near", 0, 0, f"{shown(text)} is no place", "write LAT,LON,METRES, as 31.5,34.46,2000"))
        return None


def _moment(text: str | None, faults: list[Fault]) -> Moment | None:
    try:
        return None if text is None else moment_in(text)
    except PhraseError as error:
        faults.append(Fault("--since", 0, 0, error.what, error.remedy))
    return None


def incidents_of(reported: Reported, wanted: Wanted) -> list[dict[str, Any]]:
    """Return the incidents that are wanted, in order of time."""
    found = [(one, reported.facts[one.id]) for one in reported.incidents()]
    wanted_ = [(one, fact) for one, fact in found if wanted.meets(fact, reported.agreement)]
    ordered = sorted(wanted_, key=lambda pair: (pair[1].when, pair[0].key))
    return [_row(reported, one, fact) for one, fact in ordered]


def _row(reported: Reported, incident: Incident, fact: Fact) -> dict[str, Any]:
    zone = reported.agreement.time_zone
    killed = fact.amount("killed")
    return {
        "id": incident.id,
        "kind": fact.kind,
        "earliest": write_moment(fact.when.earliest, zone),
        "latest": write_moment(fact.when.latest, zone),
        "lat": "" if fact.place is None else _degrees(fact.place.lat_e7),
        "lon": "" if fact.place is None else _degrees(fact.place.lon_e7),
        "within_m": "" if fact.place is None else fact.place.within_m,
        "by": fact.by or "",
        "occurred": fact.occurred.word,
        "who": fact.who.word if fact.by else "",
        "killed": "" if killed is None else _amount(killed.least, killed.most),
        "reports": len(incident.reports),
        "origins": len(incident.origins(reported.rules)),
        "sources": " ".join(sorted({one.fact.source for one in incident.reports})),
    }


def _degrees(e7: int) -> str:
    return f"{e7 / E7:.7f}".rstrip("0").rstrip(".")


def _amount(least: int, most: int) -> str:
    return str(least) if least == most else f"{least} to {most}"


def as_features(reported: Reported, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return rows of incidents as GeoJSON; those without a place have none there."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": row["id"],
                "properties": {name: value for name, value in row.items() if name not in {"lat", "lon"}},
                "geometry": _geometry(reported.facts[str(row["id"])].place),
            }
            for row in rows
        ],
    }


def _geometry(place: Place | None) -> dict[str, Any] | None:
    return None if place is None else {"type": "Point", "coordinates": [place.lon_e7 / E7, place.lat_e7 / E7]}


# ---- one incident --------------------------------------------------------------------------------------------------


def incident_of(mission: Mission, audience: Audience, name: str) -> dict[str, Any]:
    """Return all that there is to say of one incident. Raises Refused if there is none of that name."""
    reported = mission.reported(audience)
    incident = known_incident(reported, name)
    fact = reported.facts[incident.id]
    rules = reported.rules
    moved = "" if incident.id == name else f", which {name} is part of"
    return {
        "id": incident.id,
        "says": f"{_said(fact, reported.agreement)}{moved}",
        "fact": _fact_lines(fact),
        "reports": [_report_line(one, reported.agreement.time_zone) for one in incident.reports],
        "origins": [
            f"{one.name}: {len(one.reports)} report(s), told by {', '.join(sorted(one.blocs))}"
            for one in incident.origins(rules)
        ],
        "joined": reported.joined(incident),
        "standing": _effect(mission, audience, incident.id),
    }


def known_incident(reported: Reported, name: str) -> Incident:
    """Return the incident to which a name leads. Raises Refused."""
    found = reported.incident(name)
    if found is None:
        names = [one.id for one in reported.incidents()]
        remedy = suggestion(name, names) if key_of(name) is not None else "incidents are named as i-412"
        raise Refused([Fault("ID", 0, 0, f"there is no incident {shown(name)}", remedy)])
    return found


def _said(fact: Fact, agreement: Agreement) -> str:
    says = agreement.vocabulary.kinds[fact.kind].says
    return f"{says}, {_when(fact.when, agreement.time_zone)}, {fact.occurred.word}"


def _when(when: Interval, zone: str) -> str:
    first, last = (write_moment(one, zone) for one in (when.earliest, when.latest))
    return first if first == last else f"{first} to {last}"


def _fact_lines(fact: Fact) -> list[str]:
    who = f"by {fact.by} ({fact.who.word})" if fact.by else "by nobody who is known"
    place = "nowhere that is known"
    if fact.place is not None:
        place = f"at {_degrees(fact.place.lat_e7)}, {_degrees(fact.place.lon_e7)}, within {fact.place.within_m:,} m"
    return [
        f"occurred: {fact.occurred.word}",
        who,
        place,
        *(f"{name}: {_value(value)}" for name, value in fact.fields),
    ]


def _value(value: object) -> str:
    least, most = getattr(value, "least", None), getattr(value, "most", None)
    return str(value) if least is None or most is None else _amount(least, most)


def _report_line(report: Report, zone: str) -> str:
    fact = report.fact
    chains = "; ".join(" citing ".join(one) for one in report.chains)
    cited = f", citing {chains}" if chains else ""
    hand = "first-hand " if report.first_hand else ""
    grade = f" {fact.grade}" if fact.grade else ""
    return (
        f"{fact.id} ({hand}{fact.source}{grade}, entry {report.entry}): {fact.kind}, {_when(fact.when, zone)}{cited}"
    )


def _effect(mission: Mission, audience: Audience, name: str) -> list[str]:
    """Return which commitments stand elsewhere than they would without this incident."""
    folder = mission.folder(audience)
    now = mission.clock()
    question = Question(as_of=now, known_at=max(now, mission.last_at()), proof=Proof.CORROBORATED, audience=audience)
    without = type(folder)(folder.agreement, tuple(one for one in folder.facts if one.id != name), ())
    found = changes(without.standing(question), folder.standing(question))
    return [str(one) for one in (_change_line(change) for change in found)] or [
        "no commitment stands elsewhere for it"
    ]


def _change_line(change: Change) -> str:
    before = "nothing" if change.before is None else change.before.verdict.value
    after = "nothing" if change.after is None else f"{change.after.verdict.value} ({change.after.proof.word})"
    return f"{change.stand.clause}: {before} without it, {after} with it"


# ---- what people decide --------------------------------------------------------------------------------------------


def pairs_of(reported: Reported, most: int) -> list[dict[str, Any]]:
    """Return the pairs of reports that are most in doubt, those first that the least would decide otherwise."""
    zone = reported.agreement.time_zone
    said = {one.fact.id: _report_line(one, zone) for one in reported.reports}
    return [
        {
            "one": one.one,
            "other": one.other,
            "why": one.why,
            "margin": f"{one.margin / 1000:.2f}",
            "terms": term_words(one.terms),
            "one_says": said[one.one],
            "other_says": said[one.other],
        }
        for one in reported.doubtful(most)
    ]


def first_reports(reported: Reported, names: Iterable[str]) -> list[str]:
    """Return the first report of each of two or more incidents, the oldest first. Raises Refused."""
    several = sorted({one.key: one for one in (known_incident(reported, name) for name in names)}.items())
    if len(several) < 2:  # noqa: PLR2004  one with another
        raise Refused([Fault("ID", 0, 0, "it takes two incidents to merge", "name those that are one")])
    return [one.reports[0].fact.id for _, one in several]


def parted(reported: Reported, name: str, reports: Sequence[str]) -> list[tuple[str, str]]:
    """Return the pairs that have to be held apart for some reports to be another incident. Raises Refused."""
    incident = known_incident(reported, name)
    inside = {one.fact.id for one in incident.reports if not one.about}
    strange = sorted(set(reports) - inside)
    if strange or not inside - set(reports):
        what = f"{shown(strange[0])} is no report of {incident.id}" if strange else "nothing would be left of it"
        raise Refused([Fault("REPORT", 0, 0, what, suggestion(strange[0] if strange else "", inside))])
    pairs = [(one, other) for one in reports for other in sorted(inside - set(reports))]
    _hold_no_copies(incident, pairs)
    return pairs


def _hold_no_copies(incident: Incident, pairs: Iterable[tuple[str, str]]) -> None:
    """Hold that no two to be parted are copies of one claim: these stay together anyhow. Raises Refused."""
    claim = {key: keys for keys in incident.copies for key in keys}
    claims = {one.fact.id: claim.get(one.key, (one.key,)) for one in incident.reports}
    names = {one.key: one.fact.id for one in incident.reports}
    for one, other in pairs:
        if claims[one] == claims[other]:
            together = " ".join(names[key] for key in claims[one])
            what = f"{shown(one)} and {shown(other)} are copies of one claim, which is of one event"
            remedy = f"part all copies of it from the rest: {together}; or have the source correct the one it mistook"
            raise Refused([Fault("REPORT", 0, 0, what, remedy)])


def link(one: str, other: str, *, same: bool, why: str) -> Body:
    """Return what a link says of two reports."""
    first, second = sorted((one, other))
    return {"reports": [first, second], "same": same, "why": why}


def verification(reported: Reported, name: str, *, occurred: str, who: str | None, why: str) -> Body:
    """Return what a verification says. Raises Refused."""
    incident = known_incident(reported, name)
    faults = [
        Fault(f"--{option}", 0, 0, f"{shown(value)} is no level of proof", suggestion(value, PROOFS))
        for option, value in (("occurred", occurred), ("who", who))
        if value is not None and value not in PROOFS
    ]
    if faults:
        raise Refused(faults)
    by = reported.facts[incident.id].by
    if who is not None and by is None:
        raise Refused([Fault("--who", 0, 0, f"nobody is named as the author of {incident.id}", "leave it out")])
    body: Body = {"incident": named(incident.key), "occurred": occurred, "why": why}
    return body if who is None else {**body, "who": who, "by": by}
