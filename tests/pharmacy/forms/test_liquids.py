"""Solutions, stocks, drops and creams: what is weighed, what is refused, and what is said about absorption."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lowdose.errors import InvalidInput
from lowdose.pharmacy import (
    Batch,
    CannotBeMade,
    DropCount,
    Excipient,
    SafetyStop,
    Stock,
    Supply,
    Tablets,
    cream,
    drops,
    solution,
    triturate,
)
from lowdose.pharmacy.materials.formulas import formula

from ..made_up import BENCH, CELLULOSE, COARSE, LATER, attempt, powder, tablets

A, B = formula("formula-a"), formula("formula-b")


def liquid(strength: str = "1 mg/mL", volume: str = "120 mL", **more: Any) -> Batch:
    return solution(strength, volume, **{"source": powder("98.5"), "formula": A, "bench": BENCH, **more})


def weights(batch: Batch) -> dict[str, Decimal]:
    return {one.ingredient: one.value for one in batch.to_weigh}


def strong(expiry: date = date(2027, 1, 15)) -> Stock:
    made = liquid("5 mg/mL", "200 mL", source=tablets(), formula=B)
    return Stock(made, Supply("S-5", expiry))


def test_formula_b() -> None:
    batch = liquid("5 mg/mL", "100 mL", source=tablets(), formula=B)
    assert weights(batch)["naltrexone hydrochloride tablets"] == 10
    assert batch.facts["formula.max_deviation_pct"] == 0
    assert batch.facts["formula.preservative_ratio"] == 1
    assert batch.product == "naltrexone hydrochloride 5 mg/mL oral suspension"


def test_from_powder_it_is_another_formula_and_says_so() -> None:
    batch = liquid()
    assert weights(batch)["naltrexone hydrochloride"] == Decimal("121.8")
    assert batch.departures == ("made from naltrexone hydrochloride, and the formula from tablets",)
    assert batch.product.endswith("oral solution")


def test_half_the_strength_is_half_the_formula() -> None:
    batch = liquid("0.5 mg/mL", "200 mL", source=tablets())
    assert batch.facts["formula.max_deviation_pct"] == 50
    assert batch.departures == ("0.5 mg/mL, and the formula is 1 mg/mL",)


def test_a_stock_brings_its_excipients() -> None:
    batch = liquid(volume="150 mL", source=strong())
    assert weights(batch) == {
        "naltrexone hydrochloride 5 mg/mL oral suspension": 30,
        "ascorbic acid": 600,
        "sodium benzoate": 120,
        "glycerol": 24,
        "water": 150,
    }
    assert batch.facts["formula.max_deviation_pct"] == 0
    assert batch.steps[0].startswith("Shake naltrexone hydrochloride 5 mg/mL oral suspension")
    assert not any("tablets" in step for step in batch.steps)


def test_the_date_of_a_stock_limits_the_product() -> None:
    batch = liquid(volume="150 mL", source=strong())
    assert batch.earliest_expiry is not None
    assert (batch.earliest_expiry.on, batch.earliest_expiry.lot) == (date(2027, 1, 15), "S-5")
    assert batch.undated == ("ascorbic acid", "sodium benzoate", "glycerol", "water")


def test_a_stock_is_not_dated_past_its_ingredients() -> None:
    with pytest.raises(InvalidInput, match="past naltrexone hydrochloride tablets"):
        strong(LATER)


def test_a_stock_out_of_date_stops() -> None:
    with pytest.raises(SafetyStop, match="S-5, expired on 2026-11-30"):
        liquid(volume="150 mL", source=strong(date(2026, 11, 30)))


def test_an_assayed_stock_is_taken_as_assayed() -> None:
    stock = Stock(strong().batch, Supply("S-5", date(2027, 1, 15)), assay_percent=Decimal(96))
    amount, lines = stock.holding(Decimal(120))
    assert amount == 25
    assert "× 96 % assayed" in str(lines[0])


@pytest.mark.parametrize("percent", ["89.9", "110.1"])
def test_a_stock_outside_its_limits_is_rejected(percent: str) -> None:
    with pytest.raises(SafetyStop, match="CMP-008"):
        Stock(strong().batch, Supply("S-5", date(2027, 1, 15)), assay_percent=Decimal(percent))


def test_only_stocks_are_stocks() -> None:
    batch = cream("4.5 mg", "0.5 mL", 30, source=powder(), base=Excipient("base"), bench=BENCH)
    with pytest.raises(InvalidInput, match="is no stock"):
        Stock(batch, Supply("S-6", LATER))


def test_a_triturate_made_from_a_triturate() -> None:
    tenth = Stock(
        triturate("1:10", "20 g", source=powder(), diluent=CELLULOSE, bench=COARSE), Supply("S-7", date(2027, 3, 1))
    )
    hundredth = triturate("1:100", "20 g", source=tenth, diluent=CELLULOSE, bench=COARSE)
    assert weights(hundredth)[tenth.name] == 2000
    assert hundredth.content_mg == 20000
    with pytest.raises(CannotBeMade, match="not stronger"):
        triturate("1:10", "20 g", source=tenth, diluent=CELLULOSE, bench=COARSE)


def test_a_triturate_weighs_what_it_should_after_rounding() -> None:
    batch = triturate("1:100", "20 g", source=powder("98.5"), diluent=CELLULOSE, bench=COARSE)
    assert [one.value for one in batch.to_weigh] == [203, 19797]
    assert batch.content_mg == 20000
    assert "weighing changed that by −0.022 %" in batch.assumptions[-1]


@pytest.mark.parametrize("strength", ["5 mg/mL", "6 mg/mL"])
def test_a_stock_must_be_stronger(strength: str) -> None:
    with pytest.raises(CannotBeMade, match="is not stronger than what is asked for"):
        liquid(strength, "100 mL", source=strong())


@pytest.mark.parametrize("total", ["1 g", "1.1 g"])
def test_too_small_a_triturate_names_the_least(total: str) -> None:
    with pytest.raises(CannotBeMade) as stop:
        triturate("1:10", total, source=powder(), diluent=CELLULOSE, bench=COARSE)
    assert stop.value.nearest == ("2 g",)
    assert triturate("1:10", "2 g", source=powder(), diluent=CELLULOSE, bench=COARSE).made == 2000


@pytest.mark.parametrize("ratio", ["1:50", "10", ""])
def test_only_two_triturates_are_kept(ratio: str) -> None:
    with pytest.raises(InvalidInput, match="no stock triturate"):
        triturate(ratio, "20 g", source=powder(), diluent=CELLULOSE, bench=COARSE)


@settings(deadline=None)
@given(st.integers(1, 1000), st.sampled_from(["0.5", "1", "2", "5"]), st.booleans())
def test_what_is_offered_instead_can_be_made(volume: int, strength: str, coarse: bool) -> None:
    bench = COARSE if coarse else BENCH
    for source in (tablets(None), powder("98.5")):
        batch = attempt(lambda source=source: liquid(f"{strength} mg/mL", f"{volume} mL", source=source, bench=bench))
        if isinstance(batch, CannotBeMade):
            assert batch.asked["volume"] == f"{volume} mL"
            for near in batch.nearest:
                assert liquid(f"{strength} mg/mL", near, source=source, bench=bench).asked > 0
            continue
        drug = next(line.value for line in batch.lines if line.what.startswith("Drug in"))
        assert drug == Decimal(strength) * volume
        assert batch.facts["formula.preservative_ratio"] > Decimal("0.95")  # type: ignore[operator]


def test_less_than_one_tablet_offers_only_more() -> None:
    with pytest.raises(CannotBeMade) as stop:
        liquid(volume="30 mL", source=tablets(None))
    assert stop.value.nearest == ("50 mL",)


def test_what_was_put_right_in_a_request_is_said() -> None:
    assert "'120mL' has no space" in str(liquid(volume="120mL").warnings[0])


def test_overage_of_a_liquid() -> None:
    batch = liquid(volume="100 mL", overage_percent=Decimal("2.55"))
    assert (batch.asked, batch.made) == (100, Decimal("102.6"))


def test_more_than_dissolves_is_refused() -> None:
    with pytest.raises(CannotBeMade, match="what dissolves in water"):
        liquid("101 mg/mL", "10 mL")


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        ({"formula": formula("capsules-cellulose")}, "a formula for capsules"),
        ({"supplies": {"sugar": Supply("X", LATER)}}, "sugar is not in formula-a"),
        ({"strength": "1 mg"}, "a mass, not a mass per volume"),
        ({"volume": "100 mg"}, "a mass, not a volume"),
    ],
)
def test_refused(wrong: dict[str, Any], what: str) -> None:
    with pytest.raises(InvalidInput, match=what):
        liquid(**wrong)


def test_an_excipient_out_of_date_stops() -> None:
    with pytest.raises(SafetyStop, match="glycerol, lot G-1, expired"):
        liquid(supplies={"glycerol": Supply("G-1", date(2026, 11, 1))})


COUNT = DropCount("30 mL amber, dropper D2", 40, Decimal(2))


def some_drops(**more: Any) -> Batch:
    request = {"dose": "1 mg", "counted": COUNT, "source": powder(), "formula": B, "bench": BENCH, **more}
    return drops("5 mg/mL", "20 mL", **request)


def test_drops() -> None:
    batch = some_drops()
    assert [line.value for line in batch.lines[-3:]] == [20, Decimal("0.25"), 4]
    assert not batch.dose_equivalent
    assert any("Not dose-equivalent" in one for one in batch.assumptions)
    assert any("no study was found" in one for one in batch.assumptions)
    assert batch.steps[-1] == f"Fill it into {COUNT.bottle}, whose drops were counted."
    assert sum("ill it into" in step for step in batch.steps) == 1


@pytest.mark.parametrize("counted", [None, 20, Decimal(20)])
def test_drops_must_be_counted(counted: object) -> None:
    with pytest.raises(InvalidInput, match="have not been counted"):
        some_drops(counted=counted)


def test_a_count_is_of_a_named_bottle_and_long_enough() -> None:
    with pytest.raises(InvalidInput, match="not named"):
        DropCount(" ", 40, Decimal(2))
    with pytest.raises(InvalidInput, match="too few"):
        DropCount("D2", 19, Decimal(1))


def test_a_dose_that_no_drops_make() -> None:
    with pytest.raises(CannotBeMade, match=r"0\.375 mg is 1\.5 drops") as stop:
        some_drops(dose="0.375 mg")
    assert stop.value.nearest == ("0.25 mg (1 drop)", "0.5 mg (2 drops)")


def a_cream(**more: Any) -> Batch:
    return cream("4.5 mg", "0.5 mL", 30, **{"source": powder(), "base": Excipient("base"), "bench": BENCH, **more})


def test_a_cream_says_what_is_not_known() -> None:
    batch = a_cream()
    assert not batch.dose_equivalent
    assert any("has not been shown" in one for one in batch.assumptions)
    assert any(one.startswith("Not dose-equivalent") for one in batch.assumptions)
    assert "formula.release" not in batch.facts
    assert a_cream(base=Excipient("base", stated_release="immediate")).facts["formula.release"] == "immediate"


def test_a_cream_the_balance_cannot_weigh() -> None:
    short = {"source": powder(), "base": Excipient("base"), "bench": COARSE}
    with pytest.raises(CannotBeMade) as stop:
        cream("1 mg", "0.5 mL", 30, **short)  # type: ignore[arg-type]
    assert stop.value.nearest == ("cream for 120 days",)
    assert cream("1 mg", "0.5 mL", 120, **short).facts["formula.min_weigh_ratio"] == 1  # type: ignore[arg-type]


@settings(deadline=None)
@given(st.decimals("0.5", "6", places=1), st.decimals("0.1", "2", places=1), st.integers(1, 90), st.integers(1, 3))
def test_cream_holds_every_dose(dose: Decimal, volume: Decimal, days: int, per_day: int) -> None:
    def written(number: Decimal) -> str:
        return f"{number:f}".rstrip("0").rstrip(".")

    request: dict[str, Any] = {"source": powder(), "base": Excipient("base"), "bench": BENCH, "per_day": per_day}
    batch = attempt(lambda: cream(f"{written(dose)} mg", f"{written(volume)} mL", days, **request))
    if isinstance(batch, CannotBeMade):
        assert dose * days * per_day < 2
        return
    drug = next(line.value for line in batch.lines if line.what.startswith("Drug in"))
    assert drug == dose * days * per_day
    assert batch.made == volume * days * per_day


def test_whole_tablets_need_no_mean_mass_and_part_ones_do() -> None:
    bare = Tablets(Supply("T-6", LATER))
    assert weights(liquid(volume="100 mL", source=bare))["naltrexone hydrochloride tablets"] == 2
    with pytest.raises(SafetyStop, match="mass of a tablet is not known"):
        liquid(volume="120 mL", source=bare, part_tablets=True)


@pytest.mark.parametrize(("mean", "weighed"), [(Decimal(155), None), (Decimal(155), 9), (Decimal(49), 20)])
def test_a_mean_mass_is_believable(mean: Decimal, weighed: int | None) -> None:
    with pytest.raises(InvalidInput):
        Tablets(Supply("T-6", LATER), mean_mass_mg=mean, weighed=weighed)
