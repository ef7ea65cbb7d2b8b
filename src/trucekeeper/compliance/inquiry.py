"""One question put to the record: as of when, at which proof, under which readings; and the facts that answer it.

Readings are met on the way. Whoever needs one that is not yet assumed gets a `Fork`; the caller then asks again once
for each option, so that a commitment is evaluated under just those readings that matter to it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, TypeVar

from trucekeeper.agreement.phrases import UNSTATED, fixed_moment
from trucekeeper.compliance.matching import Doer, Matcher, Meant
from trucekeeper.terms import DAWN, NEVER, Fact, Interval, Moment, Proof, Tri
from trucekeeper.terms.moments import say_moment

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
    from datetime import date

    from trucekeeper.agreement.agreement import Agreement, ClauseHistory, ClauseVersion, Variants
    from trucekeeper.agreement.language import AmendmentHead, AnyClause, Clause, PatternBody, QuietDays
    from trucekeeper.agreement.phrases import When
    from trucekeeper.compliance.grounds import Answer, Binding, Ground, Stand
    from trucekeeper.compliance.watching import Post
    from trucekeeper.terms import Span

T = TypeVar("T")
Guarded: TypeAlias = "Callable[[Inquiry, Post, Span], Answer]"
"""From a question, a post and a span to whether somebody was watching."""
Judge: TypeAlias = "Callable[[Any], list[Stand]]"
"""From a duty to where it stands."""


class Fork(Exception):  # noqa: N818  a question, not an error
    """An ambiguity that must be read one way or the other before the evaluation can go on."""

    def __init__(self, axis: str, options: Sequence[str]) -> None:
        """Name the ambiguity and its options."""
        self.axis, self.options = axis, tuple(options)
        super().__init__(axis)


@dataclass(frozen=True, slots=True)
class Found:
    """A fact that a pattern means, how surely, and when it happened."""

    fact: Fact
    tri: Tri

    @property
    def when(self) -> Interval:
        """Return the interval in which it happened."""
        return self.fact.when


class OnRecord(Protocol):
    """What is on record, as an inquiry reads it: the known facts of a kind with all sorts of it, in order of time."""

    @property
    def by_kind(self) -> Mapping[str, tuple[Fact, ...]]:
        """Return the facts of each kind."""

    @property
    def known_at(self) -> Moment:
        """Return the moment as of which they were known."""


@dataclass(frozen=True, slots=True)
class Record:
    """The known facts by kind, each kind with all sorts of it."""

    facts: tuple[Fact, ...]
    by_kind: Mapping[str, tuple[Fact, ...]]
    known_at: Moment

    @staticmethod
    def of(facts: Iterable[Fact], agreement: Agreement, known_at: Moment) -> Record:
        """Return the record of facts already resolved to one revision each."""
        ordered = tuple(sorted(facts, key=lambda fact: (fact.when, fact.id)))
        by_kind: dict[str, list[Fact]] = defaultdict(list)
        for fact in ordered:
            unknown = fact.redacted and not fact.kind
            for kind in agreement.vocabulary.kinds if unknown else agreement.vocabulary.lineage(fact.kind):
                by_kind[kind].append(fact)
        return Record(ordered, {kind: tuple(some) for kind, some in by_kind.items()}, known_at)


@dataclass(frozen=True)
class Inquiry:
    """An agreement, a record and a question: as of when, at which proof, under which readings so far.

    `ruled_until`: who looks back at an earlier moment still reads the rulings made since; None if nobody looks back.
    """

    agreement: Agreement
    record: OnRecord
    as_of: Moment
    proof: Proof
    judge: Callable[[Inquiry, str], tuple[Stand, ...]]
    assumed: Mapping[str, str] = field(default_factory=dict)
    memo: dict[Hashable, Any] = field(default_factory=dict)
    asking: tuple[str, ...] = ()
    ruled_until: Moment | None = None

    @property
    def matcher(self) -> Matcher:
        """Return the matcher at the asked proof."""
        return Matcher(self.agreement, self.proof)

    def at_level(self, proof: Proof) -> Inquiry:
        """Return the same question at another level of proof."""
        return self if proof is self.proof else replace(self, proof=proof)

    def at(self, moment: Moment) -> Inquiry:
        """Return the same question as of another moment."""
        now = self.as_of if self.ruled_until is None else self.ruled_until
        return self if moment == self.as_of else replace(self, as_of=moment, ruled_until=now)

    def once(self, key: Hashable, work: Callable[[], T]) -> T:
        """Return what `work` gives, worked out once for each moment and proof asked under these readings."""
        asked = (self.as_of, self.proof, key)
        if asked not in self.memo:
            self.memo[asked] = work()
        return self.memo[asked]  # type: ignore[no-any-return]  # the key names the work

    # ---- readings ----

    def assume(self, axis: str, options: Sequence[str]) -> str:
        """Return how an ambiguity is read: as adopted by now, else as assumed; raises Fork if neither."""
        reading = self.agreement.readings.get(axis)
        if reading is not None:
            adopted = self._adopted(axis, reading.adopted)
            if adopted != "none":
                return adopted
        if axis not in self.assumed:
            raise Fork(axis, options)
        return self.assumed[axis]

    def _adopted(self, axis: str, founding: str) -> str:
        for amendment in reversed(self.amendments()):
            if axis in amendment.adopts:
                return amendment.adopts[axis]
        return founding

    def amendments(self) -> tuple[AmendmentHead, ...]:
        """Return the amendments adopted and known by now, in the order of the text."""
        by = min(self.as_of, self.record.known_at)
        return tuple(one for one in self.agreement.amendments.values() if self.fixed(one.adopted) <= by)

    def version(self, history: ClauseHistory, moment: Moment) -> ClauseVersion | None:
        """Return the version of a clause that was the text in force at a moment; None if there was none yet.

        It is the last that had become effective, and of several of one instant the last adopted.
        """
        if all(one.amendment is None for one in history.versions):  # no decision ever touched it
            return history.versions[-1] if history.versions else None
        effective: dict[str | None, Moment] = {None: DAWN}
        effective |= {one.id: self.fixed(one.effective) for one in self.amendments()}
        known = [one for one in history.versions if one.amendment in effective]
        valid = sorted(
            (one for one in known if effective[one.amendment] <= moment), key=lambda one: effective[one.amendment]
        )
        return valid[-1] if valid else None

    def fixed(self, when: When) -> Moment:
        """Return the moment of a phrase that names no event. Adopted and effective dates are such phrases."""
        moment = fixed_moment(when, self.agreement.time_zone)
        if moment is None:
            raise RuntimeError(f"bug: {when} names an event and was not refused when the agreement was loaded")
        return moment

    def read(self, variants: Variants[T]) -> T:
        """Return a value under the readings assumed; raises Fork for the first that is not."""
        return variants.under(
            {axis: self.assume(axis, tuple(self.agreement.readings[axis].options)) for axis in variants.axes}
        )

    def wording(self, version: ClauseVersion, obligor: str = "") -> AnyClause | None:
        """Return a clause's wording for a party bound, None if this version removed the clause."""
        if version.wordings is None:
            return None
        wordings = self.read(version.wordings)
        return wordings.get(obligor) or next(iter(wordings.values()))

    # ---- facts ----

    def find(
        self, pattern: PatternBody, meant: Meant, *, subject_only: bool = False, among: Iterable[Fact] | None = None
    ) -> tuple[Found, ...]:
        """Return the facts meant that have, or may have, happened by now, in order of time.

        `among`: where only some matter to who asks, these, in order of time.
        """
        ask = self.matcher.subject if subject_only else self.matcher.match
        found: list[Found] = []
        for fact in self.record.by_kind.get(pattern.fact, ()) if among is None else among:
            if fact.when.earliest <= self.as_of:
                tri = ask(pattern, fact, meant)
                if tri is not Tri.NO and pattern.judgement is not None and not subject_only:
                    tri = min(tri, self.judged(fact, pattern.judgement))
                if tri is not Tri.NO:
                    found.append(Found(fact, min(tri, happened(fact.when, self.as_of))))
        return tuple(found)

    def near(
        self,
        pattern: PatternBody,
        *,
        like: Fact | None = None,
        about: tuple[str, ...] = (),
        since: Moment = DAWN,
        until: Moment = NEVER,
    ) -> Iterable[Fact]:
        """Return facts of a pattern's kind, in order of time, among which are all that can matter near something.

        Those matter that may agree with `like` in what the pattern says is the same, may be `about` one of these if
        any are named, and may have happened between `since` and `until`. This execution leaves out none of the kind.
        """
        del like, about, since, until
        return self.record.by_kind.get(pattern.fact, ())

    def naming(self, kind: str, field: str, value: str | None) -> Iterable[Fact]:
        """Return the facts of a kind that have just this value in a field, in order of time."""
        return (fact for fact in self.record.by_kind.get(kind, ()) if fact.field(field) == value)

    def judging(self, clause: Clause, judge: Judge) -> Judge:
        """Return what judges the duties of a clause; another execution may know a quicker way than the reference."""
        del clause
        return judge

    def kept(self, key: Hashable, work: Callable[[Inquiry], T]) -> T:
        """Return what `work` gives for this question; an execution may keep it by this key from moment to moment."""
        del key
        return work(self)

    def of_text(self, key: Hashable, work: Callable[[], T]) -> T:
        """Return what the text of the agreement alone gives; an execution may keep it by this key for good."""
        del key
        return work()

    def guarded(self, post: Post, span: Span, ask: Guarded) -> Answer:
        """Return whether somebody was watching at a post; another execution may know a quicker way than `ask`."""
        return ask(self, post, span)

    def quiet(
        self, condition: QuietDays, binding: Binding, days: Sequence[date], ask: Callable[[date], tuple[Tri, Ground]]
    ) -> Sequence[tuple[Tri, Ground]]:
        """Return whether each day was quiet; another execution may know a quicker way than to `ask` for each."""
        del condition, binding
        return [ask(day) for day in days]

    def judged(self, fact: Fact, term: str) -> Tri:
        """Return whether the body found that a term needing judgement fits this fact; maybe while it has not."""
        ruling = self.ruling(fact.id, term)
        if ruling is None:
            return Tri.MAYBE
        return {"yes": Tri.YES, "no": Tri.NO}.get(str(ruling.field("finding")), Tri.MAYBE)

    def ruling(self, name: str, term: str) -> Fact | None:
        """Return the last ruling on whether a term that needs judgement fits a fact, None while there is none."""
        by = self.as_of if self.ruled_until is None else self.ruled_until  # a ruling speaks of what was before it
        findings = [
            one
            for one in self.naming("determination", "of", name)
            if one.field("term") == term and one.when.latest <= by and self.decides(one, None)
        ]
        return findings[-1] if findings else None

    def decides(self, ruling: Fact, body: Doer | str, *, at: Proof = Proof.CORROBORATED) -> bool:
        """Return whether a ruling, at such a proof, is of the body that the text names.

        Where it names none, anybody's but a party's: not even one's who may be of a party. Where it names one, that
        the ruling is this body's must be as well established as the ruling (rule 6).
        """
        by = None if ruling.who is Proof.REFUTED else ruling.by
        if body in (None, "case", UNSTATED, (UNSTATED,)):
            parties = tuple(self.agreement.head.parties)
            return ruling.occurred >= at and (by is None or self.agreement.belongs(by, parties) is Tri.NO)
        named = (body,) if isinstance(body, str) else body or ()
        established = min(ruling.occurred, ruling.who) >= at
        return established and by is not None and self.agreement.belongs(by, named) is Tri.YES

    # ---- words ----

    def local(self, moment: Moment) -> str:
        """Return a moment in the agreement's own zone, as people read it."""
        return say_moment(moment, self.agreement.time_zone)

    def span_words(self, when: Interval) -> str:
        """Return an interval as people read it."""
        if when.earliest == when.latest:
            return self.local(when.earliest)
        if when.earliest <= DAWN and when.latest >= NEVER:
            return "at no known time"
        return f"between {self.local(when.earliest)} and {self.local(when.latest)}"


def strongest(found: Iterable[Found]) -> dict[str, Found]:
    """Return each fact once, by its id, with the surest answer of several patterns, in order of time."""
    best: dict[str, Found] = {}
    for one in found:
        if one.fact.id not in best or one.tri > best[one.fact.id].tri:
            best[one.fact.id] = one
    return dict(sorted(best.items(), key=lambda item: (item[1].when, item[0])))


def happened(when: Interval, by: Moment) -> Tri:
    """Return whether something had happened by a moment."""
    return Tri.of(certain=when.latest <= by, possible=when.earliest <= by)


def within(when: Interval, start: Interval, end: Interval) -> Tri:
    """Return whether something happened in the closed window from `start` to `end`, each known as an interval."""
    certain = start.latest <= when.earliest and when.latest <= end.earliest
    possible = start.earliest <= when.latest and when.earliest <= end.latest
    return Tri.of(certain=certain, possible=possible)
