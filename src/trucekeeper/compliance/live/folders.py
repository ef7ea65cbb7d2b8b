"""The parts of a clause and their rows: each duty a folder, with a slice for each act, call or period."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from trucekeeper.compliance.grounds import Episode
from trucekeeper.compliance.kinds import prohibit, respond
from trucekeeper.compliance.live.book import Place, place_of
from trucekeeper.compliance.live.rows import Kept, Occasion
from trucekeeper.compliance.live.work import Piece
from trucekeeper.compliance.standing import under_every_reading
from trucekeeper.terms import Fact, Interval, Tri

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from trucekeeper.agreement.language import PatternBody
    from trucekeeper.compliance.duty import Duty
    from trucekeeper.compliance.grounds import Assumed, Beside
    from trucekeeper.compliance.inquiry import Found
    from trucekeeper.compliance.live.clauses import ClauseKept
    from trucekeeper.compliance.live.rows import Row
    from trucekeeper.compliance.live.ticking import Notes
    from trucekeeper.compliance.live.work import Desk, Printed
    from trucekeeper.compliance.standing import Pledge


class Folder(ABC):
    """One duty under one reading of each ambiguity: its rows, and the pieces of work that give them."""

    __slots__ = ("clause", "desk", "pledge", "reading", "sign")

    def __init__(self, clause: ClauseKept, reading: Assumed, pledge: Pledge | None) -> None:
        """Begin without rows."""
        self.clause, self.desk, self.reading, self.pledge = clause, clause.desk, reading, pledge
        self.sign: tuple[object, ...] = ()

    @abstractmethod
    def open(self, because: Iterable[str]) -> None:
        """Work out all rows."""

    def close(self, because: Iterable[str]) -> None:
        """Take all rows away and work no more."""
        self.clause.replaced(list(self.kept()), (), because)
        for piece in self.pieces():
            self.desk.drop(piece)

    @abstractmethod
    def pieces(self) -> Iterator[Rows]:
        """Yield every piece of work."""

    @abstractmethod
    def kept(self) -> Iterator[Kept]:
        """Yield the rows in their order."""

    def rows(self) -> Iterator[Row]:
        """Yield the rows in their order, as they are read."""
        return (kept.row for kept in self.kept())

    def move_on(self) -> None:
        """Bring the times that move on with every moment up to now."""
        for piece in list(self.pieces()):
            if piece.moving and piece.done_at != self.desk.now:
                self.desk.do(piece)

    def duty(self, notes: Notes) -> Duty[Any]:
        """Return the duty as of now, noting here what is read."""
        if self.pledge is None:
            raise RuntimeError("bug: a whole clause has no duty of its own")
        return self.pledge.duty.put_to(self.desk.question(self.clause.proof, notes, dict(self.reading)))


class Rows(Piece):
    """A piece of work that gives rows."""

    __slots__ = ("folder", "given")

    def __init__(self, folder: Folder) -> None:
        """Begin without rows."""
        super().__init__()
        self.folder = folder
        self.given: tuple[Kept, ...] = ()

    @property
    def moving(self) -> bool:
        """Return whether any time in its rows moves on with every moment."""
        return any(one.moving for one in self.given)

    def give(self, rows: tuple[Kept, ...]) -> None:
        """Put rows in the place of those given before."""
        before, self.given = self.given, rows
        if before != rows:
            self.folder.clause.replaced(before, rows, self.because)

    def forked(self, desk: Desk) -> None:
        """Have the clause asked as a whole."""
        del desk
        self.folder.clause.ask_whole(self.because)


# ---- what is asked as a whole --------------------------------------------------------------------------------------


class Asked(Rows):
    """A duty, or a clause, asked as a whole."""

    __slots__ = ()

    def work(self, notes: Notes, desk: Desk) -> None:
        """Ask again."""
        folder = self.folder
        if folder.pledge is None:
            inquiry = desk.question(folder.clause.proof, notes, {})
            self.give(tuple(Kept.of(stand) for stand in under_every_reading(inquiry, folder.clause.clause)))
        else:
            pledge = type(folder.pledge)(folder.duty(notes), folder.pledge.undeclared)
            self.give(tuple(Kept.of(stand, folder.reading) for stand in pledge.stands()))


class Single(Folder):
    """A duty that is judged as a whole."""

    __slots__ = ("_asked",)

    def __init__(self, clause: ClauseKept, reading: Assumed, pledge: Pledge | None) -> None:
        """Begin without rows."""
        super().__init__(clause, reading, pledge)
        self._asked = Asked(self)

    def open(self, because: Iterable[str]) -> None:
        """Work out all rows."""
        self.desk.do_now(self._asked, because)

    def pieces(self) -> Iterator[Rows]:
        """Yield every piece of work."""
        yield self._asked

    def kept(self) -> Iterator[Kept]:
        """Yield the rows in their order."""
        yield from self._asked.given


class Whole(Single):
    """A clause that is asked as a whole, under every reading that it meets."""

    __slots__ = ()

    def __init__(self, clause: ClauseKept) -> None:
        """Begin without rows."""
        super().__init__(clause, (), None)


# ---- what is taken apart by the facts of some patterns -------------------------------------------------------------


class Slice(Rows):
    """What one fact gives, judged by itself."""

    __slots__ = ("found", "name", "place")

    folder: Sliced

    def __init__(self, folder: Sliced, name: str) -> None:
        """Begin not yet judged."""
        super().__init__(folder)
        self.name = name
        self.place: Place | None = None

    def find(self, duty: Duty[Any]) -> Found | None:
        """Return the fact as a pattern means it most surely, None if none does by now; note where it stands."""
        fact = self.folder.desk.book.facts.get(self.name)
        if fact is None:
            self.place = None
            return None
        self.place = place_of(fact)
        patterns = self.folder.patterns(duty)
        found = [one for pattern in patterns for one in duty.find(pattern, ours=self.folder.ours, among=(fact,))]
        return max(found, key=lambda one: one.tri, default=None)


class Sliced(Folder):
    """A duty whose facts are judged one by one."""

    __slots__ = ("_matcher", "_total", "slices")
    ours = True

    pledge: Pledge

    def __init__(self, clause: ClauseKept, reading: Assumed, pledge: Pledge) -> None:
        """Begin without slices."""
        super().__init__(clause, reading, pledge)
        self.slices: dict[str, Slice] = {}
        self._matcher = self.desk.matcher(clause.proof)
        self._total = self.total()

    @abstractmethod
    def patterns(self, duty: Duty[Any]) -> tuple[PatternBody, ...]:
        """Return which facts are judged."""

    @abstractmethod
    def slice(self, name: str) -> Slice:
        """Return a new slice for a fact."""

    @abstractmethod
    def total(self) -> Rows:
        """Return the piece of work that gives the rows of all slices together."""

    def open(self, because: Iterable[str]) -> None:
        """Judge every fact."""
        duty, book = self.pledge.duty, self.desk.book
        because = tuple(because)
        if duty.force.begun is not Tri.NO:
            for kind in {pattern.fact for pattern in self.patterns(duty)}:
                book.streams[kind][self] = None
                for fact in tuple(book.kinds[kind].values()):
                    self.told(fact.id, fact, because)
        for piece in self.slices.values():
            self.desk.do_now(piece, because)
        self.desk.do_now(self._total, because)

    def close(self, because: Iterable[str]) -> None:
        """Take all rows away and work no more."""
        for streams in self.desk.book.streams.values():
            streams.pop(self, None)
        super().close(because)

    def told(self, name: str, fact: Fact | None, because: Iterable[str] | None = None) -> None:
        """Have a fact judged anew, if it is one of those to be judged or was."""
        piece = self.slices.get(name)
        if piece is None:
            if fact is None or not self._means(fact):
                return
            piece = self.slices[name] = self.slice(name)
        self.desk.again(piece, (name,) if because is None else because)

    def _means(self, fact: Fact) -> bool:
        duty = self.pledge.duty
        meant = duty.meant(ours=self.ours)
        return any(self._matcher.match(pattern, fact, meant) is not Tri.NO for pattern in self.patterns(duty))

    def pieces(self) -> Iterator[Rows]:
        """Yield every piece of work."""
        yield from self.slices.values()
        yield self._total

    def in_order(self) -> list[Slice]:
        """Return the slices whose fact is on record, in order of time."""
        placed = [(one.place, one) for one in self.slices.values() if one.place is not None]
        return [one for _, one in sorted(placed, key=lambda pair: pair[0])]


class Act(Slice):
    """One act, judged under a prohibition."""

    __slots__ = ("answer", "beside", "occasion")

    folder: Acts

    def __init__(self, folder: Acts, name: str) -> None:
        """Begin not yet judged."""
        super().__init__(folder, name)
        self.answer = Tri.NO
        self.occasion: Occasion | None = None
        self.beside: tuple[Beside, ...] = ()

    def work(self, notes: Notes, desk: Desk) -> None:
        """Judge the act, and let the total know if it counts otherwise than before."""
        del desk
        duty = self.folder.duty(notes)
        act = self.find(duty)
        judged = None if act is None else prohibit.judge(duty, act)
        answer, occasion = Tri.NO, None
        beside: tuple[Beside, ...] = ()
        if judged is not None:
            episode, _, beside = judged
            answer = episode.answer
            occasion = None if answer is Tri.NO else (episode.fact, answer, episode.when)
        self.folder.counts(self, answer)
        if (occasion, beside) != (self.occasion, self.beside):
            self.folder.say(self)
        self.answer, self.occasion, self.beside = answer, occasion, beside


class Acts(Sliced):
    """A prohibition under which each act is judged by itself."""

    __slots__ = ("maybe", "said", "sure", "told_of")

    def __init__(self, clause: ClauseKept, reading: Assumed, pledge: Pledge) -> None:
        """Begin without acts."""
        super().__init__(clause, reading, pledge)
        self.sure = self.maybe = 0
        self.said: dict[Printed, tuple[Beside, ...]] = {}  # by act, what was beside it before
        self.told_of = False

    def patterns(self, duty: Duty[Any]) -> tuple[PatternBody, ...]:
        """Return which facts are judged."""
        return duty.clause.act  # type: ignore[no-any-return]  # it is a prohibition

    def slice(self, name: str) -> Slice:
        """Return a new slice for a fact."""
        return Act(self, name)

    def total(self) -> Rows:
        """Return the piece of work that gives the one row."""
        return Prohibited(self)

    def counts(self, act: Act, answer: Tri) -> None:
        """Count an act as it is judged now, and no longer as before."""
        if answer is not act.answer:
            self.sure += (answer is Tri.YES) - (act.answer is Tri.YES)
            self.maybe += (answer is Tri.MAYBE) - (act.answer is Tri.MAYBE)

    def say(self, act: Act) -> None:
        """Have the total worked out again, and what is then newly printed beside the act said with its change."""
        self.said.setdefault(act, act.beside)
        self.desk.again(self._total, act.because)

    def kept(self) -> Iterator[Kept]:
        """Yield the one row."""
        yield from self._total.given

    def rows(self) -> Iterator[Row]:
        """Yield the one row with all occasions."""
        acts = (one for one in self.in_order() if isinstance(one, Act))
        occasions = tuple(one.occasion for one in acts if one.occasion is not None)
        for kept in self.kept():
            yield replace(kept.row, occasions=occasions) if self.told_of else kept.row


class Prohibited(Rows):
    """Where a prohibition stands, by how many acts are contrary to it."""

    __slots__ = ()
    level = 3

    folder: Acts

    def work(self, notes: Notes, desk: Desk) -> None:
        """Work the row out again."""
        folder = self.folder
        stand = prohibit.settled(folder.duty(notes), prohibit.Acts(folder.sure, folder.maybe, _SOME))
        rested, folder.told_of = not folder.told_of, bool(stand.episodes)
        kept = Kept.of(replace(stand, episodes=()), folder.reading)
        self.give((kept,))
        said = folder.said
        if rested:  # then all that stands beside it is
            said = {act: () for act in folder.slices.values() if isinstance(act, Act)}
        if said and folder.told_of and folder.clause.told:
            desk.say(kept, said, self.because)
        folder.said = {}


_SOME = (Episode("", Tri.NO, Interval.at(0), ""),)
"""Stands for the occasions: a row that shows them shows this."""


class Call(Slice):
    """One call for an answer, which is a commitment of its own."""

    __slots__ = ()

    def work(self, notes: Notes, desk: Desk) -> None:
        """Judge how the call was answered."""
        del desk
        folder = self.folder
        duty = folder.duty(notes)
        call = self.find(duty)
        if call is None or duty.force.binds(call.when) is Tri.NO:
            self.give(())
        else:
            self.give((Kept.of(respond.judge(duty, call), folder.reading),))

    def give(self, rows: tuple[Kept, ...]) -> None:
        """Put rows in the place of those given before, and let the total know how many there are."""
        if isinstance(self.folder, Calls):
            self.folder.counts(len(rows) - len(self.given), self.because)
        super().give(rows)


class Calls(Sliced):
    """A duty to respond, where each call is judged by itself."""

    __slots__ = ("number",)
    ours = False

    def __init__(self, clause: ClauseKept, reading: Assumed, pledge: Pledge) -> None:
        """Begin without calls."""
        super().__init__(clause, reading, pledge)
        self.number = 0

    def patterns(self, duty: Duty[Any]) -> tuple[PatternBody, ...]:
        """Return which facts are judged."""
        return duty.clause.to  # type: ignore[no-any-return]  # it is a duty to respond

    def slice(self, name: str) -> Slice:
        """Return a new slice for a fact."""
        return Call(self, name)

    def total(self) -> Rows:
        """Return the piece of work that gives the row where nothing calls for an answer."""
        return NothingCalls(self)

    def counts(self, more: int, because: Iterable[str]) -> None:
        """Count so many more rows."""
        before, self.number = self.number, self.number + more
        if (before == 0) != (self.number == 0):
            self.desk.again(self._total, because)

    def kept(self) -> Iterator[Kept]:
        """Yield the rows in their order."""
        for one in self.in_order():
            yield from one.given
        yield from self._total.given


class NothingCalls(Rows):
    """Where a duty to respond stands while nothing calls for an answer."""

    __slots__ = ()
    level = 3

    folder: Calls

    def work(self, notes: Notes, desk: Desk) -> None:
        """Work the row out again, if there is one."""
        del desk
        if self.folder.number:
            self.give(())
            return
        duty = self.folder.duty(notes)
        self.give((Kept.of(duty.not_bound() or respond.nothing(duty), self.folder.reading),))
