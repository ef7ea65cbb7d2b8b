"""Whether all executions of the engine give the same verdicts, over as many generated worlds as one has patience for.

    python -m bench.soak --cases 20000 --seed 1 --workers 2     generated worlds, each with one question
    python -m bench.soak --cuts                                 204 agreements at 100 random cuts each

Worlds, executions and the comparison are those of the tests. Each disagreement is told with its name and a world cut
down to what it needs, and then the exit code is 1. A world is made again by `tests.generated.world(seed)`.
"""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from tests.agreements.test_same_in_all_executions import GENERATED, REAL, generated_world, real_world
from tests.compliance.test_executions import EXECUTIONS, FIELDS, LIVE, as_watched, compared, report
from tests.generated import World, cuts, world
from trucekeeper.terms import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SEEDS_APART = 1_000_000_000
"""How far the worlds of one `--seed` lie from those of the next: no two runs look at the same."""
AT_A_TIME = 20
"""Worlds in one task of the pool: a few seconds of work."""
CUTS = 100
CUTS_AT_A_TIME = 10
MOST_TOLD = 5
"""Disagreements of one execution that are told in full: one cause often shows in many worlds."""


@dataclass(frozen=True, slots=True)
class Task:
    """Worlds of consecutive seeds, or some of the cuts of one agreement."""

    seeds: range = range(0)
    agreement: str = ""
    cuts: range = range(0)

    @property
    def cases(self) -> int:
        """Return how many worlds these are."""
        return len(self.seeds) + len(self.cuts)

    def worlds(self) -> Iterator[World]:
        """Yield them."""
        yield from (world(seed) for seed in self.seeds)
        if self.agreement:
            whole = real_world(self.agreement) if self.agreement in REAL else generated_world(int(self.agreement))
            yield from (one for index, one in enumerate(cuts(whole, CUTS)) if index in self.cuts)


@dataclass
class Found:
    """What comparing some worlds found."""

    cases: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)
    told: dict[str, list[str]] = field(default_factory=dict)
    names: dict[str, list[str]] = field(default_factory=dict)

    def add(self, other: Found) -> None:
        """Take in what comparing others found."""
        self.cases += other.cases
        self.verdicts += other.verdicts
        for mine, theirs in ((self.told, other.told), (self.names, other.names)):
            for execution, several in theirs.items():
                mine.setdefault(execution, []).extend(several)


def looked_at(task: Task) -> Found:
    """Return what comparing the executions over the worlds of a task found."""
    found, verdict = Found(cases=task.cases), FIELDS.index("verdict")
    for one in task.worlds():
        for whole, executions in ((one, EXECUTIONS), (as_watched(one), LIVE)):
            answer, disagreements = compared(whole, executions)
            found.verdicts.update(str(row[verdict]) for row in answer)
            for disagreement in disagreements:
                name = disagreement.execution
                found.names.setdefault(name, []).append(repr(one))
                if name not in found.told:
                    found.told[name] = [report(whole, disagreement, executions)]
    return found


def tasks_of_worlds(cases: int, seed: int) -> list[Task]:
    """Return the worlds of a seed in tasks."""
    first = seed * SEEDS_APART
    return [
        Task(range(start, min(start + AT_A_TIME, first + cases))) for start in range(first, first + cases, AT_A_TIME)
    ]


def tasks_of_cuts() -> list[Task]:
    """Return a hundred cuts of each agreement in tasks."""
    names = [*REAL, *(str(number) for number in GENERATED)]
    shares = [range(start, start + CUTS_AT_A_TIME) for start in range(0, CUTS, CUTS_AT_A_TIME)]
    return [Task(agreement=name, cuts=share) for name in names for share in shares]


def run(tasks: Sequence[Task], workers: int) -> Found:
    """Return what comparing over all tasks found; shows its progress on a terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    found = Found()
    with (
        Progress(*columns, console=console, disable=not console.is_terminal) as progress,
        ProcessPoolExecutor(workers) as pool,
    ):
        shown = progress.add_task("worlds compared", total=sum(task.cases for task in tasks))
        for done in as_completed([pool.submit(looked_at, task) for task in tasks]):
            found.add(done.result())
            progress.update(shown, completed=found.cases)
    return found


def summary(found: Found, seconds: float) -> str:
    """Return what was looked at and what was found, for people."""
    rows = found.verdicts.total()
    shares = {verdict: found.verdicts[verdict.name] for verdict in Verdict}
    said = [
        f"{found.cases:,} cases in {seconds:,.0f} s, {rows:,} verdict rows of the reference, compared with:",
        "  " + ", ".join([*EXECUTIONS, *LIVE][1:]),
        "  " + ", ".join(f"{verdict.value} {100 * share / max(rows, 1):.1f} %" for verdict, share in shares.items()),
    ]
    if not found.names:
        return "\n".join([*said, "no disagreement"])
    for execution, names in found.names.items():
        told = "\n\n".join(found.told[execution][:MOST_TOLD])
        said += ["", f"{execution}: {len(names)} disagreements", *_listed(names), "", told]
    return "\n".join(said)


def _listed(names: Sequence[str]) -> list[str]:
    return ["  " + ", ".join(sorted(names)[:50]) + (" ..." if len(names) > 50 else "")]  # noqa: PLR2004  a screenful


def main() -> int:
    """Compare as asked on the command line; return 1 if any execution disagrees."""
    parser = ArgumentParser(prog="python -m bench.soak", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--cases", type=int, default=20_000, help="how many worlds")
    parser.add_argument("--seed", type=int, default=1, help="which worlds")
    parser.add_argument("--workers", type=int, default=2, help="how many processes")
    parser.add_argument("--cuts", action="store_true", help="instead, 204 agreements at 100 cuts each")
    asked = parser.parse_args()
    began = time.monotonic()
    tasks = tasks_of_cuts() if asked.cuts else tasks_of_worlds(asked.cases, asked.seed)
    found = run(tasks, asked.workers)
    print(summary(found, time.monotonic() - began))
    return 1 if found.names else 0


if __name__ == "__main__":
    sys.exit(main())
