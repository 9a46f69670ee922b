"""Populations that are streamed to a folder: the same people as `simulate` has, however the run was cut or stopped."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lowdose import Person, engine, population, simulate
from lowdose.errors import InvalidInput, LowdoseError
from lowdose.results import stream
from lowdose.results.document import population_document

REGIMEN = "3 mg nightly at 22:00 for 2 days"
SHORT = {"aftermath_hours": 36}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return population(REGIMEN, people=7, folder=tmp_path_factory.mktemp("whole") / "run", chunk=3, **SHORT)


def rows(found):
    return found.table.to_table()


def content(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.glob("part-*"))}


def test_the_people_are_those_of_simulate_and_so_are_their_quantiles(whole):
    kept = simulate(REGIMEN, people=7, bands=["both"], **SHORT)
    table = rows(whole)
    for symbol, values in kept.bands["both"].parameters.items():
        np.testing.assert_array_equal(table[symbol].to_numpy(), values)
    for output, metrics in kept.metrics.items():
        for name in metrics:
            found = table[f"{output}.{name}"].to_numpy()
            np.testing.assert_array_equal(found, kept.per_person(output, name, kept.bands["both"]))
    assert whole.metrics == kept.metrics
    assert table["person"].to_pylist() == list(range(7))
    assert table["status"].to_pylist() == [0] * 7
    assert table["failure"].null_count == 7


def test_every_column_has_its_unit(whole):
    schema = whole.table.schema
    assert schema.field("CL").metadata == {b"unit": b"L/h"}
    assert schema.field("naltrexol_plasma.auc_0_24").metadata == {b"unit": b"ng*h/mL"}
    assert schema.field("person").metadata is None


@given(st.integers(1, 9))
@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_size_of_a_chunk_does_not_matter(whole, tmp_path_factory, chunk):
    other = population(REGIMEN, people=7, folder=tmp_path_factory.mktemp("other"), chunk=chunk, **SHORT)
    assert rows(other).equals(rows(whole))
    assert other.metrics == whole.metrics


def test_the_same_call_again_solves_nobody_but_the_typical_person(whole, monkeypatch):
    asked, solve = [], engine.solve

    def counted(*arguments, **options):
        asked.append(len(arguments[2]))
        return solve(*arguments, **options)

    monkeypatch.setattr(engine, "solve", counted)
    again = population(REGIMEN, people=7, folder=whole.folder, **SHORT)
    assert asked == [1, 1]
    assert again.metrics == whole.metrics


def test_progress_counts_everyone_once(tmp_path):
    told = []
    population(REGIMEN, people=5, folder=tmp_path, chunk=2, progress=lambda *now: told.append(now), **SHORT)
    assert told == sorted(told)
    assert told[-1] == (6, 6)
    told.clear()
    population(REGIMEN, people=5, folder=tmp_path, progress=lambda *now: told.append(now), **SHORT)
    assert told[-1] == (6, 6)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"seed": 2}, "seed 1 there, 2 here"),
        ({"people": 8}, "people 7 there, 8 here"),
        ({"chunk": 4}, "chunk 3 there, 4 here"),
        ({"spread": "people"}, "spread both there, people here"),
        ({"overrides": {"CL": 100.0}}, 'overrides {} there, {"CL": 100.0} here'),
        ({"person": Person(weight=80)}, "person"),
        ({"hypothesis_name": "imposed"}, "hypothesis effect-site there, imposed here"),
        ({"regimen": "3 mg nightly at 21:00 for 2 days"}, "regimen"),
        ({"aftermath_hours": 48}, "end_h"),
    ],
)
def test_another_run_is_refused(whole, change, words):
    asked = {"regimen": REGIMEN, "people": 7, "folder": whole.folder, **SHORT, **change}
    with pytest.raises(InvalidInput, match="another run") as refused:
        population(**asked)
    assert words in str(refused.value)


@pytest.mark.parametrize("change", [{"people": 0}, {"chunk": 0}])
def test_nobody_is_refused(tmp_path, change):
    with pytest.raises(InvalidInput, match="is 0"):
        population(**{"regimen": REGIMEN, "people": 2, "folder": tmp_path / "run", **change})
    assert not (tmp_path / "run").exists()


def test_who_could_not_be_solved_is_there_with_the_reason(tmp_path, monkeypatch):
    solve = engine.solve

    def second_of_three_fails(model, parameters, events, outputs, times, **options):
        found = solve(model, parameters, events, outputs, times, **options)
        if len(events) == 3:
            for values in found.values.values():
                values[1] = np.nan
            found.status[1] = int(engine.Status.MAX_STEPS)
            found.details[1] = "at 3 h"
        return found

    monkeypatch.setattr(engine, "solve", second_of_three_fails)
    found = population(REGIMEN, people=5, folder=tmp_path, chunk=3, **SHORT)
    table = rows(found)
    assert table["status"].to_pylist() == [0, 1, 0, 0, 0]
    assert "at 3 h" in table["failure"].to_pylist()[1]
    assert table["cortisol.peak"].null_count == 1
    assert not np.isnan(table["CL"].to_numpy()).any()
    solved = [0, 2, 3, 4]
    peaks = table["cortisol.peak"].to_numpy()[solved]
    assert found.metrics["cortisol"]["peak"].bands["both"]["p50"] == np.quantile(peaks, 0.5)
    assert list(population_document(found)["failed"]["both"]) == ["1"]


def test_a_full_disk_leaves_finished_parts_and_the_run_goes_on(tmp_path, whole, monkeypatch):
    write, room = stream._write, 3  # the manifest and two parts

    def full(path, content):
        nonlocal room
        room -= 1
        if room < 0:
            raise OSError(28, "No space left on device")
        write(path, content)

    monkeypatch.setattr(stream, "_write", full)
    with pytest.raises(LowdoseError, match="no room") as said:
        population(REGIMEN, people=7, folder=tmp_path, chunk=3, **SHORT)
    assert said.value.exit_code == 1
    assert [part.number for part in stream.finished(tmp_path)] == [0, 1]
    room = 9
    assert rows(population(REGIMEN, people=7, folder=tmp_path, **SHORT)).equals(rows(whole))


SCRIPT = f"""
import sys, time
from lowdose import population
from lowdose.results.stream import Stream
write = Stream.write
def slowly(self, part, table):
    write(self, part, table)
    time.sleep(0.3)
Stream.write = slowly
population({REGIMEN!r}, people=7, folder=sys.argv[1], chunk=1, aftermath_hours=36)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="another kind of signals")
@pytest.mark.parametrize(("stop", "after"), [(signal.SIGKILL, 1), (signal.SIGKILL, 3), (signal.SIGINT, 2)])
def test_a_run_that_was_stopped_gives_what_an_uninterrupted_one_gives(tmp_path, stop, after):
    worker = subprocess.Popen([sys.executable, "-c", SCRIPT, str(tmp_path / "stopped")], stderr=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while len(content(tmp_path / "stopped")) < after and time.monotonic() < until:
        time.sleep(0.01)
    worker.send_signal(stop)
    worker.wait(timeout=60)
    assert after <= len(content(tmp_path / "stopped")) < 7
    before = content(tmp_path / "stopped")
    resumed = population(REGIMEN, people=7, folder=tmp_path / "stopped", **SHORT)
    whole = population(REGIMEN, people=7, folder=tmp_path / "whole", chunk=1, **SHORT)
    assert content(resumed.folder) == content(whole.folder)
    assert before.items() <= content(resumed.folder).items()
    assert rows(resumed)["person"].to_pylist() == list(range(7))


MEMORY = """
import resource, sys
import numpy as np
from lowdose import engine, population

def smooth(model, parameters, events, outputs, times, **options):
    shape = (len(outputs), len(events), len(times))
    values = np.random.default_rng(1).random(shape)
    return engine.Solution(np.asarray(times), dict(zip(outputs, values)), np.zeros(shape[1], dtype=np.int64), {})

engine.solve = smooth
population("4.5 mg nightly at 22:00 for 12 weeks", people=10_000, folder=sys.argv[1]).metrics
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="other units of memory")
def test_ten_thousand_people_take_less_than_a_gigabyte(tmp_path):
    done = subprocess.run([sys.executable, "-c", MEMORY, tmp_path], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 1_000_000
