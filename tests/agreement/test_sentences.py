"""What is said of a clause of each kind, whole: what it asks, by when, what is left open, and no more than that."""

import pytest

from trucekeeper.agreement.load import load_agreement
from trucekeeper.agreement.plain import read_back
from trucekeeper.agreement.sentences import only_once

HEAD = """
agreement: valoria-2031
title: The Valoria Protocol
time_zone: Asia/Beirut
parties: {north: {name: North}, south: {name: South}}
events:
  approval: {shown_by: {fact: declaration}}
"""
OTHER, THIRD = (
    f"{{id: {name}, cite: a, gloss: g, kind: prohibit, by: south, act: {{fact: attack}}}}"
    for name in ("other", "third")
)
NOT_COMPUTED = "text_only: nobody can see it"
PLEADER = "Whoever pleads it must establish it; a merely possible one does not excuse."
PERMIT = "Excuse: a permit by anyone that names the act or this clause, at any time before."


def said(clause: str) -> list[str]:
    """Return what is said of a clause `it` beside two others."""
    text = f"{HEAD}clauses: [{{id: it, cite: a, gloss: g, kind: {clause}}}, {OTHER}, {THIRD}]"
    lines = read_back(load_agreement(text, "valoria.yaml"))
    return next(list(line.sentences) for line in lines if line.clause == "it")


def test_two_sentences_about_one_thing_are_a_bug() -> None:
    assert only_once(iter([("due", "now"), ("note", "n")])) == {"due": "now", "note": "n"}
    with pytest.raises(RuntimeError, match=r"two sentences about \['due'\]"):
        only_once(iter([("due", "now"), ("note", "n"), ("due", "then")]))


@pytest.mark.parametrize(
    ("more", "due"),
    [
        ("", "The answer is due at no stated time: no deadline is given here."),
        (", within: unstated", "The answer is due at no stated time: the text gives no deadline."),
        (", within: 24h", "The answer is due no later than 24 hours after what it answers."),
        (f", within: unstated, {NOT_COMPUTED}", "The answer is due at no stated time: the text gives no deadline."),
    ],
)
def test_an_answer_says_by_when_it_is_due_or_that_nobody_knows(more: str, due: str) -> None:
    told = said(f"respond, by: north, to: {{fact: attack}}, with: {{fact: inspection}}{more}")

    assert told == [
        "Whenever there is an attack by anyone, North is to answer with an inspection that names what it answers.",
        due,
    ]


@pytest.mark.parametrize(
    ("kind", "undertaking"),
    [
        ("prohibit", "North is not to do what the text rules out."),
        ("achieve", "North is to bring about what the text says."),
        ("maintain", "North is to keep up what the text says."),
        ("tally", "North is to reach the count that the text says."),
        ("respond", "Whenever there is what the text names, North is to answer with what the text asks."),
    ],
)
def test_a_clause_that_is_not_computed_says_that_it_is_as_the_text_has_it_and_no_deadline(
    kind: str, undertaking: str
) -> None:
    assert said(f"{kind}, by: north, {NOT_COMPUTED}") == [undertaking]


@pytest.mark.parametrize(
    ("kind", "more", "due"),
    [
        ("achieve", "within: 24h", "This is due no later than 24 hours after 'approval'."),
        ("achieve", "deadline: approval", "This is due no later than 'approval'."),
        ("tally", "within: 24h", "The count is due no later than 24 hours after 'approval'."),
        ("tally", "deadline: approval", "The count is due no later than 'approval'."),
    ],
)
def test_a_deadline_is_told_even_of_a_clause_that_is_not_computed(kind: str, more: str, due: str) -> None:
    assert said(f"{kind}, by: north, after: approval, {more}, {NOT_COMPUTED}")[1] == due


@pytest.mark.parametrize(
    ("more", "judged"),
    [
        ("", []),
        (", established_at: corroborated", []),
        (", established_at: verified", ["It excuses only once established at the level verified."]),
        (", judged_by: case", ["It excuses only once established by a case at the level corroborated."]),
        (", judged_by: south", ["It excuses only once established by South at the level corroborated."]),
    ],
)
def test_an_excuse_says_who_judges_it_and_at_which_level_if_that_is_not_as_usual(
    more: str, judged: list[str]
) -> None:
    told = said(f"prohibit, by: north, act: {{fact: attack}}, excuse: {{shown: {{fact: permit}}{more}}}")

    assert told[1:] == [PERMIT, *judged, PLEADER]


def test_several_pleas_are_numbered_and_each_is_to_be_established() -> None:
    told = said("prohibit, by: north, act: {fact: attack}, excuse: [{plea: a, cite: art. 9}, {plea: b}]")

    assert told[1:] == [
        "Excuse 1 (art. 9): the plea of 'a', which is printed beside the verdict.",
        "It excuses only once established at the level corroborated.",
        PLEADER,
        "Excuse 2: the plea of 'b', which is printed beside the verdict.",
        "It excuses only once established at the level corroborated.",
        PLEADER,
    ]


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("at_least: 1000", "North is to bring the count to at least 1,000."),
        ("exactly: 4", "North is to bring the count to exactly 4."),
        ("at_most: 3", "North is not to let the count pass 3."),
    ],
)
def test_a_tally_says_its_target_what_is_counted_and_by_when(target: str, told: str) -> None:
    assert said(f"tally, by: north, count: {{fact: release}}, {target}, deadline: approval") == [
        told,
        "Counted is the total count of: persons released by anyone.",
        "The count is due no later than 'approval'.",
    ]


def test_the_parts_of_a_tally_are_numbered_from_one_each_with_its_own_deadline() -> None:
    parts = "[{at_least: 20, within: 24h}, {at_least: 30, within: 48h}]"

    assert said(f"tally, by: north, after: approval, count: {{fact: release}}, tranches: {parts}") == [
        "North is to reach the count in the parts that follow.",
        "Counted is the total count of: persons released by anyone.",
        "Part 1: at least 20, due no later than 24 hours after 'approval'.",
        "Part 2: at least 30, due no later than 48 hours after 'approval'.",
        "This binds from 'approval' on.",
    ]


@pytest.mark.parametrize(
    ("count", "told"),
    [
        ("count: {fact: attack}, field: killed", "the total killed of: an attack by anyone."),
        ("count: {fact: declaration}", "each one of: a declaration by anyone."),
        (
            "count: [{fact: release}, {fact: declaration}]",
            (
                "the total count of: (1) persons released by anyone; or (2) a declaration by anyone; "
                "a fact of a kind that gives no such figure counts as one."
            ),
        ),
    ],
)
def test_what_is_counted_is_told_as_a_figure_or_one_by_one(count: str, told: str) -> None:
    assert said(f"tally, by: north, {count}, at_most: 3, deadline: approval")[1] == f"Counted is {told}"


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("count: {fact: delivery}, at_least: 600", ["North is to reach a count of at least 600 in every civil day."]),
        ("count: {fact: delivery}, at_most: 9", ["North is not to let the count pass 9 in any civil day."]),
        (NOT_COMPUTED, ["North is to reach, in every civil day, the count that the text says."]),
    ],
)
def test_a_quota_says_its_figure_for_each_period(more: str, told: list[str]) -> None:
    sentences = said(f"quota, by: north, after: approval, every: day, {more}")

    assert [one for one in sentences if one.startswith("North ")] == told
    assert "Only whole periods are judged, the first beginning no earlier than 'approval'." in sentences


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("unstated", "The text does not say on which day a week starts."),
        ("trigger", "A week starts on the weekday of the first whole day on which this binds."),
        ("monday", "A week starts on Monday."),
    ],
)
def test_a_weekly_quota_says_on_which_day_a_week_starts(day: str, told: str) -> None:
    quota = "quota, by: north, after: approval, count: {fact: delivery}, at_least: 600"

    assert told in said(f"{quota}, every: week, week_starts: {day}")
    assert "a week starts" not in " ".join(said(f"{quota}, every: day")).lower()


@pytest.mark.parametrize(
    ("power", "told"),
    [
        ("suspend, of: all", ["North may suspend every clause.", "clock"]),
        ("suspend, of: [other, third]", ["North may suspend clauses 'other' and 'third'.", "clock"]),
        ("suspend, of: other, burden: accuser", ["North may suspend clause 'other'.", "clock", "accuser"]),
        (
            "extend, of: [other], notice: 48h",
            [
                "North may extend the deadline of clause 'other'.",
                "Notice of it is to be given at least 48 hours before.",
                "pleader",
            ],
        ),
        (
            "suspend, of: all, if: {open: approval}",
            [
                "North may suspend every clause.",
                "This may be done only if 'approval' has happened.",
                "clock",
                "pleader",
            ],
        ),
    ],
)
def test_a_power_says_who_must_establish_its_conditions_if_it_has_any(power: str, told: list[str]) -> None:
    long = {
        "clock": "The text does not say whether the clock stands still meanwhile.",
        "pleader": "Whoever does it must establish its conditions; merely possible ones do not suffice.",
        "accuser": "Whoever contests it must rule out its conditions; while they are possible, nobody can tell.",
    }

    assert said(f"power, by: north, may: {power}") == [long.get(one, one) for one in told]


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ("list: unstated", ["The text does not say who or what is on the list 'it'."]),
        ("list: [a, b], base: 1000", ["The list 'it' is a and b.", "Its base figure is 1,000."]),
        (
            "list: {declared_by: {fact: list-entry}, field: code}",
            ["The list 'it' is every 'code' declared by an entry of an agreed list by anyone that names it."],
        ),
        ("date: approval", ["'it' is a date: 'approval'."]),
        ("term: a quarry", ["'it' means: a quarry."]),
        (NOT_COMPUTED, ["'it' means what the text says."]),
    ],
)
def test_a_definition_says_what_it_defines(what: str, told: list[str]) -> None:
    assert said(f"define, {what}") == told


def test_what_shows_that_something_is_done_is_ordered_if_it_is_several() -> None:
    paper = "a declaration by anyone that names this clause"

    assert said("achieve, by: north, shown_by: {fact: declaration}")[1] == f"This is shown by {paper}."
    assert said("achieve, by: north, shown_by: [{fact: declaration}, {fact: movement}]")[1] == (
        f"This is shown by any of these, the strongest first: (1) {paper}; or (2) a movement by anyone."
    )


def test_the_steps_of_a_procedure_are_numbered_from_one() -> None:
    steps = (
        "[{who: north, does: it asks, within: 24h}, {who: south, does: it answers, within: unstated, binding: true}]"
    )

    assert said(f"procedure, steps: {steps}") == [
        "Step 1, by North: it asks; to be done no later than 24 hours after the step before.",
        "Step 2, by South: it answers; the text gives no time for it; the outcome is binding.",
    ]


def test_a_state_may_be_kept_between_two_figures() -> None:
    assert said("maintain, by: north, measure: {fact: strength}, at_least: 3, at_most: 9") == [
        "North is to keep to at least 3 and at most 9 the count of its forces."
    ]
