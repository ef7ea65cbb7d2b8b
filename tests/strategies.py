"""Generated agreements of all kinds, histories and questions, all set in Valoria."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from io import StringIO
from typing import TYPE_CHECKING, Any

from hypothesis import note
from hypothesis import strategies as st
from ruamel.yaml import YAML

from trucekeeper.agreement.load import load_agreement
from trucekeeper.agreement.roles import Polarity, roles
from trucekeeper.compliance.standing import Question
from trucekeeper.geo import Atlas, read_geojson
from trucekeeper.terms import Amount, Fact, Interval, Place, Proof, Span
from trucekeeper.terms.moments import DAY, HOUR, parse_moment

if TYPE_CHECKING:
    from trucekeeper.agreement.agreement import Agreement

START = parse_moment("2031-03-25T00:00+02:00")  # the last Sunday of March has 23 hours in this zone
PARTIES = ("north", "south")

ZONES = """{"type": "FeatureCollection", "features": [
 {"type": "Feature", "properties": {"id": "valley", "author": "us", "accuracy_m": 50},
  "geometry": {"type": "Polygon", "coordinates": [[[-30, 8], [-29.9, 8], [-29.9, 8.1], [-30, 8.1], [-30, 8]]]}},
 {"type": "Feature", "properties": {"id": "hill", "author": "us", "accuracy_m": 0},
  "geometry": {"type": "Polygon", "coordinates": [[[-30.2, 8], [-30.1, 8], [-30.1, 8.1], [-30.2, 8.1], [-30.2, 8]]]}},
 {"type": "Feature", "properties": {"id": "line", "author": "us", "accuracy_m": 20,
   "sides": {"left": "west", "right": "east"}},
  "geometry": {"type": "LineString", "coordinates": [[-29.95, 7.9], [-29.95, 8.2]]}}]}"""


@cache
def atlas() -> Atlas:
    return read_geojson(ZONES, "zones.geojson")


def at(hours: int) -> Interval:
    return Interval.at(START + hours * HOUR)


# ---- agreements ----------------------------------------------------------------------------------------------------

_PARTY = st.sampled_from([["north"], ["south"], ["north", "south"], ["unstated"], {"anyone_except": ["guarantor"]}])
_AFTER = st.sampled_from(
    [
        "approval",
        "signature",
        "24h after approval",
        {"last_of": ["approval", "signature"]},
        {"reading": "clock", "a": "approval", "b": "signature"},
        "2031-03-26T06:00+02:00",
    ]
)
_WITHIN = st.sampled_from(
    ["24h", "72h", {"days": 2, "first_day": "excluded"}, {"days": 2, "first_day": "unstated"}, "unstated"]
)
_ACT = st.sampled_from(
    [
        {"fact": "attack"},
        {"fact": "shelling", "in": "valley"},
        {"fact": "attack", "against": "south"},
        [{"fact": "movement", "in": "valley"}, {"fact": "overflight", "altitude_ft": {"below": 5000}}],
        {"fact": "military-operation", "judgement": "offensive"},
        {"fact": "attack", "outside": "hill"},
    ]
)
_EXCUSE = st.sampled_from(
    [
        {"plea": "self-defence"},
        {"shown": {"fact": "permit", "same": ["unit"]}, "within": "24h", "burden": "accuser"},
        {"shown": {"fact": "notice"}, "burden": "pleader", "unless": {"fact": "order", "of": "revoked"}},
        [{"plea": "self-defence"}, {"shown": {"fact": "order"}, "burden": "accuser"}],
    ]
)
_WHILE = st.sampled_from(
    [
        {"holds": "other-side-implements"},
        {"happened": {"fact": "access"}, "within": "48h"},
        {"not": {"happened": {"fact": "denial-of-all", "of": "x"}}},
        {"any": [{"open": "phase-two"}, {"holds": "other-side-implements"}]},
    ]
)


def _maybe(draw: st.DrawFn, clause: dict[str, Any], key: str, values: st.SearchStrategy[Any]) -> None:
    if draw(st.booleans()):
        clause[key] = draw(values)


@st.composite
def _clause(draw: st.DrawFn, name: str, kind: str) -> dict[str, Any]:
    clause: dict[str, Any] = {
        "id": name,
        "kind": kind,
        "cite": f"art. {name}",
        "gloss": f"{kind} {name}",
        "by": draw(_PARTY),
    }
    clause["after"] = draw(_AFTER)
    if draw(st.integers(0, 3)) == 0:
        clause["while"] = draw(
            st.sampled_from([{"holds": "other-side-implements"}, {"happened": {"fact": "access"}, "within": "48h"}])
        )
    _maybe(draw, clause, "excuse", _EXCUSE)
    _KINDS[kind](draw, clause)
    return clause


def _prohibit(draw: st.DrawFn, clause: dict[str, Any]) -> None:
    clause["act"] = draw(_ACT)
    _maybe(draw, clause, "for", st.sampled_from(["72h", "24h"]))
    _maybe(
        draw, clause, "watched", st.sampled_from([{"at_least": "50%"}, {"at_least": "unstated"}, {"by": "monitors"}])
    )


def _achieve(draw: st.DrawFn, clause: dict[str, Any]) -> None:
    clause["within"] = draw(_WITHIN)
    clause["state"] = {"fact": "position", "side": "west of line"}
    ways = [{"fact": "position", "stale_after": "12h"}, {"fact": "declaration", "by": "guarantor"}]
    clause["shown_by"] = draw(st.sampled_from([ways, ways[:1], ways[1:], ways[::-1]]))
    _maybe(draw, clause, "each", st.just({"unit": {"of": "north"}}))
    _maybe(draw, clause, "start", st.just({"within": "24h", "shown_by": {"fact": "order"}}))


def _maintain(draw: st.DrawFn, clause: dict[str, Any]) -> None:
    if draw(st.booleans()):
        clause["measure"] = {"fact": "strength"}
        clause[draw(st.sampled_from(["at_least", "at_most"]))] = draw(st.integers(1, 5))
    else:
        clause["state"] = {"fact": "position", "in": "valley"}
    _maybe(draw, clause, "tolerance", st.just("12h"))
    _maybe(draw, clause, "stale_after", st.just("24h"))


def _tally(draw: st.DrawFn, clause: dict[str, Any]) -> None:
    clause["within"] = draw(_WITHIN)
    clause["count"] = draw(st.sampled_from([{"fact": "release"}, {"fact": "release", "category": "living"}]))
    target = draw(
        st.sampled_from(
            [4, {"percent": 30, "of": {"fact": "base"}}, {"ratio": 2, "per": {"fact": "remains-returned"}}]
        )
    )
    clause[draw(st.sampled_from(["at_least", "at_most", "exactly"]))] = target
    clause["claims"] = "released"
    _maybe(draw, clause, "distinct", st.just("code"))


def _quota(draw: st.DrawFn, clause: dict[str, Any]) -> None:
    clause["count"] = {"fact": "delivery"}
    clause[draw(st.sampled_from(["at_least", "at_most"]))] = draw(st.integers(1, 6))
    clause["every"] = draw(st.sampled_from(["day", "36h", "week"]))
    clause["claims"] = "released"


def _respond(draw: st.DrawFn, clause: dict[str, Any]) -> None:
    clause["to"] = {"fact": "attack"}
    clause["with"] = draw(st.sampled_from([{"fact": "inspection"}, {"fact": "measure", "same": ["unit"]}]))
    clause["within"] = draw(_WITHIN)
    _maybe(draw, clause, "result_alone", st.just(True))  # noqa: FBT003  a value of the language


def _phase(draw: st.DrawFn, clause: dict[str, Any]) -> None:
    clause["opens"] = f"phase-{clause['id']}"
    quiet = {"consecutive_days": 2, "without": {"fact": "attack", "in": "valley"}}
    clause["when"] = draw(
        st.sampled_from([quiet, {"happened": {"fact": "access"}}, {"all": [quiet, {"happened": {"fact": "access"}}]}])
    )
    clause["if_undetermined"] = draw(st.sampled_from(["closed", "open", "ask"]))
    clause.pop("excuse", None)
    _maybe(draw, clause, "confirmed_by", st.just({"fact": "determination", "by": "monitors"}))


def _power(draw: st.DrawFn, clause: dict[str, Any]) -> None:
    clause["may"] = draw(st.sampled_from(["suspend", "extend", "waive", "terminate", "excuse"]))
    clause["of"] = "all" if clause["may"] != "excuse" else "c0"
    if clause["may"] == "excuse":
        clause["exercise"] = {"fact": "attack"}
        clause["if"] = {"happened": {"fact": "order"}, "within": "24h"}
    clause["stops_clock"] = draw(st.sampled_from([True, False, "unstated"]))
    for key in ("excuse", "while"):
        clause.pop(key, None)


_KINDS = {
    "prohibit": _prohibit,
    "achieve": _achieve,
    "maintain": _maintain,
    "tally": _tally,
    "quota": _quota,
    "respond": _respond,
    "phase": _phase,
    "power": _power,
}


@st.composite
def agreements(draw: st.DrawFn) -> Agreement:
    """Return agreements with a few clauses of all kinds, readings, and sometimes an amendment."""
    kinds = draw(st.lists(st.sampled_from(sorted(_KINDS)), min_size=1, max_size=3))
    clauses = [draw(_clause(f"c{number}", kind)) for number, kind in enumerate(kinds)]
    met = next((clause for clause in clauses[1:] if clause["kind"] in ("achieve", "tally")), None)
    if met is not None and clauses[0]["kind"] != "power" and draw(st.booleans()):
        clauses[0]["after"] = met["id"]
    text: dict[str, Any] = {
        "agreement": "valoria",
        "title": "Valoria",
        "time_zone": "Asia/Beirut",
        "parties": {"north": {"units": ["n1", "n2"]}, "south": {"units": ["s1"]}},
        "actors": {
            "guarantor": {"role": "guarantor"},
            "monitors": {"role": "mechanism"},
            "band": {"role": "affiliate", "of": "south", "link": "disputed"},
        },
        "readings": {"clock": {"a": "from approval", "b": "from signature", "adopted": "none"}},
        "events": {
            "approval": {"shown_by": {"fact": "decision"}},
            "signature": {"shown_by": {"fact": "signature"}, "at": "unstated"},
        },
        "clauses": clauses,
    }
    first = clauses[0]
    if draw(st.integers(0, 3)) == 0:
        change = {"id": "c0", **({"within": "96h"} if "within" in first else {"note": "changed"})}
        text["amendments"] = [
            {
                "id": "later",
                "cite": "decision 1",
                "gloss": "a change",
                "adopted": "2031-03-29T00:00+02:00",
                "effective": draw(st.sampled_from(["2031-03-29T00:00+02:00", "2031-03-26T00:00+02:00"])),
                "effect_on_past": draw(st.sampled_from(["cured", "preserved", "unstated"])),
                "adopts": draw(st.sampled_from([{}, {"clock": "a"}])),
                "clauses": [change],
            }
        ]
    out = StringIO()
    writer = YAML(typ="safe")
    writer.representer.ignore_aliases = lambda _: True
    writer.dump(text, out)
    note(out.getvalue())
    return load_agreement(out.getvalue(), "agreement.yaml", atlas())


# ---- facts ---------------------------------------------------------------------------------------------------------

_BODY: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "shelling": {"unit": st.sampled_from(["n1", "s1"]), "against": st.sampled_from(["south", "north"])},
    "gunfire": {"unit": st.just("n1")},
    "movement": {"unit": st.sampled_from(["n1", "s1"])},
    "overflight": {"altitude_ft": st.sampled_from([Amount(4000, 4000), Amount(4000, 6000), Amount(6000, 6000)])},
    "permit": {"unit": st.sampled_from(["n1", "s1"])},
    "notice": {"of": st.sampled_from(["c0", "c1", "f1"])},
    "order": {"of": st.sampled_from(["c0", "c1", "f0"])},
    "access": {"of": st.just("site")},
    "decision": {"of": st.just("approval")},
    "signature": {"of": st.just("signature")},
    "position": {"unit": st.sampled_from(["n1", "n2", "s1"])},
    "strength": {"count": st.sampled_from([Amount(1, 1), Amount(2, 4), Amount(6, 6)])},
    "declaration": {
        "of": st.sampled_from(["c0", "c1", "other-side-implements"]),
        "finding": st.sampled_from(["fails", "holds", "accepted", "contested"]),
    },
    "release": {
        "count": st.sampled_from([Amount(1, 1), Amount(2, 3), Amount(4, 4)]),
        "category": st.sampled_from(["living", "dead"]),
        "code": st.sampled_from(["r1", "r2"]),
    },
    "remains-returned": {"count": st.just(Amount(1, 1))},
    "base": {"of": st.sampled_from(["c0", "c1"]), "count": st.sampled_from([Amount(10, 10), Amount(5, 20)])},
    "delivery": {"count": st.sampled_from([Amount(1, 1), Amount(3, 5)])},
    "inspection": {"of": st.sampled_from(["f0", "f1", "f2"])},
    "measure": {"unit": st.sampled_from(["n1", "s1"])},
    "determination": {
        "of": st.sampled_from(["c0", "c1", "f0", "f1", "other-side-implements", "phase-c0"]),
        "finding": st.sampled_from(["fails", "holds", "established", "upheld", "yes", "no"]),
        "plea": st.just("self-defence"),
        "term": st.just("offensive"),
    },
    "plea": {"of": st.sampled_from(["f0", "f1", "c0"]), "plea": st.just("self-defence")},
    "suspension": {"of": st.sampled_from(["c0", "c1"])},
    "resumption": {"of": st.sampled_from(["f0", "f1"])},
    "extension": {"of": st.sampled_from(["c0", "c1"]), "days": st.just(Amount(2, 2))},
    "waiver": {"of": st.sampled_from(["c0", "c1"])},
    "claim": {"tally": st.just("released"), "value": st.sampled_from([Amount(1, 1), Amount(4, 4), Amount(9, 9)])},
    "coverage": {
        "detects": st.sampled_from(
            [
                ("attack",),
                ("military-operation", "movement", "overflight"),
                ("release", "delivery"),
                ("inspection", "measure", "declaration", "position"),
            ]
        )
    },
    "denial": {"reason": st.just("refused")},
}
_LASTING = ("coverage", "denial", "claim")
_PROOF = st.sampled_from([Proof.CORROBORATED] * 8 + [Proof.VERIFIED, Proof.ALLEGED, Proof.REFUTED])
_DOER = st.sampled_from(
    [None, "north", "south", "north", "south", "n1", "band", "guarantor", "guarantor", "monitors"]
)
_ALL_KINDS = (
    "military-operation",
    "movement",
    "overflight",
    "release",
    "delivery",
    "record",
    "position",
    "remains-returned",
)
_PLACES = st.sampled_from(
    [
        None,
        Place.of(lat="8.05", lon="-29.97", within_m=0),
        Place.of(lat="8.05", lon="-29.93", within_m=200),
        Place.of(lat="8.1", lon="-29.95", within_m=3000),
        Place.of(lat="8.05", lon="-30.15", within_m=10),
    ]
)


@st.composite
def _fact(draw: st.DrawFn, name: str, wanted: list[str]) -> Fact:
    pointed = draw(st.integers(0, 3)) > 0
    kind: str = draw(st.sampled_from(wanted if wanted and pointed else sorted(_BODY)))
    start = START + draw(st.integers(0, 24)) * 6 * HOUR
    doubt = draw(st.sampled_from([0, 0, 0, 0, HOUR, DAY]))
    when, span = Interval(start, start + doubt), None
    if kind in _LASTING:
        span = Span(start, start + draw(st.sampled_from([DAY - 1, 3 * DAY, 10 * DAY])))
        when = Interval.at(span.end if kind == "claim" else span.start)
    elif kind == "extension":
        span = None
    chosen = {key: draw(values) for key, values in _BODY[kind].items() if draw(st.integers(0, 8)) > 0}
    placed = kind in ("shelling", "gunfire", "movement", "overflight", "position", "strength")
    in_zone = st.sampled_from([None, "valley", "hill"])
    late = draw(st.sampled_from([0, 0, 0, 6 * HOUR, 5 * DAY]))
    return Fact(
        id=name,
        kind=kind,
        by=draw(_DOER),
        fields=tuple(sorted(chosen.items())),
        place=draw(_PLACES) if placed else None,
        zone=draw(in_zone) if placed or kind in ("coverage", "denial") else None,
        when=when,
        span=span,
        learned_at=when.latest + late,
        occurred=draw(_PROOF),
        who=draw(_PROOF),
    )


def _sure(name: str, kind: str, when: Interval, **more: Any) -> Fact:  # noqa: ANN401  the fields of a fact
    sure = Proof.CORROBORATED
    return Fact(id=name, kind=kind, when=when, learned_at=when.latest, occurred=sure, who=sure, **more)


@st.composite
def histories(draw: st.DrawFn, prefix: str = "f", wanted: list[str] | None = None) -> list[Fact]:
    """Return facts with one revision each; triggers and watching among them more often than not."""
    facts = [draw(_fact(f"{prefix}{number}", wanted or [])) for number in range(draw(st.integers(0, 12)))]
    for event, kind in (("approval", "decision"), ("signature", "signature")):
        if draw(st.integers(0, 4)) > 0:
            when = Interval(START, START + draw(st.sampled_from([0, 0, HOUR])))
            facts.append(_sure(f"{prefix}-{event}", kind, when, fields=(("of", event),)))
    if draw(st.booleans()):
        span = Span(START - DAY, START + draw(st.sampled_from([3, 40])) * DAY)
        facts.append(
            _sure(
                f"{prefix}-watch", "coverage", Interval.at(span.start), span=span, fields=(("detects", _ALL_KINDS),)
            )
        )
    return facts


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """Return questions as of some moment of the history, mostly as now known and at corroborated."""
    as_of = START + draw(st.integers(-2, 40)) * 6 * HOUR
    known_at = START + draw(st.sampled_from([3, 6, 400, 400])) * DAY
    proof = draw(
        st.sampled_from([Proof.ALLEGED, Proof.CORROBORATED, Proof.CORROBORATED, Proof.CORROBORATED, Proof.VERIFIED])
    )
    return Question(as_of=as_of, known_at=known_at, proof=proof)


@dataclass(frozen=True)
class World:
    """An agreement, its history, further facts that might come, and a question."""

    agreement: Agreement
    facts: list[Fact]
    more: list[Fact]
    question: Question


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Return worlds whose facts mostly are of kinds that their agreement looks at."""
    agreement = draw(agreements())
    meant = {
        role.pattern.fact
        for history in agreement.clauses.values()
        for clause in history.all()
        for role in roles(clause)
    }
    wanted = sorted(kind for kind in _BODY if any(agreement.vocabulary.is_a(kind, one) for one in meant))
    facts, more = draw(histories(wanted=wanted)), draw(histories(prefix="more", wanted=wanted))
    return World(agreement, facts, more, draw(questions()))


def incriminating_only(agreement: Agreement, fact: Fact) -> bool:
    """Return whether a fact can only make verdicts of this agreement worse: no role of it excuses or does both."""
    if fact.kind in (
        "coverage",
        "denial",
        "claim",
        "plea",
        "determination",
        "suspension",
        "resumption",
        "extension",
        "waiver",
        "termination",
        "declaration",
        "decision",
        "signature",
    ):
        return False
    for history in agreement.clauses.values():
        for clause in history.all():
            for role in roles(clause):
                relevant = agreement.vocabulary.is_a(fact.kind, role.pattern.fact)
                if relevant and role.polarity is not Polarity.INCRIMINATES:
                    return False
            if clause.kind == "power":
                return False
    return True


TRIGGERS = ("decision", "signature")


@st.composite
def settled(draw: st.DrawFn, world: World) -> list[Fact]:
    """Return one way in which everything doubtful may turn out: each fact certain or refuted, at one time and place.

    Rival times of a trigger are left out where a certain one is on record, for the certain one then counts alone.
    """
    facts = [draw(_settle(fact, world.question.proof)) for fact in world.facts]
    return [fact for fact in facts if fact is not None]


@st.composite
def _settle(draw: st.DrawFn, fact: Fact, proof: Proof) -> Fact | None:
    sure = fact.occurred >= proof
    if fact.occurred is Proof.REFUTED or (not sure and (fact.kind in TRIGGERS or draw(st.booleans()))):
        return None
    moment = draw(
        st.sampled_from([fact.when.earliest, fact.when.latest, (fact.when.earliest + fact.when.latest) // 2])
    )
    by = fact.by
    who = max(fact.who, proof) if fact.who is not Proof.REFUTED else fact.who
    if by is None and draw(st.booleans()):
        by, who = draw(st.sampled_from(PARTIES)), proof
    if fact.who is not Proof.REFUTED and fact.who < proof and draw(st.booleans()):
        who = Proof.REFUTED
    return replace(
        fact,
        by=by,
        who=who,
        occurred=max(fact.occurred, proof),
        when=Interval.at(moment),
        learned_at=min(fact.learned_at, fact.learned_at),
    )
