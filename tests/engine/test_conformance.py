"""The runner over a suite of a few cases, written here."""

import subprocess
import sys

import pytest

from lowdose.engine.conformance import check, main, run

DECAY = "compartment C = 2; species A in C; A = 4; J: A -> ; 0.5*A*C; total := 3"
SETTINGS = """start: 0
duration: 2
steps: 2
variables: A, total
absolute: 1e-6
relative: 1e-4
amount: {amount}
concentration: {concentration}
"""
CONCENTRATIONS = "time,A,total\n0,4,3\n1,2.4261226,3\n2,1.4715178,3\n"
AMOUNTS = "Time, A, total\r\n0,8,3\r\n1,4.8522453,3\r\n2,2.9430355,3\r\n"


@pytest.fixture
def suite(tmp_path, make_sbml):
    def write(case, body, results, variables="A, total", amount="", concentration="A", suffix="sbml"):
        folder = tmp_path / case
        folder.mkdir(exist_ok=True)
        (folder / f"{case}-{suffix}.xml").write_text(make_sbml(f"model m\n{body}\nend", "m"), encoding="utf-8")
        settings = SETTINGS.format(amount=amount, concentration=concentration).replace("A, total", variables)
        (folder / f"{case}-settings.txt").write_text(settings, encoding="utf-8")
        (folder / f"{case}-results.csv").write_text(results, encoding="utf-8")
        return folder

    return write


def test_all_passed(suite, tmp_path, capsys):
    suite("00001", DECAY, CONCENTRATIONS)
    suite("00002", DECAY, AMOUNTS, amount="A", concentration="")
    counted = DECAY.replace("species A", "substanceOnly species A").replace("A = 4", "A = 8").replace("*A*C", "*A")
    suite("00003", counted, CONCENTRATIONS)
    assert main([str(tmp_path)]) == 0
    assert capsys.readouterr().out == "3 passed, 0 refused, 0 wrong\n"


def test_refused_and_wrong_are_named(suite, tmp_path, capsys):
    suite("00001", DECAY, CONCENTRATIONS)
    for case in ("00002", "00004"):
        suite(case, "A = 1; A' = delay(A, 1); total := 3", CONCENTRATIONS)
    suite("00003", DECAY, CONCENTRATIONS.replace("1,2.4261226", "1,2.427"))
    suite("00005", "total := 3; x = 1; x' = 1", CONCENTRATIONS)
    (tmp_path / "00006").mkdir()
    (tmp_path / "notes").mkdir()
    assert main([str(tmp_path), "--jobs", "2"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "1 passed, 2 refused, 3 wrong",
        "refused, delay: 00002 00004",
        "wrong, 00003: A at time 1: 2.42612, not 2.427",
        "wrong, 00005: no output is named 'A'",
        "wrong, 00006: no model, settings and results",
    ]


def test_one_refused_is_no_error(suite, tmp_path):
    suite("00001", "A = 1; A' = delay(A, 1); total := 3", CONCENTRATIONS)
    assert main([str(tmp_path)]) == 0


def test_a_solve_that_fails_is_wrong(suite):
    verdict = check(suite("00001", "A = 1; A' = 1/(A - A); total := 3", CONCENTRATIONS))
    assert (verdict.outcome, verdict.reason[:10]) == ("wrong", "not solved")


def test_the_highest_level_counts(suite):
    folder = suite("00001", DECAY, CONCENTRATIONS, suffix="sbml-l3v2")
    old = suite("00001", "A = 0; A' = 1; total := 3", CONCENTRATIONS, suffix="sbml-l3v1") / "00001-sbml-l3v1.xml"
    old.write_text(old.read_text().replace('version="2"', 'version="1"').replace("version2", "version1"))
    assert check(folder).outcome == "passed"
    (folder / "00001-sbml-l3v2.xml").unlink()
    assert check(folder).outcome == "wrong"


INFINITE = "time,p,q,A\n0,INF,-INF,NaN\n1,INF,-INF,NaN\n2,INF,-INF,NaN\n"


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ("p = inf; q := -p; A := p + q", "passed"),
        ("p = inf; q := p; A := p + q", "wrong"),
        ("p = inf; q = -inf; A := 1", "wrong"),
        ("p = inf; q := -p; A = 1; A' = p + q", "refused"),
    ],
)
def test_an_infinity_must_be_the_same_infinity(suite, body, outcome):
    assert check(suite("00001", body, INFINITE, variables="p, q, A")).outcome == outcome


@pytest.mark.parametrize("arguments", [[], ["no such folder"], ["."], [".", "--jobs", "many"]])
def test_usage(arguments, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.err
    assert not captured.out


def test_as_a_module(suite, tmp_path):
    suite("00001", DECAY, CONCENTRATIONS.replace("3\n", "4\n"))
    command = [sys.executable, "-m", "lowdose.engine.conformance", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stdout.splitlines() == ["0 passed, 0 refused, 1 wrong", "wrong, 00001: total at time 0: 3, not 4"]


def test_cases_come_by_number(suite, tmp_path):
    for case in ("00010", "00002"):
        suite(case, DECAY, CONCENTRATIONS)
    assert [one.case for one in run(tmp_path)] == ["00002", "00010"]
