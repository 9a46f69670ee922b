"""Published calculations, worked out again: the wrong ones are shown with the right value."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lowdose.pharmacy.amounts.exact import rounded
from lowdose.pharmacy.forms.packing import Size
from lowdose.pharmacy.forms.published import Published, published
from lowdose.pharmacy.materials.formulas import formula


@pytest.mark.parametrize("one", published(), ids=lambda one: one.id)
def test_the_right_value_is_what_comes_out(one: Published) -> None:
    step = Decimal(1).scaleb(int(one.right.as_tuple().exponent))
    assert rounded(one.computed, step) == one.right
    assert one.holds == (one.claimed == one.right)


def test_which_were_wrong() -> None:
    wrong = {one.id: (one.claimed, one.right) for one in published() if not one.holds}
    assert wrong == {
        "capsule-filler": (40, Decimal("37.3")),
        "capsule-too-small": (Decimal("0.466"), Decimal("0.5")),
        "pharmacy-2025-ascorbic-acid": (Decimal("0.5"), Decimal("0.1")),
        "pharmacy-2025-benzoate": (Decimal("0.1"), Decimal("0.02")),
        "pharmacy-2025-glycerol": (20, 4),
    }


def test_375_mg_does_not_fit_the_size_1_of_that_table() -> None:
    half = next(one for one in published() if one.id == "capsule-too-small").computed
    assert half > Size("1", Decimal("0.48")).volume_mL


def test_the_2025_recipe_is_not_formula_a() -> None:
    held = {
        "naltrexone hydrochloride": Decimal(500),
        "ascorbic acid": Decimal("0.5"),
        "sodium benzoate": Decimal("0.1"),
        "glycerol": Decimal(20),
    }
    found = formula("formula-a").compare(held, Decimal(500))
    assert (found.percent, found.preservative_ratio) == (80, Decimal("0.2"))
