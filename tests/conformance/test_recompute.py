"""libRoadRunner, given our exported model, records and rows, gives our trajectories."""

from __future__ import annotations

import csv

import numpy as np
import pytest
import recompute

from lowdose import Person, simulate
from lowdose.model import assemble, hypotheses
from lowdose.results.tables import write_individuals, write_records


def compare(result, folder, name):
    (folder / "model.xml").write_text(assemble(name), encoding="utf-8")
    write_records(result, folder / "events.csv")
    write_individuals(result, folder / "params.csv")
    times = result.typical.time[::7]
    (folder / "times.csv").write_text("TIME\n" + "\n".join(map(repr, times.tolist())) + "\n", encoding="utf-8")
    files = [folder / part for part in ("model.xml", "events.csv", "params.csv", "times.csv", "theirs.csv")]
    recompute.main(*files, outputs=list(result.outputs))
    with (folder / "theirs.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for ensemble in result.ensembles:
        for person in range(len(ensemble.values["cortisol"])):
            theirs = [row for row in rows if (row["KIND"], row["ID"]) == (ensemble.kind, str(person))]
            for output in result.outputs:
                ours = ensemble.values[output][person][::7]
                other = np.array([float(row[output]) for row in theirs])
                scale = max(np.abs(other).max(), 1e-12)
                worst = np.abs(ours - other).max() / scale
                assert worst < 1e-6, f"{name} {ensemble.kind} {person} {output}: {worst:.2g}"


@pytest.mark.parametrize("name", [one.name for one in hypotheses()])
def test_every_hypothesis_agrees_with_libroadrunner(name, tmp_path):
    result = simulate("4.5 mg nightly at 22:00 for 10 days, missing days 4", hypothesis_name=name, aftermath_hours=96)
    compare(result, tmp_path, name)


@pytest.mark.parametrize(
    "form",
    ["oral solution", "sublingual", "slow-release capsule", "cream", "intravenous", "intramuscular", "intranasal"],
)
def test_every_route_agrees_with_libroadrunner(form, tmp_path):
    result = simulate(f"3 mg once as {form}", overrides={"F_cream": 0.05, "F_mucosal": 0.2}, aftermath_hours=48)
    compare(result, tmp_path, "effect-site")


def test_people_are_recomputed_from_records_and_rows(tmp_path):
    person = Person(weight=92, crcl=45, child_pugh="B")
    result = simulate("0.5 mg every 12 hours for 5 days", person, people=2, seed=11, aftermath_hours=48)
    compare(result, tmp_path, "effect-site")
