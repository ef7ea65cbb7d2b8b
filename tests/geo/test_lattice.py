"""The common grid over many zones: each square, each patch and each cell counted out one by one."""

from itertools import product

import numpy as np
import pytest

from trucekeeper.geo.lattice import Lattice, Patch
from trucekeeper.geo.measure import Points
from trucekeeper.geo.survey import Cells, Square

SMALL = Lattice(west=100, south=-40, bits=2, columns=5, rows=4)


def over(*boxes: tuple[int, int, int, int]) -> Lattice:
    return Lattice.over(np.array(boxes))


def stretch(number: int, begin: int) -> tuple[int, int]:
    """Return the first and last coordinate of a column or row of the small lattice."""
    return begin + 4 * number, begin + 4 * number + 3


def squares_in(west: int, south: int, east: int, north: int) -> list[int]:
    """Return the squares of the small lattice that have a point in a box, its edges included."""
    return [
        row * 5 + column
        for row, column in product(range(4), range(5))
        if stretch(column, 100)[0] <= east
        and west <= stretch(column, 100)[1]
        and stretch(row, -40)[0] <= north
        and south <= stretch(row, -40)[1]
    ]


@pytest.mark.parametrize("extent", [0, 1, 1_022, 1_023, 1_024, 4_095, 4_096, 100_000_000])
def test_a_lattice_has_at_most_1024_squares_a_side_and_none_wider_than_need_be(extent: int) -> None:
    for wide, high in ((extent, 0), (extent, extent), (0, extent)):
        lattice = over((7, -9, 7 + wide, -9 + high))

        assert (lattice.west, lattice.south) == (7, -9)
        assert max(lattice.columns, lattice.rows) <= 1_024
        assert lattice.bits == 0 or max(lattice.columns, lattice.rows) > 512


def test_a_lattice_covers_all_boxes_and_has_no_square_beyond_them() -> None:
    lattice = over((0, 50, 9_000, 60), (-500, 55, 4, 3_000))

    assert (lattice.west, lattice.south) == (-500, 50)
    last = lattice.square(Points(np.array([-500, 9_000]), np.array([50, 3_000])))
    assert last.tolist() == [0, lattice.columns * lattice.rows - 1]


def test_a_point_is_in_one_square_or_beyond_the_lattice() -> None:
    points = list(product(range(96, 125), range(-44, -20)))

    squares = SMALL.square(Points(*np.array(points).T))

    assert squares.tolist() == [(squares_in(x, y, x, y) or [20])[0] for x, y in points]


@pytest.mark.parametrize(
    "box",
    [(100, -40, 119, -25), (100, -40, 100, -40), (103, -37, 104, -36), (104, -36, 107, -33), (119, -25, 119, -25)],
)
def test_a_patch_has_the_squares_that_a_box_touches(box: tuple[int, int, int, int]) -> None:
    patch = Patch(SMALL, np.array(box))

    assert patch.squares().tolist() == squares_in(*box)
    assert patch.size == len(squares_in(*box))


def test_a_square_of_the_lattice_is_held_by_a_survey_if_all_of_it_is() -> None:
    patch = Patch(SMALL, np.array((104, -36, 119, -25)))

    for west, south in product(range(102, 110), range(-38, -30)):
        survey = Square(west, south, bits=1, depth=2)
        inside = [
            west <= stretch(number % 5, 100)[0]
            and stretch(number % 5, 100)[1] <= west + 7
            and south <= stretch(number // 5, -40)[0]
            and stretch(number // 5, -40)[1] <= south + 7
            for number in patch.squares().tolist()
        ]

        assert patch.held_by(survey).tolist() == inside


def cells_at(corners: list[tuple[int, int]], level: int) -> Cells:
    x, y = np.array(corners).T
    none = np.zeros(len(corners), dtype=np.int64)
    return Cells(x, y, none + level, none, none, np.zeros(len(corners) + 1, dtype=np.int64), none[:0])


@pytest.mark.parametrize("level", [0, 1, 2, 3])
def test_a_cell_touches_the_squares_of_a_patch_that_it_shares_a_point_with(level: int) -> None:
    """Cells of all sizes from 16 down to 2 wide, round a patch that begins in the second column and row."""
    patch = Patch(SMALL, np.array((105, -35, 114, -27)))
    width = 16 >> level
    corners = [*product(range(86, 126), range(-54, -18)), (108, -32)]

    places, cell = patch.touched(cells_at(corners, level), Square(80, -60, bits=1, depth=3))

    numbers = patch.squares()
    shared = [
        (at, number)
        for at, (x, y) in enumerate(corners)
        for number in squares_in(x, y, x + width - 1, y + width - 1)
        if number in numbers
    ]
    assert list(zip(cell.tolist(), numbers[places].tolist(), strict=True)) == shared
