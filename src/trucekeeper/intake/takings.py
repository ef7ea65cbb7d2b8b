"""Takings: from which cells of a row a mapping file takes what, and the words it reads in them.

    north                                        said of every row: a constant
    {column: Type}                               the cell of a column
    {column: Type, words: {tiro: gunfire}}       the cell, in other words; a cell not listed refuses the row
    {columns: [Side A, Side B]}                  several cells
    {column: Heard from, split: ";"}             one cell that lists several
    {column: Date, clock: Time, format: day-first}                  a day or time (`trucekeeper.intake.written`)
    {column: First day, last: Last day, format: [iso, day-first]}   several days, the last one whole

A constant that is the name of a column is refused: nobody could tell which was meant.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from trucekeeper.intake.written import FORMATS, at_clock, told
from trucekeeper.terms import Fault, Refused
from trucekeeper.terms.faults import suggestion
from trucekeeper.terms.moments import moment_of, write_moment

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from trucekeeper.intake.records import Record
    from trucekeeper.intake.setting import Setting
    from trucekeeper.journal.canonical import Json

MAPPING = "mapping file"
_KEYS = ("column", "columns", "words", "split", "format", "clock", "last")


@dataclass(frozen=True, slots=True)
class Taking:
    """From where one thing is taken. `key` is what it is called in the mapping file."""

    key: str
    columns: tuple[str, ...] = ()
    constant: Json = None
    words: Mapping[str, Json] | None = None
    split: str = ""
    formats: tuple[str, ...] = ()
    clock: str = ""
    last: str = ""

    @staticmethod
    def read(said: Json, key: str) -> Taking:
        """Return what a mapping file says. Raises Refused."""
        if not isinstance(said, dict):
            return Taking(key, constant=said)
        for name in set(said) - set(_KEYS):
            raise misread(f"{key}: '{name}' says nothing here", suggestion(name, _KEYS))
        columns = said.get("columns", [said["column"]] if "column" in said else [])
        formats = said.get("format", [])
        formats = formats if isinstance(formats, list) else [formats]
        words = said.get("words")
        if not isinstance(columns, list) or not columns or not all(isinstance(one, str) for one in columns):
            raise misread(f"{key}: it names no column", "write {column: NAME}, or a constant")
        if words is not None and not isinstance(words, dict):
            raise misread(f"{key}: 'words' is no list of pairs", "write words: {cell: meaning}")
        for one in formats:
            if not isinstance(one, str) or (one not in FORMATS and "%" not in one):
                raise misread(f"{key}: '{one}' is no format", suggestion(str(one), FORMATS))
        if {"day-first", "month-first"} <= set(formats):
            raise misread(f"{key}: day first and month first at once", "keep the one that the source writes")
        return Taking(
            key,
            columns=tuple(str(one) for one in columns),
            words=words,
            split=str(said.get("split", "")),
            formats=tuple(str(one) for one in formats),
            clock=str(said.get("clock", "")),
            last=str(said.get("last", "")),
        )

    def named(self) -> tuple[str, ...]:
        """Return every column that it names."""
        return (*self.columns, *(one for one in (self.clock, self.last) if one))

    def faults(self, header: Collection[str]) -> Iterator[Fault]:
        """Yield what is wrong with it for a file of these columns."""
        for name in self.named():
            if name not in header:
                what = f"{self.key}: the file has no column '{name}': nothing of it is used"
                yield Fault(MAPPING, 0, 0, what, suggestion(name, header))
        if isinstance(self.constant, str) and self.constant in header:
            what = f"{self.key}: '{self.constant}' is a column, and would be said of every row as it stands"
            yield Fault(MAPPING, 0, 0, what, f"write {{column: {self.constant}}}")

    def cells(self, record: Record) -> list[tuple[str, Json]]:
        """Return the columns and what their cells say, in our words; those without content left out.

        Raises ValueError for a cell of which the mapping does not say what it means.
        """
        if not self.columns:
            return [] if self.constant is None else [("", self.constant)]
        found: list[tuple[str, Json]] = []
        for column in self.columns:
            cell = record.cells.get(column, "")
            several = cell.split(self.split) if self.split else [cell]
            found += [(column, self._meaning(text)) for one in several if (text := one.strip())]
        return [(column, meaning) for column, meaning in found if meaning is not None]

    def _meaning(self, text: str) -> Json:
        if self.words is None:
            return text
        if text not in self.words:
            raise ValueError(f"'{text[:60]}' is none of the words that the mapping has for it: {_listed(self.words)}")
        return self.words[text]

    def value(self, record: Record) -> Json:
        """Return what the first cell with content says, None if none has. Raises ValueError."""
        return next((meaning for _, meaning in self.cells(record)), None)

    def text(self, record: Record) -> str:
        """Return the cells as one text, "" if they have no content. Raises ValueError."""
        return "\n".join(str(meaning) for _, meaning in self.cells(record))

    def texts(self, record: Record) -> list[str]:
        """Return the cells as texts. Raises ValueError."""
        several = [meaning for _, meaning in self.cells(record)]
        return [str(one) for meaning in several for one in (meaning if isinstance(meaning, list) else [meaning])]

    def time(self, record: Record, setting: Setting) -> dict[str, Json]:
        """Return when it was, as columns of the facts format; {} if the cell is empty. Raises ValueError."""
        text = self.text(record)
        if not text:
            return {}
        formats = ("iso",) if self.columns and self.columns[0] in record.typed else self.formats
        first = told(text, formats)
        last = record.cells.get(self.last, "") if self.last else ""
        clock = record.cells.get(self.clock, "") if self.clock else ""
        if clock:
            return _told(at_clock(first, clock), setting)
        if not last:
            return _told(first, setting)
        end = told(last, ("iso",) if self.last in record.typed else self.formats)
        return {**_bounds(first, setting, "earliest"), **_bounds(end, setting, "latest")}

    def moment(self, record: Record, setting: Setting) -> str:
        """Return the moment by which it was over: a day's end; "" if the cell is empty. Raises ValueError."""
        found = self.time(record, setting)
        return str(found.get("latest", found.get("at", "")))


def _told(found: date | datetime, setting: Setting) -> dict[str, Json]:
    if not isinstance(found, datetime):
        return setting.days(found)
    return setting.clock(found) if found.tzinfo is None else {"at": write_moment(moment_of(found))}


def _bounds(found: date | datetime, setting: Setting, end: str) -> dict[str, Json]:
    told_ = _told(found, setting)
    return {end: told_.get(end, told_.get("at"))}


def _listed(words: Mapping[str, Json]) -> str:
    several = ", ".join(f"'{word}'" for word in list(words)[:12])
    return several + (", ..." if len(words) > 12 else "")  # noqa: PLR2004  as many as a line holds


def misread(what: str, remedy: str) -> Refused:
    """Return the refusal of a mapping file."""
    return Refused([Fault(MAPPING, 0, 0, what, remedy)])
