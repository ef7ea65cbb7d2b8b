"""What cells and squares answer by themselves: the grids would be as right without it, and of no use."""

from itertools import product
from typing import NoReturn

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray
from shapely import Polygon

from trucekeeper.geo import Zone
from trucekeeper.geo.grid import Grid, Surveyed
from trucekeeper.geo.holding import Holding, good_rows, near_box
from trucekeeper.geo.lattice import Lattice
from trucekeeper.geo.measure import HALF_TURN_E7, Points
from trucekeeper.geo.plane import BAND_E7, all_bands, rows_of
from trucekeeper.terms import Tri

E7 = 10**7


def zone(name: str, geometry: Polygon, *, accuracy_m: int = 0) -> Zone:
    return Zone(id=name, author="Annex A", geometry=geometry, accuracy_m=accuracy_m)


def star(seed: int, *, lat: float, lon: float, size: float, corners: int = 40) -> Polygon:
    rng = np.random.default_rng(seed)
    turn = 2 * np.pi * (np.arange(corners) + rng.uniform(0, 0.9, corners)) / corners
    radius = size * E7 * rng.uniform(0.4, 1, corners)
    return Polygon(np.round(np.column_stack((lon * E7 + radius * np.cos(turn), lat * E7 + radius * np.sin(turn)))))


STARS = (
    zone("big", star(31, lat=8, lon=-30, size=0.3)),
    zone("rough", star(32, lat=8.1, lon=-29.9, size=0.1), accuracy_m=150),
    zone("small", star(33, lat=8.3, lon=-30.1, size=0.02)),
)


def refuse(*_: object) -> NoReturn:
    raise AssertionError("asked")


def ask(grid: Grid, x: NDArray[np.int64], y: NDArray[np.int64], doubt_m: NDArray[np.int64]) -> list[int]:
    return list(grid.answers(np.zeros(len(x), dtype=np.int64), Points(x, y), doubt_m).tolist())


# The grid of one zone


@pytest.mark.parametrize(
    ("wide", "high"), [(0.6, 0.2), (0.2, 0.6), (3.0, 3.0), (0.000_01, 0.000_01), (2**20 * 8 / 9 / E7, 0.01)]
)
def test_a_grid_is_an_eighth_wider_than_its_zone_with_the_zone_in_its_middle(wide: float, high: float) -> None:
    square = shapely.box(-30 * E7, 8 * E7, round((wide - 30) * E7), round((high + 8) * E7))
    west, south, east, north = (int(end) for end in square.bounds)
    side = max(east - west, north - south)

    grid = Surveyed.of(zone("square", square)).square

    across = 2 ** (grid.bits + grid.depth)
    assert across >= side + side // 8
    assert grid.bits == 0 or across <= 2 * (side + side // 8)
    assert west - grid.west == south - grid.south == (across - side) // 2


def test_of_several_zones_each_cell_keeps_its_own_pieces_of_edge() -> None:
    surveys = [Surveyed.of(one) for one in STARS]
    grid = Grid.of(surveys)

    for column in ("x", "y", "east", "north"):
        own = np.concatenate([getattr(one.edge, column)[one.cells.pieces] for one in surveys])
        assert getattr(grid.edge, column)[grid.cells.pieces].tolist() == own.tolist()


def test_up_to_its_clear_radius_a_cell_answers_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    surveyed = Surveyed.of(STARS[0])
    monkeypatch.setattr(Grid, "_by_cell", refuse)
    cells = surveyed.cells
    sure = np.flatnonzero(cells.clear_m >= 0)

    answers = ask(Grid.of([surveyed]), cells.x[sure], cells.y[sure], cells.clear_m[sure])

    assert answers == surveyed.side[sure].tolist()
    assert set(answers) == {Tri.NO, Tri.YES}
    with pytest.raises(AssertionError, match="asked"):
        ask(Grid.of([surveyed]), cells.x[sure], cells.y[sure], cells.clear_m[sure] + 1)


def test_from_its_reach_on_a_cell_answers_maybe_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    surveyed = Surveyed.of(STARS[0])
    monkeypatch.setattr(Grid, "_by_pieces", refuse)
    monkeypatch.setattr(Grid, "_exactly", refuse)
    cells = surveyed.cells

    assert set(ask(Grid.of([surveyed]), cells.x, cells.y, cells.reach_m)) == {Tri.MAYBE}
    with pytest.raises(AssertionError, match="asked"):
        ask(Grid.of([surveyed]), cells.x, cells.y, cells.reach_m - 1)


def test_more_than_32_pieces_of_edge_are_left_to_the_exact_test(monkeypatch: pytest.MonkeyPatch) -> None:
    jagged = zone("coast", star(35, lat=8, lon=-30, size=0.05, corners=900))
    surveyed = Surveyed.of(jagged)
    cells = surveyed.cells
    pieces = np.diff(cells.first)
    asked: set[int] = set()

    def counted(_: Grid, _asked: object, cell: NDArray[np.int64]) -> NDArray[np.int8]:
        asked.update(cell.tolist())
        return np.full(len(cell), Tri.MAYBE, dtype=np.int8)

    monkeypatch.setattr(Grid, "_by_pieces", counted)
    ask(Grid.of([surveyed]), cells.x, cells.y, cells.clear_m + 1)

    assert asked == set(np.flatnonzero((pieces <= 32) & (cells.clear_m + 1 < cells.reach_m)).tolist())
    assert 0 < len(asked) < len(cells.x) - 100


@pytest.mark.parametrize(("east", "north"), [(1, 0), (-1, 0), (0, 1), (0, -1)])
def test_beyond_its_grid_a_zone_is_out_of_reach_of_all_doubts_up_to_its_box(
    monkeypatch: pytest.MonkeyPatch, *, east: int, north: int
) -> None:
    """Of 90 km and less all but three hundredths: so much is left to the error of the flat map."""
    square = zone("square", shapely.box(-30 * E7, 0, -29 * E7, E7))
    monkeypatch.setattr(Grid, "_exactly", refuse)
    grid = Grid.of([Surveyed.of(square)])
    off = np.arange(E7, 5 * E7, E7 // 7)
    x, y = -295_000_000 + east * (E7 // 2 + off), E7 // 2 + north * (E7 // 2 + off)
    bands = all_bands()
    metres = (off * (bands.x_m if east else bands.y_m)[rows_of(y)]).astype(np.int64)
    reached = np.minimum(metres, 90_000)

    assert set(ask(grid, x, y, np.zeros_like(off))) == {Tri.NO}
    assert set(ask(grid, x, y, reached * 97 // 100)) == {Tri.NO}
    with pytest.raises(AssertionError, match="asked"):
        ask(grid, x, y, metres + 1)


# The common grid


def clear_of_square(surveyed: Surveyed, box: NDArray[np.int64], lattice: Lattice, at: NDArray[np.int64]) -> int:
    """Return up to which radius the square of a place can answer for a zone, its cells looked at one by one.

    All radii where the square is beyond the box of the zone; none where its cells disagree or do not cover it.
    """
    corner, cells, width = surveyed.square, surveyed.cells, 1 << lattice.bits
    west, south = (((at - (lattice.west, lattice.south)) // width) * width + (lattice.west, lattice.south)).tolist()
    east, north = west + width - 1, south + width - 1
    if west > box[2] or east < box[0] or south > box[3] or north < box[1]:
        return 1_000
    across = 1 << (corner.bits + corner.depth)
    if not (corner.west <= west and corner.south <= south):
        return -1
    if not (east < corner.west + across and north < corner.south + across):
        return -1
    last = (1 << (corner.bits + corner.depth - cells.level)) - 1
    here = (cells.x <= east) & (cells.x + last >= west) & (cells.y <= north) & (cells.y + last >= south)
    agreed = len(set(surveyed.side[here].tolist())) == 1
    return int(cells.clear_m[here].min()) - surveyed.zone.accuracy_m if agreed else -1


def test_a_square_leaves_to_a_zones_own_grid_only_what_its_cells_do_not_agree_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With any radius, and with one that is just clear."""
    rng = np.random.default_rng(34)
    surveys = [Surveyed.of(one) for one in STARS]
    holding = Holding(surveys, 1_000)
    boxes = np.array([near_box(one, 1_000) for one in STARS])
    lattice = Lattice.over(boxes)
    near = rng.integers(boxes[:, :2].min(axis=0) - 9_000, boxes[:, 2:].max(axis=0) + 9_000, (300, 2))
    clear_m = {
        (place, number): clear_of_square(surveys[number], boxes[number], lattice, near[place])
        for place, number in product(range(300), range(3))
    }
    radius_m = rng.integers(0, 1_001, 300)
    for (place, _), just in clear_m.items():
        radius_m[place] = just if place % 2 and 0 <= just <= 1_000 else radius_m[place]
    wanted = {(place, number) for (place, number), just in clear_m.items() if radius_m[place] > just}
    asked: set[tuple[int, int]] = set()

    def counted(_: Grid, number: NDArray[np.int64], points: Points, doubt_m: NDArray[np.int64]) -> NDArray[np.int8]:
        rows = {(x, y): row for row, (x, y) in enumerate(near.tolist())}
        for one, x, y, doubt in zip(*map(list, (number, points.x, points.y, doubt_m)), strict=True):
            asked.add((rows[x, y], int(one)))
            assert doubt == radius_m[rows[x, y]] + STARS[one].accuracy_m
        return np.full(len(number), Tri.NO, dtype=np.int8)

    monkeypatch.setattr(Grid, "answers", counted)
    holding.ask(Points(*near.T), radius_m)

    assert asked == wanted
    assert 20 < len(wanted) < 300


def test_a_place_asked_about_alone_is_answered() -> None:
    holding = Holding([Surveyed.of(one) for one in STARS], 1_000)

    place, zone, answer = holding.ask(Points(np.array([-30 * E7]), np.array([8 * E7])), np.array([5]))

    assert (place.tolist(), zone.tolist(), answer.tolist()) == ([0], [0], [Tri.YES])


# Which zones a common grid lists


@pytest.mark.parametrize("lat", [-70, -8, 0, 8, 48, 70])
def test_the_box_round_a_zone_ends_within_a_centimetre_of_what_can_be_reached(lat: int) -> None:
    """Twice 1,000 m for a radius and an accuracy, and a metre; a tenth more for the map."""
    west, south, east, north = (
        near_box(zone("square", shapely.box(0, lat * E7, E7, (lat + 1) * E7)), 1_000) or (0,) * 4
    )
    bands = all_bands()
    first, last = rows_of(np.array([south, north]))
    x_m, y_m = bands.x_m[first : last + 1].min(), bands.y_m.min()

    assert (west, south) == (E7 - east, (2 * lat + 1) * E7 - north)
    assert 2_201.1 < (east - E7) * x_m <= 2_201.1 + x_m
    assert 2_201.1 < (north - (lat + 1) * E7) * y_m <= 2_201.1 + y_m


def test_a_box_that_just_ends_before_the_antimeridian_is_one() -> None:
    wide = -30 * E7 - (near_box(zone("square", shapely.box(-30 * E7, 0, -29 * E7, E7)), 1_000) or (0,))[0]

    for off, found in ((0, False), (1, True)):
        west, east = -HALF_TURN_E7 + wide + off, HALF_TURN_E7 - wide - off
        assert (near_box(zone("last", shapely.box(west, 0, west + E7, E7)), 1_000) is not None) is found
        assert (near_box(zone("first", shapely.box(east - E7, 0, east, E7)), 1_000) is not None) is found


def test_a_zone_is_listed_if_its_box_just_ends_on_a_good_map() -> None:
    last = int(np.flatnonzero(good_rows(20_000))[-1]) - 900
    high = (near_box(zone("square", shapely.box(0, 0, E7, E7)), 20_000) or (0,) * 4)[3] - E7
    north = (last + 1) * BAND_E7 - 1 - high

    for off, found in ((0, True), (1, False)):
        above = zone("north", shapely.box(0, north + off - E7, E7, north + off))
        below = zone("south", shapely.box(0, -north - 1 - off, E7, E7 - north - 1 - off))
        assert (near_box(above, 20_000) is not None) is found
        assert (near_box(below, 20_000) is not None) is found
