"""What the narrow log says, in the words of `bench/narrow/agreement.yaml`.

The log's first second is the first of 2031. Everything in it is known when it happens, and corroborated. What the log
does not say in so many words is added: it is complete, so somebody kept the record of inspections all the while, and
each day's end closes the record of that day's trucks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.log import DAY, DAYS, ZONES, Kind, threshold
from trucekeeper.agreement.load import load_agreement
from trucekeeper.geo import read_geojson
from trucekeeper.terms import Amount, Fact, Field, Interval, Proof, Span
from trucekeeper.terms.moments import SECOND, parse_moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bench.plain import Event
    from trucekeeper.agreement.agreement import Agreement

FOLDER = Path(__file__).resolve().parent / "narrow"
START = parse_moment("2031-01-01T00:00Z")
END = START + DAYS * DAY * SECOND
"""The last day's end, which is the last moment of the log."""
ACTORS = ("north", "south", "east", "west")
TRUCKS_AT_10M = 33_333


@dataclass(frozen=True, slots=True)
class Said:
    """What one kind of event says as a fact.

    `by` is who did it: a name, or None where the log does not say. `field` is the name of the field that `a` (or, for
    amounts, `b`) fills, and `prefix` what stands before the number there. `b` is a zone if `zoned`; with `actor`, an
    actor and a zone.
    """

    kind: str
    by: str | None = None
    field: str | None = None
    prefix: str = ""
    zoned: bool = False
    actor: bool = False
    amount: bool = False


SAID = {
    Kind.WAIVER: Said("waiver", zoned=True, actor=True),
    Kind.PERMIT: Said("permit", "commission", "weapon", "w"),
    Kind.INVEST: Said("inspection", "commission", "of", "report-"),
    Kind.APPROVE: Said("decision", "guarantor", "of", "approval"),
    Kind.POS: Said("position", "north", "unit", "u", zoned=True),
    Kind.OBS: Said("weapon-position", "south", "weapon", "w", zoned=True),
    Kind.ATTACK: Said("attack", zoned=True, actor=True),
    Kind.REPORT: Said("allegation"),
    Kind.TRUCK: Said("delivery", "east", "count", amount=True),
    Kind.DAYEND: Said("period-closed", "commission"),
}


def agreement(size: int, *, clauses: int = 5) -> Agreement:
    """Return the five clauses for a log of this nominal size, or so many more, each a little different."""
    zones = FOLDER / "zones.geojson"
    atlas = read_geojson(zones.read_text(encoding="utf-8"), zones.name)
    return load_agreement(text_of(size, clauses=clauses), "agreement.yaml", atlas)


def text_of(size: int, *, clauses: int = 5) -> str:
    """Return the agreement's text for a log of this nominal size.

    More clauses than five are the five again: with windows longer by an hour each time, a day's trucks fewer by one.
    """
    text = (FOLDER / "agreement.yaml").read_text(encoding="utf-8")
    for number in (f"{TRUCKS_AT_10M}", f"{TRUCKS_AT_10M:,}"):
        text = text.replace(f"at_least: {number}", f"at_least: {threshold(size)}")
        text = text.replace(f"admits {number} trucks", f"admits {threshold(size):,} trucks")
    head, *five = re.split(r"(?m)^(?=  - id: P\d$)", text)
    more = [_varied(five[number % 5], number // 5, size) for number in range(5, clauses)]
    return "".join([head, *five, *more])


def _varied(clause: str, times: int, size: int) -> str:
    owed = threshold(size)
    clause = re.sub(r"(within|after): (\d+)h", lambda said: f"{said[1]}: {int(said[2]) + times}h", clause)
    clause = clause.replace(f"at_least: {owed}", f"at_least: {owed - times}")
    return re.sub(r"(?m)^  - id: (P\d)$", rf"  - id: \1-{times}", clause)


def moment(ts: int) -> int:
    """Return the moment of a time of the log."""
    return START + ts * SECOND


def watch() -> Fact:
    """Return that somebody kept the record of inspections from the first second to the last."""
    return _fact(
        "record-of-inspections", "coverage", START, "commission", span=Span(START, END), detects="inspection"
    )


def facts(events: Iterable[Event]) -> Iterator[Fact]:
    """Yield the log as facts, and the watch over it."""
    yield watch()
    for number, (ts, kind, a, b) in enumerate(events):
        yield told(number, (ts, kind, a, b))


def told(number: int, event: Event) -> Fact:
    """Return one event of the log, by its number in it, as a fact."""
    ts, kind, a, b = event
    said = SAID[Kind(kind)]
    name = f"report-{a}" if kind == Kind.REPORT else f"f{number}"
    when = moment(ts)
    if kind == Kind.DAYEND:
        day = Span(when - DAY * SECOND, when - 1)
        return _fact(name, said.kind, when, said.by, span=day, detects="delivery")
    by = ACTORS[b // ZONES] if said.actor else said.by
    zone = f"z{b % ZONES}" if said.zoned else None
    return _fact(name, said.kind, when, by, zone=zone, fields=_fields(said, kind, a, b))


def _fields(said: Said, kind: int, a: int, b: int) -> tuple[tuple[str, Field], ...]:
    if said.field is None:
        return ()
    if said.amount:
        return ((said.field, Amount(b, b)),)
    return ((said.field, said.prefix if kind == Kind.APPROVE else f"{said.prefix}{a}"),)


def _fact(
    name: str,
    kind: str,
    when: int,
    by: str | None,
    *,
    zone: str | None = None,
    fields: tuple[tuple[str, Field], ...] = (),
    span: Span | None = None,
    detects: str | None = None,
) -> Fact:
    return Fact(
        id=name,
        kind=kind,
        when=Interval.at(when),
        by=by,
        zone=zone,
        fields=fields if detects is None else (("detects", (detects,)),),
        span=span,
        learned_at=when,
        occurred=Proof.CORROBORATED,
        who=Proof.CORROBORATED,
    )
