"""What a name holds: no grade, salt name or mixture hides calcium carbonate or hypromellose."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lowdose.pharmacy import Excipient, capsules
from lowdose.pharmacy.forms.packing import PackStatistics
from lowdose.pharmacy.materials.ingredients import known

from ..made_up import BENCH, powder

CHALK, GEL = "calcium carbonate", "hypromellose, slow-release grade"


@pytest.mark.parametrize(
    "name",
    ["CaCO3", "CaCO₃", "Ca CO3", "precipitated chalk", "Calcium Carbonate USP", "calcium carbonate (precipitated)",
     "calcium carbonate, heavy", "calcium-carbonate", "CALCIUMCARBONATE", "Calcium Carbonat", "light limestone"],
)  # fmt: skip
def test_calcium_carbonate_by_its_other_names(name: str) -> None:
    found = known(name)
    assert found is not None
    assert found.name == CHALK
    assert Excipient(name).rule_names == (CHALK,)


@pytest.mark.parametrize(
    "name",
    ["Methocel", "Methocel K4M Premium CR", "HPMC K100", "HPMC", "hypromellose K4M CR", "Hypromellosum 2208",
     "hydroxypropyl methyl cellulose", "hydroxypropylmethylcellulose K15M", "Benecel K100M"],
)  # fmt: skip
@pytest.mark.parametrize("stated", [None, "immediate", "slow"])
def test_hypromellose_is_slow_whatever_is_stated(name: str, stated: str | None) -> None:
    one = Excipient(name, stated_release=stated)  # type: ignore[arg-type]
    assert one.rule_names == (GEL,)
    assert one.release == "slow"


@pytest.mark.parametrize("between", [" + ", "/", " and ", " & ", "; ", " with ", " plus "])
def test_a_mixture_is_each_of_its_parts(between: str) -> None:
    one = Excipient(between.join(("CaCO3", "MCC", "Methocel E5", "potato starch")), stated_release="immediate")
    assert one.rule_names == (CHALK, "microcrystalline cellulose", GEL, "potato starch")
    assert one.release == "slow"
    assert known(one.name) is None


def test_what_is_known_of_every_part_is_known_of_the_mixture() -> None:
    assert Excipient("MCC + lactose").release == "immediate"
    assert Excipient("MCC + lactose", stated_release="slow").release == "slow"
    assert Excipient("MCC + potato starch").release is None
    assert Excipient("MCC + potato starch", stated_release="immediate").release == "immediate"
    assert known("magnesium carbonate") is None
    assert Excipient("methylcellulose").release is None


def test_the_worksheet_keeps_what_was_written_and_warns() -> None:
    batch = capsules(
        "1.5 mg", 90, source=powder(), filler=Excipient("MCC + CaCO3 heavy", stated_release="immediate"), size="3",
        bench=BENCH, packing=PackStatistics(Decimal(120), Decimal(150)),
    )  # fmt: skip
    assert batch.facts["formula.fillers"] == ["microcrystalline cellulose", CHALK]
    assert any(one.rule == "CMP-001" for one in batch.warnings)
    assert "MCC + CaCO3 heavy" in [one.ingredient for one in batch.to_weigh]
    assert not batch.formula
