"""Reckoned again from nothing but what stands on the list of weights: the drug that goes in is strength times count."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lowdose.pharmacy import Batch, CannotBeMade, Lot, Powder, Source, Stock, Supply, Tablets, capsules, solution
from lowdose.pharmacy.bench.balance import Bench
from lowdose.pharmacy.forms.triturates import triturate
from lowdose.pharmacy.materials.formulas import formula

from ..made_up import BENCH, CELLULOSE, COARSE, LATER, attempt, powder, tablets

D = Decimal
SOONER = date(2027, 3, 1)
HYDRATE = Powder(Lot("N-2", LATER, D("99.1"), "anhydrous-solvent-free", D("4.2"), D("0.3")))
OUT_OF_A_STOCK = Stock(triturate("1:10", "20 g", source=HYDRATE, diluent=CELLULOSE, bench=BENCH), Supply("S-1", SOONER))
WEAK = Stock(
    triturate("1:100", "50 g", source=powder(), diluent=CELLULOSE, bench=BENCH), Supply("S-2", SOONER), D("98.5")
)
SHARE = {
    "powder": (powder("98.5"), D("0.985")),
    "hydrate": (HYDRATE, D("0.991") * D("0.958") * D("0.997")),
    "tablets": (tablets(), D(50) / D(155)),
    "1:10": (OUT_OF_A_STOCK, D("0.1")),
    "1:100, assayed": (WEAK, D("0.01") * D("0.985")),
}


def drug_mg(batch: Batch, share: Decimal) -> Decimal:
    """Hydrochloride in the batch, from its weights alone: of each triturate only the aliquot goes on."""
    holds = {"": share}
    for stage in dict.fromkeys(one.into for one in batch.to_weigh):
        inside = [one for one in batch.to_weigh if one.into == stage and one.unit == "mg"]
        drug = sum(
            (one.value * holds.get(one.ingredient, share) for one in inside if one.role in ("active", "aliquot")), D(0)
        )
        holds[stage] = drug / sum((one.value for one in inside), D(0))
        if stage == "batch":
            return drug
    raise AssertionError("nothing goes into the batch")


@given(
    which=st.sampled_from(sorted(SHARE)),
    count=st.integers(1, 10_000),
    dose=st.integers(10, 450),
    bench=st.sampled_from([BENCH, COARSE]),
    overage=st.sampled_from([D(0), D(5)]),
)
def test_capsules(which: str, count: int, dose: int, bench: Bench, overage: Decimal) -> None:
    source, share = SHARE[which]
    strength = f"{D(dose) / 100:f}".rstrip("0").rstrip(".") + " mg"
    request = {"source": source, "filler": CELLULOSE, "bench": bench, "overage_percent": overage}
    batch = attempt(lambda: capsules(strength, count, **request))  # type: ignore[arg-type]
    assume(not isinstance(batch, CannotBeMade))
    assert isinstance(batch, Batch)
    wanted = batch.strength * batch.made
    assert abs(drug_mg(batch, share) - wanted) / wanted <= D("0.05")
    assert batch.asked == count
    assert batch.made >= count


@pytest.mark.parametrize("which", sorted(SHARE))
@pytest.mark.parametrize("count", [1, 90, 10_000])
def test_of_every_source_a_few_and_very_many_can_be_made(which: str, count: int) -> None:
    source, share = SHARE[which]
    batch = capsules("1.5 mg", count, source=source, filler=CELLULOSE, bench=BENCH)
    wanted = D("1.5") * batch.made
    assert abs(drug_mg(batch, share) - wanted) / wanted <= D("0.05")


@given(volume=st.integers(20, 2000), which=st.sampled_from(["powder", "hydrate", "1:10", "1:100, assayed"]))
def test_liquids(volume: int, which: str) -> None:
    source, share = SHARE[which]
    batch = attempt(
        lambda: solution("1 mg/mL", f"{volume} mL", source=source, formula=formula("formula-a"), bench=BENCH)
    )
    assume(not isinstance(batch, CannotBeMade))
    assert isinstance(batch, Batch)
    taken = next(one for one in batch.to_weigh if one.role == "active")
    assert abs(taken.value * share - volume) / volume <= D("0.01")
    assert batch.made == volume


@given(count=st.integers(1, 40))
def test_whole_tablets(count: int) -> None:
    source: Source = Tablets(Supply("T-5", date(2027, 6, 30)))
    batch = solution("1 mg/mL", f"{50 * count} mL", source=source, formula=formula("formula-a"), bench=BENCH)
    taken = next(one for one in batch.to_weigh if one.role == "active")
    assert taken.value * 50 == batch.made == 50 * count
