"""The command: what it measures it measures apart, and what it writes it keeps."""

import argparse

import pytest

from bench import engine, measure
from bench.measure import CallFailedError, Measured, NotBuiltError, Run, Task

OWN = {"processor": "an abacus"}


def part(letter: str, title: str = "beads") -> engine.Part:
    return engine.Part(letter, title, ("facts", "by"), (("1,000", "hand"),), ("Slow.",))


def measured(name: str, answer: object) -> Measured:
    run = Run(1.0, 1.0, 1, answer)
    return Measured(Task(name, "m", "f"), run, (run,))


def test_a_call_is_measured_in_a_process_of_its_own() -> None:
    run = measure.call(Task("gcd", "math", "gcd", (12, 18)))

    assert run.answer == 6
    assert run.wall > 0 <= run.cpu
    assert run.peak > 1_000_000


def test_a_call_that_fails_says_why_in_one_line() -> None:
    with pytest.raises(CallFailedError, match=r"^root: ValueError: .*$"):
        measure.call(Task("root", "math", "sqrt", (-1,)))


def test_what_is_not_built_yet_is_left_out() -> None:
    absent = Task("absent", "bench.absent", "nothing")

    with pytest.raises(NotBuiltError):
        measure.call(absent)
    assert [one.task.name for one in measure.together([absent, Task("gcd", "math", "gcd", (4, 6))], 1)] == ["gcd"]


def test_answers_that_change_from_call_to_call_are_no_answer() -> None:
    changing = Measured(Task("dice", "m", "f"), Run(1, 1, 1, [1]), (Run(1, 1, 1, [2]),))

    with pytest.raises(RuntimeError, match="dice answered differently"):
        _ = changing.answer


def test_differing_counts_stop_the_run() -> None:
    ours, theirs = measured(engine.OURS, {"counts": [1, 2]}), measured(engine.PEER, [1, 3])

    with pytest.raises(engine.CountsDifferError, match=r"at 1,000 facts differ: .*\[1, 2\].*\[1, 3\]"):
        engine.same_counts(1_000, [ours, theirs])


def test_counts_that_all_share_are_still_held_against_the_known_ones() -> None:
    with pytest.raises(engine.CountsDifferError, match="known"):
        engine.same_counts(10_000_000, [measured(engine.PEER, [0, 0, 0, 0, 0])])


def test_the_part_that_was_measured_is_replaced_and_the_others_stay() -> None:
    before = engine.written([part("a", "old"), part("b")], "", OWN)
    after = engine.written([part("a", "new")], before, OWN)

    assert "## (a) new" in after
    assert "## (a) old" not in after
    assert after.replace("new", "old") == before


def test_a_part_that_is_not_built_says_so() -> None:
    text = engine.written([engine.Part("c", "kinds", ("facts",), ())], "", OWN)

    assert text.endswith("## (c) kinds\n\nNot built yet.\n")


@pytest.mark.parametrize("text", ["10M", "1e7", "10000000"])
def test_a_size_may_be_written_as_people_say_it(text: str) -> None:
    assert engine.size_of(text) == 10_000_000


@pytest.mark.parametrize("text", ["", "ten", "-1", "0"])
def test_a_size_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError):
        engine.size_of(text)


def test_an_unknown_part_is_refused_with_those_there_are() -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="they are a, b, c, d, e"):
        engine.parts_of("af")
