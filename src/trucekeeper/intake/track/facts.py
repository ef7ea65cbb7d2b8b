"""Presence as facts: rows of the facts format, for which every name of a device has become that of its unit.

A position is a snapshot, so a unit's track becomes some of its fixes: the first and last of every interval of every
zone asked, and between them the first of each `every` by the clock. Each keeps its place and accuracy, from which the
engine finds by itself whether it is inside a zone, on which side of a line, or undecidable.

    {"id": "track-n1-20310104T120000Z-3f9a1c", "kind": "position", "by": "north", "fields": {"unit": "n1"},
     "lat": "0.1000000", "lon": "-30.2000000", "within_m": 15, "at": "2031-01-04T12:00+00:00", ...}

A doubtful fix keeps its place too, but with a radius that holds the whole earth, so that it shows nothing for
certain, and the note `position doubtful`.

    {"id": "track-n1-watched-20310104T120000Z-20310104T180000Z", "kind": "coverage",
     "fields": {"detects": ["position"], "unit": "n1"}, "from": "2031-01-04T12:00+00:00", "until": ..., ...}

Coverage says that the unit's position was known: from the first to the last of the believed fixes between two gaps or
doubtful runs. Of a gap there is none, and none of a doubtful run. A unit with several devices is watched while all of
them are: nobody can tell whether one stands for the others.

An id says what its row says of time and place, and nothing else: the same fix gives the same id on every import.
"""

from __future__ import annotations

from collections import defaultdict
from hashlib import sha256
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from trucekeeper.geo.plane import FARTHEST_M
from trucekeeper.intake.track.fixes import Fixes, once
from trucekeeper.intake.track.presence import State
from trucekeeper.terms.moments import MINUTE, SECOND, datetime_of, write_moment
from trucekeeper.terms.places import E7

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from trucekeeper.intake.track.fixes import Chunks
    from trucekeeper.intake.track.presence import Presence
    from trucekeeper.intake.track.settings import Settings
    from trucekeeper.terms import Moment
    from trucekeeper.terms.moments import Length

Row: TypeAlias = dict[str, object]
Stretch: TypeAlias = tuple["Moment", "Moment"]

DOUBTFUL = "position doubtful"
_QUARTER = 15 * MINUTE
_DIGEST = 6


def rows_of(
    chunks: Chunks, presence: Presence, units: Sequence[str], *, settings: Settings, learned_at: Moment
) -> tuple[Row, ...]:
    """Return the facts that presence makes, by time and id; `units` names the unit of each device's number."""
    found: dict[str, Row] = {}
    said = _of_all(settings, learned_at)
    for fixes, doubtful in picked(chunks, presence, settings.every):
        rows = zip(*(column.tolist() for column in fixes.columns()), doubtful.tolist(), strict=True)
        for device, moment, lat, lon, accuracy, doubt in rows:
            row = _position(units[device], moment, (lat, lon), FARTHEST_M if doubt else accuracy)
            found[str(row["id"])] = {**row, **_by(settings, units[device], settings.kind), **said}
    for unit, stretches in watched(presence, units).items():
        for start, end in stretches:
            row = _coverage(unit, start, end, settings.detects)
            watcher = {"by": settings.watched_by} if settings.watched_by else {}
            found[str(row["id"])] = {**row, **watcher, **said}
    return tuple(sorted(found.values(), key=lambda row: (str(row.get("at") or row.get("from")), str(row["id"]))))


def picked(chunks: Chunks, presence: Presence, every: Length) -> Iterator[tuple[Fixes, np.ndarray]]:
    """Yield the fixes that become facts, chunk by chunk, and which of them are doubtful."""
    turning, row = presence.turning_rows(), 0
    device, slot = -1, 0
    for chunk in once(chunks()):
        slots = chunk.time_us // every
        before = np.concatenate([[slot], slots[:-1]])
        chosen = (np.concatenate([[device], chunk.device[:-1]]) != chunk.device) | (before != slots)
        low, high = np.searchsorted(turning, [row, row + len(chunk)])
        chosen[turning[low:high] - row] = True
        yield chunk.some(chosen), presence.survey.doubtful(chunk, row)[chosen]
        device, slot, row = int(chunk.device[-1]), int(slots[-1]), row + len(chunk)


def watched(presence: Presence, units: Sequence[str]) -> dict[str, list[Stretch]]:
    """Return over which stretches the position of each unit was known."""
    of_device: dict[int, list[Stretch]] = defaultdict(list)
    there = set[int]()
    for device, state, first, last, _, _ in presence.believed().rows():
        there.add(device)
        if state is State.OUTSIDE and first < last:  # of one fix alone, the position itself says all
            of_device[device].append((first, last))
    of_unit: dict[str, list[Stretch]] = {}
    for device in sorted(there):
        unit, stretches = units[device], of_device[device]
        of_unit[unit] = stretches if unit not in of_unit else list(_both(of_unit[unit], stretches))
    return of_unit


def _both(one: Iterable[Stretch], other: Iterable[Stretch]) -> Iterator[Stretch]:
    """Yield what two lists of stretches, each in order, have in common."""
    left, right = list(one), list(other)
    at = beside = 0
    while at < len(left) and beside < len(right):
        start, end = max(left[at][0], right[beside][0]), min(left[at][1], right[beside][1])
        if start < end:
            yield start, end
        if left[at][1] < right[beside][1]:
            at += 1
        else:
            beside += 1


def _position(unit: str, moment: Moment, place: tuple[int, int], within_m: int) -> Row:
    digest = sha256(f"{place[0]} {place[1]} {within_m}".encode()).hexdigest()[:_DIGEST]
    row: Row = {
        "id": f"track-{unit}-{_stamp(moment)}-{digest}",
        "fields": {"unit": unit},
        "lat": _degrees(place[0]),
        "lon": _degrees(place[1]),
        "within_m": within_m,
        "at": write_moment(moment),
    }
    return {**row, "note": DOUBTFUL} if within_m == FARTHEST_M else row


def _coverage(unit: str, start: Moment, end: Moment, detects: tuple[str, ...]) -> Row:
    if (end + SECOND) % _QUARTER == 0 or (end + MINUTE) % _QUARTER == 0:
        end -= 1  # the facts format refuses an end a second or a minute before midnight, wherever midnight is
    return {
        "id": f"track-{unit}-watched-{_stamp(start)}-{_stamp(end)}",
        "kind": "coverage",
        "fields": {"detects": list(detects), "unit": unit},
        "from": write_moment(start),
        "until": write_moment(end),
    }


def _by(settings: Settings, unit: str, kind: str) -> Row:
    actor = settings.by.get(unit)
    return {"kind": kind, "by": actor} if actor else {"kind": kind}


def _of_all(settings: Settings, learned_at: Moment) -> Row:
    """Return what all rows say alike."""
    said: Row = {
        "learned_at": write_moment(learned_at),
        "occurred": settings.occurred,
        "who": settings.occurred,
        "source": settings.source,
        "grade": settings.grade,
        "owner": settings.owner,
        "releasable_to": list(settings.releasable_to),
        "not_before": "" if settings.not_before is None else write_moment(settings.not_before),
        "precision": settings.precision,
    }
    return {key: value for key, value in said.items() if value}


def _stamp(moment: Moment) -> str:
    """Return a moment as it stands in an id: without what a file's name could not hold, and with all its digits."""
    at = datetime_of(moment)
    part = f".{at.microsecond:06}" if at.microsecond else ""
    return f"{at:%Y%m%dT%H%M%S}{part}Z"


def _degrees(e7: int) -> str:
    whole, rest = divmod(abs(e7), E7)
    return f"{'-' if e7 < 0 else ''}{whole}.{rest:07}"
