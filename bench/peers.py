"""The five properties of the narrow log in DuckDB and in Polars, as somebody would write them who knows these well.

`bench.plain` says what the properties are. Each function takes the Parquet file and the trucks owed a day, and
returns the five counts in their order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import polars as pl

from bench.log import DAY, DAYS, HOUR, Kind
from bench.plain import ANSWER, EMPTY_FROM, SECURED, VACATED

if TYPE_CHECKING:
    from bench.plain import Counts

# ---- DuckDB --------------------------------------------------------------------------------------------------------

# One pass over the file keeps the fifth of it that any property needs: five scans took 1.6 CPU seconds on 10M
# events, this with all that follows 0.4.
_KEEP = f"""
CREATE TEMP TABLE log AS SELECT * FROM read_parquet($file)
WHERE kind <> {Kind.POS} OR (b < {VACATED} AND ts >= {EMPTY_FROM})"""

# A window of one length reaches into two buckets of that length: an anti join by hash on the bucket, with the exact
# times as a condition, takes 0.04 s for P1 where an ASOF join takes 0.07 s and a window function 0.08 s.
_P1 = f"""
SELECT count(*) FROM (SELECT ts, b, ts // {HOUR} AS bucket FROM log WHERE kind = {Kind.ATTACK}) attack
ANTI JOIN (SELECT ts, b, unnest([ts // {HOUR}, ts // {HOUR} + 1]) AS bucket FROM log WHERE kind = {Kind.WAIVER}) leave
ON attack.b = leave.b AND attack.bucket = leave.bucket AND leave.ts BETWEEN attack.ts - {HOUR} AND attack.ts"""
_P2 = f"SELECT count(*) FROM log WHERE kind = {Kind.POS}"
_P3 = f"""
SELECT count(*) FROM (SELECT ts, a FROM log WHERE kind = {Kind.REPORT}) report
ANTI JOIN (SELECT ts, a FROM log WHERE kind = {Kind.INVEST}) answer
ON report.a = answer.a AND answer.ts BETWEEN report.ts AND report.ts + {ANSWER}
WHERE report.ts + {ANSWER} < (SELECT max(ts) FROM log)"""
_P4 = f"""
SELECT count(*) FROM range({DAYS}) AS days(day)
LEFT JOIN (SELECT ts // {DAY} AS day, sum(b) AS trucks FROM log WHERE kind = {Kind.TRUCK} GROUP BY ALL) came
USING (day) WHERE coalesce(trucks, 0) < $owed"""
_P5 = f"""
SELECT count(*) FROM (
    SELECT ts, a, ts // {DAY} AS bucket FROM log
    WHERE kind = {Kind.OBS} AND b BETWEEN {SECURED.start} AND {SECURED.stop - 1}) seen
ANTI JOIN (SELECT ts, a, unnest([ts // {DAY}, ts // {DAY} + 1]) AS bucket FROM log WHERE kind = {Kind.PERMIT}) permit
ON seen.a = permit.a AND seen.bucket = permit.bucket AND permit.ts BETWEEN seen.ts - {DAY} AND seen.ts"""


def with_duckdb(file: str, owed: int) -> Counts:
    """Count with DuckDB SQL, on as many threads as it takes by itself."""
    with duckdb.connect() as duck:
        duck.execute(_KEEP, {"file": file})

        def one(query: str, **values: int) -> int:
            return int(duck.execute(query, values).fetchall()[0][0])

        return one(_P1), one(_P2), one(_P3), one(_P4, owed=owed), one(_P5)


# ---- Polars --------------------------------------------------------------------------------------------------------


def with_polars(file: str, owed: int) -> Counts:
    """Count with Polars: one lazy scan for what any property needs, then joins as of the moment before."""
    vacated = (pl.col("b") < VACATED) & (pl.col("ts") >= EMPTY_FROM)
    log = pl.scan_parquet(file).filter((pl.col("kind") != Kind.POS) | vacated).collect()
    kinds = {kind: log.filter(pl.col("kind") == kind).set_sorted("ts") for kind in Kind}
    seen = kinds[Kind.OBS].filter(pl.col("b").is_between(SECURED.start, SECURED.stop - 1)).set_sorted("ts")
    return (
        _without_before(kinds[Kind.ATTACK], kinds[Kind.WAIVER], by="b", within=HOUR),
        kinds[Kind.POS].height,
        _unanswered(kinds, last=int(log["ts"][-1])),
        _short_days(kinds[Kind.TRUCK], owed),
        _without_before(seen, kinds[Kind.PERMIT], by="a", within=DAY),
    )


def _without_before(acts: pl.DataFrame, leave: pl.DataFrame, *, by: str, within: int) -> int:
    """Return how many acts had no leave of the same `by` in the closed time before."""
    shown = leave.select("ts", by, given=pl.col("ts"))
    joined = acts.select("ts", by).join_asof(shown, on="ts", by=by, tolerance=within, check_sortedness=False)
    return joined["given"].null_count()


def _unanswered(kinds: dict[Kind, pl.DataFrame], *, last: int) -> int:
    due = kinds[Kind.REPORT].filter(pl.col("ts") + ANSWER < last).select("ts", "a")
    answers = kinds[Kind.INVEST].select("a", answered=pl.col("ts"))
    in_time = pl.col("answered").is_between(pl.col("ts"), pl.col("ts") + ANSWER)
    return due.height - due.join(answers, on="a").filter(in_time)["a"].n_unique()


def _short_days(trucks: pl.DataFrame, owed: int) -> int:
    came = trucks.group_by(pl.col("ts") // DAY).agg(pl.col("b").sum())
    return DAYS - came.filter(pl.col("b") >= owed).height
