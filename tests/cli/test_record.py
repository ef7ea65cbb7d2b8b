"""`truce key`, `witness`, `verify` and `fork` as a delegation types them, and what is said when one is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import pytest

from tests.ledger_logs import LOG, NORTH, ORIGIN, entry, log, note
from trucekeeper.ledger.exports import CHECKPOINT, write
from trucekeeper.ledger.notes import Verifier, read_lines
from trucekeeper.ledger.proofs import Proof
from trucekeeper.ledger.requests import Request
from trucekeeper.ledger.tiles import WIDTH, bundled
from trucekeeper.ledger.tree import consistency_proof, inclusion_proof

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Truce: TypeAlias = "Callable[..., tuple[int, str, str]]"
SIZE = 300


def exported(path: Path, history: str = "", size: int = SIZE) -> Path:
    made = log(size, history)
    for tile, data in made.items():
        numbers = range(tile.number * WIDTH, tile.number * WIDTH + tile.width)
        both = [(tile.path, data), (tile.entries, bundled(entry(one, history) for one in numbers))]
        list(write(path, both[: 2 if tile.level == 0 else 1]))
    list(write(path, [(CHECKPOINT, bytes(note(made.head, LOG, NORTH)))]))
    return path


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    file = tmp_path / "policy"
    file.write_text(f"log {LOG.verifier.vkey}\nwitness north {NORTH.verifier.vkey}\nquorum north\n")
    return file


# ---- keys ----------------------------------------------------------------------------------------------------------


def test_a_key_is_made_and_shown_and_is_its_owners_alone(tmp_path: Path, truce: Truce) -> None:
    secret, path = tmp_path / "secret", tmp_path / "north.pem"
    secret.write_text("correct horse\n")

    code, made, err = truce("key", "new", path, "--name", "north.example", "--passphrase-file", secret)

    assert (code, err, path.stat().st_mode & 0o777) == (0, "", 0o600)
    assert truce("key", "show", path) == (0, made, "")
    vkeys = [line.split()[-1] for line in made.splitlines() if line.startswith("as a")]
    assert [Verifier.read(one).type for one in vkeys] == [1, 4]
    assert b"ENCRYPTED PRIVATE KEY" in path.read_bytes()


def test_a_key_is_never_overwritten_nor_left_open_unasked(tmp_path: Path, truce: Truce) -> None:
    path = tmp_path / "north.pem"

    code, _, err = truce("key", "new", path, "--name", "north.example")
    assert (code, path.exists()) == (2, False)
    assert "nobody is there to type a passphrase" in err
    code, _, err = truce("key", "new", path, "--name", "north.example", "--no-passphrase")
    assert (code, err) == (0, f"warning: whoever can read {path} can sign in this name\n")
    before = path.read_bytes()
    code, _, err = truce("key", "new", path, "--name", "other.example", "--no-passphrase")
    assert (code, path.read_bytes()) == (2, before)
    assert "it is there already" in err


@pytest.mark.parametrize("name", ["", "a b", "a+b"])
def test_a_name_that_no_signature_can_bear_is_refused(tmp_path: Path, truce: Truce, name: str) -> None:
    code, _, err = truce("key", "new", tmp_path / "k", "--name", name, "--no-passphrase")

    assert (code, (tmp_path / "k").exists()) == (2, False)
    assert "a key's name is not empty, and has no space and no plus sign" in err


def test_a_key_does_not_lie_in_a_mission(tmp_path: Path, truce: Truce) -> None:
    (tmp_path / "mission.toml").write_text("")

    code, _, err = truce("key", "new", tmp_path / "k", "--name", "n", "--no-passphrase")

    assert (code, "be copied with it" in err) == (2, True)


# ---- the witness ---------------------------------------------------------------------------------------------------


@pytest.fixture
def key(tmp_path: Path, truce: Truce) -> Path:
    path = tmp_path / "north.pem"
    truce("key", "new", path, "--name", "north.example", "--no-passphrase")
    return path


def asked(path: Path, old: int, size: int, history: str = "") -> Path:
    made = log(size, history)
    hashes = tuple(consistency_proof(made.nodes, old, size))
    path.write_bytes(bytes(Request(old, hashes, note(made.head, LOG))))
    return path


def test_a_witness_signs_by_hand_what_it_would_sign_by_http(tmp_path: Path, truce: Truce, key: Path) -> None:
    words = ("--key", key, "--db", tmp_path / "w.db", "--log", LOG.verifier.vkey)

    first = truce("witness", "sign", asked(tmp_path / "r", 0, 3), *words, "-o", tmp_path / "a")
    later = truce("witness", "sign", asked(tmp_path / "r", 3, 300), *words)

    assert (first, later[0]) == ((0, "", ""), 0)
    (line,) = read_lines((tmp_path / "a").read_bytes(), "the answer")
    assert (line.name, later[1].startswith("— north.example ")) == ("north.example", True)
    code, out, _ = truce("witness", "status", "--db", tmp_path / "w.db")
    assert (code, out.startswith(f"{ORIGIN}  300 entries  ")) == (0, True)


def test_a_witness_signs_no_other_history_and_shows_that_it_was_asked_to(
    tmp_path: Path, truce: Truce, key: Path
) -> None:
    words = ("--key", key, "--db", tmp_path / "w.db", "--log", LOG.verifier.vkey)
    truce("witness", "sign", asked(tmp_path / "r", 0, 3), *words)

    code, out, err = truce("witness", "sign", asked(tmp_path / "r", 3, 5, "x"), *words)
    assert (code, out, "the tree of 3 had another root" in err) == (2, "", True)
    code, out, err = truce("witness", "sign", asked(tmp_path / "r", 2, 5), *words)
    assert (code, "it does not go on from where this witness stands, which is 3 entries" in err) == (2, True)
    code, out, _ = truce("witness", "status", "--db", tmp_path / "w.db")
    assert (code, "refused at" in out, "the tree of 3 had another root" in out) == (1, True, True)


def test_what_a_witness_cannot_use_is_named(tmp_path: Path, truce: Truce, key: Path) -> None:
    request = asked(tmp_path / "r", 0, 3)
    words = ("--db", tmp_path / "w.db")
    for more, why in (
        (("--key", key, "--log", "x"), "a key is written NAME+ID+KEY"),
        (("--key", key, "--log", NORTH.verifier.vkey), "is the key of a witness"),
        (("--key", tmp_path / "none", "--log", LOG.verifier.vkey), "cannot be read"),
        (("--key", request, "--log", LOG.verifier.vkey), "it is no key file of ours"),
    ):
        code, _, err = truce("witness", "sign", request, *words, *more)
        assert (code, why in err) == (2, True), err
    key.chmod(0o644)
    code, _, err = truce("witness", "sign", request, *words, "--key", key, "--log", LOG.verifier.vkey)
    assert (code, "others on this machine may read it" in err, "chmod 600" in err) == (2, True, True)
    assert truce("witness", "status", "--db", tmp_path / "none.db")[0] == 2


# ---- verifying -----------------------------------------------------------------------------------------------------


def test_an_exported_log_is_verified(tmp_path: Path, truce: Truce, policy: Path) -> None:
    code, out, err = truce("verify", exported(tmp_path / "log"), "--policy", policy)

    assert (code, err) == (0, "")
    assert "example.com/truce: 300 entries, root " in out
    assert "cosigned by north; the policy asks for 'north'" in out
    assert out.endswith("checked: 300 entries, 0 earlier heads, 0 proofs\nverified\n")


def test_what_was_tampered_with_is_named(tmp_path: Path, truce: Truce, policy: Path) -> None:
    folder = exported(tmp_path / "log")
    bundle = folder / "tile/entries/000"
    bundle.write_bytes(bundle.read_bytes().replace(b"\x00\x0217", b"\x00\x0271"))

    code, out, _ = truce("verify", folder, "--policy", policy)

    assert (code, out.splitlines()[-1]) == (1, "NOT VERIFIED")
    assert "tile/0/000: it does not fit entry 17" in out


def test_a_policy_from_what_it_is_to_verify_is_not_taken(tmp_path: Path, truce: Truce, policy: Path) -> None:
    folder = exported(tmp_path / "log")
    inside = folder / "policy"
    inside.write_bytes(policy.read_bytes())
    (tmp_path / "link").symlink_to(inside)

    for one in (inside, tmp_path / "link"):
        code, out, err = truce("verify", folder, "--policy", one)
        assert (code, out, "take the policy from somebody whom you trust" in err) == (2, "", True)


def test_a_proof_is_verified_with_its_entry_beside_it(tmp_path: Path, truce: Truce, policy: Path) -> None:
    made = log(SIZE)
    hashes = tuple(inclusion_proof(made.nodes, 17, SIZE))
    proof = tmp_path / "17.tlog-proof"
    proof.write_bytes(bytes(Proof(17, hashes, note(made.head, LOG, NORTH))))
    (tmp_path / "17.entry").write_bytes(entry(17))
    (tmp_path / "other").write_bytes(entry(18))

    code, out, _ = truce("verify", proof, "--policy", policy)
    assert (code, out.splitlines()[-2:]) == (0, ["cosigned by north", "verified"])
    code, out, _ = truce("verify", proof, "--policy", policy, "--entry", tmp_path / "other")
    assert (code, out.splitlines()[-1], "entry 17 is not what the tree" in out) == (1, "NOT VERIFIED", True)
    assert truce("verify", tmp_path / "none.tlog-proof", "--policy", policy)[0] == 2


def test_a_policy_that_is_none_is_refused_by_its_line(tmp_path: Path, truce: Truce) -> None:
    bad = tmp_path / "bad"
    bad.write_text("# ours\nquorum north\n")

    code, _, err = truce("verify", exported(tmp_path / "log"), "--policy", bad)

    assert (code, f"{bad}:2: no line before this names 'north'" in err) == (2, True)


# ---- forks ---------------------------------------------------------------------------------------------------------


def test_a_fork_is_shown_and_its_proof_convinces_others(tmp_path: Path, truce: Truce, policy: Path) -> None:
    ours, theirs = exported(tmp_path / "ours"), exported(tmp_path / "theirs", "x", 70)

    code, out, _ = truce("fork", theirs, ours, "--policy", policy, "-o", tmp_path / "proof")

    assert (code, out.startswith("FORKED: example.com/truce signed a head of 70 entries and one of 300")) == (1, True)
    assert truce("fork", tmp_path / "proof", "--policy", policy)[:2] == (1, out)


def test_a_log_that_grew_is_no_fork(tmp_path: Path, truce: Truce, policy: Path) -> None:
    before, after = exported(tmp_path / "before", "", 70), exported(tmp_path / "after")

    for words in ((before, after), (after, before), (before / CHECKPOINT, after), (after, after)):
        assert truce("fork", *words, "--policy", policy) == (0, "no fork: the larger grew from the smaller\n", "")
    code, _, err = truce("fork", before, after / CHECKPOINT, "--policy", policy)
    assert (code, "only the tiles of the larger" in err) == (2, True)
