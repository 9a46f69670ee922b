"""What the four charts draw, read from their specifications."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import altair
import numpy as np
import pytest

from lowdose import Regimen, Result, charts, rivals, simulate

DRAW = {"drug": charts.drug, "blockade": charts.blockade, "own_opioids": charts.own_opioids, "tone": charts.tone}


def panels(spec: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for row in spec["vconcat"]:
        yield from row["hconcat"]


def panel(spec: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in panels(spec) if one["name"] == name)


def drawn(one: dict[str, Any]) -> dict[str, np.ndarray]:
    head, *lines = one["data"]["values"].split("\n")
    columns = np.array([[float(x) for x in line.split(",")] for line in lines]).T
    return dict(zip(head.split(","), columns, strict=True))


def marks(one: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [layer for layer in one["layer"] if layer["mark"]["type"] == kind]


@pytest.mark.parametrize("name", [*DRAW, "overview", "rivals"])
@pytest.mark.parametrize("run", ["typical", "people", "year"])
def test_each_chart_is_vega_lite_and_plain_json(name: str, run: str, request: pytest.FixtureRequest) -> None:
    result = request.getfixturevalue(run)
    spec = charts.rivals([result, result]) if name == "rivals" else getattr(charts, name)(result)
    text = json.dumps(spec, allow_nan=False)
    assert altair.Chart.from_json(text, validate=True).to_dict()["$schema"].endswith("v6.json")


@pytest.mark.parametrize("name", DRAW)
def test_a_chart_of_a_year_stays_small(name: str, year: Result) -> None:
    assert len(json.dumps(DRAW[name](year))) < 60_000


@pytest.mark.parametrize("name", DRAW)
def test_units_are_in_the_titles(name: str, typical: Result) -> None:
    for row in DRAW[name](typical)["vconcat"]:
        output = row["hconcat"][0]["name"].removesuffix("_first")
        kind, unit = typical.outputs[output].kind, typical.outputs[output].unit
        expected = "%" if kind == "occupancy" else "1 = without naltrexone" if unit == "1" else unit
        assert row["title"]["text"].endswith(f", {expected}")


@pytest.mark.parametrize("name", DRAW)
def test_curves_on_assumed_or_animal_inputs_are_dashed_and_say_so(name: str, people: Result) -> None:
    for row in DRAW[name](people)["vconcat"]:
        weak = row["hconcat"][0]["name"].removesuffix("_first") in people.weak_outputs
        assert ("dashed" in row["title"].get("subtitle", "")) == weak
        for one in row["hconcat"]:
            assert all(("strokeDash" in line["mark"]) == weak for line in marks(one, "line"))


def test_bands_are_the_quantiles_of_the_drawn_ensemble(people: Result) -> None:
    found = drawn(panel(charts.blockade(people), "mu_occupancy_central_last"))
    ensemble = people.bands["people"]
    at = [int(np.abs(ensemble.time - hour).argmin()) for hour in found["h"]]
    expected = 100 * ensemble.quantiles("mu_occupancy_central")[:, at]
    for name, row in zip(("p05", "p25", "p50", "p75", "p95"), expected, strict=True):
        np.testing.assert_allclose(found[name], row, rtol=1e-3, atol=1e-9)


def test_each_panel_has_both_bands_and_a_median(people: Result) -> None:
    for one in panels(charts.drug(people)):
        assert [
            (layer["encoding"]["y"]["field"], layer["encoding"]["y2"]["field"]) for layer in marks(one, "area")
        ] == [
            ("p05", "p95"),
            ("p25", "p75"),
        ]
        assert marks(one, "line")[0]["encoding"]["y"]["field"] == "p50"


def test_without_people_only_the_typical_course_is_drawn(typical: Result) -> None:
    one = panel(charts.drug(typical), "naltrexone_plasma_first")
    assert not marks(one, "area")
    found = drawn(one)
    np.testing.assert_allclose(
        found["p50"],
        np.interp(found["h"], typical.typical.time, typical.typical.values["naltrexone_plasma"][0]),
        rtol=1e-3,
        atol=1e-12,
    )


def test_the_peak_of_the_drug_is_kept_when_points_are_thinned(typical: Result) -> None:
    for period in ("first", "course"):
        found = drawn(panel(charts.drug(typical), f"naltrexone_plasma_{period}"))
        first = typical.typical.time <= found["h"][-1]
        highest = typical.typical.values["naltrexone_plasma"][0, first].max()
        assert found["p50"].max() == pytest.approx(highest, rel=1e-3)


def test_charts_share_their_points_in_time_so_that_they_can_be_linked(people: Result) -> None:
    hours = [
        drawn(one)["h"].tolist() for draw in DRAW.values() for one in panels(draw(people)) if "_last" in one["name"]
    ]
    assert all(one == hours[0] for one in hours)
    assert all(DRAW[name](people)["params"] == [{"name": "at", "value": -1e6}] for name in DRAW)


def test_a_long_course_is_drawn_as_the_mean_of_each_day(people: Result) -> None:
    found = drawn(panel(charts.blockade(people), "mu_occupancy_central_course"))
    assert found["h"][:2].tolist() == [12.0, 36.0]
    ensemble = people.bands["people"]
    day = (ensemble.time >= 48) & (ensemble.time <= 72)
    means = np.trapezoid(ensemble.values["mu_occupancy_central"][:, day], ensemble.time[day], axis=1) / 24
    assert found["p50"][2] == pytest.approx(100 * np.median(means), rel=2e-3)


@pytest.mark.parametrize(
    ("text", "nights"),
    [
        ("3 mg once at 22:00", [(0.0, 8.0), (24.0, 32.0)]),
        ("3 mg once at 03:30", [(0.0, 2.5), (18.5, 26.5), (42.5, 48.0)]),
    ],
)
def test_nights_are_shaded_by_the_clock(text: str, nights: list[tuple[float, float]]) -> None:
    shade = marks(panel(charts.drug(simulate(text)), "naltrexone_plasma_first"), "rect")[0]["data"]["values"]
    assert [(span["h"], span["to"]) for span in shade] == nights


def test_each_dose_has_its_mark(typical: Result) -> None:
    ticks = marks(panel(charts.drug(typical), "naltrexone_plasma_course"), "tick")[0]["data"]["values"]
    assert [tick["h"] for tick in ticks] == [24.0 * day for day in range(7)]


def test_many_doses_are_bars_that_break_where_doses_were_missed(year: Result) -> None:
    one = panel(charts.drug(year), "naltrexone_plasma_course")
    bars = next(layer["data"]["values"] for layer in marks(one, "rule") if "to" in layer["data"]["values"][0])
    assert [(bar["h"] / 24, bar["to"] / 24) for bar in bars] == [(0, 98), (110, 363)]
    said = [word for layer in marks(one, "text") for word in layer["data"]["values"]]
    assert sorted((word["h"] / 24, word["words"]) for word in said) == [(0, "1.5 mg"), (28, "4.5 mg")]


def test_the_amount_that_stays_is_always_written() -> None:
    steps = ", then ".join(f"{amount} mg for 1 week" for amount in (1, 1.5, 2, 2.5, 3))
    run = simulate(f"0.5 mg nightly for 1 week, then {steps}, then 4.5 mg for 40 weeks", workers=1)
    layers = marks(panel(charts.blockade(run), "mu_occupancy_central_course"), "text")
    assert "4.5 mg" in [word["words"] for layer in layers for word in layer["data"]["values"]]


def test_the_scale_is_one_for_all_periods_and_for_all_rivals(typical: Result) -> None:
    found = rivals(typical)
    spec = charts.rivals(found)
    assert [row["title"]["text"].split(":")[0] for row in spec["vconcat"]] == [one.kinetics.name for one in found]
    domains = {tuple(marks(one, "line")[0]["encoding"]["y"]["scale"]["domain"]) for one in panels(spec)}
    assert domains == {(0, 100.0)}
    names = [one["name"] for one in panels(spec)]
    assert len(names) == len(set(names))


def test_an_imposed_block_is_drawn_as_steps(typical: Result) -> None:
    imposed = simulate(typical.regimen, hypothesis_name="imposed", workers=1)
    for name, steps in (("mu_occupancy_central", True), ("beta_endorphin", False)):
        spec = charts.blockade(imposed) if steps else charts.own_opioids(imposed)
        line = marks(panel(spec, f"{name}_first"), "line")[0]["mark"]
        assert line.get("interpolate") == ("step-after" if steps else None)


def test_the_legend_names_the_kind_of_band(people: Result, typical: Result) -> None:
    assert "8 persons (difference between people)" in charts.legend(people)[0]
    assert charts.legend(typical)[0] == "line: typical person"


def test_no_dose_at_all_can_be_drawn() -> None:
    spec = charts.overview(simulate(Regimen.none("1 week")))
    assert not any(marks(one, "tick") for one in panels(spec))
