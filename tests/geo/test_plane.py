"""The flat map and the bounds of its error, against figures that others computed."""

from itertools import pairwise
from math import cos, hypot, pi, radians, sin, sqrt

import numpy as np
import pytest

from trucekeeper.geo.plane import (
    FARTHEST_M,
    all_bands,
    band_of,
    plane_between,
    plane_of_band,
    plane_of_row,
    rows_of,
    sure_of_band,
)
from trucekeeper.terms import Place

E7 = 10**7

# The length of a degree of latitude and of longitude in metres, by GeographicLib: ten times the geodesic over
# a tenth of a degree of the meridian, ten thousand times that over 0.0001 degree of the parallel.
DEGREES = [
    (0, 110_574.276, 111_319.491),
    (15, 110_648.696, 107_550.489),
    (30, 110_852.443, 96_486.280),
    (45, 111_131.777, 78_846.835),
    (60, 111_412.287, 55_800.002),
    (75, 111_618.384, 28_902.006),
]

# Two places and the metres between them by GeographicLib (C. F. F. Karney, Algorithms for geodesics, 2013).
# The first is always at longitude -30.05.
GEODESICS = [
    ("0.0", "0.0000102", "-30.0499942", 1.2996),
    ("0.0", "0.0042958", "-30.0426093", 950.0067),
    ("0.0", "0.2260924", "-30.0500000", 25000.0047),
    ("0.0", "-0.5948789", "-30.2650770", 69999.9986),
    ("0.0", "0.0000000", "-28.7025271", 149999.9971),
    ("8.1", "8.1000000", "-30.0499882", 1.3006),
    ("8.1", "8.1074390", "-30.0456902", 950.0046),
    ("8.1", "8.3260460", "-30.0500000", 24999.9959),
    ("8.1", "8.7329224", "-30.0500000", 70000.0010),
    ("8.1", "9.4562364", "-30.0500000", 150000.0027),
    ("-15.3", "-15.3000000", "-30.0499879", 1.2995),
    ("-15.3", "-15.3060708", "-30.0437451", 950.0014),
    ("-15.3", "-15.1869417", "-29.8485173", 24999.9988),
    ("-15.3", "-14.9829813", "-30.6136120", 69999.9980),
    ("-15.3", "-14.6189643", "-31.2557094", 149999.9980),
    ("31.42", "31.4200117", "-30.0500000", 1.2973),
    ("31.42", "31.4274201", "-30.0450040", 950.0019),
    ("31.42", "31.2604282", "-29.8643956", 25000.0020),
    ("31.42", "30.9725176", "-29.5318768", 70000.0028),
    ("31.42", "32.0890104", "-28.6739202", 149999.9986),
    ("48.0", "48.0000058", "-30.0499849", 1.2983),
    ("48.0", "48.0042714", "-30.0610256", 949.9963),
    ("48.0", "48.1945909", "-29.8818635", 25000.0027),
    ("48.0", "48.3118726", "-30.8672977", 70000.0027),
    ("48.0", "49.3488794", "-30.0500000", 150000.0019),
    ("60.7", "60.7000058", "-30.0499794", 1.2975),
    ("60.7", "60.7073834", "-30.0413011", 949.9964),
    ("60.7", "60.9243642", "-30.0500000", 25000.0001),
    ("60.7", "61.0094626", "-31.1707780", 69999.9969),
    ("60.7", "59.4317022", "-30.9539053", 149999.9991),
    ("75.2", "75.2000058", "-30.0500395", 1.2995),
    ("75.2", "75.2042537", "-30.0211502", 949.9991),
    ("75.2", "75.3107347", "-30.8146054", 24999.9997),
    ("75.2", "75.5036134", "-27.8808382", 69999.9975),
    ("75.2", "76.3475768", "-27.2036898", 150000.0028),
]


@pytest.mark.parametrize(("degree", "north_m", "east_m"), DEGREES)
def test_a_degree_is_as_long_as_geodesics_say(degree: int, north_m: float, east_m: float) -> None:
    plane = plane_between(degree * E7, degree * E7)

    assert plane.y_m * E7 == pytest.approx(north_m, abs=0.01)
    assert plane.x_m * E7 == pytest.approx(east_m, abs=0.01)


@pytest.mark.parametrize(("lat", "other_lat", "other_lon", "true_m"), GEODESICS)
def test_the_geodesic_between_two_places_lies_within_the_bounds(
    lat: str, other_lat: str, other_lon: str, true_m: float
) -> None:
    one, other = Place.of(lat=lat, lon="-30.05"), Place.of(lat=other_lat, lon=other_lon)
    plane = plane_of_band(band_of(one.lat_e7))

    flat_m = hypot((other.lon_e7 - one.lon_e7) * plane.x_m, (other.lat_e7 - one.lat_e7) * plane.y_m)
    least, most = plane.bounds(flat_m)

    assert least <= true_m <= most


@pytest.mark.parametrize(
    ("degree", "flat_m", "slack_m"),
    [
        (8, 1_000, 0.15),
        (8, 25_000, 11),
        (31, 1_000, 0.6),
        (31, 25_000, 44),
        (48, 70_000, 520),
        (48, 150_000, 2_300),
    ],
)
def test_the_bounds_are_as_tight_as_they_are_said_to_be(degree: int, flat_m: int, slack_m: float) -> None:
    least, most = plane_of_band(band_of(degree * E7)).bounds(flat_m)

    assert slack_m * 0.9 < flat_m - least < slack_m
    assert slack_m * 0.85 < most - flat_m < slack_m


@pytest.mark.parametrize("lat_e7", [0, 80_500_000, 314_200_000, -480_000_000, 750_000_000, 890_000_000])
@pytest.mark.parametrize("flat_m", [0.0, 1.5, 4_000.0, 90_000.0, 700_000.0, 3_000_000.0, 15_000_000.0])
def test_the_bounds_are_those_that_the_modules_head_derives(lat_e7: int, flat_m: float) -> None:
    """The same bounds again, slowly: g written out from the radii, and its integral summed."""
    band = band_of(lat_e7)
    a, e2 = 6378137.0, 2 / 298.257223563 - 1 / 298.257223563**2
    phi = radians((band + 0.5) / 10)
    least_meridian, most_meridian = a * (1 - e2), a / sqrt(1 - e2)
    parallel = a * cos(phi) / sqrt(1 - e2 * sin(phi) ** 2)
    half_height = 0.05 * pi / 180 * least_meridian

    def g(t: float) -> float:
        z = half_height + t
        return most_meridian / least_meridian / parallel * z * (abs(sin(phi)) + z / least_meridian)

    def summed(t: float) -> float:
        return (g(0) + 4 * g(t / 2) + g(t)) * t / 6  # Simpson's rule is exact for a quadratic

    reach = 0.0
    for step in (1e6, 1e5, 1e4, 1e3, 1e2, 10.0, 1.0, 0.1, 0.01, 1e-3, 1e-4):
        while g(2 * (reach + step)) <= 0.5:
            reach += step
    near = min(flat_m, reach)
    upper = near + summed(near)

    least, most = plane_of_band(band).bounds(flat_m)

    assert least == pytest.approx(max(near - summed(upper) / (1 - g(upper)) - 0.001, 0), abs=0.002)
    assert most == pytest.approx(min(flat_m + summed(flat_m) + 0.001, FARTHEST_M), abs=1e-4)


def test_the_place_itself_is_no_distance_away_but_for_rounding() -> None:
    assert plane_of_band(80).bounds(0.0) == (0.0, 0.001)


def test_nothing_is_further_than_half_a_meridian() -> None:
    assert plane_of_band(480).bounds(19_000_000.0)[1] == FARTHEST_M
    assert FARTHEST_M == 20_003_932


def test_at_a_pole_nothing_is_known_to_be_far() -> None:
    assert plane_of_band(band_of(90 * E7)).bounds(100_000.0)[0] == 0.0


def test_a_band_is_a_tenth_of_a_degree_and_begins_in_the_south() -> None:
    assert band_of(80_000_000) == 80
    assert band_of(79_999_999) == 79
    assert band_of(-1) == -1
    assert band_of(-90 * E7) == -900


def test_the_pole_belongs_to_the_last_band() -> None:
    assert band_of(90 * E7) == band_of(90 * E7 - 1) == 899


@pytest.mark.parametrize("band", range(-900, 900, 7))
def test_the_reach_of_a_map_is_less_than_a_quarter_of_its_parallel(band: int) -> None:
    """A place half round the earth is out of reach, so that one turn of it is enough to look at."""
    plane = plane_of_band(band)

    assert plane.reach_m < 90 * E7 * plane.x_m


@pytest.mark.parametrize("band", range(-900, 900, 13))
def test_further_on_the_map_is_never_nearer_on_the_ground(band: int) -> None:
    plane = plane_of_band(band)
    bounds = [plane.bounds(metres) for metres in range(0, 3_000_000, 7_001)]

    assert all(one[0] <= other[0] + 0.001 for one, other in pairwise(bounds))
    assert all(one[1] <= other[1] for one, other in pairwise(bounds))


def test_geodesics_at_random_lie_within_the_bounds() -> None:
    geod = pytest.importorskip("pyproj").Geod(ellps="WGS84")
    outside = []
    for step in range(20_000):
        lat, azimuth, true_m = -84 + step * 168 / 20_000, step * 137.508 % 360, 1.001 ** (step * 7 % 11_921)
        lon2, lat2, _ = geod.fwd(-30.0, lat, azimuth, true_m)
        plane = plane_of_band(band_of(round(lat * E7)))
        least, most = plane.bounds(hypot((lon2 + 30) * E7 * plane.x_m, (lat2 - lat) * E7 * plane.y_m))
        if not least <= true_m <= most:
            outside.append((lat, azimuth, true_m, least, most))

    assert outside == []


def test_the_bands_stand_in_rows_from_pole_to_pole_and_beyond_a_pole_is_its_last_band() -> None:
    lat = np.array(
        [-95 * E7, -90 * E7, -90 * E7 + 1_000_000, -1, 0, 999_999, 1_000_000, 90 * E7 - 1, 90 * E7, 95 * E7]
    )

    assert rows_of(lat).tolist() == [0, 0, 1, 899, 900, 900, 901, 1_799, 1_799, 1_799]


def test_of_all_bands_the_same_is_known_as_of_each() -> None:
    bands = all_bands()
    columns = (bands.x_m, bands.y_m, bands.sure, bands.cap_m)

    assert [len(column) for column in columns] == [1_800] * 4
    for row in (0, 1, 899, 900, 1_799):
        assert plane_of_row(row) == plane_of_band(row - 900)
        assert tuple(column[row] for column in columns) == sure_of_band(row - 900)


def test_what_is_sure_of_a_map_is_its_bound_at_100_km_or_at_its_reach() -> None:
    """Further off, the least of metres on the ground for 100 km is scaled by what the reach is worth."""
    far, near_pole = plane_of_band(500), plane_of_band(880)

    assert far.sure() == (far.bounds(1e5)[0] / 1e5, far.bounds(far.reach_m)[0] / far.reach_m * 1e5)
    assert 20_000 < near_pole.reach_m < 100_000
    assert near_pole.sure()[0] == near_pole.bounds(near_pole.reach_m)[0] / near_pole.reach_m
    assert near_pole.sure()[1] == near_pole.bounds(near_pole.reach_m)[0]


def test_at_a_pole_nothing_is_sure() -> None:
    assert plane_of_band(899).sure() == plane_of_band(-900).sure() == (0.0, 0.0)
