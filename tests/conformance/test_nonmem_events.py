"""Dose events mean what NONMEM means: 29 scenarios and one with a time-varying covariate, to the printed digits.

NONMEM prints five significant digits, so a row agrees when it is within half a unit of the fifth; the slack on top,
1e-4 of that unit, is for values that lie on the edge between two printed ones and for our own tolerance (rtol 1e-11).
"""

import csv
import math
from collections import defaultdict
from pathlib import Path

import pytest

from lowdose.engine import Change, Dose, Reset, compile, solve

antimony = pytest.importorskip("antimony")
pytestmark = pytest.mark.conformance

MODEL = """
model depot
    KA = 1.5; CL = 1.1; V = 20
    A1 = 0; A2 = 0
    A1' = -KA*A1
    A2' = KA*A1 - CL/V*A2
    CP := A2/(V/1000)
end
"""
DIGITS = 5
SLACK = 1e-4
COMPARTMENTS = {1: "A1", 2: "A2"}


@pytest.fixture(scope="module")
def model():
    assert antimony.loadAntimonyString(MODEL) != -1, antimony.getLastError()
    return compile(antimony.getSBMLString("depot"))


def rows(path: Path) -> dict[int, list[dict[str, float]]]:
    """Numbers by row, by ID; a dot is a missing value."""
    people = defaultdict(list)
    with path.open() as file:
        for row in csv.DictReader(file):
            numbers = {name: float("nan" if text == "." else text) for name, text in row.items()}
            people[int(numbers["ID"])].append(numbers)
    return people


def events(records: list[dict[str, float]]) -> list[Dose | Reset]:
    """Dose and reset records; in this control stream lag and bioavailability belong to compartment 2 only."""
    found: list[Dose | Reset] = []
    for record in records:
        evid, compartment = int(record["evid"]), int(record["cmt"])
        if evid == 3:
            found.append(Reset(record["time"]))
        if evid not in (1, 4):
            continue
        rate, duration = max(record["rate"], 0.0), 0.0
        if record["rate"] == -1:
            rate = record["RAT2"]
        elif record["rate"] == -2:
            duration = record["DUR2"]
        found.append(
            Dose(
                record["time"],
                record["amt"],
                COMPARTMENTS[compartment],
                rate=rate,
                duration=duration,
                lag=record["LAGT"] if compartment == 2 else 0.0,
                bioavailability=record["BIOAV"] if compartment == 2 else 1.0,
                interval=record["ii"],
                additional=int(record["addl"]),
                steady_state=int(record["ss"]),
                reset=evid == 4,
            )
        )
    return found


def agree(model, history, printed) -> int:
    """Compare every printed row; return how many there were."""
    times = sorted({row["TIME"] for row in printed})
    solution = solve(model, {}, [history], ["CP"], times, rtol=1e-11, atol=1e-12)
    assert not solution.failed, solution.details
    at = dict(zip(times, solution.values["CP"][0], strict=True))
    wrong = []
    for row in printed:
        unit = 10.0 ** (math.floor(math.log10(row["CP"])) - DIGITS + 1) if row["CP"] else 1e-9
        if not abs(at[row["TIME"]] - row["CP"]) <= (0.5 + SLACK) * unit:
            wrong.append((row["TIME"], row["CP"], at[row["TIME"]]))
    assert wrong == []
    return len(printed)


@pytest.mark.parametrize("scenario", range(1, 30))
def test_scenario(references, model, scenario):
    folder = references / "nonmem_events"
    records, printed = rows(folder / "1001.csv")[scenario], rows(folder / "1001-nonmem.csv")[scenario]
    assert agree(model, events(records), printed) == len(records) > 100


def test_all_rows_are_compared(references):
    assert sum(map(len, rows(references / "nonmem_events" / "1001-nonmem.csv").values())) == 3837


def test_time_varying_covariate_is_carried_backward(references, model):
    """From one record to the next, NONMEM uses the covariate of the next."""
    folder = references / "nonmem_events"
    ((_, records),) = rows(folder / "2001.csv").items()
    ((_, printed),) = rows(folder / "2001-nonmem.csv").items()
    clearances = [1.1 * (record["WT"] / 70.0) ** 0.75 for record in records]
    changes = [
        Change(earlier["time"], "CL", clearance)
        for earlier, later, clearance in zip(records, records[1:], clearances[1:], strict=False)
        if later["time"] > earlier["time"]
    ]
    assert agree(model, [*changes, *events(records)], printed) == len(records)
