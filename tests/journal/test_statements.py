"""What is signed can be read in one way only, and by whom it is said is checked at its place in the log."""

from __future__ import annotations

import json
from base64 import b64encode
from hashlib import sha256
from typing import Any

import pytest
import rfc8785
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from tests.journal_small import KINDS, NOON, NORTH, ROOT, SOUTH, STRANGER, Random, certificate, remark, said
from tests.ledger_logs import ORIGIN
from trucekeeper.journal.canonical import DEEPEST, LARGEST, MOST_BYTES, NotCanonicalError, read, written
from trucekeeper.journal.envelopes import TYPE, Envelope, NotSignedError, PrivateKey, signed_bytes
from trucekeeper.journal.keys import KeyRing, NotAllowedError
from trucekeeper.journal.sealing import NotOpenedError, Sealed, leaf_of, locked, named, seal
from trucekeeper.journal.statements import Kinds, NotAStatementError, Statement
from trucekeeper.ledger.lines import base64

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abcé漢"), inner, max_size=4),
    max_leaves=20,
)

# ---- canonical JSON ------------------------------------------------------------------------------------------------


@given(VALUES)
def test_a_value_has_one_text_that_is_read_back(value: object) -> None:
    text = written(value)  # type: ignore[arg-type]

    assert read(text) == value
    assert json.loads(text) == value
    assert text == rfc8785.dumps(value)


def test_names_stand_in_the_order_of_rfc_8785() -> None:
    # The example of RFC 8785, section 3.2.3, without its control characters.
    value: dict[str, Any] = {
        "\u20ac": "Euro Sign",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "\u00f6": "ö",
    }
    del value["\ufb33"]  # not in NFC: its canonical form is two letters

    assert list(json.loads(written(value))) == ["1", "\u00f6", "\u20ac"]
    with pytest.raises(NotCanonicalError, match="characters by whose code names are not sorted alike"):
        written({"\U0001f600": "Emoji"})


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        (b'{"a":1,"a":1}', "the name 'a' stands twice"),
        (b'{"a":NaN}', "NaN is no whole number"),
        (b'{"a":Infinity}', "Infinity is no whole number"),
        (b'{"a":1.0}', r"1\.0 is no whole number"),
        (b'{"a":1e3}', "1e3 is no whole number"),
        (b'{"a":9007199254740992}', "9007199254740992 is beyond"),
        (b'{"a":-9007199254740992}', "-9007199254740992 is beyond"),
        (b"-" + b"9" * 17, "is beyond"),
        (b'{"a":' + b"9" * 5000 + b"}", "is beyond"),
        (b'{"a":01}', "it is no JSON"),
        (b'{"a": 1}', "it is not written in the one canonical way"),
        (b'{"b":1,"a":1}', "it is not written in the one canonical way"),
        (b'"\\u0061"', "it is not written in the one canonical way"),
        (b'"\\ud800"', "half of a character"),
        (b'{"e\xcc\x81":1}', "is not in NFC"),
        (b'"\xff"', "byte 1 is not UTF-8"),
        (b"", "it is no JSON"),
        (b"{}{}", "it is no JSON"),
        (b"[" * 40 + b"]" * 40, f"it has more than {DEEPEST} levels"),
        (b"[" * 30000 + b"]" * 30000, f"it has more than {DEEPEST} levels"),
        (b'"' + b"a" * MOST_BYTES + b'"', "and may have 65,535"),
    ],
)
def test_what_could_be_misread_is_refused(data: bytes, wrong: str) -> None:
    with pytest.raises(NotCanonicalError, match=wrong):
        read(data)


def test_65_535_bytes_are_taken_and_65_536_refused() -> None:
    longest = b'"' + b"a" * (MOST_BYTES - 2) + b'"'

    assert written(read(longest)) == longest
    with pytest.raises(NotCanonicalError, match="it has 65,536 bytes"):
        written("a" * (MOST_BYTES - 1))


@pytest.mark.parametrize("number", [0, 9007199254740991, -9007199254740991])
def test_the_largest_numbers_are_taken(number: int) -> None:
    assert read(str(number).encode()) == number
    assert written(number) == str(number).encode()


@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"a":', b"}")])
def test_a_value_stands_in_32_others_and_not_in_33(opening: bytes, closing: bytes) -> None:
    deep = opening * 32 + b"1" + closing * 32

    assert written(read(deep)) == deep
    with pytest.raises(NotCanonicalError, match="it has more than 32 levels"):
        read(opening + deep + closing)


@pytest.mark.parametrize(
    ("value", "wrong"),
    [
        ({1: 2}, "1 is no name"),
        ({"a": [None, {2: 3}]}, "2 is no name"),
        (1.5, "float is no value of JSON that may be signed"),
        ([b""], "bytes is no value of JSON that may be signed"),
        ({"a": "\ud800"}, "a text holds half of a character"),
        ({"\ud800": 1}, "a text holds half of a character"),
    ],
)
def test_what_json_does_not_have_is_not_written(value: Any, wrong: str) -> None:  # noqa: ANN401  not JSON
    with pytest.raises(NotCanonicalError, match=wrong):
        written(value)


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        (b'{"%s":1,"%s":2}' % (b"n" * 81, b"n" * 81), f"the name '{'n' * 80}' stands twice in one object"),
        (b'{"a":1,"b":2,"b":3,"a":4}', "the name 'b' stands twice in one object"),
        (b"1.%s" % (b"5" * 40), f"1.{'5' * 38} is no whole number"),
        (b"9" * 41, f"{'9' * 40} is beyond 2^53 - 1"),
        (b'{"%se\xcc\x81":1}' % (b"n" * 80), f"the name '{'n' * 80}' is not in NFC"),
    ],
)
def test_what_is_long_is_shown_in_part(data: bytes, wrong: str) -> None:
    with pytest.raises(NotCanonicalError) as caught:
        read(data)
    assert str(caught.value) == wrong


@given(st.binary(max_size=60))
def test_any_bytes_are_a_value_or_refused(data: bytes) -> None:
    try:
        value = read(data)
    except NotCanonicalError:
        return
    assert written(value) == data


# ---- envelopes -----------------------------------------------------------------------------------------------------


def test_an_envelope_is_signed_as_dsse_says() -> None:
    assert signed_bytes(b"hello") == b"DSSEv1 42 " + TYPE.encode() + b" 5 hello"


def test_an_envelope_is_read_back_and_held_by_each_who_signed_it() -> None:
    one = Envelope.sealed_by(b'{"a":1}', NORTH, SOUTH)

    assert Envelope.read(bytes(one)) == one
    one.held_by(NORTH.public)
    one.held_by(SOUTH.public)
    with pytest.raises(NotSignedError, match="did not sign it"):
        one.held_by(STRANGER.public)
    with pytest.raises(NotSignedError, match="is not over this statement"):
        Envelope(b'{"a":2}', one.signatures).held_by(NORTH.public)


def test_no_byte_of_an_envelope_can_be_changed_unnoticed() -> None:
    whole = bytes(Envelope.sealed_by(b'{"a":1}', NORTH))
    for at in range(len(whole)):
        spoilt = whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
        with pytest.raises((NotCanonicalError, NotSignedError)):
            Envelope.read(spoilt).held_by(NORTH.public)


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"more": 1}, "and no more"),
        ({"payloadType": "text/plain"}, "it is of the type 'text/plain'"),
        ({"payload": ""}, "is not canonical base64"),
        ({"payload": "e30"}, "is not canonical base64"),
        ({"signatures": []}, "it has 0 signatures"),
        ({"signatures": [{"keyid": "a", "sig": "AAAA"}] * 17}, "it has 17 signatures"),
        ({"signatures": [{"keyid": "a", "sig": "AAAA"}] * 2}, "one key signed it twice"),
        ({"signatures": [{"keyid": "a"}]}, "a signature says keyid and sig"),
    ],
)
def test_what_is_no_envelope_is_refused(change: dict[str, Any], wrong: str) -> None:
    one = json.loads(bytes(Envelope.sealed_by(b"{}", NORTH)))

    with pytest.raises(NotCanonicalError, match=wrong):
        Envelope.read(written({**one, **change}))


def test_sixteen_sign_an_envelope_and_no_more() -> None:
    one = json.loads(bytes(Envelope.sealed_by(b"{}", NORTH)))
    several: list[Any] = [{"keyid": f"{number}", "sig": "AAAA"} for number in range(17)]

    assert len(Envelope.read(written({**one, "signatures": several[:16]})).signatures) == 16
    with pytest.raises(NotCanonicalError, match="it has 17 signatures, and may have 1 to 16"):
        Envelope.read(written({**one, "signatures": several}))


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"payloadType": "t" * 81}, f"it is of the type '{'t' * 80}', not {TYPE}"),
        ({"payload": "é" * 41}, f"'{'é' * 40}' is not canonical base64"),
        ({"payload": 1}, "an envelope says payload, payloadType, signatures, and no more"),
        ({"signatures": [{"keyid": "a", "sig": "AAAA", "more": 1}]}, "a signature says keyid and sig, and no more"),
        ({"signatures": ["a"]}, "a signature says keyid and sig, and no more"),
        ({"signatures": [{"keyid": "a", "sig": "AAAB\n"}]}, "'AAAB\n' is not canonical base64"),
        ({"signatures": [{"keyid": "a", "sig": "AB=="}]}, "'AB==' is not canonical base64"),
    ],
)
def test_what_is_no_envelope_is_told_in_full(change: dict[str, Any], wrong: str) -> None:
    one = json.loads(bytes(Envelope.sealed_by(b"{}", NORTH)))

    with pytest.raises(NotCanonicalError) as caught:
        Envelope.read(written({**one, **change}))
    assert str(caught.value) == wrong


def test_who_did_not_sign_is_named_by_sixteen_letters_of_the_key() -> None:
    for wanted, why in (
        (STRANGER, f"the key {STRANGER.public.id[:16]} did not sign it"),
        (NORTH, f"the signature of the key {NORTH.public.id[:16]} is not over this statement"),
    ):
        with pytest.raises(NotSignedError) as caught:
            Envelope(b"{}", {NORTH.public.id: bytes(64)}).held_by(wanted.public)
        assert str(caught.value) == why


# ---- statements ----------------------------------------------------------------------------------------------------


def test_a_statement_is_read_back() -> None:
    one = Statement("remark", {"text": "quiet"}, ORIGIN, "0" * 32, NOON, label={"owner": "north"})

    assert Statement.read(bytes(one)) == one
    assert json.loads(bytes(one))["v"] == 1


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "Remark"},
        {"kind": ""},
        {"nonce": "0"},
        {"nonce": "G" * 32},
        {"said_at": True},
        {"said_at": "noon"},
        {"v": 0},
        {"v": True},
        {"body": []},
        {"label": None},
        {"more": 1},
    ],
)
def test_what_is_no_statement_is_refused(change: dict[str, Any]) -> None:
    one = json.loads(bytes(Statement("remark", {}, ORIGIN, "0" * 32, NOON)))

    with pytest.raises(NotAStatementError):
        Statement.read(written({**one, **change}))


def test_each_version_is_brought_to_the_newest_step_by_step() -> None:
    kinds = Kinds({"remark": (lambda body: {**body, "second": 2}, lambda body: {**body, "third": 3})})

    def body(version: int) -> object:
        return kinds.body(Statement("remark", {"first": 1}, ORIGIN, "0" * 32, NOON, version))

    assert kinds.newest("remark") == 3
    assert body(1) == {"first": 1, "second": 2, "third": 3}
    assert body(2) == {"first": 1, "third": 3}
    assert body(3) == {"first": 1}
    with pytest.raises(NotAStatementError, match="'remark' is of version 4, and 3 is the newest known here"):
        body(4)
    with pytest.raises(NotAStatementError, match="'deed' is no kind of statement"):
        KINDS.body(Statement("deed", {}, ORIGIN, "0" * 32, NOON))


def test_a_kind_that_is_not_known_is_shown_in_part() -> None:
    with pytest.raises(NotAStatementError) as caught:
        KINDS.newest("k" * 81)
    assert str(caught.value) == f"'{'k' * 80}' is no kind of statement that is known here"


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        (b"[]", "a statement says body, kind, label, mission, nonce, said_at, v, and no more"),
        (b"{}", "a statement says body"),
    ],
)
def test_what_lacks_a_part_is_no_statement(payload: bytes, why: str) -> None:
    with pytest.raises(NotAStatementError, match=why):
        Statement.read(payload)


# ---- sealing -------------------------------------------------------------------------------------------------------


def test_a_sealed_statement_is_opened_by_its_secret_alone() -> None:
    random = Random()
    one, secret = seal(b"quiet in the valley", random)
    other, other_secret = seal(b"quiet in the valley", random)

    assert one.open(secret) == b"quiet in the valley"
    assert one.leaf != other.leaf
    assert b"quiet" not in one.leaf + one.data
    for sealed, wrong in (
        (one, other_secret),
        (Sealed(other.leaf, one.data), secret),
        (Sealed(one.leaf, b""), secret),
    ):
        with pytest.raises(NotOpenedError, match="are not those that were sealed"):
            sealed.open(wrong)


def test_a_leaf_that_commits_to_another_statement_is_found_out() -> None:
    secret = bytes(32)
    leaf = leaf_of(b"what the leaf says", secret)

    assert Sealed(leaf, locked(b"what the leaf says", secret, leaf)).open(secret) == b"what the leaf says"
    with pytest.raises(NotOpenedError, match="the leaf commits to another statement"):
        Sealed(leaf, locked(b"what is stored", secret, leaf)).open(secret)


def test_what_is_sealed_can_be_opened_by_a_program_that_is_not_ours() -> None:
    # As the head of `sealing` says it, and nothing else: whoever has a secret can check a leaf with this.
    sealed, secret = seal(b"quiet", Random())
    salt = sha256(b"trucekeeper salt v1\x00" + secret).digest()
    commitment = b64encode(sha256(b"trucekeeper leaf v1\x00" + salt + b"quiet").digest())

    assert sealed.leaf == b'{"c":"' + commitment + b'","v":1}'
    assert AESGCM(sha256(b"trucekeeper key v1\x00" + secret).digest()).decrypt(
        bytes(12), sealed.data, sealed.leaf
    ) == (b"quiet")
    assert (len(secret), named(secret)) == (32, sha256(b"trucekeeper name v1\x00" + secret).hexdigest())


def test_a_leaf_shows_nothing_but_that_something_was_said() -> None:
    one, _ = seal(b"a", Random())
    longer, _ = seal(b"a" * 60_000, Random())

    assert json.loads(one.leaf).keys() == {"c", "v"}
    assert len(one.leaf) == len(longer.leaf) == 58


# ---- keys ----------------------------------------------------------------------------------------------------------


def ring(*certified: bytes) -> KeyRing:
    found = KeyRing.founded({"roots": [base64(ROOT.public.raw)]})
    for one in certified:
        read_ = Statement.read(Envelope.read(one).payload)
        found = found.after(read_.kind, read_.body, frozenset(Envelope.read(one).signatures))
    return found


def test_a_key_is_good_from_its_certificate_to_its_revocation() -> None:
    before = ring()
    certified = ring(certificate(NORTH))
    revoked = certified.after("key.revoke", {"key": NORTH.public.id}, frozenset([ROOT.public.id]))

    assert certified.holder(NORTH.public.id).delegation == "north"
    for one in (before, revoked):
        with pytest.raises(NotAllowedError, match="is not certified, or was revoked"):
            one.holder(NORTH.public.id)


@pytest.mark.parametrize(
    ("kind", "body", "by", "why"),
    [
        ("key.certify", {"key": base64(SOUTH.public.raw), "delegation": "south", "role": "x"}, NORTH, "only a root"),
        ("key.certify", {"key": base64(NORTH.public.raw), "delegation": "n", "role": "x"}, ROOT, "certified already"),
        ("key.certify", {"key": "AAAA", "delegation": "south", "role": "x"}, ROOT, "a key is 32 bytes"),
        ("key.certify", {"key": 1, "delegation": "south", "role": "x"}, ROOT, "a key is 32 bytes"),
        ("key.certify", {"key": base64(SOUTH.public.raw)}, ROOT, "does not say what it should"),
        ("key.revoke", {"key": STRANGER.public.id}, ROOT, "is not certified"),
        ("key.revoke", {"key": ROOT.public.id}, ROOT, "the last root cannot be revoked"),
        ("key.lend", {}, ROOT, "does not say what it should"),
    ],
)
def test_nobody_else_certifies_and_nothing_else_is_certified(kind: str, body: dict, by: object, why: str) -> None:  # type: ignore[type-arg]
    with pytest.raises(NotAllowedError, match=why):
        ring(certificate(NORTH)).after(kind, body, frozenset([by.public.id]))  # type: ignore[attr-defined]


def test_a_delegation_has_a_name_of_80_letters_at_most_and_is_not_the_public() -> None:
    def certify(delegation: str, role: str = "monitor") -> KeyRing:
        body: Any = {"key": base64(NORTH.public.raw), "delegation": delegation, "role": role}
        return ring().after("key.certify", body, frozenset([ROOT.public.id]))

    known = (
        "analyst, auditor, chair, delegate, delegation_head, guarantor, liaison, mediator, monitor, "
        "protection_officer, registrar, watch_officer"
    )
    for good in ("n" * 80, "7", "north-2"):
        assert certify(good).holder(NORTH.public.id).delegation == good
    for bad in ("", "n" * 81, "North", "-n", "public", "n n", "n\n"):
        with pytest.raises(NotAllowedError) as caught:
            certify(bad)
        assert (
            str(caught.value)
            == f"'monitor' of '{bad[:80]}': a key is of a delegation, by its name, and one of {known}"
        )
    with pytest.raises(NotAllowedError, match=f"^'{'r' * 80}' of 'north'"):
        certify("north", "r" * 81)
    for role in known.split(", "):
        assert certify("north", role).holder(NORTH.public.id).role == role
    with pytest.raises(NotAllowedError, match="'root' of 'north'"):
        certify("north", "root")


def test_a_root_is_revoked_by_another_and_certifies_no_more() -> None:
    both: Any = {"roots": [base64(ROOT.public.raw), base64(SOUTH.public.raw)]}
    one = KeyRing.founded(both).after("key.revoke", {"key": ROOT.public.id}, frozenset([SOUTH.public.id]))

    assert one.roots == {SOUTH.public.id} == set(one.holders)
    with pytest.raises(NotAllowedError, match="only a root certifies and revokes keys"):
        one.after("key.revoke", {"key": SOUTH.public.id}, frozenset([ROOT.public.id]))


def lent(key: PrivateKey, delegation: str, **more: object) -> dict[str, Any]:
    """Return the certificate of a key that a server holds."""
    said = {"key": base64(key.public.raw), "delegation": delegation, "role": "watch_officer", "held": "server"}
    return {**said, **more}


def with_registrar(*others: dict[str, Any]) -> KeyRing:
    """Return the keys of a mission of which south is the registrar of north's accounts."""
    said: dict[str, Any] = {"key": base64(SOUTH.public.raw), "delegation": "north", "role": "registrar"}
    found = ring().after("key.certify", said, frozenset([ROOT.public.id]))
    for one in others:
        found = found.after("key.certify", one, frozenset([SOUTH.public.id]))
    return found


def test_a_registrar_certifies_keys_that_a_server_holds_for_his_delegation_and_the_log_says_so() -> None:
    holder = with_registrar(lent(NORTH, "north")).holder(NORTH.public.id)

    assert (holder.delegation, holder.role, holder.held) == ("north", "watch_officer", "server")
    assert ring(certificate(NORTH)).holder(NORTH.public.id).held == ""


@pytest.mark.parametrize(
    "body",
    [
        lent(NORTH, "guarantor"),
        lent(NORTH, "north", held=""),
        lent(NORTH, "north", role="registrar"),
        {name: value for name, value in lent(NORTH, "north").items() if name != "held"},
    ],
)
def test_a_registrar_certifies_no_key_of_another_delegation_none_of_a_person_and_no_registrar(body: Any) -> None:  # noqa: ANN401
    with pytest.raises(NotAllowedError, match="only a root certifies"):
        with_registrar().after("key.certify", body, frozenset([SOUTH.public.id]))


def test_a_registrar_revokes_what_a_server_holds_for_his_delegation_and_no_other_key() -> None:
    found = with_registrar(lent(NORTH, "north"))
    by = frozenset([SOUTH.public.id])

    assert NORTH.public.id not in found.after("key.revoke", {"key": NORTH.public.id}, by).holders
    for other in (SOUTH.public.id, ROOT.public.id, STRANGER.public.id):
        with pytest.raises(NotAllowedError, match="only a root certifies"):
            found.after("key.revoke", {"key": other}, by)


def test_a_registrar_that_was_revoked_certifies_nothing_more() -> None:
    gone = with_registrar().after("key.revoke", {"key": SOUTH.public.id}, frozenset([ROOT.public.id]))

    with pytest.raises(NotAllowedError, match="only a root certifies"):
        gone.after("key.certify", lent(NORTH, "north"), frozenset([SOUTH.public.id]))


def test_a_key_is_named_by_sixteen_letters() -> None:
    certified = ring(certificate(NORTH))
    short = NORTH.public.id[:16]
    body: Any = {"key": base64(NORTH.public.raw), "delegation": "x", "role": "x"}

    for act, why in (
        (lambda: ring().holder(NORTH.public.id), f"the key {short} is not certified, or was revoked"),
        (
            lambda: certified.after("key.certify", body, frozenset([ROOT.public.id])),
            f"the key {short} is certified already",
        ),
    ):
        with pytest.raises(NotAllowedError) as caught:
            act()
        assert str(caught.value) == why


def test_a_mission_is_founded_with_at_least_one_root() -> None:
    several: list[Any] = [{}, {"roots": []}, {"roots": "x"}, {"roots": ["AAAA"]}]
    for body in several:
        with pytest.raises(NotAllowedError):
            KeyRing.founded(body)


def test_two_remarks_of_the_same_words_are_two() -> None:
    assert remark("quiet") != remark("quiet")
    assert sha256(said("remark", NORTH)).digest() != sha256(said("remark", NORTH)).digest()
