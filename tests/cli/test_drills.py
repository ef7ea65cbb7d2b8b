"""`truce drill` as a person types it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

Truce: TypeAlias = "Callable[..., tuple[int, str, str]]"


def test_a_drill_is_a_folder_whose_agreement_passes_the_check(truce: Truce, tmp_path: Path) -> None:
    folder = tmp_path / "drill"

    code, out, _ = truce("drill", "--seed", "3", "--days", "6", "--difficulty", "hard", "-o", folder)

    assert code == 0
    assert "reports; see README.md" in out
    assert {one.name for one in folder.iterdir()} == {"README.md", "agreement", "facts", "reports", "truth"}
    assert truce("check", folder / "agreement")[0] == 0


def test_the_true_standing_can_be_had_again_from_the_perfect_facts(truce: Truce, tmp_path: Path) -> None:
    folder = tmp_path / "drill"
    truce("drill", "--seed", "3", "--days", "6", "-o", folder)

    code, out, _ = truce(
        "standing",
        folder / "agreement",
        "--facts",
        folder / "truth" / "facts.ndjson",
        "--as-of",
        "2024-05-12T00:00+03:00",
    )

    assert code == 1
    assert "contrary (corroborated)" in out
    assert "halt" in out


def test_what_people_enter_in_a_drill_is_good(truce: Truce, tmp_path: Path) -> None:
    folder = tmp_path / "drill"
    truce("drill", "--seed", "3", "--days", "6", "-o", folder)
    facts = [word for file in sorted((folder / "facts").iterdir()) for word in ("--facts", file)]

    code, _, err = truce("standing", folder / "agreement", *facts, "--as-of", "2024-05-12T00:00+03:00")

    assert code in {0, 1}
    assert err == ""


def test_the_commands_of_its_page_run_a_drill_to_a_late_report_that_changes_the_day_before(
    truce: Truce, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    truce("drill", "--seed", "3", "--days", "5", "--difficulty", "easy", "-o", tmp_path / "drill")
    monkeypatch.chdir(tmp_path / "drill")
    page = Path("README.md").read_text(encoding="utf-8").splitlines()
    typed = [line.split()[1:] for line in page if line.startswith("    truce ")]
    told = []
    for words in typed:
        files = [file for word in words for file in (sorted(map(str, Path().glob(word))) if "*" in word else [word])]
        told.append((words, truce(*files)))

    assert [words for words, (code, _, _) in told if code > (words[0] == "standing")] == []
    assert "-> contrary (corroborated)" in next(out for words, (_, out, _) in told if words[0] == "compare")


def test_a_drill_never_writes_over_what_is_there(truce: Truce, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("ours")

    code, _, err = truce("drill", "--days", "6", "-o", tmp_path)

    assert code == 2
    assert "something is there already" in err


def test_an_unknown_difficulty_and_a_day_that_is_none_are_refused(truce: Truce, tmp_path: Path) -> None:
    hard = truce("drill", "--days", "6", "--difficulty", "harsh", "-o", tmp_path / "a")
    day = truce("drill", "--days", "6", "--from", "6 May", "-o", tmp_path / "b")

    assert (hard[0], day[0]) == (2, 2)
    assert "there is no difficulty 'harsh'" in hard[2]
    assert "'6 May' is not a day" in day[2]


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "soon"])
def test_a_drill_begins_on_a_day_that_somebody_can_mean(truce: Truce, tmp_path: Path, day: str) -> None:
    code, _, said = truce("drill", "--days", "6", "--from", day, "-o", tmp_path / "drill")

    assert (code, "--from" in said) == (2, True)
