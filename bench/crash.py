"""Whether a mission loses anything when its processes are killed: 1,000 times, at moments that a seed decides.

    uv run python -m bench.crash --kills 1000 --seed 1

Each flaw is told, and then the exit code is 1. The suite kills 50 times.
"""

from __future__ import annotations

import sys
import tempfile
import time
from argparse import ArgumentParser
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from tests.mission_crash import crash


def main() -> int:
    """Crash as asked on the command line; return 1 if anything was lost."""
    parser = ArgumentParser(prog="python -m bench.crash", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    console, began = Console(stderr=True), time.monotonic()
    with tempfile.TemporaryDirectory() as folder, Progress(console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("killed", total=asked.kills)
        found = crash(
            Path(folder), kills=asked.kills, seed=asked.seed, told=lambda done: bar.update(task, completed=done)
        )
    print(
        f"{found.kills:,} kills in {time.monotonic() - began:,.0f} s: {found.acknowledged:,} acknowledged, "
        f"{found.entries:,} entries, {found.heads:,} heads looked at while it ran"
    )
    print("\n".join(found.flaws) or "nothing was lost, and nothing rewritten")
    return 1 if found.flaws else 0


if __name__ == "__main__":
    sys.exit(main())
