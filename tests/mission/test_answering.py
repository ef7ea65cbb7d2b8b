"""Why, as pages are told it: what `truce why` says of the same question, for one audience, down to the entries."""

from __future__ import annotations

from itertools import product
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest

from tests import mission_small as small
from tests.mission.test_incident_rows import SOURCE, said
from tests.mission.test_mission import amend
from tests.mission.test_redaction import redact, seal
from tests.mission.test_service import kept
from tests.mission.test_standings import AUDIENCES, LEVELS, play
from tests.mission_small import BEGUN, CHAIR, SOUTH, Clock, asked, attack, decision, enter, opened, put
from trucekeeper.compliance.knowledge import Audience
from trucekeeper.mission import answering, kinds
from trucekeeper.mission.answering import Answering
from trucekeeper.mission.looking import Filter, Looking, Sight
from trucekeeper.mission.projections import as_json
from trucekeeper.mission.questions import MOST_OPEN, Asked, Questions, TooManyError
from trucekeeper.mission.standings import OutdatedError, Standings
from trucekeeper.terms import Proof
from trucekeeper.terms.moments import DAY, HOUR

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from trucekeeper.compliance.grounds import Ground
    from trucekeeper.mission.mission import Mission

CORROBORATED = Proof.CORROBORATED


NORTH = {"sort": "actor", "word": "north", "means": "north"}


@pytest.fixture
def mission(tmp_path: Path, clock: Clock) -> Iterator[Mission]:
    small.begin(small.settings(tmp_path / "mission"), clock)
    with opened(tmp_path / "mission", clock) as found:
        yield found


def attend(mission: Mission, standings: Standings | None = None) -> Standings:
    """Write down what follows by now and answer what is asked, as a keeper does."""
    mission.projections.catch_up(mission.journal)
    standings = standings or Standings(mission)
    standings.catch_up(mission.clock())
    Answering(mission).answer(standings)
    return standings


def why(mission: Mission, one: Asked, standings: Standings | None = None) -> dict[str, Any]:
    """Ask, have it answered, and return the answer."""
    questions = Questions(mission.projections)
    questions.put(one, "officer")
    attend(mission, standings)
    found = questions.ask(one, "officer", 0)
    assert found is not None
    return found


def commitments(mission: Mission, audience: str, proof: Proof) -> set[tuple[str, str]]:
    rows = Looking(mission.projections).standing(Sight(audience, mission.clock()), proof=proof)
    return {(one["clause"], one["key"][0]) for one in rows}


def halted(mission: Mission, audience: str = "public", by: str = "north", at: int | None = None) -> Asked:
    """Return the question why a party stands as it does with the prohibition of attacks."""
    rows = Looking(mission.projections).standing(Sight(audience, mission.clock()), clause="halt")
    [key] = [one["key"][0] for one in rows if one["by"] == by]
    return Asked(audience, "halt", key, CORROBORATED, at)


def reasons(ground: dict[str, Any]) -> list[tuple[str, str, list[str]]]:
    here = (ground["says"], ground["answer"], ground["facts"])
    return [here, *(reason for one in ground["of"] for reason in reasons(one))]


def of_reference(ground: Ground) -> list[tuple[str, str, list[str]]]:
    walked = [one for _, one in ground.walk()]
    return [(one.says, "" if one.answer is None else one.answer.name.lower(), list(one.facts)) for one in walked]


def test_every_answer_is_what_asking_the_record_gives_at_every_level_for_every_audience(
    mission: Mission, clock: Clock
) -> None:
    for _ in play(mission, clock):
        pass
    standings = attend(mission)
    for audience, proof in product(AUDIENCES[:3], LEVELS):
        folder = mission.folder(Audience(audience, clock()))
        for clause, key in sorted(commitments(mission, audience, proof))[:4]:
            answer = why(mission, Asked(audience, clause, key, proof), standings)
            stands = folder.why(clause, asked(clock, audience, proof=proof), key=key)
            assert [one["verdict"] for one in answer["stands"]] == [one.verdict.value for one in stands]
            assert [reasons(one["ground"]) for one in answer["stands"]] == [
                of_reference(one.ground) for one in stands
            ]


def test_of_the_past_the_answer_is_what_was_known_then_under_the_agreement_of_then(
    mission: Mission, clock: Clock
) -> None:
    enter(mission, CHAIR, decision())
    then = clock()
    clock.pass_by(HOUR)
    enter(mission, SOUTH, attack("a1"))
    attend(mission)
    clock.pass_by(HOUR)
    between = clock() - 1
    amend(mission)
    attend(mission)

    [before] = why(mission, halted(mission, at=then))["stands"]
    [after] = why(mission, halted(mission, at=between))["stands"]
    assert (before["verdict"], after["verdict"]) == ("cannot tell", "contrary")
    assert "a1" not in str(before)


def test_a_keeper_that_began_anew_says_of_the_past_what_one_says_that_was_there(
    mission: Mission, clock: Clock
) -> None:
    put(mission, *(mission.said(kinds.SOURCE, {"name": one, **SOURCE}, by=[CHAIR]) for one in ("radio", "paper")))
    enter(mission, CHAIR, decision())
    moments = []
    kept = attend(mission)
    for name in ("radio/1", "radio/2", "paper/1", "paper/2"):
        clock.pass_by(2 * HOUR)
        put(mission, said(mission, name, words={"kind": "fire", "by": "north"}))
        put(mission, mission.said(kinds.RULING, {**NORTH, "source": name.partition("/")[0]}, by=[CHAIR]))
        attend(mission, kept)
        moments.append(clock() - 1)
    asked_at = [halted(mission, at=one) for one in moments]
    before = [why(mission, one, kept) for one in asked_at]
    with mission.projections.writing() as connection:
        connection.execute("DELETE FROM question")

    anew = Standings(mission)

    assert [why(mission, one, anew) for one in asked_at] == before
    assert len({as_json(one) for one in before}) == len(before)


def test_where_the_agreement_of_then_is_lost_nothing_is_said_and_the_keeper_goes_on(
    mission: Mission, clock: Clock
) -> None:
    enter(mission, CHAIR, decision())
    then = clock()
    clock.pass_by(DAY)
    first = mission.adopted().files["agreement.yaml"]
    amend(mission)
    standings = attend(mission)
    secret = mission.evidence.store.originals()[bytes.fromhex(first)]
    mission.evidence.path(secret).unlink()

    told = why(mission, halted(mission, at=then), standings)

    assert told["stands"] == []


def test_a_fact_is_given_with_its_entries_and_an_incident_with_those_of_its_reports(
    mission: Mission, clock: Clock
) -> None:
    put(mission, *(mission.said(kinds.SOURCE, {"name": one, **SOURCE}, by=[CHAIR]) for one in ("radio", "paper")))
    enter(mission, CHAIR, decision())
    clock.pass_by(2 * HOUR)
    by_north = {"kind": "fire", "by": "north"}
    reports = put(mission, *(said(mission, one, words=by_north) for one in ("radio/1", "paper/1")))
    [fact] = enter(mission, SOUTH, attack("a1"))
    ruling = {"sort": "actor", "word": "north", "means": "north"}
    put(mission, *(mission.said(kinds.RULING, {**ruling, "source": one}, by=[CHAIR]) for one in ("radio", "paper")))
    attend(mission)
    [incident] = Looking(mission.projections).incidents(Sight("public", clock()), Filter())
    body = {"incident": incident["id"], "occurred": "verified", "why": "seen on the spot"}
    [verified] = put(mission, mission.said(kinds.VERIFY, body, by=[CHAIR]))
    [corrected] = put(mission, said(mission, "radio/1", words=by_north, rev=2))
    attend(mission)

    facts = why(mission, halted(mission))["facts"]

    assert facts[incident["id"]]["entries"] == [reports[1], verified, corrected]
    assert (facts[incident["id"]]["incident"], facts["a1"]["incident"]) == (True, False)
    assert facts["a1"]["entries"] == [fact.seq]


def test_an_answer_says_nothing_that_its_audience_may_not_see(mission: Mission, clock: Clock) -> None:
    enter(mission, CHAIR, decision())
    clock.pass_by(HOUR)
    enter(mission, SOUTH, attack("kestrel", owner="south"))
    attend(mission)

    mine, others = (why(mission, halted(mission, who)) for who in ("south", "north"))

    assert "kestrel" in str(mine)
    assert "kestrel" not in str(others)
    assert why(mission, Asked("nobody", "halt", halted(mission).key, CORROBORATED))["stands"] == []


def test_what_is_redacted_is_in_no_answer_and_no_answer_from_before_is_left(mission: Mission, clock: Clock) -> None:
    enter(mission, CHAIR, decision())
    clock.pass_by(HOUR)
    [fact] = enter(mission, SOUTH, attack("a1", cite="art. 9 of kestrel"))
    attend(mission)
    one = halted(mission)
    assert "kestrel" in str(why(mission, one))
    assert fact.seq is not None
    redact(mission, clock, fact.seq)
    mission.projections.catch_up(mission.journal)
    with mission.projections.reading() as connection:
        assert connection.execute("SELECT count(*) FROM question").fetchone() == (0,)

    after = why(mission, one)

    assert "kestrel" not in str(after)
    assert "a1 was redacted: it counts as possible" in str(after)


def test_an_answer_is_not_written_where_something_was_hidden_while_it_was_worked_out(
    mission: Mission, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(mission, CHAIR, decision())
    [fact] = enter(mission, SOUTH, attack("a1", BEGUN, cite="art. 9 of kestrel"))
    standings = attend(mission)
    one = halted(mission)
    Questions(mission.projections).put(one, "officer")
    assert fact.seq is not None
    entry = fact.seq

    def meanwhile(answer: object) -> str:
        seal(mission, entry)
        mission.projections.catch_up(mission.journal)
        Questions(mission.projections).put(one, "officer")
        return as_json(answer)

    monkeypatch.setattr(answering, "as_json", meanwhile)
    with pytest.raises(OutdatedError):
        Answering(mission).answer(standings)

    with mission.projections.reading() as connection:
        assert connection.execute("SELECT answer, taken FROM question").fetchall() == [(None, 0)]


def test_the_same_question_is_worked_out_once_in_a_minute(mission: Mission, clock: Clock) -> None:
    enter(mission, CHAIR, decision())
    attend(mission)
    one = halted(mission)
    first = why(mission, one)
    questions = Questions(mission.projections)
    standings = Standings(mission)

    assert questions.ask(one, "another", 0) == first
    assert questions.take_up() is None
    clock.pass_by(HOUR)
    enter(mission, SOUTH, attack("a1"))
    attend(mission, standings)
    questions.put(one, "another")
    attend(mission, standings)
    assert questions.ask(one, "another", 0) != first


def test_a_question_that_nobody_answers_is_withdrawn_and_an_account_has_few_open(
    mission: Mission, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(mission, CHAIR, decision())
    attend(mission)
    questions = Questions(mission.projections)
    monkeypatch.setattr("trucekeeper.mission.questions.PATIENCE", 0.0)
    assert questions.ask(halted(mission), "officer", 0) is None
    assert questions.take_up() is None

    for number in range(MOST_OPEN):
        questions.put(halted(mission, at=BEGUN + number), "officer")
    with pytest.raises(TooManyError):
        questions.put(halted(mission, at=BEGUN - 1), "officer")
    questions.put(halted(mission, at=BEGUN - 1), "another")


def test_what_a_keeper_took_up_and_did_not_answer_may_be_asked_again(mission: Mission) -> None:
    enter(mission, CHAIR, decision())
    attend(mission)
    questions = Questions(mission.projections)
    questions.put(halted(mission), "officer")
    assert questions.take_up() == halted(mission)

    Answering(mission)

    assert len(why(mission, halted(mission))["stands"]) == 1


def test_a_keeper_at_work_answers_and_one_that_is_started_again_does_too(tmp_path: Path, clock: Clock) -> None:
    small.begin(small.settings(tmp_path / "mission"), clock)
    with opened(tmp_path / "mission", clock) as mission:
        enter(mission, CHAIR, decision())
        attend(mission)
        one, found = halted(mission), list[Any]()
        for _ in range(2):
            asking = Thread(target=lambda: found.append(Questions(mission.projections).ask(one, "officer", 1 << 60)))
            with kept(tmp_path / "mission", clock, []):
                asking.start()
                asking.join()

    assert [len(one["stands"]) for one in found] == [1, 1]


def test_of_many_reasons_those_that_decide_are_given(
    mission: Mission, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "MOST", 4)
    enter(mission, CHAIR, decision())
    clock.pass_by(DAY)
    weak = ("verified" if number == 5 else "alleged" for number in range(9))
    enter(mission, SOUTH, *(attack(f"a{number}", occurred=level) for number, level in enumerate(weak)))
    attend(mission)

    [stand] = why(mission, halted(mission))["stands"]

    given = stand["ground"]["of"]
    assert (len(given), stand["ground"]["more"]) == (4, 7)
    assert ["a5"] in [one["facts"] for one in given]
