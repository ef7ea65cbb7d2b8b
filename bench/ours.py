"""Our own engine as the benchmark calls it: each function is measured in a process of its own.

Each takes the path of a file that is there already, reads it, judges, writes its verdict rows to the path `to`, and
returns what JSON can say. `counts` are numbers that must come out the same in every run, and for the narrow log the
same as the peers'.
"""

from __future__ import annotations

import gc
import time
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

import numpy as np
import pyarrow as pa

from bench import columns, history, meaning
from trucekeeper.agreement.rows import Known
from trucekeeper.compliance.batch import batch
from trucekeeper.compliance.columns.block import VERDICTS, Block
from trucekeeper.compliance.columns.prohibit import Episodes
from trucekeeper.compliance.standing import Question
from trucekeeper.compliance.watch import Watch
from trucekeeper.mission.facts_columns import read_columns
from trucekeeper.mission.facts_files import read_facts
from trucekeeper.mission.verdicts import write_verdicts
from trucekeeper.terms import Tri, Verdict
from trucekeeper.terms.moments import DAY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trucekeeper.compliance.grounds import Stand

pa.table({"a": [0]})  # pyarrow looks for pandas when it first makes a table; that is not what is measured


FIVE = ("P1", "P2", "P3", "P4", "P5")


class Judged(TypedDict):
    """What a batch answers: the counts, how many rows of verdicts it wrote, and from how many fact revisions."""

    counts: list[int]
    rows: int
    facts: int


class Lived(TypedDict):
    """What a live run answers: revisions taken in, by the second, how long one took, and the state built anew."""

    facts: int
    facts_per_s: float
    p50_us: float
    p99_us: float
    changes: int
    rebuilt_s: float


def narrow(file: str, size: int, clauses: int, to: str) -> Judged:
    """Judge the narrow log of a nominal size by so many clauses; the counts are P1 to P5 of the first five."""
    agreement = meaning.agreement(size, clauses=clauses)
    read = columns.log_of(Path(file), agreement, meaning.told)
    question = Question(read.log.known_at, read.log.known_at)
    rows = list(batch(agreement, read.log, question))
    written = write_verdicts(rows, Path(to))
    return Judged(counts=[_contrary(rows, name) for name in FIVE], rows=written.rows, facts=read.events)


def wide(file: str, size: int, to: str) -> Judged:
    """Judge the same log in the documented facts format, every revision in it; the counts as for `narrow`."""
    return _documented(file, size, to)


def resolved(file: str, size: int, to: str) -> Judged:
    """Judge what stands of it, resolved and sorted by kind and time beforehand."""
    return _documented(file, size, to)


def _documented(file: str, size: int, to: str) -> Judged:
    agreement = meaning.agreement(size)
    question = Question(meaning.END, meaning.END + 30 * DAY)
    read = read_columns(Path(file), agreement, question)
    if read.faults:
        raise ValueError(f"{read.faults[0]}")
    gc.freeze()  # as `mission.batch` does
    rows = list(batch(agreement, read.log, question))
    written = write_verdicts(rows, Path(to))
    return Judged(counts=[_contrary(rows, name) for name in FIVE], rows=written.rows, facts=read.rows)


def mixed(file: str, to: str) -> Judged:
    """Judge the history under the agreement of all eight kinds; the counts are stands by verdict, in their order."""
    agreement = history.agreement()
    question = Question(history.END, history.END + 30 * DAY)
    read = read_columns(Path(file), agreement, question)
    if read.faults:
        raise ValueError(f"{read.faults[0]}")
    gc.freeze()  # as `mission.batch` does
    written = write_verdicts(batch(agreement, read.log, question), Path(to))
    return Judged(counts=list(written.verdicts.values()), rows=written.rows, facts=read.rows)


def live(file: str) -> Lived:
    """Tell that history revision by revision, with changes and their explanations, then build the state anew."""
    agreement = history.agreement()
    facts = sorted(read_facts([Path(file)], Known.of(agreement)).facts, key=lambda fact: fact.known_at)
    gc.freeze()  # the list of what will come is the benchmark's own
    watch = Watch(agreement, clock=facts[0].known_at)
    took = np.empty(len(facts))
    changes = 0
    began = time.perf_counter()
    for number, fact in enumerate(facts):
        start = time.perf_counter()
        told = (*watch.advance(max(watch.clock, fact.known_at)), *watch.observe([fact]))
        took[number] = time.perf_counter() - start
        changes += len(told)
    whole = time.perf_counter() - began
    again = time.perf_counter()
    rebuilt = Watch(agreement, clock=watch.clock)
    rebuilt.observe(facts)
    return Lived(
        facts=len(facts),
        facts_per_s=len(facts) / whole,
        p50_us=float(np.percentile(took, 50)) * 1e6,
        p99_us=float(np.percentile(took, 99)) * 1e6,
        changes=changes,
        rebuilt_s=time.perf_counter() - again,
    )


def _contrary(rows: Sequence[Stand | Block], clause: str) -> int:
    """Return how many acts, answers or periods of a clause are contrary to it."""
    number = VERDICTS.index(Verdict.CONTRARY)
    total = 0
    for row in rows:
        if isinstance(row, Block):
            total += int(np.count_nonzero(row.verdict == number)) if row.shared.clause == clause else 0
        elif row.clause == clause:
            acts = row.episodes
            sure = int(np.count_nonzero(acts.acts.tri == Tri.YES)) if isinstance(acts, Episodes) else len(acts)
            total += sure if len(acts) else int(row.verdict is Verdict.CONTRARY)
    return total
