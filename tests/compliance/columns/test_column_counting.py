"""Counts in columns: what a window holds is what a look at each event finds, least, most and shown."""

from __future__ import annotations

from itertools import combinations_with_replacement, product
from typing import TYPE_CHECKING, Any

import pytest

from tests.compliance_columns import in_columns
from tests.compliance_small import agreement, at, fact, halt, pattern, watch
from trucekeeper.agreement.language import Watched
from trucekeeper.compliance.columns.counting import Counted, count
from trucekeeper.compliance.counting import ENDLESS_COUNT, What, Window
from trucekeeper.compliance.counting import count as one_by_one
from trucekeeper.terms import DAWN, NEVER, Amount, Fact, Interval, Op, Proof, Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.compliance_small import Time

TEXT = agreement(halt())
FIRST, LAST = at("5"), at("6")
SHARP = Window(Interval.at(FIRST), Interval.at(LAST))
DOUBTFUL = Window(Interval(FIRST - 2, FIRST), Interval(LAST, LAST + 2))
EVER = Window(Interval.at(DAWN), Interval.at(NEVER))
WATCHED = watch("w", "1", "9", detects=("delivery", "release", "inspection", "ceremony"))


def counting(*kinds: str, distinct: str | None = None, field: str = "count") -> What:
    return What(tuple(pattern(kind) for kind in kinds), field, distinct, "counted", None, Watched())


DELIVERIES = counting("delivery")
PERSONS = counting("release", distinct="code")


def agree(facts: Iterable[Fact], what: What, *windows: Window) -> list[tuple[int, int]]:
    """Return the least and the most of each window, which must be those of the reference."""
    facts = [*facts]
    found = []
    for watched, window in product(([], [WATCHED]), windows):
        inquiry = in_columns(TEXT, [*facts, *watched], at("9"))
        one, other = count(inquiry, what, window, ()), one_by_one(inquiry, what, window, ())

        assert (one.least, one.most, one.shown) == (other.least, other.most, other.shown)
        found.append((one.least, one.most))
    return found[len(windows) :]


def delivery(name: str, when: Time, **more: Any) -> Fact:  # noqa: ANN401  fields of a fact
    return fact(name, "delivery", when, **more)


def release(name: str, when: Time = "5 12:00", **more: Any) -> Fact:  # noqa: ANN401  fields of a fact
    return fact(name, "release", when, **more)


# ---- windows -------------------------------------------------------------------------------------------------------

EDGES = (FIRST - 3, FIRST - 2, FIRST - 1, FIRST, FIRST + 1, LAST - 1, LAST, LAST + 1, LAST + 2, LAST + 3)


@pytest.mark.parametrize("level", [Proof.CORROBORATED, Proof.ALLEGED])
def test_an_event_is_counted_in_the_windows_that_it_was_or_may_have_been_in(level: Proof) -> None:
    for when in combinations_with_replacement(EDGES, 2):
        agree([delivery("f1", when, count=3, occurred=level)], DELIVERIES, SHARP, DOUBTFUL)


def test_all_events_of_a_window_are_summed_however_long_some_last() -> None:
    events = [delivery(f"f{at_}", when, count=1 << at_) for at_, when in enumerate(EDGES)]
    long = delivery("long", (FIRST - 9, FIRST), count=Amount(1 << 20, 1 << 21))
    endless = delivery("ever", Interval(DAWN, NEVER), count=1 << 22)
    for more in ([], [long], [endless], [long, endless]):
        agree([*events, *more], DELIVERIES, SHARP, DOUBTFUL, EVER, Window(Interval.at(FIRST), Interval.at(FIRST)))


def test_an_event_that_just_reaches_into_a_window_is_found_among_shorter_ones() -> None:
    events = [delivery(f"f{shift}", FIRST - shift, count=1) for shift in range(5)]

    assert agree([delivery("g", (FIRST - 3, FIRST), count=8), *events], DELIVERIES, SHARP) == [(1, 9)]
    assert agree([delivery("g", (FIRST - 3, FIRST - 1), count=8), *events], DELIVERIES, SHARP) == [(1, 1)]


def test_a_redacted_event_may_count_any_number() -> None:
    hidden = Fact(id="r", kind="", op=Op.REDACT, when=Interval(DAWN, NEVER), learned_at=0)

    assert agree([delivery("f", FIRST, count=2), hidden], DELIVERIES, SHARP) == [(2, ENDLESS_COUNT)]
    assert agree([release("f", code="a"), hidden], PERSONS, SHARP) == [(1, ENDLESS_COUNT)]


# ---- how many one event counts -------------------------------------------------------------------------------------


def test_an_event_without_a_figure_counts_one_or_more_if_its_kind_could_give_one() -> None:
    assert agree([delivery("f1", FIRST)], DELIVERIES, SHARP) == [(1, ENDLESS_COUNT)]
    assert agree([fact("f1", "inspection", FIRST)], counting("inspection"), SHARP) == [(1, 1)]
    assert agree([delivery("f1", FIRST, count="some")], DELIVERIES, SHARP) == [(1, ENDLESS_COUNT)]
    both = [delivery("f1", FIRST, count=Amount(2, 5)), fact("f2", "inspection", FIRST), fact("f3", "ceremony", FIRST)]
    assert agree(both, counting("delivery", "inspection", "ceremony"), SHARP) == [(4, 7)]
    assert agree(both, counting("delivery"), SHARP) == [(2, 5)]


def test_an_event_that_several_patterns_mean_is_counted_once() -> None:
    assert agree([fact("f", "inspection", FIRST)], counting("inspection", "inspection"), SHARP) == [(1, 1)]


@pytest.mark.parametrize("many", [1, 7, 8, 9, 16])
def test_a_sum_is_right_however_large(many: int) -> None:
    half = Amount(1 << 59, 1 << 60)
    events = [delivery(f"f{number}", FIRST, count=half) for number in range(many)]

    assert agree(events, DELIVERIES, SHARP) == [tuple(sorted((many << 59, ENDLESS_COUNT)))]
    inside = Counted.of(in_columns(TEXT, events, at("9")), DELIVERIES, ()).inside(SHARP)
    assert (inside.bounds, inside.ids) == ((many << 59, ENDLESS_COUNT), ())


def test_nothing_is_counted_of_nothing() -> None:
    assert agree([], DELIVERIES, SHARP, DOUBTFUL) == [(0, 0)] * 2
    assert agree([], PERSONS, SHARP, DOUBTFUL) == [(0, 0)] * 2
    assert agree([delivery("f", LAST + 1, count=3)], DELIVERIES, SHARP) == [(0, 0)]


# ---- different names -----------------------------------------------------------------------------------------------


def test_of_different_names_each_is_counted_once() -> None:
    named = [release("f1", code="a"), release("f2", code=("a", "b")), release("f3", code="c", occurred=Proof.ALLEGED)]

    assert agree(named, PERSONS, SHARP) == [(2, 3)]
    assert agree([*named, release("f4", code="b", count=7)], PERSONS, SHARP) == [(2, 3)]
    assert agree([*named, release("f4", (LAST, LAST + 1), code="d")], PERSONS, SHARP) == [(2, 4)]


def test_those_whom_nobody_names_add_as_many_as_they_are_at_most() -> None:
    named = release("f1", code="a")

    assert agree([named, release("f2")], PERSONS, SHARP) == [(1, 2)]
    assert agree([named, release("f2", count=Amount(3, 5)), release("f3")], PERSONS, SHARP) == [(1, 7)]
    assert agree([named, release("f2", op=Op.REDACT, count=2)], PERSONS, SHARP) == [(1, 3)]
    assert agree([named, release("f2", op=Op.REDACT)], PERSONS, SHARP) == [(1, ENDLESS_COUNT)]


# ---- claims --------------------------------------------------------------------------------------------------------


def test_what_came_certainly_after_a_claim_is_added_to_it() -> None:
    noon = at("5 12:00")
    claimed = fact("c", "claim", noon, Span(FIRST, noon), tally="counted", value=10)
    events = [delivery(f"f{shift}", noon + shift, count=1 << shift + 1) for shift in (-1, 0, 1, 2)]
    doubtful = delivery("g", noon + 5, count=64, occurred=Proof.ALLEGED)

    assert agree([claimed, *events, doubtful], DELIVERIES, SHARP) == [(10 + 4 + 8, 1 + 2 + 4 + 8 + 64)]
    spanning = delivery("h", (noon, noon + 9), count=128)
    inside = Counted.of(in_columns(TEXT, [*events, doubtful, spanning], at("9")), DELIVERIES, ()).inside(SHARP)
    assert [inside.least_after(noon + shift) for shift in (-1, 0, 1, 2)] == [142, 12, 8, 0]


def test_events_are_found_once_for_all_windows_of_a_count() -> None:
    inquiry = in_columns(TEXT, [delivery("f1", FIRST, count=2), release("f2")], at("9"))
    for window in (SHARP, DOUBTFUL, EVER):
        count(inquiry, DELIVERIES, window, ())
    found = len(inquiry.memo)
    count(inquiry, DELIVERIES, Window(Interval.at(FIRST), Interval.at(LAST)), ())

    assert len(inquiry.memo) == found
    count(inquiry, PERSONS, SHARP, ())
    assert len(inquiry.memo) > found
