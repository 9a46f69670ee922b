import json
import pickle
import subprocess
import sys

import pytest

from lowdose.engine import Dose, InvalidModel, UnknownName, compile, solve
from lowdose.engine import compiled as module

TEXT = """
model m
    unit per_hour = 1/3600 second
    k = 0.1; k has per_hour; V = 10
    A = 5; A' = -k*A
    C := A/V
    half_life := ln(2)/k
    scaled = 2*V
    B = scaled; B' = -B
end
"""


@pytest.fixture(scope="module")
def text(make_sbml):
    return make_sbml(TEXT, "m")


def test_what_a_model_exposes(text):
    model = compile(text)
    assert model.states == ("A", "B")
    assert dict(model.parameters) == {"k": 0.1, "V": 10.0}
    assert set(model.variables) == {"A", "B", "C", "half_life", "scaled"}
    assert model.units["k"] == "per_hour"
    assert set(model.units) == {"k", "V", "A", "B", "C", "half_life", "scaled", "time"}
    assert len(model.hash) == 64


def test_a_model_is_immutable_picklable_and_comparable(text):
    model = compile(text)
    with pytest.raises(AttributeError):
        model.states = ()
    with pytest.raises(TypeError):
        model.parameters["k"] = 2.0
    copy = pickle.loads(pickle.dumps(model))
    assert copy == model
    assert hash(copy) == hash(model)


def test_initial_assignments_follow_the_person(text):
    model = compile(text)
    solution = solve(model, {"V": [10.0, 20.0]}, [[], []], ["B", "scaled"], [0.0, 1.0])
    assert solution.values["B"][:, 0].tolist() == [20.0, 40.0]
    assert solution.values["scaled"].tolist() == [[20.0, 20.0], [40.0, 40.0]]


def test_jacobian_is_the_derivative_of_the_rates(rhythm):
    import numpy as np

    from lowdose.engine.printing import PLAIN

    start, make = rhythm.kernels(PLAIN)
    constants, y = start(tuple(rhythm.parameters.values()), 3.0)
    rates, jacobian = make(tuple(rhythm.parameters.values()), constants)
    y = np.array(y) + np.array([2.0, 1.0, 0.5])
    matrix = np.zeros((3, 3))
    matrix.reshape(-1)[list(rhythm.jacobian)] = jacobian(3.0, y)
    for column in range(3):
        step = np.zeros(3)
        step[column] = 1e-6
        slope = (np.array(rates(3.0, y + step)) - np.array(rates(3.0, y - step))) / 2e-6
        assert matrix[:, column] == pytest.approx(slope, rel=1e-7, abs=1e-9)


# The cache


def test_the_cache_gives_the_same_model_and_is_used(text, tmp_path, monkeypatch):
    first = compile(text, cache=tmp_path)
    assert [path.suffix for path in tmp_path.iterdir()] == [".json"]
    monkeypatch.setattr(module, "_build", lambda *_: pytest.fail("not taken from the cache"))
    assert compile(text, cache=tmp_path) == first


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: "",
        lambda text: text[:-20],
        lambda text: text.replace("0.1", "0.2"),
        lambda text: text.replace("return", "retrun"),
        lambda text: "{}",
        lambda text: text + " ",
        lambda text: json.dumps({"hash": "x"}),
    ],
)
def test_a_corrupt_entry_is_rebuilt(text, tmp_path, damage):
    good = compile(text, cache=tmp_path)
    (entry,) = tmp_path.iterdir()
    whole = entry.read_text()
    entry.write_text(damage(whole))
    assert compile(text, cache=tmp_path) == good
    assert entry.read_text() == whole


def test_an_entry_of_another_model_is_not_trusted(text, make_sbml, tmp_path):
    other = make_sbml("model m; x = 1; x' = -x; end", "m")
    compile(other, cache=tmp_path)
    (entry,) = tmp_path.iterdir()
    good = compile(text)
    entry.rename(tmp_path / f"engine-{module.FORMAT}-{good.hash}.json")
    assert compile(text, cache=tmp_path) == good


def test_entries_of_another_format_are_not_found(text, tmp_path, monkeypatch):
    compile(text, cache=tmp_path)
    monkeypatch.setattr(module, "FORMAT", module.FORMAT + 1)
    compile(text, cache=tmp_path)
    assert len(list(tmp_path.iterdir())) == 2


def test_a_binary_entry_and_an_unusable_folder_are_no_error(text, tmp_path):
    good = compile(text, cache=tmp_path)
    (entry,) = tmp_path.iterdir()
    entry.write_bytes(b"\xff\xfe\x00")
    assert compile(text, cache=tmp_path) == good
    assert compile(text, cache=entry) == good  # a file where a folder should be
    assert compile(text, cache=entry / "below") == good


def test_parameters_without_a_value_survive_the_cache(make_sbml, tmp_path):
    text = make_sbml("model m; k = 1; x = 1; x' = -k*x; end", "m").replace('id="k" value="1"', 'id="k"')
    for _ in range(2):
        model = compile(text, cache=tmp_path)
        assert model.parameters["k"] != model.parameters["k"]


def test_the_warm_path_imports_no_model_tools(text, tmp_path):
    compile(text, cache=tmp_path)
    (tmp_path / "m.xml").write_text(text)
    code = f"""
import sys, pathlib
import lowdose.engine
folder = pathlib.Path({str(tmp_path)!r})
assert "sksundae" not in sys.modules and "scipy" not in sys.modules
model = lowdose.engine.compile((folder / "m.xml").read_text(), cache=folder)
lowdose.engine.solve(model, {{}}, [[]], ["C"], [0.0, 1.0])
print(sorted({{"libsbml", "antimony", "sympy", "pandas"}} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_engine_imports_nothing_of_ours():
    code = "import sys, lowdose.engine.sbml; print([m for m in sys.modules if m.startswith('lowdose.')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert all(name.startswith("lowdose.engine") for name in eval(done.stdout))


def test_errors_survive_pickling():
    error = pickle.loads(pickle.dumps(UnknownName.among("state", "x", ["xx"], where="here")))
    assert (type(error), str(error)) == (UnknownName, str(UnknownName.among("state", "x", ["xx"], where="here")))


def test_not_sbml_is_refused():
    with pytest.raises(InvalidModel, match="not valid SBML"):
        compile("naltrexone")


def test_names_that_are_python_words_do_no_harm(make_sbml):
    model = compile(make_sbml("model m; lambda = 0.5; t = 1; t' = -lambda*t; exp_ = 2; def := t*exp_; end", "m"))
    values = solve(model, {}, [[Dose(0.0, 1.0, "t")]], ["def"], [0.0]).values["def"]
    assert values.tolist() == [[4.0]]
