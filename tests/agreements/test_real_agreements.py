"""The worked examples: every clause of each real agreement is there, loads, and stands somewhere."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from trucekeeper.agreement import language as lang
from trucekeeper.compliance.standing import Question, Standing
from trucekeeper.mission.folder import Folder, open_folder
from trucekeeper.terms import Verdict
from trucekeeper.terms.moments import parse_moment

AGREEMENTS = Path(__file__).resolve().parents[2] / "agreements"
CRIBS = {
    "gaza-2025": "gaza_2025.yaml",
    "lebanon-2024": "lebanon_2024.yaml",
    "minsk-ii-2015": "minsk2_2015.yaml",
    "aceh-2005": "aceh_2005.yaml",
}
WELL_AFTER = {
    "gaza-2025": "2026-01-27T00:00+02:00",
    "lebanon-2024": "2025-06-01T00:00+03:00",
    "minsk-ii-2015": "2020-12-01T00:00+02:00",
    "aceh-2005": "2006-06-01T00:00+07:00",
}
LONGEST_GLOSS = 300

each_agreement = pytest.mark.parametrize("name", CRIBS)


@cache
def opened(name: str) -> Folder:
    return open_folder(AGREEMENTS / name)


def crib(shared: Path, name: str) -> list[dict[str, Any]]:
    found: dict[str, Any] = YAML(typ="safe").load((shared / "agreements" / CRIBS[name]).read_text(encoding="utf-8"))
    clauses: list[dict[str, Any]] = found["clauses"]
    return clauses


def stood(folder: Folder, as_of: str, clause: str | None = None) -> Standing:
    moment = parse_moment(as_of)
    return folder.standing(Question(as_of=moment, known_at=parse_moment("2026-06-01T00:00Z")), clause=clause)


@each_agreement
def test_every_clause_of_the_real_agreement_is_written(shared: Path, name: str) -> None:
    written = {clause.lower() for clause in opened(name).agreement.clauses}

    assert [one["id"] for one in crib(shared, name) if one["id"].lower() not in written] == []


@each_agreement
def test_no_row_of_its_facts_is_refused(name: str) -> None:
    assert opened(name).faults == ()


@each_agreement
def test_every_clause_that_bears_a_verdict_stands_somewhere_well_after_signature(name: str) -> None:
    folder = opened(name)
    found = {stand.clause for stand in stood(folder, WELL_AFTER[name]).stands}
    bearing = {clause for clause, history in folder.agreement.clauses.items() if history.latest().bears_verdict}

    assert found == bearing


@each_agreement
def test_a_gloss_is_short_and_a_cite_is_given(name: str) -> None:
    clauses = [clause for history in opened(name).agreement.clauses.values() for clause in history.all()]

    assert [clause.id for clause in clauses if len(clause.gloss) > LONGEST_GLOSS or not clause.cite.strip()] == []


@each_agreement
def test_a_prohibition_that_binds_all_parties_names_them_all(shared: Path, name: str) -> None:
    agreement = opened(name).agreement
    clauses = {clause.lower(): history.latest() for clause, history in agreement.clauses.items()}
    parties = set(agreement.head.parties)
    for one in crib(shared, name):
        clause = clauses[one["id"].lower()]
        if isinstance(clause, lang.Prohibit) and one.get("party") == "all":
            assert not isinstance(clause.by, lang.AnyoneExcept), clause.id
            assert set(clause.by) == parties, clause.id
        elif isinstance(clause, lang.Prohibit) and isinstance(one.get("party"), list):
            assert not isinstance(clause.by, lang.AnyoneExcept), clause.id
            assert set(clause.by) & parties == set(one["party"]), clause.id


@each_agreement
def test_no_reading_is_adopted_where_no_decision_adopted_one(name: str) -> None:
    assert {reading.adopted for reading in opened(name).agreement.readings.values()} <= {"none"}


# ---- what the examples found out ---------------------------------------------------------------------------------


def test_a_deadline_stands_though_nobody_declared_for_which_sectors() -> None:
    stands = stood(opened("lebanon-2024"), "2025-01-20T00:00+02:00", "12").stands

    assert {stand.verdict for stand in stands} == {Verdict.CANNOT_TELL}
    latest = {None if stand.due is None else stand.due.latest for stand in stands}
    assert latest == {parse_moment("2025-01-26T23:59:59.999999+02:00")}


def test_an_extension_silent_on_the_past_shows_both_its_effects() -> None:
    readings = [dict(stand.reading) for stand in stood(opened("lebanon-2024"), "2025-03-01T00:00+02:00", "12").stands]

    assert {one["effect of extension-2025 on the past"] for one in readings} == {"preserved", "cured"}


def test_a_clause_that_a_later_decision_adds_stands_nowhere_before_it() -> None:
    assert stood(opened("minsk-ii-2015"), "2016-01-01T00:00+02:00", "M2").stands == ()


RETURN_FIRE = """
sources: {{r: {{who: a monitor, at: {day}}}}}
facts:
  - {{id: fire, kind: return-fire, by: {us}, zone: certain-areas, at: {day}T12:00+03:00, {sure}}}
  - {{id: attack, kind: military-operation, by: {them}, at: {day}T08:00+03:00, {sure}}}
  - {{id: ruling, kind: determination, by: tcg, fields: {{{ruling}}}, at: {day}T09:00+03:00, {sure}}}
  - {{id: order, kind: order, by: {us}, fields: {{{order}}}, at: {day}T10:00+03:00, {sure}}}
  - {{id: tried, kind: procedure-ended, by: jccc, fields: {{{tried}}}, at: {day}T11:00+03:00, {sure}}}
"""
WORDS = {
    "sure": "source: r, occurred: verified, who: verified",
    "ruling": 'of: attack, term: offensive, finding: "yes"',
    "order": "of: return-fire, level: top-leadership, to: tcg",
    "tried": "of: coordination, outcome: unsuccessful",
}
BOTH_WAYS = pytest.mark.parametrize(("us", "them"), [("ukraine", "cadlr"), ("cadlr", "ukraine")])


def with_return_fire(tmp_path: Path, us: str, them: str, day: str) -> Folder:
    facts = tmp_path / "facts.yaml"
    facts.write_text(RETURN_FIRE.format(us=us, them=them, day=day, **WORDS), encoding="utf-8")
    folder = open_folder(AGREEMENTS / "minsk-ii-2015", [facts])
    assert folder.faults == ()
    return folder


@BOTH_WAYS
def test_each_side_may_return_fire_against_the_others_offensive(tmp_path: Path, us: str, them: str) -> None:
    folder = with_return_fire(tmp_path, us, them, "2020-08-10")
    verdicts = {stand.by: stand.verdict for stand in stood(folder, "2020-09-01T00:00+03:00", "M2").stands}

    assert verdicts == {us: Verdict.CANNOT_TELL, them: Verdict.CANNOT_TELL}


@BOTH_WAYS
def test_neither_side_may_return_fire_against_its_own_offensive(tmp_path: Path, us: str, them: str) -> None:
    folder = with_return_fire(tmp_path, us, us, "2020-08-10")
    verdicts = {stand.by: stand.verdict for stand in stood(folder, "2020-09-01T00:00+03:00", "M2").stands}

    assert verdicts == {us: Verdict.CONTRARY, them: Verdict.CANNOT_TELL}


@BOTH_WAYS
def test_a_permission_of_2020_excuses_no_fire_of_2016(tmp_path: Path, us: str, them: str) -> None:
    folder = with_return_fire(tmp_path, us, them, "2016-08-10")
    stands = [stand for stand in stood(folder, "2020-09-01T00:00+03:00", "1").stands if stand.by == us]

    assert {stand.verdict for stand in stands} == {Verdict.CONTRARY}
