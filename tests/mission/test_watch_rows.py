"""Who was watching, as rows: for each audience what it may know, and nothing of where the watcher stood."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.mission_small import BEGUN, CHAIR, Clock, begin, decision, enter, opened, put, settings
from trucekeeper.journal.keys import PUBLIC
from trucekeeper.mission import kinds
from trucekeeper.mission.looking import LATE, Looking, Sight
from trucekeeper.mission.standings import Standings
from trucekeeper.terms.moments import HOUR, write_moment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from trucekeeper.journal.canonical import Json
    from trucekeeper.mission.mission import Mission


@pytest.fixture
def clock() -> Clock:
    """Return the clock of the mission, ten hours after it began."""
    return Clock(BEGUN + 10 * HOUR)


@pytest.fixture
def mission(tmp_path: Path, clock: Clock) -> Iterator[Mission]:
    """Return a mission in which nobody watched yet."""
    begin(settings(tmp_path / "mission"), clock)
    with opened(tmp_path / "mission", clock) as found:
        enter(found, CHAIR, decision())
        yield found


def write(mission: Mission) -> Looking:
    """Write down what follows by now, and return who looks at it."""
    mission.projections.catch_up(mission.journal)
    Standings(mission).catch_up(mission.clock())
    return Looking(mission.projections)


def watch(mission: Mission, name: str, start: float, end: float, **more: Any) -> bytes:  # noqa: ANN401
    """Return that the commission watched the valley for some hours of the day."""
    body = {
        "id": name,
        "kind": "coverage",
        "by": "commission",
        "from": write_moment(BEGUN + int(start * HOUR)),
        "until": write_moment(BEGUN + int(end * HOUR)),
        "zone": "valley",
        "fields": {"detects": ["attack"]},
        "learned_at": write_moment(BEGUN + int(end * HOUR)),
        "occurred": "corroborated",
        **more,
    }
    label = body.pop("label", {})
    said = {name: one for name, one in body.items() if one is not None}
    return mission.said(kinds.FACT, said, by=[CHAIR], label=label)


def seen(mission: Mission, looking: Looking, **more: Any) -> list[tuple[str, str, float, float]]:  # noqa: ANN401
    sight = Sight(more.pop("audience", PUBLIC), mission.clock(), **more)
    rows = looking.watched(sight, BEGUN, BEGUN + 10 * HOUR)
    return [(one["sort"], one["zone"], (one["begins"] - BEGUN) / HOUR, (one["ends"] - BEGUN) / HOUR) for one in rows]


def test_a_watch_and_a_denial_have_rows_that_say_where_and_when_and_by_whom(mission: Mission) -> None:
    refused = {"kind": "denial", "by": "north", "fields": {"against": "commission", "reason": "a closed road"}}
    put(mission, watch(mission, "w-1", 1, 3), watch(mission, "d-1", 4, 5, **refused))
    looking = write(mission)

    assert seen(mission, looking) == [("coverage", "valley", 1, 3), ("denial", "valley", 4, 5)]
    [coverage, denial] = looking.watched(Sight(PUBLIC, mission.clock()), BEGUN, BEGUN + 10 * HOUR)
    assert (coverage["by"], coverage["detects"]) == ("commission", ["attack"])
    assert (denial["by"], denial["reason"], denial["against"]) == ("north", "a closed road", "commission")


def test_a_corrected_watch_stands_in_the_place_of_the_first_and_a_retracted_one_nowhere(
    mission: Mission, clock: Clock
) -> None:
    put(mission, watch(mission, "w-1", 1, 3), watch(mission, "w-2", 5, 6))
    write(mission)
    before = clock()
    clock.pass_by(HOUR)
    gone: dict[str, Json] = {"id": "w-2", "rev": 2, "op": "retract", "learned_at": write_moment(clock())}
    put(mission, watch(mission, "w-1", 1, 2, rev=2), mission.said(kinds.FACT, gone, by=[CHAIR]))
    looking = write(mission)

    assert seen(mission, looking) == [("coverage", "valley", 1, 2)]
    assert seen(mission, looking, at=before) == [("coverage", "valley", 1, 3), ("coverage", "valley", 5, 6)]


def test_whom_it_is_not_for_learns_of_no_watch(mission: Mission) -> None:
    before = write(mission).last_change(Sight("south", mission.clock()))
    put(mission, watch(mission, "w-1", 1, 3, label={"owner": "north", "releasable_to": ["north"]}))
    looking = write(mission)

    assert seen(mission, looking, audience="north") == [("coverage", "valley", 1, 3)]
    assert seen(mission, looking, audience="south") == seen(mission, looking) == []
    assert looking.last_change(Sight("south", mission.clock())) == before


def test_who_sees_coarsely_is_told_of_no_watch_of_the_last_hours(mission: Mission, clock: Clock) -> None:
    put(mission, watch(mission, "w-1", 3, 9), watch(mission, "w-2", 8, 9))
    looking = write(mission)

    assert seen(mission, looking, coarse=True) == [("coverage", "valley", 3, 10 - LATE / HOUR)]
    clock.pass_by(LATE)
    assert seen(mission, looking, coarse=True) == [("coverage", "valley", 3, 9), ("coverage", "valley", 8, 9)]


def test_where_the_watcher_stood_is_in_no_row(mission: Mission) -> None:
    put(mission, watch(mission, "w-1", 1, 3, lat="0.0123", lon="-30.2345", within_m=50, zone=None))
    write(mission)

    with mission.projections.reading() as connection:
        rows = repr(connection.execute("SELECT * FROM watched").fetchall())
    assert "w-1" in rows
    assert [one for one in ("0123", "123000", "2345") if one in rows] == []


def test_worked_out_anew_the_rows_are_the_same(mission: Mission, clock: Clock) -> None:
    for hour in range(1, 4):
        put(mission, watch(mission, "w-1", 0, hour, rev=hour), watch(mission, f"w-2-{hour}", hour, hour + 1))
        write(mission)
        clock.pass_by(HOUR)

    def whole() -> list[tuple[object, ...]]:
        with mission.projections.reading() as connection:
            return sorted(connection.execute("SELECT * FROM watched").fetchall(), key=repr)

    grown = whole()
    mission.projections.delete()
    write(mission)

    assert whole() == grown
