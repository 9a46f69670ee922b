"""``lowdose opioid``, as a person meets it: sentences, JSON, exit codes."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from lowdose.cli.opioid import command

ASKED = ["oxycodone 10 mg", "--after", "4.5 mg nightly at 22:00", "--hours", "12"]


@pytest.fixture
def run():
    def run(*arguments):
        done = CliRunner().invoke(command, list(arguments))
        error = done.exception
        code = getattr(error, "exit_code", done.exit_code) if error else done.exit_code
        return code, done.output, str(error or "")

    return run


def test_the_question_as_it_is_asked(run):
    code, out, _ = run(*ASKED)
    text = " ".join(out.split())
    assert code == 0
    assert text.startswith("Plan for the longest: after 4.5 mg nightly at 22:00 for 4 weeks, oxycodone 10 mg")
    assert "Taken 12 hours after the last dose" in text
    assert "The block can be overcome" in text
    for kinetics in ("effect-site", "slow-binding", "equilibrium-parent", "equilibrium-both", "imposed"):
        assert kinetics in text


def test_json_is_one_object_with_every_rival_and_band(run):
    code, out, _ = run(*ASKED, "--people", "5", "--json")
    found = json.loads(out)
    assert code == 0
    assert found["schema"] == "lowdose.opioid/1"
    assert found["inputs"]["people"] == 5
    for rival in found["rivals"].values():
        left = rival["share_of_effect_left"]
        assert left["p05"] <= left["value"] + 0.5
        assert left["p05"] <= left["p95"]
    assert max(r["hours_until_back"]["p95"] for r in found["rivals"].values()) == found["longest"]["hours_until_back"]


def test_research_needs_json(run):
    block = ["block", "--after", "4.5 mg nightly at 22:00", "--hours", "48", "--research"]
    assert run(*block)[0] == 2
    assert "dose_ratio" in json.loads(run(*block, "--json")[1])["research"]
    assert run(*ASKED, "--research", "--json")[0] == 2  # never where an opioid is named


def test_block(run):
    code, out, _ = run("block", "--after", "4.5 mg nightly at 22:00", "--hours", "48")
    assert code == 0
    assert "55 %" in out


@pytest.mark.parametrize("more", [[], ["--json"]])
def test_withdrawal_is_always_a_stop(run, more):
    code, out, _ = run("withdrawal", "methadone 40 mg daily", "--then", "1.5 mg once", *more)
    assert code == 5
    assert "STOP" in out


@pytest.mark.parametrize(
    "on_board",
    ["methadone 200 mg daily", "heroin 25 mg iv", "hydromorphone 4 mg", "Dilaudid", "buprenorphine 40 mg daily"],
)
def test_withdrawal_with_what_is_refused_is_a_stop_all_the_same(run, on_board):
    code, out, error = run("withdrawal", on_board, "--then", "1.5 mg once")
    text = " ".join(out.split())
    assert code == 5
    assert text.startswith("STOP: do not take naltrexone")
    assert "7 to 10 days after a short-acting opioid" in text
    assert "The block can be overcome" in text
    assert "No numbers: " in text
    assert "gets through" not in text + error
    code, out, _ = run("withdrawal", on_board, "--then", "1.5 mg once", "--json")
    found = json.loads(out)
    assert code == 5
    assert found["stop"] is True
    assert found["sentences"][0].startswith("STOP")
    assert found["cautions"]
    assert found["no_prediction"]["what"]
    assert "gets through" not in out


@pytest.mark.parametrize(
    ("on_board", "code"), [("heroine 1 g", 3), ("heroine 25 mg", 4), ("methadone 40 mg iv daily", 3)]
)
def test_withdrawal_with_what_is_not_understood_still_says_stop(run, on_board, code):
    found, out, _ = run("withdrawal", on_board, "--then", "1.5 mg once")
    assert found == code
    assert out.startswith("STOP: do not take naltrexone")
    found, out, _ = run("withdrawal", on_board, "--then", "1.5 mg once", "--json")
    assert found == code
    assert json.loads(out)["stop"] is True


def test_options_may_come_before_the_opioid(run):
    code, out, _ = run("--cyp2d6", "poor", "codeine 60 mg", *ASKED[1:])
    assert code == 0
    assert "class poor is assumed" in " ".join(out.split())
    assert run("--help")[0] == 0


def test_naloxone(run):
    code, out, _ = run("naloxone", "naloxone 4 mg intranasal", "--json")
    assert code == 0
    assert json.loads(out)["largest_mu_occupancy_central"]["value"] > 0.7


def test_list_names_what_is_withheld_and_why(run):
    code, out, _ = run("list", "--json")
    found = json.loads(out)
    assert code == 0
    assert len(found["opioids"]) == 8
    assert found["withheld"]["tapentadol"]


@pytest.mark.parametrize(
    ("dose", "code", "says"),
    [
        ("tapentadol 50 mg", 5, "not enough data"),
        ("oxycodon 10 mg", 4, "oxycodone"),
        ("oxycodone ten mg", 3, "is not an opioid dose"),
        ("oxycodone 500 mg", 5, "no prediction is made"),
        ("heroin 25 mg iv", 5, "not enough data"),
    ],
)
def test_refusals(run, dose, code, says):
    found, _, error = run(dose, *ASKED[1:])
    assert found == code
    assert says in error


def test_picture(run, tmp_path):
    for name in ("effect.svg", "effect.png"):
        assert run(*ASKED, "--picture", str(tmp_path / name))[0] == 0
        assert (tmp_path / name).stat().st_size > 5000
    code, _, error = run(*ASKED, "--picture", str(tmp_path / "effect.txt"))
    assert code == 3
    assert "no picture" in error


def test_a_picture_that_cannot_be_written_is_refused_before_any_work(run, tmp_path, monkeypatch):
    monkeypatch.setattr("lowdose.opioids.effect_left", None)
    for name in ("nowhere/effect.svg", "effect.txt"):
        assert run(*ASKED, "--picture", str(tmp_path / name))[0] == 3
