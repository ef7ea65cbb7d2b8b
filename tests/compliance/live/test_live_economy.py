"""What a revision or a passing moment does not touch is not judged again: why there is a live execution."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.compliance_small import TICK, agreement, at, clause, fact, halt, watch
from trucekeeper.compliance import conditions
from trucekeeper.compliance.kinds import achieve, maintain, prohibit, quota, respond
from trucekeeper.compliance.live import inquiry
from trucekeeper.compliance.watch import Watch
from trucekeeper.compliance.watching import covers
from trucekeeper.terms import Op, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from trucekeeper.agreement.agreement import Agreement
    from trucekeeper.terms import Fact

SINCE = "2031-03-02T00:00+02:00"
HALT = agreement(halt(by=["north", "south"], after=SINCE))
ANSWERED = {"to": {"fact": "allegation"}, "with": {"fact": "inspection"}, "within": "24h"}
ANSWER = agreement(clause("answer", "respond", by="north", **ANSWERED))
DAY = {"by": "north", "after": SINCE, "count": {"fact": "delivery"}, "at_least": 2}
FLOOR = {"by": "north", "after": SINCE, "measure": {"fact": "strength"}, "at_least": 5, "tolerance": "6h"}


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the names of what is judged from now on: acts, calls, lapses, the days of a quota, whole clauses."""
    names: list[str] = []

    def noting(module: object, name: str, of: Callable[..., str]) -> None:
        plain = getattr(module, name)

        def noted(*several: Any, **more: Any) -> object:  # noqa: ANN401  whatever the function takes
            names.append(of(*several))
            return plain(*several, **more)

        monkeypatch.setattr(module, name, noted)

    noting(prohibit, "judge", lambda _, act: act.fact.id)
    noting(respond, "judge", lambda _, call: call.fact.id)
    noting(maintain, "lapse", lambda _, one, *__: one.fact.id)
    noting(quota, "judge", lambda _, period: f"day {(period.start.earliest - at('1')) // at_a_day() + 1}")
    noting(achieve, "stands", lambda duty, *_: duty.clause.id)
    return names


def at_a_day() -> int:
    return at("2") - at("1")


def begun(what: Agreement, *facts: Fact, clock: str) -> Watch:
    made = Watch(what, clock=at(clock))
    made.observe(facts)
    return made


def attack(name: str, when: str, by: str = "north") -> Fact:
    return fact(name, "attack", when, by=by)


def call(name: str, when: str) -> Fact:
    return fact(name, "allegation", when)


def strong(name: str, when: str, count: int) -> Fact:
    return fact(name, "strength", when, by="north", count=count)


ACTS = tuple(attack(f"a{number}", f"3 {number:02}:00") for number in range(1, 9))
CALLS = tuple(call(f"r{day}", str(day)) for day in range(3, 9))


def test_one_more_act_is_judged_alone(judged: list[str]) -> None:
    watching = begun(HALT, *ACTS, clock="5")
    judged.clear()

    watching.observe([attack("a9", "4")])

    assert set(judged) == {"a9"}


def test_an_act_of_another_is_judged_under_no_clause_of_those_not_bound(judged: list[str]) -> None:
    watching = begun(agreement(halt(by="north", after=SINCE)), clock="5")

    watching.observe([attack("a1", "4", by="south")])
    watching.observe([attack("a2", "4", by="north")])

    assert set(judged) == {"a2"}


def test_a_correction_has_its_act_judged_anew_and_no_other(judged: list[str]) -> None:
    watching = begun(HALT, *ACTS, clock="5")
    judged.clear()

    watching.observe([replace(ACTS[3], rev=2, by="south")])

    assert set(judged) == {"a4"}


def test_a_retraction_has_nothing_judged(judged: list[str]) -> None:
    watching = begun(HALT, *ACTS, clock="5")
    judged.clear()

    watching.observe([replace(ACTS[3], rev=2, op=Op.RETRACT)])

    assert judged == []


def test_what_was_on_record_already_has_nothing_judged(judged: list[str]) -> None:
    watching = begun(HALT, *ACTS, clock="5")
    judged.clear()

    watching.observe(ACTS)

    assert judged == []


def test_a_permit_has_the_acts_it_may_excuse_judged_anew(judged: list[str]) -> None:
    permit = {"shown": {"fact": "waiver", "same": ["zone"]}, "within": "1h"}
    several = (
        fact("a1", "attack", "3 12:00", by="north", zone="valley"),
        fact("a2", "attack", "3 12:00", by="north", zone="harbour"),
        fact("a3", "attack", "3 20:00", by="north", zone="valley"),
        fact("a4", "attack", "3 11:00", by="north"),
    )
    watching = begun(agreement(halt(by="north", after=SINCE, excuse=permit)), *several, clock="5")
    judged.clear()

    watching.observe([fact("w1", "waiver", "3 11:30", zone="valley")])

    assert {"a1"} <= set(judged) <= {"a1", "a4"}


def test_an_answer_has_its_call_judged_anew_and_no_other(judged: list[str]) -> None:
    watching = begun(ANSWER, *CALLS, clock="9")
    judged.clear()

    watching.observe([fact("i1", "inspection", "4 12:00", by="north", of="r4")])

    assert set(judged) == {"r4"}


def test_a_deadline_that_passes_has_its_call_judged_anew_and_no_other(judged: list[str]) -> None:
    watching = begun(ANSWER, *CALLS, clock="8 12:00")
    judged.clear()

    early = watching.advance(at("9"))
    late = watching.advance(at("9") + TICK)

    assert (len(early), len(late)) == (0, 1)
    assert set(judged) == {"r8"}


def test_a_delivery_has_its_own_day_judged_anew_and_no_far_one(judged: list[str]) -> None:
    watching = begun(agreement(clause("day", "quota", **DAY)), clock="12 12:00")
    judged.clear()

    watching.observe([fact("d1", "delivery", "5 10:00", by="north", count=3)])

    assert {"day 5"} <= set(judged) <= {"day 4", "day 5", "day 6"}


def test_a_day_that_ends_is_judged_anew_and_so_is_the_next_that_begins(judged: list[str]) -> None:
    watching = begun(agreement(clause("day", "quota", **DAY)), clock="12 12:00")
    judged.clear()

    watching.advance(at("12 23:00"))
    none = list(judged)
    watching.advance(at("13"))

    assert none == []
    assert set(judged) == {"day 12", "day 13"}


def test_a_snapshot_has_the_lapses_that_it_may_mend_judged_anew(judged: list[str]) -> None:
    several = (strong("s1", "3", 4), strong("s2", "3 12:00", 4), strong("s3", "4", 4), strong("s4", "4 12:00", 4))
    watching = begun(agreement(clause("floor", "maintain", **FLOOR)), *several, clock="5")
    judged.clear()

    watching.observe([strong("s5", "3 15:00", 6)])

    assert set(judged) == {"s2"}


def test_a_clause_is_not_asked_again_for_what_only_another_looks_at(judged: list[str]) -> None:
    leave = clause("leave", "achieve", by="north", after=SINCE, within="72h", state={"fact": "access"})
    enter = clause("enter", "achieve", by="south", after=SINCE, within="96h", state={"fact": "deployment"})
    watching = begun(agreement(leave, enter), clock="3")
    judged.clear()

    watching.observe([fact("x1", "access", "3", by="north", of="leave")])
    first = set(judged)
    judged.clear()
    watching.observe([fact("m1", "movement", "3", by="north")])
    watching.advance(at("5 12:00"))
    still = set(judged)
    watching.advance(at("6") + TICK)

    assert first == {"leave"}
    assert "enter" not in still
    assert "enter" in judged


def test_a_plain_watch_that_reads_its_rows_judges_nothing(judged: list[str]) -> None:
    watching = begun(HALT, *ACTS, watch("c1", "1", "9"), clock="5")
    judged.clear()

    watching.rows()
    watching.advance(at("6"))
    watching.rows()

    assert judged == []


def test_a_day_that_was_quiet_is_not_looked_at_again_whatever_is_read_two_ways(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    days: list[str] = []
    plain = conditions._quiet_day  # noqa: SLF001  where a day is looked at

    def noted(inquiry: Any, condition: Any, binding: Any, day: date) -> object:  # noqa: ANN401  as they come
        days.append(str(day))
        return plain(inquiry, condition, binding, day)

    monkeypatch.setattr(conditions, "_quiet_day", noted)
    quiet = {"consecutive_days": 30, "without": {"fact": "attack"}}
    gate = clause("second", "phase", opens="stage-2", after=SINCE, when={"all": [quiet, {"holds": "its-word"}]})
    contest = fact("k1", "declaration", "3", by="north", of="its-word", finding="fails")
    watching = begun(agreement(gate), watch("c1", "1", "20"), contest, clock="9 12:00")
    first = set(days)
    days.clear()

    watching.advance(at("10"))

    assert len({row.reading for row in watching.rows()}) == 2
    assert len(first) == 7
    assert days == ["2031-03-09"]


def test_who_watched_is_asked_of_one_more_watch_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def noted(one: Any, watched: Fact, post: Any) -> object:  # noqa: ANN401  as they come
        asked.append(watched.id)
        return covers(one, watched, post)

    monkeypatch.setattr(inquiry, "covers", noted)
    leave = clause("leave", "achieve", by="north", after=SINCE, within="24h", state={"fact": "access"})
    several = [watch(f"c{day}", f"{day} 01:00", f"{day} 20:00", detects=("access",)) for day in (2, 3, 4)]
    watching = begun(agreement(leave), *several, clock="6")
    first = set(asked)
    asked.clear()

    watching.observe([watch("c9", "2", "9", detects=("access",))])

    assert first == {"c2", "c3", "c4"}
    assert set(asked) == {"c9"}
    assert [row.verdict for row in watching.rows()] == [Verdict.CONTRARY]


def test_acts_are_not_judged_again_for_a_suspension_by_who_may_not_suspend(judged: list[str]) -> None:
    pause = clause("pause", "power", by="north", may="suspend", of="all")
    watching = begun(agreement(halt(by="north", after=SINCE), pause), *ACTS, clock="5")
    judged.clear()

    watching.observe([fact("s1", "suspension", "4 12:00", by="south", of="halt")])

    assert judged == []


def test_each_act_and_call_is_judged_once_when_a_watch_begins(judged: list[str]) -> None:
    several = [begun(HALT, *ACTS, clock="5"), begun(ANSWER, *CALLS, clock="5")]
    states = [one.dump() for one in several]
    judged.clear()

    for state, one in zip(states, several, strict=True):
        Watch.load(state, one.agreement)

    assert len(judged) == len(set(judged))
