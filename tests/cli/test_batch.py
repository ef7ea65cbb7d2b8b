"""`truce batch` as a person types it: what it writes, what it prints, and its exit code."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, TypeAlias

import pyarrow as pa
import pytest
from pyarrow import parquet

from trucekeeper.terms.moments import parse_moment

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

AGREEMENT = """\
agreement: valoria
title: The Valoria truce
time_zone: UTC
in_force: 2031-01-01T00:00Z
parties: {north: {}, south: {}}
actors: {commission: {role: mechanism}}
clauses:
  - {id: halt, kind: prohibit, cite: art. 1, gloss: Neither side attacks, by: [north, south], act: {fact: attack},
     excuse: {shown: {fact: permit, same: [by]}, within: 1h, burden: accuser}}
  - {id: look, kind: respond, cite: art. 2, gloss: Each report is looked into, by: commission,
     to: {fact: allegation}, with: {fact: inspection}, within: 48h}
  - {id: truth, kind: achieve, cite: art. 3, gloss: They speak the truth, by: north, text_only: truth is not counted}
"""
ROWS = [
    {"id": "a1", "kind": "shelling", "by": "north", "at": "2031-01-02T10:00Z"},
    {"id": "a2", "kind": "shelling", "by": "south", "at": "2031-01-02T11:00Z"},
    {"id": "p1", "kind": "permit", "by": "south", "at": "2031-01-02T10:30Z"},
    {"id": "r1", "kind": "allegation", "at": "2031-01-03T00:00Z"},
    {"id": "r2", "kind": "allegation", "at": "2031-01-03T01:00Z"},
    {"id": "i1", "kind": "inspection", "by": "commission", "at": "2031-01-04T00:00Z", "of": "r1"},
]
ASKED = ("--as-of", "2031-01-10T00:00Z", "--known-at", "2031-02-01T00:00Z")

Truce: TypeAlias = "Callable[..., tuple[int, str, str]]"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "agreement.yaml").write_text(AGREEMENT)
    write(tmp_path / "log.parquet", ROWS)
    return tmp_path


def write(path: Path, rows: list[dict[str, str]]) -> None:
    moments = pa.array([parse_moment(row["at"]) for row in rows], pa.int64()).cast(pa.timestamp("us", "UTC"))
    sure = ["corroborated"] * len(rows)
    of = pa.array([row.get("of") for row in rows], pa.string())
    columns = {"at": moments, "learned_at": moments, "occurred": sure, "who": sure, "fields.of": of}
    named = {name: [row.get(name) for row in rows] for name in ("id", "kind", "by")}
    parquet.write_table(pa.table({**named, **columns}), path)


def test_each_promise_and_each_act_against_it_is_a_row(folder: Path, truce: Truce) -> None:
    code, out, err = truce("batch", folder, folder / "log.parquet", "-o", folder / "v.parquet", *ASKED)

    rows = parquet.read_table(folder / "v.parquet").to_pylist()
    said = [(row["sort"], row["clause"], row["by"], row["occurrence"] or row["fact"], row["verdict"]) for row in rows]
    assert sorted(said) == [
        ("commitment", "halt", "north", "", "contrary"),
        ("commitment", "halt", "south", "", "cannot tell"),
        ("commitment", "look", "commission", "r1", "consistent"),
        ("commitment", "look", "commission", "r2", "cannot tell"),
        ("commitment", "truth", "north", "", "cannot tell"),
        ("episode", "halt", "north", "a1", "contrary"),
    ]
    assert (code, err) == (1, "")
    assert "6 fact revisions read, 6 rows" in " ".join(out.split())
    assert "1 consistent, 1 contrary, 3 cannot tell" in " ".join(out.split())


def test_a_row_says_its_bounds_its_deadline_and_its_first_reason(folder: Path, truce: Truce) -> None:
    truce("batch", folder, folder / "log.parquet", "-o", folder / "v.parquet", *ASKED)

    rows = parquet.read_table(folder / "v.parquet").to_pylist()
    (met,) = (row for row in rows if row["occurrence"] == "r1")
    assert (met["lower"], met["upper"], met["met"], met["ground"]) == (False, False, "yes", "answered in time")
    assert met["due_latest"].isoformat() == "2031-01-05T00:00:00+00:00"
    assert met["met_earliest"].isoformat() == "2031-01-04T00:00:00+00:00"
    (act,) = (row for row in rows if row["sort"] == "episode")
    assert (act["lower"], act["upper"], act["fact"]) == (True, True, "a1")
    assert act["met_latest"].isoformat() == "2031-01-02T10:00:00+00:00"


@pytest.mark.parametrize("workers", [1, 3])
def test_it_counts_as_json_and_csv_too(folder: Path, truce: Truce, workers: int) -> None:
    words = ("batch", folder, folder / "log.parquet", "-o", folder / "v.parquet", *ASKED, "--workers", workers)
    _, as_json, _ = truce(*words, "--json")
    _, as_csv, _ = truce(*words, "--csv")

    wanted = {"facts": 6, "rows": 6, "consistent": 1, "contrary": 1, "open": 0, "cannot tell": 3, "not in force": 0}
    assert json.loads(as_json) == wanted
    (row,) = csv.DictReader(io.StringIO(as_csv))
    assert {key: int(value) for key, value in row.items()} == wanted


def test_a_faulty_row_is_named_and_the_others_count(folder: Path, truce: Truce) -> None:
    write(folder / "log.parquet", [*ROWS, {"id": "x", "kind": "shellling", "at": "2031-01-02T10:00Z"}])
    code, out, err = truce("batch", folder, folder / "log.parquet", "-o", folder / "v.parquet", *ASKED)

    assert code == 2
    assert "log.parquet:7: kind: 'shellling' is no kind of fact that the agreement knows" in err
    assert "7 fact revisions read, 6 rows" in " ".join(out.split())


def test_strict_refuses_all_for_one_faulty_row(folder: Path, truce: Truce) -> None:
    write(folder / "log.parquet", [*ROWS, {"id": "x", "kind": "shellling", "at": "2031-01-02T10:00Z"}])
    code, out, _ = truce("batch", folder, folder / "log.parquet", "-o", folder / "v.parquet", *ASKED, "--strict")

    assert (code, out) == (2, "")
    assert not (folder / "v.parquet").exists()


@pytest.mark.parametrize(
    ("facts", "to", "says"),
    [
        ("none.parquet", "v.parquet", "not a whole Parquet file"),
        ("agreement.yaml", "v.parquet", "not a whole Parquet file"),
        ("log.parquet", "log.parquet", "would overwrite the facts"),
        ("log.parquet", "nowhere/v.parquet", "cannot be written"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(folder: Path, truce: Truce, *, facts: str, to: str, says: str) -> None:
    code, out, err = truce("batch", folder, folder / facts, "-o", folder / to, *ASKED)

    assert (code, out) == (2, "")
    assert says in err


def test_the_plan_says_which_clauses_are_judged_in_columns(folder: Path, truce: Truce) -> None:
    _, out, _ = truce("check", folder, "--plan", "--json")

    assert {row["clause"]: row["execution"] for row in json.loads(out)} == {
        "halt": "columns",
        "look": "columns",
        "truth": "none",
    }


def test_a_row_is_explained_by_its_clause_and_occurrence(folder: Path, truce: Truce) -> None:
    code, out, _ = truce("why", folder, "look/r1", "--facts", folder / "log.parquet", *ASKED)

    assert code == 0
    assert "allegation r1" in out
    assert "r2" not in out
