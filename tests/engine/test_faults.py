"""What goes wrong around the solver: the cache, interrupts, callbacks, processes."""

import hashlib
import json
import os
import signal
import stat
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Sequence

import numpy as np
import pytest

from lowdose.engine import Dose, Interrupted, Status, Summary, compile, solve
from lowdose.engine import compiled as module

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
TEXT = """
model m
    k = 0.1; V = 10; n = 2.5
    A = 5; A' = -k*A^n/(1 + A^n) + 0.1*(1 + sin(3*time))
    B = 1; B' = A - k*B
    C := A/V
    half_life := ln(2)/k
end
"""


@pytest.fixture(scope="module")
def text(make_sbml):
    return make_sbml("model m; k = 0.1; V = 10; A = 5; A' = -k*A; C := A/V; end", "m")


@pytest.fixture(scope="module")
def small(text):
    return compile(text)


@pytest.fixture(scope="module")
def model(make_sbml):
    return compile(make_sbml(TEXT, "m"))


@pytest.fixture(scope="module")
def waves(make_sbml):
    """Takes some thousand steps in a unit of time."""
    return compile(make_sbml("model m; k = 0; x = 1; x' = sin(1000*time) - k*x; end", "m"))


@pytest.fixture(scope="module")
def whole(text, small):
    """The entry of the small model."""
    return module._to_text(small)


def python(script, **options):
    """Start another Python; its working folder is of no importance."""
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def finish(process, seconds=60):
    try:
        out, err = process.communicate(timeout=seconds)
    finally:
        process.kill()
    assert process.returncode == 0, err
    return out


# The cache


def entry_name(text):
    return f"engine-{module.FORMAT}-{module._makers()}-{hashlib.sha256(text.encode()).hexdigest()}.json"


def checked(body):
    """A body with the checksum that goes with it."""
    return hashlib.sha256(body.encode()).hexdigest() + "\n" + body


def changed(text, **tables):
    return checked(json.dumps({**json.loads(text.partition("\n")[2]), **tables}))


def without(text, field):
    tables = json.loads(text.partition("\n")[2])
    del tables[field]
    return checked(json.dumps(tables))


def test_the_entry_has_the_name_it_should(text, tmp_path):
    compile(text, cache=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [entry_name(text)]


@pytest.mark.parametrize(
    "damage",
    [
        lambda whole: "",
        lambda whole: "\n",
        lambda whole: whole[: len(whole) // 2],
        lambda whole: whole[:-1],
        lambda whole: whole[64:],
        lambda whole: whole[:100] + "A" + whole[101:],
        lambda whole: whole[:-300] + whole[-300:].replace("A", "B", 1),
        lambda whole: whole + "\n",
        lambda whole: whole * 2,
        lambda whole: checked("{}"),
        lambda whole: checked("[]"),
        lambda whole: checked("null"),
        lambda whole: checked("5"),
        lambda whole: checked(""),
        lambda whole: checked("not json"),
        lambda whole: changed(whole, hash="0" * 64),
        lambda whole: changed(whole, more=1),
        lambda whole: changed(whole, _machine="0" * 16),
        lambda whole: without(whole, "_code"),
        lambda whole: "\x00" * len(whole),
    ],
)
def test_a_damaged_entry_is_made_again(text, small, whole, tmp_path, damage):
    path = tmp_path / entry_name(text)
    path.write_text(damage(whole))
    again = compile(text, cache=tmp_path)
    assert again == small
    assert path.read_text() == whole
    assert not solve(again, {}, [[]], ["C"], [0.0, 1.0]).failed


def test_a_model_fits_on_a_screen(small):
    assert repr(small) == f"<CompiledModel {small.hash[:12]}: A>"


def test_every_cut_of_an_entry_is_noticed(small, whole):
    assert module._from_text(whole, small.hash) == small
    for cut in range(0, len(whole), 97):
        assert module._from_text(whole[:cut], small.hash) is None


def test_another_models_entry_under_this_name_is_not_trusted(text, small, make_sbml, tmp_path):
    other = make_sbml("model m; k = 0.1; V = 10; n = 2.5; A = 5; A' = -A; end", "m")
    compile(other, cache=tmp_path)
    (tmp_path / entry_name(other)).rename(tmp_path / entry_name(text))
    assert compile(text, cache=tmp_path) == small
    assert compile(text, cache=tmp_path) == small


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="nothing is read-only here")
def test_a_read_only_folder_is_no_error(text, small, tmp_path):
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        assert compile(text, cache=tmp_path) == small
        assert compile(text, cache=tmp_path / "below") == small
    finally:
        tmp_path.chmod(stat.S_IRWXU)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_is_no_error(text, small, tmp_path):
    file = tmp_path / "file"
    file.write_text("")
    for folder in (file, file / "below", tmp_path / ("long" * 100)):
        assert compile(text, cache=folder) == small
    assert file.read_text() == ""


def test_an_entry_that_is_a_folder_is_no_error(text, small, tmp_path):
    (tmp_path / entry_name(text)).mkdir()
    assert compile(text, cache=tmp_path) == small
    assert [path.name for path in tmp_path.iterdir()] == [entry_name(text)]


def test_a_full_disk_is_no_error(text, small, tmp_path, monkeypatch):
    def fail(self, target):
        raise OSError("no space left on device")

    monkeypatch.setattr(module.Path, "replace", fail)
    assert compile(text, cache=tmp_path) == small
    assert list(tmp_path.iterdir()) == []


def test_a_folder_one_may_not_write_to_is_no_error(text, small, tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError

    monkeypatch.setattr(module, "NamedTemporaryFile", refuse)
    assert compile(text, cache=tmp_path) == small
    assert list(tmp_path.iterdir()) == []


def test_two_processes_share_a_folder(text, small, tmp_path):
    (tmp_path / "m.xml").write_text(text)
    script = f"""
    import pathlib, time
    from lowdose.engine import compile, solve
    folder = pathlib.Path({str(tmp_path)!r})
    text = (folder / "m.xml").read_text()
    while time.time() < {time.time() + 1.0}:
        pass
    for _ in range(4):
        for entry in (folder / "cache").glob("*.json"):
            entry.unlink(missing_ok=True)
        values = solve(compile(text, cache=folder / "cache"), {{}}, [[]], ["C"], [0.0, 1.0]).values
    print(values["C"].tobytes().hex())
    """
    outs = [finish(process) for process in [python(script) for _ in range(2)]]
    here = solve(small, {}, [[]], ["C"], [0.0, 1.0]).values["C"].tobytes().hex()
    assert outs == [here + "\n"] * 2
    left = [path.name for path in (tmp_path / "cache").iterdir()]
    assert left == [entry_name(text)]
    assert compile(text, cache=tmp_path / "cache") == small


def test_the_code_does_not_depend_on_the_hash_seed(make_sbml, tmp_path):
    text = """
    function hill(x, k, n)
        x^n/(k^n + x^n)
    end
    model m
        species S, T, P; S = 3; T = 2; P = 0
        S + T -> P; kon*S*T - koff*P
        P -> ; kdeg*P*hill(P, km, h)
        kon = 1; koff = 0.3; kdeg = 0.2; km = 1; h = 1.7
        total := S + T + P; share := P/total
        early = 2*kon; X = early; X' = share - X*piecewise(1, time > early, 0.5)
    end
    """
    (tmp_path / "m.xml").write_text(make_sbml(text, "m"))
    script = f"""
    import hashlib, pathlib
    from lowdose.engine import compile
    from lowdose.engine.compiled import _to_text
    model = compile(pathlib.Path({str(tmp_path / "m.xml")!r}).read_text())
    print(hashlib.sha256(model._code.encode()).hexdigest(), _to_text(model)[:64])
    """
    processes = [python(script, env={**os.environ, "PYTHONHASHSEED": seed}) for seed in ("1", "2")]
    first, second = [finish(process) for process in processes]
    assert first == second


# Interrupts and callbacks


def crowd(people):
    events = [[Dose(float(i % 7), 1.0 + i, "B"), Dose(12.0, 1.0, "A", lag=float(i % 3))] for i in range(people)]
    return {"k": np.linspace(0.05, 0.5, people)}, events, ["A", "C", "B"], np.linspace(0.0, 24.0, 25)


def alive():
    """Threads that solve."""
    return [thread for thread in threading.enumerate() if "_work" in thread.name]


@pytest.mark.parametrize("workers", [1, 2, 3])
@pytest.mark.parametrize("after", [1, 100])
def test_who_was_done_is_kept_to_the_last_bit(model, workers, after):
    people = 300
    parameters, events, outputs, times = crowd(people)
    times = 20.0 * times
    wanted = [Summary("C", "max"), Summary("B", "integral")]
    whole = solve(model, parameters, events, outputs, times, summaries=wanted)

    def stop(done, total):
        assert total == people
        if done == after:
            raise KeyboardInterrupt

    with pytest.raises(Interrupted) as caught:
        solve(model, parameters, events, outputs, times, summaries=wanted, workers=workers, progress=stop)
    assert not alive()
    finished, part = caught.value.finished, caught.value.solution
    assert finished.sum() >= after
    assert f"interrupted after {finished.sum()} of 300 people" in str(caught.value)
    assert (part.status[finished] == 0).all()
    for name in outputs:
        assert np.array_equal(part.values[name][finished], whole.values[name][finished])
        assert np.isnan(part.values[name][~finished]).all()
    for summary in wanted:
        assert np.array_equal(part.summaries[summary][finished], whole.summaries[summary][finished])
        assert np.isnan(part.summaries[summary][~finished]).all()
    assert np.array_equal(part.steps[finished], whole.steps[finished])
    assert part.failed == {}


def test_an_interrupt_does_not_hide_who_failed(waves):
    parameters = {"k": [np.nan, 1.0, 2.0, -1.0] + [1.0] * 400}

    def stop(done, total):
        raise KeyboardInterrupt

    with pytest.raises(Interrupted) as caught:
        solve(waves, parameters, [[]] * 404, ["x"], [0.0, 3.0], progress=stop)
    part, finished = caught.value.solution, caught.value.finished
    assert not finished.all()
    assert part.failed == {0: Status.NON_FINITE}
    assert list(part.details) == [0]


class Boom(Exception):
    pass


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_an_exception_of_the_callback_stops_the_threads_and_goes_on(waves, workers):
    calls = []

    def fail(done, total):
        calls.append(done)
        raise Boom

    with pytest.raises(Boom):
        solve(waves, {}, [[]] * 3000, ["x"], np.linspace(0.0, 5.0, 50), workers=workers, progress=fail)
    assert calls == [1]
    assert not alive()


def test_a_callback_that_solves_does_no_harm(model):
    parameters, events, outputs, times = crowd(20)
    inner = []

    def again(done, total):
        inner.append(solve(model, parameters, events, outputs, times).values["C"])

    outer = solve(model, parameters, events, outputs, times, workers=2, progress=again)
    assert len(inner) == 20
    assert all(np.array_equal(values, outer.values["C"]) for values in inner)


def test_progress_counts_everybody_once_in_order(model):
    parameters, events, outputs, times = crowd(30)
    events[3] = [Dose(0.0, 1.0, "A", rate="V", bioavailability="n")]
    parameters["V"] = np.where(np.arange(30) == 3, -1.0, 10.0)
    calls = []
    solution = solve(model, parameters, events, outputs, times, workers=3, progress=lambda *call: calls.append(call))
    assert list(solution.failed) == [3]
    assert calls == [(done, 30) for done in range(1, 31)]


def test_threads_of_the_caller_may_solve_at_once(model):
    parameters, events, outputs, times = crowd(25)
    right = solve(model, parameters, events, outputs, times).values["B"]
    found = [None] * 4

    def work(place):
        found[place] = solve(model, parameters, events, outputs, times, workers=2).values["B"]

    threads = [threading.Thread(target=work, args=(place,)) for place in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(np.array_equal(values, right) for values in found)


def test_events_may_be_made_as_they_are_asked_for(model):
    class Records(Sequence):
        def __len__(self):
            return 40

        def __getitem__(self, person):
            if person >= 40:
                raise IndexError
            return [Dose(1.0, 1.0 + person, "B")]

    made = solve(model, {}, Records(), ["B"], [0.0, 5.0])
    kept = solve(model, {}, list(Records()), ["B"], [0.0, 5.0])
    assert np.array_equal(made.values["B"], kept.values["B"])
    assert len(np.unique(made.values["B"][:, 1])) == 40


@POSIX
@pytest.mark.parametrize(
    ("people", "workers", "events"),
    [
        (100_000, 2, "[]"),
        (1, 1, "[]"),
        (3, 1, "[Dose(0.0, 1.0, 'x', interval=3.0, steady_state=1)]"),
    ],
)
def test_an_interrupt_in_the_middle_stops_soon(tmp_path, make_sbml, people, workers, events):
    """Far more than could be solved in the time: many people, one long course, a steady state that is far away."""
    text = make_sbml("model m; x = 1; x' = sin(1000*time) - 1e-7*x + 1e-3*cos(time); end", "m")
    (tmp_path / "m.xml").write_text(text)
    script = f"""
    import pathlib
    import numpy as np
    from lowdose.engine import Dose, Interrupted, compile, solve
    model = compile(pathlib.Path({str(tmp_path / "m.xml")!r}).read_text())
    times = np.linspace(0.0, 30.0 if {people} > 1 else 100_000.0, 2 if {people} > 1 else 2_000_000)
    print("ready", flush=True)
    try:
        solve(model, {{}}, [{events}] * {people}, ["x"], times, workers={workers})
    except Interrupted as error:
        print(len(error.finished) - error.finished.sum() > 0)
    """
    process = python(script)
    assert process.stdout.readline() == "ready\n"
    time.sleep(0.7)
    assert process.poll() is None, process.stderr.read()
    process.send_signal(signal.SIGINT)
    out = finish(process, 20)
    assert out == "True\n"
