"""Looks at a state in columns, at every edge: before and after a deadline, fresh and stale, lapsed and mended."""

from __future__ import annotations

from itertools import combinations_with_replacement, product
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from tests.compliance_columns import same_rows
from tests.compliance_small import agreement, at, clause, fact, stands, watch
from trucekeeper.compliance.standing import Question
from trucekeeper.terms import DAWN, NEVER, Amount, Fact, Interval, Proof, Span
from trucekeeper.terms.moments import HOUR

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tests.compliance_small import Time
    from trucekeeper.agreement.agreement import Agreement

CROWD = [f"u{number:02}" for number in range(24)]
"""So many units are looked at together: each has looks of its own."""
PARTIES = {"north": {"units": CROWD}, "south": {}}
START, S = "2031-03-03T00:00+02:00", at("3")
DUE = S + 12 * HOUR
OUT = {
    "by": "north",
    "each": {"unit": {"of": "north"}},
    "after": START,
    "state": {"fact": "position", "in": "valley"},
}
REACH = clause("out", "achieve", within="12h", **OUT)
KEEP = clause("out", "maintain", **OUT)
STOP = clause("stop", "power", by=["north", "south"], may="terminate", of="out")
MORE = clause("more", "power", by=["north", "south"], may="extend", of="out")
Look = tuple[Interval, str | None, Proof]
GOOD, BAD = "valley", "harbour"
SURE, UNSURE = Proof.CORROBORATED, Proof.ALLEGED


def agreed(*clauses: dict[str, Any]) -> Agreement:
    return agreement(*clauses, parties=PARTIES)


def seen(unit: str, looks: Iterable[Look]) -> list[Fact]:
    return [
        fact(f"{unit}-{number}", "position", when, by="north", unit=unit, zone=zone, occurred=level)
        for number, (when, zone, level) in enumerate(looks)
    ]


def agree(text: Agreement, cases: Sequence[Sequence[Look]], *moments: int, more: Sequence[Fact] = ()) -> None:
    """Fail where batch gives other rows than the reference for units looked at like this, a crowd at a time."""
    for first in range(0, len(cases), len(CROWD)):
        crowd = cases[first : first + len(CROWD)]
        facts = [one for unit, looks in zip(CROWD, crowd, strict=False) for one in seen(unit, looks)]
        for as_of in moments:
            same_rows(text, [*facts, *more], Question(as_of=as_of, known_at=NEVER), only="out")


def looks_at(moments: Iterable[Time], levels: Sequence[Proof] = (SURE, UNSURE)) -> list[Look]:
    several = [Interval(*one) if isinstance(one, tuple) else Interval.at(one) for one in moments]  # type: ignore[arg-type]  # whole numbers
    return [*product(several, (GOOD, BAD), levels)]


def verdict(text: Agreement, looks: Sequence[Look], as_of: int, *more: Fact) -> str:
    """Return how it stands for the first unit, by batch as by the reference."""
    return stands(text, [*seen(CROWD[0], looks), *more], as_of, of="out")[0].verdict.name


# ---- reached by a deadline -----------------------------------------------------------------------------------------

STALE = {**REACH, "shown_by": {"fact": "position", "stale_after": "2h"}}
AROUND_DUE: tuple[Time, ...] = (
    DUE - 2 * HOUR - 1,
    DUE - 2 * HOUR,
    DUE - 1,
    DUE,
    DUE + 1,
    (DUE - 1, DUE),
    (DUE, DUE + 1),
)


@pytest.mark.parametrize("said", [REACH, STALE])
def test_one_look_around_the_deadline_shows_what_it_shows_by_the_reference(said: dict[str, Any]) -> None:
    moments = sorted({S - 1, S, *(one for one in AROUND_DUE if isinstance(one, int))})
    looks = looks_at(combinations_with_replacement(moments, 2))

    agree(agreed(said), [[one] for one in looks], DUE + 1)
    agree(agreed(said), [[one] for one in looks[: len(CROWD)]], DUE, at("5"))


@pytest.mark.parametrize("said", [REACH, STALE])
def test_of_two_looks_around_the_deadline_the_later_word_counts(said: dict[str, Any]) -> None:
    sure = [*combinations_with_replacement(looks_at(AROUND_DUE, [SURE]), 2)]
    doubtful = [*product(looks_at(AROUND_DUE[1:5], [SURE]), looks_at(AROUND_DUE[1:5], [UNSURE]))]

    agree(agreed(said), [*sure, *doubtful], DUE + 2)


def test_a_look_a_microsecond_before_the_deadline_says_nothing_of_it_by_its_denial() -> None:
    text = agreed(REACH)

    assert verdict(text, [(Interval.at(DUE), BAD, SURE)], at("5")) == "CONTRARY"
    assert verdict(text, [(Interval.at(DUE - 1), BAD, SURE)], at("5")) == "CANNOT_TELL"
    assert verdict(text, [(Interval.at(DUE + 1), BAD, SURE)], at("5")) == "CONTRARY"
    assert verdict(text, [(Interval.at(DUE), GOOD, SURE)], at("5")) == "CONSISTENT"
    assert verdict(text, [(Interval.at(DUE + 1), GOOD, SURE)], at("5")) == "CANNOT_TELL"


def test_an_event_at_the_deadline_is_in_time_and_a_microsecond_later_is_not() -> None:
    text = agreed({**REACH, "state": None, "shown_by": {"fact": "movement"}})
    times = [*combinations_with_replacement((S - 1, S, DUE - 1, DUE, DUE + 1), 2)]
    again = [fact(f"n{number}", "movement", DUE, unit=unit) for number, unit in enumerate(CROWD[::2])]
    watched = [watch("w", "1", "9", detects=("movement",))]
    for level, more, as_of in product((SURE, UNSURE), ([], again, watched), (DUE, DUE + 1)):
        moved = [
            fact(f"m-{unit}", "movement", when, by="north", unit=unit, occurred=level)
            for unit, when in zip(CROWD, times, strict=False)
        ]
        same_rows(text, [*moved, *more], Question(as_of=as_of, known_at=NEVER), only="out")


def test_a_deadline_put_off_for_ever_is_not_met_by_what_nobody_saw() -> None:
    text = agreed({**REACH, "state": None, "shown_by": {"fact": "movement"}}, MORE)
    ever = fact("x", "extension", S, Span(S, NEVER), by="south", of="out")
    for level in (SURE, UNSURE):
        moved = fact("m", "movement", DUE, by="north", unit=CROWD[0], occurred=level)

        rows = stands(text, [moved, ever], at("9"), of="out")

        assert [row.verdict.name for row in rows[:2]] == ["CONSISTENT" if level is SURE else "OPEN", "OPEN"]


# ---- kept ----------------------------------------------------------------------------------------------------------

FRESH = {**KEEP, "stale_after": "3h"}
TOLERANT = {**KEEP, "tolerance": "2h"}
BOTH = {**FRESH, "tolerance": "2h"}
ENDED = S + 6 * HOUR
WATCHED = watch("w", "1", "9", detects=("position",))
GRID = [S + hours * HOUR + shift for hours in (-3, 0, 3, 6) for shift in (-1, 0, 1)]


@pytest.mark.parametrize("said", [KEEP, FRESH, TOLERANT, BOTH])
def test_one_look_shows_a_state_kept_or_lapsed_as_by_the_reference(said: dict[str, Any]) -> None:
    stop = fact("s", "termination", ENDED, by="south", of="out")
    looks = [[one] for one in looks_at(GRID, [SURE])]
    looks += [[one] for one in looks_at([S - 1, S, ENDED], [UNSURE])]
    looks += [[one] for one in looks_at([ENDED - 2 * HOUR, (ENDED - 2 * HOUR - 1, ENDED - 2 * HOUR)], [SURE])]

    agree(agreed(said), looks, ENDED, more=[WATCHED])
    agree(agreed(said, STOP), looks, S + 3 * HOUR + 1, ENDED + 1, more=[stop])


@pytest.mark.parametrize("said", [FRESH, TOLERANT, BOTH])
def test_looks_in_a_row_show_a_state_kept_or_lapsed_as_by_the_reference(said: dict[str, Any]) -> None:
    dice = Random(str(said))  # noqa: S311  nothing here is a secret
    cases = []
    for _ in range(7 * len(CROWD)):
        looks = []
        for _ in range(dice.randint(2, 4)):
            start = dice.choice(GRID)
            when = Interval(start, start + dice.choice([0, 0, 0, 1, HOUR]))
            looks.append((when, dice.choice([GOOD, GOOD, BAD]), dice.choice([SURE, SURE, UNSURE])))
        cases.append(looks)

    agree(agreed(said), cases, S + 3 * HOUR)


def test_a_lapse_let_pass_does_not_end_what_was_shown() -> None:
    looks = [
        (Interval.at(S), GOOD, SURE),
        (Interval.at(S + HOUR), BAD, SURE),
        (Interval.at(S + 3 * HOUR), GOOD, SURE),
    ]

    assert verdict(agreed(BOTH), looks, S + 6 * HOUR) == "CONSISTENT"
    assert verdict(agreed(BOTH), looks, S + 6 * HOUR + 1) == "CANNOT_TELL"
    late = [*looks[:2], (Interval.at(S + 3 * HOUR + 1), GOOD, SURE)]
    assert verdict(agreed(BOTH), late, S + 6 * HOUR) == "CONTRARY"
    assert verdict(agreed(FRESH), looks, S + 6 * HOUR) == "CONTRARY"


def test_a_look_with_the_last_moment_counts_and_one_after_it_does_not() -> None:
    stop = fact("s", "termination", ENDED, by="south", of="out")
    text = agreed(KEEP, STOP)

    for shift, said in ((-1, "CONTRARY"), (0, "CONTRARY"), (1, "CANNOT_TELL")):
        assert verdict(text, [(Interval.at(ENDED + shift), BAD, SURE)], at("9"), stop) == said


def test_a_look_at_the_very_moment_asked_about_is_one_of_it() -> None:
    looks = [(Interval.at(S), GOOD, SURE), (Interval.at(S + 3 * HOUR), GOOD, SURE)]

    assert verdict(agreed(FRESH), looks, S + 3 * HOUR) == "CONSISTENT"
    assert verdict(agreed(FRESH), [*looks[:1], (looks[1][0], BAD, SURE)], S + 3 * HOUR) == "CONTRARY"
    doubtful = [*looks[:1], (Interval(S, S + 3 * HOUR), None, SURE)]
    assert verdict(agreed(FRESH), doubtful, S + 3 * HOUR) == "CANNOT_TELL"


def test_looks_until_the_beginning_count_from_it_and_the_last_of_them_decides() -> None:
    before, first = Interval.at(S - HOUR), Interval.at(S)

    assert verdict(agreed(FRESH), [(before, BAD, SURE), (first, GOOD, SURE)], S + HOUR) == "CONSISTENT"
    assert verdict(agreed(FRESH), [(before, GOOD, SURE), (first, BAD, SURE)], S + HOUR) == "CONTRARY"
    assert verdict(agreed(FRESH), [(before, BAD, SURE), (Interval.at(S + 1), GOOD, SURE)], S + HOUR) == "CANNOT_TELL"


def test_of_looks_that_end_together_the_one_of_the_later_name_is_the_last() -> None:
    """They end before the beginning, so that only the last of them tells what was so from then on."""
    text, long, short = agreed(FRESH), Interval(S - 3, S - 1), Interval.at(S - 1)
    for name, other in (("a", "b"), ("b", "a")):
        for zone, more in product((GOOD, BAD), ([], [(Interval.at(S + 5), GOOD, SURE)])):
            looks = [
                fact(name, "position", long, by="north", unit=CROWD[0], zone=zone),
                fact(other, "position", short, by="north", unit=CROWD[0], zone=BAD if zone == GOOD else GOOD),
                *seen(CROWD[0], more),
            ]
            same_rows(text, looks, Question(as_of=S + HOUR, known_at=NEVER), only="out")


def test_a_look_at_an_unknown_time_shows_nothing_for_certain() -> None:
    ever = (Interval(DAWN, NEVER), GOOD, SURE)
    for said in (REACH, STALE, KEEP, FRESH, TOLERANT):
        agree(agreed(said), [[ever], [ever, (Interval.at(DUE), BAD, SURE)]], DUE, DUE + 1)


# ---- levels, and parts of the whole --------------------------------------------------------------------------------

FIGURES = (None, 3, 5, Amount(3, 5), "many")


@pytest.mark.parametrize("said", [{"at_most": 4}, {"at_least": 4}])
def test_a_figure_of_a_part_is_not_that_of_the_whole(said: dict[str, int]) -> None:
    text = agreed(clause("out", "maintain", by="north", after=START, measure={"fact": "strength"}, **said))
    for by, unit, figure in product(("north", CROWD[0], None), (None, CROWD[0]), FIGURES):
        for last in ([], [fact("g", "strength", "4 12:00", by="north")]):
            given: dict[str, Any] = {key: one for key, one in (("unit", unit), ("count", figure)) if one is not None}
            counted = fact("f", "strength", "4", by=by, **given)
            same_rows(text, [counted, *last], Question(as_of=at("5"), known_at=NEVER), only="out")


def test_where_one_unit_was_does_not_show_where_all_are() -> None:
    text = agreed({key: one for key, one in REACH.items() if key != "each"})
    for unit, zone in product((None, CROWD[0]), (GOOD, BAD)):
        named: dict[str, Any] = {} if unit is None else {"unit": unit}
        look = fact("f", "position", DUE, by="north", zone=zone, **named)
        same_rows(text, [look], Question(as_of=at("5"), known_at=NEVER), only="out")
