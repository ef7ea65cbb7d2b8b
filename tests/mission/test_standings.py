"""What is written of where promises stand is what asking gives, for every audience, however it was worked out."""

from __future__ import annotations

import json
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

from tests import mission_small as small
from tests.journal_small import key
from tests.mission.test_mission import amend
from tests.mission_crash import everything
from tests.mission_small import BEGUN, CHAIR, NORTH, SOUTH, Clock, asked, attack, decision, enter, opened
from trucekeeper.compliance.knowledge import Audience
from trucekeeper.ledger.lines import base64
from trucekeeper.mission.kinds import parted
from trucekeeper.mission.standings import OutdatedError, Standings
from trucekeeper.terms import Proof
from trucekeeper.terms.moments import DAY, HOUR, write_moment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from trucekeeper.mission.mission import Mission

AUDIENCES = ["public", *small.HOLDERS]


@pytest.fixture
def mission(tmp_path: Path, clock: Clock) -> Iterator[Mission]:
    small.begin(small.settings(tmp_path / "mission"), clock)
    with opened(tmp_path / "mission", clock) as found:
        yield found


def written(mission: Mission, clock: Clock) -> Standings:
    """Write everything down up to now."""
    mission.projections.catch_up(mission.journal)
    standings = Standings(mission)
    assert standings.catch_up(clock())
    return standings


LEVELS = (Proof.ALLEGED, Proof.CORROBORATED, Proof.VERIFIED)


def rows(mission: Mission, audience: str, proof: Proof = Proof.CORROBORATED) -> list[tuple[object, ...]]:
    """Return what is written down of where promises stand now."""
    with mission.projections.reading() as connection:
        found = connection.execute(
            "SELECT clause, name, row FROM standing WHERE audience = ? AND asked = ? AND to_size IS NULL",
            [audience, proof.word],
        ).fetchall()
    said = [(clause, json.loads(name), json.loads(row)) for clause, name, row in found]
    return sorted(
        (clause, name[0], row["by"], row["verdict"], row["figure"], row["lifecycle"]) for clause, name, row in said
    )


def answer(
    mission: Mission, clock: Clock, audience: str, proof: Proof = Proof.CORROBORATED
) -> list[tuple[object, ...]]:
    """Return the same as the reference gives it."""
    question = asked(clock, audience, proof=proof)
    stands = mission.folder(Audience(audience, clock())).standing(question).stands
    return sorted((one.clause, one.key, one.by, one.verdict.value, one.figure, one.lifecycle.value) for one in stands)


def delivery(name: str, at: int, count: int, **more: object) -> dict[str, object]:
    return {
        **attack(name, at),
        "kind": "delivery",
        "fields": {"count": count},
        **more,
    }


ALLEGED = {"occurred": "alleged", "who": "alleged"}


def play(mission: Mission, clock: Clock) -> Iterator[None]:
    """Let some days pass, with all that can happen in them; stop after each step."""
    enter(mission, CHAIR, decision())
    yield
    clock.pass_by(HOUR)
    enter(mission, SOUTH, attack("a1"), attack("a2", owner="south"), attack("a3", by="south"))
    yield
    to_south: dict[str, Any] = {"owner": "north", "releasable_to": ["south"]}
    enter(mission, NORTH, attack("a1", by="south", **to_south, not_before=later(clock)))
    enter(mission, NORTH, attack("a4", by="south", **to_south, not_before=later(clock, 2 * DAY)))
    enter(mission, SOUTH, attack("a4"))
    yield
    clock.pass_by(DAY)
    yield
    enter(mission, NORTH, *(delivery(f"t{day}", BEGUN + day * DAY, 600 * day) for day in range(2)))
    enter(mission, SOUTH, attack("a1", rev=2, op="retract"), attack("a5", BEGUN + 2 * HOUR, **ALLEGED))
    yield
    clock.pass_by(DAY)
    amend(mission)
    yield
    body = {"key": base64(key("late").public.raw), "delegation": "latecomer", "role": "auditor"}
    small.put(mission, mission.said("key.certify", body, by=[small.ROOT]))
    clock.pass_by(4 * DAY)
    yield


def later(clock: Clock, length: int = HOUR) -> str:
    return write_moment(clock() + length)


def test_at_every_step_what_is_written_is_what_asking_gives_each_audience(mission: Mission, clock: Clock) -> None:
    for _ in play(mission, clock):
        written(mission, clock)
        for who, proof in product(AUDIENCES, LEVELS):
            told = rows(mission, who, proof)
            assert (who, proof, told) == (who, proof, answer(mission, clock, who, proof))


def test_it_makes_no_difference_in_how_many_goes_it_is_written(mission: Mission, clock: Clock) -> None:
    standings = written(mission, clock)
    for number, _ in enumerate(play(mission, clock)):
        mission.projections.catch_up(mission.journal)
        if number % 2:
            standings.catch_up(clock())
        else:
            written(mission, clock)
            standings = Standings(mission)
    written(mission, clock)
    step_by_step = everything(mission)
    for file in mission.settings.folder.glob("projections.db*"):
        file.unlink()
    written(mission, clock)

    assert everything(mission) == step_by_step
    assert len(step_by_step["changes"]) > len(AUDIENCES) * 5


def test_an_amendment_is_written_as_a_change_of_what_was_there(mission: Mission, clock: Clock) -> None:
    enter(mission, CHAIR, decision())
    written(mission, clock)
    clock.pass_by(2 * DAY)
    amend(mission, small.AGREEMENT.replace("at_least: 600,", "at_least: 700,"))
    written(mission, clock)

    with mission.projections.reading() as connection:
        found = connection.execute(
            "SELECT json_extract(before, '$.figure'), json_extract(after, '$.figure') FROM changes "
            "WHERE audience = 'public' AND clause = 'aid' AND at = ?",
            [clock()],
        ).fetchall()
    assert found
    assert set(found) == {("at least 0 of 600", "at least 0 of 700")}


def test_a_name_that_was_plain_gives_way_to_what_came_before_it_and_is_shown_later(
    mission: Mission, clock: Clock
) -> None:
    enter(mission, CHAIR, decision())
    held: dict[str, Any] = {"owner": "north", "releasable_to": ["south"], "not_before": later(clock)}
    enter(mission, NORTH, attack("a4", BEGUN, by="south", **held))
    enter(mission, SOUTH, attack("a4", BEGUN))
    written(mission, clock)
    clock.pass_by(HOUR)
    written(mission, clock)

    with mission.projections.reading() as connection:
        told = connection.execute(
            "SELECT json_extract(after, '$.by'), json_extract(after, '$.verdict') FROM changes "
            "WHERE audience = 'south' AND asked = 'corroborated' AND clause = 'halt' AND at = ? "
            "AND after IS NOT NULL",
            [clock()],
        ).fetchall()
    assert told == [("south", "contrary")]
    assert rows(mission, "south") == answer(mission, clock, "south")


def test_a_deadline_that_passes_is_written_at_its_own_moment(mission: Mission, clock: Clock) -> None:
    enter(mission, CHAIR, decision())
    written(mission, clock)
    clock.pass_by(30 * DAY)
    written(mission, clock)

    with mission.projections.reading() as connection:
        moments = connection.execute(
            "SELECT at FROM changes WHERE audience = 'public' AND clause = 'release' ORDER BY id"
        ).fetchall()
    assert moments[-1][0] == BEGUN + 72 * HOUR + 1


def test_the_past_is_a_question_of_how_many_entries_there_were(mission: Mission, clock: Clock) -> None:
    enter(mission, CHAIR, decision())
    (one,) = enter(mission, SOUTH, attack("a1", BEGUN))
    clock.pass_by(HOUR)
    enter(mission, SOUTH, attack("a1", BEGUN, rev=2, op="retract"))
    written(mission, clock)
    assert one.seq is not None

    wanted = """
        SELECT json_extract(row, '$.verdict') FROM standing WHERE audience = 'public' AND clause = 'halt'
        AND asked = 'corroborated' AND json_extract(row, '$.by') = 'north'
        AND from_size <= ? AND (to_size IS NULL OR to_size > ?)
    """
    with mission.projections.reading() as connection:
        past = [connection.execute(wanted, [size, size]).fetchall() for size in (one.seq, one.seq + 1, one.seq + 2)]
    assert past == [[("cannot tell",)], [("contrary",)], [("cannot tell",)]]


def test_a_tally_is_written_with_every_claim_beside(mission: Mission, clock: Clock) -> None:
    claim = {
        **attack("c1", BEGUN + HOUR),
        "kind": "claim",
        "by": "guarantor",
        "fields": {"tally": "released", "value": 7},
    }
    enter(mission, CHAIR, decision(), {**claim, "from": write_moment(BEGUN), "until": write_moment(BEGUN + HOUR)})
    clock.pass_by(DAY)
    written(mission, clock)

    with mission.projections.reading() as connection:
        found = connection.execute(
            "SELECT figure FROM tallies WHERE audience = 'public' AND clause = 'release' AND to_size IS NULL"
        ).fetchall()
    assert found == [("at least 7 of 20",)]


def test_rows_that_were_deleted_meanwhile_are_not_gone_on_with(mission: Mission, clock: Clock) -> None:
    enter(mission, CHAIR, decision())
    standings = written(mission, clock)
    with mission.projections.writing() as connection:
        connection.execute("DELETE FROM position")
        connection.execute("DELETE FROM standing")
    clock.pass_by(1)

    with pytest.raises(OutdatedError):
        standings.catch_up(clock())


def test_what_opened_before_it_was_entered_is_written_for_whom_it_had_opened(mission: Mission, clock: Clock) -> None:
    enter(mission, NORTH, decision())
    standings = written(mission, clock)
    clock.pass_by(5 * HOUR)
    opens = write_moment(BEGUN + 2 * HOUR)
    enter(mission, NORTH, attack("a1", owner="north", releasable_to=["south"], not_before=opens))
    mission.projections.catch_up(mission.journal)
    standings.catch_up(clock())

    assert [row[3] for row in rows(mission, "south") if row[0] == "halt" and row[2] == "north"] == ["contrary"]
    assert "contrary" not in [row[3] for row in rows(mission, "public")]


def test_a_revision_gives_way_to_the_first_on_record_that_is_shown_later(mission: Mission, clock: Clock) -> None:
    enter(mission, NORTH, decision())
    clock.pass_by(3 * HOUR)
    standings = written(mission, clock)
    opens: dict[str, Any] = {"releasable_to": ["south"], "not_before": write_moment(BEGUN + 9 * HOUR)}
    several = [attack("a1", owner="north", **opens), attack("a1", by="south")]
    small.put(mission, *(said_by_north(mission, row) for row in several))
    mission.projections.catch_up(mission.journal)
    standings.catch_up(clock())
    before = [row[2] for row in rows(mission, "south") if row[3] == "contrary"]
    clock.pass_by(9 * HOUR)
    standings.catch_up(clock())
    after = [row[2] for row in rows(mission, "south") if row[3] == "contrary"]

    assert (before, after) == (["south"], ["north"])


def said_by_north(mission: Mission, row: dict[str, Any]) -> bytes:
    """Return a row as a statement, whatever is on record: `truce enter` would set a rival revision aside."""
    body, label = parted(row)
    return mission.said("fact", body, by=[NORTH], label=label)
