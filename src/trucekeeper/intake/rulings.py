"""Rulings: what a source's words mean to the agreement. A word that nobody has ruled on is never guessed.

A ruling on record beats the one with which its source was registered; of two on record the later counts. An actor's
name that is, but for capitals, one that the agreement itself gives him needs no ruling.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from trucekeeper.agreement.rows import Known, Where, read_row, shown
from trucekeeper.intake.said import ROLES
from trucekeeper.terms import UNSTATED, Fault, Refused, Report
from trucekeeper.terms.moments import HOUR, parse_moment, write_moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from trucekeeper.agreement.agreement import Agreement
    from trucekeeper.intake.registered import Registered
    from trucekeeper.journal.canonical import Json
    from trucekeeper.journal.statements import Body

Word: TypeAlias = tuple[str, str, str]
"""A source, the sort of a word (`kind`, `actor`), and the word as the source has it."""


@dataclass(frozen=True, slots=True)
class Needed:
    """A report is set aside: these words need a ruling."""

    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Aside:
    """A report is left aside for good: it is ruled to be of nothing that the agreement speaks of."""

    word: Word


@dataclass(frozen=True, slots=True)
class Told:
    """The statement of a report as it is on record: its entry, the first entry that bore its name, whose it is."""

    entry: int
    key: int
    at: int
    delegation: str
    body: Body


class Rulings:
    """What words mean, by an agreement, a registry of sources, and the rulings on record."""

    def __init__(
        self, agreement: Agreement, sources: Mapping[str, Registered], ruled: Iterable[tuple[Word, str | None]] = ()
    ) -> None:
        """Take the rulings on record in their order."""
        self.known, self.sources = Known.of(agreement), dict(sources)
        self._read: dict[tuple[int, int], Report | Needed | Aside] = {}
        self._names = _names_of(agreement)
        self._means: dict[Word, str | None] = {
            (name, sort, plain(word)): means
            for name, source in sources.items()
            for sort, several in source.rulings.items()
            for word, means in several.items()
        }
        for (name, sort, word), means in ruled:
            self._means[name, sort, plain(word)] = means
        self._by = agreement.digest, self.sources, self._means

    def same_as(self, other: Rulings) -> bool:
        """Return whether another makes the same of every statement."""
        return self._by == other._by

    def report(self, told: Told) -> Report | Needed | Aside:
        """Return the report that a statement makes, or why it makes none yet. Raises Refused for a faulty one.

        What is read once is kept: an entry of a record says one thing, whoever asks for it.
        """
        asked = told.entry, told.key
        if asked not in self._read:
            self._read[asked] = self._report(told)
        return self._read[asked]

    def _report(self, told: Told) -> Report | Needed | Aside:
        source, words = str(told.body.get("source", "")), told.body.get("words", {})
        if source not in self.sources or not isinstance(words, dict):
            raise Refused([Fault(f"entry {told.entry}", 0, 0, f"'{source[:80]}' is no source of this mission", "")])
        needed, means = self._translated(source, words)
        if set(means["kind"]) == {None} and not any(sort == "kind" for _, sort, _ in needed):
            return Aside((source, "kind", str(words["kind"])))  # whoever took part: nobody need rule on his name
        if needed:
            return Needed(tuple(needed))
        return self._made(
            told, self.sources[source], {role: [one for one in several if one] for role, several in means.items()}
        )

    def _translated(self, source: str, words: Mapping[str, Json]) -> tuple[list[Word], dict[str, list[str | None]]]:
        """Return the words without a meaning, and the meanings by role."""
        needed: list[Word] = []
        means: dict[str, list[str | None]] = {}
        for role, word in words_in(source, words):
            if not self._ruled(*word):
                needed.append(word)
            means.setdefault(role, []).append(self.meaning(*word))
        return needed, {"kind": [UNSTATED], **means}

    def _ruled(self, source: str, sort: str, word: str) -> bool:
        return (source, sort, plain(word)) in self._means or (sort == "actor" and plain(word) in self._names)

    def meaning(self, source: str, sort: str, word: str) -> str | None:
        """Return what a word means; None if it means nothing to the agreement, or nobody ruled on it."""
        return self._means.get((source, sort, plain(word)), self._names.get(plain(word)))

    def _made(self, told: Told, source: Registered, means: Mapping[str, list[str]]) -> Report:
        """Return the report with its words translated. Raises Refused."""
        body = told.body
        row, where = _row(body, source, means, self.known), Where(f"entry {told.entry}")
        return Report(
            key=told.key,
            entry=told.entry,
            fact=read_row(row, self.known, where),
            delegation=told.delegation,
            involves=tuple(sorted(set(means.get("involves", [])))),
            area=body.get("area") is True,
            day=body.get("day") is True,
            first_hand=source.first_hand or body.get("first_hand") is True,
            distinct=source.distinct,
            bloc=source.bloc or source.name,
            chains=_chains(body.get("chains", [])),
            url=_text(body, "url"),
            text=_text(body, "text"),
            language=_text(body, "language"),
            about=_about(body, source, where),
        )


def words_in(source: str, words: Mapping[str, Json]) -> Iterator[tuple[str, Word]]:
    """Yield the words that a report of a source has, each with its role."""
    for role, sort in ROLES.items():
        said = words.get(role, [])
        several = said if isinstance(said, list) else [said]
        yield from ((role, (source, sort, word)) for word in several if isinstance(word, str))


def plain(word: str) -> str:
    """Return a word as words are compared: NFC, one blank between its parts, capitals left aside."""
    return " ".join(unicodedata.normalize("NFC", word).casefold().split())


NOT_IN_A_FACT = frozenset(
    {
        "words",
        "row",
        "day",
        "area",
        "first_hand",
        "chains",
        "url",
        "text",
        "language",
        "about",
        "evidence",
        "attached",
        "original",
    }
)


def _row(body: Body, source: Registered, means: Mapping[str, list[str]], known: Known) -> dict[str, object]:
    """Return a report as a row of the facts format, with what its source is said to be where it is silent itself."""
    kind = means["kind"][0]
    row: dict[str, object] = {name: value for name, value in body.items() if name not in NOT_IN_A_FACT}
    types = known.vocabulary.fields(kind)
    fields = body.get("fields", {})
    said = {name: value for name, value in fields.items() if name in types} if isinstance(fields, dict) else fields
    if means.get("against") and "against" in types and isinstance(said, dict):
        said = {**said, "against": means["against"][0]}
    row |= {"kind": kind, "by": _one(means.get("by", [])), "fields": said or None}
    if "lat" in row:
        row.setdefault("within_m", source.within_m or None)
    if source.hours and isinstance(row.get("at"), str):
        row |= _doubted(str(row.pop("at")), source.hours * HOUR)
    row.setdefault("grade", source.grade or None)
    return row


def _one(several: Sequence[str]) -> str | None:
    """Return the one actor who is named; of several nobody is said to have done it alone."""
    return several[0] if len(set(several)) == 1 else None


def _doubted(moment: str, doubt: int) -> dict[str, object]:
    """Return a time that its source knows no better than within so many microseconds; the row's own if it is none."""
    try:
        at = parse_moment(moment)
    except ValueError:
        return {"at": moment}
    return {"earliest": write_moment(at - doubt), "latest": write_moment(at + doubt)}


def _chains(several: Json) -> tuple[tuple[str, ...], ...]:
    lists = [one for one in several if isinstance(one, list) and one] if isinstance(several, list) else []
    return tuple(tuple(str(one) for one in chain) for chain in lists)


def _about(body: Body, source: Registered, where: Where) -> str:
    """Return to which report of its own source a report adds: nobody adds to what others say. Raises Refused."""
    about = unicodedata.normalize("NFC", _text(body, "about"))
    if about and (not about.startswith(f"{source.name}/") or about == unicodedata.normalize("NFC", str(body["id"]))):
        what = f"about: {shown(about)} is no other report of its own source"
        raise Refused(
            [where.fault("about", what, "leave it out: what is of one event is found, or linked by people")]
        )
    return about


def _text(body: Body, name: str) -> str:
    value = body.get(name, "")
    return value if isinstance(value, str) else ""


def _names_of(agreement: Agreement) -> dict[str, str]:
    """Return the actors by every name that the agreement gives them."""
    head = agreement.head
    named = {name: one.name for name, one in head.parties.items()} | {
        name: one.name for name, one in head.actors.items()
    }
    return {
        **{plain(text): actor for actor, text in named.items() if text},
        **{plain(actor): actor for actor in agreement.actors()},
    }
