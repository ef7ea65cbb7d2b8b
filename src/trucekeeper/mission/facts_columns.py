"""Reads facts from Parquet as columns, millions at a time: the same facts as `facts_files` reads row by row.

A file is read a batch of rows at a time. Of each batch the plain rows that the agreement can mean are held as
columns, and the others that it can mean as facts; of every row a few numbers stay, by which revisions are settled.
Facts whose rows are not of the plain sort are read again at the end, and settled one by one.
"""

from __future__ import annotations

from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

import numpy as np

from trucekeeper.agreement.rows import Known, Where, check_revisions
from trucekeeper.compliance.columns.revisions import Revisions, hashes
from trucekeeper.compliance.columns.sieve import Sieve
from trucekeeper.compliance.columns.table import Log, Table, stacked, table_of
from trucekeeper.compliance.columns.values import CODES, NOTHING, Values
from trucekeeper.compliance.knowledge import known
from trucekeeper.mission.facts_files import Pile, add_parquet_rows, header_is_good, not_whole
from trucekeeper.mission.plain_rows import Batch, Lexicon
from trucekeeper.terms import Fact, Fault, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from trucekeeper.agreement.agreement import Agreement
    from trucekeeper.compliance.standing import Question

    Rows = NDArray[np.intp]

AT_ONCE = 1 << 18
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
    question: Question,
    *,
    more: Iterable[Fact] = (),
    workers: int = 1,
    told: Callable[[int, int], None] | None = None,
) -> ColumnsRead:
    """Return the facts of a Parquet file as known at a moment to an audience, and of `more` beside.

    With several workers each reads some of the row groups in a process of its own. `told` hears how many rows of how
    many are read. Raises Refused for a file that cannot be used at all.
    """
    names, more = Known.of(agreement), tuple(more)
    file = _File(path, names)
    shards = list(_read_shards(file, agreement, workers, told))
    revisions = _revisions(shards)
    settled = revisions.settled(question.known_at, also=_hashes_of(more))
    pile = Pile(
        names, [one for shard in shards for one in shard.facts], [one for shard in shards for one in shard.faults]
    )
    file.add(pile, settled.others[revisions.plain[settled.others]])
    facts, faults = check_revisions(pile.facts)
    others = known([*facts, *more], known_at=question.known_at, audience=question.audience)
    tables = [*_counting(shards, settled.counts), *_tables(others)]
    return ColumnsRead(Log(agreement, tables, question.known_at), file.rows, tuple(sorted({*pile.faults, *faults})))


@dataclass(frozen=True, slots=True, eq=False)
class _Shard:
    """What is held of a row group: the plain facts that matter, a few numbers of every row, and all other rows."""

    rows: int
    tables: list[tuple[Table, Rows]]
    numbers: dict[str, Any]
    facts: list[tuple[Fact, Where]]
    faults: list[Fault]


NUMBERS = {
    "fact": np.uint64,
    "rev": np.int32,
    "asserts": np.bool_,
    "learned_at": np.int64,
    "recorded_at": np.int64,
    "plain": np.bool_,
    "matters": np.bool_,
}


def _revisions(shards: Sequence[_Shard]) -> Revisions:
    """Return every row by its numbers."""
    return Revisions(*(np.concatenate([one.numbers.pop(name) for one in shards]) for name in NUMBERS))


def _counting(shards: Sequence[_Shard], counts: NDArray[np.bool_]) -> Iterator[Table]:
    """Yield what counts of what is held, one table for each kind."""
    by_kind: dict[str, list[Table]] = defaultdict(list)
    for shard in shards:
        for table, rows in shard.tables:
            by_kind[table.kind].append(table.take(np.flatnonzero(counts[rows])))
    for several in by_kind.values():
        yield stacked(several)


# ---- shards --------------------------------------------------------------------------------------------------------

_AGREEMENT: list[Agreement] = []
"""The agreement of a worker, which was there before the worker was."""


def _read_shards(
    file: _File, agreement: Agreement, workers: int, told: Callable[[int, int], None] | None
) -> Iterator[_Shard]:
    """Yield what is held of each run of row groups, in order."""
    runs = list(file.runs(workers))
    if len(runs) <= 1:
        done = 0
        for run in runs:
            for shard in _read(file, agreement, run):
                done += shard.rows
                if told is not None:
                    told(done, file.rows)
                yield shard
        return
    with ProcessPoolExecutor(
        len(runs), get_context("fork"), initializer=_AGREEMENT.append, initargs=(agreement,)
    ) as pool:
        done = 0
        for several in pool.map(_read_run, [file.path] * len(runs), runs):
            done += sum(shard.rows for shard in several)
            if told is not None:
                told(done, file.rows)
            yield from several


def _read_run(path: Path, run: range) -> list[_Shard]:
    """Return what a worker holds of its row groups."""
    agreement = _AGREEMENT[-1]
    return list(_read(_File(path, Known.of(agreement)), agreement, run))


def _read(file: _File, agreement: Agreement, run: range) -> Iterator[_Shard]:
    """Yield what is held of each row group of a run."""
    sieve = Sieve(agreement)
    lexicon = Lexicon()
    for group in run:
        yield _shard(file, sieve, file.first[group], file.batches(group, lexicon))


def _shard(file: _File, sieve: Sieve, first: int, batches: Iterable[Batch]) -> _Shard:
    pile = Pile(file.names)
    tables: list[tuple[Table, Rows]] = []
    numbers: dict[str, list[Any]] = {name: [np.empty(0, kind)] for name, kind in NUMBERS.items()}
    start = first
    for batch in batches:
        unusual = np.flatnonzero(~batch.plain)
        if len(unusual):
            file.add_some(pile, batch.rows(unusual), unusual + start)
        matters = np.zeros(len(batch), bool)
        for table, rows in _plain_tables(batch, batch.plain & batch.asserts, sieve):
            kept = np.flatnonzero(sieve.keeps(table))
            if len(kept):
                matters[rows[kept]] = True
                tables.append((replace(table.take(kept), ids=_names(batch, rows[kept])), rows[kept] + start))
        columns = (
            batch.hashes(),
            batch.rev,
            batch.asserts,
            batch.learned_at,
            batch.recorded_at[0],
            batch.plain,
            matters,
        )
        for name, column in zip(NUMBERS, columns, strict=True):
            numbers[name].append(column)
        start += len(batch)
    whole = {name: np.concatenate(columns) for name, columns in numbers.items()}
    return _Shard(start - first, tables, whole, pile.facts, pile.faults)


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

        self.names, self.path = names, path
        pile = Pile(names)
        try:
            schema = parquet.read_schema(path)
            texts = [one.name for one in schema if pa.types.is_string(one.type) and one.name != "id"]
            self._parquet = parquet.ParquetFile(path, read_dictionary=texts)
            header_is_good(pile, schema.names, Where(str(path)), fields_apart=True)
        except (pa.ArrowException, OSError) as error:
            pile.faults.append(not_whole(str(path), error))
        if pile.faults:
            raise Refused(pile.faults)
        metadata = self._parquet.metadata
        many = [metadata.row_group(group).num_rows for group in range(metadata.num_row_groups)]
        self.rows = sum(many)
        self.first = np.cumsum([0, *many]).tolist()[:-1]

    def runs(self, workers: int) -> Iterator[range]:
        """Yield the row groups for so many workers, as even as can be."""
        groups = len(self.first)
        ends = [groups * number // workers for number in range(workers + 1)]
        yield from (range(start, end) for start, end in pairwise(ends) if start < end)

    def batches(self, group: int, lexicon: Lexicon) -> Iterator[Batch]:
        """Yield the rows of a row group, some at a time."""
        for arrow in self._parquet.iter_batches(GROUP, row_groups=[group]):
            for start in range(0, arrow.num_rows, AT_ONCE):
                yield Batch(arrow.slice(start, AT_ONCE), self.names, lexicon)

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
        add_parquet_rows(pile, _as_texts(some), (Where(str(self.path), row + 1) for row in rows.tolist()))


def _as_texts(table: Any) -> Any:  # noqa: ANN401  pyarrow has no types
    """Return a table without dictionaries."""
    import pyarrow as pa  # noqa: PLC0415

    columns = [
        column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column
        for column in table.columns
    ]
    return pa.table(columns, names=table.column_names)


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
