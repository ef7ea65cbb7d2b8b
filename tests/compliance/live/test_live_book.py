"""The record as the live execution keeps it: what is found by a key is what a look at every fact finds."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from tests.compliance_small import TICK, agreement, at, clause, during, fact, halt, pattern
from trucekeeper.compliance.counting import Window
from trucekeeper.compliance.live.book import Alike, Book, Entry, Family, place_of
from trucekeeper.compliance.live.inquiry import LiveInquiry, question
from trucekeeper.compliance.live.ticking import Notes
from trucekeeper.compliance.matching import Matcher, Meant, aspect
from trucekeeper.compliance.standing import judge_clause
from trucekeeper.terms import DAWN, NEVER, Fact, Interval, Op, Proof, Tri
from trucekeeper.terms.moments import DAY, HOUR

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from trucekeeper.compliance.inquiry import Inquiry

TEXT = agreement(halt(each={"unit": {"of": "north"}}), clause("other", "prohibit", act={"fact": "movement"}))
CORROBORATED = Matcher(TEXT, Proof.CORROBORATED)
NOW = at("20")


def put(book: Book, *facts: Fact) -> list[Hashable]:
    """Put revisions on record one by one and return every part of it that this touched."""
    touched: list[Hashable] = []
    for one in facts:
        book.add(one)
        old, new = book.settle(one.id)
        touched += book.touched(old, new)
    return touched


def inquiry(book: Book) -> LiveInquiry:
    def keep(asked: LiveInquiry, _: Hashable, work: Callable[[Inquiry], Any]) -> Any:  # noqa: ANN401  as it comes
        return work(asked)

    asked = question(TEXT, book, Proof.CORROBORATED, judge=judge_clause, keep=keep)
    return asked.noting(Notes(book.now), {})


def some(dice: Random, number: int, kind: str = "attack") -> Fact:
    start = at("3") + dice.randrange(200) * HOUR // 2
    lasts = dice.choice((0, 0, 0, TICK, HOUR, 3 * HOUR, 30 * HOUR, 400 * HOUR))
    said = {"zone": dice.choice(("valley", "harbour", None)), "unit": dice.choice(("n1", "n2", ("n1", "s1"), None))}
    by = dice.choice(("north", "south", None))
    known: dict[str, Any] = {name: value for name, value in said.items() if value is not None}
    return fact(f"f{number}", kind, Interval(start, start + lasts), by=by, learned_at=at("1"), **known)


def history(dice: Random, book: Book, number: int) -> None:
    """Put facts on record, correct some of them and take some back."""
    for at_ in range(number):
        one = some(dice, dice.randrange(number), dice.choice(("attack", "shelling", "movement")))
        op = Op.RETRACT if dice.random() < 0.2 else Op.ASSERT
        put(book, replace(one, rev=at_ + 1, op=op))


# ---- what counts ---------------------------------------------------------------------------------------------------


def test_a_fact_counts_from_when_it_is_known_in_its_highest_revision_until_it_is_retracted() -> None:
    book = Book(TEXT, None, at("2"))
    first = fact("f1", "attack", "3")

    assert put(book, first) == []
    book.now = at("3")
    assert book.settle("f1") == (None, first)
    again = replace(first, rev=2, by="north")
    assert put(book, again)
    assert book.ordered("attack") == (again,)
    gone = replace(first, rev=3, op=Op.RETRACT)
    assert put(book, gone) == [("kind", kind) for kind in TEXT.vocabulary.lineage("attack")]
    assert book.facts == {}
    assert not book.add(gone)
    assert book.ordered("attack") == ()


def test_a_fact_that_becomes_of_another_kind_is_of_that_alone() -> None:
    book = Book(TEXT, None, NOW)
    put(book, fact("f1", "shelling", "3"))

    first = put(book, replace(fact("f1", "attack", "3"), rev=2))
    assert [len(book.ordered(kind)) for kind in ("attack", "shelling")] == [1, 0]
    second = put(book, replace(fact("f1", "movement", "3"), rev=3))

    assert [len(book.ordered(kind)) for kind in ("attack", "shelling", "movement")] == [0, 0, 1]
    assert first == [("kind", kind) for kind in TEXT.vocabulary.lineage("shelling")]
    assert {*second} >= {("kind", "attack"), ("kind", "movement")}
    assert ("kind", "shelling") not in second


def test_what_lost_its_kind_may_be_of_any() -> None:
    book = Book(TEXT, None, NOW)
    lost = Fact(id="f1", kind="", op=Op.REDACT, when=Interval(DAWN, NEVER), learned_at=0)
    put(book, fact("f1", "attack", "3"), replace(lost, rev=2))

    assert {kind for kind in TEXT.vocabulary.kinds if book.ordered(kind)} == set(TEXT.vocabulary.kinds)


# ---- views ---------------------------------------------------------------------------------------------------------


class Listening:
    """Notes who came and who went."""

    def __init__(self) -> None:
        self.heard: list[tuple[Entry | None, Entry | None]] = []

    def told(self, old: Entry | None, new: Entry | None) -> None:
        self.heard.append((old, new))


@pytest.mark.parametrize("subject_only", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_a_view_has_what_its_pattern_means_in_order_of_time(seed: int, *, subject_only: bool) -> None:
    dice = Random(seed)  # noqa: S311  nothing here is a secret
    book, listening = Book(TEXT, None, NOW), Listening()
    meant, act = Meant(binding=(("unit", "n1"),)), pattern("attack", by="north", in_="valley")
    history(dice, book, 12)
    view = book.view(CORROBORATED, act, meant, subject_only=subject_only)
    view.followers[listening] = None

    for number in range(40):
        before = list(view.entries)
        one = replace(some(dice, dice.randrange(12)), rev=100 + number)
        touched = put(book, replace(one, op=Op.RETRACT) if dice.random() < 0.3 else one)
        ask = CORROBORATED.subject if subject_only else CORROBORATED.match
        found = [(fact_, ask(act, fact_, meant)) for fact_ in book.ordered("attack")]

        assert [(entry.fact, entry.tri) for entry in view.entries] == [
            pair for pair in found if pair[1] is not Tri.NO
        ]
        assert view.longest >= max((_lasts(entry.fact) for entry in view.entries), default=0)
        assert (view in touched) == bool(listening.heard)
        assert listening.heard or view.entries == before
        for old, new in listening.heard:
            assert old is None or old in before
            assert new is None or new in view.entries
        listening.heard.clear()
    assert book.view(CORROBORATED, act, meant, subject_only=subject_only) is view


def _lasts(one: Fact) -> int:
    return one.when.latest - one.when.earliest


def test_a_view_that_is_opened_knows_how_long_its_longest_lasted() -> None:
    book = Book(TEXT, None, NOW)
    put(book, fact("f1", "attack", ("3", "4")), fact("f2", "attack", ("3", "3 12:00")), fact("f3", "attack", "5"))

    view = book.view(CORROBORATED, pattern("attack"), Meant(), subject_only=False)

    assert view.longest == DAY
    put(book, fact("f4", "attack", ("3", "6")))
    assert view.longest == 3 * DAY


def test_a_fact_touches_the_views_of_the_members_that_it_names_or_of_all() -> None:
    act = pattern("attack")
    members = {name: Meant(binding=(("unit", name),)) for name in ("n1", "n2")}
    named: dict[Any, list[str]] = {"n1": ["n1"], "s1": [], ("n2", "s1"): ["n2"], None: ["n1", "n2"]}
    book = Book(TEXT, None, NOW)
    views = {name: book.view(CORROBORATED, act, meant, subject_only=False) for name, meant in members.items()}

    for unit, touched in named.items():
        said: dict[str, Any] = {} if unit is None else {"unit": unit}
        told = put(book, fact(f"of {unit}", "attack", "3", **said))

        assert [name for name, view in views.items() if view in told] == touched


def test_only_a_field_of_the_kind_tells_members_apart() -> None:
    one, two = Meant(binding=(("unit", "n1"),)), Meant(binding=(("unit", "n1"), ("zone", "valley")))
    said = fact("f1", "attack", "3", unit="s1")

    def touched(act: Any, meant: Meant) -> bool:  # noqa: ANN401  a pattern
        family = Family(TEXT, act, meant)
        view = Book(TEXT, None, NOW).view(CORROBORATED, act, meant, subject_only=True)
        family.views["n1"] = view
        return view in family.of(said)

    assert not touched(pattern("attack"), one)
    assert touched(pattern("attack", in_="unit"), one)
    assert touched(pattern("attack"), two)


# ---- what is near --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("same", [None, ["by"], ["by", "zone"]])
@pytest.mark.parametrize("seed", range(6))
def test_among_what_is_near_is_all_that_may_agree_and_have_happened_then(seed: int, same: list[str] | None) -> None:
    dice = Random(seed)  # noqa: S311  nothing here is a secret
    book, act = Book(TEXT, None, NOW), pattern("attack", **({} if same is None else {"same": same}))
    history(dice, book, 40)
    asked = inquiry(book)

    for number in range(40):
        like = some(dice, 99) if dice.random() < 0.8 else None
        since = at("3") + dice.randrange(200) * HOUR // 2
        until = since + dice.choice((0, HOUR, 6 * HOUR))
        if number % 10 == 9:
            since, until = dice.choice(((DAWN, until), (since, NEVER), (since, since + 900 * HOUR)))
        found = list(asked.near(act, like=like, since=since, until=until))
        may = [one for one in book.ordered("attack") if one.when.latest >= since and one.when.earliest <= until]
        agree = [one for one in may if like is None or all(_may(aspect(one, a), aspect(like, a)) for a in same or ())]

        assert found == sorted(found, key=place_of)
        assert {one.id for one in agree} <= {one.id for one in found}


def _may(one: object, other: object) -> bool:
    return one is None or other is None or one == other


def test_what_is_far_off_or_says_otherwise_is_not_looked_at() -> None:
    book, act = Book(TEXT, None, NOW), pattern("attack", same=["by"])
    asked = inquiry(book)
    put(
        book,
        fact("f1", "attack", "5 12:00", by="north"),
        fact("f2", "attack", "5 12:00", by="south"),
        fact("f3", "attack", "5 12:00"),
        fact("f4", "attack", "9 12:00", by="north"),
    )

    def near(**more: Any) -> list[str]:  # noqa: ANN401  what it is near
        window = {"since": at("5 11:00"), "until": at("5 13:00")}
        return [one.id for one in asked.near(act, **{**window, **more})]

    assert near(like=fact("x", "attack", "5", by="north")) == ["f1", "f3"]
    assert near(like=fact("x", "attack", "5")) == near() == ["f1", "f2", "f3"]
    assert near(since=DAWN) == near(until=NEVER) == ["f1", "f2", "f3", "f4"]
    assert near(like=fact("x", "attack", "5", by="north"), until=NEVER) == ["f1", "f3", "f4"]


def test_who_asks_what_is_near_is_told_of_it_and_not_of_what_is_far() -> None:
    book, act = Book(TEXT, None, NOW), pattern("attack", same=["by"])
    asked = inquiry(book)
    list(asked.near(act, like=fact("x", "attack", "5", by="north"), since=at("5 11:00"), until=at("5 13:00")))
    read = asked.notes.read

    assert read & {*put(book, fact("f1", "attack", "5 12:00", by="north"))}
    assert read & {*put(book, fact("f2", "attack", ("1", "19")))}
    assert not read & {*put(book, fact("f3", "attack", "5 12:00", by="south"))}
    assert not read & {*put(book, fact("f4", "attack", "9", by="north"))}


def test_what_is_said_about_something_is_found_by_it_and_so_is_what_may_be() -> None:
    book, word = Book(TEXT, None, NOW), pattern("declaration")
    asked = inquiry(book)
    lost = replace(fact("d3", "declaration", "3"), rev=2, op=Op.REDACT, fields=())
    several = [
        fact("d1", "declaration", "5", of="a"),
        fact("d2", "declaration", "4", of=("b", "c")),
        fact("d3", "declaration", "3", of="z"),
        lost,
        fact("d4", "declaration", "2"),
        fact("d5", "declaration", "1", of="e"),
    ]
    put(book, *several)

    assert [one.id for one in asked.near(word, about=("a", "c", "a"))] == ["d3", "d2", "d1"]
    assert {one.id for one in asked.near(pattern("declaration", of="a"), about=("c",))} == {
        *("d1", "d2", "d3", "d4", "d5")
    }


def test_times_are_looked_up_in_buckets_as_long_as_the_first_window_or_an_hour() -> None:
    book = Book(TEXT, None, NOW)
    one, other = pattern("attack"), pattern("attack")

    assert [book.width(one, 0, HOUR - TICK), book.width(one, 0, 9 * HOUR)] == [HOUR, HOUR]
    assert book.width(other, HOUR, 4 * HOUR) == 3 * HOUR
    assert book.width(one, DAWN, 0) is None
    assert book.width(one, 0, NEVER) is None
    assert list(Alike((), HOUR).buckets(HOUR - TICK, 2 * HOUR)) == [0, 1, 2]
    assert list(Alike((), None).buckets(0, NEVER)) == [0]


# ---- what is named -------------------------------------------------------------------------------------------------


def test_claims_are_found_by_their_tally_and_in_a_window_by_their_days() -> None:
    book = Book(TEXT, None, NOW)
    claims = {
        "in it": during("5", "5 12:00"),
        "up to it": during("3", at("4") + TICK),
        "from it on": during("5 23:00", "7"),
        "around it": during("1", "9"),
        "for years": during("1", at("1") + 900 * DAY),
        "before it": during("1", "2 12:00"),
        "after it": during("8", "9"),
        "at no time": None,
    }
    put(book, *(fact(name, "claim", "9", span, tally="trucks") for name, span in claims.items()))
    put(book, fact("another", "claim", "9", during("5", "6"), tally="cars"))
    asked = inquiry(book)

    def named(one: LiveInquiry) -> set[str]:
        return {claim.id for claim in one.naming("claim", "tally", "trucks")}

    def window(start: str, end: str | int) -> LiveInquiry:
        return asked.counting_in(Window(Interval.at(at(start)), Interval.at(at(end))))

    assert named(asked) == {*claims}
    assert named(window("4", at("6"))) == {*claims} - {"before it", "after it"}
    assert named(window("4", at("4") + 900 * DAY)) == {*claims}
    assert [one.id for one in window("4", "6").naming("attack", "tally", "trucks")] == []
