"""The law tests of `scenarios/`, and what the files themselves may get wrong."""

import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.scenario_files import FOLDER, Scenario, read_scenarios, try_scenario
from trucekeeper.terms import Refused

FILES = sorted(FOLDER.glob("*/*.yaml"))


def scenarios() -> Iterator[Any]:
    """Yield each case under its own name; a file that cannot be read is one failing case."""
    for path in FILES:
        try:
            cases = read_scenarios(path)
        except Refused as refused:
            yield pytest.param(refused, id=f"{path.stem}: cannot be read")
            continue
        for case in cases:
            marks = [pytest.mark.xfail(reason=case.xfail, strict=True)] if case.xfail else []
            yield pytest.param(case, id=f"{path.stem}: {case.case}", marks=marks)


@pytest.mark.parametrize("scenario", list(scenarios()))
def test_scenario(scenario: Scenario | Refused) -> None:
    if isinstance(scenario, Refused):
        pytest.fail(str(scenario), pytrace=False)
    differences = try_scenario(scenario)
    if differences:
        pytest.fail("\n".join(["", scenario.case, *differences]), pytrace=False)


@pytest.mark.parametrize("number", range(1, 33))
def test_each_of_the_32_patterns_has_a_scenario(number: int) -> None:
    files = [path for path in FILES if path.parent.name == "patterns" and path.name.startswith(f"t{number:02}_")]

    assert len(files) == 1
    assert all(re.search(rf"\bT{number}\b", case.cite) for case in read_scenarios(files[0]))


def test_the_example_of_the_handbook_page_holds(tmp_path: Path) -> None:
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    example = re.search(r"```yaml\n(.*?)```", page, re.DOTALL)

    assert example is not None
    assert tried(tmp_path, example[1]) == []


HALT = """
case: A shelling after the start is contrary
cite: Protocol, art. 1
agreement:
  clauses: [{id: halt, kind: prohibit, cite: art. 1, gloss: no attacks, by: [north, south], act: {fact: attack}}]
given: [{kind: shelling, by: north, at: 2031-01-04T12:00+02:00}]
expect:
  - {clause: halt, by: north, as_of: 2031-01-05T00:00+02:00, verdict: contrary, acts: [f1]}
"""


def tried(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "halt.yaml"
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    return [said for case in read_scenarios(path) for said in try_scenario(case)]


def test_a_right_expectation_says_nothing(tmp_path: Path) -> None:
    assert tried(tmp_path, HALT) == []


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("verdict: contrary", "verdict: consistent", "verdict: expected consistent, found contrary"),
        ("by: north, as_of", "as_of", "2, and not one, of these is meant"),
        ("by: north, as_of", "by: guarantor, as_of", "none of these is meant"),
        ("clause: halt", "clause: halted", "there is no clause 'halted'"),
        ("acts: [f1]", "acts: []", "acts: expected nothing, found f1"),
        ("acts: [f1]", "absent: true", "nothing should stand here"),
        ("{clause: halt, by: north, as_of: 2031-01-05T00:00+02:00, verdict: contrary, acts: [f1]}",
         "{loads: false, fault: an agreement}", "and it loads"),
        ("kind: shelling", "kind: shelled", "'shelled' is no kind of fact"),
    ],
)  # fmt: skip
def test_a_wrong_expectation_fails_and_says_what_there_was(tmp_path: Path, right: str, wrong: str, said: str) -> None:
    differences = tried(tmp_path, HALT.replace(right, wrong))

    assert said in "\n".join(differences)


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("verdict: contrary", "verdikt: contrary", "halt.yaml:8:62: 'verdikt' is not known here"),
        ("verdict: contrary", "verdict: violation", "'violation' is none of the words"),
        ("2031-01-05T00:00+02:00", "2031-01-05", "has no time of day with an offset"),
        ("cite: Protocol, art. 1\n", "", "a case without 'cite'"),
        ("given:", "givn:", "'givn' is not known here"),
        (", verdict: contrary, acts: [f1]", "", "nothing is expected here"),
    ],
)  # fmt: skip
def test_a_fault_of_the_scenario_itself_is_refused(tmp_path: Path, right: str, wrong: str, said: str) -> None:
    with pytest.raises(Refused) as refused:
        tried(tmp_path, HALT.replace(right, wrong))

    assert said in str(refused.value)
