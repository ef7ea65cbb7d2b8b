"""The narrow log and its clauses: the reference execution counts what hand-written code counts."""

import importlib
import re
from pathlib import Path

import pytest

from bench import log, meaning, plain
from trucekeeper.compliance.standing import Question, Standing, standing
from trucekeeper.terms import Tri, Verdict

SIZE = 5_000

Log = list[plain.Event]


@pytest.fixture(scope="module")
def generator(shared: Path) -> Path:
    return shared / "bench" / "engine_log.py"


@pytest.fixture(scope="module")
def events(generator: Path) -> Log:
    columns = log.columns(SIZE, path=generator)
    return list(zip(*(column.tolist() for column in columns), strict=True))


@pytest.fixture(scope="module")
def answer(events: Log) -> Standing:
    question = Question(as_of=meaning.END, known_at=meaning.END)
    return standing(meaning.agreement(SIZE), meaning.facts(events), question)


@pytest.fixture(scope="module")
def by_hand(events: Log) -> plain.Counts:
    return plain.of_events(iter(events), log.threshold(SIZE))


def episodes(answer: Standing, clause: str) -> int:
    return sum(one.answer is Tri.YES for stand in answer.of(clause) for one in stand.episodes)


def contrary(answer: Standing, clause: str) -> int:
    return sum(stand.verdict is Verdict.CONTRARY for stand in answer.of(clause))


def test_the_reference_counts_what_plain_python_counts(answer: Standing, by_hand: plain.Counts) -> None:
    counted = (
        episodes(answer, "P1"),
        episodes(answer, "P2"),
        contrary(answer, "P3"),
        contrary(answer, "P4"),
        episodes(answer, "P5"),
    )

    assert counted == by_hand
    assert min(by_hand) > 0


def test_nothing_in_the_narrow_log_is_in_doubt(answer: Standing) -> None:
    doubtful = [one for stand in answer.stands for one in stand.episodes if one.answer is Tri.MAYBE]

    assert doubtful == []


def test_each_report_and_each_day_has_a_line_of_its_own(answer: Standing, events: Log) -> None:
    reports = sum(kind == log.Kind.REPORT for _, kind, _, _ in events)

    assert len(answer.of("P3")) == reports
    assert len(answer.of("P4")) == log.DAYS + 1  # the day that begins with the last moment is still open


def test_the_threshold_is_the_generators(generator: Path) -> None:
    assert [log.threshold(size) for size in (SIZE, 10**6, 10**7)] == [
        log.generator(generator).thr(size) for size in (SIZE, 10**6, 10**7)
    ]


def test_the_clauses_stand_in_the_file_as_they_are_at_10m() -> None:
    trucks = re.findall(r"at_least: (\d+)", (meaning.FOLDER / "agreement.yaml").read_text(encoding="utf-8"))

    assert trucks == [str(meaning.TRUCKS_AT_10M)] == [str(log.threshold(10_000_000))]


def test_an_absent_generator_is_named_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(log.GeneratorAbsentError, match=r"absent\.py: .* name it with `--generator PATH`"):
        log.narrow(SIZE, path=tmp_path / "absent.py")


@pytest.fixture(scope="module")
def file(generator: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(log, "CACHE", tmp_path_factory.mktemp("cache"))
        return str(log.narrow(SIZE, path=generator))


def test_plain_python_reads_the_file_to_the_same_counts(file: str, by_hand: plain.Counts) -> None:
    assert plain.with_python(file, log.threshold(SIZE)) == by_hand


@pytest.mark.parametrize("function", ["with_duckdb", "with_polars"])
def test_every_peer_counts_the_same(function: str, file: str, by_hand: plain.Counts) -> None:
    pytest.importorskip("duckdb", reason="the peers come with the extra `bench`")
    peer: plain.Peer = getattr(importlib.import_module("bench.peers"), function)

    assert peer(file, log.threshold(SIZE)) == by_hand
