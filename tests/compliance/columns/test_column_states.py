"""Achieve and maintain in columns, where the cases of the reference do not reach: many members, silence, names."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from tests.compliance_columns import agree_about, same_rows
from tests.compliance_small import agreement, at, clause, fact, stands, watch
from tests.generated import world
from trucekeeper.compliance.standing import Question
from trucekeeper.terms import NEVER, Amount, Fact, Interval, Op, Proof
from trucekeeper.terms.moments import HOUR

if TYPE_CHECKING:
    from collections.abc import Iterator

EACH = {"unit": {"of": "north"}}
SECTORS = {"unit": {"of": "north"}, "sector": ["valley", "harbour"]}
START = "2031-03-03T00:00+02:00"
OUT = clause(
    "out", "achieve", by="north", each=EACH, within="72h", after=START, state={"fact": "position", "in": "valley"}
)
CLAUSES: dict[str, dict[str, Any]] = {
    "a state with a deadline": OUT,
    "a state that is stale after a while": {**OUT, "shown_by": {"fact": "position", "stale_after": "12h"}},
    "a state without a deadline": {key: one for key, one in OUT.items() if key != "within"},
    "a state or somebody's word": {
        **OUT,
        "shown_by": [{"fact": "position"}, {"fact": "declaration", "by": "guarantor"}],
    },
    "a word alone": {**OUT, "state": None, "shown_by": {"fact": "declaration", "by": "guarantor"}},
    "a sight of an event": {**OUT, "state": None, "shown_by": {"fact": "movement"}},
    "a state in each sector": {**OUT, "each": SECTORS, "state": {"fact": "position", "in": "sector"}},
    "a state outside each sector": {**OUT, "each": SECTORS, "state": {"fact": "position", "outside": "sector"}},
    "a word for each unit and sector": {**OUT, "each": SECTORS, "state": None, "shown_by": {"fact": "declaration"}},
    "a state of nobody in particular": {key: one for key, one in OUT.items() if key != "each"},
    "a state excused": {**OUT, "excuse": {"shown": {"fact": "permit"}, "within": "48h", "burden": "accuser"}},
    "a state excused by somebody's own order": {
        **OUT,
        "excuse": {"shown": {"fact": "order", "same": "zone"}, "within": "1000d", "unless": {"fact": "notice"}},
    },
    "a state begun": {**OUT, "start": {"within": "24h", "shown_by": {"fact": "position", "in": "valley"}}},
    "a state that needs judgement": {**OUT, "state": {"fact": "position", "in": "valley", "judgement": "offensive"}},
    "a state kept": clause(
        "out", "maintain", by="north", each=EACH, after=START, state={"fact": "position", "in": "valley"}
    ),
    "a level kept": clause(
        "out", "maintain", by="north", each=EACH, after=START, measure={"fact": "strength"}, at_least=3, at_most=5
    ),
    "a level of all": clause("out", "maintain", by="north", after=START, measure={"fact": "strength"}, at_most=4),
    "a level of one kind": clause(
        "out", "maintain", by="north", after=START, measure={"fact": "strength"}, at_least=4, field="count"
    ),
}
KEPT = ("a state kept", "a level kept", "a level of all", "a level of one kind")
for _name in KEPT:
    _ways: dict[str, dict[str, Any]] = {
        " tolerantly": {"tolerance": "12h"},
        " and fresh": {"stale_after": "36h"},
        " tolerantly and fresh": {"tolerance": "6h", "stale_after": "24h"},
        " excused": {
            "tolerance": "6h",
            "excuse": {"shown": {"fact": "permit", "same": "unit"}, "within": "24h", "burden": "accuser"},
        },
    }
    for _how, _more in _ways.items():
        CLAUSES[_name + _how] = {**CLAUSES[_name], **_more}
TEXTS = {
    name: agreement({key: one for key, one in said.items() if one is not None}) for name, said in CLAUSES.items()
}

UNITS = (None, "n1", "n1", "n2", "s1", ("n1", "n2"), ("n2", "n2"))
KINDS = (
    "position",
    "position",
    "position",
    "strength",
    "strength",
    "declaration",
    "movement",
    "permit",
    "order",
    "notice",
)


def history(dice: Random) -> Iterator[Fact]:
    """Yield few facts at few moments, so that much falls together, and some that last, are in doubt or redacted."""
    for number in range(dice.randint(0, 9)):
        kind = dice.choice(KINDS)
        start = (
            at("3")
            + dice.choice([-6, -1, 0, 0, 6, 12, 24, 36, 48, 60, 66, 72, 78, 84, 100]) * HOUR
            + dice.choice([0, 0, 0, -1, 1])
        )
        said: dict[str, Any] = {
            "unit": dice.choice(UNITS),
            "sector": dice.choice([None, None, "valley", "harbour"]),
        }
        if kind == "strength":
            said["count"] = dice.choice([None, 2, 3, 4, 5, 6, Amount(2, 4), Amount(4, 9)])
        if kind in ("declaration", "notice", "order"):
            said["of"] = dice.choice(["out", "out", None, "else"])
        yield fact(
            f"f{dice.randrange(10)}-{number}",
            kind,
            Interval(start, start + dice.choice([0, 0, 0, 1, 6 * HOUR, 30 * HOUR])),
            by=dice.choice([None, "north", "north", "n1", "n2", "south", "guarantor"]),
            zone=dice.choice(["valley", "valley", "harbour", None]),
            occurred=dice.choice([Proof.CORROBORATED] * 4 + [Proof.ALLEGED, Proof.REFUTED]),
            op=dice.choice([Op.ASSERT] * 8 + [Op.REDACT]),
            **{key: one for key, one in said.items() if one is not None},
        )
    if dice.random() < 0.6:
        yield watch("seen", "1", dice.choice(["6", "9"]), detects=("position", "strength", "declaration", "movement"))


@pytest.mark.parametrize("name", CLAUSES)
def test_it_stands_as_by_the_reference(name: str) -> None:
    dice = Random(name)  # noqa: S311  nothing here is a secret
    for _ in range(20):
        moment = at("3") + dice.choice([0, 12, 60, 72, 72, 80, 96, 120, 150, 300]) * HOUR + dice.choice([0, 0, 1, -1])
        question = Question(
            as_of=moment, known_at=NEVER, proof=dice.choice([Proof.CORROBORATED, Proof.VERIFIED, Proof.ALLEGED])
        )
        same_rows(TEXTS[name], list(history(dice)), question, only="out")


def test_states_of_generated_worlds_stand_as_by_the_reference() -> None:
    kinds = ("achieve", "maintain")
    worlds = [world(seed) for seed in range(0, 240, 4)]

    agree_about(
        [one for one in worlds if any(each.latest().kind in kinds for each in one.agreement.clauses.values())]
    )


def test_a_thousand_looks_at_two_units_are_told_apart_by_whom_they_name() -> None:
    looks = [
        fact(
            f"f{number}",
            "position",
            f"{3 + number % 3} 12:00",
            by="north",
            zone="valley" if number % 2 else "harbour",
            unit=f"n{1 + number % 2}",
        )
        for number in range(1000)
    ]

    rows = stands(TEXTS["a state that is stale after a while"], looks, of="out")

    assert [row.verdict.name for row in rows] == ["CONTRARY", "CONSISTENT"]


def test_the_last_of_several_figures_is_told() -> None:
    figures = [
        fact("f1", "strength", "4", count=4),
        fact("f2", "strength", "5"),
        fact("f3", "strength", "6", count=Amount(2, 3)),
    ]

    (row,) = stands(TEXTS["a level of all"], figures, of="out")

    assert row.figure == "2 to 3 (at most 4)"


# ---- edges ---------------------------------------------------------------------------------------------------------


def verdicts(name: str, *facts: Fact, as_of: str | int = "9") -> list[str]:
    """Return how it stands for each unit, by batch as by the reference."""
    return [row.verdict.name for row in stands(TEXTS[name], facts, as_of, of="out")]


def look(name: str, happened: str | int, zone: str = "valley", **more: Any) -> Fact:  # noqa: ANN401  fields of a fact
    return fact(name, "position", happened, by="north", zone=zone, **{"unit": "n1", **more})


def test_a_denial_at_the_very_deadline_undoes_what_was_shown_before() -> None:
    shown = look("f1", "5 23:00")

    assert verdicts("a state with a deadline", shown, look("f2", "6", "harbour"))[0] == "CONTRARY"
    assert verdicts("a state with a deadline", shown, look("f2", at("6") + 1, "harbour"))[0] == "CONSISTENT"


def test_a_denial_after_the_deadline_counts_where_nothing_showed_it_before() -> None:
    assert verdicts("a state with a deadline", look("f1", at("6") + 5, "harbour"))[0] == "CONTRARY"
    assert verdicts("a state with a deadline", look("f1", "6", "harbour"))[0] == "CONTRARY"
    doubtful = look("f0", "4", occurred=Proof.ALLEGED)
    assert verdicts("a state with a deadline", doubtful, look("f1", at("6") + 5, "harbour"))[0] == "CANNOT_TELL"


def test_a_bad_look_before_the_duty_began_shows_nothing_kept() -> None:
    bad = look("f1", at("3") - HOUR, "harbour")

    assert verdicts("a state kept and fresh", bad, as_of=at("3") + HOUR)[0] == "CANNOT_TELL"
    assert verdicts("a state kept and fresh", look("f1", at("3") - HOUR), as_of=at("3") + HOUR)[0] == "CONSISTENT"


def test_looks_are_fresh_for_just_so_long() -> None:
    first, second = look("f1", "3"), look("f2", "4 12:00")

    assert verdicts("a state kept and fresh", first, second, as_of="6")[0] == "CONSISTENT"
    assert verdicts("a state kept and fresh", first, second, as_of=at("6") + 1)[0] == "CANNOT_TELL"
    assert verdicts("a state kept and fresh", first, look("f2", at("4 12:00") + 1), as_of="6")[0] == "CANNOT_TELL"
    assert verdicts("a state kept and fresh", second, as_of="6")[0] == "CONSISTENT"
    assert verdicts("a state kept and fresh", look("f2", at("4 12:00") + 1), as_of="6")[0] == "CANNOT_TELL"
    assert verdicts("a state kept and fresh", look("f1", at("3") - 36 * HOUR), as_of="3")[0] == "CONSISTENT"
    assert verdicts("a state kept and fresh", look("f1", at("3") - 36 * HOUR - 1), as_of="3")[0] == "CANNOT_TELL"


def test_a_lapse_is_let_pass_that_is_mended_in_time_and_not_before() -> None:
    lapse = look("f1", "4", "harbour")

    for mended, verdict in (
        (1, "CANNOT_TELL"),
        (12 * HOUR, "CANNOT_TELL"),
        (12 * HOUR + 1, "CONTRARY"),
        (0, "CONTRARY"),
    ):
        assert verdicts("a state kept tolerantly", lapse, look("f2", at("4") + mended))[0] == verdict
    assert verdicts("a state kept tolerantly", lapse, as_of="4 12:00")[0] == "CANNOT_TELL"
    assert verdicts("a state kept tolerantly", lapse, as_of=at("4 12:00") + 1)[0] == "CONTRARY"


def test_a_doubtful_lapse_is_perhaps_mended_a_microsecond_after_it_began() -> None:
    lapse = look("f1", Interval(at("4"), at("4") + 5), "harbour")  # type: ignore[arg-type]  # a time in doubt
    for mended in range(7):
        verdicts("a state kept tolerantly", lapse, look("f2", at("4") + mended))
        verdicts("a state kept tolerantly", lapse, look("f2", at("4") + 12 * HOUR + mended))


def test_the_figure_of_a_component_is_not_the_most_of_the_whole() -> None:
    watched = watch("w", "1", "9", detects=("strength",))

    assert verdicts("a level of all", fact("f1", "strength", "5", by="north", count=3), watched, as_of="8") == [
        "CONSISTENT"
    ]
    assert verdicts("a level of all", fact("f1", "strength", "5", by="n1", count=3), watched, as_of="8") == [
        "CANNOT_TELL"
    ]
    named = fact("f1", "strength", "5", by="north", unit="n1", count=3)
    assert verdicts("a level of all", named, watched, as_of="8") == ["CANNOT_TELL"]


def test_snapshots_that_end_together_are_taken_by_name() -> None:
    """The one that began earlier has the later name: in its order nothing is shown since the later beginning."""
    long, short = Interval(at("3"), at("5")), Interval(at("5"), at("5"))
    for one, other in (("a", "b"), ("b", "a")):
        looks = look("f0", "4"), look(one, long, "harbour"), look(other, short)  # type: ignore[arg-type]
        verdicts("a state kept and fresh", *looks, as_of="6")
        verdicts("a state kept and fresh", look("f0", "4"), look(one, long), look(other, short), as_of="6 12:00")  # type: ignore[arg-type]
