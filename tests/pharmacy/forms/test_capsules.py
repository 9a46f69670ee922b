"""Capsules: mass balance, the room in a shell, and every refusal with something near that can be made."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lowdose.errors import InvalidInput, NotFound
from lowdose.pharmacy import (
    Batch,
    CannotBeMade,
    Densities,
    Excipient,
    PackStatistics,
    Quantity,
    SafetyStop,
    Size,
    Source,
    Stock,
    Supply,
    capsules,
    solution,
    triturate,
)
from lowdose.pharmacy.forms.packing import sizes, smallest_size
from lowdose.pharmacy.materials.formulas import formula

from ..made_up import BENCH, CELLULOSE, COARSE, LATER, attempt, powder, tablets


def make(strength: str = "1.5 mg", count: int = 90, **more: Any) -> Batch:
    return capsules(strength, count, **{"source": powder("98.5"), "filler": CELLULOSE, "bench": BENCH, **more})


def line(batch: Batch, start: str) -> Decimal:
    return next(one.value for one in batch.lines if one.what.startswith(start))


def stock() -> Stock:
    made = triturate("1:100", "30 g", source=powder(), diluent=CELLULOSE, bench=COARSE)
    return Stock(made, Supply("S-1", BENCH.on.replace(year=2027, month=2)))


SOURCES: dict[str, Source] = {"powder": powder("98.5"), "tablets": tablets(), "triturate": stock()}


def test_one_capsule_is_called_one() -> None:
    batch = make(count=1, overage_percent=Decimal(0), bench=COARSE)
    assert str(batch.to_weigh[-1]).endswith("capsule shells: count 1 capsule")
    assert line(batch, "Drug in 1 capsule") == Decimal("1.5")
    assert not any("1 capsules" in one.what for one in batch.lines)


@settings(deadline=None)
@given(
    st.sampled_from(sorted(SOURCES)),
    st.integers(1, 500),
    st.decimals("0.1", "4.5", places=2),
    st.sampled_from(["0", "1", "00"]),
    st.sampled_from([BENCH, COARSE]),
    st.sampled_from([Decimal(0), Decimal(5), Decimal("2.5")]),
)
def test_mass_balance(source: str, count: int, dose: Decimal, size: str, bench: Any, overage: Decimal) -> None:
    strength = str(Decimal(f"{dose:f}".rstrip("0").rstrip("."))) + " mg"
    request = {"source": SOURCES[source], "size": size, "bench": bench, "overage_percent": overage}
    batch = attempt(lambda: make(strength, count, **request))
    if isinstance(batch, CannotBeMade):
        assert (batch.asked["strength"], batch.asked["count"]) == (strength, count)
        return
    parts = [one for one in batch.to_weigh if one.into == "batch" and one.unit == "mg"]
    assert sum(one.value for one in parts) == batch.content_mg == line(batch, "Everything that is filled")
    for stage in {one.into for one in batch.to_weigh} - {"batch"}:
        told = [one.value for one in batch.to_weigh if one.into == stage]
        assert f"{told[0]:f} mg in {sum(told):f} mg" in " ".join(batch.assumptions)
    assert line(batch, "Drug in") == batch.strength * batch.made
    assert count * (1 + overage / 100) <= batch.made < count * (1 + overage / 100) + 1
    assert batch.facts["formula.min_weigh_ratio"] >= 1  # type: ignore[operator]
    assert Decimal(80) <= line(batch, f"Size {size} capsule is full to") <= 100


@pytest.mark.parametrize("source", SOURCES)
def test_the_drug_weighed_is_the_drug_wanted(source: str) -> None:
    batch = make(source=SOURCES[source], size="1")
    weighed = next(one for one in batch.to_weigh if one.role == "active")
    in_one_mg = {"powder": Decimal("0.985"), "tablets": Decimal(50) / 155, "triturate": Decimal("0.01")}[source]
    assert abs(weighed.exact * in_one_mg - Decimal("142.5")) < Decimal("1e-20")
    assert abs(weighed.error_percent) < Decimal("0.1")


def test_a_whole_titration_by_count() -> None:
    batch = make(count=126, overage_percent=Decimal(0))
    assert (batch.asked, batch.made, line(batch, "Drug in 126 capsules")) == (126, 126, 189)


def test_overage_is_rounded_up() -> None:
    assert [make(count=count).made for count in (1, 20, 21, 100)] == [2, 21, 23, 105]


def as_offered(near: str, request: dict[str, Any]) -> dict[str, Any]:
    """The request with the one change that an offer names."""
    changes = (
        r"size (?P<size>\d+)",
        r"(?P<count>\d+) capsules",
        r"(?P<strength>[\d.]+ mg) in size (?P<size>\d+)",
        r"(?P<filler_each>[\d.]+ mg) of filler in size (?P<size>\d+)",
    )
    found = next(match for pattern in changes if (match := re.fullmatch(pattern, near)))
    change: dict[str, Any] = dict(found.groupdict())
    return {**request, **change, "count": int(change.get("count", request["count"]))}


@settings(deadline=None, max_examples=40)
@given(
    st.sampled_from(sorted(SOURCES)),
    st.integers(1, 200),
    st.integers(1, 500),
    st.sampled_from([None, "5", "3", "1"]),
    st.sampled_from([BENCH, COARSE]),
    st.one_of(st.none(), st.integers(1, 200)),
)
def test_every_offer_can_be_made(
    source: str, count: int, tenths: int, size: str | None, bench: Any, filler: int | None
) -> None:
    request = {
        "strength": str(Quantity(Decimal(tenths) / 10, "mg")),
        "count": count,
        "source": SOURCES[source],
        "size": size,
        "bench": bench,
        "filler_each": f"{filler} mg" if filler else None,
    }
    batch = attempt(lambda: make(**request))
    for near in batch.nearest if isinstance(batch, CannotBeMade) else ():
        assert make(**as_offered(near, request)).made >= count


@pytest.mark.parametrize(("strength", "size"), [("25 mg", "5"), ("40 mg", "4"), ("60 mg", "3")])
def test_overfilled_is_refused_with_a_larger_shell_and_a_weaker_capsule(strength: str, size: str) -> None:
    with pytest.raises(CannotBeMade, match="fills a size") as stop:
        make(strength, source=tablets(), size=size)
    larger, weaker = stop.value.nearest
    assert Size.named(larger.removeprefix("size ")).volume_mL > Size.named(size).volume_mL
    assert weaker.endswith(f"mg in size {size}")
    assert 0 < Decimal(weaker.split()[0]) < Decimal(strength.split()[0])


def test_beyond_the_largest_shell_only_a_weaker_capsule_is_offered() -> None:
    with pytest.raises(CannotBeMade) as stop:
        make("400 mg", source=tablets())
    assert stop.value.nearest == ("220.96 mg in size 000",)


@pytest.mark.parametrize(("filler", "what"), [("120 mg", "is overfilled"), ("60 mg", "stays too empty")])
def test_filler_set_by_the_pharmacy_is_checked(filler: str, what: str) -> None:
    with pytest.raises(CannotBeMade, match=what) as stop:
        make(size="3", filler_each=filler)
    best = next(one for one in stop.value.nearest if "filler" in one).split(" of ")[0]
    assert line(make(size="3", filler_each=best), "Size 3 capsule is full to") > 99


def test_filler_too_little_to_weigh() -> None:
    with pytest.raises(CannotBeMade, match="of filler is below the 120 mg") as stop:
        make("45 mg", 1, bench=COARSE, source=tablets(), size="2", overage_percent=Decimal(0))
    assert stop.value.nearest == ("size 3", "5 capsules")
    assert make("45 mg", 5, bench=COARSE, source=tablets(), size="2", overage_percent=Decimal(0)).made == 5


def test_too_few_capsules_for_an_aliquot() -> None:
    with pytest.raises(CannotBeMade, match="fills a size 5") as stop:
        make("1.5 mg", 1, bench=COARSE, size="5", overage_percent=Decimal(0))
    assert stop.value.nearest == ("size 1", "7 capsules")
    assert make("1.5 mg", 7, bench=COARSE, size="5", overage_percent=Decimal(0)).made == 7
    assert make("1.5 mg", 1, bench=COARSE, size="1", overage_percent=Decimal(0)).made == 1


def test_pack_statistics_say_nothing_of_another_size() -> None:
    with pytest.raises(CannotBeMade) as stop:
        make("60 mg", source=tablets(), size="3", packing=PACKED)
    assert stop.value.nearest == ("48.38 mg in size 3",)


def test_an_aliquot_packs_as_filler() -> None:
    batch = make("0.1 mg", 30, bench=COARSE, size="3", packing=PACKED, overage_percent=Decimal(0))
    assert batch.content_mg == 30 * PACKED.filler_mg


def test_a_capsule_full_of_triturate_needs_no_filler() -> None:
    batch = make("0.9 mg", 100, source=stock(), size="3", overage_percent=Decimal(0))
    assert [one.role for one in batch.to_weigh] == ["active", "shell"]


@pytest.mark.parametrize(
    ("dose", "size"), [("1 mg", "3"), ("20 mg", "3"), ("55 mg", "2"), ("100 mg", "0"), ("200 mg", "000")]
)
def test_the_size_that_is_chosen(dose: str, size: str) -> None:
    batch = make(dose, source=tablets())
    assert batch.to_weigh[-1].ingredient == f"size {size} capsule shells"
    assert "No capsule size was named: size 3 was tried first." in batch.assumptions


def test_a_maker_s_own_volume() -> None:
    batch = make(size=Size("1", Decimal("0.48")))
    assert "0.48 mL" in next(str(one) for one in batch.lines if one.what == "Filler in one capsule")


def test_sizes_get_larger() -> None:
    volumes = [size.volume_mL for size in sizes()]
    assert volumes == sorted(volumes)
    assert [smallest_size(volume).volume_mL for volume in volumes] == volumes  # type: ignore[union-attr]


def test_facts_for_the_screen() -> None:
    assert dict(make().facts) == {
        "formula.maker": "pharmacy",
        "formula.tablet_fraction": 0,
        "formula.min_weigh_ratio": Decimal("72.35"),
        "formula.fillers": ["microcrystalline cellulose"],
        "formula.aqueous": False,
        "formula.release": "immediate",
    }


PACKED = PackStatistics(Decimal(90), Decimal(150))


@pytest.mark.parametrize(
    ("filler", "told", "release", "rule"),
    [
        ("calcium carbonate", "calcium carbonate", "immediate", "CMP-001"),
        ("chalk", "calcium carbonate", "immediate", "CMP-001"),
        ("Methocel K100M", "hypromellose, slow-release grade", "slow", "CMP-002"),
        ("Avicel PH-301", "microcrystalline cellulose", "immediate", None),
        ("potato starch", "potato starch", None, None),
    ],
)
def test_fillers_that_a_rule_asks_about(filler: str, told: str, release: str | None, rule: str | None) -> None:
    batch = make(filler=Excipient(filler), packing=PACKED, size="3")
    assert batch.facts["formula.fillers"] == [told]
    assert batch.facts.get("formula.release") == release
    assert {one.rule for one in batch.warnings} == ({rule} if rule else set())


def test_a_pharmacist_states_the_release_of_an_unknown_filler_but_not_of_a_slow_one() -> None:
    starch, slow = (Excipient(name, stated_release="immediate") for name in ("potato starch", "HPMC"))
    assert make(filler=starch, packing=PACKED, size="3").facts["formula.release"] == "immediate"
    assert make(filler=slow, packing=PACKED, size="3").facts["formula.release"] == "slow"


def test_what_a_stock_brings_is_told_too() -> None:
    chalk = triturate("1:10", "20 g", source=powder(), diluent=Excipient("chalk"), bench=COARSE)
    batch = make(source=Stock(chalk, Supply("S-2", LATER)), size="3", packing=PACKED)
    assert batch.facts["formula.fillers"] == ["microcrystalline cellulose", "calcium carbonate"]


@pytest.mark.parametrize(
    ("wrong", "error", "what"),
    [
        ({"strength": "1 mg/mL"}, InvalidInput, "a mass per volume, not a mass"),
        ({"count": 0}, InvalidInput, "the number of capsules is 0"),
        ({"count": True}, InvalidInput, "no decimal number"),
        ({"size": "7"}, NotFound, "no capsule size is named '7'"),
        ({"packing": PACKED}, InvalidInput, "which is not named"),
        ({"overage_percent": Decimal(-1)}, InvalidInput, "at least 0"),
        ({"overage_percent": Decimal(51)}, InvalidInput, "overage is for losses"),
        ({"filler": Excipient("potato starch")}, InvalidInput, "no density of potato starch is known"),
        ({"filler": Excipient("chalk")}, InvalidInput, "no density of calcium carbonate is known"),
        ({"source": tablets(None)}, SafetyStop, "the mass of a tablet is not known"),
    ],
)
def test_refused(wrong: dict[str, Any], error: type[Exception], what: str) -> None:
    with pytest.raises(error, match=what):
        make(**wrong)


def test_a_liquid_is_no_capsule() -> None:
    liquid = solution("5 mg/mL", "100 mL", source=tablets(), formula=formula("formula-b"), bench=BENCH)
    with pytest.raises(InvalidInput, match="is a liquid"):
        make(source=Stock(liquid, Supply("S-3", BENCH.on)))


def test_densities_of_the_table_say_how_far_to_trust_them() -> None:
    told = make().assumptions
    assert any("(found: Avicel PH-102, loose" in one for one in told)
    assert any("(assumed: no value was found" in one for one in told)
    own = make(packing=Densities(Decimal("0.31"), Decimal("0.6")))
    assert not any("assumed" in one for one in own.assumptions)
