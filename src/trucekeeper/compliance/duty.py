"""One duty: a clause as worded for one party bound and one member of each set, and how its stand is written down."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

from trucekeeper.agreement import language as lang
from trucekeeper.compliance.conditions import answer
from trucekeeper.compliance.counting import Count, What, Window, count, moments
from trucekeeper.compliance.force import Due, Force, due_of, force_of
from trucekeeper.compliance.grounds import Answer, Binding, Ground, Stand
from trucekeeper.compliance.matching import Doer, Meant
from trucekeeper.terms import Fact, Interval, Lifecycle, Span, Tri, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from trucekeeper.agreement.phrases import Civil, Unstated, When
    from trucekeeper.compliance.inquiry import Found, Inquiry
    from trucekeeper.terms import Moment

C = TypeVar("C", bound=lang.Clause)
Counter: TypeAlias = "Callable[[Inquiry, What, Window, Binding], Count]"
"""How events and claims are counted: one by one, or in columns."""
Moments: TypeAlias = "Callable[[Inquiry, What, Binding], Sequence[Moment]]"
"""From what is counted to every moment, in order, at which an event of it may have begun or ended."""


@dataclass(frozen=True)
class Duty(Generic[C]):
    """A clause to be judged for one party bound and one binding, inside the time in which its wording was in force.

    `declared`: whether the members it is judged for are certainly, or only possibly, those of the sets; `members`:
    what says that they are, where it is facts and not the text.
    """

    inquiry: Inquiry
    clause: C
    by: str
    binding: Binding
    window: Span
    version: str
    declared: Tri = Tri.YES
    members: tuple[Ground, ...] = ()
    count: Counter = count
    moments: Moments = moments
    force: Force = field(init=False)

    def __post_init__(self) -> None:
        """Work out once when the duty binds."""
        key = ("force", id(self.clause), self.binding, self.window)
        force = self.inquiry.kept(key, lambda one: force_of(one, self.clause, self.binding, self.window))  # type: ignore[arg-type]  # every C is one
        force = replace(force, ground=replace(force.ground, of=(*force.ground.of, *self.members)))
        if self.declared is not Tri.YES:
            doubt = Ground("not certainly one of those for whom it was promised", self.declared)
            ground = replace(force.ground, of=(*force.ground.of, doubt))
            force = replace(force, begun=min(force.begun, self.declared), ground=ground)
        object.__setattr__(self, "force", force)

    def put_to(self, inquiry: Inquiry) -> Duty[C]:
        """Return the same duty in the same force, put to another question or another state of the record."""
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__, inquiry=inquiry)
        return other

    def counting(self, counter: Counter, moments: Moments) -> Duty[C]:
        """Return the same duty with another way to count, and to find the moments that matter to a count."""
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__, count=counter, moments=moments)
        return other

    def counted(self, what: What, window: Window) -> Count:
        """Return how many were counted in a window."""
        return self.count(self.inquiry, what, window, self.binding)

    @property
    def bound(self) -> Doer:
        """Return who is bound, as a pattern's doer: everybody, where the text says so or is silent."""
        if isinstance(self.clause.by, lang.AnyoneExcept):
            return self.clause.by
        return None if self.by in ("anyone", "unstated") else (self.by,)

    def find(
        self,
        pattern: lang.PatternBody,
        *,
        ours: bool,
        about: tuple[str, ...] = (),
        subject_only: bool = False,
        among: Iterable[Fact] | None = None,
    ) -> tuple[Found, ...]:
        """Return the facts that a pattern of this clause means; `ours` if it means those bound unless it says who."""
        meant = Meant(by=self.bound if ours else None, binding=self.binding, about=about)
        return self.inquiry.find(pattern, meant, subject_only=subject_only, among=among)

    def meant(self, *, ours: bool, about: tuple[str, ...] = ()) -> Meant:
        """Return what a pattern means here."""
        return Meant(by=self.bound if ours else None, binding=self.binding, about=about)

    def due(self, length: int | Civil | Unstated | None, deadline: When | Unstated | None = None) -> Due:
        """Return when the duty is due."""
        return due_of(self.inquiry, self.clause, self.force, self.binding, length=length, deadline=deadline)  # type: ignore[arg-type]

    def stand(
        self,
        verdict: Verdict,
        lifecycle: Lifecycle,
        ground: Ground,
        *,
        occurrence: str = "",
        **more: Any,  # noqa: ANN401  the fields of a stand
    ) -> Stand:
        """Return the stand of this duty, or of one occurrence under it."""
        status_only = self.by in self.inquiry.agreement.head.actors and (
            self.inquiry.agreement.head.actors[self.by].role == "non_signatory"
        )
        return Stand(
            key=commitment_key(self.clause.id, (("by", self.by), *self.binding), occurrence),
            clause=self.clause.id,
            by=self.by,
            binding=self.binding,
            occurrence=occurrence,
            version=self.version,
            verdict=verdict,
            lifecycle=lifecycle,
            proof=self.inquiry.proof,
            waits_for=self.force.waits_for,
            status_only=status_only,
            ground=ground if self.held is None else replace(ground, of=(*ground.of, self.held.ground)),
            **more,
        )

    @property
    def held(self) -> Answer | None:
        """Return whether the condition of `while` holds now; None if there is none."""
        condition = self.clause.while_
        key = ("while", self.clause.id, self.by, self.binding, self.version)
        return (
            None
            if condition is None
            else self.inquiry.once(key, lambda: answer(self.inquiry, condition, self.binding))
        )

    def held_then(self, when: Interval) -> Answer:
        """Return whether the condition of `while` held when something happened, at both ends of its interval."""
        condition = self.clause.while_
        if condition is None:
            return Answer(Tri.YES, None, Ground("no condition", Tri.YES))
        ends = sorted({when.earliest, min(when.latest, self.inquiry.as_of)})
        answers = [answer(self.inquiry.at(moment), condition, self.binding) for moment in ends]
        several = {one.tri for one in answers}
        tri = min(several) if len(several) == 1 else Tri.MAYBE
        return Answer(tri, None, Ground("its condition then", tri, of=tuple(one.ground for one in answers)))

    @property
    def begun(self) -> Tri:
        """Return whether the duty binds now: it has begun, and its condition holds."""
        return self.force.begun if self.held is None else min(self.force.begun, self.held.tri)

    def not_bound(self, due: Due | None = None, occurrence: str = "") -> Stand | None:
        """Return the stand of a duty that certainly does not bind now; None if it does or may."""
        grounds = (self.force.ground,) if due is None else (self.force.ground, due.ground)
        when = None if due is None else due.when
        if self.force.begun is Tri.NO:
            ground = Ground("not in force", Tri.NO, of=grounds)
            return self.stand(Verdict.NOT_IN_FORCE, Lifecycle.DORMANT, ground, occurrence=occurrence, due=when)
        paused = self.force.suspended(self.inquiry.as_of) is Tri.YES
        if paused or (self.held is not None and self.held.tri is Tri.NO):
            ground = Ground("suspended", Tri.NO, of=grounds)
            return self.stand(Verdict.NOT_IN_FORCE, Lifecycle.SUSPENDED, ground, occurrence=occurrence, due=when)
        return None

    def gone(self, due: Interval | None) -> Tri:
        """Return whether the duty is over and had ended before it was due, so that its deadline never bit."""
        end = self.force.end
        if due is None or self.force.ended is Tri.NO:
            return self.force.ended
        sooner = Tri.of(certain=end.latest < due.earliest, possible=end.earliest < due.latest)
        return min(self.force.ended, sooner)

    def bit(self, due: Due) -> bool:
        """Return whether the deadline certainly passed while the duty bound; no later suspension heals that."""
        passed = due.passed(self.inquiry.as_of) is Tri.YES
        return passed and due.when is not None and self.force.binds(due.when) is Tri.YES

    def over(self) -> Lifecycle:
        """Return what a duty is after its own end: ended by a power, or run out."""
        return self.force.after


@lru_cache(maxsize=1 << 16)  # a live execution asks the same ones over and over
def commitment_key(clause: str, binding: Binding, occurrence: str) -> str:
    """Return the permanent key of a commitment: a hash of clause, binding and occurrence."""
    content = json.dumps([clause, sorted(binding), occurrence], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(content.encode()).hexdigest()[:12]


def with_reading(stand: Stand, reading: dict[str, str]) -> Stand:
    """Return the stand as one under these readings."""
    return replace(stand, reading=tuple(sorted(reading.items())))
