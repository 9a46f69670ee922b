"""Forest plot, dose and response, adverse events, condition map: what they draw, and that it can be read."""

from __future__ import annotations

import itertools
import json
import re
import subprocess
import sys
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import altair
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lowdose import charts
from lowdose.charts import (
    ConditionMap,
    DosePoint,
    DoseResponse,
    Forest,
    ForestPool,
    ForestRow,
    HarmRow,
    Harms,
    MapPoint,
    Rate,
)
from lowdose.charts import sheet as sheets
from lowdose.errors import InvalidInput

Spec = dict[str, Any]

PAIN = Forest(
    "Pain in fibromyalgia",
    "LDN compared with placebo; standardised difference, random effects (REML)",
    [
        ForestRow("Due Bruun 2024 (FINAL)", "6 mg · 99 people", -0.23, -0.63, 0.17, 0.34, bias="low"),
        ForestRow("Younger 2013", "4.5 mg · 31 people", -0.49, -0.88, -0.09, 0.35, "crossover", bias="some concerns"),
        ForestRow("Rodríguez-Freire 2026 (INNOVA)", "4.5 mg · 98 people", 0.12, -0.27, 0.52, 0.31, bias="low"),
        ForestRow("Younger 2009", "4.5 mg · 10 people", -1.27, -2.51, -0.44, recalled=True, bias="high"),
        ForestRow("Bested 2023", "4.5 mg · 58 people", note="no means were reported, for either period", bias="?"),
    ],
    [ForestPool("Pooled, random effects", -0.18, -0.95, 0.58, (-2.9, 2.5), "3 trials; fragile")],
    mid=(-0.5,),
    axis="standardised mean difference",
    certainty="low: few people, trials disagree",
)
RESPONSE = Forest(
    "Response",
    "Crohn's disease",
    [
        ForestRow("Smith 2011", "4.5 mg · 34 people", 2.22, 1.14, 4.32, 0.95, recalled=True, group="Adults"),
        ForestRow("Smith 2013", "0.1 mg/kg · 12 children", 2.0, 0.3, 60, 0.05, group="Children"),
    ],
    [ForestPool("Adults", 2.22, 1.14, 4.32, group="Adults"), ForestPool("All", 2.2, 1.2, 4.1)],
    log=True,
    null=1.0,
    left="favours placebo",
    right="favours LDN",
    mid=(1.25,),
)
DOSES = DoseResponse(
    "Response by dose",
    "",
    [
        DosePoint("Bruun 2024", 6, 0.45, 49, True),
        DosePoint("Younger 2013", 4.5, 0.32, 28, True),
        DosePoint("INNOVA 2026", 4.5, 0.30, 49, True),
        DosePoint("Younger 2009", 4.5, 0.6, 10, True, recalled=True),
        DosePoint("Smith 2007", 4.5, 0.89, 17, False),
        DosePoint("Survey", 4.5, 0.62, 215, False),
        DosePoint("Kariv 2006", 0.5, 0.76, 42, False),
        DosePoint("Srinivasan 2021", 3, 0.52, 67, True, low=0.4, high=0.63),
    ],
    "share who responded",
)
HARMS = Harms(
    "Adverse events",
    "by dose class",
    [
        HarmRow("Any adverse event", Rate(0.84, 0.7, 0.92, 41, 49), Rate(0.86, 0.73, 0.93, 43, 50), group="LDN"),
        HarmRow("Vivid dreams", Rate(0.37, 0.22, 0.55, 10, 27), Rate(0.13), "3 trials", "2.4", True, group="LDN"),
        HarmRow("Stopped because of an adverse event", Rate(0.08), Rate(0.005), group="LDN"),
        HarmRow("Nausea", Rate(0.3, 0.2, 0.4, 25, 83), None, text="no control group", group="Standard"),
    ],
)
MAP = ConditionMap(
    "Where the evidence stands",
    "",
    [
        MapPoint("Fibromyalgia", 313, "no clear difference", 5, "low"),
        MapPoint("Multiple sclerosis", 190, "no clear difference", 3, "low"),
        MapPoint("Glioma", 110, "no clear difference", 1, "moderate"),
        MapPoint("Gulf War illness", 110, "no clear difference", 1),
        MapPoint("Crohn's disease", 46, "favours LDN", 2, "low"),
    ],
    ["long COVID", "Hailey-Hailey disease"],
)
ALL = {
    "pain": charts.forest(PAIN),
    "response": charts.forest(RESPONSE),
    "doses": charts.dose_response(DOSES),
    "effects": charts.dose_response(replace(DOSES, share=False, null=0.0)),
    "harms": charts.harms(HARMS),
    "map": charts.condition_map(MAP),
}


def values(spec: Spec, key: str, mark: str) -> list[Any]:
    """What layers of one kind of mark hold under a key."""
    return [
        row[key]
        for layer in spec["layer"]
        if layer["mark"]["type"] == mark
        for row in layer["data"]["values"]
        if key in row
    ]


def texts(spec: Spec) -> list[str]:
    return values(spec, "text", "text")


def boxes(spec: Spec) -> tuple[list[tuple[str, float, float, float, float]], float, float]:
    """Every text of the picture with the least room it takes, and the size of the picture."""
    root = ElementTree.fromstring(charts.to_svg(spec))
    found = []

    def walk(node: ElementTree.Element, x: float, y: float) -> None:
        shift = re.match(r"translate\((-?[\d.]+),(-?[\d.]+)\)", node.get("transform", ""))
        x, y = (x + float(shift[1]), y + float(shift[2])) if shift else (x, y)
        if node.tag.endswith("}text") and node.text and node.get("opacity") != "0":
            size = float((node.get("font-size") or "11px").removesuffix("px"))
            wide = 0.42 * size * len(node.text)
            left = x - wide * {"middle": 0.5, "end": 1.0}.get(node.get("text-anchor", ""), 0.0)
            found.append((node.text, left, y - 0.7 * size, left + wide, y))
        for child in node:
            walk(child, x, y)

    walk(root, 0, 0)
    return found, float(root.get("width", 0)), float(root.get("height", 0))


def assert_legible(spec: Spec) -> None:
    found, wide, high = boxes(spec)
    for text, left, top, right, bottom in found:
        assert left >= -1, text
        assert right <= wide + 1, text
        assert top >= -1, text
        assert bottom <= high + 1, text
    for one, other in itertools.combinations(found, 2):
        apart = one[3] <= other[1] or other[3] <= one[1] or one[4] <= other[2] or other[4] <= one[2]
        assert apart, (one, other)


@pytest.mark.parametrize("name", ALL)
def test_each_chart_is_vega_lite_and_plain_json(name: str) -> None:
    text = json.dumps(ALL[name], allow_nan=False)
    assert altair.Chart.from_json(text, validate=True).to_dict()["$schema"].endswith("v6.json")


@pytest.mark.parametrize("name", ALL)
def test_no_text_lies_on_another_and_none_is_cut(name: str) -> None:
    assert_legible(ALL[name])


def test_words_on_each_other_or_beyond_the_edge_would_be_noticed() -> None:
    for place in ({"x": 20, "y": 4}, {"x": 320, "y": 20}):
        layers = [sheets.words([{"x": 0, "y": 0, "text": "One study"}, {**place, "text": "Another study"}])]
        spec = sheets.whole(layers, 40, "", [], 300)
        spec["autosize"] = "none"
        with pytest.raises(AssertionError):
            assert_legible(spec)


@pytest.mark.parametrize("name", ALL)
def test_the_picture_is_the_same_every_time_and_may_stand_in_a_strict_page(name: str) -> None:
    text = charts.to_svg(ALL[name])
    assert text == charts.to_svg(json.loads(json.dumps(ALL[name])))
    assert " style=" not in text
    assert "NaN" not in text


@pytest.mark.parametrize("name", ALL)
def test_rounding_of_places_leaves_the_words_alone(name: str) -> None:
    written = {text for text, *_ in boxes(ALL[name])[0]}
    assert set(filter(None, texts(ALL[name]))) <= written


@pytest.mark.parametrize("name", ALL)
def test_each_chart_is_a_pdf_with_its_letters_as_letters(name: str) -> None:
    content = charts.to_pdf(ALL[name])
    assert content.startswith(b"%PDF-")
    assert b"/Font" in content


@pytest.mark.parametrize(
    ("draw", "empty"),
    [
        (charts.forest, replace(PAIN, rows=[])),
        (charts.dose_response, replace(DOSES, points=[])),
        (charts.harms, replace(HARMS, rows=[])),
        (charts.condition_map, replace(MAP, points=[], uncontrolled=[])),
    ],
)
def test_nothing_to_draw_says_so(draw: Any, empty: Any) -> None:
    with pytest.raises(InvalidInput, match="nothing to draw"):
        draw(empty)


def test_a_study_without_numbers_is_a_row_without_a_marker() -> None:
    spec = ALL["pain"]
    assert "Bested 2023" in texts(spec)
    assert "no means were reported, for either period" in " ".join(texts(spec))
    assert "Bested 2023" not in values(spec, "study", "point")
    assert len(values(spec, "estimate", "point")) == 4


def test_a_plot_of_nothing_but_such_rows_has_no_axis_and_no_sides() -> None:
    spec = charts.forest(replace(PAIN, rows=PAIN.rows[-1:], pools=()))
    assert_legible(spec)
    assert not any("favours" in text for text in texts(spec))
    assert "Bested 2023" in texts(spec)


def test_a_clipped_interval_ends_in_an_arrowhead_and_keeps_its_true_numbers() -> None:
    spec = ALL["pain"]
    low = next(row for row in values_of(spec, "true_low") if row["true_low"] == -2.51)
    assert low["low"] > -2.51
    assert [layer["mark"].get("shape") for layer in spec["layer"]].count("triangle-left") >= 1
    assert "−1.27 (−2.51 to −0.44)" in texts(spec)


def values_of(spec: Spec, key: str) -> list[dict[str, Any]]:
    return [row for layer in spec["layer"] for row in layer["data"]["values"] if key in row]


def test_intervals_that_fit_have_no_arrowheads() -> None:
    spec = charts.forest(replace(PAIN, rows=PAIN.rows[:3], pools=()))
    assert not [layer for layer in spec["layer"] if "triangle" in str(layer["mark"].get("shape"))]


def test_squares_are_as_large_as_the_weight_and_hollow_when_recalled() -> None:
    rows = {row["study"]: row for row in values_of(ALL["response"], "study")}
    assert rows["Smith 2011"]["size"] > 5 * rows["Smith 2013"]["size"]
    assert (rows["Smith 2011"]["fill"], rows["Smith 2013"]["fill"] == "white") == ("white", False)


def test_what_is_recalled_carries_the_sign_and_the_legend() -> None:
    for name in ("pain", "response", "doses", "harms"):
        said = texts(ALL[name])
        assert any(text.endswith("‡") for text in said), name
        assert any(text.startswith("‡ recalled: from memory, not read in the source") for text in said), name
    assert "‡" not in " ".join(texts(charts.forest(replace(PAIN, rows=PAIN.rows[:3]))))


def test_a_ratio_has_a_logarithmic_axis_and_its_null_at_one() -> None:
    spec = ALL["response"]
    scale = next(layer for layer in spec["layer"] if "true_low" in str(layer))["encoding"]["x"]["scale"]
    assert scale["type"] == "log"
    assert scale["domain"][0] < 1 < scale["domain"][1]


def test_the_sides_stand_on_their_sides_of_no_difference() -> None:
    rows = {row["text"]: row["x"] for row in values_of(ALL["response"], "text")}
    lines = [layer for layer in ALL["response"]["layer"] if layer["mark"].get("strokeWidth") == 1]
    null = lines[0]["data"]["values"][0]["x"]
    assert rows["← favours placebo"] < null < rows["favours LDN →"]


def test_certainty_pool_and_prediction_are_written() -> None:
    assert ALL["pain"]["title"]["subtitle"][1] == "Certainty: low: few people, trials disagree"
    said = texts(ALL["pain"])
    assert "−0.18 (−0.95 to 0.58)" in said
    assert "prediction −2.90 to 2.50" in said
    assert "smallest difference that matters" in said


def test_pools_of_a_group_stand_below_it() -> None:
    rows = [(row["y"], row["text"]) for row in values_of(ALL["response"], "text") if row.get("x") == 0]
    order = [text for _, text in sorted(rows) if text in ("Adults", "Children", "All", "Smith 2011 ‡", "Smith 2013")]
    assert order == ["Adults", "Smith 2011 ‡", "Adults", "Children", "Smith 2013", "All"]


@pytest.mark.parametrize(
    ("row", "what"),
    [
        (ForestRow("Odd 2020", "", float("nan"), 0, 1), "not a number that can be drawn"),
        (ForestRow("Odd 2020", "", 2.0, 0, 1), "does not hold"),
    ],
)
def test_numbers_that_cannot_be_drawn_are_refused_with_their_row(row: ForestRow, what: str) -> None:
    with pytest.raises(InvalidInput, match=what) as raised:
        charts.forest(replace(PAIN, rows=[row]))
    assert raised.value.where == "Odd 2020"


def test_a_ratio_of_zero_a_share_above_one_a_dose_of_zero_are_refused() -> None:
    with pytest.raises(InvalidInput, match="above zero"):
        charts.forest(replace(RESPONSE, rows=[ForestRow("Odd", "", 0.5, 0.0, 1.0)]))
    with pytest.raises(InvalidInput, match="between 0 and 1"):
        charts.harms(replace(HARMS, rows=[HarmRow("Headache", Rate(16.0), None)]))
    with pytest.raises(InvalidInput, match="above zero"):
        charts.dose_response(replace(DOSES, points=[DosePoint("Odd", 0, 0.5, 10, True)]))
    with pytest.raises(InvalidInput, match="people and trials"):
        charts.condition_map(replace(MAP, points=[MapPoint("Odd", 0, "favours LDN", 1)]))


def test_controlled_and_uncontrolled_differ_by_colour_and_in_words() -> None:
    rows = {row["study"]: row["stroke"] for row in values_of(ALL["doses"], "study")}
    assert rows["Bruun 2024"] != rows["Smith 2007"]
    assert "no control group: includes the placebo effect" in texts(ALL["doses"])


def test_harms_show_both_groups_with_counts() -> None:
    said = texts(ALL["harms"])
    assert {"84 %", "41 of 49", "86 %", "43 of 50", "0.5 %", "–"} <= set(said)
    assert len(values(ALL["harms"], "share", "point")) == 7


def test_conditions_without_a_controlled_trial_are_named_and_not_drawn() -> None:
    said = " ".join(texts(ALL["map"]))
    assert "No controlled trial, so not on the map: long COVID, Hailey-Hailey disease." in said
    assert "long COVID" not in texts(ALL["map"])
    none = charts.condition_map(replace(MAP, points=[]))
    assert "long COVID" in " ".join(texts(none))


NAME = st.text("abcdefgmWMÄ ", min_size=1, max_size=50).filter(str.strip)


@st.composite
def rows(draw: st.DrawFn) -> ForestRow:
    if draw(st.booleans()):
        return ForestRow(
            draw(NAME), draw(NAME), note=draw(NAME) * draw(st.integers(1, 4)), recalled=draw(st.booleans())
        )
    low, middle, high = sorted(draw(st.tuples(*[st.floats(-9, 9).map(lambda x: round(x, 2))] * 3)))
    weight = draw(st.floats(0, 1))
    return ForestRow(draw(NAME), draw(NAME), middle, low, high, weight, draw(NAME), draw(st.booleans()), "high")


@settings(max_examples=15)
@given(st.lists(rows(), min_size=1, max_size=6), st.booleans())
def test_whatever_the_names_and_numbers_nothing_overlaps(found: list[ForestRow], pooled: bool) -> None:
    pools = [ForestPool("Pooled", -0.2, -0.9, 0.5, (-3.0, 2.5), "text " * 12)] if pooled else []
    spec = charts.forest(Forest("Title", "", found, pools, mid=(-0.5,), axis="difference"))
    altair.Chart.from_json(json.dumps(spec, allow_nan=False), validate=True)
    assert_legible(spec)


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6))
def test_ticks_are_round_on_the_axis_and_few(low: float, span: float) -> None:
    ticks = sheets.Scale(low, low + span, 0, 100).ticks()
    assert 2 <= len(ticks) <= 10
    assert all(low - 1e-6 * span <= tick <= low + span + 1e-6 * span for tick in ticks)


def test_importing_the_charts_stays_light() -> None:
    heavy = "numpy", "pyarrow", "vl_convert", "lowdose.results"
    code = f"import sys, lowdose.charts; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
