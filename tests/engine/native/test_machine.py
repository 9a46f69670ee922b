import ctypes
import dataclasses
import pickle

import numpy as np
import pytest

from lowdose.engine import EngineError, compile, solve
from lowdose.engine import compiled as module
from lowdose.engine.native.machine import Machine, assembly, load, this_machine, translate

ADD = """
define void @twice(ptr %x, ptr %y) {
  %a = load double, ptr %x
  %b = fadd double %a, %a
  store double %b, ptr %y
  ret void
}
"""


def test_widths_are_different_machines():
    names = {this_machine(width).name for width in (1, 2, 4, 8)}
    assert len(names) == 4
    assert this_machine().name in names
    assert this_machine(this_machine().width) == this_machine()


@pytest.mark.parametrize("field", ["triple", "cpu", "features"])
def test_whatever_decides_the_code_decides_the_name(field):
    machine = this_machine()
    assert dataclasses.replace(machine, **{field: getattr(machine, field) + "x"}).name != machine.name


def test_the_compiler_decides_the_name_too(monkeypatch):
    machine = this_machine()
    before = machine.name
    monkeypatch.setattr("lowdose.engine.native.machine.llvm_version", lambda: "0.0.0")
    assert machine.name != before


def test_code_goes_out_and_comes_in_again():
    machine = this_machine()
    code = translate(ADD, machine)
    assert code == translate(ADD, machine)
    twice, alive = load(code, machine, "twice")
    assert alive is not None
    x, y = ctypes.c_double(2.5), ctypes.c_double()
    assert twice(ctypes.addressof(x), ctypes.addressof(y)) is None
    assert y.value == 5.0


def test_the_same_code_can_be_loaded_many_times():
    machine = this_machine()
    code = translate(ADD, machine)
    for value in range(20):
        twice, alive = load(code, machine, "twice")
        x, y = ctypes.c_double(value), ctypes.c_double()
        twice(ctypes.addressof(x), ctypes.addressof(y))
        assert y.value == 2.0 * value
        del twice, alive


def test_what_is_not_llvm_is_refused():
    with pytest.raises(RuntimeError):
        translate("naltrexone", this_machine())


def test_assembly_is_for_people_to_read():
    assert "twice" in assembly(ADD, this_machine())


@pytest.fixture
def text(make_sbml):
    return make_sbml("model m; k = 1; x = 1; x' = -k*x; end", "m")


def test_a_model_of_another_machine_is_refused(text, monkeypatch):
    model = compile(text)
    other = dataclasses.replace(this_machine(), cpu="another")
    monkeypatch.setattr(module, "this_machine", lambda: other)
    with pytest.raises(EngineError, match="another kind of machine") as caught:
        _ = model.runner
    assert "compile it here" in str(caught.value)
    with pytest.raises(EngineError, match="another kind of machine"):
        solve(pickle.loads(pickle.dumps(model)), {}, [[]], ["x"], [0.0, 1.0])


def test_the_cache_keeps_machines_apart(text, tmp_path, monkeypatch):
    here = compile(text, cache=tmp_path)
    monkeypatch.setattr(module, "this_machine", lambda: this_machine(1))
    module._makers.cache_clear()
    try:
        there = compile(text, cache=tmp_path)
        assert there.hash == here.hash
        assert there._code != here._code
        assert len(list(tmp_path.iterdir())) == 2
        values = solve(there, {}, [[]], ["x"], [0.0, 1.0], rtol=1e-10).values["x"]
    finally:
        module._makers.cache_clear()
    assert values[0, 1] == pytest.approx(np.exp(-1.0), rel=1e-8)


def test_a_runner_is_loaded_once(text):
    assert compile(text).runner is compile(text).runner


def test_a_machine_can_be_made_by_hand():
    machine = this_machine()
    assert Machine(**dataclasses.asdict(machine)).name == machine.name
