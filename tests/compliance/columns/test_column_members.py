"""What is found for each member of a set by looking it up is what is found by looking through all facts for it."""

from __future__ import annotations

from itertools import product
from random import Random
from typing import Any

import pytest

from tests.compliance_columns import in_columns
from tests.compliance_small import agreement, at, fact, halt, pattern
from trucekeeper.compliance.columns.hits import seek
from trucekeeper.compliance.columns.members import ByMember, parted, seek_member
from trucekeeper.compliance.matching import Meant
from trucekeeper.terms import Op

TEXT = agreement(halt())
BINDINGS = (
    (),
    (("unit", "n1"),),
    (("unit", "n2"),),
    (("unit", "nobody"),),
    (("unit", "n1"), ("sector", "valley")),
    (("sector", "harbour"), ("unit", "n2")),
    (("code", "valley"),),
)
PATTERNS = {
    "anywhere": pattern("position"),
    "on paper": pattern("declaration"),
    "in the member's zone": pattern("position", in_="sector"),
    "outside the member's zone": pattern("position", outside=["sector", "harbour"]),
    "of several sorts": pattern("military-operation"),
}


@pytest.mark.parametrize("name", PATTERNS)
@pytest.mark.parametrize("many", [0, 1, 5, 40])
def test_a_member_is_looked_up_as_it_would_be_searched_for(name: str, many: int) -> None:
    dice, one = Random(name + str(many)), PATTERNS[name]  # noqa: S311  nothing here is a secret
    for _ in range(8):
        kinds = ("attack", "movement", "shelling") if one.fact == "military-operation" else (one.fact,)
        facts = []
        for number in range(many):
            said: dict[str, Any] = {
                "unit": dice.choice([None, "n1", "n2", ("n1", "n2"), ("n2", "n2")]),
                "sector": dice.choice([None, "valley", "harbour"]),
            }
            facts.append(
                fact(
                    f"f{number}",
                    dice.choice(kinds),
                    str(dice.randint(4, 9)),
                    by=dice.choice(["north", None]),
                    zone=dice.choice(["valley", "harbour", None]),
                    op=dice.choice([Op.ASSERT] * 5 + [Op.REDACT]),
                    **{key: value for key, value in said.items() if value is not None},
                )
            )
        inquiry = in_columns(TEXT, facts, at("8"))
        for binding, by in product(BINDINGS, (None, ("north",))):
            if "member's" in name and "sector" not in dict(binding):
                continue
            meant = Meant(by=by, binding=binding)

            assert seek_member(inquiry, one, meant).found() == seek(inquiry, [one], meant).found()
            assert seek_member(inquiry, one, meant).found() == list(inquiry.find(one, meant))


def test_facts_are_found_once_for_all_members() -> None:
    facts = [
        fact("f1", "position", "5", unit="n1"),
        fact("f2", "position", "6", unit="n2"),
        fact("f3", "position", "7"),
    ]
    inquiry = in_columns(TEXT, facts, at("8"))

    for unit in ("n1", "n2"):
        seek_member(inquiry, PATTERNS["anywhere"], Meant(binding=(("unit", unit),)))

    assert len(inquiry.memo) == 1
    seek_member(inquiry, PATTERNS["anywhere"], Meant(binding=(("sector", "valley"),)))
    assert len(inquiry.memo) == 2


def test_those_who_do_not_say_are_shared_by_all_members() -> None:
    facts = [fact("f1", "position", "5", unit="n1"), fact("f2", "position", "6")]
    inquiry = in_columns(TEXT, facts, at("8"))
    one = PATTERNS["anywhere"]
    found = ByMember.of(inquiry, one, seek(inquiry, [one], Meant()), (("unit", "n1"),))

    own, silent = found.parts((("unit", "n1"),))

    assert (own.places.tolist(), own.shared) == ([0], False)
    assert (silent.places.tolist(), silent.shared) == ([1], True)
    assert found.parts((("unit", "n2"),))[1] is silent


def test_a_zone_of_a_member_is_told_from_what_a_fact_names() -> None:
    binding = (("unit", "n1"), ("sector", "valley"))

    assert parted(PATTERNS["anywhere"], binding) == ((), binding)
    assert parted(PATTERNS["in the member's zone"], binding) == (binding[1:], binding[:1])
    assert parted(PATTERNS["outside the member's zone"], binding) == (binding[1:], binding[:1])
