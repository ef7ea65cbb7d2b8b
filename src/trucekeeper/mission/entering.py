"""What goes into a mission by files: facts, claims and texts, as statements, each row with where it stands.

    facts    the files of facts that a folder may hold (NDJSON, CSV, Parquet, YAML)
    claims   the same files, whose every row is a claim: one counter's figure for a tally
    texts    the texts of the deal, word for word: NAME.LANGUAGE.ENDING, such as protocol.en.txt

What is on record already, word for word, is not entered again. Of a revision that is on record with other words the
row is refused: a correction has the next revision.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from trucekeeper.agreement.language import Quota, Tally
from trucekeeper.agreement.rows import Known as Names
from trucekeeper.agreement.rows import Where, read_row, write_row
from trucekeeper.intake.setting import Setting
from trucekeeper.intake.zones import drawn
from trucekeeper.journal.charter import RefusedError
from trucekeeper.journal.evidence import MOST_BYTES
from trucekeeper.mission import kinds
from trucekeeper.mission.adopting import Draft
from trucekeeper.mission.facts_files import read_facts
from trucekeeper.mission.folder import ZONES
from trucekeeper.mission.saying import Entering, Known, Note, Saying
from trucekeeper.mission.taking import How, taken
from trucekeeper.mission.telling import REDACTED_BY
from trucekeeper.terms import Fact, Fault, Refused
from trucekeeper.terms.faults import suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from trucekeeper.agreement.agreement import Agreement
    from trucekeeper.agreement.language import TextOf
    from trucekeeper.journal.canonical import Json
    from trucekeeper.journal.charter import Accepted
    from trucekeeper.journal.evidence import Evidence
    from trucekeeper.journal.statements import Body
    from trucekeeper.mission.mission import Mission
    from trucekeeper.mission.saying import Stream

OUR_OWN = ("claims", "facts", "texts")
"""What is entered in formats of our own; all other sources are those of `intake`."""
MAPS = "zones"
CLAIM = "claim"
_SHA256 = re.compile("[0-9a-f]{64}")
_TEXT = re.compile(r"(?P<name>[A-Za-z0-9][A-Za-z0-9_-]*)\.(?P<language>[a-z]{2,3}(-[A-Za-z0-9]+)*)\.[A-Za-z0-9]+")


def entering(mission: Mission, source: str, paths: Sequence[Path], by: str, *, how: How | None = None) -> Entering:
    """Return what files would put on record by a delegation. Raises Refused if there is no such source."""
    if source in OUR_OWN and (how is None or not how.options):
        reader = {"facts": _facts, "claims": _claims, "texts": _texts}[source]
        return Entering(reader(mission, paths, by))
    if source == MAPS:
        return Entering(_zones(mission, paths, how or How()))
    return Entering(taken(mission, source, paths, by, how=how or How()))


def _facts(mission: Mission, paths: Sequence[Path], by: str) -> Stream:
    return _new(_read(mission, paths, by), {})


def _claims(mission: Mission, paths: Sequence[Path], by: str) -> Stream:
    read = _read(mission, paths, by)
    agreement, tallies = read.agreement, tallies_of(read.agreement)
    return _new(read, {one: fault for one in read.facts if (fault := _faulty(one, agreement, tallies)) is not None})


@dataclass(frozen=True, slots=True)
class _Read:
    """The facts of some files, and of the same names what is on record."""

    agreement: Agreement
    facts: tuple[Fact, ...]
    faults: tuple[Fault, ...]
    there: frozenset[Fact]


def _read(mission: Mission, paths: Sequence[Path], by: str) -> _Read:
    agreement = mission.agreement(mission.adopted())
    known, there = Names.of(agreement), list[tuple[Fact, Where]]()

    def on_record(names: Iterable[str]) -> Sequence[tuple[Fact, Where]]:
        for told in mission.projections.revisions(kinds.FACT, by, names):
            with suppress(Refused):  # of another time, in words that the agreement has no more
                there.append((read_row(told.row, known, Where(f"entry {told.seq}")), Where(f"entry {told.seq}")))
        return there

    read = read_facts(paths, known, on_record)
    return _Read(agreement, read.facts, read.faults, frozenset(fact for fact, _ in there))


def tallies_of(agreement: Agreement) -> frozenset[str]:
    """Return the names by which claims may speak of the tallies and quotas of an agreement."""
    worded = [clause for history in agreement.clauses.values() for clause in history.all()]
    return frozenset(one.claims or one.id for one in worded if isinstance(one, (Tally, Quota)))


def _faulty(fact: Fact, agreement: Agreement, tallies: frozenset[str]) -> Fault | None:
    """Return what a claim lacks without which nobody could use it."""
    if not agreement.vocabulary.is_a(fact.kind, CLAIM):
        return Fault(fact.id, 0, 0, f"'{fact.kind}' is no claim", "enter it with the source 'facts'")
    if fact.amount("value") is None:
        return Fault(fact.id, 0, 0, "it has no value", "give the field 'value': a number, or its least and most")
    if fact.by is None and not fact.source:
        return Fault(fact.id, 0, 0, "nobody claims it", "say who: give 'by', or 'source'")
    tally = fact.field("tally")
    if tally not in tallies:
        return Fault(fact.id, 0, 0, f"{tally!r} is no tally of the agreement", suggestion(str(tally), tallies))
    return None


def _new(read: _Read, faulty: Mapping[Fact, Fault]) -> Stream:
    """Yield those facts that are not on record yet, and are not faulty."""
    for fact in read.facts:
        if fact in faulty:
            continue
        if fact in read.there:
            yield Known(fact.id)
        elif fact.redacted:
            yield Fault(fact.id, 0, 0, "a row of a file redacts nothing", REDACTED_BY)
        else:
            row: Body = dict(write_row(fact))  # type: ignore[arg-type]  # made of what JSON has
            yield Saying(kinds.FACT, *kinds.parted(row), fact.id)
    yield from (*read.faults, *faulty.values())


def _texts(mission: Mission, paths: Sequence[Path], _by: str) -> Stream:
    declared = mission.agreement(mission.adopted()).head.texts
    there = {str(said["sha256"]) for _, said in mission.projections.texts()}
    for path in paths:
        try:
            said, data = _text(path, declared)
        except Refused as refused:
            yield from refused.faults
            continue
        if said["sha256"] in there:
            yield Known(str(said["file"]))
        else:
            yield Saying(kinds.TEXT, said, {}, str(said["file"]), (data,))


def _zones(mission: Mission, paths: Sequence[Path], how: How) -> Stream:
    """Yield the agreement anew, its zones with the shapes of some maps."""
    adopted = mission.adopted()
    agreement = mission.agreement(adopted)
    files = {name: mission.evidence.read(digest) for name, digest in adopted.files.items()}
    setting = Setting(
        source=MAPS,
        known=Names.of(agreement),
        now=mission.clock(),
        zone=agreement.time_zone,
        options=how.options,
        atlas=agreement.atlas,
    )
    drawing = drawn(paths, files.get(ZONES), setting)
    yield from drawing.faults
    yield from map(Note, drawing.notes)
    draft = Draft({name: data for name, data in {**files, ZONES: drawing.data}.items() if data})
    if draft.digest == adopted.digest:
        yield Known(ZONES)
        return
    yield Saying(kinds.AGREEMENT, draft.body(adopted.digest), {}, ZONES, tuple(draft.files.values()))


def examine(said: Accepted, evidence: Evidence) -> None:
    """Hold that a text says what it is, and that every original that a text or report names was kept.

    Else whoever named the SHA-256 of a text first could keep it from being entered. Raises RefusedError.
    """
    if said.statement.kind == kinds.REPORT:
        _hold_originals(said.body.get("evidence", []), evidence)
    if said.statement.kind != kinds.TEXT:
        return
    if said.statement.label:
        raise RefusedError("a text of the deal is everybody's, and bears no label")
    match said.body:
        case {"name": str(_), "language": str(_), "file": str(_), "sha256": str(digest), "bytes": int(_)} if (
            _SHA256.fullmatch(digest)
        ):
            if evidence.name(digest) is None:
                raise RefusedError(f"the original {digest[:16]} was not kept")
        case _:
            raise RefusedError("a text says its name, language, file, sha256 and bytes")


def _hold_originals(several: Json, evidence: Evidence) -> None:
    """Hold that the originals of a report are named by their SHA-256, and were kept. Raises RefusedError."""
    if not isinstance(several, list):
        raise RefusedError("evidence is a list: the SHA-256 of each original")
    for one in several:
        if not isinstance(one, str) or not _SHA256.fullmatch(one):
            raise RefusedError("an original is named by its SHA-256, in small hexadecimal letters")
        if evidence.name(one) is None:
            raise RefusedError(f"the original {one[:16]} was not kept")


def _text(path: Path, declared: Mapping[str, TextOf]) -> tuple[Body, bytes]:
    """Return what a file of the deal says of itself, and its bytes. Raises Refused."""
    match = _TEXT.fullmatch(path.name)
    if match is None or match["name"] not in declared:
        what = "its name says neither which text of the agreement it is, nor in which language"
        remedy = f"name it TEXT.LANGUAGE.ENDING; the texts are {', '.join(sorted(declared)) or 'not declared'}"
        raise Refused([Fault(str(path), 0, 0, what, remedy)])
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Refused([Fault(str(path), 0, 0, f"cannot be read: {error.strerror}", "is it there?")]) from None
    if not 0 < len(data) <= MOST_BYTES:
        raise Refused([Fault(str(path), 0, 0, f"it has {len(data):,} bytes", f"1 to {MOST_BYTES:,} are kept")])
    digest, wanted = sha256(data).hexdigest(), declared[match["name"]]
    if wanted.sha256 not in (None, digest) and wanted.language == match["language"]:
        what = f"its SHA-256 is {digest}, and the agreement names {wanted.sha256}"
        raise Refused([Fault(str(path), 0, 0, what, "it is another text, or was changed: ask whoever signed it")])
    said: Body = {
        "name": match["name"],
        "language": match["language"],
        "file": path.name,
        "sha256": digest,
        "bytes": len(data),
    }
    return said, data
