"""Whether a place, or another zone, lies in a zone: in Valoria, near 8 N 30 W."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, MultiPolygon, Polygon, affinity

from trucekeeper.geo import Atlas, Line, Zone
from trucekeeper.terms import DAWN, NEVER, Interval, Place, Tri

E7 = 10**7
WEST, SOUTH = -30 * E7, 8 * E7
NOON = Interval.at(1_000)
STEP = 10_000  # a thousandth of a degree: 110 m


def at(east: int, north: int, *, within_m: int = 0) -> Place:
    """Return the place so many thousandths of a degree east and north of Valoria's corner."""
    return Place(SOUTH + north * STEP, WEST + east * STEP, within_m)


def area(*corners: tuple[int, int], hole: tuple[tuple[int, int], ...] = ()) -> Polygon:
    shell, inner = ([(WEST + x * STEP, SOUTH + y * STEP) for x, y in ring] for ring in (corners, hole))
    return Polygon(shell, [inner] if inner else [])


def square(west: int, south: int, side: int) -> Polygon:
    return area((west, south), (west + side, south), (west + side, south + side), (west, south + side))


def zone(name: str, geometry: Polygon | MultiPolygon | None, **more: object) -> Zone:
    return Zone(id=name, author="Annex A", geometry=geometry, **more)  # type: ignore[arg-type]  # tests name fields


VALLEY = zone("valley", square(0, 0, 100))


def inside(one: Zone, place: Place) -> Tri:
    return Atlas((one,)).inside(one.id, place, NOON)


# Without doubt


def test_a_point_within_a_zone_is_inside() -> None:
    assert inside(VALLEY, at(50, 50)) is Tri.YES


@pytest.mark.parametrize(("east", "north"), [(50, -1), (50, 101), (-1, 50), (101, 50)])
def test_a_point_beyond_the_border_is_outside(east: int, north: int) -> None:
    assert inside(VALLEY, at(east, north)) is Tri.NO


@pytest.mark.parametrize(("east", "north"), [(0, 0), (100, 100), (50, 0), (0, 50), (100, 1)])
def test_a_point_on_the_border_of_a_zone_is_inside(east: int, north: int) -> None:
    assert inside(VALLEY, at(east, north)) is Tri.YES


def test_a_centimetre_beyond_a_slanting_border_is_outside() -> None:
    slanting = zone("slope", Polygon([(0, 0), (30_000_001, 10_000_000), (0, 10_000_000)]))

    assert inside(slanting, Place(10_000_000, 30_000_001)) is Tri.YES
    assert inside(slanting, Place(3_333_334, 10_000_000)) is Tri.YES
    assert inside(slanting, Place(3_333_333, 10_000_000)) is Tri.NO


def test_a_point_in_a_hole_is_outside_and_on_its_rim_inside() -> None:
    ring = zone("ring", area((0, 0), (90, 0), (90, 90), (0, 90), hole=((30, 30), (60, 30), (60, 60), (30, 60))))

    assert inside(ring, at(45, 45)) is Tri.NO
    assert inside(ring, at(30, 45)) is Tri.YES
    assert inside(ring, at(15, 45)) is Tri.YES


def test_a_zone_of_two_parts_holds_both_and_not_what_is_between() -> None:
    parts = zone("parts", MultiPolygon([square(0, 0, 10), square(20, 0, 10)]))

    assert inside(parts, at(5, 5)) is inside(parts, at(25, 5)) is Tri.YES
    assert inside(parts, at(15, 5)) is Tri.NO


@given(
    corners=st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), min_size=3, max_size=7, unique=True),
    x=st.integers(-1, 9),
    y=st.integers(-1, 9),
)
def test_inside_is_what_counting_crossings_on_whole_numbers_says(
    corners: list[tuple[int, int]], x: int, y: int
) -> None:
    geometry = area(*corners)
    if not geometry.is_valid:
        return

    assert inside(zone("any", geometry), at(x, y)) is (Tri.YES if _holds(corners, x, y) else Tri.NO)


def _holds(corners: list[tuple[int, int]], x: int, y: int) -> bool:
    """Even or odd crossings of a ray eastward; a point on an edge is inside. Whole numbers only."""
    odd = False
    for (ax, ay), (bx, by) in zip(corners, corners[1:] + corners[:1], strict=True):
        cross = (bx - ax) * (y - ay) - (by - ay) * (x - ax)
        if cross == 0 and min(ax, bx) <= x <= max(ax, bx) and min(ay, by) <= y <= max(ay, by):
            return True
        if (ay > y) != (by > y) and (cross > 0) == (by > ay):
            odd = not odd
    return odd


# With doubt


def test_a_place_whose_radius_reaches_over_the_border_is_undecidable() -> None:
    assert inside(VALLEY, at(50, 1, within_m=200)) is Tri.MAYBE
    assert inside(VALLEY, at(50, -1, within_m=200)) is Tri.MAYBE


def test_a_place_whose_radius_stays_clear_of_the_border_is_decided() -> None:
    assert inside(VALLEY, at(50, 1, within_m=100)) is Tri.YES
    assert inside(VALLEY, at(50, -1, within_m=100)) is Tri.NO


def test_the_accuracy_of_the_zone_is_doubt_like_the_radius_of_the_place() -> None:
    drawn_roughly = zone("valley", square(0, 0, 100), accuracy_m=70)

    assert inside(drawn_roughly, at(50, 1, within_m=30)) is Tri.YES
    assert inside(drawn_roughly, at(50, 1, within_m=50)) is Tri.MAYBE
    assert inside(drawn_roughly, at(50, 0)) is Tri.MAYBE
    assert inside(drawn_roughly, at(50, -1)) is Tri.NO


def test_a_metre_of_doubt_is_doubt() -> None:
    place = at(50, 100)

    assert inside(VALLEY, Place(place.lat_e7 + 1, place.lon_e7, 1)) is Tri.MAYBE
    assert inside(VALLEY, Place(place.lat_e7 + 1_000, place.lon_e7, 1)) is Tri.NO


def test_doubt_about_the_rim_of_a_hole_counts() -> None:
    ring = zone("ring", area((0, 0), (90, 0), (90, 90), (0, 90), hole=((30, 30), (60, 30), (60, 60), (30, 60))))

    assert inside(ring, at(45, 45, within_m=1_000)) is Tri.NO
    assert inside(ring, at(45, 45, within_m=2_000)) is Tri.MAYBE
    assert inside(ring, at(15, 45, within_m=2_000)) is Tri.MAYBE


def test_a_doubt_of_the_whole_earth_decides_nothing() -> None:
    assert inside(VALLEY, at(50, 50, within_m=30_000_000)) is Tri.MAYBE


def test_a_place_on_another_continent_is_outside_whatever_its_radius() -> None:
    assert inside(VALLEY, Place(60 * E7, 100 * E7, 500_000)) is Tri.NO


def test_an_undrawn_zone_is_undecidable() -> None:
    assert inside(zone("orchards", None), at(50, 50)) is Tri.MAYBE


@given(
    east=st.integers(-300, 400),
    north=st.integers(-300, 400),
    radius=st.integers(0, 40_000),
    more=st.integers(0, 40_000),
    accuracy=st.integers(0, 5_000),
)
def test_more_doubt_never_turns_an_answer_into_its_opposite(
    *, east: int, north: int, radius: int, more: int, accuracy: int
) -> None:
    drawn_roughly = zone("valley", square(0, 0, 100), accuracy_m=accuracy)
    sure, unsure = (
        inside(drawn_roughly, at(east, north, within_m=radius)),
        inside(drawn_roughly, at(east, north, within_m=radius + more)),
    )

    assert unsure in (sure, Tri.MAYBE)


@given(
    east=st.integers(-5, 105),
    north=st.integers(-5, 105),
    right=st.integers(-(10**9), 10**9),
    up=st.integers(-800, 800),
)
def test_moving_zone_and_place_alike_changes_nothing(east: int, north: int, right: int, up: int) -> None:
    moved = zone("valley", affinity.translate(square(0, 0, 100), right, up * STEP))
    place = at(east, north)

    assert inside(moved, Place(place.lat_e7 + up * STEP, place.lon_e7 + right)) is inside(VALLEY, place)


# Round the earth


def test_a_place_just_over_the_antimeridian_is_near() -> None:
    last = zone("last", Polygon([(179 * E7, 0), (180 * E7, 0), (180 * E7, E7), (179 * E7, E7)]))

    assert inside(last, Place(E7 // 2, -180 * E7)) is Tri.YES
    assert inside(last, Place(E7 // 2, -180 * E7 + STEP)) is Tri.NO
    assert inside(last, Place(E7 // 2, -180 * E7 + STEP, 200)) is Tri.MAYBE


def test_a_place_just_over_the_antimeridian_is_near_from_the_other_side_too() -> None:
    first = zone("first", Polygon([(-180 * E7, 0), (-179 * E7, 0), (-179 * E7, E7), (-180 * E7, E7)]))

    assert inside(first, Place(E7 // 2, 180 * E7)) is Tri.YES
    assert inside(first, Place(E7 // 2, 180 * E7 - STEP)) is Tri.NO
    assert inside(first, Place(E7 // 2, 180 * E7 - STEP, 200)) is Tri.MAYBE


# Versions

OLD = zone("valley", square(0, 0, 100), until=1_000)
NEW = zone("valley", square(50, 0, 100), since=1_000)
VERSIONS = Atlas((NEW, OLD))


@pytest.mark.parametrize(
    ("east", "before", "after"), [(25, Tri.YES, Tri.NO), (75, Tri.YES, Tri.YES), (125, Tri.NO, Tri.YES)]
)
def test_a_place_is_judged_by_the_version_of_its_time(east: int, before: Tri, after: Tri) -> None:
    assert VERSIONS.inside("valley", at(east, 50), Interval.at(999)) is before
    assert VERSIONS.inside("valley", at(east, 50), Interval.at(1_001)) is after


def test_the_instant_of_change_belongs_to_the_new_version() -> None:
    assert VERSIONS.inside("valley", at(25, 50), Interval.at(1_000)) is Tri.NO


@pytest.mark.parametrize("when", [Interval(999, 1_000), Interval(DAWN, NEVER)])
def test_a_time_over_two_versions_asks_both_and_their_disagreement_is_undecidable(when: Interval) -> None:
    assert VERSIONS.inside("valley", at(25, 50), when) is Tri.MAYBE
    assert VERSIONS.inside("valley", at(75, 50), when) is Tri.YES
    assert VERSIONS.inside("valley", at(175, 50), when) is Tri.NO


@pytest.mark.parametrize(
    ("when", "answer"),
    [
        (Interval(10, 19), Tri.YES),
        (Interval(9, 10), Tri.MAYBE),
        (Interval(19, 20), Tri.MAYBE),
        (Interval(20, 29), Tri.MAYBE),
        (Interval(19, 30), Tri.MAYBE),
        (Interval(30, 40), Tri.YES),
        (Interval(30, NEVER), Tri.YES),
        (Interval(5, 9), Tri.MAYBE),
        (Interval(DAWN, 15), Tri.MAYBE),
        (Interval.at(20), Tri.MAYBE),
        (Interval.at(NEVER), Tri.YES),
    ],
)
def test_a_time_without_a_version_is_undecidable(when: Interval, answer: Tri) -> None:
    gap = Atlas((zone("valley", square(0, 0, 9), since=10, until=20), zone("valley", square(0, 0, 9), since=30)))

    assert gap.inside("valley", at(5, 5), when) is answer


def test_a_version_that_is_undrawn_is_undecidable_beside_one_that_is_drawn() -> None:
    atlas = Atlas((zone("valley", None, until=10), zone("valley", square(0, 0, 9), since=10)))

    assert atlas.inside("valley", at(5, 5), Interval.at(9)) is Tri.MAYBE
    assert atlas.inside("valley", at(5, 5), Interval(9, 10)) is Tri.MAYBE
    assert atlas.inside("valley", at(5, 5), Interval.at(10)) is Tri.YES


@given(
    east=st.integers(-20, 220),
    start=st.integers(0, 2_000),
    more=st.integers(0, 2_000),
    radius=st.integers(0, 9),
)
def test_a_longer_time_never_turns_an_answer_into_its_opposite(east: int, start: int, more: int, radius: int) -> None:
    place = at(east, 50, within_m=radius * 100)
    sure = VERSIONS.inside("valley", place, Interval.at(start))

    assert VERSIONS.inside("valley", place, Interval(start, start + more)) in (sure, Tri.MAYBE)


def test_two_atlases_with_versions_alike_but_for_the_drawing_do_not_mix() -> None:
    one, other = zone("valley", square(0, 0, 10)), zone("valley", square(0, 20, 10))

    assert hash(one) == hash(other)
    assert one != other
    assert inside(one, at(5, 5, within_m=10)) is Tri.YES
    assert inside(other, at(5, 5, within_m=10)) is Tri.NO


def test_an_atlas_of_nothing_has_no_ids() -> None:
    assert [*Atlas().ids(), *Atlas().zones(), *Atlas().lines()] == []


def test_a_zone_that_the_atlas_does_not_have_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="vally"):
        VERSIONS.inside("vally", at(0, 0), NOON)


# Zones in zones


def zone_inside(outer: Zone, inner: Zone) -> Tri:
    return Atlas((outer, inner)).zone_inside(outer.id, inner.id, NOON)


@pytest.mark.parametrize(
    ("inner", "answer"),
    [
        (square(10, 10, 20), Tri.YES),
        (square(0, 0, 20), Tri.YES),
        (square(0, 0, 100), Tri.YES),
        (square(90, 90, 20), Tri.MAYBE),
        (square(-10, -10, 200), Tri.MAYBE),
        (square(100, 0, 20), Tri.MAYBE),
        (square(101, 0, 20), Tri.NO),
    ],
)
def test_what_is_somewhere_in_a_zone_is_in_another_as_the_drawings_say(inner: Polygon, answer: Tri) -> None:
    assert zone_inside(VALLEY, zone("camp", inner)) is answer


@pytest.mark.parametrize(
    ("west", "accuracies", "answer"),
    [
        (101, (100, 0), Tri.NO),
        (101, (0, 100), Tri.NO),
        (101, (60, 60), Tri.MAYBE),
        (101, (0, 120), Tri.MAYBE),
        (79, (50, 50), Tri.YES),
        (79, (60, 60), Tri.MAYBE),
        (80, (1, 0), Tri.MAYBE),
    ],
)
def test_the_accuracies_of_both_zones_are_doubt(west: int, accuracies: tuple[int, int], answer: Tri) -> None:
    outer = zone("valley", square(0, 0, 100), accuracy_m=accuracies[0])
    inner = zone("camp", square(west, 40, 20), accuracy_m=accuracies[1])

    assert zone_inside(outer, inner) is answer


def test_a_zone_in_a_hole_of_another_is_outside_it() -> None:
    ring = zone("ring", area((0, 0), (90, 0), (90, 90), (0, 90), hole=((30, 30), (60, 30), (60, 60), (30, 60))))

    assert zone_inside(ring, zone("camp", square(40, 40, 10), accuracy_m=100)) is Tri.NO
    assert zone_inside(ring, zone("camp", square(30, 30, 30))) is Tri.MAYBE


@pytest.mark.parametrize(("other", "answer"), [(None, Tri.MAYBE), (square(0, 0, 100), Tri.MAYBE)])
def test_an_undrawn_zone_is_in_another_only_by_name(other: Polygon | None, answer: Tri) -> None:
    assert zone_inside(zone("orchards", None), zone("camp", other)) is answer
    assert zone_inside(zone("camp", other), zone("orchards", None)) is answer
    assert zone_inside(zone("camp", other), zone("orchards", None, part_of=("camp",))) is Tri.YES


def test_a_zone_is_in_itself_drawn_or_not() -> None:
    atlas = Atlas((zone("orchards", None, since=500),))

    assert atlas.zone_inside("orchards", "orchards", NOON) is Tri.YES
    assert atlas.zone_inside("orchards", "orchards", Interval.at(1)) is Tri.YES


def test_a_part_of_a_part_is_a_part_and_not_the_other_way_round() -> None:
    chain = (
        zone("a", None),
        zone("b", None, part_of=("x", "a")),
        zone("c", None, part_of=("b",)),
        zone("x", None),
    )
    atlas = Atlas(chain)

    assert atlas.zone_inside("a", "c", NOON) is Tri.YES
    assert atlas.zone_inside("x", "c", NOON) is Tri.YES
    assert atlas.zone_inside("c", "a", NOON) is Tri.MAYBE


def test_a_part_by_several_ways_is_found_in_time() -> None:
    """Every zone is part of two, each part of the same two further up: a million ways to the top."""
    tops = [zone(f"{side}0", None) for side in "ab"]
    rest = [
        zone(f"{side}{level}", None, part_of=(f"a{level - 1}", f"b{level - 1}"))
        for level, side in product(range(1, 21), "ab")
    ]

    assert Atlas((*tops, *rest)).zone_inside("a0", "b20", NOON) is Tri.YES


def test_a_zone_is_a_part_only_while_all_its_versions_say_so() -> None:
    atlas = Atlas(
        (
            zone("valley", None),
            zone("camp", None, part_of=("valley",), until=10),
            zone("camp", None, since=10, until=20),
        )
    )

    assert atlas.zone_inside("valley", "camp", Interval(0, 9)) is Tri.YES
    assert atlas.zone_inside("valley", "camp", Interval(0, 10)) is Tri.MAYBE
    assert atlas.zone_inside("valley", "camp", Interval.at(10)) is Tri.MAYBE
    assert atlas.zone_inside("valley", "camp", Interval.at(20)) is Tri.MAYBE


def test_versions_of_two_zones_are_compared_only_where_both_were_valid() -> None:
    """Both move at the same instant: the old camp is never in the new valley."""
    atlas = Atlas(
        (
            zone("valley", square(0, 0, 10), until=10),
            zone("valley", square(50, 0, 10), since=10),
            zone("camp", square(2, 2, 2), until=10),
            zone("camp", square(52, 2, 2), since=10),
        )
    )

    assert atlas.zone_inside("valley", "camp", Interval(0, 20)) is Tri.YES


def test_of_a_time_in_which_one_of_two_zones_was_not_yet_agreed_nobody_can_tell() -> None:
    atlas = Atlas((VALLEY, zone("camp", square(10, 10, 20), since=10)))

    assert atlas.zone_inside("valley", "camp", Interval(9, 10)) is Tri.MAYBE
    assert atlas.zone_inside("camp", "valley", Interval.at(9)) is Tri.MAYBE
    assert atlas.zone_inside("valley", "camp", Interval.at(10)) is Tri.YES


def test_two_zones_either_side_of_the_antimeridian_touch() -> None:
    last = zone("last", Polygon([(179 * E7, 0), (180 * E7, 0), (180 * E7, E7), (179 * E7, E7)]))
    first = zone("first", Polygon([(-180 * E7, 0), (-179 * E7, 0), (-179 * E7, E7), (-180 * E7, E7)]))
    near = zone("near", Polygon([(-179_999_0000, 0), (-179 * E7, 0), (-179 * E7, E7), (-179_999_0000, E7)]))

    assert zone_inside(last, first) is zone_inside(first, last) is Tri.MAYBE
    assert zone_inside(last, near) is zone_inside(near, last) is Tri.NO
    roughly = zone("last", last.geometry, accuracy_m=200)
    assert zone_inside(roughly, near) is zone_inside(near, roughly) is Tri.MAYBE


@pytest.mark.parametrize("south", [-1, 1])
def test_two_zones_that_touch_in_one_point_of_the_antimeridian_touch(south: int) -> None:
    east, west = (180 * E7, 179 * E7), (-180 * E7, -179 * E7)
    first, last = (
        zone(name, Polygon([(a, low), (b, low), (b, low + E7), (a, low + E7)]))
        for name, (a, b), low in (("first", west, 0), ("last", east, south * E7))
    )

    assert zone_inside(last, first) is zone_inside(first, last) is Tri.MAYBE


def test_a_line_is_no_zone() -> None:
    line = Line(id="road", author="Annex A", left="north", right="south", geometry=LineString([(0, 0), (1, 1)]))

    with pytest.raises(KeyError, match="'road' is not a zone"):
        Atlas((line,)).inside("road", at(0, 0), NOON)
