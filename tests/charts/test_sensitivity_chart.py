"""What the charts of a sensitivity analysis draw, read from their specifications."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import altair
import pytest

from lowdose.charts import to_svg
from lowdose.charts.look import BLUE, INK, ORANGE
from lowdose.charts.sensitivity import (
    Part,
    Settling,
    SettlingLine,
    ShareRow,
    Shares,
    SwingRow,
    Tornado,
    settling,
    shares,
    stacked,
    tornado,
)
from lowdose.errors import InvalidInput
from lowdose.sensitivity import Sensitivity, sensitivity
from lowdose.sensitivity.pictures import picture

ROWS = [
    SwingRow("Clearance of naltrexone", "CL 72 to 272 L/h", "high", 0.8, 0.6),
    SwingRow("Turnover of receptors", "kR 0.004 to 0.014 1/h", "low", 0.68, 0.72),
    SwingRow("Share of a swallowed dose that reaches the blood, and a rather long name", "F", "medium", 0.71, 0.75),
]


def marks(spec: dict[str, Any], kind: str) -> Iterator[dict[str, Any]]:
    for layer in spec.get("layer", ()):
        if "layer" in layer:
            yield from marks(layer, kind)
        elif layer["mark"]["type"] == kind:
            yield layer


def texts(spec: dict[str, Any]) -> list[str]:
    return [row["text"] for layer in marks(spec, "text") for row in layer["data"]["values"]]


def plot(**other: Any) -> dict[str, Any]:
    return tornado(Tornado("Blockade", ["4.5 mg once"], "share blocked", 0.7, ROWS, **{"share": True, **other}))


@pytest.fixture(scope="module")
def study() -> Sensitivity:
    return sensitivity("3 mg once", ["mu_occupancy_central.peak", "beta_endorphin.peak"], n=64, spread="both")


def test_whole_pictures_are_vega_lite_and_plain_json(study: Sensitivity) -> None:
    spec = picture(study)
    text = json.dumps(spec, allow_nan=False)
    altair.Chart.from_json(text, validate=True)
    assert len(spec["vconcat"]) == 6
    assert to_svg(spec).startswith("<svg")


def bars(spec: dict[str, Any], grade: str) -> list[dict[str, Any]]:
    """Rectangles of one grade, without those of the legend."""
    opacity = {"high": 1.0, "medium": 0.5, "low": 0.08}[grade]
    looks = [layer for layer in marks(spec, "rect") if layer["mark"].get("fillOpacity") == opacity]
    return [row for layer in looks if layer["mark"]["fill"] in (BLUE, ORANGE) for row in layer["data"]["values"]]


def test_a_bar_goes_from_the_typical_result_to_the_end() -> None:
    spec = plot()
    typical = next(
        row["x"] for layer in marks(spec, "rule") if layer["mark"]["color"] == INK for row in layer["data"]["values"]
    )
    for grade, longest in (("high", 0.1), ("low", 0.02)):
        left, right = sorted(bars(spec, grade), key=lambda row: row["x"])
        assert left["x2"] == right["x"] == typical
        assert right["x2"] - right["x"] == pytest.approx(left["x2"] - left["x"], abs=0.05)
        assert (right["x2"] - right["x"]) / longest == pytest.approx(
            (sorted(bars(spec, "high"), key=lambda row: row["x"])[1]["x2"] - typical) / 0.1, abs=2
        )


def test_bars_on_the_same_side_do_not_hide_each_other() -> None:
    upper, lower = sorted(bars(plot(), "medium"), key=lambda row: row["y"])
    assert upper["y2"] == lower["y"]
    assert upper["x"] == lower["x"]


def test_ends_and_names_are_written() -> None:
    said = texts(plot(notes=["Drawn one at a time."]))
    for expected in ("60 %", "80 %", "typical: 70 %", "Clearance of naltrexone", "CL 72 to 272 L/h", "share blocked"):
        assert expected in said
    assert "Drawn one at a time." in said
    assert "poorly known" in said


def test_a_poorly_known_number_is_dashed() -> None:
    looks = [layer["mark"] for layer in marks(plot(), "rect")]
    assert any("strokeDash" in look for look in looks)
    sure = tornado(Tornado("Blockade", [], "share", 0.7, ROWS[:1]))
    assert not any("strokeDash" in layer["mark"] for layer in marks(sure, "rect"))


def test_an_end_without_a_number_is_said() -> None:
    rows = [SwingRow("Clearance", "", "high", 3.0, None)]
    assert "no value at one end" in texts(tornado(Tornado("Hours", [], "h", 4.0, rows)))


def test_shares_stay_on_the_axis_and_are_said_in_percent() -> None:
    rows = [
        ShareRow("Potency", "EC50_mu", "medium", Part(0.98, 0.8, 1.3), Part(1.02, 0.9, 1.14)),
        ShareRow("Clearance", "CL", "low", Part(-0.01, -0.03, 0.01), Part(0.02, 0.01, 0.03)),
    ]
    spec = shares(Shares("Blockade", [], rows))
    said = texts(spec)
    assert "100 %" in said
    assert "2 %" in said
    assert all(row["x"] >= 296 for layer in marks(spec, "rule") for row in layer["data"]["values"])


def test_every_size_has_its_interval() -> None:
    points = [(n, Part(0.5, 0.5 - 8 / n, 0.5 + 8 / n)) for n in (128, 256, 512)]
    spec = settling(
        Settling("Settled?", ["not yet"], [SettlingLine("Potency", points), SettlingLine("Clearance", points)])
    )
    upright = [row for layer in marks(spec, "rule") for row in layer["data"]["values"] if row["x"] == row["x2"]]
    assert len(upright) == 6
    assert {"128", "256", "512", "Potency", "Clearance"} <= set(texts(spec))


@pytest.mark.parametrize("draw", [lambda: tornado(Tornado("", [], "", 1.0, [])), lambda: shares(Shares("", [], []))])
def test_nothing_is_not_drawn(draw) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InvalidInput, match="nothing to draw"):
        draw()


def test_sheets_below_each_other_share_one_look() -> None:
    spec = stacked([plot(), plot()])
    assert "config" in spec
    assert all("config" not in one for one in spec["vconcat"])
