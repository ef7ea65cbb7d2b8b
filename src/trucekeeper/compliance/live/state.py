"""The state of a watch as bytes: one line of JSON for what is asked, one for each revision, one for each row.

    {"v":1,"agreement":"5f0c…","clock":1932811200000000,"proof":"corroborated","audience":null,"facts":1,"rows":1}
    ["a1",1,"assert","attack","north",[["count",[5,9]]],null,"valley",[0,0],null,0,null,2,2,"","","","","",["",[],null,""]]
    ["halt",…]

A revision has the fields of `Fact` in their order: a place as latitude and longitude in 1e-7 degree and metres of
doubt, an interval and a span as two moments, an amount as a list of two numbers, words as {"words": […]}, a proof as
its number. Revisions stand in the order of their names, so that equal records give equal bytes. The state is a
cache: who loads it works everything out anew from the revisions, and the rows are there to be compared.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from enum import Enum
from typing import TYPE_CHECKING, Any

from trucekeeper.compliance.grounds import Counted
from trucekeeper.compliance.knowledge import Audience
from trucekeeper.terms import Amount, Fact, Field, Interval, Label, Moment, Op, Place, Proof, Span
from trucekeeper.terms.facts import PUBLIC

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trucekeeper.compliance.live.rows import Row

VERSION = 1


@dataclass(frozen=True, slots=True)
class State:
    """What a watch needs to go on."""

    digest: str
    clock: Moment
    proof: Proof
    audience: Audience | None
    facts: tuple[Fact, ...]


def write_state(state: State, rows: Iterable[Row]) -> bytes:
    """Return a state as bytes, with its rows."""
    audience = None if state.audience is None else [state.audience.name, state.audience.at]
    told = [_line(_plain_row(row)) for row in rows]
    head = {
        "v": VERSION,
        "agreement": state.digest,
        "clock": state.clock,
        "proof": state.proof.word,
        "audience": audience,
        "facts": len(state.facts),
        "rows": len(told),
    }
    lines = [_line(head), *(_line(_plain_fact(fact)) for fact in state.facts), *told]
    return "".join(f"{line}\n" for line in lines).encode()


def read_state(content: bytes) -> State:
    """Return the state that these bytes hold. Raises ValueError if they are none, or of another version."""
    lines = content.decode().splitlines()
    try:
        head = json.loads(lines[0])
        if head["v"] != VERSION:
            raise ValueError(f"a state of version {head['v']}, not {VERSION}: rebuild it from the facts")
        audience = None if head["audience"] is None else Audience(*head["audience"])
        facts = tuple(_fact(json.loads(line)) for line in lines[1 : 1 + head["facts"]])
        return State(head["agreement"], head["clock"], Proof.named(head["proof"]), audience, facts)
    except (LookupError, TypeError) as error:
        raise ValueError("these bytes are no state of a watch: rebuild it from the facts") from error


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _plain_fact(fact: Fact) -> list[object]:
    place, label = fact.place, fact.label
    return [
        fact.id,
        fact.rev,
        fact.op.value,
        fact.kind,
        fact.by,
        [[name, _plain_field(value)] for name, value in fact.fields],
        None if place is None else [place.lat_e7, place.lon_e7, place.within_m],
        fact.zone,
        [fact.when.earliest, fact.when.latest],
        None if fact.span is None else [fact.span.start, fact.span.end],
        fact.learned_at,
        fact.recorded_at,
        fact.occurred.value,
        fact.who.value,
        fact.source,
        fact.grade,
        fact.origin,
        fact.cite,
        fact.note,
        None if label == PUBLIC else [label.owner, label.releasable_to, label.not_before, label.precision],
    ]


def _plain_field(value: Field) -> object:
    match value:
        case Amount(least, most):
            return [least, most]
        case tuple():
            return {"words": value}
        case _:
            return value


def _fact(said: list[Any]) -> Fact:
    name, rev, op, kind, by, fields_, place, zone, when, span, learned, recorded, occurred, who, *more = said
    source, grade, origin, cite, note, label = more
    return Fact(
        id=name,
        rev=rev,
        op=Op(op),
        kind=kind,
        by=by,
        fields=tuple((key, _field(value)) for key, value in fields_),
        place=None if place is None else Place(*place),
        zone=zone,
        when=Interval(*when),
        span=None if span is None else Span(*span),
        learned_at=learned,
        recorded_at=recorded,
        occurred=Proof(occurred),
        who=Proof(who),
        source=source,
        grade=grade,
        origin=origin,
        cite=cite,
        note=note,
        label=PUBLIC if label is None else Label(label[0], tuple(label[1]), label[2], label[3]),
    )


def _field(value: Any) -> Field:  # noqa: ANN401  a value as JSON has it
    match value:
        case [least, most]:
            return Amount(least, most)
        case {"words": words}:
            return tuple(words)
        case _:
            return value  # type: ignore[no-any-return]  # a word or a flag


def _plain_row(row: Row) -> list[object]:
    return [_plain(getattr(row, field.name)) for field in fields(row)]


def _plain(value: object) -> object:
    match value:
        case Enum():
            return value.name.lower()
        case Interval(earliest, latest):
            return [earliest, latest]
        case Counted(count, floor, ceiling):
            return [_plain(one) for one in (count, floor, ceiling)]
        case tuple():
            return [_plain(one) for one in value]
        case _:
            return value
