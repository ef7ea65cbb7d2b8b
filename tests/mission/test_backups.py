"""A backup is whole while the mission goes on, forgets what was redacted since, and signs nothing unasked."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from itertools import chain
from threading import Event, Thread
from typing import TYPE_CHECKING

import pytest

from tests import mission_small as small
from tests.ledger_logs import NORTH as WITNESS
from tests.mission_small import CHAIR, LOG, NORTH, OFFICER, SOUTH, Clock, asked, attack, decision, enter, opened
from trucekeeper.compliance.knowledge import Audience
from trucekeeper.journal import copies
from trucekeeper.journal.keeper import BehindError
from trucekeeper.ledger.checkpoints import Checkpoint
from trucekeeper.ledger.lines import base64
from trucekeeper.ledger.notes import Note
from trucekeeper.ledger.policies import Known, Policy
from trucekeeper.ledger.tree import leaf_hash
from trucekeeper.ledger.witness import Server, Witness
from trucekeeper.mission import redaction
from trucekeeper.mission.backups import LIST, VAULT, RedactedList, back_up, free
from trucekeeper.mission.entering import entering
from trucekeeper.mission.restored import mark_of
from trucekeeper.mission.restoring import Came, Seen, restore, resume
from trucekeeper.terms import Refused
from trucekeeper.terms.moments import DAY, HOUR

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from trucekeeper.journal.store import Store
    from trucekeeper.mission.mission import Mission

CANARY = "Zyzzyva-of-the-Mill"


@pytest.fixture
def sqlite(tmp_path: Path, clock: Clock) -> Iterator[Mission]:
    small.begin(small.settings(tmp_path / "mission"), clock)
    with opened(tmp_path / "mission", clock) as found:
        enter(found, CHAIR, decision())
        yield found


def enter_text(mission: Mission, text: str) -> int:
    file = mission.settings.folder.parent / "protocol.en.txt"
    file.write_text(text)
    (seq,) = small.put(
        mission, *chain.from_iterable(entering(mission, "texts", [file], "commission").signed(mission, CHAIR))
    )
    file.unlink()
    return seq


def redact(mission: Mission, clock: Clock, *entries: int) -> None:
    small.put(mission, *(mission.said("seal", {"entry": one, "why": "x"}, by=[OFFICER]) for one in entries))
    clock.pass_by(72 * HOUR + 1)
    for one in entries:
        new = redaction.redaction(mission, one, "x")
        small.put(mission, mission.said("redact", new.body, by=[NORTH, SOUTH], label=new.label))


def back(
    folder: Path, to: Path, *lists: Path, heads: tuple[Note, ...] = (), postgres: str = "", **more: object
) -> Came:
    said = {"seen": Seen(heads), "alone": False, **more}
    return restore(folder, to, postgres=postgres, lists=lists, **said)  # type: ignore[arg-type]


def head(mission: Mission) -> Note:
    return Note.read(mission.journal.store.head() or b"")


def standing(mission: Mission, clock: Clock, audience: str = "public") -> object:
    return mission.folder(Audience(audience, clock())).standing(asked(clock, audience))


def holding(folder: Path, *needles: bytes) -> list[str]:
    return [str(one) for one in folder.rglob("*") if one.is_file() and any(n in one.read_bytes() for n in needles)]


# ---- making --------------------------------------------------------------------------------------------------------


def test_what_comes_back_stands_as_it_stood_and_is_proven_as_it_was(
    tmp_path: Path, mission: Mission, clock: Clock
) -> None:
    enter(mission, SOUTH, attack("a1"), attack("a2", owner="south"))
    entry = enter_text(mission, "The Protocol")
    made = back_up(mission, tmp_path / "backup")
    assert (made.size, made.originals, made.missing) == (entry + 1, 3, 0)
    assert sorted(one.name for one in (tmp_path / "backup").rglob("*.db*")) == ["record.db", "vault.db"]
    back(tmp_path / "backup", tmp_path / "again")

    with opened(tmp_path / "again", clock) as found:
        assert not found.settings.postgres
        for who in ("public", "south"):
            assert standing(found, clock, who) == standing(mission, clock, who)
        assert found.on_record() == mission.on_record()
        assert found.evidence.read(str(found.projections.texts()[0][1]["sha256"])) == b"The Protocol"
        policy = Policy.read(bytes(found.settings.policy))
        for one in found.journal.store.entries():
            found.journal.proof(one.seq).check(leaf_hash(one.sealed.leaf), policy)


def test_a_mission_moves_to_postgres_and_goes_on_there(
    tmp_path: Path, sqlite: Mission, clock: Clock, postgres: str
) -> None:
    enter(sqlite, SOUTH, attack("a1"))
    sqlite.journal.submit(sqlite.said("fact", attack("waits"), by=[SOUTH]))  # type: ignore[arg-type]
    back_up(sqlite, tmp_path / "backup")
    back(tmp_path / "backup", tmp_path / "again", postgres=postgres, heads=(head(sqlite),))

    with opened(tmp_path / "again", clock) as found:
        assert enter(found, SOUTH, attack("a2"), attack("a3")) != []
        assert [one.id for one in found.folder(None).facts] == ["approval", "a1", "waits", "a2", "a3"]
    with pytest.raises(Refused, match="this database holds a mission already"):
        back(tmp_path / "backup", tmp_path / "third", postgres=postgres)


def test_a_backup_is_whole_while_somebody_enters(tmp_path: Path, mission: Mission, clock: Clock) -> None:
    done = Event()

    def work() -> None:
        with opened(tmp_path / "mission", clock) as mine:
            number = 0
            while not done.is_set():
                rows = [attack(f"{number}-{one}") for one in range(20)]
                mine.enter([mine.said("fact", row, by=[SOUTH]) for row in rows])  # type: ignore[arg-type]
                number += 1

    worker = Thread(target=work)
    worker.start()
    try:
        made = [back_up(mission, tmp_path / f"backup{one}") for one in range(3)]
    finally:
        done.set()
        worker.join()

    for one in made:
        back(one.folder, tmp_path / f"again-{one.folder.name}")
        with opened(tmp_path / f"again-{one.folder.name}", clock) as found:
            head = found.on_record()
            assert head is not None
            assert head.head.size == one.size
            assert len(found.folder(None).facts) == one.size - 7


def test_no_key_is_in_a_backup_and_the_vault_is_apart(tmp_path: Path, sqlite: Mission) -> None:
    back_up(sqlite, tmp_path / "backup")

    names = sorted(str(one.relative_to(tmp_path / "backup")) for one in (tmp_path / "backup").iterdir())
    assert names == ["checkpoint", "evidence", "mission.toml", "record.db", "redacted", "vault"]
    private = [one.key.private_bytes_raw() for one in (LOG, small.ROOT, NORTH)]
    assert holding(tmp_path / "backup", b"PRIVATE KEY", *private) == []
    (tmp_path / "backup" / VAULT).unlink()
    with pytest.raises(Refused, match="vault/vault\\.db is not there"):
        back(tmp_path / "backup", tmp_path / "again")


def test_a_backup_is_never_written_over(tmp_path: Path, sqlite: Mission) -> None:
    back_up(sqlite, tmp_path / "backup")
    with pytest.raises(Refused, match="it is there already"):
        back_up(sqlite, tmp_path / "backup")

    assert free(tmp_path / "backup") == tmp_path / "backup.2"
    assert free(tmp_path / "other") == tmp_path / "other"
    with pytest.raises(Refused, match="it is not empty"):
        back(tmp_path / "backup", tmp_path / "mission")


def test_a_backup_during_which_something_is_redacted_is_begun_again(
    tmp_path: Path, sqlite: Mission, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(sqlite, SOUTH, attack("a1"))
    copy_record, times = copies.copy_record, list[int]()

    def slow(source: Store, target: Store) -> None:
        copy_record(source, target)
        times.append(source.size())
        if len(times) == 1:
            redact(sqlite, clock, 8)

    monkeypatch.setattr("trucekeeper.mission.backups.copy_record", slow)

    assert back_up(sqlite, tmp_path / "backup").size == 11
    assert times == [9, 11]


# ---- forgetting again ----------------------------------------------------------------------------------------------


def test_of_what_was_redacted_no_byte_is_in_a_backup(tmp_path: Path, mission: Mission, clock: Clock) -> None:
    enter(mission, SOUTH, attack("a1", note=CANARY))
    text = enter_text(mission, CANARY)
    redact(mission, clock, 8, text)
    back_up(mission, tmp_path / "backup")
    back(tmp_path / "backup", tmp_path / "again")

    assert holding(tmp_path / "backup", CANARY.encode()) == []
    listed = RedactedList.read(tmp_path / "backup" / LIST)
    assert (listed.size, sorted(listed.entries), len(listed.originals)) == (14, [8, text], 1)
    with opened(tmp_path / "again", clock) as found:
        assert [one.redacted for one in found.folder(None).facts] == [False, True]
    assert holding(tmp_path / "again", CANARY.encode()) == []


def test_the_backup_of_yesterday_forgets_what_was_redacted_today(
    tmp_path: Path, mission: Mission, clock: Clock
) -> None:
    enter(mission, SOUTH, attack("a1", note=CANARY, owner="south", releasable_to=["north"]))
    text = enter_text(mission, CANARY)
    store = mission.journal.store
    leaves = [one.sealed.leaf for seq in (8, text) for one in store.entries(seq, seq + 1)]
    mission.projections.catch_up(mission.journal)
    digest = str(mission.projections.texts()[0][1]["sha256"])
    secrets = [*store.secrets(leaves).values(), *store.secrets([bytes.fromhex(digest)]).values()]
    assert len(secrets) == 3
    back_up(mission, tmp_path / "yesterday")
    clock.pass_by(DAY)
    redact(mission, clock, 8, text)
    back_up(mission, tmp_path / "today")
    came = back(tmp_path / "yesterday", tmp_path / "again", tmp_path / "today" / LIST)

    assert (came.size, came.forgotten, came.newest) == (10, 2, 14)
    with opened(tmp_path / "again", clock) as found:
        for who in ("north", "south", "public", "guarantor"):
            assert standing(found, clock, who) == standing(mission, clock, who)
        assert found.evidence.read(digest) is None
    assert holding(tmp_path / "again", CANARY.encode(), *secrets) == []


def test_what_a_list_hid_is_redacted_on_record_when_the_mission_goes_on(
    tmp_path: Path, sqlite: Mission, clock: Clock
) -> None:
    enter(sqlite, SOUTH, attack("a1", note=CANARY, owner="south"))
    back_up(sqlite, tmp_path / "yesterday")
    redact(sqlite, clock, 8)
    back_up(sqlite, tmp_path / "today")
    back(tmp_path / "yesterday", tmp_path / "again", tmp_path / "today" / LIST, alone=True)

    with opened(tmp_path / "again", clock) as found:
        redact(found, clock, 8)
        left = found.journal.opened(list(found.journal.store.entries(10, 11)))[0]
        assert left is not None
        assert left.statement.label == {"owner": "south"}
        assert [(one.id, one.redacted) for one in found.folder(None).facts] == [("approval", False), ("a1", True)]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "it does not begin with 'trucekeeper redacted 1'"),
        ("trucekeeper redacted 1\nelsewhere\n3\n", "a list is of 'elsewhere'"),
        ("trucekeeper redacted 1\nvaloria.example/truce\n3\nx\n", "it names no entry and no original"),
        (f"trucekeeper redacted 1\nvaloria.example/truce\n3\n7 {base64(bytes(32))}\n", "which is another here"),
    ],
)
def test_a_list_that_is_none_is_refused(tmp_path: Path, sqlite: Mission, text: str, why: str) -> None:
    back_up(sqlite, tmp_path / "backup")
    (tmp_path / "list").write_text(text)

    with pytest.raises(Refused, match=why):
        back(tmp_path / "backup", tmp_path / "again", tmp_path / "list")


def test_no_list_makes_a_mission_forget_what_governs_it(tmp_path: Path, sqlite: Mission) -> None:
    back_up(sqlite, tmp_path / "backup")
    (founding,) = sqlite.journal.store.entries(0, 1)
    listed = RedactedList(sqlite.settings.origin, 9, {0: founding.sealed.leaf[6:50].decode()}, frozenset())
    (tmp_path / "list").write_text(str(listed))

    with pytest.raises(Refused, match="names entry 0, which is another here, or governs the record"):
        back(tmp_path / "backup", tmp_path / "again", tmp_path / "list")


def test_a_record_that_was_changed_does_not_come_back(tmp_path: Path, sqlite: Mission) -> None:
    back_up(sqlite, tmp_path / "backup")
    with closing(sqlite3.connect(tmp_path / "backup" / "record.db")) as record, record:
        record.execute("UPDATE entries SET leaf = x'00' WHERE seq = 7")

    with pytest.raises(Refused, match="its 8 entries are not those of its signed head"):
        back(tmp_path / "backup", tmp_path / "again")
    assert not (tmp_path / "again").exists()


# ---- keeping again -------------------------------------------------------------------------------------------------


def test_nobody_keeps_a_restored_mission_until_it_is_shown_what_others_have_seen(
    tmp_path: Path, mission: Mission, clock: Clock
) -> None:
    back_up(mission, tmp_path / "backup")
    back(tmp_path / "backup", tmp_path / "again")

    with opened(tmp_path / "again", clock) as found:
        said = found.said("fact", attack("a1"), by=[SOUTH])  # type: ignore[arg-type]
        with pytest.raises(BehindError, match="came back from a backup of 8 entries, and others may have seen more"):
            found.enter([said])
        assert found.journal.store.size() == 8
        assert not resume(found, Seen(), alone=False)
        assert resume(found, Seen((head(mission),)), alone=False)
        assert (mark_of(tmp_path / "again"), small.put(found, said)) == (None, [8])


@pytest.mark.parametrize("alone", [True, False])
def test_a_backup_that_is_behind_what_others_have_seen_is_refused_with_both_sizes(
    tmp_path: Path, sqlite: Mission, clock: Clock, *, alone: bool
) -> None:
    back_up(sqlite, tmp_path / "backup")
    enter(sqlite, SOUTH, attack("a1"), attack("a2"))
    later = head(sqlite)

    with pytest.raises(BehindError, match="others have seen 10 entries, and this record has 8: 2 are missing"):
        back(tmp_path / "backup", tmp_path / "again", heads=(later,), alone=alone)
    assert not (tmp_path / "again").exists()
    back(tmp_path / "backup", tmp_path / "again")
    with opened(tmp_path / "again", clock) as found:
        with pytest.raises(BehindError, match="others have seen 10 entries, and this record has 8"):
            resume(found, Seen((later,)), alone=alone)
        with pytest.raises(BehindError, match="'north' says that it has seen 11 entries, and this record has 8: 3"):
            resume(found, Seen(sizes={"north": 11}), alone=alone)
        assert mark_of(tmp_path / "again") is not None


def test_another_history_and_a_strangers_head_are_refused(tmp_path: Path, sqlite: Mission) -> None:
    back_up(sqlite, tmp_path / "backup")
    ours = Checkpoint.of(head(sqlite))
    text = replace(ours, head=replace(ours.head, root=bytes(32))).text

    with pytest.raises(BehindError, match="others have seen another history of 8 entries"):
        back(tmp_path / "backup", tmp_path / "again", heads=(Note(text, (LOG.sign(text),)),))
    with pytest.raises(Refused, match="it is not signed by"):
        back(tmp_path / "backup", tmp_path / "again", heads=(Note(text, (WITNESS.sign(text, time=1),)),))


def test_as_many_witnesses_are_heard_as_a_trusted_head_needs(tmp_path: Path, clock: Clock) -> None:
    known = (Known(WITNESS.verifier),)
    small.begin(small.settings(tmp_path / "mission", witnesses=known, quorum=1), clock)
    with opened(tmp_path / "mission", clock) as found:
        back_up(found, tmp_path / "backup")
        ours = head(found)
    cosigned = ours.signed(WITNESS.sign(ours.text, time=1))
    back(tmp_path / "backup", tmp_path / "one", heads=(ours,))
    back(tmp_path / "backup", tmp_path / "two", heads=(cosigned,))

    assert (mark_of(tmp_path / "one") is None, mark_of(tmp_path / "two") is None) == (False, True)
    with opened(tmp_path / "one", clock) as found:
        assert not resume(found, Seen(sizes={"stranger": 3}), alone=False)
        assert resume(found, Seen(sizes={WITNESS.name: 3}), alone=False)


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[Known]:
    """Return a witness that can be reached, and knows the log."""
    signer = replace(WITNESS, name="north.example")
    server = Server.at(("127.0.0.1", 0), Witness.open(tmp_path / "w.db", signer, [LOG.verifier], clock=lambda: 1.0))
    worker = Thread(target=server.serve_forever)
    worker.start()
    yield Known(signer.verifier, f"http://127.0.0.1:{server.server_address[1]}")
    server.shutdown()
    worker.join()
    server.server_close()


def test_a_witness_that_can_be_reached_is_asked_and_its_word_counts(
    tmp_path: Path, clock: Clock, witness: Known
) -> None:
    small.begin(small.settings(tmp_path / "mission", witnesses=(witness,), quorum=1), clock)
    with opened(tmp_path / "mission", clock) as found:
        back_up(found, tmp_path / "yesterday")
        enter(found, CHAIR, decision())
        back_up(found, tmp_path / "today")
    for name in ("yesterday", "today"):
        back(tmp_path / name, tmp_path / f"of-{name}")

    with opened(tmp_path / "of-today", clock) as found:
        assert resume(found, Seen(), alone=False)
    with (
        opened(tmp_path / "of-yesterday", clock) as found,
        pytest.raises(
            BehindError, match=r"'north\.example' says that it has seen 8 entries, and this record has 7: 1"
        ),
    ):
        resume(found, Seen(), alone=True)


def test_who_says_that_nobody_has_seen_more_may_keep(tmp_path: Path, sqlite: Mission, clock: Clock) -> None:
    back_up(sqlite, tmp_path / "backup")
    back(tmp_path / "backup", tmp_path / "again", alone=True)

    with opened(tmp_path / "again", clock) as found:
        assert [one.seq for one in enter(found, SOUTH, attack("a1"))] == [8]
