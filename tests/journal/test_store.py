"""What is put into the record and the vault is found again there, on both databases."""

from __future__ import annotations

from contextlib import closing
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from tests.journal_small import NOON, remark
from trucekeeper.journal import store as stores
from trucekeeper.journal.sealing import Sealed
from trucekeeper.journal.store import Entry, FencedError, Store
from trucekeeper.ledger.tiles import Tile
from trucekeeper.ledger.tree import leaf_hash

if TYPE_CHECKING:
    from pathlib import Path

    from trucekeeper.journal.journal import Journal
    from trucekeeper.journal.keeper import Keeper


def digest(number: int) -> bytes:
    return sha256(b"%d" % number).digest()


def entry(seq: int, *, governs: bool = False) -> Entry:
    return Entry(seq, NOON + seq, digest(seq), Sealed(b"leaf %d" % seq, b"data %d" % seq), governs)


def submission(number: int) -> tuple[bytes, Sealed, bytes]:
    return digest(number), Sealed(b"leaf %d" % number, b"data %d" % number), b"secret %d" % number


# ---- the inbox -----------------------------------------------------------------------------------------------------


def test_what_waits_comes_in_order_and_so_many_at_a_time(store: Store) -> None:
    store.submit([submission(number) for number in (2, 0)])
    store.submit([submission(1)])

    assert [one.digest for one in store.waiting(9)] == [digest(2), digest(0), digest(1)]
    assert [one.sealed for one in store.waiting(2)] == [submission(2)[1], submission(0)[1]]
    assert store.waiting(0) == []


def test_more_than_one_question_may_name_are_submitted_found_and_destroyed(store: Store) -> None:
    several = [submission(number) for number in range(1001)]
    store.submit(several)
    leaves = [sealed.leaf for _, sealed, _ in several]

    assert len(store.waiting(2000)) == 1001
    assert store.secrets(leaves) == {sealed.leaf: secret for _, sealed, secret in several}
    store.destroy(leaves[1:])
    assert store.secrets(leaves) == {leaves[0]: b"secret 0"}
    with store.group(store.take_over()) as group:
        group.add([entry(seq) for seq in range(1001)])
        for number in range(1001):
            group.refuse(digest(number + 5000), NOON, f"{number}")
        group.take(store.waiting(2000))
    assert store.places([digest(number) for number in range(2000)]) == {
        digest(number): number for number in range(1001)
    }
    assert len(store.refusals([digest(number + 5000) for number in range(2000)])) == 1001
    assert store.waiting(9) == []


def test_of_a_statement_that_is_submitted_twice_the_first_seal_waits_and_the_second_secret_goes(store: Store) -> None:
    store.submit([submission(0)])
    store.submit([(digest(0), Sealed(b"another", b"data"), b"another secret"), submission(1)])

    assert [one.sealed.leaf for one in store.waiting(9)] == [b"leaf 0", b"leaf 1"]
    assert store.secrets([b"leaf 0", b"another", b"leaf 1"]) == {b"leaf 0": b"secret 0", b"leaf 1": b"secret 1"}


def test_why_a_statement_was_refused_first_stays(store: Store) -> None:
    with store.group(store.take_over()) as group:
        group.refuse(digest(0), NOON, "too early")
        group.refuse(digest(0), NOON + 1, "too late")

    assert store.refusals([digest(0), digest(1)]) == {digest(0): "too early"}


# ---- the record ----------------------------------------------------------------------------------------------------


def test_entries_are_read_from_a_place_to_a_place_and_those_that_govern_apart(store: Store) -> None:
    assert (store.size(), list(store.entries())) == (0, [])
    several = [entry(seq, governs=seq in {0, 3}) for seq in range(5)]
    with store.group(store.take_over()) as group:
        assert group.add(several[:2]) == [b"leaf 0", b"leaf 1"]
        assert group.add(several[2:]) == [b"leaf 2", b"leaf 3", b"leaf 4"]

    assert (store.size(), list(store.entries())) == (5, several)
    assert list(store.entries(1, 4)) == several[1:4]
    assert list(store.entries(end=0)) == []
    assert list(store.entries(governing=True)) == [several[0], several[3]]
    assert list(store.entries(1, 3, governing=True)) == []


def test_a_tile_that_has_grown_gives_its_first_hashes_too(journal: Journal, keeper: Keeper) -> None:
    journal.submit_all([remark(f"{number}") for number in range(297)])
    keeper.integrate()
    hashes = [leaf_hash(one.sealed.leaf) for one in journal.store.entries()]

    assert journal.store.tile(Tile(0, 0, 256)) == b"".join(hashes[:256])
    assert journal.store.tile(Tile(0, 0, 255)) == b"".join(hashes[:255])
    assert journal.store.tile(Tile(0, 1, 44)) == b"".join(hashes[256:])
    assert journal.store.tile(Tile(0, 1, 1)) == hashes[256]
    for absent in (Tile(0, 1, 45), Tile(0, 2, 1), Tile(1, 0, 2), Tile(2, 0, 1)):
        with pytest.raises(LookupError, match=absent.path):
            journal.store.tile(absent)


def test_the_head_of_a_size_is_found_and_takes_cosignatures(journal: Journal, keeper: Keeper) -> None:
    first = journal.store.head()
    journal.submit(remark())
    keeper.integrate()
    second = journal.store.head()

    assert first != second
    assert (journal.store.head(3), journal.store.head(4), journal.store.head(5)) == (first, second, None)
    journal.store.cosign(3, b"cosigned")
    assert (journal.store.head(3), journal.store.head()) == (b"cosigned", second)


def test_a_proof_is_under_the_head_of_the_size_that_is_asked_for(journal: Journal, keeper: Keeper) -> None:
    journal.submit(remark())
    keeper.integrate()

    assert journal.proof(2, 3).note.text.splitlines()[1] == "3"
    assert journal.proof(2).note.text.splitlines()[1] == "4"
    for seq, size in ((3, 3), (4, None), (-1, None), (-1, 3)):
        with pytest.raises(LookupError, match=f"entry {seq} is not under the head of {size or 4}"):
            journal.proof(seq, size)
    with pytest.raises(LookupError, match="there is no signed head yet"):
        journal.proof(0, 2)


def test_what_was_redacted_is_noted_in_the_order_of_the_log(store: Store) -> None:
    with store.group(store.take_over()) as group:
        group.add([entry(seq) for seq in range(4)])
        group.redact([3])
        group.redact([])
        group.redact([1, 0])

    assert store.redacted() == [b"leaf 0", b"leaf 1", b"leaf 3"]


# ---- keepers -------------------------------------------------------------------------------------------------------


def test_only_the_last_who_took_over_writes(store: Store) -> None:
    first, second = store.take_over(), store.take_over()

    assert (first, second) == (1, 2)
    for fence in (first, second + 1):
        with pytest.raises(FencedError, match="another keeper has taken over"), store.group(fence) as group:
            group.add([entry(0)])
    with store.group(second) as group:
        group.add([entry(0)])
    assert store.size() == 1


def test_a_group_that_fails_leaves_nothing(store: Store) -> None:
    def fail() -> None:
        with store.group(store.take_over()) as group:
            group.add([entry(0)])
            group.refuse(digest(1), NOON, "why")
            group.take(store.waiting(1))
            group.redact([0])
            raise ZeroDivisionError

    store.submit([submission(0)])
    with pytest.raises(ZeroDivisionError):
        fail()

    assert (store.size(), store.refusals([digest(1)]), len(store.waiting(9)), store.redacted()) == (0, {}, 1, [])


# ---- the vault -----------------------------------------------------------------------------------------------------


def test_a_secret_that_is_kept_is_not_replaced(store: Store) -> None:
    store.keep({b"a": b"first"})
    store.keep({b"a": b"second", b"b": b"other"})
    store.purge()

    assert store.secrets([b"a", b"b", b"c"]) == {b"a": b"first", b"b": b"other"}
    store.destroy([])
    store.destroy([b"a", b"c"])
    store.purge()
    assert store.secrets([b"a", b"b"]) == {b"b": b"other"}


def test_a_sqlite_file_is_durable_after_each_commit_and_overwrites_what_it_deletes(tmp_path: Path) -> None:
    with closing(Store.in_folder(tmp_path)) as store:
        for engine in (store.record, store.vault):
            with engine.connect() as connection:
                names = ("journal_mode", "synchronous", "secure_delete", "busy_timeout")
                found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names]
            assert found == ["wal", 2, 1, 30_000]


def test_a_store_is_found_again_where_it_was(tmp_path: Path) -> None:
    for fence in (1, 2, 3):
        with closing(Store.in_folder(tmp_path)) as store:
            store.submit([submission(fence)])
            assert store.take_over() == fence
            assert [one.digest for one in store.waiting(9)] == [digest(number) for number in range(1, fence + 1)]


def test_on_sqlite_who_writes_waits_for_his_turn_before_he_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stores, "SQLITE_WAITS", 0)
    with closing(Store.in_folder(tmp_path)) as store, store.group(store.take_over()) as group:
        group.add([entry(0)])
        with pytest.raises(sa.exc.OperationalError, match="database is locked"):
            store.take_over()
        assert store.size() == 0
