"""What a person typed, as a question. Here is the command's clock."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from trucekeeper.compliance.knowledge import Audience
from trucekeeper.compliance.standing import Question
from trucekeeper.terms import Fault, Moment, Proof, Refused
from trucekeeper.terms.faults import suggestion
from trucekeeper.terms.moments import moment_of, parse_moment

if TYPE_CHECKING:
    from trucekeeper.mission import Folder

LEVELS = ("alleged", "corroborated", "verified")


def now() -> Moment:
    """Return the moment it is."""
    return moment_of(datetime.now(tz=UTC))


def question(as_of: str | None, known_at: str | None, proof: str, audience: str | None) -> Question:
    """Return what is asked. Raises Refused with every option that is wrong."""
    faults: list[Fault] = []
    today = now()
    when = _moment("--as-of", as_of, today, faults)
    known = _moment("--known-at", known_at, today, faults)
    if proof not in LEVELS:
        faults.append(Fault("--proof", 0, 0, f"'{proof}' is no level of proof", suggestion(proof, LEVELS)))
    if faults:
        raise Refused(faults)
    who = None if audience is None else Audience(audience, today)
    return Question(as_of=when, known_at=known, proof=Proof.named(proof), audience=who)


def two_questions(
    known_at: list[str], as_of: str | None, proof: str, audience: str | None
) -> tuple[Question, Question]:
    """Return one question put at two states of knowledge, the earlier first."""
    if len(known_at) != 2:  # noqa: PLR2004  before and after
        raise Refused(
            [
                Fault(
                    "--known-at",
                    0,
                    0,
                    f"given {len(known_at)} times",
                    "give it twice: --known-at A --known-at B",
                )
            ]
        )
    first, second = (question(as_of or known_at[0], one, proof, audience) for one in known_at)
    return first, second


def known_clause(folder: Folder, name: str) -> str:
    """Return the clause's id. Raises Refused, with the nearest ones, for an unknown one."""
    if name not in folder.agreement.clauses:
        raise Refused(
            [
                Fault(
                    "--clause",
                    0,
                    0,
                    f"there is no clause '{name}'",
                    suggestion(name, folder.agreement.clauses),
                )
            ]
        )
    return name


def _moment(option: str, text: str | None, default: Moment, faults: list[Fault]) -> Moment:
    if text is None:
        return default
    try:
        return parse_moment(text)
    except ValueError as error:
        faults.append(Fault(option, 0, 0, str(error)))
        return default
