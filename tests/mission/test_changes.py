"""What differs between two standings is told once, commitment by commitment."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.compliance_small import agreement, at, between, fact, halt, stands
from trucekeeper.compliance.grounds import Beside, Stand
from trucekeeper.compliance.standing import Question, Standing
from trucekeeper.mission.changes import Change, changes
from trucekeeper.terms import Lifecycle, Tri, Verdict

TEXT = agreement(halt(by=["north", "south"]))
NORTH, SOUTH = stands(TEXT, [fact("s", "shelling", "4", by="south")], "9")


def standing(*rows: Stand) -> Standing:
    return Standing("valoria-2031", "x", Question(as_of=at("9"), known_at=at("9")), rows)


def test_nothing_changed_between_two_equal_standings() -> None:
    assert changes(standing(NORTH, SOUTH), standing(NORTH, SOUTH)) == ()


def test_before_the_first_standing_there_was_nothing() -> None:
    found = changes(None, standing(NORTH, SOUTH))

    assert found == (Change(None, NORTH), Change(None, SOUTH))
    assert [one.stand for one in found] == [NORTH, SOUTH]


@pytest.mark.parametrize(
    "other",
    [
        {"verdict": Verdict.OPEN},
        {"lifecycle": Lifecycle.LAPSED},
        {"figure": "3 on record"},
        {"due": between("5", "5")},
        {"rests_on": "position"},
        {"beside": (Beside("plea", "self-defence: raised, unproven"),)},
    ],
)
def test_what_a_person_is_shown_is_told_when_it_changes(other: dict[str, Any]) -> None:
    after = replace(NORTH, **other)

    found = changes(standing(NORTH, SOUTH), standing(after, SOUTH))

    assert found == (Change(NORTH, after),)
    assert found[0].stand is after


@pytest.mark.parametrize("other", [{"met": Tri.MAYBE}, {"waits_for": ("approval",)}])
def test_what_nobody_is_shown_is_no_change(other: dict[str, Any]) -> None:
    assert changes(standing(NORTH), standing(replace(NORTH, **other))) == ()


def test_what_is_no_longer_there_is_told_last() -> None:
    after = replace(SOUTH, verdict=Verdict.OPEN)

    found = changes(standing(NORTH, SOUTH), standing(after))

    assert found == (Change(SOUTH, after), Change(NORTH, None))
    assert found[1].stand is NORTH


@pytest.mark.parametrize("other", [{"key": "another"}, {"version": "later"}, {"reading": (("clock", "a"),)}])
def test_another_commitment_version_or_reading_is_another_stand(other: dict[str, Any]) -> None:
    after = replace(NORTH, **other)

    assert changes(standing(NORTH), standing(after)) == (Change(None, after), Change(NORTH, None))


def test_a_change_of_nothing_is_our_own_mistake() -> None:
    with pytest.raises(RuntimeError, match="bug"):
        _ = Change(None, None).stand
