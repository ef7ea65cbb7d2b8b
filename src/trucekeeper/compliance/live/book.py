"""The record as the live execution keeps it: each fact in the revision that counts, found by what is asked of it.

Whoever reads says what he read: all facts of a kind, those that a pattern means (a `View`), or those on one `Shelf`
under one key. A change of the record then names the readers that it touches.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from trucekeeper.compliance.knowledge import in_force, visible
from trucekeeper.compliance.matching import aspect, words
from trucekeeper.terms import DAWN, NEVER, Fact, Moment, Op, Tri
from trucekeeper.terms.moments import DAY, HOUR

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Hashable, Iterable, Iterator

    from trucekeeper.agreement.agreement import Agreement
    from trucekeeper.agreement.language import PatternBody
    from trucekeeper.compliance.knowledge import Audience
    from trucekeeper.compliance.live.guards import Watchtower
    from trucekeeper.compliance.matching import Matcher, Meant

Place = tuple[Moment, Moment, str]
"""Where a fact stands in the order of time."""

ANY, LOOSE, WIDE = "any", "loose", -(1 << 70)
MOST_BUCKETS = 64
"""What lasts longer than so many buckets of a shelf stands in a bucket of its own, which everybody reads."""


def place_of(fact: Fact) -> Place:
    """Return where a fact stands in the order of time."""
    return fact.when.earliest, fact.when.latest, fact.id


@dataclass(frozen=True, slots=True)
class Entry:
    """A fact that a pattern means, certainly or possibly, by what it says itself."""

    place: Place
    fact: Fact
    tri: Tri


class Follower(Protocol):
    """Somebody who is told of each fact that comes into a view, and of each that goes."""

    def told(self, old: Entry | None, new: Entry | None) -> None:
        """Take one fact away and put another in its place."""


class View:
    """The facts that one pattern means where it stands, in order of time, kept up to date."""

    __slots__ = ("_ask", "_meant", "_pattern", "entries", "followers", "longest")

    def __init__(self, matcher: Matcher, pattern: PatternBody, meant: Meant, *, subject_only: bool) -> None:
        """Begin empty."""
        self._pattern, self._meant = pattern, meant
        self._ask = matcher.subject if subject_only else matcher.match
        self.entries: list[Entry] = []
        self.longest = 0
        self.followers: dict[Follower, None] = {}

    def fill(self, facts: Iterable[Fact]) -> None:
        """Put all facts of the kind in, at the beginning."""
        found = ((fact, self._ask(self._pattern, fact, self._meant)) for fact in facts)
        self.entries = [Entry(place_of(fact), fact, tri) for fact, tri in found if tri is not Tri.NO]
        self.entries.sort(key=_place)
        self.longest = max((_length(one.fact) for one in self.entries), default=0)

    def change(self, old: Fact | None, new: Fact | None) -> Iterable[Hashable]:
        """Put one revision in another's place and return whether that is any matter to this view."""
        gone: Entry | None = None
        came: Entry | None = None
        if old is not None:
            place = place_of(old)
            at = bisect_left(self.entries, place, key=_place)
            if at < len(self.entries) and self.entries[at].place == place:
                gone = self.entries.pop(at)
        if new is not None:
            tri = self._ask(self._pattern, new, self._meant)
            if tri is not Tri.NO:
                came = Entry(place_of(new), new, tri)
                insort(self.entries, came, key=_place)
                self.longest = max(self.longest, _length(new))
        if gone is None and came is None:
            return ()
        for follower in self.followers:
            follower.told(gone, came)
        return (self,)


def _length(fact: Fact) -> int:
    return fact.when.latest - fact.when.earliest


def _place(entry: Entry) -> Place:
    return entry.place


class KeptUp(Protocol):
    """Something kept up to date of the facts that a pattern means."""

    def fill(self, facts: Iterable[Fact]) -> None:
        """Put all facts of the kind in, at the beginning."""

    def change(self, old: Fact | None, new: Fact | None) -> Iterable[Hashable]:
        """Put one revision in another's place and return what this changed."""


V = TypeVar("V", bound=KeptUp)


class Family:
    """The views of one pattern that differ in the member of a set alone, found by the member that a fact names."""

    __slots__ = ("_field", "views")

    def __init__(self, agreement: Agreement, pattern: PatternBody, meant: Meant) -> None:
        """Begin without views."""
        known = agreement.vocabulary.fields(pattern.fact)
        names = [name for name, _ in meant.binding if name in known and name not in pattern.in_]
        self._field = names[0] if names and len(meant.binding) == 1 else None
        self.views: dict[Hashable, KeptUp] = {}

    def of(self, fact: Fact) -> Iterable[KeptUp]:
        """Return the views to which a fact may matter."""
        said = None if self._field is None else fact.field(self._field)
        if said is None:
            return self.views.values()
        return [self.views[word] for word in words(said) if word in self.views]


class Shelf:
    """Facts of one kind, sorted under keys."""

    __slots__ = ("_keys", "under")

    def __init__(self, keys: Callable[[Fact], Iterable[Hashable]]) -> None:
        """Begin empty."""
        self._keys = keys
        self.under: dict[Hashable, dict[str, Fact]] = {}

    def change(self, old: Fact | None, new: Fact | None) -> Iterator[Hashable]:
        """Put one revision in another's place, and yield the keys under which something changed."""
        for key in self._keys(old) if old is not None else ():
            facts = self.under.get(key)
            if facts is not None and old is not None and facts.pop(old.id, None) is not None:
                yield key
        for key in self._keys(new) if new is not None else ():
            if new is not None:
                self.under.setdefault(key, {})[new.id] = new
            yield key


@dataclass(frozen=True)
class Named:
    """Keys a fact by the value of one field."""

    field: str

    def __call__(self, fact: Fact) -> tuple[Hashable]:
        """Return the one key."""
        return (fact.field(self.field),)


@dataclass(frozen=True)
class Spanned:
    """Keys a fact by the value of one field and by the days of its period; a long one stands apart."""

    field: str

    def __call__(self, fact: Fact) -> list[Hashable]:
        """Return the keys."""
        days = (WIDE,) if fact.span is None else days_of(fact.span.start, fact.span.end)
        return [(fact.field(self.field), day) for day in days]


def days_of(start: Moment, end: Moment) -> Iterable[int]:
    """Return the days of a stretch of time; `WIDE`, if they are many."""
    first, last = start // DAY, end // DAY
    return range(first, last + 1) if last - first < MOST_BUCKETS else (WIDE,)


@dataclass(frozen=True)
class About:
    """Keys a fact by each thing that it says it is about; one that lost its content may be about anything."""

    def __call__(self, fact: Fact) -> tuple[Hashable, ...]:
        """Return the keys."""
        said = fact.field("of")
        if said is None:
            return (LOOSE,) if fact.redacted else ()
        return words(said)


@dataclass(frozen=True)
class Alike:
    """Keys a fact by some of its aspects and by time; one that does not say an aspect may agree with any."""

    same: tuple[str, ...]
    width: int | None

    def aspects(self, fact: Fact) -> Hashable:
        """Return the aspects, or that one of them is unknown."""
        found = tuple(aspect(fact, name) for name in self.same)
        return LOOSE if None in found else found

    def buckets(self, since: Moment, until: Moment) -> Iterable[int]:
        """Return the buckets of time of a stretch."""
        if self.width is None:
            return (0,)
        first, last = since // self.width, until // self.width
        return range(first, last + 1) if last - first < MOST_BUCKETS else (WIDE,)

    def __call__(self, fact: Fact) -> list[Hashable]:
        """Return the keys."""
        aspects = self.aspects(fact)
        buckets = self.buckets(fact.when.earliest, fact.when.latest)
        return [(one, bucket) for bucket in buckets for one in ((ANY, aspects) if self.same else (ANY,))]


COVERAGE = "coverage"
Stream = Any
"""Whoever judges facts of a kind one by one, and is told of each."""


class Book:
    """Every revision given so far, the facts in force at a moment for an audience, and who reads which of them."""

    def __init__(
        self, agreement: Agreement, audience: Audience | None, now: Moment, readers: Container[Hashable] = ()
    ) -> None:
        """Begin empty. `readers`: the parts of the record that somebody still reads."""
        self.agreement, self.audience, self.now, self.readers = agreement, audience, now, readers
        self.revisions: dict[str, tuple[Fact, ...]] = {}
        self.facts: dict[str, Fact] = {}
        self.kinds: dict[str, dict[str, Fact]] = defaultdict(dict)
        self._ordered: dict[str, tuple[Fact, ...]] = {}
        self._families: dict[str, dict[Hashable, Family]] = defaultdict(dict)
        self._shelves: dict[str, dict[Hashable, Shelf]] = defaultdict(dict)
        self._widths: dict[Hashable, int] = {}
        self.streams: dict[str, dict[Stream, None]] = defaultdict(dict)
        self._towers: dict[Hashable, Watchtower] = {}
        self.places: dict[Hashable, Tri] = {}
        drawn = agreement.atlas.features
        self.timeless = all(one.since <= DAWN and one.until >= NEVER for one in drawn)
        self.texts: dict[Hashable, Any] = {}
        self._lineages: dict[str, tuple[str, ...]] = {}

    # ---- what is said and heard ------------------------------------------------------------------------------------

    def add(self, fact: Fact) -> bool:
        """Put a revision on record; return whether it was not there yet."""
        before = self.revisions.get(fact.id)
        if before is None:
            self.revisions[fact.id] = (fact,)
            return True
        if fact in before:
            return False
        self.revisions[fact.id] = (*before, fact)
        return True

    def counted(self, name: str) -> Fact | None:
        """Return a fact in the revision that counts now, None if none does."""
        revisions = self.revisions[name]
        if self.audience is None and len(revisions) == 1:
            only = revisions[0]
            return only if only.known_at <= self.now and only.op is not Op.RETRACT else None
        seen = visible(list(revisions), self.audience)
        return in_force(seen, self.now)

    def settle(self, name: str) -> tuple[Fact | None, Fact | None]:
        """Return what counted of a fact before and what counts now, and let that be in force."""
        old, new = self.facts.get(name), self.counted(name)
        if new is None:
            self.facts.pop(name, None)
        else:
            self.facts[name] = new
        return old, new

    def touched(self, old: Fact | None, new: Fact | None) -> Iterator[Hashable]:
        """Put one revision in another's place everywhere, and yield every part of the record that this changed."""
        if old is None and new is not None:
            kinds = self.lineage(new)
        elif new is None and old is not None:
            kinds = self.lineage(old)
        else:
            kinds = tuple(dict.fromkeys([*self.lineage(old), *self.lineage(new)])) if old and new else ()
        for kind in kinds:
            was = old if old is not None and kind in self.lineage(old) else None
            is_ = new if new is not None and kind in self.lineage(new) else None
            yield from self._touched_in(kind, was, is_)

    def _touched_in(self, kind: str, old: Fact | None, new: Fact | None) -> Iterator[Hashable]:
        facts = self.kinds[kind]
        if new is not None:
            facts[new.id] = new
        elif old is not None:
            facts.pop(old.id, None)
        self._ordered.pop(kind, None)
        yield ("kind", kind)
        for shelf in self._shelves[kind].values() if kind in self._shelves else ():
            for key in shelf.change(old, new):
                yield (shelf, key)
        for tower in self._towers.values() if kind == COVERAGE else ():
            yield from tower.change(old, new, now=self.now, readers=self.readers)
        for family in self._families[kind].values() if kind in self._families else ():
            several = {id(view): view for fact in (old, new) if fact is not None for view in family.of(fact)}
            for view in several.values():
                yield from view.change(old, new)

    def lineage(self, fact: Fact) -> tuple[str, ...]:
        """Return the kinds among which a fact counts: all, for one that lost its kind."""
        found = self._lineages.get(fact.kind)
        if found is None:
            found = self._lineages[fact.kind] = self.agreement.vocabulary.lineage(fact.kind)
        return tuple(self.agreement.vocabulary.kinds) if fact.redacted and not fact.kind else found

    # ---- what is asked ---------------------------------------------------------------------------------------------

    def ordered(self, kind: str) -> tuple[Fact, ...]:
        """Return the facts of a kind in order of time."""
        found = self._ordered.get(kind)
        if found is None:
            found = self._ordered[kind] = tuple(sorted(self.kinds[kind].values(), key=place_of))
        return found

    def view(self, matcher: Matcher, pattern: PatternBody, meant: Meant, *, subject_only: bool) -> View:
        """Return the facts that a pattern means."""

        def begin(one: PatternBody, means: Meant) -> View:
            return View(matcher, one, means, subject_only=subject_only)

        return self.kept((matcher.proof, subject_only), pattern, meant, begin)

    def kept(self, sort: Hashable, pattern: PatternBody, meant: Meant, begin: Callable[[PatternBody, Meant], V]) -> V:
        """Return what is kept up to date of the facts that a pattern means, one for each sort of it."""
        families = self._families[pattern.fact]
        one_of = tuple(name for name, _ in meant.binding)
        key = (_Same(pattern), meant.by, meant.about, one_of, sort)
        family = families.get(key)
        if family is None:
            family = families[key] = Family(self.agreement, pattern, meant)
        member = meant.binding[0][1] if len(meant.binding) == 1 else meant.binding
        view = family.views.get(member)
        if view is None:
            view = family.views[member] = begin(pattern, meant)
            view.fill(self.kinds[pattern.fact].values())
        return view  # type: ignore[return-value]  # the sort names it

    def shelf(self, kind: str, keys: Callable[[Fact], Iterable[Hashable]]) -> Shelf:
        """Return the facts of a kind sorted under these keys."""
        shelves = self._shelves[kind]
        shelf = shelves.get(keys)
        if shelf is None:
            shelf = shelves[keys] = Shelf(keys)
            for fact in self.kinds[kind].values():
                for _ in shelf.change(None, fact):
                    pass
        return shelf

    def tower(self, key: Hashable, begin: Callable[[], Watchtower]) -> Watchtower:
        """Return who was watching at a post."""
        tower = self._towers.get(key)
        if tower is None:
            tower = self._towers[key] = begin()
            for fact in self.kinds[COVERAGE].values():
                for _ in tower.change(None, fact, now=self.now, readers=self.readers):
                    pass
        return tower

    def width(self, pattern: PatternBody, since: Moment, until: Moment) -> int | None:
        """Return how long the buckets of time are in which facts near something are sought; None without an end."""
        if since <= DAWN or until >= NEVER:
            return None
        return self._widths.setdefault(_Same(pattern), max(until - since, HOUR))


class _Same:
    """The very same pattern of the agreement: quicker to compare than what it says."""

    __slots__ = ("_one",)

    def __init__(self, one: object) -> None:
        self._one = one

    def __hash__(self) -> int:
        return id(self._one)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self._one is other._one
