"""`truce log`, `log export`, `prove`, `policy` and `fsck` as an auditor types them, and what each asker is told."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import sqlite3
from contextlib import closing
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pytest

from tests import mission_small as small
from tests.ledger_logs import NORTH as NORTHS_WITNESS
from tests.ledger_logs import entry as strange_entry
from tests.ledger_logs import log as strange_log
from tests.ledger_logs import note as strange_note
from tests.mission_small import CHAIR, LOG, NORTH, OFFICER, ORIGIN, SOUTH, Clock, attack, decision, enter, opened, put
from trucekeeper.journal.sealing import seal
from trucekeeper.journal.store import Entry, Store
from trucekeeper.ledger.checkpoints import Checkpoint
from trucekeeper.ledger.exports import check
from trucekeeper.ledger.notes import Note
from trucekeeper.ledger.policies import Known
from trucekeeper.ledger.tiles import Growth
from trucekeeper.ledger.tree import Head, leaf_hash
from trucekeeper.mission import exporting
from trucekeeper.mission.mission import to_read
from trucekeeper.terms.moments import DAY, HOUR

if TYPE_CHECKING:
    from collections.abc import Callable


Truce: TypeAlias = "Callable[..., tuple[int, str, str]]"
SOUTHS, SEALED, REDACTED = 8, 9, 10


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole") / "mission"
    clock = Clock()
    small.begin(small.settings(folder), clock)
    with opened(folder, clock) as mission:
        enter(mission, CHAIR, decision())
        for name, by in (("hush", SOUTH), ("shut", NORTH), ("gone", NORTH)):
            clock.pass_by(HOUR)
            enter(mission, by, {**attack(name), **({"owner": "south"} if by is SOUTH else {})})
        for entry in (SEALED, REDACTED):
            put(mission, mission.said("seal", {"entry": entry, "why": "secretive"}, by=[OFFICER]))
        clock.pass_by(4 * DAY)
        put(mission, mission.said("redact", {"entry": REDACTED, "why": "it is", "left": {}}, by=[NORTH, SOUTH]))
        mission.folder(None)
    return folder


@pytest.fixture
def mission(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "mission"))


@pytest.fixture
def policy(mission: Path, tmp_path: Path, truce: Truce) -> Path:
    assert truce("policy", mission, "-o", tmp_path / "policy")[0] == 0
    return tmp_path / "policy"


def rows(out: str) -> dict[int, dict[str, str]]:
    return {int(row["entry"]): row for row in csv.DictReader(io.StringIO(out))}


# ---- the log -------------------------------------------------------------------------------------------------------


def test_the_log_shows_its_head_and_its_last_entries(mission: Path, truce: Truce) -> None:
    code, out, err = truce("log", mission, "--tail", "3")

    assert (code, err) == (0, "")
    first, second, *table = out.splitlines()
    assert re.fullmatch(r"valoria\.example/truce: 14 entries, root [A-Za-z0-9+/]{43}=", first)
    assert second == "cosigned by nobody; the policy asks for 0 of 0"
    assert [line.split()[0] for line in table] == ["entry", "11", "12", "13"]
    assert truce("log", "show", mission, "--tail", "3") == (0, out, "")
    assert truce("log", mission, "--tail", "0") == (0, f"{first}\n{second}\n", "")


def test_the_log_shows_who_agreed_to_a_redaction(mission: Path, truce: Truce) -> None:
    row = rows(truce("log", mission, "--csv")[1])[13]

    assert row["kind"] == "redact"
    assert row["signed by"] == "north (delegation_head), south (delegation_head)"
    assert row["about"] == str(REDACTED)
    last = truce("log", mission)[1].rpartition("\n 13 ")[2]
    assert ("redact" in last, "north" in last, "south" in last, f"entry {REDACTED}" in last) == (True,) * 4


@pytest.mark.parametrize("who", ["public", "north", "guarantor", "commission", "protection", "south"])
def test_nobody_learns_from_the_log_what_he_may_not_see(mission: Path, truce: Truce, who: str) -> None:
    found = rows(truce("log", mission, "--audience", who, "--csv")[1])

    hidden = {seq: row for seq, row in found.items() if row["shown"] not in {"whole", "kind"}}
    wanted = {SEALED: "sealed", REDACTED: "redacted", SOUTHS: "sealed to you"}
    assert {seq: row["shown"] for seq, row in hidden.items()} == {
        seq: how for seq, how in wanted.items() if (who, seq) != ("south", SOUTHS)
    }
    for row in hidden.values():
        assert [row[name] for name in ("kind", "signed by", "which", "about")] == ["", "", "", ""]
    for form in ((), ("--json",), ("--csv",)):
        _, out, err = truce("log", mission, "--audience", who, *form)
        said = out + err
        assert ("hush" in said) is (who == "south")
        assert not {"shut", "gone", "secretive"} & set(re.findall(r"[a-z]+", said))


def test_the_log_shows_a_fact_to_whom_it_is_released_by_its_id_and_kind(mission: Path, truce: Truce) -> None:
    shown = rows(truce("log", mission, "--audience", "south", "--csv")[1])[SOUTHS]

    assert (shown["kind"], shown["which"], shown["signed by"]) == ("fact", "hush shelling", "south (delegation_head)")


def test_the_log_is_shown_by_the_delegation_of_a_key(mission: Path, tmp_path: Path, truce: Truce) -> None:
    public = NORTH.public.raw
    from trucekeeper.ledger.lines import base64  # noqa: PLC0415

    key = tmp_path / "north.pem"
    key.write_text(f"Name: north.example\nPublic-Key: {base64(public)}\n")
    assert rows(truce("log", mission, "--key", key, "--csv")[1])[SOUTHS]["shown"] == "sealed to you"
    key.write_text(f"Name: south.example\nPublic-Key: {base64(SOUTH.public.raw)}\n")
    assert rows(truce("log", "--key", key, mission, "--csv")[1])[SOUTHS]["which"] == "hush shelling"
    code, _, err = truce("log", mission, "--audience", "nobody")
    assert (code, "is no delegation of the mission" in err) == (2, True)


def test_the_log_says_who_cosigned_its_head(mission: Path, truce: Truce) -> None:
    witnessed(mission, cosigned=False)
    code, out, _ = truce("log", mission, "--json")
    said = json.loads(out)
    assert (code, said["size"], said["cosigned by"]) == (0, 14, [])
    assert "missing are north.example" in said["not trusted because"]
    assert "cosigned by nobody; not trusted yet" in truce("log", mission)[1]

    witnessed(mission, cosigned=True)
    assert "cosigned by north.example; the policy asks for 1 of 1" in truce("log", mission)[1]


def witnessed(mission: Path, *, cosigned: bool) -> None:
    """Have the mission ask for one witness, who has cosigned its head or not."""
    said = small.settings(mission, witnesses=(Known(NORTHS_WITNESS.verifier),), quorum=1)
    (mission / "mission.toml").write_text(str(said))
    store = Store.in_folder(mission)
    head = Note.read(store.head() or b"")
    if cosigned:
        store.cosign(14, bytes(head.signed(NORTHS_WITNESS.sign(head.text, time=1_924_992_000))))
    store.close()


def test_a_log_that_was_tampered_with_is_not_shown_but_sent_to_fsck(mission: Path, truce: Truce) -> None:
    with closing(sqlite3.connect(mission / "record.db")) as connection:
        connection.execute("UPDATE entries SET data = zeroblob(400) WHERE seq = 12")
        connection.commit()

    code, out, err = truce("log", mission)
    assert (code, "entry 12" in err, "truce fsck" in err) == (2, True, True)
    code, out, _ = truce("fsck", mission)
    assert (code, "entry 12: the stored bytes are not those that were sealed" in out) == (1, True)
    assert {"where": "entry 12", "entry": 12}.items() <= json.loads(truce("fsck", mission, "--json")[1])["flaws"][
        0
    ].items()


def test_fsck_of_a_whole_mission_is_clean(mission: Path, truce: Truce) -> None:
    assert truce("fsck", mission) == (0, "read again: 14 entries, 9 heads, 2 originals\nclean\n", "")
    assert truce("fsck", mission.parent / "none")[0] == 2


# ---- proofs --------------------------------------------------------------------------------------------------------


def test_every_entry_is_proven_to_anybody(
    mission: Path, truce: Truce, policy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(policy.parent)
    for seq in range(14):
        assert truce("prove", mission, seq) == (0, f"{seq}.tlog-proof\n{seq}.entry\n", "")
        code, out, _ = truce("verify", f"{seq}.tlog-proof", "--policy", policy)
        assert (code, out.splitlines()[-1]) == (0, "verified")
    code, _, err = truce("prove", mission, 14)
    assert (code, "there is no entry 14: the record has 14" in err) == (2, True)


def test_a_statement_is_opened_to_whom_it_is_released_and_holds_against_its_leaf(
    mission: Path, tmp_path: Path, truce: Truce, policy: Path
) -> None:
    proof = tmp_path / "p.tlog-proof"
    code, out, _ = truce("prove", mission, SOUTHS, "--open", "--audience", "south", "-o", proof)
    assert (code, [Path(line).name for line in out.splitlines()]) == (
        0,
        ["p.tlog-proof", "p.entry", "p.statement", "p.salt"],
    )
    code, out, _ = truce("verify", proof, "--policy", policy)
    assert (code, "the entry commits to p.statement: 'fact' of valoria.example/truce" in out) == (0, True)

    for name in ("p.statement", "p.salt"):
        before = (tmp_path / name).read_bytes()
        for spoilt in (
            before[:-9] + (b"B" if before[-9:-8] == b"A" else b"A") + before[-8:],
            before[:-1],
            b"",
            before + b"\n",
        ):
            (tmp_path / name).write_bytes(spoilt)
            code, out, _ = truce("verify", proof, "--policy", policy)
            assert (code, out.splitlines()[-1], "p.statement" in out) == (1, "NOT VERIFIED", True), spoilt
        (tmp_path / name).write_bytes(before)
    (tmp_path / "p.salt").unlink()
    assert truce("verify", proof, "--policy", policy)[0] == 2


def test_what_opens_an_entry_gives_nothing_that_opens_the_vault(mission: Path, tmp_path: Path, truce: Truce) -> None:
    truce("prove", mission, SOUTHS, "--open", "--audience", "south", "-o", tmp_path / "p")
    with closing(sqlite3.connect(mission / "vault.db")) as connection:
        secrets = [bytes(row[0]) for row in connection.execute("SELECT secret FROM secrets")]

    given = b"".join((tmp_path / name).read_bytes() for name in ("p", "p.entry", "p.statement", "p.salt"))
    from base64 import b64encode  # noqa: PLC0415

    assert not [one for one in secrets if one in given or b64encode(one) in given or one.hex().encode() in given]


@pytest.mark.parametrize(
    ("seq", "why"),
    [
        (SOUTHS, "entry 8 is not for 'north'"),
        (SEALED, "entry 9 is sealed"),
        (REDACTED, "entry 10 was redacted"),
    ],
)
def test_nobody_opens_what_he_may_not_see(mission: Path, truce: Truce, seq: int, why: str) -> None:
    path = mission.parent / "p"
    code, out, err = truce("prove", mission, seq, "--open", "--audience", "north", "-o", path)

    assert (code, out, why in err, path.exists()) == (2, "", True, False)


def test_a_policy_is_written_with_the_word_that_it_travels_apart(mission: Path, tmp_path: Path, truce: Truce) -> None:
    code, out, err = truce("policy", mission, "-o", tmp_path / "policy")

    assert (code, "by another way than the record" in out, "no witness need cosign" in err) == (0, True, True)
    assert (
        truce("policy", mission)[1] == (tmp_path / "policy").read_text() == f"log {LOG.verifier.vkey}\nquorum none\n"
    )


# ---- the log as a folder -------------------------------------------------------------------------------------------


def test_an_exported_mission_is_verified_and_added_to(
    mission: Path, tmp_path: Path, truce: Truce, policy: Path
) -> None:
    folder = tmp_path / "log"
    code, out, _ = truce("log", "export", mission, folder, "--every", "4", "--entry", "9", "--entry", "2")
    assert (code, out.splitlines()[-1]) == (0, "13 files written; heads of 7, 8, 12, 14 entries")
    code, out, _ = truce("verify", folder, "--policy", policy)
    assert (code, "checked: 14 entries, 3 earlier heads, 2 proofs\nverified\n" in out) == (0, True)
    before = {one.name: one.stat().st_mtime_ns for one in folder.rglob("*") if one.is_file()}

    assert "\n0 files written" in truce("log", "export", mission, folder)[1]
    with opened(mission, Clock(small.BEGUN + 9 * DAY)) as found:
        enter(found, SOUTH, *(attack(f"n{n}") for n in range(300)))
    code, out, _ = truce("log", "export", mission, folder)
    assert (code, "heads of 7, 8, 12, 14, 314 entries" in out) == (0, True)
    after = {one.name: one.stat().st_mtime_ns for one in folder.rglob("*") if one.is_file()}
    assert {name for name in before if after[name] != before[name]} == {"checkpoint"}
    assert {"checkpoint.14", "consistency.14.314"} <= set(after)
    code, out, _ = truce("verify", folder, "--policy", policy)
    assert (code, "checked: 314 entries, 4 earlier heads, 2 proofs" in out) == (0, True)


def test_a_folder_of_another_log_or_another_history_is_not_added_to(
    mission: Path, tmp_path: Path, truce: Truce
) -> None:
    folder = tmp_path / "log"
    folder.mkdir()
    (folder / "mine.txt").write_text("mine")
    other = tmp_path / "other"
    other.mkdir()
    (other / "checkpoint").write_bytes(bytes(strange_note(strange_log(3).head, NORTHS_WITNESS)))
    forked = tmp_path / "forked"
    truce("log", "export", mission, forked)
    text = Checkpoint(ORIGIN, Head(7, leaf_hash(strange_entry(1)))).text
    (forked / "checkpoint").write_bytes(bytes(Note(text, (LOG.sign(text),))))
    ahead = tmp_path / "ahead"
    truce("log", "export", mission, ahead)
    text = Checkpoint(ORIGIN, Head(70, leaf_hash(strange_entry(1)))).text
    (ahead / "checkpoint").write_bytes(bytes(Note(text, (LOG.sign(text),))))

    for path, why in (
        (folder, "it is not empty, and holds no export: it has mine.txt"),
        (other, "it holds an export of another log, 'example.com/truce'"),
        (forked, "its checkpoint is of another history of 7 entries"),
        (ahead, "its checkpoint is of 70 entries, and the record has 14"),
        (mission / "log", "it would lie in the mission"),
    ):
        names = sorted(one.name for one in path.rglob("*"))
        code, out, err = truce("log", "export", mission, path)
        assert (code, out, why in err) == (2, "", True), err
        assert sorted(one.name for one in path.rglob("*")) == names


# ---- many entries --------------------------------------------------------------------------------------------------

SIZE = 70_000
GROUP = 10_000


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a mission whose record has so many entries, which nobody signed: only what strangers check is true."""
    folder = tmp_path_factory.mktemp("large") / "mission"
    folder.mkdir()
    (folder / "mission.toml").write_text(str(small.settings(folder)))
    store, growth = Store.in_folder(folder), Growth()
    fence = store.take_over()
    for start in range(0, SIZE, GROUP):
        entries = [
            Entry(seq, seq, sha256(b"%d" % seq).digest(), seal(b"%d" % seq, os.urandom)[0])
            for seq in range(start, start + GROUP)
        ]
        with store.group(fence) as group:
            for leaf in group.add(entries):
                growth.add(leaf_hash(leaf))
            group.grow([*growth.full(), *growth.partial()])
            text = Checkpoint(ORIGIN, Head(growth.size, growth.root)).text
            group.sign(growth.size, start, bytes(Note(text, (LOG.sign(text),))))
    store.close()
    return folder


class StoppedError(Exception):
    """Somebody pulled the plug."""


def test_an_export_that_was_stopped_goes_on_and_others_read_it(large: Path, tmp_path: Path) -> None:
    folder = tmp_path / "log"

    def stop(done: int, whole: int) -> None:
        if done > whole // 2:
            raise StoppedError

    with to_read(large, clock=Clock()) as mission:
        with pytest.raises(StoppedError):
            exporting.export(mission, folder, told=stop)
        assert not (folder / "checkpoint").exists()
        first = folder / "tile" / "entries" / "000"
        before, heard = first.stat().st_mtime_ns, list[tuple[int, int]]()
        done = exporting.export(
            mission, folder, every=20_000, entries=(0, 69_999), told=lambda *one: heard.append(one)
        )
        assert done.heads == (20_000, 40_000, 60_000, SIZE)
        assert (first.stat().st_mtime_ns, heard[-1], (folder / "export.head").exists()) == (
            before,
            (SIZE, SIZE),
            False,
        )
        found = check(folder, mission.settings.policy)
    assert (found.flaws, found.entries, found.earlier, found.proofs) == ([], SIZE, 3, 2)
    read_by_others(folder, done.head.checkpoint.head)


def read_by_others(folder: Path, head: Head) -> None:
    """Hold that a program that others wrote reads the same log there."""
    pytest.importorskip("tlog_scales", reason="it comes with the extra `test`")
    from tlog_scales import signing  # noqa: PLC0415
    from tlog_scales.backend import LocalBackend  # noqa: PLC0415
    from tlog_scales.reader import TilesReader  # noqa: PLC0415

    reader = TilesReader(LocalBackend(folder))
    reader.get_checkpoint().verify(signing.Vkey.from_string(LOG.verifier.vkey))
    assert reader.calculate_root_hash() == head.root
    for seq in (0, 69_999):
        assert reader.get_entry(seq) == (folder / f"{seq}.entry").read_bytes()
    for first, second in pairwise((20_000, 40_000, 60_000, SIZE)):
        old = Checkpoint.read((folder / f"checkpoint.{first}").read_bytes())[0].head
        new = Checkpoint.read((folder / (f"checkpoint.{second}" if second < SIZE else "checkpoint")).read_bytes())[
            0
        ].head
        reader.get_consistency_proof(first, second).check(old.root, new.root)


# ---- the page ------------------------------------------------------------------------------------------------------

ROOT = Path(__file__).resolve().parents[2]


def test_every_message_that_the_handbook_shows_is_one_that_is_given() -> None:
    page = (ROOT / "handbook" / "record.md").read_text(encoding="utf-8")
    code = "\n".join(one.read_text(encoding="utf-8") for one in sorted((ROOT / "src").rglob("*.py")))
    rows_ = page.partition("| tampering |")[2].splitlines()[2:]
    shown = [one for row in rows_ if row for one in re.findall(r"`([^`]+)`", row.split("|")[3])]

    def parts(message: str) -> list[str]:
        """Return the words of a message between what it has of the one case."""
        said = re.sub(
            r"^(entry 17|record\.db): |tile/0/000 has|entry 17|'valoria[^']*'|the original [0-9a-f.]+|\.\.\.",
            "\0",
            message,
        )
        return [word.strip(" ;") for word in said.split("\0") if word.strip(" ;")]

    assert len(shown) > 15
    assert [one for message in shown for one in parts(message) if one not in code] == []


def test_every_command_that_the_handbook_shows_is_one(truce: Truce) -> None:
    page = (ROOT / "handbook" / "record.md").read_text(encoding="utf-8")
    typed = re.findall(r"^ +truce ([a-z ]+?) (?=[A-Z0-9-]|valoria|older)(.*)$", page, re.MULTILINE)

    assert {verb for verb, _ in typed} >= {"policy", "log", "prove", "verify", "log export", "fsck", "fork"}
    for verb, words in typed:
        code, out, _ = truce(*(["log", "show"] if verb == "log" else verb.split()), "--help")
        assert (code, [one for one in re.findall(r"--[a-z-]+", words) if one not in out]) == (0, []), verb


def test_a_mission_of_an_earlier_version_is_clean(tmp_path: Path, truce: Truce) -> None:
    golden = shutil.copytree(ROOT / "tests" / "golden" / "first", tmp_path / "first")

    assert truce("fsck", golden)[0] == 0
