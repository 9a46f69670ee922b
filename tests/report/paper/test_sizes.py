"""Type that can be read: measured in the PDF, for one dose and for many."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from lowdose.errors import InvalidInput
from lowdose.pharmacy import Balance, Bench, Excipient, Lot, Powder, Supply
from lowdose.pharmacy.worksheets.making import Making
from lowdose.pharmacy.worksheets.titration import Titration, titration
from lowdose.plan import approve
from lowdose.plan.outgoing.ordering import order
from lowdose.plan.surgery import wallet_card
from lowdose.report.paper.label import label_sheet
from lowdose.report.paper.sheet import Sheet, of_plan
from lowdose.report.paper.wallet import wallet_sheet
from tests.plan.people import BY, MADE, real
from tests.report.paper.examples import AT
from tests.report.paper.reading import read, sizes, words
from tests.report.paper.sheets import ALL

LATE = date(2028, 6, 30)
MAKING = Making(
    Powder(Lot("N-1", LATE, Decimal("98.5"), "as-is")),
    Bench(MADE, Balance(Decimal(1), Decimal("0.1"))),
    filler=Excipient("Avicel PH-102", Supply("C-9", LATE)),
)
READABLE, ON_A_CARD = 7.0, 6.5


def capsules(name: str) -> Titration:
    plan = approve(real(name), BY, AT)
    return titration(order(plan, "capsules")[0], MAKING, form="capsules", lot="LDN-7")


def labels(found: Titration) -> Sheet:
    every = [label for papers in found.papers for label in papers.labels]
    return label_sheet(every, of_plan(approve(real("standard"), BY, AT)), made=MADE)


@pytest.mark.parametrize("name", ALL)
def test_no_letter_of_any_document_is_too_small_to_read(name):
    sheet = ALL[name]()
    assert min(sizes(sheet)) >= (ON_A_CARD if sheet.kind == "wallet-card" else READABLE)


@pytest.mark.parametrize("name", ["standard", "HPI-0.5", "IBS-ULD"])
def test_a_label_is_readable_however_many_doses_are_on_it(name):
    found = capsules(name)
    sheet = labels(found)
    assert min(sizes(sheet)) >= READABLE
    said = words(read(sheet).pages)
    for papers in found.papers:
        label = papers.labels[0]
        assert label.title in said
        assert all(one.taken([label.items[0].strength]) in said for one in label.directions)


def test_two_bottles_of_one_medicine_differ_in_their_first_line_and_never_give_a_dose_twice():
    sheet = labels(capsules("HPI-0.5"))
    said = words(read(sheet).pages)
    assert "naltrexone hydrochloride 2 mg capsules" in said
    assert "naltrexone hydrochloride 0.5 mg capsules" in said
    assert said.count("1 capsule from this bottle, with 1 capsule from the 2 mg bottle: together 2.5 mg") == 1
    assert said.count("1 capsule from this bottle, with 1 capsule from the 0.5 mg bottle: together 2.5 mg") == 1
    assert "2.5 mg (" not in said


def test_a_label_has_lines_for_name_and_pharmacy_and_dates_as_people_read_them():
    said = words(read(labels(capsules("standard"))).pages)
    assert "Patient (P-017)" in said
    assert "Pharmacy, telephone" in said
    assert "1 Dec 2026 to 14 Dec 2026" in said
    assert "2026-12-14" not in said


def test_more_doses_than_a_label_holds_in_readable_type_are_refused():
    (papers, *_) = capsules("HPI-0.5").papers
    label = papers.labels[0]
    sheet = label_sheet([replace(label, directions=label.directions * 20)], of_plan(approve(real("standard"), BY, AT)),
                        made=MADE)  # fmt: skip
    with pytest.raises(InvalidInput, match="does not fit in type that can be read") as stop:
        sizes(sheet)
    assert "shorter fills" in stop.value.remedy


@pytest.mark.parametrize("size", ["card", "a4"])
@pytest.mark.parametrize("name", ["standard", "HPI-0.5", "IBS-ULD"])
def test_a_wallet_card_is_readable(name, size):
    sheet = wallet_sheet(wallet_card(approve(real(name), BY, AT)), made=MADE, size=size)
    assert min(sizes(sheet)) >= ON_A_CARD
    assert len(read(sheet).pages) == sheet.pages
