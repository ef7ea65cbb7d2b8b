"""`truce open`, `key certify`, `enter`, `amend`, `log`, ...: what goes on a mission's record, and what comes out."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trucekeeper.cli import record
from trucekeeper.cli.files import MissionPath, PassphraseFile, asking, bytes_of, refuse, write

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trucekeeper.journal.envelopes import PrivateKey
    from trucekeeper.ledger.notes import Signer, Verifier
    from trucekeeper.ledger.policies import Known
    from trucekeeper.mission.mission import Mission, Receipt
    from trucekeeper.mission.settings import Settings
    from trucekeeper.terms import Fault

By = Annotated[list[Path], typer.Option("--by", metavar="KEY", help="The key file to sign with (repeatable)")]
ByOne = Annotated[Path, typer.Option("--by", metavar="KEY", help="The key file to sign with")]
Why = Annotated[str, typer.Option("--why", help="The reason, which stays on record")]


# ---- opening -------------------------------------------------------------------------------------------------------


def open_mission(
    mission: MissionPath,
    *,
    agreement: Annotated[Path, typer.Option("--agreement", metavar="DIR", help="The draft to adopt")],
    root: Annotated[list[Path], typer.Option("--root", metavar="KEY", help="A founding root's key (repeatable)")],
    name: Annotated[str, typer.Option("--name", help="What the record is called, such as valoria.example/truce")],
    log_key: Annotated[
        Path | None, typer.Option("--log-key", help="The log's key; default: a new MISSION-log.key")
    ] = None,
    postgres: Annotated[str, typer.Option("--postgres", metavar="URL", help="Keep the record there")] = "",
    witness: Annotated[list[str] | None, typer.Option("--witness", help="VKEY or VKEY@URL (repeatable)")] = None,
    quorum: Annotated[int, typer.Option("--quorum", min=0, help="How many witnesses a trusted head needs")] = 0,
    objection_hours: Annotated[
        int, typer.Option("--objection-hours", help="How long a seal may be objected to")
    ] = 72,
    passphrase_file: PassphraseFile = None,
    no_passphrase: Annotated[bool, typer.Option("--no-passphrase", help="Leave a new log key open")] = False,
) -> None:
    """Found a mission: its roots sign, and the agreement is its second entry."""
    from trucekeeper.ledger.notes import SIGNS
    from trucekeeper.mission import key_files
    from trucekeeper.mission.adopting import Draft
    from trucekeeper.mission.founding import found
    from trucekeeper.mission.settings import Settings

    draft = Draft.read(agreement)
    roots = [private(one, passphrase_file) for one in root]
    folder = mission.resolve()
    key = log_key or folder.with_name(f"{folder.name}-log.key")
    if log_key is None:
        record.new_key(key, name=name, passphrase_file=passphrase_file, no_passphrase=no_passphrase)
    several = [_witness(one) for one in witness or []]
    if quorum > len(several):
        refuse("--quorum", f"{quorum} of {len(several)} witnesses", "name as many witnesses with --witness")
    log = key_files.read_public(key).log
    settings = Settings(folder, log, key.resolve(), postgres, tuple(several), quorum)
    found(
        settings,
        draft,
        roots,
        objection_hours=objection_hours,
        clock=clock,
        signer=lambda: key_files.read_signer(key, SIGNS, asking(key, passphrase_file)),
    )
    print(f"{settings.origin} is founded with {len(roots)} root(s), and agreement {draft.digest[:16]}")
    print(f"now: truce key certify {mission} PUBKEY --delegation D --role R --by ROOT")


def _witness(text: str) -> Known:
    """Return the witness that somebody gave as VKEY or VKEY@URL."""
    from trucekeeper.ledger.lines import MalformedError
    from trucekeeper.ledger.notes import COSIGNS, Verifier
    from trucekeeper.ledger.policies import Known

    vkey, _, url = text.partition("@")
    try:
        found = Known(Verifier.read(vkey), url)
    except MalformedError as error:
        refuse("--witness", error.wrong, "copy the line 'as a witness' of `truce key show`")
    if found.key.type != COSIGNS:
        refuse("--witness", f"'{found.key.name}' is the key of a log", "copy the line 'as a witness'")
    return found


# ---- keys ----------------------------------------------------------------------------------------------------------


@record.key.command("certify")
def certify(
    mission: MissionPath,
    public_key: Annotated[str, typer.Argument(metavar="PUBKEY", help="A public key, or a key file")],
    *,
    delegation: Annotated[str, typer.Option("--delegation", help="For whom it will speak")],
    role: Annotated[str, typer.Option("--role", help="As what: analyst, auditor, chair, delegate, ...")],
    by: ByOne,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Certify a key: from its entry on, what it signs is of a delegation."""
    body = {"key": _public(public_key), "delegation": delegation, "role": role}
    with opened(mission, passphrase_file) as found:
        put(found, [found.said("key.certify", body, by=[private(by, passphrase_file)])], public_key)


@record.key.command("revoke")
def revoke(
    mission: MissionPath,
    key: Annotated[str, typer.Argument(metavar="PUBKEY", help="A public key, a key's id, or a key file")],
    *,
    by: ByOne,
    why: Why = "lost or no longer used",
    passphrase_file: PassphraseFile = None,
) -> None:
    """Revoke a key: what it signed before stays, and nothing it signs enters any more."""
    from base64 import b64decode
    from hashlib import sha256

    name = key if _is_id(key) else sha256(b64decode(_public(key))).hexdigest()
    with opened(mission, passphrase_file) as found:
        put(found, [found.said("key.revoke", {"key": name, "why": why}, by=[private(by, passphrase_file)])], key)


def _is_id(text: str) -> bool:
    return len(text) == 64 and set(text) <= set("0123456789abcdef")  # noqa: PLR2004  a SHA-256 in hexadecimal


def _public(text: str) -> str:
    """Return the public key that somebody gave as itself, or as a key file."""
    from trucekeeper.ledger.lines import MalformedError, base64, hash_of
    from trucekeeper.mission import key_files

    if Path(text).is_file():
        return base64(key_files.read_public(Path(text)).public)
    try:
        return base64(hash_of(text, "the key"))
    except MalformedError as error:
        refuse(text, error.wrong, "copy the line 'public key' of `truce key show`")


# ---- entering ------------------------------------------------------------------------------------------------------


def enter(
    mission: MissionPath,
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="facts, claims, texts, csv, ucdp, odk, ...")],
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="What to enter")],
    *,
    by: ByOne,
    mapping: Annotated[
        Path | None, typer.Option("--mapping", metavar="FILE", help="How the files are to be read")
    ] = None,
    whole: Annotated[
        bool, typer.Option("--whole", help="The files are all that the source has: retract the rest")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be entered, and enter nothing")] = False,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Put reports, facts, claims or texts on record. Good rows are entered, and faulty ones listed."""
    from trucekeeper.cli.progress import progress
    from trucekeeper.intake.source import mapping_of
    from trucekeeper.mission.entering import entering
    from trucekeeper.mission.taking import How
    from trucekeeper.terms.texts import fit

    how = How({} if mapping is None else mapping_of(mapping), whole)
    with opened(mission, passphrase_file) as found, progress("entering") as told:
        key = private(by, passphrase_file)
        new = entering(found, source, files, _delegation(found, key, by), how=how)
        receipts: list[Receipt] = []
        if dry_run:
            for _ in new.batches():
                told(new.new + new.known, None)
        else:
            for batch in new.signed(found, key):
                receipts += found.enter(batch)
                told(new.new + new.known, None)
    for note in new.notes:
        print(fit(note), file=sys.stderr)
    entered = [one.seq for one in receipts if one.seq is not None]
    where = f", {_span(entered)}" if entered else ""
    said = f"{new.new:,} would be entered" if dry_run else f"{len(entered):,} entered{where}"
    print(f"{said}; {new.known:,} on record already; {len(new.faults):,} set aside")
    refused = {one.refused for one in receipts if one.refused is not None}
    for why in sorted(refused):
        print(f"refused: {why}", file=sys.stderr)
    _list_faults(new.faults)
    if refused or new.faults:
        raise typer.Exit(2)


MOST_LISTED = 100
"""So many faults are listed: of a file with another layout all rows are faulty, for one reason."""


def _list_faults(faults: Sequence[Fault]) -> None:
    from trucekeeper.terms.texts import fit

    for fault in faults[:MOST_LISTED]:
        print(fit(str(fault)), file=sys.stderr)
    if len(faults) > MOST_LISTED:
        print(f"... and {len(faults) - MOST_LISTED:,} more", file=sys.stderr)


def _span(entries: Sequence[int]) -> str:
    if len(entries) == 1:
        return f"entry {entries[0]}"
    return f"entries {entries[0]} to {entries[-1]}"


def amend(
    mission: MissionPath,
    draft: Annotated[Path, typer.Argument(metavar="DIR", help="The folder with the amended draft")],
    *,
    by: By,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Adopt another version of the agreement from its entry on; the one before stays on record."""
    from trucekeeper.mission.adopting import Draft
    from trucekeeper.mission.kinds import AGREEMENT

    read = Draft.read(draft)
    with opened(mission, passphrase_file) as found:
        before = found.adopted()
        if before.digest == read.digest:
            refuse(draft, "this is the agreement as it is on record", "nothing was entered")
        keys = [private(one, passphrase_file) for one in by]
        put(found, [found.said(AGREEMENT, read.keep(found.evidence, before.digest), by=keys)], str(draft))
        if found.adopted().digest != read.digest:
            refuse(draft, "another amendment came before it", "read what is in force now, and amend that")
        print(f"agreement {read.digest[:16]} replaces {before.digest[:16]}")


# ---- what they share -----------------------------------------------------------------------------------------------


@contextmanager
def opened(path: Path, passphrase_file: Path | None) -> Iterator[Mission]:
    """Yield an open mission, whose log key is asked for only if this command must keep. Raises Refused."""
    from trucekeeper.ledger.notes import SIGNS
    from trucekeeper.mission import key_files
    from trucekeeper.mission.mission import Mission

    def signer(settings: Settings) -> Signer:
        return key_files.read_signer(settings.log_key, SIGNS, asking(settings.log_key, passphrase_file))

    with Mission.open(path, clock=clock, signer=signer) as mission:
        yield mission


def private(path: Path, passphrase_file: Path | None) -> PrivateKey:
    """Return the private key in a file. Raises Refused."""
    from trucekeeper.journal.envelopes import PrivateKey
    from trucekeeper.ledger.notes import SIGNS
    from trucekeeper.mission import key_files

    return PrivateKey(key_files.read_signer(path, SIGNS, asking(path, passphrase_file)).key)


def _delegation(mission: Mission, key: PrivateKey, path: Path) -> str:
    """Return for whom a key speaks now."""
    charter = mission.journal.charter()
    holder = None if charter is None else charter.keys.holders.get(key.public.id)
    if holder is None:
        refuse(path, "this key is not certified in the mission, or was revoked", "have a root certify it")
    return holder.delegation


def put(mission: Mission, envelopes: list[bytes], what: str) -> list[Receipt]:
    """Put statements on record, and print their numbers; say why one was refused."""
    receipts = mission.enter(envelopes)
    for one in receipts:
        if one.refused is not None:
            refuse(what, f"refused: {one.refused}", "nothing was put on record")
        print(f"entry {one.seq}")
    return receipts


def clock() -> int:
    """Return the moment it is."""
    from trucekeeper.cli.asking import now

    return now()


def keep(
    mission: MissionPath,
    *,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Keep a mission until stopped: take in what others submit, and write down what follows from it."""
    import signal
    from threading import Event

    from trucekeeper.mission.service import Service

    stop = Event()
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, lambda *_: stop.set())
    with opened(mission, passphrase_file) as found:
        print(f"keeping {found.settings.origin}, {found.journal.store.size():,} entries", flush=True)
        Service(found, lambda said: print(said, file=sys.stderr, flush=True)).run(stop)


def rebuild(mission: MissionPath) -> None:
    """Delete all that was worked out from the record, and work it out anew: the same rows."""
    from trucekeeper.mission.keeping import alone
    from trucekeeper.mission.standings import Standings

    with opened(mission, None) as found:
        with alone(found.settings.folder, found.journal) as mine:
            if not mine:
                refuse(mission, "somebody keeps this mission", "stop it first: it writes what this would delete")
            found.projections.delete()
            entries = found.projections.catch_up(found.journal)
            Standings(found).catch_up(found.clock())
        print(f"{entries:,} entries read again; {found.projections.file.name} is written anew")


# ---- witnesses -----------------------------------------------------------------------------------------------------


@record.witness.command("request")
def request(
    mission: MissionPath,
    name: Annotated[str, typer.Argument(metavar="WITNESS", help="The name of a witness in mission.toml")],
    *,
    output: Annotated[Path, typer.Option("--output", "-o", help="Write the request here")],
) -> None:
    """Write what to carry to a witness that is not on the network: `truce witness sign` answers it."""
    from trucekeeper.mission import cosigning

    with opened(mission, None) as found:
        write(output, cosigning.request(found.journal.store, _known(found, name)))


@record.witness.command("take")
def take(
    mission: MissionPath,
    name: Annotated[str, typer.Argument(metavar="WITNESS", help="The name of a witness in mission.toml")],
    answer: Annotated[Path, typer.Argument(metavar="ANSWER", help="What it answered")],
) -> None:
    """Put a cosignature that was carried by hand beside the head that it is for."""
    from trucekeeper.ledger.requests import MOST_BYTES
    from trucekeeper.mission import cosigning, keeping

    with opened(mission, None) as found:
        size = cosigning.take(found.journal.store, bytes_of(answer, MOST_BYTES), _known(found, name))
        keeping.publish(found.settings.folder, found.journal)
        print(f"'{name}' cosigned the head of {size:,} entries")


def _known(mission: Mission, name: str) -> Verifier:
    """Return the key of a witness of the mission. Raises Refused."""
    from trucekeeper.terms.faults import suggestion

    keys = {one.key.name: one.key for one in mission.settings.witnesses}
    if name not in keys:
        refuse("WITNESS", f"mission.toml names no witness '{name}'", suggestion(name, keys))
    return keys[name]
