"""What is kept up to date: pieces of work that note what they rest on, and are done again when any of it changes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

from trucekeeper.compliance.force import Force
from trucekeeper.compliance.grounds import Stand
from trucekeeper.compliance.inquiry import Fork, Inquiry
from trucekeeper.compliance.live.book import Book
from trucekeeper.compliance.live.calendar import Calendar
from trucekeeper.compliance.live.inquiry import LiveInquiry, question
from trucekeeper.compliance.live.rows import UNSAID
from trucekeeper.compliance.live.ticking import Notes, moves
from trucekeeper.compliance.standing import judge_clause
from trucekeeper.terms import NEVER, Fact, FieldType, Moment, Proof, Vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping

    from trucekeeper.agreement.agreement import Agreement
    from trucekeeper.compliance.grounds import Beside
    from trucekeeper.compliance.knowledge import Audience
    from trucekeeper.compliance.live.rows import Kept, Row
    from trucekeeper.compliance.matching import Matcher
    from trucekeeper.terms.vocabulary import Kind

T = TypeVar("T")
LEVELS = 4
"""Kept answers, then what clauses consist of, then each part, then what the parts add up to."""


class Piece(ABC):
    """One piece of work: what it read, until when it holds, and which facts made it be done again."""

    __slots__ = ("because", "done_at", "read", "until")
    level = 2

    def __init__(self) -> None:
        """Begin not yet done."""
        self.read: set[Hashable] = set()
        self.until: Moment = NEVER
        self.done_at: Moment | None = None
        self.because: dict[str, None] = {}

    @abstractmethod
    def work(self, notes: Notes, desk: Desk) -> None:
        """Do the work, noting what it rests on."""

    @abstractmethod
    def forked(self, desk: Desk) -> None:
        """Do what is to be done when the work met an ambiguity that was not settled beforehand."""


class Desk:
    """Where the work is done: the record, the time, who reads what, and what changed in this round."""

    def __init__(
        self, agreement: Agreement, audience: Audience | None, now: Moment, *, serve: Callable[[str, Proof], Served]
    ) -> None:
        """Begin with an empty record. `serve`: who gives a clause at a level of proof."""
        self.agreement = replace(agreement, vocabulary=Remembered(agreement.vocabulary.kinds))
        agreement = self.agreement
        self._readers: dict[Hashable, set[Piece]] = defaultdict(set)
        self.book = Book(agreement, audience, now, self._readers)
        self.timers: Calendar[Piece | str] = Calendar(now)
        self._waiting: tuple[dict[Piece, None], ...] = tuple({} for _ in range(LEVELS))
        self._kept: dict[Hashable, Answer] = {}
        self._forking: set[Hashable] = set()
        self._questions: dict[Proof, LiveInquiry] = {}
        self.clauses: dict[tuple[str, Proof], Served] = {}
        self._serve = serve
        self.log: dict[tuple[object, ...], Entry] = {}

    @property
    def now(self) -> Moment:
        """Return the moment that time has reached."""
        return self.book.now

    # ---- questions -------------------------------------------------------------------------------------------------

    def matcher(self, proof: Proof) -> Matcher:
        """Return the matcher at a level."""
        return self.question(proof, Notes(self.now), {}).matcher

    def question(self, proof: Proof, notes: Notes, assumed: Mapping[str, str]) -> LiveInquiry:
        """Return the question as of now, at a level, under some readings, noting here."""
        base = self._questions.get(proof)
        if base is None:
            base = question(self.agreement, self.book, proof, judge=self.judge, keep=self.keep)
            self._questions[proof] = base
        return base.noting(notes, assumed)

    def judge(self, inquiry: Inquiry, clause: str) -> tuple[Stand | Row, ...]:
        """Return where a clause stands that another refers to: from its rows as kept, where these answer that."""
        if isinstance(inquiry, LiveInquiry) and inquiry.present:
            served = self._serve(clause, inquiry.proof)
            rows = served.still_rows()
            if rows is not None:
                inquiry.notes.read.add(served)
                return rows
        return judge_clause(inquiry, clause)

    def keep(self, inquiry: LiveInquiry, key: Hashable, work: Callable[[Inquiry], T]) -> T:
        """Return what `work` gives for a question, worked out again only when what it rests on has changed."""
        back_to = None if inquiry.present else inquiry.as_of
        plain = (key, inquiry.proof, back_to)
        whole = (*plain, tuple(sorted(inquiry.assumed.items())))
        answer = self._kept.get(plain) or self._kept.get(whole)
        if answer is None and inquiry.assumed and plain not in self._forking:  # perhaps it is so under every reading
            try:
                answer = self._answer(plain, work, inquiry, {})
            except Fork:
                self._forking.add(plain)
        if answer is None:
            answer = self._answer(whole if inquiry.assumed else plain, work, inquiry, inquiry.assumed)
        if moving(answer.value):
            return work(inquiry)
        inquiry.notes.read.add(answer)
        return answer.value  # type: ignore[no-any-return]  # the key names the work

    def _answer(
        self, key: Hashable, work: Callable[[Inquiry], Any], inquiry: LiveInquiry, assumed: Mapping[str, str]
    ) -> Answer:
        answer = Answer(key, work, inquiry, assumed)
        try:
            self.do(answer)
        except Fork:
            inquiry.notes.read |= answer.read
            inquiry.notes.until = min(inquiry.notes.until, answer.until)
            self.drop(answer)
            raise
        if moving(answer.value):
            self.drop(answer)
        else:
            self._kept[key] = answer
        return answer

    def forget(self, answer: Answer) -> None:
        """Keep an answer no longer, and do again what rested on it."""
        self._kept.pop(answer.key, None)
        self.drop(answer)
        self.touch(answer, answer.because)

    # ---- rounds ----------------------------------------------------------------------------------------------------

    def do(self, piece: Piece) -> None:
        """Do a piece of work and note what it rests on."""
        notes = Notes(self.now)
        try:
            piece.work(notes, self)
        finally:
            self._file(piece, notes)

    def do_now(self, piece: Piece, because: Iterable[str]) -> None:
        """Do a piece of work at once, and not again in this round for what it was to be done for."""
        self._waiting[piece.level].pop(piece, None)
        piece.because.update(dict.fromkeys(because))
        self.do(piece)
        piece.because = {}

    def _file(self, piece: Piece, notes: Notes) -> None:
        piece.done_at = notes.now
        if piece.read != notes.read:
            for key in piece.read - notes.read:
                self._unread(key, piece)
            for key in notes.read - piece.read:
                self._readers[key].add(piece)
            piece.read = notes.read
        if notes.until != piece.until:
            piece.until = notes.until
            self.timers.wake(piece, notes.until)

    def _unread(self, key: Hashable, piece: Piece) -> None:
        readers = self._readers[key]
        readers.remove(piece)
        if not readers:
            del self._readers[key]

    def drop(self, piece: Piece) -> None:
        """Do a piece of work no more."""
        for key in piece.read:
            self._unread(key, piece)
        piece.read, piece.until = set(), NEVER
        self._waiting[piece.level].pop(piece, None)

    def touch(self, key: Hashable, because: Iterable[str]) -> None:
        """Let everything that read a part of the record, or rested on a piece of work, be done again."""
        for piece in self._readers.get(key, ()):
            self.again(piece, because)

    def again(self, piece: Piece, because: Iterable[str] = ()) -> None:
        """Let a piece of work be done again in this round."""
        self._waiting[piece.level][piece] = None
        piece.because.update(dict.fromkeys(because))

    def settle(self, name: str) -> None:
        """Let what is said of one fact now take effect."""
        old, new = self.book.settle(name)
        if old is new:
            return
        for key in self.book.touched(old, new):
            self.touch(key, (name,))
        streams = {one: None for fact in (old, new) if fact is not None for one in self._streams(fact)}
        for stream in streams:
            stream.told(name, new)

    def _streams(self, fact: Fact) -> Iterable[Any]:
        return (one for kind in self.book.lineage(fact) for one in self.book.streams.get(kind, ()))

    def run(self) -> None:
        """Do all work that waits, from what others rest on upwards, until nothing waits."""
        while True:
            waiting = next((one for one in self._waiting if one), None)
            if waiting is None:
                return
            piece = next(iter(waiting))
            del waiting[piece]
            try:
                self.do(piece)
            except Fork:
                piece.forked(self)
            piece.because = {}

    def pass_to(self, now: Moment) -> None:
        """Let time pass, and what waits for a moment that has come be done again."""
        woken = self.timers.woken(now)
        self.book.now = now
        for at, one in woken:
            if isinstance(one, str):
                self.settle(one)
            elif one.until == at:
                one.until = NEVER
                self.again(one)

    # ---- what changed ----------------------------------------------------------------------------------------------

    def replaced(self, before: Iterable[Kept], after: Iterable[Kept], because: Iterable[str]) -> None:
        """Note which rows went and which came."""
        for kept in before:
            entry = self._entry(kept)
            entry.after = None
            entry.because.update(dict.fromkeys(because))
        for kept in after:
            entry = self.log.setdefault((kept.row.proof, kept.row.name), Entry(None))
            entry.after = kept
            entry.because.update(dict.fromkeys(because))

    def say(self, kept: Kept, parts: Mapping[Printed, tuple[Beside, ...]], because: Iterable[str]) -> None:
        """Note by which parts of a row something may be newly printed beside it, and what was beside each before."""
        entry = self._entry(kept)
        entry.parts = {**parts, **entry.parts}
        entry.because.update(dict.fromkeys(because))

    def _entry(self, before: Kept) -> Entry:
        return self.log.setdefault((before.row.proof, before.row.name), Entry(before))


class Entry:
    """What happened to one row in a round."""

    __slots__ = ("after", "because", "before", "parts")

    def __init__(self, before: Kept | None) -> None:
        """Begin with the row as it was before the round."""
        self.before, self.after = before, before
        self.because: dict[str, None] = {}
        self.parts: dict[Printed, tuple[Beside, ...]] = {}

    @property
    def said(self) -> tuple[Beside, ...]:
        """Return what is newly printed beside it, now that the round is over."""
        return tuple(one for part, before in self.parts.items() for one in part.beside if one not in before)


class Printed(Protocol):
    """A part of a row beside which something may be printed."""

    @property
    def beside(self) -> tuple[Beside, ...]:
        """Return what is printed beside it."""


class Remembered(Vocabulary):
    """A vocabulary that works out once what each kind is."""

    def __init__(self, kinds: Mapping[str, Kind]) -> None:
        """Hold the kinds of another."""
        super().__init__(kinds)
        plain = Vocabulary(kinds)
        object.__setattr__(self, "_lineages", {name: plain.lineage(name) for name in kinds})
        object.__setattr__(self, "_fields", {name: plain.fields(name) for name in kinds})

    _lineages: dict[str, tuple[str, ...]]
    _fields: dict[str, dict[str, FieldType]]

    def lineage(self, name: str) -> tuple[str, ...]:
        """Return the kind and what it is a sort of, nearest first."""
        found = self._lineages.get(name)
        return Vocabulary.lineage(self, name) if found is None else found

    def fields(self, name: str) -> dict[str, FieldType]:
        """Return the fields of a kind, its parents' among them."""
        found = self._fields.get(name)
        return Vocabulary.fields(self, name) if found is None else found


def moving(value: object) -> bool:
    """Return whether an answer has times in it that move on with every moment, so that it cannot be kept."""
    match value:
        case Force():
            return moves(value.start) or moves(value.end)
        case list():
            return any(moves(one.due) or moves(one.met_at) for one in value if isinstance(one, Stand))
        case _:
            return False


def bare(value: T) -> T:
    """Return an answer without its reasons: it is another only if something else in it is."""
    match value:
        case Force():
            return replace(value, ground=UNSAID)
        case list():
            told = [replace(one, ground=UNSAID) if isinstance(one, Stand) else one for one in value]
            return cast("T", told)
        case _:
            return value


class Served(Piece):
    """A clause at one level of proof, whose rows others may read."""

    __slots__ = ()

    @abstractmethod
    def still_rows(self) -> tuple[Row, ...] | None:
        """Return its rows, if they hold under every reading and none of their times moves on; else None."""


class Answer(Piece):
    """An answer kept from moment to moment."""

    __slots__ = ("_assumed", "_back_to", "_proof", "_work", "key", "value")
    level = 0

    def __init__(
        self, key: Hashable, work: Callable[[Inquiry], Any], inquiry: LiveInquiry, assumed: Mapping[str, str]
    ) -> None:
        """Begin not yet worked out."""
        super().__init__()
        self.key, self._work = key, work
        self._proof, self._assumed = inquiry.proof, dict(assumed)
        self._back_to = None if inquiry.present else inquiry.as_of
        self.value: Any = None

    def work(self, notes: Notes, desk: Desk) -> None:
        """Work it out again; those who rest on it do so only if it is another."""
        inquiry: Inquiry = desk.question(self._proof, notes, self._assumed)
        value = bare(self._work(inquiry if self._back_to is None else inquiry.at(self._back_to)))
        again = self.done_at is not None
        changed = again and value != self.value
        self.value = value
        if again and moving(value):
            desk.forget(self)
        elif changed:
            desk.touch(self, self.because)

    def forked(self, desk: Desk) -> None:
        """Keep it no longer: who needs it meets the ambiguity himself."""
        desk.forget(self)
