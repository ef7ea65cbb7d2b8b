"""GDELT: the published rows first, then Valoria's, then what can be wrong with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.intake_small import found, reports, sample
from trucekeeper.intake.rulings import Aside, Needed
from trucekeeper.terms import Report

if TYPE_CHECKING:
    from pathlib import Path

EVENTS, MENTIONS = "data/events/gdelt_events.csv", "data/events/gdelt_mentions.csv"


# ---- the published rows --------------------------------------------------------------------------------------------


def test_every_event_and_every_mention_is_a_report(shared: Path) -> None:
    read = found("gdelt", shared / EVENTS, shared / MENTIONS, zone="UTC")

    assert (len(read.said), read.faults) == (200, [])
    assert len({one.name for one in read.said}) == 200


def test_mentions_attach_to_their_events(shared: Path) -> None:
    events = {one.name for one in found("gdelt", shared / EVENTS, zone="UTC").said}
    mentions = found("gdelt", shared / MENTIONS, zone="UTC").said

    assert all(one.about for one in mentions)
    assert len({one.about for one in mentions} & events) == 52


def test_visits_and_statements_are_left_aside_and_the_rest_waits_for_its_actors(shared: Path) -> None:
    made = reports("gdelt", found("gdelt", shared / EVENTS, zone="UTC").said)
    named = {
        str(word)
        for one in found("gdelt", shared / EVENTS, zone="UTC").said
        for word in one.words.get("involves", [])
    }
    ruled = reports("gdelt", found("gdelt", shared / EVENTS, zone="UTC").said, **dict.fromkeys(named))

    assert sum(isinstance(one, Aside) for one in made) == 79
    assert not any(isinstance(one, Report) and one.involves for one in made)
    assert sum(isinstance(one, Aside) for one in ruled) == 79
    assert sum(isinstance(one, Report) for one in ruled) == 5
    needed = {word for one in ruled if isinstance(one, Needed) for word in one.words}
    assert {sort for _, sort, _ in needed} == {"kind"}


def test_no_event_of_the_published_rows_was_learned_before_it_began(shared: Path) -> None:
    read = found("gdelt", shared / EVENTS, shared / MENTIONS, zone="UTC").said

    assert [one.name for one in read if str(one.columns["learned_at"]) < str(one.columns["earliest"])] == []


# ---- Valoria -------------------------------------------------------------------------------------------------------


def test_an_event_involves_both_codes_and_accuses_neither() -> None:
    said = found("gdelt", sample("gdelt", "events.csv"), zone="UTC").said
    shelling, visit, arrest = reports("gdelt", said, VALGOV="north", VALREB="south")

    assert isinstance(shelling, Report)
    assert (shelling.fact.kind, shelling.fact.by, shelling.involves) == ("shelling", None, ("north", "south"))
    assert (shelling.area, shelling.day, shelling.url) == (True, True, "https://lakenews.example/2031/03/04/mill")
    assert visit == Aside(("gdelt", "kind", "042"))
    assert arrest == Needed((("gdelt", "kind", "173"),))


def test_a_mention_adds_to_its_event_and_says_by_when_it_was_and_in_which_language() -> None:
    said = found("gdelt", sample("gdelt", "mentions.csv"), zone="UTC").said
    first, second = reports("gdelt", said)

    assert isinstance(first, Report)
    assert isinstance(second, Report)
    assert (first.about, second.about) == ("gdelt/900000001", "gdelt/900000001")
    assert (second.chains, second.language, second.fact.kind) == ((("radio.example",),), "fr", "unstated")
    assert first.fact.when.latest == second.fact.when.latest
    assert first.fact.learned_at < second.fact.learned_at


# ---- bad input -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        (0, "x", "GlobalEventID is 'x', and no number"),
        (1, "20311304", "Day is '20311304', and no day"),
        (26, "", "EventCode is '', and no code of CAMEO"),
        (51, "7", "ActionGeo_Type is '7': GDELT has 0 to 5"),
        (59, "yesterday", "DATEADDED is 'yesterday', and no time"),
    ],
)
def test_a_row_that_cannot_be_read_is_left_out_by_its_line(tmp_path: Path, column: int, cell: str, said: str) -> None:
    lines = sample("gdelt", "events.csv").read_text(encoding="utf-8").splitlines()
    row = lines[0].split("\t")
    row[column] = cell
    file = tmp_path / "events.csv"
    file.write_text("\n".join(["\t".join(row), *lines[1:], "one\ttwo"]) + "\n", encoding="utf-8")
    read = found("gdelt", file, zone="UTC")

    assert [one.name for one in read.said] == ["900000002", "900000003"]
    assert read.faults[0].startswith(f"events.csv:1: {said}")
    assert read.faults[1].startswith("events.csv:4: 2 columns, where the file has 61")


def test_a_table_of_something_else_is_refused_as_a_whole(tmp_path: Path) -> None:
    file = tmp_path / "events.csv"
    file.write_text("a,b,c\n1,2,3\n", encoding="utf-8")
    read = found("gdelt", file, zone="UTC")

    assert read.said == []
    assert "a row of 1 columns, where GDELT's tables have 16, 57, 58 or 61: nothing of it is used" in read.faults[0]


def test_rows_of_the_first_version_have_no_second_districts_and_learn_by_the_day(tmp_path: Path) -> None:
    row = sample("gdelt", "events.csv").read_text(encoding="utf-8").splitlines()[0].split("\t")
    older = [cell for at, cell in enumerate(row) if at not in {39, 47, 55}]
    older[56] = "20310304"
    file = tmp_path / "events.csv"
    file.write_text(
        "\t".join(older) + "\n" + "\t".join(older[:57]).replace("900000001", "2") + "\n", encoding="utf-8"
    )
    read = found("gdelt", file, zone="UTC")

    assert [(one.name, one.columns["lat"], one.columns["learned_at"]) for one in read.said] == [
        ("900000001", "0.1", "2031-03-04T23:59:59+00:00")
    ]
    assert "57 columns, where the file has 58" in read.faults[0]
