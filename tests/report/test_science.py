"""The page on the science: no module is left out, every figure is there, and the page is as the model is now."""

from __future__ import annotations

from pathlib import Path

import pytest

from lowdose.charts.render import to_svg
from lowdose.model import modules
from lowdose.report.science.figures import FIGURES
from lowdose.report.science.page import numbers, science_page, sections

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_is_as_the_model_is():
    assert (DOCS / "science" / "trust.md").read_text(encoding="utf-8") == science_page(), "run: make science"


def test_every_module_is_on_the_page_with_a_figure_or_off():
    page = science_page()
    assert all(f"`{module}`" in page for module in modules())
    assert set(sections()) - set(FIGURES) == {"ultra_low_dose"}, "only what is switched off has no figure"
    for name in FIGURES:
        assert (DOCS / "images" / f"module-{name}.svg").read_text(encoding="utf-8").startswith("<svg")


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_is_drawn_from_a_run(name):
    assert len(to_svg(FIGURES[name]())) > 2000


def test_counts_are_those_of_the_numbers():
    assert {p.provenance for p in numbers("symptoms").values()} == {"assumed", "derived"}
