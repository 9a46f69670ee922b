"""The balance: its minimum, rounding to it, dilution in one and two stages, and what is refused."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowdose.errors import InvalidInput
from lowdose.pharmacy import Balance, Bench, CannotBeMade, Dilution, SafetyStop, dilute
from lowdose.pharmacy.amounts.exact import rounded
from lowdose.pharmacy.bench.balance import Stage

from ..made_up import DAY, FINE, TORSION


def test_no_worksheet_for_the_kitchen() -> None:
    with pytest.raises(SafetyStop, match="preparation at home") as stop:
        Bench(DAY, FINE, maker="patient")
    assert stop.value.exit_code == 5


@pytest.mark.parametrize("wrong", [{"maker": "cook"}, {"on": "2026-12-01"}, {"measure_step_mL": 0.1}])
def test_a_bench_is_checked(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        Bench(**{"on": DAY, "balance": FINE, **wrong})


@pytest.mark.parametrize(
    ("sensitivity", "readability", "error"),
    [(6, 13, 5), (0, 1, 5), (6, -1, 5), (6, 1, 100), (6, 1, 50), (6, 1, 6), (6, 1, 0)],
)
def test_a_balance_is_checked(sensitivity: int, readability: int, error: int) -> None:
    with pytest.raises(InvalidInput):
        Balance(Decimal(sensitivity), Decimal(readability), Decimal(error))


def test_no_accepted_error_moves_what_nobody_may_override() -> None:
    with pytest.raises(InvalidInput, match="above 5 %: rule CMP-007 rests on it and cannot be overridden"):
        Balance(Decimal(6), Decimal(1), Decimal("5.1"))
    assert Balance(Decimal(6), Decimal(1), Decimal(2)).minimum_mg == 300


def test_rounding_is_a_line_of_its_own() -> None:
    weight, line = Balance(Decimal(6), Decimal(10)).weigh("it", Decimal("123.4"))
    assert weight == 120
    assert str(line) == "Weigh it: 123.4 mg to the nearest 10 mg (−2.755 %) = 120 mg"


def test_two_stages_when_one_is_silly() -> None:
    one, two = dilute(Decimal("1.2"), TORSION), dilute(Decimal("1.19"), TORSION)
    assert [(s.weigh_mg, s.total_mg) for s in one.stages] == [(120, 12000)]
    assert [(s.weigh_mg, s.total_mg) for s in two.stages] == [(120, 1200), (120, 1210)]
    assert [str(line) for line in two.lines] == [
        "Total of triturate 1: 10 × 120 mg = 1200 mg",
        "Diluent of triturate 1: 1200 mg − 120 mg of the powder = 1080 mg",
        "Total of triturate 2: 120 mg × 120 mg × (120 ÷ 1200) ÷ 1.19 mg, to what the balance shows = 1210 mg",
        "Diluent of triturate 2: 1210 mg − 120 mg of triturate 1 = 1090 mg",
        "Powder in the aliquot (+0.007 %): 120 mg × (120 ÷ 1200) × (120 ÷ 1210) ≈ 1.190083 mg",
    ]


def test_a_hundred_fold_first_stage() -> None:
    assert [s.total_mg for s in dilute(Decimal("0.024"), TORSION).stages] == [12000, 6000]


def test_just_below_the_minimum_the_diluent_is_weighable_too() -> None:
    dilution = dilute(Decimal(119), TORSION)
    assert [(s.weigh_mg, s.diluent_mg) for s in dilution.stages] == [(120, 120)]
    assert (dilution.aliquot_mg, dilution.holds_mg) == (238, 119)
    assert [str(line) for line in dilution.lines] == [
        "Total of the triturate: 2 × 120 mg, so that the diluent can be weighed = 240 mg",
        "Diluent of the triturate: 240 mg − 120 mg of the powder = 120 mg",
        "Aliquot: 119 mg × 240 ÷ 120, to what the balance shows = 238 mg",
        "Powder in the aliquot (0 %): 238 mg × (120 ÷ 240) = 119 mg",
    ]


def test_below_two_stages_is_refused_with_the_least() -> None:
    with pytest.raises(CannotBeMade, match="below what two dilutions from 120 mg can give") as stop:
        dilute(Decimal("0.01"), TORSION)
    assert stop.value.nearest == ("0.012 mg",)
    assert dilute(Decimal("0.012"), TORSION).holds_mg == Decimal("0.012")
    assert stop.value.asked == {"need_mg": Decimal("0.01"), "balance": TORSION}


def test_what_can_be_weighed_is_not_diluted() -> None:
    with pytest.raises(InvalidInput, match="can be weighed as it is"):
        dilute(Decimal(120), TORSION)


@given(
    st.decimals("0.1", 20, places=1),
    st.sampled_from([Decimal("0.1"), Decimal("0.01")]),
    st.decimals("0.0002", "0.9999", places=4),
)
def test_every_dilution_is_weighable_and_holds_what_is_wanted(
    sensitivity: Decimal, step: Decimal, part: Decimal
) -> None:
    balance = Balance(sensitivity, step)
    need = balance.minimum_mg * part
    dilution = dilute(need, balance)
    weights = [w for stage in dilution.stages for w in (stage.weigh_mg, stage.diluent_mg)] + [dilution.aliquot_mg]
    assert all(weight >= balance.minimum_mg and weight % step == 0 for weight in weights)
    assert dilution.aliquot_mg <= dilution.stages[-1].total_mg
    # A total of at least twenty sensitivities is rounded to a step of at most one: below 5 % by construction.
    assert abs(dilution.holds_mg - need) / need < balance.error_percent / 100


MASSES = st.decimals("0.1", 99999, places=1)


@given(st.lists(st.tuples(MASSES, MASSES), min_size=1, max_size=4), MASSES, st.randoms())
def test_any_order_of_dilution_gives_the_same_strength(
    pairs: list[tuple[Decimal, Decimal]], aliquot: Decimal, order: Any
) -> None:
    stages = [Stage(min(pair), max(pair)) for pair in pairs]
    straight = Dilution(tuple(stages), aliquot, Decimal(1)).holds_mg
    order.shuffle(stages)
    assert Dilution(tuple(stages), aliquot, Decimal(1)).holds_mg == straight


@given(MASSES)
def test_weighing_is_within_half_a_step(mass: Decimal) -> None:
    weight, _ = TORSION.weigh("it", mass)
    assert weight == rounded(mass, Decimal(1))
    assert abs(weight - mass) <= Decimal("0.5")
