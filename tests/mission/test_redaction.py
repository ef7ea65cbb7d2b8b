"""What is sealed is shown to nobody, what is redacted can be read by nobody, and all else stays as it was."""

from __future__ import annotations

import json
from contextlib import closing
from itertools import chain
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from tests import mission_small as small
from tests.mission_small import (
    BEGUN,
    CHAIR,
    GUARANTOR,
    HOLDERS,
    NORTH,
    OFFICER,
    SOUTH,
    Clock,
    asked,
    attack,
    decision,
    enter,
    opened,
)
from trucekeeper.compliance.knowledge import Audience
from trucekeeper.journal.sealing import named
from trucekeeper.journal.store import Store
from trucekeeper.ledger.policies import Policy
from trucekeeper.ledger.tree import leaf_hash
from trucekeeper.mission import redaction
from trucekeeper.mission.entering import entering
from trucekeeper.mission.keeping import Keeping
from trucekeeper.mission.projections import LEFT, Projections, Told
from trucekeeper.mission.standings import OutdatedError, Standings
from trucekeeper.terms import Refused
from trucekeeper.terms.moments import DAY, HOUR, write_moment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from trucekeeper.compliance.grounds import Stand
    from trucekeeper.journal.canonical import Json
    from trucekeeper.journal.envelopes import PrivateKey
    from trucekeeper.mission.mission import Mission

CANARY = "Zyzzyva-of-the-Mill"
AUDIENCES = (*HOLDERS, "public")


def seal(mission: Mission, *entries: int) -> None:
    small.put(mission, *(mission.said("seal", {"entry": one, "why": "a witness"}, by=[OFFICER]) for one in entries))


def redacted(mission: Mission, entry: int, *by: PrivateKey, columns: Sequence[str] = LEFT) -> bytes:
    new = redaction.redaction(mission, entry, "a witness", columns)
    return mission.said("redact", new.body, by=by or (NORTH, SOUTH), label=new.label)


def redact(mission: Mission, clock: Clock, *entries: int) -> None:
    """Seal entries, let the window pass, and redact them."""
    seal(mission, *entries)
    clock.pass_by(72 * HOUR + 1)
    for one in entries:
        small.put(mission, redacted(mission, one))


def stands(mission: Mission, clock: Clock, audience: str, known_at: int) -> tuple[Stand, ...]:
    """Return where everything stands for an audience, as known at a moment, as of one that stays the same."""
    folder = mission.folder(Audience(audience, clock()), known_at=known_at)
    question = asked(clock, audience, as_of=BEGUN + 2 * DAY, known_at=known_at)
    return folder.standing(question).stands


def enter_text(mission: Mission, text: str, name: str = "protocol.en.txt", by: PrivateKey = CHAIR) -> int:
    file = mission.settings.folder.parent / name
    file.write_text(text)
    new = entering(mission, "texts", [file], "commission")
    assert not new.faults
    (seq,) = small.put(mission, *chain.from_iterable(new.signed(mission, by)))
    file.unlink()
    return seq


# ---- what is shown -------------------------------------------------------------------------------------------------


def history(mission: Mission, clock: Clock) -> list[int]:
    """Enter facts day by day, of which entry 9 is South's and for North besides; return the moments between."""
    moments = [clock()]
    for rows in (
        [attack("a1")],
        [attack("a2", owner="south", releasable_to=["north"], note=CANARY)],
        [attack("a1", rev=2, op="retract"), attack("a3", by="south", owner="guarantor")],
    ):
        clock.pass_by(6 * HOUR)
        enter(mission, SOUTH, *rows)
        moments += [clock(), clock() + HOUR]
    clock.pass_by(2 * DAY)
    return [*moments, clock()]


def test_a_sealed_fact_is_redacted_at_every_past_moment_for_those_to_whom_it_was_told_and_for_nobody_else(
    mission: Mission, clock: Clock
) -> None:
    moments = history(mission, clock)
    before = {(who, at): stands(mission, clock, who, at) for who in AUDIENCES for at in moments}
    seal(mission, 9)
    after = {(who, at): stands(mission, clock, who, at) for who in AUDIENCES for at in moments}

    told = {(who, at) for who in ("north", "south") for at in moments if at >= BEGUN + 12 * HOUR}
    assert {one for one in before if before[one] != after[one]} == told
    assert all("a2 was redacted: it counts as possible" in str(after[one]) for one in told)
    assert not any("redacted" in str(after[one]) for one in after if one not in told)
    assert all(CANARY not in str(rows) for rows in after.values())


def test_a_redaction_changes_nothing_that_its_seal_had_not_changed(mission: Mission, clock: Clock) -> None:
    moments = history(mission, clock)
    seal(mission, 9)
    sealed = {(who, at): stands(mission, clock, who, at) for who in AUDIENCES for at in moments}
    clock.pass_by(72 * HOUR + 1)
    small.put(mission, redacted(mission, 9))

    assert {(who, at): stands(mission, clock, who, at) for who in AUDIENCES for at in moments} == sealed
    for file in mission.settings.folder.glob("projections.db*"):
        file.unlink()
    assert {(who, at): stands(mission, clock, who, at) for who in AUDIENCES for at in moments} == sealed


def test_the_record_shows_who_sealed_and_who_agreed(mission: Mission, clock: Clock) -> None:
    history(mission, clock)
    redact(mission, clock, 9)
    entries = mission.journal.opened(list(mission.journal.store.entries()))
    whose = mission.delegations()

    said = [(one.statement.kind, {whose[key] for key in one.signers}) for one in entries[-2:] if one is not None]
    assert said == [("seal", {"protection"}), ("redact", {"north", "south"})]
    assert entries[9] is None
    last = entries[-1]
    assert last is not None
    assert last.statement.label == {"owner": "south", "releasable_to": ["north"]}
    assert last.body["left"] == {
        "id": "a2",
        "rev": 1,
        "kind": "shelling",
        "learned_at": attack("a2")["learned_at"],
        "owner": "south",
        "releasable_to": ["north"],
        "delegation": "south",
    }


def test_what_is_left_may_be_less_than_its_name(mission: Mission, clock: Clock) -> None:
    history(mission, clock)
    seal(mission, 9)
    clock.pass_by(72 * HOUR + 1)
    small.put(mission, redacted(mission, 9, columns=()))

    (found,) = [one for one in mission.folder(None).facts if one.redacted]
    assert (found.id, found.rev, found.kind) == ("redacted-9", 1, "")
    with pytest.raises(Refused, match="it was redacted already"):
        redaction.redaction(mission, 9, "again")


def test_what_is_not_there_can_be_neither_left_nor_redacted(mission: Mission, clock: Clock) -> None:
    history(mission, clock)
    with pytest.raises(Refused, match="the entry says nothing under 'colour'"):
        redaction.redaction(mission, 9, "a witness", ["colour"])
    with pytest.raises(Refused, match="the record has 12 entries"):
        redaction.redaction(mission, 99, "a witness")


def test_other_revisions_that_are_still_shown_are_named(mission: Mission, clock: Clock) -> None:
    history(mission, clock)

    assert redaction.revisions_shown(mission, 8) == [10]
    assert redaction.revisions_shown(mission, 9) == []
    seal(mission, 10)
    assert redaction.revisions_shown(mission, 8) == []
    assert redaction.revisions_shown(mission, 10) == [8]
    assert redaction.revisions_shown(mission, 0) == []


def test_whoever_objected_signs_or_nothing_is_redacted(mission: Mission, clock: Clock) -> None:
    history(mission, clock)
    seal(mission, 9)
    assert redaction.until(mission, 9) == clock() + 72 * HOUR
    small.put(mission, mission.said("object", {"entry": 9, "why": "evidence"}, by=[GUARANTOR]))
    clock.pass_by(72 * HOUR + 1)

    assert small.refused(mission, redacted(mission, 9)) == [
        "guarantor objected, and did not sign the redaction of entry 9"
    ]
    small.put(mission, redacted(mission, 9, NORTH, GUARANTOR))
    assert redaction.until(mission, 9) is None


def test_a_redacted_report_leaves_a_redacted_fact_for_those_to_whom_it_was_told_and_nothing_for_others(
    mission: Mission, clock: Clock
) -> None:
    radio: dict[str, Json] = {"name": "radio", "reader": "csv", "rulings": {"kind": {"fire": "shelling"}}}
    at = write_moment(BEGUN + HOUR)
    body: dict[str, Json] = {
        "id": "radio/1",
        "source": "radio",
        "words": {"kind": "fire"},
        "at": at,
        "learned_at": at,
    }
    body |= {"text": CANARY, "url": CANARY, "original": CANARY, "note": CANARY, "chains": [[CANARY]]}
    small.put(mission, mission.said("source", radio, by=[CHAIR]))
    label: dict[str, Json] = {"owner": "south", "releasable_to": ["guarantor"]}
    (entry,) = small.put(mission, mission.said("report", body, by=[SOUTH], label=label))
    mission.projections.catch_up(mission.journal)
    Standings(mission).catch_up(clock())
    assert places(mission.settings.folder, CANARY.encode())
    others = {who: stands(mission, clock, who, clock()) for who in ("north", "commission", "public")}
    redact(mission, clock, entry)

    assert places(mission.settings.folder, CANARY.encode()) == []
    for who in AUDIENCES:
        told = [one for one in mission.folder(Audience(who, clock())).facts if one.id.startswith("i-")]
        left = [(f"i-{entry}-redacted", "", True)] if who in {"south", "guarantor"} else []
        assert [(one.id, one.kind, one.redacted) for one in told] == left
        assert mission.reported(Audience(who, clock())).incidents() == []
    assert {who: stands(mission, clock, who, clock() - 72 * HOUR - 1) for who in others} == others
    Standings(mission).catch_up(clock())
    assert places(mission.settings.folder, CANARY.encode()) == []


def report_of(kind: str) -> dict[str, Json]:
    at = write_moment(BEGUN + HOUR)
    return {"id": "radio/1", "source": "radio", "words": {"kind": kind}, "at": at, "learned_at": at}


@pytest.mark.parametrize(
    "ruled",
    [{CANARY: "shelling"}, {}, {CANARY: None}],
    ids=["a report that counts", "one set aside", "one ruled out"],
)
def test_a_source_s_own_word_for_what_happened_goes_with_its_report(
    mission: Mission, clock: Clock, ruled: dict[str, Json]
) -> None:
    source: dict[str, Json] = {"name": "radio", "reader": "csv", "entered_by": "south", "rulings": {"kind": ruled}}
    small.put(mission, mission.said("source", source, by=[CHAIR]))
    (entry,) = small.put(mission, mission.said("report", report_of(CANARY), by=[SOUTH]))
    redact(mission, clock, entry)

    last = mission.journal.opened(list(mission.journal.store.entries()))[-1]
    assert last is not None
    assert last.body["left"] == {
        "of": "report",
        "id": "radio/1",
        "learned_at": report_of("")["learned_at"],
        "delegation": "south",
    }
    mission.projections.catch_up(mission.journal)
    (told,) = mission.projections.told(entry, entry + 1)
    assert CANARY not in str(told.row)
    assert [one.kind for one in mission.folder(None).facts if one.redacted] == [""]
    assert bool(ruled) or places(mission.settings.folder, CANARY.encode()) == []


def test_no_redaction_of_a_report_leaves_its_kind(mission: Mission, clock: Clock) -> None:
    small.put(mission, mission.said("source", {"name": "radio", "reader": "csv"}, by=[CHAIR]))
    (entry,) = small.put(mission, mission.said("report", {**report_of(CANARY), "kind": CANARY}, by=[SOUTH]))
    seal(mission, entry)
    clock.pass_by(4 * DAY)
    new = redaction.redaction(mission, entry, "a witness", ["id", "kind"])
    assert CANARY not in str(new.body)

    left: dict[str, Json] = {**new.body["left"], "kind": CANARY}  # type: ignore[dict-item]  # it is one
    (why,) = small.refused(mission, mission.said("redact", {**new.body, "left": left}, by=[NORTH, SOUTH]))
    assert why == f"what it leaves is not what entry {entry} says, with its label, and for whom"


def test_no_row_redacts_a_fact(mission: Mission) -> None:
    enter(mission, SOUTH, attack("a1"))
    row = attack("a1", rev=2, op="redact", learned_at=write_moment(BEGUN + 2 * HOUR))
    file = mission.settings.folder.parent / "facts.ndjson"
    file.write_text(json.dumps(row))
    new = entering(mission, "facts", [file], "south")
    assert list(new.batches()) == []

    how = "it is redacted by a seal, and by two delegations: `truce seal`, then `truce redact`"
    assert [str(one) for one in new.faults] == [f"a1: a row of a file redacts nothing\n    {how}"]
    (why,) = small.refused(mission, mission.said("fact", row, by=[SOUTH]))  # type: ignore[arg-type]
    assert why == f"a fact asserts, or retracts; {how}"
    assert not any(one.redacted for one in mission.folder(None).facts)


# ---- originals -----------------------------------------------------------------------------------------------------


def test_the_original_of_a_redacted_text_is_destroyed_with_it(mission: Mission, clock: Clock) -> None:
    entry = enter_text(mission, CANARY)
    mission.projections.catch_up(mission.journal)
    digest = str(mission.projections.texts()[0][1]["sha256"])
    redact(mission, clock, entry)

    assert mission.evidence.read(digest) is None
    assert mission.folder(None).faults == ()
    assert mission.projections.texts() == []


def test_an_original_that_another_entry_names_stays(mission: Mission, clock: Clock) -> None:
    entry = enter_text(mission, CANARY)
    mission.projections.catch_up(mission.journal)
    ((_, body),) = mission.projections.texts()
    (again,) = small.put(mission, mission.said("text", body, by=[CHAIR]))

    assert (redaction.redaction(mission, entry, "x").body.get("evidence"), again) == (None, entry + 1)
    seal(mission, again)
    assert redaction.redaction(mission, entry, "x").kept == 1
    redact(mission, clock, entry)
    assert mission.evidence.read(str(body["sha256"])) == CANARY.encode()
    small.put(mission, redacted(mission, again))
    assert mission.evidence.read(str(body["sha256"])) is None


def test_no_redaction_destroys_the_agreement(mission: Mission, clock: Clock) -> None:
    history(mission, clock)
    seal(mission, 9)
    clock.pass_by(72 * HOUR + 1)
    files = mission.adopted().files
    names = [mission.evidence.name(one) for one in files.values()]
    body = redaction.redaction(mission, 9, "x").body | {"evidence": names}

    (why,) = small.refused(mission, mission.said("redact", body, by=[NORTH, SOUTH]))  # type: ignore[arg-type]
    assert why == "it would destroy 2 originals that are not those of entry 9 alone"
    assert mission.folder(None).agreement.head.title == "The Valoria Protocol"


def test_a_keeper_that_was_cut_off_destroys_originals_when_it_comes_back(
    mission: Mission, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = enter_text(mission, CANARY)
    mission.projections.catch_up(mission.journal)
    digest = str(mission.projections.texts()[0][1]["sha256"])
    file = mission.evidence.path(mission.journal.store.secrets([bytes.fromhex(digest)])[bytes.fromhex(digest)])
    seal(mission, entry)
    clock.pass_by(72 * HOUR + 1)
    with monkeypatch.context() as patch:
        patch.setattr(Keeping, "_forget", lambda _: None)
        small.put(mission, redacted(mission, entry))
    assert mission.evidence.read(digest) == CANARY.encode()
    Keeping(mission)

    assert (mission.evidence.read(digest), file.exists()) == (None, False)


def test_an_original_that_is_kept_again_is_not_the_one_that_was_redacted(mission: Mission, clock: Clock) -> None:
    redact(mission, clock, enter_text(mission, CANARY))
    again = mission.evidence.keep(CANARY.encode())
    enter(mission, SOUTH, attack("later"))

    assert mission.evidence.read(again) == CANARY.encode()


# ---- no copy stays -------------------------------------------------------------------------------------------------


def places(folder: Path, *needles: bytes) -> list[str]:
    """Return the files under a folder that hold, or are named by, one of some strings of bytes."""
    files = [one for one in folder.rglob("*") if one.is_file()]
    assert files
    held = [(one, one.read_bytes(), str(one).encode()) for one in files]
    return [str(one) for one, data, name in held for needle in needles if needle in data or needle in name]


def speak_of_the_canary(mission: Mission) -> list[int]:
    """Put the canary on record wherever a word can stand, and lay it out."""
    row = attack("a1", note=CANARY, source=CANARY, origin=CANARY, cite=CANARY, fields={"against": "south"})
    entries = [one.seq for one in enter(mission, SOUTH, row) if one.seq is not None]
    raw = {"id": "a2", "kind": "shelling", "place": CANARY, "learned_at": write_moment(BEGUN)}
    entries += small.put(mission, mission.said("fact", raw, by=[SOUTH]))
    entries += [enter_text(mission, CANARY * 3000)]
    for who in (*AUDIENCES, None):
        mission.folder(None if who is None else Audience(who, BEGUN))
    return entries


def test_of_what_was_redacted_no_byte_stays_anywhere(
    mission: Mission, clock: Clock, server: tuple[str, Path]
) -> None:
    store, folder = mission.journal.store, mission.settings.folder
    enter(mission, SOUTH, *(attack(f"b{n}", note="something else") for n in range(300)))
    entries = speak_of_the_canary(mission)
    assert places(folder, CANARY.encode())
    leaves = [one.sealed.leaf for seq in entries for one in store.entries(seq, seq + 1)]
    files = set(mission.adopted().files.values())
    originals = {digest: secret for digest, secret in store.originals().items() if digest.hex() not in files}
    secrets = [*store.secrets(leaves).values(), *originals.values()]
    assert len(secrets) == 4
    redact(mission, clock, *entries)

    needles = [CANARY.encode(), *secrets, *(named(one).encode() for one in originals.values())]
    assert places(folder, *needles) == []
    mission.folder(None)
    enter(mission, SOUTH, attack("later"))
    assert places(folder, *needles) == []
    if mission.settings.postgres:
        hold_postgres_clean(mission.settings.postgres, server[1], secrets)
    policy = Policy.read(bytes(mission.settings.policy))
    for entry in store.entries():
        mission.journal.proof(entry.seq).check(leaf_hash(entry.sealed.leaf), policy)


def hold_postgres_clean(url: str, folder: Path, secrets: Sequence[bytes]) -> None:
    """Hold that no row has the canary or a secret, and no file of the database the canary."""
    engine = sa.create_engine(sa.make_url(url).set(drivername="postgresql+psycopg"))
    tables = 0
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("CHECKPOINT")
        for schema in ("record", "vault"):
            for table in sa.inspect(engine).get_table_names(schema):
                tables += 1
                for row in connection.exec_driver_sql(f'SELECT * FROM "{schema}"."{table}"'):  # noqa: S608
                    held = b"".join(
                        bytes(one) if isinstance(one, (bytes, memoryview)) else str(one).encode() for one in row
                    )
                    assert CANARY.encode() not in held
                    assert not any(one in held for one in secrets)
    engine.dispose()
    assert tables == 8
    assert places(folder, CANARY.encode()) == []


def test_what_is_sealed_goes_out_of_the_projections_before_anybody_asks(mission: Mission) -> None:
    entries = speak_of_the_canary(mission)
    seal(mission, *entries)

    assert places(mission.settings.folder, CANARY.encode()) == []


def test_the_projections_are_wiped_although_somebody_has_them_open(mission: Mission) -> None:
    entries = speak_of_the_canary(mission)
    with closing(mission.projections.connect()) as idle:
        idle.execute("SELECT count(*) FROM told").fetchone()
        seal(mission, *entries)

        assert places(mission.settings.folder, CANARY.encode()) == []


def test_what_somebody_was_still_reading_is_wiped_when_he_is_done(mission: Mission) -> None:
    entries = speak_of_the_canary(mission)
    with mission.projections.reading() as reader:
        reader.execute("SELECT count(*) FROM told").fetchone()
        seal(mission, *entries)
        assert places(mission.settings.folder, CANARY.encode())
    mission.folder(None)

    assert places(mission.settings.folder, CANARY.encode()) == []


def test_standings_are_worked_out_anew_without_what_was_sealed_and_never_from_nothing(
    mission: Mission, clock: Clock
) -> None:
    entries = speak_of_the_canary(mission)
    clock.pass_by(DAY)
    standings = Standings(mission)
    standings.catch_up(clock())
    seal(mission, *entries)

    for one in (standings, Standings(mission)):
        with pytest.raises(OutdatedError):
            one.catch_up(clock())
    mission.projections.catch_up(mission.journal)
    Standings(mission).catch_up(clock())
    with mission.projections.reading() as connection:
        rows = connection.execute("SELECT count(*) FROM standing WHERE clause = 'halt'").fetchone()
    assert rows[0] > 0
    assert places(mission.settings.folder, CANARY.encode()) == []


def test_a_question_is_never_answered_of_what_is_half_laid_out(
    mission: Mission, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(mission, SOUTH, attack("a1"), attack("a2"))
    told, late = Projections.told, [mission]

    def meanwhile(
        projections: Projections, start: int = 0, end: int | None = None, *, only: Sequence[str] = ()
    ) -> list[Told]:
        if late:
            with opened(late.pop().settings.folder, clock) as another:
                seal(another, 8)
        return told(projections, start, end, only=only)

    monkeypatch.setattr(Projections, "told", meanwhile)

    assert [(one.id, one.redacted) for one in mission.folder(None).facts] == [
        ("approval", False),
        ("a1", True),
        ("a2", False),
    ]


def test_who_lays_out_while_a_seal_comes_in_shows_nothing_of_what_is_sealed(
    mission: Mission, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = speak_of_the_canary(mission)
    sizes = Store.size
    late = [mission]

    def size(store: Store) -> int:
        found = sizes(store)
        if late:
            with opened(late.pop().settings.folder, clock) as another:
                seal(another, *entries)
        return found

    monkeypatch.setattr(Store, "size", size)
    facts = mission.folder(None).facts

    assert [one.id for one in facts if one.note == CANARY] == []
    assert places(mission.settings.folder, CANARY.encode()) == []


@pytest.mark.parametrize(
    "left",
    [
        {"id": "a1", "rev": [1]},
        {"id": "a1", "rev": 1, "kind": "shelling", "delegation": "south"},
        {"id": "approval", "rev": 2, "delegation": "north", "owner": "south"},
        {"id": "a1", "rev": True, "kind": "shelling", "delegation": "south", "owner": "south"},
    ],
    ids=["no revision", "not its label", "another's fact", "almost its revision"],
)
def test_a_redaction_leaves_nothing_but_what_its_entry_said(
    mission: Mission, clock: Clock, left: dict[str, Json]
) -> None:
    enter(mission, NORTH, decision())
    row: dict[str, Json] = {"id": "a1", "rev": 1, "kind": "shelling", "learned_at": write_moment(clock())}
    (entry,) = small.put(mission, mission.said("fact", row, by=[SOUTH], label={"owner": "south"}))
    small.put(mission, mission.said("seal", {"entry": entry, "why": "a name"}, by=[OFFICER]))
    clock.pass_by(4 * DAY)

    body: dict[str, Json] = {"entry": entry, "why": "a name", "left": left}
    why = small.refused(mission, mission.said("redact", body, by=[NORTH, GUARANTOR]))

    assert why == [f"what it leaves is not what entry {entry} says, with its label, and for whom"]
    assert mission.projections.catch_up(mission.journal) == mission.journal.store.size()
