"""What fusion is measured beside: Splink 5 on DuckDB, a fixed window, and boosting that was shown the truth.

The first two are given what they cannot know: whichever of several thresholds the truth likes best. The boosting has
learnt from true pairs of other reports of the same generator, and its log-odds are clustered as fusion's weights are:
what may be reached with labels.
"""

from __future__ import annotations

import logging
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from bench.reports import LEARNT_ON, as_columns, by_day, reports
from bench.scores import scored
from trucekeeper.fusion.kernels import MILLI
from trucekeeper.fusion.merging import agglomerate, components, pairs_within
from trucekeeper.fusion.weights import FLOOR

WINDOW_KM, WINDOW_H = 5.0, 24.0
_CELL_KM, _CELL_H = 10.0, 48.0
_NEAR_KM, _NEAR_H = 12.0, 72.0
LEAST_ASKED = -20
"""The least match weight asked of Splink's pairs. Learning u among near pairs too does better for it, by .06, than
taking u from pairs drawn anywhere, and puts its best threshold well below nought."""
FEWER = 4
"""Boosting learns from one in so many of the pairs that are none, each of which counts as so many."""


def joined(size: int, one: Any, two: Any) -> Any:  # noqa: ANN401  arrays
    """Return the connected components of some pairs."""
    graph = coo_matrix((np.ones(len(one), dtype=np.int8), (one, two)), shape=(size, size))
    return connected_components(graph, directed=False)[1]


def with_window(table: Any) -> Any:  # noqa: ANN401
    """Return labels by a fixed window: what is within 5 km and a day of each other is one."""
    placed = np.flatnonzero(table.x.notna())
    points = np.stack([table.x / WINDOW_KM, table.y / WINDOW_KM], axis=1)[placed]
    tree = cKDTree(np.column_stack([points, table.t.to_numpy()[placed] / WINDOW_H]))
    pairs = placed[tree.query_pairs(np.sqrt(2), output_type="ndarray")]
    apart_km = np.hypot(*(table[axis].to_numpy()[pairs[:, 0]] - table[axis].to_numpy()[pairs[:, 1]] for axis in "xy"))
    apart_h = np.abs(table.t.to_numpy()[pairs[:, 0]] - table.t.to_numpy()[pairs[:, 1]])
    pairs = pairs[(apart_km <= WINDOW_KM) & (apart_h <= WINDOW_H)]
    return joined(len(table), pairs[:, 0], pairs[:, 1])


# ---- Splink --------------------------------------------------------------------------------------------------------


def with_splink(table: Any) -> Any:  # noqa: ANN401
    """Return Splink's labels, at the threshold of match weight that the truth likes best."""
    one, two, weights = splink_pairs(table)
    labels = []
    for threshold in np.arange(LEAST_ASKED, 20, 0.5):
        good = weights > threshold
        labels.append(joined(len(table), one[good], two[good]))
    return max(labels, key=lambda found: scored(table, found).f1)


def splink_pairs(table: Any) -> tuple[Any, Any, Any]:  # noqa: ANN401
    """Return the pairs that Splink predicts, trained without labels, and their match weights."""
    import splink.comparison_level_library as levels  # noqa: PLC0415  slow to load, and no part of any other call
    import splink.comparison_library as comparisons  # noqa: PLC0415
    from splink import Linker, SettingsCreator, block_on  # noqa: PLC0415
    from splink.internals.duckdb.database_api import DuckDBAPI  # noqa: PLC0415

    def within(column: str, most: list[float]) -> Any:  # noqa: ANN401
        closer = [
            levels.CustomLevel(f"abs({column}_l - {column}_r) < {one}", label_for_charts=f"< {one}") for one in most
        ]
        return comparisons.CustomComparison(
            output_column_name=column,
            comparison_levels=[levels.NullLevel(column), *closer, levels.ElseLevel()],
        )

    given = _blocked(table)
    blocks: list[Any] = [block_on(name) for name in given.columns if name.startswith("cell")]
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="rid",
        blocking_rules_to_generate_predictions=blocks,
        comparisons=[
            comparisons.DistanceInKMAtThresholds("lat", "lon", [0.5, 1, 2, 4, 8]),
            within("t", [1, 3, 8, 16, 30]),
            comparisons.ExactMatch("ctype"),
            comparisons.ExactMatch("actor"),
            within("cas", [1, 2]),
        ],
    )
    api = DuckDBAPI()
    linker = Linker(api.register(given), settings)
    logging.getLogger("splink").setLevel(logging.ERROR)  # the linker sets it to what tells every step
    linker.training.estimate_probability_two_random_records_match([block_on("cell0", "ctype", "actor")], recall=0.3)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(blocks[0], fix_u_probabilities=False)
    predicted: Any = linker.inference.predict(threshold_match_weight=LEAST_ASKED)
    found = predicted.as_pandas_dataframe()
    return found.rid_l.to_numpy(), found.rid_r.to_numpy(), found.match_weight.to_numpy()


def _blocked(table: Any) -> Any:  # noqa: ANN401
    """Return what Splink is given: coarse classes of types, and cells of grids shifted so that few pairs miss."""
    given = table[["rid", "lat", "lon", "t", "ctype", "actor"]].copy()
    given["cas"] = pd.to_numeric(table.cas)
    halves = ((0, 0, 0), (1, 1, 1), (1, 0, 1), (0, 1, 1), (1, 1, 0), (0, 0, 1))
    for number, (east, north, later) in enumerate(halves):
        column = np.floor((table.x + east * _CELL_KM / 2) / _CELL_KM)
        row = np.floor((table.y + north * _CELL_KM / 2) / _CELL_KM)
        time = np.floor((table.t + later * _CELL_H / 2) / _CELL_H)
        cell = column.astype("string") + "/" + row.astype("string") + "/" + time.astype("string")
        given[f"cell{number}"] = cell.where(table.x.notna(), None)
    return given


# ---- boosting ------------------------------------------------------------------------------------------------------


def with_boosting(table: Any, size: int, density: float) -> Any:  # noqa: ANN401
    """Return the labels of boosting that has learnt from true pairs of other reports, at its best threshold."""
    from sklearn.ensemble import HistGradientBoostingClassifier  # noqa: PLC0415

    features, answers = [], []
    for seed in LEARNT_ON:
        known = reports(min(size, 10_000), seed, density)
        one, two = near_pairs(known)
        same = known.inc.to_numpy()[one] == known.inc.to_numpy()[two]
        kept = same | (np.arange(len(same)) % FEWER == 0)
        features.append(_features(known, one[kept], two[kept]))
        answers.append(same[kept])
    model = HistGradientBoostingClassifier(
        max_iter=200, learning_rate=0.1, max_leaf_nodes=31, early_stopping=False, random_state=0
    )
    true = np.concatenate(answers)
    model.fit(np.concatenate(features), true, sample_weight=np.where(true, 1.0, FEWER))
    one, two = near_pairs(table)
    chance = np.clip(model.predict_proba(_features(table, one, two))[:, 1], 1e-6, 1 - 1e-6)
    odds = np.rint(np.log(chance / (1 - chance)) * MILLI).astype(np.int64)
    labels = [_clustered(len(table), one, two, odds + lower) for lower in (0, 300, 600, 900, 1200)]
    return max(labels, key=lambda found: scored(table, found).f1)


def near_pairs(table: Any) -> tuple[Any, Any]:  # noqa: ANN401
    """Return the pairs of reports with places within 12 km and three days of each other, the lesser row first."""
    placed = np.flatnonzero(table.x.notna())
    points = np.column_stack([table.x / _NEAR_KM, table.y / _NEAR_KM, table.t / _NEAR_H])[placed]
    pairs = placed[cKDTree(points).query_pairs(1.0, p=np.inf, output_type="ndarray")]
    return pairs.min(axis=1), pairs.max(axis=1)


def _features(table: Any, one: Any, two: Any) -> Any:  # noqa: ANN401
    """Return what boosting sees of each pair: everything fusion sees, and how thickly reports lie about each."""
    columns, _ = as_columns(table)
    placed = table.x.notna().to_numpy()
    place = np.column_stack([table.x, table.y])
    tree = cKDTree(place[placed])
    thick = []
    for km in (0.5, 1.5, 5.0):
        about = np.zeros(len(table))
        about[placed] = tree.query_ball_point(place[placed], km, return_length=True)
        thick.append(about)
    source = columns.source * 4 + by_day(table).to_numpy() * 2 + columns.area
    coarse = pd.factorize(table.ctype)[0]
    far = np.hypot(*(place[one] - place[two]).T)
    late = np.abs(table.t.to_numpy()[one] - table.t.to_numpy()[two])
    sd, scale = table.gp.to_numpy(), table.tp.to_numpy()
    known = {"kind": coarse, "actor": columns.actor, "count": columns.count}
    shown = [far, late, far / np.hypot(sd[one], sd[two]), late / np.hypot(scale[one], scale[two])]
    for values in (source, columns.kind, coarse, columns.actor, columns.count, *thick):
        shown += [np.minimum(values[one], values[two]), np.maximum(values[one], values[two])]
    for values in known.values():
        both = (values[one] >= 0) & (values[two] >= 0)
        shown.append(np.where(both, np.abs(values[one] - values[two]), -1))
    return np.column_stack(shown)


def _clustered(size: int, one: Any, two: Any, weights: Any) -> Any:  # noqa: ANN401
    """Return labels as fusion makes them of its own weights; a pair that is not given weighs the least."""
    order = np.lexsort((two, one))
    one, two, weights = one[order], two[order], np.maximum(weights[order], FLOOR)
    good = weights > 0
    label = components(size, one[good], two[good], weights[good])
    first, second = pairs_within(label)
    given, asked = one * size + two, first * size + second
    at = np.minimum(np.searchsorted(given, asked), len(given) - 1)
    return agglomerate(np.arange(size), first, second, np.where(given[at] == asked, weights[at], FLOOR))
