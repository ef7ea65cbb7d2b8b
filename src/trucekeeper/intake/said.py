"""Said: one report in its source's own words, and the body of the statement that puts it on record.

    {"id":"ucdp/36210","rev":1,"source":"ucdp","words":{"kind":"state-based","involves":["Army","LRA"]},
     "earliest":"2009-02-19T23:00:00Z","latest":"2009-02-20T22:59:59.999999Z","day":true,
     "lat":"5.399784","lon":"26.486881","within_m":100000,"area":true,"fields":{"killed":3},
     "learned_at":"2009-02-25T00:00:00Z","chains":[["Reuters 25/2-09","anonymous army colonel"]],
     "original":"{...}","row":"GEDEvent.geojson:17"}

The columns of the facts format mean what they mean there (`trucekeeper.agreement.rows`), but `kind`, `by` and the
field `against` stand among `words`, as the source has them: what they mean to the agreement is for rulings to say.
Besides:

    source        the name of the source in the mission's registry
    words         `kind`: one word; `by`, `against`, `involves`: names of actors; absent: the source does not say
    day           the source knows the day and no more, so it cannot tell two days' events apart by the hour
    area          the place is the middle of a town or district, which `within_m` spans
    first_hand    the source was there, or its sensor
    chains        from whom it has it: a list of chains, each nearest first
    url, text, language    where it says so, what it says, in which language (BCP 47)
    about         the id of the report of the same event to which this one adds
    evidence      the SHA-256 of each original kept (a photo, a form)
    attached      of those that a person attached what each is: {"sha256":"9f2c..","bytes":81234,"kind":"image/jpeg"}
    original      the row as the source gave it, word for word
    row           the file and line that it came from; another file with the same row says nothing new
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trucekeeper.agreement.rows import Where
    from trucekeeper.journal.canonical import Json
    from trucekeeper.journal.statements import Body

Words: TypeAlias = "Mapping[str, str | list[str]]"

ROLES = {"kind": "kind", "by": "actor", "against": "actor", "involves": "actor"}
"""What a source has words for, and of which sort the ruling is that says what such a word means."""
BESIDES = (
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
)
LONGEST_TEXT = 20_000
"""Of a report's own words so many bytes are kept; an article is evidence, and not a column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One report as a source's file gives it. `name` is the source's own for it, unique in the source.

    `columns` are columns of the facts format (times, place, fields, learned_at, grade, cite, note, the label).
    `attachments` are originals to be kept as evidence.
    """

    where: Where
    name: str
    columns: Mapping[str, Json]
    words: Words = field(default_factory=dict)
    day: bool = False
    area: bool = False
    first_hand: bool = False
    chains: tuple[tuple[str, ...], ...] = ()
    url: str = ""
    text: str = ""
    language: str = ""
    about: str = ""
    attachments: tuple[bytes, ...] = ()
    original: str = ""

    def body(self, source: str, evidence: tuple[str, ...] = ()) -> Body:
        """Return what a statement of a source says, as its first revision. What is not said is left out."""
        besides: Body = {
            "day": self.day,
            "area": self.area,
            "first_hand": self.first_hand,
            "chains": [list(one) for one in self.chains],
            "url": self.url,
            "text": self.text.encode()[:LONGEST_TEXT].decode(errors="ignore"),
            "language": self.language,
            "about": f"{source}/{self.about}" if self.about else "",
            "evidence": list(evidence),
            "original": self.original,
        }
        words: Body = {role: list(one) if isinstance(one, list) else one for role, one in self.words.items() if one}
        return {
            "id": f"{source}/{self.name}",
            "source": source,
            "words": words,
            **self.columns,
            **{name: value for name, value in besides.items() if value},
            "row": str(self.where),
        }


@dataclass(frozen=True, slots=True)
class Row:
    """One fact as a source's file gives it, in the columns of the facts format: a claim, a position, a watch.

    `original` is what it was made of, word for word: to be kept as evidence, for a fact has no column for it.
    """

    where: Where
    columns: Mapping[str, Json]
    original: str = ""
