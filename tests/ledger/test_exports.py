"""An exported log is checked whole without asking anybody, and names every file in which something is wrong."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.ledger_logs import LOG, NORTH, ORIGIN, SOUTH, entry, log, note
from trucekeeper.ledger.checkpoints import Checkpoint
from trucekeeper.ledger.exports import CHECKPOINT, Flaw, Folder, check, consistency_lines, write
from trucekeeper.ledger.lines import MalformedError
from trucekeeper.ledger.policies import Policy
from trucekeeper.ledger.proofs import Proof
from trucekeeper.ledger.tiles import LONGEST_ENTRY, WIDTH, Tile, bundled, tiles_of
from trucekeeper.ledger.tree import Head, inclusion_proof

if TYPE_CHECKING:
    from collections.abc import Iterator

SIZE = 600
POLICY = Policy.read(
    f"log {LOG.verifier.vkey}\nwitness north {NORTH.verifier.vkey}\nwitness south {SOUTH.verifier.vkey}\n"
    "group any-of-us any north south\nquorum any-of-us\n".encode()
)


def files(size: int, history: str = "") -> Iterator[tuple[str, bytes]]:
    """Yield the files of an exported log, with earlier heads and one entry on its own."""
    made = log(size, history)
    for tile, data in made.items():
        yield tile.path, data
        if tile.level == 0:
            numbers = range(tile.number * WIDTH, tile.number * WIDTH + tile.width)
            yield tile.entries, bundled(entry(number, history) for number in numbers)
    yield CHECKPOINT, bytes(note(made.head, LOG, NORTH))
    yield "checkpoint.70", bytes(note(log(70, history).head, LOG))
    yield "checkpoint.0", bytes(note(log(0).head, LOG))
    yield f"consistency.70.{size}", consistency_lines(made.nodes, 70, size)
    yield "consistency.0.70", consistency_lines(made.nodes, 0, 70)
    yield "17.entry", entry(17, history)
    yield "17.tlog-proof", bytes(Proof(17, tuple(inclusion_proof(made.nodes, 17, size)), note(made.head, LOG, SOUTH)))


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("exported")
    assert list(write(path, files(SIZE))) == [name for name, _ in files(SIZE)]
    return path


@pytest.fixture
def folder(exported: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(exported, tmp_path / "log"))


def test_a_whole_log_has_no_flaw(exported: Path) -> None:
    heard: list[tuple[int, int]] = []
    found = check(exported, POLICY, lambda done, whole: heard.append((done, whole)))

    assert found.flaws == []
    assert found.checkpoint == Checkpoint(ORIGIN, log(SIZE).head)
    assert (found.cosigners, found.entries, found.earlier, found.proofs) == (("north",), SIZE, 2, 1)
    assert heard == [(256, SIZE), (512, SIZE), (600, SIZE)]


def test_the_full_tile_stands_in_for_a_partial_one(exported: Path, tmp_path: Path) -> None:
    path = Path(shutil.copytree(exported, tmp_path / "log"))
    larger = dict(files(768))
    for name in ("tile/0/002", "tile/entries/002"):
        list(write(path, [(name, larger[name])]))
        (path / f"{name}.p" / "88").unlink()

    assert check(path, POLICY).flaws == []


@pytest.mark.parametrize(
    "name", sorted({name for name, _ in files(SIZE)} - {"checkpoint.70", "checkpoint.0"} | {"17.tlog-proof"})
)
def test_each_file_that_is_missing_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()

    flaws = check(folder, POLICY).flaws

    if name.startswith("consistency") or name == "17.entry":
        assert flaws in ([], [Flaw("17.tlog-proof", "17.entry is missing")])
    else:
        assert flaws
        assert all("is missing" in one.wrong for one in flaws)
        assert {one.file for one in flaws} & {name, "17.entry"}


def test_a_head_that_a_proof_speaks_of_is_asked_for(folder: Path) -> None:
    (folder / "checkpoint.70").unlink()

    assert [(one.file, one.wrong) for one in check(folder, POLICY).flaws] == [
        ("consistency.0.70", "checkpoint.70 is missing"),
        (f"consistency.70.{SIZE}", "checkpoint.70 is missing"),
    ]


@pytest.mark.parametrize("name", sorted(name for name, _ in files(SIZE)))
def test_each_file_that_was_tampered_with_is_named(folder: Path, name: str) -> None:
    whole = (folder / name).read_bytes()
    places = {0, len(whole) // 3, len(whole) // 2, len(whole) - 1} if whole else set()
    for spoilt in (
        *(whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :] for at in places),
        whole[:-1],
        whole + b"x",
        whole + whole,
    ):
        if name.startswith("checkpoint") and spoilt == whole + b"x":
            continue
        (folder / name).write_bytes(spoilt)

        assert check(folder, POLICY).flaws, (name, spoilt[:80])


def test_the_entry_that_was_changed_is_named(folder: Path) -> None:
    bundle = folder / "tile/entries/001"
    changed = [entry(number) if number != 300 else b"forged" for number in range(256, 512)]
    bundle.write_bytes(bundled(changed))

    flaws = check(folder, POLICY).flaws

    assert Flaw("tile/0/001", "it does not fit entry 300") in flaws
    assert Flaw(CHECKPOINT, "its root is not that of these 600 entries") in flaws


def test_entries_changed_together_with_their_tiles_do_not_make_the_root(folder: Path) -> None:
    for name, data in files(SIZE, "x"):
        if name.startswith("tile"):
            (folder / name).write_bytes(data)

    flaws = check(folder, POLICY).flaws

    assert Flaw(CHECKPOINT, "its root is not that of these 600 entries") in flaws


def test_a_forked_log_is_told_by_its_earlier_head(folder: Path) -> None:
    (folder / "checkpoint.70").write_bytes(bytes(note(log(70, "x").head, LOG)))

    flaws = check(folder, POLICY).flaws

    assert Flaw("checkpoint.70", "this log did not grow from its head of 70: it was forked") in flaws


def test_a_log_rolled_back_is_told_by_a_later_head(folder: Path) -> None:
    (folder / "checkpoint.700").write_bytes(bytes(note(log(700).head, LOG)))

    assert [one.file for one in check(folder, POLICY).flaws] == ["checkpoint.700"]


def test_the_head_itself_may_lie_there_as_an_earlier_one_too(folder: Path) -> None:
    (folder / f"checkpoint.{SIZE}").write_bytes(bytes(note(log(SIZE).head, LOG)))

    found = check(folder, POLICY)

    assert (found.flaws, found.earlier) == ([], 3)


def test_a_full_tile_does_not_lie_where_a_partial_one_should(folder: Path) -> None:
    full = dict(files(768))["tile/0/002"]
    (folder / "tile/0/002.p/88").write_bytes(full)

    assert (
        Flaw("tile/0/002.p/88", "tile/0/002.p/88: it has 8,192 bytes, not 88 hashes") in check(folder, POLICY).flaws
    )


def test_a_line_that_is_no_hash_is_named(folder: Path) -> None:
    name = f"consistency.70.{SIZE}"
    lines = (folder / name).read_text(encoding="ascii").split("\n")
    lines[1] = "x"
    (folder / name).write_text("\n".join(lines), encoding="ascii")

    assert check(folder, POLICY).flaws == [Flaw(name, f"{name}, line 2: 'x' is not canonical base64")]


def test_a_file_that_is_too_long_is_not_read_to_its_end(folder: Path) -> None:
    name = f"consistency.70.{SIZE}"
    for spoilt, wrong in (
        (b"x" * 4097, f"{name}: it has more than 4,096 bytes"),
        (b"x" * 4096, f"{name}: the last line does not end"),
    ):
        (folder / name).write_bytes(spoilt)

        assert check(folder, POLICY).flaws == [Flaw(name, wrong)]


def test_the_longest_entries_are_read_and_nothing_longer(tmp_path: Path) -> None:
    longest = [bytes(LONGEST_ENTRY)] * WIDTH
    list(write(tmp_path, [("tile/entries/000", bundled(longest)), ("tile/entries/001", bytes(16_777_473))]))

    assert Folder(tmp_path).bundle(Tile(0, 0)) == longest
    with pytest.raises(MalformedError, match="it has more than 16,777,472 bytes"):
        Folder(tmp_path).bundle(Tile(0, 1))


def test_nothing_is_checked_of_a_log_that_is_not_trusted(folder: Path) -> None:
    (folder / CHECKPOINT).write_bytes(bytes(note(log(SIZE).head, LOG)))

    found = check(folder, POLICY)

    assert (found.checkpoint, found.entries) == (None, 0)
    assert [one.file for one in found.flaws] == [CHECKPOINT]
    assert "the quorum 'any-of-us' did not cosign it" in found.flaws[0].wrong


def test_a_head_under_another_name_is_no_earlier_head(folder: Path) -> None:
    (folder / "checkpoint.71").write_bytes((folder / "checkpoint.70").read_bytes())
    (folder / "18.entry").write_bytes(entry(17))
    (folder / "18.tlog-proof").write_bytes((folder / "17.tlog-proof").read_bytes())

    assert check(folder, POLICY).flaws == [
        Flaw("18.entry", "the proof is of entry 17"),
        Flaw("checkpoint.71", "checkpoint.71: it is the head of 'example.com/truce' at 70"),
    ]


def test_an_empty_log_is_a_log(tmp_path: Path) -> None:
    list(write(tmp_path, [(CHECKPOINT, bytes(note(log(0).head, LOG, NORTH)))]))

    assert check(tmp_path, POLICY).flaws == []
    list(write(tmp_path, [(CHECKPOINT, bytes(note(Head(0, bytes(32)), LOG, NORTH)))]))
    assert [one.file for one in check(tmp_path, POLICY).flaws] == [CHECKPOINT]


def test_files_are_written_whole_or_not_at_all(tmp_path: Path) -> None:
    list(write(tmp_path, [("a/b", b"one"), ("a/b", b"two")]))

    assert [(one.name, one.read_bytes()) for one in sorted((tmp_path / "a").iterdir())] == [("b", b"two")]
    assert list(tiles_of(0)) == []
