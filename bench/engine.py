"""The benchmark of the engine: `uv run python -m bench.engine`.

    (a) the narrow log of four whole numbers, beside DuckDB, Polars and plain Python written by hand
    (b) the same log in the documented facts format, with corrections, retractions, late and doubtful facts
    (c) an agreement of all eight kinds with excuses, readings, powers and amendments
    (d) the same, live
    (e) points in zones, beside geopandas

Prints its tables and writes them to `bench/RESULTS.md`. With `--only` the other parts of that file stay as they are.
What is compared was measured in turn in one run. Exit code 1 if anybody's counts differ, 2 if something given is
wrong.
"""

from __future__ import annotations

import argparse
import math
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from bench import history, log, wide
from bench.measure import CallFailedError, Measured, Task, machine, together

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

RESULTS = Path(__file__).resolve().parent / "RESULTS.md"
MILLION = 1_000_000
KNOWN_COUNTS = {10 * MILLION: [174266, 3672, 39599, 14, 3368]}
"""What the properties of the narrow log come to, by its nominal size, for the seed that is drawn here."""
PEER = "DuckDB"
OURS = "Trucekeeper"
FEW, MANY = 5, 50
"""Clauses between which growth is measured."""
HEAD = """\
# What the engine takes

Written by `uv run python -m bench.engine`, which says at its head what the parts are. Each call ran in a process of
its own, in turn with those it is compared with; clocks start when the code is loaded, and reading the file counts.
Cold is one call with the file dropped from the system's memory; all else are medians of warm calls. CPU seconds are
those of all threads and processes, memory is the most that these held together. Parts may be of different runs;
ratios are within one.
"""


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for on the command line."""

    sizes: tuple[int, ...]
    parts: str
    runs: int
    generator: Path
    python_at_any_size: bool
    told: Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the results: a table and what is to be said below it."""

    letter: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()


class CountsDifferError(Exception):
    """Two of those measured do not count the same, or not what is known."""


# ---- the parts -----------------------------------------------------------------------------------------------------

COLUMNS = ("facts", "by", "CPU s", "wall s", "cold s", "memory", "facts per CPU s")


def narrow(options: Options) -> Part:
    """Measure (a): the narrow log beside its peers, then its growth with facts and with clauses."""
    measured = {size: together(_narrow_tasks(size, options), options.runs, options.told) for size in options.sizes}
    for size, several in measured.items():
        same_counts(size, several)
    rows = [(*_row(size, one), _ratio(one, several)) for size, several in measured.items() for one in several]
    notes = [*_growth(measured), *_growth_with_clauses(options)]
    return Part("a", "the narrow log", (*COLUMNS, f"of {PEER}'s CPU"), tuple(rows), tuple(notes))


def _narrow_tasks(size: int, options: Options) -> list[Task]:
    file = log.narrow(size, path=options.generator)
    given, files = (str(file), log.threshold(size)), (file,)
    tasks = [
        Task(PEER, "bench.peers", "with_duckdb", given, files),
        Task("Polars", "bench.peers", "with_polars", given, files),
    ]
    if size <= MILLION or options.python_at_any_size:
        tasks.append(Task("plain Python", "bench.plain", "with_python", given, files))
    return [*tasks, _ours_narrow(file, size, FEW)]


def _ours_narrow(file: Path, size: int, clauses: int) -> Task:
    name = OURS if clauses == FEW else f"{OURS}, {clauses} clauses"
    return Task(name, "bench.ours", "narrow", (str(file), size, clauses, _verdicts(file)), (file,))


def _growth_with_clauses(options: Options) -> list[str]:
    size = min(options.sizes)
    file = log.narrow(size, path=options.generator)
    tasks = [_ours_narrow(file, size, clauses) for clauses in (FEW, MANY)]
    several = together(tasks, options.runs, options.told)
    if len(several) < len(tasks):
        return []
    few, many = several
    return [f"{OURS}, {size:,} facts, from {FEW} to {MANY} clauses: {many.cpu / few.cpu:.1f} times the CPU seconds."]


def documented(options: Options) -> Part:
    """Measure (b): the documented facts format, with every revision, and resolved beforehand."""
    measured: dict[int, list[Measured]] = {}
    for size in options.sizes:
        told, resolved = wide.as_told(size, path=options.generator), wide.resolved(size, path=options.generator)
        tasks = [
            Task(f"{OURS}, as told", "bench.ours", "wide", (str(told), size, _verdicts(told)), (told,)),
            Task(
                f"{OURS}, resolved", "bench.ours", "resolved", (str(resolved), size, _verdicts(resolved)), (resolved,)
            ),
        ]
        measured[size] = together(tasks, options.runs, options.told)
        same_counts(size, measured[size], known=False)
    rows = [_row(size, one) for size, several in measured.items() for one in several]
    return Part("b", "the same log in the documented format", COLUMNS, tuple(rows), tuple(_growth(measured)))


def eight_kinds(options: Options) -> Part:
    """Measure (c): all eight kinds, by a history of at most a million facts."""
    size = min(*options.sizes, MILLION)
    file = history.mixed(size)
    task = Task(OURS, "bench.ours", "mixed", (str(file), _verdicts(file)), (file,))
    several = together([task], options.runs, options.told)
    notes = [f"Stands by verdict: {one.answer['counts']}." for one in several]
    return Part("c", "all eight kinds", COLUMNS, tuple(_row(size, one) for one in several), tuple(notes))


def live(options: Options) -> Part:
    """Measure (d): that history told revision by revision."""
    size = min(*options.sizes, MILLION)
    file = history.mixed(size)
    task = Task("live", "bench.ours", "live", (str(file),), (file,))
    several = together([task], options.runs, options.told)
    took = [row for one in several for row in (("CPU s", f"{one.cpu:.2f}"), ("memory", _memory(one)))]
    return Part("d", "all eight kinds, live", ("what", "measured"), (*_answered(several), *took))


def zones(options: Options) -> Part:
    """Measure (e): points in zones."""
    several = together([Task("zones", "bench.zones", "zones")], options.runs, options.told)
    return Part("e", "points in zones", ("what", "measured"), tuple(_answered(several)))


PARTS: dict[str, Callable[[Options], Part]] = {
    "a": narrow,
    "b": documented,
    "c": eight_kinds,
    "d": live,
    "e": zones,
}

# ---- what they have in common --------------------------------------------------------------------------------------


def _verdicts(file: Path) -> str:
    """Return where the verdict rows go; the last call's stay there to be looked at."""
    return str(file.with_suffix(".verdicts.parquet"))


def same_counts(size: int, several: Sequence[Measured], *, known: bool = True) -> None:
    """Hold that all count the same, and what is known where it is. Raises CountsDifferError."""
    counted = {one.task.name: _counts(one) for one in several}
    if known and size in KNOWN_COUNTS:
        counted["known"] = KNOWN_COUNTS[size]
    if len({tuple(one) for one in counted.values()}) > 1:
        raise CountsDifferError(f"the counts at {size:,} facts differ: {counted}")


def _counts(one: Measured) -> list[int]:
    answer = one.answer
    return list(answer["counts"] if isinstance(answer, dict) else answer)


def _row(size: int, one: Measured) -> tuple[str, ...]:
    rate = f"{size / one.cpu / MILLION:.1f} M" if size >= MILLION * one.cpu else f"{size / one.cpu:,.0f}"
    seconds = (f"{one.cpu:.2f}", f"{one.wall:.2f}", f"{one.cold.wall:.2f}")
    return (f"{size:,}", one.task.name, *seconds, _memory(one), rate)


def _memory(one: Measured) -> str:
    return f"{one.peak / 1e6:,.0f} MB"


def _ratio(one: Measured, several: Sequence[Measured]) -> str:
    peer = next((other for other in several if other.task.name == PEER), None)
    return "" if peer is None else f"{one.cpu / peer.cpu:.2f}"


def _growth(measured: dict[int, list[Measured]]) -> list[str]:
    """Return how CPU seconds grew from the smallest to the largest log, beside n log n."""
    least, most = min(measured), max(measured)
    if least == most:
        return []
    allowed = most * math.log(most) / (least * math.log(least))
    before = {one.task.name: one.cpu for one in measured[least]}
    words = [
        f"{one.task.name} {one.cpu / before[one.task.name]:.1f}" for one in measured[most] if one.task.name in before
    ]
    if not words:
        return []
    return [f"From {least:,} to {most:,} facts the CPU seconds grew by: {', '.join(words)} (n log n: {allowed:.1f})."]


def _answered(several: Sequence[Measured]) -> Iterable[tuple[str, str]]:
    """Yield what the calls of one task answered, numbers as medians."""
    for one in several:
        answers = [dict(_flat(run.answer)) for run in one.warm]
        for key, value in answers[0].items():
            yield key, _shown(median(answer[key] for answer in answers) if _is_number(value) else value)


def _flat(answer: Mapping[str, Any], above: str = "") -> Iterable[tuple[str, Any]]:
    """Yield every answer by a name of its own: that of what it is part of stands before it."""
    for key, value in answer.items():
        name = f"{above}{key.replace('_', ' ')}"
        if isinstance(value, dict):
            yield from _flat(value, f"{name}: ")
        else:
            yield name, value


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _shown(value: Any) -> str:  # noqa: ANN401  a measured function's answer
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"  # noqa: PLR2004  four digits say enough
    return f"{value:,}" if isinstance(value, int) else str(value)


# ---- how it is shown -----------------------------------------------------------------------------------------------


def _rich(part: Part) -> Table:
    table = Table(*part.columns, title=f"({part.letter}) {part.title}")
    for row in part.rows:
        table.add_row(*row)
    return table


def _markdown(part: Part) -> str:
    lines = [f"## ({part.letter}) {part.title}", ""]
    if part.rows:
        numeric = [
            all(re.fullmatch(r"[\d,.]+( \w+)?", row[at]) for row in part.rows) for at in range(len(part.columns))
        ]
        rule = "|".join("---:" if right else "---" for right in numeric)
        lines += [f"| {' | '.join(part.columns)} |", f"|{rule}|", *(f"| {' | '.join(row)} |" for row in part.rows)]
    else:
        lines += ["Not built yet."]
    return "\n".join([*lines, *(f"\n{note}" for note in part.notes)]) + "\n"


def written(parts: Sequence[Part], before: str, system: dict[str, str]) -> str:
    """Return the text of the results: these parts, and those that `before` has besides."""
    sections = {found[1]: found[0] for found in re.finditer(r"(?ms)^## \((\w)\).*?(?=^## \(|\Z)", before)}
    sections |= {part.letter: _markdown(part) for part in parts}
    lines = [f"| {name} | {value} |" for name, value in system.items()]
    table = "\n".join(["| machine | |", "|---|---|", *lines]) + "\n"
    return "\n".join([HEAD, table, *(sections[letter].rstrip("\n") + "\n" for letter in sorted(sections))])


# ---- the command ---------------------------------------------------------------------------------------------------


def size_of(text: str) -> int:
    """Return a number of facts: 10000000, 10M or 1e7."""
    try:
        size = int(float(text.removesuffix("M")) * (MILLION if text.endswith("M") else 1))
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"'{text}' is no number of facts: write it as 10M") from error
    if size < 1:
        raise argparse.ArgumentTypeError("a log has at least one fact")
    return size


def parts_of(text: str) -> str:
    """Return the letters of some parts, in their order."""
    if not text or set(text) - set(PARTS):
        raise argparse.ArgumentTypeError(f"'{text}' is no part: they are {', '.join(PARTS)}")
    return "".join(sorted(set(text)))


def _asked(arguments: Sequence[str], told: Callable[[str], None]) -> Options:
    parser = argparse.ArgumentParser(prog="bench.engine", description="Measure the engine beside its peers.")
    parser.add_argument("--size", type=size_of, action="append", help="facts, such as 10M; repeat for several")
    parser.add_argument("--only", type=parts_of, default="".join(PARTS), help="of the parts a to e, such as ab")
    parser.add_argument("--runs", type=int, default=5, choices=range(1, 100), metavar="N", help="warm calls of each")
    parser.add_argument("--generator", type=Path, default=log.GENERATOR, help="the file that makes the narrow log")
    parser.add_argument("--all", action="store_true", help="plain Python at every size")
    given = parser.parse_args(arguments)
    sizes = tuple(sorted(set(given.size or (MILLION, 10 * MILLION))))
    return Options(sizes, given.only, given.runs, given.generator, given.all, told)


def main(arguments: Sequence[str]) -> int:
    """Measure what is asked for, print it, and write it down; return the exit code."""
    console = Console()
    with console.status("") as status:
        options = _asked(arguments, status.update)
        try:
            for letter in options.parts:
                part = PARTS[letter](options)
                console.print(_rich(part), *part.notes, sep="\n")
                _write_down(part)
        except log.GeneratorAbsentError as error:
            console.print(str(error), soft_wrap=True)
            return 2
        except (CallFailedError, CountsDifferError) as error:
            console.print(str(error), soft_wrap=True)
            return 1
    console.print(f"written to {RESULTS}", soft_wrap=True)
    return 0


def _write_down(part: Part) -> None:
    before = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else ""
    RESULTS.write_text(written([part], before, machine()), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
