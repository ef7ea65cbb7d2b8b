"""What people decide about single reports: who decides second is told, and nobody learns what is not for him."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mission.test_incident_rows import SOURCE, now, said, whole, write
from tests.mission_small import CHAIR, OFFICER, SOUTH, Clock, begin, decision, enter, opened, put, refused, settings
from trucekeeper.compliance.knowledge import Audience
from trucekeeper.journal.keys import PUBLIC
from trucekeeper.mission import kinds
from trucekeeper.mission.inbox import Inbox
from trucekeeper.mission.looking import Filter
from trucekeeper.mission.publishing import line
from trucekeeper.mission.standings import Standings
from trucekeeper.mission.triaging import DOES, Decision, triaged
from trucekeeper.terms.moments import HOUR, MINUTE, write_moment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from trucekeeper.mission.mission import Mission


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
        yield found


def decided(mission: Mission, report: str, does: str, *, after: int = 0, **more: Any) -> bytes:  # noqa: ANN401
    body = {"report": report, "does": does, "why": "we looked", "after": after, **more}
    return mission.said(kinds.TRIAGE, body, by=[CHAIR])


def inbox(mission: Mission) -> Inbox:
    return Inbox(write(mission))


def state(mission: Mission, report: str, audience: str = PUBLIC) -> tuple[object, ...]:
    row = inbox(mission).one(now(mission, audience), report)
    assert row is not None
    return row["state"], row["touched"], bool(row["open"])


def incidents(mission: Mission, audience: str = PUBLIC) -> int:
    return len(write(mission).incidents(now(mission, audience), Filter()))


# ---- what is decided -----------------------------------------------------------------------------------------------


def test_a_report_that_is_set_aside_makes_no_incident_until_that_is_taken_back(mission: Mission) -> None:
    put(mission, said(mission, "radio/1"))
    (first,) = put(mission, decided(mission, "radio/1", "set_aside", why="the wrong valley"))
    assert (incidents(mission), state(mission, "radio/1")) == (0, ("set aside", first, False))
    assert [one["why"] for one in inbox(mission).page(now(mission), aside=True)] == ["the wrong valley"]

    (second,) = put(mission, decided(mission, "radio/1", "take_back", after=first))

    assert (incidents(mission), state(mission, "radio/1")) == (1, ("counts", second, True))


def test_a_duplicate_corroborates_nothing(mission: Mission) -> None:
    put(mission, said(mission, "radio/1"), said(mission, "paper/1", hours=1.1))
    [before] = write(mission).incidents(now(mission), Filter())
    put(mission, decided(mission, "paper/1", "duplicate", of="radio/1"))

    [after] = write(mission).incidents(now(mission), Filter())
    assert (before["occurred"], after["occurred"]) == ("corroborated", "alleged")


def test_what_was_accepted_is_in_the_inbox_again_once_its_source_corrects_it(mission: Mission, clock: Clock) -> None:
    (_, second) = put(mission, said(mission, "radio/1"), said(mission, "radio/2", hours=9))
    (first,) = put(mission, decided(mission, "radio/1", "accept"))
    assert [one["entry"] for one in inbox(mission).page(now(mission))] == [second]
    clock.pass_by(HOUR)

    (again,) = put(mission, said(mission, "radio/1", rev=2, hours=2))

    assert [one["entry"] for one in inbox(mission).page(now(mission))] == [second, again]  # the oldest first
    assert inbox(mission).count(now(mission)) == 2
    assert state(mission, "radio/1") == ("counts", first, True)


@pytest.mark.parametrize("together", [True, False], ids=["in one group", "one after the other"])
def test_of_two_who_decide_on_one_report_the_second_comes_too_late_and_is_told_so(
    mission: Mission, *, together: bool
) -> None:
    put(mission, said(mission, "radio/1"))
    both = [decided(mission, "radio/1", "accept"), decided(mission, "radio/1", "set_aside", why="not so")]
    first, second = put(mission, *both) if together else [put(mission, one)[0] for one in both]

    row = inbox(mission).one(now(mission), "radio/1")
    assert row is not None
    assert (row["state"], row["touched"]) == ("counts", first)
    assert [(one["entry"], one["late"]) for one in row["decided"]] == [(first, False), (second, True)]


def test_a_decision_that_was_hidden_does_not_undo_the_one_that_came_after_it(mission: Mission) -> None:
    put(mission, said(mission, "radio/1"))
    (first,) = put(mission, decided(mission, "radio/1", "accept", why="a name that should not be there"))
    (second,) = put(mission, decided(mission, "radio/1", "set_aside", after=first))
    put(mission, mission.said("seal", {"entry": first, "why": "a name"}, by=[OFFICER]))

    assert state(mission, "radio/1") == ("set aside", second, False)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"does": "forget"}, "what it does"),
        ({"report": ""}, "says a report"),
        ({"after": -1}, "'after'"),
        ({"after": True}, "'after'"),
        ({"does": "set_aside", "why": " "}, "says why"),
        ({"does": "duplicate"}, "which other report"),
        ({"does": "duplicate", "of": "radio/1"}, "which other report"),
        ({"of": "paper/1"}, "which other report"),
    ],
)
def test_what_cannot_be_a_decision_is_refused_and_says_why(
    mission: Mission, wrong: dict[str, object], says: str
) -> None:
    body: dict[str, Any] = {"report": "radio/1", "does": "accept", "why": "", "after": 0, **wrong}

    [why] = refused(mission, mission.said(kinds.TRIAGE, body, by=[CHAIR]))
    assert why is not None
    assert says in why


def test_only_who_may_decide_about_reports_decides(mission: Mission) -> None:
    body: dict[str, Any] = {"report": "radio/1", "does": "accept", "why": "", "after": 0}

    [why] = refused(mission, mission.said(kinds.TRIAGE, body, by=[SOUTH]))
    assert why is not None
    assert "'triage' is signed by one of" in why


# ---- for whom ------------------------------------------------------------------------------------------------------


def test_who_may_not_see_the_other_report_of_a_duplicate_sees_no_decision_and_no_effect(mission: Mission) -> None:
    label = {"owner": "north", "releasable_to": ["north"]}
    put(mission, said(mission, "radio/1"), said(mission, "paper/1", hours=1.1, label=label))
    (entry,) = put(mission, decided(mission, "radio/1", "duplicate", of="paper/1"))
    assert (state(mission, "radio/1"), incidents(mission)) == (("counts", 0, True), 1)
    assert state(mission, "radio/1", "north") == ("set aside", entry, False)
    assert line(mission, Audience(PUBLIC, mission.clock()), entry).names == ""
    assert line(mission, Audience("north", mission.clock()), entry).names == "duplicate radio/1 paper/1"

    (mine,) = put(mission, decided(mission, "radio/1", "accept"))  # and it does not come too late for them

    assert state(mission, "radio/1") == ("counts", mine, False)
    assert state(mission, "radio/1", "north") == ("set aside", entry, False)


def test_an_inbox_holds_what_its_audience_may_see_alone(mission: Mission) -> None:
    label = {"owner": "north", "releasable_to": ["north"]}
    put(mission, said(mission, "radio/1"), said(mission, "paper/1", label=label))
    box = inbox(mission)

    assert (box.count(now(mission)), box.count(now(mission, "north"))) == (1, 2)
    assert box.one(now(mission), "paper/1") is None
    assert [one["id"] for one in box.page(now(mission))] == ["radio/1"]


# ---- however it came to be written ---------------------------------------------------------------------------------


def test_written_in_many_goes_or_worked_out_anew_the_rows_are_the_same(mission: Mission, clock: Clock) -> None:
    late = {"not_before": write_moment(clock() + 100 * MINUTE)}
    steps = [
        [said(mission, "radio/1"), decided(mission, "radio/1", "accept"), said(mission, "radio/2", hours=30)],
        [decided(mission, "radio/2", "duplicate", of="paper/9"), said(mission, "paper/1", hours=1.1, by=SOUTH)],
        [decided(mission, "paper/1", "set_aside"), decided(mission, "paper/1", "accept"), said(mission, "paper/2")],
        [said(mission, "paper/9", hours=30, label=late), said(mission, "radio/4", words={"kind": "tiro"})],
        [decided(mission, "radio/4", "set_aside"), said(mission, "radio/1", rev=2, hours=2)],
        [mission.said(kinds.LINK, {"reports": ["paper/2", "radio/1"], "same": False, "why": "two"}, by=[CHAIR])],
    ]
    for step in steps:
        put(mission, *step)
        write(mission)
        clock.pass_by(40 * MINUTE)
        write(mission)
    grown = whole(mission)

    mission.projections.delete()
    write(mission)

    assert whole(mission) == grown
    assert state(mission, "radio/2")[0] == "set aside"  # since paper/9 is known


def test_a_keeper_that_was_restarted_writes_the_same_rows(mission: Mission, clock: Clock) -> None:
    put(mission, said(mission, "radio/1"), said(mission, "paper/1", hours=1.1))
    mission.projections.catch_up(mission.journal)
    running = Standings(mission)
    running.catch_up(clock())
    put(mission, decided(mission, "paper/1", "duplicate", of="radio/1"))
    mission.projections.catch_up(mission.journal)
    running.catch_up(clock())
    grown = whole(mission)

    put(mission, decided(mission, "radio/1", "set_aside"))
    mission.projections.catch_up(mission.journal)
    Standings(mission).catch_up(clock())
    restarted = whole(mission)
    mission.projections.delete()
    write(mission)

    assert restarted == whole(mission) != grown


DECISIONS = st.lists(
    st.builds(
        Decision,
        entry=st.integers(1, 30),
        report=st.just("radio/1"),
        does=st.sampled_from(DOES),
        of=st.sampled_from(["", "", "paper/1", "paper/2"]),
        why=st.just(""),
        after=st.integers(0, 30),
    ),
    unique_by=lambda one: one.entry,
    max_size=12,
)


@given(DECISIONS, st.randoms())
def test_what_holds_of_a_report_follows_from_its_decisions_in_whatever_order_they_are_heard(
    several: list[Decision],
    chance: Any,  # noqa: ANN401
) -> None:
    shuffled = list(several)
    chance.shuffle(shuffled)
    found = triaged(several, {"paper/1"})

    assert triaged(shuffled, {"paper/1"}) == found
    counted = [one for one, counts in found.told if counts]
    assert all(one.after >= before.entry for before, one in pairwise(counted))
    assert all(one.of in {"", "paper/1"} for one, _ in found.told)


# ---- what stands near ----------------------------------------------------------------------------------------------


def test_incidents_near_a_report_are_suggested_with_how_far_off_they_are(mission: Mission) -> None:
    put(
        mission,
        said(mission, "radio/1"),
        said(mission, "paper/1", hours=31, lat="31.53"),
        said(mission, "paper/2", hours=15, lat="31.52", lon="34.52"),
        said(mission, "paper/3", hours=500),
        said(mission, "paper/4", hours=15, lat="33.00"),
    )
    box, sight = inbox(mission), now(mission)
    report = box.one(sight, "paper/2")
    assert report is not None

    found = box.near(sight, report)
    assert [(one.metres, one.minutes, one.same_kind) for one in found] == [(1468, 840, True), (1468, 960, True)]
    assert box.near(now(mission, coarse=True), report) == []
    assert box.nearest(sight, report, found[0].incident) == "radio/1"


def test_to_leave_an_incident_a_report_is_parted_from_one_report_of_each_other_claim(
    mission: Mission,
) -> None:
    same: dict[str, Any] = {
        "text": "eleven mortar rounds fell on the road by the old mill this morning, said the council"
    }
    put(mission, said(mission, "radio/1"), said(mission, "paper/1", hours=1.1, **same))
    put(mission, said(mission, "paper/2", hours=1.1, **same), said(mission, "radio/3", hours=1.05))
    box, sight = inbox(mission), now(mission)
    report = box.one(sight, "radio/3")
    assert report is not None
    assert incidents(mission) == 1
    others = sorted(box.others(sight, report))
    assert others == ["paper/1", "radio/1"]  # paper/2 is a copy

    put(
        mission,
        *(mission.said(kinds.LINK, {"reports": ["radio/3", one], "same": False}, by=[CHAIR]) for one in others),
    )

    box = inbox(mission)
    assert box.looking.holding(sight, "radio/3") == f"i-{report['claim']}"
    assert len({box.looking.holding(sight, one) for one in ("radio/1", "paper/1", "paper/2")}) == 1


def test_pairs_in_doubt_are_laid_out_until_somebody_decides_them(mission: Mission) -> None:
    reports = (said(mission, "radio/1", within_m=200), said(mission, "paper/1", hours=4, within_m=200, lat="31.5154"))
    put(mission, *reports)
    box = inbox(mission)
    [pair] = [(one["one"], one["other"]) for one in box.doubts(now(mission))]
    assert sorted(pair) == ["paper/1", "radio/1"]
    assert box.doubts(now(mission, at=mission.clock())) == []

    put(mission, mission.said(kinds.LINK, {"reports": list(pair), "same": False, "why": "two"}, by=[CHAIR]))

    assert inbox(mission).doubts(now(mission)) == []


def test_of_a_pair_in_doubt_who_may_not_see_one_report_sees_nothing(mission: Mission) -> None:
    label = {"owner": "north", "releasable_to": ["north"]}
    put(mission, said(mission, "radio/1", within_m=200))
    put(mission, said(mission, "paper/1", hours=4, within_m=200, lat="31.5154", label=label))
    box = inbox(mission)

    assert (len(box.doubts(now(mission))), len(box.doubts(now(mission, "north")))) == (0, 1)
