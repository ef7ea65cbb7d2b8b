"""What one row of facts says, and what of it is refused. Bad rows print as a person sees them."""

import json
import re
import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucekeeper.agreement import rows
from trucekeeper.agreement.rows import COLUMNS, Known, Where, check_revisions, read_row, shown, write_row
from trucekeeper.terms import (
    BASE_VOCABULARY,
    DAWN,
    NEVER,
    Amount,
    Fact,
    Fault,
    FieldType,
    Interval,
    Label,
    Nature,
    Op,
    Place,
    Proof,
    Refused,
    Span,
)
from trucekeeper.terms.moments import HOUR, MINUTE, SECOND, parse_moment

# Beirut keeps summer time, and changes to it at midnight: the first moment of 31 March 2024 is 01:00.
KNOWN = Known(BASE_VOCABULARY, frozenset({"north", "south"}), frozenset({"valley", "ridge"}), "Asia/Beirut")
HERE = Where("facts.ndjson", 3)
LEARNED = "2025-10-14T09:00+03:00"
SHELLING = {"id": "r-1", "kind": "shelling", "at": "2025-10-13T22:00+03:00", "learned_at": LEARNED}
RETRACTION = {"id": "r-1", "rev": 2, "op": "retract", "learned_at": LEARNED}


def moment(text: str) -> int:
    return parse_moment(text)


def read(row: dict[str, object], **more: object) -> Fact:
    """Return the fact of a row with further columns; one that is None is absent."""
    return read_row({**row, **more}, KNOWN, HERE)


def shelling(**more: object) -> Fact:
    return read(dict(SHELLING), **more)


def refusal(row: dict[str, object], **more: object) -> str:
    """Return the faults of a row as printed, without the `facts.ndjson:3: ` before each."""
    with pytest.raises(Refused) as refused:
        read(row, **more)
    return str(refused.value).replace("facts.ndjson:3: ", "")


def refused_shelling(**more: object) -> str:
    return refusal(dict(SHELLING), **more)


# What a row says


def test_the_worked_example_of_the_format_says_what_it_looks_like() -> None:
    assert rows.__doc__
    example = rows.__doc__.split("Example, one line in its file:\n")[1]

    fact = read_row(json.loads(example), KNOWN, HERE)

    assert fact == Fact(
        id="r-17",
        rev=1,
        op=Op.ASSERT,
        kind="shelling",
        by="north",
        fields=(("against", "south"), ("killed", Amount(2, 3)), ("weapon", "mortar")),
        place=Place(315000000, 344600000, 400),
        zone="valley",
        when=Interval(moment("2025-10-13T19:00Z"), moment("2025-10-14T03:30Z")),
        learned_at=moment("2025-10-14T06:00Z"),
        recorded_at=moment("2025-10-14T06:05Z"),
        occurred=Proof.CORROBORATED,
        who=Proof.ALLEGED,
        source="monitor-4",
        grade="B2",
        origin="patrol-4",
        cite="daily report 12, item 3",
        note="heard, then seen",
        label=Label("guarantor", ("north", "south"), moment("2025-10-14T21:00Z"), "1 km"),
    )


def test_the_documentation_names_every_column_in_its_order() -> None:
    assert rows.__doc__
    head = rows.__doc__.split("A moment is")[0]

    named = re.findall(r"^    ((?:\w+, )*\w+)  +\S", head, flags=re.MULTILINE)

    assert [column for line in named for column in line.split(", ")] == list(COLUMNS)


def test_a_row_of_four_columns_says_the_least_that_a_fact_can() -> None:
    fact = shelling()

    assert fact == Fact(
        id="r-1",
        kind="shelling",
        when=Interval.at(moment("2025-10-13T22:00+03:00")),
        learned_at=moment(LEARNED),
    )
    assert (fact.rev, fact.op, fact.by, fact.place, fact.span) == (1, Op.ASSERT, None, None, None)
    assert (fact.occurred, fact.who, fact.label) == (Proof.ALLEGED, Proof.ALLEGED, Label())


def test_a_null_is_as_if_absent() -> None:
    assert shelling(**{column: None for column in COLUMNS if column not in SHELLING}) == shelling()


def test_a_civil_day_is_its_first_to_its_last_microsecond_in_the_agreements_zone() -> None:
    fact = shelling(at=None, on="2025-10-13")

    assert fact.when == Interval(moment("2025-10-13T00:00+03:00"), moment("2025-10-13T23:59:59.999999+03:00"))


def test_a_civil_day_on_which_the_clocks_change_has_its_true_length() -> None:
    spring = shelling(at=None, on="2024-03-31").when
    autumn = shelling(at=None, on="2024-10-26").when

    assert spring.earliest == moment("2024-03-31T01:00+03:00")
    assert spring.latest - spring.earliest + 1 == 23 * HOUR
    assert autumn.latest - autumn.earliest + 1 == 25 * HOUR


def test_an_event_with_only_a_latest_time_happened_on_that_local_day_not_later() -> None:
    fact = shelling(at=None, latest="2025-10-12T22:30Z")

    assert fact.when == Interval(moment("2025-10-13T00:00+03:00"), moment("2025-10-13T01:30+03:00"))


def test_an_event_with_only_an_earliest_time_happened_on_that_local_day_not_earlier() -> None:
    fact = shelling(at=None, earliest="2025-10-12T22:30Z")

    assert fact.when == Interval(moment("2025-10-13T01:30+03:00"), moment("2025-10-13T23:59:59.999999+03:00"))


def test_an_earliest_and_a_latest_time_may_be_the_same() -> None:
    same = "2025-10-13T22:00+03:00"

    assert shelling(at=None, earliest=same, latest=same) == shelling()


def test_a_watch_happened_when_it_began_and_a_claim_when_its_period_was_over() -> None:
    extent = {"from": "2025-10-12T00:00+03:00", "until": "2025-10-13T00:00+03:00"}
    span = Span(moment("2025-10-12T00:00+03:00"), moment("2025-10-13T00:00+03:00"))

    watch, claim = (shelling(kind=kind, at=None, **extent) for kind in ("coverage", "claim"))

    assert (watch.when, watch.span) == (Interval.at(span.start), span)
    assert (claim.when, claim.span) == (Interval.at(span.end), span)


def test_every_watching_kind_happens_at_its_start() -> None:
    watching = [kind.name for kind in BASE_VOCABULARY.kinds.values() if kind.nature is Nature.WATCH]

    facts = [shelling(kind=kind, at=None, **{"from": "2025-10-12T00:00+03:00"}) for kind in watching]

    assert {fact.when for fact in facts} == {Interval.at(moment("2025-10-12T00:00+03:00"))}


def test_an_extent_without_an_end_never_ends_and_one_without_a_start_always_was() -> None:
    assert shelling(kind="coverage", at=None, **{"from": LEARNED}).span == Span(moment(LEARNED), NEVER)
    assert shelling(kind="claim", at=None, until=LEARNED).span == Span(DAWN, moment(LEARNED))


def test_an_extent_of_one_moment_is_an_extent() -> None:
    extent = {"from": LEARNED, "until": LEARNED}

    assert shelling(kind="claim", at=None, **extent).span == Span(moment(LEARNED), moment(LEARNED))


def test_a_time_beside_an_extent_is_when_it_happened() -> None:
    fact = shelling(kind="suspension", **{"from": "2025-10-20T00:00+03:00"})

    assert fact.when == shelling().when
    assert fact.span == Span(moment("2025-10-20T00:00+03:00"), NEVER)


@pytest.mark.parametrize("op", ["retract", "redact"])
def test_a_retraction_or_redaction_needs_no_kind_and_no_time(op: str) -> None:
    fact = read(dict(RETRACTION), op=op)

    assert fact == Fact(id="r-1", rev=2, op=Op(op), when=Interval(DAWN, NEVER), learned_at=moment(LEARNED))


def test_a_redaction_keeps_the_time_that_it_leaves() -> None:
    assert read(dict(RETRACTION), op="redact", on="2025-10-13").when == shelling(at=None, on="2025-10-13").when


def test_a_place_is_kept_in_whole_ten_millionths_of_a_degree() -> None:
    assert shelling(lat="31.5", lon="-34.46", within_m=400).place == Place(315000000, -344600000, 400)
    assert shelling(lat=31.5, lon=-34).place == Place(315000000, -340000000, 0)
    assert shelling(lat=Decimal("31.50000004"), lon=1e-07).place == Place(315000000, 1, 0)
    assert shelling(lat="-90", lon="180").place == Place(-900000000, 1800000000)
    assert shelling(lat="90", lon="-180").place == Place(900000000, -1800000000)


def test_each_type_of_field_is_read_as_what_it_is() -> None:
    fields = {
        "weapon": ["mortar", "rocket"],
        "killed": 3,
        "injured": {"least": 0, "most": 4},
        "permitted": False,
    }
    watch = {"id": "w", "kind": "coverage", "at": LEARNED, "learned_at": LEARNED}

    assert shelling(fields=fields).fields == (
        ("injured", Amount(0, 4)),
        ("killed", Amount(3, 3)),
        ("permitted", False),
        ("weapon", ("mortar", "rocket")),
    )
    assert shelling(kind="movement", fields={"toward": "valley"}).field("toward") == "valley"
    assert read(dict(watch), fields={"detects": ["attack", "movement"]}).fields == (
        ("detects", ("attack", "movement")),
    )


def test_a_field_that_is_null_is_as_if_absent() -> None:
    assert shelling(fields={"weapon": None}) == shelling()


def test_texts_are_kept_in_one_form_of_unicode() -> None:
    assert shelling(id="e\u0301", note="o\u0308") == shelling(id="\u00e9", note="\u00f6")


def test_the_order_and_repetition_of_audiences_mean_nothing() -> None:
    assert shelling(releasable_to=["south", "north", "south"]).label.releasable_to == ("north", "south")


def test_an_owner_alone_may_be_the_only_audience() -> None:
    assert shelling(owner="north", releasable_to=[]).label == Label(owner="north")


def test_a_note_may_have_several_lines() -> None:
    assert shelling(note="heard\n\tthen seen").note == "heard\n\tthen seen"


@pytest.mark.parametrize("grade", ["A1", "F6", "B2"])
def test_an_admiralty_code_is_a_letter_and_a_digit(grade: str) -> None:
    assert shelling(grade=grade).grade == grade


@pytest.mark.parametrize("word", ["alleged", "corroborated", "verified", "refuted"])
def test_proof_of_the_event_and_of_its_author_are_read_apart(word: str) -> None:
    assert shelling(occurred=word).occurred.word == word
    assert shelling(who=word).who.word == word


def test_two_hundred_characters_are_an_id() -> None:
    assert len(shelling(id="x" * 200).id) == 200


# What of a row is refused


def test_a_time_without_an_offset_is_refused_with_its_line_and_remedy() -> None:
    with pytest.raises(Refused) as refused:
        shelling(at="2025-10-13T22:00")

    assert str(refused.value) == (
        "facts.ndjson:3: at: '2025-10-13T22:00' has no time of day with an offset\n"
        "    write it as 2025-10-10T12:00+03:00"
    )


def test_all_faults_of_a_row_are_named_at_once_each_where_it_stands() -> None:
    keys = {"kind": (7, 5), "by": (8, 5), "fields": (9, 5), "fields.wepon": (10, 9)}
    where = Where("facts.yaml", 6, 3, keys)
    row = {
        "kind": "shelling",
        "by": "nroth",
        "fields": {"wepon": "x", "killed": "3"},
        "at": LEARNED,
        "rev": 0,
    }

    with pytest.raises(Refused) as refused:
        read_row({**row, "learned_at": LEARNED}, KNOWN, where)

    assert str(refused.value) == (
        "facts.yaml:6:3: id: missing: a fact without a name cannot be corrected or retracted\n"
        "    give it one\n"
        "facts.yaml:6:3: rev: 0 is less than 1\n"
        "facts.yaml:8:5: by: 'nroth' is no actor of the agreement\n"
        "    did you mean 'north' or 'south'?\n"
        "facts.yaml:9:5: fields.killed: '3' is not a whole number\n"
        "    write it as 12, without a point or quotes\n"
        "facts.yaml:10:9: 'shelling' has no field 'wepon'\n"
        "    did you mean 'weapon'?"
    )


NAMED_WRONG = [
    ({"kidn": "x"}, "'kidn' is no column of the facts format\n    did you mean 'kind' or 'id'?"),
    (
        {"kind": "sheling"},
        "kind: 'sheling' is no kind of fact that the agreement knows\n    did you mean 'shelling'?",
    ),
    ({"kind": None}, "kind: missing: nobody can tell what happened\n    name a kind of the vocabulary"),
    ({"by": "nort"}, "by: 'nort' is no actor of the agreement\n    did you mean 'north'?"),
    ({"zone": "vally"}, "zone: 'vally' is no zone or line of the agreement\n    did you mean 'valley'?"),
    ({"op": "asert"}, "op: 'asert' is no op\n    did you mean 'assert'?"),
    ({"who": "Alleged"}, "who: 'Alleged' is no level of proof\n    did you mean 'alleged'?"),
    (
        {"occurred": "proven"},
        "occurred: 'proven' is no level of proof\n    known: alleged, corroborated, refuted, verified",
    ),
    (
        {"grade": "B7"},
        (
            "grade: 'B7' is no Admiralty code\n"
            "    write the source's reliability A to F, then the credibility 1 to 6 of what it says, as B2"
        ),
    ),
    ({"source": 4}, "source: 4 is not a text\n    put it in quotes"),
    ({"note": " "}, "note: an empty text says nothing\n    leave it out"),
    ({"note": "\x1b[31m"}, "note: '�[31m' holds U+001B, which no text holds\n    remove it"),
    ({"cite": "\ud800"}, "cite: '�' holds U+D800, which no text holds\n    remove it"),
    ({"id": "x" * 201}, "id: 201 characters, more than 200\n    shorten it"),
    (
        {"id": "r-1 "},
        "id: 'r-1 ' holds blanks at an end or characters that nobody sees\n    keep what can be seen",
    ),
    (
        {"id": "r\u202e1"},
        "id: 'r�1' holds U+202E, which no text holds\n    remove it",
    ),
    (
        {"id": "r\n1"},
        "id: 'r�1' holds blanks at an end or characters that nobody sees\n    keep what can be seen",
    ),
    ({"id": 17}, "id: 17 is not a text\n    put it in quotes"),
    ({"releasable_to": "north"}, "releasable_to: 'north' is not a list\n    write it as [north, south]"),
    (
        {"releasable_to": ["north south"]},
        "releasable_to: 'north south' is more than one word\n    name one audience in each entry",
    ),
    (
        {"releasable_to": []},
        (
            "releasable_to: an empty list without an owner: nobody could be meant, or everybody\n"
            "    name the owner, or leave the list out if all may see the fact"
        ),
    ),
]


@pytest.mark.parametrize(("more", "printed"), NAMED_WRONG)
def test_a_wrong_name_or_text_is_refused(more: dict[str, object], printed: str) -> None:
    assert refused_shelling(**more) == printed


NO_WHOLE = "is not a whole number\n    write it as 12, without a point or quotes"
NUMBERS_WRONG = [
    ({"rev": 0}, "rev: 0 is less than 1"),
    ({"rev": 1.0}, f"rev: 1.0 {NO_WHOLE}"),
    ({"rev": True}, f"rev: true {NO_WHOLE}"),
    ({"rev": "1"}, f"rev: '1' {NO_WHOLE}"),
    ({"within_m": -1, "lat": "1", "lon": "2"}, "within_m: -1 is less than 0"),
    ({"within_m": 5}, "within_m: a radius round no place\n    add lat and lon, or leave it out"),
    ({"lat": "31.5"}, "lat: given without lon: a place needs both\n    add lon"),
    ({"lon": "31.5"}, "lon: given without lat: a place needs both\n    add lat"),
    (
        {"lat": float("nan"), "lon": 1},
        "lat: nan is not a number of degrees\n    write decimal degrees, as 31.5",
    ),
    (
        {"lat": 1, "lon": float("inf")},
        "lon: inf is not a number of degrees\n    write decimal degrees, as 31.5",
    ),
    (
        {"lat": "31,5", "lon": True},
        (
            "lat: '31,5' is not a number of degrees\n    write decimal degrees, as 31.5\n"
            "lon: true is not a number of degrees\n    write decimal degrees, as 31.5"
        ),
    ),
    (
        {"lat": "٣١", "lon": "1e999999999"},
        (
            "lat: '٣١' is not a number of degrees\n    write decimal degrees, as 31.5\n"
            "lon: '1e999999999' is not a number of degrees\n    write decimal degrees, as 31.5"
        ),
    ),
    (
        {"lat": "134.5", "lon": "31.5"},
        "lat: '134.5' is not between -90 and 90 degrees\n    are lat and lon swapped?",
    ),
    (
        {"lat": "90.0000001", "lon": 0},
        "lat: '90.0000001' is not between -90 and 90 degrees\n    are lat and lon swapped?",
    ),
    ({"lat": "-180", "lon": 0}, "lat: '-180' is not between -90 and 90 degrees\n    are lat and lon swapped?"),
    ({"lat": "180.0000001", "lon": 0}, "lat: '180.0000001' is not between -90 and 90 degrees"),
    ({"lat": 0, "lon": "-180.0000001"}, "lon: '-180.0000001' is not between -180 and 180 degrees"),
]


@pytest.mark.parametrize(("more", "printed"), NUMBERS_WRONG)
def test_a_wrong_number_or_place_is_refused(more: dict[str, object], printed: str) -> None:
    assert refused_shelling(**more) == printed


NO_DAY = "is not a day\n    write it as 2025-10-10; for a time of day use 'at'"
TIMES_WRONG = [
    (
        {"at": "2025-10-13"},
        (
            "at: '2025-10-13' has no time of day with an offset\n"
            "    write it as 2025-10-10T12:00+03:00, or say the whole day with 'on'"
        ),
    ),
    ({"at": "noon"}, "at: 'noon' is not a time\n    write it as 2025-10-10T12:00+03:00"),
    (
        {"at": None},
        "at: missing: the row does not say when it happened\n    add 'at', 'on', or 'earliest' and 'latest'",
    ),
    (
        {"on": "2025-10-13"},
        "on: its time is given in more than one way, by at and on\n    keep the one that the source supports",
    ),
    (
        {"at": None, "on": "2025-10-13", "latest": LEARNED},
        (
            "earliest: its time is given in more than one way, by on and earliest to latest\n"
            "    keep the one that the source supports"
        ),
    ),
    (
        {"earliest": LEARNED, "latest": LEARNED},
        (
            "earliest: its time is given in more than one way, by at and earliest to latest\n"
            "    keep the one that the source supports"
        ),
    ),
    ({"at": None, "on": "13.10.2025"}, f"on: '13.10.2025' {NO_DAY}"),
    ({"at": None, "on": "2025-02-30"}, f"on: '2025-02-30' {NO_DAY}"),
    ({"at": None, "on": "20251013"}, f"on: '20251013' {NO_DAY}"),
    ({"at": None, "on": "2025-10-13T10:00Z"}, f"on: '2025-10-13T10:00Z' {NO_DAY}"),
    (
        {"at": None, "on": "1899-12-31"},
        "on: '1899-12-31' is not in the years 1900 to 2199\n    is the year right?",
    ),
    (
        {"at": None, "on": "2200-01-01"},
        "on: '2200-01-01' is not in the years 1900 to 2199\n    is the year right?",
    ),
    (
        {"at": "0001-01-01T00:00+14:00"},
        "at: '0001-01-01T00:00+14:00' is not in the years 1900 to 2199\n    is the year right?",
    ),
    (
        {"until": "9999-12-31T00:00Z"},
        "until: '9999-12-31T00:00Z' is not in the years 1900 to 2199\n    leave it out if there is no end",
    ),
    (
        {"at": None, "earliest": "2025-10-13T12:00Z", "latest": "2025-10-13T11:59Z"},
        "earliest: '2025-10-13T12:00Z' is after latest, '2025-10-13T11:59Z'\n    exchange them, or mend one",
    ),
    (
        {"from": "2025-10-13T12:00Z", "until": "2025-10-13T11:59Z"},
        (
            "from: '2025-10-13T12:00Z' is after until, '2025-10-13T11:59Z'\n"
            "    nothing ends before it begins: mend one of them"
        ),
    ),
    (
        {"at": None, "kind": "coverage", "until": LEARNED},
        ("from: missing, and with it when the coverage happened\n    add 'from', or say with 'at' when it happened"),
    ),
    (
        {"at": None, "kind": "suspension", "from": LEARNED},
        (
            "until: missing, and with it when the suspension happened\n"
            "    add 'until', or say with 'at' when it happened"
        ),
    ),
    (
        {"learned_at": None},
        ("learned_at: missing: nobody could tell what was known at a past moment\n    add when its source knew it"),
    ),
    (
        {"learned_at": "2025-10-13T21:59:59.999999+03:00"},
        (
            "learned_at: '2025-10-13T21:59:59.999999+03:00' is before it happened, 2025-10-13T22:00+03:00"
            " at the earliest\n    nobody learns of a thing before it happens: mend one of the times"
        ),
    ),
]


@pytest.mark.parametrize(("more", "printed"), TIMES_WRONG)
def test_a_wrong_time_is_refused(more: dict[str, object], printed: str) -> None:
    assert refused_shelling(**more) == printed


@pytest.mark.parametrize(
    "key", ["at", "earliest", "latest", "from", "until", "learned_at", "recorded_at", "not_before"]
)
def test_every_time_is_refused_without_an_offset(key: str) -> None:
    row: dict[str, object] = {**SHELLING}
    if key in {"earliest", "latest"}:
        del row["at"]

    naive = "2025-10-13T22:00:00"

    assert f"{key}: '{naive}' has no time of day with an offset" in refusal(row, **{key: naive})


def test_a_faulty_time_is_one_fault_and_no_other() -> None:
    assert refused_shelling(at=None, earliest="noon", latest=LEARNED).count("\n    ") == 1
    assert refused_shelling(at=None, earliest=LEARNED, latest="noon").count("\n    ") == 1
    assert refused_shelling(at=None, kind="claim", until="noon").count("\n    ") == 1
    assert refused_shelling(at=None, kind="clam", until=LEARNED).count("\n    ") == 1
    assert refused_shelling(learned_at="noon").count("\n    ") == 1
    assert refused_shelling(at=" ").count("\n    ") == 1
    assert refused_shelling(at=None, on=" ").count("\n    ") == 1


def test_the_first_and_the_last_moment_of_the_years_are_read() -> None:
    first, last = "1900-01-01T00:00Z", "2199-12-31T23:59:59.999999Z"

    assert shelling(at=first).when == Interval.at(moment(first))
    assert shelling(at=first, until=last).span == Span(DAWN, moment(last))
    assert "is not in the years" in refused_shelling(at="1899-12-31T23:59:59.999999Z")
    assert "is not in the years" in refused_shelling(until="2200-01-01T00:00Z")
    assert shelling(at=None, on="1900-01-01").when.earliest == moment("1900-01-01T00:00+02:00")
    assert shelling(at=None, on="2199-12-31", learned_at=last).id == "r-1"


# Nobody learns of a thing before it happens


def test_it_may_be_learned_at_the_moment_it_happens() -> None:
    assert shelling(learned_at=SHELLING["at"]).learned_at == shelling().when.earliest


def test_it_may_be_learned_within_the_interval_in_which_it_happened() -> None:
    learned = "2025-10-13T12:00+03:00"

    assert shelling(at=None, on="2025-10-13", learned_at=learned).learned_at == moment(learned)


def test_a_schedule_is_learned_before_what_it_plans() -> None:
    assert shelling(kind="schedule", at="2025-12-01T00:00+03:00").learned_at == moment(LEARNED)


def test_a_claim_for_a_running_period_may_be_learned_before_its_end_but_not_before_its_start() -> None:
    extent = {"from": "2025-10-14T00:00+03:00", "until": "2025-10-31T00:00+03:00"}

    claim = shelling(kind="claim", at=None, **extent)

    assert claim.when.earliest > claim.learned_at
    assert shelling(kind="claim", at=None, **{**extent, "from": LEARNED}).learned_at == moment(LEARNED)
    assert "is before it happened, 2025-10-14T09:01+03:00" in refused_shelling(
        kind="claim", at=None, **{**extent, "from": "2025-10-14T09:01+03:00"}
    )


def test_a_watch_that_begins_after_it_was_learned_is_refused() -> None:
    extent = {"from": "2025-10-14T09:01+03:00", "until": "2025-10-31T00:00+03:00"}

    assert "is before it happened, 2025-10-14T09:01+03:00" in refused_shelling(kind="coverage", at=None, **extent)


def test_an_extent_to_come_may_be_learned_when_it_is_announced() -> None:
    fact = shelling(kind="suspension", **{"from": "2025-11-01T00:00+03:00", "until": "2025-11-02T00:00+03:00"})

    assert fact.when.earliest < fact.learned_at < moment("2025-11-01T00:00+03:00")


def test_an_event_to_come_with_an_extent_already_begun_is_refused() -> None:
    extent = {"from": "2025-10-10T00:00+03:00", "until": "2025-10-31T00:00+03:00"}

    assert "is before it happened" in refused_shelling(at="2025-10-20T00:00+03:00", **extent)


# Fields


FIELDS_WRONG: list[tuple[dict[str, object], str]] = [
    ({"wepon": "x"}, "'shelling' has no field 'wepon'\n    did you mean 'weapon'?"),
    ({"weapon": 5}, "fields.weapon: 5 is not a text\n    put it in quotes"),
    ({"weapon": True}, "fields.weapon: true is not a text\n    put it in quotes"),
    ({"weapon": {"a": 1}}, "fields.weapon: an object is not a text\n    put it in quotes"),
    ({"weapon": ["a", 5]}, "fields.weapon: 5 is not a text\n    put it in quotes"),
    ({"weapon": [["a"]]}, "fields.weapon: a list is not a text\n    put it in quotes"),
    ({"weapon": []}, 'fields.weapon: a list is not a list of one or more\n    write it as ["attack"]'),
    ({"killed": 1.5}, f"fields.killed: 1.5 {NO_WHOLE}"),
    ({"killed": Decimal("2.0")}, f"fields.killed: 2.0 {NO_WHOLE}"),
    ({"killed": False}, f"fields.killed: false {NO_WHOLE}"),
    (
        {"killed": 10**15 + 1},
        "fields.killed: 1000000000000001 is beyond what is ever counted, 1000000000000000",
    ),
    (
        {"killed": -(10**15) - 1},
        "fields.killed: -1000000000000001 is beyond what is ever counted, 1000000000000000",
    ),
    (
        {"killed": {"least": 2}},
        'fields.killed: an amount has a least and a most\n    write it as {"least": 5, "most": 9}',
    ),
    (
        {"killed": {"least": 2, "most": 3, "about": 2}},
        'fields.killed: an amount has a least and a most\n    write it as {"least": 5, "most": 9}',
    ),
    (
        {"killed": {"least": 3, "most": 2}},
        "fields.killed: its least, 3, is more than its most, 2\n    exchange them, or mend one",
    ),
    ({"killed": {"least": "2", "most": 2}}, f"fields.killed: '2' {NO_WHOLE}"),
    ({"killed": {"least": 2, "most": None}}, f"fields.killed: None {NO_WHOLE}"),
    (
        {"permitted": "yes"},
        "fields.permitted: 'yes' is neither true nor false\n    write true or false, without quotes",
    ),
    (
        {"permitted": 1},
        "fields.permitted: 1 is neither true nor false\n    write true or false, without quotes",
    ),
    ({"against": "est"}, "fields.against: 'est' is no actor of the agreement\n    known: north, south"),
    ({"against": ["north"]}, "fields.against: a list is not a text\n    put it in quotes"),
]


@pytest.mark.parametrize(("fields", "printed"), FIELDS_WRONG)
def test_a_wrong_field_is_refused(fields: dict[str, object], printed: str) -> None:
    assert refused_shelling(fields=fields) == printed


def test_amounts_reach_to_their_bound_on_either_side() -> None:
    assert shelling(fields={"killed": 10**15}).amount("killed") == Amount(10**15, 10**15)
    assert shelling(fields={"killed": {"least": -(10**15), "most": -(10**15)}}).amount("killed") == Amount(
        -(10**15), -(10**15)
    )


def test_a_list_of_kinds_must_be_a_list_of_kinds() -> None:
    watch = {"id": "w", "kind": "coverage", "at": LEARNED, "learned_at": LEARNED}

    assert refusal(dict(watch), fields={"detects": ["atack"]}) == (
        "fields.detects: 'atack' is no kind of fact\n    did you mean 'attack' or 'talks'?"
    )
    assert refusal(dict(watch), fields={"detects": "attack"}) == (
        "fields.detects: 'attack' is not a list of one or more\n    write it as [\"attack\"]"
    )
    assert "fields.detects: a list is not a list of one or more" in refusal(dict(watch), fields={"detects": []})


def test_a_zone_in_a_field_must_be_drawn() -> None:
    assert refused_shelling(kind="movement", fields={"toward": "vale"}) == (
        "fields.toward: 'vale' is no zone or line of the agreement\n    did you mean 'valley'?"
    )


def test_fields_that_are_no_object_or_have_no_kind_are_refused() -> None:
    assert refused_shelling(fields="weapon") == (
        'fields: \'weapon\' is not an object\n    write it as {"weapon": "mortar"}'
    )
    assert refusal(dict(RETRACTION), fields={"weapon": "mortar"}) == (
        "fields: given without a kind: nobody can tell what they mean\n    add 'kind'"
    )
    assert read(dict(RETRACTION), fields={}).fields == ()


def test_the_fields_of_an_unknown_kind_are_not_judged() -> None:
    assert refused_shelling(kind="unheard-of", fields={"x": 1}).count("\n    ") == 1


def test_a_long_refused_value_is_shown_cut() -> None:
    assert shown("x" * 60) == f"'{'x' * 60}'"
    assert shown("x" * 61) == f"'{'x' * 60}...'"
    assert refused_shelling(by="x" * 100).startswith(f"by: '{'x' * 60}...' is no actor")


# Where a fault stands


def test_a_fault_stands_at_its_key_else_at_its_parent_else_at_its_row() -> None:
    where = Where("f.yaml", 6, 3, {"fields": (9, 5), "fields.weapon": (9, 14)})

    assert where.fault("fields.weapon", "w") == Fault("f.yaml", 9, 14, "w")
    assert where.fault("fields.killed", "w") == Fault("f.yaml", 9, 5, "w")
    assert where.fault("by", "w", "mend") == Fault("f.yaml", 6, 3, "w", "mend")
    assert Where("f.csv").fault("by", "w") == Fault("f.csv", 0, 0, "w")


# The canonical row


def test_the_canonical_row_leaves_out_what_is_absent_or_the_default() -> None:
    assert write_row(shelling()) == {
        "id": "r-1",
        "rev": 1,
        "kind": "shelling",
        "at": "2025-10-13T19:00+00:00",
        "learned_at": "2025-10-14T06:00+00:00",
    }


def test_the_canonical_row_of_a_place_on_the_equator_has_no_sign() -> None:
    row = write_row(shelling(lat="-0", lon="-0.0000001"))

    assert (row["lat"], row["lon"]) == ("0", "-0.0000001")
    assert "within_m" not in row


def test_the_canonical_row_holds_a_radius_of_one_metre() -> None:
    assert write_row(shelling(lat=0, lon=0, within_m=1))["within_m"] == 1


def test_the_canonical_row_holds_what_was_said_in_the_order_of_the_columns() -> None:
    fact = read(
        dict(RETRACTION),
        by="north",
        lat="-0.5",
        lon="34",
        within_m=7,
        kind="claim",
        until=LEARNED,
        fields={"value": 5, "category": ["a", "b"], "supported": True},
        on="2025-10-13",
        **{"recorded_at": LEARNED, "who": "verified", "releasable_to": ["south"], "from": LEARNED},
    )

    row = write_row(fact)

    assert row == {
        "id": "r-1",
        "rev": 2,
        "op": "retract",
        "kind": "claim",
        "by": "north",
        "fields": {"category": ["a", "b"], "supported": True, "value": 5},
        "lat": "-0.5",
        "lon": "34",
        "within_m": 7,
        "earliest": "2025-10-12T21:00+00:00",
        "latest": "2025-10-13T20:59:59.999999+00:00",
        "from": "2025-10-14T06:00+00:00",
        "until": "2025-10-14T06:00+00:00",
        "learned_at": "2025-10-14T06:00+00:00",
        "recorded_at": "2025-10-14T06:00+00:00",
        "who": "verified",
        "releasable_to": ["south"],
    }
    assert list(row) == [column for column in COLUMNS if column in row]


_LINE = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"]), min_size=1, max_size=12)
_TEXT = _LINE.map(lambda text: unicodedata.normalize("NFC", text)).filter(lambda text: bool(text.strip()))
_WORD = _TEXT.map(lambda text: "".join(text.split()))
# A period may not end a second or a minute before midnight: such a day was cut short, and is refused.
_MOMENT = st.integers(moment("1900-01-02T00:00Z"), moment("2199-12-30T00:00Z")).filter(
    lambda one: one % MINUTE not in (0, 59 * SECOND)
)
_AMOUNT = st.tuples(st.integers(0, 99), st.integers(0, 99)).map(lambda two: Amount(min(two), max(two)))
_FIELDS = {
    FieldType.WORD: _TEXT | st.lists(_TEXT, min_size=1, max_size=3).map(tuple),
    FieldType.NUMBER: _AMOUNT,
    FieldType.FLAG: st.booleans(),
    FieldType.ACTOR: st.sampled_from(["north", "south"]),
    FieldType.ZONE: st.sampled_from(["valley", "ridge"]),
    FieldType.KINDS: st.lists(st.sampled_from(["attack", "movement"]), min_size=1, max_size=2).map(tuple),
}


@st.composite
def facts(draw: st.DrawFn) -> Fact:
    """Draw any fact that a row can state."""
    kind = draw(st.sampled_from(sorted(BASE_VOCABULARY.kinds)))
    early, late, learned = sorted(draw(st.tuples(_MOMENT, _MOMENT, _MOMENT)))
    op = draw(st.sampled_from(Op))
    whole = st.just(Interval(early, late)) | st.just(Interval.at(late))
    types = BASE_VOCABULARY.fields(kind)
    chosen = draw(st.lists(st.sampled_from(sorted(types)), unique=True)) if types else []
    place = st.builds(
        Place, st.integers(-900000000, 900000000), st.integers(-1800000000, 1800000000), st.integers(0, 9)
    )
    owner = draw(st.just("") | _TEXT)
    return Fact(
        id=draw(_TEXT.map(str.strip).filter(lambda text: text.isprintable())),
        rev=draw(st.integers(1, 99)),
        op=op,
        kind=kind,
        by=draw(st.sampled_from([None, "north", "south"])),
        fields=tuple((name, draw(_FIELDS[types[name]])) for name in sorted(chosen)),
        place=draw(st.none() | place),
        zone=draw(st.sampled_from([None, "valley", "ridge"])),
        when=draw(whole if op is Op.ASSERT else whole | st.just(Interval(DAWN, NEVER))),
        span=draw(st.sampled_from([Span(early, late), Span(early, NEVER), *([None] if kind != "claim" else [])])),
        learned_at=learned,
        recorded_at=draw(st.none() | _MOMENT),
        occurred=draw(st.sampled_from(Proof)),
        who=draw(st.sampled_from(Proof)),
        source=draw(st.just("") | _TEXT),
        grade=draw(st.sampled_from(["", "A1", "F6"])),
        origin=draw(st.just("") | _TEXT),
        cite=draw(st.just("") | _TEXT),
        note=draw(st.just("") | _TEXT),
        label=Label(
            owner,
            tuple(sorted(draw(st.sets(_WORD.filter(bool), max_size=3)))),
            draw(st.none() | _MOMENT),
            draw(st.just("") | _TEXT),
        ),
    )


@given(facts())
def test_a_written_row_reads_back_as_the_same_fact(fact: Fact) -> None:
    assert read_row(json.loads(json.dumps(write_row(fact))), KNOWN, HERE) == fact


@given(facts(), facts())
def test_two_facts_have_one_row_only_if_they_are_equal(one: Fact, other: Fact) -> None:
    assert (write_row(one) == write_row(other)) == (one == other)


# Revisions


def revision(rev: int, line: int, **more: object) -> tuple[Fact, Where]:
    return shelling(rev=rev, **more), Where("facts.csv", line)


def retraction(rev: int, line: int, **more: object) -> tuple[Fact, Where]:
    return read(dict(RETRACTION), rev=rev, **more), Where("facts.csv", line)


def printed(faults: tuple[Fault, ...]) -> str:
    return "\n".join(str(fault) for fault in faults)


def test_the_same_row_twice_is_no_fault_and_kept_once() -> None:
    first, again, other = revision(1, 2), revision(1, 3), revision(2, 4, by="north")

    assert check_revisions([first, again, other]) == ((first[0], other[0]), ())


def test_of_two_contents_for_one_revision_neither_is_used_and_the_rest_is() -> None:
    first, rival = revision(1, 2), revision(1, 5, by="north", note="corrected")
    second, elsewhere = revision(2, 6), (shelling(id="r-2"), Where("facts.csv", 7))

    usable, faults = check_revisions([first, rival, second, elsewhere])

    assert usable == (second[0], elsewhere[0])
    assert printed(faults) == (
        "facts.csv:5: 'r-1' rev 1 says another thing than facts.csv:2, in by, note\n"
        "    neither is used; if one corrects the other, give it the next rev"
    )


def test_each_rival_content_is_named() -> None:
    rivals = [revision(1, 2), revision(1, 3, by="north"), revision(1, 4, by="south"), revision(1, 5)]

    usable, faults = check_revisions(rivals)

    assert usable == ()
    assert [fault.line for fault in faults] == [3, 4]


def test_a_time_of_learning_that_falls_as_the_revision_rises_is_a_fault_and_the_fact_stays() -> None:
    later, earlier = revision(2, 2, learned_at="2025-10-14T08:59+03:00"), revision(1, 3)

    usable, faults = check_revisions([later, earlier])

    assert usable == (later[0], earlier[0])
    assert printed(faults) == (
        "facts.csv:2: learned_at: falls as 'r-1' is revised: rev 2 has 2025-10-14T05:59+00:00,"
        " rev 1 2025-10-14T06:00+00:00\n"
        "    a later revision knows more: mend the time or the rev"
    )


def test_a_time_of_recording_that_falls_is_a_fault_even_past_a_revision_without_one() -> None:
    revisions = [
        revision(1, 2, recorded_at="2025-10-14T10:00+03:00"),
        revision(2, 3),
        revision(3, 4, recorded_at="2025-10-14T09:59+03:00"),
    ]

    usable, faults = check_revisions(revisions)

    assert len(usable) == 3
    assert "facts.csv:4: recorded_at: falls as 'r-1' is revised: rev 3 has" in printed(faults)
    assert "rev 1 2025-10-14T07:00+00:00" in printed(faults)


def test_times_may_stand_still_as_the_revision_rises() -> None:
    recorded = {"recorded_at": "2025-10-14T10:00+03:00"}

    assert check_revisions([revision(1, 2, **recorded), revision(2, 3, **recorded)])[1] == ()


def test_times_of_facts_of_different_ids_are_not_compared() -> None:
    other = shelling(id="r-2", rev=2, learned_at="2025-10-13T22:00+03:00")

    assert check_revisions([revision(1, 2), (other, HERE)])[1] == ()


def test_a_retraction_of_what_was_asserted_is_no_fault() -> None:
    assert check_revisions([retraction(2, 2), revision(1, 3)])[1] == ()
    assert check_revisions([retraction(3, 2), retraction(2, 4), revision(1, 3)])[1] == ()


def test_a_retraction_of_what_nobody_asserted_is_a_fault_and_the_row_stays() -> None:
    alone = retraction(2, 2)

    usable, faults = check_revisions([alone])

    assert usable == (alone[0],)
    assert printed(faults) == (
        "facts.csv:2: op: retracts nothing: no row asserts 'r-1' with a rev below 2\n"
        "    is the id right, and is the file that asserts it among those read?"
    )


def test_a_retraction_before_the_assertion_retracts_nothing() -> None:
    assert "no row asserts 'r-1' with a rev below 1" in printed(
        check_revisions([retraction(1, 2), revision(2, 3)])[1]
    )
    assert "below 2" in printed(check_revisions([retraction(2, 2), revision(2, 3)])[1])


def test_a_retraction_of_rival_contents_retracts_something() -> None:
    _, faults = check_revisions([revision(1, 2), revision(1, 3, by="north"), retraction(2, 4)])

    assert [fault.line for fault in faults] == [3]


def test_a_redaction_may_stand_alone() -> None:
    assert check_revisions([retraction(2, 2, op="redact")])[1] == ()


# Slips that a first user made


CLAIM = {"id": "c-1", "kind": "claim", "fields": {"tally": "trucks", "value": 5}, "learned_at": LEARNED}


def test_a_claim_on_a_day_counts_over_that_whole_day() -> None:
    said = read(dict(CLAIM), on="2025-10-13")

    assert said.span == Span(moment("2025-10-13T00:00+03:00"), moment("2025-10-13T23:59:59.999999+03:00"))
    assert said.when == Interval.at(moment("2025-10-13T23:59:59.999999+03:00"))


def test_a_claim_over_no_period_is_refused() -> None:
    assert "a claim counts over a period" in refusal(dict(CLAIM), at="2025-10-13T10:00+03:00")


@pytest.mark.parametrize("until", ["2025-10-13T23:59:59+03:00", "2025-10-13T23:59+03:00"])
def test_a_period_that_leaves_out_the_end_of_its_day_is_refused(until: str) -> None:
    refused = refusal(dict(CLAIM), until=until)

    assert "leaves out the end of the day" in refused
    assert "23:59:59.999999" in refused


@pytest.mark.parametrize(
    "until", ["2025-10-13T23:59:59.999999+03:00", "2025-10-13T23:58+03:00", "2025-10-13T00:00+03:00"]
)
def test_a_period_that_ends_on_purpose_is_taken_as_it_is(until: str) -> None:
    said = read(dict(CLAIM), until=until)

    assert said.span == Span(DAWN, moment(until))


def test_a_place_far_from_every_zone_whose_coordinates_look_exchanged_is_refused() -> None:
    gulf = Known(
        BASE_VOCABULARY,
        frozenset({"north"}),
        frozenset(),
        "Asia/Beirut",
        (310_000_000, 340_000_000, 320_000_000, 350_000_000),
    )
    row: dict[str, object] = {**SHELLING, "lat": "34.5", "lon": "31.5"}
    far: dict[str, object] = {**SHELLING, "lat": "60.5", "lon": "31.5"}

    assert read_row({**row, "lat": "31.5", "lon": "34.5"}, gulf, HERE).place == Place.of(lat="31.5", lon="34.5")
    assert read_row(far, gulf, HERE).place == Place.of(lat="60.5", lon="31.5")
    near = Known(
        BASE_VOCABULARY, frozenset(), frozenset(), "UTC", (100_000_000, 400_000_000, 110_000_000, 410_000_000)
    )
    with pytest.raises(Refused, match="would not with lat and lon exchanged"):
        read_row({**SHELLING, "lat": "40.5", "lon": "10.5"}, near, HERE)
