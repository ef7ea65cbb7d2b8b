"""Points with a radius against zones, beside what geopandas can do: `sjoin` of points without one.

Two million points and 200 zones of 500 corners each, in mid-ocean, all random from one seed. Each zone is a star
round its middle of some 10 to 40 km, whose edge waves and jitters; many overlap. Two fifths of the points are known
exactly, the others to within 1 to 500 m. Every pair of point and zone has an answer: inside, outside or undecidable.
Answers are held against shapely's exact one: for points without a radius on all pairs (it is what `sjoin` rests on),
for points with one on all pairs of a sample of the points.

`python -m bench.zones` prints the figures as JSON:

    {"points": 2000000, "zones": 200, "corners": 500, "ours": {"cold_cpu_s": 2.3, "wall_s": 0.38, ...}, ...}
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from trucekeeper.geo import Atlas, Places, Times, Zone
from trucekeeper.geo.measure import near
from trucekeeper.geo.plane import plane_of_row, rows_of
from trucekeeper.terms import Interval, Place

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

POINTS, ZONES, CORNERS = 2_000_000, 200, 500
ROUNDS, SAMPLE, ONE_BY_ONE = 3, 20_000, 20_000
SEED = 7
E7 = 10**7
WEST, SOUTH, ACROSS = -35.0, 3.0, 6.0
"""The corner of the sea that is looked at, and how many degrees it is across."""
WAVES = (1, 2, 3, 5, 8, 13)
JITTER = 0.02
EXACT_SHARE, MOST_M = 0.4, 500
NOON = Interval.at(0)


@dataclass(frozen=True, slots=True)
class Timed:
    """What a call took, in seconds by the clock and of CPU, and what it returned."""

    wall_s: float
    cpu_s: float
    answer: Any


def timed(call: Callable[[], Any]) -> Timed:
    """Return what a call takes."""
    wall, cpu = time.perf_counter(), time.process_time()
    answer = call()
    return Timed(time.perf_counter() - wall, time.process_time() - cpu, answer)


def star(rng: np.random.Generator) -> shapely.Polygon:
    """Return a shape of 500 corners round a random middle."""
    turn = 2 * np.pi * (np.arange(CORNERS) + rng.uniform(0, 0.9, CORNERS)) / CORNERS
    radius = 1 + rng.uniform(-JITTER, JITTER, CORNERS)
    for wave in WAVES:
        radius += rng.uniform(0, 0.25) / wave * np.cos(wave * turn + rng.uniform(0, 2 * np.pi))
    radius *= rng.uniform(0.1, 0.35)
    middle = np.array([WEST, SOUTH]) + rng.uniform(0, ACROSS, 2)
    ring = middle + radius[:, np.newaxis] * np.column_stack((np.cos(turn), np.sin(turn)))
    return shapely.Polygon(np.round(ring * E7))


def zones_at_sea(rng: np.random.Generator) -> tuple[Zone, ...]:
    """Return the zones."""
    return tuple(Zone(id=f"z{number:03}", author="bench", geometry=star(rng)) for number in range(ZONES))


def places_at_sea(rng: np.random.Generator) -> Places:
    """Return the points and their radii."""
    lat, lon = (np.round((corner + rng.uniform(0, ACROSS, POINTS)) * E7).astype(np.int64) for corner in (SOUTH, WEST))
    within_m = np.where(rng.random(POINTS) < EXACT_SHARE, 0, rng.integers(1, MOST_M + 1, POINTS))
    return Places(lat, lon, within_m)


def ours(atlas: Atlas, places: Places) -> dict[str, Any]:
    """Return our figures: cold with the surveys of all zones, then warm, and one place at a time."""
    at = Times.all_at(NOON, len(places))
    cold = timed(lambda: atlas.zones_holding(places, at))
    warm = [timed(lambda: atlas.zones_holding(places, at)) for _ in range(ROUNDS)]
    one = [timed(lambda: atlas.inside_many("z000", places, at)) for _ in range(ROUNDS)]
    wall_s, cpu_s = median(run.wall_s for run in warm), median(run.cpu_s for run in warm)
    return {
        "cold_wall_s": cold.wall_s,
        "cold_cpu_s": cold.cpu_s,
        "wall_s": wall_s,
        "cpu_s": cpu_s,
        "points_per_s": POINTS / wall_s,
        "points_per_cpu_s": POINTS / cpu_s,
        "one_zone_points_per_cpu_s": POINTS / median(run.cpu_s for run in one),
        "one_place_cpu_us": one_place_us(atlas, places),
        "inside": int((warm[0].answer.answer > 1).sum()),
        "undecidable": int((warm[0].answer.answer == 1).sum()),
    }


def one_place_us(atlas: Atlas, places: Places) -> float:
    """Return the median CPU microseconds of `Atlas.inside` for one place and one zone."""
    rows = zip(*(column[:ONE_BY_ONE].tolist() for column in places.columns(slice(None))), strict=True)
    one_by_one = [Place(*row) for row in rows]
    runs = [timed(lambda: [atlas.inside("z000", place, NOON) for place in one_by_one]).cpu_s for _ in range(ROUNDS)]
    return median(runs) / ONE_BY_ONE * 1e6


def geopandas_sjoin(at_sea: tuple[Zone, ...], places: Places) -> dict[str, Any]:
    """Return the figures of `geopandas.sjoin`, which takes no radius, and its pairs."""
    import geopandas  # noqa: PLC0415  only this benchmark needs it

    points = geopandas.GeoDataFrame(geometry=shapely.points(places.lon_e7, places.lat_e7))
    areas = geopandas.GeoDataFrame(geometry=[zone.geometry for zone in at_sea])
    run = timed(lambda: geopandas.sjoin(points, areas, predicate="intersects"))
    pairs = run.answer.index.to_numpy() * ZONES + run.answer["index_right"].to_numpy()
    return {
        "version": geopandas.__version__,
        "wall_s": run.wall_s,
        "cpu_s": run.cpu_s,
        "points_per_s": POINTS / run.wall_s,
        "points_per_cpu_s": POINTS / run.cpu_s,
        "pairs": np.sort(pairs),
    }


def held_pairs(atlas: Atlas, places: Places) -> tuple[NDArray[np.int64], NDArray[np.int8]]:
    """Return our pairs of point and zone as one number each, and their answers."""
    held = atlas.zones_holding(places, Times.all_at(NOON, len(places)))
    return held.place * ZONES + held.zone, held.answer


def exact_pairs(zone: Zone, number: int, places: Places) -> tuple[NDArray[np.int64], NDArray[np.int8]]:
    """Return the pairs of one zone by shapely alone: `intersects`, and distances from every place to all its edge."""
    lat_e7, lon_e7, within_m = places.columns(slice(None))
    points, rows = near(zone, lat_e7, lon_e7), rows_of(lat_e7)
    answers = np.where(shapely.intersects_xy(zone.geometry, points.x, points.y), 2, 0).astype(np.int8)
    for row in np.unique(rows):
        plane, here = plane_of_row(int(row)), np.flatnonzero((rows == row) & (within_m > 0))
        scale = np.array([plane.x_m, plane.y_m])
        edge = shapely.transform(shapely.boundary(zone.geometry), lambda corners, by=scale: corners * by)
        flat_m = shapely.distance(edge, shapely.points(points.x[here] * plane.x_m, points.y[here] * plane.y_m))
        answers[here[plane.bounds(np.asarray(flat_m))[0] <= within_m[here]]] = 1
    held = np.flatnonzero(answers)
    return held * ZONES + number, answers[held]


def identity(atlas: Atlas, places: Places) -> dict[str, Any]:
    """Return how many pairs of a sample of points with radii were held against shapely's, and how many differ."""
    some = places.some(slice(0, SAMPLE))
    pairs, answers = held_pairs(atlas, some)
    parts = [exact_pairs(zone, number, some) for number, zone in enumerate(atlas.zones())]
    expected, exactly = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.argsort(expected)
    same = np.array_equal(pairs, expected[order]) and np.array_equal(answers, exactly[order])
    return {"points": SAMPLE, "pairs": SAMPLE * ZONES, "identical": bool(same)}


def zones() -> dict[str, Any]:
    """Return the figures of ours and of geopandas, and whether the answers are shapely's."""
    rng = np.random.default_rng(SEED)
    at_sea, places = zones_at_sea(rng), places_at_sea(rng)
    atlas = Atlas(at_sea)
    our_figures = ours(atlas, places)
    theirs = geopandas_sjoin(at_sea, places)
    exactly_known = Places(places.lat_e7, places.lon_e7, np.zeros(POINTS, dtype=np.int64))
    without_radius = np.array_equal(held_pairs(atlas, exactly_known)[0], theirs.pop("pairs"))
    return {
        "points": POINTS,
        "zones": ZONES,
        "corners": CORNERS,
        "ours": our_figures,
        "geopandas": theirs,
        "without_radius": {"pairs": POINTS * ZONES, "identical": bool(without_radius)},
        "with_radius": identity(atlas, places),
    }


def main() -> None:
    """Print the figures."""
    print(json.dumps(zones(), indent=2))


if __name__ == "__main__":
    main()
