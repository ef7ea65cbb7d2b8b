"""Powers in columns: each exercise of one, where acts of a frequent kind are what exercises it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from trucekeeper.compliance.columns.block import LIFECYCLES, VERDICTS, Block, Times
from trucekeeper.compliance.columns.conditions import held
from trucekeeper.compliance.columns.hits import Hits, seek
from trucekeeper.compliance.columns.matching import answered
from trucekeeper.compliance.columns.times import binds
from trucekeeper.compliance.columns.values import Values
from trucekeeper.compliance.force import exercise_of
from trucekeeper.compliance.grounds import Ground
from trucekeeper.compliance.kinds.power import settled, unused
from trucekeeper.terms import NEVER, Lifecycle, Proof, Tri, Verdict

if TYPE_CHECKING:
    from trucekeeper.agreement.agreement import Agreement
    from trucekeeper.agreement.language import PatternBody, Power
    from trucekeeper.compliance.columns.values import Answers
    from trucekeeper.compliance.duty import Duty
    from trucekeeper.compliance.grounds import Stand
    from trucekeeper.compliance.matching import Meant
    from trucekeeper.terms import Field

CASES = len(Tri)


def unfit(_agreement: Agreement, clause: Power) -> str:
    """Return why a power cannot be judged in columns, "" if it can."""
    return "" if clause.notice is None else "each exercise needs a notice of its own"


def stands(duty: Duty[Power]) -> list[Stand | Block]:
    """Return where each exercise of the power stands; not in force while nobody exercised it."""
    early = duty.not_bound()
    used = _used(duty)
    if not len(used):
        return [early or unused(duty)]
    begun, allowed = np.minimum(used.tri, binds(duty.force, used.earliest, used.latest)), _allowed(duty, used)
    cases = [settled(Tri(one // CASES), Tri(one % CASES)) for one in range(CASES * CASES)]
    verdicts = np.array([VERDICTS.index(verdict) for verdict, _ in cases], np.int8)
    case = begun.astype(np.intp) * CASES + allowed
    ground = Ground("exercised", cite=duty.clause.cite, of=(duty.force.ground,))
    never = np.full(len(used), NEVER)
    return [
        Block(
            shared=duty.stand(Verdict.OPEN, Lifecycle.IN_EFFECT, ground),
            occurrence=used.aspect("id"),
            verdict=verdicts[case],
            lifecycle=answered(Tri.NO, len(used)) + np.int8(LIFECYCLES.index(Lifecycle.IN_EFFECT)),
            due=Times(earliest=never, latest=never, known=never < NEVER),
            met=used.tri,
            met_at=Times(earliest=used.earliest, latest=used.latest, known=np.ones(len(used), bool)),
            says=Values(case, tuple(f"exercised: {word}" for _, word in cases)),
        )
    ]


def _used(duty: Duty[Power]) -> Hits:
    """Return what exercised the power, by those for whom it is judged."""
    used = seek(duty.inquiry.at_level(Proof.CORROBORATED), *_meant(duty))
    bound = duty.bound
    if bound is None:
        return used

    def mine(by: Field | None) -> int:
        return Tri.MAYBE if by is None else duty.inquiry.agreement.belongs(str(by), bound)

    return used.chosen(used.aspect("by").asked(mine) > Tri.NO)


def _meant(duty: Duty[Power]) -> tuple[list[PatternBody], Meant]:
    pattern, meant = exercise_of(duty.clause, ())
    return [pattern], meant


def _allowed(duty: Duty[Power], used: Hits) -> Answers:
    """Return whether the power's condition held when each exercise began."""
    condition = duty.clause.if_
    if condition is None:
        return answered(Tri.YES, len(used))
    return held(duty.inquiry, condition, duty.binding, used.earliest)
