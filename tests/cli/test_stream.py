"""``lowdose simulate --stream``: what a person sees, and the exit codes."""

from __future__ import annotations

import json
import shlex
import signal
import subprocess
import sys
import time

import pytest

from lowdose.cli import main

SHORT = "4.5 mg nightly at 22:00 for 1 day"


@pytest.fixture
def run(capsys):
    def run(*arguments):
        with pytest.raises(SystemExit) as left:
            main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return left.value.code or 0, out, err

    return run


@pytest.fixture(scope="module")
def streamed(tmp_path_factory):
    """A finished run of three persons, by the command line."""
    folder = tmp_path_factory.mktemp("streamed") / "my people"
    with pytest.raises(SystemExit) as left:
        main(["simulate", SHORT, "--people", "3", "--stream", str(folder)])
    assert left.value.code == 0
    return folder


def test_the_table_and_the_json_are_those_of_the_same_people_kept_in_memory(run, streamed):
    code, out, err = run("simulate", SHORT, "--people", 3, "--stream", streamed)
    assert code == 0
    assert "5–95 %" in out
    assert "What is not known" in out
    assert "difference between people and uncertainty of what is known, 3 persons" in " ".join(out.split())
    assert f"one row a person in {streamed}: 3 rows" in err
    found = json.loads(run("simulate", SHORT, "--people", 3, "--stream", streamed, "--json")[1])
    kept = json.loads(run("simulate", SHORT, "--people", 3, "--json")[1])
    assert found["schema"] == "lowdose.population/1"
    assert found["folder"] == {"path": str(streamed), "rows": 3}
    for output, metrics in found["metrics"].items():
        for name, metric in metrics.items():
            assert metric["both"] == kept["metrics"][output][name]["both"]
            assert metric["value"] == kept["metrics"][output][name]["value"]
    same = ("inputs", "model", "seed", "band", "failed", "versions", "domain_of_validity")
    assert all(found[name] == kept[name] for name in same)
    words = shlex.split(found["command"])
    assert words[-2:] == ["--stream", str(streamed)]
    assert run(*words[1:])[0] == 0


@pytest.mark.parametrize(
    ("more", "code", "words"),
    [
        (["--people", "4"], 3, "people 3 there, 4 here"),
        (["--people", "3", "--seed", "2"], 3, "seed 1 there, 2 here"),
        ([], 2, "--people"),
        (["--people", "3", "--report", "r.html"], 2, "no trajectories are kept"),
        (["--people", "3", "-o", "r.parquet"], 2, "no trajectories are kept"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(run, streamed, more, code, words):
    found, out, err = run("simulate", SHORT, "--stream", streamed, *more)
    assert found == code
    assert words in err
    assert out == ""


@pytest.mark.parametrize("below", ["", "deeper"])
def test_a_file_in_the_place_of_the_folder_is_refused(run, tmp_path, below):
    (tmp_path / "file").write_bytes(b"")
    code, out, err = run("simulate", SHORT, "--people", 2, "--stream", tmp_path / "file" / below)
    assert code == 3
    assert "cannot be written" in err
    assert "remedy" in err
    assert out == ""


def test_too_many_to_keep_are_pointed_to_the_stream(run):
    code, _, err = run("simulate", SHORT, "--people", 100_001)
    assert code == 2
    assert "--stream" in err


def test_an_interruption_before_anything_was_written_is_said_as_ever(run, tmp_path, monkeypatch):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("lowdose.simulation.run.rows", interrupt)
    code, _, err = run("simulate", SHORT, "--people", 2, "--stream", tmp_path / "run")
    assert code == 130
    assert "nothing was written" in err


SCRIPT = """
import sys, time
import lowdose.simulation.verbs
from lowdose.cli import main
from lowdose.results.stream import Stream
write = Stream.write
def slowly(self, part, table):
    write(self, part, table)
    time.sleep(0.3)
Stream.write = slowly
lowdose.simulation.verbs.persons_in_a_part = lambda *_: 2
main(sys.argv[1:])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="another kind of signals")
def test_an_interruption_says_what_is_kept_and_how_to_go_on(run, tmp_path):
    folder = tmp_path / "my people"
    words = ["simulate", SHORT, "--people", "7", "--stream", str(folder), "--json"]
    pipe = subprocess.PIPE
    worker = subprocess.Popen([sys.executable, "-c", SCRIPT, *words], stdout=pipe, stderr=pipe, text=True)
    until = time.monotonic() + 60
    while not list(folder.glob("part-*")) and time.monotonic() < until:
        time.sleep(0.01)
    worker.send_signal(signal.SIGINT)
    out, err = worker.communicate(timeout=60)
    assert worker.returncode == 130
    assert out == ""
    said, advice = err.splitlines()
    kept = 2 * len(list(folder.glob("part-*")))
    assert said == f"interrupted; {kept} of 7 persons are finished and kept in {folder}"
    assert 0 < kept < 7
    command = shlex.split(advice.removeprefix("to go on: "))
    code, out, _ = run(*command[1:], "--json")
    assert code == 0
    assert json.loads(out)["folder"]["rows"] == 7
    fresh = json.loads(run("simulate", SHORT, "--people", 7, "--json", "--spread", "both")[1])
    assert json.loads(out)["metrics"]["cortisol"]["peak"]["both"] == fresh["metrics"]["cortisol"]["peak"]["both"]
