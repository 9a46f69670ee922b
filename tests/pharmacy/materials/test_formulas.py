"""Published formulas as data: scaled exactly, compared honestly."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowdose.errors import InvalidInput, NotFound
from lowdose.pharmacy.materials.formulas import formula, formulas


def test_every_formula_names_source_and_provenance() -> None:
    for one in formulas().values():
        assert one.source
        assert one.provenance in ("found", "derived", "recalled", "assumed")
        assert (one.url is None) == (one.provenance == "assumed")
        for claim in one.claims:
            assert claim.container == one.container
            assert claim.source


@pytest.mark.parametrize("name", ["formula-a", "formula-b"])
def test_strength_is_what_is_in_it(name: str) -> None:
    one = formula(name)
    active = next(part for part in one.ingredients if part.role == "active")
    assert active.amount == one.strength * one.batch
    assert active.tablets * active.tablet_mg == active.amount


def test_the_published_500_mL_recipe_is_shown_for_what_it_is() -> None:
    made = {"naltrexone hydrochloride": Decimal(500), "ascorbic acid": Decimal("0.5"),
            "sodium benzoate": Decimal("0.1"), "glycerol": Decimal(20)}  # fmt: skip
    found = formula("formula-a").compare(made, Decimal(500))
    assert found.percent == 80
    assert found.preservative_ratio == Decimal("0.2")
    assert not found.same


def test_another_ingredient_or_a_lacking_one_is_another_formula() -> None:
    one = formula("formula-a")
    amounts = one.scaled(Decimal(100))
    assert one.compare(amounts, Decimal(100)).same
    assert one.compare({**amounts, "water": Decimal(80)}, Decimal(100)).same
    assert not one.compare({**amounts, "cherry syrup": Decimal(5)}, Decimal(100)).same
    assert one.compare({k: v for k, v in amounts.items() if k != "glycerol"}, Decimal(100)).percent == 100


def test_a_formula_is_preserved_with_what_its_source_names_and_nothing_else() -> None:
    one = formula("formula-a")
    other = one.preserved_with("Parabens")
    assert other.scaled(Decimal(250))["parabens"] == Decimal("0.25")
    assert "sodium benzoate" not in other.scaled(Decimal(250))
    assert other.compare(other.scaled(Decimal(100)), Decimal(100)).preservative_ratio == 1
    assert other.compare(one.scaled(Decimal(100)), Decimal(100)).preservative_ratio == 0
    assert one.preserved_with("sodium benzoate") == one
    for name, wanted in (("formula-a", "potassium sorbate"), ("formula-b", "parabens"), ("formula-a", "")):
        with pytest.raises(InvalidInput, match="its source names sodium benzoate"):
            formula(name).preserved_with(wanted)
    with pytest.raises(InvalidInput, match="no preservative"):
        formula("capsules-cellulose").preserved_with("parabens")


def test_every_alternative_names_its_source() -> None:
    found = [other for one in formulas().values() for part in one.ingredients for other in part.instead]
    assert [one.name for one in found] == ["parabens"]
    assert all(one.source and one.url and one.note for one in found)


@given(volume=st.decimals("0.1", 5000, places=1), share=st.decimals("0.5", "1.5", places=3))
def test_scaling_is_exact_and_a_share_is_its_deviation(volume: Decimal, share: Decimal) -> None:
    one = formula("formula-a")
    amounts = one.scaled(volume)
    assert sum(amounts.values()) * 100 == volume * Decimal("120.6")
    found = one.compare({**amounts, "glycerol": amounts["glycerol"] * share}, volume)
    assert found.percent == abs(share - 1) * 100


def test_refusals() -> None:
    with pytest.raises(NotFound, match="formula-a"):
        formula("formula_a")
    with pytest.raises(InvalidInput, match="none"):
        formula("formula-a").compare({}, Decimal(0))
