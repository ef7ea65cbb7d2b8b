"""Who may seal an entry, who may object and until when, and who together may have it destroyed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.journal_small import NOON, key
from trucekeeper.journal.keys import ROLES, Holder
from trucekeeper.journal.seals import HOUR, PROTECTION_OFFICER, NotSealedError, Seal, Seals

if TYPE_CHECKING:
    from collections.abc import Callable

HOURS = 72
END = NOON + HOURS * HOUR
"""The last microsecond in which one may object to what was sealed at noon."""


def holder(delegation: str, role: str = "monitor") -> Holder:
    return Holder(key(f"{delegation} {role}").public, delegation, role)


OFFICER = holder("guarantor", PROTECTION_OFFICER)
NORTH, SOUTH, OUTSIDER, ROOT = (
    holder("north"),
    holder("south"),
    holder("outsider"),
    Holder(key("root").public, "", "root"),
)
OPEN = Seals(HOURS * HOUR)


def after(seals: Seals, kind: str, *by: Holder, at: int = NOON, **body: Any) -> Seals:  # noqa: ANN401  any body
    said: dict[str, Any] = (
        {"entry": 5, "why": "it names a witness"} | ({"left": {}} if kind == "redact" else {}) | body
    )
    hideable: Callable[[int], bool] = lambda entry: entry < 9  # noqa: E731  typed here
    return seals.after(kind, said, at=at, signers=by, hideable=hideable)


SEALED = after(OPEN, "seal", OFFICER)


def objected(*by: Holder) -> Seals:
    return after(SEALED, "object", *by)


# ---- sealing -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [*ROLES, "root"])
def test_only_a_protection_officer_seals(role: str) -> None:
    if role == PROTECTION_OFFICER:
        assert after(OPEN, "seal", holder("north", role)).sealed == {5: Seal(NOON)}
        return
    with pytest.raises(NotSealedError, match="only a protection_officer seals an entry"):
        after(OPEN, "seal", holder("north", role))


def test_the_window_is_in_microseconds() -> None:
    assert OPEN.window == 72 * 60 * 60 * 1_000_000


def test_a_protection_officer_may_be_one_of_several_who_seal() -> None:
    assert after(OPEN, "seal", NORTH, OFFICER).sealed == {5: Seal(NOON)}


def test_what_is_not_there_or_governs_is_not_sealed() -> None:
    with pytest.raises(NotSealedError, match="entry 9 is not there yet, or governs the record"):
        after(OPEN, "seal", OFFICER, entry=9)


def test_nothing_is_sealed_twice() -> None:
    with pytest.raises(NotSealedError, match="entry 5 is sealed already"):
        after(SEALED, "seal", OFFICER, at=NOON + 1)
    assert after(SEALED, "seal", OFFICER, entry=6, at=NOON + 1).sealed == {5: Seal(NOON), 6: Seal(NOON + 1)}


@pytest.mark.parametrize("kind", ["seal", "object", "redact"])
@pytest.mark.parametrize(
    "body", [{"entry": "5"}, {"entry": None}, {"entry": True}, {"entry": 5.0}, {"why": None}, {"why": 1}]
)
def test_each_says_which_entry_and_why(kind: str, body: dict[str, object]) -> None:
    one = Seals(0, {1: Seal(NOON), 5: Seal(NOON)})

    with pytest.raises(NotSealedError, match=f"'{kind}' says which entry, by its number, and why"):
        after(one, kind, OFFICER, NORTH, at=NOON + 1, **body)


# ---- objecting -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["object", "redact"])
def test_nobody_objects_to_what_is_not_sealed_nor_redacts_it(kind: str) -> None:
    with pytest.raises(NotSealedError, match="entry 6 is not sealed: that comes first"):
        after(SEALED, kind, NORTH, SOUTH, entry=6, at=END + 1)


def test_a_delegation_objects_and_a_root_has_none() -> None:
    assert objected(NORTH).sealed == {5: Seal(NOON, frozenset(["north"]))}
    assert objected(ROOT, NORTH).sealed == {5: Seal(NOON, frozenset(["north"]))}
    with pytest.raises(NotSealedError, match="only a delegation objects"):
        objected(ROOT)


def test_each_objection_is_kept_beside_those_before() -> None:
    both = after(objected(NORTH), "object", SOUTH, at=NOON + 1)

    assert both.sealed == {5: Seal(NOON, frozenset(["north", "south"]))}
    assert after(both, "object", NORTH, at=END) == both


@pytest.mark.parametrize("at", [NOON, NOON + 1, END - 1, END])
def test_until_the_window_ends_one_objects_and_nobody_redacts(at: int) -> None:
    assert after(SEALED, "object", NORTH, at=at).sealed[5].objections == {"north"}
    with pytest.raises(NotSealedError, match="entry 5 may be objected to for"):
        after(SEALED, "redact", NORTH, SOUTH, at=at)


@pytest.mark.parametrize("at", [END + 1, END + HOUR])
def test_after_the_window_nobody_objects_and_two_redact(at: int) -> None:
    assert after(SEALED, "redact", NORTH, SOUTH, at=at).redacted == {5: {}}
    with pytest.raises(NotSealedError, match="the time to object to entry 5 is over"):
        after(SEALED, "object", NORTH, at=at)


@pytest.mark.parametrize(
    ("at", "hours"),
    [(NOON, 72), (NOON + 1, 72), (NOON + HOUR, 71), (END - HOUR, 1), (END - HOUR - 1, 2), (END - 1, 1), (END, 1)],
)
def test_who_redacts_too_early_is_told_how_many_hours_are_left(at: int, hours: int) -> None:
    with pytest.raises(NotSealedError, match=f"entry 5 may be objected to for {hours} more hours"):
        after(SEALED, "redact", NORTH, SOUTH, at=at)


def test_without_a_window_an_objection_counts_in_the_instant_of_the_seal() -> None:
    sealed = after(Seals(0), "seal", OFFICER)

    assert after(sealed, "object", NORTH).sealed[5].objections == {"north"}
    assert after(sealed, "redact", NORTH, SOUTH, at=NOON + 1).redacted == {5: {}}
    with pytest.raises(NotSealedError, match="for 1 more hours"):
        after(sealed, "redact", NORTH, SOUTH)


# ---- redacting -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("by", "many"),
    [((NORTH,), 1), ((NORTH, holder("north", "chair")), 1), ((NORTH, ROOT), 1), ((ROOT,), 0), ((OFFICER,), 1)],
)
def test_one_delegation_redacts_nothing_however_many_keys_it_has(by: tuple[Holder, ...], many: int) -> None:
    with pytest.raises(NotSealedError, match=f"two delegations sign a redaction, and entry 5 has {many}"):
        after(SEALED, "redact", *by, at=END + 1)


def test_whoever_objected_is_among_those_who_redact() -> None:
    both = objected(NORTH, SOUTH)

    for by, missing in (((NORTH, OUTSIDER), "south"), ((OUTSIDER, OFFICER), "north, south")):
        with pytest.raises(NotSealedError, match=f"^{missing} objected, and did not sign the redaction of entry 5"):
            after(both, "redact", *by, at=END + 1)
    assert after(both, "redact", NORTH, SOUTH, at=END + 1).redacted == {5: {}}
    assert after(both, "redact", NORTH, SOUTH, OUTSIDER, at=END + 1).redacted == {5: {}}
    assert after(objected(NORTH), "redact", NORTH, OUTSIDER, at=END + 1).redacted == {5: {}}


@pytest.mark.parametrize("left", [None, [], "nothing", True])
def test_a_redaction_says_what_is_left(left: object) -> None:
    with pytest.raises(NotSealedError, match="a redaction says what is left"):
        after(SEALED, "redact", NORTH, SOUTH, at=END + 1, left=left)


def test_of_what_was_redacted_only_what_is_left_is_known() -> None:
    two = after(SEALED, "seal", OFFICER, entry=6)
    done = after(two, "redact", NORTH, SOUTH, at=END + 1, left={"kind": "report"})

    assert (done.sealed, done.redacted) == ({6: Seal(NOON)}, {5: {"kind": "report"}})
    assert after(done, "redact", NORTH, SOUTH, at=END + 1, entry=6).redacted == {5: {"kind": "report"}, 6: {}}
    for kind in ("seal", "object", "redact"):
        with pytest.raises(NotSealedError, match="entry 5 was redacted already"):
            after(done, kind, OFFICER, NORTH, at=END + 2)
