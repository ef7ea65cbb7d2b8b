"""Source: how the files of one source are read, and what a mission is told of it before anybody knows better.

A source is one folder with

    __init__.py     SOURCE = Source("ucdp", "UCDP Georeferenced Event Dataset", read)
    read.py         read(paths, setting) yields what the files say, row by row, and every fault
    source.yaml     the entry with which the mission's registry begins: grade, bloc, interest, zone, bias, precision
    rulings.yaml    what its words mean, kind and actor apart, as we ship it
    expects.yaml    bounds that stop a source which has silently changed
    sample/         invented rows in the source's real layout
    README.md       what it is, where it comes from, what is lost

and is found by the entry-point group `trucekeeper.intake`, so that others can add theirs. A mission takes
`source.yaml` and `rulings.yaml` into its record when the source is first used, as the statement `source`; from then
on the record counts, and a mission changes it by another one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from importlib.resources import files
from typing import TYPE_CHECKING, TypeAlias

from trucekeeper.agreement.yaml_text import read_yaml
from trucekeeper.terms import Fault, Refused
from trucekeeper.terms.faults import suggestion

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from trucekeeper.intake.said import Row, Said
    from trucekeeper.intake.setting import Setting
    from trucekeeper.journal.canonical import Json

GROUP = "trucekeeper.intake"
Read: TypeAlias = "Callable[[Sequence[Path], Setting], Iterator[Said | Row | Fault]]"


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of source. Its folder is that of `package`."""

    name: str
    says: str
    read: Read
    package: str

    def shipped(self, file: str) -> Mapping[str, Json]:
        """Return what one of its YAML files says, {} where it has none."""
        return shipped(self.package, file)


@cache
def shipped(package: str, file: str) -> Mapping[str, Json]:
    """Return what a YAML file of a source's folder says, {} where it has none."""
    there = files(package).joinpath(file)
    if not there.is_file():
        return {}
    return read_yaml(there.read_text(encoding="utf-8"), f"{package.rpartition('.')[2]}/{file}").data or {}


@cache
def known() -> Mapping[str, Source]:
    """Return every source that is installed, by name."""
    return {one.name: one.load() for one in sorted(entry_points(group=GROUP), key=lambda one: one.name)}


def named(name: str) -> Source:
    """Return a source by its name. Raises Refused."""
    if name not in known():
        raise Refused([Fault("SOURCE", 0, 0, f"there is no source '{name[:80]}'", suggestion(name, known()))])
    return known()[name]


def mapping_of(path: Path) -> Mapping[str, Json]:
    """Return what a mapping file says. Raises Refused."""
    try:
        found = read_yaml(path.read_text(encoding="utf-8-sig"), str(path)).data
    except OSError as error:
        raise Refused([Fault(str(path), 0, 0, f"cannot be read: {error.strerror}", "is it there?")]) from None
    except UnicodeDecodeError:
        raise Refused([Fault(str(path), 0, 0, "it is not UTF-8", "save it as UTF-8 text")]) from None
    if not isinstance(found, dict):
        raise Refused([Fault(str(path), 0, 0, "a mapping file says 'name: value' pairs", "see handbook/intake.md")])
    return found
