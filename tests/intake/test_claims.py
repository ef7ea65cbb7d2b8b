"""Counts and running totals: files that others keep, then Valoria's, then what can be wrong with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.intake_small import EVERYWHERE, NOW, assert_facts, folder, found, mapped, sample
from trucekeeper.intake.claims.read import described
from trucekeeper.intake.setting import Setting
from trucekeeper.intake.source import mapping_of
from trucekeeper.terms import Refused
from trucekeeper.terms.moments import DAY, parse_moment

if TYPE_CHECKING:
    from pathlib import Path

    from tests.intake_small import Found
    from trucekeeper.intake.said import Row
    from trucekeeper.journal.canonical import Json

EVENTS = "data/events/"


def real(shared: Path, file: str, mapping: str) -> Found:
    return mapped("claims", shared / EVENTS / file, folder("claims") / mapping)


def days(row: Row) -> int:
    start, end = parse_moment(str(row.columns["from"])), parse_moment(str(row.columns["until"]))
    return (end + 1 - start) // DAY


# ---- files that others keep ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "mapping", "counts"),
    [
        ("t4p_casualties_daily.json", "t4p_gaza.yaml", (6_337, 7)),
        ("t4p_west_bank_daily.json", "t4p_west_bank.yaml", (5_193, 4)),
        ("t4p_lebanon_casualties_daily.json", "t4p_lebanon.yaml", (1_046, 0)),
        ("t4p_infrastructure-damaged.json", "t4p_infrastructure.yaml", (607, 24)),
        ("loc_cfv.csv", "loc_cfv.yaml", (84, 0)),
        ("loc_cfv_sectors_var.csv", "loc_cfv_sectors.yaml", (948, 0)),
    ],
)
def test_every_figure_becomes_a_claim_or_is_refused_by_its_line(
    shared: Path, file: str, mapping: str, counts: tuple[int, int]
) -> None:
    read = real(shared, file, mapping)

    assert (len(read.rows), len(read.faults)) == counts
    assert len({row.columns["id"] for row in read.rows}) == len(read.rows)
    assert_facts(read.rows)


def test_a_report_of_several_days_is_a_claim_of_as_many_days(shared: Path) -> None:
    read = real(shared, "t4p_lebanon_casualties_daily.json", "t4p_lebanon.yaml")
    long = {str(row.columns["id"]): days(row) for row in read.rows if "from" in row.columns}

    assert long["claims/killed/2023-11-21"] == 7
    assert long["claims/killed/2026-03-06"] == 1
    assert long["claims/killed_cum_reported/2023-11-14"] == 37


def test_a_running_total_that_falls_is_refused_with_both_figures_and_lines(shared: Path) -> None:
    faults = real(shared, "t4p_casualties_daily.json", "t4p_gaza.yaml").faults

    assert any("killed_women_cum: a running total of 1,000, which was 1,032 in line 208" in one for one in faults)
    assert any("killed: 8 counted in a period of no length" in one for one in faults)


def test_a_day_that_the_compilers_filled_is_nobodys_claim(shared: Path) -> None:
    read = real(shared, "t4p_casualties_daily.json", "t4p_gaza.yaml")
    names = {row.columns["id"] for row in read.rows}

    assert "claims/killed/2024-08-10" in names
    assert "claims/killed/2024-08-11" not in names
    assert read.notes == (
        "t4p_casualties_daily.json: 28 rows left out, being no reports",
        "t4p_casualties_daily.json: 85 rows without a period, which make no claims",
    )


# ---- Valoria -------------------------------------------------------------------------------------------------------


def test_a_month_is_claimed_from_its_first_moment_to_its_last_and_an_empty_cell_claims_nothing() -> None:
    read = mapped("claims", sample("claims", "monthly.csv"), sample("claims", "monthly.yaml"))

    assert [(row.columns["id"], row.columns["from"], row.columns["until"]) for row in read.rows[:1]] == [
        ("claims/Trucks/2031-01-31", "2030-12-31T22:00+00:00", "2031-01-31T21:59:59.999999+00:00")
    ]
    assert [row.columns["id"] for row in read.rows if "02" in str(row.columns["id"])] == [
        "claims/Trucks since the ceasefire/2031-02-28"
    ]
    assert read.rows[0].columns["source"] == "Customs of North"


def test_two_days_counted_together_are_one_claim_and_the_fall_alone_is_refused() -> None:
    read = mapped("claims", sample("claims", "daily.json"), sample("claims", "daily.yaml"))

    assert [str(row.columns["id"]).removeprefix("claims/counts.") for row in read.rows] == [
        "killed/2031-03-10",
        "killed_cum/2031-03-10",
        "killed/2031-03-12",
        "killed_cum/2031-03-12",
        "killed/2031-03-13",
        "killed/2031-03-14",
        "killed_cum/2031-03-14",
    ]
    assert days(read.rows[2]) == 2
    (fault,) = read.faults
    assert fault.startswith("daily.json:5: counts.killed_cum: a running total of 43, which was 44 in line 4\n")


def test_what_became_of_each_column_is_said() -> None:
    options = dict(mapping_of(sample("claims", "monthly.yaml")))
    setting = Setting(source="claims", known=EVERYWHERE, now=NOW, zone="EET", options=options)
    header = ["Month", "Counted by", "Hours", "Trucks", "Trucks since the ceasefire"]

    assert described(setting, header) == [
        ("Month", "month"),
        ("Counted by", "claimant"),
        ("Hours", "not read"),
        ("Trucks", "figure of tally trucks, counted as crossed"),
        ("Trucks since the ceasefire", "running total of tally trucks, counted as crossed"),
    ]


# ---- bad input -----------------------------------------------------------------------------------------------------

ONE: dict[str, Json] = {
    "claims": {"by": "north", "day": {"column": "d"}, "figures": [{"column": "n", "tally": "trucks"}]}
}


def written(tmp_path: Path, text: str, name: str = "counts.csv") -> Path:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return file


def test_a_figure_that_is_no_number_is_refused_and_the_others_are_not(tmp_path: Path) -> None:
    read = found("claims", written(tmp_path, "d,n\n2031-03-04,12\n2031-03-05,about 5\n2031-03-06,5-9\n"), options=ONE)

    assert [row.columns["fields"] for row in read.rows] == [
        {"tally": "trucks", "value": 12},
        {"tally": "trucks", "value": {"least": 5, "most": 9}},
    ]
    assert read.faults[0].startswith("counts.csv:3: n: 'about 5' is no whole number")


def test_a_day_that_may_be_read_two_ways_is_refused(tmp_path: Path) -> None:
    read = found("claims", written(tmp_path, "d,n\n03/04/2031,12\n"), options=ONE)

    assert read.rows == []
    assert "may be read day first or month first" in read.faults[0]


def test_two_figures_for_one_day_are_both_left_out(tmp_path: Path) -> None:
    read = found("claims", written(tmp_path, "d,n\n2031-03-04,12\n2031-03-04,13\n2031-03-05,1\n"), options=ONE)

    assert [row.columns["id"] for row in read.rows] == ["claims/n/2031-03-05"]
    assert len(read.faults) == 2


def test_json_that_is_no_list_and_a_key_given_twice_are_refused(tmp_path: Path) -> None:
    assert "no list of rows" in found("claims", written(tmp_path, '{"a": 1}', "a.json"), options=ONE).faults[0]
    twice = written(tmp_path, '[{"d": "2031-03-04", "n": 1, "n": 2}, {"d": "2031-03-05", "n": 3}]', "b.json")
    read = found("claims", twice, options=ONE)
    assert len(read.rows) == 1
    assert "a key is given twice" in read.faults[0]


@pytest.mark.parametrize("options", [{}, {"claims": {}}, {"claims": {**ONE["claims"], "daily": True}}])  # type: ignore[dict-item]  # of a dict
def test_a_mapping_that_says_too_little_or_too_much_is_refused(tmp_path: Path, options: dict[str, Json]) -> None:
    with pytest.raises(Refused):
        found("claims", written(tmp_path, "d,n\n2031-03-04,12\n"), options=options)
