"""Prohibit: these acts are not to happen. Each on record is an episode; none on record proves nothing by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucekeeper.compliance.excuses import Deed, excused
from trucekeeper.compliance.grounds import Beside, Episode, Ground, Stand, settle
from trucekeeper.compliance.inquiry import strongest
from trucekeeper.compliance.watching import Sought, watched
from trucekeeper.terms import NEVER, Lifecycle, Span, Tri
from trucekeeper.terms.tri import every, some

if TYPE_CHECKING:
    from trucekeeper.agreement.language import Prohibit
    from trucekeeper.compliance.duty import Duty
    from trucekeeper.compliance.inquiry import Found

Judged = tuple[Episode, Ground, tuple[Beside, ...]]


def stands(duty: Duty[Prohibit]) -> list[Stand]:
    """Return where a prohibition stands: contrary if an act in its time is certain and not excused."""
    early = duty.not_bound()
    if early is not None and duty.force.begun is Tri.NO:
        return [early]
    found = strongest(one for pattern in duty.clause.act for one in duty.find(pattern, ours=True))
    judged = [one for one in (_episode(duty, act) for act in found.values()) if one is not None]
    contrary = some(episode.answer for episode, _, _ in judged)
    ended = duty.force.ended is Tri.YES
    if early is not None and contrary is Tri.NO and not ended:
        return [early]
    seen = _watched(duty)
    kept = seen.answer or Tri.NO
    if duty.held is not None and not ended:
        kept = min(kept, duty.held.tri)
    verdict = settle(begun=duty.force.begun, contrary=contrary, kept=kept, ahead=Tri.NO)
    says = {
        Tri.YES: "acts contrary to it on record",
        Tri.MAYBE: "possible acts on record",
        Tri.NO: "no such act on record",
    }[contrary]
    grounds = [duty.force.ground, *(ground for _, ground, _ in judged), seen]
    return [
        duty.stand(
            verdict,
            duty.over() if ended else Lifecycle.IN_EFFECT,
            Ground(says, contrary, cite=duty.clause.cite, of=tuple(grounds)),
            due=None if duty.force.end.latest >= NEVER else duty.force.end,
            episodes=tuple(episode for episode, _, _ in judged if episode.answer is not Tri.NO),
            beside=tuple(beside for _, _, several in judged for beside in several),
            figure=_figure(judged),
        )
    ]


def _episode(duty: Duty[Prohibit], act: Found) -> Judged | None:
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


def _figure(judged: list[Judged]) -> str:
    sure = sum(1 for episode, _, _ in judged if episode.answer is Tri.YES)
    maybe = sum(1 for episode, _, _ in judged if episode.answer is Tri.MAYBE)
    words = [f"{sure} on record"] if sure else []
    return ", ".join([*words, *([f"{maybe} possible"] if maybe else [])])
