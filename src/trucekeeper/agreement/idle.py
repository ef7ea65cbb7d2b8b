"""Keys that a clause gives but that mean nothing where they stand: refused, for somebody meant something by them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucekeeper.agreement import language as lang
from trucekeeper.agreement.phrases import UNSTATED
from trucekeeper.agreement.roles import Role, roles
from trucekeeper.terms import FieldType, Vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trucekeeper.agreement.yaml_text import Path

Finding = tuple["Path", str, str]

GROWS_STALE = ("state", "shown_by", "start")
COMPARED = ("with", "excuse", "unless")


def idle_keys(clause: lang.AnyClause, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Yield every key of a clause that no rule of meaning reads there, with what to do."""
    for role in roles(clause):
        yield from _idle_in_pattern(clause, role)
    yield from _idle_in_excuses(clause)
    if isinstance(clause, lang.Achieve):
        yield from _idle_in_evidence(clause)
    if isinstance(clause, lang.Achieve | lang.Tally) and clause.within is not None and clause.deadline is not None:
        yield ("within",), "'within' and 'deadline' both say when it is due", "keep one of them"
    if isinstance(clause, lang.Quota) and clause.every == UNSTATED:
        yield ("every",), "a quota whose period is unstated cannot be counted", "use 'text_only: <reason>'"
    if isinstance(clause, lang.Tally | lang.Quota):
        yield from _uncountable(clause, vocabulary)


def _idle_in_pattern(clause: lang.AnyClause, role: Role) -> Iterator[Finding]:
    if role.pattern.stale_after is not None and not (isinstance(clause, lang.Achieve) and role.name in GROWS_STALE):
        yield (
            (*role.path, "stale_after"),
            "'stale_after' means nothing here",
            "it belongs to what shows an achieved state",
        )
    if role.pattern.same and role.name not in COMPARED:
        yield (
            (*role.path, "same"),
            "'same' means nothing here",
            "it compares an answer or an excuse with what it answers",
        )


def _idle_in_excuses(clause: lang.AnyClause) -> Iterator[Finding]:
    for index, excuse in enumerate(clause.excuse):
        path: Path = ("excuse",) if len(clause.excuse) == 1 else ("excuse", index)
        for key, value in (("if", excuse.if_), ("unless", excuse.unless), ("within", excuse.within)):
            if excuse.shown is None and value is not None:
                yield (
                    (*path, key),
                    f"'{key}' means nothing beside a plea that a case judges",
                    "add 'shown: {fact: ..}'",
                )


def _idle_in_evidence(clause: lang.Achieve) -> Iterator[Finding]:
    state = clause.state
    if state is None:
        return
    for index, shown in enumerate(clause.shown_by):
        path: Path = ("shown_by",) if len(clause.shown_by) == 1 else ("shown_by", index)
        says_more = (
            shown.fields or shown.in_ or shown.outside or shown.side or shown.distance or shown.by or shown.judgement
        )
        if shown.fact == state.fact and says_more:
            remedy = f"keep '{{fact: {shown.fact}}}' and say the rest under 'state'"
            yield path, f"evidence of the kind '{shown.fact}' means the state itself", remedy


def _uncountable(clause: lang.Tally | lang.Quota, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Yield a field to be summed, or told apart, that no counted kind has."""
    fields = [vocabulary.fields(pattern.fact) for pattern in clause.count if pattern.fact in vocabulary]
    numbers = any(one.get(clause.field) is FieldType.NUMBER for one in fields)
    if clause.field != "count" and not numbers:
        yield ("field",), f"no counted fact has a number '{clause.field}'", "name a field that is a number"
    distinct = clause.distinct if isinstance(clause, lang.Tally) else None
    if distinct is not None and not any(distinct in one for one in fields):
        yield ("distinct",), f"no counted fact has a field '{distinct}'", "name a field that tells them apart"
