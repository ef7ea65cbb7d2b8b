"""Prohibit, respond, tally, quota and power in columns: crowded cases beside the reference."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from tests.compliance_columns import same_rows
from tests.compliance_small import agreement, at, clause, fact, stands, watch
from trucekeeper.compliance.batch import batch, log_of
from trucekeeper.compliance.batch import stands as each_of
from trucekeeper.compliance.columns import powers
from trucekeeper.compliance.standing import Question
from trucekeeper.terms import DAWN, NEVER, Amount, Fact, Interval, Op, Proof, Span
from trucekeeper.terms.moments import HOUR

if TYPE_CHECKING:
    from collections.abc import Iterator

START = "2031-03-03T00:00+02:00"
NO_ATTACKS = clause("it", "prohibit", by=["north", "south"], after=START, act={"fact": "attack"})
ANSWER = clause(
    "it", "respond", by="south", after=START, to={"fact": "attack"}, with_={"fact": "inspection"}, within="24h"
)
RELEASE = clause(
    "it", "tally", by="south", after=START, within="72h", count={"fact": "release"}, at_least=4, claims="released"
)
TRUCKS = clause(
    "it",
    "quota",
    by="south",
    after=START,
    until="2031-03-07T00:00+02:00",
    count={"fact": "delivery"},
    every="day",
    at_least=3,
    claims="released",
)
PERMIT = clause("it", "power", by="north", after=START, may="excuse", of="halt", exercise={"fact": "attack"})
SUSPEND = clause("pause", "power", by=["north", "south"], may="suspend", of="it", stops_clock=True)
EXTEND = clause("longer", "power", by=["north", "south"], may="extend", of="it")
STOP = clause("stop", "power", by=["north", "south"], may="terminate", of="it")
CLAUSES = {
    "no attacks": [NO_ATTACKS],
    "no attacks for a while, unless suspended": [{**NO_ATTACKS, "for": "72h"}, SUSPEND, STOP],
    "no attacks or movements in the valley": [
        {
            **NO_ATTACKS,
            "act": [{"fact": "attack"}, {"fact": "movement", "in": "valley"}, {"fact": "attack", "in": "valley"}],
        }
    ],
    "no attacks without a permit": [
        {
            **NO_ATTACKS,
            "excuse": {"shown": {"fact": "permit", "same": ["by", "zone"]}, "within": "12h", "burden": "accuser"},
        }
    ],
    "no attacks without a notice": [
        {
            **NO_ATTACKS,
            "excuse": [
                {
                    "shown": {"fact": "notice"},
                    "burden": "accuser",
                    "unless": {"fact": "order", "same": "zone"},
                    "available_to": ["north"],
                },
                {"plea": "self-defence"},
            ],
        }
    ],
    "no attacks but in self-defence": [
        {
            **NO_ATTACKS,
            "excuse": {
                "plea": "self-defence",
                "judged_by": "commission",
                "established_at": "verified",
                "available_to": ["south"],
            },
        }
    ],
    "no offensive attacks": [{**NO_ATTACKS, "act": {"fact": "attack", "judgement": "offensive"}}],
    "an answer": [ANSWER],
    "an answer by either": [
        {
            **ANSWER,
            "with": [{"fact": "inspection"}, {"fact": "measure", "same": "zone"}],
            "watched": {"at_least": "50%"},
        },
        SUSPEND,
        EXTEND,
        STOP,
    ],
    "an answer in civil days, unless excused": [
        {
            **ANSWER,
            "within": {"days": 1, "first_day": "excluded"},
            "excuse": {"shown": {"fact": "permit", "same": "zone"}, "within": "24h", "burden": "accuser"},
        }
    ],
    "an answer at any time": [{**ANSWER, "within": "unstated"}],
    "an answer after the end": [{**ANSWER, "until": "2031-03-05T00:00+02:00"}],
    "a result alone": [{**ANSWER, "result_alone": True}],
    "releases": [RELEASE],
    "releases of different persons": [{**RELEASE, "distinct": "code", "at_least": 2}],
    "at most so many releases": [{**{key: one for key, one in RELEASE.items() if key != "at_least"}, "at_most": 4}],
    "trucks": [TRUCKS],
    "at most so many trucks": [
        {
            **{key: one for key, one in TRUCKS.items() if key != "at_least"},
            "at_most": 4,
            "count": [{"fact": "delivery", "goods": "food"}, {"fact": "delivery"}],
        }
    ],
    "a permission": [PERMIT],
    "a permission on a condition": [
        {**PERMIT, "if": {"happened": {"fact": "order"}, "within": "24h"}},
        {**SUSPEND, "of": "it"},
    ],
    "a permission of either": [{**PERMIT, "by": ["north", "south"]}],
    "a permission of anybody": [{**PERMIT, "by": "unstated"}],
    "a permission after notice": [{**PERMIT, "notice": "12h"}],
}
HALT = clause("halt", "prohibit", by="north", act={"fact": "attack"})
TEXTS = {name: agreement(*said, HALT) for name, said in CLAUSES.items()}
ACTS = ("attack", "attack", "movement", "permit", "notice", "order", "plea", "determination", "inspection", "measure")
ANSWERED = ("attack", "attack", "inspection", "inspection", "measure", "permit")
STEERING = ("suspension", "extension", "termination", "resumption")
COUNTED = ("release", "release", "delivery", "delivery", "delivery", "claim")
BY = {"suspension": "north", "extension": "south", "termination": "north", "resumption": "north"}


def history(dice: Random, name: str) -> Iterator[Fact]:
    counting = any(word in name for word in ("release", "truck"))
    asking = "answer" in name or "result" in name
    usual = COUNTED if counting else ANSWERED if asking else ACTS
    for number in range(dice.randint(0, 9)):
        kind = dice.choice(STEERING if not counting and dice.random() < 0.06 else usual)
        start = (
            at("3")
            + dice.choice([-6, -1, 0, 0, 6, 11, 12, 24, 24, 36, 48, 48, 60, 72, 72, 90]) * HOUR
            + dice.choice([0, 0, 0, -1, 1])
        )
        length = dice.choice([0, 0, 0, 1, 6 * HOUR, 30 * HOUR])
        of = dice.choice(["it", f"f{dice.randrange(5)}", f"f{dice.randrange(3)}", ("f0", "f1"), None])
        said: dict[str, Any] = {
            "of": "it" if kind in BY else of,
            "count": dice.choice([None, 1, 2, 3, Amount(1, 4), 9]),
            "code": dice.choice([None, "r1", "r2", ("r1", "r3")]),
            "goods": dice.choice([None, "food", "fuel"]),
            "plea": "self-defence" if kind in ("plea", "determination") else None,
            "finding": dice.choice(["established", "rejected", "yes", "no", "upheld"])
            if kind == "determination"
            else None,
            "term": "offensive" if kind == "determination" else None,
            "tally": "released" if kind == "claim" else None,
            "value": dice.choice([2, 4, Amount(2, 9)]) if kind == "claim" else None,
            "days": 1 if kind == "extension" else None,
        }
        if kind not in ("release", "delivery"):
            said["count"] = None
        span = (
            Span(dice.choice([min(at("3"), start), DAWN, start]), start + length + HOUR) if kind == "claim" else None
        )
        unknown = dice.random() < 0.05
        yield fact(
            f"f{number}",
            kind,
            Interval(DAWN, NEVER) if unknown else Interval(start, start + (0 if span else length)),
            span,
            by=BY.get(kind)
            or dice.choice(
                ["commission", "commission", "guarantor"]
                if kind == "determination"
                else [None, "north", "north", "south"]
            ),
            zone=dice.choice(["valley", "harbour", None]),
            occurred=dice.choice([Proof.CORROBORATED] * 4 + [Proof.ALLEGED, Proof.VERIFIED]),
            op=dice.choice([Op.ASSERT] * 8 + [Op.REDACT]),
            **{key: one for key, one in said.items() if one is not None},
        )
    if dice.random() < 0.6:
        kinds = ("attack", "movement", "inspection", "measure", "release", "delivery")
        yield watch("seen", dice.choice(["1", "3 12:00"]), dice.choice(["4 12:00", "6", "9"]), detects=kinds)


@pytest.mark.parametrize("name", CLAUSES)
def test_it_stands_as_by_the_reference(name: str) -> None:
    dice = Random(name)  # noqa: S311  nothing here is a secret
    for _ in range(25):
        moment = at("3") + dice.choice([-1, 0, 24, 36, 48, 72, 72, 96, 120, 150]) * HOUR + dice.choice([0, 0, 1, -1])
        question = Question(
            as_of=moment, known_at=NEVER, proof=dice.choice([Proof.CORROBORATED, Proof.VERIFIED, Proof.ALLEGED])
        )
        same_rows(TEXTS[name], list(history(dice, name)), question, only="it")


# ---- what the rows say ---------------------------------------------------------------------------------------------


def test_each_exercise_of_a_power_says_how_its_condition_stood() -> None:
    facts = [
        fact("f1", "attack", "4", by="north"),
        fact("f2", "attack", "5 06:00", by="north"),
        fact("o", "order", "5"),
    ]
    question = Question(as_of=at("9"), known_at=NEVER)
    text = TEXTS["a permission on a condition"]

    rows = [*each_of(batch(text, log_of(text, facts, question), question, only="it"))]

    assert [(row.occurrence, row.verdict.name, row.ground.says) for row in rows] == [
        ("f1", "CONTRARY", "f1: exercised: its conditions are not met"),
        ("f2", "CONSISTENT", "f2: exercised: its conditions are shown"),
    ]
    assert [row.met_at for row in rows] == [Interval.at(at("4")), Interval.at(at("5 06:00"))]


def test_a_power_that_nobody_exercised_is_not_in_force() -> None:
    (row,) = stands(TEXTS["a permission"], [fact("f1", "attack", "4", by="south")], of="it")

    assert (row.verdict.name, row.occurrence) == ("NOT_IN_FORCE", "")


def test_a_power_that_needs_notice_is_judged_by_the_reference() -> None:
    text = TEXTS["a permission after notice"]

    assert powers.unfit(text, text.clauses["it"].latest()) == "each exercise needs a notice of its own"  # type: ignore[arg-type]
    assert powers.unfit(text, TEXTS["a permission"].clauses["it"].latest()) == ""  # type: ignore[arg-type]


def test_the_occasions_of_a_prohibition_are_a_sequence() -> None:
    facts = [fact(f"f{number}", "attack", str(4 + number), by="north") for number in range(3)]
    question = Question(as_of=at("9"), known_at=NEVER)
    text = TEXTS["no attacks"]
    north, south = each_of(batch(text, log_of(text, facts, question), question, only="it"))

    assert len(north.episodes) == 3
    assert [one.fact for one in north.episodes[1:]] == ["f1", "f2"]
    assert north.episodes[-1].says == "attack f2"
    assert north.episodes[0].when == Interval.at(at("4"))
    assert list(south.episodes) == []
    for beyond in (3, -4):
        with pytest.raises(IndexError):
            north.episodes[beyond]
