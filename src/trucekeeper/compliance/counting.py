"""How many: counts of facts and counters' claims over a window, as the least and the most that the record allows.

Events give the least for certain; they give the most only where the record of the window is complete (somebody was
watching for that kind throughout, or the period was closed). A claim at the asked proof bounds the count from below
if its period lies in the window and from above if it spans the window. Rival claims that contradict each other give
the range between them. Claims below the asked proof, unsupported ones, ones that count otherwise and ones over a
longer period are printed beside and bound nothing (rule of meaning 11).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

from trucekeeper.agreement import language as lang
from trucekeeper.compliance.grounds import Beside, Binding, Bounds, Ground
from trucekeeper.compliance.inquiry import Found, strongest, within
from trucekeeper.compliance.matching import Meant
from trucekeeper.compliance.watching import Sought, watched
from trucekeeper.terms import DAWN, NEVER, Amount, Fact, Field, Interval, Proof, Span, Tri
from trucekeeper.terms.moments import day_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trucekeeper.compliance.inquiry import Inquiry
    from trucekeeper.terms import Moment

ENDLESS_COUNT = 1 << 60
"""More than can be counted: the most where the record does not say that it is complete."""


@dataclass(frozen=True, slots=True)
class Window:
    """The closed window of a count, its ends known as intervals."""

    start: Interval
    end: Interval


@dataclass(frozen=True, slots=True)
class Count:
    """The least and the most that were counted, why, and the claims beside.

    `shown` is the most that anything on record speaks of, whatever more there may have been.
    """

    least: int
    most: int
    ground: Ground
    shown: int = 0
    beside: tuple[Beside, ...] = ()

    @property
    def words(self) -> str:
        """Return the count as people read it."""
        if self.most >= ENDLESS_COUNT:
            return f"at least {self.least:,}"
        return f"{self.least:,}" if self.least == self.most else f"{self.least:,} to {self.most:,}"

    @property
    def bounds(self) -> Bounds:
        """Return the count as numbers."""
        return bounds(self.least, self.most)


def bounds(least: int, most: int) -> Bounds:
    """Return the least and the most of a number, of which the most may be endless."""
    return least, None if most >= ENDLESS_COUNT else most


@dataclass(frozen=True, slots=True)
class What:
    """What is counted: which facts, over which field, under which name claims speak of it, and counted how.

    Of what is counted by the period, a claim decides a period only if its own fits inside it (rule of meaning 11); of
    a count over one window, a running total without a beginning counts from the window's, and a longer one holds it.
    """

    patterns: tuple[lang.PatternBody, ...]
    field: str
    distinct: str | None
    claims: str
    counted_as: str | None
    watched: lang.Watched
    by_the_period: bool = False


def what_of(clause: lang.Tally | lang.Quota) -> What:
    """Return what a tally or quota counts."""
    distinct = clause.distinct if isinstance(clause, lang.Tally) else None
    name, by_the_period = clause.claims or clause.id, isinstance(clause, lang.Quota)
    return What(clause.count, clause.field, distinct, name, clause.counted_as, clause.watched, by_the_period)


class Events(Protocol):
    """The events that were, or may have been, in a window of a count."""

    @property
    def bounds(self) -> tuple[int, int]:
        """Return the least and the most that they count."""

    @property
    def ids(self) -> tuple[str, ...]:
        """Return their names, as far as somebody is to be told."""

    def least_after(self, moment: Moment) -> int:
        """Return the least that those count which certainly came after a moment."""


def count(inquiry: Inquiry, what: What, window: Window, binding: Binding) -> Count:
    """Return how many were counted in a window, from events and claims together."""
    return count_of(inquiry, what, window, binding, events=_OneByOne(inquiry, what, window, binding))


def moments(inquiry: Inquiry, what: What, binding: Binding) -> Sequence[Moment]:
    """Return every moment at which an event that is counted may have begun or ended, in order."""
    found = [one for pattern in what.patterns for one in inquiry.find(pattern, Meant(binding=binding))]
    return sorted({moment for one in found for moment in (one.when.earliest, one.when.latest)})


def count_of(
    inquiry: Inquiry, what: What, window: Window, binding: Binding, *, events: Events, claimed: Claimed | None = None
) -> Count:
    """Return how many were counted in a window, from these events and the claims on record.

    `claimed`: the claims that matter to the window, if the caller has them.
    """
    claims, beside = claimed or claims_in(inquiry, what, window)
    least, most = events.bounds
    shown = most
    whole = _complete(inquiry, what, window, binding)
    if whole.answer is not Tri.YES:
        most = ENDLESS_COUNT
    lows = [_low(claim, what, events=events, window=window) for claim in claims]
    highs = [value.most for claim in claims if _spans(claim, window) and (value := claim.amount("value")) is not None]
    least, most = sorted((max([least, *lows]), min([most, *highs])))  # rivals give the range between them
    ids = tuple(dict.fromkeys([*events.ids, *(claim.id for claim in claims)]))
    words = Count(least, most, whole).words
    ground = Ground(f"{words} counted of {what.claims}", None, ids, of=(whole,))
    return Count(least, most, ground, max(shown, least), beside)


class _OneByOne:
    """The events of a window, looked at one by one."""

    def __init__(self, inquiry: Inquiry, what: What, window: Window, binding: Binding) -> None:
        self._inquiry, self._what = inquiry, what
        found = [one for pattern in what.patterns for one in inquiry.find(pattern, Meant(binding=binding))]
        inside = [Found(one.fact, min(one.tri, within(one.when, window.start, window.end))) for one in found]
        self._events = tuple(strongest(one for one in inside if one.tri is not Tri.NO).values())

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(one.fact.id for one in self._events)

    @property
    def bounds(self) -> tuple[int, int]:
        what, events = self._what, self._events
        if what.distinct is not None:
            names = [(one, names_of(one.fact.field(what.distinct))) for one in events]
            sure = frozenset().union(*(several for one, several in names if one.tri is Tri.YES))
            named = frozenset().union(*(several for _, several in names))
            nameless = sum(unnamed(what, one.fact) for one, several in names if not several)
            return len(sure), min(len(named) + nameless, ENDLESS_COUNT)
        sums = [(one.tri, quantity(self._inquiry, what, one.fact)) for one in events]
        least = sum(amount.least for tri, amount in sums if tri is Tri.YES)
        return least, min(sum(amount.most for _, amount in sums), ENDLESS_COUNT)

    def least_after(self, moment: Moment) -> int:
        later = [one.fact for one in self._events if one.tri is Tri.YES and one.when.earliest > moment]
        return sum(quantity(self._inquiry, self._what, fact).least for fact in later)


def names_of(value: Field | None) -> frozenset[Field]:
    """Return the different values that one fact gives; none if it names none."""
    return frozenset() if value is None else frozenset(value if isinstance(value, tuple) else (value,))


def unnamed(what: What, fact: Fact) -> int:
    """Return the most that a fact without a name adds: as many as it says, one if it does not say."""
    said = fact.amount(what.field)
    if said is not None:
        return said.most
    return ENDLESS_COUNT if fact.redacted else 1


def quantity(inquiry: Inquiry, what: What, fact: Fact) -> Amount:
    """Return how many one fact counts: its field; exactly one if its kind has no such field; else one or more."""
    said = fact.amount(what.field)
    if said is not None:
        return said
    countable = fact.redacted or what.field in inquiry.agreement.vocabulary.fields(fact.kind)
    return Amount(1, ENDLESS_COUNT if countable else 1)


def _complete(inquiry: Inquiry, what: What, window: Window, binding: Binding) -> Ground:
    start, end = window.start.earliest, min(window.end.latest, inquiry.as_of)
    if start <= DAWN or start > end:
        return Ground("the record of this time is not known to be complete", Tri.NO)
    return watched(inquiry, Sought.of(what.patterns, binding), Span(start, end), what.watched).ground


Claimed: TypeAlias = tuple[tuple[Fact, ...], tuple[Beside, ...]]
"""The claims that bound a count, and the words for all that stand beside it."""


def claims_in(inquiry: Inquiry, what: What, window: Window) -> Claimed:
    """Return the claims that bound the count, and the words for all that stand beside.

    A counter's later running total takes the place of its earlier one beside the verdict.
    """
    decisive: list[Fact] = []
    beside: list[Beside] = []
    touching = [
        claim
        for claim in inquiry.naming("claim", "tally", what.claims)
        if claim.when.latest <= inquiry.as_of
        and claim.occurred is not Proof.REFUTED
        and claim.span is not None
        and _touches(claim.span, window)
    ]
    for claim in touching:
        binds = _binds(inquiry, what, claim) and _reaches(what, claim, window)
        if binds:
            decisive.append(claim)
        if not any(_overtakes(later, claim) for later in touching):
            beside.append(Beside("claim", _claim_words(inquiry, claim, bounds=binds), (claim.id,)))
    return tuple(decisive), tuple(beside)


def _overtakes(later: Fact, claim: Fact) -> bool:
    """Return whether both are running totals of one named counter, counted alike, and `later` ends later."""
    if claim.by is None or claim.span is None or later.span is None:
        return False
    alike = later.by == claim.by and later.field("counted_as") == claim.field("counted_as")
    running = claim.span.start <= DAWN and later.span.start <= DAWN
    return alike and running and later.span.end > claim.span.end


def _binds(inquiry: Inquiry, what: What, claim: Fact) -> bool:
    counted = claim.field("counted_as")
    fits = what.counted_as is None or counted == what.counted_as
    supported = claim.field("supported") is not False
    return (
        fits
        and supported
        and claim.occurred >= inquiry.proof
        and not claim.redacted
        and claim.amount("value") is not None
    )


def _claim_words(inquiry: Inquiry, claim: Fact, *, bounds: bool) -> str:
    value, span = claim.amount("value"), claim.span
    printed = claim.field("as_printed")
    figure = printed or "an undisclosed figure" if value is None else Count(value.least, value.most, Ground("")).words
    says = f"{figure} claimed by {claim.by or claim.source or 'an unnamed counter'}"
    counted = claim.field("counted_as")
    says += f", counted as {counted}" if counted is not None else ""
    if span is not None:
        since = f"from {inquiry.local(span.start)} " if span.start > DAWN else ""
        says += f", {since}to {inquiry.local(span.end)}"
    if value is not None and printed is not None:
        says += f" ({printed}, as printed)"
    elif value is not None and span is not None and value.least == value.most:
        says += _average(inquiry, value.least, span)
    if claim.field("supported") is False:
        says += "; no data supplied"
    return says + ("" if bounds else f"; {claim.occurred.word}, bounds nothing here")


def _average(inquiry: Inquiry, figure: int, span: Span) -> str:
    """Return the figure a day, rounded down, of several civil days; "" where the period has no beginning or end."""
    if span.start <= DAWN or span.end >= NEVER:
        return ""
    zone = inquiry.agreement.time_zone
    days = (day_of(span.end, zone) - day_of(span.start, zone)).days + 1
    return f" (an average of {figure // days:,} a day)" if days > 1 else ""


def _touches(span: Span, window: Window) -> bool:
    return span.start <= window.end.latest and window.start.earliest <= span.end


def _reaches(what: What, claim: Fact, window: Window) -> bool:
    """Return whether the claim's period is one that says something certain of the window."""
    if what.by_the_period:
        return claim.span is not None and claim.span.start > DAWN and _inside(claim, window)
    return _inside(claim, window) or _spans(claim, window)


def _inside(claim: Fact, window: Window) -> bool:
    """Return whether the claim's period lies in the window; one without a beginning counts since the window's own."""
    span = claim.span
    if span is None:
        return False
    return (span.start <= DAWN or span.start >= window.start.latest) and span.end <= window.end.earliest


def _spans(claim: Fact, window: Window) -> bool:
    """Return whether the claim's period holds the whole window, so that no more can have been counted in it."""
    return (
        claim.span is not None and claim.span.start <= window.start.earliest and claim.span.end >= window.end.latest
    )


def _low(claim: Fact, what: What, *, events: Events, window: Window) -> int:
    """Return the least that a claim gives: its figure, if its period lies in the window, and what came after.

    Of different names nothing is added: whoever is named after it may have been counted in it.
    """
    value = claim.amount("value")
    if value is None or not _inside(claim, window) or claim.span is None:
        return 0
    return value.least + (0 if what.distinct is not None else events.least_after(claim.span.end))
