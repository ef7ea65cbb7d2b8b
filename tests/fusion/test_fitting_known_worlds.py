"""What is learnt of worlds made so plain that the numbers can be worked out beside them.

Every event is far from every other in place and time, so that the only pairs are those within it.
"""

from __future__ import annotations

from dataclasses import replace
from math import log
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tests.fusion_small import CODES, KM_E7, columns, report
from trucekeeper.fusion import fitting
from trucekeeper.fusion.columns import HOUR_US, Codes
from trucekeeper.fusion.fitting import ENOUGH, fit
from trucekeeper.fusion.model import Model

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trucekeeper.fusion.decisions import Decision

Report = dict[str, Any]

AREA_KM, DAY_LATE_H = 2.0, 4.0
POINT_KM, LATE_H = 0.3, 1.0
SEEDED = 1


def moved(row: Report, *, north_km: float = 0, east_km: float = 0, at_h: float = 0, **said: object) -> Report:
    place = {
        "lat_e7": row["lat_e7"] + round(north_km * KM_E7),
        "lon_e7": row["lon_e7"] + round(east_km * KM_E7),
        "time_us": row["time_us"] + round(at_h * HOUR_US),
    }
    return {**row, **place, **said}


def event(number: int, key: int, **said: Any) -> Report:  # noqa: ANN401  a report's values
    """Return a report of an event that stands thirty kilometres and ten days from every other."""
    spot = report(key, north_km=30 * (number % 20), east_km=30 * (number // 20), at_h=240 * number)
    return moved(spot, **said)


def events(count: int, *each: Report) -> list[Report]:
    """Return reports of so many events, of each event those told of."""
    return [event(number, number * len(each) + at, **said) for number in range(count) for at, said in enumerate(each)]


def taught(rows: Sequence[Report], decisions: Sequence[Decision] = (), codes: Codes = CODES) -> Model:
    return fit(columns(*rows), codes, decisions)


def teaches_nothing(rows: Sequence[Report], decisions: Sequence[Decision] = ()) -> bool:
    default = Model.default()
    return replace(taught(rows, decisions), density=default.density) == default


def company(pairs: float, reports: int) -> int:
    """Return how many more such reports one has: twice the pairs by the reports, and of each ten beforehand."""
    return round(1000 * log((2 * pairs + 10) / (reports + 10)))


# ---- from how many, and which pairs --------------------------------------------------------------------------------


def test_two_hundred_reports_are_enough_to_learn_from_and_one_less_is_not() -> None:
    rows = events(ENOUGH // 2, {}, {"source": 1})

    assert not teaches_nothing(rows)
    assert teaches_nothing(rows[1:])


def test_reports_of_which_no_two_are_near_teach_nothing() -> None:
    assert teaches_nothing(events(ENOUGH, {}))


@pytest.mark.parametrize("lat_e7", [0, 600_000_000, -600_000_000])
@pytest.mark.parametrize(("away", "near"), [(11.98, True), (12.02, False)])
def test_pairs_are_learnt_from_up_to_twelve_kilometres(lat_e7: int, away: float, *, near: bool) -> None:
    degree_km = 111.195
    rows = [event(number, number) | {"lat_e7": lat_e7} for number in range(100)]
    north = [row | {"key": 100 + row["key"], "lat_e7": lat_e7 + round(away / degree_km * 1e7)} for row in rows]
    wide = 0.5 if lat_e7 else 1.0  # a degree of longitude is half as wide at 60 degrees
    shift = round(away / degree_km / wide * 1e7)
    east = [row | {"key": 100 + row["key"], "lon_e7": row["lon_e7"] + shift} for row in rows]

    assert teaches_nothing(rows + east) is not near
    if not lat_e7:
        assert teaches_nothing(rows + north) is not near


@pytest.mark.parametrize(("late", "near"), [(71.9, True), (72.1, False)])
def test_pairs_are_learnt_from_up_to_three_days(late: float, *, near: bool) -> None:
    assert teaches_nothing(events(100, {}, {"at_h": late})) is not near


def test_of_too_many_pairs_the_earliest_are_learnt_from(monkeypatch: pytest.MonkeyPatch) -> None:
    earlier = events(200, {"kind": 0}, {"kind": 2, "source": 1})
    later = [event(200 + at // 2, 400 + at, kind=1 - at % 2, source=at % 2) for at in range(400)]
    monkeypatch.setattr(fitting, "MOST_PAIRS", 500)

    model = taught(earlier[::2] + later + earlier[1::2])

    # A report counts as half a pair with itself: 400 and 400 are too many, three quarters of them, 300 and 300, too,
    # and three quarters of these, 225 and 225, are not.
    assert model.same.company == company(225, 800)
    logs = dict(zip(model.same.kinds.names, model.same.kinds.logs, strict=True))
    assert logs["shelling"][2] > 0 > logs["shelling"][0]


def test_of_few_reports_no_pairs_are_left_out_however_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitting, "MOST_PAIRS", 10)
    rows = [report(key, source=key % 2) for key in range(ENOUGH)]

    assert taught(rows).same.company == company(ENOUGH * (ENOUGH - 1) / 2, ENOUGH)


# ---- company -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("of_each", [2, 3, 4])
def test_company_is_how_many_more_reports_of_its_incident_one_has(of_each: int) -> None:
    model = taught(events(100, *({"source": at % 3} for at in range(of_each))))

    assert model.same.company == company(100 * of_each * (of_each - 1) / 2, 100 * of_each)
    assert model.repeat.company == company(0, 100 * of_each)


def test_a_day_later_it_is_a_repeat_that_has_company() -> None:
    model = taught(events(100, {}, {"at_h": 24}))

    assert model.repeat.company == pytest.approx(company(100, 200), abs=2)
    assert model.same.company == pytest.approx(company(0, 200), abs=100)


def test_a_pair_that_reviewers_joined_counts_as_three() -> None:
    rows = events(100, {}, {"source": 1})
    strangers = [(2 * at, 2 * at + 3, True) for at in range(40)]

    assert taught(rows, strangers).same.company == company(100 + 3 * 40, 200)


def test_a_near_pair_that_reviewers_joined_counts_as_three_and_not_once_more() -> None:
    twins = [(2 * at + 1, 2 * at, True) for at in range(40)]

    assert taught(events(100, {}, {"source": 1}), twins).same.company == company(60 + 3 * 40, 200)


def test_pairs_that_reviewers_parted_tell_no_incident_but_perhaps_its_repeat() -> None:
    twins = [(2 * at, 2 * at + 1, False) for at in range(40)]
    model = taught(events(100, {}, {"source": 1}), twins)

    assert model.same.company == pytest.approx(company(60, 200), abs=10)
    assert model.repeat.company == pytest.approx(company(3 * 40, 200), abs=10)


def test_a_report_without_a_place_or_one_reviewed_with_itself_teaches_nothing() -> None:
    rows = events(100, {}, {"source": 1})
    nowhere = [event(at, 1000 + at, located=False) for at in range(100)]
    plain = taught(rows)

    assert replace(taught(rows + nowhere, [(0, 1000, False), (3, 3, False)]), density=plain.density) == plain


# ---- words and counts ----------------------------------------------------------------------------------------------


def two_vocabularies() -> list[Report]:
    """Return as much shelling, which the press calls artillery, as gunfire, which both call so."""
    said = [{"kind": 0}, {"kind": 2, "source": 1}], [{"kind": 1}, {"kind": 1, "source": 1}]
    return [event(at // 2, at, **said[at // 2 % 2][at % 2]) for at in range(400)]


def test_two_words_are_one_as_much_oftener_as_they_stand_together_than_by_chance() -> None:
    logs = taught(two_vocabularies()).same.kinds.logs
    # 100 pairs of each way to agree, where 50 of each of four ways were chance; and beforehand one pair in each cell,
    # of which 9/8 of those by chance, as the nine cells share what four can hold.
    one, other = np.exp(1.2), np.exp(-0.5)

    assert logs[0][2] == logs[2][0] == pytest.approx(1000 * log((100 + 1.125 * other) / 51.125), abs=4)
    assert logs[1][1] == pytest.approx(1000 * log((200 + 2.25 * one) / 102.25), abs=4)
    assert logs[0][1] == logs[1][2] == pytest.approx(1000 * log(1.125 * other / 51.125), abs=10)


def test_words_that_agree_in_no_account_but_chance_are_left_as_they_were() -> None:
    model = taught(two_vocabularies())

    assert model.repeat.kinds.logs == ((0,) * 3,) * 3
    assert model.repeat.actors.logs == ((0,) * 2,) * 2
    assert model.same.actors.logs == ((500, -1200), (-1200, 500))
    assert model.same.counts == Model.default().same.counts


def test_words_that_reviewers_joined_are_one_however_far_apart_they_stood() -> None:
    rows = [event(at // 2, at, source=at % 2, kind=at // 2 % 2) for at in range(400)]
    strangers = [(2 * at, 2 * at + 3, True) for at in range(100)]
    plain, reviewed = (taught(rows, said).same.kinds.logs for said in ([], strangers))

    assert plain[0][1] < -3000
    # 300 of the 500 pairs are of two words then, where 250 were chance, and 200 of one of two, where 250 were.
    one, other = np.exp(1.2), np.exp(-0.5)
    assert reviewed[0][1] == reviewed[1][0] == pytest.approx(1000 * log((300 + 2.25 * other) / 252.25), abs=4)
    assert reviewed[0][0] == pytest.approx(1000 * log((200 + 2.25 * one) / 252.25), abs=4)


def test_a_pair_of_which_one_word_is_unstated_teaches_nothing_but_what_its_source_says() -> None:
    rows = [event(at // 2, 400 + at, source=at % 2, kind=(-1, 1)[at % 2]) for at in range(400, 500)]
    # Of the press's words two in five are artillery now, not half: 40 of the 200 pairs were chance, not 50.
    logs = taught(two_vocabularies() + rows).same.kinds.logs

    assert logs[0][2] == pytest.approx(1000 * log((100 + 0.9 * np.exp(-0.5)) / 40.9), abs=4)


def test_actors_that_always_agree_weigh_more_after_what_was_held_of_five_pairs_in_each_cell() -> None:
    logs = taught([event(at // 2, at, source=at % 2, actor=at // 2 % 2) for at in range(400)]).same.actors.logs

    assert logs[0][0] == logs[1][1] == pytest.approx(1000 * log((200 + 5 * np.exp(0.5)) / 105), abs=4)
    assert logs[0][1] == logs[1][0] == pytest.approx(1000 * log(5 * np.exp(-1.2) / 105), abs=10)


def test_counts_are_learnt_cell_by_cell_after_what_was_held_of_three_pairs_in_each() -> None:
    logs = taught([event(at // 2, at, source=at % 2, count=at // 2 % 2 * 3) for at in range(400)]).same.counts
    # None and three: 200 of each where 100 were chance, and 300 pairs beforehand on the four cells met.

    assert logs[0][0] == logs[3][3] == pytest.approx(1000 * log((200 + 75 * np.exp(0.8)) / 175), abs=4)
    assert logs[0][3] == logs[3][0] == pytest.approx(1000 * log(75 * np.exp(-0.7) / 175), abs=4)


def test_no_two_words_weigh_more_than_six_nats() -> None:
    rare = [event(at // 2, at, source=at % 2, kind=2 if at < 4 else 0) for at in range(6000)]
    logs = taught(rare).same.kinds.logs

    assert logs[2][2] == 6000
    assert logs[0][2] == -6000


# ---- repeats -------------------------------------------------------------------------------------------------------


def test_repeats_are_shared_out_over_the_days_that_they_came_on_and_those_not_looked_at_as_before() -> None:
    after = events(150, {}, {"at_h": 24})
    model = taught(after + [event(200 + at // 2, 300 + at, at_h=48 * (at % 2)) for at in range(100)])
    # 150 on the first day and 50 on the second, a fiftieth of what was held beforehand of each; the days after the
    # third, of which nothing is seen, keep to the three before them as before.
    first = [150 + 0.02 * 500, 50 + 0.02 * 250, 0.02 * 120]
    days = [*first, *(share * sum(first) / 870 for share in (60, 30, 20, 20))]

    assert model.days == pytest.approx([1000 * day / sum(days) for day in days], abs=1)


def repeats(moved_km: float, late_h: float) -> list[Report]:
    """Return events and what follows a day later, moved and late by normal errors."""
    random = np.random.default_rng(SEEDED)
    rows = events(200, {}, {"at_h": 24})
    for row in rows[1::2]:
        north, east = random.normal(0, moved_km, 2)
        row.update(moved(row, north_km=north, east_km=east, at_h=random.normal(0, late_h)))
    return [row | {"sd_m": 50.0, "sd_us": HOUR_US // 10} for row in rows]


@pytest.mark.parametrize(
    ("moved_km", "late_h", "classes"),
    [
        (0.16, 2, (16, 28)),  # 10 m doubled four times; a minute doubled seven times
        (1.28, 4, (28, 32)),
        (0, 0, (12, 26)),  # at least 80 m and an hour and a half
        (4, 14, (32, 37)),  # at most 2.6 km and ten hours
    ],
)
def test_repeats_move_and_are_late_by_what_they_were(
    moved_km: float, late_h: float, classes: tuple[int, int]
) -> None:
    model = taught(repeats(moved_km, late_h))

    assert (model.moved, model.late) == pytest.approx(classes, abs=1 if moved_km in (0.16, 1.28) else 0)


# ---- habits --------------------------------------------------------------------------------------------------------


def erring(*, point: int = 0, time: int = 0, sources: tuple[int, ...] = (0, 0, 0)) -> list[Report]:
    """Return events by sources that declare 300 m and an hour; the patrol errs by quarters of an octave more."""
    random = np.random.default_rng(SEEDED)
    rows = events(200, *({"source": source} for source in sources))
    for row in rows:
        more = (2 ** (point / 4), 2 ** (time / 4)) if row["source"] == 0 else (1.0, 1.0)
        north, east = random.normal(0, POINT_KM * more[0], 2)
        late = random.laplace(0, LATE_H * more[1] / np.sqrt(2))
        row.update(moved(row, north_km=north, east_km=east, at_h=late))
    return rows


def habit(rows: Sequence[Report]) -> tuple[int, int, int, int]:
    found = {one.source: one for one in taught(rows).habits}
    one = found["patrol"]
    return one.point, one.area, one.time, one.day


@pytest.mark.parametrize("shift", [-8, -4, 0, 4, 8])
def test_a_source_that_errs_more_or_less_in_place_than_it_declares_is_found_out(shift: int) -> None:
    assert habit(erring(point=shift)) == pytest.approx((shift, 0, 0, 0), abs=1)


@pytest.mark.parametrize("shift", [-8, -4, 0, 4])
def test_a_source_that_errs_more_or_less_in_time_than_it_declares_is_found_out(shift: int) -> None:
    assert habit(erring(time=shift)) == pytest.approx((0, 0, shift, 0), abs=2)


def test_no_habit_is_more_than_three_octaves_and_a_half() -> None:
    assert habit(erring(point=-18))[0] == -14
    assert habit(erring(point=20))[0] == 14


def test_of_two_sources_the_one_that_errs_is_found_out() -> None:
    habits = taught(erring(point=6, sources=(0, 1, 1))).habits

    assert [(one.source, round(one.point / 3)) for one in habits] == [("bulletin", 0), ("patrol", 2), ("press", 0)]


@pytest.mark.parametrize("shift", [-8, 0, 6])
def test_a_source_whose_events_are_further_from_a_place_than_it_says_is_found_out(shift: int) -> None:
    random = np.random.default_rng(SEEDED)
    rows = events(200, {"source": 1, "sd_m": 100.0}, {"area": True, "sd_m": 1000 * AREA_KM})
    for row in rows[1::2]:
        away, turn = AREA_KM * 2 ** (shift / 4) * np.sqrt(random.random()), random.random() * 2 * np.pi
        row.update(moved(row, north_km=away * np.cos(turn), east_km=away * np.sin(turn)))

    assert habit(rows)[:2] == pytest.approx((0, shift), abs=1)


@pytest.mark.parametrize("shift", [0, 6])
def test_a_source_whose_days_are_further_off_than_it_says_is_found_out(shift: int) -> None:
    random = np.random.default_rng(SEEDED)
    exact = {"source": 1, "sd_us": HOUR_US // 10}
    rows = events(200, exact, {"day": True, "sd_us": round(DAY_LATE_H * HOUR_US)})
    for first, second in zip(rows[::2], rows[1::2], strict=True):
        hour = random.uniform(0, 24)
        told = hour + random.laplace(0, DAY_LATE_H * 2 ** (shift / 4) / np.sqrt(2))
        first.update(moved(first, at_h=hour))
        second.update(moved(second, at_h=24 * np.floor(told / 24) + 12))

    assert habit(rows)[2:] == pytest.approx((0, shift), abs=3)


def test_a_source_that_reports_nothing_has_no_habit() -> None:
    model = taught(erring(point=6), codes=replace(CODES, sources=(*CODES.sources, "airmen")))
    habits = {one.source: (one.point, one.area, one.time, one.day) for one in model.habits}

    assert list(habits) == ["airmen", "bulletin", "patrol", "press"]
    assert habits["airmen"] == habits["press"] == (0, 0, 0, 0)


# ---- too many reports ----------------------------------------------------------------------------------------------


def far_events(count: int) -> list[Report]:
    """Return pairs each in a stretch of place and time of its own."""
    rows = events(count, {}, {"source": 1})
    return [row | {"lat_e7": 600_000_000 - 6_000_000 * (row["key"] // 2 % 100)} for row in rows]


def test_of_too_many_reports_whole_stretches_are_learnt_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitting, "MOST_REPORTS", 300)
    rows = far_events(300)
    model = taught(rows)

    assert model.repeat.company == company(0, 300)  # which says how many reports were looked at
    assert model.same.company == company(150, 300)
    assert taught(rows[::-1]) == model


def test_one_stretch_is_learnt_from_however_many_are_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitting, "MOST_REPORTS", 100)
    rows = [report(key, source=key % 2) for key in range(ENOUGH)]

    assert taught(rows).same.company == company(ENOUGH * (ENOUGH - 1) / 2, ENOUGH)


def test_reviewed_reports_are_learnt_from_in_whatever_stretch_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitting, "MOST_REPORTS", 300)
    said = [(2 * at, 2 * at + 1, True) for at in range(300)]

    assert taught(far_events(300), said).same.company == company(3 * 300, 600)
