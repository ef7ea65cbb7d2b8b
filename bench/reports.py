"""Reports with the truth beside them, as a generator outside this repository makes them.

The generator is used as it is. What it calls a row is a report: the true incident `inc` and the series `par` that it
repeats, a source family with its codebook, and what the source says, at its declared precision. Position errors are
declared as the standard deviation along each axis (`gp`, in km), times as the scale of a Laplace error (`tp`, in
hours), of which the standard deviation is the square root of two. A press report of `gp` 3.5 km names the middle of
an area; a data set's time, and the press's of `tp` 14 h, is a day.

`python -m bench.fusion` reports on `REPORTED`; whatever was chosen by looking at figures was chosen on others.
"""

from __future__ import annotations

import importlib.util
import math
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from bench.log import CACHE, GeneratorAbsentError
from trucekeeper.fusion.columns import HOUR_US, Codes, Columns

GENERATOR = Path(__file__).resolve().parents[2] / "shared" / "bench" / "fusion_reports.py"
REPORTED = (11, 12, 13)
"""The seeds that are reported on."""
LEARNT_ON = (501, 502, 503)
"""The seeds that the boosting learns from, with their truth."""

CHAFF = 0.2
CHAFF_KM = 3.0
CHAFF_H = 14.0
_AREA_KM = 3.5
_DAY_H = 14
_ACTORS = ("A", "B")
_LAT, _LON, _KM = 8.0, -30.0, 111.19  # where the generator puts its plane


@cache
def generator(path: Path = GENERATOR) -> Any:  # noqa: ANN401  a module from outside
    """Return the generator as a module. Raises GeneratorAbsentError."""
    spec = importlib.util.spec_from_file_location("fusion_reports", path)
    if not path.is_file() or spec is None or spec.loader is None:
        raise GeneratorAbsentError(f"{path} is absent: the reports' generator belongs beside the checkout")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def reports(size: int, seed: int, density: float) -> Any:  # noqa: ANN401  pandas has no types
    """Return a table of reports in the order of their arrival, made once and kept."""
    file = CACHE / f"reports-{size}-{seed}-{density}.pkl"
    if not file.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        made = generator().gen(size, seed=seed, density=density)
        part = file.with_suffix(f".{np.random.default_rng().integers(1 << 40)}")
        made.to_pickle(part)
        part.rename(file)
    return pd.read_pickle(file)  # noqa: S301  written here


def with_chaff(table: Any, seed: int) -> Any:  # noqa: ANN401
    """Return the reports with a fifth more that tell true incidents wrongly; these are of incident -1 and below."""
    random = np.random.default_rng(seed)
    count = int(len(table) * CHAFF)
    chaff = table.iloc[random.choice(len(table), count, replace=False)].copy()
    chaff["x"] += random.normal(0, CHAFF_KM, count)
    chaff["y"] += random.normal(0, CHAFF_KM, count)
    chaff["lat"] = _LAT + chaff.y / _KM
    chaff["lon"] = _LON + chaff.x / _KM / math.cos(math.radians(_LAT))
    chaff["t"] += random.normal(0, CHAFF_H, count)
    chaff.loc[by_day(chaff), "t"] = np.floor(chaff.t[by_day(chaff)] / 24) * 24 + 12
    chaff["inc"], chaff["par"] = -1 - np.arange(count), -1
    both = pd.concat([table, chaff], ignore_index=True)
    both["rid"] = np.arange(len(both))
    return both


def by_day(table: Any) -> Any:  # noqa: ANN401
    """Return which reports declare a day only."""
    return (table.source == "dataset") | ((table.source == "media") & (table.tp == _DAY_H))


def as_columns(table: Any, declared: float = 1.0) -> tuple[Columns, Codes]:  # noqa: ANN401
    """Return the reports as fusion reads them, with so many times the error declared that there is."""
    located = table.lat.notna().to_numpy()
    kinds, sources = tuple(sorted(table.type.dropna().unique())), tuple(sorted(table.source.unique()))
    columns = Columns(
        key=table.rid.to_numpy(dtype=np.int64),
        lat_e7=_whole(np.where(located, table.lat, 0) * 1e7),
        lon_e7=_whole(np.where(located, table.lon, 0) * 1e7),
        located=located,
        sd_m=table.gp.to_numpy(dtype=np.float64) * 1000 * declared,
        area=((table.gp == _AREA_KM) & (table.source == "media")).to_numpy(),
        time_us=_whole(table.t.to_numpy() * HOUR_US),
        sd_us=_whole(table.tp.to_numpy() * HOUR_US * math.sqrt(2) * declared),
        day=by_day(table).to_numpy(),
        kind=_codes(table.type, kinds),
        actor=_codes(table.actor, _ACTORS),
        count=pd.to_numeric(table.cas).fillna(-1).to_numpy().astype(np.int32),
        source=_codes(table.source, sources),
        bloc=np.full(len(table), -1, dtype=np.int32),
    )
    return columns, Codes(kinds, _ACTORS, sources)


def _whole(values: Any) -> Any:  # noqa: ANN401
    return np.rint(values).astype(np.int64)


def _codes(words: Any, names: tuple[str, ...]) -> Any:  # noqa: ANN401
    return words.map({name: code for code, name in enumerate(names)}).fillna(-1).to_numpy().astype(np.int32)
