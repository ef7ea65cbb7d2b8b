"""In whatever order facts come and time passes, rows and changes are those of the reference."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.compliance_live import hold
from tests.compliance_small import (
    APPROVAL,
    TICK,
    agreement,
    amendment,
    at,
    between,
    clause,
    during,
    fact,
    halt,
    watch,
)
from trucekeeper.compliance.knowledge import Audience
from trucekeeper.terms import DAWN, NEVER, Amount, Fact, Interval, Label, Op, Place, Proof
from trucekeeper.terms.moments import HOUR

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trucekeeper.agreement.agreement import Agreement
    from trucekeeper.terms import Moment


@dataclass(frozen=True)
class Case:
    """A small agreement, a few revisions, and the moments at which something turns."""

    agreement: Agreement
    facts: tuple[Fact, ...]
    stops: tuple[Moment, ...]
    clock: Moment
    options: tuple[tuple[str, Any], ...] = ()


def case(
    what: Agreement,
    *facts: Fact,
    stops: tuple[str | int, ...],
    clock: str = "1",
    **options: Any,  # noqa: ANN401  how it is asked
) -> Case:
    """Return a case; what does not say otherwise was known from the beginning, though it was still to come."""
    options["given"] = known_early(options.get("given", ()), at(clock))
    return Case(what, known_early(facts, at(clock)), tuple(map(at, stops)), at(clock), tuple(options.items()))


def known_early(facts: Iterable[Fact], by: Moment) -> tuple[Fact, ...]:
    return tuple(replace(one, learned_at=by) if one.learned_at == one.when.latest else one for one in facts)


def retracted(one: Fact, **more: Any) -> Fact:  # noqa: ANN401  its fields
    return again(one, op=Op.RETRACT, **more)


def redacted(one: Fact, **more: Any) -> Fact:  # noqa: ANN401  its fields
    return again(one, **{"op": Op.REDACT, "fields": (), "by": None, **more})


def again(one: Fact, **more: Any) -> Fact:  # noqa: ANN401  its fields
    """Return the next revision of a fact."""
    return replace(one, **{"rev": one.rev + 1, **more})


def attack(name: str, when: Any, **more: Any) -> Fact:  # noqa: ANN401  its fields
    return fact(name, "attack", when, **{"by": "north", **more})


def seen(name: str, when: Any, place: Place | None, **more: Any) -> Fact:  # noqa: ANN401  its fields
    return fact(name, "deployment", when, **{"by": "north", "place": place, **more})


def unit_at(name: str, when: Any, place: Place | None, **more: Any) -> Fact:  # noqa: ANN401  its fields
    return fact(name, "position", when, **{"by": "north", "place": place, **more})


def counted(name: str, when: Any, count: int | Amount, **more: Any) -> Fact:  # noqa: ANN401  its fields
    return fact(name, "delivery", when, **{"by": "north", "count": count, **more})


def claim(name: str, start: str, end: str | int, value: int | Amount, **more: Any) -> Fact:  # noqa: ANN401  its fields
    return fact(name, "claim", end, during(start, end), **{"tally": "trucks", "value": value, "by": "south", **more})


def of(name: str, kind: str, about: str, when: Any, **more: Any) -> Fact:  # noqa: ANN401  its fields
    return fact(name, kind, when, **{"of": about, **more})


def ruling(name: str, about: str, when: Any, finding: str, **more: Any) -> Fact:  # noqa: ANN401  its fields
    return of(name, "determination", about, when, finding=finding, **{"by": "commission", **more})


WEST, EAST = Place.of(lat="0.1", lon="-30.2", within_m=0), Place.of(lat="0.1", lon="-29.8", within_m=0)
SINCE = "2031-03-02T00:00+02:00"
ALLEGED: dict[str, Any] = {"occurred": Proof.ALLEGED, "who": Proof.ALLEGED}
LOST: dict[str, Any] = {"kind": "", "when": Interval(DAWN, NEVER), "zone": None, "place": None}
"""All that a redaction can take away."""

ANSWERED = {"to": {"fact": "allegation"}, "with_": {"fact": "inspection"}, "within": "24h"}
PERMIT = {"shown": {"fact": "waiver", "same": ["by", "zone"]}, "within": "1h", "burden": "accuser"}
NOTICED = {"shown": {"fact": "notice"}, "within": "6h"}
COUNTED = {"by": "north", "after": SINCE, "count": {"fact": "delivery"}, "claims": "trucks"}
LEAVE = {"by": "north", "after": SINCE, "within": "72h"}
GONE = {**LEAVE, "state": {"fact": "deployment", "side": "west of agreed-line"}}
MOVED = {**LEAVE, "state": {"fact": "position", "side": "west of agreed-line"}}
PAUSE = clause("pause", "power", by=["north", "south"], may="suspend", of="all")
STOP = clause("stop", "power", by=["north", "south"], may="suspend", of="all", stops_clock=True)
END = clause("end", "power", by="south", may="terminate", of="all")
FLOOR = {"by": "north", "after": SINCE, "measure": {"fact": "strength"}, "at_least": 5}


def strong(name: str, when: Any, count: int | Amount, **more: Any) -> Fact:  # noqa: ANN401  its fields
    return fact(name, "strength", when, **{"by": "north", "count": count, **more})


CASES = {
    # ---- acts ------------------------------------------------------------------------------------------------------
    "acts at the ends of their time, one re-timed and one retracted": case(
        agreement(halt(by=["north", "south"], after=SINCE, until="2031-03-05T00:00+02:00")),
        attack("a1", "4"),
        attack("a2", ("4 22:00", "5 02:00")),
        again(attack("a1", "4"), when=between("5", "5")),
        retracted(again(attack("a1", "4"))),
        stops=("4", "4 22:00", "5", at("5") + TICK, "6"),
    ),
    "acts of which little is known or left": case(
        agreement(halt(by=["north", "south"], after=SINCE), halt(id="still", by="north", act={"fact": "movement"})),
        attack("a1", "3", by=None),
        attack("a2", "4", **ALLEGED),
        redacted(attack("a2", "4"), **LOST),
        fact("m1", "movement", "3", by="north", who=Proof.REFUTED),
        stops=("3", "4", "5"),
    ),
    "an act that becomes another kind of act, and another's": case(
        agreement(halt(by="north", after=SINCE, act=[{"fact": "shelling"}, {"fact": "movement"}])),
        fact("a1", "shelling", "3", by="north"),
        fact("a1", "gunfire", "3", by="north", rev=2),
        fact("a1", "movement", "3 12:00", by="north", rev=3),
        fact("a1", "movement", "3 12:00", by="south", rev=4, learned_at=at("4")),
        stops=("3", "3 12:00", "4"),
    ),
    "acts in a zone, or on no known side of its border": case(
        agreement(halt(by="north", act={"fact": "attack", "in": "valley"})),
        attack("a1", "3", place=WEST),
        attack("a2", "3", place=EAST),
        again(attack("a2", "3"), zone="valley"),
        attack("a3", "3", zone="harbour"),
        stops=("3", "4"),
        given=(watch("c1", "1", "20", zone="valley"),),
    ),
    "acts with permits, elsewhere or too old": case(
        agreement(halt(by="north", after=SINCE, excuse=PERMIT)),
        attack("a1", "3 12:00", zone="valley"),
        fact("w1", "waiver", ("3 10:30", "3 11:00"), by="north", zone="valley"),
        fact("w2", "waiver", "3 11:00", by="north"),
        again(fact("w2", "waiver", "3 11:00", by="north", zone="harbour")),
        stops=("3 12:00", "4"),
    ),
    "acts of which notice was given to one named": case(
        agreement(halt(by="north", after=SINCE, excuse=NOTICED)),
        attack("a1", "3 12:00"),
        attack("a2", ("3 12:00", "3 14:00")),
        of("n1", "notice", "a1", "3 06:00"),
        of("n2", "notice", "halt", "3 08:00", **ALLEGED),
        stops=("3 12:00", "3 14:00", "4"),
    ),
    "an act with a plea that is raised, established and rejected": case(
        agreement(halt(by="north", excuse={"plea": "self-defence"})),
        attack("a1", "3"),
        of("p1", "plea", "a1", "3 14:00", plea="self-defence"),
        ruling("d1", "a1", "3 15:00", "established", plea="self-defence"),
        ruling("d2", "a1", "3 16:00", "rejected", plea="self-defence"),
        stops=("3", "3 14:00", "3 15:00", "3 16:00"),
    ),
    "acts prohibited only while something goes on": case(
        agreement(halt(by="north", after=SINCE, while_={"happened": {"fact": "access"}, "within": "24h"})),
        attack("a1", "3 12:00"),
        fact("x1", "access", "3"),
        fact("x2", "access", ("4 12:00", "4 14:00")),
        stops=("3", "3 12:00", "4", at("4") + TICK, "4 12:00", "4 14:00", at("5 12:00") + TICK),
    ),
    "acts whose kind a body must judge": case(
        agreement(halt(by="north", act={"fact": "military-operation", "judgement": "offensive"})),
        attack("a1", "3"),
        ruling("d1", "a1", "4", "yes", term="offensive"),
        ruling("d2", "a1", "5", "no", term="offensive"),
        stops=("3", "4", "5"),
    ),
    "acts by anyone but some, and by units": case(
        agreement(
            halt(by={"anyone_except": ["guarantor"]}),
            halt(id="units", by="north", act={"fact": "movement"}, each={"unit": {"of": "north"}}),
        ),
        attack("a1", "3", by="band"),
        attack("a2", "3", by="guarantor"),
        fact("m1", "movement", "3", by="north", unit="n2"),
        fact("m2", "movement", "3", by="north-army"),
        stops=("3", "4"),
    ),
    "acts after a start that is read two ways, until one is adopted": case(
        agreement(
            halt(by="north", after={"reading": "clock", "a": SINCE, "b": "2031-03-04T00:00+02:00"}),
            readings={"clock": {"a": "one", "b": "another", "adopted": "none"}},
            amendments=[amendment("d1", "6", adopts={"clock": "b"})],
        ),
        attack("a1", "3"),
        attack("a2", "4"),
        retracted(attack("a2", "4")),
        stops=("3", "4", at("6") - TICK, "6"),
    ),
    "acts under a clause that is changed and then removed": case(
        agreement(
            halt(by="north", after=SINCE),
            amendments=[
                amendment("d1", "4", {"id": "halt", "act": {"fact": "movement"}}),
                amendment("d2", "6", removes=["halt"]),
            ],
        ),
        attack("a1", "3"),
        attack("a2", ("3 12:00", "4 12:00")),
        fact("m1", "movement", "4", by="north"),
        watch("c1", "1", "20"),
        stops=(at("4") - TICK, "4", "5", "6"),
    ),
    "acts while the prohibition is suspended, contested and then resumed": case(
        agreement(halt(by="north", after=SINCE), PAUSE),
        attack("a1", "4"),
        of("s1", "suspension", "halt", "3", by="south"),
        of("k1", "declaration", "s1", "3 12:00", by="north", finding="accepted"),
        of("e1", "resumption", "s1", "4", by="south"),
        stops=("3", "3 12:00", "4", "5"),
    ),
    "acts after the prohibition was ended": case(
        agreement(halt(by="north", after=SINCE), END),
        attack("a1", "4"),
        of("t1", "termination", "halt", ("3 12:00", "4"), by="south"),
        retracted(of("t1", "termination", "halt", "3 12:00", by="south")),
        watch("c1", "1", "20"),
        stops=("3 12:00", "4", at("4") + TICK),
    ),
    "acts that an audience may not see, or not yet": case(
        agreement(halt(by=["north", "south"])),
        attack("a1", "3", label=Label(owner="north")),
        attack("a2", "3", label=Label(owner="north", releasable_to=("south",))),
        redacted(attack("a2", "3"), label=Label(owner="north")),
        attack("a1", "3", by="south", rev=2),
        stops=("3", "4"),
        audience=Audience("south", at("3")),
    ),
    "acts asked about at the level of allegations": case(
        agreement(halt(by="north", after=SINCE, excuse=PERMIT)),
        attack("a1", "3 12:00", zone="valley", **ALLEGED),
        fact("w1", "waiver", "3 12:00", by="north", zone="valley", **ALLEGED),
        attack("a2", "3", occurred=Proof.REFUTED),
        stops=("3 12:00", "4"),
        proof=Proof.ALLEGED,
    ),
    # ---- calls and answers -----------------------------------------------------------------------------------------
    "calls answered at the last moment, late or perhaps": case(
        agreement(clause("answer", "respond", by="north", **ANSWERED)),
        fact("r1", "allegation", "3"),
        of("i1", "inspection", "r1", "4", by="north"),
        of("i1", "inspection", "r1", at("4") + TICK, by="north", rev=2),
        watch("c1", "1", "20", detects=("inspection",)),
        stops=("3", "4", at("4") + TICK, at("4") + 2 * TICK),
    ),
    "calls that are doubtful, re-timed and retracted": case(
        agreement(clause("answer", "respond", by="north", after=SINCE, **ANSWERED)),
        fact("r1", "allegation", ("2", "3"), **ALLEGED),
        again(fact("r1", "allegation", ("1 12:00", "2 12:00"))),
        retracted(again(fact("r1", "allegation", "2"))),
        of("i1", "inspection", "r1", ("3", "3 12:00"), by="north"),
        stops=("2", "3", "4", "5"),
    ),
    "calls answered by what is alike": case(
        agreement(
            clause(
                "answer",
                "respond",
                by="north",
                to={"fact": "allegation"},
                within="24h",
                with_=[{"fact": "inspection", "same": ["sector"]}, {"fact": "decision", "by": "commission"}],
            )
        ),
        fact("r1", "allegation", "3", sector="s-1"),
        fact("i1", "inspection", "3 12:00", by="north", sector="s-1"),
        fact("i2", "inspection", "3 11:00", by="north"),
        of("d1", "decision", "r1", "3 10:00", by="commission"),
        stops=("3", "4", at("4") + TICK),
    ),
    "calls that are themselves contrary, and excused": case(
        agreement(
            clause("answer", "respond", by="north", to={"fact": "obstruction"}, result_alone=True, excuse=NOTICED)
        ),
        fact("r1", "obstruction", "3"),
        of("n1", "notice", "r1", "2 18:00"),
        again(of("n1", "notice", "r1", "2 18:00"), when=between(at("2 18:00") - TICK, at("2 18:00") - TICK)),
        watch("c1", "1", "20", detects=("obstruction",)),
        stops=("3", "4"),
    ),
    "calls suspended and waived": case(
        agreement(
            clause("answer", "respond", by="north", **ANSWERED),
            PAUSE,
            clause("drop", "power", by="south", may="waive", of="all"),
        ),
        fact("r1", "allegation", "3"),
        of("s1", "suspension", "answer", "3 12:00", by="south", span=during("3 12:00", "5")),
        of("k1", "declaration", "s1", "3 12:00", by="north", finding="accepted"),
        of("w1", "waiver", "answer", "4 12:00", by="south"),
        stops=("3", "3 12:00", "4", at("4") + TICK, at("4 12:00") + TICK, "5"),
        moving=True,
    ),
    # ---- states to be reached --------------------------------------------------------------------------------------
    "something done by a deadline, at the last moment, late or perhaps": case(
        agreement(clause("leave", "achieve", state={"fact": "access"}, **LEAVE)),
        of("x1", "access", "leave", "5", by="north"),
        again(of("x1", "access", "leave", at("5") + TICK, by="north")),
        of("x2", "access", "leave", ("4 12:00", "5 12:00"), by="north"),
        watch("c1", "1", "20", detects=("access",)),
        stops=("4 12:00", "5", at("5") + TICK, "6"),
    ),
    "snapshots before, at and after a deadline": case(
        agreement(clause("leave", "achieve", **GONE)),
        seen("p1", "3", WEST),
        seen("p2", "4", EAST),
        seen("p3", "5", EAST),
        seen("p4", ("4 12:00", "5 12:00"), WEST),
        stops=("3", "4", "5", at("5") + TICK, "6"),
    ),
    "a snapshot before a deadline and one against it at its last moment": case(
        agreement(clause("leave", "achieve", **GONE)),
        seen("p1", "3", WEST),
        seen("p2", "5", EAST),
        seen("p3", "5", WEST, **ALLEGED),
        stops=("3", "5", at("5") + TICK),
    ),
    "snapshots one against the other, as fresh as they may just be": case(
        agreement(clause("leave", "achieve", **GONE, shown_by={"fact": "deployment", "stale_after": "6h"})),
        seen("p1", "4", WEST),
        seen("p2", "4 18:00", EAST),
        again(seen("p2", at("4 18:00") - TICK, EAST)),
        stops=("4", "4 18:00", "5", at("5") + TICK),
    ),
    "a doubtful snapshot against it that is taken back": case(
        agreement(clause("leave", "achieve", **GONE)),
        seen("p1", "4", WEST),
        seen("p2", "4 12:00", EAST, **ALLEGED),
        retracted(seen("p2", "4 12:00", EAST)),
        stops=("4", "4 12:00", "5", at("5") + TICK),
    ),
    "snapshots beside a word that is stronger, one of them taken back": case(
        agreement(
            clause(
                "leave",
                "achieve",
                **GONE,
                shown_by=[{"fact": "declaration", "by": "guarantor"}, {"fact": "deployment"}],
            )
        ),
        of("d1", "declaration", "leave", "4", by="guarantor"),
        seen("p1", "6", EAST, **ALLEGED),
        retracted(seen("p1", "6", EAST)),
        stops=("4", at("5") + TICK, "6"),
    ),
    "three snapshots of which the middle one is taken back": case(
        agreement(clause("leave", "achieve", **GONE)),
        seen("p2", "3 12:00", WEST),
        seen("p3", "4", WEST),
        retracted(seen("p2", "3 12:00", WEST)),
        stops=("3 12:00", "4", at("5") + TICK),
        given=(seen("p1", "3", WEST, **ALLEGED), seen("p4", "4 12:00", WEST, **ALLEGED)),
    ),
    "snapshots after a deadline that was missed": case(
        agreement(clause("leave", "achieve", **GONE)),
        seen("p1", "5 12:00", WEST),
        seen("p2", "6", EAST),
        retracted(seen("p2", "6", EAST)),
        stops=("5 12:00", "6"),
        given=(seen("p0", "5", EAST),),
    ),
    "snapshots whose first and last move": case(
        agreement(clause("leave", "achieve", **GONE)),
        seen("p1", ("3", "3 12:00"), WEST, **ALLEGED),
        again(seen("p1", ("2 12:00", "4 12:00"), WEST, **ALLEGED)),
        seen("p2", ("3", "4"), WEST, **ALLEGED),
        stops=("2 12:00", "3", "4", "4 12:00", at("5") + TICK),
    ),
    "a first, doubtful snapshot that is taken back": case(
        agreement(clause("leave", "achieve", **GONE)),
        seen("p1", "3", WEST, **ALLEGED),
        seen("p2", "4", WEST),
        retracted(seen("p1", "3", WEST)),
        stops=("3", "4", at("5") + TICK),
    ),
    "a last, doubtful snapshot that is taken back": case(
        agreement(clause("leave", "achieve", **GONE)),
        seen("p1", "3", WEST, **ALLEGED),
        seen("p2", "4", WEST, **ALLEGED),
        retracted(seen("p2", "4", WEST)),
        stops=("3", "4", at("5") + TICK),
    ),
    "counts of days known ahead and in doubt from one day to the next": case(
        agreement(clause("day", "quota", at_least=2, until="2031-03-06T00:00+02:00", **COUNTED)),
        counted("d1", ("3 20:00", "4 04:00"), 2),
        again(counted("d1", ("3 01:00", "3 23:00"), Amount(1, 3))),
        counted("d2", "3 22:30", 1),
        stops=("3 20:00", "3 22:30", "4", at("4 04:00") + TICK, "5"),
        given=(watch("c1", "1", "20", detects=("delivery",)),),
    ),
    "counts of what took days, or is known to no day": case(
        agreement(clause("day", "quota", at_most=2, until="2031-03-06T00:00+02:00", **COUNTED)),
        counted("d1", ("2 12:00", "4 12:00"), 3),
        again(counted("d1", ("2 12:00", at("4 12:00") + TICK), 3)),
        redacted(counted("d2", "3", 3), **LOST),
        stops=("3", "4", "4 12:00", at("4 12:00") + TICK, "5"),
        given=(watch("c1", "1", "20", detects=("delivery",)),),
    ),
    "a number of names, some unnamed, with a claim before one more": case(
        agreement(
            clause(
                "trucks",
                "tally",
                by="north",
                after=SINCE,
                count={"fact": "release"},
                distinct="code",
                exactly=2,
                within="72h",
            )
        ),
        fact("r1", "release", "3", code="x-1"),
        again(fact("r1", "release", "3", code="x-2")),
        fact("r2", "release", "2 18:00", count=Amount(1, 2)),
        claim("k1", "2", "3 06:00", 1),
        stops=("3", "3 12:00", at("5") + TICK),
        given=(watch("c1", "1", "20", detects=("release",)), fact("r0", "release", "2 12:00", code="x-1")),
    ),
    "a number that a claim begins and deliveries after it end": case(
        agreement(
            clause("trucks", "tally", by="north", after=SINCE, count={"fact": "delivery"}, at_least=6, within="72h")
        ),
        claim("k1", "2", "3", 4),
        counted("d1", "3", 2),
        again(counted("d1", at("3") + TICK, 2)),
        stops=("3", at("3") + TICK, at("5") + TICK),
    ),
    "a deadline missed and met late, the first late snapshot taken back": case(
        agreement(clause("leave", "achieve", **GONE)),
        seen("p1", "5 12:00", WEST),
        retracted(seen("p1", "5 12:00", WEST)),
        seen("p2", "6", WEST),
        stops=(at("5") + TICK, "5 12:00", "6"),
        given=(seen("p0", "3", WEST), seen("p9", "5", EAST), seen("p3", "7", WEST)),
    ),
    "a state watched and seen kept, by a snapshot that is taken back": case(
        agreement(
            clause(
                "hold",
                "maintain",
                by="north",
                after=SINCE,
                state={"fact": "deployment", "side": "west of agreed-line"},
            )
        ),
        seen("p1", "3", WEST),
        retracted(seen("p1", "3", WEST)),
        seen("p2", ("3 12:00", "4"), WEST),
        stops=("3", "3 12:00", "4"),
        given=(watch("c1", "1", "9", detects=("deployment",)),),
    ),
    "a level seen after its time was over": case(
        agreement(clause("floor", "maintain", stale_after="48h", until="2031-03-04T00:00+02:00", **FLOOR)),
        strong("s1", "5", 3),
        again(strong("s1", "4", 5)),
        again(strong("s1", at("4") + TICK, 5), rev=3),
        stops=("3", "4", at("4") + TICK, "5"),
        given=(strong("s0", "3", 6),),
    ),
    "lapses mended just in time, one of them by what is taken back": case(
        agreement(clause("floor", "maintain", tolerance="12h", stale_after="5d", **FLOOR)),
        strong("s2", "3 12:00", 5),
        again(strong("s2", at("3 12:00") + TICK, 5)),
        retracted(strong("s2", "3 12:00", 5), rev=3),
        stops=("3 12:00", at("3 12:00") + TICK, "4"),
        given=(strong("s0", "2", 6), strong("s1", "3", 4, occurred=Proof.VERIFIED)),
    ),
    "lapses in doubt, mended in doubt": case(
        agreement(
            clause(
                "hold",
                "maintain",
                by="north",
                after=SINCE,
                tolerance="12h",
                state={"fact": "deployment", "side": "west of agreed-line"},
            )
        ),
        seen("p1", ("3", "3 06:00"), EAST),
        seen("p2", ("3 06:00", "3 18:00"), WEST),
        again(seen("p2", ("3 06:00", "3 12:00"), WEST)),
        stops=("2", "3", "3 06:00", "3 12:00", at("3 12:00") + TICK, at("3 18:00") + TICK),
        given=(watch("c1", "1", "9", detects=("deployment",)),),
    ),
    "a lapse that what comes at its very end may mend": case(
        agreement(
            clause(
                "hold",
                "maintain",
                by="north",
                after=SINCE,
                tolerance="12h",
                state={"fact": "deployment", "side": "west of agreed-line"},
            )
        ),
        seen("p1", ("3", "3 06:00"), EAST),
        seen("p2", ("3", "3 06:00"), WEST),
        again(seen("p2", ("3 06:00", at("3 06:00") + TICK), WEST)),
        stops=("3", "3 06:00", "3 18:00", at("3 18:00") + TICK),
    ),
    "a level that another's figure does not lower, and a part's does": case(
        agreement(
            clause(
                "cap", "maintain", by="north", after=SINCE, measure={"fact": "strength"}, at_most=5, stale_after="9d"
            )
        ),
        strong("s1", "3", 6, unit="n1"),
        again(strong("s1", "3", 4, unit="n1")),
        fact("s2", "strength", "3 12:00", by="south", count=9),
        stops=("3", "3 12:00", "4"),
        given=(strong("s0", "2", 4),),
    ),
    "a level seen before its time began": case(
        agreement(clause("floor", "maintain", stale_after="48h", **FLOOR)),
        strong("s1", "1 12:00", 4),
        again(strong("s1", "1 12:00", 6)),
        strong("s2", "3", 6),
        stops=("2", "3", "4"),
    ),
    "counts of a window that lasted beyond a month, and of events long in doubt": case(
        agreement(
            clause(
                "trucks",
                "tally",
                by="north",
                after="2031-01-02T00:00+02:00",
                within="2000h",
                count={"fact": "delivery"},
                at_least=6,
            )
        ),
        counted("d1", (at("1") - 50 * 24 * HOUR, at("1") - 48 * 24 * HOUR), 4),
        again(counted("d1", (at("1") - 50 * 24 * HOUR, at("1") - 48 * 24 * HOUR + TICK), 4)),
        counted("d2", (at("1") - 60 * 24 * HOUR, at("1") - 58 * 24 * HOUR), 2),
        stops=("2", "3", at("26 08:00") + TICK),
        given=(
            fact(
                "c1",
                "period-closed",
                at("1") - 80 * 24 * HOUR,
                during(at("1") - 80 * 24 * HOUR, "30"),
                detects=("delivery",),
            ),
        ),
    ),
    "counts in the small hours, when another day begins elsewhere": case(
        agreement(clause("day", "quota", at_least=2, until="2031-03-05T00:00+02:00", **COUNTED)),
        counted("d1", "3 02:30", 1),
        counted("d2", ("3 01:30", "3 02:30"), 1),
        counted("d3", "4 01:30", 2),
        stops=("3", "3 02:30", "4", "4 01:30", "5"),
        given=(watch("c1", "1", "20", detects=("delivery",)),),
    ),
    "counts among many days, some of them without": case(
        agreement(clause("day", "quota", at_least=2, until="2031-03-09T00:00+02:00", **COUNTED)),
        counted("d1", "4 12:00", 1),
        again(counted("d1", "4 12:00", Amount(1, 2))),
        retracted(counted("d1", "5 12:00", 2), rev=3),
        stops=("4", "4 12:00", "5", at("7") + TICK, "9"),
        given=(
            *(counted(f"e{day}", f"{day} 12:00", 2) for day in (2, 3, 6, 7, 8)),
            *(counted(f"f{day}", f"{day} 00:30", 1) for day in (3, 5, 7)),
            watch("c1", "1", "20", detects=("delivery",)),
        ),
    ),
    "snapshots that are moved, doubted and taken back": case(
        agreement(clause("leave", "achieve", **GONE)),
        seen("p1", "4 12:00", WEST),
        again(seen("p1", "5", WEST)),
        again(seen("p1", "6", WEST, **ALLEGED), rev=3),
        retracted(seen("p1", "3", WEST), rev=4),
        seen("p2", "6", EAST),
        stops=("5", at("5") + TICK, "6", "7"),
    ),
    "snapshots that go stale": case(
        agreement(
            clause(
                "leave",
                "achieve",
                **GONE,
                shown_by=[{"fact": "deployment", "stale_after": "6h"}, {"fact": "declaration"}],
            )
        ),
        seen("p1", "4 18:00", WEST),
        again(seen("p1", at("4 18:00") - TICK, WEST)),
        seen("p2", "4 19:00", EAST, **ALLEGED),
        of("d1", "declaration", "leave", "4", by="guarantor"),
        stops=("4 18:00", "5", at("5") + TICK),
    ),
    "where units were, each one's own and all together": case(
        agreement(
            clause("units", "achieve", **MOVED, each={"unit": {"of": "north"}}), clause("all", "achieve", **MOVED)
        ),
        unit_at("p1", "4", WEST, unit="n1"),
        unit_at("p2", "4", WEST),
        unit_at("p3", "4 12:00", EAST, unit="n2"),
        again(unit_at("p3", "4 12:00", EAST, unit="n1")),
        stops=("4", "4 12:00", at("5") + TICK),
    ),
    "a deadline that an event starts, doubtful and corrected": case(
        agreement(
            clause("leave", "achieve", by="north", after="approval", within="24h", state={"fact": "access"}),
            events=APPROVAL,
        ),
        of("o1", "decision", "approval", "3"),
        again(of("o1", "decision", "approval", ("2", "2 12:00"))),
        of("o2", "decision", "approval", "3 12:00"),
        of("x1", "access", "leave", "3 06:00", by="north"),
        stops=("2", "3", "3 06:00", at("3 12:00") + TICK, at("4 12:00") + TICK),
    ),
    "a part that waits for its counterpart's": case(
        agreement(
            clause(
                "leave",
                "achieve",
                **GONE,
                paired_with={"clause": "enter", "if_undetermined": "ask"},
                start={"within": "24h", "shown_by": {"fact": "order"}},
            ),
            clause("enter", "achieve", by="south", after=SINCE, within="48h", state={"fact": "deployment"}),
        ),
        fact("y1", "deployment", ("3", "5 12:00"), by="south"),
        again(fact("y1", "deployment", "5 12:00", by="south")),
        seen("p1", "5 12:00", WEST),
        fact("g1", "order", "3", by="north"),
        stops=("3", at("4") + TICK, at("5") + TICK, at("5 12:00") + TICK),
    ),
    "a deadline that suspensions and extensions move": case(
        agreement(
            clause("leave", "achieve", state={"fact": "access"}, **LEAVE),
            STOP,
            clause("more", "power", by="commission", may="extend", of="all"),
        ),
        of("s1", "suspension", "leave", "3", by="north"),
        ruling("d1", "s1", "3", "upheld"),
        of("e1", "resumption", "s1", "4", by="north"),
        of("f1", "extension", "leave", "3", by="commission", days=1),
        stops=("3", "3 12:00", "4", at("5") + TICK, at("7") + TICK),
        moving=True,
    ),
    "a deadline that a decision moved, and that a suspension moves on": case(
        agreement(
            clause("leave", "achieve", state={"fact": "access"}, **LEAVE),
            STOP,
            amendments=[amendment("d1", "4", {"id": "leave", "within": "96h"})],
        ),
        of("s1", "suspension", "leave", "3", by="north"),
        of("e1", "resumption", "s1", "5 12:00", by="north"),
        of("x1", "access", "leave", "7", by="north"),
        stops=("3 12:00", "4", "5", "6", "7", at("8 12:00") + TICK),
        given=(ruling("k1", "s1", "3", "upheld"),),
        moving=True,
    ),
    "a deadline with an excuse, and a power that ends it": case(
        agreement(clause("leave", "achieve", state={"fact": "access"}, excuse={"plea": "mines"}, **LEAVE), END),
        of("p1", "plea", "leave", "4", plea="mines"),
        ruling("d1", "leave", "6", "established", plea="mines"),
        of("t1", "termination", "leave", "5", by="south"),
        watch("c1", "1", "20", detects=("access",)),
        stops=("4", "5", at("5") + TICK, "6"),
    ),
    "a deadline that a decision moves": case(
        agreement(
            clause("leave", "achieve", state={"fact": "access"}, **LEAVE),
            amendments=[amendment("d1", "6", {"id": "leave", "within": "240h"})],
        ),
        of("x1", "access", "leave", "5 12:00", by="north"),
        watch("c1", "1", "20", detects=("access",)),
        retracted(of("x1", "access", "leave", "5 12:00", by="north")),
        stops=("5", at("5") + TICK, "5 12:00", "6", at("12") + TICK),
    ),
    # ---- states to be kept -----------------------------------------------------------------------------------------
    "a level with tolerance, fallen short of and mended": case(
        agreement(clause("floor", "maintain", tolerance="12h", stale_after="48h", **FLOOR)),
        strong("s1", "2", 6),
        strong("s2", "3", 4),
        strong("s3", "3 12:00", 5),
        strong("s4", ("3 06:00", "3 14:00"), Amount(5, 6)),
        stops=("3", "3 12:00", at("3 12:00") + TICK, at("3 18:00") + TICK, at("5 12:00") + TICK),
    ),
    "a level shown kept by one snapshot after another": case(
        agreement(clause("floor", "maintain", stale_after="24h", **FLOOR)),
        strong("s1", "3", 6),
        strong("s2", "4", 5),
        again(strong("s2", "4", 5), when=between(at("4") + TICK, at("4") + TICK)),
        strong("s3", "3 12:00", 7, **ALLEGED),
        stops=("3", "4", at("4") + TICK, "5", at("5") + TICK, at("5") + 2 * TICK),
    ),
    "a level whose snapshots are doubtful in time and number": case(
        agreement(clause("floor", "maintain", stale_after="48h", until="2031-03-05T00:00+02:00", **FLOOR)),
        strong("s1", ("2", "3"), 6),
        strong("s2", ("4 12:00", "5 12:00"), 4),
        again(strong("s2", "5", 5)),
        strong("s3", "3 12:00", Amount(4, 6)),
        stops=("2", "3", "4 12:00", "5", at("5") + TICK, "5 12:00"),
    ),
    "a state that was seen kept and not, with somebody watching": case(
        agreement(
            clause(
                "hold",
                "maintain",
                by="north",
                after=SINCE,
                state={"fact": "deployment", "side": "west of agreed-line"},
            )
        ),
        seen("p1", "3", WEST),
        seen("p2", "4", EAST, **ALLEGED),
        again(seen("p2", "4", None)),
        watch("c1", "1", "5", detects=("deployment",)),
        stops=("3", "4", "5", at("5") + TICK),
    ),
    "a ceiling passed with notice, and without": case(
        agreement(
            clause(
                "cap",
                "maintain",
                by="north",
                after=SINCE,
                measure={"fact": "strength"},
                at_most=5,
                stale_after="5d",
                excuse=NOTICED,
            ),
            PAUSE,
        ),
        strong("s1", "3", 6),
        of("n1", "notice", "s1", "2 18:00"),
        strong("s2", "3 12:00", 9, unit="n1"),
        of("u1", "suspension", "cap", "3", by="south", span=during("3", "3 06:00")),
        stops=("3", "3 06:00", "3 12:00", "7"),
    ),
    # ---- counts ----------------------------------------------------------------------------------------------------
    "a count by a deadline, in parts, with rival claims": case(
        agreement(
            clause(
                "trucks",
                "tally",
                by="north",
                after=SINCE,
                count={"fact": "delivery"},
                at_least=6,
                within="72h",
                tranches=[{"at_least": 2, "within": "24h"}],
            )
        ),
        counted("d1", "3", 3),
        again(counted("d1", at("3") + TICK, 3)),
        counted("d2", ("4 12:00", "5 12:00"), Amount(2, 4)),
        claim("k1", "2", "4", 5),
        stops=("3", at("3") + TICK, at("5") + TICK, "6"),
        given=(watch("c1", "1", "20", detects=("delivery",)),),
    ),
    "a count of different names that is capped": case(
        agreement(
            clause(
                "list",
                "tally",
                by="north",
                after=SINCE,
                count=[{"fact": "release"}],
                distinct="code",
                at_most=1,
                exactly=2,
                within="72h",
            )
        ),
        fact("r1", "release", "3", code="x-1"),
        fact("r2", "release", "3", code=("x-1", "x-2")),
        fact("r3", "release", ("4", "6"), count=2),
        retracted(fact("r2", "release", "3", code="x-1")),
        stops=("3", "4", "5", at("5") + TICK, "6"),
    ),
    "a count of two sorts, as a share of a base": case(
        agreement(
            clause(
                "share",
                "tally",
                by="north",
                after=SINCE,
                within="72h",
                claims="given",
                count=[{"fact": "release"}, {"fact": "remains-returned"}],
                at_least={"percent": 50, "of": {"fact": "base"}},
            )
        ),
        fact("b1", "base", "2", count=6),
        fact("r1", "release", "3", count=2),
        fact("r2", "remains-returned", "4", count=1, **ALLEGED),
        again(fact("r2", "remains-returned", "4", count=1)),
        stops=("3", "4", at("5") + TICK),
    ),
    "a day's number, at its last moment, doubtful or claimed": case(
        agreement(clause("day", "quota", at_least=3, until="2031-03-05T00:00+02:00", **COUNTED)),
        counted("d1", at("4") - TICK, 2),
        again(counted("d1", "4", 2)),
        counted("d2", (at("4") - HOUR, "4 01:00"), 1),
        claim("k1", "3", at("4") - TICK, 3),
        stops=("3", at("4") - TICK, "4", at("4") + TICK, "5"),
        given=(watch("c1", "1", "20", detects=("delivery",)),),
    ),
    "a short day that its week makes good": case(
        agreement(
            clause("day", "quota", at_least=2, cured_by="week", until="2031-03-11T00:00+02:00", **COUNTED),
            clause("week", "quota", at_least=4, every="week", week_starts="monday", **COUNTED),
        ),
        counted("d1", "4 10:00", 5),
        retracted(counted("d1", "4 10:00", 5)),
        watch("c1", "1", "25", detects=("delivery",)),
        stops=("3", "4 10:00", "5", "10", "11"),
    ),
    "no more than so many in each so many hours": case(
        agreement(clause("cap", "quota", at_most=2, every="36h", until="2031-03-06T00:00+02:00", **COUNTED)),
        counted("d1", "3 12:00", 2),
        counted("d2", at("3 12:00") + TICK, 1),
        fact("d3", "delivery", "4", by="north", **ALLEGED),
        redacted(counted("d1", "3 12:00", 2), **LOST),
        stops=("3 12:00", at("3 12:00") + TICK, "4", "5", at("6") + TICK),
        given=(watch("c1", "1", "20", detects=("delivery",)),),
    ),
    "a month's number, and a week's that may begin on any day": case(
        agreement(
            clause("month", "quota", at_least=2, every="month", **{**COUNTED, "after": "2031-02-27T00:00+02:00"}),
            clause("week", "quota", at_least=1, every="week", **COUNTED),
            END,
        ),
        counted("d1", "5", 2),
        of("t1", "termination", "week", "14", by="south"),
        claim("k1", "1", "31", 7),
        stops=("5", "9", "14", at("15") + TICK),
    ),
    # ---- gates and powers ------------------------------------------------------------------------------------------
    "quiet days, watched, disturbed and disturbed no more": case(
        agreement(
            clause(
                "second",
                "phase",
                opens="stage-2",
                after=SINCE,
                when={"consecutive_days": 2, "without": {"fact": "attack"}},
            ),
            halt(by="north", after="stage-2"),
        ),
        attack("a1", "2 12:00"),
        again(attack("a1", "3 12:00")),
        retracted(attack("a1", "3 12:00"), rev=3),
        watch("c1", "1", "20"),
        stops=("3", at("4") - TICK, "4", "5", "6"),
    ),
    "a gate that waits for other clauses and a word": case(
        agreement(
            clause(
                "second",
                "phase",
                opens="stage-2",
                when={"all": [{"met": "leave"}, {"clause": "halt", "stands": "not contrary"}]},
                confirmed_by={"fact": "declaration", "by": "guarantor"},
                deadline="2031-03-06T00:00+02:00",
            ),
            clause("leave", "achieve", state={"fact": "access"}, **LEAVE),
            halt(by="north"),
            clause("follow", "prohibit", by="south", after="stage-2", act={"fact": "movement"}),
        ),
        of("x1", "access", "leave", "4", by="north"),
        attack("a1", "5"),
        of("g1", "declaration", "stage-2", "5 12:00", by="guarantor"),
        fact("m1", "movement", "5 18:00", by="south"),
        stops=("4", "5", "5 12:00", "5 18:00", at("6") + TICK),
    ),
    "a power used with notice and without, and in doubt": case(
        agreement(
            halt(by="north", after=SINCE),
            clause("drop", "power", by="south", may="terminate", of="halt", notice="24h"),
        ),
        of("t1", "termination", "halt", "4", by="south"),
        of("n1", "notice", "drop", "3", by="south"),
        again(of("n1", "notice", "drop", at("3") + TICK, by="south")),
        again(of("t1", "termination", "halt", "4", by="south"), occurred=Proof.ALLEGED),
        stops=("3", "4", at("4") + TICK),
    ),
    # ---- how facts are found ---------------------------------------------------------------------------------------
    "acts of each of some units in each of some sectors": case(
        agreement(
            clause(
                "still",
                "prohibit",
                by="north",
                after=SINCE,
                act={"fact": "weapon-position"},
                each={"unit": {"of": "north"}, "sector": ["s-1", "s-2"]},
            )
        ),
        fact("p1", "weapon-position", "3", by="north", unit="n1", sector="s-2"),
        fact("p2", "weapon-position", "3", by="north", unit="n2"),
        again(fact("p2", "weapon-position", "3", by="north", unit=("n1", "n2"), sector="s-1")),
        stops=("3", "4"),
    ),
    "acts in each of some zones": case(
        agreement(
            clause(
                "still",
                "prohibit",
                by="north",
                after=SINCE,
                act={"fact": "movement", "in": "toward"},
                each={"toward": ["valley", "harbour"]},
            )
        ),
        fact("m1", "movement", "3", by="north", zone="valley", toward="harbour"),
        again(fact("m1", "movement", "3", by="north", place=EAST, toward="harbour")),
        fact("m2", "movement", "3", by="north"),
        stops=("3", "4"),
    ),
    "counts in each of some zones, of what went from one to another": case(
        agreement(
            clause(
                "day",
                "quota",
                at_least=1,
                until="2031-03-05T00:00+02:00",
                by="north",
                after=SINCE,
                count={"fact": "movement", "in": "toward"},
                each={"toward": ["valley", "harbour"]},
            )
        ),
        fact("m1", "movement", "3 12:00", by="north", zone="valley", toward="harbour"),
        again(fact("m1", "movement", "3 12:00", by="north", zone="harbour", toward="harbour")),
        fact("m2", "movement", "4 12:00", by="north", place=WEST),
        stops=("3 12:00", "4", "4 12:00", "5"),
        given=(watch("c1", "1", "20", detects=("movement",)),),
    ),
    "a suspension that a word of which nothing is left does not end": case(
        agreement(halt(by="north", after=SINCE), PAUSE),
        of("s1", "suspension", "halt", "3", by="south"),
        redacted(of("e1", "declaration", "s1", "4", by="south")),
        redacted(of("e1", "resumption", "s1", "4", by="south"), rev=3),
        attack("a1", "5"),
        stops=("3", "4", "5"),
        given=(ruling("d1", "s1", "3", "upheld"),),
    ),
    "calls answered by words about several things, or lost": case(
        agreement(clause("answer", "respond", by="north", **ANSWERED)),
        fact("i1", "inspection", "3 12:00", by="north", of=("r1", "r2")),
        redacted(fact("i1", "inspection", "3 12:00", by="north", of=("r1", "r2")), by="north"),
        fact("i2", "inspection", "3 18:00", by="north"),
        fact("i2", "inspection", "3 18:00", by="north", rev=2, of="r2"),
        stops=("3", "3 12:00", at("4") + TICK),
        given=(fact("r1", "allegation", "3"), fact("r2", "allegation", "3")),
    ),
    "calls answered by deeds that do not say of what they are": case(
        agreement(
            clause(
                "answer", "respond", by="north", to={"fact": "allegation"}, with_={"fact": "movement"}, within="24h"
            ),
            halt(by="north", after=SINCE, excuse={"shown": {"fact": "order", "of": "relief"}, "within": "6h"}),
        ),
        fact("m1", "movement", "3 12:00", by="north"),
        again(fact("m1", "movement", at("4") + TICK, by="north")),
        of("g1", "order", "relief", "3 12:00"),
        stops=("3 12:00", "4", at("4") + TICK),
        given=(fact("r1", "allegation", "3"), attack("a1", "3 18:00")),
    ),
    "acts excused by permits that lasted over days": case(
        agreement(halt(by="north", after=SINCE, excuse={**PERMIT, "within": "2h"})),
        fact("w1", "waiver", ("3 10:00", "9 12:00"), by="north", zone="valley"),
        again(fact("w1", "waiver", ("3 10:00", "3 12:00"), by="north", zone="valley")),
        again(fact("w1", "waiver", (at("3 10:00") - TICK, "3 10:00"), by="north", zone="valley"), rev=3),
        stops=("3 12:00", "4"),
        given=(attack("a1", "3 12:00", zone="valley"),),
    ),
    "claims over a day, a month, and no known time": case(
        agreement(clause("day", "quota", at_least=3, until="2031-03-05T00:00+02:00", **COUNTED)),
        claim("k1", "3", at("4") - TICK, 3),
        again(claim("k1", "3", "4", 3)),
        fact("k2", "claim", "30", during("always", "30"), tally="trucks", value=0, by="south"),
        again(claim("k3", "1", "31", 1), rev=1),
        stops=("4", "5", "30", "31"),
        given=(watch("c1", "1", "20", detects=("delivery",)),),
    ),
    "claims to another tally, unsupported and withdrawn": case(
        agreement(
            clause("day", "quota", at_least=3, until="2031-03-05T00:00+02:00", counted_as="crossed", **COUNTED)
        ),
        claim("k1", "3", at("4") - TICK, 3, counted_as="crossed"),
        again(claim("k1", "3", at("4") - TICK, 3, counted_as="offered")),
        claim("k1", "3", at("4") - TICK, 3, counted_as="crossed", supported=False, rev=3),
        retracted(claim("k1", "3", at("4") - TICK, 3, counted_as="crossed"), rev=4),
        stops=("4", "5"),
    ),
    # ---- what rests on other clauses, and on what is read both ways ------------------------------------------------
    "acts prohibited while the other side is held to keep its word": case(
        agreement(halt(by="north", after=SINCE, while_={"holds": "south-implements"})),
        attack("a1", "3 12:00"),
        of("k1", "declaration", "south-implements", "3", by="north", finding="fails"),
        ruling("d1", "south-implements", "4", "fails"),
        ruling("d2", "south-implements", "5", "holds"),
        stops=("3", "3 12:00", "4", "5"),
    ),
    "acts after a part that is suspended under a reading": case(
        agreement(
            clause("leave", "achieve", state={"fact": "access"}, **LEAVE),
            clause("follow", "respond", by="south", after="leave", **ANSWERED),
            PAUSE,
        ),
        of("x1", "access", "leave", "4", by="north"),
        of("s1", "suspension", "leave", "3", by="south", span=during("3", "3 12:00")),
        fact("r1", "allegation", "5"),
        retracted(of("s1", "suspension", "leave", "3", by="south")),
        stops=("3", "4", "5", at("6") + TICK),
        moving=True,
    ),
    "a gate that asks how a contested clause stands": case(
        agreement(
            clause(
                "second", "phase", opens="stage-2", when={"clause": "halt", "stands": "contrary", "at": "alleged"}
            ),
            halt(by="north", after=SINCE),
            clause("calm", "maintain", **FLOOR, while_={"open": "stage-2"}, stale_after="5d"),
            PAUSE,
        ),
        attack("a1", "4", **ALLEGED),
        of("s1", "suspension", "halt", "3", by="south"),
        of("k1", "declaration", "s1", "3", by="north", finding="accepted"),
        strong("g1", "4 12:00", 4),
        stops=("3", "4", "4 12:00", "5"),
    ),
    "a part whose counterpart's deadline a decision moves": case(
        agreement(
            clause("leave", "achieve", **GONE, paired_with={"clause": "enter", "if_undetermined": "closed"}),
            clause("enter", "achieve", by="south", after=SINCE, within="48h", state={"fact": "access"}),
            amendments=[amendment("d1", "6", {"id": "enter", "within": "240h"}, effect_on_past="cured")],
        ),
        of("y1", "access", "enter", "5", by="south"),
        retracted(of("y1", "access", "enter", "5", by="south")),
        seen("p1", "5", EAST),
        stops=(at("4") + TICK, "5", at("5") + TICK, "6", at("12") + TICK),
    ),
    "acts excused if another clause was met by then": case(
        agreement(
            halt(by="north", after=SINCE, excuse={**NOTICED, "if": {"met": "leave"}, "unless": {"fact": "order"}}),
            clause("leave", "achieve", state={"fact": "access"}, **LEAVE),
        ),
        attack("a1", "4 12:00"),
        of("n1", "notice", "a1", "4 06:00"),
        of("x1", "access", "leave", ("4", "4 12:00"), by="north"),
        of("g1", "order", "halt", "4 12:00"),
        stops=("4", "4 12:00", "5"),
    ),
    "acts excused if another clause was met, which it was only after them": case(
        agreement(
            halt(by="north", after=SINCE, excuse={**NOTICED, "if": {"met": "leave"}}),
            clause("leave", "achieve", state={"fact": "access"}, **LEAVE),
        ),
        attack("a1", "4 12:00"),
        of("x1", "access", "leave", "4 18:00", by="north"),
        again(of("x1", "access", "leave", "4 12:00", by="north")),
        stops=("4 12:00", "4 18:00", "5"),
        given=(of("n1", "notice", "a1", "4 06:00"),),
    ),
    "acts prohibited while another clause stands contrary, as it did then": case(
        agreement(
            halt(by="north", after=SINCE, while_={"clause": "calm", "stands": "contrary"}),
            halt(id="calm", by="south", after=SINCE, act={"fact": "movement"}),
        ),
        attack("a1", "4"),
        fact("m1", "movement", "4 12:00", by="south"),
        again(fact("m1", "movement", "3", by="south")),
        stops=("3", "4", "4 12:00", "5"),
    ),
    "acts of members that facts declare": case(
        agreement(
            halt(by="north", after=SINCE, act={"fact": "movement"}, each={"unit": "brigades"}),
            clause(
                "brigades",
                "define",
                list={"declared_by": {"fact": "list-entry", "list": "brigades"}, "field": "unit"},
            ),
        ),
        of("e1", "list-entry", "brigades", "3", list="brigades", unit="n1"),
        of("e2", "list-entry", "brigades", ("3", "4"), list="brigades", unit=("n1", "n2")),
        fact("m1", "movement", "4", by="north", unit="n2"),
        retracted(of("e1", "list-entry", "brigades", "3", list="brigades", unit="n1")),
        stops=("3", "4", "5"),
    ),
    "a number a day for each of some units, with a pause": case(
        agreement(
            clause(
                "day",
                "quota",
                at_least=1,
                **{**COUNTED, "count": {"fact": "movement"}},
                each={"unit": {"of": "north"}},
                until="2031-03-05T00:00+02:00",
            ),
            PAUSE,
        ),
        fact("m1", "movement", "3 12:00", by="north", unit="n1"),
        fact("m2", "movement", "3 12:00", by="north"),
        of("s1", "suspension", "day", "3", by="south", span=during("3", "3 06:00")),
        of("k1", "declaration", "s1", "3", by="north", finding="accepted"),
        stops=("3", "3 12:00", "4", at("5") + TICK),
        given=(watch("c1", "1", "20", detects=("movement",)),),
    ),
    "a power that permits an act on a condition": case(
        agreement(
            halt(by=["north", "south"], after=SINCE),
            clause(
                "permit",
                "power",
                by="north",
                may="excuse",
                of="halt",
                exercise={"fact": "return-fire"},
                if_={"happened": {"fact": "attack", "by": "south"}, "within": "24h"},
                burden="accuser",
            ),
        ),
        fact("a1", "return-fire", "4", by="north"),
        attack("a2", "3", by="south"),
        again(attack("a2", "2 23:00", by="south")),
        fact("a3", "return-fire", ("3", "4"), by=None),
        stops=("3", "4", "5"),
    ),
    "quiet days of several sorts, half of them watched": case(
        agreement(
            clause(
                "second",
                "phase",
                opens="stage-2",
                after=SINCE,
                if_undetermined="ask",
                when={
                    "all": [
                        {
                            "consecutive_days": 2,
                            "without": [{"fact": "attack"}, {"fact": "overflight"}],
                            "watched": {"at_least": "50%"},
                        },
                        {"not": {"happened": {"fact": "obstruction"}, "within": "24h"}},
                    ]
                },
            )
        ),
        fact("o1", "overflight", ("3", "3 12:00")),
        fact("b1", "obstruction", "4 12:00"),
        watch("c1", "2", "4 12:00", detects=("attack", "overflight")),
        watch("c2", "4", "20", detects=("attack", "overflight")),
        stops=(at("4") - TICK, "4", "4 12:00", at("5") - TICK, at("5 12:00") + TICK, "6"),
    ),
    "a gate of a chain of gates, one of them suspended": case(
        agreement(
            clause(
                "first",
                "phase",
                opens="stage-1",
                after=SINCE,
                confirmed_by={"fact": "declaration", "by": "guarantor"},
            ),
            clause(
                "second",
                "phase",
                opens="stage-2",
                after="stage-1",
                confirmed_by={"fact": "decision"},
                deadline="24h after stage-1",
            ),
            clause(
                "third", "tally", by="north", after="stage-2", count={"fact": "release"}, at_least=2, within="24h"
            ),
            PAUSE,
        ),
        of("g1", "declaration", "stage-1", ("3", "3 06:00"), by="guarantor"),
        of("g2", "decision", "stage-2", "4"),
        fact("r1", "release", "4 12:00", count=2, learned_at=at("4 12:00") + TICK),
        of("s1", "suspension", "second", "3 12:00", by="south"),
        stops=("3", "4", at("4") + TICK, at("4 12:00") + TICK, at("5") + TICK),
        moving=True,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_in_any_order_rows_and_changes_are_those_of_the_reference(name: str) -> None:
    one = CASES[name]

    hold(one.agreement, one.facts, one.stops, clock=one.clock, **dict(one.options))
