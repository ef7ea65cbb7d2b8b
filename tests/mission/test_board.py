"""The board: members in one line, readings that look the same in one line, and nothing lost."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.compliance_small import agreement, at, between, halt, stands
from trucekeeper.compliance.grounds import Assumed, Beside, Stand
from trucekeeper.compliance.standing import Question, Standing
from trucekeeper.mission.board import WORST_FIRST, Line, board
from trucekeeper.terms import Lifecycle, Verdict

(ROW,) = stands(agreement(halt(by="north")), (), "9")
CONTRARY, CONSISTENT, OPEN = Verdict.CONTRARY, Verdict.CONSISTENT, Verdict.OPEN
CANNOT_TELL, NOT_IN_FORCE = Verdict.CANNOT_TELL, Verdict.NOT_IN_FORCE
A, B = (("clock", "a"),), (("clock", "b"),)


def row(verdict: Verdict = CONSISTENT, reading: Assumed = (), **more: Any) -> Stand:  # noqa: ANN401  fields of a stand
    return replace(ROW, verdict=verdict, reading=reading, **more)


def lines(*rows: Stand) -> tuple[Line, ...]:
    return board(Standing("valoria-2031", "x", Question(as_of=at("9"), known_at=at("9")), rows))


def test_every_verdict_has_its_place_in_the_order_of_urgency() -> None:
    assert set(WORST_FIRST) == set(Verdict)
    assert len(WORST_FIRST) == len(Verdict)


def test_the_members_of_a_clause_are_one_line_with_a_count_of_each_verdict() -> None:
    rows = [row(CONSISTENT), row(OPEN), row(CANNOT_TELL), row(OPEN)]

    (line,) = lines(*rows)

    assert (line.clause, line.by, line.stands) == ("halt", "north", tuple(rows))
    assert line.verdict is CANNOT_TELL
    assert line.counts == "1 cannot tell, 2 open, 1 consistent"
    assert line.leading == (rows[2],)


@pytest.mark.parametrize(
    ("verdicts", "shown"),
    [
        ([CONSISTENT, NOT_IN_FORCE], NOT_IN_FORCE),
        ([NOT_IN_FORCE, OPEN], OPEN),
        ([OPEN, CANNOT_TELL], CANNOT_TELL),
        ([CANNOT_TELL, CONTRARY], CONTRARY),
    ],
)
def test_a_line_shows_the_verdict_that_most_wants_to_be_looked_at(verdicts: list[Verdict], shown: Verdict) -> None:
    for order in (verdicts, verdicts[::-1]):
        (line,) = lines(*(row(one) for one in order))

        assert line.verdict is shown


def test_a_single_stand_has_no_counts() -> None:
    assert lines(row())[0].counts == ""
    assert lines(row(), row())[0].counts == "2 consistent"


def test_each_clause_and_each_party_has_a_line_of_its_own_in_the_order_of_the_text() -> None:
    rows = [row(clause="z"), row(clause="z", by="south"), row(clause="a"), row(clause="z")]

    assert [(one.clause, one.by) for one in lines(*rows)] == [("z", "north"), ("z", "south"), ("a", "north")]


def test_readings_under_which_a_line_looks_the_same_are_one_line() -> None:
    (line,) = lines(row(reading=A), row(reading=B))

    assert (line.reading, line.indifferent) == ((), ("clock",))
    assert [one.reading for one in line.alike] == [B]
    assert line.stands == (row(reading=A),)


def test_what_merged_readings_share_stays() -> None:
    wide = (("scope", "wide"),)

    (line,) = lines(row(reading=A + wide), row(reading=B + wide))

    assert (line.reading, line.indifferent) == (wide, ("clock",))


@pytest.mark.parametrize(
    "other",
    [
        {"verdict": OPEN},
        {"lifecycle": Lifecycle.LAPSED},
        {"figure": "3 on record"},
        {"rests_on": "position"},
        {"waits_for": ("approval",)},
        {"due": between("5", "5")},
    ],
)
def test_readings_under_which_a_line_looks_different_are_two_lines(other: dict[str, Any]) -> None:
    found = lines(row(reading=A), replace(row(reading=B), **other))

    assert [(one.reading, one.indifferent, one.alike) for one in found] == [(A, (), ()), (B, (), ())]


def test_a_line_looks_like_the_last_of_its_leading_stands() -> None:
    first = [row(reading=A, figure="1"), row(reading=A, figure="2")]
    second = [row(reading=B, figure="9"), row(reading=B, figure="2")]
    third = [row(reading=B, figure="1"), row(reading=B, figure="9")]

    assert len(lines(*first, *second)) == 1
    assert len(lines(*first, *third)) == 2


def test_what_stands_beside_is_printed_once_for_all_that_a_line_holds() -> None:
    plea, claim = Beside("plea", "self-defence: raised, unproven"), Beside("claim", "22")

    (line,) = lines(
        row(reading=A, beside=(plea,)), row(reading=A, beside=(plea, claim)), row(reading=B, beside=(claim,))
    )

    assert line.beside == (plea, claim)
