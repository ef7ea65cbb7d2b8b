"""What is wrong with something a person gave us: where, what, why it matters and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One fault of one file. Line and column count from 1; 0 where the fault has no line.

    Printed as `file:line:col: what` followed by the remedy.
    """

    file: str
    line: int
    col: int
    what: str
    remedy: str = ""

    def __str__(self) -> str:
        """Return the fault as `file:line:col: what. Remedy`."""
        place = (
            self.file + (f":{self.line}" if self.line else "") + (f":{self.col}" if self.line and self.col else "")
        )
        return f"{place}: {self.what}" + (f"\n    {self.remedy}" if self.remedy else "")


class Refused(Exception):  # noqa: N818  the name says what happened, not that Python failed
    """Something given to us was refused, with all its faults at once."""

    def __init__(self, faults: list[Fault]) -> None:
        """Hold the faults, in the order of the files and their lines."""
        self.faults = tuple(sorted(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))


MOST_SHOWN = 12
"""More known words than these would hide the fault itself."""


def suggestion(word: str, known: Iterable[str]) -> str:
    """Return "did you mean ...?" with the nearest known words, or the known words where none is near."""
    words = sorted(known)
    near = get_close_matches(word, words, n=3, cutoff=0.6)
    if near:
        return "did you mean " + " or ".join(f"'{one}'" for one in near) + "?"
    shown = ", ".join(words[:MOST_SHOWN]) + (", ..." if len(words) > MOST_SHOWN else "")
    return f"known: {shown}" if words else "none is declared"
