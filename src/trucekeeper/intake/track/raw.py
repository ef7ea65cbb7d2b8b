"""Fixes as a file states them: rows in columns, and the table of the devices' names, which go no further."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from trucekeeper.terms import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from trucekeeper.intake.opening import Part
    from trucekeeper.intake.track.settings import Settings
    from trucekeeper.terms import Moment

Wholes: TypeAlias = "NDArray[np.int64]"

CHUNK = 1 << 16
"""So many rows of a file are read before they go on."""

UNSAID = -1
"""The accuracy of a fix that does not say."""

MOST_DEVICES = 1_000_000
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True, eq=False)
class Raw:
    """Some rows: the device by its number, when, where in 1e-7 degree, how accurate, and in which line."""

    device: Wholes
    time_us: Wholes
    lat_e7: Wholes
    lon_e7: Wholes
    accuracy_m: Wholes
    line: Wholes

    @staticmethod
    def of(rows: list[tuple[int, int, int, int, int, int]]) -> Raw:
        """Return the rows given one by one, in the order of the columns."""
        return Raw(*np.array(rows, dtype=np.int64).reshape(-1, 6).T)

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(self.device)

    def some(self, rows: NDArray[np.bool_]) -> Raw:
        """Return some of the rows."""
        return Raw(
            self.device[rows],
            self.time_us[rows],
            self.lat_e7[rows],
            self.lon_e7[rows],
            self.accuracy_m[rows],
            self.line[rows],
        )


@dataclass(slots=True)
class Devices:
    """The devices met so far, by their names as the files have them."""

    numbers: dict[str, int] = field(default_factory=dict)

    def number(self, name: str) -> int:
        """Return the number of a device. Raises ValueError, without the name, for what names none."""
        found = self.numbers.get(name)
        if found is None:
            name = name.strip()
            if not name or len(name) > _LONGEST_NAME:
                raise ValueError("it names no device: set the row right, or leave it out")
            if len(self.numbers) >= MOST_DEVICES:
                raise ValueError("there are more than a million devices: is the right column taken for the device's?")
            found = self.numbers.setdefault(name, len(self.numbers))
        return found


@dataclass(slots=True)
class Reading:
    """One part of a file being read, and what everything that reads it must know."""

    part: Part
    settings: Settings
    devices: Devices
    base_time: Moment | None
    aircraft: bool = False
    """Set by a reader whose devices fly."""
    lines: bool = True
    """Whether a row's number is that of a line; else it is counted among the rows."""
    without_place: int = 0
    """Rows that state no position, as most of a receiver's log does not."""
    _rows: list[tuple[int, int, int, int, int, int]] = field(default_factory=list)

    def fault(self, line: int, error: object, *, sort: str = "") -> None:
        """Add the fault of a row from `what: remedy`; the sort is what stands before any value in quotes."""
        what, _, remedy = str(error).rpartition(": ")
        what, remedy = (what, remedy) if what else (remedy, "")
        fault = self.located(line, what, remedy)
        self.part.opening.faults.add(fault, sort=sort or what.split("'")[0])

    def located(self, line: int, what: str, remedy: str) -> Fault:
        """Return a fault at a line, or at a row where the file has no lines of its own."""
        if self.lines:
            return Fault(self.part.name, line, 0, what, remedy)
        return Fault(self.part.name, 0, 0, f"row {line}: {what}", remedy)

    def refuse(self, what: str, remedy: str) -> None:
        """Refuse the part as a whole."""
        self.part.fault(what, remedy)

    def note(self, said: str) -> None:
        """Add a note on the part."""
        self.part.opening.notes.append(f"{self.part.name}: {said}")

    def take(self, row: tuple[int, int, int, int, int, int]) -> Iterator[Raw]:
        """Take one row, and yield those gathered once they are many."""
        self._rows.append(row)
        if len(self._rows) >= CHUNK:
            yield self.gathered()

    def gathered(self) -> Raw:
        """Return the rows gathered, and begin anew."""
        rows, self._rows = self._rows, []
        return Raw.of(rows)
