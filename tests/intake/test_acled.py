"""ACLED, of which no real file is at hand: invented rows of its published layout, and what can be wrong with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.intake_small import found, reports, sample
from trucekeeper.intake.rulings import Needed
from trucekeeper.terms import Amount, Report

if TYPE_CHECKING:
    from pathlib import Path

FILE = sample("acled", "acled.csv")


def test_shelling_involves_both_sides_with_a_chain_for_each_source() -> None:
    shelling, *_ = reports("acled", found("acled", FILE).said)

    assert isinstance(shelling, Report)
    assert (shelling.fact.kind, shelling.fact.by, shelling.involves) == ("shelling", None, ("north", "south"))
    assert shelling.chains == (("Lake News",), ("Valoria Radio",))
    assert (shelling.fact.field("killed"), shelling.day, shelling.language) == (None, True, "en")


def test_an_ally_needs_a_ruling_and_a_week_spans_six_days_to_both_sides() -> None:
    said = found("acled", FILE).said[1]
    (waiting,) = reports("acled", [said])
    (ruled,) = reports("acled", [said], **{"Lake Guard": "north", "Hill Guard": None})

    assert waiting == Needed((("acled", "actor", "Lake Guard"), ("acled", "actor", "Hill Guard")))
    assert isinstance(ruled, Report)
    assert (ruled.fact.amount("killed"), ruled.day) == (Amount(3, 3), False)
    assert (said.columns["earliest"], said.columns["latest"]) == (
        "2031-02-26T22:00+00:00",
        "2031-03-11T21:59:59.999999+00:00",
    )


def test_a_month_is_a_month_and_what_depends_on_the_agreement_waits() -> None:
    said = found("acled", FILE).said[2]

    assert (said.columns["earliest"], said.columns["latest"]) == (
        "2031-02-28T22:00+00:00",
        "2031-03-31T20:59:59.999999+00:00",
    )
    assert reports("acled", [said]) == [Needed((("acled", "kind", "Headquarters or base established"),))]


def test_an_edit_keeps_its_name_and_is_learned_later(tmp_path: Path) -> None:
    edited = tmp_path / "acled.csv"
    edited.write_text(FILE.read_text(encoding="utf-8").replace("1930608000", "1933000000"), encoding="utf-8")
    before, after = (found("acled", file).said[0] for file in (FILE, edited))

    assert (before.name, after.name) == ("VAL101", "VAL101")
    assert str(before.columns["learned_at"]) < str(after.columns["learned_at"])


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("2031-03-04,2031,1", "04/03/2031,2031,1", "may be read day first or month first"),
        ("2031-03-04,2031,1", "2031-03-04,2031,4", "time_precision is '4'"),
        ("-30.2,1,Lake", "-30.2,8,Lake", "geo_precision is '8'"),
        (",0,,1930608000", ",few,,1930608000", "fatalities is 'few'"),
        (",0,,1930608000", ",0,,soon", "timestamp is 'soon'"),
        (",0,,1930608000", ",0,,1000", "is before the event"),
        ("VAL101", "", "event_id_cnty is empty"),
    ],
)
def test_a_row_that_cannot_be_read_is_left_out_by_its_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    file = tmp_path / "acled.csv"
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    read = found("acled", file)

    assert [one.name for one in read.said] == ["VAL102", "VAL103"]
    assert read.faults[0].startswith("acled.csv:2: ")
    assert said in read.faults[0]
