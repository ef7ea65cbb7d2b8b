"""What one incident's page asks: for each audience from what it may see, and from nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.mission import test_incident_rows as small
from tests.mission.test_incident_rows import now, said, write
from tests.mission_small import CHAIR, NORTH, OFFICER, SOUTH, put
from trucekeeper.mission import inspecting, kinds
from trucekeeper.terms import Label
from trucekeeper.terms.moments import HOUR

if TYPE_CHECKING:
    from tests.mission_small import Clock
    from trucekeeper.mission.mission import Mission

mission, clock = small.mission, small.clock
FOR_NORTH = {"owner": "north", "releasable_to": ["north"]}


def link(mission: Mission, *reports: str, same: bool = True) -> bytes:
    return mission.said(kinds.LINK, {"reports": [*sorted(reports)], "same": same}, by=[CHAIR])


def verify(mission: Mission, incident: str) -> bytes:
    return mission.said(kinds.VERIFY, {"incident": incident, "occurred": "verified", "why": "seen"}, by=[CHAIR])


def test_a_name_leads_to_what_took_it_in_only_for_who_may_see_the_report_that_gave_it(mission: Mission) -> None:
    (first,) = put(mission, said(mission, "radio/1"))
    (hidden,) = put(mission, said(mission, "paper/1", hours=30, lat="31.9", label=FOR_NORTH))
    put(mission, link(mission, "radio/1", "paper/1"))
    looking = write(mission)

    assert inspecting.taken_into(looking, now(mission, "north"), f"i-{hidden}") == f"i-{first}"
    assert inspecting.taken_into(looking, now(mission, "south"), f"i-{hidden}") == ""
    assert inspecting.taken_into(looking, now(mission, "north"), f"i-{first}") == ""  # it is there itself
    assert inspecting.taken_into(looking, now(mission, "north"), "nonsense") == ""


def test_another_delegations_hidden_report_of_the_same_name_leads_nowhere(mission: Mission) -> None:
    (hidden,) = put(mission, said(mission, "radio/1", label=FOR_NORTH))
    put(mission, said(mission, "radio/1", by=SOUTH))
    looking = write(mission)

    assert looking.holding(now(mission, "south"), "radio/1")
    assert inspecting.taken_into(looking, now(mission, "south"), f"i-{hidden}") == ""


def test_a_later_revision_never_gave_an_incident_its_name(mission: Mission) -> None:
    put(mission, said(mission, "radio/1"))
    (second,) = put(mission, said(mission, "radio/1", rev=2, text="more was seen"))

    assert inspecting.taken_into(write(mission), now(mission), f"i-{second}") == ""


def test_a_decision_is_shown_to_who_may_see_all_that_it_names(mission: Mission) -> None:
    (first,) = put(mission, said(mission, "radio/1"))
    (hidden,) = put(mission, said(mission, "paper/1", hours=30, lat="31.9", label=FOR_NORTH))
    put(mission, verify(mission, f"i-{first}"), verify(mission, f"i-{hidden}"), link(mission, "radio/1", "paper/1"))
    looking = write(mission)

    def kinds_for(audience: str) -> list[str]:
        return [one["kind"] for one in inspecting.decisions(looking, now(mission, audience), f"i-{first}")]

    assert kinds_for("north") == [kinds.VERIFY, kinds.VERIFY, kinds.LINK]
    assert kinds_for("south") == [kinds.VERIFY]


def test_what_an_incident_moved_is_told_to_each_audience_from_what_it_may_see(mission: Mission, clock: Clock) -> None:
    clock.pass_by(3 * HOUR)
    write(mission)
    before = clock()
    clock.pass_by(HOUR)
    words = {"kind": "fire", "by": "north"}
    seen, _also = put(mission, said(mission, "radio/1", words=words), said(mission, "paper/2", words=words))
    looking = write(mission)
    [moved] = inspecting.moved(looking, now(mission), f"i-{seen}")

    assert (moved["clause"], moved["after"]["by"], moved["after"]["verdict"]) == ("halt", "north", "contrary")
    assert inspecting.moved(looking, now(mission, at=before), f"i-{seen}") == []
    (hidden,) = put(mission, said(mission, "paper/1", hours=2, words=words, label=FOR_NORTH))
    looking = write(mission)
    assert inspecting.moved(looking, now(mission), f"i-{hidden}") == []


def test_an_original_is_released_as_the_reports_that_name_it_are(mission: Mission) -> None:
    digest = mission.evidence.keep(b"a photo")
    (shown,) = put(mission, said(mission, "radio/1", evidence=[digest]))
    put(mission, said(mission, "paper/1", hours=30, evidence=[digest], label=FOR_NORTH))
    looking = write(mission)

    assert inspecting.releases(looking, now(mission, "south"), digest) == [Label()]
    assert len(inspecting.releases(looking, now(mission, "north"), digest)) == 2
    assert inspecting.releases(looking, now(mission, "north"), "0" * 64) == []
    put(mission, mission.said("seal", {"entry": shown, "why": "it may lead to a person"}, by=[OFFICER]))
    assert inspecting.releases(write(mission), now(mission, "south"), digest) == []


@pytest.mark.parametrize(("entry", "by"), [(0, "north"), (1, "south")])
def test_only_the_delegation_that_entered_a_report_finds_it_to_correct(mission: Mission, entry: int, by: str) -> None:
    entries = put(mission, said(mission, "radio/1", by=NORTH), said(mission, "paper/1", hours=30, by=SOUTH))
    looking = write(mission)

    for audience in ("north", "south", "commission", ""):
        found = inspecting.own_report(looking, now(mission, audience), entries[entry])
        assert (found is not None) == (audience == by)


def test_of_two_revisions_of_one_number_the_first_on_record_counts(mission: Mission) -> None:
    entries = put(
        mission, *(said(mission, "radio/1", rev=rev, text=text) for rev, text in ((1, "a"), (2, "b"), (2, "c")))
    )
    looking = write(mission)
    found = [inspecting.own_report(looking, now(mission, "north"), one) for one in entries]

    assert [one is not None and one["counts"] for one in found] == [False, True, False]
