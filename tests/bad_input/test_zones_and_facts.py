"""Zones that nobody could stand on, and rows of facts that nobody could have known: told, with what to do."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.bad_input.valoria import AT, GOOD, GOOD_ROW, LEARNED, ZONES, row, zones

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.bad_input.conftest import Run

BOW_TIE = [[[35, 33], [36, 34], [36, 33], [35, 34], [35, 33]]]
SWAPPED = [[[33, 135], [34, 135], [34, 136], [33, 136], [33, 135]]]
SWAPPED_ON_EARTH = [[[33, 35], [33, 36], [34, 36], [34, 35], [33, 35]]]

DRAWINGS: list[Any] = [
    pytest.param(
        lambda features: features[0]["geometry"].update(coordinates=BOW_TIE),
        ["13:20: 'valley': Self-intersection at lat 33.5000000, lon 35.5000000\n    draw its edge without crossings"],
        id="a polygon that crosses itself",
    ),
    pytest.param(
        lambda features: features[0]["geometry"].update(coordinates=SWAPPED),
        ["15:7: 'valley': latitude 135 is beyond 90 degrees: the axes look swapped\n    GeoJSON has longitude first"],
        id="swapped axes that leave the earth",
    ),
    pytest.param(
        lambda features: features[0]["geometry"].update(coordinates=SWAPPED_ON_EARTH),
        [
            (
                "7:11: 'valley' lies 1.5 degrees from every other feature, but with longitude and latitude swapped"
                " only 0.0\n    GeoJSON has longitude first: swap its coordinates, or the others'"
            ),
            (
                "42:11: 'agreed-line' lies 1.5 degrees from every other feature, but with longitude and latitude swapped"  # noqa: E501  one sentence
                " only 0.0\n    GeoJSON has longitude first: swap its coordinates, or the others'"
            ),
        ],
        id="swapped axes that stay on the earth",
    ),
    pytest.param(
        lambda features: features[1]["properties"].pop("sides"),
        [
            (
                "41:18: 'agreed-line' is a line without sides\n"
                '    write "sides": {"left": "...", "right": "..."}, as seen walking along its coordinates'
            )
        ],
        id="a line without sides",
    ),
    pytest.param(
        lambda features: features[0]["properties"].update(accuracy_m=float("nan")),
        ["9:19: NaN is no number\n    write the number, or leave it out"],
        id="an accuracy that is no number",
    ),
    pytest.param(
        lambda features: features[0]["properties"].update(title="\x1b[31mThe Valley"),
        ["10:14: a character that no text holds, U+001B\n    remove it"],
        id="an escape sequence in a title",
    ),
    pytest.param(
        lambda features: features[0]["properties"].update(id="\u202evalley"),
        ["7:11: a character that no text holds, U+202E\n    remove it"],
        id="an override of the order of writing in an id",
    ),
    pytest.param(
        lambda features: features[0]["properties"].update(id=7),
        ["7:11: an id that is no word\n    add the property 'id': the name by which clauses and facts call it"],
        id="a number for an id",
    ),
]


@pytest.mark.parametrize(("spoil", "faults"), DRAWINGS)
def test_a_slip_in_the_zones_is_told_with_its_place_and_what_to_do(
    check: Run, spoil: Callable[[list[Any]], object], faults: list[str]
) -> None:
    answer = check(zones=zones(spoil))

    assert answer.faults == [f"zones.geojson:{fault}" for fault in faults]
    assert (answer.code, answer.out) == (2, "")


FILES = [
    pytest.param(
        "",
        '1:1: the file is empty\n    write {"type": "FeatureCollection", "features": []} if there is no zone',
        id="an empty file",
    ),
    pytest.param(
        "{",
        "1:2: not JSON: a key in double quotes was expected\n    mend the text here, or export the file again",
        id="half a file",
    ),
    pytest.param(
        "[]",
        '1:1: not a FeatureCollection\n    write {"type": "FeatureCollection", "features": [...]}',
        id="a list",
    ),
    pytest.param(
        "[" * 40,
        "1:34: not JSON: nested deeper than 32 levels\n    mend the text here, or export the file again",
        id="nesting without an end",
    ),
    pytest.param(
        json.dumps(ZONES) + " " * 20_000_000,
        " the file has 20,000,451 characters, more than 20,000,000\n    simplify its edges, or split it by region",
        id="a file of twenty megabytes",
    ),
]


@pytest.mark.parametrize(("text", "fault"), FILES)
def test_a_file_of_zones_that_is_none_is_told_so(check: Run, text: str, fault: str) -> None:
    assert check(zones=text).faults == [f"zones.geojson:{fault}"]


ROWS = [
    pytest.param(
        row('"id": "r-1", "kind": "atack", "at": "2025-10-13T09:00+03:00"'),
        "1:15: kind: 'atack' is no kind of fact that the agreement knows\n    did you mean 'attack' or 'talks'?",
        id="a kind outside the vocabulary",
    ),
    pytest.param(
        row('"id": "r-1", "kind": "attack", "at": "2025-10-13T09:00"'),
        "1:33: at: '2025-10-13T09:00' has no time of day with an offset\n    write it as 2025-10-10T12:00+03:00",
        id="a time without an offset",
    ),
    pytest.param(
        row(
            '"id": "r-1", "kind": "attack", "earliest": "2025-10-13T09:00+03:00", "latest": "2025-10-12T09:00+03:00"'
        ),
        "1:33: earliest: '2025-10-13T09:00+03:00' is after latest, '2025-10-12T09:00+03:00'\n"
        "    exchange them, or mend one",
        id="an impossible interval",
    ),
    pytest.param(
        row(f'"id": "r-1", "kind": "attack", {AT}, "lat": NaN, "lon": 35'),
        "1: NaN is no number: leave out what is not known",
        id="a latitude that is no number",
    ),
    pytest.param(
        row(f'"id": "r-1", "kind": "attack", {AT}, "by": "nort"'),
        "1:65: by: 'nort' is no actor of the agreement\n    did you mean 'north'?",
        id="an unknown party",
    ),
    pytest.param(
        row(f'"id": "r-1", "kind": "attack", {AT}, "fields": {{"weapn": "mortar"}}'),
        "1:76: 'attack' has no field 'weapn'\n    did you mean 'weapon'?",
        id="an unknown field",
    ),
    pytest.param(
        row(f'"id": "r-1", "kind": "attack", {AT}, "zone": "vally"'),
        "1:65: zone: 'vally' is no zone or line of the agreement\n    did you mean 'valley'?",
        id="an undrawn zone",
    ),
    pytest.param(
        row(f'"id": "r-1", "kind": "attack", {AT}, "note": "\\u001b[2J"'),
        "1:65: note: '\ufffd[2J' holds U+001B, which no text holds\n    remove it",
        id="an escape sequence in a note",
    ),
    pytest.param(
        row(f'"id": "r-1", "kind": "attack", {AT}, "note": "\\u202ehtron"'),
        "1:65: note: '\ufffdhtron' holds U+202E, which no text holds\n    remove it",
        id="an override of the order of writing in a note",
    ),
    pytest.param(
        row(f'"id": 7, "kind": "attack", {AT}'),
        "1:2: id: 7 is not a text\n    put it in quotes",
        id="a number for an id",
    ),
]


@pytest.mark.parametrize(("line", "fault"), ROWS)
def test_a_slip_in_a_row_is_told_with_its_place_and_the_good_rows_are_used(check: Run, line: str, fault: str) -> None:
    answer = check(facts__ndjson=f"{line}\n{GOOD_ROW}\n")

    assert answer.faults == [f"facts.ndjson:{fault}"]
    assert answer.code == 2
    assert "1 fact revisions" in answer.out
    assert answer.err.endswith(" was used\n")


def test_two_contents_for_one_revision_are_both_set_aside(check: Run) -> None:
    answer = check(facts__ndjson=GOOD_ROW + "\n" + GOOD_ROW.replace("09:00", "10:00", 1) + "\n")

    assert answer.faults == [
        (
            "facts.ndjson:2: 'r-0' rev 1 says another thing than facts.ndjson:1, in at\n"
            "    neither is used; if one corrects the other, give it the next rev"
        )
    ]
    assert "0 fact revisions" in answer.out


def test_a_time_of_learning_that_falls_is_told(check: Run) -> None:
    earlier = GOOD_ROW.replace(LEARNED, '"rev": 2, "learned_at": "2025-10-13T12:00+03:00"')

    answer = check(facts__ndjson=f"{GOOD_ROW}\n{earlier}\n")

    assert answer.faults == [
        (
            "facts.ndjson:2: learned_at: falls as 'r-0' is revised: rev 2 has 2025-10-13T09:00+00:00,"
            " rev 1 2025-10-14T06:00+00:00\n    a later revision knows more: mend the time or the rev"
        )
    ]
    assert answer.code == 2


def test_a_truncated_parquet_file_is_told_to_be_fetched_again(check: Run) -> None:
    answer = check(facts__parquet=b"PAR1\x15\x04\x15", facts_more__ndjson=GOOD_ROW)

    (fault,) = answer.faults
    assert fault.startswith("facts.parquet: not a whole Parquet file: ")
    assert fault.endswith("\n    was it cut off on its way, or is it of another kind? Fetch it again")
    assert "1 fact revisions" in answer.out


@pytest.mark.parametrize("ending", ["yml", "json", "txt", "xlsx"])
def test_a_file_of_facts_with_another_ending_is_not_passed_over(check: Run, ending: str) -> None:
    answer = check(**{f"facts__{ending}": GOOD_ROW})

    assert answer.faults == [
        (
            f"facts.{ending}: no file of facts: its name ends in '.{ending}'\n"
            "    name it by what it is: .ndjson, .csv, .parquet, .yaml"
        )
    ]


def test_curated_facts_are_told_their_line_and_column(check: Run) -> None:
    answer = check(
        facts__yaml="facts:\n  - {id: a, kind: attack, at: 2025-10-10, learned_at: 2025-10-14T09:00+03:00}\n"
    )

    assert answer.faults == [
        (
            "facts.yaml:2:27: at: '2025-10-10' has no time of day with an offset\n"
            "    write it as 2025-10-10T12:00+03:00, or say the whole day with 'on'"
        )
    ]


def test_strict_refuses_all_facts_for_one_bad_row(check: Run, truce: Run, tmp_path: Path) -> None:
    check(GOOD, facts__ndjson=f"{GOOD_ROW}\n[]\n")

    for verb in (("standing", tmp_path), ("why", tmp_path, "halt"), ("replay", tmp_path)):
        answer = truce(*verb, "--strict")

        assert answer.faults == ["facts.ndjson:2: a list where a row is due\n    write one object on each line"]
        assert (answer.code, answer.out) == (2, "")


def test_a_further_file_of_facts_that_is_not_there_is_told_and_the_others_are_used(
    check: Run, truce: Run, tmp_path: Path
) -> None:
    check(GOOD, facts__ndjson=GOOD_ROW)

    answer = truce("standing", tmp_path, "--facts", tmp_path / "more.csv")

    assert answer.faults == [
        "more.csv: cannot be read: No such file or directory\n    is the path right, and may you read it?"
    ]
    assert "1 fact revisions" in answer.out
    assert answer.code == 2
