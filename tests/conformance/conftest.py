"""Where the outside references are, and what to say when they are not there.

The folder is ``LOWDOSE_REFERENCES``, by default ``../shared/oracles`` beside the checkout. Where it is missing the
conformance tests are skipped and one line says how many; with ``LOWDOSE_REQUIRE_REFERENCES=1`` they fail instead.
"""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
NOT_RUN = pytest.StashKey[int]()


def folder() -> Path:
    chosen = Path(os.environ.get("LOWDOSE_REFERENCES") or "../shared/oracles")
    return chosen if chosen.is_absolute() else (ROOT / chosen).resolve()


@pytest.fixture(scope="session")
def references() -> Path:
    """The folder of outside references; a failure where it is missing (then the tests were asked for)."""
    if not folder().is_dir():
        pytest.fail(f"no outside references in {folder()}: set LOWDOSE_REFERENCES")
    return folder()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect what cannot be run, so that it is reported once and never counted as passed."""
    if folder().is_dir() or os.environ.get("LOWDOSE_REQUIRE_REFERENCES") == "1":
        return
    absent = [i for i in items if HERE in i.path.parents and i.get_closest_marker("conformance")]
    if absent:
        config.stash[NOT_RUN] = config.stash.get(NOT_RUN, 0) + len(absent)
        config.hook.pytest_deselected(items=absent)
        gone = set(absent)
        items[:] = [item for item in items if item not in gone]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if count := config.stash.get(NOT_RUN, 0):
        terminalreporter.write_line(f"conformance not run: {count} cases")
