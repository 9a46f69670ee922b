"""The papers of a batch: what preserves it is said once, and what outlasts its date is split."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from lowdose.errors import InvalidInput
from lowdose.pharmacy import Batch, Excipient, Supply, capsules, cream, solution
from lowdose.pharmacy.materials.formulas import formula
from lowdose.pharmacy.worksheets.screened import screen_batches
from lowdose.pharmacy.worksheets.worksheet import Keeping, papers

from ..made_up import BENCH, CELLULOSE, powder, tablets

D = Decimal
LATER = date(2028, 1, 31)
BASE = Excipient("Base B (cream base)", Supply("V-1", LATER), stated_release="immediate")


def a_cream(days: int = 30) -> Batch:
    return cream("4.5 mg", "0.5 mL", days, source=powder(), base=BASE, bench=BENCH)


def a_solution() -> Batch:
    return solution("1 mg/mL", "120 mL", source=powder(), formula=formula("formula-a"), bench=BENCH)


@pytest.mark.parametrize("nothing", ["none", "n/a", "unknown", "-"])
def test_nobody_preserves_a_cream_with_nothing(nothing: str) -> None:
    with pytest.raises(InvalidInput, match="what preserves it is"):
        papers(a_cream(), lot="LDN-9", keeping=Keeping(kind="aqueous-preserved", preserved_by=nothing))


@pytest.mark.parametrize("kind", ["aqueous-unpreserved", "non-aqueous-liquid"])
def test_what_is_not_preserved_has_no_preservative(kind: str) -> None:
    with pytest.raises(InvalidInput, match="is not preserved"):
        papers(a_cream(), lot="LDN-9", keeping=Keeping(kind=kind, preserved_by="phenoxyethanol"))  # type: ignore[arg-type]


def test_a_formula_says_itself_what_preserves_it() -> None:
    with pytest.raises(InvalidInput, match="formula-a says what preserves it: sodium benzoate"):
        papers(a_solution(), lot="LDN-9", keeping=Keeping(preserved_by="parabens"))


def test_capsules_need_no_preservative() -> None:
    made = capsules("1.5 mg", 90, source=powder(), filler=CELLULOSE, bench=BENCH)
    with pytest.raises(InvalidInput, match="needs no preservative"):
        papers(made, lot="LDN-9", keeping=Keeping(preserved_by="parabens"))


def test_parabens_are_weighed_in_the_place_of_benzoate_and_the_study_does_not_speak_for_them() -> None:
    follows = formula("formula-a").preserved_with("parabens")
    made = papers(solution("1 mg/mL", "100 mL", source=tablets(), formula=follows, bench=BENCH), lot="LDN-9")
    weighed = {one.ingredient: one.target for one in made.record.weighings}
    assert weighed["parabens"] == 100
    assert "sodium benzoate" not in weighed
    assert made.beyond_use.kind == "aqueous-preserved"
    assert made.record.departures == (
        "preserved by parabens in place of sodium benzoate; the study does not say which of them it held",
    )
    assert any("which does not say which ones" in one for one in made.record.assumptions)
    assert not any("benzoate works" in one for one in made.record.assumptions)
    assert any("claim lost" in one.note for one in made.beyond_use.limits)
    with pytest.raises(InvalidInput, match="nz_fawcett has no limit"):
        papers(made.batch, lot="LDN-9", keeping=Keeping(jurisdiction="nz_fawcett"))


@pytest.mark.parametrize(("days", "fires"), [(14, False), (15, True), (30, True)])
def test_a_cream_that_outlasts_its_date_is_said(days: int, fires: bool) -> None:
    keeping = Keeping(kind="aqueous-unpreserved", storage="refrigerator")
    made = papers(a_cream(days), lot="LDN-9", keeping=keeping)
    assert made.beyond_use.days == 14
    _, (found,) = screen_batches([made], BENCH.on, excipient_allergy=False)
    assert ("CMP-010" in [one.id for one in found.fired]) == fires
