"""An original that was kept is read back byte for byte, or nobody can read it; nothing on disk tells what it is."""

from __future__ import annotations

import os
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from tests.journal_small import Random
from trucekeeper.journal import evidence as originals
from trucekeeper.journal.evidence import Evidence, MissingError, TooLargeError
from trucekeeper.journal.sealing import named
from trucekeeper.journal.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

PAGE = b"a page that names a witness, canary-7" * 40
DIGEST = sha256(PAGE).hexdigest()


@pytest.fixture
def evidence(store: Store, tmp_path: Path) -> Evidence:
    return Evidence(tmp_path / "mission" / "evidence", store, Random())


def files(of: Evidence) -> list[Path]:
    return sorted(path for path in of.folder.rglob("*") if path.is_file())


def test_an_original_is_read_back_by_its_sha_256(evidence: Evidence) -> None:
    assert evidence.keep(PAGE) == DIGEST
    assert evidence.read(DIGEST) == PAGE
    assert evidence.read(evidence.keep(b"")) == b""


def test_what_is_kept_again_is_kept_once(evidence: Evidence) -> None:
    evidence.keep(PAGE)
    (file,) = files(evidence)
    before = (file.stat().st_ino, evidence.store.secrets([bytes.fromhex(DIGEST)]))

    assert evidence.keep(PAGE) == DIGEST
    assert files(evidence) == [file]
    assert (file.stat().st_ino, evidence.store.secrets([bytes.fromhex(DIGEST)])) == before


def test_two_originals_are_two_files(evidence: Evidence) -> None:
    digests = [evidence.keep(PAGE), evidence.keep(PAGE + b"!")]

    assert len(files(evidence)) == 2
    assert [evidence.read(one) for one in digests] == [PAGE, PAGE + b"!"]


def test_a_file_tells_nothing_of_what_it_is(evidence: Evidence) -> None:
    evidence.keep(PAGE)
    (file,) = files(evidence)
    (secret,) = evidence.store.secrets([bytes.fromhex(DIGEST)]).values()

    assert file == evidence.folder / named(secret)[:2] / named(secret)
    assert (file.name.isalnum(), len(file.name)) == (True, 64)
    assert not {DIGEST, secret.hex(), sha256(secret).hexdigest()} & {file.name}
    for known in (b"canary-7", secret, bytes.fromhex(DIGEST), DIGEST.encode()):
        assert known not in file.read_bytes()


def test_the_same_original_in_two_missions_is_two_files_of_other_names_and_bytes(tmp_path: Path) -> None:
    random = Random()
    found = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        store = Store.in_folder(tmp_path / name)
        mission = Evidence(tmp_path / name / "evidence", store, random)
        mission.keep(PAGE)
        found += [(file.name, file.read_bytes()) for file in files(mission)]
        store.close()
    (one, first), (two, second) = found

    assert one != two
    assert first != second


# ---- spoilt, lost, destroyed ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "spoil", [lambda _: b"", lambda data: data[:-1], lambda data: bytes([data[0] ^ 1]) + data[1:]]
)
def test_an_original_that_was_spoilt_is_named_and_can_be_kept_again(
    evidence: Evidence, spoil: Callable[[bytes], bytes]
) -> None:
    evidence.keep(PAGE)
    (file,) = files(evidence)
    whole = file.read_bytes()
    file.write_bytes(spoil(whole))

    with pytest.raises(MissingError, match=f"the original {DIGEST[:16]} was changed, in {file}"):
        evidence.read(DIGEST)
    evidence.keep(PAGE)
    assert (evidence.read(DIGEST), files(evidence), file.read_bytes()) == (PAGE, [file], whole)


def test_an_original_that_is_gone_is_named_and_can_be_kept_again(evidence: Evidence) -> None:
    evidence.keep(PAGE)
    (file,) = files(evidence)
    file.unlink()

    with pytest.raises(MissingError, match=f"the original {DIGEST[:16]} is not in {file.parent}"):
        evidence.read(DIGEST)
    evidence.keep(PAGE)
    assert (evidence.read(DIGEST), files(evidence)) == (PAGE, [file])


def test_the_file_of_one_original_is_not_taken_for_another(evidence: Evidence) -> None:
    evidence.keep(PAGE)
    (file,) = files(evidence)
    other = evidence.keep(b"another")
    (beside,) = set(files(evidence)) - {file}
    file.replace(beside)

    with pytest.raises(MissingError, match="was changed"):
        evidence.read(other)


def test_a_destroyed_original_is_read_by_nobody_nor_from_a_copy_of_its_file(evidence: Evidence) -> None:
    evidence.keep(PAGE)
    other = evidence.keep(b"another")
    (file,) = set(files(evidence)) - {evidence.path(*evidence.store.secrets([bytes.fromhex(other)]).values())}
    backup = file.read_bytes()
    evidence.destroy(DIGEST)

    assert (evidence.read(DIGEST), file.exists(), evidence.read(other)) == (None, False, b"another")
    file.write_bytes(backup)
    assert evidence.read(DIGEST) is None
    evidence.destroy(DIGEST)  # again: nothing happens


def test_no_file_has_the_secret_of_an_original_that_was_destroyed(tmp_path: Path) -> None:
    store = Store.in_folder(tmp_path)
    evidence = Evidence(tmp_path / "evidence", store, Random())
    evidence.keep(PAGE)
    (secret,) = store.secrets([bytes.fromhex(DIGEST)]).values()
    before = b"".join(file.read_bytes() for file in tmp_path.glob("*.db*"))
    evidence.destroy(DIGEST)
    after = b"".join(file.read_bytes() for file in tmp_path.glob("*.db*"))
    store.close()

    assert (secret in before, secret in after) == (True, False)


def test_an_original_whose_file_is_gone_can_be_destroyed(evidence: Evidence) -> None:
    evidence.keep(PAGE)
    files(evidence)[0].unlink()
    evidence.destroy(DIGEST)

    assert evidence.read(DIGEST) is None


def test_what_was_never_kept_is_read_as_nothing(evidence: Evidence) -> None:
    assert evidence.read(DIGEST) is None


def test_what_has_too_many_bytes_is_not_kept(evidence: Evidence, monkeypatch: pytest.MonkeyPatch) -> None:
    assert originals.MOST_BYTES == 268_435_456
    monkeypatch.setattr(originals, "MOST_BYTES", 1000)

    assert evidence.read(evidence.keep(b"a" * 1000)) == b"a" * 1000
    with pytest.raises(TooLargeError, match="the original has 1,001 bytes, and may have 1,000"):
        evidence.keep(b"a" * 1001)
    assert len(files(evidence)) == 1


# ---- in which order ------------------------------------------------------------------------------------------------


class Full(Store):
    """A store whose vault takes nothing."""

    def keep(self, secrets: Mapping[bytes, bytes]) -> None:
        """Fail."""
        raise OSError(f"no space left for {len(secrets)}")


def test_a_file_is_whole_before_the_vault_knows_of_it(evidence: Evidence) -> None:
    full = Evidence(evidence.folder, Full(evidence.store.record, evidence.store.vault), evidence.random)
    with pytest.raises(OSError, match="no space left"):
        full.keep(PAGE)

    (orphan,) = files(evidence)
    assert len(orphan.read_bytes()) == len(PAGE) + 16
    assert evidence.store.secrets([bytes.fromhex(DIGEST)]) == {}
    assert full.read(DIGEST) is None
    assert evidence.read(evidence.keep(PAGE)) == PAGE
    assert len(files(evidence)) == 2


def test_the_file_and_each_folder_that_names_it_are_on_disk_before_the_vault_knows(
    evidence: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[object] = []

    class Noting(Store):
        def keep(self, secrets: Mapping[bytes, bytes]) -> None:
            done.append("vault")
            Store.keep(self, secrets)

    monkeypatch.setattr(os, "fsync", lambda handle: done.append(os.fstat(handle).st_ino))
    noting = Evidence(evidence.folder, Noting(evidence.store.record, evidence.store.vault), evidence.random)
    noting.keep(PAGE)
    (file,) = files(evidence)

    on_disk = [file, file.parent, evidence.folder, evidence.folder.parent]
    assert done == [*(path.stat().st_ino for path in on_disk), "vault"]


def test_of_two_who_keep_the_same_original_at_once_one_file_stays(evidence: Evidence) -> None:
    class Second(Store):
        def keep(self, secrets: Mapping[bytes, bytes]) -> None:
            evidence.keep(PAGE)  # somebody else was first
            Store.keep(self, secrets)

    second = Evidence(evidence.folder, Second(evidence.store.record, evidence.store.vault), evidence.random)

    assert second.keep(PAGE) == DIGEST
    assert len(files(evidence)) == 1
    assert second.read(DIGEST) == PAGE


def test_a_half_that_a_power_cut_left_is_no_original(evidence: Evidence, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut(_: int) -> None:
        raise OSError("power cut")

    monkeypatch.setattr(os, "fsync", cut)
    with pytest.raises(OSError, match="power cut"):
        evidence.keep(PAGE)
    assert [file.suffix for file in files(evidence)] == [".part"]
    monkeypatch.undo()
    assert evidence.read(DIGEST) is None
    assert evidence.read(evidence.keep(PAGE)) == PAGE
