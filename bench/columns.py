"""The narrow log as the engine's own columns, from four columns of integers and without a fact in between.

Polars reads the file, and drops while it reads what the sieve would drop.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from bench.log import ZONES, Kind
from bench.meaning import ACTORS, SAID, START, watch
from trucekeeper.compliance.columns.sieve import Sieve
from trucekeeper.compliance.columns.table import Log, Places, Table, table_of
from trucekeeper.compliance.columns.values import Numerals, Values
from trucekeeper.terms import Amount, Fact, Proof
from trucekeeper.terms.moments import SECOND

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from bench.meaning import Said
    from bench.plain import Event
    from trucekeeper.agreement.agreement import Agreement

ZONE_NAMES = tuple(f"z{number}" for number in range(ZONES))
EVENTS = Numerals("f", 1 << 31)
REPORTS = Numerals("report-", 1 << 31)
AMOUNTS = tuple(Amount(number, number) for number in range(100))
FEW = (Kind.APPROVE, Kind.DAYEND)
"""Kinds of which there are so few that they are told fact by fact."""


def log_of(file: Path, agreement: Agreement, told: Callable[[int, Event], Fact]) -> Read:
    """Return what an agreement can mean of the log in a Parquet file, in order of time; `told` tells one event."""
    log = pl.scan_parquet(file, row_index_name="number")
    count, last = log.select(pl.len(), pl.col("ts").last()).collect().row(0)
    kept = log.filter(let_in(agreement)).collect()
    by_kind = ((code, Events.of(kept.filter(pl.col("kind") == code))) for code in Kind)
    tables = [_table(code, events, told) for code, events in by_kind if len(events)]
    return Read(Log(agreement, [*tables, table_of("coverage", [watch()])], START + last * SECOND), count)


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """What was kept of a log, and how many events were read."""

    log: Log
    events: int


@dataclass(frozen=True, slots=True, eq=False)
class Events:
    """Some events of one kind: the number of each in the log, and its other three columns."""

    number: Any
    ts: Any
    a: Any
    b: Any

    @staticmethod
    def of(log: pl.DataFrame) -> Events:
        """Return the rows of a log as events."""
        return Events(*(log[name].to_numpy() for name in Events.__slots__))

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.ts)


def let_in(agreement: Agreement) -> pl.Expr:
    """Return which events the sieve keeps; it is asked once about each kind, and each zone where a kind has them."""
    sieve = Sieve(agreement)
    whole = [code for code in Kind if sieve.wants(SAID[code].kind) and not SAID[code].zoned]
    parts = [
        (pl.col("kind") == code) & pl.col("b").is_between(start, end)
        for code in Kind
        if SAID[code].zoned
        for start, end in _runs(_zones(sieve, SAID[code]))
    ]
    return pl.any_horizontal(pl.col("kind").is_in(whole), *parts)


def _zones(sieve: Sieve, said: Said) -> NDArray[np.intp]:
    """Return the values of the column b in which the sieve keeps events of a kind."""
    codes = np.arange(ZONES * len(ACTORS) if said.actor else ZONES)
    nothing = np.zeros_like(codes)
    return np.flatnonzero(sieve.keeps(_columns(said, Events(codes, nothing, nothing, codes), fields={})))


def _runs(numbers: NDArray[np.intp]) -> Iterator[tuple[int, int]]:
    """Yield the first and last of each run of consecutive numbers."""
    for run in np.split(numbers, np.flatnonzero(np.diff(numbers) > 1) + 1):
        if len(run):
            yield int(run[0]), int(run[-1])


def _table(code: Kind, events: Events, told: Callable[[int, Event], Fact]) -> Table:
    said = SAID[code]
    if code in FEW:
        rows = zip(*(column.tolist() for column in (events.number, events.ts, events.a, events.b)), strict=True)
        return table_of(said.kind, [told(number, (ts, code, a, b)) for number, ts, a, b in rows])
    fields: dict[str, Values] = {}
    if said.amount:
        fields["count"] = Values(events.b, AMOUNTS)
    elif said.field is not None:
        fields[said.field] = Values(events.a, Numerals(said.prefix, 1 << 31))
    return _columns(said, events, fields=fields, names=Values(events.a, REPORTS) if code is Kind.REPORT else None)


def _columns(said: Said, events: Events, *, fields: dict[str, Values], names: Values | None = None) -> Table:
    when = events.ts * SECOND + START
    count = len(when)
    sure = np.broadcast_to(np.array(Proof.CORROBORATED, np.int8), count)
    zones = Values(events.b % ZONES if said.actor else events.b, ZONE_NAMES)
    return Table(
        said.kind,
        names or Values(events.number, EVENTS),
        when,
        when,
        sure,
        sure,
        np.broadcast_to(np.array(0, bool), count),
        Values(events.b // ZONES, ACTORS) if said.actor else _same(said.by, count),
        zones if said.zoned else Values.nothing(count),
        fields,
        Places.nowhere(count),
    )


def _same(name: str | None, count: int) -> Values:
    if name is None:
        return Values.nothing(count)
    return Values(np.broadcast_to(np.array(0, np.int32), count), (name,))
