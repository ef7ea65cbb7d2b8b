"""Why: the tree of reasons under a verdict, down to the facts it rests on, and the answers it is made of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from trucekeeper.terms import Interval, Lifecycle, Proof, Span, Tri, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@dataclass(frozen=True, slots=True)
class Ground:
    """One reason: a sentence, its answer, the facts and the span of time it rests on, and its own reasons."""

    says: str
    answer: Tri | None = None
    facts: tuple[str, ...] = ()
    cite: str = ""
    span: Span | None = None
    of: tuple[Ground, ...] = ()

    def leaves(self) -> frozenset[str]:
        """Return the ids of all facts named anywhere in the tree."""
        return frozenset(self.facts).union(*(ground.leaves() for ground in self.of))

    def walk(self, depth: int = 0) -> Iterator[tuple[int, Ground]]:
        """Yield every reason with its depth, outermost first."""
        yield depth, self
        for ground in self.of:
            yield from ground.walk(depth + 1)


@dataclass(frozen=True, slots=True)
class Answer:
    """A condition's answer, the interval of the moment from which it held (None: it has none), and why."""

    tri: Tri
    when: Interval | None
    ground: Ground


@dataclass(frozen=True, slots=True)
class Beside:
    """What is printed beside a verdict and did not change it: a plea, a rival claim, a weaker source."""

    sort: str
    says: str
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Episode:
    """One occasion on which a prohibition or a lasting duty was, or may have been, acted against."""

    fact: str
    answer: Tri
    when: Interval
    says: str


Bounds = tuple[int, int | None]
"""The least and the most of a number; None: there is no most."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What a figure says, as numbers: so much was counted, of at least and at most so much, where that is asked."""

    count: Bounds
    floor: Bounds | None = None
    ceiling: Bounds | None = None


Binding = tuple[tuple[str, str], ...]
"""For which member of each set a commitment stands: `(("unit", "1st"),)`."""

Assumed = tuple[tuple[str, str], ...]
"""Under which reading of each ambiguity, sorted by its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """Where one commitment stands, under one reading of each ambiguity that matters to it."""

    key: str
    clause: str
    by: str
    binding: Binding = ()
    occurrence: str = ""
    version: str = ""
    reading: Assumed = ()
    verdict: Verdict
    lifecycle: Lifecycle
    proof: Proof
    due: Interval | None = None
    met: Tri = Tri.NO
    met_at: Interval | None = None
    figure: str = ""
    counted: Counted | None = None
    rests_on: str = ""
    waits_for: tuple[str, ...] = ()
    status_only: bool = False
    beside: tuple[Beside, ...] = ()
    episodes: Sequence[Episode] = ()
    ground: Ground


def resting_on(stand: Stand, *grounds: Ground) -> Stand:
    """Return a stand with more reasons: what was looked at and did not change it is among them."""
    return replace(stand, ground=replace(stand.ground, of=(*stand.ground.of, *grounds)))


def settle(*, begun: Tri, contrary: Tri, kept: Tri, ahead: Tri) -> Verdict:
    """Return the verdict that follows from the two bounds of each answer (rule of meaning 5).

    `begun`: the commitment binds by now. `contrary`: what is on record is contrary to it. `kept`: it is shown to be
    kept. `ahead`: its deadline has certainly not passed.
    """
    if begun is Tri.NO:
        return Verdict.NOT_IN_FORCE
    if min(begun, contrary) is Tri.YES:
        return Verdict.CONTRARY
    if begun is Tri.MAYBE or contrary is not Tri.NO:
        return Verdict.CANNOT_TELL
    if kept is Tri.YES:
        return Verdict.CONSISTENT
    return Verdict.OPEN if ahead is Tri.YES else Verdict.CANNOT_TELL
