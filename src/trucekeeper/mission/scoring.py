"""Scoring: what a mission made of a drill, as the score takes it. Everything is as of when its sources knew it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from trucekeeper.compliance.standing import Question
from trucekeeper.exercise.score import Scored, score
from trucekeeper.exercise.truth import Stood
from trucekeeper.terms import NEVER, Op, Proof
from trucekeeper.terms.moments import end_of_day

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trucekeeper.compliance.knowledge import Audience
    from trucekeeper.exercise.score import Score
    from trucekeeper.exercise.truth import Truth
    from trucekeeper.mission.mission import Mission
    from trucekeeper.terms import Fact, Moment


def scored(mission: Mission, audience: Audience, truth: Truth) -> Score:
    """Return the score of what an audience may see of a mission, as of the end of a drill."""
    reported = mission.reported(audience)
    folder = mission.folder(audience, as_reported=True)
    as_of = end_of_day(max(date.fromisoformat(one.day) for one in truth.stood), folder.agreement.time_zone)
    when = _corroborated_at(folder.facts)
    incidents = [
        Scored(
            id=one.id,
            kind=fact.kind,
            by=fact.by,
            when=fact.when,
            reports=tuple(report.fact.id for report in one.reports),
            occurred=fact.occurred,
            who=fact.who,
            first_known=min(report.fact.learned_at for report in one.reports),
            corroborated_at=when.get(one.id),
        )
        for one in reported.incidents()
        for fact in (reported.facts[one.id],)
    ]
    question = Question(as_of=as_of, known_at=NEVER - 1, proof=Proof.CORROBORATED, audience=audience)
    return score(truth, incidents, [Stood.of(one) for one in folder.standing(question).stands])


def _corroborated_at(facts: Iterable[Fact]) -> dict[str, Moment]:
    """Return when each incident was first corroborated, by when its sources knew what did it."""
    found: dict[str, Moment] = {}
    for fact in sorted(facts, key=lambda one: one.rev):
        if fact.op is Op.ASSERT and fact.occurred >= Proof.CORROBORATED:
            found.setdefault(fact.id, fact.learned_at)
    return found
