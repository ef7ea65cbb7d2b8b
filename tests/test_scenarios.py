"""The law tests of `scenarios/`, and what the files themselves may get wrong."""

import re
import textwrap
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.scenario_files import FOLDER, Scenario, read_scenarios, try_scenario
from trucekeeper.agreement import language as lang
from trucekeeper.agreement.computability import Sort, computability
from trucekeeper.mission.folder import open_folder
from trucekeeper.terms import Refused, Verdict

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


# ---- the real agreements -------------------------------------------------------------------------------------------

AGREEMENTS = FOLDER.parent / "agreements"
REAL = sorted(folder.name for folder in AGREEMENTS.iterdir())
UNDECIDED = {Verdict.OPEN, Verdict.CANNOT_TELL}


def computable_clauses(name: str) -> Iterator[tuple[str, lang.AnyClause, Sort, tuple[str, ...]]]:
    """Yield each clause of a real agreement, how much of it is computable, and why not all."""
    agreement = open_folder(AGREEMENTS / name).agreement
    for clause, history in agreement.clauses.items():
        found = computability(agreement, clause)
        yield clause, history.latest(), found.sort, found.reasons


def verdicts_tried(name: str) -> dict[str, set[Verdict]]:
    """Return the verdicts that the scenarios of a real agreement expect of each clause, by its own name."""
    tried: dict[str, set[Verdict]] = defaultdict(set)
    for case in read_scenarios(FOLDER / "real" / f"{name.replace('-', '_')}.yaml"):
        for one in case.expect:
            verdict = one.wanted.get("verdict")
            tried[case.renamed.get(one.clause, one.clause)] |= set() if verdict is None else {verdict}
        for word in re.findall(r"[\w.-]*\w", case.cite):
            tried[case.renamed.get(word, word)] |= set()
    return tried


def to_be_tried(clause: lang.AnyClause, reasons: tuple[str, ...]) -> tuple[set[Verdict], ...]:
    """Return the sorts of verdict that a clause can have: kept, undecided and, unless it is never late, contrary."""
    never = isinstance(clause, lang.Phase) and clause.deadline is None
    lasting = not isinstance(clause, lang.Achieve | lang.Tally | lang.Respond | lang.Phase)
    late = lasting or not (never or any("never as late" in one for one in reasons))
    return ({Verdict.CONSISTENT}, UNDECIDED, *([{Verdict.CONTRARY}] if late else []))


@pytest.mark.parametrize("name", REAL)
def test_each_clause_in_the_table_of_the_computable_is_tried_as_kept_as_contrary_and_as_undecided(name: str) -> None:
    tried = verdicts_tried(name)
    missing = []
    for clause, wording, sort, reasons in computable_clauses(name):
        print(f"{name} {clause}: {sort.value}", *reasons, sep="\n    ")  # noqa: T201  the table, with -s
        if sort not in (Sort.COMPUTABLE, Sort.PARTLY):
            continue
        if clause not in tried:
            missing.append(f"{clause}: not tried")
        elif wording.bears_verdict:
            missing += [
                f"{clause}: never expected to be {' or '.join(sorted(one.value for one in wanted))}"
                for wanted in to_be_tried(wording, reasons)
                if not wanted & tried[clause]
            ]

    assert missing == []


NOBODY_REAL = """
case: An amnesty by made-up people
cite: 3.1.1
agreement: {agreements}/aceh-2005
rename:
  indonesia: north
  tni: north-army
  police: north-police
  gam: south
  tna: south-army
  amm: monitors
  amm-head: chief-monitor
  cmi-chair: chairman
given:
  - {{kind: signature, fields: {{of: signature}}, at: 2005-08-15T12:00+07:00}}
  - {{kind: amnesty, by: north, fields: {{of: 3.1.1}}, at: 2005-08-20T12:00+07:00}}
expect: [{{clause: 3.1.1, by: north, as_of: 2005-09-15T12:00+07:00, verdict: consistent}}]
"""


def test_a_real_clause_is_tried_with_parties_made_up(tmp_path: Path) -> None:
    assert tried(tmp_path, NOBODY_REAL.format(agreements=AGREEMENTS)) == []


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("  tna: south-army\n", "", "'tna' keeps its real name"),
        ("  tna: south-army\n", "  tna: south-army\n  tns: other\n", "'tns' is no name of this agreement"),
        ("south-army", "south", "'south' would mean two things in this agreement"),
        ("south-army", "signature", "'signature' would mean two things in this agreement"),
        ("amnesty, by: north", "amnesty, by: indonesia", "the real name 'indonesia' is used"),
        ("3.1.1, by: north", "3.1.1, by: indonesia", "the real name 'indonesia' is used"),
        ("made-up people", "Indonesia", "the real name 'indonesia' is used"),
        ("cite: 3.1.1\n", "cite: 3.1.1\nunits: {east: [e-1]}\n", "'units' of 'east', which is no party here"),
    ],
)
def test_a_scenario_that_tells_of_anybody_real_is_refused(tmp_path: Path, right: str, wrong: str, said: str) -> None:
    text = NOBODY_REAL.format(agreements=AGREEMENTS).replace(right, wrong)

    with pytest.raises(Refused) as refused:
        tried(tmp_path, text)

    assert said in str(refused.value)


def test_only_a_real_agreement_has_its_names_exchanged(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        tried(tmp_path, HALT + "rename: {north: east}\n")

    assert "'rename' is for the folder of a real agreement" in str(refused.value)


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
