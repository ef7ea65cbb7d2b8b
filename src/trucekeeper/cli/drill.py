"""`truce drill`: a mission's weeks drawn from a seed, with the truth of them beside."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer


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


def _day(text: str) -> date:
    from trucekeeper.cli.files import refuse

    try:
        return date.fromisoformat(text)
    except ValueError:
        refuse("--from", f"'{text[:80]}' is not a day", "write it as 2024-05-06")
