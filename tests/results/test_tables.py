"""Results as files, and the JSON document."""

from __future__ import annotations

import csv
import json
import shlex

import numpy as np
import pyarrow.parquet
import pytest
import xarray

from lowdose import simulate
from lowdose.errors import InvalidInput
from lowdose.model import outputs
from lowdose.results import tables
from lowdose.results.document import document


@pytest.fixture(scope="module")
def result():
    return simulate("4.5 mg nightly at 22:00 for 2 days", people=3, aftermath_hours=48)


def test_parquet_holds_every_trajectory_with_units(result, tmp_path):
    path = tables.save(result, tmp_path / "é x.parquet")
    table = pyarrow.parquet.read_table(path)
    assert table.schema.field("naltrexone_plasma").metadata[b"unit"] == b"ng/mL"
    assert table.num_rows == 10 * len(result.typical.time)
    typical = np.array(table["kind"].to_pylist()) == "typical"
    np.testing.assert_array_equal(table["cortisol"].to_numpy()[typical], result.typical.values["cortisol"][0])


def test_csv_and_netcdf_hold_the_same(result, tmp_path):
    with tables.save(result, tmp_path / "r.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 10 * len(result.typical.time)
    with xarray.open_dataset(tables.save(result, tmp_path / "r.nc"), engine="scipy") as dataset:
        assert dataset["mu_occupancy_central"].attrs["units"] == "1"
        assert dataset["time"].attrs["units"] == "h"
        both = dataset["cortisol"].values[dataset["kind"].values == "both"]
        np.testing.assert_array_equal(both, result.bands["both"].values["cortisol"])


def test_json_names_bands_units_and_limits(result, tmp_path):
    found = json.loads(tables.save(result, tmp_path / "r.json").read_text(encoding="utf-8"))
    assert found == json.loads(json.dumps(document(result)))
    assert found["schema"] == "lowdose.simulate/1"
    assert found["inputs"]["regimen"] == "4.5 mg nightly at 22:00 for 2 days"
    assert set(found["metrics"]) == set(outputs())
    for metrics in found["metrics"].values():
        for metric in metrics.values():
            assert metric["unit"]
            for kind in ("people", "knowledge", "both"):
                assert set(metric[kind]) == {"p05", "p50", "p95"}
    assert any("No one has scanned" in sentence for sentence in found["domain_of_validity"])
    assert found["metrics"]["naltrexone_plasma"]["auc_inf"]["value"] is None


def test_the_command_reproduces_the_run(result):
    words = shlex.split(result.command)
    assert words[:3] == ["lowdose", "simulate", "4.5 mg nightly at 22:00 for 2 days"]
    assert words[words.index("--seed") + 1] == "1"


def test_another_ending_or_a_missing_folder_is_refused_before_any_work(tmp_path):
    with pytest.raises(InvalidInput, match=r"\.xlsx"):
        tables.check_ending(tmp_path / "r.xlsx")
    with pytest.raises(InvalidInput, match="no folder"):
        tables.check_folder(tmp_path / "nowhere" / "r.csv")


def test_records_and_rows_name_every_person(result, tmp_path):
    with tables.write_records(result, tmp_path / "e.csv").open(encoding="utf-8") as file:
        records = list(csv.DictReader(file))
    assert len(records) == 10 * 2
    assert {row["CMT"] for row in records} == {"capsule"}
    with tables.write_individuals(result, tmp_path / "i.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(row["KIND"], row["ID"]) for row in rows[:2]] == [("typical", "0"), ("both", "0")]
    assert float(rows[0]["CL"]) == 140
