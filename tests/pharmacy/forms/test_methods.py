"""The method read aloud: every step names what is really in the mortar, and what becomes of the rest."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import product

import pytest

from lowdose.pharmacy import (
    Balance,
    Batch,
    Bench,
    CannotBeMade,
    Excipient,
    Source,
    Stock,
    Supply,
    capsules,
    cream,
    solution,
    triturate,
)
from lowdose.pharmacy.materials.formulas import formula

from ..made_up import BENCH, CELLULOSE, COARSE, DAY, powder, tablets

D = Decimal
SIX = Bench(DAY, Balance(D("0.3"), D("0.1")))
A = formula("formula-a")


def tenth() -> Stock:
    return Stock(triturate("1:10", "20 g", source=powder(), diluent=CELLULOSE, bench=BENCH), stock_lot("S-10"))


def liquid_stock() -> Stock:
    return Stock(solution("5 mg/mL", "500 mL", source=tablets(None), formula=formula("formula-b"), bench=BENCH),
                 stock_lot("S-5"))  # fmt: skip


def stock_lot(number: str) -> Supply:
    return Supply(number, date(2027, 1, 5))


def test_the_aliquot_of_a_triturate_goes_into_the_capsules() -> None:
    batch = capsules("0.1 mg", 30, source=powder(), filler=CELLULOSE, bench=COARSE, size="3")
    made, weighed, rubbed, *_ = batch.steps
    assert made == ("Make triturate 1: rub 120 mg of naltrexone hydrochloride down with 4380 mg of microcrystalline "
                    "cellulose, in equal parts, until all is in.")  # fmt: skip
    assert weighed.startswith("Weigh 120 mg of triturate 1 for this batch. Discard what is left of triturate 1:")
    assert rubbed.startswith("Rub the 120 mg of triturate 1 down with an equal volume of microcrystalline cellulose")
    assert not any("drug powder" in step for step in batch.steps)


def test_two_triturates_are_each_named() -> None:
    batch = capsules("0.01 mg", 30, source=powder(), filler=CELLULOSE, bench=COARSE, size="3")
    first, second, weighed, *_ = batch.steps
    assert first.startswith("Make triturate 1: rub 120 mg of naltrexone hydrochloride down with")
    assert second.startswith("Make triturate 2: rub 120 mg of triturate 1 down with")
    assert weighed.startswith("Weigh 120 mg of triturate 2 for this batch. Discard what is left of triturate 1 and tri")


def test_the_method_of_a_master_has_no_weight_of_one_batch() -> None:
    batch = capsules("0.1 mg", 30, source=powder(), filler=CELLULOSE, bench=COARSE, size="3")
    fine = capsules("0.1 mg", 300, source=powder("98.5"), filler=CELLULOSE, bench=BENCH, size="3")
    assert batch.method == fine.method
    assert not any(" mg of " in step for step in batch.method)


SOURCES = {"powder": powder(), "tablets": tablets(), "triturate": tenth(), "stock liquid": liquid_stock()}
NAMES = {
    "powder": "the weighed naltrexone hydrochloride ",
    "tablets": "the weighed powder of the tablets ",
    "triturate": "the weighed naltrexone hydrochloride triturate 1:10 (100 mg/g) ",
    "stock liquid": "Shake naltrexone hydrochloride 5 mg/mL oral suspension well",
}


def made(form: str, source: Source, bench: Bench) -> Batch:
    if form == "capsules":
        return capsules("1 mg", 60, source=source, filler=CELLULOSE, bench=bench)
    if form == "cream":
        base = Excipient("cream base B", stated_release="immediate")
        return cream("4.5 mg", "0.5 mL", 60, source=source, base=base, bench=bench)
    if form == "triturate":
        return triturate("1:100", "20 g", source=source, diluent=CELLULOSE, bench=bench)
    return solution("1 mg/mL", "200 mL", source=source, formula=A, bench=bench, part_tablets=True)


FORMS = ("capsules", "cream", "triturate", "solution")


@pytest.mark.parametrize(("form", "kind"), [*product(FORMS, list(SOURCES)[:3]), ("solution", "stock liquid")])
def test_every_method_names_what_is_used(form: str, kind: str) -> None:
    batch = made(form, SOURCES[kind], SIX)
    assert NAMES[kind] in " ".join(batch.steps)
    assert any("rush the tablets" in step for step in batch.steps) == (kind == "tablets")
    assert not any("{" in step for step in batch.steps)


def test_whole_tablets_are_crushed_and_all_of_it_is_used() -> None:
    steps = solution("1 mg/mL", "200 mL", source=tablets(None), formula=A, bench=BENCH).steps
    assert steps[:2] == (
        "Crush the tablets to a fine powder.",
        "Rub the crushed tablets down with the ascorbic acid.",
    )


def test_capsules_without_filler_are_not_rubbed_down_with_one() -> None:
    batch = next(
        found for mg in range(100, 400, 5)
        if (found := tried(f"{mg} mg")) and not any(one.role == "filler" for one in found.to_weigh)
    )  # fmt: skip
    assert batch.steps[0] == "Rub the weighed naltrexone hydrochloride even; no filler is added."


def tried(strength: str) -> Batch | None:
    try:
        return capsules(strength, 3, source=powder(), filler=CELLULOSE, bench=COARSE, size="1")
    except CannotBeMade:
        return None


def test_as_many_tablets_are_crushed_as_the_triturate_takes() -> None:
    bench = Bench(DAY, Balance(D(10), D(1)))
    batch = capsules("0.5 mg", 60, source=tablets(), filler=CELLULOSE, bench=bench, size="3")
    (crushed,) = [line for line in batch.lines if line.what == "Tablets to crush"]
    assert str(crushed) == "Tablets to crush: 200 mg ÷ 155 mg, rounded up = 2 tablets"
    assert batch.to_weigh[0].value == 200 <= crushed.value * 155
    assert batch.steps[1].startswith(
        "Make triturate 1: rub 200 mg of crushed naltrexone hydrochloride tablets down with"
    )
