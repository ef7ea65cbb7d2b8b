"""Maintain: a state or level is to be kept. Every snapshot counts; between two the earlier holds until stale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from trucekeeper.agreement.language import Bound
from trucekeeper.compliance.counting import ENDLESS_COUNT
from trucekeeper.compliance.excuses import Deed, Excused, excused
from trucekeeper.compliance.grounds import Episode, Ground, Stand, resting_on, settle
from trucekeeper.compliance.matching import bound_test
from trucekeeper.compliance.watching import Sought, watched
from trucekeeper.terms import DAWN, Amount, Lifecycle, Span, Tri
from trucekeeper.terms.tri import every, some

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from trucekeeper.agreement.language import Maintain, PatternBody
    from trucekeeper.compliance.duty import Duty
    from trucekeeper.compliance.grounds import Beside
    from trucekeeper.compliance.inquiry import Found
    from trucekeeper.terms import Fact, Field


@dataclass(frozen=True, slots=True)
class Seen:
    """What the snapshots on record show: lapses that count, whether it is shown kept, the last figure."""

    contrary: Tri
    kept: Tri
    figure: str = ""
    episodes: Sequence[Episode] = ()
    grounds: tuple[Ground, ...] = ()
    beside: tuple[Beside, ...] = ()


def stands(duty: Duty[Maintain]) -> list[Stand]:
    """Return where the duty stands: contrary if a certain snapshot in its time shows the state not kept."""
    return [settled(duty, _seen)]


def settled(duty: Duty[Maintain], look: Callable[[Duty[Maintain]], Seen]) -> Stand:
    """Return where the duty stands, given who looks at its snapshots."""
    early = duty.not_bound()
    if early is not None and duty.force.begun is Tri.NO:
        return early
    seen = look(duty)
    ended = duty.force.ended is Tri.YES
    if early is not None and seen.contrary is Tri.NO and not ended:
        return resting_on(early, *seen.grounds)
    return duty.stand(
        settle(begun=duty.begun, contrary=seen.contrary, kept=seen.kept, ahead=Tri.NO),
        duty.over() if ended else Lifecycle.IN_EFFECT,
        Ground(
            _headline(seen.contrary, seen.kept),
            seen.kept if seen.contrary is Tri.NO else seen.contrary.negated,
            cite=duty.clause.cite,
            of=(duty.force.ground, *seen.grounds),
        ),
        episodes=seen.episodes,
        figure=seen.figure,
        beside=seen.beside,
    )


def subject_of(clause: Maintain) -> PatternBody:
    """Return what is looked at: the state, or what is measured; a clause with neither is refused when loaded."""
    return cast("PatternBody", clause.state or clause.measure)


def _seen(duty: Duty[Maintain]) -> Seen:
    """Return what the snapshots show, looked at one by one."""
    snapshots_ = [(one, shows_kept(duty, one)) for one in snapshots(duty)]
    judged = [(one, *lapse(duty, one, good, snapshots_)) for one, good in snapshots_ if good is not Tri.YES]
    lapses = [one for one in judged if one[1] is not Tri.NO]
    counted = {one.fact.id for one, _, _ in lapses}
    let_pass = {
        one.fact.id for one, fine in snapshots_ if fine is not Tri.YES and duty.force.binds(one.when) is Tri.YES
    }
    watch = watch_of(duty)
    kept = _shown_kept(duty, [pair for pair in snapshots_ if pair[0].fact.id not in let_pass - counted], watch)
    ids = tuple(one.fact.id for one, _ in snapshots_)
    grounds = (
        Ground(_says(snapshots_, kept), kept, ids),
        *((watch,) if duty.clause.stale_after is None else ()),
        *(
            Ground(f"{_lapsed(tri)} {one.fact.id}", tri, (one.fact.id,), one.fact.cite, of=more.grounds)
            for one, tri, more in judged
            if tri is not Tri.NO or more.grounds
        ),
    )
    amounts = [amount for one, _ in snapshots_ if (amount := one.fact.amount(duty.clause.field)) is not None]
    return Seen(
        some(tri for _, tri, _ in lapses),
        kept,
        figure(duty.clause, amounts[-1] if amounts else None),
        tuple(
            Episode(one.fact.id, tri, one.when, f"{one.fact.kind or 'redacted fact'} {one.fact.id}")
            for one, tri, _ in lapses
        ),
        grounds,
        tuple(beside for _, _, more in lapses for beside in more.beside),
    )


def _lapsed(tri: Tri) -> str:
    return "a lapse that does not count, shown by" if tri is Tri.NO else "lapse shown by"


def _headline(contrary: Tri, kept: Tri) -> str:
    if contrary is Tri.YES:
        return "not kept throughout"
    return "kept" if contrary is Tri.NO and kept is Tri.YES else "not shown to be kept throughout"


def snapshots(duty: Duty[Maintain], among: Iterable[Fact] | None = None) -> list[Found]:
    """Return the snapshots of the subject, or of the place measured, in order of time."""
    subject_only = duty.clause.measure is None
    found = duty.find(subject_of(duty.clause), ours=True, subject_only=subject_only, among=among)
    return [one for one in found if one.when.earliest <= duty.force.end.latest]


def shows_kept(duty: Duty[Maintain], one: Found) -> Tri:
    """Return whether one snapshot shows the state kept."""
    if duty.clause.measure is None:
        return duty.inquiry.matcher.predicate(subject_of(duty.clause), one.fact, duty.meant(ours=True))
    return fits(duty.clause, one.fact.field(duty.clause.field), part=_of_a_part(duty, one))


def fits(clause: Maintain, value: Field | None, *, part: bool) -> Tri:
    """Return whether a figure keeps to the level; that of a part is the least of the whole, and not the most."""
    if not isinstance(value, Amount):
        return Tri.MAYBE
    whole = Amount(value.least, ENDLESS_COUNT) if part else value
    return bound_test(whole, Bound(at_least=clause.at_least, at_most=clause.at_most))


def _of_a_part(duty: Duty[Maintain], one: Found) -> bool:
    """Return whether a figure is that of one unit or component, where that of the whole is meant."""
    return not of_member(duty) and (is_component(duty, one.fact.by) or one.fact.field("unit") is not None)


def of_member(duty: Duty[Maintain]) -> bool:
    """Return whether the figure of one unit is meant."""
    return "unit" in dict(duty.binding)


def is_component(duty: Duty[Maintain], by: str | None) -> bool:
    """Return whether somebody is only a component of the party bound."""
    return by is not None and duty.by in duty.inquiry.agreement.head.parties and by != duty.by


NOT_EXCUSED = Excused(Tri.NO, (), ())
"""What is no lapse is not asked for its excuse."""


def lapse(duty: Duty[Maintain], one: Found, good: Tri, others: list[tuple[Found, Tri]]) -> tuple[Tri, Excused]:
    """Return whether a snapshot shows a lapse that counts: in force, longer than tolerated, not excused."""
    tri = every((one.tri, good.negated, duty.force.binds(one.when)))
    tolerance = duty.clause.tolerance
    if tolerance is not None:
        mended = some(min(other.tri, fine, _soon_after(one, other, tolerance)) for other, fine in others)
        waited = Tri.of(
            certain=duty.inquiry.as_of > one.when.latest + tolerance,
            possible=duty.inquiry.as_of > one.when.earliest + tolerance,
        )
        tri = every((tri, mended.negated, waited))
    if tri is Tri.NO:
        return tri, NOT_EXCUSED
    excuse = excused(duty.inquiry, Deed(duty.clause, duty.by, duty.binding, one.when, one.fact))
    return min(tri, excuse.tri.negated), excuse


def _soon_after(one: Found, other: Found, tolerance: int) -> Tri:
    """Return whether another snapshot came after this one, and no later than is tolerated."""
    return Tri.of(
        certain=one.when.latest < other.when.earliest and other.when.latest <= one.when.earliest + tolerance,
        possible=one.when.earliest < other.when.latest and other.when.earliest <= one.when.latest + tolerance,
    )


def _shown_kept(duty: Duty[Maintain], snapshots: list[tuple[Found, Tri]], watch: Ground) -> Tri:
    """Return whether the state is shown kept from its beginning to now.

    Between two good snapshots, or from the beginning to the first, no more may lie than the text lets a snapshot stay
    fresh; a bad one ends what was shown. Where the text sets no such length, a snapshot shows its own moment only,
    and somebody must have been watching throughout.
    """
    start, end = duty.force.start.earliest, min(duty.force.end.latest, duty.inquiry.as_of)
    fresh = duty.clause.stale_after
    if fresh is None:
        seen = some(min(one.tri, fine) for one, fine in snapshots)
        return min(seen, watch.answer or Tri.NO)
    shown_until = start + fresh
    looked = False
    for one, fine in sorted(snapshots, key=lambda pair: (pair[0].when.latest, pair[0].fact.id)):
        if one.tri is Tri.YES and one.when.latest <= end:
            unbroken = one.when.latest <= max(start, shown_until)
            looked = fine is Tri.YES and unbroken and one.when.earliest + fresh >= start
            shown_until = max(one.when.earliest, start) + fresh if looked else DAWN
    return Tri.YES if looked and shown_until >= end else Tri.NO


def watch_of(duty: Duty[Maintain]) -> Ground:
    """Return whether somebody was watching for snapshots all the while it has bound."""
    start, end = duty.force.start.earliest, min(duty.force.end.latest, duty.inquiry.as_of)
    sought = Sought.of([subject_of(duty.clause)], duty.binding)
    return watched(duty.inquiry, sought, Span(min(start, end), end), duty.clause.watched).ground


def _says(snapshots: list[tuple[Found, Tri]], kept: Tri) -> str:
    if not snapshots:
        return "no snapshot on record"
    known = f"{len(snapshots)} snapshot" + ("" if len(snapshots) == 1 else "s") + " on record"
    return known + ("" if kept is Tri.YES else ", which do not show it throughout")


def figure(clause: Maintain, last: Amount | None) -> str:
    """Return the last figure beside the limits of its level, as people read it."""
    if clause.measure is None or last is None:
        return ""
    words = f"{last.least:,}" if last.least == last.most else f"{last.least:,} to {last.most:,}"
    limits = [f"at least {clause.at_least:,}"] if clause.at_least is not None else []
    limits += [f"at most {clause.at_most:,}"] if clause.at_most is not None else []
    return f"{words} ({', '.join(limits)})"
