"""Master and Compounding Record: signed as they are, filled in, released only when every check is there."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from lowdose.audit import Professional
from lowdose.errors import InvalidInput
from lowdose.pharmacy import Batch, Excipient, SafetyStop, Supply, capsules, cream, solution
from lowdose.pharmacy.materials.formulas import formula
from lowdose.pharmacy.records.compounding_record import CompoundingRecord, read_record
from lowdose.pharmacy.records.filled import fill_in, read_filled
from lowdose.pharmacy.records.master import read_master
from lowdose.pharmacy.records.release import quality_facts, release, uniformity, variation
from lowdose.pharmacy.worksheets.view import worksheet_text
from lowdose.pharmacy.worksheets.worksheet import Keeping, Papers, papers

from ..made_up import BENCH, CELLULOSE, DAY, PHARMACIST, powder, tablets

D = Decimal
GREEN = Professional("B. Green", "technician", "T 0000001")
AT = datetime(2026, 12, 1, 9, tzinfo=UTC)
PASSES = {"outcome": "clear-of-known-rules", "exit_code": 0, "fired": [], "not_checked": [], "note": ""}
REPORT = {"laboratory": "Quality Ltd", "report": "Q-2026-81", "method": "HPLC", "on": date(2026, 12, 1)}
WHITE = Professional("D. White", "pharmacist", "GPhC 0000002")
W13 = [98, 101, 99, 102, 97, 100, 103, 96, 101, 99]


def batch(strength: str = "1.5 mg", count: int = 90, **more: Any) -> Batch:
    return capsules(
        strength, count, **{"source": powder("98.5"), "filler": CELLULOSE, "bench": BENCH, "size": "3", **more}
    )


@pytest.fixture(scope="module")
def made() -> Papers:
    return papers(batch(), lot="LDN-7").screened(PASSES).approved(PHARMACIST, AT)


def filled(record: CompoundingRecord, **changed: Any) -> dict[str, Any]:
    """A worksheet filled in as it should be."""
    weighings = [
        {"ingredient": one.ingredient, "actual": one.target, "weighed_by": str(GREEN), "checked_by": str(PHARMACIST)}
        for one in record.weighings
    ]
    return {
        "schema": "lowdose.filled/1",
        "weighings": weighings,
        "yield": 94,
        "contents": W13,
        "assay": REPORT,
        **changed,
    }


def decided(
    record: CompoundingRecord, by: Professional = PHARMACIST, at: datetime = AT, **changed: Any
) -> CompoundingRecord:
    done = fill_in(record, filled(record, **changed))
    return release(replace(done, batch_screen=PASSES), by, at)


def test_a_draft_says_so_until_a_named_professional_signs() -> None:
    draft = papers(batch(), lot="LDN-7")
    assert draft.record.standing == draft.master.standing == "DRAFT – NOT APPROVED"
    signed = draft.screened(PASSES).approved(PHARMACIST, AT)
    assert signed.record.standing == "approved by A. Brown, pharmacist, GPhC 0000000 on 2026-12-01 09:00 UTC"
    assert signed.master.is_signed
    with pytest.raises(InvalidInput, match="time zone"):
        draft.screened(PASSES).approved(PHARMACIST, datetime(2026, 12, 1))


def test_nobody_approves_what_did_not_pass_its_screen() -> None:
    draft = papers(batch(), lot="LDN-7")
    with pytest.raises(SafetyStop, match="not made"):
        draft.approved(PHARMACIST, AT)
    with pytest.raises(SafetyStop, match="incomplete"):
        draft.screened({**PASSES, "outcome": "incomplete", "exit_code": 5}).approved(PHARMACIST, AT)


def test_any_change_takes_the_signature_away(made: Papers) -> None:
    assert made.record.is_approved
    first = made.record.weighings[0]
    for changed in (
        replace(made.record, made=D(96)),
        replace(made.record, weighings=(replace(first, target=first.target * 10), *made.record.weighings[1:])),
        replace(made.record, label=()),
        replace(made.record, screen={**PASSES, "outcome": "warning"}),
    ):
        assert not changed.is_approved
    assert not replace(made.master, version=2).is_signed
    assert made.record.weighed("naltrexone hydrochloride", D(140), GREEN, PHARMACIST).is_approved


def test_records_come_back_from_json_as_they_were(made: Papers, tmp_path: Path) -> None:
    for record, read, name in ((made.record, read_record, "record"), (made.master, read_master, "master")):
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps(record.document()), encoding="utf-8")
        again = read(path)
        assert again.document() == record.document()
        assert again.digest == record.digest
    done = decided(made.record)
    path.write_text(json.dumps(done.document()), encoding="utf-8")
    assert read_record(path).is_released


def test_schemas(made: Papers) -> None:
    assert made.record.document()["schema"] == "lowdose.compounding-record/1"
    assert made.master.document()["schema"] == "lowdose.master-formulation/1"
    numbers = json.dumps(made.record.document()["weighings"])
    assert '"target": "' in numbers  # exact numbers are text


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("not json", "cannot be read as JSON"),
        ("[]", "is no lowdose.compounding-record/1"),
        ('{"schema": "lowdose.plan/1"}', "is no lowdose.compounding-record/1"),
        ('{"schema": "lowdose.compounding-record/1", "lot": "x"}', "Field required"),
    ],
)
def test_other_files_are_refused(content: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "record.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InvalidInput, match=message):
        read_record(path)
    with pytest.raises(InvalidInput):
        read_record(tmp_path / "nowhere.json")


def test_master_and_record_hold_the_same_preparation(made: Papers) -> None:
    assert made.record.master_sha256 == made.master.digest
    assert [one.ingredient for one in made.master.parts] == [one.ingredient for one in made.record.weighings]
    text = json.dumps(made.master.document())
    assert "LDN-7" not in text
    assert str(made.beyond_use.on) not in text


def test_a_signed_master_is_used_again_for_its_own_preparation_only(made: Papers) -> None:
    again = papers(batch(count=60), lot="LDN-8", master=made.master).screened(PASSES).approved(PHARMACIST, AT)
    assert again.record.master_sha256 == made.master.digest
    assert again.master.signature == made.master.signature
    with pytest.raises(InvalidInput, match="is not made by the master"):
        papers(batch("3 mg"), lot="LDN-9", master=made.master)
    with pytest.raises(InvalidInput, match="not signed"):
        papers(batch(), lot="LDN-9", master=replace(made.master, version=2))


def test_deviation(made: Papers) -> None:
    target = made.record.weighings[0].target
    record = made.record.weighed("naltrexone hydrochloride", target * D("1.01"), GREEN, PHARMACIST)
    assert record.weighings[0].deviation_percent == 1
    assert record.weighings[1].deviation_percent is None
    with pytest.raises(InvalidInput, match="has no chalk"):
        made.record.weighed("chalk", D(1), GREEN, PHARMACIST)


def test_released_when_everything_is_there(made: Papers) -> None:
    done = decided(made.record)
    assert done.release is not None
    assert (done.release.decision, done.release.reasons) == ("released", ("every check is there",))
    assert done.is_released
    assert not replace(done, yielded=D(93)).is_released
    text = worksheet_text(done)
    assert "RELEASED by A. Brown" in text
    assert "acceptance value: |99.6 − 99.6| + 2.4 × 2.22 ≈ 5.33" in text
    assert "confirm against your current edition" in text
    assert "assay: HPLC, report Q-2026-81 of Quality Ltd, 2026-12-01" in text
    assert quality_facts(done) == {"qc.av": uniformity(done).acceptance_value, "qc.potency_pct": D("99.6")}


def without(record: CompoundingRecord, name: str) -> dict[str, Any]:
    return {key: value for key, value in filled(record).items() if key != name}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"contents": []}, "weight variation, not content uniformity"),
        ({"contents": [], "weights": [91] * 10}, "no assayed contents"),
        ({"contents": [100 + (7 if n % 2 else -7) for n in range(10)]}, "20 more units"),
        ({"yield": 80}, "the yield is"),
        ({"weighings": []}, "is not weighed"),
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


def liquid(source: Any = None, **more: Any) -> Papers:
    follows = formula("formula-a")
    supplies = {one.name: Supply("L-1", date(2027, 12, 31)) for one in follows.ingredients if one.role != "active"}
    worked = solution(
        "1 mg/mL", "100 mL", source=source or tablets(None), formula=follows, bench=BENCH, supplies=supplies
    )
    return papers(worked, lot="LDN-9", **more)


def test_a_liquid_needs_its_assay() -> None:
    record = liquid().screened(PASSES).approved(PHARMACIST, AT).record
    changes = {"yield": 100, "contents": []}
    assert any("not assayed" in one for one in decided(record, **changes).release.reasons)
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


def test_no_lot_number_no_record() -> None:
    with pytest.raises(InvalidInput, match="lot number"):
        papers(batch(), lot="  ")


def test_the_worksheet_as_text(made: Papers) -> None:
    text = worksheet_text(made.record)
    for said in ("weigh", "144.7 mg", "confirm against your current USP <795>", "day of making is day 0", "LDN-7",
                 "142.5 mg ÷ 0.985 ≈ 144.670051 mg", "______", "clear-of-known-rules"):  # fmt: skip
        assert said in text
    assert "0.9035" not in text


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"weights_": [1]}, "has no 'weights_'"),
        ({"weighings": [{"ingredient": "chalk", "actual": 1, "weighed_by": str(GREEN), "checked_by": str(GREEN)}]},
         "no chalk"),
        ({"weighings": [{"ingredient": "naltrexone hydrochloride", "actual": "heap", "weighed_by": str(GREEN),
                         "checked_by": str(GREEN)}]}, "not a number"),
        ({"weighings": [{"ingredient": "naltrexone hydrochloride", "actual": 1, "weighed_by": "Green"}]},
         "three parts"),
        ({"yield": -3}, "above zero"),
        ({"assay": "HPLC"}, "not names with values"),
        ({"assay": {**REPORT, "lab": "x"}}, "has no 'lab'"),
        ({"assay": {**REPORT, "laboratory": "none"}}, "laboratory of the assay is not given"),
        ({"assay": {**REPORT, "report": "n/a"}}, "report of the assay is not given"),
        ({"assay": {**REPORT, "method": ""}}, "method of the assay is not given"),
        ({"assay": {**REPORT, "method": "weighing, analytical balance"}}, "is no assay"),
        ({"assay": {**REPORT, "on": "soon"}}, "date of the assay"),
        ({"assay": {**REPORT, "compared_by": "me, patient, none"}}, "name of the professional"),
    ],
)  # fmt: skip
def test_slips_of_the_pen(made: Papers, content: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        fill_in(made.record, content)


def test_filled_files(tmp_path: Path) -> None:
    path = tmp_path / "filled.yaml"
    path.write_text("schema: lowdose.batch/1\n", encoding="utf-8")
    with pytest.raises(InvalidInput, match="no filled-in worksheet"):
        read_filled(path)
    path.write_text("a: [", encoding="utf-8")
    with pytest.raises(InvalidInput, match="cannot be read"):
        read_filled(path)
    path.write_text("schema: lowdose.filled/1\nyield: 94\n", encoding="utf-8")
    assert read_filled(path)["yield"] == 94


def test_the_date_of_a_report_as_yaml_reads_it(made: Papers, tmp_path: Path) -> None:
    path = tmp_path / "filled.yaml"
    path.write_text(
        "schema: lowdose.filled/1\n"
        'assay: {laboratory: Quality Ltd, report: Q-81, method: HPLC, on: 2026-12-03, compared_by: "D. White, '
        'pharmacist, GPhC 0000002"}\n',
        encoding="utf-8",
    )
    assay = fill_in(made.record, read_filled(path)).assay
    assert (assay.on, assay.compared_by) == (date(2026, 12, 3), WHITE)


def test_a_bench_of_a_patient_does_not_exist() -> None:
    from lowdose.pharmacy import Balance, Bench

    with pytest.raises(SafetyStop, match="at home"):
        Bench(DAY, Balance(D(1), D("0.1")), maker="patient")


def reasons(record: CompoundingRecord, **changed: Any) -> str:
    found = decided(record, **changed).release
    assert found.decision == "withheld"
    return " ".join(found.reasons)


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


def test_only_a_pharmacist_approves_a_worksheet_and_its_master(made: Papers) -> None:
    draft = papers(batch(), lot="LDN-7").screened(PASSES)
    for who in (
        GREEN,
        Professional("C. Grey", "physician", "GMC 1"),
        Professional("E. Roe", "student pharmacist", "1"),
    ):
        with pytest.raises(SafetyStop, match="is approved by a pharmacist"):
            draft.approved(who, AT)
        with pytest.raises(SafetyStop, match="is approved by a pharmacist"):
            draft.record.approved(who, AT)
        with pytest.raises(SafetyStop, match="is approved by a pharmacist"):
            draft.master.signed(who, AT)
        forged = replace(made.record, approval=replace(made.record.approval, by=who))
        assert not forged.is_approved
        assert not replace(made.master, signature=replace(made.master.signature, by=who)).is_signed
