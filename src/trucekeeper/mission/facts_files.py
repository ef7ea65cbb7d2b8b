"""Reads files of facts: the rows of `trucekeeper.agreement.rows` as NDJSON, CSV, Parquet or YAML.

Good rows are kept and bad ones are listed with their line; whoever calls decides whether that is enough. Of a
file whose header is wrong, or that cannot be read as what its name says, nothing is used.

- `.ndjson`: UTF-8, one object on each line of at most 1 MB; a byte-order mark at the start and blank lines
  are passed over. A key given twice, NaN and Infinity are refused.
- `.csv`: UTF-8, a header, commas, double quotes; an empty cell is absent. `fields` holds a JSON object,
  `releasable_to` words with spaces between. A line is that on which its row begins.
- `.parquet`: columns of text, or typed: whole numbers, timestamps with a zone, dates, lists. A field may stand
  in a column of its own, `fields.weapon` beside or instead of `fields`. A line is the number of the row, from 1.
  Needs the extra `parquet`.
- `.yaml`: for facts that people write. Sources may be declared once: a row whose `source` names one takes
  from it `cite`, `grade` and `origin` where it has none, and `learned_at` from its `at`, a moment or a civil
  day (its end). A file that declares sources declares all that its rows name.

Example of a YAML file, which a test reads:

    sources:
      agency-1013: {who: an agency citing North's army, at: 2025-10-13, cite: agency.example/1013, grade: B2}
    facts:
      - {id: r-1, kind: release, by: north, fields: {count: 7}, on: 2025-10-13, source: agency-1013}
"""

from __future__ import annotations

import csv
import io
import json
import re
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from itertools import count
from typing import TYPE_CHECKING, Any, BinaryIO, TypeAlias

from trucekeeper.agreement.rows import COLUMNS, Known, Where, check_revisions, civil_day, read_row, shown
from trucekeeper.agreement.yaml_text import Located, read_yaml
from trucekeeper.terms import Fact, Fault, Refused
from trucekeeper.terms.faults import suggestion
from trucekeeper.terms.moments import parse_moment, write_moment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

Row: TypeAlias = dict[str, object]

# A row with a long note has under 10 kB: so long a line is no row, and should not fill the memory.
LONGEST_LINE = 1_000_000
# More digits than any whole number of the format has; see rows.LARGEST_NUMBER.
_MOST_DIGITS = 18
FIELD_APART = "fields."
"""So begins the name of a Parquet column that holds one field."""
_NEEDED = ("id", "learned_at")
_WHOLE = re.compile(r"[+-]?\d{1,18}", re.ASCII)
_SOURCE_KEYS = ("who", "at", "cite", "grade", "origin")
_TAKEN_FROM_SOURCE = ("cite", "grade", "origin")


@dataclass(frozen=True, slots=True)
class FactsRead:
    """The usable facts of some files, in the order of files and rows, and every fault in them."""

    facts: tuple[Fact, ...]
    faults: tuple[Fault, ...]


def read_facts(
    paths: Sequence[Path],
    known: Known,
    on_record: Callable[[Iterable[str]], Sequence[tuple[Fact, Where]]] = lambda _: (),
) -> FactsRead:
    """Return the facts of these files, their revisions checked across all of them and with what is on record.

    `on_record` gives the revisions on record of facts by their ids.
    """
    pile = Pile(known)
    for path in paths:
        pile.add_file(path)
    there = on_record(dict.fromkeys(fact.id for fact, _ in pile.facts))
    facts, faults = check_revisions([*there, *pile.facts])
    new = {fact for fact, _ in pile.facts}
    return FactsRead(tuple(fact for fact in facts if fact in new), tuple(sorted({*pile.faults, *faults})))


@dataclass
class Pile:
    """The facts and faults of the files read so far."""

    known: Known
    facts: list[tuple[Fact, Where]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def add_file(self, path: Path) -> None:
        """Add the rows of a file by what its name says it is."""
        kind = _FILE_KINDS.get(path.suffix.lower())
        if kind is None:
            self.faults.append(_unknown_file_kind(path))
            return
        try:
            with path.open("rb") as stream:
                kind(self, stream, str(path))
        except OSError as error:
            what = f"cannot be read: {error.strerror or error}"
            self.faults.append(Fault(str(path), 0, 0, what, "is the path right, and may you read it?"))

    def add(self, row: Row, where: Where) -> None:
        """Add a row's fact, or its faults."""
        try:
            self.facts.append((read_row(row, self.known, where), where))
        except Refused as refused:
            self.faults += refused.faults

    def add_good(self, row: Row, where: Where) -> bool:
        """Add a row's fact if it has no fault; return whether it was added."""
        with suppress(Refused):
            self.facts.append((read_row(row, self.known, where), where))
            return True
        return False

    def refuse(self, where: Where, what: str, remedy: str = "") -> None:
        """Add a fault."""
        self.faults.append(where.fault("", what, remedy))


def _unknown_file_kind(path: Path) -> Fault:
    what = f"no file of facts: its name ends in {shown(path.suffix)}"
    return Fault(str(path), 0, 0, what, f"name it by what it is: {', '.join(_FILE_KINDS)}")


# NDJSON


class _RefusedJSONError(Exception):
    """A JSON text says what the format does not allow."""


def _add_ndjson(pile: Pile, stream: BinaryIO, file: str) -> None:
    for number, line in _lines(stream):
        where = Where(file, number)
        if line is None:
            what = f"a line of more than {LONGEST_LINE:,} bytes"
            pile.refuse(where, what, "one row stands on one line: is this NDJSON?")
            continue
        try:
            text = line.decode().rstrip()
        except UnicodeDecodeError as error:
            col = len(line[: error.start].decode()) + 1
            pile.refuse(Where(file, number, col), _not_utf8(line[error.start]), "save the file as UTF-8")
            continue
        if text:
            _add_json_line(pile, text, where)


def _lines(stream: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """Yield each line with its number, None for one that is too long; a byte-order mark is dropped."""
    number = 0
    while line := stream.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            while line and not line.endswith(b"\n"):
                line = stream.readline(LONGEST_LINE)
            yield number, None
        else:
            yield number, line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line


def _add_json_line(pile: Pile, text: str, where: Where) -> None:
    try:
        row = _read_json(text)
    except json.JSONDecodeError as error:
        pile.refuse(Where(where.file, where.line, error.pos + 1), f"not JSON: {error.msg}")
        return
    except _RefusedJSONError as error:
        pile.refuse(where, str(error))
        return
    if not isinstance(row, dict):
        pile.refuse(where, f"{shown(row)} where a row is due", "write one object on each line")
        return
    # Where its keys stand takes as long to find as a row to read, and only a refused row needs it.
    if not pile.add_good(row, where):
        pile.add(row, Where(where.file, where.line, 1, _key_columns(text, where.line)))


def _read_json(text: str) -> Any:  # noqa: ANN401  JSON from outside
    """Return what a JSON text says. Raises JSONDecodeError, or _RefusedJSONError for what only we refuse."""
    try:
        return json.loads(
            text,
            object_pairs_hook=_once_each,
            parse_constant=_refuse_constant,
            parse_float=_decimal,
            parse_int=_whole,
        )
    except RecursionError as error:
        raise _RefusedJSONError("nested too deep to be read") from error


def _once_each(pairs: list[tuple[str, object]]) -> Row:
    found: Row = {}
    for key, value in pairs:
        if key in found:
            raise _RefusedJSONError(f"{shown(key)} is given twice: nobody can tell which is meant; keep one")
        found[key] = value
    return found


def _refuse_constant(word: str) -> object:
    raise _RefusedJSONError(f"{word} is no number: leave out what is not known")


def _decimal(digits: str) -> Decimal:
    try:
        return Decimal(digits)
    except InvalidOperation as error:
        raise _RefusedJSONError(f"{shown(digits)} is beyond any number") from error


def _whole(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise _RefusedJSONError(f"a whole number of {len(digits)} digits, over the {_MOST_DIGITS} that are read")
    return int(digits)


_IN_FIELDS = 2  # braces are open at a key of `fields`: the row's and its own
_JSON_MARK = re.compile(r'"((?:[^"\\]|\\.)*)"(\s*:)?|[{}\[\]]')


def _key_columns(text: str, line: int) -> dict[str, tuple[int, int]]:
    """Return where each key of a row stands in a valid JSON text, and each key of its `fields`."""
    found: dict[str, tuple[int, int]] = {}
    depth, outer = 0, ""
    for mark in _JSON_MARK.finditer(text):
        if mark[0] in "{[":
            depth += 1
        elif mark[0] in "}]":
            depth -= 1
        elif mark[2] and depth == 1:
            outer = mark[1]
            found[outer] = (line, mark.start() + 1)
        elif mark[2] and outer == "fields" and depth == _IN_FIELDS:
            found[f"fields.{mark[1]}"] = (line, mark.start() + 1)
    return found


# CSV


def _add_csv(pile: Pile, stream: BinaryIO, file: str) -> None:
    # Bytes that are not UTF-8 become lone surrogates, so that only their row is refused.
    text = stream.read().removeprefix(b"\xef\xbb\xbf").decode(errors="surrogateescape")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header: list[str] = []
    line = 1
    try:
        for cells in reader:
            where = Where(file, line)
            line = reader.line_num + 1
            if cells and not header:
                header = cells
                if not header_is_good(pile, header, where):
                    return
            elif cells:
                _add_csv_row(pile, header, cells, where)
    except csv.Error as error:
        remedy = 'put a cell with a comma, a quote or a line end in quotes, and double a quote in it: ""'
        pile.refuse(Where(file, line), f"not CSV, and nothing after it is read: {error}", remedy)
        return
    if not header:
        pile.refuse(Where(file), "the file is empty", "write it, or remove it")


def header_is_good(pile: Pile, header: Sequence[str], where: Where, *, fields_apart: bool = False) -> bool:
    """Return whether a file has the format's columns, and no others; what is wrong goes to the pile."""
    faults = len(pile.faults)
    for name in sorted(set(header)):
        if name not in COLUMNS and not (fields_apart and name.startswith(FIELD_APART)):
            said = f"{shown(name)} is no column of the facts format: nothing of the file is used"
            pile.refuse(where, said, suggestion(name, COLUMNS))
        if header.count(name) > 1:
            pile.refuse(where, f"the column {shown(name)} is there twice: nothing of the file is used", "keep one")
    for name in _NEEDED:
        if name not in header:
            pile.refuse(where, f"the column '{name}' is missing: nothing of the file is used", "add it")
    return len(pile.faults) == faults


def _add_csv_row(pile: Pile, header: list[str], cells: list[str], where: Where) -> None:
    wrong = next((letter for cell in cells for letter in cell if "\udc80" <= letter <= "\udcff"), "")
    if wrong:
        pile.refuse(where, _not_utf8(ord(wrong) - 0xDC00), "save the file as UTF-8")
        return
    if len(cells) != len(header):
        what = f"{len(cells)} cells, where the header has {len(header)}"
        pile.refuse(where, what, "is a comma missing, or one too many, or one not in quotes?")
        return
    _add_flat_row(pile, {key: cell for key, cell in zip(header, cells, strict=True) if cell}, where)


def _not_utf8(byte: int) -> str:
    return f"not UTF-8: the byte 0x{byte:02X}"


def _add_flat_row(pile: Pile, row: Row, where: Where, apart: Row | None = None) -> None:
    """Add a row whose cells are texts, where the format has objects, lists and numbers; `apart`: single fields."""
    for key in ("rev", "within_m"):
        cell = row.get(key)
        if isinstance(cell, str) and _WHOLE.fullmatch(cell):
            row[key] = int(cell)
    releasable_to = row.get("releasable_to")
    if isinstance(releasable_to, str):
        row["releasable_to"] = releasable_to.split()
    if isinstance(row.get("fields"), str):
        try:
            row["fields"] = _read_json(str(row["fields"]))
        except (json.JSONDecodeError, _RefusedJSONError) as error:
            what = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
            pile.refuse(where, f"fields: not a JSON object: {what}", 'write it as {"weapon": "mortar"}')
            return
    if apart:
        whole = row.setdefault("fields", {})
        twice = sorted(apart.keys() & whole.keys()) if isinstance(whole, dict) else []
        if twice:
            pile.refuse(where, f"fields.{twice[0]}: said twice, also in 'fields'", "keep one")
            return
        row["fields"] = {**whole, **apart} if isinstance(whole, dict) else whole
    pile.add(row, where)


# Parquet


def _add_parquet(pile: Pile, stream: BinaryIO, file: str) -> None:
    try:
        import pyarrow as pa  # noqa: PLC0415  an extra, and slow to load: only who reads Parquet needs it
        from pyarrow import parquet  # noqa: PLC0415
    except ImportError:
        pile.faults.append(without_pyarrow(file))
        return
    try:
        table = parquet.ParquetFile(stream).read()
        table.validate(full=True)
    except (pa.ArrowException, OSError) as error:
        pile.faults.append(not_whole(file, error))
        return
    if header_is_good(pile, table.column_names, Where(file), fields_apart=True):
        add_parquet_rows(pile, table, (Where(file, number) for number in count(1)))


def add_parquet_rows(pile: Pile, table: Any, places: Iterable[Where]) -> None:  # noqa: ANN401  pyarrow has no types
    """Add the rows of a table of the facts format, each with where it stands."""
    import pyarrow as pa  # noqa: PLC0415

    columns = [_times_as_text(column) for column in table.columns]
    table = pa.table(columns, names=table.column_names)
    for row, where in zip(_parquet_rows(table), places, strict=False):
        cells = {key: value for key, value in row.items() if value is not None and not key.startswith(FIELD_APART)}
        apart = {
            key.removeprefix(FIELD_APART): value
            for key, value in row.items()
            if value is not None and key.startswith(FIELD_APART)
        }
        _add_flat_row(pile, cells, where, apart)


def without_pyarrow(file: str) -> Fault:
    """Return the fault of a Parquet file that nothing here can read."""
    what = "Parquet files need pyarrow, which is not installed"
    return Fault(file, 0, 0, what, "pip install 'trucekeeper[parquet]'")


def not_whole(file: str, error: Exception) -> Fault:
    """Return the fault of what is called Parquet and cannot be read as such."""
    what = f"not a whole Parquet file: {str(error).partition(chr(10))[0]}"
    return Fault(file, 0, 0, what, "was it cut off on its way, or is it of another kind? Fetch it again")


def _times_as_text(column: Any) -> Any:  # noqa: ANN401  pyarrow has no types
    """Return timestamps and dates as RFC 3339: without a zone they get no offset, and are refused later."""
    import pyarrow as pa  # noqa: PLC0415
    from pyarrow import compute  # noqa: PLC0415

    kind = column.type
    if pa.types.is_timestamp(kind):
        utc = column if kind.tz is None else column.cast(pa.timestamp(kind.unit, "UTC"))
        # Moments have microseconds. Nanoseconds stay, to be refused, unless they are 0.
        return compute.replace_substring_regex(utc.cast(pa.string()), r"(\.\d{6})000(Z?)$", r"\1\2")
    return column.cast(pa.string()) if pa.types.is_date(kind) else column


def _parquet_rows(table: Any) -> Iterator[Row]:  # noqa: ANN401
    for batch in table.to_batches(max_chunksize=10_000):
        yield from batch.to_pylist()


# YAML


def _add_yaml(pile: Pile, stream: BinaryIO, file: str) -> None:
    content = stream.read()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        pile.refuse(Where(file, line), _not_utf8(content[error.start]), "save the file as UTF-8")
        return
    try:
        located = read_yaml(text, file)
    except Refused as refused:
        pile.faults += refused.faults
        return
    _Curated(located, pile).add_rows()


@dataclass
class _Curated:
    """One YAML file of facts, and its sources that can be used."""

    located: Located
    pile: Pile
    sources: dict[str, Row] = field(default_factory=dict)

    def fault(self, path: tuple[str | int, ...], what: str, remedy: str = "") -> None:
        self.pile.faults.append(self.located.fault(path, what, remedy))

    def add_rows(self) -> None:
        content = self.located.data
        if not isinstance(content, dict):
            self.fault((), "no mapping with 'facts' in it", "write 'facts:' and below it one '- {id: ...}' a row")
            return
        for key in content:
            if key not in {"sources", "facts"}:
                self.fault(
                    (key,),
                    f"{shown(key)} is no part of a file of facts",
                    suggestion(key, ("sources", "facts")),
                )
        declared, facts = content.get("sources") or {}, content.get("facts")
        if not isinstance(declared, dict):
            self.fault(("sources",), "not a mapping of names to sources", "write 'agency: {who: ..., at: ...}'")
            return
        if not isinstance(facts, list):
            self.fault(("facts",), "no list of facts", "write 'facts:' and below it one '- {id: ...}' a row")
            return
        self.sources = {name: source for name, source in declared.items() if self.source_is_good(name, source)}
        for index, row in enumerate(facts):
            self.add_row(index, row, declared)

    def source_is_good(self, name: str, source: object) -> bool:
        path, before = ("sources", name), len(self.pile.faults)
        if not isinstance(source, dict):
            self.fault(path, f"the source {shown(name)} is {shown(source)}", "write it as {who: ..., at: ...}")
            return False
        for key in source:
            if key not in _SOURCE_KEYS:
                self.fault((*path, key), f"a source has no {shown(key)}", suggestion(key, _SOURCE_KEYS))
        for key, value in source.items():
            if value is not None and not isinstance(value, str):
                self.fault((*path, key), f"{key}: {shown(value)} is not a text", "put it in quotes")
            elif key == "at" and value is not None:
                self.check_time((*path, key), value)
        return len(self.pile.faults) == before

    def check_time(self, path: tuple[str, ...], text: str) -> None:
        try:
            self.learned(text)
        except ValueError as error:
            what, _, remedy = str(error).rpartition(": ")
            self.fault(path, f"at: {what}", remedy)

    def learned(self, text: str) -> str:
        """Return the moment at which a source knew: the one it gives, or the end of the day."""
        if len(text) > len("2025-10-10"):
            return write_moment(parse_moment(text))
        return write_moment(civil_day(text, self.pile.known.time_zone).latest)

    def add_row(self, index: int, row: object, declared: Row) -> None:
        path = ("facts", index)
        if not isinstance(row, dict):
            self.fault(path, f"{shown(row)} where a row is due", "write it as {id: ..., kind: ..., at: ...}")
            return
        keys = self.key_positions(path, row)
        name = row.get("source")
        if declared and isinstance(name, str):
            if name not in self.sources:
                self.refuse_source(path, name, declared)
                return
            row = self.completed(row, name, keys)
        self.pile.add(row, Where(self.located.file, *self.located.position(path), keys))

    def refuse_source(self, path: tuple[str | int, ...], name: str, declared: Row) -> None:
        if name in declared:
            line, _ = self.located.position(("sources", name))
            what = f"source: {shown(name)} cannot be used: it is faulty itself, in line {line}"
            self.fault((*path, "source"), what, "mend the source")
        else:
            what = f"source: {shown(name)} is not among the sources that the file declares"
            self.fault((*path, "source"), what, suggestion(name, declared))

    def completed(self, row: Row, name: str, keys: dict[str, tuple[int, int]]) -> Row:
        """Return a row with what it has from its source, of which `keys` then tells where it stands."""
        source, whole = self.sources[name], dict(row)
        for key in _TAKEN_FROM_SOURCE:
            if whole.get(key) is None and source.get(key) is not None:
                whole[key] = source[key]
                keys[key] = self.located.position(("sources", name, key))
        if whole.get("learned_at") is None and source.get("at") is not None:
            whole["learned_at"] = self.learned(str(source["at"]))
            keys["learned_at"] = keys["source"]
        return whole

    def key_positions(self, path: tuple[str | int, ...], row: Row) -> dict[str, tuple[int, int]]:
        found = {key: self.located.position((*path, key)) for key in row}
        fields = row.get("fields")
        if isinstance(fields, dict):
            found |= {f"fields.{name}": self.located.position((*path, "fields", name)) for name in fields}
        return found


_FILE_KINDS: dict[str, Callable[[Pile, BinaryIO, str], None]] = {
    ".ndjson": _add_ndjson,
    ".csv": _add_csv,
    ".parquet": _add_parquet,
    ".yaml": _add_yaml,
}
