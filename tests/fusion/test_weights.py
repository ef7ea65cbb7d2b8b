"""What speaks for two reports telling one incident: exact, symmetric, and the same in any company."""

from dataclasses import replace
from itertools import pairwise
from math import exp, log, log1p

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from tests.fusion_small import CODES, columns, report, small_worlds, weigher
from trucekeeper.fusion.columns import Columns
from trucekeeper.fusion.kernels import again, apart
from trucekeeper.fusion.merging import APART
from trucekeeper.fusion.model import DEFAULT_DAYS, DEFAULT_LATE, Model
from trucekeeper.fusion.scales import PLACES
from trucekeeper.fusion.weights import FLOOR, TERMS, Lookup, Weigher, metres, softplus


def weight(first: dict[str, object], second: dict[str, object]) -> int:
    ready = weigher()
    return int(ready.weigh(ready.read(columns(first, second)), np.array([0]), np.array([1]))[0])


def all_pairs(size: int) -> tuple[np.ndarray, np.ndarray]:
    return np.repeat(np.arange(size), size), np.tile(np.arange(size), size)


@given(small_worlds())
def test_a_pair_weighs_the_same_whichever_comes_first_and_alone_as_in_company(rows: Columns) -> None:
    ready, (one, two) = weigher(), all_pairs(len(rows))
    together = ready.weigh(ready.read(rows), one, two)

    assert np.array_equal(together, ready.weigh(ready.read(rows), two, one))
    last = len(rows) - 1
    turned = ready.read(rows).some(np.arange(last, -1, -1))
    assert np.array_equal(together, ready.weigh(turned, last - one, last - two))
    alone = weigher()
    for a, b, value in zip(one.tolist(), two.tolist(), together.tolist(), strict=True):
        pair = alone.read(rows.some(np.array([b, a])))
        assert alone.weigh(pair, np.array([1]), np.array([0])).tolist() == [value]


@given(small_worlds())
def test_the_terms_add_up_to_the_weight(rows: Columns) -> None:
    ready, (one, two) = weigher(), all_pairs(len(rows))
    read = ready.read(rows)
    terms = ready.terms(read, one, two)

    assert tuple(terms) == TERMS
    assert np.array_equal(np.sum(list(terms.values()), axis=0), ready.weigh(read, one, two))


def test_a_million_pairs_weigh_what_one_does() -> None:
    ready = weigher()
    rows = columns(*(report(key, north_km=key / 7, at_h=key * 1.3, kind=key % 3) for key in range(40)))
    read = ready.read(rows)
    one, two = (np.resize(side, 10**6) for side in all_pairs(40))
    many = ready.weigh(read, one, two)

    for at in (0, 1, 7, 39, 1599, 999_999):
        assert ready.weigh(read, one[at : at + 1], two[at : at + 1])[0] == many[at]


@pytest.mark.parametrize("more", [{"north_km": 0.5}, {"at_h": 1.0}])
def test_the_further_apart_the_less_two_reports_weigh(more: dict[str, float]) -> None:
    name, step = next(iter(more.items()))
    weights = [weight(report(1), report(2, **{name: step * n})) for n in range(8)]

    assert weights[0] > weights[2] > weights[4]
    assert all(earlier >= later for earlier, later in pairwise(weights))


def test_one_word_speaks_for_one_incident_and_another_against_it() -> None:
    same, other = weight(report(1, kind=0), report(2, kind=0)), weight(report(1, kind=0), report(2, kind=1))
    unstated = weight(report(1, kind=0), report(2))

    assert same > unstated > other


def test_a_day_later_a_repeat_explains_the_pair_as_well() -> None:
    ready = weigher()
    read = ready.read(columns(report(1, sd_us=6 * 3600 * 10**6), report(2, at_h=24, sd_us=6 * 3600 * 10**6)))
    terms = ready.terms(read, np.array([0]), np.array([1]))

    assert terms["repeat"][0] < -1000


def test_no_pair_weighs_less_than_the_floor() -> None:
    assert weight(report(1), report(2, north_km=900, at_h=9000)) == FLOOR == -3000  # odds of one to twenty


def test_distance_is_the_same_across_the_date_line() -> None:
    half = 1_800_000_000
    near = weight(report(1) | {"lon_e7": half - 5}, report(2) | {"lon_e7": -half + 5})

    assert near == weight(report(1), report(2) | {"lon_e7": report(1)["lon_e7"] + 10})


def terms_of(first: dict[str, object], second: dict[str, object]) -> dict[str, int]:
    ready = weigher()
    terms = ready.terms(ready.read(columns(first, second)), np.array([0]), np.array([1]))
    return {name: int(value[0]) for name, value in terms.items()}


@given(st.integers(-75, 75), st.integers(-179, 179), st.floats(-0.2, 0.2), st.floats(-0.2, 0.2))
def test_distance_is_that_on_the_ground(lat: int, lon: int, north: float, east: float) -> None:
    ends = [(lat, lon), (lat + north, lon + east)]
    rows = columns(
        *(report(key) | {"lat_e7": round(a * 10**7), "lon_e7": round(b * 10**7)} for key, (a, b) in enumerate(ends))
    )
    ground = Geod(ellps="WGS84").inv(ends[0][1], ends[0][0], ends[1][1], ends[1][0])[2]

    assert metres(rows, np.array([0]), np.array([1])).tolist() == [pytest.approx(ground, rel=0.005, abs=0.1)]


def test_what_two_explanations_add_up_to_is_rounded_to_the_thousandth() -> None:
    logs = np.arange(-12_000, 12_001)

    assert softplus(logs).tolist() == [round(1000 * log1p(exp(one / 1000))) for one in logs.tolist()]
    assert softplus(np.array([0, 10**9, -(10**9)])).tolist() == [693, 10**9, 0]


@given(small_worlds())
def test_no_pair_weighs_more_besides_distance_and_time_than_the_most_of_either(rows: Columns) -> None:
    ready, (one, two) = weigher(), all_pairs(len(rows))
    read = ready.read(rows)
    terms = ready.terms(read, one, two)
    besides = sum(terms[name] for name in ("prior", "kind", "actor", "count"))

    assert (besides <= ready.most(read)[one]).all()


def test_who_agrees_in_all_weighs_the_most_there_may_be() -> None:
    ready = weigher()
    said = {"kind": 1, "actor": 1, "count": 9}
    read = ready.read(columns(report(1, **said), report(2), report(3, kind=0)))

    assert ready.most(read).tolist() == [820 + 1200 + 500 + 800, 820, 820 + 1200]


@pytest.mark.parametrize(
    ("one", "other", "stands"),
    [
        ({"sd_m": 640.0}, {"sd_m": 320.0}, -5000),
        ({"sd_m": 320.0}, {"sd_m": 640.0}, -2000),
        ({"sd_m": 320.0}, {"sd_m": 320.0}, -3500),
        ({"sd_m": 320.0, "area": True}, {"sd_m": 320.0}, -5000),
        ({"sd_m": 320.0}, {"sd_m": 320.0, "area": True}, -2000),
        ({"sd_m": 320.0, "area": True}, {"sd_m": 380.0}, -2000),
    ],
)
def test_chance_is_what_stands_about_the_vaguer_of_two(
    one: dict[str, object], other: dict[str, object], stands: int
) -> None:
    ready, pair = weigher(), (np.array([0]), np.array([1]))
    read = ready.read(columns(report(1) | one, report(2) | other))
    nought, found = (
        ready.terms(replace(read, density=np.array(density)), *pair)["distance"]
        for density in ([0, 0], [-5000, -2000])
    )

    assert (nought - found).tolist() == [stands]


def test_a_pair_of_which_one_has_no_place_stands_against_all_reports_of_its_hour() -> None:
    # Before anything is counted that is one report in four hours: 1000 ln 4 = 1386.
    for far in (0, 50):
        assert terms_of(report(1), report(2, located=False, north_km=far))["distance"] == 1386


def test_before_anything_is_learnt_a_repeat_is_of_any_kind_by_anyone() -> None:
    day = {"at_h": 24, "sd_us": 6 * 3600 * 10**6}
    alike = terms_of(report(1, kind=0, actor=0, count=3), report(2, kind=0, actor=0, count=3, **day))
    other = terms_of(report(1, kind=0, actor=0, count=3), report(2, kind=1, actor=1, count=9, **day))

    assert alike["repeat"] == other["repeat"] == terms_of(report(1), report(2, **day))["repeat"]


def test_a_source_that_tells_of_each_event_once_tells_never_twice_of_one() -> None:
    ready = Weigher(Model.default(), replace(CODES, distinct=frozenset({"press"})))
    read = ready.read(columns(*(report(key, source=source) for key, source in enumerate((1, 1, 0, 0)))))
    one, two = np.array([0, 0, 2]), np.array([1, 2, 3])
    weights = ready.weigh(read, one, two)

    assert (weights == APART).tolist() == [True, False, False]
    assert (ready.terms(read, one, two)["distinct"] < 0).tolist() == [True, False, False]
    assert np.array_equal(np.sum(list(ready.terms(read, one, two).values()), axis=0), weights)


def test_what_is_beyond_all_that_is_tabled_does_not_happen() -> None:
    about = round(1000 * log(2.6e-4))  # reports per square kilometre and hour, before anything is counted

    assert terms_of(report(1), report(2, north_km=900))["distance"] == -60_000 - about
    assert terms_of(report(1), report(2, at_h=9000))["time"] == -60_000


def test_it_is_the_same_at_any_hour() -> None:
    at_noon, later = (weight(report(1, at_h=hour), report(2, at_h=hour + 1, kind=0)) for hour in (0, 500))

    assert at_noon == later > 0


def test_a_repeat_without_a_place_is_told_by_its_day_against_all_reports_of_that_hour() -> None:
    ready = weigher()
    read = ready.read(columns(report(1), report(2, at_h=24, located=False)))
    an_hour = 24  # the class of 64 minutes: six octaves above a minute
    after_a_day = int(again(an_hour, an_hour, DEFAULT_LATE, DEFAULT_DAYS).logs[24])

    # A report has half a repeat, 1000 ln 0.5 = -693, and there is one report in four hours, 1000 ln 4 = 1386.
    assert ready.odds(read, np.array([0]), np.array([1])).repeat.tolist() == [after_a_day - 693 + 1386]


def test_classes_met_later_leave_those_before_where_they_were() -> None:
    lookup = Lookup(lambda one, two: apart(one, two, -1))
    for classes in ((7, PLACES + 3), (7, PLACES + 3, 1)):
        lookup.number(classes)

        for one, first in enumerate(classes):
            for two, second in enumerate(classes):
                row, expected = lookup.row(one, two), apart(min(first, second), max(first, second), -1)
                assert (row.width, row.logs.tolist()) == (expected.width, expected.logs.tolist())
