"""Amendments as differences: what each version on record, and each decision inside one, made of the clauses."""

from __future__ import annotations

from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from trucekeeper.agreement.plain import wordings
from trucekeeper.opsroom import missions
from trucekeeper.opsroom.screens.words import moment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trucekeeper.opsroom.screens.reader import Reader

Differences = list[tuple[str, str]]
"""Sentences, each `same`, `gone` or `new`."""


def versions(who: Reader) -> list[dict[str, Any]]:
    """Return the versions on record by then, the newest first, each with what it made of which clause."""
    at = who.sight.at
    known = [one for one in missions.looking().projections.agreements() if at is None or one.at <= at]
    found = [
        {
            "entry": one.seq,
            "at": moment(one.at, who.zone),
            "digest": one.digest[:12],
            "clauses": [] if before is None else _between(before.digest, one.digest),
        }
        for before, one in zip([None, *known], known, strict=False)
    ]
    return found[::-1]


def decisions(who: Reader, clause: str) -> list[dict[str, Any]]:
    """Return what decisions inside this version of the agreement made of a clause."""
    if len(who.agreement.clauses[clause].versions) <= 1:
        return []
    return [
        {"id": after.amendment, "differences": differences(before.sentences, after.sentences)}
        for before, after in pairwise(wordings(who.agreement, clause))
    ]


@lru_cache(maxsize=64)
def _between(before: str, after: str) -> list[tuple[str, Differences]]:
    """Return the clauses that one version says otherwise than the one before, with both, in the order of the text."""
    old, new = missions.plain(before), missions.plain(after)
    names = [*new, *(name for name in old if name not in new)]
    told = [(name, old.get(name, ()), new.get(name, ())) for name in names]
    return [(name, differences(was, is_)) for name, was, is_ in told if was != is_]


def differences(before: Sequence[str], after: Sequence[str]) -> Differences:
    """Return the sentences of two wordings, each once, those that went before those that came in their place."""
    found: Differences = []
    for sort, start, end, begin, until in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if sort == "equal":
            found += [("same", says) for says in before[start:end]]
        else:
            found += [("gone", says) for says in before[start:end]] + [("new", says) for says in after[begin:until]]
    return found
