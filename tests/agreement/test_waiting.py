"""Waiting: which agreements would wait for themselves, and which only answer each other over time."""

from __future__ import annotations

from typing import Any

import pytest

from tests.compliance_small import agreement, clause, fact, halt, stands
from trucekeeper.terms import Refused, Verdict

LEVEL = clause("halt", "maintain", measure={"fact": "strength"}, at_least=1)
ANSWER = clause("halt", "respond", to={"fact": "attack"}, with_={"fact": "inspection"})
ASKS_HALT = {"clause": "halt", "stands": "not contrary"}


def power(may: str, **more: object) -> dict[str, Any]:
    return clause("might", "power", **{"by": "south", "may": may, "of": "halt", **more})


@pytest.mark.parametrize(
    "clauses",
    [
        [halt(), power("excuse", exercise={"fact": "attack"}, if_=ASKS_HALT)],
        [halt(), power("excuse", of="all", if_={"not": ASKS_HALT})],
        [LEVEL, power("excuse", if_=ASKS_HALT)],
        [ANSWER, power("excuse", if_=ASKS_HALT)],
        [halt(), power("excuse", if_={"open": "two"}), clause("gate", "phase", opens="two", when=ASKS_HALT)],
        [halt(excuse={"shown": {"fact": "permit"}, "if": ASKS_HALT})],
    ],
    ids=["a prohibition", "all clauses", "a level", "an answer", "through a phase", "its own excuse"],
)
def test_a_clause_whose_acts_are_excused_by_how_it_stands_is_refused(clauses: list[dict[str, Any]]) -> None:
    with pytest.raises(Refused, match="each waits for the other at the same instant"):
        agreement(*clauses)


ATTACK = fact("a", "attack", "3", by="north")


@pytest.mark.parametrize("may", ["suspend", "waive", "terminate", "extend"])
def test_a_power_over_a_clause_may_ask_how_the_clause_stands(may: str) -> None:
    """That it was used is a fact; whether it might be used is a verdict on the power alone."""
    text = agreement(halt(), power(may, if_=ASKS_HALT, after="in_force"))
    used = fact("u", {"suspend": "suspension", "waive": "waiver"}.get(may, "declaration"), "9", by="south", of="halt")

    rows = stands(text, [ATTACK, used])

    assert {row.verdict for row in rows} == {Verdict.CONTRARY}
    assert stands(text, [ATTACK, used], of="might")


def test_a_power_to_excuse_may_begin_with_a_phase_that_asks_how_the_clause_stands() -> None:
    gate = clause("gate", "phase", opens="two", when=ASKS_HALT)
    text = agreement(halt(), power("excuse", after="two"), gate)

    assert {row.verdict for row in stands(text, [ATTACK])} == {Verdict.CONTRARY}
    assert stands(text, [ATTACK], of="might")


def test_a_duty_judged_by_its_deadline_asks_no_power_to_excuse_acts() -> None:
    out = clause("out", "achieve", shown_by={"fact": "declaration"}, deadline="2031-03-05T00:00+02:00")
    text = agreement(out, power("excuse", of="out", if_={"met": "out"}))

    assert stands(text, [fact("d", "declaration", "4", of="out")], of="out")


def test_the_beginning_may_be_a_date_that_the_text_defines() -> None:
    day_one = clause("day-one", "define", date="2031-03-02T00:00+02:00")

    assert stands(agreement(halt(), day_one, in_force="day-one"), [ATTACK])[0].verdict is Verdict.CONTRARY
