"""The logs in the documented facts format: readable without a fault, the same for ever, and with enough in them."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from bench import history, log, meaning, wide
from trucekeeper.agreement.load import draft_agreement
from trucekeeper.agreement.rows import Known
from trucekeeper.compliance.standing import Question, Standing, standing
from trucekeeper.geo import read_geojson
from trucekeeper.mission.facts_files import FactsRead, read_facts
from trucekeeper.terms import NEVER, Verdict

SIZE = 2_000
REAL_SIZE = 50_000  # enough that shares of a hundredth are not chance
SLOW = {"withdraw", "deploy", "no-return", "halt"}  # for the reference, even over two thousand facts

Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def generator(shared: Path) -> Path:
    return shared / "bench" / "engine_log.py"


def known(folder: Path) -> Known:
    zones, text = folder / "zones.geojson", folder / "agreement.yaml"
    atlas = read_geojson(zones.read_text(encoding="utf-8"), zones.name)
    names = draft_agreement(text.read_text(encoding="utf-8"), text.name, atlas).names
    assert names is not None
    return names


def read(rows: Rows, folder: Path, where: Path) -> FactsRead:
    file = where / "facts.ndjson"
    file.write_text("\n".join(json.dumps(history.as_row(row)) for row in rows), encoding="utf-8")
    return read_facts([file], known(folder))


def narrow_rows(generator: Path) -> Rows:
    rows: Rows = wide.table(wide.revisions(SIZE, path=generator)).to_pylist()
    return rows


def test_every_row_of_the_wide_log_is_a_good_one(generator: Path, tmp_path: Path) -> None:
    rows = narrow_rows(generator)
    found = read(rows, meaning.FOLDER, tmp_path)

    assert found.faults == ()
    assert len(found.facts) == len(rows) > SIZE


def test_four_of_a_hundred_are_corrected_retracted_or_late(generator: Path) -> None:
    told = wide.revisions(REAL_SIZE, path=generator)
    facts = told.name.max() + 1
    late = (told.rev == 1) & (told.learned > told.ts + told.doubt + wide.KNOWN_AFTER)
    shares = [
        ((told.rev == 2) & (told.retracts == 0)).sum() / facts,
        (told.retracts == 1).sum() / facts,
        late.sum() / facts,
    ]

    assert shares == pytest.approx(wide.SHARES[:3], rel=0.2)


def test_nothing_is_learned_before_it_happened_nor_corrected_before_it_was_known(generator: Path) -> None:
    told = wide.revisions(REAL_SIZE, path=generator)
    happening = (told.retracts == 0) & (told.kind != wide.WATCH)
    again = told.rev == 2

    assert (told.learned[happening] >= (told.ts + told.doubt)[happening]).all()
    assert (told.learned[again] > told.learned[told.name[again]]).all()


def test_the_resolved_log_stands_as_the_told_one(
    generator: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wide, "CACHE", tmp_path)
    files = (wide.as_told(SIZE, path=generator), wide.resolved(SIZE, path=generator))
    told, resolved = (read(parquet.read_table(file).to_pylist(), meaning.FOLDER, tmp_path).facts for file in files)
    question = Question(as_of=meaning.END, known_at=NEVER)
    agreement = meaning.agreement(SIZE)

    assert len(told) > len(resolved)
    assert verdicts(standing(agreement, told, question)) == verdicts(standing(agreement, resolved, question))


def verdicts(answer: Standing) -> Counter[tuple[object, ...]]:
    return Counter(
        (stand.key, stand.verdict, frozenset((one.fact, one.answer) for one in stand.episodes))
        for stand in answer.stands
    )


def test_the_resolved_log_is_sorted_by_kind_and_time(
    generator: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wide, "CACHE", tmp_path)
    rows = parquet.read_table(wide.resolved(SIZE, path=generator)).to_pylist()
    middles = [(row["kind"], row["at"] or row["earliest"] + (row["latest"] - row["earliest"]) / 2) for row in rows]

    assert middles == sorted(middles)


def test_more_clauses_are_the_five_again_each_a_little_different() -> None:
    agreement = meaning.agreement(10**7, clauses=50)
    bearing = [name for name in agreement.clauses if name.startswith("P")]

    assert len(bearing) == 50
    assert "within: 57h" in meaning.text_of(10**7, clauses=50)
    assert f"at_least: {log.threshold(10**7) - 9}\n" in meaning.text_of(10**7, clauses=50)


def test_every_row_of_the_history_is_a_good_one_and_in_order(tmp_path: Path) -> None:
    rows = history.rows(SIZE)
    found = read(rows, history.FOLDER, tmp_path)

    assert found.faults == ()
    assert len(found.facts) == len(rows)
    assert [row["learned_at"] for row in rows] == sorted(row["learned_at"] for row in rows)


def test_the_history_is_the_same_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "CACHE", tmp_path)
    table = parquet.read_table(history.mixed(SIZE))

    assert history.rows(SIZE) == history.rows(SIZE) != history.rows(SIZE, seed=8)
    assert table.num_rows == len(history.rows(SIZE))
    assert set(table.column_names) == set(history.SCHEMA.names)


def test_the_history_has_something_to_say_to_every_kind(tmp_path: Path) -> None:
    agreement = history.agreement()
    facts = read(history.rows(SIZE), history.FOLDER, tmp_path).facts
    question = Question(as_of=history.END, known_at=NEVER)
    rows = [
        row
        for name in agreement.clauses
        if name not in SLOW
        for row in standing(agreement, facts, question, only=name).stands
    ]
    kinds = {
        type(version.first()).__name__ for history_ in agreement.clauses.values() for version in history_.versions
    }

    assert {"Prohibit", "Achieve", "Maintain", "Tally", "Quota", "Respond", "Phase", "Power"} <= kinds
    assert {row.verdict for row in rows} == set(Verdict)
