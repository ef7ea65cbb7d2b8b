"""Incidents and their facts: what is established, by whom, when and where."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.reports_small import BEGUN, report
from trucekeeper.agreement.language import ProofRule
from trucekeeper.fusion.incidents import Incident, Rules, gone, key_of, named
from trucekeeper.fusion.origins import Origin, Registry
from trucekeeper.fusion.proof import independent
from trucekeeper.terms import BASE_VOCABULARY, UNSTATED, Amount, Fact, Interval, Op, Place, Proof, Report
from trucekeeper.terms.moments import DAY, HOUR, MINUTE

RULES = Rules(BASE_VOCABULARY, ProofRule())


def fact(*reports: Report, rules: Rules = RULES) -> Fact:
    return Incident(reports[0].key, reports).fact(rules, rev=3, recorded_at=BEGUN + DAY)


# ---- its name ------------------------------------------------------------------------------------------------------


def test_an_incident_is_named_after_an_entry() -> None:
    assert named(412) == "i-412"
    assert key_of("i-412") == 412
    assert [key_of(text) for text in ("412", "i-", "i-4a", "j-4", "i-²")] == [None] * 5


def test_a_fact_that_is_taken_back_says_so_and_no_more() -> None:
    before = fact(report(1))
    found = gone(before, rev=9, learned_at=BEGUN + DAY, recorded_at=None)

    assert (found.id, found.rev, found.op, found.kind, found.learned_at) == ("i-1", 9, Op.RETRACT, "", BEGUN + DAY)


# ---- proof ---------------------------------------------------------------------------------------------------------


def test_two_origins_of_two_blocs_corroborate() -> None:
    assert fact(report(1, "radio"), report(2, "paper")).occurred is Proof.CORROBORATED


def test_the_crowd_of_one_bloc_never_corroborates_itself() -> None:
    crowd = [report(key, f"account-{key}", bloc="north", text=f"{key} shells") for key in range(500)]

    assert fact(*crowd).occurred is Proof.ALLEGED


def test_two_blocs_that_tell_of_one_origin_do_not_corroborate() -> None:
    chains = (("two officials",),)

    assert fact(report(1, "radio", chains=chains), report(2, "paper", chains=chains)).occurred is Proof.ALLEGED


def test_one_report_that_cites_many_reaches_us_through_one_hand() -> None:
    assert fact(report(1, "ucdp", chains=(("agency",), ("wire",), ("post",)))).occurred is Proof.ALLEGED


def test_one_source_corroborates_nothing_by_saying_that_others_said_so() -> None:
    sources = {name: name for name in ("radio", "paper", "wire")}
    rules = Rules(BASE_VOCABULARY, ProofRule(), Registry(sources, sources))
    alone = [report(1, "radio", by="south"), report(2, "radio", by="south", chains=(("Paper",),))]
    citing = [report(1, "radio", by="south", chains=(("paper",), ("wire",)))]

    for several in (alone, citing):
        found = Incident(1, tuple(several)).fact(rules, rev=1, recorded_at=BEGUN)
        assert (found.occurred, found.who) == (Proof.ALLEGED, Proof.ALLEGED)
    two = (*alone, report(3, "wire", by="south"))
    assert Incident(1, two).fact(rules, rev=1, recorded_at=BEGUN).who is Proof.CORROBORATED


@pytest.mark.parametrize(
    ("grade", "proof"),
    [
        ("A1", "corroborated"),
        ("B2", "corroborated"),
        ("B3", "alleged"),
        ("C1", "alleged"),
        ("F6", "alleged"),
        ("", "alleged"),
    ],
)
def test_a_first_hand_observation_corroborates_from_b2_on(grade: str, proof: str) -> None:
    assert fact(report(1, first_hand=True, grade=grade)).occurred.word == proof


def test_a_good_grade_without_having_been_there_corroborates_nothing() -> None:
    assert fact(report(1, grade="A1")).occurred is Proof.ALLEGED


def test_what_a_patrol_was_told_it_did_not_see() -> None:
    assert fact(report(1, first_hand=True, grade="A1", chains=(("a villager",),))).occurred is Proof.ALLEGED


def test_an_agreement_may_ask_for_more() -> None:
    rules = Rules(BASE_VOCABULARY, ProofRule(origins=3, first_hand=None))

    assert fact(report(1, "radio"), report(2, "paper"), rules=rules).occurred is Proof.ALLEGED
    assert fact(report(1, first_hand=True, grade="A1"), rules=rules).occurred is Proof.ALLEGED
    assert fact(report(1, "radio"), report(2, "paper"), report(3, "wire"), rules=rules).occurred is Proof.CORROBORATED


@pytest.mark.parametrize(
    ("blocs", "found"),
    [
        ([], 0),
        (["a"], 1),
        (["a", "a"], 1),
        (["ab", "a"], 2),
        (["ab", "ab", "ab"], 2),
        (["ab", "a", "b"], 2),
        (["bc", "ab", "a"], 3),
    ],
)
def test_each_origin_needs_a_bloc_of_its_own(blocs: list[str], found: int) -> None:
    several = [Origin(str(at), tuple(report(1, bloc=one) for one in of)) for at, of in enumerate(blocs)]

    assert independent(several) == found
    assert independent(several[::-1]) == found


def test_what_occurred_and_who_did_it_are_established_apart() -> None:
    found = fact(report(1, "radio", by="south"), report(2, "paper"))

    assert (found.occurred, found.by, found.who) == (Proof.CORROBORATED, "south", Proof.ALLEGED)


def test_where_sources_name_two_actors_nobody_is_named_unless_one_is_corroborated() -> None:
    rivals = [report(1, "radio", by="south"), report(2, "paper", by="north")]

    assert (fact(*rivals).by, fact(*rivals).who) == (None, Proof.ALLEGED)
    found = fact(*rivals, report(3, "wire", by="south"))
    assert (found.by, found.who) == ("south", Proof.CORROBORATED)


def test_what_another_kind_is_said_of_does_not_corroborate() -> None:
    found = fact(report(1, "radio", "shelling"), report(2, "paper", "shelling"), report(3, "wire", "abduction"))

    assert (found.kind, found.occurred) == ("shelling", Proof.CORROBORATED)
    found = fact(report(1, "radio", "shelling"), report(2, "radio", "shelling"), report(3, "wire", UNSTATED))
    assert (found.kind, found.occurred) == ("shelling", Proof.ALLEGED)


# ---- what it says --------------------------------------------------------------------------------------------------


def test_of_two_kinds_as_often_named_it_is_what_both_are() -> None:
    assert fact(report(1, "radio", "sniper-fire"), report(2, "paper", "shelling")).kind == "attack"
    assert fact(report(1, "radio", "sniper-fire"), report(2, "paper", "shelling")).occurred is Proof.CORROBORATED


def test_of_two_kinds_that_share_nothing_it_is_what_was_said_first() -> None:
    assert fact(report(1, "radio", "abduction"), report(2, "paper", "delivery")).kind == "abduction"
    assert fact(report(1, "paper", "delivery"), report(2, "radio", "abduction")).kind == "delivery"


def test_who_names_no_kind_names_none_for_others() -> None:
    assert fact(report(1, "radio", UNSTATED), report(2, "paper", "shelling")).kind == "shelling"
    assert fact(report(1, "radio", UNSTATED)).kind == UNSTATED


def test_its_time_is_what_all_allow_else_from_first_to_last() -> None:
    hour, whole = report(1, "radio", hours=1), report(2, "paper", hours=1, day=True)

    assert fact(hour, whole).when == Interval.at(BEGUN + HOUR)
    assert fact(hour, report(2, "paper", hours=3)).when == Interval(BEGUN + HOUR, BEGUN + 3 * HOUR)


def test_its_place_is_the_best_known_with_a_radius_that_reaches_the_others() -> None:
    near, far = report(1, "radio", within_m=300), report(2, "paper", metres=5000, within_m=1000)
    found = fact(near, far).place

    assert isinstance(found, Place)
    assert (found.lon_e7, 3900 < found.within_m < 4100) == (300_000_000, True)
    assert fact(near, report(2, "paper", metres=500, within_m=1000)).place == near.fact.place
    assert fact(report(1, placed=False)).place is None


def test_what_was_seen_is_not_made_vaguer_by_what_others_heard() -> None:
    seen = report(1, first_hand=True, grade="B2", hours=1, within_m=100)
    found = fact(seen, report(2, "radio", hours=9, metres=9000, within_m=5000))

    assert (found.when, found.place) == (seen.fact.when, seen.fact.place)


def test_numbers_go_from_the_least_to_the_most_that_anybody_says() -> None:
    found = fact(
        report(1, "radio", fields={"killed": 3}), report(2, "paper", fields={"killed": 7}), report(3, "wire")
    )

    assert found.fields == (("killed", Amount(3, 7)),)


def test_a_field_that_its_kind_has_not_is_left_to_the_report() -> None:
    assert fact(report(1, "radio", "overflight", fields={"killed": 3})).fields == ()


def test_it_is_learned_with_the_last_of_its_reports_and_says_how_many() -> None:
    found = fact(report(1, "radio"), report(2, "paper", hours=2))

    assert found.learned_at == BEGUN + 2 * HOUR + 10 * MINUTE
    assert (found.rev, found.recorded_at, found.source, found.note) == (
        3,
        BEGUN + DAY,
        "reports",
        "2 reports, 2 origins",
    )


def stating(key: int, source: str, zone: str | None = None, **words: str) -> Report:
    found = report(key, source)
    return replace(found, fact=replace(found.fact, zone=zone, fields=tuple(words.items())))


def test_it_is_in_a_zone_only_if_all_who_name_one_name_the_same() -> None:
    assert fact(stating(1, "radio", "valley"), stating(2, "paper", "valley"), stating(3, "wire")).zone == "valley"
    assert fact(stating(1, "radio", "valley"), stating(2, "paper", "hills")).zone is None
    assert fact(stating(1, "radio")).zone is None


def test_a_word_stands_only_if_all_who_say_one_say_the_same() -> None:
    agreed = fact(stating(1, "radio", weapon="mortar"), stating(2, "paper", weapon="mortar"), stating(3, "wire"))
    rivals = fact(stating(1, "radio", weapon="mortar"), stating(2, "paper", weapon="gun"))

    assert agreed.fields == (("weapon", "mortar"),)
    assert rivals.fields == ()
    assert fact(stating(1, "radio", weapon="mortar"), stating(2, "paper")).fields == (("weapon", "mortar"),)


def test_no_name_is_longer_than_any_entry_s_number() -> None:
    assert key_of("i-" + "9" * 18) == 10**18 - 1
    assert key_of("i-" + "9" * 19) is None


def test_a_point_that_one_knows_exactly_stays_a_point() -> None:
    place = fact(report(1, within_m=0)).place

    assert place is not None
    assert place.within_m == 0
