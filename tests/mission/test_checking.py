"""Reading a mission again finds whatever was changed, and names the entry; of one that is whole it says nothing."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests import mission_small as small
from tests.mission_small import CHAIR, NORTH, OFFICER, ROOT, SOUTH, Clock, attack, decision, enter, opened, put
from trucekeeper.journal.evidence import MissingError
from trucekeeper.mission.checking import Checked, check
from trucekeeper.terms.moments import DAY, HOUR

if TYPE_CHECKING:
    from collections.abc import Callable

FACTS, SEALED, REDACTED, TEXT = (8, 9, 10), 11, 12, 13


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a mission with facts, a text, a seal, a redaction, and projections."""
    folder = tmp_path_factory.mktemp("whole") / "mission"
    clock = Clock()
    small.begin(small.settings(folder), clock)
    with opened(folder, clock) as mission:
        for rows, by in (
            ([decision()], CHAIR),
            ([attack("a1")], SOUTH),
            ([attack("a2", owner="south")], SOUTH),
            ([attack("a1", rev=2, op="retract")], SOUTH),
            ([attack("a4")], NORTH),
            ([attack("a5")], NORTH),
        ):
            clock.pass_by(HOUR)
            enter(mission, by, *rows)
        clock.pass_by(HOUR)
        kept = mission.evidence.keep(b"text")
        said = {"name": "protocol", "language": "en", "file": "protocol.en.txt", "bytes": 4, "sha256": kept}
        put(mission, mission.said("text", said, by=[ROOT]))  # type: ignore[arg-type]
        clock.pass_by(HOUR)
        for entry in (SEALED, REDACTED):
            put(mission, mission.said("seal", {"entry": entry, "why": "a name"}, by=[OFFICER]))
        clock.pass_by(4 * DAY)
        put(mission, mission.said("redact", {"entry": REDACTED, "why": "a name", "left": {}}, by=[NORTH, SOUTH]))
        clock.pass_by(HOUR)
        enter(mission, NORTH, attack("a6"))
        mission.folder(None)
    return folder


@pytest.fixture
def mission(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "mission"))


def sql(mission: Path, words: str, *values: object, file: str = "record.db") -> None:
    with closing(sqlite3.connect(mission / file)) as connection:
        connection.execute(words, values)
        connection.commit()


def flaws(mission: Path) -> list[str]:
    return [str(one) for one in check(mission).flaws]


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(one.relative_to(folder)): sha256(one.read_bytes()).digest() for one in folder.rglob("*") if one.is_file()
    }


def test_a_whole_mission_has_no_flaw_and_is_left_as_it_is(mission: Path) -> None:
    before, heard = contents(mission), list[tuple[int, int]]()
    found = check(mission, lambda done, size: heard.append((done, size)))

    assert found == Checked(entries=18, heads=13, originals=3, flaws=[], notes=[])
    assert heard == [(18, 18)]
    assert contents(mission) == before


@pytest.mark.parametrize("column", ["leaf", "data", "digest"])
@pytest.mark.parametrize("entry", [0, 2, 8, SEALED, 17])
def test_a_changed_byte_of_an_entry_is_found_by_its_number(mission: Path, column: str, entry: int) -> None:
    with closing(sqlite3.connect(mission / "record.db")) as connection:
        (value,) = connection.execute(f"SELECT {column} FROM entries WHERE seq = ?", [entry]).fetchone()  # noqa: S608
    for spoilt in (value[:9] + bytes([value[9] ^ 1]) + value[10:], value[:-1], value + b"x", b""):
        sql(mission, f"UPDATE entries SET {column} = ? WHERE seq = ?", spoilt, entry)  # noqa: S608

        assert entry in {one.entry for one in check(mission).flaws}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("DELETE FROM entries WHERE seq = 9", "entry 9: it is missing"),
        ("DELETE FROM entries WHERE seq = 17", "entry 17: it is missing"),
        ("UPDATE entries SET seq = -1 WHERE seq = 9", "entry -1: no entry has such a number"),
        ("UPDATE entries SET at = at + 1 WHERE seq = 9", "entry 9: it was integrated at"),
        ("UPDATE entries SET at = 5 WHERE seq = 9", "entry 9: it was integrated at 5, before the one before it"),
        ("UPDATE entries SET governs = 0 WHERE seq = 1", "entry 1: 'agreement' is marked as not governing"),
        ("UPDATE entries SET governs = 1 WHERE seq = 8", "entry 8: 'fact' is marked as governing"),
        ("UPDATE entries SET governs = 2 WHERE seq = 1", "record.db: entries, row 1: 'governs' is of another sort"),
        ("UPDATE entries SET leaf = 'x' WHERE seq = 9", "record.db: entries, row 9: 'leaf' is of another sort"),
        ("UPDATE entries SET seq = 99 WHERE seq = 17", "entry 17: it is missing"),
        ("DROP TABLE tiles", "record.db: the table 'tiles' is gone"),
        ("DELETE FROM tiles", "tile/0/000.p/18: the tile is missing, or cut off"),
        ("UPDATE tiles SET hashes = substr(hashes, 1, 300)", "tile/0/000.p/18: the tile is missing, or cut off"),
        ("UPDATE tiles SET hashes = CAST(hashes || x'00' AS BLOB)", "tile 0 of level 0: it has 577 bytes, more than"),
        ("UPDATE tiles SET hashes = zeroblob(576)", "entry 0: its leaf is not what tile/0/000.p/18 has"),
        ("UPDATE tiles SET number = 7", "tile 7 of level 0: it has 576 bytes, more than entries make"),
        ("INSERT INTO tiles VALUES (3, 0, x'00')", "tile 0 of level 3: it has 1 bytes, more than entries make"),
        ("DELETE FROM heads WHERE size = 10", "entry 9: it was integrated at"),
        ("DELETE FROM heads WHERE size = 18", "entry 17: it is under no head"),
        ("DELETE FROM heads", "heads: there are 18 entries, and no head"),
        ("UPDATE heads SET at = at + 1 WHERE size = 10", "entry 9: it was integrated at"),
        ("UPDATE heads SET note = substr(note, 1, 40) WHERE size = 10", "the head of 10: the note"),
        ("UPDATE heads SET note = substr(note, 1, 40) WHERE size = 18", "the head of 18: the note"),
        ("UPDATE heads SET note = x'00' WHERE size = 10", "the head of 10: the note"),
        (
            "UPDATE heads SET note = (SELECT note FROM heads WHERE size = 9) WHERE size = 10",
            "the head of 10: it says 'valoria.example/truce' and 9 entries",
        ),
        ("INSERT INTO inbox SELECT 1, x'00', leaf, data FROM entries WHERE seq = 9", "inbox: 1 statements wait"),
    ],
)
def test_what_was_changed_in_the_record_is_named(mission: Path, words: str, said: str) -> None:
    sql(mission, words)

    assert any(one.startswith(said) for one in flaws(mission)), flaws(mission)


@pytest.mark.parametrize("size", [8, 10, 18])
def test_each_changed_byte_of_a_head_is_found(mission: Path, size: int) -> None:
    with closing(sqlite3.connect(mission / "record.db")) as connection:
        (note,) = connection.execute("SELECT note FROM heads WHERE size = ?", [size]).fetchone()
    for at in range(0, len(note), 11):
        sql(
            mission,
            "UPDATE heads SET note = ? WHERE size = ?",
            note[:at] + bytes([note[at] ^ 2]) + note[at + 1 :],
            size,
        )

        assert any(one.startswith(("the head of", "entry")) for one in flaws(mission)), at


@pytest.mark.parametrize("column", ["leaf, data", "data", "digest"])
def test_two_entries_that_changed_places_are_named(mission: Path, column: str) -> None:
    names = column.split(", ")
    with closing(sqlite3.connect(mission / "record.db")) as connection:
        rows = connection.execute(f"SELECT {column} FROM entries WHERE seq IN (8, 9) ORDER BY seq").fetchall()  # noqa: S608
    sql(mission, "UPDATE entries SET digest = x'00' WHERE seq = 9")
    for seq, row in ((8, rows[1]), (9, rows[0])):
        for name, value in zip(names, row, strict=True):
            sql(mission, f"UPDATE entries SET {name} = ? WHERE seq = ?", value, seq)  # noqa: S608

    assert {8, 9} <= {one.entry for one in check(mission).flaws}


def test_an_entry_that_nobody_might_sign_is_named_though_all_hashes_are_right(tmp_path: Path) -> None:
    clock = Clock()
    small.begin(small.settings(tmp_path / "mission"), clock)
    with opened(tmp_path / "mission", clock) as mission:
        from tests.journal_small import STRANGER  # noqa: PLC0415
        from trucekeeper.journal.keeper import Keeper  # noqa: PLC0415

        with pytest.MonkeyPatch.context() as patch:  # whoever keeps has a program of his own
            patch.setattr(Keeper, "_accepted", lambda *_: False)
            put(mission, mission.said("fact", attack("x"), by=[STRANGER]))  # type: ignore[arg-type]

    (flaw,) = check(tmp_path / "mission").flaws
    assert flaw.entry == 7
    assert "may not be where it is: the key " in flaw.wrong
    assert "is not certified, or was revoked" in flaw.wrong


# ---- the vault and the evidence ------------------------------------------------------------------------------------


def leaf(mission: Path, seq: int) -> bytes:
    with closing(sqlite3.connect(mission / "record.db")) as connection:
        return bytes(connection.execute("SELECT leaf FROM entries WHERE seq = ?", [seq]).fetchone()[0])


@pytest.mark.parametrize("seq", [0, 3, 8, SEALED, 17])
def test_a_secret_that_is_gone_without_a_redaction_is_named(mission: Path, seq: int) -> None:
    sql(mission, "DELETE FROM secrets WHERE leaf = ?", leaf(mission, seq), file="vault.db")

    assert any(
        one.entry == seq and "its secret is not in the vault, and nobody redacted it" in one.wrong
        for one in check(mission).flaws
    )


def test_a_secret_that_was_changed_or_came_back_is_named(mission: Path) -> None:
    sql(mission, "UPDATE secrets SET secret = zeroblob(32) WHERE leaf = ?", leaf(mission, 8), file="vault.db")
    sql(mission, "INSERT INTO secrets VALUES (?, zeroblob(32))", leaf(mission, REDACTED), file="vault.db")

    found = check(mission)
    said = {(one.entry, one.wrong.partition(":")[0]) for one in found.flaws}
    assert (8, "the stored bytes are not those that were sealed") in said
    assert any(one.entry == REDACTED for one in found.flaws)


def evidence(mission: Path) -> list[Path]:
    return sorted(one for one in (mission / "evidence").rglob("*") if one.is_file())


def test_each_original_that_is_spoilt_or_gone_is_named_with_its_entry(mission: Path) -> None:
    files = evidence(mission)
    assert len(files) == 3
    for file in files:
        before = file.read_bytes()
        for spoilt in (before[:-1], bytes([before[0] ^ 1]) + before[1:], b""):
            file.write_bytes(spoilt)
            assert [one.entry in (1, TEXT) and "was changed" in one.wrong for one in check(mission).flaws] == [True]
        file.unlink()
        assert [one.entry in (1, TEXT) and "is not in" in one.wrong for one in check(mission).flaws] == [True]
        file.write_bytes(before)
    first, second, _ = (one.read_bytes() for one in files)
    files[0].write_bytes(second)
    files[1].write_bytes(first)
    assert len(flaws(mission)) == 2


def test_an_original_that_was_replaced_under_its_own_secret_is_named(mission: Path) -> None:
    from trucekeeper.journal.sealing import locked, named  # noqa: PLC0415

    name = sha256(b"text").digest()
    with closing(sqlite3.connect(mission / "vault.db")) as connection:
        (secret,) = connection.execute("SELECT secret FROM secrets WHERE leaf = ?", [name]).fetchone()
    (file,) = (one for one in evidence(mission) if one.name == named(secret))
    file.write_bytes(locked(b"a text that nobody signed", secret, name))

    (flaw,) = check(mission).flaws
    assert (flaw.entry, "was replaced" in flaw.wrong) == (TEXT, True)
    with opened(mission, Clock()) as found, pytest.raises(MissingError, match="was replaced"):
        found.evidence.read(name.hex())


def test_a_file_that_nobody_names_is_a_note(mission: Path) -> None:
    (mission / "evidence" / "stray").write_bytes(b"x")

    found = check(mission)
    assert (found.flaws, found.notes) == ([], ["evidence/stray: no statement names it"])


# ---- files beside --------------------------------------------------------------------------------------------------


def older(note: bytes) -> bytes:
    return note.replace(b"\n18\n", b"\n17\n")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda file: file.unlink(), "checkpoint: it cannot be read"),
        (lambda file: file.write_bytes(b""), "checkpoint: the note"),
        (lambda file: file.write_bytes(older(file.read_bytes())), "checkpoint: the signature of"),
        (lambda file: file.write_bytes(file.read_bytes()[:-2]), "checkpoint: the note"),
    ],
)
def test_a_published_head_that_was_changed_is_named(
    mission: Path, spoil: Callable[[Path], object], said: str
) -> None:
    spoil(mission / "checkpoint")

    (flaw,) = flaws(mission)
    assert flaw.startswith(said)


def test_a_record_that_was_rolled_back_is_told_by_the_head_that_was_published(mission: Path, whole: Path) -> None:
    for words in ("DELETE FROM entries WHERE seq > 15", "DELETE FROM heads WHERE size > 16"):
        sql(mission, words)
    assert "checkpoint: it is of 18 entries, and the record has 16: an old copy came back" in flaws(mission)
    with closing(sqlite3.connect(whole / "record.db")) as connection:
        (note,) = connection.execute("SELECT note FROM heads WHERE size = 10").fetchone()
    shutil.copy(whole / "record.db", mission / "record.db")
    (mission / "checkpoint").write_bytes(note)
    assert flaws(mission)[-1].startswith("checkpoint: it is of 10 entries, and the record's head of 18")


@pytest.mark.parametrize("file", ["record.db", "vault.db"])
def test_a_database_that_is_gone_or_cut_off_is_named_and_not_made_anew(mission: Path, file: str) -> None:
    whole = (mission / file).read_bytes()
    for spoilt in (whole[: len(whole) // 2], b"not a database" * 100, whole[:100] + bytes(4000) + whole[4100:]):
        (mission / file).write_bytes(spoilt)
        assert {one.split(":")[0] for one in flaws(mission)} == {file}
    (mission / file).unlink()
    assert [one.startswith(f"{file}: it is missing") for one in flaws(mission)] == [True]
    assert not (mission / file).exists()


@pytest.mark.parametrize(
    ("words", "entry"),
    [
        ("UPDATE told SET row = replace(row, 'north', 'south') WHERE from_seq = 8", 8),
        ("DELETE FROM told WHERE from_seq = 9", 9),
        ("UPDATE told SET to_seq = NULL WHERE from_seq = 8", 8),
        ("UPDATE texts SET said = '{}'", TEXT),
        ("UPDATE agreements SET digest = 'x'", 1),
        ("INSERT INTO told VALUES (16, NULL, 0, 'north', 'fact', 'x', 1, '{}')", 16),
    ],
)
def test_projections_that_do_not_follow_from_the_record_are_named(mission: Path, words: str, entry: int) -> None:
    sql(mission, words, file="projections.db")

    assert [one.entry for one in check(mission).flaws] == [entry]


def test_projections_of_an_earlier_place_are_as_good(mission: Path) -> None:
    with opened(mission, Clock(small.BEGUN + 30 * DAY)) as found:
        enter(found, SOUTH, attack("a7"), attack("a1", rev=3))
    assert check(mission).flaws == []
    (mission / "projections.db").write_bytes(b"no database at all, whatever it may be called" * 10)
    assert [one.startswith("projections.db: file is not a database") for one in flaws(mission)] == [True]
