"""The JSON Schema of `agreement.yaml`, for editors, made from the language classes so that it cannot fall behind.

The classes see a clause after its choices are made and its short forms spelt out; a file may write more. So here
every value inside a clause, an event or `in_force` may also be `{reading: <name>, <option>: ...}` or
`{obligor: {<party>: ...}}`, a single name or pattern may stand for a list of one, a pattern takes the fields of its
kind of fact beside its own keys, and an amendment's clause gives only the keys that change.

The schema is wider than the loader: that a name is declared, that a field belongs to a kind, that a clause is
complete, only `truce check` can say.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias, get_args

from pydantic import BeforeValidator, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from trucekeeper.agreement import language as lang
from trucekeeper.agreement.phrases import MOST_DAYS, MOST_MONTHS, NAME, WEEKDAYS
from trucekeeper.terms import Proof

if TYPE_CHECKING:
    from pydantic_core import core_schema

Schema: TypeAlias = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_SHORT_LIST = next(one.func for one in get_args(lang.Names) if isinstance(one, BeforeValidator))
_NAME = {"type": "string", "pattern": f"^{NAME}$", "maxLength": 80}
_LENGTH = r"\d{1,9}\s*[smhdw]"
_DATE, _CLOCK = r"\d{4}-\d\d-\d\d", r"\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)"
_NAMED = rf"(?!unstated$|\d{{4}}-\d\d){NAME}"
_MOMENT = rf"^({_LENGTH} (before|after) )*((start|end) of {_DATE}|{_DATE}[T ]{_CLOCK}|{_NAMED})$"


def json_schema() -> Schema:
    """Return the JSON Schema (draft 2020-12) of `agreement.yaml`."""
    words = _Words()
    head = words.closed(lang.Head)
    properties = {
        **head["properties"],
        "in_force": words.open({"$ref": words.moment()}),
        "readings": _by_name(_reading()),
        "events": _by_name(words.open(words.opened(lang.Event))),
        "clauses": {"type": "array", "minItems": 1, "items": words.opened(lang.AnyClause)},
        "amendments": {"type": "array", "items": words.amendment()},
    }
    return {
        "$schema": DIALECT,
        "title": "An agreement as Trucekeeper reads it",
        "type": "object",
        "properties": properties,
        "required": [*head["required"], "clauses"],
        "additionalProperties": False,
        "$defs": words.definitions,
    }


def _by_name(inner: Schema) -> Schema:
    return {"type": "object", "propertyNames": _NAME, "additionalProperties": inner}


def _reading() -> Schema:
    """Return a reading: each option by its name, in a sentence, and which of them was adopted."""
    return {
        "type": "object",
        "properties": {
            "adopted": {**_NAME, "description": "the option that a decision adopted, or none"},
            "cite": {"type": "string", "minLength": 1},
        },
        "required": ["adopted"],
        "minProperties": 3,
        "propertyNames": _NAME,
        "additionalProperties": {"type": "string", "minLength": 1},
    }


@dataclass
class _Words:
    """The definitions found so far, by name; the same value has one definition wherever it stands."""

    definitions: dict[str, Schema] = field(default_factory=dict)
    choices: dict[str, str] = field(default_factory=dict)

    def closed(self, kind: Any) -> Schema:  # noqa: ANN401  a class or an Annotated type
        """Return the schema of a class in which nothing depends on a reading."""
        schema = _generated(kind)
        for name, inner in schema.pop("$defs", {}).items():
            self.definitions.setdefault(name, self._tidied(inner, choices=False))
        return self._tidied(schema, choices=False)

    def opened(self, kind: Any) -> Schema:  # noqa: ANN401  a class or an Annotated type
        """Return the schema of a class in which every value may depend on a reading or on who is bound."""
        schema = _generated(kind)
        for name, inner in schema.pop("$defs", {}).items():
            if name not in self.definitions:
                self.definitions[name] = {}
                self.definitions[name] = self._tidied(inner, choices=True)
        return self._tidied(schema, choices=True)

    def open(self, schema: Schema) -> Schema:
        """Return a schema of this value, or of one for each option of a reading, or for each party bound."""
        default = {"default": schema["default"]} if "default" in schema else {}
        value = {key: inner for key, inner in schema.items() if key != "default"}
        text = json.dumps(value, sort_keys=True)
        if text not in self.choices:
            self.choices[text] = f"#/$defs/or-choice-{len(self.choices)}"
            self.definitions[self.choices[text].removeprefix("#/$defs/")] = _with_choices(value, self.choices[text])
        return {"$ref": self.choices[text], **default}

    def moment(self) -> str:
        """Return the reference of a moment: a name, a time with its offset, a phrase, or a choice among moments."""
        if "moment" not in self.definitions:
            self.definitions["moment"] = {}
            inner = self.open({"$ref": "#/$defs/moment"})
            several = {"type": "array", "minItems": 1, "items": inner}
            weekday = {
                "next": self.open({"enum": list(WEEKDAYS)}),
                "at": self.open({"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d$"}),
                "after": inner,
            }
            phrases = [{"first_of": several}, {"last_of": several}, weekday]
            text = {"type": "string", "pattern": _MOMENT}
            self.definitions["moment"] = {"anyOf": [text, *(_exactly(phrase) for phrase in phrases)]}
        return "#/$defs/moment"

    def length(self) -> str:
        """Return the reference of a length: exact, in civil days or months, or unstated."""
        if "length" not in self.definitions:
            first = self.open({"enum": ["counts", "excluded", "unstated"]})
            text = {"type": "string", "pattern": f"^({_LENGTH}|unstated)$"}
            civil = [
                _exactly({unit: self.open(_count(most)), "first_day": first}, needs=(unit,))
                for unit, most in (("days", MOST_DAYS), ("months", MOST_MONTHS))
            ]
            self.definitions["length"] = {"anyOf": [text, *civil]}
        return "#/$defs/length"

    def amendment(self) -> Schema:
        """Return the schema of a later decision, whose clauses give an id and what changes; null takes a key away."""
        head = self.closed(lang.AmendmentHead)
        kinds = [
            self.definitions[inner["$ref"].removeprefix("#/$defs/")] for inner in _generated(lang.AnyClause)["oneOf"]
        ]
        keys: dict[str, list[Schema]] = {}
        for name, value in ((name, value) for kind in kinds for name, value in kind["properties"].items()):
            bare = {key: inner for key, inner in value.items() if key != "default"}
            if bare not in keys.setdefault(name, []):
                keys[name].append(bare)
        changes = {name: {"anyOf": [*values, {"type": "null"}]} for name, values in keys.items()}
        clause = _exactly({**changes, "id": _NAME, "kind": {"enum": list(lang.KINDS)}}, needs=("id",))
        return {**head, "properties": {**head["properties"], "clauses": {"type": "array", "items": clause}}}

    def _tidied(self, schema: Schema, *, choices: bool) -> Schema:
        """Return a generated schema without noise, our phrases spelt out, its values open to choices if asked."""
        if (title := schema.get("title")) in _PHRASES:
            return {"$ref": self.moment() if title == "Moment" else self.length()}
        within = {key: value for key, value in _never_empty(_with_fields(schema)).items() if key not in _NOISE}
        for key in ("anyOf", "oneOf", "prefixItems"):
            if key in within:
                within[key] = [self._tidied(one, choices=choices) for one in within[key]]
        for key in ("items", "additionalProperties"):
            if isinstance(within.get(key), dict):
                within[key] = self._value(within[key], choices=choices)
        for key in ("properties", "patternProperties"):
            if key in within:
                within[key] = {
                    name: self._value(one, choices=choices, name=name) for name, one in within[key].items()
                }
        return within

    def _value(self, schema: Schema, *, choices: bool, name: str = "") -> Schema:
        tidied = self._tidied(schema, choices=choices)
        return self.open(tidied) if choices and name not in _NEVER_A_CHOICE else tidied


_NOISE = ("title", "discriminator")
_PHRASES = ("Moment", "Length, exact or civil")
_NEVER_A_CHOICE = ("id", "kind")
"""What a clause is called and is: the loader and this schema need both before any choice is made."""


def _generated(kind: Any) -> Schema:  # noqa: ANN401  a class or an Annotated type
    return TypeAdapter(kind).json_schema(schema_generator=_Generator)


def _count(most: int) -> Schema:
    return {"type": "integer", "minimum": 1, "maximum": most}


def _exactly(properties: Schema, *, needs: tuple[str, ...] | None = None) -> Schema:
    required = list(properties) if needs is None else list(needs)
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _with_choices(value: Schema, itself: str) -> Schema:
    """Return a value or a choice between such values; a choice may hold another."""
    inner = {"$ref": itself}
    by_reading = {
        "type": "object",
        "properties": {"reading": _NAME},
        "required": ["reading"],
        "minProperties": 3,
        "additionalProperties": inner,
    }
    by_party = _exactly({"obligor": {"type": "object", "minProperties": 1, "additionalProperties": inner}})
    return {"anyOf": [value, by_reading, by_party]}


def _with_fields(schema: Schema) -> Schema:
    """Return the schema of a pattern with the fields of its kind of fact beside its own keys; any other unchanged."""
    properties = schema.get("properties", {})
    if not {"fact", "fields"}.issubset(properties):
        return schema
    own = {name: value for name, value in properties.items() if name != "fields"}
    return {**schema, "properties": own, "additionalProperties": properties["fields"]["items"]["prefixItems"][1]}


def _never_empty(schema: Schema) -> Schema:
    """Return the schema with its least length, which pydantic writes beside the short form, at the list's own."""
    if "minLength" not in schema or "anyOf" not in schema:
        return schema
    lists = [
        {**one, "minItems": schema["minLength"]} if one.get("type") == "array" else one for one in schema["anyOf"]
    ]
    return {key: value for key, value in schema.items() if key != "minLength"} | {"anyOf": lists}


class _Generator(GenerateJsonSchema):
    """Writes what a file may say: one name or pattern for a list of one, and a level of proof as a word."""

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> Schema:
        """Return the schema of what a validator of ours makes a list of, if it is not one."""
        inner = super().function_before_schema(schema)
        function: Any = schema["function"]["function"]
        return {"anyOf": [inner["items"], inner]} if function is _SHORT_LIST else inner

    def encode_default(self, dft: Any) -> Any:  # noqa: ANN401  pydantic's own signature
        return dft.word if isinstance(dft, Proof) else super().encode_default(dft)
