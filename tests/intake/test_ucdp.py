"""UCDP GED: the published files first, then rows of Valoria, then what can be wrong with them."""

from __future__ import annotations

import bz2
import json
from typing import TYPE_CHECKING

import pytest

from tests.intake_small import found, reports, sample
from trucekeeper.intake.rulings import Needed
from trucekeeper.terms import Amount, Report

if TYPE_CHECKING:
    from pathlib import Path

CAR = "data/events/GEDEvent_v23_1_CAR482.geojson"
R = "data/events/ucdpged_sample1000_2023.rda"


# ---- the published files -------------------------------------------------------------------------------------------


def test_every_event_of_the_central_african_republic_is_a_report(shared: Path) -> None:
    car = found("ucdp", shared / CAR, zone="Africa/Bangui")

    assert (len(car.said), car.faults) == (1_848, [])
    assert len({one.name for one in car.said}) == 1_848


def test_each_article_that_ged_counts_begins_a_chain(shared: Path) -> None:
    features = json.loads((shared / CAR).read_text(encoding="utf-8"))["features"]
    counted = {str(one["properties"]["id"]): one["properties"]["number_of_sources"] for one in features}
    car = found("ucdp", shared / CAR, zone="Africa/Bangui")

    assert [one.name for one in car.said if counted[one.name] > 0 and len(one.chains) != counted[one.name]] == []
    assert sum(counted[one.name] >= 2 and len(one.chains) >= 2 for one in car.said) == 495
    assert [one.name for one in car.said if not one.chains] == []


def test_a_day_of_the_central_african_republic_begins_at_its_own_midnight(shared: Path) -> None:
    first = found("ucdp", shared / CAR, zone="Africa/Bangui").said[0]

    assert (first.name, first.columns["earliest"], first.day) == ("36210", "2009-02-19T23:00+00:00", True)
    assert first.chains == (("Reuters", "anonymous CAR army colonel"),)


def test_every_report_is_good_once_its_actors_are_ruled_on(shared: Path) -> None:
    car = found("ucdp", shared / CAR, zone="Africa/Bangui").said
    names = {str(word) for one in car for role in ("by", "involves") for word in _listed(one.words.get(role, []))}

    unruled = reports("ucdp", car)
    ruled = reports("ucdp", car, **dict.fromkeys(names))
    assert all(isinstance(one, Needed) for one in unruled)
    assert [one for one in ruled if not isinstance(one, Report)] == []


def _listed(words: str | list[str]) -> list[str]:
    return words if isinstance(words, list) else [words]


def test_a_data_frame_of_r_gives_all_of_its_thousand_events(shared: Path) -> None:
    sample_of_r = found("ucdp", shared / R, zone="UTC")

    assert (len(sample_of_r.said), sample_of_r.faults) == (1_000, [])
    first = sample_of_r.said[0]
    assert (first.name, first.columns["earliest"], first.columns["lat"]) == (
        "300380",
        "2013-01-03T00:00+00:00",
        "35.763369",
    )


def test_the_same_event_has_one_name_in_the_geojson_and_in_r(shared: Path) -> None:
    names = {one.name for one in found("ucdp", shared / CAR, zone="UTC").said}
    both = [one for one in found("ucdp", shared / R, zone="UTC").said if one.name in names]
    alike = {one.name: one for one in found("ucdp", shared / CAR, zone="UTC").said}

    assert len(both) > 0
    for one in both:
        other = alike[one.name]
        assert (one.words, one.columns["earliest"], one.columns["latest"]) == (
            other.words,
            other.columns["earliest"],
            other.columns["latest"],
        )


def test_reading_a_file_twice_says_the_same(shared: Path) -> None:
    assert found("ucdp", shared / CAR).all == found("ucdp", shared / CAR).all


# ---- Valoria -------------------------------------------------------------------------------------------------------


def test_a_battle_involves_both_sides_and_says_of_neither_that_it_attacked() -> None:
    battle = found("ucdp", sample("ucdp", "ged.csv")).said[0]

    assert battle.words == {"kind": "state-based", "involves": ["Government of Valoria", "Southern Front"]}
    assert battle.chains == (("Valoria Radio", "a port official"), ("Lake News Agency", "a port official"))
    assert battle.columns["learned_at"] == "2031-03-05T21:59:59.999999+00:00"


def test_one_sided_violence_has_an_author_and_the_word_for_its_victims_is_nobody() -> None:
    said = found("ucdp", sample("ucdp", "ged.csv")).said[1]
    (report,) = reports("ucdp", [said], **{"Southern Front": "south"})

    assert isinstance(report, Report)
    assert (report.fact.kind, report.fact.by, report.fact.field("against")) == ("attack", "south", None)
    assert (report.fact.amount("killed"), report.area, report.day) == (Amount(2, 5), True, False)


def test_an_alliance_is_each_of_its_members_and_a_source_that_names_nobody_begins_no_chain() -> None:
    said = found("ucdp", sample("ucdp", "ged.csv")).said[2]

    assert said.words["involves"] == ["Lake Guard", "Hill Guard", "Southern Front"]
    assert said.chains == (("Lake News",), ("Hill Post",))


# ---- bad input -----------------------------------------------------------------------------------------------------


def _spoilt(tmp_path: Path, **cells: str) -> Path:
    lines = sample("ucdp", "ged.csv").read_text(encoding="utf-8").splitlines()
    header, row = lines[0].split(","), lines[2].split(",")
    start = header.index("type_of_violence")
    assert row[start] == "3"
    for name, cell in cells.items():
        at = header.index(name) - len(header)  # counted from the end: an article holds commas
        row[at if at > -15 else header.index(name)] = cell
    file = tmp_path / "ged.csv"
    file.write_text("\n".join([*lines[:2], ",".join(row), lines[3]]) + "\n", encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"date_start": "15/3/2031"}, "ged.csv:3: date_start is '15/3/2031', and no date"),
        ({"date_end": "2031-03-14"}, "date_end, 2031-03-14, is before date_start"),
        ({"where_prec": "9"}, "where_prec is '9'"),
        ({"best": "many"}, "best is 'many', and no number of people"),
        ({"type_of_violence": "4"}, "type_of_violence is '4'"),
        ({"id": "x"}, "id is 'x'"),
    ],
)
def test_a_row_that_cannot_be_read_is_left_out_with_its_line_and_the_others_enter(
    tmp_path: Path, cells: dict[str, str], said: str
) -> None:
    spoilt = found("ucdp", _spoilt(tmp_path, **cells))

    assert [one.name for one in spoilt.said] == ["900001", "900003"]
    assert len(spoilt.faults) == 1
    assert said in spoilt.faults[0]


def test_a_file_without_a_column_is_refused_as_a_whole(tmp_path: Path) -> None:
    file = tmp_path / "ged.csv"
    file.write_text("id,date_start\n1,2031-03-04\n", encoding="utf-8")
    spoilt = found("ucdp", file)

    assert spoilt.said == []
    assert "the column 'type_of_violence' is missing: nothing of the file is used" in spoilt.faults[0]


def test_an_event_given_twice_alike_is_one_and_given_otherwise_is_none(tmp_path: Path) -> None:
    lines = sample("ucdp", "ged.csv").read_text(encoding="utf-8").splitlines()
    file = tmp_path / "ged.csv"
    file.write_text("\n".join([*lines, lines[1], lines[3].replace("900003", "900002")]) + "\n", encoding="utf-8")
    twice = found("ucdp", file)

    assert [one.name for one in twice.said] == ["900001", "900003"]
    assert all("'900002' stands for several rows that differ, first in line 3" in one for one in twice.faults)
    assert len(twice.faults) == 2


def test_an_r_file_that_was_cut_off_or_holds_something_else_is_refused(tmp_path: Path) -> None:
    cut, other = tmp_path / "cut.rda", tmp_path / "other.rda"
    cut.write_bytes(bz2.compress(b"RDX3\nX\n\0\0\0\3")[:-9])
    other.write_bytes(bz2.compress(b"RDX3\nX\n\0\0\0\3 and no more"))

    for file in (cut, other):
        spoilt = found("ucdp", file)
        assert spoilt.said == []
        assert len(spoilt.faults) == 1


def test_a_data_frame_of_something_else_and_several_objects_are_refused(tmp_path: Path) -> None:
    rdata, pandas = pytest.importorskip("rdata"), pytest.importorskip("pandas")
    frame, several = tmp_path / "frame.rda", tmp_path / "several.rda"
    rdata.write_rda(frame, {"cars": pandas.DataFrame({"speed": [4.0, 7.0], "dist": [2.0, 4.0]})})
    rdata.write_rda(several, {"a": [1.0], "b": [2.0]})

    assert "the column 'id' is missing: nothing of the file is used" in found("ucdp", frame).faults[0]
    assert "it holds 2 objects, and not one data frame alone" in found("ucdp", several).faults[0]


def test_a_geojson_that_was_cut_off_keeps_what_stood_before(tmp_path: Path, shared: Path) -> None:
    file = tmp_path / "cut.geojson"
    file.write_bytes((shared / CAR).read_bytes()[:20_000])
    cut = found("ucdp", file)

    assert len(cut.said) > 5
    assert "not JSON, and nothing after it is read" in cut.faults[0]


def test_a_file_whose_places_are_gone_is_refused_before_anything_enters(tmp_path: Path, shared: Path) -> None:
    whole = json.loads((shared / CAR).read_text(encoding="utf-8"))
    for one in whole["features"]:
        one["geometry"] = None
    file = tmp_path / "nowhere.geojson"
    file.write_text(json.dumps(whole), encoding="utf-8")
    spoilt = found("ucdp", file)

    assert spoilt.said == []
    assert (
        "0.0 percent of the reports have a place, 0 of 1,848, and this source always had 99 or more"
        in spoilt.faults[0]
    )
