"""When: what each phrase for a moment promises, at its edges."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from tests.compliance_small import (
    APPROVAL,
    TICK,
    agreement,
    amendment,
    asked,
    at,
    between,
    clause,
    fact,
    halt,
    said,
)
from trucekeeper.agreement.phrases import Anchor, parse_when
from trucekeeper.compliance import timing
from trucekeeper.compliance.timing import ALWAYS, ENDLESS, Occurrence, moment_of
from trucekeeper.terms import DAWN, NEVER, Fact, Interval, Op, Proof, Tri
from trucekeeper.terms.moments import DAY, HOUR
from trucekeeper.terms.moments import moment_of as moment_of_date

if TYPE_CHECKING:
    from trucekeeper.agreement.agreement import Agreement
    from trucekeeper.compliance.grounds import Binding

TWO = {"approval": {"shown_by": {"fact": "decision"}}, "exchange": {"shown_by": {"fact": "signature"}}}


def ask(
    phrase: object,
    facts: list[Fact] | None = None,
    *,
    events: dict[str, Any] | None = None,
    as_of: str | int = "31",
    **more: Any,  # noqa: ANN401  the rest of the agreement
) -> Occurrence:
    text = agreement(halt(), events=APPROVAL if events is None else events, **more)
    return moment_of(asked(text, facts or [], as_of), parse_when(phrase))


def approved(name: str, when: Any, **more: Any) -> Fact:  # noqa: ANN401  a time, and the rest of a fact
    return fact(name, "decision", when, of="approval", **more)


def exchanged(name: str, when: Any, **more: Any) -> Fact:  # noqa: ANN401  a time, and the rest of a fact
    return fact(name, "signature", when, of="exchange", **more)


# ---- moments that the text gives, and named events -----------------------------------------------------------------


def test_a_moment_that_the_text_gives_is_certain() -> None:
    found = ask("2031-03-04T12:00+02:00")

    assert (found.tri, found.when) == (Tri.YES, between("4 12:00", "4 12:00"))
    assert found.ground.says == "the text gives 2031-03-04 12:00+02:00"


def test_the_end_of_a_civil_day_is_its_last_microsecond() -> None:
    assert ask("end of 2031-03-04").when == between(at("5") - TICK, at("5") - TICK)


def test_an_event_without_a_fact_has_not_happened() -> None:
    found = ask("approval")

    assert (found.tri, found.when) == (Tri.NO, None)
    assert found.begun(NEVER) is Tri.NO
    assert found.ground.says == "approval: no fact on record says that or when it happened"


def test_an_event_has_happened_from_its_own_instant_on() -> None:
    found = ask("approval", [approved("a", "1 12:00")])

    assert (found.tri, found.when) == (Tri.YES, between("1 12:00", "1 12:00"))
    assert [found.begun(at("1 12:00") + late) for late in (-TICK, 0, TICK)] == [Tri.NO, Tri.YES, Tri.YES]
    assert found.ground.says == "approval: 2031-03-01 12:00+02:00"


def test_rival_times_of_one_event_are_one_interval() -> None:
    found = ask("approval", [approved("a", "1 12:00"), approved("b", "2 12:00")])

    assert (found.tri, found.when) == (Tri.YES, between("1 12:00", "2 12:00"))
    assert [found.begun(at(day)) for day in ("1", "2", "3")] == [Tri.NO, Tri.MAYBE, Tri.YES]
    assert found.ground.says.endswith(" (rival times on record)")


def test_two_facts_of_one_time_are_no_rivals() -> None:
    found = ask("approval", [approved("a", "1 12:00"), approved("b", "1 12:00")])

    assert "rival" not in found.ground.says
    assert found.ground.facts == ("a", "b")


def test_a_certain_time_of_an_event_counts_alone_against_possible_ones() -> None:
    alleged = approved("a", "1 12:00", occurred=Proof.ALLEGED)
    found = ask("approval", [alleged, approved("b", "2 12:00")])

    assert (found.tri, found.when) == (Tri.YES, between("2 12:00", "2 12:00"))
    assert "below" not in found.ground.says


def test_an_event_that_is_only_alleged_has_possibly_happened() -> None:
    found = ask("approval", [approved("a", "1 12:00", occurred=Proof.ALLEGED)])

    assert (found.tri, found.when) == (Tri.MAYBE, between("1 12:00", "1 12:00"))
    assert found.ground.says.endswith(", below the asked proof or not certainly this")


def test_a_fact_of_another_event_shows_nothing() -> None:
    assert ask("approval", [fact("x", "decision", "1", of="budget")]).tri is Tri.NO


def test_an_event_at_an_unstated_time_has_happened_nobody_knows_when() -> None:
    events = {"approval": {"shown_by": {"fact": "decision"}, "at": "unstated", "cite": "art. 9"}}

    silent = ask("approval", events=events)
    alleged = ask("approval", [approved("a", "1", occurred=Proof.ALLEGED)], events=events)
    shown = ask("approval", [approved("a", "1")], events=events)

    assert (silent.tri, silent.when, silent.ground.cite) == (Tri.MAYBE, Interval(DAWN, NEVER), "art. 9")
    assert alleged.when == shown.when == between("1", "1")
    assert (alleged.tri, shown.tri) == (Tri.MAYBE, Tri.YES)


def test_an_event_without_stated_time_that_nothing_could_show_is_not_known_to_have_happened() -> None:
    assert ask("approval", events={"approval": {"shown_by": {"fact": "decision"}}}).tri is Tri.NO


def test_an_event_may_be_reckoned_from_another() -> None:
    events = {**APPROVAL, "entry": {"at": "24h after approval", "cite": "art. 9"}}
    found = ask("entry", [approved("a", "1 12:00")], events=events)

    assert (found.tri, found.when) == (Tri.YES, between("2 12:00", "2 12:00"))
    assert (found.ground.says, found.ground.cite) == ("entry", "art. 9")
    assert ask("entry", events=events).when is None


def test_a_defined_date_is_the_moment_of_its_name() -> None:
    text = agreement(halt(), clause("d-day", "define", date="2031-03-05T06:00+02:00"))

    assert moment_of(asked(text), Anchor("d-day")).when == between("5 06:00", "5 06:00")


def test_an_agreement_that_does_not_say_from_when_is_in_force_always() -> None:
    found = moment_of(asked(agreement(halt())), Anchor("in_force"))

    assert (found.tri, found.when, found.ground.says) == (Tri.YES, ALWAYS, "in force always")
    assert (Interval(DAWN, DAWN), Interval(NEVER, NEVER)) == (ALWAYS, ENDLESS)


def test_an_agreement_is_in_force_from_the_moment_it_says() -> None:
    text = agreement(halt(), events=APPROVAL, in_force="24h after approval")

    assert moment_of(asked(text, [approved("a", "1")]), Anchor("in_force")).when == between("2", "2")
    assert moment_of(asked(text), Anchor("in_force")).tri is Tri.NO


def test_an_event_of_each_member_is_shown_by_facts_of_that_member() -> None:
    events = {"entry": {"shown_by": {"fact": "movement"}, "per": "units"}}
    units = clause("units", "define", list=["n1", "n2"])
    text = agreement(halt(after="entry", each={"unit": "units"}), units, events=events)
    inquiry = asked(text, [fact("m", "movement", "3", unit="n1")])

    def of(unit: str) -> Tri:
        return moment_of(inquiry, Anchor("entry"), (("unit", unit),)).tri

    assert (of("n1"), of("n2")) == (Tri.YES, Tri.NO)


def test_an_event_of_all_is_shown_whatever_member_a_fact_names() -> None:
    events = {"entry": {"shown_by": {"fact": "movement"}}}
    text = agreement(halt(after="entry", each={"unit": {"of": "north"}}), events=events)
    inquiry = asked(text, [fact("m", "movement", "3", unit="n1")])

    assert moment_of(inquiry, Anchor("entry"), (("unit", "n2"),)).tri is Tri.YES


# ---- before and after ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("phrase", "day", "says"),
    [
        ("96h after approval", "8", "4 days after"),
        ("96h before approval", at("1") - DAY, "4 days before"),
        ("0h after approval", "4", "0 microseconds after"),
    ],
)
def test_an_offset_moves_both_ends_of_its_event(phrase: str, day: str | int, says: str) -> None:
    found = ask(phrase, [approved("a", (at("4"), at("4") + HOUR))])

    assert (found.tri, found.when) == (Tri.YES, Interval(at(day), at(day) + HOUR))
    assert said(found.ground)[0] == says


def test_an_offset_from_what_has_not_happened_has_no_time() -> None:
    assert ask("48h after approval").when is None


def test_an_offset_from_an_unknown_time_stays_unknown() -> None:
    events = {"approval": {"shown_by": {"fact": "decision"}, "at": "unstated"}}

    assert ask("48h after approval", events=events).when == Interval(DAWN, NEVER)


# ---- the first and the last of several -----------------------------------------------------------------------------


def test_the_last_of_two_is_the_later() -> None:
    facts = [approved("a", ("1", "4")), exchanged("b", ("2", "3"))]
    found = ask({"last_of": ["approval", "exchange"]}, facts, events=TWO)

    assert (found.tri, found.when) == (Tri.YES, between("2", "4"))
    assert found.ground.says == "the last of these"
    assert len(found.ground.of) == 2


def test_the_last_of_two_waits_for_both() -> None:
    found = ask({"last_of": ["approval", "exchange"]}, [approved("a", "1")], events=TWO)

    assert (found.tri, found.when) == (Tri.NO, None)


def test_the_last_of_two_is_in_doubt_if_one_is() -> None:
    facts = [approved("a", "1"), exchanged("b", "2", occurred=Proof.ALLEGED)]
    found = ask({"last_of": ["approval", "exchange"]}, facts, events=TWO)

    assert (found.tri, found.when) == (Tri.MAYBE, between("2", "2"))


def test_the_first_of_two_is_the_earlier() -> None:
    facts = [approved("a", ("1", "4")), exchanged("b", ("2", "3"))]
    found = ask({"first_of": ["approval", "exchange"]}, facts, events=TWO)

    assert (found.tri, found.when) == (Tri.YES, between("1", "3"))
    assert found.ground.says == "the first of these"


def test_the_first_of_two_needs_only_one() -> None:
    found = ask({"first_of": ["approval", "exchange"]}, [exchanged("b", "2")], events=TWO)

    assert (found.tri, found.when) == (Tri.YES, between("2", "2"))


def test_the_first_of_two_is_no_later_than_the_certain_one() -> None:
    facts = [approved("a", "1", occurred=Proof.ALLEGED), exchanged("b", "2")]
    earlier = ask({"first_of": ["approval", "exchange"]}, facts, events=TWO)
    later = ask(
        {"first_of": ["approval", "exchange"]}, [facts[1], approved("a", "3", occurred=Proof.ALLEGED)], events=TWO
    )

    assert (earlier.tri, earlier.when) == (Tri.YES, between("1", "2"))
    assert (later.tri, later.when) == (Tri.YES, between("2", "2"))


def test_the_first_of_two_possible_ones_may_be_either() -> None:
    facts = [
        approved("a", "1", occurred=Proof.ALLEGED),
        exchanged("b", "2", occurred=Proof.ALLEGED),
    ]
    found = ask({"first_of": ["approval", "exchange"]}, facts, events=TWO)

    assert (found.tri, found.when) == (Tri.MAYBE, between("1", "2"))


def test_the_first_of_nothing_has_no_time() -> None:
    found = ask({"first_of": ["approval", "exchange"]}, events=TWO)

    assert (found.tri, found.when) == (Tri.NO, None)


# ---- the next weekday ----------------------------------------------------------------------------------------------

MONDAY_NOON = {"next": "monday", "at": "12:00", "after": "approval"}


@pytest.mark.parametrize(
    ("approval", "monday"),
    [
        (at("3 12:00") - TICK, "3 12:00"),  # the 3rd of March 2031 is a Monday
        ("3 12:00", "3 12:00"),
        (at("3 12:00") + TICK, "10 12:00"),
        ("2 23:59", "3 12:00"),
        ("4 00:00", "10 12:00"),
        ("9 12:00", "10 12:00"),
    ],
)
def test_the_next_monday_noon_is_the_first_at_or_after_the_event(approval: str | int, monday: str) -> None:
    found = ask(MONDAY_NOON, [approved("a", approval)])

    assert (found.tri, found.when) == (Tri.YES, between(monday, monday))
    assert found.ground.says == "the next such weekday after"


def test_both_ends_of_an_uncertain_event_have_their_own_next_weekday() -> None:
    assert ask(MONDAY_NOON, [approved("a", ("3", "4"))]).when == between("3 12:00", "10 12:00")


def test_noon_of_the_sunday_on_which_the_clocks_go_forward_comes_an_hour_sooner() -> None:
    sunday = {"next": "sunday", "at": "12:00", "after": "approval"}

    found = ask(sunday, [approved("a", "27")])
    week_after = ask(sunday, [approved("a", at("30 11:00") + TICK)])

    assert found.when == between("30 11:00", "30 11:00")
    assert week_after.when == Interval.at(at("30 11:00") + 7 * DAY)


def test_the_next_weekday_after_an_unknown_time_is_unknown() -> None:
    events = {"approval": {"shown_by": {"fact": "decision"}, "at": "unstated"}}

    assert ask(MONDAY_NOON, events=events).when == Interval(DAWN, NEVER)
    assert ask(MONDAY_NOON).when is None


# ---- planned events ------------------------------------------------------------------------------------------------

PLANNED = {"approval": {"shown_by": {"fact": "decision"}, "planned": True}}


def plan(name: str, when: Any, **more: Any) -> Fact:  # noqa: ANN401  a time, and the rest of a fact
    return fact(name, "schedule", when, **{"of": "approval", "learned_at": at("1"), **more})


def planned(*facts: Fact, as_of: str | int = "2") -> Occurrence:
    return ask("approval", list(facts), events=PLANNED, as_of=as_of)


def test_a_planned_event_happens_when_it_is_planned() -> None:
    found = planned(plan("p", "9"))

    assert (found.tri, found.when) == (Tri.YES, between("9", "9"))
    assert found.ground.says == "approval: planned for 2031-03-09 00:00+02:00"
    assert found.ground.facts == ("p",)


def test_a_plan_is_no_proof_once_its_time_is_here() -> None:
    found = [planned(plan("p", "9 12:00"), as_of=at("9 12:00") + late).tri for late in (-TICK, 0, TICK)]

    assert found == [Tri.YES, Tri.MAYBE, Tri.MAYBE]


def test_an_event_that_certainly_happened_needs_no_plan() -> None:
    found = planned(plan("p", "9"), approved("a", "3"), as_of="4")

    assert (found.tri, found.when) == (Tri.YES, between("3", "3"))


def test_an_event_that_may_have_happened_already_lies_between_that_and_its_plan() -> None:
    found = planned(plan("p", "9"), approved("a", "3", occurred=Proof.ALLEGED), as_of="4")

    assert found.when == between("3", "9")


def test_two_plans_are_rivals() -> None:
    assert planned(plan("p", "9"), plan("q", ("8", "8 12:00"))).when == between("8", "9")


def test_a_plan_that_is_only_alleged_makes_its_time_possible() -> None:
    found = planned(plan("p", "9", occurred=Proof.ALLEGED))

    assert (found.tri, found.when) == (Tri.MAYBE, between("9", "9"))


def test_an_alleged_plan_does_not_count_beside_a_certain_one() -> None:
    found = planned(plan("p", "9", occurred=Proof.ALLEGED), plan("q", "8"))

    assert (found.tri, found.when, found.ground.facts) == (Tri.YES, between("8", "8"), ("q", "p"))


def test_a_redacted_plan_is_only_possible() -> None:
    assert planned(plan("p", "9", op=Op.REDACT)).tri is Tri.MAYBE


def test_a_refuted_plan_is_none() -> None:
    assert planned(plan("p", "9", occurred=Proof.REFUTED)).when is None


def test_a_plan_of_something_else_is_no_plan_of_this() -> None:
    assert planned(plan("p", "9", of="ceremony")).when is None


# ---- terms that renew themselves -----------------------------------------------------------------------------------


def term(
    *facts: Fact,
    as_of: str | int,
    every: object = "168h",
    notice: object = "48h",
    first: str = "2031-03-08T12:00+02:00",
) -> Occurrence:
    renews = {"first_ends": first, "every": every, "unless": {"fact": "notice"}, "notice": notice}
    events = {**APPROVAL, "expiry": {"renews": renews}}
    return ask("expiry", list(facts), events=events, as_of=as_of)


def notice(name: str, when: Any, **more: Any) -> Fact:  # noqa: ANN401  a time, and the rest of a fact
    return fact(name, "notice", when, of="expiry", **more)


def test_a_term_renews_itself_at_the_instant_of_its_end() -> None:
    found = [term(as_of=at("8 12:00") + late).when for late in (-TICK, 0)]

    assert found == [between("8 12:00", "8 12:00"), between("15 12:00", "15 12:00")]


def test_a_term_renews_itself_again_and_again() -> None:
    found = term(as_of="22 12:00")

    assert (found.tri, found.when) == (Tri.YES, between("29 12:00", "29 12:00"))
    assert found.ground.says == "expiry: the term that runs ends 2031-03-29 12:00+02:00"


def test_notice_at_the_last_moment_ends_the_term() -> None:
    found = term(notice("n", "6 12:00"), as_of="9")

    assert (found.when, found.ground.facts) == (between("8 12:00", "8 12:00"), ("n",))


def test_notice_a_microsecond_late_ends_only_the_next_term() -> None:
    assert term(notice("n", at("6 12:00") + TICK), as_of="30").when == between("15 12:00", "15 12:00")


def test_a_notice_that_may_have_been_in_time_leaves_both_ends_possible() -> None:
    late = (at("6 12:00"), at("6 12:00") + TICK)

    assert term(notice("n", late), as_of="30").when == between("8 12:00", "15 12:00")


def test_a_term_with_an_alleged_notice_may_still_run_after_many_renewals() -> None:
    alleged = notice("n", "2", occurred=Proof.ALLEGED)

    assert term(alleged, as_of="23").when == between("8 12:00", "29 12:00")


def test_a_term_whose_end_is_uncertain_may_not_have_been_renewed_yet() -> None:
    found = term(approved("a", ("1", "2")), as_of="2 12:00", first="24h after approval")

    assert found.when == between("2", "10")


def test_notice_in_time_for_the_later_of_two_possible_ends_may_end_the_term() -> None:
    facts = [approved("a", ("1", "2")), notice("n", "3 12:00")]

    found = term(*facts, as_of="30", first="96h after approval")

    assert found.when == between("5", "13")


def test_a_term_that_hangs_on_what_has_not_happened_ends_at_no_known_time() -> None:
    found = term(as_of="9", first="24h after approval")

    assert found.when is None
    assert found.ground.says == "expiry: the term that runs ends at no known time"


def test_a_term_of_civil_days_ends_at_the_same_time_of_day_though_the_clocks_change() -> None:
    found = term(as_of="26", every={"days": 7, "first_day": "excluded"}, first="2031-03-25T12:00+02:00")

    assert found.when == Interval.at(at("25 12:00") + 7 * DAY - HOUR)


def test_a_term_of_months_ends_on_the_same_day_of_the_month() -> None:
    found = term(as_of="9", every={"months": 6})

    assert found.when == Interval.at(moment_of_date(datetime(2031, 9, 8, 9, tzinfo=UTC)))


def test_notice_of_civil_days_is_counted_back_by_the_calendar() -> None:
    sunday_noon = {"every": {"months": 1}, "notice": {"days": 2, "first_day": "excluded"}}
    first = "2031-03-31T12:00+03:00"  # the clocks went forward the day before
    end = at("31 11:00")

    in_time = term(notice("n", end - 2 * DAY + HOUR), as_of=end, first=first, **sunday_noon)
    late = term(notice("n", end - 2 * DAY + HOUR + TICK), as_of=end, first=first, **sunday_noon)

    assert in_time.when == Interval.at(end)
    assert late.when == Interval.at(moment_of_date(datetime(2031, 4, 30, 9, tzinfo=UTC)))


def test_notice_of_a_month_is_counted_back_by_the_calendar() -> None:
    months: dict[str, Any] = {"every": {"months": 1}, "notice": {"months": 1}, "first": "2031-04-08T12:00+03:00"}
    end = moment_of_date(datetime(2031, 4, 8, 9, tzinfo=UTC))

    assert term(notice("n", "8 12:00"), as_of=end, **months).when == Interval.at(end)
    assert term(notice("n", at("8 12:00") + TICK), as_of=end, **months).when != Interval.at(end)


def test_a_daily_term_is_renewed_for_as_many_years_as_there_are() -> None:
    assert timing.MOST_RENEWALS > 300 * 365

    five_years_on = at("8 12:00") + 5 * 365 * DAY
    assert term(as_of=five_years_on, every="24h").when == Interval.at(five_years_on + DAY)


def test_a_term_renewed_beyond_all_counting_ends_at_no_known_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timing, "MOST_RENEWALS", 3)

    assert term(as_of="8 12:02", every="1m").when == between("8 12:03", "8 12:03")
    assert term(as_of="8 12:03", every="1m").when == Interval(at("8 12:03"), NEVER)


def test_the_end_of_a_term_at_an_unknown_time_stays_unknown() -> None:
    events: dict[str, Any] = {"approval": {"shown_by": {"fact": "decision"}, "at": "unstated"}}
    for every in ("168h", {"days": 7, "first_day": "excluded"}):
        renews = {"first_ends": "approval", "every": every, "unless": {"fact": "notice"}, "notice": "48h"}
        found = ask("expiry", events={**events, "expiry": {"renews": renews}})

        assert found.when == Interval(DAWN, NEVER)


# ---- clauses and phases --------------------------------------------------------------------------------------------

OUT = clause("out", "achieve", by="north", within="96h", after="approval", shown_by={"fact": "declaration"})


def met(
    text: Agreement, facts: list[Fact], name: str, binding: Binding = (), *, proof: Proof = Proof.CORROBORATED
) -> Occurrence:
    return moment_of(asked(text, [approved("a", "1"), *facts], proof=proof), Anchor(name), binding)


def declared(name: str, when: Any, **more: Any) -> Fact:  # noqa: ANN401  a time, and the rest of a fact
    return fact(name, "declaration", when, of="out", **more)


def test_a_clause_that_may_be_met_may_be_met_when_it_may_have_been_shown() -> None:
    text = agreement(OUT, halt(after="out"), events=APPROVAL)
    found = met(text, [declared("d", ("2", "3"), occurred=Proof.ALLEGED)], "out")

    assert (found.tri, found.when) == (Tri.MAYBE, between("2", "3"))
    assert found.ground.says == "out: may be reached (judged at corroborated)"


def test_what_waits_for_a_clause_waits_until_it_is_met() -> None:
    text = agreement(OUT, halt(after="out"), events=APPROVAL)

    found = met(text, [declared("d", ("2", "3"))], "out")

    assert (found.tri, found.when) == (Tri.YES, between("2", "3"))
    assert found.ground.says == "out: reached (judged at corroborated)"
    assert met(text, [], "out").tri is Tri.NO


def test_a_clause_is_read_at_corroborated_whoever_asks() -> None:
    text = agreement(OUT, halt(after="out"), events=APPROVAL)
    alleged = declared("d", "2", occurred=Proof.ALLEGED, who=Proof.ALLEGED)

    assert met(text, [alleged], "out", proof=Proof.ALLEGED).tri is Tri.MAYBE
    assert met(text, [declared("d", "2")], "out", proof=Proof.VERIFIED).tri is Tri.YES


def test_a_phase_opens_by_the_name_of_what_it_opens() -> None:
    gate = clause("gate", "phase", opens="stage-two", when={"happened": {"fact": "access"}})
    text = agreement(gate, halt(after="stage-two"), events=APPROVAL)

    found = met(text, [fact("x", "access", "5")], "stage-two")

    assert (found.tri, found.when) == (Tri.YES, between("5", "5"))
    assert met(text, [], "stage-two").when is None


def test_a_phase_that_is_open_since_nobody_knows_when_is_open() -> None:
    gate = clause("gate", "phase", opens="stage-two", when={"holds": "the-truce"})
    found = met(agreement(gate, halt(after="stage-two"), events=APPROVAL), [], "stage-two")

    assert (found.tri, found.when) == (Tri.YES, Interval(DAWN, at("31")))
    assert found.begun(at("31")) is Tri.YES


def test_a_clause_of_several_members_is_met_when_the_last_is() -> None:
    out = {**OUT, "each": {"unit": {"of": "north"}}}
    text = agreement(out, halt(after="out"), events=APPROVAL)
    facts = [declared("d", ("2", "3"), unit="n1"), declared("e", ("1 12:00", "4"), unit="n2")]

    assert met(text, facts, "out").when == between("2", "4")
    assert met(text, facts[:1], "out").tri is Tri.NO


def test_a_clause_waits_only_for_the_member_that_it_shares() -> None:
    out = {**OUT, "each": {"unit": {"of": "north"}}}
    text = agreement(out, halt(after="out", each={"unit": {"of": "north"}}), events=APPROVAL)
    facts = [declared("d", "2", unit="n1")]

    assert met(text, facts, "out", (("unit", "n1"),)).tri is Tri.YES
    assert met(text, facts, "out", (("unit", "n2"),)).tri is Tri.NO
    assert met(text, facts, "out", (("sector", "east"), ("unit", "n1"))).tri is Tri.YES


def test_a_clause_that_no_text_in_force_has_may_be_met() -> None:
    later = amendment("later", "20", OUT)
    text = agreement(halt(), events=APPROVAL, amendments=[later])
    inquiry = asked(text, [approved("a", "1"), declared("d", "2")], "10")

    found = moment_of(inquiry, Anchor("out"))

    assert (found.tri, found.when, found.begun(at("10"))) == (Tri.MAYBE, Interval(DAWN, NEVER), Tri.MAYBE)


def test_one_event_is_worked_out_once_for_each_member() -> None:
    text = agreement(halt(), events=APPROVAL)
    inquiry = asked(text, [approved("a", "1")])

    assert moment_of(inquiry, Anchor("approval")) is moment_of(inquiry, Anchor("approval"))
