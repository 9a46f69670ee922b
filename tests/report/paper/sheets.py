"""Every document there is, made from the examples: approved, and as a draft where a draft can be had."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import cache

from lowdose.opioids import Setting
from lowdose.pharmacy import (
    Balance,
    Bench,
    Excipient,
    Lot,
    Powder,
    Supply,
    Tablets,
    capsules,
    cream,
    solution,
)
from lowdose.pharmacy.materials.formulas import formula
from lowdose.pharmacy.supply.dispensing import DoseStep, dispense
from lowdose.pharmacy.worksheets.prescription import directions, prescription_draft
from lowdose.pharmacy.worksheets.worksheet import Keeping, Papers, papers
from lowdose.plan import protocol
from lowdose.plan.surgery import EmergencyPage, SurgeryPlan, WalletCard, surgery_plan
from lowdose.plan.surgery.cards import emergency_page, wallet_card
from lowdose.report.paper.consent import consent_before_plan, consent_sheet
from lowdose.report.paper.emergency import emergency_sheet
from lowdose.report.paper.label import label_sheet
from lowdose.report.paper.leaflet import leaflet_sheet
from lowdose.report.paper.plan_page import plan_sheet
from lowdose.report.paper.prescription import prescription_sheet
from lowdose.report.paper.sheet import Sheet, of_plan
from lowdose.report.paper.surgery import surgery_sheet
from lowdose.report.paper.wallet import wallet_sheet
from lowdose.report.paper.worksheet import worksheet_sheet
from lowdose.spoken import short_date
from tests.report.paper.examples import AT, PHARMACIST, approved, draft

TODAY = date(2026, 12, 1)


@cache
def card() -> WalletCard:
    return wallet_card(approved())


@cache
def page() -> EmergencyPage:
    moment = datetime(2027, 1, 21, 9)
    return emergency_page(draft(), last_taken=datetime(2027, 1, 20, 22), now=moment, setting=Setting(people=20))


@cache
def operation() -> SurgeryPlan:
    return surgery_plan(draft(), at=datetime(2027, 2, 10, 8), now=datetime(2027, 1, 21, 9), setting=Setting(people=20))


@cache
def batch(with_doses: bool = False) -> Papers:
    """Ninety capsules of 1.5 mg; with the doses of the approved plan on the label, or without any."""
    taken = Powder(Lot("N-1", date(2027, 6, 30), Decimal("98.5"), "as-is"))
    filler = Excipient("Avicel PH-102", Supply("C-8", date(2027, 3, 1)))
    bench = Bench(TODAY, Balance(Decimal(1), Decimal("0.1")))
    made = capsules("1.5 mg", 90, source=taken, size="3", filler=filler, bench=bench)
    if not with_doses:
        return papers(made, lot="LDN-7")
    plan = approved()
    steps = [DoseStep(step.dose_mg, plan.days_of(step), step.per_day) for step in plan.steps]
    dispensed = dispense(steps, form="capsules")
    said = directions(dispensed, ["at bedtime"] * len(steps))
    return papers(made, lot="LDN-7", dispensed=dispensed, directions=said, approved_by=plan.standing)


def worksheet(is_approved: bool) -> Sheet:
    made = batch()
    record = made.record.approved(PHARMACIST, AT) if is_approved else made.record
    return worksheet_sheet(record, made.master, reviewed=False)


def other_worksheet(form: str) -> Sheet:
    """Of 250 mL of the published solution, or of a cream."""
    bench = Bench(TODAY, Balance(Decimal(1), Decimal("0.1")))
    if form == "solution":
        tablets = Tablets(Supply("T-5", date(2027, 6, 30)))
        made = papers(
            solution("1 mg/mL", "250 mL", source=tablets, formula=formula("formula-a"), bench=bench), lot="LDN-8"
        )
    else:
        powder = Powder(Lot("N-1", date(2027, 6, 30), Decimal(100), "as-is"))
        base = Excipient("cream base B", stated_release="immediate")
        keeping = Keeping(kind="aqueous-unpreserved", storage="refrigerator")
        made = papers(
            cream("4.5 mg", "0.5 mL", 30, source=powder, base=base, bench=bench), lot="LDN-9", keeping=keeping
        )
    return worksheet_sheet(made.record, made.master, reviewed=False)


def prescription() -> Sheet:
    plan = approved()
    steps = [DoseStep(step.dose_mg, plan.days_of(step), step.per_day) for step in plan.steps]
    dispensed = dispense(steps, form="capsules")
    said = directions(dispensed, ["at bedtime"] * 3, whens=[f"from {short_date(step.first)}" for step in plan.steps])
    made = prescription_draft(dispensed, said, patient=plan.patient, start=plan.start, made_on=plan.made_on,
                              approved_by=plan.standing, plan_sha256=plan.digest, form="capsules")  # fmt: skip
    return prescription_sheet(made, reviewed=False)


APPROVED: dict[str, Callable[[], Sheet]] = {
    "plan": lambda: plan_sheet(approved()),
    "consent": lambda: consent_sheet(approved(), condition="fibromyalgia"),
    "leaflet": lambda: leaflet_sheet(approved()),
    "worksheet": lambda: worksheet(True),
    "label": lambda: label_sheet(batch(with_doses=True).labels, of_plan(approved()), made=TODAY, reviewed=False),
    "prescription": prescription,
    "wallet-card": lambda: wallet_sheet(card(), made=TODAY),
    "wallet-card to cut": lambda: wallet_sheet(card(), made=TODAY, size="a4"),
}
DRAFTS: dict[str, Callable[[], Sheet]] = {
    "plan": lambda: plan_sheet(draft()),
    "consent": lambda: consent_sheet(draft(), condition="fibromyalgia"),
    "consent without a condition": lambda: consent_sheet(draft()),
    "consent before a plan": lambda: consent_before_plan(protocol("standard"), made=TODAY, condition="fibromyalgia"),
    "worksheet": lambda: worksheet(False),
    "worksheet of a solution": lambda: other_worksheet("solution"),
    "worksheet of a cream": lambda: other_worksheet("cream"),
    "emergency": lambda: emergency_sheet(page(), made=date(2027, 1, 21)),
    "surgery": lambda: surgery_sheet(operation(), made=date(2027, 1, 21)),
}
ALL = {f"{name}, {standing}": make for standing, some in (("approved", APPROVED), ("draft", DRAFTS))
       for name, make in some.items()}  # fmt: skip
