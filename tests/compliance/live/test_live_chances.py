"""By chance: small histories near the moments on which a clause turns, played beside the reference step by step."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from tests.compliance_live import Both, Reference
from tests.compliance_small import APPROVAL, TICK, agreement, at, clause, fact, halt
from trucekeeper.compliance.watch import Watch
from trucekeeper.terms import Amount, Fact, Interval, Moment, Op, Place, Proof, Span

if TYPE_CHECKING:
    from collections.abc import Callable

    from trucekeeper.agreement.agreement import Agreement

SINCE = "2031-03-02T00:00+02:00"
DUTY = {"by": "north", "after": SINCE}
LEAVE = {**DUTY, "within": "72h", "state": {"fact": "deployment", "side": "west of agreed-line"}}
COUNTED = {**DUTY, "count": {"fact": "delivery"}, "claims": "trucks"}
STOP = clause("stop", "power", by=["north", "south"], may="suspend", of="all", stops_clock=True)
PERMIT = {"shown": {"fact": "waiver", "same": ["by", "zone"]}, "within": "1h"}
WEST, EAST = Place.of(lat="0.1", lon="-30.2", within_m=0), Place.of(lat="0.1", lon="-29.8", within_m=0)

Said = dict[str, Any]
"""The kind of a fact and all that it says."""


def snapshot(dice: Random, _: Interval) -> Said:
    return {"kind": "deployment", "by": "north", "place": dice.choice((WEST, WEST, EAST, EAST, None))}


def delivery(dice: Random, _: Interval) -> Said:
    said = {"count": Amount(1, dice.choice((1, 1, 3)))} if dice.random() < 0.8 else {}
    return {"kind": "delivery", "by": dice.choice(("north", "north", "south")), **said}


def release(dice: Random, _: Interval) -> Said:
    code = dice.choice((None, "a", "b", ("a", "c")))
    return {"kind": "release", "by": "north"} | ({} if code is None else {"code": code})


def claim(dice: Random, when: Interval) -> Said:
    since = dice.choice((at("2"), at("3"), when.latest - TICK))
    span = Span(min(since, when.latest - TICK), when.latest)
    return {"kind": "claim", "by": "south", "tally": "trucks", "value": dice.randint(1, 4), "span": span}


def attack(dice: Random, _: Interval) -> Said:
    return {"kind": "attack", "by": dice.choice(("north", "south", None)), **_somewhere(dice)}


def _somewhere(dice: Random) -> Said:
    return {"zone": dice.choice(("valley", "harbour", None))}


def waiver(dice: Random, when: Interval) -> Said:
    return {**attack(dice, when), "kind": "waiver"}


def allegation(dice: Random, _: Interval) -> Said:
    return {"kind": "allegation", "by": "south", **_somewhere(dice)}


def inspection(dice: Random, _: Interval) -> Said:
    said = {"of": dice.choice(("f0", "f1", ("f1", "f2")))} if dice.random() < 0.8 else {}
    return {"kind": "inspection", "by": "north", **said}


def strength(dice: Random, _: Interval) -> Said:
    return {"kind": "strength", "by": "north", "count": dice.choice((3, 4, 5, 6, Amount(4, 6)))}


def watched(dice: Random, when: Interval) -> Said:
    kinds = ("attack", "delivery", "release", "deployment")
    since = dice.choice((at("1"), when.latest - TICK))
    return {"kind": "coverage", "detects": kinds, "span": Span(since, max(when.latest, since + TICK))}


def decision(_: Random, __: Interval) -> Said:
    return {"kind": "decision", "by": "guarantor", "of": "approval"}


def declaration(_: Random, __: Interval) -> Said:
    return {"kind": "declaration", "by": "guarantor", "of": "leave"}


def suspension(dice: Random, _: Interval) -> Said:
    return {"kind": dice.choice(("suspension", "suspension", "resumption")), "by": "south", "of": "leave"}


def ruling(dice: Random, _: Interval) -> Said:
    return {
        "kind": "determination",
        "by": "commission",
        "of": dice.choice(("f0", "f1", "f2")),
        "finding": dice.choice(("accepted", "rejected")),
    }


@dataclass(frozen=True)
class Play:
    """An agreement, what is said in its matters, and the moments on which they turn."""

    agreement: Agreement
    draws: tuple[Callable[[Random, Interval], Said], ...]
    marks: tuple[str, ...] = ("2", "3", "4", "4 18:00", "5", "5 12:00")
    moving: bool = False


PLAYS = {
    "a state by a deadline": Play(
        agreement(clause("leave", "achieve", **LEAVE)), (snapshot, snapshot, snapshot, watched)
    ),
    "a state that is seen, or that somebody says": Play(
        agreement(
            clause(
                "leave",
                "achieve",
                **LEAVE,
                shown_by=[{"fact": "declaration", "by": "guarantor"}, {"fact": "deployment"}],
            )
        ),
        (snapshot, declaration),
    ),
    "a state that must be seen anew": Play(
        agreement(clause("leave", "achieve", **LEAVE, shown_by={"fact": "deployment", "stale_after": "6h"})),
        (snapshot,),
    ),
    "a count by a deadline": Play(
        agreement(clause("trucks", "tally", **COUNTED, at_least=5, within="72h")),
        (delivery, delivery, delivery, claim, watched),
    ),
    "a count of names": Play(
        agreement(
            clause("list", "tally", **DUTY, count={"fact": "release"}, distinct="code", exactly=3, within="72h")
        ),
        (release,),
    ),
    "a count of two sorts": Play(
        agreement(
            clause(
                "both", "tally", **DUTY, count=[{"fact": "delivery"}, {"fact": "release"}], at_most=4, within="72h"
            )
        ),
        (delivery, release),
    ),
    "a number each day": Play(
        agreement(clause("day", "quota", **COUNTED, at_least=2, until="2031-03-06T00:00+02:00")),
        (delivery, delivery, claim, watched),
    ),
    "acts that a permit excuses": Play(
        agreement(halt(**{**DUTY, "by": ["north", "south"]}, excuse=PERMIT)), (attack, attack, waiver, watched)
    ),
    "a deadline that an event starts": Play(
        agreement(clause("leave", "achieve", **{**LEAVE, "after": "approval", "within": "24h"}), events=APPROVAL),
        (decision, snapshot),
        moving=True,
    ),
    "a deadline that an event starts and others move": Play(
        agreement(
            clause("leave", "achieve", **{**LEAVE, "after": "approval", "within": "24h"}), STOP, events=APPROVAL
        ),
        (decision, snapshot, suspension, ruling),
        moving=True,
    ),
    "what waits for a part that others suspend": Play(
        agreement(
            clause("leave", "achieve", **LEAVE),
            clause("follow", "prohibit", by="south", after="leave", act={"fact": "attack"}),
            clause(
                "gate",
                "phase",
                by="north",
                opens="stage",
                after=SINCE,
                when={"clause": "leave", "stands": "consistent"},
            ),
            STOP,
        ),
        (snapshot, snapshot, attack, suspension, ruling),
        moving=True,
    ),
    "acts while another's part stands, as it did then": Play(
        agreement(
            clause("leave", "achieve", **LEAVE),
            halt(by="south", after=SINCE, while_={"clause": "leave", "stands": "not contrary"}),
        ),
        (snapshot, snapshot, attack, attack),
    ),
    "calls and answers": Play(
        agreement(
            clause(
                "answer", "respond", by="north", to={"fact": "allegation"}, with_={"fact": "inspection"}, within="24h"
            )
        ),
        (allegation, inspection),
    ),
    "a level to be kept": Play(
        agreement(clause("floor", "maintain", **DUTY, measure={"fact": "strength"}, at_least=5, tolerance="18h")),
        (strength,),
    ),
}


def moment(dice: Random, play: Play) -> Moment:
    return at(dice.choice(play.marks)) + dice.choice((-TICK, 0, 0, 0, TICK))


def revision(dice: Random, play: Play, before: dict[str, Fact], clock: Moment) -> Fact:
    """Return one more revision: of a new fact, or of one on record, which may retract or redact it."""
    first = moment(dice, play)
    last = first if dice.random() < 0.6 else moment(dice, play)
    when = Interval(min(first, last), max(first, last))
    more = dice.choice(play.draws)(dice, when)
    learned_at = clock if dice.random() < 0.8 else max(clock, when.latest)
    level = dice.choice((Proof.ALLEGED, Proof.CORROBORATED, Proof.CORROBORATED))
    old = dice.choice([*before.values()]) if before and dice.random() < 0.4 else None
    name, rev = (f"f{len(before)}", 1) if old is None else (old.id, old.rev + 1)
    if old is not None and dice.random() < 0.3:
        op = dice.choice((Op.RETRACT, Op.RETRACT, Op.REDACT))
        return replace(old, rev=rev, op=op, fields=() if op is Op.REDACT else old.fields, learned_at=learned_at)
    if old is not None and dice.random() < 0.5:
        return replace(old, rev=rev, when=when, learned_at=learned_at)
    return replace(
        fact(name, more.pop("kind"), when, occurred=level, who=level, learned_at=learned_at, **more), rev=rev
    )


@pytest.mark.parametrize("name", PLAYS)
def test_whatever_is_said_near_what_matters_live_and_reference_agree(name: str) -> None:
    play = PLAYS[name]
    for seed in range(20):
        dice = Random(f"{name} {seed}")  # noqa: S311  nothing here is a secret
        both = Both(Reference(play.agreement), at("1"), play.moving)
        said: dict[str, Fact] = {}
        for _ in range(14):
            if dice.random() < 0.3:
                both.step(max(both.clock, moment(dice, play)))
            else:
                one = revision(dice, play, said, both.clock)
                said[one.id] = one
                both.step(one)
        assert Watch.load(both.watch.dump(), play.agreement).rows() == both.watch.rows()
