"""The command line, as a person meets it: output, messages, exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from lowdose.cli import main

SHORT = "4.5 mg nightly at 22:00 for 2 days"


@pytest.fixture
def run(capsys):
    def run(*arguments):
        with pytest.raises(SystemExit) as left:
            main(list(arguments))
        out, err = capsys.readouterr()
        return left.value.code or 0, out, err

    return run


def test_help_names_every_command(run):
    code, out, _ = run("--help")
    assert code == 0
    for command in ("demo", "simulate", "compare", "model", "validate", "doctor"):
        assert command in out


def test_simulate_says_a_sentence_a_table_and_what_is_not_known(run):
    code, out, err = run("simulate", SHORT)
    assert code == 0
    assert "µ opioid receptors" in " ".join(out.split())
    assert "effect-site" in out
    assert "ng/mL" in out
    assert "What is not known" in out
    assert err == ""


def test_json_is_one_object_with_the_contracted_names(run):
    code, out, _ = run("simulate", SHORT, "--json", "--people", "3", "--seed", "4")
    found = json.loads(out)
    assert code == 0
    metrics = found["metrics"]
    for output, metric, unit in (
        ("naltrexone_plasma", "cmax", "ng/mL"),
        ("naltrexone_plasma", "tmax", "h"),
        ("naltrexol_plasma", "auc_0_24", "ng*h/mL"),
        ("naltrexol_plasma", "half_life", "h"),
        ("mu_occupancy_central", "mean_last_day", "1"),
        ("mu_occupancy_peripheral", "hours_above_80_last_day", "h"),
        ("kappa_occupancy_central", "peak", "1"),
        ("delta_occupancy_central", "trough_last_day", "1"),
        ("mu_occupancy_central", "hours_to_below_20_after_last_dose", "h"),
        ("beta_endorphin", "fold_last_day", "1"),
        ("met_enkephalin", "fold_last_day", "1"),
        ("cortisol", "fold_last_day", "1"),
        ("opioid_tone_central", "mean_last_day", "1"),
        ("opioid_tone_peripheral", "mean_last_day", "1"),
    ):
        assert metrics[output][metric]["unit"] == unit
        assert set(metrics[output][metric]["both"]) == {"p05", "p50", "p95"}
    assert metrics["naltrexone_plasma"]["half_life"]["window_h"] == [4, 16]
    assert metrics["naltrexol_plasma"]["half_life"]["window_h"] == [8, 36]


def test_json_is_the_same_by_seed(run):
    first, again, other = (
        run("simulate", SHORT, "--json", "--people", "2", "--seed", seed)[1] for seed in ("4", "4", "5")
    )
    assert first == again != other


def test_a_spread_names_the_only_band(run):
    found = json.loads(run("simulate", SHORT, "--json", "--people", "2", "--spread", "people")[1])
    metric = found["metrics"]["cortisol"]["peak"]
    assert "people" in metric
    assert "knowledge" not in metric
    assert found["band"] == "difference between people"


def test_a_dose_that_is_not_low_is_warned_of_in_terminal_and_json(run):
    _, _, err = run("simulate", "45 mg nightly for 2 days")
    assert "not a low dose: possible ten-fold error" in err
    assert "did you mean 4.5 mg?" in err
    found = json.loads(run("simulate", "10 mg once", "--json")[1])
    assert any("not a low dose: possible ten-fold error" in warning for warning in found["warnings"])
    assert "warnings" in found
    assert not json.loads(run("simulate", "9.9 mg once", "--json")[1])["warnings"]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["simulate", "4.5 grams nightly"], 3, "^"),
        (["simulate", "0 mg nightly"], 3, "remedy"),
        (["simulate", "200 mg nightly"], 3, "150 mg"),
        (["simulate", "-3 mg nightly"], 3, "remedy"),
        (["simulate", "3 mg nightly for 0 weeks"], 3, "remedy"),
        (["simulate", "3 mg nightly as suppository"], 3, "remedy"),
        (["simulate", "3 mg once", "--age", "7"], 3, "18 to 100"),
        (["simulate", "3 mg once", "--weight", "700"], 3, "30 to 250"),
        (["simulate", "3 mg once", "--hypothesis", "effect-sight"], 4, "did you mean effect-site"),
        (["simulate", "3 mg once", "--set", "clearence=3"], 4, "no parameter"),
        (["simulate", "3 mg once", "--set", "CL"], 2, "SYMBOL=VALUE"),
        (["simulate", "3 mg once", "-o", "x.xlsx"], 3, ".parquet"),
        (["simulate", "3 mg once", "--report", "nowhere/r.html"], 3, "there is no folder"),
        (["simulate", "3 mg once", "--records", "nowhere/r.csv"], 3, "there is no folder"),
        (["demo", "-o", "nowhere/r.html"], 3, "there is no folder"),
        (["model", "export", "-o", "nowhere/m.xml"], 3, "there is no folder"),
        (["simulate", "missing.yaml"], 4, "missing.yaml"),
        (["simulate"], 2, "REGIMEN"),
        (["simulate", "3 mg once", "--people", "-1"], 2, "--people"),
        (["compare", "3 mg once"], 2, "two regimens"),
        (["simulat"], 2, "Did you mean 'simulate'"),
        (["model", "show", "ke1"], 4, "ke0"),
    ],
)
def test_bad_input_says_what_where_and_what_to_do(run, arguments, code, words):
    found, out, err = run(*arguments)
    assert found == code
    assert words in err
    assert out == ""


def test_nothing_is_written_when_the_input_is_bad(run, tmp_path):
    target = tmp_path / "r.parquet"
    assert run("simulate", "4.5 grams nightly", "-o", str(target))[0] == 3
    assert not target.exists()


def test_every_file_can_be_asked_for_at_once(run, tmp_path):
    folder = tmp_path / "ein Ordner mit Ümlaut"
    folder.mkdir()
    files = {option: folder / name for option, name in FILES.items()}
    code, _, err = run("simulate", SHORT, *(str(word) for pair in files.items() for word in pair))
    assert code == 0
    for path in files.values():
        assert path.stat().st_size > 100
        assert str(path) in err


FILES = {"-o": "r.parquet", "--records": "events.csv", "--individuals": "params.csv", "--report": "r.html"}


def test_a_regimen_is_read_from_a_file(run, tmp_path):
    from lowdose import Regimen

    file = tmp_path / "mine.json"
    file.write_text(json.dumps(Regimen.parse(SHORT).to_dict()), encoding="utf-8")
    assert json.loads(run("simulate", str(file), "--json")[1])["inputs"]["regimen"] == SHORT


def test_start_puts_the_regimen_on_the_calendar(run):
    found = json.loads(run("simulate", SHORT, "--start", "2026-12-01T23:00", "--json")[1])
    assert found["inputs"]["start"] == "2026-12-02T22:00:00"


def test_compare_lays_regimens_side_by_side(run):
    code, out, _ = run("compare", "1.5 mg once", "3 mg once")
    assert code == 0
    assert "1.5 mg once" in out
    assert "3 mg once" in out
    runs = json.loads(run("compare", "1.5 mg once", "3 mg once", "--json")[1])["runs"]
    assert [one["inputs"]["regimen"].split(" once")[0] for one in runs] == ["1.5 mg", "3 mg"]


def test_model_lists_shows_and_exports(run, tmp_path):
    code, out, _ = run("model", "list")
    assert code == 0
    assert "equilibrium-parent" in out
    assert "EC50_mu" in out
    assert "assumed" in out
    _, out, _ = run("model", "show", "g_fast")
    assert "provenance: assumed" in out
    assert json.loads(run("model", "show", "CL", "--json")[1])["unit"] == "L/h"
    assert "CL" in json.loads(run("model", "list", "--json")[1])["parameters"]
    assert run("model", "export", "--hypothesis", "imposed", "-o", str(tmp_path / "m.xml"))[0] == 0
    assert "imposed_block" in (tmp_path / "m.xml").read_text(encoding="utf-8")


def test_doctor_finds_this_installation_well(run):
    code, out, _ = run("doctor")
    assert code == 0
    assert "FAIL" not in out
    assert all(row["ok"] for row in json.loads(run("doctor", "--json")[1])["checks"])


def test_an_unexpected_error_is_short_and_exits_1(run, monkeypatch):
    monkeypatch.setattr("lowdose.simulation.run.rows", lambda *_, **__: 1 / 0)
    monkeypatch.delenv("LOWDOSE_DEBUG", raising=False)
    code, _, err = run("simulate", "3 mg once")
    assert code == 1
    assert "ZeroDivisionError" in err
    assert "LOWDOSE_DEBUG" in err


def test_an_interruption_exits_130(run, monkeypatch):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("lowdose.simulation.run.rows", interrupt)
    assert run("simulate", "3 mg once")[0] == 130


def test_the_warm_path_imports_nothing_heavy():
    script = (
        "import sys\nfrom lowdose.cli import main\n"
        f"try: main(['simulate', {SHORT!r}])\nexcept SystemExit: pass\n"
        "heavy = {'antimony', 'sympy', 'pandas', 'xarray', 'libsbml', 'vl_convert', 'jinja2', 'pyarrow'}\n"
        "print('heavy:', sorted(heavy & set(sys.modules)))"
    )
    for _ in range(2):
        found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert found.stdout.splitlines()[-1] == "heavy: []"


def test_help_imports_no_numbers():
    script = (
        "import sys\nfrom lowdose.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass\n"
        "print('numpy' in sys.modules, 'lowdose.model' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert found.stdout.splitlines()[-1] == "False False"


def test_a_closed_pipe_is_no_error():
    command = [sys.executable, "-c", f"from lowdose.cli import main; main(['simulate', {SHORT!r}, '--json'])"]
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as pipe:
        found = subprocess.run(command, stdout=pipe, stderr=subprocess.PIPE, text=True)
    assert "Traceback" not in found.stderr


def test_no_command_holds_a_formula():
    for file in (Path(__file__).parents[2] / "src" / "lowdose" / "cli").glob("*.py"):
        text = file.read_text(encoding="utf-8")
        assert "import numpy" not in text, file.name
        assert "math." not in text, file.name
