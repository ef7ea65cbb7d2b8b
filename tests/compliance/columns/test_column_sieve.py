"""The sieve: what no clause can mean is left at the door, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.compliance_small import agreement, amendment, at, clause, fact, halt
from trucekeeper.compliance.columns.sieve import Sieve
from trucekeeper.compliance.columns.table import table_of
from trucekeeper.terms import DAWN, NEVER, Fact, Interval, Op, Place, Proof

if TYPE_CHECKING:
    from trucekeeper.agreement.agreement import Agreement

START = "2031-03-03T00:00+02:00"
IN_VALLEY = agreement(
    clause("it", "prohibit", by="north", after=START, act={"fact": "attack", "in": "valley", "weapon": "tank"})
)


def kept(text: Agreement, *facts: Fact) -> list[str]:
    """Return which facts of one kind are kept."""
    table = table_of(facts[0].kind, facts)
    keeps = Sieve(text).keeps(table)
    return [name for name, keep in zip(table.ids.texts(), keeps.tolist(), strict=True) if keep]


def attack(name: str, **more: Any) -> Fact:  # noqa: ANN401  fields of a fact
    return fact(name, "attack", "5", **{"zone": "valley", "weapon": "tank", **more})


def test_what_may_be_meant_is_kept_and_what_cannot_be_is_not() -> None:
    facts = [
        attack("meant"),
        attack("elsewhere", zone="harbour"),
        attack("where is not said", zone=None),
        attack("otherwise", weapon="mortar"),
        attack("how is not said", weapon=()),
        attack("both", zone=None, weapon=("mortar", "tank")),
        attack("far away", zone=None, place=Place.of(lat="60", lon="60", within_m=10)),
    ]

    assert sorted(kept(IN_VALLEY, *facts)) == ["both", "meant", "where is not said"]
    assert kept(IN_VALLEY, fact("silent", "attack", "5", zone="valley")) == ["silent"]


def test_what_depends_on_the_question_never_drops_a_fact() -> None:
    facts = [
        attack("refuted", occurred=Proof.REFUTED, who=Proof.REFUTED),
        attack("alleged", occurred=Proof.ALLEGED),
        attack("of others", by="south"),
        attack("redacted", op=Op.REDACT),
        fact("long ago", "attack", at("1") - 1, zone="valley", weapon="tank"),
        fact("at any time", "attack", Interval(DAWN, NEVER), zone="valley", weapon="tank"),
    ]

    assert sorted(kept(IN_VALLEY, *facts)) == sorted(one.id for one in facts)


@pytest.mark.parametrize("kind", ["coverage", "claim", "determination", "inspection", "suspension", "denial"])
def test_watches_and_what_is_on_paper_are_all_kept(kind: str) -> None:
    assert Sieve(IN_VALLEY).wants(kind)
    assert kept(IN_VALLEY, fact("f1", kind, "5", zone="harbour"), fact("f2", kind, "6")) == ["f1", "f2"]


def test_a_kind_that_nobody_knows_any_more_and_an_unknown_one_are_kept() -> None:
    hidden = Fact(id="f1", kind="", op=Op.REDACT, when=Interval(DAWN, NEVER), learned_at=0)

    assert kept(IN_VALLEY, hidden) == ["f1"]
    assert kept(IN_VALLEY, Fact(id="f1", kind="unheard-of", when=Interval.at(0), learned_at=0)) == ["f1"]
    assert Sieve(IN_VALLEY).wants("unheard-of")


def test_kinds_that_no_pattern_means_are_not_wanted_and_sorts_of_those_meant_are() -> None:
    sieve = Sieve(IN_VALLEY)

    assert [sieve.wants(kind) for kind in ("attack", "shelling", "movement", "position", "military-operation")] == [
        True,
        True,
        False,
        False,
        False,
    ]
    assert kept(IN_VALLEY, fact("f1", "movement", "5", zone="valley")) == []
    shelling = fact("f1", "shelling", "5", zone="valley", weapon="tank"), fact("f2", "shelling", "5", zone="harbour")
    assert kept(IN_VALLEY, *shelling) == ["f1"]


def test_of_a_state_also_what_denies_it_is_kept() -> None:
    state = {"fact": "position", "in": "valley"}
    reach = clause("it", "achieve", by="north", after=START, within="1d", state=state)
    keep = clause("it", "maintain", by="north", after=START, state=state)
    for said in (reach, keep):
        text = agreement(said, halt(act={"fact": "attack", "in": "valley"}))

        assert kept(text, fact("f1", "position", "5", zone="harbour")) == ["f1"]
        assert kept(text, fact("f1", "attack", "5", zone="harbour"), fact("f2", "attack", "5")) == ["f2"]


def test_of_a_zone_that_differs_by_member_all_facts_of_the_kind_are_kept() -> None:
    each = {"sector": ["valley", "harbour"]}
    for said in ({"in": "sector"}, {"outside": "sector"}):
        text = agreement(clause("it", "prohibit", by="north", after=START, each=each, act={"fact": "attack", **said}))

        assert kept(text, fact("f1", "attack", "5", zone="east-bank")) == ["f1"]
    fixed = agreement(
        clause("it", "prohibit", by="north", after=START, each=each, act={"fact": "attack", "in": "valley"})
    )
    assert kept(fixed, fact("f1", "attack", "5", zone="harbour")) == []


def test_what_shows_or_renews_an_event_is_all_kept() -> None:
    events = {
        "signing": {"at": START},
        "truce": {"shown_by": {"fact": "movement", "in": "valley"}},
    }
    text = agreement(halt(act={"fact": "attack", "in": "valley"}), events=events)

    assert kept(text, fact("f1", "movement", "5", zone="harbour")) == ["f1"]
    assert kept(text, fact("f1", "attack", "5", zone="harbour")) == []
    term = {"first_ends": "signing", "every": "30d", "unless": {"fact": "position", "in": "valley"}, "notice": "1d"}
    text = agreement(halt(), events={"signing": {"at": START}, "expiry": {"renews": term}})
    assert kept(text, fact("f1", "position", "5", zone="harbour")) == ["f1"]


def test_every_wording_counts_whenever_it_was_in_force() -> None:
    later = amendment("d1", "9", clause("it", "prohibit", by="north", act={"fact": "movement", "in": "harbour"}))
    text = agreement(clause("it", "prohibit", by="north", act={"fact": "attack", "in": "valley"}), amendments=[later])

    assert kept(text, fact("f1", "attack", "5", zone="valley"), fact("f2", "attack", "5", zone="harbour")) == ["f1"]
    assert kept(text, fact("f1", "movement", "5", zone="valley"), fact("f2", "movement", "5")) == ["f2"]
