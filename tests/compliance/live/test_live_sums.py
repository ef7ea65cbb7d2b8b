"""What the live execution sums up or remembers is what the reference finds by looking at everything anew."""

from __future__ import annotations

from itertools import product
from random import Random
from typing import Any

import pytest

from tests.compliance_small import agreement, clause, fact, pattern, watch
from tests.generated import world
from trucekeeper.agreement.language import Watched
from trucekeeper.agreement.roles import roles
from trucekeeper.compliance.counting import ENDLESS_COUNT, What, Window, names_of, quantity
from trucekeeper.compliance.inquiry import Inquiry, Record, within
from trucekeeper.compliance.live.guards import Watchtower
from trucekeeper.compliance.live.remembering import Remembering
from trucekeeper.compliance.live.tallied import LONGEST, InWindow, Tallied
from trucekeeper.compliance.live.ticking import Notes
from trucekeeper.compliance.matching import Matcher, Meant
from trucekeeper.compliance.standing import judge_clause
from trucekeeper.compliance.watching import Post, enough, gaps_in
from trucekeeper.terms import NEVER, Fact, Interval, Moment, Proof, Span, Tri
from trucekeeper.terms.moments import HOUR

VALORIA = agreement(clause("a", "prohibit", act={"fact": "attack"}))
COUNT = pattern("delivery", by="north")


def _inquiry(now: Moment) -> Inquiry:
    return Inquiry(VALORIA, Record.of((), VALORIA, now), now, Proof.CORROBORATED, judge_clause)


def _interval(dice: Random, longest: int) -> Interval:
    start = dice.randrange(72) * HOUR // 2
    return Interval(start, start + dice.choice((0, 0, 0, 1, HOUR // 2, 3 * HOUR, LONGEST, LONGEST + 1, longest)))


def _delivery(dice: Random, number: int) -> Fact:
    said: dict[str, Any] = {"count": dice.randrange(1, 9)} if dice.random() < 0.8 else {}
    sure = Proof.CORROBORATED if dice.random() < 0.8 else Proof.ALLEGED
    said |= {"goods": dice.choice(("food", "fuel", "medicine"))} if dice.random() < 0.8 else {}
    said["by"] = dice.choice(("north", "north", "north", "south"))
    return fact(f"d{number}", "delivery", _interval(dice, 30 * HOUR), occurred=sure, **said)


def _bounds(facts: list[Fact], what: What, window: Window, now: Moment) -> tuple[int, int]:
    """Return the least and the most of a window by looking at every fact."""
    inquiry = _inquiry(now)
    inside: list[tuple[Fact, Tri]] = []
    for one in facts:
        if one.when.earliest <= now:
            tri = min(inquiry.matcher.match(COUNT, one, Meant()), within(one.when, window.start, window.end))
            inside.append((one, tri if one.when.latest <= now else min(tri, Tri.MAYBE)))
    inside = [(one, tri) for one, tri in inside if tri is not Tri.NO]
    if what.distinct is None:
        sums = [(quantity(inquiry, what, one), tri) for one, tri in inside]
        least = sum(amount.least for amount, tri in sums if tri is Tri.YES)
        return least, min(sum(amount.most for amount, _ in sums), ENDLESS_COUNT)
    names = [(names_of(one.field(what.distinct)), one, tri) for one, tri in inside]
    sure = frozenset[object]().union(*(several for several, _, tri in names if tri is Tri.YES))
    named = frozenset[object]().union(*(several for several, _, _ in names))
    nameless = [one.amount("count") for several, one, _ in names if not several]
    return len(sure), len(named) + sum(1 if amount is None else amount.most for amount in nameless)


@pytest.mark.parametrize("distinct", [None, "goods"])
@pytest.mark.parametrize("seed", range(25))
def test_sums_say_of_every_window_what_counting_one_by_one_says(seed: int, distinct: str | None) -> None:
    dice = Random(seed)  # noqa: S311  nothing here is a secret
    what = What((COUNT,), "count", distinct, "trucks", None, Watched())
    tallied = Tallied(_inquiry(0), what, Matcher(VALORIA, Proof.CORROBORATED), Meant())
    facts: list[Fact] = []

    for number in range(60):
        if facts and dice.random() < 0.3:
            gone = facts.pop(dice.randrange(len(facts)))
            tallied.change(gone, None)
        else:
            facts.append(_delivery(dice, number))
            tallied.change(None, facts[-1])
        window = Window(_interval(dice, 5 * HOUR), _interval(dice, 5 * HOUR))
        turns = [end for when in (window.start, window.end) for end in (when.earliest, when.latest)]
        now = dice.choice((dice.randrange(80) * HOUR // 2, dice.choice(turns) + dice.choice((-1, 0, 1))))

        assert tallied.inside(window, now, None) == _bounds(facts, what, window, now)
        ours = [one.when for one in facts if one.by == "north"]
        assert list(tallied.moments) == sorted({end for when in ours for end in (when.earliest, when.latest)})


@pytest.mark.parametrize("lasts", [LONGEST - 1, LONGEST, LONGEST + 1])
def test_what_lasts_across_a_window_is_counted_whichever_way_round_its_ends_are(lasts: int) -> None:
    what = What((COUNT,), "count", None, "trucks", None, Watched())
    tallied = Tallied(_inquiry(0), what, Matcher(VALORIA, Proof.CORROBORATED), Meant())
    event = fact("d1", "delivery", Interval(10 * HOUR, 10 * HOUR + lasts), by="north", count=4)
    tallied.change(None, event)
    ends = [end + shift for end in (event.when.earliest, event.when.latest) for shift in (-1, 0, 1)]

    for start, end in product(ends, ends):
        window = Window(Interval.at(start), Interval.at(end))
        for now in (end, NEVER - 1):
            assert tallied.inside(window, now, None) == _bounds([event], what, window, now)


def test_after_a_moment_those_count_that_certainly_came_later_in_the_window() -> None:
    what = What((COUNT,), "count", None, "trucks", None, Watched())
    tallied = Tallied(_inquiry(0), what, Matcher(VALORIA, Proof.CORROBORATED), Meant())
    times = [Interval.at(moment) for moment in range(90, 111)] + [Interval(97, 103), Interval(104, 109)]
    for number, when in enumerate(times):
        tallied.change(None, fact(f"d{number}", "delivery", when, by="north", count=1 << number))
    window = Window(Interval(95, 96), Interval.at(108))
    inside = InWindow(tallied, window, NEVER - 1, None)

    for moment in range(88, 115):
        later = [when.earliest > moment and when.earliest >= 96 and when.latest <= 108 for when in times]
        assert inside.least_after(moment) == sum(1 << number for number, counts in enumerate(later) if counts)


@pytest.mark.parametrize("seed", range(25))
def test_who_counts_a_window_is_told_of_every_event_that_changes_its_count(seed: int) -> None:
    dice = Random(seed)  # noqa: S311  nothing here is a secret
    what = What((COUNT,), "count", None, "trucks", None, Watched())
    tallied = Tallied(_inquiry(0), what, Matcher(VALORIA, Proof.CORROBORATED), Meant())
    windows = [Window(Interval.at(start * HOUR), Interval.at((start + 9) * HOUR)) for start in range(0, 40, 4)]
    notes = [Notes(NEVER) for _ in windows]
    for window, note in zip(windows, notes, strict=True):
        tallied.read(window, note)

    for number in range(40):
        before = [tallied.inside(window, NEVER, None) for window in windows]
        told = set(tallied.change(None, _delivery(dice, number)))
        for window, note, was in zip(windows, notes, before, strict=True):
            assert tallied.inside(window, NEVER, None) == was or note.read & told


class _Everybody:
    """Says of every part of the record that somebody reads it."""

    def __contains__(self, key: object) -> bool:
        return True


@pytest.mark.parametrize("at_least", ["100%", "60%", "unstated"])
@pytest.mark.parametrize("seed", range(25))
def test_who_asks_whether_a_span_was_watched_is_told_when_the_answer_changes(seed: int, at_least: str) -> None:
    dice = Random(seed)  # noqa: S311  nothing here is a secret
    needs = Watched(at_least=at_least)
    surely: dict[str, Tri] = {}
    tower = Watchtower(Post("attack", None, (), needs), lambda one: surely[one.id])
    guard = tower.guard(None)
    spans = [Span(start * HOUR, (start + dice.randrange(30)) * HOUR) for start in range(0, 90, 7)]
    facts: list[Fact] = []
    now = 200 * HOUR
    said: dict[Span, tuple[Tri, Notes]] = {}

    for number in range(40):
        gone, came = None, None
        if facts and dice.random() < 0.25:
            gone = facts.pop(dice.randrange(len(facts)))
        else:
            start = dice.randrange(100) * HOUR
            came = watch(f"w{number}", start, start + dice.randrange(20) * HOUR)
            surely[came.id] = dice.choice((Tri.NO, Tri.MAYBE, Tri.YES, Tri.YES))
            facts.append(came)
        told = set(tower.change(gone, came, now=now, readers=_Everybody()))
        covering = [(one.span, surely[one.id]) for one in facts if one.span is not None]
        for span in spans:
            sure = gaps_in(span, (one for one, tri in covering if tri is Tri.YES))
            maybe = gaps_in(span, (one for one, tri in covering if tri is not Tri.NO))
            some = any(tri is not Tri.NO for _, tri in covering)
            right = Tri.of(
                certain=enough(sure, span, needs), possible=some and enough(maybe, span, needs, possible=True)
            )
            if span in said and not said[span][1].read & told:
                assert said[span][0] is right
            notes = Notes(now)
            said[span] = (guard.answer(span, now, notes).tri, notes)
            assert said[span][0] is right


@pytest.mark.parametrize("seed", range(30))
def test_a_remembered_match_is_the_one_that_the_reference_finds(seed: int) -> None:
    one = world(seed)
    plain = Matcher(one.agreement, Proof.CORROBORATED)
    remembering = Remembering(one.agreement, Proof.CORROBORATED, {}, timeless=False)
    worded = [clause_ for history in one.agreement.clauses.values() for clause_ in history.all()]
    found = [role.pattern for clause_ in worded for role in roles(clause_)]
    patterns = [
        it for it in found if "sector" not in (*it.in_, *it.outside)
    ]  # a member of a set, that is not bound here
    means = [Meant(), Meant(by=("north",)), Meant(binding=(("unit", "n1"),)), Meant(about=("a", "b"))]

    for pattern_ in patterns:
        for meant in means:
            for said in one.facts:
                assert remembering.match(pattern_, said, meant) is plain.match(pattern_, said, meant)
                assert remembering.subject(pattern_, said, meant) is plain.subject(pattern_, said, meant)
