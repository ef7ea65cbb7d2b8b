"""Whether somebody watched throughout each of many stretches: the same as the reference says of each."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from tests.compliance_columns import in_columns
from tests.compliance_small import agreement, at, halt
from trucekeeper.agreement.language import Watched
from trucekeeper.compliance.columns.watching import watched
from trucekeeper.compliance.watching import Sought
from trucekeeper.compliance.watching import watched as one_by_one
from trucekeeper.terms import DAWN, Fact, Interval, Proof, Span, Tri

TEXT = agreement(halt())
FIRST = at("5")


def coverage(name: str, start: int, end: int, *kinds: str, sure: bool = True) -> Fact:
    level = Proof.CORROBORATED if sure else Proof.ALLEGED
    return Fact(
        id=name,
        kind="coverage",
        when=Interval.at(max(start, DAWN)),
        span=Span(start, end),
        learned_at=0,
        occurred=level,
        who=level,
        fields=(("detects", kinds),),
    )


def agree(facts: list[Fact], kinds: tuple[str, ...], needs: Watched, asked: list[tuple[int, int]]) -> None:
    inquiry = in_columns(TEXT, facts, at("31"))
    since, until = (np.array(column, np.int64) for column in zip(*asked, strict=True))
    sought = Sought(kinds, ())

    found = watched(inquiry, sought, needs, since=since, until=until)

    wanted = [one_by_one(inquiry, sought, Span(*one), needs).tri is Tri.YES for one in asked]
    assert found.tolist() == wanted


@pytest.mark.parametrize("at_least", ["unstated", "1%", "50%", "90%", "100%"])
def test_each_stretch_is_watched_as_by_the_reference(at_least: str) -> None:
    dice, needs = Random(at_least), Watched(at_least=at_least)  # noqa: S311  nothing here is a secret
    for _ in range(60):
        facts = []
        for number in range(dice.randrange(6)):
            start = FIRST + dice.randrange(20)
            kinds = dice.choice([("attack",), ("movement",), ("attack", "movement")])
            facts.append(
                coverage(f"w{number}", start, start + dice.choice([0, 1, 2, 5, 9]), *kinds, sure=dice.random() < 0.8)
            )
        starts = [FIRST + dice.randrange(-2, 24) for _ in range(8)]
        asked = [(start, start + dice.choice([0, 0, 1, 2, 3, 9, 20])) for start in starts]
        agree(facts, dice.choice([("attack",), ("movement",), ("attack", "movement")]), needs, asked)


@pytest.mark.parametrize(("at_least", "enough"), [("unstated", False), ("49%", True), ("50%", True), ("51%", False)])
def test_a_stretch_from_the_dawn_of_time_is_not_too_long_to_be_counted(at_least: str, *, enough: bool) -> None:
    now = DAWN + 1_000_000_000_000_000_000  # a hundred times as long is more than a column holds
    half = coverage("w", (DAWN + now) // 2 + 1, now, "attack")
    since, until = np.array([DAWN + 1, now - 3]), np.array([now, now])

    found = watched(
        in_columns(TEXT, [half], now), Sought(("attack",), ()), Watched(at_least=at_least), since=since, until=until
    )

    assert found.tolist() == [enough, True]


def test_of_no_stretches_none_is_watched_or_unwatched() -> None:
    none = np.empty(0, np.int64)

    assert (
        watched(in_columns(TEXT, [], at("31")), Sought(("attack",), ()), Watched(), since=none, until=none).tolist()
        == []
    )


def test_nothing_sought_is_watched_for() -> None:
    moments = np.array([1, 2])

    assert watched(in_columns(TEXT, [], at("31")), Sought((), ()), Watched(), since=moments, until=moments).all()


def test_half_of_an_odd_length_is_not_a_microsecond_less() -> None:
    needs = Watched(at_least="50%")
    stretch = [(FIRST, FIRST + 198)]

    agree([coverage("w", FIRST, FIRST + 98, "attack")], ("attack",), needs, stretch)
    agree([coverage("w", FIRST, FIRST + 99, "attack")], ("attack",), needs, stretch)
    agree([coverage("w", FIRST + 99, FIRST + 300, "attack")], ("attack",), needs, stretch)
    agree([coverage("w", FIRST - 9, FIRST + 99, "attack")], ("attack",), needs, stretch)


EDGES = (-1, 0, 1, 3, 4, 5)


@pytest.mark.parametrize("at_least", ["unstated", "40%", "100%"])
def test_every_watch_is_counted_from_its_first_to_its_last_microsecond(at_least: str) -> None:
    """One or two watches that meet, overlap or leave a gap, around the ends of what is asked about."""
    watches = [(start, end) for start in EDGES for end in EDGES if start <= end]
    asked = [(FIRST, FIRST), (FIRST, FIRST + 4), (FIRST + 1, FIRST + 3), (FIRST + 3, FIRST + 6)]
    needs = Watched(at_least=at_least)
    for number, one in enumerate(watches):
        for other in watches[number:]:
            facts = [coverage(f"w{at_}", FIRST + a, FIRST + b, "attack") for at_, (a, b) in enumerate((one, other))]
            agree(facts, ("attack",), needs, asked)


def test_a_watch_that_begins_with_the_last_moment_asked_about_is_one_of_it() -> None:
    agree([coverage("w", FIRST, FIRST + 3, "attack")], ("attack",), Watched(), [(FIRST, FIRST), (FIRST - 1, FIRST)])
    agree([coverage("w", FIRST - 3, FIRST, "attack")], ("attack",), Watched(), [(FIRST, FIRST), (FIRST, FIRST + 1)])


@pytest.mark.parametrize("percent", [1, 33, 50, 99, 100])
def test_a_share_of_a_length_is_watched_to_the_microsecond(percent: int) -> None:
    needs = Watched(at_least=f"{percent}%")
    for length in (1, 2, 99, 100, 101, 199, 201):
        least = -(-length * percent // 100)
        for seen in (max(1, least - 1), least, least + 1):
            agree(
                [coverage("w", FIRST, FIRST + seen - 1, "attack")], ("attack",), needs, [(FIRST, FIRST + length - 1)]
            )


def test_of_two_kinds_sought_both_are_watched_for() -> None:
    facts = [coverage("w1", FIRST, FIRST + 9, "attack"), coverage("w2", FIRST, FIRST + 4, "movement")]

    agree(facts, ("attack", "movement"), Watched(), [(FIRST, FIRST + 4), (FIRST, FIRST + 5), (FIRST + 5, FIRST + 9)])
