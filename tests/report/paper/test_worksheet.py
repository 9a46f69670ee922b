"""The worksheet of a batch: what is known of it is on the page, and on no page twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from lowdose.audit import Professional
from lowdose.pharmacy import Balance, Bench, Excipient, Lot, Powder, capsules, cream, solution
from lowdose.pharmacy.materials.formulas import formula
from lowdose.pharmacy.records.assay import Assay
from lowdose.pharmacy.worksheets.view import worksheet_text
from lowdose.pharmacy.worksheets.worksheet import Keeping, Papers, papers
from lowdose.report.paper.worksheet import worksheet_sheet

from .reading import read, squeezed, words
from .sheets import batch as labelled

CONTENTS = tuple(map(Decimal, (98, 101, 99, 102, 97, 100, 103, 96, 101, 99)))
PHARMACIST = Professional("B. White", "pharmacist", "GPhC 0000000")
GREEN = Professional("C. Green", "technician", "T 0000001")
REPORT = Assay("Quality Ltd", "Q-2026-81", "HPLC", date(2026, 12, 1), GREEN)


BENCH = Bench(date(2026, 12, 1), Balance(Decimal(1), Decimal("0.1")))
PASSES = {"outcome": "clear-of-known-rules", "exit_code": 0, "fired": [], "not_checked": [], "note": ""}


def powder(percent: str) -> Powder:
    return Powder(Lot("N-1", date(2027, 6, 30), Decimal(percent), "as-is"))


def made(count: int, percent: str, **more: Any) -> Papers:
    filler = Excipient("Avicel PH-102")
    worked = capsules("1.5 mg", count, source=powder(percent), size="3", filler=filler, bench=BENCH)
    return papers(worked, lot="LDN-7", **more)


@cache
def batch() -> Papers:
    return made(90, "98.5")


def pages(**known: object) -> str:
    one = batch()
    return words(read(worksheet_sheet(replace(one.record, **known), one.master)).pages)


@pytest.mark.parametrize("of", [{"contents": CONTENTS}, {"potency_percent": Decimal("98.7")}])
def test_the_report_of_the_assay_is_printed(of: dict[str, object]) -> None:
    said = pages(**of, assay=REPORT)
    assert REPORT.words in said
    assert "held against the report by C. Green, technician, T 0000001" in said
    assert "none: what was written down as assayed settles nothing" in pages(**of)
    assert "Report of the assay" not in pages()


def test_yield_and_potency_are_printed_as_the_text_has_them() -> None:
    known = {"yielded": Decimal(94), "potency_percent": Decimal("98.70"), "assay": REPORT}
    said, text = pages(**known), worksheet_text(replace(batch().record, **known))
    for line in ("94 of 95 capsules (98.9 %)", "98.7 % of the label"):
        assert line in said
        assert line in text
    assert "Yield and tests" not in pages()


def test_what_was_weighed_is_printed_with_its_deviation() -> None:
    record = batch().record
    first = record.weighings[0]
    record = record.weighed(first.ingredient, first.target * Decimal("1.02"), GREEN, PHARMACIST)
    said = squeezed(words(read(worksheet_sheet(record, batch().master)).pages))
    assert "2%C.GreenB.White" in said


def test_nobody_takes_the_volume_of_the_whole_for_an_amount_of_water() -> None:
    bench = Bench(date(2026, 12, 1), Balance(Decimal(1), Decimal("0.1")))
    source = Powder(Lot("N-1", date(2027, 6, 30), Decimal("98.5"), "as-is"))
    liquid = papers(
        solution("1 mg/mL", "250 mL", source=source, formula=formula("formula-a"), bench=bench), lot="LDN-8"
    )
    said = words(read(worksheet_sheet(liquid.record, liquid.master)).pages)
    assert "make up to 250 mL" in said
    assert "make up to 1250 mg" not in said


def test_a_record_is_filed_without_the_page_of_its_master() -> None:
    made = batch()
    assert "Master Formulation Record" in words(read(worksheet_sheet(made.record, made.master)).pages)
    assert "Master Formulation Record" not in words(read(worksheet_sheet(made.record)).pages)


def test_every_unit_and_the_screen_of_the_batch_are_printed() -> None:
    weights = tuple(map(Decimal, (90, 90, 91, 89, 90, 92, 88, 90, 91, 90)))
    found = {"outcome": "incomplete", "fired": [], "not_checked": [], "note": ""}
    known = {"contents": CONTENTS, "weights_mg": weights, "assay": REPORT, "batch_screen": found}
    for said in (pages(**known), worksheet_text(replace(batch().record, **known))):
        assert "98, 101, 99, 102, 97, 100, 103, 96, 101, 99 % of the label" in said
        assert "90, 90, 91, 89, 90, 92, 88, 90, 91, 90 mg" in said
        assert "utcome: incomplete" in said
    assert "Safety screen of the batch" not in pages()


def test_a_weight_of_one_batch_stands_on_its_record_and_on_no_page_of_the_master() -> None:
    master = batch().screened(PASSES).approved(PHARMACIST, datetime(2026, 12, 1, 9, tzinfo=UTC)).master
    record = made(60, "99.1", master=master).record
    pages_of = [words([page]) for page in read(worksheet_sheet(record, master)).pages]
    first = next(number for number, page in enumerate(pages_of) if "Amounts for" in page)
    ours, masters = " ".join(pages_of[:first]), " ".join(pages_of[first:])
    for one in (*record.weighings, *batch().record.weighings):
        assert f"{one.target} {one.unit}" not in masters
    for one in record.weighings:
        assert f"{one.target} {one.unit}" in ours
    assert "1.5 mg of the hydrochloride" in masters
    assert "stands on its Compounding Record" in masters


def test_a_cream_says_once_that_it_is_not_dose_equivalent() -> None:
    base = Excipient("cream base B", stated_release="immediate")
    worked = cream("4.5 mg", "0.5 mL", 30, source=powder("98.5"), base=base, bench=BENCH)
    one = papers(worked, lot="LDN-7", keeping=Keeping(kind="non-aqueous-liquid"))
    assert words(read(worksheet_sheet(one.record, one.master)).pages).count("dose-equivalent") == 1
    assert worksheet_text(one.record).count("dose-equivalent") == 1


def test_the_label_of_the_batch_stands_on_its_record_as_it_will_be_printed() -> None:
    found = labelled(with_doses=True)
    said = squeezed(words(read(worksheet_sheet(found.record, found.master)).pages))
    assert any(line.startswith("Take 3 mg") for line in found.record.label)
    assert all(squeezed(line) in said for line in found.record.label)
