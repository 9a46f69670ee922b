"""The same specifications as SVG and PNG, and their table twins."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from lowdose import Result, charts


def test_svg_is_well_formed_and_needs_no_style_of_its_own(people: Result) -> None:
    text = charts.to_svg(charts.blockade(people))
    root = ElementTree.fromstring(text)
    words = {node.text for node in root.iter("{http://www.w3.org/2000/svg}text")}
    assert {"Opioid receptors blocked", "µ receptors blocked in the brain, %", "The last two days of dosing"} <= words
    assert " style=" not in text, "a strict content security policy refuses style attributes"
    places = re.sub(r'opacity="[^"]*"', "", text.split("<g", 1)[1])
    assert not re.search(r"\d\.\d\d", places), "coordinates are rounded"


def test_png_is_a_picture_twice_as_wide_at_twice_the_scale(typical: Result) -> None:
    small, large = (charts.to_png(charts.drug(typical), scale=scale) for scale in (1, 2))
    width = [int.from_bytes(png[16:20], "big") for png in (small, large)]
    assert small.startswith(b"\x89PNG")
    assert width[1] == pytest.approx(2 * width[0], abs=2)


@pytest.mark.parametrize("chart", charts.TITLES)
def test_every_chart_has_a_table_for_each_period(chart: charts.Chart, people: Result) -> None:
    tables = charts.table(people, chart)
    assert [table.caption.split(":")[0] for table in tables] == [
        "The first two days",
        "The whole course, day by day (24-hour means)",
        "The last two days of dosing",
    ]
    for table in tables:
        assert all(len(row) == len(table.columns) for row in table.rows)
        assert 10 < len(table.rows) < 60


def test_a_table_says_when_by_day_and_clock(people: Result) -> None:
    first = charts.table(people, "drug")[0]
    assert first.columns[:2] == ("Day", "Clock")
    assert [row[:2] for row in first.rows[:3]] == [("1", "22:00"), ("2", "00:00"), ("2", "02:00")]


def test_a_table_holds_the_numbers_of_the_run(people: Result) -> None:
    cell = charts.table(people, "blockade")[2].rows[-1][2]
    middle, low, high = (int(word) for word in re.findall(r"\d+", cell))
    ensemble = people.bands["people"]
    at = int(np.abs(ensemble.time - people.timing.last_dose - 24).argmin())
    expected = 100 * ensemble.quantiles("mu_occupancy_central", (0.5, 0.05, 0.95))[:, at]
    assert [middle, low, high] == [round(value) for value in expected]


def test_without_people_a_table_gives_one_number(typical: Result) -> None:
    table = charts.table(typical, "tone")[0]
    assert table.caption.endswith("typical person")
    assert all(re.fullmatch(r"[\d.]+", cell) for row in table.rows for cell in row[2:])


def test_rivals_have_a_table_with_a_column_each(typical: Result) -> None:
    columns = charts.rivals_table([typical, typical])[0].columns
    assert len(columns) == 4


def test_a_faint_shade_is_not_rounded_away() -> None:
    spec = {
        "data": {"values": [{"x": 1}]},
        "mark": {"type": "rect", "opacity": 0.07},
        "encoding": {"x": {"field": "x", "type": "quantitative"}},
    }
    assert 'opacity="0.07"' in charts.to_svg(spec)
