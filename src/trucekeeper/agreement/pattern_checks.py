"""Which facts a pattern can mean: whether its kind may stand there, its names are known and its tests can match."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from trucekeeper.agreement import language as lang
from trucekeeper.agreement.naming import check_who
from trucekeeper.terms import FieldType, Nature
from trucekeeper.terms.faults import suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trucekeeper.agreement.agreement import Agreement
    from trucekeeper.agreement.roles import Role
    from trucekeeper.agreement.yaml_text import Path

Finding: TypeAlias = "tuple[Path, str, str]"

DRAW_IT = "draw it, or give it 'geometry: null' if no map was published"
_PATTERN_KEYS = ("by", "in", "outside", "side", "distance", "judgement", "same", "stale_after")
_HOLDS = {
    FieldType.WORD: "words",
    FieldType.NUMBER: "a number",
    FieldType.FLAG: "true or false",
    FieldType.ACTOR: "the name of an actor",
    FieldType.ZONE: "the name of a zone",
    FieldType.KINDS: "kinds of fact",
}
_TESTS = {
    FieldType.WORD: "write a word or a list of words",
    FieldType.NUMBER: "write a whole number, or {at_least: 3}, {at_most: 3}, {above: 3} or {below: 3}",
    FieldType.FLAG: "write true or false, without quotes",
}


def check_pattern(agreement: Agreement, role: Role, bindings: tuple[str, ...]) -> Iterator[Finding]:
    """Yield what is wrong with a pattern; a member of `bindings` stands for a zone of its own."""
    pattern, path = role.pattern, role.path
    if pattern.fact not in agreement.vocabulary:
        yield (
            (*path, "fact"),
            f"'{pattern.fact}' is no kind of fact",
            suggestion(pattern.fact, agreement.vocabulary.kinds),
        )
        return
    nature = agreement.vocabulary.kinds[pattern.fact].nature
    if nature is Nature.WATCH or (pattern.fact == "claim" and role.name != "beside"):
        yield (
            (*path, "fact"),
            f"'{pattern.fact}' cannot stand here: it says what was seen or counted, not what happened",
            "name what happened, as attack or release",
        )
    if role.name == "measure" and nature is not Nature.STATE:
        yield (
            (*path, "fact"),
            f"'{pattern.fact}' is no state that can be measured",
            "use strength, position, deployment, ..",
        )
    yield from check_who(agreement, pattern.by, (*path, "by"))
    for key, zones in (("in", pattern.in_), ("outside", pattern.outside)):
        for zone in zones:
            if zone not in bindings and zone not in _zones(agreement):
                yield (
                    (*path, key),
                    f"zone '{zone}' is not in zones.geojson",
                    DRAW_IT,
                )
    yield from _check_lines(agreement, pattern, path)
    known = agreement.vocabulary.fields(pattern.fact)
    for name, test in pattern.fields:
        if name not in known:
            yield (
                (*path, name),
                f"'{name}' is no field of '{pattern.fact}'",
                suggestion(name, [*known, *_PATTERN_KEYS]),
            )
        else:
            yield from _check_test(agreement, known[name], test, (*path, name))


def _zones(agreement: Agreement) -> frozenset[str]:
    groups = {
        history.id
        for history in agreement.clauses.values()
        if isinstance(latest := history.latest(), lang.Define) and latest.zones
    }
    return frozenset(agreement.atlas.ids()) | groups


def _check_lines(agreement: Agreement, pattern: lang.PatternBody, path: Path) -> Iterator[Finding]:
    if pattern.side is not None:
        names = _sides(agreement, pattern.side.line)
        if not names:
            yield (
                (*path, "side"),
                f"line '{pattern.side.line}' is not in zones.geojson",
                "draw it as a LineString with sides",
            )
        elif pattern.side.side not in names:
            yield (
                (*path, "side"),
                f"line '{pattern.side.line}' has no side '{pattern.side.side}'",
                suggestion(pattern.side.side, names),
            )
    if pattern.distance is not None and pattern.distance.line not in agreement.atlas.ids():
        yield (*path, "distance"), f"'{pattern.distance.line}' is not in zones.geojson", "draw it"


def _sides(agreement: Agreement, line: str) -> tuple[str, ...]:
    return tuple(name for one in agreement.atlas.lines() if one.id == line for name in (one.left, one.right))


def check_limits(least: lang.Quantity | None, most: lang.Quantity | None, path: Path) -> Iterator[Finding]:
    """Yield two limits that no number keeps."""
    if isinstance(least, int) and isinstance(most, int) and least > most:
        what = f"'at_least' is over 'at_most: {most}': no number is both"
        yield (*path, "at_least"), what, "exchange them, or mend one"


def _check_test(agreement: Agreement, wanted: FieldType, test: lang.FieldTest, path: Path) -> Iterator[Finding]:
    fits = {
        FieldType.NUMBER: isinstance(test, lang.Bound) or (isinstance(test, int) and not isinstance(test, bool)),
        FieldType.FLAG: isinstance(test, bool),
    }.get(wanted, isinstance(test, str | tuple))
    if test == ():
        yield path, f"'{path[-1]}' is an empty list: no fact could match it", "name one or more, or leave it out"
    elif not fits:
        what = f"'{path[-1]}' cannot be tested so: it holds {_HOLDS[wanted]}"
        yield path, what, _TESTS.get(wanted, "write its name")
    elif isinstance(test, lang.Bound):
        yield from check_limits(test.at_least, test.at_most, path)
    elif isinstance(test, str | tuple):
        yield from _check_names(agreement, wanted, (test,) if isinstance(test, str) else test, path)


def _check_names(agreement: Agreement, wanted: FieldType, names: tuple[str, ...], path: Path) -> Iterator[Finding]:
    if wanted is FieldType.ACTOR:
        yield from check_who(agreement, names, path)
    for name in names:
        if wanted is FieldType.KINDS and name not in agreement.vocabulary:
            yield path, f"'{name}' is no kind of fact", suggestion(name, agreement.vocabulary.kinds)
        if wanted is FieldType.ZONE and name not in agreement.atlas.ids():
            yield path, f"zone '{name}' is not in zones.geojson", DRAW_IT
