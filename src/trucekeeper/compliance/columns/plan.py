"""The planner: which clauses are judged in columns, and why the others are judged fact by fact.

A kernel takes a duty and the columns of its facts, and gives the same stands as the reference. Rare forms have none:
they stay with the reference, which then reads of the columns only the facts that it asks for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from trucekeeper.agreement import language as lang
from trucekeeper.compliance.columns import counts, days, powers, prohibit, respond, states

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from trucekeeper.agreement.agreement import Agreement, ClauseHistory
    from trucekeeper.compliance.columns.block import Block
    from trucekeeper.compliance.grounds import Stand

Kernel: TypeAlias = "Callable[[Any], list[Stand | Block]]"
Unfit: TypeAlias = "Callable[[Agreement, Any], str]"


def _fits(_agreement: Agreement, _clause: lang.Clause) -> str:
    """Return that nothing keeps a clause from being judged in columns."""
    return ""


KERNELS: Mapping[type[lang.Clause], tuple[Kernel, Unfit]] = {
    lang.Prohibit: (prohibit.stands, prohibit.unfit),
    lang.Achieve: (states.achieve, states.unfit_achieve),
    lang.Maintain: (states.maintain, _fits),
    lang.Respond: (respond.stands, _fits),
    lang.Phase: (days.gate, days.unfit),
    lang.Power: (powers.stands, powers.unfit),
    lang.Tally: (counts.tally, counts.unfit),
    lang.Quota: (counts.quota, counts.unfit),
}


@dataclass(frozen=True, slots=True)
class Plan:
    """How a clause is judged in bulk: in columns, or by the reference and why."""

    clause: str
    kind: str
    by_reference: tuple[str, ...]

    @property
    def in_columns(self) -> bool:
        """Return whether every wording of it is judged in columns."""
        return not self.by_reference


def plan_of(agreement: Agreement, clause: str) -> Plan | None:
    """Return how a clause is judged in bulk; None if it bears no verdict, or nothing in it can be computed."""
    history = agreement.clauses[clause]
    latest = history.latest()
    return _plan(agreement, history) if latest.bears_verdict and latest.text_only is None else None


def _plan(agreement: Agreement, history: ClauseHistory) -> Plan:
    wordings = [clause for clause in history.all() if clause.bears_verdict]
    whys = dict.fromkeys(unfit(agreement, clause) for clause in wordings)
    return Plan(history.id, history.latest().kind, tuple(filter(None, whys)))


def unfit(agreement: Agreement, clause: lang.Clause) -> str:
    """Return why a clause cannot be judged in columns, "" if it can."""
    if clause.text_only is not None:
        return "nothing in it can be computed"
    return KERNELS[type(clause)][1](agreement, clause)


def kernel(agreement: Agreement, clause: lang.Clause) -> Kernel | None:
    """Return what judges the duties of a clause in columns, None where the reference does."""
    return None if unfit(agreement, clause) else KERNELS[type(clause)][0]
