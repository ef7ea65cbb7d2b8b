"""Plain values into language classes, and what pydantic finds wrong into sentences with a line and a remedy."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from trucekeeper.terms.faults import Fault, suggestion

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from trucekeeper.agreement.choices import Sourced
    from trucekeeper.agreement.yaml_text import Located, Path

T = TypeVar("T")

_SIMPLER = {
    "string_type": "a text is wanted here",
    "int_type": "a whole number is wanted here",
    "bool_type": "true or false is wanted here",
    "tuple_type": "a list is wanted here",
    "dict_type": "a mapping is wanted here",
    "dataclass_type": "a mapping is wanted here",
}


@cache
def adapter(kind: Any) -> TypeAdapter[Any]:
    """Return the validator of a language class."""
    return TypeAdapter(kind)


def validated(kind: type[T] | Any, source: Sourced, located: Located, faults: list[Fault]) -> T | None:
    """Return the value as a language class; None, with its faults added, if it is not one."""
    try:
        value: T = adapter(kind).validate_python(source.data)
    except ValidationError as error:
        seen: set[Path] = set()
        for detail in _clearest(error.errors(include_url=False)):
            path = _path_in(source.data, detail["loc"])
            if path not in seen:
                seen.add(path)
                what, remedy = _sentence(detail, source.data, kind)
                faults.append(located.fault(source.origin(path), what, remedy))
        return None
    return value


def _clearest(errors: list[ErrorDetails]) -> list[ErrorDetails]:
    """Of the errors of the alternatives at one place, keep those that got deepest, which speak of the likely one."""
    unions = sorted(errors, key=lambda error: (-len(error["loc"]), error["type"] in _SIMPLER))
    kept: list[ErrorDetails] = []
    for error in unions:
        where = tuple(step for step in error["loc"] if not _is_tag(step))
        if not any(_starts(tuple(s for s in other["loc"] if not _is_tag(s)), where) for other in kept):
            kept.append(error)
    return kept


def _starts(longer: tuple[Any, ...], start: tuple[Any, ...]) -> bool:
    return longer[: len(start)] == start


def _is_tag(step: int | str) -> bool:
    return isinstance(step, str) and (step[:1].isupper() or "[" in step or "(" in step)


def _path_in(data: Any, loc: tuple[int | str, ...]) -> Path:
    """Return the path in the data of a pydantic location: its steps without the names of alternatives."""
    path: list[str | int] = []
    node = data
    for step in loc:
        if (isinstance(node, dict) and step in node) or (
            isinstance(node, list) and isinstance(step, int) and step < len(node)
        ):
            node = node[step]
            path.append(step)
    return tuple(path)


def _sentence(detail: ErrorDetails, data: Any, kind: Any) -> tuple[str, str]:
    name = str(detail["loc"][-1]) if detail["loc"] else ""
    shown = _shown(detail.get("input"))
    match detail["type"]:
        case "unexpected_keyword_argument" | "extra_forbidden":
            return f"'{name}' is not known here", suggestion(name, _keys(kind, data))
        case "missing" | "missing_argument" | "missing_keyword_only_argument":
            return f"'{name}' is missing", f"add '{name}:'"
        case "value_error":
            return f"{name}: {shown}: " + str(detail["msg"]).removeprefix("Value error, "), ""
        case "union_tag_invalid":
            return f"'{data.get('kind')}' is no kind of clause", suggestion(str(data.get("kind")), _tags(detail))
        case "union_tag_not_found":
            return "'kind' is missing", "add 'kind:', one of " + ", ".join(_tags(detail))
        case "literal_error":
            return f"'{name}' cannot be {shown}", "write " + str(detail.get("ctx", {}).get("expected", ""))
        case "string_pattern_mismatch":
            return f"{shown} is not a name", "use letters, digits, '-', '_' and '.' only"
        case other if other in _SIMPLER:
            return f"'{name}' is {shown}", _SIMPLER[other]
        case _:
            return f"'{name}' is {shown}: {detail['msg']}", ""


def _tags(detail: ErrorDetails) -> list[str]:
    expected = str(detail.get("ctx", {}).get("expected_tags", ""))
    tags = [word.strip(" '") for word in expected.split(",") if word.strip(" '")]
    return tags or [
        "prohibit",
        "achieve",
        "maintain",
        "tally",
        "quota",
        "respond",
        "phase",
        "power",
        "define",
        "procedure",
    ]


def _shown(value: Any) -> str:
    text = repr(value) if not isinstance(value, str) else f"'{value}'"
    return text if len(text) <= 80 else text[:77] + "..."


def _keys(kind: Any, data: Any) -> list[str]:
    """Return the keys that a mapping of this class, or of the clause kind that it names, may have."""
    from trucekeeper.agreement import language  # noqa: PLC0415  the classes import nothing of this module

    classes = [kind] if hasattr(kind, "__dataclass_fields__") else []
    if not classes and isinstance(data, dict):
        classes = [one for one in vars(language).values() if _is_clause_kind(one, data.get("kind"))]
    names = {name.rstrip("_") for one in classes for name in one.__dataclass_fields__}
    return sorted(names)


def _is_clause_kind(one: Any, kind: Any) -> bool:
    return isinstance(one, type) and one.__name__.lower() == str(kind)
