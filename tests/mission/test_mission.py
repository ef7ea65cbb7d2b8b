"""What is entered is on record for those who may see it, as known when it was, under the agreement as it then was."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from tests import mission_small as small
from tests.mission_small import BEGUN, CHAIR, NORTH, ROOT, SOUTH, Clock, asked, attack, decision, enter, opened
from trucekeeper.compliance.knowledge import Audience
from trucekeeper.mission.adopting import Draft, digest_of
from trucekeeper.mission.keeping import alone
from trucekeeper.mission.telling import label_of
from trucekeeper.terms import Refused
from trucekeeper.terms.moments import DAY, HOUR, write_moment

if TYPE_CHECKING:
    from pathlib import Path

    from trucekeeper.journal.canonical import Json
    from trucekeeper.mission.mission import Mission


def halted(mission: Mission, clock: Clock, audience: str = "public", **more: object) -> list[str]:
    """Return how the halt stands, and the acts on record against it."""
    known_at = more.get("known_at")
    folder = mission.folder(Audience(audience, clock()), known_at=known_at)  # type: ignore[arg-type]
    stands = folder.standing(asked(clock, audience, **more), clause="halt").stands
    return [f"{one.by}: {one.verdict.value} {' '.join(act.fact for act in one.episodes)}".strip() for one in stands]


QUIET = ["north: cannot tell", "south: cannot tell"]


def test_what_is_entered_moves_the_standing_and_is_named_in_it(mission: Mission, clock: Clock) -> None:
    assert halted(mission, clock) == QUIET
    enter(mission, SOUTH, attack("a1"))
    clock.pass_by(DAY)

    assert halted(mission, clock) == ["north: contrary a1", "south: cannot tell"]


def test_a_correction_changes_today_and_leaves_what_was_known_yesterday(mission: Mission, clock: Clock) -> None:
    clock.pass_by(2 * HOUR)
    enter(mission, SOUTH, attack("a1"))
    yesterday = clock()
    clock.pass_by(DAY)
    enter(mission, SOUTH, attack("a1", rev=2, op="retract"))

    assert halted(mission, clock) == QUIET
    assert halted(mission, clock, known_at=yesterday) == ["north: contrary a1", "south: cannot tell"]


@pytest.mark.parametrize("audience", ["north", "guarantor", "public"])
def test_a_fact_for_one_delegation_changes_nothing_for_the_others(
    mission: Mission, clock: Clock, audience: str
) -> None:
    enter(mission, NORTH, attack("a1"))
    clock.pass_by(DAY)
    question = asked(clock, audience)
    before = mission.folder(question.audience).standing(question)
    enter(mission, SOUTH, attack("a2", owner="south"), attack("a1", by="south", owner="south"))
    after = mission.folder(question.audience)

    assert after.standing(question) == before
    assert after.faults == ()
    assert halted(mission, clock, "south") == ["north: contrary a1 a2", "south: contrary south:a1"]


def test_a_fact_is_shown_from_the_moment_on_that_its_label_names(mission: Mission, clock: Clock) -> None:
    enter(mission, NORTH, attack("a1", owner="north", releasable_to=["south"], not_before=write_moment(BEGUN + DAY)))
    clock.pass_by(DAY - 1)
    assert halted(mission, clock, "south") == QUIET
    clock.pass_by(1)

    assert halted(mission, clock, "south") == ["north: contrary a1", "south: cannot tell"]
    assert halted(mission, clock) == QUIET


def test_nobody_revises_what_another_delegation_said(mission: Mission, clock: Clock) -> None:
    enter(mission, SOUTH, attack("a1"))
    row = attack("a1", rev=2, op="retract")
    mission.enter([mission.said("fact", row, by=[NORTH])])  # type: ignore[arg-type]
    clock.pass_by(DAY)

    assert halted(mission, clock) == ["north: contrary a1", "south: cannot tell"]


def test_of_two_rows_for_one_revision_the_first_counts_and_the_second_is_named(
    mission: Mission, clock: Clock
) -> None:
    enter(mission, SOUTH, attack("a1"))
    mission.enter([mission.said("fact", attack("a1", by="south"), by=[SOUTH])])  # type: ignore[arg-type]
    clock.pass_by(DAY)

    assert halted(mission, clock) == ["north: contrary a1", "south: cannot tell"]
    (fault,) = mission.folder(None).faults
    assert str(fault).startswith("entry 9: 'a1' rev 1 says another thing than entry 8, which counts")


def test_a_row_that_the_agreement_does_not_know_is_set_aside_and_named(mission: Mission) -> None:
    mission.enter([mission.said("fact", {"id": "x", "kind": "shelled"}, by=[SOUTH])])

    faults = [str(one) for one in mission.folder(None).faults]
    assert {one.partition(": ")[0] for one in faults} == {"entry 8"}
    assert any("'shelled' is no kind of fact" in one for one in faults)
    assert [one.id for one in mission.folder(None).facts] == ["approval"]


def test_what_is_on_record_already_is_not_entered_again(mission: Mission, clock: Clock) -> None:
    enter(mission, SOUTH, attack("a1"), attack("a2"))
    size = mission.journal.store.size()
    clock.pass_by(HOUR)

    assert enter(mission, SOUTH, attack("a1"), attack("a2")) == []
    assert mission.journal.store.size() == size


@pytest.mark.parametrize(
    ("body", "label", "why"),
    [
        ({"kind": "shelling"}, {}, "a fact has an id"),
        ({"id": "", "kind": "shelling"}, {}, "a fact has an id"),
        ({"id": "x", "rev": 0}, {}, "a rev of 1 or more"),
        ({"id": "x", "rev": True}, {}, "a rev of 1 or more"),
        ({"id": "x", "owner": "north"}, {}, "its body has none of these"),
        ({"id": "x"}, {"to": "north"}, "a fact's label has owner"),
        ({"id": "x"}, {"owner": 1}, "owner and precision are words"),
        ({"id": "x"}, {"precision": []}, "owner and precision are words"),
        ({"id": "x"}, {"releasable_to": "north"}, "releasable_to is a list of words"),
        ({"id": "x"}, {"releasable_to": [1]}, "releasable_to is a list of words"),
        ({"id": "x"}, {"not_before": "tomorrow"}, "its label cannot be read"),
        ({"id": "x"}, {"not_before": 5}, "not_before is a moment"),
    ],
)
def test_a_fact_without_a_name_or_with_a_label_that_nobody_can_read_is_refused(
    mission: Mission, body: dict[str, Json], label: dict[str, Json], why: str
) -> None:
    (refusal,) = small.refused(mission, mission.said("fact", body, by=[SOUTH], label=label))
    assert refusal is not None
    assert why in refusal


def test_what_has_a_label_that_nobody_can_read_is_shown_to_nobody() -> None:
    label = label_of({"not_before": "tomorrow", "owner": "north", "releasable_to": ["south"]})
    assert not any(Audience(who, BEGUN).may_see(label) for who in ("north", "south", "public", ""))


def test_a_fact_speaks_for_one_delegation(mission: Mission) -> None:
    said = mission.said("fact", attack("x"), by=[SOUTH, NORTH])  # type: ignore[arg-type]
    assert small.refused(mission, said) == ["a fact is signed by one key: it speaks for one delegation"]


# ---- the agreement -------------------------------------------------------------------------------------------------

AMENDED = small.AGREEMENT.replace("at_least: 20,", "at_least: 10,").replace("at_least: 600,", "at_least: 700,")


def amend(mission: Mission, text: str = AMENDED, replaces: str | None = None) -> list[int]:
    draft = Draft.read(small.draft(mission.settings.folder.parent / "amended", agreement=text))
    body = draft.keep(mission.evidence, mission.adopted().digest if replaces is None else replaces)
    return small.put(mission, mission.said("agreement", body, by=[CHAIR]))


def least(mission: Mission, known_at: int | None = None) -> object:
    agreement = mission.folder(None, known_at=known_at).agreement
    return next(iter(agreement.clauses["release"].all())).at_least  # type: ignore[union-attr]


def test_an_amendment_is_the_agreement_from_its_entry_on(mission: Mission, clock: Clock) -> None:
    before = clock()
    clock.pass_by(HOUR)
    amend(mission)

    assert (least(mission), least(mission, before)) == (10, 20)


def test_of_two_amendments_of_one_version_the_second_came_too_late(mission: Mission) -> None:
    first = mission.adopted().digest
    amend(mission)
    now = mission.adopted()
    amend(mission, small.AGREEMENT.replace("at_least: 20,", "at_least: 5,"), first)

    assert mission.adopted() == now


def test_nothing_was_agreed_before_the_founding(mission: Mission) -> None:
    with pytest.raises(Refused, match="no agreement was on record then"):
        mission.folder(None, known_at=BEGUN - 1)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({}, "it does not say which files"),
        ({"files": {}, "digest": "x", "replaces": ""}, "its digest is not that of its files"),
        ({"files": {"../x": "00" * 32}, "digest": "x", "replaces": ""}, "it does not say which files"),
        ({"files": {"agreement.yaml": "0"}, "digest": "x", "replaces": ""}, "it does not say which files"),
    ],
)
def test_what_is_no_agreement_is_refused(mission: Mission, body: dict[str, object], why: str) -> None:
    (refusal,) = small.refused(mission, mission.said("agreement", body, by=[CHAIR]))  # type: ignore[arg-type]
    assert refusal is not None
    assert why in refusal


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (b"agreement: x\n", "it is not sound: the agreement, agreement.yaml"),
        (b"\xff", "it is not sound: the agreement, agreement.yaml: not UTF-8: the byte 0xFF"),
        (None, "it is not sound: the agreement: agreement.yaml is not among the evidence"),
    ],
)
def test_an_agreement_that_is_not_sound_or_not_kept_is_refused(
    mission: Mission, said: bytes | None, why: str
) -> None:
    files = {"agreement.yaml": "00" * 32 if said is None else mission.evidence.keep(said)}
    body: dict[str, Json] = {"files": dict(files), "digest": digest_of(files), "replaces": mission.adopted().digest}
    (refusal,) = small.refused(mission, mission.said("agreement", body, by=[CHAIR]))
    assert refusal is not None
    assert refusal.startswith(why)


def test_an_agreement_without_its_main_file_is_refused(mission: Mission) -> None:
    files = {"zones.geojson": mission.evidence.keep(small.MAP.read_bytes())}
    body: dict[str, Json] = {"files": dict(files), "digest": digest_of(files), "replaces": ""}
    (refusal,) = small.refused(mission, mission.said("agreement", body, by=[CHAIR]))
    assert refusal == "it is not sound: the agreement: agreement.yaml is not among the evidence\n    restore it"


def test_an_agreement_whose_file_is_gone_stops_nothing_and_is_refused(mission: Mission) -> None:
    files = {"agreement.yaml": mission.evidence.keep(AMENDED.encode())}
    newest = max(mission.evidence.folder.rglob("*"), key=lambda one: one.stat().st_mtime_ns if one.is_file() else 0)
    newest.unlink()
    body: dict[str, Json] = {"files": dict(files), "digest": digest_of(files), "replaces": mission.adopted().digest}
    (refusal,) = small.refused(mission, mission.said("agreement", body, by=[CHAIR]))
    assert refusal is not None
    assert refusal.startswith("it is not sound: the original")


def test_an_agreement_is_adopted_by_its_chair_or_a_root_alone(mission: Mission) -> None:
    body = {"files": {}, "digest": "x", "replaces": ""}
    why = small.refused(mission, mission.said("agreement", body, by=[NORTH]))  # type: ignore[arg-type]
    assert why == ["'agreement' is signed by one of root, chair"]
    assert small.refused(mission, mission.said("fact", attack("x"), by=[ROOT])) != [None]  # type: ignore[arg-type]


# ---- many at once --------------------------------------------------------------------------------------------------


def test_eight_at_once_all_get_their_receipts(tmp_path: Path, mission: Mission, clock: Clock) -> None:
    def several(who: int) -> list[int]:
        with opened(tmp_path / "mission", clock) as mine:
            rows = [mine.said("fact", attack(f"{who}-{n}"), by=[SOUTH]) for n in range(10)]  # type: ignore[arg-type]
            return [seq for one in rows for seq in small.put(mine, one)]

    with ThreadPoolExecutor(8) as pool:
        entries = [seq for found in pool.map(several, range(8)) for seq in found]

    assert sorted(entries) == list(range(8, 88))
    assert len(mission.folder(None).facts) == 81


def test_fifty_equal_submissions_are_one_entry_with_fifty_equal_receipts(mission: Mission) -> None:
    one = mission.said("fact", attack("a1"), by=[SOUTH])  # type: ignore[arg-type]
    with ThreadPoolExecutor(8) as pool:
        receipts = list(pool.map(lambda _: mission.enter([one]), range(50)))

    assert {found.seq for several in receipts for found in several} == {8}
    assert mission.journal.store.size() == 9


def test_only_one_keeps_at_a_time(mission: Mission) -> None:
    folder = mission.settings.folder
    with alone(folder, mission.journal) as first, alone(folder, mission.journal) as second:
        assert (first, second) == (True, False)
    with alone(folder, mission.journal) as again:
        assert again


# ---- projections ---------------------------------------------------------------------------------------------------


def test_projections_may_be_deleted_at_any_time(mission: Mission) -> None:
    enter(mission, SOUTH, attack("a1"), attack("a2", owner="south"))
    before = mission.folder(None)
    for file in mission.settings.folder.glob("projections.db*"):
        file.unlink()

    assert mission.folder(None) == before


def test_projections_of_another_history_are_worked_out_anew(tmp_path: Path, mission: Mission, clock: Clock) -> None:
    enter(mission, SOUTH, attack("a1"))
    mission.folder(None)
    small.begin(small.settings(tmp_path / "another" / "mission"), clock)
    file = mission.settings.folder / "projections.db"
    with opened(tmp_path / "another" / "mission", clock) as other:
        enter(other, CHAIR, decision())
        enter(other, SOUTH, attack("b1"))
        (tmp_path / "another" / "mission" / "projections.db").write_bytes(file.read_bytes())

        assert [one.id for one in other.folder(None).facts] == ["approval", "b1"]


def test_what_a_key_signed_stays_its_delegations_when_it_is_certified_for_another(mission: Mission) -> None:
    row: dict[str, Json] = {"id": "a1", "kind": "shelling", "learned_at": "2031-03-10T12:00Z"}
    small.put(
        mission,
        mission.said("fact", row, by=[NORTH]),
        mission.said("key.revoke", {"key": NORTH.public.id, "why": "it moved"}, by=[ROOT]),
        small.certificate(mission, NORTH, "south", "analyst"),
        mission.said("fact", row, by=[NORTH]),
    )
    mission.projections.catch_up(mission.journal)

    assert [told.delegation for told in mission.projections.told()][-2:] == ["north", "south"]


SOUND = {"name": "protocol", "language": "en", "file": "protocol.en.txt", "sha256": "0" * 64, "bytes": 5}


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({"x": [1]}, "a text says its name, language, file, sha256 and bytes"),
        ({**SOUND, "sha256": "protocol"}, "a text says its name, language, file, sha256 and bytes"),
        (SOUND, f"the original {'0' * 16} was not kept"),
    ],
)
def test_a_text_that_nobody_could_read_is_refused(mission: Mission, body: dict[str, Json], why: str) -> None:
    assert small.refused(mission, mission.said("text", body, by=[SOUTH])) == [why]
