"""What reviewers are asked first, and what they are told of it."""

from itertools import combinations
from math import floor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fusion_small import columns, report, weigher
from trucekeeper.fusion.clustering import Clusters, Rival, clusters
from trucekeeper.fusion.columns import HOUR_US
from trucekeeper.fusion.decisions import NOTHING
from trucekeeper.fusion.merging import APART
from trucekeeper.fusion.review import FRAGILE, Doubt, explained, questions, refit_changes
from trucekeeper.fusion.weights import TERMS


def found(*rows: dict[str, object]) -> Clusters:
    return clusters(columns(*rows), weigher(), NOTHING)


def at_margin(least: int, most: int) -> float:
    """Return how many kilometres apart two reports weigh between so much and so much."""
    ready = weigher()
    for step in range(400):
        pair = ready.read(columns(report(1), report(2, north_km=step / 100)))
        if least <= ready.weigh(pair, np.array([0]), np.array([1]))[0] <= most:
            return step / 100
    raise AssertionError("no distance weighs that")


def test_a_merge_that_holds_by_little_is_asked_about_from_both_sides() -> None:
    apart = at_margin(1, FRAGILE - 1)
    asked = questions(found(report(1), report(2, north_km=apart)))

    assert [(one.doubt, one.reports, one.others) for one in asked] == [
        (Doubt.FRAGILE, (1,), (2,)),
        (Doubt.FRAGILE, (2,), (1,)),
    ]
    assert 0 < asked[0].margin < FRAGILE


def test_a_merge_that_holds_firmly_is_not_asked_about() -> None:
    assert questions(found(report(1), report(2))) == ()


def test_the_terms_of_a_question_are_those_of_its_pair() -> None:
    apart = at_margin(1, FRAGILE - 1)
    asked = questions(found(report(1), report(2, north_km=apart)))[0]

    assert tuple(asked.terms) == TERMS
    assert sum(asked.terms.values()) == asked.margin


def test_two_incidents_nearly_merged_are_asked_about_once() -> None:
    clustered = found(report(1), report(2, north_km=1.5), report(3, north_km=3.1))  # 2 is near enough to 3, 1 is not
    (miss,) = [one for one in questions(clustered) if one.doubt is Doubt.NEAR_MISS]

    assert (miss.reports, miss.others) == ((1, 2), (3,))
    assert 0 <= miss.margin < FRAGILE


def test_a_report_nobody_guessed_is_asked_about_with_both_incidents() -> None:
    day = report(3, day=True, sd_us=6 * HOUR_US, kind=0, source=2)
    asked = questions(found(report(1, at_h=-12, kind=0), report(2, at_h=12, kind=0), day))
    queued = [one for one in asked if one.doubt is Doubt.QUEUED]

    assert [(one.reports, {one.others, one.rather}, one.margin) for one in queued] == [((3,), {(1,), (2,)}, 0)]


def test_the_least_margin_comes_first_and_no_more_than_asked_for() -> None:
    rows = [report(key, north_km=key * 0.7, at_h=key % 3) for key in range(40)]
    margins = [one.margin for one in questions(found(*rows), most=3)]

    assert margins == sorted(margins)
    assert len(margins) == 3


def test_a_refit_says_how_many_incidents_changed() -> None:
    before = np.array([1, 1, 3, 3, 5])

    assert refit_changes(before, before) == 0
    assert refit_changes(before, np.array([9, 9, 3, 3, 5])) == 0
    assert refit_changes(before, np.array([1, 1, 1, 1, 5])) == 2
    assert refit_changes(before, np.array([1, 2, 3, 3, 5])) == 1
    assert refit_changes(np.array([], dtype=np.int64), np.array([], dtype=np.int64)) == 0


# ---- clusters and weights made by hand -----------------------------------------------------------------------------

Pairs = dict[tuple[int, int], int]


def by_hand(label: list[int], weights: Pairs, rivals: tuple[Rival, ...] = ()) -> Clusters:
    """Return clusters by their least rows, with these weights of pairs of rows; row n is the report of key 10 + n."""
    ready = weigher()
    read = ready.read(columns(*(report(10 + row, north_km=row, at_h=row / 4) for row in range(len(label)))))
    one, two = (np.array([pair[side] for pair in weights], dtype=np.int64) for side in (0, 1))
    return Clusters(ready, read, np.array(label), one, two, np.array([*weights.values()], dtype=np.int64), rivals)


def told(found: Clusters, most: int = 100) -> list[tuple[int, str, tuple[int, ...], tuple[int, ...]]]:
    return [(one.margin, one.doubt.value, one.reports, one.others) for one in questions(found, most)]


EDGES = (-2000, -701, -700, -699, -1, 0, 1, 699, 700, 701, 2000, APART)


@given(st.data())
def test_whoever_weighs_within_700_of_nought_is_asked_about_by_the_mean_over_all_its_pairs(
    data: st.DataObject,
) -> None:
    groups = [data.draw(st.integers(0, 2)) for _ in range(5)]
    label = [groups.index(group) for group in groups]
    pairs = list(combinations(range(5), 2))
    numbers = st.one_of(st.sampled_from(EDGES), st.integers(-900, 900))
    weights = {pair: data.draw(numbers) for pair in pairs}
    weights |= {(a, b): 5 for (a, b), weight in weights.items() if label[a] == label[b] and weight == APART}
    inside = {least: [row for row in range(5) if label[row] == least] for least in label}
    keys = {least: tuple(10 + row for row in rows) for least, rows in inside.items()}
    expected = list[tuple[int, int, int, str, tuple[int, ...], tuple[int, ...]]]()
    for row in range(5):
        of = [weight for pair, weight in weights.items() if row in pair and label[pair[0]] == label[pair[1]]]
        if of and abs(mean := floor(sum(of) / len(of))) < 700:
            others = tuple(key for key in keys[label[row]] if key != 10 + row)
            expected.append((abs(mean), row, row, "fragile", (10 + row,), others))
    for first, second in combinations(sorted(inside), 2):
        of = [
            weight
            for (a, b), weight in weights.items()
            if {label[a], label[b]} == {first, second} and weight != APART  # people have answered that
        ]
        if of and -700 < (mean := floor(sum(of) / len(of))) <= 0:
            expected.append((-mean, first, second, "near miss", keys[first], keys[second]))

    assert told(by_hand(label, weights)) == [(one[0], *one[3:]) for one in sorted(expected)]


@pytest.mark.parametrize(("weight", "margins"), [(700, []), (699, [699] * 2), (-699, [699] * 2), (-700, [])])
def test_a_merge_is_fragile_within_700_of_nought(weight: int, margins: list[int]) -> None:
    assert [one[0] for one in told(by_hand([0, 0], {(0, 1): weight}))] == margins


@pytest.mark.parametrize(("weight", "margins"), [(1, []), (0, [0]), (-699, [699]), (-700, []), (APART, [])])
def test_a_merge_is_nearly_missed_from_nought_to_700_below(weight: int, margins: list[int]) -> None:
    assert [one[0] for one in told(by_hand([0, 1], {(0, 1): weight}))] == margins


@pytest.mark.parametrize(("first", "second"), [(0, 2), (2, 0)])
def test_a_queued_report_is_asked_about_with_all_of_either_incident(first: int, second: int) -> None:
    whole = {0: (10, 11), 2: (12, 13)}
    rival = Rival(report=14, first=10 + first, second=10 + second, margin=7)
    (asked,) = questions(by_hand([0, 0, 2, 2, 4], {}, (rival,)))

    assert (asked.doubt, asked.margin, asked.reports) == (Doubt.QUEUED, 7, (14,))
    assert (asked.others, asked.rather) == (whole[first], whole[second])


def test_who_is_not_queued_has_no_other_incident_rather() -> None:
    assert {one.rather for one in questions(by_hand([0, 0, 2], {(0, 1): 5, (0, 2): -5, (1, 2): -5}))} == {()}


def test_a_hundred_questions_are_asked_unless_more_are_wanted() -> None:
    found = by_hand([row - row % 2 for row in range(120)], {(row, row + 1): row + 1 for row in range(0, 120, 2)})

    assert [one.margin for one in questions(found)] == [row + 1 for row in range(0, 100, 2) for _ in "ab"]
    assert len(questions(found, most=200)) == 120


def test_what_speaks_for_two_and_one_is_the_mean_of_their_pairs_rounded_down() -> None:
    found = by_hand([0, 0, 2], {})
    pairs = [found.weigher.terms(found.read, np.array([row]), np.array([2])) for row in (0, 1)]
    expected = {name: floor((int(pairs[0][name][0]) + int(pairs[1][name][0])) / 2) for name in TERMS}

    assert explained(found, np.array([0, 1]), np.array([2])) == expected
