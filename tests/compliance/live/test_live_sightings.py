"""On which snapshots a deadline turns: however they came and went, what the reference says of those on record."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

import pytest

from tests.compliance_small import agreement, at, fact, halt, pattern
from trucekeeper.compliance.grounds import Ground
from trucekeeper.compliance.inquiry import Inquiry, Record
from trucekeeper.compliance.kinds import achieve
from trucekeeper.compliance.live.book import Book
from trucekeeper.compliance.live.sightings import Sightings
from trucekeeper.compliance.live.ticking import Notes
from trucekeeper.compliance.matching import Matcher, Meant
from trucekeeper.compliance.standing import judge_clause
from trucekeeper.terms import DAWN, NEVER, Fact, Interval, Moment, Place, Proof, Tri

if TYPE_CHECKING:
    from collections.abc import Mapping

TEXT = agreement(halt())
GONE, MEANT = pattern("deployment", side="west of agreed-line"), Meant(by=("north",))
WEST, EAST = Place.of(lat="0.1", lon="-30.2", within_m=0), Place.of(lat="0.1", lon="-29.8", within_m=0)
DUE = at("5")
Outcome = tuple[object, ...]


@dataclass(frozen=True)
class Deadline:
    """When something is due, how long a snapshot shows it, and until when any matters."""

    due: Interval | None
    stale_after: int | None = None
    until: Moment | None = None

    def outcome(self, facts: Mapping[str, Fact], now: Moment) -> Outcome:
        """Return what the reference says of the snapshots on record."""
        by = now if self.until is None else min(self.until, now)
        inquiry = Inquiry(TEXT, Record.of(facts.values(), TEXT, NEVER), by, Proof.CORROBORATED, judge_clause)
        showing = inquiry.find(GONE, MEANT)
        subjects = inquiry.find(GONE, MEANT, subject_only=True)
        denying = [one for one in subjects if inquiry.matcher.predicate(GONE, one.fact, MEANT) is Tri.NO]
        evidence = achieve.Evidence(GONE, self.stale_after, ours=True)
        looks = achieve._OneByOne(showing, denying, evidence, True, Ground(""))  # noqa: FBT003, SLF001  the reference
        if self.due is None:
            return looks.reached, looks.first, bool(looks.ids)
        again = looks.since(self.due.earliest)
        return looks.in_time(self.due), looks.reached, looks.first, again.reached, again.first, bool(looks.ids)


DEADLINES = [
    Deadline(Interval.at(DUE)),
    Deadline(Interval(DUE - 1, DUE + 2)),
    Deadline(Interval.at(DUE), stale_after=3),
    Deadline(Interval(DUE - 1, DUE + 2), stale_after=4),
    Deadline(Interval.at(DUE), until=DUE),
    Deadline(None),
]


def snapshot(dice: Random, name: str) -> Fact:
    start = DUE + dice.randint(-6, 6)
    when = Interval(start, start + dice.choice((0, 0, 0, 1, 4)))
    if dice.random() < 0.05:
        when = dice.choice((Interval.at(DAWN), Interval(DAWN, NEVER)))
    level = dice.choice((Proof.ALLEGED, Proof.CORROBORATED, Proof.CORROBORATED))
    by, place = dice.choice(("north", "north", "north", "south")), dice.choice((WEST, WEST, EAST, EAST, None))
    return fact(name, "deployment", when, by=by, place=place, occurred=level, who=level)


class Everybody:
    """Says of every deadline that somebody waits for it."""

    def __contains__(self, key: object) -> bool:
        return True


@pytest.mark.parametrize("most", [3, 6, 12])
@pytest.mark.parametrize("seed", range(10))
def test_what_a_deadline_turns_on_is_what_the_reference_finds_on_record(seed: int, most: int) -> None:
    dice = Random(seed)  # noqa: S311  nothing here is a secret
    book = Book(TEXT, None, DUE - 5, readers=Everybody())
    matcher = Matcher(TEXT, Proof.CORROBORATED)
    facts = {f"f{number}": snapshot(dice, f"f{number}") for number in range(dice.randint(0, most))}
    sightings = Sightings(book, matcher, GONE, MEANT)
    sightings.fill(facts.values())
    said: dict[Deadline, tuple[Outcome, Moment]] = {}

    for _ in range(30):
        told: set[object] = set()
        if dice.random() < 0.2:
            book.now += dice.choice((0, 1, 1, 3))
        else:
            name = f"f{dice.randrange(most)}"
            old, new = facts.pop(name, None), None
            if old is None or dice.random() < 0.5:
                new = facts[name] = snapshot(dice, name)
            told = set(sightings.change(old, new))
        for one in DEADLINES:
            turning = sightings.turning(one.due, one.stale_after, one.until)
            right = one.outcome(facts, book.now)
            if one in said and book.now < said[one][1] and turning not in told:
                assert said[one][0] == right, "it changed, and nobody was told"
            notes = Notes(book.now)
            now = book.now if one.until is None else min(one.until, book.now)
            found = turning.by(now, notes).outcome(one.stale_after)
            assert (found if one.due is not None else (*found[1:3], found[5])) == right
            said[one] = (right, notes.until)


def test_a_snapshot_that_changes_nothing_has_nobody_told() -> None:
    book = Book(TEXT, None, DUE + 5, readers=Everybody())
    sightings = Sightings(book, Matcher(TEXT, Proof.CORROBORATED), GONE, MEANT)
    sure = [fact(f"f{shift}", "deployment", DUE + shift, by="north", place=WEST) for shift in (-5, -4, -3, -2, -1)]
    sightings.fill(sure)
    early = sightings.turning(Interval.at(DUE), None, None)
    early.by(book.now, None)

    assert list(sightings.change(sure[2], None)) == []
    assert list(sightings.change(None, sure[2])) == []
    assert list(sightings.change(None, fact("s", "deployment", DUE, by="south", place=EAST))) == []
    assert list(sightings.change(None, fact("e", "deployment", DUE, by="north", place=EAST))) == [early]


def test_one_more_snapshot_of_this_very_moment_that_changes_nothing_has_nobody_told() -> None:
    book = Book(TEXT, None, DUE, readers=Everybody())
    sightings = Sightings(book, Matcher(TEXT, Proof.CORROBORATED), GONE, MEANT)
    sightings.fill([fact("f", "deployment", DUE, by="north", place=WEST)])
    sightings.turning(Interval.at(DUE), None, None).by(book.now, None)

    assert list(sightings.change(None, fact("g", "deployment", DUE, by="north", place=WEST))) == []
    assert len(list(sightings.change(None, fact("h", "deployment", DUE + 1, by="north", place=WEST)))) == 1


def test_the_first_that_shows_it_again_moves_on_when_it_goes() -> None:
    book = Book(TEXT, None, DUE + 9, readers=Everybody())
    sightings = Sightings(book, Matcher(TEXT, Proof.CORROBORATED), GONE, MEANT)
    before, again, later = (
        fact(name, "deployment", DUE + shift, by="north", place=place)
        for name, shift, place in (("a", -3, WEST), ("b", -1, None), ("c", 1, WEST))
    )
    sightings.fill([before, again, later])
    turning = sightings.turning(Interval(DUE - 1, DUE + 2), None, None)

    assert turning.by(book.now, None).again.when == Interval(DUE - 1, DUE + 1)
    assert list(sightings.change(again, None)) == [turning]
    assert turning.by(book.now, None).again.when == Interval.at(DUE + 1)


def test_a_doubtful_denial_that_is_taken_back_leaves_nothing() -> None:
    book = Book(TEXT, None, DUE + 9, readers=Everybody())
    sightings = Sightings(book, Matcher(TEXT, Proof.CORROBORATED), GONE, MEANT)
    denials = [
        fact(f"f{shift}", "deployment", DUE + shift, by="north", place=EAST, occurred=Proof.ALLEGED)
        for shift in (1, 2, 3)
    ]
    sightings.fill(denials)
    turning = sightings.turning(Interval.at(DUE), None, None)

    found = [turning.by(book.now, None).outcome(None)[-1]]
    for one in denials:
        sightings.change(one, None)
        found.append(turning.by(book.now, None).outcome(None)[-1])

    assert found == [True, True, True, False]


@pytest.mark.parametrize("stale_after", [None, 3])
@pytest.mark.parametrize("due", [DAWN, DAWN + 1, -5, DUE])
def test_of_a_deadline_of_any_age_nothing_on_record_says_nothing(due: Moment, stale_after: int | None) -> None:
    sightings = Sightings(Book(TEXT, None, DUE), Matcher(TEXT, Proof.CORROBORATED), GONE, MEANT)

    found = sightings.turning(Interval.at(due), stale_after, None).by(DUE, None)

    assert found.outcome(stale_after) == (Tri.MAYBE, Tri.NO, None, Tri.NO, None, False)


def test_a_deadline_for_which_nobody_waits_is_forgotten() -> None:
    waiting: set[object] = set()
    book = Book(TEXT, None, DUE + 5, readers=waiting)
    sightings = Sightings(book, Matcher(TEXT, Proof.CORROBORATED), GONE, MEANT)
    kept, left = (sightings.turning(Interval.at(DUE + shift), None, None) for shift in (0, 1))
    waiting.add(kept)

    told = sightings.change(None, fact("f", "deployment", DUE, by="north", place=WEST))

    assert list(told) == [kept]
    assert sightings.turning(Interval.at(DUE), None, None) is kept
    assert sightings.turning(Interval.at(DUE + 1), None, None) is not left
