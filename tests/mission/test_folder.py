"""A mission as a folder: what is read, what is refused with which fault, and what is asked of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.compliance_small import APPROVAL, HEAD, MAP, TICK, agreement, at, fact, halt
from trucekeeper.compliance.knowledge import Audience
from trucekeeper.compliance.standing import Question
from trucekeeper.mission.folder import Folder, Step, open_folder
from trucekeeper.terms import Fact, Fault, Label, Moment, Op, Refused, Verdict

if TYPE_CHECKING:
    from pathlib import Path

TEXT = json.dumps({**HEAD, "events": APPROVAL, "clauses": [halt(by=["north", "south"], after="approval")]})
ROW = {
    "id": "s",
    "kind": "shelling",
    "by": "north",
    "at": "2031-03-05T00:00+02:00",
    "learned_at": "2031-03-05T00:00+02:00",
    "occurred": "corroborated",
    "who": "corroborated",
}
CONTRARY, CANNOT_TELL = Verdict.CONTRARY, Verdict.CANNOT_TELL


@pytest.fixture
def mission(tmp_path: Path) -> Path:
    (tmp_path / "agreement.yaml").write_text(TEXT, encoding="utf-8")
    (tmp_path / "zones.geojson").write_text(MAP.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "facts.ndjson").write_text(json.dumps(ROW) + "\n", encoding="utf-8")
    return tmp_path


def refused(path: Path) -> list[Fault]:
    with pytest.raises(Refused) as said:
        open_folder(path)
    return list(said.value.faults)


# ---- what is read --------------------------------------------------------------------------------------------------


def test_a_folder_gives_its_agreement_its_map_and_its_facts(mission: Path) -> None:
    folder = open_folder(mission)

    assert folder.agreement.head.agreement == "valoria-2031"
    assert "valley" in folder.agreement.atlas.ids()
    assert [one.id for one in folder.facts] == ["s"]
    assert folder.faults == ()


def test_a_folder_may_have_no_map_and_no_facts(mission: Path) -> None:
    (mission / "zones.geojson").unlink()
    (mission / "facts.ndjson").unlink()

    folder = open_folder(mission)

    assert (folder.agreement.atlas.ids(), folder.facts) == ((), ())


def test_every_file_of_facts_is_read_in_the_order_of_names_and_then_those_given(
    mission: Path, tmp_path: Path
) -> None:
    (mission / "facts-early.ndjson").write_text(json.dumps({**ROW, "id": "e"}), encoding="utf-8")
    more = tmp_path / "more.ndjson"
    more.write_text(json.dumps({**ROW, "id": "m"}), encoding="utf-8")

    assert {one.id for one in open_folder(mission, [more]).facts} == {"e", "s", "m"}
    assert {one.id for one in open_folder(mission).facts} == {"e", "s"}


def test_a_faulty_row_is_listed_and_the_good_rows_are_used(mission: Path) -> None:
    faulty = {**ROW, "id": "x", "kind": "shelled"}
    (mission / "facts.ndjson").write_text(f"{json.dumps(ROW)}\n{json.dumps(faulty)}\n", encoding="utf-8")

    folder = open_folder(mission)

    assert [one.id for one in folder.facts] == ["s"]
    assert [fault.line for fault in folder.faults] == [2]


# ---- what is refused -----------------------------------------------------------------------------------------------


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    (fault,) = refused(tmp_path / "nowhere")

    assert (fault.what, fault.line, fault.col) == ("there is no such folder", 0, 0)
    assert "agreement.yaml" in fault.remedy


def test_a_file_is_no_folder(mission: Path) -> None:
    (fault,) = refused(mission / "agreement.yaml")

    assert fault.what == "this is a file, not a folder"
    assert fault.file == str(mission / "agreement.yaml")


def test_a_folder_without_an_agreement_is_refused_and_what_looks_like_one_is_named(mission: Path) -> None:
    (mission / "agreement.yaml").rename(mission / "deal.YML")
    (mission / "b.yaml").write_text("", encoding="utf-8")

    (fault,) = refused(mission)
    (mission / "deal.YML").unlink()
    (mission / "b.yaml").unlink()
    (bare,) = refused(mission)

    assert (fault.what, fault.line, fault.col) == ("there is no such file", 0, 0)
    assert fault.remedy == "give a folder that holds an agreement.yaml; this one holds b.yaml, deal.YML"
    assert bare.remedy == "give a folder that holds an agreement.yaml"


def test_what_cannot_be_read_is_refused_as_such(mission: Path) -> None:
    (mission / "agreement.yaml").unlink()
    (mission / "agreement.yaml").mkdir()

    (fault,) = refused(mission)

    assert fault.what == "cannot be read: Is a directory"
    assert (fault.line, fault.col) == (0, 0)


@pytest.mark.parametrize(
    ("content", "place", "byte"),
    [
        (b"agreement: x\ntitle: \xff", (2, 8), "FF"),
        (b"\xe9", (1, 1), "E9"),
        ("title: Vallée ".encode() + b"\xe9", (1, 15), "E9"),
        (b"\xef\xbb\xbfa: \xfe", (1, 4), "FE"),
    ],
)
def test_a_text_that_is_not_utf_8_is_refused_with_the_place_of_the_byte(
    mission: Path, content: bytes, place: tuple[int, int], byte: str
) -> None:
    (mission / "agreement.yaml").write_bytes(content)

    (fault,) = refused(mission)

    assert fault.what == f"not UTF-8: the byte 0x{byte}"
    assert (fault.line, fault.col) == place


def test_a_byte_order_mark_does_not_shift_the_byte_that_is_named(mission: Path) -> None:
    (mission / "agreement.yaml").write_bytes(b"\xef\xbb\xbfabc\xfedef")

    (fault,) = refused(mission)

    assert (fault.what, fault.col) == ("not UTF-8: the byte 0xFE", 4)


def test_a_text_may_begin_with_a_byte_order_mark(mission: Path) -> None:
    (mission / "agreement.yaml").write_bytes(b"\xef\xbb\xbf" + TEXT.encode())

    assert open_folder(mission).agreement.head.title == "The Valoria Protocol"


def test_a_map_that_cannot_be_read_refuses_the_folder_with_the_agreement_s_own_faults(mission: Path) -> None:
    (mission / "zones.geojson").write_text("{", encoding="utf-8")
    (mission / "agreement.yaml").write_text(TEXT.replace('"halt"', '"halt", "whose": "x"'), encoding="utf-8")

    faults = refused(mission)

    assert {fault.file.rpartition("/")[2] for fault in faults} == {"zones.geojson", "agreement.yaml"}


def test_a_map_that_is_not_utf_8_refuses_the_folder(mission: Path) -> None:
    (mission / "zones.geojson").write_bytes(b"\xff")

    assert [fault.what for fault in refused(mission)] == ["not UTF-8: the byte 0xFF"]


def test_a_faulty_agreement_refuses_the_folder_with_every_fault_of_its_facts(mission: Path) -> None:
    (mission / "agreement.yaml").write_text(
        TEXT.replace('"after": "approval"', '"after": "aproval"'), encoding="utf-8"
    )
    (mission / "facts.ndjson").write_text(json.dumps({**ROW, "kind": "shelled"}), encoding="utf-8")

    faults = refused(mission)

    assert {fault.file.rpartition("/")[2] for fault in faults} == {"agreement.yaml", "facts.ndjson"}


def test_an_agreement_without_a_head_that_can_be_read_refuses_the_folder(mission: Path) -> None:
    (mission / "agreement.yaml").write_text("[", encoding="utf-8")

    assert {fault.file.rpartition("/")[2] for fault in refused(mission)} == {"agreement.yaml"}


# ---- what is asked of it -------------------------------------------------------------------------------------------


def question(as_of: str | Moment = "20", known_at: str | Moment = "20", **more: Any) -> Question:  # noqa: ANN401
    return Question(as_of=at(as_of), known_at=at(known_at), **more)


APPROVED = fact("a", "decision", "1", of="approval")
SHELL = fact("s", "shelling", "5", by="north")


def folder(*facts: Fact) -> Folder:
    text = agreement(halt(by=["north", "south"], after="approval"), halt(id="other"), events=APPROVAL)
    return Folder(text, facts, ())


def test_where_everything_stands_and_where_one_clause_does() -> None:
    found = folder(APPROVED, SHELL)

    assert [(one.clause, one.by) for one in found.standing(question()).stands] == [
        ("halt", "north"),
        ("halt", "south"),
        ("other", "unstated"),
    ]
    assert [one.clause for one in found.standing(question(), clause="other").stands] == ["other"]


def test_why_one_clause_or_one_commitment_stands_as_it_does() -> None:
    found = folder(APPROVED, SHELL)
    north, south = found.why("halt", question())

    assert [one.verdict for one in (north, south)] == [CONTRARY, CANNOT_TELL]
    assert found.why("halt", question(), key=south.key) == (south,)
    assert found.why("halt", question(), key=south.key[:6]) == (south,)
    assert found.why("halt", question(), key="none") == ()


def test_what_later_knowledge_changed() -> None:
    found = folder(APPROVED, SHELL).compare(question(known_at="4"), question())

    assert [(one.stand.clause, one.stand.by, one.stand.verdict) for one in found] == [
        ("halt", "north", CONTRARY),
        ("other", "unstated", CONTRARY),
    ]


def told(steps: list[Step]) -> list[tuple[Moment, list[str], list[str]]]:
    return [
        (one.moment, [each.id for each in one.facts], [each.stand.clause for each in one.changes]) for one in steps
    ]


def test_a_replay_tells_what_each_moment_s_facts_changed() -> None:
    steps = list(folder(APPROVED, SHELL).replay(question()))

    assert told(steps) == [
        (at("1"), ["a"], ["halt", "halt", "other"]),
        (at("5"), [], []),
        (at("5"), ["s"], ["halt", "other"]),
    ]


def test_a_replay_tells_passing_time_apart_from_new_facts() -> None:
    text = agreement(halt(after="2031-03-03T00:00+02:00"), events=APPROVAL)
    found = Folder(text, (fact("x", "access", "1"), fact("y", "access", "4"), fact("z", "access", "5")), ())

    assert told(list(found.replay(question()))) == [
        (at("1"), ["x"], ["halt"]),
        (at("4"), [], ["halt"]),
        (at("4"), ["y"], []),
        (at("5"), [], []),
        (at("5"), ["z"], []),
    ]


def test_a_replay_knows_before_a_moment_all_that_was_known_just_before_it() -> None:
    found = folder(
        APPROVED, fact("s", "shelling", "5", by="north"), fact("t", "shelling", at("5") + TICK, by="south")
    )

    assert told(list(found.replay(question())))[-2:] == [
        (at("5") + TICK, [], []),
        (at("5") + TICK, ["t"], ["halt", "other"]),
    ]


def test_a_replay_ends_with_what_is_known_when_it_is_asked_for() -> None:
    assert len(list(folder(APPROVED, SHELL).replay(question(known_at="5")))) == 3
    assert len(list(folder(APPROVED, SHELL).replay(question(known_at=at("5") - TICK)))) == 1


def test_a_replay_shows_no_audience_that_something_was_learned_which_it_may_not_know() -> None:
    hidden = fact("h", "access", "3", label=Label(owner="north"))
    south, north = (Audience(name, at("20")) for name in ("south", "north"))

    def moments(audience: Audience | None) -> list[tuple[Moment, list[str]]]:
        steps = folder(APPROVED, hidden, SHELL).replay(question(audience=audience))
        return [(one.moment, [each.id for each in one.facts]) for one in steps if one.facts]

    assert moments(south) == [(at("1"), ["a"]), (at("5"), ["s"])]
    assert moments(north) == moments(None) == [(at("1"), ["a"]), (at("3"), ["h"]), (at("5"), ["s"])]


def test_a_redaction_of_what_an_audience_never_knew_is_no_moment_of_its_replay() -> None:
    secret = fact("h", "access", "3", label=Label(owner="north"))
    redaction = fact("h", "access", "3", rev=2, op=Op.REDACT, learned_at=at("4"))
    south = Audience("south", at("20"))

    steps = list(folder(APPROVED, secret, redaction).replay(question(audience=south)))

    assert [one.moment for one in steps] == [at("1")]
