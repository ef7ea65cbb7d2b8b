"""Fixes in any order, put in order with bounded memory: sorted runs on disk, merged part by part.

Rows may come in any disorder. As many as a few chunks are held; more are sorted and put aside as a run of 24 bytes a
row. The runs are then cut at the same devices and times, found from a sample of each, so that a chunk's worth of
rows is read from all of them and sorted at a time, and put aside once more in order: whoever asks again only reads.
The files go when the store is closed; they hold no names.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np

from trucekeeper.intake.track.fixes import ROW, Fixes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType
    from typing import Self

    from numpy.typing import NDArray

_HELD = 4
"""So many chunks are held before they are put aside."""
_SAMPLES = 8  # of each run, for each chunk that it may be cut into


class Store:
    """Takes fixes in any order, and gives them in order as often as asked for. A context: its files go at the end."""

    def __init__(self, chunk: int, scratch: Path | None = None) -> None:
        self.chunk, self.count = chunk, 0
        self._held: list[Fixes] = []
        self._holds = 0
        self._runs: list[Path] = []
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
        if not len(fixes):
            return
        self._held.append(fixes)
        self._holds += len(fixes)
        self.count += len(fixes)
        if self._holds >= _HELD * self.chunk:
            self._put_aside()

    def chunks(self) -> Iterator[Fixes]:
        """Yield all fixes in order."""
        if self._sorted is not None and not self._held:
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
        cuts = _cuts([np.memmap(path, dtype=ROW, mode="r") for path in self._runs], self.chunk)
        merged = Path(self._folder.name) / f"sorted-{self.count}.rows"
        with merged.open("wb") as file:
            for begins, ends in pairwise(cuts):
                parts = [_part(*part) for part in zip(self._runs, begins, ends, strict=True) if part[1] < part[2]]
                if parts:
                    Fixes.joined(parts).sorted().packed().tofile(file)
        for path in self._runs:
            path.unlink()
        self._runs, self._sorted = [merged], merged

    def _put_aside(self) -> None:
        path = Path(self._folder.name) / f"{self.count}.rows"
        self._sorted = None
        Fixes.joined(self._held).sorted().packed().tofile(path)
        self._runs.append(path)
        self._held, self._holds = [], 0


def _part(run: Path, begin: int, end: int) -> Fixes:
    return Fixes.unpacked(np.fromfile(run, dtype=ROW, count=end - begin, offset=begin * ROW.itemsize))


def _cuts(runs: list[NDArray[np.void]], chunk: int) -> list[list[int]]:
    """Return where each run is cut, such that between two cuts are about a chunk of rows, and none of a tie apart."""
    step = max(chunk // (len(runs) * _SAMPLES), 1)
    samples = sorted(
        (int(device), int(time))
        for run in runs
        for device, time in zip(run["device"][step::step], run["time"][step::step], strict=True)
    )
    bounds = samples[:: max(chunk // step, 1)][1:]
    found = [[0] * len(runs)]
    columns = [_placed(run, bounds) for run in runs]
    found += [list(row) for row in zip(*columns, strict=True)]
    return [*found, [len(run) for run in runs]]


def _placed(run: NDArray[np.void], bounds: list[tuple[int, int]]) -> list[int]:
    """Return where in a run each bound would stand, before its equals."""
    rows = _Keys(run)
    return [bisect_left(rows, bound) for bound in bounds]


class _Keys:
    """A run as a list of devices and times."""

    def __init__(self, run: NDArray[np.void]) -> None:
        self._run = run

    def __len__(self) -> int:
        return len(self._run)

    def __getitem__(self, at: int) -> tuple[int, int]:
        row = self._run[at]
        return int(row["device"]), int(row["time"])


assert ROW.itemsize == 24  # noqa: S101, PLR2004  as the head of this module promises
