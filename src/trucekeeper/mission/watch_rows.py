"""Where somebody was watching, and where that was refused, as rows: what each audience may know of it.

    watched     one coverage or denial (`sort`) by somebody, in a zone ("": everywhere), from one moment to another;
                `row` holds the rest as JSON

    {"against":"","detects":["movement"],"occurred":"corroborated","reason":"","unit":""}

That nothing is told of a place says something only where somebody was watching: so pages can tell quiet from not
observed. Where the watcher himself stood is not in these rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trucekeeper.mission.projections import as_json
from trucekeeper.terms import Nature, Op, Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trucekeeper.mission.incident_rows import IncidentRows
    from trucekeeper.terms import Fact
    from trucekeeper.terms.vocabulary import Vocabulary

WATCHED = ("sort", "by", "zone", "begins", "ends", "row")
COVERAGE, DENIAL = "coverage", "denial"


class Posts:
    """What one audience may know of who watched: the highest revision of each, and which of them are news."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Begin with nothing on record."""
        self._vocabulary = vocabulary
        self.facts: dict[str, Fact] = {}
        self._news = set[str]()

    def hear(self, facts: Iterable[Fact]) -> None:
        """Take in what is of watching among some facts."""
        for fact in facts:
            before = self.facts.get(fact.id)
            if (before is None and not self._is_watch(fact)) or (before is not None and fact.rev <= before.rev):
                continue
            self.facts[fact.id] = fact
            self._news.add(fact.id)

    def news(self) -> set[str]:
        """Return what may be different since this was last asked, and forget it."""
        told, self._news = self._news, set()
        return told

    def row(self, name: str) -> dict[str, Any] | None:
        """Return what stands in the columns, None if it says no watch (any more)."""
        fact = self.facts.get(name)
        if fact is None or not self._is_watch(fact):
            return None
        when = Span(fact.when.earliest, fact.when.latest) if fact.span is None else fact.span
        more: dict[str, object] = {one: fact.field(one) or "" for one in ("against", "reason", "unit")}
        detects = fact.field("detects")
        more |= {"detects": detects if isinstance(detects, tuple) else (), "occurred": fact.occurred.word}
        return {
            "sort": DENIAL if self._vocabulary.is_a(fact.kind, DENIAL) else COVERAGE,
            "by": fact.by or "",
            "zone": fact.zone or "",
            "begins": when.start,
            "ends": when.end,
            "row": as_json(more),
        }

    def _is_watch(self, fact: Fact) -> bool:
        kind = self._vocabulary.kinds.get(fact.kind)
        return fact.op is Op.ASSERT and kind is not None and kind.nature is Nature.WATCH


def follow(rows: IncidentRows, posts: Posts) -> None:
    """Write what is different since it was last asked."""
    _write(rows, posts, posts.news())


def anew(rows: IncidentRows, posts: Posts) -> None:
    """Write what is different, whatever it was that the rows followed before."""
    posts.news()
    _write(rows, posts, rows.there("watched") | posts.facts.keys())


def _write(rows: IncidentRows, posts: Posts, names: Iterable[str]) -> None:
    for name in sorted(names):
        row = posts.row(name)
        before = rows.replace("watched", WATCHED, name, row)
        if before != row:
            rows.tell("watched", name, before, row)
