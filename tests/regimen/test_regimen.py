"""The values: immutable, exact, on the calendar; and what importing them costs."""

from __future__ import annotations

import pickle
import subprocess
import sys
from dataclasses import FrozenInstanceError
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

import pytest

from lowdose.errors import InvalidInput
from lowdose.regimen import Form, Regimen, Step


def test_values_are_immutable_equal_and_picklable():
    regimen = Regimen.parse("4.5 mg nightly for 12 weeks")
    with pytest.raises(FrozenInstanceError):
        regimen.steps = ()  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(regimen)) == regimen
    assert hash(Regimen.parse("4.50 mg qhs for 84 days")) == hash(regimen)
    assert Regimen.parse("4.5 mg nightly at 22:00 for 12 weeks") != regimen  # stated, not assumed


def test_steps_made_in_python_are_checked():
    with pytest.raises(InvalidInput, match="more than 150 mg"):
        Regimen((Step(Decimal(200), timedelta(days=1), time(22), timedelta(days=7)),))
    with pytest.raises(InvalidInput, match="no step"):
        Regimen(())
    with pytest.raises(InvalidInput, match="there is no day 0"):
        Regimen(Regimen.parse("1 mg nightly").steps, (0,))
    with pytest.raises(InvalidInput, match="not an amount"):
        Step(Decimal("nan"), None, time(22), timedelta(days=1))


def test_no_dose_at_all():
    baseline = Regimen.none("12 weeks")
    assert (baseline.doses, baseline.duration_hours, baseline.warnings) == ((), 2016, ())
    assert Regimen.from_dict(baseline.to_dict()).duration_hours == 2016
    with pytest.raises(InvalidInput, match="a regimen starts with a dose"):
        Regimen.parse(baseline.canonical)
    for bad in ("0 weeks", -1.0, "blah", 0.0):
        with pytest.raises(InvalidInput):
            Regimen.none(bad)


def test_several_forms_have_no_single_one():
    regimen = Regimen.parse("1 mg daily for 1 week as capsule, then 1 mg for 1 week as cream")
    assert {dose.form for dose in regimen.doses} == {Form.CAPSULE, Form.CREAM}
    with pytest.raises(InvalidInput, match="several forms"):
        _ = regimen.form


def test_clock_start():
    assert Regimen.parse("4.5 mg nightly").clock_start == 22.0


def test_a_stated_clock_waits_for_its_time():
    dated = Regimen.parse("3 mg daily at 08:00 for 1 week").starting(datetime(2026, 3, 2, 8, 0, 1, tzinfo=UTC))
    assert dated.first_dose == datetime(2026, 3, 3, 8, tzinfo=UTC)
    assert dated.ends == datetime(2026, 3, 10, 8, tzinfo=UTC)


def test_an_assumed_clock_starts_now_and_stated_ones_stay():
    text = "1 mg nightly for 2 days, then 2 mg for 2 days, then 3 mg at 23:00 for 1 day"
    dated = Regimen.parse(text).starting(datetime(2026, 3, 2, 21, 14, 30))
    assert [f"{dose.when:%d %H:%M}" for dose in dated.doses] == [
        "02 21:15",
        "03 21:15",
        "04 21:15",
        "05 21:15",
        "06 23:00",
    ]


def test_the_values_alone_load_neither_parser_nor_pydantic():
    code = "import sys, lowdose.regimen; print({'lark', 'pydantic', 'yaml', 'csv'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
