"""Prohibit: these acts are not to happen. Each on record is an episode; none on record proves nothing by itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucekeeper.compliance.excuses import Deed, excused
from trucekeeper.compliance.grounds import Beside, Episode, Ground, Stand, resting_on, settle
from trucekeeper.compliance.inquiry import strongest
from trucekeeper.compliance.watching import Sought, watched
from trucekeeper.terms import NEVER, Lifecycle, Span, Tri
from trucekeeper.terms.tri import every

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trucekeeper.agreement.language import Prohibit
    from trucekeeper.compliance.duty import Duty
    from trucekeeper.compliance.inquiry import Found

Judged = tuple[Episode, Ground, tuple[Beside, ...]]


@dataclass(frozen=True, slots=True)
class Acts:
    """The acts on record in the time of a prohibition, judged: how many are contrary to it, and may be."""

    sure: int
    maybe: int
    episodes: Sequence[Episode] = ()
    grounds: tuple[Ground, ...] = ()
    beside: tuple[Beside, ...] = ()

    @staticmethod
    def of(judged: Sequence[Judged]) -> Acts:
        """Return the acts that were judged one by one."""
        answers = [episode.answer for episode, _, _ in judged]
        return Acts(
            answers.count(Tri.YES),
            answers.count(Tri.MAYBE),
            tuple(episode for episode, _, _ in judged if episode.answer is not Tri.NO),
            tuple(ground for _, ground, _ in judged),
            tuple(beside for _, _, several in judged for beside in several),
        )

    @property
    def contrary(self) -> Tri:
        """Return whether any act is contrary to the prohibition."""
        return Tri.of(certain=self.sure > 0, possible=self.sure + self.maybe > 0)

    @property
    def figure(self) -> str:
        """Return how many acts there are, as people read it."""
        words = [f"{self.sure} on record"] if self.sure else []
        return ", ".join([*words, *([f"{self.maybe} possible"] if self.maybe else [])])


NO_ACTS = Acts(0, 0)


def stands(duty: Duty[Prohibit]) -> list[Stand]:
    """Return where a prohibition stands: contrary if an act in its time is certain and not excused."""
    if duty.force.begun is Tri.NO:
        return [settled(duty, NO_ACTS)]
    found = strongest(one for pattern in duty.clause.act for one in duty.find(pattern, ours=True))
    judged = [one for one in (judge(duty, act) for act in found.values()) if one is not None]
    return [settled(duty, Acts.of(judged))]


def settled(duty: Duty[Prohibit], acts: Acts) -> Stand:
    """Return where a prohibition stands, given the acts in its time."""
    early = duty.not_bound()
    ended = duty.force.ended is Tri.YES
    if early is not None and (duty.force.begun is Tri.NO or (acts.contrary is Tri.NO and not ended)):
        return resting_on(early, *acts.grounds)
    seen = _watched(duty)
    kept = seen.answer or Tri.NO
    if duty.held is not None and not ended:
        kept = min(kept, duty.held.tri)
    says = {
        Tri.YES: "acts contrary to it on record",
        Tri.MAYBE: "possible acts on record",
        Tri.NO: "no such act on record",
    }[acts.contrary]
    return duty.stand(
        settle(begun=duty.force.begun, contrary=acts.contrary, kept=kept, ahead=Tri.NO),
        duty.over() if ended else Lifecycle.IN_EFFECT,
        Ground(says, acts.contrary, cite=duty.clause.cite, of=(duty.force.ground, *acts.grounds, seen)),
        due=None if duty.force.end.latest >= NEVER else duty.force.end,
        episodes=acts.episodes,
        beside=acts.beside,
        figure=acts.figure,
    )


def judge(duty: Duty[Prohibit], act: Found) -> Judged | None:
    """Return an act as an episode: whether it happened while prohibited and not excused; None if outside its time."""
    held = duty.held_then(act.when)
    prohibited = every((act.tri, duty.force.binds(act.when), held.tri))
    if prohibited is Tri.NO:
        return None
    by = duty.by if act.fact.by is None else act.fact.by
    deed = Deed(duty.clause, by, duty.binding, act.when, act.fact)
    excuse = excused(duty.inquiry, deed)
    tri = min(prohibited, excuse.tri.negated)
    says = f"{act.fact.kind or 'redacted fact'} {act.fact.id}, {duty.inquiry.span_words(act.when)}"
    says += f", by {act.fact.by}" if act.fact.by is not None else ", by whom is not said"
    ground = Ground(says, tri, (act.fact.id,), act.fact.cite, of=(*held.ground.of, *excuse.grounds))
    return Episode(act.fact.id, tri, act.when, says), ground, excuse.beside


def _watched(duty: Duty[Prohibit]) -> Ground:
    """Return whether somebody was watching for these acts all the while it has bound."""
    start = duty.force.start.earliest
    end = min(duty.force.end.latest, duty.inquiry.as_of)
    if start > end:
        return Ground("not yet begun", Tri.NO)
    return watched(
        duty.inquiry, Sought.of(duty.clause.act, duty.binding), Span(start, end), duty.clause.watched
    ).ground
