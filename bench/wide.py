"""The narrow log in the documented facts format, as a mission would have it: corrected, retracted, late and in doubt.

The words are those of `bench/narrow/agreement.yaml`. Of a hundred facts

    2   are corrected by a second revision: another zone, one truck more, or ten minutes later
    1   is retracted
    1   becomes known only days later; all others after a minute
    1   has no certain time: it happened within ten minutes of the log's
    1   is only alleged

each drawn by itself from one seed; what the agreement hangs on (the approval, the ends of days, the watch) never is.

`as_told` writes every revision in the order in which it became known, and `resolved` one row for each fact that
stands, its highest revision, sorted by kind and time. Both are Parquet with zstd, in row groups of about a million,
with the columns of the facts format; each field of a kind is a column `fields.NAME`: words as
dictionaries, lists of kinds as lists.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from pyarrow import compute, parquet

from bench import log
from bench.log import CACHE, DAY, DAYS, HOUR, SEED, ZONES, Kind
from bench.meaning import ACTORS, SAID, START, Said
from trucekeeper.terms.moments import SECOND

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Column = NDArray[np.int64]

REVISED, RETRACTED, LATE, IN_TIME = range(4)
SHARES = (0.02, 0.01, 0.01, 0.96)
DOUBTFUL = 0.01
"""The share of facts without a certain time, and the share of those only alleged."""

MINUTE = 60
KNOWN_AFTER = MINUTE
"""A fact is on record a minute after the last moment at which it may have happened."""
DOUBT = 10 * MINUTE
LATEST = 5 * DAY
CORRECTED_BY = 3 * DAY
UNITS, WEAPONS, POSTS = 5000, 2000, 6
WATCH = len(Kind)
"""The kind of the one fact that the log does not have: the watch over it."""
ROW_GROUP = 1_000_000
TIME = pa.timestamp("us", tz="UTC")
WORD = pa.dictionary(pa.int32(), pa.string())
WORDS = pa.list_(pa.string())

_HERE = Path(__file__)
_SAID = [SAID[kind] for kind in Kind] + [Said("coverage", "commission")]
_KINDS = [said.kind for said in _SAID]
_NAMES = [*ACTORS, "guarantor", "commission"]
_FIXED = np.array([-1 if said.by is None else _NAMES.index(said.by) for said in _SAID])
_ZONED = np.array([said.zoned for said in _SAID])
_ACTOR = np.array([said.actor for said in _SAID])
_KEPT = (Kind.APPROVE, Kind.DAYEND, WATCH)


@dataclass(frozen=True, slots=True)
class Revisions:
    """Revisions of facts as columns of whole numbers; `name` is the number of the fact, all times are in seconds."""

    name: Column
    rev: Column
    retracts: Column
    ts: Column
    kind: Column
    a: Column
    b: Column
    doubt: Column
    alleged: Column
    learned: Column

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.name)

    def chosen(self, which: Any) -> Revisions:  # noqa: ANN401  whatever numpy takes
        """Return some of them, in the order asked for."""
        return Revisions(*(getattr(self, name)[which] for name in self.__slots__))

    def chunks(self) -> Iterator[Revisions]:
        """Yield them a row group at a time."""
        for start in range(0, len(self), ROW_GROUP):
            yield self.chosen(slice(start, start + ROW_GROUP))


def as_told(size: int, *, path: Path = log.GENERATOR, seed: int = SEED) -> Path:
    """Return the file of every revision in the order in which it became known; written if it is not there."""
    file = CACHE / f"wide-{size}-{seed}-{log.made_by(path, _HERE)}.parquet"
    if not file.exists():
        told = revisions(size, path=path, seed=seed)
        _write(file, told.chosen(np.argsort(told.learned, kind="stable")))
    return file


def resolved(size: int, *, path: Path = log.GENERATOR, seed: int = SEED) -> Path:
    """Return the file of what stands when all is known, sorted by kind and time; written if it is not there."""
    file = CACHE / f"resolved-{size}-{seed}-{log.made_by(path, _HERE)}.parquet"
    if not file.exists():
        standing = in_force(revisions(size, path=path, seed=seed))
        names = np.argsort(np.argsort(_KINDS))  # kinds in the order of their names
        _write(file, standing.chosen(np.lexsort((standing.name, standing.ts, names[standing.kind]))))
    return file


def in_force(told: Revisions) -> Revisions:
    """Return the highest revision of each fact that was not retracted."""
    last = np.zeros(int(told.name.max()) + 1, np.int64)
    np.maximum.at(last, told.name, told.rev)
    return told.chosen((told.rev == last[told.name]) & (told.retracts == 0))


def revisions(size: int, *, path: Path = log.GENERATOR, seed: int = SEED) -> Revisions:
    """Return every revision of every fact of a log, first revisions first."""
    first = _first(size, path, seed)
    draw = np.random.default_rng([seed, 1])
    steady = np.isin(first.kind, _KEPT)
    fate = np.where(steady, IN_TIME, draw.choice(len(SHARES), len(first), p=SHARES))
    doubt = np.where(steady | (draw.random(len(first)) >= DOUBTFUL), 0, DOUBT)
    alleged = np.where(steady | (draw.random(len(first)) >= DOUBTFUL), 0, 1)
    late = np.where(fate == LATE, draw.integers(HOUR, LATEST, len(first)), 0)
    first = replace(first, doubt=doubt, alleged=alleged, learned=first.ts + doubt + KNOWN_AFTER + late)
    again = first.chosen((fate == REVISED) | (fate == RETRACTED))
    return _both(first, _corrected(again, fate[again.name] == RETRACTED, draw))


def _first(size: int, path: Path, seed: int) -> Revisions:
    ts, kind, a, b = (column.astype(np.int64) for column in log.columns(size, path=path, seed=seed))
    ts, kind, a, b = (np.append(column, more) for column, more in ((ts, 0), (kind, WATCH), (a, 0), (b, 0)))
    nothing = np.zeros_like(ts)
    return Revisions(np.arange(len(ts)), nothing + 1, nothing, ts, kind, a, b, nothing, nothing, nothing)


def _corrected(first: Revisions, retracts: Any, draw: np.random.Generator) -> Revisions:  # noqa: ANN401  a mask
    zoned, trucks = _ZONED[first.kind], first.kind == Kind.TRUCK
    elsewhere = first.b - first.b % ZONES + (first.b + 1) % ZONES
    moved = ~(zoned | trucks) & (first.ts + DOUBT < DAYS * DAY)
    return replace(
        first,
        rev=first.rev + 1,
        retracts=retracts.astype(np.int64),
        ts=first.ts + np.where(moved, DOUBT, 0),
        b=np.where(zoned, elsewhere, first.b + trucks),
        learned=first.learned + draw.integers(HOUR, CORRECTED_BY, len(first)),
    )


def _both(one: Revisions, other: Revisions) -> Revisions:
    return Revisions(*(np.concatenate([getattr(one, name), getattr(other, name)]) for name in one.__slots__))


# ---- as a table ----------------------------------------------------------------------------------------------------


def _write(file: Path, told: Revisions) -> None:
    CACHE.mkdir(parents=True, exist_ok=True)
    half = file.with_suffix(".part")
    writer: Any = None
    for chunk in told.chunks():
        written = table(chunk)
        writer = writer or parquet.ParquetWriter(half, written.schema, compression="zstd")
        writer.write_table(written, row_group_size=ROW_GROUP)
    writer.close()
    half.replace(file)


def table(told: Revisions) -> Any:  # noqa: ANN401  pyarrow has no types
    """Return revisions as a table of the facts format."""
    says = told.retracts == 0
    kind = told.kind
    watches = says & ((kind == Kind.DAYEND) | (kind == WATCH))
    start = np.where(kind == WATCH, 0, told.ts - DAY)
    until = np.where(kind == WATCH, START + DAYS * DAY * SECOND, START + told.ts * SECOND - 1)
    by = np.where(_ACTOR[kind], told.b // ZONES, _FIXED[kind])
    level = 1 - told.alleged
    columns = {
        "id": _ids(told),
        "rev": pa.array(told.rev, pa.int32()),
        "op": _words(told.retracts, ["assert", "retract"]),
        "kind": _words(kind, _KINDS, says),
        "by": _words(by, _NAMES, says & (by >= 0)),
        "zone": _words(told.b % ZONES, [f"z{zone}" for zone in range(ZONES)], says & _ZONED[kind]),
        "at": _moments(START + told.ts * SECOND, says & (told.doubt == 0)),
        "earliest": _moments(START + (told.ts - told.doubt) * SECOND, says & (told.doubt > 0)),
        "latest": _moments(START + (told.ts + told.doubt) * SECOND, says & (told.doubt > 0)),
        "from": _moments(START + start * SECOND, watches),
        "until": _moments(until, watches),
        "learned_at": _moments(START + told.learned * SECOND, np.ones_like(says)),
        "occurred": _words(level, ["alleged", "corroborated"], says),
        "who": _words(level, ["alleged", "corroborated"], says & (by >= 0)),
        "fields.unit": _words(told.a, [f"u{unit}" for unit in range(UNITS)], says & (kind == Kind.POS)),
        "fields.weapon": _words(
            told.a, [f"w{weapon}" for weapon in range(WEAPONS)], says & np.isin(kind, (Kind.OBS, Kind.PERMIT))
        ),
        "fields.of": _about(told, says),
        "fields.count": pa.array(told.b, pa.int64(), mask=~(says & (kind == Kind.TRUCK))),
        "fields.detects": _detects(kind, watches),
        "source": _words(told.name % POSTS, [f"post-{post}" for post in range(POSTS)]),
        "cite": _words(np.zeros_like(kind), ["the log of January 2031"]),
    }
    return pa.table(columns)


def _words(codes: Column, words: list[str], says: Any = None) -> Any:  # noqa: ANN401  pyarrow has no types
    mask = None if says is None else ~says
    kept = codes if says is None else np.where(says, codes, 0)
    return pa.DictionaryArray.from_arrays(pa.array(kept, pa.int32(), mask=mask), pa.array(words, pa.string()))


def _moments(micros: Column, says: Any) -> Any:  # noqa: ANN401  pyarrow has no types
    return pa.array(micros, pa.int64(), mask=~says).cast(TIME)


def _ids(told: Revisions) -> Any:  # noqa: ANN401  pyarrow has no types
    """Return the names: reports by their own number, because an inspection names it, all others by their place."""
    reports = told.kind == Kind.REPORT
    prefix = _words(reports * 1, ["f", "report-"]).cast(pa.string())
    number = pa.array(np.where(reports, told.a, told.name)).cast(pa.string())
    return compute.binary_join_element_wise(prefix, number, "")


def _detects(kind: Column, watches: Any) -> Any:  # noqa: ANN401  pyarrow has no types
    cells: list[list[str] | None] = [None] * len(kind)
    for row in np.nonzero(watches)[0].tolist():
        cells[row] = ["inspection" if kind[row] == WATCH else "delivery"]
    return pa.array(cells, WORDS)


def _about(told: Revisions, says: Any) -> Any:  # noqa: ANN401  pyarrow has no types
    """Return what acts on paper are about: an inspection a report, the approval its event."""
    inspections = says & (told.kind == Kind.INVEST)
    approvals = says & (told.kind == Kind.APPROVE)
    number = pa.array(told.a).cast(pa.string())
    report = compute.binary_join_element_wise("report-", number, "")
    about = compute.if_else(pa.array(approvals), "approval", report)
    return compute.if_else(pa.array(inspections | approvals), about, None).dictionary_encode().cast(WORD)
