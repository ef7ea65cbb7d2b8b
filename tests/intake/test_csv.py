"""Tables as text: the complaints of Valoria, and everything that a table can be spoilt by."""

from __future__ import annotations

import gzip
import tracemalloc
import zipfile
from typing import TYPE_CHECKING

import pytest

from tests.intake_small import EVERYWHERE, NOW, VALORIA, found, mapped, reports, sample, source
from trucekeeper.intake.mapping import described
from trucekeeper.intake.registered import Registered
from trucekeeper.intake.rulings import Needed, Rulings, Told
from trucekeeper.intake.setting import Setting
from trucekeeper.intake.source import mapping_of
from trucekeeper.terms import Refused, Report

if TYPE_CHECKING:
    from pathlib import Path

    from trucekeeper.journal.canonical import Json

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
HEADER = "id,kind,at,heard,lat,lon,text\n"


def row(name: str, text: str = "", at: str = "2031-03-04") -> str:
    return f"{name},shelling,{at},2031-03-05,0.1,-30.2,{text}\n"


def table(tmp_path: Path, text: str | bytes, name: str = "table.csv") -> Path:
    file = tmp_path / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def names(tmp_path: Path, text: str | bytes, name: str = "table.csv") -> tuple[list[str], list[str]]:
    """Return the names of the reports in a table, and what is wrong with it."""
    read = found("csv", table(tmp_path, text, name), options=PLAIN)
    return [one.name for one in read.said], read.faults


# ---- complaints ----------------------------------------------------------------------------------------------------


def test_complaints_enter_and_those_that_nobody_can_read_are_named_by_their_line() -> None:
    read = mapped("csv", sample("csv", "complaints.csv"), sample("csv", "complaints.yaml"))

    assert [one.name for one in read.said] == ["C-0001", "C-0002", "C-0003"]
    assert [one.partition(": ")[0] for one in read.faults] == ["complaints.csv:5", "complaints.csv:6"]
    assert "Day: '13/13/2031' is no day-first day" in read.faults[0]
    assert "Injured: 'about 5' is no whole number" in read.faults[1]


def test_a_complaint_waits_for_the_ruling_that_its_words_need() -> None:
    read = mapped("csv", sample("csv", "complaints.csv"), sample("csv", "complaints.yaml"))
    waiting = reports("csv", read.said)

    assert waiting[2] == Needed((("csv", "kind", "they took my cow"),))
    assert waiting[0] == Needed((("csv", "kind", "shelling"),))


def test_a_cell_that_looks_like_a_formula_is_the_words_that_somebody_wrote() -> None:
    read = mapped("csv", sample("csv", "complaints.csv"), sample("csv", "complaints.yaml"))

    assert read.said[1].text == '=HYPERLINK("http://x") is what he wrote'
    assert read.said[1].chains == (("a neighbour",),)


def test_the_hour_makes_it_a_moment_and_without_it_a_day() -> None:
    read = mapped("csv", sample("csv", "complaints.csv"), sample("csv", "complaints.yaml"))

    assert (read.said[0].columns["at"], read.said[0].day) == ("2031-03-04T19:30+00:00", False)
    assert (read.said[1].columns["earliest"], read.said[1].day) == ("2031-03-03T22:00+00:00", True)


def test_what_became_of_each_column_is_said() -> None:
    options = dict(mapping_of(sample("csv", "complaints.yaml")))
    setting = Setting(source="csv", known=EVERYWHERE, now=NOW, zone="EET", options=options)

    assert described(setting, ["Receipt", "Day", "Against whom", "Weather"]) == [
        ("Receipt", "name"),
        ("Day", "time, read day-first"),
        ("Against whom", "by, as rulings say"),
        ("Weather", "kept with the row, and not read"),
    ]


# ---- how tables are spoilt -----------------------------------------------------------------------------------------


def test_latin_1_a_byte_order_mark_and_semicolons_are_read_and_said(tmp_path: Path) -> None:
    marked = found("csv", table(tmp_path, b"\xef\xbb\xbf" + (HEADER + row("a")).encode()), options=PLAIN)
    latin = found("csv", table(tmp_path, (HEADER + row("b", "dégât")).encode("latin-1")), options=PLAIN)
    semicolons = found("csv", table(tmp_path, (HEADER + row("c")).replace(",", ";")), options=PLAIN)

    assert [one.name for one in (*marked.said, *latin.said, *semicolons.said)] == ["a", "b", "c"]
    assert latin.said[0].text == "dégât"
    assert any("not UTF-8" in note for note in latin.notes)
    assert semicolons.notes == ("table.csv: read with semicolons between its cells",)


def test_a_date_that_may_be_read_two_ways_is_refused_with_both(tmp_path: Path) -> None:
    read, faults = names(tmp_path, HEADER + row("a", at="03/04/2031") + row("b"))

    assert read == ["b"]
    assert "'03/04/2031' may be read day first or month first" in faults[0]


def test_an_hour_that_the_clocks_showed_twice_is_both_and_one_they_skipped_is_refused(tmp_path: Path) -> None:
    text = HEADER + row("twice", at="2031-10-26 03:30") + row("never", at="2031-03-30 03:30")
    read = found("csv", table(tmp_path, text), options=PLAIN)

    assert (read.said[0].columns["earliest"], read.said[0].columns["latest"]) == (
        "2031-10-26T00:30+00:00",
        "2031-10-26T01:30+00:00",
    )
    assert "the clocks of EET were put forward, and never showed 2031-03-30 03:30" in read.faults[0]


def test_a_row_of_another_length_and_a_quote_left_open_cost_one_row_each(tmp_path: Path) -> None:
    text = HEADER + row("a") + "b,too short\n" + row("c", '"never closed') + "".join(row(f"d{n}") for n in range(300))
    read, faults = names(tmp_path, text)

    assert read == ["a", *(f"d{n}" for n in range(300))]
    assert faults[0].startswith("table.csv:3: 2 cells, where the header has 7")
    assert faults[1].startswith("table.csv:4: a quote that is not closed within 200 lines")


def test_a_quoted_cell_may_go_on_for_some_lines(tmp_path: Path) -> None:
    read = found("csv", table(tmp_path, HEADER + row("a", '"one\ntwo, ""three"""') + row("b")), options=PLAIN)

    assert [one.text for one in read.said] == ['one\ntwo, "three"', ""]
    assert [one.where.line for one in read.said] == [2, 4]


def test_a_name_that_stands_for_two_contents_is_used_for_neither(tmp_path: Path) -> None:
    read, faults = names(tmp_path, HEADER + row("a") + row("b", "one") + row("b", "two") + row("a"))

    assert read == ["a"]
    assert [fault.partition(": ")[0] for fault in faults] == ["table.csv:3", "table.csv:4"]


def test_a_report_without_a_name_is_called_by_its_identity_and_stays_the_same(tmp_path: Path) -> None:
    nameless: dict[str, Json] = {name: taken for name, taken in REPORT.items() if name != "name"}
    mapping: dict[str, Json] = {"report": {**nameless, "identity": ["at", "text"]}}
    once = found("csv", table(tmp_path, HEADER + row("x", "one") + row("x", "two")), options=mapping).said
    again = found("csv", table(tmp_path, HEADER + row("new", "two") + row("y", "one")), options=mapping).said

    assert {one.name for one in once} == {one.name for one in again}
    assert len({one.name for one in once}) == 2


def test_one_bad_row_of_many_stops_nothing_and_memory_stays_bounded(tmp_path: Path) -> None:
    rows = 8_000
    text = HEADER + "".join(row(f"r{n}", "x" * 100) for n in range(rows)) + "bad\n"
    file = table(tmp_path, text)
    setting = Setting(source="csv", known=EVERYWHERE, now=NOW, zone="EET", options=PLAIN)
    tracemalloc.start()
    count = sum(1 for _ in source("csv").read([file], setting))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert count == rows + 1
    assert peak < 2_000_000  # blocks, and 24 bytes for each row


def test_a_very_long_line_is_left_out_and_the_next_is_read(tmp_path: Path) -> None:
    read, faults = names(tmp_path, (HEADER + row("a")).encode() + b"b" * 5_000_000 + b"\n" + row("c").encode())

    assert read == ["a", "c"]
    assert "a line of more than 1,048,576 bytes was left out" in faults[0]


def test_a_zip_is_read_and_one_cut_off_gives_what_stood_before(tmp_path: Path) -> None:
    file = tmp_path / "table.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("table.csv", HEADER + "".join(row(f"r{n}", str(n * 7919)) for n in range(5_000)))
    whole = found("csv", file, options=PLAIN)
    file.write_bytes(file.read_bytes()[:20_000])
    cut = found("csv", file, options=PLAIN)

    assert len(whole.said) == 5_000
    assert whole.said[0].where.file == "table.zip[1]"
    assert 0 < len(cut.said) < 5_000
    assert any("cut off" in fault for fault in cut.faults)


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "bomb.csv.gz"
    file.write_bytes(gzip.compress((HEADER + row("a")).encode() + b"0" * 60_000_000))
    read = found("csv", file, options=PLAIN)

    assert any("it expands to more than 200 times its size" in fault for fault in read.faults)


def test_no_file_an_empty_file_and_a_header_without_rows(tmp_path: Path) -> None:
    assert "there is no such file" in found("csv", tmp_path / "none.csv", options=PLAIN).faults[0]
    assert "the file has no header" in names(tmp_path, "")[1][0]
    assert names(tmp_path, HEADER) == ([], [])


def test_a_character_that_turns_a_line_round_is_shown_as_unknown_and_kept_in_the_original(
    tmp_path: Path,
) -> None:
    read = found("csv", table(tmp_path, HEADER + row("a", "left \u202eright")), options=PLAIN).said[0]

    assert read.text == "left \ufffdright"
    assert (read.original, "\u202e" in read.attachments[0].decode()) == ("", True)


def test_a_row_too_long_for_an_entry_is_kept_as_evidence_and_its_text_is_cut(tmp_path: Path) -> None:
    read = found("csv", table(tmp_path, HEADER + row("a", "\u0634" * 30_000)), options=PLAIN).said[0]
    body = read.body("csv")

    assert (read.original, len(read.attachments)) == ("", 1)
    assert len(str(body["text"]).encode()) == 20_000


def test_what_is_no_link_is_not_kept_as_one(tmp_path: Path) -> None:
    mapping: dict[str, Json] = {"report": {**REPORT, "url": {"column": "text"}}}
    text = HEADER + row("a", "javascript:alert(1)") + row("b", "https://lakenews.example/mill")
    read = found("csv", table(tmp_path, text), options=mapping)

    assert [one.url for one in read.said] == ["https://lakenews.example/mill"]
    assert "url: 'javascript:alert(1)' is no link" in read.faults[0]


def test_degrees_in_every_manner_and_exchanged(tmp_path: Path) -> None:
    text = HEADER.replace(",", ";") + "a;shelling;2031-03-04;2031-03-05;0°6.0'N;30°12'W;\n"
    text += "b;shelling;2031-03-04;2031-03-05;30°12'W;0°6'N;\nc;shelling;2031-03-04;2031-03-05;31,5;34;\n"
    read = found("csv", table(tmp_path, text), options=PLAIN)

    assert [(one.columns["lat"], one.columns["lon"]) for one in read.said] == [("0.1000000", "-30.2000000")]
    assert "'30°12'W' is no lat: are the columns exchanged?" in read.faults[0]
    assert "'31,5' is no number of degrees" in read.faults[2]


def test_a_table_that_has_changed_is_refused_before_anything_enters(tmp_path: Path) -> None:
    text = HEADER + "".join(row(f"r{n}") for n in range(40)) + "".join(row(f"s{n}", at="4 March") for n in range(60))
    read, faults = names(tmp_path, text)

    assert read == []
    assert "60.0 percent of the rows cannot be read, 60 of 100, and this source always had 50 or less" in faults[0]


@pytest.mark.parametrize(
    ("report", "said"),
    [
        ({"nam": {"column": "id"}}, "'nam' says nothing here"),
        ({"name": {"column": "id"}, "identity": ["id"]}, "give either 'name'"),
        ({"name": {"column": "id"}}, "no 'time'"),
        ({**REPORT, "name": {"columm": "id"}}, "'columm' says nothing"),
        (
            {"name": {"column": "id"}, "time": {"column": "at", "format": "european"}, "learned_at": "2031-03-04"},
            "'european' is no format",
        ),
        (
            {
                "name": {"column": "id"},
                "time": {"column": "at", "format": ["day-first", "month-first"]},
                "learned_at": "x",
            },
            "day first and month first at once",
        ),
    ],
)
def test_a_mapping_that_cannot_be_used_is_refused(tmp_path: Path, report: dict[str, Json], said: str) -> None:
    with pytest.raises(Refused, match=said):
        found("csv", table(tmp_path, HEADER + row("a")), options={"report": report})


def test_a_mapping_for_columns_that_are_not_there_refuses_the_file(tmp_path: Path) -> None:
    mapping: dict[str, Json] = {"report": {**REPORT, "url": {"column": "link"}, "language": "text"}}
    read = found("csv", table(tmp_path, HEADER + row("a")), options=mapping)

    assert read.said == []
    assert "url: the file has no column 'link': nothing of it is used" in read.faults[0]
    assert "language: 'text' is a column, and would be said of every row as it stands" in read.faults[1]


def test_once_ruled_on_a_complaint_is_a_report() -> None:
    read = mapped("csv", sample("csv", "complaints.csv"), sample("csv", "complaints.yaml"))
    office = Registered(name="csv", reader="csv", grade="F6", rulings={"kind": {"shelling": "shelling"}})
    report = Rulings(VALORIA, {"csv": office}).report(Told(1, 1, NOW, "", read.said[0].body("csv")))

    assert isinstance(report, Report)
    assert (report.fact.kind, report.fact.by, report.fact.grade, report.fact.label.owner) == (
        "shelling",
        "south",
        "F6",
        "commission",
    )
