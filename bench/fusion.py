"""The benchmark of fusion: `python -m bench.fusion --reports 10000`.

    (a) how well reports are sorted into incidents, beside Splink 5 on DuckDB, a fixed window, and boosting that was
        shown the truth, at three densities of incidents a day and 1000 km2
    (b) what it costs if the error is declared half or twice as large, or a fifth of chaff is among the reports
    (c) what 3,000 reviewed pairs add
    (d) seconds and memory with a frozen model, and live: one report after the other, in three orders

Prints its tables, and last which of the bars hold. Scores are means over the seeds. Exit code 1 if a bar is missed.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.console import Console
from rich.table import Table

from bench.linkage import near_pairs, with_boosting, with_splink, with_window
from bench.log import CACHE, GeneratorAbsentError
from bench.measure import Task, call
from bench.reports import REPORTED, as_columns, reports, with_chaff
from bench.scores import Score, scored
from trucekeeper.fusion.clustering import partition
from trucekeeper.fusion.columns import NAMES, Codes, Columns
from trucekeeper.fusion.fitting import fit
from trucekeeper.fusion.live import Live
from trucekeeper.fusion.model import from_json, to_json
from trucekeeper.fusion.weights import Weigher

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from trucekeeper.fusion.decisions import Decision

DENSITIES = (10.0, 2.0, 0.3)
DENSE, MEDIUM = DENSITIES[:2]
REVIEWED = 3_000
OURS, SPLINK, WINDOW, CEILING = (
    "Trucekeeper",
    "Splink 5, best threshold",
    "window 5 km, 1 day",
    "boosting, with truth",
)
HALVED, DOUBLED, CHAFF, LABELLED = "declared half", "declared double", "a fifth of chaff", "3,000 reviewed pairs"
MILLION = 1_000_000
TIMED_SEED = 11
REPEATS = {DENSE: 0.21, MEDIUM: 0.34}
"""The most of adjacent days' incidents of one series that may be put in one, by density."""


@dataclass(frozen=True, slots=True)
class Bar:
    """What must hold, and whether it does."""

    says: str
    holds: bool


# ---- what is measured ----------------------------------------------------------------------------------------------


def ours(table: Any, declared: float = 1.0, decisions: Sequence[Decision] = ()) -> Any:  # noqa: ANN401  pandas, numpy
    """Return fusion's labels without labels, or with a reviewer's decisions to learn from."""
    columns, codes = as_columns(table, declared)
    return partition(columns, Weigher(fit(columns, codes, decisions), codes))


def reviewed(table: Any, seed: int) -> list[Decision]:  # noqa: ANN401
    """Return what a reviewer who knows says of pairs that the model weighs near nought and of others near."""
    one, two = near_pairs(table)
    columns, codes = as_columns(table)
    weigher = Weigher(fit(columns, codes), codes)
    weights = weigher.weigh(weigher.read(columns), one, two)
    likely = np.flatnonzero(weights > -2000)  # noqa: PLR2004  what a queue would show
    chosen = np.random.default_rng(seed).choice(likely, min(REVIEWED, len(likely)), replace=False)
    truth = table.inc.to_numpy()
    return [(int(one[at]), int(two[at]), bool(truth[one[at]] == truth[two[at]])) for at in chosen]


def sorted_by(name: str, size: int, density: float, seed: int) -> Score:
    """Return the score of one way to sort the reports of one seed."""
    table = reports(size, seed, density)
    ways: dict[str, Callable[[], Any]] = {
        OURS: lambda: ours(table),
        SPLINK: lambda: with_splink(table),
        WINDOW: lambda: with_window(table),
        CEILING: lambda: with_boosting(table, size, density),
        HALVED: lambda: ours(table, 0.5),
        DOUBLED: lambda: ours(table, 2.0),
        LABELLED: lambda: ours(table, decisions=reviewed(table, seed)),
    }
    if name == CHAFF:
        table = with_chaff(table, seed)
        return scored(table, ours(table))
    return scored(table, ways[name]())


def mean(scores: Sequence[Score]) -> Score:
    """Return the mean of scores."""
    names = ("precision", "recall", "b_precision", "b_recall", "repeats")
    return Score(*(fmean(getattr(one, name) for one in scores) for name in names))


# ---- seconds and memory --------------------------------------------------------------------------------------------


def kept(size: int, density: float) -> Path:
    """Return the folder with the columns of reports and a model learnt from them, made once."""
    folder = CACHE / f"fusion-{size}-{density}-{TIMED_SEED}"
    if not (folder / "model.json").exists():
        columns, codes = as_columns(reports(size, TIMED_SEED, density))
        folder.mkdir(parents=True, exist_ok=True)
        np.savez(folder / "columns.npz", **{name: getattr(columns, name) for name in NAMES})
        (folder / "codes.json").write_text(json.dumps([codes.kinds, codes.actors, codes.sources]), encoding="utf-8")
        (folder / "model.json").write_text(json.dumps(to_json(fit(columns, codes))), encoding="utf-8")
    return folder


def _taken(folder: str) -> tuple[Columns, Weigher]:
    arrays = np.load(Path(folder) / "columns.npz")
    columns = Columns(*(arrays[name] for name in NAMES))
    kinds, actors, sources = json.loads((Path(folder) / "codes.json").read_text(encoding="utf-8"))
    codes = Codes(tuple(kinds), tuple(actors), tuple(sources))
    model = from_json(json.loads((Path(folder) / "model.json").read_text(encoding="utf-8")))
    return columns, Weigher(model, codes)


def frozen(folder: str) -> list[float]:
    """Return the seconds by the clock and of CPU to cluster reports with a frozen model, and how many incidents."""
    columns, weigher = _taken(folder)
    begun, cpu = time.perf_counter(), time.process_time()
    labels = partition(columns, weigher)
    return [time.perf_counter() - begun, time.process_time() - cpu, len(np.unique(labels))]


def live(folder: str, order: str) -> list[float]:
    """Return p50, p99 and the most milliseconds a report took, p99 of CPU, and whether batch comes to the same."""
    columns, weigher = _taken(folder)
    rows = {"arrival": np.arange(len(columns)), "reversed": np.arange(len(columns))[::-1]}
    rows["shuffled"] = np.random.default_rng(TIMED_SEED).permutation(len(columns))
    following, took, worked = Live(weigher), [], []
    for row in rows[order].tolist():
        one = columns.some(slice(row, row + 1))
        begun, cpu = time.perf_counter(), time.process_time()
        following.add(one)
        took.append(1000 * (time.perf_counter() - begun))
        worked.append(1000 * (time.process_time() - cpu))
    labels = {key: least for least, keys in following.incidents.items() for key in keys}
    same = [labels[key] for key in columns.key.tolist()] == partition(columns, weigher).tolist()
    p50, p99 = (float(np.percentile(took, share)) for share in (50, 99))
    return [p50, p99, max(took), float(np.percentile(worked, 99)), float(same)]


# ---- the bars ------------------------------------------------------------------------------------------------------


def accuracy_bars(found: dict[tuple[str, float], Score]) -> list[Bar]:
    """Return the bars on how well reports are sorted."""
    bars = []
    for density in sorted({density for _, density in found}, reverse=True):
        at = {name: found[name, density] for name, one in found if one == density}
        plain = at[OURS]
        bars += [
            _bar(f"{density:g}: above Splink by", plain.f1 - at[SPLINK].f1, least=0.12),
            _bar(f"{density:g}: below the ceiling by", at[CEILING].f1 - plain.f1, most=0.10),
            _bar(f"{density:g}: double costs", plain.f1 - at[DOUBLED].f1, most=0.06),
            _bar(f"{density:g}: half costs", plain.f1 - at[HALVED].f1, most=0.03),
            _bar(f"{density:g}: chaff costs", plain.f1 - at[CHAFF].f1, most=0.02),
            _bar(f"{density:g}: with labels below the ceiling by", at[CEILING].f1 - at[LABELLED].f1, most=0.07),
        ]
        if density in REPEATS:
            bars.append(_bar(f"{density:g}: repeats falsely merged", plain.repeats, most=REPEATS[density]))
    return bars


def _bar(says: str, value: float, *, least: float | None = None, most: float | None = None) -> Bar:
    limit = f"at least {least:g}" if least is not None else f"at most {most:g}"
    holds = (least is None or value >= least) and (most is None or value <= most)
    return Bar(f"{says} {value:.3f} ({limit})", holds)


# ---- the command ---------------------------------------------------------------------------------------------------


def _sorting(asked: argparse.Namespace, console: Console) -> list[Bar]:
    found: dict[tuple[str, float], Score] = {}
    for density in asked.density:
        for name in (OURS, SPLINK, WINDOW, CEILING, HALVED, DOUBLED, CHAFF, LABELLED):
            with console.status(f"{name} at {density:g}"):
                found[name, density] = mean([sorted_by(name, asked.reports, density, seed) for seed in asked.seed])
            console.print(f"{density:g}, {name}: F1 {found[name, density].f1:.3f}", highlight=False)
    title = f"{asked.reports:,} reports, seeds {', '.join(map(str, asked.seed))}"
    table = Table("density", "by", "precision", "recall", "F1", "B3 F1", "repeats merged", title=title)
    for (name, density), score in found.items():
        values = (score.precision, score.recall, score.f1, score.b_f1, score.repeats)
        table.add_row(f"{density:g}", name, *(f"{value:.3f}" for value in values))
    console.print(table)
    return accuracy_bars(found)


def _timing(asked: argparse.Namespace, console: Console) -> list[Bar]:
    table, bars = Table("what", "reports", "measured"), []
    for size in asked.frozen:
        folder = kept(size, DENSE)
        run = call(Task("frozen", "bench.fusion", "frozen", (str(folder),)))
        seconds, cpu, incidents = run.answer
        measured = f"{seconds:.1f} s ({cpu:.1f} s of CPU), {run.peak / 1e6:,.0f} MB, {incidents:,.0f} incidents"
        table.add_row("frozen model", f"{size:,}", measured)
        if size >= MILLION:
            bars.append(_bar(f"{size:,} reports, seconds", seconds, most=15))
            bars.append(_bar(f"{size:,} reports, GB", run.peak / 1e9, most=1.5))
    for size, orders in ((asked.live, ("arrival",)), (min(asked.live, asked.reports), ("shuffled", "reversed"))):
        for order in orders if size else ():
            p50, p99, most, cpu, same = call(
                Task("live", "bench.fusion", "live", (str(kept(size, DENSE)), order))
            ).answer
            measured = f"p50 {p50:.1f} ms, p99 {p99:.1f} ms (CPU {cpu:.1f}), most {most:.0f} ms"
            table.add_row(f"live, {order}", f"{size:,}", measured)
            bars.append(Bar(f"live, {order}: {size:,} as in one batch", bool(same)))
            bars.append(_bar(f"live, {order}: p99 ms", p99, most=10))
            bars.append(_bar(f"live, {order}: most ms", most, most=100))
    console.print(table)
    return bars


def _asked(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.fusion", description="Measure fusion beside its peers.")
    parser.add_argument("--reports", type=int, default=10_000, help="reports that are scored")
    parser.add_argument("--density", type=float, nargs="*", default=DENSITIES, help="incidents a day and 1000 km2")
    parser.add_argument("--seed", type=int, nargs="*", default=REPORTED, help="of the generator")
    parser.add_argument("--frozen", type=int, nargs="*", default=(MILLION,), help="reports that are timed in a batch")
    parser.add_argument("--live", type=int, default=100_000, help="reports that are timed one by one; 0 for none")
    return parser.parse_args(words)


def main(words: Sequence[str]) -> int:
    """Measure what is asked for, print it, and say which bars hold; return the exit code."""
    console, asked = Console(), _asked(words)
    try:
        bars = [*(_sorting(asked, console) if asked.density else ()), *_timing(asked, console)]
    except GeneratorAbsentError as error:
        console.print(str(error), soft_wrap=True)
        return 2
    missed = [bar.says for bar in bars if not bar.holds]
    for bar in bars:
        console.print(f"{'holds ' if bar.holds else 'MISSED'}  {bar.says}", soft_wrap=True)
    console.print(
        f"{len(bars) - len(missed)} of {len(bars)} bars hold" + "".join(f"; missed: {one}" for one in missed)
    )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
