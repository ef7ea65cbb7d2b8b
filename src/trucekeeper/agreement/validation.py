"""Plain values into language classes; what does not fit becomes sentences that name the key and say what to write.

Pydantic says only whether a value fits. Why not is worked out here, by walking the class and the value together: of
several alternatives the one is explained that the value is most like, so that one slip is one fault.
"""

from __future__ import annotations

import dataclasses
import types
from dataclasses import dataclass
from functools import cache
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Literal,
    TypeAlias,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from pydantic import BeforeValidator, PlainValidator, StringConstraints, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from trucekeeper.agreement import language as lang
from trucekeeper.agreement.phrases import NAME, UNSTATED, PhraseError
from trucekeeper.agreement.rows import shown
from trucekeeper.terms.faults import Fault, suggestion

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from trucekeeper.agreement.choices import Sourced
    from trucekeeper.agreement.yaml_text import Located, Path

Finding: TypeAlias = "tuple[Path, str, str]"

_A_NAME = "use letters, digits, '-', '_' and '.' only, a letter or a digit first"
_PATTERNS = {
    f"^{NAME}$": ("a name", _A_NAME),
    r"^\d{1,3}%$": ("a percentage", "write it as 80%"),
    "^[0-9a-f]{64}$": ("a SHA-256", "write its 64 digits, 0 to 9 and a to f"),
}

_GATHER_FIELDS = next(one.func for one in get_args(lang.Pattern) if isinstance(one, BeforeValidator))

_ENTRIES = {"clauses": "this clause", "amendments": "this amendment"}


@cache
def adapter(kind: Any) -> TypeAdapter[Any]:
    """Return the validator of a language class."""
    return TypeAdapter(kind)


def validated(kind: Any, source: Sourced, located: Located, faults: list[Fault]) -> Any:
    """Return the value as a language class; None, with its faults added, if it is not one."""
    try:
        return adapter(kind).validate_python(source.data)
    except ValidationError:
        spot = _Spot.at(source.origin(()))
        found = [*_explain(kind, source.data, spot)] or [((), f"{spot.name} cannot be read", "compare the handbook")]
        faults += [located.fault(source.origin(path), what, remedy) for path, what, remedy in found]
        return None


def said(value: Any) -> str:
    """Return a refused YAML value as a person would write it, cut to fit on a line."""
    if value is None:
        return "empty"
    return "a mapping" if isinstance(value, dict) else shown(value)


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where in a value we are: its path, and the name by which faults call what stands there."""

    path: Path
    name: str

    @staticmethod
    def at(origin: Path) -> _Spot:
        """Return the root of a value that stands at this path of the file."""
        words = [step for step in origin if isinstance(step, str)] or ["the head"]
        if origin and origin[-1] != words[-1]:
            return _Spot((), _ENTRIES.get(words[-1], f"an entry of {shown(words[-1])}"))
        return _Spot((), shown(words[-1]) if origin else words[-1])

    def key(self, key: str) -> _Spot:
        return _Spot((*self.path, key), shown(key))

    def entry(self, index: int) -> _Spot:
        name = self.name if self.name.startswith("an entry") else f"an entry of {self.name}"
        return _Spot((*self.path, index), name)

    def wants(self, value: Any, wanted: str, remedy: str) -> Finding:
        """Return the finding that another sort of thing is wanted here."""
        return self.path, f"{self.name} is {said(value)}, where {wanted} is wanted", remedy


# ---- one kind of value after another -----------------------------------------------------------------------------


def _explain(kind: Any, value: Any, spot: _Spot) -> Iterator[Finding]:
    """Yield what is wrong with a value that is to be of this kind; nothing if it is one."""
    if _fits(kind, value):
        return
    base, meta = _parts(kind)
    phrase = next((one.func for one in meta if isinstance(one, PlainValidator)), None)
    first = next((one.func for one in meta if isinstance(one, BeforeValidator)), None)
    if value is None:
        yield spot.path, f"{spot.name} is empty", "write its value, or leave it out"
    elif phrase is not None:
        yield _of_phrase(phrase, value, spot)
    elif first is _GATHER_FIELDS:
        yield from _of_pattern(value, spot)
    elif first is not None:
        yield from _of_one_or_several(base, value, spot)
    elif any(isinstance(one, FieldInfo) and one.discriminator for one in meta):
        yield from _of_clause(base, value, spot)
    elif base in _SCALARS:
        yield _SCALARS[base](meta, value, spot)
    else:
        yield from _of_parts(base, value, spot)


def _of_parts(base: Any, value: Any, spot: _Spot) -> Iterator[Finding]:
    """Yield what is wrong with a value of which the parts have kinds of their own."""
    if dataclasses.is_dataclass(base):
        yield from _of_class(base, value, spot)
    elif get_origin(base) is Literal:
        yield spot.path, f"{spot.name} cannot be {said(value)}", _choose(get_args(base), value)
    elif get_origin(base) is dict:
        yield from _of_named(get_args(base), value, spot)
    elif get_origin(base) is tuple:
        yield from _of_list(get_args(base)[0], value, spot)
    else:
        yield from _of_union(_alternatives(base), value, spot)


def _fits(kind: Any, value: Any) -> bool:
    try:
        adapter(kind).validate_python(value)
    except ValidationError:
        return False
    return True


def _parts(kind: Any) -> tuple[Any, tuple[Any, ...]]:
    """Return a kind without what `Annotated` says of it, and that."""
    if get_origin(kind) is Annotated:
        base, *meta = get_args(kind)
        return base, tuple(meta)
    return kind, ()


def _alternatives(kind: Any) -> list[Any]:
    """Return the alternatives of a union, those of unions in it among them."""
    if get_origin(kind) in (Union, types.UnionType):
        return [one for part in get_args(kind) for one in _alternatives(part)]
    return [kind]


def _of_phrase(read: Callable[..., Any], value: Any, spot: _Spot) -> Finding:
    try:
        read(value)
    except PhraseError as error:
        return spot.path, f"{spot.name}: {error.what}", error.remedy
    except ValueError as error:
        return spot.path, f"{spot.name} cannot be {said(value)}", str(error)
    raise RuntimeError("bug: a phrase was refused, then read")


def _of_text(meta: Sequence[Any], value: Any, spot: _Spot) -> Finding:
    limits = next((one for one in meta if isinstance(one, StringConstraints)), StringConstraints())
    wanted, remedy = _PATTERNS.get(str(limits.pattern), ("a text", ""))
    if isinstance(value, bool | int):
        return spot.wants(value, wanted, f'put it in quotes: "{said(value)}"')
    if not isinstance(value, str):
        return spot.wants(value, wanted, "write one" + (" text" if wanted == "a text" else ""))
    if not value:
        return spot.path, f"{spot.name} is an empty text", "write it, or leave the key out"
    if limits.max_length is not None and len(value) > limits.max_length:
        what = f"{spot.name} has {len(value):,} characters, over the {limits.max_length:,} that are read"
        return spot.path, what, "shorten it"
    return spot.path, f"{spot.name}: {said(value)} is not {wanted}", remedy


def _of_number(meta: Sequence[Any], value: Any, spot: _Spot) -> Finding:
    limits = [limit for one in meta if isinstance(one, FieldInfo) for limit in one.metadata]
    least = next((limit.ge for limit in limits if hasattr(limit, "ge")), None)
    most = next((limit.le for limit in limits if hasattr(limit, "le")), None)
    if isinstance(value, bool) or not isinstance(value, int):
        return spot.wants(value, "a whole number", "write it as 12, without a point, a unit or quotes")
    between = f"a whole number of at least {least}" if most is None else f"a whole number from {least} to {most}"
    return spot.path, f"{spot.name} cannot be {value}", f"write {between}"


def _of_flag(_: Sequence[Any], value: Any, spot: _Spot) -> Finding:
    return spot.wants(value, "true or false", "write true or false, without quotes")


_SCALARS = {str: _of_text, int: _of_number, bool: _of_flag}


def _of_one_or_several(base: Any, value: Any, spot: _Spot) -> Iterator[Finding]:
    """Yield what is wrong with a value that may stand for a list of one."""
    one = get_args(base)[0]
    if not isinstance(value, list):
        yield from _explain(one, value, spot)
    elif not value:
        yield spot.path, f"{spot.name} is an empty list", "write one or more, or leave the key out"
    else:
        yield from _of_list(one, value, spot)


def _of_list(kind: Any, value: Any, spot: _Spot) -> Iterator[Finding]:
    if not isinstance(value, list):
        yield spot.wants(value, "a list", "write it as [.., ..], or each entry on a line of its own after '- '")
        return
    for index, one in enumerate(value):
        yield from _explain(kind, one, spot.entry(index))


def _of_named(kinds: Sequence[Any], value: Any, spot: _Spot) -> Iterator[Finding]:
    """Yield what is wrong with a mapping of names to values of one kind."""
    if not isinstance(value, dict):
        yield spot.wants(value, "a mapping", "write it as {name: ..}")
        return
    for key, one in value.items():
        if not _fits(kinds[0], key):
            yield (*spot.path, key), f"{shown(key)} is not a name", _A_NAME
        yield from _explain(kinds[1], one, spot.key(key))


# ---- classes -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Key:
    kind: Any
    required: bool


@cache
def _keys(cls: Any) -> Mapping[str, _Key]:
    """Return the keys that a mapping of this class may have, as they are written in YAML."""
    hints = get_type_hints(cls, include_extras=True)
    return {
        field.alias or name: _Key(hints[name], field.is_required()) for name, field in cls.__pydantic_fields__.items()
    }


def _shape(cls: Any) -> str:
    """Return how a mapping of this class is written: its required keys, or else the first."""
    keys = _keys(cls)
    required = [key for key, one in keys.items() if one.required] or list(keys)[:1]
    return "{" + ", ".join(f"{key}: .." for key in required) + "}"


def _of_class(cls: Any, value: Any, spot: _Spot, also: Callable[[str], Any] | None = None) -> Iterator[Finding]:
    """Yield what is wrong with a mapping of this class; `also` gives the kind of a key that it does not name."""
    if not isinstance(value, dict):
        yield spot.wants(value, "a mapping", f"write it as {_shape(cls)}")
        return
    keys, good = _keys(cls), True
    misspelt = {} if also else {key: suggestion(key, keys) for key in value if key not in keys}
    for key, one in keys.items():
        # A required key that is there, but misspelt, is one fault and not two.
        if one.required and key not in value and not any(f"'{key}'" in near for near in misspelt.values()):
            good = False
            yield spot.path, f"{spot.name} has no '{key}'", f"add '{key}:'"
    for key, inside in value.items():
        kind = keys[key].kind if key in keys else also and also(key)
        if inside is None and key in keys and keys[key].required:
            good = False
            yield (*spot.path, key), f"{shown(key)} is empty", "write its value"
            continue
        faults = (
            [*_explain(kind, inside, spot.key(key))]
            if kind
            else [((*spot.path, key), f"{shown(key)} is not known here", suggestion(key, keys))]
        )
        good = good and not faults
        yield from faults
    if good:
        yield spot.path, f"{spot.name} says too little", _own_words(cls, value)


def _own_words(cls: Any, value: Any) -> str:
    """Return what a class says of a value whose every key is good."""
    try:
        adapter(cls).validate_python(value)
    except ValidationError as error:
        return str(error.errors()[0]["msg"]).removeprefix("Value error, ")
    return ""


def _of_pattern(value: Any, spot: _Spot) -> Iterator[Finding]:
    if isinstance(value, dict) and "fields" in value:
        yield (*spot.path, "fields"), "the fields of a fact do not stand under 'fields'", "write them beside 'fact'"
    else:
        yield from _of_class(lang.PatternBody, value, spot, lambda _: lang.FieldTest)


def _of_clause(base: Any, value: Any, spot: _Spot) -> Iterator[Finding]:
    if not isinstance(value, dict):
        yield spot.wants(value, "a mapping", "write it as {id: .., kind: .., cite: .., gloss: ..}")
        return
    kinds = dict(zip(lang.KINDS, get_args(base), strict=True))
    kind = value.get("kind")
    if kind is None:
        where = spot.key("kind").path if "kind" in value else spot.path
        yield where, f"{spot.name} has no 'kind'", "add 'kind:', one of " + ", ".join(kinds)
    elif kind not in list(kinds):
        yield spot.key("kind").path, f"{said(kind)} is no kind of clause", suggestion(str(kind), kinds)
    else:
        yield from _of_class(kinds[kind], value, spot)


# ---- alternatives --------------------------------------------------------------------------------------------------


def _of_union(kinds: list[Any], value: Any, spot: _Spot) -> Iterator[Finding]:
    """Yield what is wrong with a value by the alternative that it is most like."""
    kinds = [one for one in kinds if one is not type(None) and one != Literal[UNSTATED]]
    classes = [one for one in kinds if dataclasses.is_dataclass(one)]
    words = [word for one in kinds if get_origin(one) is Literal for word in get_args(one) if word != UNSTATED]
    others = [one for one in kinds if one not in classes and get_origin(one) is not Literal]
    if isinstance(value, dict) and classes:
        yield from _of_likeliest(classes, value, spot)
    elif likely := [one for one in others if _sort_of(one) is type(value)] or others:
        shapes = [_shape(one) for one in classes]
        for path, what, remedy in _explain(likely[0], value, spot):
            more = [f"or write {_or(several)}" for several in (words, shapes) if several and path == spot.path]
            yield path, what, "; ".join([remedy, *more])
    elif classes:
        yield spot.wants(value, "a mapping", f"write it as {_or([_shape(one) for one in classes])}")
    else:
        yield spot.path, f"{spot.name} cannot be {said(value)}", _choose(words, value)


def _of_likeliest(classes: list[Any], value: dict[str, Any], spot: _Spot) -> Iterator[Finding]:
    """Yield what is wrong with a mapping by the class that knows most of its keys, then finds least wrong with it."""
    begun = {key for one in classes for key in [*_keys(one)][:1] if key in value}
    if len(begun) > 1:
        join = ", or join them as {all: [{..}, {..}]}" if lang.AllOf in classes else ""
        what = f"{spot.name} says several things at once: {', '.join(sorted(begun))}"
        yield spot.path, what, f"write one of them{join}"
        return
    explained = [[*_explain(one, value, spot)] for one in classes]
    known = [sum(_is_near(key, _keys(one)) for key in value) for one in classes]
    best = min(range(len(classes)), key=lambda index: (-known[index], len(explained[index])))
    if known[best] or len(classes) == 1:
        yield from explained[best]
    else:
        yield (
            spot.path,
            f"{spot.name} is a mapping of no kind known here",
            f"write {_or([_shape(c) for c in classes])}",
        )


def _is_near(key: str, keys: Mapping[str, object]) -> bool:
    return suggestion(key, keys).startswith("did you mean")


def _sort_of(kind: Any) -> type | None:
    """Return the plain type in which an alternative is written."""
    base, meta = _parts(kind)
    if any(isinstance(one, PlainValidator | BeforeValidator) for one in meta):
        return str
    return list if get_origin(base) is tuple else base if isinstance(base, type) else None


def _choose(words: Sequence[str], value: Any) -> str:
    near = suggestion(str(value), words)
    return near if near.startswith("did you mean") else f"write {_or(words)}"


def _or(words: Sequence[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} or {last}" if first else last
