"""Of what people decided, the latest that can hold together holds: against trying each decision on its own."""

from hypothesis import given
from hypothesis import strategies as st

from trucekeeper.fusion.decisions import NOTHING, Decision, Settled, settled

KEYS = (1, 2, 3, 4, 5)
PAIRS = st.tuples(st.sampled_from(KEYS), st.sampled_from(KEYS), st.booleans())
DECISIONS = st.lists(PAIRS, max_size=8)


def joined_with(key: int, decisions: list[Decision]) -> set[int]:
    """Return all that decisions join with a report, by walking from one to the next."""
    found, todo = {key}, [key]
    while todo:
        here = todo.pop()
        beside = {b if a == here else a for a, b, same in decisions if same and here in (a, b)}
        todo += beside - found
        found |= beside
    return found


def hold_together(decisions: list[Decision]) -> bool:
    return all(same or b not in joined_with(a, decisions) for a, b, same in decisions)


@given(DECISIONS)
def test_a_decision_holds_if_it_agrees_with_all_later_ones_that_hold(decisions: list[Decision]) -> None:
    holding: list[Decision] = []
    overruled: list[Decision] = []
    for one in reversed(decisions):
        (holding if hold_together([*holding, one]) else overruled).append(one)
    groups = {key: joined_with(key, holding) for key in KEYS}
    found = settled(decisions)

    assert found.group == {key: min(group) for key, group in groups.items() if len(group) > 1}
    assert found.members == {min(group): tuple(sorted(group)) for group in groups.values() if len(group) > 1}
    assert found.apart == {(min(a, b), max(a, b)) for a, b, same in holding if not same}
    assert list(found.overruled) == overruled[::-1]


@given(DECISIONS, DECISIONS)
def test_for_a_report_something_else_holds_if_its_group_is_another_or_who_it_is_parted_from(
    before: list[Decision], after: list[Decision]
) -> None:
    def about(key: int, holds: Settled) -> object:
        group = next((keys for keys in holds.members.values() if key in keys), ())
        return group, {pair for pair in holds.apart if key in pair}

    one, other = settled(before), settled(after)

    assert one.changed(other) == {key for key in KEYS if about(key, one) != about(key, other)}


@given(DECISIONS, st.sets(st.sampled_from(KEYS)))
def test_among_some_reports_holds_what_is_said_of_these_alone(decisions: list[Decision], some: set[int]) -> None:
    holds = settled(decisions)
    among = holds.among(some)

    assert among.group == {key: least for key, least in holds.group.items() if key in some}
    assert among.apart == {(a, b) for a, b in holds.apart if a in some and b in some}


def test_where_nobody_has_decided_anything_nothing_holds() -> None:
    assert settled([]) == NOTHING
    assert NOTHING.among(KEYS) == NOTHING
