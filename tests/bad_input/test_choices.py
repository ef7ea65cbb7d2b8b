"""Values by reading and by party: which is chosen, and where in the file it stood."""

from __future__ import annotations

from trucekeeper.agreement.choices import (
    Sourced,
    chosen,
    merged,
    obligor_choices,
    reading_choices,
    readings_in,
    sourced,
)

AT = ("clauses", 3)
CLAUSE = {
    "id": "one",
    "within": {"reading": "clock", "a": "72h", "b": {"reading": "days", "x": "3d", "y": "4d"}},
    "act": [{"fact": "attack", "in": {"obligor": {"north": "valley", "south": "ridge"}}}],
}


def test_a_value_as_it_stands_keeps_its_places() -> None:
    source = sourced(CLAUSE, AT)

    assert source.data == CLAUSE
    assert source.origin(()) == AT
    assert source.origin(("act", 0, "in", "obligor", "south")) == (*AT, "act", 0, "in", "obligor", "south")
    assert source.origin(("act", 0, "outside")) == (*AT, "act", 0)
    assert source.origin(("act", 0, "outside", "x")) == (*AT, "act", 0)


def test_a_place_that_nobody_knows_is_the_beginning() -> None:
    assert Sourced({}, {}).origin(("a", "b")) == ()


def test_the_chosen_option_stands_in_its_place_and_remembers_where_it_stood() -> None:
    read = chosen(sourced(CLAUSE, AT), {"clock": "b", "days": "y"}, "south")

    assert read.data == {"id": "one", "within": "4d", "act": [{"fact": "attack", "in": "ridge"}]}
    assert read.origin(("within",)) == (*AT, "within", "b", "y")
    assert read.origin(("act", 0, "in")) == (*AT, "act", 0, "in", "obligor", "south")


def test_a_choice_whose_option_is_not_asked_for_stays() -> None:
    source = sourced(CLAUSE, AT)

    assert chosen(source, {"clock": "c"}, "east").data == CLAUSE
    assert chosen(source, {}, "").data == CLAUSE
    assert chosen(source, {"clock": "a"}, "").data["within"] == "72h"


def test_every_choice_is_found_with_its_path() -> None:
    assert readings_in(CLAUSE) == {"clock", "days"}
    assert readings_in({"reading": ["clock"]}) == frozenset()
    assert [path for path, _ in reading_choices(CLAUSE)] == [("within",), ("within", "b")]
    assert obligor_choices(CLAUSE) == [(("act", 0, "in"), {"north": "valley", "south": "ridge"})]
    assert obligor_choices({"obligor": 3}) == [((), 3)]


def test_a_change_takes_the_place_of_a_key_and_null_takes_it_away() -> None:
    base = sourced({"id": "one", "by": ["north"], "until": {"first_of": ["a"]}, "note": "x"}, AT)
    patch = sourced({"id": "one", "by": ["south"], "until": None, "for": "3d"}, ("amendments", 0, "clauses", 0))

    both = merged(base, patch)

    assert both.data == {"id": "one", "by": ["south"], "note": "x", "for": "3d"}
    assert both.origin(()) == AT
    assert both.origin(("note",)) == (*AT, "note")
    assert both.origin(("by", 0)) == ("amendments", 0, "clauses", 0, "by", 0)
    assert both.origin(("for",)) == ("amendments", 0, "clauses", 0, "for")
