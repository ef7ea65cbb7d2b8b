"""Verdict rows as a table: one row for each commitment under each reading, and one for each act against it.

    sort         commitment, or episode: an act that is, or may be, contrary to the commitment named beside it
    clause, by, binding, occurrence, version, reading
                 whose it is: together they name one commitment of one text under one reading, as its key does
    fact         of an episode, the fact that began it
    verdict, lifecycle, proof
                 where it stands and at which proof; of an episode `contrary` or `cannot tell`
    lower, upper whether it is contrary for certain, and whether it may be: the two bounds
    due_earliest, due_latest, met, met_earliest, met_latest
                 its deadline, and whether and when it was met; of an episode, `met_*` say when it happened
    figure, rests_on, waits_for
                 as printed; several waited for are parted by a space
    ground       the first reason; `truce why` gives all

Moments are timestamps of microseconds in UTC, null where there is none; from before all time and until ever are null.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from trucekeeper.compliance.columns.block import LIFECYCLES, VERDICTS, Block
from trucekeeper.compliance.columns.prohibit import Episodes
from trucekeeper.compliance.columns.texts import Texts
from trucekeeper.compliance.columns.values import NOTHING, Numerals, Values
from trucekeeper.terms import DAWN, NEVER, Interval, Tri, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from trucekeeper.compliance.grounds import Episode, Stand

WORDS = ("sort", "clause", "by", "binding", "occurrence", "version", "reading", "fact", "verdict", "lifecycle")
MORE_WORDS = ("proof", "met", "figure", "rests_on", "waits_for", "ground")
NAMES = ("occurrence", "fact")
"""Words of which hardly any stands twice."""
TIMES = ("due_earliest", "due_latest", "met_earliest", "met_latest")
FLAGS = ("lower", "upper")
AT_ONCE = 10_000
"""So many stands that come one by one make a piece of the table."""


HOW = {
    "compression": "zstd",
    "compression_level": 1,
    "write_statistics": False,
    "use_dictionary": [name for name in (*WORDS, *MORE_WORDS) if name not in NAMES],
    "column_encoding": dict.fromkeys(TIMES, "DELTA_BINARY_PACKED"),
}
"""How the file is written: names differ from row to row, and times lie near each other."""


@dataclass(frozen=True, slots=True)
class Written:
    """How many rows were written, and of them how many commitments by verdict."""

    rows: int
    verdicts: dict[Verdict, int]


def write_verdicts(rows: Iterable[Stand | Block], path: Path) -> Written:
    """Write verdict rows to a Parquet file, a piece at a time. Needs pyarrow, the extra `parquet`."""
    from pyarrow import parquet  # noqa: PLC0415  an extra, and slow to load

    verdicts = dict.fromkeys(Verdict, 0)
    count = 0
    schema = _schema()
    with parquet.ParquetWriter(path, schema, **HOW) as writer:
        for piece in _pieces(rows, verdicts):
            table = _table(piece, schema)
            writer.write_table(table)
            count += len(table)
    return Written(count, verdicts)


Piece = dict[str, Any]
"""The columns of some rows: arrays, `Values`, lists, or one text for all."""


def _pieces(rows: Iterable[Stand | Block], verdicts: dict[Verdict, int]) -> Iterator[Piece]:
    single: list[Piece] = []
    for row in rows:
        if isinstance(row, Block):
            for number, count in enumerate(np.bincount(row.verdict, minlength=len(VERDICTS)).tolist()):
                verdicts[VERDICTS[number]] += count
            yield _block(row)
            continue
        verdicts[row.verdict] += 1
        single.append(_stand(row))
        if isinstance(row.episodes, Episodes):
            if len(row.episodes):
                yield _episodes(row, row.episodes)
        else:
            single += [_episode(row, one) for one in row.episodes]
        if len(single) >= AT_ONCE:
            yield _together(single)
            single = []
    if single:
        yield _together(single)


def _together(single: Sequence[Piece]) -> Piece:
    return {name: [one[name] for one in single] for name in (*WORDS, *MORE_WORDS, *TIMES, *FLAGS)}


def _named(row: Stand) -> Piece:
    return {
        "clause": row.clause,
        "by": row.by,
        "binding": _pairs(row.binding),
        "occurrence": row.occurrence,
        "version": row.version,
        "reading": _pairs(row.reading),
        "proof": row.proof.word,
        "waits_for": " ".join(row.waits_for),
    }


def _pairs(pairs: tuple[tuple[str, str], ...]) -> str:
    return "; ".join(f"{name}={value}" for name, value in pairs)


def _stand(row: Stand) -> Piece:
    return {
        **_named(row),
        "sort": "commitment",
        "fact": "",
        "verdict": row.verdict.value,
        "lifecycle": row.lifecycle.value,
        "met": row.met.name.lower(),
        "figure": row.figure,
        "rests_on": row.rests_on,
        "ground": row.ground.says,
        "lower": row.verdict is Verdict.CONTRARY,
        "upper": row.verdict in (Verdict.CONTRARY, Verdict.CANNOT_TELL),
        **_interval("due", row.due),
        **_interval("met", row.met_at),
    }


def _interval(name: str, when: Interval | None) -> Piece:
    if when is None:
        return {f"{name}_earliest": None, f"{name}_latest": None}
    return {f"{name}_earliest": _known(when.earliest), f"{name}_latest": _known(when.latest)}


def _known(moment: int) -> int | None:
    return int(moment) if DAWN < moment < NEVER else None


def _episode(row: Stand, one: Episode) -> Piece:
    sure = one.answer is Tri.YES
    return {
        **_of_episodes(row),
        "fact": one.fact,
        "verdict": _answered(sure=sure),
        "ground": one.says,
        "lower": sure,
        "upper": True,
        **_interval("due", None),
        **_interval("met", one.when),
    }


def _answered(*, sure: bool) -> str:
    return str((Verdict.CONTRARY if sure else Verdict.CANNOT_TELL).value)


def _of_episodes(row: Stand) -> Piece:
    said = {"sort": "episode", "lifecycle": row.lifecycle.value, "met": "", "figure": "", "rests_on": ""}
    return {**_named(row), **said}


def _episodes(row: Stand, several: Episodes) -> Piece:
    acts = several.acts
    sure = acts.tri == Tri.YES
    return {
        **_of_episodes(row),
        "fact": acts.aspect("id"),
        "verdict": Values(sure.astype(np.int32), (_answered(sure=False), _answered(sure=True))),
        "ground": Values(sure.astype(np.int32), ("a possible act", "an act on record")),
        "lower": sure,
        "upper": np.ones(len(acts), bool),
        **_interval("due", None),
        "met_earliest": _Moments(acts.earliest),
        "met_latest": _Moments(acts.latest),
    }


def _block(block: Block) -> Piece:
    shared, verdicts = block.shared, [one.value for one in VERDICTS]
    contrary = block.verdict == VERDICTS.index(Verdict.CONTRARY)
    return {
        **_named(shared),
        "sort": "commitment",
        "occurrence": block.occurrence,
        "fact": "",
        "verdict": Values(block.verdict, verdicts),
        "lifecycle": Values(block.lifecycle, [one.value for one in LIFECYCLES]),
        "met": Values(block.met, [one.name.lower() for one in Tri]),
        "figure": shared.figure,
        "rests_on": shared.rests_on,
        "ground": block.says,
        "lower": contrary,
        "upper": contrary | (block.verdict == VERDICTS.index(Verdict.CANNOT_TELL)),
        "due_earliest": _Moments(block.due.earliest, block.due.known),
        "due_latest": _Moments(block.due.latest, block.due.known),
        "met_earliest": _Moments(block.met_at.earliest, block.met_at.known),
        "met_latest": _Moments(block.met_at.latest, block.met_at.known),
    }


@dataclass(frozen=True, slots=True, eq=False)
class _Moments:
    """A column of moments, of which some may not be known."""

    moments: Any
    known: Any = True


# ---- as Arrow ------------------------------------------------------------------------------------------------------


def _schema() -> Any:  # noqa: ANN401  pyarrow has no types
    import pyarrow as pa  # noqa: PLC0415

    word, time = pa.dictionary(pa.int32(), pa.string()), pa.timestamp("us", "UTC")
    fields = [(name, pa.string() if name in NAMES else word) for name in (*WORDS, *MORE_WORDS)]
    return pa.schema([*fields, *((name, time) for name in TIMES), *((name, pa.bool_()) for name in FLAGS)])


def _table(piece: Piece, schema: Any) -> Any:  # noqa: ANN401
    import pyarrow as pa  # noqa: PLC0415

    count = len(piece["lower"])
    return pa.table([_column(piece[one.name], one.type, count) for one in schema], schema=schema)


def _column(content: Any, kind: Any, count: int) -> Any:  # noqa: ANN401
    import pyarrow as pa  # noqa: PLC0415

    if isinstance(content, _Moments):
        unknown = ~((content.moments > DAWN) & (content.moments < NEVER) & content.known)
        return pa.array(content.moments, pa.int64(), mask=unknown).cast(kind)
    if isinstance(content, Values):
        return _words(content, kind)
    if content is None or isinstance(content, str):
        if pa.types.is_dictionary(kind):
            return pa.DictionaryArray.from_arrays(pa.array(np.zeros(count, np.int32)), pa.array([content or ""]))
        return pa.array([content], kind).take(pa.array(np.zeros(count, np.int32)))
    return pa.array(content, kind)


def _words(content: Values, kind: Any) -> Any:  # noqa: ANN401
    import pyarrow as pa  # noqa: PLC0415
    from pyarrow import compute  # noqa: PLC0415

    if pa.types.is_dictionary(kind):
        return pa.DictionaryArray.from_arrays(pa.array(content.codes, pa.int32()), pa.array(content.distinct))
    if isinstance(content.distinct, Texts):
        return _arrow(content.distinct).take(pa.array(content.codes)).cast(kind)
    if isinstance(content.distinct, Numerals):
        numbers = pa.array(content.codes, mask=content.codes == NOTHING).cast(kind)
        return compute.binary_join_element_wise(content.distinct.prefix, numbers, "").fill_null("")
    return pa.array(content.texts(), kind)


def _arrow(texts: Texts) -> Any:  # noqa: ANN401
    """Return texts as Arrow has them, none of them copied."""
    import pyarrow as pa  # noqa: PLC0415

    ends = pa.py_buffer(np.ascontiguousarray(texts.offsets, np.int64))
    return pa.LargeStringArray.from_buffers(len(texts), ends, pa.py_buffer(np.ascontiguousarray(texts.data)))
