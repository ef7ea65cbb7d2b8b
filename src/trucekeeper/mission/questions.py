"""Questions: what pages ask why, put down for the keeper, who alone works anything out.

    question    what an audience asks of one commitment, at a level of proof, as known at a moment (-1: now); who
                asked; whether the keeper is at it; and the answer, with the moment as of which it was given

    questions.ask(asked, "officer-3", since)      the answer; None if nobody gives one in time

A question is there once, whoever asks. An answer holds for a minute, unless what it is about changes; the newest are
kept. All of it goes with the rest of the projections when something is hidden, so no answer outlives its words.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from trucekeeper.mission.projections import got
from trucekeeper.terms import Proof
from trucekeeper.terms.moments import MINUTE

if TYPE_CHECKING:
    import sqlite3

    from trucekeeper.mission.projections import Projections
    from trucekeeper.terms import Moment

PATIENCE = 4.0
"""Seconds that a page waits for its answer."""
NAP = 0.02
MOST_OPEN = 8
"""So many questions an account may have open: more than a person reads, and a page asks one."""
KEPT = 500
"""So many answers are kept."""
NOW = -1
"""The `at` of who asks of now."""


class TooManyError(Exception):
    """An account has more questions open than are answered soon."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Why one commitment stands where it does, to an audience; `at` is as known when, None for now."""

    audience: str
    clause: str
    key: str
    proof: Proof
    at: Moment | None = None

    @property
    def name(self) -> list[object]:
        """Return what sets this question apart from all others."""
        return [self.audience, self.key, self.proof.word, NOW if self.at is None else self.at]


_SAME = "audience = ? AND key = ? AND asked = ? AND at = ?"


@dataclass(frozen=True, slots=True)
class Questions:
    """The questions of a mission: pages put them and wait, the keeper takes them up and answers."""

    projections: Projections

    # ---- who asks -------------------------------------------------------------------------------------------------

    def ask(self, asked: Asked, asker: str, since: Moment) -> dict[str, Any] | None:
        """Return the answer, None if nobody gives one in time; `since` is when what it is about last changed.

        Raises TooManyError.
        """
        found = self._good(asked, since)
        if found is not None:
            return found
        self.put(asked, asker)
        until = time.monotonic() + PATIENCE
        while (found := self._answer(asked)) is None and time.monotonic() < until:
            time.sleep(NAP)
        if found is None:
            self._withdraw(asked, asker)
        return found

    def put(self, asked: Asked, asker: str) -> None:
        """Put a question, anew if it was answered before. Raises TooManyError."""
        with self.projections.writing() as connection:
            connection.execute(f"DELETE FROM question WHERE {_SAME} AND answer IS NOT NULL", asked.name)  # noqa: S608  our own
            mine = "SELECT count(*) FROM question WHERE asker = ? AND answer IS NULL"
            if connection.execute(mine, [asker]).fetchone()[0] >= MOST_OPEN:
                raise TooManyError
            audience, key, proof, at = asked.name
            row = [None, audience, asked.clause, key, proof, at, asker, 0, None, None]
            connection.execute("INSERT OR IGNORE INTO question VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)

    def at_work(self, asked: Asked) -> bool:
        """Return whether the keeper is at a question."""
        with self.projections.reading() as connection:
            wanted = f"SELECT 1 FROM question WHERE {_SAME} AND taken AND answer IS NULL"  # noqa: S608  our own
            return connection.execute(wanted, asked.name).fetchone() is not None

    def _good(self, asked: Asked, since: Moment) -> dict[str, Any] | None:
        """Return an answer that still holds."""
        wanted = f"SELECT as_of, answer FROM question WHERE {_SAME} AND answer IS NOT NULL"  # noqa: S608  our own
        with self.projections.reading() as connection:
            now = int(got(connection, "standing_at", "0"))
            found = connection.execute(wanted, asked.name).fetchone()
        if found is None or found[0] < max(since, now - MINUTE):
            return None
        return dict(json.loads(found[1]))

    def _answer(self, asked: Asked) -> dict[str, Any] | None:
        with self.projections.reading() as connection:
            found = connection.execute(f"SELECT answer FROM question WHERE {_SAME}", asked.name).fetchone()  # noqa: S608  our own
        return None if found is None or found[0] is None else dict(json.loads(found[0]))

    def _withdraw(self, asked: Asked, asker: str) -> None:
        """Ask no longer."""
        mine = f"DELETE FROM question WHERE {_SAME} AND asker = ? AND answer IS NULL AND NOT taken"  # noqa: S608  our own
        with self.projections.writing() as connection:
            connection.execute(mine, [*asked.name, asker])

    # ---- who answers ----------------------------------------------------------------------------------------------

    def take_up(self) -> Asked | None:
        """Return the question that waits longest, None if none waits. It is taken up once, whatever comes of it."""
        wanted = "SELECT id, audience, clause, key, asked, at FROM question WHERE answer IS NULL AND NOT taken"
        with self.projections.reading() as connection:  # waits for nobody: it is looked often
            found = connection.execute(f"{wanted} ORDER BY id LIMIT 1").fetchone()
        if found is None:
            return None
        number, audience, clause, key, proof, at = found
        with self.projections.writing() as connection:
            connection.execute("UPDATE question SET taken = 1 WHERE id = ?", [number])
        return Asked(audience, clause, key, Proof.named(proof), None if at == NOW else at)

    def put_back(self, asked: Asked) -> None:
        """Let a question that was taken up wait again."""
        with self.projections.writing() as connection:
            connection.execute(f"UPDATE question SET taken = 0 WHERE {_SAME}", asked.name)  # noqa: S608  our own

    def forget_taken(self) -> None:
        """Drop what a keeper took up who is no longer there."""
        with self.projections.writing() as connection:
            connection.execute("DELETE FROM question WHERE taken AND answer IS NULL")


def answered(connection: sqlite3.Connection, asked: Asked, as_of: Moment, answer: str) -> None:
    """Write an answer that was given as of a moment, and drop the oldest ones."""
    connection.execute(f"UPDATE question SET as_of = ?, answer = ? WHERE {_SAME}", [as_of, answer, *asked.name])  # noqa: S608  our own
    connection.execute(
        "DELETE FROM question WHERE answer IS NOT NULL AND id <= (SELECT max(id) FROM question) - ?", [KEPT]
    )
