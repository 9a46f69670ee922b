"""No dose that a named professional did not approve: every command, with every plan that nobody approved as it is."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from pypdf import PdfReader

from lowdose.audit import NOT_APPROVED, Professional
from lowdose.cli import compound, emergency, plan, surgery
from lowdose.report.paper.sheet import states_amount
from tests.cli.compounding import BATCH
from tests.report.paper.examples import approved, draft
from tests.report.paper.examples import sealed as sealed_plan

WHO = "A. Brown, pharmacist, GPhC 0000000"
ROOMS = {"plan": plan, "surgery": surgery, "emergency": emergency, "compound": compound}
Document = dict[str, Any]


@cache
def sealed() -> str:
    """The file of an approved plan."""
    return json.dumps(approved().document())


def tampered(change: Callable[[Document], object]) -> Callable[[], Document]:
    def made() -> Document:
        found = json.loads(sealed())
        change(found)
        return found

    return made


def by_hand(found: Document, sha256: str) -> None:
    found["approval"] = {**json.loads(sealed())["approval"], "sha256": sha256}


def another_approval() -> Document:
    """The approval of another plan, pasted in."""
    found = json.loads(sealed())
    found["approval"] = sealed_plan(draft(("1", "2"))).document()["approval"]
    return found


def draft_with_its_digest() -> Document:
    """An approval typed by hand, with the digest that every draft prints."""
    found = draft().document()
    by_hand(found, draft().digest)
    return found


def an_older_approval() -> Document:
    """Approved, and approved again by somebody else in the file alone."""
    found = json.loads(sealed())
    found["approval"]["by"] = {"name": "C. Grey", "role": "physician", "registration": "GMC 1111111"}
    return found


PLANS_NOT_APPROVED: dict[str, Callable[[], Document]] = {
    "draft": lambda: draft().document(),
    "another dose": tampered(lambda found: found["steps"][-1].update(dose_mg="45")),
    "the same dose written otherwise": tampered(lambda found: found["steps"][0].update(dose_mg="1.50")),
    "another day": tampered(lambda found: found["steps"][-1].update(first="2026-12-20")),
    "another time of day": tampered(lambda found: found["steps"][0].update(time_of_day="morning")),
    "twice a day": tampered(lambda found: found["steps"][0].update(per_day=2)),
    "one step less": tampered(lambda found: found["steps"].pop()),
    "another person": tampered(lambda found: found.update(patient="P-9")),
    "another review": tampered(lambda found: found.update(review="2027-12-01")),
    "reviewed, as if a clinician had signed": tampered(lambda found: found.update(reviewed=True)),
    "another advice": tampered(lambda found: found["advice"][0].update(patient="Take 9 mg.")),
    "another time of approval": tampered(lambda found: found["approval"].update(at="2026-12-01T09:31:00Z")),
    "another professional": an_older_approval,
    "the approval of another plan": another_approval,
    "an approval typed by hand": draft_with_its_digest,
    "an empty seal": tampered(lambda found: by_hand(found, "")),
}
TITRATION = ("compound", "--from", "plan.json", "--batch", "batch.yaml", "--on", "2026-12-01", "--excipient-allergy",
             "no")  # fmt: skip
OPERATION = ("--at", "2027-02-10 08:00", "--now", "2027-01-21 09:00")
REFUSED = {
    **{f"leaflet{end}": ("plan", "leaflet", "plan.json", "-o", f"out{end}") for end in (".pdf", ".svg")},
    **{f"wallet card{end}": ("plan", "card", "plan.json", "-o", f"out{end}")
       for end in (".pdf", ".svg")},
    "calendar": ("plan", "calendar", "plan.json", "-o", "out.ics"),
    "labels": (*TITRATION, "--by", WHO, "--labels", "out.pdf"),
    **{f"prescription{end}": (*TITRATION, "--prescription-draft", f"out{end}") for end in (".pdf", ".txt")},
    "prescription, with a name": (*TITRATION, "--by", WHO, "--prescription-draft", "out.pdf"),
    "worksheet of a titration": (*TITRATION, "-o", "out.pdf"),
    "titration as JSON": (*TITRATION, "--json"),
}  # fmt: skip
"""What a patient gets in the end: made of an approved plan, or not at all."""
MARKED = {
    "page": ("plan", "page", "plan.json", "-o", "out.pdf"),
    "operation": ("surgery", "plan.json", *OPERATION, "-o", "out.pdf"),
    "emergency": ("emergency", "plan.json", "--now", "2027-01-21 09:00", "-o", "out.pdf"),
}
"""What a professional reads: marked on every page."""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LOWDOSE_AUDIT", str(tmp_path / "audit"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "batch.yaml").write_text(BATCH, encoding="utf-8")
    return tmp_path


def run(room: str, *arguments: str) -> tuple[int, Result]:
    done = CliRunner().invoke(ROOMS[room].command, list(arguments))
    return getattr(done.exception, "exit_code", done.exit_code), done


def give(found: Document) -> None:
    Path("plan.json").write_text(json.dumps(deepcopy(found)), encoding="utf-8")


def pages(path: str) -> list[str]:
    read = PdfReader(io.BytesIO(Path(path).read_bytes())).pages
    return [" ".join(page.extract_text().split()) for page in read]


def without_hash(page: str) -> str:
    """One hash in a hundred ends like an amount: 8cc."""
    return re.sub(r"record( [0-9a-f]{4}){3}", "", page)


@pytest.mark.parametrize("path", REFUSED)
@pytest.mark.parametrize("state", PLANS_NOT_APPROVED)
def test_nothing_for_a_patient_is_written(state: str, path: str, folder: Path):
    give(PLANS_NOT_APPROVED[state]())
    code, done = run(*REFUSED[path])
    assert code in (3, 5)  # 5: not approved; 3: no plan as this program writes it
    assert "approve" in str(done.exception) or code == 3
    assert not list(folder.glob("out*"))
    if path == "titration as JSON" or path.startswith(("leaflet", "label", "prescription", "calendar")):
        assert not states_amount(done.stdout)


@pytest.mark.parametrize("path", MARKED)
@pytest.mark.parametrize("state", ["draft", "another dose", "another professional", "an approval typed by hand"])
def test_what_a_professional_reads_says_on_every_page_that_it_is_a_draft(state: str, path: str):
    give(PLANS_NOT_APPROVED[state]())
    code, done = run(*MARKED[path])
    assert code == 0
    assert path == "page" or NOT_APPROVED in done.stdout
    assert "approved by" not in done.stdout
    for page in pages("out.pdf"):
        assert page.count(NOT_APPROVED) == 2
        assert "pproved by" not in page


@pytest.mark.parametrize("state", PLANS_NOT_APPROVED)
def test_consent_and_note_of_what_is_not_approved(state: str, folder: Path):
    give(PLANS_NOT_APPROVED[state]())
    code, _ = run("plan", "consent", "plan.json", "--condition", "fibromyalgia", "-o", "out.pdf")
    assert code in (0, 3)
    if code == 0:
        assert not any(states_amount(without_hash(page)) for page in pages("out.pdf"))
        assert all(NOT_APPROVED in page for page in pages("out.pdf"))
    code, done = run("plan", "note", "plan.json")
    assert code == 3 or done.stdout.startswith(NOT_APPROVED)


@pytest.mark.parametrize("where", ["title", "indication", "patient"])
@pytest.mark.parametrize("amount", ["4.5 mg", "45-mg", "two tablets", "½ capsule"])
def test_a_draft_cannot_bring_an_amount_into_the_consent(where: str, amount: str, folder: Path):
    give({**draft().document(), where: f"Take {amount}"})
    assert run("plan", "consent", "plan.json", "-o", "out.pdf")[0] in (3, 5)
    assert run("plan", "consent", "plan.json", "--alternative", f"take {amount}", "-o", "out.pdf")[0] in (3, 5)
    assert not list(folder.glob("out*"))


def test_each_path_writes_of_an_approved_plan(folder: Path):
    """The other half: what is refused above is refused for the approval, and not for something else."""
    made = sealed_plan(draft(), Professional.parse(WHO), datetime(2026, 11, 30, 8, tzinfo=UTC))
    give(made.document())
    for path, arguments in REFUSED.items():
        code, done = run(*arguments)
        assert code == 0, (path, done.output, done.exception)
        written = [name for name in arguments if name.startswith("out.")]
        assert all(Path(name).exists() for name in written), path
        assert all(f"{made.standing[1:]}" in " ".join(pages(name)) for name in written if name.endswith(".pdf")) or (
            "worksheet" in path or "labels" in path
        )
