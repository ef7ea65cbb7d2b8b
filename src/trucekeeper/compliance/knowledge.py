"""What was on record: the facts known at a moment to an audience, each in the one revision that counts."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from trucekeeper.terms import Fact, Label, Moment, Op

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@dataclass(frozen=True, slots=True)
class Audience:
    """Who asks, and at what moment its rights are looked at (rights are today's, whatever past is asked for)."""

    name: str
    at: Moment

    def may_see(self, label: Label) -> bool:
        """Return whether this audience may see what bears the label: it is public, its own, or released by now."""
        if label.owner == self.name and self.name:
            return True
        if label.not_before is not None and self.at < label.not_before:
            return False
        return self.name in label.releasable_to or not (label.owner or label.releasable_to)


def known(facts: Iterable[Fact], *, known_at: Moment, audience: Audience | None) -> tuple[Fact, ...]:
    """Return the facts as known at `known_at` to the audience (None: the holder, who sees all), ordered by id.

    What the audience may not see does not exist for it, a hidden revision included. Of the revisions known by then
    the highest counts; a retracted fact is gone. A redacted fact is redacted at every known_at from its first on
    record, to those audiences to whom it had been releasable; to the others there never was one.
    """
    chosen = (in_force(revisions, known_at) for revisions in _by_fact(facts, audience))
    return tuple(fact for fact in chosen if fact is not None)


def released(facts: Iterable[Fact], audience: Audience | None) -> tuple[Fact, ...]:
    """Return every revision that exists for an audience (None: the holder, for whom all do), ordered by id."""
    return tuple(fact for revisions in _by_fact(facts, audience) for fact in revisions)


def _by_fact(facts: Iterable[Fact], audience: Audience | None) -> Iterator[list[Fact]]:
    revisions: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        revisions[fact.id].append(fact)
    return (visible(of_one, audience) for _, of_one in sorted(revisions.items()))


def visible(revisions: list[Fact], audience: Audience | None) -> list[Fact]:
    """Return the revisions that exist for an audience: a redaction does if what it redacts did."""
    if audience is None:
        return revisions
    seen = [fact for fact in revisions if audience.may_see(fact.label)]
    if not any(fact.op is Op.ASSERT for fact in revisions):
        return seen
    redactions = [fact for fact in revisions if fact.redacted and any(one.op is Op.ASSERT for one in seen)]
    return [fact for fact in seen if not fact.redacted] + redactions


def in_force(revisions: list[Fact], known_at: Moment) -> Fact | None:
    """Return the revision of one fact that counts as known at a moment, None if none does."""
    redactions = [fact for fact in revisions if fact.redacted]
    if redactions:
        first = min(fact.known_at for fact in revisions)
        return max(redactions, key=lambda fact: fact.rev) if first <= known_at else None
    seen = [fact for fact in revisions if fact.known_at <= known_at]
    latest = max(seen, key=lambda fact: fact.rev, default=None)
    return None if latest is None or latest.op is Op.RETRACT else latest


def restated(fact: Fact, *, rev: int, known_at: Moment) -> Fact:
    """Return the same content as a later revision: it says again what was said."""
    return replace(fact, rev=rev, learned_at=known_at, recorded_at=None if fact.recorded_at is None else known_at)
