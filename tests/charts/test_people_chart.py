"""The picture of virtual people shows what the columns hold."""

from __future__ import annotations

import numpy as np
import pytest

from lowdose.charts import to_svg
from lowdose.charts.people import people as chart
from lowdose.people import make


@pytest.fixture(scope="module")
def drawn():
    return make(2000, population="general-adults")


def test_bars_add_up_to_everybody(drawn):
    (age, weight, clearance), (exposure, _, _) = (row["hconcat"] for row in chart(drawn)["vconcat"])
    for panel in (age, weight, clearance, exposure):
        assert sum(row["share"] for row in panel["data"]["values"]) == pytest.approx(100)
    women = sum(row["share"] for row in age["data"]["values"] if row["sex"] == "women")
    assert women == pytest.approx(100 * np.mean(drawn.columns["sex"] == "F"))


def test_correlations_are_those_of_the_columns(drawn):
    cells = {(row["a"], row["b"]): row["r"] for row in chart(drawn)["vconcat"][1]["hconcat"][2]["data"]["values"]}
    assert len(cells) == 9 * 8 / 2
    p = drawn.parameters
    assert cells["V1", "CL"] == round(100 * np.corrcoef(np.log(p["CL"]), np.log(p["V1"]))[0, 1])


@pytest.mark.parametrize("population", ["fibromyalgia", "crohn"])
@pytest.mark.parametrize("n", [1, 30])
def test_few_people_of_one_sex_or_two_are_drawn(n, population):
    people = make(n, population=population)
    drawn = to_svg(chart(people))
    assert people.population.title in drawn
    assert "NaN" not in drawn
    assert ("men</text>" in drawn) == (len(set(people.columns["sex"].tolist())) == 2)
