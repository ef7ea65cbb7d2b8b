"""Reads a table of reports as text: commas, semicolons, tabs or bars, packed or not, by a mapping file.

What delimits the cells is decided by the header, and said; `file: {delimiter: ";"}` settles it. Encodings are those
of `trucekeeper.intake.opening`. A cell that begins with `=`, `+`, `-` or `@` is that text, here and wherever it is
shown: nothing is ever computed from it.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from trucekeeper.intake.mapping import ReportMapping, described, report
from trucekeeper.intake.records import Delimited, each_part
from trucekeeper.intake.takings import misread
from trucekeeper.terms import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from trucekeeper.intake.opening import Part
    from trucekeeper.intake.said import Row, Said
    from trucekeeper.intake.setting import Setting


def read(paths: Sequence[Path], setting: Setting) -> Iterator[Said | Row | Fault]:
    """Yield the reports of tables, and what is wrong with them. Raises Refused for a mapping that cannot be used."""
    yield from each_part(paths, setting, partial(_part, ReportMapping.of(setting), setting))


def _part(mapping: ReportMapping, setting: Setting, part: Part, file: str) -> Iterator[Said | Fault]:
    how = setting.options.get("file") or {}
    match how:
        case dict() if set(how) <= {"delimiter", "header"}:
            delimiter, header = str(how.get("delimiter", "")), how.get("header", 1)
        case _:
            raise misread("file: it says 'delimiter' and 'header', and nothing else", "mend it")
    if len(delimiter) > 1 or not isinstance(header, int) or header < 1:
        raise misread("file: a delimiter is one character, and a header a line's number", "mend it")
    table = Delimited(part, file, delimiter=delimiter, header_line=header)
    faults = table.faults() or mapping.faults(table.header)
    if faults:
        yield from faults
        return
    setting.note(table.said())
    for column, what in described(setting, table.header):
        setting.became(column, what)
    for record in table.records():
        found = record if isinstance(record, Fault) else report(record, mapping, setting)
        if isinstance(found, list):
            yield from found
        else:
            yield found
