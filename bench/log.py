"""The narrow log: events in four integer columns, as a generator outside this repository makes them.

The file is `ts` (seconds since the log's first midnight), `kind` (a code below), `a` and `b`, sorted by `ts`:

    kind     a         b
    waiver   0         actor * 64 + zone
    permit   weapon    0
    invest   report    0
    approve  1         0
    pos      unit      zone
    obs      weapon    zone
    attack   attack    actor * 64 + zone
    report   report    0
    truck    delivery  how many
    dayend   day       0
"""

from __future__ import annotations

import hashlib
import importlib.util
import tempfile
from enum import IntEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from pyarrow import parquet

if TYPE_CHECKING:
    from collections.abc import Sequence

GENERATOR = Path(__file__).resolve().parents[2] / "shared" / "bench" / "engine_log.py"
"""Beside the checkout, because the generator belongs to everybody who is measured by it, and not to us."""
CACHE = Path(tempfile.gettempdir()) / "trucekeeper-bench"
SEED = 7
COLUMNS = ("ts", "kind", "a", "b")

HOUR = 3600
DAY = 24 * HOUR
DAYS = 30
ZONES = 64
APPROVED = 2 * DAY
"""When the agreement was approved, in seconds."""


class Kind(IntEnum):
    """What the code in the column `kind` says."""

    WAIVER = 0
    PERMIT = 1
    INVEST = 2
    APPROVE = 3
    POS = 4
    OBS = 5
    ATTACK = 6
    REPORT = 7
    TRUCK = 8
    DAYEND = 9


class GeneratorAbsentError(Exception):
    """The file that makes the log is not where it was looked for."""


def threshold(size: int) -> int:
    """Return how many trucks a day are owed in a log of this nominal size; about half the days fall short of it."""
    return int(0.01 * size / DAYS * 10)


@cache
def generator(path: Path = GENERATOR) -> Any:  # noqa: ANN401  a module from outside
    """Return the generator as a module. Raises GeneratorAbsentError."""
    made_by(path)
    spec = importlib.util.spec_from_file_location("engine_log", path)
    if spec is None or spec.loader is None:
        raise GeneratorAbsentError(
            f"{path}: this is no Python file; name the log's generator with `--generator PATH`"
        )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def columns(size: int, *, path: Path = GENERATOR, seed: int = SEED) -> Sequence[Any]:
    """Return the four columns of a log of about `size` events, as numpy arrays."""
    return tuple(generator(path).gen(size, seed))


def made_by(*files: Path) -> str:
    """Return a short hash of what made a log, so that none is kept that would be made otherwise today.

    Raises GeneratorAbsentError if one of the files is not there.
    """
    for file in files:
        if not file.is_file():
            raise GeneratorAbsentError(f"{file}: the log's generator is not there; name it with `--generator PATH`")
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:8]


def narrow(size: int, *, path: Path = GENERATOR, seed: int = SEED) -> Path:
    """Return the Parquet file of a log, written unless the same generator wrote it before."""
    file = CACHE / f"narrow-{size}-{seed}-{made_by(path)}.parquet"
    if not file.exists():
        table = pa.table(dict(zip(COLUMNS, columns(size, path=path, seed=seed), strict=True)))
        CACHE.mkdir(parents=True, exist_ok=True)
        half = file.with_suffix(".part")
        parquet.write_table(table, half, compression="zstd")
        half.replace(file)  # so that a run that was stopped leaves no half a log behind
    return file
