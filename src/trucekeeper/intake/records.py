"""Records: the rows of tables as texts by column, each with its line and its words as they stood.

Whatever a file is (text with delimiters, a workbook, JSON), a reader gets the same: a `Record` for each row that can
be told from its neighbours, a `Fault` for one that cannot, and goes on after it. Nothing is computed: a cell that
begins with `=`, `+`, `-` or `@` in a text file is that text, and a formula in a workbook refuses its row, because
what it shows was worked out elsewhere and would not be what the source wrote.

A row whose own words are longer than `LONGEST_KEPT`, or hold characters that no text of ours holds, is kept as
evidence, byte for byte, and not in the statement.
"""

from __future__ import annotations

import csv
import json
import unicodedata
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict

from trucekeeper.agreement.rows import Where
from trucekeeper.intake.opening import Opening
from trucekeeper.terms import Fault
from trucekeeper.terms.faults import suggestion
from trucekeeper.terms.texts import fit, unfit

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from trucekeeper.intake.opening import Part
    from trucekeeper.intake.said import Row, Said
    from trucekeeper.intake.setting import Setting

LONGEST_KEPT = 20_000
"""Bytes. An entry of the record has at most 65,535, and so many leave room for all else that it says."""
LONGEST_ROW = 200
"""Lines. A quoted cell with a letter in it has fewer; more mean that a quote was never closed."""
LARGEST_ROW = 1 << 20
"""Characters."""
DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


@dataclass(frozen=True, slots=True)
class Record:
    """One row: its cells by column, those without content left out. `typed` are those that a workbook dates."""

    where: Where
    cells: Mapping[str, str]
    original: str
    typed: frozenset[str] = frozenset()


class Kept(TypedDict, total=False):
    """How the row itself is kept: in the statement, or as evidence."""

    original: str
    attachments: tuple[bytes, ...]


def kept(original: str) -> Kept:
    """Return how a row's own words are kept."""
    if unfit(original) or len(json.dumps(original, ensure_ascii=False).encode()) > LONGEST_KEPT:
        return {"attachments": (original.encode(errors="surrogatepass"),)}
    return {"original": original}


def each_part(
    paths: Sequence[Path], setting: Setting, read: Callable[[Part, str], Iterator[Said | Row | Fault]]
) -> Iterator[Said | Row | Fault]:
    """Yield what a reader makes of every file and of every member of those that are packed, and how each was cut.

    The reader is handed each part and the name by which its rows are known.
    """
    for path in paths:
        opening = Opening(path)
        for part in opening.parts():
            yield from read(part, path.name + part.name.removeprefix(str(path)))
        yield from opening.faults.all()
        for note in opening.notes:
            setting.note(note)


def tabled(
    paths: Sequence[Path], setting: Setting, columns: Sequence[str], said: Callable[[Record], Said]
) -> Iterator[Said | Row | Fault]:
    """Yield the report of every row of tables that have these columns. `said` raises ValueError for a bad row."""

    def read(part: Part, file: str) -> Iterator[Said | Fault]:
        table = Delimited(part, file)
        faults = table.faults(columns)
        if faults:
            yield from faults
            return
        setting.note(table.said())
        for record in table.records():
            if isinstance(record, Fault):
                yield record
                continue
            try:
                yield said(record)
            except ValueError as error:
                yield record.where.fault("", str(error), "the row was left out")

    yield from each_part(paths, setting, read)


def whole_text(part: Part, setting: Setting) -> str | None:
    """Return a part that can only be read as a whole; None, with a fault, if it cannot. Not UTF-8, it is Latin-1."""
    document = part.document()
    if document is None:
        return None
    try:
        return document.decode()
    except UnicodeDecodeError:
        setting.note(f"{part.name}: not UTF-8, and read as Latin-1")
        return document.decode("latin-1")


def missing(header: Collection[str], needed: Iterable[str], where: Where) -> list[Fault]:
    """Return a fault for each column without which nothing of the file can be used."""
    return [
        where.fault("", f"the column '{name}' is missing: nothing of the file is used", suggestion(name, header))
        for name in needed
        if name not in header
    ]


def clean(cell: str) -> str:
    """Return a cell as words are kept: NFC, no blanks at its ends, nothing that could rewrite a screen."""
    return unicodedata.normalize("NFC", fit(cell)).strip()


# ---- text with delimiters ------------------------------------------------------------------------------------------


class Delimited:
    """A table as text. `header` is read when it is made; None if there is none to read."""

    def __init__(self, part: Part, file: str, *, delimiter: str = "", header_line: int = 1) -> None:
        """Read up to the header, which stands in this line, and decide what delimits the cells if nobody says."""
        self.file, self._feed = file, _Feed(part.lines())
        self.delimiter, self.line = delimiter, 0
        self.header: list[str] = []
        self._seek(header_line)

    def _seek(self, header_line: int) -> None:
        for _ in range(header_line - 1):
            self._feed.skip()
        head = self._feed.peek()
        if head is None:
            return
        outside = "".join(head.split('"')[::2])
        self.delimiter = self.delimiter or max(DELIMITERS, key=outside.count)
        for found in self._rows():
            if not isinstance(found, Fault):
                self.line, cells, _ = found
                self.header = [clean(cell) for cell in cells]
            return

    def said(self) -> str:
        """Return how the table was read, to be said to whoever enters it."""
        return f"{self.file}: read with {DELIMITERS.get(self.delimiter, repr(self.delimiter))} between its cells"

    def faults(self, needed: Iterable[str] = ()) -> list[Fault]:
        """Return what is wrong with the header."""
        where = Where(self.file, self.line)
        if not self.header:
            return [where.fault("", "the file has no header", "is it empty, or is 'header' of the mapping wrong?")]
        twice = sorted({name for name in self.header if name and self.header.count(name) > 1})
        return [
            where.fault("", f"the column '{name}' is there twice: nothing of the file is used", "rename one")
            for name in twice
        ] + missing(self.header, needed, where)

    def records(self) -> Iterator[Record | Fault]:
        """Yield the rows below the header."""
        for found in self._rows():
            if isinstance(found, Fault):
                yield found
                continue
            line, cells, original = found
            where = Where(self.file, line)
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(self.header):
                what = f"{len(cells)} cells, where the header has {len(self.header)}"
                yield where.fault("", what, "is a delimiter missing, or one too many, or a cell not in quotes?")
                continue
            pairs = zip(self.header, map(clean, cells), strict=True)
            yield Record(where, {name: cell for name, cell in pairs if cell and name}, original)

    def _rows(self) -> Iterator[tuple[int, list[str], str] | Fault]:
        """Yield each row's line, cells and words; a row that spoils the reading is left out, and read anew."""
        while True:
            reader = csv.reader(self._feed, delimiter=self.delimiter)
            try:
                for cells in reader:
                    number, original = self._feed.taken()
                    if cells:
                        yield number, cells, original
            except csv.Error as error:
                yield self._left_out(str(error))
            except _Unclosed:
                yield self._left_out(f"a quote that is not closed within {LONGEST_ROW} lines")
            else:
                return

    def _left_out(self, what: str) -> Fault:
        number = self._feed.again()
        remedy = 'put a cell that holds a quote in quotes, and double the quote in it: ""; the row was left out'
        return Fault(self.file, number, 0, what, remedy)


class _Unclosed(Exception):  # noqa: N818  the name says what happened
    """A row goes on for longer than any row does."""


class _Feed:
    """Hands lines to Python's csv reader, and can take back all lines of the row being read but the first."""

    def __init__(self, lines: Iterator[tuple[int, str]]) -> None:
        self._lines, self._ahead = lines, deque[tuple[int, str]]()
        self._row: list[tuple[int, str]] = []
        self._size = 0

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        if len(self._row) >= LONGEST_ROW or self._size > LARGEST_ROW:
            raise _Unclosed
        taken = self._ahead.popleft() if self._ahead else next(self._lines)
        self._row.append(taken)
        self._size += len(taken[1])
        return taken[1] + "\n"

    def peek(self) -> str | None:
        """Return the next line without taking it."""
        if not self._ahead:
            self._ahead.extend(one for one in [next(self._lines, None)] if one is not None)
        return self._ahead[0][1] if self._ahead else None

    def skip(self) -> None:
        """Pass over a line."""
        if self.peek() is not None:
            self._ahead.popleft()

    def taken(self) -> tuple[int, str]:
        """Return the line on which the row began that was just read, and its words."""
        row, self._row, self._size = self._row, [], 0
        return row[0][0], "\n".join(line for _, line in row)

    def again(self) -> int:
        """Give back all lines of the row being read but the first, whose number is returned."""
        row, self._row, self._size = self._row, [], 0
        self._ahead.extendleft(reversed(row[1:]))
        return row[0][0]


# ---- JSON ----------------------------------------------------------------------------------------------------------


class _Twice(dict[str, Any]):
    """An object in which a key is given twice."""


def json_rows(text: str, file: str, *, under: str = "") -> Iterator[tuple[Where, Any, str] | Fault]:
    """Yield each element of a list with its line and its words; the list is the whole text, or stands at a key.

    Numbers that are not whole are texts, so that no digit is lost. What follows an element that is no JSON is lost.
    """
    decoder = json.JSONDecoder(
        object_pairs_hook=_once_each, parse_float=str, parse_constant=lambda word: f"{word} is no number"
    )
    at, line = _list_begins(text, under), 1
    if at < 0:
        wanted = f"no list at '{under}'" if under else "no list of rows"
        yield Fault(file, 1, 0, f"not the JSON that is read here: {wanted}", "is it the file you meant?")
        return
    counted = 0
    while True:
        at = _skip_blanks(text, at)
        if at >= len(text):
            yield Fault(file, line + text.count("\n", counted), 0, "the file is cut off", "fetch it again")
            return
        if text[at] == "]":
            return
        line, counted = line + text.count("\n", counted, at), at
        try:
            value, end = decoder.raw_decode(text, at)
        except (json.JSONDecodeError, RecursionError, ValueError) as error:
            what = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deep, or too long a number"
            yield Fault(file, line, 0, f"not JSON, and nothing after it is read: {what}", "fetch the file again")
            return
        if isinstance(value, _Twice):
            what = "a key is given twice: nobody can tell which is meant"
            yield Fault(file, line, 0, what, "keep one; the row was left out")
        else:
            yield Where(file, line), value, text[at:end]
        at = _skip_blanks(text, end)
        if text[at : at + 1] == ",":
            at += 1


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    spoilt = len(found) != len(pairs) or any(isinstance(value, _Twice) for value in found.values())
    return _Twice(found) if spoilt else found


def _list_begins(text: str, under: str) -> int:
    """Return where the first element of a list would stand, -1 if there is none."""
    begin = 0
    if under:
        begin = text.find(f'"{under}"')
        begin = -1 if begin < 0 else _skip_blanks(text, begin + len(under) + 2)
        if begin < 0 or text[begin : begin + 1] != ":":
            return -1
        begin += 1
    begin = _skip_blanks(text, begin)
    return begin + 1 if text[begin : begin + 1] == "[" else -1


def _skip_blanks(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n":
        at += 1
    return at


def flat(value: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    """Yield what an object says as cells: `verified.killed`, `7`. What it says nothing of is left out."""
    for name, one in value.items():
        if isinstance(one, dict):
            yield from flat(one, f"{before}{name}.")
        elif one is not None and one not in ("", []):
            yield f"{before}{name}", clean(json.dumps(one) if isinstance(one, (list, bool)) else str(one))
