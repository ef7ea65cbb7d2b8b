"""Reads a sheet of a workbook by a mapping file, as `trucekeeper.intake.csv` reads a table.

A row with a formula, or with what a spreadsheet writes where one failed (`#REF!`), is refused: what the cell shows
was worked out from other cells, perhaps of another file, and is nobody's word. Paste the values. Dates that the
workbook holds as dates need no format. Of several sheets the mapping names one: `file: {sheet: Complaints}`.

A workbook is a zip of XML: its members are weighed before any is unpacked, and one that declares entities is refused.
"""

from __future__ import annotations

import json
import struct
import zipfile
import zlib
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

from trucekeeper.agreement.rows import Where
from trucekeeper.intake.mapping import ReportMapping, described, report
from trucekeeper.intake.opening import Limits
from trucekeeper.intake.records import Record, clean
from trucekeeper.intake.takings import misread
from trucekeeper.terms import Fault
from trucekeeper.terms.faults import suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from trucekeeper.intake.said import Row, Said
    from trucekeeper.intake.setting import Setting

MOST_COLUMNS = 1_000
_HEAD = 1 << 16
_SPOILT = (  # what openpyxl stumbles over in a workbook that is spoilt, or is none
    *(ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, NotImplementedError, OSError),
    *(ParseError, RuntimeError, TypeError, ValueError, struct.error, zipfile.BadZipFile, zlib.error),
)


def read(paths: Sequence[Path], setting: Setting) -> Iterator[Said | Row | Fault]:
    """Yield the reports of workbooks, and what is wrong with them. Raises Refused for an unusable mapping."""
    mapping = ReportMapping.of(setting)
    try:
        import openpyxl  # noqa: PLC0415  an extra: only who reads workbooks needs it
    except ImportError:
        what = "workbooks need openpyxl, which is not installed"
        yield Fault(paths[0].name, 0, 0, what, "pip install 'trucekeeper[field]', or save the sheet as CSV")
        return
    for path in paths:
        try:
            if wrong := _weighed(path):
                yield Fault(path.name, 0, 0, wrong, "save the sheet as CSV, and enter that with the source 'csv'")
                continue
            book = openpyxl.load_workbook(path, read_only=True, data_only=False, keep_links=False)
        except _SPOILT as error:
            what = f"not a workbook that can be read: {_said(error)}"
            yield Fault(path.name, 0, 0, what, "was it cut off? Fetch it again, or save the sheet as CSV")
            continue
        try:
            yield from _book(book, path.name, mapping, setting)
        finally:
            book.close()


def _said(error: BaseException) -> str:
    return (str(error).partition("\n")[0] or type(error).__name__)[:120]


def _weighed(path: Path) -> str:
    """Return why a workbook should not be unpacked, "" if it may. Raises BadZipFile and OSError."""
    limits, packed = Limits(), path.stat().st_size
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        out = sum(one.file_size for one in members)
        if len(members) > limits.members:
            return f"it holds {len(members):,} files"
        if out > limits.unjudged and out > limits.ratio * packed:
            return f"it expands to more than {limits.ratio} times its size, as no workbook does"
        for one in members:
            if one.file_size > limits.document and "worksheets/" not in one.filename:
                return f"a part of it has {one.file_size:,} bytes, and can only be read as a whole"
            if one.filename.endswith((".xml", ".rels", ".vml")):
                with archive.open(one) as stream:
                    head = stream.read(_HEAD).replace(b"\0", b"")  # as UTF-16 the same letters have zeros between
                if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
                    return "it declares entities, as no workbook does"
    return ""


def _book(book: Any, file: str, mapping: ReportMapping, setting: Setting) -> Iterator[Said | Fault]:  # noqa: ANN401
    how = setting.options.get("file") or {}
    if not isinstance(how, dict) or set(how) - {"sheet", "header"}:
        raise misread("file: it says 'sheet' and 'header', and nothing else", "mend it")
    wanted, header_line = how.get("sheet"), how.get("header", 1)
    names = [str(name) for name in book.sheetnames]
    if wanted is None and len(names) > 1:
        what = f"it has {len(names)} sheets, and the mapping names none"
        yield Fault(file, 0, 0, what, f"say which: file: {{sheet: {names[0]}}}")
        return
    if wanted is not None and wanted not in names:
        yield Fault(file, 0, 0, f"it has no sheet '{wanted}'", suggestion(str(wanted), names))
        return
    sheet = book[wanted if wanted is not None else names[0]]
    if not isinstance(header_line, int) or not hasattr(sheet, "iter_rows"):
        raise misread("file: 'header' is the number of a row, and 'sheet' a sheet with cells", "mend it")
    line = header_line
    try:
        rows = sheet.iter_rows(min_row=header_line, max_col=MOST_COLUMNS)
        header = _header(next(rows, ()))
        if wrong := _wrong(header, Where(file, line)) or mapping.faults(header):
            yield from wrong
            return
        setting.note(f"{file}: read sheet '{sheet.title}'")
        for column, what in described(setting, header):
            setting.became(column, what)
        for line, row in enumerate(rows, start=header_line + 1):
            yield from _row(row[: len(header)], header, Where(file, line), (mapping, setting))
    except _SPOILT as error:
        yield Fault(
            file, line, 0, f"the sheet is spoilt after this row: {_said(error)}", "what stood before was read"
        )


def _header(row: Sequence[Any]) -> list[str]:
    header = [clean(_text(cell.value)[0]) for cell in row]
    while header and not header[-1]:
        header.pop()
    return header


def _wrong(header: Sequence[str], where: Where) -> list[Fault]:
    if not header:
        return [where.fault("", "the sheet has no header", "is it empty, or is 'header' of the mapping wrong?")]
    twice = sorted({name for name in header if name and header.count(name) > 1})
    return [
        where.fault("", f"the column '{name}' is there twice: nothing of it is used", "rename one") for name in twice
    ]


def _row(
    row: Sequence[Any], header: Sequence[str], where: Where, by: tuple[ReportMapping, Setting]
) -> Iterator[Said | Fault]:
    cells: dict[str, str] = {}
    typed: set[str] = set()
    faults: list[Fault] = []
    for name, cell in zip(header, row, strict=False):
        if not name or cell.value is None:
            continue
        if cell.data_type == "f":
            remedy = "it is nobody's word: paste the values instead of the formulas"
            faults.append(where.fault("", f"{name}: a formula, whose result was worked out elsewhere", remedy))
        elif cell.data_type == "e":
            faults.append(where.fault("", f"{name}: {cell.value}, where a formula failed", "write what is meant"))
        else:
            text, is_date = _text(cell.value)
            if text := clean(text):
                cells[name] = text
                typed |= {name} if is_date else set()
    if faults:
        yield from faults
    elif cells:
        record = Record(where, cells, json.dumps(cells, ensure_ascii=False), frozenset(typed))
        found = report(record, *by)
        yield from found if isinstance(found, list) else [found]


def _text(value: object) -> tuple[str, bool]:
    """Return what a cell holds as text, and whether it is a date. A date at midnight is a day."""
    match value:
        case None:
            text = ""
        case bool():
            text = str(value).lower()
        case float():
            text = str(int(value)) if value.is_integer() else repr(value)
        case datetime():
            day = value.time() == time.min
            return (value.date().isoformat() if day else value.isoformat(sep=" ", timespec="seconds")), True
        case date():
            return value.isoformat(), True
        case time():
            text = value.isoformat(timespec="seconds")
        case _:
            text = str(value)
    return text, False
