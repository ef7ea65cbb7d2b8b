"""Measures functions side by side: each call in a process of its own, in turn, several rounds.

What is measured is the call and nothing else: the child has imported the function's module, and any generated file is
there, before its clocks start; reading that file belongs to the call. CPU seconds are those of all threads of the
child, and of the processes that it started and waited for. Memory is the most that the child and these held
together: its own peak as the kernel counted it, imports included, or the largest sum seen by a look every 20 ms.

The child is `python -m bench.measure MODULE FUNCTION ARGUMENTS`, where the arguments are a JSON list, and it prints
one line of JSON:

    {"wall": 0.47, "cpu": 0.46, "peak": 211000000, "answer": [174266, 3672, 39599, 14, 3368]}
"""

from __future__ import annotations

import importlib
import json
import os
import platform
import re
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ROOT = Path(__file__).resolve().parent.parent
PAGE = os.sysconf("SC_PAGE_SIZE")
LOOK_EVERY = 0.02
KIB = 1024
VERSIONS_OF = ("duckdb", "geopandas", "numpy", "polars", "pyarrow", "shapely")


@dataclass(frozen=True, slots=True)
class Task:
    """A function to be measured, by module and name, with arguments that JSON can say and the files that it reads."""

    name: str
    module: str
    function: str
    arguments: tuple[str | int, ...] = ()
    files: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """One call: seconds by the clock, seconds of all its threads and processes, bytes at most, and its answer."""

    wall: float
    cpu: float
    peak: int
    answer: Any


@dataclass(frozen=True, slots=True)
class Measured:
    """All calls of one task: the first with its files not in memory (cold), the others with them there (warm)."""

    task: Task
    cold: Run
    warm: tuple[Run, ...]

    @property
    def wall(self) -> float:
        """Return the median of the warm calls, in seconds by the clock."""
        return median(run.wall for run in self.warm)

    @property
    def cpu(self) -> float:
        """Return the median of the warm calls, in CPU seconds."""
        return median(run.cpu for run in self.warm)

    @property
    def peak(self) -> int:
        """Return the most memory that any call held, in bytes."""
        return max(run.peak for run in (self.cold, *self.warm))

    @property
    def answer(self) -> Any:  # noqa: ANN401  whatever the measured function returned
        """Return what the calls answered. Raises RuntimeError if they differ."""
        answers = [run.answer for run in (self.cold, *self.warm)]
        if any(one != answers[0] for one in answers):
            raise RuntimeError(f"{self.task.name} answered differently from call to call: {answers}")
        return answers[0]


class CallFailedError(Exception):
    """A measured call ended with an error; says its last line."""


class NotBuiltError(CallFailedError):
    """What was to be measured is not there yet."""


def together(tasks: Sequence[Task], runs: int, told: Callable[[str], None] = lambda _: None) -> list[Measured]:
    """Return the measurements of some tasks, called in turn so that whatever else the machine does meets all alike.

    The first round is cold, then there are `runs` warm ones. What is not built yet is left out. Raises
    CallFailedError.
    """
    done: dict[Task, list[Run]] = {}
    for task in tasks:
        told(f"{task.name}, cold")
        with suppress(NotBuiltError):
            done[task] = [call(task, cold=True)]
    for number in range(runs):
        for task, several in done.items():
            told(f"{task.name}, {number + 1} of {runs}")
            several.append(call(task))
    return [Measured(task, several[0], tuple(several[1:])) for task, several in done.items()]


def call(task: Task, *, cold: bool = False) -> Run:
    """Return one call's measurements, made in a child process. Raises CallFailedError."""
    for file in task.files:
        _forget(file) if cold else _remember(file)
    arguments = [sys.executable, "-m", "bench.measure", task.module, task.function, json.dumps(task.arguments)]
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8") as out,
        tempfile.TemporaryFile("w+", encoding="utf-8") as wrong,
    ):
        seen = _watched(subprocess.Popen(arguments, cwd=ROOT, stdout=out, stderr=wrong))
        if seen is None:
            raise _failure(task, _last_line(wrong))
        run = Run(**json.loads(_last_line(out)))
    return replace(run, peak=max(run.peak, seen))


def _failure(task: Task, says: str) -> CallFailedError:
    absent = says.startswith("NotImplementedError") or says.endswith(f"No module named '{task.module}'")
    return (NotBuiltError if absent else CallFailedError)(f"{task.name}: {says}")


def _watched(child: subprocess.Popen[bytes]) -> int | None:
    """Return the most bytes that a child was seen to hold until it ended; None if it failed."""
    seen = 0
    with child:
        while child.poll() is None:
            seen = max(seen, _held(child.pid))
            time.sleep(LOOK_EVERY)
    return None if child.returncode else seen


def _last_line(stream: IO[str]) -> str:
    stream.seek(0)
    lines = [line for line in stream.read().splitlines() if line.strip() and not line.startswith(" ")]
    errors = [line for line in lines if re.match(r"[\w.]+(Error|Exception)\b", line)]
    return (errors or lines or ["it said nothing"])[-1]


def _forget(file: Path) -> None:
    """Ask the system to drop a file from its memory, so that it is read from the disk next time."""
    with file.open("rb") as stream:
        os.fsync(stream.fileno())
        os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _remember(file: Path) -> None:
    with file.open("rb") as stream:
        while stream.read(1 << 24):
            pass


def _held(pid: int) -> int:
    """Return how many bytes a process and those it started hold now; what they share is counted in each."""
    held = 0
    with suppress(OSError, ValueError):  # it may end while we look
        held = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * PAGE
        for task in Path(f"/proc/{pid}/task").iterdir():
            held += sum(_held(int(one)) for one in (task / "children").read_text(encoding="ascii").split())
    return held


# ---- in the child --------------------------------------------------------------------------------------------------


def _main(module: str, function: str, arguments: str) -> None:
    measured = getattr(importlib.import_module(module), function)
    given = json.loads(arguments)
    cpu, wall = _cpu(), time.perf_counter()
    answer = measured(*given)
    took = {"wall": time.perf_counter() - wall, "cpu": _cpu() - cpu}
    # Not ru_maxrss, which a child takes over from whoever started it: that may have made a log just before.
    peak = int(_said("/proc/self/status", "VmHWM").split()[0]) * KIB
    print(json.dumps({**took, "peak": peak, "answer": answer}))


def _cpu() -> float:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


# ---- the machine ---------------------------------------------------------------------------------------------------


def machine() -> dict[str, str]:
    """Return what was measured on, as the system says it."""
    return {
        "processor": _said("/proc/cpuinfo", "model name") or platform.processor() or platform.machine(),
        "cores": str(len(os.sched_getaffinity(0))),
        "memory": f"{int(_said('/proc/meminfo', 'MemTotal').split()[0]) * KIB / 1e9:.1f} GB",
        "system": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
        **{name: version(name) for name in VERSIONS_OF},
    }


def _said(file: str, key: str) -> str:
    lines = Path(file).read_text(encoding="utf-8").splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(key)), "")


if __name__ == "__main__":
    _main(*sys.argv[1:])
