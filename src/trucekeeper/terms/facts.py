"""Fact: the typed, timed, placed statement that the engine reads."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

from trucekeeper.terms.verdicts import Proof

if TYPE_CHECKING:
    from trucekeeper.terms.moments import Interval, Moment, Span
    from trucekeeper.terms.places import Place


@dataclass(frozen=True, slots=True, order=True)
class Amount:
    """A whole number known to lie in [least, most]."""

    least: int
    most: int

    def __post_init__(self) -> None:
        """Hold that the least is not above the most."""
        if self.least > self.most:
            raise ValueError("the least is more than the most")


Field: TypeAlias = str | bool | Amount | tuple[str, ...]
"""The value of one field: a word, a flag, an amount, or a list of words."""


class Op(Enum):
    """What a revision does to the fact it names."""

    ASSERT = "assert"
    RETRACT = "retract"
    REDACT = "redact"


@dataclass(frozen=True, slots=True)
class Label:
    """To whom a fact may be released, by its originator.

    An empty `releasable_to` with no owner is a public fact. Otherwise its owner and the named audiences may see it,
    and nobody before `not_before`.
    """

    owner: str = ""
    releasable_to: tuple[str, ...] = ()
    not_before: Moment | None = None
    precision: str = ""


PUBLIC = Label()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One revision of one fact. `(id, rev)` names it; the highest revision known counts.

    `when` is the interval in which it happened. `span` is how long a lasting thing (coverage, a claim's period,
    a suspension) really lasted. `by` is who is said to have done it, None if nobody says. `occurred` and `who` are
    how far the event and its author are established, apart. A redacted fact keeps what its redaction left; whatever
    is missing from it is unknown.
    """

    id: str
    rev: int = 1
    op: Op = Op.ASSERT
    kind: str = ""
    by: str | None = None
    fields: tuple[tuple[str, Field], ...] = ()
    place: Place | None = None
    zone: str | None = None
    when: Interval
    span: Span | None = None
    learned_at: Moment
    recorded_at: Moment | None = None
    occurred: Proof = Proof.ALLEGED
    who: Proof = Proof.ALLEGED
    source: str = ""
    grade: str = ""
    origin: str = ""
    cite: str = ""
    note: str = ""
    label: Label = PUBLIC

    @property
    def known_at(self) -> Moment:
        """Return when it was on record: the keeper's clock, or the source's word where no keeper recorded it."""
        return self.learned_at if self.recorded_at is None else self.recorded_at

    @property
    def redacted(self) -> bool:
        """Return whether its content was destroyed."""
        return self.op is Op.REDACT

    def field(self, name: str) -> Field | None:
        """Return the value of a field, None if the fact does not say."""
        for key, value in self.fields:
            if key == name:
                return value
        return None

    def amount(self, name: str) -> Amount | None:
        """Return a field that is a number, None if the fact does not say."""
        value = self.field(name)
        return value if isinstance(value, Amount) else None
