"""NONMEM-style rows: only what a regimen can hold, and the rest refused by name."""

from __future__ import annotations

import pytest

from lowdose.errors import InvalidInput
from lowdose.regimen import Form, Regimen


def test_column_names_in_any_case_and_empty_cells(tmp_path):
    file = tmp_path / "rows.csv"
    file.write_text("Id,time,AMT,ii,Addl,EVID,cmt,RATE,SS\n1,0,1.5,24,13,1,cream,0,.\n1,336,3,24,13,1,cream,.,0\n")
    regimen = Regimen.load(file)
    assert regimen.canonical == "1.5 mg daily for 2 weeks, then 3 mg for 2 weeks as cream"
    assert regimen.notes == ("no clock time given: 08:00 assumed",)


def test_rows_of_missed_days():
    rows = Regimen.parse("4.5 mg nightly for 12 weeks missing days 3, 10-12").to_rows()
    assert [(row["TIME"], row["ADDL"]) for row in rows] == [(0, 1), (72, 5), (288, 71)]
    assert Regimen.from_rows(rows, "bedtime").steps[0].clock_assumed


def test_gaps_are_pauses_and_time_counts_from_the_first_dose():
    rows = [{"TIME": 12, "AMT": 1}, {"TIME": 84, "AMT": 1, "CMT": "oral_solution"}, {"TIME": 90, "AMT": 1}]
    regimen = Regimen.from_rows(rows)
    assert [dose.hours for dose in regimen.doses] == [0, 72, 78]
    assert regimen.forms == (Form.CAPSULE, Form.ORAL_SOLUTION)
    assert "TIME starts at 12 h: counted from the first dose" in regimen.notes


@pytest.mark.parametrize(
    ("rows", "where", "what"),
    [
        ([{"TIME": 0, "AMT": 1, "RATE": 5}], "row 1, RATE", "RATE is an infusion"),
        ([{"TIME": 0, "AMT": 1, "SS": 1}], "row 1, SS", "SS is a steady-state dose"),
        ([{"TIME": 0, "AMT": 1, "EVID": 101}], "row 1, EVID", "EVID 101 is a replacement"),
        ([{"TIME": 0, "AMT": 1, "EVID": 4}], "row 1, EVID", "EVID 4 is a reset and dose"),
        ([{"TIME": 0, "AMT": 1, "EVID": 0}], "row 1, EVID", "EVID 0 is an observation"),
        ([{"TIME": 0, "AMT": 1, "WT": 70}], "row 1, WT", "column WT is no part of a regimen"),
        ([{"TIME": 0, "AMT": 1, "CMT": 2}], "row 1, CMT", "CMT names no form: '2'"),
        ([{"TIME": 0, "AMT": 1, "ID": 1}, {"TIME": 1, "AMT": 1, "ID": 2}], "ID", "2 people in ID"),
        ([{"TIME": 0, "AMT": 0}], "row 1, AMT", "the dose is zero"),
        ([{"TIME": 0, "AMT": -1}], "row 1, AMT", "the dose is negative"),
        ([{"TIME": 0, "AMT": 200}], "row 1, AMT", "more than 150 mg"),
        ([{"TIME": 0, "AMT": 0.0001}], "row 1, AMT", "less than 1 microgram"),
        ([{"TIME": 0, "AMT": "x"}], "row 1, AMT", "AMT is not a number"),
        ([{"TIME": "10:00", "AMT": 1}], "row 1, TIME", "TIME is not a number"),
        ([{"AMT": 1}], "row 1, TIME", "no TIME"),
        ([{"TIME": 0, "AMT": 1, "ADDL": 3}], "row 1, II", "ADDL needs a time between doses"),
        ([{"TIME": 0, "AMT": 1, "ADDL": -1, "II": 24}], "row 1, ADDL", "ADDL is -1"),
        ([{"TIME": 0, "AMT": 1, "ADDL": 1.5, "II": 24}], "row 1, ADDL", "ADDL is not whole"),
        ([{"TIME": 0, "AMT": 1, "ADDL": 3, "II": 0.5}], "row 1, II", "less than one hour"),
        (
            [{"TIME": 0, "AMT": 1, "ADDL": 13, "II": 24}, {"TIME": 312, "AMT": 3}],
            "row 2, TIME",
            "rows 1 and 2 overlap",
        ),
        ([{"TIME": 0, "AMT": 1}, {"TIME": 0, "AMT": 1}], "row 2, TIME", "rows 1 and 2 overlap"),
        ([{"TIME": 24, "AMT": 1}, {"TIME": 0, "AMT": 1}], "row 2, TIME", "TIME goes back"),
        ([], "", "no rows"),
    ],
)
def test_refused(rows, where, what):
    with pytest.raises(InvalidInput) as caught:
        Regimen.from_rows(rows)
    assert caught.value.exit_code == 3
    assert what in caught.value.what
    assert caught.value.where == where
    assert caught.value.remedy
