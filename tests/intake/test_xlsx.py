"""Workbooks: what a spreadsheet holds besides values, and what can be hidden in one."""

from __future__ import annotations

import zipfile
from datetime import date, datetime, time
from typing import TYPE_CHECKING

import pytest

from tests.intake_small import found, mapped, sample

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from trucekeeper.journal.canonical import Json

openpyxl = pytest.importorskip("openpyxl")
REPORT: dict[str, Json] = {
    "name": {"column": "id"},
    "kind": {"column": "kind"},
    "time": {"column": "at"},
    "learned_at": {"column": "heard"},
    "lat": {"column": "lat"},
    "lon": {"column": "lon"},
    "text": {"column": "text"},
}
PLAIN: dict[str, Json] = {"report": REPORT}
HEADER = ("id", "kind", "at", "heard", "lat", "lon", "text")


def workbook(tmp_path: Path, *rows: Sequence[object], sheets: Sequence[str] = ("Reports",)) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name in sheets:
        sheet = book.create_sheet(name)
        for row in (HEADER, *rows):
            sheet.append(row)
    file = tmp_path / "reports.xlsx"
    book.save(file)
    return file


def test_the_workbook_of_an_office_is_read_from_the_row_of_its_header() -> None:
    read = mapped("xlsx", sample("xlsx", "complaints.xlsx"), sample("xlsx", "complaints.yaml"))

    assert [(one.name, one.where.line, one.day) for one in read.said] == [("C-0101", 4, False), ("C-0102", 5, True)]
    assert read.said[0].columns["at"] == "2031-03-04T19:30+00:00"
    assert read.said[0].columns["learned_at"] == "2031-03-05T07:10+00:00"
    assert [one.partition("\n")[0] for one in read.faults] == [
        "complaints.xlsx:6: Dead: a formula, whose result was worked out elsewhere"
    ]


def test_dates_numbers_and_texts_of_a_workbook_are_read_as_they_are(tmp_path: Path) -> None:
    rows = [
        ("r1", "shelling", datetime(2031, 3, 4, 12, 30), date(2031, 3, 5), 0.1, -30.2, "at noon"),  # noqa: DTZ001
        (17, "shelling", date(2031, 3, 4), "2031-03-05", "0.1", "-30.2", 12),
    ]
    read = found("xlsx", workbook(tmp_path, *rows), options=PLAIN)

    assert read.faults == []
    assert [(one.name, one.where.line, one.day) for one in read.said] == [("r1", 2, False), ("17", 3, True)]
    assert read.said[0].columns["at"] == "2031-03-04T10:30+00:00"
    assert (read.said[0].columns["lat"], read.said[1].text) == ("0.1", "12")


def test_a_date_of_the_workbook_needs_no_format_beside_one_that_was_typed(tmp_path: Path) -> None:
    mapping: dict[str, Json] = {"report": {**REPORT, "time": {"column": "at", "format": "day-first"}}}
    rows = [
        ("a", "shelling", date(2031, 3, 4), "2031-03-05", None, None, None),
        ("b", "shelling", "04/03/2031", "2031-03-05", None, None, None),
    ]
    read = found("xlsx", workbook(tmp_path, *rows), options=mapping)

    assert [one.columns["earliest"] for one in read.said] == ["2031-03-03T22:00+00:00"] * 2


def test_a_formula_and_a_failed_one_refuse_their_rows_only(tmp_path: Path) -> None:
    rows = [
        ("a", "shelling", "2031-03-04", "2031-03-05", 0.1, -30.2, "=A1&B1"),
        ("b", "shelling", "2031-03-04", "2031-03-05", "=1/10", -30.2, "text"),
        ("c", "shelling", "2031-03-04", "2031-03-05", 0.1, -30.2, "#REF!"),
        ("d", "shelling", "2031-03-04", "2031-03-05", 0.1, -30.2, "good"),
    ]
    read = found("xlsx", workbook(tmp_path, *rows), options=PLAIN)

    assert [one.name for one in read.said] == ["d"]
    assert read.faults[0].startswith("reports.xlsx:2: text: a formula, whose result was worked out elsewhere")
    assert read.faults[1].startswith("reports.xlsx:3: lat: a formula")
    assert read.faults[2].startswith("reports.xlsx:4: text: #REF!, where a formula failed")


def test_of_several_sheets_the_mapping_names_one(tmp_path: Path) -> None:
    file = workbook(tmp_path, ("a", "shelling", "2031-03-04", "2031-03-05"), sheets=("First", "Second"))

    assert "it has 2 sheets, and the mapping names none" in found("xlsx", file, options=PLAIN).faults[0]
    assert len(found("xlsx", file, options={**PLAIN, "file": {"sheet": "Second"}}).said) == 1
    assert "no sheet 'Third'" in found("xlsx", file, options={**PLAIN, "file": {"sheet": "Third"}}).faults[0]


def test_what_stands_above_the_header_is_passed_over(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (
        ("Reports of the office",),
        (),
        HEADER,
        ("a", "shelling", "2031-03-04", "2031-03-05", None, None, None),
    ):
        book.active.append(row)
    file = tmp_path / "reports.xlsx"
    book.save(file)

    assert [one.where.line for one in found("xlsx", file, options={**PLAIN, "file": {"header": 3}}).said] == [4]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut", b"<html>not a workbook</html>"])
def test_what_is_no_workbook_is_refused_with_what_to_do(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "reports.xlsx"
    file.write_bytes(content)
    read = found("xlsx", file, options=PLAIN)

    assert read.said == []
    assert "not a workbook that can be read" in read.faults[0]


def test_a_workbook_cut_off_is_refused(tmp_path: Path) -> None:
    file = workbook(tmp_path, ("a", "shelling", "2031-03-04", "2031-03-05"))
    file.write_bytes(file.read_bytes()[:-300])

    assert len(found("xlsx", file, options=PLAIN).faults) == 1


def test_a_workbook_that_would_fill_the_memory_or_declares_entities_is_not_unpacked(tmp_path: Path) -> None:
    bomb, entities = workbook(tmp_path), tmp_path / "entities.xlsx"
    with zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/bomb.bin", b"\0" * 50_000_000)
    with zipfile.ZipFile(entities, "w") as archive:
        archive.writestr("xl/workbook.xml", '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "b">]><a>&b;</a>')

    assert "it expands to more than 200 times its size" in found("xlsx", bomb, options=PLAIN).faults[0]
    assert "it declares entities" in found("xlsx", entities, options=PLAIN).faults[0]


def test_a_time_of_day_in_a_cell_of_its_own_is_joined_to_its_day(tmp_path: Path) -> None:
    mapping: dict[str, Json] = {"report": {**REPORT, "time": {"column": "at", "clock": "text"}, "text": "a text"}}
    row = ("a", "shelling", date(2031, 3, 4), "2031-03-05", None, None, time(14, 5))

    assert found("xlsx", workbook(tmp_path, row), options=mapping).said[0].columns["at"] == "2031-03-04T12:05+00:00"
