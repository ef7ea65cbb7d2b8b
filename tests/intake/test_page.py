"""The page of the handbook keeps its word: its table, its mapping files and its tables of keys are tried."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from tests.intake_small import VALORIA, Found, found, sample
from trucekeeper.agreement.yaml_text import read_yaml
from trucekeeper.intake import expects, mapping
from trucekeeper.intake.registered import Registered
from trucekeeper.intake.rulings import Needed, Rulings, Told
from trucekeeper.intake.written import FORMATS
from trucekeeper.terms import Report

if TYPE_CHECKING:
    from trucekeeper.journal.canonical import Json

PAGE = (Path(__file__).resolve().parents[2] / "handbook" / "intake.md").read_text(encoding="utf-8")


def blocks(info: str) -> list[str]:
    return re.findall(rf"^```{info}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def options(number: int) -> dict[str, Json]:
    data = read_yaml(blocks("yaml")[number], "intake.md").data
    assert isinstance(data, dict)
    return data


def complaints(tmp_path: Path) -> Found:
    file = tmp_path / "complaints.csv"
    file.write_text(blocks("csv")[0], encoding="utf-8")
    return found("csv", file, options=options(0))


def test_the_table_of_the_page_enters_as_the_page_says(tmp_path: Path) -> None:
    read = complaints(tmp_path)

    assert [one.name for one in read.said] == ["C-1", "C-2", "C-4"]
    assert (read.said[0].columns["at"], read.said[1].day) == ("2031-03-04T19:30+00:00", True)
    assert len(read.faults) == 1
    assert "complaints.csv:4: Day: '13/13/2031' is no day-first day" in read.faults[0]


def test_the_page_is_right_about_what_is_set_aside(tmp_path: Path) -> None:
    said = options(0)["source"]
    assert isinstance(said, dict)
    office = Registered.read({**said, "reader": "csv"})
    rulings = Rulings(VALORIA, {"complaints": office})
    bodies = [one.body("complaints") for one in complaints(tmp_path).said]
    made = [rulings.report(Told(entry, entry, 0, "", body)) for entry, body in enumerate(bodies)]

    assert [type(one) for one in made] == [Report, Report, Needed]
    assert made[2] == Needed((("complaints", "kind", "a cow"),))
    assert isinstance(made[0], Report)
    assert (made[0].fact.kind, made[0].fact.by, made[0].fact.grade) == ("shelling", "south", "F6")


def test_the_mapping_of_figures_reads_the_sample_that_it_is_written_for() -> None:
    read = found("claims", sample("claims", "daily.json"), options=options(1))

    assert (len(read.rows), len(read.faults)) == (7, 1)


def test_every_key_of_a_mapping_of_a_bound_and_of_a_format_is_on_the_page() -> None:
    keys = (*mapping.KEYS, *expects.KEYS, *FORMATS)

    assert [key for key in keys if not re.search(rf"`{key}\b", PAGE)] == []
