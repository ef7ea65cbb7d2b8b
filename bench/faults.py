"""Whether a mission loses anything, or says anything untrue, when its disk fails: full, spoilt, or not syncing.

    apt-get install fiu-utils
    uv run python -m bench.faults --rounds 200 --seed 1

In each round a process works on the mission while some of its calls fail (libfiu): writing with ENOSPC or EIO,
syncing with EIO. It enters facts, each waited for, and notes what was acknowledged; what fails must end in a
sentence. After each round the disk is well again, and in the end all is held that `bench.crash` holds. A failing
sync is told to the process; what a real disk then has is not known, and is not tried here.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from random import Random

from rich.console import Console
from rich.progress import Progress

from tests import mission_small as small
from tests.mission_crash import Crashed, look
from tests.mission_small import BEGUN, SOUTH, attack, opened
from trucekeeper.terms import Refused

PRELOADED = ("/usr/lib/fiu/fiu_run_preload.so", "/usr/lib/fiu/fiu_posix_preload.so")
FAULTS = {
    "full": (errno.ENOSPC, ("posix/io/rw/write", "posix/io/rw/pwrite", "posix/io/rw/pwritev", "posix/io/dir/mkdir")),
    "spoilt": (errno.EIO, ("posix/io/rw/write", "posix/io/rw/pwrite", "posix/io/rw/pread", "posix/io/rw/read")),
    "unsynced": (errno.EIO, ("posix/io/sync/fsync", "posix/io/sync/fdatasync")),
}
OFTEN = (0.3, 0.03, 0.003, 0.0005)
"""How probably each call fails: at once, soon, or in the middle of something."""
ENTERED = 5
TOLD = 0
"""The exit code of a round in which all was entered; 2 of one that ended in a sentence."""


def _work(folder: Path, number: int, fault: str, often: float) -> int:
    """Enter facts while calls fail, and note what was acknowledged."""
    failing = ctypes.CDLL("libfiu.so.0")
    failing.fiu_enable_random.argtypes = [
        ctypes.c_char_p,
        ctypes.c_int,
        ctypes.c_void_p,
        ctypes.c_uint,
        ctypes.c_float,
    ]
    code, calls = FAULTS[fault]
    notes = os.open(folder / f"told-{number}", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    told: list[str] = []
    failing.fiu_init(0)
    for name in calls:
        failing.fiu_enable_random(name.encode(), 1, code, 0, often)
    said = ""
    try:
        with opened(folder / "mission", small.Clock()) as mission:
            mission.evidence.keep(f"original {number}".encode())
            for count in range(ENTERED):
                row = attack(f"{number}-{count}", BEGUN)
                (receipt,) = mission.enter([mission.said("fact", row, by=[SOUTH])])  # type: ignore[arg-type]
                told.append(json.dumps([row["id"], receipt.seq, receipt.refused]))
            mission.folder(None)
    except Refused as refused:
        said = str(refused)
    finally:
        for name in calls:
            failing.fiu_disable(name.encode())
    os.write(notes, "".join(f"{line}\n" for line in told).encode())
    os.close(notes)
    if said:
        print(said.split("\n")[0])
        return 2
    return TOLD


def main() -> int:
    """Let the disk fail as asked on the command line; return 1 if anything was lost."""
    parser = ArgumentParser(prog="python -m bench.faults", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--work", nargs=4, help="one round, as the command starts it for itself")
    asked = parser.parse_args()
    if asked.work:
        folder, number, fault, often = asked.work
        return _work(Path(folder), int(number), fault, float(often))
    if not all(Path(one).exists() for one in PRELOADED):
        print("libfiu is not there: apt-get install fiu-utils", file=sys.stderr)
        return 2
    return _rounds(asked.rounds, Random(asked.seed))


def _rounds(rounds: int, random: Random) -> int:
    console, began, said, flaws = Console(stderr=True), time.monotonic(), Counter[str](), list[str]()
    with tempfile.TemporaryDirectory() as place, Progress(console=console, disable=not console.is_terminal) as bar:
        folder = Path(place)
        small.begin(small.settings(folder / "mission"), small.Clock())
        task = bar.add_task("failed", total=rounds)
        for number in range(rounds):
            fault, often = random.choice(sorted(FAULTS)), random.choice(OFTEN)
            words = [sys.executable, "-m", "bench.faults", "--work", str(folder), str(number), fault, str(often)]
            environment = {**os.environ, "LD_PRELOAD": ":".join(PRELOADED)}
            done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False, timeout=120)
            said[f"{fault}: {'all entered' if done.returncode == TOLD else _plain(done.stdout)}"] += 1
            if done.returncode not in (TOLD, 2):
                flaws.append(f"round {number} ({fault}, {often}) ended in {done.returncode}:\n{done.stderr[-2000:]}")
            bar.update(task, advance=1)
        found = Crashed(rounds)
        with opened(folder / "mission", small.Clock()) as mission:
            look(mission, folder, {}, found)
    print(f"{rounds:,} rounds in {time.monotonic() - began:,.0f} s: {found.acknowledged:,} acknowledged")
    for what, times in sorted(said.items()):
        print(f"  {times:>5} x {what}")
    print("\n".join([*flaws, *found.flaws]) or "nothing was lost, and whatever failed was said")
    return 1 if flaws or found.flaws else 0


def _plain(text: str) -> str:
    """Return what was said, without the place."""
    return text.strip().partition(": ")[2][:90]


if __name__ == "__main__":
    sys.exit(main())
