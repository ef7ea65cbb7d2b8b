"""The five properties of the narrow log in plain Python: what they are, and the slowest way to count them.

P1  attacks without a waiver of the same actor and zone in the closed hour before
P2  positions in zones 0 to 7 from 24 hours after the approval on
P3  reports without an investigation in the closed 48 hours after, where that window ended before the last event
P4  days (UTC) on which fewer trucks came than are owed
P5  observations in zones 8 to 15 without a permit of the same weapon in the closed 24 hours before
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from pyarrow import parquet

from bench.log import APPROVED, DAY, DAYS, HOUR, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

Counts = tuple[int, int, int, int, int]
Event = tuple[int, int, int, int]
Peer = Callable[[str, int], Counts]

VACATED = 8
"""Zones 0 to 7 are to be empty."""
SECURED = range(8, 16)
"""Zones 8 to 15 are to be free of weapons without a permit."""
EMPTY_FROM = APPROVED + 24 * HOUR
ANSWER = 48 * HOUR


def with_python(file: str, owed: int) -> Counts:
    """Count in one pass over the events, remembering the last waiver, permit and what is still unanswered."""
    return of_events(_events(file), owed)


def of_events(events: Iterator[Event], owed: int) -> Counts:  # noqa: C901  one branch for each kind of event
    """Count over events in the order of the log, where at one instant what enables stands before what it enables."""
    attacks = positions = sightings = ts = 0
    waived: dict[int, int] = {}
    permitted: dict[int, int] = {}
    unanswered: dict[int, int] = {}
    trucks = [0] * DAYS
    for ts, kind, a, b in events:
        if kind == Kind.POS:
            positions += b < VACATED and ts >= EMPTY_FROM
        elif kind == Kind.OBS:
            sightings += b in SECURED and permitted.get(a, -DAY - 1) < ts - DAY
        elif kind == Kind.ATTACK:
            attacks += waived.get(b, -HOUR - 1) < ts - HOUR
        elif kind == Kind.REPORT:
            unanswered[a] = ts
        elif kind == Kind.INVEST:
            if unanswered.get(a, -ANSWER - 1) >= ts - ANSWER:
                del unanswered[a]
        elif kind == Kind.PERMIT:
            permitted[a] = ts
        elif kind == Kind.WAIVER:
            waived[b] = ts
        elif kind == Kind.TRUCK:
            trucks[ts // DAY] += b
    missed = sum(asked + ANSWER < ts for asked in unanswered.values())
    return attacks, positions, missed, sum(came < owed for came in trucks), sightings


def _events(file: str) -> Iterator[Event]:
    for batch in parquet.ParquetFile(file).iter_batches(batch_size=100_000):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)
