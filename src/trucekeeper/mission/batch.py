"""Batch: a folder's agreement judged by a Parquet file of facts, however many; verdict rows come out as Parquet."""

from __future__ import annotations

import gc
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucekeeper.compliance.batch import batch as judge
from trucekeeper.mission.facts_files import without_pyarrow
from trucekeeper.terms import Fault, Refused

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from trucekeeper.compliance.standing import Question
    from trucekeeper.mission.folder import Folder
    from trucekeeper.mission.verdicts import Written


@dataclass(frozen=True, slots=True)
class Batched:
    """What a batch read and wrote, and the faults of rows that could not be used."""

    rows: int
    written: Written
    faults: tuple[Fault, ...]


def batch(
    folder: Folder,
    facts: Path,
    question: Question,
    to: Path,
    *,
    workers: int = 1,
    told: Callable[[int, int], None] | None = None,
) -> Batched:
    """Judge the folder's agreement by its own facts and those of a Parquet file, and write the rows to another.

    With several workers each reads a part of the facts in a process of its own. `told` hears how many rows of how
    many are read. Raises Refused where pyarrow is missing, the file of facts cannot be used at all, or the other
    cannot be written.
    """
    try:
        from trucekeeper.mission.facts_columns import read_columns  # noqa: PLC0415  pyarrow is an extra
        from trucekeeper.mission.verdicts import write_verdicts  # noqa: PLC0415
    except ImportError:
        raise Refused([without_pyarrow(str(facts))]) from None
    agreement = folder.agreement
    if to.exists() and to.samefile(facts):
        raise Refused([Fault(str(to), 0, 0, "the verdicts would overwrite the facts", "name another file")])
    read = read_columns(facts, agreement, question, more=folder.facts, workers=workers, told=told)
    gc.freeze()  # what was read stays to the end: searching it for rubbish doubled the time of what follows
    try:
        written = write_verdicts(judge(agreement, read.log, question), to)
    except OSError as error:
        what = f"cannot be written: {error.strerror or error}"
        raise Refused([Fault(str(to), 0, 0, what, "is it in a folder, and may you write there?")]) from None
    return Batched(read.rows, written, read.faults)
