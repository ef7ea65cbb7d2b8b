"""How well labels agree with the truth, pair by pair and report by report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True)
class Score:
    """Precision and recall over pairs, those of B-cubed over reports, and repeats that were put in one incident."""

    precision: float
    recall: float
    b_precision: float
    b_recall: float
    repeats: float

    @property
    def f1(self) -> float:
        """Return the harmonic mean over pairs."""
        return _harmonic(self.precision, self.recall)

    @property
    def b_f1(self) -> float:
        """Return the harmonic mean of B-cubed."""
        return _harmonic(self.b_precision, self.b_recall)


def scored(table: Any, labels: Any) -> Score:  # noqa: ANN401  a table of reports, and arrays
    """Return the score of labels; reports of no true incident are left out."""
    true = table.inc.to_numpy() >= 0
    series, labels = table.par.to_numpy()[true], np.asarray(labels)[true]
    _, truth = np.unique(table.inc.to_numpy()[true], return_inverse=True)
    _, found = np.unique(labels, return_inverse=True)
    _, back, counts = np.unique(truth * (found.max() + 1) + found, return_inverse=True, return_counts=True)
    in_truth, in_found = np.bincount(truth), np.bincount(found)
    right = _pairs(counts)
    return Score(
        precision=right / max(_pairs(in_found), 1),
        recall=right / max(_pairs(in_truth), 1),
        b_precision=float((counts[back] / in_found[found]).mean()),
        b_recall=float((counts[back] / in_truth[truth]).mean()),
        repeats=_repeats(table.inc.to_numpy()[true], series, found),
    )


def _repeats(incidents: Any, series: Any, found: Any) -> float:  # noqa: ANN401
    """Return the share of neighbours in a series of which any two reports were put in one incident."""
    labels: dict[int, set[int]] = {}
    of: dict[int, int] = {}
    for incident, one, label in zip(incidents.tolist(), series.tolist(), found.tolist(), strict=True):
        labels.setdefault(incident, set()).add(label)
        of[incident] = one
    next_days = [(one, one + 1) for one in labels if of.get(one + 1) == of[one]]
    return sum(bool(labels[one] & labels[two]) for one, two in next_days) / max(len(next_days), 1)


def _pairs(sizes: Any) -> int:  # noqa: ANN401
    return int((sizes * (sizes - 1) // 2).sum())


def _harmonic(one: float, two: float) -> float:
    return 2 * one * two / (one + two) if one + two else 0.0
