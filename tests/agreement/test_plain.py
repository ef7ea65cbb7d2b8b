"""The agreement read back: nothing that the language can say is left out, and it reads as a lawyer would write it."""

# ruff: noqa: ANN401  a value of the language is one of as many classes as it has words

import copy
import inspect
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest
from pydantic import TypeAdapter

from trucekeeper.agreement import language as lang
from trucekeeper.agreement import phrases, plain
from trucekeeper.agreement.agreement import Agreement, ClauseHistory, ClauseVersion, Variants
from trucekeeper.agreement.computability import Sort
from trucekeeper.agreement.load import load_agreement
from trucekeeper.agreement.plain import Line, read_back
from trucekeeper.geo import Atlas, Zone
from trucekeeper.geo import Line as DrawnLine
from trucekeeper.terms import BASE_VOCABULARY

ATLAS = Atlas(
    (
        Zone(id="valley", title="The Valley", author="Annex A"),
        Zone(id="hills", author="Annex A"),
        DrawnLine(id="agreed-line", title="The Agreed Line", author="Annex A", left="west", right="east"),
    )
)
HEAD = """
agreement: valoria-2031
title: The Valoria Protocol
time_zone: Asia/Beirut
parties: {north: {name: North, units: [brigade-1, brigade-2]}, south: {}}
actors: {commission: {role: mechanism, name: the Commission}, guarantor: {role: guarantor}}
readings: {clock: {a: it runs from approval, b: it runs from signature, adopted: none}}
events:
  approval: {shown_by: {fact: declaration}}
  signature: {shown_by: {fact: signature}}
"""


@cache
def told(text: str) -> dict[str, Line]:
    """Return the lines of an agreement by what they are about."""
    return {line.clause: line for line in read_back(load_agreement(HEAD + text, "valoria.yaml", ATLAS))}


def sentences(clause: str) -> tuple[str, ...]:
    """Return what is said of a clause `it`, given by the keys that follow its citation and gloss."""
    return told(f"clauses: [{{id: it, cite: art. 1, gloss: our words, {clause}}}]")["it"].sentences


# ---- nothing is left out -------------------------------------------------------------------------------------------

PATTERN = {
    "fact": "weapon-position",
    "by": "north",
    "in": ["valley"],
    "outside": ["hills"],
    "side": "west of agreed-line",
    "distance": "at least 25km from agreed-line",
    "judgement": "heavy",
    "same": ["unit"],
    "stale_after": "6h",
    "weapon": "mortar",
}
SHOWN = {"fact": "declaration"}
WATCHED = {"by": "commission", "at_least": "80%"}
CONDITION = {"open": "approval"}
EXCUSE = {
    "plea": "self-defence",
    "shown": {"fact": "notice"},
    "within": "48h",
    "if": CONDITION,
    "unless": {"fact": "order"},
    "cite": "art. 4",
    "available_to": "north",
    "burden": "accuser",
    "established_at": "verified",
    "judged_by": "commission",
}
COMMON = {
    "id": "it",
    "cite": "art. 1",
    "gloss": "our words",
    "by": "north",
    "text": {"en": "The words."},
    "after": "approval",
    "until": "signature",
    "during": "stage-two",
    "while": CONDITION,
    "each": {"unit": {"of": "north"}},
    "excuse": EXCUSE,
    "watched": WATCHED,
    "text_only": "it is not observable",
    "partly": "a part is",
    "note": "a remark",
}
DUE = {"within": "24h", "deadline": "2031-01-26T04:00+02:00"}
COUNTED = {"count": {"fact": "release"}, "field": "count", "claims": "persons", "counted_as": "released"}

SAMPLES: dict[type, dict[str, Any]] = {
    lang.AnyoneExcept: {"anyone_except": "north"},
    lang.Bound: {"at_least": 1, "at_most": 9, "above": 0, "below": 10},
    lang.PatternBody: PATTERN,
    lang.Watched: WATCHED,
    lang.QuietDays: {"consecutive_days": 7, "without": SHOWN, "watched": WATCHED},
    lang.Happened: {"happened": SHOWN, "within": "6h"},
    lang.MetClause: {"met": "it", "at": "verified"},
    lang.StandsClause: {"clause": "it", "stands": "contrary", "at": "verified"},
    lang.Holds: {"holds": "south-implements", "determined_by": "commission"},
    lang.Open: CONDITION,
    lang.AllOf: {"all": [CONDITION]},
    lang.AnyOf: {"any": [CONDITION]},
    lang.Not: {"not": CONDITION},
    lang.Excuse: EXCUSE,
    lang.UnitsOf: {"of": "north"},
    lang.DeclaredBy: {"declared_by": SHOWN, "field": "code"},
    lang.PairedWith: {"clause": "it", "if_undetermined": "ask", "at": "verified"},
    lang.Prohibit: {**COMMON, "kind": "prohibit", "act": {"fact": "attack"}, "for": "72h"},
    lang.Start: {"within": "2h", "shown_by": SHOWN},
    lang.Achieve: {
        **COMMON,
        **DUE,
        "kind": "achieve",
        "state": {"fact": "position"},
        "shown_by": SHOWN,
        "start": {"within": "2h", "shown_by": SHOWN},
        "paired_with": {"clause": "it", "if_undetermined": "ask"},
    },
    lang.Maintain: {
        **COMMON,
        "kind": "maintain",
        "state": {"fact": "position"},
        "measure": {"fact": "strength"},
        "field": "count",
        "at_least": 1,
        "at_most": 9,
        "tolerance": "24h",
        "stale_after": "48h",
    },
    lang.Share: {"percent": 30, "of": {"fact": "base"}},
    lang.Ratio: {"ratio": 15, "per": {"fact": "release"}},
    lang.Tranche: {"at_least": 5, **DUE},
    lang.Tally: {
        **COMMON,
        **DUE,
        **COUNTED,
        "kind": "tally",
        "distinct": "code",
        "at_least": 1,
        "at_most": 9,
        "exactly": 5,
        "tranches": [{"at_least": 3}],
        "beside": {"offered": {"fact": "transfer"}},
    },
    lang.Quota: {
        **COMMON,
        **COUNTED,
        "kind": "quota",
        "at_least": 1,
        "at_most": 9,
        "every": "week",
        "week_starts": "monday",
        "cured_by": "it",
    },
    lang.Respond: {
        **COMMON,
        "kind": "respond",
        "to": {"fact": "allegation"},
        "with": {"fact": "inspection"},
        "within": "24h",
        "result_alone": True,
    },
    lang.Phase: {
        **COMMON,
        "kind": "phase",
        "opens": "stage-two",
        "when": CONDITION,
        "confirmed_by": SHOWN,
        "if_undetermined": "ask",
        "deadline": "signature",
    },
    lang.Power: {
        **COMMON,
        "kind": "power",
        "may": "suspend",
        "of": "it",
        "exercise": SHOWN,
        "if": CONDITION,
        "notice": "48h",
        "stops_clock": True,
        "burden": "accuser",
    },
    lang.Define: {
        **COMMON,
        "kind": "define",
        "list": "a-1",
        "base": 28,
        "coded": True,
        "zones": "valley",
        "date": "signature",
        "term": "a thing",
    },
    lang.Step: {"who": "north", "does": "it rules", "within": "24h", "binding": True},
    lang.Procedure: {**COMMON, "kind": "procedure", "steps": [{"who": "north", "does": "it rules"}]},
    lang.TextOf: {
        "title": "Protocol",
        "language": "en",
        "signed": "in March",
        "sha256": "0" * 64,
        "read_at": "a library",
        "note": "a remark",
    },
    lang.Party: {"name": "North", "capacity": "claimed", "forces": "army", "units": "brigade", "note": "a remark"},
    lang.Actor: {"role": "affiliate", "name": "Militia", "of": "south", "link": "disputed", "note": "a remark"},
    lang.NewKind: {"says": "a kite", "is": "attack", "nature": "state", "fields": {"cargo": "word"}},
    lang.ProofRule: {"origins": 3, "first_hand": "B3"},
    lang.Reading: {"options": {"a": "so", "b": "otherwise"}, "adopted": "a", "cite": "Decision 1"},
    lang.Renewal: {"first_ends": "signature", "every": "30d", "unless": {"fact": "notice"}, "notice": "5d"},
    lang.Event: {
        "gloss": "our words",
        "cite": "art. 9",
        "shown_by": SHOWN,
        "at": "signature",
        "planned": True,
        "per": "units",
        "renews": {"first_ends": "signature", "every": "30d", "unless": {"fact": "notice"}, "notice": "5d"},
    },
    lang.AmendmentHead: {
        "id": "decision",
        "cite": "Decision 1",
        "gloss": "our words",
        "adopted": "start of 2031-03-20",
        "effective": "start of 2031-03-21",
        "effect_on_past": "cured",
        "adopts": {"clock": "a"},
        "removes": "gone",
        "note": "a remark",
    },
    lang.Head: {
        "agreement": "valoria-2031",
        "title": "The Valoria Protocol",
        "time_zone": "Asia/Beirut",
        "in_force": "approval",
        "texts": {"protocol": {"title": "Protocol"}},
        "precedence": "the protocol",
        "corroborated_by": {"origins": 3, "first_hand": "B3"},
        "parties": {"north": {"name": "North"}},
        "actors": {"commission": {"role": "mechanism"}},
        "vocabulary": {"kite": {"says": "a kite"}},
        "note": "a remark",
    },
}
NEVER_SAID = {
    ("Head", "in_force"): "the agreement has it apart, in every reading",
    **{(kind.__name__, "kind"): "another kind is another class" for kind in SAMPLES if issubclass(kind, lang.Clause)},
}

MOMENTS = [
    phrases.Fixed(0),
    phrases.CivilDay(date(2031, 1, 1), end=True),
    phrases.Anchor("approval"),
    phrases.Offset(3_600_000_000, phrases.Anchor("approval")),
    phrases.Among(last=True, of=(phrases.Anchor("approval"), phrases.Anchor("signature"))),
    phrases.NextWeekday(0, 12, 30, phrases.Anchor("approval")),
]
LENGTHS = [
    phrases.Civil(days=14, months=0, first_day_counts=True),
    phrases.Civil(days=14, months=0, first_day_counts=False),
    phrases.Civil(days=14, months=0, first_day_counts=None),
]
PLACES = [phrases.SideOf("west", "agreed-line"), phrases.DistanceFrom(500, under=True, line="agreed-line")]


def every_field() -> list[tuple[type, str]]:
    """Return every field of every class of the language."""
    classes: list[Any] = [one for _, one in inspect.getmembers(lang, is_dataclass) if one.__module__ == lang.__name__]
    return [(one, field.name) for one in classes if one is not lang.Clause for field in fields(one)]


def sample(kind: type) -> Any:
    """Return a value of a language class in which every field says something."""
    written = SAMPLES[kind]
    return TypeAdapter(lang.Pattern if kind is lang.PatternBody else kind).validate_python(written)


def with_field(value: Any, name: str, new: Any) -> Any:
    """Return the value with another field; the classes themselves would read it as if from a file."""
    other = copy.copy(value)
    object.__setattr__(other, name, new)
    return other


def another(value: Any, options: tuple[Any, ...] = ()) -> Any:  # noqa: PLR0911  one case a type
    """Return a value of the same sort that says something else."""
    match value:
        case _ if value in options:
            return next(one for one in options if one != value)
        case bool():
            return not value
        case Enum():
            return next(one for one in type(value) if one not in (value, type(value)(0)))
        case int():
            return value + 1
        case str():
            return {"80%": "unstated", "Asia/Beirut": "Europe/Paris"}.get(value, f"{value}-2")
        case ((_, _), *_):
            return (*value, ("count", 5))
        case tuple():
            return (*value, another(value[0]))
        case dict():
            return {**value, "another": next(iter(value.values()))}
        case _ if isinstance(value, date):
            return value.replace(year=2032)
        case _:
            first = fields(value)[0].name
            return with_field(value, first, another(getattr(value, first), literals(type(value), first)))


def literals(kind: type, name: str) -> tuple[Any, ...]:
    """Return the words among which a field chooses, if it does."""
    hint = get_type_hints(kind).get(name)
    found = [hint, *get_args(hint)]
    return tuple(word for one in found if get_origin(one) is Literal for word in get_args(one))


def holding(value: Any) -> list[Any]:  # noqa: C901, PLR0911, PLR0912  one case a class
    """Return the parts of an agreement that hold a value: a clause, an event, an amendment or the head."""
    prohibit, tally = sample(lang.Prohibit), sample(lang.Tally)
    match value:
        case lang.AnyoneExcept():
            return [with_field(prohibit, "by", value)]
        case lang.Bound():
            return holding(with_field(sample(lang.PatternBody), "fields", (("calibre_mm", value),)))
        case lang.PatternBody():
            return [with_field(prohibit, "act", (value,)), with_field(sample(lang.Respond), "to", (value,))]
        case lang.Watched():
            return [with_field(prohibit, "watched", value)]
        case lang.Excuse():
            bare = with_field(value, "shown", None)
            return [with_field(prohibit, "excuse", (value,)), with_field(prohibit, "excuse", (bare,))]
        case lang.UnitsOf():
            return [with_field(prohibit, "each", {"unit": value})]
        case lang.DeclaredBy():
            return [with_field(sample(lang.Define), "list", value)]
        case lang.PairedWith() | lang.Start():
            return [
                with_field(sample(lang.Achieve), "start" if isinstance(value, lang.Start) else "paired_with", value)
            ]
        case lang.Share() | lang.Ratio():
            return [with_field(tally, "at_least", value)]
        case lang.Tranche():
            return [with_field(tally, "tranches", (value,))]
        case lang.Step():
            return [with_field(sample(lang.Procedure), "steps", (value,))]
        case lang.Renewal():
            return [with_field(sample(lang.Event), "renews", value)]
        case lang.TextOf() | lang.Party() | lang.Actor() | lang.NewKind():
            key = {lang.TextOf: "texts", lang.Party: "parties", lang.Actor: "actors", lang.NewKind: "vocabulary"}
            return [with_field(sample(lang.Head), key[type(value)], {"north": value})]
        case lang.ProofRule():
            return [with_field(sample(lang.Head), "corroborated_by", value)]
        case lang.Clause() | lang.Event() | lang.Reading() | lang.AmendmentHead() | lang.Head():
            return [value]
        case _:
            return [with_field(prohibit, "while_", value)]


def agreement_of(part: Any) -> Agreement:
    """Return an agreement of nothing but this part."""
    wording: Any = Variants((), {(): {"": part}})
    return Agreement(
        head=part if isinstance(part, lang.Head) else sample(lang.Head),
        readings={"clock": part} if isinstance(part, lang.Reading) else {},
        events={"approval": Variants((), {(): part})} if isinstance(part, lang.Event) else {},
        in_force=Variants((), {(): None}),
        clauses={part.id: ClauseHistory(part.id, (ClauseVersion(None, wording),))}
        if isinstance(part, lang.Clause)
        else {},
        amendments={part.id: part} if isinstance(part, lang.AmendmentHead) else {},
        atlas=ATLAS,
        vocabulary=BASE_VOCABULARY,
        digest="",
    )


def read(value: Any) -> list[tuple[Line, ...]]:
    return [read_back(agreement_of(part)) for part in holding(value)]


@pytest.mark.parametrize("kind", SAMPLES, ids=lambda kind: kind.__name__)
def test_a_sample_says_something_in_every_field(kind: type) -> None:
    value = sample(kind)

    silent = [one.name for one in fields(value) if getattr(value, one.name) in (None, (), {}, "")]

    assert silent == []


@pytest.mark.parametrize(("kind", "name"), every_field(), ids=lambda one: getattr(one, "__name__", one))
def test_a_key_that_changes_changes_what_is_read(kind: type, name: str) -> None:
    if (kind.__name__, name) in NEVER_SAID:
        return
    value = sample(kind)

    changed = with_field(value, name, another(getattr(value, name), literals(kind, name)))

    assert any(one != other for one, other in zip(read(value), read(changed), strict=True))


@pytest.mark.parametrize("when", MOMENTS, ids=lambda one: type(one).__name__)
def test_another_moment_reads_otherwise(when: Any) -> None:
    read_now = read(with_field(sample(lang.Prohibit), "after", when))

    for field in fields(when):
        other = with_field(when, field.name, another(getattr(when, field.name)))

        assert read(with_field(sample(lang.Prohibit), "after", other)) != read_now, field.name


@pytest.mark.parametrize("length", LENGTHS, ids=str)
def test_another_length_reads_otherwise(length: phrases.Civil) -> None:
    read_now = read(with_field(sample(lang.Respond), "within", length))

    others = [with_field(length, name, getattr(length, name) + 1) for name in ("days", "months")]
    others += [one for one in LENGTHS if one != length]

    assert all(read(with_field(sample(lang.Respond), "within", other)) != read_now for other in others)


@pytest.mark.parametrize("where", PLACES, ids=str)
def test_another_place_reads_otherwise(where: Any) -> None:
    key = "side" if isinstance(where, phrases.SideOf) else "distance"
    read_now = read(with_field(sample(lang.PatternBody), key, where))

    for field in fields(where):
        other = with_field(where, field.name, another(getattr(where, field.name)))

        assert read(with_field(sample(lang.PatternBody), key, other)) != read_now, field.name


def test_evidence_of_the_kind_of_the_state_is_told_as_that_state_itself() -> None:
    shown = "shown_by: {fact: position}"
    said = sentences(f"kind: achieve, by: north, after: approval, state: {{fact: position, in: valley}}, {shown}")

    assert any("that state itself" in one for one in said)


# ---- it reads well ------------------------------------------------------------------------------------------


def test_a_prohibition_says_who_what_where_and_from_when() -> None:
    said = sentences("kind: prohibit, by: [north, south], after: approval, act: {fact: attack, in: valley}, for: 72h")

    assert said == (
        "North and south, each for itself, are not to carry out an attack in the Valley.",
        "This binds from 'approval' on.",
        "This binds until 72 hours after 'approval', that instant included.",
    )


def test_everybody_but_some_is_told_as_no_one_except() -> None:
    said = sentences("kind: prohibit, by: {anyone_except: [commission]}, act: {fact: armed-presence, in: valley}")

    assert said == ("No one except the Commission is to have armed people or positions in the Valley.",)


def test_who_is_bound_is_said_to_be_unstated() -> None:
    said = sentences("kind: prohibit, act: {fact: attack}")

    assert said == ("Whoever is bound (the text does not say who) is not to carry out an attack.",)


def test_a_state_is_shown_by_evidence_strongest_first() -> None:
    said = sentences(
        "kind: achieve, by: north, after: approval, within: 24h, state: {fact: position, side: west of agreed-line}, "
        "shown_by: [{fact: position, stale_after: 6h}, {fact: declaration, by: guarantor}]"
    )

    assert said == (
        "North is to have its units west of the Agreed Line.",
        (
            "This is shown by any of these, the strongest first: (1) a record of that state itself, no more than 6 "
            "hours old at the deadline; or (2) a declaration by guarantor that names this clause."
        ),
        "This is due no later than 24 hours after 'approval'.",
        "This binds from 'approval' on.",
    )


@pytest.mark.parametrize(
    ("within", "words"),
    [
        ("4d", "4 days of 24 hours after 'approval'"),
        ("3d", "72 hours after 'approval'"),
        ("{days: 14, first_day: excluded}", "the end of the 14th civil day after the day of 'approval'"),
        ("{days: 2, first_day: counts}", "the end of the 2nd civil day, the day of 'approval' being the first"),
        (
            "{days: 11}",
            (
                "the end of the 11th civil day from 'approval'; the text does not say whether the day of 'approval' "
                "itself counts"
            ),
        ),
        ("{months: 1}", "the end of the civil day 1 month after 'approval'"),
    ],
)
def test_a_deadline_says_how_its_days_are_counted(within: str, words: str) -> None:
    said = sentences(f"kind: achieve, by: north, after: approval, shown_by: {{fact: declaration}}, within: {within}")

    assert f"This is due no later than {words}." in said


@pytest.mark.parametrize(
    ("deadline", "words"),
    [
        ("2031-01-26T04:00:30+02:00", "04:00:30 on 26 January 2031 (UTC+02:00)"),
        ("end of 2031-12-31", "the end of 31 December 2031"),
        ("48h before signature", "48 hours before 'signature'"),
        ("{last_of: [approval, signature]}", "the last of these: 'approval' and 'signature'"),
        ('{next: monday, at: "12:00", after: approval}', "the first 12:00 on a Monday at or after 'approval'"),
    ],
)
def test_a_moment_is_told_in_words(deadline: str, words: str) -> None:
    said = sentences(f"kind: achieve, by: north, shown_by: {{fact: declaration}}, deadline: {deadline}")

    assert f"This is due no later than {words}." in said


def test_only_what_differs_is_told_once_for_each_reading() -> None:
    said = sentences(
        "kind: achieve, by: north, shown_by: {fact: declaration}, "
        "deadline: {reading: clock, a: approval, b: signature}"
    )

    assert said[0] == "North is to bring about what is shown as follows."
    assert said[2:] == (
        "Under reading clock: a \N{EM DASH} This is due no later than 'approval'.",
        "Under reading clock: b \N{EM DASH} This is due no later than 'signature'.",
    )


def test_what_one_reading_adds_stands_where_it_belongs() -> None:
    said = sentences(
        "kind: tally, by: south, after: approval, within: unstated, count: {fact: release}, "
        "at_least: {reading: clock, a: 20, b: null}, exactly: {reading: clock, a: null, b: 20}"
    )

    assert [one.partition(" \N{EM DASH} ")[0] for one in said[:2]] == [
        "Under reading clock: b",
        "Under reading clock: a",
    ]
    assert said[2].startswith("Counted is")


def test_what_differs_for_each_party_bound_is_told_for_each() -> None:
    said = sentences(
        "kind: achieve, by: [north, south], after: approval, within: 24h, "
        "state: {fact: position, in: {obligor: {north: valley, south: hills}}}, "
        "note: {obligor: {north: up, south: down}}"
    )

    assert said == (
        "North is to have its units in the Valley.",
        "South is to have its units in hills.",
        "This is due no later than 24 hours after 'approval'.",
        "This binds from 'approval' on.",
        "For North \N{EM DASH} Note: up.",
        "For south \N{EM DASH} Note: down.",
    )


def test_a_plea_is_told_with_its_judge_and_its_burden() -> None:
    said = sentences(
        "kind: prohibit, by: north, act: {fact: attack}, excuse: {plea: self-defence, cite: art. 4, judged_by: case}"
    )

    assert said[1:] == (
        "Excuse (art. 4): the plea of 'self-defence', which is printed beside the verdict.",
        "It excuses only once established by a case at the level corroborated.",
        "Whoever pleads it must establish it; a merely possible one does not excuse.",
    )


def test_several_excuses_are_numbered() -> None:
    said = sentences(
        "kind: prohibit, by: north, act: {fact: attack}, excuse: [{plea: a}, {shown: {fact: notice}, within: 48h}]"
    )

    assert said[1].startswith("Excuse 1: the plea of 'a'")
    assert said[4] == "Excuse 2: a notice by anyone that names the act or this clause, no more than 48 hours before."


def test_a_gloss_is_marked_as_not_the_text() -> None:
    line = told(
        "clauses: [{id: it, cite: art. 1, gloss: no attacks., kind: prohibit, by: north, act: {fact: attack}}]"
    )["it"]

    assert line.gloss == "No attacks (our paraphrase, not the text)."


def test_a_text_is_told_word_by_word() -> None:
    said = sentences(
        "kind: prohibit, by: north, text_only: not observable, text: {en: The sides respect each other.}"
    )

    assert said == (
        "North is not to do what the text rules out.",
        'The text itself (en): "The sides respect each other."',
    )


def test_a_decision_says_what_it_changes_when_and_for_the_past() -> None:
    lines = told(
        "clauses: [{id: it, cite: art. 1, gloss: g, kind: achieve, by: north, after: approval, within: 24h,"
        " shown_by: {fact: declaration}}, {id: gone, cite: art. 2, gloss: g, kind: define, term: t}]\n"
        "amendments: [{id: later, cite: Decision 1, gloss: more time, adopted: start of 2031-01-02,"
        " effective: end of 2031-01-02, effect_on_past: preserved, adopts: {clock: b}, removes: gone,"
        " clauses: [{id: it, within: 30h},"
        " {id: new, cite: D1, gloss: g, kind: define, term: t}]}]"
    )

    assert lines["later"].sentences == (
        "This decision was adopted at the start of 2 January 2031 and takes effect at the end of 2 January 2031.",
        "What happened before then is judged as the text stood.",
        "It adopts reading clock: b.",
        "In clause 'it' this is no longer said: \"This is due no later than 24 hours after 'approval'.\"",
        "In clause 'it' this is said instead: \"This is due no later than 30 hours after 'approval'.\"",
        "It removes clause 'gone'.",
        "It adds clause 'new', which stands above.",
    )
    assert lines["it"].sentences[0] == "Changed by 'later' with effect from the end of 2 January 2031."
    assert lines["gone"].sentences[0] == "Removed by 'later' with effect from the end of 2 January 2031."
    assert lines["new"].sentences[0] == "Added by 'later' with effect from the end of 2 January 2031."


@pytest.mark.parametrize("key", ["cite: art. 2", "gloss: other", "partly: a part", "text_only: nothing", "note: n"])
def test_a_decision_that_changes_any_key_says_so(key: str) -> None:
    lines = told(
        "clauses: [{id: it, cite: art. 1, gloss: g, kind: prohibit, by: north, act: {fact: attack}}]\n"
        "amendments: [{id: later, cite: D, gloss: g, adopted: start of 2031-01-02, effective: start of 2031-01-02,"
        f" effect_on_past: cured, clauses: [{{id: it, {key}}}]}}]"
    )

    assert "without a change" not in " ".join(lines["later"].sentences)
    assert key.partition(": ")[2].casefold() in " ".join(lines["later"].sentences).casefold()


def test_a_clause_says_how_far_it_can_be_computed_and_why_not() -> None:
    line = told("clauses: [{id: it, cite: art. 1, gloss: g, kind: prohibit, act: {fact: attack}}]")["it"]

    assert line.sort is Sort.PARTLY
    assert str(line).endswith("Computable only in part: the text does not say who is bound.")


def test_a_line_prints_as_its_module_shows() -> None:
    lines = told(
        "clauses: [{id: withdraw, cite: 'Protocol, art. 2', "
        "gloss: North's units leave the agreed area within 24 hours, "
        "kind: achieve, by: north, after: approval, within: 24h, state: {fact: position, side: west of agreed-line}}]"
    )
    printed = str(lines["withdraw"]).replace(f"{lines['withdraw'].number}. ", "14. ", 1)

    example = inspect.getdoc(plain) or ""

    assert [line.strip() for line in printed.splitlines()] == [
        line.strip() for line in example[example.index("14. ") :].splitlines()
    ]


def test_lines_are_numbered_from_one_without_a_gap() -> None:
    lines = told("clauses: [{id: it, cite: art. 1, gloss: g, kind: prohibit, act: {fact: attack}}]").values()

    assert [line.number for line in lines] == list(range(1, len(lines) + 1))


def test_every_sentence_begins_with_a_capital_or_a_quoted_name_and_ends() -> None:
    lines = told("clauses: [{id: it, cite: art. 1, gloss: g, kind: prohibit, act: {fact: attack}}]").values()

    for said in (one for line in lines for one in line.sentences):
        assert said[0].isupper() or said[0] == "'", said
        assert said.endswith((".", '."')), said
