"""Reports as parallel columns: what fusion reads of each, one row a report.

A row's place in the columns means nothing: whatever is decided between equals is decided by `key`, which is permanent
and unique. Places are integers of 1e-7 degree, times integers of a microsecond; what a source declares of its own
precision stands beside them. Categories are whole numbers; `Codes` says what each is called, -1 is unstated.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

Wholes: TypeAlias = "NDArray[np.int64]"
Smalls: TypeAlias = "NDArray[np.int32]"
Reals: TypeAlias = "NDArray[np.float64]"
Flags: TypeAlias = "NDArray[np.bool_]"

UNSTATED = -1
DAY_US = 86_400_000_000
HOUR_US = 3_600_000_000


@dataclass(frozen=True, slots=True)
class Codes:
    """What the numbers of the columns are called: word k of `kinds` is kind k, and so on.

    `distinct` are the sources that tell of each event once, as a dataset does: no two of their reports are of one.
    """

    kinds: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    distinct: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Some reports.

    - `located`: there is a position, `sd_m` its declared standard deviation along each axis;
    - `area`: the position stands for a place about `sd_m` in radius, and the event was anywhere in it;
    - `time_us`: the middle of the declared time, `sd_us` its declared standard deviation;
    - `day`: only the day is declared, and `time_us` is its noon;
    - `kind`, `actor`, `count`: as stated, or -1; two codebooks' words are two kinds;
    - `source`: whose habits are learnt together; `bloc`: whose interest the source is said to share.
    """

    key: Wholes
    lat_e7: Wholes
    lon_e7: Wholes
    located: Flags
    sd_m: Reals
    area: Flags
    time_us: Wholes
    sd_us: Wholes
    day: Flags
    kind: Smalls
    actor: Smalls
    count: Smalls
    source: Smalls
    bloc: Smalls

    def __len__(self) -> int:
        """Return how many reports there are."""
        return len(self.key)

    def some(self, rows: Wholes | Flags | slice) -> Columns:
        """Return the reports of these rows, in their order."""
        return Columns(*(getattr(self, name)[rows] for name in NAMES))

    def by_key(self) -> Columns:
        """Return the reports in the order of their keys."""
        return self.some(np.argsort(self.key, kind="stable"))

    @staticmethod
    def joined(several: Iterable[Columns]) -> Columns:
        """Return the reports of one after those of another."""
        parts = [NONE, *several]
        return Columns(*(np.concatenate([getattr(part, name) for part in parts]) for name in NAMES))


NAMES = tuple(field.name for field in fields(Columns))

TYPES: dict[str, type] = {
    **dict.fromkeys(("key", "lat_e7", "lon_e7", "time_us", "sd_us"), np.int64),
    **dict.fromkeys(("located", "area", "day"), np.bool_),
    **dict.fromkeys(("kind", "actor", "count", "source", "bloc"), np.int32),
    "sd_m": np.float64,
}

NONE = Columns(*(np.zeros(0, dtype=TYPES[name]) for name in NAMES))
"""No reports."""
