"""Prohibit: what is not to happen, and what its not having happened is worth."""

from __future__ import annotations

from tests.compliance_cases import (
    ALLEGED,
    PAUSE,
    REFUTED,
    START,
    STOP,
    agreed,
    beside,
    between,
    day,
    fact,
    found,
    outcome,
    reasons,
    stopped,
    suspended,
    watch,
)
from trucekeeper.terms import Fact, Interval, Moment, Tri

HALT = agreed("kind: prohibit, act: {fact: attack}", PAUSE, STOP)
THREE_DAYS = agreed("kind: prohibit, act: {fact: attack}, for: 72h")
END = day(13)
WATCHED = watch("attack")


def shelling(at: Moment | Interval = day(12), *, by: str | None = "north", **more: object) -> Fact:
    return fact("shelling", at, by=by, **more)  # type: ignore[arg-type]  # the fields of a shelling


# ---- acts ----------------------------------------------------------------------------------------------------------


def test_an_act_is_contrary_from_the_moment_it_happened() -> None:
    assert outcome(HALT.stand(shelling(), WATCHED, as_of=day(12) - 1)) == "consistent, in effect"

    stand = HALT.stand(shelling(), WATCHED, as_of=day(12))
    assert outcome(stand) == "contrary, in effect"
    assert stand.figure == "1 on record"
    assert stand.ground.says == "acts contrary to it on record"
    assert stand.ground.cite == "art. 1"
    (episode,) = stand.episodes
    assert (episode.fact, episode.answer, episode.when) == ("f1", Tri.YES, Interval.at(day(12)))
    assert episode.says == "shelling f1, 2031-01-12 00:00+02:00, by north"


def test_an_act_in_the_first_and_the_last_instant_is_contrary_and_one_outside_is_none() -> None:
    def acted(at: Moment) -> str:
        return outcome(THREE_DAYS.stand(shelling(at), WATCHED, as_of=day(20)))

    assert acted(START) == acted(END) == "contrary, lapsed"
    assert acted(START - 1) == acted(END + 1) == "consistent, lapsed"


def test_an_act_that_may_have_come_before_the_beginning_or_after_the_end_is_possible_only() -> None:
    for when in (between(START - 1, START), between(END, END + 1)):
        stand = THREE_DAYS.stand(shelling(when), WATCHED, as_of=day(20))

        assert outcome(stand) == "cannot tell, lapsed"
        assert stand.figure == "1 possible"
        assert stand.ground.says == "possible acts on record"
        assert [one.answer for one in stand.episodes] == [Tri.MAYBE]


def test_acts_certain_and_possible_are_counted_apart() -> None:
    acts = shelling(), shelling(day(13)), shelling(day(14), proof=ALLEGED), shelling(proof=REFUTED)

    assert HALT.stand(*acts, as_of=day(20)).figure == "2 on record, 1 possible"


def test_an_act_by_somebody_unnamed_is_possible_only() -> None:
    stand = HALT.stand(shelling(by=None), WATCHED, as_of=day(20))

    assert outcome(stand) == "cannot tell, in effect"
    assert stand.episodes[0].says == "shelling f1, 2031-01-12 00:00+02:00, by whom is not said"


def test_an_act_by_another_is_none() -> None:
    assert outcome(HALT.stand(shelling(by="south"), WATCHED, as_of=day(20))) == "consistent, in effect"


def test_an_act_that_two_patterns_mean_is_one_act() -> None:
    promise = agreed("kind: prohibit, act: [{fact: attack}, {fact: shelling}]")

    assert promise.stand(shelling(), as_of=day(20)).figure == "1 on record"


def test_a_fact_whose_kind_was_destroyed_is_called_redacted() -> None:
    plain = agreed("kind: prohibit, act: {fact: attack}")

    stand = plain.stand(fact("", day(12), name="gone", redacted=True), WATCHED, as_of=day(20))

    assert outcome(stand) == "cannot tell, in effect"
    assert stand.episodes[0].says.startswith("redacted fact gone, ")


# ---- no act --------------------------------------------------------------------------------------------------------


def test_no_act_on_record_proves_nothing_unless_somebody_was_watching_throughout() -> None:
    unseen = HALT.stand(as_of=day(20))

    assert outcome(unseen) == "cannot tell, in effect"
    assert unseen.ground.says == "no such act on record"
    assert unseen.figure == ""
    assert unseen.due is None
    assert outcome(HALT.stand(WATCHED, as_of=day(20))) == "consistent, in effect"
    assert outcome(HALT.stand(watch("attack", since=START + 1), as_of=day(20))) == "cannot tell, in effect"
    assert outcome(HALT.stand(watch("attack", until=day(20) - 1), as_of=day(20))) == "cannot tell, in effect"


def test_its_first_instant_can_be_watched() -> None:
    assert outcome(HALT.stand(WATCHED, as_of=START)) == "consistent, in effect"


def test_nobody_need_watch_after_the_end() -> None:
    stand = THREE_DAYS.stand(watch("attack", until=END), as_of=day(20))

    assert outcome(stand) == "consistent, lapsed"
    assert stand.due == Interval.at(END)
    assert outcome(THREE_DAYS.stand(watch("attack", until=END - 1), as_of=day(20))) == "cannot tell, lapsed"
    assert outcome(THREE_DAYS.stand(WATCHED, as_of=END)) == "consistent, in effect"


def test_what_ends_before_it_begins_never_was() -> None:
    promise = agreed("kind: prohibit, act: {fact: attack}, until: 2031-01-05T00:00+02:00")

    stand = promise.stand(watch("attack", since=day(1)), as_of=day(20))

    assert "not yet begun" in reasons(stand)
    assert stand.lifecycle.value == "lapsed"


# ---- before, suspended, ended, while -------------------------------------------------------------------------------


def test_a_prohibition_that_has_not_begun_is_dormant_whatever_happened() -> None:
    promise = agreed("kind: prohibit, act: {fact: attack}, after: approval")

    assert outcome(promise.stand(shelling(), WATCHED, as_of=day(20))) == "not in force, dormant"
    doubtful = fact("decision", START, of="approval", proof=ALLEGED)
    assert outcome(promise.stand(doubtful, shelling(), as_of=day(20))) == "cannot tell, in effect"


def test_a_prohibition_whose_end_came_before_any_beginning_is_dormant() -> None:
    promise = agreed("kind: prohibit, act: {fact: attack}, after: approval, until: 2031-01-05T00:00+02:00")

    assert outcome(promise.stand(shelling(), WATCHED, as_of=day(20))) == "not in force, dormant"


def test_an_act_while_suspended_is_none_and_one_before_stays_contrary() -> None:
    pause = suspended(day(12), day(14))

    assert outcome(HALT.stand(*pause, shelling(day(13)), WATCHED, as_of=day(13))) == "not in force, suspended"
    assert outcome(HALT.stand(*pause, shelling(day(12) - 1), WATCHED, as_of=day(13))) == "contrary, in effect"
    assert outcome(HALT.stand(*pause, shelling(day(13)), WATCHED, as_of=day(20))) == "consistent, in effect"
    assert outcome(HALT.stand(*pause, shelling(day(14)), WATCHED, as_of=day(20))) == "contrary, in effect"


def test_a_possible_act_before_a_suspension_stays_possible() -> None:
    pause = suspended(day(12), day(14))

    assert outcome(HALT.stand(*pause, shelling(day(11), proof=ALLEGED), WATCHED, as_of=day(13))) == (
        "cannot tell, in effect"
    )


def test_a_prohibition_that_was_ended_keeps_its_verdict_even_while_suspended() -> None:
    pause = suspended(day(12), day(20))

    assert outcome(HALT.stand(stopped(day(13)), WATCHED, as_of=day(15))) == "consistent, terminated"
    assert outcome(HALT.stand(stopped(day(13)), *pause, WATCHED, as_of=day(15))) == "consistent, terminated"
    assert outcome(HALT.stand(stopped(day(13)), shelling(day(13)), as_of=day(15))) == "contrary, terminated"
    assert outcome(HALT.stand(stopped(day(13)), shelling(day(13) + 1), as_of=day(15))) == "cannot tell, terminated"


WHILE = agreed("kind: prohibit, act: {fact: attack}, while: {happened: {fact: access}, within: 48h}", STOP)
OPENED = fact("access", day(11), of="site", name="opened")


def test_an_act_while_the_condition_held_is_contrary_though_it_no_longer_does() -> None:
    stand = WHILE.stand(OPENED, shelling(day(13)), as_of=day(20))

    assert outcome(stand) == "contrary, in effect"
    assert "access on record" in reasons(stand)


def test_an_act_while_the_condition_did_not_hold_is_none() -> None:
    assert outcome(WHILE.stand(OPENED, shelling(day(13) + 1), as_of=day(20))) == "not in force, suspended"
    assert outcome(WHILE.stand(OPENED, shelling(day(11) - 1), WATCHED, as_of=day(12))) == "consistent, in effect"


def test_an_act_while_the_condition_may_have_held_is_possible() -> None:
    doubtful = fact("access", day(11), of="site", proof=ALLEGED)

    assert outcome(WHILE.stand(OPENED, shelling(between(day(13), day(13) + 1)), as_of=day(20))) == (
        "cannot tell, in effect"
    )
    assert outcome(WHILE.stand(doubtful, shelling(), WATCHED, as_of=day(12))) == "cannot tell, in effect"
    assert outcome(WHILE.stand(doubtful, WATCHED, as_of=day(12))) == "cannot tell, in effect"


def test_an_act_that_may_still_be_ahead_is_judged_by_what_holds_up_to_now() -> None:
    stand = WHILE.stand(OPENED, shelling(between(day(12), day(15))), as_of=day(12, 12))

    assert outcome(stand) == "cannot tell, in effect"
    assert reasons(stand).count("access on record") == 3  # now, and at both ends of what is known of the act


def test_after_the_end_it_does_not_matter_whether_the_condition_holds() -> None:
    stand = WHILE.stand(OPENED, stopped(day(12)), WATCHED, as_of=day(20))

    assert outcome(stand) == "consistent, terminated"


# ---- excuses -------------------------------------------------------------------------------------------------------


def test_an_excused_act_is_none_and_its_plea_stands_beside() -> None:
    promise = agreed("kind: prohibit, act: {fact: attack}, excuse: {plea: self-defence}")

    excused = promise.stand(shelling(), found("self-defence", "f1", day(13)), WATCHED, as_of=day(20))
    assert outcome(excused) == "consistent, in effect"
    assert excused.episodes == ()
    assert excused.figure == ""
    assert beside(excused) == ("self-defence: established",)
    pleaded = promise.stand(shelling(), fact("plea", day(13), of="f1", plea="self-defence"), as_of=day(20))
    assert outcome(pleaded) == "contrary, in effect"
    assert beside(pleaded) == ("self-defence: raised, unproven",)


def test_an_excuse_open_to_one_party_excuses_the_unnamed_as_it_would_that_party() -> None:
    promise = agreed(
        "kind: prohibit, by: [north, south], act: {fact: attack}, excuse: {plea: self-defence, available_to: south}"
    )

    rows = promise.stands(shelling(by=None), found("self-defence", "f1", day(13)), WATCHED, as_of=day(20))

    assert {row.by: outcome(row) for row in rows} == {
        "north": "cannot tell, in effect",
        "south": "consistent, in effect",
    }
