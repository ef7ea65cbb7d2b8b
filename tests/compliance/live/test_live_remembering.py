"""A remembered match is the reference's own, and alike facts are looked at once."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import pytest

from tests.compliance_small import agreement, at, fact, halt, pattern
from trucekeeper.compliance.live import remembering
from trucekeeper.compliance.live.remembering import Remembering
from trucekeeper.compliance.matching import Matcher, Meant
from trucekeeper.terms import DAWN, NEVER, Amount, Fact, Interval, Op, Place, Proof

TEXT = agreement(halt())
PLAIN = Matcher(TEXT, Proof.CORROBORATED)
WEST, EAST = Place.of(lat="0.1", lon="-30.2", within_m=0), Place.of(lat="0.1", lon="-29.8", within_m=0)
PATTERNS = {
    "a kind": pattern("attack"),
    "a doer": pattern("attack", by="north"),
    "a field": pattern("attack", weapon="mortar"),
    "a number": pattern("attack", killed={"at_least": 2}),
    "a zone": pattern("attack", in_="valley", weapon="mortar"),
    "outside a zone": pattern("attack", outside="valley"),
    "in a member": pattern("attack", in_="zone"),
    "a side": pattern("attack", side="west of agreed-line"),
    "far from a line": pattern("attack", distance="at least 5 km from agreed-line", weapon="mortar"),
    "near a line": pattern("attack", distance="under 30 km from agreed-line"),
    "a word": pattern("declaration"),
    "a word about something": pattern("declaration", of="a"),
    "a decision": pattern("decision", finding="accepted"),
}
MEANS = [
    Meant(),
    Meant(by=("south",)),
    Meant(binding=(("unit", "n1"), ("zone", "valley"))),
    Meant(binding=(("unit", "n2"), ("zone", "harbour"))),
    Meant(about=("a", "b"), binding=(("zone", "valley"),)),
]


def some(dice: Random, number: int) -> Fact:
    kind = dice.choice(("attack", "shelling", "movement", "declaration", "decision"))
    choices: dict[str, Any] = {
        "weapon": ("mortar", "rifle", ("mortar", "rifle")),
        "killed": (Amount(1, 1), Amount(1, 3), Amount(2, 2)),
        "unit": ("n1", "n2", ("n1", "s1")),
        "of": ("a", "b", ("a", "c"), "z"),
        "finding": ("accepted", "rejected"),
        "place": (WEST, EAST),
        "zone": ("valley", "harbour"),
    }
    said = {name: dice.choice(several) for name, several in choices.items() if dice.random() < 0.5}
    levels = [Proof.REFUTED, Proof.ALLEGED, Proof.CORROBORATED]
    level: dict[str, Any] = {"occurred": dice.choice(levels), "who": dice.choice(levels)}
    one = fact(f"f{number}", kind, "4", by=dice.choice(("north", "south", "band", None)), **level, **said)
    if dice.random() < 0.1:
        kind = dice.choice(("", kind))
        return replace(one, op=Op.REDACT, kind=kind, when=Interval(DAWN, NEVER) if not kind else one.when)
    return one


@pytest.mark.parametrize("timeless", [False, True])
@pytest.mark.parametrize("most", [1, remembering.MOST])
@pytest.mark.parametrize("name", PATTERNS)
def test_it_is_the_one_that_the_reference_finds(
    name: str, most: int, monkeypatch: pytest.MonkeyPatch, *, timeless: bool
) -> None:
    monkeypatch.setattr(remembering, "MOST", most)
    dice, pattern_ = Random(name), PATTERNS[name]  # noqa: S311  nothing here is a secret
    matcher = Remembering(TEXT, Proof.CORROBORATED, {}, timeless=timeless)
    facts = [some(dice, number) for number in range(120)]
    facts += [replace(one, rev=2, place=dice.choice((WEST, EAST, None))) for one in facts]
    means = [one for one in MEANS if name != "in a member" or one.binding]

    for meant in means:
        for one in facts:
            assert matcher.match(pattern_, one, meant) is PLAIN.match(pattern_, one, meant)
            assert matcher.subject(pattern_, one, meant) is PLAIN.subject(pattern_, one, meant)
            assert matcher.predicate(pattern_, one, meant) is PLAIN.predicate(pattern_, one, meant)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what the reference is asked from now on."""
    names: list[str] = []
    for name in ("subject", "predicate", "inside", "beside"):
        plain = getattr(Matcher, name)

        def noted(matcher: Matcher, *said: Any, name: str = name, plain: Any = plain) -> object:  # noqa: ANN401  any
            names.append(name)
            return plain(matcher, *said)

        monkeypatch.setattr(Matcher, name, noted)
    return names


def twice(said: str, *, timeless: bool = False, **more: Any) -> None:  # noqa: ANN401  fields of a fact
    matcher = Remembering(TEXT, Proof.CORROBORATED, {}, timeless=timeless)
    for number, day in enumerate(("4", "5", "4")):
        one = fact(f"f{number % 2}", "attack", day, by="north", **more)
        matcher.match(PATTERNS[said], one, Meant())


def test_what_is_alike_is_asked_about_once(asked: list[str]) -> None:
    twice("a field", weapon="mortar")

    assert asked == ["subject", "predicate"]


def test_where_zones_never_change_a_named_zone_is_asked_about_once(asked: list[str]) -> None:
    twice("a zone", timeless=True, weapon="mortar", zone="valley")

    assert asked == ["subject", "predicate", "inside"]


@pytest.mark.parametrize(("timeless", "more"), [(False, {"zone": "valley"}), (True, {"place": WEST})])
def test_where_a_place_or_a_time_decides_each_fact_is_asked_about_once(
    asked: list[str], more: dict[str, Any], *, timeless: bool
) -> None:
    twice("a zone", timeless=timeless, weapon="mortar", **more)

    assert [asked.count(name) for name in ("subject", "predicate", "inside")] == [1, 3, 2]


def test_where_a_fact_lies_beside_a_line_is_asked_about_once(asked: list[str]) -> None:
    twice("a side", place=WEST)

    assert [asked.count(name) for name in ("subject", "beside")] == [1, 2]


def test_what_is_asked_of_what_a_word_is_about_is_told_apart() -> None:
    matcher = Remembering(TEXT, Proof.CORROBORATED, {}, timeless=True)
    words = [fact(f"d{about}", "declaration", at("4"), of=about) for about in ("a", "b", "c")]

    for about in ("a", "b", "c"):
        meant = Meant(about=(about,))
        found = [matcher.match(PATTERNS["a word"], one, meant) for one in words]

        assert found == [PLAIN.match(PATTERNS["a word"], one, meant) for one in words]
        assert len({*found}) == 2
