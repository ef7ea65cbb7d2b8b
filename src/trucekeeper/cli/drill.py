"""`truce drill`: a mission's weeks drawn from a seed, with the truth of them beside; `truce score`: how it did."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trucekeeper.cli.files import MissionPath
from trucekeeper.cli.publishing import AsCsv, AsJson, For, Key

if TYPE_CHECKING:
    from trucekeeper.exercise.score import Row, Score


def drill(
    *,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="A new folder for it")],
    seed: Annotated[int, typer.Option("--seed", min=0, help="The same seed gives the same drill")] = 1,
    days: Annotated[int, typer.Option("--days", help="How many days")] = 30,
    difficulty: Annotated[str, typer.Option("--difficulty", help="easy, fair, hard or hostile")] = "fair",
    flood: Annotated[int | None, typer.Option("--flood", min=0, help="Copies of one invented claim")] = None,
    first_day: Annotated[str | None, typer.Option("--from", metavar="DAY", help="The first day, in the past")] = None,
) -> None:
    """Draw a drill: an agreement, what its sources tell, and beside it what really happened."""
    from trucekeeper.cli.progress import progress
    from trucekeeper.exercise.difficulty import difficulty as named
    from trucekeeper.exercise.drill import drill as draw
    from trucekeeper.exercise.drill import truth_of
    from trucekeeper.exercise.files import write_drill
    from trucekeeper.exercise.world import FIRST_DAY

    begins = FIRST_DAY if first_day is None else _day(first_day)
    drawn = draw(seed, days=days, difficulty=named(difficulty, flood=flood), first=begins)
    with progress("working out where everything truly stood") as told:
        truth = truth_of(drawn, progress=told)
    write_drill(drawn, truth, output)
    happened = len(drawn.true.acts)
    print(f"{output}: {happened} acts, {len(drawn.invented)} only claimed; {len(drawn.told)} reports; see README.md")


def score(
    mission: MissionPath,
    *,
    truth: Annotated[Path, typer.Option("--truth", metavar="DIR", help="The folder `truth` of the drill")],
    key: Key = None,
    audience: For = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Measure what a mission made of a drill against the truth of it, by party."""
    from trucekeeper.cli import tables
    from trucekeeper.cli.missions import opened
    from trucekeeper.cli.publishing import asker
    from trucekeeper.exercise.truth import read_truth
    from trucekeeper.mission.scoring import scored

    said = read_truth(truth)
    with opened(mission, None) as found:
        marked = scored(found, asker(found, key, audience), said)
    form = tables.form(as_json=as_json, as_csv=as_csv)
    rows = [
        {"party": one.party, "measure": one.measure, "count": one.count, "of": one.of} for one in marked.as_rows()
    ]
    if form is tables.Form.JSON:
        tables.show_json({"score": rows, "unreported": marked.unreported, "stray": list(marked.stray)})
    elif form is tables.Form.CSV:
        tables.show_csv(rows)
    else:
        _print_score(marked)


def _print_score(marked: Score) -> None:
    from rich.table import Table

    from trucekeeper.cli import tables

    table = Table("", *marked.columns, box=None)
    several = {(one.party, one.measure): one for one in marked.as_rows()}
    for measure in dict.fromkeys(one.measure for one in several.values()):
        cells = (several.get((party, measure)) for party in marked.columns)
        table.add_row(measure, *("" if one is None else _cell(one) for one in cells))
    tables.console().print(table)
    print(f"{marked.unreported} acts nobody told of")


def _cell(row: Row) -> str:
    return f"{row.count:,}" if not row.of else f"{row.count:,} of {row.of:,}"


def _day(text: str) -> date:
    from trucekeeper.agreement.rows import FIRST_YEAR, LAST_YEAR
    from trucekeeper.cli.files import refuse

    try:
        found = date.fromisoformat(text)
    except ValueError:
        refuse("--from", f"'{text[:80]}' is not a day", "write it as 2024-05-06")
    if not FIRST_YEAR <= found.year < LAST_YEAR:  # it may end in the year after
        refuse("--from", f"'{text[:80]}' is not in the years {FIRST_YEAR} to {LAST_YEAR}", "is the year right?")
    return found
