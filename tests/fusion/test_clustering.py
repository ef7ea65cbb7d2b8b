"""Reports to incidents: known little worlds, people's decisions, and every small case by another way."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fusion_small import columns, decisions_on, report, small_worlds, weigher
from trucekeeper.fusion.clustering import clusters, partition
from trucekeeper.fusion.columns import HOUR_US, Columns
from trucekeeper.fusion.decisions import settled
from trucekeeper.fusion.merging import APART, MOST, STEP, TOGETHER, agglomerate, components, pairs_within


def incidents(*rows: dict[str, object], decisions: list[tuple[int, int, bool]] | None = None) -> list[list[int]]:
    reports = columns(*rows)
    found = partition(reports, weigher(), decisions or [])
    return [reports.key[found == name].tolist() for name in np.unique(found)]


# ---- known little worlds -------------------------------------------------------------------------------------------


def test_two_sources_of_one_event_are_one_incident() -> None:
    assert incidents(report(1, kind=0), report(2, north_km=0.3, at_h=0.5, kind=0, source=1)) == [[1, 2]]


def test_a_report_alone_is_an_incident() -> None:
    assert incidents(report(5)) == [[5]]


def test_no_reports_are_no_incidents() -> None:
    assert incidents() == []


def test_shelling_of_one_place_on_consecutive_days_stays_apart() -> None:
    days = [report(10 * day + who, at_h=24 * day + who, kind=0, source=who) for day in range(5) for who in (0, 1)]

    assert incidents(*days) == [[10 * day, 10 * day + 1] for day in range(5)]


def test_a_vague_report_between_two_days_does_not_chain_them() -> None:
    first = [report(n, at_h=n / 4, kind=0) for n in (1, 2)]
    second = [report(n, at_h=24 + n / 4, kind=0) for n in (11, 12)]
    vague = report(99, at_h=12, sd_us=9 * HOUR_US, sd_m=3000.0, source=1, kind=0)

    assert not [one for one in incidents(*first, vague, *second) if {1, 11} <= set(one)]


def test_a_day_rounded_report_between_two_days_is_queued_not_guessed() -> None:
    first, second = report(1, at_h=-12, kind=0), report(2, at_h=12, kind=0)
    day = report(3, day=True, sd_us=6 * HOUR_US, kind=0, source=2)
    found = clusters(columns(first, second, day), weigher(), settled([]))

    assert found.labels.tolist() == [1, 2, 3]
    assert [(one.report, {one.first, one.second}, one.margin) for one in found.rivals] == [(3, {1, 2}, 0)]


def test_a_day_rounded_report_of_a_day_with_one_incident_joins_it() -> None:
    first, second = report(1, at_h=-60, kind=0), report(2, at_h=0, kind=0)
    day = report(3, day=True, sd_us=6 * HOUR_US, kind=0, source=2)

    assert incidents(first, second, day) == [[1], [2, 3]]


def test_an_area_between_two_incidents_is_queued_not_guessed() -> None:
    west, east = report(1, east_km=-2, kind=0), report(2, east_km=2, kind=0)
    area = report(3, area=True, sd_m=3000.0, source=1, kind=0)
    found = clusters(columns(west, east, area), weigher(), settled([]))

    assert found.labels.tolist() == [1, 2, 3]
    assert [one.report for one in found.rivals] == [3]


def test_an_area_joins_what_happened_anywhere_in_it() -> None:
    assert incidents(report(1, east_km=2, kind=0), report(2, area=True, sd_m=3000.0, source=1, kind=0)) == [[1, 2]]


def test_a_report_without_a_place_joins_the_one_incident_of_its_hour() -> None:
    nowhere = report(3, located=False, kind=0, source=1)

    assert incidents(report(1, kind=0), report(2, at_h=70, kind=0), nowhere) == [[1, 3], [2]]


def test_a_report_without_a_place_joins_neither_of_two_incidents_of_its_hour() -> None:
    nowhere = report(3, located=False, kind=0, source=1)
    found = clusters(columns(report(1, kind=0), report(2, north_km=50, kind=0), nowhere), weigher(), settled([]))

    assert found.labels.tolist() == [1, 2, 3]
    assert [(one.report, one.first, one.second) for one in found.rivals] == [(3, 1, 2)]


def test_reports_without_a_place_are_no_bridge() -> None:
    assert incidents(report(1, located=False), report(2, located=False)) == [[1], [2]]


# ---- people's decisions --------------------------------------------------------------------------------------------


def test_people_join_what_the_model_would_not() -> None:
    assert incidents(report(1), report(2, at_h=99), decisions=[(1, 2, True)]) == [[1, 2]]


def test_people_part_what_the_model_would_join() -> None:
    assert incidents(report(1), report(2), decisions=[(1, 2, False)]) == [[1], [2]]


def test_the_latest_of_contradicting_decisions_holds() -> None:
    assert incidents(report(1), report(2), decisions=[(1, 2, False), (2, 1, True)]) == [[1, 2]]
    assert incidents(report(1), report(2), decisions=[(1, 2, True), (2, 1, False)]) == [[1], [2]]


def test_what_earlier_decisions_join_by_a_third_report_a_later_one_parts() -> None:
    said = [(1, 2, True), (2, 3, True), (1, 3, False)]
    found = settled(said)

    assert found.overruled == ((1, 2, True),)
    assert found.group == {2: 2, 3: 2}
    assert found.apart == {(1, 3)}


def test_people_who_part_two_reports_part_what_is_joined_with_them() -> None:
    rows = [report(key) for key in (1, 2, 3)]

    assert incidents(*rows, decisions=[(1, 2, True), (2, 3, False)]) == [[1, 2], [3]]


def test_people_join_a_report_without_a_place() -> None:
    nowhere = report(3, located=False, at_h=500)

    assert incidents(report(1), nowhere, decisions=[(3, 1, True)]) == [[1, 3]]


def test_a_report_without_a_place_does_not_join_what_people_part_it_from() -> None:
    nowhere = report(3, located=False, kind=0)

    assert incidents(report(1, kind=0), nowhere, decisions=[(3, 1, False)]) == [[1], [3]]


@given(small_worlds(), st.data())
def test_decisions_that_hold_are_kept_to(rows: Columns, data: st.DataObject) -> None:
    said = data.draw(decisions_on(rows.key.tolist())) if len(rows) > 1 else []
    holds = settled(said)
    label = dict(zip(rows.key.tolist(), partition(rows, weigher(), said).tolist(), strict=True))

    assert all(label[key] == label[least] for key, least in holds.group.items())
    assert all(label[one] != label[two] for one, two in holds.apart)


@given(small_worlds())
def test_an_incident_is_called_by_its_least_key(rows: Columns) -> None:
    label = partition(rows, weigher())

    for name in np.unique(label).tolist():
        assert rows.key[label == name].min() == name


@given(small_worlds(), st.permutations(range(14)))
def test_the_order_of_rows_changes_nothing(rows: Columns, order: list[int]) -> None:
    mixed = np.array([at for at in order if at < len(rows)])

    assert np.array_equal(partition(rows.some(mixed), weigher()), partition(rows, weigher())[mixed])


# ---- merging by rounds, against merging the best pair each time ----------------------------------------------------


def best_pair_each_time(size: int, weights: dict[tuple[int, int], int]) -> list[int]:
    groups = [[row] for row in range(size)]
    while True:
        means = []
        for a, b in product(groups, groups):
            if a[0] < b[0]:
                total = sum(weights[min(x, y), max(x, y)] for x in a for y in b)
                means.append((-total / (len(a) * len(b)), a[0], b[0]))
        best = min(means, default=(0, 0, 0))
        if best[0] >= 0:
            return [next(group[0] for group in groups if row in group) for row in range(size)]
        one, two = (next(group for group in groups if group[0] == first) for first in best[1:])
        groups = sorted([sorted(one + two), *(group for group in groups if group not in (one, two))])


def merged(size: int, values: tuple[int, ...]) -> list[int]:
    one, two = pairs_within(np.zeros(size, dtype=np.int64))
    found: list[int] = agglomerate(np.arange(size), one, two, np.array(values, dtype=np.int64)).tolist()
    return found


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_merging_by_rounds_ends_where_merging_the_best_pair_does_in_every_small_case(size: int) -> None:
    pairs = [(a, b) for a in range(size) for b in range(a + 1, size)]
    for values in product((-3, -1, 2, 5) if size < 4 else (-3, 1, 2), repeat=len(pairs)):
        spread = tuple(1000 * value + at for at, value in enumerate(values))  # no two equal

        assert merged(size, spread) == best_pair_each_time(size, dict(zip(pairs, spread, strict=True)))


@given(st.lists(st.integers(-4000, 4000), min_size=10, max_size=10, unique=True))
def test_of_five_reports_too(values: list[int]) -> None:
    pairs = [(a, b) for a in range(5) for b in range(a + 1, 5)]

    assert merged(5, tuple(values)) == best_pair_each_time(5, dict(zip(pairs, values, strict=True)))


def test_between_equals_the_lesser_come_first() -> None:
    assert merged(3, (1000, -3000, 1000)) == [0, 0, 2]


def test_a_mean_of_nought_is_not_merged() -> None:
    assert merged(2, (0,)) == [0, 1]
    assert merged(2, (1,)) == [0, 0]


def test_what_people_part_is_not_merged_by_any_company() -> None:
    assert merged(3, (9000, 9000, APART)) == [0, 0, 2]


def test_greedy_is_not_always_the_best_partition_and_this_is_how() -> None:
    # 0-1 is the best pair, but 0 with 2 and 1 with 3 would keep more of the weight.
    assert merged(4, (3000, 2900, -6000, -6000, 2900, -6000)) == [0, 0, 2, 3]


@given(st.lists(st.integers(0, 4), max_size=12))
def test_pairs_within_labels_are_all_and_only_these(label: list[int]) -> None:
    one, two = pairs_within(np.array(label, dtype=np.int64))
    expected = {(a, b) for a in range(len(label)) for b in range(a + 1, len(label)) if label[a] == label[b]}

    assert len(one) == len(expected)
    assert set(zip(one.tolist(), two.tolist(), strict=True)) == expected


def test_a_component_that_grew_too_large_is_cut_where_it_is_weakest() -> None:
    size = 2 * MOST
    one, two = np.arange(size - 1), np.arange(1, size)
    weights = np.full(size - 1, 5000)
    weights[MOST - 1] = 100
    label = components(size, one, two, weights)

    assert len(np.unique(label)) == 2
    assert len(np.unique(label[:MOST])) == 1


def test_a_component_of_the_most_reports_is_not_cut() -> None:
    one, two = np.arange(MOST - 1), np.arange(1, MOST)

    assert len(np.unique(components(MOST, one, two, np.ones(MOST - 1, dtype=np.int64)))) == 1


def test_no_more_is_cut_of_a_large_component_than_must_be() -> None:
    size = 2 * MOST
    one, two = np.arange(size - 1), np.arange(1, size)
    weights = np.full(size - 1, 5000)
    weights[[MOST - 1, 10]] = (STEP, STEP + 1)

    assert len(np.unique(components(size, one, two, weights))) == 2


def test_what_people_joined_is_not_cut_however_large() -> None:
    size = MOST + 2
    one, two = np.arange(size - 1), np.arange(1, size)

    assert len(np.unique(components(size, one, two, np.full(size - 1, TOGETHER)))) == 1
