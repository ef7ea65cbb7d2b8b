"""Many places at once answer as one place does, and as the exact test: shapely on whole numbers, and the bands' maps.

The exact test is written out here once more, from the figures of the earth, so that it shares nothing with the grids.
"""

import copy
import pickle
from collections.abc import Sequence
from itertools import product
from math import cos, floor, pi, sin, sqrt

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from shapely import LineString, MultiPolygon, Polygon, affinity

from trucekeeper.geo import ANYWHERE, Atlas, Line, Places, Times, Zone
from trucekeeper.geo.grid import Surveyed
from trucekeeper.geo.holding import good_rows, near_box
from trucekeeper.geo.measure import Points, in_zone
from trucekeeper.geo.plane import all_bands, plane_of_row
from trucekeeper.terms import DAWN, NEVER, Interval, Place, Tri

E7 = 10**7
STEP = 10_000
NOON = Interval.at(1_000)
NO, MAYBE, YES = Tri.NO, Tri.MAYBE, Tri.YES

A, E2 = 6_378_137.0, 2 / 298.257223563 - 1 / 298.257223563**2
SHORT = A * (1 - E2)


def zone(name: str, geometry: Polygon | MultiPolygon | None, **more: object) -> Zone:
    return Zone(id=name, author="Annex A", geometry=geometry, **more)  # type: ignore[arg-type]  # tests name fields


def least_m(band: int, flat_m: float) -> float:
    """Return the least metres on the ground for metres on a band's map: the formulas of the plane's head."""
    middle = (band + 0.5) / 10 * pi / 180
    parallel = A / sqrt(1 - E2 * sin(middle) ** 2) * cos(middle)
    q, s, h = A / sqrt(1 - E2) / SHORT / parallel, abs(sin(middle)), E7 // 10 / 2 * (pi / 180 / E7) * SHORT

    def share(t: float) -> float:
        return q * (h + t) * (s + (h + t) / SHORT)

    def excess(t: float) -> float:
        return q * t * (s * (h + t / 2) + (h * h + h * t + t * t / 3) / SHORT)

    reach = max(((sqrt(s * s + 2 / (q * SHORT)) - s) * SHORT / 2 - h) / 2, 0.0)
    near = min(flat_m, reach)
    far = near + excess(near)
    return near - excess(far) / (1 - share(far)) - 0.001


def exact(one: Zone, place: Place) -> Tri:
    """Return the answer of the exact test, one place at a time."""
    assert one.geometry is not None
    west, _, east, _ = one.geometry.bounds
    x = min(
        (place.lon_e7, place.lon_e7 - 360 * E7, place.lon_e7 + 360 * E7),
        key=lambda x: max(west - x, x - east, 0),
    )
    band = min(floor(place.lat_e7 / (E7 / 10)), 899)
    middle = (band + 0.5) / 10 * pi / 180
    root = sqrt(1 - E2 * sin(middle) ** 2)
    scale = np.array([A / root * cos(middle), SHORT / root**3]) * (pi / 180 / E7)
    doubt_m = place.within_m + one.accuracy_m
    if doubt_m:
        edge = shapely.transform(one.geometry.boundary, lambda corners: corners * scale)
        flat_m = shapely.distance(edge, shapely.Point(x * scale[0], place.lat_e7 * scale[1]))
        if least_m(band, flat_m) <= doubt_m:
            return MAYBE
    return YES if one.geometry.covers(shapely.Point(x, place.lat_e7)) else NO


def star(rng: np.random.Generator, *, lat: float, lon: float, size: float, corners: int = 60) -> Polygon:
    turn = 2 * np.pi * (np.arange(corners) + rng.uniform(0, 0.9, corners)) / corners
    radius = size * E7 * rng.uniform(0.4, 1, corners)
    ring = np.column_stack((lon * E7 + radius * np.cos(turn), lat * E7 + radius * np.sin(turn)))
    return Polygon(np.round(ring))


def places_round(rng: np.random.Generator, one: Zone, count: int, radius_m: int) -> Places:
    """Return places in and round a zone, a third of them by its border, and with a third known exactly."""
    assert one.geometry is not None
    west, south, east, north = one.geometry.bounds
    wide, high = (east - west) / 3, (north - south) / 3
    lon, lat = rng.uniform(west - wide, east + wide, count), rng.uniform(south - high, north + high, count)
    by = one.geometry.boundary.interpolate(rng.uniform(0, 1, count // 3), normalized=True)
    off = 10 ** rng.uniform(-1, 5, count // 3)
    lon[: count // 3] = shapely.get_x(by) + off * rng.choice([-1, 0, 1], count // 3)
    lat[: count // 3] = shapely.get_y(by) + off * rng.choice([-1, 0, 1], count // 3)
    radius = np.floor(radius_m ** rng.uniform(0, 1, count)) * (rng.random(count) < 2 / 3)
    return Places(
        np.clip(np.round(lat), -90 * E7, 90 * E7).astype(np.int64),
        ((np.round(lon).astype(np.int64) + 180 * E7) % (360 * E7)) - 180 * E7,
        radius.astype(np.int64),
    )


def one_by_one(places: Places) -> list[Place]:
    columns = (places.lat_e7.tolist(), places.lon_e7.tolist(), places.within_m.tolist())
    return [Place(*row) for row in zip(*columns, strict=True)]


def always(places: Places) -> Times:
    return Times.all_at(NOON, len(places))


def check(one: Zone, places: Places) -> NDArray[np.int8]:
    """Hold that a zone answers alike in bulk and one by one, before and after it has its grid, and exactly."""
    atlas = Atlas((one,))
    expected = [exact(one, place) for place in one_by_one(places)]
    few = slice(0, 20)

    assert atlas.inside_many(one.id, places.some(few), always(places).some(few)).tolist() == expected[few]
    assert atlas.inside_many(one.id, places, always(places)).tolist() == expected
    assert [atlas.inside(one.id, place, NOON) for place in one_by_one(places)] == expected
    held = atlas.zones_holding(places, always(places))
    assert list(zip(held.place.tolist(), held.answer.tolist(), strict=True)) == [
        (row, answer) for row, answer in enumerate(expected) if answer
    ]
    return np.array(expected, dtype=np.int8)


# One zone, against the exact test


@pytest.mark.parametrize(
    ("lat", "lon", "size", "radius_m", "accuracy_m"),
    [
        (8.0, -30.0, 0.3, 3_000, 0),
        (8.05, -30.0, 0.004, 600, 0),
        (-33.0, 20.5, 0.3, 900, 170),
        (61.0, -30.0, 3.0, 40_000, 0),
        (0.02, 179.9, 0.5, 3_000, 0),
        (0.0, -179.95, 2.0, 300_000, 25),
        (-50.0, 0.0, 30.0, 2_000_000, 0),
        (78.0, 10.0, 5.0, 9_000, 0),
        (88.5, 10.0, 1.5, 90_000, 0),
    ],
)
def test_a_random_zone_answers_as_the_exact_test(
    *, lat: float, lon: float, size: float, radius_m: int, accuracy_m: int
) -> None:
    rng = np.random.default_rng(11)
    one = zone("star", star(rng, lat=lat, lon=lon, size=size), accuracy_m=accuracy_m)

    answers = check(one, places_round(rng, one, 400, radius_m))

    assert set(answers.tolist()) == {NO, MAYBE, YES}


def test_parts_and_holes_answer_as_the_exact_test() -> None:
    rng = np.random.default_rng(12)
    outer, hole, island = (star(rng, lat=8, lon=-30, size=size) for size in (0.3, 0.1, 0.03))
    far = affinity.translate(outer, 0.8 * E7, 0)
    both = MultiPolygon([Polygon(outer.exterior, [hole.exterior]), island, far])

    answers = check(zone("ring", both), places_round(rng, zone("ring", both), 800, 2_000))

    assert set(answers.tolist()) == {NO, MAYBE, YES}


def test_a_zone_of_very_many_corners_answers_as_the_exact_test() -> None:
    """More pieces of edge to a cell than are looked at one by one."""
    rng = np.random.default_rng(13)
    one = zone("coast", star(rng, lat=8, lon=-30, size=0.01, corners=3_000))

    check(one, places_round(rng, one, 250, 900))


def test_the_middle_of_a_circle_answers_as_the_exact_test() -> None:
    """There all of the edge is equally near."""
    one = zone("disc", shapely.set_precision(shapely.Point(-30 * E7, 8 * E7).buffer(E7 // 10, quad_segs=40), 1))
    radius = np.arange(10_800, 11_200)

    check(one, Places(np.full(400, 8 * E7 + 7), np.full(400, -30 * E7 - 3), radius))


@given(
    corners=st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), min_size=3, max_size=7, unique=True),
    scale=st.sampled_from([1, 3, 1_000, 77_777, 2_000_000]),
    radius=st.sampled_from([0, 0, 1, 5, 120, 9_000, 2_500_000, 40_000_000]),
    accuracy=st.sampled_from([0, 0, 1, 40]),
)
@settings(max_examples=20)
def test_every_point_of_a_lattice_answers_as_the_exact_test(
    *, corners: list[tuple[int, int]], scale: int, radius: int, accuracy: int
) -> None:
    shape = Polygon([(-30 * E7 + x * scale, 8 * E7 + y * scale) for x, y in corners])
    if not shape.is_valid:
        return
    columns = np.array(
        [(8 * E7 + y * scale, -30 * E7 + x * scale, radius) for x, y in product(range(-3, 12), repeat=2)]
    )

    check(zone("any", shape, accuracy_m=accuracy), Places(*columns.T))


def test_the_border_and_a_centimetre_off_it_are_told_apart() -> None:
    slanting = zone("slope", Polygon([(0, 0), (30_000_003, 10_000_001), (0, 10_000_001)]))
    y = np.arange(0, 10_000_001, 19_937)
    x = 30_000_003 * y // 10_000_001
    for off in (-1, 0, 1):
        check(slanting, Places(y, x + off, np.zeros_like(y)))

    square = zone("valley", shapely.box(0, 0, 77_777, 77_777))
    edge = np.arange(0, 77_778, 299)
    for off, answer in ((-1, NO), (0, YES), (1, YES)):
        places = Places(edge, np.full_like(edge, off), np.zeros_like(edge))
        assert set(check(square, places).tolist()) == {answer}


def test_a_doubt_that_just_reaches_the_border_is_told_from_one_that_just_does_not() -> None:
    one = zone("valley", shapely.box(-30 * E7, 8 * E7, -29 * E7, 9 * E7))
    north = np.arange(100, 50_000, 151)
    metres = north * 0.0110581
    for off in (-1, 0, 1, 2):
        radius = np.maximum(metres.astype(np.int64) + off, 0)
        check(one, Places(8 * E7 + north, np.full_like(north, -295_000_000), radius))
        check(one, Places(8 * E7 - north, np.full_like(north, -295_000_000), radius))


def test_millimetres_between_a_doubt_and_the_border_are_told_apart() -> None:
    """Near by, where the map is as good as the rounding: within a centimetre the grid asks the exact test."""
    one = zone("valley", shapely.box(-30 * E7, 8 * E7, -29 * E7, 9 * E7))
    north = np.arange(90, 5_000)
    metres = north * all_bands().y_m[980]
    by = np.flatnonzero(abs(metres - np.round(metres)) < 0.012)
    radius = np.round(metres[by]).astype(np.int64)

    answers = check(one, Places(8 * E7 + north[by], np.full_like(by, -295_000_000), radius))
    outside = check(one, Places(8 * E7 - north[by], np.full_like(by, -295_000_000), radius))

    assert set(answers.tolist()) == {MAYBE, YES}
    assert set(outside.tolist()) == {NO, MAYBE}


# Round the earth


@pytest.mark.parametrize("west", [-180, -179, 0, 170, 179])
def test_any_place_on_earth_answers_as_the_exact_test(west: int) -> None:
    rng = np.random.default_rng(14)
    one = zone("square", shapely.box(west * E7, 5 * E7, (west + 1) * E7, 6 * E7))
    sides = np.array([-180 * E7, 180 * E7, 180 * E7 - 1, 1 - 180 * E7, (west + 1) * E7, west * E7])
    lon = np.concatenate((rng.integers(-180 * E7, 180 * E7, 300), np.repeat(sides, 50)))
    lat = np.concatenate((rng.integers(-90 * E7, 90 * E7, 300), rng.integers(5 * E7, 6 * E7, 300)))
    radius = np.floor(10 ** rng.uniform(0, 7.4, 600)).astype(np.int64) * (rng.random(600) < 0.8)

    check(one, Places(lat, lon, radius))


def test_at_a_pole_the_least_doubt_is_too_much_and_none_is_not() -> None:
    one = zone("square", shapely.box(0, 5 * E7, E7, 6 * E7))
    rows = [(sign * (90 * E7 - off), 0, radius) for sign in (1, -1) for off in (0, 1, E7 // 10) for radius in (0, 1)]
    places = Places(*np.array(rows * 20).T)

    answers = check(one, places)

    assert answers[:2].tolist() == [NO, MAYBE]


def test_a_zone_as_wide_as_half_the_earth_answers_as_the_exact_test() -> None:
    rng = np.random.default_rng(15)
    for half in (90, 91):
        one = zone("half", shapely.box(-half * E7, -E7, half * E7, E7))
        lon = np.concatenate((rng.integers(-180 * E7, 180 * E7, 300), [-180 * E7, 180 * E7]))

        check(one, Places(rng.integers(-2 * E7, 2 * E7, 302), lon, rng.integers(0, 900, 302)))


# Versions


def versions(rng: np.random.Generator) -> Atlas:
    """Return a zone with a gap between its versions, one of them undrawn, and a zone that is there for ever."""
    shapes = [star(rng, lat=8, lon=-30 + 0.1 * step, size=0.3) for step in range(4)]
    return Atlas(
        (
            zone("valley", shapes[0], since=10, until=20),
            zone("valley", shapes[1], since=20, until=30),
            zone("valley", shapes[2], since=35, until=40, accuracy_m=90),
            zone("valley", None, since=40, until=50),
            zone("valley", shapes[3], since=50),
            zone("camp", shapes[0]),
            zone("orchards", None),
        )
    )


def judged(atlas: Atlas, name: str, place: Place, at: Interval) -> Tri:
    """Return what all versions that an interval touches say; maybe where there is none."""
    found: set[Tri] = set()
    moments = {at.earliest, at.latest, *(t for t in (10, 20, 30, 35, 40, 50) if at.earliest <= t <= at.latest)}
    for moment in moments:
        valid = [one for one in atlas.zones() if one.id == name and one.since <= moment < one.until]
        valid += [one for one in atlas.zones() if one.id == name and moment == NEVER == one.until]
        found.add(exact(valid[0], place) if valid and valid[0].geometry else MAYBE)
    return found.pop() if len(found) == 1 else MAYBE


def test_every_interval_asks_the_versions_that_it_touches() -> None:
    rng = np.random.default_rng(16)
    atlas = versions(rng)
    ends = [DAWN, 0, 9, 10, 11, 19, 20, 21, 29, 30, 32, 35, 39, 40, 45, 49, 50, 60, NEVER]
    intervals = [Interval(start, end) for start in ends for end in ends if start <= end]
    places = places_round(rng, atlas.zones()[1], len(intervals), 900)
    at = Times.of(intervals)
    rows = list(zip(one_by_one(places), intervals, strict=True))

    for name in ("valley", "camp", "orchards"):
        expected = [judged(atlas, name, place, interval) for place, interval in rows]
        assert atlas.inside_many(name, places, at).tolist() == expected
        assert [atlas.inside(name, place, interval) for place, interval in rows] == expected


@pytest.mark.parametrize("start", [0, 12, 25, 32, 36, 45, 60])
def test_times_that_are_all_in_one_version_ask_it_alone(start: int) -> None:
    rng = np.random.default_rng(17)
    atlas = versions(rng)
    places = places_round(rng, atlas.zones()[0], 300, 900)
    at = Times.of([Interval(start, start + 3)] * 300)

    expected = [judged(atlas, "valley", place, Interval(start, start + 3)) for place in one_by_one(places)]

    assert atlas.inside_many("valley", places, at).tolist() == expected


# All zones at once


def pairs(atlas: Atlas, places: Places, at: Times) -> list[tuple[int, str, int]]:
    """Return every pair of place and zone that the zone by itself does not answer no to."""
    names = sorted({one.id for one in atlas.zones()})
    answers = np.array([atlas.inside_many(name, places, at) for name in names])
    return [(row, names[number], answers[number, row]) for row, number in np.argwhere(answers.T).tolist()]


def check_pairs(atlas: Atlas, places: Places, at: Sequence[Interval]) -> None:
    held = atlas.zones_holding(places, Times.of(at))

    assert held.zones == tuple(sorted({one.id for one in atlas.zones()}))
    assert [
        (row, held.zones[number], answer)
        for row, number, answer in zip(held.place.tolist(), held.zone.tolist(), held.answer.tolist(), strict=True)
    ] == pairs(Atlas(atlas.features), places, Times.of(at))


def many_zones(rng: np.random.Generator) -> tuple[Zone, ...]:
    sizes = (2.0, 0.5, 0.3, 0.1, 0.03, 0.002)
    shapes = [
        star(rng, lat=rng.uniform(6, 10), lon=rng.uniform(-32, -28), size=size) for size in sizes for _ in range(2)
    ]
    return tuple(
        zone(f"z{row:02}", shape, accuracy_m=(0, 0, 150, 5_000)[row % 4]) for row, shape in enumerate(shapes)
    )


@pytest.mark.parametrize("radius_m", [1, 900, 1_100, 15_000, 60_000, 20_000_000])
def test_all_zones_at_once_answer_as_each_zone(radius_m: int) -> None:
    rng = np.random.default_rng(18)
    zones = many_zones(rng)
    parts = [places_round(rng, one, 90, radius_m) for one in (*zones, zones[0])]
    places = Places.of([place for part in parts for place in one_by_one(part)])

    check_pairs(Atlas(zones), places, [NOON] * len(places))


def test_far_from_all_zones_only_great_doubts_are_answered() -> None:
    rng = np.random.default_rng(19)
    places = Places(
        rng.integers(-90 * E7, 90 * E7 + 1, 500),
        rng.integers(-180 * E7, 180 * E7 + 1, 500),
        np.floor(10 ** rng.uniform(-1, 7.4, 500)).astype(np.int64),
    )

    check_pairs(Atlas(many_zones(rng)), places, [NOON] * len(places))


def test_zones_with_versions_undrawn_ones_and_such_over_the_antimeridian_answer_among_all() -> None:
    rng = np.random.default_rng(20)
    last, polar = star(rng, lat=8, lon=179.9, size=0.5), star(rng, lat=84, lon=-30, size=0.5)
    atlas = Atlas((*versions(rng).zones(), zone("last", last), zone("polar", polar)))
    parts = [places_round(rng, one, 150, 900) for one in atlas.zones()[-3:] if one.geometry is not None]
    parts.append(places_round(rng, atlas.zones()[0], 300, 900))
    places = Places.of([place for part in parts for place in one_by_one(part)])
    for start, end in ((0, 60), (12, 13), (36, 45)):
        starts = rng.integers(start, end, len(places))
        check_pairs(atlas, places, [Interval(int(t), int(t) + int(rng.integers(0, end - t))) for t in starts])


def test_many_places_are_asked_about_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(21)
    zones = many_zones(rng)
    places = places_round(rng, zones[0], 1_100, 900)
    whole = Atlas(zones)
    expected, held = whole.inside_many("z00", places, always(places)), whole.zones_holding(places, always(places))
    monkeypatch.setattr("trucekeeper.geo.during.CHUNK", 1_007)
    monkeypatch.setattr("trucekeeper.geo.holding._PAIRS", 5)
    monkeypatch.setattr("trucekeeper.geo.grid._PART", 13)
    again = Atlas(zones).zones_holding(places, always(places))

    assert Atlas(zones).inside_many("z00", places, always(places)).tolist() == expected.tolist()
    for one, other in ((held.place, again.place), (held.zone, again.zone), (held.answer, again.answer)):
        assert one.tolist() == other.tolist()


def test_of_no_places_and_no_zones_nothing_is_held() -> None:
    none, one = Places.of([]), zone("valley", shapely.box(0, 0, 9, 9))
    somewhere = Places.of([Place(0, 0)] * 1_000)

    assert Atlas((one,)).inside_many("valley", none, Times.of([])).tolist() == []
    assert Atlas((one,)).zones_holding(none, Times.of([])).place.tolist() == []
    assert Atlas().zones_holding(somewhere, always(somewhere)).answer.tolist() == []
    assert Atlas().zones_holding(somewhere, always(somewhere)).zones == ()


def test_an_atlas_copied_or_sent_to_another_process_answers_alike() -> None:
    rng = np.random.default_rng(22)
    atlas = Atlas(many_zones(rng))
    places = places_round(rng, atlas.zones()[0], 1_050, 900)
    expected = atlas.zones_holding(places, always(places)).answer.tolist()

    for other in (pickle.loads(pickle.dumps(atlas)), copy.deepcopy(atlas)):  # noqa: S301  our own bytes
        assert other == atlas
        assert other.zones_holding(places, always(places)).answer.tolist() == expected


# Lines


def line(*points: tuple[float, float], **more: object) -> Line:
    shape = LineString([(round(lon * E7), round(lat * E7)) for lat, lon in points]) if points else None
    fields = {"id": "agreed", "author": "Annex A", "left": "a", "right": "b", "geometry": shape, **more}
    return Line(**fields)  # type: ignore[arg-type]  # tests name fields


def test_sides_and_distances_of_many_places_are_those_of_each() -> None:
    rng = np.random.default_rng(23)
    square = zone("square", shapely.box(-31 * E7, 7 * E7, -29 * E7, 9 * E7), accuracy_m=30)
    atlas = Atlas(
        (
            line((7, -30), (8, -30.2), (9, -30), until=20, accuracy_m=70),
            line((7, -29), (8, -29.2), (9, -29), since=20, until=30),
            line(since=40),
            square,
        )
    )
    places = places_round(rng, square, 250, 90_000)
    intervals = [Interval(int(t), int(t) + int(rng.integers(0, 3) ** 3)) for t in rng.integers(0, 50, 250)]
    at, rows = Times.of(intervals), list(zip(one_by_one(places), intervals, strict=True))

    for side in ("a", "b"):
        answers = atlas.side_many("agreed", side, places, at).tolist()
        assert answers == [atlas.side("agreed", side, *row) for row in rows]
        assert set(answers) == {NO, MAYBE, YES}
    for name in ("agreed", "square"):
        least, most = atlas.distance_many(name, places, at)
        assert list(zip(least.tolist(), most.tolist(), strict=True)) == [atlas.distance(name, *row) for row in rows]


def test_of_an_undrawn_line_many_places_know_as_little_as_one() -> None:
    places = Places.of([Place(0, 0), Place(E7, E7, 5)])
    least, most = Atlas((line(),)).distance_many("agreed", places, always(places))

    assert Atlas((line(),)).side_many("agreed", "a", places, always(places)).tolist() == [MAYBE, MAYBE]
    assert list(zip(least.tolist(), most.tolist(), strict=True)) == [ANYWHERE, ANYWHERE]


# What is refused


def test_columns_that_are_no_places_or_times_are_refused() -> None:
    for lat, lon, radius, fault in [
        ([900_000_001], [0], [0], "latitude"),
        ([-900_000_001], [0], [0], "latitude"),
        ([0], [1_800_000_001], [0], "longitude"),
        ([0], [-1_800_000_001], [0], "longitude"),
        ([0], [0], [-1], "radius"),
        ([0, 0], [0], [0], "equally long"),
        ([0], [0], [0, 0], "equally long"),
    ]:
        with pytest.raises(ValueError, match=fault):
            Places(np.array(lat), np.array(lon), np.array(radius))
    with pytest.raises(ValueError, match="after its latest"):
        Times(np.array([0, 2]), np.array([0, 1]))
    with pytest.raises(ValueError, match="equally long"):
        Times(np.array([0, 2]), np.array([2]))


def test_the_ends_of_the_earth_are_places_in_whole_numbers_of_any_width() -> None:
    corners = [(90 * E7, 180 * E7, 0), (-90 * E7, -180 * E7, 0)] * 70
    one = zone("cap", shapely.box(-180 * E7, 80 * E7, -E7, 90 * E7))

    for width in (np.int32, np.int64):
        places = Places(*np.array(corners, dtype=width).T)
        assert check(one, places).tolist() == [YES, NO] * 70


def test_places_and_times_of_other_numbers_are_refused() -> None:
    atlas, two = Atlas((zone("valley", shapely.box(0, 0, 9, 9)), line((0, 0), (1, 0)))), Places.of([Place(0, 0)] * 2)
    for ask in (
        lambda at: atlas.inside_many("valley", two, at),
        lambda at: atlas.zones_holding(two, at),
        lambda at: atlas.side_many("agreed", "a", two, at),
        lambda at: atlas.distance_many("agreed", two, at),
    ):
        with pytest.raises(ValueError, match="2 places and 3 times"):
            ask(Times.all_at(NOON, 3))


def test_ids_and_sides_that_there_are_not_are_key_errors() -> None:
    atlas, places = Atlas((zone("valley", None), line((0, 0), (1, 0)))), Places.of([Place(0, 0)])
    with pytest.raises(KeyError, match="vally"):
        atlas.inside_many("vally", places, always(places))
    with pytest.raises(KeyError, match="'agreed' is not a zone"):
        atlas.inside_many("agreed", places, always(places))
    with pytest.raises(KeyError, match="'valley' is not a line"):
        atlas.side_many("valley", "a", places, always(places))
    with pytest.raises(KeyError, match="they are 'a' and 'b'"):
        atlas.side_many("agreed", "c", places, always(places))


# What the cells promise


@pytest.mark.parametrize(("lat", "size"), [(8.03, 0.02), (60.0, 3.0), (-0.3, 1.0), (85.0, 4.0)])
def test_a_cell_promises_no_more_than_the_edge_allows_any_place_in_it(lat: float, size: float) -> None:
    """At its corners, where it is tightest, and with the radii that it just answers."""
    rng = np.random.default_rng(24)
    one = zone("star", star(rng, lat=lat, lon=-30, size=size))
    surveyed = Surveyed.of(one)
    cells, square = surveyed.cells, surveyed.square
    some = rng.choice(len(cells.x), 150, replace=False)
    width = (1 << (square.bits + square.depth - cells.level)) - 1
    for east, north in product((0, 1), repeat=2):
        x, y = cells.x[some] + east * width[some], cells.y[some] + north * width[some]
        here = np.flatnonzero((abs(y) <= 90 * E7) & (cells.clear_m[some] >= 0))
        clear, reach = cells.clear_m[some][here], cells.reach_m[some][here]
        for row, at in enumerate(here):
            place = Place(int(y[at]), int(x[at]), int(clear[row]))
            assert exact(one, place) == surveyed.side[some[at]]
            assert exact(one, Place(int(y[at]), int(x[at]), int(reach[row]))) is MAYBE


def test_cells_cover_their_square_once() -> None:
    surveyed = Surveyed.of(zone("star", star(np.random.default_rng(25), lat=8, lon=-30, size=0.3)))
    cells, square = surveyed.cells, surveyed.square

    assert sum((4 ** (square.depth - cells.level)).tolist()) == 4**square.depth
    assert min(cells.level) < max(cells.level) == square.depth


def test_few_places_are_left_to_the_exact_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """Or the grids would be as right, and of no use: of 6,000 places by a zone, most need none."""
    rng = np.random.default_rng(26)
    one = zone("star", star(rng, lat=8, lon=-30, size=0.3, corners=500), accuracy_m=10)
    exactly: list[int] = []

    def counted(one: Zone, points: Points, doubt_m: NDArray[np.int64]) -> NDArray[np.int8]:
        exactly.append(len(points))
        return in_zone(one, points, doubt_m)

    count = 6_000
    lon, lat = rng.uniform(-30.4, -29.6, count), rng.uniform(7.6, 8.4, count)
    lat_e7, lon_e7 = (np.round(at * E7).astype(np.int64) for at in (lat, lon))
    places = Places(lat_e7, lon_e7, rng.integers(0, 500, count))
    monkeypatch.setattr("trucekeeper.geo.grid.in_zone", counted)
    atlas = Atlas((one,))
    answers = atlas.inside_many("star", places, always(places))

    assert sum(exactly) < 100
    monkeypatch.setattr("trucekeeper.geo.ground.in_zone", counted)
    assert [atlas.inside("star", place, NOON) for place in one_by_one(places)] == answers.tolist()
    assert sum(exactly) < 0.45 * count  # of this jagged star; a place far off asks nothing
    exactly.clear()
    far = [Place(9 * E7, -32 * E7, 5_000), Place(80_000_000, -310_000_000, 40_000), Place(-50 * E7, 0, 49_000)]
    assert [atlas.inside("star", place, NOON) for place in far] == [NO, NO, NO]
    assert exactly == []


def test_zones_of_which_little_is_asked_are_not_surveyed(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_: Zone) -> Surveyed:
        raise AssertionError("surveyed")

    monkeypatch.setattr("trucekeeper.geo.ground.Surveyed.of", refused)
    atlas = Atlas((zone("valley", shapely.box(0, 0, 99, 99)),))
    places = Places.of([Place(50, 50)] * 60)

    assert atlas.inside_many("valley", places, always(places)).tolist() == [YES] * 60
    assert atlas.zones_holding(places, always(places)).answer.tolist() == [YES] * 60
    with pytest.raises(AssertionError, match="surveyed"):
        atlas.inside_many("valley", places, always(places))


def test_what_is_sure_on_a_map_is_less_than_its_bound() -> None:
    bands = all_bands()
    for row in range(0, 1_800, 37):
        for flat_m in (0.0, 1.0, 900.0, 5e4, 9.99e4, 1.01e5, 3e5, 2e6, 1e7):
            sure_m = min(bands.sure[row] * flat_m, bands.cap_m[row])
            assert plane_of_row(row).bounds(flat_m)[0] >= sure_m - 0.001
    assert bands.sure[900] > 0.99
    assert bands.cap_m[900] > 50_000


# Which zones a common grid lists


@pytest.mark.parametrize(
    ("west", "accuracy_m", "listed"),
    [(-30, 0, True), (-30, 1_000, True), (-30, 1_001, False), (-180, 0, False), (179, 0, False)],
)
def test_a_common_grid_lists_no_zone_by_the_antimeridian_or_too_rough(
    *, west: int, accuracy_m: int, listed: bool
) -> None:
    square = zone("square", shapely.box(west * E7, 8 * E7, (west + 1) * E7, 9 * E7), accuracy_m=accuracy_m)

    assert (near_box(square, 1_000) is not None) == listed


@pytest.mark.parametrize("lat", [-70, -8, 0, 8, 48, 70])
def test_beyond_the_box_of_a_zone_no_doubt_reaches_it_and_the_box_is_no_wider_than_need_be(lat: int) -> None:
    """Twice 1,000 m for a radius and an accuracy; a tenth more for the map; and a metre."""
    west, south, east, north = (
        near_box(zone("square", shapely.box(0, lat * E7, E7, (lat + 1) * E7)), 1_000) or (0,) * 4
    )
    bands = all_bands()
    rows = np.arange(900 + lat * 10, 900 + lat * 10 + 10)

    assert (west, south) == (E7 - east, (2 * lat + 1) * E7 - north)
    assert 2_201 < (east - E7) * bands.x_m[rows].min() < 2_230
    assert 2_201 < (north - (lat + 1) * E7) * bands.y_m[rows].min() < 2_230


def test_good_maps_are_sure_and_reach_far_enough() -> None:
    bands, good = all_bands(), good_rows(20_000)

    assert good[150:1_650].all()
    assert good.tolist() == [
        bool(sure >= 0.95 and cap_m > 44_001.1) for sure, cap_m in zip(bands.sure, bands.cap_m, strict=True)
    ]
    assert not good_rows(60_000).any()
    assert near_box(zone("cap", shapely.box(0, 82 * E7, E7, 83 * E7)), 1_000) is None
