"""Points with a radius against zones, beside what geopandas can do: `sjoin` of points without a radius.

Two million points and 200 zones of 500 corners each, in mid-ocean, all random from one seed. Each zone is a star round
its middle whose radius waves and jitters, of 10 to 40 km; many overlap. Two fifths of the points are known exactly,
the others to within 1 to 500 m. Every pair of point and zone has an answer: inside, outside or undecidable.
"""

from __future__ import annotations

import json
import resource
import time
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from trucekeeper.geo import Atlas, Places, Times, Zone
from trucekeeper.geo.plane import plane_of_row, rows_of
from trucekeeper.terms import Interval

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

POINTS, ZONES, CORNERS = 2_000_000, 200, 500
E7 = 10**7
SEED = 7
WEST, SOUTH, ACROSS = -35.0, 3.0, 6.0
"""The corner of the sea that is looked at, and how many degrees it is across."""


def star(rng: np.random.Generator) -> shapely.Polygon:
    """Return a zone of 500 corners round a random middle."""
    turn = 2 * np.pi * (np.arange(CORNERS) + rng.uniform(0, 0.9, CORNERS)) / CORNERS
    waves = sum(rng.uniform(0, 0.25) / k * np.cos(k * turn + rng.uniform(0, 2 * np.pi)) for k in (1, 2, 3, 5, 8, 13))
    radius = rng.uniform(0.1, 0.35) * (1 + waves + rng.uniform(-0.02, 0.02, CORNERS))
    middle = rng.uniform(0, ACROSS, 2) + (WEST, SOUTH)
    corners = middle + radius[:, np.newaxis] * np.column_stack((np.cos(turn), np.sin(turn)))
    return shapely.Polygon(np.round(corners * E7))
