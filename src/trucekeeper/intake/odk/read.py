"""Reads what ODK, KoboToolbox and OpenRosa servers give out: submissions as XML, JSON and CSV, alone or in a zip.

A form's definition, or a workbook from which one is made, is no submission, and is refused by that name. Of an
edited submission only its last version among the files is read, under the name of its first; which one is on record
already, the record knows. Of two submissions of one name and different content, neither is read.
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, TypeAlias

from trucekeeper.agreement.rows import Where
from trucekeeper.intake.elements import Element, elements
from trucekeeper.intake.members import WORKBOOK, Members
from trucekeeper.intake.odk.mapping import Form, mappings
from trucekeeper.intake.odk.meaning import made
from trucekeeper.intake.odk.submissions import (
    Group,
    Submission,
    csv_answers,
    objects_of,
    of_element,
    of_object,
    of_row,
)
from trucekeeper.intake.opening import MIB, Limits, Opening, Part
from trucekeeper.terms import Fault, Refused
from trucekeeper.terms.faults import suggestion

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from trucekeeper.intake.said import Row, Said
    from trucekeeper.intake.setting import Setting

LIMITS = Limits(members=50_000, document=64 * MIB)
"""An export has one file for each submission and each photo."""
MOST_PHOTO = 20_000_000
MOST_TABLES = 100_000_000
"""The tables of an export are held together, since each group stands in one of its own: a million forms filled."""
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"

_NOT_SUBMISSIONS = {
    "html": ("it is the definition of a form (an XForm), and no submission", "enter what was filled in with it"),
    "manifest": ("it lists the files of a form, and holds no submission", "enter what was filled in with it"),
    "xforms": ("it lists forms, and holds no submission", "enter what was filled in with them"),
    "event": ("it is a message of a tracker (CoT)", "enter it with the source 'cot'"),
    "events": ("it holds messages of trackers (CoT)", "enter it with the source 'cot'"),
    "types": ("it is a table of CoT types, and holds nothing that happened", "leave it out"),
    "kml": ("it is a map (KML)", "enter it with the source 'zones'"),
}
_FORM_WORKBOOK = (
    "it is a workbook from which a form is made (XLSForm), and no submission",
    "load it into ODK or Kobo, fill the form in, and enter what they export",
)

Read: TypeAlias = "Submission | Fault"


def read(paths: Sequence[Path], setting: Setting) -> Iterator[Said | Row | Fault]:
    """Yield what the submissions in these files say, and every fault."""
    try:
        forms = mappings(setting)
    except Refused as refused:
        yield from refused.faults
        return
    several = {make.each.rpartition("/")[2] for form in forms.values() for make in form.makes if make.each}
    repeated, index = frozenset(several), _Index()
    for path in paths:
        for one in _File(path, repeated).submissions():
            if isinstance(one, Submission):
                index.add(one)
    told: set[str] = set()
    for path in paths:
        file = _File(path, repeated)
        for one in file.submissions():
            if isinstance(one, Fault):
                yield one
            elif (found := index.judged(one, told)) is None:
                continue
            elif isinstance(found, Fault):
                yield found
            else:
                yield from _of_form(found, forms, setting, file)


def _of_form(
    submission: Submission, forms: Mapping[str, Form], setting: Setting, file: _File
) -> Iterator[Said | Row | Fault]:
    """Yield what a submission makes by the mapping of its form: our own mark, or the id that the server gives it."""
    form = forms.get(submission.form) or forms.get(submission.own)
    if form is None:
        what = f"a submission of the form '{submission.form[:60]}', of which nobody says what its answers mean"
        remedy = f"write a mapping file, 'form: {submission.form[:60]}' (see handbook/forms.md); "
        yield submission.where.fault("", what, remedy + suggestion(submission.form, forms))
        return
    yield from made(submission, form, setting, file.photos(submission))


@dataclass(slots=True)
class _Index:
    """Which submissions the files hold: by name their contents, and which of them another one replaces."""

    contents: dict[str, bytes] = field(default_factory=dict)
    rivals: set[str] = field(default_factory=set)
    replaced: dict[str, str] = field(default_factory=dict)

    def add(self, one: Submission) -> None:
        content = sha256(one.original(()).encode()).digest()[:16]
        if self.contents.setdefault(one.name, content) != content:
            self.rivals.add(one.name)
        if one.formerly not in {"", one.name}:
            self.replaced[one.formerly] = one.name

    def judged(self, one: Submission, told: set[str]) -> Submission | Fault | None:
        """Return a submission under its first name; None for one told or replaced; a fault for rivals."""
        if one.name in self.rivals:
            what = f"submission {one.name[:60]}: another one of this name says another thing"
            return one.where.fault("", what, "neither is entered: leave out the one that was overtaken")
        if one.name in self.replaced or one.name in told:
            return None
        told.add(one.name)
        return replace(one, name=one.root or self._first(one.formerly) or one.name)

    def _first(self, formerly: str) -> str:
        """Return the name of the first version, as far as the files lead back."""
        back = {later: earlier for earlier, later in self.replaced.items()}
        seen = {formerly}
        while (earlier := back.get(formerly)) and earlier not in seen:
            seen.add(earlier)
            formerly = earlier
        return formerly


class _File:
    """One file that was given, or a zip of several."""

    def __init__(self, path: Path, repeated: frozenset[str]) -> None:
        self.path, self.repeated = path, repeated
        self.opening = Opening(path, LIMITS)
        self.inside = Members.of(path)

    def submissions(self) -> Iterator[Read]:
        """Yield every submission, and after them the faults of the file itself."""
        kind = self._workbook()
        if kind is not None:
            yield Fault(str(self.path), 0, 0, *kind)
            return
        empty = True
        for one in self._found():
            empty = False
            yield one
        if empty:
            what = "it holds no submission"
            yield Fault(str(self.path), 0, 0, what, "export the submissions as XML, JSON or CSV, alone or in a zip")

    def _found(self) -> Iterator[Read]:
        tables = _Tables(self)
        for part in self.opening.parts():
            yield from self._part(part, tables)
        yield from tables.submissions()
        yield from self.opening.faults.all()

    def _part(self, part: Part, tables: _Tables) -> Iterator[Read]:
        start = part.head().lstrip(b"\xef\xbb\xbf \t\r\n")
        name = self.name_of(part)
        if start.startswith(_OLD_EXCEL):
            what = "an old workbook (.xls), which cannot be read here; such a one is mostly a form's definition"
            yield Fault(part.name, 0, 0, what, "if it holds submissions, export them as XML, JSON or CSV")
        elif start.startswith(b"<"):
            yield from _of_xml(part, self.repeated)
        elif start.startswith((b"[", b"{")):
            yield from _of_json(part)
        elif part.ending == ".csv" or name.lower().endswith(".csv"):
            tables.add(part, PurePosixPath(name).stem)
        elif not part.packed:
            what = "it is neither XML, JSON nor CSV"
            yield Fault(part.name, 0, 0, what, "export the submissions again, with or without a zip")
        elif name.lower().endswith(".enc"):
            what = "an encrypted submission"
            yield Fault(part.name, 0, 0, what, "have ODK Central or Briefcase decrypt it in the export")

    def _workbook(self) -> tuple[str, str] | None:
        """Return what is said of a workbook: that it makes a form, or is a table; None for any other file."""
        if not self.inside.workbook:
            return None
        said = elements([self.inside.read(WORKBOOK, MIB) or b""], "")
        tops = [one for one in said if isinstance(one, Element)]
        sheets = {one.attributes.get("name", "") for top in tops for one in top.each("sheet")}
        if "survey" in {one.strip().lower() for one in sheets}:
            return _FORM_WORKBOOK
        return (
            "it is a workbook",
            "export the submissions as XML, JSON or CSV; a table is entered with the source 'xlsx'",
        )

    def name_of(self, part: Part) -> str:
        """Return a part's name in the archive: faults call it by its number, since names may name people."""
        return (self.inside.numbered(part.name) if part.packed else "") or self.path.name

    def photos(self, submission: Submission) -> Callable[[str], bytes | None] | None:
        """Return what gives the photos beside a submission, in its zip or folder; None where they are elsewhere."""
        return None if submission.where.file.endswith(".json") else _Photos(self, submission.where.file).read


@dataclass(frozen=True, slots=True)
class _Photos:
    """The photos beside one submission."""

    file: _File
    place: str

    def read(self, name: str) -> bytes | None:
        """Return the bytes of a photo, None if there is none of this name or it is too large."""
        if name != PurePosixPath(name).name or name in {"", ".", ".."}:
            return None
        return self._packed(name) if self.file.inside.names else self._beside(name)

    def _packed(self, name: str) -> bytes | None:
        folder = PurePosixPath(self.file.inside.numbered(self.place)).parent
        ways = (str(folder / name), str(folder / "media" / name))
        return next((data for one in ways if (data := self.file.inside.read(one, MOST_PHOTO)) is not None), None)

    def _beside(self, name: str) -> bytes | None:
        there = self.file.path.parent / name
        if not there.is_file() or there.is_symlink() or there.stat().st_size > MOST_PHOTO:
            return None
        return there.read_bytes()


def _of_xml(part: Part, repeated: frozenset[str]) -> Iterator[Read]:
    for root in elements(part.text_blocks(), part.name):
        if isinstance(root, Fault):
            if not part.cut:  # how the archive was cut off is told elsewhere
                yield root
        elif root.name in _NOT_SUBMISSIONS:
            yield Fault(part.name, root.line, 0, *_NOT_SUBMISSIONS[root.name])
        elif root.attributes.get("encrypted") == "yes":
            remedy = "have ODK Central or Briefcase decrypt it in the export"
            yield Fault(part.name, root.line, 0, "an encrypted submission", remedy)
        else:
            found = of_element(root, part.name, repeated)
            yield found or _nameless(part.name, root.line)


def _nameless(file: str, line: int) -> Fault:
    what = "a submission without a name of its own (instanceID): it could be entered twice, and never corrected"
    return Fault(file, line, 0, what, "is it a submission at all? export it again, with its 'meta'")


def _of_json(part: Part) -> Iterator[Read]:
    data = part.document()
    if data is None:
        return
    try:
        found = json.loads(data, parse_float=str, parse_int=str, parse_constant=_refuse, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else 0
        said = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deeply, or a key given twice"
        yield Fault(part.name, line, 0, f"not JSON: {said}", "is the file whole? export it again")
        return
    for number, one in enumerate(objects_of(found), start=1):
        yield of_object(one, part.name, number) or _nameless(part.name, number)


def _refuse(word: str) -> str:
    raise ValueError(word)


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError("a key given twice")
    return dict(pairs)


class _Tables:
    """The tables of one export of Central: one for the form, and one for each group that may be filled again."""

    def __init__(self, file: _File) -> None:
        self.file = file
        self.rows: dict[str, list[tuple[Where, dict[str, str]]]] = {}
        self.faults: list[Fault] = []
        self.size = 0

    def add(self, part: Part, stem: str) -> None:
        """Read a table: its rows with where they stand."""
        rows = self.rows.setdefault(stem, [])
        lines, at = part.lines(), [0]

        def told() -> Iterator[str]:
            for number, line in lines:
                at[0] = number
                self.size += len(line) + 1
                if self.size > MOST_TABLES:
                    raise csv.Error(f"its tables have more than {MOST_TABLES:,} characters")
                yield line + "\n"

        try:
            reader = csv.DictReader(told(), restval="", strict=True)
            if reader.fieldnames is not None and "KEY" not in reader.fieldnames:
                remedy = "export it from ODK Central, or as JSON or XML; any other table has the source 'csv'"
                self.faults.append(Fault(part.name, 1, 0, "a table without the column KEY", remedy))
                return
            for row in reader:
                rows.append((Where(part.name, at[0]), {key: text for key, text in row.items() if key is not None}))
        except csv.Error as error:
            self.faults.append(
                Fault(
                    part.name,
                    at[0],
                    0,
                    f"its table cannot be read: {error}",
                    "export it again, in parts if it is long",
                )
            )

    def submissions(self) -> Iterator[Read]:
        """Yield the rows of the tables of forms, each with its groups."""
        parents = {stem for stem, rows in self.rows.items() if not any("PARENT_KEY" in row for _, row in rows)}
        for stem in sorted(parents):
            below = {
                name: rows for name, rows in self.rows.items() if name not in parents and name.startswith(f"{stem}-")
            }
            groups = {name[len(stem) + 1 :].replace("-", "/"): _by_parent(rows) for name, rows in below.items()}
            for where, row in self.rows[stem]:
                repeats = {name: of[row["KEY"]] for name, of in groups.items() if row["KEY"] in of}
                yield of_row(row, where, stem, repeats) or _nameless(where.file, where.line)
        yield from self.faults


def _by_parent(rows: list[tuple[Where, dict[str, str]]]) -> dict[str, tuple[Group, ...]]:
    found: dict[str, tuple[Group, ...]] = {}
    for _, row in rows:
        key = row.get("PARENT_KEY", "")
        found[key] = (*found.get(key, ()), Group(csv_answers(row)))
    return found
