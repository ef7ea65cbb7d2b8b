"""Small cases for the edges of meaning: a promise as a line of YAML, facts as short rows, and where it then stands.

All happens in the January of Valoria, where clocks show two hours more than UTC and no clock is changed. Moments are
whole microseconds, so that `day(13) + 1` is the first moment after the beginning of the 13th.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from tests.compliance_columns import same_rows
from tests.scenario_files import HEAD, MAP
from trucekeeper.agreement.load import load_agreement
from trucekeeper.agreement.yaml_text import read_yaml
from trucekeeper.compliance.standing import Question, standing
from trucekeeper.geo import Atlas, read_geojson
from trucekeeper.terms import NEVER, Amount, Fact, Interval, Moment, Op, Place, Proof, Span
from trucekeeper.terms.moments import DAY, HOUR, parse_moment

if TYPE_CHECKING:
    from trucekeeper.agreement.agreement import Agreement
    from trucekeeper.compliance.grounds import Stand
    from trucekeeper.terms import Field

JANUARY = parse_moment("2031-01-01T00:00+02:00")  # a Wednesday
LATER = parse_moment("2031-03-01T00:00+02:00")
ALLEGED, CORROBORATED, REFUTED = Proof.ALLEGED, Proof.CORROBORATED, Proof.REFUTED

EVENTS = """{start: {at: 2031-01-10T00:00+02:00}, approval: {shown_by: {fact: decision}}}"""
PARTIES = """{north: {units: [n1, n2], forces: [militia]}, south: {}}"""
WEST, EAST = Place.of(lat="0.1", lon="-30.2", within_m=0), Place.of(lat="0.1", lon="-29.8", within_m=0)


def day(number: int, hour: int = 0) -> Moment:
    """Return an hour of a day of January."""
    return JANUARY + (number - 1) * DAY + hour * HOUR


def end_of(number: int) -> Moment:
    """Return the last microsecond of a day of January."""
    return day(number + 1) - 1


START = day(10)
"""From when promises bind that do not say otherwise."""


@cache
def _atlas() -> Atlas:
    return read_geojson(MAP.read_text(encoding="utf-8"), "zones.geojson")


@cache
def agreed(*clauses: str, **head: str) -> Promise:
    """Return the promise that the first clause makes, `it`, beside further clauses and words of the head.

    Of what a clause does not say: it has an article and a gloss, binds North, and begins with the 10th of January.
    """
    whole = read_yaml(HEAD.read_text(encoding="utf-8"), HEAD.name).data
    for key, value in {"events": EVENTS, "parties": PARTIES, **head}.items():
        whole[key] = read_yaml(value, key).data
    said = [read_yaml(f"{{{clause}}}", "clause").data for clause in clauses]
    usual = {"id": "it", "cite": "art. 1", "gloss": "as agreed", "by": "north", "after": "start"}
    whole["clauses"] = [{**usual, **clause} for clause in said]
    return Promise(load_agreement(json.dumps(whole), "agreement.yaml", _atlas()))


@dataclass(frozen=True)
class Promise:
    """An agreement, of which one clause is asked about."""

    agreement: Agreement

    def stands(
        self, *facts: Fact, as_of: Moment, proof: Proof = CORROBORATED, clause: str = "it"
    ) -> tuple[Stand, ...]:
        """Return the stands of a clause; facts without a name are called f1, f2, .. in their order.

        The columns must give the same.
        """
        named = [fact if fact.id else replace(fact, id=f"f{number}") for number, fact in enumerate(facts, 1)]
        question = Question(as_of=as_of, known_at=NEVER, proof=proof)
        if clause in self.agreement.clauses:
            same_rows(self.agreement, named, question, only=clause)
        return standing(self.agreement, named, question, only=clause).of(clause)

    def stand(
        self,
        *facts: Fact,
        as_of: Moment,
        proof: Proof = CORROBORATED,
        clause: str = "it",
        occurrence: str | None = None,
    ) -> Stand:
        """Return the one stand of a clause, or of one occurrence of it."""
        rows = self.stands(*facts, as_of=as_of, proof=proof, clause=clause)
        meant = [row for row in rows if occurrence is None or row.occurrence.startswith(occurrence)]
        assert len(meant) == 1, [(row.occurrence, row.reading, outcome(row)) for row in rows]
        return meant[0]


def outcome(stand: Stand) -> str:
    """Return the verdict and what became of the commitment, in words."""
    return f"{stand.verdict.value}, {stand.lifecycle.value}"


def reasons(stand: Stand) -> tuple[str, ...]:
    """Return all that the reasons say."""
    return tuple(ground.says for _, ground in stand.ground.walk())


def beside(stand: Stand) -> tuple[str, ...]:
    """Return what is printed beside the verdict."""
    return tuple(one.says for one in stand.beside)


def between(earliest: Moment, latest: Moment) -> Interval:
    """Return a time known no better than this."""
    return Interval(earliest, latest)


# ---- facts ---------------------------------------------------------------------------------------------------------


def _field(value: object) -> Field:
    if isinstance(value, bool | str | Amount):
        return value
    return Amount(value, value) if isinstance(value, int) else tuple(str(one) for one in value)  # type: ignore[attr-defined]  # else a list of words


def fact(
    kind: str,
    at: Moment | Interval,
    *,
    by: str | None = None,
    name: str = "",
    proof: Proof = CORROBORATED,
    who: Proof | None = None,
    span: Span | None = None,
    place: Place | None = None,
    zone: str | None = None,
    redacted: bool = False,
    **fields: object,
) -> Fact:
    """Return a corroborated fact; whole numbers among its fields are amounts, lists are lists of words."""
    when = at if isinstance(at, Interval) else Interval.at(at)
    return Fact(
        id=name,
        kind=kind,
        op=Op.REDACT if redacted else Op.ASSERT,
        by=by,
        fields=tuple((key, _field(value)) for key, value in fields.items()),
        when=when,
        span=span,
        place=place,
        zone=zone,
        learned_at=when.latest,
        occurred=proof,
        who=proof if who is None else who,
        cite=f"report of {kind}",
    )


def some(least: int, most: int) -> Amount:
    """Return a number known no better than this."""
    return Amount(least, most)


def watch(
    *kinds: str,
    since: Moment = START,
    until: Moment = LATER,
    proof: Proof = CORROBORATED,
    by: str | None = None,
    zone: str | None = None,
) -> Fact:
    """Return that somebody was watching for these kinds all the while."""
    return fact(
        "coverage",
        since,
        span=Span(since, until),
        proof=proof,
        by=by,
        zone=zone,
        detects=kinds,
        name=f"watch-{kinds}",
    )


def claim(
    value: object,
    since: Moment,
    until: Moment,
    *,
    by: str | None = "guarantor",
    proof: Proof = CORROBORATED,
    **fields: object,
) -> Fact:
    """Return a counter's figure for the tally `it`, or the one that its fields name."""
    said = {"tally": "it", **fields} if value is None else {"tally": "it", "value": value, **fields}
    return fact("claim", until, span=Span(since, until), by=by, proof=proof, **said)  # type: ignore[arg-type]  # the fields of a claim


# ---- powers, and what is done by them ------------------------------------------------------------------------------

PAUSE = "id: pause, kind: power, by: south, may: suspend, of: all, stops_clock: false"
STOP = "id: stop, kind: power, by: south, may: terminate, of: all"
WAIVE = "id: waive, kind: power, by: south, may: waive, of: all"


def suspended(since: Moment, until: Moment) -> tuple[Fact, Fact]:
    """Return a suspension by South that North accepted."""
    return (
        fact("suspension", since, by="south", of="it", span=Span(since, until), name="suspension"),
        fact("declaration", since, by="north", of="suspension", finding="accepted", name="acceptance"),
    )


def stopped(at: Moment | Interval) -> Fact:
    """Return a termination by South."""
    return fact("termination", at, by="south", of="it", name="termination")


def found(plea: str, about: str, at: Moment, *, finding: str = "established") -> Fact:
    """Return what the commission found of a plea."""
    return fact("determination", at, by="commission", of=about, plea=plea, finding=finding, name=f"on-{plea}")
