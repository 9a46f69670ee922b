"""Beyond-use dates: the shortest limit decides, nothing unknown makes a date later, every limit has its source."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowdose.errors import InvalidInput, NotFound
from lowdose.pharmacy.materials.formulas import Difference, formula
from lowdose.pharmacy.quality.beyond_use import BeyondUse, Custom, beyond_use, profiles

MADE = date(2026, 12, 1)
LATER = date(2028, 12, 31)
A = formula("formula-a")
BOTTLE = "amber plastic bottle"
SAME = Difference(Decimal(0), "", Decimal(1))


def liquid(**changed: object) -> BeyondUse:
    options: dict[str, object] = {
        "kind": "aqueous-preserved", "storage": "refrigerator", "expiries": {"drug": LATER}, "formula": A,
        "difference": SAME, "container": BOTTLE, **changed,
    }  # fmt: skip
    return beyond_use(MADE, **options)  # type: ignore[arg-type]


def capsules(**changed: object) -> BeyondUse:
    return liquid(**{"kind": "dry", "storage": "room", "formula": None, "difference": None, **changed})


@pytest.mark.parametrize(
    ("kind", "storage", "days"),
    [
        ("aqueous-unpreserved", "refrigerator", 14),
        ("aqueous-preserved", "refrigerator", 35),
        ("non-aqueous-liquid", "room", 90),
        ("dry", "room", 180),
    ],
)
def test_limits_of_the_united_states(kind: str, storage: str, days: int) -> None:
    found = capsules(kind=kind, storage=storage, preserved_by="the maker's base")
    assert found.days == days
    assert found.on == MADE + timedelta(days)
    assert "confirm against your current USP <795>" in str(found.lines[0])
    assert "The day of making is day 0." in str(found.lines[-1])


def test_formula_a_cold_is_35_days_and_the_conflict_is_shown() -> None:
    found = liquid()
    assert (found.days, found.decided_by.what) == (35, "limit of usp795_2023")
    assert [one.days for one in found.limits] == [35, (LATER - MADE).days, 60]
    assert "Fawcett 1997" in found.conflicts[0]
    assert "supports 60 days" in found.conflicts[0]
    assert "2014" in found.conflicts[-1]


def test_formula_a_at_room_temperature_is_bound_by_its_study() -> None:
    found = liquid(storage="room")
    assert (found.days, found.decided_by.provenance) == (30, "found")


@pytest.mark.parametrize(("storage", "days"), [("room", 30), ("refrigerator", 60)])
def test_new_zealand(storage: str, days: int) -> None:
    found = liquid(storage=storage, jurisdiction="nz_fawcett")
    assert found.days == days
    assert any("gives 35 days here" in one for one in found.conflicts)


@pytest.mark.parametrize(
    "changed",
    [
        {"difference": replace(SAME, percent=Decimal("10.1"), ingredient="glycerol")},
        {"difference": replace(SAME, departures=("made from powder",))},
        {"difference": None},
        {"container": "glass bottle"},
        {"formula": None},
        {"kind": "dry", "storage": "room"},
    ],
)
def test_new_zealand_speaks_only_for_the_formula_itself(changed: dict[str, object]) -> None:
    with pytest.raises(InvalidInput, match="has no limit"):
        liquid(jurisdiction="nz_fawcett", preserved_by="benzoate", **changed)


def test_ten_per_cent_is_still_the_same_formula() -> None:
    found = liquid(jurisdiction="nz_fawcett", difference=replace(SAME, percent=Decimal(10)))
    assert found.days == 60


def test_an_ingredient_that_expires_first_decides() -> None:
    found = liquid(expiries={"drug": LATER, "stock 1:100": date(2026, 12, 20)})
    assert found.on == date(2026, 12, 20)
    assert found.decided_by.what == "earliest ingredient expiry: stock 1:100"


def test_an_expired_ingredient_is_refused() -> None:
    with pytest.raises(InvalidInput, match="glycerol expired on 2026-11-30"):
        liquid(expiries={"drug": LATER, "glycerol": date(2026, 11, 30)})
    assert liquid(expiries={"drug": MADE}).days == 0


def test_too_little_preservative_is_treated_as_unpreserved() -> None:
    found = liquid(difference=Difference(Decimal(80), "ascorbic acid", Decimal("0.2")))
    assert (found.kind, found.days) == ("aqueous-unpreserved", 14)
    assert any("CMP-005" in one for one in found.conflicts)
    assert liquid(difference=replace(SAME, preservative_ratio=Decimal("0.8"))).days == 35
    assert liquid(difference=replace(SAME, preservative_ratio=Decimal("0.79"))).days == 14


def test_what_preserves_it_must_be_known() -> None:
    assert capsules(kind="aqueous-preserved", storage="refrigerator").days == 14
    assert capsules(kind="aqueous-preserved", storage="refrigerator", preserved_by="base, by its maker").days == 35


def test_an_unpreserved_liquid_is_kept_cold() -> None:
    with pytest.raises(InvalidInput, match="no limit for aqueous-unpreserved") as error:
        capsules(kind="aqueous-unpreserved", storage="room")
    assert "keep it in a refrigerator" in str(error.value)


def test_a_tested_study_lengthens_up_to_180_days() -> None:
    def tested(days: int) -> BeyondUse:
        claims = tuple(one.model_copy(update={"days": days, "antimicrobial_tested": True}) for one in A.claims)
        return liquid(formula=A.model_copy(update={"claims": claims}))

    assert (tested(60).days, tested(360).days) == (60, 180)
    lost = A.model_copy(update={"claims": tuple(
        one.model_copy(update={"days": 60, "antimicrobial_tested": True}) for one in A.claims)})  # fmt: skip
    assert liquid(formula=lost, difference=replace(SAME, percent=Decimal(11), ingredient="glycerol")).days == 35


def test_a_dry_study_never_passes_180_days() -> None:
    cote = formula("capsules-cellulose")
    found = capsules(formula=cote, difference=Difference(Decimal(0), "", None), container=cote.container)
    assert found.days == 180
    assert "360 days" in found.conflicts[0]


def test_custom_needs_a_reason_and_stays_under_180_days() -> None:
    law = Custom(45, "hospital formulary 2026", "validated here")
    found = liquid(jurisdiction="custom", custom=law)
    assert (found.days, found.decided_by.note) == (45, "validated here")
    assert any("gives 35 days" in one for one in found.conflicts)
    for says_nothing in ({"reason": " "}, {"reason": "n/a"}, {"edition": ""}, {"edition": "unknown"}):
        with pytest.raises(InvalidInput, match=f"the {next(iter(says_nothing))} of the limit is"):
            replace(law, **says_nothing)
    for wrong in (None, replace(law, days=181), replace(law, days=0)):
        with pytest.raises(InvalidInput, match="custom limit"):
            liquid(jurisdiction="custom", custom=wrong)
    with pytest.raises(InvalidInput, match="needs the jurisdiction custom"):
        liquid(custom=law)


def test_unknown_names_are_suggested() -> None:
    with pytest.raises(NotFound, match="usp795_2023"):
        liquid(jurisdiction="usp795")
    with pytest.raises(NotFound, match="refrigerator"):
        liquid(storage="refridgerator")
    with pytest.raises(NotFound, match="dry"):
        capsules(kind="dryy")


def test_expiries_that_are_not_known_are_said() -> None:
    assert liquid(expiries={}, undated=["drug"]).undated == ("drug",)
    with pytest.raises(InvalidInput, match="no ingredient has an expiry"):
        liquid(expiries={})


def test_a_later_date_on_a_label_is_an_excess() -> None:
    found = liquid()
    assert found.facts()["formula.bud_excess_days"] == 0
    assert found.facts(found.on + timedelta(3))["formula.bud_excess_days"] == 3
    assert found.facts(found.on - timedelta(3))["formula.bud_excess_days"] == 0


KINDS = st.sampled_from(["aqueous-unpreserved", "aqueous-preserved", "non-aqueous-liquid", "dry"])
DIFFERENCES = st.builds(
    Difference,
    st.decimals(0, 200, places=1),
    st.just("glycerol"),
    st.none() | st.decimals(0, 2, places=2),
)


@given(
    kind=KINDS, storage=st.sampled_from(["room", "refrigerator"]), which=st.sampled_from(["formula-a", "formula-b"]),
    difference=st.none() | DIFFERENCES, container=st.sampled_from([BOTTLE, "glass"]),
    days=st.lists(st.integers(0, 900), min_size=1, max_size=4),
)  # fmt: skip
def test_never_past_a_limit_and_never_later_by_knowing_less(
    kind: str, storage: str, which: str, difference: Difference | None, container: str, days: list[int]
) -> None:
    expiries = {f"lot {number}": MADE + timedelta(one) for number, one in enumerate(days)}
    options = {"kind": kind, "storage": storage, "expiries": expiries, "formula": formula(which),
               "difference": difference, "container": container}  # fmt: skip
    ratio = difference.preservative_ratio if difference else None
    preserved = ratio is not None and ratio >= Decimal("0.8")
    if storage == "room" and (kind == "aqueous-unpreserved" or (kind == "aqueous-preserved" and not preserved)):
        with pytest.raises(InvalidInput, match="no limit for aqueous-unpreserved"):
            liquid(**options)
        return
    found = liquid(**options)
    legal = {(one.kind, one.storage): one.days for one in profiles()["usp795_2023"].limits}
    assert found.on <= min(expiries.values())
    assert found.days <= legal[(found.kind, storage)]
    assert found.on in {one.on for one in found.limits}
    if kind == "aqueous-preserved" and found.kind == kind:
        assert found.on <= liquid(**{**options, "difference": SAME, "container": BOTTLE}).on
