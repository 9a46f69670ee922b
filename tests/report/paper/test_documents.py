"""Every document: what stands on each, what is never on one, and that paper shows what the data say."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from decimal import Decimal
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest
import textstat
from pypdf import PdfReader

import lowdose.report.paper as paper
from lowdose.audit import NOT_APPROVED
from lowdose.pharmacy.records.release import uniformity, variation
from lowdose.plan import NotApproved, approve
from lowdose.report.paper import press
from lowdose.report.paper.blocks import Callout, Paragraph
from lowdose.report.paper.label import label_sheet
from lowdose.report.paper.leaflet import leaflet_sheet
from lowdose.report.paper.note import WIDTH, chart_note
from lowdose.report.paper.plan_page import plan_sheet
from lowdose.report.paper.sheet import KINDS, LOWER_TOLERANCE, Sheet, of_plan, states_amount
from lowdose.report.paper.wallet import wallet_sheet
from lowdose.report.paper.worksheet import worksheet_sheet
from lowdose.report.shell import text
from tests.plan.people import BY as PRESCRIBER
from tests.plan.people import real
from tests.report.paper.examples import AT, approved, changed, draft, sealed
from tests.report.paper.reading import read, squeezed, words
from tests.report.paper.sheets import ALL, APPROVED, DRAFTS, TODAY, batch, card

INTENDED_USE = " ".join(text("intended_use.txt").split())
PAGES = {"plan": 1, "prescription": 1, "emergency": 1, "surgery": 1, "wallet-card": 4, "wallet-card to cut": 1}
HIGHEST_GRADE = 8.0


@cache
def bytes_of(name: str) -> bytes:
    return press.pdf(ALL[name]())


def document(name: str) -> PdfReader:
    return PdfReader(io.BytesIO(bytes_of(name)))


@cache
def pages_of(name: str) -> tuple[str, ...]:
    """The words of each page."""
    return tuple(words([page]) for page in document(name).pages)


def said_in(name: str) -> str:
    return " ".join(pages_of(name))


@pytest.fixture(scope="module", params=ALL)
def printed(request: pytest.FixtureRequest) -> tuple[str, Sheet, PdfReader]:
    return request.param, ALL[request.param](), document(request.param)


def test_only_inter_is_embedded(printed):
    _, _, pdf = printed
    fonts = set()
    for page in pdf.pages:
        for font in page["/Resources"]["/Font"].values():
            held = font.get_object()
            fonts.add(held["/BaseFont"])
            inside = held["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            assert "/FontFile2" in inside or "/FontFile3" in inside
    assert fonts
    assert all(re.fullmatch(r"/[A-Z]{6}\+Inter-(Regular|Italic|SemiBold|Bold)(-Identity-H)?", font) for font in fonts)


def test_it_is_tagged_titled_and_has_a_language(printed):
    _, sheet, pdf = printed
    root = pdf.trailer["/Root"]
    assert root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"]
    assert pdf.metadata.title.replace("\u00a0", " ") == sheet.title
    assert pdf.metadata.creation_date.date() == sheet.made
    assert "<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data().decode()


OVERLEAF = ("More doses overleaf.", "More tests and visits overleaf.")


def test_every_word_of_the_data_is_on_paper(printed):
    name, sheet, _ = printed
    whole = squeezed(said_in(name))
    for each in sheet.words():
        assert squeezed(each) in whole or is_not_always_printed(each), each


def is_not_always_printed(text: str) -> bool:
    """Words that stand for a picture are read aloud; a table says that it goes on overleaf only where it does."""
    return text.startswith(("Calendar. Doses begin", "Predicted share of opioid receptors")) or text in OVERLEAF


def test_every_word_stands_inside_the_page(printed):
    _, _, pdf = printed
    for page in pdf.pages:
        places: list[tuple[float, float]] = []
        page.extract_text(visitor_text=lambda said, cm, tm, font, size, places=places: said.strip()
                          and places.append((tm[4] * cm[0] + cm[4], tm[5] * cm[3] + cm[5])))  # fmt: skip
        wide, high = float(page.mediabox.width), float(page.mediabox.height)
        assert places
        assert all(-1 <= x <= wide and -1 <= abs(y) <= high for x, y in places)


def test_intended_use_is_printed_once(printed):
    assert said_in(printed[0]).count(INTENDED_USE) == 1


def test_every_page_says_how_it_stands(printed):
    name, sheet, _ = printed
    pages = pages_of(name)
    for number, said in enumerate(pages, start=1):
        assert press.not_reviewed() in said
        assert f"{number} of {len(pages)}" in said
        assert press.short(sheet.digest) in said
        if sheet.approval is None:
            assert said.count(NOT_APPROVED) == 2  # the banner, and across the page
        elif sheet.size == "a4":
            assert sheet.approval.sentence in said
            assert NOT_APPROVED not in said
    if sheet.approval is not None:
        assert sheet.approval.sentence in said_in(name)
        assert re.search(r"(GMC|GPhC) 0000000 on", sheet.approval.sentence)


def test_it_has_the_pages_that_were_promised(printed):
    name, sheet, pdf = printed
    kind = name.rpartition(", ")[0]
    if kind in PAGES:
        assert len(pdf.pages) == PAGES[kind] == sheet.pages
    elif sheet.kind == "leaflet":
        assert len(pdf.pages) <= sheet.pages == 4
    if sheet.size == "card":
        assert [round(float(size) / 72 * 25.4, 1) for size in pdf.pages[0].mediabox[2:]] == [85.6, 54.0]


@pytest.mark.parametrize("name", ALL)
def test_equal_data_give_equal_bytes(name):
    assert press.pdf(ALL[name]()) == bytes_of(name)


def test_a_leaflet_is_a_draft_while_nobody_reviewed_the_rules(monkeypatch):
    assert all(re.search(r"\bDRAFT\b", page) for page in pages_of("leaflet, approved"))
    monkeypatch.setattr(press, "is_reviewed", lambda: True)
    reviewed = Sheet("leaflet", "Your medicine", made=TODAY, approval=of_plan(approved()))
    assert "DRAFT" not in words(read(reviewed).pages)
    assert press.not_reviewed() not in words(read(reviewed).pages)


def test_a_prescription_is_marked_unsigned():
    assert said_in("prescription, approved").count(press.UNSIGNED) == 2


# ---- no dose that nobody approved --------------------------------------------------------------------------------


def test_every_builder_and_every_kind_is_looked_at_here():
    builders = {
        name
        for module in iter_modules(paper.__path__, "lowdose.report.paper.")
        for name, value in vars(import_module(module.name)).items()
        if name.endswith("_sheet") and getattr(value, "__module__", "") == module.name
    }
    known = ("plan", "consent", "leaflet", "worksheet", "label", "prescription", "wallet", "emergency", "surgery")
    assert builders == {f"{name}_sheet" for name in known}
    assert {make().kind for make in ALL.values()} | {"note"} == set(KINDS)


@pytest.mark.parametrize("plan", [draft, changed], ids=["never approved", "changed afterwards"])
def test_leaflet_and_label_refuse_a_plan_that_is_not_approved(plan):
    with pytest.raises(NotApproved) as stop:
        leaflet_sheet(plan())
    assert stop.value.exit_code == 5
    with pytest.raises(NotApproved):
        label_sheet(batch().labels, of_plan(plan()), made=TODAY)


def test_a_wallet_card_refuses_what_is_not_approved():
    for size in ("card", "a4"):
        with pytest.raises(NotApproved):
            wallet_sheet(replace(card(), is_approved=False), made=TODAY, size=size)


@pytest.mark.parametrize("kind", ["leaflet", "label", "wallet-card"])
def test_no_sheet_that_is_taken_home_can_be_built_without_an_approval(kind):
    with pytest.raises(NotApproved, match="only from an approved plan"):
        Sheet(kind, "Without any amount", made=TODAY)


@pytest.mark.parametrize("name", DRAFTS)
def test_what_a_patient_reads_holds_no_dose_that_nobody_approved(name):
    pages = pages_of(f"{name}, draft")
    if DRAFTS[name]().for_patient:
        assert not states_amount(" ".join(pages))
    else:
        assert all(page.count(NOT_APPROVED) == 2 for page in pages)


@pytest.mark.parametrize(
    "amount",
    [
        "4.5 mg",
        "4.5mg",
        "0.5 mL",
        "2 capsules",
        "50 micrograms",
        "3 DROPS",
        "1 tablet",
        "45-mg",
        "4.5 mgs",
        "½ tablet",
        "two capsules",
        "half a tablet",
        "9 milligrammes",
    ],
)
@pytest.mark.parametrize("where", [lambda said: (Paragraph(said),), lambda said: (Callout("x", items=(said,)),)])
def test_no_sheet_for_patients_can_be_built_with_an_amount_before_the_approval(amount, where):
    with pytest.raises(NotApproved, match="no professional approved"):
        Sheet("consent", "Consent", blocks=where(f"Take {amount} at bedtime"), made=TODAY)


@pytest.mark.parametrize("name", ALL)
def test_no_number_can_be_read_ten_fold(name):
    said = said_in(name)
    assert not re.search(r"\d\.\d*0 ?(mg|mL|g|capsules|tablets|%)", said)
    assert not re.search(r"(?<![\d.])\.\d", said)


def test_zeros_that_a_number_carries_along_are_not_printed():
    made = sealed(draft(("1.50", "3.0", "4.50")))
    plan, leaflet = (words(read(sheet).pages) for sheet in (plan_sheet(made), leaflet_sheet(made)))
    for said in (plan, leaflet, chart_note(made)):
        assert "1.5 mg" in said
        assert "3 mg" in said
        assert "1.50" not in said
        assert "3.0" not in said


def test_no_document_names_an_opioid_dose():
    opioids = "morphine|oxycodone|fentanyl|codeine|tramadol|methadone|opioid"
    for name in ALL:
        said = said_in(name)
        assert not re.search(rf"({opioids})\w* \d+ ?(mg|micrograms)|\d+ ?(mg|micrograms) (of )?({opioids})", said), name


# ---- what must be in them ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["plan", "leaflet", "wallet-card", "wallet-card to cut", "consent"])
def test_lower_tolerance_is_said(name):
    assert LOWER_TOLERANCE in said_in(f"{name}, approved")


@pytest.mark.parametrize("plan", [draft(), approved()], ids=["draft", "approved"])
def test_the_note_is_plain_and_says_how_it_stands(plan):
    note = chart_note(plan)
    first = note.splitlines()[0]
    assert first == (NOT_APPROVED if plan.approval is None else f"A{plan.standing[1:]}.")
    assert max(map(len, note.splitlines())) <= WIDTH
    once = " ".join(note.split())
    assert once.count(INTENDED_USE) == 1
    assert LOWER_TOLERANCE in once
    assert press.not_reviewed() in once
    assert all(f"{step.dose_mg} mg" in note for step in plan.steps)


def test_the_note_parts_no_number_from_its_unit():
    for plan in (draft(), approve(real("standard"), PRESCRIBER, AT), approve(real("HPI-0.5"), PRESCRIBER, AT)):
        note = chart_note(plan)
        assert not re.search(r"\d\n\s*(%|mg|mL|hours|days|Jan|Feb|Mar|Nov|Dec|20\d\d)\b", note)
        assert note.isascii() or not re.search("[\u00a0\u200b]", note)


def prose(sheet: Sheet) -> str:
    """Sentences a patient reads: tables, calendars and the line of approval are not sentences."""
    said = [block for block in sheet.blocks if type(block).__name__ in ("Paragraph", "Callout", "Bullets")]
    return " ".join(part if part.endswith((".", ":")) else f"{part}." for block in said for part in parts(block))


def parts(block: object) -> list[str]:
    found = [getattr(block, name, "") for name in ("title", "start", "text")]
    return [part for part in (*found, *getattr(block, "items", ())) if part]


@pytest.mark.parametrize("plan", ["by hand", "standard", "sensitive"])
def test_the_leaflet_reads_at_grade_eight_or_below(plan):
    made = approved() if plan == "by hand" else approve(real(plan), PRESCRIBER, AT)
    said = prose(leaflet_sheet(made))
    assert len(said.split()) > 150
    assert textstat.automated_readability_index(said) <= HIGHEST_GRADE
    assert textstat.coleman_liau_index(said) <= HIGHEST_GRADE


# ---- days that are due -------------------------------------------------------------------------------------------


# ---- the batch ---------------------------------------------------------------------------------------------------


def test_the_worksheet_prints_the_acceptance_value_line_by_line():
    made = batch()
    contents = tuple(map(Decimal, (98, 101, 99, 102, 97, 100, 103, 96, 101, 99)))
    record = replace(made.record, contents=contents, weights_mg=(Decimal(91),) * 10)
    said = words(read(worksheet_sheet(record, made.master)).pages)
    found = uniformity(record)
    for line in (*found.lines, *variation(record).lines):
        assert squeezed(str(line)).replace(":", "") in squeezed(said)
    assert "Passes. Acceptance value 5.33, not above 15." in said
    assert "weight variation, not content uniformity" in said
    assert "Content uniformity, from the assay" not in words(read(worksheet_sheet(made.record, made.master)).pages)


@pytest.mark.parametrize("ending", [".pdf", ".png", ".svg"])
def test_the_press_writes_by_the_ending_of_the_name(tmp_path: Path, ending: str):
    first, *more = paper.write(APPROVED["wallet-card"](), tmp_path / f"card{ending}")
    starts = {".pdf": b"%PDF", ".png": b"\x89PNG", ".svg": b"<svg"}
    assert first.read_bytes().startswith(starts[ending])
    assert [path.name for path in more] == [f"card-{page}{ending}" for page in (2, 3, 4) if ending != ".pdf"]
