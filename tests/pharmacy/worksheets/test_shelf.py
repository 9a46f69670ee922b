"""Lots that were named: every one finds its place, or its slip is said."""

from __future__ import annotations

import pytest

from lowdose.errors import InvalidInput
from lowdose.pharmacy import solution
from lowdose.pharmacy.materials.formulas import formula
from lowdose.pharmacy.worksheets.shelf import check_lots

from ..made_up import BENCH, powder
from ..records.batches import batch

LIQUID = solution("1 mg/mL", "120 mL", source=powder(), formula=formula("formula-a"), bench=BENCH)


@pytest.mark.parametrize(
    ("written", "near"),
    [
        ("microcristalline cellulose", "microcrystalline cellulose"),
        ("Size 3 capsule shell", "size 3 capsule shells"),
        ("glycerl", "glycerol"),
        ("natrium benzoate", "sodium benzoate"),
    ],
)
def test_a_name_that_nobody_knows_is_a_slip(written: str, near: str) -> None:
    for one in (batch(), LIQUID):
        with pytest.raises(InvalidInput) as stop:
            check_lots(one, [], [written])
        assert f"{written!r} is no ingredient" in str(stop.value)
        assert f"did you mean {near}?" in str(stop.value.remedy)


def test_a_shelf_may_hold_what_other_batches_need() -> None:
    shelf = ("glycerol", "parabens", "lactose monohydrate", "size 0 capsule shells", "Galen IQ (isomalt)", "water")
    for one in (batch(), LIQUID):
        check_lots(one, [], shelf)


def test_a_lot_given_for_this_batch_is_of_something_in_it() -> None:
    for one, name in ((batch(), "glycerol"), (LIQUID, "size 3 capsule shells")):
        with pytest.raises(InvalidInput, match=f"has no {name}"):
            check_lots(one, [name], [])
    check_lots(batch(), ["size 3 capsule shells"], [])
