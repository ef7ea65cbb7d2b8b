"""Acts that a power permits, and excuses with a condition, in columns: crowded cases beside the reference."""

from __future__ import annotations

from itertools import product
from random import Random
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tests.compliance_columns import in_columns, same_rows
from tests.compliance_small import agreement, amendment, at, clause, condition, fact
from trucekeeper.compliance.batch import batch, log_of, stands
from trucekeeper.compliance.columns.conditions import held
from trucekeeper.compliance.conditions import answer
from trucekeeper.compliance.standing import Question
from trucekeeper.terms import NEVER, Fact, Interval, Op, Proof, Tri
from trucekeeper.terms.moments import HOUR

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trucekeeper.agreement.agreement import Agreement

HALT = clause("it", "prohibit", by=["north", "south"], after="2031-03-03T00:00+02:00", act={"fact": "attack"})
ANSWER = clause("it", "respond", by="north", to={"fact": "attack"}, with_={"fact": "inspection"}, within="24h")
LEVEL = clause("it", "maintain", by="north", measure={"fact": "strength"}, at_most=3, tolerance="6h")
MAY = clause("may", "power", by=["north", "south"], may="excuse", of="it", exercise={"fact": "attack"})
ORDERED = {"happened": {"fact": "order"}, "within": "24h"}
WARNED = {"happened": {"fact": "notice", "by": "north"}}
CONDITIONS: dict[str, dict[str, Any]] = {
    "ordered within a day": ORDERED,
    "warned ever": WARNED,
    "both": {"all": [ORDERED, WARNED]},
    "either": {"any": [ORDERED, WARNED]},
    "not ordered": {"not": ORDERED},
    "while something holds": {"holds": "the-truce", "determined_by": "commission"},
    "ordered, and while it holds": {"all": [ORDERED, {"holds": "the-truce", "determined_by": "commission"}]},
}
BY_NORTH_ALONE = amendment("decision-1", "4", {"id": "may", "by": ["north"]})
WITHDRAWN = amendment("decision-1", "4", removes=["may"])
TEXTS: dict[str, Agreement] = {
    **{f"permitted if {name}": agreement(HALT, {**MAY, "if": one}) for name, one in CONDITIONS.items()},
    **{
        f"excused if {name}": agreement(
            {**HALT, "excuse": {"shown": {"fact": "permit", "same": "by"}, "if": one, "burden": burden}}
        )
        for (name, one), burden in zip(CONDITIONS.items(), ("accuser", "pleader") * 4, strict=False)
    },
    "permitted": agreement(HALT, MAY),
    "permitted against an accuser": agreement(HALT, {**MAY, "if": ORDERED, "burden": "accuser"}),
    "permitted to one": agreement(HALT, {**MAY, "by": "north"}),
    "permitted to anyone but one": agreement(HALT, {**MAY, "by": {"anyone_except": ["north"]}}),
    "permitted in the valley": agreement(HALT, {**MAY, "exercise": {"fact": "attack", "in": "valley"}}),
    "permitted where an attack is a defence": agreement(
        HALT, {**MAY, "exercise": {"fact": "attack", "judgement": "defensive"}}
    ),
    "permitted by what is no attack": agreement(HALT, {**MAY, "exercise": {"fact": "movement"}}),
    "everything permitted": agreement(HALT, {**MAY, "of": "all"}),
    "another thing permitted": agreement(HALT, {**HALT, "id": "other"}, {**MAY, "of": "other"}),
    "an answer spared": agreement(ANSWER, {**MAY, "if": ORDERED}),
    "a level spared": agreement(LEVEL, {**MAY, "exercise": {"fact": "strength"}}),
    "permitted to one by a later decision": agreement(HALT, MAY, amendments=[BY_NORTH_ALONE]),
    "permitted until a later decision": agreement(HALT, {**MAY, "if": WARNED}, amendments=[WITHDRAWN]),
}
KINDS = (*["attack"] * 3, "order", "notice", "permit", "movement", "strength", "inspection", "determination")
HOURS = (-6, 0, 0, 6, 11, 12, 23, 24, 24, 25, 36, 48)


def history(dice: Random) -> Iterator[Fact]:
    for number in range(dice.randint(1, 9)):
        kind = dice.choice(KINDS)
        start = at("3") + dice.choice(HOURS) * HOUR + dice.choice([0, 0, -1, 1])
        ruling = kind == "determination"
        named = dice.choice(["the-truce", *(f"f{one}" for one in range(4))]) if ruling else None
        said: dict[str, Any] = {
            "of": named,
            "term": "defensive" if ruling and named != "the-truce" else None,
            "finding": dice.choice(["fails", "no", "yes"]) if ruling else None,
            "value": dice.choice([2, 4]) if kind == "strength" else None,
        }
        yield fact(
            f"f{number}",
            kind,
            Interval(start, start + dice.choice([0, 0, 0, 1, 30 * HOUR])),
            by="commission" if ruling else dice.choice([None, "north", "north", "south", "south"]),
            zone=dice.choice(["valley", "harbour", None]),
            occurred=dice.choice([Proof.CORROBORATED] * 4 + [Proof.ALLEGED, Proof.VERIFIED]),
            op=dice.choice([Op.ASSERT] * 9 + [Op.REDACT]),
            **{key: one for key, one in said.items() if one is not None},
        )


@pytest.mark.parametrize("name", TEXTS)
def test_it_stands_as_by_the_reference(name: str) -> None:
    dice = Random(name)  # noqa: S311  nothing here is a secret
    for _ in range(30):
        moment = at("3") + dice.choice([0, 24, 24, 48, 72, 100]) * HOUR + dice.choice([0, 0, 1, -1])
        question = Question(moment, NEVER, dice.choice([Proof.CORROBORATED, Proof.VERIFIED, Proof.ALLEGED]))
        same_rows(TEXTS[name], list(history(dice)), question, only="it")


def test_a_condition_stands_at_each_moment_as_the_reference_answers_it() -> None:
    times = (Interval.at(at("3")), Interval(at("3"), at("3 12:00")))
    facts = [
        fact(f"{kind}-{number}", kind, when, by=by, occurred=proof)
        for number, (kind, when, by, proof) in enumerate(
            product(("order", "notice"), times, ("north", None), (Proof.CORROBORATED, Proof.ALLEGED))
        )
    ]
    moments = np.array([at("3") + hours * HOUR + odd for hours in (-1, 0, 12, 24, 36) for odd in (-1, 0, 1)])
    text = TEXTS["permitted"]
    for said, kept in product(CONDITIONS.values(), [facts, facts[1:2], facts[4:5], facts[7:], []]):
        wanted = condition(**said)
        inquiry = in_columns(text, kept, as_of=at("9"))

        answers = held(inquiry, wanted, (), moments).tolist()

        assert answers == [answer(inquiry.at(moment), wanted, ()).tri for moment in moments.tolist()]


def test_a_condition_is_asked_of_no_moment_where_nothing_happened() -> None:
    inquiry = in_columns(TEXTS["permitted"], [], as_of=at("9"))

    for said in CONDITIONS.values():
        assert held(inquiry, condition(**said), (), np.empty(0, np.int64)).tolist() == []


def test_an_act_is_permitted_by_the_text_in_force_when_it_happened() -> None:
    text = TEXTS["permitted to one by a later decision"]
    acts = [fact("before", "attack", "3 12:00", by="south"), fact("after", "attack", "4 12:00", by="south")]

    question = Question(at("9"), NEVER)
    north, south = stands(batch(text, log_of(text, acts, question), question, only="it"))

    assert [(one.fact, one.answer) for one in south.episodes if one.answer is not Tri.NO] == [("after", Tri.YES)]
    assert not [one for one in north.episodes if one.answer is not Tri.NO]
