"""What the tests of the commands share."""

from __future__ import annotations

from pathlib import Path

import pytest

from .compounding import BATCH, FILLED


@pytest.fixture
def pharmacy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LOWDOSE_AUDIT", str(tmp_path / "audit"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "batch.yaml").write_text(BATCH, encoding="utf-8")
    (tmp_path / "filled.yaml").write_text(FILLED, encoding="utf-8")
    return tmp_path
