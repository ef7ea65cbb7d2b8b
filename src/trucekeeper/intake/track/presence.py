"""Presence: over which intervals each device was inside, outside or undecidably near each zone.

The fixes of a device follow each other; a gap, or another device, ends a **span**. Within a span, an **interval** of
a zone is the longest run of fixes of which all are certainly inside, certainly outside, or undecidable: because the
accuracy of the fix or of the zone's drawing leaves it open, or because the fix is doubtful. It goes from its first
fix to its last; of the time between two intervals, and between two spans, nothing is said.

A line is asked as a zone is: inside is on its left side, outside on its right, undecidable on it.

What is kept is short: the spans, the runs of doubtful fixes, and the runs of believed fixes inside or near a zone.
All intervals of a zone follow from these (`Presence.intervals`), so that memory hangs on what changes, and not on how
many fixes, or how many zones, there are. However the fixes are cut into chunks, the result is the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from trucekeeper.geo import Atlas, Line, Places, Times
from trucekeeper.intake.track.doubt import surveyed
from trucekeeper.intake.track.fixes import Fixes, once
from trucekeeper.terms import Tri

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from trucekeeper.intake.track.doubt import Survey
    from trucekeeper.intake.track.fixes import Chunks
    from trucekeeper.terms.moments import Length

Wholes: TypeAlias = "NDArray[np.int64]"
Flags: TypeAlias = "NDArray[np.bool_]"

NO_TIME = np.iinfo(np.int64).min
"""Stands for the time of the fix before the first of a span, and after its last."""


class State(IntEnum):
    """Where a device was to a zone; the values are those of `Tri`."""

    OUTSIDE = Tri.NO
    UNDECIDABLE = Tri.MAYBE
    INSIDE = Tri.YES


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """Runs of fixes that follow each other: from one row to another, from one moment to another.

    `before_us` and `after_us` are the times of the fixes next to the run in its span, `NO_TIME` where there is none.
    `feature` is the row of a zone or line among those asked, `state` what all fixes of the run have in common.
    """

    feature: Wholes
    state: Wholes
    device: Wholes
    first_row: Wholes
    last_row: Wholes
    first_us: Wholes
    last_us: Wholes
    before_us: Wholes
    after_us: Wholes

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.device)

    def columns(self) -> tuple[Wholes, ...]:
        """Return the columns, in their order."""
        return (
            *(self.feature, self.state, self.device, self.first_row, self.last_row),
            *(self.first_us, self.last_us, self.before_us, self.after_us),
        )

    def some(self, rows: Wholes | Flags | slice) -> Runs:
        """Return some of them."""
        return Runs(*(column[rows] for column in self.columns()))

    @staticmethod
    def joined(parts: Sequence[Runs]) -> Runs:
        """Return several, by feature and row, with those made one that follow each other in one state."""
        columns = zip(*(one.columns() for one in parts), strict=True)
        runs = Runs(*(np.concatenate(column) for column in columns)) if parts else NO_RUNS
        runs = runs.some(np.lexsort((runs.first_row, runs.feature)))
        goes_on = (
            (runs.feature[1:] == runs.feature[:-1])
            & (runs.state[1:] == runs.state[:-1])
            & (runs.first_row[1:] == runs.last_row[:-1] + 1)
            & (runs.before_us[1:] != NO_TIME)
        )
        first = np.flatnonzero(np.concatenate([np.ones(min(len(runs), 1), dtype=np.bool_), ~goes_on]))
        last = np.concatenate([first[1:], [len(runs)]])[: len(first)] - 1
        ends = {name: getattr(runs, name)[last] for name in ("last_row", "last_us", "after_us")}
        begins = ("feature", "state", "device", "first_row", "first_us", "before_us")
        return Runs(**{name: getattr(runs, name)[first] for name in begins}, **ends)


_NOTHING: Wholes = np.empty(0, dtype=np.int64)
NO_RUNS = Runs(*(_NOTHING,) * 9)


@dataclass(frozen=True, slots=True, eq=False)
class Intervals:
    """The intervals of one zone, in order of device and time: whose, in which state, from when to when.

    `fixes` is how many fixes an interval rests on, `doubtful` how many of these are doubtful.
    """

    device: Wholes
    state: Wholes
    first_us: Wholes
    last_us: Wholes
    first_row: Wholes
    last_row: Wholes
    fixes: Wholes
    doubtful: Wholes

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.device)

    def rows(self) -> list[tuple[int, State, int, int, int, int]]:
        """Return device, state, first and last moment, fixes and doubtful fixes of each."""
        columns = (self.device, self.state, self.first_us, self.last_us, self.fixes, self.doubtful)
        rows = zip(*(column.tolist() for column in columns), strict=True)
        return [(device, State(state), *rest) for device, state, *rest in rows]


@dataclass(frozen=True, slots=True, eq=False)
class Presence:
    """Where devices were over time, to the zones and lines of `names`.

    `spans` are the stretches without a gap, `doubts` the runs of doubtful fixes, `held` the runs of believed ones
    that are inside a zone or undecidably near it.
    """

    names: tuple[str, ...]
    survey: Survey
    spans: Runs
    doubts: Runs
    held: Runs

    @property
    def fixes(self) -> int:
        """Return how many fixes there are, repeated ones left out."""
        return self.survey.count

    @property
    def doubtful(self) -> int:
        """Return how many fixes are doubtful."""
        return int((self.doubts.last_row - self.doubts.first_row + 1).sum())

    def intervals(self, name: str) -> Intervals:
        """Return the intervals of a zone or line. Raises ValueError for one that was not asked."""
        low, high = np.searchsorted(self.held.feature, [self.names.index(name), self.names.index(name) + 1])
        return self._filled(self.held.some(slice(int(low), int(high))))

    def believed(self) -> Intervals:
        """Return the intervals over which each device's fixes are believed (outside) or doubtful (undecidable)."""
        return self._filled(NO_RUNS)

    def _filled(self, held: Runs) -> Intervals:
        """Return the runs, the doubtful ones, and what is left of each span as outside."""
        events = Runs.joined([_without_feature(held), _without_feature(self.doubts)])
        span = np.searchsorted(self.spans.first_row, events.first_row, "right") - 1
        leads = np.concatenate([np.ones(min(len(span), 1), dtype=np.bool_), span[1:] != span[:-1]])
        ends = np.concatenate([leads[1:], np.ones(min(len(span), 1), dtype=np.bool_)])
        spans = self.spans
        begin_row = np.where(leads, spans.first_row[span], np.roll(events.last_row, 1) + 1)
        begin_us = np.where(leads, spans.first_us[span], np.roll(events.after_us, 1))
        untouched = np.ones(len(spans), dtype=np.bool_)
        untouched[span] = False
        parts = (
            (events.state, span, events.first_row, events.last_row, events.first_us, events.last_us),
            _outside(span, begin_row, events.first_row - 1, (begin_us, events.before_us)),
            _outside(
                span[ends],
                events.last_row[ends] + 1,
                spans.last_row[span[ends]],
                (events.after_us[ends], spans.last_us[span[ends]]),
            ),
            _outside(
                np.flatnonzero(untouched),
                spans.first_row[untouched],
                spans.last_row[untouched],
                (spans.first_us[untouched], spans.last_us[untouched]),
            ),
        )
        state, of, first_row, last_row, first_us, last_us = (
            np.concatenate(column) for column in zip(*parts, strict=True)
        )
        order = np.argsort(first_row)
        first_row, last_row = first_row[order], last_row[order]
        return Intervals(
            device=spans.device[of[order]],
            state=state[order],
            first_us=first_us[order],
            last_us=last_us[order],
            first_row=first_row,
            last_row=last_row,
            fixes=last_row - first_row + 1,
            doubtful=self._doubtful_before(last_row + 1) - self._doubtful_before(first_row),
        )

    def _doubtful_before(self, row: Wholes) -> Wholes:
        """Return how many doubtful fixes stand before each row."""
        doubts = self.doubts
        lengths = np.concatenate([[0], np.cumsum(doubts.last_row - doubts.first_row + 1)])
        whole = np.searchsorted(doubts.last_row, row)  # runs that end before the row
        if not len(doubts):
            return np.zeros(len(row), dtype=np.int64)
        begun = doubts.first_row[np.minimum(whole, len(doubts) - 1)]
        return lengths[whole] + np.where(whole < len(doubts), np.maximum(row - begun, 0), 0)

    def turning_rows(self) -> Wholes:
        """Return the rows of all fixes with which an interval of any zone, or a doubtful run, begins or ends."""
        spans = self.spans
        rows = [spans.first_row, spans.last_row]
        for runs in (self.doubts, self.held):
            has_before, has_after = runs.before_us != NO_TIME, runs.after_us != NO_TIME
            rows += [runs.first_row, runs.last_row, runs.first_row[has_before] - 1, runs.last_row[has_after] + 1]
        return np.unique(np.concatenate(rows))


def _without_feature(runs: Runs) -> Runs:
    return Runs(np.zeros(len(runs), dtype=np.int64), *runs.columns()[1:])


def _outside(span: Wholes, first_row: Wholes, last_row: Wholes, times: tuple[Wholes, Wholes]) -> tuple[Wholes, ...]:
    """Return what there is of stretches outside: those that have a row."""
    there = first_row <= last_row
    first_us, last_us = times
    state = np.full(int(there.sum()), State.OUTSIDE, dtype=np.int64)
    return state, span[there], first_row[there], last_row[there], first_us[there], last_us[there]


# ---- from the fixes ------------------------------------------------------------------------------------------------


class Ground:
    """Zones and lines by their names, ready to be asked about many fixes."""

    def __init__(self, atlas: Atlas, names: Sequence[str]) -> None:
        self.names = tuple(dict.fromkeys(names))
        wanted = set(self.names)
        if missing := wanted - set(atlas.ids()):
            raise KeyError(f"the atlas has no {', '.join(sorted(missing))}")
        self._lines = {one.id: one.left for one in atlas.lines() if one.id in wanted}
        zones = tuple(one for one in atlas.features if one.id in wanted and not isinstance(one, Line))
        self._zones, self._atlas = Atlas(zones), atlas
        self._row = np.array([self.names.index(name) for name in self._zones.ids()], dtype=np.int64)

    def holding(self, fixes: Fixes) -> tuple[Wholes, Wholes, Wholes]:
        """Return rows of fixes, rows of names, and the states of those that are not outside; by fix."""
        places = Places(fixes.lat_e7, fixes.lon_e7, fixes.accuracy_m)
        at = Times(fixes.time_us, fixes.time_us)
        held = self._zones.zones_holding(places, at)
        parts = [(held.place, self._row[held.zone], held.answer.astype(np.int64))]
        for name, left in self._lines.items():
            answers = self._atlas.side_many(name, left, places, at)
            here = np.flatnonzero(answers != Tri.NO)
            parts.append((here, np.full(len(here), self.names.index(name)), answers[here].astype(np.int64)))
        place, feature, state = (np.concatenate(column) for column in zip(*parts, strict=True))
        return place, feature, state


def presence(chunks: Chunks, ground: Ground, *, max_kmh: Wholes, gap: Length | None = None) -> Presence:
    """Return where devices were over time.

    `chunks` gives the fixes in order of device, time and place; it is asked several times. `max_kmh` has the greatest
    speed of each device, by its number; `gap` is the silence that ends a span, None for what the device's steps say.
    """
    survey = surveyed(chunks, gap=gap, max_kmh=max_kmh)
    found = list(_each(once(chunks()), ground, survey))
    spans, doubts, held = (Runs.joined(part) for part in zip(*found, strict=True)) if found else (NO_RUNS,) * 3
    return Presence(ground.names, survey, spans, doubts, held)


def _each(chunks: Iterable[Fixes], ground: Ground, survey: Survey) -> Iterator[tuple[Runs, Runs, Runs]]:
    """Yield spans, doubts and what is held of each chunk; a run that goes on in the next is in both."""
    row = 0
    last: Fixes | None = None
    waiting: Fixes | None = None
    for chunk in chunks:
        if waiting is not None:
            yield _Chunk(waiting, row, last, chunk, survey).runs(ground)
            row += len(waiting)
            last = waiting.some(slice(len(waiting) - 1, None))
        waiting = chunk
    if waiting is not None:
        yield _Chunk(waiting, row, last, None, survey).runs(ground)


class _Chunk:
    """A chunk of fixes and what stands beside it: the last fix before it, and the first after it."""

    def __init__(self, fixes: Fixes, row: int, last: Fixes | None, following: Fixes | None, survey: Survey) -> None:  # noqa: PLR0917  all five make a chunk
        self.fixes, self.row, self.count = fixes, row, len(fixes)
        parts = [last] if last is not None else []
        parts += [fixes, *([following.some(slice(0, 1))] if following is not None else [])]
        whole = Fixes.joined(parts)
        step = (whole.device[1:] != whole.device[:-1]) | (np.diff(whole.time_us) > survey.gap[whole.device[1:]])
        edge = np.ones(1, dtype=np.bool_)
        breaks = np.concatenate([edge] * (last is None) + [step] + [edge] * (following is None))
        self.starts, self.stops = breaks[:-1], breaks[1:]
        ahead = int(last is not None)
        times = np.concatenate([whole.time_us[:1], whole.time_us, whole.time_us[-1:]])
        self.before_us = np.where(self.starts, NO_TIME, times[ahead : ahead + self.count])
        self.after_us = np.where(self.stops, NO_TIME, times[ahead + 2 : ahead + 2 + self.count])
        self.doubtful = survey.doubtful(fixes, row)

    def runs(self, ground: Ground) -> tuple[Runs, Runs, Runs]:
        """Return the spans of this chunk, its doubtful runs, and what is held of the others."""
        everywhere, zero = np.arange(self.count), np.zeros(self.count, dtype=np.int64)
        doubted, believed = np.flatnonzero(self.doubtful), np.flatnonzero(~self.doubtful)
        place, feature, state = ground.holding(self.fixes if not len(doubted) else self.fixes.some(believed))
        place = place if not len(doubted) else believed[place]
        order = np.lexsort((place, feature)) if len(ground.names) > 1 else np.argsort(place)
        return (
            self._runs(everywhere, zero, zero),
            self._runs(doubted, zero[doubted], np.full(len(doubted), State.UNDECIDABLE, dtype=np.int64)),
            self._runs(place[order], feature[order], state[order]),
        )

    def _runs(self, place: Wholes, feature: Wholes, state: Wholes) -> Runs:
        """Return the runs of some fixes, given by feature and place."""
        new = (place[1:] != place[:-1] + 1) | (feature[1:] != feature[:-1]) | (state[1:] != state[:-1])
        new |= self.starts[place[1:]]
        begins = np.flatnonzero(np.concatenate([np.ones(min(len(place), 1), dtype=np.bool_), new]))
        ends = np.concatenate([begins[1:], [len(place)]])[: len(begins)] - 1
        first, last = place[begins], place[ends]
        return Runs(
            feature[begins],
            state[begins],
            self.fixes.device[first].astype(np.int64),
            first + self.row,
            last + self.row,
            self.fixes.time_us[first],
            self.fixes.time_us[last],
            self.before_us[first],
            self.after_us[last],
        )
