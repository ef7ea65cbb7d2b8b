"""Absence counts only where somebody was watching: for that kind, in that place, all the while."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.compliance_small import TICK, agreement, asked, at, clause, during, fact, halt, pattern, said, watch
from trucekeeper.agreement.language import Watched
from trucekeeper.compliance.watching import MOST_GAPS, Sought, watched
from trucekeeper.terms import Fact, Op, Place, Proof, Span, Tri

if TYPE_CHECKING:
    from trucekeeper.compliance.grounds import Answer

SURE, DOUBT, NOT = Tri.YES, Tri.MAYBE, Tri.NO
TEXT = agreement(halt(), clause("both", "define", zones=["valley", "harbour"]))
WEEK = during("3", "10")


def seen(
    *facts: Fact,
    kinds: tuple[str, ...] = ("attack",),
    zones: tuple[str, ...] = (),
    unit: str = "",
    span: Span = WEEK,
    as_of: str | int = "20",
    proof: Proof = Proof.CORROBORATED,
    at_least: str = "100%",
    by: str | None = None,
) -> Answer:
    needs = Watched(at_least=at_least, **({} if by is None else {"by": by}))  # type: ignore[arg-type]  # as a file says it
    sought = Sought(kinds, zones, (("unit", unit),) if unit else ())
    return watched(asked(TEXT, facts, as_of, proof), sought, span, needs)


# ---- all the while -------------------------------------------------------------------------------------------------


def test_who_watches_exactly_the_whole_time_watches_it() -> None:
    found = seen(watch("w", "3", "10"))

    assert (found.tri, found.ground.facts, found.ground.span) == (SURE, ("w",), WEEK)
    assert (
        found.ground.says == "somebody was watching for attack, from 2031-03-03 00:00+02:00 to 2031-03-10 00:00+02:00"
    )


def test_where_nobody_is_on_record_nobody_was_watching() -> None:
    found = seen()

    assert (found.tri, found.ground.facts) == (NOT, ())
    assert found.ground.says.startswith("nobody on record was watching for attack, from 2031-03-03 00:00")


@pytest.mark.parametrize(
    "spans",
    [
        [(at("3") + TICK, at("10"))],
        [(at("3"), at("10") - TICK)],
        [(at("3"), at("5") - TICK), (at("5") + TICK, at("10"))],
        [(at("1"), at("3") - TICK)],
        [(at("1"), at("2")), (at("3") + TICK, at("10"))],
        [(at("10") + TICK, at("12"))],
    ],
)
def test_one_microsecond_unwatched_is_a_gap(spans: list[tuple[int, int]]) -> None:
    watches = [watch(f"w{number}", *span) for number, span in enumerate(spans)]

    assert seen(*watches).tri is NOT


@pytest.mark.parametrize(
    "spans",
    [
        [(at("1"), at("12"))],
        [(at("3"), at("5")), (at("5"), at("10"))],
        [(at("3"), at("5") - TICK), (at("5"), at("10"))],
        [(at("5"), at("10")), (at("3"), at("6"))],
        [(at("3"), at("10")), (at("4"), at("5"))],
        [(at("3"), at("9")), (at("4"), at("5")), (at("9"), at("10"))],
        [(at("3"), at("10") - TICK), (at("10"), at("10"))],
        [(at("1"), at("2")), (at("3"), at("10"))],
        [(at("3"), at("10")), (at("11"), at("12"))],
    ],
)
def test_watches_that_meet_or_overlap_leave_no_gap(spans: list[tuple[int, int]]) -> None:
    watches = [watch(f"w{number}", *span) for number, span in enumerate(spans)]

    assert seen(*watches).tri is SURE


def test_the_longest_gap_is_named_and_every_one_listed() -> None:
    found = seen(watch("w", at("4"), at("5")), watch("v", at("8"), at("9")))

    assert found.ground.says.endswith("from 2031-03-05 00:00+02:00 to 2031-03-08 00:00+02:00")
    assert [one.says for one in found.ground.of] == [
        "unwatched from 2031-03-03 00:00+02:00 to 2031-03-04 00:00+02:00",
        "unwatched from 2031-03-05 00:00+02:00 to 2031-03-08 00:00+02:00",
        "unwatched from 2031-03-09 00:00+02:00 to 2031-03-10 00:00+02:00",
    ]


def test_two_gaps_are_listed_and_one_is_not() -> None:
    two = seen(watch("w", at("4"), at("5")), denied("6", "7"))
    one = seen(watch("w", at("3"), at("5")), denied("6", "7"))

    assert [said(gap)[1:] != () for gap in two.ground.of] == [False, True]
    assert [gap.says.split(" by")[0] for gap in one.ground.of] == ["access refused"]


def test_of_many_gaps_the_first_are_listed_and_the_others_counted() -> None:
    def listed(gaps: int) -> list[str]:
        start = at("3")
        watches = [watch(f"w{one}", start + 2 * one, start + 2 * one) for one in range(gaps)]
        found = seen(*watches, span=Span(start, start + 2 * gaps - 1))
        return [one.says for one in found.ground.of]

    assert len(listed(MOST_GAPS)) == MOST_GAPS
    assert len(listed(MOST_GAPS + 2)) == MOST_GAPS + 1
    assert listed(MOST_GAPS + 2)[-1] == "and 2 more gaps"
    assert listed(1) == []


def test_a_single_instant_may_be_watched() -> None:
    assert seen(watch("w", "3", "3"), span=during("3", "3")).tri is SURE


def test_a_watch_counts_once_it_has_begun() -> None:
    watching = watch("w", "3", "10")

    assert [seen(watching, as_of=at("3") + late).tri for late in (-TICK, 0)] == [NOT, SURE]


# ---- as much of the time as is needed ------------------------------------------------------------------------------

HUNDRED = Span(at("3"), at("3") + 99)
"""A hundred microseconds."""


@pytest.mark.parametrize(
    ("watched_for", "at_least", "tri"),
    [(50, "50%", SURE), (49, "50%", NOT), (100, "100%", SURE), (99, "100%", NOT), (99, "99%", SURE), (0, "0%", SURE)],
)
def test_so_much_of_the_time_is_enough_and_no_less(watched_for: int, at_least: str, tri: Tri) -> None:
    watches = [watch("w", at("3"), at("3") + watched_for - 1)] if watched_for else []

    assert seen(*watches, span=HUNDRED, at_least=at_least).tri is tri


def test_less_than_half_by_half_a_microsecond_is_not_half() -> None:
    fifty, odd = watch("w", at("3"), at("3") + 49), Span(at("3"), at("3") + 100)

    assert seen(fifty, span=odd, at_least="50%").tri is NOT
    assert seen(watch("w", at("3"), at("3") + 50), span=odd, at_least="50%").tri is SURE


def test_two_gaps_add_up() -> None:
    watches = [watch("w", at("3") + 10, at("3") + 39), watch("v", at("3") + 50, at("3") + 69)]

    assert seen(*watches, span=HUNDRED, at_least="50%").tri is SURE
    assert seen(*watches, span=HUNDRED, at_least="51%").tri is NOT


def test_where_the_text_does_not_say_how_much_is_enough_all_of_it_is_and_less_may_be() -> None:
    assert seen(watch("w", "3", "10"), at_least="unstated").tri is SURE
    assert seen(watch("w", "3", "4"), at_least="unstated").tri is DOUBT
    assert seen(at_least="unstated").tri is NOT


# ---- for the right thing -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("detects", "tri"),
    [
        (("shelling",), SURE),
        (("attack",), SURE),
        (("military-operation",), SURE),
        (("gunfire",), NOT),
        (("movement", "attack"), SURE),
        (("airstrike", "movement"), NOT),
    ],
)
def test_who_watches_for_a_kind_watches_for_every_sort_of_it_and_not_the_reverse(
    detects: tuple[str, ...], tri: Tri
) -> None:
    assert seen(watch("w", "3", "10", detects=detects), kinds=("shelling",)).tri is tri


def test_who_watches_for_one_sort_does_not_watch_for_all() -> None:
    assert seen(watch("w", "3", "10", detects=("shelling", "gunfire"))).tri is NOT


def test_every_kind_must_be_watched_for() -> None:
    both = ("attack", "movement")
    one = seen(watch("w", "3", "10"), kinds=both)
    all_ = seen(watch("w", "3", "10", detects=both), kinds=both)

    assert (one.tri, one.ground.says) == (NOT, "not watched throughout for all of these")
    assert (all_.tri, all_.ground.says) == (SURE, "watched throughout")
    assert len(one.ground.of) == 2


def test_a_watch_that_does_not_say_for_what_is_none_unless_that_was_redacted() -> None:
    silent = fact("w", "coverage", "3", WEEK)
    redacted = fact("w", "coverage", "3", WEEK, op=Op.REDACT)

    assert seen(silent).tri is NOT
    assert seen(redacted).tri is DOUBT
    assert seen(fact("w", "coverage", "3", detects=("attack",))).tri is NOT


def test_a_record_of_acts_on_paper_is_complete_or_not_known_to_be() -> None:
    closed = fact("w", "period-closed", "3", WEEK, detects=("record",))

    shut, silent = seen(closed, kinds=("order",)), seen(kinds=("order",))

    assert shut.ground.says.startswith("the record of every order is complete, from")
    assert silent.ground.says.startswith("the record of every order is not known to be complete, from")


# ---- in the right place, for the right member ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("where", "sought", "tri"),
    [
        ({}, (), SURE),
        ({}, ("valley",), SURE),
        ({"zone": "valley"}, ("valley",), SURE),
        ({"zone": "harbour"}, ("valley",), NOT),
        ({"zone": "orchards"}, ("valley",), DOUBT),
        ({"zone": "valley"}, (), NOT),
        ({"zone": "valley"}, ("valley", "harbour"), NOT),
        ({"zone": "valley"}, ("both",), NOT),
        ({"place": Place.of(lat="0.1", lon="-30.2")}, ("valley",), NOT),
        ({"place": Place.of(lat="0.1", lon="-30.2"), "zone": "valley"}, ("valley",), SURE),
    ],
)
def test_a_watch_is_of_the_zone_that_it_names_else_of_everywhere(
    where: dict[str, Any], sought: tuple[str, ...], tri: Tri
) -> None:
    assert seen(watch("w", "3", "10", **where), zones=sought).tri is tri


def test_zones_may_be_watched_by_different_people() -> None:
    found = seen(watch("w", "3", "10", zone="valley"), watch("v", "3", "10", zone="harbour"), zones=("both",))

    assert found.tri is SURE
    assert any("attack in valley" in one for one in said(found.ground))


@pytest.mark.parametrize(
    ("watches", "sought", "tri"),
    [
        (None, "n1", SURE),
        ("n1", "n1", SURE),
        (("n2", "n1"), "n1", SURE),
        ("n2", "n1", NOT),
        ("n1", "", NOT),
    ],
)
def test_a_watch_of_one_unit_is_no_watch_of_others(watches: object, sought: str, tri: Tri) -> None:
    fields = {} if watches is None else {"unit": watches}

    assert seen(watch("w", "3", "10", **fields), unit=sought).tri is tri


# ---- by whom, and how well established -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("by", "needed", "tri"),
    [
        ("commission", "commission", SURE),
        ("guarantor", "commission", NOT),
        (None, "commission", DOUBT),
        ("band", "south", DOUBT),
        ("guarantor", None, SURE),
        (None, None, SURE),
    ],
)
def test_the_text_may_say_who_must_watch(by: str | None, needed: str | None, tri: Tri) -> None:
    assert seen(watch("w", "3", "10", by=by), by=needed).tri is tri


@pytest.mark.parametrize(
    ("occurred", "who", "asked_by", "tri"),
    [
        (Proof.ALLEGED, Proof.VERIFIED, None, DOUBT),
        (Proof.REFUTED, Proof.VERIFIED, None, NOT),
        (Proof.CORROBORATED, Proof.ALLEGED, None, SURE),
        (Proof.CORROBORATED, Proof.ALLEGED, "commission", DOUBT),
        (Proof.CORROBORATED, Proof.REFUTED, "commission", NOT),
        (Proof.CORROBORATED, Proof.REFUTED, None, SURE),
    ],
)
def test_who_watched_must_be_as_well_established_as_that_somebody_did(
    occurred: Proof, who: Proof, asked_by: str | None, tri: Tri
) -> None:
    found = seen(watch("w", "3", "10", by="commission", occurred=occurred, who=who), by=asked_by)

    assert found.tri is tri


def test_a_watch_counts_at_the_level_at_which_it_is_asked() -> None:
    alleged = watch("w", "3", "10", occurred=Proof.ALLEGED)

    assert seen(alleged, proof=Proof.ALLEGED).tri is SURE
    assert seen(watch("w", "3", "10"), proof=Proof.VERIFIED).tri is DOUBT


def test_a_possible_watch_may_fill_the_gap_of_a_certain_one() -> None:
    first, second = watch("w", "3", "6"), watch("v", "6", "10", occurred=Proof.ALLEGED)

    found = seen(first, second)

    assert (found.tri, found.ground.facts) == (DOUBT, ("w", "v"))
    assert found.ground.says.endswith("from 2031-03-06 00:00+02:00 to 2031-03-10 00:00+02:00")


# ---- access refused ------------------------------------------------------------------------------------------------


def denied(start: str | int = "4", end: str | int = "5", **more: Any) -> Fact:  # noqa: ANN401  the rest of a fact
    return fact("d", "denial", start, during(start, end), **{"by": "south", **more})


def refusals(*facts: Fact, **more: Any) -> tuple[str, ...]:  # noqa: ANN401  what is asked
    return tuple(one for one in said(seen(*facts, **more).ground) if one.startswith("access refused"))


def test_refused_access_is_said_as_such_and_proves_nothing() -> None:
    found = seen(denied())

    assert found.tri is NOT
    assert refusals(denied()) == ("access refused by south, from 2031-03-04 00:00+02:00 to 2031-03-05 00:00+02:00",)
    assert found.ground.of[0].facts == ("d",)


@pytest.mark.parametrize(
    ("by", "occurred", "who", "says"),
    [
        ("south", Proof.ALLEGED, Proof.VERIFIED, "access refused by south (alleged), from"),
        ("south", Proof.VERIFIED, Proof.ALLEGED, "access refused by south (alleged), from"),
        ("south", Proof.VERIFIED, Proof.REFUTED, "access refused by an unknown actor, from"),
        (None, Proof.VERIFIED, Proof.ALLEGED, "access refused by an unknown actor, from"),
        (None, Proof.ALLEGED, Proof.ALLEGED, "access refused by an unknown actor (alleged), from"),
    ],
)
def test_who_refused_access_is_said_with_how_well_it_is_established(
    by: str | None, occurred: Proof, who: Proof, says: str
) -> None:
    (found,) = refusals(denied(by=by, occurred=occurred, who=who))

    assert found.startswith(says)


@pytest.mark.parametrize(
    ("start", "end", "told"),
    [
        (at("9"), at("10"), False),
        (at("1"), at("3") - TICK, False),
        (at("1"), at("3"), True),
        (at("6") - TICK, at("8"), True),
        (at("6"), at("8"), False),
    ],
)
def test_a_refusal_is_told_where_it_meets_a_time_that_nobody_watched(start: int, end: int, told: bool) -> None:  # noqa: FBT001
    watching = watch("w", "6", "10")

    assert bool(refusals(denied(start, end), watching)) is told


def test_a_refusal_after_the_time_sought_is_not_told() -> None:
    assert refusals(denied("10", "12"))
    assert not refusals(denied(at("10") + TICK, "12"))


def test_a_refusal_is_told_once_it_has_begun() -> None:
    assert refusals(denied("4", "5"), as_of="4")
    assert not refusals(denied("4", "5"), as_of=at("4") - TICK)


def test_a_refuted_refusal_and_one_without_a_time_are_not_told() -> None:
    assert not refusals(denied(occurred=Proof.REFUTED))
    assert not refusals(fact("d", "denial", "4", by="south"))


@pytest.mark.parametrize(
    ("more", "zones", "told"),
    [
        ({}, ("valley",), True),
        ({"zone": "valley"}, (), True),
        ({"zone": "valley"}, ("valley",), True),
        ({"zone": "harbour"}, ("valley",), False),
        ({"zone": "orchards"}, ("valley",), True),
        ({"detects": ("attack",)}, ("valley",), True),
        ({"detects": ("movement",)}, ("valley",), False),
        ({"detects": ("movement",), "zone": "valley"}, ("valley",), False),
        ({"detects": ("movement", "military-operation")}, (), True),
        ({"detects": ("shelling",)}, (), False),
    ],
)
def test_a_refusal_is_told_where_it_may_have_kept_somebody_from_watching_this(
    more: dict[str, Any],
    zones: tuple[str, ...],
    told: bool,  # noqa: FBT001  what is expected
) -> None:
    assert bool(refusals(denied(**more), zones=zones)) is told


# ---- what is sought ------------------------------------------------------------------------------------------------


def test_the_absence_of_several_patterns_is_sought_in_all_their_zones() -> None:
    found = Sought.of([pattern("attack", in_="valley"), pattern("movement", in_=["harbour", "valley"])], ())

    assert found == Sought(("attack", "movement"), ("harbour", "valley"), ())


def test_a_pattern_without_a_zone_is_sought_everywhere() -> None:
    assert Sought.of([pattern("attack", in_="valley"), pattern("attack")], ()).zones == ()
    assert Sought.of([pattern("attack"), pattern("attack")], ()).kinds == ("attack",)


def test_a_member_stands_for_the_zone_that_it_is() -> None:
    binding = (("area", "harbour"),)

    assert Sought.of([pattern("attack", in_="area")], binding) == Sought(("attack",), ("harbour",), binding)
