"""Milligrams, counted through every paper: what was planned is on worksheet, label, prescription and in the JSON.

Every number is read off the finished text by its words, never taken from the object that wrote it.
"""

from __future__ import annotations

import io
import json
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from lowdose.errors import LowdoseError
from lowdose.plan import Choices, Plan, make_plan, protocols
from tests.cli.compounding import BATCH, run
from tests.cli.compounding import BY as PHARMACIST
from tests.plan.people import BY, MADE, START, override, somebody

from .reading import squeezed, words

PEOPLE = {
    "healthy": somebody(),
    "kidney": somebody(lab__egfr=45),
    "child": somebody(patient__age_y=11, patient__weight_kg=22),
}
AT = datetime(2026, 11, 27, 9, tzinfo=UTC)
KIDNEY = (("STD-1.5", "solution"), ("SENS-0.5", "capsule"))
"""Two are enough: what a person changes is the steps, and they are all alike here."""
D = Decimal
_NUMBER = r"(\d+(?:\.\d+)?)"
_FROM = r"from (\d+ \w{3} \d{4}) to (\d+ \w{3} \d{4})"


def plans() -> dict[str, Plan]:
    """Every plannable protocol in every form, for everybody it fits."""
    found = {}
    for one in protocols():
        for scheme in one.schemes if one.standing != "shown" else ():
            ceiling = D("4.5") if one.scheme(scheme)[1].ceiling_mg.unknown else None
            for form in ("capsule", "solution"):
                for name, who in PEOPLE.items():
                    if name == "kidney" and (one.id, form) not in KIDNEY:
                        continue
                    chosen = Choices(scheme=scheme, form=form, ceiling_mg=ceiling)  # type: ignore[arg-type]
                    overrides = [override("PED-001")] if name == "child" else []
                    try:
                        made = make_plan(one, start=START, patient=who, on=MADE, choices=chosen, overrides=overrides,
                                         by=BY, at=AT)  # fmt: skip
                    except LowdoseError:
                        continue  # it does not fit this person: what is refused is not dispensed
                    found[f"{one.id} {scheme} {form} {name}"] = made
    return found


PLANS = plans()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOWDOSE_AUDIT", str(tmp_path / "audit"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "batch.yaml").write_text(BATCH.replace("sensitivity: 1", "sensitivity: 0.1"), encoding="utf-8")


def test_no_protocol_is_left_out() -> None:
    assert len({name.partition(" ")[0] for name in PLANS}) == 12
    assert {name.split()[-1] for name in PLANS} == set(PEOPLE)


@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)
def test_dispensed_is_planned_on_every_paper(plan: Plan) -> None:
    planned = sum(one.dose_mg * one.per_day * plan.days_of(one) for one in plan.steps)
    Path("plan.json").write_text(json.dumps(plan.document()), encoding="utf-8")
    json_mg, worksheet_mg, label_mg, day, fills = D(0), D(0), D(0), START, 1
    number = 0
    while number < fills:
        number += 1
        given = made(plan, number, day)
        dispensed, fills = given["dispensed"], len(given["dispensed"]["fills"])
        assert D(dispensed["planned_mg"]) == D(dispensed["dispensed_mg"]) == planned
        assert on_prescription(prescription()) == (planned, planned)
        json_mg += sum(D(one["record"]["asked"]) * D(one["record"]["strength"]) for one in given["batches"])
        worksheet_mg += sum(map(on_worksheet, worksheets()))
        drawn = text_of(Path("labels.pdf")) if number == 1 else None
        for lines in (label for one in given["batches"] for label in one["labels"]):
            label_mg += on_label(lines, drawn)
        day += timedelta(days=dispensed["fills"][number - 1]["days"])
    assert json_mg == worksheet_mg == label_mg == planned
    assert day == plan.review


def made(plan: Plan, number: int, day: date) -> Any:
    """One fill of the plan, the first drawn, the others as text: drawing takes the time of this test."""
    for old in (*Path().glob("*.pdf"), *Path().glob("*.txt")):
        old.unlink()
    end = ".pdf" if number == 1 else ".txt"
    code, out, err = run(
        "--from", "plan.json", "--batch", "batch.yaml", "--excipient-allergy", "no", "--by", PHARMACIST, "--json",
        "--on", str(day), "--fill", str(number), "--first-made", str(START), "-o", f"sheet{end}",
        "--prescription-draft", f"rx{end}", *(("--labels", "labels.pdf") if number == 1 else ()),
        *(("--graduation", "0.01") if plan.form == "solution" else ()),
    )  # fmt: skip
    assert code == 0, err
    return json.loads(out)


def text_of(path: Path) -> str:
    return words(PdfReader(io.BytesIO(path.read_bytes())).pages)


def prescription() -> str:
    return text_of(Path("rx.pdf")) if Path("rx.pdf").exists() else " ".join(Path("rx.txt").read_text().split())


def worksheets() -> list[str]:
    drawn = [text_of(path) for path in Path().glob("sheet*.pdf")]
    return [*drawn, *(path.read_text(encoding="utf-8") for path in Path().glob("sheet*.txt"))]


def days(first: str, last: str) -> int:
    begins, ends = (datetime.strptime(one, "%d %b %Y").replace(tzinfo=UTC) for one in (first, last))
    return (ends - begins).days + 1


def on_prescription(said: str) -> tuple[Decimal, Decimal]:
    """Milligrams in what is supplied, and in the doses that are taken."""
    supplied = re.findall(rf"hydrochloride {_NUMBER} mg(?:/mL)? [a-z -]+:? {_NUMBER} (?:capsules?|mL)\b", said)
    taken = re.findall(rf"Take {_NUMBER} mg \([^)]*\) by mouth (?:(\d) times a day )?[a-z ]+, {_FROM}", said)
    return (
        sum((D(strength) * D(amount) for strength, amount in supplied), D(0)),
        sum((D(mg) * int(times or 1) * days(first, last) for mg, times, first, last in taken), D(0)),
    )


def on_worksheet(said: str) -> Decimal:
    """Milligrams in what was asked for."""
    drawn = rf"Strength {_NUMBER} mg(?:/mL)? naltrexone.*?To make [0-9.]+ \w+ \({_NUMBER} asked for\)"
    written = rf"^naltrexone hydrochloride {_NUMBER} mg(?:/mL)? [a-z ]+: {_NUMBER} (?:capsules?|mL) asked"
    ((strength, asked),) = re.findall(drawn, said) or re.findall(written, said)
    return D(strength) * D(asked)


def on_label(lines: list[str], drawn: str | None) -> Decimal:
    """Milligrams in one container: as many as are taken from it, and on the drawing as in the text."""
    text = "\n".join(lines)
    (strength,) = re.findall(rf"^naltrexone hydrochloride {_NUMBER} mg", text)
    (amount,) = re.findall(rf"^Quantity: {_NUMBER} (?:capsules?|mL)$", text, re.MULTILINE)
    paper = squeezed(drawn or "")
    assert drawn is None or squeezed(f"Quantity {amount}") in paper
    taken = D(0)
    directions = [line for line in lines if line.startswith("Take ")]
    for line in directions:
        ((what, often, first, last),) = re.findall(
            rf"^Take (.+?),? by mouth (?:(\d) times a day )?[a-z ]+, {_FROM}\.$", line
        )
        assert drawn is None or (squeezed(what) in paper and squeezed(f"{first} to {last}") in paper)
        here = re.match(rf"{_NUMBER} capsules? from this bottle", what) or re.search(
            rf"\({_NUMBER} (?:mL\)|capsules? of {re.escape(strength)} mg\))", what
        )
        assert here, line
        taken += D(here[1]) * int(often or 1) * days(first, last)
        doses = re.match(rf"{_NUMBER} mg \(", what)
        assert not doses or D(doses[1]) == D(here[1]) * D(strength)
    assert taken == D(amount), text
    return D(strength) * D(amount)
