"""The words of the field as frozen values: what a mission says, and nothing that computes."""

from trucekeeper.terms.facts import Amount, Fact, Field, Label, Op
from trucekeeper.terms.faults import Fault, Refused
from trucekeeper.terms.moments import DAWN, NEVER, Interval, Moment, Span
from trucekeeper.terms.places import Place
from trucekeeper.terms.reports import UNSTATED, Report
from trucekeeper.terms.tri import Tri
from trucekeeper.terms.verdicts import Lifecycle, Proof, Verdict
from trucekeeper.terms.vocabulary import BASE_VOCABULARY, FieldType, Kind, Nature, Vocabulary

__all__ = [
    "BASE_VOCABULARY",
    "DAWN",
    "NEVER",
    "UNSTATED",
    "Amount",
    "Fact",
    "Fault",
    "Field",
    "FieldType",
    "Interval",
    "Kind",
    "Label",
    "Lifecycle",
    "Moment",
    "Nature",
    "Op",
    "Place",
    "Proof",
    "Refused",
    "Report",
    "Span",
    "Tri",
    "Verdict",
    "Vocabulary",
]
