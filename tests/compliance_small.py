"""Small cases for tests of one rule each: an agreement of Valoria in a few lines, a fact in one, a time in a word.

Days are those of March 2031, written with the winter offset of +02:00; on the 30th the clocks of Valoria go forward.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import TypeAdapter

from tests.compliance_columns import same_rows
from trucekeeper.agreement import language as lang
from trucekeeper.agreement.load import load_agreement
from trucekeeper.compliance.inquiry import Inquiry, Record
from trucekeeper.compliance.standing import Question, judge_clause, standing
from trucekeeper.geo import Atlas, read_geojson
from trucekeeper.terms import DAWN, NEVER, Amount, Fact, Interval, Moment, Proof, Span
from trucekeeper.terms.moments import parse_moment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from trucekeeper.agreement.agreement import Agreement
    from trucekeeper.compliance.grounds import Ground, Stand

T = TypeVar("T")

TICK = 1
"""One microsecond: the least by which anything can be late."""

MAP = Path(__file__).resolve().parent.parent / "scenarios" / "valoria.geojson"
HEAD: dict[str, object] = {
    "agreement": "valoria-2031",
    "title": "The Valoria Protocol",
    "time_zone": "EET",
    "parties": {"north": {"forces": ["north-army"], "units": ["n1", "n2"]}, "south": {"units": ["s1"]}},
    "actors": {
        "guarantor": {"role": "guarantor"},
        "commission": {"role": "mechanism"},
        "band": {"role": "affiliate", "of": "south", "link": "disputed"},
        "outsider": {"role": "non_signatory"},
    },
}
APPROVAL = {"approval": {"shown_by": {"fact": "decision"}}}
"""An event shown by decisions of it."""

_CONDITION: TypeAdapter[lang.Condition] = TypeAdapter(lang.Condition)
_PATTERN: TypeAdapter[lang.PatternBody] = TypeAdapter(lang.Pattern)
Time = str | Moment | Interval | tuple[str | Moment, str | Moment]


@cache
def atlas() -> Atlas:
    return read_geojson(MAP.read_text(encoding="utf-8"), MAP.name)


def at(said: str | Moment) -> Moment:
    """Return the moment of "4 12:00", the 4th of March 2031 at noon; of "never", never; a moment as it is."""
    if isinstance(said, int):
        return said
    if said in ("always", "never"):
        return DAWN if said == "always" else NEVER
    day, _, clock = said.partition(" ")
    return parse_moment(f"2031-03-{int(day):02}T{clock or '00:00'}+02:00")


def between(earliest: str | Moment, latest: str | Moment) -> Interval:
    return Interval(at(earliest), at(latest))


def during(start: str | Moment, end: str | Moment) -> Span:
    return Span(at(start), at(end))


def when(said: Time) -> Interval:
    if isinstance(said, Interval):
        return said
    return between(*said) if isinstance(said, tuple) else between(said, said)


# ---- agreements ----------------------------------------------------------------------------------------------------


def _plain(keys: dict[str, Any]) -> dict[str, Any]:
    return {key.rstrip("_"): value for key, value in keys.items()}


def clause(name: str, kind: str, **more: object) -> dict[str, Any]:
    """Return a clause as the file has it; a key that Python keeps for itself ends with an underscore."""
    return {"id": name, "kind": kind, "cite": f"art. {name}", "gloss": f"what {name} says", **_plain(more)}


def halt(**more: object) -> dict[str, Any]:
    """Return the clause that nobody attacks, which most cases need beside what they are about."""
    return clause("halt", "prohibit", **{"act": {"fact": "attack"}, **more})


def agreement(*clauses: dict[str, Any], **more: object) -> Agreement:
    return _loaded(json.dumps({**HEAD, **more, "clauses": list(clauses)}))


@cache
def _loaded(text: str) -> Agreement:
    return load_agreement(text, "agreement.yaml", atlas())


def amendment(name: str, effective: str, /, *clauses: dict[str, Any], **more: object) -> dict[str, Any]:
    """Return a decision adopted when it becomes effective, unless it says otherwise, and silent on the past."""
    moment = f"2031-03-{effective.partition(' ')[0]:0>2}T{effective.partition(' ')[2] or '00:00'}+02:00"
    head = {"id": name, "cite": f"decision {name}", "gloss": "a change", "adopted": moment, "effective": moment}
    return {**head, "effect_on_past": "unstated", "clauses": list(clauses), **more}


def pattern(fact_: str, **more: object) -> lang.PatternBody:
    return _PATTERN.validate_python({"fact": fact_, **_plain(more)})


def condition(**said: object) -> lang.Condition:
    return _CONDITION.validate_python(_plain(said))


# ---- facts ---------------------------------------------------------------------------------------------------------

_OWN = ("by", "place", "zone", "learned_at", "recorded_at", "occurred", "who", "op", "rev", "label", "cite")


def fact(name: str, kind: str, happened: Time, /, span: Span | None = None, **more: Any) -> Fact:  # noqa: ANN401  its fields
    """Return a fact, corroborated unless it says otherwise; a whole number among its fields is an amount."""
    own = {key: value for key, value in more.items() if key in _OWN}
    own = {"occurred": Proof.CORROBORATED, "who": Proof.CORROBORATED, "learned_at": when(happened).latest, **own}
    fields = {key.rstrip("_"): value for key, value in more.items() if key not in _OWN}
    kept = {key: Amount(one, one) if type(one) is int else one for key, one in fields.items()}
    return Fact(id=name, kind=kind, when=when(happened), span=span, fields=tuple(kept.items()), **own)


def watch(name: str, start: str | Moment, end: str | Moment, **more: Any) -> Fact:  # noqa: ANN401  its fields
    """Return somebody's watch for attacks over a time, unless it says for what else."""
    return fact(name, "coverage", start, during(start, end), **{"detects": ("attack",), **more})


# ---- questions -----------------------------------------------------------------------------------------------------


def asked(
    agreement: Agreement,
    facts: Iterable[Fact] = (),
    as_of: str | Moment = "31",
    proof: Proof = Proof.CORROBORATED,
    **more: Any,  # noqa: ANN401  the fields of an inquiry
) -> Inquiry:
    """Return a question put to these facts, which are all known."""
    record = Record.of(facts, agreement, NEVER)
    return Inquiry(agreement, record, at(as_of), proof, more.pop("judge", judge_clause), **more)


def stands(
    agreement: Agreement,
    facts: Iterable[Fact] = (),
    as_of: str | Moment = "31",
    *,
    of: str = "halt",
    **more: Any,  # noqa: ANN401  the rest of the question
) -> tuple[Stand, ...]:
    question, facts = Question(as_of=at(as_of), **{"known_at": NEVER, **more}), list(facts)
    if of in agreement.clauses:
        same_rows(agreement, facts, question, only=of)
    return standing(agreement, facts, question, only=of).stands


def said(ground: Ground) -> tuple[str, ...]:
    """Return every sentence of a tree of reasons."""
    return tuple(one.says for _, one in ground.walk())


def each(of: Callable[[T], object], several: Iterable[T]) -> list[object]:
    return [of(one) for one in several]
