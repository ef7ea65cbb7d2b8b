"""Respond in columns: calls and answers at the edges of their times stand as by the reference, reasons included."""

from __future__ import annotations

from itertools import combinations_with_replacement, product
from typing import TYPE_CHECKING, Any

import pytest

from tests.compliance_columns import bare
from tests.compliance_small import agreement, at, clause, fact, watch
from trucekeeper.compliance.batch import batch, log_of
from trucekeeper.compliance.batch import stands as each_of
from trucekeeper.compliance.standing import Question, standing
from trucekeeper.terms import NEVER, Fact, Interval, Op, Proof, Span, Tri
from trucekeeper.terms.moments import DAY, HOUR

if TYPE_CHECKING:
    from tests.compliance_small import Time
    from trucekeeper.agreement.agreement import Agreement
    from trucekeeper.compliance.grounds import Stand

START = "2031-03-03T00:00+02:00"
ANSWER = clause(
    "it", "respond", by="south", after=START, to={"fact": "attack"}, with_={"fact": "inspection"}, within="1h"
)
STOP = clause("stop", "power", by=["north", "south"], may="terminate", of="it")
PAUSE = clause("pause", "power", by=["north", "south"], may="suspend", of="it", stops_clock=True)
MORE = clause("more", "power", by=["north", "south"], may="extend", of="it")
TEXT = agreement(ANSWER)

CALLED = at("5")
DUE = CALLED + HOUR
SURE, UNSURE = Proof.CORROBORATED, Proof.ALLEGED


def agree(text: Agreement, facts: list[Fact], as_of: int) -> list[Stand]:
    """Return the rows of batch, which must be those of the reference and say the same of each call."""
    question = Question(as_of=as_of, known_at=NEVER)
    found = [*each_of(batch(text, log_of(text, facts, question), question, only="it"))]
    wanted = standing(text, facts, question, only="it").stands

    assert [bare(one) for one in found] == [bare(one) for one in wanted]
    assert [_word(one) for one in found] == [_word(one) for one in wanted]
    return found


def _word(stand: Stand) -> str:
    """Return what is said of a call, without the call itself."""
    return stand.ground.says.rpartition(": ")[2]


def call(name: str, when: Time = CALLED, **more: Any) -> Fact:  # noqa: ANN401  fields of a fact
    return fact(name, "attack", when, by="north", **more)


def answer(name: str, when: Time, of: str, level: Proof = SURE, **more: Any) -> Fact:  # noqa: ANN401  fields
    return fact(name, "inspection", when, of=of, by="south", occurred=level, **more)


def stretches(*moments: int) -> list[Interval]:
    return [Interval(*ends) for ends in combinations_with_replacement(moments, 2)]


# ---- times ---------------------------------------------------------------------------------------------------------

AROUND = stretches(CALLED - 1, CALLED, DUE, DUE + 1, DUE + 2)
CALLS = (Interval.at(CALLED), Interval(CALLED - 1, CALLED + 1))
WATCHES: dict[str, list[Fact]] = {
    "nobody watched": [],
    "somebody watched all the while": [watch("w", "3", "9", detects=("inspection",))],
    "somebody watched from the call to the deadline": [watch("w", CALLED, DUE, detects=("inspection",))],
    "somebody watched a microsecond too late": [watch("w", CALLED + 1, DUE + 1, detects=("inspection",))],
    "somebody watched a microsecond too short": [watch("w", CALLED - 1, DUE - 1, detects=("inspection",))],
    "somebody watched for something else": [watch("w", "3", "9", detects=("attack",))],
}


@pytest.mark.parametrize("watched", WATCHES)
def test_each_call_is_answered_when_its_answer_came(watched: str) -> None:
    facts = [*WATCHES[watched], call("silent"), call("silent too", CALLS[1])]
    for number, (called, answered, level) in enumerate(product(CALLS, AROUND, (SURE, UNSURE))):
        facts += [call(f"c{number:03}", called), answer(f"a{number}", answered, f"c{number:03}", level)]

    for as_of in (CALLED, DUE, DUE + 1, at("9")):
        agree(TEXT, facts, as_of)


def test_of_two_answers_the_surer_and_the_earlier_counts() -> None:
    moments: list[Time] = [
        CALLED - 1,
        CALLED,
        DUE,
        DUE + 1,
        Interval(CALLED - 1, DUE),
        Interval(CALLED, DUE + 1),
        DUE + 9,
    ]
    answers = [*product(moments, (SURE, UNSURE))]
    facts = [*WATCHES["somebody watched all the while"]]
    for number, (one, other) in enumerate(combinations_with_replacement(answers, 2)):
        name = f"c{number:03}"
        facts += [call(name), answer(f"a{number}", one[0], name, one[1])]
        facts += [answer(f"b{number}", other[0], name, other[1])]

    rows = agree(TEXT, facts, at("9"))

    assert {_word(row) for row in rows} == {
        "answered in time",
        "answered late",
        "answered, perhaps late",
        "perhaps answered",
        "no answer on record",
    }


def test_a_call_is_answered_in_no_time_where_the_text_allows_none() -> None:
    text = agreement({**ANSWER, "within": "0h"})
    facts = [call("c1"), answer("a1", CALLED, "c1"), call("c2"), answer("a2", CALLED + 1, "c2")]

    for as_of in (CALLED, CALLED + 1):
        agree(text, facts, as_of)


# ---- while the duty binds ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("as_of", [at("3") - 1, at("3"), at("3") + 1, at("4")])
def test_calls_before_the_duty_binds_are_none(as_of: int) -> None:
    before, spanning, after = at("3") - 1, Interval(at("3") - 1, at("3")), at("3")

    agree(TEXT, [call("c1", before), call("c2", spanning), call("c3", after)], as_of)
    agree(TEXT, [call("c1", before)], as_of)


@pytest.mark.parametrize("begins", ["unstated", "in_force"])
def test_a_duty_that_may_not_have_begun_leaves_doubt(begins: str) -> None:
    text = agreement({**ANSWER, "after": begins})

    agree(text, [call("c1"), *WATCHES["somebody watched all the while"]], at("9"))


def test_an_alleged_call_is_answered_like_a_certain_one_and_stays_in_doubt() -> None:
    late = answer("a1", DUE + 1, "c1")
    (row,) = agree(TEXT, [call("c1", occurred=UNSURE), late], at("9"))

    assert (row.verdict.name, row.met) == ("CANNOT_TELL", Tri.YES)
    (row,) = agree(TEXT, [call("c1"), late], at("9"))
    assert (row.verdict.name, row.lifecycle.name) == ("CONTRARY", "MET_LATE")


def test_a_duty_that_ended_before_the_deadline_asks_for_no_answer() -> None:
    text, ends = agreement(ANSWER, STOP), at("6")
    calls = [
        call(f"c{shift}", Interval(ends - HOUR + shift, ends - HOUR + shift + lasts))
        for shift, lasts in product((-2, -1, 0, 1, 2), (0, 1, 2))
    ]
    several: tuple[Time, ...] = (ends, Interval(ends, ends + 1), Interval(ends - 1, ends))
    for when, level, watched in product(
        several, (SURE, UNSURE), ([], [watch("w", "3", "9", detects=("inspection",))])
    ):
        stop = fact("stop", "termination", when, by="north", of="it", occurred=level)
        for as_of in (ends - 1, ends, ends + 1, ends + 2, at("9")):
            agree(text, [*calls, *watched, stop], as_of)


def test_a_duty_without_a_deadline_ends_with_its_own_end() -> None:
    text = agreement({key: one for key, one in ANSWER.items() if key != "within"}, STOP)
    unstated = agreement({**ANSWER, "within": "unstated"}, STOP)
    stop = fact("stop", "termination", "6", by="north", of="it")
    for one, ended in product((text, unstated), ([], [stop])):
        facts = [call("c1"), call("c2"), answer("a2", DUE, "c2"), *ended]
        rows = agree(one, [*facts, *WATCHES["somebody watched all the while"]], at("9"))

        assert [row.due for row in rows] == [None, None]
        assert [row.verdict.name for row in rows] == ["NOT_IN_FORCE" if ended else "OPEN", "CONSISTENT"]
        assert [_word(row) for row in rows] == ["no answer on record", "answered"]


def test_nothing_is_asked_of_a_duty_to_which_nobody_called() -> None:
    for facts, as_of in product(([], [watch("w", "3", "9", detects=("attack",))]), (at("2"), at("9"))):
        (row,) = agree(TEXT, facts, as_of)

        assert row.occurrence == ""


# ---- moved deadlines -----------------------------------------------------------------------------------------------


def test_what_moves_deadlines_moves_each_by_its_own_time() -> None:
    text = agreement(ANSWER, PAUSE, MORE)
    calls = [call(f"c{hour}", CALLED + hour * HOUR) for hour in (-2, -1, 0, 1, 2)] + [call("twin")]
    wide = [call("wide", Interval(CALLED - HOUR, CALLED)), answer("a", CALLED + 3 * HOUR, "twin")]
    pause = fact("p", "suspension", CALLED - HOUR, Span(CALLED - HOUR, CALLED + 1800_000_000), by="south", of="it")
    accepted = fact("y", "declaration", CALLED - HOUR, by="north", of="p", finding="accepted")
    longer = fact("x", "extension", CALLED, by="south", of="it", days=1)
    watched = WATCHES["somebody watched all the while"]
    for steering in ([], [pause, accepted], [pause], [longer], [pause, accepted, longer]):
        for as_of in (DUE, DUE + 1, DUE + 2 * HOUR, DUE + DAY, DUE + DAY + 1, at("9")):
            agree(text, [*calls, *wide, *steering, *watched], as_of)


@pytest.mark.parametrize("level", [SURE, UNSURE])
def test_an_extension_to_a_day_gives_a_deadline_where_the_text_does_not_say_when(level: Proof) -> None:
    """Once batch took a deadline that the text leaves unstated for none, whatever it was extended to."""
    text = agreement({**ANSWER, "within": "unstated"}, MORE)
    longer = fact("x", "extension", "4", Span(at("4"), DUE), by="south", of="it", occurred=level)
    calls = [call("c1"), call("c2"), answer("a2", DUE, "c2"), call("c3"), answer("a3", DUE + 1, "c3")]
    for as_of in (DUE, DUE + 1, at("9")):
        rows = agree(text, [*calls, longer, *WATCHES["somebody watched all the while"]], as_of)

        assert [row.due for row in rows] == [Interval.at(DUE) if level is SURE else None] * 3


def test_an_answer_between_a_deadline_and_the_call_after_it_is_none() -> None:
    text = agreement(ANSWER, MORE)
    sooner = fact("x", "extension", "4", Span(at("4"), CALLED - 9), by="south", of="it")
    facts = [sooner, *WATCHES["somebody watched all the while"]]
    for number, (doubt, shift, level) in enumerate(product((0, 5), (-10, -6, -5, -1, 0, 1), (SURE, UNSURE))):
        facts += [
            call(f"c{number:02}", Interval(CALLED - doubt, CALLED)),
            answer(f"a{number}", CALLED + shift, f"c{number:02}", level),
        ]

    agree(text, facts, at("9"))


def test_a_deadline_set_before_the_call_is_one_for_which_nobody_is_asked_to_watch() -> None:
    text = agreement(ANSWER, MORE)
    sooner = fact("x", "extension", "4", Span(at("4"), CALLED - 1), by="south", of="it")
    for watched in WATCHES.values():
        agree(text, [call("c1"), sooner, *watched], at("9"))


def test_an_answer_is_due_by_the_end_of_the_day_where_the_text_counts_days() -> None:
    for first, number in product(("excluded", "counts", "unstated"), (1, 2)):
        text = agreement({**ANSWER, "within": {"days": number, "first_day": first}})
        calls = [call("c1", at("5") - 1), call("c2", at("5")), call("c3", Interval(at("5") - 1, at("5")))]
        answers = [answer("a1", at("6"), "c1"), answer("a2", at("6") - 1, "c2")]
        for as_of in (at("6") - 1, at("6"), at("7"), at("9")):
            agree(text, [*calls, *answers, *WATCHES["somebody watched all the while"]], as_of)


# ---- what answers, and what excuses --------------------------------------------------------------------------------


def test_any_of_several_sorts_of_answer_will_do() -> None:
    either = [{"fact": "inspection"}, {"fact": "measure", "same": "zone"}]
    text = agreement({**ANSWER, "with": either})
    calls = [call("c1", zone="valley"), call("c2", zone="harbour"), call("c3")]
    for when, zone in product((DUE, DUE + 1), ("valley", None)):
        measure = fact("m", "measure", when, by="south", zone=zone)
        one_kind, both = (watch("w", "3", "9", detects=kinds) for kinds in (("measure",), ("measure", "inspection")))
        for more in ([], [answer("a", DUE + 2, "c1")], [one_kind], [both]):
            agree(text, [*calls, measure, *more], at("9"))


def test_a_redacted_answer_may_be_one_to_any_call() -> None:
    facts = [call("c1"), call("c2"), fact("a", "inspection", DUE, op=Op.REDACT), answer("b", DUE, "c2")]

    rows = agree(TEXT, facts, at("9"))

    assert [row.met for row in rows] == [Tri.MAYBE, Tri.YES]


def test_what_is_to_be_prevented_is_contrary_by_itself_unless_excused() -> None:
    excuse = {"shown": {"fact": "permit", "same": "zone"}, "within": "1h", "burden": "accuser"}
    alone = {**{key: one for key, one in ANSWER.items() if key not in ("with", "within")}, "result_alone": True}
    calls = [call("c1", zone="valley"), call("c2", zone="harbour"), call("c3")]
    for said, level in product((alone, {**alone, "excuse": excuse}, {**ANSWER, "excuse": excuse}), (SURE, UNSURE)):
        permit = fact("p", "permit", CALLED - HOUR, zone="valley", occurred=level)
        for watched in WATCHES.values():
            agree(agreement(said), [*calls, permit, *watched], at("9"))
