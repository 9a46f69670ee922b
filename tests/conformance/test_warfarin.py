"""The population fit of warfarin agrees with Monolix's of the same 32 people.

Monolix 2021R2 (SAEM), project ``warfarinPKPD_project`` of the R package optiDoseR (D. Bräm, GitHub braemd/optiDoseR,
``inst/warfarinPKPD_project/populationParameters.txt``): one compartment, first-order absorption after a lag, lognormal
between persons, scatter a + b × prediction, 247 concentrations (our file holds four more that read 0, left out there).
It was fitted together with the anticoagulant effect, by another approximation of the likelihood, and prints no
standard errors: we ask that its estimates lie within one of our own (0.6 at most when this was
written), and clearance and volume, which the data set well, within 3 %. Data: O'Reilly and Aggeler, Circulation 1968.
"""

from __future__ import annotations

import csv
import math

import numpy as np
import pytest

from lowdose.calibrate import Population, Unknown, maximum_a_posteriori
from lowdose.engine import Dose, compile, solve

pytestmark = pytest.mark.conformance

MODEL = """
model depot
    KA = 1; CL = 0.1; V = 10
    A1 = 0; A2 = 0
    A1' = -KA*A1
    A2' = KA*A1 - CL/V*A2
    CP := A2/V
end
"""
MONOLIX = {
    "Tlag": 0.91995867706076,
    "KA": 1.40450348840306,
    "V": 7.89272638535945,
    "CL": 0.133514721223596,
    "omega_Tlag": 0.496952140517677,
    "omega_KA": 0.881751597861287,
    "omega_V": 0.218766032680017,
    "omega_CL": 0.28421354529114,
    "a": 0.282490476635365,
    "b": 0.0469452827956834,
}
TYPICAL = (("Tlag", "h", 1.0), ("KA", "1/h", 1.0), ("V", "L", 10.0), ("CL", "L/h", 0.1))
"""Neutral: round numbers, not the published ones."""
WIDE = 1.5


@pytest.fixture(scope="module")
def people(references):
    with (references / "warfarin.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    doses = {row["id"]: float(row["amt"]) for row in rows if row["evid"] == "1"}
    seen = [row for row in rows if row["dvid"] == "cp" and row["evid"] == "0" and float(row["dv"]) > 0]
    assert (len(doses), len(seen)) == (32, 247)
    times = np.unique([float(row["time"]) for row in seen])
    observed = np.full((len(doses), len(times)), math.nan)
    for row in seen:
        observed[list(doses).index(row["id"]), np.searchsorted(times, float(row["time"]))] = float(row["dv"])
    return np.array(list(doses.values())), times, observed


def closed_form(persons, amounts, times):
    """Concentrations of MODEL after one lagged dose; the fit asks for millions, so it does not ask the engine."""
    lag, absorption, volume, clearance = (column[:, None] for column in persons.T)
    since = np.maximum(times - lag, 0.0)
    elimination = clearance / volume
    size = amounts[:, None] * absorption / (volume * (absorption - elimination))
    return size * (np.exp(-elimination * since) - np.exp(-absorption * since))


def test_the_closed_form_is_the_engine_s(people):
    antimony = pytest.importorskip("antimony")
    amounts, times, _ = people
    assert antimony.loadAntimonyString(MODEL) != -1, antimony.getLastError()
    model = compile(antimony.getSBMLString("depot"))
    persons = np.array([[0.5, 1.3, 8.0, 0.13], [1.2, 0.4, 6.0, 0.2]])
    solved = solve(
        model,
        {"KA": persons[:, 1], "V": persons[:, 2], "CL": persons[:, 3]},
        [(Dose(float(lag), float(amount), "A1"),) for lag, amount in zip(persons[:, 0], amounts, strict=False)],
        ["CP"],
        np.concatenate([[0.0], times]),
    )
    assert closed_form(persons, amounts[:2], times) == pytest.approx(solved.values["CP"][:, 1:], rel=1e-6, abs=1e-9)


def test_the_population_fit_agrees_with_monolix(people):
    amounts, times, observed = people
    population = Population(
        [Unknown(*one, WIDE) for one in TYPICAL],
        observed,
        lambda persons, who: closed_form(persons, amounts[who], times),
        between=Unknown("omega", "1", 0.3, 1.0),
        additive=Unknown("a", "mg/L", 0.5, WIDE),
        proportional=Unknown("b", "1", 0.1, WIDE),
    )
    problem = population.problem()
    found = maximum_a_posteriori(problem, starts=1)
    spreads = np.sqrt(np.diag(found.covariance))
    off = {
        unknown.name: float((unknown.score(np.array(MONOLIX[unknown.name])) - found.scores[i]) / spreads[i])
        for i, unknown in enumerate(problem.unknowns)
    }
    assert max(map(abs, off.values())) < 1, off
    for name in ("CL", "V"):
        assert found.values[name] == pytest.approx(MONOLIX[name], rel=0.03), name
    assert not found.not_identified
