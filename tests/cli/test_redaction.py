"""`truce seal`, `object`, `redact`, `backup`, `restore` and `resume` as people type them, and what these answer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

import pytest

from tests import mission_small as small

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Truce: TypeAlias = "Callable[..., tuple[int, str, str]]"
CANARY = "Zyzzyva-of-the-Mill"
HOLDERS = {
    "north": "delegation_head",
    "south": "delegation_head",
    "guarantor": "delegate",
    "officer": "protection_officer",
}


@pytest.fixture
def keys(tmp_path: Path, truce: Truce) -> dict[str, Path]:
    found = {name: tmp_path / f"{name}.key" for name in ("root", *HOLDERS)}
    for name, path in found.items():
        truce("key", "new", path, "--name", f"{name}.example", "--no-passphrase")
    return found


@pytest.fixture
def mission(tmp_path: Path, truce: Truce, keys: dict[str, Path]) -> Path:
    """Return a mission with an attack on record in two revisions, where nobody may object for long."""
    return begun(tmp_path / "mission", truce, keys)


def begun(path: Path, truce: Truce, keys: dict[str, Path], hours: int = 0) -> Path:
    words = ["--agreement", small.draft(path.parent / "draft"), "--root", keys["root"], "--no-passphrase"]
    code, _, err = truce("open", path, "--name", small.ORIGIN, "--objection-hours", hours, *words)
    assert code == 0, err
    for name, role in HOLDERS.items():
        words = ["--delegation", name, "--role", role, "--by", keys["root"]]
        assert truce("key", "certify", path, keys[name], *words)[0] == 0
    facts = path.parent / "facts.yaml"
    row = f"kind: shelling, by: north, at: 2025-01-01T12:00Z, learned_at: 2025-01-01T13:00Z, note: {CANARY}"
    facts.write_text(f"facts:\n  - {{id: a1, {row}}}\n  - {{id: a1, rev: 2, {row} again}}\n")
    code, out, err = truce("enter", path, "facts", facts, "--by", keys["south"])
    assert out.startswith("2 entered, entries 6 to 7"), err
    facts.unlink()
    return path


def signed(*by: Path) -> list[object]:
    return [word for key in by for word in ("--by", key)]


def test_a_seal_says_until_when_it_may_be_objected_to_and_what_else_is_shown(
    mission: Path, truce: Truce, keys: dict[str, Path]
) -> None:
    code, out, err = truce("seal", mission, 6, "--why", "names a witness", *signed(keys["officer"]))

    lines = out.splitlines()
    assert (code, err, lines[0]) == (0, "", "entry 8: entry 6 is sealed, and shown to nobody")
    assert re.fullmatch(rf"  until 20\S+ any delegation may object: truce object {mission} 6", lines[1])
    assert lines[2:] == ["  other revisions of it are still shown, and may say the same: 7"]


def test_a_redaction_says_what_is_left_of_it(mission: Path, truce: Truce, keys: dict[str, Path]) -> None:
    truce("seal", mission, 6, 7, "--why", "names a witness", *signed(keys["officer"]))

    words = ("--why", "names a witness", *signed(keys["north"], keys["guarantor"]))
    code, out, err = truce("redact", mission, 6, 7, *words, "--leave", "id,kind")

    assert (code, err) == (0, "")
    left = (
        '{"id": "a1", "kind": "shelling", "learned_at": "2025-01-01T13:00+00:00", "rev": %d, "delegation": "south"}'
    )
    assert out.splitlines() == [
        "entry 10: entry 6 is redacted, and nobody can read it any more",
        f"  left of it: {left % 1}",
        "entry 11: entry 7 is redacted, and nobody can read it any more",
        f"  left of it: {left % 2}",
        "backups made before still have it until their vaults are destroyed: see handbook/redaction.md",
    ]
    assert [one for one in mission.rglob("*") if one.is_file() and CANARY.encode() in one.read_bytes()] == []


def test_what_may_not_be_sealed_objected_to_or_redacted_is_refused_with_its_reason(
    tmp_path: Path, truce: Truce, keys: dict[str, Path]
) -> None:
    mission = begun(tmp_path / "mission", truce, keys, hours=72)

    code, _, err = truce("seal", mission, 6, "--why", "x", *signed(keys["north"]))
    assert (code, err) == (2, "entry 6: refused: only a protection_officer seals an entry\n")
    code, out, err = truce("seal", mission, 0, 6, "--why", "x", *signed(keys["officer"]))
    assert (code, "entry 6 is sealed" in out, "entry 0: refused: " in err) == (2, True, True)
    code, out, _ = truce("object", mission, 6, "--why", "evidence", *signed(keys["guarantor"]))
    assert (code, out) == (0, "entry 9: entry 6 is redacted only with your signature\n")
    code, _, err = truce("redact", mission, 6, "--why", "x", *signed(keys["north"], keys["south"]))
    assert (code, "entry 6: refused: entry 6 may be objected to for 72 more hours" in err) == (2, True)
    code, _, err = truce("redact", mission, 6, "--why", "x", *signed(keys["north"]), "--leave", "colour")
    assert (code, "the entry says nothing under 'colour'" in err) == (2, True)
    code, _, err = truce("object", mission, 7, "--why", "x", *signed(keys["guarantor"]))
    assert (code, "entry 7 is not sealed" in err) == (2, True)


def test_a_reason_is_not_left_out(mission: Path, truce: Truce, keys: dict[str, Path]) -> None:
    assert truce("seal", mission, 6, *signed(keys["officer"]))[0] == 2


# ---- backups -------------------------------------------------------------------------------------------------------


def test_a_backup_comes_back_and_is_kept_when_others_were_asked(
    tmp_path: Path, mission: Path, truce: Truce, keys: dict[str, Path]
) -> None:
    folder, again = tmp_path / "backup", tmp_path / "again"
    code, out, err = truce("backup", mission, folder)
    assert (code, err) == (0, "")
    apart = f"keep {folder}/vault/vault.db apart: without it nobody can read the rest"
    assert out.splitlines() == [f"{folder}: 8 entries, 2 originals", apart]
    assert truce("backup", mission, folder)[0] == 2
    assert truce("backup", mission, folder, "--force-new")[1].startswith(f"{folder}.2: 8 entries")

    code, out, _ = truce("restore", folder, again)
    assert (code, out.splitlines()[0]) == (0, f"{small.ORIGIN} is back with 8 entries")
    assert "it can be read, and signs nothing yet" in out
    code, _, err = truce("enter", again, "facts", _late(tmp_path), *signed(keys["south"]))
    assert (code, "truce resume MISSION --seen CHECKPOINT" in err) == (2, True)
    code, out, _ = truce("resume", again, "--seen", mission / "checkpoint")
    assert (code, out) == (0, "it may be kept\n")
    code, out, _ = truce("enter", again, "facts", _late(tmp_path), *signed(keys["south"]))
    assert (code, out) == (0, "1 entered, entry 9; 0 on record already; 0 set aside\n")


def _late(folder: Path) -> Path:
    file = folder / "late.yaml"
    row = "id: a2, kind: shelling, by: north, at: 2025-01-02T12:00Z, learned_at: 2025-01-02T13:00Z"
    file.write_text(f"facts:\n  - {{{row}}}\n")
    return file


def test_a_backup_that_is_behind_is_refused_and_forgets_what_a_list_names(
    tmp_path: Path, mission: Path, truce: Truce, keys: dict[str, Path]
) -> None:
    truce("backup", mission, tmp_path / "yesterday")
    truce("seal", mission, 6, 7, "--why", "x", *signed(keys["officer"]))
    truce("redact", mission, 6, 7, "--why", "x", *signed(keys["north"], keys["south"]))
    truce("backup", mission, tmp_path / "today")

    words = ("--redacted", tmp_path / "today" / "redacted")
    code, _, err = truce(
        "restore", tmp_path / "yesterday", tmp_path / "again", *words, "--seen", mission / "checkpoint"
    )
    assert (code, "others have seen 12 entries, and this record has 8: 4 are missing" in err) == (2, True)
    code, out, err = truce("restore", tmp_path / "yesterday", tmp_path / "again", *words, "--alone")
    assert (code, "forgotten again, as redacted after this backup: 2 entries" in out) == (0, True)
    assert "a list of what was redacted is of 12 entries, and this record has 8: 4 are missing" in err
    assert "its key can never be trusted again" in err
    code, out, _ = truce("standing", tmp_path / "again", "--clause", "halt", "--json")
    assert (code, CANARY in out) == (0, False)


def test_a_head_that_is_none_is_refused(tmp_path: Path, mission: Path, truce: Truce) -> None:
    truce("backup", mission, tmp_path / "backup")
    (tmp_path / "x").write_text("x")

    code, _, err = truce("restore", tmp_path / "backup", tmp_path / "again", "--seen", tmp_path / "x")
    assert (code, "name a checkpoint, as a witness or a mirror has it" in err) == (2, True)
    assert truce("resume", mission, "--alone")[:2] == (0, "it may be kept\n")


def test_a_number_that_no_entry_can_have_and_a_reason_too_long_are_refused_in_a_sentence(
    mission: Path, truce: Truce, keys: dict[str, Path]
) -> None:
    code, _, _ = truce("seal", mission, 10**20, "--why", "a name", *signed(keys["officer"]))
    assert code == 2
    code, _, _ = truce("prove", mission, 10**20)
    assert code == 2
    code, _, err = truce("seal", mission, 6, "--why", "x" * 70_000, *signed(keys["officer"]))

    assert (code, "it has 70," in err, "say less in one entry" in err) == (2, True, True)
