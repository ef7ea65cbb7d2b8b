"""Live fusion comes to what a batch comes to, however reports arrive, leave, and are decided on."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fusion_small import (
    CODES,
    FIRM,
    NOWHERE,
    columns,
    decisions_on,
    report,
    small_worlds,
    valoria,
    weigher,
    weighing,
)
from trucekeeper.fusion import live as live_
from trucekeeper.fusion.candidates import FEW
from trucekeeper.fusion.clustering import clusters, partition
from trucekeeper.fusion.columns import HOUR_US, Codes, Columns
from trucekeeper.fusion.decisions import settled
from trucekeeper.fusion.density import density_of
from trucekeeper.fusion.fitting import fit
from trucekeeper.fusion.live import Live
from trucekeeper.fusion.model import Model
from trucekeeper.fusion.weights import Weigher


def labels(live: Live) -> dict[int, int]:
    return {key: name for name, keys in live.incidents.items() for key in keys}


def in_batch(rows: Columns, decisions: list[tuple[int, int, bool]]) -> dict[int, int]:
    return dict(zip(rows.key.tolist(), partition(rows, weigher(), decisions).tolist(), strict=True))


def one_by_one(rows: Columns, order: list[int]) -> Live:
    live = Live(weigher())
    for row in order:
        live.add(rows.some(slice(row, row + 1)))
    return live


@given(small_worlds(), st.randoms(use_true_random=False))
def test_any_order_of_arrival_comes_to_the_same_incidents(rows: Columns, random: object) -> None:
    order = list(range(len(rows)))
    random.shuffle(order)  # type: ignore[attr-defined]  # hypothesis gives no narrower type

    assert labels(one_by_one(rows, order)) == in_batch(rows, [])
    assert labels(one_by_one(rows, order[::-1])) == in_batch(rows, [])


@given(small_worlds(), st.data())
def test_what_arrives_leaves_and_is_decided_in_any_mixture_comes_to_what_a_batch_does(
    rows: Columns, data: st.DataObject
) -> None:
    keys = rows.key.tolist()
    live, decided = Live(weigher()), list[tuple[int, int, bool]]()
    there: set[int] = set()
    for _ in range(data.draw(st.integers(1, 12))):
        act = data.draw(st.sampled_from(("add", "remove", "decide")))
        if act == "add":
            some = data.draw(st.sets(st.sampled_from(keys), max_size=6)) - there
            live.add(rows.some(np.isin(rows.key, list(some))))
            there |= some
        elif act == "remove" and there:
            some = data.draw(st.sets(st.sampled_from(sorted(there)), max_size=3))
            live.remove(some)
            there -= some
        elif len(keys) > 1:
            new = data.draw(decisions_on(keys))
            live.decide(new)
            decided = new
    left = rows.some(np.isin(rows.key, list(there)))

    assert labels(live) == in_batch(left, decided)
    assert live.rivals == tuple(
        sorted(clusters(left.by_key(), weigher(), settled(decided)).rivals, key=lambda one: one.report)
    )


@given(small_worlds(), st.data())
def test_what_is_said_to_have_changed_leads_from_what_stood_to_what_stands(
    rows: Columns, data: st.DataObject
) -> None:
    live = Live(weigher())
    half = data.draw(st.integers(0, len(rows)))
    live.add(rows.some(slice(0, half)))
    before = live.incidents

    changed = live.add(rows.some(slice(half, None)))

    kept = {name: keys for name, keys in before.items() if name not in changed.gone}
    assert {**kept, **changed.now} == live.incidents
    assert all(before[name] != live.incidents.get(name) for name in changed.gone)
    assert all(before.get(name) != keys for name, keys in changed.now.items())


def test_a_report_that_changes_nothing_else_is_said_to_be_an_incident_of_its_own() -> None:
    live = Live(weigher())
    live.add(columns(report(1)))

    changed = live.add(columns(report(2, north_km=500)))

    assert (changed.gone, changed.now) == (frozenset(), {2: (2,)})


def test_the_last_report_gone_leaves_no_incident() -> None:
    live = Live(weigher())
    live.add(columns(report(1)))

    changed = live.remove([1])

    assert (changed.gone, changed.now, live.incidents) == (frozenset({1}), {}, {})


def test_a_report_that_is_there_already_is_refused() -> None:
    live = Live(weigher())
    live.add(columns(report(7)))

    with pytest.raises(ValueError, match="report 7 is there already"):
        live.add(columns(report(7)))
    with pytest.raises(ValueError, match="there already"):
        live.add(columns(report(8), report(8)))


def test_a_report_that_is_not_there_cannot_be_taken_out() -> None:
    with pytest.raises(KeyError):
        Live(weigher()).remove([7])


def test_new_words_may_come_in_while_reports_stand() -> None:
    first, second = report(1, kind=0), report(2, kind=3, source=3)
    wider = Codes((*CODES.kinds, "mortar"), CODES.actors, (*CODES.sources, "field monitors"))
    live = Live(weigher())
    live.add(columns(first))
    live.weigher.call(wider)
    live.add(columns(second))

    whole = partition(columns(first, second), Weigher(weigher().model, wider))
    assert labels(live) == {1: whole[0], 2: whole[1]}


@pytest.mark.parametrize("decided", [[], [(0, 900, True), (3, 4, False)]])
def test_many_first_reports_at_once_come_to_what_a_batch_does(decided: list[tuple[int, int, bool]]) -> None:
    rows = valoria(400)[0]
    rows = replace(rows, located=rows.key % 9 > 0)
    live = Live(weigher())
    live.decide(decided)
    live.add(rows)
    live.add(columns(report(10**6, north_km=3), report(10**6 + 1, north_km=3, at_h=1)))

    whole = Columns.joined([rows, columns(report(10**6, north_km=3), report(10**6 + 1, north_km=3, at_h=1))])
    assert len(rows) > FEW
    assert labels(live) == in_batch(whole, decided)


def test_many_reports_after_a_few_come_to_what_a_batch_does() -> None:
    rows = valoria(400)[0]
    few = rows.key % 100 == 0
    live = Live(weigher())
    live.add(rows.some(few))
    live.add(rows.some(~few))

    assert int((~few).sum()) > FEW
    assert labels(live) == in_batch(rows, [])


@settings(max_examples=20)
@given(small_worlds(most=30))
def test_a_slot_that_is_used_again_remembers_nothing(rows: Columns) -> None:
    live = Live(weigher())
    live.add(rows)
    live.remove(rows.key.tolist())
    moved = replace(rows, time_us=rows.time_us + 10**13)
    live.add(moved)

    assert labels(live) == in_batch(moved, [])


@settings(max_examples=30)
@given(small_worlds())
def test_however_little_room_there_is_at_first_reports_come_to_the_same_incidents(rows: Columns) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(live_, "_ROOM", 1)
        live = one_by_one(rows, list(range(len(rows))))
        live.remove(rows.key[::2].tolist())
        live.add(rows.some(slice(None, None, 2)))

    assert labels(live) == in_batch(rows, [])


def test_reports_on_both_sides_of_the_date_line_are_one_incident() -> None:
    half = 1_800_000_000
    for west, east in ((half - 2000, -half + 2000), (-half, half - 4000)):
        rows = columns(report(1) | {"lon_e7": west}, report(2) | {"lon_e7": east})

        assert labels(one_by_one(rows, [0, 1])) == labels(one_by_one(rows, [1, 0])) == {1: 1, 2: 1}


@pytest.mark.parametrize("lat_e7", [-899_000_000, -600_000_000, 0, 450_000_000, 840_000_000, 899_000_000])
def test_reports_come_to_the_same_incidents_at_any_latitude(lat_e7: int) -> None:
    spots = [(at % 5 * 3000, at // 5 * 9000 * 2**wider) for at in range(20) for wider in (0, 3, 7)]
    rows = columns(*(report(key) | {"lat_e7": lat_e7 + up, "lon_e7": along} for key, (up, along) in enumerate(spots)))

    assert labels(one_by_one(rows, list(range(len(rows))))) == in_batch(rows, [])


def test_reports_of_a_model_that_was_learnt_come_to_the_same_incidents_as_in_a_batch() -> None:
    rows = valoria(120, declared=0.5)[0]
    rows = replace(rows, located=rows.key % 11 > 0, area=rows.key % 7 == 0, day=rows.key % 5 == 0)
    model = fit(rows, CODES)
    live = Live(weigher(model))
    for at in np.random.default_rng(1).permutation(len(rows)).tolist():
        live.add(rows.some(slice(at, at + 1)))

    assert labels(live) == dict(zip(rows.key.tolist(), partition(rows, weigher(model)).tolist(), strict=True))


@pytest.mark.parametrize("least", [0, 1])
@pytest.mark.parametrize("second", [FIRM, NOWHERE])
def test_two_reports_that_weigh_the_least_bit_are_one_incident(second: dict[str, object], least: int) -> None:
    rows, ready = weighing([FIRM, second], {(1, 2): least})
    for order in ([0, 1], [1, 0]):
        live = Live(ready)
        for row in order:
            live.add(rows.some(np.array([row])))

        assert live.incidents == ({1: (1, 2)} if least else {1: (1,), 2: (2,)})


def test_an_incident_that_weighs_nothing_is_no_rival_when_a_report_without_a_place_comes_live() -> None:
    rows, ready = weighing([FIRM, FIRM, NOWHERE], {(1, 3): 500, (2, 3): 0})
    for order in ([0, 1, 2], [2, 1, 0]):
        live = Live(ready)
        for row in order:
            live.add(rows.some(np.array([row])))

        assert (live.incidents, live.rivals) == ({1: (1, 3), 2: (2,)}, ())


def furthest(ready: Weigher, first: dict[str, object], name: str) -> dict[str, object]:
    """Return the report that is further off in one respect than any other that weighs more than nought with one."""
    near, far = 0, 10**12
    while far - near > 1:
        middle = (near + far) // 2
        pair = ready.read(columns(first, first | {"key": 2, name: first[name] + middle}))  # type: ignore[operator]  # a whole number
        good = ready.weigh(pair, np.array([0]), np.array([1]))[0] > 0
        near, far = (middle, far) if good else (near, middle)
    return first | {"key": 2, name: first[name] + near}  # type: ignore[operator]  # a whole number


@pytest.mark.parametrize("lat_e7", [-899_000_001, -300_000_001, 1_000, 300_000_000, 899_000_000])
@pytest.mark.parametrize("name", ["lat_e7", "lon_e7", "time_us"])
def test_the_furthest_report_that_weighs_more_than_nought_is_met(lat_e7: int, name: str) -> None:
    first = report(1, kind=0, actor=0, count=3) | {"lat_e7": lat_e7}
    rows = columns(first, furthest(weigher(), first, name))

    assert labels(one_by_one(rows, [0, 1])) == labels(one_by_one(rows, [1, 0])) == {1: 1, 2: 1}


@pytest.mark.parametrize("hours", [-1, 1])
def test_the_furthest_report_that_a_report_without_a_place_may_join_is_met(hours: int) -> None:
    first = report(1, kind=0, actor=0, count=3, located=False, at_h=hours)
    rows = columns(first, furthest(weigher(), first, "time_us") | {"located": True})

    assert labels(one_by_one(rows, [0, 1])) == labels(one_by_one(rows, [1, 0])) == {1: 1, 2: 1}


@pytest.mark.parametrize("order", [[0, 1], [1, 0]])
def test_where_reports_are_thick_one_looks_as_far_as_where_they_are_thin(order: list[int]) -> None:
    heap = density_of(columns(*(report(key, at_h=10 * key) for key in range(300))))
    ready = weigher(replace(Model.default(), density=heap))
    found = []
    for metres in range(0, 3000, 100):
        rows = columns(report(1, kind=0), report(2, kind=0, north_km=metres / 1000))
        live = Live(ready)
        for row in order:
            live.add(rows.some(np.array([row])))
        assert labels(live) == dict(zip((1, 2), partition(rows, ready).tolist(), strict=True))
        found.append(len(live.incidents) == 1)

    assert any(found)
    assert not all(found)


def test_two_reports_without_a_place_that_people_let_go_at_once_seek_each_on_its_own() -> None:
    said = {"kind": 0, "actor": 0, "count": 3}
    rows = columns(*(report(key, located=False, **said) for key in range(4)), report(9, **said), report(11, **said))
    live = Live(weigher())
    live.add(rows)

    live.decide([(key, 9, True) for key in range(4)])
    live.decide([])

    assert labels(live) == in_batch(rows, [])


def test_a_report_without_a_place_is_joined_by_one_vaguer_than_all_before() -> None:
    said = {"kind": 0, "actor": 0, "count": 3}
    nowhere = report(1, located=False, sd_us=HOUR_US // 4, **said)
    vague = report(2, at_h=14, sd_us=12 * HOUR_US, source=1, **said)
    live = Live(weigher())
    live.add(columns(nowhere))
    live.add(columns(vague))

    assert labels(live) == in_batch(columns(nowhere, vague), []) == {1: 1, 2: 1}


def test_who_is_let_out_of_a_group_leaves_it_at_once() -> None:
    rows = columns(report(1), report(2, east_km=90), report(3, north_km=90))
    live = Live(weigher())
    live.add(rows)
    one, two, three = rows.key.tolist()
    live.decide([(one, two, True), (two, three, True)])
    assert live.incidents == {one: (one, two, three)}

    live.decide([(one, two, True)])

    assert live.incidents == {one: (one, two), three: (three,)}


def test_who_sought_an_incident_and_is_then_joined_with_it_by_people_is_of_it() -> None:
    several = [report(key, located=False, day=True, kind=0, actor=0, count=0) for key in range(5)]
    rows = columns(*several, report(9, day=True, kind=0, actor=0, count=0))
    live = Live(weigher())
    live.add(rows)

    live.decide([(0, 9, True)])

    assert labels(live) == in_batch(rows, [(0, 9, True)])
    live.decide([])
    assert labels(live) == in_batch(rows, [])
