"""How far a place is from a line or a zone: the truth, by geodesics, is never outside the answer."""

from math import cos, radians
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, Polygon

from trucekeeper.geo import ANYWHERE, Atlas, Line, Zone
from trucekeeper.terms import Interval, Place, Tri

E7 = 10**7
NOON = Interval.at(1_000)


def line(*points: tuple[float, float], **more: object) -> Line:
    """Return a line through points of (lat, lon) in degrees."""
    shape = LineString([(round(lon * E7), round(lat * E7)) for lat, lon in points]) if points else None
    fields = {"id": "agreed", "author": "Annex A", "left": "a", "right": "b", "geometry": shape, **more}
    return Line(**fields)  # type: ignore[arg-type]  # tests name fields


def at(lat: float, lon: float, within_m: int = 0) -> Place:
    return Place(round(lat * E7), round(lon * E7), within_m)


def distance(one: Line | Zone, place: Place) -> tuple[int, int]:
    return Atlas((one,)).distance(one.id, place, NOON)


VALLEY = Zone(
    id="valley",
    author="Annex A",
    geometry=Polygon([(-30 * E7, 8 * E7), (-29 * E7, 8 * E7), (-29 * E7, 9 * E7), (-30 * E7, 9 * E7)]),
)
MERIDIAN = line((7, -30), (10, -30))


def test_a_place_on_the_line_is_no_distance_away() -> None:
    assert distance(MERIDIAN, at(8.5, -30)) == (0, 0)


def test_a_place_in_a_zone_is_no_distance_away() -> None:
    assert distance(VALLEY, at(8.5, -29.5)) == distance(VALLEY, at(8, -29.5)) == (0, 0)


def test_a_centimetre_is_between_nothing_and_a_metre() -> None:
    assert distance(MERIDIAN, at(8.5, -29.9999999)) == (0, 1)


def test_a_tenth_of_a_degree_is_its_geodesic_give_or_take_four_metres() -> None:
    """GeographicLib: 11,022.98 m to the line from its east, and 11,060.81 m from the north to its end."""
    assert distance(MERIDIAN, at(8.05, -29.9)) == (11_020, 11_026)
    assert distance(MERIDIAN, at(10.1, -30)) == (11_057, 11_065)


def test_the_radius_of_the_place_and_the_accuracy_of_the_line_widen_the_answer_on_both_ends() -> None:
    least, most = distance(MERIDIAN, at(8.05, -29.9))

    assert distance(MERIDIAN, at(8.05, -29.9, 300)) == (least - 300, most + 300)
    assert distance(line((7, -30), (10, -30), accuracy_m=50), at(8.05, -29.9, 300)) == (
        least - 350,
        most + 350,
    )


def test_doubt_on_the_line_itself_is_all_the_distance_there_can_be() -> None:
    assert distance(MERIDIAN, at(8.5, -30, 40)) == (0, 40)


def test_doubt_greater_than_the_distance_reaches_down_to_nothing() -> None:
    assert distance(MERIDIAN, at(8.05, -29.9, 20_000))[0] == 0


def test_deep_in_a_zone_doubt_does_not_lead_out() -> None:
    assert distance(VALLEY, at(8.5, -29.5, 50_000)) == (0, 0)


def test_just_within_a_zone_doubt_may_lead_out_by_what_the_edge_is_nearer() -> None:
    """A hundredth of a degree within, 1,105.96 m: a place known to 2 km may be some 894 m outside."""
    assert distance(VALLEY, at(8.01, -29.5, 2_000)) == (0, 895)


def test_no_distance_is_more_than_half_round_the_earth() -> None:
    assert distance(MERIDIAN, at(-8, 150)) == (distance(MERIDIAN, at(-8, 150))[0], ANYWHERE[1])
    assert distance(MERIDIAN, at(8.5, -30, 30_000_000)) == ANYWHERE
    assert distance(VALLEY, at(8.5, -29.5, 30_000_000)) == ANYWHERE


def test_a_place_on_another_continent_is_known_to_be_far() -> None:
    assert distance(MERIDIAN, at(60, 100))[0] > 500_000


def test_over_the_antimeridian_is_near() -> None:
    last = line((0, 179.9999), (1, 179.9999))

    assert distance(last, at(0.5, -179.9999)) == (22, 23)
    assert distance(line((0, -179.9999), (1, -179.9999)), at(0.5, 179.9999)) == (22, 23)


def test_of_an_undrawn_line_nothing_is_known() -> None:
    assert distance(line(), at(8, -30)) == ANYWHERE == (0, 20_003_932)


def test_over_two_versions_the_distance_is_from_the_least_of_both_to_the_most_of_both() -> None:
    atlas = Atlas((line((7, -30), (10, -30), until=10), line((7, -29), (10, -29), since=10)))
    place = at(8.05, -29.4)
    before, after = (
        atlas.distance("agreed", place, Interval.at(9)),
        atlas.distance("agreed", place, Interval.at(10)),
    )

    assert before[0] > after[1]
    assert atlas.distance("agreed", place, Interval(9, 10)) == (after[0], before[1])


def test_of_a_time_without_a_version_nothing_is_known() -> None:
    assert Atlas((line((7, -30), (10, -30), until=10),)).distance("agreed", at(8, -30), Interval(9, 10)) == ANYWHERE


@given(
    lat=st.floats(6, 11),
    lon=st.floats(-33, -27),
    radius=st.integers(0, 90_000),
    more=st.integers(0, 90_000),
    accuracy=st.integers(0, 9_000),
)
def test_more_doubt_never_narrows_a_distance(
    *, lat: float, lon: float, radius: int, more: int, accuracy: int
) -> None:
    for one in (MERIDIAN, VALLEY, line((7, -30), (10, -30), accuracy_m=accuracy)):
        sure, unsure = distance(one, at(lat, lon, radius)), distance(one, at(lat, lon, radius + more))

        assert unsure[0] <= sure[0] <= sure[1] <= unsure[1]


@given(lat=st.floats(6, 11), lon=st.floats(-33, -27), east=st.integers(-140, 200))
def test_a_line_and_a_place_moved_along_the_parallel_stay_as_far_apart(lat: float, lon: float, east: int) -> None:
    here = distance(MERIDIAN, at(lat, lon))
    there = distance(line((7, -30 + east), (10, -30 + east)), at(lat, lon + east))

    assert abs(here[0] - there[0]) <= 1
    assert abs(here[1] - there[1]) <= 1


# By geodesics

LATITUDES = [0, 8, -15, 31.4, 48, -55, 65, 75, 82]


def _true_m(points: list[tuple[float, float]], place: Place) -> float:
    """The least geodesic to a line, found by walking along it ever more finely."""
    numpy, geod = pytest.importorskip("numpy"), pytest.importorskip("pyproj").Geod(ellps="WGS84")
    track = numpy.array(points)
    best = 0.0
    for _ in range(4):
        steps = numpy.linspace(0, len(track) - 1, 400 * (len(track) - 1) + 1)
        lats, lons = (numpy.interp(steps, range(len(track)), track[:, axis]) for axis in (0, 1))
        here = numpy.full(len(lats), place.lat_e7 / E7), numpy.full(len(lats), place.lon_e7 / E7)
        metres = geod.inv(here[1], here[0], lons, lats)[2]
        nearest = int(metres.argmin())
        best = float(metres[nearest])
        around = slice(max(nearest - 1, 0), nearest + 2)
        track = numpy.column_stack([lats[around], lons[around]])
    return best


@pytest.mark.parametrize("lat", LATITUDES)
@pytest.mark.parametrize("reach_m", [10, 1_000, 25_000, 150_000])
def test_the_true_distance_from_a_line_is_never_outside_the_answer(lat: float, reach_m: int) -> None:
    """Lines as long as 400 km, places from metres to 150 km off, at most latitudes where people live."""
    rng = Random(f"{lat} {reach_m}")  # noqa: S311  the same places every time
    wide = reach_m / 111_000
    for _ in range(12):
        points = [
            (
                lat + rng.uniform(-1, 1) * max(wide, 0.001),
                (rng.uniform(-2, 2) * max(wide, 0.001)) / cos(radians(lat)),
            )
            for _ in range(rng.randint(2, 5))
        ]
        points = [(round(y, 7), round(x, 7)) for y, x in points]
        place = at(lat + rng.uniform(-1, 1) * wide, rng.uniform(-2, 2) * wide / cos(radians(lat)))
        least, most = distance(line(*points), place)

        assert least <= _true_m(points, place) + 0.02
        assert _true_m(points, place) <= most + 0.02


@pytest.mark.parametrize("lat", [8, 31.4, 48])
def test_twenty_five_kilometres_from_a_line_of_four_hundred_are_told_to_a_hundred_metres(lat: float) -> None:
    points = [(lat - 1.8, -30.4), (lat, -30), (lat + 1.8, -30.2)]
    for step in range(20):
        place = at(lat - 0.5 + step / 20, -29.74)
        least, most = distance(line(*points), place)

        assert least <= _true_m(points, place) <= most
        assert most - least < 250


def test_a_doubt_between_the_least_and_the_most_distance_is_undecidable() -> None:
    """70 km off, the map knows a distance to half a kilometre only at 48 N: within that, nobody can tell."""
    wall, place = line((46, 10), (50, 10)), at(48, 10.94)
    land = _zone("land", [(46, 10), (50, 10), (50, 0), (46, 0)])
    least, most = distance(wall, place)
    assert most - least > 500

    def asked(within_m: int) -> tuple[Tri, Tri]:
        off = Place(place.lat_e7, place.lon_e7, within_m)
        return Atlas((land,)).inside("land", off, NOON), Atlas((wall,)).side("agreed", "a", off, NOON)

    assert asked(least - 1) == (Tri.NO, Tri.NO)
    assert asked(least + 1) == asked(most - 1) == asked(most + 1) == (Tri.MAYBE, Tri.MAYBE)


def test_accuracies_between_the_least_and_the_most_distance_of_two_zones_are_undecidable() -> None:
    camp = _zone("camp", [(48, 10.94), (48.1, 10.94), (48.1, 11), (48, 11)])
    least, most = distance(line((46, 10), (50, 10)), at(48.05, 10.94))

    def asked(accuracy_m: int) -> Tri:
        land = _zone("land", [(46, 10), (50, 10), (50, 0), (46, 0)], accuracy_m)
        return Atlas((land, camp)).zone_inside("land", "camp", NOON)

    assert asked(least - 200) is Tri.NO
    assert asked((least + most) // 2) is asked(most + 200) is Tri.MAYBE


@pytest.mark.parametrize("lat", [0, 31.4, -48, 65])
def test_zones_said_to_be_apart_or_within_are_so_by_geodesics(lat: float) -> None:
    """A tall zone beside a wall of another: the accuracy is raised until nobody can tell, which is soon enough."""
    wall = [(lat - 2, 10.0), (lat, 9.9), (lat + 2, 10.0)]
    for gap in (0.01, 0.1, 1.0):
        tower = [(lat - 1, 10 + gap), (lat + 0.7, 10 + gap)]
        true_m = min(_true_m(wall, at(lat - 1 + step / 20, 10 + gap)) for step in range(35))
        for share, answer in ((0.9, Tri.NO), (1.001, Tri.MAYBE)):
            outer, inner = (
                _zone("outer", [*wall, (lat, 9)], round(true_m * share)),
                _zone("inner", [*tower, (lat, 12)]),
            )
            outside = _zone("outside", [*wall, (lat + 2, 20), (lat - 2, 20)], round(true_m * share))

            assert Atlas((outer, inner)).zone_inside("outer", "inner", NOON) is answer
            assert Atlas((outside, inner)).zone_inside("outside", "inner", NOON) is (
                Tri.YES if answer is Tri.NO else Tri.MAYBE
            )


def _zone(name: str, points: list[tuple[float, float]], accuracy_m: int = 0) -> Zone:
    shape = Polygon([(round(lon * E7), round(lat * E7)) for lat, lon in points])
    return Zone(id=name, author="Annex A", accuracy_m=accuracy_m, geometry=shape)
