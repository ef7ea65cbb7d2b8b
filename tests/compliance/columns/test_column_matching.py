"""Which facts of a table a pattern means: the same as `Matcher` says of each."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tests.compliance_small import agreement, atlas, fact, halt, pattern
from tests.generated import world
from trucekeeper.agreement.language import AnyoneExcept
from trucekeeper.agreement.load import load_agreement
from trucekeeper.agreement.roles import roles
from trucekeeper.compliance.columns.matching import InBulk, answered, every, negated, some, tri_of
from trucekeeper.compliance.columns.table import table_of
from trucekeeper.compliance.matching import Matcher, Meant
from trucekeeper.geo import read_geojson
from trucekeeper.terms import Fact, Op, Place, Proof, Tri

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.compliance_small import Time
    from trucekeeper.agreement.agreement import Agreement
    from trucekeeper.agreement.language import PatternBody
    from trucekeeper.compliance.columns.table import Table
    from trucekeeper.compliance.matching import Doer

TEXT = agreement(halt())


def agree(
    text: Agreement, one: PatternBody, facts: Sequence[Fact], meant: Meant, *, proof: Proof = Proof.CORROBORATED
) -> None:
    """Fail where the columns of these facts, which are of one kind, give another answer than each of them."""
    matcher = Matcher(text, proof)
    table = table_of(facts[0].kind, facts)
    whole = [table.fact(row) for row in range(len(table))]
    bulk = InBulk(matcher, table, one, meant)

    assert bulk.match().tolist() == [matcher.match(one, each, meant) for each in whole]
    assert bulk.match(subject_only=True).tolist() == [matcher.subject(one, each, meant) for each in whole]
    assert bulk.predicate().tolist() == [matcher.predicate(one, each, meant) for each in whole]


# ---- answers -------------------------------------------------------------------------------------------------------


def _said(fields: dict[str, Any]) -> dict[str, Any]:
    return fields


def test_answers_are_joined_as_one_by_one() -> None:
    parts = [np.array(column, np.int8) for column in zip(*product(Tri, repeat=2), strict=True)]

    assert every(parts, 9).tolist() == [min(pair) for pair in product(Tri, repeat=2)]
    assert some(parts, 9).tolist() == [max(pair) for pair in product(Tri, repeat=2)]
    assert every([], 2).tolist() == [Tri.YES, Tri.YES]
    assert some([], 2).tolist() == [Tri.NO, Tri.NO]
    assert answered(Tri.MAYBE, 2).tolist() == [Tri.MAYBE, Tri.MAYBE]
    assert negated(np.array(list(Tri), np.int8)).tolist() == [one.negated for one in Tri]


def test_what_is_certain_is_so_whether_or_not_it_is_called_possible() -> None:
    certain, possible = (np.array(column) for column in zip(*product([False, True], repeat=2), strict=True))

    assert tri_of(certain, possible).tolist() == [Tri.NO, Tri.MAYBE, Tri.YES, Tri.YES]


# ---- each aspect ---------------------------------------------------------------------------------------------------

DOERS: tuple[Doer, ...] = (None, ("north",), ("south", "band"), ("anyone",), AnyoneExcept(anyone_except="north"))  # type: ignore[arg-type]  # as the file says it


@pytest.mark.parametrize("doer", DOERS)
@pytest.mark.parametrize("proof", Proof)
def test_proof_and_authorship_count_together(doer: Doer, proof: Proof) -> None:
    cases = product(Proof, Proof, (None, "north", "south", "band", "outsider"), (Op.ASSERT, Op.REDACT))
    facts = [
        fact(f"f{number}", "attack", "5", occurred=occurred, who=who, by=by, op=op)
        for number, (occurred, who, by, op) in enumerate(cases)
    ]

    agree(TEXT, pattern("attack"), facts, Meant(by=doer), proof=proof)
    agree(TEXT, pattern("attack"), facts[:1], Meant(by=doer), proof=proof)


def test_facts_of_one_level_of_proof_are_asked_about_once() -> None:
    table = table_of("attack", [fact("f1", "attack", "5"), fact("f2", "attack", "6")])
    one_level = np.broadcast_to(np.int8(Proof.VERIFIED), 2)
    same = type(table)(
        **{**{name: getattr(table, name) for name in table.__slots__}, "occurred": one_level, "who": one_level}
    )

    answers = InBulk(Matcher(TEXT, Proof.VERIFIED), same, pattern("attack"), Meant(by=("north",))).match()

    assert answers.tolist() == [Tri.MAYBE, Tri.MAYBE]  # by whom is not said


@pytest.mark.parametrize("many", [1, 3])
def test_facts_that_share_a_level_of_proof_are_as_sure_as_each(many: int) -> None:
    """A table may hold one level for all its facts, of what happened, of who did it, or of both."""
    several = (Proof.VERIFIED, Proof.ALLEGED, Proof.REFUTED)[:many]
    facts = [
        fact(f"f{number}", "attack", str(5 + number), by="north", occurred=one, who=one)
        for number, one in enumerate(several)
    ]
    apart = table_of("attack", facts)
    for occurred, who in product((None, *Proof), (None, *Proof)):
        table = _levelled(apart, occurred, who)
        meant = [
            replace(one, occurred=one.occurred if occurred is None else occurred, who=one.who if who is None else who)
            for one in facts
        ]
        for asked, doer in product((Proof.ALLEGED, Proof.CORROBORATED), (None, ("north",), ("south",))):
            matcher = Matcher(TEXT, asked)
            found = InBulk(matcher, table, pattern("attack"), Meant(by=doer)).match()

            assert found.tolist() == [matcher.match(pattern("attack"), one, Meant(by=doer)) for one in meant]


def _levelled(table: Table, occurred: Proof | None, who: Proof | None) -> Table:
    """Return a table with one level for all its facts, held once, or with their own."""
    levels = {"occurred": occurred, "who": who}
    held = {name: np.broadcast_to(np.int8(one), len(table)) for name, one in levels.items() if one is not None}
    return replace(table, **held)  # type: ignore[arg-type]  # columns of levels


@pytest.mark.parametrize("kind", ["position", "declaration", "attack"])
def test_members_are_those_named_and_silence_is_read_by_the_nature_of_the_fact(kind: str) -> None:
    facts = [
        fact(f"f{number}", kind, "5", op=op, **_said({} if unit is None else {"unit": unit}))
        for number, (unit, op) in enumerate(product((None, "n1", "n2", ("n1", "s1")), (Op.ASSERT, Op.REDACT)))
    ]

    for member in ("n1", "n2", "s1", "other"):
        agree(TEXT, pattern(kind), facts, Meant(binding=(("unit", member), ("sector", "valley"))))


@pytest.mark.parametrize("about", [(), ("halt",), ("halt", "f1")])
def test_what_is_about_something_names_it(about: tuple[str, ...]) -> None:
    facts = [
        fact(f"f{number}", "declaration", "5", op=op, **_said({} if of is None else {"of": of}))
        for number, (of, op) in enumerate(
            product((None, "halt", "f1", ("f1", "halt"), "other"), (Op.ASSERT, Op.REDACT))
        )
    ]

    agree(TEXT, pattern("declaration"), facts, Meant(about=about))
    agree(TEXT, pattern("declaration", of="other"), facts, Meant(about=about))
    agree(TEXT, pattern("attack"), [fact("f1", "attack", "5")], Meant(about=about))


def test_fields_pass_their_tests_certainly_perhaps_or_not() -> None:
    values = (None, 1, 2, 3, "tank", ("tank", "mortar"), True, False)
    facts = [
        fact(
            f"f{number}",
            "attack",
            "5",
            **_said({} if one is None else {"weapon": one, "killed": one, "permitted": one}),
        )
        for number, one in enumerate(values)
    ]

    for said in (
        {"weapon": "tank"},
        {"killed": {"at_least": 2}},
        {"killed": 2},
        {"permitted": False},
        {"against": "s1"},
    ):
        agree(TEXT, pattern("attack", **said), facts, Meant())
        agree(TEXT, pattern("attack", in_="valley", **said), facts, Meant())


INSIDE = Place.of(lat="0", lon="0", within_m=0)
PLACES = (None, INSIDE, Place.of(lat="10", lon="10", within_m=100))


@pytest.mark.parametrize("with_places", [False, True])
@pytest.mark.parametrize("zone_of_time", ["", "from", "until"])
def test_places_and_zones_are_looked_at_with_the_time(zone_of_time: str, *, with_places: bool) -> None:
    text = _drawn(zone_of_time)
    days: tuple[Time, ...] = ("4", "6", ("4", "6"))
    cases = product(PLACES if with_places else (None,), (None, "box", "part", "far"), days)
    facts = [
        fact(f"f{number}", "position", day, place=place, zone=zone) for number, (place, zone, day) in enumerate(cases)
    ]

    for said in (
        {"in_": "box"},
        {"outside": "box"},
        {"in_": ["far", "box"]},
        {"in_": "sector"},
        {"outside": "sector"},
    ):
        agree(text, pattern("position", **said), facts, Meant(binding=(("sector", "box"),)))
    agree(text, pattern("position", side="west of line"), facts, Meant())
    agree(text, pattern("position", distance="under 3km from line"), facts, Meant())


@pytest.mark.parametrize("within_m", [0, 40])
def test_what_is_just_so_far_from_a_line_is_not_under_that_distance(within_m: int) -> None:
    text, where = _drawn(""), Place.of(lat="0", lon="0.02", within_m=within_m)
    facts = [fact("f1", "position", "5", place=where), fact("f2", "position", "5")]
    least, most = text.atlas.distance("line", where, facts[0].when)
    for metres in {max(0, least - 1), least, least + 1, most - 1, most, most + 1}:
        for word in ("under", "at least"):
            agree(text, pattern("position", distance=f"{word} {metres}m from line"), facts, Meant())
    assert most > least


def _drawn(zone_of_time: str) -> Agreement:
    """Return an agreement over a box, a part of it, a zone far away and a line; the box may be agreed for a time."""
    dated = f'"{zone_of_time}": "2031-03-05T00:00+02:00", ' if zone_of_time else ""

    def box(name: str, west: int, more: str = "") -> str:
        ring = [[west, -1], [west + 2, -1], [west + 2, 1], [west, 1], [west, -1]]
        return (
            f'{{"type": "Feature", "properties": {{"id": "{name}", {more}"author": "us", "accuracy_m": 0}},'
            f' "geometry": {{"type": "Polygon", "coordinates": [{ring}]}}}}'
        )

    line = (
        '{"type": "Feature", "properties": {"id": "line", "author": "us", "accuracy_m": 0,'
        ' "sides": {"left": "west", "right": "east"}},'
        ' "geometry": {"type": "LineString", "coordinates": [[0, -2], [0, 2]]}}'
    )
    part = '{"type": "Feature", "properties": {"id": "part", "author": "us", "part_of": ["box"]}, "geometry": null}'
    features = ", ".join([box("box", -1, dated), box("far", 20), part, line])
    drawn = read_geojson(f'{{"type": "FeatureCollection", "features": [{features}]}}', "zones.geojson")
    text = (
        "{agreement: a, title: A, time_zone: EET, in_force: 2031-03-01T00:00+02:00, parties: {north: {}, south: {}},"
        " clauses: [{id: halt, kind: prohibit, cite: art. 1, gloss: none, act: {fact: attack}},"
        " {id: sector, kind: define, cite: a, gloss: s, zones: [box, far]}]}"
    )
    return load_agreement(text, "agreement.yaml", drawn)


# ---- generated -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", range(0, 240, 40))
def test_every_pattern_of_generated_agreements_means_the_same_facts(first: int) -> None:
    for seed in range(first, first + 40, 4):
        found = world(seed)
        several = {
            role.pattern: role
            for history in found.agreement.clauses.values()
            for one in history.all()
            for role in roles(one)
        }
        kinds = {fact.kind for fact in found.facts}
        for one, kind in product(several, sorted(kinds)):
            if kind and found.agreement.vocabulary.is_a(kind, one.fact):
                facts = [fact for fact in found.facts if fact.kind == kind]
                agree(
                    found.agreement,
                    one,
                    facts,
                    Meant(by=("north",), binding=(("unit", "n1"), ("sector", "hill"))),
                    proof=found.question.proof,
                )


def test_the_atlas_of_the_small_cases_is_agreed_for_ever() -> None:
    assert atlas().for_ever
