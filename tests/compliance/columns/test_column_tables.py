"""Facts as columns: what comes out is what went in, in order of time; and what a pattern finds among them."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np
import pytest

from tests.compliance_columns import in_columns
from tests.compliance_small import agreement, asked, at, fact, halt, pattern
from trucekeeper.compliance.columns.block import Block, Times
from trucekeeper.compliance.columns.hits import Hits, log_of, seek, seek_subject
from trucekeeper.compliance.columns.table import Log, Places, stacked, table_of
from trucekeeper.compliance.columns.times import before, binds, shifted, within
from trucekeeper.compliance.columns.values import Values
from trucekeeper.compliance.force import Force, Pause
from trucekeeper.compliance.grounds import Ground, Stand
from trucekeeper.compliance.inquiry import within as within_one
from trucekeeper.compliance.matching import Meant
from trucekeeper.terms import DAWN, NEVER, Amount, Fact, Interval, Lifecycle, Op, Place, Proof, Tri, Verdict

TEXT = agreement(halt())
HERE = Place.of(lat="0.5", lon="-30.5", within_m=70)


def three() -> list[Fact]:
    return [
        fact("b", "attack", "5", by="north", place=HERE, killed=Amount(1, 2)),
        fact("a", "attack", "5", zone="valley", occurred=Proof.ALLEGED, who=Proof.VERIFIED),
        fact("c", "attack", ("4", "6"), op=Op.REDACT, against="south"),
    ]


# ---- tables --------------------------------------------------------------------------------------------------------


def test_a_table_has_its_facts_in_order_of_time_and_then_of_name() -> None:
    table = table_of("attack", three())

    assert table.ids.texts() == ["c", "a", "b"]
    assert [table.fact(row).id for row in range(3)] == ["c", "a", "b"]
    assert table.earliest.tolist() == [at("4"), at("5"), at("5")]
    assert table.latest.tolist() == [at("6"), at("5"), at("5")]
    assert table.occurred.tolist() == [Proof.CORROBORATED, Proof.ALLEGED, Proof.CORROBORATED]
    assert table.who.tolist() == [Proof.CORROBORATED, Proof.VERIFIED, Proof.CORROBORATED]
    assert table.redacted.tolist() == [True, False, False]
    assert table.aspect("by").texts() == ["", "", "north"]
    assert table.aspect("zone").texts() == ["", "valley", ""]
    assert table.aspect("against").texts() == ["south", "", ""]
    assert table.field("killed").at(2) == Amount(1, 2)
    assert table.field("weapon").texts() == ["", "", ""]
    assert [table.places.at(row) for row in range(3)] == [None, None, HERE]
    assert len(table) == 3


def test_some_facts_of_a_table_are_a_table() -> None:
    table = table_of("attack", three()).take(np.array([2, 0]))

    assert [table.fact(row).id for row in range(2)] == ["b", "c"]
    assert table.ids.texts() == ["b", "c"]
    assert [table.places.at(row) for row in range(2)] == [HERE, None]
    assert table.field("against").texts() == ["", "south"]


def test_several_tables_are_stacked_in_order_of_time() -> None:
    facts = three()

    table = stacked([table_of("attack", facts[:2]), table_of("attack", facts[2:])])

    assert table.ids.texts() == ["c", "a", "b"]
    assert [table.fact(row).id for row in range(3)] == ["c", "a", "b"]
    assert table.field("killed").at(2) == Amount(1, 2)
    assert table.places.at(2) == HERE


def test_tables_that_follow_each_other_are_stacked_as_they_are() -> None:
    facts = [
        fact("a", "attack", "5"),
        fact("b", "attack", ("5", "6")),
        fact("c", "attack", ("5", "6")),
        fact("d", "attack", "7"),
    ]

    table = stacked([table_of("attack", facts[:2]), table_of("attack", facts[2:3]), table_of("attack", facts[3:])])

    assert table.ids.texts() == ["a", "b", "c", "d"]
    assert [table.fact(row).id for row in range(4)] == ["a", "b", "c", "d"]


def test_a_table_of_columns_alone_makes_facts_that_say_what_its_columns_do() -> None:
    table = replace(table_of("attack", three()), whole=None)
    hidden, alleged, placed = (table.fact(row) for row in range(3))

    assert (hidden.id, hidden.when, hidden.fields) == ("c", Interval(at("4"), at("6")), (("against", "south"),))
    assert (alleged.by, alleged.zone, alleged.place) == (None, "valley", None)
    assert (alleged.occurred, alleged.who, alleged.fields) == (Proof.ALLEGED, Proof.VERIFIED, ())
    assert (placed.by, placed.zone, placed.place) == ("north", None, HERE)
    assert (placed.kind, placed.fields) == ("attack", (("killed", Amount(1, 2)),))
    assert [one.id for one in (table.take(np.array([2, 0])).fact(row) for row in range(2))] == ["b", "c"]
    assert [stacked([table, table]).fact(row).id for row in range(6)] == ["c", "c", "a", "b", "a", "b"]


def test_facts_come_whole_from_tables_that_have_them_whole() -> None:
    facts = [replace(one, cite="as written") for one in three()]
    table = table_of("attack", facts)

    for one in (table, table.take(np.array([2, 0, 1])), stacked([table]), stacked([table, table])):
        assert {one.fact(row).cite for row in range(len(one))} == {"as written"}
    assert stacked([table]).kind == "attack"


@pytest.mark.parametrize("second", [("4", "9"), ("5", "5"), ("5", "6"), ("5", "7"), ("6", "6")])
def test_stacked_facts_come_in_order_of_beginning_and_then_of_end(second: tuple[str, str]) -> None:
    one, other = fact("a", "attack", ("5", "6")), fact("b", "attack", second)

    table = stacked([table_of("attack", [one]), table_of("attack", [other])])

    assert [table.fact(row).when for row in range(2)] == sorted([one.when, other.when])
    assert table.ids.texts() == [table.fact(row).id for row in range(2)]


def test_of_no_places_none_is_known() -> None:
    assert len(Places.of([]).known) == 0
    assert [Places.nowhere(2).at(row) for row in range(2)] == [None, None]


# ---- logs ----------------------------------------------------------------------------------------------------------


def mixed() -> list[Fact]:
    return [
        fact("f1", "attack", "6"),
        fact("f2", "shelling", "5"),
        fact("f3", "movement", "4"),
        Fact(id="f4", kind="", op=Op.REDACT, when=Interval(DAWN, NEVER), learned_at=0),
    ]


def test_a_log_gives_a_kind_with_all_its_sorts_and_what_may_have_been_of_it() -> None:
    log = Log.of(mixed(), TEXT, NEVER)

    assert [one.id for one in log.by_kind["attack"]] == ["f4", "f2", "f1"]
    assert [one.id for one in log.by_kind["movement"]] == ["f4", "f3"]
    assert log.by_kind["attack"] is log.by_kind["attack"]
    assert {one.kind for one in log.of_kind("attack")} == {"attack", "shelling", ""}
    assert set(log.by_kind) == set(TEXT.vocabulary.kinds)
    assert len(log.by_kind) == len(TEXT.vocabulary.kinds)


def test_who_reads_facts_one_by_one_reads_no_columns() -> None:
    with pytest.raises(TypeError, match="bug: this inquiry reads no columns"):
        log_of(asked(TEXT))


# ---- what is found -------------------------------------------------------------------------------------------------


def test_what_is_found_comes_in_order_of_time_whatever_its_kind() -> None:
    facts = [
        fact(f"f{number}", kind, (str(day), str(day + lasts)))
        for number, (kind, day, lasts) in enumerate(
            [
                ("attack", 6, 0),
                ("shelling", 6, 0),
                ("attack", 5, 2),
                ("shelling", 5, 1),
                ("attack", 4, 0),
                ("shelling", 6, 0),
            ]
        )
    ]
    inquiry = in_columns(TEXT, facts, at("31"))

    hits = seek(inquiry, [pattern("attack")], Meant())

    assert [hits.name(at_) for at_ in range(6)] == ["f4", "f3", "f2", "f0", "f1", "f5"]
    assert [one.fact.id for one in hits.found()] == ["f4", "f3", "f2", "f0", "f1", "f5"]
    assert hits.aspect("id").texts() == ["f4", "f3", "f2", "f0", "f1", "f5"]
    assert [hits.fact(at_).kind for at_ in range(3)] == ["attack", "shelling", "attack"]


def test_a_fact_that_two_patterns_mean_is_found_once_as_surely_as_can_be() -> None:
    facts = [
        fact("f1", "attack", "5", killed=3),
        fact("f2", "attack", "6"),
        fact("f3", "movement", "7", zone="valley"),
    ]
    inquiry = in_columns(TEXT, facts, at("31"))
    patterns = [pattern("attack", killed={"at_least": 2}), pattern("attack"), pattern("movement", in_="valley")]

    for several in (patterns, patterns[::-1]):
        found = seek(inquiry, several, Meant()).found()

        assert [(one.fact.id, one.tri) for one in found] == [("f1", Tri.YES), ("f2", Tri.YES), ("f3", Tri.YES)]
    assert [one.tri for one in seek(inquiry, patterns[:1], Meant()).found()] == [Tri.YES, Tri.MAYBE]


def test_what_has_begun_and_may_not_be_over_has_perhaps_happened() -> None:
    facts = [
        fact("f1", "attack", ("5", "7")),
        fact("f2", "attack", "6"),
        fact("f3", "attack", ("6", "7")),
        fact("f4", "attack", "7"),
    ]

    hits = seek(in_columns(TEXT, facts, at("6")), [pattern("attack")], Meant())

    assert [(one.fact.id, one.tri) for one in hits.found()] == [("f1", Tri.MAYBE), ("f2", Tri.YES), ("f3", Tri.MAYBE)]


def test_a_subject_is_found_with_whether_what_is_said_of_it_is_true() -> None:
    facts = [
        fact("f1", "attack", "5", zone="valley"),
        fact("f2", "shelling", "4", zone="harbour"),
        fact("f3", "attack", "6"),
        fact("f4", "shelling", "5", zone="harbour"),
    ]
    inquiry = in_columns(TEXT, facts, at("31"))

    hits, truths = seek_subject(inquiry, pattern("attack", in_="valley"), Meant())

    wanted = [inquiry.matcher.predicate(pattern("attack", in_="valley"), hits.fact(at_), Meant()) for at_ in range(4)]
    assert [hits.name(at_) for at_ in range(4)] == ["f2", "f1", "f4", "f3"]
    assert truths.tolist() == wanted
    assert [len(one) for one in seek_subject(inquiry, pattern("strength"), Meant())] == [0, 0]


def test_redacted_facts_are_told_among_what_is_found() -> None:
    facts = [*mixed(), fact("f5", "shelling", "9", op=Op.REDACT)]
    hits = seek(in_columns(TEXT, facts, at("31")), [pattern("attack")], Meant())

    assert dict(zip(hits.aspect("id").texts(), hits.redacted().tolist(), strict=True)) == {
        "f4": True,
        "f2": False,
        "f1": False,
        "f5": True,
    }


def test_what_is_no_longer_meant_is_left_out() -> None:
    hits = seek(in_columns(TEXT, three(), at("31")), [pattern("attack")], Meant())
    answers = np.array([Tri.NO, Tri.MAYBE, Tri.YES], np.int8)

    assert [hits.surer(answers).name(at_) for at_ in range(2)] == ["a", "b"]
    assert hits.surer(answers).tri.tolist() == [Tri.MAYBE, Tri.YES]
    assert hits.with_answers(answers).tri.tolist() == [Tri.NO, Tri.MAYBE, Tri.YES]
    assert len(hits.surer(np.maximum(answers, 1))) == 3


def test_nothing_is_found_of_a_kind_without_facts() -> None:
    hits: Hits = seek(in_columns(TEXT, [], at("31")), [pattern("attack"), pattern("movement")], Meant())

    assert (len(hits), hits.tables, hits.found()) == (0, (), [])
    assert len(hits.aspect("by")) == 0
    assert hits.redacted().tolist() == []


# ---- times ---------------------------------------------------------------------------------------------------------

MOMENTS = (DAWN, 0, 1, 2, 3, 4, NEVER)


def intervals() -> list[Interval]:
    return [Interval(one, other) for one in MOMENTS for other in MOMENTS if one <= other]


def test_windows_and_moments_are_compared_as_one_by_one() -> None:
    several = intervals()
    earliest, latest = (np.array([getattr(one, end) for one in several]) for end in ("earliest", "latest"))

    for start in several:
        for end in several[::3]:
            assert within(earliest, latest, start, end).tolist() == [within_one(one, start, end) for one in several]
    for moment in MOMENTS:
        wanted = [Tri.of(certain=one.latest < moment, possible=one.earliest < moment) for one in several]
        assert before(earliest, latest, moment).tolist() == wanted


def test_a_commitment_binds_many_as_it_binds_each() -> None:
    dice, several = Random(7), intervals()  # noqa: S311  nothing here is a secret
    earliest, latest = (np.array([getattr(one, end) for one in several]) for end in ("earliest", "latest"))
    for _ in range(200):
        pauses = tuple(Pause(dice.choice(several), dice.choice(several), Tri.YES) for _ in range(dice.randrange(3)))
        force = Force(
            dice.choice(list(Tri)),
            Tri.NO,
            dice.choice(several),
            dice.choice(several),
            pauses,
            Lifecycle.LAPSED,
            Ground(""),
            (),
        )
        assert binds(force, earliest, latest).tolist() == [force.binds(one) for one in several]


def test_dawn_and_never_are_not_shifted() -> None:
    assert shifted(np.array(MOMENTS), 2).tolist() == [DAWN, 2, 3, 4, 5, 6, NEVER]
    assert shifted(np.array([1, 2]), -2).tolist() == [-1, 0]


# ---- blocks --------------------------------------------------------------------------------------------------------


def test_a_block_is_its_stands() -> None:
    shared = Stand(
        key="none",
        clause="it",
        by="north",
        binding=(("unit", "n1"),),
        verdict=Verdict.OPEN,
        lifecycle=Lifecycle.IN_EFFECT,
        proof=Proof.VERIFIED,
        ground=Ground("why", cite="art. 1"),
    )
    some = np.array([1, 0], np.int8)
    times = Times(earliest=np.array([5, 6]), latest=np.array([7, 8]), known=np.array([True, False]))
    block = Block(
        shared=shared,
        occurrence=Values.of(["f1", "f2"]),
        verdict=some,
        lifecycle=some,
        due=times,
        met=some + 1,
        met_at=times,
        says=Values.of(["late", "in time"]),
    ).under((("scope", "wide"),))

    one, other = block.stands()

    assert len(block) == 2
    assert block.reading == one.reading == other.reading == (("scope", "wide"),)
    assert (one.occurrence, one.due, one.met, one.met_at, one.ground.says) == (
        "f1",
        Interval(5, 7),
        Tri.YES,
        Interval(5, 7),
        "f1: late",
    )
    assert (other.occurrence, other.due, other.met, other.met_at) == ("f2", None, Tri.MAYBE, None)
    assert [list(Verdict).index(one.verdict), list(Verdict).index(other.verdict)] == [1, 0]
    assert [list(Lifecycle).index(one.lifecycle), list(Lifecycle).index(other.lifecycle)] == [1, 0]
    assert one.ground.cite == "art. 1"
    assert one.key not in (other.key, "none")


def test_those_of_one_time_come_by_name_whatever_table_they_are_of() -> None:
    for first, second in (("attack", "shelling"), ("shelling", "attack")):
        facts = [
            fact("f3", first, "5"),
            fact("f2", second, "5"),
            fact("f1", first, ("5", "6")),
            fact("f0", second, ("5", "6")),
            fact("e9", second, ("4", "6")),
        ]

        hits = seek(in_columns(TEXT, facts, at("31")), [pattern("attack")], Meant())

        assert hits.aspect("id").texts() == ["e9", "f2", "f3", "f0", "f1"]


def test_what_is_not_meant_is_not_found() -> None:
    facts = [fact("f1", "attack", "5", by="north"), fact("f2", "attack", "6", by="south"), fact("f3", "attack", "7")]

    hits = seek(in_columns(TEXT, facts, at("31")), [pattern("attack", by="south")], Meant())

    assert [(one.fact.id, one.tri) for one in hits.found()] == [("f2", Tri.YES), ("f3", Tri.MAYBE)]
