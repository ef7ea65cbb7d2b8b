"""The narrow log as the engine's own columns, from four columns of integers and without a fact in between."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from pyarrow import parquet

from bench.log import COLUMNS, ZONES, Kind
from bench.meaning import ACTORS, SAID, START, watch
from trucekeeper.compliance.columns.sieve import Sieve
from trucekeeper.compliance.columns.table import Log, Places, Table, stacked, table_of
from trucekeeper.compliance.columns.values import Numerals, Values
from trucekeeper.terms import Amount, Fact, Proof
from trucekeeper.terms.moments import SECOND

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bench.meaning import Said
    from bench.plain import Event
    from trucekeeper.agreement.agreement import Agreement

ZONE_NAMES = tuple(f"z{number}" for number in range(ZONES))
EVENTS = Numerals("f", 1 << 31)
REPORTS = Numerals("report-", 1 << 31)
SHARD = 1 << 20
"""So many events are looked at together: what they need fits a processor's cache."""
AMOUNTS = tuple(Amount(number, number) for number in range(100))
FEW = (Kind.APPROVE, Kind.DAYEND)
"""Kinds of which there are so few that they are told fact by fact."""


def log_of(file: Path, agreement: Agreement, told: Callable[[int, Event], Fact]) -> Read:
    """Return what an agreement can mean of the log in a Parquet file, in order of time; `told` tells one event."""
    sieve = Sieve(agreement)
    kept: dict[str, list[Table]] = {}
    first = last = 0
    whole = parquet.ParquetFile(file)
    for batch in whole.iter_batches(SHARD, columns=list(COLUMNS)):
        shard = Shard(first, *(batch.column(name).to_numpy() for name in COLUMNS))
        for table in shard.tables(told):
            rows = np.flatnonzero(sieve.keeps(table))
            if len(rows):
                kept.setdefault(table.kind, []).append(table.take(rows))
        first, last = first + len(shard.ts), int(shard.ts[-1])
    tables = [stacked(several) for several in kept.values()]
    return Read(Log(agreement, [*tables, table_of("coverage", [watch()])], START + last * SECOND), first)


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """What was kept of a log, and how many events were read."""

    log: Log
    events: int


@dataclass(frozen=True, slots=True, eq=False)
class Shard:
    """A stretch of the log: the number of its first event, and its four columns."""

    first: int
    ts: Any
    kind: Any
    a: Any
    b: Any

    def tables(self, told: Callable[[int, Event], Fact]) -> Iterator[Table]:
        """Yield the events of each kind as columns."""
        order = np.argsort(self.kind, kind="stable")
        ends = np.cumsum(np.bincount(self.kind, minlength=len(Kind)))
        for code, rows in zip(Kind, np.split(order, ends[:-1]), strict=True):
            if code in FEW:
                events = [(row, (int(self.ts[row]), int(code), int(self.a[row]), int(self.b[row]))) for row in rows]
                yield table_of(SAID[code].kind, [told(self.first + int(row), event) for row, event in events])
            elif len(rows):
                yield _table(code, SAID[code], rows, self)


def _table(code: Kind, said: Said, rows: Any, shard: Shard) -> Table:  # noqa: ANN401  an array
    ts, a, b = shard.ts, shard.a, shard.b
    when = ts[rows] * SECOND + START
    count = len(rows)
    sure = np.broadcast_to(np.array(Proof.CORROBORATED, np.int8), count)
    fields: dict[str, Callable[[], Values]] = {}
    if said.amount:
        fields["count"] = lambda: Values(b[rows], AMOUNTS)
    elif said.field is not None:
        fields[said.field] = lambda: Values(a[rows], Numerals(said.prefix, 1 << 31))
    names = Values(a[rows], REPORTS) if code is Kind.REPORT else None
    return Table(
        said.kind,
        names or Values(rows + shard.first, EVENTS),
        when,
        when,
        sure,
        sure,
        np.broadcast_to(np.array(0, bool), count),
        Values(b[rows] // ZONES, ACTORS) if said.actor else _same(said.by, count),
        Values(b[rows] % ZONES if said.actor else b[rows], ZONE_NAMES) if said.zoned else Values.nothing(count),
        _WhenAsked(fields),
        Places.nowhere(count),
    )


def _same(name: str | None, count: int) -> Values:
    if name is None:
        return Values.nothing(count)
    return Values(np.broadcast_to(np.array(0, np.int32), count), (name,))


class _WhenAsked(Mapping[str, Values]):
    """Columns that are made when somebody looks at them."""

    def __init__(self, columns: Mapping[str, Callable[[], Values]]) -> None:
        self._columns = columns

    def __getitem__(self, name: str) -> Values:
        return self._columns[name]()

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)
