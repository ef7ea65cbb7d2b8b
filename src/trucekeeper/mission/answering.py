"""Answering: the keeper says why a promise stands where it does, to the audience that asks, down to the entries.

    {"as_of": 1, "known_at": 1, "stands": [STAND], "facts": {"i-9": FACT}}

    STAND    what a row of standing says, with "version", "reading", and "ground", the tree of its reasons
    ground   {"says": "no such act on record", "answer": "no", "cite": "art. 1", "span": [1, 2], "facts": ["i-9"],
             "unnamed": 0, "more": 0, "of": [GROUND]}
    FACT     {"kind": "shelling", "incident": true, "latest": 2, "placed": true, "entries": [7]}: of an incident the
             entries of its reports and of who verified it; "latest" is the last moment at which it may have been

It is what `truce why` gives for the same question. Of many reasons beside each other the first and the last are
given, and of the others those that decide; "more" says how many are left out, and "unnamed" how many facts.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from trucekeeper.compliance.knowledge import Audience, known
from trucekeeper.compliance.live.rows import Row
from trucekeeper.compliance.standing import Question
from trucekeeper.fusion.incidents import key_of
from trucekeeper.mission import kinds
from trucekeeper.mission.folder import Folder
from trucekeeper.mission.looking import Looking, Sight
from trucekeeper.mission.projections import as_json
from trucekeeper.mission.questions import Questions, answered
from trucekeeper.mission.standings import OutdatedError, said_of
from trucekeeper.mission.telling import label_of
from trucekeeper.terms import Refused, Tri

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from trucekeeper.compliance.grounds import Ground, Stand
    from trucekeeper.mission.mission import Mission
    from trucekeeper.mission.questions import Asked
    from trucekeeper.mission.standings import Standings, Watched
    from trucekeeper.terms import Fact, Moment

MOST = 40
"""So many reasons are given beside each other: more nobody reads, and a page of thousands opens for nobody."""
MOST_FACTS = 20
_DECIDES = {Tri.YES: 0, Tri.MAYBE: 1, None: 2, Tri.NO: 3}


class Answering:
    """A keeper that answers what pages ask, from what it keeps of each audience."""

    def __init__(self, mission: Mission) -> None:
        """Begin with nothing taken up."""
        self._mission = mission
        self._questions = Questions(mission.projections)
        self._questions.forget_taken()
        self._past: dict[str, tuple[tuple[str, Moment], Folder]] = {}

    def answer(self, standings: Standings) -> None:
        """Answer all that is asked, while standings may go on. Raises OutdatedError if the rows were deleted."""
        while (asked := self._questions.take_up()) is not None:
            try:
                moment = self._still(asked, standings)
            except OutdatedError:
                self._questions.put_back(asked)
                raise
            said = as_json(self._said(asked, moment))
            projections = self._mission.projections
            with projections.writing() as connection:
                if projections.laid_out(connection) == moment.laid_out:  # or it might say what was hidden meanwhile
                    answered(connection, asked, moment.at, said)

    def _still(self, asked: Asked, standings: Standings) -> _Moment:
        """Return what is asked of, as of one moment. Raises OutdatedError."""
        projections = self._mission.projections
        with standings.still, projections.reading() as connection:
            standings.hold(connection)
            watched = standings.watched.get(asked.audience)
            folder = None if watched is None else Folder(watched.watch.agreement, watched.watch.facts, ())
            begun = standings.at if watched is None else watched.begun
            return _Moment(standings.at, projections.laid_out(connection), begun, watched, folder)

    def _said(self, asked: Asked, moment: _Moment) -> dict[str, Any]:
        """Return why a commitment stands as it does, by what its audience may see."""
        known_at = moment.at if asked.at is None else min(asked.at, moment.at)
        told: dict[str, Any] = {"as_of": known_at, "known_at": known_at, "stands": [], "facts": {}}
        question = Question(known_at, known_at, asked.proof, Audience(asked.audience, moment.at))
        folder = self._folder(moment, question)
        if folder is None or moment.watched is None or asked.clause not in folder.agreement.clauses:
            return told
        stands = [one for one in folder.why(asked.clause, question, key=asked.key) if one.key == asked.key]
        trees = [_stand_said(one) for one in stands]
        names = {name for one in trees for name in _named_in(one["ground"])}
        names |= {name for one in stands for beside in one.beside for name in beside.facts[:MOST_FACTS]}
        there = {one.id: one for one in known(folder.facts, known_at=known_at, audience=question.audience)}
        sources = _Sources(self._mission, moment.watched, question)
        facts = {name: sources.of(name, there.get(name)) for name in sorted(names)}
        return {**told, "stands": trees, "facts": facts}

    def _folder(self, moment: _Moment, question: Question) -> Folder | None:
        """Return the agreement of then, and the facts of an audience: as kept, if it is under the same agreement.

        None if no agreement was on record then, or its files are gone: then there is nothing to say.
        """
        now = self._mission.projections.agreements()
        then = [one for one in now if one.at <= question.known_at]
        if not then or then[-1].digest != now[-1].digest:
            with suppress(Refused):
                return self._mission.folder(question.audience, known_at=question.known_at)
            return None
        if moment.watched is None or question.known_at >= moment.begun:
            return moment.folder
        return self._from_before(moment.watched.name, (moment.laid_out, moment.begun), question)

    def _from_before(self, name: str, begun: tuple[str, Moment], question: Question) -> Folder:
        """Return the facts of an audience with all that was known before it began, which takes its time: once."""
        if name not in self._past or self._past[name][0] != begun:
            self._past[name] = begun, self._mission.folder(question.audience)
        return self._past[name][1]


@dataclass(frozen=True, slots=True)
class _Moment:
    """What the keeper had of an audience as of one moment, and of which laying out."""

    at: Moment
    laid_out: str
    begun: Moment
    watched: Watched | None
    folder: Folder | None


class _Sources:
    """Which entries say a fact, as far as an audience may see them."""

    def __init__(self, mission: Mission, watched: Watched, question: Question) -> None:
        self._mission, self._watched, self._question = mission, watched, question
        self._audience = Audience(watched.name, question.audience.at if question.audience else question.known_at)

    def of(self, name: str, fact: Fact | None) -> dict[str, Any]:
        """Return what is said of a fact that a reason names."""
        key = key_of(name)
        entries = self._entered(name) if key is None else self._reported(name, key)
        return {
            "kind": "" if fact is None else fact.kind,
            "incident": key is not None,
            "latest": None if fact is None else _last(fact),
            "placed": fact is not None and (fact.place is not None or fact.zone is not None),
            "entries": entries,
        }

    def _entered(self, name: str) -> list[int]:
        delegation, plain = self._watched.entered_as(name)
        rows = self._mission.projections.revisions(kinds.FACT, delegation, [plain])
        return sorted(one.seq for one in rows if one.at <= self._question.known_at and self._may_see(one.row))

    def _reported(self, name: str, key: int) -> list[int]:
        """Return the entries of an incident's reports, and of those who verified it."""
        sight = Sight(self._audience.name, self._audience.at, self._question.known_at)
        entries = {int(one["entry"]) for one in Looking(self._mission.projections).reports(sight, name)}
        rows = self._mission.projections.told(only=(kinds.VERIFY,)) if entries else []
        verified = {
            one.seq
            for one in rows
            if one.at <= self._question.known_at
            and key_of(str(one.row.get("incident"))) in {key, *entries}
            and self._may_see(one.row)
        }
        return sorted(entries | verified)

    def _may_see(self, row: dict[str, Any]) -> bool:
        return self._audience.may_see(label_of(row))


def _last(fact: Fact) -> Moment:
    """Return the last moment of which a fact speaks: a watch lasts."""
    return fact.when.latest if fact.span is None else max(fact.when.latest, fact.span.end)


def _stand_said(stand: Stand) -> dict[str, Any]:
    said = said_of(Row.of(stand), stand.beside)
    return {**said, "version": stand.version, "reading": stand.reading, "ground": _ground_said(stand.ground)}


def _ground_said(ground: Ground) -> dict[str, Any]:
    shown = _shown(ground.of)
    return {
        "says": ground.says,
        "answer": "" if ground.answer is None else ground.answer.name.lower(),
        "cite": ground.cite,
        "span": None if ground.span is None else [ground.span.start, ground.span.end],
        "facts": list(ground.facts[:MOST_FACTS]),
        "unnamed": len(ground.facts[MOST_FACTS:]),
        "more": len(ground.of) - len(shown),
        "of": [_ground_said(one) for one in shown],
    }


def _shown(grounds: Sequence[Ground]) -> list[Ground]:
    """Return the reasons that are given, in their order."""
    if len(grounds) <= MOST:
        return list(grounds)
    inner = sorted(range(1, len(grounds) - 1), key=lambda number: _DECIDES[grounds[number].answer])
    return [grounds[number] for number in sorted({0, len(grounds) - 1, *inner[: MOST - 2]})]


def _named_in(said: dict[str, Any]) -> Iterable[str]:
    yield from said["facts"]
    for one in said["of"]:
        yield from _named_in(one)
