"""Prohibit in columns: acts at the edges of its time, excused or not, and the occasions that are told."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

from tests.compliance_small import agreement, at, clause, fact, stands
from trucekeeper.compliance.batch import batch, log_of
from trucekeeper.compliance.batch import stands as each_of
from trucekeeper.compliance.standing import Question
from trucekeeper.terms import DAWN, NEVER, Fact, Interval, Op, Proof, Span, Tri

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.compliance_small import Time
    from trucekeeper.agreement.agreement import Agreement
    from trucekeeper.compliance.grounds import Stand

FIRST, LAST = at("3"), at("6")
QUIET = clause("it", "prohibit", by="north", after="2031-03-03T00:00+02:00", act={"fact": "attack"})
STOP = clause("stop", "power", by=["north", "south"], may="terminate", of="it")
PAUSE = clause("pause", "power", by=["north", "south"], may="suspend", of="it", stops_clock=True)
PLAIN = agreement(QUIET)
TEXT = agreement(QUIET, STOP, PAUSE)
PERMITTED = agreement(
    {
        **QUIET,
        "excuse": {"shown": {"fact": "permit", "same": "zone"}, "within": "1h", "burden": "accuser"},
    }
)


def attack(name: str, when: Time, **more: Any) -> Fact:  # noqa: ANN401  fields of a fact
    return fact(name, "attack", when, **{"by": "north", **more})


def in_bulk(text: Agreement, facts: Sequence[Fact], as_of: int) -> Stand:
    """Return the one row of batch, which is that of the reference."""
    stands(text, facts, as_of, of="it")
    question = Question(as_of=as_of, known_at=NEVER)
    (row,) = each_of(batch(text, log_of(text, facts, question), question, only="it"))
    return row


def told(row: Stand) -> dict[str, Tri]:
    return {one.fact: one.answer for one in row.episodes}


def test_an_act_counts_from_the_first_to_the_last_moment_of_the_prohibition() -> None:
    acts = [attack("before", FIRST - 1), attack("first", FIRST), attack("last", LAST), attack("after", LAST + 1)]
    acts += [attack("perhaps before", Interval(FIRST - 1, FIRST)), attack("perhaps after", Interval(LAST, LAST + 1))]
    stop = fact("s", "termination", LAST, by="south", of="it")

    row = in_bulk(TEXT, [*acts, stop], at("9"))

    assert told(row) == {"perhaps before": Tri.MAYBE, "first": Tri.YES, "last": Tri.YES, "perhaps after": Tri.MAYBE}
    assert (row.figure, row.verdict.name) == ("2 on record, 2 possible", "CONTRARY")


def test_an_act_in_a_suspension_is_none_and_at_its_end_is_one() -> None:
    pause = fact("p", "suspension", "4", Span(at("4"), at("5")), by="south", of="it")
    accepted = fact("y", "declaration", "4", by="north", of="p", finding="accepted")
    acts = [attack(f"a{shift}", at("4") + shift) for shift in (-1, 0, 1)]
    acts += [attack(f"b{shift}", at("5") + shift) for shift in (-1, 0, 1)]
    acts += [attack("c", Interval(at("4") - 1, at("4"))), attack("d", Interval(at("5") - 1, at("5")))]

    row = in_bulk(TEXT, [*acts, pause, accepted], at("9"))

    assert told(row) == {"a-1": Tri.YES, "b0": Tri.YES, "b1": Tri.YES, "c": Tri.MAYBE, "d": Tri.MAYBE}


def test_possible_acts_alone_leave_doubt() -> None:
    doubtful = attack("f1", "4", occurred=Proof.ALLEGED)

    row = in_bulk(TEXT, [doubtful, attack("f2", "5", by=None)], at("9"))

    assert (row.verdict.name, row.figure) == ("CANNOT_TELL", "2 possible")
    assert told(row) == {"f1": Tri.MAYBE, "f2": Tri.MAYBE}
    assert told(in_bulk(TEXT, [attack("f1", "4", occurred=Proof.REFUTED)], at("9"))) == {}


@pytest.mark.parametrize("as_of", [FIRST - 1, FIRST, FIRST + 1])
def test_before_it_binds_no_act_is_against_it(as_of: int) -> None:
    row = in_bulk(TEXT, [attack("f1", FIRST - 1), attack("f2", FIRST), attack("f3", FIRST + 1)], as_of)

    assert list(told(row)) == ["f2", "f3"][: max(0, as_of - FIRST + 1)]
    assert (row.figure == "", row.verdict.name) == (as_of < FIRST, "NOT_IN_FORCE" if as_of < FIRST else "CONTRARY")


def test_an_act_is_excused_as_surely_as_a_permit_for_it_is_shown() -> None:
    permits = [
        fact("p1", "permit", at("4") - 1, zone="valley"),
        fact("p2", "permit", at("4") - 1, zone="harbour", occurred=Proof.ALLEGED),
    ]
    acts = [
        attack(f"{zone}-{level.name}", "4", zone=zone, occurred=level)
        for zone, level in product(("valley", "harbour", "east-bank"), (Proof.CORROBORATED, Proof.ALLEGED))
    ]

    row = in_bulk(PERMITTED, [*acts, *permits], at("9"))

    assert told(row) == {
        "east-bank-ALLEGED": Tri.MAYBE,
        "east-bank-CORROBORATED": Tri.YES,
        "harbour-ALLEGED": Tri.MAYBE,
        "harbour-CORROBORATED": Tri.MAYBE,
    }
    assert row.figure == "1 on record, 3 possible"


def test_an_act_that_several_patterns_mean_is_one() -> None:
    text = agreement({**QUIET, "act": [{"fact": "attack"}, {"fact": "shelling"}, {"fact": "attack", "in": "valley"}]})

    row = in_bulk(text, [fact("f1", "shelling", "4", by="north", zone="valley"), attack("f2", "5")], at("9"))

    assert (told(row), row.figure) == ({"f1": Tri.YES, "f2": Tri.YES}, "2 on record")


# ---- occasions -----------------------------------------------------------------------------------------------------


def three() -> list[Fact]:
    hidden = Fact(id="f0", kind="", op=Op.REDACT, when=Interval(DAWN, NEVER), learned_at=0)
    return [attack("f1", "4"), fact("f2", "shelling", ("5", "6"), by="north"), hidden]


def test_each_occasion_says_what_it_was_and_when() -> None:
    episodes = in_bulk(PLAIN, three(), at("9")).episodes

    assert [(one.says, one.answer, one.when) for one in episodes] == [
        ("redacted fact f0", Tri.MAYBE, Interval(DAWN, NEVER)),
        ("attack f1", Tri.YES, Interval.at(at("4"))),
        ("shelling f2", Tri.YES, Interval(at("5"), at("6"))),
    ]


def test_an_occasion_is_had_by_its_place_from_either_end() -> None:
    episodes = in_bulk(PLAIN, three(), at("9")).episodes
    whole = list(episodes)

    assert len(episodes) == 3
    assert [episodes[place] for place in (-3, -2, -1, 0, 1, 2)] == whole + whole
    assert (episodes[1:], episodes[::-2], episodes[3:]) == (whole[1:], whole[::-2], [])


@pytest.mark.parametrize("beyond", [3, 4, -4, -5])
def test_beyond_the_occasions_there_is_none(beyond: int) -> None:
    episodes = in_bulk(PLAIN, three(), at("9")).episodes

    with pytest.raises(IndexError, match=f"^{beyond}$"):
        episodes[beyond]
