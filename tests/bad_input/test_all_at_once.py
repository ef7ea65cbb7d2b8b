"""Every fault of every file is told at once, one slip is one fault, and nothing half-loaded is shown."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.bad_input.valoria import GOOD, GOOD_ROW, HEAD, clause, instead, row, with_readings, zones

if TYPE_CHECKING:
    from pathlib import Path

    from tests.bad_input.conftest import Run

BAD_ROW = row('"id": "r-1", "kind": "atack", "at": "2025-10-13T09:00+03:00"')
ROW_FAULT = (
    "facts.ndjson:1:15: kind: 'atack' is no kind of fact that the agreement knows\n"
    "    did you mean 'attack' or 'talks'?"
)


def test_the_faults_of_the_agreement_the_zones_and_the_facts_are_told_together(check: Run) -> None:
    answer = check(
        clause("prohibit", "by: nort", "act: {fact: attack}", "until: 2025-10-10"),
        facts__ndjson=BAD_ROW,
    )

    assert answer.faults == [
        (
            "agreement.yaml:25:5: 'until': '2025-10-10' is a day, not a moment\n"
            "    write 'start of 2025-10-10' or 'end of 2025-10-10'"
        ),
        ROW_FAULT,
    ]
    assert answer.code == 2
    assert answer.out == ""


def test_a_clause_that_cannot_be_read_keeps_no_other_from_being_checked(check: Run) -> None:
    answer = check(
        clause("tally", "count: {fact: release}", "at_least: many")
        + "  - {id: two, kind: prohibit, cite: c, gloss: g, by: nort, act: {fact: attack}}\n"
    )

    assert [fault.partition("\n")[0] for fault in answer.faults] == [
        "agreement.yaml:24:5: 'at_least' is 'many', where a whole number is wanted",
        "agreement.yaml:25:50: nobody here is called 'nort'",
    ]


@pytest.mark.parametrize(
    ("agreement", "fault"),
    [
        (
            clause("achieve", "shown_by: {fact: declaration, x: 3}", "within: soon")
            + "  - {id: two, kind: achieve, cite: c, gloss: g, after: one, shown_by: {fact: declaration}}\n",
            "agreement.yaml:24:5: 'within': 'soon' is not a length of time",
        ),
        (
            clause("phase", "opens: stage", "when: soon")
            + "  - {id: two, kind: prohibit, cite: c, gloss: g, during: stage, act: {fact: attack}}\n",
            "agreement.yaml:24:5: 'when' is 'soon', where a mapping is wanted",
        ),
        (
            instead("{shown_by: {fact: declaration, by: envoy}}", "{shown_by: declaration}"),
            "agreement.yaml:10:14: 'shown_by' is 'declaration', where a mapping is wanted",
        ),
        (
            with_readings(
                instead("act: {fact: attack}", "act: {reading: clock, a: {fact: attack}, b: {fact: attack}}")
            ).replace(", adopted: none", ""),
            "agreement.yaml:10:3: 'clock' has no 'adopted'",
        ),
        (
            GOOD + "  - {kind: phase, cite: c, gloss: g, opens: stage, confirmed_by: {fact: declaration}}\n"
            "  - {id: two, kind: prohibit, cite: c, gloss: g, during: stage, act: {fact: attack}}\n",
            "agreement.yaml:19:5: a clause without an id",
        ),
        (
            GOOD + "  - {id: two, kind: prohibit, cite: c, gloss: g, while: {met: three}, act: {fact: attack}}\n"
            "amendments: [{id: d1, cite: c, gloss: g, effective: 2025-10-10T00:00+02:00, effect_on_past: cured,"
            " clauses: [{id: three, kind: achieve, cite: c, gloss: g, shown_by: {fact: declaration}}]}]\n",
            "agreement.yaml:20:14: this amendment has no 'adopted'",
        ),
        (
            GOOD + "  - {id: two, kind: prohibit, cite: c, gloss: g, while: {met: three}, act: {fact: attack}}\n"
            "amendments: {d1: {clauses: [{id: three}]}}\n",
            "agreement.yaml:20:1: 'amendments' is a mapping, where a list is wanted",
        ),
        (
            GOOD + "amendments:\n"
            "  - {id: d1, cite: c, gloss: g, adopted: 2025-10-10T00:00+02:00, effective: 2025-10-10T00:00+02:00,\n"
            "     effect_on_past: cured, clauses: {three: x}}\n"
            "  - {id: d2, cite: c, gloss: g, adopted: 2025-10-11T00:00+02:00, effective: 2025-10-11T00:00+02:00,\n"
            "     effect_on_past: cured, removes: three}\n",
            "agreement.yaml:21:29: 'clauses' is a mapping, where a list is wanted",
        ),
        (
            instead("events:\n  approval: {shown_by: {fact: declaration, by: envoy}}", "events: [approval]"),
            "agreement.yaml:9:1: 'events' is a list, where a mapping of names is wanted",
        ),
        (
            instead("events:\n", "in_force: soon it is\nevents:\n")
            + "  - {id: two, kind: quota, cite: c, gloss: g, count: {fact: release}, at_least: 3}\n",
            "agreement.yaml:9:1: 'in_force': 'soon it is' is no moment",
        ),
    ],
    ids=[
        "a clause",
        "the clause that opens a phase",
        "an event",
        "a reading",
        "a clause without an id",
        "an amendment",
        "amendments",
        "the clauses of an amendment",
        "events",
        "the beginning",
    ],
)
def test_what_refers_to_a_part_that_is_faulty_is_no_second_fault(check: Run, agreement: str, fault: str) -> None:
    answer = check(agreement)

    assert [one.partition("\n")[0] for one in answer.faults] == [fault]


def test_zones_that_cannot_be_read_are_one_fault_and_not_one_for_every_clause(check: Run) -> None:
    answer = check(
        clause(
            "achieve",
            "by: nort",
            "state: {fact: position, side: west of agreed-line, in: valley, distance: under 3km from valley}",
        ),
        zones="{",
        facts__ndjson=row('"id": "r-1", "kind": "attack", "zone": "valley", "at": "2025-10-13T09:00+03:00"'),
    )

    assert [fault.partition("\n")[0] for fault in answer.faults] == [
        "agreement.yaml:23:5: nobody here is called 'nort'",
        "zones.geojson:1:2: not JSON: a key in double quotes was expected",
    ]


def test_a_head_whose_title_is_missing_still_has_its_clauses_and_facts_checked(check: Run) -> None:
    agreement = clause("prohibit", "by: nort", "act: {fact: attack}").replace("title: The Valley Ceasefire\n", "")

    answer = check(agreement, facts__ndjson=BAD_ROW)

    assert [fault.partition("\n")[0] for fault in answer.faults] == [
        "agreement.yaml:1:1: the head has no 'title'",
        "agreement.yaml:22:5: nobody here is called 'nort'",
        ROW_FAULT.partition("\n")[0],
    ]


def test_a_time_zone_that_is_none_still_has_the_clauses_checked(check: Run) -> None:
    answer = check(clause("prohibit", "by: nort", "act: {fact: attack}").replace("Asia/Beirut", "Beirut"))

    assert [fault.partition("\n")[0] for fault in answer.faults] == [
        "agreement.yaml:3:1: 'Beirut' is no IANA time zone",
        "agreement.yaml:23:5: nobody here is called 'nort'",
    ]


def test_parties_that_cannot_be_read_leave_nobody_to_be_missed(check: Run) -> None:
    answer = check(instead("  south: {}", "  south: {unit: third}"), facts__ndjson=BAD_ROW)

    assert answer.faults == ["agreement.yaml:6:11: 'unit' is not known here\n    did you mean 'units'?"]


def test_the_same_fault_under_every_reading_and_for_every_party_is_told_once(check: Run) -> None:
    agreement = with_readings(
        instead("act: {fact: attack}", "act: {reading: clock, a: {fact: attack}, b: {fact: shelling}}\n    until: 3")
    )

    answer = check(agreement)

    assert [fault.partition("\n")[0] for fault in answer.faults] == ["agreement.yaml:21:5: 'until': 3 is no moment"]


def test_the_faults_stand_in_the_order_of_the_files_and_their_lines(check: Run) -> None:
    answer = check(HEAD + "  - 3\n  - 4\n", zones="")

    assert [fault.partition(": ")[0] for fault in answer.faults] == [
        "agreement.yaml:12:5",
        "agreement.yaml:13:5",
        "zones.geojson:1:1",
    ]
    assert answer.err.endswith("3 faults\n")


def test_sixty_four_ways_to_read_a_clause_are_shown_and_sixty_five_are_refused(check: Run) -> None:
    names = [f"r{number}" for number in range(7)]

    def agreement(axes: list[str]) -> str:
        declared = "".join(f"  {name}: {{a: one way, b: another, adopted: none}}\n" for name in axes)
        choices = "".join(f"{{reading: {name}, b: {{fact: attack}}, a: " for name in axes)
        act = f"act: {choices}{{fact: attack}}{'}' * len(axes)}"
        return instead("act: {fact: attack}", act).replace("events:", f"readings:\n{declared}events:")

    assert check(agreement(names[:6])).code == 0
    assert check(agreement(names)).faults == [
        (
            "agreement.yaml:20:5: 128 ways to read it, by r0, r1, r2, r3, r4, r5, r6: over 64 nobody can compare\n"
            "    split it, so that each part depends on fewer readings"
        )
    ]


def test_a_name_is_not_shown_with_what_could_write_over_the_terminal(truce: Run, tmp_path: Path) -> None:
    folder = tmp_path / "\x1b[31mred\u202e"
    folder.mkdir()

    answer = truce("check", folder)

    assert answer.err.startswith("\ufffd[31mred\ufffd/agreement.yaml: there is no such file")


def test_a_folder_that_is_not_there_is_said_to_be_missing(truce: Run, tmp_path: Path) -> None:
    answer = truce("check", tmp_path / "valoria")

    assert answer.faults == ["valoria: there is no such folder\n    give the folder that holds agreement.yaml"]
    assert answer.code == 2


def test_a_file_in_place_of_the_folder_is_said_to_be_one(truce: Run, tmp_path: Path) -> None:
    (tmp_path / "agreement.yaml").write_text(GOOD, encoding="utf-8")

    answer = truce("check", tmp_path / "agreement.yaml")

    assert answer.faults == [
        "agreement.yaml: this is a file, not a folder\n    give the folder that holds agreement.yaml"
    ]


def test_a_folder_without_an_agreement_is_told_what_it_holds_instead(truce: Run, tmp_path: Path) -> None:
    for name in ("valoria.yml", "notes.md", "Agreement.yaml"):
        (tmp_path / name).write_text("", encoding="utf-8")

    answer = truce("read", tmp_path)

    assert answer.faults == [
        (
            "agreement.yaml: there is no such file\n"
            "    give a folder that holds an agreement.yaml; this one holds Agreement.yaml, valoria.yml"
        )
    ]


def test_an_empty_folder_is_told_what_it_wants(truce: Run, tmp_path: Path) -> None:
    answer = truce("standing", tmp_path)

    assert answer.faults == ["agreement.yaml: there is no such file\n    give a folder that holds an agreement.yaml"]


def test_an_agreement_that_is_a_folder_cannot_be_read(truce: Run, tmp_path: Path) -> None:
    (tmp_path / "agreement.yaml").mkdir()
    (tmp_path / "zones.geojson").mkdir()

    answer = truce("check", tmp_path)

    assert answer.faults == [
        "agreement.yaml: cannot be read: Is a directory\n    is it a file, and may you read it?",
        "zones.geojson: cannot be read: Is a directory\n    is it a file, and may you read it?",
    ]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="the superuser may read every file")
def test_an_agreement_that_may_not_be_read_is_said_so(check: Run, truce: Run, tmp_path: Path) -> None:
    check()
    (tmp_path / "agreement.yaml").chmod(0)

    assert truce("check", tmp_path).faults == [
        "agreement.yaml: cannot be read: Permission denied\n    is it a file, and may you read it?"
    ]


def test_a_mission_without_zones_or_facts_is_good(truce: Run, tmp_path: Path) -> None:
    (tmp_path / "agreement.yaml").write_text(GOOD, encoding="utf-8")

    assert truce("check", tmp_path).code == 0


def test_a_good_row_does_not_excuse_a_bad_agreement(check: Run) -> None:
    answer = check(clause("prohibit", "by: nort", "act: {fact: attack}"), facts__ndjson=GOOD_ROW)

    assert (answer.code, answer.out, len(answer.faults)) == (2, "", 1)


def test_a_zone_drawn_with_its_axes_swapped_is_told_beside_the_agreements_fault(check: Run) -> None:
    swapped = zones(
        lambda features: features[0]["geometry"].update(
            coordinates=[[[33, 135], [34, 135], [34, 136], [33, 136], [33, 135]]]
        )
    )

    answer = check(clause("prohibit", "by: nort", "act: {fact: attack, in: valley}"), zones=swapped)

    assert [fault.partition("\n")[0] for fault in answer.faults] == [
        "agreement.yaml:23:5: nobody here is called 'nort'",
        "zones.geojson:15:7: 'valley': latitude 135 is beyond 90 degrees: the axes look swapped",
    ]


@pytest.mark.parametrize(
    "lines",
    [
        ["count: {fact: release}", "at_least: 3", "after: approval", "every: 1m"],
        ["count: {fact: release}", "at_least: 4", "at_most: 4", "after: approval", "watched: {at_least: 100%}"],
        ["count: {fact: release}", "at_least: 4", "after: 2025-01-01T00:00+02:00", "until: 2025-01-01T00:00+02:00"],
        ["count: {fact: release, count: {at_least: 4, at_most: 4}}", "at_least: 4", "after: signing"],
    ],
    ids=["a minute", "a single number", "a single moment", "a defined date"],
)
def test_what_is_just_possible_is_not_refused(check: Run, lines: list[str]) -> None:
    date = "  - {id: signing, kind: define, cite: c, gloss: g, date: start of 2025-01-01}\n"

    assert check(clause("quota", *lines) + date).err == ""


def test_a_definition_without_a_date_starts_no_clock(check: Run) -> None:
    word = "  - {id: term, kind: define, cite: c, gloss: g, term: a word}\n"

    answer = check(clause("prohibit", "act: {fact: attack}", "after: term") + word)

    assert answer.faults == [
        "agreement.yaml:24:5: clause 'term' can never be met: a trigger that cannot happen\n    name an event instead"
    ]
