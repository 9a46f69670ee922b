"""What the comparisons with outside references counted, at the end of the run (also from parallel workers)."""

from __future__ import annotations

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for report in terminalreporter.stats.get("passed", []):
        for name, counted in getattr(report, "user_properties", []):
            if name == "compared":
                terminalreporter.write_line(f"compared with {counted}")
