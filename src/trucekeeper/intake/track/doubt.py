"""Silences, and positions that cannot be believed: what is found in a first look at all fixes.

A **gap** is a step longer than the tracker's usual one allows: of its time nothing is claimed.

A step is **impossible** if the two places lie further apart, both accuracies and a second of the clocks granted, than
the greatest speed covers. That one of the two is wrong is all it shows. What lies between two impossible steps or
gaps is a stretch, and is believed or doubted as a whole:

    1. A stretch of fewer than three fixes at an impossible step is a slip: it alone is doubtful.
    2. Where a later stretch begins where an earlier one can have come to, the two bear each other out, and what lies
       between them is doubtful: the track left, and came back.
    3. Where it does not come back before the next gap, nobody can tell which side is true: everything from the last
       gap to the next is doubtful.

A device with more than `MOST_JUMPS` impossible steps is doubtful throughout. The same place at the same time from
three devices or more is doubtful for all of them (`crowded`): so do receivers that somebody misleads together.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from trucekeeper.geo.plane import LEAST_MERIDIAN_M
from trucekeeper.intake.track.fixes import Fixes, once
from trucekeeper.intake.track.settings import LEAST_GAP, STEPS_TO_A_GAP
from trucekeeper.terms.moments import DAY, SECOND
from trucekeeper.terms.places import E7

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from trucekeeper.intake.track.fixes import Chunks
    from trucekeeper.terms.moments import Length

Flags: TypeAlias = "NDArray[np.bool_]"
Wholes: TypeAlias = "NDArray[np.int64]"
Keys: TypeAlias = "NDArray[np.uint64]"

FEW = 3
"""Two bad fixes in a row happen to any receiver; three are a track of their own."""

AHEAD = 64
"""So many stretches later a track may come back; a longer tangle shows nothing."""

MOST_JUMPS = 10_000
"""A device that jumps more often than this is believed nowhere."""

CROWD = 3
"""Two devices may lie on one dashboard; three are never fixed to the same centimetre."""

CLOCK = SECOND
"""Times are told to the second, so that a step may have lasted a second longer than told."""

_PER_SHARE = 1 << 27  # fixes whose keys are compared at a time: what is counted of them takes 256 MB
_SLOTS_PER_FIX = 4  # so that hardly any three different keys fall together
_LEAST_BITS, _MOST_BITS = 16, 28
_METRES_AT_MOST = 0.01117  # 1e-7 degree along a meridian at a pole, the longest there is
_RADIANS = np.pi / 180 / E7
_DAY_S = DAY // SECOND


@dataclass(frozen=True, slots=True, eq=False)
class Survey:
    """What a first look found: the fixes that count, each device's greatest step, doubtful rows, and crowded places.

    Rows are counted over all chunks, repeated ones left out; a doubtful stretch goes from `begin` up to `end`.
    """

    count: int
    gap: Wholes
    begin: Wholes
    end: Wholes
    crowds: Keys

    def doubtful(self, fixes: Fixes, first_row: int) -> Flags:
        """Return which fixes are doubtful, of a chunk whose first has this row."""
        flags = np.zeros(len(fixes), dtype=np.bool_)
        low, high = np.searchsorted(self.end, first_row, "right"), np.searchsorted(self.begin, first_row + len(fixes))
        for begin, end in zip(self.begin[low:high].tolist(), self.end[low:high].tolist(), strict=True):
            flags[max(begin - first_row, 0) : end - first_row] = True
        if len(self.crowds):
            keys = place_keys(fixes)
            at = np.minimum(np.searchsorted(self.crowds, keys), len(self.crowds) - 1)
            flags |= self.crowds[at] == keys
        return flags


def surveyed(chunks: Chunks, *, gap: Length | None, max_kmh: Wholes) -> Survey:
    """Return what a first look at all fixes finds; `max_kmh` is the greatest speed of each device."""
    look = _Look(gap, np.asarray(max_kmh, dtype=np.float64) / 3.6 / SECOND, np.full(len(max_kmh), gap or LEAST_GAP))
    for chunk in once(chunks()):
        look.at(chunk)
    look.end_device(look.row)
    ranges = np.array(look.ranges, dtype=np.int64).reshape(-1, 2)
    return Survey(look.row, look.gaps, ranges[:, 0], ranges[:, 1], crowded(chunks, look.row))


# ---- steps ---------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Track:
    """One device so far: where its rows begin, how long its steps are, and which are long or impossible."""

    device: int
    first_row: int
    steps: Wholes = field(default_factory=lambda: np.zeros(1, dtype=np.int64))
    long_rows: list[Wholes] = field(default_factory=list)
    long_steps: list[Wholes] = field(default_factory=list)
    jump_rows: list[Wholes] = field(default_factory=list)
    jump_from: list[Fixes] = field(default_factory=list)
    jump_to: list[Fixes] = field(default_factory=list)
    jumps: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class _Steps:
    """Fixes, and of each step from one to the next how long it took and whether it is impossible."""

    fixes: Fixes
    dt: Wholes
    jumps: Flags
    first_row: int


@dataclass(slots=True)
class _Look:
    """The first look, as it goes through the chunks."""

    gap: Length | None
    metres_per_us: NDArray[np.float64]
    gaps: Wholes
    row: int = 0
    ranges: list[tuple[int, int]] = field(default_factory=list)
    last: Fixes | None = None
    track: _Track | None = None

    def at(self, chunk: Fixes) -> None:
        """Look at a chunk; its rows come after those of the last."""
        both = chunk if self.last is None else Fixes.joined([self.last, chunk])
        ahead = len(both) - len(chunk)  # 1 if a row of the last chunk leads
        dt = np.diff(both.time_us)
        jumps = self._impossible(both, dt)
        begins = np.flatnonzero(np.diff(both.device)) + 1
        for begin, end in zip([0, *begins.tolist()], [*begins.tolist(), len(both)], strict=True):
            self._part(_Steps(both, dt, jumps, self.row - ahead), begin, end)
        self.row += len(chunk)
        self.last = chunk.some(slice(len(chunk) - 1, None))

    def _impossible(self, both: Fixes, dt: Wholes) -> Flags:
        """Return which steps to the next row are impossible for the device; between two devices none is."""
        same = both.device[1:] == both.device[:-1]
        reach = self.metres_per_us[both.device[1:]] * (dt + CLOCK)
        reach += both.accuracy_m[1:].astype(np.float64) + both.accuracy_m[:-1]
        across = np.abs(np.diff(both.lat_e7.astype(np.int64))) + np.abs(np.diff(both.lon_e7.astype(np.int64)))
        jumps: Flags = same & (across * _METRES_AT_MOST > reach)
        here = np.flatnonzero(jumps)
        jumps[here] = least_metres(both.some(here), both.some(here + 1)) > reach[here]
        return jumps

    def _part(self, looked: _Steps, begin: int, end: int) -> None:
        """Look at rows of one device; the first of them may have been looked at already."""
        both, dt, jumps, first_row = looked.fixes, looked.dt, looked.jumps, looked.first_row
        device = int(both.device[begin])
        if self.track is None or self.track.device != device:
            self.end_device(first_row + begin)
            self.track = _Track(device, first_row + begin)
        track, steps = self.track, dt[begin : end - 1]
        long = np.flatnonzero(steps > (self.gap or LEAST_GAP))
        track.long_rows.append(long + begin + 1 + first_row)
        track.long_steps.append(steps[long])
        if self.gap is None:
            counts = np.bincount(np.minimum(steps[steps > 0] // SECOND, _DAY_S))
            track.steps = _sum(track.steps, counts)
        here = np.flatnonzero(jumps[begin : end - 1]) + begin
        track.jumps += len(here)
        if len(here) and track.jumps <= MOST_JUMPS:
            track.jump_rows.append(here + 1 + first_row)
            track.jump_from.append(both.some(here))
            track.jump_to.append(both.some(here + 1))

    def end_device(self, end: int) -> None:
        """Make up what was found of the device whose rows end before this one."""
        track, self.track = self.track, None
        if track is None:
            return
        if self.gap is None:
            self.gaps[track.device] = max(LEAST_GAP, STEPS_TO_A_GAP * median_step(track.steps))
        if track.jumps > MOST_JUMPS:
            self.ranges.append((track.first_row, end))
        elif track.jumps:
            self.ranges += self._doubtful(track, end)

    def _doubtful(self, track: _Track, end: int) -> Iterator[tuple[int, int]]:
        """Yield which rows of a device are doubtful."""
        jumps = np.concatenate(track.jump_rows)
        gaps = np.concatenate(track.long_rows)[np.concatenate(track.long_steps) > self.gaps[track.device]]
        gaps = np.setdiff1d(gaps, jumps)  # a jump over a gap is a jump: both sides cannot be true
        bounds = np.concatenate([[track.first_row], gaps, [end]])
        ways = _Ways(Fixes.joined(track.jump_from), Fixes.joined(track.jump_to), self.metres_per_us[track.device])
        of = np.searchsorted(bounds, jumps, "right") - 1
        for span in np.unique(of).tolist():
            here = np.flatnonzero(of == span)
            yield from stretches_doubted(jumps[here], (int(bounds[span]), int(bounds[span + 1])), ways, int(here[0]))


@dataclass(frozen=True, slots=True, eq=False)
class _Ways:
    """The fixes before and after each impossible step of a device, and how fast it goes."""

    before: Fixes
    after: Fixes
    metres_per_us: float

    def first_reached(self, jump: int, later: Wholes) -> int | None:
        """Return the first of later jumps whose far side can be come to from the near side of a jump."""
        many = self.after.some(later)
        one = self.before.some(np.full(len(later), jump))
        reach = self.metres_per_us * (many.time_us - one.time_us + CLOCK)
        reach += one.accuracy_m.astype(np.float64) + many.accuracy_m
        reached = np.flatnonzero(least_metres(one, many) <= reach)
        return int(reached[0]) if len(reached) else None


def stretches_doubted(jumps: Wholes, span: tuple[int, int], ways: _Ways, first: int) -> Iterator[tuple[int, int]]:
    """Yield the doubtful rows between two gaps, given the rows to which impossible steps lead.

    The stretch number n ends before the jump number n, and begins with the one before it; `first` is the number
    of the span's first jump among all.
    """
    bounds = np.concatenate([[span[0]], jumps, [span[1]]])
    kept = np.flatnonzero(np.diff(bounds) >= FEW)  # rule 1
    believed = [int(kept[0])] if len(kept) else []
    at = 0
    while believed and at < len(kept) - 1:  # rule 2
        later = kept[at + 1 : at + 1 + AHEAD]
        found = ways.first_reached(first + int(kept[at]), first + later - 1)
        if found is None:
            believed = []  # rule 3
        else:
            at += 1 + found
            believed.append(int(kept[at]))
    if not believed:
        yield span
        return
    for doubted in np.setdiff1d(np.arange(len(bounds) - 1), believed).tolist():
        yield int(bounds[doubted]), int(bounds[doubted + 1])


def _sum(one: Wholes, other: Wholes) -> Wholes:
    long, short = (one, other) if len(one) >= len(other) else (other, one)
    total = long.copy()
    total[: len(short)] += short
    return total


def median_step(counts: Wholes) -> Length:
    """Return the median of steps, counted by their whole seconds, the lower of two; 0 for none."""
    total = int(counts.sum())
    if not total:
        return 0
    return int(np.searchsorted(np.cumsum(counts), (total + 1) // 2)) * SECOND


def least_metres(one: Fixes, other: Fixes) -> NDArray[np.float64]:
    """Return the metres on the ground between fixes, or somewhat less: never more."""
    lat, other_lat = one.lat_e7 * _RADIANS, other.lat_e7 * _RADIANS
    half_lat, half_lon = (other_lat - lat) / 2, (other.lon_e7.astype(np.int64) - one.lon_e7) * _RADIANS / 2
    chord = np.sin(half_lat) ** 2 + np.cos(lat) * np.cos(other_lat) * np.sin(half_lon) ** 2
    metres: NDArray[np.float64] = 2 * LEAST_MERIDIAN_M * np.arcsin(np.sqrt(np.minimum(chord, 1.0)))
    return metres


# ---- crowds --------------------------------------------------------------------------------------------------------


def place_keys(fixes: Fixes) -> Keys:
    """Return a number for when and where each fix is: the same for the same, and for others as good as never."""
    key = fixes.time_us.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    key ^= fixes.lat_e7.astype(np.uint64) * np.uint64(0xC2B2AE3D27D4EB4F)
    key ^= key >> np.uint64(29)
    key *= np.uint64(0xBF58476D1CE4E5B9)
    key ^= fixes.lon_e7.astype(np.uint64) * np.uint64(0x165667B19E3779F9)
    key ^= key >> np.uint64(32)
    key *= np.uint64(0x94D049BB133111EB)
    return key ^ (key >> np.uint64(29))


def crowded(chunks: Chunks, count: int) -> Keys:
    """Return the keys of those places and times at which three devices or more were fixed, in order.

    First all keys are counted by a part of their bits, so that memory hangs on no more than a few bits a fix; then
    those are looked at whose part was met three times. Where even that is too much, a share of the keys at a time.
    """
    shares = max(-(-count // _PER_SHARE), 1)
    found = [_crowded(chunks, _Share(share, shares, min(count, _PER_SHARE))) for share in range(shares)]
    return np.sort(np.concatenate(found))


class _Share:
    """A share of all keys, and how often a part of each was met: 1, 2, or three times and more."""

    def __init__(self, number: int, of: int, count: int) -> None:
        self.number, self.of = np.uint64(number), np.uint64(of)
        bits = min(max((_SLOTS_PER_FIX * count).bit_length(), _LEAST_BITS), _MOST_BITS)
        self._shift = np.uint64(64 - bits)
        self._seen = np.zeros(1 << bits, dtype=np.uint8)

    def mine(self, keys: Keys) -> Flags:
        """Return which keys are of this share."""
        mine: Flags = keys % self.of == self.number
        return mine

    def count(self, keys: Keys) -> None:
        """Count keys by a part of them."""
        slots, counts = np.unique((keys >> self._shift).astype(np.int64), return_counts=True)
        met = self._seen[slots].astype(np.int64) + counts
        self._seen[slots] = np.minimum(met, CROWD)

    def often(self, keys: Keys) -> Flags:
        """Return which keys may have been met three times."""
        often: Flags = self._seen[(keys >> self._shift).astype(np.int64)] >= CROWD
        return often


def _crowded(chunks: Chunks, share: _Share) -> Keys:
    for chunk in chunks():
        keys = place_keys(chunk)
        share.count(keys[share.mine(keys)])
    candidates: list[Keys] = []
    devices: list[NDArray[np.int32]] = []
    for chunk in chunks():
        keys = place_keys(chunk)
        here = np.flatnonzero(share.mine(keys) & share.often(keys))
        candidates.append(keys[here])
        devices.append(chunk.device[here])
    key = np.concatenate([np.empty(0, dtype=np.uint64), *candidates])
    device = np.concatenate([np.empty(0, dtype=np.int32), *devices])
    unique, of = np.unique(key, return_inverse=True)
    pairs = np.unique(np.column_stack((of, device)), axis=0)
    return unique[np.bincount(pairs[:, 0], minlength=len(unique)) >= CROWD]
