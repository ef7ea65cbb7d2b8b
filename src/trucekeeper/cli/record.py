"""`truce key`, `witness`, `verify` and `fork`: what a delegation needs to hold a record to its word, offline."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trucekeeper.cli.files import PassphraseFile, asking, bytes_of, policy_in, refuse, write

if TYPE_CHECKING:
    from trucekeeper.ledger.forks import Fork
    from trucekeeper.ledger.notes import Note, Signer, Verifier
    from trucekeeper.ledger.policies import Policy
    from trucekeeper.ledger.witness import Witness

key = typer.Typer(help="Make a key, or show what is public of one.", no_args_is_help=True)
witness = typer.Typer(help="Check and countersign the heads of a log.", no_args_is_help=True)

KeyPath = Annotated[Path, typer.Argument(metavar="PATH", help="The key file")]
PolicyFile = Annotated[Path, typer.Option("--policy", help="Whose signatures count; never from what is verified")]
WitnessKey = Annotated[Path, typer.Option("--key", help="The witness's key file")]
Database = Annotated[Path, typer.Option("--db", help="The witness's memory, one small file")]
LogKeys = Annotated[list[str], typer.Option("--log", metavar="VKEY", help="A log to be watched (repeatable)")]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file")]


# ---- keys ----------------------------------------------------------------------------------------------------------


@key.command("new")
def new_key(
    path: KeyPath,
    *,
    name: Annotated[str, typer.Option("--name", help="What signatures will be known by, such as north.example")],
    passphrase_file: PassphraseFile = None,
    no_passphrase: Annotated[bool, typer.Option("--no-passphrase", help="Leave the key open on the disk")] = False,
) -> None:
    """Make a key of your own."""
    from trucekeeper.mission import key_files

    passphrase = None
    if no_passphrase:
        print(f"warning: whoever can read {path} can sign in this name", file=sys.stderr)
    else:
        passphrase = asking(path, passphrase_file, twice=True)()
    key_files.new_key(path, name, passphrase)
    show_key(path)


@key.command("show")
def show_key(path: KeyPath) -> None:
    """Show what is public of a key: give this to others."""
    from hashlib import sha256

    from trucekeeper.ledger.lines import base64
    from trucekeeper.mission import key_files

    found = key_files.read_public(path)
    rows = {
        "name": found.name,
        "id": sha256(found.public).hexdigest(),
        "public key": base64(found.public),
        "as a log": found.log.vkey,
        "as a witness": found.witness.vkey,
    }
    for what, value in rows.items():
        print(f"{what:<13}{value}")


# ---- the witness ---------------------------------------------------------------------------------------------------


@witness.command("serve")
def serve(
    *,
    key: WitnessKey,
    db: Database,
    log: LogKeys,
    at: Annotated[str, typer.Option("--at", metavar="HOST:PORT", help="Where to listen")] = "127.0.0.1:8086",
    passphrase_file: PassphraseFile = None,
) -> None:
    """Answer logs that ask for a cosignature (C2SP tlog-witness), until stopped."""
    from contextlib import suppress

    from trucekeeper.ledger.witness import Server

    host, _, port = at.rpartition(":")
    if not host or not port.isdigit() or int(port) >= 1 << 16:
        refuse("--at", f"'{at}' is no address", "such as 127.0.0.1:8086")
    found = _witness(db, _signer(key, passphrase_file), log)
    try:
        server = Server.at((host, int(port)), found)
    except OSError as error:
        refuse("--at", f"nobody can listen at {at}: {error.strerror}", "name another port")
    print(f"{found.signer.verifier.vkey} at http://{host}:{server.server_address[1]}", flush=True)
    with suppress(KeyboardInterrupt):
        server.serve_forever()
    server.server_close()


@witness.command("sign")
def sign(
    request: Annotated[Path, typer.Argument(metavar="REQUEST", help="The bytes that a log would have sent")],
    *,
    key: WitnessKey,
    db: Database,
    log: LogKeys,
    output: Output = None,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Answer one request from a file: the same bytes, carried by hand."""
    from http import HTTPStatus

    from trucekeeper.ledger.requests import MOST_BYTES

    data = bytes_of(request, MOST_BYTES)
    answer = _witness(db, _signer(key, passphrase_file), log).answer(data)
    said = answer.body.decode()
    if answer.status == HTTPStatus.CONFLICT:
        refuse(request, f"it does not go on from where this witness stands, which is {said.strip()} entries", "")
    if answer.status != HTTPStatus.OK:
        refuse(request, said.strip(), "nothing was cosigned; if the log was forked, the request is kept as evidence")
    write(output, answer.body)


@witness.command("status")
def status(*, db: Database) -> None:
    """Show the last head of each log that was cosigned, and what was refused."""
    from trucekeeper.ledger.lines import base64
    from trucekeeper.ledger.witness import seen_in

    if not db.is_file():
        refuse(db, "no witness keeps its memory here", "name the file that `serve` or `sign` was given")
    seen, refused = seen_in(db)
    for origin, one in seen.items():
        print(f"{origin}  {one.head.size:,} entries  {base64(one.head.root)}")
    for at, origin, why, _ in refused:
        print(f"refused at {at}: {origin}: {why}")
    raise typer.Exit(1 if refused else 0)


def _witness(db: Path, signer: Signer, logs: list[str]) -> Witness:
    import time

    from trucekeeper.ledger.lines import MalformedError
    from trucekeeper.ledger.notes import SIGNS, Verifier
    from trucekeeper.ledger.witness import Witness

    keys: list[Verifier] = []
    for one in logs:
        try:
            keys.append(Verifier.read(one))
        except MalformedError as error:
            refuse("--log", error.wrong, "copy the line 'as a log' of `truce key show`")
        if keys[-1].type != SIGNS:
            refuse("--log", f"'{keys[-1].name}' is the key of a witness", "copy the line 'as a log'")
    return Witness.open(db, signer, keys, clock=time.time)


def _signer(path: Path, passphrase_file: Path | None) -> Signer:
    from trucekeeper.ledger.notes import COSIGNS
    from trucekeeper.mission import key_files

    return key_files.read_signer(path, COSIGNS, asking(path, passphrase_file))


# ---- verifying -----------------------------------------------------------------------------------------------------


def verify(
    what: Annotated[Path, typer.Argument(metavar="PROOF|DIR", help="A .tlog-proof file, or an exported log")],
    *,
    policy: PolicyFile,
    entry: Annotated[Path | None, typer.Option("--entry", help="The entry of a proof; default: beside it")] = None,
) -> None:
    """Check a proof, or every byte of an exported log, without asking anybody."""
    if what.is_dir():
        if policy.resolve().is_relative_to(what.resolve()):
            refuse(policy, "it lies in what it is to verify", "take the policy from somebody whom you trust")
        _verify_log(what, policy_in(policy))
    else:
        _verify_proof(what, entry or what.with_suffix(".entry"), policy_in(policy))


def _verify_log(folder: Path, policy: Policy) -> None:
    from trucekeeper.cli.progress import progress
    from trucekeeper.ledger.exports import check
    from trucekeeper.ledger.lines import base64
    from trucekeeper.terms.texts import fit

    with progress("checking entries") as told:
        found = check(folder, policy, told)
    if found.checkpoint is not None:
        head = found.checkpoint.head
        print(f"{fit(found.checkpoint.origin)}: {head.size:,} entries, root {base64(head.root)}")
        print(f"cosigned by {', '.join(found.cosigners) or 'nobody'}; the policy asks for '{policy.quorum}'")
        print(f"checked: {found.entries:,} entries, {found.earlier} earlier heads, {found.proofs} proofs")
    for flaw in found.flaws:
        print(fit(f"{flaw.file}: {flaw.wrong}"))
    print("NOT VERIFIED" if found.flaws else "verified")
    raise typer.Exit(1 if found.flaws else 0)


def _verify_proof(proof: Path, entry: Path, policy: Policy) -> None:
    from trucekeeper.ledger.lines import MalformedError, base64
    from trucekeeper.ledger.notes import UntrustedError
    from trucekeeper.ledger.proofs import MOST_BYTES, Proof
    from trucekeeper.ledger.tiles import LONGEST_ENTRY
    from trucekeeper.ledger.tree import ProofRejectedError, leaf_hash
    from trucekeeper.terms.texts import fit

    data, leaf = bytes_of(proof, MOST_BYTES), leaf_hash(bytes_of(entry, LONGEST_ENTRY))
    try:
        read = Proof.read(data)
        found = read.check(leaf, policy)
    except (MalformedError, UntrustedError, ProofRejectedError) as error:
        print(fit(f"{proof}: {error}"), "NOT VERIFIED", sep="\n")
        raise typer.Exit(1) from None
    print(
        fit(f"entry {read.index} is in {found.origin} of {found.head.size:,} entries, root {base64(found.head.root)}")
    )
    print(f"cosigned by {', '.join(policy.cosigners(read.note)) or 'nobody'}")
    _verify_statement(proof.with_suffix(".statement"), proof.with_suffix(".salt"), entry)
    print("verified")


def _verify_statement(statement: Path, salt: Path, entry: Path) -> None:
    """Say what was said, if it lies beside the proof and is what the entry commits to."""
    from trucekeeper.journal.canonical import NotCanonicalError
    from trucekeeper.journal.envelopes import Envelope
    from trucekeeper.journal.sealing import MOST_SALT, leaf_under, read_salt
    from trucekeeper.journal.statements import NotAStatementError, Statement
    from trucekeeper.ledger.lines import MalformedError
    from trucekeeper.ledger.tiles import LONGEST_ENTRY
    from trucekeeper.terms.texts import fit

    if not statement.is_file():
        return
    data = bytes_of(statement, 2 * LONGEST_ENTRY)
    try:
        fits = leaf_under(data, read_salt(bytes_of(salt, MOST_SALT))) == bytes_of(entry, LONGEST_ENTRY)
        envelope = Envelope.read(data)
        said = Statement.read(envelope.payload)
    except (MalformedError, NotCanonicalError, NotAStatementError) as error:
        print(fit(f"{statement}: {error}"), "NOT VERIFIED", sep="\n")
        raise typer.Exit(1) from None
    if not fits:
        what = f"{statement}: the entry commits to another statement, or {salt.name} is not its salt"
        print(fit(what), "NOT VERIFIED", sep="\n")
        raise typer.Exit(1)
    print(fit(f"the entry commits to {statement.name}: '{said.kind}' of {said.mission}"))
    print(f"signed with {', '.join(f'key {one[:16]}' for one in envelope.signatures)}: not checked here")


def fork(
    one: Annotated[Path, typer.Argument(metavar="A", help="A checkpoint, an exported log, or a proof of a fork")],
    other: Annotated[Path | None, typer.Argument(metavar="B", help="Another checkpoint or exported log")] = None,
    *,
    policy: PolicyFile,
    output: Output = None,
) -> None:
    """Say whether two heads of one log can both be true; if not, write the proof of it."""
    from trucekeeper.ledger.lines import MalformedError
    from trucekeeper.ledger.notes import UntrustedError
    from trucekeeper.ledger.tree import ProofRejectedError

    keys = [log.key for log in policy_in(policy).logs]
    try:
        found = _fork(one, other)
        if found is not None:
            heads = found.check(keys)
    except (MalformedError, UntrustedError, ProofRejectedError, LookupError) as error:
        refuse(one, str(error), "name two signed heads of one log, and the folder of the larger")
    if found is None:
        print("no fork: the larger grew from the smaller")
        return
    first, second = heads
    print(f"FORKED: {first.origin} signed a head of {first.head.size:,} entries and one of {second.head.size:,}")
    print("that cannot both be true: whoever holds its key rewrote the record")
    if output is not None:
        write(output, bytes(found))
    raise typer.Exit(1)


def _fork(one: Path, other: Path | None) -> Fork | None:
    from trucekeeper.ledger.checkpoints import Checkpoint
    from trucekeeper.ledger.exports import Folder
    from trucekeeper.ledger.forks import MOST_BYTES, Fork, fork_of
    from trucekeeper.ledger.tiles import TileNodes

    if other is None:
        return Fork.read(bytes_of(one, MOST_BYTES))
    notes = sorted(((_head(path), path) for path in (one, other)), key=lambda read: Checkpoint.of(read[0]).head.size)
    (smaller, _), (larger, folder) = notes
    heads = [Checkpoint.of(note).head for note in (smaller, larger)]
    if heads[0].size == heads[1].size:
        return None if heads[0].root == heads[1].root else Fork(smaller, larger, heads[1].root, ())
    if not folder.is_dir():
        raise LookupError(
            f"only the tiles of the larger, {heads[1].size:,} entries, show whether it grew from the other"
        )
    return fork_of(smaller, larger, TileNodes(Folder(folder), heads[1].size))


def _head(path: Path) -> Note:
    from trucekeeper.ledger.exports import CHECKPOINT
    from trucekeeper.ledger.notes import MOST_BYTES, Note

    return Note.read(bytes_of(path / CHECKPOINT if path.is_dir() else path, MOST_BYTES))
