"""The page on mechanisms and its pictures."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import numpy as np
import pytest

from lowdose.calibrate.mechanisms import experiments, recover, score_mechanisms
from lowdose.charts import to_svg
from lowdose.charts.mechanisms import differences, held_out
from lowdose.report.mechanisms import NOTHING_TOLD, difference_rows, held_out_rows, rows, write_mechanisms


@pytest.fixture(scope="module")
def found():
    return score_mechanisms()


@pytest.fixture(scope="module")
def written(found, tmp_path_factory):
    folder = tmp_path_factory.mktemp("ä page")
    made = write_mechanisms(
        found,
        folder,
        others=[score_mechanisms(widened=2.0)],
        recovered=[recover(found, data_sets=1)],
        telling=experiments(draws=4),
    )
    return made.read_text(encoding="utf-8")


def test_the_first_sentence_follows_the_scores(found, written, tmp_path):
    assert NOTHING_TOLD in written
    sure = replace(found.of("partial-block"), log_densities=found.of("placebo-only").log_densities + 3)
    told = replace(found, mechanisms=(found.of("placebo-only"), sure))
    said = write_mechanisms(told, tmp_path).read_text(encoding="utf-8")
    assert NOTHING_TOLD not in said
    assert "Told from placebo-only: partial-block" in said


def test_every_trial_is_named_with_its_reason_and_those_without_numbers_are_said(found, written):
    for trial in (*found.fitted, *found.held_out):
        assert f"- {trial.label}: {trial.reason}." in written
    assert re.search(r"No usable numbers\*\*: Peters 2022, Lajevardi", written)
    assert "younger2009_fm" in written


def test_the_page_says_which_mechanisms_cannot_be_recovered_and_what_would_tell_them_apart(written):
    assert "**Not recovered**" in written
    assert "false alarms" in written
    assert "rebound or partial-block" in written
    assert "priors 2 times as wide" in written


def test_no_sentence_gives_a_dose_to_a_patient_or_speaks_of_overcoming_a_block(written):
    assert not re.search(r"overcom|you should|we recommend", written, re.IGNORECASE)
    assert "not advice" in written


def test_tables_and_pictures_hold_the_same_numbers(found):
    delta, error = found.delta("rebound")
    assert f"{delta:+.2f} ({error:.2f})" in rows(found)[2]
    drawn = difference_rows(found)[0]
    assert (drawn["low"] + drawn["high"]) / 2 == pytest.approx(delta)
    assert len(held_out_rows(found)) == len(found.mechanisms) * sum(len(trial.differences) for trial in found.held_out)


def test_pictures_draw_every_rival_and_mark_those_that_are_told_apart(found):
    picture = differences([{**row, "told": row["rival"] == "ogf"} for row in difference_rows(found)])
    svg = to_svg(picture)
    assert all(f">{name}<" in svg for name in ("rebound", "partial-block", "ogf"))
    assert "#B34A00" in svg
    panels = to_svg(held_out(held_out_rows(found)))
    assert "FINAL" in panels
    assert "NaN" not in panels
    assert json.dumps(picture)


def test_a_rival_far_off_widens_the_scale():
    row = {"rival": "far", "delta": -30.0, "low": -34.0, "high": -26.0, "told": True}
    scale = differences([row])["layer"][2]["encoding"]["x"]["scale"]["domain"]
    assert scale[0] < -34
    assert np.isclose(scale[0], -scale[1])
