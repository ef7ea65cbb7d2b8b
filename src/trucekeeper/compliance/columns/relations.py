"""What was related to each of many facts: a permit in the hours before, an answer in the days after."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from trucekeeper.compliance.columns.matching import tri_of
from trucekeeper.compliance.columns.members import seek_member
from trucekeeper.compliance.columns.spans import Alike, Spans, alike
from trucekeeper.compliance.columns.texts import Texts
from trucekeeper.compliance.columns.values import CODES, NOTHING, Numerals, Values, listed
from trucekeeper.terms import Tri

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from trucekeeper.agreement.language import PatternBody
    from trucekeeper.compliance.columns.hits import Hits
    from trucekeeper.compliance.columns.values import Answers, Integers
    from trucekeeper.compliance.inquiry import Inquiry
    from trucekeeper.compliance.matching import Meant

    Moments = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Windows:
    """Closed windows, one for each asker, whose ends are known as intervals."""

    start_earliest: Moments
    start_latest: Moments
    end_earliest: Moments
    end_latest: Moments

    @property
    def exact(self) -> bool:
        """Return whether both ends of every window are moments."""
        starts = np.array_equal(self.start_earliest, self.start_latest)
        return starts and np.array_equal(self.end_earliest, self.end_latest)


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Some askers, and the stretches of time of those others that are, or may be, related to them."""

    askers: Integers
    keys: Integers
    sure: Spans | None
    any: Spans

    @property
    def exact(self) -> bool:
        """Return whether all of them are certain, and last for no time: then both bounds are one."""
        return self.sure is self.any and self.any.moments

    @staticmethod
    def of(one: Alike, others: Hits) -> Group:
        """Return the group of askers and others that agree; `sure` holds those that are certain in all respects."""
        every = _spans(others, one.others, one.other_keys)
        if not one.certain:
            return Group(one.askers, one.asker_keys, None, every)
        certain = others.tri[one.others] == Tri.YES
        sure = every if certain.all() else _spans(others, one.others[certain], one.other_keys[certain])
        return Group(one.askers, one.asker_keys, sure, every)


def _spans(others: Hits, rows: Integers, keys: Integers) -> Spans:
    return Spans(keys, others.earliest[rows], others.latest[rows])


def related(inquiry: Inquiry, pattern: PatternBody, meant: Meant, askers: Hits) -> list[Group]:
    """Return what a pattern means beside each asker: with the same aspects, or `of` it (or of what `meant` names).

    `meant.about` is what others may be `of` besides the asker itself.
    """
    others = seek_member(inquiry, pattern, replace(meant, about=()))
    if pattern.same:
        pairs = alike([askers.aspect(one) for one in pattern.same], [others.aspect(one) for one in pattern.same])
        return [Group.of(one, others) for one in pairs]
    if not inquiry.matcher.is_linked(pattern):
        return [unrelated(len(askers), others)]
    return [Group.of(one, others) for one in _linked(askers, others, meant.about)]


def unrelated(askers: int, others: Hits) -> Group:
    """Return all of these for every one of so many askers."""
    return Group.of(_all_with(askers, np.arange(len(others)), certain=True), others)


def _all_with(askers: int, others: Integers, *, certain: bool) -> Alike:
    """Return every asker beside each of these."""
    everybody = np.arange(askers)
    return Alike(everybody, others, np.zeros_like(everybody), np.zeros_like(others), certain)


def _linked(askers: Hits, others: Hits, about: Sequence[str]) -> Iterator[Alike]:
    """Yield askers and others that are `of` them; those that are of one of `about` are of every asker.

    One that says of what it is names none but these. A redacted one may be of any.
    """
    said = others.aspect("of")
    hidden = np.flatnonzero((said.codes == NOTHING) & others.redacted())
    general = _naming(said, about)
    for rows, certain in ((hidden, False), (general, True)):
        if len(rows):
            yield _all_with(len(askers), rows, certain=certain)
    names, speakers = _each_word(said)
    for one in alike([askers.aspect("id")], [names]):
        yield Alike(one.askers, speakers[one.others], one.asker_keys, one.other_keys, one.certain)


def _naming(said: Values, about: Sequence[str]) -> Integers:
    """Return the rows that name one of these."""
    if not about:
        return np.empty(0, np.intp)
    return np.flatnonzero(said.asked(lambda value: int(any(one in listed(value) for one in about))))


def _each_word(said: Values) -> tuple[Values, Integers]:
    """Return the words that were said, one at a time, and the rows that said them."""
    if isinstance(said.distinct, (Numerals, Texts)) or not any(isinstance(one, tuple) for one in said.distinct):
        rows = np.flatnonzero(said.codes != NOTHING)
        return said.take(rows), rows
    pairs = [(row, word) for row in range(len(said)) for word in listed(said.at(row))]
    return Values.of(word for _, word in pairs), np.array([row for row, _ in pairs], CODES)


def any_within(groups: Sequence[Group], windows: Windows, count: int) -> Answers:
    """Return for each of so many askers whether something related lies in its window."""
    yes, maybe = np.zeros(count, bool), np.zeros(count, bool)
    exact = windows.exact
    for one in groups:
        who = one.askers
        if one.sure is not None:
            inside = one.sure.first_end(one.keys, windows.start_latest[who]) <= windows.end_earliest[who]
            yes[who] |= inside
        if not (exact and one.exact):
            maybe[who] |= one.any.first_start(one.keys, windows.start_earliest[who]) <= windows.end_latest[who]
    return tri_of(yes, yes | maybe)
