"""The desk: an answer is worked out once, and again only when what it rests on comes out otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.compliance_live import Both, Reference
from tests.compliance_small import agreement, at, fact, halt
from trucekeeper.compliance.force import Force
from trucekeeper.compliance.grounds import Ground
from trucekeeper.compliance.live.ticking import Notes
from trucekeeper.compliance.live.work import Desk, Remembered, Served
from trucekeeper.terms import NEVER, Fact, Interval, Lifecycle, Moment, Proof, Tri

if TYPE_CHECKING:
    from trucekeeper.compliance.inquiry import Inquiry
    from trucekeeper.compliance.live.inquiry import LiveInquiry

TEXT = agreement(halt(by="north", after="2031-03-02T00:00+02:00"))


def attack(name: str, day: str = "3") -> Fact:
    return fact(name, "attack", day, by="north")


def until(end: Moment) -> Force:
    start = Interval.at(at("1"))
    return Force(Tri.YES, Tri.NO, start, Interval(at("2"), end), (), Lifecycle.LAPSED, Ground("why"), ())


class Office:
    """A desk with one answer that rests on another, and the names of those worked out so far."""

    def __init__(self) -> None:
        self.desk = Desk(TEXT, None, at("5"), serve=self._serve)
        self.done: list[str] = []

    def _serve(self, clause: str, proof: Proof) -> Served:
        raise AssertionError(f"nobody asks where {clause} stands at {proof}")

    def question(self) -> LiveInquiry:
        return self.desk.question(Proof.CORROBORATED, Notes(self.desk.now), {})

    def ask(self) -> Any:  # noqa: ANN401  an answer
        return self.question().kept("outer", self._outer)

    def _outer(self, one: Inquiry) -> object:
        self.done.append("outer")
        return one.kept("inner", self._inner)

    def _inner(self, one: Inquiry) -> object:
        self.done.append("inner")
        return bool(one.record.by_kind["attack"])

    def happened(self, one: Fact) -> list[str]:
        """Put a fact on record and return what was worked out by that."""
        self.done.clear()
        self.desk.book.add(one)
        self.desk.settle(one.id)
        self.desk.run()
        return self.done


def test_an_answer_is_worked_out_once_for_all_who_ask() -> None:
    office = Office()

    assert [office.ask(), office.ask()] == [False, False]
    assert office.done == ["outer", "inner"]


def test_what_rests_on_an_answer_is_worked_out_again_only_if_it_is_another() -> None:
    office = Office()
    office.ask()

    assert office.happened(attack("a1")) == ["inner", "outer"]
    assert office.ask() is True
    assert office.happened(attack("a2")) == ["inner"]
    assert office.happened(fact("m1", "movement", "3", by="north")) == []
    assert office.ask() is True


def test_an_answer_that_moves_on_with_every_moment_is_not_kept() -> None:
    office, asked = Office(), []

    def force(one: Inquiry) -> Force:
        asked.append(one.as_of)
        end = NEVER if one.record.by_kind["attack"] else one.as_of
        return until(end)

    for day in ("5", "6"):
        office.desk.pass_to(at(day))
        assert office.question().kept("force", force).end.latest == at(day)
    office.happened(attack("a1"))
    asked.clear()
    for _ in range(3):
        assert office.question().kept("force", force).end.latest == NEVER
    assert len(asked) == 1


def test_an_answer_that_begins_to_move_is_kept_no_longer() -> None:
    office, asked = Office(), []

    def force(one: Inquiry) -> Force:
        asked.append("force")
        end = one.as_of if one.record.by_kind["attack"] else NEVER
        return until(end)

    def resting(one: Inquiry) -> int:
        asked.append("resting")
        return int(one.kept("force", force).end.latest)

    assert office.question().kept("resting", resting) == NEVER
    office.happened(attack("a1"))
    asked.clear()

    assert office.question().kept("resting", resting) == at("5")
    office.question().kept("force", force)
    office.question().kept("force", force)
    assert asked.count("force") >= 2


@pytest.mark.parametrize("kind", [*sorted(TEXT.vocabulary.kinds), "unheard-of"])
def test_a_remembered_vocabulary_says_what_the_vocabulary_says(kind: str) -> None:
    remembered = Remembered(TEXT.vocabulary.kinds)

    assert remembered.lineage(kind) == TEXT.vocabulary.lineage(kind)
    assert remembered.fields(kind) == TEXT.vocabulary.fields(kind)


def test_a_fact_of_a_kind_of_which_nobody_heard_changes_nothing() -> None:
    both = Both(Reference(TEXT), at("5"))

    assert both.step(fact("u1", "unheard-of", "3", by="north")) == ()
