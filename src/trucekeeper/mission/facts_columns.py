"""Reads facts from Parquet as columns, millions at a time: the same facts as `facts_files` reads row by row.

A file is read a batch of rows at a time. Of each batch the plain rows that the agreement can mean are held as
columns, and the others that it can mean as facts; of every row a few numbers stay, by which revisions are settled.
Facts whose rows are not of the plain sort are read again at the end, and settled one by one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

import numpy as np

from trucekeeper.agreement.rows import Known, Where, check_revisions
from trucekeeper.compliance.columns.revisions import Revisions, settled
from trucekeeper.compliance.columns.sieve import Sieve
from trucekeeper.compliance.columns.table import Log, Table, stacked, table_of
from trucekeeper.compliance.columns.texts import Texts
from trucekeeper.compliance.columns.values import CODES, Values
from trucekeeper.compliance.knowledge import known
from trucekeeper.mission.facts_files import Pile, add_parquet_rows, header_is_good, not_whole
from trucekeeper.mission.plain_rows import EVERY, Batch
from trucekeeper.mission.row_groups import Group, Lexicon, Told, texts_of
from trucekeeper.terms import Fact, Fault, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from trucekeeper.agreement.agreement import Agreement
    from trucekeeper.compliance.standing import Question
    from trucekeeper.mission.plain_rows import Some

    Rows = NDArray[np.intp]

GROUP = 1 << 20
"""So many rows are decoded together at most: their words are looked at once."""


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
    revisions = [part for shard in shards for part in shard.revisions]
    found = settled(revisions, question.known_at, also=Texts.of(fact.id for fact in more).hashes())
    plain = np.concatenate([np.empty(0, bool), *(part.plain for part in revisions)])
    pile = Pile(
        names, [one for shard in shards for one in shard.facts], [one for shard in shards for one in shard.faults]
    )
    file.add(pile, found.others[plain[found.others]])
    facts, faults = check_revisions(pile.facts)
    others = known([*facts, *more], known_at=question.known_at, audience=question.audience)
    tables = [*_counting(shards, found.counts), *_tables(others)]
    return ColumnsRead(Log(agreement, tables, question.known_at), file.rows, tuple(sorted({*pile.faults, *faults})))


@dataclass(frozen=True, slots=True, eq=False)
class _Shard:
    """What is held of a row group: the plain facts that matter, a few numbers of every row, and all other rows."""

    rows: int
    tables: list[tuple[Table, Rows]]
    revisions: list[Revisions]
    facts: list[tuple[Fact, Where]]
    faults: list[Fault]


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
    lexicon = Lexicon(file.names)
    for number in run:
        yield _shard(file, sieve, file.first[number], file.groups(number, lexicon))


def _shard(file: _File, sieve: Sieve, first: int, groups: Iterable[Group]) -> _Shard:
    pile = Pile(file.names)
    tables: list[tuple[Table, Rows]] = []
    revisions: list[Revisions] = []
    start = first
    for batch in map(Batch, groups):
        unusual = np.flatnonzero(~batch.plain)
        if len(unusual):
            file.add_some(pile, batch.rows(unusual), unusual + start)
        for kind, rows in _by_kind(batch, sieve):
            kept = rows[sieve.keeps(_looked_at(batch, kind, rows))]
            if len(kept):
                tables.append((_table(batch, kind, kept), kept + start))
        revisions.append(_revisions(batch))
        start += len(batch)
    return _Shard(start - first, tables, revisions, pile.facts, pile.faults)


def _revisions(batch: Batch) -> Revisions:
    """Return the few numbers of every row by which revisions are settled."""
    recorded_at, _ = batch.recorded_at
    return Revisions(batch.names.hashes(), batch.rev, batch.asserts, batch.learned_at, recorded_at, batch.plain)


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

    def groups(self, number: int, lexicon: Lexicon) -> Iterator[Group]:
        """Yield the rows of a row group, as many at a time as are decoded together."""
        metadata, schema = self._parquet.metadata.row_group(number), self._parquet.schema_arrow
        told = Told.of(metadata, schema)
        columns = told.columns(schema.names)
        if metadata.num_rows > GROUP:
            decoded = self._parquet.iter_batches(GROUP, row_groups=[number], columns=columns, use_threads=False)
        else:
            decoded = self._parquet.read_row_group(number, columns=columns, use_threads=False).to_batches()
        yield from (Group(told.completed(arrow), lexicon) for arrow in decoded)

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


def _by_kind(batch: Batch, sieve: Sieve) -> Iterator[tuple[str, Rows]]:
    """Yield the plain rows that assert something of each kind that can matter at all."""
    codes, kinds = batch.kind.codes, batch.kind.distinct
    plain = batch.plain & batch.asserts
    for code in batch.group.occurring.tolist():
        if sieve.wants(kind := str(kinds[code])):
            rows = np.flatnonzero(plain & (codes == code))
            if len(rows):
                yield kind, rows


def _looked_at(batch: Batch, kind: str, rows: Rows) -> Table:
    """Return some rows of a kind as far as the sieve looks at them: not their names, authors and proof."""
    some = _all_or(rows, batch)
    earliest, latest, _ = batch.when
    nobody, alleged = Values.nothing(len(rows)), np.broadcast_to(np.array(0, np.int8), len(rows))
    return Table(
        kind,
        nobody,
        earliest[some],
        latest[some],
        alleged,
        alleged,
        alleged.view(bool),
        nobody,
        batch.zone(some),
        _Fields(batch, kind, some),
        batch.places[0].take(some),
    )


def _table(batch: Batch, kind: str, rows: Rows) -> Table:
    """Return some rows of a kind as columns, each under its name."""
    some = _all_or(rows, batch)
    return replace(
        _looked_at(batch, kind, rows),
        ids=_names(batch, rows),
        occurred=batch.proof("occurred", some),
        who=batch.proof("who", some),
        by=batch.by(some),
        fields=dict(_Fields(batch, kind, some)),
    )


def _all_or(rows: Rows, batch: Batch) -> Some:
    """Return these rows, as a slice if they are all: then nothing has to be copied."""
    return EVERY if len(rows) == len(batch) else rows


@dataclass(frozen=True, slots=True, eq=False)
class _Fields(Mapping[str, Values]):
    """What some rows of a kind say in its fields, each taken out of the batch when it is asked for."""

    batch: Batch
    kind: str
    rows: Some

    def __getitem__(self, name: str) -> Values:
        if name not in iter(self):
            raise KeyError(name)
        return self.batch.said(name, self.rows)

    def __iter__(self) -> Iterator[str]:
        known_fields = self.batch.group.lexicon.known.vocabulary.fields(self.kind)
        return (name for name in self.batch.fields_apart if name in known_fields)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _names(batch: Batch, rows: Rows) -> Values:
    """Return the names of some rows, each its own."""
    import pyarrow as pa  # noqa: PLC0415

    return Values(np.arange(len(rows), dtype=CODES), texts_of(batch.group.ids.take(pa.array(rows))))
