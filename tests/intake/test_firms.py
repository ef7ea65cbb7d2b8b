"""FIRMS, of which no real file is at hand: invented rows of its published layouts, and how they can be spoilt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.intake_small import found, reports, sample
from trucekeeper.terms import Report

if TYPE_CHECKING:
    from pathlib import Path

VIIRS, MODIS = sample("firms", "viirs.csv"), sample("firms", "modis.csv")


def test_heat_is_seen_at_first_hand_to_half_a_pixel_and_names_nobody() -> None:
    said = found("firms", VIIRS, MODIS, zone="UTC").said
    night, day, modis = reports("firms", said)

    assert [one.columns["at"] for one in said] == [
        "2031-03-04T00:42+00:00",
        "2031-03-04T12:13+00:00",
        "2031-03-04T09:20+00:00",
    ]
    assert [one.columns["within_m"] for one in said] == [266, 372, 923]
    for one in (night, day, modis):
        assert isinstance(one, Report)
        assert (one.fact.kind, one.fact.by, one.first_hand, one.area) == ("heat", None, True, False)


def test_a_detection_has_the_same_name_in_every_file(tmp_path: Path) -> None:
    again = tmp_path / "later.csv"
    lines = VIIRS.read_text(encoding="utf-8").splitlines()
    again.write_text("\n".join([lines[0], lines[2], lines[1].replace(",42,", ",0042,")]) + "\n", encoding="utf-8")

    assert {one.name for one in found("firms", VIIRS).said} == {one.name for one in found("firms", again).said}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("2031-03-04,42", "04/03/2031,42", "FIRMS writes 2031-03-04 and 0042"),
        ("2031-03-04,42", "2031-03-04,2575", "FIRMS writes 2031-03-04 and 0042"),
        ("0.39,0.36", "wide,0.36", "scan is 'wide', and no number of kilometres"),
        ("0.10012,", ",", "a detection without its place"),
    ],
)
def test_a_row_that_cannot_be_read_is_left_out_by_its_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    file = tmp_path / "viirs.csv"
    file.write_text(VIIRS.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    read = found("firms", file)

    assert len(read.said) == 1
    assert read.faults[0].startswith("viirs.csv:2: ")
    assert said in read.faults[0]


def test_another_layout_is_refused_as_a_whole(tmp_path: Path) -> None:
    file = tmp_path / "viirs.csv"
    file.write_text(VIIRS.read_text(encoding="utf-8").replace("acq_time", "time"), encoding="utf-8")
    read = found("firms", file)

    assert read.said == []
    assert "the column 'acq_time' is missing: nothing of the file is used" in read.faults[0]
