"""What corroborates: how far the machine may raise what is reported, by the agreement's own rule.

`occurred` and `who` are raised apart, each by what speaks for it. The default: two independent origins of different
blocs, or one first-hand observation graded B2 or better. A bloc corroborates nothing by itself, however many speak.
Never more than corroborated: verified is a person's signed act.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucekeeper.terms import Proof

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trucekeeper.agreement.language import ProofRule
    from trucekeeper.fusion.origins import Origin
    from trucekeeper.terms import Report


def proof(speaking: Sequence[Origin], rule: ProofRule) -> Proof:
    """Return how far what these origins speak for is established by their number, their blocs and their grades."""
    if any(seen_first_hand(report, rule) for origin in speaking for report in origin.reports):
        return Proof.CORROBORATED
    return Proof.CORROBORATED if independent(speaking) >= rule.origins else Proof.ALLEGED


def seen_first_hand(report: Report, rule: ProofRule) -> bool:
    """Return whether one report is a first-hand observation that is graded well enough to corroborate alone.

    What a source that is mostly there has from others it did not see.
    """
    wanted, given = rule.first_hand, report.fact.grade
    seen = report.first_hand and not report.chains
    return wanted is not None and seen and bool(given) and given[0] <= wanted[0] and given[1] <= wanted[1]


def independent(speaking: Sequence[Origin]) -> int:
    """Return how many origins there are of which each can be told by another bloc than all the others.

    What reaches us through one bloc counts once, whomever it says to have it from; and so does what began with one.
    """
    return min(_matched([one.blocs for one in speaking]), _matched([one.tellers for one in speaking]))


def _matched(several: Sequence[frozenset[str]]) -> int:
    """Return how many can have a bloc of their own, by a largest matching (augmenting paths; C. Berge, 1957)."""
    held: dict[str, int] = {}

    def placed(number: int, tried: set[str]) -> bool:
        for bloc in sorted(several[number] - tried):
            tried.add(bloc)
            if bloc not in held or placed(held[bloc], tried):
                held[bloc] = number
                return True
        return False

    return sum(placed(number, set()) for number in range(len(several)))
