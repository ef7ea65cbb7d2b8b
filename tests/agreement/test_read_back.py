"""The agreement read back beyond its clauses: places and their versions, the beginning, readings, words."""

from datetime import UTC, datetime

import pytest
import shapely

from trucekeeper.agreement.load import load_agreement
from trucekeeper.agreement.plain import Line, read_back
from trucekeeper.geo import Atlas, Zone
from trucekeeper.geo import Line as DrawnLine
from trucekeeper.terms.moments import moment_of

SQUARE = shapely.box(0, 0, 10**7, 10**7)
FEBRUARY, MARCH = (moment_of(datetime(2031, month, 1, tzinfo=UTC)) for month in (2, 3))
HEAD = """
agreement: valoria-2031
title: The Valoria Protocol
time_zone: Asia/Beirut
parties: {north: {name: North}, south: {name: South}}
readings: {clock: {a: it runs from approval, b: it runs from signature, adopted: none}}
events:
  approval: {shown_by: {fact: declaration}}
"""
HALT = "{id: it, cite: art. 1, gloss: g, kind: prohibit, by: north, act: {fact: attack}}"
NO_MAP = "No map of it is drawn; it rests on Annex A."
ZONE = "Valley is a zone; its border belongs to it."


def lines(*features: Zone | DrawnLine, head: str = HEAD, clause: str = HALT) -> list[Line]:
    return list(read_back(load_agreement(f"{head}clauses: [{clause}]", "valoria.yaml", Atlas(features))))


def of_place(*features: Zone | DrawnLine) -> list[tuple[str, ...]]:
    """Return what is said of each place."""
    return [line.sentences for line in lines(*features) if line.part == "places"]


def about(name: str, *, head: str = HEAD, clause: str = HALT) -> tuple[str, ...]:
    """Return what is said on the one line about something."""
    (sentences,) = (line.sentences for line in lines(head=head, clause=clause) if line.clause == name)
    return sentences


def test_a_drawn_zone_is_told_with_its_author_and_its_accuracy() -> None:
    said = of_place(
        Zone(id="valley", author="Annex A", geometry=SQUARE, accuracy_m=50),
        Zone(id="camp", title="The Camp", author="the Mission", geometry=SQUARE, accuracy_m=1, part_of=("valley",)),
    )

    assert said == [
        (ZONE, "It is drawn by Annex A; its edge may be off by 50 metres."),
        (
            "The Camp is a zone; its border belongs to it.",
            "It is drawn by the Mission; its edge may be off by 1 metre.",
            "By agreement it lies in valley.",
        ),
    ]


def test_a_place_that_nobody_drew_is_told_so_and_a_line_with_its_sides() -> None:
    said = of_place(
        Zone(id="valley", author="Annex A", ground_marking="blue barrels", note="a quarry"),
        DrawnLine(id="agreed-line", author="Annex A", left="west", right="east"),
    )

    assert said == [
        (ZONE, NO_MAP, "On the ground it is marked by blue barrels.", "Note: a quarry."),
        ("Agreed-line is a line; as one walks along it, 'west' is left and 'east' is right.", NO_MAP),
    ]


def test_a_version_says_from_when_and_up_to_when_it_is_valid() -> None:
    said = of_place(
        Zone(id="valley", author="Annex A", until=FEBRUARY),
        Zone(id="valley", author="Annex A", since=FEBRUARY, until=MARCH),
        Zone(id="valley", author="Annex A", since=MARCH),
    )

    assert said == [
        (ZONE, NO_MAP, f"This version is valid {when}.")
        for when in (
            "up to 02:00 on 1 February 2031 (UTC+02:00)",
            "from 02:00 on 1 February 2031 (UTC+02:00) up to 02:00 on 1 March 2031 (UTC+02:00)",
            "from 02:00 on 1 March 2031 (UTC+02:00)",
        )
    ]


def test_entry_into_force_is_told_or_said_not_to_be_given() -> None:
    given = HEAD + "in_force: start of 2031-01-01\n"
    disputed = HEAD + "in_force: {reading: clock, a: approval, b: start of 2031-01-01}\n"

    assert about("valoria-2031")[2:] == (
        "No moment of entry into force is given; a clause that names no beginning has always been binding.",
    )
    assert about("valoria-2031", head=given)[2:] == ("It enters into force at the start of 1 January 2031.",)
    assert about("valoria-2031", head=disputed)[2:] == (
        "Under reading clock: a \N{EM DASH} It enters into force at 'approval'.",
        "Under reading clock: b \N{EM DASH} It enters into force at the start of 1 January 2031.",
    )


def test_a_reading_says_which_option_was_adopted_if_one_was() -> None:
    ways = "The text can be read in 2 ways: (1) a: it runs from approval; or (2) b: it runs from signature."

    assert about("clock") == (ways, "No decision has adopted one of them; each is evaluated and shown.")
    assert about("clock", head=HEAD.replace("none", "b")) == (ways, "Reading b has been adopted.")


def test_who_is_bound_under_each_reading_is_told_with_that_reading() -> None:
    """Both differ at once, the reading and who is bound: neither by itself says which sentence holds."""
    said = about("it", clause=HALT.replace("by: north", "by: {reading: clock, a: north, b: south}"))

    assert said[:2] == (
        "Under reading clock: a \N{EM DASH} North is not to carry out an attack.",
        "Under reading clock: b \N{EM DASH} South is not to carry out an attack.",
    )


def test_a_kind_that_the_agreement_adds_is_told_and_what_else_a_word_means() -> None:
    head = HEAD + "vocabulary: {kite: {says: a kite, is: attack, fields: {cargo: word}}}\n"

    assert about("kite", head=head) == (
        "This agreement adds a kind of fact: a kite.",
        "It is a sort of this: an attack.",
        "It may say: cargo (a word).",
    )
    (meant,) = about("attack", head=head)
    assert meant.startswith("By 'an attack' is also meant: shelling, an air strike, ")
    assert meant.endswith(" or a kite.")


def test_a_length_that_one_reading_adds_stands_between_the_beginning_and_the_end() -> None:
    more = ", after: approval, for: {reading: clock, a: null, b: 72h}, until: approval}"

    said = about("it", head=HEAD + "in_force: approval\n", clause=HALT.removesuffix("}") + more)

    assert said[1:] == (
        "This binds from 'approval' on.",
        "Under reading clock: b \N{EM DASH} This binds until 72 hours after 'approval', that instant included.",
        "This binds until 'approval', that instant included.",
    )


@pytest.mark.parametrize(
    ("every", "words"),
    [
        ("{days: 14}", "14 civil days (the text does not say whether the first day counts)"),
        ("{days: 14, first_day: counts}", "14 civil days (the first day counts)"),
        ("{days: 14, first_day: excluded}", "14 civil days (the first day does not count)"),
        ("{months: 6}", "6 months"),
    ],
)
def test_a_term_that_renews_itself_says_by_how_much_and_whether_the_first_day_counts(every: str, words: str) -> None:
    term = f"first_ends: end of 2031-06-30, every: {every}, unless: {{fact: notice}}, notice: 60d"

    said = about("expiry", head=f"{HEAD}  expiry: {{renews: {{{term}}}}}\n")

    assert f"the term renews itself by {words} each time" in said[1]
