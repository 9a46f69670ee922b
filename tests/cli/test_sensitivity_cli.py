"""``lowdose sensitivity``, as a person meets it."""

from __future__ import annotations

import csv
import io
import json

import pytest

import lowdose.cli

ONCE = "3 mg once"
BLOCK = "mu_occupancy_central.peak"
FEW = ("-n", "64", "--parameters", "ke0,EC50_mu,CL")


@pytest.fixture
def run(capsys, monkeypatch):
    monkeypatch.setitem(lowdose.cli._COMMANDS, "sensitivity", "Say which numbers of the model decide a result.")

    def run(*arguments):
        with pytest.raises(SystemExit) as left:
            lowdose.cli.main(["sensitivity", *arguments])
        out, err = capsys.readouterr()
        return left.value.code or 0, out, err

    return run


def test_a_table_says_names_ends_shares_and_a_verdict(run):
    code, out, _ = run(ONCE, "--metric", BLOCK, *FEW)
    assert code == 0
    said = " ".join(out.split())
    assert "Naltrexone that fills half of µ receptors (with ke0)" in said
    assert "share in all" in said
    assert "Sobol: " in said
    assert "256 persons solved, 0 failed." in said
    assert "Scans tell the blockade at a dose" in said


def test_json_is_one_object_with_inputs_indices_and_verdicts(run):
    code, out, _ = run(
        ONCE, "--metric", BLOCK, "--metric", "naltrexone_plasma.cmax", "--method", "both", *FEW, "--json"
    )
    found = json.loads(out)
    assert code == 0
    assert found["schema"] == "lowdose.sensitivity/1"
    assert set(found["versions"]) == {"lowdose", "SALib", "python"}
    assert len(found["model"]["hash"]) >= 16
    assert (found["seed"], found["inputs"]["n"], found["inputs"]["spread"]) == (1, 64, "knowledge")
    assert sorted(group["symbols"] for group in found["groups"]) == [["CL"], ["EC50_mu", "ke0"]]
    block = found["metrics"][BLOCK]
    assert [step["n"] for step in block["sobol"]["steps"]] == [16, 32, 64]
    index = block["sobol"]["steps"][-1]["total"]["knowledge/EC50_mu+ke0"]
    assert index["low"] < index["value"] < index["high"]
    assert set(block["sobol"]["verdict"]) >= {"converged", "sentence", "ask_n"}
    assert block["morris"]["steps"][-1]["effects"]["knowledge/EC50_mu+ke0"]["sigma"] is None
    assert block["tornado"][0]["p05"]["metric"] != block["tornado"][0]["p95"]["metric"]
    assert found["failed"]["count"] == 0


def test_csv_has_a_row_for_each_metric_and_group(run):
    code, out, _ = run(ONCE, "--metric", BLOCK, "--metric", "naltrexone_plasma.cmax", *FEW, "--csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert code == 0
    groups = {"knowledge/CL", "knowledge/EC50_mu+ke0"}
    metrics = {BLOCK, "naltrexone_plasma.cmax"}
    assert len(rows) == 4
    assert {(row["metric"], row["group"]) for row in rows} == {(one, group) for one in metrics for group in groups}
    pair = next(row for row in rows if row["metric"] == BLOCK and "ke0" in row["group"])
    assert float(pair["sobol_total"]) > 0.5
    assert pair["morris_mu_star"] == ""


@pytest.mark.parametrize(("name", "begins"), [("a.svg", b"<svg"), ("a.png", b"\x89PNG"), ("a.pdf", b"%PDF")])
def test_pictures_are_written_by_their_ending(run, tmp_path, name, begins):
    code, _, err = run(ONCE, "--metric", BLOCK, *FEW, "-o", str(tmp_path / name))
    assert code == 0
    assert (tmp_path / name).read_bytes().startswith(begins)
    assert f"written: {tmp_path / name}" in err


def test_a_metric_that_nothing_moves_is_said_and_drawn_as_such(run, tmp_path):
    code, out, _ = run(
        ONCE, "--metric", "naltrexone_plasma.cmax", "-n", "64", "--spread", "knowledge", "--parameters", "V1"
    )
    assert code == 3
    code, out, _ = run(
        ONCE, "--metric", "naltrexone_plasma.cmax", "--metric", BLOCK, "-n", "64", "--parameters", "ke0",
        "--svg", str(tmp_path / "a.svg"),
    )  # fmt: skip
    assert code == 0
    assert "Nothing that was varied moves it" in out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ((ONCE,), 2, "--metric"),
        ((ONCE, "--metric", BLOCK, "--json", "--csv"), 2, "one of --json and --csv"),
        ((ONCE, "--metric", BLOCK, "-o", "a.txt"), 2, "does not end in"),
        ((ONCE, "--metric", BLOCK, "-n", "100"), 3, "give 64 or 128"),
        ((ONCE, "--metric", "peak"), 3, "OUTPUT.METRIC"),
        ((ONCE, "--metric", "mu_ocupancy_central.peak"), 4, "did you mean mu_occupancy_central"),
        ((ONCE, "--metric", BLOCK, "--parameters", "CLX"), 4, "CLX"),
        (("-1 mg once", "--metric", BLOCK), 3, "remedy"),
    ],
)
def test_what_is_wrong_is_said_with_its_exit_code(run, arguments, code, said):
    left, _, err = run(*arguments)
    assert left == code
    assert said in err


def test_too_many_without_a_number_leave_with_not_enough_known(run):
    code, out, err = run("50 mg once", "--metric", "naltrexol_plasma.auc_inf", "--spread", "both", "-n", "64")
    assert code == 5
    assert "have no number for this metric" in err
    assert out == ""


def test_without_salib_the_exit_code_is_that_of_a_missing_extra(run, monkeypatch):
    monkeypatch.setattr("lowdose.sensitivity.refusals.find_spec", lambda name: None)
    code, _, err = run(ONCE, "--metric", BLOCK)
    assert code == 6
    assert "pip install 'lowdose[sensitivity]'" in err
