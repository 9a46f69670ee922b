"""Master and Compounding Record: signed as they are, and read back as they were."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from lowdose.audit import Professional
from lowdose.errors import InvalidInput
from lowdose.pharmacy import SafetyStop
from lowdose.pharmacy.records.compounding_record import read_record
from lowdose.pharmacy.records.master import read_master
from lowdose.pharmacy.worksheets.view import worksheet_text
from lowdose.pharmacy.worksheets.worksheet import Papers, papers

from ..made_up import DAY, PHARMACIST
from .batches import (
    AT,
    GREEN,
    PASSES,
    WHITE,
    D,
    batch,
    decided,
)


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
    other = replace(made.record.approval, by=WHITE)  # a pharmacist too, who never saw it
    assert not replace(made.record, approval=other).is_approved
    assert not replace(made.master, signature=other).is_signed
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


def test_no_lot_number_no_record() -> None:
    with pytest.raises(InvalidInput, match="lot number"):
        papers(batch(), lot="  ")


def test_the_worksheet_as_text(made: Papers) -> None:
    text = worksheet_text(made.record)
    for said in ("weigh", "144.7 mg", "confirm against your current USP <795>", "day of making is day 0", "LDN-7",
                 "142.5 mg ÷ 0.985 ≈ 144.670051 mg", "______", "clear-of-known-rules"):  # fmt: skip
        assert said in text
    assert "0.9035" not in text


def test_a_bench_of_a_patient_does_not_exist() -> None:
    from lowdose.pharmacy import Balance, Bench

    with pytest.raises(SafetyStop, match="at home"):
        Bench(DAY, Balance(D(1), D("0.1")), maker="patient")


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


def test_every_limit_of_the_date_is_told_with_its_edition_and_its_provenance(made: Papers) -> None:
    text = worksheet_text(made.record)
    for limit in made.beyond_use.limits:
        (line,) = [one for one in text.splitlines() if f" {limit.what}: to {limit.on}" in one]
        assert limit.edition in line
        assert limit.source in line
        assert f"({limit.provenance}" in line
    assert f"Container: {made.record.container}" in text
