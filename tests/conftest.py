"""What every test may use: the hypothesis profile, and the shared data beside the repository."""

import os
import zoneinfo
from pathlib import Path

import pytest
from hypothesis import settings

# A deadline would measure the machine, not the code. The blob lets anyone replay a failure. Here every run looks at
# new cases; a gate that every change must pass looks at the same ones each time, so that it judges the change alone.
settings.register_profile("here", deadline=None, print_blob=True)
settings.register_profile("gate", deadline=None, print_blob=True, derandomize=True)
settings.load_profile("gate" if os.environ.get("CI") else "here")

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


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many tests did not run for want of the shared data, so that green is not taken for all."""
    skipped = terminalreporter.stats.get("skipped", [])
    unseen = sum(NO_BROWSER in str(report.longrepr) for report in skipped)
    if unseen:
        terminalreporter.write_line(f"{unseen} tests skipped because no Chromium is installed", yellow=True)
    absent = sum(NO_SHARED in str(report.longrepr) for report in skipped)
    if absent:
        terminalreporter.write_line(f"{absent} tests skipped because ../shared is absent", yellow=True)
