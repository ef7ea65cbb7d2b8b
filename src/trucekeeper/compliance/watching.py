"""Absence counts only where somebody was watching for the right thing (rule of meaning 7, promise 3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucekeeper.compliance.grounds import Answer, Ground
from trucekeeper.compliance.matching import words
from trucekeeper.terms import DAWN, Fact, Nature, Proof, Span, Tri
from trucekeeper.terms.tri import every, some

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from trucekeeper.agreement.language import PatternBody, Watched
    from trucekeeper.compliance.grounds import Binding
    from trucekeeper.compliance.inquiry import Inquiry
    from trucekeeper.terms import Moment


MOST_GAPS = 20
"""More gaps than these nobody reads one by one."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What is to be watched for, where, and for which members."""

    kinds: tuple[str, ...]
    zones: tuple[str, ...]
    binding: Binding = ()

    @staticmethod
    def of(patterns: Sequence[PatternBody], binding: Binding) -> Sought:
        """Return what the absence of these patterns' facts needs to be watched for."""
        members = dict(binding)
        zones = {members.get(zone, zone) for pattern in patterns for zone in pattern.in_}
        everywhere = any(not pattern.in_ for pattern in patterns)
        kinds = tuple(dict.fromkeys(pattern.fact for pattern in patterns))
        return Sought(kinds, () if everywhere else tuple(sorted(zones)), binding)


@dataclass(frozen=True, slots=True)
class Post:
    """One kind to be watched for in one zone (None: everywhere), for which members, and what watching needs."""

    kind: str
    zone: str | None
    binding: Binding
    needs: Watched


def watched(inquiry: Inquiry, sought: Sought, span: Span, needs: Watched) -> Answer:
    """Return whether somebody was watching for each kind, in each zone, for as much of the span as is needed."""
    parts = [inquiry.guarded(post, span, _watched_for) for post in _posts(inquiry, sought, needs)]
    tri = every(part.tri for part in parts)
    if len(parts) == 1:
        return parts[0]
    says = "watched throughout" if tri is Tri.YES else "not watched throughout for all of these"
    return Answer(tri, None, Ground(says, tri, span=span, of=tuple(part.ground for part in parts)))


def watches(inquiry: Inquiry, sought: Sought, needs: Watched) -> list[list[Span]]:
    """Return, for each kind sought in each zone, when somebody was certainly watching for it."""
    return [
        [fact.span for fact, tri in _covering(inquiry, post) if tri is Tri.YES and fact.span is not None]
        for post in _posts(inquiry, sought, needs)
    ]


def first_watch(inquiry: Inquiry, sought: Sought, needs: Watched) -> tuple[Moment, Fact] | None:
    """Return when somebody, at the earliest, may have begun to watch for any of what is sought, and by what fact.

    Who always watched gives no beginning.
    """
    covering = [fact for post in _posts(inquiry, sought, needs) for fact, _ in _covering(inquiry, post)]
    starts = [(fact.span.start, fact.id, fact) for fact in covering if fact.span is not None]
    starts = [one for one in starts if DAWN < one[0] <= inquiry.as_of]
    if not starts:
        return None
    start, _, fact = min(starts, key=lambda one: one[:2])
    return start, fact


def _posts(inquiry: Inquiry, sought: Sought, needs: Watched) -> list[Post]:
    return inquiry.of_text(("posts", sought, id(needs)), lambda: _all_posts(inquiry, sought, needs))


def _all_posts(inquiry: Inquiry, sought: Sought, needs: Watched) -> list[Post]:
    drawn = tuple(one for zone in sought.zones for one in inquiry.agreement.zones_of(zone))
    zones: tuple[str | None, ...] = drawn or (None,)
    return [Post(kind, zone, sought.binding, needs) for kind in sought.kinds for zone in zones]


def _covering(inquiry: Inquiry, post: Post) -> list[tuple[Fact, Tri]]:
    """Return what may, by now, have been watching at a post, and how surely."""
    key = ("covering", post.kind, post.zone, post.binding, id(post.needs))
    return inquiry.kept(key, lambda one: _covering_now(one, post))


def _covering_now(inquiry: Inquiry, post: Post) -> list[tuple[Fact, Tri]]:
    facts = [(fact, covers(inquiry, fact, post)) for fact in inquiry.record.by_kind.get("coverage", ())]
    return [(fact, tri) for fact, tri in facts if tri is not Tri.NO and fact.when.earliest <= inquiry.as_of]


def _watched_for(inquiry: Inquiry, post: Post, span: Span) -> Answer:
    facts = _covering(inquiry, post)
    sure = gaps_in(span, (fact.span for fact, tri in facts if tri is Tri.YES and fact.span is not None))
    maybe = gaps_in(span, (fact.span for fact, _ in facts if fact.span is not None))
    tri = Tri.of(
        certain=enough(sure, span, post.needs),
        possible=bool(facts) and enough(maybe, span, post.needs, possible=True),
    )
    gap = span if tri is Tri.YES else max(sure, key=lambda one: one.length, default=span)
    says = f"{_watching(inquiry, post, tri)}, {_from_to(inquiry, _seen_as(gap, span))}"
    ids = tuple(fact.id for fact, _ in facts)
    return Answer(tri, None, Ground(says, tri, ids, span=span, of=_each_gap(inquiry, post, sure, span)))


def _each_gap(inquiry: Inquiry, post: Post, gaps: list[Span], span: Span) -> tuple[Ground, ...]:
    """Return the gaps, where there are several, each with who refused access in it."""
    if len(gaps) <= 1:
        return _refused(inquiry, post, gaps)
    listed = [
        Ground(
            f"unwatched {_from_to(inquiry, _seen_as(gap, span))}", Tri.NO, span=gap, of=_refused(inquiry, post, [gap])
        )
        for gap in gaps[:MOST_GAPS]
    ]
    more = len(gaps) - len(listed)
    return (*listed, *([Ground(f"and {more} more gaps")] if more else []))


def _seen_as(gap: Span, span: Span) -> Span:
    """Return a gap as people say it: from the last moment watched before it to the first one after it."""
    return Span(gap.start - (gap.start > span.start), gap.end + (gap.end < span.end))


def _watching(inquiry: Inquiry, post: Post, tri: Tri) -> str:
    """Return who was watching: acts on paper are not watched for, but kept on a record that is complete or not."""
    where = post.kind + (f" in {post.zone}" if post.zone else "")
    if inquiry.agreement.vocabulary.kinds[post.kind].nature is Nature.RECORD:
        return f"the record of every {where} is " + ("complete" if tri is Tri.YES else "not known to be complete")
    return f"somebody was watching for {where}" if tri is Tri.YES else f"nobody on record was watching for {where}"


def _from_to(inquiry: Inquiry, span: Span) -> str:
    return f"from {inquiry.local(span.start)} to {inquiry.local(span.end)}"


def covers(inquiry: Inquiry, fact: Fact, post: Post) -> Tri:
    """Return whether a watch is one over this post, whenever it was."""
    detects = fact.field("detects")
    if detects is None and not fact.redacted:
        return Tri.NO
    lineage = inquiry.agreement.vocabulary.lineage(post.kind)
    sees = Tri.MAYBE if detects is None else some(Tri.YES if one in lineage else Tri.NO for one in words(detects))
    where = Tri.YES
    if fact.zone is not None:
        where = Tri.NO if post.zone is None else inquiry.agreement.atlas.zone_inside(fact.zone, post.zone, fact.when)
    elif fact.place is not None:
        where = Tri.NO  # a point with a radius is where the watcher stood, not what was seen
    unit = fact.field("unit")
    mine = (
        Tri.YES if unit is None else some(Tri.YES if member in words(unit) else Tri.NO for _, member in post.binding)
    )
    by = post.needs.by or None
    return every((sees, where, mine, inquiry.matcher.established(fact, by), inquiry.matcher.done_by(fact, by)))


def gaps_in(span: Span, covering: Iterable[Span]) -> list[Span]:
    """Return the parts of a span that none of these covers; one microsecond between two is no gap."""
    gaps: list[Span] = []
    reached = span.start - 1
    for one in sorted(covering):
        if one.start > span.end:
            break
        if one.start > reached + 1:
            gaps.append(Span(reached + 1, one.start - 1))
        reached = max(reached, one.end)
    if reached < span.end:
        gaps.append(Span(reached + 1, span.end))
    return gaps


def enough(gaps: list[Span], span: Span, needs: Watched, *, possible: bool = False) -> bool:
    """Return whether no more of a span is missing than the text allows."""
    if needs.at_least == "unstated":
        return possible or not gaps
    whole = span.length + 1
    missing = sum(gap.length + 1 for gap in gaps)
    return (whole - missing) * 100 >= int(needs.at_least.removesuffix("%")) * whole


def _concerns(inquiry: Inquiry, fact: Fact, post: Post) -> bool:
    """Return whether a refusal kept somebody from this post: the zone may be its, and the kind one it speaks of."""
    kinds = fact.field("detects")
    lineage = inquiry.agreement.vocabulary.lineage(post.kind)
    of_kind = kinds is None or any(one in lineage for one in words(kinds))
    if not of_kind or post.zone is None or fact.zone is None:
        return of_kind
    return inquiry.agreement.atlas.zone_inside(fact.zone, post.zone, fact.when) is not Tri.NO


def _refused(inquiry: Inquiry, post: Post, gaps: list[Span]) -> tuple[Ground, ...]:
    """Return who refused access where nobody was watching: said as such, and proving nothing else."""
    found: list[Ground] = []
    for fact in inquiry.record.by_kind.get("denial", ()):
        if fact.span is None or fact.when.earliest > inquiry.as_of or fact.occurred is Proof.REFUTED:
            continue
        if _concerns(inquiry, fact, post) and any(
            gap.start <= fact.span.end and fact.span.start <= gap.end for gap in gaps
        ):
            cleared = fact.by is None or fact.who is Proof.REFUTED
            level = fact.occurred if cleared else min(fact.occurred, fact.who)
            says = f"access refused by {'an unknown actor' if cleared else fact.by}"
            says += f" ({level.word})" if level < inquiry.proof else ""
            says += f", {_from_to(inquiry, fact.span)}"
            found.append(Ground(says, None, (fact.id,), fact.cite))
    return tuple(found)
