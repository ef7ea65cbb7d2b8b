"""What was acknowledged is in the log once, in order, under a signed head that only ever grows."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from hashlib import sha256
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from tests import journal_small as small
from tests.journal_small import KINDS, NOON, NORTH, OFFICER, ROOT, STRANGER, remark, said
from tests.ledger_logs import LOG, log, note, signer
from trucekeeper.journal.charter import RefusedError
from trucekeeper.journal.journal import Journal, Outcome
from trucekeeper.journal.keeper import BehindError, Keeper
from trucekeeper.journal.sealing import NotOpenedError
from trucekeeper.journal.store import ENTRIES, INBOX, SECRETS, FencedError, Store
from trucekeeper.ledger.checkpoints import Checkpoint
from trucekeeper.ledger.notes import Note
from trucekeeper.ledger.policies import Policy
from trucekeeper.ledger.tiles import TileNodes
from trucekeeper.ledger.tree import Head, check_consistency, consistency_proof, leaf_hash

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from trucekeeper.journal.charter import Accepted

POLICY = Policy.read(f"log {LOG.verifier.vkey}\nquorum none\n".encode())


def head(on: Journal) -> Head:
    data = on.store.head()
    assert data is not None
    return POLICY.trusts(Note.read(data)).head


def texts(on: Journal) -> list[object]:
    return [one.statement.body.get("text") for one in on.opened(list(on.store.entries(3))) if one is not None]


def test_what_is_submitted_is_integrated_in_order_and_proven(journal: Journal, keeper: Keeper) -> None:
    tickets = [journal.submit(remark(f"remark {number}")) for number in range(300)]

    assert journal.outcome(tickets[0]) == Outcome()
    assert keeper.integrate() == 300
    assert [journal.outcome(one).seq for one in tickets] == list(range(3, 303))
    assert texts(journal) == [f"remark {number}" for number in range(300)]
    assert (head(journal).size, keeper.integrate()) == (303, 0)
    for entry in journal.store.entries():
        assert journal.proof(entry.seq).check(leaf_hash(entry.sealed.leaf), POLICY).head == head(journal)


def test_the_same_bytes_become_one_entry_however_often_they_come(journal: Journal, keeper: Keeper) -> None:
    one = remark("once")
    with ThreadPoolExecutor(8) as pool:
        tickets = set(pool.map(journal.submit, [one] * 50))
    keeper.integrate()
    tickets.add(journal.submit(one))
    keeper.integrate()

    assert [journal.outcome(ticket) for ticket in tickets] == [Outcome(seq=3)]
    assert texts(journal) == ["once"]


def test_what_comes_again_while_it_is_integrated_stays_one(journal: Journal, keeper: Keeper) -> None:
    one = remark("once")
    ticket = journal.submit(one)
    waiting = journal.store.waiting(1)
    keeper.integrate()
    sealed = waiting[0].sealed
    with journal.store.record.begin() as connection:  # as if it had been asked about before, and came after
        connection.execute(
            sa.text("INSERT INTO inbox (digest, leaf, data) VALUES (:digest, :leaf, :data)")
            if journal.store.record.dialect.name == "sqlite"
            else sa.text("INSERT INTO record.inbox (digest, leaf, data) VALUES (:digest, :leaf, :data)"),
            {"digest": ticket, "leaf": b"another", "data": sealed.data},
        )

    assert keeper.integrate() == 1
    assert (journal.outcome(ticket), journal.store.size()) == (Outcome(seq=3), 4)


def test_of_several_that_are_submitted_together_all_wait_or_none(journal: Journal) -> None:
    def kept() -> int:
        with journal.store.vault.connect() as connection:
            return len(connection.execute(sa.select(SECRETS)).all())

    before = kept()
    for bad in (b"{}", said("deed", NORTH)):
        with pytest.raises(RefusedError):
            journal.submit_all([remark("first"), bad, remark("last")])
    assert (journal.store.waiting(9), kept()) == ([], before)
    assert journal.submit_all([]) == []


def test_fifty_equal_in_one_call_are_one(journal: Journal, keeper: Keeper) -> None:
    one, other = remark("once"), remark("other")
    tickets = journal.submit_all([*[one] * 25, other, *[one] * 25])

    assert (len(tickets), len(set(tickets)), len(journal.store.waiting(99))) == (51, 2, 2)
    assert keeper.integrate() == 2
    assert [journal.outcome(ticket) for ticket in (tickets[0], tickets[25])] == [Outcome(seq=3), Outcome(seq=4)]
    assert journal.submit_all([one, other]) == [tickets[0], tickets[25]]
    assert journal.store.waiting(9) == []


def test_outcomes_stand_in_the_order_in_which_they_are_asked_for(journal: Journal, keeper: Keeper) -> None:
    many = [remark(f"{number}", STRANGER if number % 3 == 0 else NORTH) for number in range(1203)]
    tickets = journal.submit_all(many)
    keeper.integrate(2000)
    waiting, unknown = journal.submit(remark("waits")), sha256(b"nobody").digest()
    outcomes = journal.outcomes([waiting, *reversed(tickets), unknown, tickets[1], tickets[1]])

    assert outcomes[0] == outcomes[-3] == Outcome()
    assert outcomes[-2] == outcomes[-1] == Outcome(seq=3)
    found = outcomes[-4:0:-1]
    assert [one.seq for one in found if one.seq is not None] == list(range(3, 805))
    assert [one.refused is not None for one in found] == [number % 3 == 0 for number in range(1203)]
    assert journal.outcomes([]) == []


def test_what_the_vault_does_not_take_is_not_in_the_inbox(journal: Journal) -> None:
    class Full(Store):
        def keep(self, secrets: Mapping[bytes, bytes]) -> None:
            raise OSError(f"no space left for {len(secrets)}")

    full = small.journal(Full(journal.store.record, journal.store.vault))
    with pytest.raises(OSError, match="no space left"):
        full.submit(remark("x"))

    assert journal.store.waiting(9) == []


def test_a_thousand_are_integrated_at_once_and_the_rest_next_time(journal: Journal, keeper: Keeper) -> None:
    journal.submit_all([remark(f"{number}") for number in range(1001)])

    assert [keeper.integrate(), keeper.integrate(), keeper.integrate()] == [1000, 1, 0]
    assert head(journal).size == 1004


def test_eight_submitters_at_once_lose_nothing(journal: Journal, keeper: Keeper) -> None:
    several = [[remark(f"{who} {number}") for number in range(20)] for who in range(8)]
    with ThreadPoolExecutor(8) as pool:
        running = [pool.submit(lambda mine: [journal.submit(one) for one in mine], mine) for mine in several]
        while not all(one.done() for one in running):
            keeper.integrate()
    keeper.integrate()

    for who in range(8):
        mine = [text for text in texts(journal) if str(text).startswith(f"{who} ")]
        assert mine == [f"{who} {number}" for number in range(20)]


def test_every_head_grew_from_the_one_before(journal: Journal, keeper: Keeper) -> None:
    heads = [head(journal)]
    for many in (1, 2, 253, 1, 40):
        for number in range(many):
            journal.submit(remark(f"{number}"))
        keeper.integrate()
        heads.append(head(journal))
    nodes = TileNodes(journal.store, heads[-1].size)

    for old, new in pairwise(heads):
        check_consistency(old, new, consistency_proof(nodes, old.size, new.size))
    assert [one.size for one in heads] == [3, 4, 6, 259, 260, 300]


def test_a_log_goes_on_where_it_was_when_its_keeper_starts_again(journal: Journal) -> None:
    for number in range(5):
        journal.submit(remark(f"{number}"))
        small.keeper(journal).integrate()

    assert texts(journal) == ["0", "1", "2", "3", "4"]
    assert head(journal).size == 8


def test_time_never_runs_back_in_the_log(journal: Journal) -> None:
    for at in (NOON + 5, NOON - 86_400_000_000, NOON + 6):
        journal.submit(remark("x"))
        small.keeper(journal, at=at).integrate()

    assert [one.at for one in journal.store.entries(3)] == [NOON + 5, NOON + 5, NOON + 6]


# ---- what is refused -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("envelope", "why"),
    [
        (b"", "it is no JSON"),
        (b"{}", "an envelope says payload"),
        (said("deed", NORTH), "'deed' is no kind of statement"),
        (said("remark", NORTH, version=3), "'remark' is of version 3, and 2 is the newest"),
        (b" " * 70_000, "and may have 65,535"),
    ],
)
def test_what_is_no_statement_is_refused_at_the_door(journal: Journal, envelope: bytes, why: str) -> None:
    with pytest.raises(RefusedError, match=why):
        journal.submit(envelope)
    assert journal.store.waiting(1) == []


def test_what_may_not_enter_is_refused_with_why_and_the_rest_is_kept(journal: Journal, keeper: Keeper) -> None:
    good = [journal.submit(remark("before"))]
    bad = {
        journal.submit(remark("x", STRANGER)): "is not certified, or was revoked",
        journal.submit(
            said("remark", NORTH, mission="example.com/other")
        ): "it is for the mission 'example.com/other'",
        journal.submit(small.certificate(STRANGER, by=NORTH)): "only a root certifies",
        journal.submit(small.founding()): "the mission was founded already",
        journal.submit(remark("y").replace(b'"sig":"', b'"sig":"AAAA', 1)): "is not over this statement",
    }
    good.append(journal.submit(remark("after")))
    keeper.integrate()

    assert [journal.outcome(one).seq for one in good] == [3, 4]
    for ticket, why in bad.items():
        outcome = journal.outcome(ticket)
        assert (outcome.seq, why in str(outcome.refused)) == (None, True)
    assert head(journal).size == 5


def test_a_key_is_good_by_its_place_in_the_log_and_not_by_a_clock(journal: Journal, keeper: Keeper) -> None:
    early = journal.submit(remark("too early", STRANGER))
    certified = journal.submit(small.certificate(STRANGER))
    then = journal.submit(remark("in time", STRANGER))
    journal.submit(said("key.revoke", ROOT, key=STRANGER.public.id))
    late = journal.submit(remark("too late", STRANGER))
    keeper.integrate()

    assert [journal.outcome(one).seq for one in (early, certified, then, late)] == [None, 3, 4, None]
    again = small.keeper(journal)
    assert again.charter == keeper.charter
    with pytest.raises(Exception, match="is not certified"):
        again.charter.keys.holder(STRANGER.public.id)  # type: ignore[union-attr]


def test_nothing_enters_a_mission_that_was_not_founded(store: Store) -> None:
    made = small.journal(store)
    ticket = made.submit(remark("x"))
    small.keeper(made).integrate()

    assert made.outcome(ticket) == Outcome(refused="the mission was not founded yet")
    assert made.store.head() is None
    with pytest.raises(LookupError):
        made.proof(0)


def test_what_was_refused_leaves_no_secret_behind_and_may_come_again(journal: Journal, keeper: Keeper) -> None:
    one = remark("too early", STRANGER)
    ticket = journal.submit(one)
    (waiting,) = journal.store.waiting(1)
    assert journal.store.secrets([waiting.sealed.leaf])
    keeper.integrate()

    assert journal.store.secrets([waiting.sealed.leaf]) == {}
    assert journal.outcome(ticket).refused is not None
    (certified, again) = small.entered(keeper, small.certificate(STRANGER), one)
    assert (certified, again, journal.outcome(ticket)) == (Outcome(seq=3), Outcome(seq=4), Outcome(seq=4))


def test_what_cannot_be_opened_while_it_waits_is_refused(journal: Journal, keeper: Keeper) -> None:
    tickets = journal.submit_all([remark("first"), remark("second"), remark("third")])
    first, second, _ = journal.store.waiting(9)
    journal.store.destroy([first.sealed.leaf])
    with journal.store.record.begin() as connection:
        spoilt = sa.update(INBOX).where(INBOX.c.id == second.id).values(data=first.sealed.data)
        connection.execute(spoilt)
    keeper.integrate()

    assert journal.outcomes(tickets) == [
        Outcome(refused="its secret was destroyed while it waited"),
        Outcome(refused="the stored bytes are not those that were sealed"),
        Outcome(seq=3),
    ]


def test_a_kind_that_not_everybody_may_say_is_refused_from_others(journal: Journal) -> None:
    kinds = replace(KINDS, roles={"remark": ("root", "protection_officer")})
    keeper = small.keeper(replace(journal, kinds=kinds))
    small.entered(keeper, small.certificate(OFFICER, "guarantor", role="chair"))
    several = [remark(), remark(by=ROOT), remark(by=OFFICER), said("remark", NORTH, ROOT, text="x")]
    by_north, by_root, by_officer, by_both = small.entered(keeper, *several)

    assert by_north.refused == by_officer.refused == "'remark' is signed by one of root, protection_officer"
    assert [by_root.seq, by_both.seq] == [4, 5]


def test_the_founding_too_is_said_by_who_may_say_it(store: Store) -> None:
    journal = small.journal(store)
    nobody = small.keeper(replace(journal, kinds=replace(KINDS, roles={"found": ("chair",)})))
    (refused,) = small.entered(nobody, small.founding())
    roots = small.keeper(replace(journal, kinds=replace(KINDS, roles={"found": ("root",)})))

    assert refused.refused == "'found' is signed by one of chair"
    assert nobody.charter is None
    assert small.entered(roots, small.founding()) == [Outcome(seq=0)]


def test_what_does_not_stand_examination_is_refused_and_governs_nothing(journal: Journal) -> None:
    def examine(one: Accepted) -> None:
        if one.statement.kind == "key.certify":
            raise RefusedError("not today")

    keeper = small.keeper(replace(journal, examine=examine))
    certified, by_it, other = small.entered(keeper, small.certificate(STRANGER), remark(by=STRANGER), remark())

    assert certified.refused == "not today"
    assert "is not certified" in str(by_it.refused)
    assert other == Outcome(seq=3)
    assert keeper.charter == journal.charter()


# ---- keepers -------------------------------------------------------------------------------------------------------


def test_a_keeper_that_was_replaced_writes_no_more(journal: Journal, keeper: Keeper) -> None:
    journal.submit(remark("x"))
    second = small.keeper(journal)

    with pytest.raises(FencedError, match="another keeper has taken over"):
        keeper.integrate()
    assert second.integrate() == 1
    assert head(journal).size == 4


def test_of_two_keepers_one_holds_the_lock_of_a_postgres_database(on_postgres: Store) -> None:
    idle = "SELECT count(*) FROM pg_stat_activity WHERE starts_with(state, 'idle in transaction')"
    with on_postgres.locked() as first:
        with on_postgres.locked() as second, on_postgres.locked() as third:
            assert (first, second, third) == (True, False, False)
        with on_postgres.locked() as again, on_postgres.record.connect() as connection:
            assert (again, connection.exec_driver_sql(idle).scalar()) == (False, 0)
    with on_postgres.locked() as then:
        assert then


def test_a_sqlite_file_needs_no_lock_of_its_own(tmp_path: Path) -> None:
    with closing(Store.in_folder(tmp_path)) as store, store.locked() as first, store.locked() as second:
        assert (first, second) == (True, True)


def test_of_a_group_that_fails_nothing_is_written(journal: Journal, keeper: Keeper) -> None:
    journal.submit(small.certificate(STRANGER))
    before, charter = head(journal), keeper.charter
    keeper.signer = None  # type: ignore[assignment]  # it fails at the very end

    with pytest.raises(AttributeError):
        keeper.integrate()
    assert (head(journal), journal.store.size(), keeper.charter) == (before, 3, charter)
    assert len(journal.store.waiting(9)) == 1
    keeper.signer = LOG
    assert keeper.integrate() == 1


def test_a_log_that_was_rolled_back_is_not_signed(journal: Journal) -> None:
    with pytest.raises(BehindError, match="others have seen 300 entries, and there are 3: an old copy came back"):
        small.keeper(journal, note(log(300).head, LOG))


def test_a_log_of_another_history_is_not_signed(journal: Journal) -> None:
    with pytest.raises(BehindError, match="others have seen another history of 2 entries"):
        small.keeper(journal, note(log(2, "x").head, LOG))


def test_a_head_that_others_saw_of_this_past_is_welcome(journal: Journal, keeper: Keeper) -> None:
    seen = Note.read(journal.store.head() or b"")
    journal.submit(remark("x"))
    keeper.integrate()

    assert small.keeper(journal, seen).growth.size == 4
    assert Checkpoint.of(seen).head.size == 3


def test_the_newest_head_that_others_saw_is_welcome_and_what_others_signed_says_nothing(journal: Journal) -> None:
    seen = Note.read(journal.store.head() or b"")
    foreign = note(log(300).head, signer("example.com/other"))

    assert small.keeper(journal, seen, foreign).growth.size == Checkpoint.of(seen).head.size == 3


# ---- tampering -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("column", ["data", "leaf"])
def test_an_entry_that_was_tampered_with_is_named(journal: Journal, keeper: Keeper, column: str) -> None:
    for number in range(3):
        journal.submit(remark(f"{number}"))
    keeper.integrate()
    (four,) = journal.store.entries(4, 5)
    five = next(journal.store.entries(5))
    with journal.store.record.begin() as connection:
        values = {column: getattr(five.sealed, column)}
        connection.execute(sa.update(ENTRIES).where(ENTRIES.c.seq == 4).values(values))

    (spoilt,) = journal.store.entries(4, 5)
    if column == "leaf":
        with pytest.raises(Exception, match="entry 4 is not what the tree"):
            journal.proof(4).check(leaf_hash(spoilt.sealed.leaf), POLICY)
    with pytest.raises(NotOpenedError, match="entry 4"):
        journal.opened([spoilt])
    assert journal.opened([four])[0] is not None


def test_a_destroyed_secret_leaves_every_proof_true_and_nothing_to_read(journal: Journal, keeper: Keeper) -> None:
    for text in ("first", "canary-7", "last"):
        journal.submit(remark(text))
    keeper.integrate()
    entries = list(journal.store.entries(3))
    journal.store.destroy([entries[1].sealed.leaf])

    assert [one and one.statement.body["text"] for one in journal.opened(entries)] == ["first", None, "last"]
    for entry in entries:
        journal.proof(entry.seq).check(leaf_hash(entry.sealed.leaf), POLICY)


def test_no_file_of_the_mission_shows_what_was_said(tmp_path: Path) -> None:
    made = small.journal(Store.in_folder(tmp_path))
    for one in (small.founding(), small.certificate(NORTH), remark("canary-7")):
        made.submit(one)
    waiting = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    small.keeper(made).integrate()
    integrated = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    made.store.close()

    assert b"canary" not in waiting + integrated
