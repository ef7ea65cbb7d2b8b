"""The live execution gives the rows of the reference, whatever comes, in whatever order, whenever it is asked."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests import generated, strategies
from tests.compliance_small import APPROVAL, TICK, agreement, amendment, at, between, clause, fact, halt, watch
from trucekeeper.compliance.knowledge import Audience
from trucekeeper.compliance.live.calendar import BUCKET, FEW, Calendar
from trucekeeper.compliance.live.rows import Change, Row
from trucekeeper.compliance.live.ticking import Notes, Ticking
from trucekeeper.compliance.standing import standing
from trucekeeper.compliance.watch import Watch
from trucekeeper.terms import NEVER, Fact, Label, Lifecycle, Op, Proof, Tri, Verdict
from trucekeeper.terms.moments import DAY, HOUR, SECOND

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from trucekeeper.agreement.agreement import Agreement

GIVEN = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
)

HALT = agreement(halt(by=["north", "south"]))
ANSWER = agreement(
    clause(
        "answer",
        "respond",
        by="north",
        to={"fact": "allegation"},
        **{"with": {"fact": "inspection"}, "within": "24h"},
    )
)


def begun(what: Agreement, *facts: Fact, clock: str | int = "1", **more: Any) -> Watch:  # noqa: ANN401  its options
    """Return a watch over an agreement with some facts on record."""
    made = Watch(what, clock=at(clock), **more)
    made.observe(facts)
    return made


def reference(watching: Watch) -> tuple[Row, ...]:
    return tuple(Row.of(stand) for stand in watching.standing().stands)


def same(watching: Watch) -> bool:
    """Return whether the rows kept are those that the reference gives."""
    return watching.rows() == reference(watching)


def verdicts(changes: Iterable[Change]) -> list[tuple[str, Verdict | None, Verdict | None]]:
    return [(one.row.clause, verdict_of(one.before), verdict_of(one.after)) for one in changes]


def verdict_of(row: Row | None) -> Verdict | None:
    return None if row is None else row.verdict


def attack(name: str = "a1", when: str = "4 12:00", **more: Any) -> Fact:  # noqa: ANN401  its fields
    return fact(name, "attack", when, **{"by": "north", **more})


def call(name: str = "r1", when: str = "4") -> Fact:
    return fact(name, "allegation", when)


def answered(name: str, of: str, when: str, **more: Any) -> Fact:  # noqa: ANN401  its fields
    return fact(name, "inspection", when, by="north", of=of, **more)


# ---- what comes ----------------------------------------------------------------------------------------------------


def test_an_act_changes_the_row_of_who_did_it_and_says_which_act_it_was() -> None:
    watching = begun(HALT, clock="5")

    changes = watching.observe([attack()])

    assert verdicts(changes) == [("halt", Verdict.CANNOT_TELL, Verdict.CONTRARY)]
    assert changes[0].row.by == "north"
    assert changes[0].facts == ("a1",)
    assert same(watching)


def test_what_no_clause_looks_at_changes_nothing() -> None:
    watching = begun(HALT, clock="5")

    assert watching.observe([fact("m1", "movement", "4", by="north")]) == ()


def test_a_fact_given_twice_counts_once() -> None:
    watching = begun(HALT, attack(), clock="5")

    assert watching.observe([attack()]) == ()
    assert watching.rows()[0].figure == "1 on record"
    assert len(watching.facts) == 1


def test_a_late_fact_counts_from_when_it_happened() -> None:
    watching = begun(ANSWER, call(), clock="6")

    changes = watching.observe([answered("i1", "r1", "4 20:00", learned_at=at("6"))])

    assert [one.after and one.after.lifecycle for one in changes] == [Lifecycle.MET]
    assert same(watching)


def test_a_retracted_act_no_longer_counts() -> None:
    watching = begun(HALT, attack(), attack("a2", "4 13:00"), clock="5")

    watching.observe([replace(attack(), rev=2, op=Op.RETRACT)])
    once = watching.rows()[0]
    changes = watching.observe([replace(attack("a2", "4 13:00"), rev=2, op=Op.RETRACT)])

    assert once.figure == "1 on record"
    assert verdicts(changes) == [("halt", Verdict.CONTRARY, Verdict.CANNOT_TELL)]
    assert same(watching)


def test_a_corrected_act_is_another_partys() -> None:
    watching = begun(HALT, attack(), clock="5")

    changes = watching.observe([replace(attack(by="south"), rev=2)])

    assert {(one.row.by, one.after and one.after.verdict) for one in changes} == {
        ("north", Verdict.CANNOT_TELL),
        ("south", Verdict.CONTRARY),
    }
    assert same(watching)


def test_a_redacted_act_counts_as_possible() -> None:
    watching = begun(HALT, attack(), clock="5")

    changes = watching.observe([replace(attack(), rev=2, op=Op.REDACT, fields=())])

    assert verdicts(changes) == [("halt", Verdict.CONTRARY, Verdict.CANNOT_TELL)]
    assert same(watching)


def test_an_earlier_revision_that_comes_later_changes_nothing() -> None:
    watching = begun(HALT, replace(attack(), rev=3), clock="5")

    assert watching.observe([replace(attack(by="south"), rev=2)]) == ()
    assert same(watching)


def test_what_is_known_only_later_counts_from_then() -> None:
    watching = begun(HALT, clock="5")

    before = watching.observe([attack(learned_at=at("7"))])
    early = watching.advance(at("7") - TICK)
    changes = watching.advance(at("7"))

    assert (before, early) == ((), ())
    assert verdicts(changes) == [("halt", Verdict.CANNOT_TELL, Verdict.CONTRARY)]


def test_what_happens_only_later_counts_from_then() -> None:
    watching = begun(HALT, clock="3")

    before = watching.observe([attack(learned_at=at("1"))])
    changes = watching.advance(at("4 12:00"))

    assert before == ()
    assert verdicts(changes) == [("halt", Verdict.CANNOT_TELL, Verdict.CONTRARY)]


def test_an_audience_is_told_nothing_of_what_it_may_not_see() -> None:
    south = Audience("south", at=at("5"))
    watching = begun(HALT, clock="5", audience=south)

    assert watching.observe([attack(label=Label(owner="north"))]) == ()
    assert len(watching.observe([attack("a2", label=Label(owner="north", releasable_to=("south",)))])) == 1
    assert same(watching)


def test_at_another_level_an_allegation_is_enough() -> None:
    alleged = attack(occurred=Proof.ALLEGED, who=Proof.ALLEGED)

    assert begun(HALT, alleged, clock="5").rows()[0].verdict is Verdict.CANNOT_TELL
    assert begun(HALT, alleged, clock="5", proof=Proof.ALLEGED).rows()[0].verdict is Verdict.CONTRARY


def test_an_excuse_that_comes_after_its_act_excuses_it() -> None:
    permit = {"shown": {"fact": "waiver", "same": ["by", "zone"]}, "within": "1h"}
    watching = begun(agreement(halt(by="north", excuse=permit)), attack(zone="valley"), clock="5")

    other = watching.observe([fact("w0", "waiver", "4 11:30", by="south", zone="valley")])
    old = watching.observe([fact("w1", "waiver", "4 10:00", by="north", zone="valley")])
    changes = watching.observe([fact("w2", "waiver", "4 11:00", by="north", zone="valley")])

    assert (other, old) == ((), ())
    assert verdicts(changes) == [("halt", Verdict.CONTRARY, Verdict.CANNOT_TELL)]
    assert [one.says for one in changes[0].beside] == ["waiver: shown"]
    assert same(watching)


def test_an_excuse_that_does_not_say_where_may_be_one() -> None:
    permit = {"shown": {"fact": "waiver", "same": ["by", "zone"]}, "within": "1h", "burden": "accuser"}
    watching = begun(agreement(halt(by="north", excuse=permit)), attack(zone="valley"), clock="5")

    changes = watching.observe([fact("w2", "waiver", "4 11:00", by="north")])

    assert verdicts(changes) == [("halt", Verdict.CONTRARY, Verdict.CANNOT_TELL)]
    assert same(watching)


def test_a_plea_is_printed_beside_and_changes_the_verdict_once_established() -> None:
    watching = begun(agreement(halt(by="north", excuse={"plea": "self-defence"})), attack(), clock="5")

    raised = watching.observe([fact("p1", "plea", "4 14:00", of="a1", plea="self-defence")])
    ruling = fact(
        "d1", "determination", "4 15:00", by="commission", of="a1", plea="self-defence", finding="established"
    )
    ruled = watching.observe([ruling])

    assert [(one.before == one.after, one.facts, len(one.beside)) for one in raised] == [(True, ("p1",), 1)]
    assert verdicts(ruled) == [("halt", Verdict.CONTRARY, Verdict.CANNOT_TELL)]
    assert same(watching)


def test_a_watch_that_is_known_later_makes_an_absence_count() -> None:
    watching = begun(agreement(halt(by="north", after="2031-03-02T00:00+02:00")), clock="5")

    told = watching.observe([watch("c1", "1", "9")])
    at_its_end = watching.advance(at("9"))
    after = watching.advance(at("9") + TICK)

    assert verdicts(told) == [("halt", Verdict.CANNOT_TELL, Verdict.CONSISTENT)]
    assert at_its_end == ()
    assert verdicts(after) == [("halt", Verdict.CONSISTENT, Verdict.CANNOT_TELL)]
    assert same(watching)


def test_two_facts_given_together_are_told_as_one_change() -> None:
    watching = begun(HALT, clock="5")

    changes = watching.observe([attack(), attack("a2")])

    assert [(one.facts, one.after and one.after.figure) for one in changes] == [(("a1", "a2"), "2 on record")]


# ---- time ----------------------------------------------------------------------------------------------------------


def test_an_answer_is_not_missed_at_its_deadline_and_is_a_microsecond_after() -> None:
    watching = begun(ANSWER, call(), watch("c1", "1", "20", detects=("inspection",)), clock="4 12:00")

    at_deadline = watching.advance(at("5"))
    after = watching.advance(at("5") + TICK)

    assert at_deadline == ()
    assert [(one.after and one.after.lifecycle, one.facts) for one in after] == [(Lifecycle.UNMET, ())]
    assert same(watching)


def test_time_that_passes_over_several_deadlines_at_once_is_told_once() -> None:
    calls = [call(f"r{day}", str(day)) for day in range(4, 9)]
    watching = begun(ANSWER, *calls, watch("c1", "1", "20", detects=("inspection",)), clock="8")

    changes = watching.advance(at("15"))

    assert sorted(one.row.occurrence for one in changes) == ["r7", "r8"]
    assert same(watching)


def test_time_does_not_run_backwards() -> None:
    watching = begun(HALT, clock="5")

    with pytest.raises(ValueError, match="time runs forwards"):
        watching.advance(at("5") - TICK)
    assert watching.advance(at("5")) == ()


def test_a_new_day_opens_a_new_period() -> None:
    quota = clause(
        "trucks", "quota", by="north", after="2031-03-02T00:00+02:00", count={"fact": "delivery"}, at_least=2
    )
    watching = begun(agreement(quota), fact("d1", "delivery", "2 10:00", count=3), clock="2 12:00")

    before = [row.occurrence for row in watching.rows()]
    watching.advance(at("3") - TICK)
    still = len(watching.rows())
    changes = watching.advance(at("3"))

    assert (before, still) == (["2031-03-02 00:00+02:00"], 1)
    assert [one.row.occurrence for one in changes if one.before is None] == ["2031-03-03 00:00+02:00"]
    assert same(watching)


def test_a_deadline_that_a_suspension_moves_on_is_that_of_now_when_rows_are_read() -> None:
    terms = {"may": "suspend", "of": "all", "stops_clock": True}
    pause = clause("pause", "power", by=["north", "south"], **terms)
    leave = clause(
        "leave", "achieve", by="north", after="2031-03-02T00:00+02:00", within="72h", state={"fact": "access"}
    )
    watching = begun(agreement(leave, pause), clock="3")
    suspension = fact("s1", "suspension", "3", by="north", of="leave")
    watching.observe([suspension, fact("d1", "determination", "3", by="commission", of="s1", finding="upheld")])
    watching.advance(at("3") + TICK)

    changes = watching.advance(at("3 06:00"))
    due = watching.rows()[0].due
    watching.advance(at("3 12:00"))

    assert changes == ()
    assert due == between("5 06:00", "5 06:00")
    assert same(watching)


def test_a_quiet_week_is_complete_with_its_last_microsecond() -> None:
    quiet = {"consecutive_days": 2, "without": {"fact": "attack"}}
    phase = clause("second", "phase", opens="stage-2", after="2031-03-02T00:00+02:00", when=quiet)
    watching = begun(agreement(phase), watch("c1", "1", "20"), clock="2")

    loud = watching.observe([attack(when="2 12:00", learned_at=at("2"))])
    watching.advance(at("5") - 2 * TICK)
    assert same(watching)
    changes = watching.advance(at("5") - TICK)

    assert loud == ()
    assert [one.after and one.after.lifecycle for one in changes] == [Lifecycle.MET]
    assert same(watching)


# ---- clauses that refer to others ----------------------------------------------------------------------------------


def test_a_clause_that_waits_for_another_begins_when_that_is_met() -> None:
    leave = clause("leave", "achieve", by="north", within="72h", after="approval", state={"fact": "access"})
    follow = clause("follow", "prohibit", by="south", after="leave", act={"fact": "movement"})
    watching = begun(agreement(leave, follow, events=APPROVAL), fact("o", "decision", "2", of="approval"), clock="2")

    changes = watching.observe([fact("x1", "access", "2", by="north", of="leave")])

    assert ("follow", Verdict.NOT_IN_FORCE, Verdict.CANNOT_TELL) in verdicts(changes)
    assert same(watching)


def test_a_short_day_is_made_good_by_its_week() -> None:
    terms = {"by": "north", "after": "2031-03-03T00:00+02:00", "count": {"fact": "delivery"}, "claims": "trucks"}
    day = clause("day", "quota", at_least=2, cured_by="week", **terms)
    week = clause("week", "quota", at_least=4, every="week", week_starts="monday", **terms)
    closed = watch("c1", "1", "25", detects=("delivery",))
    watching = begun(agreement(day, week), closed, clock="10")

    missed = {row.verdict for row in watching.rows() if row.due is not None and row.due.latest < at("10")}
    changes = watching.observe([fact("d1", "delivery", "4 10:00", count=5)])

    assert missed == {Verdict.CONTRARY}
    assert {one.after and one.after.verdict for one in changes} == {Verdict.CONSISTENT}
    assert same(watching)


def test_a_reading_splits_a_clause_until_a_decision_adopts_one() -> None:
    readings = {"clock": {"a": "one", "b": "another", "adopted": "none"}}
    when = {"reading": "clock", "a": "2031-03-02T00:00+02:00", "b": "2031-03-06T00:00+02:00"}
    adopted = amendment("d1", "8", adopts={"clock": "b"})
    watching = begun(
        agreement(halt(by="north", after=when), readings=readings, amendments=[adopted]), attack(), clock="7"
    )

    two = [(row.reading, row.verdict) for row in watching.rows()]
    watching.advance(at("8"))

    assert two == [((("clock", "a"),), Verdict.CONTRARY), ((("clock", "b"),), Verdict.CANNOT_TELL)]
    assert [row.reading for row in watching.rows()] == [()]
    assert same(watching)


def test_a_contested_suspension_is_read_both_ways_until_it_is_determined() -> None:
    pause = clause("pause", "power", by=["north", "south"], may="suspend", of="all")
    watching = begun(
        agreement(halt(by="north"), pause), attack(), fact("s1", "suspension", "4", by="south", of="halt")
    )
    watching.advance(at("5"))

    both = len([row for row in watching.rows() if row.clause == "halt"])
    watching.observe([fact("d1", "determination", "4 13:00", by="commission", of="s1", finding="upheld")])

    assert both == 2
    assert [row.reading for row in watching.rows() if row.clause == "halt"] == [()]
    assert same(watching)


def test_a_decision_that_moves_a_deadline_takes_effect_in_its_time() -> None:
    leave = clause(
        "leave", "achieve", by="north", within="72h", after="2031-03-02T00:00+02:00", state={"fact": "access"}
    )
    changed = amendment("d1", "4", {"id": "leave", "within": "240h"})
    watching = begun(agreement(leave, amendments=[changed]), watch("c1", "1", "30", detects=("access",)), clock="3")

    watching.advance(at("4"))
    assert same(watching)
    assert [row.version for row in watching.rows()] == ["d1"]
    watching.observe([fact("x1", "access", "6", by="north", of="leave", learned_at=at("4"))])
    watching.advance(at("13"))
    assert same(watching)


def test_another_version_of_the_agreement_is_taken_up_midway() -> None:
    watching = begun(HALT, attack(), clock="5")

    changes = watching.amend(agreement(halt(by="north", act={"fact": "movement"})))

    assert {one.row.by: one.after and one.after.verdict for one in changes} == {
        "north": Verdict.CANNOT_TELL,
        "south": None,
    }
    assert verdicts(watching.observe([fact("m1", "movement", "4", by="north")])) == [
        ("halt", Verdict.CANNOT_TELL, Verdict.CONTRARY)
    ]
    assert same(watching)


# ---- what is asked, and the state as bytes -------------------------------------------------------------------------


def test_why_gives_the_reasons_of_one_commitment() -> None:
    watching = begun(ANSWER, call(), call("r2", "4 06:00"), clock="8")
    row = watching.rows()[1]

    (stand,) = watching.why(row.key)

    assert stand == watching.standing().stands[1]
    assert watching.why("no such key") == ()


def test_the_standing_is_that_of_the_reference_with_all_reasons() -> None:
    watching = begun(HALT, attack(), clock="5")

    assert watching.standing() == standing(HALT, [attack()], watching.question)
    assert [one.clause for one in watching.standing(only="halt").stands] == ["halt", "halt"]


def _full() -> Watch:
    secret = attack("a2", label=Label(owner="north", releasable_to=("south",), not_before=at("2"), precision="1 km"))
    several = (attack(), secret, watch("c1", "1", "9"), fact("s1", "strength", "4", count=7, by="north"))
    return begun(HALT, *several, replace(attack(), rev=2, by=None), clock="5", audience=Audience("south", at("5")))


def test_a_watch_that_was_dumped_goes_on_as_it_was() -> None:
    watching = _full()

    again = Watch.load(watching.dump(), HALT)

    assert again.rows() == watching.rows()
    assert again.facts == watching.facts
    assert again.question == watching.question
    later = [attack("a9", "4 14:00"), replace(attack("a9", "4 14:00"), rev=2, op=Op.RETRACT)]
    assert [again.observe([one]) for one in later] == [watching.observe([one]) for one in later]
    assert again.dump() == watching.dump()


def test_a_watch_rebuilt_from_its_facts_in_any_order_gives_the_same_bytes() -> None:
    watching = _full()
    rebuilt = Watch(HALT, clock=watching.clock, audience=watching.audience)

    rebuilt.observe(reversed(watching.facts))

    assert rebuilt.dump() == watching.dump()


def test_the_state_of_another_agreement_or_of_nothing_is_refused() -> None:
    state = begun(HALT, clock="5").dump()

    with pytest.raises(ValueError, match="another agreement"):
        Watch.load(state, ANSWER)
    with pytest.raises(ValueError, match="version 9"):
        Watch.load(state.replace(b'{"v":1,', b'{"v":9,'), HALT)
    with pytest.raises(ValueError, match="no state of a watch"):
        Watch.load(b"{}\n", HALT)


def test_a_commitment_that_came_or_went_is_told_as_it_is_or_was() -> None:
    watching = begun(ANSWER, clock="5")

    came = watching.observe([call()])
    went = watching.observe([replace(call(), rev=2, op=Op.RETRACT)])

    assert {(one.row.occurrence, one.before is None, one.after is None) for one in came} == {
        ("r1", True, False),
        ("", False, True),
    }
    assert {(one.row.occurrence, one.before is None, one.after is None) for one in went} == {
        ("r1", False, True),
        ("", True, False),
    }


# ---- moments that pass ---------------------------------------------------------------------------------------------

COMPARISONS: dict[str, Callable[[int, int], bool]] = {
    "<": lambda one, other: one < other,
    "<=": lambda one, other: one <= other,
    ">": lambda one, other: one > other,
    ">=": lambda one, other: one >= other,
    "==": lambda one, other: one == other,
    "!=": lambda one, other: one != other,
}
LINES: dict[str, Callable[[int], int]] = {
    "now": lambda now: now,
    "later": lambda now: now + 7,
    "earlier": lambda now: -5 + now,
    "less": lambda now: now - 3,
    "left": lambda now: 40 - now,
    "tripled": lambda now: now * 3 - 1,
    "thrice": lambda now: 2 * now,
    "negative": lambda now: -now,
}


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("sign", COMPARISONS)
def test_a_comparison_with_now_is_noted_until_just_when_it_turns(sign: str, line: str) -> None:
    for now in range(-4, 14):
        for other in (-9, 0, 3, 10, 12, 21):
            notes = Notes(now)
            said = COMPARISONS[sign](LINES[line](Ticking(now, 1, notes)), other)
            plain = [COMPARISONS[sign](LINES[line](moment), other) for moment in range(now, now + 60)]

            turns = next((now + step for step, one in enumerate(plain) if one is not plain[0]), None)

            assert said is plain[0]
            assert turns is None or notes.until <= turns
            if sign not in ("==", "!="):
                assert notes.until == (NEVER if turns is None else turns)


def test_two_moments_that_pass_together_never_turn() -> None:
    notes = Notes(5)
    now = Ticking(5, 1, notes)

    assert now + 3 > now
    assert type(now - now) is int
    assert notes.until == NEVER


def test_what_is_no_line_is_noted_as_turning_at_once() -> None:
    for work in (lambda now: now // 3, lambda now: now % 3, lambda now: 30 // now, lambda now: 30 % now):
        notes = Notes(10)
        assert work(Ticking(10, 1, notes)) == work(10)  # type: ignore[no-untyped-call]
        assert notes.until == 11
    notes = Notes(10)
    now = Ticking(10, 1, notes)
    assert now * now == 100
    assert notes.until == 11


def test_now_is_a_number_like_any_other() -> None:
    now = Ticking(0, 1, Notes(0))

    assert not now
    assert hash(Ticking(7, 1, Notes(7))) == hash(7)
    assert now != "0"
    assert {7: "seven"}[Ticking(7, 1, Notes(7))] == "seven"


# ---- the calendar --------------------------------------------------------------------------------------------------


def test_a_calendar_wakes_each_in_order_of_time_and_no_sooner() -> None:
    calendar: Calendar[str] = Calendar(0)
    times = {
        "now": 0,
        "soon": 5,
        "bucket": BUCKET,
        "later": 3 * BUCKET + 1,
        "far": (FEW + 9) * BUCKET,
        "never": NEVER,
    }
    for name, moment in reversed(times.items()):
        calendar.wake(name, moment)

    assert calendar.woken(4) == [(0, "now")]
    assert calendar.woken(BUCKET - 1) == [(5, "soon")]
    assert calendar.woken(3 * BUCKET) == [(BUCKET, "bucket")]
    calendar.wake("again", 3 * BUCKET)
    assert calendar.woken(3 * BUCKET + 1) == [(3 * BUCKET, "again"), (3 * BUCKET + 1, "later")]
    assert calendar.woken((FEW + 9) * BUCKET - 1) == []
    assert calendar.woken((FEW + 30) * BUCKET) == [((FEW + 9) * BUCKET, "far")]
    assert calendar.woken(NEVER) == []


def test_what_is_to_be_woken_at_one_moment_is_woken_in_the_order_in_which_it_came() -> None:
    calendar: Calendar[str] = Calendar(0)
    for name in ("one", "two", "three"):
        calendar.wake(name, 7 * BUCKET)

    assert [name for _, name in calendar.woken(8 * BUCKET)] == ["one", "two", "three"]


# ---- any agreement, any history ------------------------------------------------------------------------------------

STEPS = (0, 0, 1, SECOND, HOUR, DAY, 11 * DAY)


def play(what: Agreement, facts: Iterable[Fact], seed: int, **more: Any) -> None:  # noqa: ANN401  its options
    """Observe a history, as it became known or in any order, and compare with the reference at every step."""
    random = Random(seed)  # noqa: S311  nothing here is a secret
    ahead = list(facts)
    random.shuffle(ahead)
    as_known = random.random() < 0.5
    if as_known:
        ahead.sort(key=lambda one: one.known_at)
    first = min((one.known_at for one in ahead), default=strategies.START)
    watching = Watch(what, clock=first - random.choice((0, 1, HOUR)), **more)
    while ahead:
        batch = [ahead.pop(0) for _ in range(random.choice((1, 1, 1, 3))) if ahead]
        then = max(one.known_at for one in batch) if as_known else watching.clock + random.choice(STEPS)
        if then > watching.clock:
            watching.advance(random.randint(watching.clock, then))
            assert same(watching)
            watching.advance(max(watching.clock, then))
        watching.observe([*batch, *random.sample(batch, random.choice((0, 1)))])
        assert same(watching)
    for _ in range(3):
        watching.advance(watching.clock + random.choice(STEPS))
        assert same(watching)
    again = Watch.load(watching.dump(), what)
    assert again.rows() == watching.rows()
    assert again.dump() == watching.dump()


@GIVEN
@given(strategies.worlds(), st.integers(0, 1 << 30))
def test_every_row_is_that_of_the_reference_at_every_step(world: strategies.World, seed: int) -> None:
    play(world.agreement, world.facts, seed, proof=world.question.proof)


@pytest.mark.parametrize("seed", [*range(0, 60, 4), 90, 536, 539, 30032, 31003, 31005, 41004, 41092])
def test_every_row_of_a_drawn_world_is_that_of_the_reference(seed: int) -> None:
    world = generated.world(seed)

    play(world.agreement, world.facts, seed, proof=world.question.proof, audience=world.question.audience)


def told(changes: Iterable[Change], rows: dict[tuple[object, ...], Row]) -> None:
    """Carry changes into rows, each of which must be the row before."""
    for one in changes:
        if one.after is None:
            del rows[one.row.name]
        else:
            rows[one.after.name] = one.after


@pytest.mark.parametrize("seed", range(3, 40, 4))
def test_the_changes_told_lead_from_no_rows_to_those_of_the_end(seed: int) -> None:
    world = generated.world(seed)
    watching = Watch(world.agreement, clock=min((one.known_at for one in world.facts), default=0))
    rows = {row.name: row for row in watching.rows()}
    for one in sorted(world.facts, key=lambda one: one.known_at):
        told(watching.advance(max(watching.clock, one.known_at)), rows)
        told(watching.observe([one]), rows)

    shown = {name: (row.verdict, row.lifecycle, row.figure, row.rests_on) for name, row in rows.items()}
    assert shown == {row.name: (row.verdict, row.lifecycle, row.figure, row.rests_on) for row in watching.rows()}


def test_the_levels_are_what_the_rows_say() -> None:
    assert {row.proof for row in begun(HALT, proof=Proof.VERIFIED).rows()} == {Proof.VERIFIED}
    assert Tri.YES > Tri.MAYBE
