"""Maintain: a state or level is to be kept. Every snapshot counts; between two the earlier holds until stale."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from trucekeeper.agreement.language import Bound
from trucekeeper.compliance.counting import ENDLESS_COUNT
from trucekeeper.compliance.excuses import Deed, Excused, excused
from trucekeeper.compliance.grounds import Episode, Ground, Stand, settle
from trucekeeper.compliance.matching import bound_test
from trucekeeper.compliance.watching import Sought, watched
from trucekeeper.terms import DAWN, Amount, Lifecycle, Span, Tri
from trucekeeper.terms.tri import every, some

if TYPE_CHECKING:
    from trucekeeper.agreement.language import Maintain, PatternBody
    from trucekeeper.compliance.duty import Duty
    from trucekeeper.compliance.inquiry import Found


def stands(duty: Duty[Maintain]) -> list[Stand]:
    """Return where the duty stands: contrary if a certain snapshot in its time shows the state not kept."""
    early = duty.not_bound()
    if early is not None and duty.force.begun is Tri.NO:
        return [early]
    pattern = cast("PatternBody", duty.clause.state or duty.clause.measure)  # one with neither is refused when loaded
    snapshots = [(one, _kept(duty, pattern, one)) for one in _snapshots(duty, pattern)]
    lapses = [(one, *_lapse(duty, one, good, snapshots)) for one, good in snapshots if good is not Tri.YES]
    lapses = [lapse for lapse in lapses if lapse[1] is not Tri.NO]
    contrary = some(tri for _, tri, _ in lapses)
    ended = duty.force.ended is Tri.YES
    if early is not None and contrary is Tri.NO and not ended:
        return [early]
    counted = {one.fact.id for one, _, _ in lapses}
    let_pass = {
        one.fact.id for one, fine in snapshots if fine is not Tri.YES and duty.force.binds(one.when) is Tri.YES
    }
    watch = _watched(duty, pattern)
    kept = _shown_kept(duty, [pair for pair in snapshots if pair[0].fact.id not in let_pass - counted], watch)
    verdict = settle(begun=duty.begun, contrary=contrary, kept=kept, ahead=Tri.NO)
    ids = tuple(one.fact.id for one, _ in snapshots)
    shown = Ground(_says(snapshots, kept), kept, ids)
    grounds = (
        duty.force.ground,
        shown,
        *((watch,) if duty.clause.stale_after is None else ()),
        *(
            Ground(f"lapse shown by {one.fact.id}", tri, (one.fact.id,), one.fact.cite, of=more.grounds)
            for one, tri, more in lapses
        ),
    )
    return [
        duty.stand(
            verdict,
            duty.over() if ended else Lifecycle.IN_EFFECT,
            Ground(
                _headline(contrary, kept),
                kept if contrary is Tri.NO else contrary.negated,
                cite=duty.clause.cite,
                of=grounds,
            ),
            episodes=tuple(
                Episode(one.fact.id, tri, one.when, f"{one.fact.kind} {one.fact.id}") for one, tri, _ in lapses
            ),
            figure=_figure(duty, snapshots),
            beside=tuple(beside for _, _, more in lapses for beside in more.beside),
        )
    ]


def _headline(contrary: Tri, kept: Tri) -> str:
    if contrary is Tri.YES:
        return "not kept throughout"
    return "kept" if contrary is Tri.NO and kept is Tri.YES else "not shown to be kept throughout"


def _snapshots(duty: Duty[Maintain], pattern: PatternBody) -> list[Found]:
    """Return the snapshots of the subject, or of the place measured, in order of time."""
    measure = duty.clause.measure is not None
    found = duty.find(pattern, ours=True, subject_only=not measure)
    return [one for one in found if one.when.earliest <= duty.force.end.latest]


def _kept(duty: Duty[Maintain], pattern: PatternBody, one: Found) -> Tri:
    """Return whether one snapshot shows the state kept."""
    if duty.clause.measure is None:
        return duty.inquiry.matcher.predicate(pattern, one.fact, duty.meant(ours=True))
    value = one.fact.amount(duty.clause.field)
    if value is None:
        return Tri.MAYBE
    if _of_a_part(duty, one):
        value = Amount(value.least, ENDLESS_COUNT)
    return bound_test(value, Bound(at_least=duty.clause.at_least, at_most=duty.clause.at_most))


def _of_a_part(duty: Duty[Maintain], one: Found) -> bool:
    """Return whether a figure is that of one unit or component: of the whole it says the least, and not the most."""
    of_member = "unit" in dict(duty.binding)
    component = one.fact.by is not None and duty.by in duty.inquiry.agreement.head.parties and one.fact.by != duty.by
    return not of_member and (component or one.fact.field("unit") is not None)


def _lapse(duty: Duty[Maintain], one: Found, good: Tri, snapshots: list[tuple[Found, Tri]]) -> tuple[Tri, Excused]:
    """Return whether a snapshot shows a lapse that counts: in force, longer than tolerated, not excused."""
    tri = every((one.tri, good.negated, duty.force.binds(one.when)))
    tolerance = duty.clause.tolerance
    if tolerance is not None:
        mended = some(min(other.tri, fine, _soon_after(one, other, tolerance)) for other, fine in snapshots)
        waited = Tri.of(
            certain=duty.inquiry.as_of > one.when.latest + tolerance,
            possible=duty.inquiry.as_of > one.when.earliest + tolerance,
        )
        tri = every((tri, mended.negated, waited))
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


def _watched(duty: Duty[Maintain], pattern: PatternBody) -> Ground:
    """Return whether somebody was watching for snapshots all the while it has bound."""
    start, end = duty.force.start.earliest, min(duty.force.end.latest, duty.inquiry.as_of)
    sought = Sought.of([pattern], duty.binding)
    return watched(duty.inquiry, sought, Span(min(start, end), end), duty.clause.watched).ground


def _says(snapshots: list[tuple[Found, Tri]], kept: Tri) -> str:
    if not snapshots:
        return "no snapshot on record"
    known = f"{len(snapshots)} snapshot" + ("" if len(snapshots) == 1 else "s") + " on record"
    return known + ("" if kept is Tri.YES else ", which do not show it throughout")


def _figure(duty: Duty[Maintain], snapshots: list[tuple[Found, Tri]]) -> str:
    amounts = [amount for one, _ in snapshots if (amount := one.fact.amount(duty.clause.field)) is not None]
    if duty.clause.measure is None or not amounts:
        return ""
    last = amounts[-1]
    figure = f"{last.least:,}" if last.least == last.most else f"{last.least:,} to {last.most:,}"
    limits = [f"at least {duty.clause.at_least:,}"] if duty.clause.at_least is not None else []
    limits += [f"at most {duty.clause.at_most:,}"] if duty.clause.at_most is not None else []
    return f"{figure} ({', '.join(limits)})"
