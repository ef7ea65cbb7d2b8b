"""Achieve: a state is to be reached by a deadline.

A state, once reached, counts as kept until a snapshot shows otherwise. So it was not reached in time if a snapshot at
or after the deadline certainly shows otherwise and nothing possible shows it at or before; or if nobody saw it though
somebody was watching throughout. A snapshot older than `stale_after` at the deadline shows nothing about it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, Protocol

from trucekeeper.agreement.language import AnyoneExcept
from trucekeeper.compliance.excuses import Deed, excused
from trucekeeper.compliance.grounds import Answer, Beside, Ground, Stand, resting_on, settle
from trucekeeper.compliance.inquiry import Found
from trucekeeper.compliance.watching import Sought, watched
from trucekeeper.terms import DAWN, NEVER, Interval, Lifecycle, Nature, Span, Tri, Verdict
from trucekeeper.terms.tri import some

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from trucekeeper.agreement.language import Achieve, PatternBody, Start
    from trucekeeper.compliance.duty import Duty
    from trucekeeper.compliance.excuses import Excused
    from trucekeeper.compliance.force import Due
    from trucekeeper.compliance.inquiry import Inquiry
    from trucekeeper.terms import Moment
    from trucekeeper.terms.moments import Length


@dataclass(frozen=True, slots=True)
class Evidence:
    """What may show the state: which facts, how long each shows it, and whether it means those bound."""

    pattern: PatternBody
    stale_after: Length | None
    ours: bool


@dataclass(frozen=True, slots=True)
class Way:
    """What one way of showing says: reached in time, reached at all, when first, and on what it rests.

    `because` says what a NO rests on: it was seen not to be so, it came late, or nothing of the sort was seen.
    """

    in_time: Tri
    because: Literal["denied", "late", "unseen"]
    reached: Tri
    when: Interval | None
    name: str
    ground: Ground


@dataclass(frozen=True, slots=True)
class Judging:
    """How the evidence of a duty is weighed, and what excuses a failure: one by one, or in columns."""

    way: Callable[[Duty[Achieve], Evidence, Due], Way]
    excused: Callable[[Inquiry, Deed], Excused]


def stands(duty: Duty[Achieve], judging: Judging | None = None) -> list[Stand]:
    """Return where the duty stands, and where the duty to begin stands if the clause has one."""
    clause, judging = duty.clause, judging or Judging(way, excused)
    whole = _stand(duty, judging, _evidence(clause), duty.due(clause.within, clause.deadline))
    if clause.start is None:
        return [whole]
    return [_begun(duty, judging, clause.start), whole]


def _begun(duty: Duty[Achieve], judging: Judging, start: Start) -> Stand:
    evidence = [Evidence(one, one.stale_after, ours=True) for one in start.shown_by]
    return _stand(duty, judging, evidence, duty.due(start.within), occurrence="start")


def _evidence(clause: Achieve) -> list[Evidence]:
    """Return what shows the state, strongest first; evidence of the state's own kind means the state itself."""
    state = clause.state
    shown_by = clause.shown_by or ((state,) if state is not None else ())
    return [
        Evidence(state, one.stale_after or state.stale_after, ours=True)
        if state is not None and one.fact == state.fact
        else Evidence(one, one.stale_after, ours=False)
        for one in shown_by
    ]


def _stand(
    duty: Duty[Achieve], judging: Judging, evidence: list[Evidence], due: Due, *, occurrence: str = ""
) -> Stand:
    paired = _paired(duty)
    due = _no_sooner(due, paired)
    early = duty.not_bound(due, occurrence)
    ways = [judging.way(duty, one, due) for one in evidence]
    way = _deciding(ways)
    if early is not None and (duty.force.begun is Tri.NO or (way.reached is not Tri.YES and not duty.bit(due))):
        looked = (*(one.ground for one in ways), *((paired.ground,) if paired is not None else ()))
        return early if duty.force.begun is Tri.NO else resting_on(early, *looked)
    passed = due.passed(duty.inquiry.as_of)
    gone = duty.gone(due.when)
    contrary = min(passed, way.in_time.negated, gone.negated, Tri.YES if paired is None else paired.tri)
    waiting = paired is not None and paired.tri is Tri.NO
    kept = way.in_time if due.when is not None and not waiting else way.reached
    excuse = judging.excused(
        duty.inquiry, Deed(duty.clause, duty.by, duty.binding, due.when or Interval(DAWN, NEVER))
    )
    settled = min(contrary, excuse.tri.negated)
    if excuse.tri is Tri.YES and contrary is Tri.YES:
        kept = Tri.YES
    verdict = settle(begun=duty.begun, contrary=settled, kept=kept, ahead=Tri.YES if waiting else passed.negated)
    ended = gone is Tri.YES and verdict is not Verdict.CONSISTENT
    if ended:
        verdict = Verdict.NOT_IN_FORCE
    grounds = (duty.force.ground, due.ground, *(one.ground for one in ways), *excuse.grounds)
    says = f"rests on {way.name}" if way.reached is not Tri.NO else "not shown"
    return duty.stand(
        verdict,
        duty.over() if ended else _lifecycle(way, contrary, excuse.tri),
        Ground(says, kept, cite=duty.clause.cite, of=(*grounds, *([paired.ground] if paired is not None else []))),
        occurrence=occurrence,
        due=due.when,
        met=way.reached,
        met_at=way.when,
        rests_on=way.name if way.reached is not Tri.NO else "",
        beside=(*excuse.beside, *_weaker(ways, way)),
    )


def _deciding(ways: list[Way]) -> Way:
    """Return the strongest way that shows the state, or that it was not so; else one that came late, or may show it.

    That one way shows nothing does not show that no other does: only if all of them show nothing was it not reached.
    """
    for one in ways:
        if one.in_time is Tri.YES or (one.in_time is Tri.NO and one.because == "denied"):
            return one
    late = [one for one in ways if one.in_time is Tri.NO and one.because == "late"]
    doubtful = [one for one in ways if one.in_time is Tri.MAYBE]
    return next(iter(late), None) or max(doubtful or ways, key=lambda one: one.reached)


def _weaker(ways: list[Way], chosen: Way) -> tuple[Beside, ...]:
    words = {Tri.YES: "shows it", Tri.MAYBE: "may show it", Tri.NO: "does not show it"}
    return tuple(
        Beside("source", f"{one.name} {words[one.reached]}") for one in ways if one is not chosen and one.ground.facts
    )


def _lifecycle(way: Way, contrary: Tri, excused_: Tri) -> Lifecycle:
    if way.in_time is Tri.YES:
        return Lifecycle.MET
    if contrary is Tri.YES and excused_ is Tri.YES:
        return Lifecycle.DISCHARGED
    if contrary is Tri.YES:
        return Lifecycle.MET_LATE if way.reached is Tri.YES else Lifecycle.UNMET
    return Lifecycle.MET if way.reached is Tri.YES and contrary is Tri.NO else Lifecycle.IN_EFFECT


class Looks(Protocol):
    """What shows a state, and what shows that it was not so, as the facts of one kind have it."""

    @property
    def reached(self) -> Tri:
        """Return whether anything shows the state, whenever that was."""

    @property
    def first(self) -> Interval | None:
        """Return when the state was first shown, None if nothing shows it."""

    @property
    def ids(self) -> tuple[str, ...]:
        """Return the names of the facts, as far as somebody is to be told."""

    def in_time(self, due: Interval) -> Tri:
        """Return whether the state was reached in time."""

    def since(self, moment: Moment) -> Looks:
        """Return them without what showed the state only before a moment."""

    def absence(self) -> Ground:
        """Return whether somebody was watching for what would show the state, from the trigger to the deadline."""


def way(duty: Duty[Achieve], evidence: Evidence, due: Due) -> Way:
    """Return what one kind of evidence says."""
    return way_of(duty, evidence, due, _looks(duty, evidence, due))


def way_of(duty: Duty[Achieve], evidence: Evidence, due: Due, looks: Looks) -> Way:
    """Return what one kind of evidence says, given what it shows."""
    snapshots = are_snapshots(duty, evidence)
    in_time = looks.reached if due.when is None else looks.in_time(due.when)
    because: Literal["denied", "late", "unseen"] = "denied" if snapshots else "late"
    seen = looks.absence()
    if due.when is None or (in_time is Tri.MAYBE and looks.reached is Tri.NO and seen.answer is Tri.YES):
        because = "unseen"
        in_time = Tri.NO if due.when is not None else in_time
    ids = looks.ids
    if snapshots and in_time is Tri.NO and due.when is not None:
        # what was so before and no longer at the deadline is only met if it was so again
        looks = looks.since(due.when.earliest)
    name = _name(evidence.pattern)
    says = {
        Tri.YES: "shows it in time",
        Tri.MAYBE: "does not settle it",
        Tri.NO: "shows that it was not so in time",
    }[in_time]
    ground = Ground(f"{name}: {says}", in_time, ids, of=(seen,))
    return Way(in_time, because, looks.reached, _from_start(duty, looks.first), name, ground)


def are_snapshots(duty: Duty[Achieve], evidence: Evidence) -> bool:
    """Return whether evidence is of a state that somebody looked at, and not of an event that brought it about."""
    return duty.inquiry.agreement.vocabulary.kinds[evidence.pattern.fact].nature is Nature.STATE


def _from_start(duty: Duty[Achieve], first: Interval | None) -> Interval | None:
    """Return when the state was first shown; what was so before the duty began counts from its beginning."""
    if first is None:
        return None
    return Interval(max(first.earliest, min(duty.force.start.earliest, first.latest)), first.latest)


@dataclass(frozen=True, slots=True)
class _OneByOne:
    """Looks at a state one by one: those that show it, those that deny it, and how long one shows it."""

    showing: Sequence[Found]
    denying: Sequence[Found]
    evidence: Evidence
    snapshots: bool
    seen: Ground

    @property
    def reached(self) -> Tri:
        return some(one.tri for one in self.showing)

    @property
    def first(self) -> Interval | None:
        if not self.showing:
            return None
        sure = [one.when.latest for one in self.showing if one.tri is Tri.YES]
        latest = min(sure) if sure else max(one.when.latest for one in self.showing)
        return Interval(min(*(one.when.earliest for one in self.showing), latest), latest)

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.fact.id for one in (*self.showing, *self.denying)))

    def in_time(self, due: Interval) -> Tri:
        if self.snapshots:
            return _at_deadline(self.showing, self.denying, due, self.evidence.stale_after)
        return _by_deadline(self.showing, due)

    def since(self, moment: Moment) -> _OneByOne:
        return replace(self, showing=[one for one in self.showing if one.when.latest >= moment])

    def absence(self) -> Ground:
        return self.seen


def _looks(duty: Duty[Achieve], evidence: Evidence, due: Due) -> _OneByOne:
    """Return what shows the state, and what shows that it was not so."""
    pattern, ours = evidence.pattern, evidence.ours
    about = (duty.clause.id,)
    snapshots = are_snapshots(duty, evidence)
    showing = [one for one in duty.find(pattern, ours=ours, about=about) if snapshots or _since(duty, one)]
    showing = [Found(one.fact, min(one.tri, Tri.MAYBE)) if _of_a_part(duty, one) else one for one in showing]
    denying = []
    if snapshots:
        meant = duty.meant(ours=ours, about=about)
        subjects = duty.find(pattern, ours=ours, about=about, subject_only=True)
        denying = [one for one in subjects if duty.inquiry.matcher.predicate(pattern, one.fact, meant) is Tri.NO]
    return _OneByOne(showing, denying, evidence, snapshots, absence(duty, pattern, due))


def _of_a_part(duty: Duty[Achieve], one: Found) -> bool:
    """Return whether it says where one unit was, though all are meant: of the rest it shows nothing."""
    return one.fact.field("unit") is not None and parts_show_nothing(duty, one.fact.kind)


def parts_show_nothing(duty: Duty[Achieve], kind: str) -> bool:
    """Return whether facts of a kind that speak of one unit show nothing of the whole that is meant."""
    kinds = duty.inquiry.agreement.vocabulary
    places = any(kinds.is_a(kind, one) for one in ("position", "weapon-position"))
    return places and "unit" not in dict(duty.binding)


def _since(duty: Duty[Achieve], one: Found) -> bool:
    return one.when.latest >= duty.force.start.earliest


def _name(pattern: PatternBody) -> str:
    if pattern.by is None:
        return pattern.fact
    several = pattern.by.anyone_except if isinstance(pattern.by, AnyoneExcept) else pattern.by
    except_ = "anyone except " if isinstance(pattern.by, AnyoneExcept) else ""
    return f"{pattern.fact} by {except_}{', '.join(several)}"


def _by_deadline(showing: Sequence[Found], due: Interval) -> Tri:
    """Return whether an event that reaches the state came in time; a certain one that came late says it did not."""
    in_time = some(
        min(one.tri, Tri.of(certain=one.when.latest <= due.earliest, possible=one.when.earliest <= due.latest))
        for one in showing
    )
    late = any(one.tri is Tri.YES for one in showing)
    return in_time if in_time is not Tri.NO or late else Tri.MAYBE


def _at_deadline(
    showing: Sequence[Found], denying: Sequence[Found], due: Interval, stale_after: Length | None
) -> Tri:
    """Return whether snapshots show the state at the deadline: the last word before it, or a denial after it."""
    before = [one for one in showing if one.when.earliest <= due.latest]
    undone = [one for one in denying if one.when.earliest <= due.latest]
    fresh = NEVER if stale_after is None else stale_after
    recent = 0 if stale_after is None else stale_after  # where nothing is said, only a denial at that very moment
    for one in showing:
        in_time = one.tri is Tri.YES and one.when.latest <= due.earliest and due.latest - one.when.earliest <= fresh
        if in_time and not any(_later(other, one) for other in undone):
            return Tri.YES
    for one in denying:
        if one.tri is not Tri.YES:
            continue
        if one.when.earliest >= due.latest and not before:
            return Tri.NO
        just_before = one.when.latest <= due.earliest and due.latest - one.when.earliest <= recent
        if just_before and not any(_later(other, one) for other in before):
            return Tri.NO
    return Tri.MAYBE


def _later(one: Found, than: Found) -> bool:
    """Return whether one snapshot is, or may be, later than another."""
    return one.when.latest > than.when.earliest


def absence(duty: Duty[Achieve], pattern: PatternBody, due: Due) -> Ground:
    """Return whether somebody was watching for what would show the state, from the trigger to the deadline."""
    start, end = duty.force.start.earliest, NEVER if due.when is None else due.when.latest
    if start <= DAWN or start > end or end > duty.inquiry.as_of:
        return Ground("absence proves nothing before the deadline has passed", Tri.NO)
    return watched(duty.inquiry, Sought.of([pattern], duty.binding), Span(start, end), duty.clause.watched).ground


def _paired(duty: Duty[Achieve]) -> Answer | None:
    """Return whether and when the counterpart's part was done, so that this deadline bites."""
    pair = duty.clause.paired_with
    if pair is None:
        return None
    fixed = duty.inquiry.at_level(pair.at)
    mine = dict(duty.binding)
    rows = [row for row in fixed.judge(fixed, pair.clause) if all(mine.get(k, v) == v for k, v in row.binding)]
    met = min((row.met for row in rows), default=Tri.MAYBE)
    times = [row.met_at for row in rows if row.met_at is not None] if met is Tri.YES else []
    when = Interval(max(one.earliest for one in times), max(one.latest for one in times)) if times else None
    if met is not Tri.YES:
        met = (
            {"closed": Tri.NO, "open": Tri.YES, "ask": Tri.MAYBE}[pair.if_undetermined]
            if met is Tri.MAYBE
            else Tri.NO
        )
    says = {
        Tri.YES: "counterpart's part counts as done",
        Tri.MAYBE: "whether the counterpart's part is done must be asked",
        Tri.NO: "waits for the counterpart's part",
    }[met]
    return Answer(met, when, Ground(f"paired with {pair.clause}: {says}", met, of=tuple(row.ground for row in rows)))


def _no_sooner(due: Due, paired: Answer | None) -> Due:
    """Return the deadline, which bites no sooner than the counterpart's part is done."""
    if due.when is None or paired is None or paired.when is None or paired.when.latest <= due.when.earliest:
        return due
    when = Interval(max(due.when.earliest, paired.when.earliest), max(due.when.latest, paired.when.latest))
    return replace(
        due,
        when=when,
        ground=Ground("due no sooner than the counterpart's part is done", of=(due.ground, paired.ground)),
    )
