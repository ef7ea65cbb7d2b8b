"""Phase: a gate that opens by its conditions, or by the word of a body."""

from __future__ import annotations

import pytest

from tests.compliance_cases import (
    ALLEGED,
    PAUSE,
    START,
    agreed,
    between,
    day,
    end_of,
    fact,
    outcome,
    reasons,
    suspended,
    watch,
)
from trucekeeper.terms import Fact, Interval, Moment, Proof, Tri

OPEN = "kind: phase, opens: second"
WHEN = "when: {happened: {fact: access}}"
WORD = "confirmed_by: {fact: determination, by: commission}"
BY_FACTS = agreed(f"{OPEN}, {WHEN}, deadline: 2031-01-13T00:00+02:00")
BY_WORD = agreed(f"{OPEN}, {WHEN}, {WORD}, deadline: 2031-01-13T00:00+02:00", PAUSE)
DUE = day(13)


def access(at: Moment | Interval = day(12), proof: Proof = Proof.CORROBORATED) -> Fact:
    return fact("access", at, of="site", proof=proof, name="access")


def word(at: Moment | Interval = day(12), proof: Proof = Proof.CORROBORATED, of: str = "it") -> Fact:
    return fact("determination", at, by="commission", of=of, proof=proof)


# ---- by its conditions ---------------------------------------------------------------------------------------------


def test_a_gate_opens_when_its_condition_is_fulfilled() -> None:
    stand = BY_FACTS.stand(access(), as_of=day(12))

    assert outcome(stand) == "consistent, met"
    assert stand.due == Interval.at(DUE)
    assert stand.met is Tri.YES
    assert stand.met_at == Interval.at(day(12))
    assert stand.waits_for == ()
    assert stand.figure == ""
    assert stand.ground.says == "second is open"
    assert stand.ground.cite == "art. 1"


def test_a_gate_not_yet_open_is_open_to_be_opened_until_its_deadline_and_contrary_after() -> None:
    waiting = BY_FACTS.stand(as_of=DUE)

    assert outcome(waiting) == "open, in effect"
    assert waiting.waits_for == ("its conditions",)
    assert waiting.met is Tri.NO
    assert waiting.met_at is None
    assert waiting.ground.says == "second is not open"
    assert outcome(BY_FACTS.stand(as_of=DUE + 1)) == "contrary, unmet"


def test_a_gate_opened_at_the_last_microsecond_is_in_time_and_one_later_is_late() -> None:
    late = BY_FACTS.stand(access(DUE + 1), as_of=day(20))

    assert outcome(BY_FACTS.stand(access(DUE), as_of=day(20))) == "consistent, met"
    assert outcome(late) == "contrary, met late"
    assert late.met_at == Interval.at(DUE + 1)


def test_a_gate_that_may_have_opened_late_cannot_be_told() -> None:
    promise = agreed(f"{OPEN}, {WHEN}, deadline: approval")
    approval = fact("decision", between(day(12), day(12, 1)), of="approval")

    def opened(at: Moment | Interval) -> str:
        return outcome(promise.stand(approval, access(at), as_of=day(20)))

    assert opened(day(12)) == "consistent, met"
    assert opened(day(12) + 1) == opened(day(12, 1)) == "cannot tell, met"
    assert opened(day(12, 1) + 1) == "contrary, met late"
    assert opened(between(day(12) - 1, day(12) + 1)) == "cannot tell, met"


def test_a_gate_without_a_deadline_is_never_late() -> None:
    assert outcome(agreed(f"{OPEN}, {WHEN}").stand(as_of=day(31))) == "open, in effect"


@pytest.mark.parametrize(
    ("undetermined", "before", "after", "says"),
    [
        ("closed", "open, in effect", "cannot tell, in effect", "second is not open"),
        ("open", "consistent, met", "cannot tell, met", "second is open; its conditions are not shown"),
        ("ask", "cannot tell, in effect", "cannot tell, in effect", "whether second is open must be asked"),
    ],
)
def test_a_gate_in_doubt_counts_as_its_text_says(undetermined: str, before: str, after: str, says: str) -> None:
    promise = agreed(f"{OPEN}, {WHEN}, if_undetermined: {undetermined}, deadline: 2031-01-13T00:00+02:00")
    doubtful = access(proof=ALLEGED)

    assert outcome(promise.stand(doubtful, as_of=DUE)) == before
    assert outcome(promise.stand(doubtful, as_of=DUE + 1)) == after
    assert promise.stand(doubtful, as_of=DUE).ground.says == says


def test_a_gate_in_doubt_tells_when_it_may_have_opened_unless_it_counts_as_closed() -> None:
    def opened(undetermined: str) -> Interval | None:
        promise = agreed(f"{OPEN}, {WHEN}, if_undetermined: {undetermined}")
        return promise.stand(access(proof=ALLEGED), as_of=DUE).met_at

    assert opened("closed") is None
    assert opened("open") == opened("ask") == Interval.at(day(12))


def test_an_allegation_opens_no_gate_for_whoever_asks_at_that_level() -> None:
    assert outcome(BY_FACTS.stand(access(proof=ALLEGED), as_of=day(12), proof=ALLEGED)) == "open, in effect"
    assert outcome(BY_WORD.stand(word(proof=ALLEGED), as_of=day(12), proof=ALLEGED)) == "open, in effect"


# ---- by the word of a body -----------------------------------------------------------------------------------------


def test_where_the_text_wants_a_word_the_word_opens_the_gate() -> None:
    fulfilled = BY_WORD.stand(access(), word(), as_of=day(12))

    assert outcome(fulfilled) == "consistent, met"
    assert fulfilled.met_at == Interval.at(day(12))
    assert fulfilled.ground.says == "second is open"
    assert "confirmed" in reasons(fulfilled)


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ((), "second is open; though its conditions are not fulfilled"),
        ((access(proof=ALLEGED),), "second is open; its conditions are not shown"),
    ],
)
def test_the_word_opens_the_gate_whatever_its_conditions_and_the_machine_says_so(
    facts: tuple[Fact, ...], says: str
) -> None:
    stand = BY_WORD.stand(*facts, word(), as_of=day(12))

    assert outcome(stand) == "consistent, met"
    assert stand.ground.says == says


def test_conditions_fulfilled_wait_for_the_word() -> None:
    stand = BY_WORD.stand(access(), as_of=day(12))

    assert outcome(stand) == "open, in effect"
    assert stand.waits_for == ("confirmation",)
    assert stand.ground.says == "its conditions are fulfilled; it waits for confirmation"
    assert "no confirmation on record" in reasons(stand)
    assert BY_WORD.stand(as_of=day(12)).ground.says == "second is not open"


def test_a_doubtful_word_is_perhaps_a_confirmation() -> None:
    stand = BY_WORD.stand(access(), word(proof=ALLEGED), as_of=day(12))

    assert outcome(stand) == "open, in effect"
    assert "perhaps confirmed" in reasons(stand)
    assert stand.ground.says == "second is not open"


def test_the_word_may_name_the_clause_or_the_phase_and_nothing_else() -> None:
    assert outcome(BY_WORD.stand(word(of="second"), as_of=day(12))) == "consistent, met"
    assert outcome(BY_WORD.stand(word(of="third"), as_of=day(12))) == "open, in effect"


def test_the_first_certain_word_opened_the_gate() -> None:
    words = word(day(11), ALLEGED), word(day(12)), word(day(12, 6))

    assert BY_WORD.stand(*words, as_of=DUE).met_at == Interval.at(day(12))


def test_a_gate_may_need_the_word_alone() -> None:
    promise = agreed(f"{OPEN}, {WORD}")

    assert outcome(promise.stand(as_of=day(12))) == "open, in effect"
    assert promise.stand(as_of=day(12)).ground.says == "its conditions are fulfilled; it waits for confirmation"
    opened = promise.stand(word(), as_of=day(12))
    assert outcome(opened) == "consistent, met"
    assert "no condition but the confirmation" in reasons(opened)


# ---- quiet days ----------------------------------------------------------------------------------------------------


def test_the_quiet_days_so_far_are_its_figure() -> None:
    promise = agreed(f"{OPEN}, when: {{consecutive_days: 3, without: {{fact: attack}}}}")
    watched = watch("attack")

    waiting = promise.stand(watched, as_of=end_of(11))
    assert waiting.figure == "2 quiet days in a row up to now; 3 wanted"
    opened = promise.stand(watched, as_of=end_of(12))
    assert outcome(opened) == "consistent, met"
    assert opened.met_at == Interval.at(end_of(12))
    assert opened.figure == "3 quiet days in a row up to now; 3 wanted, reached"


def test_quiet_days_are_counted_from_the_latest_moment_at_which_it_may_have_begun() -> None:
    promise = agreed(f"{OPEN}, after: approval, when: {{consecutive_days: 1, without: {{fact: attack}}}}")
    approval = fact("decision", between(day(10), day(10, 1)), of="approval")

    assert promise.stand(approval, watch("attack"), as_of=end_of(10)).figure.startswith("0 quiet days")
    assert promise.stand(approval, watch("attack"), as_of=end_of(11)).figure.startswith("1 quiet days")


# ---- before, suspended ---------------------------------------------------------------------------------------------


def test_a_gate_before_its_beginning_is_dormant_and_names_what_it_waits_for() -> None:
    stand = agreed(f"{OPEN}, {WHEN}, after: approval, deadline: 2031-01-13T00:00+02:00").stand(
        access(), as_of=day(20)
    )

    assert outcome(stand) == "not in force, dormant"
    assert stand.due == Interval.at(DUE)
    assert stand.waits_for == ("approval",)


def test_a_gate_that_may_have_begun_waits_for_its_beginning_and_its_conditions() -> None:
    promise = agreed(f"{OPEN}, {WHEN}, after: approval")
    doubtful = fact("decision", START, of="approval", proof=ALLEGED)

    stand = promise.stand(doubtful, as_of=day(20))

    assert outcome(stand) == "cannot tell, in effect"
    assert stand.waits_for == ("approval", "its conditions")


def test_a_gate_is_suspended_while_its_suspension_lasts() -> None:
    assert outcome(BY_WORD.stand(*suspended(day(11), day(14)), word(), as_of=day(12))) == "not in force, suspended"


def test_an_uncertain_deadline_is_past_after_its_latest_moment_only() -> None:
    promise = agreed(f"{OPEN}, {WHEN}, deadline: approval")
    approval = fact("decision", between(day(12), day(12, 1)), of="approval")

    def asked(at: Moment) -> str:
        return outcome(promise.stand(approval, as_of=at))

    assert asked(day(12)) == "open, in effect"
    assert asked(day(12) + 1) == "cannot tell, in effect"
    assert asked(day(12, 1)) == "cannot tell, in effect"
    assert asked(day(12, 1) + 1) == "contrary, unmet"


def test_a_gate_in_doubt_whose_deadline_may_have_passed_cannot_be_told() -> None:
    promise = agreed(f"{OPEN}, {WHEN}, deadline: approval")
    approval = fact("decision", between(day(12), day(12, 1)), of="approval")

    assert outcome(promise.stand(approval, access(proof=ALLEGED), as_of=day(12))) == "open, in effect"
    assert outcome(promise.stand(approval, access(proof=ALLEGED), as_of=day(12) + 1)) == "cannot tell, in effect"


def test_the_ground_of_a_gate_names_what_its_deadline_hangs_on() -> None:
    gate = agreed(f"{OPEN}, {WHEN}, deadline: 24h after approval")

    stand = gate.stand(fact("decision", day(11), of="approval", name="approved"), as_of=day(13))

    assert outcome(stand) == "contrary, unmet"
    assert stand.ground.leaves() == {"approved"}
