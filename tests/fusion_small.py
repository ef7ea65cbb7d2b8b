"""Reports of small worlds in Valoria, written by what a test is about; all else is as usual."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
from hypothesis import strategies as st

from trucekeeper.fusion.columns import HOUR_US, NAMES, TYPES, UNSTATED, Codes, Columns
from trucekeeper.fusion.model import Model, Table
from trucekeeper.fusion.weights import Weigher

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

LAT_E7, LON_E7 = 80_000_000, -300_000_000
KM_E7 = 90_000
"""A kilometre of latitude, and within a hundredth one of longitude there."""

CODES = Codes(
    kinds=("shelling", "gunfire", "artillery"), actors=("north", "south"), sources=("patrol", "press", "bulletin")
)
SHELLING, GUNFIRE, ARTILLERY = 0, 1, 2

USUAL = {
    "lat_e7": LAT_E7,
    "lon_e7": LON_E7,
    "located": True,
    "sd_m": 300.0,
    "area": False,
    "time_us": 0,
    "sd_us": HOUR_US,
    "day": False,
    "kind": UNSTATED,
    "actor": UNSTATED,
    "count": UNSTATED,
    "source": 0,
    "bloc": UNSTATED,
}


def report(key: int, *, north_km: float = 0, east_km: float = 0, at_h: float = 0, **said: object) -> dict[str, Any]:
    """Return one report's values."""
    place = {"lat_e7": LAT_E7 + round(north_km * KM_E7), "lon_e7": LON_E7 + round(east_km * KM_E7)}
    return {**USUAL, "key": key, **place, "time_us": round(at_h * HOUR_US), **said}


def columns(*rows: dict[str, Any]) -> Columns:
    """Return reports as columns."""
    return Columns(*(np.array([row[name] for row in rows], dtype=TYPES[name]) for name in NAMES))


def weigher(model: Model | None = None) -> Weigher:
    """Return a model, else the default, made ready."""
    return Weigher(model or Model.default(), CODES)


@st.composite
def small_worlds(draw: st.DrawFn, most: int = 14) -> Columns:
    """Draw reports near enough to each other that much is in doubt, with any keys in any order."""
    keys = draw(st.lists(st.integers(-(10**12), 10**12), unique=True, min_size=1, max_size=most))
    rows = [
        report(
            key,
            north_km=draw(st.integers(0, 8)) / 2,
            east_km=draw(st.integers(0, 4)) / 2,
            at_h=draw(st.integers(0, 60)),
            located=draw(st.integers(0, 5)) > 0,
            sd_m=draw(st.sampled_from((100.0, 1000.0, 3000.0))),
            area=draw(st.integers(0, 3)) == 0,
            sd_us=draw(st.sampled_from((HOUR_US, 6 * HOUR_US))),
            day=draw(st.integers(0, 3)) == 0,
            kind=draw(st.integers(-1, 2)),
            actor=draw(st.integers(-1, 1)),
            count=draw(st.integers(-1, 3)),
            source=draw(st.integers(0, 2)),
        )
        for key in keys
    ]
    return columns(*rows)


def decisions_on(keys: list[int]) -> st.SearchStrategy[list[tuple[int, int, bool]]]:
    """Draw what people decided of these reports, contradictions among it."""
    pair = st.tuples(st.sampled_from(keys), st.sampled_from(keys), st.booleans())
    return st.lists(pair.filter(lambda decision: decision[0] != decision[1]), max_size=6)


def valoria(incidents: int = 400, seed: int = 3, declared: float = 1.0) -> tuple[Columns, NDArray[np.int64]]:
    """Return two or three reports of each incident; the press says artillery where the patrol says shelling."""
    random = np.random.default_rng(seed)
    rows: list[dict[str, Any]] = []
    truth: list[int] = []
    for incident in range(incidents):
        north, east, at = random.uniform(0, 80), random.uniform(0, 80), random.uniform(0, 24 * 30)
        kind = int(random.random() < 0.5)
        for source in (0, 0, 1)[: random.integers(2, 4)]:
            sd = (0.3, 1.5)[source]
            said = (kind, (ARTILLERY, GUNFIRE)[kind])[source]
            rows.append(
                report(
                    len(rows),
                    north_km=north + random.normal(0, sd),
                    east_km=east + random.normal(0, sd),
                    at_h=at + random.laplace(0, (0.5, 3)[source]),
                    sd_m=1000 * sd * declared,
                    sd_us=int((0.5, 3)[source] * np.sqrt(2) * HOUR_US * declared),
                    kind=said,
                    source=source,
                )
            )
            truth.append(incident)
    return columns(*rows), np.array(truth, dtype=np.int64)


FIRM: dict[str, Any] = {}
DAY: dict[str, Any] = {"day": True, "sd_us": 6 * HOUR_US}
NOWHERE: dict[str, Any] = {"located": False}
"""Three ways to tell a place and a time, of reports that `weighing` compares."""

UNLIKE = -2000
"""What two reports weigh of which `weighing` is told nothing."""


def weighing(rows: list[dict[str, Any]], weights: Mapping[tuple[int, int], int]) -> tuple[Columns, Weigher]:
    """Return reports of one place and time, called 1, 2, … , and a model by which pairs of them weigh just so.

    Each is of a kind of its own; what two reports weigh besides is taken off what their kinds weigh together.
    """
    reports = columns(*(report(at + 1, kind=at, **said) for at, said in enumerate(rows)))
    names = tuple(f"kind {at}" for at in range(len(rows)))
    default = Model.default()

    def ready(logs: NDArray[np.int64]) -> Weigher:
        same = replace(default.same, kinds=Table(names, tuple(map(tuple, logs.tolist()))))
        never = replace(default.repeat, company=-60_000)
        return Weigher(replace(default, same=same, repeat=never), Codes(names, (), ("patrol",)))

    one, two = np.array(list(combinations(range(len(rows)), 2)), dtype=np.int64).reshape(-1, 2).T
    wanted = np.array([weights.get((a + 1, b + 1), UNLIKE) for a, b in zip(one, two, strict=True)], dtype=np.int64)
    logs = np.zeros((len(rows), len(rows)), dtype=np.int64)
    plain = ready(logs)
    logs[one, two] = logs[two, one] = wanted - plain.weigh(plain.read(reports), one, two)
    exact = ready(logs)
    assert np.array_equal(exact.weigh(exact.read(reports), one, two), wanted)
    return reports, exact
