"""``lowdose compound``, as a pharmacist meets it: worksheet, stops, approval, release."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from lowdose.audit import entries

from .compounding import BASE, BATCH, BY, CAPSULES, COMMON, FILLED, LOT, PACKED, SOLUTION, run

pytestmark = pytest.mark.usefixtures("pharmacy")


def test_the_worksheet_of_the_issue() -> None:
    code, out, _ = run(*CAPSULES)
    assert code == 0
    first = out.splitlines()
    assert first[0] == "naltrexone hydrochloride 1.5 mg capsules: 90 capsules asked, 95 capsules to make"
    assert "DRAFT – NOT APPROVED" in first[1]
    assert "= 0.949378" in out
    assert "150.1 mg" in out
    assert "0.9035" not in out
    assert "Do not use after 2027-05-30" in out
    assert "Take " not in out
    assert "rule set not yet clinically reviewed" in out


def test_named_professional_signs_both_records() -> None:
    code, out, _ = run(*CAPSULES, "--by", BY, "-o", "record.json", "--save-master", "master.json", "-o", "sheet.txt")
    assert code == 0
    assert out.count(f"approved by {BY}") == 2
    record = json.loads(Path("record.json").read_text(encoding="utf-8"))
    master = json.loads(Path("master.json").read_text(encoding="utf-8"))
    assert (record["schema"], master["schema"]) == ("lowdose.compounding-record/1", "lowdose.master-formulation/1")
    assert record["approval"]["by"]["name"] == "A. Brown"
    assert Path("sheet.txt").read_text(encoding="utf-8").strip() == out.strip()
    assert run(*CAPSULES, "--master", "master.json")[0] == 0
    assert run(*CAPSULES, "--master", "master.json", "--master-version", "2")[0] == 2
    assert run(*SOLUTION, "--master", "master.json")[0] == 3


def test_release_and_what_it_needs() -> None:
    run(*CAPSULES, "--by", BY, "-o", "record.json")
    release = ("release", "record.json", "--filled", "filled.yaml", "--on", "2026-12-05")
    code, out, _ = run(*release, "--by", "B. Green, technician, T 1", "-o", "no.json")
    assert (code, "WITHHELD" in out) == (5, True)
    code, out, _ = run(*release, "--by", BY)
    assert (code, "RELEASED" in out) == (0, True)
    assert json.loads(Path("record.json").read_text(encoding="utf-8"))["release"]["decision"] == "released"
    Path("filled.yaml").write_text(FILLED.replace("98, 101", "70, 101"), encoding="utf-8")
    code, out, _ = run(*release, "--by", BY, "--json")
    assert (code, json.loads(out)["release"]["decision"]) == (5, "rejected")
    assert {one.outcome.partition(", ")[2] for one, _ in entries()} >= {"released", "withheld", "rejected"}


@pytest.mark.parametrize("elsewhere", [(), ("-o", "decided.json")])
def test_a_rejected_batch_is_not_released_by_typing_other_numbers(elsewhere: tuple[str, ...]) -> None:
    run(*CAPSULES, "--by", BY, "-o", "record.json")
    release = ("release", "record.json", "--filled", "filled.yaml", "--on", "2026-12-05", "--by", BY)
    Path("filled.yaml").write_text(FILLED.replace("98, 101", "70, 130"), encoding="utf-8")
    assert run(*release, *elsewhere)[0] == 5
    rejected = Path("record.json").read_bytes()
    assert json.loads(rejected)["release"]["decision"] == "rejected"
    Path("filled.yaml").write_text(FILLED, encoding="utf-8")
    code, out, err = run(*release)
    assert (code, out) == (5, "")
    assert f"the batch LDN-7 was rejected by {BY} on 2026-12-05, and that is final" in err
    assert "make a new batch with a lot number of its own" in err
    assert run(*release, "-o", "other.json")[0] == 5
    assert run(*CAPSULES, "--by", BY, "-o", "record.json")[0] == 5  # nor is its record written over by a new worksheet
    run(*CAPSULES, "--by", BY, "--batch-lot", "LDN-8", "-o", "next.json")
    assert run("release", "next.json", *release[2:], "-o", "record.json")[0] == 5
    assert Path("record.json").read_bytes() == rejected
    assert not Path("other.json").exists()


def test_what_was_decided_is_written_as_it_is_filed() -> None:
    run(*CAPSULES, "--by", BY, "-o", "record.json")
    before = Path("record.json").read_bytes()
    decide = ("release", "record.json", "--filled", "filled.yaml", "--by", BY, "--on", "2026-12-04")
    assert run(*decide, "-o", "decided.json", "-o", "decided.txt", "-o", "decided.svg")[0] == 0
    assert Path("record.json").read_bytes() == before
    assert "RELEASED by A. Brown" in Path("decided.txt").read_text(encoding="utf-8")
    assert Path("decided.svg").read_bytes().startswith(b"<svg")
    assert run(*decide, "-o", "decided.docx")[0] == 3
    assert run(*decide, "-o", "decided.txt")[0] == 0
    assert json.loads(Path("record.json").read_text(encoding="utf-8"))["release"]["decision"] == "released"


def test_a_reason_that_no_rule_needed_is_said_and_not_recorded() -> None:
    code, out, _ = run(*CAPSULES, "--override", "CMP-001: no other filler to be had", "--by", BY)
    assert code == 0
    assert "not needed: a reason was given for CMP-001, which did not fire" in out
    assert entries()[-1][0].overrides == ()
    chalk = ("--filler", "CaCO3", *PACKED, "--override", "CMP-001: no other filler to be had", "--by", BY)
    _, out, _ = run(*CAPSULES, *chalk)
    assert "not needed" not in out
    assert [one["rule"] for one in entries()[-1][0].overrides] == ["CMP-001"]


def test_weights_and_one_person_alone_release_nothing() -> None:
    run(*CAPSULES, "--by", BY, "-o", "record.json")
    release = ("release", "record.json", "--filled", "filled.yaml", "--on", "2026-12-05", "--by", BY, "-o", "no.json")
    report = FILLED.splitlines()[-1]
    Path("filled.yaml").write_text(FILLED.replace(report, ""), encoding="utf-8")
    code, out, _ = run(*release)
    assert (code, "the assay has no report" in out) == (5, True)
    open_ = json.loads(Path("no.json").read_text(encoding="utf-8"))["batch_screen"]["not_checked"]
    assert "CMP-008" in [one["id"] for one in open_]
    Path("filled.yaml").write_text(FILLED.replace("B. Green, technician, T 1", BY), encoding="utf-8")
    code, out, _ = run(*release)
    assert (code, "another pharmacist releases it" in out) == (5, True)


def test_a_draft_is_never_released() -> None:
    run(*CAPSULES, "-o", "record.json")
    code, out, _ = run("release", "record.json", "--filled", "filled.yaml", "--by", BY, "--on", "2026-12-05")
    assert (code, "the worksheet is not approved" in out) == (5, True)


@pytest.mark.parametrize(("filler", "rule"), [("calcium carbonate", "CMP-001"), ("hypromellose", "CMP-002")])
def test_fillers_that_are_stopped_until_a_reason_is_recorded(filler: str, rule: str) -> None:
    jar = f"{filler}: number=F-1, expiry=2028-01-31"
    asked = (*CAPSULES, "--filler", filler, "--packing", "filler=120, drug=150", "--supply", jar)
    code, out, err = run(*asked, "-o", "record.json")
    assert (code, out) == (5, "")
    assert rule in err
    assert "no head-to-head study" in err
    assert not Path("record.json").exists()
    assert run(*asked, "--override", f"{rule}: others not tolerated")[0] == 2
    code, out, _ = run(*asked, "--override", f"{rule}: others not tolerated", "--by", BY)
    assert code == 0
    assert f"goes on: others not tolerated ({BY})" in out
    assert entries()[-1][0].overrides[0]["reason"] == "others not tolerated"


def test_a_tenfold_strength_is_a_block() -> None:
    code, _, err = run(*(one.replace("1.5 mg", "15 mg") for one in CAPSULES), "--by", BY, "-o", "record.json")
    assert code == 5
    assert "DOS-001" in err
    assert not Path("record.json").exists()


def test_an_open_question_keeps_it_a_draft() -> None:
    code, out, err = run(*[one for one in CAPSULES if one not in ("--excipient-allergy", "no")], "--by", BY)
    assert code == 5
    assert "not checked, ALL-002" in out
    assert "DRAFT – NOT APPROVED" in out
    assert "Not approved" in err
    assert run(*CAPSULES[:-1], "yes")[0] == 5


def test_an_expiry_that_is_not_given_keeps_it_a_draft() -> None:
    Path("batch.yaml").write_text(
        BATCH.replace("  glycerol: {number: G-1, expiry: 2027-12-31}\n", ""), encoding="utf-8"
    )
    for wanted in ((), ("--labels", "labels.pdf"), ("--json",)):
        code, out, err = run(*SOLUTION, "--by", BY, *wanted)
        assert code == 5
        assert "CMP-003: lot and expiry of glycerol? (--supply, or ingredients: in the batch file)" in err
        assert "By how many days" not in out + err
    assert not Path("labels.pdf").exists()
    _, out, _ = run(*SOLUTION, "--by", BY)
    assert "Not known: the expiry of glycerol" in out
    assert "not checked, CMP-003 (block): lot and expiry of glycerol?" in out


def test_json_is_one_object() -> None:
    code, out, _ = run(*CAPSULES, "--json")
    found = json.loads(out)
    assert code == 0
    assert found["schema"] == "lowdose.compound/1"
    assert found["versions"]["rules"]
    assert found["asked"]["strength"] == "1.5 mg"
    (one,) = found["batches"]
    assert one["record"]["made"] == "95"
    assert one["record"]["beyond_use"]["on"] == "2027-05-30"
    stopped = json.loads(run(*CAPSULES, "--filler", "calcium carbonate", "--json")[1])
    assert stopped["stopped"] is True
    assert "batches" not in stopped


def test_solution_shows_the_conflict_and_takes_other_law() -> None:
    out = run(*SOLUTION)[1]
    assert "Do not use after 2027-01-05 (35 days" in out
    assert "supports 60 days" in out
    tablets = ("--tablets", "number=T-5, expiry=2027-06-30", "--jurisdiction", "nz_fawcett")
    hundred = ["100 mL" if one == "120 mL" else one for one in SOLUTION]
    assert "Do not use after 2027-01-30 (60 days" in run(*hundred, *tablets)[1]
    assert run(*SOLUTION, "--jurisdiction", "nz_fawcett")[0] == 3
    own = ("--jurisdiction", "custom", "--limit", "days=20, edition=house rules 2026, reason=own study")
    assert "Do not use after 2026-12-21 (20 days" in run(*SOLUTION, *own)[1]


def test_part_of_a_tablet_is_refused_with_the_nearest() -> None:
    code, _, err = run(*SOLUTION, "--tablets", "number=T-5, expiry=2027-06-30")
    assert code == 3
    assert "100 mL or 150 mL" in err


def test_a_preservative_is_one_that_the_formula_names() -> None:
    assert "parabens" in run(*SOLUTION, "--preservative", "parabens")[1]
    code, _, err = run(*SOLUTION, "--preservative", "potassium sorbate")
    assert code == 3
    assert "its source names sodium benzoate or parabens" in err


def test_drops_and_cream_say_what_is_not_known() -> None:
    drops = ("drops", "--strength", "5 mg/mL", "--volume", "20 mL", "--dose", "1 mg", "--counted",
             "bottle=D2, drops=40, volume=2", *COMMON)  # fmt: skip
    cream = ("cream", "--dose", "4.5 mg", "--dose-volume", "0.5 mL", "--days", "30", "--base", BASE, *COMMON)
    jar = ("--supply", f"{BASE}: number=V-1, expiry=2028-01-31")
    told = (*jar, "--base-release", "immediate", "--kind", "aqueous-preserved", "--preserved-by", "its maker")
    for asked in (drops, (*cream, *told)):
        code, out, _ = run(*asked)
        assert code == 0
        assert "Not dose-equivalent" in out
    assert "9 mg/mL ÷ 10 = 0.9 %" in out
    assert run(*cream)[0] == 3  # whether it holds water is not known
    assert run(*cream, *jar, *told[4:])[0] == 5  # what the base does to release is not known
    unknown = [one.replace(BASE, "Base B") for one in (*cream, *told)]
    code, out, _ = run(*unknown)
    assert code == 5
    assert "'base b' is not recognised: what is in it?" in out


@pytest.mark.parametrize(
    ("change", "code", "message"),
    [
        (("--strength", "1.0 mg"), 3, "zero after the point"),
        (("--strength", ".5 mg"), 3, "no zero before the point"),
        (("--strength", "1.5 mg as base"), 5, "hydrochloride"),
        (("--strength", "1.5 mL"), 3, "is a volume"),
        (("--count", "0"), 2, "--count"),
        (("--lot", LOT.replace("water=4.2, ", "")), 3, "water is not given"),
        (("--lot", LOT.replace("2028", "2026")), 5, "expired"),
        (("--balance", "sensitivity=1"), 3, "lacks readability"),
        (("--supply", "glycerol"), 3, "names no ingredient"),
        (("--by", "A. Brown"), 3, "three parts"),
        (("--by", "Me, patient, none"), 3, "ask a physician or a pharmacist"),
        (("--by", "B. Green, technician, T 1"), 5, "is approved by a pharmacist"),
        (("--by", "C. Grey, physician, GMC 1", "--labels", "labels.pdf"), 5, "is approved by a pharmacist"),
        (("--balance", "sensitivity=1, readability=0.1, error=50"), 3, "cannot be overridden"),
        (("--lot", LOT.replace("4.2", "0.042")), 3, "write per cent: 4.2"),
        (("--lot", LOT.replace("4.2", "0.042") + ", confirm=perhaps"), 3, "write confirm=yes"),
        (("--lot", LOT.replace("2028-03-01", "2026-12-01")), 5, "no day left"),
        (("--filler", "CaCO3", "--filler-release", "immediate"), 5, "CMP-001"),
        (("--filler", "precipitated chalk", "--filler-release", "immediate"), 5, "CMP-001"),
        (("--filler", "calcium carbonate + MCC", "--filler-release", "immediate"), 5, "CMP-001"),
        (("--filler", "HPMC K100", "--filler-release", "immediate"), 5, "CMP-002"),
        (("--filler", "Mix 7", "--filler-release", "immediate", *PACKED), 5, "'mix 7' is not recognised"),
        (("--filler", "Mix 7 (isomalt and chalk)", "--filler-release", "immediate", *PACKED), 5, "CMP-001"),
        (("--override", "CMP-001 because"), 2, "--by"),
        (("--supply", "microcristaline cellulose: number=C-9, expiry=2028-01-31"), 3, "has no microcristaline"),
        (("--supply", "glycerol: number=G-9, expiry=2028-01-31"), 3, "has no glycerol"),
        (
            ("--supply", "MCC: number=C-9, expiry=2028-01-31", "--supply", "Avicel: number=C-10, expiry=2028-01-31"),
            3,
            "lots C-9 and C-10 are both of microcrystalline cellulose",
        ),
        (("--supply", "size 3 capsule shells: number=S-9, expiry=2026-11-30"), 5, "expired on 2026-11-30"),
        (("--preserved-by", "parabens"), 3, "needs no preservative"),
        (("--batch-lot", "n/a"), 3, "lot number is 'n/a'"),
        (("--batch-lot", "N-1"), 3, "lot N-1 is an ingredient of it"),
        (("--override", "CMP-003: in a hurry", "--by", BY), 3, "cannot be overridden"),
        (("--jurisdiction", "usp"), 4, "jurisdiction"),
        (("--filler", "potato starch"), 3, "no density"),
        (("--filler", "potato starch", "--packing", "filler=90, drug=150"), 5, "not checked, CMP-002"),
        (("-o", "sheet.docx"), 3, "end it in"),
        (("-o", "nowhere/sheet.pdf"), 3, "no folder"),
        (("--labels", "labels.pdf"), 2, "--by"),
        (("--batch", "nowhere.yaml"), 3, "cannot be read"),
        (("--size", "7"), 4, "capsule size"),
    ],
)
def test_every_slip_has_its_message(change: tuple[str, ...], code: int, message: str) -> None:
    got, out, err = run(*CAPSULES, *change)
    assert got == code
    assert message in err + out


@pytest.mark.parametrize("lacking", ["balance", "batch_lot", "lot"])
def test_what_is_lacking_is_named(lacking: str) -> None:
    lines = [line for line in BATCH.splitlines() if not line.startswith(f"{lacking}:")]
    Path("batch.yaml").write_text("\n".join(lines), encoding="utf-8")
    code, _, err = run(*CAPSULES)
    assert code == 3
    assert lacking.replace("_", "-") in err


def test_everything_is_in_the_audit_log() -> None:
    run(*CAPSULES)
    run(*CAPSULES, "--by", BY)
    run(*(one.replace("1.5 mg", "15 mg") for one in CAPSULES))
    assert [(one.what, one.outcome, one.who) for one, _ in entries()] == [
        ("compound", "clear-of-known-rules, draft", None),
        ("compound", "clear-of-known-rules, approved", BY),
        ("compound", "block, stopped", None),
    ]


def test_a_stock_is_made_released_and_used_with_its_own_lot_and_date() -> None:
    triturate = ("triturate", "--ratio", "1:100", "--total", "20 g", *COMMON[:4], "--by", BY, "-o", "stock.json")
    code, out, _ = run(*triturate)  # nobody takes a stock: nobody's allergy is asked about
    assert code == 0
    assert run(*triturate, "--excipient-allergy", "yes")[0] == 5
    assert "Stock for compounding. Not for a patient." in out
    ultra = ("capsules", "--strength", "0.1 mg", "--count", "30", "--size", "3", "--batch", "batch.yaml", "--on",
             "2027-01-15", "--excipient-allergy", "no", "--stock", "stock.json", "--batch-lot", "LDN-8")  # fmt: skip
    code, _, err = run(*ultra)
    assert (code, "not released" in err) == (5, True)
    weighings = "\n".join(
        f'  - {{ingredient: {one["ingredient"]}, actual: {one["target"]}, weighed_by: "B. Green, technician, T 1", '
        f'checked_by: "{BY}"}}'
        for one in json.loads(Path("stock.json").read_text(encoding="utf-8"))["weighings"]
    )
    Path("filled.yaml").write_text(
        f"schema: lowdose.filled/1\nweighings:\n{weighings}\nyield: 20000\npotency: 98\n"
        "assay: {laboratory: Quality Ltd, report: Q-82, method: HPLC, on: 2026-12-03}\n",
        encoding="utf-8",
    )
    assert run("release", "stock.json", "--filled", "filled.yaml", "--by", BY, "--on", "2026-12-05")[0] == 0
    code, out, _ = run(*ultra)
    assert code == 0
    assert "lot LDN-7, use by 2027-05-30" in out
    assert "mg/g × 98 % assayed" in out
    assert "» earliest ingredient expiry: naltrexone hydrochloride triturate 1:100 (10 mg/g): to 2027-05-30" in out
    code, _, err = run(*(one.replace("2027-01-15", "2026-12-04") for one in ultra))
    assert (code, "may be used from 2026-12-05" in err) == (5, True)


def test_a_slip_in_the_batch_file_is_said_and_a_lot_of_shells_is_kept() -> None:
    shells = "  size 3 capsule shells: {number: S-3, expiry: 2028-01-31}\n"
    Path("batch.yaml").write_text(BATCH.replace("  glycerol", f"{shells}  glycerol"), encoding="utf-8")
    code, out, _ = run(*CAPSULES)
    assert (code, bool(re.search(r"S-3 +2028-01-31", out))) == (0, True)
    Path("batch.yaml").write_text(BATCH.replace("Avicel PH-102", "microcristalline cellulose"), encoding="utf-8")
    code, _, err = run(*CAPSULES)
    assert (code, "did you mean microcrystalline cellulose?" in err) == (3, True)


def test_nothing_is_released_without_the_lot_of_its_shells() -> None:
    run(*CAPSULES, "--by", BY, "-o", "record.json")
    Path("filled.yaml").write_text(FILLED.replace("lot: S-3, expiry: 2028-01-31, ", ""), encoding="utf-8")
    code, out, _ = run("release", "record.json", "--filled", "filled.yaml", "--on", "2026-12-05", "--by", BY)
    assert (code, "the lot of size 3 capsule shells is not filled in" in out) == (5, True)


def test_a_signed_master_is_not_overwritten_by_another_of_its_version() -> None:
    save = ("--by", BY, "--save-master", "master.json")
    assert run(*CAPSULES, *save)[0] == 0
    assert run(*CAPSULES, *save, "--on", "2026-12-02")[0] == 0  # the same preparation, signed again
    before = Path("master.json").read_bytes()
    lactose = ("--filler", "lactose monohydrate", "--supply", "lactose: number=X-1, expiry=2028-01-31")
    code, _, err = run(*CAPSULES, *lactose, *save)
    assert (code, "the file holds version 1 of naltrexone-capsules-1.5-mg, signed" in err) == (3, True)
    other = [one.replace("1.5 mg", "3 mg") for one in CAPSULES]
    code, _, err = run(*other, *save)
    assert (code, "the file holds the signed master naltrexone-capsules-1.5-mg" in err) == (3, True)
    assert Path("master.json").read_bytes() == before
    assert run(*CAPSULES, *lactose, *save, "--master-version", "2")[0] == 0
