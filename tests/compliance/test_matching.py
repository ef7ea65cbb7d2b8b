"""Whether a fact is one that a pattern means: kind, doer, member, place and fields, each at its border."""

from __future__ import annotations

from typing import Any

import pytest

from tests.compliance_small import agreement, atlas, clause, fact, halt, pattern
from trucekeeper.agreement.language import Bound
from trucekeeper.compliance.matching import Doer, Matcher, Meant, bound_test, same
from trucekeeper.terms import Amount, Fact, Op, Place, Proof, Tri

SURE, DOUBT, NOT = Tri.YES, Tri.MAYBE, Tri.NO
ZONES = clause("east", "define", zones=["harbour", "orchards"])
TEXT = agreement(halt(), ZONES)
ATTACK = pattern("attack")


def matched(
    wanted: Any,  # noqa: ANN401  a pattern
    found: Fact,
    meant: Meant | None = None,
    *,
    proof: Proof = Proof.CORROBORATED,
) -> Tri:
    return Matcher(TEXT, proof).match(wanted, found, meant or Meant())


def shell(**more: Any) -> Fact:  # noqa: ANN401  the rest of a fact
    return fact("s", "shelling", "5", **more)


# ---- kind and proof ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "tri"),
    [("attack", SURE), ("shelling", SURE), ("sniper-fire", SURE), ("military-operation", NOT), ("movement", NOT)],
)
def test_a_kind_means_itself_and_all_sorts_of_it(kind: str, tri: Tri) -> None:
    assert matched(ATTACK, fact("x", kind, "5")) is tri


@pytest.mark.parametrize("asked", [Proof.ALLEGED, Proof.CORROBORATED, Proof.VERIFIED])
@pytest.mark.parametrize("occurred", list(Proof))
def test_a_fact_is_certain_from_the_asked_proof_on_and_refuted_never(asked: Proof, occurred: Proof) -> None:
    expected = NOT if occurred is Proof.REFUTED else SURE if occurred >= asked else DOUBT

    assert matched(ATTACK, shell(occurred=occurred, who=Proof.VERIFIED), proof=asked) is expected


def test_a_redacted_fact_is_possible_with_its_kind_or_without() -> None:
    assert matched(ATTACK, shell(op=Op.REDACT)) is DOUBT
    assert matched(ATTACK, fact("s", "", "5", op=Op.REDACT)) is DOUBT
    assert matched(ATTACK, fact("s", "movement", "5", op=Op.REDACT)) is NOT


def but(name: str) -> Doer:
    """Return everybody except one, as a clause says it."""
    return pattern("attack", by={"anyone_except": [name]}).by


# ---- doer ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("by", "doer", "tri"),
    [
        ("north", ("north",), SURE),
        ("n1", ("north",), SURE),
        ("south", ("north",), NOT),
        (None, ("north",), DOUBT),
        ("band", ("south",), DOUBT),
        ("band", ("north",), NOT),
        ("band", ("north", "south"), DOUBT),
        ("south", ("anyone",), SURE),
        ("south", ("unstated",), SURE),
        (None, ("anyone",), SURE),
        (None, None, SURE),
        ("north", but("guarantor"), SURE),
        ("guarantor", but("guarantor"), NOT),
        ("band", but("south"), DOUBT),
        (None, but("guarantor"), DOUBT),
    ],
)
def test_who_did_it_is_one_of_those_meant_or_of_theirs(by: str | None, doer: Doer, tri: Tri) -> None:
    assert matched(ATTACK, shell(by=by), Meant(by=doer)) is tri


def test_who_the_pattern_names_counts_before_those_bound() -> None:
    assert matched(pattern("attack", by="south"), shell(by="south"), Meant(by=("north",))) is SURE
    assert matched(pattern("attack", by="south"), shell(by="north"), Meant(by=("north",))) is NOT


@pytest.mark.parametrize(
    ("occurred", "who", "named", "anybody"),
    [
        (Proof.VERIFIED, Proof.ALLEGED, DOUBT, SURE),
        (Proof.ALLEGED, Proof.VERIFIED, DOUBT, DOUBT),
        (Proof.CORROBORATED, Proof.CORROBORATED, SURE, SURE),
        (Proof.REFUTED, Proof.VERIFIED, NOT, NOT),
    ],
)
def test_where_a_doer_is_named_the_lower_of_both_proofs_counts(
    occurred: Proof, who: Proof, named: Tri, anybody: Tri
) -> None:
    found = shell(by="north", occurred=occurred, who=who)

    assert matched(ATTACK, found, Meant(by=("north",))) is named
    assert [matched(ATTACK, found, Meant(by=doer)) for doer in (None, ("anyone",), ("unstated",))] == [anybody] * 3


def test_an_exception_of_some_names_who_did_it() -> None:
    everybody_else = but("anyone")

    assert matched(ATTACK, shell(by="north", who=Proof.ALLEGED), Meant(by=but("south"))) is DOUBT
    assert matched(ATTACK, shell(by="north"), Meant(by=everybody_else)) is NOT


@pytest.mark.parametrize(
    ("by", "tri"),
    [("north", NOT), ("n1", NOT), ("south", DOUBT), ("band", DOUBT), (None, DOUBT)],
)
def test_whose_authorship_was_refuted_is_cleared_and_nobody_else_accused(by: str | None, tri: Tri) -> None:
    refuted = shell(by=by, who=Proof.REFUTED, occurred=Proof.VERIFIED)

    assert matched(ATTACK, refuted, Meant(by=("north",))) is tri
    assert matched(ATTACK, refuted) is SURE


def test_a_refuted_author_of_an_alleged_act_leaves_it_alleged() -> None:
    refuted = shell(by="south", who=Proof.REFUTED, occurred=Proof.ALLEGED)

    assert matched(ATTACK, refuted, Meant(by=("north",)), proof=Proof.ALLEGED) is DOUBT
    assert matched(ATTACK, shell(by="south", who=Proof.REFUTED, occurred=Proof.REFUTED), Meant(by=("north",))) is NOT


# ---- members and what it is about ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "tri"),
    [("n1", SURE), (("n2", "n1"), SURE), ("n2", NOT), (None, DOUBT)],
)
def test_an_event_is_of_the_member_that_it_names(unit: object, tri: Tri) -> None:
    fields = {} if unit is None else {"unit": unit}

    assert matched(ATTACK, shell(**fields), Meant(binding=(("unit", "n1"),))) is tri


def test_an_act_on_paper_that_names_no_member_is_for_all_of_them() -> None:
    bound = Meant(binding=(("unit", "n1"),))
    order = pattern("order")

    assert matched(order, fact("o", "order", "5"), bound) is SURE
    assert matched(order, fact("o", "order", "5", unit="n2"), bound) is NOT
    assert matched(order, fact("o", "order", "5", op=Op.REDACT), bound) is DOUBT


def test_a_member_that_a_kind_does_not_know_is_not_asked_of_it() -> None:
    assert matched(ATTACK, shell(), Meant(binding=(("crossing", "east"),))) is SURE


def test_a_member_of_a_set_of_zones_is_where_and_not_what() -> None:
    text = agreement(
        halt(), vocabulary={"patrol": {"says": "a patrol", "nature": "event", "fields": {"area": "zone"}}}
    )
    found = fact("p", "patrol", "5", zone="valley", area="harbour")
    wanted = pattern("patrol", in_="area")

    assert Matcher(text, Proof.CORROBORATED).match(wanted, found, Meant(binding=(("area", "valley"),))) is SURE


@pytest.mark.parametrize(("of", "tri"), [("halt", SURE), ("gate", SURE), ("other", NOT), (None, NOT)])
def test_an_act_on_paper_is_about_what_it_names(of: str | None, tri: Tri) -> None:
    fields: dict[str, Any] = {} if of is None else {"of": of}

    assert matched(pattern("order"), fact("o", "order", "5", **fields), Meant(about=("halt", "gate"))) is tri


def test_what_a_pattern_itself_says_it_is_about_counts_alone() -> None:
    found = fact("o", "order", "5", of="patrol")

    assert matched(pattern("order", of="patrol"), found, Meant(about=("halt",))) is SURE
    assert matched(pattern("order", finding="x"), found, Meant(about=("halt",))) is NOT


def test_what_a_redacted_act_on_paper_was_about_nobody_can_tell() -> None:
    about = Meant(about=("halt",))

    assert matched(pattern("order"), fact("o", "order", "5", op=Op.REDACT), about) is DOUBT
    assert matched(pattern("order"), fact("o", "order", "5", op=Op.REDACT, of="gate"), about) is NOT


def test_an_event_is_about_nothing() -> None:
    assert matched(ATTACK, shell(), Meant(about=("halt",))) is SURE


# ---- where ---------------------------------------------------------------------------------------------------------

IN_VALLEY = Place.of(lat="0.1", lon="-30.2")
ON_THE_EDGE = Place.of(lat="0.1", lon="-30.1")
IN_HARBOUR = Place.of(lat="0.1", lon="-29.8")


@pytest.mark.parametrize(
    ("where", "inside"),
    [
        ({"place": IN_VALLEY}, SURE),
        ({"place": IN_HARBOUR}, NOT),
        ({"place": ON_THE_EDGE}, DOUBT),
        ({}, DOUBT),
        ({"zone": "valley"}, SURE),
        ({"zone": "harbour"}, NOT),
        ({"place": ON_THE_EDGE, "zone": "valley"}, SURE),
        ({"place": IN_HARBOUR, "zone": "valley"}, NOT),
    ],
)
def test_a_fact_is_in_a_zone_by_its_point_and_else_by_the_zone_it_names(where: dict[str, Any], inside: Tri) -> None:
    assert matched(pattern("attack", in_="valley"), shell(**where)) is inside
    assert matched(pattern("attack", outside="valley"), shell(**where)) is inside.negated


def test_one_of_several_zones_is_enough_and_outside_means_outside_all() -> None:
    several = ["valley", "harbour"]

    assert [matched(pattern("attack", in_=several), shell(place=one)) for one in (IN_VALLEY, IN_HARBOUR)] == [
        SURE,
        SURE,
    ]
    assert matched(pattern("attack", outside=several), shell(place=IN_HARBOUR)) is NOT
    assert matched(pattern("attack", outside=several), shell(place=Place.of(lat="0.1", lon="-30"))) is SURE


def test_a_name_that_a_clause_gives_to_several_zones_means_each() -> None:
    assert matched(pattern("attack", in_="east"), shell(place=IN_HARBOUR)) is SURE
    assert matched(pattern("attack", in_="east"), shell(place=IN_VALLEY)) is DOUBT  # the Orchards are undrawn


def test_a_zone_may_be_the_member_meant() -> None:
    bound = Meant(binding=(("area", "harbour"),))

    assert matched(pattern("attack", in_="area"), shell(place=IN_HARBOUR), bound) is SURE
    assert matched(pattern("attack", outside="area"), shell(place=IN_HARBOUR), bound) is NOT


@pytest.mark.parametrize(
    ("lon", "west", "east"),
    [("-30.1", SURE, NOT), ("-29.9", NOT, SURE), ("-30", DOUBT, DOUBT)],
)
def test_a_fact_is_on_one_side_of_a_line_and_on_it_nobody_can_tell(lon: str, west: Tri, east: Tri) -> None:
    found = shell(place=Place.of(lat="0.1", lon=lon))

    assert matched(pattern("attack", side="west of agreed-line"), found) is west
    assert matched(pattern("attack", side="east of agreed-line"), found) is east


def test_on_which_side_and_how_far_a_fact_without_a_point_was_nobody_can_tell() -> None:
    assert matched(pattern("attack", side="west of agreed-line"), shell(zone="valley")) is DOUBT
    assert matched(pattern("attack", distance="under 9km from agreed-line"), shell(zone="valley")) is DOUBT


def test_a_distance_is_kept_or_not_to_the_metre_of_its_doubt() -> None:
    place = Place.of(lat="0.1", lon="-30.1")
    least, most = atlas().distance("agreed-line", place, shell().when)
    found = shell(place=place)

    def far(metres: int, way: str) -> Tri:
        return matched(pattern("attack", distance=f"{way} {metres}m from agreed-line"), found)

    assert least < most
    assert [far(one, "at least") for one in (least, least + 1, most, most + 1)] == [SURE, DOUBT, DOUBT, NOT]
    assert [far(one, "under") for one in (least, least + 1, most, most + 1)] == [NOT, DOUBT, DOUBT, SURE]


# ---- fields --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "said", "tri"),
    [
        ("mortar", "mortar", SURE),
        ("mortar", "rifle", NOT),
        ("mortar", None, DOUBT),
        ("mortar", ("rifle", "mortar"), SURE),
        (["mortar", "rifle"], "rifle", SURE),
        (["mortar", "rifle"], "tank", NOT),
    ],
)
def test_a_word_is_one_of_those_wanted(wanted: object, said: object, tri: Tri) -> None:
    found = shell() if said is None else shell(weapon=said)

    assert matched(pattern("attack", weapon=wanted), found) is tri


@pytest.mark.parametrize(("said", "tri"), [(True, SURE), (False, NOT), (None, DOUBT)])
def test_a_flag_is_as_wanted(said: bool | None, tri: Tri) -> None:  # noqa: FBT001  a flag
    found = shell() if said is None else shell(permitted=said)

    assert matched(pattern("attack", permitted=True), found) is tri
    assert matched(pattern("attack", permitted=False), found) is tri.negated


@pytest.mark.parametrize(
    ("said", "tri"),
    [("south", SURE), ("s1", SURE), ("band", DOUBT), ("north", NOT), (("north", "s1"), SURE), (("north",), NOT)],
)
def test_an_actor_is_the_one_wanted_or_of_it(said: object, tri: Tri) -> None:
    assert matched(pattern("attack", against="south"), shell(against=said)) is tri


@pytest.mark.parametrize(
    ("said", "tri"),
    [
        (Amount(120, 120), SURE),
        (Amount(119, 119), NOT),
        (Amount(121, 121), NOT),
        (Amount(119, 121), DOUBT),
        (Amount(120, 121), DOUBT),
        (Amount(119, 120), DOUBT),
    ],
)
def test_a_number_is_exactly_as_wanted(said: Amount, tri: Tri) -> None:
    assert matched(pattern("attack", calibre_mm=120), shell(calibre_mm=said)) is tri


@pytest.mark.parametrize(
    ("bound", "sure", "not_"),
    [
        ({"at_least": 100}, 100, 99),
        ({"above": 100}, 101, 100),
        ({"at_most": 100}, 100, 101),
        ({"below": 100}, 99, 100),
    ],
)
def test_a_number_is_within_its_limits_or_one_past_them(bound: dict[str, int], sure: int, not_: int) -> None:
    test = Bound(**bound)
    low, high = sorted((sure, not_))

    assert bound_test(Amount(sure, sure), test) is SURE
    assert bound_test(Amount(not_, not_), test) is NOT
    assert bound_test(Amount(low, high), test) is DOUBT
    assert matched(pattern("attack", calibre_mm=bound), shell(calibre_mm=sure)) is SURE


def test_a_number_between_two_limits_is_within_both() -> None:
    test = Bound(at_least=100, below=103)

    found = [bound_test(Amount(least, most), test) for least, most in ((100, 102), (99, 102), (100, 103), (99, 103))]

    assert found == [SURE, DOUBT, DOUBT, DOUBT]
    assert [bound_test(Amount(one, one), test) for one in (99, 103)] == [NOT, NOT]


def test_what_is_no_number_is_within_no_limits() -> None:
    assert bound_test("many", Bound(at_least=0)) is NOT


def test_every_field_must_be_as_wanted() -> None:
    wanted = pattern("attack", weapon="mortar", calibre_mm=120)

    assert matched(wanted, shell(weapon="mortar", calibre_mm=120)) is SURE
    assert matched(wanted, shell(weapon="mortar", calibre_mm=82)) is NOT
    assert matched(wanted, shell(weapon="mortar")) is DOUBT


# ---- subject and predicate -----------------------------------------------------------------------------------------


def test_where_a_pattern_says_where_its_fields_say_of_which_things() -> None:
    matcher = Matcher(TEXT, Proof.CORROBORATED)
    placed, unplaced = pattern("attack", in_="valley", weapon="mortar"), pattern("attack", weapon="mortar")
    rifle = shell(weapon="rifle", place=IN_VALLEY)

    assert (matcher.subject(placed, rifle, Meant()), matcher.predicate(placed, rifle, Meant())) == (NOT, SURE)
    assert (matcher.subject(unplaced, rifle, Meant()), matcher.predicate(unplaced, rifle, Meant())) == (SURE, NOT)


@pytest.mark.parametrize(
    "where",
    [
        {"in": "valley"},
        {"outside": "harbour"},
        {"side": "west of agreed-line"},
        {"distance": "at least 1km from agreed-line"},
    ],
)
def test_each_way_to_say_where_is_one(where: dict[str, Any]) -> None:
    matcher = Matcher(TEXT, Proof.CORROBORATED)
    rifle = shell(weapon="rifle", place=IN_VALLEY)

    assert matcher.subject(pattern("attack", weapon="mortar", **where), rifle, Meant()) is NOT


def test_a_fact_is_no_surer_than_the_less_sure_of_subject_and_predicate() -> None:
    wanted = pattern("attack", in_="valley")

    assert matched(wanted, shell(place=IN_VALLEY, occurred=Proof.ALLEGED)) is DOUBT
    assert matched(wanted, shell(place=ON_THE_EDGE)) is DOUBT
    assert matched(wanted, shell(place=IN_HARBOUR, occurred=Proof.ALLEGED)) is NOT


# ---- the same ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "names", "tri"),
    [
        ({"unit": "n1"}, {"unit": "n1"}, ["unit"], SURE),
        ({"unit": "n1"}, {"unit": "n2"}, ["unit"], NOT),
        ({"unit": "n1"}, {}, ["unit"], DOUBT),
        ({}, {"unit": "n1"}, ["unit"], DOUBT),
        ({}, {}, ["unit"], DOUBT),
        ({"by": "north"}, {"by": "north"}, ["by"], SURE),
        ({"by": "north"}, {"by": "south"}, ["by"], NOT),
        ({"by": "north"}, {}, ["by"], DOUBT),
        ({"zone": "valley"}, {"zone": "valley"}, ["zone"], SURE),
        ({"zone": "valley"}, {"zone": "harbour"}, ["zone"], NOT),
        ({"by": "north", "unit": "n1"}, {"by": "north", "unit": "n2"}, ["by", "unit"], NOT),
        ({"by": "north"}, {"by": "south"}, [], SURE),
    ],
)
def test_two_facts_agree_in_each_thing_that_must_be_the_same(
    one: dict[str, Any], other: dict[str, Any], names: list[str], tri: Tri
) -> None:
    assert same(fact("a", "shelling", "5", **one), fact("b", "permit", "4", **other), names) is tri


def test_what_happened_somewhere_on_a_line_may_have_happened_in_a_zone() -> None:
    assert matched(pattern("attack", in_="valley"), shell(zone="agreed-line")) is Tri.MAYBE
