"""Reads UCDP GED: the CSV of every version since 17.1, the GeoJSON made of it, and data frames of R (`.rda`).

What becomes of its columns:

    id                   the report's name; UCDP keeps it from version to version
    type_of_violence     the word for what happened: `state-based`, `non-state`, `one-sided`
    side_a, side_b       involved, without saying who attacked whom; in one-sided violence side A is who did it, and
                         side B, `Civilians`, to whom. An alliance, `FPRC, MPC`, is each of its members, and where
                         several are side A of one-sided violence they are involved, for it is not said which did it
    date_start, _end     civil days of the place; the source's zone says which hours those are
    where_prec           how far from its point the event may have been: see `WITHIN`
    low, best, high      `killed`, from the least to the most of the three (in some rows `low` is above `best`)
    source_article       one chain for each article, by the name of its outlet; and whole as `cite`
    source_original      where each chain began, if it names anybody
    source_date          see `_learned`

The codebook gives a distance for `where_prec` 2 only. The others are ours: a place named in the news is a town, whose
parts are up to 5 km from its middle; districts, provinces and countries are of many sizes, and these hold most.
"""

from __future__ import annotations

import bz2
import io
import json
import lzma
import re
import struct
import warnings
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trucekeeper.agreement.rows import Where
from trucekeeper.intake.expects import Expects
from trucekeeper.intake.records import Delimited, Record, each_part, flat, json_rows, kept, missing, whole_text
from trucekeeper.intake.said import Said
from trucekeeper.terms import Fault
from trucekeeper.terms.faults import suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from trucekeeper.intake.opening import Part
    from trucekeeper.intake.said import Row, Words
    from trucekeeper.intake.setting import Setting
    from trucekeeper.journal.canonical import Json

VIOLENCE = {"1": "state-based", "2": "non-state", "3": "one-sided"}
KILOMETRE = 1_000
WITHIN = {
    "1": 5 * KILOMETRE,  # the place itself
    "2": 25 * KILOMETRE,  # within 25 km of a place: the codebook's own figure
    "3": 75 * KILOMETRE,  # a district
    "4": 300 * KILOMETRE,  # a province
    "5": 300 * KILOMETRE,  # part of a country, or along a road, a river or a border
    "6": 1_500 * KILOMETRE,  # a country
    "7": 1_500 * KILOMETRE,  # at sea or in the air, its middle estimated
}
LONGEST_CITE = 2_000
_ARTICLE = re.compile(r'"?(?P<office>.*?),\s*(?P<date>\d{4}-\d\d-\d\d),(?P<headline>.*)', re.DOTALL)
# A citation written before the columns were: an outlet, then a date in one of many manners, a headline in quotes, a
# page or a link.
_AFTER_OUTLET = re.compile(
    r"""[,\s]*(\d|\(|["“'«]|https?:|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b)""", re.IGNORECASE
)
_WRITTEN_DAY = re.compile(r"(?<!\d)(?:(?P<iso>\d{4}-\d\d-\d\d)|(?P<d>\d{1,2})/(?P<m>\d{1,2})-(?P<y>\d\d))(?!\d)")
_ENDS_IN_DAY = re.compile(r"[\s,]+\d{4}[.\-/]\d\d[.\-/]\d\d$")
_LETTER = re.compile(r"[^\W\d_]")
_R_PACKERS = {b"BZh": bz2.BZ2Decompressor, b"\xfd7zXZ": lzma.LZMADecompressor}
_SPOILT = (  # what rdata stumbles over in a file that is spoilt, or holds what it does not know
    *(ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, NotImplementedError, OSError),
    *(RecursionError, TypeError, ValueError, struct.error),
)
_CENTURY = 70  # the news that GED cites begin in the 1980s: 09 is 2009, 89 is 1989
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def read(paths: Sequence[Path], setting: Setting) -> Iterator[Said | Row | Fault]:
    """Yield the events of files, and what is wrong with them."""
    columns = Expects.of(__package__, setting).columns
    yield from each_part(paths, setting, partial(_part, setting, columns))


def _part(setting: Setting, columns: Sequence[str], part: Part, file: str) -> Iterator[Said | Fault]:
    head = part.head()
    if part.ending in {".rda", ".rdata", ".rds"}:
        records = _r_rows(part, file, columns)
    elif head.lstrip().startswith(b"{"):
        records = _features(part, file, columns, setting)
    else:
        records = _table(part, file, columns, setting)
    for record in records:
        if isinstance(record, Fault):
            yield record
            continue
        try:
            yield said(record, setting)
        except ValueError as error:
            yield record.where.fault("", str(error), "the row was left out; ask UCDP, or mend it")


# ---- the files -----------------------------------------------------------------------------------------------------


def _table(part: Part, file: str, columns: Sequence[str], setting: Setting) -> Iterator[Record | Fault]:
    table = Delimited(part, file)
    faults = table.faults([*columns, "latitude", "longitude"])
    if faults:
        yield from faults
        return
    setting.note(table.said())
    yield from table.records()


def _features(part: Part, file: str, columns: Sequence[str], setting: Setting) -> Iterator[Record | Fault]:
    text, looked = whole_text(part, setting), False
    for found in json_rows(text, file, under="features") if text is not None else ():
        if isinstance(found, Fault):
            yield found
            continue
        where, feature, original = found
        properties: dict[str, Any]
        match feature:
            case {"properties": dict(properties), "geometry": {"type": "Point", "coordinates": [lon, lat, *_]}}:
                place = {"latitude": str(lat), "longitude": str(lon)}
            case {"properties": dict(properties), "geometry": None}:
                place = {}
            case _:
                yield where.fault("", "not a feature with properties and a point", "the row was left out")
                continue
        if not looked and (faults := missing(properties, columns, where)):
            yield from faults
            return
        looked = True
        yield Record(where, {**dict(flat(properties)), **place}, original)


def _r_rows(part: Part, file: str, columns: Sequence[str]) -> Iterator[Record | Fault]:
    """Yield the rows of the one data frame of an R file."""
    try:
        import rdata  # noqa: PLC0415  an extra: only who reads R needs it
    except ImportError:
        yield Fault(file, 0, 0, "R files need rdata, which is not installed", "pip install 'trucekeeper[field]'")
        return
    document = _unpacked(part)
    if document is None:
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of classes that it leaves as they are, which is what we want
            loaded = (rdata.read_rds if part.ending == ".rds" else rdata.read_rda)(io.BytesIO(document))
    except _SPOILT as error:
        what = f"not an R file that can be read: {str(error).partition(chr(10))[0] or type(error).__name__}"
        yield Fault(file, 0, 0, what, "was it cut off? Fetch it again, or export it from R with write.csv")
        return
    frames = list(loaded.values()) if isinstance(loaded, dict) else [loaded]
    if len(frames) != 1 or not hasattr(frames[0], "itertuples"):
        what = f"it holds {len(frames)} objects, and not one data frame alone"
        yield Fault(file, 0, 0, what, "save the events alone, in R: save(ged, file = 'ged.rda')")
        return
    yield from _frame(frames[0], file, columns)


def _unpacked(part: Part) -> bytes | None:
    """Return an R file without what R packed it with; None, with a fault, if it is too long or spoilt."""
    given, most = part.opening.given, part.opening.limits.document
    packer = next((make for magic, make in _R_PACKERS.items() if part.head().startswith(magic)), None)
    if packer is None or part.packed or not isinstance(given, Path):
        found = b"".join(_bounded(part.blocks(), most))
    else:
        with given.open("rb") as stream:
            try:
                found = packer().decompress(stream.read(most), most + 1)
            except (OSError, EOFError, lzma.LZMAError):
                part.fault("the file is damaged", "fetch it again")
                return None
    if len(found) > most:
        part.fault(f"it is longer than {most:,} bytes, and can only be read as a whole", "export it as CSV")
        return None
    return None if part.cut else found


def _bounded(blocks: Iterable[bytes], most: int) -> Iterator[bytes]:
    """Yield blocks up to a little more than so many bytes."""
    for block in blocks:
        yield block
        most -= len(block)
        if most < 0:
            return


def _frame(frame: Any, file: str, columns: Sequence[str]) -> Iterator[Record | Fault]:  # noqa: ANN401  pandas
    header = [str(name) for name in frame.columns]
    faults = missing(header, [*columns, "latitude", "longitude"], Where(file))
    if faults:
        yield from faults
        return
    for number, row in enumerate(frame.itertuples(index=False, name=None), start=1):
        cells = {name: text for name, value in zip(header, row, strict=True) if (text := _r_text(value))}
        for name in ("date_start", "date_end"):
            cells[name] = _r_day(cells.get(name, ""))
        yield Record(Where(file, number), cells, json.dumps(cells, ensure_ascii=False))


def _r_text(value: object) -> str:
    """Return a value of R as text: its whole numbers come as floats, and what is missing as NaN or NA."""
    if isinstance(value, float):
        return "" if value != value else str(int(value)) if value.is_integer() else repr(value)  # noqa: PLR0124  NaN
    text = str(value)
    return "" if text in {"<NA>", "nan", "None"} else text


def _r_day(seconds: str) -> str:
    """Return the day of a POSIXct, which is midnight somewhere in the world: the nearest midnight of UTC."""
    if not re.fullmatch(r"-?\d+", seconds):
        return seconds
    return (_EPOCH + timedelta(seconds=int(seconds), hours=12)).date().isoformat()


# ---- one event -----------------------------------------------------------------------------------------------------


def said(record: Record, setting: Setting) -> Said:
    """Return the report that a row makes. Raises ValueError, saying what is wrong with it."""
    cells = record.cells
    first, last = _day(cells, "date_start"), _day(cells, "date_end")
    if last < first:
        raise ValueError(f"date_end, {last}, is before date_start, {first}")
    articles = _articles(cells.get("source_article", ""))
    columns: dict[str, Json] = {
        **setting.days(first, last),
        **_place(cells),
        "fields": {"killed": _killed(cells)},
        "learned_at": _learned(first, last, articles, setting),
    }
    if cite := cells.get("source_article", "")[:LONGEST_CITE]:
        columns["cite"] = cite
    return Said(
        where=record.where,
        name=_name(cells),
        columns=columns,
        words=_words(cells),
        day=first == last,
        area="lat" in columns,
        chains=_chains(articles, cells.get("source_original", "")),
        **kept(record.original),
    )


def _name(cells: Mapping[str, str]) -> str:
    name = cells.get("id", "")
    if not name.isdecimal():
        raise ValueError(f"id is '{name}', and no whole number: an event without its name cannot be corrected")
    return name


def _day(cells: Mapping[str, str], name: str) -> date:
    text = cells.get(name, "")
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        remedy = (
            "GED writes 2009-02-20; a day in another order is refused, for nobody could tell 3 April from 4 March"
        )
        raise ValueError(f"{name} is '{text[:40]}', and no date. {remedy}") from None


def _place(cells: Mapping[str, str]) -> dict[str, Json]:
    lat, lon, precision = cells.get("latitude", ""), cells.get("longitude", ""), cells.get("where_prec", "")
    if not lat or not lon:
        return {}
    if precision not in WITHIN:
        raise ValueError(f"where_prec is '{precision}': {suggestion(precision, WITHIN)}")
    return {"lat": lat, "lon": lon, "within_m": WITHIN[precision]}


def _killed(cells: Mapping[str, str]) -> Json:
    several = []
    for name in ("low", "best", "high"):
        text = cells.get(name, "")
        if not text.isdecimal():
            raise ValueError(f"{name} is '{text[:40]}', and no number of people")
        several.append(int(text))
    least, most = min(several), max(several)
    return least if least == most else {"least": least, "most": most}


def _words(cells: Mapping[str, str]) -> Words:
    sort = cells.get("type_of_violence", "")
    if sort not in VIOLENCE:
        raise ValueError(f"type_of_violence is '{sort}': {suggestion(sort, VIOLENCE)}")
    side_a, side_b = (_members(cells.get(side, "")) for side in ("side_a", "side_b"))
    if VIOLENCE[sort] == "one-sided" and len(side_a) == 1:
        return {"kind": VIOLENCE[sort], "by": side_a[0], "against": side_b[:1]}
    return {"kind": VIOLENCE[sort], "involves": [*side_a, *side_b]}


def _members(side: str) -> list[str]:
    """Return who is a side. UCDP names an alliance by its members, with a comma and a blank between."""
    return [one.strip() for one in side.split(", ") if one.strip()]


# ---- from whom UCDP has it -----------------------------------------------------------------------------------------


def _articles(text: str) -> list[tuple[str, date | None]]:
    """Return the outlet of each article cited, and its date where that is certain.

    Since about 2013 an article is `"outlet,2014-03-25,headline"` and `;` stands between two; before, it is free text.
    """
    quoted = text.startswith('"')
    several = re.split(r'"\s*;\s*"', text.strip().strip('"')) if quoted else text.split(";")
    return [found for one in several if (found := _article(one))[0]]


def _article(text: str) -> tuple[str, date | None]:
    match = _ARTICLE.match(text)
    if match:
        return _plain(_ENDS_IN_DAY.sub("", match["office"].strip())), _written_day(match["date"])
    cut = _AFTER_OUTLET.search(text, 1)
    outlet = _plain(text[: cut.start()] if cut else text)
    return outlet or _plain(text), _written_day(text)


def _written_day(text: str) -> date | None:
    """Return the first day that a citation names without doubt: `2012-12-18`, or as UCDP used to write, `25/2-09`."""
    match = _WRITTEN_DAY.search(text)
    if match is None:
        return None
    try:
        if match["iso"]:
            return date.fromisoformat(match["iso"])
        year = int(match["y"])
        return date(year + (1900 if year >= _CENTURY else 2000), int(match["m"]), int(match["d"]))
    except ValueError:
        return None


def _plain(text: str) -> str:
    found = " ".join(text.split()).strip(" ,.:'\"")
    return found[:200] if _LETTER.search(found) else ""


def _chains(articles: Sequence[tuple[str, date | None]], original: str) -> tuple[tuple[str, ...], ...]:
    began = _plain(original)
    return tuple((outlet, began) if began and began != outlet else (outlet,) for outlet, _ in articles) or (
        ((began,),) if began else ()
    )


def _learned(first: date, last: date, articles: Sequence[tuple[str, date | None]], setting: Setting) -> str:
    """Return when it was known: the end of the day of the first article that is not older than the event.

    Without one that has a date, the end of the event's last day: nobody can have known the whole of it before, and
    it will have been later. A single day that an article of the same day reports is known by its end.
    """
    days = [day for _, day in articles if day is not None and day >= last]
    return str(setting.days(first, min(days, default=last))["latest"])
