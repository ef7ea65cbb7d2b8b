"""The agreement in a mission: the files of a draft folder, word for word, adopted by an entry, kept as evidence."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from trucekeeper.agreement.load import load_agreement
from trucekeeper.geo import Atlas, read_geojson
from trucekeeper.journal.canonical import written
from trucekeeper.journal.charter import RefusedError
from trucekeeper.journal.evidence import MissingError
from trucekeeper.mission.folder import AGREEMENT, ZONES, open_agreement
from trucekeeper.mission.kinds import AGREEMENT as KIND
from trucekeeper.terms import Fault, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from trucekeeper.agreement.agreement import Agreement
    from trucekeeper.journal.charter import Accepted
    from trucekeeper.journal.evidence import Evidence
    from trucekeeper.journal.statements import Body


@dataclass(frozen=True, slots=True)
class Draft:
    """An agreement as files, checked, before it is on record."""

    files: Mapping[str, bytes]

    @classmethod
    def read(cls, folder: Path) -> Draft:
        """Return the draft in a folder. Raises Refused with every fault of its agreement and zones."""
        open_agreement(folder)
        names = [name for name in (AGREEMENT, ZONES) if (folder / name).exists()]
        return cls({name: (folder / name).read_bytes() for name in names})

    def keep(self, evidence: Evidence, replaces: str) -> Body:
        """Keep the files as evidence, and return what the statement that adopts them says."""
        for data in self.files.values():
            evidence.keep(data)
        return self.body(replaces)

    def body(self, replaces: str) -> Body:
        """Return what the statement that adopts the files says, once they are kept."""
        files = {name: sha256(data).hexdigest() for name, data in self.files.items()}
        return {"files": dict(files), "digest": digest_of(files), "replaces": replaces}

    @property
    def digest(self) -> str:
        """Return the hash by which standings name this version."""
        return digest_of({name: sha256(data).hexdigest() for name, data in self.files.items()})


def digest_of(files: Mapping[str, str]) -> str:
    """Return the hash of an agreement: SHA-256 of its files' names and SHA-256s as canonical JSON."""
    return sha256(written(dict(files))).hexdigest()


def loaded(files: Mapping[str, str], evidence: Evidence, where: str) -> Agreement:
    """Return the agreement that kept files say. Raises Refused if one is gone, or says none, and MissingError."""
    texts = {name: evidence.read(digest) for name, digest in files.items()}
    gone = [name for name, data in texts.items() if data is None]
    if gone or AGREEMENT not in texts:
        raise Refused([Fault(where, 0, 0, f"{', '.join(gone) or AGREEMENT} is not among the evidence", "restore it")])
    said = {name: _text(data or b"", f"{where}, {name}") for name, data in texts.items()}
    atlas = read_geojson(said[ZONES], f"{where}, {ZONES}") if ZONES in said else Atlas()
    return load_agreement(said[AGREEMENT], f"{where}, {AGREEMENT}", atlas)


def _text(data: bytes, where: str) -> str:
    try:
        return data.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        what = f"not UTF-8: the byte 0x{data[error.start]:02X}"
        raise Refused([Fault(where, 0, 0, what, "save the file as UTF-8 text")]) from None


def examine(said: Accepted, evidence: Evidence) -> None:
    """Hold that a statement that adopts an agreement names one that was kept and is sound. Raises RefusedError."""
    if said.statement.kind != KIND:
        return
    match said.body:
        case {"files": dict(files), "digest": str(digest), "replaces": str(_)} if _are_names(files):
            named = {name: str(one) for name, one in files.items()}
        case _:
            raise RefusedError("it does not say which files, their digest, and what they replace")
    if digest_of(named) != digest:
        raise RefusedError("its digest is not that of its files")
    try:
        loaded(named, evidence, "the agreement")
    except Refused as refused:
        raise RefusedError(f"it is not sound: {refused.faults[0]}") from None
    except MissingError as error:
        raise RefusedError(f"it is not sound: {error}") from None


def _are_names(files: Mapping[str, object]) -> bool:
    return set(files) <= {AGREEMENT, ZONES} and all(
        isinstance(one, str) and len(one) == sha256().digest_size * 2 and set(one) <= set("0123456789abcdef")
        for one in files.values()
    )
