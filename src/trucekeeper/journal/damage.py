"""What is wrong with the databases of a journal as such, whatever they say: looked for before they are believed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from trucekeeper.journal.store import ENTRIES, REDACTED, SECRETS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import Engine

    from trucekeeper.journal.store import Store

ADDED = (REDACTED,)
"""Tables that the first version did not have: whoever next opens a record to write makes them."""
MOST_TOLD = 20
"""So many rows of another sort are told of each column: a database with more is to be replaced by a copy anyway."""


def damage(store: Store) -> list[tuple[str, str]]:
    """Return what is wrong: each time with which database, and what. PostgreSQL minds its own pages and types."""
    found: list[tuple[str, str]] = []
    for name, engine, tables in (
        ("record.db", store.record, ENTRIES.metadata),
        ("vault.db", store.vault, SECRETS.metadata),
    ):
        try:
            found += [(name, what) for what in _damage(engine, tables)]
        except sa.exc.DBAPIError as error:
            found.append((name, str(error.orig)))
    return found


def _damage(engine: Engine, tables: sa.MetaData) -> Iterator[str]:
    """Yield what is wrong with a database: pages, tables that are gone, values of another sort than was written."""
    if engine.dialect.name != "sqlite":
        return
    there = sa.inspect(engine).get_table_names()
    wanted = [table for table in tables.sorted_tables if table.name in there or table not in ADDED]
    gone = [table.name for table in wanted if table.name not in there]
    yield from (f"the table '{name}' is gone" for name in gone)
    if gone:
        return
    with engine.connect() as connection:
        said = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
        yield from (str(one) for one in said if one != "ok")
        for table in wanted:
            for column in table.columns:
                for (key,) in connection.execute(_misfits(table, column)):
                    yield f"{table.name}, row {key!r}: '{column.name}' is of another sort than was written"


def _misfits(table: sa.Table, column: sa.Column[Any]) -> sa.Select[Any]:
    """Return the question which rows have in a column what nobody writes there: SQLite takes anything anywhere."""
    sorts = {sa.LargeBinary: "blob", sa.Text: "text"}
    sort = next((name for of, name in sorts.items() if isinstance(column.type, of)), "integer")
    wrong = sa.func.typeof(column) != sort
    if isinstance(column.type, sa.Boolean):
        wrong |= sa.type_coerce(column, sa.Integer).not_in((0, 1))
    key = sa.type_coerce(next(iter(table.primary_key.columns)), sa.String)
    return sa.select(key).select_from(table).where(wrong).limit(MOST_TOLD)
