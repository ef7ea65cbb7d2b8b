"""Quiet days, looked at all at once: each as the reference says of it."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from tests.compliance_columns import agree_about, in_columns
from tests.compliance_small import agreement, at, clause, condition, fact, halt, stands, watch
from tests.generated import world
from trucekeeper.compliance.columns.days import quiet, unfit
from trucekeeper.compliance.conditions import answer
from trucekeeper.compliance.inquiry import Inquiry
from trucekeeper.terms import DAWN, Fact, Interval, Op, Proof, Tri
from trucekeeper.terms.moments import HOUR

TEXT = agreement(
    halt(),
    clause("gate", "phase", opens="next", by="north", when={"consecutive_days": 2, "without": {"fact": "attack"}}),
)
DAYS = [date(2031, 3, 27) + timedelta(days=number) for number in range(5)]
CONDITIONS: tuple[Any, ...] = (
    condition(consecutive_days=2, without={"fact": "attack"}),
    condition(consecutive_days=1, without=[{"fact": "attack", "in": "valley"}, {"fact": "movement"}]),
    condition(consecutive_days=1, without={"fact": "attack", "judgement": "offensive"}),
    condition(consecutive_days=1, without={"fact": "movement", "in": "sector"}, watched={"at_least": "50%"}),
)


def noise(dice: Random) -> list[Fact]:
    facts = []
    for number in range(dice.randint(0, 5)):
        start = (
            at("27")
            + dice.choice([-1, 0, 1, 23, 24, 25, 47, 48, 71, 72, 73, 95, 96]) * HOUR
            + dice.choice([-1, 0, 0, 1])
        )
        facts.append(
            fact(
                f"f{number}",
                dice.choice(["attack", "attack", "movement"]),
                Interval(start, start + dice.choice([0, 0, 1, HOUR, 40 * HOUR])),
                zone=dice.choice(["valley", None, "harbour"]),
                op=dice.choice([Op.ASSERT] * 6 + [Op.REDACT]),
                occurred=dice.choice([Proof.CORROBORATED, Proof.CORROBORATED, Proof.ALLEGED]),
            )
        )
    if dice.random() < 0.4:
        facts.append(
            fact(
                "r1",
                "determination",
                "29",
                of="f0",
                term="offensive",
                finding=dice.choice(["yes", "no"]),
                by="commission",
            )
        )
    facts.extend(
        watch(
            f"w{number}",
            dice.choice(["26", "27", "28"]),
            dice.choice(["28 12:00", "30", "31"]),
            detects=("attack", "movement"),
        )
        for number in range(dice.randint(0, 2))
    )
    return facts


@pytest.mark.parametrize("number", range(len(CONDITIONS)))
@pytest.mark.parametrize("as_of", ["29 12:00", "31"])
def test_each_day_is_as_quiet_as_by_the_reference(number: int, as_of: str) -> None:
    dice, asked = Random(number), CONDITIONS[number]  # noqa: S311  nothing here is a secret
    for _ in range(40):
        facts, binding = noise(dice), (("sector", "valley"),)
        inquiry = in_columns(TEXT, facts, at(as_of))
        by_one = Inquiry(TEXT, inquiry.record, inquiry.as_of, inquiry.proof, inquiry.judge)
        then = answer(by_one, asked, binding, dice.choice([DAWN, at("27")]))

        for since in (DAWN, at("27"), at("28") + 1):
            one, other = answer(by_one, asked, binding, since), answer(inquiry, asked, binding, since)
            assert (one.tri, one.when, one.ground.says) == (other.tri, other.when, other.ground.says)
        assert then.tri in Tri


def test_what_lasts_over_midnight_may_be_of_either_day() -> None:
    facts = [fact("f1", "attack", ("27 23:00", "28 01:00")), watch("w1", "26", "31")]

    days = quiet(in_columns(TEXT, facts, at("31")), CONDITIONS[0], (), DAYS[:3])

    assert [tri for tri, _ in days] == [Tri.MAYBE, Tri.MAYBE, Tri.YES]
    assert [ground.answer for _, ground in days] == [Tri.MAYBE, Tri.MAYBE, Tri.YES]
    assert days[2][1].says == "quiet"


def test_of_no_days_none_is_quiet_or_loud() -> None:
    assert quiet(in_columns(TEXT, [], at("31")), CONDITIONS[0], (), []) == []


def test_every_gate_is_judged_in_columns() -> None:
    assert unfit(TEXT, TEXT.clauses["gate"].latest()) == ""  # type: ignore[arg-type]  # it is a gate


def test_a_gate_that_waits_for_quiet_days_stands_as_by_the_reference() -> None:
    (row,) = stands(TEXT, [fact("f1", "attack", "27"), watch("w1", "26", "31")], of="gate")

    assert row.figure == "3 quiet days in a row up to now; 2 wanted, reached"


def test_gates_of_generated_worlds_stand_as_by_the_reference() -> None:
    worlds = [world(seed) for seed in range(1, 240, 4)]

    agree_about(
        [one for one in worlds if any(each.latest().kind == "phase" for each in one.agreement.clauses.values())]
    )
