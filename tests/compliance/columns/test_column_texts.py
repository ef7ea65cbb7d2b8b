"""Many texts as bytes: what they say, and which of them are the same."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucekeeper.compliance.columns.texts import AT_ONCE, Texts, by_hash
from trucekeeper.compliance.columns.values import NOTHING, Values, common, joined

NAMES = ["f1", "report-123456789", "", "f1", "grün", "eight-le", "f2", "", "eight-let"]
TEXTS = st.lists(st.text(max_size=20), max_size=20)


def test_texts_are_read_as_they_were_given() -> None:
    texts = Texts.of(NAMES)

    assert list(texts) == NAMES
    assert [texts[at] for at in range(len(texts))] == NAMES
    assert texts[4:6] == ["grün", "eight-le"]
    assert list(texts.take(np.array([8, 0, 2]))) == ["eight-let", "f1", ""]


def test_a_text_beyond_the_last_is_none_of_them() -> None:
    with pytest.raises(IndexError):
        Texts.of(NAMES)[len(NAMES)]


@given(TEXTS, TEXTS)
def test_texts_of_several_stand_one_after_the_other(one: list[str], other: list[str]) -> None:
    assert list(Texts.together([Texts.of(one), Texts.of(other)])) == one + other


@given(TEXTS)
def test_equal_texts_have_equal_hashes_and_numbers_and_no_others(several: list[str]) -> None:
    texts = Texts.of(several)
    numbers, distinct = texts.numbered()

    assert list(distinct) == list(dict.fromkeys(several))
    assert [distinct[number] for number in numbers.tolist()] == several
    assert len({*texts.hashes().tolist()}) == len({*several})


def test_a_hash_does_not_hang_on_what_stands_beside_a_text() -> None:
    alone = [Texts.of([name]).hashes()[0] for name in NAMES]

    assert Texts.of(NAMES).hashes().tolist() == alone
    many = Texts.of(f"f{number}" for number in range(AT_ONCE + 2))
    assert many.hashes()[-1] == Texts.of([f"f{AT_ONCE + 1}"]).hashes()[0]


def test_one_column_of_texts_is_itself_together() -> None:
    assert list(Texts.together([Texts.of(NAMES)])) == NAMES


def test_texts_that_differ_in_any_byte_or_in_length_have_different_hashes() -> None:
    texts = {letter * length for length in range(28) for letter in "\0x"}
    texts |= {"x" * at + other + "x" * (26 - at) for at in range(27) for other in "\0\1yz~"}
    texts |= {f"{number}" for number in range(2000)} | {f"fact-{number:06}" for number in range(2000)}

    assert len({*Texts.of(sorted(texts)).hashes().tolist()}) == len(texts)


def test_texts_of_one_hash_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Texts, "hashes", lambda texts: np.zeros(len(texts), np.uint64))

    numbers, distinct = Texts.of(["a", "b", "a"]).numbered()

    assert numbers.tolist() == [0, 1, 0]
    assert list(distinct) == ["a", "b"]


def test_equal_hashes_stand_together_the_first_first() -> None:
    order, again = by_hash([np.array([1 << 63, 5 << 40], np.uint64), np.array([1 << 63, 7 << 50], np.uint64)])

    assert order.tolist() == [1, 3, 0, 2]
    assert again.tolist() == [False, False, False, True]


def test_columns_of_texts_and_of_words_have_one_coding() -> None:
    ours = Values(np.array([0, 2, NOTHING], np.int32), Texts.of(["a", "b", "c"]))
    theirs = Values.of(["c", None, "d"])

    (one, other), distinct = common([ours, theirs])

    assert [distinct[code] if code != NOTHING else None for code in one.tolist()] == ["a", "c", None]
    assert [distinct[code] if code != NOTHING else None for code in other.tolist()] == ["c", None, "d"]
    assert joined([ours, theirs]).texts() == ["a", "c", "", "c", "", "d"]


def test_a_column_of_texts_beside_one_of_lists_keeps_both() -> None:
    ours = Values(np.array([0], np.int32), Texts.of(["a"]))

    assert [*map(joined([ours, Values.of([("a", "b")])]).at, (0, 1))] == ["a", ("a", "b")]


def test_few_facts_of_many_texts_are_read_alone() -> None:
    names = Texts.of(f"f{number}" for number in range(100))

    assert Values(np.array([7, NOTHING, 9], np.int32), names).texts() == ["f7", "", "f9"]
