"""A column: codes and what they stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from trucekeeper.compliance.columns.values import NOTHING, Numerals, Values, common, joined, listed
from trucekeeper.terms import Amount

if TYPE_CHECKING:
    from collections.abc import Callable

    from trucekeeper.terms import Field

MANY = Numerals("f", 5)


def listening(heard: list[object], ask: Callable[[Field | None], int]) -> Callable[[Field | None], int]:
    """Return a question that tells what it was put about."""

    def asked(value: Field | None) -> int:
        heard.append(value)
        return ask(value)

    return asked


def test_numerals_are_the_texts_of_numbers_behind_a_prefix() -> None:
    assert list(MANY) == ["f0", "f1", "f2", "f3", "f4"]
    assert MANY[1:3] == ["f1", "f2"]
    assert MANY[-2:] == ["f3", "f4"]
    assert len(MANY) == 5


@pytest.mark.parametrize("beyond", [5, 6, -1])
def test_a_number_beyond_the_numerals_is_none_of_them(beyond: int) -> None:
    with pytest.raises(IndexError):
        MANY[beyond]


def test_a_column_gives_back_what_each_fact_says_and_nothing_where_one_does_not() -> None:
    column = Values.of(["a", None, "b", "a"])

    assert [column.at(row) for row in range(4)] == ["a", None, "b", "a"]
    assert column.texts() == ["a", "", "b", "a"]
    assert column.distinct == ("a", "b")
    assert len(column) == 4
    assert [column.take(np.array([2, 1])).at(row) for row in range(2)] == ["b", None]


def test_a_column_of_numerals_says_them_as_text() -> None:
    assert Values(np.array([3, NOTHING, 0]), MANY).texts() == ["f3", "", "f0"]


def test_a_column_in_which_no_fact_says_anything_has_the_length_asked_for() -> None:
    column = Values.nothing(3)

    assert len(column) == 3
    assert column.texts() == ["", "", ""]
    assert column.asked(lambda value: 2 if value is None else 0).tolist() == [2, 2, 2]
    assert Values.nothing(0).asked(lambda _: 1).tolist() == []


def test_a_question_is_put_once_for_each_value_and_once_for_silence() -> None:
    column = Values.of(["a", "b", None, "a", "b", "a"])
    heard: list[object] = []

    answers = column.asked(listening(heard, lambda value: 1 if value == "a" else 2 if value is None else 0))

    assert answers.tolist() == [1, 0, 2, 1, 0, 1]
    assert heard == ["a", "b", None]


def test_of_more_values_than_facts_only_those_that_occur_are_asked_about() -> None:
    column = Values(np.array([4, NOTHING, 4, 2]), MANY)
    heard: list[object] = []

    answers = column.asked(listening(heard, lambda value: int(value == "f4")))

    assert answers.tolist() == [1, 0, 1, 0]
    assert sorted(heard, key=str) == [None, "f2", "f4"]


def test_as_many_values_as_facts_are_asked_about_only_where_they_occur() -> None:
    heard: list[object] = []

    Values(np.array([1, 1]), ("a", "b")).asked(listening(heard, lambda _: 0))

    assert heard == ["b"]


def test_a_column_of_one_and_the_same_value_is_asked_about_once() -> None:
    column = Values(np.broadcast_to(np.array(1), 3), ("a", "b"))
    heard: list[object] = []

    assert column.asked(listening(heard, lambda _: 2)).tolist() == [2, 2, 2]
    assert heard == ["b"]


def test_amounts_are_told_from_words_and_from_silence() -> None:
    column = Values.of([Amount(2, 5), "many", None, Amount(3, 3)])

    least, most, known = column.amounts()

    assert least.tolist() == [2, 0, 0, 3]
    assert most.tolist() == [5, 0, 0, 3]
    assert known.tolist() == [True, False, False, True]


def test_joined_columns_say_what_each_said() -> None:
    one, other = Values.of(["a", None]), Values.of(["b", "a"])

    assert joined([one, other]).texts() == ["a", "", "b", "a"]
    assert joined([one]) is one


def test_columns_of_one_list_of_values_keep_their_codes() -> None:
    one = Values.of(["a", "b"])
    other = Values(np.array([1, NOTHING]), one.distinct)

    codes, distinct = common([one, other])

    assert distinct is one.distinct
    assert [each.tolist() for each in codes] == [[0, 1], [1, NOTHING]]


def test_numerals_of_one_prefix_keep_their_codes_and_the_longer_list() -> None:
    codes, distinct = common([Values(np.array([1]), Numerals("f", 2)), Values(np.array([4]), MANY)])

    assert [each.tolist() for each in codes] == [[1], [4]]
    assert distinct is MANY


@pytest.mark.parametrize("other", [Numerals("g", 5), ("f1", "f0")])
def test_numerals_and_other_words_are_coded_anew(other: Numerals | tuple[str, ...]) -> None:
    columns = [Values(np.array([1, NOTHING]), Numerals("f", 2)), Values(np.array([0, NOTHING]), other)]

    codes, distinct = common(columns)

    said = [[None if code == NOTHING else distinct[code] for code in each.tolist()] for each in codes]
    assert said == [["f1", None], [other[0], None]]
    assert joined(columns).texts() == ["f1", "", other[0], ""]


def test_the_one_fact_of_a_column_is_asked_about() -> None:
    assert Values(np.broadcast_to(np.array(1), 1), ("a", "b")).asked(
        lambda value: 2 if value == "b" else 0
    ).tolist() == [2]


def test_one_column_alone_has_its_own_coding_in_common() -> None:
    codes, distinct = common([Values(np.array([3, NOTHING]), MANY)])

    assert [each.tolist() for each in codes] == [[3, NOTHING]]
    assert distinct is MANY


def test_the_words_of_a_value_are_listed_and_of_silence_none_are() -> None:
    assert (listed(None), listed("a"), listed(("a", "b"))) == ((), ("a",), ("a", "b"))
