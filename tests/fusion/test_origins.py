"""Copies, claims and origins: who repeats whom, and where it began."""

from __future__ import annotations

from hashlib import blake2b
from itertools import permutations
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.fuzz import ratio

from tests.reports_small import report
from trucekeeper.fusion.claims import NEAR_M, Claims
from trucekeeper.fusion.copies import address, alike, plain, sketch
from trucekeeper.fusion.origins import Registry, origins
from trucekeeper.geo.apart import points_apart_m

DISPATCH = "Two shells fell on the market of Dolna on Monday morning, residents said, and a third on the road."
EDITED = "Two shells fell on the market of Dolna on Monday morning, residents say, and a third on the road"
OTHER = "A patrol of the Commission heard four explosions from the direction of the eastern hills at noon."

if TYPE_CHECKING:
    from random import Random

    from trucekeeper.terms import Report


def groups(claims: Claims) -> set[tuple[int, ...]]:
    return {claims.members(claims.claim(key)) for key in claims.reports}


def names(*reports: Report, sources: dict[str, str] | None = None) -> list[tuple[str, list[int]]]:
    return [(one.name, [r.key for r in one.reports]) for one in origins(reports, Registry(sources or {}))]


# ---- copies --------------------------------------------------------------------------------------------------------


def test_the_same_address_however_it_is_written_is_one() -> None:
    assert address("HTTPS://www.Radio.example/a/?utm=1#top") == address("http://radio.example/a")
    assert address("https://radio.example/a") != address("https://radio.example/b")


def test_capitals_marks_and_blanks_make_no_other_text() -> None:
    assert plain("Two  SHELLS—fell,\non Dolna.") == plain("two shells fell on dolna")


def test_reports_of_one_address_are_copies() -> None:
    reports = [report(1, url="https://radio.example/a"), report(2, url="http://www.radio.example/a/"), report(3)]

    assert alike(reports) == ((1, 2),)


def test_reports_in_nearly_the_same_words_are_copies_and_copies_of_copies_too() -> None:
    third = EDITED.replace("the market", "a market")
    reports = [report(3, text=third), report(1, text=DISPATCH), report(2, text=EDITED), report(4, text=OTHER)]

    assert alike(reports) == ((1, 2, 3),)


def test_a_short_text_is_a_copy_only_of_the_same_words() -> None:
    reports = [
        report(1, text="shelling at Dolna"),
        report(2, text="Shelling, at Dolna!"),
        report(3, text="shelling in Dolna"),
    ]

    assert alike(reports) == ((1, 2),)


def test_reports_without_words_or_address_are_no_copies() -> None:
    assert alike([report(1), report(2)]) == ()


@given(st.lists(st.sampled_from([DISPATCH, EDITED, OTHER, DISPATCH.upper(), OTHER[:-3]]), max_size=6), st.randoms())
def test_copies_are_found_whatever_their_order(texts: list[str], random: Random) -> None:
    reports = [report(key, text=text) for key, text in enumerate(texts)]
    told = {EDITED: DISPATCH, DISPATCH.upper(): DISPATCH, OTHER[:-3]: OTHER}
    groups = [
        tuple(key for key, text in enumerate(texts) if told.get(text, text) == one) for one in (DISPATCH, OTHER)
    ]

    assert alike(random.sample(reports, len(reports))) == tuple(sorted(one for one in groups if len(one) > 1))


# ---- claims --------------------------------------------------------------------------------------------------------


def test_a_flood_of_one_claim_is_one_claim() -> None:
    claims = Claims()
    for key in range(2000):
        claims.add(
            report(key, source=f"account-{key % 50}", hours=key / 10_000, text=f"{DISPATCH} {key}", bloc="crowd")
        )

    assert groups(claims) == {tuple(range(2000))}


def test_what_a_source_says_alike_every_day_is_compared_with_the_days_about_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compared = list[object]()

    def agree(*two: object) -> bool:
        compared.append(two)
        return False

    monkeypatch.setattr("trucekeeper.fusion.claims._agree", agree)
    claims, days = Claims(), 300
    for key in range(days):
        claims.add(report(key, hours=24 * key, text=f"{DISPATCH} {key}"))

    assert len(compared) < 100 * days


def test_one_article_about_two_days_makes_two_claims() -> None:
    claims = Claims()
    for key, hours in ((1, 0), (2, 72), (3, 1)):
        claims.add(report(key, hours=hours, text=DISPATCH))

    assert groups(claims) == {(1, 3), (2,)}


def test_one_article_about_two_places_or_two_kinds_makes_two_claims() -> None:
    claims = Claims()
    for one in (
        report(1, text=DISPATCH),
        report(2, metres=5000, text=DISPATCH),
        report(3, kind="gunfire", text=DISPATCH),
    ):
        claims.add(one)

    assert groups(claims) == {(1,), (2,), (3,)}


def test_a_source_that_says_the_very_same_again_makes_no_second_claim() -> None:
    claims = Claims()
    for one in (report(1, "radio"), report(2, "radio", fields={"killed": 9}), report(3, "paper")):
        claims.add(one)

    assert groups(claims) == {(1, 2), (3,)}


@st.composite
def _reports(draw: st.DrawFn) -> list[Report]:
    texts = st.sampled_from(["", DISPATCH, EDITED, OTHER, "shelling at Dolna"])
    return [
        report(
            key,
            draw(st.sampled_from(["radio", "paper"])),
            draw(st.sampled_from(["shelling", "gunfire"])),
            draw(st.sampled_from([0, 1, 23, 26, 47])),
            draw(st.sampled_from([0, 900, 1700])),
            placed=draw(st.booleans()),
            text=draw(texts),
            url=draw(st.sampled_from(["", "radio.example/a"])),
        )
        for key in range(draw(st.integers(1, 7)))
    ]


@given(_reports(), st.data())
def test_claims_are_the_same_in_any_order_and_when_reports_come_and_go(
    reports: list[Report], data: st.DataObject
) -> None:
    several = Claims()
    for one in reports:
        several.add(one)
    gone = data.draw(st.sets(st.sampled_from([one.key for one in reports])))
    shuffled = data.draw(st.permutations(reports))
    other = Claims()
    for one in shuffled:
        other.add(one)

    assert groups(several) == groups(other)
    for key in sorted(gone):
        other.remove(key)
    without = Claims()
    for one in reports:
        if one.key not in gone:
            without.add(one)
    assert groups(other) == groups(without)
    for one in shuffled:
        if one.key in gone:
            other.add(one)
    assert groups(other) == groups(several)


def test_what_is_touched_names_every_claim_that_changed() -> None:
    claims = Claims()
    claims.add(report(5, text=DISPATCH))

    assert claims.add(report(3, text=EDITED)) == {3, 5}
    assert claims.remove(3) == {3, 5}
    assert claims.members(5) == (5,)
    assert claims.members(3) == ()


# ---- origins -------------------------------------------------------------------------------------------------------


def test_a_source_that_cites_nobody_is_its_own_origin() -> None:
    assert names(report(1, "radio"), report(2, "radio"), report(3, "paper")) == [("paper", [3]), ("radio", [1, 2])]


def test_two_patrols_of_one_source_are_two_origins() -> None:
    assert len(names(report(1, origin="patrol-4"), report(2, origin="patrol-7"), report(3, origin="Patrol 4"))) == 2


def test_x_citing_y_citing_two_officials_began_with_the_officials() -> None:
    one = report(1, "radio", chains=(("Agency", "two officials"),))
    other = report(2, "paper", chains=(("Two Officials",),))

    assert names(one, other) == [("two officials", [1, 2])]


def test_a_report_that_cites_two_articles_rests_on_two_origins() -> None:
    assert names(report(1, "ucdp", chains=(("Agency 25/2",), ("Wire 26/2",)))) == [
        ("agency 25 2", [1]),
        ("wire 26 2", [1]),
    ]


def test_who_cites_a_source_of_the_mission_has_it_from_that_source() -> None:
    one, other = report(1, "radio"), report(2, "paper", chains=(("Radio Valoria",),))

    assert names(one, other, sources={"radio valoria": "radio"}) == [("radio", [1, 2])]


def test_copies_have_one_origin_whomever_they_name() -> None:
    one, other = report(1, "radio", text=DISPATCH), report(2, "paper", text=EDITED, chains=(("Agency",),))

    assert len(names(one, other)) == 1


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_origins_are_the_same_in_any_order(order: tuple[int, ...]) -> None:
    reports = [
        report(1, "radio", text=DISPATCH),
        report(2, "paper", text=EDITED),
        report(3, "wire", chains=(("paper",),)),
    ]

    assert names(*(reports[at] for at in order)) == names(*reports)


def test_what_a_party_s_office_said_is_of_its_bloc_whoever_repeats_it() -> None:
    registry = Registry({"north office": "north-office"}, {"north-office": "north", "dataset": "dataset"})
    repeated = report(2, "dataset", chains=(("North Office",),))

    (origin,) = origins([repeated], registry)
    assert (origin.name, origin.blocs) == ("north-office", frozenset({"north"}))
    (origin,) = origins([repeated], Registry())
    assert origin.blocs == frozenset({"dataset"})


def test_what_is_known_to_repeat_another_has_its_origin() -> None:
    reports = [report(1, "radio"), report(2, "paper"), report(3, "wire")]

    assert [len(one.reports) for one in origins(reports, Registry(), [(1, 3)])] == [1, 2]
    assert len(origins(reports, Registry(), [(1, 2, 3)])) == 1


def test_a_copy_of_a_claim_s_second_report_has_the_origin_of_its_first() -> None:
    # The second is the first one's page under new words; a third party copied these, of a place further on.
    first, second = (
        report(key, "radio", url="radio.example/a", text=text) for key, text in ((1, OTHER), (2, DISPATCH))
    )
    copied = report(3, "paper", metres=5000, text=EDITED)

    assert len(origins([first, second, copied], Registry())) == 1
    assert len(origins([first, second, copied], Registry(), [(1, 2)])) == 1


def edge_m() -> int:
    """Return so many metres east that the bound of the distance is exactly a kilometre."""
    here = report(1).fact.place
    assert here is not None
    return next(
        metres
        for metres in range(900, 1100)
        if (there := report(2, metres=metres).fact.place) is not None and points_apart_m(here, there) == NEAR_M
    )


@pytest.mark.parametrize(("short_m", "claims"), [(1, 1), (0, 2)])
def test_copies_a_kilometre_apart_are_two_claims(short_m: int, claims: int) -> None:
    several = Claims()
    several.add(report(1, text=DISPATCH))
    several.add(report(2, metres=edge_m() - short_m, text=DISPATCH))

    assert len(groups(several)) == claims
    assert NEAR_M == 1000


@pytest.mark.parametrize(("hours", "claims"), [(23.99, 1), (24, 2)])
def test_copies_a_day_apart_are_two_claims(hours: float, claims: int) -> None:
    several = Claims()
    several.add(report(1, text=DISPATCH))
    several.add(report(2, hours=hours, text=DISPATCH))

    assert len(groups(several)) == claims


def test_a_copy_in_other_words_must_be_nearly_the_same() -> None:
    several = Claims()
    for key, text in ((1, DISPATCH), (2, EDITED), (3, f"{DISPATCH[:40]} {OTHER}")):
        several.add(report(key, text=text))

    assert groups(several) == {(1, 2), (3,)}


def test_copies_over_several_days_meet_those_of_days_near_whatever_the_order() -> None:
    week = [report(day, hours=23 * day, text=DISPATCH) for day in range(1, 8)]
    forth, back = Claims(), Claims()
    for one in week:
        forth.add(one)
    for one in reversed(week):
        back.add(one)

    assert groups(forth) == groups(back) == {tuple(range(1, 8))}


@pytest.mark.parametrize(("length", "pairs"), [(40, 1), (39, 0)])
def test_a_text_of_forty_letters_is_long_enough_to_tell_a_copy(length: int, pairs: int) -> None:
    text = plain(DISPATCH)[:length]

    assert len(alike([report(1, text=text), report(2, text=f"{text[:-1]}x")])) == pairs


@pytest.mark.parametrize(("length", "claims"), [(40, 1), (39, 2)])
def test_a_claim_of_forty_letters_is_repeated_in_nearly_the_same_words(length: int, claims: int) -> None:
    several, text = Claims(), plain(DISPATCH)[:length]
    several.add(report(1, "radio", text=text))
    several.add(report(2, "paper", text=f"{text[:-1]}x"))

    assert len(groups(several)) == claims


@pytest.mark.parametrize(("changed", "pairs"), [(5, 1), (6, 0)])
def test_of_fifty_letters_five_may_differ(changed: int, pairs: int) -> None:
    text = plain(DISPATCH)[:50]

    assert len(alike([report(1, text=text), report(2, text=text[:-changed] + "x" * changed)])) == pairs


def test_a_sketch_is_the_least_hash_of_the_shingles_in_each_of_eight_bands() -> None:
    def least(*shingles: bytes) -> tuple[tuple[int, int], ...]:
        hashes = [blake2b(one, digest_size=64).digest() for one in shingles]
        return tuple(
            enumerate(min(int.from_bytes(one[at : at + 8], "big") for one in hashes) for at in range(0, 64, 8))
        )

    assert sketch("abcdef") == least(b"abcde", b"bcdef")
    assert sketch("abcde") == least(b"abcde")
    assert sketch("abc") == least(b"abc")


@pytest.mark.parametrize("known", [0, 120])
def test_where_very_many_are_alike_few_are_compared(known: int, monkeypatch: pytest.MonkeyPatch) -> None:
    compared = list[object]()

    def counted(*two: str, score_cutoff: float) -> float:
        compared.append(two)
        return ratio(*two, score_cutoff=score_cutoff)

    monkeypatch.setattr("trucekeeper.fusion.copies.ratio", counted)
    several = [report(key, text=f"{DISPATCH} {key:04}") for key in range(120)]

    assert alike(several, [range(known)] if known else ()) == (tuple(range(120)),)
    assert len(compared) < (1 if known else 2 * 120)
