from __future__ import annotations

import pytest

from trucekeeper.terms import BASE_VOCABULARY, Amount, Fact, Fault, Interval, Op, Place, Proof, Refused, Tri
from trucekeeper.terms.faults import suggestion
from trucekeeper.terms.places import degrees_e7
from trucekeeper.terms.tri import every, some

TRIS = (Tri.NO, Tri.MAYBE, Tri.YES)


def test_under_doubt_and_or_not_follow_kleene() -> None:
    table = {(a, b): (every((a, b)), some((a, b))) for a in TRIS for b in TRIS}

    assert table[Tri.YES, Tri.MAYBE] == (Tri.MAYBE, Tri.YES)
    assert table[Tri.NO, Tri.MAYBE] == (Tri.NO, Tri.MAYBE)
    assert all(both == min(pair) and either == max(pair) for pair, (both, either) in table.items())
    assert [one.negated for one in TRIS] == [Tri.YES, Tri.MAYBE, Tri.NO]
    assert (every(()), some(())) == (Tri.YES, Tri.NO)


def test_what_is_certain_is_also_possible() -> None:
    assert Tri.of(certain=True, possible=False) is Tri.YES
    assert Tri.of(certain=False, possible=True) is Tri.MAYBE
    assert Tri.of(certain=False, possible=False) is Tri.NO


def test_proof_rises_from_alleged_to_verified_and_refuted_is_below_all() -> None:
    assert Proof.REFUTED < Proof.ALLEGED < Proof.CORROBORATED < Proof.VERIFIED
    assert Proof.named("verified") is Proof.VERIFIED
    assert Proof.VERIFIED.word == "verified"
    with pytest.raises(KeyError):
        Proof.named("certain")


def test_a_place_is_kept_to_a_centimetre_without_floats() -> None:
    place = Place.of(lat="31.5", lon="-34.4600001", within_m=400)

    assert (place.lat_e7, place.lon_e7, place.within_m) == (315_000_000, -344_600_001, 400)


@pytest.mark.parametrize(
    ("lat", "lon", "within"), [("90.1", "0", 0), ("0", "180.1", 0), ("-90.1", "0", 0), ("0", "0", -1)]
)
def test_a_place_off_the_earth_is_refused(lat: str, lon: str, within: int) -> None:
    with pytest.raises(ValueError, match=r"latitude|longitude|radius"):
        Place.of(lat=lat, lon=lon, within_m=within)


@pytest.mark.parametrize("text", ["north", "", "NaN", "Infinity", "1e999999", "31,5"])
def test_degrees_that_are_no_number_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a number of degrees"):
        degrees_e7(text)


def test_the_corners_of_the_earth_are_places() -> None:
    assert Place.of(lat="-90", lon="-180") == Place(-900_000_000, -1_800_000_000, 0)
    assert Place.of(lat="90", lon="180") == Place(900_000_000, 1_800_000_000, 0)


def test_an_amount_knows_its_least_and_most() -> None:
    with pytest.raises(ValueError, match="least is more"):
        Amount(3, 2)
    assert Amount(2, 2).least == 2


def test_a_fact_says_what_it_says_and_no_more() -> None:
    fact = Fact(id="a", kind="release", fields=(("count", Amount(3, 3)),), when=Interval.at(5), learned_at=7)

    assert fact.amount("count") == Amount(3, 3)
    assert fact.field("category") is None
    assert fact.amount("category") is None
    assert fact.known_at == 7
    assert not fact.redacted


def test_on_record_means_the_keepers_clock_where_there_is_one() -> None:
    fact = Fact(id="a", op=Op.REDACT, when=Interval.at(5), learned_at=7, recorded_at=9)

    assert fact.known_at == 9
    assert fact.redacted


def test_a_kind_is_a_sort_of_its_parents_and_has_their_fields() -> None:
    assert BASE_VOCABULARY.lineage("sniper-fire") == ("sniper-fire", "gunfire", "attack", "military-operation")
    assert BASE_VOCABULARY.is_a("drone-strike", "attack")
    assert not BASE_VOCABULARY.is_a("attack", "drone-strike")
    assert {"weapon", "unit"} <= set(BASE_VOCABULARY.fields("sniper-fire"))
    assert "explosion" in BASE_VOCABULARY
    assert "other" not in BASE_VOCABULARY


def test_every_parent_in_the_vocabulary_is_itself_a_kind() -> None:
    assert all(kind.parent is None or kind.parent in BASE_VOCABULARY for kind in BASE_VOCABULARY.kinds.values())


def test_a_fault_says_where_what_and_what_to_do() -> None:
    assert str(Fault("a.yaml", 41, 5, "no trigger", "add 'after: approval'")) == (
        "a.yaml:41:5: no trigger\n    add 'after: approval'"
    )
    assert str(Fault("a.yaml", 41, 0, "no trigger")) == "a.yaml:41: no trigger"
    assert str(Fault("a.yaml", 0, 0, "is empty")) == "a.yaml: is empty"


def test_faults_are_told_in_the_order_of_their_lines() -> None:
    refused = Refused([Fault("b", 1, 1, "second"), Fault("a", 9, 1, "first")])

    assert [fault.what for fault in refused.faults] == ["first", "second"]
    assert str(refused) == "a:9:1: first\nb:1:1: second"


def test_a_near_word_is_suggested_else_the_known_ones_are_listed() -> None:
    assert suggestion("aproval", ["approval", "signature"]) == "did you mean 'approval'?"
    assert suggestion("xyz", ["b", "a"]) == "known: a, b"
    assert suggestion("xyz", []) == "none is declared"
    assert suggestion("q", [f"w{n:02}" for n in range(20)]).endswith("w11, ...")
