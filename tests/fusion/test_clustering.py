"""Reports to incidents: known little worlds, people's decisions, and every small case by another way."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from itertools import combinations, product
from math import inf
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fusion_small import (
    DAY,
    FIRM,
    NOWHERE,
    columns,
    decisions_on,
    report,
    small_worlds,
    weigher,
    weighing,
)
from trucekeeper.fusion import clustering
from trucekeeper.fusion.clustering import CLEAR, EQUAL, Clusters, Rival, clusters, partition, unplaced_reach
from trucekeeper.fusion.columns import HOUR_US, Columns
from trucekeeper.fusion.decisions import settled
from trucekeeper.fusion.merging import APART, MOST, STEP, TOGETHER, agglomerate, components, pairs_within
from trucekeeper.fusion.model import Model

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random


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


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_report_without_a_place_joins_an_incident_an_hour_before_or_after(hours: int) -> None:
    assert incidents(report(1, kind=0), report(2, located=False, kind=0, at_h=hours, source=1)) == [[1, 2]]


@given(small_worlds())
def test_who_weighs_more_than_nought_with_a_report_without_a_place_is_within_its_reach(rows: Columns) -> None:
    ready = weigher()
    read = ready.read(replace(rows, located=rows.located & (np.arange(len(rows)) > 0)))
    others = np.arange(len(rows))
    good = ready.weigh(read, others * 0, others) > 0
    far = unplaced_reach(ready, read, np.array([0]))[0]

    assert (np.abs(rows.time_us - rows.time_us[0])[good] < far).all()


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_report_without_a_place_joins_the_furthest_incident_that_weighs_more_than_nought(hours: int) -> None:
    default = Model.default()
    ready = weigher(replace(default, repeat=replace(default.repeat, company=-60_000)))
    nowhere = report(1, located=False, kind=0, actor=0, count=3)

    def weight(late_us: int) -> int:
        pair = columns(nowhere, nowhere | {"key": 2, "located": True, "time_us": late_us * hours})
        return int(ready.weigh(ready.read(pair), np.array([0]), np.array([1]))[0])

    last = bisect_left(range(10**12), 1, key=lambda late_us: int(weight(late_us) <= 0)) - 1
    for late_us, expected in ((last, [1, 1]), (last + 1, [1, 2])):
        second = nowhere | {"key": 2, "located": True, "time_us": late_us * hours}

        assert partition(columns(nowhere, second), ready).tolist() == expected


def test_the_pairs_of_clusters_are_those_within_components_and_no_others() -> None:
    near = [report(1, kind=0), report(2, kind=0), report(3, kind=0)]
    found = clusters(columns(*near, report(4, north_km=300), report(5, located=False)), weigher(), settled([]))

    assert list(zip(found.one.tolist(), found.two.tolist(), strict=True)) == [(0, 1), (0, 2), (1, 2)]
    assert np.array_equal(found.weights, found.weigher.weigh(found.read, found.one, found.two))


# ---- worlds whose pairs weigh what we say --------------------------------------------------------------------------


def fused(
    rows: list[dict[str, Any]],
    weights: Mapping[tuple[int, int], int],
    said: list[tuple[int, int, bool]] | None = None,
) -> tuple[list[int], list[Rival]]:
    """Return the name of each report's incident, and who was not guessed."""
    found: Clusters = clusters(*weighing(rows, weights), settled(said or []))
    return found.labels.tolist(), list(found.rivals)


def test_two_incidents_suit_about_equally_within_odds_of_ten_to_nine() -> None:
    rows = [FIRM, FIRM, DAY]

    assert fused(rows, {(1, 3): 700, (2, 3): 700 - EQUAL + 1}) == ([1, 2, 3], [Rival(3, 1, 2, EQUAL - 1)])
    assert fused(rows, {(1, 3): 700, (2, 3): 700 - EQUAL}) == ([1, 2, 1], [])
    assert EQUAL == 100  # a tenth of a nat: odds of e^0.1 to one, ten to nine


def test_an_incident_that_weighs_nothing_is_no_rival() -> None:
    rows = [FIRM, FIRM, DAY]

    assert fused(rows, {(1, 3): 50, (2, 3): 0}) == ([1, 2, 1], [])
    assert fused(rows, {(1, 3): 50, (2, 3): 1}) == ([1, 2, 3], [Rival(3, 1, 2, 49)])


def test_how_well_an_incident_suits_is_what_all_its_reports_say_together() -> None:
    weights = {(1, 2): 2000, (1, 5): 700, (2, 5): 655, (3, 4): 2000, (3, 5): 1310, (4, 5): -10}

    assert fused([FIRM, FIRM, FIRM, FIRM, DAY], weights) == ([1, 1, 3, 3, 5], [Rival(5, 1, 3, 55)])


def test_one_report_that_fits_well_does_not_take_a_report_from_two_that_fit() -> None:
    weights = {(1, 2): 2000, (1, 4): 600, (2, 4): 500, (3, 4): 900}

    assert fused([FIRM, FIRM, FIRM, FIRM], weights) == ([1, 1, 3, 1], [])
    assert fused([FIRM, FIRM, FIRM, DAY], weights) == ([1, 1, 3, 1], [])


def test_each_of_two_vague_reports_is_judged_by_its_own_rivals() -> None:
    rows = [DAY, FIRM, FIRM, DAY, FIRM, DAY]
    weights = {(1, 2): 500, (1, 3): 450, (4, 5): 800, (5, 6): 810, (4, 6): 300}

    assert fused(rows, weights) == ([1, 2, 3, 4, 4, 4], [Rival(1, 2, 3, 50)])


def test_a_rival_is_called_by_the_least_of_its_incident_besides_the_report() -> None:
    weights = {(1, 2): 300, (1, 3): 200, (2, 3): 900, (1, 4): 480}

    assert fused([DAY, FIRM, FIRM, FIRM], weights) == ([1, 2, 2, 4], [Rival(1, 2, 4, 20)])


def test_vague_reports_join_what_firm_ones_made_but_make_no_one_of_two() -> None:
    assert fused([FIRM, FIRM, DAY], {(1, 2): -1, (1, 3): 2000, (2, 3): 1500}) == ([1, 2, 1], [])
    assert fused([FIRM, FIRM, FIRM], {(1, 2): -1, (1, 3): 2000, (2, 3): 1500}) == ([1, 1, 1], [])


def test_vague_reports_join_each_other() -> None:
    assert fused([DAY, DAY, FIRM], {(1, 2): 1}) == ([1, 1, 3], [])


def test_what_people_joined_is_not_vague() -> None:
    rows, weights = [FIRM, FIRM, DAY], {(1, 3): 700, (2, 3): 690}

    assert fused(rows, weights, [(1, 3, True)]) == ([1, 2, 1], [])


def test_what_people_joined_is_called_by_its_least_report_when_it_is_a_rival() -> None:
    weights = {(3, 4): 500, (1, 4): 220, (2, 4): 230}

    assert fused([FIRM, FIRM, FIRM, DAY], weights, [(1, 2, True)]) == ([1, 1, 3, 4], [Rival(4, 3, 1, 50)])


def test_a_report_without_a_place_needs_an_incident_better_than_any_other_by_odds_of_e_to_one() -> None:
    rows = [FIRM, FIRM, NOWHERE]

    assert fused(rows, {(1, 3): 1100, (2, 3): 1100 - CLEAR + 1}) == ([1, 2, 3], [Rival(3, 1, 2, CLEAR - 1)])
    assert fused(rows, {(1, 3): 1100, (2, 3): 1100 - CLEAR}) == ([1, 2, 1], [])
    assert fused(rows, {(1, 3): 300, (2, 3): 700}) == ([1, 2, 3], [Rival(3, 2, 1, 400)])
    assert CLEAR == 1000  # a nat: odds of e to one


def test_of_three_incidents_the_best_two_are_the_rivals_of_a_report_without_a_place() -> None:
    weights = {(1, 4): 100, (2, 4): 900, (3, 4): 500}

    assert fused([FIRM, FIRM, FIRM, NOWHERE], weights)[1] == [Rival(4, 2, 3, 400)]


def test_a_report_without_a_place_joins_none_that_weighs_nothing_in_all() -> None:
    assert fused([FIRM, NOWHERE], {(1, 2): 1}) == ([1, 1], [])
    assert fused([FIRM, NOWHERE], {(1, 2): 0}) == ([1, 2], [])
    assert fused([FIRM, FIRM, NOWHERE], {(1, 2): 900, (1, 3): 500, (2, 3): -500}) == ([1, 1, 3], [])
    assert fused([FIRM, FIRM, NOWHERE], {(1, 2): 900, (1, 3): 500, (2, 3): -499}) == ([1, 1, 1], [])


def test_an_incident_of_which_no_report_speaks_for_a_report_without_a_place_is_no_rival() -> None:
    assert fused([FIRM, FIRM, NOWHERE], {(1, 3): 500, (2, 3): 0}) == ([1, 2, 1], [])


def test_an_incident_is_named_anew_when_a_lesser_report_without_a_place_joins_it() -> None:
    assert fused([NOWHERE, FIRM, FIRM], {(1, 2): 100, (1, 3): 500, (2, 3): 700}) == ([1, 1, 1], [])


def test_decisions_on_reports_that_are_not_there_change_nothing() -> None:
    plain = fused([FIRM, FIRM, FIRM], {(1, 2): 500})
    for absent in (-7, 5, 99):
        assert fused([FIRM, FIRM, FIRM], {(1, 2): 500}, [(1, absent, True), (3, absent, False)]) == plain
        assert fused([FIRM, FIRM, FIRM], {(1, 2): 500}, [(absent, 3, True), (1, absent, False)]) == plain


class ByHand:
    """The steps at the head of `clustering`, one pair of incidents at a time."""

    def __init__(self, rows: list[dict[str, Any]], weights: Mapping[tuple[int, int], int]) -> None:
        self.weights = weights
        self.firm, self.vague, self.nowhere = (
            [at + 1 for at, said in enumerate(rows) if said is how] for how in (FIRM, DAY, NOWHERE)
        )
        self.rivals: list[tuple[int, int]] = []

    def sum(self, one: list[int], two: list[int]) -> int:
        return sum(self.weights[min(a, b), max(a, b)] for a in one for b in two if a != b)

    def mean(self, one: list[int], two: list[int]) -> float:
        return sum(self.weights[min(a, b), max(a, b)] for a in one for b in two) / (len(one) * len(two))

    def merged(self, groups: list[list[int]], *, firmly: bool) -> list[list[int]]:
        """Return what merging the best two each time ends in; unless `firmly`, never two with firm reports."""
        while True:
            pairs = [
                pair
                for pair in combinations(sorted(groups), 2)
                if firmly or any({*group}.isdisjoint(self.firm) for group in pair)
            ]
            best = max(pairs, key=lambda pair: self.mean(*pair), default=None)
            if best is None or self.mean(*best) <= 0:
                return groups
            groups = [sorted(best[0] + best[1]), *(group for group in groups if group not in best)]

    def moved(self, groups: list[list[int]], cores: list[list[int]]) -> list[list[int]]:
        """Return the incidents once no report would rather be in another, or alone; the greatest gain goes first."""
        groups = [[*group] for group in groups]
        while True:
            moves = []
            for group in groups:
                for key in group:
                    left = [other for other in group if other != key]
                    rivals = [(self.drawn(key, other, cores), other) for other in groups if other is not group]
                    best, target = max([*rivals, (0, [])], key=lambda one: one[0])
                    moves.append((best - self.drawn(key, left, cores), -key, group, target))
            gain, least, source, target = max(moves, key=lambda one: one[:2], default=(0, 0, [], []))
            if gain <= 0:
                return groups
            source.remove(-least)
            groups = [group for group in groups if group and group is not target] + [[*target, -least]]

    def drawn(self, key: int, group: list[int], cores: list[list[int]]) -> float:
        """Return how much draws a report to others, unless a firm one is against it that was not joined before."""
        core = next((one for one in cores if key in one), [])
        for other in group:
            strange = key in self.firm and other in self.firm and other not in core
            if strange and self.sum([key], [other]) <= 0:
                return -inf
        return self.sum([key], group)

    def unguessed(self, groups: list[list[int]]) -> list[list[int]]:
        """Return the incidents without the vague reports that another suits about equally: these are alone."""
        for key in self.vague:
            own = next([other for other in group if other != key] for group in groups if key in group)
            best = max((self.sum([key], group) for group in groups if key not in group), default=0)
            if own and best > 0 and self.sum([key], own) - best < EQUAL:
                self.rivals.append((key, self.sum([key], own) - best))
        alone = {key for key, _ in self.rivals}
        left = [[key for key in group if key not in alone] for group in groups]
        return [*filter(None, left), *([key] for key in alone)]

    def joined(self, groups: list[list[int]]) -> list[list[int]]:
        """Return the incidents with each report without a place in the one that clearly suits it best, or alone."""
        found = [[*group] for group in groups]
        for key in self.nowhere:
            near = [at for at, group in enumerate(groups) if any(self.mean([key], [one]) > 0 for one in group)]
            suits = sorted(((self.sum([key], groups[at]), at) for at in near), reverse=True)
            clear = suits[0][0] - suits[1][0] if len(suits) > 1 else CLEAR
            if suits and suits[0][0] > 0 and clear >= CLEAR:
                found[suits[0][1]].append(key)
                continue
            found.append([key])
            if suits and suits[0][0] > 0:
                self.rivals.append((key, clear))
        return found

    def names(self) -> list[int]:
        """Return the name of each report's incident."""
        firm = self.merged([[key] for key in self.firm], firmly=True)
        merged = self.merged([*firm, *([key] for key in self.vague)], firmly=False)
        placed = self.unguessed(self.moved(merged, firm))
        name = {key: min(group) for group in self.joined(placed) for key in group}
        return [name[key] for key in sorted(name)]


@settings(max_examples=200)
@given(st.lists(st.sampled_from((FIRM, FIRM, DAY, NOWHERE)), min_size=2, max_size=7), st.randoms())
def test_the_steps_come_to_what_they_come_to_by_hand(rows: list[dict[str, Any]], random: Random) -> None:
    pairs = list(combinations(range(1, len(rows) + 1), 2))
    weights = dict(zip(pairs, random.sample(range(-1500, 2000), len(pairs)), strict=True))
    labels, rivals = fused(rows, weights)

    expected = ByHand(rows, weights)

    assert labels == expected.names()
    assert [(one.report, one.margin) for one in rivals] == expected.rivals


@given(small_worlds(), st.data())
def test_components_that_are_clustered_one_after_the_other_come_to_what_they_do_at_once(
    rows: Columns, data: st.DataObject
) -> None:
    said = data.draw(decisions_on(rows.key.tolist())) if len(rows) > 1 else []
    at_once = clusters(rows.by_key(), weigher(), settled(said))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clustering, "_PAIRS", 1)
        apart = clusters(rows.by_key(), weigher(), settled(said))

    def pairs(found: Clusters) -> set[tuple[int, ...]]:
        return set(zip(*(side.tolist() for side in (found.one, found.two, found.weights)), strict=True))

    assert np.array_equal(apart.label, at_once.label)
    assert (apart.rivals, pairs(apart)) == (at_once.rivals, pairs(at_once))


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
