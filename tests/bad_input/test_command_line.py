"""What a person types wrong after `truce`: a sentence with what to type, exit code 2, and no answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.bad_input.conftest import Run


@pytest.fixture
def mission(check: Run, tmp_path: Path) -> Path:
    """Return the folder of a good mission."""
    assert check().code == 0
    return tmp_path


NOON = "2025-10-10T12:00+03:00"
OPTIONS = [
    pytest.param(
        ["--proof", "hearsay"],
        ["--proof: 'hearsay' is no level of proof\n    known: alleged, corroborated, verified"],
        id="a word that is no level of proof",
    ),
    pytest.param(
        ["--proof", "refuted"],
        ["--proof: 'refuted' is no level of proof\n    known: alleged, corroborated, verified"],
        id="a level at which nothing is asked",
    ),
    pytest.param(
        ["--proof", "\x1b[31mverified"],
        ["--proof: '\ufffd[31mverified' is no level of proof\n    did you mean 'verified'?"],
        id="an escape sequence",
    ),
    pytest.param(
        ["--as-of", "2025-10-10T12:00"],
        ["--as-of: '2025-10-10T12:00' has no time of day with an offset\n    write it as 2025-10-10T12:00+03:00"],
        id="a moment without an offset",
    ),
    pytest.param(
        ["--as-of", "yesterday"],
        ["--as-of: 'yesterday' is not a time\n    write it as 2025-10-10T12:00+03:00"],
        id="a word for a moment",
    ),
    pytest.param(
        ["--as-of", "2025-10-10T25:00+03:00"],
        ["--as-of: '2025-10-10T25:00+03:00' is not a time\n    hour must be in 0..23"],
        id="an hour that no clock has",
    ),
    pytest.param(
        ["--as-of", "9999-12-31T23:59+00:00"],
        ["--as-of: '9999-12-31T23:59+00:00' is not in the years 1900 to 2199\n    is the year right?"],
        id="the end of all calendars",
    ),
    pytest.param(
        ["--as-of", "0205-10-10T12:00+03:00", "--known-at", "2200-01-01T00:00+00:00", "--proof", "x"],
        [
            "--as-of: '0205-10-10T12:00+03:00' is not in the years 1900 to 2199\n    is the year right?",
            "--known-at: '2200-01-01T00:00+00:00' is not in the years 1900 to 2199\n    is the year right?",
            "--proof: 'x' is no level of proof\n    known: alleged, corroborated, verified",
        ],
        id="three options at once",
    ),
    pytest.param(
        ["--audience", "\x1b[31mnorth"],
        ["--audience: '\ufffd[31mnorth' is no name\n    name a delegation, as north"],
        id="an audience with an escape sequence",
    ),
    pytest.param(
        ["--audience", " "],
        ["--audience: ' ' is no name\n    name a delegation, as north"],
        id="an audience without a name",
    ),
    pytest.param(
        ["--clause", "hlt"],
        ["--clause: there is no clause 'hlt'\n    did you mean 'halt'?"],
        id="a clause that is not there",
    ),
]


@pytest.mark.parametrize(("options", "faults"), OPTIONS)
def test_an_option_that_cannot_be_meant_is_told_with_what_can(
    mission: Path, truce: Run, options: list[str], faults: list[str]
) -> None:
    answer = truce("standing", mission, *options)

    assert answer.faults == faults
    assert (answer.code, answer.out) == (2, "")


def test_the_first_and_the_last_moment_that_may_be_asked_for_are_answered(mission: Path, truce: Run) -> None:
    for moment in ("1900-01-01T00:00+00:00", "2199-12-31T23:59:59.999999+00:00"):
        assert truce("standing", mission, "--as-of", moment, "--known-at", moment).code == 0


def test_the_clause_to_explain_must_be_there(mission: Path, truce: Run) -> None:
    assert truce("why", mission, "hlt").faults == ["CLAUSE: there is no clause 'hlt'\n    did you mean 'halt'?"]


def test_the_commitment_to_explain_must_be_there(mission: Path, truce: Run) -> None:
    answer = truce("why", mission, "halt/zzz", "--as-of", NOON, "--known-at", NOON)

    (fault,) = answer.faults
    assert fault.startswith("KEY: no commitment of 'halt' has a key that begins 'zzz'\n    known: ")
    assert (answer.code, answer.out) == (2, "")
    key = fault.rpartition(" ")[2]
    assert truce("why", mission, f"halt/{key}", "--as-of", NOON, "--known-at", NOON).code == 0
    assert truce("why", mission, "halt", "--as-of", NOON, "--known-at", NOON).code == 0


COMPARISONS = [
    (["--known-at", NOON], ["--known-at: given once\n    give it twice: --known-at A --known-at B"]),
    (["--known-at", NOON] * 3, ["--known-at: given 3 times\n    give it twice: --known-at A --known-at B"]),
    (
        ["--known-at", "noon", "--known-at", "2025-10-10"],
        [
            "--known-at: '2025-10-10' has no time of day with an offset\n    write it as 2025-10-10T12:00+03:00",
            "--known-at: 'noon' is not a time\n    write it as 2025-10-10T12:00+03:00",
        ],
    ),
]


@pytest.mark.parametrize(("options", "faults"), COMPARISONS)
def test_a_comparison_wants_two_moments_of_knowledge(
    mission: Path, truce: Run, options: list[str], faults: list[str]
) -> None:
    answer = truce("compare", mission, *options)

    assert answer.faults == faults
    assert answer.code == 2


@pytest.mark.parametrize("words", [["check"], ["frob"], ["standing", ".", "--bogus"]])
def test_a_command_that_is_none_says_how_it_is_used(truce: Run, words: list[str]) -> None:
    answer = truce(*words)

    assert answer.code == 2
    assert answer.err.startswith("Usage: ")
    assert "Traceback" not in answer.err
