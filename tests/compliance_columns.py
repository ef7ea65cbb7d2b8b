"""The columns beside the reference: questions put to both, and answers that must be the same."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from trucekeeper.compliance.batch import InColumns, batch, log_of, stands
from trucekeeper.compliance.columns.table import Log
from trucekeeper.compliance.grounds import Ground
from trucekeeper.compliance.standing import judge_clause, standing
from trucekeeper.terms import NEVER, Proof

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tests.generated import World
    from trucekeeper.agreement.agreement import Agreement
    from trucekeeper.compliance.grounds import Stand
    from trucekeeper.compliance.standing import Question
    from trucekeeper.terms import Fact, Moment

NO_REASON = Ground("")


def in_columns(
    agreement: Agreement, facts: Iterable[Fact], as_of: Moment, proof: Proof = Proof.CORROBORATED
) -> InColumns:
    """Return a question put to columns of these facts, which are all known."""
    return InColumns(agreement, Log.of(facts, agreement, NEVER), as_of, proof, judge_clause)


def bare(stand: Stand) -> tuple[Stand, list[tuple[object, ...]]]:
    """Return a stand without its reasons and what is beside it; its occasions as what they are of."""
    occasions: list[tuple[object, ...]] = [(one.fact, one.answer, one.when) for one in stand.episodes]
    return replace(stand, ground=NO_REASON, beside=(), episodes=()), occasions


def same_rows(agreement: Agreement, facts: Sequence[Fact], question: Question, *, only: str) -> None:
    """Fail where batch gives other rows of a clause than the reference."""
    log = log_of(agreement, facts, question)
    found = [bare(one) for one in stands(batch(agreement, log, question, only=only))]

    assert found == [bare(one) for one in standing(agreement, facts, question, only=only).stands]


def agree_about(worlds: Iterable[World]) -> None:
    """Fail where batch and the reference disagree about a clause of any of these worlds."""
    for one in worlds:
        for clause in one.agreement.clauses:
            same_rows(one.agreement, one.facts, one.question, only=clause)
