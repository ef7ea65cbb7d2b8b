"""The questions of the live execution, which note on the way what was read and until when an answer holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from trucekeeper.agreement import language as lang
from trucekeeper.compliance.excuses import excused
from trucekeeper.compliance.inquiry import Found, Inquiry
from trucekeeper.compliance.kinds import achieve
from trucekeeper.compliance.live import sightings
from trucekeeper.compliance.live.book import ANY, LOOSE, WIDE, About, Alike, Named, Spanned, days_of, place_of
from trucekeeper.compliance.live.guards import Watchtower
from trucekeeper.compliance.live.remembering import Remembering
from trucekeeper.compliance.live.tallied import quick_count, quick_moments
from trucekeeper.compliance.live.ticking import Notes, Ticking
from trucekeeper.compliance.watching import covers
from trucekeeper.terms import DAWN, NEVER, Fact, Interval, Moment, Proof, Tri

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

    from trucekeeper.agreement.agreement import Agreement
    from trucekeeper.agreement.language import PatternBody
    from trucekeeper.compliance.counting import Window
    from trucekeeper.compliance.duty import Duty
    from trucekeeper.compliance.force import Due
    from trucekeeper.compliance.grounds import Answer, Stand
    from trucekeeper.compliance.inquiry import Guarded, Judge
    from trucekeeper.compliance.live.book import Book, Shelf
    from trucekeeper.compliance.live.rows import Row
    from trucekeeper.compliance.matching import Matcher, Meant
    from trucekeeper.compliance.watching import Post
    from trucekeeper.terms import Span

T = TypeVar("T")


class Read(Mapping[str, tuple[Fact, ...]]):
    """The facts by kind, as a record has them; reading a kind is noted."""

    def __init__(self, book: Book, notes: Notes) -> None:
        """Read from a book."""
        self._book, self._notes = book, notes

    def __getitem__(self, kind: str) -> tuple[Fact, ...]:
        self._notes.read.add(("kind", kind))
        return self._book.ordered(kind)

    def __iter__(self) -> Iterator[str]:
        return iter(self._book.kinds)

    def __len__(self) -> int:
        return len(self._book.kinds)


def _way(duty: Duty[lang.Achieve], evidence: achieve.Evidence, due: Due) -> achieve.Way:
    inquiry = duty.inquiry
    if (
        isinstance(inquiry, LiveInquiry)
        and achieve.are_snapshots(duty, evidence)
        and sightings.quick(duty, evidence, due)
    ):
        return sightings.way(inquiry, duty, evidence, due)
    return achieve.way(duty, evidence, due)


class Page:
    """The record as known now."""

    __slots__ = ("by_kind", "known_at")

    def __init__(self, book: Book, notes: Notes, now: Moment) -> None:
        """Open a book at the present moment."""
        self.by_kind: Mapping[str, tuple[Fact, ...]] = Read(book, notes)
        self.known_at = now


@dataclass(frozen=True)
class LiveInquiry(Inquiry):
    """A question put to the book now, or by who looks back at an earlier moment."""

    book: Book = field(kw_only=True)
    notes: Notes = field(kw_only=True)
    keep: Callable[[LiveInquiry, Hashable, Callable[[Inquiry], Any]], Any] = field(kw_only=True)
    matchers: dict[Proof, Matcher] = field(kw_only=True)
    window: Window | None = field(default=None, kw_only=True)

    @property
    def matcher(self) -> Matcher:
        """Return the matcher at the asked proof."""
        found = self.matchers.get(self.proof)
        if found is None:
            found = self.matchers[self.proof] = Remembering(
                self.agreement, self.proof, self.book.places, timeless=self.book.timeless
            )
        return found

    @property
    def present(self) -> bool:
        """Return whether it is asked as of now, by nobody who looks back."""
        return isinstance(self.as_of, Ticking) and self.ruled_until is None

    def local(self, moment: Moment) -> str:
        """Return a moment as people read it; of one that passes nothing, for no words are kept of it."""
        if isinstance(moment, Ticking):
            return ""
        return self.of_text(("local", moment), lambda: Inquiry.local(self, moment))

    def span_words(self, when: Interval) -> str:
        """Return nothing: the reasons in which it stands are not kept."""
        del when
        return ""

    # ---- facts -----------------------------------------------------------------------------------------------------

    def find(
        self, pattern: PatternBody, meant: Meant, *, subject_only: bool = False, among: Iterable[Fact] | None = None
    ) -> tuple[Found, ...]:
        """Return the facts meant that have, or may have, happened by now, in order of time."""
        judgement = None if subject_only else pattern.judgement
        found: list[Found] = []
        for fact, certain in self._meant(pattern, meant, among, subject_only=subject_only):
            if fact.when.earliest > self.as_of:
                break
            tri = certain if judgement is None else min(certain, self.judged(fact, judgement))
            if tri is not Tri.NO:
                found.append(Found(fact, tri if fact.when.latest <= self.as_of else min(tri, Tri.MAYBE)))
        return tuple(found)

    def _meant(
        self, pattern: PatternBody, meant: Meant, among: Iterable[Fact] | None, *, subject_only: bool
    ) -> Iterator[tuple[Fact, Tri]]:
        if among is None:
            view = self.book.view(self.matcher, pattern, meant, subject_only=subject_only)
            self.notes.read.add(view)
            for entry in view.entries:
                yield entry.fact, entry.tri
        else:
            ask = self.matcher.subject if subject_only else self.matcher.match
            for fact in among:
                tri = ask(pattern, fact, meant)
                if tri is not Tri.NO:
                    yield fact, tri

    def near(
        self,
        pattern: PatternBody,
        *,
        like: Fact | None = None,
        about: tuple[str, ...] = (),
        since: Moment = DAWN,
        until: Moment = NEVER,
    ) -> Iterable[Fact]:
        """Return facts of a pattern's kind, in order of time, among which are all that can matter near something."""
        kind = pattern.fact
        if about and self._about_counts(pattern):
            keys: list[Hashable] = [*dict.fromkeys(about), LOOSE]
            return self._on(self.book.shelf(kind, About()), keys)
        since, until = int(since), int(until)
        alike = Alike(pattern.same, self.book.width(pattern, since, until))
        aspects = (ANY,) if like is None or not pattern.same else (alike.aspects(like), LOOSE)
        if aspects[0] == LOOSE:
            aspects = (ANY,)
        if alike.width is None:
            return self._on(self.book.shelf(kind, alike), [(one, 0) for one in aspects])
        buckets = alike.buckets(since, until)
        shelf = self.book.shelf(kind, alike)
        if WIDE in buckets:  # longer than the shelf is made for
            return self.record.by_kind.get(kind, ())
        return self._on(shelf, [(one, bucket) for one in aspects for bucket in (*buckets, WIDE)])

    def _about_counts(self, pattern: PatternBody) -> bool:
        known = self.agreement.vocabulary.fields(pattern.fact)
        return "of" in known and all(name != "of" for name, _ in pattern.fields)

    def naming(self, kind: str, field: str, value: str | None) -> Iterable[Fact]:
        """Return the facts of a kind that have just this value in a field, in order of time.

        Of claims, who counts in a window is given only those whose period may touch it.
        """
        if self.window is not None and kind == "claim":
            days = days_of(int(self.window.start.earliest), int(self.window.end.latest))
            if WIDE not in days:
                shelf = self.book.shelf(kind, Spanned(field))
                return self._on(shelf, [(value, day) for day in (*days, WIDE)])
        return self._on(self.book.shelf(kind, Named(field)), [value])

    def counting_in(self, window: Window) -> LiveInquiry:
        """Return the same question, put by who counts in a window that does not move."""
        other = object.__new__(LiveInquiry)
        other.__dict__.update(self.__dict__, window=window)
        return other

    def judging(self, clause: lang.Clause, judge: Judge) -> Judge:
        """Return what judges the duties of a clause: quicker than the reference, where something is kept of it."""
        if not (self.present or self._looks_back):
            return judge
        match clause:
            case lang.Achieve():
                return lambda duty: achieve.stands(duty, achieve.Judging(_way, excused))
            case lang.Tally() | lang.Quota():
                return lambda duty: judge(duty.counting(quick_count, quick_moments))
            case _:
                return judge

    def of_text(self, key: Hashable, work: Callable[[], T]) -> T:
        """Return what the text of the agreement alone gives, worked out once."""
        texts = self.book.texts
        if key not in texts:
            texts[key] = work()
        return texts[key]  # type: ignore[no-any-return]  # the key names the work

    def guarded(self, post: Post, span: Span, ask: Guarded) -> Answer:
        """Return whether somebody was watching at a post, from the stretches kept of it."""
        if not self.present and not self._looks_back:
            return ask(self, post, span)
        by = None if self.present else self.as_of
        tower = self.book.tower((post, self.proof), lambda: self._tower(post))
        return tower.guard(by).answer(span, self.notes.now, self.notes)

    def _tower(self, post: Post) -> Watchtower:
        plain = Inquiry(self.agreement, self.record, self.notes.now, self.proof, self.judge)
        return Watchtower(post, lambda fact: covers(plain, fact, post))

    @property
    def _looks_back(self) -> bool:
        """Return whether somebody asks who looks back from now at an earlier moment."""
        return isinstance(self.ruled_until, Ticking) and not isinstance(self.as_of, Ticking)

    def _on(self, shelf: Shelf, keys: list[Hashable]) -> list[Fact]:
        """Return the facts on a shelf under some keys, in order of time."""
        found: dict[str, Fact] = {}
        for key in keys:
            self.notes.read.add((shelf, key))
            found.update(shelf.under.get(key, ()))
        return sorted(found.values(), key=place_of)

    def kept(self, key: Hashable, work: Callable[[Inquiry], T]) -> T:
        """Return what `work` gives for this question, kept from moment to moment.

        So is what somebody asks who looks back from now at an earlier moment.
        """
        if not self.present and not self._looks_back:
            return work(self)
        return self.keep(self, key, work)  # type: ignore[no-any-return]  # the key names the work

    def noting(self, notes: Notes, assumed: Mapping[str, str]) -> LiveInquiry:
        """Return the same question, asked afresh under some readings and noting elsewhere."""
        now = Ticking(notes.now, 1, notes)
        page = Page(self.book, notes, now)
        other = object.__new__(LiveInquiry)
        other.__dict__.update(self.__dict__, as_of=now, record=page, notes=notes, assumed=assumed, memo={})
        return other


def question(
    agreement: Agreement,
    book: Book,
    proof: Proof,
    *,
    judge: Callable[[Inquiry, str], tuple[Stand | Row, ...]],
    keep: Callable[[LiveInquiry, Hashable, Callable[[Inquiry], Any]], Any],
) -> LiveInquiry:
    """Return the question that all others are made of, which is asked of nobody: `noting` puts it."""
    notes = Notes(book.now)
    return LiveInquiry(
        agreement,
        Page(book, notes, notes.now),
        notes.now,
        proof,
        judge,  # type: ignore[arg-type]  # a row has all of a stand that another clause reads of it
        book=book,
        notes=notes,
        keep=keep,
        matchers={},
    )
