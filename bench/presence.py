"""Tracks into presence: ten million fixes against 200 zones, or a hundred million, in bounded memory.

A thousand devices walk at random over the sea of `bench.zones`, a fix every ten seconds; they fall silent now and
then, and one fix in twenty thousand lies far off. The fixes come as a receiver logs them, by time, all devices mixed:
the store puts them in order by device, on disk where they are too many, and presence is worked out from it with the
intervals of every zone (these up to ten million fixes). The rate is that of presence alone, the first survey of the
zones included; that of the store stands beside it.

`python -m bench.presence [--positions 10000000 --zones 200]` prints the figures as JSON:

    {"positions": 10000000, "zones": 200, "presence_per_s": 1700000.0, "peak_mb": 700, ...}
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bench.zones import ACROSS, E7, SEED, SOUTH, WEST, star
from trucekeeper.geo import Atlas, Zone
from trucekeeper.intake.track import Ground, presence
from trucekeeper.intake.track.fixes import Fixes
from trucekeeper.intake.track.putting import Store

if TYPE_CHECKING:
    from collections.abc import Iterator

POSITIONS, ZONES, DEVICES = 10_000_000, 200, 1_000
STEP_US, NOON = 10_000_000, 1_925_380_800_000_000
BLOCK = 250  # steps of all devices at a time
STRIDE_E7 = 1_000  # some ten metres a step
SILENT, FAR_OFF = 0.02, 0.00005
MOST_M = 50


def logged(positions: int) -> Iterator[Fixes]:
    """Yield the fixes as they are logged, a block of time after the other."""
    rng = np.random.default_rng(SEED)
    corner, across = np.array([SOUTH, WEST]) * E7, ACROSS * E7
    at = rng.uniform(0, across, (DEVICES, 2))
    heading = rng.normal(0, STRIDE_E7, (DEVICES, 2))
    steps = -(-positions // DEVICES)
    for begin in range(0, steps, BLOCK):
        count = min(BLOCK, steps - begin)
        walk = at + np.cumsum(heading + rng.normal(0, STRIDE_E7 / 4, (count, DEVICES, 2)), axis=0)
        at = walk[-1]
        turned = rng.random(DEVICES) < 1 / 10
        heading[turned] = rng.normal(0, STRIDE_E7, (int(turned.sum()), 2))
        folded = np.abs((walk + across) % (2 * across) - across)  # whoever leaves the sea is sent back
        folded += (rng.random((count, DEVICES, 1)) < FAR_OFF) * E7 / 2
        lat, lon = (np.rint(folded + corner).astype(np.int64).reshape(-1, 2)).T
        device = np.tile(np.arange(DEVICES), count)
        time_us = NOON + np.repeat(np.arange(begin, begin + count), DEVICES) * STEP_US
        heard = np.tile(rng.random(DEVICES) >= SILENT, count)
        accuracy = rng.integers(1, MOST_M + 1, len(device))
        yield Fixes.narrowed(device, time_us, lat, lon, accuracy).some(heard)


def zones_at_sea(count: int) -> tuple[Zone, ...]:
    """Return so many zones."""
    rng = np.random.default_rng(SEED)
    return tuple(Zone(id=f"z{number:03}", author="bench", geometry=star(rng)) for number in range(count))


def measured(positions: int, zones: int, chunk: int) -> dict[str, Any]:
    """Return the figures."""
    names = [f"z{number:03}" for number in range(zones)]
    ground = Ground(Atlas(zones_at_sea(zones)), names)
    with Store(chunk) as store:
        stored = 0.0
        for block in logged(positions):
            begin = time.perf_counter()
            store.add(block)
            stored += time.perf_counter() - begin
        begin = time.perf_counter()
        for _ in store.chunks():
            pass
        stored += time.perf_counter() - begin
        before_mb = peak_mb()
        begin, cpu = time.perf_counter(), time.process_time()
        found = presence(store.chunks, ground, max_kmh=np.full(DEVICES, 200))
        counted = [found.intervals(name) for name in names] if positions <= POSITIONS else []
        took, cpu = time.perf_counter() - begin, time.process_time() - cpu
        states = [int(sum((one.state == state).sum() for one in counted)) for state in (2, 0, 1)]
    return {
        "positions": found.fixes,
        "zones": zones,
        "presence_s": took,
        "presence_cpu_s": cpu,
        "presence_per_s": found.fixes / took,
        "presence_per_cpu_s": found.fixes / cpu,
        "store_s": stored,
        "store_per_s": found.fixes / stored,
        "peak_mb": peak_mb(),
        "peak_before_presence_mb": before_mb,
        "spans": len(found.spans),
        "held": len(found.held),
        "doubtful": found.doubtful,
        "intervals": dict(zip(("inside", "outside", "undecidable"), states, strict=True)),
    }


def peak_mb() -> int:
    """Return the most memory that this process has held, in megabytes."""
    said = Path("/proc/self/status").read_text(encoding="ascii")
    return int(said.partition("VmHWM:")[2].split()[0]) // 1_000


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description="Tracks into presence.")
    parser.add_argument("--positions", type=int, default=POSITIONS)
    parser.add_argument("--zones", type=int, default=ZONES)
    parser.add_argument("--chunk", type=int, default=1 << 19)
    given = parser.parse_args()
    print(json.dumps(measured(given.positions, given.zones, given.chunk), indent=2))


if __name__ == "__main__":
    main()
