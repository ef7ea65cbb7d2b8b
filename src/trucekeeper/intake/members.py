"""What a zip holds, by name: photos beside a form, the sheets of a workbook, the files of a map.

`Opening` reads archives one member after the other and calls them by number, since their names may name people. Here
one is looked up by its name, and no name is given out.
"""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

MOST = 50_000
"""So many members are looked at: an export has one for each form filled and each photo."""
WORKBOOK = "xl/workbook.xml"
"""What every workbook holds: the list of its sheets."""
DAMAGED = (zipfile.BadZipFile, zlib.error, OSError, NotImplementedError, RuntimeError, EOFError, ValueError)
"""What a damaged, encrypted or strangely packed archive makes `zipfile` raise."""


@dataclass(frozen=True, slots=True)
class Members:
    """The members of a zip in their order; none for any other file, and for a damaged one."""

    path: Path
    names: tuple[str, ...]
    unpacked: int = 0

    @staticmethod
    def of(path: Path) -> Members:
        """Return the members of a file."""
        try:
            if path.is_file() and zipfile.is_zipfile(path):
                with zipfile.ZipFile(path) as archive:
                    several = archive.infolist()[:MOST]
                    return Members(
                        path, tuple(one.filename for one in several), sum(one.file_size for one in several)
                    )
        except DAMAGED:
            pass
        return Members(path, ())

    @property
    def workbook(self) -> bool:
        """Return whether it is a workbook (.xlsx), which is a zip too."""
        return WORKBOOK in self.names

    def numbered(self, part: str) -> str:
        """Return the name of the member that `Opening` calls by its number, `export.zip[2]`; "" for none."""
        number = part.rpartition("[")[2].removesuffix("]")
        return self.names[int(number) - 1] if number.isdecimal() and 0 < int(number) <= len(self.names) else ""

    def read(self, name: str, most: int) -> bytes | None:
        """Return what a member holds; None if there is none of this name, if it is longer, or if it is damaged."""
        if name not in self.names:
            return None
        try:
            with zipfile.ZipFile(self.path) as archive, archive.open(name) as stream:
                data = stream.read(most + 1)
        except (*DAMAGED, KeyError):
            return None
        return data if len(data) <= most else None
