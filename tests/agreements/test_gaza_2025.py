"""What the Gaza 2025 example must show, at the moments and in the words of its specification."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from trucekeeper.cli import demo, tables
from trucekeeper.compliance.standing import Question
from trucekeeper.mission import Folder, Line, board, open_folder
from trucekeeper.terms import Lifecycle, Proof, Verdict
from trucekeeper.terms.moments import parse_moment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from trucekeeper.compliance.grounds import Stand

FOLDER = Path(__file__).resolve().parents[2] / "agreements" / "gaza-2025"
FIRST_DAY = "2025-10-10T23:59:59.999999+03:00"
EXCHANGE = "2025-10-13T23:59:59.999999+03:00"
NEXT_DAY = "2025-10-14T23:59:59.999999+03:00"
NOVEMBER = "2025-11-07T23:59:59.999999+02:00"
JANUARY = "2026-01-27T00:00+02:00"
LATER = "2026-06-01T00:00+00:00"

IDS = (
    *("S2", "S2b", "S3", "A1", "A1w", "A1f", "A2", "S4", "S4b", "S5", "S5b", "P4", "S5c", "S5d", "S5e", "P5r"),
    *("S5f", "S6", "P8", "P6", "R2803a", "R2803b", "R2803c", "Rafah"),
)


@pytest.fixture(scope="module")
def gaza() -> Folder:
    return open_folder(FOLDER)


def stands(
    folder: Folder, clause: str, as_of: str, *, known_at: str = LATER, proof: Proof = Proof.CORROBORATED
) -> tuple[Stand, ...]:
    asked = Question(as_of=parse_moment(as_of), known_at=parse_moment(known_at), proof=proof)
    return folder.standing(asked, clause=clause).stands


def read_as(found: tuple[Stand, ...], **reading: str) -> Stand:
    wanted = {(axis.replace("_", "-"), option) for axis, option in reading.items()}
    (stand,) = [one for one in found if wanted <= set(one.reading)]
    return stand


def beside(found: tuple[Stand, ...], sort: str) -> list[str]:
    return list(dict.fromkeys(one.says for stand in found for one in stand.beside if one.sort == sort))


def test_every_clause_and_every_fact_of_the_example_is_usable(gaza: Folder) -> None:
    assert set(IDS) <= set(gaza.agreement.clauses)
    assert gaza.faults == ()
    assert all(fact.cite for fact in gaza.facts)
    assert all(fact.note for fact in gaza.facts)


def test_no_reading_is_adopted_and_no_text_prevails(gaza: Folder) -> None:
    assert {reading.adopted for reading in gaza.agreement.readings.values()} == {"none"}
    assert gaza.agreement.head.precedence == "unstated"


def test_nothing_on_record_is_verified_and_every_reported_incident_is_alleged(gaza: Folder) -> None:
    vocabulary = gaza.agreement.vocabulary
    incidents = [fact for fact in gaza.facts if vocabulary.is_a(fact.kind, "military-operation")]

    assert all(fact.occurred < Proof.VERIFIED for fact in gaza.facts)
    assert len(incidents) == 4
    assert all(fact.occurred is fact.who is Proof.ALLEGED for fact in incidents)


def test_a_running_total_is_a_claim_whose_period_ends_with_its_day(gaza: Folder) -> None:
    totals = [fact for fact in gaza.facts if str(fact.field("tally")).endswith("-remains")]

    assert len(totals) == 17
    assert all(fact.span is not None and fact.when.latest == fact.span.end for fact in totals)
    assert all(fact.field("count") is None for fact in totals)


# ---- 10 October: the withdrawal ----


@pytest.mark.parametrize("as_of", [FIRST_DAY, EXCHANGE, JANUARY])
def test_the_withdrawal_rests_on_a_declaration_by_a_guarantor_and_is_not_measured(gaza: Folder, as_of: str) -> None:
    (withdrawal,) = stands(gaza, "S4", as_of)

    assert withdrawal.verdict is Verdict.CONSISTENT
    assert withdrawal.rests_on == "declaration by guarantor"
    assert withdrawal.beside == ()  # nobody published a position, so there is nothing to measure it by


def test_the_deadline_of_the_withdrawal_is_as_uncertain_as_the_approval(gaza: Folder) -> None:
    (withdrawal,) = stands(gaza, "S4", FIRST_DAY)

    assert withdrawal.due is not None
    assert withdrawal.due.earliest == parse_moment("2025-10-11T00:00+03:00")
    assert withdrawal.due.latest == parse_moment("2025-10-11T01:41+03:00")


# ---- 13 October: the exchange ----


def test_all_living_hostages_were_released_before_noon_by_the_clock_of_the_steps(gaza: Folder) -> None:
    living = read_as(stands(gaza, "S5", EXCHANGE), exchange="steps")

    assert (living.verdict, living.lifecycle, living.figure) == (
        Verdict.CONSISTENT,
        Lifecycle.MET,
        "20 of 20",
    )
    assert living.met_at is not None
    assert living.met_at.latest < parse_moment("2025-10-13T12:00+03:00")


def test_by_the_clock_of_the_20_points_nobody_can_tell_for_want_of_a_dated_acceptance(gaza: Folder) -> None:
    living = read_as(stands(gaza, "S5", EXCHANGE), exchange="points")

    assert living.verdict is Verdict.CANNOT_TELL
    assert "public-acceptance" in living.waits_for
    assert any("no fact on record says when" in ground.says for _, ground in living.ground.walk())


def test_both_clocks_of_the_hostages_are_lines_of_the_board(gaza: Folder) -> None:
    asked = Question(as_of=parse_moment(EXCHANGE), known_at=parse_moment(LATER))
    lines = board(gaza.standing(asked, clause="S5"))

    assert [line.reading for line in lines] == [(("exchange", "steps"),), (("exchange", "points"),)]


def test_4_of_28_remains_with_the_plea_beside_it_unproven(gaza: Folder) -> None:
    remains = read_as(stands(gaza, "S5b", EXCHANGE), exchange="steps")

    assert remains.figure == "4 of 28"
    assert (remains.verdict, remains.lifecycle) == (Verdict.CONTRARY, Lifecycle.UNMET)
    assert beside((remains,), "plea") == ["not-located: raised, unproven"]


def test_remains_cannot_be_told_by_the_clock_of_the_20_points(gaza: Folder) -> None:
    remains = read_as(stands(gaza, "S5b", EXCHANGE), exchange="points")

    assert (remains.verdict, remains.figure) == (Verdict.CANNOT_TELL, "4 of 28")


def test_detainees_reach_both_numbers_if_these_are_the_least(gaza: Folder) -> None:
    life, others = (
        read_as(stands(gaza, clause, EXCHANGE), exchange="steps", detainee_number="at-least")
        for clause in ("S5e", "S5e-gaza")
    )

    assert (life.verdict, life.figure) == (Verdict.CONSISTENT, "250 of 250")
    assert (others.verdict, others.figure) == (Verdict.CONSISTENT, "1,718 of 1,700")


def test_18_more_than_an_exact_number_are_contrary_to_its_letter(gaza: Folder) -> None:
    life, others = (
        read_as(stands(gaza, clause, EXCHANGE), exchange="steps", detainee_number="exactly")
        for clause in ("S5e", "S5e-gaza")
    )

    assert (life.verdict, life.figure) == (Verdict.OPEN, "250 of exactly 250")
    assert (others.verdict, others.figure) == (Verdict.CONTRARY, "1,718 of exactly 1,700")


@pytest.mark.parametrize("as_of", [EXCHANGE, NEXT_DAY, NOVEMBER, JANUARY])
def test_no_past_day_of_trucks_can_be_told(gaza: Folder, as_of: str) -> None:
    days = stands(gaza, "A1", as_of)
    past = [day for day in days if day.due is not None and day.due.latest < parse_moment(as_of)]

    assert past
    assert {day.verdict for day in past} == {Verdict.CANNOT_TELL}


# ---- later ----


@pytest.mark.parametrize(
    ("as_of", "figure", "lifecycle"),
    [
        (NEXT_DAY, "at least 7 of 28", Lifecycle.UNMET),
        (NOVEMBER, "22 of 28", Lifecycle.UNMET),
        (JANUARY, "28 of 28", Lifecycle.MET_LATE),
    ],
)
def test_the_figure_of_remains_changes_and_the_missed_deadline_does_not(
    gaza: Folder, as_of: str, figure: str, lifecycle: Lifecycle
) -> None:
    remains = read_as(stands(gaza, "S5b", as_of), exchange="steps")

    assert (remains.figure, remains.verdict, remains.lifecycle) == (figure, Verdict.CONTRARY, lifecycle)


def test_a_rival_count_of_remains_stands_beside_and_bounds_nothing(gaza: Folder) -> None:
    claims = beside(stands(gaza, "S5b", NOVEMBER), "claim")

    (rival,) = [says for says in claims if "claimed by hamas" in says]
    assert rival.startswith("19 claimed by hamas")
    assert rival.endswith("alleged, bounds nothing here")


@pytest.mark.parametrize(("as_of", "figure"), [(NOVEMBER, "285"), (JANUARY, "at least 315")])
def test_remains_of_palestinians_are_counted_against_a_number_that_nobody_can_work_out(
    gaza: Folder, as_of: str, figure: str
) -> None:
    (remains,) = stands(gaza, "P5r", as_of)

    assert remains.verdict is Verdict.OPEN
    assert remains.figure == f"{figure} of 15 for each of an unknown number"


def test_one_counter_of_trucks_had_spoken_in_november(gaza: Folder) -> None:
    claims = beside(stands(gaza, "A1", NOVEMBER), "claim")

    (only,) = claims
    assert only.startswith("3,203 claimed by gaza-media-office, counted as crossed, from 2025-10-10 00:00+03:00 to ")
    assert only.endswith("the end of 2025-10-31 (an average of 145 a day); alleged, bounds nothing here")


def test_five_counters_of_trucks_stand_side_by_side_in_january_each_with_its_period(gaza: Folder) -> None:
    claims = beside(stands(gaza, "A1", JANUARY), "claim")
    whole = "from 2025-10-12 00:00+03:00 to the end of 2025-12-07"

    assert len(claims) == 5
    assert sum(whole in says for says in claims) == 4
    for start in (
        "3,203 claimed by gaza-media-office",
        "25,700 claimed by ap-on-cogat-figures",
        "more than 600 a day claimed by cogat",
        "6,545 claimed by un, counted as offloaded",
        "7,333 claimed by hamas",
    ):
        assert sum(says.startswith(start) for says in claims) == 1


def test_an_average_that_a_source_printed_is_not_worked_out_again(gaza: Folder) -> None:
    claims = beside(stands(gaza, "A1", JANUARY), "claim")

    assert sum("(459 a day, as printed)" in says for says in claims) == 1
    assert sum("(113 a day, as printed)" in says for says in claims) == 1
    assert not any("450 a day" in says or "114 a day" in says for says in claims)


def test_a_figure_without_data_is_shown_as_such(gaza: Folder) -> None:
    (statement,) = [says for says in beside(stands(gaza, "A1", JANUARY), "claim") if "by cogat" in says]

    assert "no data supplied" in statement


# ---- as then known ----


def test_what_was_known_in_november_of_january_is_what_november_knew(gaza: Folder) -> None:
    remains = read_as(stands(gaza, "S5b", JANUARY, known_at=NOVEMBER), exchange="steps")
    trucks = beside(stands(gaza, "A1", JANUARY, known_at=NOVEMBER), "claim")

    assert (remains.figure, remains.lifecycle) == ("at least 22 of 28", Lifecycle.UNMET)
    assert len(trucks) == 1


def test_at_ten_in_the_morning_seven_hostages_were_known_to_be_free(gaza: Folder) -> None:
    moment = "2025-10-13T10:00+03:00"
    living = read_as(stands(gaza, "S5", moment, known_at=moment), exchange="steps")

    assert (living.verdict, living.figure) == (Verdict.OPEN, "at least 7 of 20")


def test_before_the_first_report_the_approval_was_not_known(gaza: Folder) -> None:
    moment = "2025-10-10T01:40:59.999999+03:00"
    (withdrawal,) = stands(gaza, "S4", moment, known_at=moment)

    assert withdrawal.verdict is Verdict.NOT_IN_FORCE
    assert withdrawal.waits_for == ("approval",)


# ---- the halt ----


def test_reported_incidents_are_possible_while_they_are_only_alleged(gaza: Folder) -> None:
    found = stands(gaza, "S2", JANUARY)

    assert {stand.verdict for stand in found} == {Verdict.CANNOT_TELL}
    assert [(stand.by, stand.figure) for stand in found] == [
        ("israel", "3 possible"),
        ("israel", "3 possible"),
        ("hamas", "1 possible"),
    ]


def test_at_the_level_of_allegations_the_incidents_count_under_each_reading_of_whom_the_halt_binds(
    gaza: Folder,
) -> None:
    found = stands(gaza, "S2", JANUARY, proof=Proof.ALLEGED)
    seen = {(dict(stand.reading)["halt-binds"], stand.by): {one.fact for one in stand.episodes} for stand in found}

    assert {stand.verdict for stand in found} == {Verdict.CONTRARY}
    assert {stand.proof for stand in found} == {Proof.ALLEGED}
    assert seen == {
        ("israel", "israel"): {"zeitoun-1017", "strikes-1019", "strike-1213"},
        ("both", "israel"): {"zeitoun-1017", "strikes-1019", "strike-1213"},
        ("both", "hamas"): {"rafah-1019"},
    }


def test_a_return_to_the_areas_left_is_prohibited_while_nobody_determined_that_hamas_fails(
    gaza: Folder,
) -> None:
    (stand,) = stands(gaza, "S4b", NOVEMBER)

    assert stand.verdict is Verdict.CANNOT_TELL
    assert any("nobody determined otherwise" in ground.says for _, ground in stand.ground.walk())


# ---- the tour ----


def test_the_tour_fits_its_width(capsys: pytest.CaptureFixture[str]) -> None:
    demo.tour()

    *text, last = capsys.readouterr().out.rstrip("\n").split("\n")
    assert max(len(line) for line in text) <= 118
    assert str(demo.example()) in last


def test_every_verdict_and_figure_of_the_tour_is_the_engines(
    gaza: Folder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    boards: list[Sequence[Line]] = []
    table = tables.standing_table

    def kept(folder: Folder, lines: Sequence[Line]) -> Table:
        boards.append(lines)
        return table(folder, lines)

    monkeypatch.setattr(tables, "standing_table", kept)
    demo.tour()

    assert capsys.readouterr().out
    assert len(boards) == len(demo.STOPS)
    for stop, lines in zip(demo.STOPS, boards, strict=True):
        assert {line.clause for line in lines} == set(stop.clauses)
        for line in lines:
            assert set(line.stands) <= set(stands(gaza, line.clause, stop.as_of, proof=stop.proof))


def test_no_sentence_of_the_tour_holds_a_figure() -> None:
    names = ("S2", "S4", "S5", "S5b", "S5e", "S5e-gaza", "A1")

    for stop in demo.STOPS:
        words = [word.strip("(),.:;") for word in stop.says.split()]
        assert [word for word in words if any(letter.isdigit() for letter in word) and word not in names] == []


def test_the_tour_finds_its_example_in_the_checkout() -> None:
    assert demo.example() == FOLDER
