"""Write docs/science/claims.md from the scenario files and the noted results."""

from __future__ import annotations

from pathlib import Path

from lowdose.claims.page import page

if __name__ == "__main__":
    Path(__file__).parents[1].joinpath("docs", "science", "claims.md").write_text(page(), encoding="utf-8")
