"""How a mission is founded, who enters nothing in it, and that what governed at a place can be said for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import journal_small as small
from tests.journal_small import (
    AUDITOR,
    NOON,
    NORTH,
    OFFICER,
    ROOT,
    SOUTH,
    STRANGER,
    certificate,
    entered,
    remark,
    said,
)
from trucekeeper.journal.charter import LONGEST_WINDOW, Charter
from trucekeeper.journal.journal import Outcome
from trucekeeper.journal.sealing import NotOpenedError, seal
from trucekeeper.journal.seals import HOUR
from trucekeeper.journal.store import Entry

if TYPE_CHECKING:
    from trucekeeper.journal.keeper import Keeper
    from trucekeeper.journal.store import Store

SECOND = small.key("second root")


@pytest.fixture
def new(store: Store) -> Keeper:
    """Return the keeper of a mission that was not founded yet."""
    return small.keeper(small.journal(store))


# ---- the founding --------------------------------------------------------------------------------------------------


def test_every_root_signs_the_founding(new: Keeper) -> None:
    one, other, both = entered(
        new,
        small.founding(ROOT, SECOND, by=[ROOT]),
        small.founding(ROOT, SECOND, by=[SECOND]),
        small.founding(ROOT, SECOND),
    )

    assert one.refused == other.refused == "every root signs the founding"
    assert both == Outcome(seq=0)
    assert new.charter is not None
    assert new.charter.keys.roots == {ROOT.public.id, SECOND.public.id}


def test_a_founding_is_signed_by_nobody_else_and_by_no_forged_hand(new: Keeper) -> None:
    beside = small.founding(ROOT, by=[ROOT, STRANGER])
    forged = small.founding().replace(b'"sig":"', b'"sig":"AAAA', 1)
    outcomes = entered(new, beside, forged)

    assert "is not certified, or was revoked" in str(outcomes[0].refused)
    assert "is not over this statement" in str(outcomes[1].refused)
    assert (new.charter, new.journal.charter(), new.journal.store.size()) == (None, None, 0)


def test_nothing_comes_before_the_founding_and_nothing_founds_twice(new: Keeper) -> None:
    outcomes = entered(
        new, remark(by=ROOT), certificate(NORTH), small.founding(), small.founding(), small.founding(NORTH)
    )

    before, twice = "the mission was not founded yet", "the mission was founded already"
    assert [one.refused for one in outcomes[:4]] == [before, before, None, twice]
    assert "is not certified" in str(outcomes[4].refused)


@pytest.mark.parametrize("hours", [0, 1, 72, LONGEST_WINDOW])
def test_a_founding_says_for_how_many_hours_one_may_object(new: Keeper, hours: int) -> None:
    assert entered(new, small.founding(objection_hours=hours)) == [Outcome(seq=0)]
    assert new.charter is not None
    assert new.charter.seals.window == hours * HOUR


@pytest.mark.parametrize("hours", [-1, 8761, True, False, "72", None, [72]])
def test_other_hours_are_refused(new: Keeper, hours: object) -> None:
    (outcome,) = entered(new, small.founding(objection_hours=hours))

    assert outcome.refused == "objection_hours is a whole number from 0 to 8760"
    assert new.charter is None


def test_a_founding_that_says_no_hours_leaves_no_time_to_object(new: Keeper) -> None:
    entered(new, small.founding())

    assert new.charter is not None
    assert new.charter.seals.window == 0


@pytest.mark.parametrize("roots", [[], None, ["AAAA"]])
def test_a_mission_without_good_roots_is_not_founded(new: Keeper, roots: object) -> None:
    (outcome,) = entered(new, said("found", ROOT, roots=roots))  # type: ignore[arg-type]

    assert str(outcome.refused) in {"a mission is founded with at least one root", "a key is 32 bytes in base64"}


# ---- who enters what -----------------------------------------------------------------------------------------------


def test_an_auditor_enters_nothing_alone_or_beside_others(new: Keeper) -> None:
    entered(new, small.founding(), certificate(NORTH), certificate(AUDITOR, "south", role="auditor"))
    outcomes = entered(new, remark(by=AUDITOR), said("remark", AUDITOR, NORTH, text="x"), remark())

    why = f"the key {AUDITOR.public.id[:16]} is an auditor's, who enters nothing"
    assert [one.refused for one in outcomes] == [why, why, None]


def test_each_who_signs_is_certified_and_signed_it(new: Keeper) -> None:
    entered(new, small.founding(), certificate(NORTH), certificate(SOUTH, "south"))
    both, stranger, forged = entered(
        new,
        said("remark", NORTH, SOUTH, text="x"),
        said("remark", NORTH, STRANGER, text="x"),
        said("remark", NORTH, SOUTH, text="y").replace(b'"sig":"', b'"sig":"AAAA', 1),
    )

    assert both.seq == 3
    assert stranger.refused == f"the key {STRANGER.public.id[:16]} is not certified, or was revoked"
    assert "is not over this statement" in str(forged.refused)


# ---- at each place -------------------------------------------------------------------------------------------------


def test_what_governed_at_each_place_is_what_the_keeper_had_there(new: Keeper) -> None:
    several = [
        (NOON, small.founding(objection_hours=1)),
        (NOON, certificate(NORTH)),
        (NOON, certificate(SOUTH, "south")),
        (NOON, certificate(OFFICER, "guarantor", role="protection_officer")),
        (NOON, remark("one")),
        (NOON, remark("two")),
        (NOON + 1, said("seal", OFFICER, entry=4, why="it names a witness")),
        (NOON + 2, said("seal", OFFICER, entry=5, why="it names a witness")),
        (NOON + HOUR, said("object", SOUTH, entry=4, why="it is evidence")),
        (NOON + HOUR + 2, said("redact", NORTH, SOUTH, entry=4, why="it names a witness", left={"kind": "remark"})),
        (NOON + HOUR + 2, certificate(STRANGER, "outsider")),
        (NOON + HOUR + 2, said("key.revoke", ROOT, key=SOUTH.public.id, why="lost")),
        (NOON + HOUR + 3, remark("three")),
    ]
    had: list[Charter | None] = [new.charter]
    for at, one in several:
        assert [outcome.refused for outcome in entered(new, one, at=at)] == [None]
        had.append(new.charter)

    assert [new.journal.charter(size) for size in range(len(several) + 1)] == had
    assert new.journal.charter() == new.journal.charter(99) == had[-1] == small.keeper(new.journal).charter
    assert len({repr(one) for one in had}) == len(several) - 2  # three remarks changed nothing


def test_what_is_entered_together_is_governed_as_if_it_came_one_by_one(store: Store) -> None:
    several = [
        small.founding(),
        certificate(NORTH),
        remark("x"),
        said("key.revoke", ROOT, key=NORTH.public.id),
        remark("y"),
    ]
    keeper = small.keeper(small.journal(store))
    outcomes = entered(keeper, *several)

    assert [one.seq for one in outcomes] == [0, 1, 2, 3, None]
    assert [one.governs for one in store.entries()] == [True, True, False, True]
    assert keeper.journal.charter() == keeper.charter


def test_a_record_whose_vault_lacks_what_governs_is_not_kept(new: Keeper) -> None:
    entered(new, small.founding(), certificate(NORTH), remark())
    leaves = [one.sealed.leaf for one in new.journal.store.entries()]
    new.journal.store.destroy(leaves[2:])
    assert small.keeper(new.journal).charter == new.charter
    new.journal.store.destroy(leaves[1:2])

    with pytest.raises(NotOpenedError, match="entry 1 governs the record, and its secret is not in the vault"):
        small.keeper(new.journal)
    assert new.journal.charter(1) is not None


def test_what_governs_where_it_may_not_is_named(new: Keeper) -> None:
    entered(new, small.founding())
    sealed, secret = seal(small.founding(), small.Random())
    new.journal.store.keep({sealed.leaf: secret})
    with new.journal.store.group(new.fence) as group:
        group.add([Entry(1, NOON, b"digest", sealed, governs=True)])

    with pytest.raises(NotOpenedError, match="entry 1 may not be where it is: the mission was founded already"):
        new.journal.charter()
