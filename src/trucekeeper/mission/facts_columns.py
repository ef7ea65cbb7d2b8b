"""Reads facts from Parquet as columns, millions at a time: the same facts as `facts_files` reads row by row.

A file is read a batch of rows at a time. Of each batch the plain rows that the agreement can mean are held as
columns, and the others that it can mean as facts; of every row a few numbers stay, by which revisions are settled.
Facts whose rows are not of the plain sort are read again at the end, and settled one by one.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from trucekeeper.agreement.rows import Where, check_revisions
from trucekeeper.compliance.columns.revisions import Revisions, hashes
from trucekeeper.compliance.columns.sieve import Sieve
from trucekeeper.compliance.columns.table import Log, Table, stacked, table_of
from trucekeeper.compliance.columns.values import CODES, NOTHING, Values
from trucekeeper.compliance.knowledge import known
from trucekeeper.mission.facts_files import Pile, add_parquet_rows, header_is_good
from trucekeeper.mission.plain_rows import Batch, Lexicon
from trucekeeper.terms import Fact, Fault, Op, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from trucekeeper.agreement.agreement import Agreement
    from trucekeeper.agreement.rows import Known
    from trucekeeper.compliance.standing import Question

    Rows = NDArray[np.intp]

AT_ONCE = 1 << 17
"""So many rows are looked at together: what they need fits a processor's cache."""
GROUP = 1 << 20
"""So many rows are decoded together: their words are looked at once."""


@dataclass(frozen=True, slots=True, eq=False)
class ColumnsRead:
    """What was read of a file: the facts that count as columns, how many rows there were, and every fault."""

    log: Log
    rows: int
    faults: tuple[Fault, ...]


def read_columns(
    path: Path,
    agreement: Agreement,
    names: Known,
    question: Question,
    *,
    more: Iterable[Fact] = (),
    told: Callable[[int, int], None] | None = None,
) -> ColumnsRead:
    """Return the facts of a Parquet file as known at a moment to an audience, and of `more` beside.

    `told` hears how many rows of how many are read. Raises Refused for a file that cannot be used at all.
    """
    file = _File(path, names)
    reading = _Reading(agreement, names)
    pile = Pile(names)
    for batch in file.batches():
        unusual = np.flatnonzero(~batch.plain)
        if len(unusual):
            file.add_some(pile, batch.rows(unusual), unusual + reading.rows)
        reading.add(batch)
        if told is not None:
            told(reading.rows, file.rows)
    revisions = reading.revisions()
    more = tuple(more)
    settled = revisions.settled(question.known_at, also=_hashes_of(more))
    file.add(pile, settled.others[revisions.plain[settled.others]])
    facts, faults = check_revisions(pile.facts)
    others = known([*facts, *more], known_at=question.known_at, audience=question.audience)
    tables = [*reading.tables(settled.counts), *_tables(others)]
    return ColumnsRead(
        Log(agreement, tables, question.known_at), reading.rows, tuple(sorted({*pile.faults, *faults}))
    )


def _hashes_of(facts: Iterable[Fact]) -> NDArray[np.uint64]:
    texts = [fact.id.encode() for fact in facts]
    starts = np.cumsum([0, *map(len, texts)], dtype=np.int32)
    return hashes(np.frombuffer(b"".join(texts), np.uint8), starts)


def _tables(facts: Iterable[Fact]) -> Iterator[Table]:
    by_kind = sorted(facts, key=lambda fact: fact.kind)
    for kind, several in groupby(by_kind, key=lambda fact: fact.kind):
        yield table_of(kind, several)


class _File:
    """A Parquet file of facts, whose header is good."""

    def __init__(self, path: Path, names: Known) -> None:
        import pyarrow as pa  # noqa: PLC0415  an extra, and slow to load
        from pyarrow import parquet  # noqa: PLC0415

        self._names, self._path = names, path
        pile = Pile(names)
        try:
            schema = parquet.read_schema(path)
            texts = [one.name for one in schema if pa.types.is_string(one.type) and one.name != "id"]
            self._parquet = parquet.ParquetFile(path, read_dictionary=texts)
            header_is_good(pile, schema.names, Where(str(path)), fields_apart=True)
        except (pa.ArrowException, OSError) as error:
            what = f"not a whole Parquet file: {str(error).partition(chr(10))[0]}"
            pile.refuse(Where(str(path)), what, "was it cut off on its way, or is it of another kind? Fetch it again")
        if pile.faults:
            raise Refused(pile.faults)
        self.rows = int(self._parquet.metadata.num_rows)

    def batches(self) -> Iterator[Batch]:
        """Yield the rows, some at a time."""
        lexicon = Lexicon()
        for group in range(self._parquet.num_row_groups):
            for arrow in self._parquet.iter_batches(GROUP, row_groups=[group]):
                for start in range(0, arrow.num_rows, AT_ONCE):
                    yield Batch(arrow.slice(start, AT_ONCE), self._names, lexicon)

    def add(self, pile: Pile, rows: Rows) -> None:
        """Read these rows one by one, each with where it stands."""
        import pyarrow as pa  # noqa: PLC0415

        first = 0
        for group in range(self._parquet.num_row_groups if len(rows) else 0):
            many = self._parquet.metadata.row_group(group).num_rows
            here = rows[np.searchsorted(rows, first) : np.searchsorted(rows, first + many)]
            if len(here):
                some = self._parquet.read_row_group(group).take(pa.array(here - first))
                self.add_some(pile, some, here)
            first += many

    def add_some(self, pile: Pile, some: Any, rows: Rows) -> None:  # noqa: ANN401  pyarrow has no types
        """Read a table of these rows one by one."""
        add_parquet_rows(pile, _as_texts(some), (Where(str(self._path), row + 1) for row in rows.tolist()))


def _as_texts(table: Any) -> Any:  # noqa: ANN401  pyarrow has no types
    """Return a table without dictionaries."""
    import pyarrow as pa  # noqa: PLC0415

    columns = [
        column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column
        for column in table.columns
    ]
    return pa.table(columns, names=table.column_names)


@dataclass
class _Reading:
    """What is held of the batches read so far."""

    agreement: Agreement
    names: Known
    rows: int = 0
    _numbers: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))
    _kept: dict[str, list[tuple[Table, Rows]]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        self._sieve = Sieve(self.agreement)

    def add(self, batch: Batch) -> None:
        """Hold of a batch what matters."""
        plain = batch.plain
        asserts = batch.op == [op.value for op in Op].index(Op.ASSERT.value)
        matters = np.zeros(len(batch), bool)
        for table, rows in _plain_tables(batch, plain & asserts, self._sieve):
            kept = np.flatnonzero(self._sieve.keeps(table))
            if len(kept):
                matters[rows[kept]] = True
                held = replace(table.take(kept), ids=_names(batch, rows[kept]))
                self._kept[table.kind].append((held, rows[kept] + self.rows))
        for name, column in (
            ("fact", batch.hashes()),
            ("rev", batch.rev),
            ("asserts", asserts),
            ("learned_at", batch.moments("learned_at")[0]),
            ("recorded_at", batch.recorded_at[0]),
            ("plain", plain),
            ("matters", matters),
        ):
            self._numbers[name].append(column)
        self.rows += len(batch)

    def revisions(self) -> Revisions:
        """Return every row by its numbers."""
        empty = {"fact": np.uint64, "rev": np.int32, "learned_at": np.int64, "recorded_at": np.int64}
        names = ("fact", "rev", "asserts", "learned_at", "recorded_at", "plain", "matters")
        columns = [self._numbers.pop(name, [np.empty(0, empty.get(name, np.bool_))]) for name in names]
        return Revisions(*map(np.concatenate, columns))

    def tables(self, counts: NDArray[np.bool_]) -> Iterator[Table]:
        """Yield what counts of what is held, one table for each kind."""
        for several in self._kept.values():
            yield stacked([table.take(np.flatnonzero(counts[rows])) for table, rows in several])


def _plain_tables(batch: Batch, plain: NDArray[np.bool_], sieve: Sieve) -> Iterator[tuple[Table, Rows]]:
    """Yield the plain rows of each kind that can matter at all as columns, yet unnamed, and which rows they are."""
    kinds = batch.kind
    wanted = np.where(plain, kinds.codes, NOTHING).astype(np.int16)
    order = np.argsort(wanted, kind="stable")
    starts = np.searchsorted(wanted[order], np.arange(len(kinds.distinct) + 1))
    for code, (start, end) in enumerate(pairwise(starts.tolist())):
        kind = str(kinds.distinct[code])
        if end > start and sieve.wants(kind):
            rows = order[start:end]
            yield _table(batch, kind, rows), rows


def _table(batch: Batch, kind: str, rows: Rows) -> Table:
    earliest, latest, _ = batch.when
    known_fields = batch.known.vocabulary.fields(kind)
    return Table(
        kind,
        Values.nothing(len(rows)),
        earliest[rows],
        latest[rows],
        batch.occurred[rows],
        batch.who[rows],
        np.broadcast_to(np.array(0, bool), len(rows)),
        batch.by.take(rows),
        batch.zone.take(rows),
        {name: values.take(rows) for name, (values, _) in batch.fields.items() if name in known_fields},
        batch.places[0].take(rows),
    )


def _names(batch: Batch, rows: Rows) -> Values:
    """Return the names of some rows, each its own."""
    import pyarrow as pa  # noqa: PLC0415

    return Values(np.arange(len(rows), dtype=CODES), tuple(batch.ids.take(pa.array(rows)).to_pylist()))
