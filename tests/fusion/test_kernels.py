"""Densities are densities: they add up to one, and agree with errors drawn at random."""

import numpy as np
import pytest
from scipy.signal import fftconvolve
from scipy.stats import laplace, rayleigh, uniform

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


def normal(away_km: np.ndarray, sd_km: float) -> np.ndarray:
    """Return a density per square kilometre: that of a distance, spread over the ring at that distance."""
    spread: np.ndarray = rayleigh.pdf(away_km, scale=sd_km) / (2 * np.pi * away_km)
    return spread


def middles(row: Row, unit: float) -> np.ndarray:
    return (np.arange(BINS - 1) + 0.5) * row.width / unit


def test_a_row_is_256_parts_of_what_six_standard_deviations_reach() -> None:
    row = apart(12, 16, -1)  # 80 m and 160 m

    assert len(row.logs) == BINS == 256
    assert row.width * BINS == pytest.approx(6 * np.hypot(80, 160))
    assert LEAST == -60_000


@pytest.mark.parametrize("moved", [-1, 0, 20])
def test_two_points_are_apart_by_both_errors_and_three_in_a_hundred_by_thrice_that(moved: int) -> None:
    row = apart(12, 16, moved)
    sd = np.sqrt(0.08**2 + 0.16**2 + (PLACE_M[moved] / KM if moved >= 0 else 0) ** 2)
    away = middles(row, KM)
    expected = 0.97 * normal(away, sd) + 0.03 * normal(away, 3 * sd)

    assert row.logs[:-1] == pytest.approx(1000 * np.log(expected), abs=1)


def test_in_the_middle_of_a_large_area_each_square_kilometre_is_as_likely() -> None:
    row = apart(0, PLACES + 36, -1)  # 10 m, and a disc of 5.12 km
    each = 0.97 / (np.pi * 5.12**2) + 0.03 * normal(np.array([1e-9]), 3 * 2.56)

    assert np.exp(row.logs[0] / MILLI) == pytest.approx(each[0], rel=0.002)


@pytest.mark.parametrize("point", [32, 36])
def test_far_outside_an_area_are_the_three_in_a_hundred(point: int) -> None:
    row = apart(point, PLACES + 36, -1)  # a disc of 5.12 km has half of that as its deviation along each axis
    far = middles(row, KM)[-3:]

    expected = 0.03 * normal(far, 3 * np.hypot(PLACE_M[point] / KM, 2.56))
    assert row.logs[-4:-1] == pytest.approx(1000 * np.log(expected), abs=5)


def test_a_point_as_vague_as_an_area_makes_of_it_a_normal_error() -> None:
    row = apart(36, PLACES + 36, -1)
    away, sd = middles(row, KM), np.hypot(5.12, 2.56)

    expected = 0.97 * normal(away, sd) + 0.03 * normal(away, 3 * sd)
    assert row.logs[:-1] == pytest.approx(1000 * np.log(expected), abs=1)


@pytest.mark.parametrize(("moved", "stray"), [(-1, 0.03), (0, 0.2), (20, 0.2)])
def test_two_names_of_an_area_are_of_one_place_unless_it_strayed(moved: int, stray: float) -> None:
    row = apart(PLACES + 28, PLACES + 36, moved)  # the larger counts: 5.12 km
    away = middles(row, KM)
    expected = stray * normal(away, 5.12) + np.where(away < 0.3 * 5.12, (1 - stray) / (np.pi * 5.12**2), 0)

    assert row.logs[:-1] == pytest.approx(1000 * np.log(expected), abs=1)


@pytest.mark.parametrize("pair", [(24, 30), (30, 24), (24, TIMES), (TIMES, 24), (TIMES + 24, TIMES + 30)])
def test_times_are_as_far_apart_as_adding_up_their_errors_says(pair: tuple[int, int]) -> None:
    # A time is off by a Laplace error, one in twenty by thrice as much, and a day's noon by up to half a day besides.
    step = 1 / 64
    hours = np.arange(-200, 200 + step, step)

    def errors(times: float) -> np.ndarray:
        sds = [TIME_US[one % TIMES] / HOUR_US * times for one in pair]
        found = [laplace.pdf(hours, scale=sd / np.sqrt(2)) for sd in sds]
        found += [uniform.pdf(hours, -12, 24) for one in pair if one >= TIMES]
        total = found[0] / found[0].sum()
        for one in found[1:]:
            total = fftconvolve(total, one / one.sum(), mode="same")
        return np.asarray(total / step)

    row = later(*pair)
    expected = np.interp(middles(row, HOUR_US), hours, 0.95 * errors(1) + 0.05 * errors(3))
    likely = expected > 1e-9

    assert likely.sum() > 200
    assert row.logs[:-1][likely] == pytest.approx(1000 * np.log(expected[likely]), abs=25)


@pytest.mark.parametrize("pair", [(28, 32), (28, TIMES + 32), (TIMES, TIMES + 32)])
def test_a_repeat_is_off_by_the_errors_of_both_and_its_own(pair: tuple[int, int]) -> None:
    row = again(*pair, 33, (1000, 0, 0, 0, 0, 0, 0))
    errors = [TIME_US[one % TIMES] / HOUR_US for one in (*pair, 33)]
    days = sum(one >= TIMES for one in pair)
    variance = sum(error**2 for error in errors) + days * 24**2 / 12
    away = middles(row, HOUR_US)
    share = np.exp(row.logs[:-1] / MILLI) * 2 * row.width / HOUR_US

    assert row.width == HOUR_US
    assert share.sum() == pytest.approx(1, abs=0.001)
    assert (share * away**2).sum() == pytest.approx(24**2 + variance, abs=0.5)
