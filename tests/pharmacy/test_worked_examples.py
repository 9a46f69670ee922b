"""Worked examples of the clinical notes, to the digit: W1-W7, W10-W12, W15, W16 (others: dispensing, uniformity)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lowdose.pharmacy import (
    CannotBeMade,
    Excipient,
    PackStatistics,
    Size,
    Syringe,
    capsules,
    cream,
    dilute,
    measure,
    solution,
)
from lowdose.pharmacy.amounts.exact import rounded
from lowdose.pharmacy.amounts.line import Batch
from lowdose.pharmacy.bench.measuring import by_weight
from lowdose.pharmacy.forms.packing import Densities, blend_volume, smallest_size
from lowdose.pharmacy.materials.formulas import formula

from .made_up import BENCH, CELLULOSE, COARSE, FINE, TORSION, powder, tablets


def value(batch: Batch, start: str) -> Decimal:
    return next(line.value for line in batch.lines if line.what.startswith(start))


def weights(batch: Batch) -> dict[str, Decimal]:
    return {one.ingredient: one.value for one in batch.to_weigh}


def hundred(**more: object) -> Batch:
    options = {"source": powder("98.5"), "filler": CELLULOSE, "bench": BENCH, "size": "3", **more}
    return capsules("4.5 mg", 100, **options)  # type: ignore[arg-type]


def test_w1_formula_a_for_250_mL() -> None:
    batch = solution("1 mg/mL", "250 mL", source=tablets(None), formula=formula("formula-a"), bench=COARSE)
    assert weights(batch) == {
        "naltrexone hydrochloride tablets": 5,
        "ascorbic acid": 1250,
        "sodium benzoate": 250,
        "glycerol": 50,
        "water": 250,
    }
    assert batch.departures == ()


def test_w2_part_of_a_tablet_is_refused_with_both_neighbours() -> None:
    with pytest.raises(CannotBeMade, match=r"4\.8 tablets") as stop:
        solution("1 mg/mL", "240 mL", source=tablets(), formula=formula("formula-a"), bench=COARSE)
    assert stop.value.nearest == ("200 mL", "250 mL")
    assert "weigh an aliquot" in str(stop.value)
    assert stop.value.asked["volume"] == "240 mL"


def test_w2_or_an_aliquot_is_weighed() -> None:
    batch = solution(
        "1 mg/mL", "240 mL", source=tablets(), formula=formula("formula-a"), bench=BENCH, part_tablets=True
    )
    assert weights(batch)["naltrexone hydrochloride tablets, crushed"] == Decimal("4.8") * 155
    assert value(batch, "Tablets to crush") == 5
    assert [caution.rule for caution in batch.warnings] == ["CMP-006"]
    assert batch.facts["formula.tablet_fraction"] == Decimal("0.8")


def test_w3_powder_for_105_capsules() -> None:
    batch = hundred()
    assert (batch.asked, batch.made) == (100, 105)
    assert value(batch, "Drug in 105 capsules") == Decimal("472.5")
    assert weights(batch)["naltrexone hydrochloride"] == Decimal("479.7")


def test_w4_filler_by_pack_statistics() -> None:
    batch = hundred(packing=PackStatistics(Decimal(90), Decimal(150)))
    assert value(batch, "Filler in one capsule") == Decimal("87.3")
    assert weights(batch)["microcrystalline cellulose"] == Decimal("9166.5")


def test_w5_from_tablets() -> None:
    batch = hundred(source=tablets(), bench=COARSE)
    crushed = next(one for one in batch.to_weigh if one.role == "active")
    assert crushed.exact == Decimal("1464.75")
    assert value(batch, "Tablets that hold it") == Decimal("9.45")
    assert value(batch, "Tablets to crush") == 10
    assert batch.facts["formula.tablet_fraction"] == Decimal("0.45")
    assert "CMP-006" in [caution.rule for caution in batch.warnings]


@pytest.mark.parametrize(("size", "fill"), [("3", 90), ("4", 63)])
def test_w6_what_a_size_holds(size: str, fill: int) -> None:
    filler, _ = Densities(Decimal("0.3"), Decimal("0.5")).filler(Size.named(size), Decimal(0))
    assert filler == fill


def test_w7_dilution_for_the_balance() -> None:
    assert TORSION.minimum_mg == 120
    dilution = dilute(Decimal(3), TORSION)
    assert [(stage.weigh_mg, stage.total_mg) for stage in dilution.stages] == [(120, 4800)]
    assert (dilution.aliquot_mg, dilution.holds_mg) == (120, 3)


def test_w7_as_a_batch_of_capsules() -> None:
    batch = capsules(
        "0.1 mg", 30, source=powder(), filler=CELLULOSE, bench=COARSE, size="3", overage_percent=Decimal(0)
    )
    assert [str(one) for one in batch.to_weigh] == [
        "naltrexone hydrochloride: weigh 120 mg",
        "microcrystalline cellulose: weigh 4680 mg",
        "triturate 1: weigh 120 mg",
        "microcrystalline cellulose: weigh 2580 mg",
        "size 3 capsule shells: count 30 capsules",
    ]
    assert batch.facts["formula.min_weigh_ratio"] == 1


@pytest.mark.parametrize(("weight", "dose"), [("22", "2.2"), ("50", "4.5")])
def test_w10_dose_by_weight_with_its_cap(weight: str, dose: str) -> None:
    assert by_weight(Decimal(weight), Decimal("0.1"), Decimal("4.5")).value == Decimal(dose)


def test_w11_cream() -> None:
    batch = cream("4.5 mg", "0.5 mL", 30, source=powder(), base=Excipient("base"), bench=BENCH)
    assert (batch.strength, batch.strength_unit, batch.made) == (9, "mg/mL", 15)
    assert value(batch, "Strength, weight in volume") == Decimal("0.9")


def test_w12_marks_of_a_syringe() -> None:
    fine, coarse = Syringe(Decimal(1), Decimal("0.01")), Syringe(Decimal(1), Decimal("0.1"))
    assert measure(Decimal("0.25"), Decimal(1), fine).error_percent == 0
    assert measure(Decimal("0.33"), Decimal(1), fine).volume_mL == Decimal("0.33")
    with pytest.raises(CannotBeMade, match=r"0\.2 mL \(−20 %\) or 0\.3 mL \(\+20 %\)") as stop:
        measure(Decimal("0.25"), Decimal(1), coarse)
    assert stop.value.nearest == ("0.2 mg", "0.3 mg")


def test_w15_blend_into_size_0() -> None:
    volume = blend_volume(Decimal(200) / Decimal("0.5"), Decimal("0.6"))
    size = smallest_size(volume)
    assert rounded(volume, Decimal("0.001")) == Decimal("0.667")
    assert size is not None
    assert size.name == "0"
    assert rounded(volume / size.volume_mL, Decimal("0.01")) == Decimal("0.98")


def test_w16_into_size_1_by_either_table() -> None:
    volume = blend_volume(Decimal(350), Decimal("0.75"))
    size = smallest_size(volume)
    assert rounded(volume, Decimal("0.001")) == Decimal("0.467")
    assert size is not None
    assert size.name == "1"
    assert volume <= Decimal("0.48")


def test_a_fine_balance_needs_no_dilution() -> None:
    batch = capsules("0.1 mg", 30, source=powder(), filler=CELLULOSE, bench=BENCH, size="3")
    assert FINE.minimum_mg == 2
    assert not [one for one in batch.to_weigh if one.role == "aliquot"]
