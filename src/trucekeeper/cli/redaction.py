"""`truce seal`, `object` and `redact`: what nobody is shown any more, and what nobody can read any more."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from trucekeeper.cli.files import LAST, MissionPath, Number, PassphraseFile
from trucekeeper.cli.missions import By, ByOne, opened, private

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trucekeeper.mission.mission import Mission, Receipt

Numbers = Annotated[list[int], typer.Argument(metavar="N...", min=0, max=LAST, help="The numbers of entries")]
# Unlike elsewhere it has no default: whoever hides something says why.
Because = Annotated[str, typer.Option("--why", help="The reason, which stays on record for all; name nobody in it")]


def seal(
    mission: MissionPath, entries: Numbers, *, why: Because, by: ByOne, passphrase_file: PassphraseFile = None
) -> None:
    """Seal entries: from now on nobody is shown them. A protection officer's act, to be followed by a redaction."""
    from trucekeeper.mission import redaction
    from trucekeeper.terms.moments import write_moment

    with opened(mission, passphrase_file) as found:
        key = private(by, passphrase_file)
        said = [found.said(redaction.SEAL, {"entry": one, "why": why}, by=[key]) for one in entries]
        for one, receipt in _put(found, entries, said):
            print(f"entry {receipt.seq}: entry {one} is sealed, and shown to nobody")
            last = redaction.until(found, one)
            if last is not None:
                print(f"  until {write_moment(last)} any delegation may object: truce object {mission} {one}")
            _tell_of_revisions(found, one)


def object_to(
    mission: MissionPath, entry: Number, *, why: Because, by: ByOne, passphrase_file: PassphraseFile = None
) -> None:
    """Object to the redaction of a sealed entry: it is then redacted only if you sign that too."""
    from trucekeeper.mission import redaction

    with opened(mission, passphrase_file) as found:
        said = found.said(redaction.OBJECT, {"entry": entry, "why": why}, by=[private(by, passphrase_file)])
        for one, receipt in _put(found, [entry], [said]):
            print(f"entry {receipt.seq}: entry {one} is redacted only with your signature")


def redact(
    mission: MissionPath,
    entries: Numbers,
    *,
    why: Because,
    by: By,
    leave: Annotated[
        str, typer.Option("--leave", metavar="COLUMNS", help="What stays known of a fact, with commas between")
    ] = "id,rev,kind,learned_at",
    passphrase_file: PassphraseFile = None,
) -> None:
    """Redact sealed entries for ever: two delegations sign. Every proof stays true; nobody can read the words."""
    import json

    from trucekeeper.mission import redaction
    from trucekeeper.terms.texts import fit

    with opened(mission, passphrase_file) as found:
        keys = [private(one, passphrase_file) for one in by]
        columns = [one.strip() for one in leave.split(",") if one.strip()]
        new = {one: redaction.redaction(found, one, why, columns) for one in dict.fromkeys(entries)}
        said = [found.said(redaction.REDACT, one.body, by=keys, label=one.label) for one in new.values()]
        shown = {one: redaction.revisions_shown(found, one) for one in new}
        for one, receipt in _put(found, list(new), said):
            gone, kept = new[one].body.get("evidence", []), new[one].kept
            print(f"entry {receipt.seq}: entry {one} is redacted, and nobody can read it any more")
            print(fit(f"  left of it: {json.dumps(new[one].body['left'], ensure_ascii=False)}"))
            if isinstance(gone, list) and gone:
                print(f"  originals destroyed with it: {len(gone)}")
            if kept:
                print(f"  originals that stay, because other entries name them: {kept}")
            _tell_of_revisions(found, one, shown[one])
        print("backups made before still have it until their vaults are destroyed: see handbook/redaction.md")


def _tell_of_revisions(mission: Mission, entry: int, shown: list[int] | None = None) -> None:
    from trucekeeper.mission import redaction

    others = redaction.revisions_shown(mission, entry) if shown is None else shown
    if others:
        print(f"  other revisions of it are still shown, and may say the same: {' '.join(map(str, others))}")


def _put(mission: Mission, entries: list[int], envelopes: list[bytes]) -> Iterator[tuple[int, Receipt]]:
    """Put statements on record that are each about one entry, and yield those; exit 2 if one was refused."""
    receipts = list(zip(entries, mission.enter(envelopes), strict=True))
    yield from ((one, receipt) for one, receipt in receipts if receipt.refused is None)
    refused = [(one, receipt.refused) for one, receipt in receipts if receipt.refused is not None]
    for one, why in refused:
        print(f"entry {one}: refused: {why}", file=sys.stderr)
    if refused:
        raise typer.Exit(2)
