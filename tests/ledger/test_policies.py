"""A policy says whose cosignatures count, and a proof travels alone and is checked by it."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ledger_logs import LOG, NORTH, ORIGIN, SOUTH, entry, log, note, signer
from trucekeeper.ledger.checkpoints import Checkpoint
from trucekeeper.ledger.forks import Fork, fork_of
from trucekeeper.ledger.lines import MalformedError, base64
from trucekeeper.ledger.notes import COSIGNS, Note, UntrustedError
from trucekeeper.ledger.policies import Policy
from trucekeeper.ledger.proofs import Proof
from trucekeeper.ledger.tree import Head, ProofRejectedError, inclusion_proof, leaf_hash

HEAD = f"log {LOG.verifier.vkey}\nwitness north {NORTH.verifier.vkey}\nwitness south {SOUTH.verifier.vkey}\n"
BOTH = Policy.read(f"{HEAD}group both all north south\nquorum both\n".encode())
NOBODY = Policy.read(f"log {LOG.verifier.vkey}\nquorum none\n".encode())


def test_a_checkpoint_counts_once_the_quorum_cosigned_it() -> None:
    assert BOTH.trusts(note(log(3).head, LOG, NORTH, SOUTH)) == Checkpoint(ORIGIN, log(3).head)
    assert NOBODY.trusts(note(log(3).head, LOG)).head == log(3).head
    with pytest.raises(UntrustedError, match="the quorum 'both' did not cosign it: missing are south"):
        BOTH.trusts(note(log(3).head, LOG, NORTH))
    with pytest.raises(UntrustedError, match=r"it is not signed by example.com/truce"):
        BOTH.trusts(note(log(3).head, NORTH, SOUTH))


def test_a_log_that_the_policy_does_not_name_is_not_trusted() -> None:
    other = signer("example.com/other")
    text = Checkpoint("example.com/other", log(3).head).text

    with pytest.raises(UntrustedError, match=r"the policy knows no log 'example.com/other'"):
        NOBODY.trusts(Note(text, (other.sign(text), LOG.sign(text))))


def test_the_cosignature_of_another_head_does_not_count() -> None:
    signed = note(log(3).head, LOG, NORTH)
    replayed = signed.signed(*note(log(2).head, SOUTH).signatures)

    with pytest.raises(UntrustedError, match=r"the signature of 'south.example' is not over this text"):
        BOTH.trusts(replayed)


def test_a_group_speaks_once_so_many_of_its_members_do() -> None:
    several = [signer(f"w{at}", COSIGNS) for at in range(6)]
    lines = [f"witness {one.name} {one.verifier.vkey}" for one in several]
    lines += ["group x 2 w0 w1 w2", "group y any w3 w4 w5", "group all-of-it all x y", "quorum all-of-it"]
    policy = Policy.read("".join(f"{line}\n" for line in lines).encode())

    for count in range(7):
        for names in combinations([one.name for one in several], count):
            x, y = (len({*names} & {*of}) for of in (("w0", "w1", "w2"), ("w3", "w4", "w5")))
            assert policy.is_quorum(names) is (x >= 2 and y >= 1)


def test_a_policy_is_read_back() -> None:
    said = b"# ours\n\n\tlog " + LOG.verifier.vkey.encode() + b"  https://truce.example \n"
    said += b"witness n\xc3\xb6rd " + NORTH.verifier.vkey.encode() + b"\n\xff# no comment\n"

    with pytest.raises(MalformedError, match=r"line 5: '.*' begins no line"):
        Policy.read(said + b"quorum n\xc3\xb6rd\n")
    one = Policy.read(said.replace(b"\xff# no comment\n", b"") + b"quorum n\xc3\xb6rd\n")
    assert (one.logs[0].url, one.quorum) == ("https://truce.example", "nörd")
    for policy in (one, BOTH, NOBODY):
        assert Policy.read(bytes(policy)) == policy


N, S = NORTH.verifier.vkey, SOUTH.verifier.vkey


@pytest.mark.parametrize(
    ("lines", "wrong"),
    [
        ("", "no line says the quorum"),
        ("quorum none\nquorum none\n", "line 2: a second line says the quorum"),
        ("quorum north\n", "line 1: no line before this names 'north'"),
        (f"quorum north\nwitness north {N}\n", "line 1"),
        (f"witness none {N}\nquorum none\n", "line 1: 'none' is named already"),
        (f"witness a {N}\nwitness a {S}\nquorum a\n", "line 2: 'a' is named already"),
        (f"witness a {N}\nwitness b {N}\nquorum a\n", "line 2: the key of 'north.example' stands here twice"),
        (f"log {LOG.verifier.vkey}\nlog {LOG.verifier.vkey}\nquorum none\n", "line 2: the key of"),
        (f"log {N}\nquorum none\n", r"line 1: the key of 'north.example' is not one for signatures"),
        (f"witness a {LOG.verifier.vkey}\nquorum a\n", "line 1: the key of .* is not one for cosignatures"),
        (f"witness a {N} x y\nquorum a\n", "line 1: there is more after the address"),
        (f"witness a {N}\ngroup g 0 a\nquorum g\n", "line 2: '0' of 1 members cannot be"),
        (f"witness a {N}\ngroup g 2 a\nquorum g\n", "line 2: '2' of 1 members"),
        (f"witness a {N}\ngroup g 01 a\nquorum g\n", "line 2: '01' of 1 members"),
        (f"witness a {N}\ngroup g some a\nquorum g\n", "line 2: 'some' of 1 members"),
        (f"witness a {N}\ngroup g all\nquorum g\n", "line 2: 'all' of 0 members"),
        (f"witness a {N}\ngroup g any a a\nquorum g\n", "line 2: 'a' is a member twice"),
        (f"witness a {N}\ngroup g any a\ngroup h any a\nquorum h\n", "line 3: 'a' is a member twice"),
        ("group g any none\nquorum g\n", "line 1: no line before this names 'none'"),
        ("witness a nonsense\nquorum a\n", "line 1: a key is written"),
        ("quorum\n", "line 1: 'quorum' begins no line of this sort"),
        ("log x\r\nquorum none\n", "line 1: a control character"),
        ("# ours\nlog " + LOG.verifier.vkey.replace("+", "+0", 1) + "\n", "line 2: the id of"),
        ("#" * (1 << 18) + "\nquorum none\n", "it has 262,157 bytes, and may have 262,144"),
    ],
)
def test_what_is_no_policy_is_refused_with_where_and_why(lines: str, wrong: str) -> None:
    with pytest.raises(MalformedError, match=wrong):
        Policy.read(lines.encode())


@given(st.binary(max_size=200))
def test_any_bytes_are_a_policy_or_refused(data: bytes) -> None:
    try:
        Policy.read(data)
    except MalformedError:
        return


# ---- proofs --------------------------------------------------------------------------------------------------------


def proof(place: int, size: int) -> Proof:
    made = log(size)
    hashes = tuple(inclusion_proof(made.nodes, place, size))
    return Proof(place, hashes, note(made.head, LOG, NORTH, SOUTH))


def test_a_proof_is_read_back_and_shows_its_entry_alone() -> None:
    for size in (1, 2, 3, 300):
        for place in {0, size // 2, size - 1}:
            read = Proof.read(bytes(proof(place, size)))

            assert read == proof(place, size)
            assert read.check(leaf_hash(entry(place)), BOTH).head == log(size).head
            with pytest.raises(ProofRejectedError):
                read.check(leaf_hash(entry(size)), BOTH)


def test_a_proof_carries_what_nobody_need_trust() -> None:
    one = proof(1, 3)
    more = Proof(one.index, one.hashes, one.note, b"anything")

    assert Proof.read(bytes(more)) == more
    assert bytes(more).startswith(b"c2sp.org/tlog-proof@v1\nextra YW55dGhpbmc=\nindex 1\n")


def test_a_proof_has_63_hashes_and_65_536_bytes_of_extra_at_most() -> None:
    longest = Proof(1, (bytes(32),) * 63, note(log(3).head, LOG), bytes(1 << 16))

    assert Proof.read(bytes(longest)) == longest


def test_no_byte_of_a_proof_can_be_changed_unnoticed() -> None:
    whole = bytes(proof(2, 5))
    kept = {bytes(proof(2, 5))}
    for at in range(len(whole)):
        for bit in (1, 64):
            spoilt = whole[:at] + bytes([whole[at] ^ bit]) + whole[at + 1 :]
            try:
                Proof.read(spoilt).check(leaf_hash(entry(2)), BOTH)
            except (MalformedError, ProofRejectedError, UntrustedError):
                continue
            kept.add(spoilt)

    assert kept == {whole}


@pytest.mark.parametrize("at", range(0, 700, 7))
def test_no_part_of_a_proof_is_taken_for_the_whole(at: int) -> None:
    whole = bytes(proof(2, 5))
    with pytest.raises((MalformedError, ProofRejectedError, UntrustedError)):
        Proof.read(whole[: min(at, len(whole) - 1)]).check(leaf_hash(entry(2)), BOTH)


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        (b"c2sp.org/tlog-proof@v2\nindex 0\n\n", "line 1: it does not begin with"),
        (b"c2sp.org/tlog-proof@v1\n\n", "line 2: the line that says the index is missing"),
        (b"c2sp.org/tlog-proof@v1\nindex 01\n\n", "line 2: '01' is no number"),
        (b"c2sp.org/tlog-proof@v1\nextra \nindex 1\n\n", "line 2: '' is not canonical base64"),
        (b"c2sp.org/tlog-proof@v1\nextra YQ==\n\n", "line 3: the line that says the index"),
        (b"c2sp.org/tlog-proof@v1\nindex 1\nAAAA\n\n", "line 3: a hash has 32 bytes, not 3"),
        (b"c2sp.org/tlog-proof@v1\nindex 1\n" + b"A\n" * 64 + b"\n", "it has 64 hashes, and may have 63"),
        (b"c2sp.org/tlog-proof@v1\nindex 1\n" + b"A" * 43 + b"=\nAAAA\n\n", "line 4: a hash has 32 bytes, not 3"),
        (b"c2sp.org/tlog-proof@v1\nindex \xd9\xa1\n\n", "is not ASCII"),
        (b"c2sp.org/tlog-proof@v1\nindex 1\n", "no empty line parts"),
        (b" " * 1_000_000, "it has 1,000,000 bytes"),
    ],
)
def test_what_is_no_proof_is_refused_with_where_and_why(data: bytes, wrong: str) -> None:
    with pytest.raises(MalformedError, match=wrong):
        Proof.read(data)


# ---- forks ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sizes", [(1, 1), (1, 2), (2, 5), (3, 3), (4, 9), (300, 700)])
def test_two_histories_are_shown_to_whoever_knows_the_log(sizes: tuple[int, int]) -> None:
    first, second = log(sizes[0], "x"), log(sizes[1])
    fork = fork_of(note(first.head, LOG), note(second.head, LOG), second.nodes)

    assert fork is not None
    assert Fork.read(bytes(fork)) == fork
    assert [one.head for one in fork.check([LOG.verifier])] == [first.head, second.head]
    with pytest.raises(UntrustedError, match=r"no key of 'example.com/truce' is known"):
        fork.check([signer("example.com/other").verifier])


def test_one_history_is_no_fork() -> None:
    first, second = note(log(3).head, LOG), note(log(5).head, LOG)
    told = Fork(first, second, log(3).head.root, tuple(inclusion_proof(log(5).nodes, 0, 5)))

    assert fork_of(first, second, log(5).nodes) is None
    with pytest.raises(ProofRejectedError):
        told.check([LOG.verifier])
    with pytest.raises(ProofRejectedError, match="there is no fork"):
        Fork(first, first, log(3).head.root, ()).check([LOG.verifier])


def test_a_fork_cannot_be_made_up() -> None:
    fork = fork_of(note(log(3, "x").head, LOG), note(log(5).head, LOG), log(5).nodes)
    assert fork is not None
    stranger = signer(ORIGIN + "/2")
    for told, why in (
        (Fork(fork.smaller, note(Head(5, log(5, "x").head.root), LOG), fork.root, fork.hashes), ProofRejectedError),
        (Fork(note(log(3, "x").head, stranger), fork.larger, fork.root, fork.hashes), UntrustedError),
        (Fork(fork.smaller, fork.larger, log(3, "y").head.root, fork.hashes), ProofRejectedError),
        (Fork(fork.larger, fork.smaller, fork.root, fork.hashes), ProofRejectedError),
    ):
        with pytest.raises(why):
            told.check([LOG.verifier])


@pytest.mark.parametrize("at", range(0, 1000, 13))
def test_no_part_of_a_fork_is_taken_for_the_whole(at: int) -> None:
    fork = fork_of(note(log(3, "x").head, LOG), note(log(5).head, LOG), log(5).nodes)
    whole = bytes(fork)  # type: ignore[arg-type]
    with pytest.raises((MalformedError, ProofRejectedError, UntrustedError)):
        Fork.read(whole[: min(at, len(whole) - 1)]).check([LOG.verifier])


def test_heads_of_two_logs_are_no_fork() -> None:
    other = signer("example.com/other")
    text = Checkpoint(other.name, log(5).head).text
    smaller = note(log(3, "x").head, LOG)
    fork = fork_of(smaller, Note(text, (other.sign(text),)), log(5).nodes)
    assert fork is not None

    with pytest.raises(ProofRejectedError, match="they are heads of two logs"):
        fork.check([LOG.verifier, other.verifier])


HASH = base64(bytes(32)) + "\n"
ROOT = f"root {base64(log(3).head.root)}\n"


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        ("fork@v1", "fork@v2", "the proof of a fork, line 1: it begins with 'trucekeeper/fork@v1' and the root"),
        ("root ", "stem ", "the proof of a fork, line 1: it begins with"),
        (ROOT, "", "the proof of a fork, line 1: it begins with"),
        (ROOT + HASH, "", "the proof of a fork, line 1: it begins with"),
        ("root ", "root x", "the proof of a fork, line 2: 'x"),
        (HASH, "x\n", "the proof of a fork, line 3: 'x' is not canonical base64"),
        (HASH, HASH + "x\n", "the proof of a fork, line 4: 'x' is not canonical base64"),
        (HASH, HASH * 64, "the proof of a fork: it has 64 hashes, and may have 63"),
        (HASH, HASH + "\nx\n", "the proof of a fork: it has three parts"),
        (HASH + "\n", HASH, "the proof of a fork: it has three parts"),
        (HASH, "x" * (1 << 18), "and may have 262,144"),
    ],
)
def test_what_is_no_fork_is_refused_with_where_and_why(old: str, new: str, wrong: str) -> None:
    fork = Fork(note(log(3, "x").head, LOG), note(log(5).head, LOG), log(3).head.root, (bytes(32),))
    spoilt = bytes(fork).decode().replace(old, new, 1)

    with pytest.raises(MalformedError, match=wrong):
        Fork.read(spoilt.encode())


@pytest.mark.parametrize("hashes", [0, 1, 63])
def test_a_fork_has_as_many_hashes_as_the_largest_tree_needs(hashes: int) -> None:
    fork = Fork(note(log(3, "x").head, LOG), note(log(5).head, LOG), log(3).head.root, (bytes(32),) * hashes)

    assert Fork.read(bytes(fork)) == fork
