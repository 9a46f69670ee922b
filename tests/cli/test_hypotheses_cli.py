"""``lowdose hypotheses score``, as a person and a program meet it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner

from lowdose.calibrate import occupancy
from lowdose.cli.hypotheses import command


@pytest.fixture(scope="module")
def known():
    """One rival that needs no model, scored once for all tests here."""
    return occupancy.score(["training-mean"])


@pytest.fixture(autouse=True)
def few(monkeypatch, known):
    monkeypatch.setattr(occupancy, "score", lambda *, seed, progress: replace(known, seed=seed))


def run(*arguments):
    found = CliRunner().invoke(command, list(arguments), catch_exceptions=False)
    return found.exit_code, found.stdout, found.stderr


def test_a_person_sees_every_rival_and_what_the_scores_cannot_tell():
    code, out, _ = run("score", "--only", "occupancy")
    assert code == 0
    assert "training-mean" in out
    assert "do not validate" in " ".join(out.split())


def test_json_is_one_object_with_the_contracted_names():
    code, out, _ = run("score", "--only", "occupancy", "--json", "--seed", "3")
    made = json.loads(out)
    assert code == 0
    assert made["inputs"] == {"only": "occupancy", "seed": 3}
    assert made["held_out_studies"] == ["Rabiner 2011", "Lee 1988", "Weerts 2008"]
    assert made["manifest"]["seed"] == 3
    for one in made["occupancy"].values():
        assert {"rmse_points", "rmse_points_relative", "elpd", "elpd_se"} <= set(one)
        assert all(fold["diagnostics"]["r_hat"] for fold in one["as-published"])


def test_the_page_is_written_with_its_figure(tmp_path):
    code, _, err = run("score", "--only", "occupancy", "-o", str(tmp_path / "ä b"))
    assert code == 0
    assert "written" in err
    page = (tmp_path / "ä b" / "scoring.md").read_text(encoding="utf-8")
    assert "| training-mean |" in page
    assert (tmp_path / "ä b" / "images" / "scoring-errors.svg").stat().st_size > 3000
    assert "they do not validate them" in page


def test_a_half_that_is_not_there_is_refused():
    assert run("score", "--only", "astrology")[0] == 2
