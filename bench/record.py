"""How fast a mission's record is: entries a second in batches, one entry's acknowledgement, and what a leaf costs.

    uv run python -m bench.record [--entries 20000] [--singles 500]

In batches: one process signs and submits, another keeps, as where an import meets a running server; from the first
signature until the last entry is durable under a signed head. Singles: one entry after another, each waited for,
while a keeper integrates and writes projections of what came before. Every entry is sealed, signature-checked twice
and committed with synchronous = FULL. Everything runs in a temporary folder and stops by itself.
"""

from __future__ import annotations

import sys
import tempfile
import time
from argparse import ArgumentParser
from multiprocessing import get_context
from pathlib import Path
from statistics import median, quantiles
from threading import Event, Thread
from typing import TYPE_CHECKING

import sqlalchemy as sa

from tests import mission_small as small
from tests.mission_small import BEGUN, SOUTH, attack, opened
from trucekeeper.journal.store import TILES
from trucekeeper.mission.keeping import Keeping, alone
from trucekeeper.mission.service import Service
from trucekeeper.terms.moments import SECOND

if TYPE_CHECKING:
    from multiprocessing.synchronize import Event as Flag

AT_ONCE = 1000
FORK = get_context("fork")


def _integrate(folder: Path, clock: small.Clock, ready: Flag, over: Flag) -> None:
    """Integrate what comes, until told that it is over."""
    with opened(folder, clock) as mission, alone(folder, mission.journal):
        keeping = Keeping(mission)
        ready.set()
        while not over.is_set():
            if not keeping.integrate():
                time.sleep(0.001)


def _keep(folder: Path, clock: small.Clock, ready: Flag, over: Flag) -> None:
    """Keep the mission, projections and all, until told that it is over."""
    with opened(folder, clock) as mission:
        stop = Event()
        ready.set()

        running = Thread(target=Service(mission).run, args=[stop])
        running.start()
        over.wait()
        stop.set()
        running.join()


def batches(folder: Path, entries: int) -> float:
    """Return how many entries a second are signed, submitted, checked, sealed, written and under a head."""
    clock, ready, over = small.Clock(), FORK.Event(), FORK.Event()
    keeper = FORK.Process(target=_integrate, args=[folder, clock, ready, over])
    keeper.start()
    ready.wait()
    with opened(folder, clock) as mission:
        began, tickets = time.perf_counter(), list[bytes]()
        for start in range(0, entries, AT_ONCE):
            rows = [attack(f"b-{start + one}", BEGUN + (start + one) * SECOND) for one in range(AT_ONCE)]
            said = [mission.said("fact", row, by=[SOUTH]) for row in rows]  # type: ignore[arg-type]
            tickets += mission.journal.submit_all(said)
        while mission.journal.outcome(tickets[-1]).seq is None:
            time.sleep(0.001)
        took = time.perf_counter() - began
        outcomes = mission.journal.outcomes(tickets)
        if any(one.seq is None for one in outcomes):
            raise RuntimeError("bug: not all were integrated")
    over.set()
    keeper.join()
    return entries / took


def singles(folder: Path, count: int) -> list[float]:
    """Return how long each of some entries took to be acknowledged, in seconds, while projections are written."""
    clock, ready, over = small.Clock(), FORK.Event(), FORK.Event()
    keeper = FORK.Process(target=_keep, args=[folder, clock, ready, over])
    keeper.start()
    ready.wait()
    found: list[float] = []
    with opened(folder, clock) as mission:
        for number in range(count):
            row = attack(f"s-{number}", BEGUN)
            began = time.perf_counter()
            (receipt,) = mission.enter([mission.said("fact", row, by=[SOUTH])])  # type: ignore[arg-type]
            found.append(time.perf_counter() - began)
            if receipt.seq is None:
                raise RuntimeError("bug: it was refused")
        behind = mission.journal.store.size() - mission.projections.position("standing")
    print(f"projections were {behind:,} entries behind when the last was acknowledged", file=sys.stderr)
    over.set()
    keeper.join()
    return found


def bytes_a_leaf(folder: Path) -> float:
    """Return how many bytes of hashes the tiles hold for each entry."""
    with opened(folder, small.Clock()) as mission, mission.journal.store.record.connect() as connection:
        held = connection.execute(sa.select(sa.func.sum(sa.func.length(TILES.c.hashes)))).scalar_one()
        return float(held) / mission.journal.store.size()


def main() -> int:
    """Measure as asked on the command line."""
    parser = ArgumentParser(prog="python -m bench.record", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--entries", type=int, default=20_000)
    parser.add_argument("--singles", type=int, default=500)
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    rates: list[float] = []
    for _ in range(asked.runs):
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place) / "mission"
            small.begin(small.settings(folder), small.Clock())
            rates.append(batches(folder, asked.entries))
            print(f"  {rates[-1]:,.0f}/s, {bytes_a_leaf(folder):.2f} bytes of hashes a leaf", file=sys.stderr)
            if len(rates) == asked.runs:
                waits = singles(folder, asked.singles)
    cut = quantiles(waits, n=100)
    print(f"in batches of {AT_ONCE:,}, {asked.entries:,} entries: {median(rates):,.0f}/s (median of {asked.runs})")
    print(
        f"one at a time, {asked.singles:,} entries while projections are written: p50 {1000 * median(waits):.1f} ms, "
        f"p99 {1000 * cut[98]:.1f} ms, longest {1000 * max(waits):.1f} ms"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
