"""What of a clause can be computed, what only in part, and the reason for each that cannot."""

from functools import cache

import pytest

from trucekeeper.agreement.computability import NO_UNDERTAKING, STEPS, Computability, Sort, computability
from trucekeeper.agreement.load import load_agreement
from trucekeeper.geo import Atlas, Line, Zone
from trucekeeper.geo.reading import read_geojson

DRAWN = read_geojson(
    """{"type": "FeatureCollection", "features": [{"type": "Feature",
    "properties": {"id": "valley", "author": "Annex A", "accuracy_m": 50},
    "geometry": {"type": "Polygon", "coordinates": [[[10, 8], [11, 8], [11, 9], [10, 9], [10, 8]]]}}]}""",
    "zones.geojson",
)
ATLAS = Atlas(
    (
        *DRAWN.features,
        Zone(id="hills", author="Annex A"),
        Line(id="agreed-line", author="Annex A", left="west", right="east"),
    )
)
HEAD = """
agreement: valoria-2031
title: The Valoria Protocol
time_zone: Asia/Beirut
parties: {north: {units: [brigade-1]}, south: {}}
actors: {commission: {role: mechanism}}
readings: {clock: {a: it runs from approval, b: it runs from signature, adopted: none}}
events:
  approval: {shown_by: {fact: declaration}}
  signature: {shown_by: {fact: signature}}
"""
ACT = "kind: prohibit, by: north, after: approval, act: {fact: attack, in: valley}"
DONE = "kind: achieve, by: north, after: approval, shown_by: {fact: declaration}"
COUNT = "kind: tally, by: north, after: approval, count: {fact: release}"
TRUCKS = "kind: quota, by: north, after: approval, count: {fact: delivery}, at_least: 600"
NO_DEADLINE = "the text gives no deadline: it can be shown as done, but never as late"
FIRST_DAY = "the text does not say whether the first day counts"


@cache
def of(clause: str, more: str = "", *, event: str = "{at: signature}") -> Computability:
    """Return what of a clause `it` can be computed, beside a further clause and event of the same agreement."""
    clauses = [f"{{id: it, cite: art. 1, gloss: g, {clause}}}", *([more] if more else [])]
    text = f"{HEAD}  further: {event}\nclauses: [{', '.join(clauses)}]"
    return computability(load_agreement(text, "valoria.yaml", ATLAS), "it")


@pytest.mark.parametrize(
    "clause",
    [
        ACT,
        f"{ACT}, for: 72h",
        f"{ACT}, excuse: {{shown: {{fact: notice}}, within: 48h}}",
        f"{DONE}, within: 24h",
        f"{DONE}, deadline: signature",
        f"{DONE}, within: {{days: 14, first_day: counts}}",
        f"{DONE}, within: {{months: 1}}",
        f"{COUNT}, at_least: 20, within: 72h",
        f"{COUNT}, at_most: 20",
        TRUCKS,
        f"{TRUCKS}, every: week, week_starts: monday",
        "kind: respond, by: north, to: {fact: allegation}, with: {fact: inspection}, within: 24h",
        "kind: respond, by: north, to: {fact: attack}, result_alone: true",
        "kind: phase, opens: stage-two, when: {open: approval}",
        "kind: power, by: north, may: extend, of: all",
    ],
)
def test_a_clause_that_leaves_nothing_open_is_computable(clause: str) -> None:
    assert of(clause) == Computability(Sort.COMPUTABLE)


@pytest.mark.parametrize(
    ("clause", "reason"),
    [
        (f"{ACT}, partly: only what was seen", "only what was seen"),
        (
            "kind: prohibit, by: north, act: {fact: attack, judgement: offensive}",
            "whether something is 'offensive' is a judgement, for a case to make",
        ),
        (f"{ACT}, excuse: {{plea: self-defence}}", "the plea 'self-defence' is for a case to judge"),
        (
            f"{ACT}, excuse: {{plea: necessity, judged_by: commission}}",
            "the plea 'necessity' is for commission to judge",
        ),
        (
            f"{ACT}, excuse: {{plea: necessity, judged_by: unstated}}",
            "the plea 'necessity' is for somebody whom the text does not name to judge",
        ),
        (f"{ACT}, while: {{holds: peace}}", "whether 'peace' holds needs a determination if it is contested"),
        (f"{ACT}, while: {{not: {{holds: war}}}}", "whether 'war' holds needs a determination if it is contested"),
        ("kind: prohibit, act: {fact: attack}", "the text does not say who is bound"),
        (
            "kind: prohibit, by: north, act: {fact: attack}, after: unstated",
            "the text does not say from when it binds",
        ),
        (f"{ACT}, until: unstated", "the text does not say until when it binds"),
        (f"{ACT}, for: unstated", "the text does not say how long it binds"),
        (f"{ACT}, watched: {{at_least: unstated}}", "the text does not say how much watching is enough"),
        (
            f"{ACT}, while: {{consecutive_days: 7, without: {{fact: attack}}, watched: {{at_least: unstated}}}}",
            "the text does not say how much watching makes a day quiet",
        ),
        (f"{DONE}, within: unstated", NO_DEADLINE),
        (f"{DONE}, deadline: unstated", NO_DEADLINE),
        (DONE, NO_DEADLINE),
        (f"{DONE}, within: {{days: 14}}", FIRST_DAY),
        (f"{DONE}, within: 24h, start: {{within: {{days: 2}}, shown_by: {{fact: movement}}}}", FIRST_DAY),
        (f"{COUNT}, exactly: 20, within: unstated", NO_DEADLINE),
        (f"{COUNT}, tranches: [{{at_least: 20}}]", NO_DEADLINE),
        (f"{TRUCKS}, every: week", "the text does not say on which day a week starts"),
        ("kind: respond, by: north, to: {fact: allegation}, with: {fact: inspection}", NO_DEADLINE),
        (
            "kind: prohibit, by: north, act: {fact: attack, in: hills}",
            "no map of 'hills' is drawn: what happened near it may be inside or outside",
        ),
        (
            "kind: prohibit, by: north, act: {fact: position, side: west of agreed-line}",
            "no map of 'agreed-line' is drawn: what happened near it may be inside or outside",
        ),
        (
            "kind: prohibit, by: north, act: {fact: position, distance: under 5km from agreed-line}",
            "no map of 'agreed-line' is drawn: what happened near it may be inside or outside",
        ),
        (
            "kind: prohibit, by: north, each: {area: [valley, hills]}, act: {fact: attack, in: area}",
            "no map of 'hills' is drawn: what happened near it may be inside or outside",
        ),
        (f"{ACT}, each: {{unit: {{of: south}}}}", "the units of 'south' are not declared"),
        (f"{ACT}, each: {{unit: [brigade-1, unstated]}}", "the text does not say for which unit it binds"),
    ],
)
def test_a_clause_that_leaves_something_open_says_what(clause: str, reason: str) -> None:
    assert of(clause) == Computability(Sort.PARTLY, (reason,))


def test_a_suspension_may_be_contested_and_its_clock_unstated() -> None:
    found = of("kind: power, by: north, may: suspend, of: all")

    assert found.sort is Sort.PARTLY
    assert found.reasons == (
        "a suspension may be contested: until it is accepted or determined, both answers are shown",
        "the text does not say whether a suspension stops the clock",
    )


def test_a_clause_of_which_nothing_is_computed_gives_its_reason() -> None:
    assert of("kind: prohibit, by: north, text_only: respect cannot be seen") == Computability(
        Sort.TEXT_ONLY, ("respect cannot be seen",)
    )


def test_a_procedure_is_procedural() -> None:
    assert of("kind: procedure, steps: [{who: north, does: it talks}]") == Computability(Sort.PROCEDURAL, (STEPS,))


def test_a_text_only_procedure_is_text_only() -> None:
    assert of("kind: procedure, steps: [], text_only: it names no body").sort is Sort.TEXT_ONLY


@pytest.mark.parametrize("what", ["term: a thing", "list: [a, b]", "zones: valley", "date: approval"])
def test_a_definition_that_nobody_uses_is_text_only(what: str) -> None:
    assert of(f"kind: define, {what}") == Computability(Sort.TEXT_ONLY, (NO_UNDERTAKING,))


@pytest.mark.parametrize(
    ("what", "use"),
    [
        ("list: [a, b]", "each: {code: it}"),
        ("zones: valley", "act: {fact: attack, in: it}"),
        ("zones: valley", "act: {fact: attack, outside: it}"),
        ("date: approval", "after: it"),
        ("date: approval", "until: 24h after it"),
    ],
)
def test_a_definition_that_another_clause_uses_is_computable(what: str, use: str) -> None:
    act = "" if "act" in use else ", act: {fact: attack}"
    user = f"{{id: user, cite: art. 2, gloss: g, kind: prohibit, by: north, {use}{act}}}"

    assert of(f"kind: define, {what}", user) == Computability(Sort.COMPUTABLE)


def test_a_date_that_is_a_deadline_is_computable() -> None:
    user = "{id: user, cite: art. 2, gloss: g, kind: achieve, by: north, shown_by: {fact: declaration}, deadline: it}"

    assert of("kind: define, date: approval", user) == Computability(Sort.COMPUTABLE)


@pytest.mark.parametrize(
    ("what", "event"),
    [("list: [a, b]", "{shown_by: {fact: notice}, per: it}"), ("date: approval", "{at: 24h after it}")],
)
def test_a_definition_that_an_event_uses_is_computable(what: str, event: str) -> None:
    assert of(f"kind: define, {what}", event=event) == Computability(Sort.COMPUTABLE)


def test_an_event_whose_moment_is_unstated_uses_nothing() -> None:
    assert of("kind: define, date: approval", event="{at: unstated}").sort is Sort.TEXT_ONLY


def test_a_term_is_not_used_by_whoever_has_its_name() -> None:
    user = (
        "{id: user, cite: art. 2, gloss: g, kind: prohibit, by: north, act: {fact: attack}, each: {code: [it, that]}}"
    )

    assert of("kind: define, term: a thing", user) == Computability(Sort.TEXT_ONLY, (NO_UNDERTAKING,))


def test_a_list_that_the_text_does_not_give_is_partly_computable() -> None:
    user = "{id: user, cite: art. 2, gloss: g, kind: prohibit, by: north, each: {code: it}, act: {fact: attack}}"

    assert of("kind: define, list: unstated", user) == Computability(
        Sort.PARTLY, ("the text does not say who or what is on the list",)
    )


def test_who_binds_by_a_list_that_is_unstated_says_so() -> None:
    listed = "{id: units, cite: art. 2, gloss: g, kind: define, list: unstated}"

    assert of(f"{ACT}, each: {{unit: units}}", listed).reasons == ("the text does not say for which unit it binds",)


def test_a_group_of_zones_is_undrawn_if_one_of_them_is() -> None:
    group = "{id: areas, cite: art. 2, gloss: g, kind: define, zones: [valley, hills]}"

    assert of("kind: prohibit, by: north, act: {fact: attack, in: areas}", group).reasons == (
        "no map of 'hills' is drawn: what happened near it may be inside or outside",
    )


def test_zones_that_a_definition_lists_are_undrawn_if_one_of_them_is() -> None:
    listed = "{id: areas, cite: art. 2, gloss: g, kind: define, list: [valley, hills]}"

    assert of("kind: prohibit, by: north, each: {area: areas}, act: {fact: attack, in: area}", listed).reasons == (
        "no map of 'hills' is drawn: what happened near it may be inside or outside",
    )


def test_a_reason_that_holds_for_one_reading_only_says_so() -> None:
    assert of(f"{DONE}, within: {{reading: clock, a: 24h, b: unstated}}") == Computability(
        Sort.PARTLY, (f"in some wordings: {NO_DEADLINE}",)
    )


def test_a_clause_that_is_text_only_under_one_reading_is_partly_computable() -> None:
    found = of(f"{ACT}, text_only: {{reading: clock, a: null, b: it cannot be seen}}")

    assert found == Computability(Sort.PARTLY, ("in some wordings: it cannot be seen",))


def test_an_unknown_clause_is_a_key_error() -> None:
    agreement = load_agreement(f"{HEAD}clauses: [{{id: it, cite: art. 1, gloss: g, {ACT}}}]", "valoria.yaml", ATLAS)

    with pytest.raises(KeyError):
        computability(agreement, "other")
