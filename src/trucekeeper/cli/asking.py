"""What a person typed, as a question. Here is the command's clock."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from trucekeeper.agreement.phrases import PhraseError, hold_year
from trucekeeper.agreement.rows import shown
from trucekeeper.compliance.knowledge import Audience
from trucekeeper.compliance.standing import Question
from trucekeeper.terms import Fault, Moment, Proof, Refused
from trucekeeper.terms.faults import suggestion
from trucekeeper.terms.moments import moment_of, parse_moment
from trucekeeper.terms.texts import unfit

if TYPE_CHECKING:
    from trucekeeper.compliance.grounds import Stand
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
        faults.append(Fault("--proof", 0, 0, f"{shown(proof)} is no level of proof", suggestion(proof, LEVELS)))
    if audience is not None and (not audience.strip() or unfit(audience)):
        faults.append(Fault("--audience", 0, 0, f"{shown(audience)} is no name", "name a delegation, as north"))
    if faults:
        raise Refused(faults)
    who = None if audience is None else Audience(audience, today)
    return Question(as_of=when, known_at=known, proof=Proof.named(proof), audience=who)


def two_questions(
    known_at: list[str], as_of: str | None, proof: str, audience: str | None
) -> tuple[Question, Question]:
    """Return one question put at two states of knowledge, the earlier first."""
    if len(known_at) != 2:  # noqa: PLR2004  before and after
        times = "once" if len(known_at) == 1 else f"{len(known_at)} times"
        raise Refused([Fault("--known-at", 0, 0, f"given {times}", "give it twice: --known-at A --known-at B")])
    faults: list[Fault] = []
    for one in known_at:
        _moment("--known-at", one, now(), faults)
    if faults:
        raise Refused(faults)
    first, second = (question(as_of or known_at[0], one, proof, audience) for one in known_at)
    return first, second


def known_clause(folder: Folder, name: str, *, option: str) -> str:
    """Return the clause's id. Raises Refused, with the nearest ones, for an unknown one."""
    if name not in folder.agreement.clauses:
        near = suggestion(name, folder.agreement.clauses)
        raise Refused([Fault(option, 0, 0, f"there is no clause {shown(name)}", near)])
    return name


def known_stands(folder: Folder, asked: Question, clause: str, key: str) -> tuple[Stand, ...]:
    """Return where the commitments of a clause stand whose keys begin so, or that are for such an occurrence.

    Raises Refused if there is none.
    """
    stands = folder.why(clause, asked, key=key or None)
    if key and not stands:
        keys = suggestion(key, {stand.key for stand in folder.why(clause, asked)})
        raise Refused([Fault("KEY", 0, 0, f"no commitment of '{clause}' has a key that begins {shown(key)}", keys)])
    return stands


def _moment(option: str, text: str | None, default: Moment, faults: list[Fault]) -> Moment:
    """Return the moment that an option names; the default, with a fault added, if it names none."""
    if text is None:
        return default
    try:
        moment = parse_moment(text)
        hold_year(text)
    except PhraseError as error:
        faults.append(Fault(option, 0, 0, error.what, error.remedy))
    except ValueError as error:
        what, _, remedy = str(error).partition(": ")
        faults.append(Fault(option, 0, 0, what, remedy))
    else:
        return moment
    return default
