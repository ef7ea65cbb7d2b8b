"""Files of facts: the same rows in four kinds of file, and what of a file is refused, as people see it."""

import csv
import io
import json
import re
import sys
import textwrap
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from trucekeeper.agreement.rows import COLUMNS, Known, write_row
from trucekeeper.mission import facts_files
from trucekeeper.mission.facts_files import FactsRead, read_facts
from trucekeeper.terms import BASE_VOCABULARY, Amount, Fact, Interval, Label, Place
from trucekeeper.terms.moments import parse_moment

KNOWN = Known(BASE_VOCABULARY, frozenset({"north", "south"}), frozenset({"valley"}), "Asia/Beirut")
LEARNED = "2025-10-14T09:00+03:00"
SHELLING: dict[str, object] = {
    "id": "r-1",
    "kind": "shelling",
    "at": "2025-10-13T22:00+03:00",
    "learned_at": LEARNED,
}

ROWS: list[dict[str, object]] = [
    {
        "id": "r-1",
        "rev": 1,
        "kind": "shelling",
        "by": "north",
        "lat": "31.5",
        "lon": "34.46",
        "fields": {"weapon": ["mortar", "rocket"], "killed": {"least": 2, "most": 3}, "permitted": False},
        "within_m": 400,
        "zone": "valley",
        "on": "2025-10-13",
        "learned_at": LEARNED,
        "recorded_at": "2025-10-14T09:05+03:00",
        "occurred": "corroborated",
        "who": "refuted",
        "source": "monitor-4",
        "grade": "B2",
        "origin": "patrol-4",
        "cite": 'report 12, "item 3"',
        "owner": "guarantor",
        "releasable_to": ["north", "south"],
        "precision": "1 km",
        "not_before": "2025-10-15T00:00+03:00",
        "note": "heard,\nthen seen",
    },
    {"id": "r-1", "rev": 2, "op": "retract", "learned_at": "2025-10-15T09:00+03:00"},
    {
        "id": "c-1",
        "kind": "coverage",
        "from": "2025-10-13T00:00+03:00",
        "learned_at": LEARNED,
        "until": "2025-10-14T00:00+03:00",
        "fields": {"detects": ["attack"]},
        "zone": "valley",
    },
    {"id": "m-1", "kind": "movement", "latest": "2025-10-13T11:08+03:00", "learned_at": LEARNED},
]


def flat(row: dict[str, object]) -> dict[str, str]:
    """Return a row as the cells of a table of texts."""
    cells = {key: value if isinstance(value, str) else str(value) for key, value in row.items()}
    if isinstance(row.get("fields"), dict):
        cells["fields"] = json.dumps(row["fields"])
    if isinstance(row.get("releasable_to"), list):
        cells["releasable_to"] = " ".join(map(str, row["releasable_to"]))  # type: ignore[call-overload]  # a list
    return cells


def as_csv(rows: list[dict[str, object]]) -> str:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, [column for column in COLUMNS if any(column in row for row in rows)])
    writer.writeheader()
    writer.writerows([flat(row) for row in rows])
    return text.getvalue()


def as_ndjson(rows: list[dict[str, object]]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def read(folder: Path, name: str, content: str | bytes) -> FactsRead:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_facts([path], KNOWN)


def read_table(folder: Path, **columns: Any) -> FactsRead:  # noqa: ANN401  what pyarrow takes
    parquet.write_table(pa.table(columns), folder / "facts.parquet")
    return read_facts([folder / "facts.parquet"], KNOWN)


def printed(folder: Path, read_so: FactsRead) -> str:
    """Return the faults as printed, without the folder."""
    return "\n".join(str(fault) for fault in read_so.faults).replace(f"{folder}/", "")


def ids(read_so: FactsRead) -> list[str]:
    return [fact.id for fact in read_so.facts]


# All kinds of file


def test_the_same_rows_give_equal_facts_through_all_four_kinds_of_file(tmp_path: Path) -> None:
    names = [key for key in COLUMNS if any(key in row for row in ROWS)]
    table = {name: [flat(row).get(name) for row in ROWS] for name in names}

    ndjson = read(tmp_path, "facts.ndjson", as_ndjson(ROWS))
    sheet = read(tmp_path, "facts.csv", as_csv(ROWS))
    columns = read_table(tmp_path, **table)
    # JSON is YAML, but for the digits of a float.
    curated = read(tmp_path, "facts.yaml", json.dumps({"facts": ROWS}, indent=1))

    assert ndjson.faults == ()
    assert ids(ndjson) == ["r-1", "r-1", "c-1", "m-1"]
    assert ndjson == sheet == columns == curated


def test_canonical_rows_are_a_file_of_facts(tmp_path: Path) -> None:
    first = read(tmp_path, "facts.ndjson", as_ndjson(ROWS))

    again = read(tmp_path, "again.ndjson", as_ndjson([write_row(fact) for fact in first.facts]))

    assert again == first


def test_the_facts_of_several_files_are_one_set(tmp_path: Path) -> None:
    one, other = tmp_path / "facts.ndjson", tmp_path / "facts.csv"
    one.write_text(as_ndjson([SHELLING]))
    other.write_text(as_csv([SHELLING, {**SHELLING, "id": "r-2"}]))

    together = read_facts([one, other], KNOWN)

    assert ids(together) == ["r-1", "r-2"]
    assert together.faults == ()


def test_two_contents_for_one_revision_in_two_files_are_both_refused_with_both_lines(tmp_path: Path) -> None:
    one, other = tmp_path / "facts.ndjson", tmp_path / "facts.csv"
    one.write_text(as_ndjson([SHELLING]))
    other.write_text(as_csv([{**SHELLING, "id": "r-2"}, {**SHELLING, "by": "south"}]))

    together = read_facts([one, other], KNOWN)

    assert ids(together) == ["r-2"]
    assert printed(tmp_path, together) == (
        "facts.csv:3: 'r-1' rev 1 says another thing than facts.ndjson:1, in by\n"
        "    neither is used; if one corrects the other, give it the next rev"
    )


def test_a_file_of_an_unknown_kind_is_refused_and_the_others_are_read(tmp_path: Path) -> None:
    good, bad = tmp_path / "facts.ndjson", tmp_path / "facts.xlsx"
    good.write_text(as_ndjson([SHELLING]))

    read_so = read_facts([bad, good], KNOWN)

    assert ids(read_so) == ["r-1"]
    assert [(fault.line, fault.col) for fault in read_so.faults] == [(0, 0)]
    assert printed(tmp_path, read_so) == (
        "facts.xlsx: no file of facts: its name ends in '.xlsx'\n"
        "    name it by what it is: .ndjson, .csv, .parquet, .yaml"
    )


def test_a_file_name_may_end_in_capitals(tmp_path: Path) -> None:
    assert ids(read(tmp_path, "FACTS.CSV", as_csv([SHELLING]))) == ["r-1"]


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert printed(tmp_path, read_facts([tmp_path / "facts.csv"], KNOWN)) == (
        "facts.csv: cannot be read: No such file or directory\n    is the path right, and may you read it?"
    )


# NDJSON


def test_a_bad_line_is_named_with_the_column_of_its_key_and_the_good_ones_are_kept(tmp_path: Path) -> None:
    learned = f'"learned_at": "{LEARNED}"}}'
    killed = '"killed": {"least": 1, "most": 2}'
    dated = f'"kind": "shelling", "on": "2025-10-13", "learned_at": "{LEARNED}",'
    lines = [
        json.dumps(SHELLING),
        "",
        f'{{"id": "r-2", "note": "{{\\"at\\": 1}}", "kind": "shelling", "at": "2025-10-13T22:00", {learned}',
        f'{{"id": "r-3", "fields": {{{killed}, "wepon": "x"}}, {dated} "by": "west"}}',
        json.dumps({**SHELLING, "id": "r-4"}),
    ]

    read_so = read(tmp_path, "facts.ndjson", "\n".join(lines))

    assert ids(read_so) == ["r-1", "r-4"]
    assert printed(tmp_path, read_so) == (
        "facts.ndjson:3:58: at: '2025-10-13T22:00' has no time of day with an offset\n"
        "    write it as 2025-10-10T12:00+03:00\n"
        "facts.ndjson:4:61: 'shelling' has no field 'wepon'\n"
        "    did you mean 'weapon'?\n"
        "facts.ndjson:4:156: by: 'west' is no actor of the agreement\n"
        "    known: north, south"
    )


def test_what_is_missing_from_a_line_stands_at_its_beginning(tmp_path: Path) -> None:
    row = {"rev": 123456789012345678, "id": "r-1", "kind": "shelling", "learned_at": LEARNED}

    assert printed(tmp_path, read(tmp_path, "facts.ndjson", json.dumps(row))) == (
        "facts.ndjson:1:1: at: missing: the row does not say when it happened\n"
        "    add 'at', 'on', or 'earliest' and 'latest'\n"
        "facts.ndjson:1:2: rev: 123456789012345678 is beyond what is ever counted, 1000000000000000"
    )


def test_a_key_inside_an_amount_is_not_taken_for_a_field(tmp_path: Path) -> None:
    fields = '{"fields": {"weapon": 5, "killed": {"weapon": 1}}, ' + json.dumps(SHELLING).removeprefix("{")

    read_so = read(tmp_path, "facts.ndjson", fields)

    assert [(fault.col, fault.what.partition(":")[0]) for fault in read_so.faults] == [
        (13, "fields.weapon"),
        (26, "fields.killed"),
    ]


def test_numbers_of_json_are_never_floats(tmp_path: Path) -> None:
    row = '{"lat": 31.5, "lon": 34.4600001, ' + json.dumps(SHELLING).removeprefix("{")

    read_so = read(tmp_path, "facts.ndjson", row)

    assert read_so.faults == ()
    assert read_so.facts[0].place == Place(315000000, 344600001)


JSON_WRONG = [
    (
        '{"id": "a", "id": "b"}',
        "facts.ndjson:1: 'id' is given twice: nobody can tell which is meant; keep one",
    ),
    (
        '{"fields": {"count": 1, "count": 2}}',
        "facts.ndjson:1: 'count' is given twice: nobody can tell which is meant; keep one",
    ),
    ('{"lat": NaN}', "facts.ndjson:1: NaN is no number: leave out what is not known"),
    ('{"lat": -Infinity}', "facts.ndjson:1: -Infinity is no number: leave out what is not known"),
    ('{"rev": 1e99999999999999999999}', "facts.ndjson:1: '1e99999999999999999999' is beyond any number"),
    (
        '{"rev": 1234567890123456789}',
        "facts.ndjson:1: a whole number of 19 digits, over the 18 that are read",
    ),
    ('{"rev": 1', "facts.ndjson:1:10: not JSON: Expecting ',' delimiter"),
    ('{"rev": 1} {}', "facts.ndjson:1:12: not JSON: Extra data"),
    ("[1]", "facts.ndjson:1: a list where a row is due\n    write one object on each line"),
    ("17", "facts.ndjson:1: 17 where a row is due\n    write one object on each line"),
    ("[" * 100_000, "facts.ndjson:1: nested too deep to be read"),
]


@pytest.mark.parametrize(("line", "fault"), JSON_WRONG)
def test_a_line_that_is_no_row_is_refused(tmp_path: Path, line: str, fault: str) -> None:
    read_so = read(tmp_path, "facts.ndjson", f"{line}\n{json.dumps(SHELLING)}\n")

    assert ids(read_so) == ["r-1"]
    assert printed(tmp_path, read_so) == fault


def test_a_line_that_is_not_utf_8_is_refused_alone(tmp_path: Path) -> None:
    content = b'{"id": "\xc3\xa9\xe9"}\n' + json.dumps(SHELLING).encode()

    read_so = read(tmp_path, "facts.ndjson", content)

    assert ids(read_so) == ["r-1"]
    assert printed(tmp_path, read_so) == ("facts.ndjson:1:10: not UTF-8: the byte 0xE9\n    save the file as UTF-8")


def test_a_line_of_a_megabyte_is_read_and_a_longer_one_is_refused_alone(tmp_path: Path) -> None:
    bare = len(json.dumps({**SHELLING, "note": ""})) + 1
    longest = json.dumps({**SHELLING, "note": "x" * (1_000_000 - bare)}) + "\n"
    longer = json.dumps({**SHELLING, "id": "r-2", "note": "x" * 3_000_000}) + "\n"
    last = json.dumps({**SHELLING, "id": "r-3"})

    read_so = read(tmp_path, "facts.ndjson", longest + longer + last)

    assert ids(read_so) == ["r-1", "r-3"]
    assert printed(tmp_path, read_so) == (
        "facts.ndjson:2: a line of more than 1,000,000 bytes\n    one row stands on one line: is this NDJSON?"
    )


def test_a_last_line_too_long_and_without_an_end_is_refused(tmp_path: Path) -> None:
    assert "facts.ndjson:1: a line of more than" in printed(tmp_path, read(tmp_path, "facts.ndjson", "x" * 1_000_001))


def test_a_byte_order_mark_and_the_line_ends_of_windows_are_passed_over(tmp_path: Path) -> None:
    rows = as_ndjson([SHELLING, {**SHELLING, "id": "r-2"}]).replace("\n", "\r\n")

    for name, content in (
        ("facts.ndjson", rows),
        ("facts.csv", as_csv([SHELLING, {**SHELLING, "id": "r-2"}])),
        ("facts.yaml", json.dumps({"facts": [SHELLING, {**SHELLING, "id": "r-2"}]}, indent=1)),
    ):
        read_so = read(tmp_path, name, "\ufeff" + content)

        assert read_so.faults == ()
        assert ids(read_so) == ["r-1", "r-2"]


def test_an_empty_ndjson_file_states_no_facts(tmp_path: Path) -> None:
    assert read(tmp_path, "facts.ndjson", "") == FactsRead((), ())


# CSV


def test_lines_of_csv_are_counted_through_quoted_line_ends(tmp_path: Path) -> None:
    content = (
        "id,kind,on,learned_at,note\n"
        f'r-1,shelling,2025-10-13,{LEARNED},"one\ntwo\n\nthree"\n'
        "\n"
        f"r-2,sheling,2025-10-13,{LEARNED},\n"
        f'r-3,shelling,13 October,{LEARNED},"a\nb"\n'
    )

    read_so = read(tmp_path, "facts.csv", content)

    assert ids(read_so) == ["r-1"]
    assert read_so.facts[0].note == "one\ntwo\n\nthree"
    assert printed(tmp_path, read_so) == (
        "facts.csv:7: kind: 'sheling' is no kind of fact that the agreement knows\n"
        "    did you mean 'shelling'?\n"
        "facts.csv:8: on: '13 October' is not a day\n"
        "    write it as 2025-10-10; for a time of day use 'at'"
    )


def test_a_wrong_header_refuses_the_file_with_all_its_faults(tmp_path: Path) -> None:
    content = f"id,kind,on,releasabel_to,kind\nr-1,shelling,2025-10-13,{LEARNED},north\n"

    read_so = read(tmp_path, "facts.csv", content)

    assert read_so.facts == ()
    assert printed(tmp_path, read_so) == (
        "facts.csv:1: 'releasabel_to' is no column of the facts format: nothing of the file is used\n"
        "    did you mean 'releasable_to'?\n"
        "facts.csv:1: the column 'kind' is there twice: nothing of the file is used\n"
        "    keep one\n"
        "facts.csv:1: the column 'learned_at' is missing: nothing of the file is used\n"
        "    add it"
    )


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (
            "r-1,shelling,2025-10-13",
            (
                "facts.csv:2: 3 cells, where the header has 5\n"
                "    is a comma missing, or one too many, or one not in quotes?"
            ),
        ),
        (
            f"r-1,shelling,2025-10-13,{LEARNED},seen, then heard",
            (
                "facts.csv:2: 6 cells, where the header has 5\n"
                "    is a comma missing, or one too many, or one not in quotes?"
            ),
        ),
        (
            f'r-1,shelling,2025-10-13,{LEARNED},"one" two',
            (
                "facts.csv:2: not CSV, and nothing after it is read: ',' expected after '\"'\n"
                '    put a cell with a comma, a quote or a line end in quotes, and double a quote in it: ""'
            ),
        ),
        (
            f'r-1,shelling,2025-10-13,{LEARNED},"open\nand\nopen',
            (
                "facts.csv:2: not CSV, and nothing after it is read: unexpected end of data\n"
                '    put a cell with a comma, a quote or a line end in quotes, and double a quote in it: ""'
            ),
        ),
        (
            f"r-1,shelling,2025-10-13,{LEARNED},\x00",
            "facts.csv:2: note: '�' holds U+0000, which no text holds\n    remove it",
        ),
    ],
)
def test_a_row_that_is_no_csv_is_refused_with_its_line(tmp_path: Path, row: str, fault: str) -> None:
    read_so = read(tmp_path, "facts.csv", f"id,kind,on,learned_at,note\n{row}\n")

    assert read_so.facts == ()
    assert printed(tmp_path, read_so) == fault


def test_rows_before_a_broken_quote_are_kept(tmp_path: Path) -> None:
    content = f'id,kind,on,learned_at,note\nr-1,shelling,2025-10-13,{LEARNED},\nr-2,"open\n'

    read_so = read(tmp_path, "facts.csv", content)

    assert ids(read_so) == ["r-1"]
    assert printed(tmp_path, read_so).startswith("facts.csv:3: not CSV")


@pytest.mark.parametrize("byte", ["80", "E9", "FF"])
def test_a_row_of_csv_that_is_not_utf_8_is_refused_alone(tmp_path: Path, byte: str) -> None:
    content = f"id,kind,on,learned_at\nr-1,shelling,2025-10-13,{LEARNED}\n".encode()

    read_so = read(tmp_path, "facts.csv", content + b"r-" + bytes.fromhex(byte) + b",shelling,2025-10-13,x\n")

    assert ids(read_so) == ["r-1"]
    assert printed(tmp_path, read_so) == f"facts.csv:3: not UTF-8: the byte 0x{byte}\n    save the file as UTF-8"


def test_whole_numbers_of_csv_are_read_and_others_refused(tmp_path: Path) -> None:
    head = "id,rev,kind,on,learned_at,lat,lon,within_m,fields\n"
    good = f'r-1,2,shelling,2025-10-13,{LEARNED},31.5,34.46,400,"{{""killed"": 3}}"\n'
    bad = f'r-2,2.0,shelling,2025-10-13,{LEARNED},31.5,34.46,0x4,"{{""killed"": 3.0}}"\n'

    read_so = read(tmp_path, "facts.csv", head + good + bad)

    assert [(fact.rev, fact.place) for fact in read_so.facts] == [(2, Place(315000000, 344600000, 400))]
    assert printed(tmp_path, read_so) == (
        "facts.csv:3: fields.killed: 3.0 is not a whole number\n"
        "    write it as 12, without a point or quotes\n"
        "facts.csv:3: rev: '2.0' is not a whole number\n"
        "    write it as 12, without a point or quotes\n"
        "facts.csv:3: within_m: '0x4' is not a whole number\n"
        "    write it as 12, without a point or quotes"
    )


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        (
            "mortar",
            ('fields: not a JSON object: Expecting value\n    write it as {"weapon": "mortar"}'),
        ),
        (
            '{"killed": 1, "killed": 2}',
            (
                "fields: not a JSON object: 'killed' is given twice: nobody can tell which is meant;"
                " keep one\n"
                '    write it as {"weapon": "mortar"}'
            ),
        ),
        ("[1]", 'fields: a list is not an object\n    write it as {"weapon": "mortar"}'),
    ],
)
def test_fields_in_csv_are_a_json_object(tmp_path: Path, fields: str, fault: str) -> None:
    read_so = read(tmp_path, "facts.csv", as_csv([{**SHELLING, "fields": fields}]))

    assert printed(tmp_path, read_so) == f"facts.csv:2: {fault}"


def test_an_empty_csv_file_is_refused(tmp_path: Path) -> None:
    for content in ("", "\n\n"):
        assert printed(tmp_path, read(tmp_path, "facts.csv", content)) == (
            "facts.csv: the file is empty\n    write it, or remove it"
        )


# Parquet


def test_typed_columns_of_parquet_are_read_as_what_they_are(tmp_path: Path) -> None:
    local = timezone(timedelta(hours=3))

    read_so = read_table(
        tmp_path,
        id=["r-1", "r-2"],
        rev=pa.array([1, None], pa.int32()),
        kind=["shelling", "shelling"],
        at=pa.array([datetime(2025, 10, 13, 22, tzinfo=local), None], pa.timestamp("ns", "Asia/Beirut")),
        on=pa.array([None, date(2025, 10, 13)], pa.date32()),
        learned_at=pa.array([datetime(2025, 10, 14, 6, tzinfo=UTC)] * 2, pa.timestamp("s", "UTC")),
        lat=[31.5, None],
        lon=pa.array([Decimal("34.4600001"), None], pa.decimal128(10, 7)),
        within_m=pa.array([400, None], pa.uint16()),
        releasable_to=[["south", "north"], None],
        fields=pa.array([{"killed": 3, "weapon": None}, None]),
    )

    assert printed(tmp_path, read_so) == ""
    assert read_so.facts == (
        Fact(
            id="r-1",
            kind="shelling",
            fields=(("killed", Amount(3, 3)),),
            when=Interval.at(parse_moment("2025-10-13T22:00+03:00")),
            learned_at=parse_moment(LEARNED),
            place=Place(315000000, 344600001, 400),
            label=Label(releasable_to=("north", "south")),
        ),
        Fact(
            id="r-2",
            kind="shelling",
            when=Interval(parse_moment("2025-10-13T00:00+03:00"), parse_moment("2025-10-13T23:59:59.999999+03:00")),
            learned_at=parse_moment(LEARNED),
        ),
    )


def test_a_microsecond_in_parquet_is_kept_and_a_nanosecond_refused(tmp_path: Path) -> None:
    base = 1_760_382_000_000_000_000

    read_so = read_table(
        tmp_path,
        id=["r-1", "r-2"],
        kind=["shelling"] * 2,
        at=pa.array([base + 1_000, base + 1], pa.timestamp("ns", "UTC")),
        learned_at=[LEARNED] * 2,
    )

    assert [fact.when for fact in read_so.facts] == [Interval.at(parse_moment("2025-10-13T19:00:00.000001Z"))]
    assert printed(tmp_path, read_so) == (
        "facts.parquet:2: at: '2025-10-13 19:00:00.000000001Z' is not a time\n    write it as 2025-10-10T12:00+03:00"
    )


def test_bad_rows_of_parquet_are_named_by_their_number_and_the_good_ones_kept(tmp_path: Path) -> None:
    read_so = read_table(
        tmp_path,
        id=["r-1", "r-2", "r-3"],
        rev=[1.0, None, None],
        kind=["shelling"] * 3,
        at=pa.array([datetime(2025, 10, 13, 22)] * 3, pa.timestamp("us")),  # noqa: DTZ001  naive on purpose
        learned_at=[LEARNED] * 3,
        lat=[None, None, float("nan")],
        lon=[None, None, 1.0],
    )

    assert read_so.facts == ()
    assert printed(tmp_path, read_so) == (
        "facts.parquet:1: at: '2025-10-13 22:00:00.000000' has no time of day with an offset\n"
        "    write it as 2025-10-10T12:00+03:00\n"
        "facts.parquet:1: rev: 1.0 is not a whole number\n"
        "    write it as 12, without a point or quotes\n"
        "facts.parquet:2: at: '2025-10-13 22:00:00.000000' has no time of day with an offset\n"
        "    write it as 2025-10-10T12:00+03:00\n"
        "facts.parquet:3: at: '2025-10-13 22:00:00.000000' has no time of day with an offset\n"
        "    write it as 2025-10-10T12:00+03:00\n"
        "facts.parquet:3: lat: nan is not a number of degrees\n"
        "    write decimal degrees, as 31.5"
    )


def test_a_truncated_parquet_file_is_one_clear_fault(tmp_path: Path) -> None:
    read_table(tmp_path, **{key: [value] for key, value in SHELLING.items()})
    whole = (tmp_path / "facts.parquet").read_bytes()

    for cut in (0, 3, len(whole) // 2, len(whole) - 1):
        faults = printed(tmp_path, read(tmp_path, "cut.parquet", whole[:cut])).splitlines()

        assert re.fullmatch(r"cut.parquet: not a whole Parquet file: \w.+", faults[0])
        assert faults[1:] == ["    was it cut off on its way, or is it of another kind? Fetch it again"]


def test_a_damaged_parquet_file_is_refused_or_read_but_never_crashes(tmp_path: Path) -> None:
    read_table(tmp_path, **{key: [value] * 50 for key, value in SHELLING.items()})
    whole = (tmp_path / "facts.parquet").read_bytes()

    for place in range(4, len(whole), 97):
        damaged = whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :]
        read_so = read(tmp_path, "damaged.parquet", damaged)

        assert read_so.facts or read_so.faults


def test_a_foreign_file_named_parquet_is_one_clear_fault(tmp_path: Path) -> None:
    read_so = read(tmp_path, "facts.parquet", as_csv([SHELLING]) * 20)

    assert len(read_so.faults) == 1
    assert printed(tmp_path, read_so).startswith("facts.parquet: not a whole Parquet file: ")


def test_an_unknown_column_of_parquet_refuses_the_file(tmp_path: Path) -> None:
    read_so = read_table(tmp_path, **{key: [value] for key, value in SHELLING.items()}, ownr=["north"])

    assert read_so.facts == ()
    assert printed(tmp_path, read_so) == (
        "facts.parquet: 'ownr' is no column of the facts format: nothing of the file is used\n"
        "    did you mean 'owner' or 'on'?"
    )


def test_without_pyarrow_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)

    assert printed(tmp_path, read(tmp_path, "facts.parquet", b"PAR1")) == (
        "facts.parquet: Parquet files need pyarrow, which is not installed\n    pip install 'trucekeeper[parquet]'"
    )


# YAML


def curated(folder: Path, text: str) -> FactsRead:
    return read(folder, "facts.yaml", textwrap.dedent(text).lstrip("\n"))


def test_the_example_of_the_documentation_is_read_with_what_its_source_says(tmp_path: Path) -> None:
    assert facts_files.__doc__
    example = facts_files.__doc__.split("which a test reads:\n\n")[1]

    read_so = curated(tmp_path, example)

    assert read_so.faults == ()
    (fact,) = read_so.facts
    assert (fact.source, fact.cite, fact.grade) == ("agency-1013", "agency.example/1013", "B2")
    assert fact.learned_at == parse_moment("2025-10-13T23:59:59.999999+03:00")


def test_a_row_takes_from_its_source_only_what_it_has_not(tmp_path: Path) -> None:
    read_so = curated(
        tmp_path,
        """
        sources:
          agency: {who: an agency, at: "2025-10-14T09:00+03:00", cite: c, grade: B2, origin: o}
          army: {who: North's army}
        facts:
          - {id: r-1, kind: shelling, on: 2025-10-13, source: agency}
          - {id: r-2, kind: shelling, on: 2025-10-13, source: agency, cite: own, grade: A1, origin: ours,
             learned_at: 2025-10-15T09:00+03:00}
          - {id: r-3, kind: shelling, on: 2025-10-13, source: army, learned_at: 2025-10-14T09:00+03:00}
        """,
    )

    assert read_so.faults == ()
    assert [(fact.cite, fact.grade, fact.origin) for fact in read_so.facts] == [
        ("c", "B2", "o"),
        ("own", "A1", "ours"),
        ("", "", ""),
    ]
    assert [fact.learned_at for fact in read_so.facts] == [
        parse_moment(LEARNED),
        parse_moment("2025-10-15T09:00+03:00"),
        parse_moment(LEARNED),
    ]


def test_a_bad_row_of_yaml_is_named_with_line_and_column_and_the_good_ones_are_kept(tmp_path: Path) -> None:
    read_so = curated(
        tmp_path,
        """
        facts:
          - {id: r-1, kind: shelling, on: 2025-10-13, learned_at: 2025-10-14T09:00+03:00}
          - id: r-2
            kind: shelling
            at: 2025-10-13T22:00
            fields:
              killed: 1.5
            learned_at: 2025-10-14T09:00+03:00
          - just a text
          - {id: r-3, kind: shelling, on: 2025-10-13}
        """,
    )

    assert ids(read_so) == ["r-1"]
    assert printed(tmp_path, read_so) == (
        "facts.yaml:5:5: at: '2025-10-13T22:00' has no time of day with an offset\n"
        "    write it as 2025-10-10T12:00+03:00\n"
        "facts.yaml:7:7: fields.killed: '1.5' is not a whole number\n"
        "    write it as 12, without a point or quotes\n"
        "facts.yaml:9:5: 'just a text' where a row is due\n"
        "    write it as {id: ..., kind: ..., at: ...}\n"
        "facts.yaml:10:5: learned_at: missing: nobody could tell what was known at a past moment\n"
        "    add when its source knew it"
    )


def test_a_source_is_checked_and_its_rows_are_refused_with_it(tmp_path: Path) -> None:
    read_so = curated(
        tmp_path,
        """
        sources:
          agency: {who: 5, at: yesterday, where: x}
          army: North's army
          paper: {at: 2025-02-30}
          radio: {at: 2025-10-14T09:00}
        facts:
          - {id: r-1, kind: shelling, on: 2025-10-13, source: agency}
          - {id: r-2, kind: shelling, on: 2025-10-13, source: agncy}
          - {id: r-3, kind: shelling, on: 2025-10-13, learned_at: 2025-10-14T09:00+03:00}
        """,
    )

    assert ids(read_so) == ["r-3"]
    assert printed(tmp_path, read_so) == (
        "facts.yaml:2:12: who: 5 is not a text\n"
        "    put it in quotes\n"
        "facts.yaml:2:20: at: 'yesterday' is not a day\n"
        "    write it as 2025-10-10; for a time of day use 'at'\n"
        "facts.yaml:2:35: a source has no 'where'\n"
        "    known: at, cite, grade, origin, who\n"
        "facts.yaml:3:3: the source 'army' is 'North's army'\n"
        "    write it as {who: ..., at: ...}\n"
        "facts.yaml:4:11: at: '2025-02-30' is not a day\n"
        "    write it as 2025-10-10; for a time of day use 'at'\n"
        "facts.yaml:5:11: at: '2025-10-14T09:00' has no time of day with an offset\n"
        "    write it as 2025-10-10T12:00+03:00\n"
        "facts.yaml:7:47: source: 'agency' cannot be used: it is faulty itself, in line 2\n"
        "    mend the source\n"
        "facts.yaml:8:47: source: 'agncy' is not among the sources that the file declares\n"
        "    did you mean 'agency'?"
    )


def test_a_fault_in_what_a_source_lends_is_named_once_where_the_source_says_it(tmp_path: Path) -> None:
    read_so = curated(
        tmp_path,
        """
        sources:
          agency: {at: 2025-10-14, grade: Z9}
        facts:
          - {id: r-1, kind: shelling, on: 2025-10-13, source: agency}
          - {id: r-2, kind: shelling, on: 2025-10-13, source: agency}
          - {id: r-3, kind: shelling, on: 2025-10-15, source: agency, grade: B2}
        """,
    )

    assert printed(tmp_path, read_so) == (
        "facts.yaml:2:28: grade: 'Z9' is no Admiralty code\n"
        "    write the source's reliability A to F, then the credibility 1 to 6 of what it says, as B2\n"
        "facts.yaml:6:47: learned_at: '2025-10-14T20:59:59.999999+00:00' is before it happened,"
        " 2025-10-15T00:00+03:00 at the earliest\n"
        "    nobody learns of a thing before it happens: mend one of the times"
    )


def test_a_file_without_declared_sources_names_them_freely(tmp_path: Path) -> None:
    read_so = curated(
        tmp_path,
        """
        facts:
          - {id: r-1, kind: shelling, on: 2025-10-13, source: agency, learned_at: 2025-10-14T09:00+03:00}
        """,
    )

    assert [fact.source for fact in read_so.facts] == ["agency"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "facts.yaml: the file is empty\n    write it, or remove it"),
        (
            "- {id: r-1}",
            (
                "facts.yaml:1:1: no mapping with 'facts' in it\n"
                "    write 'facts:' and below it one '- {id: ...}' a row"
            ),
        ),
        (
            "sources: {}",
            "facts.yaml:1:1: no list of facts\n    write 'facts:' and below it one '- {id: ...}' a row",
        ),
        (
            "facts: {}\nfcts: []",
            (
                "facts.yaml:1:1: no list of facts\n    write 'facts:' and below it one '- {id: ...}' a row\n"
                "facts.yaml:2:1: 'fcts' is no part of a file of facts\n    did you mean 'facts'?"
            ),
        ),
        (
            "facts: []\nsources: [agency]",
            "facts.yaml:2:1: not a mapping of names to sources\n    write 'agency: {who: ..., at: ...}'",
        ),
        (
            "facts:\n- &a {id: r-1}\n- *a",
            (
                "facts.yaml:2:3: an anchor, &a: each thing is said where it holds\n    remove it\n"
                "facts.yaml:3:3: an alias, *a: a reader would have to look elsewhere for what it says\n"
                "    write out what it stands for"
            ),
        ),
    ],
)
def test_a_yaml_file_of_another_shape_is_refused(tmp_path: Path, text: str, fault: str) -> None:
    read_so = read(tmp_path, "facts.yaml", text)

    assert read_so.facts == ()
    assert printed(tmp_path, read_so) == fault


def test_a_yaml_file_that_is_not_utf_8_is_refused_with_the_line(tmp_path: Path) -> None:
    assert printed(tmp_path, read(tmp_path, "facts.yaml", b"facts:\n- \xe9\n")) == (
        "facts.yaml:2: not UTF-8: the byte 0xE9\n    save the file as UTF-8"
    )


def test_an_empty_list_of_facts_is_no_fault(tmp_path: Path) -> None:
    assert read(tmp_path, "facts.yaml", "facts: []\n") == FactsRead((), ())
