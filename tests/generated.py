"""Worlds drawn from a seed: agreements of all eight kinds, their histories, and a question put to them.

Richer than `tests.strategies`, and cheap: a seed gives the same world for ever, four seeds in a row share an
agreement, and nothing is drawn that would be refused. `worlds()` is the strategy; `world(seed)` serves those who run
through thousands. Numbers do not shrink, so `cut_down` takes from a world whatever its disagreement does not need.

Past 500 lines: what an agreement may say and which facts would matter to it are drawn by the same few tables.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from io import StringIO
from random import Random
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

from hypothesis import strategies as st
from ruamel.yaml import YAML

from tests.strategies import START
from trucekeeper.agreement.load import draft_agreement, load_agreement
from trucekeeper.agreement.roles import Role, roles
from trucekeeper.agreement.rows import Where, read_row, write_row
from trucekeeper.agreement.yaml_text import read_yaml
from trucekeeper.compliance.knowledge import Audience
from trucekeeper.compliance.standing import Question
from trucekeeper.geo import Atlas, read_geojson
from trucekeeper.terms import (
    DAWN,
    NEVER,
    Amount,
    Fact,
    Field,
    FieldType,
    Interval,
    Label,
    Moment,
    Op,
    Place,
    Proof,
    Refused,
    Span,
)
from trucekeeper.terms.facts import PUBLIC
from trucekeeper.terms.moments import DAY, HOUR, parse_moment, write_moment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from trucekeeper.agreement.agreement import Agreement

T = TypeVar("T")
Said = dict[str, Any]
"""A part of an agreement as its file says it."""

WORLDS_AN_AGREEMENT = 4
"""Loading costs as much as several questions, so that neighbouring seeds share what they loaded."""

ZONES = """{"type": "FeatureCollection", "features": [
 {"type": "Feature", "properties": {"id": "valley", "author": "us", "accuracy_m": 50},
  "geometry": {"type": "Polygon", "coordinates": [[[-30, 8], [-29.9, 8], [-29.9, 8.1], [-30, 8.1], [-30, 8]]]}},
 {"type": "Feature", "properties": {"id": "hill", "author": "us", "accuracy_m": 0,
   "until": "2031-03-29T00:00+02:00"},
  "geometry": {"type": "Polygon", "coordinates": [[[-30.2, 8], [-30.1, 8], [-30.1, 8.1], [-30.2, 8.1], [-30.2, 8]]]}},
 {"type": "Feature", "properties": {"id": "hill", "author": "decision 1", "accuracy_m": 10,
   "from": "2031-03-29T00:00+02:00"},
  "geometry": {"type": "Polygon", "coordinates": [[[-30.2, 8], [-30.16, 8], [-30.16, 8.1], [-30.2, 8.1],
   [-30.2, 8]]]}},
 {"type": "Feature", "properties": {"id": "orchards", "author": "us", "part_of": ["valley"]}, "geometry": null},
 {"type": "Feature", "properties": {"id": "line", "author": "us", "accuracy_m": 20,
   "sides": {"left": "west", "right": "east"}},
  "geometry": {"type": "LineString", "coordinates": [[-29.95, 7.9], [-29.95, 8.2]]}}]}"""


@cache
def atlas() -> Atlas:
    return read_geojson(ZONES, "zones.geojson")


@dataclass(frozen=True)
class World:
    """An agreement, as its file says it and as it is loaded, the facts as they arrived, and a question."""

    said: Said
    agreement: Agreement
    facts: tuple[Fact, ...]
    question: Question
    name: str = "a world"
    seed: int = 0

    def __repr__(self) -> str:
        return self.name


def world(seed: int) -> World:
    """Return the world of a seed."""
    dice = _dice(2 * seed + 1)
    text = agreement_text(seed // WORLDS_AN_AGREEMENT)
    loaded = loaded_from(text)
    facts = _history(dice, text)
    return World(json.loads(text), loaded, facts, _question(dice, facts), f"world({seed})", seed)


def worlds() -> st.SearchStrategy[World]:
    """Return worlds of any seed."""
    return st.integers(0, 2**40).map(world)


def _dice(seed: int) -> Random:
    return Random(seed)  # noqa: S311  nothing here is a secret


def _often(dice: Random, percent: int) -> bool:
    return dice.random() * 100 < percent


@lru_cache(maxsize=64)
def loaded_from(text: str) -> Agreement:
    """Return the agreement of a text; raises Refused."""
    return load_agreement(text, "agreement.yaml", atlas())


# ---- moments, lengths, and what depends on a reading ---------------------------------------------------------------

_EVENTS: Said = {
    "approval": {"shown_by": {"fact": "decision"}},
    "signature": {"shown_by": {"fact": "signature"}, "at": "unstated"},
    "ceasefire": {"shown_by": {"fact": "declaration", "by": "guarantor"}},
    "d-day": {"planned": True, "shown_by": {"fact": "declaration", "by": "guarantor"}},
    "handed-over": {"per": "sectors", "shown_by": {"fact": "record"}},
    "term-end": {
        "renews": {
            "first_ends": "2031-03-30T00:00+02:00",
            "every": {"days": 5, "first_day": "excluded"},
            "notice": "2d",
            "unless": {"fact": "notice", "by": ["north", "south"]},
        }
    },
}
_SHOWN_BY = {
    "approval": "decision",
    "signature": "signature",
    "ceasefire": "declaration",
    "d-day": "declaration",
    "handed-over": "record",
}
_MOMENTS: tuple[object, ...] = (
    *("approval",) * 6,
    *("signature", "ceasefire", "ceasefire", "handed-over", "in_force"),
    "24h after approval",
    "12h before d-day",
    {"last_of": ["approval", "signature"]},
    {"first_of": ["approval", "ceasefire"]},
    {"reading": "clock", "a": "approval", "b": "signature"},
    {"next": "thursday", "at": "12:00", "after": "approval"},
    "2031-03-26T06:00+02:00",
    "start of 2031-03-26",
)
_DEADLINES: tuple[object, ...] = (
    *("end of 2031-04-01", "2031-03-28T04:00+02:00", "end of 2031-03-30", "d-day", "96h after approval", "term-end"),
    *("unstated", {"reading": "scope", "wide": "end of 2031-04-02", "narrow": "end of 2031-03-29"}),
    {"last_of": ["2031-03-29T00:00+02:00", "48h after ceasefire"]},
)
_UNTIL: tuple[object, ...] = ("10d after approval", "end of 2031-04-02", "term-end", "d-day", "unstated")
_WITHIN: tuple[object, ...] = (
    *("24h", "72h", "72h", "5d"),
    {"days": 2, "first_day": "excluded"},
    {"days": 3, "first_day": "counts"},
    {"days": 2, "first_day": "unstated"},
    {"days": 4},
    {"reading": "clock", "a": "24h", "b": "96h"},
    "unstated",
)


def _maybe(dice: Random, clause: Said, key: str, several: Sequence[object], *, in_a_hundred: int = 40) -> None:
    if _often(dice, in_a_hundred):
        clause[key] = dice.choice(several)


def _moment(dice: Random, later: Sequence[Said]) -> object:
    """Return from when a clause binds: an event, a time, or what a later clause of the text brings about."""
    named = [one["id"] for one in later if _can_be_met(one)] + [one["opens"] for one in later if "opens" in one]
    if named and _often(dice, 30):
        return dice.choice([dice.choice(named), f"12h after {dice.choice(named)}"])
    return dice.choice(_MOMENTS)


def _can_be_met(clause: Said) -> bool:
    return clause["kind"] in ("achieve", "tally", "phase") and "text_only" not in clause


# ---- conditions and excuses ----------------------------------------------------------------------------------------

_HAPPENED: tuple[Said, ...] = (
    {"happened": {"fact": "access"}, "within": "48h"},
    {"happened": {"fact": "access"}},
    {"happened": {"fact": "attack", "by": "north", "in": "valley"}},
    {"happened": {"fact": "order", "by": "party"}, "within": "24h"},
    {"holds": "other-side-implements"},
    {"holds": "other-side-implements", "determined_by": "monitors"},
    {"open": "approval"},
    {"consecutive_days": 2, "without": {"fact": "attack", "in": "valley"}},
    {"consecutive_days": 3, "without": [{"fact": "attack"}, {"fact": "overflight"}], "watched": {"at_least": "50%"}},
    {"consecutive_days": 1, "without": {"fact": "movement"}, "watched": {"by": "monitors", "at_least": "unstated"}},
)
_LEVELS = ("alleged", "corroborated", "verified")


def _condition(dice: Random, later: Sequence[Said], depth: int = 0) -> Said:
    drawn = dice.random()
    if depth < 2 and drawn < 0.25:
        several = [_condition(dice, later, depth + 1) for _ in range(dice.randint(1, 2))]
        return dice.choice([{"all": several}, {"any": several}, {"not": several[0]}])
    if later and drawn < 0.6:
        return _about_clause(dice, dice.choice(later))
    return dice.choice(_HAPPENED)


def _about_clause(dice: Random, other: Said) -> Said:
    """Return a condition on how another clause stands."""
    ways: list[Said] = [{"clause": other["id"], "stands": dice.choice(["consistent", "contrary", "not contrary"])}]
    if _can_be_met(other):
        ways.append({"met": other["id"]})
    if "opens" in other:
        return {"open": other["opens"]}
    way = dice.choice(ways)
    return {**way, "at": dice.choice(_LEVELS)} if _often(dice, 40) else way


_EXCUSES: tuple[Said, ...] = (
    {"plea": "self-defence"},
    {"plea": "self-defence", "judged_by": "monitors", "established_at": "verified"},
    {"plea": "not-located", "judged_by": "case", "established_at": "alleged", "available_to": ["north"]},
    {"shown": {"fact": "permit", "same": ["unit"]}, "within": "24h", "burden": "accuser"},
    {"shown": {"fact": "permit", "same": ["by", "unit"]}, "within": "48h", "available_to": "party"},
    {"shown": {"fact": "notice"}, "burden": "pleader", "unless": {"fact": "order", "finding": "revoked"}},
    {"shown": {"fact": "notice", "to": "monitors"}, "within": "2d", "unless": {"fact": "decision", "by": "monitors"}},
    {"shown": {"fact": "order", "same": "zone"}, "burden": "accuser", "plea": "ordered"},
    {"shown": {"fact": "return-fire", "same": "zone"}, "within": "12h"},
)


def _excuse(dice: Random, later: Sequence[Said]) -> Said:
    excuse = dict(dice.choice(_EXCUSES))
    if "shown" in excuse and _often(dice, 30):
        # A quota is judged for all its periods at each moment asked: within an excuse that takes minutes.
        excuse["if"] = _condition(dice, [one for one in later if one["kind"] != "quota"])
    return excuse


# ---- the eight kinds -----------------------------------------------------------------------------------------------

_ACTS: tuple[object, ...] = (
    {"fact": "attack"},
    {"fact": "shelling", "in": "valley"},
    {"fact": "attack", "against": "south"},
    {"fact": "movement", "in": "towns", "weapon": ["tank", "mortar"]},
    [{"fact": "movement", "in": "valley"}, {"fact": "overflight", "altitude_ft": {"below": 5000}}],
    {"fact": "military-operation", "judgement": "offensive"},
    {"fact": "attack", "outside": "hill"},
    {"fact": "attack", "killed": {"at_least": 2}, "permitted": False},
    {"fact": "movement", "side": "west of line"},
    {"fact": "movement", "distance": "under 3km from line", "weapon": "tank"},
    {"fact": "school-search", "rooms": {"above": 2, "at_most": 9}},
    {"fact": "attack", "in": "orchards"},
    {"fact": "attack", "by": ["raiders", "band"]},
    {"reading": "scope", "wide": {"fact": "military-operation"}, "narrow": {"fact": "attack", "in": "valley"}},
)
_WATCHED: tuple[Said, ...] = (
    {"at_least": "50%"},
    {"at_least": "unstated"},
    {"by": "monitors"},
    {"by": ["monitors", "guarantor"], "at_least": "90%"},
)


def _prohibit(dice: Random, clause: Said, later: Sequence[Said]) -> None:
    del later
    clause["act"] = dice.choice(_ACTS)
    _maybe(dice, clause, "for", _WITHIN, in_a_hundred=30)


_STATES: tuple[Said, ...] = (
    {"fact": "position", "side": "west of line"},
    {"fact": "position", "outside": "valley"},
    {"fact": "deployment", "in": "hill", "category": "police"},
    {"fact": "weapon-position", "distance": "at least 2km from line", "calibre_mm": {"at_least": 100}},
)


def _achieve(dice: Random, clause: Said, later: Sequence[Said]) -> None:
    _due(dice, clause)
    state = dice.choice(_STATES)
    ways: list[Said] = [{"fact": state["fact"], "stale_after": "12h"}, {"fact": "declaration", "by": "guarantor"}]
    if _often(dice, 75):
        clause["state"] = state
        _maybe(dice, clause, "shown_by", [ways, ways[:1], ways[1:], ways[::-1]], in_a_hundred=80)
    else:
        clause["shown_by"] = [{"fact": "declaration", "by": "guarantor"}, {"fact": "measure"}]
    _maybe(dice, clause, "start", [{"within": "24h", "shown_by": {"fact": "order"}}], in_a_hundred=25)
    others = [one["id"] for one in later if _can_be_met(one)]
    if others and _often(dice, 50):
        pair: Said = {"clause": dice.choice(others), "if_undetermined": dice.choice(["closed", "open", "ask"])}
        clause["paired_with"] = {**pair, "at": dice.choice(_LEVELS)} if _often(dice, 30) else pair


def _due(dice: Random, clause: Said) -> None:
    drawn = dice.random()
    if drawn < 0.65:
        clause["within"] = dice.choice(_WITHIN)
    elif drawn < 0.93:
        clause["deadline"] = dice.choice(_DEADLINES)


def _maintain(dice: Random, clause: Said, later: Sequence[Said]) -> None:
    del later
    if _often(dice, 50):
        clause["measure"] = dice.choice([{"fact": "strength"}, {"fact": "strength", "in": "valley"}])
        clause[dice.choice(["at_least", "at_most"])] = dice.choice(
            [1, 3, 5, {"reading": "scope", "wide": 2, "narrow": 4}]
        )
    else:
        clause["state"] = dice.choice([{"fact": "position", "in": "valley"}, *_STATES])
    _maybe(dice, clause, "tolerance", ["12h", "1s"])
    _maybe(dice, clause, "stale_after", ["48h", "20d"], in_a_hundred=75)


_COUNTED: tuple[object, ...] = (
    {"fact": "release"},
    {"fact": "release", "category": "living"},
    [{"fact": "release", "by": "south"}, {"fact": "remains-returned"}],
)


def _tally(dice: Random, clause: Said, later: Sequence[Said]) -> None:
    del later
    _due(dice, clause)
    clause["count"] = dice.choice(_COUNTED)
    target = dice.choice(
        [2, 4, 6, {"percent": 30, "of": {"fact": "base"}}, {"ratio": 2, "per": {"fact": "remains-returned"}}]
    )
    drawn = dice.random()
    if drawn < 0.2:
        clause["tranches"] = [
            {"at_least": dice.choice([1, 2, {"percent": 50, "of": {"fact": "base"}}]), "within": "48h"},
            {"at_least": 5, "deadline": "end of 2031-03-31"},
        ]
    else:
        clause["at_least" if drawn < 0.65 else dice.choice(["at_most", "exactly"])] = target
    _maybe(dice, clause, "claims", ["released"], in_a_hundred=60)
    _maybe(dice, clause, "counted_as", ["crossed"], in_a_hundred=20)
    _maybe(dice, clause, "distinct", ["code"], in_a_hundred=20)
    _maybe(dice, clause, "beside", [{"the-dead": {"fact": "release", "category": "dead"}}], in_a_hundred=15)


def _quota(dice: Random, clause: Said, later: Sequence[Said]) -> None:
    clause["count"] = dice.choice(
        [
            {"fact": "delivery"},
            {"fact": "delivery", "goods": {"reading": "scope", "wide": ["food", "fuel"], "narrow": "food"}},
        ]
    )
    clause["at_least" if _often(dice, 60) else "at_most"] = dice.randint(1, 6)
    clause["every"] = dice.choice(
        ["day", "day", "36h", "36h", "week", "7d", "month", {"months": 1}, {"days": 3, "first_day": "excluded"}]
    )
    if clause["every"] == "week":
        _maybe(dice, clause, "week_starts", ["monday", "sunday", "trigger"], in_a_hundred=70)
    _maybe(dice, clause, "claims", ["released"], in_a_hundred=50)
    longer = [one["id"] for one in later if one["kind"] == "quota"]
    if longer:
        _maybe(dice, clause, "cured_by", longer, in_a_hundred=70)


def _respond(dice: Random, clause: Said, later: Sequence[Said]) -> None:
    del later
    clause["to"] = dice.choice(
        [
            {"fact": "attack"},
            {"fact": "allegation", "by": "party"},
            {"fact": "attack", "by": ["raiders", "band"], "in": "valley"},
        ]
    )
    clause["with"] = dice.choice(
        [{"fact": "inspection"}, {"fact": "measure", "same": ["unit"]}, [{"fact": "inspection"}, {"fact": "measure"}]]
    )
    clause["within"] = dice.choice(_WITHIN)
    _maybe(dice, clause, "result_alone", [True], in_a_hundred=15)


def _phase(dice: Random, clause: Said, later: Sequence[Said]) -> None:
    clause["opens"] = f"phase-{clause['id']}"
    if _often(dice, 85):
        clause["when"] = _condition(dice, later)
    if "when" not in clause or _often(dice, 35):
        clause["confirmed_by"] = dice.choice(
            [
                {"fact": "determination", "by": "monitors"},
                {"fact": "decision"},
                {"fact": "declaration", "by": "guarantor"},
            ]
        )
    clause["if_undetermined"] = dice.choice(["closed", "open", "ask"])
    _maybe(dice, clause, "deadline", [one for one in _DEADLINES if one != "unstated"], in_a_hundred=40)


def _power(dice: Random, clause: Said, later: Sequence[Said]) -> None:
    clause["may"] = dice.choice(["suspend", "suspend", "extend", "waive", "terminate", "excuse", "excuse", "amend"])
    clause["of"] = dice.choice(["all", "c0", "c0"])
    if clause["may"] == "excuse":
        clause["exercise"] = dice.choice([{"fact": "attack"}, {"fact": "movement", "in": "valley"}])
        clause["burden"] = dice.choice(["pleader", "accuser"])
    if _often(dice, 60):
        clause["if"] = _condition(dice, [one for one in later if clause["of"] not in ("all", one["id"])])
    _maybe(dice, clause, "notice", ["24h"], in_a_hundred=25)
    clause["stops_clock"] = dice.choice([True, False, "unstated"])


_KINDS: Mapping[str, Callable[[Random, Said, Sequence[Said]], None]] = {
    "prohibit": _prohibit,
    "achieve": _achieve,
    "maintain": _maintain,
    "tally": _tally,
    "quota": _quota,
    "respond": _respond,
    "phase": _phase,
    "power": _power,
}
_BY: tuple[object, ...] = (
    *(["north"], ["north"], ["south"], ["south"], ["north", "south"], ["north", "south"]),
    *(["unstated"], ["monitors"], "party", {"anyone_except": ["guarantor"]}),
)
_SETS: tuple[Said, ...] = (
    {"unit": {"of": "north"}},
    {"unit": {"of": "north"}},
    {"sector": ["valley", "hill"]},
    {"sector": "sectors"},
    {"unit": {"of": "south"}, "sector": ["valley", "hill"]},
    {"code": "codes"},
)


def _clause(dice: Random, name: str, kind: str, later: Sequence[Said]) -> Said:
    clause: Said = {"id": name, "kind": kind, "cite": f"art. {name}", "gloss": f"{kind} {name}"}
    clause["by"] = dice.choice(_BY)
    if _often(dice, 90):
        clause["after"] = _moment(dice, later)
    elif kind in ("prohibit", "maintain", "respond"):
        _maybe(dice, clause, "after", ["unstated"])
    _maybe(dice, clause, "until", _UNTIL, in_a_hundred=12)
    opened = [one["opens"] for one in later if "opens" in one]
    if opened:
        _maybe(dice, clause, "during", opened, in_a_hundred=40)
    _KINDS[kind](dice, clause, later)
    if kind not in ("phase", "power"):
        _bind(dice, clause, later)
    if _often(dice, 1):
        clause["text_only"] = "nobody can count goodwill"
    return clause


def _bind(dice: Random, clause: Said, later: Sequence[Said]) -> None:
    """Add what makes a duty hold for each member of a set, only for a while, with excuses, or with less watching."""
    if _often(dice, 22):
        clause["while"] = _condition(dice, later)
    if _often(dice, 40):
        several = [_excuse(dice, later) for _ in range(dice.choice([1, 1, 2]))]
        clause["excuse"] = several if len(several) > 1 else several[0]
    _maybe(dice, clause, "watched", _WATCHED, in_a_hundred=30)
    if _often(dice, 30):
        clause["each"] = dice.choice(_SETS)
        _in_the_sector(dice, clause)
    if clause["by"] == ["north", "south"] and clause.get("within") == "72h":
        clause["within"] = {"obligor": {"north": "72h", "south": dice.choice(["24h", "72h"])}}


def _in_the_sector(dice: Random, clause: Said) -> None:
    """Make a pattern mean the zone of the member for which it is judged."""
    if "sector" not in clause["each"]:
        return
    for key in ("act", "state", "measure"):
        if isinstance(clause.get(key), dict) and "in" in clause[key] and _often(dice, 80):
            clause[key] = {**clause[key], "in": "sector"}


# ---- amendments ----------------------------------------------------------------------------------------------------

_CHANGES: Mapping[str, tuple[tuple[str, tuple[object, ...]], ...]] = {
    "prohibit": (("act", _ACTS), ("for", ("48h", None)), ("excuse", (None, _EXCUSES[0]))),
    "achieve": (("within", ("24h", "96h", {"days": 1, "first_day": "counts"})), ("start", (None,))),
    "maintain": (("tolerance", ("6h", None)), ("stale_after", ("12h", None))),
    "tally": (("within", ("24h", "96h")), ("distinct", ("code", None)), ("excuse", (None, _EXCUSES[1]))),
    "quota": (("every", ("day", "36h")), ("claims", ("released", None)), ("watched", _WATCHED)),
    "respond": (("within", ("12h", "96h")), ("result_alone", (True, False))),
    "phase": (("if_undetermined", ("closed", "open", "ask")),),
    "power": (("stops_clock", (True, False)), ("notice", ("12h", None)), ("of", ("all", "c0"))),
}


def _amendments(dice: Random, clauses: Sequence[Said]) -> list[Said]:
    return [_amendment(dice, f"decision-{number}", clauses) for number in range(dice.choice([0, 0, 0, 1, 1, 2]))]


def _amendment(dice: Random, name: str, clauses: Sequence[Said]) -> Said:
    adopted = dice.choice(["2031-03-29T00:00+02:00", "start of 2031-03-27", "2031-04-03T12:00+02:00"])
    head: Said = {"id": name, "cite": name, "gloss": "a change", "adopted": adopted}
    head["effective"] = dice.choice(
        [adopted, "2031-03-26T00:00+02:00", "2031-03-28T12:00+02:00", "end of 2031-03-30"]
    )
    head["effect_on_past"] = dice.choice(["cured", "preserved", "unstated"])
    _maybe(
        dice, head, "adopts", [{"clock": "a"}, {"scope": "narrow"}, {"clock": "b", "scope": "wide"}], in_a_hundred=40
    )
    changed = dice.choice(clauses)
    if _often(dice, 25):
        head["removes"] = changed["id"]
    else:
        head["clauses"] = [_change(dice, changed)]
    if _often(dice, 25):
        added = _clause(dice, f"by-{name}", dice.choice(sorted(_KINDS)), clauses)
        head["clauses"] = [*head.get("clauses", ()), added]
    return head


def _change(dice: Random, clause: Said) -> Said:
    """Return a change of one key that leaves the clause whole."""
    key, values = dice.choice(_CHANGES[clause["kind"]])
    if (key == "within" and "within" not in clause) or (key == "act" and "sector" in clause.get("each", {})):
        return {"id": clause["id"], "note": "as before"}
    return {"id": clause["id"], key: dice.choice(values)}


# ---- agreements ----------------------------------------------------------------------------------------------------


@lru_cache(maxsize=64)
def agreement_text(number: int) -> str:
    """Return the text of the agreement of this number."""
    dice = _dice(2 * number)
    clauses: list[Said] = []
    for place in reversed(range(dice.choice([1, 1, 2, 2, 3, 3, 4]))):
        clauses.insert(0, _clause(dice, f"c{place}", dice.choice(sorted(_KINDS)), clauses))
    adopted = ["none", "none", "none"]
    said: Said = {
        "agreement": f"valoria-{number}",
        "title": "Valoria",
        "time_zone": "Asia/Beirut",
        "in_force": dice.choice(
            ["2031-03-24T12:00+02:00", "approval", {"reading": "clock", "a": "approval", "b": "signature"}]
        ),
        "parties": {"north": {"units": ["n1", "n2"], "forces": "guard"}, "south": {"units": ["s1"]}},
        "actors": {
            "guarantor": {"role": "guarantor"},
            "monitors": {"role": "mechanism"},
            "band": {"role": "affiliate", "of": "south", "link": "disputed"},
            "raiders": {"role": "non_signatory"},
        },
        "vocabulary": {
            "school-search": {"says": "a school searched", "is": "military-operation", "fields": {"rooms": "number"}}
        },
        "readings": {
            "clock": {"a": "from approval", "b": "from signature", "adopted": dice.choice([*adopted, "a"])},
            "scope": {"wide": "all of it", "narrow": "the core", "adopted": dice.choice([*adopted, "narrow"])},
        },
        "events": _EVENTS,
        "clauses": [*clauses, *_DEFINED],
    }
    amendments = _amendments(dice, clauses)
    return json.dumps({**said, "amendments": amendments} if amendments else said)


_DEFINED: tuple[Said, ...] = (
    {"id": "sectors", "kind": "define", "cite": "annex", "gloss": "the sectors", "list": ["valley", "hill"]},
    {"id": "towns", "kind": "define", "cite": "annex", "gloss": "the towns", "zones": ["valley", "hill"]},
    {
        "id": "codes",
        "kind": "define",
        "cite": "annex",
        "gloss": "the persons on the list",
        "list": {"declared_by": {"fact": "list-entry", "list": "persons"}, "field": "code"},
    },
)


# ---- what would matter to an agreement -----------------------------------------------------------------------------

_SURE = (Amount(1, 1), Amount(2, 2), Amount(3, 3), Amount(2, 4), Amount(6, 6))
_VALUES: Mapping[str, tuple[Field, ...]] = {
    "unit": ("n1", "n1", "n2", "s1"),
    "against": ("south", "north", "s1"),
    "weapon": ("tank", "mortar", "rifle", ("tank", "rifle")),
    "altitude_ft": (Amount(4000, 4000), Amount(4000, 6000), Amount(6000, 6000)),
    "calibre_mm": (Amount(120, 120), Amount(82, 120), Amount(82, 82)),
    "killed": (Amount(0, 0), Amount(1, 3), Amount(2, 2)),
    "rooms": (Amount(2, 2), Amount(2, 5), Amount(3, 3), Amount(9, 10)),
    "permitted": (True, False, False),
    "count": _SURE,
    "category": ("living", "living", "dead", "police"),
    "code": ("r1", "r2", "r3"),
    "goods": ("food", "fuel", "cement"),
    "counted_as": ("crossed", "crossed", "offloaded"),
    "sector": ("valley", "hill"),
    "finding": (
        "established",
        "yes",
        "no",
        "fails",
        "holds",
        "accepted",
        "contested",
        "upheld",
        "rejected",
        "revoked",
    ),
    "plea": ("self-defence", "self-defence", "not-located"),
    "term": ("offensive",),
    "to": ("monitors", "guarantor"),
    "tally": ("released", "released", "c0", "c1"),
    "value": (Amount(1, 1), Amount(4, 4), Amount(3, 9), Amount(9, 9)),
    "supported": (True, False),
    "days": (Amount(2, 2), Amount(1, 3)),
    "list": ("persons",),
    "reason": ("refused",),
}
_PLACES = (
    Place.of(lat="8.05", lon="-29.97", within_m=0),
    Place.of(lat="8.05", lon="-29.97", within_m=200),
    Place.of(lat="8.05", lon="-29.93", within_m=200),
    Place.of(lat="8.1", lon="-29.95", within_m=3000),
    Place.of(lat="8.05", lon="-30.18", within_m=10),
    Place.of(lat="8.05", lon="-30.13", within_m=10),
    Place.of(lat="8.3", lon="-29.5", within_m=0),
)
_ZONED: Mapping[str, tuple[Place, ...]] = {"valley": _PLACES[:3], "hill": _PLACES[4:6]}
_DOERS = (None, "north", "south", "north", "south", "n1", "s1", "band", "raiders", "guarantor", "monitors", "guard")
_LASTING = ("coverage", "period-closed", "denial", "claim")
_COMMON = ("shelling", "gunfire", "movement", "position", "strength", "release", "delivery", "notice", "order")
_ANYTHING = (
    *("shelling", "gunfire", "movement", "overflight", "school-search", "position", "strength", "release"),
    *("remains-returned", "delivery", "notice", "order", "permit", "access", "inspection", "measure", "allegation"),
    *("decision", "declaration", "determination", "plea", "base", "claim", "coverage", "denial", "return-fire"),
)


@dataclass(frozen=True)
class _Wanted:
    """One pattern that somebody in the agreement looks for, and what an act on paper must then name."""

    role: Role
    by: tuple[str | None, ...]
    of: tuple[str, ...]
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class _Setting:
    """What of an agreement the drawing of facts must know."""

    agreement: Agreement
    wanted: tuple[_Wanted, ...]
    named: tuple[str, ...]
    powers: tuple[tuple[str, str, str | None], ...]
    events: tuple[str, ...]
    seen: tuple[str, ...]


_USED_BY = {"suspend": "suspension", "extend": "extension", "waive": "waiver", "terminate": "termination"}


@lru_cache(maxsize=64)
def _setting(text: str) -> _Setting:
    agreement = loaded_from(text)
    wanted, powers = [], []
    for history in agreement.clauses.values():
        for clause in history.all():
            named = (clause.id, *([clause.opens] if clause.kind == "phase" else []))
            own = clause.by if isinstance(clause.by, tuple) else ("north", "south")
            wanted += [_looked_for(agreement, role, own, named) for role in roles(clause)]
            if clause.kind == "power" and clause.may in _USED_BY:
                powers += [(_USED_BY[clause.may], name, _actor(own)) for name in (*clause.of, clause.id)]
    body = json.dumps([json.loads(text)[key] for key in ("clauses", "in_force")])
    events = tuple(name for name in _SHOWN_BY if name in body)
    seen = tuple(sorted({kind for one in wanted for kind in one.kinds[:1]}))
    return _Setting(agreement, tuple(wanted), tuple(agreement.clauses), tuple(powers), events, seen)


def _looked_for(agreement: Agreement, role: Role, own: Sequence[str], named: tuple[str, ...]) -> _Wanted:
    pattern = role.pattern
    given = pattern.by if isinstance(pattern.by, tuple) else None
    if given is None and not role.by_those_bound:
        by: tuple[str | None, ...] = _DOERS
    else:
        by = tuple(_actor([one]) for one in given or own)
    kinds = [kind for kind in _ANYTHING if agreement.vocabulary.is_a(kind, pattern.fact)]
    return _Wanted(role, by, named, (pattern.fact, *kinds))


def _actor(names: Sequence[str]) -> str | None:
    """Return somebody who is one of those named."""
    played = {"mechanism": "monitors", "party": "north", "anyone": "south", "unstated": None}
    return played.get(names[0], names[0])


# ---- facts ---------------------------------------------------------------------------------------------------------


def _history(dice: Random, text: str) -> tuple[Fact, ...]:
    """Return facts as they arrived: triggers and watching more often than not, then what the agreement looks at."""
    setting = _setting(text)
    facts = [*_triggers(dice, setting), *_watches(dice, setting), *_series(dice, setting)]
    size = dice.choice([dice.randint(0, 4), dice.randint(0, 12), dice.randint(6, 16), dice.randint(12, 36)])
    for number in range(size):
        facts.append(_fact(dice, f"f{number}", setting, facts))
    facts += _answers(dice, setting, facts)
    if _often(dice, 15):
        facts = [replace(one, recorded_at=one.learned_at + dice.choice([0, HOUR, DAY])) for one in facts]
    labelled = _often(dice, 45)
    arrived = [rev for one in facts for rev in _revisions(dice, _labelled(dice, one) if labelled else one, setting)]
    if _often(dice, 60):
        dice.shuffle(arrived)
    again = dice.choices(arrived, k=dice.choice([0, 0, 1, 3])) if arrived else []
    return (*arrived, *again)


def _sure(name: str, kind: str, when: Interval, **more: Any) -> Fact:  # noqa: ANN401  the fields of a fact
    sure = Proof.CORROBORATED
    told: Said = {"learned_at": when.latest, "occurred": sure, "who": sure, **more}
    return Fact(id=name, kind=kind, when=when, **told)


def _triggers(dice: Random, setting: _Setting) -> Iterator[Fact]:
    for event in setting.events:
        about: tuple[tuple[str, Field], ...] = (("of", event),)
        if event == "handed-over":
            about = (("of", event), ("sector", dice.choice(["valley", "hill"])))
        if _often(dice, 90):
            start = START + dice.choice([0, 0, 0, 0, 6 * HOUR, DAY])
            when = Interval(start, start + dice.choice([0, 0, 0, 0, HOUR, DAY]))
            known = dice.choice([Proof.VERIFIED, Proof.CORROBORATED])
            yield _sure(
                f"on-{event}", _SHOWN_BY[event], when, fields=about, by="guarantor", occurred=known, who=known
            )
        if event == "d-day" and _often(dice, 60):
            when = Interval.at(START + dice.randint(1, 8) * DAY)
            yield _sure("plan", "schedule", when, fields=about, learned_at=START - DAY)


def _watches(dice: Random, setting: _Setting) -> Iterator[Fact]:
    if setting.seen and _often(dice, 75):
        span = Span(START - 2 * DAY, START + dice.choice([4, 12, 60, 60]) * DAY)
        fields = (("detects", setting.seen),)
        yield _sure("watch", "coverage", Interval.at(span.start), span=span, fields=fields, by="monitors")
    for number, kind in enumerate(setting.seen):
        if _often(dice, 15):
            start = START + dice.randint(-1, 4) * DAY
            span = Span(start, start + dice.choice([DAY - 1, 3 * DAY, 10 * DAY]))
            kinds: Said = {"fields": (("detects", (kind,)),), "zone": dice.choice([None, None, "valley", "hill"])}
            kinds["by"] = dice.choice(["monitors", "guarantor", None])
            yield _sure(f"watch-{number}", "coverage", Interval.at(span.start), span=span, **kinds)


_KEPT = ("state", "measure", "count", "shown_by")


def _series(dice: Random, setting: _Setting) -> Iterator[Fact]:
    """Yield what happened again and again, as looks at a state or counts of a day do."""
    for index, one in enumerate(setting.wanted):
        if one.role.name not in _KEPT or _often(dice, 55):
            continue
        step, start = dice.choice([12 * HOUR, DAY, DAY, 2 * DAY]), START - dice.choice([0, 6 * HOUR, DAY])
        more = {"by": dice.choice(one.by), **_meant(dice, one, ())}
        for number in range(dice.randint(1, 9)):
            drawn = _drawn(dice, f"s{index}-{number}", setting, more)
            when = Interval.at(start + number * step)
            told = replace(drawn, when=when, span=None, learned_at=when.latest)
            sure = replace(told, occurred=Proof.CORROBORATED, who=Proof.CORROBORATED)
            yield _where(dice, one, sure if _often(dice, 85) else told)


def _answers(dice: Random, setting: _Setting, facts: Sequence[Fact]) -> Iterator[Fact]:
    """Yield what answers some of the facts that call for an answer."""
    asked = {one.role.pattern.fact for one in setting.wanted if one.role.name == "to"}
    ways = [one for one in setting.wanted if one.role.name == "with"]
    for fact in facts:
        if ways and asked.intersection(setting.agreement.vocabulary.lineage(fact.kind)) and _often(dice, 60):
            one = dice.choice(ways)
            when = fact.when.later(dice.choice([0, 1, 6 * HOUR, 12 * HOUR, 24 * HOUR, 3 * DAY]))
            same = {key: value for key, value in fact.fields if key in one.role.pattern.same}
            fields = tuple(sorted({"of": fact.id, **same}.items()))
            yield _sure(f"to-{fact.id}", one.kinds[0], when, fields=fields, by=dice.choice(one.by))


def _fact(dice: Random, name: str, setting: _Setting, facts: Sequence[Fact]) -> Fact:
    """Return a fact, mostly one that somebody in the agreement looks for or one about an earlier fact."""
    drawn = dice.random()
    if setting.wanted and drawn < 0.68:
        return _wanted(dice, name, setting, facts)
    if setting.powers and drawn < 0.8:
        kind, of, by = dice.choice(setting.powers)
        return _placed(dice, _drawn(dice, name, setting, {"kind": kind, "by": by, "fields": {"of": of}}))
    if facts and drawn < 0.9:
        return _placed(dice, _drawn(dice, name, setting, _about(dice, dice.choice(facts))))
    kind = dice.choice(_ANYTHING)
    fields: Said = {"of": dice.choice((*setting.named, "other-side-implements", "approval", "f1"))}
    return _placed(dice, _drawn(dice, name, setting, {"kind": kind, "fields": fields}))


def _about(dice: Random, fact: Fact) -> Said:
    """Return what people say of an earlier fact: pleas, rulings, answers, contests."""
    kind, finding = dice.choice(
        [
            *(("determination", "established"), ("determination", "yes"), ("determination", "no")),
            *(("determination", "upheld"), ("declaration", "accepted"), ("declaration", "contested")),
            *(("plea", ""), ("inspection", ""), ("measure", ""), ("resumption", ""), ("notice", "")),
        ]
    )
    by = dice.choice(["monitors", "monitors", "guarantor", "north", "south", None])
    return {"kind": kind, "by": by, "fields": {"of": fact.id, **({"finding": finding} if finding else {})}}


def _wanted(dice: Random, name: str, setting: _Setting, facts: Sequence[Fact]) -> Fact:
    one = dice.choice(setting.wanted)
    return _where(dice, one, _drawn(dice, name, setting, _meant(dice, one, facts)))


def _meant(dice: Random, one: _Wanted, facts: Sequence[Fact]) -> Said:
    """Return the kind, the doer and the fields of a fact that a pattern means, more often than not."""
    pattern = one.role.pattern
    fields: Said = {key: _meeting(dice, test) for key, test in pattern.fields if _often(dice, 90)}
    names = dice.choice(one.of)
    if facts and one.role.name in ("with", "excuse", "unless"):
        names = dice.choice([*(fact.id for fact in facts), names])
    fields.setdefault("of", names)
    said: Said = {"kind": dice.choice([one.kinds[0], dice.choice(one.kinds)]), "fields": fields}
    return {**said, "by": dice.choice(one.by)} if _often(dice, 85) else said


def _where(dice: Random, one: _Wanted, fact: Fact) -> Fact:
    """Return the fact placed, more often than not, where its pattern means."""
    pattern = one.role.pattern
    inside = [zone for zone in pattern.in_ if zone in _ZONED] or (["valley", "hill"] if pattern.in_ else [])
    if inside:
        return _placed(dice, fact, dice.choice(inside))
    if (pattern.outside or pattern.side or pattern.distance) and _often(dice, 75):
        return replace(fact, place=dice.choice(_PLACES[4:] if pattern.outside else _PLACES[:2]))
    return _placed(dice, fact)


def _meeting(dice: Random, test: object) -> Field:
    """Return a value that meets a test of a pattern, certainly or perhaps."""
    if isinstance(test, bool | str):
        return test
    if isinstance(test, tuple):
        return str(dice.choice(test))
    limits = (getattr(test, key, None) for key in ("at_least", "at_most", "above", "below"))
    near = test if isinstance(test, int) else next((limit for limit in limits if limit is not None), 1)
    return dice.choice(
        [Amount(near, near), Amount(near - 1, near + 1), Amount(near + 1, near + 1), Amount(near - 1, near - 1)]
    )


def _drawn(dice: Random, name: str, setting: _Setting, more: Said) -> Fact:
    """Return a fact of a kind, with the fields given and others drawn, at a time drawn."""
    kind = more["kind"]
    known = setting.agreement.vocabulary.fields(kind)
    fields = {key: dice.choice(_VALUES[key]) for key in known if key in _VALUES and _often(dice, 65)}
    fields |= {key: value for key, value in more["fields"].items() if key in known and key != "detects"}
    if known.get("detects") is FieldType.KINDS:
        fields["detects"] = tuple(setting.seen) or ("attack",)
    when, span = _time(dice, kind)
    return Fact(
        id=name,
        kind=kind,
        by=more["by"] if "by" in more else dice.choice(_DOERS),
        fields=tuple(sorted(fields.items())),
        when=when,
        span=span,
        learned_at=when.latest + dice.choice([0, 0, 0, 1, 6 * HOUR, 5 * DAY]),
        occurred=_proof(dice),
        who=_proof(dice),
    )


def _proof(dice: Random) -> Proof:
    drawn = dice.random()
    if drawn < 0.8:
        return Proof.CORROBORATED
    if drawn < 0.9:
        return Proof.VERIFIED
    return Proof.ALLEGED if drawn < 0.97 else Proof.REFUTED


def _time(dice: Random, kind: str) -> tuple[Interval, Span | None]:
    start = START + dice.randint(-2, 32) * 6 * HOUR + (dice.choice([-1, 1]) if _often(dice, 6) else 0)
    if kind in _LASTING:
        watch = Span(start, start + dice.choice([DAY - 1, DAY - 1, 3 * DAY, 10 * DAY]))
        return Interval.at(watch.end if kind == "claim" else watch.start), watch
    doubt = dice.choice([0, 0, 0, 0, 0, 0, HOUR, DAY])
    lasts = {"suspension": 60, "extension": 40, "plea": 15, "determination": 15}.get(kind, 0)
    span = Span(start, start + dice.choice([DAY, 3 * DAY])) if _often(dice, lasts) else None
    return Interval(start, start + doubt), span


_PAPER = ("claim", "schedule", "base", "decision", "determination", "declaration", "plea", "suspension", "extension")


def _placed(dice: Random, fact: Fact, zone: str | None = None) -> Fact:
    """Return a fact with a place, a zone, both or neither; mostly inside a zone if one is given."""
    if fact.kind in _PAPER or (zone is None and _often(dice, 40)):
        return fact
    if zone is None or _often(dice, 15):
        return replace(fact, place=dice.choice([*_PLACES, None]), zone=dice.choice([None, None, "valley", "hill"]))
    if fact.kind in _LASTING or _often(dice, 50):
        return replace(fact, zone=zone)
    return replace(fact, place=dice.choice(_ZONED[zone]))


# ---- revisions and labels ------------------------------------------------------------------------------------------


def _labelled(dice: Random, fact: Fact) -> Fact:
    if _often(dice, 60):
        return fact
    return replace(fact, label=_label(dice))


def _label(dice: Random) -> Label:
    owner = dice.choice(["north", "south", "guarantor", ""])
    to = dice.choice([(), ("south",), ("guarantor", "north")])
    later = START + dice.randint(0, 10) * DAY if _often(dice, 35) else None
    return Label(owner=owner, releasable_to=to, not_before=later)


def _revisions(dice: Random, fact: Fact, setting: _Setting) -> list[Fact]:
    """Return a fact with what was later said of it: corrections, retractions, redactions."""
    found = [fact]
    while _often(dice, 16) and len(found) < 4:
        found.append(_later(dice, found[-1], setting))
    return found


def _later(dice: Random, fact: Fact, setting: _Setting) -> Fact:
    delay = dice.choice([0, 1, 6 * HOUR, DAY, 4 * DAY])
    recorded = None if fact.recorded_at is None else fact.recorded_at + delay
    times: Said = {
        "rev": fact.rev + dice.choice([1, 1, 2]),
        "learned_at": fact.learned_at + delay,
        "recorded_at": recorded,
    }
    if fact.label != PUBLIC and _often(dice, 30):
        times["label"] = _label(dice)
    drawn = dice.random()
    if drawn < 0.3:
        return _gone(dice, fact, Op.RETRACT, times)
    if drawn < 0.5:
        return _gone(dice, fact, Op.REDACT, times)
    if fact.op is not Op.ASSERT or not fact.kind:
        return replace(fact, **times)
    return _corrected(dice, replace(fact, **times), setting)


def _gone(dice: Random, fact: Fact, op: Op, times: Said) -> Fact:
    """Return what retracts or redacts a fact, with as much of it as is left."""
    left = dice.random()
    if left < 0.35:
        return replace(fact, op=op, **times)
    bare: Said = {"kind": fact.kind if left < 0.75 else "", "fields": (), "by": None, "place": None, "span": None}
    if bare["kind"]:
        bare["fields"] = tuple(one for one in fact.fields if _often(dice, 50))
        bare["when"] = fact.when
    else:
        bare["when"] = Interval(DAWN, NEVER)
    zone = fact.zone if _often(dice, 50) else None
    return replace(fact, op=op, zone=zone, **{**bare, **times})


def _corrected(dice: Random, fact: Fact, setting: _Setting) -> Fact:
    """Return the fact with other content: another time, author, field, proof or kind; never learned too soon."""
    change = dice.choice(["when", "by", "fields", "fields", "proof", "kind"])
    if change == "when" and fact.kind not in _LASTING:
        start = min(fact.when.earliest - dice.choice([1, 6 * HOUR, DAY]), fact.learned_at)
        return replace(fact, when=Interval(start, start + dice.choice([0, HOUR])))
    if change == "by":
        return replace(fact, by=dice.choice(_DOERS), place=dice.choice([fact.place, None]))
    if change == "proof":
        return replace(fact, occurred=_proof(dice), who=_proof(dice))
    if change == "kind" and fact.kind not in (*_LASTING, "schedule"):
        return _of_another_kind(dice, fact, setting)
    drawn = (
        (key, dice.choice(_VALUES[key]) if key in _VALUES and _often(dice, 50) else one) for key, one in fact.fields
    )
    return replace(fact, fields=tuple(drawn))


def _of_another_kind(dice: Random, fact: Fact, setting: _Setting) -> Fact:
    kind = dice.choice(_COMMON)
    known = setting.agreement.vocabulary.fields(kind)
    return replace(fact, kind=kind, fields=tuple(one for one in fact.fields if one[0] in known))


# ---- questions -----------------------------------------------------------------------------------------------------

_PROOFS = (Proof.ALLEGED, Proof.CORROBORATED, Proof.CORROBORATED, Proof.CORROBORATED, Proof.VERIFIED)
_LATER = START + 400 * DAY


def _question(dice: Random, facts: Sequence[Fact]) -> Question:
    """Return a question as of any moment, those of the facts and one microsecond beside them among them."""
    as_of = (
        START
        + dice.choice([dice.randint(-2, 24), dice.randint(8, 60), dice.randint(24, 80), dice.randint(30, 180)])
        * 6
        * HOUR
    )
    known_at = _LATER
    if facts and _often(dice, 15):
        near = dice.choice(facts)
        as_of = max(START - 3 * DAY, min(START + 60 * DAY, near.when.latest)) + dice.choice([-1, 0, 1])
    if facts and _often(dice, 35):
        known_at = dice.choice(facts).known_at + dice.choice([-1, 0, 1, DAY])
    audience = None
    if _often(dice, 30):
        audience = Audience(dice.choice(["north", "south", "guarantor", ""]), START + dice.randint(-1, 12) * DAY)
    return Question(as_of=as_of, known_at=known_at, proof=dice.choice(_PROOFS), audience=audience)


def cuts(whole: World, number: int) -> Iterator[World]:
    """Yield the world under so many random questions of the audiences that its agreement names and of the public."""
    dice = _dice(whole.seed)
    audiences = [*sorted(whole.agreement.actors()), ""]
    for index in range(number):
        question = _cut(dice, whole.facts, audiences)
        yield replace(whole, question=question, name=f"{whole.name}, cut {index}", seed=whole.seed + index)


def _cut(dice: Random, facts: Sequence[Fact], audiences: Sequence[str]) -> Question:
    """Return a question at random about facts of any year: at, just before and just after what is on record."""
    moments = sorted({one for fact in facts for one in (fact.when.latest, fact.known_at) if DAWN < one < NEVER})
    first, last = moments[0] - DAY, moments[-1] + 60 * DAY
    as_of = dice.choice([dice.choice(moments) + dice.choice([-1, 0, 1]), dice.randint(first, last)])
    known_at = dice.choice([last, last, dice.choice(moments) + dice.choice([-1, 0, 1])])
    audience = Audience(dice.choice(audiences), dice.randint(first, last)) if _often(dice, 40) else None
    return Question(as_of=as_of, known_at=known_at, proof=dice.choice(_PROOFS), audience=audience)


# ---- cutting a world down ------------------------------------------------------------------------------------------


def cut_down(found: World, disagrees: Callable[[World], bool], *, within_s: float = 60) -> World:
    """Return the world without the facts, clauses, amendments and keys that its disagreement does not need.

    What could not be tried within so many seconds stays: a big agreement takes long to load.
    """
    smallest, last = found, monotonic() + within_s
    smaller = True
    while smaller:
        smaller = False
        for candidate in _smaller(smallest):
            if monotonic() > last:
                return smallest
            if disagrees(candidate):
                smallest, smaller = candidate, True
                break
    return smallest


def _smaller(whole: World) -> Iterator[World]:
    half = len(whole.facts) // 2
    if half > 1:
        yield replace(whole, facts=whole.facts[:half])
        yield replace(whole, facts=whole.facts[half:])
    for index in range(len(whole.facts)):
        yield replace(whole, facts=whole.facts[:index] + whole.facts[index + 1 :])
    if whole.question.audience is not None:
        yield replace(whole, question=replace(whole.question, audience=None))
    for said in _less_said(whole.said):
        try:
            agreement = load_agreement(json.dumps(said), "agreement.yaml", whole.agreement.atlas)
        except Refused:
            continue
        yield replace(whole, said=said, agreement=agreement)
    for index, fact in enumerate(whole.facts):
        for plainer in _plainer(fact):
            yield replace(whole, facts=(*whole.facts[:index], plainer, *whole.facts[index + 1 :]))


def _plainer(fact: Fact) -> Iterator[Fact]:
    """Yield the fact without its label, its place or one of its fields."""
    if fact.label != PUBLIC:
        yield replace(fact, label=PUBLIC)
    if fact.place is not None:
        yield replace(fact, place=None)
    if fact.zone is not None:
        yield replace(fact, zone=None)
    for name, _ in fact.fields:
        yield replace(fact, fields=tuple(one for one in fact.fields if one[0] != name))


_NEEDED = ("id", "kind", "cite", "gloss", "adopted", "effective", "effect_on_past")


def _less_said(said: Said) -> Iterator[Said]:
    """Yield the text without one of its amendments, clauses, events, readings or keys of a clause."""
    for section in ("amendments", "clauses"):
        for index, entry in enumerate(several := said.get(section, [])):
            yield {**said, section: several[:index] + several[index + 1 :]}
            for key in entry:
                if key not in _NEEDED:
                    less = {name: value for name, value in entry.items() if name != key}
                    yield {**said, section: [*several[:index], less, *several[index + 1 :]]}
    for section in ("events", "readings", "vocabulary", "actors"):
        for key in said.get(section, {}):
            yield {**said, section: {name: one for name, one in said[section].items() if name != key}}


# ---- telling a world, and making one again from what was told ------------------------------------------------------


def told(found: World) -> str:
    """Return a world as a person reads it, in the very form in which `small_world` takes it."""
    out = StringIO()
    writer = YAML(typ="safe")
    writer.representer.ignore_aliases = lambda _: True
    writer.width = 110
    writer.dump(found.said, out)
    rows = "\n".join(json.dumps(write_row(fact)) for fact in found.facts)
    question = found.question
    asked = f"as of {write_moment(question.as_of)}, known at {write_moment(question.known_at)}, {question.proof.word}"
    if question.audience is not None:
        asked += f", for '{question.audience.name}' at {write_moment(question.audience.at)}"
    return f"{out.getvalue()}\n{rows}\n\n{asked}"


def small_world(
    agreement: str,
    facts: str,
    *,
    as_of: str,
    known_at: str = "2032-04-28T00:00Z",
    proof: Proof = Proof.CORROBORATED,
    audience: tuple[str, str] | None = None,
) -> World:
    """Return the world of an agreement's YAML and its facts, a row of JSON on each line."""
    draft = draft_agreement(agreement, "agreement.yaml", atlas())
    if draft.agreement is None or draft.names is None:
        raise Refused(list(draft.faults))
    rows = [json.loads(line) for line in facts.strip().splitlines()]
    read = tuple(read_row(row, draft.names, Where("facts", number)) for number, row in enumerate(rows, 1))
    reader = None if audience is None else Audience(audience[0], parse_moment(audience[1]))
    question = Question(as_of=_moment_of(as_of), known_at=_moment_of(known_at), proof=proof, audience=reader)
    return World(read_yaml(agreement, "agreement.yaml").data, draft.agreement, read, question)


def _moment_of(text: str) -> Moment:
    return {"never": NEVER, "always": DAWN}.get(text) or parse_moment(text)
