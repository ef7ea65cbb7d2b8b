"""What speaks for two reports telling one incident: exact, symmetric, and the same in any company."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given

from tests.fusion_small import columns, report, small_worlds, weigher
from trucekeeper.fusion.columns import Columns
from trucekeeper.fusion.weights import FLOOR, TERMS


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
    assert weight(report(1), report(2, north_km=900, at_h=9000)) == FLOOR


def test_distance_is_the_same_across_the_date_line() -> None:
    half = 1_800_000_000
    near = weight(report(1) | {"lon_e7": half - 5}, report(2) | {"lon_e7": -half + 5})

    assert near == weight(report(1), report(2) | {"lon_e7": report(1)["lon_e7"] + 10})
