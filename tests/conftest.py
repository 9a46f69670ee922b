"""What every test may ask for: the folder of outside references, and a browser."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parents[1]
REFERENCES = Path(os.environ.get("LOWDOSE_REFERENCES") or ROOT.parent / "shared" / "oracles")
NOT_RUN = "conformance not run"

# A busy machine must not fail a property: time is measured in benchmarks/, never asserted.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


def pytest_configure(config: pytest.Config) -> None:
    if os.environ.get("LOWDOSE_REQUIRE_REFERENCES") and not REFERENCES.is_dir():
        raise pytest.UsageError(
            "LOWDOSE_REQUIRE_REFERENCES is set, but there is no folder of references; LOWDOSE_REFERENCES names it"
        )


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what opens a browser; skip what needs references that are not here."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
        if item.get_closest_marker("conformance") and not REFERENCES.is_dir():
            item.add_marker(pytest.mark.skip(reason=NOT_RUN))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    cases = sum(NOT_RUN in str(report.longrepr) for report in terminalreporter.stats.get("skipped", []))
    if cases:
        terminalreporter.write_line(f"{NOT_RUN}: {cases} cases; LOWDOSE_REFERENCES names the folder they need")


@pytest.fixture(scope="session", autouse=True)
def _nobodys_record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test writes into the record that the user of this machine keeps."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LOWDOSE_AUDIT", str(tmp_path_factory.mktemp("audit")))
        yield


@pytest.fixture(scope="session")
def references() -> Path:
    """The folder of outside references; a test that uses it is marked `conformance`."""
    return REFERENCES


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium, headless and silent on the network; a test that uses it is marked `browser` by itself."""
    from playwright.sync_api import sync_playwright

    found = subprocess.run([ROOT / "tools" / "ensure-chromium"], capture_output=True, text=True, check=False)
    if found.returncode:
        pytest.fail(found.stderr, pytrace=False)
    quiet = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    quiet += ["--disable-component-update", "--disable-sync"]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found.stdout.strip(), args=quiet)
        yield chromium
        chromium.close()
