"""On which side of a line a place lies, also beyond its ends."""

from fractions import Fraction
from itertools import pairwise
from math import atan2, cos, pi, sin, tau

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from shapely import LineString, Polygon, box

from trucekeeper.geo import Atlas, Line
from trucekeeper.geo.sides import left_sides
from trucekeeper.terms import Interval, Place, Tri

E7 = 10**7
WEST, SOUTH = -30 * E7, 8 * E7
NOON = Interval.at(1_000)
STEP = 10_000  # a thousandth of a degree: 110 m


def line(*points: tuple[int, int], **more: object) -> Line:
    """Return a line through points so many thousandths of a degree east and north."""
    shape = LineString([(WEST + x * STEP, SOUTH + y * STEP) for x, y in points]) if points else None
    fields = {
        "id": "agreed",
        "author": "Annex A",
        "left": "left",
        "right": "right",
        "geometry": shape,
        **more,
    }
    return Line(**fields)  # type: ignore[arg-type]  # tests name fields


def at(east: int, north: int, *, within_m: int = 0) -> Place:
    return Place(SOUTH + north * STEP, WEST + east * STEP, within_m)


def left(one: Line, place: Place) -> Tri:
    """Return whether a place is left of the line, having asked for the right side too."""
    atlas = Atlas((one,))
    answer = atlas.side("agreed", "left", place, NOON)
    assert atlas.side("agreed", "right", place, NOON) is answer.negated
    return answer


NORTHWARD = line((0, 0), (0, 100))


def test_walking_north_west_is_left_and_east_is_right() -> None:
    assert left(NORTHWARD, at(-1, 50)) is Tri.YES
    assert left(NORTHWARD, at(1, 50)) is Tri.NO


def test_walking_the_other_way_the_sides_change() -> None:
    southward = line((0, 100), (0, 0))

    assert left(southward, at(-1, 50)) is Tri.NO
    assert left(southward, at(1, 50)) is Tri.YES


@pytest.mark.parametrize(
    ("ahead", "left_hand"),
    [
        ((1, 0), (0, 1)),
        ((0, 1), (-1, 0)),
        ((-1, 0), (0, -1)),
        ((0, -1), (1, 0)),
        ((3, 1), (-1, 3)),
        ((-2, -5), (5, -2)),
    ],
)
def test_left_is_left_whichever_way_the_line_goes(ahead: tuple[int, int], left_hand: tuple[int, int]) -> None:
    one = line((0, 0), (ahead[0] * 10, ahead[1] * 10))

    for along in (-900, 0, 5, 10, 900):
        x, y = ahead[0] * along, ahead[1] * along
        assert left(one, at(x + left_hand[0], y + left_hand[1])) is Tri.YES
        assert left(one, at(x - left_hand[0], y - left_hand[1])) is Tri.NO
        assert left(one, at(x, y)) is Tri.MAYBE


@pytest.mark.parametrize("north", [0, 50, 100])
def test_on_the_line_itself_nobody_can_tell(north: int) -> None:
    assert left(NORTHWARD, at(0, north)) is Tri.MAYBE


def test_a_centimetre_from_the_line_is_on_a_side() -> None:
    place = at(0, 50)

    assert left(NORTHWARD, Place(place.lat_e7, place.lon_e7 - 1)) is Tri.YES
    assert left(NORTHWARD, Place(place.lat_e7, place.lon_e7 + 1)) is Tri.NO


@pytest.mark.parametrize("north", [-1, 101, 5_000, -50_000])
def test_beyond_its_ends_the_line_goes_on_straight(north: int) -> None:
    assert left(NORTHWARD, at(-1, north)) is Tri.YES
    assert left(NORTHWARD, at(0, north)) is Tri.MAYBE
    assert left(NORTHWARD, at(1, north)) is Tri.NO


def test_doubt_that_reaches_over_the_line_is_undecidable() -> None:
    assert left(NORTHWARD, at(-1, 50, within_m=105)) is Tri.YES
    assert left(NORTHWARD, at(-1, 50, within_m=115)) is Tri.MAYBE
    assert left(line((0, 0), (0, 100), accuracy_m=60), at(1, 50, within_m=40)) is Tri.NO
    assert left(line((0, 0), (0, 100), accuracy_m=60), at(1, 50, within_m=60)) is Tri.MAYBE
    assert left(line((0, 0), (0, 100), accuracy_m=60), at(0, 50)) is Tri.MAYBE


def test_doubt_that_reaches_over_the_line_drawn_on_is_undecidable_too() -> None:
    assert left(NORTHWARD, at(-1, 300, within_m=105)) is Tri.YES
    assert left(NORTHWARD, at(-1, 300, within_m=115)) is Tri.MAYBE


def test_a_bay_of_the_line_belongs_to_the_side_that_it_opens_to() -> None:
    bay = line((0, 0), (0, 40), (50, 40), (50, 60), (0, 60), (0, 100))

    assert left(bay, at(25, 50)) is Tri.YES
    assert left(bay, at(25, 39)) is Tri.NO
    assert left(bay, at(25, 61)) is Tri.NO
    assert left(bay, at(-25, 50)) is Tri.YES


def test_beyond_the_end_of_a_bent_line_what_two_ways_of_drawing_it_on_disagree_about_is_undecidable() -> None:
    """East, then north: drawn on by its ends it comes from the west, by its chord from the south-west."""
    bent = line((0, 0), (100, 0), (100, 100))

    assert left(bent, at(50, 50)) is Tri.YES
    assert left(bent, at(50, -50)) is Tri.NO
    assert left(bent, at(-50, 10)) is Tri.YES
    assert left(bent, at(-50, -10)) is Tri.MAYBE
    assert left(bent, at(-50, -60)) is Tri.NO
    assert left(bent, at(110, 150)) is Tri.MAYBE


def test_ends_that_would_meet_leave_only_the_chord_to_draw_the_line_on() -> None:
    """An open hand northward: its ends, drawn on, would cross above it."""
    hand = line((20, 90), (0, 50), (0, 0), (100, 0), (100, 50), (80, 90))

    assert left(hand, at(50, 50)) is Tri.YES
    assert left(hand, at(50, -1)) is Tri.NO
    assert left(hand, at(50, 500)) is Tri.YES
    assert left(hand, at(-50, 91)) is Tri.YES
    assert left(hand, at(-50, 89)) is Tri.NO


def test_a_chord_that_crosses_the_line_leaves_only_its_ends_to_draw_it_on() -> None:
    """Both ends point north; westward of its first point the chord would run into a wall of the line."""
    walls = line((0, 0), (0, -50), (-50, -50), (-50, 20), (-200, 20), (-200, -100), (100, -100), (100, 0))

    assert left(walls, at(50, 50)) is Tri.YES
    assert left(walls, at(50, -75)) is Tri.YES
    assert left(walls, at(-100, 0)) is Tri.YES
    assert left(walls, at(-25, 0)) is Tri.NO
    assert left(walls, at(-25, 100)) is Tri.NO
    assert left(walls, at(101, 0)) is Tri.NO


def test_a_spiral_has_no_sides_to_tell() -> None:
    spiral = line((40, 40), (60, 40), (60, 60), (20, 60), (20, 20), (80, 20), (80, 80), (0, 80), (0, 50), (10, 50))

    assert left(spiral, at(50, 50)) is Tri.MAYBE
    assert left(spiral, at(500, 500)) is Tri.MAYBE


def test_a_line_that_stays_in_one_point_or_closes_has_no_sides_to_tell() -> None:
    assert left(line((0, 0), (0, 0)), at(5, 5)) is Tri.MAYBE
    assert left(line((0, 0), (9, 0), (9, 9), (0, 0)), at(5, 2)) is Tri.MAYBE


def test_a_point_given_twice_changes_nothing() -> None:
    doubled = line((0, 0), (0, 0), (0, 50), (0, 100), (0, 100))

    assert left(doubled, at(-1, 200)) is left(doubled, at(-1, -200)) is Tri.YES
    assert left(doubled, at(1, 50)) is Tri.NO


def drawn(*degrees: tuple[float, float]) -> Line:
    """Return a line through points of (lat, lon) in degrees, far from Valoria."""
    return line(geometry=LineString([(round(lon * E7), round(lat * E7)) for lat, lon in degrees]))


def test_a_line_is_drawn_on_by_whole_steps_so_that_every_corner_stays_exact() -> None:
    """29 steps of 100 degrees lead from the end at 50 to 2,950, out of a world of 2,880; west is left."""
    far, wide = 2_950 * E7, 5_900 * E7
    way, chord = left_sides(drawn((-50, 0), (50, 0)))

    assert way == chord
    assert way.equals(Polygon([(0, -far), (0, far), (-wide, far), (-wide, -far)]))


def test_what_lies_outside_a_pocket_is_left_of_whoever_walks_it_with_the_clock() -> None:
    way, _ = left_sides(drawn((1, 0), (0, 0), (0, -1), (1, -1)))
    (pocket,) = way.interiors
    rim, far = 28_800 * E7, 2_882 * E7

    assert way.exterior.equals(box(-rim, -rim, rim, rim).exterior)
    assert Polygon(pocket).equals(box(-E7, 0, 0, far))


@pytest.mark.parametrize("order", [1, -1])
def test_ends_that_run_side_by_side_out_of_the_world_keep_their_order(order: int) -> None:
    """A pocket a degree wide and open northward, one of its walls 160 times as long as the other."""
    pocket = [(80, -30), (-80, -30), (-80, -29), (-79, -29)]
    one = drawn(*pocket[::order])
    answers = [left(one, Place(0, lon * E7 // 10)) for lon in (-295, -310, -280)]

    assert answers == ([Tri.YES, Tri.NO, Tri.MAYBE] if order == 1 else [Tri.NO, Tri.YES, Tri.MAYBE])


def _winds_round(points: list[tuple[int, int]], east: int, north: int) -> bool:
    """Return whether the line, closed far out against the clock, winds round a place: by angles, in floats."""
    radius = 100_000
    (ax, ay), (bx, by) = points[0], points[-1]
    start = atan2(points[0][1] - points[1][1], points[0][0] - points[1][0])
    end = atan2(points[-1][1] - points[-2][1], points[-1][0] - points[-2][0])
    first, last = (
        (ax + radius * cos(start), ay + radius * sin(start)),
        (bx + radius * cos(end), by + radius * sin(end)),
    )
    begin, stop = atan2(last[1], last[0]), atan2(first[1], first[0])
    stop += tau if stop <= begin else 0
    arc = [begin + (stop - begin) * step / 64 for step in range(1, 64)]
    ring = [first, *points, last, *((radius * 1.1 * cos(a), radius * 1.1 * sin(a)) for a in arc)]
    turned = 0.0
    for (px, py), (qx, qy) in zip(ring, ring[1:] + ring[:1], strict=True):
        one, other = atan2(py - north, px - east), atan2(qy - north, qx - east)
        turned += (other - one + pi) % tau - pi
    return turned > pi


@given(
    points=st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=2, max_size=6, unique=True),
    east=st.integers(-30, 30),
    north=st.integers(-30, 30),
)
def test_a_side_once_told_is_the_one_that_the_closed_line_winds_round(
    points: list[tuple[int, int]], east: int, north: int
) -> None:
    assume(LineString(points).is_simple and len(left_sides(line(*points))) == 2)
    answer = left(line(*points), at(east, north))

    assert answer is Tri.MAYBE or (answer is Tri.YES) == _winds_round(points, east, north)


@given(
    heights=st.lists(st.integers(-30, 30), min_size=2, max_size=8),
    east=st.integers(0, 70),
    north=st.integers(-40, 40),
)
def test_between_its_ends_a_line_eastward_has_on_its_left_what_is_above_it(
    heights: list[int], east: int, north: int
) -> None:
    points = [(10 * step, height) for step, height in enumerate(heights)]
    assume(east <= points[-1][0])
    start, end = next((a, b) for a, b in pairwise(points) if a[0] <= east <= b[0])
    height = start[1] + Fraction((east - start[0]) * (end[1] - start[1]), end[0] - start[0])

    assert left(line(*points), at(east, north)) is (
        Tri.MAYBE if north == height else Tri.YES if north > height else Tri.NO
    )


@given(
    east=st.integers(-300, 300),
    north=st.integers(-300, 300),
    radius=st.integers(0, 9_000),
    more=st.integers(0, 9_000),
)
def test_more_doubt_never_turns_a_side_into_the_other(east: int, north: int, radius: int, more: int) -> None:
    bay = line((0, 0), (0, 40), (50, 40), (50, 60), (0, 60), (0, 100))

    unsure = left(bay, at(east, north, within_m=radius + more))

    assert unsure in (left(bay, at(east, north, within_m=radius)), Tri.MAYBE)


def test_a_line_by_the_antimeridian_has_its_sides_on_both_sides_of_it() -> None:
    northward = drawn((0, 179.999), (1, 179.999))

    assert left(northward, Place(E7 // 2, 179 * E7)) is Tri.YES
    assert left(northward, Place(E7 // 2, -179 * E7)) is Tri.NO
    assert left(northward, Place(E7 // 2, -180 * E7, 100)) is Tri.NO
    assert left(northward, Place(E7 // 2, -180 * E7, 120)) is Tri.MAYBE


def test_an_undrawn_line_is_undecidable() -> None:
    assert left(line(), at(0, 0)) is Tri.MAYBE


def test_a_time_over_two_versions_of_a_line_asks_both() -> None:
    atlas = Atlas((line((0, 0), (0, 100), until=10), line((50, 0), (50, 100), since=10)))

    assert atlas.side("agreed", "left", at(25, 50), Interval.at(9)) is Tri.NO
    assert atlas.side("agreed", "left", at(25, 50), Interval.at(10)) is Tri.YES
    assert atlas.side("agreed", "left", at(25, 50), Interval(9, 10)) is Tri.MAYBE
    assert atlas.side("agreed", "left", at(75, 50), Interval(9, 10)) is Tri.NO


def test_a_time_without_a_version_of_a_line_is_undecidable() -> None:
    atlas = Atlas((line((0, 0), (0, 100), until=10),))

    assert atlas.side("agreed", "left", at(25, 50), Interval.at(10)) is Tri.MAYBE


def test_a_name_that_is_no_side_of_the_line_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="'north' is not a side of 'agreed': they are 'left' and 'right'"):
        Atlas((NORTHWARD,)).side("agreed", "north", at(0, 0), NOON)
