"""A batch leaves only when every check is there, and a second person looked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from lowdose.audit import Professional
from lowdose.errors import InvalidInput
from lowdose.pharmacy import Excipient, Supply, cream, solution
from lowdose.pharmacy.materials.formulas import formula
from lowdose.pharmacy.records.compounding_record import CompoundingRecord
from lowdose.pharmacy.records.filled import fill_in
from lowdose.pharmacy.records.release import quality_facts, release, uniformity, variation
from lowdose.pharmacy.worksheets.view import worksheet_text
from lowdose.pharmacy.worksheets.worksheet import Keeping, Papers, papers

from ..made_up import BENCH, COARSE, PHARMACIST, powder, tablets
from .batches import (
    AT,
    GREEN,
    PASSES,
    REPORT,
    W13,
    WHITE,
    D,
    batch,
    decided,
    filled,
    without,
)


def liquid(source: Any = None, **more: Any) -> Papers:
    follows = formula("formula-a")
    supplies = {one.name: Supply("L-1", date(2027, 12, 31)) for one in follows.ingredients if one.role != "active"}
    worked = solution(
        "1 mg/mL", "100 mL", source=source or tablets(None), formula=follows, bench=BENCH, supplies=supplies
    )
    return papers(worked, lot="LDN-9", **more)


def reasons(record: CompoundingRecord, **changed: Any) -> str:
    found = decided(record, **changed).release
    assert found.decision == "withheld"
    return " ".join(found.reasons)


def test_released_when_everything_is_there(made: Papers) -> None:
    done = decided(made.record)
    assert done.release is not None
    assert (done.release.decision, done.release.reasons) == ("released", ("every check is there",))
    assert done.is_released
    assert not replace(done, yielded=D(93)).is_released
    for stolen in (replace(done.release, by=WHITE), replace(done.release, reasons=("looks fine",))):
        assert not replace(done, release=stolen).is_released
    text = worksheet_text(done)
    assert "RELEASED by A. Brown" in text
    assert "acceptance value: |99.6 − 99.6| + 2.4 × 2.22 ≈ 5.33" in text
    assert "confirm against your current edition" in text
    assert "assay: HPLC, report Q-2026-81 of Quality Ltd, 2026-12-01" in text
    assert quality_facts(done) == {"qc.av": uniformity(done).acceptance_value, "qc.potency_pct": D("99.6")}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"contents": []}, "weight variation, not content uniformity"),
        ({"contents": [], "weights": [91] * 10}, "no assayed contents"),
        ({"contents": [100 + (7 if n % 2 else -7) for n in range(10)]}, "20 more units"),
        ({"yield": 80}, "the yield is"),
        ({"weighings": []}, "is not weighed"),
        ({"yield": 96}, "96 capsules came of 95 shells"),
    ],
)
def test_withheld_when_something_is_missing(made: Papers, change: dict[str, Any], reason: str) -> None:
    done = decided(made.record, **change)
    assert done.release.decision == "withheld"
    assert any(reason in one for one in done.release.reasons)
    assert not done.is_released


def test_weights_alone_never_release_and_can_reject(made: Papers) -> None:
    fill = round(made.record.fill_mg, 2)
    good = decided(made.record, contents=[], weights=[fill] * 10)
    assert good.release.decision == "withheld"
    assert not variation(good).rejects
    bad = decided(made.record, weights=[*[fill] * 9, fill * D("1.2")])
    assert bad.release.decision == "rejected"
    assert "weight variation, not content uniformity" in bad.release.reasons[0]


def test_assays_reject(made: Papers) -> None:
    assert decided(made.record, contents=[*W13[:9], 0]).release.decision == "rejected"
    assert decided(made.record, contents=[85] * 10).release.decision == "rejected"


@pytest.mark.parametrize(
    ("weigher", "checker", "released"),
    [(GREEN, PHARMACIST, True), (GREEN, WHITE, True), (WHITE, GREEN, True), (GREEN, GREEN, False),
     (PHARMACIST, GREEN, False), (Professional("a brown", "technician", "T 9"), GREEN, False),
     (Professional("Another Name", "technician", "gphc0000000"), GREEN, False),
     (GREEN, Professional("b. green", "pharmacist", "GPhC 9"), False),
     (GREEN, Professional("Another Name", "technician", "t 0000001"), False)],
)  # fmt: skip
def test_a_second_person_checks(made: Papers, weigher: Professional, checker: Professional, released: bool) -> None:
    given = filled(made.record)
    for one in given["weighings"]:
        one.update(weighed_by=str(weigher), checked_by=str(checker))
    done = release(replace(fill_in(made.record, given), batch_screen=PASSES), PHARMACIST, AT)
    assert done.is_released == released


@pytest.mark.parametrize(("share", "released"), [("1.05", True), ("1.051", False), ("0.949", False)])
def test_a_weight_too_far_off(made: Papers, share: str, released: bool) -> None:
    given = filled(made.record)
    given["weighings"][0]["actual"] = made.record.weighings[0].target * D(share)
    assert release(replace(fill_in(made.record, given), batch_screen=PASSES), PHARMACIST, AT).is_released == released


def test_who_decides_when_and_on_what(made: Papers) -> None:
    assert decided(made.record, by=GREEN).release.decision == "withheld"
    late = datetime(2028, 1, 1, tzinfo=UTC)
    assert any("has passed" in one for one in decided(made.record, at=late).release.reasons)
    draft = papers(batch(), lot="LDN-7").screened(PASSES).record
    assert {"the worksheet is not approved", "the Master Formulation Record is not signed"} <= set(
        decided(draft).release.reasons
    )
    tampered = replace(made.record, screen={**PASSES, "outcome": "incomplete", "exit_code": 5})
    assert "the safety screen of the formula: incomplete" in decided(tampered).release.reasons
    unscreened = release(fill_in(made.record, filled(made.record)), PHARMACIST, AT)
    assert "the safety screen of the batch: not made" in unscreened.release.reasons
    blocked = {**PASSES, "outcome": "block", "exit_code": 5, "fired": [{"id": "CMP-008", "severity": "block"}]}
    done = release(replace(fill_in(made.record, filled(made.record)), batch_screen=blocked), PHARMACIST, AT)
    assert done.release.decision == "rejected"
    with pytest.raises(InvalidInput, match="time zone"):
        release(made.record, PHARMACIST, datetime(2026, 12, 1))


def test_a_liquid_needs_its_assay() -> None:
    record = liquid().screened(PASSES).approved(PHARMACIST, AT).record
    changes = {"yield": 100, "contents": []}
    assert any("write potency: and assay: into the filled" in one for one in decided(record, **changes).release.reasons)
    for count in (1, 10):
        with pytest.raises(InvalidInput, match="oral suspension has no contents of single units") as caught:
            fill_in(record, {"contents": [99] * count})
        assert "potency: 99" in str(caught.value)
    assert decided(record, **changes, potency=D("98.7")).is_released
    assert decided(record, **changes, potency=D("111")).release.decision == "rejected"
    without_report = fill_in(record, {"potency": "98.7"})
    assert quality_facts(without_report) == {"qc.av": "not applicable"}
    settled = {"qc.av": "not applicable", "qc.potency_pct": D("98.7")}
    assert quality_facts(fill_in(without_report, {"assay": REPORT})) == settled
    filled_in = filled(record, **changes, potency=D("98.7"))
    del filled_in["assay"]
    done = release(replace(fill_in(record, filled_in), batch_screen=PASSES), PHARMACIST, AT)
    assert any("has no report" in one for one in done.release.reasons)


def test_an_expiry_that_is_not_known_withholds() -> None:
    bare = papers(batch(filler=Excipient("microcrystalline cellulose")), lot="LDN-7")
    assert bare.beyond_use.undated == ("microcrystalline cellulose",)
    done = decided(bare.screened(PASSES).approved(PHARMACIST, AT).record)
    assert "no expiry is known of microcrystalline cellulose" in done.release.reasons
    assert "formula.bud_excess_days" not in bare.record.facts  # not known, so the rule cannot be settled


def test_powder_for_tablets_is_not_the_formula_that_was_studied() -> None:
    assert liquid(keeping=Keeping("nz_fawcett")).beyond_use.days == 60
    with pytest.raises(InvalidInput, match="not the same formula"):
        liquid(powder(), keeping=Keeping("nz_fawcett"))
    assert liquid(powder()).beyond_use.days == 35


def test_nobody_calls_a_liquid_dry() -> None:
    with pytest.raises(InvalidInput, match="is aqueous-preserved, not dry"):
        liquid(keeping=Keeping(kind="dry"))
    with pytest.raises(InvalidInput, match="is dry, not non-aqueous-liquid"):
        papers(batch(), lot="LDN-7", keeping=Keeping(kind="non-aqueous-liquid"))
    assert liquid(keeping=Keeping(kind="aqueous-unpreserved")).beyond_use.days == 14
    base = Excipient("cream base B", Supply("V-1", date(2027, 12, 31)), stated_release="immediate")
    worked = cream("4.5 mg", "0.5 mL", 30, source=powder(), base=base, bench=BENCH)
    for kind in (None, "dry"):
        with pytest.raises(InvalidInput, match="whether this cream holds water"):
            papers(worked, lot="LDN-7", keeping=Keeping(kind=kind))
    assert papers(worked, lot="LDN-7", keeping=Keeping(kind="non-aqueous-liquid")).beyond_use.days == 90


def test_not_decided_before_it_is_made(made: Papers) -> None:
    early = decided(made.record, at=datetime(2026, 11, 30, tzinfo=UTC))
    assert early.release.decision == "withheld"


def test_nothing_is_released_on_its_last_day_or_after(made: Papers) -> None:
    last = datetime(2027, 3, 1, 12, tzinfo=UTC)
    assert made.beyond_use.on == last.date()
    assert decided(made.record, at=datetime(2027, 2, 28, 12, tzinfo=UTC)).is_released
    assert any("no day is left" in one for one in decided(made.record, at=last).release.reasons)
    assert any("has passed" in one for one in decided(made.record, at=datetime(2027, 3, 2, tzinfo=UTC)).release.reasons)


def test_facts_for_the_rules(made: Papers) -> None:
    facts = made.record.facts
    assert facts["formula.fillers"] == ["microcrystalline cellulose"]
    assert facts["plan.max_dose_mg"] == D("1.5")
    assert facts["formula.maker"] == "pharmacy"
    assert facts["formula.bud_excess_days"] == 0
    assert facts["formula.preservative_ratio"] == "not applicable"
    assert facts["label.trailing_zero"] is False
    wet = liquid().record.facts
    assert (wet["formula.aqueous"], wet["formula.preservative_ratio"], wet["formula.max_deviation_pct"]) == (True, 1, 0)


def test_contents_without_a_report_settle_nothing(made: Papers) -> None:
    bare = fill_in(made.record, without(made.record, "assay"))
    assert quality_facts(bare) == {}
    done = release(replace(bare, batch_screen=PASSES), PHARMACIST, AT)
    assert done.release.decision == "withheld"
    assert "laboratory, report, method and date settle rule CMP-008" in done.release.reasons[0]


def test_weights_that_are_typed_in_as_contents(made: Papers) -> None:
    weights = [D("90.6") + D(n) / 10 for n in range(-5, 5)]
    assert abs(made.record.fill_mg - D("90.6")) < D("0.1")
    assert "they may be weights" in reasons(made.record, contents=weights)
    assert quality_facts(fill_in(made.record, filled(made.record, contents=weights))) == {}
    compared = {**REPORT, "compared_by": str(WHITE)}
    assert decided(made.record, contents=weights, assay=compared).is_released
    own = {**REPORT, "compared_by": str(PHARMACIST)}
    assert "a second person holds them against the report" in reasons(made.record, contents=weights, assay=own)


@pytest.mark.parametrize("on", [date(2026, 11, 30), date(2026, 12, 2)])
def test_a_report_is_of_this_batch(made: Papers, on: date) -> None:
    assert "the report of the assay is of" in reasons(made.record, assay={**REPORT, "on": on})


def test_nothing_is_released_of_which_a_lot_is_not_known(made: Papers) -> None:
    given = filled(made.record)
    shells = given["weighings"][-1]
    assert decided(made.record, weighings=given["weighings"]).is_released
    bare = [*given["weighings"][:-1], {name: value for name, value in shells.items() if name not in ("lot", "expiry")}]
    told = reasons(made.record, weighings=bare)
    assert "the lot of size 3 capsule shells is not filled in" in told
    assert "the expiry of size 3 capsule shells is not filled in" in told
    early = [*given["weighings"][:-1], {**shells, "expiry": date(2027, 2, 28)}]
    assert "expires on 2027-02-28, before the beyond-use date 2027-03-01" in reasons(made.record, weighings=early)


def test_a_triturate_of_the_day_needs_no_lot_of_its_own() -> None:
    diluted = papers(batch("0.1 mg", 30, bench=COARSE), lot="LDN-7").screened(PASSES).approved(PHARMACIST, AT).record
    given = filled(diluted, **{"yield": 31})
    for weighing, one in zip(given["weighings"], diluted.weighings, strict=True):
        weighing["into"] = one.into
        if one.role == "aliquot":
            del weighing["lot"], weighing["expiry"]
    done = release(replace(fill_in(diluted, given), batch_screen=PASSES), PHARMACIST, AT)
    assert done.is_released, done.release.reasons
    assert "made here" in worksheet_text(done)
