"""The mechanism half of ``lowdose hypotheses``, as a person and a program meet it."""

from __future__ import annotations

import json

from click.testing import CliRunner

from lowdose.cli.hypotheses import command


def run(*arguments):
    found = CliRunner().invoke(command, list(arguments))
    return found.exit_code, found.stdout, found


def test_a_person_sees_that_nothing_is_told_apart():
    code, out, _ = run("score", "--only", "mechanism")
    words = " ".join(out.split())
    assert code == 0
    assert "not distinguishable" in words
    assert "FINAL" in words


def test_json_names_the_held_out_studies_and_freezes_what_it_rests_on():
    code, out, _ = run("score", "--only", "mechanism", "--json", "--seed", "3")
    made = json.loads(out)
    assert code == 0
    assert made["inputs"] == {"only": "mechanism", "seed": 3}
    assert "occupancy" not in made
    assert {"elpd", "elpd_se", "delta_to_placebo_only"} <= set(made["mechanism"]["placebo-only"])
    assert any("INNOVA" in name for name in made["held_out"])
    assert len(made["manifest"]["mechanism"]["frozen"]) == 64


def test_experiments_for_a_person_and_a_program():
    pair = ("--between", "placebo-only", "--between", "partial-block")
    code, out, _ = run("experiments", *pair, "--top", "3")
    assert code == 0
    assert "not advice" in " ".join(out.split())
    code, out, _ = run("experiments", *pair, "--json", "--people", "50")
    made = json.loads(out)
    assert code == 0
    assert made["people_an_arm"] == 50
    assert {tuple(one["pair"]) for one in made["experiments"]} == {("placebo-only", "partial-block")}


def test_names_that_are_not_known_are_refused():
    _, _, found = run("experiments", "--between", "rebund")
    assert "did you mean rebound" in str(found.exception)
