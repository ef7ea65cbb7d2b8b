"""A drill is told by its seed, its sources tell only what they could, and neither party is favoured."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import replace
from datetime import date
from functools import cache
from io import StringIO
from time import process_time

import pytest

from trucekeeper.agreement.load import load_agreement
from trucekeeper.agreement.rows import Known, Where, read_row
from trucekeeper.agreement.yaml_text import read_yaml
from trucekeeper.exercise.acts import FIRST_ATTACK_DAY, jams
from trucekeeper.exercise.difficulty import DIFFICULTIES, EASY, FAIR, HARD, HOSTILE, Difficulty, difficulty
from trucekeeper.exercise.drill import Drill, agreement, drill, truth_of
from trucekeeper.exercise.facts import perfect, said
from trucekeeper.exercise.files import texts
from trucekeeper.exercise.telling import ATTACKS
from trucekeeper.exercise.world import (
    COMMISSION,
    NORTH,
    RELIEF,
    SENSOR,
    SOUTH,
    Cast,
    agreement_text,
    rulings,
    tellers,
    tile_name,
    word,
    zones_text,
)
from trucekeeper.geo import read_geojson
from trucekeeper.intake.registered import Registered
from trucekeeper.intake.rulings import Rulings
from trucekeeper.intake.rulings import Told as RowTold
from trucekeeper.intake.said import Said
from trucekeeper.terms import Proof, Refused, Report, Verdict
from trucekeeper.terms.moments import parse_moment

SEEDS = range(10)
AS_DRAWN, EXCHANGED = Cast(NORTH, SOUTH), Cast(SOUTH, NORTH)


@cache
def drawn(seed: int = 7, hard: Difficulty = FAIR, days: int = 30, cast: Cast | None = None) -> Drill:
    return drill(seed, days=days, difficulty=hard, cast=cast)


# ---- the seed ------------------------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_bytes() -> None:
    assert texts(drill(3, days=30, difficulty=HARD)) == texts(drill(3, days=30, difficulty=HARD))


def test_another_seed_gives_another_drill() -> None:
    assert texts(drawn(3)) != texts(drawn(4))


def test_ten_months_of_drills_are_drawn_within_seconds() -> None:
    began = process_time()
    for seed in SEEDS:
        drill(seed, days=30, difficulty=FAIR)

    assert process_time() - began < 10


def test_each_difficulty_is_known_by_its_name_and_shows_its_numbers() -> None:
    for name, one in DIFFICULTIES.items():
        page = texts(drawn(1, one, days=6))["README.md"]

        assert difficulty(name) == one
        assert all(f"| {number} | {value} |" in page for number, value in one.numbers().items())


def test_an_unknown_difficulty_is_refused_with_the_names_that_there_are() -> None:
    with pytest.raises(Refused, match="did you mean 'fair'"):
        difficulty("fare")


def test_a_drill_too_short_for_its_first_attack_is_refused() -> None:
    with pytest.raises(Refused, match="a drill of 4 days"):
        drill(1, days=4, difficulty=EASY)


def test_a_drill_may_begin_on_another_day() -> None:
    one = drill(1, days=6, difficulty=EASY, first=date(2023, 10, 27))

    assert one.true.ceasefire == parse_moment("2023-10-27T12:00+03:00")


# ---- the files -----------------------------------------------------------------------------------------------------


def test_the_agreement_passes_the_checks_and_names_both_parties_alike() -> None:
    loaded = load_agreement(agreement_text(), "agreement.yaml", read_geojson(zones_text(), "zones.geojson"))
    exchanged = agreement_text().replace("north", "@").replace("south", "north").replace("@", "south")

    assert len(loaded.clauses) == 15
    assert Counter(exchanged.replace("[south, north]", "[north, south]").lower()) == Counter(agreement_text().lower())


@pytest.mark.parametrize("hard", DIFFICULTIES.values(), ids=lambda one: one.name)
def test_every_fact_that_is_entered_and_every_perfect_one_is_good(hard: Difficulty) -> None:
    one, known = drawn(2, hard), Known.of(agreement())
    rows = [*perfect(one.stage, one.true, one.told), *(row for several in one.entered.values() for row in several)]

    facts = [
        read_row({name: value for name, value in row.items() if value is not None}, known, Where("")) for row in rows
    ]

    assert len({fact.id for fact in facts if fact.kind == "claim"}) == len(one.entered["claims"])
    for several in one.entered.values():
        assert len({row["id"] for row in several}) == len(several)


@pytest.mark.parametrize("hard", DIFFICULTIES.values(), ids=lambda one: one.name)
def test_every_report_has_a_name_of_its_own_and_rows_stand_in_the_order_of_knowledge(hard: Difficulty) -> None:
    one = drawn(2, hard)
    of_source: dict[str, list[int]] = {}
    for report in one.told:
        of_source.setdefault(report.source, []).append(report.learned_at)

    assert len({report.id for report in one.told}) == len(one.told)
    assert all(moments == sorted(moments) for moments in of_source.values())
    assert set(of_source) <= {teller.name for teller in tellers(one.stage.cast, hard.patrols)}
    for several in one.entered.values():
        assert [str(row["learned_at"]) for row in several] == sorted(str(row["learned_at"]) for row in several)


@pytest.mark.parametrize("hard", DIFFICULTIES.values(), ids=lambda one: one.name)
def test_nobody_reports_what_is_still_to_come(hard: Difficulty) -> None:
    for one in drawn(5, hard).told:
        assert one.at <= one.learned_at
        assert one.day or one.at + one.rounded <= one.learned_at


def test_every_word_of_every_source_is_ruled_on() -> None:
    one = drawn(4, HOSTILE)
    manners = {teller.name: teller.manner for teller in tellers(one.stage.cast, HOSTILE.patrols)}

    for report in one.told:
        manner = manners[report.source]
        assert rulings(manner)[word(manner, report.kind)] == report.kind


def test_every_row_is_read_by_its_mapping_as_the_report_that_it_is() -> None:
    one, loaded = drawn(3, HARD), agreement()
    pages = texts(one)
    told = {report.id: report for report in one.told}
    for teller in (
        teller for teller in tellers(one.stage.cast, HARD.patrols) if f"reports/{teller.name}.csv" in pages
    ):
        mapping = read_yaml(pages[f"reports/{teller.name}.yaml"], "mapping").data
        source = Registered.read(mapping["source"])
        by_columns = {name: cell["column"] for name, cell in mapping["report"].items() if "column" in cell}
        rows = list(csv.DictReader(StringIO(pages[f"reports/{teller.name}.csv"])))

        assert (source.grade, source.bloc, source.first_hand) == (teller.grade, teller.bloc, teller.first_hand)
        assert {*by_columns.values(), "time", "until"} | set(mapping["report"]["fields"]) == set(rows[0])
        for row in rows:
            words = {role: row[by_columns[role]] for role in ("kind", "by", "against") if row[by_columns[role]]}
            columns = {"learned_at": row["learned_at"], "at": row["learned_at"]}
            said = Said(where=Where(""), name=row["name"], words=words, columns=columns)
            found = Rulings(loaded, {source.name: source}).report(
                RowTold(1, 1, 0, COMMISSION, said.body(source.name))
            )
            assert isinstance(found, Report)
            report = told[found.fact.id]
            assert (found.fact.kind, found.fact.by or "") == (report.kind, report.by)


def test_nothing_that_is_told_or_entered_gives_the_truth_away() -> None:
    one = drawn(6, HARD)
    outside = {name: text for name, text in texts(one).items() if not name.startswith("truth/")}

    for text in outside.values():
        assert "act-" not in text
        assert "invented-" not in text


# ---- who tells -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_a_patrol_reports_only_what_happened_before_its_eyes_and_all_of_it(seed: int) -> None:
    one = drawn(seed, HARD)
    acts = {act.id: act for act in one.true.acts}
    seen = {
        (watch.patrol, act.id) for watch in one.true.watches for act in one.true.acts if watch.sees(act)
    }  # fmt: skip
    told = {(report.source, report.of) for report in one.told if report.source.startswith("patrol-")}

    watchable = {"gunfire", "surveillance", "incursion", "movement", "shelling"}
    assert {pair for pair in told if acts[pair[1]].kind != "obstruction"} == {
        pair for pair in seen if acts[pair[1]].kind in watchable
    }
    assert all(acts[act].patrol == patrol for patrol, act in told if acts[act].kind == "obstruction")


@pytest.mark.parametrize("seed", SEEDS)
def test_whoever_watched_was_there_as_long_as_the_facts_say(seed: int) -> None:
    one = drawn(seed, HARD)
    stood = {(watch.patrol, tile_name(watch.tile), said(watch.start), said(watch.end)) for watch in one.true.watches}
    rows = [row for row in one.entered["watching"] if row["kind"] == "coverage"]

    assert {
        (str(row["source"]), str(row["zone"]), str(row["from"]), str(row["until"]))
        for row in rows
        if str(row["source"]).startswith("patrol-")
    } == stood
    for row in (row for row in rows if row["source"] == SENSOR):
        start, end = parse_moment(str(row["from"])), parse_moment(str(row["until"]))
        assert not [jam for jam in jams(one.true) if jam.start <= end and start <= jam.end]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_network_hears_every_attack_unless_it_is_jammed_and_never_says_who(seed: int) -> None:
    one = drawn(seed, HOSTILE)
    heard = {report.of: report for report in one.told if report.source == SENSOR and report.kind in ATTACKS}

    for act in one.true.acts:
        if act.kind in ATTACKS:
            jammed = any(jam.start <= act.at <= jam.end for jam in jams(one.true))
            assert (act.id in heard) is not jammed
    assert {report.by for report in heard.values()} <= {""}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("hard", DIFFICULTIES.values(), ids=lambda one: one.name)
def test_nobody_without_an_interest_names_a_party_that_did_not_do_it(seed: int, hard: Difficulty) -> None:
    one = drawn(seed, hard)
    truly = {act.id: act for act in (*one.true.acts, *one.invented)}
    blocs = {teller.name: teller.bloc for teller in tellers(one.stage.cast, hard.patrols)}

    for report in one.told:
        wrong = truly[report.of].invented or report.by not in {"", truly[report.of].by}
        if wrong and blocs[report.source] not in {NORTH, SOUTH}:
            assert blocs[report.cites[-1]] in {NORTH, SOUTH}


def test_the_first_attack_is_shown_by_one_report_a_day_late() -> None:
    for seed in SEEDS:
        one = drawn(seed)
        days = one.stage.days
        of_it = [report for report in one.told if report.of == one.late.of]

        assert days.start(FIRST_ATTACK_DAY) < one.late.at < days.end(FIRST_ATTACK_DAY) < one.late.learned_at
        assert one.late.learned_at < days.end(FIRST_ATTACK_DAY + 1)
        assert {report.source for report in of_it} == {one.late.source, SENSOR}
        assert not [act for act in one.true.acts if act.kind in ATTACKS and act.at < one.late.at - 10**8]


def test_a_flood_is_copies_of_one_claim_by_friends_of_one_party() -> None:
    hard = difficulty("hostile", flood=10_000)
    one = drill(1, days=10, difficulty=hard)
    flood = [report for report in one.told if "flood" in report.marks]
    blocs = {teller.name: teller.bloc for teller in tellers(one.stage.cast, hard.patrols)}

    assert len(flood) == 10_000
    assert len({report.of for report in flood}) == 1
    assert len({blocs[report.source] for report in flood}) == 1


def test_every_lie_that_a_hostile_drill_promises_is_told() -> None:
    marks = Counter(mark for report in drawn(1, HOSTILE).told for mark in report.marks)

    wanted = {"invented", "wrong party", "exaggerated", "mislabelled", "shifted", "late", "copy", "flood"}
    assert set(marks) == wanted


def test_rival_counters_count_the_same_trucks() -> None:
    rows = drawn(1).entered["claims"]

    assert {row["by"] for row in rows} == {NORTH, SOUTH, RELIEF}
    assert {row["occurred"] for row in rows if row["by"] == RELIEF} == {"corroborated"}
    assert not [row for row in rows if row["by"] != RELIEF and "occurred" in row]


# ---- neither party is favoured -------------------------------------------------------------------------------------


def swapped(text: str) -> str:
    for one, other in ((NORTH, SOUTH), (NORTH.capitalize(), SOUTH.capitalize())):
        text = text.replace(one, "@").replace(other, one).replace("@", other)
    return text


@pytest.mark.parametrize("seed", SEEDS)
def test_with_the_parties_exchanged_it_is_the_same_drill_seen_from_the_other_bank(seed: int) -> None:
    one, other = drawn(seed, HOSTILE, cast=AS_DRAWN), drawn(seed, HOSTILE, cast=EXCHANGED)

    for told, mirrored in zip(one.told, other.told, strict=True):
        assert replace(told, source="", text="", url="", cites=(), by="") == replace(
            mirrored, source="", text="", url="", cites=(), by=""
        )
        assert [swapped(text) for text in (told.id, told.text, told.url, told.by, *told.cites)] == [
            mirrored.id,
            mirrored.text,
            mirrored.url,
            mirrored.by,
            *mirrored.cites,
        ]


def test_parts_and_habits_fall_to_both_parties() -> None:
    drills = [drawn(seed, EASY, days=5) for seed in range(40)]
    worse = Counter(max((NORTH, SOUTH), key=lambda side: one.stage.habits[side].invents) for one in drills)

    assert {one.stage.cast.first for one in drills} == {NORTH, SOUTH}
    assert min(worse.values()) > 8


# ---- the truth -----------------------------------------------------------------------------------------------------


def test_the_true_standing_knows_no_doubt_and_finds_who_never_fired_consistent() -> None:
    for seed in (1, 2):
        one = drawn(seed, FAIR, days=8)
        truth = truth_of(one)
        fired = {act.by for act in one.true.acts if act.kind in ATTACKS}
        halt = [row for row in truth.at_the_end if row.clause == "halt"]

        assert not [row for row in truth.stood if row.verdict is Verdict.CANNOT_TELL and row.clause != "inspect"]
        assert {row.by for row in halt if row.verdict is Verdict.CONTRARY} == fired & {NORTH, SOUTH}
        assert {row.proof for row in truth.stood} == {Proof.CORROBORATED}
        assert len({row.day for row in truth.stood}) == 8


def test_a_movement_that_was_announced_is_truly_not_contrary() -> None:
    one = next(drawn(seed, FAIR, days=12) for seed in range(50) if _only_announced(drawn(seed, FAIR, days=12)))

    rows = [row for row in truth_of(one).at_the_end if row.clause == "no-movement"]

    assert {row.verdict for row in rows} == {Verdict.CONSISTENT}


def _only_announced(one: Drill) -> bool:
    kinds = Counter(act.kind for act in one.true.acts)
    return kinds["movement"] > 0 and kinds["incursion"] == 0


def test_the_commission_is_no_party() -> None:
    truth = truth_of(drawn(1, EASY, days=5))

    assert COMMISSION not in truth.parties
    assert truth.parties == (NORTH, SOUTH)
