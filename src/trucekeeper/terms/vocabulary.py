"""The kinds of fact and their typed fields. An agreement may add its own; no word is ever mapped to "other"."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Nature(Enum):
    """What sort of thing a kind of fact is, which decides where a clause may use it."""

    EVENT = "event"  # it happened at a moment
    STATE = "state"  # a snapshot: it was so at a moment, and nothing is said of any other
    WATCH = "watch"  # somebody was, or could not be, watching over a span
    RECORD = "record"  # an act of word or paper: a claim, a notice, an order, a determination


class FieldType(Enum):
    """The type of one field."""

    WORD = "word"
    NUMBER = "number"
    FLAG = "flag"
    ACTOR = "actor"
    ZONE = "zone"
    KINDS = "kinds"  # names of kinds of fact


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fact: its name, the kind it is a sort of, its nature and its own fields (parents' fields besides)."""

    name: str
    says: str
    nature: Nature
    parent: str | None = None
    fields: tuple[tuple[str, FieldType], ...] = ()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All kinds that an agreement knows."""

    kinds: Mapping[str, Kind]

    def __contains__(self, name: object) -> bool:
        """Return whether the kind is known."""
        return name in self.kinds

    def lineage(self, name: str) -> tuple[str, ...]:
        """Return the kind and what it is a sort of, nearest first."""
        found: list[str] = []
        step: str | None = name
        while step is not None and step not in found:
            found.append(step)
            step = self.kinds[step].parent if step in self.kinds else None
        return tuple(found)

    def is_a(self, name: str, wanted: str) -> bool:
        """Return whether `name` is `wanted` or a sort of it."""
        return wanted in self.lineage(name)

    def fields(self, name: str) -> dict[str, FieldType]:
        """Return the fields of a kind, its parents' among them."""
        return {
            key: kind_of_field
            for step in reversed(self.lineage(name))
            if step in self.kinds
            for key, kind_of_field in self.kinds[step].fields
        }

    def extended(self, more: Mapping[str, Kind]) -> Vocabulary:
        """Return the vocabulary with further kinds."""
        return Vocabulary(MappingProxyType({**self.kinds, **more}))


_W, _N, _F, _A, _Z, _K = (
    FieldType.WORD,
    FieldType.NUMBER,
    FieldType.FLAG,
    FieldType.ACTOR,
    FieldType.ZONE,
    FieldType.KINDS,
)


def _kind(name: str, says: str, nature: Nature, parent: str | None = None, **fields: FieldType) -> Kind:
    return Kind(name, says, nature, parent, tuple(fields.items()))


_EVENT, _STATE, _WATCH, _RECORD = Nature.EVENT, Nature.STATE, Nature.WATCH, Nature.RECORD

_BASE = (
    # acts of force
    _kind("military-operation", "a military operation", _EVENT, unit=_W, against=_A, target=_W, character=_W),
    _kind(
        "attack",
        "an attack",
        _EVENT,
        "military-operation",
        weapon=_W,
        calibre_mm=_N,
        killed=_N,
        injured=_N,
        count=_N,
        permitted=_F,
    ),
    _kind("shelling", "shelling", _EVENT, "attack"),
    _kind("airstrike", "an air strike", _EVENT, "attack"),
    _kind("drone-strike", "a drone strike", _EVENT, "airstrike"),
    _kind("gunfire", "gunfire", _EVENT, "attack"),
    _kind("sniper-fire", "sniper fire", _EVENT, "gunfire"),
    _kind("return-fire", "return fire", _EVENT, "attack"),
    _kind("ground-attack", "an attack on the ground", _EVENT, "attack"),
    _kind("bombing", "an explosive device set off", _EVENT, "attack"),
    _kind("mine-laying", "mine laying", _EVENT, "military-operation"),
    _kind("reconnaissance", "reconnaissance", _EVENT, "military-operation"),
    _kind("sabotage", "sabotage", _EVENT, "military-operation"),
    _kind("offensive", "an offensive operation", _EVENT, "military-operation"),
    _kind("demolition", "demolition", _EVENT, "military-operation"),
    _kind("explosion", "an explosion, its author not named", _EVENT, weapon=_W, direction=_W, count=_N),
    _kind("heat", "a heat source seen from above, its cause unknown", _EVENT),
    _kind("unstated", "an event, of what kind nobody says", _EVENT, killed=_N, injured=_N, count=_N),
    _kind("abuse", "an abuse of persons", _EVENT, unit=_W, against=_A, category=_W, count=_N),
    _kind("abduction", "an abduction", _EVENT, "abuse"),
    _kind("live-fire-training", "live-fire training", _EVENT, unit=_W, weapon=_W),
    # movement, flight, presence
    _kind("movement", "a movement", _EVENT, unit=_W, toward=_Z, weapon=_W, code=_W, count=_N, purpose=_W),
    _kind("incursion", "an incursion", _EVENT, "movement"),
    _kind("reinforcement", "a reinforcement", _EVENT, "movement"),
    _kind("overflight", "an overflight", _EVENT, craft=_W, altitude_ft=_N),
    _kind("surveillance", "aerial surveillance", _EVENT, "overflight"),
    _kind("fortification", "building of fortifications", _EVENT, unit=_W),
    _kind("position", "where a unit was", _STATE, unit=_W, sector=_W, count=_N),
    _kind("armed-presence", "armed people or positions present", _STATE, "position", weapon=_W),
    _kind(
        "weapon-position",
        "where a weapon was",
        _STATE,
        unit=_W,
        sector=_W,
        weapon=_W,
        calibre_mm=_N,
        count=_N,
        stored=_F,
    ),
    _kind("deployment", "forces deployed", _STATE, unit=_W, sector=_W, count=_N, category=_W),
    _kind("strength", "strength of forces", _STATE, unit=_W, count=_N, category=_W),
    # persons, goods, arms
    _kind("release", "persons released", _EVENT, count=_N, category=_W, nationality=_W, code=_W, to=_A),
    _kind(
        "remains-returned",
        "remains of the dead returned",
        _EVENT,
        count=_N,
        category=_W,
        nationality=_W,
        code=_W,
        to=_A,
    ),
    _kind("amnesty", "an amnesty", _EVENT, count=_N, category=_W, of=_W),
    _kind("transfer", "a transfer", _EVENT, count=_N, goods=_W, to=_A, category=_W),
    _kind("delivery", "a delivery", _EVENT, count=_N, goods=_W, crossing=_W, counted_as=_W, to=_A),
    _kind("evacuation", "persons evacuated", _EVENT, count=_N, category=_W),
    _kind("arms-handover", "arms handed over", _EVENT, count=_N, weapon=_W, outcome=_W, stage=_W),
    _kind("demobilisation", "fighters demobilised", _EVENT, count=_N, stage=_W),
    _kind("obstruction", "obstruction of aid, access or movement", _EVENT, of=_W, against=_A, route=_W),
    _kind("ceremony", "a public ceremony or media display", _EVENT, of=_W),
    _kind("propaganda", "hostile propaganda", _EVENT, of=_W, channel=_W),
    # acts of word and paper
    _kind("record", "an act on paper", _RECORD, of=_W, to=_A, stage=_W, sector=_W, unit=_W, finding=_W, code=_W),
    _kind("declaration", "a declaration", _RECORD, "record"),
    _kind("decision", "a decision of a body", _RECORD, "record"),
    _kind("signature", "a signature", _RECORD, "record"),
    _kind("notice", "a notice", _RECORD, "record", weapon=_W, code=_W),
    _kind("order", "an order", _RECORD, "record", level=_W),
    _kind("permit", "a permit", _RECORD, "record", weapon=_W),
    _kind("report-issued", "a report issued", _RECORD, "record"),
    _kind("allegation", "an alleged violation reported", _RECORD, "record"),
    _kind("legislation", "an act of a parliament", _RECORD, "record"),
    _kind("talks", "talks held", _RECORD, "record"),
    _kind("information", "information handed over", _RECORD, "record"),
    _kind("discipline", "disciplinary action", _RECORD, "record"),
    _kind("measure", "a measure taken", _RECORD, "record"),
    _kind("procedure-ended", "the end of a procedure", _RECORD, "record", outcome=_W),
    _kind("inspection", "an inspection", _RECORD, "record", outcome=_W),
    _kind("access", "access given", _RECORD, "record"),
    _kind("suspension", "a suspension invoked", _RECORD, "record"),
    _kind("resumption", "the end of a suspension", _RECORD, "record"),
    _kind("extension", "an extension", _RECORD, "record", days=_N),
    _kind("waiver", "a waiver", _RECORD, "record"),
    _kind("termination", "a termination", _RECORD, "record"),
    _kind("plea", "a plea", _RECORD, "record", plea=_W),
    _kind("determination", "a determination by the body that decides", _RECORD, "record", plea=_W, term=_W),
    _kind("schedule", "the planned date of an event", _RECORD, "record"),
    _kind("base", "a declared base figure", _RECORD, "record", count=_N, category=_W, weapon=_W),
    _kind("list-entry", "an entry of an agreed list", _RECORD, "record", list=_W),
    _kind(
        "claim",
        "one counter's figure for a tally",
        _RECORD,
        tally=_W,
        value=_N,
        counted_as=_W,
        category=_W,
        supported=_F,
    ),
    # watching
    _kind("coverage", "somebody was watching", _WATCH, detects=_K, unit=_W),
    _kind("period-closed", "the record of a period is complete", _WATCH, "coverage"),
    _kind("denial", "access refused, delayed or jammed", _WATCH, detects=_K, against=_A, reason=_W),
)

BASE_VOCABULARY = Vocabulary(MappingProxyType({kind.name: kind for kind in _BASE}))
"""The kinds that every agreement knows."""
