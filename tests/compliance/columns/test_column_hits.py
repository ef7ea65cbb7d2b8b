"""What a pattern finds among columns: each fact once, as sure as can be, by now, in order of time and of name."""

from __future__ import annotations

from itertools import combinations, product
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tests.compliance_columns import in_columns
from tests.compliance_small import agreement, asked, at, fact, halt, pattern
from trucekeeper.compliance.columns.hits import judged, seek, seek_subject
from trucekeeper.compliance.inquiry import strongest
from trucekeeper.compliance.matching import Meant
from trucekeeper.terms import Fact, Op, Proof, Tri

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.compliance_small import Time
    from trucekeeper.agreement.language import PatternBody

TEXT = agreement(halt())
NOW = at("6")
TIMES: tuple[Time, ...] = ("5", ("5", "6"), "6", NOW + 1, ("5", NOW + 1), (NOW + 1, NOW + 2))
PATTERNS = (
    pattern("attack"),
    pattern("attack", in_="valley"),
    pattern("attack", by="north"),
    pattern("shelling", by="south"),
    pattern("movement"),
)


def crowd() -> list[Fact]:
    """Return facts of three kinds, some at one time, named against the order of their kinds."""
    cases = product(("movement", "shelling", "attack"), TIMES, (("north", "valley"), (None, None)))
    several = [
        fact(
            f"f{number:02}",
            kind,
            when,
            by=by,
            zone=zone,
            occurred=Proof.CORROBORATED if number % 5 else Proof.ALLEGED,
        )
        for number, (kind, when, (by, zone)) in enumerate(cases)
    ]
    return [*several, fact("a0", "attack", "5", op=Op.REDACT), fact("z9", "shelling", "5", by="south")]


@pytest.mark.parametrize("several", [*combinations(PATTERNS, 1), *combinations(PATTERNS, 2), PATTERNS])
def test_what_any_pattern_means_is_found_once_as_sure_as_can_be(several: tuple[PatternBody, ...]) -> None:
    inquiry, by_one = in_columns(TEXT, crowd(), NOW), asked(TEXT, crowd(), NOW)
    for meant in (Meant(), Meant(by=("south",))):
        hits = seek(inquiry, several, meant)
        found = strongest(one for each in several for one in by_one.find(each, meant)).values()

        assert hits.found() == sorted(found, key=lambda one: (one.fact.when, one.fact.id))
        assert [hits.name(at_) for at_ in range(len(hits))] == [one.fact.id for one in hits.found()]


@pytest.mark.parametrize("one", PATTERNS)
@pytest.mark.parametrize("kinds", [("attack",), ("shelling", "attack"), ("shelling", "attack", "movement"), ()])
def test_what_has_the_subject_is_found_with_whether_the_rest_is_true_of_it(
    one: PatternBody, kinds: Sequence[str]
) -> None:
    facts = [each for each in crowd() if each.kind in kinds]
    inquiry, by_one = in_columns(TEXT, facts, NOW), asked(TEXT, facts, NOW)

    hits, truths = seek_subject(inquiry, one, Meant(by=("north",)))

    wanted = by_one.find(one, Meant(by=("north",)), subject_only=True)
    assert hits.found() == list(wanted)
    assert truths.tolist() == [by_one.matcher.predicate(one, each.fact, Meant(by=("north",))) for each in wanted]


def test_what_is_found_in_one_table_alone_says_what_its_rows_do() -> None:
    def said(name: str, day: str, **more: Any) -> Fact:  # noqa: ANN401  fields of a fact
        return fact(name, "attack", day, **more)

    facts = [said("f1", "3", by="north", killed=3), said("f2", "4", zone="valley"), said("f3", "5", by="south")]
    hits = seek(in_columns(TEXT, facts, NOW), [pattern("attack")], Meant())
    some = hits.chosen(np.array([2, 1]))

    assert hits.aspect("id").texts() == ["f1", "f2", "f3"]
    assert hits.aspect("by").texts() == ["north", "", "south"]
    assert hits.aspect("zone").texts() == ["", "valley", ""]
    assert some.aspect("id").texts() == ["f3", "f2"]
    assert some.aspect("weapon").texts() == ["", ""]
    assert [some.fact(at_).id for at_ in range(2)] == ["f3", "f2"]
    assert some.redacted().tolist() == [False, False]


def test_a_term_that_needs_judgement_fits_as_a_body_judged() -> None:
    one = pattern("attack", judgement="offensive")
    rulings = [
        fact(f"r{name}", "determination", "5", by="commission", of=name, term="offensive", finding=finding)
        for name, finding in (("f1", "yes"), ("f2", "no"))
    ]
    facts = [fact(name, "attack", "4") for name in ("f1", "f2", "f3")]
    inquiry = in_columns(TEXT, [*facts, *rulings], NOW)
    every = seek(inquiry, [pattern("attack")], Meant())

    fitting = judged(inquiry, every, one)

    assert [(each.fact.id, each.tri) for each in fitting.found()] == [("f1", Tri.YES), ("f3", Tri.MAYBE)]
    assert seek(inquiry, [one], Meant()).found() == fitting.found()
    assert judged(inquiry, every, pattern("attack")) is every
