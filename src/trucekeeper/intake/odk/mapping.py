"""Mapping: which question of a form says what. Ours and others' are written in one language, that of a mapping file.

    form: clinic-log            # the form's id; several forms: `forms: {ID: {...}, ID: {...}}`
    kind: what_happened         # the question whose answer is the source's word for the kind
    when: seen_at               # a time, or a day
    where: spot                 # a point of the map
    text: story
    consent: {record: agreed, share: may_share}
    protected: [headman]        # never kept, besides what never is
    owner: guarantor            # whose the reports are; if left out, of the delegation that enters them
    shared_with: [north, south] # to whom they may be released where consent to share was given

A question is named by its path (`group/question`) or by its last part. What begins with `=` is meant itself, as in
`kind: =shelling`. A form makes one report for each submission; or several things, listed under `makes`, each with
the keys of `MAKES`. The keys of `POLICY` may stand beside `forms`, for all.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, TypeAlias

from trucekeeper.agreement.yaml_text import read_yaml
from trucekeeper.terms import Fault, Refused
from trucekeeper.terms.faults import suggestion

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trucekeeper.intake.setting import Setting

Value: TypeAlias = "str | tuple[str, ...] | Mapping[str, str]"

QUESTIONS = frozenset(
    {
        *(
            "kind",
            "kind_else",
            "by",
            "against",
            "involves",
            "when",
            "from",
            "until",
            "within_minutes",
            "where",
            "zone",
        ),
        *("text", "language", "first_hand", "chain", "grade", "learned", "seen_from", "bearing", "bearing_within"),
        *("range_least", "range_most"),
    }
)
"""Keys that name one question, or a constant."""
SEVERAL = frozenset({"fields", "numbers", "lists", "flags"})
"""Keys whose value says for each field of a fact the question that answers it."""
MAKES = QUESTIONS | SEVERAL | {"row", "each", "name", "only_if", "adds_to", "photos"}
"""What one thing that a form makes may say."""
POLICY = frozenset({"owner", "shared_with", "actors", "not_known"})
"""What may be said for all forms at once."""
FORM = frozenset({"consent", "protection", "protected"}) | POLICY
CONSENT = ("record", "share", "publish")
YES = frozenset({"yes", "true", "1", "y"})


@dataclass(frozen=True, slots=True)
class Make:
    """One thing that a form makes: a report, or as a `row` a fact of that kind; of `each` group filled, one.

    `name` tells it from the others of the same submission. It is made only if the question `only_if` is answered.
    """

    questions: Mapping[str, str] = field(default_factory=dict)
    several: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    row: str = ""
    each: str = ""
    name: str = ""
    only_if: str = ""
    adds_to: str | None = None
    photos: tuple[str, ...] = ()

    def asked(self) -> tuple[str, ...]:
        """Return every question that it names."""
        named = [*self.questions.values(), *(one for several in self.several.values() for one in several.values())]
        return tuple(one for one in (*named, self.only_if) if one and not one.startswith("="))


@dataclass(frozen=True, slots=True)
class Form:
    """What a form makes, and to whom that may be shown."""

    makes: tuple[Make, ...]
    consent: Mapping[str, str] = field(default_factory=dict)
    protection: str = ""
    protected: frozenset[str] = frozenset()
    owner: str = ""
    shared_with: tuple[str, ...] = ()
    actors: Mapping[str, str] = field(default_factory=dict)
    not_known: frozenset[str] = frozenset()
    """Answers that say that nobody knows, and so nothing."""


def mappings(setting: Setting) -> Mapping[str, Form]:
    """Return the mappings in force by form: ours, and those of the mapping file. Raises Refused."""
    options = setting.own()
    policy = {key: options.pop(key) for key in POLICY & set(options)}
    forms = options.pop("forms", None)
    if forms is None and options:
        named = options.pop("form", "")
        if not isinstance(named, str) or not named:
            raise Refused(
                [_fault("it does not say which form it is for", "add 'form: ID', or list forms under 'forms:'")]
            )
        forms = {named: options}
    elif options:
        raise Refused(
            [_fault(f"beside 'forms' stands {', '.join(sorted(options))}", f"known: {', '.join(sorted(POLICY))}")]
        )
    theirs = forms if isinstance(forms, dict) else {}
    said = {**ours(), **theirs}
    return {name: _form(name, {**policy, **_pairs(one, name)}) for name, one in said.items()}


@cache
def ours() -> Mapping[str, Mapping[str, object]]:
    """Return what our own forms make, as `forms/mappings.yaml` says."""
    text = files("trucekeeper.intake.odk").joinpath("forms/mappings.yaml").read_text(encoding="utf-8")
    return dict(read_yaml(text, "mappings.yaml").data)


def _form(name: str, said: Mapping[str, object]) -> Form:
    makes = said.get("makes")
    shared = {key: value for key, value in said.items() if key in FORM}
    rest = {key: value for key, value in said.items() if key not in FORM and key != "makes"}
    if makes is not None and rest:
        raise Refused([_fault(f"{name}: beside 'makes' stands {', '.join(sorted(rest))}", "put it into one of them")])
    listed = makes if isinstance(makes, list) else [rest]
    return Form(
        makes=tuple(_make(name, _pairs(one, name)) for one in listed),
        consent=_consent(name, shared.get("consent", {})),
        protection=_text(name, shared.get("protection", "")),
        protected=frozenset(_texts(name, shared.get("protected", []))),
        owner=_text(name, shared.get("owner", "")),
        shared_with=_texts(name, shared.get("shared_with", [])),
        actors={key: _text(name, one) for key, one in _pairs(shared.get("actors", {}), name).items()},
        not_known=frozenset(_texts(name, shared.get("not_known", ["not_known"]))),
    )


def _make(name: str, said: Mapping[str, object]) -> Make:
    for key in said:
        if key not in MAKES:
            raise Refused([_fault(f"{name}: '{key}' is nothing that a form can say", suggestion(key, MAKES | FORM))])
    return Make(
        questions={key: _text(name, said[key]) for key in sorted(QUESTIONS & set(said))},
        several={
            key: {role: _text(name, one) for role, one in _pairs(said[key], name).items()}
            for key in sorted(SEVERAL & set(said))
        },
        adds_to=_text(name, said["adds_to"]) if "adds_to" in said else None,
        photos=_texts(name, said.get("photos", [])),
        **{key: _text(name, said[key]) for key in ("row", "each", "name", "only_if") if key in said},
    )


def _consent(name: str, said: object) -> Mapping[str, str]:
    pairs = _pairs(said, name)
    for key in pairs:
        if key not in CONSENT:
            raise Refused([_fault(f"{name}: '{key}' is no use to which one consents", suggestion(key, CONSENT))])
    return {key: _text(name, one) for key, one in pairs.items()}


def _pairs(said: object, name: str) -> Mapping[str, object]:
    if not isinstance(said, dict):
        raise Refused([_fault(f"{name}: {str(said)[:60]!r} should be 'name: value' pairs", "see handbook/forms.md")])
    return said


def _text(name: str, said: object) -> str:
    if not isinstance(said, str):
        raise Refused([_fault(f"{name}: {str(said)[:60]!r} should be the name of one question", "put it in quotes")])
    return said


def _texts(name: str, said: object) -> tuple[str, ...]:
    if not isinstance(said, list):
        raise Refused([_fault(f"{name}: {str(said)[:60]!r} should be a list", "write it as [one, another]")])
    return tuple(_text(name, one) for one in said)


def _fault(what: str, remedy: str) -> Fault:
    return Fault("the mapping file", 0, 0, what, remedy)
