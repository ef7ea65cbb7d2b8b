"""Watch: the live execution. Facts come, time passes, and what changes is told as it changes.

    watch = Watch(agreement, clock=now)     and_at=(Proof.ALLEGED,) tells of that level too, from one book of facts
    watch.observe(revisions)      the changes that these revisions cause, now
    watch.advance(later)          the changes that passing time causes
    watch.rows()                  where every commitment stands, without reasons
    watch.standing()              the same with its reasons, as the reference gives it
    watch.why(key)                the reasons of one commitment

The rows are those of `standing(agreement, facts, Question(clock, clock, proof, audience))`, whatever the order in
which the facts came, how often, and however late.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucekeeper.compliance.live.clauses import ClauseKept
from trucekeeper.compliance.live.rows import Change, Kept, Row
from trucekeeper.compliance.live.state import State, read_state, write_state
from trucekeeper.compliance.live.work import Desk, Entry, Served
from trucekeeper.compliance.standing import Question, Standing, standing
from trucekeeper.terms import Fact, Moment, Proof

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trucekeeper.agreement.agreement import Agreement
    from trucekeeper.compliance.grounds import Beside, Stand
    from trucekeeper.compliance.knowledge import Audience


class Watch:
    """An agreement watched over: its clock moves only when it is told to."""

    def __init__(
        self,
        agreement: Agreement,
        *,
        proof: Proof = Proof.CORROBORATED,
        and_at: tuple[Proof, ...] = (),
        audience: Audience | None = None,
        clock: Moment,
    ) -> None:
        """Begin with nothing on record. `and_at`: further levels of proof of which changes and stands are told."""
        self.agreement, self.proof, self.audience = agreement, proof, audience
        self.proofs = (proof, *and_at)
        self._begin(clock, ())

    def _begin(self, clock: Moment, facts: Iterable[Fact]) -> None:
        self._desk = Desk(self.agreement, self.audience, clock, serve=self._serve)
        self._record(facts)
        for clause in self.agreement.clauses:
            for proof in self.proofs:
                self._serve(clause, proof)
        self._desk.run()
        self._desk.log.clear()

    def _serve(self, clause: str, proof: Proof) -> Served:
        served = self._desk.clauses.get((clause, proof))
        if served is None:
            served = ClauseKept(clause, proof, self._desk, told=proof in self.proofs)
            self._desk.clauses[clause, proof] = served
            self._desk.do(served)
        return served

    @property
    def clock(self) -> Moment:
        """Return the moment that time has reached."""
        return self._desk.now

    @property
    def question(self) -> Question:
        """Return the question that the rows answer."""
        return Question(self.clock, self.clock, self.proof, self.audience)

    @property
    def facts(self) -> tuple[Fact, ...]:
        """Return every revision observed, by its name."""
        book = self._desk.book
        return tuple(fact for name in sorted(book.revisions) for fact in _in_order(book.revisions[name]))

    # ---- what happens -----------------------------------------------------------------------------------------

    def observe(self, revisions: Iterable[Fact]) -> tuple[Change, ...]:
        """Put revisions on record, and return what each commitment became by them."""
        self._record(revisions)
        return self._round()

    def _record(self, revisions: Iterable[Fact]) -> None:
        desk, book = self._desk, self._desk.book
        names: dict[str, None] = {}
        for fact in revisions:
            if book.add(fact):
                names[fact.id] = None
                if fact.known_at > desk.now:
                    desk.timers.wake(fact.id, fact.known_at)
        for name in names:
            desk.settle(name)

    def advance(self, now: Moment) -> tuple[Change, ...]:
        """Let time pass, and return what each commitment became by that. Raises ValueError if it ran backwards."""
        if now < self.clock:
            raise ValueError(f"time runs forwards: it is {self.clock}, and cannot be {now} again")
        self._desk.pass_to(now)
        return self._round()

    def amend(self, agreement: Agreement) -> tuple[Change, ...]:
        """Go on with another version of the agreement, and return what each commitment became by it."""
        before = self._kept()
        self.agreement = agreement
        self._begin(self.clock, self.facts)
        self._desk.replaced(before, (), ())
        self._desk.replaced((), self._kept(), ())
        return self._told()

    def _round(self) -> tuple[Change, ...]:
        self._desk.run()
        return self._told()

    def _told(self) -> tuple[Change, ...]:
        log = self._desk.log
        if not log:
            return ()
        self._desk.log = {}
        found = [change for entry in log.values() if (change := _change(entry)) is not None]
        return self._in_order(found)

    def _in_order(self, found: Iterable[Change]) -> tuple[Change, ...]:
        order = {clause: number for number, clause in enumerate(self.agreement.clauses)}
        return tuple(sorted(found, key=lambda one: (order.get(one.row.clause, -1), *_place(one.row))))

    @property
    def due(self) -> Moment:
        """Return the first moment at which time alone may change something, NEVER if none is known."""
        return self._desk.timers.next()

    # ---- what is asked ----------------------------------------------------------------------------------------

    def _clauses(self, proof: Proof) -> list[ClauseKept]:
        found = [self._desk.clauses[clause, proof] for clause in self.agreement.clauses]
        return [one for one in found if isinstance(one, ClauseKept)]

    def _kept(self) -> list[Kept]:
        """Return the rows of all levels of which is told."""
        return [kept for proof in self.proofs for clause in self._clauses(proof) for kept in clause.kept()]

    def rows(self) -> tuple[Row, ...]:
        """Return where every commitment stands now, clauses in the order of the text."""
        found = tuple(row for clause in self._clauses(self.proof) for row in clause.rows())
        self._desk.run()
        self._desk.log.clear()
        return found

    def stands(self) -> tuple[Change, ...]:
        """Return where every commitment stands now, each as if it had just come to be, occasions left out."""
        found = [Change(None, one.row, (), one.beside, one.beside) for one in self._kept()]
        self._desk.run()
        self._desk.log.clear()
        return self._in_order(found)

    def standing(self, *, only: str | None = None) -> Standing:
        """Return where every commitment, or those of one clause, stands now, with all reasons."""
        return standing(self.agreement, self.facts, self.question, only=only)

    def why(self, key: str) -> tuple[Stand, ...]:
        """Return the stands of one commitment with their reasons, one for each reading that matters to it."""
        clause = next(
            (one.clause for one in self._clauses(self.proof) if any(kept.row.key == key for kept in one.kept())), None
        )
        if clause is None:
            return ()
        return tuple(stand for stand in self.standing(only=clause).stands if stand.key == key)

    # ---- the state as bytes -----------------------------------------------------------------------------------

    def dump(self) -> bytes:
        """Return all that is needed to go on, as `compliance.live.state` writes it."""
        state = State(self.agreement.digest, self.clock, self.proof, self.audience, self.facts)
        return write_state(state, self.rows())

    @staticmethod
    def load(state: bytes, agreement: Agreement) -> Watch:
        """Return the watch that was dumped. Raises ValueError if it watched over another agreement."""
        said = read_state(state)
        if said.digest != agreement.digest:
            raise ValueError("this is the state of another agreement: rebuild it from the facts")
        watch = Watch(agreement, proof=said.proof, audience=said.audience, clock=said.clock)
        watch._begin(said.clock, said.facts)
        return watch


def _in_order(revisions: tuple[Fact, ...]) -> list[Fact]:
    return sorted(revisions, key=lambda fact: (fact.rev, fact.known_at))


def _change(entry: Entry) -> Change | None:
    before, after = entry.before, entry.after
    if before is None and after is None:
        return None
    if before is not None and after is not None and before.shown() == after.shown() and not entry.said:
        return None
    said = entry.said or _newly(before, after)
    return Change(_row(before), _row(after), tuple(sorted(entry.because)), said, _printed(after))


def _printed(kept: Kept | None) -> tuple[Beside, ...]:
    return () if kept is None else kept.beside


def _place(row: Row) -> tuple[object, ...]:
    """Return where a row stands among those of its clause, the same however its changes were found."""
    return (row.proof, row.version, row.by, row.binding, row.occurrence, row.reading, row.key)


def _row(kept: Kept | None) -> Row | None:
    return None if kept is None else kept.row


def _newly(before: Kept | None, after: Kept | None) -> tuple[Beside, ...]:
    was = () if before is None else before.beside
    return () if after is None else tuple(one for one in after.beside if one not in was)
