"""Fixes in any order, put in order with bounded memory: sorted runs on disk, merged part by part.

Rows may come in any disorder. As many as a few chunks are held; more are sorted and put aside as a run of 24 bytes a
row. All runs are then read side by side, each up to the same device and time, found from a sample of all, so that
about a chunk of rows is sorted at a time and put aside once more in order: whoever asks again only reads.
The files go when the store is closed; they hold no names.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np

from trucekeeper.intake.track.fixes import NO_FIXES, ROW, Fixes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType
    from typing import Self

    from numpy.typing import NDArray

_HELD = 4
"""So many chunks are held before they are put aside."""
_SAMPLES = 256
"""Rows are sampled, and read from a run, so many times a chunk."""


class Store:
    """Takes fixes in any order, and gives them in order as often as asked for. A context: its files go at the end."""

    def __init__(self, chunk: int, scratch: Path | None = None) -> None:
        self.chunk, self.count = chunk, 0
        self._held: list[Fixes] = []
        self._holds = 0
        self._runs: list[_Run] = []
        self._folder = TemporaryDirectory(prefix="tracks-", dir=scratch)
        self._sorted: Path | None = None

    def __enter__(self) -> Self:
        """Return the store."""
        return self

    def __exit__(
        self, sort: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove the files."""
        self._folder.cleanup()

    def add(self, fixes: Fixes) -> None:
        """Take fixes."""
        if self._sorted is not None:
            raise RuntimeError("bug: fixes after the store was asked for all")
        if not len(fixes):
            return
        self._held.append(fixes)
        self._holds += len(fixes)
        self.count += len(fixes)
        if self._holds >= _HELD * self.chunk:
            self._put_aside()

    def chunks(self) -> Iterator[Fixes]:
        """Yield all fixes in order."""
        if self._sorted is not None:
            for begin in range(0, self.count, self.chunk):
                yield _part(self._sorted, begin, min(begin + self.chunk, self.count))
        elif not self._runs:
            self._held = [Fixes.joined(self._held).sorted()] if self._held else []
            for held in self._held:
                for begin in range(0, len(held), self.chunk):
                    yield held.some(slice(begin, begin + self.chunk))
        else:
            self._merge()
            yield from self.chunks()

    def _merge(self) -> None:
        if self._held:
            self._put_aside()
        merged = Path(self._folder.name) / "sorted.rows"
        with merged.open("wb") as file:
            for bound in [*_bounds(self._runs, self.chunk), None]:
                parts = [one.below(bound) for one in self._runs]
                Fixes.joined(parts).sorted().packed().tofile(file)
        for one in self._runs:
            one.path.unlink()
        self._runs, self._sorted = [], merged

    def _put_aside(self) -> None:
        fixes = Fixes.joined(self._held).sorted()
        path = Path(self._folder.name) / f"{len(self._runs)}.rows"
        fixes.packed().tofile(path)
        step = max(self.chunk // _SAMPLES, 1)
        sample = fixes.device[step::step].copy(), fixes.time_us[step::step].copy()
        self._runs.append(_Run(path, len(fixes), sample, step))
        self._held, self._holds = [], 0


class _Run:
    """Fixes in order in a file, read from its beginning on; and of every so many rows the device and time."""

    def __init__(
        self, path: Path, count: int, sample: tuple[NDArray[np.int32], NDArray[np.int64]], step: int
    ) -> None:
        self.path, self.sample, self.step = path, sample, step
        self._left, self._at = count, 0
        self._ahead = NO_FIXES

    def below(self, bound: tuple[int, int] | None) -> Fixes:
        """Return what is left before a device and time; all that is left for None."""
        parts = [self._ahead]
        while self._left and (bound is None or _place(parts[-1], bound) == len(parts[-1])):
            count = min(self._left, self.step)
            parts.append(_part(self.path, self._at, self._at + count))
            self._at, self._left = self._at + count, self._left - count
        self._ahead = Fixes.joined(parts)
        end = len(self._ahead) if bound is None else _place(self._ahead, bound)
        found, self._ahead = self._ahead.some(slice(0, end)), self._ahead.some(slice(end, None))
        return found


def _place(fixes: Fixes, bound: tuple[int, int]) -> int:
    """Return where in fixes in order a device and time would stand, before their equals."""
    first, last = np.searchsorted(fixes.device, bound[0], "left"), np.searchsorted(fixes.device, bound[0], "right")
    return int(first + np.searchsorted(fixes.time_us[first:last], bound[1]))


def _part(path: Path, begin: int, end: int) -> Fixes:
    return Fixes.unpacked(np.fromfile(path, dtype=ROW, count=end - begin, offset=begin * ROW.itemsize))


def _bounds(runs: list[_Run], chunk: int) -> list[tuple[int, int]]:
    """Return devices and times between which lies about a chunk of all rows."""
    device, time_us = (np.concatenate(column) for column in zip(*(one.sample for one in runs), strict=True))
    order = np.lexsort((time_us, device))[:: max(chunk // runs[0].step, 1)][1:]
    return list(zip(device[order].tolist(), time_us[order].tolist(), strict=True))
