"""Copies of a journal, from one store into another: of the record as it is at one moment, and of the vault after it.

A secret is in the vault before its statement is in the record. So a record that is copied first finds all its secrets
in a vault that is copied after, but those that were destroyed between: who wants both whole looks, and begins again.
Whoever writes goes on meanwhile. A copy is one file, with no write-ahead log beside it.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING
from urllib.parse import quote

import sqlalchemy as sa

from trucekeeper.journal.sealing import named
from trucekeeper.journal.store import ENTRIES, HEADS, INBOX, KEEPER, REDACTED, REFUSED, SECRETS, TILES, Store

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from sqlalchemy.engine import Engine

RECORD = (ENTRIES, TILES, HEADS, REFUSED, REDACTED, KEEPER)
AT_ONCE = 1000


def read_only(record: Path, vault: Path) -> Store:
    """Return the store in two files that nobody writes to, and that are left as they are."""
    return Store(_read_only(record), _read_only(vault))


def _read_only(file: Path) -> Engine:
    address = f"file:{quote(str(file.resolve()))}?mode=ro&immutable=1"
    return sa.create_engine("sqlite://", creator=lambda: sqlite3.connect(address, uri=True), poolclass=sa.NullPool)


def copy_record(source: Store, target: Store) -> None:
    """Copy the record as it is at one moment into an empty store."""
    sqlite = source.record.dialect.name == "sqlite"  # there each transaction sees one moment
    engine = source.record if sqlite else source.record.execution_options(isolation_level="REPEATABLE READ")
    with engine.connect() as reading, target.record.execution_options(writes=True).begin() as writing:
        for table in RECORD:
            writing.execute(sa.delete(table))
            _copy(reading, writing, sa.select(table), table)
        # The target numbers what waits anew: PostgreSQL would give a number that it did not give out itself again.
        wanted = sa.select(INBOX.c.digest, INBOX.c.leaf, INBOX.c.data).order_by(INBOX.c.id)
        _copy(reading, writing, wanted, INBOX)


def copy_vault(
    source: Store, target: Store, *, without: Collection[bytes] = (), originals: Collection[str] = ()
) -> dict[str, bytes]:
    """Copy the vault into an empty one but for some secrets, and return the originals whose secrets it holds.

    `without` are leaves, `originals` those that are left out, by the names of their files; as such all are returned.
    """
    lost = {one for one, secret in source.originals().items() if named(secret) in originals}
    left_out = {*without, *lost}
    with source.vault.connect() as reading, target.vault.execution_options(writes=True).begin() as writing:
        writing.execute(sa.delete(SECRETS))
        for several in reading.execution_options(yield_per=AT_ONCE).execute(sa.select(SECRETS)).partitions():
            rows = [{"leaf": row.leaf, "secret": row.secret} for row in several if bytes(row.leaf) not in left_out]
            if rows:
                writing.execute(sa.insert(SECRETS), rows)
    return {named(secret): digest for digest, secret in target.originals().items()}


def close_files(store: Store) -> None:
    """Let go of a store in files, so that each of its databases is one file."""
    for engine in (store.record, store.vault):
        if engine.dialect.name == "sqlite":
            _in_one_file(engine)
    store.close()


def _in_one_file(engine: Engine) -> None:
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode = DELETE")


def _copy(
    reading: sa.Connection, writing: sa.Connection, wanted: sa.Select[tuple[object, ...]], table: sa.Table
) -> None:
    for several in reading.execution_options(yield_per=AT_ONCE).execute(wanted).partitions():
        writing.execute(sa.insert(table), [dict(row._mapping) for row in several])  # noqa: SLF001  its public name
