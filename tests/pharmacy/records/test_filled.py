"""What was filled in by hand: read exactly, and slips of the pen refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lowdose.errors import InvalidInput, SafetyStop
from lowdose.pharmacy.records.filled import fill_in, read_filled
from lowdose.pharmacy.worksheets.worksheet import Papers

from .batches import (
    GREEN,
    REPORT,
    WHITE,
)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"weights_": [1]}, "has no 'weights_'"),
        ({"weighings": [{"ingredient": "chalk", "actual": 1, "weighed_by": str(GREEN), "checked_by": str(GREEN)}]},
         "no chalk"),
        ({"weighings": [{"ingredient": "naltrexone hydrochloride", "actual": "heap", "weighed_by": str(GREEN),
                         "checked_by": str(GREEN)}]}, "not a number"),
        ({"weighings": [{"ingredient": "naltrexone hydrochloride", "actual": 1, "weighed_by": "Green"}]},
         "three parts"),
        ({"yield": -3}, "above zero"),
        ({"assay": "HPLC"}, "not names with values"),
        ({"assay": {**REPORT, "lab": "x"}}, "has no 'lab'"),
        ({"assay": {**REPORT, "laboratory": "none"}}, "laboratory of the assay is not given"),
        ({"assay": {**REPORT, "report": "n/a"}}, "report of the assay is not given"),
        ({"assay": {**REPORT, "method": ""}}, "method of the assay is not given"),
        ({"assay": {**REPORT, "method": "weighing, analytical balance"}}, "is no assay"),
        ({"assay": {**REPORT, "on": "soon"}}, "date of the assay"),
        ({"assay": {**REPORT, "compared_by": "me, patient, none"}}, "name of the professional"),
    ],
)  # fmt: skip
def test_slips_of_the_pen(made: Papers, content: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        fill_in(made.record, content)


def test_filled_files(tmp_path: Path) -> None:
    path = tmp_path / "filled.yaml"
    path.write_text("schema: lowdose.batch/1\n", encoding="utf-8")
    with pytest.raises(InvalidInput, match="no filled-in worksheet"):
        read_filled(path)
    path.write_text("a: [", encoding="utf-8")
    with pytest.raises(InvalidInput, match="cannot be read"):
        read_filled(path)
    path.write_text("schema: lowdose.filled/1\nyield: 94\nyield: 49\n", encoding="utf-8")
    with pytest.raises(InvalidInput, match="has yield twice"):
        read_filled(path)
    path.write_text("schema: lowdose.filled/1\nweighings:\n- {actual: 1, actual: 2}\n", encoding="utf-8")
    with pytest.raises(InvalidInput, match="has actual twice"):
        read_filled(path)
    path.write_text("schema: lowdose.filled/1\nyield: 94\n", encoding="utf-8")
    assert read_filled(path)["yield"] == 94


def test_the_date_of_a_report_as_yaml_reads_it(made: Papers, tmp_path: Path) -> None:
    path = tmp_path / "filled.yaml"
    path.write_text(
        "schema: lowdose.filled/1\n"
        'assay: {laboratory: Quality Ltd, report: Q-81, method: HPLC, on: 2026-12-03, compared_by: "D. White, '
        'pharmacist, GPhC 0000002"}\n',
        encoding="utf-8",
    )
    assay = fill_in(made.record, read_filled(path)).assay
    assert (assay.on, assay.compared_by) == (date(2026, 12, 3), WHITE)


def shells(**more: Any) -> dict[str, Any]:
    who = {"weighed_by": str(GREEN), "checked_by": str(WHITE)}
    return {"weighings": [{"ingredient": "size 3 capsule shells", "actual": 95, **who, **more}]}


def test_a_lot_that_the_worksheet_leaves_open_is_written_in(made: Papers) -> None:
    done = fill_in(made.record, shells(lot="S-3", expiry=date(2028, 1, 31)))
    assert done.weighings[-1].taken_from == ("S-3", date(2028, 1, 31))
    assert done.is_approved  # the worksheet that was approved is the same
    assert fill_in(made.record, shells()).weighings[-1].taken_from == ("", None)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"lot": 83, "expiry": "2028-01-31"}, "put it in quotes"),
        ({"lot": "S-3"}, "expiry of size 3 capsule shells is None"),
        ({"lot": "S-3", "expiry": "soon"}, "expiry: 2028-01-31"),
        ({"lot": "n/a", "expiry": "2028-01-31"}, "lot number is 'n/a'"),
        ({"lot": "S-3", "expiry": "2026-11-30"}, "expired on 2026-11-30"),
    ],
)
def test_slips_about_a_lot(made: Papers, given: dict[str, Any], message: str) -> None:
    with pytest.raises((InvalidInput, SafetyStop)) as stop:
        fill_in(made.record, shells(**given))
    assert message in f"{stop.value} {stop.value.remedy}"


def test_another_lot_than_that_of_the_worksheet_is_refused(made: Papers) -> None:
    given = shells(ingredient="microcrystalline cellulose", lot="C-9", expiry=date(2027, 3, 1))
    with pytest.raises(InvalidInput, match="the worksheet has lot C-8, expiry 2027-03-01"):
        fill_in(made.record, given)
    assert fill_in(made.record, {"weighings": [{**given["weighings"][0], "lot": "C-8"}]}).weighings[1].actual == 95


def test_a_slip_in_a_name_has_its_near_miss(made: Papers) -> None:
    with pytest.raises(InvalidInput) as stop:
        fill_in(made.record, shells(ingredient="microcristalline cellulose"))
    assert "did you mean microcrystalline cellulose?" in str(stop.value.remedy)
