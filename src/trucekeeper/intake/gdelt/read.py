"""Reads GDELT's tables of events (1.0 and 2.0) and of mentions (2.0): tabs, no header, told apart by their columns.

    events 1.0     57 columns in the archive of before April 2013, 58 since
    events 2.0     61 columns
    mentions 2.0   16 columns

What becomes of an event: `GlobalEventID` is its name; `EventCode`, CAMEO's code, the word for what happened; the
codes of its two actors are involved, without saying who did it, for machines mistake one for the other too often;
`Day` is a civil day of UTC; `DATEADDED` is when it was learned; `ActionGeo_Type` says how far from the point it may
have been, and a place that is a country or province is its middle; `SOURCEURL` is the link, and its host the origin.

What becomes of a mention: it is a report that adds to the event's (`about`), by an outlet, with its link, learned at
`MentionTimeDate`. Its name is a hash of the event's, the link and the place in the text: an article may mention one
event twice, and its link says that both are one origin. It does not say what happened, nor where, nor when:
`EventTimeDate` is when GDELT first had the event, which is no more than an upper bound, and GDELT dates events up to
ten years before the news of them.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from trucekeeper.agreement.rows import Where
from trucekeeper.intake.records import clean, each_part, kept
from trucekeeper.intake.said import Said
from trucekeeper.terms.moments import moment_of, write_moment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from trucekeeper.intake.opening import Part
    from trucekeeper.intake.said import Row, Words
    from trucekeeper.intake.setting import Setting
    from trucekeeper.journal.canonical import Json
    from trucekeeper.terms import Fault

_HEAD = ("GlobalEventID", "Day", "MonthYear", "Year", "FractionDate")
_ACTOR = (
    *("Code", "Name", "CountryCode", "KnownGroupCode", "EthnicCode", "Religion1Code", "Religion2Code"),
    *("Type1Code", "Type2Code", "Type3Code"),
)
_ACTION = (
    *("IsRootEvent", "EventCode", "EventBaseCode", "EventRootCode", "QuadClass", "GoldsteinScale"),
    *("NumMentions", "NumSources", "NumArticles", "AvgTone"),
)
_GEO = ("Type", "FullName", "CountryCode", "ADM1Code", "ADM2Code", "Lat", "Long", "FeatureID")
_BEGINNING = (
    *_HEAD,
    *(f"Actor1{name}" for name in _ACTOR),
    *(f"Actor2{name}" for name in _ACTOR),
    *_ACTION,
)


def _events(geo: Sequence[str]) -> tuple[str, ...]:
    places = (f"{of}Geo_{name}" for of in ("Actor1", "Actor2", "Action") for name in geo)
    return (*_BEGINNING, *places, "DATEADDED", "SOURCEURL")


_OF_1 = _events([name for name in _GEO if name != "ADM2Code"])
MENTIONS = (
    *("GlobalEventID", "EventTimeDate", "MentionTimeDate", "MentionType", "MentionSourceName", "MentionIdentifier"),
    *("SentenceID", "Actor1CharOffset", "Actor2CharOffset", "ActionCharOffset", "InRawText", "Confidence"),
    *("MentionDocLen", "MentionDocTone", "MentionDocTranslationInfo", "Extras"),
)
_PLACES = ("SentenceID", "Actor1CharOffset", "Actor2CharOffset", "ActionCharOffset")
LAYOUTS: Mapping[int, tuple[str, ...]] = {57: _OF_1[:-1], 58: _OF_1, 61: _events(_GEO), 16: MENTIONS}
KILOMETRE = 1_000
WITHIN = {
    "1": 1_500 * KILOMETRE,  # a country, by its middle
    "2": 300 * KILOMETRE,  # a state of the USA
    "3": 10 * KILOMETRE,  # a town of the USA
    "4": 10 * KILOMETRE,  # a town or landmark anywhere
    "5": 300 * KILOMETRE,  # a province anywhere
}
NOWHERE = {"", "0"}
WEB = "1"
OLDEST = timedelta(days=3653)
"""GDELT dates what an article calls "a decade ago" ten years before it, and nothing earlier."""
_TRANSLATED = re.compile(r"srclc:(?P<language>[a-z]{3})")
# What GDELT translates from, by BCP 47, which has two letters where there are two.
_LANGUAGES = {
    "ara": "ar",
    "deu": "de",
    "ell": "el",
    "fas": "fa",
    "fra": "fr",
    "heb": "he",
    "hin": "hi",
    "ind": "id",
    "ita": "it",
    "jpn": "ja",
    "kor": "ko",
    "pol": "pl",
    "por": "pt",
    "ron": "ro",
    "rus": "ru",
    "spa": "es",
    "swa": "sw",
    "tha": "th",
    "tur": "tr",
    "ukr": "uk",
    "urd": "ur",
    "vie": "vi",
    "zho": "zh",
    "hye": "hy",
    "aze": "az",
    "kat": "ka",
    "msa": "ms",
    "nld": "nl",
    "srp": "sr",
    "som": "so",
    "tam": "ta",
    "ben": "bn",
}


def read(paths: Sequence[Path], setting: Setting) -> Iterator[Said | Row | Fault]:
    """Yield the events and mentions of files, and what is wrong with them."""
    yield from each_part(paths, setting, partial(_part, setting))


def _part(setting: Setting, part: Part, file: str) -> Iterator[Said | Fault]:
    layout: tuple[str, ...] | None = None
    for number, line in part.lines():
        where, cells = Where(file, number), line.split("\t")
        if not line.strip():
            continue
        if layout is None and len(cells) not in LAYOUTS:
            what = f"a row of {len(cells)} columns, where GDELT's tables have 16, 57, 58 or 61: nothing of it is used"
            yield where.fault("", what, "events and mentions of GDELT 1.0 or 2.0 are read, as published, with tabs")
            return
        layout = layout or LAYOUTS[len(cells)]
        if len(cells) != len(layout):
            yield where.fault("", f"{len(cells)} columns, where the file has {len(layout)}", "the row was left out")
            continue
        row = {name: text for name, cell in zip(layout, cells, strict=True) if (text := clean(cell))}
        try:
            yield (_mention if layout is MENTIONS else _event)(where, row, line, setting)
        except ValueError as error:
            yield where.fault("", str(error), "the row was left out")


def _event(where: Where, row: Mapping[str, str], line: str, setting: Setting) -> Said:
    """Return the report of an event. Raises ValueError."""
    day, added = _day(row.get("Day", "")), _moment(row.get("DATEADDED", ""), "DATEADDED")
    columns: dict[str, Json] = {
        **setting.days(day),
        **_place(row),
        "learned_at": write_moment(moment_of(added)),
    }
    host = _host(row.get("SOURCEURL", ""))
    return Said(
        where=where,
        name=_id(row),
        columns=columns,
        words=_words(row),
        day=True,
        area="lat" in columns,
        chains=((host,),) if host else (),
        url=row["SOURCEURL"] if host else "",
        **kept(line),
    )


def _mention(where: Where, row: Mapping[str, str], line: str, _: Setting) -> Said:
    """Return the report of a mention. Raises ValueError."""
    event, document = _id(row), row.get("MentionIdentifier", "")
    if not document:
        raise ValueError("MentionIdentifier is empty: nobody could look it up")
    first, learned = (_moment(row.get(name, ""), name) for name in ("EventTimeDate", "MentionTimeDate"))
    places = [row.get(name, "") for name in _PLACES]
    found = _TRANSLATED.search(row.get("MentionDocTranslationInfo", ""))
    language = _LANGUAGES.get(found["language"], "") if found else ""
    outlet = row.get("MentionSourceName", "") or _host(document)
    return Said(
        where=where,
        name=f"mention-{sha256(' '.join((event, document, *places)).encode()).hexdigest()[:16]}",
        columns={
            "earliest": write_moment(moment_of(first - OLDEST)),
            "latest": write_moment(moment_of(first)),
            "learned_at": write_moment(moment_of(max(learned, first))),
        },
        chains=((outlet,),) if outlet else (),
        url=document if row.get("MentionType") == WEB and _host(document) else "",
        language=language,
        about=event,
        **kept(line),
    )


def _id(row: Mapping[str, str]) -> str:
    name = row.get("GlobalEventID", "")
    if not name.isdecimal():
        raise ValueError(f"GlobalEventID is '{name[:40]}', and no number")
    return name


def _words(row: Mapping[str, str]) -> Words:
    if not row.get("EventCode", "").isdecimal():
        raise ValueError(f"EventCode is '{row.get('EventCode', '')[:40]}', and no code of CAMEO")
    actors = [row[name] for name in ("Actor1Code", "Actor2Code") if row.get(name)]
    return {"kind": row["EventCode"], "involves": list(dict.fromkeys(actors))}


def _place(row: Mapping[str, str]) -> dict[str, Json]:
    sort, lat, lon = (row.get(f"ActionGeo_{name}", "") for name in ("Type", "Lat", "Long"))
    if sort in NOWHERE or not lat or not lon:
        return {}
    if sort not in WITHIN:
        raise ValueError(f"ActionGeo_Type is '{sort}': GDELT has 0 to 5")
    return {"lat": lat, "lon": lon, "within_m": WITHIN[sort]}


def _day(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y%m%d").replace(tzinfo=UTC).date()
    except ValueError:
        raise ValueError(f"Day is '{text[:40]}', and no day as 20150218") from None


def _moment(text: str, name: str) -> datetime:
    """Return a time as GDELT writes it, in UTC; of 1.0 the end of the day, for it says no hour."""
    try:
        if len(text) == len("20150218"):
            return datetime.strptime(text, "%Y%m%d").replace(tzinfo=UTC, hour=23, minute=59, second=59)
        return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        raise ValueError(f"{name} is '{text[:40]}', and no time as 20150218230000") from None


def _host(url: str) -> str:
    """Return the host of a link; "" for what is none: GDELT also cites what has no page."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.") if url.startswith(("http://", "https://")) else ""
    except ValueError:
        return ""
