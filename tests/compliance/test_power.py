"""Power: who may do what, and whether its own conditions were met when it was used."""

from __future__ import annotations

import pytest

from tests.compliance_cases import (
    ALLEGED,
    PAUSE,
    REFUTED,
    START,
    agreed,
    between,
    day,
    fact,
    outcome,
    reasons,
    suspended,
)
from trucekeeper.terms import Fact, Interval, Moment, Proof, Tri

OTHER = "id: halt, kind: prohibit, act: {fact: attack}"
POWER = "kind: power, may: terminate, of: halt"
PLAIN = agreed(POWER, OTHER, PAUSE)
IF = agreed(f"{POWER}, if: {{happened: {{fact: access}}, within: 24h}}", OTHER)
NOTICE = agreed(f"{POWER}, notice: 48h", OTHER)
BOTH = agreed(f"{POWER}, if: {{happened: {{fact: access}}}}, notice: 48h", OTHER)


def used(at: Moment | Interval = day(15), *, by: str | None = "north", **more: object) -> Fact:
    return fact("termination", at, by=by, of="halt", name="use", **more)  # type: ignore[arg-type]  # the fields of a termination


def notice(at: Moment | Interval = day(13), *, of: str = "it", proof: Proof = Proof.CORROBORATED) -> Fact:
    return fact("notice", at, by="north", of=of, proof=proof, name="notice")


# ---- used or not ---------------------------------------------------------------------------------------------------


def test_a_power_that_nobody_used_is_not_in_force() -> None:
    stand = PLAIN.stand(as_of=day(20))

    assert outcome(stand) == "not in force, dormant"
    assert stand.ground.says == "not exercised"
    assert stand.ground.cite == "art. 1"
    assert outcome(PLAIN.stand(used(), as_of=day(15) - 1)) == "not in force, dormant"


def test_each_use_of_a_power_without_conditions_is_consistent() -> None:
    stand = PLAIN.stand(used(), as_of=day(15))

    assert outcome(stand) == "consistent, in effect"
    assert stand.occurrence == "use"
    assert stand.met is Tri.YES
    assert stand.met_at == Interval.at(day(15))
    assert stand.ground.says == "exercised by north: its conditions are shown"
    assert stand.ground.facts == ("use",)


def test_a_use_by_another_or_of_something_else_is_none() -> None:
    assert outcome(PLAIN.stand(used(by="south"), as_of=day(20))) == "not in force, dormant"
    elsewhere = fact("termination", day(15), by="north", of="peace")
    assert outcome(PLAIN.stand(elsewhere, as_of=day(20))) == "not in force, dormant"


def test_a_use_by_somebody_unnamed_or_in_doubt_cannot_be_told() -> None:
    assert outcome(PLAIN.stand(used(by=None), as_of=day(20))) == "cannot tell, in effect"
    assert outcome(PLAIN.stand(used(proof=ALLEGED), as_of=day(20))) == "cannot tell, in effect"


def test_each_party_answers_for_its_own_use_and_both_for_an_unnamed_one() -> None:
    both = agreed(f"{POWER}, by: [north, south]", OTHER)

    rows = {row.by: outcome(row) for row in both.stands(used(), as_of=day(20))}
    assert rows == {"north": "consistent, in effect", "south": "not in force, dormant"}
    unnamed = {row.by: outcome(row) for row in both.stands(used(by=None), as_of=day(20))}
    assert unnamed == {"north": "cannot tell, in effect", "south": "cannot tell, in effect"}


def test_a_power_of_anyone_is_used_by_anyone() -> None:
    anyone = agreed(f"{POWER}, by: anyone", OTHER)

    stand = anyone.stand(used(by="south"), as_of=day(20))

    assert outcome(stand) == "consistent, in effect"
    assert stand.ground.says.startswith("exercised by south")


# ---- when it binds -------------------------------------------------------------------------------------------------


def test_a_power_not_yet_given_is_dormant_even_if_it_was_used() -> None:
    promise = agreed(f"{POWER}, after: approval", OTHER)

    unused = promise.stand(as_of=day(20))
    assert outcome(unused) == "not in force, dormant"
    assert unused.ground.says == "not in force"
    assert promise.stand(used(), as_of=day(20)).verdict.value == "not in force"


def test_a_use_before_the_power_was_given_is_not_in_force_and_one_that_may_be_cannot_be_told() -> None:
    assert PLAIN.stand(used(START - 1), as_of=day(20)).verdict.value == "not in force"
    assert outcome(PLAIN.stand(used(START), as_of=day(20))) == "consistent, in effect"
    assert outcome(PLAIN.stand(used(between(START - 1, START)), as_of=day(20))) == "cannot tell, in effect"


def test_a_power_suspended_and_not_used_is_suspended() -> None:
    pause = suspended(day(12), day(16))

    assert outcome(PLAIN.stand(*pause, as_of=day(13))) == "not in force, suspended"
    assert PLAIN.stand(*pause, used(), as_of=day(15)).verdict.value == "not in force"


# ---- its conditions ------------------------------------------------------------------------------------------------


def test_a_use_must_meet_its_condition_when_it_happens() -> None:
    def opened(at: Moment, **more: object) -> str:
        return outcome(IF.stand(used(), fact("access", at, of="site", **more), as_of=day(20)))  # type: ignore[arg-type]  # the fields of access

    assert opened(day(14)) == "consistent, in effect"
    assert opened(day(14) - 1) == "contrary, in effect"
    assert opened(day(15)) == "consistent, in effect"
    assert opened(day(15) + 1) == "contrary, in effect"
    assert opened(day(14), proof=ALLEGED) == "cannot tell, in effect"


def test_a_condition_is_asked_at_the_earliest_moment_of_an_uncertain_use() -> None:
    opened = fact("access", day(15), of="site")

    assert outcome(IF.stand(used(between(day(15) - 1, day(15))), opened, as_of=day(20))) == "contrary, in effect"
    assert outcome(IF.stand(used(between(day(15), day(15) + 1)), opened, as_of=day(20))) == "consistent, in effect"


@pytest.mark.parametrize(
    ("proof", "says"),
    [
        (Proof.CORROBORATED, "exercised by north: its conditions are shown"),
        (ALLEGED, "exercised by north: its conditions are not shown"),
        (REFUTED, "exercised by north: its conditions are not met"),
    ],
)
def test_the_reasons_say_how_far_its_conditions_are_shown(proof: Proof, says: str) -> None:
    stand = IF.stand(used(), fact("access", day(15), of="site", proof=proof), as_of=day(20))

    assert stand.ground.says == says


# ---- notice --------------------------------------------------------------------------------------------------------


def test_notice_is_in_time_up_to_the_last_microsecond() -> None:
    timely, late = (
        NOTICE.stand(used(), notice(), as_of=day(20)),
        NOTICE.stand(used(), notice(day(13) + 1), as_of=day(20)),
    )

    assert outcome(timely) == "consistent, in effect"
    assert "notice was given in time" in reasons(timely)
    assert outcome(late) == "contrary, in effect"
    assert "no notice in time" in reasons(late)


def test_no_notice_is_contrary() -> None:
    assert outcome(NOTICE.stand(used(), as_of=day(20))) == "contrary, in effect"


@pytest.mark.parametrize("of", ["it", "halt", "use"])
def test_notice_names_the_power_what_it_is_over_or_the_use(of: str) -> None:
    assert outcome(NOTICE.stand(used(), notice(of=of), as_of=day(20))) == "consistent, in effect"


def test_notice_of_something_else_is_none() -> None:
    assert outcome(NOTICE.stand(used(), notice(of="peace"), as_of=day(20))) == "contrary, in effect"


def test_notice_that_may_have_come_late_or_may_not_have_been_given_leaves_doubt() -> None:
    for doubtful in (notice(between(day(13), day(13) + 1)), notice(proof=ALLEGED)):
        stand = NOTICE.stand(used(), doubtful, as_of=day(20))

        assert outcome(stand) == "cannot tell, in effect"
        assert "notice may have been given in time" in reasons(stand)


def test_a_use_at_an_uncertain_time_needs_notice_before_its_earliest() -> None:
    uncertain = used(between(day(15), day(15, 1)))

    assert outcome(NOTICE.stand(uncertain, notice(day(13)), as_of=day(20))) == "consistent, in effect"
    assert outcome(NOTICE.stand(uncertain, notice(day(13) + 1), as_of=day(20))) == "cannot tell, in effect"
    assert outcome(NOTICE.stand(uncertain, notice(day(13, 1)), as_of=day(20))) == "cannot tell, in effect"
    assert outcome(NOTICE.stand(uncertain, notice(day(13, 1) + 1), as_of=day(20))) == "contrary, in effect"


def test_a_refuted_notice_is_none() -> None:
    assert outcome(NOTICE.stand(used(), notice(proof=REFUTED), as_of=day(20))) == "contrary, in effect"


def test_an_alleged_notice_is_no_certain_one_for_whoever_asks_at_that_level() -> None:
    stand = NOTICE.stand(used(), notice(proof=ALLEGED), as_of=day(20), proof=ALLEGED)

    assert outcome(stand) == "cannot tell, in effect"


def test_the_notices_in_time_are_named() -> None:
    late = fact("notice", day(14), of="it", name="late")

    stand = NOTICE.stand(used(), notice(), late, as_of=day(20))

    (ground,) = [one for _, one in stand.ground.walk() if one.says == "notice was given in time"]
    assert ground.facts == ("notice",)


def test_a_use_must_meet_its_condition_and_be_given_notice_of() -> None:
    opened = fact("access", day(14), of="site")

    assert outcome(BOTH.stand(used(), opened, notice(), as_of=day(20))) == "consistent, in effect"
    assert outcome(BOTH.stand(used(), notice(), as_of=day(20))) == "contrary, in effect"
    assert outcome(BOTH.stand(used(), opened, as_of=day(20))) == "contrary, in effect"
