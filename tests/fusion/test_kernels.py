"""Densities are densities: they add up to one, and agree with errors drawn at random."""

import numpy as np
import pytest

from trucekeeper.fusion.columns import HOUR_US
from trucekeeper.fusion.kernels import BINS, LEAST, MILLI, Row, again, apart, later
from trucekeeper.fusion.model import DEFAULT_DAYS, DEFAULT_LATE, DEFAULT_MOVED
from trucekeeper.fusion.scales import PLACE_M, PLACES, TIME_US, TIMES

KM = 1000.0


def over_space(row: Row) -> float:
    inner = np.arange(BINS) * row.width / KM
    rings = np.pi * ((inner + row.width / KM) ** 2 - inner**2)
    return float((np.exp(row.logs / MILLI) * rings).sum())


def over_time(row: Row) -> float:
    return float(2 * (np.exp(row.logs / MILLI) * row.width / HOUR_US).sum())


@pytest.mark.parametrize("moved", [-1, DEFAULT_MOVED])
@pytest.mark.parametrize("pair", [(0, 0), (10, 30), (20, 20), (5, PLACES + 30), (30, PLACES + 20)])
def test_what_is_somewhere_is_somewhere(pair: tuple[int, int], moved: int) -> None:
    assert over_space(apart(*pair, moved)) == pytest.approx(1, abs=0.1)  # a disc has a soft border


@pytest.mark.parametrize("pair", [(10, 10), (3, 30), (25, 25), (10, TIMES + 30), (TIMES + 25, TIMES + 30)])
def test_what_is_sometime_is_sometime(pair: tuple[int, int]) -> None:
    assert over_time(later(*pair)) == pytest.approx(1, abs=0.03)


def test_a_repeat_is_on_some_day_following() -> None:
    assert over_time(again(20, 24, DEFAULT_LATE, DEFAULT_DAYS)) == pytest.approx(1, abs=0.03)


def test_errors_drawn_at_random_are_as_far_apart_as_tabled() -> None:
    random, one, two = np.random.default_rng(1), 24, 30
    east, north = (random.normal(0, PLACE_M[one], 10**6) - random.normal(0, PLACE_M[two], 10**6) for _ in range(2))
    row, far = apart(one, two, -1), np.hypot(east, north)
    seen = np.histogram(far, bins=40, range=(0, 40 * row.width))[0] / 10**6
    rings = np.pi * np.diff((np.arange(41) * row.width / KM) ** 2)

    assert np.exp(row.logs[:40] / MILLI) * rings == pytest.approx(seen, abs=0.002)


def test_days_drawn_at_random_are_as_far_apart_as_tabled() -> None:
    random, time, day = np.random.default_rng(1), 24, 24
    scales = [TIME_US[one] / HOUR_US / np.sqrt(2) for one in (time, day)]
    true = random.uniform(0, 24 * 1000, 10**6)
    told = true + random.laplace(0, scales[0], 10**6)
    noon = np.floor((true + random.laplace(0, scales[1], 10**6)) / 24) * 24 + 12
    row = later(time, TIMES + day)
    hours = row.width / HOUR_US
    seen = np.histogram(np.abs(told - noon), bins=60, range=(0, 60 * hours))[0] / 10**6

    assert np.exp(row.logs[:60] / MILLI) * 2 * hours == pytest.approx(seen, abs=0.003)


@pytest.mark.parametrize("row", [apart(3, 40, -1), later(3, 40), apart(3, PLACES + 20, -1), later(3, TIMES + 20)])
def test_the_further_the_less_and_at_last_nothing(row: Row) -> None:
    assert (np.diff(row.logs) <= 0).all()
    assert row.logs[-1] == LEAST


def test_a_row_is_the_same_however_often_it_is_worked_out() -> None:
    first = apart(7, 19, -1).logs.copy()
    apart.cache_clear()

    assert np.array_equal(first, apart(7, 19, -1).logs)
