"""What reviewers are asked first, and what they are told of it."""

import numpy as np

from tests.fusion_small import columns, report, weigher
from trucekeeper.fusion.clustering import Clusters, clusters
from trucekeeper.fusion.columns import HOUR_US
from trucekeeper.fusion.decisions import NOTHING
from trucekeeper.fusion.review import FRAGILE, Doubt, questions, refit_changes
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
    first, second = report(1), report(2)
    third = report(3, north_km=1.2)
    clustered = found(first, second, third)
    misses = [one for one in questions(clustered) if one.doubt is Doubt.NEAR_MISS]

    assert len(misses) <= 1
    for one in misses:
        assert (one.reports, one.others) == ((1, 2), (3,))


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
