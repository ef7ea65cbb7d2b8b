"""The watch log: who may write in it, who signs a hand-over, and what the sheet says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.journal_small import key
from tests.mission_small import BEGUN, CHAIR, NORTH, ROOT, SOUTH, Clock, attack, enter, put, refused
from trucekeeper.compliance.knowledge import Audience
from trucekeeper.ledger.lines import base64
from trucekeeper.mission import kinds, sheet
from trucekeeper.mission.looking import Looking, Sight
from trucekeeper.mission.publishing import Shown, line
from trucekeeper.mission.sheet import Drawing
from trucekeeper.mission.standings import Standings
from trucekeeper.mission.watch_log import Watch, WatchLog
from trucekeeper.terms.moments import DAY, HOUR, MINUTE, write_moment

if TYPE_CHECKING:
    from trucekeeper.journal.canonical import Json
    from trucekeeper.journal.envelopes import PrivateKey
    from trucekeeper.journal.statements import Body
    from trucekeeper.mission.mission import Mission

KESTREL, HERON, TWIN, SWIFT = (key(name) for name in ("kestrel", "heron", "another kestrel", "swift"))
HEAD = key("head of north")


@pytest.fixture
def database() -> str:
    """Say that these run on SQLite alone: nothing of them touches the record's tables."""
    return ""


@pytest.fixture
def watched(mission: Mission) -> Mission:
    """Return the mission with officers: three keys of north, of whom two have one name, and one of south."""
    officers = (
        (KESTREL, "north", "kestrel", "watch_officer"), (HERON, "north", "heron", "watch_officer"),
        (TWIN, "north", "kestrel", "analyst"), (SWIFT, "south", "swift", "watch_officer"),
        (HEAD, "north", "head", "delegation_head"),
    )  # fmt: skip
    put(mission, *(_certificate(mission, *one) for one in officers))
    return mission


def _certificate(mission: Mission, of: PrivateKey, *said: str) -> bytes:
    body = {"key": base64(of.public.raw), **dict(zip(("delegation", "name", "role"), said, strict=True))}
    return mission.said("key.certify", body, by=[ROOT])


def note(mission: Mission, by: PrivateKey = KESTREL, owner: str = "north", **more: Json) -> bytes:
    said: Body = {"watch": "watch-0", "text": "the radio is out", **more}
    return mission.said(kinds.NOTE, said, by=[by], label={"owner": owner} if owner else {})


def handover(mission: Mission, *by: PrivateKey, **more: Json) -> bytes:
    drawn: Body = {
        "since": write_moment(BEGUN), "until": write_moment(mission.clock()), "out": "kestrel", "in": "heron",
        "sheet": _drawn(mission), "remarks": "", **more,
    }  # fmt: skip
    return mission.said(kinds.HANDOVER, drawn, by=by, label={"owner": "north"})


def _drawn(mission: Mission, who: str = "north", since: int = BEGUN) -> Body:
    return _drawing(mission, who).sheet(Watch(0, since))


def _drawing(mission: Mission, who: str = "north") -> Drawing:
    mission.projections.catch_up(mission.journal)
    Standings(mission).catch_up(mission.clock())
    agreement = mission.agreement(mission.adopted())
    return Drawing(mission, Looking(mission.projections), agreement, Sight(who, mission.clock()))


def test_a_hand_over_that_both_officers_signed_is_on_record_and_begins_a_watch(
    watched: Mission, clock: Clock
) -> None:
    put(watched, note(watched))
    (entry,) = put(watched, handover(watched, KESTREL, HERON))
    put(watched, note(watched, HERON, watch=f"watch-{entry}", text="taken over"))
    watched.projections.catch_up(watched.journal)

    log, sight = WatchLog(watched.projections), Sight("north", clock())
    kept, first = log.watch(sight), log.watch(sight, 0)
    assert kept is not None
    assert first is not None
    assert (kept.began, kept.name, kept.ended) == (entry, f"watch-{entry}", None)
    assert first.ended is not None
    assert set(first.ended.signers) == {("watch_officer", "heron"), ("watch_officer", "kestrel")}
    assert [one.said["text"] for one in log.acts(sight, only=(kinds.NOTE,), first=entry, most=9)] == ["taken over"]
    assert log.counts(sight, first) == {"note": 1}


def test_a_hand_over_that_not_two_officers_of_one_delegation_signed_is_refused(watched: Mission) -> None:
    amiss: list[tuple[tuple[PrivateKey, ...], Body, str]] = [
        ((KESTREL,), {}, "signed by 2 persons"),
        ((KESTREL, TWIN), {}, "signed by 2 persons"),
        ((KESTREL, HERON, TWIN), {}, "signed by 2 persons"),
        ((KESTREL, NORTH), {}, "signed by 2 persons"),
        ((KESTREL, SWIFT), {"in": "swift"}, "for one delegation"),
        ((KESTREL, HERON), {"in": "swift"}, "those whom it names"),
        ((KESTREL, HERON), {"in": "kestrel"}, "those whom it names"),
        ((KESTREL, HEAD), {"in": "head"}, "nobody but analyst, watch_officer"),
        ((KESTREL, HERON), {"sheet": {}}, "a hand-over says"),
        ((KESTREL, HERON), {"until": "2001-01-01T00:00Z"}, "a hand-over says"),
        ((KESTREL, HERON), {"since": "yesterday"}, "the times of a hand-over"),
    ]
    found = refused(watched, *(handover(watched, *by, **more) for by, more, _ in amiss))

    assert [one for one in zip(found, amiss, strict=True) if one[1][2] not in str(one[0])] == []


def test_a_note_that_nobody_could_read_or_that_is_nobodys_is_refused(watched: Mission) -> None:
    amiss = {
        note(watched, HEAD): "signed by one of analyst, watch_officer",
        note(watched, owner=""): "its label names the owner",
        note(watched, text="  "): "a note says",
        note(watched, text="x" * 4001): "a note says",
        note(watched, more=1): "a note says",
    }
    found = refused(watched, *amiss)

    assert [one for one in zip(found, amiss.values(), strict=True) if one[1] not in str(one[0])] == []


def test_a_watch_log_is_its_own_delegations_and_others_see_that_something_is_there(
    watched: Mission, clock: Clock
) -> None:
    (entry,) = put(watched, note(watched))
    watched.projections.catch_up(watched.journal)
    log = WatchLog(watched.projections)

    assert len(log.acts(Sight("north", clock()), only=kinds.LOGGED, most=9)) == 1
    assert log.acts(Sight("south", clock()), most=9, only=kinds.LOGGED) == []
    assert line(watched, Audience("north", clock()), entry).shown is Shown.WHOLE
    assert line(watched, Audience("south", clock()), entry).shown is Shown.NOT_TO_YOU


def test_a_note_owned_by_another_delegation_is_in_neither_log(watched: Mission, clock: Clock) -> None:
    put(watched, note(watched, SWIFT, owner="north", text="not from here"))
    watched.projections.catch_up(watched.journal)
    log = WatchLog(watched.projections)

    found = [one for who in ("north", "south") for one in log.acts(Sight(who, clock()), most=9, only=kinds.LOGGED)]
    assert [one.said for one in found] == [{}]


def test_the_past_of_a_watch_log_has_nothing_that_came_later(watched: Mission, clock: Clock) -> None:
    put(watched, note(watched))
    clock.pass_by(HOUR)
    then = clock()
    clock.pass_by(HOUR)
    put(watched, note(watched, text="later"))
    watched.projections.catch_up(watched.journal)

    log = WatchLog(watched.projections)
    assert [one.said["text"] for one in log.acts(Sight("north", clock(), then), only=kinds.LOGGED, most=9)] == [
        "the radio is out"
    ]


# ---- the sheet -----------------------------------------------------------------------------------------------------


def _report(number: int, at: int, **more: Json) -> Body:
    return {
        "id": f"patrols/{number}", "source": "patrols", "words": {"kind": "fire"}, "at": write_moment(at),
        "learned_at": write_moment(at), "lat": "31.5", "lon": "34.5", "within_m": 300, "text": "shots", **more,
    }  # fmt: skip


def _source(mission: Mission) -> bytes:
    said: Body = {
        "name": "patrols", "reader": "csv", "entered_by": "north", "grade": "B2",
        "rulings": {"kind": {"fire": "shelling"}},
    }  # fmt: skip
    return mission.said(kinds.SOURCE, said, by=[CHAIR])


def test_a_sheet_says_what_waits_what_is_due_and_what_came_to_be_contrary(mission: Mission, clock: Clock) -> None:
    put(mission, _source(mission))
    clock.pass_by(2 * DAY + HOUR)
    put(mission, mission.said(kinds.REPORT, _report(1, BEGUN, words={"kind": "boom"}), by=[NORTH]))
    enter(mission, SOUTH, attack("a-1", clock() - 10 * MINUTE))

    drawn: Any = _drawn(mission)
    assert [(one["report"], one["state"]) for one in drawn["waiting"]["lines"]] == [("patrols/1", "waits")]
    assert [(one["clause"], one["by"]) for one in drawn["due"]["lines"] if one["clause"] == "release"] == [
        ("release", "south")
    ]
    assert ("halt", "north") in [(one["clause"], one["by"]) for one in drawn["contrary"]["lines"]]
    assert drawn["done"] == {"report": 1}
    assert drawn["record"]["size"] == mission.journal.store.size()
    after: Any = _drawn(mission, since=clock())
    assert after["contrary"]["lines"] == []  # it came before that watch began


def test_a_source_is_silent_once_it_was_so_for_longer_than_it_usually_is(mission: Mission, clock: Clock) -> None:
    put(mission, _source(mission))
    clock.pass_by(6 * HOUR)
    reports = [_report(number, BEGUN + number * 2 * HOUR) for number in range(1, 4)]
    put(mission, *(mission.said(kinds.REPORT, one, by=[NORTH]) for one in reports))
    clock.pass_by(2 * HOUR)
    on_time: Any = _drawn(mission)["silent"]
    clock.pass_by(7 * HOUR)
    late: Any = _drawn(mission)["silent"]

    assert on_time["lines"] == []
    assert late["lines"] == [{"source": "patrols", "silent_s": 9 * 3600, "usual_s": 2 * 3600}]


def test_a_report_that_a_delegation_may_not_see_breaks_no_silence_for_it(mission: Mission, clock: Clock) -> None:
    put(mission, _source(mission))
    clock.pass_by(6 * HOUR)
    reports = [_report(number, BEGUN + number * 2 * HOUR) for number in range(1, 4)]
    put(mission, *(mission.said(kinds.REPORT, one, by=[NORTH]) for one in reports))
    clock.pass_by(9 * HOUR)
    label: Body = {"owner": "north", "releasable_to": ["north"]}
    put(mission, mission.said(kinds.REPORT, _report(9, clock()), by=[NORTH], label=label))

    to_south: Any = _drawn(mission, "south")["silent"]
    to_north: Any = _drawn(mission, "north")["silent"]
    assert [one["source"] for one in to_south["lines"]] == ["patrols"]
    assert to_north["lines"] == []


def test_refused_access_is_on_the_sheet_of_those_who_may_know_of_it(mission: Mission, clock: Clock) -> None:
    clock.pass_by(3 * HOUR)
    row: dict[str, object] = {
        "id": "refused-1", "kind": "denial", "by": "north", "from": write_moment(BEGUN + HOUR),
        "learned_at": write_moment(BEGUN + 2 * HOUR), "fields": {"against": "commission", "reason": "mines"},
    }  # fmt: skip
    enter(mission, CHAIR, row, {**row, "id": "refused-2", "owner": "commission", "releasable_to": ["guarantor"]})

    to_south: Any = _drawn(mission, "south")["refused"]
    to_guarantor: Any = _drawn(mission, "guarantor")["refused"]
    assert [one["fact"] for one in to_south["lines"]] == ["refused-1"]
    assert to_south["lines"][0]["reason"] == "mines"
    assert [one["fact"] for one in to_guarantor["lines"]] == ["refused-1", "refused-2"]


def test_the_example_at_the_head_of_the_module_has_the_parts_of_a_sheet(mission: Mission) -> None:
    assert sheet.__doc__ is not None
    named = set(re.findall(r'^\s*\{?"(\w+)":', sheet.__doc__, re.MULTILINE))

    assert set(_drawn(mission)) <= named
