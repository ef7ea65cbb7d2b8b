"""What was related to each of many facts: beside a look at each pair."""

from __future__ import annotations

from itertools import product
from random import Random
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tests.compliance_columns import in_columns
from tests.compliance_small import agreement, at, fact, halt, pattern
from trucekeeper.compliance.columns.hits import seek
from trucekeeper.compliance.columns.relations import Windows, any_within, related
from trucekeeper.compliance.inquiry import within
from trucekeeper.compliance.matching import Meant, same
from trucekeeper.terms import Fact, Interval, Op, Tri

if TYPE_CHECKING:
    from trucekeeper.agreement.language import PatternBody

TEXT = agreement(halt())
PATTERNS = {
    "alike": pattern("permit", same=["by", "zone"]),
    "of one unit": pattern("permit", same="unit"),
    "linked": pattern("notice"),
    "linked to what it says": pattern("notice", of="a1"),
    "beside": pattern("movement"),
}


def moments(dice: Random) -> Interval:
    start = at("5") + dice.randrange(12)
    return Interval(start, start + dice.choice([0, 0, 0, 1, 3]))


def drawn(dice: Random, name: str, kind: str, **more: object) -> Fact:
    of = [None, "a0", "a1", ("a1", "a2"), "halt", ("halt", "a0")]
    said: dict[str, Any] = {
        "unit": dice.choice([None, "n1", "n2"]),
        "of": dice.choice(of) if kind == "notice" else None,
        **more,
    }
    return fact(
        name,
        kind,
        moments(dice),
        by=dice.choice(["north", "south", None]),
        zone=dice.choice(["valley", "harbour", None]),
        op=dice.choice([Op.ASSERT] * 5 + [Op.REDACT]),
        **{key: one for key, one in said.items() if one is not None},
    )


@pytest.mark.parametrize("name", PATTERNS)
@pytest.mark.parametrize("about", [(), ("halt",)])
def test_those_are_related_that_the_reference_finds_alike_or_linked(name: str, about: tuple[str, ...]) -> None:
    dice, one = Random(name), PATTERNS[name]  # noqa: S311  nothing here is a secret
    for length, _ in product((0, 2, 5), range(25)):
        acts = [drawn(dice, f"a{number}", "attack") for number in range(dice.randint(1, 4))]
        others = [drawn(dice, f"o{number}", one.fact) for number in range(dice.randint(0, 4))]
        inquiry = in_columns(TEXT, [*acts, *others], at("31"))
        askers = seek(inquiry, [pattern("attack")], Meant())
        windows = Windows(askers.earliest - length, askers.latest - length, askers.earliest, askers.latest)

        found = any_within(related(inquiry, one, Meant(about=about), askers), windows, len(askers))

        wanted = [
            _wanted(inquiry.matcher.match, one, about, (askers.fact(at_), others, length))
            for at_ in range(len(askers))
        ]
        assert found.tolist() == wanted


def _wanted(match: object, one: PatternBody, about: tuple[str, ...], asked: tuple[Fact, list[Fact], int]) -> Tri:
    act, others, length = asked
    named = () if one.same else (act.id, *about)
    answers = [
        min(
            match(one, other, Meant(about=named)),  # type: ignore[operator]  # the matcher's own
            same(other, act, one.same),
            within(other.when, act.when.later(-length), act.when),
        )
        for other in others
    ]
    return max(answers, default=Tri.NO)


def test_windows_are_exact_where_both_ends_are_moments() -> None:
    sharp, wide = np.array([1, 2]), np.array([1, 3])

    assert Windows(sharp, sharp, sharp, sharp).exact
    assert not Windows(sharp, wide, wide, wide).exact
    assert not Windows(sharp, sharp, sharp, wide).exact


def test_of_no_groups_nothing_is_related() -> None:
    none = np.array([1, 2])

    assert any_within([], Windows(none, none, none, none), 2).tolist() == [Tri.NO, Tri.NO]
