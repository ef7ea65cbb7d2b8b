"""What was redacted can be read by nobody and out of no file, and every proof of it stays true."""

from __future__ import annotations

import shutil
from contextlib import closing
from hashlib import sha256
from random import Random
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from tests import journal_small as small
from tests.journal_small import NOON, NORTH, OFFICER, ROOT, SOUTH, STRANGER, certificate, entered, remark, said
from tests.ledger_logs import LOG
from trucekeeper.journal import store as stores
from trucekeeper.journal.journal import Outcome
from trucekeeper.journal.sealing import NotOpenedError
from trucekeeper.journal.seals import HOUR
from trucekeeper.journal.store import NotPurgedError, Store
from trucekeeper.ledger.policies import Policy
from trucekeeper.ledger.tree import leaf_hash

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from trucekeeper.journal.envelopes import PrivateKey
    from trucekeeper.journal.keeper import Keeper

POLICY = Policy.read(f"log {LOG.verifier.vkey}\nquorum none\n".encode())
CANARY = "canary-7"
HIDDEN = 6
"""The number of the entry that says it; what stands before it governs the record, and two remarks follow."""
END = NOON + 72 * HOUR


def founded(store: Store) -> Keeper:
    """Return the keeper of a mission with a window of 72 hours, in which something was said that may be hidden."""
    keeper = small.keeper(small.journal(store))
    keys = [certificate(NORTH), certificate(SOUTH, "south"), certificate(STRANGER, "outsider")]
    keys += [certificate(OFFICER, "guarantor", role="protection_officer"), certificate(small.key("north 2"))]
    remarks = [remark(text) for text in (CANARY, "between", "last")]
    entered(keeper, small.founding(objection_hours=72), *keys, *remarks)
    assert keeper.growth.size == HIDDEN + 3
    return keeper


@pytest.fixture
def mission(store: Store) -> Keeper:
    return founded(store)


def sealing(entry: int = HIDDEN) -> bytes:
    return said("seal", OFFICER, entry=entry, why="it names a witness")


def objection(by: PrivateKey, entry: int = HIDDEN) -> bytes:
    return said("object", by, entry=entry, why="it is evidence")


def redaction(*by: PrivateKey, entry: int = HIDDEN) -> bytes:
    return said("redact", *(by or (NORTH, SOUTH)), entry=entry, why="it names a witness", left={"kind": "remark"})


def redacted(keeper: Keeper, entry: int = HIDDEN) -> bytes:
    """Have an entry redacted, and return the secret that it had."""
    leaf = next(keeper.journal.store.entries(entry, entry + 1)).sealed.leaf
    secret = keeper.journal.store.secrets([leaf])[leaf]
    outcomes = [*entered(keeper, sealing(entry)), *entered(keeper, redaction(entry=entry), at=END + 1)]
    assert [one.refused for one in outcomes] == [None, None]
    return secret


def texts(keeper: Keeper) -> list[object]:
    entries = list(keeper.journal.store.entries(HIDDEN, HIDDEN + 3))
    return [one and one.statement.body["text"] for one in keeper.journal.opened(entries)]


def files(folder: Path) -> bytes:
    """Return all bytes of all files in a folder."""
    return b"".join(file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file())


def rows(store: Store) -> bytes:
    """Return all bytes and texts in all tables of a store."""
    found = []
    for engine, tables in ((store.record, stores.ENTRIES.metadata), (store.vault, stores.SECRETS.metadata)):
        with engine.connect() as connection:
            for table in tables.sorted_tables:
                found += [value for row in connection.execute(sa.select(table)) for value in row]
    return b"\n".join(one if isinstance(one, bytes) else str(one).encode() for one in found)


# ---- what the keeper lets in ---------------------------------------------------------------------------------------


def test_what_is_sealed_is_hidden_by_what_stands_at_its_place(mission: Keeper) -> None:
    after = HIDDEN + 3
    outcomes = entered(
        mission,
        said("seal", NORTH, entry=HIDDEN, why="it hurts"),  # no protection officer
        sealing(0),  # it governs
        sealing(HIDDEN - 1),  # it governs
        sealing(-1),
        sealing(after),  # it is not there yet: this is its own place
        sealing(after + 1),  # it comes after
        remark("in the same group"),
        sealing(after),  # it is there now
        sealing(after + 1),  # a seal governs
        sealing(HIDDEN),
        sealing(HIDDEN),
        sealing(1 << 52),
    )

    why = [one.refused and one.refused.split(" ", 2)[2] for one in outcomes]
    absent = "is not there yet, or governs the record: it cannot be sealed"
    assert why == [
        "protection_officer seals an entry",
        *[absent] * 5,
        None,
        None,
        absent,
        None,
        "is sealed already",
        absent,
    ]
    assert [one.seq for one in outcomes if one.seq is not None] == [after, after + 1, after + 2]
    assert mission.charter is not None
    assert set(mission.charter.seals.sealed) == {HIDDEN, after}
    assert texts(mission) == [CANARY, "between", "last"]


@pytest.mark.parametrize("at", [END, END + 1])
def test_an_objection_counts_to_the_last_microsecond_and_a_redaction_from_the_next(mission: Keeper, at: int) -> None:
    entered(mission, sealing())
    objected, destroyed = entered(mission, objection(SOUTH), redaction(), at=at)

    if at == END:
        assert objected == Outcome(seq=HIDDEN + 4)
        assert destroyed.refused == f"entry {HIDDEN} may be objected to for 1 more hours"
        assert texts(mission)[0] == CANARY
    else:
        assert objected.refused == f"the time to object to entry {HIDDEN} is over"
        assert destroyed == Outcome(seq=HIDDEN + 4)
        assert texts(mission)[0] is None


def test_only_a_delegation_objects_and_two_redact_whoever_objected_among_them(mission: Keeper) -> None:
    by_root, by_outsider = entered(mission, sealing(), objection(ROOT), objection(STRANGER))[1:]
    alone, two_keys, without, with_it = entered(
        mission,
        redaction(STRANGER),
        redaction(NORTH, small.key("north 2")),
        redaction(NORTH, SOUTH),
        redaction(NORTH, STRANGER),
        at=END + 1,
    )

    assert by_root.refused == "only a delegation objects"
    assert by_outsider.seq is not None
    assert alone.refused == two_keys.refused == f"two delegations sign a redaction, and entry {HIDDEN} has 1"
    assert without.refused == f"outsider objected, and did not sign the redaction of entry {HIDDEN}"
    assert with_it.seq is not None
    assert texts(mission) == [None, "between", "last"]


# ---- what is left of it --------------------------------------------------------------------------------------------


def test_what_was_redacted_is_opened_by_nobody_and_every_proof_stays_true(mission: Keeper) -> None:
    before = [mission.journal.proof(seq) for seq in range(mission.growth.size)]
    redacted(mission)
    entries = list(mission.journal.store.entries())

    assert texts(mission) == [None, "between", "last"]
    assert mission.charter is not None
    assert mission.charter.seals.redacted == {HIDDEN: {"kind": "remark"}}
    for entry in entries:
        mission.journal.proof(entry.seq).check(leaf_hash(entry.sealed.leaf), POLICY)
    for entry, proof in zip(entries, before, strict=False):
        proof.check(leaf_hash(entry.sealed.leaf), POLICY)


def test_what_was_redacted_stays_redacted(mission: Keeper) -> None:
    redacted(mission)
    again = entered(mission, sealing(), objection(NORTH), redaction(), at=END + 2)
    started = small.keeper(mission.journal)

    assert [one.refused for one in again] == [f"entry {HIDDEN} was redacted already"] * 3
    assert started.charter == mission.charter
    assert texts(started) == [None, "between", "last"]


def test_one_who_says_the_same_again_makes_another_entry_and_the_same_bytes_make_none(mission: Keeper) -> None:
    words = remark("again")
    (first,) = entered(mission, words)
    assert first.seq is not None
    redacted(mission, first.seq)
    (second,) = entered(mission, words, at=END + 2)
    size = mission.growth.size

    assert second == first
    assert mission.journal.opened(list(mission.journal.store.entries(first.seq, first.seq + 1))) == [None]
    assert entered(mission, remark("again"), at=END + 2) == [Outcome(seq=size)]


def test_no_table_has_what_was_redacted_nor_its_secret(mission: Keeper) -> None:
    leaf = next(mission.journal.store.entries(HIDDEN)).sealed.leaf
    (secret,) = mission.journal.store.secrets([leaf]).values()
    before = rows(mission.journal.store)
    assert redacted(mission) == secret
    after = rows(mission.journal.store)

    assert (secret in before, secret in after) == (True, False)
    assert CANARY.encode() not in before + after
    assert leaf in after


def test_no_file_has_what_was_redacted_nor_its_secret(tmp_path: Path) -> None:
    with closing(Store.in_folder(tmp_path)) as store:
        mission = founded(store)
        before = files(tmp_path)
        secret = redacted(mission)
        after = files(tmp_path)

    assert (secret in before, secret in after) == (True, False)
    assert CANARY.encode() not in before + after + files(tmp_path)
    assert secret not in files(tmp_path)


# ---- restored and interrupted --------------------------------------------------------------------------------------


def test_a_vault_that_was_restored_is_emptied_again_when_a_keeper_starts(mission: Keeper) -> None:
    store = mission.journal.store
    leaves = [one.sealed.leaf for one in store.entries()]
    backup = store.secrets(leaves)
    secret = redacted(mission)
    store.keep(backup)
    assert (texts(mission)[0], secret in rows(store)) == (CANARY, True)
    small.keeper(mission.journal)

    assert texts(mission) == [None, "between", "last"]
    assert secret not in rows(store)
    assert store.secrets(leaves).items() == {(leaf, one) for leaf, one in backup.items() if one != secret}


def test_a_vault_file_from_an_old_backup_has_the_secret_no_more_once_a_keeper_tried(tmp_path: Path) -> None:
    with closing(Store.in_folder(tmp_path)) as store:
        mission = founded(store)
        store.purge()
        shutil.copy(tmp_path / "vault.db", tmp_path / "backup")
        secret = redacted(mission)
    (tmp_path / "backup").rename(tmp_path / "vault.db")
    restored = files(tmp_path)
    with closing(Store.in_folder(tmp_path)) as store:
        with pytest.raises(NotOpenedError, match="entry 9 governs the record, and its secret is not in the vault"):
            small.keeper(small.journal(store))  # it is older than the seal, and is emptied nevertheless
        started = files(tmp_path)

    assert (secret in restored, secret in started) == (True, False)


class CutOff(Store):
    """A store on which the keeper is cut off just when the vault is to forget."""

    def destroy(self, leaves: Sequence[bytes]) -> None:
        """Fail, if there is anything to destroy."""
        if leaves:
            raise OSError("cut off")


class NotPurged(Store):
    """A store on which the keeper is cut off when the vault forgot, and its files did not."""

    def purge(self) -> None:
        """Fail."""
        raise OSError("cut off")


@pytest.mark.parametrize("broken", [CutOff, NotPurged])
def test_a_keeper_that_was_cut_off_is_followed_by_one_that_finishes(tmp_path: Path, broken: type[Store]) -> None:
    with closing(Store.in_folder(tmp_path)) as store:
        mission = founded(store)
        entered(mission, sealing())
        leaf = next(store.entries(HIDDEN)).sealed.leaf
        (secret,) = store.secrets([leaf]).values()
        cut = small.keeper(small.journal(broken(store.record, store.vault)))
        with pytest.raises(OSError, match="cut off"):
            entered(cut, redaction(), at=END + 1)
        before = files(tmp_path)
        small.keeper(mission.journal)

        assert cut.growth.size == store.size()
        assert (secret in before, secret in files(tmp_path)) == (True, False)
        assert texts(mission) == [None, "between", "last"]


def test_a_keeper_goes_on_after_a_purge_that_failed(tmp_path: Path) -> None:
    with closing(Store.in_folder(tmp_path)) as store:
        mission = founded(store)
        entered(mission, sealing())
        cut = small.keeper(small.journal(NotPurged(store.record, store.vault)))
        with pytest.raises(OSError, match="cut off"):
            entered(cut, redaction(), at=END + 1)

        assert entered(cut, remark("after"), at=END + 2) == [Outcome(seq=HIDDEN + 5)]


# ---- the files of the vault ----------------------------------------------------------------------------------------


def test_a_secret_that_is_destroyed_while_the_vault_is_read_is_called_not_purged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stores, "SQLITE_WAITS", 0)
    with closing(Store.in_folder(tmp_path)) as store:
        store.keep({b"leaf": b"secret-7" * 4})
        with store.vault.connect() as reader:
            reader.execute(sa.select(stores.SECRETS)).all()
            store.destroy([b"leaf"])
            with pytest.raises(NotPurgedError, match="somebody reads the vault"):
                store.purge()
            assert b"secret-7" in files(tmp_path)
        store.purge()

        assert b"secret-7" not in files(tmp_path)


def test_pages_that_were_joined_keep_no_copy_of_what_was_destroyed(tmp_path: Path) -> None:
    secrets = {b"x" * 58 + b"%d" % number: sha256(b"s%d" % number).digest() for number in range(500)}
    shuffled = list(secrets)
    Random(4).shuffle(shuffled)  # noqa: S311  of the orders that were tried, one in which SQLite left three behind
    first, then = shuffled[:300], shuffled[300::2]
    with closing(Store.in_folder(tmp_path)) as store:
        store.keep(secrets)
        store.destroy(first)
        store.destroy(then)
        store.purge()
        left = files(tmp_path)

        assert [leaf for leaf in first + then if secrets[leaf] in left] == []
        assert store.secrets(shuffled) == {leaf: secrets[leaf] for leaf in shuffled[301::2]}


def test_postgres_keeps_no_copy_for_whoever_began_to_read_before(on_postgres: Store) -> None:
    on_postgres.keep({b"1": b"secret-1" * 4, b"2": b"secret-2" * 4})
    with on_postgres.record.execution_options(isolation_level="REPEATABLE READ").connect() as reader:
        reader.execute(sa.select(stores.HEADS)).all()
        on_postgres.destroy([b"1"])
        before = heap(on_postgres)
        on_postgres.purge()
    after = heap(on_postgres)

    assert (b"secret-1" in before, b"secret-1" in after, b"secret-2" in after) == (True, False, True)
    assert on_postgres.secrets([b"1", b"2"]) == {b"2": b"secret-2" * 4}


def heap(store: Store) -> bytes:
    """Return the file of the table of secrets, as PostgreSQL has it on disk."""
    with store.vault.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.exec_driver_sql("CHECKPOINT")
        wanted = "SELECT pg_read_binary_file(pg_relation_filepath('vault.secrets'))"
        return bytes(connection.exec_driver_sql(wanted).scalar_one())
