"""Exported code means the model: read by an independent interpreter, solved by SciPy, compared with the engine."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowdose import engine
from lowdose.errors import NotFound
from lowdose.exchange import FORMATS, CannotBeWritten, export, structure
from lowdose.exchange.code import Names, by_module
from lowdose.exchange.nonmem import nonmem
from lowdose.exchange.writing import Style, write
from lowdose.model import hypotheses, hypothesis_names, outputs
from tests.exchange.interpreters import READERS, formula

WRITABLE = [name for name in hypothesis_names() if name != "imposed"]
WIDEST = max((one for one in hypotheses() if one.kinetics.on_dose is None), key=lambda one: len(one.modules)).name
"""The hypothesis with the most modules: a new module is in the tests as soon as a mechanism uses it."""
TIMES = np.array([0.0, 0.5, 3.0, 12.0, 24.0])


@pytest.mark.parametrize("name", [*WRITABLE, WIDEST])
@pytest.mark.parametrize("form", READERS)
def test_exported_code_gives_the_trajectories_of_the_engine(name, form):
    code, model = READERS[form](export(name, form)), structure(name)
    shown = [output for output in outputs(model.hypothesis) if output not in model.states]
    solution = engine.solve(
        engine.compile(model.sbml),
        {symbol: np.array([number.value]) for symbol, number in model.numbers.items()},
        [(
            engine.Dose(0.0, 4.5, "capsule"),
            engine.Dose(0.0, 2.0, "naltrexone_central", bioavailability="salt_factor"),
        )],
        [*model.states, *shown],
        TIMES,
        rtol=1e-10,
        atol=1e-13,
    )  # fmt: skip
    doses = {
        code.compartments[model.states.index(s)]: a for s, a in {"capsule": 4.5, "naltrexone_central": 2.0}.items()
    }
    found = code.run(doses, TIMES)
    # The reported values come from a table whose names may differ; their order is the model's.
    tables = [list(code.report(t, y).values()) for t, y in zip(TIMES, found.T, strict=True)]
    places = {output: place for place, output in enumerate(_table_order(model, form))}
    for row, state in enumerate(model.states):
        _close(found[row], solution.values[state][0], state)
    for output in shown:
        _close(np.array([table[places[output]] for table in tables]), solution.values[output][0], output)


def _close(found: np.ndarray, expected: np.ndarray, what: str) -> None:
    assert np.max(np.abs(found - expected)) <= 1e-6 * max(np.max(np.abs(expected)), 1e-6), what


def _table_order(model, form):
    from lowdose.exchange.code import plan

    needed = plan(model)
    if form != "rxode2":
        return needed.for_shown
    return (*needed.before, *(name for name in needed.for_shown if name not in needed.before))


@pytest.mark.parametrize("name", [*WRITABLE, WIDEST])
@pytest.mark.parametrize("form", READERS)
def test_every_parameter_stands_once_with_its_value_unit_and_source(name, form):
    text, model = export(name, form), structure(name)
    code = READERS[form](text)
    assert sorted(value for _, value in code.parameters) == sorted(n.value for n in model.numbers.values())
    mark = {"mrgsolve": "//", "rxode2": "#", "nonmem": ";"}[form]
    units = dict(re.findall(rf"^\s*(\w+) = [-+.\deE]+ {mark} ([^;]+);", text, re.MULTILINE))
    assert len(units) == len(model.numbers)
    assert sorted(units.values()) == sorted(number.unit for number in model.numbers.values())
    told = " ".join(re.sub(rf"^\s*{mark}\s*", "", line) for line in text.splitlines())
    for number in model.numbers.values():
        assert number.trust.split(";")[0] in told
    for address in {n.found.url for n in model.numbers.values() if n.found and n.found.url.isascii()}:
        assert address in text


def test_parameters_are_shared_out_among_modules_without_loss():
    model = structure()
    listed = [number.symbol for _, numbers in by_module(model) for number in numbers]
    assert sorted(listed) == sorted(model.numbers)


@pytest.mark.parametrize("form", READERS)
def test_a_hypothesis_that_switches_a_parameter_is_refused_by_name(form):
    with pytest.raises(CannotBeWritten, match=r"imposed cannot be written as \w+ code: .*imposed_block_hours"):
        export("imposed", form)


def test_sbml_stays_what_the_model_assembles_and_an_unknown_format_is_named():
    from lowdose.model import assemble

    assert export("imposed") == assemble("imposed")
    with pytest.raises(NotFound, match="no format is named 'nonmen'"):
        export(None, "nonmen")
    assert set(FORMATS) == {"sbml", *READERS}


def test_an_operator_without_counterpart_is_refused_with_its_name():
    style = Style("mrgsolve", str, "t", {})
    with pytest.raises(CannotBeWritten, match="'factorial' cannot be written as mrgsolve code"):
        write(("plus", 1.0, ("factorial", "x")), style)


def test_names_another_program_has_taken_are_changed_and_said():
    text = export("effect-site", "mrgsolve")
    # mrgsolve reads F_cream as the bioavailability of a compartment called cream, and C++ has a function clock.
    assert "F_cream_v = " in text
    assert "renamed: F_cream is F_cream_v here" in text
    assert "double clock_v" in text
    stream = nonmem(structure())
    assert "F_V = 0.134" in stream
    assert "renamed: F is F_V here" in stream


@given(st.lists(st.text("abcABC_", min_size=1, max_size=30), unique=True, max_size=30), st.booleans())
def test_names_are_short_and_never_the_same(symbols, upper):
    names = Names(symbols, {"A", "ABC"}, longest=8, upper=upper)
    assert list(names) == symbols
    assert len(set(names.values())) == len(symbols)
    assert all(len(name) <= 8 and name not in {"A", "ABC"} for name in names.values())


NUMBERS = {"x": 1.37, "y": 0.61, "z": 2.9}
EXPRESSIONS = st.recursive(
    st.one_of(st.sampled_from(sorted(NUMBERS)), st.floats(0.1, 9.0).map(lambda v: round(v, 3))),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["plus", "times"]), inner, inner, inner),
        st.tuples(st.sampled_from(["minus", "divide", "plus", "times"]), inner, inner),
        st.tuples(st.just("minus"), inner),
        st.tuples(st.just("power"), st.sampled_from(sorted(NUMBERS)), st.sampled_from([2.0, 3.0, ("minus", 1.0)])),
    ),
    max_leaves=8,
)


@given(EXPRESSIONS)
def test_brackets_left_out_change_no_value(expression):
    plain = Style("Python", str, "t", {}, power="**", number=repr)
    called = Style("C", str, "t", {}, times="*", power=lambda a, b: f"pow({a}, {b})", number=repr)
    expected = _value(expression)
    for style in (plain, called):
        try:
            found = eval(formula(write(expression, style)), {**NUMBERS, "pow": pow})
        except ZeroDivisionError:
            assert expected is None
            continue
        if expected is not None:
            assert found == pytest.approx(expected, rel=1e-6, abs=1e-6)


def _value(expression):
    """The value of a tree, computed without writing it; None where it divides by (almost) nothing."""
    if isinstance(expression, str):
        return NUMBERS[expression]
    if isinstance(expression, float):
        return expression
    operator, *parts = expression
    values = [_value(part) for part in parts]
    if None in values:
        return None
    if operator == "divide":
        return values[0] / values[1] if abs(values[1]) > 1e-3 else None
    if operator == "power":
        return values[0] ** values[1]
    if operator == "minus":
        return -values[0] if len(values) == 1 else values[0] - values[1]
    return sum(values) if operator == "plus" else float(np.prod(values))
