"""What is learnt: from reports alone, from decisions, from next to nothing; and what goes on record of it."""

import json
from dataclasses import replace

import numpy as np
import pytest

from tests.fusion_small import ARTILLERY, CODES, columns, report, valoria
from trucekeeper.fusion.clustering import partition
from trucekeeper.fusion.columns import DAY_US, Columns
from trucekeeper.fusion.density import density_of
from trucekeeper.fusion.fitting import ENOUGH, fit
from trucekeeper.fusion.model import Model, from_json, to_json
from trucekeeper.fusion.weights import Weigher


def pairs_right(labels: np.ndarray, truth: np.ndarray) -> float:
    one, two = np.triu_indices(len(truth), 1)
    same, found = truth[one] == truth[two], labels[one] == labels[two]
    return 2.0 * float((same & found).sum()) / float(same.sum() + found.sum())


def test_reports_that_nobody_sorted_teach_which_words_are_one() -> None:
    model = fit(valoria()[0], CODES)
    logs = dict(zip(model.same.kinds.names, model.same.kinds.logs, strict=True))

    assert logs["shelling"][ARTILLERY] > 300 > -300 > logs["gunfire"][ARTILLERY]


@pytest.mark.parametrize("declared", [0.5, 1.0, 2.0])
def test_reports_are_sorted_well_whatever_error_their_source_declares(declared: float) -> None:
    rows, truth = valoria(declared=declared)

    assert pairs_right(partition(rows, Weigher(fit(rows, CODES), CODES)), truth) > 0.9


def test_a_source_that_declares_half_its_error_is_found_out() -> None:
    habits = {one.source: one for one in fit(valoria(declared=0.5)[0], CODES).habits}

    assert 2 <= habits["patrol"].point <= 6
    assert 2 <= habits["press"].point <= 6
    assert 2 <= habits["patrol"].time <= 6


def test_the_order_of_reports_teaches_nothing() -> None:
    rows, _ = valoria(150)
    mixed = rows.some(np.random.default_rng(1).permutation(len(rows)))

    assert fit(mixed, CODES) == fit(rows, CODES)


def test_a_handful_of_reports_leaves_all_but_the_density_as_it_was() -> None:
    rows = columns(*(report(key, north_km=key) for key in range(ENOUGH - 1)))

    assert replace(fit(rows, CODES), density=Model.default().density) == Model.default()


def test_no_reports_leave_everything_as_it_was() -> None:
    assert fit(columns(), CODES) == Model.default()


def test_reports_all_alike_teach_nothing_absurd() -> None:
    model = fit(columns(*(report(key) for key in range(ENOUGH + 50))), CODES)
    numbers = json.dumps(to_json(model))

    assert "NaN" not in numbers
    assert "Infinity" not in numbers
    assert abs(model.same.company) < 20_000


def test_reviewers_decisions_are_learnt_from() -> None:
    rows, truth = valoria(200)
    one, two = np.triu_indices(len(rows), 1)
    near = np.abs(rows.time_us[one] - rows.time_us[two]) < DAY_US
    said = [(int(a), int(b), False) for a, b in zip(one[near], two[near], strict=True) if truth[a] == truth[b]]
    plain, taught = fit(rows, CODES), fit(rows, CODES, said)

    assert taught.same.company < plain.same.company - 500


def test_of_two_decisions_on_a_pair_the_latest_is_learnt() -> None:
    rows, _ = valoria(150)

    assert fit(rows, CODES, [(0, 1, False), (1, 0, True)]) == fit(rows, CODES, [(0, 1, True)])


def test_decisions_on_reports_that_are_not_there_teach_nothing() -> None:
    rows, _ = valoria(150)

    assert fit(rows, CODES, [(-5, -6, True), (0, 0, True)]) == fit(rows, CODES)


def test_a_model_goes_on_record_and_comes_back_byte_for_byte() -> None:
    rows, _ = valoria(150)
    for model in (Model.default(), fit(rows, CODES)):
        text = json.dumps(to_json(model), sort_keys=True)

        assert from_json(json.loads(text)) == model
        assert json.dumps(to_json(from_json(json.loads(text))), sort_keys=True) == text
        assert "." not in text.replace("2.", "")


def test_a_model_of_another_format_is_refused() -> None:
    with pytest.raises(ValueError, match="of format 2"):
        from_json({**to_json(Model.default()), "v": 2})


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["habits"], []),
        (["habits"], {"radio": ["x", 0, 0, 0]}),
        (["days"], []),
        (["days"], ["x"] * 7),
        (["moved"], 10**9),
        (["late"], -1),
        (["late"], "x"),
        (["threshold"], None),
        (["threshold"], True),
        (["threshold"], 10**9),
        (["same", "company"], "x"),
        (["same", "counts"], []),
        (["same", "kinds"], {"names": ["shelling"], "logs": []}),
        (["density", "base"], 10**9),
        (["density", "hours"], 0),
        (["density", "lat_e7"], 10**12),
        (["density", "layers"], [{"rows": [1], "columns": [], "counts": [2], "each": 5}]),
    ],
)
def test_what_would_stop_whoever_uses_it_is_no_model(path: list[str], value: object) -> None:
    said = to_json(Model.default())
    place = said
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value

    with pytest.raises(ValueError, match=r"model|map"):
        from_json(said)


def test_a_model_knows_words_by_name_not_by_number() -> None:
    rows, _ = valoria(150)
    model = fit(rows, CODES)
    turned = replace(CODES, kinds=CODES.kinds[::-1], sources=CODES.sources[::-1])
    other = Columns(
        **{name: getattr(rows, name) for name in rows.__slots__} | {"kind": 2 - rows.kind, "source": 2 - rows.source}
    )

    assert np.array_equal(partition(rows, Weigher(model, CODES)), partition(other, Weigher(model, turned)))


def test_the_density_is_thickest_where_most_reports_are() -> None:
    rows = columns(*(report(key, north_km=(key % 10) * 0.05) for key in range(50)), report(99, north_km=40))
    model = replace(Model.default(), density=density_of(rows))
    ready = Weigher(model, CODES)
    found = ready.read(rows).density

    assert found[:50].min() > found[50] + 1000
