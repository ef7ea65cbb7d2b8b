"""Words for numbers, lengths, moments and names, as a lawyer would write them."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from trucekeeper.agreement.english import (
    clock_words,
    day_words,
    end_after,
    length,
    listed,
    numbered,
    ordinal,
    plural,
    quoted,
    sentence,
    spoken,
)
from trucekeeper.agreement.load import load_agreement
from trucekeeper.agreement.phrases import Civil
from trucekeeper.agreement.plain import read_back
from trucekeeper.geo import Atlas, Zone
from trucekeeper.terms.moments import DAY

ATLAS = Atlas((Zone(id="valley", title="The Valley", author="Annex A"), Zone(id="hills", author="Annex A")))
HEAD = """
agreement: valoria-2031
title: The Valoria Protocol
time_zone: Asia/Beirut
parties: {north: {name: North, units: [brigade-1, brigade-2]}, south: {name: South}}
events:
  approval: {shown_by: {fact: declaration}}
"""


def sentences(clause: str, *, kind: str = "prohibit, ") -> tuple[str, ...]:
    """Return what is said of a clause, beside a list of units."""
    units = "{id: units, cite: a, gloss: g, kind: define, list: [brigade-1]}"
    text = f"{HEAD}clauses: [{{id: it, cite: a, gloss: g, kind: {kind}{clause}}}, {units}]"
    lines = read_back(load_agreement(text, "valoria.yaml", ATLAS))
    return next(line.sentences for line in lines if line.clause == "it")


def test_an_ordinal_ends_as_it_is_spoken() -> None:
    told = {number: ordinal(number) for number in (1, 2, 3, 4, 10, 20, 21, 22, 23, 24, 101, 1_001)}

    assert {number: word.removesuffix("th") for number, word in told.items() if word.endswith("th")} == {
        4: "4",
        10: "10",
        20: "20",
        24: "24",
    }
    assert [told[number] for number in (1, 2, 3, 21, 22, 23)] == ["1st", "2nd", "3rd", "21st", "22nd", "23rd"]
    assert [ordinal(number) for number in (11, 12, 13, 14)] == ["11th", "12th", "13th", "14th"]
    assert [ordinal(number) for number in (111, 112, 113)] == ["111th", "112th", "113th"]
    assert [told[number] for number in (101, 1_001)] == ["101st", "1,001st"]


def test_one_is_told_in_the_singular_and_thousands_with_a_comma() -> None:
    assert [plural(count, "day") for count in (0, 1, 2, 1_500)] == ["0 days", "1 day", "2 days", "1,500 days"]


def test_words_are_listed_with_the_last_one_set_off() -> None:
    assert [listed("abc"[:count]) for count in (1, 2, 3)] == ["a", "a and b", "a, b and c"]
    assert quoted(["a", "b"], "or") == "'a' or 'b'"
    assert [numbered("abc"[:count]) for count in (1, 2, 3)] == ["a", "(1) a; or (2) b", "(1) a; (2) b; or (3) c"]


def test_a_field_is_spoken_with_its_unit() -> None:
    assert [spoken(name) for name in ("calibre_mm", "calibre-mm", "held_since", "mm", "cargo")] == [
        "calibre in mm",
        "calibre in mm",
        "held since",
        "mm",
        "cargo",
    ]


def test_a_sentence_begins_with_a_capital_and_ends_once() -> None:
    assert [sentence(text) for text in ("a b", "a.", "a?", "a!", 'a "b."')] == ["A b.", "A.", "A?", "A!", 'A "b."']


def test_from_four_days_on_a_length_of_exact_days_says_that_they_are_of_24_hours() -> None:
    told = [length(value) for value in (2 * DAY, 3 * DAY, 4 * DAY, 4 * DAY + 1)]

    assert told[:3] == ["48 hours", "72 hours", "4 days of 24 hours"]
    assert "of 24 hours" not in told[3]


@pytest.mark.parametrize(
    ("civil", "words"),
    [
        (Civil(1, 0, first_day_counts=True), "the end of the 1st civil day, the day of it being the first"),
        (Civil(14, 0, first_day_counts=False), "the end of the 14th civil day after the day of it"),
        (
            Civil(14, 0, first_day_counts=None),
            "the end of the 14th civil day from it; the text does not say whether the day of it itself counts",
        ),
        (Civil(0, 1, first_day_counts=None), "the end of the civil day 1 month after it"),
        (
            Civil(2, 6, first_day_counts=False),
            "the end of the civil day 6 months and 2 civil days after it, the day of it not counting",
        ),
    ],
)
def test_civil_days_run_to_the_end_of_the_last(civil: Civil, words: str) -> None:
    assert end_after(civil, "it") == words


def test_a_day_and_a_moment_are_told_without_digits_that_they_do_not_need() -> None:
    four = datetime(2031, 1, 26, 4, 0, tzinfo=timezone(timedelta(hours=2)))

    assert [day_words(date(2031, month, 26)) for month in (1, 12)] == ["26 January 2031", "26 December 2031"]
    assert [
        clock_words(four.replace(second=second, microsecond=micro)) for second, micro in ((0, 0), (5, 0), (0, 7))
    ] == [
        "04:00 on 26 January 2031 (UTC+02:00)",
        "04:00:05 on 26 January 2031 (UTC+02:00)",
        "04:00:00.000007 on 26 January 2031 (UTC+02:00)",
    ]
    assert clock_words(datetime(2031, 1, 26, tzinfo=UTC)) == "00:00 on 26 January 2031 (UTC+00:00)"


@pytest.mark.parametrize(
    ("clause", "words"),
    [
        ("by: north, act: {fact: attack}", "North is not to carry out an attack."),
        (
            "by: [north, south], act: {fact: attack}",
            "North and South, each for itself, are not to carry out an attack.",
        ),
        ("by: anyone, act: {fact: attack}", "No one is to carry out an attack."),
        (
            "by: north, act: {fact: attack, in: [valley, hills]}",
            "North is not to carry out an attack in the Valley or hills.",
        ),
        (
            "by: north, act: {fact: attack, against: [north, south]}",
            "North is not to carry out an attack, against North or South.",
        ),
        (
            "by: north, act: {fact: attack, killed: {at_least: 1000}}",
            "North is not to carry out an attack, with killed at least 1,000.",
        ),
        (
            "by: north, act: {fact: attack, killed: 1000}",
            "North is not to carry out an attack, with killed exactly 1,000.",
        ),
        (
            "by: north, act: {fact: movement, toward: [valley, hills]}",
            "North is not to carry out a movement, with toward the Valley or hills.",
        ),
        ("by: north, act: {fact: declaration}", "North is not to be the author of a declaration."),
        (
            "by: north, act: {fact: position, distance: under 2km from valley}",
            "North is not to have units less than 2 km from the Valley.",
        ),
        (
            "by: north, act: {fact: position, distance: under 2500m from valley}",
            "North is not to have units less than 2,500 m from the Valley.",
        ),
    ],
)
def test_a_prohibition_names_the_deed(clause: str, words: str) -> None:
    assert sentences(clause)[0] == words


def test_a_moment_at_another_one_is_told_as_after_it() -> None:
    said = sentences("by: north, act: {fact: attack}, after: 0h before approval")

    assert said[1] == "This binds from 0 microseconds after 'approval' on."


@pytest.mark.parametrize(
    ("clause", "words"),
    [
        ("achieve, by: north, state: {fact: position}", "North is to have its units."),
        ("achieve, by: north, state: {fact: attack}", "North is to bring about an attack."),
        ("maintain, by: north, state: {fact: position}", "North is to keep its units."),
        ("maintain, by: north, state: {fact: attack}", "North is to keep up an attack."),
    ],
)
def test_a_state_is_had_and_kept_and_anything_else_brought_about_and_kept_up(clause: str, words: str) -> None:
    assert sentences(clause, kind="")[0] == words


@pytest.mark.parametrize(
    ("of", "words"), [("", " that names this clause."), (", of: approval", ", about 'approval'.")]
)
def test_a_paper_names_the_clause_that_it_shows_unless_it_must_be_about_something_else(of: str, words: str) -> None:
    said = sentences(f"achieve, by: north, shown_by: {{fact: declaration{of}}}", kind="")

    assert said[1] == f"This is shown by a declaration by anyone{words}"


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ("{of: north}", "each unit of North (brigade-1 and brigade-2)"),
        ("{of: south}", "each unit of South (none is declared)"),
        ("[brigade-1, brigade-2]", "each unit of these: brigade-1 and brigade-2"),
        ("units", "each unit on the list 'units'"),
    ],
)
def test_a_clause_that_binds_for_each_of_a_set_says_of_which(members: str, words: str) -> None:
    said = sentences(f"by: north, act: {{fact: attack}}, each: {{unit: {members}}}")

    assert words in " ".join(said)
