"""Maintain: a state or a level is to be kept, and every look at it counts."""

from __future__ import annotations

import pytest

from tests.compliance_cases import (
    ALLEGED,
    EAST,
    PAUSE,
    START,
    STOP,
    WEST,
    Promise,
    agreed,
    beside,
    between,
    day,
    fact,
    found,
    outcome,
    reasons,
    some,
    stopped,
    suspended,
    watch,
)
from trucekeeper.terms import Fact, Interval, Moment, Place, Tri
from trucekeeper.terms.moments import HOUR

STATE = "kind: maintain, state: {fact: position, side: west of agreed-line}"
LEVEL = "kind: maintain, measure: {fact: strength}"
STAY = agreed(STATE, PAUSE, STOP)
FRESH = agreed(f"{STATE}, stale_after: 24h", PAUSE, STOP)
LENIENT = agreed(f"{STATE}, tolerance: 12h")
FLOOR = agreed(f"{LEVEL}, at_least: 500")
CEILING = agreed(f"{LEVEL}, at_most: 600")
BAND = agreed(f"{LEVEL}, at_least: 500, at_most: 600")
SOMEWHERE = Place.of(lat="0.1", lon="-30.0", within_m=9_000)
WATCHED = watch("position", "strength")


def seen(place: Place, at: Moment | Interval = day(12), *, by: str = "north", **more: object) -> Fact:
    return fact("position", at, by=by, place=place, **more)  # type: ignore[arg-type]  # the fields of a position


def strength(count: object, at: Moment | Interval = day(12), *, by: str = "north", **more: object) -> Fact:
    said = more if count is None else {"count": count, **more}
    return fact("strength", at, by=by, **said)  # type: ignore[arg-type]  # the fields of a strength


# ---- lapses --------------------------------------------------------------------------------------------------------


def test_one_certain_look_that_shows_it_not_kept_is_contrary() -> None:
    stand = STAY.stand(seen(WEST, day(11)), seen(EAST), as_of=day(12))

    assert outcome(stand) == "contrary, in effect"
    assert stand.ground.says == "not kept throughout"
    assert stand.ground.answer is Tri.NO
    assert stand.ground.cite == "art. 1"
    (episode,) = stand.episodes
    assert (episode.fact, episode.answer, episode.when) == ("f2", Tri.YES, Interval.at(day(12)))
    assert episode.says == "position f2"
    assert "lapse shown by f2" in reasons(stand)


def test_a_look_at_the_first_instant_counts_and_one_before_it_does_not() -> None:
    assert outcome(STAY.stand(seen(EAST, START), WATCHED, as_of=day(20))) == "contrary, in effect"
    assert outcome(STAY.stand(seen(EAST, START - 1), WATCHED, as_of=day(20))) == "cannot tell, in effect"
    perhaps = STAY.stand(seen(EAST, between(START - 1, START)), seen(WEST), WATCHED, as_of=day(20))
    assert outcome(perhaps) == "cannot tell, in effect"
    assert [one.answer for one in perhaps.episodes] == [Tri.MAYBE]


def test_a_look_at_the_last_instant_counts_and_one_after_it_does_not() -> None:
    ended = stopped(day(13)), seen(WEST, START), WATCHED

    assert outcome(STAY.stand(*ended, seen(EAST, day(13)), as_of=day(20))) == "contrary, terminated"
    after = STAY.stand(*ended, seen(EAST, day(13) + 1), as_of=day(20))
    assert outcome(after) == "consistent, terminated"
    assert "1 snapshot on record" in reasons(after)


def test_a_doubtful_look_or_one_at_a_doubtful_place_is_a_possible_lapse() -> None:
    for one in (seen(EAST, proof=ALLEGED), seen(SOMEWHERE)):
        stand = STAY.stand(seen(WEST, START), one, WATCHED, as_of=day(20))

        assert outcome(stand) == "cannot tell, in effect"
        assert [one.answer for one in stand.episodes] == [Tri.MAYBE]
        assert stand.ground.says == "not shown to be kept throughout"
        assert stand.ground.answer is Tri.MAYBE


def test_a_look_at_somebody_else_is_none() -> None:
    assert STAY.stand(seen(EAST, by="south"), as_of=day(20)).episodes == ()


# ---- levels --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("promise", "count", "became"),
    [
        (FLOOR, 500, "consistent, in effect"),
        (FLOOR, 499, "contrary, in effect"),
        (FLOOR, some(499, 500), "cannot tell, in effect"),
        (FLOOR, None, "cannot tell, in effect"),
        (CEILING, 600, "consistent, in effect"),
        (CEILING, 601, "contrary, in effect"),
        (CEILING, some(600, 601), "cannot tell, in effect"),
        (BAND, some(500, 600), "consistent, in effect"),
        (BAND, 499, "contrary, in effect"),
        (BAND, 601, "contrary, in effect"),
    ],
)
def test_a_level_is_kept_at_its_limit_and_not_past_it(promise: Promise, count: object, became: str) -> None:
    assert outcome(promise.stand(strength(count), WATCHED, as_of=day(20))) == became


@pytest.mark.parametrize(
    ("promise", "counts", "figure"),
    [
        (FLOOR, (1500, 1200), "1,200 (at least 500)"),
        (CEILING, (some(1, 2),), "1 to 2 (at most 600)"),
        (BAND, (550,), "550 (at least 500, at most 600)"),
        (BAND, (550, None), "550 (at least 500, at most 600)"),
        (BAND, (None,), ""),
        (BAND, (), ""),
    ],
)
def test_the_last_number_on_record_is_its_figure(promise: Promise, counts: tuple[object, ...], figure: str) -> None:
    looks = [strength(count, day(11 + number)) for number, count in enumerate(counts)]

    assert promise.stand(*looks, as_of=day(20)).figure == figure


def test_a_state_has_no_figure() -> None:
    assert STAY.stand(seen(WEST, count=5), as_of=day(20)).figure == ""


def test_another_number_than_the_count_may_be_measured() -> None:
    light = agreed("kind: maintain, measure: {fact: weapon-position}, field: calibre_mm, at_most: 100")

    stand = light.stand(fact("weapon-position", day(12), by="north", calibre_mm=101, count=1), as_of=day(20))

    assert outcome(stand) == "contrary, in effect"
    assert stand.figure == "101 (at most 100)"


def test_the_strength_of_a_part_is_the_least_of_the_whole_and_not_the_most() -> None:
    for part in ({"unit": "n1"}, {"by": "militia"}):
        assert outcome(CEILING.stand(strength(601, **part), WATCHED, as_of=day(20))) == "contrary, in effect"  # type: ignore[arg-type]  # of whom
        assert outcome(CEILING.stand(strength(600, **part), WATCHED, as_of=day(20))) == "cannot tell, in effect"  # type: ignore[arg-type]  # of whom
        assert outcome(FLOOR.stand(strength(499, **part), WATCHED, as_of=day(20))) == "cannot tell, in effect"  # type: ignore[arg-type]  # of whom
        assert outcome(FLOOR.stand(strength(500, **part), WATCHED, as_of=day(20))) == "consistent, in effect"  # type: ignore[arg-type]  # of whom


def test_the_strength_of_a_unit_for_which_it_is_promised_is_that_of_the_unit() -> None:
    each = agreed(f"{LEVEL}, at_least: 500, each: {{unit: {{of: north}}}}")

    rows = each.stands(strength(499, unit="n1"), as_of=day(20))

    assert {dict(row.binding)["unit"]: outcome(row) for row in rows} == {
        "n1": "contrary, in effect",
        "n2": "cannot tell, in effect",
    }


def test_the_strength_of_a_force_that_is_bound_itself_is_that_of_the_force() -> None:
    force = agreed(f"{LEVEL}, at_least: 500, by: militia")

    assert outcome(force.stand(strength(499, by="militia"), as_of=day(20))) == "contrary, in effect"


def test_a_strength_in_another_place_is_not_measured() -> None:
    there = agreed("kind: maintain, measure: {fact: strength, side: west of agreed-line}, at_most: 600")

    assert there.stand(strength(601, place=EAST), as_of=day(20)).episodes == ()
    assert outcome(there.stand(strength(601, place=WEST), as_of=day(20))) == "contrary, in effect"


# ---- tolerance -----------------------------------------------------------------------------------------------------


def test_a_lapse_mended_at_the_last_tolerated_microsecond_is_let_pass() -> None:
    def mended(at: Moment | Interval, **more: object) -> str:
        return outcome(LENIENT.stand(seen(WEST, START), seen(EAST), seen(WEST, at, **more), WATCHED, as_of=day(20)))  # type: ignore[arg-type]  # how sure

    assert mended(day(12, 12)) == "consistent, in effect"
    assert mended(day(12, 12) + 1) == "contrary, in effect"
    assert mended(day(12) + 1) == "consistent, in effect"
    assert mended(day(12, 12), proof=ALLEGED) == "cannot tell, in effect"
    assert mended(between(day(12, 12), day(12, 12) + 1)) == "cannot tell, in effect"
    assert mended(between(day(12), day(12, 12))) == "cannot tell, in effect"
    assert mended(between(day(12) + 1, day(12, 12))) == "consistent, in effect"


def test_a_lapse_is_not_mended_by_a_look_at_the_same_instant_or_before() -> None:
    assert outcome(LENIENT.stand(seen(WEST), seen(EAST), WATCHED, as_of=day(20))) == "contrary, in effect"
    assert outcome(LENIENT.stand(seen(WEST, day(11)), seen(EAST), WATCHED, as_of=day(20))) == "contrary, in effect"


def test_a_lapse_at_an_uncertain_time_is_mended_for_certain_counted_from_its_earliest_moment() -> None:
    def mended(at: Moment) -> str:
        lapse = seen(EAST, between(day(12), day(12) + 10))
        return outcome(LENIENT.stand(seen(WEST, START), lapse, seen(WEST, at), WATCHED, as_of=day(20)))

    assert mended(day(12)) == "contrary, in effect"  # it was there before, at the latest
    assert mended(day(12) + 10) == "cannot tell, in effect"
    assert mended(day(12) + 11) == "consistent, in effect"
    assert mended(day(12, 12)) == "consistent, in effect"
    assert mended(day(12, 12) + 1) == "cannot tell, in effect"
    assert mended(day(12, 12) + 10) == "cannot tell, in effect"
    assert mended(day(12, 12) + 11) == "contrary, in effect"


def test_a_lapse_is_contrary_only_once_it_has_lasted_longer_than_is_tolerated() -> None:
    def asked(at: Moment, when: Moment | Interval = day(12)) -> str:
        return outcome(LENIENT.stand(seen(WEST, START), seen(EAST, when), WATCHED, as_of=at))

    assert asked(day(12, 12)) == "consistent, in effect"
    assert asked(day(12, 12) + 1) == "contrary, in effect"
    uncertain = between(day(12), day(12) + 10)
    assert asked(day(12, 12), uncertain) == "consistent, in effect"
    assert asked(day(12, 12) + 1, uncertain) == "cannot tell, in effect"
    assert asked(day(12, 12) + 10, uncertain) == "cannot tell, in effect"
    assert asked(day(12, 12) + 11, uncertain) == "contrary, in effect"


# ---- shown to be kept ----------------------------------------------------------------------------------------------


def test_without_a_length_somebody_must_have_been_watching_throughout_and_have_looked() -> None:
    assert outcome(STAY.stand(seen(WEST), WATCHED, as_of=day(20))) == "consistent, in effect"
    assert STAY.stand(seen(WEST), WATCHED, as_of=day(20)).ground.says == "kept"
    assert outcome(STAY.stand(seen(WEST), as_of=day(20))) == "cannot tell, in effect"
    assert outcome(STAY.stand(seen(WEST), watch("position", since=START + 1), as_of=day(20))) == (
        "cannot tell, in effect"
    )
    assert outcome(STAY.stand(seen(WEST), watch("position", until=day(20) - 1), as_of=day(20))) == (
        "cannot tell, in effect"
    )
    unseen = STAY.stand(WATCHED, as_of=day(20))
    assert outcome(unseen) == "cannot tell, in effect"
    assert "no snapshot on record" in reasons(unseen)


def test_its_first_instant_can_be_watched() -> None:
    assert outcome(STAY.stand(seen(WEST, START), WATCHED, as_of=START)) == "consistent, in effect"


def test_a_look_stays_fresh_for_as_long_as_the_text_says_and_no_microsecond_longer() -> None:
    assert outcome(FRESH.stand(seen(WEST, START), as_of=day(11))) == "consistent, in effect"
    stale = FRESH.stand(seen(WEST, START), as_of=day(11) + 1)
    assert outcome(stale) == "cannot tell, in effect"
    assert "1 snapshot on record, which do not show it throughout" in reasons(stale)


def test_a_look_at_the_moment_asked_counts() -> None:
    assert outcome(FRESH.stand(seen(WEST, START), as_of=START)) == "consistent, in effect"


def test_a_lapse_let_pass_does_not_end_what_looks_show_and_one_before_the_beginning_does() -> None:
    promise = agreed(f"{STATE}, tolerance: 12h, stale_after: 24h")

    def shown(lapse: Moment) -> str:
        return outcome(promise.stand(seen(EAST, lapse), seen(WEST, lapse + HOUR), as_of=day(10, 12)))

    assert shown(START) == "consistent, in effect"
    assert shown(START - 1) == "cannot tell, in effect"


def test_whether_somebody_was_watching_is_said_only_where_it_matters() -> None:
    watching = "somebody was watching for position, from 2031-01-10 00:00+02:00 to 2031-01-11 00:00+02:00"

    assert watching in reasons(STAY.stand(seen(WEST), WATCHED, as_of=day(11)))
    assert watching not in reasons(FRESH.stand(seen(WEST), WATCHED, as_of=day(11)))


def test_the_first_look_must_come_while_one_at_the_beginning_would_be_fresh() -> None:
    assert outcome(FRESH.stand(seen(WEST, day(11)), as_of=day(12))) == "consistent, in effect"
    assert outcome(FRESH.stand(seen(WEST, day(11) + 1), as_of=day(12))) == "cannot tell, in effect"
    assert outcome(FRESH.stand(seen(WEST, START - 24 * HOUR), as_of=START)) == "consistent, in effect"
    assert outcome(FRESH.stand(seen(WEST, START - 24 * HOUR - 1), as_of=START)) == "cannot tell, in effect"


def test_between_two_looks_no_more_may_lie_than_one_stays_fresh() -> None:
    def looked(second: Moment | Interval, **more: object) -> str:
        return outcome(FRESH.stand(seen(WEST, START), seen(WEST, second, **more), as_of=day(11, 6)))  # type: ignore[arg-type]  # how sure

    assert looked(day(11)) == "consistent, in effect"
    assert looked(day(11) + 1) == "cannot tell, in effect"
    assert looked(between(day(10, 6), day(11))) == "consistent, in effect"
    assert looked(between(day(10, 6) - 1, day(11))) == "cannot tell, in effect"
    assert looked(between(day(10, 6), day(11) + 1)) == "cannot tell, in effect"
    assert looked(day(11), proof=ALLEGED) == "cannot tell, in effect"


def test_two_looks_on_record_are_told_as_two() -> None:
    stand = FRESH.stand(seen(WEST, START), seen(WEST, day(11)), as_of=day(11, 6))

    assert "2 snapshots on record" in reasons(stand)


def test_after_the_end_nothing_more_need_be_shown() -> None:
    assert outcome(FRESH.stand(seen(WEST, START), stopped(day(11)), as_of=day(20))) == "consistent, terminated"
    assert outcome(FRESH.stand(seen(WEST, START), stopped(day(11) + 1), as_of=day(20))) == "cannot tell, terminated"
    assert outcome(STAY.stand(seen(WEST), watch("position", until=day(13)), stopped(day(13)), as_of=day(20))) == (
        "consistent, terminated"
    )


def test_a_look_that_may_be_after_the_end_does_not_show_it_kept() -> None:
    late = seen(WEST, between(day(11), day(11) + 1))

    assert outcome(FRESH.stand(late, stopped(day(11)), as_of=day(20))) == "cannot tell, terminated"


def test_of_what_binds_from_no_known_beginning_nothing_is_shown_by_looks() -> None:
    always = agreed(f"{STATE}, stale_after: 24h, after: null")

    assert outcome(always.stand(seen(WEST, day(12)), as_of=day(12))) == "cannot tell, in effect"


# ---- before, suspended, excused ------------------------------------------------------------------------------------


def test_what_has_not_begun_is_dormant_whatever_is_seen() -> None:
    promise = agreed(f"{STATE}, after: approval")

    assert outcome(promise.stand(seen(EAST), as_of=day(20))) == "not in force, dormant"
    ended = agreed(f"{STATE}, after: approval, until: 2031-01-05T00:00+02:00")
    assert outcome(ended.stand(seen(EAST), as_of=day(20))) == "not in force, dormant"


def test_what_may_have_begun_leaves_every_lapse_in_doubt() -> None:
    promise = agreed(f"{STATE}, after: approval")
    doubtful = fact("decision", START, of="approval", proof=ALLEGED)

    assert outcome(promise.stand(doubtful, seen(EAST), as_of=day(20))) == "cannot tell, in effect"


def test_a_lapse_while_suspended_is_none_and_one_before_stays() -> None:
    pause = suspended(day(12), day(14))

    assert outcome(STAY.stand(*pause, seen(EAST, day(13)), as_of=day(13))) == "not in force, suspended"
    assert outcome(STAY.stand(*pause, seen(EAST, day(12) - 1), as_of=day(13))) == "contrary, in effect"
    assert outcome(STAY.stand(*pause, seen(EAST, day(14)), as_of=day(20))) == "contrary, in effect"


def test_what_was_ended_keeps_its_verdict_even_while_suspended() -> None:
    stand = STAY.stand(*suspended(day(12), day(20)), stopped(day(13)), seen(WEST), WATCHED, as_of=day(15))

    assert outcome(stand) == "consistent, terminated"


def test_what_ends_before_it_begins_was_never_watched() -> None:
    promise = agreed(f"{STATE}, until: 2031-01-05T00:00+02:00")

    assert outcome(promise.stand(watch("position", since=day(1)), as_of=day(20))) == "cannot tell, lapsed"


def test_an_excused_lapse_is_none_and_its_plea_stands_beside() -> None:
    promise = agreed(f"{STATE}, excuse: {{plea: flood}}")

    excused = promise.stand(seen(WEST, START), seen(EAST), found("flood", "f2", day(13)), WATCHED, as_of=day(20))
    assert outcome(excused) == "consistent, in effect"
    assert excused.episodes == ()
    pleaded = promise.stand(seen(EAST), fact("plea", day(13), of="f1", plea="flood"), as_of=day(20))
    assert outcome(pleaded) == "contrary, in effect"
    assert beside(pleaded) == ("flood: raised, unproven",)
    assert "plea 'flood': raised, unproven" in reasons(pleaded)


def test_an_excused_lapse_names_what_excuses_it() -> None:
    promise = agreed(f"{LEVEL}, at_least: 500, excuse: {{shown: {{fact: permit, same: [by]}}}}")
    permit = fact("permit", day(11), by="north", name="permit")

    stand = promise.stand(strength(100, name="few"), permit, as_of=day(13))

    assert stand.ground.leaves() == {"few", "permit"}
    assert "a lapse that does not count, shown by few" in reasons(stand)
