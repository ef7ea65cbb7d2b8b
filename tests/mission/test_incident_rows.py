"""Incidents and reports as rows: for each audience what it may know, and the same however they came to be written."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.mission_small import BEGUN, CHAIR, NORTH, SOUTH, Clock, begin, decision, enter, opened, put, settings
from trucekeeper.journal.keys import PUBLIC
from trucekeeper.mission import kinds
from trucekeeper.mission.looking import GRID_E7, LATE, Filter, Looking, Sight
from trucekeeper.mission.standings import Standings
from trucekeeper.terms.moments import HOUR, MINUTE, write_moment
from trucekeeper.terms.places import E7

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from trucekeeper.journal.canonical import Json
    from trucekeeper.journal.envelopes import PrivateKey
    from trucekeeper.mission.mission import Mission

SOURCE: dict[str, Json] = {
    "reader": "csv",
    "entered_by": "north south commission",
    "grade": "C3",
    "rulings": {"kind": {"fire": "shelling"}},
}
TABLES = ("told", "standing", "incident", "report", "doubt", "watched", "changes")


@pytest.fixture
def clock() -> Clock:
    """Return the clock of the mission."""
    return Clock()


@pytest.fixture
def mission(tmp_path: Path, clock: Clock) -> Iterator[Mission]:
    """Return a mission with two sources."""
    begin(settings(tmp_path / "mission"), clock)
    with opened(tmp_path / "mission", clock) as found:
        enter(found, CHAIR, decision())
        put(found, *(found.said(kinds.SOURCE, {"name": one, **SOURCE}, by=[CHAIR]) for one in ("radio", "paper")))
        write(found)
        yield found


def write(mission: Mission) -> Looking:
    """Write down what follows by now, and return who looks at it."""
    mission.projections.catch_up(mission.journal)
    Standings(mission).catch_up(mission.clock())
    return Looking(mission.projections)


def said(mission: Mission, name: str, *, hours: float = 1, by: PrivateKey = NORTH, **more: Any) -> bytes:  # noqa: ANN401
    at = BEGUN + int(hours * HOUR)
    label = more.pop("label", {})
    body = {
        "id": name,
        "source": name.partition("/")[0],
        "words": {"kind": "fire"},
        "at": write_moment(at),
        "learned_at": write_moment(at + MINUTE),
        "lat": "31.51",
        "lon": "34.51",
        "within_m": 300,
        **more,
    }
    return mission.said(kinds.REPORT, body, by=[by], label=label)


def whole(mission: Mission) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of what is laid out."""
    with mission.projections.reading() as connection:
        return {one: sorted(connection.execute(f"SELECT * FROM {one}").fetchall(), key=repr) for one in TABLES}  # noqa: S608


def now(mission: Mission, audience: str = PUBLIC, **more: Any) -> Sight:  # noqa: ANN401
    return Sight(audience, mission.clock(), **more)


def test_an_incident_has_a_row_that_a_second_report_replaces_and_the_first_stays_for_the_past(
    mission: Mission, clock: Clock
) -> None:
    (first,) = put(mission, said(mission, "radio/1"))
    write(mission)
    before = clock()
    clock.pass_by(HOUR)
    put(mission, said(mission, "paper/1", hours=1.1))
    looking = write(mission)

    [row] = looking.incidents(now(mission), Filter())
    assert (row["id"], row["kind"], row["occurred"], row["reports"], row["origins"]) == (
        f"i-{first}", "shelling", "corroborated", 2, 2,
    )  # fmt: skip
    [then] = looking.incidents(now(mission, at=before), Filter())
    assert (then["occurred"], then["reports"]) == ("alleged", 1)
    assert [one["reports"] for one in looking.history(now(mission), row["id"])] == [1, 2]
    assert [one["id"] for one in looking.reports(now(mission), row["id"])] == ["radio/1", "paper/1"]


def test_who_may_not_see_a_report_has_no_row_of_it_no_count_and_no_change(mission: Mission) -> None:
    put(mission, said(mission, "radio/1"))
    write(mission)
    looking = Looking(mission.projections)
    before = looking.last_change(now(mission))
    label = {"owner": "north", "releasable_to": ["north"]}
    put(mission, said(mission, "paper/1", hours=1.1, label=label))
    write(mission)

    assert looking.incidents(now(mission), Filter())[0]["reports"] == 1
    assert looking.incidents(now(mission, "north"), Filter())[0]["reports"] == 2
    assert looking.last_change(now(mission)) == before
    assert looking.holding(now(mission), "paper/1") == ""


def test_a_report_that_waits_for_a_ruling_says_for_which_word(mission: Mission, clock: Clock) -> None:
    put(mission, said(mission, "radio/1", words={"kind": "tiro"}))
    write(mission)

    def state() -> tuple[object, ...]:
        with mission.projections.reading() as connection:
            asked = "SELECT state, incident, why FROM report WHERE audience = ? AND to_size IS NULL"
            return tuple(connection.execute(asked, [PUBLIC]).fetchone())

    assert state() == ("waits", "", "radio kind tiro")
    clock.pass_by(MINUTE)
    put(
        mission,
        mission.said(kinds.RULING, {"source": "radio", "sort": "kind", "word": "tiro", "means": None}, by=[CHAIR]),
    )
    write(mission)
    assert state() == ("ruled out", "", "")


def test_a_retracted_report_takes_its_incident_with_it(mission: Mission, clock: Clock) -> None:
    put(mission, said(mission, "radio/1"))
    write(mission)
    clock.pass_by(HOUR)
    put(mission, said(mission, "radio/1", rev=2, op="retract"))

    assert write(mission).incidents(now(mission), Filter()) == []


def test_written_in_many_goes_or_worked_out_anew_the_rows_are_the_same(mission: Mission, clock: Clock) -> None:
    label: dict[str, Json] = {"not_before": write_moment(clock() + 90 * MINUTE)}
    steps = [
        [said(mission, "radio/1"), said(mission, "radio/2", hours=30)],
        [said(mission, "paper/1", hours=1.1, by=SOUTH)],
        [
            said(mission, "paper/2", hours=1.2, words={"kind": "tiro"}),
            said(mission, "paper/3", hours=30, label=label),
        ],
        [mission.said(kinds.LINK, {"reports": ["paper/1", "radio/1"], "same": False, "why": "two"}, by=[CHAIR])],
        [said(mission, "radio/2", hours=30, rev=2, op="retract")],
        [
            mission.said(
                kinds.RULING, {"source": "paper", "sort": "kind", "word": "tiro", "means": "gunfire"}, by=[CHAIR]
            )
        ],
    ]
    for step in steps:
        put(mission, *step)
        write(mission)
        clock.pass_by(40 * MINUTE)
        write(mission)
    grown = whole(mission)

    mission.projections.delete()
    write(mission)

    assert {name: len(rows) for name, rows in whole(mission).items()} == {
        name: len(rows) for name, rows in grown.items()
    }
    assert whole(mission) == grown


def test_a_source_is_counted_by_what_became_of_its_reports_and_only_of_those_that_are_seen(mission: Mission) -> None:
    label = {"owner": "north", "releasable_to": ["north"]}
    put(
        mission,
        said(mission, "radio/1"),
        said(mission, "radio/2", words={"kind": "tiro"}),
        said(mission, "radio/3", label=label),
    )
    looking = write(mission)

    def counted(audience: str) -> list[tuple[object, ...]]:
        names = ("name", "counts", "waits", "faulty", "ruled_out")
        return [tuple(one[name] for name in names) for one in looking.sources(now(mission, audience))]

    assert counted(PUBLIC) == [("paper", 0, 0, 0, 0), ("radio", 1, 1, 0, 0)]
    assert counted("north") == [("paper", 0, 0, 0, 0), ("radio", 2, 1, 0, 0)]


# ---- looking -------------------------------------------------------------------------------------------------------


def test_a_filter_leaves_out_what_does_not_fit_every_part_of_it(mission: Mission) -> None:
    put(mission, said(mission, "radio/1"), said(mission, "radio/2", hours=50, lat="33.0"))
    looking = write(mission)

    def found(**more: Any) -> list[str]:  # noqa: ANN401
        return [f"{one['lat_e7'] / E7:.2f}" for one in looking.incidents(now(mission), Filter(**more))]

    assert found() == ["33.00", "31.51"]  # the latest first
    assert found(since=BEGUN + 40 * HOUR) == ["33.00"]
    assert found(until=BEGUN + 40 * HOUR) == ["31.51"]
    assert found(kinds=("gunfire",)) == []
    assert found(kinds=("gunfire", "shelling"), proofs=("alleged",)) == ["33.00", "31.51"]
    assert found(by="north") == []
    assert found(box=(34 * E7, 32 * E7, 35 * E7, 34 * E7)) == ["33.00"]
    assert found(box=(35 * E7, 30 * E7, 34 * E7, 34 * E7)) == []
    assert found(box=(179 * E7, 30 * E7, 35 * E7, 34 * E7)) == ["33.00", "31.51"]  # over 180 degrees
    assert len(looking.incidents(now(mission), Filter(), most=1)) == 1


def test_who_sees_coarsely_has_no_position_of_the_last_hours_and_older_ones_by_squares(
    mission: Mission, clock: Clock
) -> None:
    put(mission, said(mission, "radio/1", text="north of the mill"))
    clock.pass_by(HOUR + LATE - 1)
    looking = write(mission)
    [row] = looking.incidents(now(mission, coarse=True), Filter())
    assert (row["lat_e7"], row["withheld"]) == (None, True)

    clock.pass_by(1)
    [row] = looking.incidents(now(mission, coarse=True), Filter())
    assert (row["lat_e7"] - GRID_E7 // 2) % GRID_E7 == 0 == (row["lon_e7"] - GRID_E7 // 2) % GRID_E7
    assert abs(row["lat_e7"] - 315_100_000) <= GRID_E7 // 2
    assert row["within_m"] > 4000
    [report] = looking.reports(now(mission, coarse=True), row["id"])
    assert "mill" not in json.dumps(report)
    assert not {"lat", "lon", "words", "zone", "original"} & report.keys()


def test_what_turned_out_to_be_fresh_is_shown_coarsely_in_no_earlier_word_either(
    mission: Mission, clock: Clock
) -> None:
    clock.pass_by(LATE + HOUR)
    (first,) = put(mission, said(mission, "radio/1"))
    write(mission)
    put(mission, said(mission, "radio/1", hours=6, rev=2))
    looking = write(mission)

    steps = looking.history(now(mission, coarse=True), f"i-{first}")
    assert [one["lat_e7"] for one in looking.history(now(mission), f"i-{first}")] == [315_100_000] * 2
    assert [(one["lat_e7"], one["withheld"]) for one in steps] == [(None, True)] * 2


def test_a_fact_is_read_as_whoever_named_it_first_said_it_last(mission: Mission, clock: Clock) -> None:
    def claim(value: int, by: PrivateKey, **more: Json) -> bytes:
        body: dict[str, Json] = {
            "id": "c-1", "kind": "claim", "by": "north", "on": "2031-03-10", "learned_at": write_moment(clock()),
            "fields": {"of": "trucks", "value": value}, **more,
        }  # fmt: skip
        return mission.said(kinds.FACT, body, by=[by])

    put(mission, claim(400, NORTH), claim(1, SOUTH, rev=9), claim(450, NORTH, rev=2))
    looking = write(mission)

    def values(name: str) -> list[int]:
        return [one["fields"]["value"] for one in looking.facts(now(mission), [name])]

    assert values("c-1") == [450]
    assert values("south:c-1") == [1]
    assert values("north:c-2") == []


def test_a_list_goes_on_where_its_page_ended_even_among_incidents_of_one_moment(mission: Mission) -> None:
    put(mission, *(said(mission, f"radio/{number}", lat=f"{31 + number}") for number in range(5)))
    looking = write(mission)
    wanted, found = Filter(), list[str]()
    while page := looking.incidents(now(mission), wanted, most=2):
        found += [one["id"] for one in page]
        wanted = Filter(below=(page[-1]["latest"], page[-1]["id"]))

    assert found == [one["id"] for one in looking.incidents(now(mission), Filter())]
    assert len(found) == 5


def test_an_incident_says_in_which_zones_it_was_and_over_which_borders_nobody_can_tell(mission: Mission) -> None:
    put(
        mission, said(mission, "radio/1", lat="0.1", lon="-30.2"), said(mission, "radio/2", lat="0.1", lon="-30.1005")
    )
    looking = write(mission)

    def zones(**more: Any) -> list[tuple[object, object]]:  # noqa: ANN401
        return [(one.get("inside"), one["borders"]) for one in looking.incidents(now(mission, **more), Filter())]

    assert sorted(zones(), key=repr) == [(["valley"], ""), ([], "valley")]
    assert zones(coarse=True) == [(None, ""), (None, "")]  # a border is finer than the grid


def test_who_sees_coarsely_has_no_fresh_zone_either_and_asks_the_map_for_nothing_finer(
    mission: Mission, clock: Clock
) -> None:
    put(mission, said(mission, "radio/1", lat=None, lon=None, within_m=None, zone="valley"), said(mission, "radio/2"))
    looking = write(mission)
    coarse = now(mission, coarse=True)

    assert {(one["zone"], one["lat_e7"], one["withheld"]) for one in looking.incidents(coarse, Filter())} == {
        ("", None, True)
    }
    clock.pass_by(HOUR + LATE)
    coarse = now(mission, coarse=True)
    [row] = [one for one in looking.drawn(coarse, Filter()) if one[3] is not None]
    assert (row[3] - GRID_E7 // 2) % GRID_E7 == 0 == (row[4] - GRID_E7 // 2) % GRID_E7
    lat, lon = 315_100_000, 345_100_000
    just = Filter(box=(lon - 10, lat - 10, lon + 10, lat + 10))
    assert looking.drawn(coarse, just) == []  # what is asked is asked of squares
    assert len(looking.drawn(now(mission), just)) == 1
