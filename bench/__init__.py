"""The benchmark that keeps us honest: the engine beside the tools that somebody would use instead of it.

`uv run python -m bench.engine` measures everything and writes `bench/RESULTS.md`. It runs on one machine, by hand,
and stops by itself. No test depends on how fast anything is.
"""
