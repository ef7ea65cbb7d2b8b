"""The JSON Schema accepts what the loader accepts, and refuses the faults that an editor should show."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from trucekeeper.agreement.load import load_agreement
from trucekeeper.agreement.schema import DIALECT, json_schema
from trucekeeper.agreement.yaml_text import read_yaml
from trucekeeper.geo import Atlas, Line, Zone
from trucekeeper.terms import Refused

AGREEMENTS = sorted((Path(__file__).parents[2] / "agreements").glob("*/agreement.yaml"))
ATLAS = Atlas(
    (
        Zone(id="valley", author="Annex A"),
        Line(id="agreed-line", author="Annex A", left="west", right="east"),
    )
)
HEAD = """
agreement: valoria-2031
title: The Valoria Protocol
time_zone: Asia/Beirut
in_force: {reading: clock, a: approval, b: start of 2031-01-01}
texts: {protocol: {title: Protocol, language: en}}
parties: {north: {units: [brigade-1, brigade-2], forces: army}, south: {capacity: disputed}}
actors: {commission: {role: mechanism}, militia: {role: affiliate, of: south, link: disputed}}
vocabulary: {kite: {says: a kite, is: attack, fields: {cargo: word}}}
readings: {clock: {a: it runs from approval, b: it runs from signature, adopted: none, cite: art. 2}}
events:
  approval: {shown_by: {fact: declaration, by: {reading: clock, a: commission, b: [north, south]}}}
  signature: {shown_by: [{fact: signature}, {fact: declaration}], planned: true}
  expiry: {renews: {first_ends: end of 2031-06-30, every: {months: 6}, unless: {fact: notice}, notice: 60d}}
"""
WHOLE = [
    "kind: prohibit, by: [north, south], after: approval, act: {fact: attack, killed: {at_least: 1}}, for: 72h",
    "kind: prohibit, by: {anyone_except: commission}, act: [{fact: kite, cargo: [fire, paint]}, {fact: attack}]",
    "kind: prohibit, by: north, act: {fact: attack, permitted: false}, excuse: [{plea: a, established_at: verified}]",
    "kind: prohibit, by: north, act: {fact: attack}, while: {any: [{holds: x}, {not: {met: done, at: alleged}}]}",
    "kind: prohibit, by: north, act: {fact: attack}, text: {en: No attacks.}, watched: {at_least: unstated}",
    "kind: prohibit, by: [north, south], act: {fact: attack, in: {obligor: {north: valley, south: valley}}}",
    "kind: prohibit, by: {reading: clock, a: north, b: [north, south]}, act: {fact: attack}",
    "kind: prohibit, by: north, act: {reading: clock, a: {fact: attack}, b: [{fact: attack}, {fact: movement}]}",
    "kind: achieve, by: north, shown_by: {fact: declaration}, deadline: {next: monday, at: '12:00', after: approval}",
    "kind: achieve, by: north, shown_by: {fact: declaration}, deadline: {last_of: [approval, 48h before signature]}",
    "kind: achieve, by: north, shown_by: {fact: declaration}, deadline: 2031-01-26T04:00Z, each: {unit: {of: north}}",
    "kind: achieve, by: north, state: {fact: position, side: west of agreed-line}, within: {days: 9}",
    "kind: prohibit, by: north, act: {fact: attack, in: valley}, for: {days: 9, first_day: counts}",
    "kind: achieve, by: north, state: {fact: position, distance: at least 25km from agreed-line}, within: unstated",
    "kind: achieve, by: north, shown_by: {fact: declaration}, within: {reading: clock, a: 24h, b: {months: 1}}",
    "kind: maintain, by: south, measure: {fact: strength}, at_most: 100, tolerance: 2d, stale_after: 7 d",
    "kind: tally, by: north, count: {fact: release}, at_least: {percent: 30, of: {fact: base}}, within: 60d",
    "kind: tally, by: north, count: {fact: release}, tranches: [{at_least: {ratio: 15, per: {fact: release}}}]",
    "kind: quota, by: north, count: {fact: delivery}, at_least: 600, every: week, week_starts: unstated",
    "kind: quota, by: north, count: {fact: delivery}, at_least: 600, every: {months: 6}, after: approval",
    "kind: respond, by: commission, to: {fact: allegation}, with: {fact: inspection}, within: 9h, result_alone: true",
    "kind: phase, opens: two, when: {consecutive_days: 7, without: {fact: attack}}, if_undetermined: ask",
    "kind: power, by: north, may: suspend, of: all, stops_clock: unstated, notice: 48h",
    "kind: define, list: {declared_by: {fact: list-entry}, field: code}, coded: true",
    "kind: prohibit, by: north, act: {fact: attack}, until: {first_of: [approval]}",
    "kind: prohibit, by: north, act: {fact: attack}, for: {obligor: {north: 72h}}",
    "kind: prohibit, by: north, act: {fact: attack}, for: {days: 1}",
    "kind: prohibit, by: north, act: {fact: attack}, for: {days: 73200}",
    "kind: prohibit, by: north, act: {fact: attack}, for: {months: 2400}",
    "kind: procedure, steps: [{who: [north, south], does: they talk}, {who: commission, does: rules, binding: true}]",
]
DECISION = (
    "amendments: [{id: later, cite: D, gloss: more time, adopted: start of 2031-01-02,"
    " effective: start of 2031-01-03, effect_on_past: unstated, adopts: {clock: a}, removes: gone,"
    " clauses: [{id: it, for: null, after: signature}]}]"
)
FAULTY = [
    "kind: ban, by: north",
    "by: north, act: {fact: attack}",
    "kind: prohibit, by: north, acts: {fact: attack}",
    "kind: prohibit, by: [], act: {fact: attack}",
    "kind: prohibit, by: 7, act: {fact: attack}",
    "kind: prohibit, by: north, act: {in: valley}",
    "kind: prohibit, by: north, act: {fact: attack, killed: {atleast: 1}}",
    "kind: prohibit, by: north, act: {fact: attack}, for: 72",
    "kind: prohibit, by: north, act: {fact: attack}, for: 72 years",
    "kind: prohibit, by: north, act: {fact: attack}, for: {days: 14, first: counts}",
    "kind: prohibit, by: north, act: {fact: attack}, for: {days: 14.5}",
    "kind: prohibit, by: north, act: {fact: attack}, after: 2031-01-01",
    "kind: prohibit, by: north, act: {fact: attack}, after: 2031-01-01T12:00",
    "kind: prohibit, by: north, act: {fact: attack}, after: {first: [approval]}",
    "kind: prohibit, by: north, act: {fact: attack}, after: {next: someday, at: '12:00', after: approval}",
    "kind: prohibit, by: north, act: {fact: attack}, while: {hold: peace}",
    "kind: prohibit, by: north, act: {fact: attack}, excuse: {plea: a, burden: nobody}",
    "kind: prohibit, by: north, act: {fact: attack}, excuse: {plea: a, established_at: sure}",
    "kind: prohibit, by: north, act: {fact: attack}, for: {reading: clock, a: 72h}",
    "kind: prohibit, by: north, act: {fact: attack}, for: {reading: clock, a: 72h, b: 72}",
    "kind: prohibit, by: north, act: {fact: attack}, for: {reading: clock}",
    "kind: prohibit, by: north, act: {fact: attack}, for: {obligor: {}}",
    "kind: prohibit, by: north, act: {fact: attack}, for: {days: 0}",
    "kind: prohibit, by: north, act: {fact: attack}, for: {days: 73201}",
    "kind: prohibit, by: north, act: {fact: attack}, for: {months: 2401}",
    "kind: prohibit, by: north, act: {fact: attack}, until: {first_of: []}",
    "kind: achieve, by: north, state: {fact: position, side: agreed-line}",
    "kind: achieve, by: north, state: {fact: position, distance: 25km from agreed-line}",
    "kind: tally, by: north, count: {fact: release}, at_least: many",
    "kind: tally, by: north, count: {fact: release}, at_least: {percent: 130, of: {fact: base}}",
    "kind: quota, by: north, count: {fact: delivery}, at_least: 600, every: fortnight, after: approval",
    "kind: phase, opens: two, when: {open: approval}, if_undetermined: perhaps",
    "kind: define, coded: 'yes', term: a",
    "kind: procedure",
]
ONE = "clauses: [{id: it, kind: define, cite: a, gloss: g}]"
LEAST = "agreement: a\ntitle: t\ntime_zone: UTC\n"
CLOCK = "readings: {clock: {a: y, b: n, adopted: none}}\n"
SMALL = [
    LEAST + ONE,
    LEAST + CLOCK + ONE,
    LEAST + CLOCK.replace("none", "none, cite: a") + ONE,
    LEAST + CLOCK + ONE.replace("gloss: g", "gloss: {reading: clock, a: g, b: h}"),
]
FAULTY_HEADS = [
    LEAST + "clauses: []",
    LEAST + CLOCK.replace("b: n", "b: ''") + ONE,
    LEAST + CLOCK.replace("none", "none, cite: ''") + ONE,
    LEAST + CLOCK + ONE.replace("id: it", "id: {reading: clock, a: it, b: that}"),
    LEAST.replace("title: t", "title: {reading: clock, a: t, b: u}") + CLOCK + ONE,
    f"title: no agreement\ntime_zone: UTC\n{ONE}",
    LEAST,
    LEAST + "cluases: []\n" + ONE,
    LEAST + ONE.replace("cite", "site"),
    LEAST + "parties: {north: {capacity: sure}}\n" + ONE,
    LEAST + "readings: {x: {a: one, adopted: none}}\n" + ONE,
]


@cache
def schema() -> dict[str, Any]:
    return json_schema()


@cache
def validator() -> Draft202012Validator:
    return Draft202012Validator(schema())


def faults(text: str) -> list[str]:
    """Return what the schema finds wrong with a YAML text."""
    return [error.message for error in validator().iter_errors(read_yaml(text, "agreement.yaml").data)]


def agreement_with(clause: str, more: str = "") -> str:
    """Return an agreement of one clause `it` that `done` and `gone` stand beside."""
    others = (
        "{id: done, cite: art. 2, gloss: g, kind: achieve, by: south, shown_by: {fact: declaration}, within: 24h}"
    )
    gone = "{id: gone, cite: art. 3, gloss: g, kind: define, term: t}"
    return f"{HEAD}clauses: [{{id: it, cite: art. 1, gloss: g, {clause}}}, {others}, {gone}]\n{more}"


def property_of(kind: str, name: str) -> Any:  # noqa: ANN401  a piece of JSON
    return schema()["$defs"][kind]["properties"][name]


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(schema())

    assert schema()["$schema"] == DIALECT


def test_the_schema_is_the_same_each_time() -> None:
    assert json_schema() == json_schema()


@pytest.mark.parametrize("file", AGREEMENTS, ids=lambda file: file.parent.name)
def test_every_agreement_of_ours_is_valid(file: Path) -> None:
    assert faults(file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("clause", WHOLE)
def test_what_the_loader_accepts_is_valid(clause: str) -> None:
    text = agreement_with(clause)
    load_agreement(text, "agreement.yaml", ATLAS)

    assert faults(text) == []


@pytest.mark.parametrize("text", SMALL)
def test_an_agreement_needs_no_more_than_the_loader_asks(text: str) -> None:
    load_agreement(text, "agreement.yaml")

    assert faults(text) == []


@pytest.mark.parametrize("clause", FAULTY)
def test_what_an_editor_should_show_is_not_valid(clause: str) -> None:
    text = agreement_with(clause)
    with pytest.raises(Refused):
        load_agreement(text, "agreement.yaml", ATLAS)

    assert faults(text) != []


@pytest.mark.parametrize("text", FAULTY_HEADS)
def test_a_faulty_head_is_not_valid(text: str) -> None:
    with pytest.raises(Refused):
        load_agreement(text, "agreement.yaml")

    assert faults(text) != []


def test_a_decision_gives_only_what_changes_and_takes_keys_away() -> None:
    text = agreement_with(WHOLE[0], DECISION)
    load_agreement(text, "agreement.yaml", ATLAS)

    assert faults(text) == []


def test_a_decision_changes_clauses_of_at_most_80_characters_in_their_names() -> None:
    longest, longer = (
        agreement_with(WHOLE[0], DECISION).replace("id: it,", f"id: {'i' * count},") for count in (80, 81)
    )
    load_agreement(longest, "agreement.yaml", ATLAS)
    with pytest.raises(Refused):
        load_agreement(longer, "agreement.yaml", ATLAS)

    assert faults(longest) == []
    assert len(faults(longer)) == 2  # where the clause stands, and where it is changed


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("after: signature", "after: 2031-01-02"),
        ("id: it, for", "for"),
        ("unstated, adopts", "forgotten, adopts"),
        ("id: later, ", ""),
    ],
)
def test_a_faulty_decision_is_not_valid(old: str, new: str) -> None:
    text = agreement_with(WHOLE[0], DECISION.replace(old, new))
    with pytest.raises(Refused):
        load_agreement(text, "agreement.yaml", ATLAS)

    assert faults(text) != []


def test_a_key_to_be_taken_away_must_be_one_that_a_clause_can_have() -> None:
    assert faults(agreement_with(WHOLE[0], DECISION.replace("for: null", "fro: null"))) != []


def test_a_choice_may_hold_a_choice() -> None:
    assert (
        faults(
            agreement_with(
                "kind: prohibit, by: [north, south], act: {fact: attack}, after: approval, "
                "for: {reading: clock, a: {obligor: {north: 72h, south: 24h}}, b: 90m}"
            )
        )
        == []
    )


def test_a_default_is_written_as_in_a_file() -> None:
    assert property_of("Excuse", "established_at")["default"] == "corroborated"
    assert property_of("PatternBody", "in")["default"] == []


def test_every_class_says_what_it_is() -> None:
    named = {name: one for name, one in schema()["$defs"].items() if name[0].isupper()}

    assert [name for name, one in named.items() if not one.get("description")] == []
