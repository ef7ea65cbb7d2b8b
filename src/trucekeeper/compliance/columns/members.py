"""What a pattern means for each member of a set: found once whoever the member is, then looked up by its name.

The rule is that of `Matcher` for the member of a set: a fact that names members is of those, and one that does not
say may be of any, or, if it is an act on paper, is of all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from trucekeeper.compliance.columns.hits import seek
from trucekeeper.compliance.columns.values import NOTHING, Values, listed
from trucekeeper.compliance.matching import word_test
from trucekeeper.terms import Nature, Tri

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trucekeeper.agreement.language import PatternBody
    from trucekeeper.compliance.columns.hits import Hits
    from trucekeeper.compliance.columns.values import Answers, Integers
    from trucekeeper.compliance.grounds import Binding
    from trucekeeper.compliance.inquiry import Inquiry
    from trucekeeper.compliance.matching import Meant


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Some of the facts found, by their place among all, and how surely each is of the member; `shared` by all."""

    places: Integers
    tri: Answers
    shared: bool = False

    def of(self, hits: Hits) -> Hits:
        """Return the facts themselves."""
        return hits.chosen(self.places).with_answers(self.tri)


def seek_member(inquiry: Inquiry, pattern: PatternBody, meant: Meant) -> Hits:
    """Return what `seek` does for one pattern, looked up where a member of a set is meant."""
    if not meant.binding:
        return seek(inquiry, [pattern], meant)
    placed, members = parted(pattern, meant.binding)
    whoever = replace(meant, binding=placed)
    key = ("found for each member", id(pattern), whoever, tuple(name for name, _ in members))

    def find() -> ByMember:
        return ByMember.of(inquiry, pattern, seek(inquiry, [pattern], whoever), members)

    found = inquiry.once(key, find)
    return found.whole(members).of(found.hits)


def parted(pattern: PatternBody, binding: Binding) -> tuple[Binding, Binding]:
    """Return the zones that a pattern means for these members, and the members that facts themselves name."""
    zones = (*pattern.in_, *pattern.outside)
    return (
        tuple(one for one in binding if one[0] in zones),
        tuple(one for one in binding if one[0] not in zones),
    )


@dataclass(frozen=True, slots=True, eq=False)
class ByMember:
    """What was found whoever the members are, in order of time, and which of it names whom."""

    hits: Hits
    named: tuple[_Named, ...]

    @staticmethod
    def of(inquiry: Inquiry, pattern: PatternBody, hits: Hits, members: Binding) -> ByMember:
        """Return these by the members that the facts of a pattern's kind can name."""
        kinds = inquiry.agreement.vocabulary
        known = kinds.fields(pattern.fact)
        on_paper = kinds.kinds[pattern.fact].nature is Nature.RECORD
        return ByMember(hits, tuple(_Named.of(hits, name, on_paper=on_paper) for name, _ in members if name in known))

    def whole(self, members: Binding) -> Part:
        """Return those of some members, in order of time."""
        parts = self.parts(members)
        if len(parts) == 1:
            return parts[0]
        places, tri = np.concatenate([one.places for one in parts]), np.concatenate([one.tri for one in parts])
        order = np.argsort(places)
        return Part(places[order], tri[order])

    def parts(self, members: Binding) -> list[Part]:
        """Return those of some members in parts; one that is shared is the same for every member."""
        if not self.named:
            return [Part(np.arange(len(self.hits)), self.hits.tri, shared=True)]
        wanted = dict(members)
        first, *others = sorted(self.named, key=lambda one: -len(one.words))
        parts = first.parts(wanted[first.name])
        return [_narrowed(part, others, wanted) for part in parts] if others else parts


def _narrowed(part: Part, others: Sequence[_Named], wanted: dict[str, str]) -> Part:
    tri = part.tri
    for one in others:
        tri = np.minimum(tri, one.says(part.places, wanted[one.name]))
    return Part(part.places[tri > Tri.NO], tri[tri > Tri.NO])


@dataclass(frozen=True, slots=True, eq=False)
class _Named:
    """Which facts name which member in a field, and which do not say."""

    name: str
    said: Values
    answers: Answers
    silence: Answers
    words: dict[str, list[int]]
    order: Integers
    starts: Integers
    silent: Part

    @staticmethod
    def of(hits: Hits, name: str, *, on_paper: bool) -> _Named:
        said = hits.aspect(name)
        order = np.argsort(said.codes, kind="stable")
        codes, starts = np.unique(said.codes[order], return_index=True)
        words: dict[str, list[int]] = {}
        for place, code in enumerate(codes.tolist()):
            value = None if code == NOTHING else said.distinct[code]
            for word in dict.fromkeys(listed(value)):
                words.setdefault(word, []).append(place)
        silence = np.where(hits.redacted(), np.int8(Tri.MAYBE), np.int8(Tri.YES if on_paper else Tri.MAYBE))
        silent = np.flatnonzero(said.codes == NOTHING)
        unsaid = Part(silent, np.minimum(hits.tri[silent], silence[silent]), shared=True)
        ends = np.append(starts, len(order))
        return _Named(name, said, hits.tri, silence, words, order, ends, unsaid)

    def parts(self, member: str) -> list[Part]:
        """Return those that name a member, and those that do not say."""
        own = [self.order[self.starts[one] : self.starts[one + 1]] for one in self.words.get(member, ())]
        places = own[0] if len(own) == 1 else np.sort(np.concatenate([*own, np.empty(0, np.intp)]))
        return [Part(places, self.answers[places]), *([self.silent] if len(self.silent.places) else [])]

    def says(self, places: Integers, member: str) -> Answers:
        """Return whether some of the facts name a member."""
        said = self.said.take(places)
        named = said.asked(lambda value: word_test(value, member))
        return np.where(said.codes == NOTHING, self.silence[places], named)
