"""Reports on a mission: rulings, incidents, the facts that they make, and for whom."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.mission_small import (
    BEGUN,
    CHAIR,
    GUARANTOR,
    NORTH,
    OFFICER,
    ROOT,
    SOUTH,
    asked,
    decision,
    enter,
    put,
    refused,
)
from trucekeeper.compliance.knowledge import Audience
from trucekeeper.fusion.model import Model
from trucekeeper.mission import kinds
from trucekeeper.mission.entering import entering
from trucekeeper.mission.listing import pairs_of, rulings_needed, sources_of
from trucekeeper.mission.publishing import lines, open_to
from trucekeeper.mission.standings import Standings
from trucekeeper.mission.taking import How
from trucekeeper.terms import Interval, Op, Proof, Refused
from trucekeeper.terms.moments import DAY, HOUR, MINUTE, write_moment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.mission_small import Clock
    from trucekeeper.journal.canonical import Json
    from trucekeeper.journal.envelopes import PrivateKey
    from trucekeeper.mission.mission import Mission
    from trucekeeper.terms import Fact

ALL = "north south guarantor commission protection"
PATROLS: dict[str, object] = {
    "name": "patrols",
    "reader": "csv",
    "entered_by": ALL,
    "grade": "B2",
    "first_hand": True,
    "rulings": {},
}
RADIO: dict[str, object] = {
    "name": "radio",
    "reader": "csv",
    "entered_by": ALL,
    "grade": "C3",
    "says": "Radio Valoria",
    "rulings": {"kind": {"fire": "shelling"}},
}
PAPER: dict[str, object] = {
    "name": "paper",
    "reader": "csv",
    "entered_by": ALL,
    "grade": "C3",
    "rulings": {"kind": {"fire": "shelling"}},
}


def register(mission: Mission, *sources: Mapping[str, object]) -> None:
    put(mission, *(mission.said(kinds.SOURCE, dict(one), by=[CHAIR]) for one in sources))  # type: ignore[arg-type]


def said(
    mission: Mission, key: PrivateKey, name: str, *, hours: float = 1, label: object = None, **more: object
) -> bytes:
    at = BEGUN + int(hours * HOUR)
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
    body = {name: value for name, value in body.items() if value is not None}
    return mission.said(kinds.REPORT, body, by=[key], label=label or {})  # type: ignore[arg-type]


def incidents(mission: Mission, clock: Clock, who: str = "public") -> dict[str, list[str]]:
    found = mission.reported(Audience(who, clock())).incidents()
    return {one.id: [report.fact.id for report in one.reports] for one in found}


def facts(mission: Mission, clock: Clock, who: str = "public") -> list[Fact]:
    return [one for one in mission.folder(Audience(who, clock())).facts if one.source == "reports"]


def halting(mission: Mission, clock: Clock) -> dict[str, str]:
    stands = mission.folder(None).standing(asked(clock), clause="halt").stands
    return {str(one.by): one.verdict.value for one in stands}


def test_two_sources_of_one_event_are_one_incident_and_corroborate_it(mission: Mission, clock: Clock) -> None:
    register(mission, RADIO, PAPER)
    (first, _) = put(mission, said(mission, NORTH, "radio/1"), said(mission, NORTH, "paper/1", hours=1.2))

    assert incidents(mission, clock) == {f"i-{first}": ["radio/1", "paper/1"]}
    (fact,) = facts(mission, clock)
    assert (fact.kind, fact.occurred, fact.who) == ("shelling", Proof.CORROBORATED, Proof.ALLEGED)


def test_one_source_alone_alleges(mission: Mission, clock: Clock) -> None:
    register(mission, RADIO)
    put(mission, said(mission, NORTH, "radio/1"), said(mission, NORTH, "radio/2", hours=1.1))

    assert [one.occurred for one in facts(mission, clock)] == [Proof.ALLEGED]


def test_a_patrol_that_saw_it_corroborates_alone(mission: Mission, clock: Clock) -> None:
    register(mission, {**PATROLS, "rulings": {"kind": {"fire": "shelling"}}})
    put(mission, said(mission, GUARANTOR, "patrols/1", words={"kind": "fire", "by": "south"}))

    (fact,) = facts(mission, clock)
    assert (fact.by, fact.occurred, fact.who) == ("south", Proof.CORROBORATED, Proof.CORROBORATED)


def test_a_word_without_a_ruling_is_set_aside_and_enters_when_it_is_ruled_on(mission: Mission, clock: Clock) -> None:
    register(mission, {**RADIO, "rulings": {}})
    (seq,) = put(mission, said(mission, NORTH, "radio/1"))
    before = mission.reported(None)

    assert [one.needs for one in before.set_aside.values()] == [(("radio", "kind", "fire"),)]
    assert facts(mission, clock) == []
    put(
        mission,
        mission.said(
            kinds.RULING, {"source": "radio", "sort": "kind", "word": "Fire", "means": "shelling"}, by=[CHAIR]
        ),
    )
    assert list(incidents(mission, clock)) == [f"i-{seq}"]
    assert mission.reported(None).set_aside == {}


def test_a_word_ruled_to_mean_nothing_leaves_its_reports_aside_for_good(mission: Mission, clock: Clock) -> None:
    register(mission, {**RADIO, "rulings": {"kind": {"fire": None}}})
    put(mission, said(mission, NORTH, "radio/1"))

    assert facts(mission, clock) == []
    assert [one.ruled_out for one in mission.reported(None).set_aside.values()] == [True]


def test_a_report_of_two_kinds_that_mean_nothing_is_left_aside_and_stops_nobody(
    mission: Mission, clock: Clock
) -> None:
    register(mission, {**RADIO, "rulings": {"kind": {"fire": "shelling", "fair": None, "feast": None}}})
    put(mission, said(mission, NORTH, "radio/1", words={"kind": ["fair", "feast"]}), said(mission, NORTH, "radio/2"))

    assert [one.kind for one in facts(mission, clock)] == ["shelling"]
    assert [one.ruled_out for one in mission.reported(None).set_aside.values()] == [True]


def test_a_provider_s_later_edit_is_a_revision_and_no_second_witness(mission: Mission, clock: Clock) -> None:
    register(mission, RADIO)
    put(mission, said(mission, NORTH, "radio/1"))
    clock.pass_by(HOUR)
    put(mission, said(mission, NORTH, "radio/1", hours=2, rev=2))

    one, other = facts(mission, clock)
    assert (one.id, one.when.earliest, other.when.earliest) == (other.id, BEGUN + HOUR, BEGUN + 2 * HOUR)
    assert one.rev < other.rev
    assert len(incidents(mission, clock)) == 1


def test_what_is_retracted_takes_its_incident_with_it(mission: Mission, clock: Clock) -> None:
    register(mission, RADIO)
    (seq,) = put(mission, said(mission, NORTH, "radio/1"))
    put(
        mission,
        mission.said(
            kinds.REPORT,
            {"id": "radio/1", "rev": 2, "op": "retract", "source": "radio", "learned_at": write_moment(BEGUN + DAY)},
            by=[NORTH],
        ),
    )

    assert [one.op for one in facts(mission, clock)] == [Op.ASSERT, Op.RETRACT]
    assert incidents(mission, clock) == {}
    assert mission.reported(None).incident(f"i-{seq}") is None


def test_people_join_and_part_reports_and_the_younger_name_leads_to_the_older(mission: Mission, clock: Clock) -> None:
    register(mission, RADIO, PAPER)
    first, second = put(mission, said(mission, NORTH, "radio/1", hours=1), said(mission, NORTH, "paper/1", hours=70))
    assert len(incidents(mission, clock)) == 2

    put(
        mission,
        mission.said(kinds.LINK, {"reports": ["paper/1", "radio/1"], "same": True, "why": "one shell"}, by=[CHAIR]),
    )
    assert incidents(mission, clock) == {f"i-{first}": ["radio/1", "paper/1"]}
    found = mission.reported(None).incident(f"i-{second}")
    assert found is not None
    assert found.id == f"i-{first}"

    put(
        mission,
        mission.said(kinds.LINK, {"reports": ["paper/1", "radio/1"], "same": False, "why": "two"}, by=[CHAIR]),
    )
    assert list(incidents(mission, clock)) == [f"i-{first}", f"i-{second}"]
    assert [(one.id, one.op) for one in facts(mission, clock)][-1] == (f"i-{second}", Op.ASSERT)


@pytest.mark.parametrize("together", [True, False], ids=["in one batch", "one by one"])
def test_of_two_decisions_on_one_pair_the_later_on_record_counts(
    mission: Mission, clock: Clock, *, together: bool
) -> None:
    register(mission, RADIO, PAPER)
    put(mission, said(mission, NORTH, "radio/1", hours=1), said(mission, NORTH, "paper/1", hours=70))
    links = [
        mission.said(kinds.LINK, {"reports": list(pair), "same": same, "why": "w"}, by=[CHAIR])
        for pair, same in (
            (("radio/1", "paper/1"), True),
            (("paper/1", "radio/1"), False),
            (("radio/1", "paper/1"), True),
        )
    ]
    for batch in [links[:2], links[2:]] if together else [[one] for one in links]:
        before = len(incidents(mission, clock))
        put(mission, *batch)

    assert (before, len(incidents(mission, clock))) == (2, 1)
    model = mission.keep_model(replace(Model.default(), threshold=50_000))
    put(mission, mission.said(kinds.MODEL, model, by=[CHAIR]))
    assert len(incidents(mission, clock)) == 1
    put(mission, links[1])
    assert len(incidents(mission, clock)) == 1, "the same statement a second time is no later one"


def test_a_person_verifies_what_the_machine_only_corroborates(mission: Mission, clock: Clock) -> None:
    register(mission, RADIO)
    (seq,) = put(mission, said(mission, NORTH, "radio/1"))
    put(
        mission,
        mission.said(kinds.VERIFY, {"incident": f"i-{seq}", "occurred": "verified", "why": "crater"}, by=[CHAIR]),
    )

    assert [one.occurred for one in facts(mission, clock)] == [Proof.ALLEGED, Proof.VERIFIED]


def verified(mission: Mission, seq: int, **more: str) -> bytes:
    return mission.said(kinds.VERIFY, {"incident": f"i-{seq}", "why": "a crater", **more}, by=[CHAIR])


def test_whom_a_person_verified_is_not_whom_later_reports_name(mission: Mission, clock: Clock) -> None:
    third = {**PAPER, "name": "wire"}
    register(mission, RADIO, PAPER, third)
    (seq,) = put(mission, said(mission, NORTH, "radio/1", words={"kind": "fire", "by": "south"}))
    put(mission, verified(mission, seq, occurred="verified", who="verified", by="south"))
    before = facts(mission, clock)[-1]
    put(
        mission,
        said(mission, SOUTH, "paper/1", hours=1.1, words={"kind": "fire", "by": "north"}),
        said(mission, SOUTH, "wire/1", hours=1.2, words={"kind": "fire", "by": "north"}),
    )

    after = facts(mission, clock)[-1]
    assert (before.by, before.who, before.occurred) == ("south", Proof.VERIFIED, Proof.VERIFIED)
    assert (after.by, after.who, after.occurred) == ("north", Proof.CORROBORATED, Proof.VERIFIED)


def test_of_two_verifications_the_later_counts_for_what_it_says(mission: Mission, clock: Clock) -> None:
    register(mission, RADIO, PAPER)
    one, other = put(
        mission,
        said(mission, NORTH, "radio/1", words={"kind": "fire", "by": "south"}),
        said(mission, NORTH, "paper/1", hours=70),
    )
    put(
        mission,
        verified(mission, other, occurred="refuted"),
        verified(mission, one, who="verified", by="south"),
        verified(mission, one, occurred="verified"),
        mission.said(kinds.LINK, {"reports": ["paper/1", "radio/1"], "same": True, "why": "one"}, by=[CHAIR]),
    )

    assert [(fact.occurred, fact.who) for fact in facts(mission, clock)][-2:-1] == [(Proof.VERIFIED, Proof.VERIFIED)]


def test_what_one_delegation_alone_may_see_changes_no_incident_for_another(mission: Mission, clock: Clock) -> None:
    register(mission, RADIO, PAPER)
    put(mission, said(mission, NORTH, "radio/1"))
    before = facts(mission, clock), facts(mission, clock, "south")
    put(mission, said(mission, NORTH, "paper/1", hours=1.2, label={"owner": "north"}))

    assert (facts(mission, clock), facts(mission, clock, "south")) == before
    assert facts(mission, clock, "north")[-1].occurred is Proof.CORROBORATED


def test_a_report_moves_the_standing_of_a_promise(mission: Mission, clock: Clock) -> None:
    enter(mission, SOUTH, decision())
    register(mission, {**PATROLS, "rulings": {"kind": {"fire": "shelling"}}})
    clock.pass_by(3 * HOUR)
    before = halting(mission, clock)
    put(mission, said(mission, GUARANTOR, "patrols/1", words={"kind": "fire", "by": "south"}))
    after = halting(mission, clock)

    assert (before["south"], after["south"]) == ("cannot tell", "contrary")
    assert after["north"] == before["north"]


@pytest.mark.parametrize(
    ("kind", "body", "why"),
    [
        (kinds.SOURCE, {"name": "radio"}, "how its files are read"),
        (kinds.SOURCE, {"name": "radio", "reader": "csv", "colour": "red"}, "and not colour"),
        (kinds.RULING, {"source": "radio", "sort": "kind", "word": "fire"}, "a ruling says"),
        (kinds.RULING, {"source": "radio", "sort": "mood", "word": "fire", "means": None}, "no sort"),
        (kinds.LINK, {"reports": ["radio/1", "radio/1"], "same": True}, "a link says two reports"),
        (kinds.LINK, {"reports": ["radio/1", "paper/1"], "same": 1}, "a link says two reports"),
        (kinds.VERIFY, {"incident": "r-17", "occurred": "verified"}, "a verification says"),
        (kinds.VERIFY, {"incident": "i-17", "occurred": "certain"}, "a verification says"),
        (kinds.VERIFY, {"incident": "i-17", "who": "verified"}, "names him"),
        (kinds.MODEL, {"v": 1}, "a model says"),
        (kinds.MODEL, {"sha256": "0" * 64, "bytes": 1}, "no model of fusion that is kept"),
    ],
)
def test_a_decision_that_says_nothing_clear_is_refused(
    mission: Mission, kind: str, body: dict[str, object], why: str
) -> None:
    (found,) = refused(mission, mission.said(kind, body, by=[CHAIR]))  # type: ignore[arg-type]

    assert found is not None
    assert why in found


def shown_in_log(mission: Mission, clock: Clock, who: str, *entries: int) -> list[str]:
    found = {one.seq: one for one in lines(mission, Audience(who, clock()), 0, 100)}
    return [found[one].shown.value for one in entries]


def test_a_decision_is_shown_to_whoever_may_see_all_the_reports_that_it_names(mission: Mission, clock: Clock) -> None:
    register(mission, RADIO, PAPER)
    (open_, _) = put(
        mission,
        said(mission, NORTH, "radio/1"),
        said(mission, NORTH, "paper/1", label={"owner": "north"}, words={"kind": "the clinic"}),
    )
    link = mission.said(kinds.LINK, {"reports": ["paper/1", "radio/1"], "same": True, "why": "one"}, by=[CHAIR])
    ruling = {"source": "paper", "sort": "kind", "word": "The Clinic", "means": "shelling"}
    entries = put(
        mission, link, mission.said(kinds.RULING, ruling, by=[CHAIR]), verified(mission, open_, occurred="verified")
    )

    hidden = ["sealed to you", "sealed to you", "whole"]
    assert [shown_in_log(mission, clock, who, *entries) for who in ("public", "south")] == [hidden, hidden]
    assert [shown_in_log(mission, clock, who, *entries) for who in ("north", "commission")] == [["whole"] * 3] * 2
    with pytest.raises(Refused, match="is not for 'south'"):
        open_to(mission, Audience("south", clock()), entries[0])


def test_a_decision_is_shown_as_soon_as_what_it_names_is_released(mission: Mission, clock: Clock) -> None:
    register(mission, RADIO)
    until = {"releasable_to": ["south"], "owner": "north", "not_before": write_moment(BEGUN + DAY)}
    (seq,) = put(mission, said(mission, NORTH, "radio/1", label=until))
    (entry,) = put(mission, verified(mission, seq, occurred="verified"))
    before = shown_in_log(mission, clock, "south", entry)
    clock.pass_by(DAY)

    assert (before, shown_in_log(mission, clock, "south", entry)) == (["sealed to you"], ["whole"])
    put(mission, mission.said("seal", {"entry": seq, "why": "a witness"}, by=[OFFICER]))
    assert shown_in_log(mission, clock, "south", entry) == ["whole"]
    assert shown_in_log(mission, clock, "public", entry) == ["sealed to you"]


def test_a_word_of_a_sealed_report_is_shown_by_no_ruling_on_it(mission: Mission, clock: Clock) -> None:
    register(mission, {**RADIO, "rulings": {}})
    (seq,) = put(mission, said(mission, NORTH, "radio/1", words={"kind": "the clinic", "by": ["X", "Y"]}))
    rulings = [("kind", "the clinic"), ("actor", "Y"), ("actor", "Z")]
    bodies: list[dict[str, Json]] = [
        {"source": "radio", "sort": sort, "word": word, "means": None} for sort, word in rulings
    ]
    entries = put(mission, *(mission.said(kinds.RULING, one, by=[CHAIR]) for one in bodies))

    assert shown_in_log(mission, clock, "north", *entries) == ["whole", "whole", "sealed to you"]
    put(mission, mission.said("seal", {"entry": seq, "why": "a witness"}, by=[OFFICER]))
    assert shown_in_log(mission, clock, "north", *entries) == ["sealed to you"] * 3
    assert shown_in_log(mission, clock, "commission", *entries) == ["whole"] * 3


@pytest.mark.parametrize("label", [{"means": "airstrike"}, {"owner": 5}, {"not_before": "soon"}])
def test_the_label_of_a_decision_says_for_whom_it_is_and_nothing_else(
    mission: Mission, label: dict[str, Json]
) -> None:
    body: dict[str, Json] = {"source": "radio", "sort": "kind", "word": "fire", "means": "shelling"}
    (found,) = refused(mission, mission.said(kinds.RULING, body, by=[CHAIR], label=label))

    assert found is not None
    assert "label" in found


def test_a_party_rules_on_nothing_and_registers_no_source(mission: Mission) -> None:
    found = refused(
        mission,
        mission.said(kinds.SOURCE, RADIO, by=[NORTH]),  # type: ignore[arg-type]
        mission.said(
            kinds.RULING, {"source": "radio", "sort": "kind", "word": "fire", "means": "shelling"}, by=[NORTH]
        ),
    )

    assert all(one is not None for one in found)


def test_no_fact_bears_the_name_of_an_incident(mission: Mission) -> None:
    (found,) = refused(mission, mission.said("fact", {**decision(), "id": "i-7"}, by=[SOUTH]))  # type: ignore[dict-item]

    assert found is not None
    assert "the name of an incident" in found


@pytest.mark.parametrize("name", ["i-7-redacted", f"i-{'9' * 5000}"], ids=["a redacted report's", "a long one"])
def test_no_fact_bears_a_name_that_is_an_incident_s_to_give(mission: Mission, name: str) -> None:
    (found,) = refused(mission, mission.said("fact", {**decision(), "id": name}, by=[SOUTH]))  # type: ignore[dict-item]

    assert found is not None
    assert "the name of an incident" in found


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"learned_at": None}, "learned_at"),
        ({"learned_at": ["2031-03-10T12:00+02:00"]}, "learned_at"),
        ({"op": "redact"}, "redacted by a seal"),
        ({"op": ["retract"]}, "redacted by a seal"),
        ({"source": "paper"}, "SOURCE/NAME"),
        ({"source": ["radio"]}, "SOURCE/NAME"),
        ({"id": "radio"}, "SOURCE/NAME"),
    ],
)
def test_a_report_is_named_after_its_source_and_says_when_that_knew_it(
    mission: Mission, clock: Clock, more: dict[str, object], why: str
) -> None:
    register(mission, RADIO)
    (found,) = refused(mission, said(mission, NORTH, "radio/1", **more))  # type: ignore[arg-type]

    assert found is not None
    assert why in found
    assert mission.folder(Audience("public", clock()), as_reported=True).faults == ()


def test_a_redacted_report_of_no_known_kind_may_have_been_of_any(mission: Mission, clock: Clock) -> None:
    register(mission, RADIO)
    (seq,) = put(mission, said(mission, NORTH, "radio/1", words={"kind": "north"}))
    put(mission, mission.said("seal", {"entry": seq, "why": "a witness"}, by=[OFFICER]))

    told = mission.folder(Audience("public", clock())).facts
    assert [(one.id, one.kind) for one in told][1:] == [(f"i-{seq}-redacted", "")]


def test_what_is_left_of_a_report_need_not_say_when_it_was_learned(mission: Mission, clock: Clock) -> None:
    register(mission, RADIO)
    (seq,) = put(mission, said(mission, NORTH, "radio/1"))
    put(mission, mission.said("seal", {"entry": seq, "why": "a witness"}, by=[OFFICER]))
    clock.pass_by(4 * DAY)
    body: dict[str, Json] = {"entry": seq, "why": "a witness", "left": {"of": "report", "delegation": "north"}}
    put(mission, mission.said("redact", body, by=[NORTH, SOUTH]))

    for as_reported in (False, True):
        told = mission.folder(Audience("public", clock()), as_reported=as_reported).facts
        assert [(one.id, one.op) for one in told][1:] == [(f"i-{seq}-redacted", Op.REDACT)]


def test_what_is_written_down_is_what_is_asked(mission: Mission, clock: Clock) -> None:
    enter(mission, SOUTH, decision())
    register(mission, RADIO, PAPER)
    standings = None
    for number in range(6):
        put(
            mission,
            said(mission, NORTH, f"radio/{number}", hours=1 + number * 7),
            said(mission, SOUTH, f"paper/{number}", hours=2 + number * 7),
        )
        clock.pass_by(HOUR * 8)
        mission.projections.catch_up(mission.journal)
        standings = standings or Standings(mission)
        standings.catch_up(clock())
    live = rows(mission)
    with mission.projections.writing() as connection:
        connection.execute("DELETE FROM standing")
        connection.execute("DELETE FROM changes")
        connection.execute("DELETE FROM position WHERE name LIKE 'standing%'")
    Standings(mission).catch_up(clock())

    assert rows(mission) == live
    assert {row[0] for row in live} >= {"public", "north", "south"}


def rows(mission: Mission) -> list[tuple[object, ...]]:
    with mission.projections.reading() as connection:
        return connection.execute("SELECT * FROM standing ORDER BY audience, name, from_size, since").fetchall()


def test_a_model_goes_on_record_and_counts_for_those_who_may_see_it(mission: Mission, clock: Clock) -> None:
    register(mission, RADIO, PAPER)
    put(mission, said(mission, NORTH, "radio/1"), said(mission, NORTH, "paper/1", hours=1.2))
    strict = replace(Model.default(), threshold=50_000)
    body = mission.keep_model(strict)
    put(mission, mission.said(kinds.MODEL, body, by=[CHAIR], label={"owner": "commission"}))

    assert mission.model(str(body["sha256"])) == strict
    assert len(incidents(mission, clock, "commission")) == 2
    assert len(incidents(mission, clock)) == 1
    put(mission, mission.said(kinds.MODEL, body, by=[CHAIR]))
    assert len(incidents(mission, clock)) == 2
    assert mission.reported(None).changed_by(Model.default()) == (2, 2)


def test_a_model_learned_from_few_reports_is_the_cautious_one(mission: Mission, clock: Clock) -> None:
    register(mission, RADIO, PAPER)
    put(mission, said(mission, NORTH, "radio/1"), said(mission, NORTH, "paper/1", hours=1.2))
    fitted = mission.reported(Audience("public", clock())).fitted()

    assert replace(fitted, density=Model.default().density) == Model.default()


def test_what_is_in_doubt_is_listed_with_what_speaks_for_it(mission: Mission, clock: Clock) -> None:
    register(mission, RADIO, PAPER)
    put(mission, said(mission, NORTH, "radio/1", within_m=200))
    put(mission, said(mission, NORTH, "paper/1", hours=4, within_m=200, lat="31.5154"))
    rows = pairs_of(mission.reported(Audience("public", clock())), 5)

    assert rows
    assert all(row["one"] != row["other"] and row["terms"] and row["one_says"] for row in rows)


def test_a_source_that_knows_the_hour_no_better_gives_its_reports_that_doubt(mission: Mission, clock: Clock) -> None:
    register(mission, {**RADIO, "hours": 2, "within_m": 900})
    put(mission, said(mission, NORTH, "radio/1", within_m=None))

    (fact,) = facts(mission, clock)
    assert (fact.when, fact.place and fact.place.within_m) == (Interval(BEGUN - HOUR, BEGUN + 3 * HOUR), 900)


def test_a_name_is_one_however_its_letters_are_put_together(mission: Mission, clock: Clock) -> None:
    register(mission, RADIO)
    put(mission, said(mission, NORTH, "radio/caf\u00e9"), said(mission, NORTH, "radio/cafe\u0301", hours=70))
    put(mission, said(mission, NORTH, "radio/cafe\u0301", rev=2, hours=9))
    put(mission, said(mission, NORTH, "radio/cafe\u0301", rev=3, op="retract"))

    assert incidents(mission, clock) == {}
    assert [(one.op, one.when.earliest) for one in facts(mission, clock)][1:] == [
        (Op.ASSERT, BEGUN + 9 * HOUR),
        (Op.RETRACT, BEGUN + 9 * HOUR),
    ]


def test_a_name_belongs_to_who_entered_it_first_and_the_other_is_told(mission: Mission, clock: Clock) -> None:
    register(mission, RADIO)
    (seq, other) = put(mission, said(mission, NORTH, "radio/1", hours=5), said(mission, SOUTH, "radio/1", hours=2))

    assert incidents(mission, clock) == {f"i-{seq}": ["radio/1"]}
    for as_reported in (False, True):
        folder = mission.folder(Audience("public", clock()), as_reported=as_reported)
        found = [one for one in folder.facts if one.source == "reports"]
        assert [(one.id, one.when.earliest) for one in found] == [(f"i-{seq}", BEGUN + 5 * HOUR)]
        (fault,) = folder.faults
        assert str(fault).startswith(f"entry {other}: 'radio/1' is the name of what north says in entry {seq}")


def test_who_is_registered_anew_in_another_bloc_corroborates_no_more(mission: Mission, clock: Clock) -> None:
    wire = {**PAPER, "name": "wire"}
    register(mission, RADIO, PAPER, wire)
    put(
        mission,
        said(mission, NORTH, "radio/1"),
        said(mission, NORTH, "paper/1", hours=1.2, chains=[["wire"]]),
    )
    before = facts(mission, clock)[-1].occurred
    register(mission, {**wire, "bloc": "radio"})

    assert (before, facts(mission, clock)[-1].occurred) == (Proof.CORROBORATED, Proof.ALLEGED)


def test_what_adds_to_a_report_that_does_not_count_is_listed_with_what_it_waits_for(
    mission: Mission, clock: Clock
) -> None:
    register(mission, RADIO)
    put(
        mission,
        said(mission, NORTH, "radio/2", about="radio/1"),
        said(mission, NORTH, "radio/3", about="radio/1"),
        said(mission, NORTH, "radio/5", about="radio/4", label={"owner": "north"}),
        said(mission, NORTH, "radio/7", about="radio/6"),
        said(mission, NORTH, "radio/6", words={"kind": "boom"}),
    )

    def waiting(who: str) -> list[tuple[str, str, int, str]]:
        rows = rulings_needed(mission.reported(Audience(who, clock())))
        return [(row["sort"], row["word"], row["reports"], row["first"]) for row in rows]

    seen = [("about", "radio/1", 2, "radio/2"), ("about", "radio/6", 1, "radio/7"), ("kind", "boom", 1, "radio/6")]
    assert waiting("public") == seen
    assert waiting("north") == [seen[0], ("about", "radio/4", 1, "radio/5"), *seen[1:]]
    assert [(one["reports"], one["set_aside"]) for one in sources_of(mission.reported(None))] == [(0, 5)]
    put(mission, said(mission, NORTH, "radio/1"))
    assert waiting("public") == seen[1:]


@pytest.mark.parametrize("about", ["radio/1", "paper/1"], ids=["another's report", "itself"])
def test_no_source_adds_to_what_another_says_nor_to_itself(mission: Mission, clock: Clock, about: str) -> None:
    register(mission, RADIO, PAPER)
    (seq, _) = put(mission, said(mission, NORTH, "radio/1"), said(mission, SOUTH, "paper/1", hours=5000, about=about))

    assert incidents(mission, clock) == {f"i-{seq}": ["radio/1"]}
    (aside,) = mission.reported(None).set_aside.values()
    assert aside.fault is not None
    assert "is no other report of its own source" in aside.fault.what


# ---- from files ----------------------------------------------------------------------------------------------------

REPORT: dict[str, Json] = {
    "name": {"column": "id"},
    "kind": {"column": "kind"},
    "time": {"column": "at"},
    "lat": {"column": "lat"},
    "lon": {"column": "lon"},
    "learned_at": {"column": "at"},
}
TABLE: dict[str, Json] = {
    "source": {"name": "radio", "grade": "C3", "rulings": {"kind": {"fire": "shelling"}}},
    "report": REPORT,
}


def enter_table(mission: Mission, *rows: str, table: dict[str, Json] = TABLE) -> list[str]:
    file = mission.settings.folder.parent / "table.csv"
    file.write_text("id,kind,at,lat,lon,whose\n" + "".join(f"{row}\n" for row in rows))
    new = entering(mission, "csv", [file], "commission", how=How(table, whole=True))
    put(mission, *(envelope for batch in new.signed(mission, CHAIR) for envelope in batch))
    return [fault.what for fault in new.faults]


def test_what_is_missing_from_the_whole_is_retracted_only_if_all_of_it_could_be_read(mission: Mission) -> None:
    first, second = "1,fire,2031-03-10T11:00+02:00,0.1,-30.2,", "2,fire,2031-03-10T12:00+02:00,0.3,-30.2,"
    assert enter_table(mission, first, second) == []
    faults = enter_table(mission, first.replace("0.1", "70"))

    assert faults[-1] == "not all could be read, so nothing that is missing was retracted"
    assert [one.fact.id for one in mission.reported(None).reports] == ["radio/1", "radio/2"]
    assert enter_table(mission, second) == []
    assert [one.fact.id for one in mission.reported(None).reports] == ["radio/2"]


def registered_for(mission: Mission, clock: Clock) -> dict[str, tuple[int, int]]:
    several = {who: sources_of(mission.reported(Audience(who, clock()))) for who in ("commission", "south", "public")}
    return {who: (one[0]["reports"], one[0]["set_aside"]) for who, one in several.items() if one}


def test_a_source_is_known_to_those_for_whom_its_reports_are(mission: Mission, clock: Clock) -> None:
    table: dict[str, Json] = {**TABLE, "report": {**REPORT, "owner": {"column": "whose"}}}
    rows = [
        f"{n},fire,2031-03-10T1{n}:00+02:00,0.{n},-30.2,{who}" for n, who in enumerate(["commission", "south", ""])
    ]

    enter_table(mission, rows[0], table=table)
    assert registered_for(mission, clock) == {"commission": (1, 0)}
    enter_table(mission, *rows[:2], table=table)
    assert registered_for(mission, clock) == {"commission": (1, 0), "south": (1, 0)}
    size = mission.journal.store.size()
    enter_table(mission, *rows[:2], table=table)
    assert mission.journal.store.size() == size
    enter_table(mission, *rows, table=table)
    assert registered_for(mission, clock) == {"commission": (2, 0), "south": (2, 0), "public": (1, 0)}


def test_who_enters_for_others_alone_registers_the_source_once(mission: Mission, clock: Clock) -> None:
    table: dict[str, Json] = {**TABLE, "report": {**REPORT, "owner": "protection"}}
    row = "1,fire,2031-03-10T11:00+02:00,0.1,-30.2,"
    enter_table(mission, row, table=table)
    size = mission.journal.store.size()
    enter_table(mission, row, table=table)

    assert mission.journal.store.size() == size
    assert registered_for(mission, clock) == {}
    (source,) = sources_of(mission.reported(Audience("protection", clock())))
    assert (source["source"], source["reports"]) == ("radio", 1)


def test_what_another_delegation_registered_for_itself_is_no_source_that_one_knows(
    mission: Mission, clock: Clock
) -> None:
    put(mission, mission.said(kinds.SOURCE, RADIO, by=[CHAIR], label={"owner": "commission"}))  # type: ignore[arg-type]

    with pytest.raises(Refused, match="there is no source 'radio'"):
        list(entering(mission, "radio", [mission.settings.folder / "table.csv"], "south").batches())
    assert registered_for(mission, clock) == {"commission": (0, 0)}


def test_looking_at_what_maps_would_change_keeps_nothing(mission: Mission) -> None:
    square = [[-30.22, 0.05], [-30.18, 0.05], [-30.18, 0.08], [-30.22, 0.08], [-30.22, 0.05]]
    feature = {
        "type": "Feature",
        "properties": {"id": "ford", "author": "Annex B", "accuracy_m": 30},
        "geometry": {"type": "Polygon", "coordinates": [square]},
    }
    file = mission.settings.folder.parent / "ford.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    before = mission.journal.store.originals()
    looked = entering(mission, "zones", [file], "commission")
    number = sum(map(len, looked.batches()))

    assert (number, looked.faults, mission.journal.store.originals()) == (1, [], before)
    new = entering(mission, "zones", [file], "commission")
    put(mission, *(envelope for batch in new.signed(mission, ROOT) for envelope in batch))
    assert "ford" in mission.agreement(mission.adopted()).atlas.ids()


def test_nobody_enters_reports_of_a_source_that_is_not_for_him_to_enter(mission: Mission, clock: Clock) -> None:
    ours = {**PATROLS, "entered_by": "guarantor", "rulings": {"kind": {"fire": "shelling"}}}
    register(mission, ours)
    seen = {"kind": "fire", "by": "north"}
    put(mission, said(mission, SOUTH, "patrols/1", words=seen), said(mission, SOUTH, "patrols/2", words=seen))

    assert facts(mission, clock) == []
    assert "entered by south, and its source by guarantor alone" in str(
        mission.reported(None).set_aside["patrols/1"].fault
    )
    (seq,) = put(mission, said(mission, GUARANTOR, "patrols/1", words={"kind": "fire", "by": "south"}))
    assert [(one.id, one.by) for one in facts(mission, clock)] == [(f"i-{seq}", "south")]


def test_a_source_is_entered_by_who_registered_it_unless_it_says_otherwise(mission: Mission) -> None:
    register(mission, {**RADIO, "entered_by": ""})
    put(mission, said(mission, NORTH, "radio/1"), said(mission, CHAIR, "radio/2", hours=30))

    assert [one.fact.id for one in mission.reported(None).reports] == ["radio/2"]


def test_where_two_are_said_to_have_done_it_nobody_is_the_author(mission: Mission, clock: Clock) -> None:
    register(mission, RADIO)
    put(mission, said(mission, NORTH, "radio/1", words={"kind": "fire", "by": ["north", "south"]}))

    assert [one.by for one in facts(mission, clock)] == [None]
