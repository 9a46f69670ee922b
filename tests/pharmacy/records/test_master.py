"""The Master Formulation Record: the same whatever lot, batch, balance and day it was read off."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from lowdose.errors import InvalidInput
from lowdose.pharmacy import Batch, Excipient, Supply, cream, drops, solution, triturate
from lowdose.pharmacy.forms.drops import DropCount
from lowdose.pharmacy.materials.formulas import formula
from lowdose.pharmacy.records.master import MasterFormulation
from lowdose.pharmacy.worksheets.worksheet import Keeping, Papers, papers

from ..made_up import BENCH, CELLULOSE, COARSE, PHARMACIST, powder, tablets
from .batches import AT, PASSES, D, batch

A = formula("formula-a")
BASE = Excipient("cream base B", Supply("V-1", date(2027, 12, 31)), stated_release="immediate")
JARS = {one.name: Supply("L-1", date(2027, 12, 31)) for one in A.ingredients if one.role != "active"}
SHORT = Supply("C-2", date(2026, 12, 20))


def liquid(volume: str = "100 mL", source: Any = None, **more: Any) -> Batch:
    return solution("1 mg/mL", volume, source=source or powder(), formula=A, bench=BENCH, supplies=JARS, **more)


def creamy(days: int, percent: str) -> Batch:
    return cream("4.5 mg", "0.5 mL", days, source=powder(percent), base=BASE, bench=BENCH)


def dropped(volume: str, percent: str) -> Batch:
    counted = DropCount("D2", 40, D(2))
    return drops("1 mg/mL", volume, dose="1 mg", counted=counted, source=powder(percent), formula=A, bench=BENCH)


def rubbed(total: str, percent: str) -> Batch:
    return triturate("1:100", total, source=powder(percent), diluent=CELLULOSE, bench=BENCH)


SAME = {
    "capsules, another lot and count": (batch(), batch(count=60, source=powder("97"))),
    "capsules, diluted first": (batch("0.1 mg", 300), batch("0.1 mg", 30, bench=COARSE)),
    "capsules, a short-lived filler": (batch(), batch(filler=replace(CELLULOSE, supply=SHORT))),
    "a liquid": (liquid("120 mL"), liquid("240 mL", powder("97"))),
    "a liquid from tablets": (liquid("150 mL", source=tablets()), liquid("250 mL", source=tablets())),
    "a cream": (creamy(30, "100"), creamy(60, "97")),
    "drops": (dropped("60 mL", "100"), dropped("80 mL", "97")),
    "a triturate": (rubbed("20 g", "100"), rubbed("45 g", "97")),
}


def of(one: Batch) -> Papers:
    kind = Keeping(kind="non-aqueous-liquid") if one.form == "cream" else Keeping()
    return papers(one, lot="LDN-7", keeping=kind)


def numbers(master: MasterFormulation) -> list[str]:
    return [f"{one.ingredient}: {one.handling} {one.amount} {one.unit}" for one in master.parts]


@pytest.mark.parametrize("which", SAME)
def test_two_batches_of_one_preparation_have_one_master(which: str) -> None:
    first, second = (of(one).master for one in SAME[which])
    assert first.document() == second.document()
    for one in SAME[which]:
        weights = {f"{weighed.target} {weighed.unit}" for weighed in of(one).record.weighings if weighed.unit == "mg"}
        told = [*numbers(first), *first.steps, *first.calculation, *first.label, *first.notes]
        assert not any(f" {weight}" in line for weight in weights for line in told if not line.startswith("Strength"))


def test_its_amounts_are_those_of_the_formula() -> None:
    assert numbers(of(batch()).master) == [
        "naltrexone hydrochloride: weigh 1.5 mg of the hydrochloride",
        "microcrystalline cellulose: make up to 1 capsule",
        "size 3 capsule shells: count 1 capsule",
    ]
    assert numbers(of(liquid("240 mL")).master) == [
        "naltrexone hydrochloride: weigh 100 mg of the hydrochloride",
        "ascorbic acid: weigh 0.5 g",
        "sodium benzoate: weigh 0.1 g",
        "glycerol: measure 20 mL",
        "water: make up to 100 mL",
    ]
    assert numbers(of(creamy(30, "97")).master) == [
        "naltrexone hydrochloride: weigh 9 mg of the hydrochloride",
        "cream base B: make up to 1 mL",
    ]
    assert numbers(of(rubbed("45 g", "97")).master)[0].endswith("weigh 10 mg of the hydrochloride")


def test_a_suspension_is_called_so_in_the_name_of_its_master() -> None:
    assert of(liquid()).master.id == "naltrexone-oral-solution-1-mg-ml"
    assert of(liquid(source=tablets())).master.id == "naltrexone-oral-suspension-1-mg-ml"


def test_its_date_and_its_label_are_of_no_batch() -> None:
    master = of(batch(filler=replace(CELLULOSE, supply=SHORT))).master
    assert master.beyond_use_days == 180
    assert "Quantity" not in " ".join(master.label)
    assert "Strength: 1 mg in each mL (1 mg/mL)" in of(liquid("240 mL")).master.label


@pytest.mark.parametrize(
    ("made", "differs"),
    [
        (batch("3 mg"), "strength"),
        (batch(filler=Excipient("lactose", Supply("C-3", date(2027, 12, 31)))), "parts"),
        (batch(size="2"), "parts, steps"),
        (batch(source=tablets()), "parts, steps"),
        (liquid(), "form"),
    ],
)
def test_a_batch_is_made_by_its_own_master(made: Batch, differs: str) -> None:
    master = papers(batch(), lot="LDN-7").screened(PASSES).approved(PHARMACIST, AT).master
    assert papers(batch(count=60, source=powder("97")), lot="LDN-8", master=master).master is master
    with pytest.raises(InvalidInput, match=rf"they differ in .*{differs}"):
        papers(made, lot="LDN-9", master=master)
    with pytest.raises(InvalidInput, match="they differ in container"):
        papers(batch(), lot="LDN-9", master=master, keeping=Keeping(container="paper bag"))


def test_drops_and_creams_say_in_their_master_that_they_are_not_dose_equivalent() -> None:
    for one in (creamy(30, "100"), dropped("60 mL", "100")):
        assert sum("Not dose-equivalent" in note for note in of(one).master.notes) == 1
