"""A mission by its commands, as its people type them."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests import mission_small as small
from trucekeeper.terms.moments import write_moment

if TYPE_CHECKING:
    from collections.abc import Callable

    Truce = Callable[..., tuple[int, str, str]]

AGREEMENTS = Path(__file__).resolve().parents[2] / "agreements"
FACTS = """\
facts:
  - {id: approval, kind: decision, at: 2031-03-10T12:00+02:00, learned_at: 2031-03-10T12:00+02:00, occurred: verified,
     fields: {of: approval}}
  - {id: a1, kind: shelling, by: north, at: 2031-03-10T13:00+02:00, learned_at: 2031-03-10T13:05+02:00,
     occurred: verified, who: verified}
"""
FOR_NORTH = """\
facts:
  - {id: a2, kind: shelling, by: south, at: 2031-03-10T13:00+02:00, learned_at: 2031-03-10T13:05+02:00,
     occurred: verified, who: verified, owner: north}
"""
OF, BY = ("--delegation", "d"), ("--by", "root.key")
AT = ("--as-of", "2031-03-12T12:00+02:00")


@pytest.fixture
def place(tmp_path: Path, truce: Truce, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with keys, a draft, and a mission `m` in which they are certified."""
    monkeypatch.chdir(tmp_path)
    for name in ("root", "north", "south", "chair", "officer"):
        assert truce("key", "new", f"{name}.key", "--name", f"{name}.example", "--no-passphrase")[0] == 0
    small.draft(tmp_path / "draft")
    (tmp_path / "facts.yaml").write_text(FACTS)
    (tmp_path / "for-north.yaml").write_text(FOR_NORTH)
    opening = ("--agreement", "draft", "--root", "root.key", "--name", "valoria.example/truce", "--no-passphrase")
    code, out, _ = truce("open", "m", *opening)
    assert (code, "valoria.example/truce is founded with 1 root(s)" in out) == (0, True)
    for name, role in (("north", "delegate"), ("south", "delegate"), ("chair", "chair"), ("officer", "auditor")):
        certified = ("--delegation", name, "--role", role, "--by", "root.key")
        assert truce("key", "certify", "m", f"{name}.key", *certified)[0] == 0
    return tmp_path


def stands(out: str) -> list[tuple[str, str, str]]:
    return [(one["clause"], one["by"], one["verdict"]) for one in json.loads(out)["stands"]]


def test_a_mission_is_founded_entered_into_and_asked(place: Path, truce: Truce) -> None:
    code, out, err = truce("enter", "m", "facts", "facts.yaml", "--by", "south.key")
    assert (code, out, err) == (0, "2 entered, entries 6 to 7; 0 on record already; 0 set aside\n", "")

    code, out, _ = truce("standing", "m", *AT)
    assert code == 1
    lines = " ".join(out.split())
    assert "audience: public; 2 fact revisions" in lines
    assert "record of 8 entries, root " in lines
    with sqlite3.connect(place / "m" / "projections.db") as connection:
        assert connection.execute("SELECT digest FROM agreements").fetchall()[0][0] in lines.replace(" ", "")
    code, out, _ = truce("why", "m", "halt", *AT)
    assert (code, "a1" in out) == (1, True)
    code, out, _ = truce("replay", "m")
    assert (code, "a1" in out) == (0, True)


@pytest.mark.usefixtures("place")
def test_an_import_that_is_run_again_changes_nothing(truce: Truce) -> None:
    truce("enter", "m", "facts", "facts.yaml", "--by", "south.key")
    dry = truce("enter", "m", "facts", "facts.yaml", "--by", "south.key", "--dry-run")
    again = truce("enter", "m", "facts", "facts.yaml", "--by", "south.key")

    assert dry[:2] == (0, "0 would be entered; 2 on record already; 0 set aside\n")
    assert again[:2] == (0, "0 entered; 2 on record already; 0 set aside\n")


def test_a_faulty_row_is_set_aside_and_the_good_ones_enter(place: Path, truce: Truce) -> None:
    (place / "facts.yaml").write_text(FACTS.replace("kind: shelling", "kind: shelled"))
    code, out, err = truce("enter", "m", "facts", "facts.yaml", "--by", "south.key")

    assert (code, out) == (2, "1 entered, entry 6; 0 on record already; 1 set aside\n")
    assert "facts.yaml:4:" in err
    assert "'shelled' is no kind of fact" in err


@pytest.mark.parametrize("name", sorted(one.name for one in AGREEMENTS.iterdir() if one.is_dir()))
@pytest.mark.usefixtures("place")
def test_as_reported_a_mission_stands_as_its_folder(truce: Truce, name: str) -> None:
    folder = AGREEMENTS / name
    opening = ("--agreement", folder, "--root", "root.key", "--name", f"{name}.example", "--no-passphrase")
    assert truce("open", "real", *opening)[0] == 0
    assert truce(
        "key", "certify", "real", "north.key", "--delegation", "desk", "--role", "analyst", "--by", "root.key"
    )
    assert truce("enter", "real", "facts", folder / "facts.yaml", "--by", "north.key")[0] == 0
    for clocks in (
        ("--as-of", "2026-02-01T00:00Z"),
        ("--as-of", "2025-10-14T00:00Z", "--known-at", "2025-11-01T00:00Z"),
    ):
        _, mission, _ = truce("standing", "real", "--as-reported", "--json", *clocks)
        _, plain, _ = truce("standing", folder, "--json", "--audience", "public", *clocks)
        ours, theirs = json.loads(mission), json.loads(plain)
        assert ours.pop("record")["size"] > 3
        for one in (ours, theirs):
            if "--known-at" not in clocks:
                one.pop("known_at")

        assert ours == theirs


@pytest.mark.parametrize("audience", ["south", "chair", "public"])
@pytest.mark.usefixtures("place")
def test_a_fact_for_one_delegation_changes_no_byte_for_the_others(truce: Truce, audience: str) -> None:
    truce("enter", "m", "facts", "facts.yaml", "--by", "south.key")
    known = ("--known-at", "2099-01-01T00:00Z", *AT, "--audience", audience)
    asked = [("standing", "m", *known), ("why", "m", "halt", *known), ("standing", "m", "--csv", *known)]
    before = [truce(*one)[1] for one in asked]
    assert truce("enter", "m", "facts", "for-north.yaml", "--by", "north.key")[0] == 0
    after = [truce(*one)[1] for one in asked]

    assert [without_header(one) for one in after] == [without_header(one) for one in before]
    assert ("halt", "south", "contrary") in stands(truce("standing", "m", "--json", *AT, "--audience", "north")[1])


def without_header(out: str) -> str:
    """Return what a command printed without the record's size, root and agreement, over one line or two."""
    head, found, rest = out.partition("record of ")
    return head + rest.partition("\n\n")[2] if found and "\n\n" in rest else head + rest[200:] if found else out


def test_a_correction_leaves_what_was_known_yesterday(place: Path, truce: Truce) -> None:
    truce("enter", "m", "facts", "facts.yaml", "--by", "south.key")
    with sqlite3.connect(place / "m" / "record.db") as connection:
        (last,) = connection.execute("SELECT max(at) FROM entries").fetchone()
    yesterday = ("--json", *AT, "--known-at", write_moment(last))
    before = stands(truce("standing", "m", *yesterday)[1])
    (place / "fix.yaml").write_text("facts: [{id: a1, rev: 2, op: retract, learned_at: 2031-03-11T13:05+02:00}]\n")
    assert truce("enter", "m", "facts", "fix.yaml", "--by", "south.key")[0] == 0

    assert stands(truce("standing", "m", *yesterday)[1]) == before
    assert ("halt", "north", "contrary") in before
    assert ("halt", "north", "cannot tell") in stands(truce("standing", "m", "--json", *AT)[1])


def test_what_lies_beside_a_mission_is_named_and_not_used(place: Path, truce: Truce) -> None:
    (place / "m" / "agreement.yaml").write_text("agreement: another\n")
    (place / "m" / "facts.csv").write_text("x")
    code, _, err = truce("standing", "m")

    assert code == 0
    assert "agreement.yaml lies beside the mission and is not used" in err
    assert "facts.csv lies beside the mission and is not used" in err


def test_an_amendment_names_what_it_replaces(place: Path, truce: Truce) -> None:
    small.draft(place / "new", agreement=small.AGREEMENT.replace("at_least: 20,", "at_least: 10,"))
    code, out, _ = truce("amend", "m", "new", "--by", "chair.key")
    assert (code, " replaces " in out) == (0, True)
    code, _, err = truce("amend", "m", "new", "--by", "chair.key")
    assert (code, "this is the agreement as it is on record" in err) == (2, True)
    small.draft(place / "new", agreement=small.AGREEMENT + "  - {id: x}\n")
    code, _, err = truce("amend", "m", "new", "--by", "chair.key")
    assert (code, "agreement.yaml:" in err) == (2, True)


def test_the_texts_of_the_deal_are_kept_word_for_word(place: Path, truce: Truce) -> None:
    (place / "protocol.en.txt").write_text("The parties cease fire.\n")
    (place / "other.txt").write_text("?")
    code, out, err = truce("enter", "m", "texts", "protocol.en.txt", "other.txt", "--by", "chair.key")
    assert (code, out) == (2, "1 entered, entry 6; 0 on record already; 1 set aside\n")
    assert "other.txt: its name says neither which text of the agreement it is" in err
    assert truce("enter", "m", "texts", "protocol.en.txt", "--by", "chair.key")[1].startswith(
        "0 entered; 1 on record"
    )


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["standing", "m", "--audience", "suth"], "'suth' is no delegation of the mission"),
        (["standing", "draft", "--as-reported"], "draft is a folder, not a mission"),
        (["standing", "m", "--facts", "facts.yaml"], "a mission has its facts on record"),
        (["standing", "m", "--known-at", "1999-01-01T00:00Z"], "no agreement was on record then"),
        (["enter", "m", "reports", "facts.yaml", "--by", "south.key"], "there is no source 'reports'"),
        (["enter", "m", "facts", "facts.yaml", "--by", "m-log.key"], "this key is not certified in the mission"),
        (["enter", "m", "facts", "facts.yaml", "--by", "officer.key"], "is an auditor's, who enters nothing"),
        (["enter", "draft", "facts", "facts.yaml", "--by", "south.key"], "is it a mission?"),
        (["amend", "m", "draft", "--by", "chair.key"], "this is the agreement as it is on record"),
        (["amend", "m", "elsewhere", "--by", "chair.key"], "there is no such folder"),
        (["key", "certify", "m", "x", *OF, "--role", "chair", *BY], "'x' is not canonical base64"),
        (["key", "certify", "m", "north.key", *OF, "--role", "king", *BY], "certified already"),
        (["key", "certify", "m", "m-log.key", *OF, "--role", "king", *BY], "'king' of 'd'"),
        (["key", "revoke", "m", "north.key", "--by", "south.key"], "only a root certifies and revokes keys"),
        (["open", "m", "--agreement", "draft", "--root", "root.key", "--name", "x.example"], "it is not empty"),
        (["witness", "request", "m", "w", "-o", "r"], "mission.toml names no witness 'w'"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said_with_what_to_do(place: Path, truce: Truce, words: list[str], says: str) -> None:
    code, _, err = truce(*words, *(["--log-key", "m-log.key"] if words[0] == "open" else []))
    assert (code, says in err, "Traceback" in err) == (2, True, False), err
    assert (place / "m").is_dir()


@pytest.mark.usefixtures("place")
def test_a_revoked_key_enters_no_more(truce: Truce) -> None:
    assert truce("key", "revoke", "m", "south.key", "--by", "root.key", "--why", "lost")[0] == 0
    code, _, err = truce("enter", "m", "facts", "facts.yaml", "--by", "south.key")
    assert (code, "this key is not certified in the mission, or was revoked" in err) == (2, True)


def test_a_cosignature_carried_by_hand_is_published(tmp_path: Path, place: Path, truce: Truce) -> None:
    assert truce("key", "new", "w.key", "--name", "w.example", "--no-passphrase")[0] == 0
    vkey = truce("key", "show", "w.key")[1].split()[-1]
    log = next(line.split()[-1] for line in truce("key", "show", "m-log.key")[1].split("\n") if "as a log" in line)
    (place / "m" / "mission.toml").open("a").write(f'[[witness]]\nkey = "{vkey}"\n')
    memory = ("--key", "w.key", "--db", "w.db", "--log", log)
    assert truce("witness", "request", "m", "w.example", "-o", "request")[0] == 0
    assert truce("witness", "sign", "request", "-o", "answer", *memory)[0] == 0
    code, out, _ = truce("witness", "take", "m", "w.example", "answer")

    assert (code, out) == (0, "'w.example' cosigned the head of 6 entries\n")
    assert "w.example" in (tmp_path / "m" / "checkpoint").read_text()
    assert truce("witness", "take", "m", "w.example", "request")[0] == 2


@pytest.mark.parametrize(
    ("file", "content", "says"),
    [
        ("restored", '{"v":1', "it does not say what is missing"),
        ("restored", "[]", "it does not say what is missing"),
        ("restored", '{"hidden":[],"keeps":true,"size":1,"v":1}', "it does not say what is missing"),
        ("projections.db", "no database at all, whatever its name says", "projections.db may be deleted"),
        ("record.db", "no database at all, whatever its name says", "the database says: file is not a database"),
        ("mission.toml", "origin = ", "it is no TOML"),
        ("mission.toml", 'origin = "x"', "log_key: missing"),
    ],
)
def test_a_spoilt_file_of_a_mission_is_named_and_no_traceback(
    place: Path, truce: Truce, *, file: str, content: str, says: str
) -> None:
    for beside in (place / "m").glob(f"{file}-*"):
        beside.unlink()
    (place / "m" / file).write_text(content)
    code, _, err = truce("standing", "m")

    assert (code, says in err) == (2, True), err
