"""What was filled in by hand: read exactly, and slips of the pen refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lowdose.errors import InvalidInput
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
