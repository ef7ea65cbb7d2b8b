"""How thickly reports lie: heaps whose smoothing is known by heart, and what a map says where there are none."""

from __future__ import annotations

from dataclasses import replace
from math import exp, log, pi
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fusion_small import CODES, columns, report
from trucekeeper.fusion.columns import HOUR_US
from trucekeeper.fusion.density import MOST_COUNTED, NOWHERE, Density, density_of
from trucekeeper.fusion.model import Model
from trucekeeper.fusion.weights import Weigher

if TYPE_CHECKING:
    from trucekeeper.fusion.columns import Columns

M_E7 = 1 / 0.01111951
"""A metre of latitude: the earth's mean radius of 6,371 km makes a degree 111.195 km."""

HEAP_SD_M = 300.0
WEST_E7 = round(-8000 * M_E7)
"""Eight kilometres west of the meridian, where cells of every smoothing begin, at the equator."""


def at(lat_e7: int, lon_e7: int, key: int = 0, **said: object) -> dict[str, Any]:
    return report(key) | {"lat_e7": lat_e7, "lon_e7": lon_e7} | said


def many(row: dict[str, Any], count: int) -> Columns:
    """Return as many reports of one place, each with a key of its own."""
    one = columns(row)
    return replace(one.some(np.zeros(count, dtype=np.int64)), key=np.arange(count))


def about(density: Density, *rows: dict[str, Any]) -> list[int]:
    """Return what a map says about some reports, in thousandths."""
    found: list[int] = Weigher(replace(Model.default(), density=density), CODES).read(columns(*rows)).density.tolist()
    return found


def cells(density: Density, layer: int) -> list[tuple[int, int, int]]:
    one = density.layers[layer]
    return list(zip(one.rows, one.columns, one.counts, strict=True))


# ---- what holds everywhere -----------------------------------------------------------------------------------------


def test_before_anything_is_counted_there_are_six_reports_a_day_on_a_thousand_square_kilometres() -> None:
    assert density_of(columns()) == density_of(columns(report(1, located=False))) == NOWHERE
    assert exp(NOWHERE.whole / 1000) * 24 == pytest.approx(6, rel=0.001)
    assert exp(NOWHERE.base / 1000) * 24 * 1000 == pytest.approx(6, rel=0.05)
    assert about(NOWHERE, report(1)) == [NOWHERE.base]


def test_one_report_is_counted_over_a_day_and_ten_kilometres_square() -> None:
    density = density_of(columns(report(1)))

    assert density.hours == 24
    assert density.whole == round(1000 * log(1 / 24))
    assert density.base == round(1000 * log(0.1 * 1 / (10 * 10) / 24))  # a tenth of the mean


def test_a_map_is_counted_over_the_time_and_the_land_that_its_reports_span() -> None:
    degrees = [(59.9, 0.0), (59.92, 0.3), (60.0, 0.4), (60.05, 0.5), (60.1, 0.8)]
    rows = [
        at(round(lat * 1e7), round(lon * 1e7), key, time_us=25 * key * HOUR_US)
        for key, (lat, lon) in enumerate(degrees)
    ]
    density = density_of(columns(*rows))
    high_km, wide_km = 0.2 * 111.195, 0.8 * 111.195 / 2  # a degree of longitude is half as wide at 60 degrees

    assert (density.hours, density.lat_e7) == (100, 600_000_000)
    assert density.whole == round(1000 * log(5 / 100))
    assert density.base == pytest.approx(1000 * log(0.1 * 5 / (high_km * wide_km) / 100), abs=1)


@given(st.integers(-29_000, 19_000))
def test_where_nobody_reports_a_map_says_its_base_to_the_thousandth(base: int) -> None:
    density = replace(density_of(many(at(0, 0), 9)), base=base)

    assert about(density, at(50_000_000, 50_000_000), at(-50_000_000, 0), report(1, located=False)) == [base] * 3


# ---- the smoothing of a heap ---------------------------------------------------------------------------------------


def heap_says(count: float, smoothing_km: float, away_km: float) -> int:
    """Return the logarithm of a normal density about reports of a day, one not counted, with a tenth of the mean."""
    seen = count * exp(-(away_km**2) / (2 * smoothing_km**2)) - 1
    return round(1000 * log(seen / (2 * pi * smoothing_km**2) / 24 + 0.1 * count / (10 * 10) / 24))


@pytest.mark.parametrize("cell", range(-5, 6))
def test_a_heap_is_smoothed_by_half_a_kilometre_northward_and_eastward(cell: int) -> None:
    density = density_of(many(at(500, WEST_E7 + 500), 1000))
    step = round(cell * 250 * M_E7) + 500
    expected = heap_says(1000, 0.5, cell * 0.25)

    assert about(density, at(step, WEST_E7 + 500), at(500, WEST_E7 + step)) == pytest.approx([expected] * 2, abs=25)


@pytest.mark.parametrize("cell", [-7, -6, 6, 7])
def test_a_heap_is_not_seen_beyond_two_smoothings_and_a_half(cell: int) -> None:
    density = density_of(many(at(500, WEST_E7 + 500), 1000))
    step = round(cell * 250 * M_E7) + 500

    assert about(density, at(step, WEST_E7 + 500), at(500, WEST_E7 + step)) == [density.base] * 2


def test_a_heap_is_smoothed_as_wide_as_it_is_high_far_from_the_equator() -> None:
    density = density_of(many(at(600_000_000, 500), 1000))
    east = round(500 * 2 * M_E7) + 500  # a degree of longitude is half as wide at 60 degrees

    assert about(density, at(600_000_000, east)) == pytest.approx([heap_says(1000, 0.5, 0.5)], abs=25)


@pytest.mark.parametrize("layer", range(6))
def test_a_report_is_looked_up_in_a_smoothing_of_seven_tenths_of_its_own_error(layer: int) -> None:
    density = density_of(many(at(500, WEST_E7 + 500), 1000))
    smoothing_km = 0.5 * 2**layer
    least, most = 510.0 * 2**layer, 900.0 * 2**layer  # from a half octave less than smoothing / 0.7 to as much more
    away = round(smoothing_km * 1000 * M_E7) + 500
    for sd_m in (least, most):
        here, there = about(density, at(500, WEST_E7 + 500, sd_m=sd_m), at(500, WEST_E7 + away, sd_m=sd_m))

        assert here == pytest.approx(heap_says(1000, smoothing_km, 0), abs=25)
        assert there == pytest.approx(heap_says(1000, smoothing_km, smoothing_km), abs=25)


def test_whoever_is_vaguer_than_all_that_is_looked_up_is_looked_up_in_the_widest_smoothing() -> None:
    density = density_of(many(at(500, WEST_E7 + 500), 1000))

    assert about(density, at(500, WEST_E7 + 500, sd_m=60_000.0)) == pytest.approx([heap_says(1000, 16, 0)], abs=25)


def test_an_area_is_as_vague_as_half_its_radius() -> None:
    density = density_of(many(at(500, WEST_E7 + 500), 1000))
    point, half, area = (
        about(density, at(500, WEST_E7 + 500, sd_m=1300.0)),
        about(density, at(500, WEST_E7 + 500, sd_m=700.0)),
        about(density, at(500, WEST_E7 + 500, sd_m=1300.0, area=True)),
    )

    assert area == half
    assert area != point


def test_a_report_that_stands_alone_finds_nobody_about_itself() -> None:
    density = density_of(columns(at(500, 500), at(90_000_000, 500)))

    assert about(density, at(500, 500)) == [density.base]


def test_who_is_too_vague_for_a_smoothing_is_stood_for_by_those_who_are_not() -> None:
    heap = many(at(500, 500), 200)
    vague = heap.key >= 100
    density = density_of(replace(heap, sd_m=np.where(vague, 3000.0, HEAP_SD_M)))

    found = about(density, at(500, 500), at(500, 500, sd_m=3000.0))

    mean = 0.1 * 200 / (10 * 10) / 24
    assert found[0] == pytest.approx(1000 * log(2 * 99 / (2 * pi * 0.25) / 24 + mean), abs=25)
    assert found[1] == pytest.approx(1000 * log(199 / (2 * pi * 4) / 24 + mean), abs=25)


def test_where_all_are_too_vague_for_a_smoothing_the_base_holds() -> None:
    density = density_of(many(at(500, 500, sd_m=40_000.0), 9))

    assert [len(cells(density, layer)) for layer in range(6)] == [0] * 6
    assert about(density, at(500, 500), at(500, 500, sd_m=40_000.0)) == [density.base] * 2


def test_smoothings_count_reports_up_to_about_one_and_a_half_times_as_vague() -> None:
    density = density_of(columns(*(at(500, 500, key, sd_m=1100.0 * 2**key) for key in range(6))))

    assert [sum(density.layers[layer].counts) for layer in range(6)] == [1, 2, 3, 4, 5, 6]
    assert [one.each for one in density.layers] == [6000, 3000, 2000, 1500, 1200, 1000]


# ---- what goes on record -------------------------------------------------------------------------------------------


def test_cells_are_numbered_from_the_equator_and_the_meridian_in_quarters_of_a_kilometre_doubled() -> None:
    step = round(1000 * M_E7)
    rows = columns(at(9, 9, 1), at(9, 9, 2), at(-9, -9, 3), at(step + 9, 2 * step + 9, 4))
    density = density_of(rows)

    assert cells(density, 0) == [(-1, -1, 1), (0, 0, 2), (4, 8, 1)]
    assert cells(density, 1) == [(-1, -1, 1), (0, 0, 2), (2, 4, 1)]
    assert cells(density, 3) == [(-1, -1, 1), (0, 0, 2), (0, 1, 1)]


@pytest.mark.parametrize(("count", "least", "most"), [(MOST_COUNTED, 200_000, 200_000), (400_002, 130_000, 136_000)])
def test_of_too_many_reports_some_are_counted_each_of_which_stands_for_several(
    count: int, least: int, most: int
) -> None:
    density = density_of(replace(many(at(500, 500), count), key=12 * np.arange(count)))

    assert least <= sum(density.layers[0].counts) <= most
    assert density.whole == pytest.approx(1000 * log(count / 24), abs=10)
    assert about(density, at(500, 500)) == pytest.approx([heap_says(count, 0.5, 0)], abs=25)


def test_one_report_more_than_are_counted_makes_every_one_stand_for_two() -> None:
    density = density_of(many(at(500, 500), MOST_COUNTED + 1))

    assert [one.each for one in density.layers] == [2000] * 6
    assert sum(density.layers[0].counts) == pytest.approx(MOST_COUNTED / 2, rel=0.01)


def test_which_reports_are_counted_hangs_on_their_keys_alone() -> None:
    rows = many(at(500, 500), MOST_COUNTED + 1)
    rows = replace(rows, lat_e7=rows.key * 37 % 1_000_003)

    assert density_of(rows.some(slice(None, None, -1))) == density_of(rows)
