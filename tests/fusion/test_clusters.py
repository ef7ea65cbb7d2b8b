"""What a report is to the numbers of fusion, and what reviewers are told of the clusters that it is in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.reports_small import BEGUN, report
from trucekeeper.fusion.clusters import Clusters, Names
from trucekeeper.fusion.columns import DAY_US, HOUR_US, Columns
from trucekeeper.fusion.model import Model
from trucekeeper.terms import UNSTATED, Amount, Interval, Report
from trucekeeper.terms.moments import DAY, HOUR, MINUTE


def row(one: Report) -> Columns:
    return Names().columns([one])


def lasting(one: Report, first: int, last: int) -> Report:
    return replace(one, fact=replace(one.fact, when=Interval(BEGUN + first, BEGUN + last)))


def killed(least: int, most: int) -> Report:
    one = report(1)
    return replace(one, fact=replace(one.fact, fields=(("killed", Amount(least, most)),)))


# ---- one report ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("within_m", "area", "sd_m"),
    [
        (2448, False, 1000),
        (100, False, 100 / 2.448),
        (10, False, 25),
        (0, False, 25),
        (3000, True, 3000),
        (9, True, 25),
    ],
)
def test_a_point_s_radius_holds_95_of_100_and_an_area_s_is_its_own(within_m: int, area: bool, sd_m: float) -> None:  # noqa: FBT001  a column of the table above
    found = row(report(1, within_m=within_m, area=area))

    # Of a normal error along each axis, 1 - exp(-r^2 / 2) lie within r standard deviations: 0.95 within 2.448.
    assert found.sd_m.tolist() == [pytest.approx(sd_m)]
    assert (found.located.tolist(), found.area.tolist()) == ([True], [area])
    assert (found.lat_e7.tolist(), found.lon_e7.tolist()) == ([450_000_000], [300_000_000])


def test_a_report_without_a_place_is_nowhere() -> None:
    found = row(report(1, placed=False))

    assert found.located.tolist() == [False]
    assert (found.lat_e7.tolist(), found.lon_e7.tolist(), found.sd_m.tolist()) == ([0], [0], [0])


@pytest.mark.parametrize(("first_hand", "minutes"), [(True, 5), (False, 30)])
def test_nobody_knows_the_minute_of_what_lasts_and_who_was_not_there_less_so(first_hand: bool, minutes: int) -> None:  # noqa: FBT001  a column of the table above
    assert row(report(1, first_hand=first_hand)).sd_us.tolist() == [minutes * MINUTE]


def test_a_stretch_of_time_is_told_by_its_middle_and_half_of_it_over_the_root_of_three() -> None:
    found = row(lasting(report(1), 2 * HOUR, 8 * HOUR))

    assert found.time_us.tolist() == [BEGUN + 5 * HOUR]
    assert found.sd_us.tolist() == [pytest.approx(3 * HOUR_US / 3**0.5, rel=0.001)]
    assert found.day.tolist() == [False]


@pytest.mark.parametrize(("length", "day"), [(DAY, True), (DAY + 1, False)])
def test_a_day_is_told_by_its_noon_and_more_than_one_is_no_day(length: int, day: bool) -> None:  # noqa: FBT001  a column of the table above
    found = row(lasting(report(1, day=True), 0, length))

    assert found.day.tolist() == [day]
    assert found.time_us.tolist() == [BEGUN + DAY // 2]
    assert found.sd_us.tolist() == [DAY_US // 2 if day else pytest.approx(DAY_US / 2 / 3**0.5, rel=0.001)]


@pytest.mark.parametrize(
    ("least", "most", "count"),
    [(3, 6, 4), (0, 0, 0), (2, 2, 2), (0, 10**15, 10**6), (-(10**15), 0, -1), (10**6 + 1, 10**6 + 1, 10**6)],
)
def test_casualties_are_told_by_the_middle_of_their_bounds_up_to_a_million(least: int, most: int, count: int) -> None:
    assert row(killed(least, most)).count.tolist() == [count]


def test_who_says_nothing_of_casualties_does_not_say_that_there_were_none() -> None:
    assert row(report(1)).count.tolist() == [-1]
    assert row(report(1, fields={"wounded": 3})).count.tolist() == [-1]


def test_names_are_numbered_as_they_are_met_and_keep_their_numbers() -> None:
    names = Names()
    first = names.columns([report(1, "radio", "shelling", by="south"), report(2, "paper", UNSTATED, bloc="north")])
    then = names.columns(
        [report(3, "paper", "gunfire", involves=("north", "south"), distinct=True), report(4, "radio")]
    )

    assert (first.kind.tolist(), then.kind.tolist()) == ([0, -1], [1, 0])
    assert (first.actor.tolist(), then.actor.tolist()) == ([0, -1], [1, -1])
    assert (first.source.tolist(), then.source.tolist()) == ([0, 1], [1, 0])
    assert (first.bloc.tolist(), then.bloc.tolist()) == ([0, 1], [2, 0])
    codes = names.codes
    assert (codes.kinds, codes.actors) == (("shelling", "gunfire"), ("south", "north+south"))
    assert (codes.sources, codes.distinct) == (("radio", "paper"), frozenset({"paper"}))


# ---- several -------------------------------------------------------------------------------------------------------


def begun(*reports: Report) -> Clusters:
    clusters = Clusters(Model.default())
    clusters.change(gone=(), there=reports)
    return clusters


def test_each_report_is_joined_to_the_one_before_it_that_it_fits_best() -> None:
    reports = [
        report(1, "radio", metres=0),
        report(2, "paper", metres=1500),
        report(3, "wire", metres=1400),
        report(4, "post", metres=100),
    ]
    joints = begun(*reports).joints(reports)

    assert [(one.one, one.other) for one in joints] == [
        ("radio/1", "paper/2"),
        ("paper/2", "wire/3"),
        ("radio/1", "post/4"),
    ]
    assert [sum(one.terms.values()) for one in joints] == [one.weight for one in joints]


def test_what_is_in_doubt_is_named_by_the_first_report_of_either_side() -> None:
    two = [report(1, "radio", within_m=1000), report(2, "paper", within_m=1000)]
    further = [report(3, "wire", hours=2, metres=20 * step, within_m=1000) for step in range(150)]
    third = [one for one in further if begun(*two, one).members(1) == (1, 2, 3)][-1]
    clusters = begun(*two, third)
    (doubt,) = clusters.doubts([*two, third], 1)

    assert (doubt.why, doubt.one, doubt.other) == ("fragile", "wire/3", "radio/1")
    assert sum(doubt.terms.values()) == pytest.approx(doubt.margin, abs=len(doubt.terms))  # means are rounded down
    clusters.decide({(1, 3): False, (2, 3): False})
    assert clusters.doubts([*two, third], 1) == []


def test_only_decisions_that_were_not_held_before_change_anything() -> None:
    clusters = begun(report(1, "radio"), report(2, "paper"))

    assert clusters.decide({(1, 2): False}) == {1, 2}
    assert clusters.decide({(1, 2): False}) == set()
    assert (clusters.label(2), clusters.members(1), clusters.members(7)) == (2, (1,), ())
    assert clusters.decide({}) == {1, 2}
    assert clusters.members(1) == (1, 2)


def test_what_is_taken_out_twice_or_was_never_there_changes_nothing() -> None:
    clusters = begun(report(1, "radio"), report(2, "paper"))

    assert clusters.change(gone=[2], there=()) == {1}
    assert clusters.change(gone=[2, 7], there=()) == set()
    assert clusters.members(1) == (1,)


def test_a_report_that_is_changed_is_taken_out_and_in_anew() -> None:
    clusters = begun(report(1, "radio"), report(2, "paper"))

    assert clusters.change(gone=(), there=[report(2, "paper", hours=90)]) == {1, 2}
    assert (clusters.members(1), clusters.members(2)) == ((1,), (2,))
