"""The narrow log as the engine's own columns, from four columns of integers and without a fact in between."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from pyarrow import parquet

from bench.log import ZONES, Kind
from bench.meaning import ACTORS, SAID, START, watch
from trucekeeper.compliance.columns.table import Log, Places, Table, table_of
from trucekeeper.compliance.columns.values import Numerals, Values
from trucekeeper.terms import Amount, Fact, Proof
from trucekeeper.terms.moments import SECOND

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bench.meaning import Said
    from trucekeeper.agreement.agreement import Agreement

ZONE_NAMES = tuple(f"z{number}" for number in range(ZONES))
FEW = (Kind.APPROVE, Kind.DAYEND)
"""Kinds of which there are so few that they are told fact by fact."""


def log_of(file: Path, agreement: Agreement, told: Callable[[int, tuple[int, int, int, int]], Fact]) -> Log:
    """Return the log in a Parquet file, in order of time, as columns; `told` tells one event as a fact."""
    columns = parquet.read_table(file, columns=["ts", "kind", "a", "b"])
    ts, kind, a, b = (columns.column(name).to_numpy() for name in ("ts", "kind", "a", "b"))
    tables: dict[str, Table] = {}
    for code in Kind:
        rows = np.flatnonzero(kind == code)
        said = SAID[code]
        if code in FEW:
            facts = [told(row, (int(ts[row]), int(code), int(a[row]), int(b[row]))) for row in rows.tolist()]
            tables[said.kind] = table_of(said.kind, facts)
        elif len(rows):
            tables[said.kind] = _table(code, said, rows, (ts, a, b))
    tables["coverage"] = table_of("coverage", [watch()])
    return Log(agreement, tables, START + int(ts[-1]) * SECOND)


def _table(code: Kind, said: Said, rows: Any, columns: tuple[Any, Any, Any]) -> Table:  # noqa: ANN401  arrays
    ts, a, b = columns
    when = ts[rows] * SECOND + START
    count = len(rows)
    sure = np.broadcast_to(np.array(Proof.CORROBORATED, np.int8), count)
    fields: dict[str, Callable[[], Values]] = {}
    if said.amount:
        fields["count"] = lambda: Values(b[rows], [Amount(number, number) for number in range(int(b[rows].max()) + 1)])
    elif said.field is not None:
        fields[said.field] = lambda: Values(a[rows], Numerals(said.prefix, int(a[rows].max()) + 1))
    names = Values(a[rows], Numerals("report-", int(a[rows].max()) + 1)) if code is Kind.REPORT else None
    return Table(
        said.kind,
        names or Values(rows, Numerals("f", len(ts))),
        when,
        when,
        sure,
        sure,
        np.broadcast_to(np.array(0, bool), count),
        Values(b[rows] // ZONES, ACTORS) if said.actor else _same(said.by, count),
        Values(b[rows] % ZONES if said.actor else b[rows], ZONE_NAMES) if said.zoned else Values.nothing(count),
        _WhenAsked(fields),
        Places.nowhere(count),
        _unasked,
    )


def _same(name: str | None, count: int) -> Values:
    if name is None:
        return Values.nothing(count)
    return Values(np.broadcast_to(np.array(0, np.int32), count), (name,))


def _unasked(row: int) -> Fact:
    raise RuntimeError(f"bug: row {row} of the narrow log is asked for whole")


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
