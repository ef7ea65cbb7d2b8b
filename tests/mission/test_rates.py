"""What became of what each source told: what nobody could look into is no fault of whoever told it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.mission_small import BEGUN, CHAIR, NORTH, Clock, begin, decision, enter, opened, put, settings
from trucekeeper.journal.keys import PUBLIC
from trucekeeper.mission import kinds
from trucekeeper.mission.looking import Looking, Sight
from trucekeeper.mission.rates import Rate, rates
from trucekeeper.mission.standings import Standings
from trucekeeper.terms.moments import HOUR, MINUTE, write_moment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from trucekeeper.journal.canonical import Json
    from trucekeeper.journal.envelopes import PrivateKey
    from trucekeeper.mission.mission import Mission


@pytest.fixture
def clock() -> Clock:
    """Return the clock of the mission, ten hours after it began."""
    return Clock(BEGUN + 10 * HOUR)


@pytest.fixture
def mission(tmp_path: Path, clock: Clock) -> Iterator[Mission]:
    """Return a mission with two sources that have told nothing yet."""
    begin(settings(tmp_path / "mission"), clock)
    with opened(tmp_path / "mission", clock) as found:
        enter(found, CHAIR, decision())
        put(found, *(found.said(kinds.SOURCE, source(name), by=[CHAIR]) for name in ("radio", "paper")))
        yield found


def source(name: str) -> dict[str, Json]:
    rulings: dict[str, Json] = {"kind": {"fire": "shelling"}}
    return {"name": name, "reader": "csv", "entered_by": "north", "grade": "C3", "bloc": name, "rulings": rulings}


def report(mission: Mission, name: str, hour: float, *, lat: str = "0.1") -> bytes:
    """Return what a source tells of an hour of the day; at 0.1 it is in the valley."""
    at = BEGUN + int(hour * HOUR)
    body: dict[str, Json] = {
        "id": name,
        "source": name.partition("/")[0],
        "words": {"kind": "fire"},
        "at": write_moment(at),
        "learned_at": write_moment(at + MINUTE),
        "lat": lat,
        "lon": "-30.2",
        "within_m": 100,
    }
    return mission.said(kinds.REPORT, body, by=[NORTH])


def refused(
    mission: Mission, start: float, end: float, *, by: PrivateKey = CHAIR, label: dict[str, Json] | None = None
) -> bytes:
    """Return that somebody refused the commission the valley for some hours."""
    body: dict[str, Json] = {
        "id": f"refused-{start}",
        "kind": "denial",
        "from": write_moment(BEGUN + int(start * HOUR)),
        "until": write_moment(BEGUN + int(end * HOUR)),
        "zone": "valley",
        "fields": {"against": "commission"},
        "learned_at": write_moment(BEGUN + int(end * HOUR)),
    }
    return mission.said(kinds.FACT, body, by=[by], label=label or {})


def rated(mission: Mission) -> dict[str, Rate]:
    """Write down what follows by now, and return the rates that everybody may know."""
    mission.projections.catch_up(mission.journal)
    Standings(mission).catch_up(mission.clock())
    return rates(Looking(mission.projections), Sight(PUBLIC, mission.clock()))


def test_a_source_that_told_nothing_has_no_rate(mission: Mission) -> None:
    assert rated(mission) == {}


def test_what_nobody_else_tells_stays_open(mission: Mission) -> None:
    put(mission, report(mission, "radio/1", 1))

    assert rated(mission) == {"radio": Rate(open=1)}


def test_what_two_origins_tell_is_borne_out_for_both(mission: Mission) -> None:
    put(mission, report(mission, "radio/1", 1), report(mission, "paper/1", 1))

    assert rated(mission) == {"radio": Rate(borne_out=1), "paper": Rate(borne_out=1)}


def test_what_a_person_refuted_is_refuted(mission: Mission) -> None:
    [entry] = put(mission, report(mission, "radio/1", 1))
    said: dict[str, Json] = {"incident": f"i-{entry}", "occurred": "refuted", "why": "thunder"}
    put(mission, mission.said(kinds.VERIFY, said, by=[CHAIR]))

    assert rated(mission) == {"radio": Rate(refuted=1)}


@pytest.mark.parametrize(
    ("hour", "rate"),
    [(0.5, Rate(open=1)), (1, Rate(out_of_reach=1)), (3, Rate(out_of_reach=1)), (3.5, Rate(open=1))],
)
def test_where_and_when_access_was_refused_nothing_is_held_against_who_told_it(
    mission: Mission, hour: float, rate: Rate
) -> None:
    put(mission, report(mission, "radio/1", hour), refused(mission, 1, 3))

    assert rated(mission) == {"radio": rate}
    assert rate.looked_into == rate.open
    assert Rate(borne_out=4, refuted=2, open=1, out_of_reach=8).looked_into == 7


def test_access_refused_elsewhere_leaves_nothing_out(mission: Mission) -> None:
    put(mission, report(mission, "radio/1", 2, lat="0.5"), refused(mission, 1, 3))

    assert rated(mission) == {"radio": Rate(open=1)}


def test_what_is_borne_out_though_access_was_refused_is_borne_out(mission: Mission) -> None:
    put(mission, report(mission, "radio/1", 2), report(mission, "paper/1", 2), refused(mission, 1, 3))

    assert rated(mission)["radio"] == Rate(borne_out=1)


def test_a_refusal_of_which_an_audience_may_not_know_changes_none_of_its_rates(mission: Mission) -> None:
    put(mission, report(mission, "radio/1", 2), refused(mission, 1, 3, by=NORTH, label={"owner": "north"}))

    assert rated(mission) == {"radio": Rate(open=1)}
    assert rates(Looking(mission.projections), Sight("north", mission.clock())) == {"radio": Rate(out_of_reach=1)}


def test_who_sees_coarsely_learns_from_no_rate_in_which_zone_something_happened(mission: Mission) -> None:
    put(mission, report(mission, "radio/1", 3), refused(mission, 1, 8))
    rated(mission)

    coarse = rates(Looking(mission.projections), Sight(PUBLIC, mission.clock(), coarse=True))
    assert coarse == {"radio": Rate(open=1)}
