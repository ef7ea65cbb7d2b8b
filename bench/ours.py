"""Our own engine as the benchmark calls it: each function is measured in a process of its own.

Each takes the path of a file that is there already, reads it, judges, writes its verdict rows to the path `to`, and
returns what JSON can say. `counts` are numbers that must come out the same in every run, and for the narrow log the
same as the peers'.
"""

from __future__ import annotations

from typing import TypedDict


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
    raise NotImplementedError(f"{file}, {size}, {clauses}, {to}")


def wide(file: str, size: int, to: str) -> Judged:
    """Judge the same log in the documented facts format, every revision in it; the counts as for `narrow`."""
    raise NotImplementedError(f"{file}, {size}, {to}")


def resolved(file: str, size: int, to: str) -> Judged:
    """Judge what stands of it, resolved and sorted by kind and time beforehand."""
    raise NotImplementedError(f"{file}, {size}, {to}")


def mixed(file: str, to: str) -> Judged:
    """Judge the history under the agreement of all eight kinds; the counts are stands by verdict, in their order."""
    raise NotImplementedError(f"{file}, {to}")


def live(file: str) -> Lived:
    """Tell that history revision by revision, with changes and their explanations, then build the state anew."""
    raise NotImplementedError(file)
