"""The score: what was found, invented, merged, split, blamed on the wrong one, and which verdicts were right."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from trucekeeper.exercise.difficulty import FAIR, HARD
from trucekeeper.exercise.drill import drill, truth_of
from trucekeeper.exercise.score import ALL, OTHERS, Scored, score
from trucekeeper.exercise.truth import Stood, TrueAct, TrueReport, Truth, read_truth, write_truth
from trucekeeper.exercise.world import NORTH, SOUTH, Cast
from trucekeeper.terms import Interval, Lifecycle, Proof, Refused, Verdict
from trucekeeper.terms.moments import HOUR, MINUTE, parse_moment

if TYPE_CHECKING:
    from pathlib import Path

NOON = parse_moment("2024-05-08T12:00+03:00")


def act(name: str, by: str = NORTH, **more: object) -> TrueAct:
    said = {"kind": "shelling", "at": NOON, "lat": "0.1", "lon": "-30.0", **more}
    return TrueAct(id=name, by=by, **said)  # type: ignore[arg-type]  # each is of its sort


def incident(name: str, *reports: str, by: str | None = NORTH, **more: object) -> Scored:
    said: dict[str, object] = {
        "kind": "shelling",
        "when": Interval.at(NOON),
        "occurred": Proof.CORROBORATED,
        "who": Proof.CORROBORATED,
        "first_known": NOON + HOUR,
    }
    return Scored(id=name, by=by, reports=reports, **{**said, **more})  # type: ignore[arg-type]  # each is of its sort


def stood(verdict: Verdict, by: str = NORTH, clause: str = "halt", **more: str) -> Stood:
    return Stood(
        clause=clause, by=by, verdict=verdict, lifecycle=Lifecycle.IN_EFFECT, proof=Proof.CORROBORATED, **more
    )


def truth(acts: tuple[TrueAct, ...], reports: dict[str, str], *rows: Stood) -> Truth:
    told = tuple(TrueReport(name, of, NOON + HOUR) for name, of in reports.items())
    return Truth(acts, told, rows, (NORTH, SOUTH))


TWO = truth((act("a1"), act("a2", SOUTH)), {"p/1": "a1", "p/2": "a1", "p/3": "a2"})


def test_each_act_in_an_incident_of_its_own_is_found() -> None:
    found = score(TWO, [incident("i1", "p/1", "p/2"), incident("i2", "p/3", by=SOUTH)], [])

    assert [found.count(party, "found") for party in (NORTH, SOUTH, ALL)] == [1, 1, 2]
    assert [found.count(ALL, name) for name in ("missed", "merged", "split", "invented", "wrong party")] == [0] * 5


def test_an_act_is_found_at_any_proof_and_shown_only_if_corroborated() -> None:
    found = score(TWO, [incident("i1", "p/1"), incident("i2", "p/3", by=SOUTH, occurred=Proof.ALLEGED)], [])

    assert found.count(ALL, "found") == 2
    assert [found.count(party, "found, corroborated") for party in (NORTH, SOUTH)] == [1, 0]


def test_an_act_without_an_incident_is_missed() -> None:
    found = score(TWO, [incident("i1", "p/1", "p/2")], [])

    assert found.count(SOUTH, "missed") == 1
    assert found.count(NORTH, "missed") == 0


def test_two_acts_in_one_incident_are_merged_and_the_lesser_is_missed() -> None:
    found = score(TWO, [incident("i1", "p/1", "p/2", "p/3")], [])

    assert found.count(NORTH, "merged") == 1
    assert found.count(SOUTH, "missed") == 1


def test_one_act_in_two_incidents_is_split() -> None:
    found = score(TWO, [incident("i1", "p/1"), incident("i2", "p/2"), incident("i3", "p/3", by=SOUTH)], [])

    assert found.count(NORTH, "split") == 1
    assert found.count(SOUTH, "split") == 0
    assert found.count(NORTH, "found") == 1


def test_an_incident_of_what_nobody_did_counts_for_whom_it_accuses() -> None:
    lie = truth((act("x1", SOUTH, claimed_by=NORTH),), {"n/1": "x1", "n/2": "x1"})

    alleged = score(lie, [incident("i1", "n/1", "n/2", by=SOUTH, occurred=Proof.ALLEGED, who=Proof.ALLEGED)], [])
    believed = score(lie, [incident("i1", "n/1", "n/2", by=SOUTH)], [])

    assert (alleged.count(SOUTH, "invented"), alleged.count(SOUTH, "invented, corroborated")) == (1, 0)
    assert (believed.count(SOUTH, "invented"), believed.count(SOUTH, "invented, corroborated")) == (1, 1)
    assert believed.count(NORTH, "invented") == 0


def test_a_lie_that_lies_with_a_true_act_is_merged_and_not_believed() -> None:
    mixed = truth(
        (act("x1", SOUTH, claimed_by=NORTH), act("a1")), {"n/1": "x1", "n/2": "x1", "o/1": "x1", "p/1": "a1"}
    )

    found = score(mixed, [incident("i1", "n/1", "n/2", "o/1", "p/1", by=None)], [])

    assert [found.count(SOUTH, name) for name in ("invented", "invented, corroborated", "merged")] == [1, 0, 1]


def test_a_flood_does_not_decide_of_what_an_incident_is() -> None:
    flood = {f"n/{number}": "x1" for number in range(100)}
    mixed = truth((act("x1", SOUTH, claimed_by=NORTH), act("a1")), {**flood, "p/1": "a1", "q/1": "a1"})

    found = score(mixed, [incident("i1", *flood, "p/1", "q/1")], [])

    assert (found.count(NORTH, "found"), found.count(ALL, "invented"), found.count(NORTH, "merged")) == (1, 0, 1)


def test_a_wrong_party_counts_for_the_one_named_and_only_if_corroborated() -> None:
    named = score(TWO, [incident("i1", "p/1", by=SOUTH)], [])
    alleged = score(TWO, [incident("i1", "p/1", by=SOUTH, who=Proof.ALLEGED)], [])
    nobody = score(TWO, [incident("i1", "p/1", by=None)], [])

    assert [one.count(SOUTH, "wrong party") for one in (named, alleged, nobody)] == [1, 0, 0]
    assert named.count(NORTH, "wrong party") == 0


def test_who_signed_nothing_has_a_column_of_his_own() -> None:
    raid = truth((act("a1", "raiders"),), {"p/1": "a1"})

    assert score(raid, [incident("i1", "p/1", by="raiders")], []).count(OTHERS, "found") == 1


def test_delays_are_counted_from_the_act_in_whole_seconds() -> None:
    first = incident("i1", "p/1", corroborated_at=NOON + 3 * HOUR)
    second = incident("i2", "p/3", by=SOUTH, first_known=NOON + MINUTE)

    found = score(TWO, [first, second], [])

    assert (found.delays[NORTH]["first report"].middle, found.delays[NORTH]["corroborated"].longest) == (3600, 10800)
    assert (found.delays[ALL]["first report"].middle, found.delays[ALL]["first report"].longest) == (60, 3600)
    assert "corroborated" not in found.delays[SOUTH]


@pytest.mark.parametrize(
    ("true", "ours", "counted"),
    [
        (Verdict.CONSISTENT, Verdict.CONSISTENT, "right"),
        (Verdict.CONSISTENT, Verdict.CONTRARY, "falsely contrary"),
        (Verdict.CONTRARY, Verdict.CANNOT_TELL, "cannot tell"),
        (Verdict.CONTRARY, Verdict.CONSISTENT, "contrary missed"),
        (Verdict.OPEN, Verdict.CONSISTENT, "otherwise wrong"),
        (Verdict.CONTRARY, None, "not there"),
    ],
)
def test_a_verdict_is_held_against_the_true_one(true: Verdict, ours: Verdict | None, counted: str) -> None:
    rows = [] if ours is None else [stood(ours)]

    found = score(truth((), {}, stood(true, day="2024-05-08")), [], rows)

    assert found.count(NORTH, f"verdict {counted}") == 1
    assert found.count(SOUTH, f"verdict {counted}") == 0


def test_a_contrary_verdict_on_what_was_never_owed_is_falsely_contrary() -> None:
    found = score(truth((), {}), [], [stood(Verdict.CONTRARY, SOUTH, occurrence="act-9")])

    assert found.count(SOUTH, "verdict falsely contrary") == 1


def test_only_the_last_day_of_the_truth_is_asked() -> None:
    rows = (stood(Verdict.CONTRARY, day="2024-05-08"), stood(Verdict.CONSISTENT, day="2024-05-09"))

    assert score(truth((), {}, *rows), [], [stood(Verdict.CONSISTENT)]).count(ALL, "verdict right") == 1


def test_an_incident_without_a_report_of_the_drill_is_set_apart() -> None:
    found = score(TWO, [incident("i1", "elsewhere/1")], [])

    assert found.stray == ("i1",)
    assert found.count(ALL, "incidents") == 0


def test_an_act_of_which_nobody_told_is_counted_apart_and_a_delivery_is_for_counters_to_tell() -> None:
    found = score(truth((act("a1"), act("a2", kind="delivery"), act("a3")), {"p/1": "a1"}), [], [])

    assert found.unreported == 1
    assert (found.count(ALL, "found"), found.count(ALL, "missed")) == (0, 1)


def test_shares_are_whole_per_mille() -> None:
    rows = {(row.party, row.measure): row for row in score(TWO, [incident("i1", "p/1", "p/2")], []).as_rows()}

    assert (rows[ALL, "found"].count, rows[ALL, "found"].of, rows[ALL, "found"].per_mille) == (1, 2, 500)
    assert rows[OTHERS, "found"].per_mille is None


# ---- a whole drill -----------------------------------------------------------------------------------------------


def perfectly_fused(of: Truth) -> list[Scored]:
    told = of.told_of()
    return [
        incident(
            f"i-{one.id}",
            *told[one.id],
            by=one.by,
            kind=one.kind,
            when=Interval.at(one.at),
            first_known=min(report.learned_at for report in of.reports if report.of == one.id),
        )
        for one in of.acts
        if one.id in told and not one.invented
    ]


def test_a_drill_perfectly_fused_has_a_perfect_score() -> None:
    of = truth_of(drill(5, days=10, difficulty=FAIR))

    found = score(of, perfectly_fused(of), of.at_the_end)

    wrong = ("missed", "invented", "invented, corroborated", "merged", "split", "wrong party")
    verdicts = ("falsely contrary", "contrary missed", "cannot tell", "otherwise wrong", "not there")
    assert found.count(ALL, "found") == len(perfectly_fused(of)) > 10
    assert [found.count(ALL, one) for one in wrong] == [0] * len(wrong)
    assert [found.count(ALL, f"verdict {one}") for one in verdicts] == [0] * len(verdicts)
    assert found.count(ALL, "verdict right") == len(of.at_the_end)


def carelessly_fused(of: Truth, drawn_by: dict[str, str]) -> list[Scored]:
    """Take each report for an incident of its own, and believe whomever it names."""
    return [incident(f"i-{one.id}", one.id, by=drawn_by[one.id] or None) for one in of.reports]


def test_with_the_parties_exchanged_the_columns_of_the_score_are_exchanged() -> None:
    one = drill(11, days=10, difficulty=HARD, cast=Cast(NORTH, SOUTH))
    other = drill(11, days=10, difficulty=HARD, cast=Cast(SOUTH, NORTH))
    scores = []
    for drawn in (one, other):
        of = truth_of(drawn)
        rows = [replace(row, verdict=Verdict.CONTRARY) if row.by != "commission" else row for row in of.at_the_end]
        scores.append(score(of, carelessly_fused(of, {report.id: report.by for report in drawn.told}), rows))
    ours, theirs = scores

    assert ours.counts[NORTH] != ours.counts[SOUTH]
    assert (ours.counts[NORTH], ours.counts[SOUTH]) == (theirs.counts[SOUTH], theirs.counts[NORTH])
    assert (ours.delays[NORTH], ours.delays[ALL]) == (theirs.delays[SOUTH], theirs.delays[ALL])


# ---- the files of the truth ----------------------------------------------------------------------------------------


def test_a_truth_that_was_written_is_read_back_as_it_was(tmp_path: Path) -> None:
    of = truth_of(drill(5, days=6, difficulty=HARD))

    write_truth(of, tmp_path)

    assert read_truth(tmp_path) == of


def test_a_folder_without_a_truth_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no truth of a drill can be read here"):
        read_truth(tmp_path)


def test_a_spoilt_truth_is_refused(tmp_path: Path) -> None:
    write_truth(TWO, tmp_path)
    (tmp_path / "acts.ndjson").write_text('{"id": "a1"}\n')

    with pytest.raises(Refused, match="this is no truth of a drill"):
        read_truth(tmp_path)
