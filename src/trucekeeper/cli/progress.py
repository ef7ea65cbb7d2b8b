"""A bar for long work, on a terminal only: what goes into a file or another program is never disturbed."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def progress(says: str) -> Iterator[Callable[[int, int | None], None]]:
    """Yield what to tell how much of how much is done; it draws a bar on a terminal's standard error."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(says, total=None)
        yield lambda done, whole: bar.update(task, completed=done, total=whole)
